"""Key of exercise 09: three measures, one index, and what the weights decide."""

import pandas as pd

from centralasia import measures, tables
from centralasia.checks import rows
from centralasia.checks.asks import Argument, Chart, Choice, Form, Mistake, Table
from centralasia.checks.cases import Case, pool
from centralasia.checks.slices import Slice

SOURCE = "cow_trade_v4"
POWERS = ["RUS", "CHN", "USA"]
WEIGHTS = {"trade": 5, "arms": 3, "votes": 2}
# Each state has a registered delivery in each of these periods; each day is one before or after
# which a membership of some state changes.
POOL = pool(
    ("KAZ", "KGZ", "TJK", "TKM", "UZB"),
    ("RUS", "CHN"),
    (
        (2002, 2014, "2008-10-21"),
        (2004, 2013, "2013-03-01"),
        (2005, 2012, "2012-06-27"),
        (2005, 2014, "2005-12-31"),
    ),
)
GUEST = Case("TJK", "CHN", 2003, 2014, "2014-12-31")
TABLES = (
    Slice(
        table="trade",
        about="The trade of {state} with the powers and with the world, {start} to {end}",
        where={
            "source_id": (SOURCE,),
            "country": ("{state}",),
            "partner": (*POWERS, "WLD"),
        },
        period="year",
        columns=("year", "partner", "flow", "value_usd"),
    ),
    Slice(
        table="arms",
        about="Arms that came to {state}, {start} to {end}, in millions of SIPRI’s units",
        where={"recipient": ("{state}",), "supplier": tuple(POWERS), "method": ("deal_sum",)},
        period="year",
        columns=("year", "supplier", "tiv_million"),
    ),
    Slice(
        table="votes",
        about="How far {state} agreed with the powers, {start} to {end}",
        where={
            "country": ("{state}",),
            "partner": tuple(POWERS),
            "measure": ("agreement_half",),
        },
        period="year",
        columns=("year", "partner", "measure", "value"),
    ),
    Slice(
        table="memberships",
        about="Where {state} and the powers belonged, and when",
        where={"country": ("{state}", *POWERS)},
        columns=("organization", "country", "status", "start", "end"),
    ),
)


def of_period(name: str, case: Case, state: str, **columns: str) -> pd.DataFrame:
    rows = tables.load(name)
    for column, value in {state: case.state, **columns}.items():
        rows = rows[rows[column] == value]
    return rows[rows.year.between(case.start, case.end)]


def measured(
    case: Case, of: str = "world", flows: tuple = ("export", "import"), kind: str = "half"
) -> pd.DataFrame:
    """Return the three measures, one row a power."""
    trade = of_period("trade", case, "country", source_id=SOURCE)
    sums = trade[trade.flow.isin(flows)].groupby("partner", observed=True).value_usd.sum()
    whole = sums["WLD"] if of == "world" else sums[POWERS].sum()
    arms = of_period("arms", case, "recipient", method="deal_sum")
    votes = of_period("votes", case, "country", measure=f"agreement_{kind}")
    worth = arms.groupby("supplier", observed=True).tiv_million.sum()
    frame = pd.DataFrame(
        {
            "trade": sums[POWERS] / whole,
            "arms": worth.reindex(POWERS).fillna(0.0),
            "votes": votes.groupby("partner", observed=True).value.mean()[POWERS],
        }
    )
    return frame.rename_axis("power")


def scores(case: Case, **choices: object) -> pd.DataFrame:
    return measured(case, **choices).reset_index()


def ranking(case: Case, scale: str = "minmax", weights: dict | None = None) -> pd.DataFrame:
    index = measures.weighted_index(measured(case), weights or WEIGHTS, scale=scale)
    return index.rename_axis("power").reset_index()


def undivided(case: Case) -> pd.DataFrame:
    frame = ranking(case)
    return frame.assign(index=frame["index"] * sum(WEIGHTS.values()))


def equal(case: Case) -> pd.DataFrame:
    return ranking(case, weights=dict.fromkeys(WEIGHTS, 1))


def shared(case: Case, statuses: tuple = ("member",)) -> pd.Series:
    """Return the number of bodies in which the state and each power both are."""
    spells, bodies = tables.load("memberships"), tables.load("organizations").organization
    on = [set(measures.members_on(spells, str(b), case.day, statuses)) for b in bodies]
    return pd.Series({p: sum({case.state, p} <= body for body in on) for p in POWERS})


