"""The tests mirror budgets/."""
