"""What all tests share: no test touches the learner's own records, and no cell hangs unseen."""

import os
import tempfile
from pathlib import Path

import pytest
from browsers import launch
from playwright.sync_api import sync_playwright

from centralasia import notebooks

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def pytest_configure(config):
    """Give the session, its workers and their kernels an empty progress file."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.TemporaryDirectory(prefix="centralasia-")
        config.add_cleanup(folder.cleanup)
        os.environ["CENTRALASIA_PROGRESS"] = str(Path(folder.name) / "progress.jsonl")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Fail a lesson's cell that came near its timeout: nbval reports a hung one as passed."""
    report = yield
    hung = call.when == "call" and type(item).__name__ == "IPyNbCell"
    if hung and report.passed and call.duration > notebooks.CELL_TIMEOUT / 4:
        report.outcome = "failed"
        report.longrepr = f"The cell took {call.duration:.0f} s of {notebooks.CELL_TIMEOUT} s."
    return report


@pytest.fixture(scope="module")
def browser():
    """Return a browser of this machine, without a window; a machine that has none fails."""
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()
