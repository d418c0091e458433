"""Run the cells of one notebook, in the process that learner's code shares.

Nothing here is secret and nothing here is believed: it knows no key, and what it sends back is
read as a learner's own statement.
"""

from __future__ import annotations

import ast
import io
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from types import FrameType
from typing import Any, NoReturn

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from centralasia.checks import rerun, values

REHEARSAL = (
    "import altair as alt\n"
    "from centralasia import checks, tables\n"
    "from centralasia.checks import outcome, public\n"
    "least = 2000\n"
    "trade = tables.load('trade')\n"
    "rows = trade.query('year >= @least')\n"
    "years = rows[rows.flow.isin(['export'])].groupby('year').value_usd.sum().reset_index()\n"
    "years['share'] = years.value_usd / years.set_index('year').value_usd.sum()",
    "chart = alt.Chart(years, title='Exports').mark_line().encode(\n"
    "    x=alt.X('year:O').title('Year'), y='share:Q', color=alt.value('black')\n"
    ").properties(description='Exports by year.')\n"
    "case = checks.case(public.names()[0], 'guest')\n"
    "for shown in (years, chart, case, outcome.cannot_check('')):\n"
    "    get_ipython().display_formatter.format(shown)",
    "1 / 0",
)
"""The moves of an exercise; the last ends in an error."""
CUT = "… the rest of this cell's output is not kept.\n"
Send = Callable[[dict[str, Any]], None]


class CellOutputs:
    """The outputs of one cell, as a notebook stores them, up to a size."""

    def __init__(self, most: int) -> None:
        self.outputs: list[dict[str, Any]] = []
        self.left = most

    def add(self, output: dict[str, Any]) -> None:
        """Keep an output if it is not too large."""
        if self.left <= 0:
            return
        try:
            size = len(json.dumps(output))
        except (TypeError, ValueError, RecursionError):
            return
        if size > self.left:
            self.left = 0
            output = {"output_type": "stream", "name": "stdout", "text": CUT}
        self.left -= size
        self.outputs.append(output)

    def write(self, name: str, text: str) -> None:
        """Keep a piece of a stream, joined to the one before."""
        if self.left <= 0 or not text:
            return
        kept = text if len(text) <= self.left else text[: self.left] + CUT
        self.left -= len(text)
        last = self.outputs[-1] if self.outputs else {}
        if last.get("name") == name:
            last["text"] += kept
        else:
            self.outputs.append({"output_type": "stream", "name": name, "text": kept})


class Stream(io.TextIOBase):
    """What a cell prints goes to the outputs of the cell that runs."""

    encoding = "utf-8"

    def __init__(self, shell: Shell, name: str) -> None:
        self._shell, self.name = shell, name

    def write(self, text: str) -> int:
        """Keep a text."""
        self._shell.kept.write(self.name, str(text))
        return len(text)

    def writable(self) -> bool:
        """Return that it can be written to."""
        return True


class Hook(DisplayHook):
    """The value of a cell's last line goes to its outputs."""

    def start_displayhook(self) -> None:
        """Print no line before it."""

    def write_output_prompt(self) -> None:
        """Print no number before it."""

    def write_format_data(
        self, format_dict: Mapping[str, Any], md_dict: Mapping[str, Any] | None = None
    ) -> None:
        """Keep it."""
        here = shell()
        here.kept.add(
            {
                "output_type": "execute_result",
                "execution_count": here.execution_count,
                "data": _texts(format_dict),
                "metadata": _texts(md_dict or {}),
            }
        )

    def finish_displayhook(self) -> None:
        """Print no line after it."""
        self._is_active = False


class Publisher(DisplayPublisher):
    """What a cell displays goes to its outputs."""

    def publish(
        self,
        data: Mapping[str, Any],
        metadata: Mapping[str, Any] | None = None,
        *_: object,
        **__: object,
    ) -> None:
        """Keep it."""
        bundle = {"data": _texts(data), "metadata": _texts(metadata or {})}
        shell().kept.add({"output_type": "display_data"} | bundle)

    def clear_output(self, wait: bool = False) -> None:
        """Forget what the cell has shown so far."""
        shell().kept.outputs.clear()


