"""`disclosure.schema.json` says what payloads hold: every one validates, a changed one does not, no class is left out."""

import copy
import json
import types
import typing
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from budgets import tablesets
from budgets.domain import snapshots
from budgets.domain.documents import Document
from budgets.domain.facts import Slice
from budgets.domain.ledgers import Ledger
from budgets.public.payload_schema import FILE
from budgets.synthetic.draws import random_facts
from tests.golden.restoring import GOLDENS
from tests.makers.documents import a_ledger, every_document, payload_of, random_document
from tests.makers.sample_document import sample

NARROWING = {"title", "description", "default", "pattern", "format", "minimum", "maximum", "minItems"}


@cache
def schema() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def faults(payload: bytes | dict[str, Any]) -> list[str]:
    data = json.loads(payload) if isinstance(payload, bytes) else payload
    return [
        f"{error.json_path}: {error.message[:80]}"
        for error in Draft202012Validator(schema()).iter_errors(data)
    ]


@pytest.mark.sweep(1)
@every_document
def test_every_payload_is_as_the_schema_says(table_set, kind):
    assert faults(payload_of(table_set, kind)) == []


@pytest.mark.sweep(2)
@pytest.mark.parametrize("table_set", tablesets.SETS)
@pytest.mark.parametrize("seed", range(5))
def test_random_payloads_are_as_the_schema_says(table_set, seed):
    ledger = a_ledger(table_set, random_facts(seed, table_set))
    assert faults(snapshots.dumps(ledger, random_document(table_set, seed))) == []


def test_the_sample_is_as_the_schema_says():
    assert faults(snapshots.dumps(*sample())) == []


@pytest.mark.slow
@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.folder.name)
def test_what_earlier_releases_published_is_as_the_schema_says(golden, tmp_path):
    golden.unpack(tmp_path)
    files = sorted((tmp_path / "published" / "revisions").glob("*/disclosure.json"))
    assert len(files) >= len(golden.revisions)
    assert [(file.parent.name, found) for file in files if (found := faults(file.read_bytes()))] == []


def test_the_schema_is_a_schema_and_explains_every_field():
    Draft202012Validator.check_schema(schema())
    for name, kind in schema()["$defs"].items():
        assert kind["title"] and kind["description"], name
        for field, said in kind.get("properties", {}).items():
            assert said["description"], (name, field)
        assert kind["type"] == "string" or kind["additionalProperties"] is False, name


# --- the schema against the classes that are stored ---


def stored(kind: type) -> dict[str, tuple[Any, bool]]:
    """Each stored field with its type, and whether it must be there; a slice is never stored."""
    hints = typing.get_type_hints(kind)
    return {
        f.name: (hints[f.name], f.default is MISSING and f.default_factory is MISSING)
        for f in fields(kind)
        if Slice not in typing.get_args(hints[f.name])
    }


def classes(kind: Any) -> Iterator[type]:
    """The dataclasses that a type holds, itself included."""
    if is_dataclass(kind):
        yield kind
        for hint, _ in stored(kind).values():
            yield from classes(hint)
    for part in typing.get_args(kind):
        yield from classes(part)


