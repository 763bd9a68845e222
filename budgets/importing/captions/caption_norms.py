"""Captions compared as people read them: blanks, widths, years, units and known variants make no difference."""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

# The word that a comparison goes by, and words in use for the same thing; applied to both sides until nothing changes.
VARIANTS = (
    ("单位", "部门"),
    ("政府性基金", "政府基金"),
    # The fund alone names its budget, its appropriation and the money from it.
    ("政府性基金", "政府性基金预算"),
    ("国有资本经营", "国有资本经营预算"),
    ("一般公共预算", "一般公共预算财政拨款", "一般公共预算拨款", "一般公共预算资金"),
    ("政府性基金", "政府性基金财政拨款", "政府性基金拨款", "政府性基金资金"),
    ("国有资本经营", "国有资本经营财政拨款", "国有资本经营拨款", "国有资本经营资金"),
    ("上缴上级", "上解上级"),
    ("附属单位上缴收入", "附属单位缴款收入"),
    ("附属单位上缴收入", "附属单位缴款"),
    ("对附属单位补助", "对附属单位的补助"),
    ("对附属单位补助", "对附属单位补助支出"),
    ("财政专户收入", "财政专户管理资金收入"),
    ("财政专户收入", "财政专户管理资金"),
    ("经营", "事业单位经营"),
    ("机关运行经费", "机关运行费", "机关运维费"),
    ("运维费", "运行维护费", "运行费"),
    ("购置及运维费", "购置和运维费"),
    ("公用经费", "日常公用经费"),
    ("国(境)", "国境"),
    ("出国(境)费", "出国(境)费用"),
    ("结转结余", "结转和结余"),
    ("年终", "年末"),
    ("年终结转结余", "结转下年"),
    ("上年结转", "上年结转结余"),
    ("经费", "经费预算数"),
    ("预算数", "预算金额"),
    ("预算数", "金额"),
    ("预算数", "预算预算数"),
    ("编码", "代码", "编号"),
    (
        "科目",
        "支出单位经济分类科目",
        "单位预算支出经济分类科目",
        "单位预算经济分类科目",
        "单位经济分类科目",
        "单位科目",
    ),
    ("科目", "支出功能分类科目", "功能分类科目", "经济分类科目", "功能科目", "经济科目"),
    # Titles of tables
    ("总表", "总体情况表", "预算总表"),
    ("收支总表", "财务收支总表"),
    ("支出表", "支出功能分类预算表", "支出单位预算经济分类预算表"),
    ("支出表", "支出情况表", "支出预算表"),
    ("经费表", "经费支出表", "经费情况表", "经费预算表"),
    ("经费和机关", "经费及机关"),
    ("三公经费", "一般公共预算三公经费", "财政拨款三公经费"),
)
QUOTES = re.compile(r"[\s\"'“”‘’「」『』《》]+")
YEAR = re.compile(r"20\d\d|\{last_year\}")
UNIT = re.compile(r"[亿万千百]{0,2}元")
# As `money.units_named` finds it: no head loses a unit that is not read.
OF_UNIT = re.compile(r"[(\[【](?:[^()\[\]【】\d]*单位[:为])?(?:人民币)?\{unit\}[)\]】]|[/,、]\{unit\}$")
OWN_YEAR = re.compile(r"^\{year\}年度?")
ENDING = re.compile(r"[:;,。、]+$")
# Numbers and lead-in words before a caption: 一、 （一） 1. 其中：
LEADING = re.compile(r"^(?:(?:[一二三四五六七八九十]+|\d+)[、.]|\((?:[一二三四五六七八九十]+|\d+)\)|其中:)+")
FORM_NUMBER = re.compile(r"^(?:\(?附?[表件]\d+(?:-\d+)?\)?|公开\d+表)[:、.]?")
BEFORE_TITLE = re.compile(r"^.*?(?:\{year\}年度?|单位预算)|^单位")


def plainly(text: str) -> str:
    """A caption without blanks, widths, quotes and the year and unit in it, in its own words."""
    plain = QUOTES.sub("", unicodedata.normalize("NFKC", text))
    return ENDING.sub("", UNIT.sub("{unit}", YEAR.sub("{year}", plain)))


@lru_cache(maxsize=20_000)
def norm(text: str) -> str:
    """What two captions for the same thing have in common; blank for blank text."""
    plain = plainly(text)
    before = ""
    while before != plain:
        before = plain
        for standard, *variants in VARIANTS:
            for variant in variants:
                plain = plain.replace(variant, standard)
    return plain


def header(text: str) -> str:
    """`norm` of a column's caption, without the unit of money in brackets or behind a mark, and the year before it."""
    return OWN_YEAR.sub("", OF_UNIT.sub("", norm(text))) or norm(text)


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
