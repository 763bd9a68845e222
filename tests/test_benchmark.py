"""The benchmark: what is frozen stays so, scores count what they say, and this engine passes the gates on what is shown."""

import json
import shutil

import pytest

from benchmark import truths
from benchmark.run import by_files, own, page, run
from benchmark.scoring import Found, Score, names, of_json
from benchmark.truths import ROOT, Fault, Thawed, Truth, frozen, seal

PRECISION, RECALL = 0.98, 0.95
FAULT = Fault("rate", "", "课题5.00万元，增长2.44%。", numbers=(("2.44",), ("2.5", "2.50")))
TOLD = Found("text-percent-agrees", "“增长2.44%”与金额不符：＝2.50%", "增长2.44%")


def truth(*faults: Fault) -> Truth:
    return Truth("x.txt", "", "某县", "budget", "drawn", "hebei_2023", 2023, faults)


def scored(*findings: Found, faults=(FAULT,)) -> Score:
    score = Score()
    score.add(truth(*faults), findings)
    return score


def test_a_fault_is_named_by_its_place_and_both_numbers():
    assert names(TOLD, FAULT)
    assert not names(Found(TOLD.rule, TOLD.message, "别的句子"), FAULT)
    assert not names(Found(TOLD.rule, "“增长2.44%”不符", TOLD.quote), FAULT)
    assert not names(Found(TOLD.rule, TOLD.message.replace("2.50", "12.50"), TOLD.quote), FAULT)


def test_what_names_nothing_is_a_false_alarm_and_what_is_not_measured_counts_nowhere():
    both = scored(TOLD, Found("text-slip", "…", "别的句子"), Found("contact-given", "…"))
    assert (both.precision, both.recall) == (0.5, 1.0)
    assert scored().recall == 0.0
    assert [fault for _, fault in scored().missed] == [FAULT]
    assert scored(faults=()).precision == scored(faults=()).recall == 1.0


def test_what_was_frozen_cannot_be_changed_unseen(tmp_path, monkeypatch):
    folder = shutil.copytree(truths.TRUTH, tmp_path / "truth")
    monkeypatch.setattr(truths, "TRUTH", folder)
    monkeypatch.setattr(truths, "SUMS", folder / "SHA256SUMS")
    assert len(list(frozen())) > 20
    file = next(folder.glob("final-*.json"))
    file.write_text(file.read_text(encoding="utf-8").replace('"faults": [', '"faults":  ['), encoding="utf-8")
    with pytest.raises(Thawed, match=file.name):
        list(frozen())
    truths.freeze()
    file.unlink()
    with pytest.raises(Thawed, match="SHA256SUMS"):
        list(frozen())


def test_words_alone_pass_the_gates():
    texts = [one for one in frozen() if one.path.suffix == ".txt"]
    whole = run("own", own, texts).whole
    assert whole.planted.total() > 20
    assert (whole.precision >= PRECISION, whole.recall >= RECALL) == (True, True), (
        whole.alarms,
        whole.missed,
    )


@pytest.mark.slow
def test_whole_documents_pass_the_gates():
    files = [one for one in frozen() if one.path.suffix != ".txt"]
    whole = run("own", own, files).whole
    assert whole.planted.total() > 50
    assert (whole.precision >= PRECISION, whole.recall >= RECALL) == (True, True), (
        whole.alarms,
        whole.missed,
    )


def test_another_checker_is_scored_by_its_files(tmp_path):
    one = next(one for one in frozen() if one.path.name == "putuo_final_2024.txt")
    share = {
        "rule": "text-any",
        "severity": "warning",
        "message": "99.86% 应为 99.87%",
        "quote": "占本年支出合计的99.86%",
    }
    (tmp_path / f"{one.path.name}.json").write_text(json.dumps({"findings": [share]}), encoding="utf-8")
    other = run("other", by_files(tmp_path), [one])
    assert (other.whole.named.total(), other.whole.precision) == (1, 1.0)
    assert "| all | 100.0% | 20.0% | 1 | 5 |" in page([other])
    assert of_json({"findings": [share | {"severity": "advice"}]}) == []


def test_the_page_of_results_is_that_of_this_truth():
    assert f"Truth `{seal()}`" in (ROOT / "docs" / "benchmark.md").read_text(encoding="utf-8")
