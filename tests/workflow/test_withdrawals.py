"""Which versions a withdrawal takes back, what they answer then, and what stays provable."""

from dataclasses import replace

import pytest

from budgets import ledger
from budgets.models import LogEntry, PublicationState
from budgets.publishing import folders, releases, revision_files, verification
from budgets.publishing.editions import edition_of
from budgets.publishing.verification import differences
from budgets.tablesets import SETS
from budgets.workflow import lifecycle
from budgets.workflow.lifecycle import NotAllowed
from budgets.workflow.withdrawing import Scope, scopes_of
from tests.admin.forms import enter, fields, of
from tests.makers.disclosures import a_disclosure, a_person, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pdf", "few_pages", "without_rules")]


@pytest.fixture
def officer():
    return a_person("bureau_officer")


@pytest.fixture(params=sorted(SETS))
def corrected(request, officer):
    """A disclosure of each table set that is public as r1 (with a secret in it), r2 and r3."""
    disclosure = a_disclosure(table_set=request.param)
    published(disclosure, officer)
    for contact in ("0315-1111111", "0315-2222222"):
        lifecycle.correct(disclosure, by=officer, reason="电话更正")
        disclosure.refresh_from_db()
        ledger.write(disclosure, replace(ledger.read(disclosure), contact=contact))
        published(disclosure, officer)
    disclosure.refresh_from_db()
    return disclosure


def address(disclosure) -> str:
    region, unit = disclosure.department.region.code, disclosure.department.code
    return f"/{region}/{unit}/{disclosure.fiscal_year}/{disclosure.stage}/"


def answers(client, disclosure) -> list[int]:
    """The status of the address itself, then of r1, r2, r3, each the same for pages and files."""
    found = []
    for below in ("", "r1/", "r2/", "r3/"):
        paths = (
            "",
            "tables/balance/",
            "disclosure.json",
            "disclosure.xlsx",
            "disclosure.csv.zip",
            "chain.json",
        )
        each = {client.get(f"{address(disclosure)}{below}{path}").status_code for path in paths}
        assert len(each) == 1, (below, each)
        found += each
    return found


@pytest.mark.sweep(1, 4)
@pytest.mark.parametrize(
    ("scope", "after"),
    [
        (Scope.LATEST, [410, 200, 200, 410]),
        (Scope.EARLIER, [200, 410, 410, 200]),
        (Scope.ALL, [410, 410, 410, 410]),
    ],
)
def test_what_was_taken_back_answers_as_gone_and_nothing_published_changes(
    client, corrected, officer, scope, after
):
    kept = {file: file.read_bytes() for file in folders.revisions().rglob("*") if file.is_file()}
    assert answers(client, corrected) == [200, 200, 200, 200]
    lifecycle.withdraw(corrected, by=officer, reason="误公开个人信息", scope=scope)
    assert answers(client, corrected) == after
    for number, status in enumerate(after[1:], 1):
        if status == 410:
            assert "误公开个人信息" in client.get(f"{address(corrected)}r{number}/").text
    assert {file: file.read_bytes() for file in kept} == kept
    release = releases.address(edition_of(corrected.publications.first()).place).resolve()
    served = {file.resolve().parent.name for file in release.rglob("*.json") if file.is_symlink()}
    rows = corrected.publications.order_by("revision").values_list("chain_entry", flat=True)
    assert served == {entry for entry, status in zip(rows, after[1:], strict=True) if status == 200}
    proof = verification.verify(render=True)
    assert proof.mismatches == []
    stored = map(edition_of, corrected.publications.select_related("state"))
    names = {address(corrected).strip("/"): release.name}
    assert list(differences(proof, stored, names)) == []
    found = client.get("/", {"q": corrected.department.name}).context["result"].page.hits
    assert bool(found) == (after[0] == 200)


@pytest.mark.slow
def test_what_a_first_withdrawal_left_can_be_taken_back_too(client, corrected, officer):
    lifecycle.withdraw(corrected, by=officer, reason="更正稿有误")
    corrected.refresh_from_db()
    assert list(scopes_of(corrected)) == [Scope.EARLIER]
    with pytest.raises(NotAllowed, match="没有可以这样撤下的版本"):
        lifecycle.withdraw(corrected, by=officer, reason="再撤", scope=Scope.ALL)
    lifecycle.withdraw(corrected, by=officer, reason="以前各版也有同样的问题", scope=Scope.EARLIER)
    assert answers(client, corrected) == [410] * 4
    assert "更正稿有误" in client.get(address(corrected)).text  # each keeps the reason it was given
    assert "以前各版也有" in client.get(f"{address(corrected)}r1/").text
    assert scopes_of(corrected) == {}
    with pytest.raises(NotAllowed):
        lifecycle.withdraw(corrected, by=officer, reason="再撤", scope=Scope.EARLIER)


@pytest.mark.slow
def test_the_page_asks_which_versions_and_presumes_none(client, corrected):
    enter(client, "bureau_officer")
    url = of(corrected, "step", "withdraw")
    page = client.get(url)
    words = [
        "只撤下现行版本：第 3 版；第 1、2 版仍可按固定地址查看",
        "现行版本连同以前各次一并撤下：第 1、2、3 版；不再有可以查看的版本",
        "只撤下以前各次：第 1、2 版；第 3 版仍可按固定地址查看",
    ]
    assert [word for word in words if word in page.text] == words
    assert "scope" not in fields(page)
    refused = client.post(url, fields(page) | {"reason": "涉密"})
    assert refused.status_code == 200 and "请选择撤下哪些版本" in refused.text and "涉密" in refused.text
    assert answers(client, corrected) == [200] * 4
    assert client.post(url, fields(page) | {"reason": "涉密", "scope": "all"}).status_code == 302
    assert answers(client, corrected) == [410] * 4
    assert LogEntry.objects.last().reason == "涉密（现行版本连同以前各次一并撤下）"
    assert set(PublicationState.objects.values_list("withdrawn_reason", flat=True)) == {"涉密"}


@pytest.mark.sweep(1)
def test_verification_names_what_is_served_though_it_was_withdrawn(corrected, officer):
    """The negative control: a release that calls r1 withdrawn and serves it, and a database that says otherwise."""
    lifecycle.withdraw(corrected, by=officer, reason="误公开", scope=Scope.ALL)
    first = edition_of(corrected.publications.order_by("revision").first())
    link = releases.address(first.place)
    data = folders.read_manifest(link.resolve())
    target = f"../../../revisions/{first.entry}/{revision_files.JSON}"
    contents = {folders.MANIFEST: folders.manifest({}, {"r1/x.json": target}, revisions=data["revisions"])}
    name = folders.sha256(contents[folders.MANIFEST])
    folders.put(folders.releases() / name, contents, {"r1/x.json": target})
    releases.flip(first.place, name)
    assert [each.what for each in verification.verify().mismatches] == ["第 1 版已撤回，却仍可查看"]
    PublicationState.objects.update(status="superseded")
    stored = map(edition_of, corrected.publications.select_related("state"))
    told = {
        each.what
        for each in differences(verification.verify(), stored, {"/".join(map(str, first.place)): name})
    }
    assert told == {"是否现行、已撤回，数据库与公开文件夹所记不同"}
