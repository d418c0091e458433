"""Key of exercise 12: votes, goods and acts since 2010, from one state's side."""

import pandas as pd

from centralasia import measures, tables
from centralasia.checks import rows
from centralasia.checks.asks import Argument, Chart, Choice, Form, Mistake, Number, Table
from centralasia.checks.cases import Case, pool
from centralasia.checks.slices import Slice

BREAKS = {"A": 2014, "B": 2015, "C": 2018, "D": 2022}
DIMENSIONS = ("institutional", "security", "economic")
FINAL, HALF = "agreement_identical_final", "agreement_half_final"
# Every period holds all four break years.
POOL = pool(
    ("KAZ", "KGZ", "TJK", "TKM", "UZB"),
    ("RUS",),
    (
        (2010, 2022, "2014-03-18"),
        (2011, 2023, "2014-05-29"),
        (2012, 2023, "2015-01-01"),
        (2013, 2023, "2022-02-24"),
        (2010, 2023, "2022-09-21"),
    ),
)
GUEST = Case("KGZ", "RUS", 2012, 2022, "2022-02-24")
TABLES = (
    Slice(
        table="votes",
        about="How far {state} agreed with Russia, {start} to {end}",
        where={"country": ("{state}",), "partner": ("RUS",), "measure": (FINAL,)},
        period="year",
        columns=("year", "partner", "measure", "value"),
    ),
    Slice(
        table="votes_world",
        about="How far the median of all states agreed with Russia, {start} to {end}",
        where={"partner": ("RUS",), "measure": (FINAL,)},
        period="year",
        columns=("year", "partner", "measure", "median"),
    ),
    Slice(
        table="customs",
        about="What the European Union’s customs counted for {state}, {start} to {end}",
        where={"country": ("{state}",), "partner": ("EU",), "reporter": ("EU",)},
        period="year",
        columns=("year", "flow", "reporter", "value_usd"),
    ),
    Slice(
        table="macro",
        about="The output of {state} in {end}, in dollars of the year",
        where={"country": ("{state}",), "indicator": ("gdp_usd",), "year": ("{end}",)},
        columns=("year", "indicator", "value"),
    ),
    Slice(
        table="events",
        about="The events from {start} to {end} that come under Russia and name {state}",
        where={"power": ("russia",), "countries": ("{state}",)},
        period="date",
        columns=("event_id", "date", "title", "dimension"),
    ),
)


def alike(case: Case, measure: str = FINAL, partner: str | None = None) -> pd.Series:
    votes = tables.load("votes")
    mine = votes[(votes.measure == measure) & (votes.partner == (partner or case.partner))]
    mine = mine[(mine.country == case.state) & mine.year.between(case.start, case.end)]
    return mine.set_index("year").value


def world(case: Case, column: str = "median") -> pd.Series:
    every = tables.load("votes_world")
    every = every[(every.measure == FINAL) & (every.partner == case.partner)]
    return every.set_index("year")[column]


def nearer(case: Case, *, baseline: bool = True, scale: float = 100, **which: str) -> pd.DataFrame:
    found = alike(case, **which)
    if baseline:
        found = found - world(case).reindex(found.index)
    return (scale * found).round(4).rename("points").reset_index()


def goods(case: Case) -> pd.Series:
    customs = tables.load("customs")
    sold = customs[(customs.partner == "EU") & (customs.reporter == "EU")]
    sold = sold[(sold.country == case.state) & sold.year.between(case.start, case.end)]
    return sold.set_index("year").value_usd


def output(case: Case) -> pd.Series:
    macro = tables.load("macro")
    found = macro[(macro.indicator == "gdp_usd") & (macro.country == case.state)]
    return found.set_index("year").value


def weight(case: Case, year: int | None = None, scale: float = 100) -> float:
    year = year or case.end
    return float(scale * goods(case)[year] / output(case)[year])


