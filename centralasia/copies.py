"""What JupyterLab leaves in a learner's notebook beside what the learner typed."""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path

import nbformat
import nbformat.sign

from centralasia.files import write_whole
from centralasia.notebooks import WIDGET_VIEW


def typed_digest(content: bytes) -> str:
    """Return a digest of what can be typed in a notebook: its cells, without outputs or counts.

    JupyterLab saves a lesson again as soon as it was shown or run, and adds an empty cell below
    the last one; neither is the learner's work.

    Parameters
    ----------
    content : bytes
        A notebook file. Of anything else all bytes count.

    Examples
    --------
    >>> cell = '{"cells": [{"cell_type": "code", "source": %s, "outputs": [%s]}]}'
    >>> run, not_run = cell % ('["1 + ", "1"]', "2"), cell % ('"1 + 1"', "")
    >>> typed_digest(run.encode()) == typed_digest(not_run.encode())
    True
    """
    try:
        cells = [[c["cell_type"], "".join(c["source"])] for c in json.loads(content)["cells"]]
    except (ValueError, KeyError, TypeError):
        return hashlib.sha256(content).hexdigest()
    kept = [cell for cell in cells if cell[1].strip()]
    return hashlib.sha256(json.dumps(kept).encode()).hexdigest()


def retire_widgets(directory: Path) -> list[Path]:
    """Let widgets whose kernel is gone show their page again, not "model not found".

    Only for a folder on which no JupyterLab runs. What the learner typed stays, and so do all
    other outputs; a file that cannot be read or written is left alone.

    Returns
    -------
    list of pathlib.Path
        The notebooks that were changed.
    """
    changed = []
    for path in sorted(directory.rglob("*.ipynb")):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            if _retire(path):
                changed.append(path)
    return changed


def _retire(path: Path) -> bool:
    raw = path.read_bytes()
    if WIDGET_VIEW.encode() not in raw:
        return False
    content = json.loads(raw)
    outputs = (out for cell in content["cells"] for out in cell.get("outputs", ()))
    shown = [out.get("data", {}) for out in outputs]
    dead = [data for data in shown if WIDGET_VIEW in data and "text/html" in data]
    if not dead:
        return False
    notary = nbformat.sign.NotebookNotary()
    try:
        trusted = notary.check_signature(nbformat.reads(raw, as_version=4))
        for data in dead:
            del data[WIDGET_VIEW]
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        write_whole(path, text.encode())
        if trusted:
            notary.sign(nbformat.reads(text, as_version=4))
    finally:
        notary.store.close()
    return True
