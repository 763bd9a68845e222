"""The forms behind an entry grid: one form a row, no database id in any of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Field as ModelField
from django.db.models import Model, TextField
from django.forms.formsets import BaseFormSet, formset_factory

from budgets.admin.entry_fields import Box, CodeField, MoneyField, QuantityField, TextArea
from budgets.admin.entry_grids import Grid
from budgets.domain.documents import Column
from budgets.domain.tables import TableSet
from budgets.models.fields import ZERO, NumberField, OptionalAmountField
from budgets.models.subjects import subject_code

BLANK_ROWS = 5
MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Entered:
    """A column that is typed: where it is printed, and the model field behind it."""

    column: Column
    field: "ModelField[Any, Any]"

    @property
    def label(self) -> str:
        """The header path without what is said twice: 本年收入 事业收入."""
        return " ".join(dict.fromkeys(part for part in self.column.path if part))


def fields_of(model: type[Model]) -> "dict[str, ModelField[Any, Any]]":
    """The fields of a model that are columns of its table, by name."""
    return {field.name: field for field in model._meta.concrete_fields}


def entered(grid: Grid, columns: Iterable[Column]) -> list[Entered]:
    """The typed columns of a grid; a column without a field of its model is derived."""
    fields = fields_of(grid.model)
    names = {grid.row} if grid.fixed_rows else set()
    return [
        Entered(column, fields[name])
        for column in columns
        if (name := grid.field(column.key)) in fields and name not in names
    ]


def form_field(grid: Grid, typed: Entered, table_set: TableSet) -> forms.Field:
    """The form field of one typed column."""
    field = typed.field
    if isinstance(field, OptionalAmountField):
        money = MoneyField(unit=table_set.unit, quantum=table_set.quantum, validators=field.validators)
        money.label = typed.label
        return money
    if isinstance(field, NumberField):
        return QuantityField(label=typed.label)
    if grid.scheme and field.name == grid.row:
        own = [each for each in field.validators if each is not subject_code]
        return CodeField(label=typed.label, validators=[subject_code, *own])
    if field.choices:
        choices = [choice for choice in field.choices if choice[0] != ""]
        return forms.ChoiceField(label=typed.label, required=False, choices=[("", "—"), *choices])
    if isinstance(field, TextField):
        area = TextArea(attrs={"rows": 1})
        return forms.CharField(label=typed.label, required=False, widget=area, max_length=4000)
    return forms.CharField(label=typed.label, required=False, max_length=field.max_length, widget=Box())


class RowForm(forms.Form):
    """One row of a grid; a row without anything typed says nothing. `key` is that of a given row."""

    grid: Grid
    typed: Sequence[Entered]
    key: str = ""

    def values(self) -> dict[str, Any]:
        """The cleaned cells by model field, blank amounts as the model keeps them; empty for a deleted row."""
        data = getattr(self, "cleaned_data", {})
        if data.get("DELETE") or not any(data.get(t.field.name) not in (None, "") for t in self.typed):
            return {}
        values = {t.field.name: data.get(t.field.name) for t in self.typed}
        for t in self.typed:
            if values[t.field.name] is None and not t.field.null:
                values[t.field.name] = ZERO if isinstance(t.field, OptionalAmountField) else ""
        return values | ({self.grid.row: self.key} if self.key else {})

    def clean(self) -> dict[str, Any]:
        """What a row must have, and what the model's own constraints say of it."""
        values = self.values()
        if not values:
            return self.cleaned_data
        for t in self.typed:
            missing = not t.field.blank and t.field.name not in self.errors and not values[t.field.name]
            if missing and not isinstance(t.field, OptionalAmountField):
                self.add_error(t.field.name, f"请填写{t.column.path[-1]}。")
        # Django asks the database for each row: those that stand there as they were typed have been asked.
        if not self.errors and any(
            self.initial.get(name, "") != values[name] for name in self.fields if name in values
        ):
            row = self.grid.model(**dict(self.grid.fixed), **values)
            try:
                row.validate_constraints(exclude={"disclosure", "goal"})
            except ValidationError as refusal:
                self.add_error(None, refusal.messages)
        return self.cleaned_data


# Django's classes say their model to the type checker only.
if TYPE_CHECKING:
    RowFormSet = BaseFormSet[RowForm]
else:
    RowFormSet = BaseFormSet