class Shell(InteractiveShell):
    """IPython as in a kernel, with no kernel, no history file and nobody at a terminal."""

    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)

    def __init__(self, **kwargs: object) -> None:
        self.kept = CellOutputs(0)
        super().__init__(**kwargs)

    def _showtraceback(self, etype: type, evalue: object, stb: list[str]) -> None:
        error = {"ename": str(etype.__name__), "evalue": str(evalue), "traceback": list(stb)}
        self.kept.add({"output_type": "error"} | error)

    def ask_exit(self) -> None:
        """Stay: a notebook that says ``exit`` goes on with its next cell."""


class Lacking:
    """Stands for a package that is not here, so that its import alone costs nobody a cell.

    It gives nothing away and does nothing: whoever calls, reads or changes something of it gets the
    error that the import would have given.
    """

    def __init__(self, package: str) -> None:
        self.__dict__["_package"] = package

    def __getattr__(self, name: str) -> Lacking:
        """Return a part of the package, which is not here either."""
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def _stop(self, *_: object, **__: object) -> NoReturn:
        raise ModuleNotFoundError(f"No module named {self._package!r}")

    __call__ = __getitem__ = __setitem__ = __setattr__ = __iter__ = __enter__ = _stop


class WithoutLacking(ast.NodeTransformer):
    """Let a cell go on after an import, at its own level, of a package that is not here."""

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """Put stand-ins in the place of such imports."""
        body = [step for each in node.body for step in self._instead(each)]
        if body == node.body:
            return node
        node.body = body
        return ast.fix_missing_locations(node)

    def _instead(self, step: ast.stmt) -> list[ast.stmt]:
        if isinstance(step, ast.ImportFrom):
            lacks = not step.level and _is_lacking(step.module or "")
            given = [(name.asname or name.name, step.module or "") for name in step.names]
            return [_stand_in(*pair, step) for pair in given] if lacks else [step]
        if not isinstance(step, ast.Import):
            return [step]
        here = [name for name in step.names if not _is_lacking(name.name)]
        away = [name for name in step.names if name not in here]
        if not away:
            return [step]
        kept: list[ast.stmt] = [ast.copy_location(ast.Import(here), step)] if here else []
        given = [(name.asname or name.name.partition(".")[0], name.name) for name in away]
        return [*kept, *(_stand_in(*pair, step) for pair in given)]


def _is_lacking(module: str) -> bool:
    package = module.partition(".")[0]
    if package in sys.modules:
        return False
    try:
        return find_spec(package) is None
    except (ImportError, ValueError):
        return False


def _stand_in(name: str, module: str, step: ast.stmt) -> ast.stmt:
    package = module.partition(".")[0]
    call = f"__import__({__name__!r}, fromlist=['lacking']).lacking({package!r})"
    made = ast.parse(f"{name} = {call}" if name != "*" else call).body[0]
    return ast.copy_location(made, step)


def lacking(package: str) -> Lacking:
    """Say that a package is not here, and return what stands for it."""
    print(
        f"No module named {package!r} where this is graded. The cell goes on; what uses it stops.",
        file=sys.stderr,
    )
    return Lacking(package)


def shell() -> Shell:
    """Return the one shell of this process."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"
    if Shell.initialized():
        return Shell.instance()
    made = Shell.instance(config=config)
    made.ast_transformers.append(WithoutLacking())
    if _is_lacking("matplotlib"):
        for magic in ("matplotlib", "pylab"):
            made.magics_manager.register_function(lambda _line: None, "line", magic)
    return made


def rehearse() -> list[bool]:
    """Do once what most notebooks do, in the process from which theirs are forked.

    What a first chart and a first error look up, import and compile is then there for all of them.
    Nothing else stays: the cells run as those of a second run do, in a namespace of their own.

    Returns
    -------
    list of bool
        For each cell of `REHEARSAL`, whether it ran to its end.
    """
    here, second = shell(), rerun.SecondRun(shell())
    here.kept = CellOutputs(0)
    with second.elsewhere():
        done = [here.run_cell(cell, store_history=False).success for cell in REHEARSAL]
    values.take(second.module.__dict__, ["chart", "years"])
    return done


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
        here.kept = kept = CellOutputs(int(limits["output_kb"]) * 1024)
        names = cell["names"]
        with _at_most(seconds):
            here.run_cell(cell["source"], store_history=names is None)
        failed = any(
            output["output_type"] == "error" or output.get("name") == "stderr"
            for output in kept.outputs
        )
        taken = None
        if names is not None:
            here.kept = CellOutputs(0)
            with _at_most(seconds):
                taken = rerun.take(names)
        send({"cell": number, "outputs": kept.outputs, "failed": failed, "taken": taken})
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
