"""Key of exercise 00: what the source covers, and what the record of events adds."""

import pandas as pd

from centralasia import course, tables
from centralasia.checks import rows
from centralasia.checks.asks import Argument, Chart, Choice, Codes, Form, Mistake, Number, Table
from centralasia.checks.cases import STATES, Case, pool
from centralasia.checks.slices import Slice

DIMENSIONS = ("institutional", "security", "economic")
STAGES = ("1", "2", "3")
BODIES = (
    "AIIB", "CACO", "CAU/CAEC", "CIS", "CIS Customs Union (1995)", "CST", "CSTO",
    "Customs Union 2010", "EAEU", "ECO", "EurAsEC", "GUUAM", "NATO PfP", "OIC", "OSCE", "SCO",
    "SES 2003", "Shanghai Five", "Single Economic Space 2012", "Turkic Council/OTS", "WTO",
)  # fmt: skip
# On each day no two neighbours in the list of the five belong to the same bodies.
POOL = pool(
    STATES,
    [power.area for power in course.powers("essay")],
    (
        (1991, 2000, "1999-04-20"),
        (1995, 2005, "2004-01-01"),
        (2001, 2014, "2012-06-28"),
        (2005, 2020, "2015-08-12"),
    ),
)
GUEST = Case("UZB", "RUS", 1995, 2005, "2002-06-14")
TABLES = (
    Slice(
        table="claims",
        about="What the essay says about {partner}",
        where={"text": ("essay",), "power": ("{power}",)},
        columns=("claim_id", "stage", "dimension", "claim"),
    ),
    Slice(
        table="events",
        about="The events from {start} to {end} that name {state}",
        where={"countries": ("{state}",)},
        period="date",
        columns=("event_id", "date", "title", "power", "dimension"),
    ),
    Slice(
        table="memberships",
        about="Where {state} belonged, and when",
        where={"country": ("{state}",)},
        columns=("organization", "status", "start", "end"),
    ),
)


def claims_by_cell(case: Case, everything: bool = False, empty: bool = False) -> pd.DataFrame:
    claims = tables.load("claims").query("text == 'essay' and power == @case.power")
    if not everything:
        claims = claims[claims.stage.isin(STAGES) & claims.dimension.isin(DIMENSIONS)]
    cells = claims.groupby(["stage", "dimension"], observed=True).size()
    if empty:
        cells = cells.reindex(pd.MultiIndex.from_product([STAGES, DIMENSIONS]), fill_value=0)
        cells.index.names = ["stage", "dimension"]
    return cells.rename("n").reset_index().astype({"stage": str, "dimension": str})


def of_all_texts(case: Case) -> pd.DataFrame:
    claims = tables.load("claims").query("power == @case.power")
    claims = claims[claims.stage.isin([*STAGES, "4"]) & claims.dimension.isin(DIMENSIONS)]
    cells = claims.groupby(["stage", "dimension"], observed=True).size()
    return cells.rename("n").reset_index().astype({"stage": str, "dimension": str})


def of_all_powers(case: Case) -> pd.DataFrame:
    claims = tables.load("claims").query("text == 'essay'")
    claims = claims[claims.stage.isin(STAGES) & claims.dimension.isin(DIMENSIONS)]
    cells = claims.groupby(["stage", "dimension"], observed=True).size()
    return cells.rename("n").reset_index().astype({"stage": str, "dimension": str})


def events_of(case: Case) -> pd.DataFrame:
    events = tables.load("events")
    named = events.countries.str.split(";").map(lambda states: case.state in states)
    return events[named & events.date.dt.year.between(case.start, case.end)]


def security_share(case: Case) -> float:
    return float((events_of(case).dimension == "security").mean())


def of_all_states(case: Case) -> float:
    events = tables.load("events")
    period = events[events.date.dt.year.between(case.start, case.end)]
    return float((period.dimension == "security").mean())


def of_all_years(case: Case) -> float:
    events = tables.load("events")
    named = events[events.countries.str.contains(case.state)]
    return float((named.dimension == "security").mean())


def of_one_power(case: Case) -> float:
    events = events_of(case)
    return float((events[events.power == case.power].dimension == "security").mean())


def spells_of(case: Case) -> pd.DataFrame:
    spells = tables.load("memberships").query("country == @case.state")
    return spells[spells.start <= pd.Timestamp(case.day)]


def belonged(case: Case, status: str | None = "member", end: str = "open or later") -> list[str]:
    spells = spells_of(case)
    later = spells.end >= pd.Timestamp(case.day)
    if end == "open or later":
        spells = spells[later | spells.end.isna()]
    elif end == "later":
        spells = spells[later]
    if status:
        spells = spells[spells.status == status]
    return sorted(spells.organization.unique())


def by_power(case: Case) -> pd.DataFrame:
    return events_of(case).groupby("power", observed=True).size().rename("n").reset_index()


