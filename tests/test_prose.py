"""What the lessons' prose promises: sections, headings, links, dates and numbers that hold."""

import ast
import re
from datetime import datetime
from itertools import pairwise

import pytest
import workings
from conftest import LESSONS, each_lesson, each_planned_lesson

from centralasia import course, notebooks, tables
from centralasia.bibliography import MONTHS
from centralasia.refresh.consequences import FIGURE, SPACE

SECTIONS = [
    "Before you start",
    "Predict",
    "What {text} says",
    "Institutions",
    "Security",
    "Economy",
    "The view from the region",
    "Check the claims",
    "Check yourself",
    "Discuss",
    "Go further",
]
DATE = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b")
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
CLAIM = re.compile(r"[A-Z]{2}-\d{2}")
PREFIXES = [power.prefix for power in course.subjects()]
# What has digits and is no figure: names, ordinals, ids, lessons, years and spans of years.
NOT_A_FIGURE = re.compile(
    rf"\b(?:C5\+1|K2|R\d+|201st|\d+(?:st|nd|rd|th)|(?:EV|{'|'.join(PREFIXES)})-\d+"
    r"|[Ll]essons? \d\d(?:(?:,| and| to) \d\d)*"
    r"|(?:19|20)\d\d(?:s|[-–]\d{2,4})?)\b"
)
UNITS = re.findall(
    r"\w+",
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen",
)
TENS = re.findall(r"\w+", "twenty thirty forty fifty sixty seventy eighty ninety")
# Counts in words: a sentence need not say how it is worked out, but what it says must hold.
COUNTS = {word: n for n, word in enumerate(UNITS, 1)} | {
    "-".join(filter(None, [ten, unit])): 10 * tens + n
    for tens, ten in enumerate(TENS, 2)
    for n, unit in enumerate(["", *UNITS[:9]])
}
# Functions that the expressions of workings.csv alone may use.
OTHERS = workings.SPACE.keys() - SPACE.keys() - {"FIVE"}
# The times of an instructor's plan.
PLANNED = re.compile(r"^\| *\d+–\d+ *\||\b\d+ minutes?\b", re.M)


def markdown(path):
    return [cell for cell in notebooks.read(path).cells if cell.cell_type == "markdown"]


def headings(path):
    cells = [cell for cell in markdown(path) if not notebooks.is_instructors(cell)]
    text = "\n".join(cell.source for cell in cells)
    return re.findall(r"^(#+) (.+)$", text, flags=re.M)


def links(path):
    return [link for cell in markdown(path) for link in LINK.findall(cell.source)]


def sections(path):
    """The sections that a lesson may have; one is named after the text that it tests."""
    text = course.text(course.lesson(path).text).in_sentence
    return [section.format(text=text) for section in SECTIONS]


@each_planned_lesson
def test_every_section_in_order(path):
    titles = [title for level, title in headings(path) if level == "##"]
    assert titles == sections(path), (
        f"edit {path}: its headings of the second level are {', '.join(sections(path))}"
    )


@each_lesson
def test_sections_in_order(path):
    """An extra may leave sections out, but has no others."""
    titles = [title for level, title in headings(path) if level == "##"]
    assert titles == [title for title in sections(path) if title in titles], (
        f"edit {path}: headings of the second level are some of {', '.join(sections(path))}, in "
        "this order; all others have ###"
    )


@each_lesson
def test_heading_order(path):
    levels = [len(level) for level, _ in headings(path)]
    steps = all(after <= before + 1 for before, after in pairwise(levels))
    found = (levels[0], levels.count(1), max(levels) <= 3, steps)
    assert found == (1, 1, True, True), (
        f"edit {path}: one heading with #, the first; below it ## and ###, none left out. It has "
        f"{['#' * level for level in levels]}"
    )


@each_lesson
def test_links_resolve(path):
    """A fragment is an event, a claim, a work or a habit; a file is another lesson."""
    known = set(tables.load("events").event_id) | set(tables.load("claims").claim_id)
    known |= set(tables.load("habits").habit)
    works = tables.load("works").set_index("work")
    for _, target in links(path):
        if target.startswith("#"):
            assert target[1:] in known or target[1:] in works.index, (
                f"{target} is no event, claim, work or habit: edit {path}, or data/"
            )
        elif not target.startswith("https://"):
            assert (path.parent / target).is_file(), f"no file {target}: edit {path}"


@each_lesson
def test_linked_dates_are_the_events_dates(path):
    """The text of a link to an event holds a date: the event's own, or a coarser part of it."""
    dates = tables.load("events").set_index("event_id").date_text
    for text, target in links(path):
        found = DATE.search(text)
        if target[1:] in dates.index and found:
            day = datetime.strptime(" ".join(found.groups()), "%d %B %Y")
            assert dates[target[1:]] == day.strftime("%Y-%m-%d"), (
                f"{text} is not the day of {target}: edit {path}"
            )


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
            assert day in known_days, (
                f"{found.group()} in cell {cell.id} stands in no table: edit {path}, or add the "
                "event to data/events.csv"
            )


