"""Numbers that the law sets, each with its article."""

DAYS = 20  # 《预算法》第十四条: a budget is made public within twenty days after its approval (批复)
