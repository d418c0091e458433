"""The charts: what each one says, that it is the same every time, and what a keyboard does."""

import csv
import itertools
import json
import os
import re
import subprocess
import sys
from dataclasses import replace

import altair as alt
import numpy as np
import pandas as pd
import pytest
from altair.utils.schemapi import SchemaValidationError
from axe_playwright_python.sync_playwright import Axe
from conftest import LESSONS
from vega_page import TELEPHONE, cut, raw, show, stored
from vega_page import page as vega_page

from centralasia import charts, course, measures, tables
from centralasia.charts import grid, night, series, sight, theme

ORGANIZATIONS = ["CIS", "CST", "CSTO", "EurAsEC"]


def timeline():
    events = tables.load("events").query("power == 'russia' and stage == '1'")
    return charts.event_timeline(
        events,
        title="Moscow acted in Central Asia in each year from 1991 to 1995",
        description="Events of Russia's first stage in three lanes, one for each dimension.",
        periods=[(1991, 1992), (1993, 1995)],
    )


def timeline_by_state():
    return charts.event_timeline(
        tables.load("events"),
        title="What three powers did in each state",
        description="Events of three powers in five lanes, one for each state.",
        lanes="country",
    )


def matrix(on="1998-01-01"):
    return charts.membership_matrix(
        tables.load("memberships"),
        on=on,
        organizations=ORGANIZATIONS,
        title="Uzbekistan left the treaty in 1999",
        description="Four organizations by five states, with the status on a date.",
    )


def remittances():
    macro = tables.load("macro").query("indicator == 'remittances_gdp_pct'")
    return macro[macro["country"].isin(theme.STATES)]


def panels():
    return charts.small_multiples(
        remittances(),
        y="value",
        facet="country",
        title="Remittances by state",
        description="Five panels, one for each state.",
        source=charts.source_line("wdi_datahub_2026"),
        unit="% of GDP",
        annotate=pd.DataFrame({"year": [2008, 2022], "label": ["Crisis", "War in Ukraine"]}),
    )


def one_panel():
    return charts.lines(
        remittances(),
        y="value",
        color="country",
        title="Remittances by state",
        description="Five lines in one panel.",
        source=charts.source_line("wdi_datahub_2026"),
        unit="% of GDP",
    )


def claims():
    return charts.claim_grid(
        tables.load("claims").query("text == 'essay'"),
        title="The essay leaves half of the grid empty",
        description="Eight stages by three dimensions with the number of claims in each cell.",
        source="Source: the essay.",
    )


def verdicts():
    counts = tables.load("claims")["verdict"].value_counts().rename_axis("verdict")
    return charts.bars(
        counts.reset_index(name="claims"),
        label="verdict",
        value="claims",
        title="Verdicts",
        description="Bars with the number of claims for each verdict.",
        source="Source: the course's ledger.",
        unit="Number of claims",
    )


def passing():
    return charts.passing_chart()


CHARTS = {
    f.__name__: f
    for f in (timeline, timeline_by_state, matrix, panels, one_panel, claims, verdicts, passing)
}
AXIS_TITLES = {
    "timeline": {"Date"},
    "timeline_by_state": {"Date"},
    "one_panel": {"Year", "% of GDP"},
    "passing": {"Year"},
    "verdicts": {"Number of claims"},
}


@pytest.fixture(autouse=True)
def _theme():
    charts.use_theme()


def drawn(browser, chart, width=1280):
    page = browser.new_page(viewport={"width": width, "height": 900})
    return show(page, vega_page(stored(chart)))


def assert_no_barrier(page):
    found = Axe().run(page).response["violations"]
    serious = {v["id"] for v in found if v["impact"] in {"serious", "critical"}}
    # axe does not read generated text, which names the menu; the browser does.
    assert serious <= {"summary-name"}
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    named = {(n["role"]["value"], n.get("name", {}).get("value")) for n in tree if "role" in n}
    assert ("DisclosureTriangle", "Save chart") in named
    assert raw(page) == []


def words(page):
    return page.eval_on_selector_all("svg.marks text", "all => all.map(t => t.textContent)")


# --- what every chart says ---------------------------------------------------------------------


