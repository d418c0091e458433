"""The results that the course reproduces: what the tables give, and what others have printed.

`python tests/results.py` writes docs/results.md; tests/test_results.py holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from centralasia import measures, tables

FILE = Path(__file__).resolve().parents[1] / "docs" / "results.md"
FIVE = ["KAZ", "KGZ", "TJK", "TKM", "UZB"]
ESSAY = "the essay"
VOTES_2012 = "a public copy of the votes to 2012"
LOP_NUR = "lop-nur-test-site"
NEWS_2023 = "the reported tonnes of 2023"


@dataclass(frozen=True)
class Result:
    """One figure: how it is computed, and what it is held against."""

    topic: str
    name: str
    unit: str
    decimals: int
    value: Callable[[], float]
    expected: float | None = None
    said_by: str = ""
    within: float = 0.0
    why: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the value is as near the expected one as it should be; None without one."""
        if self.expected is None:
            return None
        return abs(round(self.value(), self.decimals) - self.expected) <= self.within + 1e-9


def votes(partner: str, year: int, *, final: bool = False) -> float:
    """Mean agreement of the five with a power: the share of roll calls with the same vote."""
    rows = tables.load("votes").query("country in @FIVE and partner == @partner and year == @year")
    measure = "agreement_identical_final" if final else "agreement_identical"
    return rows[rows.measure == measure].value.mean()


def beside_the_world(partner: str, year: int) -> float:
    """Agreement of the five with a power on final votes, less the median of all states."""
    world = tables.load("votes_world").query(
        "measure == 'agreement_identical_final' and partner == @partner and year == @year"
    )
    return votes(partner, year, final=True) - world["median"].item()


def customs(partner: str, last: int = 2014) -> pd.Series:
    """Trade of the five with a power by year in the power's own books, in billion dollars."""
    rows = tables.load("customs").query("partner == @partner and country in @FIVE")
    return rows[rows.year <= last].groupby("year").value_usd.sum() / 1e9


def both_halves() -> float:
    """How many pairs of years fit the multiple and the level of CN-25 in Chinese customs."""
    fits = measures.pairs_that_fit(customs("CHN"), multiple=(10, 12.5), level=(17, 23))
    return float(len(fits))


def debt(creditor: str, year: int) -> float:
    """Official debt of the five to a power at the end of a year, in billion dollars."""
    rows = tables.load("debt").query("measure == 'stock' and creditor == @creditor")
    return rows[rows.year == year].value_usd.sum() / 1e9


def capital(investor: str, year: int) -> float:
    """Part of a power in all direct investment in Kazakhstan, in its own books, in per cent."""
    rows = tables.load("investment").query("source_id == 'wiiw_2023' and year == @year")
    stock = rows.set_index("investor").value_usd
    return float(100 * stock[investor] / stock["WLD"])


def kyrgyz_gap(year: int) -> float:
    """How many times what Kyrgyz customs see of the European Union's goods the Union sold."""
    goods = tables.load("customs").query("partner == 'EU' and country == 'KGZ' and year == @year")
    seen = goods.set_index("reporter").value_usd
    return seen["EU"] / seen["KGZ"]


def chinese_trade(*, kyrgyz_books: bool = False) -> pd.Series:
    """Trade of the five with China by year, in billion dollars."""
    trade = tables.load("trade").query("partner == 'CHN' and country in @FIVE")
    compiled = trade.query("source_id == 'cow_trade_v4'").groupby("year").value_usd.sum() / 1e9
    if not kyrgyz_books:
        return compiled
    kyrgyz = trade.query("country == 'KGZ'").pivot_table(
        index="year", columns=["source_id", "flow"], values="value_usd", observed=True
    )
    swap = kyrgyz["kgz_nsc"]["import"] - kyrgyz["cow_trade_v4"]["import"]
    return compiled + swap.reindex(compiled.index).fillna(0) / 1e9


def multiple(first: int, last: int, **books: bool) -> float:
    """Growth of Chinese trade between two years."""
    trade = chinese_trade(**books)
    return trade[last] / trade[first]


def eleven(**books: bool) -> float:
    """How many pairs of years to 2014 give a multiple that rounds to 11."""
    pairs = measures.growth_multiple(chinese_trade(**books).loc[1992:2014])
    return float(pairs.multiple.between(10.5, 11.5).sum())


def oil_share(route: str, year: int) -> float:
    """Share of a route in Kazakhstan's oil exports, in per cent."""
    oil = tables.load("oil_routes").query("year == @year and period == 'full year'")
    largest = oil.groupby("route").value_mt.max()
    return 100 * largest[route] / largest["total"]


def distance(start: str, end: str) -> float:
    """Great-circle distance between two sites or capitals, in km."""
    places = tables.load("infrastructure").set_index("site_id")[["from_lat", "from_lon"]]
    capitals = tables.load("countries").set_index("country")[["capital_lat", "capital_lon"]]
    capitals.columns = places.columns
    known = pd.concat([places, capitals])
    return float(measures.great_circle_km(*known.loc[start], *known.loc[end]))