def led_by(
    case: Case, frame: pd.DataFrame, power: str | None = None, scale: str = "minmax"
) -> float:
    leaders = measures.leaders_by_weight(frame, scale=scale).leader
    return float((leaders == (power or case.partner)).mean())


def led(
    case: Case, power: str | None = None, scale: str = "minmax", statuses: tuple = ("member",)
) -> pd.DataFrame:
    frame = measured(case)
    tried = {"votes": frame, "bodies": frame.assign(votes=shared(case, statuses))}
    share = [led_by(case, one, power, scale) for one in tried.values()]
    return pd.DataFrame({"institutional": list(tried), "share": share})


def led_by_the_other(case: Case) -> pd.DataFrame:
    return led(case, "CHN" if case.partner == "RUS" else "RUS")


def as_observers_too(case: Case) -> pd.DataFrame:
    statuses = ("member", "associate", "observer", "signatory", "dialogue_partner")
    return led(case, statuses=statuses)


def lines(case: Case, scale: str = "minmax", rest: str = "both") -> pd.DataFrame:
    frame, rows = measured(case), []
    for weight in range(0, 101, 10):
        left = 100 - weight
        parts = (left / 2, left / 2) if rest == "both" else (left, 0)
        weights = {"trade": parts[0], "arms": weight, "votes": parts[1]}
        index = measures.weighted_index(frame, weights, scale=scale)
        rows += [{"weight": weight, "power": p, "index": v} for p, v in index.items()]
    return pd.DataFrame(rows)


def turn(case: Case, scale: str = "minmax", rest: str = "both") -> int:
    """Return the smallest weight of arms, per cent, with which Russia's index is the highest."""
    frame = lines(case, scale, rest=rest)
    top = frame.loc[frame.groupby("weight")["index"].idxmax()].set_index("weight").power
    return int(top.index[top == "RUS"].min())


def letter(weight: int) -> str:
    return "A" if weight == 0 else "B" if weight <= 20 else "C" if weight == 30 else "D"


def turning(case: Case) -> str:
    return letter(turn(case))


def only_trade_left(case: Case) -> str:
    return letter(turn(case, rest="trade"))


def by_share(case: Case) -> str:
    return letter(turn(case, scale="share"))


def scores_path(case: Case) -> list[str]:
    frame = measured(case)
    trade = ", ".join(f"{p} {v:.3f}" for p, v in frame.trade.items())
    arms = ", ".join(f"{p} {v:.1f}" for p, v in frame.arms.items())
    votes = ", ".join(f"{p} {v:.3f}" for p, v in frame.votes.items())
    return [
        f"Keep the rows of {case.state_name} from {case.start} to {case.end} in each of the three "
        "tables, with the one source, the one method and the one measure.",
        f"Trade: add up all years and both flows for each partner, and divide by WLD: {trade}.",
        f"Arms: add up the worth by supplier. Where there is no row, write 0: {arms}.",
        f"Votes: take the mean of the yearly values: {votes}.",
    ]


def ranking_path(case: Case) -> list[str]:
    frame = measured(case)
    scaled = (frame - frame.min()) / (frame.max() - frame.min())
    mine = scaled.loc[case.partner]
    index = ranking(case).set_index("power")["index"]
    parts = " + ".join(f"{w} x {mine[m]:.3f}" for m, w in WEIGHTS.items())
    return [
        "Scale each measure first: take away the lowest of the three values and divide by the "
        "distance between the highest and the lowest.",
        f"For {case.partner_name} that gives "
        + ", ".join(f"{m} {v:.3f}" for m, v in mine.items())
        + ".",
        f"Weigh, add and divide by the sum of the weights: ({parts}) / 10 = "
        f"{index[case.partner]:.3f}.",
    ]


def led_path(case: Case) -> list[str]:
    share = led(case).set_index("institutional").share
    bodies = ", ".join(f"{p} {n}" for p, n in shared(case).items())
    return [
        "Work the index of the three powers out with each of the 231 weightings. Count those in "
        "which "
        f"{case.partner_name} alone has the highest, and divide by all: {share['votes']:.3f}.",
        f"Bodies of which both are full members on {case.day}: {bodies}.",
        "Put these in the place of votes and count again, with trade and arms as before: "
        f"{share['bodies']:.3f}.",
    ]


