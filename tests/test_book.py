"""The book in a real browser, opened from the disk: every page, every chart, every link."""

import html
import json
import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from conftest import LESSONS, each_lesson
from playwright.sync_api import expect
from sites import LOOKS, ROOT, SHOTS, built, violations, watched
from test_leaks import NAMES, is_telling, secrets, squeezed

from centralasia import tables

EXERCISES = sorted((ROOT / "exercises").glob("*/*.ipynb"))
KINDS = ("index", "search", "glossary", "claims/CN-25", f"lessons/{LESSONS[0].stem}")
"""One page of each kind, looked at in every look."""
AXED = {"index", *tables.load("claims").drop_duplicates("verdict")["claim_id"]}
"""A claim of each verdict: their pages differ in words alone, and axe takes its time."""
DRAWN = "[...document.querySelectorAll('.ca-chart')].every(c => c.dataset.state === 'drawn')"
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return built("book", tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def pages(site):
    """The text of every page, by its path in the site."""
    found = [path for path in site.rglob("*.html") if "lite" not in path.relative_to(site).parts]
    return {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in sorted(found)}


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}", scope="module")
def look(request, browser):
    """A page of a width and a colour scheme."""
    width, scheme = request.param
    viewport = {"width": width, "height": 900}
    opened = browser.new_context(viewport=viewport, color_scheme=scheme)
    page = watched(opened)
    page.look = f"{width}-{scheme}"
    yield page
    opened.close()


@pytest.fixture
def page(browser):
    opened = browser.new_context(viewport={"width": 1280, "height": 900})
    yield watched(opened)
    opened.close()


def open_page(page, site, name):
    page.goto((site / name).as_uri())
    page.wait_for_function(DRAWN)


def test_the_book_has_a_page_for_everything(pages):
    wanted = {f"lessons/{path.stem}.html" for path in LESSONS}
    wanted |= {f"guide/{path.stem}.html" for path in LESSONS} | {"guide/index.html"}
    wanted |= {f"exercises/{path.stem}.html" for path in EXERCISES}
    wanted |= {f"claims/{claim}.html" for claim in tables.load("claims")["claim_id"]}
    reference = ("index", "search", "404", "glossary", "bibliography", "codebook", "events")
    wanted |= {f"{name}.html" for name in (*reference, "claims/index")}
    assert set(pages) == wanted


def test_every_page_in_every_look(look, site, pages):
    """All pages in two looks that differ in width and scheme, one of each kind in the others."""
    whole = look.look in ("1280-light", "390-dark")
    faults = {}
    for name in pages:
        kind = name.removesuffix(".html")
        if not (kind in KINDS or (whole and (look.look == "1280-light" or "claims/" not in kind))):
            continue
        open_page(look, site, name)
        alike = kind.startswith("claims/") and kind not in KINDS and kind[7:] not in AXED
        found = [] if alike else violations(look)
        if look.evaluate(OVERFLOW) > 0:
            found.append("wider than the window")
        if found:
            faults[name] = found
        if kind in KINDS:
            SHOTS.mkdir(parents=True, exist_ok=True)
            look.screenshot(path=SHOTS / f"book-{kind.replace('/', '-')}-{look.look}.png")
    assert faults == {}
    assert look.errors == []
    assert look.abroad == []


def test_every_link_leads_somewhere(site, pages):
    ids = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in pages.items()}
    dead = [
        (name, link)
        for name, text in pages.items()
        for link in re.findall(r'\b(?:href|src)="([^"]*)"', text)
        if not leads_somewhere(site, name, html.unescape(link), ids)
    ]
    assert dead == []


def leads_somewhere(site, name, link, ids):
    target = urlsplit(link)
    if target.scheme:
        return target.scheme in ("https", "http", "data") and bool(target.netloc or target.path)
    place = (site / name).parent / unquote(target.path) if target.path else site / name
    path = place.resolve().relative_to(site.resolve()).as_posix()
    if path == "lite/notebooks/index.html":
        return (ROOT / parse_qs(target.query)["path"][0]).is_file()
    if path.startswith("lite/"):
        return path == "lite/index.html" or (ROOT / path.removeprefix("lite/files/")).is_file()
    if not target.fragment or path not in ids:
        return place.is_file()
    return unquote(target.fragment) in ids[path] or target.fragment == ""


