"""A deck as a PowerPoint file, for those who must upload one: pictures with descriptions, notes.

python-pptx writes it. Text and tables stay text and tables, so that a teacher can change them;
charts are pictures, for PowerPoint knows no Vega.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from centralasia import course
from centralasia.files import write_whole
from centralasia.kit import lesson as lessons
from centralasia.kit import slides
from centralasia.kit.drawings import Drawing
from centralasia.kit.questions import Option
from centralasia.kit.screen import html
from centralasia.language import _

PIXEL = 9525
"""English metric units, in which such a file counts."""
LEFT, TOP = 22, 18
"""Pixels around what stands on a slide."""
SHARP = 2
"""Pixels of a picture for each pixel of the slide."""
MARGIN = 8
"""Pixels beside the text of a table's cell."""
FOOT = 60
"""Pixels that are left under a table for its source."""
LETTER = 0.6
"""Width of a letter of bold type, by its size; few are wider."""
_BETWEEN = 0.4
"""Room between paragraphs, by the size of their type."""
_ROW = 1.45
"""Height of a row of a table, by the size of its type."""


def build(lesson: str, file: Path) -> Path:
    """Write the slides of a lesson as a PowerPoint file.

    Parameters
    ----------
    lesson : str
        Its number or name.
    file : pathlib.Path
        What to write; a file that is there is replaced.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    course.Unknown
        If there is no such lesson.
    """
    from pptx import Presentation
    from pptx.util import Emu

    content = lessons.read(lesson)
    show = Presentation()
    show.slide_width, show.slide_height = Emu(slides.WIDE * PIXEL), Emu(slides.HIGH * PIXEL)
    show.core_properties.title = content.title
    show.core_properties.author = course.title()
    titled = show.slide_layouts.get_by_name("Title Only")
    for slide in slides.deck(content):
        _fill(show.slides.add_slide(titled), slide)
    written = io.BytesIO()
    show.save(written)
    write_whole(file, written.getvalue())
    return file


def _fill(page: Any, slide: slides.Slide) -> None:
    """Put title, blocks, foot and notes on a page, from the top down."""
    top: float = TOP
    if slide.above:
        top = _write(page, [slide.above], top, size=18, quiet=True)
    top = _title(page, slide, top)
    size = slide.type if slide.of_words else 18
    for block in slide.blocks:
        match block:
            case slides.Text():
                top = _write(page, [block.markdown], top, size=size)
            case slides.Points():
                top = _write(page, [f"• {item}" for item in block.items], top, size=size)
            case slides.Options():
                top = _write(page, [_option(block, o) for o in block.options], top, size=size)
            case slides.Table():
                top = _table(page, block, top)
            case slides.Chart():
                top = _picture(page, block.drawing, top)
    if slide.foot:
        _write(page, [slide.foot], top, size=18, quiet=True)
    if slide.notes:
        page.notes_slide.notes_text_frame.text = _plain(slide.notes)


