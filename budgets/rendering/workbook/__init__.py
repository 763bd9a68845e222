"""A document as an .xlsx workbook."""
