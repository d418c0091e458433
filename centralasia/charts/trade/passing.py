"""When China passed Russia: one question, asked of four sets of books."""

from __future__ import annotations

import json
from typing import NamedTuple

import altair as alt
import pandas as pd

from centralasia import tables
from centralasia.charts.frame import finish, layered, pixels, ready_made, source_line, words
from centralasia.charts.inline import as_csv
from centralasia.charts.theme import INK, POWER_COLORS, STATE_NAMES, text_color
from centralasia.measures import Overtaking, overtaking

CHALLENGER = "CHN"
LEADER = "RUS"
FIRST = 2000
"""First year that is drawn; in the nineties Russia leads by far in nearly every book."""


class _Book(NamedTuple):
    name: str
    color: str
    dash: tuple[int, int]
    shape: str


BOOKS = {
    "powers": _Book("Customs of both powers", INK, (1, 0), "circle"),
    "compiled": _Book("Compilation", "#0072b2", (7, 3), "square"),
    "mixed": _Book("Compilation, Kyrgyz books", "#b8720a", (2, 2), "diamond"),
    "region": _Book("The region's own books", "#2e7d4f", (9, 3), "triangle-up"),
}
"""The sets of books: each has one bookkeeper for China and one for Russia."""

_OWN = ("kaz_bns", "kgz_nsc", "uzb_stat")
_BOTH, _BUYS, _SELLS = ("export", "import"), ("import",), ("export",)
_FIVE = tuple(STATE_NAMES)
_SMALLER = tuple(state for state in _FIVE if state != "KAZ")
TRADES = {
    "five": ("All five, both ways", _FIVE, _BOTH),
    "buys": ("All five, what they buy", _FIVE, _BUYS),
    "sells": ("All five, what they sell", _FIVE, _SELLS),
    "without_kaz": ("Without Kazakhstan", _SMALLER, _BOTH),
    **{state: (f"{name}, both ways", (state,), _BOTH) for state, name in STATE_NAMES.items()},
}
"""What can be asked about: words for the control, states and flows."""

_AXIS, _LINE, _KEY_TOP, _KEY_ROOM = 46, 22, 10, 108
_HEIGHT = 430
_FURTHEST = 16


def passing_series() -> pd.DataFrame:
    """Return China's and Russia's trade with the five, by set of books.

    Each sum is of states and flows that one set of books has complete for the year; a year in which
    one of them is missing is left out. The region's own books are those of Kazakhstan, Kyrgyzstan
    and Uzbekistan: for all five and for the four without Kazakhstan, the sum of those that publish.

    Returns
    -------
    pandas.DataFrame
        ``trade`` (a key of `TRADES`), ``book`` (a key of `BOOKS`), ``year``, ``CHN`` and ``RUS``
        (billion current US dollars); only years that both sides have.

    Examples
    --------
    >>> frame = passing_series().query("trade == 'five' and book == 'powers'").set_index("year")
    >>> frame.loc[2008, ["CHN", "RUS"]].round(1).tolist()
    [30.8, 26.8]
    """
    books = _books()
    parts = []
    for trade, (_, states, flows) in TRADES.items():
        for book, rows in books.items():
            there = set(rows["country"])
            asked = [s for s in states if s in there] if book == "region" else list(states)
            sums = _complete(rows, asked, flows)
            parts.append(sums.assign(trade=trade, book=book))
    return pd.concat(parts, ignore_index=True)[["trade", "book", "year", CHALLENGER, LEADER]]


def passing_years() -> pd.DataFrame:
    """Return when China passed Russia, for every trade and every set of books.

    Returns
    -------
    pandas.DataFrame
        Indexed by the words of `TRADES`, a column a set of books. A cell is the year from which
        China led to the end of the book, with the first lead in brackets where that was earlier;
        or what the book says instead.

    Examples
    --------
    >>> passing_years().loc["All five, both ways"].tolist()
    ['2008', '2009', '2010', '2023']
    """
    found = _found(passing_series())
    cells = {
        book.name: [_answer_and_first(found.get((trade, key))) for trade in TRADES]
        for key, book in BOOKS.items()
    }
    index = pd.Index([said for said, *_ in TRADES.values()], name="trade")
    return pd.DataFrame(cells, index=index)


