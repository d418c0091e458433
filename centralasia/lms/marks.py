"""The marks of a class: data and argument apart, with the reason for each, and the term's result.

Nothing is taken from a table that another step wrote for people: points come from nbgrader's
gradebook, what was found from the grader's records, levels from those of the markers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from centralasia.checks import keys
from centralasia.checks.cases import tidy_id
from centralasia.checks.outcome import WORDS
from centralasia.errors import UserError
from centralasia.grading.afterwards import essays, ungraded
from centralasia.grading.afterwards.folder import CourseFolder, grades
from centralasia.grading.judging import intake, markings, verdicts
from centralasia.grading.judging.asked import Asked, Parts
from centralasia.grading.judging.intake import STAMP
from centralasia.grading.judging.verdicts import GRADED_IN, UNGRADED_IN, Record, State
from centralasia.language import _
from centralasia.lms import clock, rules
from centralasia.lms.roster import Person, Roster
from centralasia.lms.rules import EXCUSED, Rules

DATA, ARGUMENT = "data", "argument"


class Why(StrEnum):
    """Where a mark stands."""

    MARKED = "marked"
    ZERO = "nothing handed in"
    FAILED = "could not be graded"
    OPEN = "not handed in yet"
    UNGRADED = "handed in, not graded yet"
    PUT_OFF = "put off"
    WAITING = "waits for a marker"
    EXCUSED = "excused"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One mark of one learner.

    Parameters
    ----------
    exercise : str
    part : str
        ``data`` or ``argument``.
    out_of : float
    points : float or None
        None if there is none yet, or there will be none.
    why : Why
    note : str
        Sentences that explain it, fit for the learner.
    counts : bool
        False for an argument for practice.
    """

    exercise: str
    part: str
    out_of: float
    points: float | None
    why: Why
    note: str
    counts: bool = True

    @property
    def column(self) -> str:
        """What its column is called everywhere."""
        return f"{self.exercise} {self.part}"


@dataclass(frozen=True)
class Graded:
    """What the gradebook holds of one submission: points, and where a person was or is awaited."""

    points: Mapping[str, float]
    waiting: frozenset[str]
    by_hand: frozenset[str]
    penalty: float
    levels: Sequence[markings.Mark]


def of_class(
    course: CourseFolder, roster: Roster, exercises: Iterable[str], now: datetime | None = None
) -> dict[str, list[Mark]]:
    """Return the marks of everybody on a list, by id.

    Parameters
    ----------
    course : CourseFolder
    roster : Roster
    exercises : iterable of str
        Names.
    now : datetime.datetime, optional
        Before which a date is past; this moment if left out.

    Returns
    -------
    dict of str to list of Mark

    Raises
    ------
    UserError
        If there is no gradebook, or a table of the teacher says nothing certain.
    """
    term, moment = rules.read(course.root), now or datetime.now(UTC)
    found: dict[str, list[Mark]] = {person.id: [] for person in roster}
    for name in exercises:
        asked = term.asked[name]
        if asked.parts is Parts.NOTHING:
            continue
        of = keys.load(name)
        graded, folders = _graded(course, name), _folders(course, name)
        records = _records(course, name, folders.values())
        for person in roster:
            who = tidy_id(person.id)
            work = _Work(
                person, of, asked, term, graded.get(who), records.get(who),
                folders.get(who), moment, course,
            )  # fmt: skip
            found[person.id] += work.marks()
    return found


def begun(course: CourseFolder, exercises: Iterable[str]) -> list[str]:
    """Return the exercises of which somebody has handed something in."""
    return [name for name in exercises if course.book.students("submitted", name)]


def unlisted(course: CourseFolder, roster: Roster, exercises: Iterable[str]) -> list[str]:
    """Return the ids under which work was handed in and which the list does not have."""
    known = {tidy_id(person.id) for person in roster}
    handed = {
        folder
        for name in exercises
        for who, folder in _folders(course, name).items()
        if who not in known
    }
    return sorted(handed)


def _folders(course: CourseFolder, name: str) -> dict[str, str]:
    """Return the folders in which an exercise was handed in, by the id that they stand for."""
    return {tidy_id(folder): folder for folder in course.book.students("submitted", name)}


def _graded(course: CourseFolder, name: str) -> dict[str, Graded]:
    try:
        with course.submissions(name) as submissions:
            every = ((tidy_id(one.student_id), one) for one in submissions)
            return {who: _of_gradebook(course, one, name) for who, one in every}
    except UserError:  # nothing of it is graded, or no gradebook is there yet
        return {}


