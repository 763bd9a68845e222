"""Steps taken without rules and files: what a step itself changes, in a tenth of the time."""

from types import SimpleNamespace

import pytest

from budgets import rules
from budgets.domain.composing import composed
from budgets.publishing import folders, releases, revision_files
from budgets.workflow import drafts


@pytest.fixture
def without_rules(monkeypatch):
    """Every draft is sound; what is asked of the rules is kept."""
    asked = []

    def examine(filler, glyphs, **more):
        asked.append(more | {"ledger": filler.ledger, "glyphs": glyphs})
        return rules.Examined(composed(filler), [])

    monkeypatch.setattr(drafts, "examine", examine)
    return asked


@pytest.fixture
def built(monkeypatch):
    """Revisions and releases are folders without content; `revisions` and `releases` say what was asked for.

    A revision whose entry is among `with_pdf` has its PDF; `meanwhile` is called once while a release is built.
    """
    kept = SimpleNamespace(revisions=[], releases=[], with_pdf=set(), meanwhile=None)

    def revision(edition, *, with_pdf=True):
        kept.revisions.append((edition.entry, with_pdf))
        return edition.entry in kept.with_pdf

    def named(editions, before):
        beside = before.listed() if before else None
        parts = [
            beside,
            *((e.revision, e.standing.value, e.entry, e.entry in kept.with_pdf) for e in editions),
        ]
        return folders.sha256(repr(parts).encode())

    def release(editions, before, today):
        kept.releases.append([(each.revision, each.standing.value) for each in editions])
        name = named(editions, before)
        (folders.releases() / name).mkdir(parents=True, exist_ok=True)
        happens, kept.meanwhile = kept.meanwhile, None
        if happens:
            happens()
        return name

    monkeypatch.setattr(revision_files, "build", revision)
    monkeypatch.setattr(revision_files, "has_pdf", lambda edition: edition.entry in kept.with_pdf)
    monkeypatch.setattr(revision_files, "add_pdf", lambda edition: kept.with_pdf.add(edition.entry))
    monkeypatch.setattr(releases, "build", release)
    monkeypatch.setattr(releases, "is_ready", lambda name, editions, before: name == named(editions, before))
    return kept
