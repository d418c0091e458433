"""The items: well formed, fair to a guesser, and right by the course's own data."""

import json
import re

import pandas as pd
import pytest

from centralasia import measures, tables
from centralasia.paths import data_dir

ITEMS = tables.load("items")
OPTIONS = tables.load("options")
QUIZ = ITEMS.loc[ITEMS["kind"] == "quiz", "item_id"]
MISCONCEPTIONS = ITEMS.loc[ITEMS["kind"] == "misconception", "item_id"]
CLOSED = [*QUIZ, *MISCONCEPTIONS]
PREDICTIONS = ITEMS.loc[ITEMS["kind"] == "prediction", "item_id"]
FIVE = ["KAZ", "KGZ", "TJK", "TKM", "UZB"]


def options(item):
    return OPTIONS[OPTIONS["item_id"] == item].sort_values("position")


def cow():
    return tables.load("trade").query("source_id == 'cow_trade_v4'")


def total(partner, year, country=FIVE):
    """Exports and imports of some states with a partner, US dollars."""
    rows = cow().query("partner == @partner and year == @year and country in @country")
    return rows["value_usd"].sum()


def share(partner, year, country=FIVE):
    return total(partner, year, country) / total("WLD", year, country)


def pick(value, *edges):
    """Return the position, from 1, of the span between rising edges that holds a value."""
    return 1 + sum(value >= edge for edge in edges)


def members(organization, date):
    rows = tables.load("memberships").query("organization == @organization and country in @FIVE")
    inside = (rows["start"] <= date) & ~(rows["end"] < date) & (rows["status"] == "member")
    return rows.loc[inside, "country"].nunique()


def filled_cells():
    claims = tables.load("claims").query("dimension in ['institutional', 'security', 'economic']")
    return claims.groupby(["power", "stage"], observed=True)["dimension"].nunique().sum()


def pipelines_out():
    sites = tables.load("infrastructure")
    opened = sites[sites["kind"].isin(["oil_pipeline", "gas_pipeline"])].query(
        "commissioned > '1991'"
    )
    opened = opened[opened["countries"].str.contains("|".join(FIVE))]
    lines = [opened["countries"].str.contains(c).sum() for c in ("RUS", "CHN", "IRN", "AFG")]
    return 1 + lines.index(max(lines))


def concentration(year):
    rows = cow().query("country == 'KAZ' and flow == 'export' and year == @year")
    world = rows.loc[rows["partner"] == "WLD", "value_usd"].sum()
    return ((rows.loc[rows["partner"] != "WLD", "value_usd"] / world) ** 2).sum()


def bloc_loss(country):
    bloc = ["RUS", "BLR", "KAZ", "KGZ", "TJK"]
    return sum(share(p, 2000, [country]) - share(p, 2014, [country]) for p in bloc)


def oil(route, year, which="max"):
    rows = tables.load("oil_routes").query(
        "route == @route and year == @year and period == 'full year'"
    )
    return rows["value_mt"].agg(which)


def gas_to(importer, year, exporter="CIS_EX_RUS"):
    rows = tables.load("gas_flows").query(
        "exporter == @exporter and importer == @importer and year == @year"
    )
    return rows["value_bcm"].sum()


def first_year_china_leads():
    return next(y for y in range(2000, 2025) if gas_to("CHN", y) > gas_to("RUS", y))


def turkmen_output(year):
    rows = tables.load("energy").query("country == 'TKM' and indicator == 'gas_production_bcm'")
    return rows.set_index("year")["value"][year]


def kyrgyz_imports(source):
    rows = tables.load("trade").query(
        "country == 'KGZ' and partner == 'CHN' and flow == 'import' and year == 2010"
    )
    return rows.set_index("source_id")["value_usd"][source]


def distance(site):
    places = tables.load("infrastructure").set_index("site_id")
    home = places.loc["karshi-khanabad", ["from_lat", "from_lon"]]
    if site == "Kabul":
        capital = tables.load("countries").set_index("country").loc["AFG"]
        return measures.great_circle_km(*home, capital["capital_lat"], capital["capital_lon"])
    return measures.great_circle_km(*home, *places.loc[site, ["from_lat", "from_lon"]])


