"""Captions compared as people read them: blanks, widths, years, units and known variants make no difference."""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

# Words in use for the same thing, each pair applied in turn to both sides of a comparison.
VARIANTS = (
    ("部门", "单位"),
    ("政府基金", "政府性基金"),
    ("上解上级", "上缴上级"),
    ("附属单位缴款收入", "附属单位上缴收入"),
    ("财政专户管理资金收入", "财政专户收入"),
    ("财政专户管理资金", "财政专户收入"),
    ("事业单位经营", "经营"),
    ("运行维护费", "运维费"),
    ("购置及运行费", "购置及运维费"),
    ("购置和运维费", "购置及运维费"),
    ("结转和结余", "结转结余"),
    ("国境", "国(境)"),
    ("出国(境)费用", "出国(境)费"),
    ("收支预算总表", "收支总表"),
    ("收支总体情况表", "收支总表"),
    ("收入总体情况表", "收入总表"),
    ("收入预算总表", "收入总表"),
    ("支出总体情况表", "支出总表"),
    ("支出预算总表", "支出总表"),
    ("财务收支总表", "收支总表"),
    ("拨款支出预算表", "拨款支出表"),
    ("拨款支出情况表", "拨款支出表"),
    ("预算支出情况表", "预算财政拨款支出表"),
    ("预算支出预算表", "预算财政拨款支出表"),
    ("预算支出表", "预算财政拨款支出表"),
    ("预算基本支出情况表", "预算财政拨款基本支出表"),
    ("预算基本支出表", "预算财政拨款基本支出表"),
    ("三公经费支出情况表", "三公经费支出表"),
    ("三公经费支出预算表", "三公经费支出表"),
    ("三公经费预算表", "三公经费支出表"),
    ("一般公共预算三公经费", "财政拨款三公经费"),
)
QUOTES = re.compile(r"[\s\"'“”‘’「」『』《》]+")
YEAR = re.compile(r"20\d\d")
UNIT = re.compile(r"[亿万]?元")
ENDING = re.compile(r"[:;,。、]+$")
# Numbers and lead-in words before a caption: 一、 （一） 1. 其中：
LEADING = re.compile(r"^(?:(?:[一二三四五六七八九十]+|\d+)[、.]|\((?:[一二三四五六七八九十]+|\d+)\)|其中:)+")
FORM_NUMBER = re.compile(r"^(?:\(?附?[表件]\d+(?:-\d+)?\)?|公开\d+表)[:、.]?")
BEFORE_TITLE = re.compile(r"^.*?(?:\{year\}年度?|单位预算)")
STANDARD_PREFIX = "单位预算"


@lru_cache(maxsize=20_000)
def norm(text: str) -> str:
    """What two captions for the same thing have in common; blank for blank text."""
    plain = QUOTES.sub("", unicodedata.normalize("NFKC", text))
    plain = ENDING.sub("", UNIT.sub("{unit}", YEAR.sub("{year}", plain)))
    for variant, standard in VARIANTS:
        plain = plain.replace(variant, standard)
    return plain


@lru_cache(maxsize=20_000)
def bare(text: str) -> str:
    """`norm` without the number or lead-in word before it."""
    return LEADING.sub("", norm(text))


def same(left: str, right: str) -> bool:
    """True when two captions differ in blanks only: such a difference is layout, not wording."""
    return "".join(left.split()) == "".join(right.split())


@lru_cache(maxsize=20_000)
def title_core(text: str) -> str:
    """The part of a table's title that names the table: without form number, department, year and 部门预算."""
    plain = FORM_NUMBER.sub("", norm(text))
    previous = ""
    while plain != previous:
        previous, plain = plain, BEFORE_TITLE.sub("", plain, count=1)
    return plain


def title_rank(text: str, title: str) -> int:
    """How well a line names the table of a declared title: 0 not at all, 1 somewhere in it, 1000 exactly.

    Of several titles that a line contains the longest ranks highest.
    """
    if "{" in title.replace("{year}", ""):
        return 1000 if title_pattern(title).fullmatch(norm(text)) else 0
    given, declared = title_core(text), title_core(title)
    if given == declared:
        return 1000
    return len(declared) if declared and declared in given and len(given) < 3 * len(declared) + 20 else 0


@lru_cache(maxsize=100)
def title_pattern(title: str) -> re.Pattern[str]:
    """A declared title with places for {n} and {project}, as a pattern on normed text; the number may be missing."""
    pattern = re.escape(norm(title))
    pattern = pattern.replace(re.escape("{n}、"), r"(?:\(?\d+\)?[、.]?)?").replace(re.escape("{n}"), r"\d*")
    return re.compile(pattern.replace(re.escape("{project}"), r"(?P<project>.+)"))


def likeness(left: str, right: str) -> float:
    """0 to 1: how much of two captions' words is the same."""
    return SequenceMatcher(None, bare(left), bare(right), autojunk=False).ratio()
