"""Files as grids and paragraphs, whatever kind they are: workbook, Word, PDF."""
