"""What a file says held against what follows from it: differences, findings with their places in the file."""
