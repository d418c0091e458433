"""Journey 7, a term of marks: from what Moodle and Canvas hand out to what they take back.

Thirty learners, sixteen in Moodle and fourteen in Canvas, with every oddity that reviewers met; two
weeks that ask for data alone, one with an argument, two markers, an extension. The only tools are
the commands that docs/teaching.md names and a browser.
"""

import copy
import csv
import io
import json
import threading
import unicodedata
import zipfile
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
import tornado.httpserver
import tornado.ioloop
import tornado.netutil
from classes import NAME, answered
from downloads import canvas, gradebook, moodle, raw, worksheet, zipped
from playwright.sync_api import expect

from centralasia.checks import keys
from centralasia.cli import main
from centralasia.grading.afterwards import desk, essays
from centralasia.grading.afterwards.folder import CourseFolder
from centralasia.lms.roster import _words

PICTURES = Path(__file__).resolve().parents[2] / "artifacts" / "journeys" / "07"
OF = keys.load(NAME)
ESSAY = essays.question(NAME)
WEEKS = ("00-orientation", "02-russia-2-rethinking")
"""Which ask for data alone."""
ON_TIME, TWO_DAYS = "Friday, 6 December 2024, 9:15 PM", "Monday, 9 December 2024, 9:15 AM"
DUE = "2024-12-07"
IN_MOODLE = {
    "anna.i": ("Anna Ivanova", ON_TIME),
    "berik": ("Берик Асанов", ON_TIME),
    "cholpon": ("Cholpon O'Toktosunova-Bek", ON_TIME),
    "müller": ("Jörg Müller", ON_TIME),
    "сергей": ("Сергей Йолкин", ON_TIME),
    "dana": ("Dana Dana", ON_TIME),
    "emil.o": ("Emil Omorov", ON_TIME),
    "fatima": ("Fatima_Zahra Karimova", ON_TIME),
    "gul.n": ("Gul Nazarova", ON_TIME),
    "hasan": ("Hasan Aliev", ON_TIME),
    "inna": ("Inna Kim", ON_TIME),
    "jyldyz": ("Jyldyz Sadykova", TWO_DAYS),
    "karim": ("Karim Yusupov", TWO_DAYS),
    "lola": ("Lola Saidova", "-"),
    "marat": ("Marat Bekov", "-"),
    "nur": ("Nur Nur", ON_TIME),
}
IN_CANVAS = {f"s{n:02}@example.edu": (f"Learner{n:02}, Ann", str(5000 + n)) for n in range(14)}


def changed(learner, change):
    """Return the bytes of a right notebook after something happened to it."""
    nb = answered(learner)
    change(nb)
    return nbformat.writes(nb).encode()


def without(key):
    def change(nb):
        nb.cells = [cell for cell in nb.cells if cell.id != key]

    return change


def copied(key):
    def change(nb):
        place = next(n for n, cell in enumerate(nb.cells) if cell.id == key)
        twice = copy.deepcopy(nb.cells[place])
        twice.id = "copied-cell"
        nb.cells.insert(place + 1, twice)

    return change


def packed(files):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def moodle_zip(path):
    """Write the zip of the third week as Moodle makes it, with what learners do to files."""
    number = {login: str(700 + n) for n, login in enumerate(IN_MOODLE)}

    def at(login, file=f"{NAME}.ipynb", kind="file"):
        return moodle(IN_MOODLE[login][0].replace("_", " "), number[login], file, kind)

    wrong = {"ex03-q1-bloc-share-answer": "bloc_share = 0.123"}
    nfd = unicodedata.normalize("NFD", "Müller")
    own = "Kyrgyz traders and their government chose China; no customs union could change that."
    return zipped(path, {
        at("anna.i"): raw("anna.i"),
        at("berik", f"{NAME} (1).ipynb"): raw("berik"),
        at("cholpon", "Untitled.ipynb"): raw(" Cholpon "),
        unicodedata.normalize("NFD", at("müller")): raw(nfd),
        at("сергей", f"deep/er/{NAME}-Copy1.ipynb"): raw("СЕРГЕЙ"),
        at("dana"): b"\xef\xbb\xbf" + raw("dana"),
        at("emil.o"): changed("emil.o", without("ex03-q3-members")),
        at("fatima"): changed("fatima", copied("ex03-q2-hhi")),
        at("gul.n"): raw("anna.i"),
        at("hasan"): raw("hasan")[:7000],
        at("inna"): raw("inna", wrong),
        at("inna", "work.zip"): packed({f"mine/{NAME}.ipynb": raw("inna")}),
        at("jyldyz"): raw("jyldyz", wrong),
        at("karim"): raw("karim"),
        at("nur"): raw("nur", {ESSAY: own}),
        at("nur", "onlinetext.html", "onlinetext"): b"<p>Please see the file.</p>",
        at("nur", "photo.jpg"): b"not a notebook",
        moodle("Who Isthis", "999"): raw("who"),
    })  # fmt: skip


