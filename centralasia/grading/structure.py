"""What is wrong with the cells of a notebook, compared with the exercise as released."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from centralasia.grading import submission
from centralasia.grading.submission import Cell, Release, mark, text

KERNEL = "python3"
REPAIR = "With --repair"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and how to mend it.

    Parameters
    ----------
    kind : str
        unreadable, unknown-exercise, wrong-exercise, missing, duplicate, retyped, edited,
        reordered, unmarked, foreign, invalid, kernel, learner-id, unanswered, length, form, fails
        or too-long.
    cell : str
        The grade id it is about; empty for the whole notebook.
    problem, remedy : str
        Sentences.
    mendable : bool, default False
        Whether ``--repair`` mends it.
    """

    kind: str
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
    found = []
    for key, here in places.items():
        found += _of_one(key, [cells[n] for n in here], released)
    first = [(here[0], key) for key, here in places.items() if here]
    found += [_moved(key, released) for key in out_of_order(first)]
    found += [
        Finding(
            "foreign",
            "",
            f"A cell of another exercise is in here: {mark(cell)['grade_id'][:60]}.",
            f"Delete it. {REPAIR} it stays, as a cell of your own that is not graded.",
            mendable=True,
        )
        for cell, key in zip(cells, keys, strict=True)
        if key is None and mark(cell)
    ]
    problem = submission.invalid(notebook)
    if problem:
        found.append(
            Finding(
                "invalid",
                "",
                f"The file has a part that no notebook can have: {problem}.",
                f"Open it in JupyterLab and save it. {REPAIR} the part is left out.",
                mendable=True,
            )
        )
    spec = notebook["metadata"].get("kernelspec")
    kernel = spec.get("name") if isinstance(spec, dict) else None
    if kernel != KERNEL:
        found.append(
            Finding(
                "kernel",
                "",
                f"The notebook asks for the kernel {kernel!r}, which the grader need not have.",
                f"Choose Kernel, Change Kernel, Python 3. {REPAIR} that is set.",
                mendable=True,
            )
        )
    return found


def _of_one(key: str, here: list[Cell], released: Release) -> Iterator[Finding]:
    """Yield what is wrong with the cells that stand for one released cell."""
    wanted, label = released.cells[key], released.label(key)
    name = label[0].upper() + label[1:]
    if not here:
        points = mark(wanted).get("points")
        costs = f", and with it {points} points" if points else ""
        yield Finding(
            "missing",
            key,
            f"{name} is gone{costs}.",
            f"{REPAIR} it comes back where it was.",
            mendable=True,
        )
        return
    if len(here) > 1:
        yield Finding(
            "duplicate",
            key,
            f"There are {len(here)} copies of {label}, and a grader cannot tell which counts.",
            f"Delete all but one. {REPAIR} the first is graded, and what differs is kept.",
            mendable=True,
        )
        return
    (cell,) = here
    if cell["cell_type"] != wanted["cell_type"]:
        yield Finding(
            "retyped",
            key,
            f"{name} has become a {cell['cell_type']} cell; it was a {wanted['cell_type']} cell.",
            f"Select it and choose {wanted['cell_type'].title()} in the list of the toolbar. "
            f"{REPAIR} that is done.",
            mendable=True,
        )
    elif not released.is_open(key) and text(cell) != text(wanted):
        yield Finding(
            "edited",
            key,
            f"{name} was changed, and is graded as it was released.",
            f"Write into your own cells. {REPAIR} it is as it was; your lines stay below it.",
            mendable=True,
        )
    elif mark(cell) != mark(wanted):
        yield Finding(
            "unmarked",
            key,
            f"{name} has lost the mark by which the grader knows it.",
            f"{REPAIR} it gets it back.",
            mendable=True,
        )


def _moved(key: str, released: Release) -> Finding:
    label = released.label(key)
    return Finding(
        "reordered",
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
