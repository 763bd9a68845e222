"""Radicals and compatibility forms that fonts put in place of the characters meant: ⾏ for 行, ⻚ for 页."""

import re
import unicodedata

# EquivalentUnifiedIdeograph of the Unicode Character Database, for the radicals that have no compatibility mapping; in
# 规范汉字, as official documents are written. The last line are Kangxi radicals whose mapping is to another form.
RADICALS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍尐⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑"
    "⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爬⺦丬⺧牛⺨犭⺩王"
    "⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯纟⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑"
    "⺾艹⺿艺⻀艻⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辷⻎辸⻏邑⻐钅⻑长"
    "⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟饣⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼"
    "⻦鸟⻧卤⻨麦⻩黄⻪黾⻫齐⻬齐⻭齿⻮齿⻯龙⻰龙⻱龟⻲龟⻳龟"
    "⼾户⾒见⾙贝⾞车⾧长⾨门⾭青⾱韦⾴页⾵风⾶飞⾺马⾾斗⿂鱼⿃鸟⿄卤⿆麦⿈黄⿌黾⿑齐⿒齿⿓龙⿔龟"
)
MEANT = dict(zip(RADICALS[::2], RADICALS[1::2], strict=True))
# Radicals, Kangxi radicals, compatibility ideographs; punctuation of whatever form stays as it was typed.
LOOK_ALIKE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")


def as_meant(text: str) -> str:
    """The text with unified ideographs in place of their look-alikes; nothing else changes."""
    return LOOK_ALIKE.sub(lambda m: MEANT.get(m[0]) or unicodedata.normalize("NFKC", m[0]), text)
