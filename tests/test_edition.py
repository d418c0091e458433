"""The browser edition in a real browser: lessons run, and a learner's work is never lost."""

import hashlib
import io
import json
import re
import shutil
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
from labs import SOURCE
from playwright.sync_api import expect
from sites import LOOKS, OURS, ROOT, SHOTS, built, served, violations, watched
from test_leaks import NAMES, is_telling, secrets, squeezed

from centralasia import course
from centralasia.pictures import PNG
from centralasia.site import sources
from centralasia.site.lite import image

FIRST = f"notebooks/{course.lessons()[0].file.name}"
RUN = [
    *(course.lesson(number).file for number in ("03", "06", "10")),
    *ROOT.glob(f"exercises/{course.lesson('03').name}/*.ipynb"),
]
STORED = "async () => JSON.stringify([...await (await import('/work.js')).files()])"
DONE = """() => {
    const shown = '.jp-CodeCell .jp-InputPrompt:not(.jp-Placeholder-prompt)';
    const prompts = [...document.querySelectorAll(shown)];
    const kernel = document.querySelector('.jp-Notebook-ExecutionIndicator');
    return prompts.every(({ textContent }) => /\\[\\d+\\]/.test(textContent))
        && (!kernel || kernel.dataset.status === 'idle'); // a folded cell shows no prompt
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A copy of the browser edition that a test may change, and its address."""
    folder = tmp_path_factory.mktemp("edition")
    shutil.copytree(built("lite", tmp_path_factory.mktemp("site")) / "lite", folder / "lite")
    with served(folder / "lite") as address:
        yield folder / "lite", address


@pytest.fixture(scope="module")
def context(browser):
    """One learner's browser, with its own store."""
    opened = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    yield opened
    opened.close()


def open_notebook(context, site, path):
    page = watched(context)
    page.goto(f"{site[1]}notebooks/index.html?path={path}")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    return page


def menu(page, *names):
    for name in names:
        where = ".lm-MenuBar-itemLabel" if name == names[0] else ".lm-Menu-itemLabel"
        page.locator(where, has_text=re.compile(f"^{re.escape(name)}$")).first.click()


def stored(page):
    """The learner's files as the browser keeps them."""
    return dict(json.loads(page.evaluate(STORED)))


def save(page):
    menu(page, "File", "Save Notebook")
    page.wait_for_timeout(700)


def run_all(page):
    """Run every cell; return the seconds until the last was done."""
    began = time.monotonic()
    menu(page, "Run", "Run All Cells")
    page.wait_for_function(DONE)
    return time.monotonic() - began


def plain(output):
    """An output as it can be compared: texts in one piece, no numbers of views and runs.

    Nor the picture of a chart, which the edition does not carry; the chart is compared.
    """
    data = {
        kind: "".join(value) if isinstance(value, list) else value
        for kind, value in output.get("data", {}).items()
        if "widget" not in kind and kind != PNG
    }
    return output["output_type"], "".join(output.get("text", "")), data


def outputs(notebook):
    return {c["id"]: [plain(o) for o in c["outputs"]] for c in notebook["cells"] if "outputs" in c}


def differing(run, path):
    """The cells that gave another output than the stored one."""
    wanted = outputs(json.loads(path.read_text("utf-8")))
    return [cell for cell, given in outputs(run).items() if given != wanted[cell]]


def cell_with(page, text):
    """The cell whose source has this text, scrolled to."""
    source = page.locator(SOURCE, has_text=text)
    cell = page.locator(".jp-CodeCell", has=source).first
    cell.scroll_into_view_if_needed()
    return cell.locator(".jp-OutputArea").first


