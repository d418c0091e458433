"""A right answer is right whatever holds it; what is refused is refused with the way to mend it.

The kinds are those that pandas, numpy and Python give for a list, a number, a table or a year.
"""

from collections import deque
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import altair as alt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centralasia import checks
from centralasia.checks import judge, keys, values
from centralasia.checks.asks import Choice, Codes, Number, Table, Text

QUICK = settings(deadline=None, max_examples=10)
ALLOWED = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
CODES = Codes(id="q", names=("x",), points=2, minutes=1, allowed=ALLOWED, what="states")
NUMBER = Number(id="q", names=("x",), points=3, minutes=1, unit="share from 0 to 1", low=0, high=1,
                tolerance=0.001)  # fmt: skip
TEXT = Text(id="q", names=("x",), points=2, minutes=1, allowed=("Kyrgyz Republic", "2006-06-23"))
CHOICE = Choice(id="q", names=("x", "sure"), points=1, minutes=1, options={"A": "a", "B": "b"})
TABLE = Table(id="q", names=("x",), points=4, minutes=1, by=("year",),
              numbers={"n": ("events", 0, 100, 0.5), "first": ("year", 1990, 2026, 0),
                       "rose": ("1 or 0", 0, 1, 0)})  # fmt: skip

LISTS = {
    "list": list,
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "deque": deque,
    "keys of a dict": lambda codes: dict.fromkeys(codes).keys(),
    "values of a dict": lambda codes: dict(enumerate(codes)).values(),
    "array": np.array,
    "array of objects": lambda codes: np.array(codes, dtype=object),
    "column as an array": lambda codes: pd.DataFrame({"country": codes}).to_numpy(),
    "index": pd.Index,
    "unique()": lambda codes: pd.Series(codes, dtype="str").unique(),
    "values": lambda codes: pd.Series(codes, dtype="str").values,
    "array of pandas": lambda codes: pd.Series(codes, dtype="str").array,
    "string": lambda codes: pd.Series(codes, dtype="string"),
    "categorical": pd.Categorical,
    "unique() of categories": lambda codes: pd.Series(codes, dtype="category").unique(),
    "series with labels": lambda codes: pd.Series(codes, index=pd.Index(codes, name="of")),
    "series with other labels": lambda codes: pd.Series(
        codes, index=pd.RangeIndex(len(codes), name="row")
    ),
    "table of one column": lambda codes: pd.DataFrame({"country": codes}),
    "column beside others": lambda codes: pd.DataFrame({"n": range(len(codes)), "state": codes}),
    "counted": lambda codes: pd.Series(codes, name="country").to_frame().groupby("country").size(),
    "other letters": lambda codes: [f" {code.lower()}" for code in codes],
}
SINGLES = {
    "float": float,
    "numpy": np.float64,
    "half precision": np.float32,
    "array of none": np.array,
    "Decimal": lambda number: Decimal(repr(number)),
    "Fraction": Fraction,
    "list": lambda number: [number],
    "tuple": lambda number: (number,),
    "array": lambda number: np.array([number]),
    "array of two ways": lambda number: np.array([[number]]),
    "series": lambda number: pd.Series([number]),
    "series with a label": lambda number: pd.Series([number], index=pd.Index([2007], name="year")),
    "index": lambda number: pd.Index([number]),
    "Float64": lambda number: pd.array([number], dtype="Float64"),
    "table": lambda number: pd.DataFrame({"share": [number]}),
    "table with labels": lambda number: pd.DataFrame(
        {"share": [number]},
        index=pd.MultiIndex.from_tuples([("KAZ", 2007)], names=["state", "year"]),
    ),
}
YEARS = {
    "whole": list,
    "float": lambda years: [float(year) for year in years],
    "text": lambda years: [str(year) for year in years],
    "Int64": lambda years: pd.array(years, dtype="Int64"),
    "int16": lambda years: np.array(years, dtype="int16"),
    "category": pd.Categorical,
    "period": lambda years: pd.PeriodIndex([str(year) for year in years], freq="Y"),
    "first day": lambda years: pd.to_datetime([f"{year}-01-01" for year in years]),
    "last day": lambda years: pd.to_datetime([f"{year}-12-31" for year in years]),
    "date": lambda years: [pd.Timestamp(year, 1, 1).date() for year in years],
    "numpy": lambda years: [np.datetime64(str(year)) for year in years],
}
AMOUNTS = {
    "whole": list,
    "float": lambda amounts: [float(n) for n in amounts],
    "Int64": lambda amounts: pd.array(amounts, dtype="Int64"),
    "Float64": lambda amounts: pd.array(amounts, dtype="Float64"),
    "Decimal": lambda amounts: [Decimal(n) for n in amounts],
    "object": lambda amounts: np.array(amounts, dtype=object),
}
CODE_LISTS = st.lists(st.sampled_from(ALLOWED), min_size=1, max_size=5, unique=True)
WHOLE_YEARS = st.lists(st.integers(1991, 2025), min_size=1, max_size=6, unique=True)


