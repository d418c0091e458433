"""Cards that read without a kernel: where a lesson begins, what the essay claims, what is cited."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

import pandas as pd

from centralasia import bibliography, notebooks, style, tables
from centralasia.bibliography import lesson_number
from centralasia.paths import notebooks_dir

__all__ = [
    "Card",
    "claim_cards",
    "claims",
    "course_map",
    "kind_line",
    "lesson_number",
    "references",
    "start_card",
]

KINDS = {
    "event": ("◆", "event"),
    "membership": ("⊕", "membership"),
    "figure": ("#", "figure"),
    "interpretation": ("≈", "interpretation"),
    "causal": ("→", "cause"),
    "forecast": ("»", "forecast"),
}
"""A sign and a word for each kind of claim."""

DIMENSIONS = {
    "framing": "The frame",
    "institutional": "Institutions",
    "security": "Security",
    "economic": "Economy",
    "outlook": "Outlook",
}

# JupyterLab sets tables of outputs to the right, and with room that a telephone lacks.
_MAP_CSS = (
    ".ca .ca-map th,.ca .ca-map td{text-align:left;padding:.3rem .5rem .3rem 0}"
    ".ca .ca-map .ca-number{text-align:right;padding-right:0;padding-left:.3rem}"
    "@media (max-width:34rem){.ca .ca-map .ca-number{font-size:.8125em}}"
)


class Card:
    """Static HTML with the same content as plain text."""

    def __init__(self, html: str, text: str) -> None:
        self._html, self._text = html, text

    def __repr__(self) -> str:  # noqa: D105
        return self._text

    def _repr_html_(self) -> str:
        return f'{style.sheet()}<div class="ca">{self._html}</div>'


def claims(chosen: str | Iterable[str]) -> pd.DataFrame:
    """Return claims by id, or all of a lesson, in the order asked for.

    Parameters
    ----------
    chosen : str or iterable of str
        A lesson (``"03"`` or ``"03-russia-3-return"``), a claim's id, or several ids.

    Returns
    -------
    pandas.DataFrame
        Rows of the table ``claims``.

    Raises
    ------
    KeyError
        If a claim or a lesson's claims do not exist.
    """
    frame = tables.load("claims")
    if isinstance(chosen, str):
        if re.match(r"\d\d", chosen):
            found = frame[frame["lesson"] == lesson_number(chosen)]
            if found.empty:
                raise KeyError(f"No claim of the essay belongs to lesson {lesson_number(chosen)}.")
            return found.reset_index(drop=True)
        chosen = [chosen]
    wanted = list(chosen)
    missing = sorted(set(wanted) - set(frame["claim_id"]))
    if missing or not wanted:
        raise KeyError(f"There is no claim {', '.join(missing) or 'to show'}. Ids look like RU-12.")
    return frame.set_index("claim_id", drop=False).loc[wanted].reset_index(drop=True)


def kind_line(claim: pd.Series) -> str:
    """Return a claim's id, kind and dimension as one line of text."""
    sign, word = KINDS[str(claim["kind"])]
    return f"{claim['claim_id']} · {sign} {word} · {DIMENSIONS[str(claim['dimension'])].lower()}"


def claim_cards(chosen: str | Iterable[str]) -> Card:
    """Show what the essay claims, by dimension, and not yet how it stands the test.

    Parameters
    ----------
    chosen : str or iterable of str
        As in `claims`.

    Returns
    -------
    Card
        Each claim is the target of links to its id, so show it once in a lesson.
    """
    frame = claims(chosen)
    groups, lines = [], [f"{len(frame)} claim{'s' if len(frame) > 1 else ''} of the essay"]
    for dimension, title in DIMENSIONS.items():
        part = frame[frame["dimension"] == dimension]
        if part.empty:
            continue
        cards = "".join(_claim_card(claim) for _, claim in part.iterrows())
        groups.append(
            f"<details open><summary>{title} ({len(part)})</summary>"
            f'<ul class="ca-grid">{cards}</ul></details>'
        )
        lines.append(f"{title} ({len(part)})")
        lines += [f"  {c.claim_id} ({KINDS[c.kind][1]}): {c.claim}" for c in part.itertuples()]
    return Card("".join(groups), "\n".join(lines))


