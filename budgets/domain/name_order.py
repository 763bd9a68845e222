"""Names in the order of a Chinese dictionary: by pinyin, as GB/T 2312 arranges its common characters."""


def spoken(name: str) -> bytes:
    """A key that sorts names by the pinyin of their characters.

    The 3,755 common characters of GB/T 2312 (its first level) stand in the order of their pinyin, and GB 18030 keeps
    their codes; rarer ones come behind them in the order of that standard, by radical. Of a character with two
    readings the more frequent one counts (重庆 stands under zhong).
    """
    return name.encode("gb18030", "replace")
