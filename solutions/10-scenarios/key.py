"""Key of exercise 10: a game of two powers over one state, with payoffs from its trade."""

import pandas as pd

from centralasia import games, measures, tables
from centralasia.checks import rows
from centralasia.checks.asks import Argument, Chart, Choice, Codes, Form, Mistake, Number, Table
from centralasia.checks.cases import STATES, Case, pool
from centralasia.checks.slices import Slice

SOURCE = "cow_trade_v4"
POWERS = ("RUS", "CHN")
MEMBERS = ("ARM", "BLR", "CHN", "IND", "PAK", "RUS", *STATES)
# At the ends of these periods both games and both orders of the two temptations occur; each day
# is the first or the last on which some state belonged to a body. Tajikistan's periods end
# outside the guest's years, whose temptations are told.
POOL = [
    *pool(
        ("KAZ", "KGZ", "TKM", "UZB"),
        POWERS,
        (
            (1996, 2004, "2004-01-01"),
            (1999, 2007, "2006-06-23"),
            (2002, 2011, "2012-06-28"),
            (2005, 2014, "2012-06-29"),
        ),
    ),
    *pool(
        ("TJK",),
        POWERS,
        (
            (1995, 2001, "2004-01-01"),
            (1996, 2002, "2006-06-23"),
            (2004, 2013, "2012-06-28"),
            (2005, 2014, "2012-06-29"),
        ),
    ),
]
GUEST = Case("TJK", "CHN", 2003, 2012, "2012-06-29")
TABLES = (
    Slice(
        table="trade",
        about="The trade of {state} with Russia, China and the world, {start} to {end}",
        where={
            "source_id": (SOURCE,),
            "country": ("{state}",),
            "partner": (*POWERS, "WLD"),
            "flow": ("export", "import"),
        },
        period="year",
        columns=("year", "partner", "flow", "value_usd"),
    ),
    Slice(
        table="memberships",
        about="Who belonged to the two organizations, and when",
        where={"organization": ("CSTO", "SCO")},
        columns=("organization", "country", "status", "start", "end"),
    ),
)


def shares(case: Case, flows: tuple = ("export", "import")) -> pd.DataFrame:
    """Return the shares of Russia and China in the state's trade, by year."""
    trade = tables.load("trade").query("source_id == @SOURCE and country == @case.state")
    trade = trade[trade.flow.isin(flows)].astype({"partner": str})
    sums = trade.groupby(["year", "partner"]).value_usd.sum().unstack()
    return sums[list(POWERS)].div(sums["WLD"], axis="index")


def temptations(case: Case, flows: tuple = ("export", "import")) -> pd.DataFrame:
    t = 2 + 8 * shares(case, flows)
    return t.loc[case.start : case.end]


def temptation(case: Case) -> float:
    return float(temptations(case).loc[case.end, case.partner])


def other(case: Case) -> str:
    return POWERS[1 - POWERS.index(case.partner)]


def of_other_power(case: Case) -> float:
    return float(temptations(case).loc[case.end, other(case)])


def of_first_year(case: Case) -> float:
    return float(temptations(case).loc[case.start, case.partner])


def of_one_flow(flow: str):  # noqa: ANN201
    return lambda case: float(temptations(case, (flow,)).loc[case.end, case.partner])


def of_all_sources(case: Case) -> float:
    rows = tables.load("trade").query("country == @case.state and year == @case.end")
    rows = rows[rows.flow.isin(["export", "import"])]
    with_power = rows[rows.partner == case.partner].value_usd.sum()
    return float(2 + 8 * with_power / rows[rows.partner == "WLD"].value_usd.sum())


def payoffs(case: Case, power: str | None = None, t: float | None = None) -> pd.DataFrame:
    """Return what a power gets in each of the four outcomes."""
    power = power or case.partner
    t = float(temptations(case).loc[case.end, power]) if t is None else t
    table = games.link_or_exclude(t)[POWERS.index(power)]
    table = table.rename_axis(index="russia", columns="china")
    return table.stack().rename("pays").reset_index()


