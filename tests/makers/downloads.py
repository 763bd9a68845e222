"""Versions of random budgets made without a database, and what an outsider downloads of them."""

import shutil
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from budgets import tablesets
from budgets.data.subject_lists import subjects_of
from budgets.domain import certificates
from budgets.domain.certificates import Certificate
from budgets.domain.composing import compose
from budgets.domain.sheets import Filler
from budgets.domain.snapshots import digest, dumps
from budgets.public import verifier
from budgets.publishing import folders, releases, revision_files
from budgets.publishing.chain import GENESIS, Link
from budgets.publishing.editions import Edition
from budgets.rules.rule_states import certified
from budgets.synthetic.ledgers_drawn import random_ledger

SETS = ("hebei_2023", "shanghai_2023")


@cache
def edition(key: str, previous: str = GENESIS, revision: int = 1, unit: str = "101") -> Edition:
    """A version of a random budget of the set with its certificate; that of Shanghai as if transcribed."""
    ledger = random_ledger(revision, tablesets.get(key), unit=(unit, "演示局"))
    document = compose(tablesets.get(key), ledger, subjects_of(2023))
    if key == SETS[1]:
        ledger = replace(ledger, given=document.tables)
    payload = dumps(ledger, document)
    link = Link(previous, digest(payload), 2023, "budget", revision, date(2023, 2, revision), "更正\n两行")
    every = certified(Filler(tablesets.get(key), ledger, subjects_of(2023)))
    return Edition(link, payload, checks=certificates.dumps(Certificate("0", every)))


def downloaded(one: Edition, where: Path) -> Path:
    """What the address of a version serves, in a folder."""
    revision_files.build(one)
    served = folders.releases() / releases.build([one])
    where.mkdir(parents=True)
    for name in ("SHA256SUMS", *verifier.sums(revision_files.sums(one))):
        shutil.copyfile(served / name, where / name)
    return where
