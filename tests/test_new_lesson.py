"""An author adds a lesson on a power that the course never heard of, by one command.

In a copy of the course: what is not filled in is refused where it stands, a filled lesson passes
the tests about lessons and becomes slides, handout, chapter and page, and no other lesson changes.
"""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import turkey
from conftest import ROOT

from centralasia import authoring, course, notebooks, tables
from centralasia.authoring import draft, dropping
from centralasia.authoring.rows import read as read_table
from centralasia.cli import main
from centralasia.paths import using

COPIED = ("centralasia", "data", "docs", "exercises", "notebooks", "site", "solutions", "tests")
FILES = ("CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "README.md", "pyproject.toml")
TESTS_OF_ROWS = [
    f"tests/test_{name}.py"
    for name in (
        *("claims", "course", "coverage", "data", "events", "glossary", "instructor"),
        *("items", "notebooks", "plans", "prose", "works"),
    )
]


class Copy:
    """A copy of the course, with its own Python path."""

    def __init__(self, folder):
        left_out = shutil.ignore_patterns("__pycache__", ".*", "_site", "node_modules")
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name, ignore=left_out)
        for name in (*FILES, "nbgrader_config.py", "start.py"):
            shutil.copy(ROOT / name, folder)
        self.folder = folder

    @classmethod
    def of(cls, folder):
        """Return the copy that stands in a folder."""
        copy = cls.__new__(cls)
        copy.folder = folder
        return copy

    def python(self, *arguments):
        """Run Python there; the outcome holds what was printed on either stream."""
        env = os.environ | {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=self.folder,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )

    def command(self, *arguments):
        """Run a command of the course, which must succeed."""
        done = self.python("-m", "centralasia.cli", *arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def tests(self, *arguments):
        """Run tests there."""
        return self.python("-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *arguments)


def files(folder):
    """All files below a folder, without what a Python that runs beside may put there."""
    below = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in below if path.parent.name != "__pycache__"]


def contents(folder):
    """The bytes of all files that a lesson could touch, by path."""
    return {
        path.relative_to(folder): path.read_bytes()
        for name in ("data", "exercises", "notebooks", "solutions")
        for path in files(folder / name)
    }


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A course in which the command was run, and nothing else."""
    copy = Copy(tmp_path_factory.mktemp("begun"))
    copy.printed = copy.command(*turkey.COMMAND)
    return copy


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A course with the lesson filled in and executed."""
    copy = Copy(tmp_path_factory.mktemp("finished"))
    copy.command(*turkey.COMMAND)
    turkey.fill(copy.folder)
    copy.command("notebooks", "execute", turkey.NUMBER)
    assert copy.python("-m", "centralasia.codebook").returncode == 0  # it counts rows
    return copy


# --- the command ------------------------------------------------------------------------------


def test_the_command_says_what_it_made_and_what_is_next(begun):
    made = [line for line in begun.printed.splitlines() if line.startswith(str(begun.folder))]
    tables = ("texts", "powers", "lessons", "claims", "claim_sources", "events", "items", "options")
    tables = (*tables, "workings")
    wanted = {f"data/{name}.csv" for name in tables} | {f"notebooks/{turkey.NAME}.ipynb"}
    assert {Path(line).relative_to(begun.folder).as_posix() for line in made} == wanted
    assert "'centralasia notebooks unfilled' lists the places" in begun.printed
    assert "CONTRIBUTING.md under 'Adding a lesson'" in begun.printed


def test_rows_are_added_and_every_other_stays_to_the_byte(begun):
    for path in (ROOT / "data").glob("*.csv"):
        before = path.read_bytes().splitlines(keepends=True)
        after = (begun.folder / "data" / path.name).read_bytes().splitlines(keepends=True)
        added = list(after)
        for line in before:
            added.remove(line)
        assert [line for line in after if line not in added] == before, path.name
        if path.name != "powers.csv":  # all of it can be worked out for a state that is known
            assert all(authoring.MARK.encode() in line for line in added), path.name


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({1: "11-forecasts"}, "has 11-forecasts already. The next number is"),
        ({1: f"{turkey.NUMBER}-comparison"}, "has 09-comparison already"),
        ({1: "77-turkey"}, f"the next one is {turkey.NUMBER}-turkey"),
        ({1: "Turkey_12"}, "such as 12-turkey"),
        ({5: "77"}, "There is no lesson '77'"),
        ({3: "Turkey"}, "'Turkey' is no key of a power"),
        ({3: "atlantis"}, "such as --area TUR"),
        ({3: "america", 6: "--area", 7: "USA"}, "say --power united_states"),
        ({6: "--area", 7: "TUK"}, "'turkey' has the code TUR"),
        ({3: "bharat", 6: "--area", 7: "INDI"}, "Did you mean IND (India)"),
        ({6: "--text", 7: "My-Text"}, "'My-Text' is no key of a text"),
    ],
)
def test_what_cannot_be_made_is_refused_in_a_sentence(changed, words, begun, monkeypatch, capsys):
    monkeypatch.setattr(draft, "course_root", lambda: begun.folder)
    before = contents(begun.folder)
    given = dict(enumerate(turkey.COMMAND[1:])) | changed
    assert main(["notebooks", *(given[n] for n in sorted(given))]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert len(said.splitlines()) <= 3
    assert contents(begun.folder) == before


def test_nothing_is_written_over(begun, monkeypatch, capsys):
    """The copy holds the notebook and the rows; the course that asks does not know them."""
    monkeypatch.setattr(draft, "course_root", lambda: begun.folder)
    before = contents(begun.folder)
    assert main(turkey.COMMAND) == 2
    assert f"{turkey.NAME}.ipynb exists" in capsys.readouterr().err
    (begun.folder / "notebooks" / f"{turkey.NAME}.ipynb").rename(begun.folder / "aside")
    try:
        assert main(turkey.COMMAND) == 2
        assert "data/texts.csv, turkey exists already" in capsys.readouterr().err
    finally:
        (begun.folder / "aside").rename(begun.folder / "notebooks" / f"{turkey.NAME}.ipynb")
    assert contents(begun.folder) == before


@pytest.fixture
def inside(begun, monkeypatch):
    """Run commands in this process as if it were in the course where the lesson was begun."""
    for module in (draft, dropping):
        monkeypatch.setattr(module, "course_root", lambda: begun.folder)
    with using(begun.folder / "data"):
        yield begun.folder


def test_a_lost_notebook_is_made_again_and_no_table_changes(inside, capsys):
    before = contents(inside)
    assert main(turkey.COMMAND) == 2
    assert "nothing of it is missing" in capsys.readouterr().err
    assert main([*turkey.COMMAND, "--exercise"]) == 2
    assert "column exercise in data/lessons.csv" in capsys.readouterr().err
    assert main([*turkey.COMMAND[:4], "iran", *turkey.COMMAND[5:]]) == 2
    assert "say --power turkey" in capsys.readouterr().err
    (inside / "notebooks" / f"{turkey.NAME}.ipynb").unlink()
    assert main(turkey.COMMAND) == 0
    assert contents(inside) == before


def test_a_draft_is_taken_back_without_a_trace(tmp_path, monkeypatch):
    copy = Copy(tmp_path)
    notebook = copy.folder / "notebooks" / f"{turkey.NAME}.ipynb"
    before = contents(copy.folder)
    for more in (("--exercise",), ("--instructor",), ("--area", "XKX", "--power", "kosovo")):
        copy.command(*turkey.COMMAND, *more)
        released = copy.folder / "exercises" / turkey.NAME
        released.mkdir()
        (released / "questions.json").write_text("{}", "utf-8")
        taught = [cell for cell in notebooks.read(notebook).cells if notebooks.is_instructors(cell)]
        assert bool(taught) == ("--area" not in more)
        plans = {cell.id: cell.metadata["centralasia"] for cell in taught if "plan" in cell.id}
        assert all(said == {"quiz": turkey.NUMBER} for said in plans.values()), plans
        assert len(plans) == len(taught) - 5 * bool(taught)
        assert contents(copy.folder) != before
        copy.command("notebooks", "drop", turkey.NUMBER)
        assert contents(copy.folder) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("data/events.csv", "TO FILL: what happened and when,turkey,1,s", "A day,turkey,1,s"),
        ("data/options.csv", "TO FILL: option 3", "Three"),
        ("data/powers.csv", ",TU,#", ",TK,#"),
        (f"notebooks/{turkey.NAME}.ipynb", "TO FILL: a dated event", "On a day in 1991"),
    ],
)
def test_what_a_person_wrote_is_dropped_only_when_asked_to(inside, file, old, new, capsys):
    path = inside / file
    kept, before = path.read_text("utf-8"), contents(inside)
    assert old in kept
    path.write_text(kept.replace(old, new, 1), "utf-8")
    assert main(["notebooks", "drop", turkey.NUMBER]) == 2
    said = capsys.readouterr().err
    assert f"A person wrote in {file}" in said
    assert "--force" in said
    path.write_text(kept, "utf-8")
    assert contents(inside) == before


