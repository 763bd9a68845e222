"""The workbook that a department fills in: which cells are typed, and how it is drawn."""
