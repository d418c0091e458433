"""What holds of every answer: what is taken out, what comes back, and how it is judged."""

import json
import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import altair as alt
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from centralasia.checks import judge, judge_chart, judge_table, units, values, vega
from centralasia.checks.asks import Chart, Choice, Codes, Number, Table, Text

WHOLE = st.integers(-(10**6), 10**6)
FINITE = st.floats(-1e9, 1e9)
CELL = st.one_of(st.none(), st.booleans(), WHOLE, FINITE, st.text(max_size=5))
TYPES = {"missing", "untouched", "number", "text", "truth", "list", "table", "chart", "odd"}
JSON = st.recursive(
    st.one_of(CELL, st.sampled_from([1e308, 10**300, -(10**301)])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "value", "values", "columns", "rows", "spec", "what", "why"])
            | st.text(max_size=3),
            inner | st.sampled_from(sorted(TYPES)),
            max_size=4,
        )
    ),
    max_leaves=8,
)


# --- plain values ------------------------------------------------------------------------------


def back(plain_value):
    """The value as it arrives after its way through JSON."""
    both = {"base": {"x": plain_value}, "perturbed": {}}
    return values.loads(values.dumps(both))["base"]["x"]


@given(st.one_of(WHOLE, FINITE), st.sampled_from([lambda x: x, np.array, np.float64, Fraction]))
def test_a_number_stays_the_number(number, made):
    found = values.plain(made(number))
    assert found == {"type": "number", "value": number}
    assert type(found["value"]) in (int, float)
    assert back(found) == found


@given(st.lists(CELL, max_size=5), st.sampled_from([list, tuple, pd.Series, pd.Index, np.array]))
def test_a_list_is_its_cells_whatever_holds_them(cells, holder):
    held = holder(cells) if holder in (list, tuple) else holder(np.array(cells, dtype=object))
    found = values.plain(held)
    assert found == {"type": "list", "values": cells}
    assert [type(a) for a in found["values"]] == [type(b) for b in cells]
    assert back(found) == found


@given(st.sets(st.text("abc", min_size=1), max_size=4), st.sampled_from([set, frozenset]))
def test_a_set_has_one_order(texts, holder):
    assert values.plain(holder(texts)) == {"type": "list", "values": sorted(texts)}


@given(
    st.lists(st.tuples(CELL, CELL), max_size=4),
    st.sampled_from([None, "year", "a"]),
)
def test_a_table_is_its_rows_and_named_labels_become_a_column(rows, name):
    frame = pd.DataFrame(rows, columns=["a", 5], dtype=object)
    frame.index = pd.Index([f"r{n}" for n in range(len(rows))], name=name, dtype=object)
    found = values.plain(frame)
    assert frame.columns.to_list() == ["a", 5], "the learner's own frame stays as it was"
    labelled = name == "year"
    assert found["columns"] == (["year", "a", "5"] if labelled else ["a", "5"])
    labels = [[f"r{n}"] if labelled else [] for n in range(len(rows))]
    assert found["rows"] == [[*label, *row] for label, row in zip(labels, rows, strict=True)]
    assert back(found) == found


def test_several_levels_of_labels_become_columns_in_their_order():
    frame = pd.DataFrame({"n": [1, 2]})
    frame.index = pd.MultiIndex.from_tuples([("KAZ", 2000), ("UZB", 2001)], names=["state", "year"])
    rows = [["KAZ", 2000, 1], ["UZB", 2001, 2]]
    assert values.plain(frame) == {"type": "table", "columns": ["state", "year", "n"], "rows": rows}
    assert values.plain(frame["n"]) == values.plain(frame)
    unnamed = frame["n"].rename(None)
    assert values.plain(unnamed)["columns"] == ["state", "year", "value"]
    wide = pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")]))
    assert "several levels" in values.plain(wide)["why"]


@pytest.mark.parametrize(
    ("rows", "kind"), [(values.MAX_ROWS, "table"), (values.MAX_ROWS + 1, "odd")]
)
def test_a_table_has_a_longest_length(rows, kind):
    found = values.plain(pd.DataFrame({"a": np.zeros(rows)}))
    assert found["type"] == kind
    if kind == "odd":
        assert found["what"] == "DataFrame"
        assert found["why"] == "5001 rows; at most 5000 can be checked"


def test_a_chart_may_have_as_many_rows_as_a_table():
    chart = alt.Chart(pd.DataFrame({"a": np.zeros(values.MAX_ROWS)})).mark_line().encode(x="a")
    found = values.plain(chart)
    (view,) = vega.views(found["spec"])
    assert len(view.rows) == values.MAX_ROWS
    more = alt.Chart(pd.DataFrame({"a": np.zeros(values.MAX_ROWS + 1)})).mark_line().encode(x="a")
    assert values.plain(more)["type"] == "odd"
    holes = alt.Chart(alt.Data(values=[{"a": math.inf}])).mark_line().encode(x="a:Q")
    assert values.plain(holes)["spec"]["data"]["values"] == [{"a": None}]


