"""Key of exercise 07: what else there was before 2001, beside the economy."""

import pandas as pd

from centralasia import measures, tables
from centralasia.checks import rows
from centralasia.checks.asks import Argument, Chart, Choice, Codes, Form, Mistake, Number, Table
from centralasia.checks.cases import STATES, Case, pool
from centralasia.checks.slices import Slice

SOURCE = "cow_trade_v4"
PROGRAMME, TREATY = "NATO PfP", "CST"
FIVE = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
# All five have votes on record in the first and the last year of each period; on each day the
# two memberships begin, or one of them has just ended.
POOL = pool(
    FIVE,
    ("USA",),
    (
        (1994, 1997, "1994-07-13"),
        (1994, 1998, "1994-06-15"),
        (1994, 2000, "1999-04-20"),
        (1995, 2000, "1999-04-21"),
        (1996, 2000, "2000-01-01"),
    ),
)
GUEST = Case("KAZ", "USA", 1994, 1999, "1999-06-01")
TABLES = (
    Slice(
        table="aid",
        about="What the United States promised to {state}, {start} to {end}",
        where={"recipient": ("{state}",), "donor": ("USA",), "measure": ("us_obligations",)},
        period="year",
        columns=("year", "measure", "value", "unit"),
    ),
    Slice(
        table="macro",
        about="The people of {state} in {end}",
        where={"country": ("{state}",), "indicator": ("population",), "year": ("{end}",)},
        columns=("year", "indicator", "value"),
    ),
    Slice(
        table="votes",
        about="How far {state} agreed with the United States and Russia, {start} to {end}",
        where={
            "country": ("{state}",),
            "partner": ("USA", "RUS"),
            "measure": ("agreement_half",),
        },
        period="year",
        columns=("year", "partner", "measure", "value"),
    ),
    Slice(
        table="memberships",
        about="Who of the five was in the Partnership for Peace and in the treaty",
        where={"organization": ("NATO PfP", "CST"), "country": tuple(STATES)},
        columns=("organization", "country", "status", "start", "end"),
    ),
    Slice(
        table="trade",
        about="The trade of {state} with the two and with the world, {start} to {end}",
        where={
            "source_id": ("cow_trade_v4",),
            "country": ("{state}",),
            "partner": ("USA", "RUS", "WLD"),
        },
        period="year",
        columns=("year", "partner", "flow", "value_usd"),
    ),
)


def promised(case: Case) -> pd.Series:
    table = tables.load("aid")
    rows = table[(table.donor == "USA") & (table.measure == "us_obligations")]
    rows = rows[(rows.recipient == case.state) & rows.year.between(case.start, case.end)]
    return rows.set_index("year").value


def people(case: Case) -> pd.Series:
    macro = tables.load("macro")
    rows = macro[(macro.indicator == "population") & (macro.country == case.state)]
    return rows.set_index("year").value


def per_head(case: Case, year: int | None = None) -> float:
    return float(promised(case).sum() / people(case)[year or case.end])


def last_year_only(case: Case) -> float:
    return float(promised(case)[case.end] / people(case)[case.end])


def total_in_millions(case: Case) -> float:
    return float(promised(case).sum() / 1e6)


def votes(case: Case, measure: str = "agreement_half") -> pd.DataFrame:
    table = tables.load("votes")
    rows = table[(table.measure == measure) & (table.country == case.state)]
    rows = rows[rows.year.between(case.start, case.end) & rows.partner.isin(["USA", "RUS"])]
    rows = rows.astype({"partner": str})
    return rows.pivot_table(index="year", columns="partner", values="value").dropna()


def gap(case: Case, measure: str = "agreement_half", sign: int = 1) -> pd.DataFrame:
    table = votes(case, measure)
    return (sign * (table["USA"] - table["RUS"])).rename("gap").reset_index()


def american(case: Case) -> pd.DataFrame:
    return votes(case)["USA"].rename("gap").reset_index()


def in_body(body: str, case: Case) -> list[str]:
    return [s for s in measures.members_on(tables.load("memberships"), body, case.day) if s in FIVE]


