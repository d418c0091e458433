"""A handed-in notebook, read with no trust in it, and laid beside the exercise as released."""

from __future__ import annotations

import ast
import copy
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from centralasia.checks import public
from centralasia.grading.running import limits
from centralasia.grading.running.limits import MAX_BYTES
from centralasia.paths import exercises_dir

LEARNER_ID = "learner-id"
NOTEBOOK = ".ipynb"
ARGUMENT = "argument"
ALL, DATA = "all", "data"
"""What is asked of an exercise: everything, or its data questions alone."""

Cell = dict[str, Any]
Fits = Callable[[str, Cell], bool]


def in_a_name(learner_id: str) -> str:
    """Return an id as the name of a file can have it.

    Examples
    --------
    >>> in_a_name(" Anna Ivanova/3 ")
    'Anna-Ivanova-3'
    """
    return re.sub(r'[\\/:*?"<>|\s]+', "-", learner_id.strip())


def file_name(learner_id: str, exercise: str, suffix: str = NOTEBOOK) -> str:
    """Return what a file that is handed in is called, such as ``anna.i_03-russia-3-return.ipynb``.

    The page of forms names its file by the same rule.
    """
    return f"{in_a_name(learner_id)}_{exercise}{suffix}"


class Unreadable(ValueError):
    """The file is no notebook that can be read."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem, self.remedy = problem, remedy


def read(path: Path) -> dict[str, Any]:
    """Read a notebook as plain data.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    dict
        The notebook, version 4; each cell has ``cell_type``, ``source`` as one text and
        ``metadata``.

    Raises
    ------
    Unreadable
        If the file is too large, is not JSON, or its cells are not cells or too many.
    OSError
        If there is no such file.
    """
    if path.stat().st_size > MAX_BYTES:
        raise _too_large(path.stat().st_size)
    return loads(path.read_bytes())


def loads(raw: bytes) -> dict[str, Any]:
    """Return the notebook that a file holds, as `read` does.

    Raises
    ------
    Unreadable
        As `read` does.
    """
    if len(raw) > MAX_BYTES:
        raise _too_large(len(raw))
    again = "Open it in JupyterLab and save it; if it does not open, take your last good copy."
    if not raw.strip():
        raise Unreadable("The file is empty.", again)
    try:
        notebook = json.loads(raw)  # in UTF-8, 16 or 32, with or without a byte order mark
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            f"The file is not JSON, as a notebook is: {_first(error)}.", again
        ) from error
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise Unreadable("The file holds no list of cells.", again)
    if notebook.get("nbformat") != 4:
        raise Unreadable("The notebook is not of format 4.", again)
    if not isinstance(notebook.setdefault("metadata", {}), dict):
        raise Unreadable("The notebook's metadata are broken.", again)
    for number, cell in enumerate(notebook["cells"], start=1):
        if not _tidied(cell):
            raise Unreadable(f"Cell {number} is broken: it has no kind or no text.", again)
    excess = limits.excess(notebook["cells"])
    if excess is not None:
        raise Unreadable(*excess)
    if limits.nested(raw) > limits.MAX_NESTED:
        raise Unreadable(
            f"The notebook is made of {limits.nested(raw)} lists and tables; up to "
            f"{limits.MAX_NESTED} are read.",
            "Choose Edit, Clear Outputs of All Cells in JupyterLab, and save.",
        )
    return notebook


def _too_large(size: int) -> Unreadable:
    return Unreadable(
        f"The file is {size / 1e6:.0f} MB large; up to {MAX_BYTES / 1e6:.0f} MB are read.",
        "Choose Edit, Clear Outputs of All Cells in JupyterLab, and save.",
    )


def _first(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _tidied(cell: object) -> bool:
    """Join a cell's text and give it metadata; say whether it is a cell at all."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        return False
    source = cell.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str) or not isinstance(cell.setdefault("metadata", {}), dict):
        return False
    cell["source"] = source
    return True


def invalid(notebook: dict[str, Any]) -> str | None:
    """Return what makes a notebook invalid, if anything does; a cell without an id does not."""
    from nbformat.validator import iter_validate

    minor = notebook.get("nbformat_minor")
    minor = minor if type(minor) is int and 0 <= minor < 5 else 5
    try:
        for error in iter_validate(notebook, version=4, version_minor=minor):
            if "'id' is a required property" not in error.message:
                return str(error.message).splitlines()[0][:120]
    except (RecursionError, TypeError) as error:
        return _first(error)
    return None


def text(cell: Cell) -> str:
    """Return a cell's text as it is compared: no blanks at the ends, one kind of line end."""
    lines = cell["source"].strip().splitlines()
    return "\n".join(line.rstrip() for line in lines)


