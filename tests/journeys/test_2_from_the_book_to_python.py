"""Journey 2: a laptop, a lesson of the book, and Python in its page; then opened again."""

import json
import re

import pytest
from playwright.sync_api import expect
from sites import LOOKS, OVERFLOW, ROOT, built, served, violations, watched

from centralasia import course

SHOTS = ROOT / "artifacts" / "journeys" / "live"
LESSON = f"lessons/{course.lesson('06').name}.html"
BUTTON = "Make this page live"
ANSWERS = "(localStorage.getItem('centralasia-answers') ?? '').split('\\n').filter(Boolean)"
WHOLE = "!document.querySelector('[data-live=waits]')"
STATES = "[...document.querySelectorAll('div.cell')].map(cell => cell.dataset.live)"
SAID = "[...document.querySelectorAll('.ca-code [role=status]')].map(one => one.textContent)"
LINK = "from IPython.display import HTML\nHTML('<p><a href=\"#US-01\">x</a></p>')"
CHANGED = ("Done: the result is new.", "Done: the result is the same as before.")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with served(built("all", tmp_path_factory.mktemp("site"))) as address:
        yield address


@pytest.fixture
def laptop(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


def make_live(page):
    page.get_by_role("button", name=BUTTON).click()
    page.wait_for_selector("[data-live]", state="attached")
    page.wait_for_function(WHOLE)


def cell_with(page, text):
    """The cell whose Python has a text, opened."""
    code = page.evaluate_handle(
        "text => [...document.querySelectorAll('.ca-code textarea')]"
        ".find(one => one.value.includes(text)).closest('div.cell')",
        text,
    )
    name = code.evaluate("cell => (cell.querySelector('details').open = true, cell.dataset.id)")
    return page.locator(f"[data-id={name}]")


def look(page, name, within=None):
    SHOTS.mkdir(parents=True, exist_ok=True)
    if within is not None:
        within.scroll_into_view_if_needed()
    page.screenshot(path=SHOTS / f"{name}.png")


def change(cell, old, new):
    code = cell.get_by_role("textbox", name="Python of this cell")
    assert old in code.input_value()
    code.fill(code.input_value().replace(old, new))
    return code


def test_from_the_book_to_python_and_back_another_day(laptop, site):
    page = watched(laptop)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site + LESSON)
    expect(page.locator(".ca-live")).to_contain_text("MB are fetched")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "/lite/" in url] == []  # nothing of Python before the click
    prediction = page.locator("#ask-06-p1")
    prediction.locator("label.ca-option").nth(1).click()
    make_live(page)

    # Each cell ran, each result is the stored one, and a form that was half filled still is.
    assert set(page.evaluate(STATES)) == {"done"}
    assert CHANGED[0] not in page.evaluate(SAID)
    expect(prediction.locator("input").nth(1)).to_be_checked()
    look(page, "live")

    # A chart's Python is changed: the elevenfold growth, sought first in China's own customs.
    chart = cell_with(page, "Elevenfold growth falls on")
    before = chart.locator("select option:checked")
    expect(before).to_have_text("Five: compilation")
    code = change(chart, 'index("Five: compilation"), bind', 'index("Five: Chinese customs"), bind')
    code.press("Shift+Enter")
    expect(chart.get_by_role("status").first).to_have_text(CHANGED[0])
    expect(chart.locator("select option:checked")).to_have_text("Five: Chinese customs")
    look(page, "changed", chart)

    # An error is told, and takes nothing away; a link of a new result leads where the book has it.
    table = cell_with(page, "together = events")
    output = table.locator(".cell_output")
    shown, text = output.inner_html(), output.text_content()
    change(table, "together = events", "together = nothing_such")
    table.get_by_role("button", name="Run").click()
    expect(table.get_by_role("alert")).to_contain_text(
        "NameError: name 'nothing_such' is not defined"
    )
    assert output.inner_html() == shown
    look(page, "failed", table)
    table.get_by_role("textbox").fill(LINK)
    table.get_by_role("button", name="Run").click()
    expect(table.get_by_role("alert")).to_have_count(0)
    expect(output.locator("a")).to_have_attribute("href", re.compile(r"/claims/US-01\.html$"))
    table.get_by_role("button", name="As the course has it").click()
    expect(output).to_have_text(text)

    # A claim is judged, on the page as it is now.
    check = page.locator(".ca-question:has([data-asks=claims])").first
    for button in ("Keep it and show the evidence", "Keep it and show the course"):
        check.locator("label.ca-option:visible").first.click()
        check.get_by_role("button", name=button).click()
    expect(check).to_contain_text("Our verdict on")
    kept = page.evaluate(ANSWERS)
    assert {json.loads(line)["kind"] for line in kept} >= {"claim_alone", "claim"}

    # Python knows the answers: the page hands them over before a cell runs.
    table.get_by_role("textbox").fill("from centralasia import progress\nlen(progress.lines())")
    table.get_by_role("textbox").press("Shift+Enter")
    expect(output).to_have_text(str(len(kept)))

    # What never ends is stopped, and the next run finds the names that it needs.
    table.get_by_role("textbox").fill("while True:\n    pass")
    table.get_by_role("textbox").press("Shift+Enter")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".ca-live")).to_contain_text("Python was stopped")
    table.get_by_role("button", name="As the course has it").click()
    expect(output).to_have_text(text)
    expect(page.locator(".ca-live")).to_contain_text("This page is live")

    # Another day: everything stands as it is stored, and what was changed comes back with Python.
    page.reload()
    expect(page.locator(".ca-live")).to_contain_text("You changed the Python of this page")
    assert page.evaluate(ANSWERS) == kept
    expect(page.locator(".ca-chart").first).to_have_attribute("data-state", "drawn")
    make_live(page)
    assert set(page.evaluate(STATES)) == {"done"}
    chart = cell_with(page, "Elevenfold growth falls on")
    expect(chart.locator("select option:checked")).to_have_text("Five: Chinese customs")
    expect(page.locator(".ca-question:has([data-asks=claims])").first).to_contain_text("✓ CN-14")
    assert page.errors == page.abroad == []


