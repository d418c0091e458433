"""A lesson as a teacher's pages need it: its parts in order, and the cells for the instructor."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from nbformat import NotebookNode

from centralasia import course, notebooks, tables
from centralasia.kit import stored
from centralasia.pictures import VEGA

EVIDENCE = ("Institutions", "Security", "Economy")
"""Sections whose parts show what is on record."""
PLANS = ("teach-plan-90", "teach-plan-50")
"""Ids of the cells with the plans."""
LINK = re.compile(r"\[([^\]]*)\]\(#([^)]*)\)")
_HEADING = re.compile(r"(#{1,3}) (.+)")


@dataclass
class Part:
    """What stands under one heading."""

    section: str
    """The heading of the first or second level that it stands under."""
    heading: str
    text: list[str] = field(default_factory=list)
    """Paragraphs, in Markdown, with links to ids reduced to their words."""
    charts: list[dict[str, Any]] = field(default_factory=list)
    """Vega-Lite specifications."""
    tables: list[pd.DataFrame] = field(default_factory=list)
    """As `stored.frames` reads them."""
    cites: list[str] = field(default_factory=list)
    """Ids that the text links to."""
    reveals: list[str] = field(default_factory=list)
    """Ids of the predictions whose answers it shows."""


@dataclass
class Content:
    """What a lesson holds."""

    lesson: course.Lesson
    about: dict[str, Any]
    """What its file says of itself: title, minutes, needs, objectives."""
    parts: list[Part]
    instructor: dict[str, str]
    """Markdown of the cells for the instructor, by cell id; none in a lesson without a plan."""
    quizzes: list[str]
    """Numbers of the lessons with whose quiz its plans begin."""

    @property
    def title(self) -> str:
        """Its number and its title."""
        return f"{self.lesson.number} · {self.about['title']}"

    def section(self, name: str) -> list[Part]:
        """Return the parts of a section, in order; none if the lesson lacks it."""
        return [part for part in self.parts if part.section == name]

    def named(self) -> list[str]:
        """Return the ids that the cells for the instructor link to."""
        return [target for cell in self.instructor.values() for _, target in LINK.findall(cell)]

    @property
    def plans(self) -> str:
        """The plans in Markdown, one after the other; empty in a lesson without a plan."""
        return "\n".join(self.instructor.get(cell, "") for cell in PLANS)


def read(lesson: str) -> Content:
    """Read a lesson.

    Parameters
    ----------
    lesson : str
        Its number or name, as `course.lesson` takes them.

    Raises
    ------
    course.Unknown
        If there is no such lesson.
    tables.UnknownValue
        If a table that its pages rest on names a power, lesson or text that there is not, whether
        or not this lesson shows that row.
    """
    known = course.lesson(lesson)
    for table in ("lessons", "events", "claims", "items", "options"):
        tables.load(table)
    notebook = notebooks.read(known.file)
    parts: list[Part] = []
    instructor, quizzes = {}, []
    for cell in notebook.cells:
        if notebooks.is_instructors(cell):
            instructor[cell.id] = cell.source
            quizzes.append(cell.metadata.get("centralasia", {}).get("quiz"))
        elif cell.cell_type == "markdown":
            _add_text(parts, cell.source)
        elif parts:
            parts[-1].reveals += _revealed(cell.source)
            _add_outputs(parts[-1], cell)
    about = dict(notebook.metadata["centralasia"])
    return Content(known, about, parts, instructor, list(dict.fromkeys(filter(None, quizzes))))


def _add_text(parts: list[Part], source: str) -> None:
    for block in re.split(r"\n\s*\n", source.strip()):
        heading = _HEADING.match(block)
        if heading:
            level, title = len(heading[1]), heading[2]
            parts.append(Part(title if level < 3 else parts[-1].section, title))
        else:
            parts[-1].text.append(LINK.sub(r"\1", block))
            parts[-1].cites += [target for _, target in LINK.findall(block)]


def _add_outputs(part: Part, cell: NotebookNode) -> None:
    for output in cell.outputs:
        data = output.get("data", {})
        if VEGA in data:
            part.charts.append(data[VEGA])
        else:
            part.tables += stored.frames(data.get("text/html", ""))


def _revealed(source: str) -> Iterator[str]:
    """Yield the predictions that a cell calls ``reveal`` for."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("reveal"):
            yield ast.literal_eval(node.args[0])
