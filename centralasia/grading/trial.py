"""Run one's own notebook from top to bottom, as the grader will, and look at the answers."""

from __future__ import annotations

import ast
import copy
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from centralasia.checks import asks, judge
from centralasia.grading import submission
from centralasia.grading.structure import KERNEL, Finding
from centralasia.grading.submission import Release

SECONDS = 300
"""For the whole notebook."""
CELL_SECONDS = 60

_TAKE = "from centralasia.checks import values as _v\nprint(_v.dumps(_v.take(globals(), {names})))"


def run(notebook: dict[str, Any], released: Release, folder: Path) -> list[Finding]:
    """Run a notebook and say where it stops and which answers have the wrong form.

    Parameters
    ----------
    notebook : dict
        As `submission.read` gives it; it is not changed.
    released : Release
    folder : pathlib.Path
        Where it runs.

    Returns
    -------
    list of Finding
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    keys = submission.match(notebook["cells"], released)
    cells, origin = _with_takes(notebook["cells"], keys, released)
    end, at = time.monotonic() + SECONDS, [0]
    client = NotebookClient(
        nbformat.v4.new_notebook(cells=cells),
        timeout_func=lambda _cell: max(1, min(CELL_SECONDS, int(end - time.monotonic()))),
        kernel_name=KERNEL,
        allow_errors=True,
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=lambda cell, cell_index: at.__setitem__(0, cell_index),
    )
    stopped = None
    try:
        client.execute(stderr=subprocess.DEVNULL)
    except (CellTimeoutError, DeadKernelError) as error:
        stopped = _stopped(origin[at[0]], isinstance(error, CellTimeoutError), keys, released)
    found = [stopped] if stopped else []
    found += [
        failure
        for failure in _failures(client.nb.cells, origin, keys, released)
        if stopped is None or failure.cell != stopped.cell
    ]
    said = {finding.cell for finding in found}
    forms = _forms(client.nb.cells, origin, released)
    return found + [finding for finding in forms if finding.cell not in said]


def _with_takes(
    cells: list[dict], keys: list[str | None], released: Release
) -> tuple[list[Any], list[int | str]]:
    """Return cells to run, and where each comes from: a place, or the question it reads out."""
    made, origin = [], []
    for n, (cell, key) in enumerate(zip(cells, keys, strict=True)):
        if cell["cell_type"] != "code":
            continue
        made.append(nbformat.v4.new_code_cell(cell["source"]))
        origin.append(n)
        if key in released.asks and key not in origin:
            names = list(released.asks[key]["names"])
            made.append(nbformat.v4.new_code_cell(_TAKE.format(names=names)))
            origin.append(key)
    return copy.deepcopy(made), origin


def _where(n: int, keys: list[str | None], released: Release) -> tuple[str, str]:
    """Return the grade id of a cell, and what to call it."""
    key = keys[n]
    label = f"cell {n + 1} of the notebook" if key is None else released.label(key)
    return key or f"#{n + 1}", label[0].upper() + label[1:]


def _stopped(n: int | str, slow: bool, keys: list[str | None], released: Release) -> Finding:
    key, name = _where(n, keys, released) if isinstance(n, int) else (n, released.label(n))
    if slow:
        return Finding(
            "too-long",
            key,
            f"{name} did not finish in {CELL_SECONDS} seconds (the notebook has {SECONDS}).",
            "Look for a loop that never ends, or for work that is done again and again.",
        )
    return Finding(
        "fails",
        key,
        f"{name} ended Python itself: it asked for too much memory, or it calls exit().",
        "Take out what it does not need.",
    )


def _failures(
    cells: list[Any], origin: list[int | str], keys: list[str | None], released: Release
) -> Iterator[Finding]:
    """Yield the cells that stop with an error; a check does so only after its answer did."""
    for place, (cell, n) in enumerate(zip(cells, origin, strict=True)):
        error = next((o for o in cell.outputs if o.output_type == "error"), None)
        if error is None or not isinstance(n, int) or keys[n] in released.asks:
            continue
        key, name = _where(n, keys, released)
        said = f"{error.ename}: {(error.evalue.splitlines() or [''])[0][:200]}"
        remedy = "Restart the kernel, run all cells, and mend the first that stops."
        if error.ename == "NameError" and _is_made_below(error.evalue, cells[place + 1 :]):
            remedy = "A cell further down makes that name: move it above this one."
        yield Finding("fails", key, f"{name} stops with {said}.", remedy)


def _is_made_below(message: str, cells: list[Any]) -> bool:
    wanted = message.split("'")[1] if "'" in message else ""
    for cell in cells:
        tree = submission.parsed(cell.source)
        if tree is not None and any(
            isinstance(x, ast.Name) and isinstance(x.ctx, ast.Store) and x.id == wanted
            for x in ast.walk(tree)
        ):
            return True
    return False


def _forms(cells: list[Any], origin: list[int | str], released: Release) -> Iterator[Finding]:
    """Yield the answers that are missing or have a form that cannot be right."""
    for cell, question in zip(cells, origin, strict=True):
        if isinstance(question, int):
            continue
        taken = _read(cell)
        ask = asks.from_public(released.asks[question])
        fault = judge.form(ask, taken) if taken and ask.names else None
        if fault is None:
            continue
        number = list(released.asks).index(question) + 1
        kind = "unanswered" if fault.kind == "not_attempted" else "form"
        yield Finding(kind, f"{question}-answer", f"Question {number}:", fault.message)


def _read(cell: Any) -> dict[str, Any]:
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            try:
                return json.loads(output.text)
            except ValueError:
                return {}
    return {}
