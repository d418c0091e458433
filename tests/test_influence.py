"""The influence index: its bars, its lead and its map of weightings are the library's."""

import re

import pandas as pd
import pytest
from test_charts import assert_no_barrier, drawn, words

from centralasia import charts, measures

TEXT = {"title": "An index of influence", "description": "Bars, triangle.", "source": "Source: x."}
NAMES = {"RUS": "● Russia", "CHN": "■ China", "USA": "▲ United States"}
EQUAL = {"trade": 5, "arms": 5, "votes": 5}
CASES = {
    "Kazakhstan": {"trade": [22.6, 23.8, 2.6], "arms": [3205, 11, 42], "votes": [0.76, 0.88, 0.21]},
    "Kyrgyzstan": {"trade": [2.0, 5.8, 0.1], "arms": [67, 0, 0], "votes": [0.77, 0.89, 0.2]},
    "Neither": {"trade": [1, 1, 0], "arms": [3, 0, 0], "votes": [0, 3, 0]},
}
SCALES = {"minmax": "Lowest 0, highest 1", "share": "Share of all powers together"}


def frame(case):
    return pd.DataFrame(CASES[case], index=list(NAMES))


def rows(*cases):
    each = [frame(c).rename_axis("power").reset_index().assign(case=c) for c in cases or CASES]
    return pd.concat(each, ignore_index=True)


def said(case, weights, scale):
    """What the chart has to say: the bars from the top, the lead and the shares of weightings."""
    index = measures.weighted_index(frame(case), weights, scale=scale)
    top, second = index.iloc[:2]
    lead = f"{NAMES[index.index[0]][2:]} leads by {top - second:.2f}"
    led = measures.leaders_by_weight(frame(case), scale=scale)["leader"]
    shares = {f"{NAMES[p]} {(led == p).mean():.1%}" for p in NAMES}
    return {"A tie" if top - second < 1e-6 else lead, *shares, *(f"{v:.2f}" for v in index)}


def ranked(page):
    """The powers in the order of their bars, from the top."""
    tops = {p: page.get_by_text(n, exact=True).bounding_box()["y"] for p, n in NAMES.items()}
    return sorted(tops, key=tops.get)


@pytest.mark.parametrize("width", [330, 1280])
def test_the_chart_says_what_the_library_finds(browser, width):
    page = drawn(browser, charts.influence_index(rows(), EQUAL, **TEXT), width)
    for case in CASES:
        page.get_by_role("combobox", name="Case").select_option(case)
        for scale, label in SCALES.items():
            page.get_by_role("radio", name=label).check()
            page.evaluate("view.runAsync()")
            wanted = said(case, EQUAL, scale)
            assert wanted <= set(words(page)), (case, scale)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_no_barrier(page)
    page.close()


def test_bars_are_ranked_and_the_ring_moves_under_the_arrow_keys(browser):
    weights = {"trade": 0, "arms": 1, "votes": 10}
    page = drawn(browser, charts.influence_index(rows("Kyrgyzstan"), weights, **TEXT))
    assert ranked(page) == ["CHN", "RUS", "USA"]
    ring = page.locator("svg.marks path[stroke-width='3']")
    before = ring.bounding_box()
    slider = page.get_by_role("slider", name="Weight of arms")
    slider.focus()
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    wanted = said("Kyrgyzstan", weights | {"arms": 10}, "minmax")
    page.wait_for_function(
        "document.querySelector('svg.marks').textContent.includes('Russia leads')"
    )
    assert wanted <= set(words(page))
    assert ranked(page) == ["RUS", "CHN", "USA"]
    assert ring.bounding_box()["x"] > before["x"]
    assert ring.bounding_box()["y"] > before["y"]
    page.close()


def test_every_weighting_is_drawn_with_its_leader(browser):
    page = drawn(browser, charts.influence_index(rows("Neither"), EQUAL, **TEXT))
    led = measures.leaders_by_weight(frame("Neither"))["leader"].value_counts()
    colors = charts.POWER_COLORS | {"RUS = CHN": "#575d67"}
    drawn_in = page.eval_on_selector_all(
        "svg.marks .mark-symbol path[opacity='0.8']", "all => all.map(p => p.getAttribute('fill'))"
    )
    assert {c: drawn_in.count(c) for c in set(drawn_in)} == {colors[k]: n for k, n in led.items()}
    assert led["RUS = CHN"] > 0
    page.close()


def test_without_any_weight_the_chart_asks_for_one(browser):
    weights = {"trade": 1, "arms": 0, "votes": 0}
    page = drawn(browser, charts.influence_index(rows("Kazakhstan"), weights, **TEXT))
    page.get_by_role("slider", name="Weight of trade").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.querySelector('svg.marks').textContent.includes('Give a')")
    assert "NaN" not in " ".join(words(page))
    page.close()


def test_the_chart_is_small_and_the_same_every_time():
    spec = charts.influence_index(rows(), EQUAL, **TEXT).to_dict()
    assert spec == charts.influence_index(rows(), EQUAL, **TEXT).to_dict()
    assert len(str(spec)) < 60_000
    assert not re.search(r"view_|param_\d", str(spec))
    assert spec["description"] == TEXT["description"]


def test_what_cannot_be_weighed_is_refused():
    with pytest.raises(ValueError, match="three measures"):
        charts.influence_index(rows(), {"trade": 5, "arms": 5}, **TEXT)
    with pytest.raises(ValueError, match="above 0"):
        charts.influence_index(rows(), dict.fromkeys(EQUAL, 0), **TEXT)
    with pytest.raises(ValueError, match="Kazakhstan: there is no value for RUS"):
        charts.influence_index(rows()[1:], EQUAL, **TEXT)
    fourth = pd.DataFrame({"case": ["Neither"], "power": ["TUR"], **{m: [1] for m in EQUAL}})
    with pytest.raises(
        ValueError, match=r"Neither: TUR is not .*data/powers\.csv, column 'ranked'"
    ):
        charts.influence_index(pd.concat([rows(), fourth]), EQUAL, **TEXT)
    with pytest.raises(ValueError, match="same value on arms"):
        charts.influence_index(rows().assign(arms=0), EQUAL, **TEXT)
