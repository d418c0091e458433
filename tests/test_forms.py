"""A form that is handed in earns what a notebook with the same answers earns, and harms nobody."""

import json

import pytest
from classes import NAME, answered, folder, graded, hand_in, scores
from downloads import raw, worksheet, zipped
from test_lms import ANNA, BERIK, PEOPLE

from centralasia.checks import forms, keys
from centralasia.checks.asks import from_public
from centralasia.grading.handing_in import form, preflight, submission
from centralasia.grading.judging.verdicts import State
from centralasia.lms import collect, roster
from centralasia.lms.collect import Fate
from centralasia.lms.incoming import System

NAMES = keys.names()
TITLES = {
    "zero": "yes",
    "x_title": "the axis across",
    "y_title": "per cent of something",
    "title": "What one sees in this chart",
    "description": "A line that goes from its first year to its last, told in some words.",
}


def typed(value):
    return "" if value is None else str(value)


def right(name, learner):
    """The right answers of a learner as the page of forms writes them."""
    of = keys.load(name)
    case = of.case(learner)
    return {
        ask.id: "word " * 200 if ask.kind == "argument" else as_typed(ask, ask.answer(case))
        for ask in of.questions.values()
    }


def as_typed(ask, value):
    """A plain value as a form gives it."""
    if ask.kind in ("number", "text"):
        return typed(value["value"])
    if ask.kind == "codes":
        return value["values"]
    if ask.kind == "choice":
        return {"answer": value["value"], "confidence": "70"}
    place = [value["columns"].index(column) for column in forms.columns(ask)]
    rows = [[typed(row[n]) for n in place] for row in value["rows"]]
    if ask.kind == "table":
        return rows
    drawn = {"mark": ask.marks[0], "x": ask.x, "y": ask.y, "series": ask.series or ""}
    return drawn | TITLES | {"rows": rows}


def filled(learner, name=NAME, answers=None):
    """The file that a page of forms saves."""
    told = {"kind": forms.KIND, "exercise": name, "learner_id": learner}
    given = right(name, learner) if answers is None else answers
    return json.dumps(told | {"answers": given}).encode()


@pytest.mark.parametrize("name", NAMES)
def test_right_answers_of_a_form_are_right_by_the_same_keys(name):
    """The code that a form becomes, run here without a sandbox, gives what the key expects."""
    import altair as alt
    import pandas as pd

    from centralasia.checks import judge, values

    of = keys.load(name)
    notebook = form.loads(filled("anna", name))
    assert preflight.inspect_read(notebook, preflight.Path(f"{name}.ipynb")) == []
    space = {"pd": pd, "alt": alt}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and cell["id"].endswith(("-answer", "learner-id")):
            exec(cell["source"], space)
    assert space[forms.FLAG] is True
    for ask in of.questions.values():
        if ask.kind != "argument":
            taken = {variable: values.plain(space[variable]) for variable in ask.names}
            found = judge.verdict(ask, taken, ask.answer(of.case("anna")), ())
            assert (found.kind, found.points) == ("right", ask.points), (ask.id, found)


def test_forms_beside_notebooks_come_to_the_same_points(tmp_path):
    """One class: whole answers of either kind, a wrong one, another's case, and broken files."""
    hand_in(tmp_path, "notebook", answered("notebook"))
    wrong = right(NAME, "wrong") | {"ex03-q1-bloc-share": "12", "ex03-q5-reading": {}}
    wrong["ex03-q4-chart"] = wrong["ex03-q4-chart"] | {"title": "", "zero": "no"}
    handed = {
        "form": filled("form"),
        "wrong": filled("wrong", answers=wrong),
        "other": filled("form"),
        "elsewhere": filled("elsewhere", "04-china-1-recognition"),
        "broken": b'{"kind": "centra',
        "shape": filled("shape", answers={"ex03-q2-hhi": "all of it"}),
        "huge": filled("huge", answers={"ex03-q6-argument": "x" * form.MAX_BYTES}),
    }
    for student, content in handed.items():
        (folder(tmp_path, student) / f"{student}_{NAME}.json").write_bytes(content)
    lines = graded(tmp_path)
    found = scores(tmp_path)
    assert found["form"] == found["notebook"]
    assert lines["form"].points == lines["notebook"].points == 20
    assert lines["wrong"].points == 5 + 3 + 4
    assert "The notebook gives another id: form." in lines["other"].why
    failed = {
        "elsewhere": "The form is that of 04-china-1-recognition.",
        "broken": "The file is not JSON, as a form is.",
        "shape": "The answer to question 2 is none that the form gives: it is no list.",
        "huge": "too large for a form",
    }
    for student, words in failed.items():
        assert lines[student].state == State.FAILED
        assert words in " ".join(lines[student].why)
        assert form.AGAIN in " ".join(lines[student].why) or student == "elsewhere"
    record = json.loads((tmp_path / "autograded" / "wrong" / NAME / "verdicts.json").read_text())
    said = {v["question"]: v["message"] for v in record["verdicts"]}
    assert said["ex03-q5-reading"] == "The form has no answer to this question."
    assert "per cent" in said["ex03-q1-bloc-share"]


