"""The course inside Jupyter: what a kernel answers, and what a server finds."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from IPython.core.interactiveshell import InteractiveShell

from centralasia import jupyter, progress
from centralasia.jupyter import answers, frontend
from centralasia.widgets import questions, spoken

SCRIPT = Path(frontend.__file__).with_name("forms.js").read_text("utf-8")


@pytest.fixture(autouse=True)
def record_file(tmp_path, monkeypatch):
    file = tmp_path / "progress.jsonl"
    monkeypatch.setenv(progress.ENV, str(file))
    return file


def test_a_stored_question_is_asked_with_what_was_answered():
    progress.record("00-p1", "prediction", "10 to 14", 0.7)
    reference = {"asks": "prediction", "item": "00-p1"}
    told = answers.reply({"number": "q1", "question": reference})
    assert told["question"] == questions.question(reference)
    assert [line["answer"] for line in told["lines"]] == ["10 to 14"]


def test_an_answer_is_kept_and_comes_back():
    line = {"item": "00-p1", "kind": "prediction", "answer": "10 to 14", "confidence": 0.5}
    told = answers.reply({"number": 1, "record": [line]})
    assert told["problem"] == ""
    assert [one["item"] for one in told["lines"]] == ["00-p1"]


def test_a_question_of_another_release_is_said_to_be_unknown():
    for reference in ({"asks": "prediction", "item": "99-p1"}, {"asks": "riddle"}, {}, 3):
        assert answers.reply({"number": "q1", "question": reference})["question"] is None


def test_what_no_page_sends_changes_nothing(record_file):
    for content in ({}, {"record": [{}]}, {"record": 3}, {"ask": 4}):
        assert answers.reply(content) is None
    assert not record_file.exists()


@pytest.fixture
def shell():
    InteractiveShell.clear_instance()
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def notebook(tmp_path, monkeypatch, *sources):
    cells = [{"id": f"c{n}", "cell_type": "code", "source": text} for n, text in enumerate(sources)]
    path = tmp_path / "mine.ipynb"
    path.write_text(json.dumps({"cells": cells}), "utf-8")
    monkeypatch.setenv(jupyter.SESSION, str(path))


def needed(shell, code, cell_id=None):
    jupyter.run_what_it_needs(shell, SimpleNamespace(raw_cell=code, cell_id=cell_id))


def test_a_cell_that_was_changed_since_it_was_saved_is_known_by_its_id(
    shell, tmp_path, monkeypatch
):
    notebook(tmp_path, monkeypatch, "a = 1", "b = a + 1", "print(b)", "b = 99")
    needed(shell, "print(b, 'changed')", "c2")
    assert shell.user_ns["b"] == 2


def test_a_cell_above_that_fails_is_named(shell, tmp_path, monkeypatch, capsys):
    notebook(tmp_path, monkeypatch, "a = 1", "half = a / 0\nprint(half)", "half")
    needed(shell, "half", "c2")
    said = capsys.readouterr()
    assert "It has the line: half = a / 0" in said.err
    assert said.out == ""


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 3}', '{"cells": [{}]}'])
def test_a_file_that_is_no_notebook_is_passed_over(shell, tmp_path, monkeypatch, content):
    notebook(tmp_path, monkeypatch)
    (tmp_path / "mine.ipynb").write_text(content)
    needed(shell, "unknown + 1")
    needed(shell, "no python at all", "c9")
    monkeypatch.delenv(jupyter.SESSION)
    needed(shell, "unknown + 1")


def test_jupyter_finds_a_kernel_and_an_extension(tmp_path):
    for _twice in range(2):
        frontend.write(tmp_path)
    kernel = json.loads((tmp_path / "kernels/python3/kernel.json").read_text("utf-8"))
    assert "--IPKernelApp.extra_extensions=centralasia.jupyter" in kernel["argv"]
    about = json.loads((tmp_path / "labextensions/centralasia/package.json").read_text("utf-8"))
    assert about["version"]
    load = about["jupyterlab"]["_build"]["load"]
    assert "_JUPYTERLAB.centralasia" in (tmp_path / "labextensions/centralasia" / load).read_text()


def test_the_script_says_what_the_catalogue_has():
    asked = set(re.findall(r"\bWORDS\.(\w+)", SCRIPT))
    assert asked == set(spoken.of_jupyter()) - set(spoken.words())