@ready_made
def passing_chart(
    *, trade: str = "five", title: str = "When did China pass Russia? Four answers by four books"
) -> alt.LayerChart:
    """Return the chart of China's trade as a multiple of Russia's, with a control for whose trade.

    Above the line of one China's trade is the larger. A ring marks the year from which it stayed
    so to the end of the book. The control is one of the browser: it needs no kernel.

    Parameters
    ----------
    trade
        A key of `TRADES`, to start with.
    title
        What the chart shows.

    Returns
    -------
    altair.LayerChart
        Parameter ``passing_trade``.

    Raises
    ------
    ValueError
        If there is no such trade.

    Examples
    --------
    >>> chart = passing_chart(trade="KGZ")
    >>> [p.value for p in chart.params if p.name == "passing_trade"]
    ['KGZ']
    """
    if trade not in TRADES:
        raise ValueError(f"No trade {trade!r} here; choose from {', '.join(TRADES)}.")
    series = passing_series()
    found = _found(series)
    control = alt.param(
        name="passing_trade",
        value=trade,
        bind=alt.binding_select(
            options=list(TRADES), labels=[said for said, *_ in TRADES.values()], name="Trade "
        ),
    )
    marks = (*_sides(), *_lines(series), _rings(series, found), *_key(found))
    return finish(
        layered(marks, [control], height=_HEIGHT),
        title,
        subtitle="China's trade as a multiple of Russia's. Ring: ahead from here to the end.",
        description=_description(trade, found),
        source=source_line(
            "customs",
            "trade",
            note="The compilation is that of Correlates of War. The region's own books are those "
            "of Kazakhstan (from 2018), Kyrgyzstan and Uzbekistan (from 2010); Tajikistan and "
            "Turkmenistan publish none that we have.",
        ),
        left=_AXIS,
    )


def _books() -> dict[str, pd.DataFrame]:
    """Return the rows of each set of books, one a state, partner, flow and year."""
    columns = ["country", "partner", "flow", "year", "value_usd"]
    sides = [CHALLENGER, LEADER]
    customs = tables.load("customs").astype({"country": str, "partner": str, "reporter": str})
    customs = customs[customs["partner"].isin(sides) & customs["reporter"].eq(customs["partner"])]
    trade = tables.load("trade").astype({"country": str, "partner": str, "source_id": str})
    trade = trade[trade["partner"].isin(sides)]
    compiled = trade[trade["source_id"].eq("cow_trade_v4")]
    own = trade[trade["source_id"].isin(_OWN)]
    kyrgyz = own["country"].eq("KGZ")
    mixed = pd.concat([compiled[compiled["country"].ne("KGZ")], own[kyrgyz]])
    books = {"powers": customs, "compiled": compiled, "mixed": mixed, "region": own}
    return {key: rows[columns].astype({"flow": str}) for key, rows in books.items()}


def _complete(rows: pd.DataFrame, states: list[str], flows: tuple[str, ...]) -> pd.DataFrame:
    """Return the sums of the years in which no state and no flow is missing."""
    asked = rows[rows["country"].isin(states) & rows["flow"].isin(flows)]
    grouped = asked.groupby(["year", "partner"])["value_usd"]
    whole = grouped.sum()[grouped.count() == len(states) * len(flows)]
    sums = whole.unstack("partner").reindex(columns=[CHALLENGER, LEADER]).dropna() / 1e9
    return sums.reset_index().rename_axis(columns=None)


def _found(series: pd.DataFrame) -> dict[tuple[str, str], Overtaking]:
    return {
        key: overtaking(rows.set_index("year")[CHALLENGER], rows.set_index("year")[LEADER])
        for key, rows in series.groupby(["trade", "book"])
    }