def collected(tmp_path, files):
    people = roster.read(worksheet(tmp_path / "roster.csv", PEOPLE))
    zipped(tmp_path / "download.zip", files)
    lines = collect.collect(tmp_path / "download.zip", System.MOODLE, people, tmp_path)
    return {line.place: line for line in lines}


def test_collect_takes_forms_out_of_a_zip_and_says_what_became_of_each(tmp_path):
    anna, berik = f"{ANNA}_101_assignsubmission_file", f"{BERIK}_102_assignsubmission_file"
    files = {
        f"{anna}/anna.i_{NAME}.json": filled("anna.i"),
        f"{anna}/anna.i_{NAME} (1).json": filled("anna.i", answers={}),
        f"{anna}/questions.json": b"{}",
        f"{berik}/{NAME}.ipynb": raw("berik"),
        f"{berik}/berik_04-china-1-recognition.json": b"{",
    }
    lines = collected(tmp_path, files)
    fates = [(lines[place].fate, lines[place].exercise) for place in files]
    assert fates == [
        (Fate.COLLECTED, NAME),
        (Fate.OTHER, NAME),
        (Fate.BESIDE, ""),
        (Fate.COLLECTED, NAME),
        (Fate.COLLECTED, "04-china-1-recognition"),
    ]
    assert collect.FORM in lines[f"{anna}/anna.i_{NAME}.json"].note
    made = submission.read(tmp_path / "submitted" / "anna.i" / NAME / f"{NAME}.ipynb")
    assert preflight.id_of(made["cells"]) == "anna.i"
    broken = tmp_path / "submitted" / "berik" / "04-china-1-recognition"
    assert [path.suffix for path in broken.iterdir()] == [".json"]
    again = collected(tmp_path, files)
    assert again[f"{anna}/anna.i_{NAME}.json"].fate == Fate.UNCHANGED


def test_a_form_with_anothers_id_is_named(tmp_path):
    place = f"{ANNA}_101_assignsubmission_file/berik_{NAME}.json"
    (line,) = collected(tmp_path, {place: filled("berik")}).values()
    assert BERIK in line.note


@pytest.mark.parametrize("given", [
    3, None, [], {"rows": 1}, "x", [["2000"]], [["2000", 1]], [[["a"], "b"]], "x" * 30_000,
    [["1", "2"]] * 501, {"mark": "pie", "rows": []}, {"x": "no such"}, {"title": 4}, {"rows": [[]]},
], ids=lambda given: str(given)[:20])  # fmt: skip
def test_whatever_stands_in_a_file_is_code_or_refused(given):
    """No answer is run: what comes out assigns texts and numbers, and nothing else."""
    import ast

    for ask in keys.load(NAME).questions.values():
        try:
            code = forms.source(from_public(ask.look()), given)
        except forms.Misshapen:
            continue
        if code is not None and ask.kind != "argument":
            called = {ast.unparse(n.func) for n in ast.walk(ast.parse(code)) if hasattr(n, "func")}
            assert not called


@pytest.mark.parametrize("text", ['"); import os; ("', "' + open('x').read() + '", "\\", "a\nb\r"])
def test_a_hostile_text_stays_a_text(text):
    import ast

    answers = right(NAME, "anna") | {"ex03-q1-bloc-share": text, "ex03-q3-members": [text]}
    answers["ex03-q4-chart"] |= {"title": text, "x_title": text, "description": text}
    answers["ex03-q2-hhi"] = [[text, text]]
    answers["ex03-q5-reading"] = {"answer": text, "confidence": text}
    for cell in form.loads(filled(text, answers=answers))["cells"]:
        if cell["cell_type"] == "code" and cell["id"].endswith(("-answer", "learner-id")):
            tree = ast.parse(cell["source"])
            called = {ast.unparse(n.func).split(".")[-1] for n in ast.walk(tree)
                      if isinstance(n, ast.Call)}  # fmt: skip
            assert called <= {"DataFrame", "Chart", "X", "Y", "Scale", "mark_line", "encode",
                              "properties"}  # fmt: skip
            assert not [n for n in ast.walk(tree) if isinstance(n, (ast.Import, ast.ImportFrom))]
