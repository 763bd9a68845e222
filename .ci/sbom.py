"""Writes what is installed as a CycloneDX 1.6 bill of materials: name, version, licence, and what needs what.

    uv sync --no-dev && uv run --no-dev python .ci/sbom.py > mingzhang.cdx.json

The same environment gives the same bytes: no clock, no random number, no host.
"""

import json
import sys
import tomllib
import uuid
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def reference(each: Distribution) -> str:
    """The package URL, which names a distribution and its version everywhere."""
    return f"pkg:pypi/{canonicalize_name(each.metadata['Name'])}@{each.version}"


def component(each: Distribution) -> dict[str, Any]:
    """One distribution; the licence is left out where its metadata says none."""
    told = each.metadata.get("License-Expression")
    licences = {"licenses": [{"expression": told}]} if told else {}
    name = canonicalize_name(each.metadata["Name"])
    purl = reference(each)
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": each.version,
        "purl": purl,
    } | licences


def needs(lines: list[str], there: dict[str, Distribution]) -> list[str]:
    """The references of what these requirements ask for here, in order."""
    asked = [Requirement(line) for line in lines]
    names = {
        canonicalize_name(one.name)
        for one in asked
        if one.marker is None or one.marker.evaluate({"extra": ""})
    }
    return sorted(reference(there[name]) for name in names if name in there)


def bill() -> dict[str, Any]:
    """The bill of this environment: every distribution that is installed, the project at its head."""
    there: dict[str, Distribution] = {
        canonicalize_name(each.metadata["Name"]): each for each in distributions()
    }
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    head = f"pkg:generic/{project['name']}@{project['version']}"
    depends = [{"ref": head, "dependsOn": needs(project["dependencies"], there)}]
    depends += [
        {"ref": reference(there[name]), "dependsOn": needs(there[name].requires or [], there)}
        for name in sorted(there)
    ]
    components = [component(there[name]) for name in sorted(there)]
    own = {"type": "application", "bom-ref": head, "name": project["name"], "version": project["version"]}
    content: dict[str, Any] = {
        "metadata": {"component": own},
        "components": components,
        "dependencies": depends,
    }
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(content, sort_keys=True))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{number}",
        "version": 1,
    } | content


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=2, ensure_ascii=False)
