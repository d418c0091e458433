"""The charts of the book as people use them: tabs, files, dark and paper, steps, what is said."""

import csv
import io
import json
import re

import pytest
from bs4 import BeautifulSoup
from conftest import LESSONS, each_lesson
from playwright.sync_api import expect
from sites import DRAWN, SHOTS, built, served, violations, watched

from centralasia import course, notebooks
from centralasia.charts import night, sight, theme
from centralasia.site.book import lessons

PAPER = night.dark(theme.PAPER)
POWERS = [power for power in course.subjects() if power.area]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return built("book", tmp_path_factory.mktemp("site"))


@pytest.fixture
def page(browser):
    opened = browser.new_context(viewport={"width": 1280, "height": 800})
    yield watched(opened)
    opened.close()


def open_page(page, site, name):
    page.goto((site / f"lessons/{name}.html").as_uri())
    page.wait_for_function(DRAWN)
    asked = page.get_by_role("button", name="Show what the record says")
    while asked.count():
        asked.first.click()


def tab(chart, name):
    return chart.get_by_role("tab", name=name, exact=True)


# --- tabs ---------------------------------------------------------------------------------------


@each_lesson
def test_every_chart_has_its_table_its_source_and_its_files(path, page, site):
    open_page(page, site, path.stem)
    for chart in page.locator(".ca-chart").all():
        tab(chart, "Table").click()
        tables = chart.locator(".ca-of-table table").all()
        assert tables
        for table in tables:
            heads = table.locator("thead th").all_inner_texts()
            assert len(heads) == len(set(heads)) >= 2
            assert all(head[:1] == head[:1].upper() and "_" not in head for head in heads)
            rows = table.locator("tbody tr").count()
            assert 2 <= rows <= 200
            cells = set(table.locator("tbody td").all_inner_texts())
            assert not cells & {*theme.STATES, *theme.POWER_NAMES}, "codes in place of names"
            assert not cells & {"NaN", "null", "undefined", "[object Object]"}
        tab(chart, "Source").click()
        source = chart.locator(".ca-of-source")
        expect(source).not_to_contain_text("Looking up")
        assert "course" in source.inner_text() or source.locator("li").count()
        for link in source.locator("a").all():
            href = link.get_attribute("href")
            assert href.startswith("http") or (site / "codebook.html").as_uri() in href
        tab(chart, "Download").click()
        expect(chart.get_by_role("button", name=re.compile("^Save"))).to_have_count(len(tables) + 2)
        tab(chart, "Chart").click()
        expect(chart.locator("svg.marks").first).to_be_visible()
    assert page.errors == page.abroad == []


def test_tabs_follow_the_keys_of_their_pattern(page, site):
    open_page(page, site, LESSONS[1].stem)
    chart = page.locator(".ca-chart").nth(1)
    tab(chart, "Chart").focus()
    for key, name in (
        ("ArrowRight", "Table"),
        ("ArrowLeft", "Chart"),
        ("ArrowLeft", "Download"),
        ("Home", "Chart"),
        ("End", "Download"),
        ("ArrowRight", "Chart"),
        ("ArrowRight", "Table"),
    ):
        page.keyboard.press(key)
        expect(tab(chart, name)).to_be_focused()
        expect(tab(chart, name)).to_have_attribute("aria-selected", "true")
        expect(chart.get_by_role("tabpanel")).to_have_count(1)
        expect(chart.get_by_role("tabpanel", name=name, exact=True)).to_be_visible()
    page.keyboard.press("Tab")
    expect(chart.get_by_role("region", name="Table")).to_be_focused()


def saved(page, chart, name):
    with page.expect_download() as given:
        chart.get_by_role("button", name=name).click()
    return given.value


