"""Key of exercise 08: bases, money and acts, from one state's side."""

import pandas as pd

from centralasia import measures, tables
from centralasia.checks import rows
from centralasia.checks.asks import Argument, Chart, Choice, Form, Mistake, Number, Table
from centralasia.checks.cases import Case, pool
from centralasia.checks.slices import Slice

BREAKS = {"A": 2006, "B": 2009, "C": 2012, "D": 2015}
DIMENSIONS = ("institutional", "security", "economic")
PAID, PROMISED = "us_disbursements", "us_obligations"
# Every period holds all four break years. On each day other bases were in service.
POOL = pool(
    ("KAZ", "KGZ", "TJK", "TKM", "UZB"),
    ("USA",),
    (
        (2001, 2015, "2003-01-01"),
        (2002, 2016, "2006-01-01"),
        (2003, 2017, "2010-06-01"),
        (2003, 2019, "2014-07-01"),
        (2004, 2021, "2004-06-01"),
    ),
)
GUEST = Case("UZB", "USA", 2001, 2016, "2005-06-01")
TABLES = (
    Slice(
        table="infrastructure",
        about="Military bases: where they lie, and when they were in service",
        where={"kind": ("base",)},
        columns=("site_id", "name", "from_lat", "from_lon", "commissioned", "closed"),
    ),
    Slice(
        table="countries",
        about="The capital of {state}",
        where={"country": ("{state}",)},
        columns=("country", "capital", "capital_lat", "capital_lon"),
    ),
    Slice(
        table="aid",
        about="American aid to {state}, promised and paid out, {start} to {end}",
        where={"recipient": ("{state}",), "donor": ("USA",), "measure": (PAID, PROMISED)},
        period="year",
        columns=("year", "measure", "value", "unit"),
    ),
    Slice(
        table="macro",
        about="The output of {state} in {start}, in dollars of the year",
        where={"country": ("{state}",), "indicator": ("gdp_usd",), "year": ("{start}",)},
        columns=("year", "indicator", "value"),
    ),
    Slice(
        table="events",
        about="The events from {start} to {end} that come under the United States and name {state}",
        where={"power": ("united_states",), "countries": ("{state}",)},
        period="date",
        columns=("event_id", "date", "title", "dimension"),
    ),
)


def capital(case: Case) -> pd.Series:
    return tables.load("countries").set_index("country").loc[case.state]


def bases(case: Case, kinds: tuple = ("base",), on: str = "both") -> pd.DataFrame:
    sites = tables.load("infrastructure")
    day = pd.Timestamp(case.day)
    open_ = sites.closed.isna() | (sites.closed >= day)
    begun = sites.commissioned <= day
    when = {"both": begun & open_, "begun": begun, "ever": begun | True}[on]
    return sites[sites.kind.isin(kinds) & when]


def reach(case: Case, scale: float = 1, *, swapped: bool = False, **which: object) -> pd.DataFrame:
    sites, seat = bases(case, **which), capital(case)
    there = (
        (seat.capital_lon, seat.capital_lat) if swapped else (seat.capital_lat, seat.capital_lon)
    )
    km = measures.great_circle_km(sites.from_lat, sites.from_lon, *there)
    table = pd.DataFrame({"site_id": sites.site_id.astype(str), "km": scale * km})
    return table.reset_index(drop=True)


def aid(case: Case, measure: str = PAID) -> pd.Series:
    table = tables.load("aid")
    rows = table[(table.donor == "USA") & (table.measure == measure)]
    rows = rows[(rows.recipient == case.state) & rows.year.between(case.start, case.end)]
    return rows.set_index("year").value


def output(case: Case) -> pd.Series:
    macro = tables.load("macro")
    rows = macro[(macro.indicator == "gdp_usd") & (macro.country == case.state)]
    return rows.set_index("year").value


def weight(case: Case, year: int | None = None, measure: str = PAID, scale: float = 100) -> float:
    year = year or case.start
    return float(scale * aid(case, measure)[year] / output(case)[year])


def acts_of(case: Case, *, power: bool = True, mover: bool = False) -> pd.DataFrame:
    events = tables.load("events")
    rows = events[events.date.dt.year.between(case.start, case.end)]
    if power:
        rows = rows[rows.power == "united_states"]
    if mover:
        return rows[rows.initiator == case.state]
    return rows[rows.countries.astype(str).str.split(";").map(lambda states: case.state in states)]


def acts(case: Case, **which: bool) -> pd.DataFrame:
    counted = acts_of(case, **which).dimension.astype(str).value_counts()
    return (
        counted.reindex(DIMENSIONS, fill_value=0).rename_axis("dimension").reset_index(name="acts")
    )


