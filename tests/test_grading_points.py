"""The arithmetic of points, for any points: verdicts, marks by hand, late penalties, exports."""

import contextlib
import csv
import warnings

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.utils import determine_grade

from centralasia.checks import keys, outcome
from centralasia.grading.afterwards import essays
from centralasia.grading.afterwards.folder import CourseFolder, final
from centralasia.grading.judging import marks
from centralasia.grading.judging.verdicts import Verdict, VerdictKind
from centralasia.grading.running.results import Run
from centralasia.lms import marks as marks_of
from centralasia.lms import upload
from centralasia.lms.incoming import System
from centralasia.lms.roster import Person, Roster

NAME = "03-russia-3-return"
OF = keys.load(NAME)
QUESTIONS = [q for q, ask in OF.questions.items() if ask.kind != "argument"]
ESSAY = essays.question(NAME)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=20,
)
quick = settings(deadline=None, max_examples=50)
# A busy machine is no failure.
points = st.floats(0, 40).map(lambda number: round(number, 2))


def graded_cell(question, worth, outputs):
    about = {"grade": True, "grade_id": question, "locked": True, "points": worth,
             "schema_version": 3, "solution": False, "task": False}  # fmt: skip
    cell = nbformat.v4.new_code_cell("check()", metadata={"nbgrader": about})
    cell.outputs = nbformat.from_dict(outputs)
    return cell


@quick
@given(st.integers(1, 40), st.floats(0, 1), st.sampled_from(list(VerdictKind)[:4]), st.text())
def test_nbgrader_reads_a_verdicts_points_off_the_outputs(worth, share, kind, message):
    verdict = Verdict(question="q", kind=kind, points=worth * share, out_of=worth, message=message)
    cell = graded_cell("q", worth, marks.outputs_of(verdict))
    score, most = determine_grade(cell)
    assert score == pytest.approx(verdict.points)
    assert most == worth


@quick
@given(st.sampled_from(QUESTIONS), st.floats(-10, 100), st.text())
def test_a_verdict_never_has_more_points_than_its_question_or_fewer_than_none(
    q, given_points, text
):
    verdict = marks._verdict(OF, q, outcome.Outcome("right", text, given_points))
    assert 0 <= verdict.points <= OF.questions[q].points
    assert len(verdict.message) <= marks.MAX_MESSAGE


def cells():
    made = [nbformat.v4.new_code_cell("own = 1")]
    return made + [graded_cell(q, OF.questions[q].points, []) for q in QUESTIONS]


@quick
@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "cell": st.integers(-1, 7) | JSON,
                "failed": JSON,
                "taken": st.text(max_size=20) | JSON.map(marks.json.dumps) | JSON,
                "outputs": st.lists(
                    JSON
                    | st.fixed_dictionaries(
                        {"output_type": st.sampled_from(["stream", "error", "display_data", "x"])},
                        optional={"data": JSON, "text": JSON, "traceback": JSON, "name": JSON},
                    ),
                    max_size=3,
                ),
            },
        ),
        max_size=8,
    ),
    st.text(max_size=10),
)
def test_no_frames_however_odd_stop_the_judging_or_gain_a_point(tmp_path_factory, frames, end):
    notebook = nbformat.v4.new_notebook(cells=cells())
    by_question, *_ = marks.judge(
        OF, notebook.cells, Run(frames, end), "anna", tmp_path_factory.getbasetemp()
    )
    assert list(by_question) == list(OF.questions)
    assert sum(verdict.points for verdict in by_question.values()) == 0
    nbformat.validate(notebook)
    assert marks.lacking(Run(frames)) == ()


def test_a_package_that_the_sandbox_lacks_is_named():
    """Nothing else that a run states gets into the report in this way."""
    said = ["No module named 'matplotlib'", "No module named 'a b'", "\x1b[2J", None, 7]
    outputs = [{"ename": "ModuleNotFoundError", "evalue": words} for words in said]
    run = Run([{"outputs": [*outputs, 7, None]}, {"outputs": 7}, {}])
    assert marks.lacking(run) == ("matplotlib",)
    stream = {
        "output_type": "stream",
        "name": "stderr",
        "text": "x\nNo module named 'polars' where",
    }
    assert marks.lacking(Run([{"outputs": [stream, stream | {"name": "stdout"}]}])) == ("polars",)


