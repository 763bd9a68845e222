"""Budgets drawn at random: the product's own, which `make_county` uses too."""

from budgets.synthetic.draws import FORMS, random_facts

__all__ = ["FORMS", "random_facts"]
