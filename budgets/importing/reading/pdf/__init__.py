"""Published PDFs as blocks: what runs in the child process, and the only place where a parser of PDF is imported."""