def us_aid_uzbekistan(year):
    paid = "donor == 'USA' and recipient == 'UZB' and measure == 'us_disbursements'"
    rows = tables.load("aid").query(f"{paid} and sector == 'all'")
    return rows.set_index("year")["value"][year]


def peak_of_us_troops():
    rows = tables.load("us_troops").query("country == 'KGZ' and year in [2002, 2005, 2008, 2011]")
    return [2002, 2005, 2008, 2011].index(rows.set_index("year")["troops"].idxmax()) + 1


def russian_arms():
    rows = tables.load("arms").query("method == 'deal_sum' and year >= 2000")
    return rows.loc[rows["supplier"] == "RUS", "tiv_million"].sum() / rows["tiv_million"].sum()


def closest_in_votes():
    rows = tables.load("votes").query("measure == 'agreement_half' and year == 2019")
    mean = rows[rows["country"].isin(FIVE)].groupby("partner", observed=True)["value"].mean()
    return ["RUS", "CHN", "USA"].index(mean.idxmax()) + 1


def stable(temptation):
    """Position of the answer for the game in which excluding alone pays `temptation`."""
    link, exclude = temptation <= 4, True  # 4 for linking with a linker; 2 beats 1 with an excluder
    return {(True, False): 1, (False, True): 2, (True, True): 3}[link, exclude]


def own_currencies():
    events = tables.load("events").set_index("event_id")["date"]
    left = {"KGZ": "EV-035", "TKM": "EV-043", "KAZ": "EV-044", "UZB": "EV-044", "TJK": "EV-068"}
    return sum(events[event] < events["EV-038"] for event in left.values())


def days(event, since):
    dates = tables.load("events").set_index("event_id")["date"]
    return (dates[event] - pd.Timestamp(since)).days


def early_security_acts():
    return len(
        tables.load("events").query(
            "power == 'russia' and stage == '1' and dimension == 'security'"
        )
    )


def years_of_exercises_with_the_usa():
    rows = tables.load("exercises").query("with_usa and 1995 <= year <= 2000")
    return rows["year"].nunique()


def verdicts(**query):
    claims = tables.load("claims")
    for column, value in query.items():
        claims = claims[claims[column] == value]
    return len(claims)


