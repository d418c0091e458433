"""The ways through the site in Firefox: the book, Python in its page, the edition, no network.

Chromium is what the other tests look with. Here is asked what browsers do differently: how they
keep answers, a memory image and a site, how they start Python, and what they do where nothing is
kept.
"""

import json
import time
from contextlib import contextmanager

import firefox
import pytest
from patience import HANG
from playwright.sync_api import expect, sync_playwright
from sites import OVERFLOW, ROOT, Line, built, served, watched
from test_2_from_the_book_to_python import STATES, cell_with, make_live
from test_edition import FIRST, open_notebook
from test_edition import cell_with as output_with

from centralasia import course

SHOTS = ROOT / "artifacts" / "journeys" / "firefox"
LESSON = f"lessons/{course.lesson('02').name}.html"
FORM = f"forms/{course.lesson('03').name}.html"
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 900}
DARK = {"layout.css.prefers-color-scheme.content-override": 0}
PRIVATE = {"browser.privatebrowsing.autostart": True}
BLOCKED = {"network.cookie.cookieBehavior": 2}  # its user lets no page keep anything
DRAWN = "[...document.querySelectorAll('.ca-chart')].every(c => c.dataset.state === 'drawn')"
ON_DISK = """async () => {
    for await (const name of (await navigator.storage.getDirectory()).keys()) {
        if (name.endsWith("-start")) return true;
    }
    return false;
}"""


@pytest.fixture(scope="module")
def playwright():
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def line():
    return Line()


@pytest.fixture(scope="module")
def site(line, tmp_path_factory):
    with served(built("all", tmp_path_factory.mktemp("site")), line) as address:
        yield address


@pytest.fixture(scope="module")
def downloads(tmp_path_factory):
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def reader(playwright, downloads, tmp_path_factory):
    """One reader in the dark, whose browser keeps what it has from station to station."""
    profile = str(tmp_path_factory.mktemp("profile"))
    context = firefox.launch_profile(
        playwright, profile, viewport=LAPTOP, firefox_user_prefs=DARK, downloads_path=downloads
    )
    yield context
    context.close()


@pytest.fixture
def page(reader):
    opened = watched(reader)
    opened.warned = []
    opened.on("console", lambda said: opened.warned.append(said.text))
    yield opened
    opened.close()