def _of_gradebook(course: CourseFolder, submission: Any, name: str) -> Graded:
    given = grades(submission)
    return Graded(
        points={question: float(grade.score or 0) for question, grade in given.items()},
        waiting=frozenset(q for q, grade in given.items() if grade.needs_manual_grade),
        by_hand=frozenset(q for q, grade in given.items() if grade.manual_score is not None),
        penalty=float(submission.late_submission_penalty or 0),
        levels=essays.stored(course, name, submission.student_id).marks,
    )


def _records(course: CourseFolder, name: str, folders: Iterable[str]) -> dict[str, Record]:
    """Return what the grader last said of each submission."""
    failed = ungraded.records(course, name)
    found = {}
    for folder in folders:
        put_off = verdicts.read(course.folder(UNGRADED_IN, name, folder))
        record = put_off or verdicts.read(course.folder(GRADED_IN, name, folder))
        record = failed.get(folder, record)
        if record is not None:
            found[tidy_id(folder)] = record
    return found


@dataclass(frozen=True)
class _Work:
    """One learner's work on one exercise, and how it becomes marks."""

    person: Person
    of: keys.Exercise
    asked: Asked
    term: Rules
    graded: Graded | None
    record: Record | None
    folder: str | None
    now: datetime
    course: CourseFolder

    def marks(self) -> list[Mark]:
        parts = [DATA] if self.asked.parts is Parts.DATA else [DATA, ARGUMENT]
        return [self._mark(part) for part in parts if self._questions(part)]

    def _questions(self, part: str) -> list[str]:
        asks = self.of.questions.values()
        return [ask.id for ask in asks if (ask.kind == ARGUMENT) == (part == ARGUMENT)]

    def _mark(self, part: str) -> Mark:
        questions = self._questions(part)
        out_of = float(sum(self.of.questions[q].points for q in questions))
        points, why, note = self._found(part, questions)
        if points is not None and points > 0:
            points, note = self._less(part, points, note)
        practice = self.asked.parts is Parts.PRACTICE and part == ARGUMENT
        return Mark(
            exercise=self.of.name, part=part, out_of=out_of, points=points, why=why, note=note,
            counts=not practice,
        )  # fmt: skip

    def _found(self, part: str, questions: Sequence[str]) -> tuple[float | None, Why, str]:
        until = self.term.extension(self.person.id, self.of.name)
        if until.casefold() == EXCUSED:
            return None, Why.EXCUSED, _("Excused: it does not count.")
        if self.folder is None:
            return self._missing(until)
        record = self.record
        if record is not None and record.state == State.FAILED:
            reasons = " ".join(map(str, record.findings))
            return 0.0, Why.FAILED, _("It could not be graded. {why}").format(why=reasons)
        if record is not None and record.state == State.PUT_OFF:
            return None, Why.PUT_OFF, _("Grading was put off, for a reason that is not yours.")
        if self.graded is None or not self._is_of_this():
            return None, Why.UNGRADED, _("It is handed in and not graded yet.")
        if set(questions) & self.graded.waiting:
            return None, Why.WAITING, _("It waits for a marker.")
        points = sum(self.graded.points.get(q, 0.0) for q in questions)
        note = self._of_data(record) if part == DATA else self._of_argument(questions)
        return points, Why.MARKED, note

    def _is_of_this(self) -> bool:
        """Say whether what was graded is what is handed in now."""
        if self.record is None:  # nbgrader alone graded it, and keeps no record
            return True
        folder = self.course.folder("submitted", self.of.name, self.folder or "")
        try:
            return intake.digest(folder, self.of.name) == self.record.submission
        except OSError:
            return False

    def _missing(self, until: str) -> tuple[float | None, Why, str]:
        due = until or self.asked.due
        if due and clock.given(due, "extensions.csv") < self.now:
            return 0.0, Why.ZERO, _("Nothing was handed in by {date}.").format(date=due)
        if due:
            return None, Why.OPEN, _("Nothing is handed in yet; it is due {date}.").format(date=due)
        return None, Why.OPEN, _("Nothing is handed in, and no date is given by which it is due.")

    def _of_data(self, record: Record | None) -> str:
        """Return what was found on each data question."""
        if record is None:
            return _("Graded by nbgrader; what was found is in the feedback.")
        lines = []
        for number, verdict in enumerate(record.verdicts, start=1):
            if self.of.questions[verdict.question].kind == ARGUMENT:
                continue
            text = f"{number}: {verdict.points:g}/{verdict.out_of:g} {_(WORDS[verdict.kind])}."
            if verdict.points < verdict.out_of:
                text += f" {verdict.message}"
            lines.append(text.strip())
        if record.other_id:
            lines.append(_("The notebook gives another id: {id}.").format(id=record.other_id))
        if record.ended:
            lines.append(_("The run ended early: {why}.").format(why=record.ended))
        return " ".join(lines)

    def _of_argument(self, questions: Sequence[str]) -> str:
        """Return the levels and what was said to each; or why there are none."""
        assert self.graded is not None
        if not set(questions) & self.graded.by_hand:
            return _("No argument was written.")
        if self.graded.levels:
            said = (
                f"{mark.criterion} {mark.level}." + (f" {mark.comment}" if mark.comment else "")
                for mark in self.graded.levels
            )
            return " ".join(said)
        return _("Marked in formgrader; the comment is in the feedback.")

    def _less(self, part: str, points: float, note: str) -> tuple[float, str]:
        """Return the points after what late work costs."""
        assert self.graded is not None
        penalty = self.graded.penalty
        data = sum(self.graded.points.get(q, 0.0) for q in self._questions(DATA))
        taken = min(points, penalty if part == DATA else max(0.0, penalty - data))
        if taken:
            note += " " + _("{points} points are taken off by nbgrader, for it came late.").format(
                points=f"{taken:g}"
            )
        days = self._days_late()
        share = self.term.late.share(days)
        if days and share < 1:
            note += " " + _("{days} days late: {percent} % are taken off.").format(
                days=days, percent=f"{100 * (1 - share):g}"
            )
        return round((points - taken) * share, 2), note

    def _days_late(self) -> int:
        due = self.term.extension(self.person.id, self.of.name) or self.asked.due
        stamp = self.course.folder("submitted", self.of.name, self.folder or "") / STAMP
        if not due or not stamp.is_file():
            return 0
        try:
            handed_in = clock.parsed(stamp.read_text(encoding="utf-8-sig"), UTC)
        except ValueError:
            return 0
        return clock.days_late(handed_in, clock.given(due, "asked.csv"))


