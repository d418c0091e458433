"""Key of exercise 02: who was bound on a day, and what the crisis of 1998 did to trade."""

import pandas as pd

from centralasia import measures, tables
from centralasia.checks import rows
from centralasia.checks.asks import Argument, Chart, Choice, Codes, Form, Mistake, Table
from centralasia.checks.cases import STATES, Case, pool
from centralasia.checks.slices import Slice

SOURCE = "cow_trade_v4"
TREATY, ORGANIZATION = "CST", "CSTO"
PARTIES = (
    "ARM", "AZE", "BLR", "GEO", "KAZ", "KGZ", "MDA", "RUS", "TJK", "TKM", "UKR", "UZB",
)  # fmt: skip
POOL = pool(
    STATES,
    ("RUS", "CHN"),
    (
        (1996, 1999, "1998-01-01"),
        (1997, 1999, "2000-01-01"),
        (1996, 2001, "2007-01-01"),
        (1997, 2002, "2013-01-01"),
    ),
)
GUEST = Case("UZB", "RUS", 1995, 1999, "1999-04-21")
TABLES = (
    Slice(
        table="memberships",
        about="Who belonged to the Collective Security Treaty and to its organization",
        where={"organization": ("CST", "CSTO")},
        columns=("organization", "country", "status", "start", "end"),
    ),
    Slice(
        table="memberships",
        about="Where {state} belonged, and when",
        where={"country": ("{state}",)},
        columns=("organization", "status", "start", "end"),
    ),
    Slice(
        table="trade",
        about="The trade of {state} with {partner} and with the world, {start} to {end}",
        where={
            "source_id": (SOURCE,),
            "country": ("{state}",),
            "partner": ("{partner}", "WLD"),
        },
        period="year",
        columns=("year", "partner", "flow", "value_usd"),
    ),
)


def bound(case: Case, bodies: tuple = (TREATY, ORGANIZATION), **how: object) -> list[str]:
    spells = tables.load("memberships")
    found = [measures.members_on(spells, body, case.day, **how) for body in bodies]
    return sorted(set().union(*found))


def ever_bound(case: Case) -> list[str]:
    spells = tables.load("memberships")
    rows = spells[spells.organization.isin([TREATY, ORGANIZATION]) & (spells.status == "member")]
    return sorted(rows.country.unique())


def of_the_five(case: Case) -> list[str]:
    return [state for state in bound(case) if state in STATES]


def bodies(case: Case, day: str = "01-01", member: bool = True) -> pd.DataFrame:
    spells = tables.load("memberships").query("country == @case.state")
    if member:
        spells = spells[spells.status == "member"]
    rows = []
    for year in range(case.start, case.end + 1):
        on = pd.Timestamp(f"{year}-{day}")
        inside = spells[(spells.start <= on) & (spells.end.isna() | (spells.end >= on))]
        rows.append({"year": year, "n": int(inside.organization.nunique())})
    return pd.DataFrame(rows)


def without_open_ends(case: Case) -> pd.DataFrame:
    spells = tables.load("memberships").query("country == @case.state and status == 'member'")
    rows = []
    for year in range(case.start, case.end + 1):
        on = pd.Timestamp(f"{year}-01-01")
        inside = spells[(spells.start <= on) & (spells.end >= on)]
        rows.append({"year": year, "n": int(inside.organization.nunique())})
    return pd.DataFrame(rows)


def dollars(
    case: Case, flows: tuple = ("export", "import"), others: str = "less the partner"
) -> pd.DataFrame:
    trade = tables.load("trade")
    rows = trade[(trade.source_id == SOURCE) & (trade.country == case.state)]
    rows = rows[rows.flow.isin(flows)]
    sums = rows.groupby(["year", "partner"], observed=True).value_usd.sum().unstack()
    partner, world = sums[case.partner], sums["WLD"]
    rest = world - partner if others == "less the partner" else world
    return pd.DataFrame({"partner": partner, "others": rest})