def expected(hint: Any, required: bool) -> Any:
    """The schema of a type, without words. A field that may be left out is left out when it is None."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        kinds = [part for part in parts if part is not types.NoneType]
        one = (
            expected(kinds[0], required)
            if len(kinds) == 1
            else {"oneOf": [expected(k, required) for k in kinds]}
        )
        return {**one, "type": [one["type"], "null"]} if required and len(kinds) < len(parts) else one
    if origin is tuple and parts[-1] is Ellipsis:
        return {"type": "array", "items": expected(parts[0], True)}
    if origin is tuple:
        return {"type": "array", "prefixItems": [expected(part, True) for part in parts], "items": False}
    if origin is dict:
        return {"type": "object", "additionalProperties": expected(parts[1], True)}
    if is_dataclass(hint) or hint is Decimal:
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if issubclass(hint, Enum):
        return {"type": "string", "enum": [member.value for member in hint]}
    return {"type": {str: "string", date: "string", int: "integer", bool: "boolean"}[hint]}


def bare(said: Any, *, choice: bool) -> Any:
    """A schema without its words and limits; `choice` keeps the values that a closed vocabulary allows."""
    if isinstance(said, dict):
        return {
            key: bare(value, choice=choice)
            for key, value in said.items()
            if key not in NARROWING and (key != "enum" or choice)
        }
    return [bare(value, choice=choice) for value in said] if isinstance(said, list) else said


def differing(said: dict[str, Any]) -> list[str]:
    """What the schema's definitions and the classes say differently."""
    kinds = {kind.__name__: kind for root in (Ledger, Document) for kind in classes(root)}
    found = [f"{name} stands on one side only" for name in kinds.keys() ^ (said.keys() - {"Decimal"})]
    for name in kinds.keys() & said.keys():
        wanted = stored(kinds[name])
        if said[name]["properties"].keys() != wanted.keys():
            found.append(f"{name} has other fields")
        if said[name]["required"] != [field for field, (_, must) in wanted.items() if must]:
            found.append(f"{name} must have other fields")
        for field in wanted.keys() & said[name]["properties"].keys():
            right = expected(*wanted[field])
            if bare(said[name]["properties"][field], choice="enum" in right) != right:
                found.append(f"{name}.{field} is of another type")
    return found


def test_the_schema_says_what_the_classes_say():
    assert differing(schema()["$defs"]) == []


def changed_definitions() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, alter in (
        ("a field more", lambda d: d["Cell"]["properties"].update(colour={"type": "string"})),
        ("a field less", lambda d: d["Cell"]["properties"].pop("key")),
        ("another type", lambda d: d["Row"]["properties"]["level"].update(type="string")),
        ("no longer needed", lambda d: d["Fact"]["required"].remove("amount")),
        ("a choice less", lambda d: d["Fact"]["properties"]["fund"]["enum"].pop()),
        ("a class less", lambda d: d.pop("Asset")),
    ):
        definitions = copy.deepcopy(schema()["$defs"])
        alter(definitions)
        yield name, definitions


@pytest.mark.parametrize("name", [name for name, _ in changed_definitions()])
def test_a_schema_that_says_otherwise_would_be_noticed(name):
    assert differing(dict(changed_definitions())[name])


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in the payload but the free texts of `wording`."""
    if isinstance(value, dict):
        yield value
        for key, part in value.items():
            if key != "wording":
                yield from objects(part)
    elif isinstance(value, list):
        for part in value:
            yield from objects(part)


@pytest.mark.sweep(0, 2)
@pytest.mark.parametrize("table_set", tablesets.SETS)
def test_a_foreign_field_a_missing_one_and_another_type_are_faults(table_set):
    """At every kind of object: the negative controls of the validation."""
    payload = json.loads(payload_of(table_set, "entered"))
    tried: set[tuple[str, ...]] = set()
    for one in objects(payload):
        shape = tuple(sorted(one))
        if shape in tried:
            continue
        tried.add(shape)
        one["foreign"] = 1
        assert faults(payload), shape
        del one["foreign"]
    assert faults(payload) == []
    assert len(tried) > 12
    for change in (
        lambda p: p["document"]["tables"][0]["columns"][0].pop("path"),
        lambda p: p["document"].pop("tables"),
        lambda p: p["document"]["tables"][0]["rows"][0].update(level="1"),
        lambda p: p["document"]["tables"][0]["rows"][0]["cells"][1].update(amount=12.5),
        lambda p: p["document"]["tables"][0]["rows"][0]["cells"][1].update(amount="1,200.00"),
        lambda p: p["ledger"]["facts"][0].update(family="income"),
        lambda p: p.update(schema="mingzhang-disclosure/2"),
    ):
        spoilt = copy.deepcopy(payload)
        change(spoilt)
        assert faults(spoilt)


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_the_portal_gives_it_out_and_pages_lead_to_it(client, encoding):
    answer = client.get("/disclosure.schema.json", headers={"accept-encoding": encoding})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json; charset=utf-8")
    assert json.loads(b"".join(answer.streaming_content)) == schema()
    from budgets.rendering.html.disclosure_pages import disclosure_page
    from tests.makers.sample_document import document, imprint

    assert 'href="/disclosure.schema.json"' in disclosure_page(document(), imprint())
