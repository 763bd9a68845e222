"""What the bureau does with many departments of a year at once: approve, publish, take their files along."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect

from budgets import access
from budgets.access import May
from budgets.admin import year_exports
from budgets.admin.draft_files import attached
from budgets.admin.home import YearRow
from budgets.admin.publishing_times import PublishForm, announced
from budgets.domain.key_figures import read
from budgets.models import Disclosure, ExportKind, Publication, PublicationStatus
from budgets.publishing.bundles import Kind, bundle, bytes_of
from budgets.publishing.containing import inside
from budgets.publishing.year_figures import Listed, year_list
from budgets.rendering.workbook.xlsx import tables_workbook
from budgets.workflow.batches import STEPS, Outcome, take

LIST, BOOK, SITE = "list", "book", "site"
AT_ONCE = 200 << 20  # bytes of files; packing more takes longer than a person waits
UNSEEN = -1  # no disclosure has this version
CHOSEN = "chosen"  # each `key of the disclosure:version that was seen`
TOGETHER = 12  # disclosures that take a step in one request, a second or two; the page that answers goes on with the rest
NOTHING = "nothing"  # what Enter in a field presses: the first button of the form, which decides nothing
GOING_ON = "going_on"  # posted by that page; what became of the others so far waits in the session


@dataclass(frozen=True, slots=True)
class GoingOn:
    """A step that is taken for some by now (`begun`) and goes on with what is `left`, with the same minute; for none yet
    where it is asked first whether it shall be."""

    step: May
    begun: int
    left: list[tuple[Disclosure, int]]
    at: str

    @property
    def of(self) -> int:
        return self.begun + len(self.left)


type Acted = HttpResponseBase | list[Outcome] | GoingOn


def act(request: HttpRequest, year: int, rows: Sequence[YearRow]) -> Acted:
    """Do what the pressed button says with the chosen disclosures of the person's region (files: of all, when none is chosen).

    A file or a redirect; what is left, where they are many; or, where steps were refused, what became of each. Raises
    PermissionDenied for a step that the person's role never takes.
    """
    what = request.POST.get("do", "")
    if what == NOTHING:
        messages.warning(request, "什么也没有办理：请按要办的那个按钮。")
        return HttpResponseRedirect(request.get_full_path())
    chosen = _chosen(request, rows)
    if what == LIST:
        return _list(year, rows)
    if what == BOOK:
        return year_exports.ask(request, ExportKind.BOOK, year)
    if what == SITE:
        return year_exports.ask(request, ExportKind.SITE, year)
    if what in {kind.value for kind in Kind}:
        return _files(
            request, year, Kind(what), [d for d, _ in chosen] or [r.disclosure for r in rows if r.disclosure]
        )
    return _steps(request, what, chosen, rows)


def _chosen(request: HttpRequest, rows: Sequence[YearRow]) -> list[tuple[Disclosure, int]]:
    """The disclosures that were ticked, in the list's order; what is not of the list does not exist."""
    seen = dict(each.partition(":")[::2] for each in request.POST.getlist(CHOSEN))
    own = [row.disclosure for row in rows if row.disclosure and str(row.disclosure.pk) in seen]
    # A version that is not the present one was seen before, or never: either way the step is refused.
    return [(d, d.version if seen[str(d.pk)] == str(d.version) else UNSEEN) for d in own]