def chart_path(case: Case) -> list[str]:
    frame = lines(case).set_index(["weight", "power"])["index"]
    return [
        "Make eleven weightings. With arms at 40 per cent, trade and votes have 30 each.",
        "Compute the index under each, and keep three rows for it, one a power. At 0 per cent "
        f"Russia has {frame[0, 'RUS']:.2f} and China {frame[0, 'CHN']:.2f}.",
        f"At 100 per cent Russia has {frame[100, 'RUS']:.2f} and China {frame[100, 'CHN']:.2f}.",
        "Draw a line for each power, told apart by colour. Give both axes a title in words, the "
        "chart a title that states what one sees, and a description.",
    ]


def turning_path(case: Case) -> list[str]:
    frame = lines(case).set_index(["weight", "power"])["index"]
    at = turn(case)
    before = max(0, at - 10)
    return [
        f"With arms at {before} per cent Russia has {frame[before, 'RUS']:.3f}, China "
        f"{frame[before, 'CHN']:.3f}.",
        f"At {at} per cent Russia has {frame[at, 'RUS']:.3f}, China {frame[at, 'CHN']:.3f}.",
        f"So the answer is {letter(at)}. Whoever gives arms less than that has China in front: the "
        "quarrel is about the weight and no longer about the figures.",
    ]


def _trade_with_powers(case: Case) -> pd.DataFrame:
    trade = of_period("trade", case, "country", source_id=SOURCE)
    return rows.trade(trade[trade.partner.isin([*POWERS, "WLD"])])