def test_a_learner_who_comes_by_a_link_meets_no_dead_form_and_no_error(browser, site):
    """No cell was run: forms take answers, a far cell finds its names, and after a reload too."""
    learner = browser.new_context(viewport={"width": 1280, "height": 900})
    page = open_notebook(learner, site, f"{FIRST}#predict-cells")
    form = cell_with(page, 'predict("00-p1")')
    form.locator("input[type=radio]").first.check()
    form.get_by_role("button", name="Save my prediction").click()
    expect(form.get_by_role("status")).to_contain_text("Kept:")
    for first in (True, False):
        cell = page.locator(".jp-CodeCell", has=page.locator(".cm-content", has_text="multiples"))
        cell.first.locator(".cm-content").click()
        page.keyboard.press("Shift+Enter")
        expect(cell.first.locator(".jp-InputPrompt").first).to_contain_text("[1]")
        assert page.locator(".jp-OutputArea-output[data-mime-type*=error]").count() == 0
        if first:
            save(page)
            page.reload()
        expect(form.get_by_role("status")).to_contain_text("Kept:")
        expect(form.locator("input[type=radio]").first).to_be_checked()
        assert page.get_by_text("Loading widget").count() == 0
    assert page.errors == page.abroad == []
    learner.close()


@pytest.fixture(scope="module")
def lesson(context, site):
    """Lesson 00, run from top to bottom."""
    page = open_notebook(context, site, FIRST)
    # It is said how far it has come.
    expect(page.locator(".ca-bar [role=status]")).to_contain_text("Python")
    print(f"lesson 00 ran in {run_all(page):.1f} s")
    yield page
    page.close()


def test_lesson_00_gives_the_stored_outputs(lesson):
    save(lesson)
    assert differing(stored(lesson)[FIRST]["content"], ROOT / FIRST) == []


def test_a_chart_answers_to_keyboard_and_mouse(lesson):
    shown = cell_with(lesson, "region_map")
    slider = shown.locator("input[type=range]").first
    drawn = shown.locator("svg.marks").first
    expect(drawn).to_contain_text("2010")
    slider.focus()
    for _ in range(5):
        lesson.keyboard.press("ArrowRight")
    expect(drawn).to_contain_text("2015")
    box = slider.bounding_box()
    slider.click(position={"x": box["width"] * 0.1, "y": box["height"] / 2})
    expect(drawn).not_to_contain_text("2015")


def test_a_prediction_is_kept(lesson):
    form = cell_with(lesson, 'predict("00-p1")')
    form.locator("input[type=radio]").first.focus()
    lesson.keyboard.press("Space")
    form.get_by_role("button", name="Save my prediction").click()
    expect(form.get_by_role("status")).to_contain_text("Kept:")
    line = json.loads(lesson.evaluate("localStorage['centralasia-answers']").splitlines()[-1])
    assert (line["item"], line["kind"]) == ("00-p1", "prediction")


def test_a_claim_is_checked_by_keyboard(lesson):
    check = cell_with(lesson, "claim_check")
    check.locator("input[type=radio]").first.focus()
    lesson.keyboard.press("Space")
    check.get_by_role("button", name="Keep it and show the evidence").focus()
    lesson.keyboard.press("Enter")
    expect(check).to_contain_text("The evidence on RU-22")
    check.locator("input[type=radio]:visible").first.focus()
    lesson.keyboard.press("Space")
    check.get_by_role("button", name="Keep it and show the course").focus()
    lesson.keyboard.press("Enter")
    expect(check).to_contain_text("Our verdict on RU-22")
    assert violations(lesson, [".ca-bar", *OURS]) == []
    SHOTS.mkdir(parents=True, exist_ok=True)
    lesson.screenshot(path=SHOTS / "edition-claim-check.png")


def test_nothing_failed_and_nothing_left_the_machine(lesson):
    assert lesson.errors == lesson.abroad == []


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
    page.screenshot(path=SHOTS / "edition-new-release.png")
    beside = FIRST.replace(".ipynb", ".new.ipynb")
    assert notice.get_by_role("link").get_attribute("href").endswith(beside.replace("/", "%2F"))
    page.goto(f"{address}notebooks/index.html?path={beside}")
    expect(page.locator(".jp-MarkdownCell").first).to_contain_text("NEW IN THIS RELEASE.")
    page.close()


