"""Registers every page with the admin site; imported once the site exists."""

from budgets.admin import departments, disclosure_admin, people_pages, publication_lists

__all__ = ["departments", "disclosure_admin", "people_pages", "publication_lists"]