def of_the_other_side(case: Case) -> pd.DataFrame:
    return payoffs(case, other(case), temptation(case))


def payoffs_of_other_power(case: Case) -> pd.DataFrame:
    return payoffs(case, other(case))


def no_reward_to_the_lonely(case: Case) -> pd.DataFrame:
    return payoffs(case).replace({"pays": {1.0: 0.0}})


def games_by_year(case: Case, count: str = "pure", flows: tuple = ("export", "import")):  # noqa: ANN201
    rows = []
    for year, t in temptations(case, flows).iterrows():
        russia, china = games.link_or_exclude(t.RUS)[0], games.link_or_exclude(t.CHN)[1]
        found = games.stable_outcomes if count == "pure" else games.equilibria
        rows.append((year, t.RUS, t.CHN, len(found(russia, china))))
    return pd.DataFrame(rows, columns=["year", "russia", "china", "stable"])


def one_for_both(case: Case) -> pd.DataFrame:
    frame = games_by_year(case)
    t = frame["russia" if case.partner == "RUS" else "china"]
    return frame.assign(russia=t, china=t, stable=(t <= 4) + 1)


def exports_by_year(case: Case) -> pd.DataFrame:
    return games_by_year(case, flows=("export",))


def mixed_too(case: Case) -> pd.DataFrame:
    return games_by_year(case, count="all")


def linked(
    case: Case, status: tuple = ("member",), how: str = "both", among: tuple = STATES
) -> list[str]:
    memberships = tables.load("memberships")
    one, two = (
        set(measures.members_on(memberships, body, case.day, status)) for body in ("CSTO", "SCO")
    )
    found = one & two if how == "both" else one | two
    return sorted(found & set(among))


def in_either(case: Case) -> list[str]:
    return linked(case, how="either")


def with_guests(case: Case) -> list[str]:
    return linked(case, ("member", "suspended", "observer", "guest"), how="either")


def with_powers(case: Case) -> list[str]:
    return linked(case, among=MEMBERS)


def lines(case: Case) -> pd.DataFrame:
    t = temptations(case).rename_axis(columns="power")
    return t.stack().rename("temptation").reset_index()


def lines_of_shares(case: Case) -> pd.DataFrame:
    frame = lines(case)
    return frame.assign(temptation=(frame.temptation - 2) / 8)


def lines_of_exports(case: Case) -> pd.DataFrame:
    t = temptations(case, ("export",)).rename_axis(columns="power")
    return t.stack().rename("temptation").reset_index()


LETTERS = {(True, True): "A", (True, False): "B", (False, True): "C", (False, False): "D"}


def last_game(case: Case) -> tuple[bool, bool]:
    """Whether linking can last at the end of the period, and whether Russia is tempted more."""
    t = temptations(case).loc[case.end]
    return bool((t <= 4).all()), bool(t.RUS > t.CHN)


def game(case: Case) -> str:
    return LETTERS[last_game(case)]


def other_game(case: Case) -> str:
    hunt, russia = last_game(case)
    return LETTERS[not hunt, russia]


def other_power(case: Case) -> str:
    hunt, russia = last_game(case)
    return LETTERS[hunt, not russia]


def temptation_path(case: Case) -> list[str]:
    share = shares(case).loc[case.end, case.partner]
    return [
        f"Keep the rows of {case.state_name} in {case.end}, from the one source and both flows.",
        f"{case.partner_name}'s rows add up to {share:.4f} of those with the world (WLD).",
        f"2 + 8 × {share:.4f} = {2 + 8 * share:.3f}. A share of one quarter would give just 4.",
    ]


