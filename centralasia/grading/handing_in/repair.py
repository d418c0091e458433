"""Put the released cells of a notebook back, and keep everything that the learner wrote."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import nbformat

from centralasia.errors import UserError
from centralasia.files import write_whole
from centralasia.grading.handing_in import preflight, structure, submission
from centralasia.grading.handing_in.submission import Cell, Release, text

KEPT = "Your version of the cell above, kept when it was put back. It is not run and not graded."


class NotMendable(UserError):
    """The notebook cannot be repaired; the message says why and what to do."""


def repair(path: str | Path) -> Path | None:
    """Restore the graded and locked cells of a notebook, in the order of the release.

    Every answer stays in its cell, every cell of the learner's stays after the cell that it
    followed, and the file as it was stays beside it.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    pathlib.Path or None
        The file as it was; None if there was nothing to mend.

    Raises
    ------
    NotMendable
        If the file cannot be read, or is not the exercise that it is named after.
    OSError
        If it is not there or cannot be written; it is then as it was.
    """
    path = Path(path)
    try:
        notebook = submission.read(path)
    except submission.Unreadable as error:
        raise NotMendable(f"{path} cannot be repaired. {error}") from error
    mended = mend(notebook, path)
    if mended is None:
        return None
    backup = _free(path)
    write_whole(backup, path.read_bytes())
    write_whole(path, _bytes(mended))
    return backup


def mend(notebook: dict[str, Any], path: Path) -> dict[str, Any] | None:
    """Return a notebook with its graded and locked cells restored, as `repair` does.

    Parameters
    ----------
    notebook : dict
        As `submission.read` gives it; it is not changed.
    path : pathlib.Path
        Its name, for messages and to know the exercise by.

    Returns
    -------
    dict or None
        None if there was nothing to mend.

    Raises
    ------
    NotMendable
        If it is not the exercise that it is named after.
    """
    name, wrong = preflight.exercise_of(path, notebook["cells"])
    if wrong is not None:
        raise NotMendable(f"{path} cannot be repaired. {wrong}")
    released = submission.released(name, submission.parts_of(notebook))
    if not structure.faults(notebook, released):
        return None
    keys = submission.match(notebook["cells"], released)
    if not any(key in released.asks or released.is_open(key) for key in keys if key):
        raise NotMendable(
            f"{path} holds no cell of {name}, so there is nothing to go by. Take a fresh copy of "
            "the exercise and put your answers into it."
        )
    mended = rebuild(notebook, released)
    nbformat.validate(mended)
    left = structure.faults(json.loads(json.dumps(mended)), released)
    if left:
        raise NotMendable(f"{path} is left as it is: a repair would not mend this. {left[0]}")
    return mended


def _bytes(notebook: dict[str, Any]) -> bytes:
    """Return a notebook as a file; half a character, which UTF-8 cannot hold, as an escape."""
    try:
        text = json.dumps(notebook, ensure_ascii=False, indent=1)
        return f"{text}\n".encode()
    except UnicodeEncodeError:
        return json.dumps(notebook, indent=1).encode() + b"\n"


def _free(path: Path) -> Path:
    """Return a name for the file as it was; not one of a notebook, which would be graded."""
    number = 1
    while (free := path.with_name(f"{path.name}.before-repair-{number}")).exists():
        number += 1
    return free


def rebuild(notebook: dict[str, Any], released: Release) -> dict[str, Any]:
    """Return a notebook with the released cells in place and the learner's kept."""
    cells = notebook["cells"]
    keys = submission.match(cells, released)
    given: dict[str, list[Cell]] = {key: [] for key in released.cells}
    extras: dict[str | None, list[Cell]] = {}
    last = None
    for cell, key in zip(cells, keys, strict=True):
        if key is None:
            extras.setdefault(last, []).append(cell)
        else:
            given[key].append(cell)
            last = key
    made: list[Cell] = []
    waiting = [_own(cell) for cell in extras.get(None, [])]
    for key in released.cells:
        lost = not given[key] and released.is_open(key)
        if not lost:  # a lost answer comes before what was written in its place
            made += waiting
            waiting = []
        made += _restored(key, given[key], released)
        waiting += [_own(cell) for cell in extras.get(key, [])]
    metadata = notebook["metadata"] | copy.deepcopy(released.notebook["metadata"])
    if submission.invalid({**notebook, "cells": [], "metadata": metadata, "nbformat_minor": 5}):
        metadata = copy.deepcopy(released.notebook["metadata"])
    return {
        "nbformat": 4,
        "cells": _identified([*made, *waiting], released),
        "metadata": metadata,
        "nbformat_minor": 5,
    }


