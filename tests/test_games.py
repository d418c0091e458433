"""The game of linking and excluding: payoffs, stable outcomes, and the chart that follows T."""

import itertools
import subprocess
import sys

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


def test_nobody_gains_by_leaving_an_equilibrium_pure_or_mixed():
    random = np.random.default_rng(7)
    for _ in range(60):
        row, column = (pd.DataFrame(random.normal(size=(2, 2))) for _ in range(2))
        found = games.equilibria(row, column)
        assert len(found) % 2 == 1
        for p in found.to_numpy():
            mine, theirs = p[:2], p[2:]
            assert mine.sum() == pytest.approx(1)
            assert theirs.sum() == pytest.approx(1)
            assert (row @ theirs).max() == pytest.approx(mine @ row @ theirs)
            assert (mine @ column).max() == pytest.approx(mine @ column @ theirs)


def test_a_game_with_a_mixed_equilibrium_alone():
    win = pd.DataFrame([[1, -1], [-1, 1]])
    assert games.stable_outcomes(win, -win) == []
    assert games.equilibria(win, -win).to_numpy().tolist() == [[0.5] * 4]


def test_a_tie_is_no_warning_and_no_double():
    found = games.equilibria(*games.link_or_exclude(4))
    assert found.to_numpy().tolist() == [[1, 0, 1, 0], [0, 1, 0, 1]]


def test_the_package_does_not_wait_for_the_library_of_games():
    code = "import sys; from centralasia import charts, games; sys.exit('nashpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_payoffs_that_do_not_fit_are_refused():
    russia, china = games.link_or_exclude(3)
    with pytest.raises(ValueError, match="same outcomes"):
        games.stable_outcomes(russia, china.rename(index={"link": "join"}))
    with pytest.raises(ValueError, match="no payoff"):
        games.stable_outcomes(russia, china.mask(china == 1))


@pytest.mark.parametrize("temptation", [2, 2.5, 3, 3.75])
def test_the_mixed_equilibrium_is_the_trust_that_linking_needs(temptation):
    mixed = games.equilibria(*games.link_or_exclude(temptation)).iloc[-1]
    assert mixed["Russia"].tolist() == mixed["China"].tolist()
    assert mixed["China", "link"] == pytest.approx(1 / (5 - temptation))


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
    mixed = games.equilibria(*games.link_or_exclude(temptation)).iloc[2:]
    assert [f"{p:.2f}" for p in mixed["China", "link"]] == ([said] if said else [])
    page = drawn(browser, charts.trust_lines(**TEXT, temptation=temptation), 390)
    assert [w for w in words(page) if "needed" in w] == ([f"{said} needed"] if said else [])
    page.close()


@pytest.mark.parametrize("seed", range(40))
def test_where_nashpy_is_missing_two_by_two_comes_out_the_same(seed):
    payoffs = np.random.default_rng(seed).permutation(8).reshape(2, 2, 2).astype(float)
    ours, theirs = games._two_by_two(*payoffs), games._enumerated(*payoffs)
    assert np.allclose(sorted(ours), sorted(theirs))
