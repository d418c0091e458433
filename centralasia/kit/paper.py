"""A deck as PDF: a page a slide, every chart drawn, and on request a page of notes under each.

Typst sets it and vl-convert draws the charts, so that it is the same on every machine, with a
browser or without.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from centralasia.files import write_whole
from centralasia.kit import lesson as lessons
from centralasia.kit import pdf, slides
from centralasia.kit.questions import Option
from centralasia.language import _

TEMPLATES = Path(__file__).parent / "templates" / "slides"
POINTS = 0.75
"""Of a pixel."""


def build(lesson: str, file: Path, *, notes: bool = False) -> Path:
    """Write the slides of a lesson as PDF.

    Parameters
    ----------
    lesson : str
        Its number or name.
    file : pathlib.Path
        What to write; a file that is there is replaced.
    notes : bool, optional
        Whether to set pages of notes: the slide above, and below it what the speaker reads.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    course.Unknown
        If there is no such lesson.
    """
    content = lessons.read(lesson)
    return write(slides.deck(content), content.title, file, notes=notes)


def write(deck: list[slides.Slide], title: str, file: Path, *, notes: bool = False) -> Path:
    """Write slides as PDF, and return where it is; `notes` as for `build`."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        pages = [_page(slide, folder, n) for n, slide in enumerate(deck, start=1)]
        head = (TEMPLATES / "deck.typ").read_text(encoding="utf-8")
        made = pdf.compiled("\n".join([head, *pages]), folder, title)
        if notes:
            (folder / "slides.pdf").write_bytes(made)
            below = [
                f"#noted({n})[{pdf.from_markdown(slide.notes)}]"
                for n, slide in enumerate(deck, start=1)
            ]
            head = (TEMPLATES / "notes.typ").read_text(encoding="utf-8")
            made = pdf.compiled("\n".join([head, *below]), folder, title)
    write_whole(file, made)
    return file


def _page(slide: slides.Slide, folder: Path, number: int) -> str:
    """Return a slide as a call of the template's ``slide``."""
    blocks = [_block(block, folder, f"{number}-{n}") for n, block in enumerate(slide.blocks)]
    named = f"above: {string(slide.above)}, foot: {string(slide.foot)}, opens: "
    named += "true" if slide.opens else "false"
    if slide.of_words:
        named += f", type: {max(slides.WORDS) * POINTS}pt, head: {slides.TITLE * POINTS}pt"
    return f"#slide({string(slide.title)}, {named})[\n{chr(10).join(blocks)}\n]"


def _block(block: slides.Block, folder: Path, name: str) -> str:
    match block:
        case slides.Text():
            return pdf.from_markdown(block.markdown)
        case slides.Points():
            return "#apart[\n" + pdf.from_markdown("\n".join(f"- {i}" for i in block.items)) + "\n]"
        case slides.Options():
            return "\n".join(_option(option, block.answered) for option in block.options)
        case slides.Table():
            return table(block)
    drawing = block.drawing
    (folder / f"{name}.svg").write_text(drawing.svg, encoding="utf-8")
    wide = drawing.width * drawing.zoom * POINTS
    return f'#image("{name}.svg", width: {wide:.1f}pt, alt: {string(drawing.description)})'


def _option(option: Option, answered: bool) -> str:
    right = answered and option.right
    mark = " ✓ " + _("right") if right else ""
    text = f"#{string(f'{option.letter}. {option.text}{mark}')}"
    return f"#block[*{text}*]" if right else f"#block[{text}]"


def table(table: slides.Table, columns: str = "") -> str:
    """Return a table in Typst, with cells over several rows or columns.

    `columns` is Typst's own word for their widths; each is as wide as its text when left out.
    """
    wide = columns or sum(cell.span for cell in table.head[-1])
    head = [_cell(cell, across=True) for row in table.head for cell in row]
    rows = []
    for labels, values in table.rows:
        rows += [_cell(label, across=False, strong=True) for label in labels]
        rows += [_cell(value, across=False, strong=value.marked) for value in values]
    return f"#table(columns: {wide}, table.header({', '.join(head)}), {', '.join(rows)})"


def _cell(cell: slides.Cell, *, across: bool, strong: bool = False) -> str:
    span = f"{'col' if across else 'row'}span: {cell.span}, " if cell.span > 1 else ""
    fill = "fill: yellow.lighten(60%), " if cell.marked else ""
    text = f"#{string(cell.text)}"
    return f"table.cell({span}{fill})[{f'*{text}*' if strong else text}]"


def string(text: str) -> str:
    """Return a text as Typst writes it between quotes."""
    return json.dumps(text, ensure_ascii=False)
