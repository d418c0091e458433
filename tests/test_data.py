"""The data package: valid, sourced, sorted, described, small, and consistent with itself."""

import csv
import json
import re
import socket

import frictionless
import pandas as pd
import pytest

from centralasia import codebook, course, tables
from centralasia.columns import timestamps
from centralasia.paths import data_dir

DATA = data_dir()
PACKAGE = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
RESOURCES = {r["name"]: r for r in PACKAGE["resources"]}
TABLES = {name: r for name, r in RESOURCES.items() if "schema" in r}
NO_SOURCE = ("lessons", "powers", "areas", "habits", "claims", "codings", "options", "payoffs")
NO_SOURCE += ("workings", "society")
"""Codes, the page on methods, claims with their codings (see claim_sources), options, scores, and
marks on events, whose sources are theirs."""
SOURCE_COLUMNS = ("source_id", "second_source")
STATE_LIST = "^[A-Z]{3}(;[A-Z]{3})*$"
SPELLS = [("start", "end"), ("founded", "ended"), ("commissioned", "closed")]


def edit(name, what):
    """Return the sentence that says which table to edit, and how."""
    return f"edit data/{TABLES[name]['path']}: {what}"


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
    found = "\n".join(problems + [e.message for e in report.errors])
    assert report.valid, (
        f"{found}\nEdit that row of data/<name>.csv; data/README.md says what each column holds. A "
        "key that is not found needs a row in the table of those keys."
    )


def test_every_file_is_described():
    described = {r["path"] for r in RESOURCES.values()} | {"datapackage.json", "README.md"}
    there = {p.name for p in DATA.iterdir()}
    assert there == described, (
        f"{sorted(there ^ described)}: describe a new table in data/datapackage.json, and keep "
        "nothing else in data/"
    )


def test_data_is_small():
    size = sum(p.stat().st_size for p in DATA.iterdir())
    assert size < 3_000_000, (
        f"{size} bytes in data/: a browser loads all of it; shorten the longest"
    )


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
    plain = edit(name, "save it as text in UTF-8 without a mark, each row ended by \\n alone")
    assert b"\r" not in raw, plain
    assert not raw.startswith(b"\xef\xbb\xbf"), plain
    assert content.endswith("\n"), plain
    lines = enumerate(content.split("\n"), start=1)
    spoilt = [n for n, line in lines if re.search(r"Ã|â€|\ufffd| ,|  ", line)]
    assert spoilt == [], edit(name, f"spoilt letters or stray spaces in the lines {spoilt[:9]}")
    table, key = text(name), TABLES[name]["schema"]["primaryKey"]
    twice = table.loc[table.duplicated(), key].to_numpy().tolist()
    assert twice == [], edit(name, f"a row stands twice, delete one: {twice[:5]}")
    numbers = {c for c in key if fields(name)[c]["type"] == "integer"}
    order = table[key].apply(lambda c: c.astype("int64") if c.name in numbers else c.str.casefold())
    wrong = order.index[order.sort_values(key).index != order.index]
    if len(wrong):
        here = order.loc[wrong[0]].tolist()
        later = order[order.apply(lambda row: row.tolist() > here, axis=1)]
        before = f"before {table.loc[later.index[0], key].tolist()}" if len(later) else "to the end"
        row = table.loc[wrong[0], key].tolist()
        pytest.fail(
            edit(name, f"rows are sorted by {', '.join(key)}; move the row {row}, line "
                 f"{wrong[0] + 2} if no cell breaks a line, to its place {before}")
        )  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_cells_hold_no_more_text_than_needed(name):
    with (DATA / TABLES[name]["path"]).open(encoding="utf-8", newline="") as file:
        longest = max(
            ((len(cell), column) for row in csv.DictReader(file) for column, cell in row.items())
        )
    assert longest[0] <= 700, edit(
        name, f"{longest[0]} letters in a cell of the column {longest[1]}; 700 at most"
    )


@pytest.mark.parametrize("name", TABLES)
def test_dates_are_plausible(name):
    table = text(name)
    dates = [c for c, f in fields(name).items() if "date" in f]
    for column in dates:
        known = table[column][table[column] != ""]
        odd = known[~known.str[:4].astype(int).between(1850, 2026)].tolist()
        assert odd == [], edit(name, f"no plausible years in the column {column}: {odd}")
    for first, last in SPELLS:
        if {first, last} <= set(dates):
            both = table[(table[first] != "") & (table[last] != "")]
            ends = timestamps(both[last], last_day=True)
            wrong = both[timestamps(both[first]) > ends].iloc[:, :2].to_numpy().tolist()
            assert wrong == [], edit(name, f"{first} comes after {last} in {wrong}")


