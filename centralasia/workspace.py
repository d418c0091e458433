"""A learner's own copy of the lessons and exercises, which no later release overwrites.

The copy remembers in ``.centralasia/placed.json`` the SHA-256 of every file as it was placed,
and of what a learner can type in it. A file that still has either hash is the course's and follows
a new release; any other file is the learner's and stays, with the new release put beside it.
"""

import contextlib
import hashlib
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Literal

from centralasia import course
from centralasia.copies import typed_digest
from centralasia.errors import UserError
from centralasia.files import write_whole
from centralasia.paths import course_root

FOLDERS = ("notebooks", "exercises")
_RECORD = Path(".centralasia", "placed.json")


class WorkspaceError(UserError):
    """The working copy cannot be made or changed as asked; the message says what to do."""


@dataclass(frozen=True)
class Change:
    """What happened to one file of the working copy."""

    action: Literal["placed", "updated", "kept"]
    path: Path
    beside: Path | None = None
    """For a file kept as the learner changed it: where the new release of it was put."""


@dataclass
class _Record:
    placed: dict[str, str] = field(default_factory=dict)
    """Relative path: hash of what was put there last."""
    offered: dict[str, str] = field(default_factory=dict)
    """Relative path of a changed file: hash of the release last put beside it."""
    typed: dict[str, str] = field(default_factory=dict)
    """Relative path: `centralasia.copies.typed_digest` of what was put there last."""

    @classmethod
    def read(cls, directory: Path) -> "_Record":
        try:
            raw = json.loads((directory / _RECORD).read_text("utf-8"))
            return cls(*(dict(raw.get(f.name, {})) for f in fields(cls)))
        except (FileNotFoundError, AttributeError, TypeError, ValueError):
            return cls()  # without a record every file counts as the learner's

    def write(self, directory: Path) -> None:
        _write(directory / _RECORD, (json.dumps(asdict(self), indent=1) + "\n").encode())

    def place(self, name: str, content: bytes) -> None:
        """Remember what a file holds as the course gave it."""
        self.placed[name], self.typed[name] = _hash(content), typed_digest(content)

    def is_untouched(self, name: str, content: bytes) -> bool:
        """Say whether a file holds nothing that the learner typed."""
        same = typed_digest(content) == self.typed.get(name)
        return same or _hash(content) == self.placed.get(name)


def default_dir() -> Path:
    """Return where a working copy goes if the learner names no folder.

    Returns
    -------
    pathlib.Path
        ``my-course`` in a checkout, ``central-asia-course`` in the home folder otherwise.
    """
    root = course_root()
    return root / "my-course" if root.name != "_course" else at_home()


def at_home() -> Path:
    """Return the working copy in the home folder."""
    return Path.home() / "central-asia-course"


def find(directory: Path | None = None) -> Path:
    """Return the working copy that a command means.

    Parameters
    ----------
    directory : pathlib.Path, optional
        The folder the learner named, if any.

    Returns
    -------
    pathlib.Path
        That folder; or else the one around the current folder; or else `default_dir()`.
    """
    if directory is not None:
        return Path(directory).expanduser().resolve()
    here = Path.cwd()
    around = (folder for folder in (here, *here.parents) if (folder / _RECORD).is_file())
    return next(around, default_dir())


def pristine_files() -> dict[str, Path]:
    """Return the files that a working copy gets: path inside the copy, pristine file."""
    root = course_root()
    found = (path for name in FOLDERS for path in sorted((root / name).rglob("*")))
    files = {path.relative_to(root).as_posix(): path for path in found if path.is_file()}
    return {name: path for name, path in files.items() if not _is_hidden(name)}


def fill(directory: Path) -> list[Change]:
    """Bring a working copy to the installed release, keeping whatever the learner changed.

    Parameters
    ----------
    directory : pathlib.Path
        The working copy; made if it does not exist.

    Returns
    -------
    list of Change
        What was done, file by file; a file with which nothing was done is not named.

    Raises
    ------
    WorkspaceError
        If `directory` holds the course itself or is not a folder.
    OSError
        If a file cannot be written. What is there already stays whole, and the next call goes on.
    """
    _check_place(directory)
    record = _Record.read(directory)
    changes = []
    for name, source in pristine_files().items():
        change = _bring(directory, name, _content(source), record)
        if change:
            changes.append(change)
            _trust(change.beside or change.path)
    record.write(directory)
    return changes