ANSWERS = {
    "00-p1": lambda: pick(filled_cells(), 10, 15, 20),
    "00-p2": lambda: pick(verdicts(verdict="confirmed"), 5, 16, 41),
    "00-p3": pipelines_out,
    "01-p1": lambda: pick(early_security_acts(), 1, 4, 8),
    "01-p2": lambda: pick(share("RUS", 1994, ["KAZ"]), 0.18, 0.37, 0.63),
    "01-p3": lambda: {0: 1, 1: 2, 3: 3, 5: 4}[own_currencies()],
    "02-p1": lambda: members("CST", pd.Timestamp("2000-01-01")) - 1,
    "02-p2": lambda: 5
    - pick(share("RUS", 1999, ["KAZ"]) / share("RUS", 1997, ["KAZ"]), 0.34, 0.8, 1.05),
    "02-p3": lambda: 5 - pick(turkmen_output(1998) / turkmen_output(1996), 0.5, 0.8, 1),
    "03-p1": lambda: pick(concentration(2014) / concentration(1996), 0.5, 0.9, 1.1),
    "03-p2": lambda: max(range(3), key=lambda n: bloc_loss(FIVE[n])) + 1,
    "03-p3": lambda: pick(oil("Atasu-Alashankou", 2013) / oil("total", 2013), 0.05, 0.1, 0.2),
    "04-p1": lambda: 1 if days("EV-052", "1994-01-01") < days("EV-077", "1994-01-01") else 2,
    "04-p2": lambda: pick(share("CHN", 1995), 0.05, 0.1, 0.2),
    "04-p3": lambda: pick(days("EV-012", "1991-12-27"), 15, 183, 731),
    "05-p1": lambda: {1: 1, 2: 2, 3: 3, 5: 4}[members("Shanghai Five", pd.Timestamp("1996-04-26"))],
    "05-p2": lambda: pick(days("EV-127", "2001-09-11"), -200, 0, 200),
    "05-p3": lambda: pick(total("CHN", 2001) / total("CHN", 1996), 0.9, 1.5, 3.5),
    "06-p1": lambda: pick(total("CHN", 2010) / total("CHN", 2003), 5.5, 9.5, 13),
    "06-p2": lambda: pick(kyrgyz_imports("cow_trade_v4") / kyrgyz_imports("kgz_nsc"), 1.5, 3, 5.5),
    "06-p3": lambda: [2010, 2012, 2015, 2020].index(first_year_china_leads()) + 1,
    "07-p1": lambda: {0: 1, 1: 2, 2: 3, 4: 4}[members("NATO PfP", pd.Timestamp("1995-12-31"))],
    "07-p2": lambda: pick(years_of_exercises_with_the_usa(), 1, 3, 6),
    "07-p3": lambda: pick(share("USA", 2000), 0.02, 0.08, 0.15),
    "08-p1": lambda: pick(distance("lop-nur-test-site") / distance("Kabul"), 0.8, 1.5, 3),
    "08-p2": lambda: 5 - pick(us_aid_uzbekistan(2007) / us_aid_uzbekistan(2002), 0.25, 0.8, 1.2),
    "08-p3": peak_of_us_troops,
    "09-p1": lambda: {0: 1, 2: 2, 3: 3, 5: 4}[
        sum(share("CHN", 2014, [c]) > share("RUS", 2014, [c]) for c in FIVE)
    ],
    "09-p2": lambda: pick(russian_arms(), 0.25, 0.5, 0.75),
    "09-p3": closest_in_votes,
    "10-p1": lambda: stable(3),
    "10-p2": lambda: stable(5),
    "10-p3": lambda: pick(
        verdicts(power="synthesis", verdict="came_true")
        + verdicts(power="synthesis", verdict="confirmed"), 1, 2, 4,
    ),
    "11-p1": lambda: pick(verdicts(kind="forecast", verdict="came_true"), 2, 6, 11),
    "11-p2": lambda: pick(oil("BTC", 2023) / oil("total", 2023), 0.05, 0.12, 0.2),
    "11-p3": lambda: pick(gas_to("CHN", 2024, "TKM") / 30, 0.5, 0.95, 1.5),
}  # fmt: skip
"""The position of the right option of each prediction, worked out from the data."""

EXPECTED = {
    "00-p1": "10 to 14", "00-p2": "5 to 15", "00-p3": "China",
    "01-p1": "Eight or more", "01-p2": "About a half", "01-p3": "One",
    "02-p1": "Three", "02-p2": "It fell by about a third", "02-p3": "It fell by more than half",
    "03-p1": "It fell by more than half", "03-p2": "Kazakhstan",
    "03-p3": "Between 10 and 20 per cent",
    "04-p1": "Kazakhstan", "04-p2": "Under 5 per cent", "04-p3": "Within two weeks",
    "05-p1": "Three", "05-p2": "About three months before", "05-p3": "It about doubled",
    "06-p1": "About 8", "06-p2": "About seven times as large", "06-p3": "2015",
    "07-p1": "Four", "07-p2": "In all six", "07-p3": "2 to 8 per cent",
    "08-p1": "More than three times as far", "08-p2": "It fell by more than three quarters",
    "08-p3": "2011",
    "09-p1": "In all five", "09-p2": "A half to three quarters", "09-p3": "China",
    "10-p1": "Both link, and both exclude", "10-p2": "Only that both exclude", "10-p3": "None",
    "11-p1": "None or one", "11-p2": "About 2 per cent", "11-p3": "A little more than that",
}  # fmt: skip
"""What the explanations, written by hand, take the answers to be."""

