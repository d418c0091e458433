"""The course plans hold together, and with the lessons, exercises and rubric they speak of."""

import json
from itertools import groupby, pairwise

import pytest
from conftest import ROOT, each_planned_lesson

from centralasia import course, notebooks
from centralasia.kit import plans

NUMBERS = [lesson.number for lesson in course.proper()]
EXERCISES = {
    lesson.number: ROOT / "exercises" / lesson.name / "questions.json"
    for lesson in course.proper()
    if lesson.exercise
}
WEEKLY = ["12-weeks", "6-weeks"]
SEMINARS = "part-two"
WEIGHED = ("| Data answers |", "| Quizzes |", "| Written argument |", "| Seminar |")
CRITERIA = {row["criterion"] for row in plans.read(plans.RUBRIC)}


def questions(number):
    return json.loads(EXERCISES[number].read_text(encoding="utf-8"))["questions"]


def mapped(number):
    return [row for row in plans.objectives() if row["lesson"] == number]


@pytest.mark.parametrize("name", [*WEEKLY, "one-day"])
def test_each_lesson_once_and_in_order(name):
    taught = [row["lesson"] for row in plans.plan(name) if row["form"] != plans.BREAK]
    assert taught == [lesson.number for lesson in course.planned()], (
        "edit centralasia/kit/plans.csv"
    )


def test_part_two_has_its_own_seminars_and_leaves_the_term_as_it_is():
    rows = plans.plan(SEMINARS)
    assert [row["lesson"] for row in rows] == [lesson.number for lesson in course.planned(part=2)]
    assert [int(row["part"]) for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        assert_held_by_the_lesson(row)


def assert_held_by_the_lesson(row):
    """Whether a meeting is one of the plans in the lesson's own file."""
    assert row["minutes"] == row["form"]
    path = course.lesson(row["lesson"]).file
    cells = [cell.id for cell in notebooks.read(path).cells]
    assert f"teach-plan-{row['form']}" in cells, f"edit {path}"


@pytest.mark.parametrize("name", WEEKLY)
def test_meetings_are_made_of_the_lessons_own_plans(name):
    weeks = [int(row["part"]) for row in plans.plan(name)]
    assert sorted(set(weeks)) == list(range(1, int(name.split("-")[0]) + 1))
    assert weeks == sorted(weeks)
    for row in plans.plan(name):
        if row["form"] != plans.BREAK:
            assert_held_by_the_lesson(row)


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
        found = {"all": every, "data": every - sum(argument)}
        assert found == {key: plans.EXERCISE[key] for key in found}, (
            f"edit the minutes of the questions in solutions/{course.lesson(number).name}, then "
            f"centralasia exercises {number}"
        )


@pytest.mark.parametrize("name", [*WEEKLY, SEMINARS])
def test_a_plan_sets_only_exercises_that_exist(name):
    for row in plans.plan(name):
        edit = f"edit centralasia/kit/plans.csv: {row}"
        assert row["exercise"] in plans.EXERCISE, f"{edit}: exercise is all, data or nothing"
        assert not row["exercise"] or row["lesson"] in EXERCISES, f"{edit}: there is no exercise"


@pytest.mark.parametrize("name", WEEKLY)
def test_three_arguments_count(name):
    rows = [row for row in plans.plan(name) if "that counts" in row["work"]]
    assert len(rows) == 3
    assert all(row["exercise"] == "all" for row in rows)


@each_planned_lesson
def test_every_objective_rests_on_something(path):
    stated = notebooks.read(path).metadata["centralasia"]["objectives"]
    rows = mapped(course.lesson(path).number)
    assert [row["objective"] for row in rows] == stated, "edit centralasia/kit/objectives.csv"
    for row in rows:
        edit = f"edit centralasia/kit/objectives.csv: {row}"
        assert row["questions"] or row["activity"], f"{edit}: it rests on nothing"
        used = row["criteria"].split(";")
        assert set(used) <= CRITERIA, f"{edit}: a criterion of checks/rubric.csv, or none"
        assert len(set(used)) == len(used), f"{edit}: a criterion stands twice"


@pytest.mark.parametrize("number", NUMBERS)
def test_questions_exist_and_none_is_left_over(number):
    named = [int(n) for row in mapped(number) for n in row["questions"].split()]
    if number in EXERCISES and named:
        assert set(named) == set(range(1, len(questions(number)) + 1)), (
            f"edit centralasia/kit/objectives.csv, lesson {number}: each question of the exercise "
            "is named, and no other"
        )
    else:
        assert not named, (
            f"edit centralasia/kit/objectives.csv, lesson {number}: there is no such exercise"
        )


@pytest.mark.parametrize("number", NUMBERS)
def test_every_criterion_is_practised_in_every_lesson(number):
    practised = {c for row in mapped(number) for c in row["criteria"].split(";")}
    assert practised == CRITERIA, "edit centralasia/kit/objectives.csv"


def test_weights_add_up():
    page = (ROOT / "docs" / "syllabus.md").read_text(encoding="utf-8")
    weights = [int(line.split("|")[2]) for line in page.splitlines() if line.startswith(WEIGHED)]
    assert weights == [40, 15, 35, 10]
    assert "data answers 50, quizzes 20, written argument 30" in page


@pytest.mark.parametrize("name", plans.PAGES)
def test_the_pages_are_written_from_the_tables(name):
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert plans.fill(page) == page, "run python -m centralasia.kit.plans"
