"""What was handed in: found, weighed and looked at before anything of it is used."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from nbgrader.utils import parse_utc

from centralasia.checks import keys, perturb
from centralasia.files import write_whole
from centralasia.grading.handing_in import form, preflight, submission
from centralasia.grading.handing_in.structure import Finding, FindingKind
from centralasia.grading.running.results import whole

MAX_FOLDER = 50_000_000
MAX_FILES = 200
STAMP = "timestamp.txt"
"""Where nbgrader's exchange writes when the work was handed in."""
FATAL = (FindingKind.UNKNOWN_EXERCISE, FindingKind.WRONG_EXERCISE)
"""Findings after which there is nothing to grade."""
PATTERN = "*?["
"""What nbgrader takes for a pattern where it looks for a learner's folder."""


class Unusable(Exception):
    """Work that cannot be graded, and what the learner can do.

    Parameters
    ----------
    findings : tuple of Finding
        At least one.
    """

    def __init__(self, *findings: Finding) -> None:
        super().__init__(" ".join(map(str, findings)))
        self.findings = findings


class Unclear(Exception):
    """Work that only the teacher can put in order; the message says how."""


@dataclass(frozen=True)
class Work:
    """One learner's work.

    Parameters
    ----------
    student : str
        The name of the folder.
    notebook : dict
        As `submission.read` gives it, with no half characters in its texts.
    digest : str
        Of the notebook and of the time at which it was handed in.
    findings : tuple of Finding
        What the check before handing in would have said.
    """

    student: str
    notebook: dict[str, Any]
    digest: str
    findings: tuple[Finding, ...]


def exercise_digest(name: str) -> str:
    """Return a digest that changes when an exercise, its key or the data change.

    Parameters
    ----------
    name : str
        The exercise.

    Returns
    -------
    str
        SHA-256 in hexadecimal digits.
    """
    folder = keys.solutions_dir() / name
    parts = sha256()
    for path in (folder / f"{name}.ipynb", folder / "key.py"):
        parts.update(path.read_bytes())
    parts.update(perturb.default().name.encode())
    return parts.hexdigest()


def look(folder: Path, name: str, parts: str = submission.ALL) -> Work:
    """Look at one learner's folder of an exercise.

    Parameters
    ----------
    folder : pathlib.Path
        ``submitted/ID/EXERCISE``.
    name : str
        The exercise.
    parts : {"all", "data"}, default "all"
        What was asked of it.

    Returns
    -------
    Work

    Raises
    ------
    Unusable
        If there is nothing in it that can be graded.
    Unclear
        If its name or its time of handing in says nothing certain.
    OSError
        If it cannot be read.
    """
    student = folder.parent.name
    if any(c in PATTERN or unicodedata.category(c)[0] == "C" for c in student):
        raise Unclear(
            f"The folder's name {student!r} holds a character that nbgrader takes for a pattern "
            "or that cannot be shown. Give it the learner's id as its name."
        )
    path = folder / f"{name}.ipynb"
    _weigh(folder, path)
    renamed = () if path.is_file() else (_named_rightly(folder, path),)
    try:
        notebook = submission.read(path)
    except submission.Unreadable as error:
        finding = Finding(FindingKind.UNREADABLE, "", error.problem, error.remedy)
        raise Unusable(finding) from error
    findings = (*renamed, *preflight.inspect_read(notebook, path, parts=parts))
    fatal = tuple(f for f in findings if f.kind in FATAL)
    if fatal:
        raise Unusable(*fatal)
    if (folder / STAMP).is_file():
        _check_time(folder / STAMP)
    return Work(student, whole(notebook), digest(folder, name), findings)


