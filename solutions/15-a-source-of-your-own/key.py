"""Key of exercise 15: a sentence on growing imports, tried on two books as two coders."""

import pandas as pd

from centralasia import measures, tables
from centralasia.checks import rows
from centralasia.checks.asks import Argument, Chart, Choice, Form, Mistake, Number, Table
from centralasia.checks.cases import Case, pool
from centralasia.checks.slices import Slice

TRADE = "cow_trade_v4"
CUSTOMS = {"RUS": "imf_dots_rus_2021", "CHN": "imf_dots_chn_2021", "USA": "us_census_country"}
BOOKS = ("trade", "customs")
SAID = 0.8
MULTIPLE = 5


def cases(state: str, partner: str, *periods: tuple[int, int]) -> list[Case]:
    return pool((state,), (partner,), [(start, end, f"{end}-12-31") for start, end in periods])


# Periods of ten years or more that both books cover, and in which other figures give other
# answers. Ten for each state; where the books of a pair never differ, as those of Uzbekistan and
# Russia, one period is enough to learn that.
POOL = [
    *cases("KAZ", "RUS", (1996, 2010), (1997, 2011), (1998, 2010), (1999, 2011), (2000, 2010)),
    *cases("KAZ", "USA", (1996, 2006), (1997, 2010), (1999, 2011), (2000, 2010), (2003, 2014)),
    *cases("KGZ", "RUS", (1996, 2006), (1997, 2009)),
    *cases("KGZ", "CHN", (1999, 2011), (2003, 2014)),
    *cases("KGZ", "USA", (1996, 2006), (1997, 2011), (1998, 2012), (1999, 2012), (2001, 2012)),
    *cases("KGZ", "USA", (2002, 2013)),
    *cases("TJK", "RUS", (1996, 2006), (1996, 2009), (1996, 2010), (1998, 2012), (2002, 2013)),
    *cases("TJK", "USA", (1996, 2010), (1996, 2014), (1997, 2008), (2002, 2013), (2003, 2014)),
    *cases("TKM", "RUS", (1997, 2009), (1997, 2011), (1998, 2008), (2000, 2010), (2001, 2012)),
    *cases("TKM", "RUS", (2002, 2013)),
    *cases("TKM", "USA", (1996, 2006), (1996, 2014), (1997, 2009), (1998, 2012)),
    *cases("UZB", "RUS", (1999, 2011)),
    *cases("UZB", "USA", (1996, 2014), (1997, 2011), (1999, 2011), (1999, 2012), (2000, 2013)),
    *cases("UZB", "USA", (2001, 2012), (2001, 2013), (2002, 2013), (2003, 2014)),
]
GUEST = Case("KAZ", "USA", 1997, 2009, "2009-12-31")
TABLES = (
    Slice(
        table="trade",
        about="What {state} bought from {partner}, {start} to {end}, by the table trade",
        where={
            "source_id": (TRADE,),
            "country": ("{state}",),
            "partner": ("{partner}",),
            "flow": ("import",),
        },
        period="year",
        columns=("year", "value_usd"),
    ),
    Slice(
        table="customs",
        about="What {state} bought from {partner}, {start} to {end}, by the table customs",
        where={
            "source_id": tuple(CUSTOMS.values()),
            "country": ("{state}",),
            "partner": ("{partner}",),
            "flow": ("import",),
        },
        period="year",
        columns=("year", "value_usd"),
    ),
)


def bought(case: Case, flows: tuple = ("import",)) -> pd.DataFrame:
    """Return what the state bought from the partner by year, US dollars, a column a book."""
    sums = {}
    for book, source in (("trade", TRADE), ("customs", CUSTOMS[case.partner])):
        table = tables.load(book)
        table = table[(table.source_id == source) & (table.country == case.state)]
        table = table[(table.partner == case.partner) & table.flow.isin(flows)]
        table = table[table.year.between(case.start, case.end)]
        sums[book] = table.groupby("year").value_usd.sum()
    return pd.DataFrame(sums)[list(BOOKS)]


def codes(case: Case, **kind: object) -> pd.DataFrame:
    """Return 1 for each year in which a book has more than for the year before, else 0."""
    return bought(case, **kind).diff().dropna().gt(0).astype(int)


def rose(case: Case) -> pd.DataFrame:
    return codes(case).reset_index()


def rose_swapped(case: Case) -> pd.DataFrame:
    return rose(case).rename(columns={"trade": "customs", "customs": "trade"})


def rose_early(case: Case) -> pd.DataFrame:
    return rose(case).assign(year=lambda t: t.year - 1)


def rose_in_both_flows(case: Case) -> pd.DataFrame:
    return codes(case, flows=("export", "import")).reset_index()


def kappa(case: Case) -> float:
    both = codes(case)
    found = measures.cohens_kappa(both.trade, both.customs)
    return 1.0 if pd.isna(found) else round(found, 4)


def share_alike(case: Case) -> float:
    both = codes(case)
    return round(float((both.trade == both.customs).mean()), 4)


