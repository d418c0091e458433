"""The three role-plays: their rules, the teacher's board, and sheets to print.

`rules` scores what a class decided, from the tables ``moves`` and ``payoffs``; `session` keeps the
rounds; `games` is what they are, `analysis` what can come of them, and `board` the widget that a
teacher drives from the front.
"""

from centralasia.roleplay.board import show
from centralasia.roleplay.rules import explain, moves, roles, score
from centralasia.roleplay.session import Session

__all__ = ["Session", "explain", "moves", "roles", "score", "show"]
