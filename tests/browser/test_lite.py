"""The browser edition in a real browser: lessons run, and a learner's work is never lost."""

import io
import json
import re
import shutil
import time
import zipfile
from pathlib import Path

import pytest
from browsers import launch
from playwright.sync_api import expect, sync_playwright
from sites import ROOT, built, served, violations, watch

SHOTS = ROOT / "artifacts"
FIRST = "notebooks/00-orientation.ipynb"
RUN = [
    *(path for number in ("03", "06", "10") for path in ROOT.glob(f"notebooks/{number}-*.ipynb")),
    *ROOT.glob("exercises/03-*/*.ipynb"),
]
VEGA = "application/vnd.vegalite.v5+json"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A copy of the browser edition that a test may change, and its address."""
    folder = tmp_path_factory.mktemp("lite") / "lite"
    shutil.copytree(built("lite", tmp_path_factory) / "lite", folder)
    with served(folder) as address:
        yield folder, address


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture(scope="module")
def context(browser):
    """One learner's browser, with its own store."""
    opened = browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme="light", accept_downloads=True
    )
    opened.set_default_timeout(60_000)
    yield opened
    opened.close()


def open_notebook(context, site, path):
    page = context.new_page()
    watch(page)
    page.goto(f"{site[1]}notebooks/index.html?path={path}")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    return page


def menu(page, *names):
    for name in names:
        where = ".lm-MenuBar-itemLabel" if name == names[0] else ".lm-Menu-itemLabel"
        page.locator(where, has_text=re.compile(f"^{re.escape(name)}$")).first.click()


def save(page):
    menu(page, "File", "Save Notebook")
    page.wait_for_timeout(700)


def stored(page):
    """The learner's files as the browser keeps them."""
    text = page.evaluate(
        "async () => JSON.stringify([...await (await import('/work.js')).files()])"
    )
    return dict(json.loads(text))


def run_all(page, cells):
    """Run every cell; return the seconds until the last was done."""
    began = time.monotonic()
    menu(page, "Run", "Run All Cells")
    page.wait_for_function(
        """cells => {
            const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]
                .map(prompt => prompt.textContent);
            return prompts.includes(`[${cells}]:`) && !prompts.some(text => text.includes('*'));
        }""",
        arg=cells,
        timeout=180_000,
    )
    return time.monotonic() - began


def plain(output):
    """An output as it can be compared: texts in one piece, no numbers of views and runs."""
    data = {
        kind: "".join(value) if isinstance(value, list) else value
        for kind, value in output.get("data", {}).items()
        if "widget" not in kind
    }
    return output["output_type"], "".join(output.get("text", "")), data


def outputs(notebook):
    return {c["id"]: [plain(o) for o in c["outputs"]] for c in notebook["cells"] if "outputs" in c}


@pytest.fixture(scope="module")
def lesson(context, site):
    """Lesson 00, run from top to bottom."""
    page = open_notebook(context, site, FIRST)
    cells = json.loads((site[0] / "files" / FIRST).read_text("utf-8"))["cells"]
    page.seconds = run_all(page, sum(cell["cell_type"] == "code" for cell in cells))
    print(f"lesson 00 ran in {page.seconds:.1f} s")
    yield page
    page.close()


def test_lesson_00_gives_the_stored_outputs(lesson, site):
    save(lesson)
    run = stored(lesson)[FIRST]["content"]
    wanted = outputs(json.loads((site[0] / "files" / FIRST).read_text("utf-8")))
    assert [key for key, value in outputs(run).items() if value != wanted[key]] == []
    assert lesson.seconds < 60


def test_a_chart_answers_to_the_keyboard(lesson):
    slider = lesson.locator(".vega-bind input[type=range]").first
    slider.scroll_into_view_if_needed()
    chart = lesson.locator(".vega-embed", has=slider).locator("svg.marks")
    before = chart.inner_html()
    slider.focus()
    for _ in range(3):
        lesson.keyboard.press("ArrowRight")
    expect(chart).not_to_have_text(before)
    assert chart.inner_html() != before


def test_an_answer_is_kept(lesson):
    form = lesson.locator(".ca-panel", has=lesson.get_by_role("button", name="Save my prediction"))
    form = form.first
    form.scroll_into_view_if_needed()
    form.locator("input[type=radio]").first.check()
    form.get_by_role("button", name="Save my prediction").click()
    expect(form.get_by_role("status")).to_contain_text("Kept:")
    line = json.loads(stored(lesson)["my-answers.txt"]["content"].splitlines()[-1])
    assert (line["item"], line["kind"]) == ("00-p1", "prediction")
    SHOTS.mkdir(exist_ok=True)
    lesson.screenshot(path=str(SHOTS / "lite-lesson-00.png"))


def test_nothing_failed_and_nothing_left_the_machine(lesson):
    assert lesson.errors == []
    assert lesson.abroad == []


def edit(page, text):
    """Write into the first cell of text, and save."""
    page.locator(".jp-MarkdownCell").first.dblclick()
    page.locator(".jp-MarkdownCell .cm-content").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)
    page.keyboard.press("Shift+Enter")
    save(page)


def test_a_learners_text_survives_a_reload(lesson, context, site):
    edit(lesson, " MY OWN NOTE.")
    again = open_notebook(context, site, FIRST)
    expect(again.locator(".jp-MarkdownCell").first).to_contain_text("MY OWN NOTE.")
    again.close()