def join_to_others(folder):
    """Let another event name one of the lesson, which gets a source, and link a work from it."""
    schemas = draft.schemas()
    lessons = "".join(lesson.file.read_text(encoding="utf-8") for lesson in course.lessons())
    work = next(key for key in tables.load("works")["work"] if f"(#{key})" not in lessons)
    events = read_table(folder / "data" / "events.csv", schemas["events"])
    pointed = next(
        row for row, text in events.rows if not row["same_as"] and ',"' in text
    )  # a cell in quotes before the one that is emptied
    own = next(row for row, _ in events.rows if row["event_id"] == turkey.FOUNDED)
    changed = [
        pointed | {"same_as": turkey.FOUNDED},
        own | {"same_as": pointed["event_id"], "source_id": "zzz-own"},
    ]
    events.file.write_text(events.without([pointed, own]).with_rows(changed).text, "utf-8")
    sources = read_table(folder / "data" / "sources.csv", schemas["sources"])
    source = dict.fromkeys(sources.columns, "") | {"source_id": "zzz-own", "title": "One, two"}
    sources.file.write_text(sources.with_rows([source]).text, "utf-8")
    notebook = folder / "notebooks" / f"{turkey.NAME}.ipynb"
    text = notebook.read_text(encoding="utf-8")
    notebook.write_text(text.replace("Trade is", f"[Trade](#{work}) is", 1), "utf-8")
    return pointed["event_id"], "zzz-own", work


