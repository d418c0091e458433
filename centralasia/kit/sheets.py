"""Sheets for a role-play: a page for each role, and a form that works without a projector."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from centralasia import bibliography, tables
from centralasia.kit import pdf
from centralasia.roleplay import rules
from centralasia.roleplay.board import TITLES

SPACE = "&nbsp;" * 14
"""Keeps a column wide enough to write in."""
STARTS = {"A": pd.Timestamp("2009-03-01")}
"""When play begins; what came later is on the form, for the debrief, and on no role's sheet."""


def _events(ids: str, game: rules.Game, *, later: bool) -> str:
    """Return the events of some ids up to the day on which play begins, or those after it."""
    events = tables.load("events").set_index("event_id").loc[sorted(set(ids.split(";")))]
    start = STARTS.get(game)
    after = events["date"] >= start if start else events["date"] != events["date"]
    return "\n".join(
        f"- {bibliography.spoken_date(event.date_text)}: {event.title}"
        for event in events[after == later].sort_values("date").itertuples()
    )


def _card(role: pd.Series, game: rules.Game) -> str:
    """Return the page of a role: what all may know, what only its players may, and its score."""
    terms = tables.load("payoffs")
    terms = terms[(terms["game"] == game) & (terms["role"] == role["role"])]
    score = "\n".join(f"- {text}" for text in terms.sort_values("position")["text"])
    scored = f"## How you score\n\n{score}\n\n" if score else ""
    return (
        f"# {role['name']}\n\n*Role-play {game}. {TITLES[game]}*\n\n"
        f"## What everybody knows\n\n{role['public']}\n\n"
        f"## For your group alone\n\n{role['private']}\n\n{scored}"
        f"## On the record\n\n{_events(role['events'], game, later=False)}\n\n"
        "The scores are the course's own scale, made to start a talk. They measure nothing.\n\n"
        "## Our notes\n"
    )


def _form(game: rules.Game) -> str:
    """Return the form on which a class plays without a screen."""
    moves = rules.moves(game)
    rounds = range(1, rules.ROUNDS[game] + 1)
    head = "| What is settled | Who decides | " + " | ".join(f"Round {n}" for n in rounds) + " |"
    rows = [head, "|:---|:---|" + ":---|" * len(rounds)]
    for move in moves.itertuples():
        unit = "" if pd.isna(move.unit) else f", {move.unit}"
        rows.append(f"| {move.label}{unit} | {move.decided_by} |" + f" {SPACE} |" * len(rounds))
    terms = tables.load("payoffs").query("game == @game")
    names = rules.roles(game).set_index("role")["name"]
    score = ["| Role | Term | Points |", "|:---|:---|:---|"]
    score += [f"| {names[t.role]} | {t.text} | {SPACE} |" for t in terms.itertuples()]
    came = _events(";".join(rules.roles(game)["events"]), game, later=True)
    debrief = f"\n\n## What came of it, for the debrief\n\n{came}" if came else ""
    return (
        f"# The form of role-play {game}\n\nFor the front of the room: write in what each round "
        "settles, then add up with the terms below. With a screen, the board does it: "
        f"`from centralasia import roleplay; roleplay.show('{game}')`.\n\n"
        + "\n".join(rows)
        + "\n\n## Scores\n\n"
        + "\n".join(score)
        + f"{debrief}\n"
    )


def build(game: rules.Game, file: Path) -> Path:
    """Write the sheets of a role-play: one page a role, then the form.

    Parameters
    ----------
    game : "A" or "B"
    file : pathlib.Path
        The PDF to write; a file that is there is replaced.

    Raises
    ------
    UserError
        If there is no such game.
    """
    pages = [_card(role, game) for _, role in rules.roles(game).iterrows()]
    cards = [f"{pdf.from_markdown(page)}\n#writing-lines" for page in pages]
    body = "\n#pagebreak()\n".join([*cards, pdf.from_markdown(_form(game))])
    return pdf.write(body, file, title=f"Role-play {game}. {TITLES[game]}")
