"""Key of exercise 14: a state's votes, trade and visas with the United States, and a break."""

import pandas as pd

from centralasia import measures, tables
from centralasia.checks.asks import Argument, Chart, Choice, Form, Mistake, Number, Table
from centralasia.checks.cases import Case, pool
from centralasia.checks.slices import Slice

BREAKS = {"A": 2012, "B": 2015, "C": 2018, "D": 2022}
AGREEMENT = "agreement_identical_final"
CLASSES = ("F-1", "J-1", "all")
# Every period holds all four break years. Kyrgyzstan has no votes of 2001.
POOL = pool(
    ("KAZ", "KGZ", "TJK", "TKM", "UZB"),
    ("USA",),
    (
        (2003, 2023, "2014-06-03"),
        (2004, 2022, "2015-11-01"),
        (2005, 2024, "2021-08-30"),
        (2006, 2023, "2023-09-19"),
        (2008, 2024, "2021-10-23"),
    ),
)
GUEST = Case("KGZ", "USA", 2003, 2024, "2014-06-03")
TABLES = (
    Slice(
        table="votes",
        about="How far {state} agreed with the United States, {start} to {end}",
        where={"country": ("{state}",), "partner": ("USA",), "measure": (AGREEMENT,)},
        period="year",
        columns=("year", "partner", "measure", "value"),
    ),
    Slice(
        table="votes_world",
        about="How far the median of all states agreed with the United States, {start} to {end}",
        where={"partner": ("USA",), "measure": (AGREEMENT,)},
        period="year",
        columns=("year", "partner", "measure", "median"),
    ),
    Slice(
        table="customs",
        about="The trade of {state} with the United States, {start} to {end}",
        where={"country": ("{state}",), "partner": ("USA",)},
        period="year",
        columns=("year", "flow", "value_usd"),
    ),
    Slice(
        table="trade",
        about="All trade of {state} in {end}",
        where={
            "source_id": ("wdi_datahub_2026",),
            "country": ("{state}",),
            "partner": ("WLD",),
            "year": ("{end}",),
        },
        columns=("year", "partner", "flow", "value_usd"),
    ),
    Slice(
        table="visas",
        about="American visas for citizens of {state}, {start} to {end}",
        where={"country": ("{state}",)},
        period="year",
        columns=("year", "visa_class", "issued"),
    ),
)


def agreement(case: Case, partner: str = "USA") -> pd.Series:
    votes = tables.load("votes")
    votes = votes[(votes.measure == AGREEMENT) & (votes.partner == partner)]
    votes = votes[(votes.country == case.state) & votes.year.between(case.start, case.end)]
    return 100 * votes.set_index("year").value


def median(partner: str = "USA") -> pd.Series:
    world = tables.load("votes_world")
    world = world[(world.measure == AGREEMENT) & (world.partner == partner)]
    return 100 * world.set_index("year")["median"]


def gap(
    case: Case, partner: str = "USA", sign: int = 1, scale: float = 1, *, baseline: bool = True
) -> pd.DataFrame:
    votes = agreement(case, partner)
    points = votes - median(partner).reindex(votes.index) if baseline else votes
    return (sign * scale * points).rename("points").reset_index()


def american(case: Case, flows: tuple = ("export", "import")) -> pd.Series:
    customs = tables.load("customs")
    own = customs[(customs.country == case.state) & (customs.partner == "USA")]
    own = own[own.flow.isin(flows) & own.year.between(case.start, case.end)]
    return own.groupby("year").value_usd.sum()


def whole(case: Case, flows: tuple = ("export", "import")) -> pd.Series:
    trade = tables.load("trade")
    own = trade[(trade.country == case.state) & (trade.partner == "WLD")]
    own = own[(own.source_id == "wdi_datahub_2026") & own.flow.isin(flows)]
    return own.groupby("year").value_usd.sum()


def part(
    case: Case,
    year: int | None = None,
    flows: tuple = ("export", "import"),
    base: tuple = ("export", "import"),
    scale: float = 100,
) -> float:
    year = year or case.end
    return float(scale * american(case, flows)[year] / whole(case, base)[year])


def visas_of(case: Case) -> pd.DataFrame:
    visas = tables.load("visas")
    own = visas[(visas.country == case.state) & visas.year.between(case.start, case.end)]
    return own.astype({"visa_class": str})


def issued(case: Case) -> pd.DataFrame:
    return visas_of(case).pivot_table(index="visa_class", columns="year", values="issued")


def change(case: Case, sign: int = 1) -> pd.DataFrame:
    wide = issued(case)
    counts = sign * (wide[case.end] - wide[case.start])
    return counts.rename("change").reset_index()


def last_only(case: Case) -> pd.DataFrame:
    return issued(case)[case.end].rename("change").reset_index()


def all_years(case: Case) -> pd.DataFrame:
    return issued(case).sum(axis="columns").rename("change").reset_index()


