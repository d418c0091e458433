"""The ways to run learners' code, and which of them is safe here."""

from __future__ import annotations

import os
from pathlib import Path

from centralasia.errors import UserError
from centralasia.grading import bwrap, container
from centralasia.grading.container import Container
from centralasia.grading.limits import Limits
from centralasia.grading.sandbox import Sandbox

Way = Sandbox | Container


def make(how: str, perturbed: Path) -> Way:
    """Return what runs submissions in a way that `choose` returned."""
    if how == "container":
        return Container(perturbed, Limits())
    return Sandbox(perturbed, Limits(), how)


def choose(unsafe: bool) -> str:
    """Return how learners' code is to be run here.

    Raises
    ------
    UserError
        If there is no safe way; the message says what to install.
    """
    if unsafe:
        if not hasattr(os, "fork"):
            raise UserError("--unsafe needs Linux or macOS.")
        return "process"
    trouble = bwrap.trouble()
    if not trouble:
        return "bubblewrap"
    no_container = container.trouble()
    if no_container:
        raise UserError(
            f"Learners' code is not run here, for nothing would hold it back. {trouble} "
            f"{no_container}\n"
            "With --unsafe it runs as a plain process: it can then read and change whatever you "
            "can, the gradebook and the solutions included, use the network, and outlast its "
            "time. That is for code which you have read."
        )
    return "container"
