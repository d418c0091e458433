"""Key of exercise 11: a forecaster who learns from the past, resolved and scored."""

import pandas as pd

from centralasia import measures, tables
from centralasia.checks import rows
from centralasia.checks.asks import Argument, Chart, Choice, Form, Mistake, Number, Table
from centralasia.checks.cases import Case, pool
from centralasia.checks.slices import Slice

SOURCE = "cow_trade_v4"
POWERS = ("RUS", "CHN", "USA")
BANDS = ("under 50", "50 and more")
# In these periods the partner's share grew by half or not, and the forecaster did better or
# worse than saying 50 per cent each year; the day is that on which the forecasts are resolved.
# Kazakhstan with China is the guest's, whose years are told; Turkmenistan's shares with Russia
# and China move so far that shorter periods look alike on other figures.
PERIODS = ((1997, 2006), (2000, 2008), (2002, 2011), (2004, 2014))
MORE = ((1998, 2007), (1999, 2008), (2001, 2010), (2003, 2013))
LONGER = ((1998, 2012), (2000, 2014), (2001, 2013), (2003, 2014))


def resolved_at_the_end(periods: tuple) -> tuple:
    return tuple((start, end, f"{end}-12-31") for start, end in periods)


POOL = [
    *pool(("KAZ",), ("RUS",), resolved_at_the_end(PERIODS + MORE)),
    *pool(("KGZ", "TJK", "UZB"), ("RUS", "CHN"), resolved_at_the_end(PERIODS)),
    *pool(("TKM",), ("RUS", "CHN"), resolved_at_the_end(LONGER)),
]
GUEST = Case("KAZ", "CHN", 1999, 2011, "2011-12-31")
TABLES = (
    Slice(
        table="trade",
        about="The trade of {state} with the powers and with the world, {start} to {end}",
        where={
            "source_id": (SOURCE,),
            "country": ("{state}",),
            "partner": (*POWERS, "WLD"),
            "flow": ("export", "import"),
        },
        period="year",
        columns=("year", "partner", "flow", "value_usd"),
    ),
)


def shares(case: Case, flows: tuple = ("export", "import"), of: str = "WLD") -> pd.DataFrame:
    """Return the shares of the three powers in the state's trade, by year of the period."""
    trade = tables.load("trade").query("source_id == @SOURCE and country == @case.state")
    trade = trade[trade.flow.isin(flows)].astype({"partner": str})
    sums = trade.groupby(["year", "partner"]).value_usd.sum().unstack()
    whole = sums[of] if of else 1
    return sums[list(POWERS)].div(whole, axis="index").loc[case.start : case.end]


def change(case: Case, power: str | None = None, **kind: object) -> pd.Series:
    """Return 1 for each year in which the share rose over the year before, else 0."""
    share = shares(case, **kind)[power or case.partner]
    return share.diff().dropna().gt(0).astype(int)


def as_table(rose: pd.Series) -> pd.DataFrame:
    return rose.rename("rose").rename_axis("year").reset_index()


def rises(case: Case) -> pd.DataFrame:
    return as_table(change(case))


def rises_in_dollars(case: Case) -> pd.DataFrame:
    return as_table(change(case, of=""))


def rises_of_exports(case: Case) -> pd.DataFrame:
    return as_table(change(case, flows=("export",)))


def a_year_early(case: Case) -> pd.DataFrame:
    rose = change(case)
    return as_table(pd.Series(rose.to_numpy(), index=rose.index - 1))


def said(rose: pd.Series) -> pd.Series:
    """Return what the forecaster said for each year, from the years before it."""
    before = rose.cumsum() - rose
    years = pd.Series(range(len(rose)), index=rose.index)
    return (before + 1) / (years + 2)


def errors_of(rose: pd.Series) -> pd.Series:
    return (said(rose) - rose) ** 2


def brier(case: Case) -> float:
    rose = change(case)
    return round(measures.brier_score(said(rose), rose), 4)


def not_squared(case: Case) -> float:
    rose = change(case)
    return round(float((said(rose) - rose).abs().mean()), 4)


def doubled(case: Case) -> float:
    return round(2 * brier(case), 4)


