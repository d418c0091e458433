"""Two pages to hand out with a lesson: map, timeline, key dates and questions."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pandas as pd

from centralasia import bibliography, charts, course, tables
from centralasia.kit import drawings, paper, pdf, questions, record, teaching
from centralasia.kit import lesson as lessons
from centralasia.kit.lesson import Content
from centralasia.language import _
from centralasia.templates import render

KEY_DATES = 12
MOST_DATES = 16
FEWEST = 6


def chosen(lesson: course.Lesson) -> pd.DataFrame:
    """Return the events for a lesson's timeline and key dates, in order of date.

    They are those that it cites. A lesson that cites few shows all events of its power, or of its
    stage of it. One about no single power is about the course: then those that two lessons or more
    come back to.
    """
    cited = bibliography.cited(lesson)
    own = record.among(cited)
    if len(own) >= FEWEST:
        return own
    events = tables.load("events")
    told = events[events["power"].astype(str) == lesson.power]
    if lesson.kind == "stage":
        told = told[told["stage"].astype(str) == lesson.stage]
    own = record.among({*cited, *told["event_id"]})
    if len(told) or (len(own) and lesson.kind == "extra"):
        return own
    every = Counter(event for known in course.planned() for event in bibliography.cited(known))
    return record.among([event for event, times in every.items() if times > 1])


def _spread(events: pd.DataFrame, number: int) -> pd.DataFrame:
    """Return so many events, from the first to the last at even steps."""
    if len(events) <= number or number < 2:
        return events[:number]
    steps = [round(n * (len(events) - 1) / (number - 1)) for n in range(number)]
    return events.iloc[steps]


def _key_dates(content: Content, events: pd.DataFrame) -> pd.DataFrame:
    """Return the events to print: those that the plans name, and others at even steps."""
    named = record.among(content.named())[:MOST_DATES]
    others = events[~events["event_id"].isin(named["event_id"])]
    return pd.concat([named, _spread(others, max(0, KEY_DATES - len(named)))]).sort_values(
        ["date", "event_id"]
    )


def back(content: Content, events: list[record.Event]) -> str:
    """Return the second page as Markdown: dates, predictions and questions, without answers."""
    return render(
        "kit/templates/handout-back.md",
        events=events,
        predictions=questions.of_lesson(content.lesson.number, "prediction"),
        memo=teaching.memo(content.lesson.number),
        discuss="\n\n".join(text for part in content.section("Discuss") for text in part.text[:3]),
    )


def _pictures(
    lesson: course.Lesson, events: pd.DataFrame, dates: pd.DataFrame, folder: Path
) -> list[str]:
    """Draw map and timeline into a folder; return Typst that shows them."""
    map_ = charts.region_map(
        powers=[
            power.area for power in course.powers() if power.ranked or power.key == lesson.power
        ],
        year=lesson.map_year,
        title=_("Sites and lines in {year}").format(year=lesson.map_year),
    )
    timeline = charts.event_timeline(
        events,
        lanes="power",
        title=_("Events by power and date; the numbered ones are named overleaf"),
        description=_("The events of the lesson, by power and date."),
        source=_("Source: the documents that the course's table of events names."),
        printed={row: str(n) for n, row in enumerate(dates["event_id"], start=1)},
    )
    drawn = drawings.map_on_page(map_.to_dict(), pdf.WIDTH)
    (folder / "map.svg").write_text(drawn.svg, encoding="utf-8")
    heads = f"*#{paper.string(drawn.title)}* #{paper.string(drawn.subtitle)}"
    foot = f"#text(8pt, {paper.string(drawn.source)})"
    return [
        f'{heads}\n#picture(5fr, "map.svg")\n{foot}',
        pdf.picture(timeline.to_dict(), folder, "timeline", share=3),
    ]


def build(lesson: str, file: Path, *, large: bool = False) -> Path:
    """Write the handout of a lesson.

    Parameters
    ----------
    lesson : str
        Its number or name.
    file : pathlib.Path
        The PDF to write; a file that is there is replaced.
    large : bool, optional
        Whether in large print, on A3.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    course.Unknown
        If there is no such lesson, or an event of it is told of an unknown power.
    """
    content = lessons.read(lesson)
    charts.use_theme()
    events = chosen(content.lesson)
    dates = _key_dates(content, events)
    events = record.among({*events["event_id"], *dates["event_id"]})
    front = render(
        "kit/templates/handout-front.md", title=content.title, question=content.parts[0].text[0]
    )
    page = back(content, record.chosen(dates))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        body = [
            pdf.from_markdown(front),
            *_pictures(content.lesson, events, dates, folder),
            "#pagebreak()",
            pdf.from_markdown(page),
            "#writing-lines",
        ]
        return pdf.write("\n".join(body), file, title=content.title, pictures=folder, large=large)
