"""Changes by whoever owns the database or the disk, drawn with a seed, and whether `verify` names each of them.

    uv run python -m tests.long.tampering --changes 1000 --clean 10000 --seed 0 --minutes 30

Publishes a small history into an empty place, then makes one change after another, each undone before the next, and asks
`verify --database --anchor`. Some are seen with one of these alone: the table says which. Between them what is untouched
is verified, after steps that change what is public: a fault there is a false alarm.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

type Deed = Callable[["Ground", random.Random], None]
STEPS_APART = 250  # clean runs between two steps that change what is public


@dataclass
class Ground:
    """The published tree with its earlier copy, and the checkpoint that somebody kept."""

    root: Path
    whole: Path
    earlier: Path
    anchor: Path
    key: str
    officer: Any
    disclosures: list[Any]

    def inside(self) -> list[Path]:
        """Everything but releases that were replaced: no address leads there, and they wait to be swept."""
        releases = self.root / "releases"
        kept = {link.resolve() for link in (self.root / "site").rglob("*") if link.is_symlink()}
        old = {p for p in releases.iterdir() if p.resolve() not in kept}
        return sorted(p for p in self.root.rglob("*") if p not in old and not old & set(p.parents))

    def files(self) -> list[Path]:
        return [p for p in self.inside() if p.is_file() and not p.is_symlink()]

    def links(self) -> list[Path]:
        return [p for p in self.inside() if p.is_symlink()]


@dataclass
class Told:
    """What became of the changes of each kind: how many, missed ones, and by what they were named."""

    tried: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    alone: Counter[str] = field(default_factory=Counter)
    clean: int = 0
    alarms: list[str] = field(default_factory=list)


@contextmanager
def small_files() -> Iterator[None]:
    """Two short pages a version and no PDF, so that a tree is small."""
    from budgets.publishing import releases, revision_files
    from budgets.rendering.pdf.renderer import PdfUnavailable

    def pages(document: Any, imprint: Any, beside: Any = None) -> Iterator[tuple[str, str]]:
        yield "index.html", f"r{imprint.revision} {imprint.status} {imprint.reason}"
        yield "tables/balance/index.html", "表"

    with (
        patch.object(releases, "pages", pages),
        patch.object(releases, "share_picture", lambda document, imprint: b"png"),
        patch.object(revision_files, "print_html", lambda document, **options: ""),
        patch.object(revision_files, "render_pdf", side_effect=PdfUnavailable("不能生成 PDF")),
    ):
        yield


def corrected(disclosure: Any, officer: Any, contact: str) -> None:
    """One version more of what is public."""
    from dataclasses import replace

    from budgets import ledger
    from budgets.workflow import lifecycle
    from tests.makers.disclosures import approved

    disclosure.refresh_from_db()
    lifecycle.correct(disclosure, by=officer, reason="电话有误")
    disclosure.refresh_from_db()
    ledger.write(disclosure, replace(ledger.read(disclosure), contact=contact))
    lifecycle.publish(approved(disclosure, officer), by=officer)


def grounds(place: Path) -> Ground:
    """Two departments with three versions, one of them withdrawn; kept as it was two versions ago, too."""
    from budgets.publishing import chain_log, folders
    from budgets.workflow import lifecycle, trail
    from budgets.workflow.withdrawing import Scope
    from tests.makers.disclosures import a_department, a_person, a_sound_disclosure, approved

    officer = a_person("bureau_officer")
    made = [a_sound_disclosure(), a_sound_disclosure(a_department("484", "水务局"))]
    for each in made:
        lifecycle.publish(approved(each, officer), by=officer)
    root, whole, earlier = folders.root(), place / "whole", place / "earlier"
    shutil.copytree(root, earlier, symlinks=True)
    corrected(made[0], officer, "0315-1111111")
    made[0].refresh_from_db()
    lifecycle.withdraw(made[0], by=officer, reason="有误", scope=Scope.EARLIER)
    trail.link()
    shutil.copytree(root, whole, symlinks=True)
    anchor = place / "checkpoint"
    shutil.copy(root / "log" / "checkpoint", anchor)
    key = chain_log.signing_key()
    assert key is not None
    return Ground(root, whole, earlier, anchor, str(key.verifier), officer, made)


def faults(ground: Ground, *, database: bool = True, anchor: bool = True, render: bool = False) -> list[str]:
    """The lines of `verify` that name a fault."""
    from django.core.management import CommandError, call_command

    out = StringIO()
    kept = {"anchor": ground.anchor} if anchor else {}
    try:
        call_command("verify", database=database, render=render, key=ground.key, stdout=out, **kept)
    except CommandError:
        return [line for line in out.getvalue().splitlines() if line.startswith("✗")]
    return []


def flipped(ground: Ground, chance: random.Random) -> None:
    file = chance.choice([f for f in ground.files() if f.stat().st_size])
    content = bytearray(file.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    file.write_bytes(content)


def cut(ground: Ground, chance: random.Random) -> None:
    file = chance.choice([f for f in ground.files() if f.stat().st_size])
    file.write_bytes(file.read_bytes()[: chance.randrange(file.stat().st_size)])


def removed(ground: Ground, chance: random.Random) -> None:
    chance.choice([f for f in (*ground.files(), *ground.links()) if ".p/" not in str(f)]).unlink()


def planted(ground: Ground, chance: random.Random) -> None:
    folder = chance.choice([p for p in (ground.root, *ground.inside()) if p.is_dir() and not p.is_symlink()])
    (folder / chance.choice(("index.html", "evil.html", "公告.pdf", "r9"))).write_text("DEFACED")


def led_elsewhere(ground: Ground, chance: random.Random) -> None:
    link = chance.choice(ground.links())
    link.unlink()
    link.symlink_to(chance.choice(("/etc", "nowhere", "../../../../revisions")))


def folder_removed(ground: Ground, chance: random.Random) -> None:
    rooms = [
        p
        for room in ("revisions", "site", "log")
        for p in sorted((ground.root / room).iterdir())
        if p.is_dir()
    ]
    shutil.rmtree(chance.choice(rooms))


def exchanged(ground: Ground, chance: random.Random) -> None:
    while True:
        one, other = chance.sample(ground.files(), 2)
        if one.read_bytes() != other.read_bytes():
            break
    first = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(first)


def _copied(ground: Ground, source: Path) -> None:
    shutil.rmtree(ground.root)
    shutil.copytree(source, ground.root, symlinks=True)


def tree_rolled_back(ground: Ground, chance: random.Random) -> None:
    _copied(ground, ground.earlier)


def defaced(ground: Ground, chance: random.Random) -> None:
    """A page, its manifest, the name of its release and the address, all agreeing again, and so the database."""
    from budgets.models import Release
    from budgets.publishing import folders

    link = chance.choice(sorted((ground.root / "site").glob("*/*/*/*")))
    folder = link.resolve()
    manifest = folders.read_manifest(folder)
    page = b"DEFACED %d" % chance.randrange(10**6)
    (folder / "index.html").write_bytes(page)
    manifest["files"]["index.html"] = {"bytes": len(page), "sha256": folders.sha256(page)}
    manifest.pop("sm3", None)
    content = folders.sealed(manifest) if "seal" in manifest else folders.canonical(manifest)
    (folder / folders.MANIFEST).write_bytes(content)
    name = folders.sha256(content)
    old = folder.name
    folder.rename(folder.with_name(name))
    target = str(link.readlink()).replace(old, name)
    link.unlink()
    link.symlink_to(target)
    Release.objects.filter(name=old).update(name=name)


def _other(row: Any, name: str, chance: random.Random) -> Any:
    """Another value for that column."""
    from budgets.models import Department, Disclosure, Person

    field_ = row._meta.get_field(name)
    if field_.is_relation:
        model = {"department": Department, "disclosure": Disclosure}.get(name, Person)
        kept = (
            {row.submitted_by_id, row.approved_by_id}
            if model is Person and hasattr(row, "approved_by_id")
            else set()
        )
        return chance.choice(list(model.objects.exclude(pk__in=[*kept, getattr(row, field_.attname)])))
    value, kind = getattr(row, name), field_.get_internal_type()
    if kind == "BinaryField":
        changed = bytearray(value)
        changed[chance.randrange(len(changed))] ^= 1
        return bytes(changed)
    if kind in ("DateField", "DateTimeField"):
        from django.utils import timezone

        return value + timedelta(days=1) if value else timezone.localdate()
    if kind == "JSONField":
        return {**value, "forged": 1} if isinstance(value, dict) else value[1:]
    if kind.endswith("IntegerField") or kind == "DecimalField":
        return (value or 0) + chance.randrange(10, 90)
    if name == "status":
        return chance.choice([each for each in ("current", "superseded", "withdrawn") if each != value])
    return f"{str(value)[:-1]}{'甲' if not str(value).endswith('甲') else '乙'}"


PUBLICATION = ("department", "disclosure", "fiscal_year", "revision", "payload", "payload_hash", "checks", "chain_previous", "chain_entry",
    "public_reason", "published_on", "published_at", "submitted_by", "approved_by", "published_by")  # fmt: skip
STATE = (
    "status",
    "withdrawn_reason",
    "withdrawn_on",
    "text",
    "approved_on",
    "total",
    "figures",
    "table_set",
    "contact",
)
LOG = ("disclosure", "person", "role", "action", "reason", "version", "content_hash", "at")


def _column(model: Any, names: tuple[str, ...]) -> Deed:
    def changed(ground: Ground, chance: random.Random) -> None:
        row = chance.choice(list(model().objects.all()))
        name = chance.choice(names)
        other = _other(row, name, chance)
        if name == "action":
            other = chance.choice([each for each in ("submit", "approve", "return") if each != row.action])
        model().objects.filter(pk=row.pk).update(**{name: other})

    return changed


def _model(name: str) -> Callable[[], Any]:
    def found() -> Any:
        from django.apps import apps

        return apps.get_model("budgets", name)

    return found


def _lost(name: str) -> Deed:
    def lost(ground: Ground, chance: random.Random) -> None:
        rows = _model(name)().objects
        rows.filter(pk=chance.choice(list(rows.values_list("pk", flat=True)))).delete()

    return lost


def step_added(ground: Ground, chance: random.Random) -> None:
    row = chance.choice(list(_model("LogEntry")().objects.all()))
    row.pk = None
    row.at += timedelta(seconds=chance.randrange(1, 10**6))
    row.save(force_insert=True)


def trail_changed(ground: Ground, chance: random.Random) -> None:
    from tests.workflow.test_trail import change_once

    change_once(chance)


FOLDER: dict[str, Deed] = {
    "a byte of a file": flipped, "a file cut": cut, "a file or link removed": removed, "a file put there": planted,
    "a link led elsewhere": led_elsewhere, "a folder removed": folder_removed, "two files exchanged": exchanged,
}  # fmt: skip
DATABASE: dict[str, Deed] = {
    "a column of a publication": _column(_model("Publication"), PUBLICATION),
    "a column of its standing, figures or text": _column(_model("PublicationState"), STATE),
    "a column of the workflow log": _column(_model("LogEntry"), LOG),
    "a line of the workflow log removed": _lost("LogEntry"), "a line of it added": step_added,
    "an entry of the search": _column(_model("SearchEntry"), ("grams", "id")), "one removed": _lost("SearchEntry"),
    "a sum of a year": _column(_model("YearSum"), ("departments", "spent", "budgets", "fiscal_year", "listed")),
    "the release of an address": _column(_model("Release"), ("name",)), "one removed ": _lost("Release"),
    "the audit trail": trail_changed,
}  # fmt: skip
# What is perfect but for the one who kept something, or who makes the pages anew.
BOTH: dict[str, tuple[Deed, dict[str, bool]]] = {
    "the tree set back": (tree_rolled_back, {"database": True, "anchor": False}),
    "the tree set back, no database at hand": (tree_rolled_back, {"database": False, "anchor": True}),
    "a page with all that agrees with it": (defaced, {"render": True}),
}
KINDS: dict[str, tuple[Deed, dict[str, bool]]] = {
    name: (deed, {"database": True, "anchor": False}) for name, deed in (FOLDER | DATABASE).items()
} | BOTH


def _done(deed: Deed, ground: Ground, chance: random.Random) -> None:
    """The change, drawn again while the database itself refuses it: two rows of one number are no forgery."""
    from django.db import IntegrityError, transaction

    while True:
        try:
            with transaction.atomic():
                return deed(ground, chance)
        except IntegrityError:
            continue


def run(ground: Ground, changes: int, clean: int, seed: int, until: float) -> Told:
    """Make so many changes and look so often at what is untouched, until that moment."""
    from django.db import connection, transaction

    from tests.conftest import GUARDS

    chance, told, names = random.Random(seed), Told(), list(KINDS)
    GUARDS.remove(connection)
    try:
        for n in range(changes):
            if time.monotonic() > until:
                break
            name = names[n % len(names)]
            deed, how = KINDS[name]
            with transaction.atomic():
                connection.check_constraints()
                with connection.cursor() as cursor:
                    if connection.vendor == "sqlite":
                        cursor.execute("PRAGMA ignore_check_constraints = ON")
                _done(deed, ground, chance)
                told.tried[name] += 1
                try:
                    named = faults(ground, **how)
                except Exception as error:  # `verify` must not die of what it finds
                    named = []
                    name = f"{name}: {type(error).__name__} {error}"
                if not named:
                    told.missed.append(f"{n} {name}")
                transaction.set_rollback(True)
            if deed not in DATABASE.values():
                _copied(ground, ground.whole)
    finally:
        GUARDS.install(connection)
    for n in range(clean):
        if time.monotonic() > until:
            break
        if n and n % STEPS_APART == 0:
            corrected(ground.disclosures[1], ground.officer, f"0315-{n:07}")
        told.clean += 1
        told.alarms += faults(ground, database=n % 10 == 0, anchor=n % 2 == 0)
    return told


def main(arguments: list[str]) -> int:
    asking = argparse.ArgumentParser(description=__doc__)
    asking.add_argument("--changes", type=int, default=1000)
    asking.add_argument("--clean", type=int, default=10_000)
    asking.add_argument("--seed", type=int, default=0)
    asking.add_argument("--minutes", type=float, default=30)
    asked = asking.parse_args(arguments)
    place = Path(tempfile.mkdtemp())
    os.environ |= {"DATA_DIR": str(place / "data"), "CHECKPOINT_KEY_FILE": str(place / "key")}
    from tests.long.measured_lists import set_up

    set_up()
    from django.core.management import call_command

    call_command("checkpoint_key", str(place / "key"), stdout=StringIO())
    try:
        with small_files(), patch.object(os, "fsync", lambda descriptor: None):
            ground = grounds(place)
            told = run(ground, asked.changes, asked.clean, asked.seed, time.monotonic() + asked.minutes * 60)
    finally:
        shutil.rmtree(place)
    print("| change | made |\n| --- | --- |")
    for name, number in told.tried.items():
        print(f"| {name} | {number} |")
    print(
        f"\n{told.tried.total()} changes, {len(told.missed)} not named; {told.clean} clean runs, {len(told.alarms)} false alarms"
    )
    print(*told.missed, *told.alarms[:20], sep="\n")
    return bool(told.missed or told.alarms)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
