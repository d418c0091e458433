"""Key of exercise 06: how trade grew, what two books make of one flow, who weighed how much."""

import pandas as pd

from centralasia import measures, tables
from centralasia.checks import rows
from centralasia.checks.asks import Argument, Chart, Choice, Form, Mistake, Number, Table
from centralasia.checks.cases import Case, pool
from centralasia.checks.slices import Slice

SOURCE, SELLER = "cow_trade_v4", "imf_dots_us"
POOL = pool(
    ("KAZ", "KGZ", "TJK", "TKM", "UZB"),
    ("RUS", "CHN"),
    (
        (1998, 2007, "2007-12-31"),
        (1999, 2006, "2006-12-31"),
        (2000, 2008, "2008-12-31"),
        (2003, 2012, "2012-12-31"),
    ),
)
GUEST = Case("UZB", "CHN", 2004, 2014, "2014-12-31")
TABLES = (
    Slice(
        table="trade",
        about="The trade of {state} with China, Russia and the United States, {start} to {end}",
        where={
            "source_id": ("cow_trade_v4",),
            "country": ("{state}",),
            "partner": ("CHN", "RUS", "USA"),
        },
        period="year",
        columns=("year", "partner", "flow", "value_usd", "source_id"),
    ),
    Slice(
        table="trade",
        about="What American customs counted as sold to {state}, {start} to {end}",
        where={
            "source_id": ("imf_dots_us",),
            "country": ("{state}",),
            "partner": ("USA",),
            "flow": ("import",),
        },
        period="year",
        columns=("year", "partner", "flow", "value_usd", "source_id"),
    ),
    Slice(
        table="macro",
        about="The output of {state}, {start} to {end}, in dollars of the year",
        where={"country": ("{state}",), "indicator": ("gdp_usd",)},
        period="year",
        columns=("year", "indicator", "value"),
    ),
)


def trade_of(case: Case, partner: str, source: str = SOURCE) -> pd.DataFrame:
    trade = tables.load("trade")
    trade = trade[(trade.country == case.state) & (trade.partner == partner)]
    return trade[(trade.source_id == source) & trade.year.between(case.start, case.end)]


def by_year(case: Case, flows: tuple = ("export", "import")) -> pd.Series:
    rows = trade_of(case, case.partner)
    return rows[rows.flow.isin(flows)].groupby("year").value_usd.sum()


def multiple(case: Case, **choices: tuple) -> float:
    sums = by_year(case, **choices)
    return float(sums.get(case.end, 0) / sums.get(case.start, 1))


def increase(case: Case) -> float:
    return multiple(case) - 1


def upside_down(case: Case) -> float:
    return 1 / multiple(case)


def all_pairs(case: Case) -> pd.DataFrame:
    pairs = measures.growth_multiple(by_year(case))
    return pairs[["from_year", "to_year", "multiple"]]


def fits(case: Case, low: float = 0.9, high: float = 1.1) -> pd.DataFrame:
    pairs = all_pairs(case)
    return pairs[pairs.multiple.between(low * multiple(case), high * multiple(case))]


def only_own(case: Case) -> pd.DataFrame:
    pairs = all_pairs(case)
    return pairs[(pairs.from_year == case.start) & (pairs.to_year == case.end)]


def from_first_year(case: Case) -> pd.DataFrame:
    return fits(case).query("from_year == @case.start")


def reports(case: Case, flow: str = "import") -> tuple[pd.Series, pd.Series]:
    """Return what the seller and what the compilation report, by year."""
    both = (trade_of(case, "USA", source) for source in (SELLER, SOURCE))
    seller, buyer = (rows[rows.flow == flow].set_index("year").value_usd for rows in both)
    return seller, buyer


def gaps(case: Case, flow: str = "import") -> pd.DataFrame:
    gap = measures.mirror_gap(*reports(case, flow)).relative
    return gap.rename("gap").reset_index()


def by_the_buyer(case: Case) -> pd.DataFrame:
    seller, buyer = reports(case)
    return ((buyer - seller) / buyer).rename("gap").reset_index()