def taken(ask, *answer):
    """Return an answer as it comes out of a sandbox."""
    found = values.take(dict(zip(ask.names, answer, strict=True)), ask.names)
    return values.loads(values.dumps({"base": found, "perturbed": {}}))["base"]


def kind(ask, expected, *answer):
    found = taken(ask, *answer)
    assert judge.form(ask, found) is None, "a learner's own check says that its form is right"
    return judge.verdict(ask, found, values.plain(expected), ()).kind


@QUICK
@pytest.mark.parametrize("holder", LISTS)
@given(codes=CODE_LISTS, other=CODE_LISTS)
def test_a_list_of_codes_is_its_codes_whatever_holds_them(holder, codes, other):
    assert kind(CODES, codes, LISTS[holder](codes)) == "right"
    assert (kind(CODES, other, LISTS[holder](codes)) == "right") == (set(codes) == set(other))


@QUICK
@pytest.mark.parametrize("holder", SINGLES)
@given(number=st.floats(0, 1, width=16))
def test_one_number_is_that_number_whatever_holds_it(holder, number):
    assert kind(NUMBER, number, SINGLES[holder](number)) == "right"
    assert kind(NUMBER, (number + 0.5) % 1, SINGLES[holder](number)) == "wrong"


@pytest.mark.parametrize("hold", [str, np.str_, lambda x: [x], lambda x: pd.Series([x]).unique()])
def test_one_text_is_that_text_whatever_holds_it(hold):
    assert kind(TEXT, TEXT.allowed[0], hold(TEXT.allowed[0])) == "right"
    assert kind(CHOICE, "A", hold("a"), np.array([70])) == "right"
    assert kind(TEXT, "2006-06-23", pd.Timestamp("2006-06-23")) == "right"


@settings(deadline=None, max_examples=200)
@given(
    as_years=st.sampled_from(list(YEARS)),
    as_amounts=st.sampled_from(list(AMOUNTS)),
    years=WHOLE_YEARS,
    labelled=st.booleans(),
    truth=st.booleans(),
)
def test_a_table_is_its_rows_whatever_their_types(as_years, as_amounts, years, labelled, truth):
    amounts = [year - 1990 for year in years]
    expected = pd.DataFrame({"year": years, "n": amounts, "first": years, "rose": 1})
    answer = pd.DataFrame(
        {
            "year": YEARS[as_years](years),
            "n": AMOUNTS[as_amounts](amounts),
            "first": YEARS[as_years](years) if as_years != "text" else years,
            "rose": True if truth else 1,
        }
    )
    if labelled:
        answer = answer.set_index("year")
    assert kind(TABLE, expected, answer) == "right"
    assert kind(TABLE, expected.assign(n=expected.n + 1), answer) == "wrong"


def test_a_record_array_and_a_pivoted_table_are_tables():
    rows = pd.DataFrame({"year": [2000, 2001], "n": [1, 2], "first": [1999, 1999], "rose": [0, 1]})
    assert kind(TABLE, rows, rows.to_records(index=False)) == "right"
    long = rows.melt(id_vars="year", var_name="what").astype({"what": "category"})
    assert kind(TABLE, rows, long.pivot(index="year", columns="what", values="value")) == "right"


