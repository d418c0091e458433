"""What the grader wrote down beside a graded notebook: a verdict on each question."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = "verdicts.json"


def read(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the verdicts of a graded submission, by question.

    Parameters
    ----------
    folder : pathlib.Path
        ``autograded/ID/EXERCISE``.

    Returns
    -------
    dict
        Each with ``kind``, ``message`` and ``mistake``; empty if nbgrader graded alone.
    """
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    rows = found.get("verdicts", []) if isinstance(found, dict) else found
    return {row["question"]: row for row in rows if isinstance(row, dict) and "question" in row}
