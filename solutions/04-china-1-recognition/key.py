"""Key of exercise 04: what grows from a tiny base, and how soon states acted."""

import pandas as pd

from centralasia import tables
from centralasia.checks import rows
from centralasia.checks.asks import Argument, Chart, Choice, Form, Mistake, Number, Table
from centralasia.checks.cases import Case, pool
from centralasia.checks.slices import Slice

SOURCE = "cow_trade_v4"
RIVALS = ("CHN", "RUS")
FLOWS = ("export", "import")
# In these periods each of the four readings of question 5 comes up, and none too often.
POOL = pool(
    ("KAZ", "KGZ", "TJK", "TKM", "UZB"),
    RIVALS,
    (
        (1994, 1999, "1998-07-04"),
        (1994, 2000, "1999-08-26"),
        (1996, 2001, "2001-06-15"),
        (1996, 2004, "2002-05-17"),
    ),
)
GUEST = Case("KAZ", "CHN", 1995, 2000, "1997-09-24")
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
    Slice(
        table="events",
        about="The events that come under {partner} and name {state}",
        where={"power": ("{power}",), "countries": ("{state}",)},
        columns=("event_id", "date", "title", "dimension"),
    ),
)


def amounts(case: Case, partner: str | None = None, flows: tuple = FLOWS) -> pd.Series:
    """Trade of the case's state with a partner, million US dollars by year."""
    trade = tables.load("trade")
    rows = trade[(trade.source_id == SOURCE) & (trade.country == case.state)]
    rows = rows[rows.partner.eq(partner or case.partner) & rows.flow.isin(flows)]
    rows = rows[rows.year.between(case.start, case.end)]
    return rows.groupby("year").value_usd.sum() / 1e6


def index(
    case: Case, base: str = "start", scale: float = 100, flows: tuple = FLOWS
) -> pd.DataFrame:
    values = amounts(case, flows=flows)
    first = values[case.start if base == "start" else case.end]
    return (scale * values / first).rename("index").reset_index()


def of_all_trade(case: Case) -> pd.DataFrame:
    values = amounts(case, partner="WLD")
    return (100 * values / values[case.start]).rename("index").reset_index()


def yearly(case: Case) -> float:
    values = amounts(case)
    multiple = values[case.end] / values[case.start]
    return float(100 * (multiple ** (1 / (case.end - case.start)) - 1))


def divided(case: Case) -> float:
    values = amounts(case)
    growth = values[case.end] / values[case.start] - 1
    return float(100 * growth / (case.end - case.start))


def mean_of_changes(case: Case) -> float:
    return float(100 * amounts(case).pct_change().mean())


def too_many_years(case: Case) -> float:
    values = amounts(case)
    multiple = values[case.end] / values[case.start]
    return float(100 * (multiple ** (1 / (case.end - case.start + 1)) - 1))


def both(case: Case, scale: float = 1, flows: tuple = FLOWS) -> pd.DataFrame:
    parts = [
        (amounts(case, rival, flows) * scale).rename("million").reset_index().assign(partner=rival)
        for rival in RIVALS
    ]
    return pd.concat(parts)[["year", "partner", "million"]]


def both_as_index(case: Case) -> pd.DataFrame:
    frame = both(case)
    first = frame[frame.year == case.start].set_index("partner").million
    return frame.assign(million=100 * frame.million / frame.partner.map(first))


def acts(case: Case, powers: str = "own", until: bool = True) -> pd.DataFrame:
    events = tables.load("events")
    named = events.countries.str.split(";").map(lambda states: case.state in states)
    events = events[named]
    if powers == "own":
        events = events[events.power == case.power]
    if until:
        events = events[events.date <= pd.Timestamp(case.day)]
    years = events.date.dt.year.groupby(events.dimension.astype(str))
    frame = pd.DataFrame({"n": years.size(), "first": years.min()})
    return frame.rename_axis("dimension").reset_index()


def of_the_region(case: Case) -> pd.DataFrame:
    events = tables.load("events")
    events = events[(events.power == case.power) & (events.date <= pd.Timestamp(case.day))]
    years = events.date.dt.year.groupby(events.dimension.astype(str))
    frame = pd.DataFrame({"n": years.size(), "first": years.min()})
    return frame.rename_axis("dimension").reset_index()


