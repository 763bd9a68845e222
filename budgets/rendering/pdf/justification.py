"""Justified lines of Chinese text. Renderer process only.

WeasyPrint 70 stretches only blanks, of which Chinese text has none, so every line with a digit or with a mark that
may not open a line would end short of the margin. Here the room goes between the Chinese characters; figures and
Latin words keep their own spacing.
"""

import re
from collections.abc import Iterator
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text.ffi import TO_UNITS, ffi, pango
from weasyprint.text.line_break import Layout

FULLEST = 4.0  # ems; quotation marks hold their neighbours together, so a full line may end that early
WIDE = re.compile(r"[^\x00-\xff]+")
_set_text = Layout.set_text


def justify_line(context: Any, line: Any, room: float) -> None:
    """Widen `line` by `room` pixels, in place of WeasyPrint's function of the same name."""
    texts = list(_texts(line))
    text = "".join(box.text for box in texts)
    gaps = sum(map(_gap, text, text[1:]))
    if gaps and room <= FULLEST * line.style["font_size"]:
        _widen(line, room / gaps, 0.0)


def _wide(letter: str) -> bool:
    return ord(letter) > 0xFF


def _gap(left: str, right: str) -> float:
    """How much of the spacing stands between two letters: each wide one brings a half."""
    return (_wide(left) + _wide(right)) / 2


def _texts(box: Any) -> Iterator[Any]:
    if isinstance(box, boxes.TextBox):
        yield box
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        for child in box.children:
            yield from _texts(child)


def _widen(box: Any, spacing: float, shift: float) -> float:
    """Space the letters of a box and move it by `shift`; return how far what follows it moves."""
    start = shift
    box.position_x += shift
    if isinstance(box, boxes.TextBox):
        box.pango_layout.justification_spacing = spacing
        shift += spacing * sum(map(_gap, box.text, box.text[1:]))
    else:
        for child in box.children:
            if isinstance(child, boxes.TextBox | boxes.InlineBox):
                shift = _widen(child, spacing, shift)
            else:
                child.translate(dx=shift)
    box.width += shift - start
    return shift


def set_text(layout: Any, text: str, justify: bool = False) -> None:
    """WeasyPrint's method of the same name, but a justified line spaces its wide letters, not its blanks."""
    spacing = layout.justification_spacing
    layout.justification_spacing = 0
    _set_text(layout, text, justify)
    layout.justification_spacing = spacing
    if not (justify and spacing):
        return
    attributes = pango.pango_layout_get_attributes(layout.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    for match in WIDE.finditer(text):
        attribute = pango.pango_attr_letter_spacing_new(int(spacing * TO_UNITS))
        attribute.start_index = len(text[: match.start()].encode())
        attribute.end_index = attribute.start_index + len(match[0].encode())
        pango.pango_attr_list_change(attributes, attribute)
    pango.pango_layout_set_attributes(layout.layout, attributes)


def install() -> None:
    """Make WeasyPrint use the two functions above."""
    inline.justify_line = justify_line
    Layout.set_text = set_text
