"""What a lesson tells its teacher: complete, in time, and nowhere that a learner gets."""

import re
from itertools import pairwise

import nbformat
import pytest
from conftest import LESSONS, each_lesson, each_planned_lesson

from centralasia import bibliography, course, notebooks
from centralasia.kit import lesson as lessons

CELLS = {
    "teach-plan-90": "Plan for 90 minutes",
    "teach-plan-50": "Plan for 50 minutes",
    "teach-board": "On the board",
    "teach-wrong": "Three likely wrong answers",
    "teach-silent": "When nobody speaks",
    "teach-late": "When you are late",
    "teach-access": "Another way in",
}
STEP = re.compile(r"^\| *(\d+)–(\d+) *\|", re.M)


def cells(path):
    found = notebooks.read(path).cells
    return [cell for cell in found if notebooks.is_instructors(cell)]


@each_planned_lesson
def test_every_lesson_has_all_seven_at_its_end(path):
    assert [cell.id for cell in cells(path)] == list(CELLS), (
        f"edit {path}: the cells for the instructor are {', '.join(CELLS)}, in this order"
    )
    assert notebooks.read(path).cells[-len(CELLS) :] == cells(path), f"edit {path}: they come last"
    for cell in cells(path):
        where = f"edit {path}, cell {cell.id}"
        assert cell.cell_type == "markdown", f"{where}: it is text"
        assert cell.source.startswith(f"## {CELLS[cell.id]}\n"), f"{where}: its heading"
        assert len(cell.source.split()) >= 40, f"{where}: 40 words at least"


@each_planned_lesson
@pytest.mark.parametrize("minutes", [90, 50])
def test_the_plan_fills_its_time_without_a_gap(path, minutes):
    plan = next(cell for cell in cells(path) if cell.id == f"teach-plan-{minutes}")
    steps = [(int(start), int(end)) for start, end in STEP.findall(plan.source)]
    whole = steps and (steps[0][0], steps[-1][1]) == (0, minutes)
    assert whole and all(before[1] == after[0] for before, after in pairwise(steps)), (  # noqa: PT018
        f"edit {path}, cell teach-plan-{minutes}: rows from minute 0 to {minutes}, none left out"
    )


@each_planned_lesson
def test_three_wrong_answers_each_with_what_to_say(path):
    text = next(cell.source for cell in cells(path) if cell.id == "teach-wrong")
    assert len(re.findall(r"^\*\*.+\*\* .+", text, flags=re.M)) == 3, (
        f"edit {path}, cell teach-wrong: three paragraphs, a wrong answer in bold, then what to say"
    )


@each_lesson
def test_a_learner_gets_none_of_it(path):
    assert b"teach-" not in notebooks.for_learners(path)


@each_lesson
def test_what_only_the_teacher_cites_is_no_reference_of_the_lesson(path):
    learners = nbformat.reads(notebooks.for_learners(path).decode(), as_version=4)
    shown = "\n".join(cell.source for cell in learners.cells if cell.cell_type == "markdown")
    assert all(f"(#{target})" in shown for target in bibliography.cited(course.lesson(path)))


def test_the_guide_reads_them():
    lesson = lessons.read(LESSONS[0].stem)
    assert list(lesson.instructor) == list(CELLS)
    assert "teach" not in "".join(part.heading for part in lesson.parts)