def release_anew(folder, path, text):
    """Give the site a new release of a lesson."""
    file = folder / "files" / path
    notebook = json.loads(file.read_text("utf-8"))
    notebook["cells"][0]["source"] += text
    file.write_text(json.dumps(notebook), "utf-8")
    about = json.loads((folder / "release.json").read_text("utf-8"))
    about["files"][path]["text"] = f"{len(text):064d}"  # another sum, as another text has
    (folder / "release.json").write_text(json.dumps(about), "utf-8")


def test_a_new_release_is_put_beside_what_a_learner_edited(lesson, context, site):
    folder, address = site
    release_anew(folder, FIRST, " NEW IN THIS RELEASE.")
    page = open_notebook(context, site, FIRST)
    expect(page.locator(".jp-MarkdownCell").first).to_contain_text("MY OWN NOTE.")
    notice = page.get_by_role("region", name="New versions")
    expect(notice).to_contain_text("it stays as it is")
    page.screenshot(path=str(SHOTS / "lite-new-release.png"))
    beside = FIRST.replace(".ipynb", ".new.ipynb")
    assert notice.get_by_role("link").get_attribute("href").endswith(beside.replace("/", "%2F"))
    page.goto(f"{address}notebooks/index.html?path={beside}")
    expect(page.locator(".jp-MarkdownCell").first).to_contain_text("NEW IN THIS RELEASE.")
    page.close()


def test_a_lesson_that_was_only_run_gives_way_to_a_new_release(context, site):
    path = next(f"notebooks/{p.name}" for p in (ROOT / "notebooks").glob("01-*.ipynb"))
    page = open_notebook(context, site, path)
    page.locator(".jp-CodeCell").first.click()
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".jp-InputPrompt", has_text="[1]").first).to_be_visible()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    save(page)
    assert path in stored(page)
    release_anew(site[0], path, " SECOND RELEASE.")
    page.reload()
    expect(page.locator(".jp-MarkdownCell").first).to_contain_text("SECOND RELEASE.")
    assert path not in stored(page)
    page.close()


def test_a_lesson_can_be_brought_back_and_the_edited_one_stays(context, site):
    page = open_notebook(context, site, FIRST)
    said = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.accept()))
    page.wait_for_selector(".ca-bar")
    with page.expect_navigation():
        page.get_by_role("button", name="Lesson as it was").click()
    expect(page.locator(".jp-MarkdownCell").first).not_to_contain_text("MY OWN NOTE.")
    edited = FIRST.replace(".ipynb", ".edited.ipynb")
    assert "MY OWN NOTE." in json.dumps(stored(page)[edited])
    assert len(said) == 2
    assert "kept" in said[0]
    page.close()


def test_work_leaves_the_browser_as_a_file_and_comes_back(context, site):
    page = context.new_page()
    watch(page)
    page.goto(f"{site[1]}index.html")
    expect(page.locator("#mine li")).not_to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my work").click()
    archive = Path(download.value.path()).read_bytes()
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        assert file.testzip() is None
        names = set(file.namelist())
        assert "00-p1" in file.read("my-answers.txt").decode()
        edited = json.loads(file.read(FIRST.replace(".ipynb", ".edited.ipynb")))
        assert "MY OWN NOTE." in json.dumps(edited)
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Delete my work here").click()
    assert set(stored(page)) == names
    page.remove_listener("dialog", page._listeners) if False else None
    page.close()
    page = context.new_page()
    watch(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site[1]}index.html")
    page.get_by_role("button", name="Delete my work here").click()
    expect(page.locator("#said")).to_contain_text("deleted")
    assert stored(page) == {}
    page.locator("#bring").set_input_files(
        {"name": "work.zip", "mimeType": "application/zip", "buffer": archive}
    )
    expect(page.locator("#said")).to_contain_text("Brought in")
    assert set(stored(page)) == names
    assert page.errors == []
    page.close()


@pytest.mark.parametrize("path", RUN, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path, browser, site):
    name = path.relative_to(ROOT).as_posix()
    learner = browser.new_context(viewport={"width": 1280, "height": 900})
    learner.set_default_timeout(60_000)
    page = open_notebook(learner, site, name)
    cells = [c for c in json.loads(path.read_text("utf-8"))["cells"] if c["cell_type"] == "code"]
    seconds = run_all(page, len(cells))
    print(f"{path.stem} ran in {seconds:.1f} s")
    save(page)
    run = stored(page)[name]["content"]
    if name.startswith("notebooks"):
        wanted = outputs(json.loads(path.read_text("utf-8")))
        assert [key for key, value in outputs(run).items() if value != wanted[key]] == []
    faults = [o for c in run["cells"] for o in c.get("outputs", []) if o["output_type"] == "error"]
    assert faults == []
    assert page.errors == []
    assert page.abroad == []
    learner.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_start_page_is_accessible(width, scheme, browser, site):
    opened = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    page = opened.new_page()
    watch(page)
    page.goto(f"{site[1]}index.html")
    expect(page.get_by_role("link", name="00 ·")).to_have_count(2)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.errors == page.abroad == []
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=str(SHOTS / f"lite-start-{width}-{scheme}.png"), full_page=True)
    opened.close()