def in_both(case: Case) -> list[str]:
    return sorted(set(in_body(PROGRAMME, case)) & set(in_body(TREATY, case)))


def in_either(case: Case) -> list[str]:
    return sorted(set(in_body(PROGRAMME, case)) | set(in_body(TREATY, case)))


def ever_in_both(case: Case) -> list[str]:
    spells = tables.load("memberships").query("status == 'member' and country in @FIVE")
    bodies = [set(spells[spells.organization == body].country) for body in (PROGRAMME, TREATY)]
    return sorted(bodies[0] & bodies[1])


def trade(case: Case, flows: tuple = ("export", "import"), scale: float = 100) -> pd.DataFrame:
    table = tables.load("trade")
    rows = table[(table.source_id == SOURCE) & (table.country == case.state)]
    rows = rows[rows.flow.isin(flows) & rows.year.between(case.start, case.end)]
    rows = rows.astype({"partner": str})
    wide = rows.pivot_table(index="year", columns="partner", values="value_usd", aggfunc="sum")
    shares = scale * wide[["USA", "RUS"]].div(wide["WLD"], axis="index")
    return shares.melt(ignore_index=False, value_name="share").reset_index()


def share(case: Case, partner: str = "USA") -> pd.Series:
    rows = trade(case)
    return rows[rows.partner == partner].set_index("year").share


def changes(case: Case) -> tuple[bool, bool]:
    """Whether the American share of trade rose, and whether the gap in votes grew wider."""
    apart, bought = gap(case).set_index("year").gap, share(case)
    return bool(bought[case.end] > bought[case.start]), bool(apart[case.end] < apart[case.start])


LETTERS = {(True, False): "A", (True, True): "B", (False, False): "C", (False, True): "D"}


def reading(case: Case) -> str:
    return LETTERS[changes(case)]


def other_share(case: Case) -> str:
    rose, wider = changes(case)
    return LETTERS[not rose, wider]


def other_gap(case: Case) -> str:
    rose, wider = changes(case)
    return LETTERS[rose, not wider]


def both_other(case: Case) -> str:
    rose, wider = changes(case)
    return LETTERS[not rose, not wider]


def per_head_path(case: Case) -> list[str]:
    total, heads = promised(case).sum() / 1e6, people(case)[case.end] / 1e6
    return [
        f"Keep what the United States promised to {case.state_name} in {case.start} to {case.end}, "
        f"and add it up: {total:.1f} million dollars.",
        f"In {case.end} the state had {heads:.2f} million people.",
        f"{total:.1f} / {heads:.2f} = {per_head(case):.2f} dollars per head.",
    ]


def gap_path(case: Case) -> list[str]:
    table, apart = votes(case), gap(case).set_index("year").gap
    return [
        f"Keep the rows of {case.state_name} with the measure agreement_half and the two partners.",
        "Give each partner a column, so that every year is one row. Years without votes on record "
        "fall away.",
        f"In {case.start} it agreed by {table['USA'][case.start]:.3f} with the United States and "
        f"by {table['RUS'][case.start]:.3f} with Russia: the gap is {apart[case.start]:.3f}.",
        f"In {case.end} the gap is {apart[case.end]:.3f}.",
    ]


def both_path(case: Case) -> list[str]:
    return [
        f"Ask for the members of each body on {case.day}: in NATO's programme were "
        f"{', '.join(in_body(PROGRAMME, case))}, in the treaty {', '.join(in_body(TREATY, case))} "
        "of the five.",
        "A state that is in both lists did two things at once.",
        f"These are {', '.join(in_both(case))}.",
    ]


def trade_path(case: Case) -> list[str]:
    usa, rus = share(case), share(case, "RUS")
    return [
        "Add exports and imports by year and partner, and divide by the same sum for the world "
        "(WLD). Multiply by 100.",
        f"The American share was {usa[case.start]:.1f} per cent in {case.start} and "
        f"{usa[case.end]:.1f} in {case.end}; the Russian one {rus[case.start]:.1f} and "
        f"{rus[case.end]:.1f}.",
        "Keep the table long: a column year, a column partner, a column share. Colour or line "
        "style then tells the partners apart. Titles and a description are for the reader.",
    ]


