"""The region map and the trade explorer: what they hold, and what a keyboard does to them."""

import json

import numpy as np
import pandas as pd
import pytest
from vega_page import TELEPHONE, cut, raw, show, stored
from vega_page import page as vega_page

from centralasia import tables
from centralasia.charts import use_theme
from centralasia.charts.map import geography
from centralasia.charts.map.region import region_map
from centralasia.charts.map.sites import KINDS, site_rows, sites_in
from centralasia.charts.trade import reports
from centralasia.charts.trade.explorer import trade_explorer

CHARTS = {"region_map": region_map, "trade_explorer": trade_explorer}
LIMITS = {"region_map": 120_000, "trade_explorer": 150_000}


@pytest.fixture(autouse=True)
def _theme():
    use_theme()


@pytest.fixture(scope="module")
def infrastructure():
    return tables.load("infrastructure")


@pytest.fixture(scope="module")
def told():
    return reports.reports(tables.load("trade"))


def texts(node):
    """Yield every string of a specification but its data."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            if key != "datasets":
                yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


# --- both charts -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHARTS)
def test_spec_is_complete(name):
    spec = CHARTS[name]().to_dict()
    assert spec["title"]["text"]
    assert len(spec["description"]) > 120
    assert "Source: " in " ".join(texts(spec))
    for control in (p for p in spec["params"] if "bind" in p):
        assert control["bind"]["name"].strip()


@pytest.mark.parametrize("name", CHARTS)
def test_spec_is_the_same_each_time_and_weighs_little_in_a_notebook(name):
    first = json.dumps(CHARTS[name]().to_dict(), indent=1)
    assert first == json.dumps(CHARTS[name]().to_dict(), indent=1)
    assert len(first.encode()) < LIMITS[name]


def test_axis_titles_name_units():
    titles = set(texts(trade_explorer().to_dict()))
    assert {"Year", "US dollars, current prices"} <= titles


# --- the region map ----------------------------------------------------------------------------


def on_map(infrastructure, year, **kwargs):
    return set(sites_in(infrastructure, year, **kwargs)["site_id"])


@pytest.mark.parametrize(
    ("site", "first", "last"),
    [("manas", 2001, 2014), ("karshi-khanabad", 2001, 2005), ("kant-air-base", 2003, None)],
)
def test_a_base_is_shown_while_it_was_open(infrastructure, site, first, last):
    assert site not in on_map(infrastructure, first - 1)
    assert site in on_map(infrastructure, first)
    assert site in on_map(infrastructure, last or 2025)
    assert last is None or site not in on_map(infrastructure, last + 1)


def test_what_was_agreed_is_shown_apart(infrastructure):
    line_a, line_d = "central-asia-china-gas-a", "central-asia-china-gas-d"
    assert line_a in on_map(infrastructure, 2008, planned=True)
    assert line_a not in on_map(infrastructure, 2009, planned=True)
    assert line_a in on_map(infrastructure, 2009)
    assert line_d in on_map(infrastructure, 2025, planned=True)
    assert line_d not in on_map(infrastructure, 2025)


def test_all_kinds_of_the_data_have_a_name_and_a_shape(infrastructure):
    assert set(infrastructure["kind"].astype(str)) <= set(KINDS)
    labels = {KINDS[kind] for kind in set(infrastructure["kind"].astype(str))}
    assert labels <= set(texts(region_map().to_dict()))
    bases = set(texts(region_map(kinds=["base"]).to_dict()))
    assert labels & bases == {"Military base"}


def test_operator_is_the_power_behind(infrastructure):
    rows = site_rows(infrastructure).set_index("name")["operator"]
    assert rows["Manas air base, from 2009 Transit Center"] == "U United States"
    assert rows["Caspian Pipeline Consortium (CPC)"] == "+ more than one power"
    assert rows["Nurek hydropower plant"] == "5 the five themselves"
    assert rows["Termez air transport base (Bundeswehr)"] == "o another state"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"year": 1980}, "1991 to 2025; 1980"),
        ({"kinds": ["canal"]}, "No kind canal"),
        ({"kinds": []}, "No site is left"),
    ],
)
def test_map_names_the_problem(arguments, message):
    with pytest.raises(ValueError, match=message):
        region_map(**arguments)


def test_projection_by_hand():
    # On the middle meridian the distance between parallels is the difference of their radii:
    # n = (sin 38 + sin 52) / 2, C = 1 + sin 38 sin 52, radius = sqrt(C - 2 n sin latitude) / n.
    sines = np.sin(np.radians([38, 52, 45, 40]))
    n, c = (sines[0] + sines[1]) / 2, 1 + sines[0] * sines[1]
    radius = np.sqrt(c - 2 * n * sines[2:]) / n
    x, y = geography.project(np.array([40.0]), np.array([68.0]))[0]
    assert (x, y) == pytest.approx((0, radius[0] - radius[1]))


def test_symbols_stand_apart_and_on_their_lines(infrastructure):
    drawn = geography.side_by_side(infrastructure)
    symbols, anchors = geography.symbol_places(drawn)
    plane = geography.project(*symbols.T)
    gaps = np.linalg.norm(plane[:, None] - plane[None], axis=2)
    np.fill_diagonal(gaps, 1)
    # A symbol is about 0.011 wide on this plane.
    assert np.median(gaps.min(axis=1)) > 0.011
    assert gaps.min() > 0.004
    far = np.linalg.norm(symbols - anchors, axis=1)
    assert far.max() < 2
    lines = geography.project(*anchors.T)
    start = geography.project(drawn["from_lat"].to_numpy(), drawn["from_lon"].to_numpy())
    end = geography.project(drawn["to_lat"].to_numpy(), drawn["to_lon"].to_numpy())
    (ax, ay), (bx, by) = (lines - start).T, (end - start).T
    assert np.nanmax(np.abs(ax * by - ay * bx) / np.hypot(bx, by)) < 1e-9


# --- the trade explorer ------------------------------------------------------------------------


def trade_table(rows):
    columns = ["country", "partner", "year", "flow", "value_usd", "reporter", "source_id", "note"]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture
def small():
    chinese = "reporter changes in 2009: Chinese figure, not comparable with the years before"
    return trade_table(
        [
            ("KGZ", "CHN", 2008, "import", 100e6, "compilation", "cow_trade_v4", None),
            ("KGZ", "CHN", 2009, "import", 500e6, "compilation", "cow_trade_v4", chinese),
            ("KGZ", "CHN", 2008, "import", 100e6, "country", "kgz_nsc", None),
            ("KGZ", "CHN", 2009, "import", 125e6, "country", "kgz_nsc", None),
            ("KGZ", "CHN", 2009, "export", 20e6, "country", "kgz_nsc", None),
            ("KGZ", "CHN", 2009, "export", 30e6, "compilation", "cow_trade_v4", None),
            ("KGZ", "DEU", 2009, "export", 1e6, "country", "kgz_nsc", None),
        ]
    )


def test_reports_add_turnover_of_one_source(small):
    frame = reports.reports(small)
    turnover = frame[frame["flow"].eq("turnover")].set_index("series")["usd_m"]
    assert turnover.to_dict() == {
        "Correlates of War": 530,
        "Kyrgyzstan’s own statistics": 145,
    }
    assert set(frame["partner"]) == {"CHN"}


def test_mirror_gap_takes_the_chinese_figure_for_the_exporters(small):
    gaps = reports.mirror_gaps(reports.reports(small)).set_index("flow")
    assert gaps.loc["import", ["exporter", "importer"]].to_list() == [500, 125]
    assert gaps.loc["import", "relative"] == pytest.approx(-0.75)
    assert gaps.loc["export", "relative"] == pytest.approx(0.5)


def test_no_line_joins_two_reporters(small):
    packed = reports.packed(reports.reports(small))
    chosen = packed[packed["flow"].eq("import") & packed["reporter"].eq("compilation")]
    assert chosen[["first", "values"]].to_numpy().tolist() == [[2008, "100"], [2009, "500"]]


def test_packed_values_leave_a_gap_where_nobody_reported(small):
    gap = small[small["year"].eq(2008)].assign(year=2005)
    packed = reports.packed(reports.reports(pd.concat([small, gap])))
    own = packed[packed["flow"].eq("import") & packed["reporter"].eq("country")]
    assert own["values"].to_list() == ["100;;;100;125"]


def test_warnings_say_from_when(told):
    found = reports.warnings(told)
    chosen = found[
        found["country"].eq("KGZ") & found["partner"].eq("CHN") & found["flow"].eq("import")
    ]
    assert chosen["year"].to_list() == [2009]
    assert chosen["text"].str.startswith("2009 to 2014: ").all()


def test_services_are_no_mirror_of_goods(told):
    gaps = reports.mirror_gaps(told)
    uzbek = gaps[gaps["country"].eq("UZB")]
    assert set(uzbek["partner"]) == {"USA"}
    assert (uzbek["year"] < 2015).all()


def test_trade_explorer_names_the_problem(small):
    with pytest.raises(ValueError, match="No country 'USA' here; choose from KAZ"):
        trade_explorer(country="USA")
    with pytest.raises(ValueError, match="No flow 'trade'"):
        trade_explorer(flow="trade")
    with pytest.raises(ValueError, match="No partner 'RUS' here; choose from CHN"):
        trade_explorer(small, country="KGZ", partner="RUS")
    with pytest.raises(ValueError, match="No trade of the five"):
        trade_explorer(small.assign(country="FRA"))
    with pytest.raises(ValueError, match="two values for KGZ"):
        trade_explorer(pd.concat([small, small]))


# --- in the browser ----------------------------------------------------------------------------


@pytest.fixture
def draw(browser):
    """Return a function that draws a chart on a page, and check that the page wants no network."""
    opened = []

    def drawn(chart, width=1000):
        page = browser.new_page(viewport={"width": width, "height": 900})
        opened.append((page, requests := [], errors := []))
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        return show(page, vega_page(stored(chart)))

    yield drawn
    for page, requests, errors in opened:
        page.close()
        assert (requests, errors) == ([], [])


def tab_to(page, selector):
    """Press Tab until the control has the focus, as a keyboard user does."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def settle(page):
    page.evaluate("async () => { await view.runAsync(); }")