def test_a_claims_page_says_what_it_rests_on(pages):
    claims = tables.load("claims").set_index("claim_id")
    sources = tables.load("sources").set_index("source_id")
    cited = tables.load("claim_sources").query("claim_id == 'CN-25'")
    text = html.unescape(pages["claims/CN-25.html"])
    for part in ("claim", "finding", "correction"):
        assert claims.loc["CN-25", part] in text
    assert all(sources.loc[key, "title"] in text for key in cited["source_id"])
    assert "Wrong: the record says otherwise" in text
    assert 'href="../lessons/06-' in text


@each_lesson
def test_every_chart_answers_to_keyboard_and_mouse(path, page, site):
    open_page(page, site, f"lessons/{path.stem}.html")
    specs = [
        output["data"]["application/vnd.vegalite.v5+json"]
        for cell in json.loads(path.read_text("utf-8"))["cells"]
        for output in cell.get("outputs", [])
        if "application/vnd.vegalite.v5+json" in output.get("data", {})
    ]
    charts = page.locator(".ca-chart")
    expect(charts).to_have_count(len(specs))
    bound = 0
    for number, spec in enumerate(specs):
        chart = charts.nth(number)
        chart.scroll_into_view_if_needed()
        controls = chart.locator(".vega-bindings").locator("input, select").all()
        bound += len(controls)
        for control in controls:
            use(page, chart, control)
        if '"tooltip"' in json.dumps(spec):
            point_at_a_mark(page, chart)
        SHOTS.mkdir(parents=True, exist_ok=True)
        chart.screenshot(path=SHOTS / f"chart-{path.stem}-{number + 1}.png")
    assert bound >= sum("bind" in param for s in specs for param in s.get("params", []))
    assert page.errors == page.abroad == []


def use(page, chart, control):
    """Move one control of a chart by key and by mouse, and back; the drawing must follow."""
    kind = control.evaluate("node => node.type")
    control.focus()
    if kind == "range":
        at, low, high = control.evaluate("n => [n.value, n.min, n.max].map(Number)")
        follows(chart, lambda: page.keyboard.press("ArrowRight" if at < high else "ArrowLeft"))
        box = control.bounding_box()
        share = 0.2 if (at - low) / (high - low) > 0.5 else 0.8
        spot = {"x": box["width"] * share, "y": box["height"] / 2}
        follows(chart, lambda: control.click(position=spot))
        follows(chart, lambda: control.fill(f"{at:g}"))
    elif kind == "checkbox":
        follows(chart, lambda: page.keyboard.press("Space"))
        follows(chart, lambda: control.click())
    elif kind == "radio" and not control.is_checked():
        follows(chart, lambda: page.keyboard.press("Space"))
    elif kind == "select-one":
        at, last = control.evaluate("n => [n.selectedIndex, n.options.length - 1]")
        if last:  # a timeline of one stage offers one period
            follows(chart, lambda: page.keyboard.press("ArrowDown" if at < last else "ArrowUp"))
            follows(chart, lambda: control.select_option(index=at))


def follows(chart, action):
    drawn = chart.locator("svg.marks")
    before = drawn.inner_html()
    action()
    for _ in range(60):
        if drawn.inner_html() != before:
            return
        chart.page.wait_for_timeout(50)
    name = chart.page.evaluate("document.activeElement.name")
    raise AssertionError(f"{chart.get_attribute('id')} did not follow {name}")


def point_at_a_mark(page, chart):
    """Move the mouse over a chart's marks until one tells what it stands for."""
    told = page.locator("#vg-tooltip-element.visible")
    # A number may lie on the middle of a mark; its corner is free.
    for spot in (None, {"x": 2, "y": 2}):
        for mark in chart.locator("svg.marks :is(path, text)[role=graphics-symbol]").all()[:60]:
            mark.hover(force=True, position=spot)
            page.wait_for_timeout(30)
            if told.count():
                return
    raise AssertionError(f"no mark tells anything: {chart.get_attribute('id')}")


def test_search_finds_a_word_of_a_lesson(page, site):
    open_page(page, site, "index.html")
    page.locator("input[type=search], .sidebar-search").first.fill("Kashagan")
    page.keyboard.press("Enter")
    first = page.locator("#ca-results li").first
    expect(first.locator("mark").first).to_have_text("Kashagan")
    first.locator("a").click()
    expect(page.locator("article")).to_contain_text("Kashagan")
    assert page.errors == page.abroad == []


