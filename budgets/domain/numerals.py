"""Chinese numerals, as chapters, captions, lists and terms of law are numbered."""

DIGITS = "零一二三四五六七八九"


def numeral(n: int) -> str:
    """A numeral up to 9999 as it is counted: 零, 一, 十, 十二, 二十, 一百零五."""
    text = ""
    gap = False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, n = divmod(n, power)
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + unit
            gap = False
        else:
            gap = True
    return text.removeprefix("一") if text.startswith("一十") else text or DIGITS[0]