@pytest.mark.parametrize("look_at", LOOKS[:2], ids=lambda one: f"{one[0]}-{one[1]}")
def test_a_live_cell_in_every_look(look_at, browser, site):
    """Without its image, which does not come here, Python starts from the packages."""
    width, scheme = look_at
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = watched(context)
    warned = []
    page.on("console", lambda said: warned.append(said.text))
    if look_at == LOOKS[0]:
        context.route("**/image.pack", lambda route: route.fulfill(body=b"no image"))
    page.goto(f"{site}lessons/{course.lesson('01').name}.html")
    make_live(page)
    assert set(page.evaluate(STATES)) == {"done"}
    assert CHANGED[0] not in page.evaluate(SAID)
    assert any("without its image" in text for text in warned) == (look_at == LOOKS[0])
    cell = cell_with(page, "charts.event_timeline(")
    change(cell, "charts.event_timeline(", "chart.event_timeline(").press("Control+Enter")
    expect(cell.get_by_role("alert")).to_contain_text("NameError")
    assert violations(page) == []
    assert page.evaluate(OVERFLOW) <= 0
    look(page, f"{width}-{scheme}", cell)
    look(page, f"{width}-{scheme}-top", page.locator("h1"))
    assert page.errors == page.abroad == []
    context.close()


def test_all_lessons_give_their_stored_results_in_the_page(laptop, site):
    page = watched(laptop)
    differing = {}
    for lesson in course.lessons():
        page.goto(f"{site}lessons/{lesson.name}.html")
        make_live(page)
        said = page.evaluate(SAID)
        differing |= {(lesson.name, n): one for n, one in enumerate(said) if "same" not in one}
    quiet = "Done. This cell shows nothing."
    assert {place: one for place, one in differing.items() if one != quiet} == {}
    assert page.errors == page.abroad == []


@pytest.mark.parametrize("missing", ["Worker", "DecompressionStream"])
def test_an_old_browser_is_told_in_one_sentence(missing, laptop, site):
    page = watched(laptop)
    page.add_init_script(f"delete window.{missing}")
    page.goto(site + LESSON)
    page.get_by_role("button", name=BUTTON).click()
    expect(page.locator(".ca-live")).to_contain_text("This browser is too old to run Python.")
    assert page.errors == []


def test_without_a_network_it_can_be_asked_again(laptop, site):
    page = watched(laptop)
    page.goto(site + LESSON)
    page.wait_for_load_state("networkidle")
    laptop.set_offline(True)
    page.get_by_role("button", name=BUTTON).click()
    expect(page.locator(".ca-live")).to_contain_text("Python cannot be fetched.")
    laptop.set_offline(False)
    make_live(page)
    assert set(page.evaluate(STATES)) == {"done"}


def test_from_a_folder_the_button_says_why_not(browser, site, tmp_path_factory):
    context = browser.new_context()
    page = watched(context)
    page.goto((built("all", tmp_path_factory.mktemp("site")) / LESSON).as_uri())
    expect(page.get_by_role("button", name=BUTTON)).to_be_disabled()
    expect(page.locator(".ca-live")).to_contain_text("browsers run it only from a server")
    assert page.errors == []
    context.close()
