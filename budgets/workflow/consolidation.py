"""The year of a region added up: whose documents count, whose are inside another's, and who is missing."""

from dataclasses import dataclass, replace
from functools import cached_property

from budgets import ledger as ledgers
from budgets import tablesets
from budgets.domain.consolidating import consolidated, some
from budgets.domain.documents import Document
from budgets.domain.terms import Stage
from budgets.models import Department, Disclosure, Publication, PublicationStatus, Region, Status
from budgets.publishing.containing import inside
from budgets.publishing.units_public import printed
from budgets.workflow.drafts import draft_of


@dataclass(frozen=True, slots=True)
class Counted:
    """A department with the document that counts; `publication` is None for one that is approved only."""

    department: Department
    document: Document
    publication: Publication | None


@dataclass(frozen=True)
class Scope:
    """A region's year, departments by code. `inside` pairs what each unit published with the department that contains it."""

    region: Region
    year: int
    counted: tuple[Counted, ...]
    inside: tuple[tuple[Counted, Department], ...]
    missing: tuple[Department, ...]

    @property
    def present(self) -> list[Counted]:
        """Everybody who has a document, by code, those inside another's too."""
        everybody = [*self.counted, *(each for each, _ in self.inside)]
        return sorted(everybody, key=lambda each: each.department.code)

    @property
    def standing(self) -> str:
        """已公开 58／60，未包含：… ."""
        present = self.present
        approved = [each.department.name for each in present if each.publication is None]
        return "".join(
            [
                f"已公开 {len(present) - len(approved)}／{len(present) + len(self.missing)}",
                f"，另含已批准未公开 {len(approved)} 个：{'、'.join(approved)}" if approved else "",
                f"，未包含：{'、'.join(each.name for each in self.missing)}" if self.missing else "",
            ]
        )

    @property
    def words(self) -> tuple[str, ...]:
        """What the sums hold and what not, a paragraph each."""
        return (
            f"{self.standing}。",
            *(
                f"{above.name}的预算已含下属单位，未另计：{some([unit.department.name for unit, over in self.inside if over == above])}。"
                for above in dict.fromkeys(over for _, over in self.inside)
            ),
            *(
                f"{above.name}与下属单位（{some(units)}）分别计入：没有注明它的预算含下属单位。如果已含，请先在部门信息里勾选“预算含下属单位”，以免重复。"
                for above, units in self.apart.items()
            ),
        )

    @property
    def apart(self) -> dict[Department, list[str]]:
        """Departments that count beside units of their own, with the names of these: money may be in the sum twice."""
        counted = {each.department.pk: each.department for each in self.counted}
        out: dict[Department, list[str]] = {}
        for unit in counted.values():
            if above := counted.get(unit.supervising_department_id or 0):
                out.setdefault(above, []).append(unit.name)
        return out

    @cached_property
    def documents(self) -> tuple[tuple[str, Document], ...]:
        """The consolidated document of each table set in use, with its heading; nothing when nothing counts."""
        subjects = ledgers.subjects_for(self.year)
        sets = sorted({each.document.table_set for each in self.counted})
        out = []
        for key in sets:
            table_set = tablesets.get(key)
            documents = [each.document for each in self.counted if each.document.table_set == key]
            heading = "汇总表" if len(sets) == 1 else f"汇总表（{table_set.label}，{len(documents)}个部门）"
            name = f"{self.region.name}（{len(documents)}个部门汇总）"
            also = (
                (f"本套表汇总使用“{table_set.label}”的 {len(documents)} 个部门。",) if len(sets) > 1 else ()
            )
            out.append(
                (heading, consolidated(table_set, documents, subjects, name=name, scope=(*self.words, *also)))
            )
        return tuple(out)


def scope_of(region: Region, year: int, *, approved: bool = False) -> Scope:
    """What of a region's year adds up: what is public now and, when asked for, what is approved and not yet public."""
    departments = list(region.departments.select_related("supervising_department").order_by("code"))
    there = {each.department.pk: each for each in _public(region, year)}
    if approved:
        for disclosure in Disclosure.objects.filter(
            department__region=region, fiscal_year=year, stage=Stage.BUDGET, status=Status.APPROVED
        ).select_related("department__region"):
            there.setdefault(
                disclosure.department_id, Counted(disclosure.department, draft_of(disclosure).document, None)
            )
    over = inside(departments, there.keys())
    present = [each for each in departments if each.pk in there]
    return Scope(
        region,
        year,
        tuple(replace(there[each.pk], department=each) for each in present if each.pk not in over),
        tuple(
            (replace(there[each.pk], department=each), above)
            for each in present
            if (above := over.get(each.pk))
        ),
        tuple(each for each in departments if each.pk not in there and each.active),
    )


def _public(region: Region, year: int) -> list[Counted]:
    rows = Publication.objects.filter(
        department__region=region,
        fiscal_year=year,
        stage=Stage.BUDGET,
        state__status=PublicationStatus.CURRENT,
    ).select_related("department")
    return [Counted(row.department, printed(row), row) for row in rows]
