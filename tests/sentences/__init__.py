"""Sentences: live references, statements, binding, writing."""
