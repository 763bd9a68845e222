"""The check of `.ci/run` that no test was skipped everywhere."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "ran_nowhere.py"
SKIP = '<skipped type="pytest.skip" message="PostgreSQL only"/>'
EXPECTED_FAILURE = '<skipped type="pytest.xfail" message=""/>'


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ran_nowhere", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report(path: Path, **cases: str) -> str:
    body = "".join(
        f'<testcase classname="tests.t" name="{name}">{inner}</testcase>' for name, inner in cases.items()
    )
    path.write_text(f"<testsuites><testsuite>{body}</testsuite></testsuites>", encoding="utf-8")
    return str(path)


def test_a_test_that_ran_in_one_run_is_enough(script: ModuleType, tmp_path: Path) -> None:
    one = report(tmp_path / "1.xml", a="", b=SKIP, c=EXPECTED_FAILURE)
    two = report(tmp_path / "2.xml", a=SKIP, b="", c=SKIP)
    assert script.main([one, two]) == 0


def test_a_test_that_ran_nowhere_is_named(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = report(tmp_path / "1.xml", a="", b=SKIP), report(tmp_path / "2.xml", a="", b=SKIP)
    assert script.main([one, two]) == 1
    assert capsys.readouterr().out == "ran nowhere: tests.t.b\n"


def test_a_module_that_skipped_itself_ran_where_its_tests_did(script: ModuleType) -> None:
    assert script.ran_nowhere([{"tests.pg": "skipped"}, {"tests.pg.test_trigger": "passed"}]) == []
    assert script.ran_nowhere([{"tests.pg": "skipped"}, {"tests.pgx.test_trigger": "passed"}]) == ["tests.pg"]


@pytest.mark.parametrize("second", ["missing", "empty"])
def test_a_run_that_broke_off_fails(script: ModuleType, tmp_path: Path, second: str) -> None:
    one = report(tmp_path / "1.xml", a=SKIP if second == "empty" else "")
    other = report(tmp_path / "2.xml") if second == "empty" else str(tmp_path / "absent.xml")
    assert script.main([one, other]) == 1


def test_the_closing_line_counts_every_run(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = report(tmp_path / "1.xml", a="", b=SKIP, c='<failure message="x"/>')
    script.main(["--count", one, report(tmp_path / "2.xml", a="", b="")])
    assert capsys.readouterr().out == "3 passed, 1 failed, 1 skipped\n"
