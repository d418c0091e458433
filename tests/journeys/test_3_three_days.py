"""Journey 3: three days in JupyterLab, each begun anew, with a new release on the third."""

import json
import re
import shutil
import time
from urllib.parse import urlsplit

import pytest
from labs import ERRORS, cell, first_text, menu, opened, output, restart, run
from patience import HANG
from playwright.sync_api import expect
from sites import ROOT, watched

from centralasia import course, progress
from centralasia.widgets import questions

SHOTS = ROOT / "artifacts" / "journeys" / "three-days"
FIRST, MIDDLE = (course.lesson(number).file.name for number in ("00", "06"))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """An empty home folder, whose shell sets PATH for itself as most do."""
    folder = tmp_path_factory.mktemp("home")
    (folder / ".profile").write_text("PATH=/usr/bin:/bin\n", "utf-8")
    return folder


def settle(page, name):
    """Keep a picture of a station, at which nothing may be wrong."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")
    assert page.locator(ERRORS).count() == 0, name
    assert page.get_by_text(re.compile("Loading widget|model not found")).count() == 0, name


def visit(browser, address, lesson=None):
    """Open JupyterLab in a browser without a past, at a lesson if one is named."""
    page = watched(browser.new_context(viewport={"width": 1280, "height": 800}))
    path = f"/lab/tree/notebooks/{lesson}" if lesson else urlsplit(address).path
    page.goto(urlsplit(address)._replace(path=path).geturl())
    # Another lesson, which JupyterLab opens again by itself, may come first and lie below.
    page.locator(".jp-NotebookPanel:visible .jp-Cell").first.wait_for()
    return page


def answers(home):
    file = home / "answers.jsonl"
    return file.read_text("utf-8").splitlines() if file.exists() else []


def predict(page, item, choice):
    form = output(page, f'predict("{item}")')
    form.locator("input[type=radio]").nth(choice).check()
    form.get_by_role("button", name="Save my prediction").click()
    expect(form.get_by_role("status")).to_contain_text("Kept:")


def open_terminal(page):
    """A new terminal, ready to be typed into; what its shell says is appended to the list."""
    said = []

    def listen(socket):
        if "/terminals/" in socket.url:  # a kernel's line may open as well
            socket.on("framereceived", lambda text: said.append(str(text)))

    page.on("websocket", listen)
    menu(page, "File", "New", "Terminal")
    hear(page, said, "stdout")  # what is typed before the shell's first word is lost
    page.locator(".jp-Terminal-body .xterm-screen:visible").click()
    return said


def hear(page, said, words):
    """Wait until a terminal has said this."""
    until = time.monotonic() + HANG
    while words not in "".join(said):
        assert time.monotonic() < until, said
        page.wait_for_timeout(200)


def type_below_the_title(page, text):
    """Write into the first text of a lesson, and save."""
    first_text(page).dblclick()
    first_text(page).locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)
    page.keyboard.press("Shift+Enter")
    menu(page, "File", "Save Notebook")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)


def test_the_first_day(home, browser):
    """Lesson 00 half: two predictions with no cell run, some cells, a note of one's own."""
    with opened(home, **{progress.ENV: str(home / "answers.jsonl")}) as address:
        page = visit(browser, address)
        predict(page, "00-p1", 1)
        predict(page, "00-p3", 0)
        run(page, "charts.claim_grid(")
        settle(page, "day-1")
        type_below_the_title(page, " MY OWN NOTE.")
        assert page.errors == page.abroad == []
        page.context.close()
    assert len(answers(home)) == 2


def test_the_second_day(home, browser):
    with opened(home, **{progress.ENV: str(home / "answers.jsonl")}) as address:
        # A link into the middle of the course; the first click is on a cell far down.
        page = visit(browser, address, MIDDLE)
        run(page, "kyrgyz.gdp_usd")
        judged = output(page, "list(bodies)")
        expect(judged.locator("input[type=radio]").first).to_be_enabled()
        settle(page, "day-2-link")
        restart(page)
        for _twice in range(2):
            run(page, "list(bodies)")
        judged.locator("input[type=radio]:visible").first.check()
        judged.get_by_role("button", name="Keep it and show the evidence").click()
        expect(judged).to_contain_text("The evidence on")
        settle(page, "day-2-restart")

        # Back in lesson 00: what was answered stands there, with no cell run.
        page.context.close()
        page = visit(browser, address, FIRST)
        form = output(page, 'predict("00-p1")')
        expect(form.get_by_role("status")).to_contain_text("Kept:")
        expect(form.locator("input[type=radio]").nth(1)).to_be_checked()
        expect(first_text(page)).to_contain_text("MY OWN NOTE.")
        settle(page, "day-2-kept")

        # The lesson is brought back from a terminal of JupyterLab, while it is open and half typed.
        cell(page, "charts.claim_grid(").locator(".cm-content").click()
        page.keyboard.press("Control+End")
        page.keyboard.type("  # HALF TYPED")
        terminal = open_terminal(page)
        page.keyboard.type("centralasia reset 00\n")
        hear(page, terminal, "is as the course has it")
        page.locator(".lm-TabBar-tabLabel", has_text=FIRST).first.click()
        expect(page.get_by_text("What you had not saved:").first).to_be_visible()
        expect(first_text(page)).not_to_contain_text("MY OWN NOTE.")
        expect(form.get_by_role("status")).to_contain_text("Kept:")
        settle(page, "day-2-reset")
        menu(page, "File", "Save Notebook")
        expect(page.locator(".jp-Dialog")).to_have_count(0)
        assert page.errors == page.abroad == []
        page.context.close()
    lessons = home / "my-course" / "notebooks"
    texts = {path.name: path.read_text("utf-8") for path in lessons.glob("00-*.ipynb")}
    assert [name for name, text in texts.items() if "MY OWN NOTE." in text]
    assert [name for name, text in texts.items() if "HALF TYPED" in text]
    assert "MY OWN NOTE." not in texts[FIRST]


