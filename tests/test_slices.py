"""What an exercise without code shows of the tables: enough for every answer, and for this case."""

import json
from functools import reduce

import pandas as pd
import pytest

from centralasia import tables
from centralasia.checks import keys, public, slices

NAMES = keys.names()
LISTS = {"organizations", "countries", "areas"}
"""Tables of names, which are in the book for everybody."""


def seen(of, case):
    """The tables as somebody knows them who has the slices of a case and nothing else."""
    known = {}
    for part in of.tables:
        shown = [*part.columns, *part.where, *([part.period] if part.period else [])]
        rows = part.rows(case)[list(dict.fromkeys(shown))]
        known.setdefault(part.table, []).append(rows)
    return {name: reduce(pd.DataFrame.combine_first, parts) for name, parts in known.items()}


@pytest.mark.parametrize("name", NAMES)
def test_the_rows_of_a_case_hold_its_answers(name, monkeypatch):
    of = keys.load(name)
    load = tables.load
    for learner in ("anna", "berik"):
        case = of.case(learner)
        asked = [ask for ask in of.questions.values() if ask.expected is not None]
        wanted = {ask.id: ask.answer(case) for ask in asked}
        known = seen(of, case)

        def part(table, known=known):
            if table in known:
                return known[table]
            assert table in LISTS
            whole = load(table)
            if table != "organizations":
                return whole
            return whole[whole.organization.isin(known["memberships"].organization)]

        with monkeypatch.context() as patched:
            patched.setattr(tables, "load", part)
            assert {ask.id: ask.answer(case) for ask in asked} == wanted


@pytest.mark.parametrize("name", NAMES)
def test_the_rows_of_every_case_are_there(name):
    of = keys.load(name)
    for case in of.pool:
        for part in of.tables:
            rows = part.rows(case)
            assert set(part.columns) <= set(rows.columns)
            assert not rows.empty or part.table in ("arms", "events"), (case, part.about)
            assert len(rows) <= 1000, (case, part.about)
            assert "{" not in part.titled(case)


@pytest.mark.parametrize("name", NAMES)
def test_a_slice_goes_through_json(name):
    of = keys.load(name)
    told = json.loads(json.dumps([part.public() for part in of.tables]))
    read = [slices.from_public(part) for part in told]
    assert [part.public() for part in read] == [part.public() for part in of.tables]
    assert public.exercise(name)["tables"] == told