def canvas_zip(path):
    """Write the zip of the third week as Canvas makes it."""
    files = {}
    for n, (login, (name, number)) in enumerate(IN_CANVAS.items()):
        content, file = raw(login), f"{NAME}-1.ipynb"
        if n == 1:
            content, file = packed({"../../outside.ipynb": raw(login)}), "homework.zip"
        if n == 2:
            content = raw(login, {"ex03-q2-hhi-answer": "concentration = ..."})
        if n == 3:
            continue
        files[canvas(name, number, 90_000 + n, file, late=n == 4)] = content
    return zipped(path, files)


def run(*words, code=0):
    assert main([str(word) for word in words]) == code, words


def rows(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def term(tmp_path_factory):
    """Return the course folder of a teacher who has collected and graded three weeks."""
    root = tmp_path_factory.mktemp("term")
    people = [(700 + n, name, login, when) for n, (login, (name, when)) in
              enumerate(IN_MOODLE.items())]  # fmt: skip
    worksheet(root / "moodle.csv", people, encoding="utf-8-sig", delimiter=";")
    learners = [(number, name, login) for login, (name, number) in IN_CANVAS.items()]
    gradebook(root / "canvas.csv", learners, (f"{NAME} data (812)", "Something else (77)"))
    for week in WEEKS:
        run("release", week, "--parts", "data", "--dir", root)
    run("release", NAME, "--due", DUE, "--dir", root)
    (root / "policy.csv").write_text("rule;value\nlate_percent_a_day;10\n", encoding="utf-8")
    (root / "extensions.csv").write_text(
        f"learner;exercise;until\nkarim;03;2024-12-12\nmarat;{NAME};excused\n", encoding="utf-8"
    )
    for week in WEEKS:
        few = {login: IN_MOODLE[login] for login in ("anna.i", "berik", "lola")}
        files = {
            moodle(name, 700 + list(IN_MOODLE).index(login), f"{week}.ipynb"):
                data_only(root, week, login)
            for login, (name, _) in few.items()
        }  # fmt: skip
        zipped(root / f"{week}.zip", files)
        run("collect", root / f"{week}.zip", "--from", "moodle", "--roster", root / "moodle.csv",
            "--dir", root)  # fmt: skip
    moodle_zip(root / "week-4.zip")
    canvas_zip(root / "submissions.zip")
    take = ("--dir", root)
    run("collect", root / "week-4.zip", "--from", "moodle", "--roster", root / "moodle.csv", *take,
        code=1)  # fmt: skip
    run("collect", root / "submissions.zip", "--from", "canvas", "--roster", root / "canvas.csv",
        *take, code=1)  # fmt: skip
    for week in WEEKS:
        run("grade", week, *take)
    run("grade", "03", *take, code=1)  # one file is broken, and said to be
    return root


def data_only(root, week, login):
    """Return the notebook of a data-only week with the answers, as it was released."""
    nb = nbformat.read(root / "exercises" / week / f"{week}.ipynb", as_version=4)
    assert not any("argument" in cell.id for cell in nb.cells)
    right = {cell.id: cell.source for cell in answered(login, name=week).cells}
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("solution") or cell.id == "learner-id":
            cell.source = right[cell.id]
    return nbformat.writes(nb).encode()


def test_every_file_is_accounted_for(term):
    kept = rows(term / "collected.csv")
    third = [row for row in kept if row["download"] == "week-4.zip"]
    with zipfile.ZipFile(term / "week-4.zip") as archive:
        named = {unicodedata.normalize("NFC", name) for name in archive.namelist()}
    assert {row["place"].partition("!")[0] for row in third} == named
    fates = {(row["student"], row["place"].rpartition("/")[2]): row["fate"] for row in third}
    assert fates["inna", f"{NAME}.ipynb"].startswith(("collected", "another version"))
    strays = [row["place"] for row in kept if row["fate"] == "not collected"]
    assert len(strays) == 3, strays
    assert {"Who Isthis" in place for place in strays} == {True, False}
    notes = {row["student"]: row["note"] for row in kept if row["exercise"] == NAME}
    assert "that of Anna Ivanova" in notes["gul.n"]
    assert "not JSON" in notes["hasan"]
    late = [row["student"] for row in kept if row["late"]]
    assert late == ["s04@example.edu"]


def fill(sheet, levels, **options):
    """Fill a sheet as a marker would, in a country with semicolons and its own code page."""
    with sheet.open(encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))
    for row in given:
        row["level"] = levels(row)
        row["comment"] = "Хорошо, но коротко." if row["criterion"] == "Clarity" else ""
    held = io.StringIO()
    writer = csv.DictWriter(held, list(given[0]), delimiter=options.get("delimiter", ";"))
    writer.writeheader()
    writer.writerows(given)
    sheet.write_bytes(held.getvalue().encode(options.get("encoding", "cp1251")))
    return sheet


