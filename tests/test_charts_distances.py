"""The distance check and the break finder: what they hold, and what a keyboard does to them."""

import json

import numpy as np
import pandas as pd
import pytest
from vega_page import page as vega_page
from vega_page import raw, show

from centralasia import measures, tables
from centralasia.charts import break_finder, distance_map, distances, use_theme

ABOUT = {
    "title": "Two periods or three?",
    "description": "Soldiers rise from none to ten and fall to two; aid is flat, then rises.",
    "source": "Source: a test.",
}


@pytest.fixture(autouse=True)
def _theme():
    use_theme()


@pytest.fixture(scope="module")
def places():
    sites = tables.load("infrastructure").set_index("site_id")
    ids = ["karshi-khanabad", "manas", "lop-nur-test-site"]
    spots = sites.loc[ids, ["from_lat", "from_lon"]].set_axis(["lat", "lon"], axis=1)
    spots.insert(0, "name", ["K2", "Manas", "Lop Nur"])
    seats = tables.load("countries", ["capital", "capital_lat", "capital_lon"])
    seats = seats.set_axis(["name", "lat", "lon"], axis=1)
    return spots[:2], pd.concat([seats[seats["name"].eq("Kabul")], spots[2:]])


@pytest.fixture(scope="module")
def series():
    troops = pd.DataFrame({"year": range(2001, 2007), "value": [0, 0, 10, 10, 2, 2]})
    aid = pd.DataFrame({"year": range(2001, 2006), "value": [5.0, 5, 5, 5, 9]})
    return pd.concat([troops.assign(indicator="Soldiers"), aid.assign(indicator="Aid")])


def features(chart):
    """Return the lines and rings that a map carries."""
    data = chart.to_dict()["datasets"].values()
    return next(json.loads(d)["features"] for d in data if "FeatureCollection" in d)


# --- distances ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "km"),
    [
        ("K2", "Kabul", 560.4),
        ("K2", "Lop Nur", 1922.4),
        ("Manas", "Kabul", 1053.3),
        ("Manas", "Lop Nur", 1150.7),
    ],
)
def test_the_four_distances_of_the_lesson(places, start, end, km):
    found = distances(*places).set_index(["start", "end"])["km"]
    assert found[start, end] == pytest.approx(km, abs=0.05)


def test_times_compares_with_the_first_of_the_ends(places):
    found = distances(*places).set_index(["start", "end"])
    assert found.xs("Kabul", level="end")["times"].eq(1).all()
    ratio = found.loc[("K2", "Lop Nur"), "km"] / found.loc[("K2", "Kabul"), "km"]
    assert found.loc[("K2", "Lop Nur"), "times"] == pytest.approx(ratio)


def test_the_ring_is_as_far_as_the_end(places):
    chart = distance_map(*places, title="How far?")
    ways = [f for f in features(chart) if f["properties"]["part"] == "ring"]
    assert len(ways) == 4
    starts = places[0].set_index("name")
    known = distances(*places).set_index(["start", "end"])["km"]
    for way in ways:
        start, end = way["properties"]["start"], way["properties"]["end"]
        lon, lat = np.array(way["geometry"]["coordinates"]).T
        far = measures.great_circle_km(starts.lat[start], starts.lon[start], lat, lon)
        # The coordinates are rounded to a hundredth of a degree, about a kilometre.
        assert far == pytest.approx(known[start, end], abs=1.2)


def test_the_map_says_in_words_what_it_shows(places):
    spec = distance_map(*places, title="How far?").to_dict()
    assert "From K2: Kabul 560 km, Lop Nur 1,922 km" in spec["description"]
    assert [p["bind"]["name"].strip() for p in spec["params"] if "bind" in p] == ["From", "To"]


def test_distances_name_the_problem(places):
    starts, ends = places
    with pytest.raises(ValueError, match="a name of its own"):
        distances(pd.concat([starts, starts]), ends)
    with pytest.raises(ValueError, match="at least one place"):
        distances(starts[:0], ends)
    with pytest.raises(ValueError, match="no coordinates"):
        distances(starts.assign(lat=np.nan), ends)
    with pytest.raises(ValueError, match="No place 'Kant' here; choose from K2, Manas"):
        distance_map(starts, ends, title="How far?", start="Kant")


