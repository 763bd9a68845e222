"""The export of the audit trail proves its own completeness: by the program that comes with it, and by another one."""

import csv
import hashlib
import io
import json
import random
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from budgets.admin.audit_exports import HOW, LINES, PROGRAM, TABLE, numbers_of
from budgets.models import AuditEntry, AuditHead
from budgets.workflow import trail
from tests.makers.disclosures import a_person

pytestmark = pytest.mark.django_db
CHANGES = 60
SEED = 7


@pytest.fixture
def exported(client) -> zipfile.ZipFile:
    person = a_person("bureau_officer", name="=cmd")
    for n in range(8):
        trail.tell(
            "change", person, named=f"第 {n} 件\u2028", words="甲\r\n乙", fields={"名称": ["", f"{n}"]}
        )
    client.force_login(a_person("auditor"))
    answer = client.get(reverse("admin:audit_export"))
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def complete(lines: list[bytes], head: str) -> bool:
    """Whether an export is whole and untouched: what the explanation says, written once more. `head` is the entry that
    the portal names as the last one."""
    try:
        said, *entries = [json.loads(each) for each in lines]
        at, number = said["previous"], said["first"] - 1
        for entry in entries:
            record = json.dumps(entry["record"], sort_keys=True, separators=(",", ":")).encode()
            hashed = hashlib.sha256(b"mingzhang-audit/1\n" + at.encode() + b"\n" + record).hexdigest()
            number += 1
            if (entry["record"]["number"], entry["previous"], entry["entry"]) != (number, at, hashed):
                return False
            at = hashed
        whole = (said["count"], said["last"], said["entry"]) == (len(entries), number, at)
        return whole and at == head and said["schema"] == "mingzhang-audit/1"
    except (ValueError, KeyError, TypeError):
        return False


def changed(lines: list[bytes], drawn: random.Random) -> list[bytes]:
    """The export with a line taken out, doubled, moved, or changed in one place of what it says."""
    out, at = [*lines], drawn.randrange(1, len(lines))
    kind = drawn.choice(("remove", "double", "swap", "letter", "value"))
    if kind == "remove":
        del out[at]
    elif kind == "double":
        out.insert(at, out[at])
    elif kind == "swap":
        other = at % (len(lines) - 1) + 1
        out[at], out[other] = out[other], out[at]
    elif kind == "letter":
        text = bytearray(out[at])
        place = drawn.randrange(len(text))
        text[place] = ord("7") if text[place] != ord("7") else ord("8")
        out[at] = bytes(text)
    else:
        entry = json.loads(out[at])
        name = drawn.choice(list(entry["record"]))
        entry["record"][name] = f"{entry['record'][name]}x"
        out[at] = json.dumps(entry).encode()
    return out


def test_an_export_is_whole_and_every_change_of_it_is_found(exported):
    lines = exported.read(LINES).split(b"\n")[:-1]
    head = AuditHead.objects.get(region="130225").entry
    assert complete(lines, json.loads(lines[-1])["entry"]) and len(lines) == 1 + json.loads(lines[0])["count"]
    assert head == AuditEntry.objects.filter(region="130225").order_by("-number")[0].entry
    drawn = random.Random(SEED)
    assert not [n for n in range(CHANGES) if complete(changed(lines, drawn), json.loads(lines[-1])["entry"])]


def test_the_program_in_the_export_says_the_same(exported, tmp_path):
    exported.extractall(tmp_path)
    assert PROGRAM in exported.read(HOW).decode()

    def run() -> tuple[int, str]:
        done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=tmp_path, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    assert run()[0] == 0 and "相符" in run()[1]
    file = tmp_path / LINES
    lines = file.read_bytes().split(b"\n")
    file.write_bytes(b"\n".join([*lines[:4], *lines[5:]]))
    code, said = run()
    assert code == 1 and "第 4 条" in said


def test_the_table_has_the_same_entries_and_computes_nothing(exported):
    rows = list(csv.DictReader(io.StringIO(exported.read(TABLE).decode("utf-8-sig"))))
    lines = [json.loads(each) for each in exported.read(LINES).split(b"\n")[1:-1]]
    assert [json.loads(row["记录"]) for row in rows] == [each["record"] for each in lines]
    assert {row["姓名"] for row in rows if row["事项"] == "变更"} == {"'=cmd"}
    assert all(len(row["改动"].splitlines()) <= 1 for row in rows)


def test_days_give_every_entry_between_their_first_and_last(db):
    person = a_person("bureau_officer")
    trail.tell("login", person)
    trail.link()
    today = timezone.localdate()
    assert numbers_of("130225", today, today) == (1, 1) == numbers_of("130225", None, None)
    assert numbers_of("130225", today + timedelta(days=1), None) == (1, 0)


def test_other_filters_tear_no_chain(client, exported):
    answer = client.get(reverse("admin:audit_export"), {"action": "login", "text": "甲"})
    lines = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).read(LINES).split(b"\n")
    assert json.loads(lines[0])["count"] == AuditEntry.objects.filter(region="130225").count()
