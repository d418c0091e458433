"""Key of exercise 13: how much larger China's trade was than Russia's, and from when on."""

import pandas as pd

from centralasia import measures, tables
from centralasia.checks import rows
from centralasia.checks.asks import Argument, Chart, Choice, Form, Mistake, Number, Table
from centralasia.checks.cases import Case, pool
from centralasia.checks.slices import Slice

SOURCE = "cow_trade_v4"
POOL = pool(
    ("KGZ", "TJK", "TKM", "UZB"),
    ("CHN",),
    (
        (1998, 2008, "2008-12-31"),
        (1999, 2009, "2009-12-31"),
        (2001, 2011, "2011-12-31"),
        (2002, 2012, "2012-12-31"),
        (2003, 2013, "2013-12-31"),
        (2005, 2014, "2014-12-31"),
    ),
)
GUEST = Case("KAZ", "CHN", 2004, 2014, "2014-12-31")
TABLES = (
    Slice(
        table="trade",
        about="The trade of {state} with China and Russia, {start} to {end}",
        where={
            "source_id": (SOURCE,),
            "country": ("{state}",),
            "partner": ("CHN", "RUS"),
        },
        period="year",
        columns=("year", "partner", "flow", "value_usd"),
    ),
)
BOTH = ("export", "import")


def trade_of(case: Case) -> pd.DataFrame:
    trade = tables.load("trade")
    trade = trade[(trade.country == case.state) & trade.partner.isin(["CHN", "RUS"])]
    return trade[(trade.source_id == SOURCE) & trade.year.between(case.start, case.end)]


def sums(case: Case, flows: tuple = BOTH) -> pd.DataFrame:
    """Return trade with China and with Russia by year, US dollars."""
    mine = trade_of(case)
    mine = mine[mine.flow.isin(flows)].astype({"partner": str})
    return mine.pivot_table(index="year", columns="partner", values="value_usd", aggfunc="sum")


def ratios(case: Case, flows: tuple = BOTH) -> pd.DataFrame:
    both = sums(case, flows)
    return (both.CHN / both.RUS).rename("ratio").reset_index()


def ratio(case: Case, flows: tuple = BOTH) -> float:
    return float(ratios(case, flows).set_index("year").ratio.get(case.end, 0))


def upside_down(case: Case) -> pd.DataFrame:
    return ratios(case).assign(ratio=lambda frame: 1 / frame.ratio)


def of_both(case: Case) -> pd.DataFrame:
    return ratios(case).assign(ratio=lambda frame: frame.ratio / (1 + frame.ratio))


def overtaking(case: Case, flows: tuple = BOTH) -> measures.Overtaking:
    both = sums(case, flows)
    return measures.overtaking(both.CHN, both.RUS)


def passed(case: Case, flows: tuple = BOTH) -> int:
    return overtaking(case, flows).lasting or 0


def first_lead(case: Case) -> int:
    return overtaking(case).first or 0


def last_behind(case: Case) -> int:
    return overtaking(case).behind or 0


def lines(case: Case, flows: tuple = BOTH, scale: float = 1e9) -> pd.DataFrame:
    both = sums(case, flows) / scale
    return both.reset_index().melt("year", var_name="partner", value_name="usd_bn")


def ahead(case: Case, flows: tuple = BOTH) -> str:
    part = float((ratios(case, flows).ratio > 1).mean())
    return "A" if part == 0 else "B" if part <= 0.25 else "C" if part <= 0.5 else "D"


def ratio_path(case: Case) -> list[str]:
    both = sums(case).loc[case.end] / 1e6
    return [
        f"Keep the rows of {case.state_name} from the one source, with China and with Russia, in "
        "both flows.",
        f"Add up the flows of {case.end}: {both.CHN:.0f} million dollars with China, "
        f"{both.RUS:.0f} with Russia.",
        f"Divide China's by Russia's: {both.CHN:.0f} / {both.RUS:.0f} = {ratio(case):.2f}.",
    ]


