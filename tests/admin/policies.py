"""What each address promises about other people's objects. An address that is not listed here fails the tests."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")

# Pages for everybody: the public side, which reads only what is published.
PUBLIC = {
    "home",
    "rules",
    "glossary",
    "region-glossary",
    "verify",
    "verifier-file",
    "witness-file",
    "log-file",
    "healthz",
    "metrics",
    "payload-schema",
    "robots",
    "sitemap-index",
    "sitemap",
    "feed",
    "data",
    "openapi",
    "disclosures",
    "year-data",
    "embedded",
    "county",
    "year",
    "year-file",
    "accounts-beside",
    "list-picture",
    "departments-beside",
    "department",
    "department-year",
    "units",
    "published",
    "figure",
    "ask",
    "questions",
    "figure-embedded",
    "login",
    "set_up",
    "password_link",
    "passkey_sign_in_begin",
    "passkey_sign_in_complete",
}

# Pages about the signed-in person, lists within their scope, and data that is the same for all who sign in.
OWN = {
    "index", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n", "app_list", None,
    "overview", "overview_year", "downloads", "sums", "exports_year", "fiscal_years", "fiscal_year", "budgets_disclosure_deleted", "how_to_fill", "region_settings",
    "question_list", "region_terms", "inspection", "inspection_year", "inspection_book", "batches",
    "audit", "audit_export", "operations",
    *(f"budgets_{model}_{page}" for model in ("region", "department", "subject", "disclosure", "person", "publication", "logentry")
      for page in ("changelist", "add")),
    "budgets_person_links", "roster", "roster_template", "roster_current", "subject_lists", "subject_list_year",
    "budgets_subject_codes", "budgets_subject_change", "budgets_subject_history",
    "own_factors", "own_code", "own_recovery", "passkey_add_begin", "passkey_add_complete",
}  # fmt: skip

# Pages about one object: the object that its address names, and what fills the rest of the address.
OBJECT: dict[str, dict[str, Any]] = {
    **{f"budgets_region_{page}": {"object_id": "region"} for page in ("change", "history")},
    **{f"budgets_department_{page}": {"object_id": "department"} for page in ("change", "history")},
    **{f"budgets_person_{page}": {"object_id": "person"} for page in ("change", "history", "password", "sign_in", "hand_over")},
    **{f"budgets_publication_{page}": {"object_id": "publication"} for page in ("change", "history", "verify")},
    **{f"budgets_logentry_{page}": {"object_id": "log"} for page in ("change", "history")},
    **{
        f"budgets_disclosure_{page}": {"object_id": "disclosure"}
        for page in (
            "change", "history", "basics", "goals", "wording", "explain", "preview", "preview_pdf", "review", "intake",
            "comments", "comment_new", "comment_first", "sign_off",
            "pending_pdf", "given", "intake_template", "draft_form", "draft_tables", "draft_words",
        )
    },
    "roster_import": {"object_id": "roster"},
    "subject_list": {"object_id": "subject_list"},
    **{f"download_{page}": {"object_id": "export"} for page in ("state", "file")},
    **{page: {"object_id": "batch"} for page in ("batch", "batch_progress")},
    "question": {"object_id": "question"},
    "budgets_disclosure_restore": {"object_id": "deleted"},
    "budgets_disclosure_enter": {"object_id": "disclosure", "key": "revenue"},
    "budgets_disclosure_beside": {"object_id": "disclosure", "key": "revenue"},
    "budgets_disclosure_moves": {"object_id": "disclosure", "key": "revenue"},
    "budgets_disclosure_chapter": {"object_id": "disclosure", "key": "overview"},
    "budgets_disclosure_inspected": {"object_id": "disclosure", "key": "true"},
    "budgets_disclosure_step": {"object_id": "disclosure", "key": "submit"},
    "budgets_disclosure_preview_table": {"object_id": "disclosure", "key": "balance"},
    "budgets_disclosure_preview_nonempty": {"object_id": "disclosure", "key": "balance"},
    "budgets_disclosure_goal": {"object_id": "disclosure", "goal_id": "goal"},
    "budgets_disclosure_intake_file": {"object_id": "disclosure", "intake_id": "intake"},
    "budgets_disclosure_job": {"object_id": "disclosure", "job_id": "job"},
    "budgets_disclosure_preview_file": {"object_id": "disclosure", "job_id": "job"},
}  # fmt: skip
NAMED = {
    "region",
    "disclosure",
    "department",
    "person",
    "publication",
    "log",
    "goal",
    "intake",
    "job",
    "export",
    "deleted",
    "roster",
    "subject_list",
    "batch",
    "question",
}


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Every address of the site, from the URLconf itself."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        else:
            yield pattern


def undeclared(found: Iterator[URLPattern]) -> set[str | None]:
    """The names of addresses that no policy covers."""
    return {pattern.name for pattern in found} - PUBLIC - OWN - set(OBJECT)


def value(word: Any, place: Any) -> Any:
    """What an address puts where the policy has a word: the id of a place's object, or the word itself."""
    if word not in NAMED:
        return word
    if word == "region":
        return place.department.region.pk
    return place.people["accountant"].pk if word == "person" else getattr(place, word).pk


def address(name: str, place: Any, **other: Any) -> str:
    """The address of a place's object; `other` replaces some of the words by ids."""
    words = {key: value(word, place) for key, word in OBJECT[name].items()} | other
    return reverse(f"admin:{name}", kwargs=words)
