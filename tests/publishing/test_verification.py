"""Each fault that a published folder can have, with the file it is told of: no database, folders made of editions.

What publication itself writes, and the command, are tested in test_verify.
"""

import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from budgets import tablesets
from budgets.domain.classification import Subjects
from budgets.domain.composing import compose
from budgets.domain.ledgers import Ledger
from budgets.domain.snapshots import canonical, digest, dumps
from budgets.publishing import chain, folders, releases, revision_files
from budgets.publishing.chain import GENESIS, Link
from budgets.publishing.editions import Edition
from budgets.publishing.proofs import Mismatch
from budgets.publishing.verification import differences, verify
from tests.makers.facts import small_budget

NAME, PLACE = "130225/483/2023/budget", ("130225", "483", 2023, "budget")
BESIDE = "130225/484/2023/budget"
pytestmark = pytest.mark.usefixtures("few_pages")
data_files = cache(revision_files.data_files)  # the same edition gives the same bytes


@pytest.fixture(autouse=True)
def made_once(monkeypatch):
    monkeypatch.setattr(revision_files, "data_files", data_files)


@cache
def edition(previous: str = GENESIS, *, key="hebei_2023", unit="483", day=2, revision=1, **said) -> Edition:
    """A public version of the small budget; those of one unit differ in their revision."""
    ledger = Ledger(key, "130225", "乐亭县", unit, "某局", 2023, facts=small_budget(), contact=f"{revision}")
    payload = dumps(ledger, compose(tablesets.get(key), ledger, Subjects()))
    link = Link(previous, digest(payload), 2023, "budget", revision, date(2023, 2, day), "电话有误")
    return Edition(replace(link, **said), payload)


def serve(*editions: Edition, with_pdf: bool = False) -> tuple[Edition, ...]:
    """Write the editions of one address and lead it to them."""
    for each in editions:
        revision_files.build(each, with_pdf=with_pdf)
    releases.flip(editions[0].place, releases.build(editions))
    return editions


def found(**how) -> list[tuple[str, str]]:
    return [(each.at, each.what) for each in verify(**how).mismatches]


def release() -> Path:
    return releases.address(PLACE).resolve()


def below(path: Path) -> str:
    return str(path.relative_to(folders.root()))


def rewritten(folder: Path, change: Callable[[dict], object]) -> None:
    """The manifest of a folder with that change, canonical again."""
    known = folders.read_manifest(folder)
    known.pop("sm3", None)  # who rewrites a manifest takes them along
    change(known)
    content = (
        folders.sealed(known) if "seal" in known else canonical(known)
    )  # who rewrites one seals it again
    (folder / folders.MANIFEST).write_bytes(content)


def resealed(change: Callable[[dict], object]) -> None:
    """The release under the name that its changed manifest asks for, and served."""
    folder = release()
    rewritten(folder, change)
    name = folders.sha256((folder / folders.MANIFEST).read_bytes())
    folder.rename(folders.releases() / name)
    releases.flip(PLACE, name)


@pytest.fixture
def one() -> Edition:
    return serve(edition())[0]


@pytest.fixture
def two() -> tuple[Edition, ...]:
    first = edition()
    return serve(first, edition(first.entry, day=3, revision=2))


@pytest.mark.sweep(1)
@pytest.mark.parametrize("key", ["hebei_2023", "shanghai_2023"])
@pytest.mark.parametrize("render", [False, True])
def test_what_is_untouched_is_proved_and_counted(key, render):
    first = edition(key=key)
    both = serve(first, edition(first.entry, key=key, revision=2))
    other = serve(edition(key=key, unit="484"))
    (releases.address(PLACE).parent / f"{folders.UNFINISHED}a").symlink_to("nowhere")
    for folder in (release(), folders.revisions() / first.entry):
        (folder / f"{folders.UNFINISHED}b").write_text("x")
    (folders.revisions() / first.entry / revision_files.PDF).write_text("x")  # an attempt that was cut short
    proof = verify(render=render)
    assert (proof.mismatches, proof.otherwise_made) == ([], [])
    assert (proof.releases, proof.revisions) == (2, 3)
    listed = [folders.read_manifest(folder)["files"] for folder in folders.revisions().iterdir()]
    listed += [folders.read_manifest(folder)["files"] for folder in folders.releases().iterdir()]
    assert proof.files == sum(map(len, listed))
    assert proof.pending == [f"{NAME}/r1", f"{NAME}/r2", f"{BESIDE}/r1"]
    assert proof.editions == {each.entry: each for each in (*both, *other)}