def words(page):
    return page.locator("#chart svg.marks text").all_text_contents()


def symbols(page):
    """Return the names of the sites whose symbols are drawn."""
    return set(
        page.evaluate(
            """() => {
              const names = new Set();
              const visit = item => {
                if (item.marktype === 'symbol' && item.role === 'mark')
                  item.items.forEach(i => i.datum.site && names.add(i.datum.site));
                (item.items || []).forEach(visit);
              };
              visit(view.scenegraph().root);
              return [...names];
            }"""
        )
    )


def test_keyboard_moves_the_year_the_kind_and_the_box(draw, infrastructure):
    page = draw(region_map(year=2014))
    assert symbols(page) == on_map(infrastructure, 2014)
    tab_to(page, "input[type=range]")
    page.keyboard.press("ArrowRight")
    settle(page)
    assert "2015" in words(page)
    assert symbols(page) == on_map(infrastructure, 2015)
    assert "manas" not in symbols(page)
    tab_to(page, "select")
    page.keyboard.type("Military")
    settle(page)
    bases = infrastructure[infrastructure["kind"].eq("base")]
    assert symbols(page) == on_map(bases, 2015)
    page.keyboard.press("Home")
    tab_to(page, "input[type=checkbox]")
    page.keyboard.press("Space")
    settle(page)
    agreed = on_map(infrastructure, 2015, planned=True)
    assert symbols(page) == on_map(infrastructure, 2015) | agreed


