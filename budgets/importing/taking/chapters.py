"""Narrative chapters out of the flow of a Word file: numbered headings, paragraphs, annex tables in place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from budgets.domain.ledgers import Narrative, Project
from budgets.domain.numerals import numeral
from budgets.domain.printed_parts import EXPLANATIONS, GLANCE
from budgets.domain.tables import Listing, TableSet
from budgets.importing.captions.caption_norms import bare, likeness, norm
from budgets.importing.captions.chapter_titles import find_titles, heads_document, told
from budgets.importing.reading.grids import Text, Unread
from budgets.importing.recognising.matches import Match

HEADING = re.compile(r"(?P<number>[一二三四五六七八九十]{1,3})\s*[、.．]\s*(?P<title>\S.*)")
# What stands before the title of a heading that its style makes one.
LABEL = re.compile(
    r"^(?:第[一二三四五六七八九十\d]+[部章节][分]?|[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十\d]+[)）]|\d+(?:[.．]\d+)*[、.．]?)\s*"
)
LONGEST_HEADING = 60
ALIKE = 0.6  # of a chapter's title and the declared one
BRIDGE = 0.01  # worth of a heading that only its number makes a chapter
PROJECT_LIST = "分项绩效目标"
PROJECT = re.compile(r"\d+\s*[、.．]\s*(?P<name>[^。；;：:]{2,60})")
BODY = "正文"
NO_CHAPTER = "不在任何一章中"
OUTSIDE = "正文之外的文字不属于公开内容"
DRAWN = "由本系统从表中的数字写成、画成，不另读入"


@dataclass(frozen=True, slots=True)
class Words:
    """What the paragraphs of a file say."""

    title: str
    lead: str
    narratives: tuple[Narrative, ...]
    projects: tuple[Project, ...]
    unread: tuple[Unread, ...]
    said: dict[str, str]  # the department that a cover names


@dataclass(frozen=True, slots=True)
class _Heading:
    at: int  # in the flow
    number: int
    title: str
    key: str  # of the declared chapter that its title is like; blank for none
    worth: float


def read_chapters(flow: Sequence[Text | Match], table_set: TableSet) -> Words:
    """The chapters in order. Whatever stands in none of them is title, lead, or reported as not read."""
    body, drawn = _without_drawn([block for block in flow if isinstance(block, Match) or block.body])
    unread = [Unread(t.place, "", t.text, OUTSIDE) for t in flow if isinstance(t, Text) and not t.body]
    unread += [Unread(BODY, t.place, t.text, DRAWN) for t in drawn]
    headings = _headings(body, table_set)
    first = headings[0].at if headings else len(body)
    before = [block for block in body[:first] if isinstance(block, Text)]
    titles = [text for text in before if headings and heads_document(text.text, table_set)]
    title = titles[-1] if titles else None
    after_title = before[before.index(title) + 1 :] if title else []
    lead = after_title[0] if after_title and table_set.lead else None
    rest = [text for text in before if text not in (title, lead)]
    unread += [Unread(BODY, t.place, t.text, NO_CHAPTER) for t in rest if not told(t.text)]
    narratives = []
    taken: set[str] = set()
    ends = [*(heading.at for heading in headings), len(body)][1:]
    for heading, end in zip(headings, ends, strict=True):
        key = heading.key if heading.key and heading.key not in taken else f"chapter_{heading.number}"
        taken.add(key)
        narratives.append(Narrative(key, heading.title, _text(body[heading.at + 1 : end], key, table_set)))
    projects = [project for narrative in narratives for project in read_projects(narrative.text)]
    return Words(
        title.text if title else "",
        lead.text if lead else "",
        tuple(narratives),
        tuple(projects),
        tuple(unread),
        {name: value for text in rest for name, value in told(text.text).items()},
    )


def _without_drawn(body: list[Text | Match]) -> tuple[list[Text | Match], list[Text]]:
    """What a department wrote, and the headings of the parts that the portal made out of it (`printed_parts`): the page
    of pictures, and what it printed behind the last chapter.
    """
    own, drawn = list(body), list[Text]()
    for block in body:
        if isinstance(block, Text) and block.text == GLANCE:
            drawn.append(block)
            own = [b for b in body if b is not block and (isinstance(b, Match) or b.place != block.place)]
            break
    for n, block in enumerate(own):
        if isinstance(block, Text) and block.text == EXPLANATIONS:
            return own[:n], [*drawn, block]
    return own, drawn


def _headings(body: Sequence[Text | Match], table_set: TableSet) -> list[_Heading]:
    """The chapters by their numbers, by the style of their headings or by their titles alone: whatever finds most.

    A heading that the portal wrote says itself of which chapter it is; beside those only chapters that none heads count.
    """
    if table_set.numbered_chapters:
        found = _chain(_candidates(body, table_set)), _styled(body, table_set), _titled(body, table_set)
        likeliest = max(found, key=lambda headings: sum(bool(heading.key) for heading in headings))
    else:
        likeliest = _titled(body, table_set)
    marked = _marked(body, table_set)
    taken = {heading.key for heading in marked}
    more = [heading for heading in likeliest if not marked or (heading.key and heading.key not in taken)]
    return sorted((*marked, *more), key=lambda heading: heading.at)


def _marked(body: Sequence[Text | Match], table_set: TableSet) -> list[_Heading]:
    """The headings that the portal wrote, the first of each chapter."""
    found: dict[str, _Heading] = {}
    for at, block in enumerate(body):
        if isinstance(block, Text) and block.chapter:
            numbered = HEADING.fullmatch(block.text) if table_set.numbered_chapters else None
            title = numbered["title"] if numbered else block.text
            found.setdefault(block.chapter, _Heading(at, len(found) + 1, title, block.chapter, 1))
    return list(found.values())


def _styled(body: Sequence[Text | Match], table_set: TableSet) -> list[_Heading]:
    """The headings of one level, from the first whose title is like a chapter's to the last; none without any."""
    levels: dict[int, list[_Heading]] = {}
    for at, block in enumerate(body):
        if isinstance(block, Text) and block.level and len(block.text) <= LONGEST_HEADING:
            level = levels.setdefault(block.level, [])
            title = LABEL.sub("", block.text)
            level.append(_Heading(at, len(level) + 1, title, *_likest(title, table_set)))
    found: list[list[_Heading]] = [[]]
    for level in levels.values():
        known = [i for i, heading in enumerate(level) if heading.key]
        found.append(level[known[0] : known[-1] + 1] if known else [])
    return max(found, key=lambda headings: sum(heading.worth for heading in headings))


