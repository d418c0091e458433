"""Take values out of a running notebook, from its own run and from a second one on other data.

This is what runs beside a learner's code. It knows no key and makes no verdict.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING

from centralasia.checks import perturb, values
from centralasia.paths import DATA_ENV

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

SKIPPED = "centralasia.checks.hidden"
"""A cell that says this is a test; it is not run a second time."""


def take(names: Iterable[str]) -> str:
    """Return variables of the notebook that runs in this kernel.

    The cells that ran since the last call run once more, silently and in a namespace of their
    own, while ``tables.load`` reads the changed copy of the data.

    Parameters
    ----------
    names : iterable of str

    Returns
    -------
    str
        JSON for `centralasia.checks.values.loads`: the plain values under ``base`` and
        ``perturbed``.
    """
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is None:
        raise RuntimeError("Values are taken out of a notebook that runs, and none does.")
    names = list(names)
    second = shell.__dict__.get("centralasia_second_run")
    if second is None:
        second = shell.__dict__["centralasia_second_run"] = SecondRun(shell)
    second.catch_up()
    return values.dumps(
        {
            "base": values.take(shell.user_ns, names),
            "perturbed": values.take(second.module.__dict__, names),
        }
    )


class SecondRun:
    """The same cells on the changed data, kept up with the first run."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.data = str(perturb.default())
        self.done = 0
        self.module = ModuleType("__main__")
        self.module.__dict__["get_ipython"] = shell.get_ipython

    def catch_up(self) -> None:
        """Run what the first run has run since."""
        history = self.shell.history_manager
        cells = [] if history is None else history.input_hist_raw
        waiting, self.done = cells[self.done :], len(cells)
        with self.elsewhere():
            for cell in waiting:
                if SKIPPED not in cell:
                    self.shell.run_cell(cell, store_history=False, silent=True)

    @contextmanager
    def elsewhere(self) -> Iterator[None]:
        """Let the shell run in the second namespace, on the changed data, without a sound."""
        from IPython.utils.capture import capture_output

        shell = self.shell
        before = shell.user_module, shell.user_ns, os.environ.get(DATA_ENV)
        shell.user_module, shell.user_ns = self.module, self.module.__dict__
        # ipykernel sends errors past any capture
        shell.__dict__["_showtraceback"] = lambda *_args: None
        os.environ[DATA_ENV] = self.data
        try:
            with capture_output():
                yield
        finally:
            del shell.__dict__["_showtraceback"]
            shell.user_module, shell.user_ns = before[:2]
            if before[2] is None:
                os.environ.pop(DATA_ENV, None)
            else:
                os.environ[DATA_ENV] = before[2]