def test_files_hold_the_numbers_and_a_light_picture(browser, site):
    opened = browser.new_context(color_scheme="dark", accept_downloads=True)
    page = watched(opened)
    open_page(page, site, LESSONS[0].stem)
    chart = page.locator(".ca-chart").nth(4)
    tab(chart, "Download").click()
    data = saved(page, chart, "Save the data as CSV")
    assert data.suggested_filename == f"{LESSONS[0].stem}-chart-5.csv"
    text = data.path().read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    stored = datasets(LESSONS[0], 4)
    assert len(rows) == sum(row["share"] is not None for row in stored)
    assert float(rows[0]["% of all trade"]) == stored[0]["share"]
    assert {row["State"] for row in rows} == set(theme.STATE_NAMES.values())
    drawing = saved(page, chart, "Save the picture as SVG").path().read_text("utf-8")
    assert theme.PAPER in drawing
    assert PAPER not in drawing
    picture = saved(page, chart, "Save the picture as PNG").path().read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert page.errors == page.abroad == []
    opened.close()


def specs(path):
    return [
        output["data"]["application/vnd.vegalite.v5+json"]
        for cell in json.loads(path.read_text("utf-8"))["cells"]
        for output in cell.get("outputs", [])
        if "application/vnd.vegalite.v5+json" in output.get("data", {})
    ]


def datasets(path, number):
    found = specs(path)[number]["datasets"]
    return max(found.values(), key=len)


def test_every_stored_chart_knows_its_sources():
    for path in LESSONS:
        for spec in specs(path):
            about = spec["usermeta"]["centralasia"]
            assert about.get("sources") or about["source"].startswith("Source: the course's ")


# --- light, dark and paper ----------------------------------------------------------------------


def test_dark_colours_stand_out_and_stay_apart():
    colors = [*theme.POWER_COLORS.values(), *theme.STATE_COLORS.values()]
    turned = [night.dark(color) for color in colors]
    assert min(theme.contrast(color, PAPER) for color in turned) >= 3
    texts = [*map(theme.text_color, colors), theme.INK, theme.MUTED]
    assert min(theme.contrast(night.dark(color), PAPER) for color in texts) >= 4.5
    for eye in sight.SIGHTS:
        for n, one in enumerate(POWERS):
            for other in POWERS[:n]:
                far = sight.apart([night.dark(one.color)], [night.dark(other.color)], eye)[0, 0]
                assert far >= sight.least(other, one), (one.key, other.key, eye)
        states = [night.dark(color) for color in theme.STATE_COLORS.values()]
        far = sight.apart(states, states, eye)
        assert min(far[a, b] for a in range(len(states)) for b in range(a)) >= 0.09


def test_each_dark_colour_leads_back_to_one_that_is_light():
    found = night.table({f"#{n:02x}{n:02x}{n:02x}" for n in range(256)})
    assert len(set(found.values())) == 256


CONTRAST = """() => {
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  const over = (top, below, alpha) => top.map((c, n) => c * alpha + below[n] * (1 - alpha));
  const low = [];
  for (const svg of document.querySelectorAll(".ca-chart svg.marks")) {
    const paper = parts(getComputedStyle(svg.closest(".ca-chart")).backgroundColor).slice(0, 3);
    const shapes = [...svg.querySelectorAll("path")].filter((path) => {
      const { fill, fillOpacity, opacity } = getComputedStyle(path);
      return fill !== "none" && fillOpacity * opacity > 0.05;
    });
    for (const text of svg.querySelectorAll("text")) {
      const { fill, opacity, fillOpacity } = getComputedStyle(text);
      const box = text.getBoundingClientRect();
      const seen = fill !== "none" && opacity * fillOpacity >= 0.2;
      if (!text.textContent || !seen || !box.width) continue;
      const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
      let ground = paper;
      for (const path of shapes) {
        if (path.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_PRECEDING) continue;
        const at = path.getBoundingClientRect();
        if (x < at.left || x > at.right || y < at.top || y > at.bottom) continue;
        const point = new DOMPoint(x, y).matrixTransform(path.getScreenCTM().inverse());
        if (!path.isPointInFill(point)) continue;
        const look = getComputedStyle(path);
        ground = over(parts(look.fill).slice(0, 3), ground, look.fillOpacity * look.opacity);
      }
      const ink = over(parts(fill).slice(0, 3), ground, opacity * fillOpacity);
      const [a, b] = [light(ink), light(ground)].sort((p, q) => q - p);
      const ratio = (a + 0.05) / (b + 0.05);
      if (ratio < 4.5) low.push([svg.closest(".ca-chart").id, text.textContent, +ratio.toFixed(2)]);
    }
  }
  return low;
}"""


