"""Taking in files: workbooks and Word documents to leaf rows and records, compared cell by cell.

`intake.take_in` reads a file without a database; `saving.save` and `saving.undo` bring it into a draft.
"""
