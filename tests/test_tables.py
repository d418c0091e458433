"""`centralasia.tables`: types, errors that help, and speed."""

import json
import shutil
import time

import pandas as pd
import pytest

from centralasia import course, tables
from centralasia.paths import data_dir, using


@pytest.fixture
def copy(tmp_path):
    """Return a copy of the data folder that tables read from."""
    folder = tmp_path / "data"
    shutil.copytree(data_dir(), folder)
    with using(folder):
        yield folder


@pytest.mark.parametrize("name", tables.names())
def test_table_loads_with_the_columns_it_describes(name):
    frame, described = tables.load(name), tables.describe(name)
    assert len(frame)
    assert list(frame) == described["column"].to_list()
    assert described["description"].str.len().min() > 0
    for column, kind in described.set_index("column")["type"].items():
        if kind == "date":
            assert pd.api.types.is_datetime64_dtype(frame[column])
            assert f"{column}_text" in frame
        elif kind.startswith("one of"):
            assert isinstance(frame[column].dtype, pd.CategoricalDtype)
        elif kind == "whole number":
            assert frame[column].dtype in ("int64", "Int64")


def test_categories_keep_the_order_of_the_description():
    stages = tables.load("claims")["stage"].cat.categories
    assert list(stages) == ["frame", "1", "2", "3", "4", "outlook"]


def test_missing_whole_numbers_stay_missing():
    votes = tables.load("votes")
    assert votes["n_votes"].dtype == "Int64"
    assert votes.loc[votes["partner"].isna(), "n_votes"].isna().all()


def test_partial_dates_take_the_last_day_at_the_end():
    exercise = tables.load("exercises").set_index("exercise_id").loc["mme1524"]
    assert (exercise["start_text"], exercise["end_text"]) == ("1997-05", "1997-05")
    assert (exercise["start"].day, exercise["end"].day) == (1, 31)


def test_each_load_is_a_fresh_copy():
    spoilt = tables.load("areas")
    spoilt["name"] = "spoilt"
    assert "Kazakhstan" in set(tables.load("areas")["name"])


def test_columns_come_in_the_order_asked_for():
    wanted = ["year", "start_text", "exercise_id"]
    assert list(tables.load("exercises", wanted)) == wanted
    assert list(tables.load("exercises", "start")) == ["start"]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: tables.load("traed"), tables.UnknownTable, ["'traed'", "'trade'", "names()"]),
        (lambda: tables.describe("Trade"), tables.UnknownTable, ["'trade'"]),
        (lambda: tables.sources("zzz"), tables.UnknownTable, ["'zzz'", "names()"]),
        (
            lambda: tables.load("trade", ["valeu_usd"]),
            tables.UnknownColumn,
            ["'valeu_usd'", "'trade'", "'value_usd'", "describe('trade')"],
        ),
    ],
)
def test_unknown_names_are_answered_with_near_ones(call, error, words):
    with pytest.raises(error) as raised:
        call()
    assert isinstance(raised.value, KeyError)
    assert not str(raised.value).startswith(('"', "'"))
    for word in words:
        assert word in str(raised.value)


def test_sources_give_licence_and_use():
    arms = tables.sources("arms")
    assert set(arms["use"]) == {"non_commercial"}
    assert arms["rows"].sum() == len(tables.load("arms"))
    assert tables.sources("options").empty


def test_missing_file_is_named(copy):
    (copy / "trade.csv").unlink()
    with pytest.raises(tables.DamagedTable, match=r"'trade' is missing.*trade\.csv.*doctor"):
        tables.load("trade")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("country,year\nKAZ,1991\n", "has the columns country, year, but should have"),
        ("country,year,troops,source_id\nKAZ,1991,many,x\n", "column 'troops'"),
        ("country,year,troops,source_id\nKAZ,,5,x\n", "'year': line 2 has no value"),
        ("country,year,troops,source_id\nKAZ,1991,inf,x\n", "column 'troops'"),
        ("", "cannot be read as a table"),
    ],
)
def test_damaged_file_is_explained(copy, content, words):
    (copy / "us_troops.csv").write_text(content, encoding="utf-8")
    with pytest.raises(tables.DamagedTable, match=words):
        tables.load("us_troops")


def test_value_outside_a_closed_list_is_refused(copy):
    path = copy / "arms.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("published", "guessed"), "utf-8")
    with pytest.raises(tables.UnknownValue) as raised:
        tables.load("arms")
    assert str(raised.value).startswith("arms.csv, line 3, column 'method': 'guessed' is none of")
    assert "enum in data/datapackage.json" in str(raised.value)
    assert "doctor" not in str(raised.value), "the table is whole"


