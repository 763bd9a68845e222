"""Starting a disclosure: blank with the rows its tables always print, or with the structure of another year's."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from budgets import access, tablesets
from budgets import ledger as rows
from budgets.domain.composing import composed
from budgets.domain.documents import Document
from budgets.domain.facts import KINDS
from budgets.domain.families import FAMILIES
from budgets.domain.ledgers import Ledger
from budgets.domain.plans import planned
from budgets.domain.sheets import Filler
from budgets.domain.terms import AssetItem, Stage, Term
from budgets.models import (
    LINES,
    Action,
    AssetLine,
    Department,
    Disclosure,
    FiscalYear,
    Goal,
    Indicator,
    Narrative,
    Organization,
    Person,
    Project,
    Wording,
)
from budgets.sentences.binding import Binder
from budgets.sentences.chapter_models import slots_in
from budgets.sentences.moving_years import moved
from budgets.workflow.drafts import year_before
from budgets.workflow.last_year_checked import enter_last_year
from budgets.workflow.other_stage import beside
from budgets.workflow.rereading import ToRead, of_bound
from budgets.workflow.trail import step_taken
from budgets.workflow.year_opening import terms_for, texts_of


class CannotStart(Exception):
    """The disclosure is not started; the message, in Chinese, says why."""


# What a new year takes over, and what of it starts blank: figures are entered anew.
TAKEN_OVER: dict[type[Any], tuple[str, ...]] = {
    **{model: model.AMOUNTS for model in LINES.values()},
    Organization: (),
    Project: ("amount",),
    AssetLine: ("quantity", "book_value"),
}


def start(
    department: Department,
    year: int,
    *,
    by: Person,
    stage: str = Stage.BUDGET.value,
    like: Disclosure | None = None,
) -> Disclosure:
    """A new draft of the department for a year that its bureau opened, with the structure of `like` when given.

    Table set and date of approval are those that the bureau set. Taken over are codes, organisations, projects, goals
    with their indicators and, of the same table set, chapters and wording; every amount starts blank. The chapters'
    figures and years become this year's; the others start with the bureau's texts. Raises CannotStart.
    """
    if not access.may_create(by, department):
        raise CannotStart("只有本部门的会计可以新建本部门的预算公开。")
    if like is not None and like.department_id != department.pk:
        raise CannotStart("只能沿用本部门以前年度的内容。")
    with transaction.atomic():
        opened = opened_for(
            department, year
        )  # before the department: whoever locks a year waits for publications
        Department.objects.select_for_update().get(pk=department.pk)
        terms = terms_for(opened, department)
        if Disclosure.objects.filter(department=department, fiscal_year=year, stage=stage).exists():
            raise CannotStart(f"{department.name}已有{year}年的{Stage(stage).label}公开。")
        table_set = terms.table_set
        if stage == Stage.FINAL:
            if year >= timezone.localdate().year:
                raise CannotStart(f"{year}年度还没有结束，不能编报决算。")
            form = tablesets.accounts_of(table_set)
            if form is None:
                raise CannotStart("没有决算公开的表样，请联系管理员。")
            table_set = form.key
        disclosure = Disclosure.objects.create(
            department=department,
            fiscal_year=year,
            stage=stage,
            table_set=table_set,
            approved_on=terms.approved_on if stage == Stage.BUDGET.value else None,
            contact=like.contact if like else "",
            updated_by=by,
        )
        if like is not None:
            take_over(disclosure, like)
        lay_out(disclosure, texts_of(opened, table_set))
        take_plans(disclosure)
        step_taken(disclosure, Action.CREATE, by, reason=f"沿用{like.title}的结构" if like else "")
    return disclosure


def years_to_start(department: Department, stage: str = Stage.BUDGET.value) -> list[FiscalYear]:
    """The years of the department's region that are open and not locked and of which it has no budget yet, in order.

    Of the other stage those of which it has a budget and no final account.
    """
    begun = Disclosure.objects.filter(department=department, stage=stage)
    years = FiscalYear.objects.filter(region=department.region_id, locked_at=None)
    if stage == Stage.FINAL:
        budgets = Disclosure.objects.filter(department=department, stage=Stage.BUDGET.value)
        years = years.filter(
            fiscal_year__in=budgets.values("fiscal_year"), fiscal_year__lt=timezone.localdate().year
        )
    return list(
        years.exclude(fiscal_year__in=begun.values("fiscal_year"))
        .select_related("region")
        .order_by("fiscal_year")
    )


def opened_for(department: Department, year: int) -> FiscalYear:
    """The open year of the department's region, held until the transaction ends. Raises CannotStart."""
    held = FiscalYear.objects.select_for_update(of=("self",)).select_related("region")
    opened = held.filter(region=department.region_id, fiscal_year=year).first()
    if opened is None:
        raise CannotStart(f"{department.region}财政局还没有开放{year}年度，请联系财政局开放。")
    if opened.locked:
        raise CannotStart(f"{year}年度已由{department.region}财政局锁定，不能开始编报，请联系财政局。")
    return opened


