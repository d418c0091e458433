"""Journeys 4 and 8: a learner moves house, and hands in from wherever they are.

Answers of the book, the browser edition and JupyterLab are brought together by files, and on one
origin without any. An exercise that was done in the edition or in JupyterLab comes to its marks.
"""

import io
import json
import subprocess
import sys
import zipfile

import nbformat
import pytest
from classes import NAME, answered, scores
from downloads import moodle, raw, worksheet, zipped
from labs import cell, editor, opened, output
from playwright.sync_api import expect
from sites import ROOT, built, served, violations, watched

from centralasia import course, progress
from centralasia.grading.handing_in.structure import KERNEL

SHOTS = ROOT / "artifacts" / "journeys" / "moving-house"
LESSON = course.lesson("00").name
EXERCISE = f"exercises/{NAME}/{NAME}.ipynb"
ANSWERS = "localStorage.getItem('centralasia-answers') ?? ''"
IN_THE_EDITION = f"lite/notebooks/index.html?path=notebooks/{LESSON}.ipynb"
ANOTHER_RELEASE = {"v": 2, "time": "2027-01-01T00:00:00+00:00", "item": "99-p1", "kind": "dream"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with served(built("all", tmp_path_factory.mktemp("site"))) as address:
        yield address


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab in an empty home: its address, and the home."""
    home = tmp_path_factory.mktemp("home")
    with opened(home, **{progress.ENV: str(home / "answers.jsonl")}) as address:
        yield address, home


def on_a_computer_of_its_own(browser, address, **options):
    options = {"viewport": {"width": 1280, "height": 900}} | options
    page = watched(browser.new_context(**options))
    page.goto(address)
    return page


def look(page, name):
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


class InTheBook:
    """Lesson 00 of the book."""

    name = "book"

    def __init__(self, browser, site, lab):
        self.page = on_a_computer_of_its_own(browser, f"{site}lessons/{LESSON}.html")

    def form(self, item):
        return self.page.locator(f"#ask-{item}")

    def record(self):
        return self.page.locator(".ca-question:has([data-asks=record])")

    def predict(self, item, choice):
        form = self.form(item)
        form.locator("input[type=radio]").nth(choice).check()
        form.get_by_role("button", name="Save my prediction").click()
        expect(form.get_by_role("status")).to_contain_text("Kept:")

    def take_along(self):
        with self.page.expect_download() as saved:
            self.record().get_by_role("button", name="Take my answers along").click()
        return saved.value.path().read_bytes()

    def bring(self, content, name="answers.txt"):
        """Bring a file in, and return what is said of it."""
        said = self.record().get_by_role("status").last
        said.evaluate("(node) => { node.textContent = ''; }")
        file = {"name": name, "mimeType": "text/plain", "buffer": content}
        self.record().locator("input[type=file]").set_input_files(file)
        expect(said).not_to_be_empty()
        return said.inner_text()


class InTheEdition(InTheBook):
    """Lesson 00 of the browser edition."""

    name = "edition"

    def __init__(self, browser, site, lab):
        self.page = on_a_computer_of_its_own(browser, site + IN_THE_EDITION)
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")

    def form(self, item):
        return output(self.page, f'predict("{item}")')

    def record(self):
        return output(self.page, "widgets.my_progress()")


class InTheLab(InTheEdition):
    """Lesson 00 in JupyterLab."""

    name = "lab"

    def __init__(self, browser, site, lab):
        self.page = on_a_computer_of_its_own(browser, lab[0])
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")


def counted(content, tmp_path, monkeypatch):
    """The answers of a file that count, as Python counts them."""
    with monkeypatch.context() as other:
        other.setenv(progress.ENV, str(tmp_path / "counted.jsonl"))
        (tmp_path / "counted.jsonl").write_bytes(content)
        frame = progress.answers(keep="first").sort_values(["item", "kind"])
        return frame.astype(object).fillna("unknown").to_numpy().tolist()


def test_answers_of_three_places_are_brought_together_in_each_twice(
    browser, site, lab, tmp_path, monkeypatch
):
    kinds = (InTheBook, InTheEdition, InTheLab)
    book, edition, in_lab = every = [place(browser, site, lab) for place in kinds]
    # The book's first answer comes before the edition's to the same question, and stays the first.
    # A line has its second: of two answers to one question the later one has a later second.
    book.predict("00-p1", 1)
    edition.page.wait_for_timeout(1100)
    edition.predict("00-p1", 0)
    edition.predict("00-p3", 0)
    edition.page.wait_for_timeout(1100)
    in_lab.predict("00-p3", 1)
    in_lab.predict("00-p2", 2)
    files = [place.take_along() for place in every]
    lines = [json.loads(line) for content in files for line in content.decode().splitlines()]
    assert len(lines) == 5
    for again in range(2):
        for place in every:
            for n, content in enumerate(files):
                told = place.bring(content)
                own = place is every[n]
                new = 0 if again or own else len(content.splitlines())
                assert told.startswith(f"Brought in: {new} new answers."), (place.name, n, told)
            look(place.page, f"{place.name}-{again}")
    together = [place.take_along() for place in every]
    for content in together:
        kept = [json.loads(line) for line in content.decode().splitlines()]
        assert sorted(map(json.dumps, kept)) == sorted(map(json.dumps, lines))
    count = [counted(content, tmp_path, monkeypatch) for content in together]
    assert count[0] == count[1] == count[2]
    assert [row[3] for row in count[0] if row[1] == "00-p1"] == [lines[0]["answer"]]

    # Each place says so: what was answered elsewhere stands in its form, tomorrow as well.
    for place in every:
        for item in ("00-p1", "00-p2", "00-p3"):
            expect(place.form(item).get_by_role("status")).to_contain_text("Kept:")
    book.page.reload()
    expect(book.form("00-p2").get_by_role("status")).to_contain_text("Kept:")
    edition.page.reload()
    expect(edition.form("00-p2").get_by_role("status")).to_contain_text("Kept:")
    for place in every:
        assert place.page.errors == place.page.abroad == []
        place.page.context.close()


WHOLE = [
    {
        "v": 1,
        "time": f"2026-01-01T00:00:0{n}+00:00",
        "item": "00-p1",
        "kind": "prediction",
        "answer": "Жалғыз — 10–14",
        "confidence": 0.7,
        "correct": None,
    }
    for n in range(3)
]
TEXT = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in WHOLE)
ODD = {
    "as it is": (TEXT.encode(), (3, 0, 0, 0)),
    "a mark and Windows lines": (TEXT.replace("\n", "\r\n").encode("utf-8-sig"), (3, 0, 0, 0)),
    "Notepad's two bytes": (TEXT.encode("utf-16"), (3, 0, 0, 0)),
    "the other two bytes": (b"\xfe\xff" + TEXT.encode("utf-16-be"), (3, 0, 0, 0)),
    "old Mac lines": (TEXT.replace("\n", "\r").encode(), (3, 0, 0, 0)),
    "half of it": (TEXT.encode()[: len(TEXT.encode()) - 40], (2, 0, 1, 0)),
    "no last line end": (TEXT.rstrip().encode(), (3, 0, 0, 0)),
    "twice in one file": ((TEXT + TEXT).encode(), (3, 3, 0, 0)),
    "one line of a newer release": (
        f"{TEXT}{json.dumps(ANOTHER_RELEASE)}\n".encode(),
        (3, 0, 0, 1),
    ),
    "other zones and parts of a second": (
        TEXT.replace("T00:00:0", "T06:00:0").replace("+00:00", ".000000+06:00").encode(),
        (3, 0, 0, 0),
    ),
}
NONE = {
    "nothing": (b"", "This is no file of answers"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "This is no file of answers"),
    "all of a newer release": (
        f"{json.dumps(ANOTHER_RELEASE)}\n".encode(),
        "These answers are of a newer release",
    ),
}


@pytest.fixture(scope="module")
def book(browser, site):
    place = InTheBook(browser, site, None)
    place.page.goto(f"{site}record.html")
    yield place
    place.page.context.close()


@pytest.mark.parametrize("kind", ODD)
def test_what_becomes_of_an_odd_file(kind, book, tmp_path, monkeypatch):
    """The book and Python read it alike, and a second time nothing of it is new."""
    monkeypatch.setenv(progress.ENV, str(tmp_path / "progress.jsonl"))
    content, (new, known, unread, newer) = ODD[kind]
    book.page.evaluate("localStorage.removeItem('centralasia-answers')")
    came = progress.bring_in(content)
    assert (came.new, came.known, came.unread, came.newer) == (new, known, unread, newer)
    told = book.bring(content)
    assert f"Brought in: {new} new answers. {known} were here already." in told
    assert (f"{unread} lines of the file could not be read" in told) == bool(unread)
    assert (f"{newer} lines are of a newer release" in told) == bool(newer)
    assert "Brought in: 0 new answers." in book.bring(content)
    assert progress.bring_in(content).new == 0
    kept = [json.loads(line) for line in book.page.evaluate(ANSWERS).splitlines()]
    assert kept == list(progress.lines())
    # And from one to the other and back: they are the same answers.
    assert progress.bring_in(TEXT.encode()).new == len(WHOLE) - new
    assert f"Brought in: {len(WHOLE) - new} new answers." in book.bring(TEXT.encode())


@pytest.mark.parametrize("kind", NONE)
def test_what_holds_no_answer_is_refused_in_one_sentence(kind, book, tmp_path, monkeypatch):
    monkeypatch.setenv(progress.ENV, str(tmp_path / "progress.jsonl"))
    content, words = NONE[kind]
    before = book.page.evaluate(ANSWERS)
    assert words in book.bring(content)
    assert book.page.evaluate(ANSWERS) == before
    with pytest.raises(progress.NoAnswers, match=words):
        progress.bring_in(content)


def test_on_one_origin_there_is_one_store(browser, site):
    """Book, live page and edition share the answers, with no file, and what is deleted is gone."""
    learner = browser.new_context(viewport={"width": 1280, "height": 900})
    book = InTheBook.__new__(InTheBook)
    book.page = watched(learner)
    book.page.goto(f"{site}lessons/{LESSON}.html")
    book.predict("00-p1", 1)
    edition = InTheEdition.__new__(InTheEdition)
    edition.page = watched(learner)
    edition.page.goto(site + IN_THE_EDITION)
    expect(edition.form("00-p1").get_by_role("status")).to_contain_text("Kept:")
    edition.predict("00-p3", 0)
    expect(book.form("00-p3").get_by_role("status")).to_contain_text("Kept:")  # with no reload

    # Python is told before its next cell runs; what a cell shows, the book knows as shown.
    shown = cell(edition.page, 'reveal("00-p1"')
    editor(shown).click()
    edition.page.keyboard.press("Shift+Enter")
    expect(output(edition.page, 'reveal("00-p1"').locator("[data-state=shown]")).to_be_visible()
    closed = book.page.locator("[data-asks=answer]", has_text="00-p1")
    expect(closed).to_have_attribute("data-state", "shown")
    book.predict("00-p2", 2)
    first = cell(edition.page, "import")
    editor(first).click()
    edition.page.keyboard.press("Control+End")
    edition.page.keyboard.type("\nfrom centralasia import progress")
    edition.page.keyboard.type("\nprint(len(progress.lines()), 'lines')")
    edition.page.keyboard.press("Shift+Enter")
    expect(first).to_contain_text("4 lines")
    look(edition.page, "one-store-edition")

    # After a reload, and on the start page; then all is deleted in the book.
    edition.page.reload()
    expect(edition.form("00-p2").get_by_role("status")).to_contain_text("Kept:")
    book.page.get_by_role("button", name="Make this page live").click()
    book.page.wait_for_selector("[data-live]", state="attached")
    book.page.wait_for_function("!document.querySelector('[data-live=waits]')")
    expect(book.form("00-p3").get_by_role("status")).to_contain_text("Kept:")
    book.page.on("dialog", lambda dialog: dialog.accept())
    book.page.goto(f"{site}record.html")
    book.page.get_by_role("button", name="Delete my answers here").click()
    expect(edition.form("00-p2").get_by_role("status")).not_to_contain_text("Kept:")
    edition.page.reload()
    expect(edition.form("00-p1").locator("input[type=radio]").nth(1)).to_be_enabled()
    expect(edition.form("00-p1").get_by_role("status")).not_to_contain_text("Kept:")
    assert edition.page.evaluate(ANSWERS) == ""
    assert book.page.errors == edition.page.errors == []
    learner.close()


def test_answers_of_an_earlier_release_of_the_edition_are_taken_over(browser, site):
    """They lay among its files; an archive of it has them still."""
    page = on_a_computer_of_its_own(browser, f"{site}lite/index.html")
    page.evaluate(
        "async (text) => { const { release } = await import('/lite/work.js');"
        " const { store } = await release();"
        " await localforage.createInstance({ name: store, storeName: 'files',"
        " driver: localforage.INDEXEDDB, version: 1 }).setItem('my-answers.txt', { type: 'file',"
        " format: 'text', name: 'my-answers.txt', path: 'my-answers.txt', content: text }); }",
        TEXT,
    )
    page.reload()
    expect(page.locator("#mine li")).to_have_count(0)
    page.wait_for_function(f"({ANSWERS}) !== ''")
    assert page.evaluate(ANSWERS) == TEXT
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download my work").click()
    archive = saved.value.path().read_bytes()
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        assert file.read("my-answers.txt").decode() == TEXT
    other = on_a_computer_of_its_own(browser, f"{site}lite/index.html")
    for new in (len(WHOLE), 0):
        sent = {"name": "work.zip", "mimeType": "application/zip", "buffer": archive}
        other.locator("#bring").set_input_files(sent)
        expect(other.locator("#said")).to_have_text(
            f"Brought in: {new} new answers. {len(WHOLE) - new} were here already."
        )
    # The book's own file may be brought there too.
    content, _came = ODD["a mark and Windows lines"]
    sent = {"name": "answers.txt", "mimeType": "text/plain", "buffer": content}
    other.locator("#bring").set_input_files(sent)
    expect(other.locator("#said")).to_contain_text("Brought in: 0 new answers. 3 were")
    assert violations(other) == []
    assert page.errors == other.errors == []
    page.context.close()
    other.context.close()


def hand_in(page):
    """Press the button above the notebook, and wait for what Python says."""
    page.get_by_role("button", name="Hand in").click()
    found = page.locator(".jp-Dialog", has_text="The course runs your notebook")
    expect(found).to_have_count(0)
    return page.locator(".jp-Dialog")


def mark_of(folder, files, tmp_path):
    """Collect files into a course folder, grade them, and return the points."""
    tmp_path.mkdir()
    people = [(1, "Anna Ivanova", "anna.i", "-"), (2, "Berik Asanov", "berik", "-")]
    worksheet(tmp_path / "list.csv", people)
    for command in (("collect", folder, "--from", files, "--roster", tmp_path / "list.csv"),
                    ("grade", "03")):  # fmt: skip
        line = [sys.executable, "-m", "centralasia.cli", *map(str, command), "--dir", str(tmp_path)]
        done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return scores(tmp_path)


def test_an_exercise_is_handed_in_from_the_edition(browser, site, tmp_path):
    page = on_a_computer_of_its_own(browser, f"{site}lite/notebooks/index.html?path={EXERCISE}")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    expect(page.locator(".jp-MarkdownCell").last).to_contain_text("press Hand in above")
    said = hand_in(page)
    expect(said).to_contain_text("it gives no id of your own")
    expect(said).to_contain_text("Question 1 has no answer")
    expect(said).not_to_contain_text("kernel")  # JupyterLite's own is not the learner's doing
    expect(said.get_by_role("button", name="Save the file")).to_have_count(0)
    assert violations(page, [".jp-Dialog .ca"]) == []
    look(page, "edition-guest")
    said.get_by_role("button", name="Back to the notebook").click()

    # The learner's work, as it was done elsewhere: whole but for a test that was deleted.
    work = answered("Anna.I")
    work.cells = [one for one in work.cells if one.id != "ex03-q2-hhi"]
    page.goto(f"{site}lite/index.html")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(EXERCISE, nbformat.writes(work))
    sent = {"name": "work.zip", "mimeType": "application/zip", "buffer": archive.getvalue()}
    page.locator("#bring").set_input_files(sent)
    # It takes the place of the one that was only opened, and comes in once.
    expect(page.locator("#said")).to_have_text(f"Brought in: {EXERCISE}")
    page.locator("#bring").set_input_files(sent)
    expect(page.locator("#said")).to_have_text("All of it was here already.")
    page.goto(f"{site}lite/notebooks/index.html?path={EXERCISE}")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    said = hand_in(page)
    expect(said).to_contain_text("The check of question 2 is gone, and with it 5 points")
    said.get_by_role("button", name="Mend it").click()
    expect(page.locator(".jp-Dialog")).to_contain_text("Nothing was found")
    look(page, "edition-ready")
    with page.expect_download() as saved:
        page.locator(".jp-Dialog").get_by_role("button", name="Save the file to hand in").click()
    expect(page.locator(".jp-Dialog")).to_contain_text(f"Saved as Anna.I_{NAME}.ipynb")
    look(page, "edition-handed-in")
    assert saved.value.suggested_filename == f"Anna.I_{NAME}.ipynb"
    content = saved.value.path().read_bytes()
    assert json.loads(content)["metadata"]["kernelspec"]["name"] == KERNEL
    assert page.errors == page.abroad == []
    page.context.close()

    folder = tmp_path / "download"
    folder.mkdir()
    (folder / saved.value.suggested_filename).write_bytes(content)
    (folder / f"berik_{NAME}.ipynb").write_bytes(raw("berik"))
    points = mark_of(folder, "folder", tmp_path / "by-folder")
    assert points["anna.i"] == points["berik"]
    files = {moodle("Anna Ivanova", 1, saved.value.suggested_filename): content,
             moodle("Berik Asanov", 2): raw("berik")}  # fmt: skip
    zipped(tmp_path / "week.zip", files)
    assert mark_of(tmp_path / "week.zip", "moodle", tmp_path / "by-moodle") == points


def test_an_exercise_is_handed_in_from_jupyterlab(browser, lab, tmp_path):
    address, home = lab
    file = home / "my-course" / EXERCISE
    file.write_text(nbformat.writes(answered("anna.i")), "utf-8")
    page = on_a_computer_of_its_own(browser, address)
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.goto(f"{address.partition('/lab')[0]}/lab/tree/{EXERCISE}")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    said = hand_in(page)
    expect(said).to_contain_text("Nothing was found")
    said.get_by_role("button", name="Save the file to hand in").click()
    expect(page.locator(".jp-Dialog")).to_contain_text("beside this notebook")
    look(page, "lab-handed-in")
    beside = file.with_name(f"anna.i_{NAME}.ipynb")
    sources = [one.source for one in nbformat.read(beside, 4).cells]
    assert sources == [one.source for one in answered("anna.i").cells]
    assert page.errors == page.abroad == []
    page.context.close()