def change(case: Case, of: str = "first", scale: float = 100, **which: object) -> pd.DataFrame:
    two = dollars(case, **which)
    first, last = two.loc[case.start], two.loc[case.end]
    percent = scale * (last - first) / (first if of == "first" else last)
    return percent.rename("change_pct").rename_axis("trade_with").reset_index()


def lines(case: Case, scale: float = 1e9, **which: object) -> pd.DataFrame:
    two = dollars(case, **which).loc[case.start : case.end] / scale
    long = two.stack().rename("billions").rename_axis(["year", "trade_with"])
    return long.reset_index()


def findings(case: Case) -> tuple[bool, bool]:
    """Whether the dollars fell, and whether the share fell."""
    two = dollars(case)
    share = two.partner / two.sum(axis="columns")
    return (
        bool(two.partner[case.end] < two.partner[case.start]),
        bool(share[case.end] < share[case.start]),
    )


LETTERS = {(True, True): "A", (True, False): "B", (False, True): "C", (False, False): "D"}


def reading(case: Case) -> str:
    return LETTERS[findings(case)]


def other_dollars(case: Case) -> str:
    fell, share = findings(case)
    return LETTERS[not fell, share]


def other_share(case: Case) -> str:
    fell, share = findings(case)
    return LETTERS[fell, not share]


def both_other(case: Case) -> str:
    fell, share = findings(case)
    return LETTERS[not fell, not share]


def bound_path(case: Case) -> list[str]:
    return [
        "Two bodies, one obligation: the treaty of 1992, and from October 2002 the organization "
        "that took it over. On any day only one of the two has members in this table.",
        f"Keep the spells of both with the status member that cover {case.day}: begun on that day "
        "or before, with no end or an end on that day or after.",
        f"{len(bound(case))} states are left: {', '.join(bound(case))}. One day earlier "
        "nine were bound: the last day of those who did not prolong the treaty counts in.",
    ]


def bodies_path(case: Case) -> list[str]:
    counts = bodies(case).set_index("year").n
    return [
        f"Keep the spells of {case.state_name} with the status member.",
        "For each first of January ask which of them cover it, and count the bodies. Where a "
        "spell has no end, the comparison with a day is never true: let those through.",
        "The counts are "
        + ", ".join(f"{n} in {year}" for year, n in counts.items())
        + ". A count that stays the same may hide an exit and an entry.",
    ]


def change_path(case: Case) -> list[str]:
    two = dollars(case) / 1e9
    frame = change(case).set_index("trade_with").change_pct
    return [
        f"Add up exports and imports: with {case.partner_name} {two.partner[case.start]:.3f} "
        f"billion dollars in {case.start}, {two.partner[case.end]:.3f} in {case.end}.",
        f"The rest of the trade with the world: {two.others[case.start]:.3f}, then "
        f"{two.others[case.end]:.3f}.",
        "Divide the last year by the first, take off 1 and multiply by 100: "
        f"{frame['partner']:.1f} and {frame['others']:.1f} per cent.",
    ]


def chart_path(case: Case) -> list[str]:
    two = dollars(case) / 1e9
    return [
        "Take the dollars of question 3 for every year of the period and divide them by a "
        "thousand million.",
        f"The line of {case.partner_name} goes from {two.partner[case.start]:.3f} to "
        f"{two.partner[case.end]:.3f}, that of all others from {two.others[case.start]:.3f} to "
        f"{two.others[case.end]:.3f}.",
        "Each year has two rows, one for each line. Years across, dollars upwards from zero, a "
        "colour for each line; a title for the measure with its unit, a title that states what "
        "one sees, and a description.",
    ]


def reading_path(case: Case) -> list[str]:
    two = dollars(case)
    share = two.partner / two.sum(axis="columns")
    return [
        f"The dollars went from {two.partner[case.start] / 1e9:.3f} to "
        f"{two.partner[case.end] / 1e9:.3f} billion.",
        f"The share went from {share[case.start]:.3f} to {share[case.end]:.3f}.",
        f"Together that is answer {reading(case)}. The two need not go together: a share also "
        "falls when trade with others grows.",
    ]