def _title(page: Any, slide: slides.Slide, top: float) -> float:
    size = 44 if slide.opens else slides.TITLE if slide.of_words else 32
    lines = -(-len(slide.title) * size // 2176)
    shape = page.shapes.title
    _place(shape, top, size * 1.3 * lines)
    shape.text_frame.word_wrap = True
    shape.text_frame.text = slide.title
    _style(shape.text_frame.paragraphs[0], size, bold=True)
    return top + size * 1.3 * lines + 8


def _write(
    page: Any, paragraphs: list[str], top: float, *, size: int, quiet: bool = False
) -> float:
    """Write paragraphs of Markdown; return where they end."""
    chars = 2.05 * (slides.WIDE - 2 * LEFT) / size
    plain = [_plain(text) for text in paragraphs]
    room = slides.HIGH - TOP - top
    while size > 16 and _high(plain, chars, size) > room:
        size -= 2
        chars = 2.05 * (slides.WIDE - 2 * LEFT) / size
    high = _high(plain, chars, size)
    box = page.shapes.add_textbox(0, 0, 0, 0)
    _place(box, top, high)
    frame = box.text_frame
    frame.word_wrap = True
    for n, text in enumerate(paragraphs):
        line = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
        for part, bold, italic in _runs(text):
            run = line.add_run()
            run.text, run.font.bold, run.font.italic = part, bold, italic
        line.space_after = int(_BETWEEN * size * PIXEL)
        _style(line, size, quiet=quiet)
    return top + high + 6


def _high(texts: list[str], chars: float, size: int) -> float:
    """Return the pixels that paragraphs take."""
    lines = sum(max(1, -(-len(text) // int(chars))) for text in texts)
    return (lines * slides.LEADING + _BETWEEN * (len(texts) - 1)) * size


def _table(page: Any, table: slides.Table, top: float) -> float:
    wide = sum(cell.span for cell in table.head[-1])
    filled = [[cell for cell in row for _n in range(cell.span)] for row in table.head]
    labels: list[str] = []
    for own, values in table.rows:
        depth = wide - len(values)
        labels = [*labels[: depth - len(own)], *(label.text for label in own)]
        filled.append([*map(slides.Cell, labels), *values])
    size, widths, lines = _measured(filled, slides.HIGH - top - 2 * TOP - FOOT)
    high = sum(lines) * size * _ROW
    frame = page.shapes.add_table(len(filled), wide, 0, 0, 0, 0)
    _place(frame, top, high)
    drawn = frame.table
    for row, number in zip(drawn.rows, lines, strict=True):
        row.height = int(number * size * _ROW * PIXEL)
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = int(width * PIXEL)
    for y, row in enumerate(filled):
        for x, cell in enumerate(row):
            place = drawn.cell(y, x)
            place.text = cell.text
            place.margin_top = place.margin_bottom = 0
            place.margin_left = place.margin_right = int(MARGIN * PIXEL)
            _style(place.text_frame.paragraphs[0], size, bold=y < len(table.head) or cell.marked)
            if cell.marked:
                place.fill.solid()
                place.fill.fore_color.rgb = _color("FFE28A")
    return top + high + 6


def _measured(rows: list[list[slides.Cell]], room: float) -> tuple[float, list[float], list[int]]:
    """Return the largest type with which a table fits, its columns' widths and its rows' lines.

    No column is narrower than its longest word, so that no program breaks one.
    """
    for size in range(21, 7, -1):
        widths = _widths(rows, size)
        lines = [
            max(_wrapped(cell.text, width, size) for cell, width in zip(row, widths, strict=True))
            for row in rows
        ]
        if sum(lines) * size * _ROW <= room and sum(widths) <= slides.WIDE - 2 * LEFT:
            break
    return size, widths, lines


def _widths(rows: list[list[slides.Cell]], size: float) -> list[float]:
    """Return the width of each column in pixels: of its longest text if there is room for all."""
    letter = size * LETTER
    columns = [[row[x].text for row in rows] for x in range(len(rows[-1]))]
    least = [max(len(w) for text in texts for w in text.split() or [""]) for texts in columns]
    most = [max(map(len, texts)) for texts in columns]
    narrow = [n * letter + 2 * MARGIN for n in least]
    spare = slides.WIDE - 2 * LEFT - sum(narrow)
    wished = [(m - n) * letter for m, n in zip(most, least, strict=True)]
    part = min(1.0, max(0.0, spare) / sum(wished)) if sum(wished) else 0.0
    return [n + part * more for n, more in zip(narrow, wished, strict=True)]


def _wrapped(text: str, width: float, size: float) -> int:
    """Return how many lines a text takes in a column, filled word by word."""
    room, lines, used = (width - 2 * MARGIN) / (size * LETTER) + 0.01, 1, 0
    for word in text.split():
        if used and used + 1 + len(word) > room:
            lines, used = lines + 1, len(word)
        else:
            used += len(word) + bool(used)
    return lines


def _picture(page: Any, drawing: Drawing, top: float) -> float:
    import vl_convert

    png = vl_convert.svg_to_png(drawing.svg, scale=drawing.zoom * SHARP)
    wide, high = drawing.width * drawing.zoom, drawing.height * drawing.zoom
    place = (int(n * PIXEL) for n in (LEFT, top, wide, high))
    shape = page.shapes.add_picture(io.BytesIO(png), *place)
    described = shape._element.nvPicPr.cNvPr  # python-pptx has no name for a description
    described.set("descr", drawing.description)
    return top + high + 4


def _option(block: slides.Options, option: Option) -> str:
    if block.answered and option.right:
        right = _("right")
        return f"**{option.letter}. {option.text} ✓ {right}**"
    return f"{option.letter}. {option.text}"


def _runs(markdown: str) -> list[tuple[str, bool, bool]]:
    """Return the pieces of a text, each with whether it is bold and whether it is in italics."""
    found = []
    for piece in BeautifulSoup(html(markdown), "html.parser").descendants:
        if isinstance(piece, NavigableString) and piece.strip("\n"):
            around = {parent.name for parent in piece.parents if isinstance(parent, Tag)}
            text = re.sub(r"\s+", " ", piece)
            found.append((text, "strong" in around, "em" in around))
    return found


def _plain(markdown: str) -> str:
    return BeautifulSoup(html(markdown), "html.parser").get_text().strip()


def _place(shape: Any, top: float, high: float) -> None:
    shape.left, shape.top = LEFT * PIXEL, int(top * PIXEL)
    shape.width, shape.height = (slides.WIDE - 2 * LEFT) * PIXEL, int(high * PIXEL)


def _color(code: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(code)


def _style(paragraph: Any, size: float, *, bold: bool = False, quiet: bool = False) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Emu

    paragraph.alignment = PP_ALIGN.LEFT
    paragraph.font.size = Emu(int(size * PIXEL))
    if bold:
        paragraph.font.bold = True
    if quiet:
        paragraph.font.color.rgb = _color("5B5B57")
