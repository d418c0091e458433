"""What the lessons' prose promises: rooms, headings, links, dates and numbers that hold."""

import re
from datetime import datetime
from itertools import pairwise

import pandas as pd
import pytest
from conftest import LESSONS, each_lesson

from centralasia import measures, notebooks, tables

ROOMS = [
    "Before you start",
    "Predict",
    "What the essay says",
    "Institutions",
    "Security",
    "Economy",
    "The view from the region",
    "Check the claims",
    "Check yourself",
    "Discuss",
    "Go further",
]
MONTHS = "January February March April May June July August September October November December"
DATE = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS.split())}) (\d{{4}})\b")
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
CLAIM = re.compile(r"[A-Z]{2}-\d{2}")
# What has digits and is no figure: names, ordinals, ids, lessons, years and spans of years.
NOT_A_FIGURE = re.compile(
    r"\b(?:C5\+1|K2|R\d+|201st|\d+(?:st|nd|rd|th)|(?:EV|RU|CN|US|SY)-\d+"
    r"|[Ll]essons? \d\d(?:(?:,| and| to) \d\d)*"
    r"|(?:19|20)\d\d(?:s|[-–]\d{2,4})?)\b"
)
# The times of an instructor's plan.
PLANNED = re.compile(r"^\| *\d+–\d+ *\||\b\d+ minutes?\b", re.M)
FIGURE = re.compile(r"(?<![\w.])[−-]?\d[\d,]*(?:\.\d+)?")


def markdown(path):
    return [cell for cell in notebooks.read(path).cells if cell.cell_type == "markdown"]


def headings(path):
    cells = [cell for cell in markdown(path) if not notebooks.is_instructors(cell)]
    text = "\n".join(cell.source for cell in cells)
    return re.findall(r"^(#+) (.+)$", text, flags=re.M)


def links(path):
    return [link for cell in markdown(path) for link in LINK.findall(cell.source)]


@each_lesson
def test_rooms_in_order(path):
    assert [title for level, title in headings(path) if level == "##"] == ROOMS


@each_lesson
def test_heading_order(path):
    levels = [len(level) for level, _ in headings(path)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert max(levels) <= 3
    assert all(after <= before + 1 for before, after in pairwise(levels))


@each_lesson
def test_links_resolve(path):
    """A fragment is an event, a claim or a work; a file is another lesson of the course."""
    known = set(tables.load("events").event_id) | set(tables.load("claims").claim_id)
    works = tables.load("works").set_index("work")
    for text, target in links(path):
        if target.startswith("#"):
            assert target[1:] in known or target[1:] in works.index, (text, target)
        elif not target.startswith("https://"):
            assert (path.parent / target).is_file(), (text, target)


@each_lesson
def test_linked_dates_are_the_events_dates(path):
    """The text of a link to an event holds a date: the event's own, or a coarser part of it."""
    dates = tables.load("events").set_index("event_id").date_text
    for text, target in links(path):
        found = DATE.search(text)
        if target[1:] in dates.index and found:
            day = datetime.strptime(" ".join(found.groups()), "%d %B %Y")
            assert dates[target[1:]] == day.strftime("%Y-%m-%d"), (text, target)


@pytest.fixture(scope="module")
def known_days():
    dated = ("events", "memberships", "infrastructure", "claims")
    frames = [tables.load(table).filter(regex=r"_text$|^date$") for table in dated]
    return set().union(*(frame[c].astype(str).str[:10] for frame in frames for c in frame))


@each_lesson
def test_every_full_date_is_in_the_data(path, known_days):
    for cell in markdown(path):
        for found in DATE.finditer(cell.source):
            day = datetime.strptime(found.group(), "%d %B %Y").strftime("%Y-%m-%d")
            assert day in known_days, f"{found.group()} in cell {cell.id} stands in no table"


def figures(source):
    """The figures in a text, without what only looks like one."""
    text = re.sub(r"```.*?```|`[^`]*`", " ", source, flags=re.S)
    text = LINK.sub(lambda link: link.group(1), text)
    text = NOT_A_FIGURE.sub(" ", DATE.sub(" ", PLANNED.sub(" ", text)))
    text = re.sub(rf"\b\d{{1,2}} (?:{'|'.join(MONTHS.split())})\b", " ", text)
    text = re.sub(r"^(?:# .*|\s*\d+\. )", " ", text, flags=re.M)
    return [figure.replace("−", "-").rstrip(",") for figure in FIGURE.findall(text)]


@each_lesson
def test_every_figure_comes_from_the_data(path):
    """A figure in prose stands in its cell's metadata with the expression that gives it."""
    space = {"tables": tables, "measures": measures, "pd": pd}
    for cell in markdown(path):
        stated = cell.metadata.get("centralasia", {}).get("numbers", {})
        found = figures(cell.source)
        assert sorted(set(found) - set(stated)) == [], f"no expression, cell {cell.id}"
        assert sorted(set(stated) - set(found)) == [], f"not in the text, cell {cell.id}"
        for figure, expression in stated.items():
            decimals = len(figure.partition(".")[2])
            value = eval(expression, space)  # the course's own metadata
            assert f"{value:.{decimals}f}" == figure.replace(",", ""), (cell.id, expression)


@each_lesson
def test_images_have_alternative_text(path):
    for cell in markdown(path):
        assert not re.search(r"!\[\s*\]\(", cell.source), cell.id


@each_lesson
def test_charts_are_described(path):
    for cell in notebooks.read(path).cells:
        for output in cell.get("outputs", []):
            chart = output.get("data", {}).get("application/vnd.vegalite.v5+json")
            if chart:
                assert len(chart.get("description", "")) > 40, cell.id


@each_lesson
def test_metadata(path):
    """What the course map and the first card show, in the lesson itself and nowhere else."""
    about = notebooks.read(path).metadata.centralasia
    assert set(about) >= {"title", "period", "minutes", "objectives", "needs", "next"}
    assert headings(path)[0][1] == f"{path.stem[:2]} · {about['title']}"


def test_every_claim_of_a_written_lesson_is_met_there():
    claims = tables.load("claims")
    for path in LESSONS:
        here = claims.loc[claims.lesson == path.stem[:2], "claim_id"]
        source = "\n".join(cell.source for cell in notebooks.read(path).cells)
        outputs = path.read_text(encoding="utf-8")
        missing = [claim for claim in here if claim not in source and claim not in outputs]
        assert missing == [], path.stem