@pytest.mark.parametrize("width", [TELEPHONE, 390, 1280])
def test_the_map_keeps_its_shape_and_fits_the_page(draw, width):
    page = draw(region_map(), width)
    box = page.locator("#chart svg.marks").bounding_box()
    assert box["x"] + box["width"] <= width
    frame, height = page.evaluate("() => [view.signal('map_width'), view.signal('height')]")
    assert frame == pytest.approx(min(780, box["width"] - 28), abs=20)
    assert height / frame == pytest.approx(0.694, abs=0.01)
    assert cut(page) == []
    assert raw(page) == []


def test_keyboard_chooses_state_flow_and_scale(draw):
    page = draw(trade_explorer())
    assert "Kazakhstan’s exports to China" in words(page)
    tab_to(page, "select")
    page.keyboard.type("Kyr")
    tab_to(page, "input[type=radio]")
    page.keyboard.press("ArrowRight")
    settle(page)
    shown = words(page)
    assert "Kyrgyzstan’s imports from China" in shown
    assert "Mirror gap, median of 6 years: −82%" in shown
    assert "0" in shown
    tab_to(page, "select")
    tab_to(page, "input[type=radio]")
    page.keyboard.press("ArrowRight")
    settle(page)
    assert "0" not in words(page)
    assert "$100 m" in words(page)


@pytest.mark.parametrize("width", [TELEPHONE, 1000])
def test_every_choice_draws_a_line_for_each_report(draw, told, width):
    page = draw(trade_explorer(), width)
    for (country, partner, flow), rows in told.groupby(["country", "partner", "flow"]):
        page.evaluate(
            "async values => { for (const key in values) view.signal('trade_' + key, values[key]);"
            " await view.runAsync(); }",
            {"country": country, "partner": partner, "flow": flow},
        )
        shown = words(page)
        assert set(rows["series"]) <= set(shown), (country, partner, flow)
        assert shown.count("US dollars, current prices") == 1
        assert cut(page) == [], (country, partner, flow)
    assert raw(page) == []
