"""The check before handing in says ``ready`` of nothing that the grader then refuses.

Every hostile, broken and damaged kind that the tests know goes through both. The sandbox is left
out: what happens in it is about answers, and no refusal.
"""

import json
import shutil

import pytest
from classes import NAME, answered, folder, hand_in, untouched
from hostile import ATTACKS
from test_grading_faults import (
    with_a_copied_answer,
    with_a_copied_test,
    with_a_picture_that_is_not_there,
    with_half_a_character,
    with_mark,
)
from test_grading_hostile import FIRST, NOT_NOTEBOOKS, fill, not_notebooks
from test_preflight import BROKEN, DAMAGES, whole

from centralasia.checks import keys, perturb
from centralasia.grading.handing_in import preflight
from centralasia.grading.judging import alike, grade
from centralasia.grading.judging.book import RefusedByNbgrader
from centralasia.grading.judging.intake import Unusable
from centralasia.grading.running.limits import Limits
from centralasia.grading.running.results import Way

IN_A_FOLDER = {"packed", "link"}
"""What is wrong with a folder, and not with the notebook that a learner can check."""


def half_in_an_id(nb):
    nb.cells[3].metadata["nbgrader"] = {"grade_id": "\ud800", "solution": True, "grade": False,
                                        "locked": False, "schema_version": 3}  # fmt: skip
    return json.dumps(nb).encode()


ODD_FILES = {
    "byte order mark": with_mark,
    "half a character": with_half_a_character,
    "half a grade id": half_in_an_id,
    "copied test": with_a_copied_test,
    "copied answer": with_a_copied_answer,
    "lost picture": with_a_picture_that_is_not_there,
    "UTF-16": lambda nb: json.dumps(nb).encode("utf-16"),
    "UTF-32": lambda nb: json.dumps(nb).encode("utf-32"),
    "CRLF": lambda nb: json.dumps(nb, indent=1).replace("\n", "\r\n").encode(),
    "NaN": lambda nb: json.dumps(nb | {"metadata": {"x": float("nan")}}).encode(),
    "no metadata": lambda nb: json.dumps(nb | {"metadata": {}}).encode(),
    "minor 99": lambda nb: json.dumps(nb | {"nbformat_minor": 99}).encode(),
    "deep": lambda nb: json.dumps(nb).replace('"x"', "[" * 500 + "]" * 500).encode(),
}  # fmt: skip


@pytest.fixture(scope="module")
def grader(tmp_path_factory):
    from centralasia.grading.judging.book import Book

    course = tmp_path_factory.mktemp("course")
    book = Book(course)
    book.register(NAME)
    made = grade.Grader(book, keys.load(NAME), Limits(), Way.BUBBLEWRAP, False, perturb.SEED)
    write_all(course)
    return made


def write_all(course):
    (course / "gradebook.db").touch()
    not_notebooks(course)
    for name, (content, _) in BROKEN.items():
        (folder(course, f"broken-{name}") / f"{NAME}.ipynb").write_bytes(content)
    for kind, rows in DAMAGES.items():
        for number, (damage, key) in enumerate(rows):
            nb = whole()
            damage(nb, key)
            path = folder(course, f"damaged-{kind}-{number}") / f"{NAME}.ipynb"
            path.write_text(json.dumps(nb), encoding="utf-8")
    for name, written in ODD_FILES.items():
        path = folder(course, f"odd-{name}") / f"{NAME}.ipynb"
        path.write_bytes(written(answered("anna")))
    reached = dict.fromkeys(("TOKEN", "ROOT", "ABSTRACT", "NAMED"), "x")
    reached |= {"PATHS": [], "BASES": [], "PORT": 1, "RIGHT": 0.5}
    for name, (_, text) in ATTACKS.items():
        hand_in(course, f"attack-{name}", answered("anna", {FIRST: fill(text, reached)}))


STUDENTS = [
    *NOT_NOTEBOOKS,
    *(f"broken-{name}" for name in BROKEN),
    *(f"damaged-{kind}-{n}" for kind, rows in DAMAGES.items() for n in range(len(rows))),
    *(f"odd-{name}" for name in ODD_FILES),
    *(f"attack-{name}" for name in ATTACKS),
]


def refusal(grader, student):
    """Return why the grader refuses somebody's work; empty if it takes it."""
    try:
        grader.prepare(grader.look(student))
    except (Unusable, RefusedByNbgrader) as error:
        return str(error)
    return ""


@pytest.mark.parametrize("student", STUDENTS)
def test_what_is_ready_is_graded_and_what_is_refused_was_not_ready(grader, student):
    path = grader.book.folder("submitted", NAME, student) / f"{NAME}.ipynb"
    why = refusal(grader, student)
    if student in IN_A_FOLDER:
        assert why
        return
    found = preflight.inspect(path)
    assert found or not why, f"ready to be handed in, and then: {why}"
    if student.startswith(("damaged", "odd", "attack")):
        assert not why, "what can be mended is mended and graded"


@pytest.mark.parametrize("name", [f"{NAME} (1).ipynb", f"{NAME}-Copy1.ipynb", "my work.ipynb"])
def test_a_notebook_under_another_name_is_ready_and_graded(grader, name):
    student = f"named-{name}"
    path = folder(grader.book.root, student) / name
    path.write_text(json.dumps(whole()), encoding="utf-8")
    assert preflight.inspect(path) == []
    assert refusal(grader, student) == ""
    (said,) = [str(f) for f in grader.look(student).findings] or [""]
    assert said == "", "the second time it has its name"
    shutil.rmtree(path.parent)
    path.parent.mkdir()
    path.write_text(json.dumps(whole()), encoding="utf-8")
    (finding,) = grader.look(student).findings
    assert f"handed in as {name}" in finding.problem
    assert path.is_file(), "what was handed in stays"


def test_two_notebooks_under_other_names_are_for_the_teacher_to_choose(grader):
    for number in (1, 2):
        path = folder(grader.book.root, "two") / f"{NAME} ({number}).ipynb"
        path.write_text(json.dumps(whole()), encoding="utf-8")
    assert "There is no notebook of the name" in refusal(grader, "two")


def test_a_notebook_that_was_handed_on_is_named(grader):
    """The same notebook under other ids; the stubs of those who answered nothing are no match."""
    course = grader.book.root
    for student in ("anna", "berik", "zarina"):
        hand_in(course, student, answered(student))
    changed = {
        f"{q}-answer": f"{'x = 1; ' * 20}"
        for q in ("ex03-q1-bloc-share", "ex03-q2-hhi", "ex03-q3-members", "ex03-q4-chart")
    }
    hand_in(course, "own", answered("own", changed))
    for student in ("none", "nothing"):
        hand_in(course, student, untouched())
    grader.prints.clear()
    for student in ("anna", "berik", "zarina", "own", "none", "nothing"):
        grader.look(student)
    assert alike.groups(grader.prints) == [("anna", "berik", "zarina")]
