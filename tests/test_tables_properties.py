"""What holds of every column and table, whatever stands in it."""

import calendar
import json
import os
import re
from datetime import date

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from centralasia import columns, tables
from centralasia.paths import using

WORDS = ["export", "import", "both"]
CELLS = {
    "integer": st.integers(-(2**62), 2**62),
    "number": st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "string": st.text("abc ", min_size=1).filter(str.strip),
    "enum": st.sampled_from(WORDS),
}
DTYPES = {
    ("integer", True): "int64",
    ("integer", False): "Int64",
    ("number", True): "float64",
    ("number", False): "float64",
    ("boolean", True): "bool",
    ("boolean", False): "boolean",
    ("string", True): "str",
    ("string", False): "str",
}


def field(kind, required, **more):
    constraints = {"required": required}
    if kind == "enum":
        constraints["enum"] = WORDS
    name = "string" if kind == "enum" else kind
    return {"name": "x", "type": name, "description": "", "constraints": constraints, **more}


def text_of(cell):
    return str(cell).lower() if isinstance(cell, bool) else cell if cell is None else str(cell)


@st.composite
def typed(draw):
    kind, required = draw(st.sampled_from(sorted(CELLS))), draw(st.booleans())
    cell = CELLS[kind] if required else st.one_of(st.none(), CELLS[kind])
    return kind, required, draw(st.lists(cell, min_size=1, max_size=6))


@given(typed())
def test_a_column_comes_back_as_it_was_written(column):
    kind, required, cells = column
    text = pd.Series(list(map(text_of, cells)), dtype="str", index=range(5, 5 + len(cells)))
    found = columns.convert(text, field(kind, required))
    assert found.index.equals(text.index)
    if kind == "enum":
        assert found.cat.categories.to_list() == WORDS
    else:
        assert found.dtype == DTYPES[kind, required]
    assert [None if pd.isna(cell) else cell for cell in found] == cells


@pytest.mark.parametrize("kind", sorted(CELLS))
def test_a_cell_that_must_be_there_is_asked_for_by_its_row(kind):
    text = pd.Series([None, None], dtype="str")
    text.iloc[0] = {"integer": "1", "number": "1", "boolean": "true"}.get(kind, "both")
    with pytest.raises(ValueError, match="line 3 has no value"):
        columns.convert(text, field(kind, required=True))
    assert columns.convert(text, field(kind, required=False)).isna().to_list() == [False, True]
    described = {"name": "x", "type": "string"}
    assert columns.convert(text, described).isna().to_list() == [False, True]


@pytest.mark.parametrize(("kind", "wrong"), [("boolean", "True"), ("enum", "exports")])
def test_a_word_that_is_not_allowed_is_named_with_its_row(kind, wrong):
    right = {"boolean": "false", "enum": "both"}[kind]
    for required in (True, False):
        text = pd.Series([right, right, wrong, "other"], dtype="str")
        with pytest.raises(ValueError, match=f"line 4 holds '{wrong}', not an allowed value"):
            columns.convert(text, field(kind, required))


DAY = st.dates(date(1600, 1, 1), date(2250, 12, 31))


@given(st.lists(st.tuples(DAY, st.sampled_from([4, 7, 10])), min_size=1, max_size=5))
@example([(date(2000, 2, 5), 7), (date(1900, 2, 5), 7), (date(1999, 3, 3), 4)])
def test_a_date_known_in_part_stands_for_its_first_or_last_day(dates):
    text = pd.Series([str(day)[:length] for day, length in dates], dtype="str")
    first, last = [], []
    for day, length in dates:
        month = day.month if length > 4 else 1
        first.append(date(day.year, month, day.day if length == 10 else 1))
        month = day.month if length > 4 else 12
        end = calendar.monthrange(day.year, month)[1]
        last.append(date(day.year, month, day.day if length == 10 else end))
    assert columns.timestamps(text).dt.date.to_list() == first
    assert columns.timestamps(text, last_day=True).dt.date.to_list() == last
    for which, expected in (("start", first), ("end", last)):
        described = {"name": "x", "type": "string", "date": which}
        assert columns.convert(text, described).dt.date.to_list() == expected


@pytest.mark.parametrize(
    "text", ["1994-13", "1994-02-30", "94", "1994-3", "May 1994", "1994-1-1", "28.03.1994"]
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=f"line 3 holds '{text}', which is no day, month or year"):
        columns.timestamps(pd.Series(["1994", text, "x"], dtype="str"))
    with pytest.raises(ValueError, match=f"line 2 holds '{text}'"):
        columns.timestamps(pd.Series([text], dtype="str"))