def test_a_pdf_is_pending_until_the_pages_link_it(one, monkeypatch):
    monkeypatch.setattr(revision_files, "pdf_of", lambda edition, files: b"%PDF")
    revision_files.add_pdf(one)
    assert (verify().pending, found()) == ([f"{NAME}/r1"], [])
    serve(one)
    assert (verify().pending, found()) == ([], [])


ADDRESS = [("site/" + NAME, "公开地址没有指向已生成的页面")]


@pytest.mark.parametrize("target", ["../../../../revisions/{entry}", "../../../../releases/gone", None])
def test_an_address_leads_to_a_release(one, target):
    address = releases.address(PLACE)
    address.unlink()
    if target:
        address.symlink_to(target.format(entry=one.entry))
    else:
        address.mkdir()
    other = edition(unit="484")
    serve(other)
    proof = verify()
    assert [(each.at, each.what) for each in proof.mismatches] == ADDRESS
    assert (proof.releases, list(proof.editions)) == (2, [other.entry])


def test_a_release_is_called_by_what_its_manifest_hashes_to(one):
    folder = release().rename(folders.releases() / ("0" * 64))
    releases.flip(PLACE, folder.name)
    assert found() == [(below(folder), "页面清单与文件夹名不符")]


@pytest.mark.slow
def test_a_link_of_a_release_that_is_gone_altered_or_leads_nowhere(two):
    links = sorted(folders.read_manifest(release())["links"])
    for name in (links[0], links[-1]):
        link = release() / name
        target = link.readlink()
        for other in (None, "index.html", f"{target}x"):
            link.unlink()
            if other:
                link.symlink_to(other)
            assert found() == [(below(link), "链接缺失或被改动")]
            link.unlink(missing_ok=True)
            link.symlink_to(target)
    (release() / links[0]).unlink()
    (release() / links[0]).write_text("x")
    assert found() == [(below(release() / links[0]), "链接缺失或被改动")]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (None, "FileNotFoundError"), (b"{", "JSONDecodeError"), (b"[]", "AttributeError"),
        (b'{ "schema": "mingzhang-files/1"}', "ValueError"), (b'{"schema":"mingzhang-files/1"}', "KeyError"),
        (b'{"files":{},"schema":"mingzhang-files/1"}', "KeyError"),
    ],
)  # fmt: skip
def test_a_manifest_that_cannot_be_read(one, content, error):
    manifest = release() / folders.MANIFEST
    manifest.unlink()
    if content is not None:
        manifest.write_bytes(content)
    expected = [(below(manifest), f"清单缺失或被改动（{error}）")]
    assert found() == expected


def test_a_file_that_is_gone_altered_or_too_many(two):
    for folder in (release(), folders.revisions() / two[0].entry):
        file = folder / sorted(folders.read_manifest(folder)["files"])[0]
        content = file.read_bytes()
        file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        assert (below(file), "内容与清单不符") in found()
        file.unlink()
        assert (below(file), "文件缺失") in found()
        file.mkdir()
        assert (below(file), "文件缺失") in found()
        file.rmdir()
        beside = folders.releases() / f"{folders.UNFINISHED}beside"
        beside.write_bytes(content)
        file.symlink_to(beside)
        assert (below(file), "文件缺失") in found()
        file.unlink()
        file.write_bytes(content)
        assert found() == []
    for folder in (release() / "tables", folders.revisions() / two[0].entry):
        for made in (folder / "more", folder / "link"):
            made.symlink_to(folders.root()) if made.name == "link" else made.write_text("x")
            assert found() == [(below(made), "清单以外的文件")]
            made.unlink()
    (release() / revision_files.PDF).write_text("x")  # an unlisted PDF is no attempt among the pages
    assert found() == [(below(release() / revision_files.PDF), "清单以外的文件")]


def test_every_file_that_is_wrong_is_told(one):
    gone, altered = (release() / "tables/balance" / name for name in ("index.html", "index.html.gz"))
    gone.unlink()
    altered.write_text("x")
    assert found() == [(below(gone), "文件缺失"), (below(altered), "内容与清单不符")]