def as_ratio(case: Case) -> pd.DataFrame:
    return gaps(case).assign(gap=lambda frame: frame.gap + 1)


def turned(case: Case) -> pd.DataFrame:
    return gaps(case).assign(gap=lambda frame: -frame.gap)


def weights(
    case: Case, flows: tuple = ("export", "import"), scale: float = 100, of: str = ""
) -> pd.DataFrame:
    """Return trade with Russia and with China in per cent of a state's output."""
    macro = tables.load("macro").query("indicator == 'gdp_usd' and country == @case.state")
    output, parts = macro.set_index("year").value, []
    if of == "trade":
        output = trade_of(case, "WLD").groupby("year").value_usd.sum()
    for partner in ("RUS", "CHN"):
        rows = trade_of(case, partner)
        usd = rows[rows.flow.isin(flows)].groupby("year").value_usd.sum()
        share = (scale * usd / output).dropna().rename("share").reset_index()
        parts.append(share.assign(partner=partner))
    return pd.concat(parts, ignore_index=True)[["year", "partner", "share"]]


def counts(case: Case) -> dict[str, int]:
    """Return in how many years each of the first three answers holds."""
    gap = gaps(case).gap
    about = (gap >= 0.08) & (gap < 0.12)
    return {"A": int(about.sum()), "B": int((gap >= 0.12).sum()), "C": int((gap < 0.08).sum())}


def tenth(case: Case) -> str:
    found = counts(case)
    most = max(found, key=found.get)
    return most if found[most] > sum(found.values()) / 2 else "D"


def most_frequent(case: Case) -> str:
    found = counts(case)
    return max(found, key=found.get)


def by_the_mean(case: Case) -> str:
    mean = gaps(case).gap.mean()
    return "C" if mean < 0.08 else "A" if mean < 0.12 else "B"


def multiple_path(case: Case) -> list[str]:
    sums = by_year(case) / 1e6
    return [
        f"Keep the rows of {case.state_name} with {case.partner_name} from the one source, in both "
        "flows.",
        f"Add up the flows: {sums[case.start]:.0f} million dollars in {case.start}, "
        f"{sums[case.end]:.0f} in {case.end}.",
        f"Divide the later by the earlier: {sums[case.end]:.0f} / {sums[case.start]:.0f} = "
        f"{multiple(case):.2f}.",
    ]


def fits_path(case: Case) -> list[str]:
    found = fits(case)
    named = ", ".join(f"{row.from_year} to {row.to_year}" for row in found.itertuples())
    return [
        f"Between {case.start} and {case.end} there are {len(all_pairs(case))} pairs of an "
        "earlier and a later year. Divide the later value of each by the earlier one.",
        f"Keep those between {0.9 * multiple(case):.2f} and {1.1 * multiple(case):.2f}.",
        f"What is left: {named}. Whoever names a multiple without years has said all of these at "
        "once.",
    ]


def gaps_path(case: Case) -> list[str]:
    seller, buyer = reports(case)
    frame = gaps(case).set_index("year").gap
    year = case.end
    return [
        f"Keep the imports of {case.state_name} from the United States, once from each source, "
        "and put them side by side, year by year.",
        f"For {year} the seller has {seller[year] / 1e6:.1f} million dollars and the compilation "
        f"{buyer[year] / 1e6:.1f}.",
        f"The gap is ({buyer[year] / 1e6:.1f} - {seller[year] / 1e6:.1f}) / "
        f"{seller[year] / 1e6:.1f} = {frame[year]:.3f}.",
    ]


def chart_path(case: Case) -> list[str]:
    share = weights(case).set_index(["year", "partner"]).share
    first, last = case.start, case.end
    return [
        "Add up both flows by year and partner, and put the output of the same year beside each "
        "sum (merge on year).",
        "Divide and multiply by 100. Russia: "
        f"{share[first, 'RUS']:.1f} per cent in {first}, {share[last, 'RUS']:.1f} in {last}. "
        f"China: {share[first, 'CHN']:.1f} and {share[last, 'CHN']:.1f}.",
        "Draw a line for each, told apart by colour, from zero. Give the measure a title with its "
        "unit, the chart a title that states what one sees, and a description.",
    ]


