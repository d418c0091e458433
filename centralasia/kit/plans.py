"""Course plans: which lesson when, and what each objective rests on.

``python -m centralasia.kit.plans`` writes the marked parts of ``docs/course-plans.md`` and
``docs/syllabus.md`` from ``plans.csv``, ``objectives.csv``, the lessons and the rubric. A test
holds the two equal.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from centralasia import course, notebooks
from centralasia.files import write_whole
from centralasia.paths import course_root
from centralasia.templates import render

HERE = Path(__file__).parent
PAGES = ("course-plans.md", "syllabus.md")
RUBRIC = HERE.parent / "checks" / "rubric.csv"
EXERCISE = {"": 0, "data": 53, "all": 90, "practice": 90}
"""Minutes of an exercise: without its last question, the argument, and with it, which may be for
practice and not count."""
BREAK = "break"
_MARKED = re.compile(r"(<!-- begin ([\w-]+) -->\n).*?(<!-- end \2 -->)", re.S)

Row = dict[str, str]


def read(file: Path) -> list[Row]:
    """Return the rows of a small table of the kit."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def plan(name: str) -> list[Row]:
    """Return the rows of a plan: lessons and breaks in order."""
    return [row for row in read(HERE / "plans.csv") if row["plan"] == name]


def objectives() -> list[Row]:
    """Return what each objective of each lesson rests on."""
    return read(HERE / "objectives.csv")


@cache
def about(number: str) -> dict[str, Any]:
    """Return what a lesson's file says of itself.

    Raises
    ------
    course.Unknown
        If there is no such lesson.
    """
    return notebooks.about(course.lesson(number).file)


def at_home(row: Row) -> int:
    """Return the minutes that a row of a plan asks for at home: the lesson and its exercise."""
    if row["form"] == BREAK or row["plan"] == "one-day":
        return 0
    return int(about(row["lesson"])["minutes"]) + EXERCISE[row["exercise"]]


def clock(time: str, minutes: int) -> str:
    """Return the time of day so many minutes later."""
    hours, rest = divmod(int(time[:2]) * 60 + int(time[3:]) + minutes, 60)
    return f"{hours:02d}:{rest:02d}"


def _title(number: str) -> str:
    return f"{number} · {about(number)['title']}"


def _weeks(name: str) -> str:
    """Return a plan by weeks as a table, and what it adds up to."""
    every = "all questions"
    asks = {"": "–", "data": "data questions", "all": every, "practice": every}
    rows = [row for row in plan(name) if row["form"] != BREAK]
    week = [
        sum(int(row["minutes"]) for row in its)
        for _part, its in groupby(plan(name), key=lambda row: row["part"])
    ]
    longest, shortest = max(week), min(week)
    return render(
        "kit/templates/plans/weeks.md",
        rows=[
            [
                row["part"], _title(row["lesson"]), f"{about(row['lesson'])['minutes']} min",
                f"{row['minutes']} min", asks[row["exercise"]], row["work"],
            ]
            for row in rows
        ],
        meeting=longest if longest == shortest else f"{shortest} to {longest}",
        inside=sum(int(row["minutes"]) for row in rows),
        home=sum(map(at_home, rows)),
    )  # fmt: skip


def _day() -> str:
    """Return the day as a table, and how much of it is work."""
    rows = plan("one-day")
    return render(
        "kit/templates/plans/day.md",
        rows=[
            [
                f"{row['part']}–{clock(row['part'], int(row['minutes']))}",
                "" if row["form"] == BREAK else _title(row["lesson"]),
                f"{row['form']}, {row['minutes']} min", row["work"],
            ]
            for row in rows
        ],
        taught=sum(int(row["minutes"]) for row in rows if row["form"] != BREAK),
        rest=sum(int(row["minutes"]) for row in rows if row["form"] == BREAK),
    )  # fmt: skip


def _seminars(name: str) -> str:
    """Return the meetings on one lesson as a table."""
    return render(
        "kit/templates/plans/seminars.md",
        rows=[[row["part"], f"{row['minutes']} min", row["work"]] for row in plan(name)],
    )


def _objectives() -> str:
    """Return a table for each lesson: what each objective rests on."""
    lessons = [
        (
            _title(number),
            [
                [
                    row["objective"], row["questions"].replace(" ", ", ") or "–", row["activity"],
                    row["criteria"].replace(";", ", "),
                ]
                for row in rows
            ],
        )
        for number, rows in groupby(objectives(), key=lambda row: row["lesson"])
    ]  # fmt: skip
    return render("kit/templates/plans/objectives.md", lessons=lessons)


def _outline() -> str:
    """Return the term in short, as a syllabus has it."""
    rows = [
        [row["part"], _title(row["lesson"]), course.lesson(row["lesson"]).years or "–", row["work"]]
        for row in plan("12-weeks")
    ]
    return render("kit/templates/plans/outline.md", rows=rows)


def _rubric() -> str:
    """Return the rubric as a table, a column a level."""
    rows = [
        [name, *(level["descriptor"] for level in levels)]
        for name, levels in groupby(read(RUBRIC), key=lambda row: row["criterion"])
    ]
    return render("kit/templates/plans/rubric.md", rows=rows)


def fill(page: str) -> str:
    """Return a page with its marked parts written anew."""
    made = {
        "twelve-weeks": lambda: _weeks("12-weeks"),
        "six-weeks": lambda: _weeks("6-weeks"),
        "one-day": _day,
        "part-two": lambda: _weeks("part-two"),
        "own-source": lambda: _seminars("own-source"),
        "objectives": _objectives,
        "outline": _outline,
        "rubric": _rubric,
    }
    return _MARKED.sub(lambda found: f"{found[1]}\n{made[found[2]]().strip()}\n\n{found[3]}", page)


def main() -> None:
    """Write the pages."""
    for name in PAGES:
        file = course_root() / "docs" / name
        write_whole(file, fill(file.read_text(encoding="utf-8")).encode())


if __name__ == "__main__":
    main()
