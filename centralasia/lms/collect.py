"""From a download of a learning system to ``submitted/ID/EXERCISE/EXERCISE.ipynb``.

Every file of the download gets a line that says where it went or why it went nowhere. The lines
are kept in ``collected.csv``, from which `centralasia.lms.feedback` learns under which name a
learner's feedback goes back.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath

from centralasia import spreadsheets
from centralasia.checks.cases import GUEST, tidy_id
from centralasia.errors import UserError
from centralasia.files import write_whole
from centralasia.grading.handing_in import form, preflight, submission
from centralasia.lms import archive
from centralasia.lms.incoming import Owned, System, owned
from centralasia.lms.roster import Person, Roster

FILE = "collected.csv"
SUBMITTED, EARLIER = "submitted", "earlier"
STAMP = "timestamp.txt"
NOTEBOOK = submission.NOTEBOOK
FORM = "It is a form; its answers were put into the notebook."
OTHER_FILE = "It is no notebook and no form; it stays in the download."


class Fate(StrEnum):
    """What became of a file."""

    COLLECTED = "collected"
    UNCHANGED = "unchanged"
    REPLACED = "collected, in place of an earlier one"
    OTHER = "another version, not graded"
    BESIDE = "beside a notebook, not graded"
    STRAY = "not collected"


TAKEN = (Fate.COLLECTED, Fate.UNCHANGED, Fate.REPLACED)


@dataclass(frozen=True, kw_only=True)
class Line:
    """What became of one file of a download.

    Parameters
    ----------
    student : str
        The learner's id; empty if it is not known whose the file is.
    name : str
        What the learner is called.
    exercise : str
    fate : Fate
    late : str
        ``yes`` if the system says so.
    handed_in : str
        When, as far as the roster says it.
    system : System
    download, place : str
        The zip or folder, and the file's name in it.
    note : str
        Sentences for the teacher.
    """

    student: str = ""
    name: str = ""
    exercise: str = ""
    fate: Fate
    late: str = ""
    handed_in: str = ""
    system: System
    download: str
    place: str
    note: str = ""


@dataclass(frozen=True)
class _Notebook:
    """A notebook of somebody's, and how much of the exercise it answers."""

    place: str
    owned: Owned
    exercise: str
    content: bytes
    answers: int
    note: str
    suffix: str = NOTEBOOK

    @property
    def rank(self) -> tuple[int, int, str]:
        """Which of several counts: most answers, then the highest number in brackets."""
        number = re.search(r"\((\d+)\)|-Copy(\d+)|-(\d+)\.ipynb$", self.owned.name)
        count = int(next(filter(None, number.groups()))[:6]) if number else 0
        return self.answers, count, self.place


def collect(download: Path, system: System, roster: Roster, root: Path) -> list[Line]:
    """Sort a download into a course folder.

    Parameters
    ----------
    download : pathlib.Path
        A zip, or a folder into which it was unpacked.
    system : System
    roster : Roster
    root : pathlib.Path
        The course folder, which gets ``submitted`` and ``collected.csv``.

    Returns
    -------
    list of Line
        One for each file, in the order of the download.

    Raises
    ------
    UserError
        If the download is hostile, or nothing in it is named as the system names files; the course
        folder is then as it was.
    OSError
        If something cannot be read or written.
    """
    with archive.opened(download) as files:
        whose = [(file, owned(file.path, system, roster)) for file in files]
        if whose and not any(of.name and not of.foreign for _, of in whose):
            raise UserError(
                f"No file of {download} is named as {system} names submissions. Give the zip as it "
                "was downloaded, and say with --from where it comes from."
            )
        lines: list[Line] = []
        by_person: dict[str, list[tuple[archive.File, Owned]]] = {}
        for file, of in whose:
            if of.person is None or of.text:
                note = of.trouble or "It was typed into the system, and is no notebook."
                lines.append(_line(of, str(file.path), download, system, Fate.STRAY, note))
            else:
                by_person.setdefault(of.person.id, []).append((file, of))
        for theirs in by_person.values():
            lines += _of_one(theirs, download, system, roster, root)
    order = {str(file.path): n for n, (file, _) in enumerate(whose)}
    lines.sort(key=lambda line: (order.get(line.place.partition("!")[0], -1), line.place))
    _keep(root, lines)
    return lines


def _line(
    of: Owned, place: str, download: Path, system: System, fate: Fate, note: str, exercise: str = ""
) -> Line:
    person = of.person
    return Line(
        student=person.id if person else "",
        name=person.words if person else "",
        exercise=exercise,
        fate=fate,
        late="yes" if of.late else "",
        handed_in=person.handed_in if person else "",
        system=system,
        download=download.name,
        place=place,
        note=note,
    )


