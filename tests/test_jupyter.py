"""The course inside Jupyter: what a kernel answers, and what a server finds."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from classes import NAME, answered, untouched
from IPython.core.interactiveshell import InteractiveShell

from centralasia import jupyter, notebooks, progress
from centralasia.grading.handing_in import preflight, trial
from centralasia.jupyter import answers, frontend, handing_in
from centralasia.widgets import questions, spoken

SCRIPT = "".join(
    Path(frontend.__file__).with_name(f"{name}.js").read_text("utf-8")
    for name in ("forms", "hand_in")
)


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


def test_a_page_of_a_browser_tells_python_the_answers_and_no_other_page_does(
    record_file, monkeypatch
):
    assert answers.reply({"answers": "one line\n"}) is None
    assert not record_file.exists()
    monkeypatch.setattr("sys.platform", "emscripten")
    for text in ("one line\n", ""):  # what was deleted there is gone here
        assert answers.reply({"answers": text}) is None
        assert record_file.read_text("utf-8") == text


def handed(nb, tmp_path, monkeypatch, **options):
    monkeypatch.setenv(jupyter.SESSION, str(tmp_path / f"{NAME}.ipynb"))
    content = {"number": 1, "hand_in": notebooks.dumps(nb), "path": f"there/{NAME}.ipynb"}
    return answers.reply(content | options)["handed"]


def test_a_notebook_is_looked_at_mended_and_named_by_its_id(tmp_path, monkeypatch):
    run = []
    monkeypatch.setattr(trial, "run", lambda _notebook, _released, folder: run.append(folder) or [])
    told = handed(answered("Anna Ivanova/3"), tmp_path, monkeypatch)
    assert told == {"findings": [], "mendable": False, "name": f"Anna-Ivanova-3_{NAME}.ipynb"}
    assert run == [tmp_path]
    damaged = answered("anna")
    damaged.cells = [cell for cell in damaged.cells if cell.id != "ex03-q2-hhi"]
    told = handed(damaged, tmp_path, monkeypatch)
    assert told["mendable"]
    assert "gone, and with it 5 points" in told["findings"][0]["problem"]
    told = handed(damaged, tmp_path, monkeypatch, mend=True)
    assert (told["findings"], told["mendable"]) == ([], False)
    assert "ex03-q2-hhi" in [cell["id"] for cell in told["notebook"]["cells"]]


def test_a_guest_and_what_is_no_exercise_have_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(trial, "run", lambda *_: [])
    told = handed(untouched(), tmp_path, monkeypatch)
    assert told["name"] == ""
    assert "no id of your own" in told["findings"][0]["problem"]
    for text in ("no notebook", '{"cells": 3}', json.dumps({"cells": [], "nbformat": 4})):
        for mend in (False, True):
            told = handing_in.look(text, "mine.ipynb", mend=mend)
            assert told["name"] == ""
            assert told["findings"]


@pytest.fixture
def shell():
    InteractiveShell.clear_instance()
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def test_where_no_other_kernel_starts_a_notebook_runs_in_this_one_and_leaves_no_trace(
    shell, tmp_path, monkeypatch
):
    monkeypatch.setattr("sys.platform", "emscripten")
    path = tmp_path / f"{NAME}.ipynb"
    shell.user_ns |= {"bloc_share": "mine", "case": 3}
    notebooks.write(answered("anna"), path)
    assert preflight.inspect(path, run=True) == []
    broken = answered("anna", {"ex03-q1-bloc-share-answer": "bloc_share = 1 / 0\nprint('said')"})
    broken.cells.append(nbformat.v4.new_code_cell("import not_there"))
    notebooks.write(broken, path)
    found = {finding.cell: str(finding) for finding in preflight.inspect(path, run=True)}
    assert "stops with ZeroDivisionError: division by zero" in found["ex03-q1-bloc-share-answer"]
    assert "imports not_there, which does not come with the course" in found[""]
    assert (shell.user_ns["bloc_share"], shell.user_ns["case"]) == ("mine", 3)
    assert "concentration" not in shell.user_ns


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