def test_a_finished_lesson_goes_as_a_whole_when_asked_to(finished, tmp_path):
    folder = tmp_path / "course"
    shutil.copytree(finished.folder, folder)
    copy = Copy.of(folder)
    done = copy.python("-m", "centralasia.cli", "notebooks", "drop", turkey.NAME)
    assert (done.returncode, "Add --force" in done.stdout) == (2, True)
    pointed, source, work = join_to_others(folder)
    (folder / f"slides-{turkey.NUMBER}.html").touch()
    said = copy.command("notebooks", "drop", turkey.NAME, "--force").splitlines()
    assert said[-5:-3] == [
        f"data/events.csv, {pointed}: its same_as named {turkey.FOUNDED} and is empty again.",
        f"data/sources.csv, {source} is gone: no row that stays names it.",
    ]
    assert said[-3].startswith(f"data/works.csv, {work} stays")
    assert said[-2].startswith(f"slides-{turkey.NUMBER}.html stays")
    copy.python("-m", "centralasia.codebook")
    assert contents(folder) == contents(ROOT)
    done = copy.python("-m", "centralasia.cli", "notebooks", "drop", "11")
    assert (done.returncode, "of the course proper" in done.stdout) == (2, True)


def test_a_state_that_no_table_knows_gets_its_rows(tmp_path):
    copy = Copy(tmp_path)
    copy.command("notebooks", "new", f"{turkey.NUMBER}-a", "--power", "moldova_again", "--area",
                 "XKX", "--from", "07")  # fmt: skip
    for table in ("areas", "countries", "powers"):
        assert any("XKX" in row for row in rows(copy.folder / "data" / f"{table}.csv")), table