def payoffs_path(case: Case) -> list[str]:
    table = payoffs(case).set_index(["russia", "china"]).pays
    alone = ("exclude", "link") if case.partner == "RUS" else ("link", "exclude")
    return [
        "Both link: 4. Both exclude: 2. These two rows are the same for every power.",
        f"{case.partner_name} excludes alone where Russia says {alone[0]} and China {alone[1]}. "
        f"There it gets its temptation, {table[alone]:.3f}.",
        "In the remaining row it links alone and gets 1.",
    ]


def games_path(case: Case) -> list[str]:
    frame = games_by_year(case)
    single = ", ".join(str(year) for year in frame[frame.stable == 1].year)
    return [
        "Work out the share and the temptation of both powers in every year.",
        "Take Russia's payoffs at Russia's T and China's at China's, and look at each of the "
        "four outcomes: does one of the two gain if it alone changes?",
        "That both exclude is stable in each of these games. That both link is stable as long as "
        "neither temptation is above 4.",
        f"One outcome alone is stable in: {single}. In the other years there are two.",
    ]


def linked_path(case: Case) -> list[str]:
    found = linked(case)
    return [
        f"Look for the spells with the status member that cover {case.day}, first and last days "
        "included: those of the CSTO, then those of the SCO.",
        "Keep the states that are in both lists, and of these the five.",
        f"{len(found)} are left: {', '.join(found)}. Uzbekistan's membership of the CSTO had ended "
        "the day before.",
    ]


def chart_path(case: Case) -> list[str]:
    t = temptations(case)
    return [
        "Bring the two columns of temptations into one, with the power's code beside it "
        "(melt does that).",
        f"Russia goes from {t.RUS.iloc[0]:.2f} to {t.RUS.iloc[-1]:.2f}, China from "
        f"{t.CHN.iloc[0]:.2f} to {t.CHN.iloc[-1]:.2f}.",
        "Draw a line for each power, and say in title and description what one sees.",
    ]


def game_path(case: Case) -> list[str]:
    t = temptations(case).loc[case.end]
    return [
        f"In {case.end} the temptations are {t.RUS:.2f} for Russia and {t.CHN:.2f} for China.",
        "One of them above 4 is enough: whoever is tempted excludes, and the other then does too.",
        f"That is answer {game(case)}. Look at the notes of the table trade before you believe it.",
    ]


T_RANGE = ("payoff", 2, 10, 0.0005)


def _trade_table(case: Case, year: int) -> pd.DataFrame:
    trade = tables.load("trade").query("source_id == @SOURCE and country == @case.state")
    trade = trade[(trade.year == year) & trade.partner.isin([*POWERS, "WLD"])]
    return rows.trade(trade[trade.flow.isin(["export", "import"])], "partner")