@contextmanager
def on_the_desk(course, marker):
    """Serve the marking page from a thread, as the command does."""
    lying = desk.Desk(course, NAME, marker)
    found = threading.Event()
    held = {}

    def serve():
        import asyncio

        async def run_():
            sockets = tornado.netutil.bind_sockets(0, desk.HOST)
            server = tornado.httpserver.HTTPServer(desk.application(lying, "the-key"))
            server.add_sockets(sockets)
            held["port"] = sockets[0].getsockname()[1]
            held["loop"], held["end"] = asyncio.get_running_loop(), asyncio.Event()
            found.set()
            await held["end"].wait()
            server.stop()
            await server.close_all_connections()

        asyncio.run(run_())

    thread = threading.Thread(target=serve)
    thread.start()
    found.wait()
    try:
        yield f"http://{desk.HOST}:{held['port']}", lying
    finally:
        held["loop"].call_soon_threadsafe(held["end"].set)
        thread.join()


def picture(page, name):
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def test_two_people_mark_and_a_third_settles_it(term, browser, capsys):
    take = ("--dir", term)
    run("essays", "03", *take)
    text = (term / "essays-03.md").read_text(encoding="utf-8")
    assert not any(login in text for login in (*IN_MOODLE, *IN_CANVAS))
    assert "the argument in the solution, essay" in text
    run("essays", "03", fill(term / "essays-03.csv", lambda row: "2,0"), "--marker", "AB", *take)
    course = CourseFolder(term)
    of_anna = essays.pseudonym(course, NAME, "anna.i")
    of_nur = essays.pseudonym(course, NAME, "nur")
    with on_the_desk(course, "CD") as (address, lying):
        words = list(lying.essays)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        assert page.goto(f"{address}/").status == 403, "nobody without the key"
        page.goto(f"{address}/?key=the-key")
        for word, level in ((of_anna, "3"), (of_nur, "2")):
            while words.index(word) != int(page.inner_text("#title").split(", ")[1].split()[0]) - 1:
                shown = int(page.inner_text("#title").split(", ")[1].split()[0]) - 1
                page.keyboard.press("n" if shown < words.index(word) else "p")
            for _ in range(6):
                page.keyboard.press(level)
            page.keyboard.press("c")
            page.keyboard.type("Sharp, <b>and</b> kept to 3 points.")
            page.keyboard.press("Escape")
            if word == of_anna:
                picture(page, "desk")
                expect(page.locator("#message")).to_have_text("Kept.")
                page.reload()  # nothing is lost
                while not page.inner_text("#title").startswith(f"Essay {word}"):
                    page.keyboard.press("n")
                expect(page.locator("input:checked")).to_have_count(6)
            page.keyboard.press("Enter")
            expect(page.locator("#message")).to_have_text("Marked.")
        page.set_viewport_size({"width": 390, "height": 844})
        page.emulate_media(color_scheme="dark")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390
        picture(page, "desk-390-dark")
    capsys.readouterr()
    run("marks", "03", "--roster", term / "moodle.csv", *take)
    assert f"{NAME} argument: waits for a marker: Anna Ivanova." in capsys.readouterr().out
    run("essays", "03", "--moderate", *take)
    said = (term / "moderation-03.md").read_text(encoding="utf-8")
    assert said.count("## Essay ") == 1
    assert "AB: Claim 2" in said
    assert "CD: Claim 3" in said
    sheet = fill(term / "moderation-03.csv", lambda row: "3", encoding="utf-16", delimiter="\t")
    run("essays", "03", sheet, "--moderate", "--marker", "EF", *take)
    said = capsys.readouterr().out
    assert "1 arguments are marked." in said
    assert "Cohen's kappa of the two markers" in said


