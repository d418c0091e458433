"""Marking written arguments: six criteria, four levels, without names.

`sheet` writes the arguments of a class, each with its case and its numbers, and an empty sheet;
`enter` takes a filled-in sheet, keeps it under its marker (`judging.markings`), and puts what
counts into nbgrader's gradebook, as a score and a comment. A second marker's levels stand beside
the first's, and where they differ the argument waits for somebody to moderate. Who prefers a page
marks in `afterwards.desk`, who prefers formgrader marks there.
"""

from __future__ import annotations

import hmac
import re
import secrets
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from centralasia import notebooks, spreadsheets, templates
from centralasia.checks import keys
from centralasia.errors import UserError
from centralasia.files import write_whole
from centralasia.grading.afterwards import similarity
from centralasia.grading.afterwards.folder import CourseFolder, comments, grades
from centralasia.grading.judging import asked as asks
from centralasia.grading.judging import markings
from centralasia.grading.judging.asked import Parts
from centralasia.grading.judging.markings import MARKED_IN, Mark, Marking, Rubric, Settled
from centralasia.measures import cohens_kappa

if TYPE_CHECKING:
    from nbgrader.api import SubmittedAssignment

COLUMNS = ["essay", "criterion", "level", "comment"]
SECRET = "words.key"
WIDTH = 90
_OLD_LEVEL = re.compile(r"^\*\*(.+?): level ([0-3])\.\*\*", re.MULTILINE)
_SCHEME = re.compile(r"###[ \t]*BEGIN MARK SCHEME\n(.*?)\n?###[ \t]*END MARK SCHEME", re.S)


@dataclass(frozen=True, kw_only=True)
class Essay:
    """An argument as a marker sees it.

    Parameters
    ----------
    word : str
        Under which it is marked.
    student : str
        Whose it is; never shown.
    text : str
    case : str
        State, partner, period and day that were asked about.
    numbers : tuple of (str, str)
        Each data question with the right answer for the case.
    alike : tuple of str
        Sentences on words that it shares with others, and on whose case it is about.
    settled : Settled
        What was given for this text so far.
    """

    word: str
    student: str
    text: str
    case: str
    numbers: tuple[tuple[str, str], ...]
    alike: tuple[str, ...]
    settled: Settled


@dataclass(frozen=True, kw_only=True)
class Entered:
    """What became of a sheet.

    Parameters
    ----------
    marked, left : int
        Arguments with marks that count now, and those that the sheet leaves open.
    changed : tuple of str
        Sentences on marks of the same marker that the sheet replaces.
    differ : tuple of str
        Essays that wait for moderation.
    kappa : float or None
        Cohen's kappa of the last two markers over all levels that both gave; None without two.
    """

    marked: int
    left: int
    changed: tuple[str, ...] = ()
    differ: tuple[str, ...] = ()
    kappa: float | None = None


def question(exercise: str) -> str:
    """Return the grade id of an exercise's argument."""
    every = keys.load(exercise).questions.values()
    return next(ask.id for ask in every if ask.kind == "argument")


def scheme(exercise: str) -> str:
    """Return the mark scheme of an exercise's argument."""
    name = keys.load(exercise).name
    cells = notebooks.read(keys.solutions_dir() / name / f"{name}.ipynb").cells
    found = next((match for c in cells if (match := _SCHEME.search(c.source))), None)
    return found[1].strip() if found else ""


def pseudonym(course: CourseFolder, exercise: str, student: str) -> str:
    """Return the word under which a marker sees a student's argument.

    It has eight letters from a to p, for a spreadsheet program rewrites what looks like a number,
    and comes from a secret of the course folder, so that nobody can work out whose it is.
    """
    message = f"{keys.load(exercise).name} {student}".encode()
    digits = hmac.digest(_secret(course), message, "sha256")[:4]
    return "".join("abcdefghijklmnop"[half] for byte in digits for half in divmod(byte, 16))


def _secret(course: CourseFolder) -> bytes:
    path = course.root / MARKED_IN / SECRET
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, secrets.token_hex(16).encode())
    return path.read_bytes()


def stored(course: CourseFolder, name: str, student: str, text: str | None = None) -> Settled:
    """Return what counts of a student's argument, as it was graded or as a given text stands."""
    text = _text(course, student, name, question(name)) if text is None else text
    return markings.settle(markings.read(course.folder(MARKED_IN, name, student)), text or "")


def levels(course: CourseFolder, submission: SubmittedAssignment, exercise: str) -> dict[str, int]:
    """Return the levels of a submission's argument by criterion; none if it is not marked.

    Gradebooks from before the levels had a file of their own have them in the comment.
    """
    name, asked = keys.load(exercise).name, question(exercise)
    grade = grades(submission).get(asked)
    if grade is None or grade.manual_score is None or grade.needs_manual_grade:
        return {}
    kept = stored(course, name, submission.student_id).marks
    if kept:
        return {mark.criterion: mark.level for mark in kept}
    old = _OLD_LEVEL.findall(comments(submission).get(asked, ""))
    return {criterion: int(level) for criterion, level in old}


