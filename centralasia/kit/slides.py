"""A lesson as slides: one HTML file with live charts and speaker notes that needs no network.

The slides run on reveal.js 6.0.2 (MIT, in ``reveal/``); Vega comes from vl-convert, which carries
it. Both are written into the file.
"""

from __future__ import annotations

import json
import re
from functools import cache
from html import escape
from pathlib import Path

from nbconvert.filters.markdown_mistune import markdown2html_mistune as to_html

from centralasia import tables
from centralasia.files import write_whole
from centralasia.kit import lesson as lessons
from centralasia.kit.lesson import EVIDENCE, Lesson, Part

MOST_SLIDES = 20
MOST_ROWS = 12
REVEAL = Path(__file__).parent / "reveal"
VEGA_LITE = "5.20"
"""What Altair 5.5 writes."""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{reveal_css}</style>
<style>{css}</style>
</head>
<body>
<div class="reveal"><div class="slides">
{slides}
</div></div>
<script>{vega}</script>
<script>{reveal}</script>
<script>{notes}</script>
<script>{start}</script>
</body>
</html>
"""


@cache
def _vega() -> str:
    import vl_convert

    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=VEGA_LITE)


def _slide(title: str, body: str = "", notes: str = "", level: int = 2) -> str:
    aside = f'<aside class="notes">{notes}</aside>' if notes else ""
    return f"<section><h{level}>{escape(title)}</h{level}>{body}{aside}</section>"


def _opening(lesson: Lesson) -> str:
    goals = "".join(f"<li>{to_html(goal)}</li>" for goal in lesson.about["objectives"])
    body = (
        f"<p>Period: {escape(lesson.about['period'])}</p><p>You will learn to</p><ul>{goals}</ul>"
    )
    notes = f"About {lesson.about['minutes']} minutes alone. It needs: {lesson.about['needs']}"
    return _slide(f"{lesson.number} · {lesson.about['title']}", body, escape(notes), level=1)


def _predictions(lesson: Lesson) -> list[str]:
    items = tables.load("items").query("lesson == @lesson.number and kind == 'prediction'")
    options = tables.load("options").sort_values("position")
    notes = "Answers first, with a confidence, then the data. Nobody has to say a choice aloud."
    return [
        _slide(
            f"Predict: {row.prompt}",
            "<ol>"
            + "".join(f"<li>{escape(o)}</li>" for o in options[options.item_id == row.item_id].text)
            + "</ol>",
            notes,
        )
        for row in items.sort_values("item_id").itertuples()
    ]


def _claims(lesson: Lesson) -> list[str]:
    claims = tables.load("claims").query("lesson == @lesson.number")
    if claims.empty:
        return []
    order = ["figure", "event", "membership", "forecast", "causal", "interpretation"]
    claims = claims.assign(rank=claims["kind"].astype(str).map(order.index)).sort_values(
        ["rank", "claim_id"]
    )
    rows = "".join(
        f"<li><strong>{c.claim_id}</strong> {escape(c.claim)}</li>" for c in claims[:4].itertuples()
    )
    more = f"<p>{len(claims)} claims in this lesson.</p>" if len(claims) > 4 else ""
    notes = "In our words, not the essay's. Which of these could a table settle? Which never?"
    return [_slide("What the essay says", f"<ul>{rows}</ul>{more}", notes)]


def _evidence(part: Part) -> str | None:
    """Return the slide of a question: its first chart, or else its first short table."""
    notes = "".join(to_html(block) for block in part.text)
    heading = part.heading if part.heading != part.room else f"{part.room}: what is on record?"
    if part.charts:
        spec = json.dumps(part.charts[0], ensure_ascii=False).replace("</", "<\\/")
        words = escape(part.charts[0].get("description", ""))
        body = (
            f'<div class="chart" role="img" aria-label="{words}"></div>'
            f'<script type="application/json">{spec}</script>'
        )
        return _slide(heading, body, notes)
    short = [table for table in part.tables if table.count("<tr") <= MOST_ROWS + 1]
    if short:
        table = re.sub(r"<style.*?</style>", "", short[0], flags=re.S)
        table = re.sub(r"<th[^>]*></th>", "<td></td>", table)
        body = f'<div class="table" tabindex="0" role="region" aria-label="Table">{table}</div>'
        return _slide(heading, body, notes)
    return None


def _closing(lesson: Lesson) -> list[str]:
    found = []
    view = [block for part in lesson.room("The view from the region") for block in part.text]
    if view:
        found.append(
            _slide(
                "The view from the region",
                "<p>Kazakhstan, Kyrgyzstan, Tajikistan, Turkmenistan, Uzbekistan: what did each "
                "want, and what did it do?</p>",
                "".join(to_html(block) for block in view),
            )
        )
    for part in lesson.room("Discuss"):
        questions = [to_html(block) for block in part.text[:3]]
        found += [_slide("Discuss", question) for question in questions]
    memo = "<p>120 words: one claim, one number, one doubt.</p>"
    return [*found, _slide("Exit memo", memo)]


def deck(lesson: Lesson) -> list[str]:
    """Return the slides of a lesson as HTML sections, at most twenty.

    Charts come before tables where there is not room for both.
    """
    first = [_opening(lesson), *_predictions(lesson), *_claims(lesson)]
    last = _closing(lesson)
    room = MOST_SLIDES - len(first) - len(last)
    parts = [part for name in EVIDENCE for part in lesson.room(name)]
    parts = [part for part in parts if _evidence(part)]
    by_weight = sorted(range(len(parts)), key=lambda n: (not parts[n].charts, n))[:room]
    shown = [_evidence(parts[n]) for n in sorted(by_weight)]
    return [*first, *shown, *last]


def build(lesson: str, file: Path) -> Path:
    """Write the slides of a lesson as one file.

    Parameters
    ----------
    lesson : str
        Its number or name.
    file : pathlib.Path
        What to write; a file that is there is replaced.

    Raises
    ------
    KeyError
        If there is no such lesson.
    """
    found = lessons.read(lesson)
    here = Path(__file__).parent
    page = _PAGE.format(
        title=escape(f"{found.number} · {found.about['title']}"),
        reveal_css=(REVEAL / "reveal.css").read_text(encoding="utf-8"),
        css=(here / "slides.css").read_text(encoding="utf-8"),
        slides="\n".join(deck(found)),
        vega=_inline(_vega()),
        reveal=_inline((REVEAL / "reveal.js").read_text(encoding="utf-8")),
        notes=_inline((REVEAL / "notes.js").read_text(encoding="utf-8")),
        start=(here / "slides.js").read_text(encoding="utf-8"),
    )
    write_whole(file, page.encode())
    return file


def _inline(script: str) -> str:
    """Keep a script's own texts from ending the element that it stands in."""
    return re.sub(r"</(?=script)", r"<\\/", script, flags=re.I)