MOMENT = datetime(2000, 1, 2, 3, 4)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (date(2000, 1, 2), "2000-01-02"),
        (np.datetime64("2000-01-02"), "2000-01-02"),
        (pd.Timestamp("2000-01-02"), "2000-01-02"),
        (MOMENT, "2000-01-02T03:04:00"),
        (datetime(2000, 1, 2, tzinfo=UTC), "2000-01-02"),
        (pd.NaT, None),
        (pd.NA, None),
        (math.nan, None),
        (np.float32("nan"), None),
        (math.inf, "inf"),
        (np.bool_(True), True),
        (np.int8(3), 3),
        (Fraction(1, 4), 0.25),
        (Decimal("0.5"), 0.5),
        (pd.Period("2000", "Y"), 2000),
        (pd.Period("2000Q1"), "2000Q1"),
        (np.array(3), 3),
        (np.array("2000-01-02", "M8[ns]"), "2000-01-02"),
        (timedelta(1), "1 day, 0:00:00"),
        ("x" * 300, "x" * 300),
        (["x" * 300], ("['" + "x" * 300)[:200]),
    ],
)
def test_one_cell(cell, expected):
    (found,) = values.plain([cell])["values"]
    assert (found, type(found)) == (expected, type(expected))


class Long:
    """A thing whose name and whose error are long."""

    def __init__(self, message):
        self.message = message

    def to_dict(self):
        raise RuntimeError(self.message)


Long.__module__ = "altair.mine"
Long.__name__ = Long.__qualname__ = "L" * 100


def test_an_error_of_a_learners_object_is_told_in_one_short_line():
    found = values.plain(Long("\n first " + "y" * 300 + "\nsecond"))
    assert found["what"] == "L" * 60
    assert found["why"] == ("RuntimeError: first " + "y" * 300)[: len("RuntimeError: ") + 200]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (math.nan, "not a finite number; a missing figure"),
        (math.inf, "not a finite number; a missing figure"),
        (pd.NA, "not a finite number; a missing figure"),
        (len, "it is not called yet; write () after"),
        ({"a": 1}, "no number, text, list, table or chart"),
        (object(), "no number, text, list, table or chart"),
    ],
)
def test_why_a_value_cannot_be_read(value, why):
    found = values.plain(value)
    assert found["type"] == "odd"
    assert why in found["why"]
    assert found["what"] == type(value).__name__


def test_variables_are_taken_by_name():
    found = values.take({"x": 1, "y": ..., "z": 2}, iter(["x", "y", "w"]))
    assert found == {
        "x": {"type": "number", "value": 1},
        "y": {"type": "untouched"},
        "w": {"type": "missing"},
    }


@given(JSON)
@example({"type": "number", "value": 1e300})
@example({"type": "number", "value": -1e300})
@example({"type": "odd", "what": "x", "why": 3})
@example({"type": "truth", "value": 1})
@example({"type": "text", "value": None})
@example({"type": "list", "values": {"a": 1}})
@example({"type": "table", "columns": ["a"], "rows": [[1], [1, 2]]})
@example({"type": "table", "columns": "a", "rows": []})
@example({"type": "table", "columns": ["a"], "rows": "a"})
@example({"type": "table", "columns": [1], "rows": []})
@example({"type": "chart", "spec": []})
def test_what_was_made_up_is_a_plain_value_of_a_known_shape(made_up):
    found = back(made_up)
    assert found["type"] in TYPES
    assert back(found) == found
    match found:
        case {"type": "number", "value": number}:
            assert type(number) in (int, float)
            assert abs(number) < 1e300
        case {"type": "text", "value": text}:
            assert isinstance(text, str)
        case {"type": "truth", "value": truth}:
            assert isinstance(truth, bool)
        case {"type": "list", "values": cells}:
            assert all(isinstance(c, (str, bool, int, float, type(None))) for c in cells)
        case {"type": "table", "columns": names, "rows": rows}:
            assert all(isinstance(name, str) for name in names)
            assert all(len(row) == len(names) for row in rows)
        case {"type": "chart", "spec": spec}:
            assert isinstance(spec, dict)
        case {"type": "odd", "what": what, "why": why}:
            assert isinstance(what, str)
            assert isinstance(why, str)
        case _:
            assert found["type"] in ("missing", "untouched")


@pytest.mark.parametrize(
    "value",
    [
        {"type": "missing"},
        {"type": "untouched"},
        {"type": "odd", "what": "dict", "why": "odd"},
        {"type": "chart", "spec": {"mark": "bar"}},
        {"type": "truth", "value": False},
        {"type": "list", "values": []},
        {"type": "table", "columns": [], "rows": []},
    ],
)
def test_what_was_written_comes_back(value):
    assert back(value) == value


@given(st.one_of(st.text(), st.binary(), JSON.map(json.dumps)))
def test_any_text_is_read_or_refused(text):
    try:
        found = values.loads(text)
    except values.Unreadable:
        return
    assert set(found) == {"base", "perturbed"}


