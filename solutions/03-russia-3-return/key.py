"""Key of exercise 03: what the return to the region came to, in figures."""

import pandas as pd

from centralasia import measures, tables
from centralasia.checks import rows
from centralasia.checks.asks import Argument, Chart, Choice, Codes, Form, Mistake, Number, Table
from centralasia.checks.cases import Case, pool
from centralasia.checks.slices import Slice

SOURCE = "cow_trade_v4"
# Belarus founded EurAsEC too, but is no partner in this source.
FOUNDERS = ("RUS", "KAZ", "KGZ", "TJK")
BODY = "EurAsEC"
STATES = ("ARM", "BLR", "KAZ", "KGZ", "MDA", "RUS", "TJK", "TKM", "UKR", "UZB")
# In these periods each state's bloc share and concentration clearly moved, one way or the other;
# each day is one on which a spell begins, has just ended, or is about to begin.
POOL = pool(
    ("KAZ", "KGZ", "TJK", "TKM", "UZB"),
    ("RUS", "CHN"),
    (
        (2000, 2009, "2006-01-24"),
        (2001, 2008, "2008-10-20"),
        (2003, 2014, "2008-10-21"),
        (2004, 2013, "2006-01-25"),
    ),
)
GUEST = Case("KAZ", "RUS", 2000, 2009, "2006-01-24")
TABLES = (
    Slice(
        table="trade",
        about="The trade of {state}, {start} to {end}",
        where={"source_id": (SOURCE,), "country": ("{state}",)},
        period="year",
        columns=("year", "flow", "partner", "value_usd"),
    ),
    Slice(
        table="memberships",
        about="Who belonged to the Eurasian Economic Community",
        where={"organization": (BODY,)},
        columns=("country", "status", "start", "end"),
    ),
)


def trade_of(case: Case) -> pd.DataFrame:
    trade = tables.load("trade")
    return trade[(trade.source_id == SOURCE) & (trade.country == case.state)]


def bloc_share(case: Case, year: int | None = None, flows: tuple = ("export", "import")) -> float:
    rows = trade_of(case)
    rows = rows[(rows.year == (year or case.end)) & rows.flow.isin(flows)]
    with_bloc = rows[rows.partner.isin(FOUNDERS)].value_usd.sum()
    return float(with_bloc / rows[rows.partner == "WLD"].value_usd.sum())


def share_of_named_partners(case: Case) -> float:
    rows = trade_of(case).query("year == @case.end")
    named = rows[rows.partner != "WLD"].value_usd.sum()
    return float(rows[rows.partner.isin(FOUNDERS)].value_usd.sum() / named)


def share_of_all_sources(case: Case) -> float:
    rows = tables.load("trade").query("country == @case.state and year == @case.end")
    with_bloc = rows[rows.partner.isin(FOUNDERS)].value_usd.sum()
    return float(with_bloc / rows[rows.partner == "WLD"].value_usd.sum())


def concentration(case: Case, flow: str = "export", of: str = "world") -> pd.DataFrame:
    rows = trade_of(case).query("flow == @flow and @case.start <= year <= @case.end")
    total = rows[rows.partner == "WLD"].set_index("year").value_usd
    partners = rows[rows.partner != "WLD"].set_index("year").value_usd
    if of == "named":
        total = partners.groupby("year").sum()
    elif of == "with total":
        partners = rows.set_index("year").value_usd
    return ((partners / total) ** 2).groupby("year").sum().rename("hhi").reset_index()


def roots(case: Case) -> pd.DataFrame:
    frame = concentration(case)
    return frame.assign(hhi=frame.hhi**0.5)


def members(case: Case) -> list[str]:
    return measures.members_on(tables.load("memberships"), BODY, case.day)


def with_any_status(case: Case) -> list[str]:
    statuses = ("member", "observer", "suspended", "associate")
    return measures.members_on(tables.load("memberships"), BODY, case.day, statuses)


def ever_members(case: Case) -> list[str]:
    spells = tables.load("memberships").query("organization == @BODY and status == 'member'")
    return sorted(spells.country.unique())


def five_only(case: Case) -> list[str]:
    return [state for state in members(case) if state not in ("RUS", "BLR")]


