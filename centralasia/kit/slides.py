"""A lesson as slides: records that `kit.screen`, `kit.paper` and `kit.powerpoint` write out.

A slide has a title, blocks and notes. What stands on it is decided here once, so that the page for
a browser, the PDF and the file for PowerPoint say the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from textwrap import wrap
from typing import ClassVar

import pandas as pd

from centralasia import bibliography, course, tables
from centralasia.kit import drawings, questions, record, stored, teaching
from centralasia.kit.lesson import EVIDENCE, LINK, Content, Part
from centralasia.language import _, plural

MOST_SLIDES = 24
MOST_ROWS = 12
"""Of a table on a slide."""
MOST_LINES = 6
"""Of a list on a slide."""
MOST_CLAIMS = 5
MOST_LETTERS = 900
"""Of the claims on a slide, so that they fit with the line below them."""
REGION = "The view from the region"
"""Section that asks what the five wanted and did."""
ASKING = ("Predict", "Check yourself", "Discuss")
"""Sections whose own slides are made from the items and from the questions."""
KINDS = ("figure", "event", "membership", "forecast", "causal", "interpretation")
"""Of claims: those that a table can settle come first."""
WIDE, HIGH = 1280, 720
"""Pixels of a slide."""
WITH_PYTHON = "**With Python:**"
"""What a paragraph for those who write code begins with."""
_WORD = re.compile(r"`(unclear|open)`")
"""Words of a coding, which are no code."""
_SENTENCES = re.compile(r"(?<=[.:?!])\s+(?=[A-Z`*\[])")
TITLE, WORDS = 40, range(36, 21, -2)
"""Pixels of type on a slide of words alone: of its title; of its words, the largest that fit."""
LEADING = 1.4
"""Height of a line, by the size of its type."""
_LETTER = 0.54
"""Width of a letter on average, by the size of its type, where the type is wide."""
_EDGES = 90
"""Pixels of a slide's height around what stands on it, with its number."""
_INDENT = 50
"""Pixels before a line of a list."""
_HEAD, _SMALL = 41, 27
"""Pixels of a line of a title, and of a line of small type."""
_TITLE_CHARS, _SMALL_CHARS = 68, 124
"""What such lines hold."""


@dataclass(frozen=True)
class Cell:
    """A cell of a table's head, of its labels or of its values."""

    text: str
    span: int = 1
    """How many columns or rows it takes."""
    marked: bool = False
    """Whether it holds the answer to a prediction."""


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    kind: ClassVar[str] = "text"
    markdown: str


@dataclass(frozen=True)
class Points:
    """A list."""

    kind: ClassVar[str] = "points"
    items: tuple[str, ...]
    """Each in Markdown."""


@dataclass(frozen=True)
class Options:
    """Answers to choose from; on the slide of the answer, the right one is marked."""

    kind: ClassVar[str] = "options"
    options: tuple[questions.Option, ...]
    answered: bool


@dataclass(frozen=True)
class Table:
    """A frame as a page shows it: equal neighbours among the outer labels are one cell."""

    kind: ClassVar[str] = "table"
    head: list[list[Cell]]
    rows: list[tuple[list[Cell], list[Cell]]]


@dataclass(frozen=True)
class Chart:
    """A chart."""

    kind: ClassVar[str] = "chart"
    drawing: drawings.Drawing


Block = Text | Points | Options | Table | Chart


@dataclass(frozen=True)
class Slide:
    """What stands on a slide."""

    title: str
    blocks: tuple[Block, ...]
    notes: str = ""
    """In Markdown: what the speaker reads."""
    above: str = ""
    """The part of the lesson that it belongs to, where the title says something else."""
    foot: str = ""
    """The source of a chart."""
    opens: bool = False
    """Whether it is the first."""

    @property
    def of_words(self) -> bool:
        """Whether it has neither chart nor table, so that its type can be large."""
        return not any(isinstance(block, Chart | Table) for block in self.blocks)

    @property
    def type(self) -> int:
        """Pixels of the largest type in which the words of a slide without chart or table fit."""
        heads = _lines(self.title, WIDE / TITLE) * TITLE * LEADING
        above = _SMALL * bool(self.above)
        for size in WORDS:
            taken = sum(_high(block, size) for block in self.blocks)
            if heads + above + taken <= HIGH - _EDGES:
                break
        return size


def _high(block: Block, size: int) -> float:
    """Return the pixels that the words of a block take, with the room between them."""
    match block:
        case Text():
            return (_lines(block.markdown, WIDE / size) * LEADING + 0.5) * size
        case Points():
            items = block.items
        case Options():
            items = tuple(option.text for option in block.options)
        case _:
            return 0
    lines = sum(_lines(item, (WIDE - _INDENT) / size) for item in items)
    return (lines * LEADING + (len(items) + 1) * 0.5) * size


