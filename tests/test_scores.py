"""The score board follows its sliders; the calibration curves show the library's table."""

import json

import pandas as pd
import pytest
from test_charts import assert_no_barrier, drawn, words

from centralasia import charts, measures, tables

RULE = {"plain": 0.9, "conditional": 0.75, "hedged": 0.6}
TEXT = {"title": "The score board", "description": "Rows.", "source": "Source: x."}


def board():
    forecasts = tables.load("claims").query("kind == 'forecast'")[["claim_id", "outcome"]].dropna()
    wording = [list(RULE)[n % 3] for n in range(len(forecasts))]
    return forecasts.assign(wording=wording)


def score(rule):
    rows = board()
    return f"{measures.brier_score(rows.wording.map(rule), rows.outcome):.3f}"


@pytest.mark.parametrize("width", [300, 1280])
def test_the_board_shows_the_score_and_every_forecast(browser, width):
    page = drawn(browser, charts.score_board(board(), RULE, **TEXT), width)
    text = words(page)
    over = f" over {len(board())} forecasts" if width > 330 else ""
    assert f"Brier score {score(RULE)}{over}" in text
    counts = [(board().outcome == value).sum() for value in (1, 0.5, 0)]
    assert "{} came true, {} came true in part, {} failed".format(*counts) in text
    assert set(board().claim_id) <= set(text)
    assert {f"{name.capitalize()} wording" for name in RULE} <= set(text)
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


BANDS = [0, 0.45, 0.65, 0.85, 1]
ESSAY = ([0.6] * 12 + [0.9] * 4, [1, 0] * 6 + [0, 0, 0, 1])


@pytest.mark.parametrize("width", [300, 1280])
def test_the_curves_show_each_band_that_has_answers(browser, width):
    both = {"the essay": ESSAY, "you": ([0.5, 0.7], [1, 1])}
    page = drawn(browser, charts.calibration_curves(both, bins=BANDS, **TEXT), width)
    text = words(page)
    assert [word for word in text if word in {"12", "4", "1"}] == ["12", "4", "1", "1"]
    p, outcome = ESSAY
    score = measures.brier_score(p, outcome)
    assert f"● the essay: Brier score {score:.3f} over 16" in text
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_no_barrier(page)
    page.close()


def test_the_curves_take_a_learner_without_answers():
    none = {"the essay": ESSAY, "you": (pd.Series(dtype=float), pd.Series(dtype="boolean"))}
    spec = charts.calibration_curves(none, bins=BANDS, **TEXT).to_dict()
    assert "■ you: no answer yet" in json.dumps(spec, ensure_ascii=False)
    assert {row["who"] for data in spec["datasets"].values() for row in data if "who" in row} == {
        "the essay"
    }
    assert spec == charts.calibration_curves(none, bins=BANDS, **TEXT).to_dict()
    charts.calibration_curves({"you": ([], [])}, bins=BANDS, **TEXT).to_dict()


def test_a_hollow_point_has_fewer_answers_than_enough():
    spec = charts.calibration_curves({"the essay": ESSAY}, bins=BANDS, enough=10, **TEXT).to_dict()
    few = {r["n"]: r["few"] for data in spec["datasets"].values() for r in data if "who" in r}
    assert few == {12: False, 4: True}


def test_a_point_says_how_many_came_true_in_part_and_not():
    halves = {"the essay": ([0.6] * 5, [1, 0.5, 0.5, 0, 0])}
    spec = charts.calibration_curves(halves, bins=BANDS, **TEXT).to_dict()
    (point,) = [r for data in spec["datasets"].values() for r in data if "who" in r]
    assert (point["n"], point["whole"], point["half"], point["true"]) == (5, 1, 2, 0.4)


def test_curves_are_for_one_or_two():
    with pytest.raises(ValueError, match="one or two"):
        charts.calibration_curves(dict.fromkeys("abc", ESSAY), bins=BANDS, **TEXT)
