"""The rules page lists every rule with its formula and source."""

from html import unescape

from budgets.rules.between_documents import all_rules


def test_every_rule_is_on_the_page_for_people(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        text = unescape(client.get("/rules/").content.decode())
    missing = [r.id for r in all_rules().values() if r.formula not in text or r.source not in text]
    assert missing == []
    assert f"共 {len(all_rules())} 条" in text
