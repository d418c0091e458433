"""The mark that stands wherever a person still has to write, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from centralasia import tables
from centralasia.columns import MARK
from centralasia.errors import DamagedTable
from centralasia.paths import course_root, using


def unfilled(root: Path | None = None) -> list[str]:
    """Say where the mark still stands, and which words of a table nothing lists.

    Parameters
    ----------
    root : pathlib.Path, optional
        The course; this one if left out.

    Returns
    -------
    list of str
        A file, a line and what is to be written there, such as
        ``"data/texts.csv, line 3: who wrote it"``; in a notebook, the cell as well. Of a table with
        words that nothing lists, the first of them.
    """
    root = root or course_root()
    folders = (root / name for name in ("data", "notebooks", "solutions"))
    files = sorted(file for folder in folders for file in folder.rglob("*") if file.is_file())
    found = []
    for file in files:
        name = file.relative_to(root).as_posix()
        lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
        cell = ""
        for number, line in enumerate(lines, start=1):
            if file.suffix == ".ipynb" and (opened := re.match(r'   "id": "(.*)"', line)):
                cell = f", cell {opened[1]}"
            if line.startswith(' "metadata"'):
                cell = ", metadata"
            if MARK in line:
                found.append(f"{name}, line {number}{cell}: {_asked(line, file.suffix)}")
    with using(root / "data"):
        return [*found, *_wrong()]


def _asked(line: str, suffix: str) -> str:
    """Return what the marks of a line ask for."""
    field = re.search(rf'"(\w+)": "{MARK}"', line)
    end = r'[",]' if suffix == ".csv" else r'["\\]|\. |$'
    asked = [re.split(end, part)[0].strip(": ") for part in line.split(MARK)[1:]]
    return "; ".join(filter(None, asked)) or (field[1] if field else "the title")


def _wrong() -> Iterator[str]:
    """Yield what is wrong with each table that does not hold what its description says."""
    for name in tables.names():
        try:
            tables.load(name)
        except DamagedTable as error:
            if MARK not in str(error):  # that place is listed already
                yield f"data/{error}" if str(error).startswith(f"{name}.csv") else str(error)
