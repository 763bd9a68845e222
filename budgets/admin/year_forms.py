"""The forms of a year's page: table sets and dates of approval, a list of dates, the texts that chapters start from."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms.widgets import DateInput

from budgets import ledger, tablesets
from budgets.admin.approval_lists import read_day, read_list
from budgets.models import ChapterText, Department, DepartmentYear, FiscalYear
from budgets.sentences.given_texts import faults_of
from budgets.workflow.year_opening import Terms

AS_ALL = ("", "同全部")


class DayField(forms.CharField):
    """A date as people write it; None when blank."""

    widget = DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=40, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_day(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except forms.ValidationError:
            return True


class TextField(forms.CharField):
    """A text whose line ends are the same from every browser."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> Any:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class OpenForm(forms.Form):
    """Which year is opened, with which tables."""

    number = forms.IntegerField(
        label="预算年度",
        min_value=2000,
        max_value=2099,
        error_messages={"invalid": "年度是四位数字，例如 2024。", "required": "请写年度，例如 2024。"},
    )
    table_set = forms.ChoiceField(
        label="表样（全部部门）", choices=tablesets.usual, help_text="以后可以对个别部门另选。"
    )
    approved_on = DayField(
        label="批复日期（全部部门）", help_text="还不知道可以空着；开放以后可以补，也可以按部门填。"
    )


class TermsForm(forms.Form):
    """What holds for all departments, and for each what is otherwise."""

    table_set = forms.ChoiceField(
        label="表样（全部部门）", choices=tablesets.usual, help_text="个别部门不同的，在下表里另选。"
    )
    approved_on = DayField(label="批复日期（全部部门）", help_text="个别部门不同的，在下表里另填。")

    def __init__(
        self,
        data: Any,
        year: FiscalYear,
        departments: Sequence[Department],
        own: dict[int, DepartmentYear],
    ) -> None:
        super().__init__(data, initial={"table_set": year.table_set, "approved_on": year.approved_on})
        self.departments = departments
        for each in departments:
            set_for = own.get(each.pk)
            self.fields[f"set-{each.pk}"] = forms.ChoiceField(
                label=f"{each.name}的表样",
                choices=[AS_ALL, *tablesets.usual()],
                required=False,
                initial=set_for.table_set if set_for else "",
            )
            self.fields[f"day-{each.pk}"] = DayField(
                label=f"{each.name}的批复日期", initial=set_for.approved_on if set_for else None
            )

    @property
    def usual(self) -> Terms:
        return Terms(self.cleaned_data["table_set"], self.cleaned_data["approved_on"])

    @property
    def own(self) -> dict[Department, tuple[str, date | None]]:
        """What was typed for each department."""
        said = self.cleaned_data
        return {each: (said[f"set-{each.pk}"], said[f"day-{each.pk}"]) for each in self.departments}


class DatesForm(forms.Form):
    """A pasted list of dates."""

    list = forms.CharField(
        label="编码和批复日期，一个部门一行",
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": "483 2024-01-16\n484 2024-01-18"}),
        max_length=100_000,
        error_messages={"required": "请粘贴清单，一行一个部门：编码、日期。"},
        help_text="可以从 Excel 复制编码、名称、日期几列直接粘贴。有一行读不懂，就一行也不保存。",
    )

    def __init__(self, data: Any, departments: Iterable[Department]) -> None:
        super().__init__(data)
        self.departments = departments

    def clean_list(self) -> Any:
        found, refused = read_list(self.cleaned_data["list"], self.departments)
        if refused:
            raise forms.ValidationError([forms.ValidationError(why) for why in refused])
        if not found:
            raise forms.ValidationError("清单里没有读到部门编码和日期。")
        return found


class TextsForm(forms.Form):
    """The texts of the chapters, for each table set in use."""

    def __init__(
        self, data: Any, year: FiscalYear, sets: Iterable[str], texts: Iterable[ChapterText]
    ) -> None:
        super().__init__(data)
        self.year = year
        self.sets = {key: tablesets.get(key) for key in sets}
        given = {(text.table_set, text.chapter): text.text for text in texts}
        for key, table_set in self.sets.items():
            for chapter in table_set.chapters:
                self.fields[f"text-{key}-{chapter.key}"] = TextField(
                    label=chapter.title,
                    required=False,
                    initial=given.get((key, chapter.key), ""),
                )

    @property
    def groups(self) -> list[tuple[str, int, list[Any]]]:
        """Each table set by its label, how many of its chapters have a text, and their fields."""
        out = []
        for key, table_set in self.sets.items():
            bound = [self[f"text-{key}-{chapter.key}"] for chapter in table_set.chapters]
            out.append((table_set.label, sum(bool(field.value()) for field in bound), bound))
        return out

    def clean(self) -> dict[str, Any]:
        subjects = ledger.subjects_for(self.year.fiscal_year)
        for key, table_set in self.sets.items():
            for chapter in table_set.chapters:
                name = f"text-{key}-{chapter.key}"
                text = self.cleaned_data.get(name, "")
                for fault in faults_of(text, table_set, subjects, self.year.fiscal_year):
                    self.add_error(name, fault)
        return self.cleaned_data

    @property
    def texts(self) -> dict[tuple[str, str], str]:
        """What was typed, by table set and chapter."""
        return {
            (key, chapter.key): self.cleaned_data[f"text-{key}-{chapter.key}"]
            for key, table_set in self.sets.items()
            for chapter in table_set.chapters
        }