QUESTIONS = [
    Table(
        id="ex09-q1-scores",
        names=("scores",),
        points=5,
        minutes=14,
        by=("power",),
        numbers={
            "trade": ("share from 0 to 1", 0, 1, 0.0005),
            "arms": ("millions of SIPRI's units", 0, 10_000, 0.05),
            "votes": ("agreement from 0 to 1", 0, 1, 0.0005),
        },
        expected=scores,
        form=Form(
            prompt=(
                "What part had {partner} in {state}’s whole trade, exports and imports of all the"
                " years from {start} to {end} together? Give a share from 0 to 1, right to three "
                "decimals. Trade is in million current US dollars, from the Correlates of War "
                "project."
            ),
            rows=_trade_with_powers,
            cell=lambda case: {"power": case.partner},
            column="trade",
        ),
        mistakes=(
            Mistake(
                "exports-only",
                "In trade you counted the exports only. Keep both flows, for the power and for "
                "the world.",
                lambda case: scores(case, flows=("export",)),
            ),
            Mistake(
                "imports-only",
                "In trade you counted the imports only. Keep both flows, for the power and for "
                "the world.",
                lambda case: scores(case, flows=("import",)),
            ),
            Mistake(
                "three-only",
                "You divided trade by the sum of the three powers. A state trades with others "
                "too: divide by the partner WLD.",
                lambda case: scores(case, of="three"),
            ),
            Mistake(
                "identical",
                "Your votes count only identical votes. The measure agreement_half gives an "
                "abstention beside a yes or a no half a point.",
                lambda case: scores(case, kind="identical"),
            ),
        ),
        hints=(
            "Three tables, three small tasks: do them one after the other and look at each result "
            "before you put them side by side.",
            "groupby by partner, supplier and partner. In the arms a power may be missing: which "
            "method of a series brings in the missing labels?",
            "reindex(powers) lines all three up in one order, and fillna(0) fills a hole in the "
            "arms. Then a DataFrame of three series has one row a power.",
        ),
        path=scores_path,
    ),
    Table(
        id="ex09-q2-index",
        names=("ranking",),
        points=3,
        minutes=8,
        by=("power",),
        numbers={"index": ("index from 0 to 1", 0, 1, 0.0005)},
        expected=ranking,
        form=Form(
            prompt=(
                "The table has three measures of the powers in {state}, {start} to {end}. Scale "
                "each from 0, for the lowest of the three powers, to 1, for the highest. Then "
                "weight them: trade 5, arms 3, votes 2, and divide by 10. What is the index of "
                "{partner}? Right to three decimals."
            ),
            rows=lambda case: scores(case).round(5),
            cell=lambda case: {"power": case.partner},
        ),
        mistakes=(
            Mistake(
                "share-scale",
                "You scaled by the part in the sum of the three powers. Scale from 0, for the "
                "lowest, to 1, for the highest.",
                lambda case: ranking(case, scale="share"),
            ),
            Mistake(
                "equal-weights",
                "Your three measures weigh the same. Take the weights that the cell above gives.",
                equal,
            ),
            Mistake(
                "undivided",
                "You multiplied and added, and did not divide by the sum of the weights.",
                undivided,
            ),
        ),
        hints=(
            "Before one can add a share, a worth and an agreement they have to be brought to one "
            "scale.",
            "measures.weighted_index takes a table with the powers as its index and one column a "
            "measure. Which column of yours has to become the index?",
            "What comes back is a series: .rename_axis('power') and .reset_index() make a table "
            "of it, with the column index.",
        ),
        path=ranking_path,
    ),
    Table(
        id="ex09-q3-led",
        names=("led",),
        points=4,
        minutes=14,
        by=("institutional",),
        numbers={"share": ("share from 0 to 1", 0, 1, 0.0005)},
        expected=led,
        mistakes=(
            Mistake(
                "share-scale",
                "You scaled by the part in the sum of the three powers. Scale from 0, for the "
                "lowest, to 1, for the highest.",
                lambda case: led(case, scale="share"),
            ),
            Mistake(
                "other-power",
                "These are the weightings that another power leads. Your partner is asked for.",
                led_by_the_other,
            ),
            Mistake(
                "observers",
                "Among your bodies are some of which one side is only an observer or a partner. "
                "Keep the status member, for the state and for the power.",
                as_observers_too,
            ),
        ),
        hints=(
            "Each weighting gives an index for every power, and one of them leads or nobody "
            "does. In what share of all weightings is it your partner?",
            "measures.leaders_by_weight names the leader of every weighting. "
            "measures.members_on says who was in a body on a day. A body counts for a power if "
            "both the power and your state are in that list.",
            "For the second row leave trade and arms as they are, and put a series of three "
            "counts, with the powers as its index, in the place of the column votes (assign).",
        ),
        path=led_path,
    ),
    Chart(
        id="ex09-q4-chart",
        names=("chart",),
        points=6,
        minutes=14,
        marks=("line",),
        x="weight",
        y="index",
        series="power",
        tolerance=0.005,
        expected=lines,
        mistakes=(
            Mistake(
                "share-scale",
                "You scaled by the part in the sum of the three powers. Scale from 0, for the "
                "lowest, to 1, for the highest.",
                lambda case: lines(case, scale="share"),
            ),
            Mistake(
                "trade-takes-the-rest",
                "What the arms leave went to trade alone. Half of it belongs to votes.",
                lambda case: lines(case, rest="trade"),
            ),
        ),
        hints=(
            "Make the table first: eleven weights times three powers are 33 rows.",
            "A loop over range(0, 101, 10) gives the weights. What is left is 100 minus the "
            "weight, and half of it goes to each of the other two measures.",
            "mark_line with color draws a line for each power. What is missing for a reader who "
            "sees nothing but the chart?",
        ),
        path=chart_path,
    ),
    Choice(
        id="ex09-q5-turn",
        names=("q5_answer", "q5_confidence"),
        points=2,
        minutes=3,
        options={
            "A": "0 per cent: Russia leads without any weight on arms.",
            "B": "10 or 20 per cent.",
            "C": "30 per cent.",
            "D": "40 per cent or more.",
        },
        expected=turning,
        form=Form(
            prompt=(
                "The table gives the index of each power in {state}, {start} to {end}, for eleven"
                " weights of arms (in per cent); the rest of the weight is shared equally by "
                "trade and votes. Which is the smallest weight of arms with which Russia’s index "
                "is the highest of the three?"
            ),
            rows=lambda case: (
                lines(case).pivot_table("index", "weight", "power").round(3).reset_index()
            ),
        ),
        mistakes=(
            Mistake(
                "trade-takes-the-rest",
                "That would be so if trade took all that the arms leave. Half of it belongs to "
                "votes.",
                only_trade_left,
            ),
            Mistake(
                "share-scale",
                "That would be so with shares of the sum as the scale. Scale from 0, for the "
                "lowest, to 1, for the highest.",
                by_share,
            ),
        ),
        hints=(
            "Two lines cross in your chart, or one is always above the other.",
            "Look at the table instead: for each weight, which power has the highest index?",
        ),
        path=turning_path,
    ),
    Argument(id="ex09-q6-argument", points=18, minutes=37),
]