def test_a_text_has_a_longest_length():
    text = values.dumps({"base": {}, "perturbed": {}})
    assert values.loads(text.ljust(values.MAX_BYTES)) == {"base": {}, "perturbed": {}}
    with pytest.raises(values.Unreadable, match="4000001 bytes long; 4000000 are accepted"):
        values.loads(text.ljust(values.MAX_BYTES + 1))
    for constant in ("NaN", "Infinity", "-Infinity"):
        with pytest.raises(values.Unreadable, match=f"not JSON: {constant} is not a number"):
            values.loads(f'{{"base": {{"x": {constant}}}, "perturbed": {{}}}}')
    with pytest.raises(ValueError, match="not JSON compliant"):
        values.dumps(math.nan)
    assert values.dumps("é") == '"é"'


# --- numbers, texts, codes, choices --------------------------------------------------------------


def number(value):
    return {"type": "number", "value": value}


def text(value):
    return {"type": "text", "value": value}


def table(rows, columns=("state", "year", "n", "share")):
    return {"type": "table", "columns": list(columns), "rows": [list(row) for row in rows]}


NUMBER = Number(id="q", names=("x",), points=3, minutes=1, unit="share from 0 to 1", low=0, high=1,
                tolerance=0.01)  # fmt: skip
TEXT = Text(id="q", names=("x",), points=2, minutes=1, allowed=("Kyrgyz Republic", "KAZ"))
CODES = Codes(id="q", names=("x",), points=2, minutes=1, allowed=("KAZ", "KGZ", "TJK", "UZB"),
              what="states")  # fmt: skip
CHOICE = Choice(id="q", names=("x", "sure"), points=1, minutes=1, options={"A": "a", "B": "b"})
MISTAKE = {"slug": "twice", "message": "You counted twice."}


def verdict(ask, *found, expected, mistakes=()):
    taken = dict(zip(ask.names, found, strict=True))
    return judge.verdict(ask, taken, expected, mistakes)


@given(st.floats(-1, 200), st.floats(0, 1))
@example(0.51, 0.5)
@example(0.49, 0.5)
@example(0.3, 0.29)  # 0.3 - 0.29 is a little more than 0.01
@example(1.0, 1.0)
@example(0.0, 0.0)
@example(100.0, 0.5)
def test_a_number_is_right_within_its_tolerance(value, expected):
    found = verdict(NUMBER, number(value), expected=number(expected))
    exact = abs(Fraction(value) - Fraction(expected))
    if 0 <= value <= 1:
        right = exact <= Fraction(1, 100) + Fraction(1, 10**10)
        assert (found.kind, found.points) == (("right", 3) if right else ("wrong", 0))
        if not right:
            side = "higher" if value > expected else "lower"
            assert f"x is {side} than what the table gives" in found.message
    else:
        assert (found.kind, found.points) == ("wrong", 0)
        per_cent = 1 < value <= 100
        assert found.mistake == ("per-cent" if per_cent else "out-of-range")
        if not per_cent:
            bound = "x is below 0" if value < 0 else "x is above 1"
            assert f"{bound}, but the unit is: share from 0 to 1." in found.message


def test_only_a_share_is_taken_for_per_cent():
    for unit, high in (("dollars", 1), ("share of ten", 10)):
        fault = units.range_fault("x", 50, unit, 0, high)
        assert (fault.kind, fault.mistake) == ("wrong", "out-of-range")
    assert units.range_fault("x", 50, "share", 0, 1).mistake == "per-cent"
    assert units.range_fault("x", 50, "share", 0, 50) is None


def test_a_typical_mistake_is_told_apart():
    mistakes = [MISTAKE | {"value": number(0.4)}, MISTAKE | {"slug": "b", "value": number(40)}]
    found = verdict(NUMBER, number(0.405), expected=number(0.2), mistakes=mistakes)
    assert (found.kind, found.points, found.mistake) == ("wrong", 0, "twice")
    assert found.message == "You counted twice."
    assert found.confidence is None
    outside = verdict(NUMBER, number(40), expected=number(0.2), mistakes=mistakes)
    assert outside.mistake == "b", "what lies outside the unit may be a known mistake too"
    other = verdict(NUMBER, number(0.9), expected=number(0.2), mistakes=mistakes)
    assert (other.kind, other.mistake) == ("wrong", "")
    right = verdict(NUMBER, number(0.2), expected=number(0.2), mistakes=mistakes)
    assert (right.kind, right.mistake, right.confidence) == ("right", "", None)
    assert right.message == "This is what the data give for your case."


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        ({"type": "missing"}, "not_attempted", "There is no variable x"),
        ({"type": "untouched"}, "not_attempted", "x has no value yet. Replace the three dots"),
        ({"type": "odd", "what": "dict", "why": "odd"}, "cannot_check", "x is a dict: odd."),
        ({"type": "list", "values": [0.5, 0.6]}, "cannot_check", "x is a list, but one number"),
        (table([]), "cannot_check", "x is a table, but one number"),
        ({"type": "truth", "value": True}, "cannot_check", "True or False"),
        (text("0.5"), "cannot_check", "Remove the quotes"),
    ],
)  # fmt: skip
def test_what_is_no_number_cannot_be_checked(value, kind, words):
    found = verdict(NUMBER, value, expected=number(0.5))
    assert (found.kind, found.points) == (kind, 0)
    assert words in found.message
    assert judge.form(NUMBER, {}).kind == "not_attempted"


