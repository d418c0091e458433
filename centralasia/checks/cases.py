"""A case of one's own: the state, partner and period that a learner's id stands for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from typing import Any

from centralasia import course, style
from centralasia.checks import public
from centralasia.language import _
from centralasia.templates import render

GUEST = "guest"
Same = tuple[str, str, int, int, str]
"""State, partner, first and last year, day."""
STATES = course.states()


@dataclass(frozen=True)
class Case:
    """What an exercise asks one learner about.

    Parameters
    ----------
    state, partner : str
        ISO 3166 alpha-3 codes.
    start, end : int
        First and last year of the period.
    day : str
        A date, such as ``"2006-06-23"``.
    learner_id : str, default "guest"
    """

    state: str
    partner: str
    start: int
    end: int
    day: str
    learner_id: str = GUEST

    @property
    def state_name(self) -> str:
        """The state in English."""
        return STATES[self.state]

    @property
    def partner_name(self) -> str:
        """The partner in English."""
        return course.power(self.partner).in_sentence

    @property
    def power(self) -> str:
        """The partner as the tables of claims and events name it."""
        return course.power(self.partner).key

    @property
    def same(self) -> Same:
        """What makes two cases the same, whoever works on them."""
        return self.state, self.partner, self.start, self.end, self.day

    def _lines(self) -> dict[str, str]:
        return {
            _("Your state"): f"{self.state_name} ({self.state})",
            _("Your partner"): f"{self.partner_name} ({self.partner})",
            _("Your period"): _("{start} to {end}").format(start=self.start, end=self.end),
            _("Your day"): self.day,
        }

    def _note(self) -> str:
        if self.learner_id == GUEST:
            return _(
                "This is the guest's case, for practice: every answer can be checked here in "
                "full. For graded work, write your own id above and run the cell again."
            )
        return _(
            "This is the case of {learner}, and nobody chose it. Answers are checked for their "
            "form here; whether they are right is decided when the work is graded."
        ).format(learner=self.learner_id)

    def __repr__(self) -> str:  # noqa: D105
        return "\n".join([*(f"{k}: {v}" for k, v in self._lines().items()), self._note()])

    def _repr_html_(self) -> str:
        lines, note = self._lines().items(), self._note()
        return style.sheet() + render("checks/templates/case.html", lines=lines, note=note)


def pool(
    states: Iterable[str], partners: Iterable[str], periods: Iterable[tuple[int, int, str]]
) -> list[Case]:
    """Return a case for every state, partner and period.

    Parameters
    ----------
    states, partners : iterable of str
        ISO alpha-3 codes.
    periods : iterable of (int, int, str)
        First year, last year and day.

    Returns
    -------
    list of Case

    Examples
    --------
    >>> len(pool(["KAZ", "KGZ"], ["RUS", "CHN"], [(1999, 2007, "2006-06-23")]))
    4
    """
    return [Case(s, p, *period) for s, p, period in product(states, partners, periods)]


def tidy_id(learner_id: object) -> str:
    """Return an id as it is compared: without blanks around it, composed, in small letters.

    A Mac names a folder with letters taken apart (NFD), a keyboard types them whole (NFC).

    Examples
    --------
    >>> tidy_id(" Mu\u0308ller ") == tidy_id("M\u00fcller")
    True
    """
    text = unicodedata.normalize("NFC", learner_id) if isinstance(learner_id, str) else ""
    return unicodedata.normalize("NFC", text.strip().casefold()) or GUEST


def draw(lesson: str, learner_id: object, cases: Iterable[Case], guest: Case) -> Case:
    """Return the case that an id stands for.

    The id's hash picks from the cases other than the guest's, so that ids spread evenly, the
    same id always gets the same case, and nobody's graded case is the one that is explained.

    Parameters
    ----------
    lesson : str
        Two digits; the same id has another case in another lesson.
    learner_id : object
        Text; anything else, or nothing, is the guest.
    cases : iterable of Case
    guest : Case

    Returns
    -------
    Case
    """
    name = tidy_id(learner_id)
    if name == GUEST:
        return guest
    own = [case for case in cases if case.same != guest.same]
    number = int.from_bytes(sha256(f"{lesson}:{name}".encode()).digest()[:8], "big")
    return Case(*own[number % len(own)].same, learner_id=name)


def from_public(exercise: Mapping[str, Any]) -> tuple[list[Case], Case]:
    """Return the pool and the guest's case as the exercise's public part holds them."""
    return [Case(*row) for row in exercise["pool"]], Case(*exercise["guest"])


def case(lesson: str, learner_id: object = GUEST) -> Case:
    """Return the case of a learner in an exercise.

    Parameters
    ----------
    lesson : str
        Number or name: ``"03"``.
    learner_id : str, default "guest"
        The id under which the work is handed in; ``"guest"`` practises with a case of its own.

    Returns
    -------
    Case
        ``state``, ``partner`` (ISO codes), ``start``, ``end`` (years), ``day`` (a date).

    Raises
    ------
    UnknownExercise
        If the lesson has no exercise.

    Examples
    --------
    >>> case("03").state_name
    'Kazakhstan'
    """
    exercise = public.exercise(lesson)
    return draw(exercise["lesson"], learner_id, *from_public(exercise))