def _claim_card(claim: pd.Series) -> str:
    sign, word = KINDS[str(claim["kind"])]
    return (
        f'<li id="{claim["claim_id"]}"><p class="ca-kicker"><strong>{claim["claim_id"]}</strong> '
        f'<span class="ca-icon" aria-hidden="true">{sign}</span> {word}</p>'
        f"<p>{escape(claim['claim'])}</p></li>"
    )


def start_card(lesson: str) -> Card:
    """Show what a lesson takes and gives, from the metadata of its notebook.

    Parameters
    ----------
    lesson : str
        Its number or its name.

    Returns
    -------
    Card
    """
    about = notebooks.about(bibliography.lesson_file(lesson))
    goals = "".join(f"<li>{_emphasis(goal)}</li>" for goal in about["objectives"])
    rows = [
        ("Period", escape(about["period"])),
        ("Time", f"about {about['minutes']} minutes"),
        ("You will", f"<ul>{goals}</ul>"),
        ("It needs", _emphasis(about["needs"])),
        ("Next", _emphasis(about["next"])),
    ]
    html = "".join(f"<dt>{term}</dt><dd>{text}</dd>" for term, text in rows)
    lines = [
        about["title"],
        f"Period: {about['period']}. Time: about {about['minutes']} minutes.",
        "You will " + "; ".join(about["objectives"]) + ".",
        f"It needs: {about['needs']}",
        f"Next: {about['next']}",
    ]
    return Card(f'<div class="ca-panel"><dl>{html}</dl></div>', "\n".join(lines))


def _emphasis(text: str) -> str:
    """Return text as HTML, with ``*words*`` stressed."""
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", escape(text))


def references(lesson: str) -> Card:
    """Show where everything that a lesson links to comes from.

    Parameters
    ----------
    lesson : str
        Its number or its name; the pristine notebook is read, not the learner's copy.

    Returns
    -------
    Card
        Events, claims and works; each event and work is the target of links to its id.
    """
    ids = bibliography.cited(lesson)
    parts = {
        "Reading": bibliography.works(ids),
        "Events": bibliography.events(ids),
        "Claims": bibliography.claims(ids),
    }
    html = "".join(
        f"<details{'' if title == 'Claims' else ' open'}><summary>{title} ({len(items)})</summary>"
        f"<ul>{''.join(items)}</ul></details>"
        for title, items in parts.items()
        if items
    )
    counts = ", ".join(f"{len(items)} {title.lower()}" for title, items in parts.items())
    return Card(html, f"References of lesson {lesson_number(lesson)}: {counts}")


def course_map() -> Card:
    """Show the lessons that there are, with period, minutes and the essay's claims in each."""
    counts = tables.load("claims")["lesson"].value_counts()
    rows, lines = [], []
    for file in sorted(notebooks_dir().glob("[0-9][0-9]-*.ipynb")):
        about = notebooks.about(file)
        number, n = file.stem[:2], int(counts.get(file.stem[:2], 0))
        rows.append(
            f'<tr><th scope="row"><a href="{file.name}">{number} · {escape(about["title"])}'
            f"</a></th>"
            f'<td>{escape(about["period"])}</td><td class="ca-number">{about["minutes"]}</td>'
            f'<td class="ca-number">{n}</td></tr>'
        )
        lines.append(
            f"{number} {about['title']}: {about['period']}, {about['minutes']} min, {n} claims"
        )
    head = (
        '<tr><th scope="col">Lesson</th><th scope="col">Period</th>'
        '<th scope="col" class="ca-number">Minutes</th>'
        '<th scope="col" class="ca-number">Claims</th></tr>'
    )
    table = f'<table class="ca-map"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table>'
    return Card(
        f"<style>{_MAP_CSS}</style>"
        f'<div class="ca-scroll" tabindex="0" role="region" aria-label="Course map">{table}</div>',
        "\n".join(lines),
    )