def _restored(key: str, given: list[Cell], released: Release) -> list[Cell]:
    """Return a released cell with the learner's answer in it, and what else was written there."""
    wanted = copy.deepcopy(released.cells[key])
    if not released.is_open(key):
        same = next((c for c in given if text(c) == text(wanted)), None)
        if same is not None and "outputs" in same and "outputs" in wanted:
            wanted |= {k: same[k] for k in ("outputs", "execution_count") if k in same}
        known = set(text(wanted).splitlines())
        own = [c for c in given if set(text(c).splitlines()) - known - {""}]
        return [wanted, *(_raw(c) for c in own)]
    versions = _versions(given, text(wanted))
    if not versions:
        return [wanted]
    first, *others = versions
    if wanted["cell_type"] == "markdown":
        wanted["source"] = "\n\n".join(cell["source"] for cell in versions)
        others = []
    else:
        wanted["source"] = first["source"]
        if first["cell_type"] == "code":
            wanted["outputs"] = first.get("outputs", [])
            wanted["execution_count"] = first.get("execution_count")
    if isinstance(first.get("attachments"), dict):
        wanted["attachments"] = first["attachments"]
    wanted["metadata"] = _own(first)["metadata"] | wanted["metadata"]
    return [wanted, *(_own(c) | {"cell_type": "code"} for c in others)]


def _versions(given: list[Cell], untouched: str) -> list[Cell]:
    """Return the answers among copies of a cell: none twice, and no untouched one beside others."""
    kept: list[Cell] = []
    for cell in given:
        if text(cell) not in ("", untouched) and all(text(cell) != text(other) for other in kept):
            kept.append(cell)
    return kept


def _own(cell: Cell) -> Cell:
    """Return a cell as one of the learner's own, which the grader passes over."""
    marks = ("nbgrader", "editable", "deletable")
    kept = {k: v for k, v in cell["metadata"].items() if k not in marks}
    return {**cell, "metadata": kept, "own": True}


def _raw(cell: Cell) -> Cell:
    source = f"{KEPT}\n\n{cell['source']}"
    return {"cell_type": "raw", "metadata": {}, "source": source, "own": True}


def _identified(cells: list[Cell], released: Release) -> list[Cell]:
    """Return cells in the form of nbformat 4.5, each with an id of its own."""
    taken = set(released.cells)
    tidy = []
    for cell in cells:
        if cell.pop("own", False):
            wanted, number = str(cell.get("id", "")), 1
            while not _fits(wanted) or wanted in taken:
                wanted, number = f"own-{number}", number + 1
            taken.add(wanted)
            cell["id"] = wanted
        tidy.append(_valid(cell))
    return tidy


def _valid(cell: Cell) -> Cell:
    """Return a cell with the parts that its kind has; outputs that cannot be shown are left out."""
    kept = {name: cell[name] for name in ("cell_type", "id", "metadata", "source")}
    if cell["cell_type"] == "code":
        count, outputs = cell.get("execution_count"), cell.get("outputs")
        kept["execution_count"] = count if type(count) is int and count >= 0 else None
        kept["outputs"] = outputs if isinstance(outputs, list) else []
    elif isinstance(cell.get("attachments"), dict):
        kept["attachments"] = cell["attachments"]
    if submission.invalid(_around(kept)):
        kept.pop("attachments", None)
        kept |= {"outputs": []} if "outputs" in kept else {}
    if submission.invalid(_around(kept)):
        known = ("centralasia", "nbgrader", "deletable", "editable")
        kept["metadata"] = {k: v for k, v in cell["metadata"].items() if k in known}
    return kept


def _around(cell: Cell) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}


def _fits(cell_id: str) -> bool:
    allowed = cell_id.replace("-", "").replace("_", "")
    return 1 <= len(cell_id) <= 64 and allowed.isascii() and allowed.isalnum()
