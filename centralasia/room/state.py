"""A room: one question at a time, and who has answered what, by token and never by name."""

from __future__ import annotations

import secrets
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters of a code; without I, L and O, which are misread from a screen."""
ROUNDS = ("before", "after")


class Refused(Exception):
    """What a request may not do; `status` is its code in HTTP."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Limits:
    """What one room takes."""

    seats: int = 300
    seats_per_address: int = 60
    wrong_codes: int = 20
    answers_per_second: float = 3.0
    burst: int = 6


@dataclass
class Question:
    """What the class is asked, and the answers of each round by token."""

    item: str
    prompt: str
    options: list[str]
    right: int | None = None
    answers: dict[str, dict[str, int]] = field(default_factory=lambda: {r: {} for r in ROUNDS})


class Bucket:
    """Allow so many acts a second, and a few at once."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float]) -> None:
        self.rate, self.burst, self.clock = rate, burst, clock
        self.left, self.seen = float(burst), clock()

    def take(self) -> bool:
        """Return whether one more act is allowed now."""
        now = self.clock()
        self.left = min(self.burst, self.left + (now - self.seen) * self.rate)
        self.seen = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Room:
    """The state of a session: a code to come in with, seats, and the question that is open.

    Everything is kept in memory and gone with the process; `result` holds counts alone.

    Parameters
    ----------
    limits : Limits, optional
        Seats and rates.
    clock : callable, optional
        Seconds that only grow; tests pass their own.
    """

    def __init__(
        self, limits: Limits | None = None, clock: Callable[[], float] = monotonic
    ) -> None:
        self.limits, self.clock = limits or Limits(), clock
        self.code = "".join(secrets.choice(LETTERS) for _ in range(5))
        self.key = secrets.token_urlsafe(32)
        self.version = 0
        self.question: Question | None = None
        self.round: str | None = None
        self.revealed = False
        self.past: deque[dict] = deque(maxlen=200)
        self._seats: dict[str, Bucket] = {}
        self._addresses: Counter[str] = Counter()
        self._wrong: Counter[str] = Counter()

    @property
    def seated(self) -> int:
        """How many phones have come in."""
        return len(self._seats)

    def join(self, code: object, address: str) -> str:
        """Give a seat to whoever knows the code; return its token.

        Raises
        ------
        Refused
            For a wrong code, after too many wrong ones, or when the room is full.
        """
        if self._wrong[address] >= self.limits.wrong_codes:
            raise Refused(429, "Too many wrong codes from this address. Ask your teacher.")
        given = code.strip().upper() if isinstance(code, str) else ""
        if not secrets.compare_digest(given.encode(), self.code.encode()):
            self._wrong[address] += 1
            raise Refused(403, "That is not the code on the screen.")
        full = self.seated >= self.limits.seats
        if full or self._addresses[address] >= self.limits.seats_per_address:
            raise Refused(503, "The room is full.")
        token = secrets.token_urlsafe(32)
        self._seats[token] = Bucket(self.limits.answers_per_second, self.limits.burst, self.clock)
        self._addresses[address] += 1
        return token

    def knows(self, token: str | None) -> bool:
        """Return whether a token has a seat."""
        return token in self._seats

    def ask(self, question: Question) -> None:
        """Put a question and open its first round; the one before goes to `past`."""
        self._file()
        self.question, self.round, self.revealed = question, ROUNDS[0], False
        self.version += 1

    def turn(self, step: str) -> None:
        """Open a round, close it, or show what is right.

        Raises
        ------
        Refused
            If there is no question, or no such step.
        """
        if self.question is None:
            raise Refused(409, "No question is open.")
        if step in ROUNDS:
            self.round = step
        elif step == "close":
            self.round = None
        elif step == "reveal":
            self.round, self.revealed = None, True
        else:
            raise Refused(400, f"There is no step {step!r}.")
        self.version += 1

    def answer(self, token: str | None, version: object, choice: object) -> None:
        """Take an answer; a later one of the same seat in the same round replaces it.

        Raises
        ------
        Refused
            Without a seat, too fast, for a question that is no longer open, or for an option
            that does not exist.
        """
        if token is None or token not in self._seats:
            raise Refused(403, "Enter the code first.")
        if not self._seats[token].take():
            raise Refused(429, "Too fast. Wait a second.")
        if self.question is None or self.round is None or version != self.version:
            raise Refused(409, "This question is no longer open.")
        if type(choice) is not int or not 0 <= choice < len(self.question.options):
            raise Refused(400, "There is no such option.")
        self.question.answers[self.round][token] = choice

    def view(self, token: str) -> dict:
        """Return what one phone may know: the question, and its own answer."""
        shown = {"version": self.version, "open": self.round is not None, "prompt": None}
        if self.question is None:
            return shown
        mine = self.question.answers[self.round or ROUNDS[0]].get(token)
        shown |= {"prompt": self.question.prompt, "options": self.question.options, "mine": mine}
        return shown | {
            "round": self.round,
            "right": self.question.right if self.revealed else None,
        }

    def result(self) -> dict | None:
        """Return the counts of the question that stands, and nothing of who gave them."""
        if self.question is None:
            return None
        return {
            "item": self.question.item,
            "prompt": self.question.prompt,
            "options": self.question.options,
            **{name: self._counts(name) for name in ROUNDS},
        }

    def _counts(self, name: str) -> list[int]:
        given = Counter(self.question.answers[name].values())
        return [given[option] for option in range(len(self.question.options))]

    def _file(self) -> None:
        result = self.result()
        if result and any(result["before"] + result["after"]):
            self.past.append(result)

    def tally(self) -> dict:
        """Return what the teacher sees."""
        return {
            "code": self.code,
            "seated": self.seated,
            "version": self.version,
            "round": self.round,
            "revealed": self.revealed,
            "right": self.question.right if self.question else None,
            "result": self.result(),
            "past": list(self.past),
        }
