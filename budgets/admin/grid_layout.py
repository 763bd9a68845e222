"""How an entry grid looks: typed rows among derived ones, in the printed table's own columns."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.forms import CharField

from budgets import ledger as ledgers
from budgets import tablesets
from budgets.admin.cells import MONEY, GridCell, GridPage, GridRow
from budgets.admin.declaring import declaration
from budgets.admin.entry_grids import Grid
from budgets.admin.last_year_grids import given_lines
from budgets.admin.rows import Entered, GridFormSet, RowForm, entered, fields_of, formset_for, same
from budgets.admin.suggested_words import SUGGESTED, suggested
from budgets.domain.classification import Confidence, Subjects, ancestors, level_of
from budgets.domain.documents import Cell, Column, ColumnKind, Row, Sheet
from budgets.domain.money import print_amount
from budgets.domain.sheets import Filler
from budgets.domain.tables import Listing, Table, TableSet
from budgets.models import Disclosure, LastYearLine


class Layout:
    """Builds the page of one grid for one disclosure; `owner` is the disclosure or the goal the rows hang on."""

    def __init__(self, grid: Grid, disclosure: Disclosure, owner: Model | None = None) -> None:
        self.grid, self.disclosure, self.owner = grid, disclosure, owner or disclosure
        self.table_set: TableSet = tablesets.get(disclosure.table_set)
        self.declaration = declaration(grid, self.table_set)
        self.subjects: Subjects = ledgers.subjects_for(disclosure.fiscal_year)
        shown = self.declaration.source if isinstance(self.declaration, Listing) else "facts"
        shown = "last_year" if grid.model is LastYearLine else shown
        self.filler = Filler(self.table_set, ledgers.read(disclosure, only=shown), self.subjects)
        declared = [leaf for leaf in self.declaration.leaves() if leaf.word.key != "serial"]
        self.columns = list(self.filler.columns(self.declaration.key, declared))
        self.typed: dict[str, Entered] = {t.column.key: t for t in entered(grid, self.columns)}

    def existing(self) -> list[Model]:
        """The rows as they are saved; for a fixed form one for each given line, unsaved where there is none."""
        owner = {str(self.owner._meta.model_name): self.owner}
        saved: QuerySet[Any] = self.grid.model._default_manager.filter(**owner, **dict(self.grid.fixed))
        if not self.grid.fixed_rows:
            return list(saved)
        by_key = {getattr(row, self.grid.row): row for row in saved}
        return [by_key.get(key) or self.grid.model(**{self.grid.row: key}) for key, _ in self.lines()]

    def lines(self) -> list[tuple[str, str]]:
        """(key, caption) of the given lines that are typed."""
        if not self.grid.fixed_rows:
            return []
        if self.grid.model is LastYearLine and isinstance(self.declaration, Table):
            return [(line.key, line.caption) for line in given_lines(self.declaration)]
        known = {choice[0] for choice in fields_of(self.grid.model)[self.grid.row].choices or ()}
        lines = self.declaration.lines() if isinstance(self.declaration, Table) else self.declaration.lines
        return [(line.key, line.caption) for line in lines if line.key in known]

    def formset(self, existing: Sequence[Model], data: Any = None) -> GridFormSet:
        return formset_for(self.grid, self.columns, self.table_set, existing, self.lines(), data)

    def sheet(self) -> Sheet | None:
        """The derived figures in this layout; None for records that print several tables."""
        if isinstance(self.declaration, Table):
            return self.filler.fill(self.declaration)
        return None if self.declaration.each else self.filler.annex(self.declaration)[0]

    def page(self, formset: GridFormSet, existing: Sequence[Model], *, conflict: bool = False) -> GridPage:
        """The page over a formset; with `conflict`, cells say what is saved now where it differs."""
        money = any(column.kind is ColumnKind.AMOUNT for column in self.columns)
        unit = self.table_set.unit if money else ""
        page = GridPage(self.grid, self._title(), unit, self.columns, formset)
        sheet = self.sheet()
        derived = {row.key: row for row in sheet.rows} if sheet else {}
        self._where = {column.key: i for i, column in enumerate(sheet.columns)} if sheet else {}
        self._now = {self._row_key(row, n): row for n, row in enumerate(existing)} if conflict else None
        forms = [(form, self._form_key(form, n)) for n, form in enumerate(formset.forms)]
        if self.grid.fixed_rows:
            page.rows = self._given(forms, derived)
        elif self.grid.scheme and not formset.is_bound:
            page.rows = self._tree(forms, derived)
        else:
            page.rows = self._total(derived) + [
                self._typed(form, key, derived.get(key)) for form, key in forms
            ]
        page.words = suggested({t.field.name for t in self.typed.values()}, self.disclosure)
        if not self.grid.fixed_rows:
            page.blank = self._typed(formset.empty_form, "", None)
        return page

    def _title(self) -> str:
        own = isinstance(self.declaration, Listing) and self.declaration.each  # titled record by record
        return (
            self.grid.label
            if own or self.grid.model is LastYearLine
            else self.filler.phrase(self.declaration.title)
        )

    def _row_key(self, row: Model, index: int) -> str:
        return str(getattr(row, self.grid.row)) if self.grid.row else str(index + 1)

    def _form_key(self, form: RowForm, index: int) -> str:
        if form.key:
            return form.key
        if not self.grid.scheme:
            return str(index + 1)
        return str(form.fields[self.grid.row].to_python(form[self.grid.row].value()) or "")

    def _given(self, forms: list[tuple[RowForm, str]], derived: dict[str, Row]) -> list[GridRow]:
        by_key = {key: form for form, key in forms}
        return [
            self._typed(by_key[key], key, row) if key in by_key else self._derived(row)
            for key, row in derived.items()
        ]

    def _tree(self, forms: list[tuple[RowForm, str]], derived: dict[str, Row]) -> list[GridRow]:
        by_code = {key: form for form, key in forms[: self._saved(forms)]}
        parents = {above for code in by_code for above in ancestors(code, self.grid.scheme)}
        rows = self._total(derived)
        for code in sorted(parents | set(by_code)):
            if code in by_code:
                rows.append(self._typed(by_code[code], code, derived.get(code)))
            else:
                rows.append(self._derived(derived.get(code), code))
        return rows + [self._typed(form, "", None) for form, _ in forms[self._saved(forms) :]]

    def _total(self, derived: dict[str, Row]) -> list[GridRow]:
        """The row of the total, where the table has one: a blank one as long as nothing was typed, to be added up in."""
        if "total" in derived:
            return [self._derived(derived["total"])]
        said = self.declaration.rows if isinstance(self.declaration, Table) else self.declaration
        caption = getattr(said, "total_caption", "")
        if not caption or not self._where:
            return []
        names = [column.key for column in self.columns if column.kind is ColumnKind.CAPTION]
        cells = [
            GridCell(
                caption if column.key in names[:1] else "",
                name=column.key in names,
                number=column.kind in MONEY,
                column=column.key,
            )
            for column in self.columns
        ]
        return [GridRow(cells, 0, True, key="total")]

    def _saved(self, forms: list[tuple[RowForm, str]]) -> int:
        return len([form for form, _ in forms if form.initial])

    def _derived(self, row: Row | None, code: str = "") -> GridRow:
        key = row.key if row else code
        cells = []
        for column in self.columns:
            if row is not None:
                cell = _grouped(row.cells[self._where[column.key]])
            else:
                texts = {
                    ColumnKind.CODE: code,
                    ColumnKind.CAPTION: self.subjects.name(code, self.grid.scheme),
                }
                cell = Cell(texts.get(column.kind, ""))
            name = column.kind is ColumnKind.CAPTION
            cells.append(GridCell(cell.text, name=name, number=column.kind in MONEY, column=column.key))
        level = row.level if row else level_of(code, self.grid.scheme)
        return GridRow(cells, level, bool(row and row.total), key=key)

    def _typed(self, form: RowForm, key: str, row: Row | None) -> GridRow:
        cells = [self._cell(form, key, column, row) for column in self.columns]
        level = row.level if row else (level_of(key, self.grid.scheme) or 3 if self.grid.scheme else 1)
        return GridRow(cells, level, False, form, key)

    def _cell(self, form: RowForm, key: str, column: Column, row: Row | None) -> GridCell:
        typed = self.typed.get(column.key)
        name, number = column.kind is ColumnKind.CAPTION, column.kind in MONEY
        if typed is None or (key, column.key) in self.grid.closed:
            if self.grid.scheme and name:
                return self._name(key)
            text = _grouped(row.cells[self._where[column.key]]).text if row else ""
            return GridCell(text, name=name, number=number, column=column.key)
        bound = form[typed.field.name]
        if key:
            bound.field.widget.attrs["id"] = f"c-{key}-{column.key}"
        if not number and isinstance(bound.field, CharField) and typed.field.name in SUGGESTED:
            bound.field.widget.attrs["list"] = f"words-{typed.field.name}"
        if bound.errors:
            bound.field.widget.attrs["aria-invalid"] = "true"
        shown = bound.field.prepare_value(bound.value()) if bound.value() is not None else ""
        if number and str(shown).startswith("-"):
            bound.field.widget.attrs["class"] += " negative"
        theirs = self._theirs(form, key, typed)
        return GridCell(str(shown), bound, name=name, number=number, theirs=theirs, column=column.key)

    def _theirs(self, form: RowForm, key: str, typed: Entered) -> str | None:
        """What is saved now in this cell, when the loser of two savings typed something else."""
        if self._now is None:
            return None
        now = self._now.get(key)
        saved = getattr(now, typed.field.name) if now else None
        mine = getattr(form, "cleaned_data", {}).get(typed.field.name)
        if same(saved) == same(mine):
            return None
        return str(form.fields[typed.field.name].prepare_value(saved) or "空") if saved is not None else "空"

    def _name(self, code: str) -> GridCell:
        """The name that belongs to a code; an unknown one with the codes it may have meant."""
        cell = GridCell(name=True, scheme=self.grid.scheme)
        subject = self.subjects.get(code, self.grid.scheme)
        if subject:
            cell.text = subject.name
            cell.note = "建议核对" if subject.confidence == Confidence.LOW else ""
        elif code:
            near = self.subjects.nearest(code, self.grid.scheme)
            cell.text = "没有这个科目"
            cell.note = "相近的有：" + "、".join(f"{s.code} {s.name}" for s in near) if near else ""
        return cell


def _grouped(cell: Cell) -> Cell:
    """An amount with separators, whatever the set prints: people compare it with what they type."""
    return Cell(print_amount(cell.amount, grouped=True), cell.amount) if cell.amount else cell
