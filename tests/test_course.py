"""`centralasia.course`: the one place that says what the course consists of."""

import shutil

import pytest
from conftest import ROOT

from centralasia import authoring, charts, course, notebooks, tables
from centralasia.checks import cases, keys, public
from centralasia.paths import data_dir, using
from centralasia.widgets import questions

TEXT = {"title": "A title", "description": "A description.", "source": "Source: x."}
ATLANTIS = "atlantis,99,ATL,Atlantis,Atlantis,AT,#0b5c4a,cross,1 3,✚,false\n"


@pytest.fixture
def wider(tmp_path):
    """A copy of the data with a fourth power, a second text and an extra lesson about them."""
    folder = shutil.copytree(data_dir(), tmp_path / "data")
    for table, row in (
        ("powers", ATLANTIS),
        ("texts", "dialogue,A dialogue,the dialogue,Plato,2024,,\n"),
        ("lessons", "98,atlantis,4,dialogue,atlantis,1,1991,,extra,2020,true\n"),
    ):
        with (folder / f"{table}.csv").open("a", encoding="utf-8") as file:
            file.write(row)
    with using(folder):
        yield folder


def test_nothing_is_left_to_fill_in():
    assert authoring.unfilled() == [], (
        "write what is asked for in each of these places, or take the draft back with "
        "'centralasia notebooks drop'"
    )


def test_lessons_are_numbered_through_and_stages_follow_each_other():
    numbers = [lesson.number for lesson in course.lessons()]
    assert numbers == [f"{n:02}" for n in range(len(numbers))], (
        "edit data/lessons.csv: lessons are numbered through from 00"
    )
    for one, other in zip(course.stages(), course.stages()[1:], strict=False):
        if (one.power, one.text) == (other.power, other.text):
            where = f"edit data/lessons.csv, lessons {one.number} and {other.number}"
            assert int(other.stage) == int(one.stage) + 1, f"{where}: stages of a power follow"
            assert one.end, f"{where}: the earlier stage has an end"


def test_an_extra_is_found_but_stands_outside_the_plans(wider):
    assert course.lesson("98").name == course.lesson("atlantis").name == "98-atlantis"
    assert course.lesson("98") not in course.planned()
    assert course.after(course.planned()[-1].number) is None
    assert course.after("98") is None


def test_another_text_changes_nothing_in_what_is_asked_of_the_essay(wider):
    essay = [power.key for power in course.powers("essay")]
    assert [power.key for power in course.powers("dialogue")] == ["atlantis"]
    ranked, lessons = course.ranked(), course.lessons("essay")
    with using(ROOT / "data"):
        assert [power.key for power in course.powers("essay")] == essay
        assert (course.ranked(), course.lessons("essay")) == (ranked, lessons)


def test_what_comes_next_does_not_lead_from_the_last_lesson_to_an_extra(wider, monkeypatch):
    path = wider / "lessons.csv"
    path.write_text(path.read_text("utf-8").replace("2020,true", "2020,false"), "utf-8")
    monkeypatch.setattr(notebooks, "about", lambda _file: {"title": "…"})
    known = {one["number"]: one for one in questions.lessons({})}
    last = course.planned()[-1]
    assert (known[last.number]["next"], known["98"]["next"]) == ("", "")
    assert known["98"]["exercise"] == ""
    assert known["00"]["next"] == "01"


@pytest.mark.parametrize("typed", ["3", "03", "russia-3-return", "03-russia-3-return"])
def test_an_exercise_is_found_by_whatever_a_lesson_is_found_by(typed):
    assert keys.load(typed).lesson == "03"
    assert public.exercise(typed)["lesson"] == "03"


@pytest.mark.parametrize("typed", ["98", "77", ""])
def test_an_exercise_that_does_not_exist_is_said(typed):
    for look in (keys.load, public.exercise):
        with pytest.raises(course.Unknown, match=r"There is no lesson"):
            look(typed)


def test_a_case_names_any_power(wider):
    case = cases.Case("KAZ", "ATL", 1992, 2000, "1995-01-01")
    assert (case.power, case.partner_name, case.state_name) == (
        "atlantis",
        "Atlantis",
        "Kazakhstan",
    )
    with pytest.raises(course.Unknown, match=r"data/powers\.csv"):
        _ = cases.Case("KAZ", "ATA", 1992, 2000, "1995-01-01").power


@pytest.mark.parametrize("power", ["atlantis", "synthesis", None])
@pytest.mark.parametrize("lanes", ["dimension", "power", "country"])
def test_an_event_of_an_unknown_power_is_refused(power, lanes):
    events = tables.load("events").astype({"power": object}).head(3)
    events.loc[events.index[1], "power"] = power
    with pytest.raises(course.Unknown, match=r"EV-002.*data/powers\.csv"):
        charts.event_timeline(events, lanes=lanes, title="A title", description="Events.")


def test_a_claim_of_a_stage_without_a_lesson_is_refused():
    claims = tables.load("claims").query("text == 'essay'").astype({"power": object})
    claims.loc[claims["claim_id"] == "US-01", ["power", "stage", "dimension"]] = [
        "atlantis",
        "1",
        "security",
    ]
    with pytest.raises(course.Unknown, match=r"US-01.*data/lessons\.csv"):
        charts.claim_grid(claims, **TEXT)


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        (",atlantis,1,", ",atlantsi,1,", r"'power'.*'atlantsi'.*'atlantis'.*data/powers\.csv"),
        (",dialogue,", ",dialog,", r"'text'.*'dialog'.*'dialogue'.*data/texts\.csv"),
        (",extra,", ",extras,", r"'extras' is none of frame,"),
    ],
)
def test_a_lesson_about_something_unknown_is_refused(wider, right, wrong, words):
    path = wider / "lessons.csv"
    path.write_text(path.read_text("utf-8").replace(right, wrong), "utf-8")
    with pytest.raises(tables.UnknownValue, match=words):
        course.lesson("03")


def test_unknown_words_name_the_file_to_edit():
    for look, file in ((course.power, "powers"), (course.text, "texts")):
        with pytest.raises(course.Unknown, match=rf"data/{file}\.csv"):
            look("atlantis")
    with pytest.raises(course.Unknown, match=r"data/lessons\.csv"):
        course.lesson("atlantis")
