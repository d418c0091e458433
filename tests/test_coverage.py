"""Lessons, claims and the essay's grid together: nothing is left out, and silence is named."""

import re
from functools import cache

import pandas as pd
import pytest
from conftest import LESSONS
from IPython.core.interactiveshell import InteractiveShell

from centralasia import notebooks, tables, widgets

DIMENSION = {"institutional": "Institutions", "security": "Security", "economic": "Economy"}
STAGES = {
    ("russia", "1"): "01",
    ("russia", "2"): "02",
    ("russia", "3"): "03",
    ("china", "1"): "04",
    ("china", "2"): "05",
    ("china", "3"): "06",
    ("united_states", "1"): "07",
    ("united_states", "2"): "08",
}
TESTABLE = ["event", "membership", "figure"]
BY_NUMBER = {path.stem[:2]: path for path in LESSONS}
CLAIMS = tables.load("claims")
CELLS = [(*stage, dimension) for stage in STAGES for dimension in DIMENSION]


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
        shown = {claim: check._evidence_for(claim) for claim in check.claims.claim_id}
        seen.update({c: check._record.get(c) if e is None else e for c, e in shown.items()})
        return check

    shell = InteractiveShell()
    shell.push({"display": lambda *_: None})
    for cell in notebooks.read(BY_NUMBER[number]).cells:
        if cell.cell_type == "code":
            source = cell.source.replace("widgets.claim_check(", "keep_check(")
            shell.push({"keep_check": keep})
            shell.run_cell(source, store_history=False).raise_error()
    return seen


def test_there_are_twelve_lessons():
    assert sorted(BY_NUMBER) == [f"{n:02}" for n in range(12)]


@pytest.mark.parametrize("number", sorted(set(CLAIMS.lesson)))
def test_every_claim_has_a_card_and_a_check_in_its_lesson(number):
    here = CLAIMS[CLAIMS.lesson == number].claim_id
    shown = outputs(BY_NUMBER[number])
    assert [claim for claim in here if f'id="{claim}"' not in shown] == []
    assert sorted(set(here) - set(checked(number))) == []


@pytest.mark.parametrize("number", sorted(set(CLAIMS.lesson)))
def test_every_event_membership_and_figure_is_held_against_data(number):
    here = CLAIMS[(CLAIMS.lesson == number) & CLAIMS.kind.isin(TESTABLE)].claim_id
    found = checked(number)
    assert [claim for claim in here if found.get(claim) is None] == []


def test_the_ledger_of_lesson_11_holds_all_claims():
    shown = outputs(BY_NUMBER["11"])
    assert [claim for claim in CLAIMS.claim_id if claim not in shown] == []


@pytest.mark.parametrize(("power", "stage", "dimension"), CELLS)
def test_every_cell_of_the_grid_has_evidence_and_the_essays_silence_is_named(
    power, stage, dimension
):
    """24 cells: each is a room with results in it and dated events behind it."""
    room = DIMENSION[dimension]
    inside, here = [], False
    for cell in notebooks.read(BY_NUMBER[STAGES[power, stage]]).cells:
        heading = re.search(r"^## (.+)$", cell.source, flags=re.M)
        if cell.cell_type == "markdown" and heading:
            here = heading[1] == room
        if here:
            inside.append(cell)
    assert any(cell.get("outputs") for cell in inside)
    cell = {"power": power, "stage": stage, "dimension": dimension}
    events = tables.load("events")
    assert (events[list(cell)].astype(str) == pd.Series(cell)).all(axis=1).any()
    if not (CLAIMS[list(cell)].astype(str) == pd.Series(cell)).all(axis=1).any():
        opening = re.split(r"^## .+$", inside[0].source, flags=re.M)[-1].strip().split("\n\n")
        text = " ".join(part for part in opening[:2] if not part.startswith("#"))
        assert "essay" in text