def reading_path(case: Case) -> list[str]:
    usa, apart = share(case), gap(case).set_index("year").gap
    return [
        f"The American share went from {usa[case.start]:.1f} to {usa[case.end]:.1f} per cent.",
        f"The gap went from {apart[case.start]:.3f} to {apart[case.end]:.3f}. The further below 0, "
        "the wider it is.",
        f"Together that is answer {reading(case)}. A state can trade more with Washington and vote "
        "less with it in the same years.",
    ]


def _aid_and_people(case: Case) -> pd.DataFrame:
    aid = promised(case).round(0)
    named = {f"aid promised in {year}, dollars": value for year, value in aid.items()}
    years = (case.start, case.end)
    return rows.figures(named | {f"people in {year}": people(case)[year] for year in years})


def _share_and_votes(case: Case) -> pd.DataFrame:
    bought, agreed = share(case), votes(case)
    named = {}
    for year in (case.start, case.end):
        named |= {
            f"American share of trade, per cent, {year}": round(bought[year], 4),
            f"agreement with the United States, {year}": round(agreed["USA"][year], 4),
            f"agreement with Russia, {year}": round(agreed["RUS"][year], 4),
        }
    return rows.figures(named)


QUESTIONS = [
    Number(
        id="ex07-q1-per-head",
        names=("per_head",),
        points=5,
        minutes=12,
        unit="dollars per head",
        low=0,
        high=10000,
        tolerance=0.005,
        expected=per_head,
        form=Form(
            prompt=(
                "How much aid did the United States promise to {state} in all years from {start} "
                "to {end} together, for each of its people in {end}? Give dollars per head, right"
                " to two decimals."
            ),
            rows=_aid_and_people,
        ),
        mistakes=(
            Mistake(
                "last-year-only",
                "This is the aid of the last year alone. Add up all years of your period.",
                last_year_only,
            ),
            Mistake(
                "first-population",
                "You divided by the population of the first year. The last one is asked for.",
                lambda case: per_head(case, case.start),
            ),
            Mistake(
                "million",
                "This is the sum in million dollars. Divide by the number of people.",
                total_in_millions,
            ),
        ),
        hints=(
            "Two numbers: a sum of aid over the years, and a number of people in one year.",
            "In aid keep donor, recipient, measure and years, and add up value. In macro the "
            "indicator is population.",
            "Both are in single dollars and single people, so divide them as they are.",
        ),
        path=per_head_path,
    ),
    Table(
        id="ex07-q2-gap",
        names=("gap",),
        points=4,
        minutes=13,
        by=("year",),
        numbers={"gap": ("difference of two shares", -1, 1, 0.0005)},
        expected=gap,
        form=Form(
            prompt=(
                "The table says how far {state} agreed with the United States and with Russia in "
                "the General Assembly, from 0 to 1. By how much did it agree more with the United"
                " States than with Russia in {cell[year]}? A negative number means that it agreed"
                " more with Russia. Right to three decimals."
            ),
            rows=lambda case: votes(case).round(4).reset_index(),
            cell=lambda case: {"year": case.end},
        ),
        mistakes=(
            Mistake(
                "turned",
                "The sign is turned: you took Russia minus the United States.",
                lambda case: gap(case, sign=-1),
            ),
            Mistake(
                "identical",
                "You used the measure in which an abstention counts as no agreement. "
                "agreement_half is asked for.",
                lambda case: gap(case, "agreement_identical"),
            ),
            Mistake(
                "no-difference",
                "This is the agreement with the United States alone. Take the agreement with "
                "Russia away from it.",
                american,
            ),
        ),
        hints=(
            "First find the agreement with each of the two in every year, then take one from the "
            "other.",
            "pivot_table makes a column of each partner. Columns of type category are easier to "
            "handle as text: astype({'partner': str}).",
            "The difference of two columns is a series with the years as its index. .rename names "
            "it, .reset_index() makes a table of it.",
        ),
        path=gap_path,
    ),
    Codes(
        id="ex07-q3-both",
        names=("both",),
        points=3,
        minutes=8,
        allowed=FIVE,
        what="states",
        expected=in_both,
        form=Form(
            prompt=(
                "Which of the five states were on {day} members both of NATO’s Partnership for "
                "Peace (NATO PfP) and of the Collective Security Treaty (CST)? The first and the "
                "last day of a membership belong to it."
            ),
            rows=lambda case: rows.spells(
                tables.load("memberships").query(
                    "organization in [@PROGRAMME, @TREATY] and country in @FIVE"
                )
            ),
        ),
        mistakes=(
            Mistake(
                "either",
                "These are the states that were in one of the two, or in both. Keep those that "
                "stand in both lists.",
                in_either,
            ),
            Mistake(
                "programme-only",
                "These are the states in NATO's programme. Which of them were in the treaty too?",
                lambda case: in_body(PROGRAMME, case),
            ),
            Mistake(
                "treaty-only",
                "These are the states in the treaty. Which of them were in the programme too?",
                lambda case: in_body(TREATY, case),
            ),
            Mistake(
                "ever",
                "These are the states that were in both at some time. On your day one of them had "
                "not joined yet, or had left.",
                ever_in_both,
            ),
        ),
        hints=(
            "Two lists of members on one day. Which names stand in both?",
            "measures.members_on takes the table, the body and the day. The first and the last "
            "day of a membership count.",
            "set(a) & set(b) keeps what two lists have in common.",
        ),
        path=both_path,
    ),
    Chart(
        id="ex07-q4-chart",
        names=("chart",),
        points=6,
        minutes=15,
        marks=("line",),
        x="year",
        y="share",
        series="partner",
        tolerance=0.05,
        expected=trade,
        mistakes=(
            Mistake(
                "exports",
                "The lines show exports only. Trade is what a state sells and what it buys.",
                lambda case: trade(case, flows=("export",)),
            ),
            Mistake(
                "imports",
                "The lines show imports only. Trade is what a state sells and what it buys.",
                lambda case: trade(case, flows=("import",)),
            ),
            Mistake(
                "fraction",
                "The lines show shares from 0 to 1. Per cent are asked for: multiply by 100.",
                lambda case: trade(case, scale=1),
            ),
        ),
        hints=(
            "Make a long table first: year, partner, share, one row for each year and partner.",
            "encode says which column goes across, which upwards, and which one tells the two "
            "lines apart. What is missing for a reader who sees nothing but the chart?",
            "A wide table becomes a long one with melt(ignore_index=False). The title says what "
            "happened, the description also says between which values and years.",
        ),
        path=trade_path,
    ),
    Choice(
        id="ex07-q5-reading",
        names=("q5_answer", "q5_confidence"),
        points=2,
        minutes=5,
        options={
            "A": "The American share of trade rose, and the gap in votes did not widen.",
            "B": "The American share of trade rose, and the gap in votes widened.",
            "C": "The American share of trade fell, and the gap in votes did not widen.",
            "D": "The American share of trade fell, and the gap in votes widened.",
        },
        expected=reading,
        form=Form(
            prompt=(
                "Compare {start} and {end}. What happened to the American share of {state}’s "
                "trade, and what to the gap in its votes (agreement with the United States minus "
                "agreement with Russia)? The gap widens if the state moves further away from the "
                "United States, compared with Russia."
            ),
            rows=_share_and_votes,
        ),
        mistakes=(
            Mistake(
                "share",
                "The gap went as you say, the share of trade did not. Compare the first and the "
                "last year of the line USA.",
                other_share,
            ),
            Mistake(
                "gap",
                "The share of trade went as you say, the gap did not. It lies below 0: the smaller "
                "the number, the wider the gap.",
                other_gap,
            ),
            Mistake(
                "both",
                "Both went the other way. Did you take the last year for the first?",
                both_other,
            ),
        ),
        hints=(
            "You need four numbers: the American share and the gap, each in the first and the "
            "last year.",
            "Both stand in tables that you have made. A gap of -0.4 is wider than one of -0.3.",
        ),
        path=reading_path,
    ),
    Argument(id="ex07-q6-argument", points=18, minutes=37),
]