def imports(case: Case, flow: str = "import", scale: float = 100) -> pd.DataFrame:
    rows = trade_of(case).query("flow == @flow and @case.start <= year <= @case.end")
    total = rows[rows.partner == "WLD"].set_index("year").value_usd
    partner = rows[rows.partner == case.partner].set_index("year").value_usd
    return (scale * partner / total).rename("share").reset_index()


def changes(case: Case) -> tuple[bool, bool]:
    """Whether the bloc's share rose, and whether exports became more concentrated."""
    hhi = concentration(case).set_index("year").hhi
    return (
        bloc_share(case) > bloc_share(case, case.start),
        bool(hhi[case.end] > hhi[case.start]),
    )


LETTERS = {(True, True): "A", (True, False): "B", (False, True): "C", (False, False): "D"}


def reading(case: Case) -> str:
    return LETTERS[changes(case)]


def other_share(case: Case) -> str:
    rose, concentrated = changes(case)
    return LETTERS[not rose, concentrated]


def other_concentration(case: Case) -> str:
    rose, concentrated = changes(case)
    return LETTERS[rose, not concentrated]


def both_other(case: Case) -> str:
    rose, concentrated = changes(case)
    return LETTERS[not rose, not concentrated]


def bloc_path(case: Case) -> list[str]:
    rows = trade_of(case).query("year == @case.end")
    world = rows[rows.partner == "WLD"].value_usd.sum() / 1e9
    inside = rows[rows.partner.isin(FOUNDERS)].value_usd.sum() / 1e9
    return [
        f"Keep the rows of {case.state_name}, {case.end}, from the one source. There are two for "
        "each partner: what was sold to it and what was bought from it.",
        f"Both flows with the founders add up to {inside:.1f} billion dollars. A state has no row "
        "with itself, so nothing needs to be taken out.",
        f"Both flows with the world add up to {world:.1f} billion.",
        f"The share is {inside:.1f} / {world:.1f} = {inside / world:.3f}.",
    ]


def concentration_path(case: Case) -> list[str]:
    frame = concentration(case).set_index("year").hhi
    shares = trade_of(case).query("flow == 'export' and year == @case.end")
    shares = shares.set_index("partner").value_usd
    shares = (shares / shares["WLD"]).drop("WLD").nlargest(3)
    named = ", ".join(f"{partner} {share:.3f}" for partner, share in shares.items())
    return [
        "Keep the exports only, for every year of the period.",
        "Divide each partner's row by the row WLD of the same year, so that every partner has a "
        f"share. In {case.end} the largest three are {named}.",
        "Square each share. Large ones keep their weight, small ones nearly vanish: "
        f"{shares.iloc[0]:.3f} squared is {shares.iloc[0] ** 2:.4f}.",
        f"Add the squares year by year: {frame[case.start]:.3f} in {case.start}, "
        f"{frame[case.end]:.3f} in {case.end}. Partners that the table does not name are left "
        "out, so the index is a lower bound.",
    ]


def members_path(case: Case) -> list[str]:
    return [
        "Keep the spells of the body whose status is member. Observers sit at the table without a "
        "vote, and who suspended its membership has stepped back from it.",
        f"A spell covers {case.day} if it began on that day or before, and has either no end or an "
        "end on that day or after. Both days count.",
        f"{len(members(case))} states are left: {', '.join(members(case))}.",
    ]


def chart_path(case: Case) -> list[str]:
    frame = imports(case).set_index("year").share
    return [
        f"Keep the imports from {case.partner_name} in the period, and beside them the imports "
        "from the world (WLD). Divide by year and multiply by 100.",
        f"The share was {frame[case.start]:.1f} per cent in {case.start} and "
        f"{frame[case.end]:.1f} in {case.end}.",
        "Draw a line with the years from left to right and the share upwards, from zero. Give the "
        "measure a title with its unit, the chart a title that states what one sees, and a "
        "description for somebody who does not see it.",
    ]


def reading_path(case: Case) -> list[str]:
    hhi = concentration(case).set_index("year").hhi
    before, after = bloc_share(case, case.start), bloc_share(case)
    return [
        f"The founders' share went from {before:.3f} to {after:.3f}.",
        f"The index went from {hhi[case.start]:.3f} to {hhi[case.end]:.3f}.",
        f"Together that is answer {reading(case)}. What brought it about is another question: the "
        "two numbers are compatible with several stories.",
    ]


