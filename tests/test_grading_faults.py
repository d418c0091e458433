"""What goes wrong on the teacher's machine is nobody's zero, and one submission stops no other.

The sandbox is left out: what it would send back is made in this process, for a notebook that
answers everything rightly.
"""

import copy
import errno
import json
import os
import shutil
import warnings

import exercise_runs
import psutil
import pytest
import sqlalchemy
from classes import NAME, answered, cluster, folder, hand_in, untouched
from nbconvert.writers import FilesWriter
from nbgrader.api import Gradebook

from centralasia import notebooks, spreadsheets
from centralasia.checks import keys, perturb, values
from centralasia.grading.afterwards import essays, feedback, ungraded
from centralasia.grading.afterwards.folder import CourseFolder
from centralasia.grading.judging import grade, markings, marks, verdicts
from centralasia.grading.judging.verdicts import GRADED_IN, UNGRADED_IN, State
from centralasia.grading.running import pool
from centralasia.grading.running.limits import Limits
from centralasia.grading.running.results import Run, SandboxDown, Way, frames
from centralasia.lms import marks as marks_of
from centralasia.lms.roster import Person, Roster

OF = keys.load(NAME)
ESSAY = essays.question(NAME)


@pytest.fixture(scope="module")
def rightly():
    """Return what a sandbox sends back for the whole notebook of Anna, by question."""
    spaces = {
        "base": exercise_runs.run(OF, "anna"),
        "perturbed": exercise_runs.run(OF, "anna", data=perturb.default()),
    }
    return {
        question: values.dumps(
            {
                which: values.take(space, [*ask.names, *keys.BESIDE])
                for which, space in spaces.items()
            }
        )
        for question, ask in OF.questions.items()
    }


