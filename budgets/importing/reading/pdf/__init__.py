"""Published PDFs as blocks: what runs in the child process, and the only place where pdfplumber is imported."""
