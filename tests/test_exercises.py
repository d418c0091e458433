"""Exercises come from their solutions to the byte, hold together, and nbgrader grades them."""

import json
import re
import runpy
import shutil
from pathlib import Path

import pytest
from exercise_runs import answered, hand_in, is_test, nbgrader
from nbclient import NotebookClient
from patience import HANG

from centralasia import notebooks, release
from centralasia.checks import calibration, keys, learner
from centralasia.cli import main
from centralasia.errors import UserError
from centralasia.paths import course_root, exercises_dir

NAMES = keys.names()
ID = "anna.abdieva"


def source(name):
    return notebooks.read(keys.solutions_dir() / name / f"{name}.ipynb")


def exercise(name):
    return notebooks.read(exercises_dir() / name / f"{name}.ipynb")


def meta(cell):
    return cell.metadata.get("nbgrader", {})


def test_exercises_are_what_their_solutions_give():
    assert release.differences() == [], "run: centralasia exercises"


def test_making_them_twice_gives_the_same_bytes(tmp_path):
    first, second = (
        {p.relative_to(folder): p.read_bytes() for p in release.generate(NAMES[:1], folder)}
        for folder in (tmp_path / "a", tmp_path / "b")
    )
    assert first == second


def test_a_stale_and_a_foreign_file_are_named(tmp_path, monkeypatch):
    shutil.copytree(exercises_dir() / NAMES[0], tmp_path / NAMES[0])
    (tmp_path / NAMES[0] / "questions.json").write_text("{}")
    (tmp_path / "notes.txt").write_text("mine")
    monkeypatch.setattr(release, "exercises_dir", lambda: tmp_path)
    faults = release.differences()
    assert f"{NAMES[0]}/questions.json is not what its solution gives." in faults
    assert "notes.txt comes from no solution." in faults


@pytest.mark.parametrize("name", NAMES)
def test_source_is_normal_and_holds_together(name):
    of, nb = keys.load(name), source(name)
    assert notebooks.check(keys.solutions_dir() / name / f"{name}.ipynb") == []
    graded = {meta(c)["grade_id"]: meta(c)["points"] for c in nb.cells if meta(c).get("grade")}
    assert graded == {ask.id: ask.points for ask in of.questions.values()}
    assert nb.metadata.centralasia.points == of.points == sum(graded.values())
    assert nb.metadata.centralasia.minutes == sum(ask.minutes for ask in of.questions.values())
    assert nb.metadata.centralasia.lesson == of.lesson
    assert 4 <= len(graded) <= 7
    kinds = {ask.kind for ask in of.questions.values()}
    assert {"chart", "choice", "argument"} <= kinds
    assert kinds & {"number", "table", "codes", "text"}


@pytest.mark.parametrize("name", NAMES)
def test_every_question_is_asked_answered_and_tested(name):
    of, nb = keys.load(name), source(name)
    ids = [c.id for c in nb.cells]
    assert {"learner-id", "case"} <= set(ids)
    for number, ask in enumerate(of.questions.values(), start=1):
        assert re.fullmatch(rf"ex{of.lesson}-q{number}-[a-z0-9-]+", ask.id)
        at = ids.index(ask.id)
        answer = nb.cells[at] if ask.kind == "argument" else nb.cells[at - 1]
        prompt = nb.cells[ids.index(answer.id) - 1]
        assert f"**{ask.points} points, {ask.minutes} minutes" in prompt.source
        assert meta(answer)["solution"]
        assert meta(prompt)["locked"]
        if ask.kind == "argument":
            assert "### BEGIN MARK SCHEME" in prompt.source
            assert f"{ask.words[0]} to {ask.words[1]} words" in prompt.source
            continue
        for variable in ask.names:
            assert f"`{variable}`" in prompt.source
            assert f"{variable} = ...\n" in answer.source
        test = nb.cells[at].source
        called = ", ".join([f'"{ask.id}"', *ask.names, "case=case"])
        assert f"checks.check({called})\n### BEGIN HIDDEN TESTS\n" in test
        assert test.endswith(f'grade("{ask.id}")\n### END HIDDEN TESTS')


@pytest.mark.parametrize("name", NAMES)
def test_rubric_adds_up_to_the_argument(name):
    best = {}
    for row in learner.criteria():
        best[row["criterion"]] = max(int(row["points"]), best.get(row["criterion"], 0))
    argument = next(a for a in keys.load(name).questions.values() if a.kind == "argument")
    assert len(best) == 6
    assert sum(best.values()) == argument.points


@pytest.mark.parametrize("name", NAMES)
def test_an_untouched_exercise_runs_and_says_not_attempted(name):
    nb = exercise(name)
    NotebookClient(nb, timeout=HANG, kernel_name="python3").execute()
    tests = [c for c in nb.cells if is_test(c) and c.cell_type == "code"]
    said = [c.outputs[0]["data"]["text/plain"] for c in tests]
    assert said
    assert all(text.startswith("○ Not attempted.") for text in said)


