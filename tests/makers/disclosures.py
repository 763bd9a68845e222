"""Regions, departments, people and their disclosures in the database, at every step of the workflow."""

import itertools
from collections.abc import Iterable
from decimal import Decimal
from hashlib import sha256

from budgets.domain.facts import Fact
from tests.makers.facts import small_budget, yuan

_serial = itertools.count(1)


def a_region(code: str = "130225", name: str = "乐亭县"):
    """A region in the database that publishes at once; the same one for the same code."""
    from budgets.models import Region

    return Region.objects.get_or_create(code=code, defaults={"name": name, "recall_minutes": 0})[0]


def a_department(code: str = "483", name: str = "乐亭县行政审批局", region=None):
    """A department in the database; the same one for the same code."""
    from budgets.models import Department

    return Department.objects.get_or_create(region=region or a_region(), code=code, defaults={"name": name})[
        0
    ]


def a_person(role: str = "accountant", *, department=None, region=None, name: str = "", password: str = ""):
    """A person of that role, in the given or the usual department or region."""
    from budgets.models import DEPARTMENT_ROLES, Person

    place = (
        {"department": department or a_department()}
        if role in DEPARTMENT_ROLES
        else {"region": region or a_region()}
    )
    if role == "central_administrator":
        place = {}
    username = f"{role}-{next(_serial)}"
    return Person.objects.create_user(
        username, password=password or None, name=name or username, role=role, **place
    )


def an_open_year(year: int = 2023, table_set: str = "hebei_2023", *, region=None, **more):
    """The year of a region, opened; the same one for the same year, with this table set."""
    from django.utils import timezone

    from budgets.models import FiscalYear

    found, _ = FiscalYear.objects.update_or_create(
        region=region or a_region(),
        fiscal_year=year,
        defaults={"table_set": table_set, **more},
        create_defaults={"table_set": table_set, "opened_at": timezone.now(), **more},
    )
    return found


def a_disclosure(
    department=None, *, year: int = 2023, facts: Iterable[Fact] | None = None, stage: str = "", **header
):
    """A draft with these facts (the small budget unless given), written through the ledger; of the stage of its table set."""
    from dataclasses import replace

    from budgets import ledger, tablesets
    from budgets.models import Disclosure

    stage = stage or tablesets.get(header.get("table_set", "hebei_2023")).stage.value
    disclosure = Disclosure.objects.create(
        department=department or a_department(), fiscal_year=year, stage=stage
    )
    rows = tuple(small_budget() if facts is None else facts)
    ledger.write(disclosure, replace(ledger.read(disclosure), facts=rows, **header))
    return disclosure


def some_subjects(year: int = 2023) -> None:
    """The codes of the small budget."""
    from budgets.models import Subject

    for scheme, code, name in (
        ("function", "201", "一般公共服务支出"),
        ("function", "20103", "政府办公厅（室）及相关机构事务"),
        ("function", "2010301", "行政运行"),
        ("function", "208", "社会保障和就业支出"),
        ("function", "20805", "行政事业单位养老支出"),
        ("function", "2080505", "机关事业单位基本养老保险缴费支出"),
        ("economic", "301", "工资福利支出"),
        ("economic", "30101", "基本工资"),
        ("economic", "30108", "机关事业单位基本养老保险缴费"),
        ("economic", "302", "商品和服务支出"),
        ("economic", "30201", "办公费"),
        ("economic", "30217", "公务接待费"),
        ("economic", "30231", "公务用车运行维护费"),
    ):
        level = {3: 1, 5: 2, 7: 3}[len(code)]
        parent = code[:-2] if level > 1 else ""
        Subject.objects.get_or_create(
            fiscal_year=year,
            scheme=scheme,
            code=code,
            defaults={"name": name, "level": level, "parent_code": parent},
        )