BLACK = """() => [...document.querySelectorAll(".ca-chart svg.marks path")].filter((path) => {
  const { fill, stroke } = getComputedStyle(path);
  return [fill, stroke].includes("rgb(0, 0, 0)") && path.getBoundingClientRect().width;
}).map((path) => path.outerHTML.slice(0, 200))"""


@each_lesson
def test_texts_of_dark_charts_can_be_read(path, browser, site):
    """Measured for each text against what lies under its middle; in the light, as a yardstick."""
    low = {}
    for scheme in ("light", "dark"):
        opened = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=scheme)
        page = watched(opened)
        open_page(page, site, path.stem)
        look = page.locator(".ca-chart").first.get_attribute("data-look")
        assert look == scheme
        low[scheme] = {(chart, text) for chart, text, _ in page.evaluate(CONTRAST)}
        assert scheme == "light" or page.evaluate(BLACK) == []
        assert page.errors == []
        opened.close()
    assert low["dark"] <= low["light"]


def paper_of(drawing):
    color = drawing.evaluate("node => getComputedStyle(node).backgroundColor")
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", color)[:3])


def theme_of(page):
    return page.evaluate("document.body.dataset.theme")


def test_the_books_own_switch_turns_charts_and_keeps_what_was_chosen(page, site):
    open_page(page, site, LESSONS[0].stem)
    chart = page.locator(".ca-chart").nth(2)
    expect(chart).to_have_attribute("data-look", "light")
    chart.get_by_role("slider", name="Year").fill("2003")
    for _ in range(3):
        page.locator(".theme-toggle").locator("visible=true").first.click()
        if theme_of(page) == "dark":
            break
    expect(chart).to_have_attribute("data-look", "dark")
    expect(chart.get_by_role("slider", name="Year")).to_have_value("2003")
    expect(chart.locator("svg.marks")).to_contain_text("On 1 January 2003")
    assert paper_of(chart.locator("svg.marks")) == PAPER
    assert violations(page, [".ca-chart"]) == []
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    on_paper = chart.locator(".ca-paper svg.marks")
    assert paper_of(on_paper) == theme.PAPER
    expect(on_paper).to_contain_text("On 1 January 2003")
    page.emulate_media(media="print")
    expect(chart.locator(".ca-of-source")).to_be_visible()
    expect(chart.locator(".ca-tabs")).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(chart.locator(".ca-paper")).to_have_count(0)
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.pdf(path=SHOTS / "book-charts-print.pdf")
    assert page.errors == []


# --- controls -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_a_slider_is_in_sight_with_its_chart_and_can_walk(width, height, browser, site):
    opened = browser.new_context(viewport={"width": width, "height": height})
    page = watched(opened)
    open_page(page, site, LESSONS[0].stem)
    chart = page.locator(".ca-chart").nth(3)
    chart.evaluate("node => window.scrollTo(0, node.getBoundingClientRect().top + scrollY - 90)")
    slider = chart.get_by_role("slider", name="Year")
    expect(slider).to_be_in_viewport(ratio=1)
    slider.fill("2000")
    chart.get_by_role("button", name="One step on").click()
    expect(slider).to_have_value("2001")
    chart.get_by_role("button", name="One step back").click()
    expect(slider).to_have_value("2000")
    play = chart.get_by_role("button", name="Play")
    expect(play).to_be_in_viewport(ratio=1)
    box = chart.bounding_box()
    assert box["x"] + box["width"] <= width
    play.click()
    page.wait_for_function("node => Number(node.value) >= 2003", arg=slider.element_handle())
    chart.get_by_role("button", name="Pause").click()
    expect(chart.get_by_role("button", name="Play")).to_be_visible()
    expect(chart.get_by_role("status")).to_contain_text("site")
    assert page.errors == []
    opened.close()


def test_what_a_slider_changed_is_said(page, site):
    open_page(page, site, LESSONS[0].stem)
    chart = page.locator(".ca-chart").nth(1)
    slider = chart.get_by_role("slider", name="Event")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(chart.get_by_role("status")).to_contain_text("2 of ")
    expect(chart.get_by_role("status")).to_contain_text("1991")