def _answer(passed: Overtaking | None) -> str:
    if passed is None:
        return "no figures"
    if passed.lasting is None:
        return f"not by {passed.closes}"
    return f"already in {passed.lasting}" if passed.behind is None else f"{passed.lasting}"


def _answer_and_first(passed: Overtaking | None) -> str:
    answer = _answer(passed)
    if passed is None or passed.first in (None, passed.lasting):
        return answer
    return f"{answer} (first in {passed.first})"


def _description(trade: str, found: dict[tuple[str, str], Overtaking]) -> str:
    told = "; ".join(
        f"{book.name}: {_answer(found.get((trade, key)))}" for key, book in BOOKS.items()
    )
    return (
        f"Lines from {FIRST}, one for each set of books, with a control for states and flows. They "
        f"show China's trade divided by Russia's. It opens with: {TRADES[trade][0]}. China is "
        f"ahead to the end of the book from, {told}."
    )


def _x(field: str = "year") -> alt.X:
    axis = alt.Axis(format="d", tickMinStep=1, tickCount=alt.ExprRef("width < 480 ? 5 : 10"))
    return alt.X(
        f"{field}:Q", title="Year", axis=axis, scale=alt.Scale(domain=[FIRST - 0.5, 2024.5])
    )


def _y(field: str = "times") -> alt.Y:
    halves = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16]
    label = "datum.value == 1 ? 'equal' : datum.value < 1 ? '1/' + 1 / datum.value : datum.label"
    return alt.Y(
        f"{field}:Q",
        title=None,
        axis=alt.Axis(values=halves, labelExpr=label, format="d"),
        scale=alt.Scale(
            type="log",
            domain=[1 / _FURTHEST, _FURTHEST],
            clamp=True,
            nice=False,
            range=[alt.ExprRef("height"), _KEY_ROOM],
        ),
    )


def _sides() -> tuple[alt.Chart, ...]:
    """Return the line of equality, and who is ahead above and below it."""
    parity = alt.Chart(as_csv(pd.DataFrame({"times": [1.0]})))
    rule = parity.mark_rule(color=INK, strokeWidth=1.2, aria=False).encode(y=_y())
    ahead = pd.DataFrame(
        {
            "times": [_FURTHEST * 0.8, 1 / (_FURTHEST * 0.8)],
            "said": ["▲ China ahead", "▼ Russia ahead"],
            "tone": [text_color(POWER_COLORS[power]) for power in (CHALLENGER, LEADER)],
        }
    )
    text = alt.Chart(as_csv(ahead)).mark_text(
        align="right", x=alt.ExprRef("width - 4"), fontWeight=600, fontSize=12,
        fill=alt.ExprRef("datum.tone"),
    )  # fmt: skip
    return rule, text.encode(y=_y(), **words("said"))


def _lines(series: pd.DataFrame) -> tuple[alt.Chart, alt.Chart]:
    rows = series[series["year"] >= FIRST].round({CHALLENGER: 3, LEADER: 3})
    base = (
        alt.Chart(as_csv(rows))
        .transform_filter("datum.trade == passing_trade")
        .transform_calculate(
            times=f"datum.{CHALLENGER} / datum.{LEADER}",
            name=f"({_as_object({key: book.name for key, book in BOOKS.items()})})[datum.book]",
        )
        .encode(x=_x(), y=_y())
    )
    line = base.mark_line(strokeWidth=2.4).encode(
        stroke=_scaled(alt.Stroke, {key: book.color for key, book in BOOKS.items()}),
        strokeDash=_scaled(alt.StrokeDash, {key: list(book.dash) for key, book in BOOKS.items()}),
        description=alt.Description("name:N"),
    )
    money = "format(datum.{}, ',.1f')"
    points = (
        base.transform_calculate(
            when="'' + datum.year",
            of_china="'$' + " + money.format(CHALLENGER) + " + ' bn'",
            of_russia="'$' + " + money.format(LEADER) + " + ' bn'",
            ratio="format(datum.times, '.2f')",
        )
        .transform_calculate(
            say="datum.name + ', ' + datum.when + ': China ' + datum.of_china + "
            "', Russia ' + datum.of_russia"
        )
        .mark_point(filled=True, size=30)
        .encode(
            fill=_scaled(alt.Fill, {key: book.color for key, book in BOOKS.items()}),
            shape=_scaled(alt.Shape, {key: book.shape for key, book in BOOKS.items()}),
            description=alt.Description("say:N"),
            tooltip=[
                alt.Tooltip(f"{field}:N", title=title)
                for field, title in {
                    "when": "Year",
                    "of_china": "China",
                    "of_russia": "Russia",
                    "ratio": "China / Russia",
                    "name": "Books",
                }.items()
            ],
        )
    )
    return line, points