@pytest.fixture(scope="module")
def client():
    with cluster(1) as made:
        yield made


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory):
    """Return a gradebook that holds the exercise and nobody's work."""
    made = CourseFolder(tmp_path_factory.mktemp("course"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's own, about its tables
        made.book.register(NAME)
    return made.root / "gradebook.db"


@pytest.fixture
def course(tmp_path, monkeypatch, rightly, client, gradebook):
    """Return a course folder, and a function that grades it with Anna's answers for everybody."""
    made = CourseFolder(tmp_path)
    asks = {(*ask.names, *keys.BESIDE): question for question, ask in OF.questions.items()}

    def run(steps, *_, **__):
        return Run(
            [
                {"cell": n, "outputs": [], "failed": False,
                 "taken": rightly[asks[tuple(step["names"])]] if step["names"] else None}
                for n, step in enumerate(steps)
            ]
        )  # fmt: skip

    monkeypatch.setattr(pool, "run", run)
    shutil.copy(gradebook, tmp_path)

    def graded(again=False):
        grader = grade.Grader(made.book, OF, Limits(), Way.BUBBLEWRAP, again, perturb.SEED)
        lines = grader.grade(grader.students(), client, lambda _: None)
        return {line.student: line for line in lines}

    return made, graded


def total(course, student="anna"):
    with course.submissions(NAME) as submissions:
        return next(s.score for s in submissions if s.student_id == student)


def state(course, step, student="anna"):
    record = verdicts.read(course.folder(step, NAME, student))
    return record and record.state


def cell(nb, key):
    return next(c for c in nb.cells if c.id == key)


def test_nobody_on_another_machine_reaches_the_grader(client):
    listening = psutil.Process().net_connections(kind="inet")
    heard = {one.laddr.ip for one in listening if one.status == psutil.CONN_LISTEN}
    assert heard <= {"127.0.0.1", "::1"}


def test_a_class_is_entered_in_one_gradebook_and_a_learner_in_one_transaction(course, monkeypatch):
    course, graded = course
    for student in ("anna", "berik", "zarina"):
        hand_in(course.root, student, answered(student))
    opened, written = [], []
    init, note = Gradebook.__init__, written.append

    def counted(self, *given):
        opened.append(given)
        init(self, *given)

    monkeypatch.setattr(Gradebook, "__init__", counted)
    sqlalchemy.event.listen(sqlalchemy.Engine, "commit", note)
    try:
        assert {line.state for line in graded().values()} == {State.GRADED}
    finally:
        sqlalchemy.event.remove(sqlalchemy.Engine, "commit", note)
    assert len(opened) == 1
    assert len(written) <= 4 * 3 + 3, (
        "looked up, taken, entered, an argument's mark; and the opening"
    )
    assert total(course) == 20


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("where", ["record", "notebook"])
def test_a_disk_that_cannot_be_written_to_takes_no_points(course, monkeypatch, number, where):
    course, graded = course
    hand_in(course.root, "anna", answered("anna"))
    assert (graded()["anna"].state, total(course)) == (State.GRADED, 20)

    def full(*_, **__):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        if where == "record":
            patch.setattr(verdicts, "write_whole", full)
        else:
            patch.setattr(FilesWriter, "write", full)
        line = graded(again=True)["anna"]
    assert line.state == State.PUT_OFF
    assert os.strerror(number) in " ".join(line.why)
    assert total(course) == 20
    assert graded()["anna"].state == (State.UNCHANGED if where == "record" else State.GRADED)
    assert (total(course), state(course, GRADED_IN)) == (20, State.GRADED)


@pytest.mark.parametrize("error", [MemoryError("no more"), RuntimeError("no idea")])
def test_a_fault_with_one_submission_is_told_and_stops_no_other(course, monkeypatch, error):
    course, graded = course
    for student in ("anna", "berik", "zarina"):
        hand_in(course.root, student, answered("anna"))
    plan = marks.plan

    def stumble(exercise, cells, tests):
        if any('"berik"' in c["source"] for c in cells):
            raise error
        return plan(exercise, cells, tests)

    hand_in(course.root, "berik", answered("berik"))
    monkeypatch.setattr(marks, "plan", stumble)
    lines = graded()
    assert {s: line.state for s, line in lines.items()} == {
        "anna": State.GRADED, "berik": State.PUT_OFF, "zarina": State.GRADED,
    }  # fmt: skip
    assert str(error) in lines["berik"].why[0]
    assert state(course, UNGRADED_IN, "berik") == State.PUT_OFF
    monkeypatch.setattr(marks, "plan", plan)
    assert graded()["berik"].state == State.GRADED
    assert state(course, UNGRADED_IN, "berik") is None


def test_a_sandbox_that_does_not_come_up_is_told_once_and_nothing_is_entered(course, monkeypatch):
    course, graded = course
    students = [f"s{n}" for n in range(8)]
    for student in students:
        hand_in(course.root, student, untouched())
    tried = []

    def down(*_, **__):
        tried.append(1)
        raise SandboxDown("The sandbox does not start. It says: no namespaces")

    with monkeypatch.context() as patch:
        patch.setattr(pool, "run", down)
        lines = graded()
    assert {line.state for line in lines.values()} == {State.PUT_OFF}
    assert {line.why for line in lines.values()} == {
        ("The sandbox does not start. It says: no namespaces",)
    }
    assert len(tried) < len(students)
    assert sorted(lines) == students
    with course.gradebook() as book:
        assert book.assignment_submissions(NAME) == []
    assert {line.state for line in graded().values()} == {State.GRADED}


@pytest.mark.parametrize("name", ["*", "[a]", "ann?", "an\nna"])
def test_a_folder_named_like_a_pattern_takes_nobodys_points(course, name):
    course, graded = course
    hand_in(course.root, "anna", answered("anna"))
    hand_in(course.root, name, untouched())
    lines = graded()
    assert (lines["anna"].state, total(course)) == (State.GRADED, 20)
    assert lines[name].state == State.PUT_OFF
    assert "learner's id" in lines[name].why[0]
    assert [p.parent.parent.name for p in feedback.make(course, NAME)] == ["anna"]


@pytest.mark.parametrize("text", ["yesterday", "\ufeff2026-11-24 13:00:00 UTC", "9" * 40])
def test_a_time_that_nobody_can_read_is_named_and_costs_nothing(course, text):
    course, graded = course
    hand_in(course.root, "anna", answered("anna"))
    stamp = folder(course.root, "anna") / "timestamp.txt"
    stamp.write_text(text, encoding="utf-8")
    line = graded()["anna"]
    assert line.state == State.PUT_OFF
    assert "timestamp.txt does not say when" in line.why[0]
    stamp.write_text("2026-11-24 13:00:00 UTC", encoding="utf-8")
    assert (graded()["anna"].state, total(course)) == (State.GRADED, 20)


def with_mark(nb):
    return b"\xef\xbb\xbf" + json.dumps(nb).encode()


def with_half_a_character(nb):
    cell(nb, ESSAY).source += " \ud83d"
    return json.dumps(nb).encode()


def with_a_copied_test(nb):
    at = next(n for n, c in enumerate(nb.cells) if c.id == "ex03-q2-hhi")
    nb.cells.insert(at + 1, copy.deepcopy(nb.cells[at]) | {"id": "copy"})
    return json.dumps(nb).encode()


def with_a_copied_answer(nb):
    at = next(n for n, c in enumerate(nb.cells) if c.id == "ex03-q2-hhi-answer")
    nb.cells.insert(at + 1, copy.deepcopy(nb.cells[at]) | {"id": "copy"})
    return json.dumps(nb).encode()


def with_a_picture_that_is_not_there(nb):
    cell(nb, ESSAY).source += "\n\n![map.png](attachment:map.png)"
    return json.dumps(nb).encode()


@pytest.mark.parametrize("odd", [
    with_mark, with_half_a_character, with_a_copied_test, with_a_copied_answer,
    with_a_picture_that_is_not_there,
])  # fmt: skip
def test_honest_work_in_an_odd_file_has_its_points_and_its_page(course, odd):
    course, graded = course
    hand_in(course.root, "berik", answered("anna"))
    path = folder(course.root, "anna") / f"{NAME}.ipynb"
    path.write_bytes(odd(answered("anna")))
    line = graded()["anna"]
    assert (line.state, total(course)) == (State.GRADED, 20), line.why
    pages = feedback.make(course, NAME)
    assert [p.parent.parent.name for p in pages] == ["anna", "berik"]
    assert "Your points: 20 of 38" in pages[0].read_text(encoding="utf-8")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only Unix has named pipes")
def test_what_is_no_file_is_not_opened(course):
    course, graded = course
    os.mkfifo(folder(course.root, "anna") / "pipe")
    hand_in(course.root, "anna", answered("anna"))
    line = graded()["anna"]
    assert (line.state, line.points) == (State.FAILED, 0)
    assert "pipe is no file" in line.why[0]
    record = verdicts.read(course.folder(UNGRADED_IN, NAME, "anna"))
    (page,) = feedback.make(course, NAME)
    assert record.findings[0].remedy in page.read_text(encoding="utf-8")


def test_work_handed_in_again_keeps_no_mark_of_what_is_gone(course):
    course, graded = course
    hand_in(course.root, "anna", answered("anna"))
    graded()
    _, table = essays.sheet(course, NAME)
    filled = course.root / "sheet.csv"
    filled.write_text(table.replace(",,\n", ",3,Well put.\n"), encoding="utf-8")
    assert essays.enter(course, NAME, filled) == essays.Entered(marked=1, left=0)
    assert total(course) == 38
    assert essays.marked(course, NAME).iloc[0].tolist() == [3] * 6
    hand_in(course.root, "anna", answered("anna", {ESSAY: cell(untouched(), ESSAY).source}))
    assert graded()["anna"].state == State.GRADED
    assert total(course) == 20
    assert essays.marked(course, NAME).empty
    text = feedback.make(course, NAME)[0].read_text(encoding="utf-8")
    assert "Your points: 20 of 38" in text
    assert "Well put" not in text
    hand_in(course.root, "anna", untouched())
    path = folder(course.root, "anna") / f"{NAME}.ipynb"
    path.write_text("{")
    assert graded()["anna"].state == State.FAILED
    assert total(course) == 0
    assert list(ungraded.records(course, NAME)) == ["anna"]
    assert not course.folder(GRADED_IN, NAME, "anna").exists()


def sheet_of(course, level, comment="", name="sheet.csv"):
    _, table = essays.sheet(course, NAME)
    path = course.root / name
    path.write_text(table.replace(",,\n", f",{level},{comment}\n"), encoding="utf-8")
    return path


def test_a_regrade_of_the_same_text_keeps_every_mark(course):
    """The reviewers' case: an argument is marked, a lost test is put back, all is graded again."""
    course, graded = course
    nb = answered("anna")
    whole = copy.deepcopy(nb)
    nb.cells = [c for c in nb.cells if c.id != "ex03-q3-members"]
    hand_in(course.root, "anna", nb)
    graded()
    essays.enter(course, NAME, sheet_of(course, 2, "Good."))
    assert total(course) == 20 + 12, "the lost test is put back on a copy"
    hand_in(course.root, "anna", whole)
    graded()
    assert total(course) == 20 + 12
    assert essays.marked(course, NAME).iloc[0].tolist() == [2] * 6
    path = folder(course.root, "anna") / f"{NAME}.ipynb"
    path.write_text("{")  # a broken upload in between takes nothing away for good
    assert graded()["anna"].state == State.FAILED
    assert total(course) == 0
    hand_in(course.root, "anna", whole)
    graded()
    assert total(course) == 20 + 12
    changed = answered("anna", {ESSAY: "Another argument, of which nobody has said anything yet."})
    hand_in(course.root, "anna", changed)
    graded()
    assert total(course) == 20
    assert essays.marked(course, NAME).empty
    page = feedback.make(course, NAME)[0].read_text(encoding="utf-8")
    assert "Good." not in page


def test_a_mark_of_formgrader_stands_while_the_text_does(course):
    course, graded = course
    hand_in(course.root, "anna", answered("anna"))
    graded()
    course.book.give(NAME, "anna", ESSAY, 11, "By hand.")
    hand_in(course.root, "anna", answered("anna", {"ex03-q1-bloc-share-answer": "bloc_share = 1"}))
    graded()
    with course.gradebook() as book:
        grade_of = book.find_grade(ESSAY, NAME, NAME, "anna")
        assert (grade_of.manual_score, grade_of.needs_manual_grade) == (11, False)


def test_two_markers_are_kept_apart_until_somebody_moderates(course):
    course, graded = course
    hand_in(course.root, "anna", answered("anna"))
    graded()
    first = essays.enter(course, NAME, sheet_of(course, 3, "Sharp."), "AB")
    assert (first.marked, first.kappa, first.changed, first.differ) == (1, None, (), ())
    assert total(course) == 38
    second = essays.enter(course, NAME, sheet_of(course, 1), "CD")
    word = essays.pseudonym(course, NAME, "anna")
    assert (second.marked, second.differ) == (0, (word,))
    assert second.kappa == 0
    assert total(course) == 20, "no mark counts while two differ"
    people = Roster(course.root / "roster.csv", (Person(id="anna"),), "login")
    waiting = marks_of.of_class(course, people, [NAME])["anna"][1]
    assert (waiting.points, waiting.why) == (None, marks_of.Why.WAITING)
    text, table = essays.sheet(course, NAME, differing=True)
    assert "AB: Claim 3 (Sharp.)" in text
    assert f"{word},Claim,," in table
    path = course.root / "moderation.csv"
    path.write_text(table.replace(",,\n", ",2,We agree.\n"), encoding="utf-8")
    assert essays.enter(course, NAME, path, "EF", moderates=True).marked == 1
    assert total(course) == 20 + 12
    trail = markings.read(course.folder(markings.MARKED_IN, NAME, "anna"))
    assert [(m.marker, m.moderates, m.levels["Claim"]) for m in trail] == [
        ("AB", False, 3), ("CD", False, 1), ("EF", True, 2),
    ]  # fmt: skip
    assert all(m.time and m.text for m in trail)
    again = essays.enter(course, NAME, sheet_of(course, 3), "EF")
    assert again.differ == (word,), "a marking after the moderation that says otherwise reopens it"
    graded()
    assert essays.sheet(course, NAME, differing=True)[1] == table


def test_the_same_marker_is_told_what_a_second_sheet_replaces(course):
    course, graded = course
    hand_in(course.root, "anna", answered("anna"))
    graded()
    essays.enter(course, NAME, sheet_of(course, 3))
    word = essays.pseudonym(course, NAME, "anna")
    assert essays.enter(course, NAME, sheet_of(course, 1)).changed == (
        f"{word}: 18 points before, 6 now.",
    )


def test_a_marker_sees_the_case_its_numbers_the_scheme_and_what_was_copied(course):
    course, graded = course
    own = "In my own words this says something short about another matter of Kyrgyzstan altogether."
    hand_in(course.root, "anna", answered("anna"))
    hand_in(course.root, "berik", answered("berik", {ESSAY: own}))
    hand_in(course.root, "dana", answered("dana", {ESSAY: own.upper()}))
    graded()
    text, _ = essays.sheet(course, NAME)
    assert "EurAsEC was a failure" in text, "the mark scheme"
    case = OF.case("anna")
    assert f"{case.state_name}, {case.partner_name}, {case.start} to {case.end}" in text
    assert "1, bloc-share: 0." in text
    assert "100 % of its runs of five words stand in the sample" in text
    assert "the argument in the solution." in text
    words = {who: essays.pseudonym(course, NAME, who) for who in ("berik", "dana")}
    assert f"100 % of its runs of five words stand in essay {words['dana']}." in text
    if OF.case("berik").state != "KGZ":
        assert "It names Kyrgyzstan; the state of its case is" in text
    secret = course.root / "marked" / "words.key"
    secret.write_text("another")
    assert essays.pseudonym(course, NAME, "dana") != words["dana"]


def test_a_question_that_was_deleted_waits_for_nobody(course):
    course, graded = course
    nb = answered("anna")
    nb.cells = [c for c in nb.cells if c.id not in (ESSAY, "ex03-q2-hhi")]
    hand_in(course.root, "anna", nb)
    assert graded()["anna"].state == State.GRADED
    people = Roster(course.root / "roster.csv", (Person(id="anna"),), "login")
    found = marks_of.of_class(course, people, [NAME])["anna"]
    assert [(m.points, m.out_of, m.why) for m in found] == [(20, 20, "marked"), (0, 18, "marked")]
    assert found[1].note == "No argument was written."


def test_levels_in_the_comment_of_an_older_gradebook_are_read(course):
    course, graded = course
    hand_in(course.root, "anna", answered("anna"))
    graded()
    with course.gradebook() as book:
        grade_of = book.find_grade(ESSAY, NAME, NAME, "anna")
        grade_of.manual_score, grade_of.needs_manual_grade = 9, False
        comment = book.find_comment(ESSAY, NAME, NAME, "anna")
        comment.manual_comment = "**Clarity: level 1.** So it is.\n\n**Claim: level 3.** Good."
        book.db.commit()
    row = essays.marked(course, NAME).iloc[0]
    assert (row["Clarity"], row["Claim"]) == (1, 3)


@pytest.mark.parametrize(("delimiter", "encoding"), [
    (";", "utf-8-sig"), ("\t", "utf-16"), (",", "utf-8"),
])  # fmt: skip
def test_a_sheet_is_read_as_spreadsheet_programs_save_it(tmp_path, delimiter, encoding):
    rows = [essays.COLUMNS, ["abcdef", "Clarity", "2.0", "Хорошо"], ["", "", "", ""]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    path = tmp_path / "sheet.csv"
    path.write_bytes(text.encode(encoding))
    (row,) = spreadsheets.read(path, essays.COLUMNS)
    assert row == dict(zip(essays.COLUMNS, rows[1], strict=True))
    assert essays._level(row, path) == 2


def test_a_sheet_in_letters_of_one_country_is_read(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_bytes("essay;criterion;level;comment\nabcdef;Clarity;2;Хорошо".encode("cp1251"))
    (row,) = spreadsheets.read(path, essays.COLUMNS)
    assert list(row.values()) == ["abcdef", "Clarity", "2", "Хорошо"]


def test_what_is_small_as_text_and_large_as_values_is_not_read(tmp_path):
    from centralasia.grading.handing_in import preflight

    nb = untouched()
    nb.metadata["x"] = [{}] * 200_000
    path = tmp_path / f"{NAME}.ipynb"
    notebooks.write(nb, path)
    (finding,) = preflight.inspect(path)
    assert "lists and tables" in finding.problem
    bomb = b'{"cell": 0, "outputs": [' + b"{}," * 200_000 + b"{}]}\n"
    assert frames(bomb) == ([], "it sent back more than 150000 lists and tables")
