"""The rules page lists every rule of the registry with its formula and source."""

from html import unescape

from budgets.rules import REGISTRY


def test_every_rule_is_on_the_page_for_people(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        text = unescape(client.get("/rules/").content.decode())
    missing = [r.id for r in REGISTRY.rules.values() if r.formula not in text or r.source not in text]
    assert missing == []
    assert f"共 {len(REGISTRY.rules)} 条" in text
