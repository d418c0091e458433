"""What a Dask worker does: keep a warm sandbox in each of its threads, and run submissions in it.

A worker needs the course, its data and bubblewrap. It is given no key and makes no verdict.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from centralasia.checks import perturb
from centralasia.grading.running.limits import Limits
from centralasia.grading.running.results import Run, SandboxError, Way
from centralasia.grading.running.ways import Runner, make

_here = threading.local()
_all: list[Runner] = []


def start(way: Way, data: str, seed: int) -> None:
    """Let this thread's sandbox come up, before there is anything to run in it.

    Parameters
    ----------
    way, data, seed
        As for `run`.

    Raises
    ------
    SandboxError
        As `run` does.
    """
    _sandbox(way, data, seed).start()


def run(
    steps: Sequence[Mapping[str, Any]], limits: Mapping[str, Any], way: Way, data: str, seed: int
) -> Run:
    """Run the cells of one notebook in this thread's sandbox.

    Parameters
    ----------
    steps : sequence of mapping
        As `centralasia.grading.judging.marks.plan` returns them.
    limits : mapping
    way : Way
        As `centralasia.grading.running.ways.choose` returns it.
    data : str
        The name of the changed copy of the data by which releases are told apart.
    seed : int
        Of the changed copy that this run of the grader has drawn.

    Returns
    -------
    Run

    Raises
    ------
    SandboxError
        If the sandbox fails, or this machine has other data than the grader.
    """
    return _sandbox(way, data, seed).run(steps, Limits(**limits))


def _sandbox(way: Way, data: str, seed: int) -> Runner:
    """Return the sandbox of this thread, with the changed copy of this run of the grader."""
    if perturb.default().name != data:
        raise SandboxError("This worker has another release of the course or its data.")
    perturbed = perturb.of_seed(seed)
    sandbox: Runner | None = getattr(_here, "sandbox", None)
    if sandbox is not None and sandbox.perturbed != perturbed:
        sandbox.close()
        sandbox = None
    if sandbox is None or sandbox.way != way:
        # The kernel ends a sandbox with the thread that started it, so each has its own.
        sandbox = _here.sandbox = make(way, perturbed)
        _all.append(sandbox)
    return sandbox


def close() -> None:
    """End all sandboxes of this process."""
    while _all:
        _all.pop().close()
