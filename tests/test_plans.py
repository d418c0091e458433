"""The course plans hold together, and with the lessons, exercises and rubric they speak of."""

import json
from itertools import groupby, pairwise

import pytest
from conftest import LESSONS, ROOT

from centralasia import notebooks
from centralasia.kit import plans

NUMBERS = [path.stem[:2] for path in LESSONS]
EXERCISES = {path.parent.name[:2]: path for path in ROOT.glob("exercises/*/questions.json")}
WEEKLY = ["12-weeks", "6-weeks"]
WEIGHED = ("| Data answers |", "| Quizzes |", "| Written argument |", "| Seminar |")
CRITERIA = {row["criterion"] for row in plans.read(plans.RUBRIC)}


def questions(number):
    return json.loads(EXERCISES[number].read_text(encoding="utf-8"))["questions"]


def mapped(number):
    return [row for row in plans.objectives() if row["lesson"] == number]


@pytest.mark.parametrize("name", [*WEEKLY, "one-day"])
def test_each_lesson_once_and_in_order(name):
    taught = [row["lesson"] for row in plans.plan(name) if row["form"] != plans.BREAK]
    assert taught == NUMBERS


@pytest.mark.parametrize("name", WEEKLY)
def test_meetings_are_made_of_the_lessons_own_plans(name):
    weeks = [int(row["part"]) for row in plans.plan(name)]
    assert sorted(set(weeks)) == list(range(1, int(name.split("-")[0]) + 1))
    assert weeks == sorted(weeks)
    for row in plans.plan(name):
        if row["form"] == plans.BREAK:
            continue
        assert row["minutes"] == row["form"]
        path = next(path for path in LESSONS if path.stem[:2] == row["lesson"])
        cells = [cell.id for cell in notebooks.read(path).cells]
        assert f"teach-plan-{row['form']}" in cells, path.stem


def test_a_day_has_no_gap_and_a_lunch():
    rows = plans.plan("one-day")
    for row, after in pairwise(rows):
        assert plans.clock(row["part"], int(row["minutes"])) == after["part"]
    breaks = [int(row["minutes"]) for row in rows if row["form"] == plans.BREAK]
    assert sum(breaks) >= 90
    assert max(breaks) >= 45
    work = [(row["form"] == plans.BREAK, int(row["minutes"])) for row in rows]
    stretches = groupby(work, key=lambda row: row[0])
    assert all(sum(n for _, n in rows) <= 120 for rest, rows in stretches if not rest)


def test_exercises_take_the_minutes_that_plans_count():
    for number in EXERCISES:
        argument = [q["minutes"] for q in questions(number) if q["kind"] == "argument"]
        every = sum(q["minutes"] for q in questions(number))
        assert every == plans.EXERCISE["all"], number
        assert every - sum(argument) == plans.EXERCISE["data"], number


@pytest.mark.parametrize("name", WEEKLY)
def test_a_plan_sets_only_exercises_that_exist(name):
    for row in plans.plan(name):
        assert row["exercise"] in plans.EXERCISE
        assert not row["exercise"] or row["lesson"] in EXERCISES, row


@pytest.mark.parametrize("name", WEEKLY)
def test_three_arguments_count(name):
    rows = [row for row in plans.plan(name) if "that counts" in row["work"]]
    assert len(rows) == 3
    assert all(row["exercise"] == "all" for row in rows)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_objective_rests_on_something(path):
    stated = notebooks.read(path).metadata["centralasia"]["objectives"]
    rows = mapped(path.stem[:2])
    assert [row["objective"] for row in rows] == stated
    for row in rows:
        assert row["questions"] or row["activity"], row
        used = row["criteria"].split(";")
        assert used
        assert set(used) <= CRITERIA, row
        assert len(set(used)) == len(used), row


@pytest.mark.parametrize("number", NUMBERS)
def test_questions_exist_and_none_is_left_over(number):
    named = [int(n) for row in mapped(number) for n in row["questions"].split()]
    if number in EXERCISES and named:
        assert set(named) == set(range(1, len(questions(number)) + 1))
    else:
        assert not named, "there is no such exercise"


@pytest.mark.parametrize("number", NUMBERS)
def test_every_criterion_is_practised_in_every_lesson(number):
    assert {c for row in mapped(number) for c in row["criteria"].split(";")} == CRITERIA


def test_weights_add_up():
    page = (ROOT / "docs" / "syllabus.md").read_text(encoding="utf-8")
    weights = [int(line.split("|")[2]) for line in page.splitlines() if line.startswith(WEIGHED)]
    assert weights == [40, 15, 35, 10]
    assert "data answers 50, quizzes 20, written argument 30" in page


@pytest.mark.parametrize("name", plans.PAGES)
def test_the_pages_are_written_from_the_tables(name):
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert plans.fill(page) == page, "run python -m centralasia.kit.plans"