def _of_one(
    theirs: Sequence[tuple[archive.File, Owned]],
    download: Path,
    system: System,
    roster: Roster,
    root: Path,
) -> Iterator[Line]:
    """Take one learner's notebooks, the fullest of each exercise; yield a line for each file."""
    notebooks: list[_Notebook] = []
    for place, of, content, trouble in _contents(theirs):
        found = None
        if content is None or not of.name.casefold().endswith((NOTEBOOK, form.SUFFIX)):
            note = trouble or OTHER_FILE
            fate = Fate.STRAY if trouble else Fate.BESIDE
        else:
            read = _form if of.name.casefold().endswith(form.SUFFIX) else _notebook
            found, note = read(place, of, content, roster)
            fate = Fate.STRAY if note else Fate.BESIDE
            note = note or OTHER_FILE
        if found is None:
            yield _line(of, place, download, system, fate, note)
        else:
            notebooks.append(found)
    for exercise in sorted({one.exercise for one in notebooks}):
        versions = sorted((n for n in notebooks if n.exercise == exercise), key=lambda n: n.rank)
        *others, best = versions
        fate, more = _put(root, best, others)
        note = " ".join(filter(None, (best.note, more)))
        yield _line(best.owned, best.place, download, system, fate, note, exercise)
        for other in others:
            same = other.content == best.content
            note = (
                f"{'The same as' if same else 'Has fewer answers, or is older, than'} {best.place}."
            )
            yield _line(other.owned, other.place, download, system, Fate.OTHER, note, exercise)


def _contents(
    theirs: Iterable[tuple[archive.File, Owned]],
) -> Iterator[tuple[str, Owned, bytes | None, str]]:
    """Yield the files of one learner, those of a zip that they handed in too."""
    for file, of in theirs:
        place = str(file.path)
        try:
            content = file.read()
        except archive.Unread as error:
            yield place, of, None, str(error)
            continue
        if not of.name.casefold().endswith(".zip"):
            yield place, of, content, ""
            continue
        with ExitStack() as stack:
            try:
                inside = stack.enter_context(archive.inner(content, "The zip inside"))
            except UserError as error:
                yield place, of, None, str(error)
                continue
            for packed in inside:
                own = Owned(person=of.person, name=packed.path.name, late=of.late)
                try:
                    yield f"{place}!{packed.path}", own, packed.read(), ""
                except archive.Unread as error:
                    yield f"{place}!{packed.path}", own, None, str(error)


def _notebook(
    place: str, of: Owned, content: bytes, roster: Roster
) -> tuple[_Notebook | None, str]:
    """Return a notebook with its exercise; or None, and why it belongs to none."""
    try:
        cells = submission.loads(content)["cells"]
    except submission.Unreadable as error:
        named, wrong = preflight.exercise_of(_named(of.name), [])
        if wrong is not None:
            return None, f"{error} {wrong.problem}"
        return _Notebook(place, of, named, content, -1, str(error)), ""
    name, wrong = preflight.exercise_of(Path(NOTEBOOK), cells)  # what it holds, not its name
    if wrong is not None:
        name, wrong = preflight.exercise_of(_named(of.name), [])
    if wrong is not None:
        return None, wrong.problem
    note = _whose_case(preflight.id_of(cells), of.person, roster)
    return _Notebook(place, of, name, content, _answers(cells, name), note), ""


def _form(place: str, of: Owned, content: bytes, roster: Roster) -> tuple[_Notebook | None, str]:
    """Return the notebook that a form makes; None if the file is none.

    A broken form goes to the grader as it is, who says why.
    """
    try:
        made = form.dumps(form.loads(content))
    except submission.Unreadable as error:
        named, wrong = preflight.exercise_of(_named(of.name), [])
        if wrong is not None:  # some other file, which need not even be the learner's
            return None, ""
        return _Notebook(place, of, named, content, -1, str(error), form.SUFFIX), ""
    found, note = _notebook(place, of, made, roster)
    if found is not None:
        found = replace(found, note=" ".join(filter(None, (FORM, found.note))))
    return found, note


def _named(name: str) -> Path:
    """Return a file's name from where an exercise's name begins in it: "Copy of 03-…"."""
    found = re.search(r"\d\d-[a-z]", name)
    return Path(name[found.start() :] if found else PurePosixPath(name).name)


