"""Two pages to hand out with a lesson: map, timeline, key dates and questions."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd

from centralasia import bibliography, charts, tables
from centralasia.charts.theme import STATE_COLORS
from centralasia.kit import guide, pdf
from centralasia.kit import lesson as lessons
from centralasia.kit.lesson import Lesson

MAP_YEARS = {
    "00": 2010, "01": 1995, "02": 1999, "03": 2010, "04": 1995, "05": 2001,
    "06": 2015, "07": 2001, "08": 2009, "09": 2025, "10": 2025, "11": 2025,
}  # fmt: skip
"""Where the map of a lesson stands: at the end of its stage, or where its question is."""
KEY_DATES = 12
FEWEST = 6


def _events(lesson: Lesson) -> pd.DataFrame:
    """Return the events that a lesson cites, in order of date.

    A lesson that cites few is about the course: then those that two lessons or more come back to.
    """
    events = tables.load("events").sort_values(["date", "event_id"])
    own = events[events["event_id"].isin(bibliography.cited(lesson.number))]
    if len(own) >= FEWEST:
        return own
    cited = pd.Series([e for number in guide.numbers() for e in bibliography.cited(number)])
    return events[events["event_id"].map(cited.value_counts()) > 1]


def _spread(events: pd.DataFrame, number: int) -> pd.DataFrame:
    """Return so many events, from the first to the last at even steps."""
    if len(events) <= number:
        return events
    steps = [round(n * (len(events) - 1) / (number - 1)) for n in range(number)]
    return events.iloc[steps]


def _key_dates(chosen: pd.DataFrame) -> str:
    names = tables.load("countries").set_index("country")["name"]
    rows = ["| | Date | What happened | Of the five |", "|:---|:---|:---|:---|"]
    for number, event in enumerate(chosen.itertuples(), start=1):
        states = [names[code] for code in str(event.countries).split(";") if code in STATE_COLORS]
        who = "all five" if len(states) == len(STATE_COLORS) else ", ".join(states) or "none"
        date = bibliography.spoken_date(event.date_text)
        rows.append(f"| {number} | {date} | {event.title} | {who} |")
    return "\n".join(rows)


def _questions(lesson: Lesson) -> str:
    items = tables.load("items").query("lesson == @lesson.number and kind == 'prediction'")
    predictions = "\n".join(f"- {p}" for p in items.sort_values("item_id")["prompt"])
    discuss = "\n\n".join(b for part in lesson.room("Discuss") for b in part.text[:3])
    return (
        f"## Before the lesson: predict\n\n{predictions}\n\n## Discuss\n\n{discuss}\n\n"
        "## Exit memo: one claim, one number, one doubt\n"
    )


def _pictures(
    lesson: Lesson, events: pd.DataFrame, chosen: pd.DataFrame, folder: Path
) -> list[str]:
    year = MAP_YEARS[lesson.number]
    map_ = charts.region_map(year=year, title=f"Sites and lines in {year}")
    timeline = charts.event_timeline(
        events,
        lanes="power",
        title="Events by power and date; the numbered ones are named overleaf",
        description="The events that the lesson cites, by power and date.",
        printed={row: str(n) for n, row in enumerate(chosen["event_id"], start=1)},
    )
    return [
        pdf.picture(map_.to_dict(), folder, "map"),
        pdf.picture(timeline.to_dict(), folder, "timeline"),
    ]


def build(lesson: str, file: Path) -> Path:
    """Write the handout of a lesson.

    Parameters
    ----------
    lesson : str
        Its number or name.
    file : pathlib.Path
        The PDF to write; a file that is there is replaced.

    Raises
    ------
    KeyError
        If there is no such lesson.
    """
    found = lessons.read(lesson)
    charts.use_theme()
    events = _events(found)
    chosen = _spread(events, KEY_DATES)
    title = f"{found.number} · {found.about['title']}"
    question = found.parts[0].text[0]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        shown = _pictures(found, events, chosen, folder)
        figures = "\n".join(
            f"#block(height: {share}fr, width: 100%, "
            f'image("{name}", width: 100%, height: 100%, fit: "contain"))'
            for name, share in zip(shown, (3, 2), strict=True)
        )
        body = [
            pdf.from_markdown(f"# {title}\n\n{question}\n"),
            figures,
            "#pagebreak()",
            pdf.from_markdown(f"## Key dates\n\n{_key_dates(chosen)}\n\n{_questions(found)}"),
            "#writing-lines",
        ]
        return pdf.write("\n".join(body), file, title=title, pictures=folder)