@pytest.mark.parametrize("name", NAMES)
def test_nbgrader_alone_gives_full_marks_to_the_solution_and_none_to_the_stub(name, tmp_path):
    from nbgrader.api import Gradebook

    shutil.copy(course_root() / release.CONFIG, tmp_path)
    shutil.copytree(keys.solutions_dir() / name, tmp_path / "solutions" / name)
    nbgrader(tmp_path, "generate_assignment", name)
    (made,) = (tmp_path / "exercises" / name).iterdir()
    assert made.read_bytes() == (exercises_dir() / name / f"{name}.ipynb").read_bytes()

    hand_in(tmp_path, name, ID, answered(name, ID))
    hand_in(tmp_path, name, "untouched", exercise(name))
    nbgrader(tmp_path, "autograde", name)
    of = keys.load(name)
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        scores = {
            student: {g.name: g.auto_score for g in submission.notebooks[0].grades}
            for student in (ID, "untouched")
            for submission in [book.find_submission(name, student)]
        }
    full = {a.id: (None if a.kind == "argument" else a.points) for a in of.questions.values()}
    assert scores[ID] == full
    assert scores["untouched"] == dict.fromkeys(full, 0)
    graded = notebooks.read(tmp_path / "autograded" / "untouched" / name / f"{name}.ipynb")
    failed = [c.id for c in graded.cells for o in c.get("outputs", []) if o.output_type == "error"]
    assert failed == [a.id for a in of.questions.values() if a.kind != "argument"]


def test_nbgrader_alone_gives_part_points_and_none_for_typed_in_numbers(tmp_path):
    from nbgrader.api import Gradebook

    name = "03-russia-3-return"
    shutil.copy(course_root() / release.CONFIG, tmp_path)
    shutil.copytree(keys.solutions_dir() / name, tmp_path / "solutions" / name)
    nbgrader(tmp_path, "generate_assignment", name)
    nb = answered(name, ID)
    case = keys.load(name).case(ID)
    share = keys.load(name).questions["ex03-q1-bloc-share"].answer(case)["value"]
    for cell in nb.cells:
        if cell.id == "ex03-q1-bloc-share-answer":
            cell.source = cell.source.replace("### END", f"bloc_share = {share}\n### END")
        elif cell.id == "ex03-q3-members-answer":
            cell.source = "print(missing)"
        elif cell.id == "ex03-q4-chart-answer":
            cell.source += '\nchart = chart.properties(description="")'
    hand_in(tmp_path, name, ID, nb)
    nbgrader(tmp_path, "autograde", name)
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        grades = book.find_submission(name, ID).notebooks[0].grades
        scores = {g.name: g.auto_score for g in grades}
    assert scores == {
        "ex03-q1-bloc-share": 0,
        "ex03-q2-hhi": 5,
        "ex03-q3-members": 0,
        "ex03-q4-chart": 5,
        "ex03-q5-reading": 2,
        "ex03-q6-argument": None,
    }


@pytest.mark.parametrize("name", NAMES)
def test_samples_of_an_argument_are_whole(name):
    argument = next(a for a in keys.load(name).questions.values() if a.kind == "argument")
    texts = dict(calibration.samples(name).values())
    assert set(texts) == set(calibration.SAMPLES)
    for text in texts.values():
        assert argument.words[0] <= len(text.split()) <= argument.words[1]
    essay = next(c for c in source(name).cells if c.id == argument.id)
    assert essay.source.strip() == texts["strong"].strip()
    levels = calibration.key(name)
    rubric = list(dict.fromkeys(row["criterion"] for row in learner.criteria()))
    grid = levels.pivot(index="sample", columns="criterion", values="level")
    assert sorted(grid.columns) == sorted(rubric)
    assert levels["level"].isin([0, 1, 2, 3]).all()
    total = grid.sum(axis=1)
    assert total["weak"] <= 7 < total["sound"] <= 14 < total["strong"] <= argument.points
    assert levels["reason"].str.len().min() > 20


FIGURE = re.compile(r"(?<![\w.-])(?:0|[1-9]\d*)(?:\.\d+)?(?![\w-])")
DAY_OR_YEAR = re.compile(r"\b(?:\d{1,2} )?(?:[A-Z][a-z]+ )?(?:19|20)\d\d\b")


@pytest.mark.parametrize("name", NAMES)
def test_figures_in_samples_are_those_of_the_guest(name):
    folder = keys.solutions_dir() / name
    space = runpy.run_path(str(folder / "key.py"))
    known = json.loads((folder / "samples" / "numbers.json").read_text(encoding="utf-8"))
    for said, expression in known.items():
        value = eval(expression, space)
        places = len(said.partition(".")[2])
        assert f"{value:.{places}f}" == said, expression
    for sample in calibration.SAMPLES:
        text = DAY_OR_YEAR.sub(
            "", (folder / "samples" / f"{sample}.md").read_text(encoding="utf-8")
        )
        assert set(FIGURE.findall(text)) <= set(known), sample


def test_a_marker_is_compared_with_the_key(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["calibrate", "03"]) == 0
    assert "weak" not in Path("calibration-03.md").read_text(encoding="utf-8")
    sheet = Path("calibration-03.csv")
    assert main(["calibrate", "03"]) == 2
    assert main(["calibrate", "03", str(sheet)]) == 2
    assert "Levels are 0, 1, 2 and 3" in capsys.readouterr().err
    letters = {sample: letter for letter, (sample, _) in calibration.samples("03").items()}
    key = calibration.key("03").assign(argument=lambda f: f["sample"].map(letters))
    key[["argument", "criterion", "level"]].to_csv(sheet, index=False)
    assert main(["calibrate", "03", str(sheet)]) == 0
    assert "kappa with the key: 1.00" in capsys.readouterr().out
    key.loc[0, "level"] = 3
    key[["argument", "criterion", "level"]].to_csv(sheet, index=False)
    kappa, differ = calibration.compare("03", sheet)
    assert 0.8 < kappa < 1
    assert differ[["yours", "key"]].to_numpy().tolist() == [[3, 1]]
    key.iloc[1:][["argument", "criterion", "level"]].to_csv(sheet, index=False)
    with pytest.raises(UserError, match="one row for each"):
        calibration.compare("03", sheet)