def _named_rightly(folder: Path, path: Path) -> Finding:
    """Copy the one notebook of the exercise that has another name, such as ``… (1).ipynb``.

    If there is none, the one form of the exercise is put into it.
    """
    there = sorted(p for p in folder.iterdir() if p.is_file())
    if not any(p.suffix == path.suffix for p in there):
        filled = [p for p in there if p.suffix.casefold() == form.SUFFIX]
        if len(filled) == 1:
            return _filled_in(filled[0], path)
    meant = [p for p in there if p.suffix == path.suffix and _holds(p, path.stem)]
    if len(meant) != 1:
        names = ", ".join(p.name for p in there[:5]) or "nothing"
        raise _unusable(
            f"There is no notebook of the name {path.name}; there is {names}.",
            "Hand in the notebook itself, not packed, under the name that it had.",
        )
    write_whole(path, meant[0].read_bytes())
    return Finding(
        FindingKind.MENDED,
        "",
        f"It was handed in as {meant[0].name}.",
        f"It was graded as {path.name}, of which it holds the cells.",
    )


def _filled_in(file: Path, path: Path) -> Finding:
    """Write the notebook that a form makes."""
    try:
        if file.stat().st_size > form.MAX_BYTES:
            raise submission.Unreadable(f"{file.name} is too large for a form.", form.AGAIN)
        notebook = form.loads(file.read_bytes())
    except submission.Unreadable as error:
        raise _unusable(error.problem, error.remedy) from error
    held, _wrong = preflight.exercise_of(Path(path.suffix), notebook["cells"])
    if held != path.stem:
        raise _unusable(f"The form is that of {held}.", f"Hand in your form of {path.stem}.")
    write_whole(path, form.dumps(notebook))
    return Finding(
        FindingKind.MENDED,
        "",
        f"It was handed in as the form {file.name}.",
        f"It was graded as {path.name}, into which its answers were put.",
    )


def _holds(path: Path, name: str) -> bool:
    try:
        cells = submission.read(path)["cells"]
    except submission.Unreadable:
        return False
    return preflight.exercise_of(Path(path.suffix), cells) == (name, None)


def digest(folder: Path, name: str) -> str:
    """Return a digest of what was handed in, and of the time at which it was.

    Parameters
    ----------
    folder : pathlib.Path
        ``submitted/ID/EXERCISE``.
    name : str
        The exercise.

    Raises
    ------
    OSError
        If there is no notebook.
    """
    parts = sha256((folder / f"{name}.ipynb").read_bytes())
    if (folder / STAMP).is_file():
        parts.update((folder / STAMP).read_bytes())
    return parts.hexdigest()


def _unusable(problem: str, remedy: str) -> Unusable:
    return Unusable(Finding(FindingKind.UNUSABLE, "", problem, remedy))


def _check_time(stamp: Path) -> None:
    """Refuse a time that nbgrader cannot read, for a penalty may depend on it."""
    try:
        text = stamp.read_text(encoding="utf-8").strip()
        if text:
            parse_utc(text)
    except (ValueError, OverflowError, TypeError) as error:
        raise Unclear(
            f"{stamp.name} does not say when the work was handed in: {error}. Write the time into "
            "it, such as 2026-11-24 13:00:00 UTC, or delete it."
        ) from error


def _weigh(folder: Path, notebook: Path) -> None:
    """Refuse what is no plain file, which nbgrader would follow or copy, and far too much of it."""
    size = 0
    for count, entry in enumerate(_entries(folder), start=1):
        if entry.is_symlink():
            raise _unusable(f"{entry.name} is a link to another file.", "Hand in the file itself.")
        if not (entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)):
            raise _unusable(f"{entry.name} is no file.", "Hand in the notebook alone.")
        if Path(entry.path) != notebook:
            size += entry.stat(follow_symlinks=False).st_size
        if count > MAX_FILES or size > MAX_FOLDER:
            raise _unusable(
                f"The folder holds more than {MAX_FILES} files or {MAX_FOLDER / 1e6:.0f} MB.",
                "Hand in the notebook alone.",
            )


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            yield entry
            if entry.is_dir(follow_symlinks=False):
                yield from _entries(Path(entry.path))
