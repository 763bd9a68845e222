"""The four faces of the PDF, what they can print, and how they are made."""
