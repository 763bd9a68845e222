"""Chinese numerals: made as chapters, captions, lists and terms of law are numbered, and read as texts write them."""

DIGITS = "零一二三四五六七八九"
READ = (DIGITS, "〇壹贰叁肆伍陆柒捌玖", "○", "O", "0")  # what a digit may look like
VALUES = {c: n for digits in READ for n, c in enumerate(digits)} | {"两": 2}
POWERS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10_000, "亿": 100_000_000}


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


def read_numeral(words: str) -> int:
    """The value of a numeral, 大写 or small, counted or digit by digit: 柒佰贰拾壹万 is 7,210,000, 二〇二三 is 2023."""
    total = section = digit = 0
    for c in words:
        if c in VALUES:
            digit = 10 * digit + VALUES[c]
        elif (power := POWERS[c]) < 10_000:
            section += (digit or 1) * power
            digit = 0
        else:
            total = (total + section + digit) * power
            section = digit = 0
    return total + section + digit
