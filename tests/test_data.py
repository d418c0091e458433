"""The data package: valid, sourced, sorted, described, small, and consistent with itself."""

import csv
import json
import re
import socket

import frictionless
import pandas as pd
import pytest

from centralasia import codebook, tables
from centralasia.columns import timestamps
from centralasia.paths import data_dir

DATA = data_dir()
PACKAGE = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
RESOURCES = {r["name"]: r for r in PACKAGE["resources"]}
TABLES = {name: r for name, r in RESOURCES.items() if "schema" in r}
NO_SOURCE = ("areas", "claims", "options", "payoffs")
"""Codes, claims (whose sources stand in claim_sources), options of items, the course's scores."""
STATE_LIST = "^[A-Z]{3}(;[A-Z]{3})*$"
SPELLS = [("start", "end"), ("founded", "ended"), ("commissioned", "closed")]


def text(name):
    """Return a table as the strings that stand in the file."""
    return pd.read_csv(DATA / TABLES[name]["path"], dtype="str", keep_default_na=False)


def fields(name):
    return {f["name"]: f for f in TABLES[name]["schema"]["fields"]}


def test_package_is_valid_without_network(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("validation must not use the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    report = frictionless.validate(str(DATA / "datapackage.json"))
    problems = [
        f"{task.name}, row {getattr(error, 'row_number', '-')}: {error.note}"
        for task in report.tasks
        for error in task.errors[:3]
    ]
    assert report.valid, "\n".join(problems + [e.message for e in report.errors])


def test_every_file_is_described():
    described = {r["path"] for r in RESOURCES.values()} | {"datapackage.json", "README.md"}
    assert {p.name for p in DATA.iterdir()} == described


def test_data_is_small():
    assert sum(p.stat().st_size for p in DATA.iterdir()) < 3_000_000


@pytest.mark.parametrize("name", RESOURCES)
def test_resource_says_what_it_is(name):
    resource = RESOURCES[name]
    assert re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", resource["as_of"])
    for part in ("title", "description", "licenses", "sources"):
        assert resource[part], part


@pytest.mark.parametrize("name", TABLES)
def test_columns_are_described(name):
    without_unit = {"value", "capacity", "outcome"}  # the unit stands in the row or in indicators
    for column, field in fields(name).items():
        assert field["description"], column
        if field["type"] == "number" and column not in without_unit:
            assert field["unit"], column


@pytest.mark.parametrize("name", TABLES)
def test_file_is_plain_and_sorted(name):
    raw = (DATA / TABLES[name]["path"]).read_bytes()
    content = raw.decode("utf-8")
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert content.endswith("\n")
    assert not re.search(r"Ã|â€|\ufffd| ,|  ", content), "spoilt characters or stray spaces"
    table, key = text(name), TABLES[name]["schema"]["primaryKey"]
    assert not table.duplicated().any()
    numbers = {c for c in key if fields(name)[c]["type"] == "integer"}
    order = table[key].apply(lambda c: c.astype("int64") if c.name in numbers else c.str.casefold())
    wrong = order.index[order.sort_values(key).index != order.index]
    assert wrong.empty, (
        f"not sorted by {key}, first at row {wrong[0] + 1}: {dict(table.loc[wrong[0], key])}"
    )


@pytest.mark.parametrize("name", TABLES)
def test_cells_hold_no_more_text_than_needed(name):
    with (DATA / TABLES[name]["path"]).open(encoding="utf-8", newline="") as file:
        longest = max(
            ((len(cell), column) for row in csv.DictReader(file) for column, cell in row.items())
        )
    assert longest[0] <= 700, longest


@pytest.mark.parametrize("name", TABLES)
def test_dates_are_plausible(name):
    table = text(name)
    dates = [c for c, f in fields(name).items() if "date" in f]
    for column in dates:
        known = table[column][table[column] != ""]
        assert known.str[:4].astype(int).between(1850, 2026).all(), column
    for first, last in SPELLS:
        if {first, last} <= set(dates):
            both = table[(table[first] != "") & (table[last] != "")]
            ends = timestamps(both[last], last_day=True)
            assert (timestamps(both[first]) <= ends).all(), f"{first} after {last}"


@pytest.mark.parametrize("name", TABLES)
def test_states_in_lists_resolve(name):
    known = set(text("areas")["area"])
    for column, field in fields(name).items():
        if field.get("constraints", {}).get("pattern") == STATE_LIST:
            codes = set(";".join(text(name)[column]).split(";")) - {""}
            assert codes <= known, (column, codes - known)


@pytest.mark.parametrize("name", [n for n in TABLES if n not in ("sources", *NO_SOURCE)])
def test_rows_have_a_source_that_resolves(name):
    unknown = set(text(name)["source_id"]) - set(text("sources")["source_id"]) - {""}
    assert not unknown


def test_no_source_is_idle():
    used = set().union(*(text(n)["source_id"] for n in TABLES if "source_id" in fields(n)))
    linked = set().union(
        *(text(n)["source_id"] for n in TABLES if n != "sources" and "source_id" in fields(n))
    )
    assert set(text("sources")["source_id"]) - linked <= {"natural_earth_world_atlas"}
    assert used


def test_areas_name_states_as_countries_do():
    both = text("countries").merge(text("areas"), left_on="country", right_on="area")
    assert len(both) == len(text("countries"))
    assert (both["name_x"] == both["name_y"]).all()


def test_shapes_carry_codes_of_states():
    shapes = json.loads((DATA / "region.topo.json").read_text(encoding="utf-8"))
    ids = {g["id"] for g in shapes["objects"]["region"]["geometries"]}
    assert ids <= set(text("areas")["area"])
    assert {"KAZ", "KGZ", "TJK", "TKM", "UZB"} <= ids


def test_codebook_is_up_to_date():
    written = (DATA / "README.md").read_text(encoding="utf-8")
    assert written == codebook.render(), "run: python -m centralasia.codebook"


# What the figures must agree with.


def test_trade_compilation_is_its_own_mirror():
    cow = tables.load("trade").query("source_id == 'cow_trade_v4'")
    five = cow[cow["partner"].isin(cow["country"].unique())]
    exports = five.query("flow == 'export'").set_index(["country", "partner", "year"])["value_usd"]
    imports = five.query("flow == 'import'").set_index(["partner", "country", "year"])["value_usd"]
    imports.index.names = exports.index.names
    assert exports.sort_index().equals(imports.sort_index())


def test_trade_keeps_no_zero_that_means_missing():
    zeros = tables.load("trade").query("value_usd == 0")
    assert zeros["year"].min() > 1993
    assert zeros["note"].notna().all()


def test_trade_with_china_is_the_figure_of_the_claim():
    """2.91 bn in 2003 and 24.11 bn in 2010: the finding of CN-25."""
    trade = tables.load("trade").query("source_id == 'cow_trade_v4' and partner == 'CHN'")
    billions = trade.groupby("year")["value_usd"].sum() / 1e9
    assert billions[2003] == pytest.approx(2.91, abs=0.005)
    assert billions[2010] == pytest.approx(24.11, abs=0.005)


def test_change_of_reporter_is_marked():
    kyrgyz = tables.load("trade").query(
        "country == 'KGZ' and partner == 'CHN' and flow == 'import' and source_id == 'cow_trade_v4'"
    )
    assert kyrgyz.query("year >= 2009")["note"].str.contains("reporter changes in 2009").all()


def test_turnover_is_never_beside_a_full_split():
    trade = tables.load("trade")
    turnover = trade.query("flow == 'turnover'")
    assert (turnover["partner"] == "CHN").all()
    assert set(trade.query("country == 'CENTRAL_ASIA'")["flow"]) == {"turnover"}


def test_partner_shares_add_up_to_at_most_all():
    shares = tables.load("partner_shares")
    sums = shares.groupby(["country", "edition", "flow"], observed=True)["share_pct"].sum()
    assert sums.max() <= 102, "above what rounding in the source explains"


def test_gas_of_the_group_is_that_of_its_members():
    flows = tables.load("gas_flows").query("year == 2024 and importer == 'CHN'")
    flows = flows.set_index("exporter")["value_bcm"]
    assert flows[["KAZ", "TKM", "UZB"]].sum() == pytest.approx(flows["CIS_EX_RUS"], abs=0.01)


def test_oil_by_route_stays_below_the_total():
    oil = tables.load("oil_routes").query("period == 'full year'")
    total = oil.query("route == 'total'").groupby("year")["value_mt"].max()
    for row in oil.query("year in @total.index").itertuples():
        assert row.value_mt <= total[row.year], row


def test_arms_sums_are_those_of_the_deals():
    deals = tables.load("arms_deals").rename(columns={"delivery_year": "year"})
    summed = deals.groupby(["recipient", "supplier", "year"])["tiv_million"].sum()
    arms = tables.load("arms").query("method == 'deal_sum' and supplier != 'OTHER_SUPPLIERS'")
    listed = arms.set_index(["recipient", "supplier", "year"])["tiv_million"]
    assert listed.sort_index().to_dict() == pytest.approx(summed.sort_index().to_dict(), abs=0.01)


def test_votes_lie_on_their_scales():
    votes = tables.load("votes")
    shares = votes[votes["measure"].isin(["agreement_identical", "agreement_half"])]
    assert shares["value"].between(0, 1).all()
    assert shares["n_votes"].min() > 1
    points = votes[votes["partner"].isna()].pivot_table(
        index=["country", "year"], columns="measure", values="value", observed=True
    )
    assert (points["ideal_point_low"] <= points["ideal_point"]).all()
    assert (points["ideal_point"] <= points["ideal_point_high"]).all()


def test_merged_exercises_are_gone():
    exercises = tables.load("exercises")
    merged = set(";".join(exercises["merged_ids"].dropna()).split(";"))
    assert len(merged) == 5
    assert not merged & set(exercises["exercise_id"])


def test_non_commercial_sources_are_marked():
    use = tables.load("sources").set_index("source_id")["use"]
    assert (use[use.index.str.startswith("sipri")] == "non_commercial").all()
