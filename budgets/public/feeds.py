"""Atom feeds of a region and of a department: what was published, corrected and withdrawn, the latest first."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from budgets.domain.key_figures import amounts, read
from budgets.domain.plain_words import plain, unit_words
from budgets.domain.terms import Stage
from budgets.models.publications import Publication, PublicationStatus
from budgets.public import errors
from budgets.public.answers import data
from budgets.public.lists import FIGURED, Entry, entry
from budgets.publishing.editions import BEIJING

ATOM = "application/atom+xml; charset=utf-8"
MOST = 50
FIELDS = (*FIGURED, "published_at", "public_reason", "state__withdrawn_reason")

type Item = tuple[datetime, dict[str, str]]


@require_safe
def feed(request: HttpRequest, region: str, unit: str = "") -> HttpResponse:
    """The latest fifty events of the region or of one of its departments; 404 where nothing was ever published."""
    own = {"department__code": unit} if unit else {}
    found = Publication.objects.filter(department__region__code=region, **own)
    events = latest(found)
    if not events:
        return errors.error(404)
    _, newest = events[0]
    name = newest["department"] if unit else newest["region"]
    place = f"{settings.SITE_ADDRESS}/{region}/{f'{unit}/' if unit else ''}"
    told = Atom1Feed(
        title=f"{name}部门预算公开",
        link=place,
        description="公开、更正和撤回",
        language="zh-CN",
        author_name=settings.SITE["host"] or settings.SITE["name"],
        feed_url=f"{place}feed.atom",
    )
    for at, item in events:
        told.add_item(
            item["title"],
            item["link"],
            item["words"],
            unique_id=item["id"],
            updateddate=at,
            author_name=item["department"],
        )
    return data(request, told.writeString("utf-8").encode(), ATOM)


def latest(found: QuerySet[Publication]) -> list[Item]:
    """What happened last among these publications, the latest first. Two queries of at most fifty rows.

    Of a version that was withdrawn only its withdrawal is told.
    """
    rows = found.order_by("-pk").values(*FIELDS)
    there = rows.exclude(state__status=PublicationStatus.WITHDRAWN)[:MOST]
    gone = rows.filter(state__status=PublicationStatus.WITHDRAWN).order_by("-state__withdrawn_on", "-pk")
    events = [*map(_published, there), *_withdrawals(gone[:MOST])]
    return sorted(events, key=lambda event: (event[0], event[1]["id"]), reverse=True)[:MOST]


def _published(row: dict[str, Any]) -> Item:
    one = entry(row)
    first = one.revision == 1
    words = [f"第 {one.revision} 版。" if first else f"第 {one.revision} 版，更正：{row['public_reason']}"]
    if one.status == PublicationStatus.CURRENT:
        told = amounts(read(row["state__figures"]))
        words.append(
            plain(unit_words(one.year, told, {}, dict.fromkeys(told, ""), final=one.stage == Stage.FINAL))
        )
    else:
        words.append("这一版已被更正。")
    return row["published_at"].astimezone(BEIJING), _item(
        one, "公开" if first else "更正", "\n".join(words), ""
    )


def _withdrawals(rows: QuerySet[Publication, dict[str, Any]]) -> Iterator[Item]:
    for row in rows:
        one = entry(row)
        on = one.withdrawn_on or one.published_on
        words = f"第 {one.revision} 版已撤回：{row['state__withdrawn_reason']}"
        yield datetime.combine(on, time(), BEIJING), _item(one, "撤回", words, "#withdrawn")


def _item(one: Entry, what: str, words: str, mark: str) -> dict[str, str]:
    fixed = f"{settings.SITE_ADDRESS}{one.href}r{one.revision}/"
    return {
        "id": f"{fixed}{mark}",
        "link": fixed,
        "title": f"{what}：{one.department}{one.title}",
        "words": words,
        "department": one.department,
        "region": one.region_name,
    }
