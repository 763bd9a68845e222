"""The script of the bureau's county with the fewest departments; what its checks find where something is wrong."""

import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from budgets.data.subject_lists import subjects_of
from budgets.domain.composing import compose
from budgets.domain.snapshots import dumps
from budgets.models import Department, Region
from budgets.rendering.workbook.xlsx import tables_workbook
from budgets.tablesets import get
from budgets.workflow.consolidation import Counted, Scope
from tests.long import county_held
from tests.long.bureau_county import FEWEST
from tests.long.planned_county import REGION, SETS, YEAR, contained, drawn, planned

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.pango
def test_a_small_county_goes_through_the_whole_year(tmp_path):
    command = [
        sys.executable,
        "-m",
        "tests.long.bureau_county",
        "--departments",
        str(FEWEST),
        "--minutes",
        "5",
    ]
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [*command, "--folder", str(tmp_path / "county")], cwd=ROOT, env=kept, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert done.stdout.count("| 0 wrong | 0 wrong |") == 6, done.stdout


def test_a_planned_county_has_units_inside_others_and_beside_them_in_both_sets():
    county = planned(60)
    inside = contained(county)
    for table_set in SETS:
        units = [each for each in county if each.above and each.table_set == table_set]
        assert 0 < sum(each in inside for each in units) < len(units)
    assert len({each.code for each in county}) == 60 and {each.table_set for each in county} == {*SETS}
    assert {each.table_set for each in planned(FEWEST)} == {*SETS} and contained(planned(FEWEST))


@pytest.mark.django_db
def test_a_sum_that_is_not_that_of_the_payloads_is_told():
    county = planned(3)
    region = Region(code=REGION[0], name=REGION[1])
    documents, payloads = {}, {}
    for each in county:
        said = drawn(each, YEAR, 0)
        documents[each.code] = compose(get(each.table_set), said, subjects_of(YEAR))
        payloads[each.code] = dumps(said, documents[each.code])
    counted = [
        Counted(Department(pk=int(e.code), code=e.code, name=e.name), documents[e.code], None) for e in county
    ]
    above, unit = counted[1].department, counted[2]
    right = Scope(region, YEAR, tuple(counted[:2]), ((unit, above),), ())

    sheets = [sheet for _, document in right.documents for sheet in document.sheets()]
    shown = tables_workbook(sheets, "汇总表", region.name)

    def faults(scope, payloads=payloads, workbook=shown):
        return list(county_held.of_sums(scope, county, payloads, workbook))

    assert faults(right) == []
    twice = faults(replace(right, counted=tuple(counted), inside=()))
    assert any("not said" in fault for fault in twice) and any("are not the sum" in fault for fault in twice)
    assert any("are not the sum" in fault for fault in faults(right, payloads | {"301": payloads["303"]}))
    assert any(
        "workbook" in fault for fault in faults(right, workbook=tables_workbook(sheets[1:], "汇总表", ""))
    )


def test_a_pdf_that_is_missing_in_the_archive_is_told(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("301.pdf", b"one")
    assert list(county_held.of_archive(tmp_path / "all.zip", [b"one"])) == []
    assert list(county_held.of_archive(tmp_path / "all.zip", [b"one", b"two"]))