@pytest.mark.parametrize("failed", [None, "missing", True, 0, "no", []])
def test_an_answer_keeps_its_points_only_if_its_test_says_that_it_did_not_fail(monkeypatch, failed):
    """Also where the frame says nothing about it."""
    question = QUESTIONS[0]
    worth = OF.questions[question].points
    monkeypatch.setattr(keys, "judge", lambda *_, **__: outcome.right("So it is.", worth))
    taken = '{"base": {}, "perturbed": {}}'
    frame = {"cell": 0, "taken": taken} | ({} if failed == "missing" else {"failed": failed})
    for told, expected in ((frame, 0), (frame | {"failed": False}, worth)):
        cell = graded_cell(question, worth, [])
        by_question, *_ = marks.judge(OF, [cell], Run([told]), "anna", None)
        assert by_question[question].points == expected


@quick
@given(points, st.none() | points)
def test_a_late_penalty_takes_what_there_is_and_no_more(score, penalty):
    left = final(score, penalty)
    assert 0 <= left <= score
    assert left == pytest.approx(max(score - (penalty or 0), 0))
    assert final(score, 0) == final(score, None) == score


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A gradebook with one exercise of two cells, and one learner."""
    course = CourseFolder(tmp_path_factory.mktemp("course"))
    with warnings.catch_warnings(), course.book.open() as book:
        warnings.simplefilter("ignore")  # nbgrader's own, about its tables
        book.add_assignment(NAME)
        book.add_notebook(NAME, NAME)
        book.add_grade_cell(QUESTIONS[0], NAME, NAME, max_score=20, cell_type="code")
        book.add_grade_cell(ESSAY, NAME, NAME, max_score=18, cell_type="markdown")
        book.add_solution_cell(ESSAY, NAME, NAME)
        book.add_student("anna")
        book.add_submission(NAME, "anna")
    return course


def marked(course):
    """Return Anna's marks for the exercise by part, as the exports have them."""
    (course.root / "submitted" / "anna" / NAME).mkdir(parents=True, exist_ok=True)
    people = Roster(course.root / "roster.csv", (Person(id="anna", last="I", first="A"),), "login")
    found = {m.part: m for m in marks_of.of_class(course, people, [NAME])["anna"]}
    for system in (System.CANVAS, System.MOODLE):
        by_column = {}
        with contextlib.ExitStack() as stack:
            stack.enter_context(pytest.MonkeyPatch.context()).setattr(
                upload, "_titles", lambda path: {}
            )
            for table in upload.tables(system, people, {"anna": list(found.values())}):
                rows = list(csv.DictReader(table.splitlines()))
                by_column |= {name.partition(" (")[0]: cell for name, cell in rows[-1].items()}
        for mark in found.values():
            cell = by_column.get(mark.column)
            assert cell is None if mark.points is None else float(cell) == mark.points
    return {part: mark.points for part, mark in found.items()}


@settings(quick, max_examples=20)
@given(auto=points, manual=st.none() | points, penalty=st.none() | points, waits=st.booleans())
def test_every_export_gives_the_points_of_program_and_person_less_the_penalty(
    folder, auto, manual, penalty, waits
):
    with folder.gradebook() as book:
        submission = book.find_submission(NAME, "anna")
        submission.notebooks[0].late_submission_penalty = penalty
        for grade in submission.notebooks[0].grades:
            argument = grade.name == ESSAY
            grade.auto_score = None if argument else auto
            grade.manual_score = manual if argument else None
            grade.needs_manual_grade = waits and argument
        book.db.commit()
    found = marked(folder)
    due = max(auto + (manual or 0) - (penalty or 0), 0)
    if waits:
        assert found == {"data": pytest.approx(max(auto - (penalty or 0), 0), abs=0.006),
                         "argument": None}  # fmt: skip
    else:
        assert sum(found.values()) == pytest.approx(due, abs=0.011)


def test_late_work_is_exported_with_its_penalty(folder):
    with folder.gradebook() as book:
        submission = book.find_submission(NAME, "anna")
        submission.notebooks[0].late_submission_penalty = 4.5
        for grade in submission.notebooks[0].grades:
            grade.auto_score, grade.manual_score, grade.needs_manual_grade = 15, None, False
        book.db.commit()
    assert marked(folder) == {"data": 10.5, "argument": 15}
