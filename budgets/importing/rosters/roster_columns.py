"""Lists declared as sheets of columns: what each is called, what it holds, what is written there; here the one of 部门和人员."""

from dataclasses import dataclass

DEPARTMENTS, PEOPLE, HELP = "部门", "人员", "填写说明"
REGION_WIDE = "本地区"
MOST_ROWS = 2000
YES_NO = ("是", "否")


@dataclass(frozen=True, slots=True)
class RosterColumn:
    """One column. `most` is the number of characters that fit; `code` is a code of digits."""

    key: str
    heading: str
    help: str
    most: int
    required: bool = False
    code: bool = False
    width: int = 16  # half-width characters
    also: tuple[str, ...] = ()  # headings of the same meaning
    offered: tuple[str, ...] = ()  # what Excel offers to choose from

    @property
    def headings(self) -> tuple[str, ...]:
        return (self.heading, *self.also)


@dataclass(frozen=True, slots=True)
class RosterSheet:
    """One sheet: the rows stand below one line of headings."""

    name: str
    columns: tuple[RosterColumn, ...]

    def column(self, heading: str) -> RosterColumn | None:
        """The column of that heading."""
        return next((each for each in self.columns if heading in each.headings), None)


@dataclass(frozen=True, slots=True)
class RosterBook:
    """One kind of list: its sheets, how many rows a sheet may have, and whether a CSV of one sheet is taken, too."""

    sheets: tuple[RosterSheet, ...]
    most_rows: int = MOST_ROWS
    plain_text: bool = False

    @property
    def names(self) -> str:
        return "”和“".join(sheet.name for sheet in self.sheets)


SHEETS = (
    RosterSheet(
        DEPARTMENTS,
        (
            RosterColumn(
                "code", "部门编码", "部门预算编码，2 至 12 位数字，本地区内不重复，定了不能改；不能是 1900 至 2099。",
                12, True, True, 14, ("部门预算编码", "编码"),
            ),
            RosterColumn("name", "部门名称", "公开用的全称，本地区内不重复。", 120, True, False, 34, ("名称",)),
            RosterColumn(
                "supervisor", "主管部门编码", "下属预算单位填其主管部门的编码；主管部门自己留空。", 12, False, True, 16,
            ),
            RosterColumn(
                "includes", "预算含下属单位", "主管部门的公开件已包含下属单位的填“是”，全县汇总时这些单位不再另计；其余填“否”或空着。",
                2, width=16, offered=YES_NO,
            ),
            RosterColumn("phone", "公开咨询电话", "印在公开文件上的电话。", 60, width=20, also=("咨询电话", "电话")),
            RosterColumn("address", "办公地址", "部门的地址。", 200, width=34, also=("地址",)),
        ),
    ),
    RosterSheet(
        PEOPLE,
        (
            RosterColumn(
                "username", "登录名", "登录用，全平台不重复；字母、数字和 @ . + - _，定了不能由名单改。", 150, True,
                width=20, also=("用户名",),
            ),
            RosterColumn("name", "姓名", "本人姓名。", 60, True, width=16),
            RosterColumn("role", "角色", "部门会计、部门审核、财政局经办或审计监督。", 24, True, width=16),
            RosterColumn(
                "place", "部门编码或本地区", "部门会计、部门审核填部门编码；财政局经办、审计监督填“本地区”。", 12, True,
                True, 20, ("部门编码", "部门"),
            ),
        ),
    ),
)  # fmt: skip
ROSTER = RosterBook(SHEETS)