def test_what_was_wrong_comes_back_two_lessons_later(tmp_path, browser, monkeypatch):
    """Above the first prediction, with no cell run and none of the notebook's own."""
    monkeypatch.setenv(progress.ENV, str(tmp_path / "answers.jsonl"))
    item = questions.quiz("00")["items"][0]
    wrong = next(one["text"] for one in item["options"] if not one["correct"])
    progress.record(item["item"], "quiz", wrong, 0.9, correct=False)
    with opened(tmp_path, **{progress.ENV: str(tmp_path / "answers.jsonl")}) as address:
        page = visit(browser, address, course.lesson("02").file.name)
        form = output(page, 'predict("02-p1")')
        back = form.locator(".ca-panel", has_text="From lesson 00: what you got wrong comes back")
        expect(back).to_contain_text(item["prompt"])
        settle(page, "comes-back")
        right = next(n for n, one in enumerate(item["options"]) if one["correct"])
        back.locator("input[type=radio]").nth(right).check()
        back.get_by_role("button", name="Check my answer").click()
        expect(back.get_by_role("status")).to_contain_text("✓ Right.")
        assert len(answers(tmp_path)) == 2
        assert page.errors == page.abroad == []
        page.context.close()
        # Nothing of the lesson before was wrong, and nothing stands there.
        page = visit(browser, address, course.lesson("03").file.name)
        form = output(page, 'predict("03-p1")')
        expect(form.locator("input[type=radio]").first).to_be_enabled()
        page.wait_for_timeout(1000)
        expect(form.get_by_text("what you got wrong comes back")).to_be_hidden()
        page.context.close()


@pytest.fixture
def release(tmp_path):
    """A later release of the course: every lesson has another first text."""
    made = tmp_path / "release"
    shutil.copytree(ROOT / "centralasia", made / "centralasia")
    for name in ("data", "exercises", "notebooks"):
        shutil.copytree(ROOT / name, made / name)
    for path in (made / "notebooks").glob("*.ipynb"):
        content = json.loads(path.read_text("utf-8"))
        content["cells"][0]["source"] += ["\n\nNEW IN THIS RELEASE."]
        path.write_text(json.dumps(content), "utf-8")
    return made


def test_the_third_day(home, browser, release):
    lessons = home / "my-course" / "notebooks"
    edited = lessons / MIDDLE
    content = json.loads(edited.read_text("utf-8"))
    content["cells"][0]["source"] = ["MY OWN TITLE."]
    edited.write_text(json.dumps(content), "utf-8")
    before = answers(home)
    variables = {progress.ENV: str(home / "answers.jsonl"), "PYTHONPATH": str(release)}
    with opened(home, **variables) as address:
        said = (home / "lab.log").read_text("utf-8")
        assert f"{MIDDLE}: you changed it, so it stays as it is" in said
        page = visit(browser, address, FIRST)
        expect(first_text(page)).to_contain_text("NEW IN THIS RELEASE.")
        form = output(page, 'predict("00-p1")')
        expect(form.get_by_role("status")).to_contain_text("Kept:")
        expect(output(page, "widgets.my_progress()")).to_contain_text("00 ·")
        settle(page, "day-3")
        page.context.close()
        page = visit(browser, address, MIDDLE)
        expect(first_text(page)).to_contain_text("MY OWN TITLE.")
        expect(output(page, "list(bodies)")).to_contain_text("Claim ")
        settle(page, "day-3-edited")
        assert page.errors == page.abroad == []
        page.context.close()
    assert answers(home) == before
    assert "NEW IN THIS RELEASE." in (lessons / MIDDLE.replace(".ipynb", ".new.ipynb")).read_text()