@pytest.mark.parametrize("name", CHARTS)
def test_chart_is_complete_and_small(name):
    spec = CHARTS[name]().to_dict(validate=True)
    text = json.dumps(spec, ensure_ascii=False)
    assert len(spec["description"]) > 20
    assert re.search(r"replace\(\"[^\"]{8,}", spec["title"]["text"]["expr"])
    assert "Source: " in text
    titles = set(re.findall(r'"title": "([^"]*)"', json.dumps({**spec, "datasets": {}})))
    assert titles >= AXIS_TITLES.get(name, set())
    assert "view_" not in text
    assert not re.search(r"param_\d", text)
    assert '"url"' not in text
    assert len(text.encode()) < 60_000 or name == "timeline_by_state"
    for control in (p for p in spec.get("params", []) if "bind" in p):
        assert control["bind"]["name"].strip()


def test_an_event_weighs_little_more_than_its_words():
    """A page on a phone loads each event that a timeline shows: no limit holds for all of them."""
    events = tables.load("events")
    words = events[["title", "description"]].sum(axis=1).str.encode("utf-8").str.len().sum()
    weight = len(json.dumps(timeline_by_state().to_dict(), ensure_ascii=False).encode())
    assert weight < 20_000 + words + 100 * len(events)


_BUILD = """
import hashlib, json, sys
sys.path.insert(0, "tests")
import test_charts as t
t.charts.use_theme()
names = sorted(t.CHARTS, reverse=sys.argv[1] == "backward")
made = {n: hashlib.sha256(json.dumps(t.CHARTS[n]().to_dict()).encode()).hexdigest() for n in names}
print(json.dumps(made, sort_keys=True))
"""