def test_a_group_of_states_takes_part_through_its_members(tmp_path):
    copy = Copy(tmp_path)
    copy.command(
        *("notebooks", "new", f"{turkey.NUMBER}-eu", "--from", "07", "--exercise"),
        *("--power", "european_union"),
    )
    events = [row for row in rows(copy.folder / "data" / "events.csv") if "european_union" in row]
    assert [row[6] for row in events] == [f"{authoring.MARK}: the states that took part"] * 3
    assert all("A group of states" in row[10] for row in events)
    done = copy.python("-m", "centralasia.cli", "exercises", turkey.NUMBER)
    assert (done.returncode, "POOL has no case" in done.stdout) == (2, True), "no trade with EU"


# --- what is not filled in --------------------------------------------------------------------


def test_each_place_that_is_not_filled_in_is_refused_where_it_stands(begun):
    done = begun.tests("tests/test_course.py::test_nothing_is_left_to_fill_in")
    assert done.returncode == 1
    listed = begun.python("-m", "centralasia.cli", "notebooks", "unfilled")
    assert listed.returncode == 1
    places = listed.stdout.splitlines()
    for file in ("data/claims.csv", "data/workings.csv", f"notebooks/{turkey.NAME}.ipynb"):
        lines = (begun.folder / file).read_text(encoding="utf-8").split("\n")
        marked = [n for n, line in enumerate(lines, start=1) if authoring.MARK in line]
        assert marked
        assert all(any(p.startswith(f"{file}, line {n}") for p in places) for n in marked)
    assert places[0] in done.stdout


def test_a_draft_that_does_not_run_says_what_is_to_be_written(begun):
    done = begun.python("-m", "centralasia.cli", "notebooks", "execute", turkey.NUMBER)
    assert done.returncode == 1
    assert "Traceback" not in done.stdout
    line = done.stdout.splitlines()[-1]  # a kernel may say something before it
    assert line.startswith(str(begun.folder / "notebooks" / f"{turkey.NAME}.ipynb: "))
    assert " places are still TO FILL, the first is data/claim_sources.csv, line " in line
    done = begun.python("-m", "centralasia.cli", "slides", turkey.NUMBER)
    assert done.stdout.startswith("centralasia: data/lessons.csv, line ")
    assert "column start: still TO FILL (first year)" in done.stdout


# --- what is filled in ------------------------------------------------------------------------


def test_the_tests_about_lessons_have_nothing_to_say(finished):
    assert finished.command("notebooks", "unfilled") == "Nothing is left to fill in.\n"
    again = "tests/test_notebooks.py::test_a_new_run_gives_the_stored_file"
    done = finished.tests(*TESTS_OF_ROWS, "-k", f"not new_run or {turkey.NAME}")
    assert done.returncode == 0, done.stdout[-6000:]
    assert finished.tests(again, "-k", turkey.NAME).returncode == 0


def test_its_colour_is_told_from_the_others(finished):
    done = finished.tests("tests/test_charts.py", "-k", "colour and not slow", "-m", "not slow")
    assert done.returncode == 0, done.stdout[-6000:]


def test_a_colour_that_is_taken_is_answered_with_those_that_pass(begun, tmp_path):
    folder = tmp_path / "course"
    shutil.copytree(begun.folder, folder)
    powers = folder / "data" / "powers.csv"
    given = next(row[6] for row in rows(powers) if row[0] == "turkey")
    text = powers.read_text(encoding="utf-8").replace(given, "#4f1272")
    powers.write_text(text, encoding="utf-8")
    done = Copy.of(folder).tests("tests/test_charts.py", "-k", "stay_apart")
    assert "edit the column color in data/powers.csv" in done.stdout
    assert f"'turkey': ['{given}'" in done.stdout


