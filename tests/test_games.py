"""The game of linking and excluding: payoffs, stable outcomes, and the chart that follows T."""

import itertools

import numpy as np
import pandas as pd
import pytest
from test_charts import assert_no_barrier, drawn, words

from centralasia import charts, games

TEXT = {"title": "The game of two powers", "description": "Four outcomes.", "source": "Source: x."}


def by_definition(row, column):
    """Stable outcomes by trying every change that one player can make alone."""
    return [
        (r, c)
        for r, c in itertools.product(row.index, row.columns)
        if all(row.loc[r, c] >= row.loc[other, c] for other in row.index)
        and all(column.loc[r, c] >= column.loc[r, other] for other in column.columns)
    ]


@pytest.mark.parametrize(
    ("temptation", "expected"),
    [
        (2, ["link", "exclude"]),
        (3.99, ["link", "exclude"]),
        (4, ["link", "exclude"]),
        (4.01, ["exclude"]),
        (6, ["exclude"]),
    ],
)
def test_the_game_flips_at_four(temptation, expected):
    stable = games.stable_outcomes(*games.link_or_exclude(temptation))
    assert stable == [(act, act) for act in expected]


def test_stable_outcomes_of_any_game_follow_the_definition():
    random = np.random.default_rng(11)
    for _ in range(200):
        rows, columns = random.integers(1, 5, 2)
        row, column = (pd.DataFrame(random.integers(0, 4, (rows, columns))) for _ in range(2))
        assert games.stable_outcomes(row, column) == by_definition(row, column)


def test_a_game_without_a_stable_outcome():
    win = pd.DataFrame([[1, -1], [-1, 1]])
    assert games.stable_outcomes(win, -win) == []


def test_payoffs_that_do_not_fit_are_refused():
    russia, china = games.link_or_exclude(3)
    with pytest.raises(ValueError, match="same outcomes"):
        games.stable_outcomes(russia, china.rename(index={"link": "join"}))
    with pytest.raises(ValueError, match="no payoff"):
        games.stable_outcomes(russia, china.mask(china == 1))


@pytest.mark.parametrize("temptation", [2, 2.5, 3, 3.75, 4])
def test_with_just_enough_trust_both_actions_pay_the_same(temptation):
    p = games.trust_needed(temptation)
    russia, _ = games.link_or_exclude(temptation)
    pays = russia["link"] * p + russia["exclude"] * (1 - p)
    assert pays["link"] == pytest.approx(pays["exclude"])


@pytest.mark.parametrize("draw", [charts.payoff_game, charts.trust_lines])
def test_chart_is_complete_and_its_slider_reaches_from_two_to_six(draw):
    spec = draw(**TEXT).to_dict()
    (control,) = [p for p in spec["params"] if "bind" in p]
    assert (control["bind"]["min"], control["bind"]["max"], control["value"]) == (2, 6, 3)
    assert spec["description"] == TEXT["description"]
    assert spec == draw(**TEXT).to_dict()
    with pytest.raises(ValueError, match="2 to 6"):
        draw(**TEXT, temptation=7)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("temptation", [2, 3.5, 4, 4.25, 6])
def test_the_chart_shows_what_the_library_finds(browser, width, temptation):
    page = drawn(browser, charts.payoff_game(**TEXT, temptation=temptation), width)
    text = words(page)
    assert text.count("Stable") == len(games.stable_outcomes(*games.link_or_exclude(temptation)))
    assert text.count(f"{temptation:g}") >= 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_no_barrier(page)
    page.close()


def test_the_game_flips_under_the_arrow_keys(browser):
    page = drawn(browser, charts.payoff_game(**TEXT, temptation=4))
    assert words(page).count("Stable") == 2
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('svg.marks').textContent.includes('dilemma')")
    assert words(page).count("Stable") == 1
    page.close()


@pytest.mark.parametrize(("temptation", "said"), [(2, "0.33"), (3, "0.50"), (4, None), (6, None)])
def test_the_lines_cross_where_the_library_says(browser, temptation, said):
    page = drawn(browser, charts.trust_lines(**TEXT, temptation=temptation), 390)
    assert [w for w in words(page) if "needed" in w] == ([f"{said} needed"] if said else [])
    page.close()