def money(case: Case, measure: str = PAID, scale: float = 1e6) -> pd.DataFrame:
    return (aid(case, measure) / scale).rename("million").reset_index()


def shares(case: Case, measure: str = PAID) -> dict[str, float]:
    """Return how much of the variation in aid lies between periods, for each break year."""
    paid = aid(case, measure)
    years = paid.index.to_series()
    return {k: measures.share_between_periods(years, paid, [b]) for k, b in BREAKS.items()}


def best_break(case: Case, measure: str = PAID) -> str:
    found = shares(case, measure)
    return max(found, key=found.get)


def second_break(case: Case) -> str:
    found = shares(case)
    return sorted(found, key=found.get)[-2]


def worst_break(case: Case) -> str:
    found = shares(case)
    return min(found, key=found.get)


def reach_path(case: Case) -> list[str]:
    table, seat = reach(case).sort_values("km"), capital(case)
    near = table.iloc[0]
    return [
        f"Keep the sites of kind base that had begun by {case.day} and had not closed before it. "
        f"{len(table)} are left. No closing date means that a base is still open.",
        f"The capital is {seat.capital}, at {seat.capital_lat} north and {seat.capital_lon} east.",
        "The way along the great circle follows from latitude and longitude of both places: its "
        "formula is called the haversine formula.",
        f"The nearest base is {near.site_id}, {near.km:.1f} kilometres away.",
    ]


def weight_path(case: Case) -> list[str]:
    paid, gdp = aid(case)[case.start] / 1e6, output(case)[case.start] / 1e6
    return [
        f"The measure us_disbursements says what was paid out: {paid:.1f} million dollars in "
        f"{case.start}.",
        f"The indicator gdp_usd of the table macro says {gdp:,.0f} million for the same year.",
        f"100 × {paid:.1f} / {gdp:,.0f} = {weight(case):.3f} per cent.",
    ]


def acts_path(case: Case) -> list[str]:
    table = acts(case)
    counted = ", ".join(f"{row.dimension} {row.acts}" for row in table.itertuples())
    return [
        f"Keep the events that come under the United States, from {case.start} to {case.end}.",
        f"Of these, keep the ones that name {case.state_name}, alone or with others.",
        f"Count by dimension: {counted}. A dimension without any act has 0.",
    ]


def money_path(case: Case) -> list[str]:
    table = money(case).set_index("year").million
    return [
        f"Keep what the United States paid to {case.state_name} in the period and divide by a "
        "million.",
        f"It was {table[case.start]:.1f} in {case.start}, {table.max():.1f} in {table.idxmax()} "
        f"and {table[case.end]:.1f} in {case.end}.",
        "Draw a line with the years from left to right and the millions upwards, from zero. Give "
        "the measure a title with its unit, the chart a title that states what one sees, and a "
        "description for somebody who does not see it.",
    ]


def break_path(case: Case) -> list[str]:
    found = shares(case)
    listed = ", ".join(f"{BREAKS[letter]} {share:.2f}" for letter, share in found.items())
    return [
        "Work the part out four times, each time with one break year: the variation that is left "
        "within the two periods, taken from 1.",
        f"The shares are {listed}.",
        f"The largest belongs to {BREAKS[best_break(case)]}, answer {best_break(case)}. It says "
        "when this series changed, and nothing about why.",
    ]


def _aid_and_output(case: Case) -> pd.DataFrame:
    two = pd.DataFrame({"aid paid out, dollars": aid(case), "GDP, dollars": output(case)})
    return two.dropna().round(0).loc[case.start : case.start + 3].reset_index()


