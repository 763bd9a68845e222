"""A document on paper: print HTML, and the renderer process that makes PDF of it."""