STATED = {
    "02-q4": [(turkmen_output, (1991,), 76), (lambda: 8, (), 8)],
    "03-q3": [(oil, ("BTC", 2023), 1.39), (oil, ("BTC", 2023, "min"), 1.06),
              (oil, ("total", 2023), 70.5)],
    "03-q4": [
        (lambda: sum(total(p, 2008, ["KAZ"]) for p in ["RUS", "BLR", "KGZ", "TJK"])
         / sum(total(p, 2000, ["KAZ"]) for p in ["RUS", "BLR", "KGZ", "TJK"]), (), 4.4),
        (lambda: sum(share(p, 2000, ["KAZ"]) for p in ["RUS", "BLR", "KGZ", "TJK"]), (), 0.32),
        (lambda: sum(share(p, 2008, ["KAZ"]) for p in ["RUS", "BLR", "KGZ", "TJK"]), (), 0.19),
    ],
    "04-p2": [(lambda: 100 * share("CHN", 2014), (), 28.9)],
    "04-q1": [
        (lambda: 100 * total("CHN", 2000) / total("CHN", 1994), (), 260),
        (lambda: (total("CHN", 2000) - total("CHN", 1994)) / 1e9, (), 0.8),
        (lambda: total("WLD", 2000) / 1e9, (), 26),
    ],
    "04-q5": [(lambda: total("CHN", 1992) / 1e9, (), 0.47)],
    "06-p1": [(lambda: total("CHN", 2010) / total("CHN", 2003), (), 8.3)],
    "06-p2": [(lambda: kyrgyz_imports("cow_trade_v4") / 1e9, (), 4.5),
              (lambda: kyrgyz_imports("kgz_nsc") / 1e9, (), 0.67)],
    "06-p3": [(gas_to, ("CHN", 2015), 28.7), (gas_to, ("RUS", 2015), 26.5)],
    "06-q2": [(lambda: total("CHN", 2010) / total("CHN", 2002), (), 11.7)],
    "06-q3": [(gas_to, ("CHN", 2024, "TKM"), 32.8)],
    "08-p1": [(distance, ("Kabul",), 560),
              (distance, ("lop-nur-test-site",), 1920)],
    "08-p2": [(lambda: us_aid_uzbekistan(2002) / 1e6, (), 108),
              (lambda: us_aid_uzbekistan(2007) / 1e6, (), 23)],
    "m-03": [(members, ("SCO", pd.Timestamp("2010-06-30")), 4)],
    "m-06": [(gas_to, ("CHN", 2010), 3.4)],
    "m-09": [(years_of_exercises_with_the_usa, (), 6)],
    "11-q1": [(measures.brier_score, ([0.9], [0]), 0.81)],
    "11-q2": [(measures.brier_score, ([0.7] * 10, [1] * 5 + [0] * 5), 0.29)],
    "11-q3": [(oil, ("Atasu-Alashankou", 2009), 7.7), (oil, ("total", 2009), 68.1)],
}  # fmt: skip
"""Figures that items state, with what gives them."""


def test_three_predictions_and_five_questions_for_each_of_twelve_lessons():
    counts = ITEMS.groupby(["lesson", "kind"], observed=True).size().unstack()
    assert list(counts.index) == [f"{n:02}" for n in range(12)]
    assert (counts["prediction"] == 3).all()
    assert (counts["quiz"] == 5).all()


def test_keys_and_sources():
    assert ITEMS["item_id"].is_unique
    assert ITEMS["item_id"].is_monotonic_increasing
    letters = {"prediction": "p", "quiz": "q", "misconception": "m"}
    letter = ITEMS["item_id"].str.extract("([a-z])", expand=False)
    assert (letter == ITEMS["kind"].astype(str).map(letters)).all()
    in_lessons = ITEMS[letter != "m"]
    assert (in_lessons["item_id"].str[:2] == in_lessons["lesson"]).all()
    assert set(OPTIONS["item_id"]) == set(ITEMS["item_id"])
    known = set(tables.load("sources")["source_id"])
    unknown = ITEMS.loc[~ITEMS["source_id"].isin(known) & ITEMS["source_id"].notna(), "item_id"]
    assert unknown.tolist() == []