@given(st.sampled_from(TEXT.allowed), st.sampled_from(TEXT.allowed), st.data())
def test_case_and_blanks_make_no_other_text(answer, expected, data):
    blanks = st.sampled_from(["", " ", "\n ", "\t"])
    change = data.draw(st.sampled_from([str.upper, str.lower, str.swapcase]))
    spelt = data.draw(blanks) + change(answer).replace(" ", "  ") + data.draw(blanks)
    found = verdict(TEXT, text(spelt), expected=text(expected))
    assert found.kind == ("right" if answer == expected else "wrong")
    if answer != expected:
        assert found.message.endswith(f"for your case than {spelt.strip()}.")


@pytest.mark.parametrize("value", [text("Kazakhstan"), text(""), number(1)])
def test_a_text_is_one_of_those_allowed(value):
    found = verdict(TEXT, value, expected=text("KAZ"))
    assert found.kind == "cannot_check"
    assert "must be one of these texts, in quotes: Kyrgyz Republic, KAZ." in found.message


LISTS = st.lists(st.sampled_from(CODES.allowed), max_size=6)


@given(LISTS, LISTS)
def test_codes_are_a_set(answer, expected):
    wrap = lambda codes: {"type": "list", "values": codes}  # noqa: E731
    found = verdict(CODES, wrap(answer), expected=wrap(expected))
    extra, lost = len(set(answer) - set(expected)), len(set(expected) - set(answer))
    assert found.kind == ("wrong" if extra or lost else "right")
    assert found.points == (0 if extra or lost else 2)
    if extra or lost:
        assert "the states of your case, too many in your list" in found.message
        assert f"list: {extra}; missing from it: {lost}." in found.message


def test_what_is_no_list_of_codes_cannot_be_checked():
    strange = {"type": "list", "values": ["KAZ", "FRA", 1, None, "ITA"]}
    found = judge.form(CODES, {"x": strange})
    assert found.kind == "cannot_check"
    assert "x holds FRA, 1, None, which is none of the codes" in found.message
    assert "like this: KAZ, KGZ, TJK." in found.message
    assert "x is a text, but a list" in judge.form(CODES, {"x": text("KAZ")}).message


@given(st.sampled_from([" a", "A", "b ", "B"]), st.one_of(st.integers(-1, 101), st.floats(0, 100)))
@example("A", 0)
@example("A", 100)
@example("A", 1)
@example("A", 0.999)
def test_a_choice_keeps_its_confidence(letter, sure):
    found = verdict(CHOICE, text(letter), number(sure), expected=text("A"))
    if not (sure == 0 or 1 <= sure <= 100):
        assert found.kind == "cannot_check"
        assert "sure must be a number in per cent, from 0 to 100" in found.message
        return
    assert found.kind == ("right" if letter.strip().upper() == "A" else "wrong")
    assert found.confidence == sure / 100
    if found.kind == "right":
        assert f"You were {sure / 100:.0%} sure." in found.message
    else:
        assert "The data of your case say otherwise" in found.message


def test_what_is_no_choice_cannot_be_checked():
    for answer, sure in ((text("C"), number(50)), (text(""), number(50)), (number(1), number(50))):
        found = verdict(CHOICE, answer, sure, expected=text("A"))
        assert "x must be one letter in quotes: A, B." in found.message
    assert verdict(CHOICE, text("A"), text("50"), expected=text("A")).kind == "cannot_check"
    mistake = MISTAKE | {"value": text("B")}
    found = verdict(CHOICE, text("b"), number(70), expected=text("A"), mistakes=[mistake])
    assert (found.mistake, found.confidence) == ("twice", 0.7)


# --- tables ------------------------------------------------------------------------------------

TABLE = Table(id="q", names=("t",), points=4, minutes=1, by=("state", "year"),
              numbers={"n": ("dollars", 0, 100, 0.5), "share": ("share", 0, 1, 0.01)})  # fmt: skip
KEYS = st.tuples(st.sampled_from(["Kaz", "Kgz", "Uzb"]), st.integers(2000, 2002))
NUMBERS = st.tuples(st.one_of(st.none(), st.integers(0, 100)), st.floats(0, 1))
ROWS = st.dictionaries(KEYS, NUMBERS, max_size=5)