def _steps(
    request: HttpRequest, what: str, chosen: list[tuple[Disclosure, int]], rows: Sequence[YearRow]
) -> Acted:
    person = access.person_of(request)
    if what not in {step.value for step in STEPS} or person.role not in access.ROLES[May(what)]:
        raise PermissionDenied
    step = May(what)
    if not chosen:
        messages.warning(request, f"没有选中部门，什么也没有{step.label}。")
        return HttpResponseRedirect(request.get_full_path())
    given = {}
    if step is May.PUBLISH:
        form = PublishForm(request.POST, chosen[0][0].department.region)
        if not form.is_valid():
            messages.error(request, f"什么也没有公开：{form.errors['at'][0]}")
            return HttpResponseRedirect(request.get_full_path())
        given = form.cleaned_data
        if (
            given["at"] is None
            and not chosen[0][0].department.region.recall_minutes
            and GOING_ON not in request.POST
        ):
            return GoingOn(step, 0, chosen, "")  # at once, and nobody could take it back
    so_far = request.session.pop(GOING_ON, []) if GOING_ON in request.POST else []
    taken = take(step, chosen[:TOGETHER], by=person, **given)
    so_far += [(outcome.disclosure.pk, outcome.refusal) for outcome in taken]
    if left := chosen[TOGETHER:]:
        request.session[GOING_ON] = so_far
        return GoingOn(step, len(so_far), left, request.POST.get("at", ""))
    own = {row.disclosure.pk: row.disclosure for row in rows if row.disclosure}
    outcomes = [Outcome(own[key], refusal) for key, refusal in so_far if key in own]
    done = [outcome.disclosure.pk for outcome in outcomes if not outcome.refusal]
    if done:
        messages.success(request, _told(step, done))
    return outcomes if len(done) < len(outcomes) else HttpResponseRedirect(request.get_full_path())


def _told(step: May, done: list[int]) -> str:
    """What was done with these disclosures, and what happens now, in words."""
    due = Disclosure.objects.filter(pk__in=done).aggregate(last=Max("publish_at"))["last"]
    if step is May.PUBLISH and due:
        return f"已定时 {len(done)} 个部门。{announced(due)}"
    after = "，网页、PDF 和数据文件正在生成" if step is May.PUBLISH else ""
    return f"已{step.label} {len(done)} 个部门{after}。"


def _public(disclosures: Sequence[Disclosure], *without: str) -> dict[int, Publication]:
    """The version of each that is public now, by department code; `without` are fields that nobody asks for here."""
    current = Publication.objects.filter(disclosure__in=disclosures, state__status=PublicationStatus.CURRENT)
    rows = current.select_related("department", "state").order_by("department__code").defer(*without)
    return {row.disclosure_id: row for row in rows}


def _files(request: HttpRequest, year: int, kind: Kind, disclosures: list[Disclosure]) -> HttpResponseBase:
    found = list(_public(disclosures, "payload", "checks").values())
    if not found:
        messages.warning(request, "选中的部门里没有已公开的，没有可以下载的文件。")
        return HttpResponseRedirect(request.get_full_path())
    if bytes_of(found, kind) > AT_ONCE:
        return year_exports.ask(
            request,
            ExportKind.ARCHIVE,
            year,
            file=kind.value,
            disclosures=sorted(row.disclosure_id for row in found),
        )
    archive, missing = bundle(found, kind)
    if len(missing) == len(found):
        archive.close()
        messages.warning(request, f"{kind.label} 都还没有生成：{'、'.join(missing[:5])}。")
        return HttpResponseRedirect(request.get_full_path())
    return FileResponse(archive, as_attachment=True, filename=f"{year}年部门预算{kind.label}.zip")


def _list(year: int, rows: Sequence[YearRow]) -> HttpResponseBase:
    public = _public([row.disclosure for row in rows if row.disclosure], "payload", "checks")
    figures = {row.department_id: read(row.state.figures) for row in public.values()}
    revisions = {row.department_id: row.revision for row in public.values()}
    within = inside([row.department for row in rows], figures)
    listed = [
        Listed(
            row.department.code,
            row.department.name,
            row.words,
            row.disclosure.approved_on if row.disclosure else None,
            getattr(row.disclosure, "first_published_on", None),
            figures.get(row.department.pk, {}),
            within[row.department.pk].name if row.department.pk in within else "",
            desk=_standing(row, revisions),
        )
        for row in sorted(rows, key=lambda row: row.department.code)
    ]
    sheet = year_list(year, listed, desk=True)
    region = rows[0].department.region.name if rows else ""
    return attached(tables_workbook([sheet], f"{region}{sheet.title}", region), f"{region}{sheet.title}.xlsx")


def _standing(row: YearRow, revisions: dict[int, int]) -> tuple[str, str, str]:
    """The last day of a department, how late it is, and which version of it is public, in words."""
    due, revision = row.deadline.due, revisions.get(row.department.pk)
    return f"{due:%Y-%m-%d}" if due else "", row.deadline.words, f"第 {revision} 版" if revision else ""
