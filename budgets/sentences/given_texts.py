"""A text that is given to many departments before any figure is known: which of its references can never say anything."""

from budgets.domain.classification import Subjects
from budgets.domain.composing import composed
from budgets.domain.ledgers import Ledger
from budgets.domain.paragraphs import too_long
from budgets.domain.sheets import Filler
from budgets.domain.tables import TableSet
from budgets.sentences.cell_names import Unnamed
from budgets.sentences.equations import Equations
from budgets.sentences.references import SHARE, UNIT_NAME, references


def faults_of(text: str, table_set: TableSet, subjects: Subjects, year: int) -> list[str]:
    """Why a text is none that a chapter may start from, a fault a line; nothing for a sound one.

    A reference is held against the tables of the set with nothing in them. What depends on the figures (a share of
    nothing, a year before that is not known) is no fault: the chapter's own page tells it.
    """
    if why := too_long(text):
        return [why]
    asked = references(text)
    if not asked:
        return []
    filler = Filler(table_set, Ledger(table_set.key, "", "", "", "", year), subjects)
    names = Equations(filler, composed(filler), lambda: None).names
    found = []
    for reference in asked:
        if reference.year is not None or reference.words.strip() == UNIT_NAME:
            continue
        if reference.fault:
            found.append(f"[[{reference.words}]]：{reference.fault}")
            continue
        paths = [reference.path, *([tuple(reference.base.split("/"))] if reference.aspect == SHARE else [])]
        meant = (names.find(path) for path in paths)
        found += [f"[[{reference.words}]]：{one}" for one in meant if isinstance(one, Unnamed)]
    return list(dict.fromkeys(found))
