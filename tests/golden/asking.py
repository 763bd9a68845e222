"""Asks a restored portal, in a process of its own, what its readers and its people see; answers in JSON.

`public`: faults of the public addresses. `desks`: the pages of each disclosure (of `REGION/UNIT`) that its
accountant reaches, with their status. `correct ADDRESS`: the steps to the next public version of an address, taken at the desks.
"""

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.test import Client  # noqa: E402

from budgets.domain.key_figures import key_figures, stored  # noqa: E402
from budgets.domain.snapshots import loads  # noqa: E402
from tests.admin.forms import fields  # noqa: E402
from tests.golden.restoring import Golden  # noqa: E402

HREF = re.compile(r'href="(/admin/[^"#?]+)')


def browser(**person: Any) -> Client:
    """A browser at the site's address, of the one person described, or of a reader."""
    client = Client(raise_request_exception=False, headers={"host": "golden.example"})
    if person:
        client.force_login(get_user_model().objects.get(**person))
    return client


def content(response: Any) -> bytes:
    return b"".join(response) if response.streaming else bytes(response.content)


def public(golden: Golden) -> dict[str, Any]:
    """Every address with its files: 200 and the listed bytes, or 410 with the public reason."""
    client, faults, answered = browser(), [], 0
    lists = {"/", "/rules/", "/healthz"}
    for address, items in golden.listed.items():
        region, unit, year, _ = address.split("/")
        lists |= {f"/{region}/", f"/{region}/{year}/", f"/{region}/{unit}/", f"/?q={unit}"}
        for below, item in [("", items[-1]), *((f"r{item['revision']}/", item) for item in items)]:
            for name in ["", *(name for name in item["files"] if not name.endswith(".gz"))]:
                answered += 1
                path = f"/{address}/{below}{name}"
                response = client.get(path)
                body = content(response)
                if item["standing"] == "withdrawn":
                    reason = item["withdrawn_reason"].splitlines()
                    if response.status_code != 410 or any(line not in body.decode() for line in reason):
                        faults.append(f"{path}: {response.status_code}, not 410 with its reason")
                elif response.status_code != 200:
                    faults.append(f"{path}: {response.status_code}")
                elif name and hashlib.sha256(body).hexdigest() != item["files"][name]:
                    faults.append(f"{path}: other bytes than the list's")
    for path in sorted(lists):
        status = client.get(path).status_code
        if status != 200:
            faults.append(f"{path}: {status}")
    for row in apps.get_model("budgets", "Publication").objects.select_related("state"):
        if not row.state.figures or row.state.figures != stored(key_figures(loads(row.content)[1])):
            faults.append(f"{row}: the figures beside it are not those of its payload")
    return {"faults": faults, "answered": answered, "lists": len(lists)}


def desks(golden: Golden, only: str = "") -> dict[str, dict[str, int]]:
    """By disclosure (of one department, or all): the status of every page its accountant reaches from its page."""
    found: dict[str, dict[str, int]] = {}
    for disclosure in apps.get_model("budgets", "Disclosure").objects.order_by("pk"):
        department = disclosure.department
        if only not in ("", f"{department.region.code}/{department.code}"):
            continue
        client = browser(role="accountant", department=department)
        below = f"/admin/budgets/disclosure/{disclosure.pk}/"
        waiting, seen = [f"{below}change/", "/admin/"], {}
        while waiting:
            path = waiting.pop()
            if path in seen:
                continue
            response = client.get(path, follow=True)
            seen[path] = response.status_code
            if path != "/admin/" and not response.streaming:
                text = response.content.decode(errors="replace")
                waiting += [href for href in HREF.findall(text) if href.startswith(below)]
        found[str(disclosure)] = seen
    return found


def correct(golden: Golden, address: str) -> dict[str, Any]:
    """A correction from its reason to its approval, as people do it in the browser; publication is a command."""
    region, unit, year, stage = address.split("/")
    disclosure = apps.get_model("budgets", "Disclosure").objects.get(
        department__region__code=region, department__code=unit, fiscal_year=year, stage=stage
    )
    officer = browser(role="bureau_officer", region=disclosure.department.region)
    accountant = browser(role="accountant", department=disclosure.department)
    below = f"/admin/budgets/disclosure/{disclosure.pk}/"

    def send(client: Client, page: str, to: str = "", **typed: str) -> None:
        filled = fields(client.get(below + page)) | typed
        response = client.post(below + (to or page), filled)
        assert response.status_code == 302, (page, response.status_code, response.content.decode())

    if disclosure.status != "draft":  # one that is being written goes on
        send(officer, "steps/correct/", reason="联系电话更正")
    send(accountant, "basics/", contact="0315-0009999")
    words = fields(accountant.get(f"{below}change/"))
    blank = {name: "经核实无误。" for name, text in words.items() if name.startswith("text-") and not text}
    if blank:
        send(accountant, "change/", "explain/", **blank)
    send(accountant, "steps/submit/")
    send(officer, "steps/approve/")
    disclosure.refresh_from_db()
    return {"status": disclosure.status, "explained": len(blank)}


if __name__ == "__main__":
    work = {"public": public, "desks": desks, "correct": correct}[sys.argv[2]]
    print(json.dumps(work(Golden(Path(sys.argv[1])), *sys.argv[3:]), ensure_ascii=False))