def test_a_missing_date_stays_missing():
    for last_day in (True, False):
        days = columns.timestamps(pd.Series(["1994", None], dtype="str"), last_day=last_day)
        assert days.isna().to_list() == [False, True]


def test_the_type_of_a_column_in_words():
    said = {
        "whole number": {"type": "integer"},
        "number": {"type": "number", "constraints": {"enum": [1, 2]}},
        "yes or no": {"type": "boolean", "constraints": {"required": True}},
        "text": {"type": "string", "constraints": {}},
        "one of: a, b": {"type": "string", "constraints": {"enum": ["a", "b"]}},
        "date": {"type": "string", "date": "start", "constraints": {"enum": ["1994"]}},
    }
    assert {columns.kind(described): words for words, described in said.items()} == {
        words: words for words in said
    }


# --- a data package of one table ----------------------------------------------------------------


@pytest.fixture
def package(tmp_path):
    """A data package of two tables, in use."""
    fields = [
        field("string", required=True) | {"name": "area"},
        field("integer", required=False)
        | {"name": "n", "unit": "persons", "description": "how many"},
        field("string", required=False, date="start") | {"name": "day", "description": "the first"},
        field("string", required=True) | {"name": "source_id"},
    ]
    about = ["source_id", "title", "publisher", "date", "licence", "use", "url"]
    sources = [field("string", required=True) | {"name": name} for name in about]
    resources = [
        {"name": "visits", "path": "visits.csv", "schema": {"fields": fields}},
        {"name": "sources", "path": "sources.csv", "schema": {"fields": sources}},
        {"name": "picture", "path": "picture.svg"},
    ]
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": resources}), "utf-8")
    (tmp_path / "visits.csv").write_text(
        "area,n,day,source_id\nKAZ,1,1994,b\nNA,,1994-03,a\nnull,3,,a\nUZB,4,,c\n", "utf-8"
    )
    lines = [f"{name},Title {name},P,2000,L,free,u" for name in "abcd"]
    (tmp_path / "sources.csv").write_text("\n".join([",".join(about), *lines, ""]), "utf-8")
    with using(tmp_path):
        yield tmp_path


def test_only_an_empty_cell_is_missing(package):
    frame = tables.load("visits")
    assert frame["area"].to_list() == ["KAZ", "NA", "null", "UZB"]
    assert frame["n"].isna().to_list() == [False, True, False, False]
    assert list(frame) == ["area", "n", "day", "day_text", "source_id"]
    assert tables.names() == ["visits", "sources"]


def test_the_description_has_each_column_that_is_loaded(package):
    described = tables.describe("visits")
    assert list(described) == ["column", "type", "unit", "description"]
    assert described["column"].to_list() == list(tables.load("visits"))
    rows = described.set_index("column").T.to_dict("list")
    assert rows["n"] == ["whole number", "persons", "how many"]
    assert rows["area"] == ["text", "", ""]
    assert rows["day"] == ["date", "", "the first"]
    assert rows["day_text"][:2] == ["text", ""]
    assert rows["day_text"][2].startswith("day as the source gives it")


def test_the_sources_of_a_table_most_used_first(package):
    found = tables.sources("visits")
    assert found[["source_id", "rows"]].to_numpy().tolist() == [["a", 2], ["b", 1], ["c", 1]]
    assert found.index.to_list() == [0, 1, 2]
    assert found["title"].to_list() == ["Title a", "Title b", "Title c"]
    columns_ = ["source_id", "rows", "title", "publisher", "date", "licence", "use", "url"]
    assert list(found) == columns_


def test_an_edit_is_followed_even_where_the_length_of_the_file_stays(package):
    assert tables.load("visits")["n"].iloc[0] == 1
    path = package / "visits.csv"
    before = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("KAZ,1", "KAZ,7"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000))
    assert path.stat().st_size == before.st_size
    assert tables.load("visits")["n"].iloc[0] == 7


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("visit", "Did you mean 'visits'"),
        ("VISITS", "Did you mean 'visits'"),
        ("sour", "Did you mean 'sources'"),
        ("it", "Did you mean 'visits'"),
        ("xyz", "no table 'xyz'. See all with tables.names()"),
        ("", "no table ''. See all with tables.names()"),
    ],
)
def test_a_near_name_is_offered_and_no_other(package, asked, near):
    with pytest.raises(tables.UnknownTable, match=re.escape(near)):
        tables.load(asked)


def test_columns_are_asked_for_by_name(package):
    assert list(tables.load("visits", iter(["n", "area"]))) == ["n", "area"]
    with pytest.raises(tables.UnknownColumn, match=r"no column 'days' in table 'visits'.*'day'"):
        tables.load("visits", ["n", "days"])