def test_a_revision_whose_folder_is_gone_hides_no_other_fault(two):
    folder = folders.revisions() / two[0].entry
    shutil.rmtree(folder)
    (folders.revisions() / two[1].entry / "more").write_text("x")
    said = found()
    assert (below(folder / folders.MANIFEST), "清单缺失或被改动（FileNotFoundError）") in said
    assert any(at == below(folder) and what.startswith("公开内容或链文件不能读取：") for at, what in said)
    assert ("130225/483", "公开链中断：有 1 个版本接不上") in said
    assert (below(folders.revisions() / two[1].entry / "more"), "清单以外的文件") in said


@pytest.mark.parametrize("change", [{"reason": "另一个原因"}, {"revision": 7}, {"previous": "1" * 64}])
def test_a_link_that_is_rewritten_with_all_that_agrees_with_it(two, change):
    """The revision's own files agree with each other again; its entry and the pages still bind what it was."""
    folder = folders.revisions() / two[0].entry
    link = replace(two[0].link, **change)
    content = folders.with_compressed({revision_files.CHAIN: chain.dumps(link)})
    for name, value in content.items():
        (folder / name).write_bytes(value)
    known = {name: {"bytes": len(value), "sha256": folders.sha256(value)} for name, value in content.items()}
    rewritten(folder, lambda data: data["files"].update(known))
    assert found()[:2] == [
        (below(folder), "链值与文件夹名不符"),
        (below(folder / folders.MANIFEST), "清单与公开页面所记的不符"),
    ]


@pytest.mark.parametrize(
    "spoil", [lambda content: content.replace(b"483", b"482"), lambda content: content + b"\n"]
)
def test_a_payload_that_is_not_what_was_hashed(one, spoil):
    file = folders.revisions() / one.entry / revision_files.JSON
    file.write_bytes(spoil(file.read_bytes()))
    said = (below(file), "公开内容与链中的摘要不符")
    assert said in found()


@pytest.mark.slow
def test_a_payload_that_is_hashed_but_not_canonical():
    plain = edition()
    payload = plain.payload + b"\n"
    loose = Edition(replace(plain.link, payload_hash=digest(payload)), payload)
    serve(loose)
    assert found() == [(f"revisions/{loose.entry}/{revision_files.JSON}", "公开内容与链中的摘要不符")]


@pytest.mark.slow
@pytest.mark.parametrize("said", [{"year": 2022}, {"stage": "final"}])
def test_a_link_of_another_year_or_stage_than_the_content(said):
    (served,) = serve(edition(**said))
    assert found() == [(f"revisions/{served.entry}", f"内容属于 {NAME}，却公开在 {NAME}")]


def test_content_at_the_address_of_another(one):
    releases.flip(("130225", "484", 2023, "budget"), release().name)
    assert found() == [(f"revisions/{one.entry}", f"内容属于 {NAME}，却公开在 {BESIDE}")]


@pytest.mark.parametrize(
    "change",
    [
        lambda known: known.update(entry="0" * 64), lambda known: known.pop("entry"),
        lambda known: known["files"].pop(revision_files.XLSX),
    ],
)  # fmt: skip
def test_a_manifest_that_the_pages_do_not_know(one, change):
    folder = folders.revisions() / one.entry
    rewritten(folder, change)
    assert (below(folder / folders.MANIFEST), "清单与公开页面所记的不符") in found()


def test_data_files_are_made_anew_and_compared(one):
    folder = folders.revisions() / one.entry
    resealed(
        lambda known: known.update(pages="0" * 16)
    )  # another program's: they tell the sizes of the files
    for name in revision_files.MADE:
        (folder / name).write_bytes(b"other")
        known = {"bytes": 5, "sha256": folders.sha256(b"other")}
        rewritten(folder, lambda data, name=name, known=known: data["files"].__setitem__(name, known))
        resealed(
            lambda data, name=name, known=known: data["revisions"][0]["data"].update({name: known["sha256"]})
        )
    assert found() == []
    anew = [(below(folder / name), "与由公开内容重新生成的文件不符") for name in revision_files.MADE]
    assert found(render=True) == anew
    rewritten(folder, lambda known: known.update(maker="0"))
    proof = verify(render=True)
    assert proof.mismatches == []
    assert proof.otherwise_made == [f"{NAME}/r1/{name}" for name in revision_files.MADE]
    rewritten(folder, lambda known: known.pop("maker"))
    assert verify(render=True).otherwise_made == proof.otherwise_made