def essays(course: CourseFolder, exercise: str) -> list[Essay]:
    """Return the arguments of a class, in an order that says nothing.

    Parameters
    ----------
    course : CourseFolder
    exercise : str

    Returns
    -------
    list of Essay
        An argument that was never written is not among them.

    Raises
    ------
    UserError
        If nothing was graded, or the argument was not asked for.
    """
    of, asked = keys.load(exercise), question(exercise)
    if asks.of(course.root, of.name).parts is Parts.DATA:
        raise UserError(f"{asks.FILE} says that the argument of {of.name} was not asked for.")
    texts: dict[str, str] = {}
    with course.submissions(of.name) as submissions:
        for submission in submissions:
            grade = grades(submission).get(asked)
            if grade is not None and grade.auto_score is None:
                text = _text(course, submission.student_id, of.name, asked)
                if text is not None:
                    texts[submission.student_id] = text
    words = {student: pseudonym(course, of.name, student) for student in texts}
    alike = similarity.findings(of, texts, words)
    found = [
        Essay(
            word=words[student],
            student=student,
            text=text,
            case=_case(of, student),
            numbers=tuple(numbers(of, student)),
            alike=tuple(alike[student]),
            settled=stored(course, of.name, student, text),
        )
        for student, text in texts.items()
    ]
    return sorted(found, key=lambda essay: essay.word)


def _case(of: keys.Exercise, student: str) -> str:
    case = of.case(student)
    return f"{case.state_name}, {case.partner_name}, {case.start} to {case.end}, {case.day}"


def numbers(of: keys.Exercise, student: str) -> Iterable[tuple[str, str]]:
    """Yield each data question with the right answer for a student's case, in short."""
    case = of.case(student)
    for number, ask in enumerate(of.questions.values(), start=1):
        if ask.kind not in ("argument", "chart"):
            yield f"{number}, {ask.id.split('-', 2)[-1]}", _short(keys.expected(ask.id, case))


def _short(value: object) -> str:
    """Return an answer in few words: a number, a list, or the ends of a table."""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, Mapping):
        inner = value.get("value", value.get("rows", value.get("values")))
        if inner is not None:
            return _short(inner)
        return "; ".join(f"{name} {_short(part)}" for name, part in value.items() if name != "type")
    if isinstance(value, Sequence) and not isinstance(value, str):
        parts = [_short(part) for part in value]
        if len(parts) > 6:
            parts = [*parts[:3], "…", *parts[-3:]]
        is_table = any(isinstance(part, (list, tuple)) for part in value)
        return (
            "; ".join(part.replace(", ", " ") for part in parts) if is_table else ", ".join(parts)
        )
    return str(value)


def sheet(course: CourseFolder, exercise: str, differing: bool = False) -> tuple[str, str]:
    """Return the arguments of a class and a sheet to fill in.

    Parameters
    ----------
    course : CourseFolder
    exercise : str
    differing : bool, default False
        Only those on which markers differ, with what each gave: a sheet for moderation.

    Returns
    -------
    (str, str)
        Markdown, and a CSV with the columns ``essay``, ``criterion``, ``level``, ``comment``.

    Raises
    ------
    UserError
        As `essays` does.
    """
    found = [e for e in essays(course, exercise) if e.settled.differ or not differing]
    of = markings.rubric()
    rows = [_row(essay, criterion, differing) for essay in found for criterion in of]
    text = templates.render(
        "grading/afterwards/templates/essays.md",
        exercise=keys.load(exercise).name,
        scheme=scheme(exercise),
        essays=[(essay, _fenced(essay.text)) for essay in found],
        differing=differing,
    )
    return text, spreadsheets.written([COLUMNS, *rows])


def _row(essay: Essay, criterion: str, differing: bool) -> list[str]:
    given = {one.marker: one.levels.get(criterion) for one in essay.settled.by}
    if not differing:
        return [essay.word, criterion, "", ""]
    agreed = next(iter(given.values())) if len(set(given.values())) == 1 else ""
    return [essay.word, criterion, str(agreed), ""]


def _text(course: CourseFolder, student: str, name: str, asked: str) -> str | None:
    path = course.folder("autograded", name, student) / f"{name}.ipynb"
    return markings.text_of(notebooks.read(path).cells, asked) if path.is_file() else None


def _fenced(text: str) -> str:
    """Return a learner's text so that nothing in it can pose as a part of the page, or load."""
    lines = [
        part for line in text.strip().splitlines() for part in textwrap.wrap(line, WIDTH) or [""]
    ]
    longest = max((len(run) for run in re.findall("~+", text)), default=0)
    fence = "~" * max(3, longest + 1)
    return "\n".join([fence, *lines, fence])