@given(ROWS, ROWS, st.randoms())
def test_a_table_is_its_rows_in_any_order(first, second, random):
    expected = table([*key, *cells] for key, cells in second.items())
    rows = [
        [random.choice([key[0].upper(), f" {key[0]} "]), random.choice([key[1], float(key[1])]), *c]
        for key, c in first.items()
    ]
    random.shuffle(rows)
    order = random.sample(range(4), 4)
    names = ["state", "year", "n", "share"]
    answer = table(
        ([*[row[place] for place in order], "more"] for row in rows),
        [*[names[place] for place in order], "other"],
    )
    assert judge_table.table_form(TABLE, answer) is None

    def same(a, b, tolerance):
        if a is None or b is None:
            return a is b
        return abs(a - b) <= tolerance * (1 + 1e-9)

    lost, extra = second.keys() - first.keys(), first.keys() - second.keys()
    differ = {
        key
        for key in first.keys() & second.keys()
        if not (
            same(first[key][0], second[key][0], 0.5) and same(first[key][1], second[key][1], 0.01)
        )
    }
    found = verdict(TABLE, answer, expected=expected)
    assert found.kind == ("wrong" if lost or extra or differ else "right")
    assert ("rows are missing, for instance" in found.message) == bool(lost)
    assert ("there are rows that were not asked for, for instance" in found.message) == bool(extra)
    said = f"{len(differ)} of {len(second)} rows have another value than the data give"
    assert (said in found.message) == bool(differ)
    for keys in (lost, extra, differ):
        named = [f"{state.casefold()} {year}" for state, year in keys]
        assert not keys or any(name in found.message for name in named)


def test_the_columns_of_a_table_are_those_asked_for_once_each():
    for columns in (["state", "year", "n"], ["state", "year", "n", "share", "n"], []):
        found = judge_table.table_form(TABLE, table([], columns))
        assert found.kind == "cannot_check"
        assert f"it has the columns {', '.join(columns) or 'none'}." in found.message
        assert "t needs one column named" in found.message
    assert "t is a text, but a table" in judge_table.table_form(TABLE, text("a")).message


@pytest.mark.parametrize(
    ("rows", "kind", "mistake", "words"),
    [
        (
            [["a", 1, 1, 0], ["A ", 1.0, 2, 1]],
            "wrong",
            "repeated-rows",
            "In t, a 1 stands more than",
        ),
        ([["a", 1, "1", 0]], "cannot_check", "", "The column n holds something that is no number"),
        ([["a", 1, True, 0]], "cannot_check", "", "The column n holds something that is no number"),
        ([["a", 1, 1, 0], ["b", 1, 1, 50]], "wrong", "per-cent", "in the column share is above 1"),
        ([["a", 1, -3, 0], ["b", 1, 101, 1]], "wrong", "out-of-range", "column n is below 0"),
        ([["a", 1, -1, 0], ["b", 1, 105, 1]], "wrong", "out-of-range", "column n is above 100"),
        ([["a", 1, None, None]], None, "", ""),
        ([["a", 1, 0, 1], ["a", 2, 100, 0]], None, "", ""),
        ([], None, "", ""),
    ],
)
def test_the_form_of_a_table(rows, kind, mistake, words):
    found = judge_table.table_form(TABLE, table(rows))
    if kind is None:
        assert found is None
    else:
        assert (found.kind, found.mistake) == (kind, mistake)
        assert words in found.message


# --- charts ------------------------------------------------------------------------------------

CHART = Chart(id="q", names=("c",), points=3, minutes=1, marks=("bar", "line"), x="state", y="n",
              series="who", tolerance=0.1)  # fmt: skip
BARS = [
    {"state": "KAZ", "who": "A", "n": 1},
    {"state": "KAZ", "who": "B", "n": 2},
    {"state": "UZB", "who": "A", "n": 3.05},
]
DRAWN = table([["KAZ", "A", 1], ["KAZ", "B", 2], ["UZB", "A", 3]], ["state", "who", "n"])


def spec(**change):
    """A chart without a fault, or with the parts that are given in place of its own."""
    whole = {
        "mark": "bar",
        "data": {"values": BARS},
        "title": "t" * judge_chart.SHORTEST_TITLE,
        "description": "d" * judge_chart.SHORTEST_DESCRIPTION,
        "encoding": {
            "x": {"field": "state", "type": "nominal", "title": "State"},
            "y": {"field": "n", "type": "quantitative", "title": "events"},
            "color": {"field": "who", "type": "nominal"},
        },
    }
    encoding = whole["encoding"] | change.pop("encoding", {})
    return whole | change | {"encoding": {k: v for k, v in encoding.items() if v is not None}}


def judged(ask=CHART, expected=DRAWN, mistakes=(), **change):
    return verdict(
        ask, {"type": "chart", "spec": spec(**change)}, expected=expected, mistakes=mistakes
    )


Y = {"field": "n", "type": "quantitative", "title": "events"}
PRESENTATION = {
    "baseline": {"encoding": {"y": Y | {"scale": {"zero": False}}}},
    "axis-title": {"encoding": {"x": {"field": "state", "type": "nominal"}}},
    "title": {"title": "t" * (judge_chart.SHORTEST_TITLE - 1)},
    "description": {"description": "d" * (judge_chart.SHORTEST_DESCRIPTION - 1)},
}


