"""Which declared table stands where in a file: by the titles and headers of its tables, never by sheet order."""

from collections.abc import Iterator

from budgets.domain.money import YUAN_IN, units_named
from budgets.domain.tables import Listing, Table, TableSet
from budgets.importing.captions.caption_norms import norm, title_rank
from budgets.importing.captions.meta_lines import declared_places, is_note, kinds
from budgets.importing.reading.grids import Grid, GridCell, Source, Text
from budgets.importing.recognising.blank_forms import is_guide, unfilled
from budgets.importing.recognising.headings import Heading, Headings, Word
from budgets.importing.recognising.matches import Match, Recognition
from budgets.importing.recognising.side_by_side import cuts
from budgets.importing.recognising.text_sheets import texts_of
from budgets.importing.recognising.years import file_year, first_year

NEAR = 3  # paragraphs above a Word table in which its title may stand
ABOVE = 8  # rows above a header in which its title may stand
HIDDEN = "工作表已隐藏，没有读取；需要读取时请取消隐藏"
UNTITLED = "表头像是预算公开表，但没有标题，无法确定是哪一张"
UNRECOGNISED = "没有认出是哪一张预算公开表"
TWO_UNITS = "写了不止一种金额单位（{}），无法确定金额，请只留一种"
TWICE = "同一张表在文件中出现了两次，只读取了第一张"
OTHER_YEAR = "是 {} 年的表，不是本年的，没有读取"
UNKNOWN_UNIT = "金额单位“{}”不能识别，金额没有读取；请改为元、万元等人民币单位"


def recognise(source: Source, table_set: TableSet, year: int = 0) -> Recognition:
    """Find the declared tables in a file. Nothing is dropped: what is no table stays in the flow or in `strange`.

    Of two tables of one kind that of the file's own year is taken; `year` is the one asked for, where the file is mute.
    """
    found = Recognition(year=file_year(source, year))
    own = found.year or year
    seen: dict[str, int] = {}
    ordered = sorted(source.blocks, key=lambda block: isinstance(block, Grid) and block.hidden)
    for block in ordered:
        if isinstance(block, Text):
            last = found.flow[-1] if found.flow else None
            if isinstance(last, Match) and block.body and is_note(block.text):
                last.notes.append(block.text)
            else:
                found.flow.append(block)
            continue
        if block.hidden:
            found.strange.append((block, block.name, HIDDEN))
            continue
        before = [text for text in found.flow[-NEAR:] if isinstance(text, Text)][::-1]
        for grid, matches, why in read_block(block, table_set, before, own):
            if source.kind == "xlsx" and not matches and (words := texts_of(grid, table_set)):
                found.flow += words
                continue
            keep(found, seen, grid, matches, why, before, own)
    return found


def keep(
    found: Recognition,
    seen: dict[str, int],
    grid: Grid,
    matches: list[Match],
    why: str,
    before: list[Text],
    own: int,
) -> None:
    """Add the tables of one grid to what was found; a table that says nothing, twice or otherwise is not added."""
    for match in matches:
        if unfilled(match):
            continue
        if why_not := contradiction(match):
            found.strange.append((grid, match.sheet, why_not))
            found.unknown_units += [(match.sheet, unit) for unit in match.units if unit not in YUAN_IN]
            continue
        twin = next((m for m in found.matches if m.key == match.key and isinstance(m.word, Table)), None)
        if twin and own not in (0, of_year(match)) and of_year(match):
            found.strange.append((grid, match.sheet, OTHER_YEAR.format(of_year(match))))
            continue
        if twin and own not in (0, of_year(twin)) and of_year(twin):
            found.strange.append((twin.grid, twin.sheet, OTHER_YEAR.format(of_year(twin))))
            found.matches.remove(twin)
            found.flow.remove(twin)
            seen[match.word.key] = 0
        n = seen[match.word.key] = seen.get(match.word.key, 0) + 1
        if isinstance(match.word, Listing) and match.word.each:
            match.key = f"{match.word.key}_{n}"
        elif n > 1:
            found.strange.append((grid, match.sheet, TWICE))
            continue
        found.flow = [text for text in found.flow if not (text in before and text.text == match.title)]
        found.matches.append(match)
        found.flow.append(match)
    if not matches and not is_guide(grid):
        found.strange.append((grid, grid.name or (before[0].text if before else ""), why))


def read_block(
    grid: Grid, table_set: TableSet, before: list[Text], year: int
) -> Iterator[tuple[Grid, list[Match], str]]:
    """The tables of one sheet: as a whole, or piece by piece where tables stand beside each other."""
    matches, why = read_grid(grid, table_set, before, year)
    best = sum(match.heading.score for match in matches)
    pieces: tuple[Grid, ...] = ()
    for cut in cuts(grid):
        apart = [read_grid(piece, table_set, before, year)[0] for piece in cut]
        fit = sum(match.heading.score for found in apart for match in found)
        if all(apart) and fit > best:
            best, pieces = fit, cut
    for piece in pieces:
        yield from read_block(piece, table_set, before, year)
    if not pieces:
        yield grid, matches, why