def test_chart_is_the_same_in_a_fresh_process_and_in_any_order(request):
    root = request.config.rootpath
    runs = [
        subprocess.run(
            [sys.executable, "-c", _BUILD, order],
            capture_output=True,
            text=True,
            check=True,
            cwd=root,
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout
        for order, seed in (("forward", "1"), ("backward", "2"))
    ]
    assert runs[0] == runs[1]
    assert len(json.loads(runs[0])) == len(CHARTS)


def test_theme_draws_offline_and_adds_no_random_name():
    bundle, metadata = alt.renderers.get()(one_panel().to_dict())
    assert set(bundle) == {"application/vnd.vegalite.v5+json", "image/png", "text/plain"}
    assert metadata["application/vnd.vegalite.v5+json"]["embed_options"] == theme.EMBED_OPTIONS
    assert theme.EMBED_OPTIONS["actions"]["editor"] is False


# --- colours -----------------------------------------------------------------------------------

POWERS = [power for power in course.subjects() if power.area]


def passing(powers):
    """What an author needs to know: the colours that would do for some powers."""
    found = {power.key: sight.free(power.key, POWERS, power.ranked)[:5] for power in powers}
    return f"edit the column color in data/powers.csv; these would pass: {found}"


def test_every_power_has_a_colour():
    wrong = [power for power in POWERS if not re.fullmatch("#[0-9a-f]{6}", power.color)]
    assert wrong == [], f"# and six hexadecimal digits, in small letters: {passing(wrong)}"


@pytest.mark.parametrize("eye", sight.SIGHTS)
def test_colours_of_powers_stay_apart(eye):
    """For the later of two: half as far where one of them is shown in lessons of its own alone."""
    close = [
        other
        for one, other in itertools.combinations(POWERS, 2)
        if sight.apart([one.color], [other.color], eye)[0, 0] < sight.least(one, other)
    ]
    assert close == [], passing(close)


@pytest.mark.parametrize("eye", sight.SIGHTS)
def test_colours_of_states_stay_apart(eye):
    colors = list(theme.STATE_COLORS.values())
    distances = sight.apart(colors, colors, eye)[np.triu_indices(len(colors), 1)]
    assert distances.min() >= 0.09, "edit STATE_COLORS in centralasia/charts/theme.py"


def test_no_power_shares_a_colour_with_a_state():
    states = list(theme.STATE_COLORS.values())
    close = [p for p in POWERS if sight.apart([p.color], states).min() <= sight.FROM_STATES]
    assert close == [], passing(close)


def test_free_colours_are_told_apart_by_name_and_there_is_room_for_more_powers():
    """Near blacks are no suggestion, and five powers that take the first of them all find one."""
    powers = [power for power in POWERS if power.ranked]
    for key in ("a", "b", "c", "d", "e"):
        free = sight.free(key, powers)
        lab = sight.oklab(free)
        assert lab[:, 0].min() >= sight.DARKEST
        hues = np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360 // sight.SECTOR
        assert len(set(hues)) == len(free) >= 1
        powers.append(replace(powers[0], key=key, color=free[0], ranked=False))
    for one, other in itertools.combinations(powers, 2):
        for eye in sight.SIGHTS:
            assert sight.apart([one.color], [other.color], eye)[0, 0] >= sight.least(one, other)
    assert all(theme.contrast(power.color) >= 3 for power in powers)


def test_marks_and_text_stand_out_from_the_paper():
    pale = [power for power in POWERS if theme.contrast(power.color) < 3]
    assert pale == [], f"too pale for marks on the paper: {passing(pale)}"
    colors = [*theme.POWER_COLORS.values(), *theme.STATE_COLORS.values()]
    assert min(theme.contrast(color) for color in colors) >= 3
    assert min(theme.contrast(theme.text_color(color)) for color in colors) >= 4.5
    assert min(theme.contrast(color) for color in (theme.INK, theme.MUTED)) >= 4.5


def test_every_colour_has_a_shape_and_a_dash_of_its_own():
    for colors, *others in (
        (theme.POWER_COLORS, theme.POWER_SHAPES, theme.POWER_DASHES),
        (theme.STATE_COLORS, theme.STATE_DASHES),
    ):
        for values in others:
            assert list(values) == list(colors)
            assert len(set(values.values())) == len(colors), (
                f"two powers share one of {list(values.values())}: give the newer another in the "
                "columns shape and dash of data/powers.csv"
            )


def test_every_state_has_a_look():
    states = list(course.states())
    for look in (theme.STATE_COLORS, theme.STATE_DASHES):
        assert list(look) == states, "edit centralasia/charts/theme.py"


def test_the_theme_holds_no_colour_of_a_power_or_state():
    """A palette in it would stand in every stored chart, and change with each new power."""
    config = json.dumps(alt.theme.get()() if callable(alt.theme.get()) else alt.theme.get())
    colors = [*theme.POWER_COLORS.values(), *theme.STATE_COLORS.values()]
    assert [color for color in colors if color in config] == []


# --- frame and folded table --------------------------------------------------------------------


def test_finished_chart_can_be_changed_further():
    chart = one_panel().properties(title="Another title", height=120)
    assert chart.to_dict()["title"] == "Another title"
    layered = one_panel() + alt.Chart(pd.DataFrame({"y": [10]})).mark_rule().encode(y="y:Q")
    assert layered.to_dict()["layer"]


def test_a_change_of_a_ready_chart_is_checked():
    chart = one_panel().properties(height=120)
    chart.title = 5
    with pytest.raises(SchemaValidationError, match="5"):
        chart.to_dict()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda f: f.stem)
