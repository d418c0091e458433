"""What a term's marks follow: small tables, the course's own or the teacher's in their place.

In the course folder may lie, each as CSV that any Excel writes:

- ``asked.csv``: which parts of each exercise are asked for, and by when (`judging.asked`);
- ``weights.csv``: the parts of the mark, their weights, and how many of the lowest are dropped;
- ``policy.csv``: what late work costs;
- ``extensions.csv``: ``learner``, ``exercise``, ``until``: another date for one learner, or the
  word ``excused``; an empty ``exercise`` means all;
- ``other.csv``: ``learner``, ``part``, ``item``, ``points``, ``out_of``: what was marked elsewhere,
  such as quizzes in the learning system and the seminar.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from centralasia import course, spreadsheets
from centralasia.checks import public
from centralasia.checks.cases import tidy_id
from centralasia.errors import UserError
from centralasia.files import write_whole
from centralasia.grading.judging import asked
from centralasia.grading.judging.asked import Asked, Parts
from centralasia.kit import plans
from centralasia.lms import clock

HERE = Path(__file__).parent
PLAN = "12-weeks"
EXCUSED = "excused"


@dataclass(frozen=True)
class Weight:
    """One part of the mark: ``dropped`` of its lowest marks do not count."""

    part: str
    weight: float
    dropped: int = 0


@dataclass(frozen=True)
class Late:
    """What late work costs, in days and in percent of its points."""

    days_free: float = 0
    percent_a_day: float = 0
    most_percent: float = 100

    def share(self, days: int) -> float:
        """Return the share of the points that is left.

        Examples
        --------
        >>> Late(1, 10, 50).share(1), Late(1, 10, 50).share(3), Late(1, 10, 50).share(30)
        (1.0, 0.8, 0.5)
        """
        lost = max(0.0, days - self.days_free) * self.percent_a_day
        return 1 - min(lost, self.most_percent) / 100


@dataclass(frozen=True)
class Extension:
    """Another date for one learner, or none at all; ``exercise`` empty means every one."""

    learner: str
    exercise: str
    until: str


@dataclass(frozen=True)
class Other:
    """A mark that was given elsewhere."""

    learner: str
    part: str
    item: str
    points: float
    out_of: float


@dataclass(frozen=True)
class Rules:
    """All that a term's marks follow."""

    asked: dict[str, Asked]
    weights: tuple[Weight, ...]
    late: Late
    extensions: tuple[Extension, ...]
    others: tuple[Other, ...]

    def extension(self, learner: str, exercise: str) -> str:
        """Return the date until which a learner has time, ``excused``, or nothing.

        What is said of one exercise goes before what is said of all.
        """
        mine = [one for one in self.extensions if one.learner == tidy_id(learner)]
        mine.sort(key=lambda one: one.exercise != exercise)
        return next((one.until for one in mine if one.exercise in (exercise, "")), "")


def prepare(root: Path) -> Path:
    """Write ``asked.csv`` by the plan for a term, for the teacher to edit, if there is none.

    Returns
    -------
    pathlib.Path
    """
    path = root / asked.FILE
    if not path.exists():
        rows = [
            Asked(course.lesson(row["lesson"]).name, Parts(row["exercise"]))
            for row in plans.plan(PLAN)
            if row["exercise"]
        ]
        save(root, {row.exercise: row for row in rows})
    return path


def save(root: Path, rows: dict[str, Asked]) -> None:
    """Write ``asked.csv``."""
    lines = [(row.exercise, row.parts, row.due) for _, row in sorted(rows.items())]
    write_whole(root / asked.FILE, spreadsheets.written([asked.COLUMNS, *lines]).encode())


def read(root: Path) -> Rules:
    """Return what the marks of a course folder follow.

    Raises
    ------
    UserError
        If a table has a row that says nothing certain; the message names it.
    """
    rules = Rules(
        asked={name: asked.read(root).get(name, Asked(name)) for name in public.names()},
        weights=_weights(_own(root, "weights.csv")),
        late=_late(_own(root, "policy.csv")),
        extensions=_extensions(root / "extensions.csv"),
        others=_others(root / "other.csv"),
    )
    unknown = {other.part for other in rules.others} - {one.part for one in rules.weights}
    if unknown:
        raise UserError(f"other.csv has the part {min(unknown)!r}, to which no weight is given.")
    for row in rules.asked.values():
        if row.due:
            clock.given(row.due, asked.FILE)
    return rules


def _own(root: Path, name: str) -> Path:
    return root / name if (root / name).is_file() else HERE / name


def _number(text: str, path: Path) -> float:
    try:
        return spreadsheets.number(text)
    except ValueError:
        raise UserError(f"{path}: {text!r} is no number.") from None


def _weights(path: Path) -> tuple[Weight, ...]:
    rows = spreadsheets.read(path, ["part", "weight", "dropped"], others=True)
    found = tuple(
        Weight(row["part"], _number(row["weight"], path), int(_number(row["dropped"] or "0", path)))
        for row in rows
    )
    if sum(one.weight for one in found) <= 0 or any(one.weight < 0 for one in found):
        raise UserError(f"{path} gives no weight to anything.")
    return found


def _late(path: Path) -> Late:
    rows = {
        row["rule"]: row["value"] for row in spreadsheets.read(path, ["rule", "value"], others=True)
    }
    known = ("late_days_free", "late_percent_a_day", "late_most_percent")
    odd = sorted(set(rows) - set(known))
    if odd:
        raise UserError(f"{path} has the rule {odd[0]!r}; there are {', '.join(known)}.")
    given = {rule.removeprefix("late_"): _number(value, path) for rule, value in rows.items()}
    return Late(**given)


def _extensions(path: Path) -> tuple[Extension, ...]:
    if not path.is_file():
        return ()
    found = []
    for row in spreadsheets.read(path, ["learner", "exercise", "until"], others=True):
        name = course.lesson(row["exercise"]).name if row["exercise"] else ""
        until = row["until"].strip()
        if until.casefold() != EXCUSED:
            clock.given(until, str(path))
        found.append(Extension(tidy_id(row["learner"]), name, until))
    return tuple(found)


def _others(path: Path) -> tuple[Other, ...]:
    if not path.is_file():
        return ()
    return tuple(
        Other(
            tidy_id(row["learner"]),
            row["part"],
            row["item"],
            _number(row["points"], path),
            _number(row["out_of"], path),
        )
        for row in spreadsheets.read(
            path, ["learner", "part", "item", "points", "out_of"], others=True
        )
    )
