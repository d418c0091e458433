"""Key of exercise 01: what Russia's early years held for one state, and how firm the coding is."""

import pandas as pd

from centralasia import measures, tables
from centralasia.checks import rows
from centralasia.checks.asks import Argument, Chart, Choice, Form, Mistake, Number, Table
from centralasia.checks.cases import STATES, Case, pool
from centralasia.checks.slices import Slice

SOURCE = "cow_trade_v4"
FIRST_TRADE = 1994
WORDS = {
    "Russia": "RUS", "Moscow": "RUS", "Yeltsin": "RUS", "Kazakhstan": "KAZ",
    "Nazarbayev": "KAZ", "Kyrgyzstan": "KGZ", "Tajikistan": "TJK",
    "Turkmenistan": "TKM", "Uzbekistan": "UZB",
}  # fmt: skip
# In each period every state has events on both sides of the day, which is the day of an event.
POOL = pool(
    STATES,
    ("RUS",),
    (
        (1991, 1997, "1993-09-24"),
        (1992, 1999, "1994-04-28"),
        (1993, 1998, "1995-02-10"),
        (1994, 1999, "1996-10-04"),
    ),
)
GUEST = Case("TJK", "RUS", 1991, 1995, "1993-07-13")
TABLES = (
    Slice(
        table="events",
        about="The events from {start} to {end} that come under Russia and name {state}",
        where={"power": ("russia",), "countries": ("{state}",)},
        period="date",
        columns=("event_id", "date", "title", "dimension", "initiator"),
    ),
    Slice(
        table="trade",
        about="The trade of {state} with Russia and with the world",
        where={
            "source_id": (SOURCE,),
            "country": ("{state}",),
            "partner": ("RUS", "WLD"),
            "year": (str(FIRST_TRADE), "{end}"),
        },
        columns=("year", "partner", "flow", "value_usd"),
    ),
)


def events_of(
    case: Case, *, power: bool = True, state: bool = True, years: bool = True
) -> pd.DataFrame:
    events = tables.load("events")
    if power:
        events = events[events.power == "russia"]
    if state:
        named = events.countries.str.split(";").map(lambda states: case.state in states)
        events = events[named]
    return events[events.date.dt.year.between(case.start, case.end)] if years else events


def count(events: pd.DataFrame) -> pd.DataFrame:
    years = events.assign(year=events.date.dt.year)
    return years.groupby(["year", "dimension"], observed=True).size().rename("n").reset_index()


def with_empty_pairs(case: Case) -> pd.DataFrame:
    wide = count(events_of(case)).pivot_table("n", "year", "dimension", fill_value=0, observed=True)
    return wide.stack().rename("n").reset_index()


def first_named(title: str) -> str:
    places = {title.find(word): state for word, state in WORDS.items() if word in title}
    return places[min(places)] if places else "unclear"


