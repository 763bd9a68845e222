"""A sheet laid out for a page: head cells, and body cells with their attributes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString

from budgets.domain.addresses import addresses
from budgets.domain.documents import Column, ColumnKind, HeadCell, Row, Sheet, header_grid
from budgets.rendering.excerpts import NAMING, RIGHT, group_spans, halves, is_empty, is_group, is_idle

CLASSES = {
    ColumnKind.SERIAL: "no",
    ColumnKind.CODE: "code",
    ColumnKind.CAPTION: "name",
    ColumnKind.GROUP: "group",
    ColumnKind.AMOUNT: "n",
    ColumnKind.NUMBER: "n",
    ColumnKind.TEXT: "",
}

MARK = '<a href="{}" class="fault" aria-label="这一格有核对提示"></a>'
NAMES = (ColumnKind.CAPTION, ColumnKind.GROUP)


@dataclass(frozen=True, slots=True)
class Printed:
    """One cell ready for markup; `attributes` starts with a blank or is empty. `text` is what it holds, a link as HTML;
    `mark` is where a finding on it is told."""

    tag: str
    attributes: SafeString
    text: str
    mark: str = ""

    @property
    def html(self) -> SafeString:
        mark = format_html(MARK, self.mark) if self.mark else ""
        return SafeString(f"<{self.tag}{self.attributes}>{mark}{conditional_escape(self.text)}</{self.tag}>")


@dataclass(frozen=True, slots=True)
class Line:
    """A body row: its class and one cell per column, None where a cell above reaches down."""

    classes: str
    cells: tuple[Printed | None, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """What the table template prints. `number_row` is the 栏次 row, empty when the sheet has none."""

    sheet: Sheet
    title: str
    columns: tuple[Column, ...]
    head: tuple[tuple[Printed, ...], ...]
    number_row: tuple[Printed, ...]
    body: tuple[Line, ...]
    classes: str


def attributes(**given: str | int) -> SafeString:
    """The attributes that have a value, escaped, each after a blank; `cls` stands for class."""
    return SafeString(
        "".join(
            f' {name.replace("cls", "class")}="{escape(str(value))}"'
            for name, value in given.items()
            if value
        )
    )


def lay_out(
    sheet: Sheet,
    *,
    rows: Sequence[int] | None = None,
    columns: Sequence[int] | None = None,
    title: str = "",
    addressed: bool = True,
    answers: str = "",
    first: str = "",
    marks: Mapping[str, str] | None = None,
) -> Layout:
    """The sheet, or the given rows and columns of it (0-based).

    Every body cell has its address as its id, unless `addressed` is off because the page shows the cell a second
    time. With `answers`, the way to the pages about single cells, every number is a link to its own; `first` is what
    the addresses of a table of one record begin with among others; `marks` are where findings on cells are told, by
    address. Where two lists stand side by side, the cells of the second name the header cells that are theirs: by its
    place alone each would be headed by the first list's captions, too.
    """
    kept_rows = range(len(sheet.rows)) if rows is None else rows
    kept = range(len(sheet.columns)) if columns is None else columns
    shown = below(title, tuple(sheet.columns[i] for i in kept))
    over = second_heads(sheet) if addressed and columns is None else {}
    named = addresses(sheet, first) if addressed or answers or marks else ()
    spans = {column: group_spans(sheet, kept_rows, column) for column in kept if is_group(sheet, column)}
    body = tuple(
        Line(
            row_classes(sheet, sheet.rows[row]),
            tuple(
                None
                if spans.get(column, {}).get(row) == 0
                else replace(
                    body_cell(
                        sheet,
                        row,
                        column,
                        spans,
                        named[row] if addressed else (),
                        over.get(column, ()),
                        f"{answers}{named[row][column]}/" if answers else "",
                    ),
                    mark=(marks or {}).get(named[row][column], "") if named else "",
                )
                for column in kept
            ),
        )
        for row in kept_rows
    )
    numbers = [number_cell(column, index) for index, column in enumerate(sheet.columns)]
    return Layout(
        sheet=sheet,
        title=title or sheet.title,
        columns=shown,
        head=head_rows(shown, {name for names in over.values() for name in names}, sheet.key),
        number_row=tuple(numbers[i] for i in kept) if sheet.numbered else (),
        body=body,
        classes=table_classes(sheet, shown),
    )


def below(title: str, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns without a top header that the title already says."""
    if not all(len(column.path) > 1 and column.path[0] == title for column in columns):
        return columns
    return tuple(replace(column, path=column.path[1:]) for column in columns)


def number_cell(column: Column, index: int) -> Printed:
    """A cell of the 栏次 row, which counts the columns after the first."""
    return Printed("td", attributes(cls=CLASSES[column.kind]), str(index) if index else "栏次")