def concentration(country: str, year: int) -> float:
    """Herfindahl-Hirschman index of a state's named export destinations, shares of all exports."""
    trade = tables.load("trade").query(
        "source_id == 'cow_trade_v4' and flow == 'export' and country == @country and year == @year"
    )
    by_partner = trade.set_index("partner").value_usd
    return float(((by_partner.drop("WLD") / by_partner["WLD"]) ** 2).sum())


def gas(exporter: str, year: int) -> float:
    """Pipeline gas to China, in billion cubic metres."""
    flows = tables.load("gas_flows").query("importer == 'CHN' and exporter == @exporter")
    return flows.set_index("year").value_bcm[year]


OTHER_COPY = "Another copy of the votes, with other roll calls and another way with abstentions."
COVERAGE = "Named partners only: what the table has no partner for is in the total alone."

RESULTS = [
    Result("Votes", "The five and the United States, 1995", "share", 2,
           lambda: votes("USA", 1995), 0.42, VOTES_2012, 0.02, OTHER_COPY),
    Result("Votes", "The five and the United States, 2005", "share", 2,
           lambda: votes("USA", 2005), 0.09, VOTES_2012, 0.05, OTHER_COPY),
    Result("Votes", "The five and Russia, 1992", "share", 2, lambda: votes("RUS", 1992)),
    Result("Votes", "The five and Russia, 2000", "share", 2, lambda: votes("RUS", 2000)),
    Result("Votes", "The five and Russia, 2003", "share", 2, lambda: votes("RUS", 2003)),
    *(
        Result("Votes, the five less the world", f"{name}, {year}", "share", 2,
               lambda p=partner, y=year: beside_the_world(p, y), expected,
               VOTES_2012 if expected is not None else "", 0.035, OTHER_COPY if expected else "")
        for partner, name, year, expected in (
            ("RUS", "Russia", 1992, 0.26), ("RUS", "Russia", 1996, 0.02),
            ("RUS", "Russia", 2005, 0.11), ("RUS", "Russia", 2012, 0.08),
            ("RUS", "Russia", 2022, None), ("CHN", "China", 1995, None),
            ("CHN", "China", 2004, None), ("CHN", "China", 2022, None),
            ("USA", "The United States", 1995, None), ("USA", "The United States", 2022, None),
        )
    ),
    Result("China's trade (CN-25)", "Level of 2000, Chinese customs", "bn USD", 2,
           lambda: customs("CHN")[2000], 1.82, "Chinese customs, in an article of 2015", 0.005),
    Result("China's trade (CN-25)", "Level of 2007, Chinese customs", "bn USD", 1,
           lambda: customs("CHN")[2007], 20, ESSAY, 0.5, "In another year than the essay's."),
    Result("China's trade (CN-25)", "2007 over 2000, Chinese customs", "times", 1,
           lambda: customs("CHN")[2007] / customs("CHN")[2000], 11, ESSAY, 0.5,
           "In other years than the essay's."),
    Result("China's trade (CN-25)", "2010 over 2003, Chinese customs", "times", 1,
           lambda: customs("CHN")[2010] / customs("CHN")[2003], 11, ESSAY, 0.5,
           "The claim does not hold for its years."),
    Result("China's trade (CN-25)", "Pairs of years that fit multiple and level, Chinese customs",
           "pairs", 0, both_halves, why="Of 253 pairs: 2000 and 2007."),
    Result("China's trade (CN-25)", "Level of 2010, compilation", "bn USD", 1,
           lambda: chinese_trade()[2010], 20, ESSAY, 0, "Kyrgyz imports as China counts them."),
    Result("China's trade (CN-25)", "Level of 2010, Kyrgyz books for Kyrgyz imports", "bn USD", 1,
           lambda: chinese_trade(kyrgyz_books=True)[2010], 20, ESSAY, 0.5),
    Result("China's trade (CN-25)", "2010 over 2003, compilation", "times", 1,
           lambda: multiple(2003, 2010), 11, ESSAY, 0.5, "The claim does not hold."),
    Result("China's trade (CN-25)", "2010 over 2003, Kyrgyz books", "times", 1,
           lambda: multiple(2003, 2010, kyrgyz_books=True), 11, ESSAY, 0.5,
           "The claim does not hold."),
    Result("China's trade (CN-25)", "2010 over 2002, compilation", "times", 1,
           lambda: multiple(2002, 2010)),
    Result("China's trade (CN-25)", "Pairs of years that give about 11, compilation", "pairs", 0,
           eleven, why="2003 and 2010 are not among them, in either series."),
    Result("China's trade (CN-25)", "Pairs of years that give about 11, Kyrgyz books", "pairs", 0,
           lambda: eleven(kyrgyz_books=True)),
    Result("Who traded more", "China, 2008, Chinese customs", "bn USD", 1,
           lambda: customs("CHN")[2008]),
    Result("Who traded more", "Russia, 2008, Russian customs", "bn USD", 1,
           lambda: customs("RUS")[2008], why="China passes Russia in this year."),
    Result("Public debt", "To China, 2007 (CN-27)", "bn USD", 2,
           lambda: debt("CHN", 2007), 3, ESSAY, 0,
           "Without Kazakhstan's companies, whose loans no government guaranteed."),
    Result("Public debt", "To China, 2013, the peak", "bn USD", 2, lambda: debt("CHN", 2013)),
    Result("Public debt", "To China, 2024", "bn USD", 2, lambda: debt("CHN", 2024)),
    Result("Public debt", "To Russia, 2000", "bn USD", 2, lambda: debt("RUS", 2000)),
    Result("Public debt", "To Russia, 2024", "bn USD", 2, lambda: debt("RUS", 2024)),
    Result("Investment in Kazakhstan", "Part of the United States, 2003 (US-01)", "%", 0,
           lambda: capital("USA", 2003)),
    Result("Investment in Kazakhstan", "Part of the United States, 2012", "%", 0,
           lambda: capital("USA", 2012)),
    Result("Investment in Kazakhstan", "Part of China, 2007 (CN-27)", "%", 1,
           lambda: capital("CHN", 2007)),
    Result("Re-export", "The Union's sales to Kyrgyzstan over what Kyrgyz customs saw, 2021",
           "times", 2, lambda: kyrgyz_gap(2021)),
    Result("Re-export", "The same, 2023", "times", 2, lambda: kyrgyz_gap(2023)),
    Result("Oil (RU-38)", "Kazakhstan's exports through Atasu-Alashankou, 2023", "%", 1,
           lambda: oil_share("Atasu-Alashankou", 2023), 1.7, NEWS_2023),
    Result("Oil (RU-38)", "The same, 2013, the best year on record", "%", 1,
           lambda: oil_share("Atasu-Alashankou", 2013), 20, ESSAY, 0, "The forecast failed."),
    Result("Oil (RU-39)", "Kazakhstan's exports through BTC, 2023", "%", 1,
           lambda: oil_share("BTC", 2023), 2.0, NEWS_2023),
    Result("Distances (US-05)", "Karshi-Khanabad to Kabul", "km", 0,
           lambda: distance("karshi-khanabad", "AFG")),
    Result("Distances (US-05)", "Karshi-Khanabad to Lop Nur", "km", 0,
           lambda: distance("karshi-khanabad", LOP_NUR)),
    Result("Distances (US-05)", "Manas to Kabul", "km", 0, lambda: distance("manas", "AFG")),
    Result("Distances (US-05)", "Manas to Lop Nur", "km", 0, lambda: distance("manas", LOP_NUR)),
    *(
        Result("Concentration of exports (HHI)", f"{country}, {year}", "0 to 1", 2,
               lambda c=country, y=year: concentration(c, y), why=COVERAGE)
        for country in FIVE for year in (1996, 2014)
    ),
    Result("Gas to China", "Russia, 2019, the pipeline's first month", "bn m³", 1,
           lambda: gas("RUS", 2019)),
    Result("Gas to China", "Russia, 2024", "bn m³", 1, lambda: gas("RUS", 2024)),
    Result("Gas to China (CN-30)", "Turkmenistan, 2024", "bn m³", 1,
           lambda: gas("TKM", 2024), 30, ESSAY, 5, "Right in amount, many years late."),
]  # fmt: skip