def acts_of(case: Case, *, power: bool = True, mover: bool = False) -> pd.DataFrame:
    events = tables.load("events")
    found = events[events.date.dt.year.between(case.start, case.end)]
    if power:
        found = found[found.power == "russia"]
    if mover:
        return found[found.initiator == case.state]
    names = found.countries.astype(str).str.split(";")
    return found[names.map(lambda states: case.state in states)]


def acts(case: Case, **which: bool) -> pd.DataFrame:
    counted = acts_of(case, **which).dimension.astype(str).value_counts()
    return (
        counted.reindex(DIMENSIONS, fill_value=0).rename_axis("dimension").reset_index(name="acts")
    )


def sold(case: Case, scale: float = 1e6) -> pd.DataFrame:
    return (goods(case) / scale).rename("million").reset_index()


def shares(case: Case) -> dict[str, float]:
    """Return how much of the variation in goods lies between periods, for each break year."""
    series = goods(case)
    years = series.index.to_series()
    return {k: measures.share_between_periods(years, series, [b]) for k, b in BREAKS.items()}


def best_break(case: Case) -> str:
    found = shares(case)
    return max(found, key=found.get)


def second_break(case: Case) -> str:
    found = shares(case)
    return sorted(found, key=found.get)[-2]


def worst_break(case: Case) -> str:
    found = shares(case)
    return min(found, key=found.get)


def nearer_path(case: Case) -> list[str]:
    table = nearer(case).set_index("year").points
    own, every = alike(case)[case.end], world(case)[case.end]
    return [
        f"In votes keep the measure {FINAL}, the partner {case.partner} and the country "
        f"{case.state}: {len(table)} years are left.",
        "In votes_world keep the same measure and partner; the column median is what half of all "
        "states stay below.",
        f"In {case.end} the state stands at {own:.4f} and the world at {every:.4f}: "
        f"100 × ({own:.4f} - {every:.4f}) = {table[case.end]:.1f} points.",
    ]


def weight_path(case: Case) -> list[str]:
    value, gdp = goods(case)[case.end] / 1e6, output(case)[case.end] / 1e6
    return [
        f"In customs keep the partner EU and the reporter EU: {value:,.1f} million dollars in "
        f"{case.end}.",
        f"The indicator gdp_usd of the table macro says {gdp:,.0f} million for the same year.",
        f"100 × {value:,.1f} / {gdp:,.0f} = {weight(case):.2f} per cent.",
    ]


def acts_path(case: Case) -> list[str]:
    counted = ", ".join(f"{row.dimension} {row.acts}" for row in acts(case).itertuples())
    return [
        f"Keep the events that come under Russia, from {case.start} to {case.end}.",
        f"Of these, keep the ones that name {case.state_name}, alone or with others.",
        f"Count by dimension: {counted}. A dimension without any act has 0.",
    ]


