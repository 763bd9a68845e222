"""What is installed stands at no version of a known fault, and is listed whole."""

import importlib.util
import json
import re
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


def script(name: str):
    spec = importlib.util.spec_from_file_location(name, ROOT / ".ci" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


floors, sbom = script("floors"), script("sbom")


def test_nothing_is_installed_below_a_floor():
    assert list(floors.below(floors.floors(), floors.installed())) == []


@pytest.mark.parametrize("floor", floors.floors(), ids=lambda floor: floor.package)
def test_what_stands_below_is_named(floor):
    """The control: each floor would be noticed, and names what is installed here."""
    there = floors.installed()
    assert floor.package == canonicalize_name(floor.package) and floor.package in there
    (told,) = floors.below([floor], there | {floor.package: "0.0.1"})
    assert told.startswith(f"{floor.package} 0.0.1 is below {floor.version} (") and floor.fault in told
    assert re.fullmatch(r"CVE-\d{4}-\d{4,}|", floor.advisory)


def test_a_version_is_compared_as_a_version():
    (floor,) = [each for each in floors.floors() if each.package == "sqlparse"]
    assert list(floors.below([floor], {"sqlparse": "0.10.0", "other": "0"})) == []


def test_the_bill_lists_every_distribution_with_what_it_needs():
    bill = sbom.bill()
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bill["serialNumber"])
    listed = {each["name"]: each for each in bill["components"]}
    assert set(listed) == {canonicalize_name(each.metadata["Name"]) for each in distributions()}
    references = {each["bom-ref"] for each in listed.values()}
    for each in listed.values():
        assert each["purl"] == each["bom-ref"] == f"pkg:pypi/{each['name']}@{each['version']}"
        assert each["type"] == "library"
    needed = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}
    assert {*needed} == references | {bill["metadata"]["component"]["bom-ref"]}
    assert {one for all_ in needed.values() for one in all_} <= references
    assert listed["asgiref"]["bom-ref"] in needed[listed["django"]["bom-ref"]]
    assert listed["weasyprint"]["bom-ref"] in needed[bill["metadata"]["component"]["bom-ref"]]


@pytest.mark.slow
def test_the_same_environment_gives_the_same_bill_and_names_no_host():
    told = [
        subprocess.run(
            [sys.executable, ROOT / ".ci" / "sbom.py"], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert told[0] == told[1] and json.loads(told[0]) == sbom.bill() and "://" not in told[0]