def _lines(text: str, ems: float) -> int:
    return len(wrap(text, int(ems / _LETTER)))


def spoken(paragraphs: Iterable[str]) -> str:
    """Return paragraphs of a lesson as a speaker reads them: without what is about code.

    Examples
    --------
    >>> spoken(["**With Python:** put `x` in.", "Trade fell. `groupby` adds. By `unclear` we mean"])
    'Trade fell. By unclear we mean'
    """
    kept = []
    for paragraph in paragraphs:
        if not paragraph.startswith(WITH_PYTHON):
            plain = _WORD.sub(r"\1", paragraph)
            said = [one for one in _SENTENCES.split(plain) if "`" not in one]
            kept.append(" ".join(said))
    return "\n\n".join(filter(None, kept))


def _opening(content: Content) -> Slide:
    about = content.about
    period = [Text(_("Period: {years}").format(years=content.lesson.years))]
    goals = Points(tuple(about["objectives"]))
    return Slide(
        content.title,
        (*(period if content.lesson.years else []), Text(_("You will learn to")), goals),
        _("About {minutes} minutes alone. It needs: {needs}").format(
            minutes=about["minutes"], needs=about["needs"]
        ),
        opens=True,
    )


def _claims(content: Content) -> list[Slide]:
    """Return the slide with claims of the text: first those that the plans speak of."""
    rows = tables.load("claims").query("lesson == @content.lesson.number")
    if rows.empty:
        return []
    planned = {target for _, target in LINK.findall(content.plans)}
    rank = rows["kind"].astype(str).map(KINDS.index)
    for wanted in (set(content.named()), planned):
        rank += len(KINDS) * ~rows["claim_id"].isin(wanted)
    ids = rows.assign(rank=rank).sort_values(["rank", "claim_id"])["claim_id"]
    text = course.text(content.lesson.text).in_sentence
    shown = pd.Series(
        f"**{claim.claim_id}** {claim.text}" for claim in questions.claims(ids[:MOST_CLAIMS])
    )
    lines = shown[shown.str.len().cumsum() <= MOST_LETTERS]
    count = plural("{n} claim in this lesson.", "{n} claims in this lesson.", len(rows))
    more = [Text(count.format(n=len(rows)))] if len(rows) > len(lines) else []
    return [
        Slide(
            _("What {text} says").format(text=text),
            (Points(tuple(lines)), *more),
            _(
                "In our words, not those of {text}. Which of these could a table settle? "
                "Which never?"
            ).format(text=text),
        )
    ]


def _record(part: Part) -> list[str]:
    """Return the events that a text cites, by date, or else the claims; none if there is but one.

    Each is a date or an id, and what happened or is claimed.
    """
    lines = [(event.date, event.title) for event in record.chosen(record.among(part.cites))]
    if len(lines) < 2:
        lines = [(claim.claim_id, claim.text) for claim in questions.claims(part.cites)]
    return [f"**{key}** {text}" for key, text in lines[:MOST_LINES]] if len(lines) > 1 else []


def _heading(part: Part) -> str:
    if part.heading == part.section and part.section in EVIDENCE:
        return _("{section}: what is on record?").format(section=part.section)
    return part.heading


def table(frame: pd.DataFrame, marked: Iterable[tuple[str, str]] = ()) -> Table:
    """Return a frame of texts as a page shows it; a plain `pandas.RangeIndex` is left out.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of texts.
    marked : iterable of tuple of str
        The last label of the row and that of the column of each cell to mark.

    Examples
    --------
    >>> frame = pd.DataFrame({"1994": ["7"]}, index=pd.Index(["China"], name="power"))
    >>> shown = table(frame, [("China", "1994")])
    >>> [[cell.text for cell in row] for row in shown.head], shown.rows[0][1][0].marked
    ([['power', '1994']], True)
    """
    shown = not isinstance(frame.index, pd.RangeIndex)
    names = [str(name or "") for name in frame.index.names] if shown else []
    head = []
    for level in range(frame.columns.nlevels):
        across = str(frame.columns.names[level] or "")
        last = level == frame.columns.nlevels - 1
        corner = names if last else [""] * len(names)
        if corner and across:
            corner = [*corner[:-1], " / ".join(filter(None, (corner[-1], across)))]
        labels = [str(label) for label in frame.columns.get_level_values(level)]
        runs = [(text, len(list(run))) for text, run in groupby(labels)]
        cells = [Cell(text) for text in labels] if last else [Cell(*run) for run in runs]
        head.append([*map(Cell, corner), *cells])
    labels_of = [_labels(frame.index, n) if shown else [] for n in range(len(frame))]
    columns = [str(label) for label in frame.columns.get_level_values(-1)]
    wanted, rows = set(marked), []
    for own, values in zip(labels_of, frame.to_numpy().tolist(), strict=True):
        row = own[-1].text if own else str(values[0])
        held = [
            Cell(value, marked=(row, column) in wanted)
            for column, value in zip(columns, values, strict=True)
        ]
        rows.append((own, held))
    return Table(head, rows)