class GridFormSet(RowFormSet):
    """The rows of one grid. `lines` are the (key, caption) of given rows, in their order."""

    grid: Grid
    lines: Sequence[tuple[str, str]] = ()
    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: RowForm, index: int | None) -> None:
        super().add_fields(form, index)
        named = f"第{(index or 0) + 1}行"
        if self.lines and index is not None:
            form.key, named = self.lines[index]
            for closed, column in self.grid.closed:
                if closed == form.key:
                    form.fields.pop(self.grid.field(column), None)  # a set may not print the column
        for name, field in form.fields.items():
            label = {"DELETE": "删除", "ORDER": "顺序"}.get(name, field.label)
            field.widget.attrs |= {"aria-label": f"{named} {label}", "data-column": name}
            if name == "ORDER":
                field.widget.attrs["class"] = "order"

    def clean(self) -> None:
        """No row twice, and a fixed form whole."""
        if self.lines and len(self.forms) != len(self.lines):
            raise ValidationError("提交的行数与表不符，没有保存。请重新打开本页再填。", code="incomplete")
        if not self.grid.scheme:
            return
        seen: set[object] = set()
        for form in self.forms:
            code = form.values().get(self.grid.row)
            if code and code in seen:
                form.add_error(self.grid.row, f"科目 {code} 已在上面填过，同一科目只能有一行。")
            seen.add(code)

    def typed_rows(self, saved: Sequence[Model] | None = None) -> list[tuple[int, dict[str, Any]]]:
        """(place of its form, values) of the rows that say something, in the order that was asked for.

        With the `saved` rows a refused row counts as what is saved of it, and a new one as none: it hides no other.
        """
        forms = list(enumerate(self.forms))
        if self.can_order:
            forms.sort(key=lambda pair: self._order_of(pair[1]))
        told = []
        for n, form in forms:
            if saved is not None and form.errors:
                values = self._saved_values(form, saved[n]) if n < len(saved) else {}
            else:
                values = form.values()
            if values:
                told.append((n, values))
        return told

    def _order_of(self, form: RowForm) -> tuple[bool, int]:
        asked = getattr(form, "cleaned_data", {}).get("ORDER")
        return (asked is None, asked or 0)

    def _saved_values(self, form: RowForm, row: Model) -> dict[str, Any]:
        values = {t.field.name: getattr(row, t.field.name) for t in form.typed}
        said = any(same(value) is not None for value in values.values())
        return values | ({self.grid.row: form.key} if form.key else {}) if said else {}

    def origins(self, rows: Iterable[tuple[int, dict[str, Any]]]) -> list[int | None]:
        """For each typed row the place of the saved row that it was; None for a new one."""
        return [n if n < self.initial_form_count() else None for n, _ in rows]


def formset_for(
    grid: Grid,
    columns: Sequence[Column],
    table_set: TableSet,
    existing: Sequence[Model],
    lines: Sequence[tuple[str, str]] = (),
    data: Any = None,
) -> GridFormSet:
    """The formset of a grid over its present rows, bound when `data` is given."""
    typed = entered(grid, columns)
    fields = {t.field.name: form_field(grid, t, table_set) for t in typed}
    form = type("GridRowForm", (RowForm,), {**fields, "grid": grid, "typed": typed})
    fixed = bool(lines)
    most = len(lines) if fixed else MOST_ROWS
    kind = formset_factory(
        form,
        formset=GridFormSet,
        extra=0 if fixed else BLANK_ROWS,
        can_delete=not fixed,
        can_order=not fixed and not grid.scheme,
        max_num=most,
        absolute_max=most,
        validate_max=True,
    )
    initial = [{t.field.name: getattr(row, t.field.name) for t in typed} for row in existing]
    formset = kind(data, initial=initial, prefix="rows", auto_id="")
    assert isinstance(formset, GridFormSet)
    formset.grid, formset.lines = grid, lines
    return formset


def build(grid: Grid, rows: Iterable[dict[str, Any]], **owner: Any) -> list[Model]:
    """Unsaved model rows of what was typed, in order, within the grid's fixed values."""
    positioned = "position" in fields_of(grid.model)
    return [
        grid.model(**owner, **dict(grid.fixed), **({"position": n} if positioned else {}), **values)
        for n, values in enumerate(rows, 1)
    ]


def same(value: Any) -> Any:
    """A value for comparison: zero and blank are the same amount."""
    return None if isinstance(value, Decimal) and not value else value or None