def leaders(case: Case) -> tuple[str, str]:
    """Which rival's trade grew by the larger multiple, and which by the larger amount."""
    china, russia = amounts(case, "CHN"), amounts(case, "RUS")
    first, last = case.start, case.end
    multiple = china[last] / china[first] > russia[last] / russia[first]
    amount = china[last] - china[first] > russia[last] - russia[first]
    return ("CHN" if multiple else "RUS", "CHN" if amount else "RUS")


LETTERS = {("CHN", "CHN"): "A", ("CHN", "RUS"): "B", ("RUS", "CHN"): "C", ("RUS", "RUS"): "D"}


def reading(case: Case) -> str:
    return LETTERS[leaders(case)]


def other_multiple(case: Case) -> str:
    multiple, amount = leaders(case)
    return LETTERS[_other(multiple), amount]


def other_amount(case: Case) -> str:
    multiple, amount = leaders(case)
    return LETTERS[multiple, _other(amount)]


def both_other(case: Case) -> str:
    multiple, amount = leaders(case)
    return LETTERS[_other(multiple), _other(amount)]


def _other(rival: str) -> str:
    return "RUS" if rival == "CHN" else "CHN"


def index_path(case: Case) -> list[str]:
    values, frame = amounts(case), index(case).set_index("year")["index"]
    return [
        f"Keep the rows of {case.state_name} with {case.partner_name} from the one source, and "
        "add exports and imports year by year.",
        f"That gives {values[case.start]:.0f} million dollars in {case.start} and "
        f"{values[case.end]:.0f} in {case.end}.",
        f"Divide every year by {case.start} and multiply by 100: 100.0 in {case.start}, "
        f"{frame[case.end]:.1f} in {case.end}.",
    ]


def yearly_path(case: Case) -> list[str]:
    values = amounts(case)
    steps = case.end - case.start
    multiple = values[case.end] / values[case.start]
    return [
        f"The trade of {case.end} is {multiple:.3f} times that of {case.start}.",
        f"Between the two years lie {steps} steps. The same factor, multiplied {steps} times by "
        "itself, must give that multiple.",
        f"So the factor is {multiple:.3f} to the power of 1/{steps}, which is "
        f"{multiple ** (1 / steps):.5f}: {yearly(case):.2f} per cent a year.",
    ]


def chart_path(case: Case) -> list[str]:
    frame = both(case).set_index(["partner", "year"]).million
    ends = "; ".join(
        f"{rival} {frame[rival, case.start]:.0f} in {case.start}, {frame[rival, case.end]:.0f} "
        f"in {case.end}"
        for rival in RIVALS
    )
    return [
        "Group by year and partner at once, add up the dollars and divide by a million.",
        f"The ends of the two lines are: {ends}.",
        "Give the partner a colour of its own, the measure a title with the unit and an axis from "
        "zero, and say in the title what one sees.",
    ]


def acts_path(case: Case) -> list[str]:
    rows = acts(case).set_index("dimension")
    said = ", ".join(f"{d} {r.n} (from {r['first']})" for d, r in rows.iterrows())
    return [
        f"Keep the events that come under {case.partner_name}, name {case.state_name} and are "
        f"not later than {case.day}.",
        "Group by dimension. The size of a group is n, the smallest year is first.",
        f"The table says: {said}.",
    ]


def reading_path(case: Case) -> list[str]:
    china, russia = amounts(case, "CHN"), amounts(case, "RUS")
    first, last = case.start, case.end
    return [
        f"China: {china[first]:.0f} to {china[last]:.0f} million, {china[last] / china[first]:.2f} "
        f"times as much, a change of {china[last] - china[first]:.0f}.",
        f"Russia: {russia[first]:.0f} to {russia[last]:.0f} million, "
        f"{russia[last] / russia[first]:.2f} times as much, a change of "
        f"{russia[last] - russia[first]:.0f}.",
        f"That is answer {reading(case)}.",
    ]