def _labels(index: pd.Index, n: int) -> list[Cell]:
    """Return the labels of a row; an outer one stands in the first of the rows that share it."""
    rows = index.to_list() if index.nlevels > 1 else [(label,) for label in index]
    cells = []
    for level in range(index.nlevels - 1):
        outer = rows[n][: level + 1]
        if n == 0 or rows[n - 1][: level + 1] != outer:
            run = next((k for k in range(n, len(rows)) if rows[k][: level + 1] != outer), len(rows))
            cells.append(Cell(outer[-1], run - n))
    return [*cells, Cell(rows[n][-1])]


Weighted = tuple[int, Slide]
"""A slide, and what goes first when there are too many: the highest number."""


def room(title: str, above: str, subtitle: str, source: str) -> float:
    """Return the pixels of a slide that are left for the height of a chart."""
    heads = _HEAD * math.ceil(len(title) / _TITLE_CHARS)
    smalls = sum(math.ceil(len(text) / _SMALL_CHARS) for text in (above, subtitle, source))
    return HIGH - 62 - heads - _SMALL * smalls


def _chart(part: Part, heading: str, spec: drawings.Spec) -> Slide:
    """Return the slide of a chart, whose title is the chart's."""
    title = drawings.head(spec) or heading
    above = heading if title != heading else ""
    drawn = drawings.drawing(spec, lambda subtitle, source: room(title, above, subtitle, source))
    under = (Text(drawn.subtitle),) if drawn.subtitle else ()
    notes = spoken(part.text)
    return Slide(title, (*under, Chart(drawn)), notes, above=above, foot=drawn.source)


def _evidence(content: Content, part: Part) -> Iterator[Weighted]:
    """Yield the slides of a part: its charts, or else its first short table, or its record."""
    heading, notes = _heading(part), spoken(part.text)
    own = part.heading != part.section
    number = content.lesson.number
    short = [(n, frame) for n, frame in enumerate(part.tables, 1) if len(frame) <= MOST_ROWS]
    cases = teaching.asked(number, part.heading)
    if part.charts:
        for spec in part.charts:
            yield 0, _chart(part, heading, spec)
    elif len(cases):
        yield 0, Slide(heading, (table(cases),), notes, foot=teaching.sources("events"))
    elif short and (own or part.section in EVIDENCE):
        yield 1, _tabled(content, part, heading, short[0][0])
    elif own and part.section in EVIDENCE and (lines := _record(part)):
        yield 2, Slide(heading, (Points(tuple(lines)),), notes)


def _tabled(content: Content, part: Part, heading: str, place: int) -> Slide:
    """Return the slide of a part's table, by its number from 1."""
    number = content.lesson.number
    says, source = teaching.caption(number, part.heading, place)
    marks = [] if part.charts else teaching.marked(number, part.heading)
    shown = table(stored.in_words(part.tables[place - 1]), marks)
    blocks = (Text(says), shown) if says else (shown,)
    return Slide(heading, blocks, spoken(part.text), foot=source)


def _region(content: Content) -> list[Slide]:
    """Return the slide with an act of each of the five, of those that the section cites if it can.

    A state's own first move comes before what names it, and that before what it took part in.
    """
    parts = content.section(REGION)
    if not parts:
        return []
    lesson, events = content.lesson, tables.load("events").sort_values(["date", "event_id"])
    own = events[events["power"].astype(str) == lesson.power] if lesson.power else events
    own = own[own["stage"].astype(str) == lesson.stage] if lesson.kind == "stage" else own
    pools = [
        record.among([event for part in parts for event in part.cites]),
        record.among(bibliography.cited(lesson)),
        own,
    ]
    acts = [(name, _act(code, name, pools)) for code, name in course.states().items()]
    lines = [f"**{name}** {act.date}: {act.title}" if act else f"**{name}**" for name, act in acts]
    notes = spoken([block for part in parts for block in part.text])
    question = Text(_("What did each of the five want, and what did it do?"))
    return [Slide(REGION, (question, Points(tuple(lines))), notes)]


def _act(state: str, name: str, pools: list[pd.DataFrame]) -> record.Event | None:
    """Return an act of a state: one that it began, one whose title names it, or one it is in."""
    its_own, it_is_in = [], []
    for pool in pools:
        codes = pool["countries"].astype(str).str.split(";")
        its_own.append(pool[pool["initiator"].astype(str) == state])
        its_own.append(pool[pool["title"].str.contains(name)])
        it_is_in.append(pool[codes.map(lambda found: state in found)])
    rows = next((found for found in its_own + it_is_in if len(found)), None)
    return None if rows is None else record.chosen(rows[:1])[0]