def _trade_table(case: Case) -> pd.DataFrame:
    trade = tables.load("trade").query("source_id == @SOURCE and country == @case.state")
    both = trade.query("year in [@case.start, @case.end] and partner in [@case.partner, 'WLD']")
    return rows.trade(both)


QUESTIONS = [
    Codes(
        id="ex02-q1-bound",
        names=("bound",),
        points=3,
        minutes=8,
        allowed=PARTIES,
        what="states",
        expected=bound,
        form=Form(
            prompt=(
                "Which states were bound on {day} by the Collective Security Treaty of 1992? They"
                " are members of the treaty (CST) up to October 2002, and from then on members of"
                " the organization that took it over (CSTO). Whoever had suspended its membership"
                " does not count; the first and the last day of a membership belong to it."
            ),
            rows=lambda case: rows.spells(
                tables.load("memberships").query("organization in [@TREATY, @ORGANIZATION]")
            ),
        ),
        mistakes=(
            Mistake(
                "treaty-only",
                "You asked for the CST only. On this day the organization had taken the treaty "
                "over, and its members stand under CSTO.",
                lambda case: bound(case, (TREATY,)),
            ),
            Mistake(
                "organization-only",
                "You asked for the CSTO only. On this day there was no such organization: the "
                "treaty stands under CST.",
                lambda case: bound(case, (ORGANIZATION,)),
            ),
            Mistake(
                "five-only",
                "You looked at the five Central Asian states only. All states that were bound "
                "count.",
                of_the_five,
            ),
            Mistake(
                "any-status",
                "A state that had suspended its membership is among yours. Keep the spells whose "
                "status is member.",
                lambda case: bound(case, statuses=("member", "suspended")),
            ),
            Mistake(
                "ever",
                "These are all states that were bound at some time. On your day some had left "
                "already, or had not come yet.",
                ever_bound,
            ),
        ),
        hints=(
            "The treaty and the organization are two bodies in the table, and your day lies in "
            "the time of one of them. Which?",
            "measures.members_on(table, body, day) gives the members on a day, the last day of a "
            "spell included.",
            "Ask for both bodies and join the two lists: a set such as {*first, *second} has each "
            "state once.",
        ),
        path=bound_path,
    ),
    Table(
        id="ex02-q2-bodies",
        names=("bodies",),
        points=5,
        minutes=15,
        by=("year",),
        numbers={"n": ("number of bodies", 0, 21, 0)},
        expected=bodies,
        form=Form(
            prompt=(
                "In how many of these bodies was {state} a member on 1 January {cell[year]}? "
                "Observers, associates and other statuses do not count."
            ),
            rows=lambda case: rows.spells(
                tables.load("memberships").query("country == @case.state")
            ),
            cell=lambda case: {"year": case.end},
        ),
        mistakes=(
            Mistake(
                "any-status",
                "Bodies are counted in which your state was no full member: an observer, an "
                "associate, or out of the work. Keep the status member.",
                lambda case: bodies(case, member=False),
            ),
            Mistake(
                "no-open-end",
                "Every membership that still goes on is missing. Where a spell has no end, the "
                "comparison with a day is never true: let those through too.",
                without_open_ends,
            ),
            Mistake(
                "last-day",
                "These are the memberships at the end of each year. The first of January is asked "
                "for.",
                lambda case: bodies(case, day="12-31"),
            ),
        ),
        hints=(
            "Ask the same question once for each year: which spells of your state cover this "
            "first of January?",
            "range(case.start, case.end + 1) gives the years. pd.Timestamp(f'{year}-01-01') is "
            "the day, and end.isna() finds the spells that go on.",
            "Put a small dictionary with year and n into a list for each year, and give the list "
            "to pd.DataFrame. nunique() counts each body once.",
        ),
        path=bodies_path,
    ),
    Table(
        id="ex02-q3-change",
        names=("change",),
        points=4,
        minutes=12,
        by=("trade_with",),
        numbers={"change_pct": ("per cent of the first year", -100, 100_000, 0.05)},
        expected=change,
        form=Form(
            prompt=(
                "By how many per cent did {state}’s trade with {partner}, exports and imports "
                "together, change from {start} to {end}? A fall is a negative number. Give per "
                "cent of the first year, right to one decimal. Trade is in million current US "
                "dollars, from the Correlates of War project."
            ),
            rows=lambda case: _trade_table(case),
            cell=lambda case: {"trade_with": "partner"},
        ),
        mistakes=(
            Mistake(
                "world",
                "The second row is the trade with the whole world, your partner included. Take "
                "the partner off.",
                lambda case: change(case, others="world"),
            ),
            Mistake(
                "exports-only",
                "You counted the exports only. Trade is what a state sells and what it buys.",
                lambda case: change(case, flows=("export",)),
            ),
            Mistake(
                "imports-only",
                "You counted the imports only. Trade is what a state sells and what it buys.",
                lambda case: change(case, flows=("import",)),
            ),
            Mistake(
                "last-year",
                "You divided by the last year. A change is measured from where it began.",
                lambda case: change(case, of="last"),
            ),
            Mistake(
                "fraction",
                "These are fractions. Per cent are asked for: multiply by 100.",
                lambda case: change(case, scale=1),
            ),
        ),
        hints=(
            "Four sums are needed: with the partner and with all others, in the first and in the "
            "last year.",
            "Add both flows up with groupby over year and partner, then .unstack() gives a column "
            "for each partner, WLD among them.",
            "All others are the column WLD less the partner's. The change is the last year over "
            "the first, less 1, in per cent.",
        ),
        path=change_path,
    ),
    Chart(
        id="ex02-q4-chart",
        names=("chart",),
        points=6,
        minutes=13,
        marks=("line",),
        x="year",
        y="billions",
        series="trade_with",
        tolerance=0.0005,
        expected=lines,
        mistakes=(
            Mistake(
                "world",
                "The upper line is the trade with the whole world, your partner included. Take "
                "the partner off.",
                lambda case: lines(case, others="world"),
            ),
            Mistake(
                "exports",
                "The lines show what your state sold. Add what it bought.",
                lambda case: lines(case, flows=("export",)),
            ),
            Mistake(
                "millions",
                "The lines show millions. Billions are asked for.",
                lambda case: lines(case, scale=1e6),
            ),
        ),
        hints=(
            "A table with a row for each year and each of the two lines comes first: year, "
            "trade_with, billions.",
            "A frame with the columns partner and others becomes such a table by .stack() and "
            ".reset_index(). Name the result.",
            ".properties(title='…', description='…'). The title says what happened, the "
            "description also says between which values and years.",
        ),
        path=chart_path,
    ),
    Choice(
        id="ex02-q5-reading",
        names=("q5_answer", "q5_confidence"),
        points=2,
        minutes=5,
        options={
            "A": "The dollars fell, and the share fell.",
            "B": "The dollars fell, and the share rose.",
            "C": "The dollars rose, and the share fell.",
            "D": "The dollars rose, and the share rose.",
        },
        expected=reading,
        form=Form(
            prompt=(
                "Compare {start} and {end}. What happened to the dollars of {state}’s trade with "
                "{partner}, exports and imports together, and what to the partner’s share in all "
                "its trade? Trade is in million current US dollars, from the Correlates of War "
                "project."
            ),
            rows=lambda case: _trade_table(case),
        ),
        mistakes=(
            Mistake(
                "dollars",
                "The share went as you say, the dollars did not. Look at the row partner of "
                "question 3.",
                other_dollars,
            ),
            Mistake(
                "share",
                "The dollars went as you say, the share did not. Divide the partner's dollars by "
                "those of the whole world in both years.",
                other_share,
            ),
            Mistake(
                "both",
                "Both went the other way. Did you take the last year for the first?",
                both_other,
            ),
        ),
        hints=(
            "The dollars are in question 3 already. The share needs the trade with the whole "
            "world, your partner included.",
            "The share falls when trade with the partner grows more slowly than trade with "
            "others: compare the two rows of your table change.",
        ),
        path=reading_path,
    ),
    Argument(id="ex02-q6-argument", points=18, minutes=37),
]