@given(st.sets(st.sampled_from(sorted(PRESENTATION))), st.integers(1, 5))
def test_each_fault_of_presentation_takes_one_point(faults, points):
    change = {"encoding": {}}
    for name in faults:
        part = dict(PRESENTATION[name])
        change["encoding"] |= part.pop("encoding", {})
        change |= part
    ask = Chart(**{**vars(CHART), "points": points})
    found = judged(ask, **change)
    assert found.kind == ("wrong" if faults else "right")
    assert found.points == max(points - len(faults), 0)
    assert isinstance(found.points, float) or not faults
    if faults:
        assert found.mistake == next(name for name in PRESENTATION if name in faults)
        assert found.message.startswith("The values are right. ")


@pytest.mark.parametrize(
    ("change", "kind", "mistake", "words"),
    [
        ({"mark": "point"}, "wrong", "other-mark", "mark_point. What is asked for is mark_bar or"),
        ({"encoding": {"x": {"field": "who", "type": "nominal"}}}, "wrong", "other-field",
         "The x-axis shows who; it should show state."),
        ({"encoding": {"x": None}}, "wrong", "other-field", "x-axis shows nothing; it should"),
        ({"encoding": {"y": Y | {"field": "m"}}}, "wrong", "other-field",
         "The y-axis shows m; it should show n."),
        ({"encoding": {"x": {"aggregate": "count"}}}, "wrong", "other-field", "shows a count; it"),
        ({"encoding": {"color": None}}, "wrong", "no-series", "tells the values of who apart"),
        ({"encoding": {"color": None, "tooltip": {"field": "who"}}}, "wrong", "no-series",
         "tells the values of who apart"),
        ({"encoding": {"y": Y | {"type": "ordinal"}}}, "wrong", "measure-as-names",
         "n is drawn as ordinal: its values"),
        ({"encoding": {"y": Y | {"aggregate": "stdev"}}}, "cannot_check", "", "in pandas first"),
        ({"transform": [{"filter": "x"}]}, "cannot_check", "", "in pandas first"),
        ({"data": {"url": "x.csv"}}, "cannot_check", "", "in pandas first"),
        ({"data": {"values": BARS[:2]}}, "wrong", "rows", "rows are missing, for instance uzb a"),
        ({"data": {"values": [*BARS, BARS[0]]}}, "wrong", "repeated-rows", "chart, kaz a stands"),
        ({"mark": 5}, "cannot_check", "", "c is a chart, but it cannot be read"),
        ({"layer": []}, "cannot_check", "", "c draws nothing"),
    ],
)  # fmt: skip
def test_what_a_chart_does_not_show(change, kind, mistake, words):
    found = judged(**change)
    assert (found.kind, found.mistake, found.points) == (kind, mistake, 0)
    assert words in found.message


@pytest.mark.parametrize("title", ["n", " ", None])
def test_an_axis_title_is_more_than_the_name_of_its_field(title):
    found = judged(encoding={"y": Y | {"title": title}})
    assert (found.mistake, found.points) == ("axis-title", 2)
    assert "The axis of n needs a title with the unit." in found.message
    other = judged(encoding={"x": {"field": "state", "type": "nominal"}})
    assert "The axis of state needs a title in words." in other.message


def test_a_chart_that_cannot_be_read_or_is_none():
    found = judge.form(CHART, {"c": text("x")})
    assert found.kind == "cannot_check"
    assert "c is a text, but an Altair chart is asked for" in found.message
    assert judge.form(CHART, {"c": {"type": "chart", "spec": spec()}}) is None


def test_a_mistake_in_a_chart_is_told_apart():
    doubled = table([["KAZ", "A", 2], ["KAZ", "B", 4], ["UZB", "A", 6]], ["state", "who", "n"])
    bars = [bar | {"n": 2 * bar["n"]} for bar in BARS]
    mistakes = [MISTAKE | {"slug": "a", "value": table([], doubled["columns"])},
                MISTAKE | {"value": doubled}]  # fmt: skip
    found = judged(mistakes=mistakes, data={"values": bars})
    assert (found.kind, found.mistake, found.message) == ("wrong", "twice", "You counted twice.")


def test_a_chart_may_lie_where_the_question_says_so():
    turned = {"x": spec()["encoding"]["y"], "y": spec()["encoding"]["x"]}
    assert judged(encoding=turned).mistake == "other-field"
    ask = Chart(**{**vars(CHART), "turned": True})
    assert judged(ask, encoding=turned).kind == "right"
    assert judged(ask).kind == "right"
    low = turned | {"x": Y | {"scale": {"zero": False}}}
    assert judged(ask, encoding=low).mistake == "baseline"
    free = Chart(**{**vars(CHART), "zero": False})
    assert judged(free, encoding={"y": Y | {"scale": {"zero": False}}}).kind == "right"


def test_the_view_that_shows_what_is_asked_for_is_judged_among_others():
    right = spec()
    other = {"mark": "text", "encoding": right["encoding"] | {"text": {"field": "n"}}}
    whole = {k: right[k] for k in ("data", "title", "description")}
    own = {"mark": "bar", "encoding": right["encoding"]}
    for parts in ([other, own], [own, other]):
        both = {"type": "chart", "spec": whole | {"layer": parts}}
        assert verdict(CHART, both, expected=DRAWN).kind == "right"
    wrong = {"mark": "bar", "encoding": right["encoding"] | {"color": {"field": "state"}}}
    for parts in ([other, wrong], [wrong, other]):
        both = {"type": "chart", "spec": whole | {"layer": parts}}
        assert verdict(CHART, both, expected=DRAWN).mistake == "no-series"


