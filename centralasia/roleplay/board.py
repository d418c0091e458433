"""The board at the front: bids in, outcome and scores out, and the debrief beside history."""

from __future__ import annotations

from pathlib import Path

import anywidget
import pandas as pd
from traitlets import Bool, Dict, List, Unicode

from centralasia import style
from centralasia.errors import UserError
from centralasia.roleplay import rules
from centralasia.roleplay.session import Session

TITLES = {"A": "Bishkek 2009: the base", "B": "Two powers, one region"}


class Board(anywidget.AnyWidget):
    """A role-play as the teacher drives it; see `show`."""

    _esm = (Path(__file__).parent / "board.js").read_text(encoding="utf-8")
    _css = style.CSS + style.FORM_CSS + ".ca button{margin:.15rem 0}"

    title = Unicode().tag(sync=True)
    moves = List(Dict(), help="What a round settles").tag(sync=True)
    values = Dict(help="The values of the form, by move").tag(sync=True)
    step = Unicode(help="Which round comes, or that all are played").tag(sync=True)
    over = Bool(False).tag(sync=True)
    scores = Dict(help="The table of scores: columns and rows").tag(sync=True)
    terms = List(List(Unicode()), help="What the last round's scores are made of").tag(sync=True)
    status = Unicode(help="The line that is read out when it changes").tag(sync=True)

    def __init__(self, session: Session) -> None:
        self.session = session
        super().__init__(title=f"Role-play {session.game}. {TITLES[session.game]}")
        self.moves = [
            {
                "move": row.move,
                "kind": row.kind,
                "label": row.label if pd.isna(row.unit) else f"{row.label}, {row.unit}",
                "low": None if pd.isna(row.minimum) else row.minimum,
                "high": None if pd.isna(row.maximum) else row.maximum,
                "by": row.decided_by,
            }
            for row in rules.moves(session.game).itertuples()
        ]
        self.on_msg(self._receive)
        self._show()

    def _show(self, status: str = "") -> None:
        """Show the session as it stands."""
        played, all_rounds = len(self.session.rounds), rules.ROUNDS[self.session.game]
        with self.hold_sync():
            self.values = self.session.current()
            self.over = self.session.over
            self.step = (
                f"All {all_rounds} rounds are played."
                if self.over
                else f"Round {played + 1} of {all_rounds}"
            )
            self.scores, self.terms, self.status = self._table(), self._terms(), status

    def _table(self) -> dict:
        names = rules.roles(self.session.game).set_index("role")["name"]
        scores = self.session.scores()
        if scores.empty:
            return {}
        rows = [[f"Round {n}", *_points(row, scores.columns)] for n, row in scores.iterrows()]
        if self.session.game == "B":
            rows.append(["Together", *_points(self.session.result(), scores.columns)])
        past = rules.history(self.session.game)
        if past:
            known = rules.score(self.session.game, past)
            rows.append(["History", *_points(known, scores.columns)])
        return {"columns": [names[role] for role in scores.columns], "rows": rows}

    def _terms(self) -> list[list[str]]:
        if not self.session.rounds:
            return []
        names = rules.roles(self.session.game).set_index("role")["name"]
        found = rules.explain(self.session.game, self.session.rounds[-1])
        return [[names[t.role], t.text, f"{t.points:+.1f}"] for t in found.itertuples()]

    def _receive(self, _widget: object, content: dict, _buffers: object) -> None:
        try:
            self._show(self._act(content))
        except (UserError, OSError) as error:
            self.status = str(error)

    def _act(self, content: dict) -> str:
        """Do what a button says; return what to tell."""
        if isinstance(content.get("enter"), dict):
            self.session.enter(content["enter"])
            return f"Round {len(self.session.rounds)} is entered."
        if content.get("undo"):
            self.session.undo()
            return "The last round is taken back."
        if content.get("save"):
            return f"Kept in {self.session.save(str(content['save']))}."
        if content.get("load"):
            self.session = _same_game(Session.load(str(content["load"])), self.session.game)
            return f"Taken up again from {content['load']}."
        raise UserError("The board does not know this button.")


def _same_game(session: Session, game: str) -> Session:
    if session.game != game:
        raise UserError(f"That file holds role-play {session.game}; this board is for {game}.")
    return session


def _points(scores: pd.Series, columns: pd.Index) -> list[str]:
    return [f"{scores[role]:.1f}" if role in scores.index else "not on record" for role in columns]


def show(game: rules.Game = "A", file: str | Path | None = None) -> Board:
    """Open the board of a role-play.

    Parameters
    ----------
    game : "A" or "B"
        The base at Manas, or two powers and one region.
    file : str or pathlib.Path, optional
        A saved game to take up.

    Returns
    -------
    Board
        A widget: a form for each round, the scores with what they are made of, and what history
        has. Rounds can be taken back, saved and taken up again.

    Raises
    ------
    UserError
        If there is no such game, or the file is not one of its.
    """
    return Board(_same_game(Session.load(file), game) if file else Session(game))
