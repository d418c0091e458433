"""A room: one question at a time, and who has answered what, by token and never by name."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from statistics import mean, median
from time import monotonic
from typing import Any

from centralasia.language import _, plural
from centralasia.room import codes
from centralasia.room.codes import ROUNDS

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters of a code; without I, L and O, which are misread from a screen."""
BY_CODE = "code:"
"""Before the number of a phone whose answer came as a code; no token has a colon."""
MOST_PAST = 200
"""Questions whose counts a room keeps."""


class RequestRefused(Exception):
    """What a request may not do; `status` is its code in HTTP."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class RoomLimits:
    """What one room takes."""

    seats: int = 300
    own_addresses: int = 5
    """From so many other addresses on, a network is one that shows each phone by its own."""
    seats_per_address: int = 4
    """Of an address in such a network; see `Room.most_seats`."""
    wrong_codes: int = 30
    """Of an address, at once; then one in two seconds."""
    answers_per_second: float = 3.0
    burst: int = 6
    seen_seconds: float = 12.0
    """A phone that looked at the room so lately is there."""


@dataclass(frozen=True)
class Answer:
    """What somebody chose, by its place from 0, and how sure they are, in per cent."""

    choice: int
    level: int | None = None


@dataclass
class Question:
    """What the class is asked, and the answers of each round by token."""

    item: str
    prompt: str
    options: list[str]
    right: int | None = None
    levels: list[int] = field(default_factory=list)
    """Confidences to choose from, in per cent; empty where none is asked for."""
    answers: dict[str, dict[str, Answer]] = field(default_factory=lambda: {r: {} for r in ROUNDS})
    hands: dict[str, list[int]] = field(default_factory=dict)
    """What was counted on paper or by hands, by round and option."""

    def counts(self, name: str) -> list[int]:
        """Return how many chose each option in a round."""
        given = Counter(answer.choice for answer in self.answers[name].values())
        hands = self.hands.get(name, [0] * len(self.options))
        return [given[option] + hand for option, hand in enumerate(hands)]

    def sure(self, name: str) -> dict[str, int] | None:
        """Return how sure a round was and how many of the sure were right, in per cent.

        None where nobody gave a confidence, or nothing is known to be right.
        """
        rated = [answer for answer in self.answers[name].values() if answer.level is not None]
        if not rated or self.right is None:
            return None
        return {
            "n": len(rated),
            "sure": round(mean(answer.level or 0 for answer in rated)),
            "right": round(100 * mean(answer.choice == self.right for answer in rated)),
        }


class Bucket:
    """Allow so many acts a second, and a few at once."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float]) -> None:
        self.rate, self.burst, self.clock = rate, burst, clock
        self.left, self.seen = float(burst), clock()

    def free(self) -> bool:
        """Return whether one more act is allowed now."""
        now = self.clock()
        self.left = min(self.burst, self.left + (now - self.seen) * self.rate)
        self.seen = now
        return self.left >= 1

    def take(self) -> bool:
        """Act, if it is allowed; return whether it was."""
        allowed = self.free()
        self.left -= allowed
        return allowed


@dataclass
class Seat:
    """A phone that came in: from where, and when it last looked."""

    address: str
    bucket: Bucket
    seen: float


