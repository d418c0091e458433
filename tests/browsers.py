"""The browser of this machine: none is downloaded, and a machine without one is told so."""

import shutil

from playwright.sync_api import Browser, Error, Playwright

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launch(playwright: Playwright) -> Browser:
    """Start Chromium, Chrome or Edge without a window.

    Raises
    ------
    AssertionError
        If there is none; a test that cannot look is no test that passed.
    """
    on_path = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    choices = [{"executable_path": path} for path in on_path if path]
    choices += [{"channel": "chrome"}, {"channel": "msedge"}]  # where each system installs them
    for choice in choices:
        try:
            return playwright.chromium.launch(args=QUIET, **choice)
        except Error as error:
            if "is not found" not in str(error):
                raise
    raise AssertionError(
        "These tests need Chromium, Chrome or Edge. Install one, for example: apt install chromium"
    )