def test_two_uploads_and_every_mark_explained(term, capsys):
    take = ("--dir", term, "--force")
    run("marks", "03", *WEEKS, "--for", "moodle", "--roster", term / "moodle.csv", *take)
    of_moodle = rows(term / "notes.csv")
    said = capsys.readouterr().out
    assert "Handed in, and not in moodle.csv: s00@example.edu" in said
    whole = rows(term / "term.csv")
    run("marks", "03", "--for", "canvas", "--roster", term / "canvas.csv", *take)
    every = of_moodle + rows(term / "notes.csv")
    assert len({row["learner"] for row in every}) == 30
    assert all(row["note"] and row["why"] for row in every)
    marks = {(r["learner"], r["exercise"][:2], r["part"]): (r["points"], r["why"]) for r in every}
    assert ("anna.i", "00", "argument") not in marks, "nobody loses what was not asked for"
    right = {"anna.i", "berik", "cholpon", "müller", "сергей", "dana", "inna", "karim", "nur"}
    assert {who for who in IN_MOODLE if marks[who, "03", "data"][0] == "20"} == (
        right | {"fatima", "emil.o"}
    ), "a copied cell and a lost one are mended on a copy"
    report = (term / "reports" / NAME / "grading.txt").read_text(encoding="utf-8")
    assert report.count("It was damaged.") >= 2
    assert marks["gul.n", "03", "data"][0] in ("0", "2", "3", "5"), "another's case"
    assert marks["hasan", "03", "data"] == ("0", "could not be graded")
    assert marks["lola", "03", "data"] == ("0", "nothing handed in")
    assert marks["marat", "03", "data"] == ("", "excused")
    late = next(
        r for r in every if (r["learner"], r["exercise"], r["part"]) == ("jyldyz", NAME, "data")
    )
    assert (late["points"], "2 days late: 20 %" in late["note"]) == ("2.4", True), late
    assert marks["karim", "03", "argument"] == ("12", "marked"), "the extension holds"
    assert marks["anna.i", "03", "argument"] == ("18", "marked"), "as it was moderated"
    assert marks["nur", "03", "argument"] == ("12", "marked"), "both markers agree"
    note = next(r["note"] for r in every if r["learner"] == "nur" and r["part"] == "argument")
    assert "Хорошо" in note
    assert "<b>and</b>" in note
    assert marks["s03@example.edu", "03", "data"] == ("0", "nothing handed in")
    assert marks["s02@example.edu", "03", "data"][0] == "13"
    for week in ("00", "02"):
        assert marks["lola", week, "data"][1] == "marked"
        assert marks["dana", week, "data"][1] == "not handed in yet"
    anna = next(row for row in whole if row["learner"] == "anna.i")
    assert (anna["data % (weight 40)"], anna["argument % (weight 35)"]) == ("100.0", "100.0")
    assert (anna["total"], anna["so_far"]) == ("", "100.0"), "quizzes and seminar are still open"