def _answers(cells: Sequence[submission.Cell], name: str) -> int:
    """Return how many cells of an exercise a learner has written into."""
    released = submission.released(name)
    keys = submission.match(cells, released)
    return sum(
        released.is_open(key) and submission.text(cell) != submission.text(released.cells[key])
        for cell, key in zip(cells, keys, strict=True)
        if key is not None
    )


def _whose_case(given: str | None, person: Person | None, roster: Roster) -> str:
    """Say so if a notebook answers a case other than the learner's own."""
    if given is None or person is None or tidy_id(given) == tidy_id(person.id):
        return ""
    if tidy_id(given) == GUEST:
        return "It answers the guest's case, not the learner's own."
    other = roster.by_id(given)
    if other is None:
        whose = "which nobody on the list has"
    elif other.id == person.id:
        whose = "which is theirs, but not the one that counts"
    else:
        whose = f"which is that of {other.words}"
    return f"It gives the id {given[:60]!r}, {whose}: it answers another case than {person.id!r}."


def _put(root: Path, best: _Notebook, others: Sequence[_Notebook]) -> tuple[Fate, str]:
    """Write a notebook to where the grader looks for it; keep what it replaces."""
    person = best.owned.person
    assert person is not None
    folder = _folder(root, person.id) / best.exercise
    target = folder / f"{best.exercise}{best.suffix}"
    fate, note = Fate.COLLECTED, ""
    if target.is_file() and not target.is_symlink():
        if target.read_bytes() == best.content:
            fate = Fate.UNCHANGED
        else:
            kept = _free(root / EARLIER / folder.parent.name / best.exercise)
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(target, kept)
            fate, note = Fate.REPLACED, f"The earlier one is kept as {kept.relative_to(root)}."
    folder.mkdir(parents=True, exist_ok=True)
    if fate != Fate.UNCHANGED:
        write_whole(target, best.content)
    if person.handed_in:
        write_whole(folder / STAMP, f"{person.handed_in}\n".encode())
    if others:
        note = " ".join(filter(None, (note, f"Of {len(others) + 1} versions, this one counts.")))
    return fate, note


def _folder(root: Path, student: str) -> Path:
    """Return a learner's folder; the one that is there, if its letters are only put otherwise."""
    home = root / SUBMITTED
    there = home.iterdir() if home.is_dir() else ()
    same = (path for path in there if tidy_id(path.name) == tidy_id(student))
    return next(same, home / student)


def _free(folder: Path) -> Path:
    number = 1
    while (free := folder / f"{number}{NOTEBOOK}").exists():
        number += 1
    return free


def _keep(root: Path, lines: Sequence[Line]) -> None:
    """Write the lines into the table, in place of those of the same download."""
    downloads = {line.download for line in lines}
    kept = [line for line in collected(root) if line.download not in downloads]
    head = [field.name for field in fields(Line)]
    rows = [
        [spreadsheets.cell(str(value)) for value in asdict(line).values()]
        for line in (*kept, *lines)
    ]
    write_whole(root / FILE, spreadsheets.written([head, *rows]).encode())


def collected(root: Path) -> list[Line]:
    """Return what was collected so far, as the table of a course folder says it."""
    path = root / FILE
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [
            {name: spreadsheets.plain(text) for name, text in row.items()}
            for row in csv.DictReader(file)
        ]
    try:
        return [
            Line(**row | {"fate": Fate(row["fate"]), "system": System(row["system"])})  # type: ignore[arg-type]
            for row in rows
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(
            f"{path} was changed, and cannot be read ({error}). Move it away and collect again."
        ) from error


def summary(lines: Sequence[Line], roster: Roster) -> str:
    """Return what a teacher reads: counts, whatever needs a look, and who handed in nothing."""
    taken = [line for line in lines if line.fate in TAKEN]
    parts = [f"{len(lines)} files: " + ", ".join(_counts(lines)) + "."]
    for line in lines:
        if line.fate not in TAKEN or line.note:
            who = f"{line.student}: " if line.student else ""
            parts.append(f"  {line.fate}: {line.place}\n    {who}{line.note}")
    for exercise in sorted({line.exercise for line in taken}):
        here = {line.student for line in taken if line.exercise == exercise}
        missing = [person for person in roster if person.id not in here]
        parts.append(f"{exercise}: {len(here)} of {len(roster.people)} people.")
        if missing:
            parts.append("  Nothing from " + ", ".join(person.words for person in missing) + ".")
    return "\n".join(parts)


def _counts(lines: Sequence[Line]) -> Iterator[str]:
    for fate in Fate:
        count = sum(line.fate == fate for line in lines)
        if count:
            yield f"{count} {fate}"
