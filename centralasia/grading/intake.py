"""What was handed in: found, weighed and looked at before anything of it is used."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from centralasia.checks import keys, perturb
from centralasia.grading import preflight
from centralasia.grading.preflight import Finding

MAX_FOLDER = 50_000_000
MAX_FILES = 200
FATAL = ("unreadable", "unknown-exercise", "wrong-exercise")
"""Findings after which there is nothing to grade."""


class Unusable(Exception):
    """Work that cannot be graded; the message says why and what the learner can do."""


@dataclass(frozen=True)
class Work:
    """One learner's work.

    Parameters
    ----------
    student : str
        The name of the folder.
    path : pathlib.Path
        The notebook.
    digest : str
        Of the notebook and of the time at which it was handed in.
    findings : tuple of Finding
        What the check before handing in would have said.
    """

    student: str
    path: Path
    digest: str
    findings: tuple[Finding, ...]


def release_digest(name: str) -> str:
    """Return what changes when an exercise, its key or the data change."""
    folder = keys.solutions_dir() / name
    parts = sha256()
    for path in (folder / f"{name}.ipynb", folder / "key.py"):
        parts.update(path.read_bytes())
    parts.update(perturb.default().name.encode())
    return parts.hexdigest()


def look(folder: Path, name: str) -> Work:
    """Look at one learner's folder of an exercise.

    Parameters
    ----------
    folder : pathlib.Path
        ``submitted/ID/EXERCISE``.
    name : str
        The exercise.

    Returns
    -------
    Work

    Raises
    ------
    Unusable
        If there is nothing in it that can be graded.
    """
    path = folder / f"{name}.ipynb"
    _weigh(folder, path)
    if not path.is_file():
        there = ", ".join(sorted(p.name for p in folder.iterdir())[:5]) or "nothing"
        raise Unusable(
            f"There is no notebook of the name {path.name}; there is {there}. Hand in the notebook "
            "itself, not packed, under the name that it had."
        )
    findings = tuple(preflight.inspect(path))
    fatal = next((f for f in findings if f.kind in FATAL), None)
    if fatal is not None:
        raise Unusable(str(fatal))
    digest = sha256(path.read_bytes())
    stamp = folder / "timestamp.txt"
    if stamp.is_file():
        digest.update(stamp.read_bytes())
    return Work(folder.parent.name, path, digest.hexdigest(), findings)


def _weigh(folder: Path, notebook: Path) -> None:
    """Refuse links, which would lead nbgrader's copying elsewhere, and far too much beside."""
    size = 0
    for count, entry in enumerate(_entries(folder), start=1):
        if entry.is_symlink():
            raise Unusable(f"{entry.name} is a link to another file. Hand in the file itself.")
        if Path(entry.path) != notebook:
            size += entry.stat(follow_symlinks=False).st_size
        if count > MAX_FILES or size > MAX_FOLDER:
            raise Unusable(
                f"The folder holds more than {MAX_FILES} files or {MAX_FOLDER / 1e6:.0f} MB. "
                "Hand in the notebook alone."
            )


def _entries(folder: Path) -> Iterator[os.DirEntry]:
    with os.scandir(folder) as found:
        for entry in found:
            yield entry
            if entry.is_dir(follow_symlinks=False):
                yield from _entries(Path(entry.path))