def table_classes(sheet: Sheet, columns: tuple[Column, ...]) -> str:
    """Space-separated classes that the style sheet knows: tree, split (codes in several columns), wide, words, prefaced."""
    kinds = {column.kind for column in columns}
    named = {
        "tree": ColumnKind.CODE in kinds and sheet.number is not None,
        "split": [column.kind for column in columns].count(ColumnKind.CODE) > 1,
        "wide": sheet.wide,
        "words": not kinds & RIGHT,
        "prefaced": bool(sheet.preface),
    }
    return " ".join(name for name, holds in named.items() if holds)


def head_id(key: str, cell: HeadCell) -> str:
    """The address of a header cell, which no body cell has."""
    return f"{key}-head-{cell.row + 1}-{cell.column + 1}"


def second_heads(sheet: Sheet) -> dict[int, list[str]]:
    """For each column of the second list of a balance table the ids of the header cells over it; else nothing."""
    second = [column for _, columns in halves(sheet)[1:] for column in columns]
    return {
        column: [
            head_id(sheet.key, cell)
            for row in header_grid(sheet.columns)
            for cell in row
            if cell.column <= column < cell.column + cell.colspan
        ]
        for column in second
    }


def head_rows(
    columns: tuple[Column, ...], named: Collection[str] = (), key: str = ""
) -> tuple[tuple[Printed, ...], ...]:
    """The header cells row by row, with scope and spans; a leaf takes the alignment of its column.

    Those whose id is among `named` bear it.
    """
    return tuple(
        tuple(
            Printed(
                "th",
                attributes(
                    id=name if (name := head_id(key, cell)) in named else "",
                    cls=CLASSES[columns[cell.column].kind] if cell.leaf else over_class(columns, cell),
                    scope="colgroup" if cell.colspan > 1 else "col",
                    colspan=cell.colspan if cell.colspan > 1 else 0,
                    rowspan=cell.rowspan if cell.rowspan > 1 else 0,
                ),
                cell.text,
            )
            for cell in row
        )
        for row in header_grid(columns)
    )


def over_class(columns: tuple[Column, ...], cell: HeadCell) -> str:
    """The class of a head over several columns: `naming` when they name the rows, and so stay in sight."""
    kinds = {column.kind for column in columns[cell.column : cell.column + cell.colspan]}
    return "over naming" if kinds <= NAMING and ColumnKind.CAPTION in kinds else "over"


def row_classes(sheet: Sheet, row: Row) -> str:
    if row.total:
        return "total"
    # A row of a balance table has one level for two lists: neither is indented by it.
    level = 1 if halves(sheet) else row.level
    return f"l{level}" + (" quiet" if is_empty(sheet, row) else "")


def body_cell(
    sheet: Sheet,
    row: int,
    column: int,
    spans: dict[int, dict[int, int]],
    named: Sequence[str],
    over: Sequence[str],
    answer: str,
) -> Printed:
    """A cell that names its row or group is a header cell; a blank one never is.

    `named` are the addresses of the cells of its row; `over` the ids of its column's header cells when it must name
    what heads it; `answer` leads to the page about it.
    """
    kind, cell = sheet.columns[column].kind, sheet.rows[row].cells[column]
    heads = bool(cell.text) and kind in NAMES
    span = spans.get(column, {}).get(row, 1)
    caption = sheet.columns[column].caption
    if over and kind == ColumnKind.CODE:  # it stands before the name that is its own
        caption = next(
            i for i in range(column, len(sheet.columns)) if sheet.columns[i].kind == ColumnKind.CAPTION
        )
    beside = [named[caption]] if over and caption != column and sheet.rows[row].cells[caption].text else []
    classes = CLASSES[kind]
    if kind == ColumnKind.CAPTION and is_idle(sheet, row, column):
        classes += " idle"
    return Printed(
        "th" if heads else "td",
        attributes(
            id=named[column] if named else "",
            cls=classes,
            scope="row" if heads else "",
            rowspan=span if span > 1 else 0,
            headers=" ".join([*beside, *over]) if over else "",
        ),
        held(cell.text, kind, sheet.cell_id(row, column) if named else "", answer),
    )


def held(text: str, kind: ColumnKind, anchor: str, answer: str) -> str:
    """What a body cell holds: a number as the link to its answer; with it, and with a caption, the anchor by position."""
    if kind in RIGHT and text and answer:
        return format_html('<a{} href="{}">{}</a>', attributes(id=anchor), answer, text)
    if kind in NAMES and text and anchor:
        return format_html('<span id="{}">{}</span>', anchor, text)
    return text