def look(page, name):
    """Hold the page to the width of a phone and of a laptop, and keep a picture of each."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    for size in (PHONE, LAPTOP):
        page.set_viewport_size(size)
        assert page.evaluate(OVERFLOW) <= 0, (name, size)
        page.screenshot(path=SHOTS / f"{name}-{size['width']}.png")


def wait_until(is_so, page):
    """Wait for what no page tells."""
    deadline = time.monotonic() + HANG
    while not is_so():
        assert time.monotonic() < deadline
        page.wait_for_timeout(200)


def predict(form):
    form.locator("label.ca-option").nth(1).click()
    form.get_by_role("button", name="Save my prediction").click()
    expect(form.get_by_role("status")).to_contain_text("Kept:")


@contextmanager
def without(line):
    """Take the network away for a while."""
    line.up = False
    try:
        yield
    finally:
        line.up = True


def test_answers_of_the_book_are_kept(page, site):
    page.goto(site + LESSON)
    page.wait_for_function(DRAWN)
    form = page.locator("#ask-02-p1")
    predict(form)
    check = page.locator(".ca-question:has([data-asks=claims])").first
    for button in ("Keep it and show the evidence", "Keep it and show the course"):
        check.locator("label.ca-option:visible").first.click()
        check.get_by_role("button", name=button).click()
    expect(check).to_contain_text("Our verdict on")
    page.reload()
    expect(form.locator("input").nth(1)).to_be_checked()
    expect(check).to_contain_text("Our verdict on")
    form.scroll_into_view_if_needed()
    look(page, "lesson")
    page.goto(f"{site}record.html")
    expect(page.locator("article")).to_contain_text("Still open in lesson 02: predictions: 2")
    look(page, "record")
    assert page.errors == page.abroad == []


def test_an_exercise_leaves_as_a_file(page, site, downloads):
    page.goto(site + FORM)
    page.get_by_label("The id under which you hand in").fill("anna")
    answer = page.locator("[data-question=ex03-q1-bloc-share]").get_by_role("textbox")
    answer.fill("0,25")
    page.reload()
    expect(answer).to_have_value("0,25")
    page.get_by_role("button", name="Save my answers as a file").click()
    expect(page.locator(".ca-hand-in")).to_contain_text("Saved as anna_03-russia-3-return.json")
    wait_until(lambda: list(downloads.glob("anna_*.json")), page)
    (saved,) = downloads.glob("anna_*.json")
    assert json.loads(saved.read_text("utf-8"))["answers"] == {"ex03-q1-bloc-share": "0,25"}
    assert page.errors == page.abroad == []


def test_python_starts_in_a_page_and_the_next_time_without_a_network(page, site, line):
    page.goto(site + LESSON)
    make_live(page)
    assert set(page.evaluate(STATES)) == {"done"}
    look(page, "live")
    wait_until(lambda: page.evaluate(ON_DISK), page)
    page.goto(site)
    expect(page.locator(".ca-offline [role=status]")).to_contain_text("its live pages are kept")
    look(page, "front")
    with without(line):
        page.goto(site + LESSON)
        make_live(page)
        cell = cell_with(page, "charts.small_multiples(")
        cell.get_by_role("textbox").fill("import sys; sys.platform")
        cell.get_by_role("textbox").press("Shift+Enter")
        expect(cell.locator(".cell_output")).to_have_text("'emscripten'")
    assert not [text for text in page.warned if "without its image" in text]
    assert page.errors == page.abroad == []


def run(cell, number):
    """Run a cell of the edition; it is the one of this number that its kernel runs."""
    cell.locator(".cm-content").click()
    cell.page.keyboard.press("Shift+Enter")
    expect(cell.locator(".jp-InputPrompt").first).to_contain_text(f"[{number}]")
    assert cell.locator(".jp-OutputArea-output[data-mime-type*=error]").count() == 0


def test_a_lesson_of_the_edition_runs_and_opens_again_without_a_network(reader, site, line):
    page = open_notebook(reader, (None, f"{site}lite/"), FIRST)
    form = output_with(page, 'predict("00-p1")')
    predict(form)
    cell = page.locator(".jp-CodeCell", has=page.locator(".cm-content", has_text="multiples")).first
    run(cell, 1)
    with without(line):
        page.reload()
        run(cell, 1)
        run(cell, 2)  # what it showed before it was run may have been kept
    expect(form.get_by_role("status")).to_contain_text("Kept:")
    look(page, "edition")
    assert page.errors == page.abroad == []
    page.close()


@pytest.fixture
def visitor(request, playwright, tmp_path):
    """A page of somebody on a phone whose browser has other preferences."""
    preferences = DARK | request.param
    context = firefox.launch_profile(
        playwright, str(tmp_path), viewport=PHONE, firefox_user_prefs=preferences
    )
    yield watched(context)
    context.close()


@pytest.mark.parametrize("visitor", [PRIVATE], ids=["private"], indirect=True)
def test_what_a_private_window_loses_is_said(visitor, site):
    visitor.goto(site + LESSON)
    expect(visitor.locator(".ca-kept").first).to_contain_text("A private window loses them")
    predict(visitor.locator("#ask-02-p1"))
    visitor.goto(site)
    said = visitor.locator(".ca-offline [role=status]")
    expect(said).to_contain_text("The book is kept on this device")
    assert visitor.errors == visitor.abroad == []


@pytest.mark.parametrize("visitor", [BLOCKED], ids=["blocked"], indirect=True)
def test_where_nothing_is_kept_it_is_said_and_python_starts(visitor, site):
    visitor.goto(site + LESSON)
    expect(visitor.locator(".ca-kept").first).to_contain_text("lets the page keep nothing")
    predict(visitor.locator("#ask-02-p1"))
    visitor.get_by_role("button", name="Make this page live").click()
    visitor.wait_for_selector("[data-live=done]", state="attached")
    visitor.goto(site)
    said = visitor.locator(".ca-offline [role=status]")
    expect(said).to_contain_text("This browser keeps no pages")
    assert visitor.errors == visitor.abroad == []