def codes(events: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    return events.initiator.astype(str), events.title.map(first_named)


def kappa(case: Case, **whose: bool) -> float:
    return float(measures.cohens_kappa(*codes(events_of(case, **whose))))


def alike(case: Case) -> float:
    ours, rule = codes(events_of(case))
    return float((ours == rule).mean())


def by_chance(case: Case) -> float:
    ours, rule = (coded.value_counts(normalize=True) for coded in codes(events_of(case)))
    return float((ours * rule).sum())


def turn(case: Case, day_belongs_to: str = "after", **whose: bool) -> pd.DataFrame:
    events = events_of(case, **whose)
    day = pd.Timestamp(case.day)
    later = events.date >= day if day_belongs_to == "after" else events.date > day
    part = later.map({True: "after", False: "before"}).rename("part")
    security = events.dimension == "security"
    return security.groupby(part).agg(n="size", security_share="mean").reset_index()


def other_way_round(case: Case) -> pd.DataFrame:
    frame = turn(case)
    return frame.assign(part=frame.part.map({"after": "before", "before": "after"}))


def movers(case: Case) -> tuple[int, int]:
    """How often Russia moved first, and how often the state."""
    first = events_of(case).initiator.astype(str).value_counts()
    return int(first.get("RUS", 0)), int(first.get(case.state, 0))


def russian_share(case: Case, year: int) -> float:
    trade = tables.load("trade")
    rows = trade[(trade.source_id == SOURCE) & (trade.country == case.state)]
    rows = rows[rows.year == year]
    with_russia = rows[rows.partner == "RUS"].value_usd.sum()
    return float(with_russia / rows[rows.partner == "WLD"].value_usd.sum())


def findings(case: Case) -> tuple[bool, bool]:
    russia, own = movers(case)
    return russia > own, russian_share(case, case.end) > russian_share(case, FIRST_TRADE)


LETTERS = {(True, True): "A", (True, False): "B", (False, True): "C", (False, False): "D"}


def reading(case: Case) -> str:
    return LETTERS[findings(case)]


def other_mover(case: Case) -> str:
    more, grew = findings(case)
    return LETTERS[not more, grew]


def other_trade(case: Case) -> str:
    more, grew = findings(case)
    return LETTERS[more, not grew]


def both_other(case: Case) -> str:
    more, grew = findings(case)
    return LETTERS[not more, not grew]


def coded_path(case: Case) -> list[str]:
    cells = count(events_of(case))
    return [
        "Keep the events that come under Russia, name your state and lie in your period.",
        f"For {case.state_name}, {case.start} to {case.end}, these are {cells.n.sum()} events.",
        "Give the year a column of its own, group by year and dimension, and count.",
        f"{len(cells)} pairs occur. A year without any event has no row at all.",
    ]


def kappa_path(case: Case) -> list[str]:
    share, chance = alike(case), by_chance(case)
    return [
        "Put the two codings side by side: the column initiator, and the rule applied to each "
        "title.",
        f"They agree on {share:.3f} of the events. Two coders with these habits would agree on "
        f"{chance:.3f} by chance: for each code multiply its two shares, and add up.",
        f"({share:.3f} - {chance:.3f}) / (1 - {chance:.3f}) = {kappa(case):.3f}.",
    ]


def turn_path(case: Case) -> list[str]:
    parts = turn(case).set_index("part")
    before, after = parts.loc["before"], parts.loc["after"]
    return [
        f"Compare the date of each event with {case.day}. What lies on the day itself goes to the "
        "part after it.",
        f"{before.n:.0f} events lie before, {after.n:.0f} after.",
        "Divide the events about security by all events of each part: "
        f"{before.security_share:.3f} before, {after.security_share:.3f} after.",
    ]


def chart_path(case: Case) -> list[str]:
    cells = count(events_of(case))
    most = cells.groupby("year").n.sum()
    return [
        "Take the table of question 1; each of its rows becomes one piece of a bar.",
        f"The highest bar is that of {most.idxmax()}, with {most.max()} events.",
        "Years across, numbers upwards from zero, a colour for each dimension. Give the measure a "
        "title, the chart a title that states what one sees, and a description with the counts.",
    ]


def reading_path(case: Case) -> list[str]:
    russia, own = movers(case)
    before, after = russian_share(case, FIRST_TRADE), russian_share(case, case.end)
    return [
        f"Known first moves: Russia {russia}, {case.state_name} {own}; most rows are unclear.",
        f"Russia's share of the trade went from {before:.3f} in {FIRST_TRADE} to {after:.3f} in "
        f"{case.end}.",
        f"Together that is answer {reading(case)}. With so few known movers, one row coded "
        "otherwise may change it.",
    ]


def _first(frame: pd.DataFrame, by: list[str]) -> dict[str, object]:
    return frame.sort_values("n", ascending=False)[by].iloc[0].to_dict()


def _movers_and_trade(case: Case) -> pd.DataFrame:
    russia, own = movers(case)
    trade = tables.load("trade").query("source_id == @SOURCE and country == @case.state")
    sums = trade.astype({"partner": str}).groupby(["partner", "year"]).value_usd.sum() / 1e6
    years = [(year, of) for year in (FIRST_TRADE, case.end) for of in ("RUS", "WLD")]
    named = {"RUS": "Russia", "WLD": "the world"}
    return rows.figures(
        {"first moves by Russia": russia, f"first moves by {case.state_name}": own}
        | {f"trade with {named[of]}, {year}": round(sums[of, year], 3) for year, of in years}
    )


QUESTIONS = [
    Table(
        id="ex01-q1-coded",
        names=("coded",),
        points=4,
        minutes=12,
        by=("year", "dimension"),
        numbers={"n": ("number of events", 0, 400, 0)},
        expected=lambda case: count(events_of(case)),
        form=Form(
            prompt=(
                "The table lists the events from {start} to {end} that come under Russia and name"
                " {state}. How many of them fall into {cell[year]} and are about "
                "{cell[dimension]} matters?"
            ),
            rows=lambda case: rows.events(events_of(case), "dimension"),
            cell=lambda case: _first(count(events_of(case)), ["year", "dimension"]),
        ),
        mistakes=(
            Mistake(
                "all-states",
                "These are the events of the whole region. Keep those that name your state.",
                lambda case: count(events_of(case, state=False)),
            ),
            Mistake(
                "all-powers",
                "The events of China and the United States are among yours. Keep those that come "
                "under Russia.",
                lambda case: count(events_of(case, power=False)),
            ),
            Mistake(
                "all-years",
                "These are the events of all years. Keep those of your period.",
                lambda case: count(events_of(case, years=False)),
            ),
            Mistake(
                "empty-pairs",
                "The counts are right, but pairs without an event have a row too. Leave them out.",
                with_empty_pairs,
            ),
        ),
        hints=(
            "Three conditions: the power, the state, the years. An event can name several "
            "states, and counts if yours is one of them.",
            "date.dt.year gives the year of each event, and between(first, last) counts both ends "
            "in. Make a column year before you group.",
            "Group by two columns at once with observed=True, count with .size(), name the "
            "result n and make a table of it with .reset_index().",
        ),
        path=coded_path,
    ),
    Number(
        id="ex01-q2-kappa",
        names=("kappa",),
        points=5,
        minutes=15,
        unit="kappa from -1 to 1",
        low=-1,
        high=1,
        tolerance=0.0005,
        expected=kappa,
        form=Form(
            prompt=(
                "Two coders said of the same events who moved first: the course, and a rule that "
                "takes the name that comes first in the title. The table counts the pairs of "
                "their codes, for events under Russia that name {state}, {start} to {end}. "
                "Compute Cohen’s kappa: the share coded alike, less the share that chance would "
                "give, divided by one less that chance. Right to three decimals."
            ),
            rows=lambda case: rows.codings(*codes(events_of(case)), "course", "rule"),
        ),
        mistakes=(
            Mistake(
                "agreement",
                "This is the share coded alike. Kappa takes off what two coders with the same "
                "habits would reach without looking.",
                alike,
            ),
            Mistake(
                "chance",
                "This is the agreement by chance alone. It is what has to be taken off.",
                by_chance,
            ),
            Mistake(
                "difference",
                "You took chance off the agreement, and left out the second step: divide by the "
                "most that could have been gained over chance.",
                lambda case: alike(case) - by_chance(case),
            ),
            Mistake(
                "all-states",
                "This is kappa for the events of the whole region. Keep your own.",
                lambda case: kappa(case, state=False),
            ),
            Mistake(
                "all-years",
                "This is kappa for all years. Keep the events of your period.",
                lambda case: kappa(case, years=False),
            ),
        ),
        hints=(
            "You need two columns of the same length: what we coded, and what the rule makes of "
            "each title.",
            "title.map(first_named) applies the rule to every title. initiator.astype(str) turns "
            "our codes into plain text.",
            "The library measures what lesson 01 computed by hand: look for a function on Cohen "
            "in measures.",
        ),
        path=kappa_path,
    ),
    Table(
        id="ex01-q3-turn",
        names=("turn",),
        points=3,
        minutes=8,
        by=("part",),
        numbers={
            "n": ("number of events", 0, 400, 0),
            "security_share": ("share from 0 to 1", 0, 1, 0.0005),
        },
        expected=turn,
        form=Form(
            prompt=(
                "The table lists the events from {start} to {end} that come under Russia and name"
                " {state}. Take those from {day} on, that day included. What share of them is "
                "about security? Give a share from 0 to 1, right to three decimals."
            ),
            rows=lambda case: rows.events(events_of(case), "dimension"),
            cell=lambda case: {"part": "after"},
            column="security_share",
        ),
        mistakes=(
            Mistake(
                "day-before",
                "The event on the day itself is in the part before it. It belongs to after.",
                lambda case: turn(case, day_belongs_to="before"),
            ),
            Mistake(
                "other-way-round",
                "Before and after have changed places.",
                other_way_round,
            ),
            Mistake(
                "all-states",
                "These are the events of the whole region. Keep your own.",
                lambda case: turn(case, state=False),
            ),
            Mistake(
                "all-years",
                "These are the events of all years. Keep those of your period.",
                lambda case: turn(case, years=False),
            ),
        ),
        hints=(
            "Begin with your events. For each you need one word, before or after, and whether it "
            "is about security.",
            "pd.Timestamp(case.day) is your day as a date, and >= compares a whole column with it.",
            "Group the True and False of security by the word, and take the size and the mean of "
            "each group.",
        ),
        path=turn_path,
    ),
    Chart(
        id="ex01-q4-chart",
        names=("chart",),
        points=6,
        minutes=13,
        marks=("bar",),
        x="year",
        y="n",
        series="dimension",
        tolerance=0,
        turned=True,
        expected=lambda case: count(events_of(case)),
        mistakes=(
            Mistake(
                "all-states",
                "The bars count the events of the whole region. Keep those that name your state.",
                lambda case: count(events_of(case, state=False)),
            ),
            Mistake(
                "all-years",
                "The bars count the events of all years. Keep those of your period.",
                lambda case: count(events_of(case, years=False)),
            ),
        ),
        hints=(
            "The table of question 1 has all that is needed: three columns, three channels.",
            "mark_bar draws bars; encode says which column goes across, which upwards and which "
            "gives the colour. What is missing for a reader who sees nothing but the chart?",
            ".properties(title='…', description='…'). The title says what one sees, the "
            "description gives the counts to somebody who cannot see them.",
        ),
        path=chart_path,
    ),
    Choice(
        id="ex01-q5-reading",
        names=("q5_answer", "q5_confidence"),
        points=2,
        minutes=5,
        options={
            "A": "Russia moved first more often, and its share of the trade grew.",
            "B": "Russia moved first more often, and its share of the trade shrank.",
            "C": "Russia moved first no more often than your state, and its share of the trade "
            "grew.",
            "D": "Russia moved first no more often than your state, and its share of the trade "
            "shrank.",
        },
        expected=reading,
        form=Form(
            prompt=(
                "The table counts, for events under Russia that name {state}, {start} to {end}, "
                "who moved first, and gives {state}’s trade in million current US dollars "
                "(exports and imports together, Correlates of War). Did Russia move first more "
                "often than {state}? And was Russia’s share of the trade larger in {end} than in "
                "1994?"
            ),
            rows=_movers_and_trade,
        ),
        mistakes=(
            Mistake(
                "movers",
                "The trade went as you say. Count the movers again: only rows of your events, and "
                "only the codes of Russia and of your state.",
                other_mover,
            ),
            Mistake(
                "trade",
                "The movers are as you say. Compute Russia's share for both years again: exports "
                "and imports together, over the trade with the whole world.",
                other_trade,
            ),
            Mistake(
                "both",
                "Both are the other way. Did you use your own events, and the one source of trade?",
                both_other,
            ),
        ),
        hints=(
            "You need four numbers: two counts in the column initiator, and two shares of trade.",
            "value_counts() counts the movers at a glance. For the trade add up value_usd of both "
            "flows, once for RUS and once for WLD, in each of the two years.",
        ),
        path=reading_path,
    ),
    Argument(id="ex01-q6-argument", points=18, minutes=37),
]
