"""The board at the front: bids in, outcome and scores out, and the debrief beside history."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import pandas as pd
from traitlets import Bool, Dict, List, Unicode

from centralasia import style
from centralasia.controls import script
from centralasia.errors import UserError
from centralasia.language import _
from centralasia.roleplay import games, rules
from centralasia.roleplay.session import Session


def title(game: rules.Game) -> str:
    """Return the heading of a role-play: ``"Role-play A. Bishkek 2009: the base"``."""
    return _("Role-play {game}. {title}").format(game=game, title=_(games.game(game).title))


def page_words() -> dict[str, str]:
    """Return what the board's page says by itself."""
    return {
        "enter": _("Enter the round"),
        "undo": _("Undo the last round"),
        "round": _("Round"),
        "scores": _("Scores"),
        "terms": _("What the last round's scores are made of"),
        "file": _("File"),
        "save": _("Save"),
        "load": _("Take up again"),
        "roundNumber": _("Round {number}"),
        "roundOf": _("Round {number} of {n}"),
        "allPlayed": _("All {n} rounds are played."),
        "rule": _("{minutes} minutes. {what}"),
        "entered": _("Round {number} is entered."),
        "takenBack": _("The last round is taken back."),
        "together": _("Together"),
        "history": _("History"),
        "notOnRecord": _("not on record"),
    }


def lines(game: rules.Game) -> list[dict[str, Any]]:
    """Return what a round settles, as the board's page needs it: by line its name, kind and bounds.

    Parameters
    ----------
    game : "A", "B" or "C"
    """
    return [
        {
            "move": row["move"],
            "kind": row["kind"],
            "label": row["label"] if pd.isna(row["unit"]) else f"{row['label']}, {row['unit']}",
            "low": None if pd.isna(row["minimum"]) else row["minimum"],
            "high": None if pd.isna(row["maximum"]) else row["maximum"],
            "by": _by(game, row["move"], row["decided_by"]),
        }
        for row in rules.moves(game).to_dict("records")
    ]


def _by(game: rules.Game, move: str, who: str) -> str:
    """Return who decides a line, and from which round on if not from the first."""
    rounds = games.game(game).rounds
    first = next((one.number for one in rounds if move in one.opens), 1)
    if first == 1:
        return who
    return _("{who}; from round {number}").format(who=who, number=first)