def figures(source):
    """The figures in a text, without what only looks like one."""
    text = re.sub(r"```.*?```|`[^`]*`", " ", source, flags=re.S)
    text = LINK.sub(lambda link: link.group(1), text)
    text = NOT_A_FIGURE.sub(" ", DATE.sub(" ", PLANNED.sub(" ", text)))
    text = re.sub(rf"\b\d{{1,2}} (?:{'|'.join(MONTHS)})\b", " ", text)
    text = re.sub(r"^(?:# .*|\s*\d+\. )", " ", text, flags=re.M)
    return [figure.replace("−", "-").rstrip(",") for figure in FIGURE.findall(text)]


def expression_of(stated, figure, where):
    """Return how a figure is worked out; one that no table gives must say why it stands there."""
    if isinstance(stated, str):
        names = {node.id for node in ast.walk(ast.parse(stated)) if isinstance(node, ast.Name)}
        allowed = sorted(SPACE.keys() - {"pd"})
        assert names.intersection(allowed) and not names & OTHERS, (  # noqa: PT018
            f'{where}: "{figure}" comes from no table. Its expression in the metadata takes it '
            f"from {', '.join(allowed)}: told('events', 'EV-090', '500 American soldiers'); "
            "the functions of tests/workings.py, such as share, are for data/workings.csv alone. "
            'If the sentence itself chooses the figure, give {"why": "…"} instead.'
        )
        return stated
    known = set(stated) <= {"value", "why"} and len(stated.get("why", "").split()) >= 4
    assert known, (
        f'{where}: "{figure}" needs {{"why": "…"}} with a reason of four words or more, and '
        'beside it "value" at most'
    )
    return stated.get("value", figure.replace(",", ""))


@pytest.mark.parametrize(
    "stated", ["2.1", "100 * share('TUR', 2014)", "share('TUR', 2014) + len(tables.names())"]
)
def test_a_figure_without_a_table_is_told_what_may_give_it(stated):
    words = r"edit notebooks/x\.ipynb, cell a: \"2\.1\" comes from no table\..* course, games, "
    with pytest.raises(AssertionError, match=words) as said:
        expression_of(stated, "2.1", "edit notebooks/x.ipynb, cell a")
    assert "such as share, are for data/workings.csv alone" in str(said.value)


@each_lesson
def test_every_figure_comes_from_the_data(path):
    """A figure in prose stands in its cell's metadata with the expression that gives it."""
    for cell in markdown(path):
        stated = cell.metadata.get("centralasia", {}).get("numbers", {})
        words = [word for word in stated if word in COUNTS]
        found = figures(cell.source) + [
            word for word in words if re.search(rf"\b{word}\b", cell.source, re.IGNORECASE)
        ]
        where = f"edit {path}, cell {cell.id}"
        assert sorted(set(found) - set(stated)) == [], (
            f"{where}: these figures have no expression in its metadata, in centralasia, numbers; "
            "CONTRIBUTING.md says how under 'Lessons'"
        )
        assert sorted(set(stated) - set(found)) == [], (
            f"{where}: its metadata has these figures, and its text has not"
        )
        for figure, way in stated.items():
            expression = expression_of(way, figure, where)
            decimals = len(figure.partition(".")[2])
            value = eval(expression, dict(SPACE))  # the course's own metadata
            said = str(COUNTS.get(figure, figure.replace(",", "")))
            assert f"{value:.{decimals}f}" == said, (
                f"{where}: the text says {figure}, and {expression} gives {value}"
            )


@each_lesson
def test_images_have_alternative_text(path):
    for cell in markdown(path):
        assert not re.search(r"!\[\s*\]\(", cell.source), (
            f"edit {path}, cell {cell.id}: say between ![ and ] what the picture shows"
        )


@each_lesson
def test_charts_are_described(path):
    for cell in notebooks.read(path).cells:
        for output in cell.get("outputs", []):
            chart = output.get("data", {}).get("application/vnd.vegalite.v5+json")
            if chart:
                assert len(chart.get("description", "")) > 40, (
                    f"edit {path}, cell {cell.id}: description=… says in 40 letters or more what "
                    "the chart shows, for who does not see it"
                )


@each_lesson
def test_metadata(path):
    """What the course map and the first card show, in the lesson itself and nowhere else."""
    about = notebooks.read(path).metadata.centralasia
    wanted = {"title", "period", "minutes", "objectives", "needs", "next"}
    assert set(about) >= wanted, (
        f"edit {path}, metadata, centralasia: it lacks {sorted(wanted - set(about))}"
    )
    assert headings(path)[0][1] == f"{course.lesson(path).number} · {about['title']}", (
        f"heading and title in the metadata differ: edit {path}"
    )


def test_every_claim_of_a_written_lesson_is_met_there():
    claims = tables.load("claims")
    for path in LESSONS:
        here = claims.loc[claims.lesson == course.lesson(path).number, "claim_id"]
        source = "\n".join(cell.source for cell in notebooks.read(path).cells)
        outputs = path.read_text(encoding="utf-8")
        missing = [claim for claim in here if claim not in source and claim not in outputs]
        assert missing == [], (
            f"edit {path}: it shows none of these claims, which data/claims.csv has in it; show "
            "their cards and check them, or give them another lesson there"
        )