# --- breaks ------------------------------------------------------------------------------------


def test_share_between_periods_by_hand():
    years, values = pd.Series([2001, 2002, 2003, 2004]), pd.Series([1.0, 3.0, 5.0, 7.0])
    # Mean 4, total 9 + 1 + 1 + 9 = 20; within, around 2 and 6, it is 1 + 1 + 1 + 1 = 4.
    assert measures.share_between_periods(years, values, [2003]) == pytest.approx(1 - 4 / 20)
    assert measures.share_between_periods(years, values, [2001]) == 0


def test_a_missing_year_is_left_out_and_a_flat_series_refused():
    years = pd.Series([2001, 2002, 2003])
    share = measures.share_between_periods(years, pd.Series([1.0, None, 3.0]), [2003])
    assert share == 1
    with pytest.raises(ValueError, match="does not vary"):
        measures.share_between_periods(years, pd.Series([2, 2, 2]), [2003])


def test_break_finder_names_the_problem(series):
    with pytest.raises(ValueError, match="between 2002 and 2006"):
        break_finder(series, breaks=(2001, 2004), **ABOUT)
    with pytest.raises(ValueError, match="one value a year"):
        break_finder(pd.concat([series, series]), breaks=(2003, 2004), **ABOUT)
    with pytest.raises(ValueError, match="below 0"):
        break_finder(series.assign(value=-1), breaks=(2003, 2004), **ABOUT)


# --- in the browser ----------------------------------------------------------------------------


@pytest.fixture
def draw(browser):
    """Return a function that draws a chart on a page, and check that nothing went wrong there."""
    opened = []

    def drawn(chart, width=1000):
        page = browser.new_page(viewport={"width": width, "height": 900})
        opened.append((page, requests := [], errors := []))
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        return show(page, vega_page(chart.to_dict()))

    yield drawn
    for page, requests, errors in opened:
        page.close()
        assert (requests, errors) == ([], [])


def words(page):
    page.evaluate("async () => { await view.runAsync(); }")
    return page.locator("#chart svg.marks text").all_text_contents()


def tab_to(page, control):
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", control):
            return
    raise AssertionError(f"Tab never reaches {control}")


def test_keyboard_chooses_where_to_start_and_where_to_go(draw, places):
    page = draw(distance_map(*places, title="How far?"))
    assert {"560 km", "K2 to Kabul"} <= set(words(page))
    tab_to(page, "input[type=radio]")
    page.keyboard.press("ArrowRight")
    assert "1,053 km" in words(page)
    tab_to(page, "input[type=radio]")
    page.keyboard.press("ArrowRight")
    said = "Manas to Lop Nur: 1.1 times as far as Kabul"
    assert {"1,151 km", said} <= set(words(page))


@pytest.mark.parametrize("width", [390, 1280])
def test_the_distance_map_fits_the_page(draw, places, width):
    page = draw(distance_map(*places, title="How far?", end="Lop Nur"), width)
    box = page.locator("#chart svg.marks").bounding_box()
    assert box["x"] + box["width"] <= width
    assert raw(page) == []


@pytest.mark.parametrize("breaks", [(2003, 2005), (2005, 2003), (2003, 2003)])
def test_the_page_computes_what_the_measure_computes(draw, series, breaks):
    page = draw(break_finder(series, breaks=breaks, **ABOUT))
    shares = [
        measures.share_between_periods(rows["year"], rows["value"], breaks)
        for _, rows in series.groupby("indicator", sort=False)
    ]
    shown = words(page)
    for share in shares:
        assert f"{share:.0%} lies between periods" in shown
    assert raw(page) == []


def test_keyboard_moves_a_break(draw, series):
    page = draw(break_finder(series, breaks=(2003, 2005), **ABOUT))
    whole = "100% lies between periods"
    assert words(page).count(whole) == 2
    tab_to(page, "input[type=range]")
    page.keyboard.press("ArrowRight")
    assert words(page).count(whole) == 1
