"""Prove from the published folder alone that nothing was altered: payloads, chain, data files, pages, addresses.

No database is read. What someone with the database could still hide, `differences` finds by comparing both.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from budgets.domain.snapshots import digest
from budgets.publishing import chain_log, folders, folders_proved, log_proofs, pages_proved, revisions_proved
from budgets.publishing.editions import Edition, Standing
from budgets.publishing.proofs import Mismatch, Proof
from budgets.publishing.signed_notes import VerifierKey
from budgets.publishing.strays import strays

# Whether the rules say of an edition, first published that day, what its frozen certificate says; None where they cannot tell.
type Certifier = Callable[[Edition, date, Mapping[str, Edition]], bool | None]


def verify(
    *,
    render: bool = False,
    certifier: Certifier | None = None,
    key: VerifierKey | None = None,
    anchor: bytes | None = None,
) -> Proof:
    """Check everything that an address leads to; `render` also makes the data files anew and compares them.

    Workbook and CSV package of a revision that another release of this program made are held against the manifest
    alone, and counted in `otherwise_made`: their bytes stay, the program's change. So are pages, in `other_pages`. With a
    `certifier` the rules look at each revision again; those whose rules changed since are counted in `other_rules`.
    The log of chain entries is held against the chains, with a `key` also its signature, and with that an `anchor`: a
    checkpoint that was kept earlier, from which today's must go on.

    Revisions that no release mentions (left over from a publication that did not finish) are not public and are
    not looked at.
    """
    proof = Proof()
    began = log_proofs.size()
    found = ((name, folders_proved.release(address, proof)) for name, address in _addresses())
    mentioned = {name: release for name, release in found if release is not None}
    for name, release in mentioned.items():
        for item in release["revisions"]:
            revisions_proved.revision(name, item, proof, render)
        revisions_proved.numbers(name, release["revisions"], proof)
    _strays(proof)
    revisions_proved.chains(proof)
    _log(proof, key, anchor, began)
    _pages(mentioned, proof, render)
    if render and certifier:
        _checks(mentioned, proof, certifier)
    return proof


def _strays(proof: Proof) -> None:
    """What nothing explains, unless a fault in it was told already."""
    told = {each.at for each in proof.mismatches}
    for path, what in strays():
        name = path.relative_to(folders.root()).as_posix()
        if not any(at == name or at.startswith(f"{name}/") for at in told):
            proof.fault(path, what)


def _log(proof: Proof, key: VerifierKey | None, anchor: bytes | None, began: int) -> None:
    """The log of chain entries, and that it goes on from the anchor."""
    with chain_log.alone():  # what is added meanwhile replaces files
        log = log_proofs.read()
        for at, what in log_proofs.log_faults(log, proof.editions, key, began):
            proof.fault(at, what)
    if anchor is not None and key is not None:
        fault = log_proofs.anchor_fault(anchor, log, proof.releases, key)
        if fault:
            proof.fault("检查点", fault)


def _checks(mentioned: dict[str, dict[str, Any]], proof: Proof, certifier: Certifier) -> None:
    """Every frozen certificate is what the rules say, as far as they are the same."""
    for name, release in mentioned.items():
        editions = [
            proof.editions[item["entry"]] for item in release["revisions"] if item["entry"] in proof.editions
        ]
        for edition in editions:
            try:
                same = (
                    certifier(edition, editions[0].link.published_on, proof.editions)
                    if edition.checks
                    else True
                )
            except (ValueError, KeyError, TypeError, ArithmeticError) as error:
                proof.fault(f"{name}/r{edition.revision}", f"核对清单不能重新生成：{error}")
                continue
            if same is None:
                proof.other_rules.append(f"{name}/r{edition.revision}")
            elif not same:
                proof.fault(f"{name}/r{edition.revision}", "核对清单与由公开内容重新核对的不符")


def _pages(mentioned: dict[str, dict[str, Any]], proof: Proof, render: bool) -> None:
    """What each address takes from the year before is what is public there; on request its pages are made anew."""
    current = {}
    for name, release in mentioned.items():
        for item in release["revisions"]:
            if item["standing"] == Standing.CURRENT and item["entry"] in proof.editions:
                current[name] = proof.editions[item["entry"]]
    for name, release in mentioned.items():
        try:
            if fault := pages_proved.beside_fault(name, release, current):
                proof.fault(name, fault)
            same = pages_proved.made_anew(name, release, proof.editions) if render else True
        except (OSError, ValueError, KeyError, TypeError, ArithmeticError) as error:
            proof.fault(name, f"网页不能由公开内容重新生成：{error}")
            continue
        if same is None:
            proof.other_pages.append(name)
        elif not same:
            proof.fault(name, "网页与由公开内容重新生成的不符")


def _addresses() -> Iterator[tuple[str, Path]]:
    """Every address with its link; links that a crash left half-made are not served."""
    for link in sorted(folders.site().glob("*/*/*/*")):
        if not link.name.startswith(folders.UNFINISHED):
            yield "/".join(link.relative_to(folders.site()).parts), link


def _name(edition: Edition) -> str:
    """Address and revision of an edition; its chain entry in place of the address when its content cannot be read."""
    try:
        place = "/".join(map(str, edition.place))
    except (ValueError, KeyError, TypeError, ArithmeticError):
        place = edition.entry
    return f"{place}/r{edition.revision}"


def differences(proof: Proof, stored: Iterable[Edition], served: dict[str, str]) -> Iterator[Mismatch]:
    """What database and folder say differently: `stored` publications, `served` release names by address."""
    seen = set()
    for edition in stored:
        seen.add(edition.entry)
        name = _name(edition)
        found = proof.editions.get(edition.entry)
        if digest(edition.payload) != edition.link.payload_hash:
            yield Mismatch(name, "数据库中的公开内容与其摘要不符")
        if found is None:
            yield Mismatch(name, "数据库中有、公开文件夹中没有的版本")
        elif found.payload != edition.payload or found.link != edition.link:
            yield Mismatch(name, "数据库与公开文件夹中的内容不同")
        elif found.checks != edition.checks:
            yield Mismatch(name, "数据库与公开文件夹中的核对清单不同")
        elif found.standing != edition.standing:
            yield Mismatch(name, "是否现行、已撤回，数据库与公开文件夹所记不同")
    for entry, edition in proof.editions.items():
        if entry not in seen:
            yield Mismatch(_name(edition), "公开文件夹中有、数据库中没有的版本")
    for name, release in served.items():
        link = folders.site() / name
        if not link.is_symlink() or link.readlink().name != release:
            yield Mismatch(name, "公开地址没有指向数据库所记的页面，请运行 settle")
    for name, _ in _addresses():
        if name not in served:
            yield Mismatch(name, "数据库中没有的公开地址")
