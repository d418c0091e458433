"""The ways to run learners' code, and which of them is safe here."""

from __future__ import annotations

import os
from pathlib import Path

from centralasia.errors import UserError
from centralasia.grading.running import bwrap, container
from centralasia.grading.running.container import Container
from centralasia.grading.running.limits import Limits
from centralasia.grading.running.results import Way
from centralasia.grading.running.sandbox import Sandbox, Warmth

Runner = Sandbox | Container


def make(way: Way, perturbed: Path, warmth: Warmth | None = None) -> Runner:
    """Return what runs submissions in a way that `choose` returned."""
    if way is Way.CONTAINER:
        return Container(perturbed, Limits())
    return Sandbox(perturbed, Limits(), way, warmth)


def choose(unsafe: bool) -> Way:
    """Return how learners' code is to be run here.

    Raises
    ------
    UserError
        If there is no safe way; the message says what to install.
    """
    if unsafe:
        if not hasattr(os, "fork"):
            raise UserError("--unsafe needs Linux or macOS.")
        return Way.PROCESS
    trouble = bwrap.trouble()
    if not trouble:
        return Way.BUBBLEWRAP
    no_container = container.trouble()
    if no_container:
        raise UserError(
            f"Learners' code is not run here, for nothing would hold it back. {trouble} "
            f"{no_container}\n"
            "With --unsafe it runs as a plain process: it can then read and change whatever you "
            "can, the gradebook and the solutions included, use the network, and outlast its "
            "time. That is for code which you have read."
        )
    return Way.CONTAINER
