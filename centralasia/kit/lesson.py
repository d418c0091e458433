"""A lesson read as a sequence of questions, each with what it shows and what is said about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nbformat import NotebookNode

from centralasia import bibliography, notebooks

CHART = "application/vnd.vegalite.v5+json"
EVIDENCE = ("Institutions", "Security", "Economy")
LINK = re.compile(r"\[([^\]]*)\]\(#([^)]*)\)")
_REVEALED = re.compile(r"Prediction (\S+): .*\nThe answer: (.*)")


@dataclass
class Part:
    """What stands under one heading."""

    room: str
    heading: str
    text: list[str] = field(default_factory=list)
    """Paragraphs, in Markdown, with links to ids reduced to their words."""
    charts: list[dict] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    """Tables as HTML."""
    cites: list[str] = field(default_factory=list)
    """Ids that the text links to."""


@dataclass
class Lesson:
    """A lesson: what its metadata says, its parts, and the cells for the instructor."""

    number: str
    name: str
    about: dict
    parts: list[Part]
    instructor: dict[str, str]
    """Markdown by cell id."""
    answers: dict[str, str]
    """What the lesson reveals, by prediction."""

    def room(self, name: str) -> list[Part]:
        """Return the parts of a room."""
        return [part for part in self.parts if part.room == name]


def read(lesson: str) -> Lesson:
    """Read a lesson.

    Parameters
    ----------
    lesson : str
        Its number or name.

    Raises
    ------
    KeyError
        If there is no such lesson.
    """
    file = bibliography.lesson_file(lesson)
    notebook = notebooks.read(file)
    parts: list[Part] = []
    instructor, answers = {}, {}
    for cell in notebook.cells:
        if notebooks.is_instructors(cell):
            instructor[cell.id] = cell.source
        elif cell.cell_type == "markdown":
            _add_text(parts, cell.source)
        elif parts:
            _add_outputs(parts[-1], cell)
            for output in cell.outputs:
                said = output.get("data", {}).get("text/plain", "")
                answers.update(_REVEALED.findall(said))
    about = dict(notebook.metadata["centralasia"])
    return Lesson(file.stem[:2], file.stem, about, parts, instructor, answers)


def _add_text(parts: list[Part], source: str) -> None:
    for block in re.split(r"\n\s*\n", source.strip()):
        heading = re.match(r"(#{1,3}) (.+)", block)
        if heading:
            level, title = len(heading[1]), heading[2]
            room = title if level < 3 else parts[-1].room
            parts.append(Part(room, title))
        else:
            parts[-1].text.append(LINK.sub(r"\1", block))
            parts[-1].cites += [target for _, target in LINK.findall(block)]


def _add_outputs(part: Part, cell: NotebookNode) -> None:
    for output in cell.outputs:
        data = output.get("data", {})
        if CHART in data:
            part.charts.append(data[CHART])
        elif "<table" in data.get("text/html", "") and 'class="dataframe"' in data["text/html"]:
            part.tables.append(data["text/html"])