def test_an_event_is_picked_by_finger_on_a_phone(browser, site):
    opened = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = watched(opened)
    open_page(page, site, LESSONS[1].stem)
    chart = page.locator(".ca-chart").first
    mark = chart.locator("svg.marks .mark-symbol path[aria-label]").nth(20)
    dimension = rf", ({'|'.join(theme.DIMENSIONS)}): "
    assert re.search(dimension, mark.get_attribute("aria-label"))
    title = mark.get_attribute("aria-label").split(": ", 1)[1]
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2 + 3, box["y"] + box["height"] / 2 + 3)
    expect(chart.get_by_role("status")).to_contain_text(title)
    expect(chart.get_by_role("slider", name="Event")).not_to_have_value("1")
    assert page.errors == []
    opened.close()


def phone(browser, **options):
    """Open a page of a phone that is worked by finger."""
    look = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
    return watched(browser.new_context(**look, **options))


MARK = """(chart) => {
  const marks = [...chart.querySelectorAll("svg.marks path")].filter(({ __data__: item }) =>
    item?.tooltip && !["line", "area", "trail"].includes(item.mark.marktype));
  if (!marks.length) return null;
  const mark = marks[Math.floor(marks.length / 2)];
  mark.scrollIntoView({ block: "center", behavior: "instant" });
  const { x, y, width, height } = mark.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}"""
"""The middle of one of the marks that tell something under a mouse."""


def at_rest(chart):
    """Return the middle of a mark once what stands above it no longer grows."""
    spot = None
    while spot != (spot := chart.evaluate(MARK)):
        chart.page.wait_for_timeout(300)
    return spot


