"""The score board: its Brier score is the library's, also after a slider has moved."""

import pandas as pd
import pytest
from test_charts import assert_no_barrier, drawn, words

from centralasia import charts, measures, tables

RULE = {"plain": 0.9, "conditional": 0.75, "hedged": 0.6}
TEXT = {"title": "The score board", "description": "Rows.", "source": "Source: x."}


def board():
    forecasts = tables.load("claims").query("kind == 'forecast'")[["claim_id", "outcome"]]
    wording = [list(RULE)[n % 3] for n in range(len(forecasts))]
    return forecasts.assign(wording=wording)


def score(rule):
    rows = board()
    return f"{measures.brier_score(rows.wording.map(rule), rows.outcome):.3f}"


@pytest.mark.parametrize("width", [300, 1280])
def test_the_board_shows_the_score_and_every_forecast(browser, width):
    page = drawn(browser, charts.score_board(board(), RULE, **TEXT), width)
    text = words(page)
    over = " over 16 forecasts" if width > 330 else ""
    assert f"Brier score {score(RULE)}{over}" in text
    assert set(board().claim_id) <= set(text)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_no_barrier(page)
    page.close()


def test_the_score_follows_the_slider(browser):
    page = drawn(browser, charts.score_board(board(), RULE, **TEXT))
    page.get_by_role("slider", name="Plain").focus()
    page.keyboard.press("ArrowLeft")
    wanted = score(RULE | {"plain": 0.85})
    page.wait_for_function(f"document.querySelector('svg.marks').textContent.includes('{wanted}')")
    page.close()


def test_what_cannot_be_scored_is_refused():
    with pytest.raises(ValueError, match="wording hedged"):
        charts.score_board(board(), {"plain": 0.9, "conditional": 0.7}, **TEXT)
    with pytest.raises(ValueError, match="not resolved"):
        charts.score_board(board().assign(outcome=pd.NA), RULE, **TEXT)
