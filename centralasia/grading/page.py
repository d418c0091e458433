"""The item analysis as a page, as tables in CSV, and on a terminal."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from centralasia import style
from centralasia.files import write_whole
from centralasia.grading.analysis import Report

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


def tables(report: Report) -> dict[str, pd.DataFrame]:
    """Return the tables of a report, by file name."""
    return {
        "items": report.items.reset_index(),
        "mistakes": report.mistakes,
        "criteria": report.criteria.reset_index(),
    }


def write(report: Report, folder: Path) -> list[Path]:
    """Write ``items.csv``, ``mistakes.csv``, ``criteria.csv`` and ``report.html``."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, table in tables(report).items():
        text = table.to_csv(index=False, float_format="%.4g", lineterminator="\n")
        written.append(folder / f"{name}.csv")
        write_whole(written[-1], text.encode())
    written.append(folder / "report.html")
    write_whole(written[-1], html(report).encode())
    return written


def html(report: Report) -> str:
    """Return a report as a page of its own."""
    told = "".join(f"<li>{escape(warning)}</li>" for warning in report.warnings)
    parts = [f"<p>{report.n} submissions, without names.</p>", f"<ul>{told}</ul>" if told else ""]
    for name, table in tables(report).items():
        parts += [f"<h2>{TABLES[name]}</h2>", _html(table, TABLES[name])]
        parts.append(f'<p class="ca-quiet">{NOTE}</p>' if name == "items" else "")
    return style.page(f"Item analysis: {report.exercise}", "".join(parts), width=70)


def _html(table: pd.DataFrame, caption: str) -> str:
    if table.empty:
        return "<p>None.</p>"
    head = "".join(f'<th scope="col">{_heading(c)}</th>' for c in table.columns)
    rows = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in _cells(table)
    )
    return (
        f'<div class="ca-scroll" tabindex="0" role="region" aria-label="{caption}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def show(report: Report) -> None:
    """Print a report."""
    console = Console(markup=False)
    print(f"{report.exercise}: {report.n} submissions")
    for name, frame in tables(report).items():
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
    for warning in report.warnings:
        print(f"Note: {warning}")


def _heading(column: str) -> str:
    return HEADINGS.get(column, column.capitalize())


def _cells(table: pd.DataFrame) -> list[list[str]]:
    """Return rows as text: two decimals, nothing where nothing is known."""
    return [
        ["" if pd.isna(x) else f"{x:.2f}" if isinstance(x, float) else str(x) for x in row]
        for row in table.itertuples(index=False)
    ]