def by_power_of_all(case: Case) -> pd.DataFrame:
    events = tables.load("events")
    period = events[events.date.dt.year.between(case.start, case.end)]
    return period.groupby("power", observed=True).size().rename("n").reset_index()


LETTERS = dict(zip(DIMENSIONS, "ABC", strict=True))


def letter_of(counts: pd.Series) -> str:
    first = counts[counts == counts.max()].index
    return LETTERS[str(first[0])] if len(first) == 1 else "D"


def under_one_power(case: Case) -> pd.Series:
    events = events_of(case)
    events = events[events.power == case.power]
    return events.groupby("dimension", observed=True).size()


def fullest(case: Case) -> str:
    return letter_of(under_one_power(case))


def fullest_of_all_powers(case: Case) -> str:
    return letter_of(events_of(case).groupby("dimension", observed=True).size())


def fullest_in_the_essay(case: Case) -> str:
    return letter_of(claims_by_cell(case).groupby("dimension").n.sum())


def cells_path(case: Case) -> list[str]:
    cells = claims_by_cell(case)
    return [
        f"Keep the claims about {case.partner_name}. The frame, the outlook and the framing "
        "sentences belong to no cell of the grid: keep the stages 1 to 3 and the three dimensions.",
        "Group by stage and dimension and count. A stage without a claim in a dimension simply "
        "has no row.",
        f"{len(cells)} cells are filled, with {cells.n.sum()} claims. Which are empty?",
    ]


def share_path(case: Case) -> list[str]:
    events = events_of(case)
    security = int((events.dimension == "security").sum())
    return [
        "An event can name several states: it counts if yours is among them, alone or not.",
        f"In {case.start} to {case.end}, {len(events)} rows name {case.state_name}.",
        f"{security} of them are about security: {security} / {len(events)} = "
        f"{security / len(events):.3f}.",
    ]


def belonged_path(case: Case) -> list[str]:
    return [
        f"Keep the spells of {case.state_name} with the status member.",
        f"A spell covers {case.day} if it began on that day or before, and has either no end or an "
        "end on that day or after.",
        f"{len(belonged(case))} bodies are left: {', '.join(belonged(case))}. On this day "
        "Uzbekistan was still in GUUAM on paper, and took part in it no more.",
    ]


def chart_path(case: Case) -> list[str]:
    counts = by_power(case).set_index("power").n
    said = ", ".join(f"{power} {n}" for power, n in counts.items())
    return [
        "Take the events of question 2, group them by power and count.",
        f"The counts are: {said}.",
        "Draw a bar for each power, from zero, with a title for both axes, and say in the title "
        "what one sees.",
    ]


def fullest_path(case: Case) -> list[str]:
    counts = under_one_power(case)
    said = ", ".join(f"{dimension} {n}" for dimension, n in counts.items())
    return [
        f"Of the events of question 2, keep those that come under {case.partner_name}, and count "
        "by dimension.",
        f"The counts are: {said}.",
        f"That is answer {fullest(case)}. The essay looks elsewhere: your table cells says where.",
    ]


def _first(frame: pd.DataFrame, by: list[str]) -> dict[str, object]:
    return frame[by].iloc[0].to_dict()