def ratios_path(case: Case) -> list[str]:
    first, last = ratios(case).iloc[0], ratios(case).iloc[-1]
    return [
        "Add up both flows by year and partner, and put the two partners side by side.",
        "One column divided by the other gives a ratio for each year.",
        f"The first row is {first.year:.0f}, {first.ratio:.2f}; the last is {last.year:.0f}, "
        f"{last.ratio:.2f}.",
    ]


def passed_path(case: Case) -> list[str]:
    found = overtaking(case)
    larger = ratios(case).query("ratio > 1").year.tolist()
    said = ", ".join(map(str, larger)) or "none"
    last = f"The answer is {found.lasting}." if found.lasting else "The answer is 0."
    return [
        f"Years in which China's trade is the larger one: {said}.",
        f"Go back from {case.end} as long as each year is among them.",
        last + " A lead that is lost again does not count.",
    ]


def chart_path(case: Case) -> list[str]:
    both = sums(case) / 1e9
    first, last = both.iloc[0], both.iloc[-1]
    return [
        "Add up both flows by year and partner and divide by a billion.",
        f"China: {first.CHN:.2f} in {case.start}, {last.CHN:.2f} in {case.end}. "
        f"Russia: {first.RUS:.2f} and {last.RUS:.2f}.",
        "Draw a line for each, told apart by colour, from zero. Give the measure a title with its "
        "unit, the chart a title that states what one sees, and a description.",
    ]


def ahead_path(case: Case) -> list[str]:
    larger, years = int((ratios(case).ratio > 1).sum()), len(ratios(case))
    return [
        f"Of {years} years China's trade is the larger one in {larger}.",
        f"A quarter would be {years / 4:g}, a half {years / 2:g}: answer {ahead(case)}.",
        "Somebody who looks at the last year alone would say the same of very different stories.",
    ]