@pytest.mark.parametrize("name", TABLES)
def test_states_in_lists_resolve(name):
    known = set(text("areas")["area"])
    for column, field in fields(name).items():
        if field.get("constraints", {}).get("pattern") == STATE_LIST:
            codes = set(";".join(text(name)[column]).split(";")) - {""}
            assert codes <= known, (
                f"{sorted(codes - known)} in the column {column} of data/{name}.csv: correct them "
                "there, or add each to data/areas.csv"
            )


@pytest.mark.parametrize("name", [n for n in TABLES if n not in ("sources", *NO_SOURCE)])
def test_rows_have_a_source_that_resolves(name):
    named = set().union(*(text(name)[c] for c in SOURCE_COLUMNS if c in fields(name)))
    unknown = named - set(text("sources")["source_id"]) - {""}
    assert not unknown, (
        f"{sorted(unknown)}: correct the key in data/{name}.csv, or add its row to data/sources.csv"
    )


@pytest.mark.parametrize("name", [n for n in TABLES if "second_source" in fields(n)])
def test_a_second_source_is_another_one(name):
    publisher = text("sources").set_index("source_id")["publisher"]
    twice = text(name).query("second_source != ''")
    same = twice["source_id"].map(publisher) == twice["second_source"].map(publisher)
    assert twice[same].iloc[:, :4].to_numpy().tolist() == [], edit(
        name, "both sources of these rows are by one publisher: find another, or leave it empty"
    )


@pytest.mark.parametrize("name", [n for n in TABLES if "second_source" in fields(n)])
def test_what_is_sure_has_two_sources(name):
    """High means two sources that agree; medium or unverified is what one source can give."""
    table = text(name)
    if "confidence" in table:
        alone = table[(table["confidence"] == "high") & (table["second_source"] == "")]
        assert alone.iloc[:, 0].tolist() == [], edit(
            name, "high takes two sources: fill second_source, or write medium"
        )
    assert (table["second_source"] != "").mean() > 0.3, edit(
        name, "fewer than three rows in ten have a second_source: find some for the new rows"
    )


def test_nothing_dated_rests_on_general_knowledge():
    kind = text("sources").set_index("source_id")["kind"]
    for name in ("events", "memberships", "infrastructure"):
        rows = text(name)
        loose = rows[rows["source_id"].map(kind) == "unverified"].iloc[:, 0].tolist()
        assert loose == [], edit(name, f"a dated row needs a source that was seen: {loose}")


def test_no_source_is_idle():
    linked = set().union(
        *(text(n)[c] for n in TABLES if n != "sources" for c in SOURCE_COLUMNS if c in fields(n))
    )
    idle = set(text("sources")["source_id"]) - linked - {"natural_earth_world_atlas"}
    assert idle == set(), (
        "no row of any table names these: edit data/sources.csv and delete them, or write each as "
        "source_id where it is used (an event, a claim in claim_sources.csv, a text in texts.csv)"
    )


def test_each_text_can_be_read_somewhere():
    texts = text("texts").query("text != 'essay'")
    claims = text("claims")
    without = claims["text"].isin(texts.loc[texts["source_id"] == "", "text"])
    nowhere = claims.loc[without & (claims["work"] == ""), "claim_id"].tolist()
    assert nowhere == [], (
        "edit data/texts.csv: source_id names where a text can be read, or each of its claims "
        "names its work in data/claims.csv"
    )


def test_areas_name_states_as_countries_do():
    both = text("countries").merge(text("areas"), left_on="country", right_on="area")
    lacking = set(text("countries")["country"]) - set(text("areas")["area"])
    assert lacking == set(), edit("areas", "it lacks these codes of countries.csv")
    other = both.loc[both["name_x"] != both["name_y"], "country"].tolist()
    assert other == [], edit("countries", f"areas.csv has another name for {other}")


def test_a_claim_has_the_prefix_of_its_power():
    prefixes = {power.key: power.prefix for power in course.subjects()}
    assert len(set(prefixes.values())) == len(prefixes), (
        "two powers share one: edit data/powers.csv"
    )
    claims = text("claims")
    wrong = claims["claim_id"].str[:2] != claims["power"].map(prefixes)
    assert claims.loc[wrong, "claim_id"].tolist() == [], (
        "not the prefix of their power: edit data/claims.csv, or the prefix in data/powers.csv"
    )


def test_an_item_has_the_number_of_its_lesson():
    items = text("items")
    numbered = items[items["kind"] != "misconception"]
    wrong = numbered["item_id"].str.split("-").str[0] != numbered["lesson"]
    assert numbered.loc[wrong, "item_id"].tolist() == [], "edit data/items.csv"


