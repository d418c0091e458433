"""JupyterLab as the README starts it, and what a learner does in it."""

import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager

from patience import HANG
from playwright.sync_api import expect

from centralasia.lab import free_port

IDLE = ".jp-Notebook-ExecutionIndicator[data-status='idle']"
BUSY = ".jp-Notebook-ExecutionIndicator[data-status='busy']"
ERRORS = ".jp-OutputArea-output[data-mime-type*=error]"
SOURCE = ".cm-content, .jp-InputPlaceholder"
"""What shows a cell's code: its editor or, where it is folded, its first line."""


@contextmanager
def opened(home, **variables):
    """Run ``centralasia lab`` in a home folder, without a terminal; give its address."""
    log = home / "lab.log"
    command = [sys.executable, "-m", "centralasia.cli", "lab", str(home / "my-course")]
    environment = dict(os.environ, HOME=str(home), PYTHONUNBUFFERED="1", **variables)
    with log.open("w") as output:
        server = subprocess.Popen(
            [*command, "--no-browser", "--port", str(free_port(9300))],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=home,  # so that PYTHONPATH may name another release
        )
    try:
        address = None
        until = time.monotonic() + HANG
        while not address and server.poll() is None and time.monotonic() < until:
            time.sleep(0.5)
            address = re.search(
                r"http://(?:localhost|127\.0\.0\.1)\S*token=\w+\S*", log.read_text()
            )
        assert address, log.read_text()
        yield address.group()
    finally:
        server.terminate()
        server.wait(HANG)


def menu(page, *names):
    """Choose an entry of JupyterLab's menus."""
    for name in names:
        where = ".lm-MenuBar-itemLabel" if name == names[0] else ".lm-Menu-itemLabel"
        page.locator(where, has_text=re.compile(f"^{re.escape(name)}$")).click()


def first_text(page):
    """The text that the open notebook begins with."""
    return page.locator(".jp-NotebookPanel:visible .jp-MarkdownCell").first


def cell(page, text):
    """The code cell of the open notebook whose source has this text, scrolled to."""
    found = page.locator(
        ".jp-NotebookPanel:visible .jp-CodeCell", has=page.locator(SOURCE, has_text=text)
    ).first
    found.scroll_into_view_if_needed()
    return found


def output(page, text):
    """The output of the cell whose source has this text, scrolled to."""
    return cell(page, text).locator(".jp-OutputArea").first


def editor(here):
    """Where a cell's code is typed, unfolded if need be."""
    folded = here.locator(".jp-InputPlaceholder:visible")
    if folded.count():
        folded.click()
    return here.locator(".cm-content")


def run(page, text):
    """Click on a cell and press Shift + Enter; wait until it is done, and return it."""
    here = cell(page, text)
    editor(here).click()
    editor(here).press("Shift+Enter")
    expect(here.locator(".jp-InputPrompt")).to_contain_text(re.compile(r"\[\d+\]"))
    page.locator(f"{IDLE}:visible").first.wait_for()
    return here


def restart(page):
    """Restart the kernel, as the menu does."""
    menu(page, "Kernel", "Restart Kernel…")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