@pytest.mark.parametrize("item", ITEMS["item_id"])
def test_options_are_numbered_and_differ(item):
    here = options(item)
    assert here["position"].tolist() == list(range(1, len(here) + 1))
    assert len(here) in {3, 4, 5}
    assert here["text"].is_unique
    assert here["text"].str.len().max() <= 90


def test_twelve_misconceptions_each_with_a_source_and_a_lesson_that_takes_it_up():
    assert MISCONCEPTIONS.tolist() == [f"m-{n:02}" for n in range(1, 13)]
    rows = ITEMS[ITEMS["item_id"].isin(MISCONCEPTIONS)]
    assert rows["source_id"].notna().all()
    assert rows["explanation"].notna().all()
    assert rows["prompt"].str.endswith("?").all()
    assert (
        not rows["prompt"].isin(ITEMS.loc[~ITEMS["item_id"].isin(MISCONCEPTIONS), "prompt"]).any()
    )
    assert rows["lesson"].nunique() >= 6


@pytest.mark.parametrize("item", CLOSED)
def test_a_question_has_one_right_answer_and_says_something_to_each(item):
    here = options(item)
    assert here["correct"].tolist().count(True) == 1
    assert here["correct"].notna().all()
    assert here["feedback"].notna().all()
    assert here["feedback"].is_unique
    assert not here["feedback"].str.contains(r"^(?:Wrong|Right|Correct|No[,.]|Yes[,.])").any()


@pytest.mark.parametrize("item", PREDICTIONS)
def test_a_prediction_leaves_its_answer_to_the_lesson(item):
    here = options(item)
    assert here["correct"].isna().all()
    assert here["feedback"].isna().all()
    row = ITEMS.set_index("item_id").loc[item]
    assert row["explanation"]
    assert row["prompt"].endswith("?")


@pytest.mark.parametrize("item", PREDICTIONS)
def test_the_data_answer_each_prediction(item):
    assert options(item)["text"].iloc[ANSWERS[item]() - 1] == EXPECTED[item]


@pytest.mark.parametrize("item", STATED)
def test_figures_that_an_item_states(item):
    for function, arguments, value in STATED[item]:
        assert function(*arguments) == pytest.approx(value, rel=0.02), (item, value)


@pytest.mark.parametrize("ids", [QUIZ, MISCONCEPTIONS], ids=["quiz", "misconceptions"])
def test_neither_length_nor_place_gives_the_answer_away(ids):
    quiz = OPTIONS[OPTIONS["item_id"].isin(ids)].assign(n=lambda o: o["text"].str.len())
    right = quiz[quiz["correct"]].set_index("item_id")
    wrong = quiz[~quiz["correct"]].groupby("item_id")["n"]
    longest = (right["n"] > wrong.max()).mean()
    shortest = (right["n"] < wrong.min()).mean()
    assert longest < 0.35
    assert shortest < 0.35
    assert right["position"].value_counts(normalize=True).max() < 0.4


def test_dates_in_items_stand_in_the_data():
    months = "January February March April May June July August September October November December"
    names = months.split()
    known = set()
    for table in ("events", "memberships", "infrastructure", "claims"):
        for column in tables.load(table).filter(regex=r"_text$|^date$"):
            known |= set(tables.load(table)[column].astype(str).str[:10])
    text = " ".join(
        [
            *ITEMS["prompt"],
            *ITEMS["explanation"].dropna(),
            *OPTIONS["text"],
            *OPTIONS["feedback"].dropna(),
        ]
    )
    missing = []
    for day, month, year in re.findall(rf"(\d{{1,2}}) ({'|'.join(names)}) (\d{{4}})", text):
        date = f"{year}-{names.index(month) + 1:02}-{int(day):02}"
        missing += [date] if date not in known else []
    assert missing == []


def test_no_answer_stands_in_the_description_of_the_data():
    package = json.loads((data_dir() / "datapackage.json").read_text(encoding="utf-8"))
    fields = [r for r in package["resources"] if r["name"] in ("items", "options")]
    assert not any(text in json.dumps(fields) for text in EXPECTED.values() if len(text) > 12)
