"""The command line: what it does with good and bad arguments, and how it fails."""

import errno
import importlib
import io
import subprocess
import sys
from pathlib import Path

import pytest
from patience import HANG

from centralasia import commands, lab, progress, workspace
from centralasia.cli import main


@pytest.fixture(autouse=True)
def _records(tmp_path, monkeypatch):
    monkeypatch.setenv("CENTRALASIA_PROGRESS", str(tmp_path / "progress.jsonl"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))


@pytest.fixture
def served(monkeypatch):
    """What `lab` would open, instead of opening it."""
    calls = []

    def serve(directory, port=None, *, browser, data):
        assert (data / "kernels").is_dir()
        calls.append((port, browser))

    monkeypatch.setattr(lab, "serve", serve)
    return calls


def test_help_comes_without_loading_pandas_or_jupyter():
    code = (
        "import sys; from centralasia.cli import main\n"
        "assert main(['--help']) == main(['grade', '--help']) == 0\n"
        "print(sorted({'pandas', 'altair', 'jupyterlab', 'rich', 'nbformat'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=HANG)
    assert run.stdout.endswith("[]\n"), run.stdout + run.stderr


@pytest.mark.parametrize(
    "arguments",
    [["fly"], ["lab", "--prot", "8888"], ["lab", "--port", "0"], ["lab", "--port", "x"],
     ["reset"], ["progress", "sell"], ["notebooks", "burn"], ["notebooks"], ["-x"],
     ["marks", "--for", "lms"], ["grade", "03", "--workers", "0"]],
)  # fmt: skip
def test_wrong_arguments_are_explained(arguments, capsys):
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    usage, problem, end = captured.err.split("\n")
    assert usage.startswith("Usage: centralasia")
    assert problem.startswith("centralasia: ")
    assert end == ""


@pytest.mark.parametrize(
    ("arguments", "near"),
    [(["rest", "03"], "'reset'"), (["lab", "--prot", "8888"], "'--port'"),
     (["lab", "--port", "0"], "'0' is not a port (1 to 65535)")],
)  # fmt: skip
def test_a_wrong_word_is_answered_with_a_near_one(arguments, near, capsys):
    assert main(arguments) == 2
    assert near in capsys.readouterr().err


def test_lab_makes_the_copy_and_opens_it(tmp_path, served, capsys):
    folder = tmp_path / "mine"
    assert main(["lab", str(folder), "--port", "9123", "--no-browser"]) == 0
    assert served == [(9123, False)]
    assert (folder / lab.FIRST_LESSON).is_file()
    assert str(folder) in capsys.readouterr().out


def test_lab_says_what_a_new_release_did(tmp_path, served, capsys, monkeypatch):
    beside = tmp_path / "04-b.new.ipynb"
    changes = [
        workspace.Change("updated", tmp_path / "03-a.ipynb"),
        workspace.Change("kept", tmp_path / "04-b.ipynb", beside),
    ]
    monkeypatch.setattr(workspace, "fill", lambda directory: changes)
    main(["lab", str(tmp_path)])
    said = capsys.readouterr().out
    assert "03-a.ipynb: updated to the new release" in said
    assert "04-b.ipynb: you changed it, so it stays as it is" in said
    assert "beside it as 04-b.new.ipynb" in said


def test_reset_says_where_the_edited_lesson_is(tmp_path, served, capsys):
    main(["lab", str(tmp_path / "mine")])
    lesson = tmp_path / "mine" / lab.FIRST_LESSON
    lesson.write_text("mine")
    assert main(["reset", "00", "--dir", str(tmp_path / "mine")]) == 0
    assert "00-orientation.edited-1.ipynb" in capsys.readouterr().out
    assert lesson.with_name("00-orientation.edited-1.ipynb").read_text() == "mine"


def test_a_mistake_of_the_user_gets_one_line_and_exit_code_2(tmp_path, capsys):
    assert main(["reset", "99-nowhere", "--dir", str(tmp_path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(
        "centralasia: There is no lesson '99-nowhere'. Lessons go from 00"
    )
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["calibrate", "77"], "There is no lesson '77'. Lessons go from 00"),
        (["report", "77"], "There is no lesson '77'. Lessons go from 00"),
        (["class-report", "nowhere"], "There is no file or folder nowhere."),
        (["check-submission", "nowhere.ipynb"], "There is no file nowhere.ipynb. Name your"),
        (["check-submission", "77"], "There is no lesson '77'. Lessons go from 00"),
        (["check-submission", "submitted/anna/03-russia-3-return.ipynb"], "There is no file sub"),
        (["sheets", "D"], "There is no role-play 'D'; there are A, B, C."),
    ],
)
def test_what_is_not_there_is_said_in_one_line(arguments, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"centralasia: {said}")
    assert captured.err.count("\n") == 1


def test_a_place_that_cannot_be_written_to_is_named(tmp_path, capsys, monkeypatch):
    def refuse(directory):
        raise OSError(errno.EROFS, "Read-only file system", str(directory))

    monkeypatch.setattr(workspace, "fill", refuse)
    assert main(["lab", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert f"{tmp_path} cannot be written to or read (Read-only file system)" in said


def test_a_file_that_another_program_holds_is_named_and_kept(tmp_path, capsys, monkeypatch):
    """As on Windows, where a slide show or a page that is open cannot be replaced."""
    file = tmp_path / "answer-12.html"
    file.write_text("mine")

    def held(part, target):
        raise PermissionError(errno.EACCES, "Access is denied", str(part), None, str(target))

    monkeypatch.setattr(Path, "replace", held)
    assert main(["answer-page", "12", "--to", str(file), "--force"]) == 2
    said = capsys.readouterr().err
    assert f"{file} cannot be written to or read (Access is denied). Close it where" in said
    assert [one.read_text() for one in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize(
    ("command", "words"),
    [("grade", ["nbgrader.api from the extra 'teaching'", "python3 start.py"]),
     ("doctor", ["nbgrader.api, which the course needs, is not installed"])],
)  # fmt: skip
def test_a_command_without_its_packages_says_how_to_get_them(command, words, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbgrader.api", None)

    def run(**given):
        import nbgrader.api  # noqa: F401

    monkeypatch.setattr(commands.find(command), "callback", run)
    assert main([command, "03"] if command == "grade" else [command]) == 2
    said = capsys.readouterr().err
    assert all(word in said for word in words)


@pytest.mark.filterwarnings("default")
def test_a_damaged_record_is_told_without_a_line_of_code(capsys, tmp_path):
    progress.path().write_text("garbage{\n")
    assert main(["progress"]) == 0
    said = capsys.readouterr()
    assert "No answers yet." in said.out
    assert said.err.startswith("centralasia: One line of ")
    assert said.err.count("\n") == 1


def test_the_number_of_an_exercise_stands_for_the_learners_copy(tmp_path, capsys, monkeypatch):
    workspace.fill(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["check-submission", "03", "--no-run"]) == 1
    assert "The argument is not written." in capsys.readouterr().out


def test_without_a_command_the_help_is_shown(capsys):
    assert main([]) == 0
    assert "Open JupyterLab on your own copy" in capsys.readouterr().out


def test_a_full_disk_gets_one_line_too(tmp_path, capsys, monkeypatch):
    def full(directory):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(workspace, "fill", full)
    assert main(["lab", str(tmp_path)]) == 2
    assert "The disk is full" in capsys.readouterr().err


def test_control_c_ends_quietly(tmp_path, capsys, monkeypatch):
    def stop(directory):
        raise KeyboardInterrupt

    monkeypatch.setattr(workspace, "fill", stop)
    assert main(["lab", str(tmp_path)]) == 130
    assert capsys.readouterr().err == ""


def test_answers_are_shown_exported_and_erased(tmp_path, capsys, monkeypatch):
    assert main(["progress", "show"]) == 0
    assert "No answers yet" in capsys.readouterr().out
    progress.record("RU-12", "claim", "imprecise", 0.7, True)
    progress.record("03-p1", "prediction", "about [b]half")
    assert main(["progress", "show"]) == 0
    shown = capsys.readouterr().out
    for word in ("RU-12", "imprecise", "70%", "yes", "about [b]half"):
        assert word in shown
    export = tmp_path / "answers.csv"
    assert main(["progress", "export", str(export)]) == 0
    assert "RU-12" in export.read_text("utf-8")
    export.write_text("mine")
    assert main(["progress", "export", str(export)]) == 2, "a file is never overwritten"
    assert "add --force to replace it" in capsys.readouterr().err
    assert export.read_text("utf-8") == "mine"
    assert main(["progress", "export", str(export), "--force"]) == 0
    assert "RU-12" in export.read_text("utf-8")
    monkeypatch.setattr(sys, "stdin", io.StringIO("no\n"))
    assert main(["progress", "erase"]) == 0
    assert len(progress.answers()) == 2, "without a yes nothing goes"
    assert main(["progress", "erase", "--yes"]) == 0
    assert progress.answers().empty


def test_arguments_after_test_go_to_pytest(monkeypatch):
    commands_run = []
    monkeypatch.setattr(subprocess, "call", lambda command, cwd: commands_run.append(command) or 0)
    assert main(["test", "tests/test_cli.py", "-k", "pytest", "-n", "0"]) == 0
    command = commands_run[0]
    assert command[1:3] == ["-m", "pytest"]
    assert command[-5:] == ["tests/test_cli.py", "-k", "pytest", "-n", "0"]
    assert command[command.index("--dist") + 1] == "loadscope", "nbval needs it"
    assert main(["test", "--help"]) == 0
    assert commands_run[1][-1] == "--help"


def test_the_site_is_built_and_shown_as_asked(monkeypatch, tmp_path):
    from centralasia.site import build

    done = []
    monkeypatch.setattr(build, "run", lambda *asked: done.append(asked) or tmp_path)
    monkeypatch.setattr(build, "serve", lambda *asked: done.append(asked))
    assert main(["site"]) == 0
    assert main(["site", "book", "--out", "x", "--pyodide", "y", "--serve", "8000"]) == 0
    assert done == [("all", None, None), ("book", Path("x"), "y"), (tmp_path, 8000)]
    assert main(["site", "boook"]) == 2


def test_an_installed_wheel_has_no_tests_and_says_so(monkeypatch, tmp_path, capsys):
    module = importlib.import_module("centralasia.commands.test")
    monkeypatch.setattr(module, "course_root", lambda: tmp_path)
    assert main(["test"]) == 2
    assert "in the checkout" in capsys.readouterr().err


def test_an_installed_wheel_builds_no_site_and_says_so(monkeypatch, capsys):
    module = importlib.import_module("centralasia.commands.site")
    monkeypatch.setattr(module, "find_spec", lambda _name: None)
    assert main(["site"]) == 2
    assert "in the checkout" in capsys.readouterr().err


def test_notebooks_check_names_the_fault(tmp_path, capsys):
    (tmp_path / "broken.ipynb").write_text("not json")
    assert main(["notebooks", "check", str(tmp_path / "broken.ipynb")]) == 1
    assert "broken.ipynb" in capsys.readouterr().err
    assert main(["notebooks", "check", str(tmp_path / "missing.ipynb")]) == 2