def chance(case: Case) -> float:
    first, second = codes(case).mean()
    return round(float(first * second + (1 - first) * (1 - second)), 4)


def of_one_text(case: Case, outcome: pd.DataFrame) -> pd.DataFrame:
    score = ((SAID - outcome) ** 2).mean()
    table = pd.DataFrame({"rose": outcome.mean(), "brier": score})
    return table.round(4).rename_axis("book").reset_index()


def scores(case: Case) -> pd.DataFrame:
    return of_one_text(case, codes(case))


def scores_of_falls(case: Case) -> pd.DataFrame:
    return of_one_text(case, 1 - codes(case))


def scores_not_squared(case: Case) -> pd.DataFrame:
    outcome = codes(case)
    return scores(case).assign(brier=(SAID - outcome).abs().mean().round(4).to_numpy())


def lines_in_dollars(case: Case) -> pd.DataFrame:
    return bought(case).reset_index().melt("year", var_name="book", value_name="million")


def lines(case: Case) -> pd.DataFrame:
    return lines_in_dollars(case).assign(million=lambda t: (t.million / 1e6).round(3))


LETTERS = {(True, True): "A", (True, False): "B", (False, True): "C", (False, False): "D"}


def multiples(case: Case) -> pd.Series:
    both = bought(case)
    return both.loc[case.end] / both.loc[case.start]


def holds(case: Case) -> tuple[bool, bool]:
    """Whether the sentence of question 5 holds by the table trade, and by customs."""
    by_trade, by_customs = multiples(case) >= MULTIPLE
    return bool(by_trade), bool(by_customs)


def verdict(case: Case) -> str:
    return LETTERS[holds(case)]


def other_in_trade(case: Case) -> str:
    by_trade, by_customs = holds(case)
    return LETTERS[not by_trade, by_customs]


def other_in_customs(case: Case) -> str:
    by_trade, by_customs = holds(case)
    return LETTERS[by_trade, not by_customs]


def rose_path(case: Case) -> list[str]:
    both = bought(case) / 1e6
    return [
        f"Take what {case.state_name} bought from {case.partner_name}, from both books: in "
        f"{case.start} {both.trade.iloc[0]:.1f} and {both.customs.iloc[0]:.1f} million dollars, "
        f"in {case.start + 1} {both.trade.iloc[1]:.1f} and {both.customs.iloc[1]:.1f}.",
        "Compare each year with the one before in the same book. The first year gets no row.",
        f"The table trade has a rise in {rose(case).trade.sum()} years, customs in "
        f"{rose(case).customs.sum()}, of {len(rose(case))}.",
    ]


def kappa_path(case: Case) -> list[str]:
    return [
        f"The two books give the same code in {share_alike(case):.3f} of the years.",
        f"By chance it would be {chance(case):.3f}: both rise, or both do not.",
        f"({share_alike(case):.3f} - {chance(case):.3f}) / (1 - {chance(case):.3f}) is "
        f"{kappa(case):.3f}.",
    ]


def scores_path(case: Case) -> list[str]:
    table = scores(case).set_index("book")
    return [
        "A year with a rise costs (0.8 - 1) squared, which is 0.04; a year without one 0.64.",
        *(
            f"{book}: a rise in {table.rose[book]:.3f} of the years, a score of "
            f"{table.brier[book]:.3f}."
            for book in BOOKS
        ),
    ]


def chart_path(case: Case) -> list[str]:
    both = bought(case) / 1e6
    return [
        "Put both books under each other in one table: year, book, million.",
        f"In {case.end} the line of trade ends at {both.trade.iloc[-1]:.1f} and that of customs at "
        f"{both.customs.iloc[-1]:.1f} million dollars.",
        "Draw a line for each book from zero, with titles, and say in the description where the "
        "two part.",
    ]


def verdict_path(case: Case) -> list[str]:
    by_trade, by_customs = multiples(case)
    return [
        f"By the table trade the purchases of {case.end} are {by_trade:.2f} times those of "
        f"{case.start}, by customs {by_customs:.2f} times.",
        f"The sentence asks for {MULTIPLE}. That is answer {verdict(case)}.",
        "Where the books part, the verdict of the course is contested, and the finding names both.",
    ]


def _in_million(case: Case) -> pd.DataFrame:
    return (bought(case) / 1e6).round(3).reset_index()


def _counted(case: Case) -> pd.DataFrame:
    both = codes(case)
    return rows.codings(both.trade, both.customs, "trade", "customs")