def trade(case: Case, flows: tuple = ("export", "import"), scale: float = 1e6) -> pd.DataFrame:
    return (american(case, flows) / scale).rename("million").reset_index()


def shares(case: Case) -> dict[str, float]:
    """Return how much of the variation in trade lies between periods, for each break year."""
    values = american(case)
    years = values.index.to_series()
    return {k: measures.share_between_periods(years, values, [b]) for k, b in BREAKS.items()}


def best_break(case: Case) -> str:
    found = shares(case)
    return max(found, key=found.get)


def second_break(case: Case) -> str:
    found = shares(case)
    return sorted(found, key=found.get)[-2]


def worst_break(case: Case) -> str:
    found = shares(case)
    return min(found, key=found.get)


def gap_path(case: Case) -> list[str]:
    table = gap(case).set_index("year").points
    low = table.idxmin()
    return [
        f"Keep the agreement of {case.state_name} with the United States, measure {AGREEMENT}, "
        f"{case.start} to {case.end}.",
        "The table votes_world has the median of all states for the same measure, partner and "
        "year.",
        "Take the median from the agreement, year by year, and multiply by 100. Both tables hold "
        "shares from 0 to 1.",
        f"The lowest place is that of {low}: {table[low]:.1f} points.",
    ]


def part_path(case: Case) -> list[str]:
    own, all_ = american(case)[case.end] / 1e6, whole(case)[case.end] / 1e6
    return [
        f"American customs count {own:,.1f} million dollars of trade with {case.state_name} in "
        f"{case.end}, both flows together.",
        f"All trade of the state in that year is {all_:,.0f} million dollars: partner WLD, source "
        "wdi_datahub_2026, both flows.",
        f"100 × {own:,.1f} / {all_:,.0f} = {part(case):.3f} per cent.",
    ]


def change_path(case: Case) -> list[str]:
    wide = issued(case)
    said = ", ".join(
        f"{name} {wide.loc[name, case.start]:.0f} and {wide.loc[name, case.end]:.0f}"
        for name in wide.index
    )
    return [
        f"Keep the rows of {case.state_name} for {case.start} and {case.end}.",
        f"They are, class by class: {said}.",
        "Take the first year from the last. A fall is negative.",
    ]


