"""Two versions of chapters, sentence by sentence: what was kept, moved, changed, new, dropped."""

import random
from collections import Counter

import pytest

from budgets.domain.sentence_changes import How, compared, pieces, sentences, split_sentences

BEFORE = "一是保障运转。二是推进改革，收入[[收入总计]]。\n三是加强监督。四是培训。"


def told(before: str, after: str) -> list[tuple[str, str, str]]:
    return [
        (change.how.value, change.before, change.after)
        for change in compared({"a": before}, {"a": after})["a"]
    ]


def test_the_same_is_kept_whatever_its_line_ends():
    assert {how for how, _, _ in told(BEFORE, BEFORE.replace("\n", "\r\n\r\n  "))} == {"kept"}


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        ("一是保障运转。三是加强监督。四是培训。", ("dropped", "二是推进改革，收入[[收入总计]]。", "")),
        (BEFORE + "五是其他工作安排。", ("new", "", "五是其他工作安排。")),
        (
            BEFORE.replace("推进改革", "深化改革"),
            ("changed", "二是推进改革，收入[[收入总计]]。", "二是深化改革，收入[[收入总计]]。"),
        ),
    ],
)
def test_one_change_is_told_as_one(after, wanted):
    assert [change for change in told(BEFORE, after) if change[0] != "kept"] == [wanted]


def test_a_sentence_put_elsewhere_moved():
    after = "四是培训。一是保障运转。二是推进改革，收入[[收入总计]]。三是加强监督。"
    assert [change for change in told(BEFORE, after) if change[0] != "kept"] == [
        ("moved", "四是培训。", "四是培训。")
    ]


def test_a_sentence_put_into_another_chapter_moved_and_both_say_so():
    found = compared({"a": "甲事项。乙事项。", "b": "丙事项。"}, {"a": "甲事项。", "b": "丙事项。乙事项。"})
    assert [(c.how, c.after, c.elsewhere) for c in found["a"]][-1] == (How.MOVED, "", "b")
    assert [(c.how, c.after, c.elsewhere) for c in found["b"]][-1] == (How.MOVED, "乙事项。", "a")


def test_random_edits_account_for_every_sentence():
    for seed in range(300):
        chance = random.Random(seed)
        before = {
            key: [f"{key}{n}句{chance.choice('甲乙丙丁')}内容。" for n in range(chance.randint(0, 12))]
            for key in "ab"
        }
        after = {key: list(texts) for key, texts in before.items()}
        for _ in range(chance.randint(0, 6)):
            one, other = chance.choice("ab"), chance.choice("ab")
            if after[one] and chance.random() < 0.7:
                text = after[one].pop(chance.randrange(len(after[one])))
                if chance.random() < 0.6:
                    after[other].insert(
                        chance.randint(0, len(after[other])),
                        text.replace("内容", chance.choice(["内容", "事项"])),
                    )
            else:
                after[other].append(f"新{seed}。")
        found = compared(
            {k: "".join(v) for k, v in before.items()}, {k: "".join(v) for k, v in after.items()}
        )
        for key, texts in after.items():
            assert [c.after for c in found[key] if c.after] == texts
        olds = Counter(c.before for changes in found.values() for c in changes if c.before)
        everything = Counter(text for texts in before.values() for text in texts)
        assert set(olds) == set(everything)
        assert all(olds[text] >= 1 for text in everything)
        kept = [c for changes in found.values() for c in changes if c.how is How.KEPT]
        assert all(c.before == c.after for c in kept)


def test_the_words_of_a_changed_sentence():
    found = pieces("收入10万元。", "收入12万元。")
    assert "".join(text for mark, text in found if mark != "增") == "收入10万元。"
    assert "".join(text for mark, text in found if mark != "删") == "收入12万元。"
    assert [mark for mark, _ in found] == ["同", "删", "增", "同"]


def test_sentences_are_the_whole_line():
    line = "甲；乙。“丙。”丁"
    assert "".join(split_sentences(line)) == line
    assert sentences(line) == ["甲；", "乙。", "“丙。”", "丁"]
    assert sentences("\n 。。 \n") == ["。。"]


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("共9.73万元。", "共9.63万元。", [("同", "共"), ("删", "9.73"), ("增", "9.63"), ("同", "万元。")]),
        ("收入0.3万元", "收入0.2万元", [("同", "收入"), ("删", "0.3"), ("增", "0.2"), ("同", "万元")]),
        ("占12.5%。", "占2.5%。", [("同", "占"), ("删", "12.5%"), ("增", "2.5%"), ("同", "。")]),
        ("1,200.00元", "1,300.00元", [("删", "1,200.00"), ("增", "1,300.00"), ("同", "元")]),
        ("车3辆", "车13辆", [("同", "车"), ("删", "3"), ("增", "13"), ("同", "辆")]),
        ("人员，增加。", "人员，减少。", [("同", "人员，"), ("删", "增加"), ("增", "减少"), ("同", "。")]),
    ],
)
def test_a_number_is_changed_whole(before, after, shown):
    assert pieces(before, after) == shown
    assert "".join(text for mark, text in pieces(before, after) if mark != "增") == before
    assert "".join(text for mark, text in pieces(before, after) if mark != "删") == after
