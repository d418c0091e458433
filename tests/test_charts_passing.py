"""When China passed Russia: what the chart answers, and that it shows what it answers."""

import pandas as pd
import pytest
from vega_page import page as vega_page
from vega_page import show, stored

from centralasia import charts, measures, tables
from centralasia.charts.trade.passing import BOOKS, TRADES

YEARS = charts.passing_years()
NAMES = [book.name for book in BOOKS.values()]


def test_four_answers_by_four_books():
    assert YEARS.loc["All five, both ways"].tolist() == ["2008", "2009", "2010", "2023"]
    assert YEARS.loc["Kazakhstan, both ways"].tolist()[0::3] == ["2009", "2023"]
    assert YEARS.loc["All five, what they buy", NAMES[0]] == "not by 2020 (first in 2008)"
    assert YEARS.loc["Turkmenistan, both ways", NAMES[3]] == "no figures"


def test_the_sums_are_those_of_the_tables():
    """The year 2008, added up in another way."""
    customs = tables.load("customs").query("year == 2008 and flow in ['export', 'import']")
    customs = customs[customs.partner.astype(str) == customs.reporter.astype(str)]
    sums = customs.groupby(customs.partner.astype(str)).value_usd.sum() / 1e9
    shown = charts.passing_series().query("trade == 'five' and book == 'powers' and year == 2008")
    for power in ("CHN", "RUS"):
        assert shown[power].item() == pytest.approx(sums[power])


def test_a_sum_has_the_same_states_in_every_year():
    """Kazakhstan's own book begins in 2018, so the region's does."""
    own = charts.passing_series().query("trade == 'five' and book == 'region'")
    assert own.year.tolist() == list(range(2018, 2024))


def test_no_book_mixes_who_counts_a_flow():
    for _, rows in charts.passing_series().groupby(["trade", "book"]):
        assert not rows.year.duplicated().any()
        passed = measures.overtaking(rows.set_index("year").CHN, rows.set_index("year").RUS)
        assert passed.opens == rows.year.min()


def test_an_unknown_trade_is_refused():
    with pytest.raises(ValueError, match="choose from five, buys"):
        charts.passing_chart(trade="IRN")


@pytest.mark.parametrize("trade", TRADES)
def test_key_and_rings_say_what_the_table_says(browser, trade):
    view = show(browser.new_page(), vega_page(stored(charts.passing_chart(trade=trade))))
    answers = YEARS.loc[TRADES[trade][0]].str.replace(r" \(.*", "", regex=True)
    texts = view.eval_on_selector_all("svg.marks text", "all => all.map(e => e.textContent)")
    assert [text for text in texts if text.split(": ")[0] in NAMES] == [
        f"{name}: {answer}" for name, answer in answers.items()
    ]
    drawn = pd.to_numeric(answers, errors="coerce").dropna()
    rings = view.evaluate(
        "document.querySelectorAll('svg.marks path[stroke-width=\"2.2\"]').length"
    )
    assert rings == len(drawn[drawn >= 2000])
    view.close()