def test_how_an_archive_was_compressed_is_no_fault_and_what_it_holds_is(one):
    file = folders.revisions() / one.entry / revision_files.CSV
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    first = next(iter(parts))
    changed = (parts | {first: b"x"}, {**parts, "more": b""}, {f"{name}x": parts[name] for name in parts})
    for held, same in ((parts, True), *((each, False) for each in changed)):
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for name, content in held.items():
                archive.writestr(name, content)
        said = found(render=True)
        assert ((below(file), "与由公开内容重新生成的文件不符") not in said) is same
        assert (below(file), "内容与清单不符") in said
    content = bytearray(file.read_bytes())
    content[60] ^= 1
    for spoiled in (bytes(content), None):
        file.unlink()
        if spoiled:
            file.write_bytes(spoiled)
        assert (below(file), "与由公开内容重新生成的文件不符") in found(render=True)


@pytest.mark.slow
def test_revisions_are_numbered_from_one_without_a_gap():
    first = edition()
    serve(first, edition(first.entry, revision=3))
    assert found() == [(NAME, "修订号不连续：[1, 3]")]


def test_a_revision_is_numbered_as_its_link_says(two):
    def swapped(known):
        for item in known["revisions"]:
            item["revision"] = 3 - item["revision"]
        known["revisions"].reverse()

    resealed(swapped)
    assert found() == [(NAME, f"r{n} 的链文件写的是 r{3 - n}") for n in (1, 2)]


@pytest.mark.slow
def test_two_links_after_one_are_a_fork_and_other_departments_are_still_looked_at():
    serve(edition(), edition(revision=2))
    other = edition(unit="484")
    serve(other, edition("1" * 64, unit="484", revision=2))
    assert found() == [("130225/483", "公开链分叉"), ("130225/484", "公开链中断：有 1 个版本接不上")]


def test_a_chain_that_breaks_loses_all_that_comes_after():
    first = edition()
    second = edition("1" * 64, revision=2)
    serve(first, second, edition(second.entry, revision=3))
    assert found() == [("130225/483", "公开链中断：有 2 个版本接不上")]


@pytest.mark.sweep(1)
@pytest.mark.parametrize(
    ("days", "late"), [((2, 2, 3), ""), ((2, 1, 1), "r2"), ((3, 4, 2), "r3"), ((3, 1, 2), "r2")]
)
def test_days_of_publication_do_not_run_backwards(days, late):
    made = []
    for n, day in enumerate(days, 1):
        made.append(edition(made[-1].entry if made else GENESIS, day=day, revision=n))
    serve(*made)
    assert found() == ([("130225/483", f"2023 {late} 的公开日期早于前一个版本")] if late else [])


def told(stored: tuple[Edition, ...], **served: str) -> list[Mismatch]:
    return list(differences(verify(), stored, {NAME: release().name} | served))


def test_database_and_folder_that_say_the_same(two):
    assert told(two) == []


def test_a_version_that_only_one_of_them_has(two):
    name, other = f"{NAME}/r2", edition(unit="484")
    assert told(two[:1]) == [Mismatch(name, "公开文件夹中有、数据库中没有的版本")]
    assert told((*two, other)) == [Mismatch(f"{BESIDE}/r1", "数据库中有、公开文件夹中没有的版本")]
    unreadable = replace(other, payload=b"{}")
    said = [(each.at, each.what) for each in told((unreadable, *two))]
    name = f"{other.entry}/r1"
    assert said == [(name, "数据库中的公开内容与其摘要不符"), (name, "数据库中有、公开文件夹中没有的版本")]


def test_content_or_link_that_differs(two):
    first, second = two
    altered = replace(first, payload=first.payload.replace("某局".encode(), "甲局".encode()))
    said = ["数据库中的公开内容与其摘要不符", "数据库与公开文件夹中的内容不同"]
    assert told((altered, second)) == [Mismatch(f"{NAME}/r1", what) for what in said]
    proof = verify()
    proof.editions[first.entry] = replace(first, link=replace(first.link, reason=""))
    served = {NAME: release().name}
    assert list(differences(proof, two, served)) == [Mismatch(f"{NAME}/r1", said[1])]


def test_an_address_that_the_database_does_not_know_or_names_otherwise(two):
    stray = Mismatch(NAME, "数据库中没有的公开地址")
    lost = "公开地址没有指向数据库所记的页面，请运行 settle"
    assert list(differences(verify(), two, {})) == [stray]
    assert told(two, **{NAME: "0" * 64}) == [Mismatch(NAME, lost)]
    assert told(two, **{BESIDE: release().name}) == [Mismatch(BESIDE, lost)]
    assert json.loads((release() / folders.MANIFEST).read_bytes())["revisions"][1]["entry"] == two[1].entry
