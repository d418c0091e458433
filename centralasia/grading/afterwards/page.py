"""The item analysis as a page, as tables in CSV, and on a terminal."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from centralasia import style, templates
from centralasia.files import write_whole
from centralasia.grading.afterwards.analysis import Analysis

HEADINGS = {
    "question": "Question",
    "kind": "Kind",
    "out_of": "Points",
    "mean": "Mean",
    "difficulty": "Difficulty",
    "discrimination": "Discrimination",
    "right": "Right",
    "wrong": "Wrong",
    "not_attempted": "Not attempted",
    "cannot_check": "Not checkable",
    "mistake": "Mistake",
    "n": "n",
    "message": "What it looks like",
    "criterion": "Criterion",
}
SHORT = {
    "out_of": "pts",
    "difficulty": "p",
    "discrimination": "r",
    "right": "✓",
    "wrong": "✗",
    "not_attempted": "○",
    "cannot_check": "?",
}
"""Headings for a terminal of 80 columns."""
TABLES = {"items": "Questions", "mistakes": "Common wrong answers", "criteria": "Arguments"}
NOTE = (
    "Difficulty is the mean share of the points: 1 is a question that everybody got right. "
    "Discrimination is the correlation of a question with all others together: near 0 or below, "
    "it does not tell strong work from weak, and deserves a look."
)


def tables(analysis: Analysis) -> dict[str, pd.DataFrame]:
    """Return the tables of an analysis, by file name."""
    return {
        "items": analysis.items.reset_index(),
        "mistakes": analysis.mistakes,
        "criteria": analysis.criteria.reset_index(),
    }


def write(analysis: Analysis, folder: Path) -> list[Path]:
    """Write ``items.csv``, ``mistakes.csv``, ``criteria.csv`` and ``report.html``."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, table in tables(analysis).items():
        text = table.to_csv(index=False, float_format="%.4g", lineterminator="\n")
        written.append(folder / f"{name}.csv")
        write_whole(written[-1], text.encode())
    written.append(folder / "report.html")
    write_whole(written[-1], html(analysis).encode())
    return written


def html(analysis: Analysis) -> str:
    """Return an analysis as a page of its own."""
    shown = [
        {
            "title": TABLES[name],
            "headings": [_heading(column) for column in table.columns],
            "rows": _cells(table),
            "note": NOTE if name == "items" else "",
        }
        for name, table in tables(analysis).items()
    ]
    return templates.render(
        "grading/afterwards/templates/analysis.html",
        exercise=analysis.exercise,
        n=analysis.n,
        warnings=analysis.warnings,
        tables=shown,
        sheet=style.sheet(),
    )


def show(analysis: Analysis) -> None:
    """Print an analysis."""
    console = Console(markup=False)
    print(f"{analysis.exercise}: {analysis.n} submissions")
    for name, frame in tables(analysis).items():
        if frame.empty or (name == "criteria" and not frame["n"].any()):
            continue
        frame = frame.drop(columns="kind", errors="ignore").rename(columns=SHORT)
        table = Table(title=TABLES[name])
        for number, column in enumerate(frame.columns):
            table.add_column(
                column if column in SHORT.values() else _heading(column), no_wrap=number == 0
            )
        for row in _cells(frame):
            table.add_row(*row)
        console.print(table)
    print(f"p is the difficulty, r the discrimination. {NOTE}")
    for warning in analysis.warnings:
        print(f"Note: {warning}")


def _heading(column: str) -> str:
    return HEADINGS.get(column, column.capitalize())


def _cells(table: pd.DataFrame) -> list[list[str]]:
    """Return rows as text: two decimals, nothing where nothing is known."""
    return [
        ["" if pd.isna(x) else f"{x:.2f}" if isinstance(x, float) else str(x) for x in row]
        for row in table.itertuples(index=False)
    ]