def test_years_need_no_axis_title_and_may_be_dates():
    ask = Chart(**{**vars(CHART), "x": "year", "series": None, "marks": ("line",)})
    lines = [{"year": "2000-01-01T00:00:00", "n": 1}, {"year": 2001, "n": 2}]
    drawn = table([[2000, 1], [2001, 2]], ["year", "n"])
    x = {"field": "year", "type": "temporal"}
    change = {"mark": {"type": "line"}, "data": {"values": lines}, "encoding": {"x": x}}
    assert judged(ask, drawn, **change).kind == "right"
    for cell in ("200x-01-01", "2000-02-01", "2000"):
        assert units.year(cell) == cell
    assert units.year("2000-01-01") == 2000


# --- what a chart means ------------------------------------------------------------------------

REDUCE = {
    "sum": sum,
    "mean": lambda x: sum(x) / len(x),
    "average": lambda x: sum(x) / len(x),
    "median": lambda x: (sorted(x)[(len(x) - 1) // 2] + sorted(x)[len(x) // 2]) / 2,
    "min": min,
    "max": max,
    "count": len,
}
DATUM = st.fixed_dictionaries(
    {"state": st.sampled_from("abc"), "n": st.one_of(WHOLE, st.none(), st.just("x"), st.just(True))}
)


@pytest.mark.parametrize("aggregate", [*REDUCE, ""])
@given(rows=st.lists(DATUM, max_size=12))
@example(rows=[{"state": "a", "n": n} for n in (1, 2, 10, 20)])
@example(rows=[{"state": "a", "n": n} for n in (20, 1, 3)])
def test_what_a_view_draws_group_by_group(aggregate, rows):
    channel = vega.Channel("n", "quantitative", aggregate, "", zero=True)
    view = vega.View("bar", {}, tuple(rows), "", "")
    found = vega.shown(view, ["state"], channel)
    known = [
        (row["state"], row["n"])
        for row in rows
        if aggregate == "count" or isinstance(row["n"], int)
    ]
    if not aggregate:
        assert found == [{"state": state, "measure": n} for state, n in known]
        return
    groups = {}
    for state, n in known:
        groups.setdefault(state, []).append(n)
    assert {row["state"]: row["measure"] for row in found} == {
        state: pytest.approx(REDUCE[aggregate](ns)) for state, ns in groups.items()
    }
    assert [list(row) for row in found] == [["state", "measure"]] * len(groups)


def test_what_a_view_computes_otherwise_is_not_followed():
    view = vega.View("bar", {}, ({"n": math.inf}, {"n": 1}), "", "")
    channel = vega.Channel("n", "quantitative", "", "", zero=True)
    assert vega.shown(view, ["who"], channel) == [{"who": None, "measure": 1}]
    other = vega.Channel("n", "quantitative", "stdev", "", zero=True)
    assert vega.shown(view, [], other) is None
    unknown = vega.View("bar", {}, None, "", "")
    assert vega.shown(unknown, [], channel) is None


@pytest.mark.parametrize(
    ("channel", "zero"),
    [
        ({}, True),
        ({"scale": {}}, True),
        ({"scale": None}, True),
        ({"scale": {"zero": True}}, True),
        ({"scale": {"zero": False}}, False),
        ({"scale": {"zero": "no"}}, False),
        ({"bin": True}, False),
        ({"bin": True, "scale": {"zero": True}}, False),
        ({"scale": {"type": "log"}}, False),
        ({"scale": {"type": "time"}}, False),
        ({"scale": {"type": "utc"}}, False),
        ({"scale": {"type": "linear"}}, True),
        ({"scale": {"domain": [0, 5]}}, True),
        ({"scale": {"domain": [-5, 0]}}, True),
        ({"scale": {"domain": [5, -1]}}, True),
        ({"scale": {"domain": [1, 5]}}, False),
        ({"scale": {"domain": [-5, -1]}}, False),
        ({"scale": {"domain": []}}, False),
        ({"scale": {"domain": [0.5, "x"]}}, False),
        ({"scale": {"domainMin": 0}}, True),
        ({"scale": {"domainMin": -1, "zero": False}}, True),
        ({"scale": {"domainMin": 0.5}}, False),
        ({"scale": {"domainMin": "x"}}, True),
    ],
)
def test_whether_an_axis_starts_at_zero(channel, zero):
    encoding = {"y": {"field": "n", "type": "quantitative", **channel}}
    (view,) = vega.views({"mark": "bar", "encoding": encoding})
    assert view.channels["y"].zero is zero


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ({"field": "n", "type": "ordinal"}, ("n", "ordinal", "", "")),
        ({"field": "n"}, ("n", "", "", "")),
        ({"aggregate": "count"}, ("", "quantitative", "count", "")),
        ({"field": "n", "aggregate": {"argmax": "x"}}, ("n", "quantitative", "", "")),
        ({"field": "n", "title": " T "}, ("n", "", "", "T")),
        ({"field": "n", "title": ["a", "b"]}, ("n", "", "", "a b")),
        ({"field": "n", "title": {"text": ["a", 1]}}, ("n", "", "", "a 1")),
        ({"field": "n", "title": None, "axis": {"title": "A"}}, ("n", "", "", "")),
        ({"field": "n", "axis": {"title": "A"}}, ("n", "", "", "A")),
        ({"field": "n", "legend": {"title": "L"}}, ("n", "", "", "L")),
        ({"field": "n", "header": {"title": "H"}}, ("n", "", "", "H")),
        ({"field": "n", "axis": "odd"}, ("n", "", "", "")),
        ({"field": "n", "axis": None, "legend": {"title": "L"}}, ("n", "", "", "L")),
    ],
)
def test_what_a_channel_shows(channel, expected):
    (view,) = vega.views({"mark": "bar", "encoding": {"x": channel, "y": 5, "z": {"value": 1}}})
    assert list(view.channels) == ["x"]
    found = view.channels["x"]
    assert (found.field, found.kind, found.aggregate, found.title) == expected


