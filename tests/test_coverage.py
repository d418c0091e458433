"""Lessons, claims and the essay's grid together: nothing is left out, and silence is named."""

import re
from functools import cache

import pandas as pd
import pytest
from conftest import ROOT
from IPython.core.interactiveshell import InteractiveShell

from centralasia import cards, course, notebooks, tables, widgets

HEADING = {dimension: cards.dimensions()[dimension] for dimension in course.DIMENSIONS}
TESTABLE = ["event", "membership", "figure"]
CLAIMS = tables.load("claims")
ESSAY = CLAIMS[CLAIMS.text == "essay"]
CELLS = [(stage, dimension) for stage in course.stages() for dimension in course.DIMENSIONS]
each_lesson_with_claims = pytest.mark.parametrize("number", sorted(set(CLAIMS.lesson)))


def outputs(path):
    """Everything that a lesson shows, as one text."""
    cells = notebooks.read(path).cells
    return "\n".join(str(o.get("data", o.get("text"))) for c in cells for o in c.get("outputs", []))


@cache
def checked(number):
    """Run a lesson and return its claim checks: what each claim shows beside our verdict."""
    seen = {}

    def keep(ids, evidence=None):
        check = widgets.claim_check(ids, evidence)
        shown = {claim: check.evidence_for(claim) for claim in check.claims.claim_id}
        seen.update({c: check.record.get(c) if e is None else e for c, e in shown.items()})
        return check

    shell = InteractiveShell()
    shell.push({"display": lambda *_: None})
    for cell in notebooks.read(course.lesson(number).file).cells:
        if cell.cell_type == "code":
            source = cell.source.replace("widgets.claim_check(", "keep_check(")
            shell.push({"keep_check": keep})
            shell.run_cell(source, store_history=False).raise_error()
    return seen


def test_the_lessons_are_those_of_the_list():
    there = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    listed = {lesson.file.name for lesson in course.lessons()}
    assert there - listed == set(), "edit data/lessons.csv: it lacks these"
    assert listed - there == set(), "data/lessons.csv lists these: write the notebook"


def test_the_exercises_are_those_of_the_list():
    there = {path.parent.name for path in (ROOT / "solutions").glob("*/key.py")}
    listed = {lesson.name for lesson in course.lessons() if lesson.exercise}
    assert there == listed, (
        f"{sorted(there ^ listed)}: edit the column exercise of data/lessons.csv, or write "
        "solutions/<lesson>/key.py; 'centralasia notebooks new' with --exercise makes it"
    )


@each_lesson_with_claims
def test_every_claim_has_a_card_and_a_check_in_its_lesson(number):
    here = CLAIMS[CLAIMS.lesson == number].claim_id
    file = course.lesson(number).file
    shown = outputs(file)
    assert [claim for claim in here if f'id="{claim}"' not in shown] == [], (
        f'edit {file}: cards.claim_cards("{number}") shows a card of each; then centralasia '
        f"notebooks execute {number}"
    )
    assert sorted(set(here) - set(checked(number))) == [], (
        f"edit {file}: name these in a widgets.claim_check([…])"
    )


@each_lesson_with_claims
def test_every_event_membership_and_figure_is_held_against_data(number):
    here = CLAIMS[(CLAIMS.lesson == number) & CLAIMS.kind.isin(TESTABLE)].claim_id
    found = checked(number)
    assert [claim for claim in here if found.get(claim) is None] == [], (
        f"edit {course.lesson(number).file}: give each a frame, widgets.claim_check([…], "
        "evidence={…}), or a date in data/claims.csv on which an event of its power stands"
    )


def test_the_ledger_of_the_last_lesson_holds_all_claims_of_the_essay():
    last = [lesson for lesson in course.planned() if lesson.text == "essay"][-1].file
    shown = outputs(last)
    assert [claim for claim in ESSAY.claim_id if claim not in shown] == [], f"edit {last}"


@pytest.mark.parametrize(("lesson", "dimension"), CELLS)
def test_every_cell_of_the_grid_has_evidence_and_the_essays_silence_is_named(lesson, dimension):
    """24 cells: each is a section with results in it and dated events behind it."""
    section = HEADING[dimension]
    inside, here = [], False
    for cell in notebooks.read(lesson.file).cells:
        heading = re.search(r"^## (.+)$", cell.source, flags=re.M)
        if cell.cell_type == "markdown" and heading:
            here = heading[1] == section
        if here:
            inside.append(cell)
    assert any(cell.get("outputs") for cell in inside), f"edit {lesson.file}, {section}"
    cell = {"power": lesson.power, "stage": lesson.stage, "dimension": dimension}
    events = tables.load("events")
    assert (events[list(cell)].astype(str) == pd.Series(cell)).all(axis=1).any(), (
        "edit data/events.csv"
    )
    if not (CLAIMS[list(cell)].astype(str) == pd.Series(cell)).all(axis=1).any():
        opening = re.split(r"^## .+$", inside[0].source, flags=re.M)[-1].strip().split("\n\n")
        text = " ".join(part for part in opening[:2] if not part.startswith("#"))
        named = course.text(lesson.text).in_sentence.removeprefix("the ")
        assert named in text, f"edit {lesson.file}, {section}: say that {named} is silent"
