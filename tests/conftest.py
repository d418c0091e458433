"""What all tests share: no test touches the learner's own records, and no cell hangs unseen."""

import os
import sys
import tempfile
from pathlib import Path

import pytest
from browsers import launch
from hypothesis import settings
from playwright.sync_api import sync_playwright

from centralasia import course, notebooks

ROOT = Path(__file__).resolve().parents[1]
LESSONS = [lesson.file for lesson in course.lessons()]
PLANNED = [lesson.file for lesson in course.proper()]
"""Without the extras, of which less is asked: no plan, no instructor's part, fewer items."""
SLOW = {
    *("test_any_order", "test_boards", "test_book", "test_edition", "test_exercises"),
    "test_grading",
    *("test_grading_container", "test_grading_hostile", "test_hub", "test_kit", "test_lab"),
    "test_lti_hub",
    *(
        "test_6_ninety_minutes",
        "test_new_lesson",
        "test_room",
        "test_setup",
        "test_teaching",
        "test_wheel",
    ),
}
"""Modules that build, install or grade; whatever drives a browser is slow as well."""
ABOUT_LESSONS = {
    *("test_charts", "test_claims", "test_course", "test_coverage", "test_data", "test_events"),
    *("test_glossary", "test_instructor", "test_items", "test_notebooks", "test_plans"),
    *("test_prose", "test_works"),
}
"""Modules that say what a lesson or its rows lack; ``pytest -m lessons`` runs them."""
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
each_planned_lesson = pytest.mark.parametrize("path", PLANNED, ids=lambda path: path.stem)

# The same examples in each run, and no limit in time: a test fails for what the code does. More and
# other examples: pytest --hypothesis-profile=search
settings.register_profile("course", derandomize=True, max_examples=60, deadline=None)
settings.register_profile("search", max_examples=2000, deadline=None)
settings.load_profile("course")


def pytest_configure(config):
    """Give the session, its workers and their kernels an empty progress file."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.TemporaryDirectory(prefix="centralasia-")
        config.add_cleanup(folder.cleanup)
        os.environ["CENTRALASIA_PROGRESS"] = str(Path(folder.name) / "progress.jsonl")


def pytest_collection_modifyitems(items):
    """Mark what the quick lane leaves out, and what the author of a lesson runs."""
    for item in items:
        drives = "browser" in getattr(item, "fixturenames", ())
        # A journey is walked whole: its later stations need the earlier ones.
        if drives or item.path.stem in SLOW or item.path.parent.name == "journeys":
            item.add_marker("slow")
        elif item.path.stem in ABOUT_LESSONS:
            item.add_marker("lessons")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Fail a lesson's cell that came near its timeout: nbval reports a hung one as passed."""
    report = yield
    hung = call.when == "call" and type(item).__name__ == "IPyNbCell"
    if hung and report.passed and call.duration > notebooks.CELL_TIMEOUT / 4:
        report.outcome = "failed"
        report.longrepr = f"The cell took {call.duration:.0f} s of {notebooks.CELL_TIMEOUT} s."
    return report


@pytest.fixture(autouse=True)
def main_module():
    """Give the main module back after a test that made a shell of IPython, which replaces it."""
    kept = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = kept


@pytest.fixture(scope="module")
def browser():
    """Return a browser of this machine, without a window; a machine that has none fails."""
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()