QUESTIONS = [
    Table(
        id="ex15-q1-rose",
        names=("rose",),
        points=4,
        minutes=10,
        by=("year",),
        numbers=dict.fromkeys(BOOKS, ("1 or 0", 0, 1, 0)),
        expected=rose,
        form=Form(
            prompt=(
                "The table gives what {state} bought from {partner}, in million US dollars, by two "
                "books. Did it rise in {cell[year]} over the year before, by the book customs? "
                "Type 1 if it rose and 0 if not."
            ),
            rows=_in_million,
            cell=lambda case: {"year": case.end},
            column="customs",
        ),
        mistakes=(
            Mistake(
                "swapped",
                "The two books have changed places. The column trade is for the table trade.",
                rose_swapped,
            ),
            Mistake(
                "year-early",
                "Each code stands a year too early. What counts for a year is the change since "
                "the year before it.",
                rose_early,
            ),
            Mistake(
                "both-flows",
                "These are sales and purchases together. The sentence is about what the state "
                "buys: keep the flow import.",
                rose_in_both_flows,
            ),
        ),
        hints=(
            "Two tables, one flow: for each a value for every year of your period.",
            ".diff() subtracts from each value the one before; .dropna() takes away the first row.",
            "A comparison gives True and False; .astype(int) makes 1 and 0 of them.",
        ),
        path=rose_path,
    ),
    Number(
        id="ex15-q2-kappa",
        names=("kappa",),
        points=4,
        minutes=10,
        unit="from -1 to 1",
        low=-1,
        high=1,
        tolerance=0.0005,
        expected=kappa,
        form=Form(
            prompt=(
                "Two books were coded for each year: 1 if what {state} bought from {partner} rose, "
                "0 if not. The table counts the years with each pair of codes. What is Cohen’s "
                "kappa of the two? Right to three decimals; 1 if both gave one and the same code "
                "throughout."
            ),
            rows=_counted,
        ),
        mistakes=(
            Mistake(
                "share-alike",
                "This is the share of years with the same code. Kappa takes off what chance would "
                "give.",
                share_alike,
            ),
            Mistake(
                "chance",
                "This is the agreement that chance would give. Set what was found against it.",
                chance,
            ),
        ),
        hints=(
            "The books are two coders, the years are what they code.",
            "Kappa is (found - chance) / (1 - chance).",
            "measures.cohens_kappa takes the codes of the one and of the other, in the same order.",
        ),
        path=kappa_path,
    ),
    Table(
        id="ex15-q3-scores",
        names=("scores",),
        points=4,
        minutes=12,
        by=("book",),
        numbers={
            "rose": ("share from 0 to 1", 0, 1, 0.0005),
            "brier": ("score from 0 to 1", 0, 1, 0.0005),
        },
        expected=scores,
        form=Form(
            prompt=(
                "Somebody says for each year: with 80 per cent {state} will buy more from "
                "{partner} than in the year before. The table has the codes of two books, 1 for a "
                "rise. What Brier score does the sentence earn by the book {cell[book]}: the mean "
                "of the squared differences between 0.8 and what came? Right to three decimals."
            ),
            rows=rose,
            cell=lambda case: {"book": "customs"},
            column="brier",
        ),
        mistakes=(
            Mistake(
                "falls",
                "You counted the years in which it did not rise.",
                scores_of_falls,
            ),
            Mistake(
                "not-squared",
                "The distances between 0.8 and the outcome have to be squared before their mean.",
                scores_not_squared,
            ),
        ),
        hints=(
            "A row for each book; the outcomes are those of question 1.",
            "The share that rose is the mean of the codes.",
            "measures.brier_score([0.8] * n, outcomes), where n is the number of years.",
        ),
        path=scores_path,
    ),
    Chart(
        id="ex15-q4-chart",
        names=("chart",),
        points=6,
        minutes=15,
        marks=("line",),
        x="year",
        y="million",
        series="book",
        tolerance=0.005,
        expected=lines,
        mistakes=(
            Mistake(
                "dollars",
                "The values are in dollars. For million dollars divide by a million.",
                lines_in_dollars,
            ),
        ),
        hints=(
            "One table with three columns: year, book, million. Which shape has a row for each "
            "point of each line?",
            ".melt('year', var_name='book', value_name='million') makes it of two columns.",
            ".properties(title='…', description='…'). Where do the two lines part?",
        ),
        path=chart_path,
    ),
    Choice(
        id="ex15-q5-verdict",
        names=("q5_answer", "q5_confidence"),
        points=2,
        minutes=6,
        options={
            "A": "It holds by both books.",
            "B": "It holds by the table trade alone.",
            "C": "It holds by the table customs alone.",
            "D": "It holds by neither.",
        },
        expected=verdict,
        form=Form(
            prompt=(
                "A text says that what {state} bought from {partner} was at least five times as "
                "much in {end} as in {start}. The table has both books, in million US dollars. "
                "What does the record say?"
            ),
            rows=_in_million,
        ),
        mistakes=(
            Mistake(
                "trade",
                "By customs it is as you say, by the table trade it is not. Divide the last year "
                "by the first.",
                other_in_trade,
            ),
            Mistake(
                "customs",
                "By the table trade it is as you say, by customs it is not. Divide the last year "
                "by the first.",
                other_in_customs,
            ),
        ),
        hints=(
            "Two divisions, one in each book: the last year by the first.",
            "Compare both with 5. Where they part, what is the course's word for the verdict?",
        ),
        path=verdict_path,
    ),
    Argument(id="ex15-q6-argument", points=18, minutes=37),
]
