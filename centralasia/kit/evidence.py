"""A page for each activity of a plan, with exactly the figures that it needs.

Which figures those are stands in ``activities.csv`` and ``evidence.csv``, where rows of the same
position stand side by side: tables and charts of the
lesson, rows of ``events`` and ``claims``, and the functions of `kit.figures`.
"""

from __future__ import annotations

import tempfile
from itertools import groupby
from pathlib import Path
from typing import TypeVar

import pandas as pd

from centralasia import course
from centralasia.files import write_whole
from centralasia.kit import (
    drawings,
    figures,
    paper,
    pdf,
    questions,
    record,
    slides,
    stored,
    teaching,
)
from centralasia.kit import lesson as lessons
from centralasia.kit.lesson import Content
from centralasia.language import _

TEMPLATE = Path(__file__).parent / "templates" / "evidence.typ"
FOOT = "#foot("
"""What a source line begins with in Typst."""
_T = TypeVar("_T")


def page(activity: teaching.Activity, content: Content, folder: Path) -> str:
    """Return the page of an activity as Typst, its charts drawn into a folder.

    Raises
    ------
    KeyError
        If ``evidence.csv`` names a table, chart or paragraph that the lesson lacks.
    """
    shown = [
        row
        for row in teaching.rows("evidence")
        if (row["lesson"], row["activity"]) == (activity.lesson, activity.name)
    ]
    blocks: list[str] = []
    for _position, rows in groupby(shown, key=lambda row: row["position"]):
        beside = [_captioned(row, content, folder, blocks) for row in rows]
        cells = ", ".join(f"[{block}]" for block in beside)
        blocks.append(beside[0] if len(beside) == 1 else f"#beside({cells})")
    head = f"{content.lesson.number} · {activity.name}"
    body = "\n\n".join(blocks)
    said = paper.string(activity.when)
    return f"#evidence({paper.string(head)}, {said}, {paper.string(activity.task)})[\n{body}\n]"


def _captioned(row: dict[str, str], content: Content, folder: Path, before: list[str]) -> str:
    """Return a block under its caption; sources that stand in those before are not named again."""
    lines = _block(row, content, folder).split("\n")
    caption = [f"=== #{paper.string(row['caption'])}", ""] if row["caption"] else []
    return "\n".join([*caption, *(line for line in lines if not _named(line, before))])


def _named(line: str, blocks: list[str]) -> bool:
    """Return whether a line names sources that the page has named already."""
    return line.startswith(FOOT) and any(line in block for block in blocks)


def _block(row: dict[str, str], content: Content, folder: Path) -> str:
    kind, what = row["kind"], row["what"]
    if kind in ("events", "told", "slips"):
        return _slips(what) if kind == "slips" else _events(kind, what)
    if kind == "claims":
        lines = [f"- **{claim.claim_id}** {claim.text}" for claim in _claims(what.split(";"))]
        return pdf.from_markdown("\n".join(lines))
    if kind == "figures":
        return _framed(figures.EVERY[what](), teaching.sources(row["source"]))
    if kind == "note":
        return pdf.from_markdown(what)
    heading, _hash, number = what.partition("#")
    place = int(number or 1) - 1
    if kind == "asked":
        return _framed(teaching.asked(row["lesson"], heading), teaching.sources("events"))
    parts = [part for part in content.parts if part.heading == heading]
    if kind == "text":
        return pdf.from_markdown(_nth([text for part in parts for text in part.text], place, what))
    if kind in ("table", "blank"):
        frame = _nth([frame for part in parts for frame in part.tables], place, what)
        says, source = teaching.caption(row["lesson"], heading, place + 1)
        if kind == "blank":
            return _framed(frame.map(lambda _value: ""), "")
        return f"#{paper.string(says)}\n\n{_framed(frame, source)}"
    specs = [spec for part in parts for spec in part.charts]
    return _chart(_nth(specs, place, what), folder, f"chart-{heading}-{place}")


def _framed(frame: pd.DataFrame, source: str, columns: str = "") -> str:
    """Return Typst that shows a frame of texts, and under it its source if it has one."""
    foot = f"\n\n{FOOT}{paper.string(source)})" if source else ""
    worded = stored.in_words(frame.rename(columns=str))
    return paper.table(slides.table(worded), columns) + foot


def _events(kind: str, what: str) -> str:
    """Return events by date: whom of the five they concern, or who took part and what is told."""
    rows = record.among(what.split(";"))
    if kind == "events":
        cells = [[event.title, event.who, event.date] for event in record.chosen(rows)]
        head, columns = [_("what happened"), _("of the five"), _("date")], ""
    else:
        cells = [
            [event.date, event.title, row["description"], row["countries"]]
            for event, row in zip(record.chosen(rows), rows.to_dict("records"), strict=True)
        ]
        head = [_("date"), _("what happened"), _("what is told of it"), _("who took part")]
        columns = "(auto, 3fr, 6fr, 2.5fr)"
    return _framed(pd.DataFrame(cells, columns=head), teaching.sources("events"), columns)


def _slips(what: str) -> str:
    """Return sentences to cut apart, without date and id, in an order that tells nothing."""
    ids = what.split(";")
    texts = [claim.text for claim in questions.claims(ids)]
    texts += [event.title for event in record.chosen(record.among(ids))]
    return paper.table(slides.table(pd.DataFrame({"": sorted(texts)})), "(1fr,)")


def _claims(ids: list[str]) -> list[questions.Claim]:
    """Return claims in the order in which the page names them."""
    found = {claim.claim_id: claim for claim in questions.claims(ids)}
    return [found[claim_id] for claim_id in ids]


def _nth(held: list[_T], place: int, what: str) -> _T:
    if place >= len(held):
        raise KeyError(f"The lesson has no {what!r}: edit evidence.csv.")
    return held[place]


def _chart(spec: drawings.Spec, folder: Path, name: str) -> str:
    """Draw a chart into a folder; return Typst that shows it under its title."""
    drawn = drawings.drawing(spec, lambda _subtitle, _source: slides.HIGH)
    file = "".join(letter if letter.isalnum() else "-" for letter in name) + ".svg"
    (folder / file).write_text(drawn.svg, encoding="utf-8")
    title = f"=== #{paper.string(drawn.title)}"
    under = f"#{paper.string(drawn.subtitle)}" if drawn.subtitle else ""
    alt = paper.string(drawn.description)
    return f'{title}\n{under}\n\n#picture("{file}", {alt})\n\n#foot({paper.string(drawn.source)})'


def build(lesson: str, file: Path, *, large: bool = False) -> Path:
    """Write the evidence pages of a lesson, a page an activity.

    Parameters
    ----------
    lesson : str
        Its number or name.
    file : pathlib.Path
        The PDF to write; a file that is there is replaced.
    large : bool, optional
        Whether in large print: A3, so that all still stands on one page.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    course.Unknown
        If there is no such lesson, or it has no plans.
    """
    content = lessons.read(lesson)
    own = teaching.activities(content.lesson.number)
    if not own:
        raise course.Unknown(
            _(
                "Lesson {number} has no activities: write them into "
                "centralasia/kit/activities.csv, and what their pages show into evidence.csv "
                "beside it."
            ).format(number=content.lesson.number)
        )
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        pages = [page(activity, content, folder) for activity in own]
        head = TEMPLATE.read_text(encoding="utf-8")
        source = "\n".join([head, *pages])
        size = "a3" if large else "a4"
        write_whole(file, pdf.compiled(source, folder, content.title, paper=size))
    return file
