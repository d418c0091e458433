"""Keys of the exercises, and the verdict on values that were taken out of a notebook.

For the process that grades, never for the one that runs a learner's code.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from centralasia import course
from centralasia.checks import cases, forms, outcome, perturb
from centralasia.checks import judge as judging
from centralasia.checks.asks import Ask
from centralasia.checks.cases import Case
from centralasia.checks.outcome import Outcome
from centralasia.checks.public import UnknownExercise, lesson_of
from centralasia.checks.slices import Slice
from centralasia.checks.values import Plain
from centralasia.errors import UserError
from centralasia.language import N_, _
from centralasia.paths import course_root, using

ENV = "CENTRALASIA_SOLUTIONS"
BESIDE = ("learner_id", forms.FLAG)
"""What is taken out of a notebook with each answer."""
TYPED_IN = N_(
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
    tables : tuple of Slice
        What somebody who writes no code gets of the tables.
    """

    name: str
    questions: dict[str, Ask]
    pool: tuple[Case, ...]
    guest: Case
    tables: tuple[Slice, ...]

    @property
    def lesson(self) -> str:
        """The number of the lesson."""
        return course.lesson(self.name).number

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
            "tables": [part.public() for part in self.tables],
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
    every = (lesson.name for lesson in course.lessons())
    return [name for name in every if _has_key(name)]


def _has_key(name: str) -> bool:
    return (solutions_dir() / name / "key.py").is_file()


def load(exercise: str) -> Exercise:
    """Return an exercise with its key.

    Parameters
    ----------
    exercise : str
        Its lesson, as `centralasia.course.lesson` takes it.

    Raises
    ------
    centralasia.course.Unknown
        If there is no such lesson.
    UnknownExercise
        If there is no key for it here.
    """
    lesson = course.lesson(exercise)
    if not _has_key(lesson.name):
        known = ", ".join(names()) or "none"
        raise UnknownExercise(
            f"There is no key for exercise {exercise!r} in {solutions_dir()}; there are: {known}."
        )
    return _load(solutions_dir() / lesson.name)


@cache
def _load(folder: Path) -> Exercise:
    name = f"centralasia_key_{folder.name.replace('-', '_')}"
    spec = importlib.util.spec_from_file_location(name, folder / "key.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"{folder / 'key.py'} cannot be imported.")
    module = importlib.util.module_from_spec(spec)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    if not module.POOL:
        raise UserError(
            f"{folder / 'key.py'}: POOL has no case. The tables hold nothing of what it asks for: "
            "take other periods, another table or another partner."
        )
    questions = {ask.id: ask for ask in module.QUESTIONS}
    return Exercise(folder.name, questions, tuple(module.POOL), module.GUEST, module.TABLES)


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
        Right only if the answer is right on the data and on the changed copy; of a form, whose
        answers can follow no other data, if it is right on the data.
    """
    exercise, ask = find(question_id)
    case = exercise.case(learner_id)
    first = _verdict(ask, case, taken["base"], None)
    typed = taken["base"].get(forms.FLAG, {}).get("value") is True
    if typed and first.kind == "not_attempted":
        return outcome.not_attempted(_("The form has no answer to this question."))
    if first.points == 0:
        return _of_another(exercise, ask, taken, learner_id) or first
    if typed or not ask.follows_data:
        return first
    data = perturbed or perturb.default()
    if _is_right(ask, case, taken["perturbed"], data) or not _has_answer(ask, case, data):
        return first
    return outcome.wrong(_(TYPED_IN), mistake="typed-in")


def find(question_id: str) -> tuple[Exercise, Ask]:
    """Return a question with its exercise.

    Raises
    ------
    UnknownExercise
        If there is none of that id.
    """
    exercise = load(lesson_of(question_id) or question_id)
    if question_id not in exercise.questions:
        known = ", ".join(exercise.questions)
        raise UnknownExercise(f"There is no question {question_id!r}; there are: {known}.")
    return exercise, exercise.questions[question_id]


def fits(question_id: str, taken: Taken, others: Iterable[Case]) -> list[Case]:
    """Return the cases, other than the learner's own, for which an answer is right.

    Parameters
    ----------
    question_id : str
    taken : mapping
        As `judge` takes it.
    others : iterable of Case
    """
    _exercise, ask = find(question_id)
    return [case for case in others if _is_right(ask, case, taken["base"], None)]


def expected(question_id: str, case: Case) -> Plain:
    """Return the right answer to a question for a case, as plain values."""
    return _expected(question_id, case.same, None)


def other_id(taken: Taken, learner_id: str) -> str | None:
    """Return the id that a notebook gives, if it is another than that of its folder."""
    given = taken["base"].get("learner_id", {})
    name = cases.tidy_id(given.get("value"))
    return None if name in (cases.GUEST, cases.tidy_id(learner_id)) else name


def _is_right(ask: Ask, case: Case, values: Mapping[str, Plain], data: Path | None) -> bool:
    """Say whether an answer earns points, and not why it earns none."""
    return _verdict(ask, case, values, data, explained=False).points > 0


def _verdict(
    ask: Ask,
    case: Case,
    values: Mapping[str, Plain],
    data: Path | None,
    explained: bool = True,
) -> Outcome:
    expected = _expected(ask.id, case.same, data)
    try:
        found = judging.verdict(ask, values, expected, ())
        if explained and found.kind == "wrong":  # only then are the typical errors worked out
            found = judging.verdict(ask, values, expected, _typical(ask.id, case.same, data))
        return found
    except Exception as error:  # whatever a learner's process made up, grading goes on
        return outcome.cannot_check(
            _("The answer has a form that the checker does not know ({error}).").format(
                error=type(error).__name__
            )
        )


def _has_answer(ask: Ask, case: Case, data: Path) -> bool:
    """Say whether a question has an answer on a changed copy, which may lack the rows for it."""
    try:
        _expected(ask.id, case.same, data)
    except Exception:  # whatever a key stumbles over on data that were drawn
        return False
    return True


@cache
def _expected(question_id: str, same: cases.Same, data: Path | None) -> Plain:
    """Return the expected answer, for a case and some data."""
    _exercise, ask = find(question_id)
    with using(data):
        return ask.answer(Case(*same))


@cache
def _typical(question_id: str, same: cases.Same, data: Path | None) -> list[dict[str, Any]]:
    """Return the typical wrong answers, for a case and some data."""
    _exercise, ask = find(question_id)
    with using(data):
        return ask.wrong_answers(Case(*same))


def _of_another(exercise: Exercise, ask: Ask, taken: Taken, learner_id: str) -> Outcome | None:
    """Say so if an answer is that of another case, because the notebook has another id."""
    given = other_id(taken, learner_id)
    guest = cases.tidy_id(taken["base"].get("learner_id", {}).get("value")) == cases.GUEST
    if given is None and not guest:
        return None
    case = exercise.case(given or cases.GUEST)
    if not _is_right(ask, case, taken["base"], None):
        return None
    whose = _("the id {id!r}").format(id=given) if given else _("the guest")
    return outcome.wrong(
        _(
            "This answers the case of {whose}. Write the id under which you hand in at the top, "
            "and answer for the case that you then get; in a notebook, run all cells again."
        ).format(whose=whose),
        mistake="other-case",
    )