@pytest.mark.parametrize(
    ("table", "column", "to"),
    [
        ("events", "power", "powers"),
        ("claims", "power", "powers"),
        ("claims", "text", "texts"),
        ("claims", "lesson", "lessons"),
        ("glossary", "lesson", "lessons"),
        ("items", "lesson", "lessons"),
        ("lessons", "text", "texts"),
    ],
)
def test_a_key_that_the_course_does_not_know_is_refused_with_its_line(copy, table, column, to):
    path = copy / f"{table}.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[3, column] = "atlantis"
    frame.to_csv(path, index=False, lineterminator="\n")
    assert "atlantis" in path.read_text(encoding="utf-8").splitlines()[4]
    with pytest.raises(tables.UnknownValue) as raised:
        tables.load(table)
    words = f"{table}.csv, line 5, column '{column}': there is no {to[:-1]} 'atlantis'."
    assert str(raised.value) == f"{words} A new one needs a row in data/{to}.csv."


def test_powers_are_a_category_in_the_order_of_the_course(copy):
    assert list(tables.load("events")["power"].cat.categories) == [
        power.key for power in course.powers()
    ]
    path = copy / "powers.csv"
    swapped = path.read_text(encoding="utf-8").replace("china,2,", "china,0,")
    path.write_text(swapped, encoding="utf-8")
    first, *_ = tables.load("claims")["power"].cat.categories
    assert first == "china", "a table follows the powers as soon as they are edited"


def test_a_power_that_no_row_is_about_changes_no_table(copy):
    with (copy / "powers.csv").open("a", encoding="utf-8") as file:
        file.write("atlantis,99,ATL,Atlantis,Atlantis,AT,#0b5c4a,cross,1 3,✚,false\n")
    before = tables.load("claims")["power"]
    with using(data_dir()):
        assert before.equals(tables.load("claims")["power"])


def test_a_changed_description_is_followed(copy):
    path = copy / "datapackage.json"
    before = tables.names()
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"] = package["resources"][:3]
    path.write_text(json.dumps(package), encoding="utf-8")
    assert tables.names() == before[:3]


def test_a_date_that_is_none_is_refused_in_one_line(copy):
    path = copy / "exercises.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",1997-05,", ",1997-13,"), "utf-8")
    with pytest.raises(tables.DamagedTable, match=r"column 'start': .*1997-13.*doctor") as raised:
        tables.load("exercises")
    assert "\n" not in str(raised.value)


def test_a_cell_of_a_draft_is_named_in_one_sentence(copy):
    path = copy / "lessons.csv"
    path.write_text(path.read_text("utf-8").replace(",1991,", ",TO FILL: first year,", 1), "utf-8")
    words = r"^data/lessons\.csv, line \d+, column start: still TO FILL \(first year\)\. 'central"
    with pytest.raises(tables.DamagedTable, match=words) as raised:
        tables.load("lessons")
    assert "fresh copy" not in str(raised.value)


def test_damaged_description_is_named(copy):
    (copy / "datapackage.json").write_text("{", encoding="utf-8")
    with pytest.raises(tables.DamagedTable, match=r"datapackage\.json cannot be read"):
        tables.names()


def test_a_package_is_read_by_its_own_description(copy):
    package = json.loads((copy / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [r for r in package["resources"] if r["name"] == "us_troops"]
    (copy / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert tables.names() == ["us_troops"]
    with pytest.raises(tables.UnknownTable):
        tables.load("trade")
    with using(data_dir().parent / "elsewhere"), pytest.raises(tables.DamagedTable):
        tables.names()


def test_types_cost_little_and_a_second_load_costs_next_to_nothing():
    """Measured against reading the same files as text, so that a slow machine changes nothing."""

    def least(work):
        spent = []
        for _ in range(3):
            tables._typed.cache_clear()
            start = time.process_time()
            for name in tables.names():
                work(name)
            spent.append(time.process_time() - start)
        return min(spent)

    def twice(name):
        tables.load(name)
        tables.load(name)

    as_text = least(lambda name: pd.read_csv(data_dir() / f"{name}.csv", dtype="str"))
    once, again = least(tables.load), least(twice)
    assert once < 20 * as_text, "about four times"
    assert again < 1.5 * once, "about one part in forty more"