def parsed(source: str) -> ast.Module | None:
    """Return a text as Python; None if it is not, or is nested so deeply that nobody reads it."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def nbgrader_metadata(cell: Cell) -> dict[str, Any]:
    """Return what nbgrader knows of a cell; an empty dict if it is none of its cells."""
    about = cell["metadata"].get("nbgrader")
    return about if isinstance(about, dict) and isinstance(about.get("grade_id"), str) else {}


@dataclass(frozen=True)
class Release:
    """An exercise as learners get it."""

    name: str
    notebook: dict[str, Any]
    asks: Mapping[str, Mapping[str, Any]]
    """The public part of each question, by id."""

    @cached_property
    def cells(self) -> dict[str, Cell]:
        """The cells that must be there, by grade id, in order."""
        cells = self.notebook["cells"]
        return {
            cell["id"]: cell
            for cell in cells
            if nbgrader_metadata(cell) or cell["id"] == LEARNER_ID
        }

    @cached_property
    def of_argument(self) -> frozenset[str]:
        """The keys of the argument and of the text above it, which asks for it."""
        keys = list(self.cells)
        places = [n for n, key in enumerate(keys) if self.asks.get(key, {}).get("kind") == ARGUMENT]
        return frozenset(key for n in places for key in keys[n - 1 : n + 1])

    @cached_property
    def order(self) -> dict[str, int]:
        """The place of each of these cells."""
        return {key: place for place, key in enumerate(self.cells)}

    def is_open(self, key: str) -> bool:
        """Say whether the learner writes in this cell."""
        return key == LEARNER_ID or bool(nbgrader_metadata(self.cells[key]).get("solution"))

    def label(self, key: str) -> str:
        """Return what to call a cell: ``"the answer to question 2"``."""
        question = key.removesuffix("-answer")
        if question in self.asks:
            number = list(self.asks).index(question) + 1
            if self.asks[question]["kind"] == ARGUMENT:
                return f"your argument (question {number})"
            return f"the {'answer to' if key != question else 'check of'} question {number}"
        prompt = re.fullmatch(r"(?:ex\d\d-)?q(\d)-prompt", key)
        if prompt:
            return f"the text of question {prompt[1]}"
        return {LEARNER_ID: "the cell with your id"}.get(key, f"the cell “{key}”")


def released(name: str, parts: str = ALL) -> Release:
    """Return an exercise as it was released; read again only when its files have changed.

    Parameters
    ----------
    name : str
        Number or name of the exercise.
    parts : {"all", "data"}, default "all"
        Whether its argument was asked for.

    Returns
    -------
    Release
        One for all who ask: it must not be changed.

    Raises
    ------
    centralasia.checks.public.UnknownExercise
        If this copy of the course has none of that name.
    """
    exercise = public.exercise(name)["exercise"]
    folder = exercises_dir() / exercise
    notebook, questions = folder / f"{exercise}.ipynb", folder / "questions.json"
    changed = notebook.stat().st_mtime_ns, questions.stat().st_mtime_ns
    return _released(notebook, changed, parts)


@cache
def _released(path: Path, _changed: tuple[int, int], parts: str) -> Release:
    about = public.exercise(path.stem)
    asks = {question["id"]: question for question in about["questions"]}
    whole = Release(about["exercise"], read(path), asks)
    if parts != DATA:
        return whole
    left_out = whole.of_argument
    kept = {id_: ask for id_, ask in asks.items() if id_ not in left_out}
    notebook = copy.deepcopy(whole.notebook)
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] not in left_out]
    notebook["metadata"].setdefault("centralasia", {})["parts"] = DATA
    return Release(whole.name, notebook, kept)


def parts_of(notebook: dict[str, Any]) -> str:
    """Return which parts of its exercise a notebook says that it was released with."""
    about = notebook["metadata"].get("centralasia")
    return DATA if isinstance(about, dict) and about.get("parts") == DATA else ALL


def match(cells: Sequence[Cell], released: Release) -> list[str | None]:
    """Say which released cell each cell of a notebook is.

    A cell is known by its grade id; if an editor took that away, by its cell id, by its text, or
    by the place that it alone fills between two known cells.

    Parameters
    ----------
    cells : sequence of dict
        Of the notebook that was handed in.
    released : Release

    Returns
    -------
    list of str or None
        A grade id for each cell, None for the learner's own; copies have the same one.
    """
    keys: list[str | None] = [None] * len(cells)
    for n, cell in enumerate(cells):
        grade_id = nbgrader_metadata(cell).get("grade_id")
        keys[n] = grade_id if grade_id in released.cells else None
    tests: tuple[Fits, ...] = (
        lambda key, cell: cell.get("id") == key,
        lambda key, cell: text(cell) == text(released.cells[key]),
        lambda key, cell: key == LEARNER_ID and gives_id(cell),
    )
    for fits in tests:
        for key in released.cells:
            if key not in keys:
                _claim(keys, cells, key, fits)
    for key in released.cells:
        if key not in keys and released.is_open(key):
            place = _only_place(keys, cells, released, key)
            if place is not None:
                keys[place] = key
    return keys


def gives_id(cell: Cell) -> bool:
    """Say whether a cell begins by giving the learner's id."""
    return cell["cell_type"] == "code" and bool(re.match(r"\s*learner_id\s*=", cell["source"]))


def _claim(keys: list[str | None], cells: Sequence[Cell], key: str, fits: Fits) -> None:
    """Give a key to the first cell that fits it and is not yet known."""
    for n, cell in enumerate(cells):
        if keys[n] is None and not nbgrader_metadata(cell) and fits(key, cell):
            keys[n] = key
            return


def _only_place(
    keys: list[str | None], cells: Sequence[Cell], released: Release, key: str
) -> int | None:
    """Return where a missing cell must be, or None if its place is not certain.

    It is certain if the released cells before and after it are known, and exactly one cell between
    them has its type and is not known.
    """
    order = list(released.cells)
    at = order.index(key)
    before, after = order[at - 1], order[at + 1] if at + 1 < len(order) else None
    if before not in keys or (after is not None and after not in keys):
        return None
    start, end = keys.index(before) + 1, len(keys) if after is None else keys.index(after)
    kind = released.cells[key]["cell_type"]
    unknown = [
        n
        for n in range(start, end)
        if keys[n] is None and not nbgrader_metadata(cells[n]) and cells[n]["cell_type"] == kind
    ]
    return unknown[0] if len(unknown) == 1 else None
