"""Every admin page: in Chinese, under the strict policy, with one heading and a name for every field."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from tests.makers.disclosures import a_region

from .policies import OBJECT, address

pytestmark = pytest.mark.django_db
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "path", "use"}
ALLOWED = {
    "PDF",
    "Excel",
    "WPS",
    "Word",
    "SHA",
    "xls",
    "csv",
    "CSV",
    "JSON",
    "MB",
    "ZIP",
    "xlsx",
    "docx",
    "manage",
    "py",
    "verify",
    "GB",
    "T",
}
ROLES = [
    "accountant",
    pytest.param("reviewer", marks=pytest.mark.slow),
    pytest.param("bureau_officer", marks=pytest.mark.slow),
    "bureau_administrator",
    pytest.param("auditor", marks=pytest.mark.slow),
]
LISTS = [
    "index", "overview", "fiscal_years", "downloads", "question_list", "region_terms", "inspection", "batches", "password_change", "budgets_disclosure_changelist", "budgets_publication_changelist",
    "budgets_logentry_changelist", "budgets_subject_changelist", "budgets_department_changelist",
    "budgets_person_changelist", "budgets_disclosure_add", "budgets_person_add", "budgets_department_add",
    "budgets_subject_add", "budgets_person_links", "roster",
    "own_factors", "audit",
]  # fmt: skip
FILES = (
    {"download_state", "download_file"}
    | {
        f"budgets_disclosure_{page}"
        for page in (
            "beside",
            "moves",
            "job",
            "preview_file",
            "intake_template",
            "draft_form",
            "draft_tables",
            "draft_words",
        )
    }
    | {"batch_progress"}
)


class Page(HTMLParser):
    """What a page holds: its tags, the text people read, and the fields without a name."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.labelled: set[str] = set()
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag not in VOID:
            self._inside.append(tag)
        if tag == "label":
            self.labelled.add(given.get("for") or "")
        for name in (
            "title",
            "alt",
            "placeholder",
            "aria-label",
            "content" if given.get("name") == "description" else "",
        ):
            if given.get(name):
                self.words.append(str(given[name]))
        if tag == "input" and given.get("type") == "submit":
            self.words.append(str(given.get("value")))

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"script", "style", "code", "kbd"} & set(self._inside):
            self.words.append(data)

    def english(self) -> set[str]:
        """Words that no Chinese page should show, names of people and files apart."""
        text = " ".join(self.words)
        text = re.sub(
            r"[\w.+-]+@|\S+\.(xlsx|docx|pdf)|\S*(accountant|reviewer|bureau_\w+|auditor)\S*", " ", text
        )
        text = re.sub(r"\b[0-9a-f]{12,64}\b", " ", text)  # hashes
        found = set(re.findall(r"[A-Za-z]{2,}", text))
        return {word for word in found if word not in ALLOWED}

    def nameless(self) -> list[dict[str, str | None]]:
        """Fields without label, aria-label or the like."""
        return [
            given
            for tag, given in self.tags
            if tag in ("input", "select", "textarea")
            and given.get("type") not in ("hidden", "submit")
            and not given.get("aria-label")
            and given.get("id") not in self.labelled
            and not self._in_label(given)
        ]

    def _in_label(self, given: dict[str, str | None]) -> bool:
        """A box that stands inside its label: the tag right before it is the label's."""
        at = next(n for n, (_, attrs) in enumerate(self.tags) if attrs is given)
        return self.tags[at - 1][0] == "label"


def read(response) -> Page:
    page = Page()
    page.feed(response.text)
    return page


def pages(place, role: str):
    """Every page that this role may open: (name, response)."""
    client = place.client(role)
    for name in LISTS:
        response = client.get(reverse(f"admin:{name}"))
        if response.status_code == 200:
            yield name, response
    for name in set(OBJECT) - FILES:
        response = client.get(address(name, place))
        if response.status_code == 200:
            yield name, response


@pytest.mark.parametrize("role", ROLES)
def test_pages_are_chinese_named_and_strict(here, role):
    seen = 0
    for name, response in pages(here, role):
        page = read(response)
        assert page.english() <= set(), (name, page.english())
        assert page.nameless() == [], (name, page.nameless())
        assert sum(tag == "h1" for tag, _ in page.tags) == 1, name
        loose = [
            given for _, given in page.tags if any(key == "style" or key.startswith("on") for key in given)
        ]
        assert loose == [], (name, loose)
        policy = response.headers["Content-Security-Policy"]
        assert "unsafe" not in policy and "default-src 'none'" in policy, name
        assert "no-store" in response.headers["Cache-Control"], name
        for tag, given in page.tags:
            inline = tag == "script" and not given.get("src")
            assert not inline, (name, given)
            assert not str(given.get("src") or "").startswith(("http", "//")), (name, given)
        seen += 1
    assert seen > 20


@pytest.mark.slow
def test_titles_tell_pages_apart(here):
    titles = {}
    for name, response in pages(here, "accountant"):
        title = re.search(r"<title>(.*?)</title>", response.text, re.S)[1].strip()
        assert title not in titles, (name, titles.get(title))
        titles[title] = name


def test_the_login_page(db):
    a_region()
    page = Client().get(reverse("admin:login"))
    assert read(page).english() == set()
    refused = Client().post(reverse("admin:login"), {"username": "nobody", "password": "wrong"})
    assert "请输入一个正确的" in refused.text and "错误：" in refused.text
    assert read(refused).english() == set()


@pytest.mark.parametrize(
    "name", ["budgets_disclosure_change", "budgets_disclosure_enter", "budgets_disclosure_preview"]
)
def test_a_page_takes_only_the_methods_it_has_a_use_for(here, name):
    for method in ("put", "patch", "delete", "options"):
        assert getattr(here.client(), method)(address(name, here)).status_code == 405


def test_the_shortcut_to_any_object_is_gone(here):
    assert here.client().get(f"/admin/r/1/{here.disclosure.pk}/").status_code == 404
    assert here.client().get(reverse("admin:app_list", args=["budgets"])).url == reverse("admin:index")


def test_the_admin_lists_only_the_portals_own_models():
    from django.contrib import admin

    assert {model._meta.app_label for model in admin.site._registry} == {"budgets"}
