"""What a Dask worker does: keep a warm sandbox in each of its threads, and run submissions in it.

A worker needs the course, its data and bubblewrap. It is given no key and makes no verdict.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from centralasia.checks import perturb
from centralasia.grading.limits import Limits
from centralasia.grading.results import Run, SandboxError
from centralasia.grading.ways import Way, make

_here = threading.local()
_all: list[Way] = []


def run(
    steps: Sequence[Mapping[str, Any]], limits: Mapping[str, float], how: str, data: str
) -> Run:
    """Run the cells of one notebook in this thread's sandbox.

    Parameters
    ----------
    steps : sequence of mapping
        As `centralasia.grading.marks.plan` returns them.
    limits : mapping
    how : str
        As `centralasia.grading.ways.choose` returns it.
    data : str
        The name of the grader's changed copy of the data.

    Returns
    -------
    Run

    Raises
    ------
    SandboxError
        If the sandbox fails, or this machine has other data than the grader.
    """
    perturbed = perturb.default()
    if perturbed.name != data:
        raise SandboxError("This worker has another release of the course or its data.")
    sandbox = getattr(_here, "sandbox", None)
    if sandbox is None or sandbox.how != how:
        # The kernel ends a sandbox with the thread that started it, so each has its own.
        sandbox = _here.sandbox = make(how, perturbed)
        _all.append(sandbox)
    return sandbox.run(steps, Limits(**limits))


def close() -> None:
    """End all sandboxes of this process."""
    while _all:
        _all.pop().close()