def test_charts_of_a_lesson_fit_the_schema_of_vega_lite(lesson):
    specs = [
        output["data"]["application/vnd.vegalite.v5+json"]
        for cell in json.loads(lesson.read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
        if "application/vnd.vegalite.v5+json" in output.get("data", {})
    ]
    planned = course.lesson(lesson) in course.proper()
    assert specs or not planned, f"no chart: add one to {lesson}, which is no extra, and execute it"
    for spec in specs:
        # The renderer writes subtitles that break by the page's width, which the schema forbids.
        title = spec["title"] | {"subtitle": "of fixed length"}
        alt.Chart.validate(spec | {"title": title}, alt.LayerChart._rootschema)


def test_a_new_title_takes_the_place_of_the_old_one(browser):
    for name in ("one_panel", "panels"):
        page = drawn(browser, CHARTS[name]().properties(title="Another title"))
        assert "Another title" in words(page)
        assert "Remittances by state" not in words(page)
        page.close()


def test_charts_are_joined_before_they_are_finished(browser):
    bar = alt.Chart(pd.DataFrame({"x": ["a"], "y": [1]})).mark_bar().encode(x="x:N", y="y:Q")
    both = charts.finish(bar | bar, "Two bars", description="Two equal bars.", source="Source: x.")
    page = drawn(browser, both)
    assert {"Two bars", "Source: x."} <= set(words(page))
    page.close()
    with pytest.raises(TypeError, match="autosize"):
        one_panel() & one_panel()


def test_source_line_names_sources_or_says_where_they_are():
    assert charts.source_line("us_troops").startswith("Source: ")
    assert 'tables.sources("events")' in charts.source_line("events")
    assert charts.source_line("us_troops", note="Own sum.").endswith("Own sum.")
    with pytest.raises(KeyError, match="no_such_thing"):
        charts.source_line("no_such_thing")


def test_folded_table_is_a_table_for_every_reader():
    frame = pd.DataFrame({"state": ["A & B", "C"], "share": [0.5, np.nan], "usd": [12_000, 7]})
    table = charts.folded_table(frame, "Show the shares", "Shares", {"share": ".1%"})
    html = table._repr_html_()
    assert "<summary>Show the shares (2 rows)</summary>" in html
    assert html.count('scope="col"') == 3
    assert html.count('scope="row"') == 2
    assert "<caption>Shares</caption>" in html
    assert "A &amp; B" in html
    assert "50.0%" in html
    assert "<td>–</td>" in html
    assert "12,000" in html
    assert "color" not in html
    assert repr(table) == "Show the shares: 2 rows, 3 columns (state, share, usd)"


def test_folded_table_counts_what_it_leaves_out():
    html = charts.folded_table(pd.DataFrame({"n": range(30)}), max_rows=10)._repr_html_()
    assert html.count("<tr>") == 11
    assert "20 more rows" in html


# --- series ------------------------------------------------------------------------------------


def test_line_breaks_where_a_year_is_missing():
    frame = pd.DataFrame({"year": [2000, 2001, 2003], "v": [1.0, 2.0, 3.0], "country": "KAZ"})
    done = series.complete(frame, "year", "v", ["country"])
    assert done["year"].tolist() == [2000, 2001, 2002, 2003]
    assert done["alone"].tolist() == [False, False, False, True]


def test_second_value_for_one_year_is_refused():
    frame = pd.DataFrame({"year": [2000, 2000], "v": [1.0, 2.0], "country": "KAZ"})
    with pytest.raises(ValueError, match="second value"):
        series.complete(frame, "year", "v", ["country"])


def test_labels_keep_their_distance_inside_the_axis():
    data = pd.DataFrame({"x": 1, "y": [9.9, 9.8, 9.7, 2.0], "code": list("abcd")})
    places = series.label_heights(data, "x", "y", (0, 10), 150).sort_values()
    assert places.max() <= 10
    assert places.diff().dropna().min() >= 1 - 1e-9
    assert places.min() == 2.0


# --- grid --------------------------------------------------------------------------------------


def test_grid_counts_every_claim_once_or_says_that_it_has_no_cell():
    table = tables.load("claims").query("text == 'essay'")
    cells = grid._cells(table)
    ids = [i for text in cells["ids"] if text != "none" for i in text.split(", ")]
    assert len(cells) == 24
    assert len(ids) == len(set(ids)) == cells["n"].sum()
    outside = table[~table["claim_id"].isin(ids)]["dimension"].astype("str")
    assert set(outside) <= {"framing", "outlook"}
    assert f"{len(outside)} more claims" in json.dumps(claims().to_dict())


def test_numbers_on_cells_can_be_read():
    essay = tables.load("claims").query("text == 'essay'")
    fills = grid._cells(essay).query("n > 0")["fill"]
    for fill in (*fills, *map(night.dark, fills)):
        assert max(theme.contrast(fill, ink) for ink in ("#ffffff", "#000000")) >= 4.5


# --- timeline and matrix: errors ---------------------------------------------------------------


def test_empty_timeline_and_unknown_organization_say_what_is_wrong():
    with pytest.raises(ValueError, match="no event"):
        charts.event_timeline(tables.load("events").head(0), title="t", description="d")
    spells = tables.load("memberships")
    with pytest.raises(ValueError, match="XYZ"):
        charts.membership_matrix(spells, organizations=["XYZ"], title="t", description="d")
    with pytest.raises(ValueError, match="1980"):
        charts.membership_matrix(spells, on="1980-01-01", title="t", description="d")


def test_no_two_events_of_a_lane_stand_on_each_other():
    spec = timeline_by_state().to_dict()
    rows = csv.DictReader(max(spec["datasets"].values(), key=len).splitlines())
    places = [(row["on"], line) for row in rows for line in row["row"].split()]
    assert len(places) > len(tables.load("events"))
    assert len(places) == len(set(places))


# --- in the browser ----------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1280, 390, TELEPHONE])
@pytest.mark.parametrize("name", CHARTS)
def test_chart_fits_the_page_and_has_no_barrier(browser, name, width):
    page = drawn(browser, CHARTS[name](), width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    plot = page.locator("svg.marks").bounding_box()
    assert plot["width"] > 0.85 * min(width, 1050) or name == "panels"
    assert cut(page) == []
    if width == 1280:
        assert_no_barrier(page)
    page.close()


@pytest.mark.parametrize("name", CHARTS)
def test_chart_drawn_out_of_sight_fills_the_page_when_it_is_shown(browser, name):
    page = browser.new_page(viewport={"width": 700, "height": 900})
    hidden = '<div id="chart" style="display:none">'
    page.set_content(vega_page(stored(CHARTS[name]())).replace('<div id="chart">', hidden))
    page.wait_for_function("document.title == 'drawn'")
    for width in (650, 340):
        page.evaluate(f"chart.style.display = 'block'; chart.style.width = '{width}px'")
        page.wait_for_function(
            """() => {
              const box = document.querySelector('svg.marks').getBoundingClientRect();
              const all = [...document.querySelectorAll('svg.marks text')];
              const room = chart.getBoundingClientRect();
              return box.width > 0.8 * room.width && box.right <= room.right + 1
                && all.every(text => text.getBoundingClientRect().right <= box.right + 1);
            }""",
        )
    page.close()


def test_chart_fills_the_page_even_without_the_style_of_the_course(browser):
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    html = vega_page(one_panel().to_dict())
    page.set_content(html.replace(f"...{json.dumps(theme.EMBED_OPTIONS)},", "renderer: 'svg',"))
    page.wait_for_function(
        "document.querySelector('svg.marks')?.getBoundingClientRect().width > 700"
    )
    page.wait_for_timeout(1200)
    assert 700 < page.locator("svg.marks").bounding_box()["width"] < 1000
    page.close()


def test_subtitle_breaks_where_the_page_ends_and_one_of_the_reader_stays(browser):
    chart = timeline()
    subtitle = " ".join(chart.to_dict()["title"]["subtitle"])
    for width, lines in ((1280, 1), (TELEPHONE, 3)):
        page = drawn(browser, chart, width)
        shown = page.eval_on_selector_all(
            ".role-title-subtitle :is(tspan, text:not(:has(*)))",
            "all => all.map(line => line.textContent)",
        )
        assert " ".join(shown) == subtitle
        assert len(shown) == lines
        page.close()
    own = chart.properties(title={"text": "Mine", "subtitle": ["one", "two"]})
    assert stored(own)["title"]["subtitle"] == ["one", "two"]


@pytest.mark.parametrize("width", [1280, TELEPHONE])
def test_long_events_end_above_the_source_line(browser, width):
    events = tables.load("events")
    longest = events.loc[(events["title"] + events["description"]).str.len().nlargest(4).index]
    chart = charts.event_timeline(longest, title="Long texts", description="Four events.")
    page = drawn(browser, chart, width)
    for place in range(1, 5):
        page.get_by_role("slider", name="Event").fill(str(place))
        page.wait_for_function(
            "text => document.querySelector('svg.marks').textContent.includes(text)",
            arg=f"{place} of 4",
        )
        text, source = page.evaluate(
            """() => {
              const all = [...document.querySelectorAll('svg.marks text')];
              const one = test => all.find(t => test(t.textContent)).getBoundingClientRect();
              const source = one(text => text.startsWith('Source: '));
              return [one(text => text.includes(' of 4 ')).bottom, source.top];
            }"""
        )
        assert text <= source
    page.close()


def test_panels_take_as_many_columns_as_fit(browser):
    for width, columns in ((1280, 3), (700, 2), (390, 1)):
        page = drawn(browser, panels(), width)
        lefts = page.evaluate(
            """[...document.querySelectorAll('svg.marks .role-scope > g > path.background')]
               .map(p => Math.round(p.getBoundingClientRect().left))"""
        )
        assert len(set(lefts)) == columns
        page.close()


def test_a_number_shows_what_its_cell_shows(browser):
    page = drawn(browser, claims())
    told = tables.load("claims").query("power == 'russia' and stage == '3'")
    count = str((told["dimension"] == "institutional").sum())
    for text, said in ((count, "RU-10"), ("none", "Claims:")):
        page.locator("svg.marks text", has_text=re.compile(f"^{text}$")).first.hover()
        page.wait_for_function(
            "said => document.querySelector('#vg-tooltip-element')?.innerText.includes(said)",
            arg=said,
        )
        page.mouse.move(1, 1)
    page.close()


def test_a_list_of_one_choice_is_left_out(browser):
    events = tables.load("events").query("power == 'china' and stage == '1'")
    chart = charts.event_timeline(events, title="One stage", description="Events in lanes.")
    page = drawn(browser, chart)
    names = page.eval_on_selector_all(".vega-bind-name", "all => all.map(e => e.textContent)")
    assert names == ["Dimension", "Event"]
    assert any(text.startswith(f"1 of {len(events)} ") for text in words(page))
    page.close()


def test_timeline_is_read_and_filtered_by_keyboard(browser):
    events = tables.load("events").query("power == 'russia' and stage == '1'")
    page = drawn(browser, timeline())
    assert any(text.startswith(f"1 of {len(events)} ") for text in words(page))
    page.get_by_role("slider", name="Event").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "text => document.querySelector('svg.marks').textContent.includes(text)",
        arg=f"3 of {len(events)} ",
    )
    security = events[events["dimension"] == "security"].sort_values(["date", "event_id"])
    page.get_by_role("combobox", name="Dimension").select_option("security")
    wanted = f"3 of {len(security)}"
    page.wait_for_function(
        "text => document.querySelector('svg.marks').textContent.includes(text)", arg=wanted
    )
    assert security["title"].iloc[2] in " ".join(words(page))
    page.get_by_role("combobox", name="Years").select_option("1993–1995")
    late = security[security["date"].dt.year >= 1993]
    page.wait_for_function(
        "text => document.querySelector('svg.marks').textContent.includes(text)",
        arg=f"3 of {len(late)}",
    )
    page.close()


@pytest.mark.parametrize(
    "on", ["1992-05-15", "1999-04-20", "1999-04-21", "2006-06-23", "2012-12-31", "2025-01-01"]
)
def test_matrix_shows_who_belonged_on_the_day(browser, on):
    page = drawn(browser, matrix(on))
    cells = page.eval_on_selector_all(
        "svg.marks .mark-rect path[aria-label]", "all => all.map(c => c.ariaLabel)"
    )
    said = [re.fullmatch(r"(.+), (.+): (member|in law)", cell) for cell in cells]
    shown = [match.group(1, 2) for match in said if match]
    labels = [text for text in words(page) if text in {"member", "in law"}]
    spells = tables.load("memberships")
    names = tables.load("countries").set_index("country")["name"]
    wanted = {
        (org, names[state])
        for org in ORGANIZATIONS
        for state in measures.members_on(spells, org, on)
        if state in theme.STATES
    }
    assert set(shown) == wanted
    assert len(shown) == len(labels) == len(wanted)
    page.close()


def test_matrix_follows_the_sliders(browser):
    page = drawn(browser, matrix("1999-04-01"))
    before = words(page).count("member")
    assert "On 1 April 1999" in words(page)
    page.get_by_role("slider", name="Month").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('svg.marks').textContent.includes('1 May 1999')")
    assert words(page).count("member") == before - 1
    page.close()
