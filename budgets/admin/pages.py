"""Registers every page with the admin site; imported once the site exists."""

from . import departments, disclosures, people, publications

__all__ = ["departments", "disclosures", "people", "publications"]
