"""What a worker does: keep a warm sandbox in each of its threads, and run submissions in it.

A worker needs the course, its data and bubblewrap. It is given no key and makes no verdict.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from centralasia.checks import perturb
from centralasia.grading.running.limits import Limits
from centralasia.grading.running.results import Run, SandboxError, Way
from centralasia.grading.running.sandbox import Warmth
from centralasia.grading.running.ways import Runner, make

_here = threading.local()
_all: list[Runner] = []
_shared: list[Warmth] = []
_lock = threading.Lock()


def begin(way: Way, seed: int) -> None:
    """Let the warm process of this machine come up while this process does something else.

    What keeps it from coming up is found out when it is to run something.

    Parameters
    ----------
    way, seed
        As for `run`.
    """
    if way is not Way.CONTAINER:
        with suppress(SandboxError):
            _warmth(way, perturb.of_seed(seed)).start()


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
    asked = way, data, seed
    if getattr(_here, "asked", None) != asked or _here.sandbox not in _all:
        if perturb.default().name != data:
            raise SandboxError("This worker has another release of the course or its data.")
        if hasattr(_here, "sandbox"):
            _here.sandbox.close()
        perturbed = perturb.of_seed(seed)
        _here.sandbox, _here.asked = make(way, perturbed, _warmth(way, perturbed)), asked
        _all.append(_here.sandbox)
    sandbox: Runner = _here.sandbox
    return sandbox


def _warmth(way: Way, perturbed: Path) -> Warmth:
    """Return what the sandboxes of this process share; that of an earlier run ends."""
    with _lock:
        if not _shared or (_shared[0].way, _shared[0].perturbed) != (way, perturbed):
            _cool()
            _shared.append(Warmth(perturbed, way))
        return _shared[0]


def _cool() -> None:
    while _shared:
        _shared.pop().close()


def close() -> None:
    """End all sandboxes of this process."""
    while _all:
        _all.pop().close()
    with _lock:
        _cool()
