"""The course inside a kernel and a page of Jupyter: cells that run at any time, forms that live.

``centralasia lab`` loads this as an extension of IPython into each kernel that it starts, and the
browser edition into its own. Elsewhere a lesson runs from top to bottom as any notebook does.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from centralasia.jupyter import needs
from centralasia.language import _

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionInfo, InteractiveShell

SESSION = "JPY_SESSION_NAME"
"""Where a server of Jupyter tells a kernel which notebook it was started for, as a page does."""


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Let each cell find what the cells above it make, and the forms of a page their answers."""
    from centralasia.jupyter import answers

    shell.events.register("pre_run_cell", lambda info: run_what_it_needs(shell, info))
    answers.listen(Path.cwd())


def run_what_it_needs(shell: InteractiveShell, info: ExecutionInfo) -> None:
    """Run what a cell needs of the cells above it, and show nothing of that.

    If one of those fails, its learner is told which.
    """
    from IPython.utils.capture import capture_output

    try:
        code = shell.transform_cell(info.raw_cell or "")
        if not needs.missing(code, shell.user_ns):
            return
        above = [shell.transform_cell(cell) for cell in _cells_above(info)]
        parts = needs.needed(code, above, shell.user_ns)
    except SyntaxError:
        return  # IPython says it
    for part in parts:
        with capture_output():
            done = shell.run_cell(part, silent=True)
        if not done.success:
            print(
                _(
                    "This cell needs what a cell above it makes, and that one stopped with an "
                    "error. Run it first. It has the line: {line}"
                ).format(line=part.strip().splitlines()[0]),
                file=sys.stderr,
            )
            return


def _cells_above(info: ExecutionInfo) -> list[str]:
    """Return the code cells above one, as the notebook was saved last; of another cell all."""
    try:
        cells = json.loads(Path(os.environ[SESSION]).read_bytes())["cells"]
        known = [
            (cell.get("id"), "".join(cell["source"]))
            for cell in cells
            if cell["cell_type"] == "code"
        ]
    except (KeyError, OSError, ValueError, TypeError):
        return []
    same = (
        place
        for place, (name, source) in enumerate(known)
        if name == info.cell_id or source.strip() == (info.raw_cell or "").strip()
    )
    return [source for _name, source in known[: next(same, None)]]