def test_no_other_lesson_changes(finished, tmp_path):
    """Beside a finished lesson one that is not filled in: Iran is in tables that lessons show."""
    folder = tmp_path / "course"
    shutil.copytree(finished.folder, folder)
    copy, draft_ = Copy.of(folder), f"{int(turkey.NUMBER) + 1}-iran"
    copy.command("notebooks", "new", draft_, "--power", "iran", "--from", "04")
    copy.command("notebooks", "execute", *(lesson.number for lesson in course.lessons()))
    before, after = contents(ROOT), contents(folder)
    changed = {path for path in before if after[path] != before[path]}
    assert {path.parts[0] for path in changed} == {"data"}
    assert {path.as_posix() for path in after.keys() - before} == {
        f"notebooks/{name}.ipynb" for name in (turkey.NAME, draft_)
    }


def test_a_teacher_gets_slides_handout_and_chapter(finished, tmp_path):
    deck, page, chapter = (tmp_path / name for name in ("deck.html", "page.pdf", "guide.pdf"))
    finished.command("slides", turkey.NUMBER, "--to", deck)
    finished.command("handout", turkey.NUMBER, "--to", page)
    finished.command("guide", turkey.NUMBER, "--to", chapter)
    slides = deck.read_text(encoding="utf-8")
    assert "What the Nakhchivan Agreement says" in slides
    assert "What the essay says" not in slides
    assert all(file.read_bytes().startswith(b"%PDF") for file in (page, chapter))
    shown = finished.python("-c", SHOWN, turkey.NAME).stdout
    assert shown.split() == [turkey.FOUNDED, turkey.PARTNER, turkey.RENAMED]


SHOWN = """
import sys
from centralasia import course
from centralasia.kit import handout
print(*handout.chosen(course.lesson(sys.argv[1]))["event_id"])
"""
BOOK = """
import json, sys
from pathlib import Path
from centralasia import course
from centralasia.site.book import lessons, reference

pages = {one.name: f"lessons/{one.name}" for one in course.lessons()}
new = course.lesson(sys.argv[1])
reference.write(Path(sys.argv[2]), pages)
page = lessons.lesson(json.loads(new.file.read_text("utf-8")), f"notebooks/{new.file.name}", pages)
print("\\n".join(cell["source"] for cell in page["cells"]))
"""


def test_the_book_has_its_page_and_leads_to_it(finished, tmp_path):
    done = finished.python("-c", BOOK, turkey.NAME, tmp_path)
    assert done.returncode == 0, done.stdout[-3000:]
    assert f'<a href="#{turkey.FOUNDED}">3 October 2009</a>' in done.stdout
    claim = (tmp_path / "claims" / "TU-01.md").read_text(encoding="utf-8")
    assert turkey.FILLED["claims"]["TU-01"]["correction"] in claim
    assert f"lessons/{turkey.NAME}" in claim
    ledger = (tmp_path / "claims" / "index.md").read_text(encoding="utf-8")
    assert "1 claim of the Nakhchivan Agreement" in ledger
    assert turkey.FOUNDED in (tmp_path / "events.md").read_text(encoding="utf-8")


# --- its exercise -----------------------------------------------------------------------------


def test_the_exercise_runs_as_it_stands(tmp_path):
    """Its three questions are real ones; what a person has to write is marked."""
    copy = Copy(tmp_path)
    copy.command(*turkey.COMMAND, "--exercise")
    folder = copy.folder / "solutions" / turkey.NAME
    made = {path.relative_to(folder).as_posix() for path in files(folder)}
    like = ROOT / "solutions" / "07-united-states-1-before-2001"
    wanted = {path.relative_to(like).as_posix() for path in files(like)}
    assert made == {name.replace(like.name, turkey.NAME) for name in wanted}
    copy.command("exercises", turkey.NUMBER)
    done = copy.tests(
        *("tests/test_checks.py", "tests/test_exercises.py", "-k"),
        f"(ex{turkey.NUMBER} or {turkey.NAME}) and not samples",
    )
    assert done.returncode == 0, done.stdout[-6000:]
    notebook = (copy.folder / "notebooks" / f"{turkey.NAME}.ipynb").read_text(encoding="utf-8")
    assert '"teach-plan-90"' in notebook
