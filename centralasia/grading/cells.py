"""Run the cells of one notebook, in the process that learner's code shares.

Nothing here is secret and nothing here is believed: it knows no key, and what it sends back is
read as a learner's own statement.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from centralasia.checks import rerun

CUT = "… the rest of this cell's output is not kept.\n"
Send = Callable[[dict[str, Any]], None]


class Record:
    """The outputs of one cell, as a notebook stores them, up to a size."""

    def __init__(self, room: int) -> None:
        self.outputs: list[dict[str, Any]] = []
        self.room = room

    def add(self, output: dict[str, Any]) -> None:
        """Keep an output if there is room for it."""
        if self.room <= 0:
            return
        try:
            size = len(json.dumps(output))
        except (TypeError, ValueError, RecursionError):
            return
        if size > self.room:
            self.room = 0
            output = {"output_type": "stream", "name": "stdout", "text": CUT}
        self.room -= size
        self.outputs.append(output)

    def write(self, name: str, text: str) -> None:
        """Keep a piece of a stream, joined to the one before."""
        if self.room <= 0 or not text:
            return
        kept = text if len(text) <= self.room else text[: self.room] + CUT
        self.room -= len(text)
        last = self.outputs[-1] if self.outputs else {}
        if last.get("name") == name:
            last["text"] += kept
        else:
            self.outputs.append({"output_type": "stream", "name": name, "text": kept})


class Stream(io.TextIOBase):
    """What a cell prints goes into the record of the cell that runs."""

    encoding = "utf-8"

    def __init__(self, shell: Shell, name: str) -> None:
        self._shell, self.name = shell, name

    def write(self, text: str) -> int:
        """Keep a text."""
        self._shell.record.write(self.name, str(text))
        return len(text)

    def writable(self) -> bool:
        """Return that it can be written to."""
        return True


class Hook(DisplayHook):
    """The value of a cell's last line goes into the record."""

    def start_displayhook(self) -> None:
        """Print no line before it."""

    def write_output_prompt(self) -> None:
        """Print no number before it."""

    def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
        """Keep it."""
        count = self.shell.execution_count
        self.shell.record.add(
            {
                "output_type": "execute_result",
                "execution_count": count,
                "data": _texts(format_dict),
                "metadata": _texts(md_dict or {}),
            }
        )

    def finish_displayhook(self) -> None:
        """Print no line after it."""
        self._is_active = False


class Publisher(DisplayPublisher):
    """What a cell displays goes into the record."""

    def publish(self, data: dict, metadata: dict | None = None, **_more: object) -> None:
        """Keep it."""
        bundle = {"data": _texts(data), "metadata": _texts(metadata or {})}
        self.shell.record.add({"output_type": "display_data"} | bundle)

    def clear_output(self, wait: bool = False) -> None:
        """Forget what the cell has shown so far."""
        self.shell.record.outputs.clear()


class Shell(InteractiveShell):
    """IPython as in a kernel, with no kernel, no history file and nobody at a terminal."""

    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)

    def __init__(self, **kwargs: object) -> None:
        self.record = Record(0)
        super().__init__(**kwargs)

    def _showtraceback(self, etype: type, evalue: object, stb: list[str]) -> None:
        error = {"ename": str(etype.__name__), "evalue": str(evalue), "traceback": list(stb)}
        self.record.add({"output_type": "error"} | error)

    def ask_exit(self) -> None:
        """Stay: a notebook that says ``exit`` goes on with its next cell."""


def shell() -> Shell:
    """Return the one shell of this process."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"
    return Shell.instance(config=config)


def _texts(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """Return a bundle as JSON can hold it; a picture as the text that stands for it."""
    from base64 import b64encode

    return {
        str(kind): b64encode(value).decode() if isinstance(value, bytes) else value
        for kind, value in bundle.items()
    }


def run(job: Mapping[str, Any], send: Send) -> None:
    """Run cells in order; an error in one does not stop the next, as under nbgrader.

    Parameters
    ----------
    job : mapping
        ``cells``, each with ``source`` and, if it tests an answer, the ``names`` to take;
        ``limits``.
    send : callable
        Gets one mapping a cell: ``cell``, ``outputs``, ``failed``, ``taken``.
    """
    here, limits = shell(), job["limits"]
    sys.stdout, sys.stderr = Stream(here, "stdout"), Stream(here, "stderr")
    seconds = limits["cell_seconds"]
    for number, cell in enumerate(job["cells"]):
        here.record = record = Record(int(limits["output_kb"]) * 1024)
        names = cell["names"]
        with _at_most(seconds):
            here.run_cell(cell["source"], store_history=names is None)
        failed = any(
            output["output_type"] == "error" or output.get("name") == "stderr"
            for output in record.outputs
        )
        taken = None
        if names is not None:
            here.record = Record(0)
            with _at_most(seconds):
                taken = rerun.take(names)
        send({"cell": number, "outputs": record.outputs, "failed": failed, "taken": taken})
    send({"done": True})


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Interrupt what takes longer, again and again if it will not stop."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt("CellTimeoutError")

    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def fresh_chance() -> None:
    """Give this process random numbers of its own; its siblings come from the same parent."""
    import numpy as np

    np.random.seed(int.from_bytes(os.urandom(4), "little"))