def take_over(disclosure: Disclosure, like: Disclosure) -> None:
    """Copy the structure of `like`; amounts start blank."""
    for model, blank in TAKEN_OVER.items():
        copies = []
        for row in model._default_manager.filter(disclosure=like):
            for name in blank:
                setattr(row, name, model._meta.get_field(name).get_default())
            row.pk, row.disclosure = None, disclosure
            row._state.adding = True
            copies.append(row)
        model._default_manager.bulk_create(copies)
    if disclosure.table_set == like.table_set:  # other tables have other chapters, and other captions
        take_over_words(disclosure, like)
    for goal in Goal.objects.filter(disclosure=like).prefetch_related("indicators"):
        indicators = list(goal.indicators.all())
        copy = Goal.objects.create(
            disclosure=disclosure, position=goal.position, project=goal.project, goals=goal.goals
        )
        for indicator in indicators:
            indicator.pk, indicator.goal = None, copy
            indicator._state.adding = True
        Indicator.objects.bulk_create(indicators)


def take_over_words(disclosure: Disclosure, like: Disclosure) -> None:
    """The chapters and captions of `like` for another year: figures and years live, what cannot be tied kept to be read again."""
    said, before = rows.read(like), year_before(like)
    subjects = rows.subjects_for(like.fiscal_year)

    def composed_of(ledger: Ledger) -> tuple[Filler, Document]:
        filler = Filler(tablesets.get(ledger.table_set), ledger, subjects)
        return filler, composed(filler)

    binder = Binder(*composed_of(said), composed_of(before) if before else None)
    narratives = []
    for position, narrative in enumerate(said.narratives, 1):
        bound = binder.bind(narrative)
        narratives.append(
            Narrative(
                disclosure=disclosure,
                position=position,
                key=narrative.key,
                title=moved(narrative.title, like.fiscal_year, disclosure.fiscal_year),
                text=bound.text,
                reread=of_bound(bound).kept(),
            )
        )
    Narrative.objects.bulk_create(narratives)
    Wording.objects.bulk_create(
        Wording(
            disclosure=disclosure,
            place=place,
            caption=moved(caption, like.fiscal_year, disclosure.fiscal_year),
        )
        for place, caption in said.wording.items()
    )


def lay_out(disclosure: Disclosure, texts: Mapping[str, str] = MappingProxyType({})) -> None:
    """Add the rows that every disclosure has, so that its forms show them; a blank row is no fact.

    A chapter that is added starts with its text of `texts`; what that leaves for a person to write is to be read again.
    """
    table_set = tablesets.get(disclosure.table_set)
    laid_out: list[tuple[type[Model], str, type[Term]]] = [
        (LINES[family], shape.named_by[0], KINDS[shape.named_by[0]])
        for family, shape in FAMILIES.items()
        if shape.laid_out and table_set.prints(family)
    ] + [(AssetLine, "item", AssetItem)]
    for model, field, values in laid_out:
        have = set(model._default_manager.filter(disclosure=disclosure).values_list(field, flat=True))
        model._default_manager.bulk_create(
            model(disclosure=disclosure, **{field: value.value}) for value in values if value not in have
        )
    if table_set.prints_last_year:
        enter_last_year(disclosure, year_before(disclosure))
    chapters = set(disclosure.narratives.values_list("key", flat=True))
    Narrative.objects.bulk_create(
        Narrative(
            disclosure=disclosure,
            position=n,
            key=word.key,
            title=word.title,
            text=(text := texts.get(word.key, "")),
            reread=ToRead(tuple(slots_in(text))).kept(),
        )
        for n, word in enumerate(table_set.chapters, 1)
        if word.key not in chapters
    )


def take_plans(disclosure: Disclosure) -> None:
    """What the published budget of the year says, entered as 年初预算数 of accounts that print it: typed once, in the budget."""
    budget = beside(disclosure) if disclosure.stage == Stage.FINAL else None
    table_set = tablesets.get(disclosure.table_set)
    for fact in planned(budget) if budget else ():
        if table_set.prints(fact.family):
            row: dict[str, Any] = {name: str(getattr(fact, name)) for name in FAMILIES[fact.family].named_by}
            lines = LINES[fact.family]._default_manager
            lines.update_or_create(disclosure=disclosure, **row, defaults={str(fact.measure): fact.amount})