QUESTIONS = [
    Number(
        id="ex13-q1-ratio",
        names=("ratio",),
        points=3,
        minutes=8,
        unit="multiple",
        low=0,
        high=1000,
        tolerance=0.005,
        expected=ratio,
        form=Form(
            prompt=(
                "How many times as large as {state}’s trade with Russia was its trade with China "
                "in {end}, exports and imports together? 0.5 means half as large. Right to two "
                "decimals. Trade is in million current US dollars, from the Correlates of War "
                "project."
            ),
            rows=lambda case: rows.trade(trade_of(case)),
        ),
        mistakes=(
            Mistake(
                "upside-down",
                "You divided Russia's trade by China's. Asked is China's as a multiple of "
                "Russia's.",
                lambda case: 1 / (ratio(case) or 1),
            ),
            Mistake(
                "exports-only",
                "You counted the exports only. Add what the state buys.",
                lambda case: ratio(case, flows=("export",)),
            ),
            Mistake(
                "imports-only",
                "You counted the imports only. Add what the state sells.",
                lambda case: ratio(case, flows=("import",)),
            ),
        ),
        hints=(
            "You need two numbers of one year, each with two flows in it.",
            "Keep the rows of one source and one state, then group by year and partner and add "
            "value_usd.",
            "unstack makes a column of each partner; square brackets with the year give its row.",
        ),
        path=ratio_path,
    ),
    Table(
        id="ex13-q2-ratios",
        names=("ratios",),
        points=4,
        minutes=12,
        by=("year",),
        numbers={"ratio": ("multiple", 0, 1000, 0.005)},
        expected=ratios,
        form=Form(
            prompt=(
                "How many times as large as {state}’s trade with Russia was its trade with China "
                "in {cell[year]}, exports and imports together? Right to two decimals. Trade is in "
                "million current US dollars, from the Correlates of War project."
            ),
            rows=lambda case: rows.trade(trade_of(case)),
            cell=lambda case: {"year": case.start},
        ),
        mistakes=(
            Mistake(
                "upside-down",
                "You divided Russia's trade by China's in each year.",
                upside_down,
            ),
            Mistake(
                "of-both",
                "These are China's shares of the trade with both. Divide by Russia's alone.",
                of_both,
            ),
            Mistake(
                "imports-only",
                "You counted the imports only. Both flows together are asked for.",
                lambda case: ratios(case, flows=("import",)),
            ),
        ),
        hints=(
            "The same as question 1, for every year at once.",
            "After unstack one column divided by the other gives a series by year.",
            "rename gives the series its name, reset_index makes a table of it.",
        ),
        path=ratios_path,
    ),
    Number(
        id="ex13-q3-passed",
        names=("passed",),
        points=5,
        minutes=12,
        unit="year",
        low=0,
        high=2100,
        tolerance=0.1,
        follows_data=False,
        expected=passed,
        form=Form(
            prompt=(
                "From which year on was {state}’s trade with China larger than that with Russia in "
                "every year to {end}, exports and imports together? Count no year before {start}, "
                "and write 0 if China’s trade was not the larger one in {end}. Trade is in million "
                "current US dollars, from the Correlates of War project."
            ),
            rows=lambda case: rows.trade(trade_of(case)),
        ),
        mistakes=(
            Mistake(
                "first-lead",
                "In this year China's trade was larger for the first time. Was it so in every "
                "later year too?",
                first_lead,
            ),
            Mistake(
                "last-behind",
                "This is the last year in which China was not ahead. Asked is the year after it.",
                last_behind,
            ),
            Mistake(
                "exports-only",
                "You compared the exports only. Both flows together are asked for.",
                lambda case: passed(case, flows=("export",)),
            ),
            Mistake(
                "imports-only",
                "You compared the imports only. Both flows together are asked for.",
                lambda case: passed(case, flows=("import",)),
            ),
        ),
        hints=(
            "Look at the ratios from the end: how far back are they above one without a gap?",
            "measures.overtaking takes China's series first and Russia's second. Its field "
            "lasting is the year, or None.",
            "or turns None into another value: found.lasting or 0.",
        ),
        path=passed_path,
    ),
    Chart(
        id="ex13-q4-chart",
        names=("chart",),
        points=6,
        minutes=15,
        marks=("line",),
        x="year",
        y="usd_bn",
        series="partner",
        tolerance=0.005,
        expected=lines,
        mistakes=(
            Mistake(
                "million",
                "The lines are in million dollars. Billions are asked for.",
                lambda case: lines(case, scale=1e6),
            ),
            Mistake(
                "dollars",
                "The lines are in dollars. Divide by a billion.",
                lambda case: lines(case, scale=1),
            ),
            Mistake(
                "imports-only",
                "You drew the imports only. Both flows together are asked for.",
                lambda case: lines(case, flows=("import",)),
            ),
        ),
        hints=(
            "Make a table with three columns first: year, partner, usd_bn. The chart is then one "
            "line for each partner.",
            "melt makes rows of columns: its var_name is partner, its value_name usd_bn.",
            "color tells the partners apart. What is missing for a reader who sees nothing but "
            "the chart?",
        ),
        path=chart_path,
    ),
    Choice(
        id="ex13-q5-ahead",
        names=("q5_answer", "q5_confidence"),
        points=2,
        minutes=6,
        options={
            "A": "In none of the years.",
            "B": "In up to a quarter of the years.",
            "C": "In more than a quarter of the years, and in no more than half.",
            "D": "In more than half of the years.",
        },
        expected=ahead,
        form=Form(
            prompt=(
                "In how many of the years from {start} to {end} was {state}’s trade with China, "
                "exports and imports together, larger than that with Russia? Trade is in million "
                "current US dollars, from the Correlates of War project."
            ),
            rows=lambda case: rows.trade(trade_of(case)),
        ),
        mistakes=(
            Mistake(
                "exports-only",
                "That holds for the exports. Count both flows together.",
                lambda case: ahead(case, flows=("export",)),
            ),
            Mistake(
                "imports-only",
                "That holds for the imports. Count both flows together.",
                lambda case: ahead(case, flows=("import",)),
            ),
        ),
        hints=(
            "Which ratios are above one?",
            "A comparison gives True or False for each year, and the mean of these is the part "
            "of the years.",
        ),
        path=ahead_path,
    ),
    Argument(id="ex13-q6-argument", points=18, minutes=37),
]
