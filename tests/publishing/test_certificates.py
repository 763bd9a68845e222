"""The certificate of a version: frozen with it, held against what is public alone, by today's rules where none was kept."""

import shutil
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from budgets import ledger
from budgets.domain import certificates
from budgets.domain.certificates import State
from budgets.models import Explanation, Publication, Release, Subject
from budgets.publishing import folders, releases, revision_files, verification
from budgets.publishing.editions import edition_of
from budgets.rules import REGISTRY
from budgets.rules.between_documents import all_rules
from budgets.rules.criteria import HELD_AGAINST
from budgets.workflow import certifying, lifecycle, remaking
from budgets.workflow.certifying import by_todays_rules, same_as_frozen
from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, explain, published
from tests.rendering.markup import find, ids, parse, words

from ..conftest import GUARDS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pdf")]
PLACE = ("130225", "483", 2023, "budget")


def certificate(publication):
    return certificates.loads(edition_of(publication).checks)


def states(publication) -> dict[str, State]:
    return {each.rule: each.state for each in certificate(publication).checked}


def page(below: str = "") -> str:
    return (releases.address(PLACE) / below / "index.html").read_text("utf-8")


def as_before_there_were_any(publication) -> None:
    """The version as an earlier release left it: without certificate and identities, on disk and in the database."""
    place = folders.revisions() / publication.chain_entry
    known = folders.read_manifest(place)
    for name in (revision_files.CHECKS, revision_files.IDENTITIES):
        for each in (name, f"{name}.gz"):
            (place / each).unlink()
            del known["files"][each]
    (place / folders.MANIFEST).write_bytes(folders.sealed(known))
    GUARDS.remove(connection)
    Publication.objects.filter(pk=publication.pk).update(checks=None)
    connection.check_constraints()
    GUARDS.install(connection)


def against(stored) -> list[str]:
    """What a stored edition and the folder say differently."""
    served = {"/".join(map(str, PLACE)): Release.objects.get().name}
    return [m.what for m in verification.differences(verification.verify(), [stored], served)]


def explained_disclosure(*, public: bool):
    """A sound draft with a warning, explained."""
    disclosure = a_sound_disclosure(assets_as_of=date(2022, 6, 30))
    Explanation.objects.all().delete()
    explain(disclosure, "资产按年报日期填列。", public=public)
    return disclosure


def test_it_is_frozen_with_the_version_and_covers_every_rule(few_pages):
    publication = published(a_sound_disclosure())
    files = revision_files.listed(edition_of(publication))
    assert {revision_files.CHECKS, revision_files.IDENTITIES} <= files.keys()
    place = folders.revisions() / publication.chain_entry
    assert (place / revision_files.CHECKS).read_bytes() == publication.frozen_checks
    assert [each.rule for each in certificate(publication).checked] == list(all_rules())
    assert states(publication)["published-in-time"] in (State.HOLDS, State.FINDING)  # it has its day now
    proof = verification.verify(render=True)
    assert (proof.mismatches, proof.otherwise_made) == ([], [])
    assert against(edition_of(publication)) == []
    assert (releases.address(PLACE) / "r1" / "checks" / "index.html").is_file()


def test_it_stays_when_rules_and_earlier_years_change(few_pages, monkeypatch):
    publication = published(a_sound_disclosure())
    kept, shown = publication.frozen_checks, page("checks")
    published(a_sound_disclosure(year=2022))
    rule = REGISTRY.rules["contact-given"]
    changed = replace(rule, formula="另一条", find=lambda case: iter(()))
    monkeypatch.setitem(REGISTRY.rules, "contact-given", changed)
    remaking.rebuild(publication.disclosure)
    assert page("checks") == shown
    shutil.rmtree(folders.revisions() / publication.chain_entry)
    remaking.rebuild(publication.disclosure)
    assert page("checks") == shown
    publication.refresh_from_db()
    assert publication.frozen_checks == kept == revision_files.checks_of(edition_of(publication))