@pytest.mark.parametrize("system", ["moodle", "canvas"])
def test_no_cell_of_an_upload_clears_a_mark(term, system):
    files = sorted(term.glob(f"marks-{system}*.csv"))
    assert files
    seen = []
    for file in files:
        found = list(csv.reader(file.read_text(encoding="utf-8").splitlines()))
        head, *body = found
        if system == "canvas":
            assert head[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
            assert f"{NAME} data (812)" in head, "the heading of Canvas' own assignment"
            assert body[0][0].strip() == "Points Possible"
        for row in body[system == "canvas" :]:
            assert all(row[5 if system == "canvas" else 4 :]), row
            assert row[1], "Canvas' own number of the person, or what Moodle calls them"
            seen.append(row[3] if system == "canvas" else row[0])
    assert len(seen) == len(set(seen))
    everybody = {*IN_CANVAS} if system == "canvas" else {*IN_MOODLE} - {"marat"}
    assert set(seen) == everybody


def test_feedback_goes_back_under_the_names_that_each_system_looks_for(term):
    with zipfile.ZipFile(term / "feedback-moodle-03.zip") as archive:
        names = archive.namelist()
        assert len(names) == 14
        for name in names:  # as mod/assign/feedback/file/importziplib.php takes a path apart
            info = next(
                part.split("_", 4) for part in name.split("/") if len(part.split("_", 4)) >= 4
            )
            number, kind, plugin = info[1], info[2], info[3]
            assert number.isdecimal()
            assert (kind, plugin) == ("assignsubmission", "file")
            person = list(IN_MOODLE.values())[int(number) - 700][0]
            assert _words(person.replace("_", " ")) == _words(info[0])
            assert b"Your points" in archive.read(name) or b"JSON" in archive.read(name)
    with zipfile.ZipFile(term / "feedback-canvas-03.zip") as archive:
        names = archive.namelist()
        assert len(names) == 12
        for name in names:  # as infer_comment_context_from_filename of Canvas does
            user, attachment = [part for part in name.split("_") if part.isdecimal()][:2]
            assert int(attachment) - 90_000 == int(user) - 5000


def test_what_a_learner_reads_is_the_same_as_what_the_registrar_gets(term, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    feedback = term / "feedback"
    page.goto((feedback / "berik" / NAME / f"{NAME}.html").as_uri())
    expect(page.get_by_text("Your points: 32 of 38")).to_be_visible()
    chart = page.locator("img[src^='data:image/png']").last
    assert chart.evaluate("image => image.naturalHeight") > 150, "the chart, and no stand-in"
    picture(page, "feedback")
    page.goto((feedback / "anna.i" / WEEKS[0] / f"{WEEKS[0]}.html").as_uri())
    expect(page.get_by_text("Your points: 20 of 20")).to_be_visible()
    expect(page.get_by_text("The argument was not asked for")).to_be_visible()
    picture(page, "feedback-data-only")


def test_a_second_run_of_it_all_changes_nothing(term, capsys):
    before = {file.name: file.read_bytes() for file in term.glob("marks-*.csv")}
    take = ("--dir", term)
    run("collect", term / "week-4.zip", "--from", "moodle", "--roster", term / "moodle.csv", *take,
        code=1)  # fmt: skip
    said = capsys.readouterr().out
    assert "14 unchanged" in said
    run("grade", "03", *take, code=1)
    run("marks", "03", *WEEKS, "--for", "moodle", "--roster", term / "moodle.csv", *take, "--force")
    run("marks", "03", "--for", "canvas", "--roster", term / "canvas.csv", *take, "--force")
    after = {file.name: file.read_bytes() for file in term.glob("marks-*.csv")}
    assert after == before
    trail = term / "marked" / "anna.i" / NAME / "markings.jsonl"
    assert [json.loads(line)["marker"] for line in trail.read_text("utf-8").splitlines()] == [
        "AB", "CD", "EF",
    ]  # fmt: skip