def test_a_day_in_the_middle_of_a_year_is_no_year():
    rows = pd.DataFrame({"year": [2000], "n": [1], "first": [1999], "rose": [0]})
    day = rows.assign(year=pd.to_datetime(["2000-05-09"]))
    assert kind(TABLE, rows, day) == "wrong"
    found = judge.form(TABLE, taken(TABLE, rows.assign(first=["1999-05-09"])))
    assert ".dt.year takes the year out of dates" in found.message


REFUSED = [
    (CODES, "KAZ", "square brackets around it, also around a single code: ['KAZ']"),
    (CODES, (code for code in ALLOWED), "list(...) keeps them"),
    (CODES, map(str, ALLOWED), "list(...) keeps them"),
    (CODES, {"KAZ": 1}, "list(...) makes one"),
    (CODES, pd.DataFrame({"a": ["KAZ"], "b": ["KGZ"]}), "take the column with the codes"),
    (CODES, np.array([["KAZ", "KGZ"], ["TJK", "UZB"]]), "take one of them"),
    (CODES, ["KAZ", None], "which is none of the codes asked for. They look like this: KAZ"),
    (NUMBER, (0, 192), "If a comma stands for the decimal point, write a point"),
    (NUMBER, pd.Series([0.1, 0.2]), "Add its values up, or take one of them"),
    (NUMBER, [], "one number is asked for"),
    (NUMBER, pd.DataFrame({"a": [1], "b": [2]}), "take one of them, as .iloc[0] does"),
    (NUMBER, pd.Series([1]).groupby([0]), "nothing is worked out for them yet. One number"),
    (NUMBER, 1j, "One number is asked for."),
    (NUMBER, [None], "a missing figure may have gone into it"),
    (NUMBER, "0.5", "Remove the quotes"),
    (NUMBER, 19.2, "Divide it by 100."),
    (TABLE, {"year": [2000]}, "pd.DataFrame(...) makes one"),
    (TABLE, [{"year": 2000, "n": 1}], "with the columns year, n, first, rose. pd.DataFrame(...)"),
    (TABLE, pd.Series([1], index=[2000]), ".reset_index() does"),
    (TABLE, pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("n", "sum")])), "one name"),
    (TEXT, SimpleNamespace(), "One text in quotes is asked for."),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "answer", "way"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_refused_says_how_to_mend_it(ask, answer, way):
    assert way in judge.form(ask, taken(ask, answer)).message


def test_a_share_where_per_cent_are_asked_for_is_named():
    ask = Number(**{**vars(NUMBER), "unit": "per cent of GDP", "high": 100})
    found = judge.verdict(ask, taken(ask, 0.035), values.plain(3.5), ())
    assert (found.kind, found.points) == ("wrong", 0)
    assert "Multiply it by 100." in found.message


def test_what_can_be_read_only_once_is_left_unread():
    once = (code for code in ALLOWED)
    assert values.plain(once)["type"] == "odd"
    assert list(once) == list(ALLOWED)


def test_a_list_without_an_end_is_cut():
    class Endless:
        def __iter__(self):
            while True:
                yield 1

    assert "more than 5000 values" in values.plain(Endless())["why"]


REAL = {
    "ex03-q1-bloc-share": [(0, 192), "0.5", 19.2, {"a": 1}, pd.Series([0.1, 0.2]), len, [None]],
    "ex03-q2-hhi": [{"year": [2000]}, [1], pd.DataFrame({"year": [2000]}), 3, alt.Chart()],
    "ex03-q3-members": ["KAZ", (c for c in ALLOWED), {"KAZ": 1}, 7, ["FRA"], pd.DataFrame()],
    "ex03-q4-chart": [3, {"mark": "line"}, alt.Chart, SimpleNamespace()],
}


@pytest.mark.parametrize(("question", "answer"), [(q, a) for q, rows in REAL.items() for a in rows])
def test_the_learners_own_check_and_the_grader_use_the_same_words(question, answer):
    exercise, ask = keys.find(question)
    found = {name: values.plain(answer) for name in ask.names}
    both = values.loads(values.dumps({"base": found, "perturbed": found}))
    graded = keys.judge(question, both, "anna")
    own = checks.check(question, answer, case=exercise.case("anna"))
    assert (graded.kind, graded.message, graded.points) == (own.kind, own.message, 0)