def test_a_lesson_that_was_only_run_gives_way_to_a_new_release(context, site):
    path = f"notebooks/{course.lessons()[1].file.name}"
    page = open_notebook(context, site, path)
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".jp-InputPrompt", has_text="[1]").first).to_be_visible()
    save(page)
    assert path in stored(page)
    release_anew(site[0], path, " SECOND RELEASE.")
    page.reload()
    expect(page.locator(".jp-MarkdownCell").first).to_contain_text("SECOND RELEASE.")
    assert path not in stored(page)
    page.close()


def test_a_cell_that_is_run_before_python_is_there_waits_for_it(context, site):
    page = open_notebook(context, site, f"notebooks/{course.lessons()[2].file.name}")
    slow = context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.reload()
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".jp-InputPrompt", has_text="[1]").first).to_be_visible()
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


@pytest.fixture(scope="module")
def archive(context, site):
    """The learner's work as a file."""
    page = watched(context)
    page.goto(f"{site[1]}index.html")
    expect(page.locator("#mine li")).not_to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my work").click()
    yield Path(download.value.path()).read_bytes()
    page.close()


def test_work_leaves_the_browser_as_a_file(archive):
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        assert file.testzip() is None
        assert "00-p1" in file.read("my-answers.txt").decode()
        edited = json.loads(file.read(FIRST.replace(".ipynb", ".edited.ipynb")))
        assert "MY OWN NOTE." in json.dumps(edited)


def test_nothing_is_deleted_without_a_question(context, site, archive):
    page = watched(context)
    page.goto(f"{site[1]}index.html")
    answers = iter(("dismiss", "accept"))
    page.on("dialog", lambda dialog: getattr(dialog, next(answers))())
    before = stored(page)
    page.get_by_role("button", name="Delete my work here").click()
    assert stored(page) == before
    page.get_by_role("button", name="Delete my work here").click()
    expect(page.locator("#said")).to_contain_text("deleted")
    assert stored(page) == {}
    assert not page.evaluate("localStorage['centralasia-answers']")
    assert page.errors == []
    page.close()


def test_work_comes_in_again_on_another_computer(browser, site, archive):
    other = browser.new_context()
    page = watched(other)
    page.goto(f"{site[1]}index.html")
    sent = {"name": "work.zip", "mimeType": "application/zip", "buffer": archive}
    page.locator("#bring").set_input_files(sent)
    expect(page.locator("#said")).to_contain_text("Brought in")
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        assert set(stored(page)) == set(file.namelist()) - {"my-answers.txt"}
        said = file.read("my-answers.txt").decode()
    assert page.evaluate("localStorage['centralasia-answers']") == said
    edited = FIRST.replace(".ipynb", ".edited.ipynb")
    page.goto(f"{site[1]}notebooks/index.html?path={edited}")
    expect(page.locator(".jp-MarkdownCell").first).to_contain_text("MY OWN NOTE.")
    assert page.errors == page.abroad == []
    other.close()


@pytest.mark.parametrize("path", RUN, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path, browser, site):
    name = path.relative_to(ROOT).as_posix()
    learner = browser.new_context(viewport={"width": 390, "height": 800}, color_scheme="dark")
    page = open_notebook(learner, site, name)
    page.set_viewport_size({"width": 1280, "height": 900})
    print(f"{path.stem} ran in {run_all(page):.1f} s")
    save(page)
    run = stored(page)[name]["content"]
    if name.startswith("notebooks"):
        assert differing(run, path) == []
    faults = [o for c in run["cells"] for o in c.get("outputs", []) if o["output_type"] == "error"]
    assert faults == []
    assert page.errors == page.abroad == []
    page.set_viewport_size({"width": 390, "height": 800})
    page.screenshot(path=SHOTS / f"edition-{path.stem}-390.png")
    learner.close()