def reset(lesson: str, directory: Path) -> tuple[Path, Path | None]:
    """Bring back the pristine form of a lesson and keep the edited one beside it.

    Parameters
    ----------
    lesson : str
        As `resolve` takes it.
    directory : pathlib.Path
        The working copy.

    Returns
    -------
    restored : pathlib.Path
        The pristine lesson.
    edited : pathlib.Path or None
        Where the learner's version is now; None if there was none.

    Raises
    ------
    centralasia.course.Unknown
        If there is no such lesson; the message names near ones.
    """
    name = resolve(lesson)
    _check_place(directory)
    target, pristine = directory / name, _content(pristine_files()[name])
    edited = None
    if target.exists() and target.read_bytes() != pristine:
        edited = next(path for path in _beside(target, "edited-") if not path.exists())
        _write(edited, target.read_bytes())
    record = _Record.read(directory)
    _write(target, pristine)
    _trust(target)
    record.place(name, pristine)
    record.write(directory)
    return target, edited


def resolve(typed: str) -> str:
    """Return the path inside a working copy of the notebook that a learner means.

    Parameters
    ----------
    typed : str
        A lesson, as `centralasia.course.lesson` takes it; its exercise if the path that was typed
        goes through ``exercises``.

    Raises
    ------
    centralasia.course.Unknown
        If there is no such lesson; the message names near ones.
    WorkspaceError
        If the course holds no such notebook.
    """
    name = course.lesson(typed).name
    folder = "exercises/" + name if "exercises" in re.split(r"[/\\]", typed) else "notebooks"
    path = f"{folder}/{name}.ipynb"
    if path not in pristine_files():
        raise WorkspaceError(f"The course holds no {path}. Run 'centralasia doctor'.")
    return path


def _content(source: Path) -> bytes:
    """Return what a working copy gets of a pristine file: a lesson without its teacher's cells."""
    if source.suffix == ".ipynb" and source.parent.name == "notebooks":
        from centralasia import notebooks

        return notebooks.for_learners(source)
    return source.read_bytes()


def _bring(directory: Path, name: str, content: bytes, record: _Record) -> Change | None:
    target, new = directory / name, _hash(content)
    present = target.read_bytes() if target.exists() else None
    if present is None or (
        new not in (_hash(present), record.placed.get(name)) and record.is_untouched(name, present)
    ):
        _write(target, content)
        record.place(name, content)
        return Change("placed" if present is None else "updated", target)
    if new == _hash(present):
        record.place(name, content)
        return None
    if new in (record.placed.get(name), record.offered.get(name)):
        return None
    beside = next(
        path
        for path in _beside(target, "new-", first="new")
        if not path.exists()
        or _hash(path.read_bytes()) == new
        or record.is_untouched(_relative(path, directory), path.read_bytes())
    )
    _write(beside, content)
    record.place(_relative(beside, directory), content)
    record.offered[name] = new
    return Change("kept", target, beside)


def _beside(target: Path, word: str, first: str | None = None) -> Iterator[Path]:
    """Yield names such as ``03-x.edited-1.ipynb``, ``03-x.edited-2.ipynb`` without end."""
    if first:
        yield target.with_name(f"{target.stem}.{first}{target.suffix}")
    for number in itertools.count(2 if first else 1):
        yield target.with_name(f"{target.stem}.{word}{number}{target.suffix}")


def _check_place(directory: Path) -> None:
    if directory.exists() and not directory.is_dir():
        raise WorkspaceError(f"{directory} is a file. Name a folder for your copy of the course.")
    root = course_root().resolve()
    if any((directory / name).resolve() == root / name for name in FOLDERS):
        raise WorkspaceError(
            f"{directory} holds the course itself. Name another folder for your own copy."
        )


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, content)


def _trust(path: Path) -> None:
    """Let JupyterLab show the stored outputs of a pristine lesson as they are."""
    if path.suffix == ".ipynb":
        import nbformat.sign

        with contextlib.suppress(OSError):  # unsigned, a lesson only looks plainer until it is run
            notary = nbformat.sign.NotebookNotary()
            with contextlib.closing(notary.store):
                notary.sign(nbformat.read(path, as_version=4))


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def _relative(path: Path, directory: Path) -> str:
    return path.relative_to(directory).as_posix()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
