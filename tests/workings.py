"""What an expression in a table may take a figure from.

`SPACE` is where the tests work out the expressions of ``data/workings.csv``; it holds what a
figure in a lesson's prose may come from, and more. A function stands here once two expressions
want it.
"""

from types import FunctionType

import pandas as pd

from centralasia import course, measures, tables
from centralasia.refresh import consequences

FIVE = list(course.states())


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
    """Cells of the essay's grid, a stage and a dimension, that hold a claim."""
    claims = tables.load("claims").query("text == 'essay' and dimension in @course.DIMENSIONS")
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


def votes_on_ukraine(vote):
    rows = tables.load("roll_calls").query("country in @FIVE and vote == @vote")
    return len(rows)


def remittances(country, year):
    rows = tables.load("macro").query("indicator == 'remittances_usd' and country == @country")
    return rows.set_index("year")["value"][year]


def kyrgyz_part_of_eu_goods(year):
    rows = tables.load("customs").query("country == 'KGZ' and partner == 'EU' and year == @year")
    seen = rows.set_index("reporter")["value_usd"]
    return seen["KGZ"] / seen["EU"]


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
    """How many claims of the essay hold some words in some columns."""
    claims = tables.load("claims").query("text == 'essay'")
    for column, value in query.items():
        claims = claims[claims[column] == value]
    return len(claims)


SPACE = (
    consequences.SPACE
    | {"FIVE": FIVE}
    | {name: one for name, one in globals().items() if isinstance(one, FunctionType)}
)
