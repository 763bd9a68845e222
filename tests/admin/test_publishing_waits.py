"""While a publication waits or is made, the page offers no step, and says so."""

import pytest
from django.db import transaction

from budgets.models import Job, JobState
from budgets.workflow import background
from tests.makers.disclosures import a_person, a_sound_disclosure, approved

from .forms import of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("state", "offered"), [("queued", False), ("running", False), ("failed", True)])
def test_no_step_is_offered_while_publication_is_under_way(client, settings, state, offered):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    officer = a_person("bureau_officer")
    disclosure = approved(a_sound_disclosure(), officer)
    client.force_login(officer)
    links = [of(disclosure, "step", key) for key in ("publish", "return")]
    assert all(link in client.get(of(disclosure, "change")).text for link in links)
    with transaction.atomic():
        background.publish(disclosure, by=officer)
    Job.objects.update(state=JobState(state))
    page = client.get(of(disclosure, "change")).text
    assert [link in page for link in links] == [offered] * 2
    assert page.count('type="button" disabled') == (0 if offered else 2)
    assert (f"公开：{JobState(state).label}" in page) is not offered