class Room:
    """The state of a session: a code to come in with, seats, and the question that is open.

    `result` holds counts alone. What `kept` returns brings the room back after the laptop stopped.

    Parameters
    ----------
    limits : RoomLimits, optional
        Seats and rates.
    clock : callable, optional
        Seconds that only grow; tests pass their own.
    """

    def __init__(
        self, limits: RoomLimits | None = None, clock: Callable[[], float] = monotonic
    ) -> None:
        self.limits, self.clock = limits or RoomLimits(), clock
        self.session = secrets.token_urlsafe(6)
        self.key = secrets.token_urlsafe(32)
        self.code = _new_code()
        self.version = 0
        """Grows with whatever a phone has to show anew."""
        self.changes = 0
        """Grows with whatever has to be kept."""
        self.number = 0
        """Of the question that stands, counted from 1."""
        self.question: Question | None = None
        self.round: str | None = None
        self.last = ROUNDS[0]
        """The round that is open or was the last to be."""
        self.revealed = False
        self.ends: float | None = None
        """When the time that the teacher gave is over, by the clock."""
        self.people: int | None = None
        """How many sit in the room, if the teacher said so."""
        self.past: list[dict[str, Any]] = []
        self._seats: dict[str, Seat] = {}
        self._tries: dict[str, Bucket] = {}
        self._held: Counter[str] = Counter()
        self._trusted: set[str] = set()

    # --- coming in ----------------------------------------------------------------------------

    @property
    def seated(self) -> int:
        """How many phones have come in."""
        return len(self._seats)

    def _addresses(self) -> Counter[str]:
        return Counter(seat.address for seat in self._seats.values())

    def most_seats(self, address: str) -> int:
        """Return how many seats an address may have.

        Behind a router that hides a class all phones have one address, or a few, and any number
        is right. Where at least `RoomLimits.own_addresses` others show that phones come each by
        its own, an address may have three times as many seats as the median of the others, and
        `RoomLimits.seats_per_address` at least.
        """
        others = [n for one, n in self._addresses().items() if one != address]
        if len(others) < self.limits.own_addresses or address in self._trusted:
            return self.limits.seats
        return max(self.limits.seats_per_address, round(3 * median(others)))

    def join(self, code: object, address: str, token: str | None = None) -> str:
        """Give a seat to whoever knows the code; return its token.

        Who has a seat keeps it.

        Raises
        ------
        RequestRefused
            For a wrong code, after too many wrong ones, or when the room is full.
        """
        tries = self._tries.get(address)
        if tries and not tries.free():
            raise RequestRefused(
                429, _("Too many wrong codes came from here. Wait a moment, or ask your teacher.")
            )
        given = code.strip().upper() if isinstance(code, str) else ""
        if not secrets.compare_digest(given.encode(), self.code.encode()):
            tries = tries or Bucket(0.5, self.limits.wrong_codes, self.clock)
            tries.take()
            self._tries[address] = tries
            raise RequestRefused(403, _("That is not the code on the screen."))
        if token is not None and token in self._seats:
            return token
        if self.seated >= self.limits.seats:
            raise RequestRefused(503, _("The room is full. Tell your teacher."))
        if self._addresses()[address] >= self.most_seats(address):
            self._held[address] += 1
            raise RequestRefused(
                503,
                _("Many phones came in from where you are. Tell your teacher, who can let you in."),
            )
        token = secrets.token_urlsafe(32)
        self._seat(token, address)
        self.changes += 1
        return token

    def _seat(self, token: str, address: str) -> None:
        limits = self.limits
        bucket = Bucket(limits.answers_per_second, limits.burst, self.clock)
        self._seats[token] = Seat(address, bucket, self.clock())

    def knows(self, token: str | None) -> bool:
        """Return whether a token has a seat; a phone that asks is there."""
        seat = self._seats.get(token or "")
        if seat:
            seat.seen = self.clock()
        return seat is not None

    def unlock(self) -> None:
        """Let in whoever was held back, and forget wrong codes."""
        self._trusted |= set(self._held)
        self._held.clear()
        self._tries.clear()

    def renew(self) -> None:
        """Take a new code; who is in stays in."""
        self.code = _new_code()
        self.changes += 1

    def empty(self, address: str | None = None) -> None:
        """Take all seats away, or those of an address, with their answers to what stands."""
        gone = {t for t, s in self._seats.items() if address is None or s.address == address}
        for token in gone:
            del self._seats[token]
        if self.question:
            for given in self.question.answers.values():
                for token in gone & given.keys():
                    del given[token]
        self.version += 1
        self.changes += 1

    # --- asking -------------------------------------------------------------------------------

    def ask(self, question: Question, *, drop: bool = False) -> None:
        """Put a question and open its first round; the one before goes to `past`.

        Raises
        ------
        RequestRefused
            If the same question stands and has answers, and `drop` does not say to begin anew.
        """
        now = self.question
        if now and now.item == question.item and _total(now) and not drop:
            raise RequestRefused(409, _("This question has answers already."))
        if now and _total(now) and not drop:
            self.past = [*self.past, self.record()][-MOST_PAST:]
        self.question, self.number, self.ends = question, self.number + 1, None
        self._open(ROUNDS[0])

    def _open(self, name: str) -> None:
        self.round, self.last, self.revealed = name, name, False
        self.version += 1
        self.changes += 1

    def turn(self, step: object) -> None:
        """Open a round, close it, or show what is right.

        A round that opens hides again what is right.

        Raises
        ------
        RequestRefused
            If there is no question, or no such step.
        """
        if self.question is None:
            raise RequestRefused(409, _("No question is open."))
        if step in ROUNDS:
            self._open(str(step))
            return
        if step not in ("close", "reveal"):
            raise RequestRefused(400, _("There is no such step."))
        if step == "reveal" and self.question.right is None:
            raise RequestRefused(409, _("No answer to this question is known to be right."))
        self.round, self.ends = None, None
        self.revealed = self.revealed or step == "reveal"
        self.version += 1
        self.changes += 1

    def give_time(self, seconds: object) -> None:
        """Let a clock run on the screen; 0 takes it away. Nothing closes by itself.

        Raises
        ------
        RequestRefused
            For no whole number from 0 to 3600.
        """
        given = _whole(seconds, 3600)
        self.ends = self.clock() + given if given else None

    def answer(self, token: str | None, given: dict[str, Any]) -> None:
        """Take an answer; a later one of the same seat in the same round replaces it.

        Parameters
        ----------
        token : str, optional
            Of the seat.
        given : dict
            ``session``, ``question`` and ``round`` that were shown, ``choice`` by its place from
            0, and ``level`` in per cent or None.

        Raises
        ------
        RequestRefused
            Without a seat, too fast, for a question or a round that is no longer open, or for an
            option or a confidence that does not exist.
        """
        if token is None or token not in self._seats:
            raise RequestRefused(403, _("Enter the code first."))
        if not self._seats[token].bucket.take():
            raise RequestRefused(429, _("Too fast. Wait a second."))
        shown = (given.get("session"), given.get("question"), given.get("round"))
        if self.question is None or self.round is None:
            raise RequestRefused(409, _("This question is no longer open."))
        if shown != (self.session, self.number, self.round):
            raise RequestRefused(409, _("This question is no longer open."))
        choice, level = given.get("choice"), given.get("level")
        if type(choice) is not int or not 0 <= choice < len(self.question.options):
            raise RequestRefused(400, _("There is no such option."))
        if level is not None and (type(level) is not int or level not in self.question.levels):
            raise RequestRefused(400, _("There is no such confidence."))
        self.question.answers[self.round][token] = Answer(choice, level)
        self.changes += 1

    def take_code(self, text: object) -> str:
        """Take an answer that a phone without the network gave as a code; return what became of it.

        The code says by itself for which round it is. It counts until the answer is shown.

        Raises
        ------
        RequestRefused
            If it is no code for the question that stands, or its round was not open yet.
        """
        question = self._countable()
        found = codes.read(text if isinstance(text, str) else "", question.item)
        if found is None:
            raise RequestRefused(
                400, _("That is no answer to this question. Look at the code again.")
            )
        if found.choice >= len(question.options):
            raise RequestRefused(400, _("There is no such option."))
        if ROUNDS.index(found.round) > ROUNDS.index(self.last):
            raise RequestRefused(409, _("That answer is for the second round, which is not open."))
        levels = question.levels
        level = (
            levels[found.level] if found.level is not None and found.level < len(levels) else None
        )
        answer, name = Answer(found.choice, level), f"{BY_CODE}{found.phone}"
        earlier = question.answers[found.round].get(name)
        question.answers[found.round][name] = answer
        self.changes += 1
        if earlier is None:
            return _("Taken.")
        if earlier == answer:
            return _("This one was taken already.")
        return _("Taken; it replaces an earlier answer of the same phone.")

    def take_codes(self, text: object) -> str:
        """Take several codes at once, as `take_code` takes one; return what became of them.

        Those that can be read are taken whatever the others are; the message names the others.

        Raises
        ------
        RequestRefused
            As `take_code`, where there is a single code, or if none of several was taken.
        """
        given = codes.split(text if isinstance(text, str) else "")
        if len(given) < 2:
            return self.take_code(given[0] if given else "")
        taken, refused = 0, []
        for code in given:
            try:
                self.take_code(code)
                taken += 1
            except RequestRefused:
                refused.append(code)
        if not taken:
            raise RequestRefused(400, _("None of these codes is an answer to this question."))
        said = plural("{n} code is taken.", "{n} codes are taken.", taken).format(n=taken)
        if refused:
            said += " " + _("Look at these again: {codes}").format(codes=", ".join(refused))
        return said

    def count_hands(self, counts: object) -> None:
        """Take a count of hands or slips of the last round, in place of an earlier one.

        Raises
        ------
        RequestRefused
            If there is no question, or not one whole number for each option.
        """
        question = self._countable()
        if not isinstance(counts, list) or len(counts) != len(question.options):
            raise RequestRefused(400, _("Enter a number for each option."))
        question.hands[self.last] = [_whole(count, 1000) for count in counts]
        self.changes += 1

    def _countable(self) -> Question:
        if self.question is None:
            raise RequestRefused(409, _("No question is open."))
        if self.revealed:
            raise RequestRefused(409, _("What is right is shown already; no more answers count."))
        return self.question

    def expect(self, people: object) -> None:
        """Say how many people sit in the room; 0 takes it back.

        Raises
        ------
        RequestRefused
            For no whole number from 0 to 1000.
        """
        self.people = _whole(people, 1000) or None
        self.changes += 1

    # --- what is seen -------------------------------------------------------------------------

    def view(self, token: str) -> dict[str, Any]:
        """Return what one phone may know: the question, and its own answers."""
        shown: dict[str, Any] = {
            "session": self.session,
            "version": self.version,
            "question": self.number,
            "prompt": None,
        }
        if self.question is None:
            return shown
        given = {name: self.question.answers[name].get(token) for name in ROUNDS}
        return shown | {
            "prompt": self.question.prompt,
            "options": self.question.options,
            "levels": self.question.levels,
            "round": self.round,
            "last": self.last,
            "mine": {name: answer and asdict(answer) for name, answer in given.items()},
            "right": self.question.right if self.revealed else None,
        }

    def result(self) -> dict[str, Any] | None:
        """Return the question that stands; its counts only while no round is open."""
        if self.question is None:
            return None
        question, hidden = self.question, self.round is not None
        return {
            "item": question.item,
            "prompt": question.prompt,
            "options": question.options,
            "answered": sum(question.counts(self.last)),
            "right": question.right if self.revealed else None,
            "known": question.right is not None,
            "hands": question.hands.get(self.last),
            "counts": None if hidden else {name: question.counts(name) for name in self._opened()},
            "sure": question.sure(self.last) if self.revealed else None,
        }

    def _opened(self) -> tuple[str, ...]:
        return ROUNDS[: ROUNDS.index(self.last) + 1]

    def record(self) -> dict[str, Any]:
        """Return the counts of the question that stands, and nothing of who gave them."""
        question = self.question
        assert question is not None
        return {
            "item": question.item,
            "prompt": question.prompt,
            "options": question.options,
            "right": question.right,
            **{name: question.counts(name) for name in ROUNDS},
            "sure": {name: question.sure(name) for name in ROUNDS},
        }

    def records(self) -> list[dict[str, Any]]:
        """Return the counts of all questions so far that somebody answered."""
        now = [self.record()] if self.question and _total(self.question) else []
        return [*self.past, *now]

    def guests(self) -> dict[str, Any]:
        """Return how many came in and from where, and what a teacher should look at.

        ``many`` are addresses with more seats than `most_seats` says, ``held`` those that were
        refused one, ``guessing`` those that have to wait after wrong codes; each with a number.
        """
        now, by_address = self.clock(), self._addresses()
        seen = [seat for seat in self._seats.values() if now - seat.seen < self.limits.seen_seconds]
        return {
            "seats": self.seated,
            "seen": len(seen),
            "addresses": len(by_address),
            "most": max(by_address.values(), default=0),
            "people": self.people,
            "many": {a: n for a, n in by_address.items() if n > self.most_seats(a)},
            "held": dict(self._held),
            "guessing": [a for a, tries in self._tries.items() if not tries.free()],
        }

    def tally(self) -> dict[str, Any]:
        """Return what the teacher sees."""
        return {
            "session": self.session,
            "code": self.code,
            "version": self.version,
            "number": self.number,
            "round": self.round,
            "last": self.last,
            "revealed": self.revealed,
            "left": None if self.ends is None else max(0, round(self.ends - self.clock())),
            "result": self.result(),
            "guests": self.guests(),
            "records": len(self.records()),
        }

    # --- a laptop that stops ------------------------------------------------------------------

    def kept(self) -> dict[str, Any]:
        """Return all that brings the room back, as plain values; see `brought_back`."""
        names = ("session", "key", "code", "version", "number", "round", "last", "revealed")
        return {name: getattr(self, name) for name in (*names, "people", "past")} | {
            "question": self.question and asdict(self.question),
            "seats": {token: seat.address for token, seat in self._seats.items()},
        }

    @classmethod
    def brought_back(
        cls,
        kept: dict[str, Any],
        limits: RoomLimits | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> Room:
        """Return the room that `kept` describes.

        Raises
        ------
        KeyError, TypeError, ValueError
            If it describes none.
        """
        room = cls(limits, clock)
        for token, address in dict(kept["seats"]).items():
            room._seat(token, address)
        question = kept["question"]
        if question is not None:
            answers = {
                name: {
                    token: Answer(**answer) for token, answer in question["answers"][name].items()
                }
                for name in ROUNDS
            }
            room.question = Question(**question | {"answers": answers})
        for name in ("session", "key", "code", "version", "number", "round", "last", "revealed"):
            setattr(room, name, kept[name])
        room.people, room.past = kept["people"], kept["past"]
        room.version += 1
        return room


def _new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _n in range(5))


def _total(question: Question) -> int:
    return sum(sum(question.counts(name)) for name in ROUNDS)


def _whole(value: object, most: int) -> int:
    """Return a whole number from 0 on, or refuse it."""
    if type(value) is not int or not 0 <= value <= most:
        raise RequestRefused(
            400, _("That is not a whole number from 0 to {most}.").format(most=most)
        )
    return value