def _first(frame: pd.DataFrame, by: list[str]) -> dict[str, object]:
    return frame.sort_values("n", ascending=False)[by].iloc[0].to_dict()


def _trade_table(case: Case, *partners: str) -> pd.DataFrame:
    trade = tables.load("trade").query("source_id == @SOURCE and country == @case.state")
    return rows.trade(trade.query("@case.start <= year <= @case.end and partner in @partners"))


def _acts_to_count(case: Case) -> pd.DataFrame:
    events = tables.load("events").query("power == @case.power")
    named = events.countries.str.split(";").map(lambda states: case.state in states)
    return rows.events(events[named], "dimension")


QUESTIONS = [
    Table(
        id="ex04-q1-index",
        names=("growth",),
        points=4,
        minutes=12,
        by=("year",),
        numbers={"index": ("index, first year 100", 0, 100_000, 0.05)},
        expected=index,
        form=Form(
            prompt=(
                "Put {state}’s trade with {partner}, exports and imports together, at 100 in "
                "{start}. What is the index in {cell[year]}? Right to one decimal. Trade is in "
                "million current US dollars, from the Correlates of War project."
            ),
            rows=lambda case: _trade_table(case, case.partner),
            cell=lambda case: {"year": case.end},
        ),
        mistakes=(
            Mistake(
                "multiple",
                "These are multiples of the first year. An index sets that year at 100, not at 1.",
                lambda case: index(case, scale=1),
            ),
            Mistake(
                "exports-only",
                "You took the exports only. Trade is what a state sells and what it buys: add the "
                "two flows before you divide.",
                lambda case: index(case, flows=("export",)),
            ),
            Mistake(
                "imports-only",
                "You took the imports only. Trade is what a state sells and what it buys: add the "
                "two flows before you divide.",
                lambda case: index(case, flows=("import",)),
            ),
            Mistake(
                "last-year",
                "Your index stands at 100 in the last year of the period. The first one is the "
                "base here.",
                lambda case: index(case, base="end"),
            ),
            Mistake(
                "world",
                "This is the index of all trade with the world. Keep the rows of your partner.",
                of_all_trade,
            ),
        ),
        hints=(
            "First the amounts: one sum for each year, from two rows.",
            "groupby('year').value_usd.sum() gives a series whose labels are the years. The value "
            "of one year is found by its label.",
            "Divide the whole series by the value of case.start and multiply by 100. rename and "
            "reset_index make the table.",
        ),
        path=index_path,
    ),
    Number(
        id="ex04-q2-yearly",
        names=("yearly_growth",),
        points=3,
        minutes=8,
        unit="per cent a year",
        low=-100,
        high=1000,
        tolerance=0.005,
        expected=yearly,
        form=Form(
            prompt=(
                "By how many per cent a year would {state}’s trade with {partner}, exports and "
                "imports together, have had to grow, always at the same rate, to lead from its "
                "value in {start} to its value in {end}? A fall is a negative number. Right to "
                "two decimals. Trade is in million current US dollars, from the Correlates of War"
                " project."
            ),
            rows=lambda case: _trade_table(case, case.partner),
        ),
        mistakes=(
            Mistake(
                "divided",
                "You divided the growth of the whole period by the number of years. Growth "
                "multiplies: each year starts from what the one before has reached.",
                divided,
            ),
            Mistake(
                "mean",
                "This is the mean of the yearly changes. Years of fall and rise do not cancel in "
                "it; ask which one factor leads from the first year to the last.",
                mean_of_changes,
            ),
            Mistake(
                "steps",
                "You counted the years and not the steps between them. From 2000 to 2002 there "
                "are three years and two steps.",
                too_many_years,
            ),
        ),
        hints=(
            "On a logarithmic scale a steady growth is a straight line. You look for the line "
            "from the first year to the last.",
            "How many times as much is the last year as the first? The yearly factor, multiplied "
            "by itself once for each step, gives that.",
            "x ** (1 / n) is the n-th root of x. Take 1 away from the factor and multiply by 100.",
        ),
        path=yearly_path,
    ),
    Chart(
        id="ex04-q3-chart",
        names=("chart",),
        points=6,
        minutes=15,
        marks=("line",),
        x="year",
        y="million",
        series="partner",
        tolerance=0.5,
        expected=both,
        mistakes=(
            Mistake(
                "dollars",
                "The lines are in dollars. Millions are asked for: divide by a million.",
                lambda case: both(case, scale=1e6),
            ),
            Mistake(
                "billions",
                "The lines are in billions. Millions are asked for.",
                lambda case: both(case, scale=1e-3),
            ),
            Mistake(
                "index",
                "The lines are indices. This chart is to show the amounts that the index hides.",
                both_as_index,
            ),
            Mistake(
                "exports",
                "The lines show the exports only. Add what your state bought.",
                lambda case: both(case, flows=("export",)),
            ),
        ),
        hints=(
            "One table with three columns, year, partner and million, holds both lines.",
            "partner.isin(['CHN', 'RUS']) keeps the two; grouping by two columns keeps them apart.",
            "encode(color='partner:N') draws one line for each partner. Titles of the axis and of "
            "the chart, and a description, are still yours to write.",
        ),
        path=chart_path,
    ),
    Table(
        id="ex04-q4-acts",
        names=("acts",),
        points=5,
        minutes=13,
        by=("dimension",),
        numbers={
            "n": ("number of events", 0, 400, 0),
            "first": ("year", 1990, 2026, 0),
        },
        expected=acts,
        form=Form(
            prompt=(
                "The table lists the events that come under {partner} and name {state}. How many "
                "of them are dated on {day} or before and are about {cell[dimension]} matters? An"
                " event of which only the month or the year is known counts as of its first day."
            ),
            rows=_acts_to_count,
            cell=lambda case: _first(acts(case), ["dimension"]),
            column="n",
        ),
        mistakes=(
            Mistake(
                "all-powers",
                "You counted the acts of all powers. Keep those that come under your partner.",
                lambda case: acts(case, powers="all"),
            ),
            Mistake(
                "no-day",
                "Acts after your day are among yours. Leave them out.",
                lambda case: acts(case, until=False),
            ),
            Mistake(
                "region",
                "These are the acts towards the whole region. Keep those that name your state.",
                of_the_region,
            ),
        ),
        hints=(
            "Three conditions: the power, the state among the countries, the date.",
            "case.power is your partner's name in this table. countries.str.contains finds a code "
            "in the list.",
            "events.date.dt.year is the year. groupby and agg with size and min give the two "
            "columns; events.dimension.astype(str) leaves out dimensions without an act.",
        ),
        path=acts_path,
    ),
    Choice(
        id="ex04-q5-reading",
        names=("q5_answer", "q5_confidence"),
        points=2,
        minutes=5,
        options={
            "A": "Trade with China, by the multiple and by the amount.",
            "B": "Trade with China by the multiple, trade with Russia by the amount.",
            "C": "Trade with Russia by the multiple, trade with China by the amount.",
            "D": "Trade with Russia, by the multiple and by the amount.",
        },
        expected=reading,
        form=Form(
            prompt=(
                "Compare {start} and {end}. Which grew more in {state}, trade with China or trade"
                " with Russia (exports and imports together): by the multiple (last divided by "
                "first), and by the amount (last minus first)? Where both fell, the smaller fall "
                "counts as more. Trade is in million current US dollars, from the Correlates of "
                "War project."
            ),
            rows=lambda case: _trade_table(case, *RIVALS),
        ),
        mistakes=(
            Mistake(
                "multiple",
                "The amounts went as you say, the multiples did not. Divide the last year by the "
                "first for each of the two, and compare.",
                other_multiple,
            ),
            Mistake(
                "amount",
                "The multiples went as you say, the amounts did not. Take the first year from the "
                "last for each of the two; a smaller loss counts as more.",
                other_amount,
            ),
            Mistake(
                "both",
                "Both went the other way. Did you take one power for the other?",
                both_other,
            ),
        ),
        hints=(
            "You need four amounts: each power's first and last year.",
            "Two comparisons: last divided by first, and last minus first. A fall of 10 million "
            "is more than a fall of 20.",
        ),
        path=reading_path,
    ),
    Argument(id="ex04-q6-argument", points=18, minutes=37),
]
