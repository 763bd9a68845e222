"""A document for machines: JSON and CSV."""
