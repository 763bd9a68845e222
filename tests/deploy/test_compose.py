"""docker-compose.yml without an engine: schema, secrets, hardening, and that it fits the nginx template."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
TEXT = COMPOSE.read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = YAML(typ="safe").load(TEXT)["services"]


def schema_problems(path: Path) -> str:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if outcome.returncode == 0 else outcome.stdout + outcome.stderr


@pytest.mark.slow
def test_it_follows_the_compose_specification(tmp_path: Path) -> None:
    broken = tmp_path / "docker-compose.yml"
    broken.write_text(TEXT.replace("depends_on:", "dependson:"), encoding="utf-8")
    assert schema_problems(COMPOSE) == ""
    assert "dependson" in schema_problems(broken)


@pytest.mark.parametrize("name", ["SITE_ADDRESS", "ALLOWED_HOSTS"])
def test_what_must_be_set_has_no_default(name: str) -> None:
    uses = re.findall(r"\$\{" + name + r"[^}]*\}", TEXT)
    assert uses
    assert all(use.startswith("${" + name + ":?") for use in uses)


def test_secrets_are_files_and_each_service_is_shown_its_own() -> None:
    """The key and one password each; `migrate` alone has all, for it hands the roles theirs."""
    declared = YAML(typ="safe").load(TEXT)["secrets"]
    assert declared == {name: {"file": "${SECRETS:-./secrets}/" + name} for name in declared}
    for name, service in SERVICES.items():
        named = {
            value.removeprefix("/run/secrets/")
            for key, value in service.get("environment", {}).items()
            if key.endswith("_FILE") and value  # what is passed on is no secret of compose
        }
        assert named == set(service.get("secrets", [])) <= set(declared), name
        for key, value in service.get("environment", {}).items():
            assert key.endswith("_FILE") or not re.search(r"PASSWORD|SECRET", key), (name, key)
            assert "@" not in str(value) or re.fullmatch(r"postgres://\w+@db:5432/mingzhang", value), (
                name,
                key,
            )


def test_the_owner_of_the_database_migrates_and_does_nothing_else() -> None:
    roles = {
        name: service["environment"]["DATABASE_URL"].partition("//")[2].partition("@")[0]
        for name, service in SERVICES.items()
        if "DATABASE_URL" in service.get("environment", {})
    }
    others = dict.fromkeys(roles, "mingzhang_application") | {"public": "mingzhang_public"}
    assert roles == others | {"migrate": SERVICES["db"]["environment"]["POSTGRES_USER"]}
    owned = [name for name, service in SERVICES.items() if "owner-password" in service.get("secrets", [])]
    assert owned == ["db", "migrate"]
    steps = SERVICES["migrate"]["command"][-1].splitlines()
    assert steps.index("python manage.py migrate --noinput") + 1 == steps.index("python manage.py grant")


def test_the_part_for_everybody_may_ask_the_database_for_two_seconds_at_most() -> None:
    asked = {
        name: service.get("environment", {}).get("STATEMENT_SECONDS") for name, service in SERVICES.items()
    }
    assert asked == dict.fromkeys(SERVICES) | {"public": 2}
    parts = {part.name: part.read_text() for part in (ROOT / "deploy" / "systemd" / "parts").iterdir()}
    assert [name for name, text in parts.items() if 'STATEMENT_SECONDS="2"' in text] == ["public"]


@pytest.mark.parametrize("name", SERVICES)
def test_services_run_without_privileges(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    if "build" not in service:
        assert service["user"] not in {"root", "0", "0:0"}
        assert re.fullmatch(r"[a-z]+:\d+(\.\d+)+(-alpine)?\$\{[A-Z]+_DIGEST:-\}", service["image"])


def test_the_image_is_built_on_an_exact_base_and_does_not_run_as_root() -> None:
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"^ARG PYTHON=(python:\d+\.\d+\.\d+-\S+)$", dockerfile, re.MULTILINE)
    bases = [line.split()[1] for line in dockerfile.splitlines() if line.startswith("FROM")]
    assert bases == ["${PYTHON}${PYTHON_DIGEST}"] * 2
    assert re.findall(r"^USER (\S+)$", dockerfile, re.MULTILINE) == ["10001"]


def test_only_nginx_is_reached_from_outside_and_it_changes_nothing() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    assert all(volume.endswith(":ro") for volume in SERVICES["nginx"]["volumes"])
    assert "uploads" not in json.dumps(SERVICES["nginx"]["volumes"])
    assert SERVICES["db"]["networks"] == ["inside"]


def test_nginx_is_given_every_value_of_its_template() -> None:
    template = (ROOT / "deploy" / "nginx.conf.template").read_text(encoding="utf-8")
    wanted = set(re.findall(r"\$\{(PORTAL_[A-Z]+)\}", template))
    assert wanted == {name for name in SERVICES["nginx"]["environment"] if name.startswith("PORTAL_")}


def test_published_files_do_not_wait_for_the_application() -> None:
    assert set(SERVICES["nginx"]["depends_on"]) == {"migrate"}


def test_every_folder_that_is_written_is_a_volume_and_there_for_the_user_of_the_image() -> None:
    """The file system is read-only, so a folder below DATA_DIR that is none could never be made. A setting names `keys`."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "budgets").rglob("*.py"))
    written = set(re.findall(r'DATA_DIR\)? / "(\w+)"', code))
    assert {"published", "uploads", "exports", "previews", "sealed", "static"} <= written
    mounted = {volume.partition(":/data/")[2] for volume in SERVICES["web"]["volumes"]}
    made = re.search(r"install -d .*", (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8"))
    assert made and written | {"keys"} == mounted == set(re.findall(r"/data/(\w+)", made[0]))