def test_events_are_told_of_a_power_with_a_code_and_a_look():
    powers = text("powers").set_index("power")
    look = ["area", "color", "shape", "dash", "sign"]
    whole = powers.index[(powers[look] != "").all(axis="columns")]
    assert set(text("events")["power"]) <= set(whole), "edit data/powers.csv or data/events.csv"


def test_shapes_carry_codes_of_states():
    shapes = json.loads((DATA / "region.topo.json").read_text(encoding="utf-8"))
    ids = {g["id"] for g in shapes["objects"]["region"]["geometries"]}
    assert ids <= set(text("areas")["area"])
    assert set(course.states()) <= ids


def test_codebook_is_up_to_date():
    written = (DATA / "README.md").read_text(encoding="utf-8")
    assert written == codebook.render(), "run: python -m centralasia.codebook"


def test_the_balance_counts_every_event_and_shows_what_is_empty():
    counted = {}
    for block in codebook.balance().split("\n\n"):
        heads, _, *lines = [line.strip("| ").split(" | ") for line in block.splitlines()]
        for state, *cells in lines:
            counted[heads[0], state] = [n for cell in cells for n in cell.split()]
    on_security = counted["China", "Turkmenistan"][1::3]
    assert on_security[:-1] == ["–"] * 6, "no row before 2021"
    events = tables.load("events")
    for power in (p for p in course.subjects() if p.area):
        told = events[(events["power"] == power.key) & events["countries"].str.contains("UZB")]
        cells = counted[power.name, "Uzbekistan"]
        assert sum(int(n) for n in cells if n != "–") == len(told)


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
    shares = votes[votes["partner"].notna()]
    assert shares["value"].between(0, 1).all()
    assert shares["n_votes"].min() > 1
    bounds = ["ideal_point_low", "ideal_point", "ideal_point_high"]
    points = votes[votes["measure"].isin(bounds)].pivot_table(
        index=["country", "year"], columns="measure", values="value", observed=True
    )
    assert (points["ideal_point_low"] <= points["ideal_point"]).all()
    assert (points["ideal_point"] <= points["ideal_point_high"]).all()


@pytest.mark.parametrize(
    ("exercise", "states", "russia", "usa", "n"),
    [
        ("mme1978", "KAZ;KGZ;UZB", True, True, 37),
        ("mme2085", "UZB", False, True, 26),
        ("mme2288", "KAZ;KGZ;TJK;UZB", True, True, 20),
        ("mme2403", "UZB", False, True, 33),
        ("mme3380", "KAZ", False, True, 39),
    ],
)
def test_large_exercises_keep_all_their_states(exercise, states, russia, usa, n):
    """The long file of the source stops at 24 states; these come from the wide one."""
    row = tables.load("exercises").set_index("exercise_id").loc[exercise]
    assert (row.central_asian, row.with_russia, row.with_usa) == (states, russia, usa)
    assert row.n_participants == n


def test_a_point_belongs_to_one_place():
    """The point of a town is not given to the regions, borders and ranges around it."""
    exercises = tables.load("exercises").dropna(subset=["lat"])
    dushanbe = exercises[(exercises["lat"] == 38.56) & (exercises["lon"] == 68.787)]
    assert dushanbe["location"].str.contains("Dushanbe").all()
    region = r"(?i)region|province|valley|oblast|peninsula|border|southern (?!russia)"
    vague = exercises[exercises["location"].str.contains(region)]
    assert set(vague["exercise_id"]) <= {"mme3776"}, "Ucharal, a town whose region is named"


def test_an_exercise_in_a_country_or_in_several_places_has_no_point():
    exercises = tables.load("exercises").dropna(subset=["lat"])
    countries = set(text("areas")["name"])
    assert exercises["location"].notna().all()
    assert not set(exercises["location"]) & countries
    assert not exercises["location"].str.contains(";").any()


def test_an_unknown_day_of_an_exercise_is_named():
    exercises = text("exercises")
    month = (exercises["end"].str.len() < 10) | (exercises["start"].str.len() < 10)
    assert exercises.loc[month, "note"].str.contains("not known").all()


def test_merged_exercises_are_gone():
    exercises = tables.load("exercises")
    merged = set(";".join(exercises["merged_ids"].dropna()).split(";"))
    assert len(merged) == 6
    assert not merged & set(exercises["exercise_id"])


def test_non_commercial_sources_are_marked():
    use = tables.load("sources").set_index("source_id")["use"]
    assert (use[use.index.str.startswith("sipri")] == "non_commercial").all()
