"""Sheets for a role-play: a page for each role, and a form that works without a projector."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from centralasia import bibliography, tables
from centralasia.kit import pdf
from centralasia.roleplay import rules
from centralasia.roleplay.board import TITLES


def _card(role: pd.Series, game: rules.Game) -> str:
    """Return the page of a role: what all may know, what only its players may, and its score."""
    terms = tables.load("payoffs")
    terms = terms[(terms["game"] == game) & (terms["role"] == role["role"])]
    score = "\n".join(f"- {text}" for text in terms.sort_values("position")["text"])
    events = tables.load("events").set_index("event_id").loc[role["events"].split(";")]
    dates = "\n".join(
        f"- {bibliography.spoken_date(event.date_text)}: {event.title}"
        for event in events.sort_values("date").itertuples()
    )
    scored = f"## How you score\n\n{score}\n\n" if score else ""
    return (
        f"# {role['name']}\n\n*Role-play {game}. {TITLES[game]}*\n\n"
        f"## What everybody knows\n\n{role['public']}\n\n"
        f"## For your group alone\n\n{role['private']}\n\n{scored}"
        f"## On the record\n\n{dates}\n\n"
        "The scores are the course's own scale, made to start a talk. They measure nothing.\n"
    )


def _form(game: rules.Game) -> str:
    """Return the form on which a class plays without a screen."""
    moves = rules.moves(game)
    rounds = range(1, rules.ROUNDS[game] + 1)
    head = "| What is settled | Who decides | " + " | ".join(f"Round {n}" for n in rounds) + " |"
    rows = [head, "|:---|:---|" + ":---|" * len(rounds)]
    for move in moves.itertuples():
        unit = "" if pd.isna(move.unit) else f", {move.unit}"
        rows.append(f"| {move.label}{unit} | {move.decided_by} |" + "   |" * len(rounds))
    terms = tables.load("payoffs").query("game == @game")
    names = rules.roles(game).set_index("role")["name"]
    score = ["| Role | Term | Points |", "|:---|:---|:---|"]
    score += [f"| {names[t.role]} | {t.text} |   |" for t in terms.itertuples()]
    return (
        f"# The form of role-play {game}\n\nFor the front of the room: write in what each round "
        "settles, then add up with the terms below. With a screen, the board does it: "
        f"`from centralasia import roleplay; roleplay.show('{game}')`.\n\n"
        + "\n".join(rows)
        + "\n\n## Scores\n\n"
        + "\n".join(score)
        + "\n"
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
    body = "\n#pagebreak()\n".join(pdf.from_markdown(page) for page in [*pages, _form(game)])
    return pdf.write(body, file, title=f"Role-play {game}. {TITLES[game]}")
