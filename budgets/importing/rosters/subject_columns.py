"""The list of subject codes of a year (政府收支分类科目), declared: 科目, and 科目对照 from the year before."""

from budgets.domain.classification import Confidence
from budgets.importing.rosters.roster_columns import RosterBook, RosterColumn, RosterSheet

SUBJECTS, MOVES = "科目", "科目对照"
SCHEMES = ("支出功能分类", "部门预算支出经济分类", "政府预算支出经济分类")
BUDGETS = ("一般公共", "政府性基金", "国有资本经营")
GROUPS = ("人员经费", "公用经费")
ATTESTED = tuple(each.label for each in Confidence)

SUBJECT_LIST = RosterBook(
    (
        RosterSheet(
            SUBJECTS,
            (
                RosterColumn("scheme", "分类", f"{'、'.join(SCHEMES)}之一。", 24, True, width=26, offered=SCHEMES),
                RosterColumn(
                    "code", "科目编码", "类 3 位、款 5 位、项 7 位数字；经济分类只有类和款。上级也要在表里。", 12,
                    True, True, 12, ("编码",),
                ),
                RosterColumn("name", "科目名称", "这一级自己的名称，不带上级名称。", 120, True, width=36, also=("名称",)),
                RosterColumn(
                    "budget", "所属预算", f"功能分类填{'、'.join(BUDGETS)}之一；经济分类留空。", 24, width=16,
                    offered=BUDGETS,
                ),
                RosterColumn(
                    "basic_group", "基本支出归类", "部门预算支出经济分类填人员经费或公用经费；不用于基本支出的留空。", 12,
                    width=16, offered=GROUPS,
                ),
                RosterColumn(
                    "government_code_administrative", "对应政府经济科目（行政）",
                    "部门预算支出经济分类在行政单位对应的政府预算支出经济分类编码。", 12, False, True, 18,
                ),
                RosterColumn(
                    "government_code_institution", "对应政府经济科目（事业）",
                    "部门预算支出经济分类在事业单位对应的政府预算支出经济分类编码。", 12, False, True, 18,
                ),
                RosterColumn(
                    "confidence", "核对程度", f"{'、'.join(ATTESTED)}之一；空着是{ATTESTED[0]}。", 12, width=12,
                    offered=ATTESTED,
                ),
            ),
        ),
        RosterSheet(
            MOVES,
            (
                RosterColumn("year", "预算年度", "开始用新编码的一年；可以没有这一列。", 12, False, True, 12),
                RosterColumn(
                    "scheme", "分类", f"{SCHEMES[0]}或{SCHEMES[1]}。", 24, True, width=26, offered=SCHEMES[:2]
                ),
                RosterColumn(
                    "old", "原编码", "上年的编码，写到填列金额的一级：功能分类 7 位，经济分类 5 位。", 12, True, True, 12
                ),
                RosterColumn(
                    "new", "新编码", "本年的编码。一个原编码拆成几个的，每个写一行；几个并成一个的，也各写一行。", 12,
                    True, True, 12,
                ),
            ),
        ),
    ),
    most_rows=4999,  # with the headings as many as a worksheet is read
    plain_text=True,
)  # fmt: skip