def _rings(series: pd.DataFrame, found: dict[tuple[str, str], Overtaking]) -> alt.Chart:
    """Return a ring around each point from which China stayed ahead."""
    passed = {key: one.lasting for key, one in found.items() if one.behind is not None}
    at = [passed.get(key) == year for key, year in _keyed(series)]
    rows = series[at].assign(times=lambda t: (t[CHALLENGER] / t[LEADER]).round(3))
    return (
        alt.Chart(as_csv(rows[["trade", "book", "year", "times"]]))
        .transform_filter(f"datum.trade == passing_trade && datum.year >= {FIRST}")
        .mark_point(filled=False, size=190, strokeWidth=2.2, aria=False)
        .encode(
            x=_x(),
            y=_y(),
            stroke=_scaled(alt.Stroke, {key: book.color for key, book in BOOKS.items()}),
        )
    )


def _keyed(series: pd.DataFrame) -> list[tuple]:
    rows = series[["trade", "book", "year"]].itertuples(index=False, name=None)
    return [((trade, book), year) for trade, book, year in rows]


def _key(found: dict[tuple[str, str], Overtaking]) -> tuple[alt.Chart, ...]:
    """Return a row for each set of books above the plot: its line, its name and its answer."""
    rows = pd.DataFrame(
        [
            {
                "trade": trade,
                "book": key,
                "y": _KEY_TOP + _LINE * n,
                "name": book.name,
                "answer": _answer(found.get((trade, key))),
            }
            for trade in TRADES
            for n, (key, book) in enumerate(BOOKS.items())
        ]
    )
    base = alt.Chart(as_csv(rows)).transform_filter("datum.trade == passing_trade")
    base = base.transform_calculate(
        say="datum.name + ': ' + datum.answer",
        heard="datum.name + ', China ahead to the end: ' + datum.answer",
    ).encode(y=pixels("y"))
    sample = base.mark_rule(strokeWidth=2.4, aria=False).encode(
        x=alt.XValue(1 - _AXIS),
        x2=alt.X2Value(30 - _AXIS),
        stroke=_scaled(alt.Stroke, {key: book.color for key, book in BOOKS.items()}),
        strokeDash=_scaled(alt.StrokeDash, {key: list(book.dash) for key, book in BOOKS.items()}),
    )
    symbol = base.mark_point(filled=True, size=34, x=15 - _AXIS, aria=False).encode(
        fill=_scaled(alt.Fill, {key: book.color for key, book in BOOKS.items()}),
        shape=_scaled(alt.Shape, {key: book.shape for key, book in BOOKS.items()}),
    )
    text = base.mark_text(
        align="left", baseline="middle", x=38 - _AXIS, fill=INK,
        fontSize=alt.ExprRef("width < 320 ? 11 : 12.5"),
    ).encode(text=alt.Text("say:N"), description=alt.Description("heard:N"))  # fmt: skip
    return sample, symbol, text


def _scaled(channel: type, values: dict[str, object]) -> object:
    scale = alt.Scale(domain=list(values), range=list(values.values()))
    return channel("book:N", scale=scale, legend=None)


def _as_object(names: dict[str, str]) -> str:
    return json.dumps(names, ensure_ascii=False)
