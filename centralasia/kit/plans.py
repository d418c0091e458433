"""Course plans: which lesson when, and what each objective rests on.

``python -m centralasia.kit.plans`` writes the marked parts of ``docs/course-plans.md`` and
``docs/syllabus.md`` from ``plans.csv``, ``objectives.csv``, the lessons and the rubric. A test
holds the two equal.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from pathlib import Path

from centralasia import notebooks
from centralasia.files import write_whole
from centralasia.paths import course_root, notebooks_dir

HERE = Path(__file__).parent
PAGES = ("course-plans.md", "syllabus.md")
RUBRIC = HERE.parent / "checks" / "rubric.csv"
EXERCISE = {"": 0, "data": 53, "all": 90}
"""Minutes of an exercise: without its last question, the argument, and with it."""
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
def lessons() -> dict[str, dict]:
    """Return what the lessons say of themselves, by number."""
    files = sorted(notebooks_dir().glob("[0-9][0-9]-*.ipynb"))
    return {file.stem[:2]: notebooks.about(file) for file in files}


def at_home(row: Row) -> int:
    """Return the minutes that a row of a plan asks for at home: the lesson and its exercise."""
    if row["form"] == BREAK or row["plan"] == "one-day":
        return 0
    return lessons()[row["lesson"]]["minutes"] + EXERCISE[row["exercise"]]


def clock(time: str, minutes: int) -> str:
    """Return the time of day so many minutes later."""
    hours, rest = divmod(int(time[:2]) * 60 + int(time[3:]) + minutes, 60)
    return f"{hours:02d}:{rest:02d}"


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [list(head), *[[str(cell) for cell in row] for row in rows]]
    lines.insert(1, [":---"] * len(lines[0]))
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _title(number: str) -> str:
    return f"{number} · {lessons()[number]['title']}"


def _weeks(name: str) -> str:
    asks = {"": "–", "data": "data questions", "all": "all questions"}
    rows = [row for row in plan(name) if row["form"] != BREAK]
    table = _table(
        ["Week", "Lesson", "At home first", "In class", "Exercise after", "Seminar"],
        [
            [
                row["part"], _title(row["lesson"]), f"{lessons()[row['lesson']]['minutes']} min",
                f"{row['minutes']} min", asks[row["exercise"]], row["work"],
            ]
            for row in rows
        ],
    )  # fmt: skip
    week = {
        part: sum(int(row["minutes"]) for row in its)
        for part, its in groupby(plan(name), key=lambda row: row["part"])
    }
    longest, shortest = max(week.values()), min(week.values())
    meeting = str(longest) if longest == shortest else f"{shortest} to {longest}"
    home, inside = sum(map(at_home, rows)), sum(int(row["minutes"]) for row in rows)
    return (
        f"{table}\nA meeting takes {meeting} minutes, breaks included. Together: "
        f"{inside / 60:.0f} hours in class and about {home / 60:.0f} at home.\n"
    )


def _day() -> str:
    rows = plan("one-day")
    table = _table(
        ["Time", "Lesson", "Form", "What"],
        [
            [
                f"{row['part']}–{clock(row['part'], int(row['minutes']))}",
                "" if row["form"] == BREAK else _title(row["lesson"]),
                f"{row['form']}, {row['minutes']} min", row["work"],
            ]
            for row in rows
        ],
    )  # fmt: skip
    taught = sum(int(row["minutes"]) for row in rows if row["form"] != BREAK)
    rest = sum(int(row["minutes"]) for row in rows if row["form"] == BREAK)
    return f"{table}\nTogether: {taught} minutes of work and {rest} of breaks.\n"


def _objectives() -> str:
    parts = []
    for number, rows in groupby(objectives(), key=lambda row: row["lesson"]):
        lines = [
            [
                row["objective"], row["questions"].replace(" ", ", ") or "–", row["activity"],
                row["criteria"].replace(";", ", "),
            ]
            for row in rows
        ]  # fmt: skip
        head = ["Learners can …", "Exercise, question", "In the seminar", "Rubric"]
        parts.append(f"### {_title(number)}\n\n{_table(head, lines)}")
    return "\n".join(parts)


def _outline() -> str:
    rows = [
        [row["part"], _title(row["lesson"]), lessons()[row["lesson"]]["period"], row["work"]]
        for row in plan("12-weeks")
    ]
    return _table(["Week", "Lesson", "Period", "Seminar and written work"], rows)


def _rubric() -> str:
    rows = [
        [name, *[level["descriptor"] for level in levels]]
        for name, levels in groupby(read(RUBRIC), key=lambda row: row["criterion"])
    ]
    return _table(["Criterion", "0", "1", "2", "3"], rows)


def fill(page: str) -> str:
    """Return a page with its marked parts written anew."""
    made = {
        "twelve-weeks": lambda: _weeks("12-weeks"),
        "six-weeks": lambda: _weeks("6-weeks"),
        "one-day": _day,
        "objectives": _objectives,
        "outline": _outline,
        "rubric": _rubric,
    }
    return _MARKED.sub(lambda found: f"{found[1]}\n{made[found[2]]()}\n{found[3]}", page)


def main() -> None:
    """Write the pages."""
    for name in PAGES:
        file = course_root() / "docs" / name
        write_whole(file, fill(file.read_text(encoding="utf-8")).encode())


if __name__ == "__main__":
    main()