def table() -> str:
    """Return all results as a page of Markdown."""
    lines = [
        "# Results that the course reproduces",
        "",
        "Made by `python tests/results.py` from the tables in `data/`; a test compares the two.",
        "The difference is value less expected; without an expected value nobody's was at hand.",
        "",
        "| topic | result | value | unit | expected | by | difference | holds | remark |",
        "|---|---|---:|---|---:|---|---:|---|---|",
    ]
    for r in RESULTS:
        value = round(r.value(), r.decimals)
        known = r.expected is not None
        cells = [
            r.topic,
            r.name,
            f"{value:.{r.decimals}f}",
            r.unit,
            f"{r.expected:.{r.decimals}f}" if known else "",
            r.said_by,
            f"{value - r.expected:+.{r.decimals}f}" if known else "",
            {None: "", True: "yes", False: "no"}[r.holds],
            r.why,
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", CAVEATS])


CAVEATS = """\
## What these figures are not

**Votes.** Differences from the world are differences from the median of all states on final
resolutions, with the same vote as the measure; the copy of the votes from which others printed
theirs ends in 2012. Absences are left out and are not disagreement. In 2025 the United States
had votes taken on many routine texts, so that year is not comparable.

**Trade.** The compilation takes the importer's report first and the mirror report where that
is missing; Kyrgyz imports change reporter in 2009 and Tajik imports probably in 2011. Imports
are valued with freight and insurance (CIF), exports without (FOB). Goods in transit are
counted by China as sold to the state that they cross. Turkmenistan's own trade statistics are
in no table. Chinese and Russian customs are what these two sold by their own reports and what
they bought by the importer's report in the compilation.

**Debt and investment.** Public and guaranteed debt only. Investment counts under the state from
which it came last, and other books differ by up to thirty times.

**Oil.** For years with two sources the larger figure of a route is taken; 2018 and 2024 have
no total.

**Gas.** The source gives Central Asia as a group before 2024 and Turkmenistan alone in 2024.
"""

if __name__ == "__main__":
    FILE.write_text(table(), encoding="utf-8", newline="\n")