@dataclass(frozen=True, kw_only=True)
class Result:
    """A learner's result in one part of the term, or in all of it.

    Parameters
    ----------
    share : float or None
        0 to 1; None if nothing of it is known.
    whole : bool
        Whether nothing of it is still open.
    note : str
        What is open, and what was dropped.
    """

    share: float | None
    whole: bool
    note: str = ""


@dataclass(frozen=True)
class _Item:
    name: str
    points: float
    out_of: float


def results(term: Rules, student: str, marks: Sequence[Mark]) -> dict[str, Result]:
    """Return a learner's results by part, and under ``total`` the weighted one.

    A part's result is the points of what counts over the points that it could have had, the lowest
    left out as the weights say. What is excused counts nowhere. The total is that of the parts of
    which something is known, and is whole only if all of them are.

    Parameters
    ----------
    term : Rules
    student : str
    marks : sequence of Mark

    Returns
    -------
    dict of str to Result
    """
    found: dict[str, Result] = {}
    for weight in term.weights:
        if weight.part in (DATA, ARGUMENT):
            mine = [m for m in marks if m.part == weight.part and m.counts]
            items = [_Item(m.exercise, m.points, m.out_of) for m in mine if m.points is not None]
            open_ = [m.exercise for m in mine if m.points is None and m.why != Why.EXCUSED]
        else:
            others = [o for o in term.others if o.part == weight.part]
            own = [o for o in others if o.learner == tidy_id(student)]
            items = [_Item(o.item, o.points, o.out_of) for o in own]
            every = {o.item for o in others}
            open_ = sorted(every - {o.item for o in own}) if every else [weight.part]
        found[weight.part] = _result(items, open_, weight.dropped)
    known = [(w.weight, found[w.part]) for w in term.weights if found[w.part].share is not None]
    total = sum(weight for weight, _result_ in known)
    share = sum(weight * (one.share or 0) for weight, one in known) / total if total else None
    lacking = [part for part, one in found.items() if not one.whole]
    note = _("Open: {parts}.").format(parts=", ".join(lacking)) if lacking else ""
    return found | {"total": Result(share=share, whole=not lacking, note=note)}


def _result(items: list[_Item], open_: list[str], dropped: int) -> Result:
    """Return the result of one part; nothing is dropped that would leave nothing."""
    ranked = sorted(items, key=lambda item: item.points / item.out_of if item.out_of else 0)
    left_out = ranked[: min(dropped, max(0, len(ranked) - 1))]
    kept = [item for item in ranked if item not in left_out]
    notes = []
    if left_out:
        names = ", ".join(sorted(item.name for item in left_out))
        notes.append(_("Left out as the lowest: {names}.").format(names=names))
    if open_:
        notes.append(_("Open: {parts}.").format(parts=", ".join(open_)))
    out_of = sum(item.out_of for item in kept)
    share = sum(item.points for item in kept) / out_of if out_of else None
    return Result(share=share, whole=not open_ and share is not None, note=" ".join(notes))
