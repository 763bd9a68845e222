"""The blank cells of a form, given the amounts that follow from those that were typed."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from budgets.domain.documents import Sheet
from budgets.importing.comparing.comparison import derived_amounts
from budgets.importing.recognising.blank_forms import is_form
from budgets.importing.recognising.matches import Match
from budgets.importing.taking.table_bodies import Body, Given


def filled_in(
    matches: Iterable[Match], bodies: Mapping[str, Body], sheets: Mapping[str, Sheet]
) -> dict[str, Body]:
    """The bodies in which blank cells of forms, and the rows that were left out of them, have the derived amounts.

    What was typed stays, and is compared as in any file.
    """
    out = dict(bodies)
    for match in matches:
        if not is_form(match) or match.key not in sheets:
            continue
        cells = dict(bodies[match.key].cells)
        amounts, captions = derived_amounts(match, sheets[match.key])
        for ref, amount in amounts.items():
            given = cells.get(ref)
            if given is None:
                cells[ref] = Given(ref, "", captions.get(ref.row, ""), "", amount, "")
            elif not given.text:
                cells[ref] = replace(given, amount=amount)
        out[match.key] = replace(bodies[match.key], cells=cells)
    return out
