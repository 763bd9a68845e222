"""Which declared table stands where in a file."""