def tenth_path(case: Case) -> list[str]:
    found = counts(case)
    years = sum(found.values())
    return [
        f"Of {years} years, {found['A']} have a gap from 0.08 to 0.12, {found['B']} a larger one "
        f"and {found['C']} a smaller or negative one.",
        f"More than half would be {years // 2 + 1} or more: answer {tenth(case)}.",
        "A gap of just a tenth, year after year, speaks for one report and a supplement, and not "
        "for two witnesses who agree.",
    ]


def _first(frame: pd.DataFrame, by: list[str]) -> dict[str, int]:
    return {name: int(value) for name, value in frame[by].iloc[0].items()}


def _two_reports(case: Case) -> pd.DataFrame:
    seller, buyer = (figures.round(0) for figures in reports(case))
    both = pd.DataFrame({"the seller's report": seller, "the compilation": buyer})
    return both.dropna().reset_index()


QUESTIONS = [
    Number(
        id="ex06-q1-multiple",
        names=("multiple",),
        points=3,
        minutes=8,
        unit="multiple",
        low=0,
        high=1000,
        tolerance=0.005,
        expected=multiple,
        form=Form(
            prompt=(
                "By what multiple did {state}’s trade with {partner}, exports and imports "
                "together, grow from {start} to {end}? A multiple of 2 means twice as much. Right"
                " to two decimals. Trade is in million current US dollars, from the Correlates of"
                " War project."
            ),
            rows=lambda case: rows.trade(trade_of(case, case.partner)),
        ),
        mistakes=(
            Mistake(
                "increase",
                "This is the increase. What is twice as much has grown by a multiple of 2, and by "
                "an increase of 1: divide, and take nothing away.",
                increase,
            ),
            Mistake(
                "upside-down",
                "You divided the earlier year by the later one.",
                upside_down,
            ),
            Mistake(
                "exports-only",
                "You counted the exports only. Add what the state buys.",
                lambda case: multiple(case, flows=("export",)),
            ),
            Mistake(
                "imports-only",
                "You counted the imports only. Add what the state sells.",
                lambda case: multiple(case, flows=("import",)),
            ),
        ),
        hints=(
            "You need one number for the first year and one for the last, each with two flows in "
            "it.",
            "Keep the rows of one source, one state and one partner, then group by year and add "
            "value_usd.",
            "The result of the groupby has the year as its index: square brackets with a year "
            "give its value.",
        ),
        path=multiple_path,
    ),
    Table(
        id="ex06-q2-fits",
        names=("fits",),
        points=4,
        minutes=12,
        by=("from_year", "to_year"),
        numbers={"multiple": ("multiple", 0, 1000, 0.005)},
        expected=fits,
        form=Form(
            prompt=(
                "By what multiple did {state}’s trade with {partner}, exports and imports "
                "together, grow from {cell[from_year]} to {cell[to_year]}? Right to two decimals."
                " Trade is in million current US dollars, from the Correlates of War project."
            ),
            rows=lambda case: rows.trade(trade_of(case, case.partner)),
            cell=lambda case: _first(fits(case), ["from_year", "to_year"]),
            column="multiple",
        ),
        mistakes=(
            Mistake(
                "all-pairs",
                "These are all pairs of years. Keep those whose multiple is near yours.",
                all_pairs,
            ),
            Mistake(
                "first-year-kept",
                "All your pairs begin with the first year of the period. An earlier year can be "
                "any year but the last.",
                from_first_year,
            ),
            Mistake(
                "own-pair",
                "This is your own pair alone. Others are as near to your multiple: try every "
                "earlier year with every later one.",
                only_own,
            ),
        ),
        hints=(
            "Every earlier year goes with every later one. For each pair divide the later value "
            "by the earlier one.",
            "measures.growth_multiple makes these pairs from a series by year. Give it only the "
            "years of your period: .loc with two years and a colon cuts a series by its index, "
            "both ends included.",
            "between takes the lower and the upper bound, each computed from multiple.",
        ),
        path=fits_path,
    ),
    Table(
        id="ex06-q3-gaps",
        names=("gaps",),
        points=5,
        minutes=12,
        by=("year",),
        numbers={"gap": ("share of the seller's figure", -1, 1000, 0.0005)},
        expected=gaps,
        form=Form(
            prompt=(
                "The table has two reports of what the United States sold to {state}: the "
                "seller’s, and that of a compilation which gives what was bought. What is the "
                "mirror gap in {cell[year]}: the compilation’s figure minus the seller’s, divided"
                " by the seller’s? Right to three decimals; a gap can be negative."
            ),
            rows=_two_reports,
            cell=lambda case: {"year": case.end},
        ),
        mistakes=(
            Mistake(
                "exports",
                "You compared what your state sold to the United States. What it bought has the "
                "flow import, in both sources.",
                lambda case: gaps(case, flow="export"),
            ),
            Mistake(
                "divided-by-buyer",
                "You divided by the compilation's figure. The gap is a share of what the seller "
                "reported.",
                by_the_buyer,
            ),
            Mistake(
                "ratio",
                "You have the ratio of the two figures. The gap is their difference, divided by "
                "the seller's.",
                as_ratio,
            ),
            Mistake(
                "turned",
                "Your signs are the wrong way round: the seller's figure is taken from the "
                "compilation's.",
                turned,
            ),
        ),
        hints=(
            "Two series by year: one from each source, with the same state, partner and flow.",
            "With the year as the index of both, pandas subtracts and divides year by year.",
            "measures.mirror_gap takes the seller's series first and the buyer's second; its "
            "column relative is the gap.",
        ),
        path=gaps_path,
    ),
    Chart(
        id="ex06-q4-chart",
        names=("chart",),
        points=6,
        minutes=15,
        marks=("line",),
        x="year",
        y="share",
        series="partner",
        tolerance=0.05,
        expected=weights,
        mistakes=(
            Mistake(
                "fraction",
                "The lines show shares from 0 to 1. Per cent are asked for: multiply by 100.",
                lambda case: weights(case, scale=1),
            ),
            Mistake(
                "of-trade",
                "These are shares of all trade. Divide by what the state produces in the year, "
                "its GDP.",
                lambda case: weights(case, of="trade"),
            ),
            Mistake(
                "imports-only",
                "You drew the imports only. Both flows together are asked for.",
                lambda case: weights(case, flows=("import",)),
            ),
        ),
        hints=(
            "Make a table with three columns first: year, partner, share. The chart is then one "
            "line for each partner.",
            "merge on year puts the output of each year beside the sums of that year.",
            "color tells the partners apart. What is missing for a reader who sees nothing but "
            "the chart?",
        ),
        path=chart_path,
    ),
    Choice(
        id="ex06-q5-tenth",
        names=("q5_answer", "q5_confidence"),
        points=2,
        minutes=6,
        options={
            "A": "The gap is from 0.08 to 0.12.",
            "B": "The gap is above 0.12.",
            "C": "The gap is below 0.08, or negative.",
            "D": "None of these is true of more than half of the years.",
        },
        expected=tenth,
        form=Form(
            prompt=(
                "The table has two reports of what the United States sold to {state}: the "
                "seller’s, and that of a compilation which gives what was bought. The mirror gap "
                "is the compilation’s figure minus the seller’s, divided by the seller’s. Freight"
                " and insurance make a buyer’s figure about a tenth larger. What is true of more "
                "than half of the years from {start} to {end}?"
            ),
            rows=_two_reports,
        ),
        mistakes=(
            Mistake(
                "most-frequent",
                "That is the most frequent kind. Is it true of more than half of the years?",
                most_frequent,
            ),
            Mistake(
                "by-the-mean",
                "That holds for the mean of the gaps. One year with a very large gap can move it: "
                "count the years instead.",
                by_the_mean,
            ),
        ),
        hints=(
            "Sort the years into three heaps and count each.",
            "between gives True or False for each year, and the mean of these is the share of "
            "years.",
        ),
        path=tenth_path,
    ),
    Argument(id="ex06-q6-argument", points=18, minutes=37),
]