def test_a_link_of_the_book_opens_its_cell_on_a_telephone(browser, site):
    learner = browser.new_context(viewport={"width": 390, "height": 800})
    page = open_notebook(learner, site, f"{RUN[0].relative_to(ROOT).as_posix()}#predictions")
    cell = page.locator(".jp-CodeCell", has=page.locator(SOURCE, has_text='predict("03-p1"'))
    expect(cell.first).to_be_in_viewport()
    expect(page.locator(".jp-MarkdownCell").first).not_to_be_in_viewport()
    expect(page.get_by_role("link", name="All lessons")).to_be_in_viewport(ratio=1)
    for name in ("Download my work", "Lesson as it was"):
        button = page.get_by_role("button", name=name)
        expect(button).to_be_in_viewport(ratio=1)
        button.click(trial=True)  # nothing lies over it
    page.screenshot(path=SHOTS / "edition-link-390.png")
    assert page.errors == page.abroad == []
    learner.close()


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def test_the_start_page_in_every_look(look, browser, site):
    width, scheme = look
    opened = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = watched(opened)
    page.goto(f"{site[1]}index.html")
    expect(page.locator("#said")).to_contain_text("nothing of yours")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for link in page.locator("main a, footer a").all():
        path = (link.get_attribute("href") or "").partition("path=")[2]
        assert not path or (site[0] / "files" / path).is_file()
    assert page.errors == page.abroad == []
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"edition-start-{width}-{scheme}.png", full_page=True)
    opened.close()


def test_the_memory_image_comes_out_the_same_and_lies_with_its_pyodide(site, tmp_path):
    """Made anew in another folder, from the packages that the site has, it is the same file."""
    python = site[0] / "python"
    known = json.loads((python / "packages.json").read_text("utf-8"))
    (folder,) = (path for path in python.iterdir() if path.is_dir())
    assert image.name_of(folder) == folder.name
    with tarfile.open(*python.glob("packages-*.pack"), "r:gz") as archive:
        archive.extractall(tmp_path / "packages", filter="data")
    shutil.copytree(folder, tmp_path / "pyodide")
    image.make(tmp_path / "pyodide", tmp_path / "packages", tmp_path / "image")
    assert hashlib.sha256((tmp_path / "image").read_bytes()).hexdigest() == known["image"]


def test_what_python_weighs_is_what_the_pages_say(site):
    fetched = [*(site[0] / "python").glob("*/*"), *(site[0] / "python").glob("course-*.pack")]
    assert round(sum(path.stat().st_size for path in fetched) / 1e6) == sources.PYTHON_MEGABYTES


def test_nothing_of_a_solution_is_in_the_edition(site):
    lessons = squeezed("".join(p.read_text("utf-8") for p in (ROOT / "notebooks").glob("*.ipynb")))
    texts = {path.name: path.read_text("utf-8") for path in site[0].rglob("files/**/*.ipynb")}
    packs = [*site[0].glob("python/packages-*.pack"), *site[0].glob("python/course-*.pack")]
    for pack in packs:  # the memory image has what is in the first, and nothing else
        with tarfile.open(pack, "r:gz") as archive:
            for member in archive:
                if member.name.startswith("centralasia") and not member.name.endswith(".pyc"):
                    content = archive.extractfile(member).read()
                    texts[member.name] = content.decode("utf-8", "ignore")
    assert "centralasia/tables.py" in texts
    assert [name for name in texts if "solutions/" in name or Path(name).name == "key.py"] == []
    squeezed_texts = {name: squeezed(text) for name, text in texts.items()}
    lines = {squeezed(line) for exercise in NAMES for _, line in secrets(exercise)}
    telling = [line for line in lines if is_telling(line) and line not in lessons]
    found = [(n, line) for line in telling for n, text in squeezed_texts.items() if line in text]
    assert found == []