def sold_path(case: Case) -> list[str]:
    table = sold(case).set_index("year").million
    return [
        f"Keep what the European Union's customs count for {case.state_name} in the period, and "
        "divide by a million.",
        f"It was {table[case.start]:,.1f} in {case.start}, {table.max():,.1f} in {table.idxmax()} "
        f"and {table[case.end]:,.1f} in {case.end}.",
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


def _goods_and_output(case: Case) -> pd.DataFrame:
    two = pd.DataFrame({"goods of the EU, dollars": goods(case), "GDP, dollars": output(case)})
    return two.dropna().round(0).loc[case.end - 3 : case.end].reset_index()


QUESTIONS = [
    Table(
        id="ex12-q1-nearer",
        names=("nearer",),
        points=5,
        minutes=15,
        by=("year",),
        numbers={"points": ("percentage points", -100, 100, 0.05)},
        expected=nearer,
        mistakes=(
            Mistake(
                "no-baseline",
                "This is the agreement itself. Take off what all states did: the median in "
                "votes_world, year by year.",
                lambda case: nearer(case, baseline=False),
            ),
            Mistake(
                "shares",
                "These are shares. Percentage points are asked for: multiply by 100.",
                lambda case: nearer(case, scale=1),
            ),
            Mistake(
                "half-votes",
                "This measure gives a half for an abstention. Take agreement_identical_final.",
                lambda case: nearer(case, measure=HALF),
            ),
            Mistake(
                "other-partner",
                "This is the agreement with the United States. The partner is your case's.",
                lambda case: nearer(case, partner="USA"),
            ),
        ),
        hints=(
            "Two series by year: how often your state voted like Russia, and what the median "
            "state did. Then the difference.",
            "Set year as the index of both, and pandas subtracts year by year.",
            "reset_index brings the years back as a column. The result has two columns, year and "
            "points.",
        ),
        path=nearer_path,
    ),
    Number(
        id="ex12-q2-weight",
        names=("weight",),
        points=4,
        minutes=10,
        unit="per cent of GDP",
        low=0,
        high=100,
        tolerance=0.005,
        expected=weight,
        form=Form(
            prompt=(
                "How much were the goods that the European Union's customs counted for {state} in "
                "{end}, in per cent of its gross domestic product of that year? Right to two "
                "decimals."
            ),
            rows=_goods_and_output,
        ),
        mistakes=(
            Mistake(
                "first-year",
                "This is the weight in the first year of your period. The last one is asked for.",
                lambda case: weight(case, case.start),
            ),
            Mistake(
                "fraction",
                "This is a fraction. Per cent are asked for: multiply by 100.",
                lambda case: weight(case, scale=1),
            ),
        ),
        hints=(
            "Two numbers of the same state and year: goods, and gross domestic product.",
            "Both tables are in dollars, so nothing needs to be converted before you divide.",
            "In customs: country, partner, reporter and year. In macro: country, indicator and "
            "year. Each leaves one row, and .item() takes the number out of it.",
        ),
        path=weight_path,
    ),
    Table(
        id="ex12-q3-acts",
        names=("acts",),
        points=3,
        minutes=10,
        by=("dimension",),
        numbers={"acts": ("acts", 0, 400, 0.5)},
        expected=acts,
        form=Form(
            prompt=(
                "The table lists the events from {start} to {end} that come under Russia and name "
                "{state}. How many of them are about {cell[dimension]} matters?"
            ),
            rows=lambda case: rows.events(acts_of(case), "dimension"),
            cell=lambda case: {"dimension": "institutional"},
        ),
        mistakes=(
            Mistake(
                "all-powers",
                "Acts of China and the United States are among yours. Keep those that come under "
                "Russia.",
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
            "The column countries is text such as KAZ;RUS;UZB. str.contains finds a code in it.",
            "value_counts counts, but leaves out what never comes. reindex with the three "
            "dimensions and fill_value=0 brings it back.",
        ),
        path=acts_path,
    ),
    Chart(
        id="ex12-q4-chart",
        names=("chart",),
        points=6,
        minutes=13,
        marks=("line",),
        x="year",
        y="million",
        tolerance=0.05,
        expected=sold,
        mistakes=(
            Mistake(
                "dollars",
                "The line shows dollars. Million dollars are asked for: divide by a million.",
                lambda case: sold(case, scale=1),
            ),
        ),
        hints=(
            "Make a table with two columns first, year and million. The chart is then one line.",
            "mark_line draws it, encode says which column goes across and which upwards. What is "
            "missing for a reader who sees nothing but the chart?",
            ".properties(title='…', description='…'). The title says what happened, the "
            "description also says between which values and years.",
        ),
        path=sold_path,
    ),
    Choice(
        id="ex12-q5-break",
        names=("q5_answer", "q5_confidence"),
        points=2,
        minutes=5,
        options={
            "A": "2014, the year of Crimea and of the treaty of the union.",
            "B": "2015, the first year of the Eurasian Economic Union.",
            "C": "2018, the year of the first meeting of the five without a power.",
            "D": "2022, the year of the attack on the whole of Ukraine.",
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
    Argument(id="ex12-q6-argument", points=18, minutes=37),
]