def _likest(title: str, table_set: TableSet) -> tuple[str, float]:
    """The declared chapter that a title is like, and how much; no chapter and little worth when it is like none."""
    worth, key = max((likeness(title, word.title), word.key) for word in table_set.chapters)
    return (key, worth) if worth >= ALIKE else ("", BRIDGE)


def _titled(body: Sequence[Text | Match], table_set: TableSet) -> list[_Heading]:
    """The chapters that are headed by just their titles."""
    texts = [block.text if isinstance(block, Text) else "" for block in body]
    found = find_titles(texts, table_set.chapters)
    given = [LABEL.sub("", text) if table_set.numbered_chapters else text for text in texts]
    return [_Heading(at, n, given[at], word.key, 1) for n, (at, word) in enumerate(found, 1)]


def _candidates(body: Sequence[Text | Match], table_set: TableSet) -> list[_Heading]:
    numbers = {numeral(n): n for n in range(1, 50)}
    found = []
    for at, block in enumerate(body):
        match = HEADING.fullmatch(block.text) if isinstance(block, Text) else None
        if match is None or len(match[0]) > LONGEST_HEADING or match["number"] not in numbers:
            continue
        title = match["title"]
        found.append(_Heading(at, numbers[match["number"]], title, *_likest(title, table_set)))
    return found


def _chain(candidates: list[_Heading]) -> list[_Heading]:
    """The chapters among numbered headings: 一, 二, 三 … in order, whose titles are most like the declared ones.

    Sections inside a chapter are numbered 一、 too; a heading whose title is like no chapter counts only where the
    numbers of the others leave a gap for it.
    """
    best: list[tuple[float, list[_Heading]]] = []
    for i, heading in enumerate(candidates):
        chains = [best[j] for j in range(i) if candidates[j].number == heading.number - 1 and best[j][1]]
        if heading.number == 1:
            best.append((heading.worth, [heading]))
        elif chains:
            worth, chain = max(chains, key=lambda entry: entry[0])
            best.append((worth + heading.worth, [*chain, heading]))
        else:
            best.append((0, []))
    ended = [(worth, chain) for worth, chain in best if chain and chain[-1].key]
    return max(ended, key=lambda entry: entry[0])[1] if ended else []


def _text(blocks: Sequence[Text | Match], chapter: str, table_set: TableSet) -> str:
    """A chapter's paragraphs, a line each; annex tables get an anchor unless they stand at its end as declared."""
    home = [word.annexes for word in table_set.chapters if word.key == chapter]
    annexes = [
        block.word.key for block in blocks if isinstance(block, Match) and isinstance(block.word, Listing)
    ]
    last_text = max((i for i, block in enumerate(blocks) if isinstance(block, Text)), default=-1)
    after = [block for block in blocks[last_text + 1 :] if isinstance(block, Match)]
    in_place = len(after) >= len(annexes) and tuple(dict.fromkeys(annexes)) == (home[0] if home else ())
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Text):
            lines.append(block.text)
        elif isinstance(block.word, Listing) and not in_place:
            anchor = f"[[表：{block.word.key}]]"
            lines += [anchor] if anchor not in lines else []
    return "\n".join(lines)


def read_projects(text: str) -> list[Project]:
    """The projects that a section 分项绩效目标 lists, each with the goals below its name."""
    projects: list[tuple[str, list[str]]] = []
    inside = False
    for line in text.splitlines():
        if heading := HEADING.fullmatch(line):
            inside = bare(norm(heading["title"])) == PROJECT_LIST
        elif inside and (match := PROJECT.fullmatch(line)):
            projects.append((match["name"].strip(), []))
        elif inside and projects and not line.startswith("[["):
            projects[-1][1].append(line)
    return [Project(name, None, tuple(goals)) for name, goals in projects]
