"""A deck for a browser: one HTML file with live charts and speaker notes that needs no network.

The slides run on reveal.js 6.0.2 (MIT, in ``reveal/``); Vega comes from vl-convert, which carries
it. Both are written into the file, and beside each live chart its picture, which is what a printer
gets.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from pathlib import Path

from markupsafe import Markup
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from centralasia.files import write_whole
from centralasia.kit import lesson as lessons
from centralasia.kit import slides
from centralasia.kit.drawings import Drawing
from centralasia.pictures import VEGA_LITE
from centralasia.templates import render

REVEAL = Path(__file__).parent / "reveal"
_ALONE = re.compile(r"^<p>((?:(?!</?p>).)*)</p>$", re.S)


@cache
def _vega() -> str:
    import vl_convert

    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=VEGA_LITE)


def html(markdown: str) -> Markup:
    """Return Markdown as HTML; a single paragraph without the element around it.

    Examples
    --------
    >>> str(html("One *word*"))
    'One <em>word</em>'
    """
    return Markup(_ALONE.sub(r"\1", markdown2html_mistune(markdown).strip()))


def _picture(drawing: Drawing) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.svg.encode()).decode()


def section(slide: slides.Slide) -> str:
    """Return a slide as HTML."""
    return render("kit/templates/slides/slide.html", slide=slide, html=html, picture=_picture)


def build(lesson: str, file: Path) -> Path:
    """Write the slides of a lesson as one file for a browser.

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
    content = lessons.read(lesson)
    return write(slides.deck(content), content.title, file)


def write(deck: list[slides.Slide], title: str, file: Path) -> Path:
    """Write slides as one file for a browser, and return where it is."""
    reveal = [(REVEAL / name).read_text(encoding="utf-8") for name in ("reveal.js", "notes.js")]
    page = render(
        "kit/templates/slides/deck.html",
        title=title,
        reveal_css=(REVEAL / "reveal.css").read_text(encoding="utf-8"),
        slides=[section(slide) for slide in deck],
        scripts=[_inline(script) for script in (_vega(), *reveal)],
    )
    write_whole(file, page.encode())
    return file


def _inline(script: str) -> str:
    """Keep a script's own texts from ending the element that it stands in."""
    return re.sub(r"</(?=script)", r"<\\/", script, flags=re.I)
