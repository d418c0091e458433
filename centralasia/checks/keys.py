"""Keys of the exercises, and the verdict on values that were taken out of a notebook.

For the process that grades, never for the one that runs a learner's code.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from centralasia.checks import cases, outcome, perturb
from centralasia.checks import judge as judging
from centralasia.checks.asks import Ask
from centralasia.checks.cases import Case
from centralasia.checks.outcome import Outcome
from centralasia.checks.public import UnknownExercise
from centralasia.checks.values import Plain
from centralasia.paths import course_root, using

ENV = "CENTRALASIA_SOLUTIONS"
TYPED_IN = (
    "The answer is right for the tables as they are, but it does not follow them: when the figures "
    "in the tables change, it stays as it was or breaks. Compute it from the table that you load, "
    "and type in nothing that the table or the case can give."
)
Taken = Mapping[str, Mapping[str, Plain]]


@dataclass(frozen=True)
class Exercise:
    """An exercise with its key.

    Parameters
    ----------
    name : str
        Such as ``"03-russia-3-return"``.
    questions : dict of str to Ask
    pool : tuple of Case
    guest : Case
    """

    name: str
    questions: dict[str, Ask]
    pool: tuple[Case, ...]
    guest: Case

    @property
    def lesson(self) -> str:
        """The number of the lesson."""
        return self.name[:2]

    @property
    def points(self) -> int:
        """The points of all questions together."""
        return sum(ask.points for ask in self.questions.values())

    def case(self, learner_id: object) -> Case:
        """Return the case of a learner."""
        return cases.draw(self.lesson, learner_id, self.pool, self.guest)

    def public(self) -> dict[str, Any]:
        """Return what goes to learners."""
        return {
            "exercise": self.name,
            "guest": list(self.guest.same),
            "lesson": self.lesson,
            "points": self.points,
            "pool": [list(case.same) for case in self.pool],
            "questions": [ask.public(self.guest) for ask in self.questions.values()],
        }


def solutions_dir() -> Path:
    """Return the folder of the solutions, which a learner's copy of the course need not have.

    Returns
    -------
    pathlib.Path
        The value of the environment variable ``CENTRALASIA_SOLUTIONS``, or ``solutions`` beside
        the course's data.
    """
    named = os.environ.get(ENV)
    return Path(named) if named else course_root() / "solutions"


def names() -> list[str]:
    """Return the names of all exercises that have a key."""
    return sorted(path.parent.name for path in solutions_dir().glob("[0-9][0-9]-*/key.py"))


def load(exercise: str) -> Exercise:
    """Return an exercise with its key.

    Parameters
    ----------
    exercise : str
        Number or name.

    Raises
    ------
    UnknownExercise
        If there is no key for it here.
    """
    found = [name for name in names() if exercise in (name, name[:2])]
    if not found:
        known = ", ".join(names()) or "none"
        raise UnknownExercise(
            f"There is no key for exercise {exercise!r} in {solutions_dir()}; there are: {known}."
        )
    return _load(solutions_dir() / found[0])


@cache
def _load(folder: Path) -> Exercise:
    name = f"centralasia_key_{folder.name.replace('-', '_')}"
    spec = importlib.util.spec_from_file_location(name, folder / "key.py")
    module = importlib.util.module_from_spec(spec)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    questions = {ask.id: ask for ask in module.QUESTIONS}
    return Exercise(folder.name, questions, tuple(module.POOL), module.GUEST)


def judge(
    question_id: str, taken: Taken, learner_id: str, *, perturbed: Path | None = None
) -> Outcome:
    """Return the verdict on an answer.

    Parameters
    ----------
    question_id : str
    taken : mapping
        What `centralasia.checks.values.loads` returned; trusted in nothing.
    learner_id : str
        Whose work it is, as the folder of the submission says.
    perturbed : pathlib.Path, optional
        The changed copy of the data that the second run used.

    Returns
    -------
    Outcome
        Right only if the answer is right on the data and on the changed copy.
    """
    exercise, ask = find(question_id)
    case = exercise.case(learner_id)
    first = _verdict(ask, case, taken["base"], None)
    if first.points == 0:
        return _of_another(exercise, ask, taken, learner_id) or first
    if not ask.follows_data:
        return first
    if _verdict(ask, case, taken["perturbed"], perturbed or perturb.default()).points > 0:
        return first
    return outcome.wrong(TYPED_IN, mistake="typed-in")


def find(question_id: str) -> tuple[Exercise, Ask]:
    """Return a question with its exercise.

    Raises
    ------
    UnknownExercise
        If there is none of that id.
    """
    exercise = load(question_id[2:4])
    if question_id not in exercise.questions:
        known = ", ".join(exercise.questions)
        raise UnknownExercise(f"There is no question {question_id!r}; there are: {known}.")
    return exercise, exercise.questions[question_id]


def other_id(taken: Taken, learner_id: str) -> str | None:
    """Return the id that a notebook gives, if it is another than that of its folder."""
    given = taken["base"].get("learner_id", {})
    name = cases.tidy_id(given.get("value"))
    return None if name in (cases.GUEST, cases.tidy_id(learner_id)) else name


def _verdict(ask: Ask, case: Case, values: Mapping[str, Plain], data: Path | None) -> Outcome:
    expected = _expected(ask.id, case.same, data)
    try:
        found = judging.verdict(ask, values, expected, ())
        if found.kind == "wrong":  # only now is it worth working out what the typical errors give
            found = judging.verdict(ask, values, expected, _typical(ask.id, case.same, data))
        return found
    except Exception as error:  # whatever a learner's process made up, grading goes on
        return outcome.cannot_check(
            f"The answer has a form that the checker does not know ({type(error).__name__})."
        )


@cache
def _expected(question_id: str, same: tuple, data: Path | None) -> Plain:
    """Return the expected answer, for a case and some data."""
    _, ask = find(question_id)
    with using(data):
        return ask.answer(Case(*same))


@cache
def _typical(question_id: str, same: tuple, data: Path | None) -> list:
    """Return the typical wrong answers, for a case and some data."""
    _, ask = find(question_id)
    with using(data):
        return ask.wrong_answers(Case(*same))


def _of_another(exercise: Exercise, ask: Ask, taken: Taken, learner_id: str) -> Outcome | None:
    """Say so if an answer is that of another case, because the notebook has another id."""
    given = other_id(taken, learner_id)
    guest = cases.tidy_id(taken["base"].get("learner_id", {}).get("value")) == cases.GUEST
    if given is None and not guest:
        return None
    case = exercise.case(given or cases.GUEST)
    if _verdict(ask, case, taken["base"], None).points == 0:
        return None
    whose = f"the id {given!r}" if given else "the guest"
    return outcome.wrong(
        f"This answers the case of {whose}. Write the id under which you hand in at the top of "
        "the notebook, run all cells again and look at your own case.",
        mistake="other-case",
    )
