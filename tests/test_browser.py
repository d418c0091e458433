"""JupyterLab as the README starts it, in a real browser: every lesson, from top to bottom."""

from urllib.parse import urlsplit

import pytest
from conftest import LESSONS
from labs import BUSY, ERRORS, IDLE, menu, opened, output, restart, run
from playwright.sync_api import expect
from sites import OURS, SHOTS, violations, watched


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab that `centralasia lab` opened on a new working copy."""
    with opened(tmp_path_factory.mktemp("learner")) as address:
        yield address


@pytest.fixture(scope="module")
def page(lab, browser):
    opened = watched(browser.new_context(viewport={"width": 1280, "height": 900}))
    opened.goto(lab)
    opened.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    yield opened
    opened.context.close()


def run_all(page):
    """Run every cell of the lesson that is open; none may fail."""
    menu(page, "Run", "Run All Cells")
    page.wait_for_selector(BUSY)
    waiting = page.locator(".jp-InputPrompt", has_text="[*]")
    expect(waiting).to_have_count(0)
    page.wait_for_selector(IDLE)
    assert page.locator(ERRORS).count() == 0


def test_lesson_00_runs_from_top_to_bottom(page):
    run_all(page)
    last = output(page, 'cards.references("00-orientation")')
    expect(last).to_contain_text("an air base at Kant")


def test_the_year_slider_moves_by_keyboard(page):
    map_output = output(page, "region_map")
    slider = map_output.locator("input[type=range]").first
    expect(slider).to_be_visible()
    drawn = map_output.locator("svg").first
    expect(drawn).to_contain_text("2010")
    expect(drawn).not_to_contain_text("2015")
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(drawn).to_contain_text("2015")
    expect(drawn).not_to_contain_text("2010")


def test_a_claim_is_checked_by_keyboard(page):
    check = output(page, "claim_check")
    check.locator("input[type=radio]").first.focus()
    page.keyboard.press("Space")
    check.get_by_role("button", name="Keep it and show the evidence").focus()
    page.keyboard.press("Enter")
    expect(check).to_contain_text("The evidence on RU-22")
    check.locator("input[type=radio]:visible").first.focus()
    page.keyboard.press("Space")
    check.get_by_role("button", name="Keep it and show the course").focus()
    page.keyboard.press("Enter")
    expect(check).to_contain_text("Our verdict on RU-22")
    expect(check).to_contain_text("The same as yours")
    expect(check.locator("[role=status], [aria-live]").first).not_to_be_empty()
    assert violations(page, OURS) == []
    SHOTS.mkdir(parents=True, exist_ok=True)
    check.scroll_into_view_if_needed()
    page.screenshot(path=SHOTS / "lab-claim-check.png")


def test_shift_enter_in_a_form_runs_the_cell_and_presses_nothing(page):
    check = output(page, "claim_check")
    further = check.get_by_role("button", name="Next claim")
    further.focus()
    old = check.locator(".ca-form").first.element_handle()
    page.keyboard.press("Control+Enter")
    old.wait_for_element_state("hidden")
    # The form stands there anew, at the first claim that is not judged, and nothing was pressed.
    expect(check.locator(".ca-kicker").first).to_contain_text("Claim 2 of 4")
    expect(check.get_by_role("button", name="Keep it and show the evidence")).to_be_visible()


def test_a_form_outlives_its_kernel(page):
    """After a restart it stands there with what was kept, and takes the next answer."""
    restart(page)
    check = output(page, "claim_check")
    expect(check.locator(".ca-kicker").first).to_contain_text("Claim 2 of 4")
    check.locator("input[type=radio]").first.check()
    check.get_by_role("button", name="Keep it and show the evidence").click()
    expect(check).to_contain_text("The evidence on RU-16")
    predicted = output(page, 'predict("00-p1")')
    predicted.locator("input[type=radio]").first.check()
    predicted.get_by_role("button", name="Save my prediction").click()
    # Lesson 00 was run as a whole, and so the answer was seen first.
    expect(predicted.get_by_role("status")).to_contain_text("this is not scored")


def test_a_cell_finds_what_it_needs_after_a_restart(page):
    restart(page)
    for text in ("small_multiples", "widgets.my_progress()", "charts.claim_grid("):
        run(page, text)
    assert page.locator(ERRORS).count() == 0


def test_nothing_failed_and_nothing_left_the_machine(page):
    assert page.abroad == []
    assert page.errors == []


@pytest.mark.parametrize("path", LESSONS[1:], ids=lambda path: path.stem)
def test_every_other_lesson_runs_in_jupyterlab(path, lab, browser):
    page = watched(browser.new_context(viewport={"width": 1280, "height": 900}))
    server = urlsplit(lab)
    # A workspace of its own: the tabs of the others stay closed.
    tab = f"/lab/workspaces/{path.stem}/tree/notebooks/{path.name}"
    page.goto(server._replace(path=tab).geturl())
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    run_all(page)
    assert page.abroad == page.errors == []
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"lab-{path.stem}.png")
    page.context.close()
