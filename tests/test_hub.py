"""The class way on a real JupyterHub: two students, one teacher, nbgrader's exchange."""

import re
import shutil
import sys

import pytest
from exercise_runs import answered
from nbformat.v4 import new_raw_cell

from centralasia import release
from centralasia.checks import keys
from centralasia.cli import main
from centralasia.grading.afterwards import analysis
from centralasia.grading.afterwards.folder import CourseFolder
from centralasia.grading.handing_in import preflight
from centralasia.paths import course_root

if sys.platform == "win32":
    pytest.skip("JupyterHub and nbgrader's exchange need Unix.", allow_module_level=True)

from hubs import Visit, hub

NAME = "03-russia-3-return"
ID = "central-asia"
BWRAP = shutil.which("bwrap")
ANNA, BERIK, TEACHER = "anna", "berik", "teacher"


@pytest.fixture
def homes(tmp_path):
    """Return the folder of the homes, with nbgrader's configuration in each."""
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    config = (course_root() / release.CONFIG).read_text(encoding="utf-8")
    config += f"\nc.Exchange.root = {str(exchange)!r}\nc.ExchangeCollect.check_owner = False\n"
    course = tmp_path / "homes" / TEACHER / "course"
    # All servers run as one system user here. A hub with a system user for each needs no such line.
    whose = {name: f"c.CourseDirectory.student_id = {name!r}\n" for name in (ANNA, BERIK)}
    whose[TEACHER] = f"c.CourseDirectory.root = {str(course)!r}\n"
    for name, line in whose.items():
        settings = tmp_path / "homes" / name / ".jupyter"
        settings.mkdir(parents=True)
        (settings / release.CONFIG).write_text(config + line, encoding="utf-8")
    shutil.copytree(keys.solutions_dir() / NAME, course / "solutions" / NAME)
    (course / release.CONFIG).write_text(config, encoding="utf-8")
    return tmp_path / "homes"


def work(visit, name, change=lambda _nb: None):
    """Answer the fetched exercise in the student's home."""
    path = f"{NAME}/{NAME}.ipynb"
    assert visit.read(path)["cells"]
    nb = answered(NAME, name)
    change(nb)
    visit.save(path, nb)


SCRIPT = "<script>alert('points')</script><img src=x onerror=alert(1)>"


def typed_in(nb):
    """Type a number in, and try in three ways to run a script where the teacher reads."""
    for cell in nb.cells:
        if cell.id == "ex03-q1-bloc-share-answer":
            show = f"from IPython.display import HTML, display\ndisplay(HTML({SCRIPT!r}))"
            cell.source += f"\nbloc_share = 0.5\n{show}"
        elif cell.id == "ex03-q6-argument":
            cell.source += f"\n\n{SCRIPT} [here](javascript:alert(2))"
    nb.cells.append(new_raw_cell(SCRIPT, id="raw"))


def statuses(visit, **query):
    found = visit.get("assignments", params={"course_id": ID} | query)
    return [a["status"] for a in found["value"]]


def test_from_release_to_feedback(tmp_path, homes):
    with hub(tmp_path, [ANNA, BERIK, TEACHER]) as base:
        with pytest.raises(Exception, match="403"):
            Visit(base, "mallory").log_in("steppe")
        teacher = Visit(base, TEACHER).log_in("steppe")
        one = f"formgrader/api/assignment/{NAME}"
        assert teacher.post(f"{one}/assign")["success"]
        assert teacher.post(f"{one}/release")["success"]

        students = {name: Visit(base, name).log_in("steppe") for name in (ANNA, BERIK)}
        for name, visit in students.items():
            assert statuses(visit) == ["released"]
            visit.post("assignments/fetch", json={"assignment_id": NAME, "course_id": ID})
            work(visit, name, typed_in if name == BERIK else lambda _nb: None)
            file = homes / name / NAME / f"{NAME}.ipynb"
            assert preflight.inspect(file) == []
            visit.post("assignments/submit", json={"assignment_id": NAME, "course_id": ID})
            assert "submitted" in statuses(visit)
        assert students[ANNA].ask("GET", f"api/contents/{NAME}", whose=BERIK).status_code == 403

        assert teacher.post(f"{one}/collect")["success"]
        grade_and_mark(homes / TEACHER / "course", teacher)
        assert teacher.post(f"{one}/release_feedback")["success"]
        points = {name: feedback(visit) for name, visit in students.items()}
    # Berik's typed-in number costs him question 1, and question 5, which builds on it.
    assert points == {ANNA: "32 of 38", BERIK: "26 of 38"}


def grade_and_mark(folder, teacher):
    """Grade what was collected, and mark both arguments in formgrader: 12 points each."""
    if BWRAP:
        assert main(["grade", "03", "--dir", str(folder)]) == 0
    else:  # no sandbox on this machine: nbgrader's own way, by formgrader's button
        for student in (ANNA, BERIK):
            url = f"formgrader/api/submission/{NAME}/{student}/autograde"
            assert teacher.post(url)["success"]
    with CourseFolder(folder).submissions(NAME) as found:
        essays = {
            s.student_id: (grade.id, grade.notebook.id)
            for s in found
            for notebook in s.notebooks
            for grade in notebook.grades
            if grade.name == "ex03-q6-argument"
        }
    for grade, notebook in essays.values():
        page = teacher.ask("GET", f"formgrader/submissions/{notebook}").text
        assert "ex03-q6-argument" in page
        assert not re.search(r"<script>alert|<img[^>]*onerror|href=.javascript", page)
        marks = {"manual_score": 12, "extra_credit": None}
        teacher.ask("PUT", f"formgrader/api/grade/{grade}", json=marks).raise_for_status()
        (comment,) = [
            c for c in teacher.get("formgrader/api/comments", params={"submission_id": notebook})
            if c["name"] == "ex03-q6-argument"
        ]  # fmt: skip
        words = {"manual_comment": "The event is *well* chosen."}
        url = f"formgrader/api/comment/{comment['id']}"
        teacher.ask("PUT", url, json=words).raise_for_status()
    assert main(["feedback", "03", "--dir", str(folder)]) == 0
    items = analysis.analyse(CourseFolder(folder), "03").items
    verdicts = [1, 1] if BWRAP else [0, 0]
    assert items.loc["ex03-q1-bloc-share", ["right", "wrong"]].tolist() == verdicts
    assert items.loc["ex03-q1-bloc-share", "difficulty"] == 0.5
    assert items["difficulty"].iloc[-1] == 12 / 18
    (folder / "roster.csv").write_text(f"learner_id\n{ANNA}\n{BERIK}\n")
    assert main(["marks", "--for", "canvas", "--dir", str(folder)]) == 0


def feedback(visit):
    """Fetch the feedback as a student and return the points that it gives."""
    visit.post("assignments/fetch_feedback", json={"assignment_id": NAME, "course_id": ID})
    (when,) = visit.read(f"{NAME}/feedback")
    page = visit.read(f"{when['path']}/{NAME}.html")
    assert "HIDDEN TESTS" not in page
    assert "MARK SCHEME" not in page
    assert "The event is <em>well</em> chosen." in page
    return page.partition("Your points: ")[2].partition("<")[0]
