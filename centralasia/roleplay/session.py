"""The rounds that a class has played: enter, undo, save and take up again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from centralasia.errors import UserError
from centralasia.files import write_whole
from centralasia.language import _
from centralasia.roleplay import games, rules


class Session:
    """A game with the rounds played so far.

    Parameters
    ----------
    game : "A", "B" or "C"

    Examples
    --------
    >>> session = Session("A")
    >>> session.enter(rent=60, paid=450, limited=True, route=True)
    >>> session.scores().loc[1].round(1).to_dict()
    {'KGZ': 10.5, 'USA': 5.9, 'RUS': -4.5, 'CHN': 2.0, 'UZB': 5.0}
    >>> session.undo()
    >>> session.rounds
    []
    """

    def __init__(self, game: rules.Game) -> None:
        rules.moves(game)
        self.game = game
        self.rounds: list[dict[str, float]] = []

    @property
    def over(self) -> bool:
        """Whether all rounds were played."""
        return len(self.rounds) >= len(games.game(self.game).rounds)

    def current(self) -> dict[str, float]:
        """Return the values as they stand after the last round."""
        return dict(self.rounds[-1]) if self.rounds else rules.start(self.game)

    def enter(self, changes: Mapping[str, object] | None = None, **more: object) -> None:
        """Add a round; what is not named stays as it was.

        Raises
        ------
        UserError
            If the game is over, a value is not one that the game takes, or a line is for a later
            round; nothing is entered.
        """
        if self.over:
            raise UserError(_("All rounds are played. Undo the last one to change it."))
        before = self.current()
        after = rules.check(self.game, {**before, **dict(changes or {}), **more})
        self._open({move for move in after if after[move] != before[move]})
        self.rounds.append(after)

    def _open(self, changed: set[str]) -> None:
        """See to it that each line that changes may be settled in the round that comes."""
        opened = games.game(self.game).opened(len(self.rounds) + 1)
        early = changed - opened if opened is not None else set()
        if early:
            labels = rules.moves(self.game).set_index("move")["label"]
            raise UserError(
                _("It is too early for: {lines}. A later round settles that.").format(
                    lines="; ".join(label for move, label in labels.items() if move in early)
                )
            )

    def undo(self) -> None:
        """Take the last round back, if there is one."""
        if self.rounds:
            self.rounds.pop()

    def scores(self) -> pd.DataFrame:
        """Return points by round (from 1) and role; in B the sum of all rounds is the result."""
        rows = [rules.score(self.game, played) for played in self.rounds]
        return pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1, name="round"))

    def result(self) -> pd.Series | None:
        """Return each role's result: of the last round, or in B of all rounds together."""
        if not self.rounds:
            return None
        scores = self.scores()
        return scores.sum() if games.game(self.game).adds_up else scores.iloc[-1]

    def save(self, file: str | Path) -> Path:
        """Keep the rounds in a file; one that holds another game is left as it is."""
        path = Path(file)
        if path.exists() and self._read(path)["game"] != self.game:
            raise UserError(_("{file} holds another game and is left as it is.").format(file=path))
        content = {"game": self.game, "rounds": self.rounds}
        write_whole(path, (json.dumps(content, indent=1) + "\n").encode())
        return path

    @classmethod
    def load(cls, file: str | Path) -> Session:
        """Take up a game that was saved.

        Raises
        ------
        UserError
            If there is no such file, or it is not a saved game.
        """
        content = cls._read(Path(file))
        session = cls(content["game"])
        for played in content["rounds"]:
            session.enter(played)
        return session

    @staticmethod
    def _read(path: Path) -> dict[str, Any]:
        content: dict[str, Any] | None
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise UserError(_("There is no file {file}.").format(file=path)) from None
        except (ValueError, OSError):
            content = None
        if (
            not isinstance(content, dict)
            or content.keys() != {"game", "rounds"}
            or not isinstance(content["rounds"], list)
            or not all(isinstance(played, dict) for played in content["rounds"])
        ):
            raise UserError(_("{file} is not a saved role-play.").format(file=path))
        return content