ONE = {"mark": "bar", "encoding": {"x": {"field": "a"}}}


@pytest.mark.parametrize("operator", ["layer", "hconcat", "vconcat", "concat"])
def test_parts_inherit_what_they_do_not_say_themselves(operator):
    whole = {
        "data": {"values": [{"a": 1}]},
        "title": "Whole",
        "description": "said above",
        "encoding": {"y": {"field": "b"}},
        operator: [ONE, ONE | {"title": "Own", "description": "own", "data": {"values": []},
                               "encoding": {"y": {"field": "c"}}}],
    }  # fmt: skip
    first, second = vega.views(whole)
    assert (first.title, first.description, first.rows) == ("Whole", "said above", ({"a": 1},))
    assert [(n, c.field) for n, c in first.channels.items()] == [("y", "b"), ("x", "a")]
    assert (second.title, second.description, second.rows) == ("Own", "own", ())
    assert [(n, c.field) for n, c in second.channels.items()] == [("y", "c")]
    computed = vega.views(whole | {"transform": [{"filter": "x"}]})
    assert [view.rows for view in computed] == [None, None]


def test_a_facet_is_a_channel_and_a_dataset_has_a_name():
    inner = {"data": {"name": "d"}, "datasets": {"d": [{"a": 1}], "e": [{"a": 2}]}, "spec": ONE}
    (view,) = vega.views(inner | {"facet": {"field": "who"}})
    assert view.channels["facet"].field == "who"
    assert view.rows == ({"a": 1},)
    above = {"encoding": {"y": {"field": "b"}}}
    (view,) = vega.views(inner | above | {"facet": {"field": "who"}})
    assert {n: c.field for n, c in view.channels.items()} == {"y": "b", "facet": "who", "x": "a"}
    (view,) = vega.views(inner | {"facet": {"row": {"field": "r"}, "column": {"field": "c"}}})
    assert {n: c.field for n, c in view.channels.items()} == {"x": "a", "row": "r", "column": "c"}
    assert vega.views(inner | {"data": {"name": "f"}})[0].rows is None
    assert vega.views(ONE)[0].rows is None
    assert vega.views(ONE | {"mark": {"type": "line"}})[0].mark == "line"


def test_a_chart_has_a_largest_depth_and_number_of_parts():
    deep = ONE
    for _ in range(8):
        deep = {"layer": [deep]}
    assert len(vega.views(deep)) == 1
    with pytest.raises(ValueError, match="it cannot be read"):
        vega.views({"layer": [deep]})
    assert len(vega.views({"hconcat": [ONE] * (vega.MAX_PARTS - 1)})) == vega.MAX_PARTS - 1
    with pytest.raises(ValueError, match=r"it cannot be read \(KeyError\)"):
        vega.views({"hconcat": [ONE] * vega.MAX_PARTS})
    faceted = ONE
    for _ in range(8):
        faceted = {"spec": faceted}
    assert len(vega.views(faceted)) == 1
    with pytest.raises(ValueError, match="it cannot be read"):
        vega.views({"spec": faceted})


def test_a_dataset_has_a_longest_length():
    rows = [{"a": 1}] * values.MAX_ROWS
    assert len(vega.views(ONE | {"data": {"values": rows}})[0].rows) == values.MAX_ROWS
    assert vega.views(ONE | {"data": {"values": [*rows, {"a": 1}]}})[0].rows is None


@given(JSON)
def test_any_specification_is_read_or_refused(made_up):
    for whole in (made_up, {"mark": made_up}, ONE | {"data": made_up}, {"layer": made_up}):
        if not isinstance(whole, dict):
            continue
        try:
            found = vega.views(whole)
        except ValueError:
            continue
        assert all(isinstance(view.mark, str) for view in found)
