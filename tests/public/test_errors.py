"""Every error page is Chinese, has a next step, no English, and needs no database."""

import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client
from django.urls import path

from budgets import error_views
from budgets.public import errors
from budgets.urls import urlpatterns as real
from tests.rendering.markup import find, parse, words


def breaks(request):
    raise RuntimeError("a fault")


def forbids(request):
    raise PermissionDenied


def suspects(request):
    raise SuspiciousOperation


urlpatterns = [*real, path("breaks", breaks), path("forbids", forbids), path("suspects", suspects)]
handler400, handler403 = error_views.bad_request, error_views.forbidden
handler404, handler500 = error_views.not_found, error_views.server_error

CASES = {"/suspects": 400, "/forbids": 403, "/no/such/page": 404, "/breaks": 500}


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("address", "status"), CASES.items())
def test_error_pages(address, status):
    """No database fixture is given here: a query would fail the test."""
    response = Client(raise_request_exception=False).get(address)
    assert response.status_code == status
    page = parse(response.content.decode())
    (heading,) = find(page, "h1")
    assert words(heading) == errors.WORDS[status][0]
    assert "/" in [a.get("href") for a in find(page, "a", "button")]
    assert not re.search(r"[A-Za-z]{3,}", words(find(page, "body")[0]))
    assert response["Cache-Control"] == "no-store"
    assert "script-src" not in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_form_without_its_token_says_what_happened():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x", "password": "y"})
    assert response.status_code == 403
    assert "表单已过期" in response.content.decode()


@pytest.mark.django_db
def test_health(client, monkeypatch):
    from django.db import OperationalError, connection

    assert client.get("/healthz").content == b"ok"

    def away(*_):
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", away)
    assert client.get("/healthz").status_code == 503