@each_lesson
def test_a_finger_and_a_keyboard_read_what_a_mouse_reads(path, browser, site):
    page = phone(browser)
    open_page(page, site, path.stem)
    for chart in page.locator(".ca-chart:visible").all():
        if '"tooltip"' not in chart.locator("script").text_content():
            continue
        said = chart.locator(".ca-names p")
        label = chart.locator(".ca-label")
        if spot := at_rest(chart):
            page.touchscreen.tap(*spot)
            expect(label).to_be_visible()
            assert re.search(r"\w", label.inner_text())
        if chart.locator(".ca-names").is_hidden():  # a slider goes through these one by one
            expect(chart.locator("input[name=nth]")).to_be_visible()
            continue
        read = []
        chart.get_by_role("button", name="Read the next mark").focus()
        for key in ("Enter", "Space", "Enter"):
            page.keyboard.press(key)
            expect(said.locator("strong")).to_be_visible()
            read.append(said.inner_text())
            expect(chart.get_by_role("status")).to_have_text(read[-1])
        assert len(set(read)) >= 2, "one goes from mark to mark"
        assert not [text for text in read if re.search(r"undefined|NaN|\b[a-z]+_[a-z]+:", text)]
    assert page.errors == page.abroad == []
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_symbol_of_the_map_has_its_name_by_finger(scheme, browser, site):
    """Where several lie on one place, one tap after another names them all."""
    page = phone(browser, color_scheme=scheme)
    page.goto((site / "index.html").as_uri())
    page.wait_for_function(DRAWN)
    chart = page.locator(".ca-chart").first
    said, onward = (
        chart.locator(".ca-names p"),
        chart.get_by_role("button", name="Read the next mark"),
    )
    expect(said).to_contain_text("Tap a mark in the chart")
    sites = set()
    while True:
        onward.tap()
        name = said.locator("strong").inner_text()
        if name in sites:
            break
        sites.add(name)
    told = chart.locator("svg.marks text", has_text="sites shown").text_content()
    shown = int(told.removesuffix(" sites shown"))
    assert len(sites) == shown > 30
    chart.get_by_role("button", name="Read the mark before").tap()
    expect(said.locator("strong")).not_to_have_text(name)
    # A crowd, at the foot of the mountains.
    spot = at_rest(chart)
    there = set()
    for _tap in range(6):
        page.touchscreen.tap(*spot)
        there.add(chart.locator(".ca-label strong").inner_text())
    assert len(there) > 1
    chart.locator(".ca-picture").evaluate("(node) => node.scrollIntoView({ block: 'start' })")
    page.screenshot(path=SHOTS / f"map-named-390-{scheme}.png")
    assert violations(page) == []
    # What no longer holds goes: the site may not be there in another year.
    chart.locator("input[type=range]").focus()
    page.keyboard.press("ArrowLeft")
    expect(chart.locator(".ca-label")).to_have_count(0)
    expect(said).to_contain_text("Tap a mark in the chart")
    assert page.errors == []
    page.context.close()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_words_of_the_event_that_was_picked_are_in_sight_on_a_phone(look, browser, site):
    page = phone(browser, color_scheme=look)
    open_page(page, site, LESSONS[0].stem)
    chart = page.locator(".ca-chart:has(input[name=nth])").first
    chart.evaluate("(node) => node.scrollIntoView({ block: 'start', behavior: 'instant' })")
    picked, told = chart.locator(".ca-picked"), chart.get_by_role("status")
    expect(picked).to_be_hidden()
    marks = chart.locator("svg.marks .mark-symbol path[aria-label]")
    places = marks.evaluate_all("all => all.map((one) => one.getBoundingClientRect().toJSON())")
    low = [n for n, box in enumerate(places) if 600 < box["y"] < 650][-1]
    mark = marks.nth(low)
    title, box = mark.get_attribute("aria-label").split(": ", 1)[1], mark.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(picked.locator("b")).to_have_text(title)
    expect(picked).to_be_in_viewport(ratio=1)
    expect(told).to_contain_text(title)
    # They do not cover the mark itself, once the page has scrolled.
    box = None
    while box != (box := mark.bounding_box()):
        page.wait_for_timeout(300)
    assert 0 < box["y"] < box["y"] + box["height"] < picked.bounding_box()["y"]
    page.screenshot(path=SHOTS / f"picked-{look}.png")
    # By keyboard too; and where the picture's own text is in sight, it stands there once.
    chart.get_by_role("slider", name="Event").press("ArrowRight")
    expect(picked.locator("b")).not_to_have_text(title)
    text = chart.locator("svg.marks text[aria-label]").last
    text.evaluate("(node) => node.scrollIntoView({ block: 'center', behavior: 'instant' })")
    expect(picked).to_be_hidden()
    assert violations(page, [".ca-chart"]) == []
    assert page.errors == []
    page.context.close()


def test_capitals_and_states_have_names_on_a_phone(browser, site):
    opened = browser.new_context(viewport={"width": 390, "height": 844})
    page = watched(opened)
    open_page(page, site, LESSONS[0].stem)
    of_map = page.locator(".ca-chart").nth(3).locator("svg.marks text")
    for name in ("Astana", "Bishkek", "Tashkent", "Ashgabat", "Dushanbe"):
        assert (
            of_map.get_by_text(name, exact=True).first.evaluate("n => getComputedStyle(n).opacity")
            == "1"
        )
    heads = page.locator(".ca-chart").nth(2).locator("svg.marks text[aria-label]")
    said = heads.evaluate_all("all => all.map((node) => node.getAttribute('aria-label'))")
    assert set(theme.STATE_NAMES.values()) <= set(said)
    shown = page.locator(".ca-chart").nth(2).locator("svg.marks").text_content()
    assert "Turkmeni-" in shown
    opened.close()


# --- what the text tells people to do -----------------------------------------------------------

ASKS = re.compile(r"^(?:Now )?(?:Choose|Move|Press|Open|Walk|Click|Tick|Drag|Pick)\b")
NAMED = re.compile("⟨(.+?)⟩")


def asked_of_readers(html):
    """Return the sentences that tell a reader to use something, each with the names that it has."""
    article = BeautifulSoup(html, "html.parser").article
    for part in article.select(".cell, script, pre"):
        part.decompose()
    for named in article.select("em, strong"):
        named.replace_with(f"⟨{named.get_text()}⟩")
    for block in article.find_all(["p", "li"]):
        for sentence in re.split(r"(?<=[.!?:])\s+", " ".join(block.get_text().split())):
            if ASKS.match(sentence):
                yield sentence, NAMED.findall(sentence)