def enter(
    course: CourseFolder,
    exercise: str,
    path: str | Path,
    marker: str = "",
    moderates: bool = False,
) -> Entered:
    """Take a filled-in sheet.

    Parameters
    ----------
    course : CourseFolder
    exercise : str
    path : str or path
        CSV as a spreadsheet program saves it.
    marker : str
        Who filled it in; two names are two markers, who are kept apart.
    moderates : bool, default False
        Whether it settles differences.

    Returns
    -------
    Entered

    Raises
    ------
    UserError
        If the sheet has a level other than 0 to 3, half a row of levels, or an unknown essay;
        the gradebook is then as it was.
    OSError
        If the levels cannot be kept; the gradebook is then as it was.
    """
    name, of = keys.load(exercise).name, markings.rubric()
    marks = _marks(spreadsheets.read(Path(path), COLUMNS), of, Path(path))
    with course.submissions(name) as submissions:
        students = {pseudonym(course, name, s.student_id): s.student_id for s in submissions}
    unknown = sorted(set(marks) - set(students))
    if unknown:
        raise UserError(f"{path}: nobody handed in the essay {unknown[0]}.")
    done = {word: given for word, given in marks.items() if given}
    changed = [
        said
        for word, given in done.items()
        if (said := mark(course, name, students[word], given, marker, moderates, word))
    ]
    after = {word: stored(course, name, students[word]) for word in done}
    every = [stored(course, name, student) for student in students.values()]
    return Entered(
        marked=sum(bool(one.marks) for one in after.values()),
        left=len(marks) - len(done),
        changed=tuple(changed),
        differ=tuple(sorted(word for word, one in after.items() if one.differ)),
        kappa=agreement(every),
    )


def mark(
    course: CourseFolder,
    name: str,
    student: str,
    given: Sequence[Mark],
    marker: str = "",
    moderates: bool = False,
    word: str = "",
) -> str:
    """Keep one marking of a student's argument, and put what counts now into the gradebook.

    Returns
    -------
    str
        What the same marker gave before, if it was something else; else nothing.
    """
    asked, of = question(name), markings.rubric()
    folder = course.folder(MARKED_IN, name, student)
    text = _text(course, student, name, asked) or ""
    before = markings.settle(markings.read(folder), text)
    marking = Marking(
        marks=tuple(given), marker=marker, text=markings.digest(text), time=markings.now(),
        moderates=moderates,
    )  # fmt: skip
    markings.add(folder, marking)
    now = markings.settle(markings.read(folder), text)
    score = markings.points(now.marks, of) if now.marks else None
    said = markings.comment(now.marks, of) if now.marks else None
    course.book.give(name, student, asked, score, said)
    mine = next((b for b in before.by if (b.marker, b.moderates) == (marker, moderates)), None)
    if mine is None or mine.levels == marking.levels:
        return ""
    old, new = markings.points(mine.marks, of), markings.points(given, of)
    return f"{word}: {old:g} points before, {new:g} now."


def agreement(settled: Iterable[Settled]) -> float | None:
    """Return Cohen's kappa of two markers over all levels that both gave; None without two."""
    one: list[int] = []
    other: list[int] = []
    for essay in settled:
        apart = [marking.levels for marking in essay.by if not marking.moderates]
        if len(apart) >= 2:
            shared = [c for c in apart[-2] if c in apart[-1]]
            one += [apart[-2][c] for c in shared]
            other += [apart[-1][c] for c in shared]
    return cohens_kappa(pd.Series(one), pd.Series(other)) if one else None


def _marks(rows: list[dict[str, str]], of: Rubric, path: Path) -> dict[str, list[Mark]]:
    """Return the marks of each essay; none of one that is not marked yet."""
    by_essay: dict[str, list[Mark]] = {}
    for row in rows:
        given = by_essay.setdefault(row["essay"], [])
        if row["level"]:
            level = _level(row, path)
            given.append(Mark(criterion=row["criterion"], level=level, comment=row["comment"]))
    for essay, given in by_essay.items():
        if given and sorted(one.criterion for one in given) != sorted(of):
            raise UserError(f"{path}: essay {essay} needs a level for each of the six criteria.")
    return by_essay


def _level(row: dict[str, str], path: Path) -> int:
    try:
        level = spreadsheets.number(row["level"])  # a program may make 2 into 2.0 or 2,0
    except ValueError:
        level = -1
    if level not in range(4):
        raise UserError(
            f"{path}: essay {row['essay']}, {row['criterion']}, has the level {row['level']!r}. "
            "Levels are 0, 1, 2 and 3."
        )
    return int(level)


def marked(course: CourseFolder, exercise: str) -> pd.DataFrame:
    """Return the levels of all marked arguments: a row an argument, a column a criterion.

    An argument that was marked in formgrader has a score and no levels; it has no row.
    """
    name = keys.load(exercise).name
    with course.submissions(name) as submissions:
        every = [levels(course, submission, name) for submission in submissions]
    return pd.DataFrame([row for row in every if row], columns=list(markings.rubric()))