def test_without_one_it_is_made_by_todays_rules_and_says_so(few_pages):
    publication = published(explained_disclosure(public=True))
    assert "公开时核对，以后不改" in page("checks")
    as_before_there_were_any(publication)
    publication.refresh_from_db()
    remaking.rebuild(publication.disclosure)
    assert "公开时还没有留存核对结果，按现在的规则核对" in page("checks")
    assert "资产按年报日期填列。" in page("checks")
    assert not (releases.address(PLACE) / revision_files.CHECKS).exists()
    sums = (releases.address(PLACE) / revision_files.SUMS).read_text("utf-8")
    assert "disclosure.json" in sums and revision_files.CHECKS not in sums
    proof = verification.verify(render=True)
    assert (proof.mismatches, proof.otherwise_made) == ([], [])
    assert list(by_todays_rules([edition_of(publication)])) == [publication.chain_entry]


@pytest.mark.parametrize("public", [True, False])
def test_words_that_were_not_published_are_not_in_it(few_pages, public):
    publication = published(explained_disclosure(public=public))
    explained = [each for each in certificate(publication).checked if each.state is State.EXPLAINED]
    told = {told for each in explained for told in each.told}
    assert told and all(one.explained for one in told)
    assert {one.explanation for one in told} == {"资产按年报日期填列。" if public else ""}
    assert ("资产按年报日期填列。" in page("checks")) is public
    assert ("部门在送审时作过说明，没有选择公布" in page("checks")) is not public


def corrected(publication, officer, contact: str) -> Publication:
    """The next version, with another contact."""
    disclosure = publication.disclosure
    lifecycle.correct(disclosure, by=officer, reason="电话有误")
    disclosure.refresh_from_db()
    ledger.write(disclosure, replace(ledger.read(disclosure), contact=contact))
    explain(disclosure)
    return published(disclosure, officer)


def test_only_an_earlier_year_that_is_public_counts(few_pages):
    unaccounted = {"accounts-as-published"}  # the year before has no public accounts
    lacking = {*HELD_AGAINST["last_year"], *HELD_AGAINST["previous"], *unaccounted}
    before = a_sound_disclosure(year=2022)  # a draft says nothing to the public
    first = published(a_sound_disclosure())
    assert {r for r, state in states(first).items() if state is State.MISSING} == lacking
    assert certificate(first).year_before == 0
    then = published(before)
    officer = a_person("bureau_officer")
    second = corrected(first, officer, "0315-1111111")
    assert {r for r, state in states(second).items() if state is State.MISSING} == unaccounted
    assert certificate(second).entry_before == then.chain_entry
    published(a_sound_disclosure(year=2022, table_set="shanghai_final_2024"))
    assert State.MISSING not in states(corrected(second, officer, "0315-2222222")).values()
    published(a_sound_disclosure(a_department("484", "乙局"), year=2023))
    assert states(Publication.objects.get(department__code="484"))["typed-in-its-unit"] is State.MISSING


def test_a_certificate_that_differs_is_found(few_pages):
    publication = published(explained_disclosure(public=True))
    edition = edition_of(publication)
    assert against(edition) == []
    other = replace(edition, checks=edition.checks + b" ")
    assert against(other) == ["数据库与公开文件夹中的核对清单不同"]
    place = folders.revisions() / publication.chain_entry
    content = (place / revision_files.CHECKS).read_bytes()
    for spoilt, what in (
        (content.replace("按年报".encode(), "按年表".encode()), "核对清单中的部门说明不在公开内容里"),
        (content[:-1], "核对结果不能读取"),
    ):
        (place / revision_files.CHECKS).write_bytes(spoilt)
        assert {"内容与清单不符", what} <= {m.what for m in verification.verify().mismatches}