def knowing_the_year(case: Case) -> float:
    rose = change(case)
    years = pd.Series(range(1, len(rose) + 1), index=rose.index)
    return round(measures.brier_score((rose.cumsum() + 1) / (years + 2), rose), 4)


def of_the_coin(case: Case) -> float:
    return 0.25


def summed(case: Case) -> float:
    return round(float(errors_of(change(case)).sum()), 4)


def bands(case: Case, powers: tuple = POWERS, falls: bool = False) -> pd.DataFrame:
    every = [change(case, power) for power in powers]
    p, rose = pd.concat([said(r) for r in every]), pd.concat(every)
    table = measures.calibration_table(p, 1 - rose if falls else rose, bins=[0, 0.5, 1])
    table = table.assign(band=BANDS)[table.n > 0]
    table = table.rename(columns={"mean_probability": "mean_said", "share_true": "rose"})
    return table[["band", "n", "mean_said", "rose"]].round(4)


def of_one_power(case: Case) -> pd.DataFrame:
    return bands(case, (case.partner,))


def of_two_powers(case: Case) -> pd.DataFrame:
    return bands(case, ("RUS", "CHN"))


def of_falls(case: Case) -> pd.DataFrame:
    return bands(case, falls=True)


def errors(case: Case) -> pd.DataFrame:
    frame = errors_of(change(case)).rename("error").rename_axis("year").reset_index()
    return frame.round({"error": 4})


def distances(case: Case) -> pd.DataFrame:
    return errors(case).assign(error=lambda t: (t.error**0.5).round(4))


LETTERS = {(True, True): "A", (True, False): "B", (False, True): "C", (False, False): "D"}


def multiple(case: Case) -> float:
    share = shares(case)[case.partner]
    return float(share[case.end] / share[case.start])


def resolved(case: Case) -> tuple[bool, bool]:
    """Whether the bold forecast came true, and whether the learning one beat 50 per cent."""
    return multiple(case) >= 1.5, brier(case) < 0.25


def resolution(case: Case) -> str:
    return LETTERS[resolved(case)]


def other_outcome(case: Case) -> str:
    true, better = resolved(case)
    return LETTERS[not true, better]


def other_score(case: Case) -> str:
    true, better = resolved(case)
    return LETTERS[true, not better]


def rises_path(case: Case) -> list[str]:
    share = shares(case)[case.partner]
    rose = change(case)
    return [
        f"Work out {case.partner_name}'s share in the trade of {case.state_name} for each year: "
        f"{100 * share.iloc[0]:.2f} per cent in {case.start}, {100 * share.iloc[1]:.2f} in "
        f"{case.start + 1}.",
        "Compare each year with the one before. The first year has none before it and gets no row.",
        f"The share rose in {rose.sum()} of {len(rose)} years.",
    ]


def brier_path(case: Case) -> list[str]:
    rose = change(case)
    p = said(rose)
    first, second = rose.index[:2]
    return [
        f"For {first} nothing is known yet: (0 + 1) / (0 + 2) = 0.5. For {second} one year is "
        f"known: ({rose.iloc[0]} + 1) / (1 + 2) = {p.iloc[1]:.3f}.",
        f"So it goes on to {case.end}, with {p.iloc[-1]:.3f}.",
        "Square the distance between what was said and what came, and take the mean.",
        f"The score is {brier(case):.3f}; whoever says 0.5 every year gets 0.250.",
    ]


def bands_path(case: Case) -> list[str]:
    table = bands(case)
    rows = [
        f"{row.band} per cent: {row.n} forecasts, {row.mean_said:.3f} said on average, "
        f"{row.rose:.3f} came true"
        for row in table.itertuples()
    ]
    return [
        "Do for Russia, China and the United States what you did for one power: three series of "
        "outcomes, three of forecasts. The learning starts anew for each.",
        "Put the forecasts into one series and the outcomes into another, then sort them into "
        "the two bands; 0.5 itself belongs to the upper one.",
        "; ".join(rows) + ".",
    ]


def chart_path(case: Case) -> list[str]:
    frame = errors(case)
    worst = frame.loc[frame.error.idxmax()]
    return [
        "Make a table of two columns, year and error, from the forecasts and outcomes of "
        "question 2.",
        f"The largest error is {worst.error:.3f}, in {int(worst.year)}.",
        "Draw bars from zero, with titles for the axes, and say in title and description where "
        "the surprises were.",
    ]


