"""Budgets that nobody has: drawn with a seed, tied in every table, for load tests and for trying a new table set."""
