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

from centralasia import bibliography, tables
from centralasia.files import write_whole
from centralasia.kit import lesson as lessons
from centralasia.kit.lesson import EVIDENCE, Lesson, Part

MOST_SLIDES = 20
MOST_ROWS = 12
MOST_LINES = 6
ASKING = ("Predict", "Check yourself", "Discuss")
"""Rooms whose own slides are made from the items and from the questions."""
REVEAL = Path(__file__).parent / "reveal"
VEGA_LITE = "5.20"
"""What Altair 5.5 writes."""

_NAMES = re.compile(
    r"<thead>\s*<tr[^>]*>\s*<th[^>]*>([^<]*)</th>((?:(?!</tr>).)*)</tr>"
    r"\s*<tr[^>]*>\s*<th[^>]*>([^<]+)</th>(?:\s*<th[^>]*></th>)*\s*</tr>\s*</thead>",
    re.S,
)

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


def _record(part: Part) -> str | None:
    """Return the events that a text cites as a list, by date, or else the claims."""
    events, claims = tables.load("events"), tables.load("claims")
    events = events[events["event_id"].isin(part.cites)].sort_values(["date", "event_id"])
    claims = claims[claims["claim_id"].isin(part.cites)].sort_values("claim_id")
    lines = [(bibliography.spoken_date(e.date_text), e.title) for e in events.itertuples()]
    if len(lines) < 2:
        lines = [(c.claim_id, c.claim) for c in claims.itertuples()]
    rows = [f"<li><strong>{key}</strong> {escape(text)}</li>" for key, text in lines[:MOST_LINES]]
    return f"<ul>{''.join(rows)}</ul>" if len(rows) > 1 else None


def _heading(part: Part) -> str:
    if part.heading == part.room and part.room in EVIDENCE:
        return f"{part.room}: what is on record?"
    return part.heading


def _chart(spec: dict) -> str:
    words = escape(spec.get("description", ""))
    text = json.dumps(spec, ensure_ascii=False).replace("</", "<\\/")
    return (
        f'<div class="chart" role="img" aria-label="{words}"></div>'
        f'<script type="application/json">{text}</script>'
    )


def _in_one_row(head: re.Match) -> str:
    """Return a table's head with the names of its rows and columns in one cell."""
    columns, across, rows = head.groups()
    return f"<thead><tr><th>{' / '.join(filter(None, (rows, columns)))}</th>{across}</tr></thead>"


def _table(html: str) -> str:
    table = re.sub(r"<style.*?</style>", "", html, flags=re.S).replace(">NaN<", ">–<")
    table = _NAMES.sub(_in_one_row, table)
    table = re.sub(r"<th[^>]*></th>", "<td></td>", table)
    return f'<div class="table" tabindex="0" role="region" aria-label="Table">{table}</div>'


def _shown(part: Part) -> list[tuple[int, str]]:
    """Return what a question shows: its charts, or else its first short table, or its record.

    The numbers say what goes first when there are too many slides: the highest.
    """
    if part.charts:
        return [(0, _chart(spec)) for spec in part.charts]
    own = part.heading != part.room
    short = [t for t in part.tables if t.partition("<tbody")[2].count("<tr") <= MOST_ROWS]
    if short and (own or part.room in EVIDENCE):
        return [(1, _table(short[0]))]
    record = _record(part) if own and part.room in EVIDENCE else None
    return [(2, record)] if record else []


def _evidence(part: Part) -> list[tuple[int, str]]:
    """Return the slides of a question, each with its weight."""
    notes = "".join(to_html(block) for block in part.text)
    heading, shown = _heading(part), _shown(part)
    titles = [heading, *(f"{heading} ({n})" for n in range(2, len(shown) + 1))]
    return [
        (weight, _slide(title, body, notes))
        for title, (weight, body) in zip(titles, shown, strict=False)
    ]


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

    Charts come before tables, and tables before text, where there is not room for all.
    """
    first = [_opening(lesson), *_predictions(lesson), *_claims(lesson)]
    last = _closing(lesson)
    rooms = dict.fromkeys(part.room for part in lesson.parts)
    parts = [p for name in rooms if name not in ASKING for p in lesson.room(name)]
    found = [slide for part in parts for slide in _evidence(part)]
    ranked = sorted(range(len(found)), key=lambda n: (found[n][0], n))
    kept = sorted(ranked[: MOST_SLIDES - len(first) - len(last)])
    return [*first, *(found[n][1] for n in kept), *last]


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
