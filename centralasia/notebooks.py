"""The normal form of a lesson file, and how its stored outputs are made.

An ``.ipynb`` is its own source, so what varies from run to run or from machine
to machine has no place in it: kernel versions, the identity of live widgets, and
execution counts, which simply number the code cells (nbval does not compare a cell
without one). Everything else is kept as it is.
"""

from __future__ import annotations

import ast
import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from centralasia import pictures
from centralasia.files import write_whole

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
INSTRUCTOR = "instructor"
"""Tag of the cells at a lesson's end that are the teacher's and reach no learner."""
CELL_TIMEOUT = 600
"""Seconds after which a cell counts as hung."""

_CELL_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KEPT_CELL_METADATA = ("centralasia", "nbgrader", "slideshow", "tags")


def read(path: str | Path) -> NotebookNode:
    """Read a notebook.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    nbformat.NotebookNode
        The notebook, version 4.

    Raises
    ------
    ValueError
        If the file is not a notebook; the message names the file.
    """
    try:
        return nbformat.read(path, as_version=4)
    except (json.JSONDecodeError, nbformat.reader.NotJSONError, AttributeError, KeyError) as error:
        raise ValueError(f"{path} is not a notebook: {error}") from error


def about(path: str | Path) -> dict[str, Any]:
    """Return what a lesson or an exercise says of itself: its title, minutes, period and more.

    The file is not checked as a notebook, which takes ten times as long as to read it.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    dict
        Its metadata under ``centralasia``.

    Raises
    ------
    ValueError
        If the file is not a notebook of the course; the message names the file.
    """
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))["metadata"]["centralasia"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is not a notebook of the course: {error}") from error


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Return a copy of a notebook in normal form."""
    normal = copy.deepcopy(notebook)
    course = normal.metadata.get("centralasia")
    normal.metadata = NotebookNode(
        kernelspec=NotebookNode(KERNELSPEC), language_info=NotebookNode(name="python")
    )
    if course is not None:
        normal.metadata.centralasia = course
    folds = "points" not in (course or {})  # an exercise is code that a learner goes on with
    normal.nbformat, normal.nbformat_minor = 4, 5
    for cell in normal.cells:
        kept = {k: cell.metadata[k] for k in _KEPT_CELL_METADATA if cell.metadata.get(k)}
        cell.metadata = NotebookNode(kept)
        lines = [line.rstrip() for line in cell.source.split("\n")]
        cell.source = "\n".join(lines).strip("\n")
        if folds and cell.cell_type == "code" and only_serves(cell.source):
            cell.metadata["jupyter"] = NotebookNode(source_hidden=True)
        cell.pop("attachments", None)
    code = [cell for cell in normal.cells if cell.cell_type == "code"]
    for count, cell in enumerate(code, start=1):
        cell.execution_count = count
        cell.outputs = _join_streams([_normal_output(out, count) for out in cell.outputs])
    return normal


def only_serves(code: str) -> bool:
    """Return whether nothing of a cell's code is worth reading: JupyterLab and the book fold it.

    Such a cell brings in what the lesson needs, or shows a form or cards that the course has
    ready; it neither reads a table nor works anything out.

    Examples
    --------
    >>> only_serves("import pandas as pd"), only_serves('widgets.quiz("03")')
    (True, True)
    >>> only_serves('widgets.reveal("03-p1", gas.idxmax())'), only_serves("gas.describe()")
    (False, False)
    """
    try:
        parts = ast.parse(code).body
    except SyntaxError:  # a magic of IPython
        return False
    sets_up = any(isinstance(part, ast.Import | ast.ImportFrom) for part in parts)
    return all(
        isinstance(part, ast.Import | ast.ImportFrom)
        or (isinstance(part, ast.Expr) and _is_ready(part.value))
        or (sets_up and isinstance(part, ast.Assign))
        for part in parts
    )


def _is_ready(value: ast.expr) -> bool:
    """Return whether an expression shows what the course has ready, or sets how things look."""
    if not isinstance(value, ast.Call):
        return False
    name = ast.unparse(value.func)
    if name == "display":
        return all(map(_is_ready, value.args))
    if name in ("charts.use_theme", "pd.set_option"):
        return True
    within = (node for part in [*value.args, *value.keywords] for node in ast.walk(part))
    return name.split(".")[0] in ("cards", "widgets") and not any(
        isinstance(node, ast.Call) for node in within
    )


def _join_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join neighbouring pieces of one stream: where a kernel cuts them is chance."""
    joined: list[NotebookNode] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def _normal_output(output: NotebookNode, count: int) -> NotebookNode:
    """Drop what differs between two runs of the same cell."""
    if "execution_count" in output:
        output.execution_count = count
    if "data" in output:
        output.data.pop(WIDGET_VIEW, None)
    output.pop("transient", None)
    return output


def dumps(notebook: NotebookNode) -> str:
    """Return the text of a notebook as the course stores it: sorted keys, one blank a level."""
    return _json(_split_lines(notebook))


def _json(content: dict) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _split_lines(notebook: NotebookNode) -> dict:
    return nbformat.v4.rwbase.split_lines(copy.deepcopy(notebook))


def write(notebook: NotebookNode, path: str | Path) -> None:
    """Write a notebook whole or not at all: a full disk leaves the old file as it was."""
    write_whole(Path(path), dumps(notebook).encode())


def for_learners(path: str | Path) -> bytes:
    """Return a lesson file as learners get it.

    It comes without the cells tagged for the instructor, and without the expressions by which the
    tests work out the figures of the prose. The file is taken as JSON in normal form, for a copy
    of all lessons shall not take long.
    """
    content = json.loads(Path(path).read_bytes())
    content["cells"] = [c for c in content["cells"] if not is_instructors(c)]
    for cell in content["cells"]:
        ours = cell["metadata"].get("centralasia", {})
        if ours.pop("numbers", None) and not ours:
            del cell["metadata"]["centralasia"]
    return _json(content).encode()


def outputs(path: str | Path) -> Iterator[dict[str, Any]]:
    """Yield what the cells of a lesson file store for learners, in order."""
    for cell in json.loads(Path(path).read_bytes())["cells"]:
        if not is_instructors(cell):
            yield from cell.get("outputs", [])


def is_instructors(cell: dict) -> bool:
    """Return whether a cell is the teacher's."""
    return INSTRUCTOR in cell["metadata"].get("tags", [])


def check(path: str | Path) -> list[str]:
    """Say in which ways a notebook is not in normal form.

    Returns
    -------
    list of str
        One sentence a fault, naming the cell; empty if there is none.
    """
    notebook = read(path)
    faults = []
    ids = [cell.get("id", "") for cell in notebook.cells]
    for cell_id in ids:
        if not _CELL_ID.fullmatch(cell_id):
            faults.append(f"Cell id {cell_id!r} is not readable: use words joined by hyphens.")
        if ids.count(cell_id) > 1:
            faults.append(f"Cell id {cell_id!r} stands more than once.")
    normal = normalise(notebook)
    for before, after in zip(notebook.cells, normal.cells, strict=True):
        if before != after:
            faults.append(f"Cell {before.id!r} is not normal.")
    if not faults and Path(path).read_text(encoding="utf-8") != dumps(normal):
        faults.append("The file's metadata or layout is not normal.")
    return faults


def normalise_file(path: str | Path) -> bool:
    """Bring a notebook file into normal form.

    Returns
    -------
    bool
        Whether the file was changed.
    """
    normal = normalise(read(path))
    if Path(path).read_text(encoding="utf-8") == dumps(normal):
        return False
    write(normal, path)
    return True


def execute(notebook: NotebookNode, folder: str | Path) -> NotebookNode:
    """Run a notebook from top to bottom in a fresh kernel.

    Parameters
    ----------
    notebook
        The notebook; it is not changed.
    folder
        The working directory of the kernel.

    Returns
    -------
    nbformat.NotebookNode
        The notebook with its outputs and a picture of each chart, in normal form.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    nbclient.exceptions.CellTimeoutError
        If a cell takes longer than `CELL_TIMEOUT` seconds.
    """
    from nbclient import NotebookClient

    run = copy.deepcopy(notebook)
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(
        run,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        resources=resources,
        store_widget_state=False,
    ).execute()
    return pictures.put(normalise(run), notebook)


def execute_file(path: str | Path) -> None:
    """Run a notebook file and store its outputs; if a cell fails, the file stays as it was."""
    path = Path(path)
    write(execute(read(path), path.parent), path)
