"""Recognised tables and chapters as facts, records, words and given cells."""
