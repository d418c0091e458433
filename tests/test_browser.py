"""JupyterLab as the README starts it, in a real browser: every lesson, from top to bottom."""

import os
import re
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
from conftest import LESSONS
from playwright.sync_api import expect
from sites import OURS, SHOTS, violations, watched

from centralasia.lab import free_port

BUSY = ".jp-Notebook-ExecutionIndicator[data-status='busy']"
IDLE = ".jp-Notebook-ExecutionIndicator[data-status='idle']"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab that `centralasia lab` opened on a new working copy."""
    folder = tmp_path_factory.mktemp("learner")
    port = free_port(9300)
    log = folder / "lab.log"
    command = [sys.executable, "-m", "centralasia.cli", "lab", str(folder / "my-course")]
    environment = dict(os.environ, HOME=str(folder), PYTHONUNBUFFERED="1")
    with log.open("w") as output:
        server = subprocess.Popen(
            [*command, "--no-browser", "--port", str(port)],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
        )
    try:
        address = None
        for _ in range(240):
            address = re.search(
                r"http://(?:localhost|127\.0\.0\.1)\S*token=\w+\S*", log.read_text()
            )
            if address or server.poll() is not None:
                break
            time.sleep(0.5)
        assert address, log.read_text()
        yield address.group()
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="module")
def page(lab, browser):
    opened = watched(browser.new_context(viewport={"width": 1280, "height": 900}))
    opened.set_default_timeout(120_000)
    opened.goto(lab)
    opened.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    yield opened
    opened.context.close()


def output(page, text):
    """The output of the cell whose source has this text, scrolled to."""
    cell = page.locator(".jp-CodeCell", has=page.locator(".cm-content", has_text=text)).first
    cell.scroll_into_view_if_needed()
    return cell.locator(".jp-OutputArea").first


def run_all(page):
    """Run every cell of the lesson that is open; none may fail."""
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).click()
    page.wait_for_selector(BUSY)
    waiting = page.locator(".jp-InputPrompt", has_text="[*]")
    expect(waiting).to_have_count(0, timeout=180_000)
    page.wait_for_selector(IDLE)
    assert page.locator(".jp-OutputArea-output[data-mime-type*=error]").count() == 0


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
    check.get_by_role("button", name="Show the evidence").focus()
    page.keyboard.press("Enter")
    expect(check).to_contain_text("Your verdict is kept")
    expect(check).to_contain_text("Our verdict on RU-22")
    expect(check).to_contain_text("The same as yours")
    expect(check.locator("[role=status], [aria-live]").first).not_to_be_empty()
    assert violations(page, OURS) == []
    SHOTS.mkdir(parents=True, exist_ok=True)
    check.scroll_into_view_if_needed()
    page.screenshot(path=SHOTS / "lab-claim-check.png")


def test_shift_enter_in_a_form_runs_the_cell_and_presses_nothing(page):
    check = output(page, "claim_check")
    again = check.get_by_role("button", name="Judge it again")
    again.focus()
    page.keyboard.press("Control+Enter")
    expect(again).to_have_count(0)
    expect(check.get_by_role("button", name="Show the evidence")).to_be_visible()


def test_a_form_whose_kernel_was_restarted_says_that_nobody_listens(page):
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Kernel$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Restart Kernel…$")).click()
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    check = output(page, "claim_check")
    check.locator("input[type=radio]").first.check()
    check.get_by_role("button", name="Show the evidence").click()
    expect(check.locator("[role=status]").first).to_contain_text("Python has not replied")


def test_nothing_failed_and_nothing_left_the_machine(page):
    assert page.abroad == []
    assert page.errors == []


@pytest.mark.parametrize("path", LESSONS[1:], ids=lambda path: path.stem)
def test_every_other_lesson_runs_in_jupyterlab(path, lab, browser):
    page = watched(browser.new_context(viewport={"width": 1280, "height": 900}))
    page.set_default_timeout(120_000)
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
