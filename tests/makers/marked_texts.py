"""Every text that people type into what belongs to a department, set to words of the test's own: where do they come out, and as what?"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import models

# Texts that the program writes or reads as codes. Whatever is not named here is free text, a field of tomorrow too.
READ = {
    "action", "address", "approved_hash", "agreed_hash", "submitted_hash", "built_release", "code", "comparator", "content_hash", "dimension", "economic",
    "finding_key", "fund", "function", "key", "kind", "payload_hash", "place", "role", "rule", "scheme", "sha256", "stage", "state", "status", "table_set",
    "withdrawal_scope", "password", "username", "email", "budget", "table", "column", "row", "cell", "source",
    "given", "left_out", "reread", "callings", "name_words", "notice", "taken", "before", "after", "report", "counts",
    "Disclosure.narrative_title", "Explanation.message", "Job.message", "Rehearsal.basis", "Intake.file", "Export.message",
    "Narrative.title", "Question.printed",
    "Disclosure.correction_asked", "Disclosure.withdrawal_reason",  # stand while it is public alone
}  # fmt: skip
# What was published or said is guarded and stays; what only records what happened is written by the program.
NOT_TYPED = {
    "Comment",
    "Reply",
    "Publication",
    "PublicationState",
    "SearchEntry",
    "LogEntry",
    "Submission",
    "BatchFile",
    "UploadCount",
}


def free_texts(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The fields of a model that hold what people typed."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.FileField)
        and not field.choices
        and not {field.name, f"{model.__name__}.{field.name}"} & READ
    ]


def hanging(row: models.Model) -> Iterator[models.Model]:
    """The row and every row that hangs on it, directly or by another."""
    yield row
    for relation in row._meta.related_objects:
        model = relation.related_model
        if relation.field.name in ("disclosure", "goal", "comment") and model.__name__ not in NOT_TYPED:
            for below in model._base_manager.filter(**{relation.field.name: row}):
                yield from hanging(below)


def one_of_each(disclosure: Any, person: Any, said: str) -> None:
    """A row of each kind that people type below a disclosure, where there was none; what is said in comments is only added."""
    from django.utils import timezone

    from budgets.domain.places import Whole, serialised
    from budgets.models import Comment, Reply, SignOff

    said = Comment.objects.create(
        disclosure=disclosure, place=serialised(Whole()), text=said, submission=1, person=person, role=person.role, at=timezone.now()
    )  # fmt: skip
    Reply.objects.create(
        comment=said, kind="answer", text=said, person=person, role=person.role, at=timezone.now()
    )
    disclosure.explanations.create(finding_key="k", rule="r", message="m", text="属实", person=person)
    disclosure.wordings.create(place="revenue/title", caption="收支总表")
    SignOff.objects.update_or_create(disclosure=disclosure, defaults={"signed_by": "某人"})
    disclosure.organizations.create(
        position=1, name="某单位", nature="行政", rank="正科级", funding="财政拨款"
    )
    disclosure.procurement_items.create(position=1, project="某项目", item="纸")
    disclosure.purchased_services.create(position=1, project="某项目", item="审计")
    disclosure.unit_rows.create(position=1, name="某单位", code="1")


def mark(rows: Iterable[models.Model], word: Callable[[str, int], str]) -> set[str]:
    """Set every free text of the rows to `word(Model.field, number)`, cut to what fits; the names of the fields that were set."""
    found: dict[str, int] = {}
    for row in rows:
        fields = free_texts(type(row))
        values = {}
        for field in fields:
            name = f"{type(row).__name__}.{field.name}"
            number = found.setdefault(name, len(found))
            values[field.name] = word(name, number)[: field.max_length]
        if values:
            type(row)._base_manager.filter(pk=row.pk).update(**values)
    return set(found)