@each_lesson
def test_what_the_text_tells_people_to_use_is_there(path, page, site):
    html = (site / f"lessons/{path.stem}.html").read_text("utf-8")
    open_page(page, site, path.stem)
    for sentence, names in asked_of_readers(html):
        assert "legend" not in sentence, sentence
        assert names or not re.search(r"\b(slider|list|button|box)s?\b", sentence), sentence
        for name in names:
            use(page, name, sentence)
    assert page.errors == page.abroad == []


def use(page, name, sentence):
    """Use the control of a name, whatever its kind."""
    labelled = page.locator(".vega-bind").filter(has=page.get_by_text(name, exact=True))
    if labelled.count():
        control = labelled.first.locator("input, select").first
        before = control.input_value()
        control.focus()
        if control.get_attribute("type") == "radio":
            labelled.first.locator("input").last.check()
        elif control.evaluate("node => node.localName") == "select":
            control.select_option(index=1)
        else:
            page.keyboard.press(
                "ArrowLeft" if before == control.get_attribute("max") else "ArrowRight"
            )
            assert control.input_value() != before, sentence
        return
    button = page.get_by_role("button", name=name).or_(page.get_by_role("tab", name=name))
    button = button.or_(page.get_by_label(name))
    assert button.count(), f"{sentence!r} names {name!r}, which is not on the page"


# --- code and live results ----------------------------------------------------------------------


def test_code_that_only_serves_is_folded_and_one_switch_shows_all(page, site):
    path = LESSONS[3]
    serving = [cell.id for cell in notebooks.read(path).cells if cell.metadata.get("jupyter")]
    open_page(page, site, path.stem)
    folds = page.locator("details.above-input")
    served = page.locator(".tag_serves details.above-input")
    assert served.count() == len(serving) >= 3
    for fold in served.all():
        expect(fold).to_be_hidden()
    expect(page.locator("details.above-input[open]")).to_have_count(0)
    switch = page.get_by_label("Show all code")
    switch.check()
    expect(page.locator("details.above-input[open]")).to_have_count(folds.count())
    expect(served.first).to_be_visible()
    open_page(page, site, LESSONS[4].stem)
    expect(page.get_by_label("Show all code")).to_be_checked()
    page.get_by_label("Show all code").uncheck()
    expect(page.locator(".tag_serves details.above-input").first).to_be_hidden()
    assert page.errors == []


FRAME = """<table border="1" class="dataframe"><thead><tr style="text-align: right;">
<th></th><th>n_events</th><th>first_day</th><th>KAZ</th></tr>
<tr><th>country</th><th></th><th></th><th></th></tr></thead><tbody>
<tr><th>TJK</th><td>3</td><td>2003-09-22</td><td>NaN</td></tr>
<tr><th>UZB;KGZ</th><td>−1.5</td><td>1994-03</td>
<td>A sentence of more than forty letters, which gets room</td></tr>
</tbody></table>"""
CELLS = """all => all.map((cell) => [cell.textContent, cell.className])"""


def test_a_live_table_looks_like_the_stored_ones(page, site):
    made = lessons._plain(BeautifulSoup(FRAME, "html.parser"))
    soup = BeautifulSoup(made, "html.parser")
    stored = [[cell.get_text(), cell.get("class", "")] for cell in soup.select("th, td")]
    stored = [[text, " ".join(kind) if isinstance(kind, list) else kind] for text, kind in stored]
    with served(site) as address:
        page.goto(f"{address}lessons/{LESSONS[0].stem}.html")
        page.evaluate(
            """async ([html, script]) => {
              const { sayTable } = await import(script);
              const place = document.createElement("div");
              Object.assign(place, { id: "try", innerHTML: html });
              document.querySelector("article").append(place);
              sayTable(place.querySelector("table"));
            }""",
            [FRAME, f"{address}_static/live.js"],
        )
        live = page.locator("#try :is(th, td)").evaluate_all(CELLS)
    assert live == stored
