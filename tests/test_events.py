"""The dated events: dates, stages, states and who moved first.

How `initiator` is coded stands in ``data/datapackage.json``, in the notes on this table.
"""

import csv
from datetime import date
from pathlib import Path

import pytest

from centralasia import course

DATA = Path(__file__).resolve().parents[1] / "data"
# The essay ends China's second stage with the founding of the SCO (15 June 2001); the table has
# one later row of it, the treaty of 16 July, and no Chinese event between that and December.
STAGES = {(one.power, one.stage): one for one in course.lessons() if one.stage.isdigit()}
LAST = "2025"
COLUMNS = [
    *("event_id", "date", "title", "power", "stage", "dimension", "countries", "organizations"),
    *("description", "initiator", "power_absent", "confidence", "same_as"),
    *("source_id", "second_source", "checked"),
]


def read(name):
    """Rows of a table as dictionaries of strings."""
    with open(DATA / f"{name}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


EVENTS = read("events")
BY_ID = {event["event_id"]: event for event in EVENTS}


def edit(ids, what):
    """Return the sentence that says which rows to edit, and how."""
    return f"edit data/events.csv, {', '.join(ids)}: {what}"


def offenders(holds):
    """Ids of the events for which a condition does not hold."""
    return [event["event_id"] for event in EVENTS if not holds(event)]


def in_stage(event):
    """Whether the date lies in the stage, as far as the date is known."""
    lesson = STAGES.get((event["power"], event["stage"]))
    assert lesson, (
        f"{event['event_id']}: no lesson is about stage {event['stage']} of {event['power']}: "
        "edit data/lessons.csv"
    )
    start, end = lesson.start, lesson.end or LAST
    known = event["date"]
    return start[: len(known)] <= known[: len(start)] and known[: len(end)] <= end[: len(known)]


def agrees_with_its_pair(event):
    """Whether the other row points back, from another power, with one date and one code."""
    other = BY_ID.get(event["same_as"])
    if other is None:
        return False
    short, long = sorted((event["date"], other["date"]), key=len)
    return (
        other["same_as"] == event["event_id"]
        and other["power"] != event["power"]
        and other["initiator"] == event["initiator"]
        and long.startswith(short)
    )


def test_events_have_their_own_ids_in_order():
    assert list(EVENTS[0]) == COLUMNS
    ids = [event["event_id"] for event in EVENTS]
    twice = [event for event in BY_ID if ids.count(event) > 1]
    assert twice == [], edit(twice, "two rows have this id; give the newer the next free one")
    wrong = [one for one, right in zip(ids, sorted(ids), strict=True) if one != right]
    assert wrong == [], edit(wrong[:1], "rows are sorted by their id; move it to its place")


def test_every_date_exists():
    for event in EVENTS:
        parts = [int(part) for part in event["date"].split("-")]
        try:
            date(*parts, *[1] * (3 - len(parts)))
        except ValueError:
            pytest.fail(edit([event["event_id"]], f"there is no day {event['date']}"))


def test_the_stage_agrees_with_the_date():
    wrong = offenders(in_stage)
    assert wrong == [], edit(
        wrong, "the date lies outside its stage; change date or stage, or start and end of the "
        "lesson in data/lessons.csv"
    )  # fmt: skip


def test_values_come_from_their_lists():
    assert {event["dimension"] for event in EVENTS} == set(course.DIMENSIONS)
    assert {event["confidence"] for event in EVENTS} <= {"high", "medium", "unverified"}
    states = {row["country"] for row in read("countries")}
    wrong = offenders(lambda event: set(event["countries"].split(";")) <= states)
    assert wrong == [], edit(
        wrong, "countries names a code that data/countries.csv lacks; correct it, or add that state"
    )


def test_titles_and_descriptions_fit_a_tooltip():
    for column, most in (("title", 60), ("description", 220)):
        wrong = offenders(lambda event, c=column, n=most: 0 < len(event[c]) <= n)
        assert wrong == [], edit(wrong, f"{column} has 1 to {most} letters")


def test_the_initiator_is_a_state_of_the_row_or_unclear():
    wrong = offenders(lambda e: e["initiator"] in {"unclear", *e["countries"].split(";")})
    assert wrong == [], edit(wrong, "initiator is unclear, or one of the row's countries")


def test_the_power_is_a_party_or_the_row_says_why_not():
    areas = {power.key: power.area for power in course.subjects()}

    def holds(event):
        party = areas[event["power"]] in event["countries"].split(";")
        return party != bool(event["power_absent"])

    wrong = offenders(holds)
    assert wrong == [], edit(
        wrong, "either countries names the power, or power_absent says why it took no part"
    )


def test_two_rows_of_one_event_agree():
    wrong = offenders(lambda event: not event["same_as"] or agrees_with_its_pair(event))
    assert wrong == [], edit(
        wrong, "same_as names a row of another power that names this one, with the same date and "
        "initiator; change either row"
    )  # fmt: skip


def test_one_day_and_one_happening_are_joined():
    """Rows of two powers with one day, the same states and organisations are one event."""
    seen = {}
    for event in EVENTS:
        states = frozenset(event["countries"].split(";"))
        seen.setdefault((event["date"], states, event["organizations"]), []).append(event)
    for rows in seen.values():
        if len({row["power"] for row in rows}) > 1:
            assert all(row["same_as"] for row in rows), (
                f"{[row['event_id'] for row in rows]}: one event told of two powers has two rows "
                "that name each other: edit same_as in data/events.csv"
            )


@pytest.mark.parametrize("lesson", course.stages(), ids=lambda lesson: lesson.name)
@pytest.mark.parametrize("dimension", course.DIMENSIONS)
def test_no_cell_of_the_scheme_is_empty(lesson, dimension):
    cell = (lesson.power, lesson.stage, dimension)
    assert any((e["power"], e["stage"], e["dimension"]) == cell for e in EVENTS), (
        f"edit data/events.csv: no event of {lesson.power}, stage {lesson.stage}, is {dimension}"
    )


def test_the_last_ten_years_have_their_share_of_the_record():
    """Ten of 35 years are 29 per cent; the record follows them with at least 27."""
    late = [event for event in EVENTS if "2016" <= event["date"][:4] <= LAST]
    assert len(late) / len(EVENTS) >= 0.27, "edit data/events.csv"


def test_each_late_event_rests_on_two_sources():
    """What was added for the years after the essay: two publishers were read for each row."""
    added = [event for event in EVENTS if "EV-700" < event["event_id"] <= "EV-772"]
    assert len(added) >= 60
    once = [e["event_id"] for e in added if not (e["second_source"] and e["checked"])]
    assert once == [], edit(
        once, "each has a second_source, and the day on which both were checked"
    )


@pytest.mark.parametrize("power", course.ranked(), ids=lambda p: p.key)
@pytest.mark.parametrize("state", ["KAZ", "KGZ", "TJK", "TKM", "UZB"])
def test_no_state_is_without_a_row_for_five_years(power, state):
    own = [e["date"] for e in EVENTS if e["power"] == power.key and state in e["countries"]]
    empty = [
        first
        for first in range(1991, int(LAST), 5)
        if not any(str(first) <= date[:4] <= str(first + 4) for date in own)
    ]
    assert empty == [], "add what happened to data/events.csv, or say here that nothing was found"


def test_events_that_touch_society_reach_over_the_whole_record():
    topics = read("society")
    dates = {BY_ID[row["event_id"]]["date"] for row in topics}
    assert min(dates) < "1995"
    assert max(dates) > "2025"


@pytest.mark.parametrize(
    ("event", "count"),
    [("EV-005", 11), ("EV-031", 7), ("EV-051", 9), ("EV-065", 10), ("EV-306", 10)],
)
def test_states_that_a_row_counts_are_all_named(event, count):
    """A row that says "ten states sign" names the ten, and not only those of the course."""
    states = next(row["countries"].split(";") for row in EVENTS if row["event_id"] == event)
    assert len(states) == count