class RoleplayBoard(anywidget.AnyWidget):
    """A role-play as the teacher drives it; see `show`."""

    _esm = script(*(Path(__file__).with_name(f"{name}.js") for name in ("board", "widget")))
    _css = (
        style.CSS
        + style.FORM_CSS
        + ".ca button{margin:.15rem 0}.ca .ca-rule{font-size:1.25rem;overflow-wrap:anywhere}"
    )

    words = Dict(help="What the page itself says, by name").tag(sync=True)
    title = Unicode().tag(sync=True)
    moves = List(Dict(), help="What a round settles").tag(sync=True)
    values = Dict(help="The values of the form, by move").tag(sync=True)
    step = Unicode(help="Which round comes, or that all are played").tag(sync=True)
    rule = Unicode(help="What the round's players do, and in how many minutes").tag(sync=True)
    over = Bool(False).tag(sync=True)
    scores = Dict(help="The table of scores: columns and rows").tag(sync=True)
    terms = List(List(Unicode()), help="What the last round's scores are made of").tag(sync=True)
    status = Unicode(help="The line that is read out when it changes").tag(sync=True)

    def __init__(self, session: Session) -> None:
        self.session = session
        super().__init__(words=page_words(), title=title(session.game))
        self.moves = lines(session.game)
        self.on_msg(lambda _widget, content, _buffers: self.receive(content))
        self._show()

    def _show(self, status: str = "") -> None:
        """Show the session as it stands."""
        played, all_rounds = len(self.session.rounds), len(games.game(self.session.game).rounds)
        with self.hold_sync():
            self.values = self.session.current()
            self.over = self.session.over
            self.step = (
                self._say("allPlayed", n=all_rounds)
                if self.over
                else self._say("roundOf", number=played + 1, n=all_rounds)
            )
            self.rule = self._rule(played)
            self.scores, self.terms, self.status = self._table(), self._terms(), status

    def _say(self, name: str, **values: object) -> str:
        return str(self.words[name]).format(**values)

    def _rule(self, played: int) -> str:
        if self.over:
            return ""
        coming = games.game(self.session.game).rounds[played]
        return self._say("rule", minutes=coming.minutes, what=_(coming.what))

    def _table(self) -> dict[str, Any]:
        names = rules.roles(self.session.game).set_index("role")["name"]
        scores = self.session.scores()
        if scores.empty or not self._shown():
            return {}
        rows = [
            [self._say("roundNumber", number=n), *_points(row, scores.columns)]
            for n, row in scores.iterrows()
        ]
        if games.game(self.session.game).adds_up:
            rows.append([self._say("together"), *_points(scores.sum(), scores.columns)])
        past = rules.history(self.session.game)
        if past and self.over:
            known = rules.score(self.session.game, past)
            rows.append([self._say("history"), *_points(known, scores.columns)])
        return {"columns": [names[role] for role in scores.columns], "rows": rows}

    def _shown(self) -> bool:
        """Return whether scores may be seen: where the last round alone counts, not before it."""
        return self.session.over or games.game(self.session.game).adds_up

    def _terms(self) -> list[list[str]]:
        if not self.session.rounds or not self._shown():
            return []
        names = rules.roles(self.session.game).set_index("role")["name"]
        terms = rules.explain(self.session.game, self.session.rounds[-1])
        return [
            # Adding nought takes the sign of minus nought away.
            [names[term["role"]], term["text"], f"{term['points'] + 0.0:+.1f}"]
            for term in terms.to_dict("records")
        ]

    def receive(self, content: dict[str, Any]) -> None:
        """Do what a button of the page says: ``enter`` a round, ``undo``, ``save`` or ``load``."""
        try:
            self._show(self._act(content))
        except (UserError, OSError) as error:
            self.status = str(error)

    def _act(self, content: dict[str, Any]) -> str:
        """Do what a button says; return what to tell."""
        if isinstance(content.get("enter"), dict):
            self.session.enter(content["enter"])
            return self._say("entered", number=len(self.session.rounds))
        if content.get("undo"):
            self.session.undo()
            return self._say("takenBack")
        if content.get("save"):
            file = self.session.save(str(content["save"]))
            return _("Kept in {file}.").format(file=file)
        if content.get("load"):
            self.session = _same_game(Session.load(str(content["load"])), self.session.game)
            return _("Taken up again from {file}.").format(file=content["load"])
        raise UserError(_("The board does not know this button."))


def _same_game(session: Session, game: str) -> Session:
    if session.game != game:
        raise UserError(
            _("That file holds role-play {other}; this board is for {game}.").format(
                other=session.game, game=game
            )
        )
    return session


def _points(scores: pd.Series, columns: pd.Index) -> list[str]:
    unknown = _("not on record")
    return [f"{scores[role]:.1f}" if role in scores.index else unknown for role in columns]


def show(game: rules.Game = "A", file: str | Path | None = None) -> RoleplayBoard:
    """Open the board of a role-play.

    Parameters
    ----------
    game : "A", "B" or "C"
        The base at Manas, two powers and one region, or a border and a reservoir.
    file : str or pathlib.Path, optional
        A saved game to take up.

    Returns
    -------
    RoleplayBoard
        A widget: a form for each round, and when all are played the scores with what they are
        made of, and what history has; where rounds add up, the scores after each. Rounds can be
        taken back, saved and taken up again.

    Raises
    ------
    UserError
        If there is no such game, or the file is not one of its.
    """
    return RoleplayBoard(_same_game(Session.load(file), game) if file else Session(game))