@pytest.mark.parametrize(
    ("words", "leads"),
    [
        ("Andijan", "glossary.html#term-andijan"),
        ("eurasec", "EurAsEC"),
        ("RU-38", "claims/RU-38.html"),
        ("Андижан", "glossary.html#term-andijan"),
    ],
)
def test_search_puts_what_is_named_first(words, leads, page, site):
    page.goto(f"{(site / 'search.html').as_uri()}?q={words}")
    first = page.locator("#ca-results li").first
    href = first.locator("a").get_attribute("href")
    assert leads in href or leads in first.inner_text()
    assert (site / href.split("#")[0]).is_file()
    assert len(first.locator("p").inner_text()) > 40
    assert page.errors == []


def test_claims_can_be_filtered(page, site):
    claims = tables.load("claims")
    wanted = claims.query("power == 'russia' and verdict == 'contested'")["claim_id"]
    open_page(page, site, "claims/index.html")
    page.get_by_label("Power").select_option("russia")
    page.get_by_label("Our verdict").select_option("contested")
    shown = page.locator("tr[data-verdict]").locator("visible=true").locator("th")
    assert shown.all_inner_texts() == wanted.tolist()
    expect(page.get_by_role("status")).to_have_text(f"{len(wanted)} of {len(claims)} claims")
    page.get_by_role("button", name="Show all").click()
    expect(page.locator("tr[data-verdict]:visible")).to_have_count(len(claims))


def test_without_javascript_a_chart_is_told(browser, site):
    opened = browser.new_context(java_script_enabled=False)
    page = opened.new_page()
    page.goto((site / f"lessons/{LESSONS[3].stem}.html").as_uri())
    for chart in page.locator(".ca-chart").all():
        assert len(chart.locator("p").first.inner_text()) > 40
        expect(chart.locator("noscript p")).to_be_visible()
    page.goto((site / "claims/index.html").as_uri())
    expect(page.locator(".ca-filter")).to_be_hidden()
    expect(page.locator("tr[data-verdict]").first).to_be_visible()
    opened.close()


def test_one_leafs_through_the_lessons_and_chooses_the_dark(page, site):
    open_page(page, site, f"lessons/{LESSONS[0].stem}.html")
    page.locator(".related-pages .next-page").click()
    page.wait_for_url(f"**/{LESSONS[1].stem}.html")
    page.locator(".related-pages .prev-page").click()
    page.wait_for_url(f"**/{LESSONS[0].stem}.html")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for _ in range(3):
        page.locator(".theme-toggle").locator("visible=true").first.click()
        if page.evaluate("document.body.dataset.theme") == "dark":
            break
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != paper


def test_a_print_has_the_charts_and_not_the_buttons(page, site):
    open_page(page, site, f"lessons/{LESSONS[0].stem}.html")
    page.emulate_media(media="print")
    expect(page.locator(".ca-chart svg.marks").first).to_be_visible()
    for left_out in (".ca-doors", ".sidebar-drawer", ".related-pages"):
        expect(page.locator(left_out).first).to_be_hidden()
    page.pdf(path=SHOTS / "book-print.pdf")


def test_what_asks_for_python_leads_to_where_it_runs(pages):
    for path in LESSONS:
        text = pages[f"lessons/{path.stem}.html"]
        there = f'href="../lite/notebooks/index.html?path=notebooks/{path.name}'
        panels = text.count('<div class="ca ca-panel">')
        cells = {cell["id"] for cell in json.loads(path.read_text("utf-8"))["cells"]}
        places = re.findall(re.escape(there) + '#([^"]+)"', text)
        assert text.count(f'{there}"') == 1
        assert len(places) == panels, path.stem
        assert set(places) <= cells


def test_nothing_of_a_solution_is_in_the_book(site, pages):
    """A sentence that a lesson also has is no secret."""
    lessons = squeezed("".join(path.read_text("utf-8") for path in LESSONS))
    texts = {name: squeezed(html.unescape(text)) for name, text in pages.items()}
    texts["searchindex.js"] = squeezed((site / "searchindex.js").read_text("utf-8"))
    lines = {squeezed(line) for exercise in NAMES for _, line in secrets(exercise)}
    telling = [line for line in lines if is_telling(line) and line not in lessons]
    assert len(telling) > 40
    assert [(n, line) for line in telling for n, text in texts.items() if line in text] == []