def _prediction(question: questions.Question) -> Slide:
    return Slide(
        _("Predict: {prompt}").format(prompt=question.prompt),
        (Options(question.options, answered=False),),
        _("Answers first, with a confidence, then the data. Nobody has to say a choice aloud."),
    )


def _answer(question: questions.Question) -> Slide:
    return Slide(
        _("You predicted: {prompt}").format(prompt=question.prompt),
        (Options(question.options, answered=True), Text(question.explanation)),
        _(
            "Ask first who changed their mind, and what in the data did it. Then who was sure and "
            "wrong."
        ),
    )


def _closing(content: Content) -> list[Slide]:
    asked = content.section("Discuss")
    points = tuple(text for part in asked for text in part.text)
    return [
        *map(_activity, teaching.activities(content.lesson.number)),
        *_chosen_from(content),
        *_region(content),
        *([Slide(asked[0].section, (Points(points),))] if points else []),
        Slide(_("Exit memo"), tuple(map(Text, teaching.memo(content.lesson.number)))),
    ]


def _activity(activity: teaching.Activity) -> Slide:
    """Return what a class works on for a while: its task, and the claims on its evidence page."""
    named = [
        row["what"].split(";")
        for row in teaching.rows("evidence")
        if (row["lesson"], row["activity"], row["kind"])
        == (activity.lesson, activity.name, "claims")
    ]
    claims = questions.claims([claim for ids in named for claim in ids])
    lines = tuple(f"**{claim.claim_id}** {claim.text}" for claim in claims)
    said = (Points(lines),) if lines else ()
    return Slide(activity.name, (Text(activity.task), *said), above=activity.when)


def _chosen_from(content: Content) -> list[Slide]:
    """Return the tables that hold what a menu of a chart chooses from: paper shows one choice.

    They come after the activities, of some of which they are the answer.
    """
    places = [
        (part, teaching.chosen_from(content.lesson.number, part.heading)) for part in content.parts
    ]
    return [_tabled(content, part, _heading(part), place) for part, place in places if place]


def in_room(content: Content, part: Part) -> bool:
    """Return whether a plan works with a part of a lesson, so that the class looks at it.

    A plan names in quotes a heading or the title of a chart, or the prediction whose answer the
    part shows; or the page of an activity shows something of it. A lesson without a plan is shown
    whole.
    """
    if not content.plans:
        return True
    titles = [part.heading, *map(drawings.head, part.charts)]
    quoted = any(f'"{title}"' in content.plans for title in titles)
    shown = any(
        row["lesson"] == content.lesson.number and row["what"].partition("#")[0] == part.heading
        for row in teaching.rows("evidence")
    )
    return quoted or shown or any(_asked(content, item) for item in part.reveals)


def _asked(content: Content, item: str) -> bool:
    return not content.plans or f"`{item}`" in content.plans


def deck(content: Content) -> list[Slide]:
    """Return the slides of a lesson, at most `MOST_SLIDES`.

    What the plans work with comes first, to the exit memo; the rest of the lesson stands behind a
    slide of its own. The answer to a prediction comes after the part of the lesson that reveals
    it. Charts come before tables, and tables before text, where there is not room for all.
    """
    predictions = {q.item: q for q in questions.of_lesson(content.lesson.number, "prediction")}
    asked = {item: _prediction(question) for item, question in predictions.items()}
    inside: list[Weighted] = []
    beyond: list[Weighted] = []
    for part in content.parts:
        shown = inside if in_room(content, part) else beyond
        if part.section not in ASKING:
            shown += _evidence(content, part)
        for item in part.reveals:
            place = inside if _asked(content, item) else beyond
            place.append((0, _answer(predictions[item])))
    room = [slide for item, slide in asked.items() if _asked(content, item)]
    home = [slide for item, slide in asked.items() if not _asked(content, item)]
    first, last = [_opening(content), *room, *_claims(content)], _closing(content)
    parting = [_parting()] if home or beyond else []
    spare = MOST_SLIDES - sum(map(len, (first, last, parting, home)))
    ranked = sorted(enumerate(inside + beyond), key=lambda one: (one[1][0], one[0]))
    kept = {n for n, _slide in ranked[:spare]}
    chosen = [slide if n in kept else None for n, (_, slide) in enumerate(inside + beyond)]
    seminar = [slide for slide in chosen[: len(inside)] if slide]
    reading = [slide for slide in chosen[len(inside) :] if slide]
    return [*first, *seminar, *last, *parting, *home, *reading]


def _parting() -> Slide:
    """Return the slide after which the rest of the lesson comes, which no plan uses."""
    return Slide(
        _("For home: the rest of the lesson"),
        (Text(_("The plans end here. What follows is for reading, and for questions.")),),
    )