def resolution_path(case: Case) -> list[str]:
    share = 100 * shares(case)[case.partner]
    return [
        f"The share went from {share[case.start]:.2f} to {share[case.end]:.2f} per cent, which is "
        f"{multiple(case):.2f} times as much. The criterion asks for 1.5.",
        f"The learning forecaster's score is {brier(case):.3f}, against 0.250.",
        f"That is answer {resolution(case)}. The trend and the single years are two questions.",
    ]


def _first(frame: pd.DataFrame, by: list[str]) -> dict[str, object]:
    return frame.sort_values("n")[by].iloc[-1].to_dict()


def _share_table(case: Case) -> pd.DataFrame:
    return shares(case).round(5).reset_index()


def _said_and_came(case: Case) -> pd.DataFrame:
    parts = [
        pd.DataFrame({"power": power, "said": said(rose).round(4), "rose": rose})
        for power, rose in ((power, change(case, power)) for power in POWERS)
    ]
    return pd.concat(parts).rename_axis("year").reset_index()


def _bold_and_learning(case: Case) -> pd.DataFrame:
    share = shares(case)[case.partner]
    named = {f"share in {year}": round(share[year], 5) for year in (case.start, case.end)}
    return rows.figures(named | {"Brier score of the learning one": brier(case)})


QUESTIONS = [
    Table(
        id="ex11-q1-rises",
        names=("rises",),
        points=4,
        minutes=10,
        by=("year",),
        numbers={"rose": ("1 or 0", 0, 1, 0)},
        expected=rises,
        form=Form(
            prompt=(
                "The table gives the shares of three powers in {state}’s trade, exports and "
                "imports together. Did the share of {partner} rise in {cell[year]} over the year "
                "before? Type 1 if it rose and 0 if not."
            ),
            rows=_share_table,
            cell=lambda case: {"year": case.end},
        ),
        mistakes=(
            Mistake(
                "dollars",
                "You compared the trade with your partner in dollars. A share can fall while the "
                "dollars rise: divide by the trade with the world first.",
                rises_in_dollars,
            ),
            Mistake(
                "exports-only",
                "You compared shares of the exports. Trade is what a state sells and what it buys.",
                rises_of_exports,
            ),
            Mistake(
                "year-early",
                "Each outcome stands a year too early. What counts for a year is the change since "
                "the year before it.",
                a_year_early,
            ),
        ),
        hints=(
            "First a share for every year of your period, then a comparison of each year with "
            "the one before.",
            ".diff() subtracts from each value the one before; .dropna() takes away the first "
            "year, which has none.",
            "A comparison gives True and False; .astype(int) makes 1 and 0 of them.",
        ),
        path=rises_path,
    ),
    Number(
        id="ex11-q2-brier",
        names=("brier",),
        points=4,
        minutes=10,
        unit="score from 0 to 1",
        low=0,
        high=1,
        tolerance=0.0005,
        expected=brier,
        form=Form(
            prompt=(
                "A forecaster says for each year how likely it is that the share rises: if n "
                "years came before and the share rose in r of them, it says (r + 1) / (n + 2). "
                "The table says in which years the share of {partner} in {state}’s trade rose (1)"
                " or did not (0). What Brier score does the forecaster earn: the mean of the "
                "squared differences between what it said and what came? Right to three decimals."
            ),
            rows=rises,
        ),
        mistakes=(
            Mistake(
                "knows-the-year",
                "Your forecaster already knows how the year went that it forecasts. Count the "
                "rises of the years before only.",
                knowing_the_year,
            ),
            Mistake(
                "not-squared",
                "This is the mean distance between forecast and outcome. The Brier score squares "
                "each distance first.",
                not_squared,
            ),
            Mistake(
                "doubled",
                "This is twice the score: you added the two classes, as Brier did in 1950. The "
                "course takes the squared distance once.",
                doubled,
            ),
            Mistake(
                "summed",
                "This is the sum of the squared distances. Take their mean.",
                summed,
            ),
            Mistake(
                "coin",
                "This is what 50 per cent every year would earn. Your forecaster starts there and "
                "then learns.",
                of_the_coin,
            ),
        ),
        hints=(
            "For each year you need two counts: how many years of the period came before it, and "
            "in how many of them the share rose.",
            ".cumsum() counts the rises so far, the year itself included. What must you take off?",
            "measures.brier_score takes the forecasts and the outcomes, both in the same order.",
        ),
        path=brier_path,
    ),
    Table(
        id="ex11-q3-bands",
        names=("bands",),
        points=4,
        minutes=12,
        by=("band",),
        numbers={
            "n": ("number of forecasts", 0, 60, 0),
            "mean_said": ("probability", 0, 1, 0.0005),
            "rose": ("share from 0 to 1", 0, 1, 0.0005),
        },
        expected=bands,
        form=Form(
            prompt=(
                "A forecaster says for each year how likely it is that the share rises: if n "
                "years came before and the share rose in r of them, it says (r + 1) / (n + 2). "
                "The table has what it said for three powers in {state}, {start} to {end}, and "
                "what came. Take the forecasts of the band “{cell[band]}” per cent; 50 itself "
                "belongs to the upper one. How often did the share then rise? Give a share from 0"
                " to 1, right to three decimals."
            ),
            rows=_said_and_came,
            cell=lambda case: _first(bands(case), ["band"]),
            column="rose",
        ),
        mistakes=(
            Mistake(
                "one-power",
                "These are the forecasts for your partner alone. Take all three powers, for one "
                "power has too few.",
                of_one_power,
            ),
            Mistake(
                "two-powers",
                "The United States is missing. Take all three powers.",
                of_two_powers,
            ),
            Mistake(
                "falls",
                "The column rose holds how often the share fell. How often it rose is asked for, "
                "in both bands.",
                of_falls,
            ),
        ),
        hints=(
            "Three powers, so three series of outcomes and three of forecasts. Put them under "
            "each other before you make the bands.",
            "pd.concat puts series one under the other.",
            "measures.calibration_table(p, outcome, bins=[0, 0.5, 1]) makes the two bands; then "
            "the columns only need their names.",
        ),
        path=bands_path,
    ),
    Chart(
        id="ex11-q4-chart",
        names=("chart",),
        points=6,
        minutes=15,
        marks=("bar",),
        x="year",
        y="error",
        tolerance=0.0005,
        expected=errors,
        mistakes=(
            Mistake(
                "distances",
                "The bars show distances between forecast and outcome. The errors that make up "
                "the score are their squares.",
                distances,
            ),
        ),
        hints=(
            "The bars are what question 2 took the mean of.",
            "A table with the columns year and error, then mark_bar. Do both axes say what they "
            "show?",
            ".properties(title='…', description='…'). In which years was the forecaster surprised?",
        ),
        path=chart_path,
    ),
    Choice(
        id="ex11-q5-resolution",
        names=("q5_answer", "q5_confidence"),
        points=2,
        minutes=6,
        options={
            "A": "The bold forecast came true, and the learning one beat 50 per cent.",
            "B": "The bold forecast came true, and the learning one did not beat 50 per cent.",
            "C": "The bold forecast failed, and the learning one beat 50 per cent.",
            "D": "The bold forecast failed, and the learning one did not beat 50 per cent.",
        },
        expected=resolution,
        form=Form(
            prompt=(
                "Somebody bold said in {start}: by {end} the share of {partner} in {state}’s "
                "trade will be at least one and a half times what it is now. Somebody else "
                "learned from year to year, and earned the Brier score in the table. Resolve the "
                "bold forecast. And did the learning one score better than somebody who says 50 "
                "per cent every year, and so earns 0.25?"
            ),
            rows=_bold_and_learning,
        ),
        mistakes=(
            Mistake(
                "outcome",
                "The learning forecaster did as you say, the bold forecast did not. Divide the "
                "last share by the first, and compare with the criterion.",
                other_outcome,
            ),
            Mistake(
                "score",
                "The bold forecast went as you say, the learning one did not. A lower score is a "
                "better one.",
                other_score,
            ),
        ),
        hints=(
            "Two comparisons: the last share with the first, and your brier with what 50 per cent "
            "every year earns.",
            "The first share times 1.5 is the mark that the last share must reach.",
        ),
        path=resolution_path,
    ),
    Argument(id="ex11-q6-argument", points=18, minutes=37),
]
