"""Run one's own notebook from top to bottom, as the grader will, and look at the answers."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output

from centralasia.checks import asks, judge
from centralasia.grading.handing_in import submission
from centralasia.grading.handing_in.structure import KERNEL, Finding, FindingKind
from centralasia.grading.handing_in.submission import Cell, Release

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
    steps = _steps(notebook["cells"], released)
    findings = _run_here(steps) if sys.platform == "emscripten" else _run_apart(steps, folder)
    for more in (_failures(steps, released), _forms(steps, released)):
        known = {finding.cell for finding in findings}
        findings += [finding for finding in more if finding.cell not in known]
    return findings


def _run_apart(steps: Sequence[Step], folder: Path) -> list[Finding]:
    """Run the steps in a kernel of their own; return what ended it, if anything did."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    reached = 0

    def note(cell: NotebookNode, cell_index: int) -> None:
        nonlocal reached
        reached = cell_index

    end = time.monotonic() + SECONDS
    client = NotebookClient(
        nbformat.v4.new_notebook(cells=[step.cell for step in steps]),
        timeout_func=lambda _cell: max(1, min(CELL_SECONDS, int(end - time.monotonic()))),
        kernel_name=KERNEL,
        allow_errors=True,
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=note,
    )
    try:
        client.execute(stderr=subprocess.DEVNULL)
    except (CellTimeoutError, DeadKernelError) as error:
        return [_stopped(steps[reached], isinstance(error, CellTimeoutError))]
    return []


def _run_here(steps: Sequence[Step]) -> list[Finding]:
    """Run the steps in this very kernel, as a browser starts no other; then put its names back."""
    from IPython.core.getipython import get_ipython
    from IPython.utils.capture import capture_output

    shell = get_ipython()
    assert shell is not None  # a browser's Python is one
    names: dict[str, Any] = shell.user_ns
    own = {name: value for name, value in names.items() if name not in shell.user_ns_hidden}
    try:
        for name in own:
            del names[name]
        for step in steps:
            with capture_output() as said:
                done = shell.run_cell(step.cell.source, silent=True)
            error = done.error_before_exec or done.error_in_exec
            if error is None:
                step.cell.outputs = [new_output("stream", name="stdout", text=said.stdout)]
            else:
                step.cell.outputs = [
                    new_output("error", ename=type(error).__name__, evalue=str(error), traceback=[])
                ]
    finally:
        for name in [name for name in names if name not in shell.user_ns_hidden]:
            del names[name]
        names.update(own)
    return []


@dataclass(frozen=True)
class Step:
    """One cell of the run.

    Parameters
    ----------
    cell : NotebookNode
        What is run; its outputs are written into it.
    key : str
        The grade id of the notebook's cell, or ``"#4"`` for the learner's own fourth cell.
    name : str
        What to call that cell, at the beginning of a sentence.
    takes : str, optional
        The question whose answer this cell prints as JSON; it is then not in the notebook.
    """

    cell: NotebookNode
    key: str
    name: str
    takes: str | None = None


def _steps(cells: Sequence[Cell], released: Release) -> list[Step]:
    """Return the code cells, and after the check of each question one that prints its answer."""
    steps: list[Step] = []
    taken: set[str] = set()
    for number, (cell, key) in enumerate(
        zip(cells, submission.match(cells, released), strict=True), start=1
    ):
        if cell["cell_type"] != "code":
            continue
        label = f"cell {number} of the notebook" if key is None else released.label(key)
        name = label[0].upper() + label[1:]
        steps.append(Step(nbformat.v4.new_code_cell(cell["source"]), key or f"#{number}", name))
        if key is not None and key in released.asks and key not in taken:
            taken.add(key)
            source = _TAKE.format(names=list(released.asks[key]["names"]))
            steps.append(Step(nbformat.v4.new_code_cell(source), key, name, takes=key))
    return steps


def _stopped(step: Step, slow: bool) -> Finding:
    if slow:
        return Finding(
            FindingKind.TOO_LONG,
            step.key,
            f"{step.name} did not finish in {CELL_SECONDS} seconds (the notebook has {SECONDS}).",
            "Look for a loop that never ends, or for work that is done again and again.",
        )
    return Finding(
        FindingKind.FAILS,
        step.key,
        f"{step.name} ended Python itself: it asked for too much memory, or it calls exit().",
        "Take out what it does not need.",
    )


def _failures(steps: Sequence[Step], released: Release) -> Iterator[Finding]:
    """Yield the cells that stop with an error; a check does so only after its answer did."""
    for place, step in enumerate(steps):
        error = next((o for o in step.cell.outputs if o.output_type == "error"), None)
        if error is None or step.key in released.asks:
            continue
        message = f"{error.ename}: {(error.evalue.splitlines() or [''])[0][:200]}"
        remedy = "Restart the kernel, run all cells, and mend the first that stops."
        below = [later.cell for later in steps[place + 1 :]]
        if error.ename == "NameError" and _is_made_below(error.evalue, below):
            remedy = "A cell further down makes that name: move it above this one."
        yield Finding(FindingKind.FAILS, step.key, f"{step.name} stops with {message}.", remedy)


def _is_made_below(message: str, cells: Sequence[NotebookNode]) -> bool:
    wanted = message.split("'")[1] if "'" in message else ""
    for cell in cells:
        tree = submission.parsed(cell.source)
        if tree is not None and any(
            isinstance(x, ast.Name) and isinstance(x.ctx, ast.Store) and x.id == wanted
            for x in ast.walk(tree)
        ):
            return True
    return False


def _forms(steps: Sequence[Step], released: Release) -> Iterator[Finding]:
    """Yield the answers that are missing or have a form that cannot be right."""
    for step in steps:
        if step.takes is None:
            continue
        taken = _printed(step.cell)
        ask = asks.from_public(released.asks[step.takes])
        fault = judge.form(ask, taken) if taken and ask.names else None
        if fault is None:
            continue
        number = list(released.asks).index(step.takes) + 1
        empty = fault.kind == "not_attempted"
        kind = FindingKind.UNANSWERED if empty else FindingKind.FORM
        yield Finding(kind, f"{step.takes}-answer", f"Question {number}:", fault.message)


def _printed(cell: NotebookNode) -> dict[str, Any]:
    """Return the values that a cell printed as JSON; none if it printed no such thing."""
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            try:
                taken = json.loads(output.text)
            except ValueError:
                return {}
            return taken if isinstance(taken, dict) else {}
    return {}
