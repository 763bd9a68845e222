"""The picture that a message shows when somebody shares a disclosure's address: who, what, and its first two figures."""

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import budgets.fonts
from budgets.domain.documents import Document
from budgets.domain.headlines import headlines
from budgets.rendering.imprint import Imprint

SIZE = WIDTH, HEIGHT = 1200, 630
EDGE = 72
INK, SOFT, LINE, PAPER, SEAL = "#1d2327", "#565f66", "#d9d6cf", "#ffffff", "#a5301f"
FONTS = Path(budgets.fonts.__file__).parent
SERIF, SANS, STRONG = "NotoSerifSC-Bold", "NotoSansSC-Regular", "NotoSansSC-Bold"
MOST_LINES = 2
MOST_DIGITS = 13  # of an amount that is set large
COLOURS = 32  # ink, paper and the shades between


@cache
def face(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"{name}.ttf", size)


def share_picture(document: Document, imprint: Imprint) -> bytes:
    """The picture of a disclosure."""
    day = f"{imprint.published_on:%Y-%m-%d} 公开　" if imprint.published_on else ""
    return card(
        f"{document.region_name}{imprint.site.title}",
        document.unit_name,
        document.title,
        [(figure.label, figure.amount, figure.unit) for figure in headlines(document)[:2]],
        f"{day}第 {imprint.revision} 版",
        imprint.site.name,
    )


def card(
    head: str, who: str, title: str, figures: Sequence[tuple[str, str, str]], foot: str, name: str
) -> bytes:
    """A PNG of 1200 × 630: whose it is, a title, at most two figures (label, amount, unit) beside each other; a long name is
    set smaller, then cut."""
    picture = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, WIDTH, 14), SEAL)
    draw.text((EDGE, 64), name, SEAL, face(SERIF, 44))
    draw.text((EDGE + draw.textlength(name, face(SERIF, 44)) + 24, 78), head, SOFT, face(SANS, 28))
    size, lines = wrapped(draw, who)
    top = 156 if len(lines) > 1 else 180
    for n, line in enumerate(lines):
        draw.text((EDGE, top + n * size * 1.25), line, INK, face(SERIF, size))
    draw.text((EDGE, 326), title, INK, face(SANS, 40))
    draw.line((EDGE, 402, WIDTH - EDGE, 402), LINE, 2)
    for n, (label, amount, unit) in enumerate(figures):
        left = EDGE + n * (WIDTH - 2 * EDGE) // 2
        draw.text((left, 424), label, SOFT, face(SANS, 28))
        large = face(STRONG, 56 if len(amount) <= MOST_DIGITS else 40)
        draw.text((left, 530), amount, INK, large, anchor="ls")
        draw.text((left + draw.textlength(amount, large) + 12, 530), unit, SOFT, face(SANS, 28), anchor="ls")
    draw.text((EDGE, 564), foot, SOFT, face(SANS, 26))
    out = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def wrapped(draw: ImageDraw.ImageDraw, name: str) -> tuple[int, list[str]]:
    """The name in one large line or two smaller ones, with the size of their letters."""
    room = WIDTH - 2 * EDGE
    for size in (76, 60):
        if draw.textlength(name, face(SERIF, size)) <= room:
            return size, [name]
    size = 56
    fitting = max(n for n in range(len(name) + 1) if draw.textlength(name[:n], face(SERIF, size)) <= room)
    lines = [name[start : start + fitting] for start in range(0, len(name), fitting)]
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1][:-1]}…"]
    return size, lines