QUESTIONS = [
    Table(
        id="ex00-q1-cells",
        names=("cells",),
        points=4,
        minutes=10,
        by=("stage", "dimension"),
        numbers={
            "n": ("number of claims", 0, len(tables.load("claims").query("text == 'essay'")), 0)
        },
        expected=claims_by_cell,
        form=Form(
            prompt=(
                "The table lists the claims that the essay makes about {partner}. How many of "
                "them belong to stage {cell[stage]} and are about {cell[dimension]} matters?"
            ),
            rows=lambda case: tables.load("claims").query(
                "text == 'essay' and power == @case.power"
            )[["claim_id", "stage", "dimension"]],
            cell=lambda case: _first(claims_by_cell(case), ["stage", "dimension"]),
        ),
        mistakes=(
            Mistake(
                "all-powers",
                "These are the claims about all powers together. Keep the rows of your power.",
                of_all_powers,
            ),
            Mistake(
                "all-texts",
                "The claims of other texts are still in. Keep those of the essay.",
                of_all_texts,
            ),
            Mistake(
                "framing",
                "The frame, the outlook or the framing sentences are still in. They stand outside "
                "the grid of stages and dimensions.",
                lambda case: claims_by_cell(case, everything=True),
            ),
            Mistake(
                "empty-cells",
                "The counts are right, but cells without a claim have a row too. Leave these "
                "rows out.",
                lambda case: claims_by_cell(case, empty=True),
            ),
        ),
        hints=(
            "Of the essay's claims about your power only those of the stages 1 to 3 and of the "
            "three dimensions count. Which rows fall away?",
            "case.power is the name of your power in this table. isin keeps the rows whose value "
            "is in a list: stages 1 to 3 as text, and the three dimensions.",
            "Group by two columns at once and count with .size(). .rename('n').reset_index() "
            "makes a table of the result.",
        ),
        path=cells_path,
    ),
    Number(
        id="ex00-q2-security",
        names=("security_share",),
        points=4,
        minutes=12,
        unit="share from 0 to 1",
        low=0,
        high=1,
        tolerance=0.0005,
        expected=security_share,
        form=Form(
            prompt=(
                "The table lists the events of {start} to {end} that name {state}. What share of "
                "them is about security? Give a share from 0 to 1, right to three decimals."
            ),
            rows=lambda case: rows.events(events_of(case), "dimension"),
        ),
        mistakes=(
            Mistake(
                "all-states",
                "These are the events of the whole region. Keep those that name your state.",
                of_all_states,
            ),
            Mistake(
                "all-years",
                "These are the events of all years. Keep those of your period.",
                of_all_years,
            ),
            Mistake(
                "one-power",
                "You kept the events of your power only. The question is about all powers.",
                of_one_power,
            ),
        ),
        hints=(
            "Two numbers: how many events name your state in your period, and how many of these "
            "are about security?",
            "countries.str.contains(case.state) finds the code anywhere in the list; "
            "date.dt.year gives the year.",
            "The mean of a column of True and False is the share of True.",
        ),
        path=share_path,
    ),
    Codes(
        id="ex00-q3-bodies",
        names=("bodies",),
        points=4,
        minutes=8,
        allowed=BODIES,
        what="bodies",
        expected=belonged,
        form=Form(
            prompt=(
                "In which of the bodies below was {state} a member on {day}? The first and the "
                "last day of a membership belong to it; only the status “member” counts."
            ),
            rows=lambda case: rows.spells(
                tables.load("memberships").query("country == @case.state")
            ),
        ),
        mistakes=(
            Mistake(
                "any-status",
                "Bodies are among yours in which your state was no full member on that day, but an "
                "observer, an associate, or had stopped taking part. Keep the status member.",
                lambda case: belonged(case, status=None),
            ),
            Mistake(
                "no-open-end",
                "Every membership that still goes on is missing. Where a spell has no end, the "
                "comparison with a day is never true: let those through too.",
                lambda case: belonged(case, end="later"),
            ),
            Mistake(
                "no-end",
                "Your state had left some of these bodies before your day. Look at the end of each "
                "spell too.",
                lambda case: belonged(case, end="any"),
            ),
        ),
        hints=(
            "A membership has a beginning and perhaps an end. When does it cover your day?",
            "Four conditions: the state, the status, the start, the end. An end that is missing "
            "(NaT) means that the membership goes on.",
            "pd.Timestamp(case.day) is your day as a date; end.isna() finds the open ends.",
        ),
        path=belonged_path,
    ),
    Chart(
        id="ex00-q4-chart",
        names=("chart",),
        points=6,
        minutes=15,
        marks=("bar",),
        x="power",
        y="n",
        tolerance=0,
        turned=True,
        expected=by_power,
        mistakes=(
            Mistake(
                "all-states",
                "The bars count the events of the whole region. Keep those that name your state.",
                by_power_of_all,
            ),
        ),
        hints=(
            "Count first, draw then: a table with the columns power and n has at most three rows.",
            "mark_bar draws bars; encode says which column goes across and which upwards. What is "
            "missing for a reader who sees nothing but the chart?",
            ".properties(title='…', description='…'). The title says what one sees, the "
            "description gives the counts to somebody who cannot see them.",
        ),
        path=chart_path,
    ),
    Choice(
        id="ex00-q5-fullest",
        names=("q5_answer", "q5_confidence"),
        points=2,
        minutes=8,
        options={
            "A": "Most are about institutions.",
            "B": "Most are about security.",
            "C": "Most are about the economy.",
            "D": "Two dimensions or all three share the first place.",
        },
        expected=fullest,
        form=Form(
            prompt=(
                "The table lists the events of {start} to {end} that name {state}. Take those "
                "that come under {partner}. In which dimension do most of them lie?"
            ),
            rows=lambda case: rows.events(events_of(case), "power", "dimension"),
        ),
        mistakes=(
            Mistake(
                "essay",
                "That is where the essay makes most of its claims about your power. The question "
                "is about the events, which do not come from the essay.",
                fullest_in_the_essay,
            ),
            Mistake(
                "all-powers",
                "You counted the events of all powers. Keep those that come under yours.",
                fullest_of_all_powers,
            ),
            Mistake(
                "no-tie",
                "One dimension has more events than either of the others. Did you keep only your "
                "power, your state and your period?",
                "D",
            ),
        ),
        hints=(
            "Begin with the events of question 2 and keep those that come under your power.",
            "value_counts() of the column dimension answers the question at a glance.",
        ),
        path=fullest_path,
    ),
    Argument(id="ex00-q6-argument", points=18, minutes=37),
]