def _share_and_index(case: Case) -> pd.DataFrame:
    hhi = concentration(case).set_index("year").hhi
    years = (case.start, case.end)
    shares = {f"share of the founders, {y}": round(bloc_share(case, y), 4) for y in years}
    return rows.figures(shares | {f"index of the exports, {y}": round(hhi[y], 4) for y in years})


QUESTIONS = [
    Number(
        id="ex03-q1-bloc-share",
        names=("bloc_share",),
        points=4,
        minutes=10,
        unit="share from 0 to 1",
        low=0,
        high=1,
        tolerance=0.0005,
        expected=bloc_share,
        form=Form(
            prompt=(
                "What share of {state}’s whole trade, exports and imports together, was in {end} "
                "trade with Russia, Kazakhstan, Kyrgyzstan and Tajikistan, the four founders of "
                "EurAsEC that the source names? A state has no trade with itself. Give a share "
                "from 0 to 1, right to three decimals. Trade is in million current US dollars, "
                "from the Correlates of War project."
            ),
            rows=lambda case: rows.trade(trade_of(case).query("year == @case.end"), "partner"),
        ),
        mistakes=(
            Mistake(
                "exports-only",
                "You counted the exports only. Trade is what a state sells and what it buys: keep "
                "both flows, above the line and below it.",
                lambda case: bloc_share(case, flows=("export",)),
            ),
            Mistake(
                "imports-only",
                "You counted the imports only. Trade is what a state sells and what it buys: keep "
                "both flows, above the line and below it.",
                lambda case: bloc_share(case, flows=("import",)),
            ),
            Mistake(
                "first-year",
                "This is the share in the first year of the period. The last one is asked for.",
                lambda case: bloc_share(case, case.start),
            ),
            Mistake(
                "named-partners",
                "You divided by the sum of the partners that the table names. A state also trades "
                "with others: the row with the partner WLD is its trade with the whole world.",
                share_of_named_partners,
            ),
            Mistake(
                "mixed-sources",
                "Rows of several sources went into your sums, so some trade was counted two or "
                "three times. Keep the rows of one source.",
                share_of_all_sources,
            ),
        ),
        hints=(
            "Which rows of the table speak of your state, your last year and this source? Look at "
            "them before you count.",
            "Add up value_usd twice: once for the partners in founders, once for the partner WLD.",
            "partner.isin(founders) finds the rows that go above the line. Below it goes the "
            "partner WLD, in both flows, or the share comes out twice too large.",
        ),
        path=bloc_path,
    ),
    Table(
        id="ex03-q2-hhi",
        names=("concentration",),
        points=5,
        minutes=15,
        by=("year",),
        numbers={"hhi": ("index from 0 to 1", 0, 1, 0.0005)},
        expected=concentration,
        form=Form(
            prompt=(
                "How concentrated were {state}’s exports in {cell[year]}? Compute the Herfindahl-"
                "Hirschman index: the sum of the squared shares of its partners, each share being"
                " the part of a partner in the exports to the world. Give an index from 0 to 1, "
                "right to three decimals. Trade is in million current US dollars, from the "
                "Correlates of War project."
            ),
            rows=lambda case: rows.trade(
                trade_of(case).query("year == @case.end and flow == 'export'"), "partner"
            ),
            cell=lambda case: {"year": case.end},
        ),
        mistakes=(
            Mistake(
                "world-as-partner",
                "The world (WLD) is still among your partners. Its share is 1, and so is its "
                "square. Leave it out of the sum and divide by it.",
                lambda case: concentration(case, of="with total"),
            ),
            Mistake(
                "imports",
                "These are the suppliers: you used the imports. Where a state sells is in its "
                "exports.",
                lambda case: concentration(case, flow="import"),
            ),
            Mistake(
                "named-partners",
                "Your shares are shares of the partners that the table names. Divide by the row "
                "WLD of the same year, or a state with unnamed partners looks tied to few.",
                lambda case: concentration(case, of="named"),
            ),
            Mistake(
                "square-root",
                "You took the square root of the sum, as Hirschman did in 1945. The index of this "
                "course is the sum itself.",
                roots,
            ),
        ),
        hints=(
            "The index is the sum of squared shares. First you need a share for every partner and "
            "every year.",
            "Make the year the index of two series, one with the partners' rows and one with the "
            "row WLD: pandas then divides year by year.",
            "Square the shares, group them by year and add them up. The result is a series: "
            ".rename('hhi') names it and .reset_index() makes a table of it.",
        ),
        path=concentration_path,
    ),
    Codes(
        id="ex03-q3-members",
        names=("members",),
        points=3,
        minutes=8,
        allowed=STATES,
        what="states",
        expected=members,
        form=Form(
            prompt=(
                "Which states were members of the Eurasian Economic Community (EurAsEC) on {day}?"
                " The first and the last day of a membership belong to it; observers, and whoever"
                " had suspended its membership, are no members."
            ),
            rows=lambda case: rows.spells(
                tables.load("memberships").query("organization == @BODY")
            ),
        ),
        mistakes=(
            Mistake(
                "any-status",
                "Observers, or a state that had suspended its membership, are among yours. Keep "
                "the spells whose status is member.",
                with_any_status,
            ),
            Mistake(
                "five-only",
                "You looked at the five Central Asian states only. A body's members are all its "
                "members.",
                five_only,
            ),
            Mistake(
                "ever",
                "These are all states that were members at some time. On your day some had not "
                "joined yet, or were no longer in.",
                ever_members,
            ),
        ),
        hints=(
            "A spell has a start and an end. When does it cover your day?",
            "Three conditions: the body, the status, the day. An end that is missing (NaT) means "
            "that the spell goes on.",
            "start <= day and (end >= day or end.isna()), with day = pd.Timestamp(case.day). "
            "measures.members_on does the same in one call.",
        ),
        path=members_path,
    ),
    Chart(
        id="ex03-q4-chart",
        names=("chart",),
        points=6,
        minutes=15,
        marks=("line",),
        x="year",
        y="share",
        tolerance=0.05,
        expected=imports,
        mistakes=(
            Mistake(
                "exports",
                "The line shows what your state sold to the partner. What it bought from there is "
                "in the rows with the flow import.",
                lambda case: imports(case, flow="export"),
            ),
            Mistake(
                "fraction",
                "The line shows shares from 0 to 1. Per cent are asked for: multiply by 100.",
                lambda case: imports(case, scale=1),
            ),
        ),
        hints=(
            "Make a table with two columns first, year and share. The chart is then one line.",
            "mark_line draws it, encode says which column goes across and which upwards. What is "
            "missing for a reader who sees nothing but the chart?",
            ".properties(title='…', description='…'). The title says what happened, the "
            "description also says between which values and years.",
        ),
        path=chart_path,
    ),
    Choice(
        id="ex03-q5-reading",
        names=("q5_answer", "q5_confidence"),
        points=2,
        minutes=5,
        options={
            "A": "The founders' share rose, and the exports became more concentrated.",
            "B": "The founders' share rose, and the exports became less concentrated.",
            "C": "The founders' share fell, and the exports became more concentrated.",
            "D": "The founders' share fell, and the exports became less concentrated.",
        },
        expected=reading,
        form=Form(
            prompt=(
                "The table gives two numbers for {state}: the share of EurAsEC’s founders in its "
                "trade, and the Herfindahl-Hirschman index of its exports. What happened to the "
                "two from {start} to {end}?"
            ),
            rows=_share_and_index,
        ),
        mistakes=(
            Mistake(
                "share",
                "The concentration went as you say, the founders' share did not. Compute the "
                "share of question 1 for the first year too, and compare.",
                other_share,
            ),
            Mistake(
                "concentration",
                "The founders' share went as you say, the concentration did not. A lower index "
                "means that sales are spread over more buyers.",
                other_concentration,
            ),
            Mistake(
                "both",
                "Both went the other way. Did you take the last year for the first?",
                both_other,
            ),
        ),
        hints=(
            "You need four numbers: the share and the index, each in the first and the last year.",
            "The index is in your table concentration. For the share, repeat question 1 with "
            "case.start in place of case.end.",
        ),
        path=reading_path,
    ),
    Argument(id="ex03-q6-argument", points=18, minutes=37),
]
