"""The browser of this machine: none is downloaded, and a machine without one is told so."""

import shutil

from patience import HANG_MS
from playwright.sync_api import Browser, BrowserContext, Error, Playwright, expect

expect.set_options(timeout=HANG_MS)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def patient(browser: Browser) -> Browser:
    """Let every page of a browser wait until something must have hung."""

    def waiting(make):
        def made(**options):
            opened = make(**options)
            opened.set_default_timeout(HANG_MS)
            return opened

        return made

    browser.new_context = waiting(browser.new_context)
    browser.new_page = waiting(browser.new_page)
    return browser


def launch(playwright: Playwright, *more: str) -> Browser:
    """Start Chromium, Chrome or Edge without a window, and with more arguments if need be.

    Raises
    ------
    AssertionError
        If there is none; a test that cannot look is no test that passed.
    """
    return patient(_started(playwright.chromium.launch, args=[*QUIET, *more]))


def launch_profile(playwright: Playwright, folder: str, **options: object) -> BrowserContext:
    """Start it as a user does who comes back: what it keeps lies in a folder.

    Raises
    ------
    AssertionError
        If there is none.
    """
    start = playwright.chromium.launch_persistent_context
    return _started(start, user_data_dir=folder, args=QUIET, **options)


def _started(start, **options):
    on_path = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    choices = [{"executable_path": path} for path in on_path if path]
    choices += [{"channel": "chrome"}, {"channel": "msedge"}]  # where each system installs them
    for choice in choices:
        try:
            return start(**options, **choice)
        except Error as error:
            if "is not found" not in str(error):
                raise
    raise AssertionError(
        "These tests need Chromium, Chrome or Edge. Install one, for example: apt install chromium"
    )
