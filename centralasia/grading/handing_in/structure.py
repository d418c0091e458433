"""What is wrong with the cells of a notebook, compared with the exercise as released."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from centralasia.grading.handing_in import submission
from centralasia.grading.handing_in.submission import Cell, Release, nbgrader_metadata, text

KERNEL = "python3"
REPAIR = "If you let the course mend it,"


class FindingKind(StrEnum):
    """What is wrong with a notebook, or with the folder in which it was handed in."""

    # There is nothing that can be graded.
    UNUSABLE = "unusable"
    UNREADABLE = "unreadable"
    UNKNOWN_EXERCISE = "unknown-exercise"
    WRONG_EXERCISE = "wrong-exercise"
    REFUSED = "refused"
    # What was wrong, and was mended before it was graded.
    MENDED = "mended"
    # The cells are not those of the exercise as released.
    MISSING = "missing"
    DUPLICATE = "duplicate"
    RETYPED = "retyped"
    EDITED = "edited"
    REORDERED = "reordered"
    UNMARKED = "unmarked"
    FOREIGN = "foreign"
    INVALID = "invalid"
    KERNEL = "kernel"
    # The answers, as far as their text tells.
    LEARNER_ID = "learner-id"
    UNANSWERED = "unanswered"
    LENGTH = "length"
    LACKING = "lacking"
    # What running the notebook shows.
    FORM = "form"
    FAILS = "fails"
    TOO_LONG = "too-long"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and how to mend it.

    Parameters
    ----------
    kind : FindingKind
    cell : str
        The grade id it is about; empty for the whole notebook.
    problem, remedy : str
        Sentences.
    mendable : bool, default False
        Whether ``--repair`` mends it.
    """

    kind: FindingKind
    cell: str
    problem: str
    remedy: str
    mendable: bool = False

    def __str__(self) -> str:
        """Return both sentences."""
        return f"{self.problem} {self.remedy}"


def faults(notebook: dict[str, Any], released: Release) -> list[Finding]:
    """Return what is wrong with the cells themselves; all of it can be mended."""
    cells = notebook["cells"]
    keys = submission.match(cells, released)
    places: dict[str, list[int]] = {key: [] for key in released.cells}
    for n, key in enumerate(keys):
        if key is not None:
            places[key].append(n)
    findings: list[Finding] = []
    for key, here in places.items():
        findings += _of_one(key, [cells[n] for n in here], released)
    first = [(here[0], key) for key, here in places.items() if here]
    findings += [_moved(key, released) for key in out_of_order(first)]
    findings += [
        Finding(
            FindingKind.FOREIGN,
            "",
            f"A cell of another exercise is in here: {nbgrader_metadata(cell)['grade_id'][:60]}.",
            f"Delete it. {REPAIR} it stays, as a cell of your own that is not graded.",
            mendable=True,
        )
        for cell, key in zip(cells, keys, strict=True)
        if key is None and nbgrader_metadata(cell)
    ]
    problem = submission.invalid(notebook)
    if problem:
        findings.append(
            Finding(
                FindingKind.INVALID,
                "",
                f"The file has a part that no notebook can have: {problem}.",
                f"Open it in JupyterLab and save it. {REPAIR} the part is left out.",
                mendable=True,
            )
        )
    spec = notebook["metadata"].get("kernelspec")
    kernel = spec.get("name") if isinstance(spec, dict) else None
    if kernel != KERNEL:
        findings.append(
            Finding(
                FindingKind.KERNEL,
                "",
                f"The notebook asks for the kernel {kernel!r}, which the grader need not have.",
                f"Choose Kernel, Change Kernel, Python 3. {REPAIR} that is set.",
                mendable=True,
            )
        )
    return findings


def _of_one(key: str, here: list[Cell], released: Release) -> Iterator[Finding]:
    """Yield what is wrong with the cells that stand for one released cell."""
    wanted, label = released.cells[key], released.label(key)
    name = label[0].upper() + label[1:]
    if not here:
        points = nbgrader_metadata(wanted).get("points")
        costs = f", and with it {points} points" if points else ""
        yield Finding(
            FindingKind.MISSING,
            key,
            f"{name} is gone{costs}.",
            f"{REPAIR} it comes back where it was.",
            mendable=True,
        )
        return
    if len(here) > 1:
        yield Finding(
            FindingKind.DUPLICATE,
            key,
            f"There are {len(here)} copies of {label}, and a grader cannot tell which counts.",
            f"Delete all but one. {REPAIR} the first is graded, and what differs is kept.",
            mendable=True,
        )
        return
    (cell,) = here
    if cell["cell_type"] != wanted["cell_type"]:
        yield Finding(
            FindingKind.RETYPED,
            key,
            f"{name} has become a {cell['cell_type']} cell; it was a {wanted['cell_type']} cell.",
            f"Select it and choose {wanted['cell_type'].title()} in the list of the toolbar. "
            f"{REPAIR} that is done.",
            mendable=True,
        )
    elif not released.is_open(key) and text(cell) != text(wanted):
        yield Finding(
            FindingKind.EDITED,
            key,
            f"{name} was changed, and is graded as it was released.",
            f"Write into your own cells. {REPAIR} it is as it was; your lines stay below it.",
            mendable=True,
        )
    elif nbgrader_metadata(cell) != nbgrader_metadata(wanted):
        yield Finding(
            FindingKind.UNMARKED,
            key,
            f"{name} has lost the mark by which the grader knows it.",
            f"{REPAIR} it gets it back.",
            mendable=True,
        )


def _moved(key: str, released: Release) -> Finding:
    label = released.label(key)
    return Finding(
        FindingKind.REORDERED,
        key,
        f"{label[0].upper()}{label[1:]} is not where it was.",
        f"Move it back with the arrows at the right of the cell. {REPAIR} that is done.",
        mendable=True,
    )


def out_of_order(first: Sequence[tuple[int, str]]) -> list[str]:
    """Return the fewest keys that would have to move.

    Parameters
    ----------
    first : sequence of (int, str)
        In the right order: where each key stands now.

    Examples
    --------
    >>> out_of_order([(0, "a"), (3, "b"), (1, "c"), (2, "d")])
    ['b']
    """
    best: list[tuple[int, ...]] = []  # the longest row of steps that ends at each key
    for n, (place, _) in enumerate(first):
        rows = [best[m] for m in range(n) if first[m][0] < place]
        best.append((*max(rows, key=len, default=()), n))
    kept = max(best, key=len, default=())
    return [key for n, (_, key) in enumerate(first) if n not in kept]
