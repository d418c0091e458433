"""The commands as a list: every one's help, its lessons, its files, and the pages that name it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from centralasia import commands, course
from centralasia.cli import main, registry
from centralasia.commands import __main__ as commands_page
from centralasia.commands._parameters import LessonType
from centralasia.language import ENV, PSEUDO

ROOT = Path(__file__).resolve().parents[1]
WORST = "rusia-3-retun"


def every():
    """Return each command, with those of its own, by the words that call it."""
    found = {(name,): commands.find(name) for name in commands.names()}
    for words, command in list(found.items()):
        if isinstance(command, click.Group):
            found |= {(*words, name): own for name, own in command.commands.items()}
    return found


EVERY = every()
WITH_LESSONS = [
    (words, parameter)
    for words, command in EVERY.items()
    for parameter in command.params
    if isinstance(parameter.type, LessonType)
]
TEXTS = [text for command in EVERY.values() for text in (command.help, *(
    p.help for p in command.params if p.type is not click.UNPROCESSED))]  # fmt: skip


def squeezed(text):
    """Return a text without the places where a terminal breaks lines."""
    return "".join(text.split())


def test_every_module_of_the_folder_is_a_command():
    files = {path.stem for path in (ROOT / "centralasia" / "commands").glob("[a-z]*.py")}
    assert {name.replace("-", "_") for name in commands.names()} == files
    assert all(isinstance(commands.find(name), commands.Command) for name in commands.names())
    assert sum(len(group) for group in commands.by_readers().values()) == len(files)


@pytest.mark.parametrize("words", [w for w in EVERY if w != ("test",)], ids=" ".join)
def test_every_command_has_its_help(words, capsys):
    assert main([*words, "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"Usage: centralasia {' '.join(words)}")
    command = EVERY[words]
    for text in (command.help, *(parameter.help for parameter in command.params)):
        assert text[0].isupper()
        assert text.endswith(".")
        assert squeezed(text) in squeezed(shown)


def test_every_text_of_the_help_can_be_translated():
    """In the pseudo-language each of our texts is marked, and nothing breaks as it grows."""
    code = (
        "import sys; from test_commands import EVERY, TEXTS; from centralasia.cli import main\n"
        "assert all(main([*w, '--help']) == 0 for w in EVERY if w != ('test',))\n"
        "assert main(['--help']) == 0\n"
        "sys.stderr.write('\\n'.join(TEXTS))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, ENV: PSEUDO, "PYTHONIOENCODING": "utf-8"},
        cwd=ROOT / "tests",
        capture_output=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr
    texts = run.stderr.split("\n")
    assert len(texts) == len(TEXTS)
    for text in texts:
        assert re.fullmatch("⟦[^⟦⟧]+⟧", text)
        assert squeezed(text) in squeezed(run.stdout)
    assert "⟦Fór téáchérs" in run.stdout


def naming(words, parameter, typed):
    """Return arguments that name a lesson, with something for whatever else is needed."""
    given = {
        one: typed if one is parameter else "x"
        for one in EVERY[words].params
        if one is parameter or one.required
    }
    arguments = []
    for one, value in given.items():
        arguments += [one.opts[0], value] if isinstance(one, click.Option) else [value]
    return arguments


@pytest.mark.parametrize(("words", "parameter"), WITH_LESSONS, ids=lambda x: getattr(x, "name", x))
@pytest.mark.parametrize(
    "typed",
    ["3", "03", "russia-3-return", "03-russia-3-return", "exercises/03-russia-3-return",
     "03-russia-3-return.ipynb"],
)  # fmt: skip
def test_a_lesson_is_taken_in_every_form(words, parameter, typed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    context = EVERY[words].make_context(words[-1], naming(words, parameter, typed))
    taken = context.params[parameter.name]
    taken = taken[0] if isinstance(taken, tuple) else taken
    assert course.lesson(getattr(taken, "name", taken)) == course.lesson("03")


@pytest.mark.parametrize(("words", "parameter"), WITH_LESSONS, ids=lambda x: getattr(x, "name", x))
def test_a_wrong_lesson_is_answered_with_the_near_one(
    words, parameter, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    assert main([*words, *naming(words, parameter, WORST)]) == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"centralasia: There is no lesson {WORST!r}. Did you mean '03-")
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert list(tmp_path.iterdir()) == []


def test_these_commands_take_a_lesson():
    assert {words[0] for words, _ in WITH_LESSONS} == {
        "reset", "check-submission", "exercises", "calibrate", "grade", "feedback", "essays",
        "report", "marks", "release", "slides", "handout", "guide", "notebooks", "room",
        "answer-page", "evidence", "question-bank", "lti",
    }  # fmt: skip


def test_a_file_that_is_there_is_taken_before_a_lesson_of_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "03-russia-3-return.ipynb").write_text("{}")
    typed = "03-russia-3-return.ipynb"
    context = EVERY["check-submission",].make_context("check-submission", [typed])
    assert context.params["notebook"] == Path(typed)


@pytest.mark.parametrize(
    ("words", "arguments", "file"),
    [
        (("answer-page",), [], "answer.html"),
        (("answer-page",), ["3", "12"], "answer-03-12.html"),
        (("calibrate",), ["03"], "calibration-03.csv"),
        (("evidence",), ["3"], "evidence-03.pdf"),
        (("guide",), [], "instructors-guide.pdf"),
        (("guide",), ["6"], "guide-06.pdf"),
        (("handout",), ["3"], "handout-03.pdf"),
        (("progress", "export"), ["mine.csv"], "mine.csv"),
        (("sheets",), ["A"], "role-play-A.pdf"),
        (("slides",), ["russia-3-return"], "slides-03.html"),
    ],
    ids=lambda x: x if isinstance(x, str) else " ".join(x),
)
def test_a_file_that_is_there_is_kept(words, arguments, file, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path(file).write_text("mine")
    assert main([*words, *arguments]) == 2
    assert capsys.readouterr().err == (
        f"centralasia: {file} exists and is left as it is; add --force to replace it.\n"
    )
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {file: "mine"}


def test_a_folder_is_no_file_to_write(tmp_path, capsys):
    assert main(["handout", "3", "--to", str(tmp_path), "--force"]) == 2
    said = f"centralasia: {tmp_path} is a folder. Name a file in it.\n"
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("command", sorted(
    {words for words, c in EVERY.items() if "target" in [p.name for p in c.params]}
), ids=" ".join)  # fmt: skip
def test_no_file_is_written_under_the_name_of_another_form(command, tmp_path, capsys):
    """A PDF that is named as a web page opens nowhere; the sentence says what is written."""
    file = tmp_path / "page.docx"
    given = {"sheets": ["A"], "calibrate": ["03"]}.get(command[0], ["03"])
    assert main([*command, *given, "--to", str(file)]) == 2
    said = capsys.readouterr().err
    assert re.fullmatch(rf"centralasia: {file} does not end in \.\w+, which is .*\n", said)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("arguments", "starts"), [
    (["sheets", "C", "--debrief", "--to", "x.pdf"], b"%PDF-"),
    (["sheets", "C", "--debrief", "--to", "x.html"], b"<!doctype html>"),
    (["slides", "00", "--to", "x.pdf"], b"%PDF-"),
    (["slides", "00", "--to", "x.pptx"], b"PK"),
])  # fmt: skip
def test_what_a_file_is_called_decides_what_it_is(arguments, starts, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 0
    assert Path(arguments[-1]).read_bytes().lstrip().lower().startswith(starts.lower())


def test_each_form_that_is_asked_for_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["slides", "00", "--pdf", "--pptx", "--notes"]) == 0
    assert main(["sheets", "C", "--teacher", "--debrief"]) == 0
    written = {path.name for path in tmp_path.iterdir()}
    assert written == set(capsys.readouterr().out.split()) == {
        "slides-00.pdf", "slides-00.pptx", "slides-00-notes.pdf",
        "role-play-C-teacher.pdf", "role-play-C-debrief.html",
    }  # fmt: skip
    assert main(["slides", "00", "--pdf", "--pptx", "--to", "x.pdf"]) == 2
    assert "--to names one file" in capsys.readouterr().err
    assert main(["slides", "00", "--pptx", "--to", "x.pdf"]) == 2
    assert "x.pdf does not end in .pptx" in capsys.readouterr().err


def test_all_that_write_a_file_can_be_told_to_replace_it():
    forced = {" ".join(w) for w, c in EVERY.items() if "force" in [p.name for p in c.params]}
    assert forced == {
        "answer-page", "calibrate", "essays", "evidence", "marks", "release", "guide",
        "handout", "notebooks drop", "progress export", "question-bank", "refresh", "resolve",
        "sheets", "slides",
    }  # fmt: skip


WITHOUT_TEACHING = """
import sys
from centralasia.cli import main

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {absent!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
for line in {lines!r}:
    print(main(line))
"""


def test_what_the_commands_need_is_what_they_say(tmp_path):
    """Without the extra, those that name it say how to get it, and a marker calibrates."""
    absent = ("babel", "bleach", "distributed", "nbconvert", "nbgrader", "psycopg", "pylti1p3",
              "pypandoc", "sqlalchemy", "typst", "vl_convert")  # fmt: skip
    arguments = {"sheets": ["A"], "guide": [], "exercises": [], "marks": [],
                 "lti": ["send"], "collect": ["x.zip", "--from", "moodle"]}  # fmt: skip
    needing = [n for n in commands.names() if commands.find(n).extra == "teaching"]
    lines = [[name, *arguments.get(name, ["03"])] for name in needing]
    lines += [["calibrate", "03"], ["progress"]]
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_TEACHING.format(absent=absent, lines=lines)],
        env={**os.environ, "CENTRALASIA_PROGRESS": str(tmp_path / "none.jsonl")},
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
    )
    said = run.stderr.splitlines()
    assert len(said) == len(needing), run.stderr
    assert all(re.search("This needs .* from the extra 'teaching'. .*start.py", s) for s in said)
    assert [line for line in run.stdout.splitlines() if line.isdecimal()] == [
        *(["2"] * len(needing)), "0", "0",
    ]  # fmt: skip


def code_in(path):
    """Return where a file's text tells somebody to enter a command: what follows it in the line."""
    text = path.read_text("utf-8")
    return re.findall(r"(?:\bcentralasia|start\.py) ([a-z][a-z-]*)((?: [^\s`'\"|;,)<\\]+)*)", text)


def texts():
    """Yield the files in which people read of commands."""
    yield from (ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"))
    yield from sorted((ROOT / "docs").glob("*.md"))
    folders = {
        "centralasia": ("*.py", "*.js", "*.html", "*.jinja"),
        "notebooks": ("*.ipynb",),
        "exercises": ("*.ipynb",),
        "solutions": ("*.ipynb", "*.py"),
        ".github": ("*.md", "*.yml"),
    }
    for folder, kinds in folders.items():
        for kind in kinds:
            yield from sorted((ROOT / folder).rglob(kind))


def test_no_text_names_a_command_or_an_option_that_does_not_exist():
    named = 0
    for path in texts():
        for name, rest in code_in(path):
            if name == "import":
                continue
            assert (name,) in EVERY, f"{path.relative_to(ROOT)}: centralasia {name}{rest}"
            given = rest.split()
            command = EVERY.get((name, *given[:1])) or EVERY[name,]
            if name == "test":
                continue
            known = {"--help", *(opt for p in command.params for opt in p.opts)}
            options = {word.rstrip(".:") for word in given if word.startswith("--")}
            assert options <= known, f"{path.relative_to(ROOT)}: centralasia {name}{rest}"
            named += 1
    assert named > 60, "the pattern finds them"


def test_every_command_is_named_where_people_begin():
    pages = [ROOT / "README.md", ROOT / "docs" / "teaching.md"]
    named = {name for page in pages for name, _ in code_in(page)}
    assert set(commands.names()) <= named


def test_the_page_of_commands_is_made_from_them():
    page = (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert page == commands_page.page(), "run: python -m centralasia.commands"
    assert "(docs/commands.md)" in (ROOT / "README.md").read_text("utf-8")


def test_all_commands_are_listed_by_the_help():
    context = click.Context(registry(), info_name="centralasia")
    listed = registry().get_help(context)
    assert all(re.search(rf"^  {name} ", listed, re.M) for name in commands.names())