def read_grid(grid: Grid, table_set: TableSet, before: list[Text], year: int) -> tuple[list[Match], str]:
    """The tables in one grid, top to bottom, with the reason when there is none."""
    headings = Headings(grid, (*table_set.tables, *table_set.annexes), year)
    candidates = headings.find()
    matches: list[Match] = []
    bottom = 0
    while candidates := [heading for heading in candidates if heading.top > bottom]:
        top = candidates[0].top
        group = [heading for heading in candidates if heading.top <= candidates[0].bottom]
        floor = matches[-1].heading.bottom if matches else -ABOVE
        above = [
            cell.text for _, cells in reversed(_rows(grid, floor + 1, top - 1)[-ABOVE:]) for cell in cells
        ]
        near = [text.text for text in before] if not matches else []
        chosen = choose(group, [above, near, [grid.name]], headings.words)
        bottom = max(heading.bottom for heading in group)
        if chosen:
            heading, title = chosen
            name = grid.name or title or heading.word.title
            key = heading.word.key
            match = Match(key, heading.word, grid, heading, title, name, heading.bottom + 1, grid.height)
            leading = read_lead(match, floor + 1)
            if matches:
                matches[-1].last = min(leading, heading.top) - 1
            read_head(match, headings)
            matches.append(match)
            bottom = heading.bottom
    return matches, UNTITLED if bottom else UNRECOGNISED


def of_year(match: Match) -> int:
    """The year that the title of a table or its sheet's name says; 0 when neither does."""
    return first_year((match.title, match.grid.name))


def contradiction(match: Match) -> str:
    """Why the amounts of a table cannot be told; blank for every other table."""
    if unknown := [unit for unit in match.units if unit not in YUAN_IN]:
        return UNKNOWN_UNIT.format(unknown[0])
    return TWO_UNITS.format("、".join(sorted(match.units))) if len(match.units) > 1 else ""


def choose(group: list[Heading], sources: list[list[str]], words: list[Word]) -> tuple[Heading, str] | None:
    """The heading whose table the nearest title names, with that title; none when its header is another table's.

    Without any title the only one that fits wholly, and a blank title: the standard one then stands.
    """
    for texts in sources:
        for text in texts:
            rank = max(title_rank(text, word.title) for word in words)
            if rank:
                named = [heading for heading in group if title_rank(text, heading.word.title) == rank]
                return (max(named, key=lambda heading: heading.score), text) if named else None
    whole = [heading for heading in group if not heading.missing and not heading.extra]
    return (whole[0], "") if len(whole) == 1 else None


def read_lead(match: Match, floor: int) -> int:
    """Read title, meta lines and preface above a header; gives the topmost row that belongs to the table."""
    top = match.heading.top
    read_preface(match, floor)
    for number, cells in reversed(_rows(match.grid, floor, match.heading.top - 1)):
        known = [cell for cell in cells if read_above(match, cell)]
        match.use(known)
        if known:
            top = number
        elif floor > 1:
            break
    return top


def read_preface(match: Match, floor: int) -> None:
    """Take the cells beside a preface (绩效目标), in its own row and those below it down to the header."""
    rows = _rows(match.grid, floor, match.heading.top - 1)
    if not isinstance(match.word, Listing) or not match.word.preface:
        return
    for number, cells in rows:
        if norm(cells[0].text) == norm(match.word.preface):
            match.use(cells[:1])
            beside = [cell for below, others in rows if below >= number for cell in others]
            match.preface = [cell for cell in beside if cell.column > cells[0].column]


def read_above(match: Match, cell: GridCell) -> bool:
    """Take one cell above a header; False when it says nothing that is known."""
    word = match.word
    if cell.text == match.title or title_rank(cell.text, word.title) == 1000 or cell in match.preface:
        return True
    said = kinds(cell.text)
    places = dict(declared_places(word.meta))
    for kind, found in said.items():
        if kind == "unit":
            match.unit = found["unit"]
            match.units.add(match.unit)
        values = {name: value for name, value in found.groupdict().items() if value and name != "unit"}
        match.said |= {"year" if name == "before" else name: value for name, value in values.items()}
        if kind in places and len(said) == 1:
            match.meta[places[kind]] = cell.text
    return bool(said)


def read_head(match: Match, headings: Headings) -> None:
    """Take the header cells, the 栏次 row, and the notes below; find the unit in the captions when no line said it."""
    grid, heading = match.grid, match.heading
    known = {*heading.columns.values(), *heading.aside}
    for merge in grid.merges:  # a group caption stands over every column of its range
        if heading.top <= merge.top <= heading.bottom and known & set(range(merge.left, merge.right + 1)):
            known.add(merge.left)
    captions = {caption for path in heading.paths.values() for caption in path}
    for _, cells in _rows(grid, heading.top, heading.bottom):
        match.use(cell for cell in cells if cell.column in known or cell.text in captions)
    if headings.numbered(match.first):
        match.use(grid.row(match.first))
        match.first += 1
    match.units |= set().union(*map(units_named, captions))
    match.unit = match.unit or "".join(match.units)


def _rows(grid: Grid, top: int, bottom: int) -> list[tuple[int, list[GridCell]]]:
    return [(number, cells) for number, cells in grid.rows() if top <= number <= bottom]
