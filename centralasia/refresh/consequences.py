"""What rests on a table: figures in the prose of lessons, verdicts, stored outputs."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd

from centralasia import course, games, measures, tables
from centralasia.paths import data_dir, using

FIGURE = re.compile(r"(?<![\w.])[−-]?\d[\d,]*(?:\.\d+)?")
"""A figure in a sentence."""


@dataclass(frozen=True)
class Consequences:
    """What a refresh of a table asks somebody to look at.

    Parameters
    ----------
    figures : tuple of (str, str, str, str)
        Lesson, cell, the figure as printed, and what the new table gives in its place.
    verdicts : tuple of (str, str)
        Claims that the table decides, and their verdicts.
    outputs : tuple of str
        Lessons that load the table, to be run again.
    """

    figures: tuple[tuple[str, str, str, str], ...]
    verdicts: tuple[tuple[str, str], ...]
    outputs: tuple[str, ...]


def of(table: str, whole: pd.DataFrame) -> Consequences:
    """Say what would have to be looked at if a table became another.

    Parameters
    ----------
    table : str
    whole : pandas.DataFrame of str
        The table as it would be; see `merged`.

    Returns
    -------
    Consequences
    """
    names = re.compile(rf"\b{table}\b")
    found, outputs = [], []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "data"
        shutil.copytree(data_dir(), copy)
        whole.to_csv(copy / f"{table}.csv", index=False, lineterminator="\n")
        for path in (lesson.file for lesson in course.lessons()):
            cells = nbformat.read(path, as_version=4).cells
            if any(c.cell_type == "code" and names.search(c.source) for c in cells):
                outputs.append(path.name)
            for cell in cells:
                stated = cell.metadata.get("centralasia", {}).get("numbers", {})
                for figure, way in stated.items():
                    if isinstance(way, str) and names.search(way):
                        before, now = _printed(way, figure, None), _printed(way, figure, copy)
                        if now != before:
                            found.append((path.stem, cell.id, figure, now))
    claims = tables.load("claims")
    rests = claims[claims.decided_by.fillna("").astype(str).str.contains(names)]
    verdicts = zip(rests.claim_id.astype(str), rests.verdict.astype(str), strict=True)
    return Consequences(tuple(found), tuple(verdicts), tuple(outputs))


def told(table: str, row: str, words: str) -> float:
    """Return the figure in some words that must stand in a row of a table, found by its key.

    Parameters
    ----------
    table, row, words : str
        The table, the value in its first column, and the words with one figure in them.

    Returns
    -------
    float

    Raises
    ------
    AssertionError
        If the words do not stand there.
    """
    frame = tables.load(table)
    (cells,) = frame[frame.iloc[:, 0] == row].to_numpy()
    if not any(words in str(cell) for cell in cells):
        raise AssertionError(f"{table}, {row}: {words!r} does not stand there")
    (figure,) = FIGURE.findall(words)
    return float(figure.replace(",", ""))


SPACE: dict[str, Any] = {
    "course": course,
    "games": games,
    "measures": measures,
    "pd": pd,
    "tables": tables,
    "told": told,
}
"""What the expression behind a figure in a lesson's prose may take it from."""


def _printed(expression: str, figure: str, folder: Path | None) -> str:
    """Return a figure as its expression gives it from the tables in a folder, or as they are."""
    with using(folder):
        try:
            value = eval(expression, dict(SPACE))  # the course's own metadata
        except Exception as error:  # whatever a table without the row makes of it
            return f"nothing ({type(error).__name__})"
    return f"{value:.{len(figure.partition('.')[2])}f}"
