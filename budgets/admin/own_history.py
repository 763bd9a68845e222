"""What people change about their own account, in the history that the administrator reads."""

from django.contrib.admin.models import CHANGE, LogEntry

from budgets.models import Person


def note(person: Person, words: str) -> None:
    """One line in the history of this person, by the person."""
    LogEntry.objects.log_actions(person.pk, [person], CHANGE, change_message=words, single_object=True)