QUESTIONS = [
    Number(
        id="ex10-q1-temptation",
        names=("temptation",),
        points=3,
        minutes=8,
        unit="payoff from 2 to 10",
        low=2,
        high=10,
        tolerance=0.0005,
        expected=temptation,
        form=Form(
            prompt=(
                "Who excludes alone gets T = 2 + 8 × the power’s share in {state}’s trade "
                "(exports and imports together). What is T for {partner} in {end}? Right to three"
                " decimals. Trade is in million current US dollars, from the Correlates of War "
                "project."
            ),
            rows=lambda case: _trade_table(case, case.end),
        ),
        mistakes=(
            Mistake(
                "exports-only",
                "You counted what your state sold. Trade is what it sells and what it buys: add "
                "both flows, above the line and below it.",
                of_one_flow("export"),
            ),
            Mistake(
                "imports-only",
                "You counted what your state bought. Trade is what it sells and what it buys: add "
                "both flows, above the line and below it.",
                of_one_flow("import"),
            ),
            Mistake(
                "other-power",
                "This is the temptation of the other power. Your partner's is asked for.",
                of_other_power,
            ),
            Mistake(
                "first-year",
                "This is the temptation in the first year of the period. The last is asked for.",
                of_first_year,
            ),
            Mistake(
                "mixed-sources",
                "Rows of several sources went into your sums, so some trade was counted twice. "
                "Keep the rows of one source.",
                of_all_sources,
            ),
        ),
        hints=(
            "First the share: your power's trade with your state, divided by the state's trade "
            "with the whole world (WLD), both flows added.",
            "Keep the rows of the source, the state and the year; then add up value_usd once for "
            "case.partner and once for WLD.",
            "A share lies from 0 to 1. Multiply it by 8 and add 2.",
        ),
        path=temptation_path,
    ),
    Table(
        id="ex10-q2-payoffs",
        names=("payoffs",),
        points=3,
        minutes=8,
        by=("russia", "china"),
        numbers={"pays": ("payoff", 0, 10, 0.0005)},
        expected=payoffs,
        form=Form(
            prompt=(
                "Both link: 4 each. Both exclude: 2 each. Who links alone gets 1. Who excludes "
                "alone gets T = 2 + 8 × the power’s share in {state}’s trade (exports and imports"
                " together). What does {partner} get in {end} if Russia’s choice is to "
                "{cell[russia]} and China’s to {cell[china]}? Right to three decimals. Trade is "
                "in million current US dollars, from the Correlates of War project."
            ),
            rows=lambda case: _trade_table(case, case.end),
            cell=lambda case: (
                {"russia": "exclude", "china": "link"}
                if case.partner == "RUS"
                else {"russia": "link", "china": "exclude"}
            ),
        ),
        mistakes=(
            Mistake(
                "other-side",
                "Your power gets its temptation where it is the one that is shut out. It gets it "
                "where it excludes and the other links.",
                of_the_other_side,
            ),
            Mistake(
                "other-power",
                "These are the payoffs of the other power, at its own temptation.",
                payoffs_of_other_power,
            ),
            Mistake(
                "nothing-alone",
                "Whoever links alone gets 1 in this game, not nothing.",
                no_reward_to_the_lonely,
            ),
        ),
        hints=(
            "There are four outcomes, so four rows. In which of them does your power exclude "
            "while the other links?",
            "games.link_or_exclude(temptation) gives two tables, Russia's payoffs and China's; in "
            "both the rows are Russia's actions.",
            ".stack() turns a table of two by two into four rows; rename_axis names the columns "
            "that .reset_index() then makes.",
        ),
        path=payoffs_path,
    ),
    Table(
        id="ex10-q3-games",
        names=("outcomes",),
        points=4,
        minutes=12,
        by=("year",),
        numbers={
            "russia": T_RANGE,
            "china": T_RANGE,
            "stable": ("number of outcomes", 0, 4, 0),
        },
        expected=games_by_year,
        form=Form(
            prompt=(
                "Both link: 4 each. Both exclude: 2 each. Who links alone gets 1. Who excludes "
                "alone gets T = 2 + 8 × the power’s share in {state}’s trade (exports and imports"
                " together). How many outcomes of the game are stable in {cell[year]}, so that "
                "neither power gains by changing alone? Leave out equilibria in which chance "
                "decides. Trade is in million current US dollars, from the Correlates of War "
                "project."
            ),
            rows=lambda case: _trade_table(case, case.end),
            cell=lambda case: {"year": case.end},
            column="stable",
        ),
        mistakes=(
            Mistake(
                "mixed-too",
                "Your counts hold the equilibrium in which both let chance decide. Count only "
                "the outcomes that are stable.",
                mixed_too,
            ),
            Mistake(
                "one-for-both",
                "You gave both powers the same temptation. Each has its own, from its own share.",
                one_for_both,
            ),
            Mistake(
                "exports-only",
                "You counted what your state sold. Add what it bought, above the line and below.",
                exports_by_year,
            ),
        ),
        hints=(
            "One row a year: both temptations, then the game that they make. Begin with a table "
            "of shares, years down and powers across.",
            "A loop over the years is fine: for year, t in table.iterrows().",
            "Russia's payoffs are the first table of games.link_or_exclude at Russia's "
            "temptation, China's the second at China's. games.stable_outcomes takes both.",
        ),
        path=games_path,
    ),
    Codes(
        id="ex10-q4-linked",
        names=("linked",),
        points=2,
        minutes=6,
        allowed=MEMBERS,
        what="states",
        expected=linked,
        form=Form(
            prompt=(
                "Which of the five states of Central Asia were on {day} members both of the "
                "Collective Security Treaty Organization (CSTO) and of the Shanghai Cooperation "
                "Organisation (SCO)? First and last days belong to a membership, and only the "
                "status “member” counts. Russia and other states stay out."
            ),
            rows=lambda case: rows.spells(
                tables.load("memberships").query(
                    "organization in ['CSTO', 'SCO'] and country in @MEMBERS"
                )
            ),
        ),
        mistakes=(
            Mistake(
                "one-of-two",
                "A state is among yours that was a full member of one of the two only: on your "
                "day it had not joined the other yet, had left it, or had suspended its seat.",
                in_either,
            ),
            Mistake(
                "guests",
                "A guest, or a state that had suspended its membership, is among yours. Keep the "
                "status member.",
                with_guests,
            ),
            Mistake(
                "powers",
                "Russia sits in both bodies too, but the question is about the five.",
                with_powers,
            ),
        ),
        hints=(
            "Two lists, and what they have in common.",
            "measures.members_on(table, body, day) gives the members of a body on a day.",
            "set(a) & set(b) holds what is in both. Of the result keep the five.",
        ),
        path=linked_path,
    ),
    Chart(
        id="ex10-q5-chart",
        names=("chart",),
        points=6,
        minutes=13,
        marks=("line",),
        x="year",
        y="temptation",
        series="power",
        tolerance=0.005,
        zero=False,
        expected=lines,
        mistakes=(
            Mistake(
                "shares",
                "The lines show shares of trade. The temptation is 2 plus 8 times the share.",
                lines_of_shares,
            ),
            Mistake(
                "exports-only",
                "The lines rest on what your state sold. Add what it bought.",
                lines_of_exports,
            ),
        ),
        hints=(
            "A line chart wants one row a year and power: the columns year, power, temptation.",
            "melt turns a column for each power into one column of names and one of values.",
            ".properties(title='…', description='…'). Does the axis say what is measured?",
        ),
        path=chart_path,
    ),
    Choice(
        id="ex10-q6-game",
        names=("q6_answer", "q6_confidence"),
        points=2,
        minutes=6,
        options={
            "A": "That both link can last, and Russia is the one tempted more.",
            "B": "That both link can last, and China is the one tempted more.",
            "C": "That both link cannot last, and Russia is the one tempted more.",
            "D": "That both link cannot last, and China is the one tempted more.",
        },
        expected=game,
        form=Form(
            prompt=(
                "Both link: 4 each. Both exclude: 2 each. Who links alone gets 1. Who excludes "
                "alone gets T = 2 + 8 × the power’s share in {state}’s trade (exports and imports"
                " together). That both link can last if neither T is above 4. Which game is it in"
                " {end}? Trade is in million current US dollars, from the Correlates of War "
                "project."
            ),
            rows=lambda case: _trade_table(case, case.end),
        ),
        mistakes=(
            Mistake(
                "game",
                "The order of the two temptations is right, the game is not. Is one of them above "
                "4? One is enough.",
                other_game,
            ),
            Mistake(
                "power",
                "The game is right, the order of the two temptations is not. Compare them in the "
                "last year.",
                other_power,
            ),
        ),
        hints=(
            "Look at the last row of your table outcomes.",
            "Two stable outcomes mean that linking can last. Which column is larger?",
        ),
        path=game_path,
    ),
    Argument(id="ex10-q7-argument", points=18, minutes=37),
]
