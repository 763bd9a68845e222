"""A Document as pages, paper, workbooks and data; what they share stands here."""