def trade_path(case: Case) -> list[str]:
    table = trade(case).set_index("year").million
    return [
        f"Add up what American customs count in both directions with {case.state_name}, year by "
        "year, and divide by a million.",
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


def _two_shares(case: Case) -> pd.DataFrame:
    two = pd.DataFrame(
        {"agreement, per cent": agreement(case), "median of all states, per cent": median()}
    )
    return two.dropna().loc[case.start : case.end].round(2).reset_index()


def _two_totals(case: Case) -> pd.DataFrame:
    two = pd.DataFrame(
        {
            "trade with the United States, million dollars": american(case) / 1e6,
            "all trade, million dollars": whole(case) / 1e6,
        }
    )
    return two.dropna().round(2).loc[case.end - 3 : case.end].reset_index()


def _two_years(case: Case) -> pd.DataFrame:
    wide = issued(case)[[case.start, case.end]].astype(int)
    wide.columns = [str(year) for year in wide.columns]
    return wide.reset_index(names="class")


def _left_over(case: Case) -> pd.DataFrame:
    """Return for each break how far the years lie from the mean of their own period."""
    values = american(case) / 1e6
    found = {}
    for year in BREAKS.values():
        halves = values[values.index < year], values[values.index >= year]
        squares = sum(((half - half.mean()) ** 2).sum() for half in halves)
        found[year] = (*(round(half.mean(), 1) for half in halves), round(squares, 1))
    columns = ["mean before, million", "mean from then on, million", "squared distances"]
    return pd.DataFrame(found, index=columns).T.rename_axis("break").reset_index()


QUESTIONS = [
    Table(
        id="ex14-q1-gap",
        names=("gap",),
        points=5,
        minutes=15,
        by=("year",),
        numbers={"points": ("points", -100, 100, 0.05)},
        expected=gap,
        form=Form(
            prompt=(
                "How many points above or below the median of all states was {state} in "
                "{cell[year]}, in its agreement with the United States in the General Assembly? "
                "Below is negative. Right to one decimal."
            ),
            rows=_two_shares,
            cell=lambda case: {"year": case.end},
        ),
        mistakes=(
            Mistake(
                "no-baseline",
                "This is the agreement itself. Take the world's median of the same year from it.",
                lambda case: gap(case, baseline=False),
            ),
            Mistake(
                "sign",
                "These are points by which the world is ahead of your state. Take the median from "
                "the state's agreement, and not the other way round.",
                lambda case: gap(case, sign=-1),
            ),
            Mistake(
                "fraction",
                "These are shares from 0 to 1. Points are asked for: multiply by 100.",
                lambda case: gap(case, scale=0.01),
            ),
            Mistake(
                "russia",
                "This is the agreement with Russia, beside the world's with Russia. Keep the "
                "partner USA in both tables.",
                lambda case: gap(case, "RUS"),
            ),
        ),
        hints=(
            "Two series: what the state did, and what the median of all states did.",
            "Both tables have a column measure and a column partner; take the same of both, and "
            "give both the year as index before you subtract.",
            "state - world, times 100, then .rename('points').reset_index() makes the table.",
        ),
        path=gap_path,
    ),
    Number(
        id="ex14-q2-part",
        names=("part",),
        points=4,
        minutes=10,
        unit="per cent of all trade",
        low=0,
        high=100,
        tolerance=0.0005,
        expected=part,
        form=Form(
            prompt=(
                "How large was the trade of {state} with the United States in {end}, as American "
                "customs count it, in per cent of all trade of {state}? Both directions together, "
                "right to three decimals."
            ),
            rows=_two_totals,
        ),
        mistakes=(
            Mistake(
                "first-year",
                "This is the part in the first year of your period. The last one is asked for.",
                lambda case: part(case, case.start),
            ),
            Mistake(
                "one-flow",
                "Only what the state sold is in your American figure. Add what it bought.",
                lambda case: part(case, flows=("export",)),
            ),
            Mistake(
                "one-base",
                "All trade has two flows as well: exports and imports of the partner WLD.",
                lambda case: part(case, base=("export",)),
            ),
            Mistake(
                "fraction",
                "This is a fraction. Per cent are asked for: multiply by 100.",
                lambda case: part(case, scale=1),
            ),
        ),
        hints=(
            "Two sums of the same state and year: trade with the United States, and all trade.",
            "The first is in the table customs, the second in the table trade with the partner WLD "
            "and the source wdi_datahub_2026. Both have two flows.",
            "Filter, then .value_usd.sum() gives each of the two sums.",
        ),
        path=part_path,
    ),
    Table(
        id="ex14-q3-visas",
        names=("visas",),
        points=3,
        minutes=10,
        by=("visa_class",),
        numbers={"change": ("visas", -1000000, 1000000, 0.5)},
        expected=change,
        form=Form(
            prompt=(
                "By how many did the American visas of the class {cell[visa_class]} for citizens "
                "of {state} change from {start} to {end}? A fall is negative."
            ),
            rows=_two_years,
            cell=lambda case: {"visa_class": "F-1"},
        ),
        mistakes=(
            Mistake(
                "sign",
                "The sign is turned round. Take the first year from the last.",
                lambda case: change(case, -1),
            ),
            Mistake(
                "last",
                "This is what was issued in the last year. Take the first year from it.",
                last_only,
            ),
            Mistake(
                "all-years",
                "This is the sum of all years. Only the first and the last are asked for.",
                all_years,
            ),
        ),
        hints=(
            "For each class two numbers: the first year of your period, and the last.",
            "pivot(index='visa_class', columns='year', values='issued') puts the years beside each "
            "other.",
            "The change is the column of the last year less that of the first; reset_index makes "
            "visa_class a column again.",
        ),
        path=change_path,
    ),
    Chart(
        id="ex14-q4-chart",
        names=("chart",),
        points=6,
        minutes=13,
        marks=("line",),
        x="year",
        y="million",
        tolerance=0.05,
        expected=trade,
        mistakes=(
            Mistake(
                "sold",
                "The line shows what your state sold to the United States. Add what it bought.",
                lambda case: trade(case, ("export",)),
            ),
            Mistake(
                "dollars",
                "The line shows dollars. Million dollars are asked for: divide by a million.",
                lambda case: trade(case, scale=1),
            ),
        ),
        hints=(
            "Make a table with two columns first, year and million. The chart is then one line.",
            "mark_line draws it, encode says which column goes across and which upwards. What is "
            "missing for a reader who sees nothing but the chart?",
            ".properties(title='…', description='…'). The title says what happened, the "
            "description also says between which values and years.",
        ),
        path=trade_path,
    ),
    Choice(
        id="ex14-q5-break",
        names=("q5_answer", "q5_confidence"),
        points=2,
        minutes=5,
        options={
            "A": "2012, when the surge in Afghanistan was ending.",
            "B": "2015, the first year without a base at Manas.",
            "C": "2018, when the five first met without a power.",
            "D": "2022, the first year after the last soldiers left Kabul.",
        },
        expected=best_break,
        form=Form(
            prompt=(
                "The trade of {state} with the United States from {start} to {end}, in American "
                "books, is cut into two periods at one of four years. The last column adds up, "
                "squared, how far each year lies from the mean of its own period. Which break "
                "accounts for the largest part of the variation?"
            ),
            rows=_left_over,
        ),
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
    Argument(id="ex14-q6-argument", points=18, minutes=37),
]