def a_sound_disclosure(department=None, *, year: int = 2023, **header):
    """A draft of the small budget that may be submitted: every chapter written, nothing left to explain."""
    from datetime import date

    from budgets import tablesets
    from budgets.domain import ledgers
    from budgets.domain.terms import AssetItem, Comparator

    some_subjects(year)
    declared = tablesets.get(header.get("table_set", "hebei_2023"))
    chapters = tuple(ledgers.Narrative(word.key, word.title, "无。") for word in declared.chapters)
    sides = (("产出指标", "数量指标"), ("效益指标", "社会效益指标"), ("满意度指标", "服务对象满意度指标"))
    goal = ledgers.Goal(
        "窗口运行",
        ("保障窗口运行",),
        tuple(
            ledgers.Indicator(
                dimension, aspect, f"{aspect}达标率", "达标", Comparator.AT_LEAST, "95", "%", "年度计划"
            )
            for dimension, aspect in sides
        ),
    )
    given = {
        "narratives": chapters,
        "goals": (goal,),
        "projects": (ledgers.Project("窗口运行", yuan("300.00")),),
        "assets": (ledgers.Asset(AssetItem.VEHICLES, Decimal(1), yuan("18.00")),),
        "approved_on": date(year, 1, 16),
        "contact": "0315-0000000",
    }
    disclosure = a_disclosure(department, year=year, **given | header)
    explain(disclosure)
    return disclosure


def explain(disclosure, text: str = "情况属实。", *, public: bool = False) -> int:
    """Explain every warning that stands; how many there were."""
    from budgets.models import Explanation
    from budgets.workflow.drafts import draft_of

    warnings = draft_of(disclosure).unexplained
    for finding in warnings:
        Explanation.objects.create(
            disclosure=disclosure,
            finding_key=finding.key,
            rule=finding.rule,
            message=finding.message,
            text=text,
            public=public,
        )
    return len(warnings)


def submitted(disclosure, by=None):
    """The disclosure after its accountant submitted it."""
    from budgets.workflow import lifecycle

    return lifecycle.submit(disclosure, by=by or a_person("accountant", department=disclosure.department))


def approved(disclosure, by=None):
    """The disclosure after an officer of its region approved it."""
    from budgets.workflow import lifecycle

    officer = by or a_person("bureau_officer", region=disclosure.department.region)
    return lifecycle.approve(submitted(disclosure), by=officer)


def published(disclosure=None, by=None):
    """The publication of a disclosure (a sound one unless given), by an officer of its region."""
    from budgets.workflow import lifecycle

    disclosure = disclosure or a_sound_disclosure()
    officer = by or a_person("bureau_officer", region=disclosure.department.region)
    return lifecycle.publish(approved(disclosure, officer), by=officer)


def a_public_row(
    disclosure,
    *,
    by=None,
    officer=None,
    year: int = 0,
    revision: int = 1,
    on=None,
    payload: bytes = b"{}",
    **state,
):
    """A publication as a row alone, without files and, unless given, content; `state` is what the public lists keep of it."""
    from datetime import UTC, date, datetime

    from budgets.models import Publication, PublicationState
    from budgets.publishing import word_index, year_sums

    officer = officer or a_person("bureau_officer", region=disclosure.department.region)
    publication = Publication.objects.create(
        department=disclosure.department,
        disclosure=disclosure,
        fiscal_year=year or disclosure.fiscal_year,
        stage=disclosure.stage,
        revision=revision,
        payload=payload,
        payload_hash=sha256(payload).hexdigest(),
        chain_previous=f"{disclosure.pk:032x}{year or disclosure.fiscal_year:016x}{revision - 1:016x}",
        chain_entry=f"{disclosure.pk:032x}{year or disclosure.fiscal_year:016x}{revision:016x}",
        public_reason=disclosure.department.name,
        published_on=on or date(2022, 2, 1),
        published_at=datetime(2023, 2, 1, tzinfo=UTC),
        submitted_by=by or a_person("accountant", department=disclosure.department),
        approved_by=officer,
        published_by=officer,
    )
    standing = PublicationState.objects.create(publication=publication, **state)
    if standing.status == "current":
        word_index.enter([standing])
    year_sums.renew(publication.department.region_id, publication.fiscal_year)
    return publication


def restated(states=None, **changes):
    """What lists keep of publications, all of them unless some are given, changed with the years that they stand in."""
    from budgets.models import Publication, PublicationState
    from budgets.publishing import year_sums

    (PublicationState.objects.all() if states is None else states).update(**changes)
    for region in set(Publication.objects.order_by().values_list("department__region", flat=True)):
        year_sums.renew(region)