QUESTIONS = [
    Table(
        id="ex08-q1-reach",
        names=("reach",),
        points=5,
        minutes=15,
        by=("site_id",),
        numbers={"km": ("kilometres", 0, 20040, 0.05)},
        expected=reach,
        mistakes=(
            Mistake(
                "closed-too",
                "Bases that had closed before your day are among yours. A base counts if its "
                "closing date is missing, or is your day or later.",
                lambda case: reach(case, on="begun"),
            ),
            Mistake(
                "all-bases",
                "These are all bases of the table. Some had not been opened on your day, or had "
                "closed before it.",
                lambda case: reach(case, on="ever"),
            ),
            Mistake(
                "all-sites",
                "Ranges, stations and other sites are among yours. Keep the kind base.",
                lambda case: reach(case, kinds=("base", "site")),
            ),
            Mistake(
                "miles",
                "These look like miles. The measure gives kilometres as it is.",
                lambda case: reach(case, scale=0.621371),
            ),
            Mistake(
                "swapped",
                "Latitude and longitude of the capital have changed places. Latitude comes first.",
                lambda case: reach(case, swapped=True),
            ),
        ),
        hints=(
            "Two steps: which bases were in service on your day, and how far was each of them?",
            "A base is in service from commissioned to closed, both days included. A missing "
            "closing date (NaT) means that it is open.",
            "great_circle_km takes four arguments: two columns of the bases, then two numbers of "
            "the capital. Put site_id and the result into one pd.DataFrame.",
        ),
        path=reach_path,
    ),
    Number(
        id="ex08-q2-weight",
        names=("weight",),
        points=4,
        minutes=10,
        unit="per cent of GDP",
        low=0,
        high=100,
        tolerance=0.0005,
        expected=weight,
        form=Form(
            prompt=(
                "How much was the American aid that was paid out to {state} in {start}, in per "
                "cent of its gross domestic product of that year? Right to three decimals."
            ),
            rows=_aid_and_output,
        ),
        mistakes=(
            Mistake(
                "promised",
                "This is what was promised (us_obligations). What was paid out is in the rows with "
                "the measure us_disbursements.",
                lambda case: weight(case, measure=PROMISED),
            ),
            Mistake(
                "last-year",
                "This is the weight in the last year of your period. The first one is asked for.",
                lambda case: weight(case, case.end),
            ),
            Mistake(
                "fraction",
                "This is a fraction. Per cent are asked for: multiply by 100.",
                lambda case: weight(case, scale=1),
            ),
        ),
        hints=(
            "Two numbers of the same state and year: aid paid out, and gross domestic product.",
            "Both tables are in dollars, so nothing needs to be converted before you divide.",
            "In aid: donor, recipient, measure and year. In macro: country, indicator and year. "
            "Each leaves one row, and .item() takes the number out of it.",
        ),
        path=weight_path,
    ),
    Table(
        id="ex08-q3-acts",
        names=("acts",),
        points=3,
        minutes=10,
        by=("dimension",),
        numbers={"acts": ("acts", 0, 400, 0.5)},
        expected=acts,
        form=Form(
            prompt=(
                "The table lists the events from {start} to {end} that come under the United "
                "States and name {state}. How many of them are about {cell[dimension]} matters?"
            ),
            rows=lambda case: rows.events(acts_of(case), "dimension"),
            cell=lambda case: {"dimension": "security"},
        ),
        mistakes=(
            Mistake(
                "all-powers",
                "Acts of Russia and China are among yours. Keep those that come under the United "
                "States.",
                lambda case: acts(case, power=False),
            ),
            Mistake(
                "initiator",
                "You counted the acts in which your state moved first. All are asked for that "
                "concern it, whoever moved first.",
                lambda case: acts(case, mover=True),
            ),
        ),
        hints=(
            "Three conditions leave the right rows: the power, the years, the state.",
            "The column countries is text such as USA;KGZ;UZB. str.contains finds a code in it.",
            "value_counts counts, but leaves out what never comes. reindex with the three "
            "dimensions and fill_value=0 brings it back.",
        ),
        path=acts_path,
    ),
    Chart(
        id="ex08-q4-chart",
        names=("chart",),
        points=6,
        minutes=13,
        marks=("line",),
        x="year",
        y="million",
        tolerance=0.05,
        expected=money,
        mistakes=(
            Mistake(
                "promised",
                "The line shows what was promised (us_obligations). Draw what was paid out.",
                lambda case: money(case, PROMISED),
            ),
            Mistake(
                "dollars",
                "The line shows dollars. Million dollars are asked for: divide by a million.",
                lambda case: money(case, scale=1),
            ),
        ),
        hints=(
            "Make a table with two columns first, year and million. The chart is then one line.",
            "mark_line draws it, encode says which column goes across and which upwards. What is "
            "missing for a reader who sees nothing but the chart?",
            ".properties(title='…', description='…'). The title says what happened, the "
            "description also says between which values and years.",
        ),
        path=money_path,
    ),
    Choice(
        id="ex08-q5-break",
        names=("q5_answer", "q5_confidence"),
        points=2,
        minutes=5,
        options={
            "A": "2006, the first year without K2.",
            "B": "2009, the year of the northern supply route.",
            "C": "2012, when the withdrawal from Afghanistan had begun.",
            "D": "2015, the first year without Manas.",
        },
        expected=best_break,
        mistakes=(
            Mistake(
                "second",
                "Another of the four accounts for a little more. Compute the share for all four, "
                "with the rows of your period only.",
                second_break,
            ),
            Mistake(
                "worst",
                "This break accounts for least of the four. A high share means that the two "
                "periods differ from each other and are even within.",
                worst_break,
            ),
        ),
        hints=(
            "You need four numbers, one for each break year, from the series of question 4.",
            "measures.share_between_periods takes the years, the values and a list with one break "
            "year. The largest of the four shares decides.",
        ),
        path=break_path,
    ),
    Argument(id="ex08-q6-argument", points=18, minutes=37),
]