@pytest.mark.slow
def test_its_page_leads_to_what_is_printed_and_marks_lead_back(client):
    published(explained_disclosure(public=True))
    whole, own = parse(page()), parse(page("checks"))
    assert [words(h).split()[0] for h in find(own, "h2")[1:]] == [
        state.label for state in State if any(s is state for s in states(Publication.objects.get()).values())
    ]
    leads = [a.get("href") for a in find(own, "a") if a.get("href", "").startswith("../#")]
    assert leads and {href.removeprefix("../#") for href in leads} <= set(ids(whole))
    marks = [a.get("href") for a in find(whole, "a", "fault")]
    assert marks and all(href.startswith("checks/#") for href in marks)
    assert {href.removeprefix("checks/#") for href in marks} <= set(ids(own))
    assert "计算 SHA-256" in page() and 'href="checks/"' in page() and 'href="SHA256SUMS"' in page()
    address = "/130225/483/2023/budget/"
    for below in (
        "SHA256SUMS",
        "SM3SUMS",
        "r1/SHA256SUMS",
        "checks/",
        "r1/checks/",
        "checks.json",
        "r1/identities.json",
    ):
        assert client.get(address + below).status_code == 200, below


def looked_at_again() -> verification.Proof:
    return verification.verify(render=True, certifier=same_as_frozen)


def altered(publication, **parts) -> None:
    """The certificate of a version with other words, in its folder and its manifest, as whoever rewrites both would leave it."""
    place = folders.revisions() / publication.chain_entry
    found = certificates.loads((place / revision_files.CHECKS).read_bytes())
    (place / revision_files.CHECKS).write_bytes(certificates.dumps(replace(found, **parts)))


def test_the_rules_look_again_and_say_the_same(few_pages):
    first = published(a_sound_disclosure(year=2022))
    publication = published(a_sound_disclosure(year=2023))
    assert certificate(publication).entry_before == first.chain_entry
    proof = looked_at_again()
    assert (proof.mismatches, proof.other_rules) == ([], [])
    without_one = [
        replace(each, state=State.HOLDS, lacking="", told=()) for each in certificate(publication).checked
    ]
    altered(publication, checked=tuple(without_one))
    at = "130225/483/2023/budget/r1"
    told = {(each.at, each.what) for each in looked_at_again().mismatches}
    assert (at, "核对清单与由公开内容重新核对的不符") in told


def test_what_is_public_of_others_later_makes_no_difference(few_pages, monkeypatch):
    publication = published(a_sound_disclosure(year=2023))
    assert states(publication)["accounts-as-published"] is State.MISSING
    published(a_sound_disclosure(year=2022, table_set="shanghai_final_2024"))
    proof = looked_at_again()
    assert (proof.mismatches, proof.other_rules) == ([], [])
    monkeypatch.setattr(certifying, "OF_OTHERS", ())
    assert [each.at for each in looked_at_again().mismatches] == ["130225/483/2023/budget/r1"]


@pytest.mark.sweep(2, 2)
@pytest.mark.parametrize(
    "changed", [{"rules": "0" * 12}, {"basis": "0" * 12}, {"basis": ""}, {"entry_before": "0" * 64}]
)
def test_rules_or_codes_that_changed_since_are_counted_and_no_alarm(few_pages, changed):
    publication = published(a_sound_disclosure())
    altered(publication, **changed)
    proof = looked_at_again()
    assert proof.other_rules == ["130225/483/2023/budget/r1"]
    assert "核对清单与由公开内容重新核对的不符" not in {each.what for each in proof.mismatches}


def test_codes_and_limits_are_the_basis(few_pages, settings):
    published(a_sound_disclosure())
    assert looked_at_again().other_rules == []
    settings.PER_VEHICLE_LIMIT += 1
    assert len(looked_at_again().other_rules) == 1
    settings.PER_VEHICLE_LIMIT -= 1
    Subject.objects.filter(active=True).order_by("pk")[:1].get().delete()
    assert len(looked_at_again().other_rules) == 1
