"""Grading a class: nbgrader's scores, resumable, many writers, here and on other workers."""

import gc
import json
import multiprocessing
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

import exercise_runs
import pytest
from classes import NAME, QUICK, answered, cluster, folder, graded, hand_in, scores, untouched
from patience import HANG

from centralasia import notebooks, tables
from centralasia.checks import keys, perturb
from centralasia.cli import main
from centralasia.errors import UserError
from centralasia.grading.judging import grade, intake, marks, verdicts
from centralasia.grading.judging.book import Book, patiently
from centralasia.grading.running import bwrap, pool, sandbox
from centralasia.grading.running.limits import Limits
from centralasia.grading.running.results import Run, Way
from centralasia.grading.running.sandbox import Sandbox, Warmth
from centralasia.grading.running.workers import connect
from centralasia.paths import using

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")

ESSAY = "ex03-q6-argument"
FULL = {"ex03-q1-bloc-share": 4, "ex03-q2-hhi": 5, "ex03-q3-members": 3, "ex03-q4-chart": 6}
FULL |= {"ex03-q5-reading": 2}


def source(question):
    solved = notebooks.read(keys.solutions_dir() / NAME / f"{NAME}.ipynb")
    return next(c.source for c in solved.cells if c.id == f"{question}-answer")


def partly(nb):
    """A number typed in, an error, a chart with a fault, magics and cells of the learner's own."""
    share = keys.load(NAME).questions["ex03-q1-bloc-share"].answer(keys.load(NAME).case("partly"))
    own = notebooks.nbformat.v4.new_code_cell
    for cell in nb.cells:
        if cell.id == "ex03-q1-bloc-share-answer":
            cell.source += f"\nbloc_share = {share['value']}"
        elif cell.id == "ex03-q3-members-answer":
            cell.source = "print(missing)"
        elif cell.id == "ex03-q4-chart-answer":
            cell.source = f'%%time\n{cell.source}\nchart = chart.properties(description="")'
    nb.cells.insert(5, own("import sys\nprint('so far', file=sys.stderr)\n1/0", id="mine-1"))
    nb.cells.insert(9, own("import asyncio\nawait asyncio.sleep(0)\nname = input()", id="mine-2"))
    return nb


def without(nb, *gone):
    nb.cells = [cell for cell in nb.cells if cell.id not in gone]
    return nb


def edited(nb):
    for cell in nb.cells:
        if cell.id in ("setup", "ex03-q2-hhi"):
            cell.source = "raise SystemExit"
    return nb


def lost(line):
    """Return answers whose first one takes something away that the test cells use."""
    return {"ex03-q1-bloc-share-answer": source("ex03-q1-bloc-share") + "\n" + line}


CLASS = {
    "full": lambda: answered("full"),
    "untouched": untouched,
    "partly": lambda: partly(answered("partly")),
    "other-id": lambda: answered("somebody.else"),
    "no-test": lambda: without(answered("no-test"), "ex03-q2-hhi"),
    "edited": lambda: edited(answered("edited")),
    "no-checks": lambda: answered("no-checks", lost("checks = None")),
    "noisy": lambda: answered(
        "noisy", lost("import sys\nchecks.check = lambda *a, **k: print('x', file=sys.stderr)")
    ),
    "no-essay": lambda: answered("no-essay", {ESSAY: untouched().cells[-2].source}),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a course whose class was graded by our own runner."""
    assert bwrap.trouble() == ""
    made = tmp_path_factory.mktemp("course")
    for student, notebook in CLASS.items():
        hand_in(made, student, notebook())
    return made, graded(made, limits=Limits())


def by_nbgrader(course, into):
    """Grade the same submissions with nbgrader alone; return its scores."""
    shutil.copytree(course / "submitted", into / "submitted")
    shutil.copytree(keys.solutions_dir() / NAME, into / "solutions" / NAME)
    shutil.copy(Path(__file__).resolve().parents[1] / "nbgrader_config.py", into)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command in (["generate_assignment", NAME], ["autograde", NAME]):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *command],
            cwd=into, env=os.environ | {"PATH": path}, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
    return scores(into)


def test_the_scores_are_those_of_nbgrader_alone(course, tmp_path):
    ours, theirs = scores(course[0]), by_nbgrader(course[0], tmp_path)
    # nbgrader lets a test that was taken away wait for a person, who has nothing to look at; we
    # put it back on a copy, and the answer is there.
    assert theirs["no-test"].pop("ex03-q2-hhi") == (None, True)
    assert ours["no-test"]["ex03-q2-hhi"] == (5, False)
    ours = {**ours, "no-test": {q: v for q, v in ours["no-test"].items() if q != "ex03-q2-hhi"}}
    assert ours == theirs
    points = {student: sum(p or 0 for p, _ in f.values()) for student, f in ours.items()}
    assert points == {
        "full": 20, "untouched": 0, "partly": 12, "other-id": 0, "no-test": 15, "edited": 20,
        "no-checks": 0, "noisy": 0, "no-essay": 20,
    }  # fmt: skip
    assert ours["full"][ESSAY] == (None, True)
    assert ours["no-essay"][ESSAY] == ours["untouched"][ESSAY] == (0, False)


def test_the_report_says_the_same_and_what_was_odd(course):
    made, lines = course
    for student, found in scores(made).items():
        assert lines[student].points == sum(p or 0 for p, _ in found.values())
        assert (lines[student].out_of, lines[student].by_hand) == (20, 18)
    assert "another id: somebody.else" in lines["other-id"].why[0]
    assert "is gone, and with it 5 points" in " ".join(lines["no-test"].why)
    assert lines["full"].why == ()


def test_each_verdict_is_kept_beside_the_graded_copy(course):
    kept = json.loads((course[0] / "autograded" / "partly" / NAME / verdicts.FILE).read_text())
    said = {v["question"]: v for v in kept["verdicts"]}
    assert {q: v["points"] for q, v in said.items()} == FULL | {
        "ex03-q1-bloc-share": 0, "ex03-q3-members": 0, "ex03-q4-chart": 5, ESSAY: 0,
    }  # fmt: skip
    assert said["ex03-q1-bloc-share"]["mistake"] == "typed-in"
    assert said["ex03-q3-members"]["kind"] == "not_attempted"
    assert said["ex03-q4-chart"]["mistake"] == "description"
    assert said["ex03-q5-reading"]["confidence"] == 0.95
    assert said[ESSAY]["kind"] == "manual"
    assert kept["case"] == list(keys.load(NAME).case("partly").same)


def test_the_graded_copy_is_what_formgrader_expects(course):
    nb = notebooks.read(course[0] / "autograded" / "partly" / NAME / f"{NAME}.ipynb")
    tests = {c.metadata.nbgrader.grade_id: c for c in nb.cells
             if c.metadata.get("nbgrader", {}).get("grade") and c.cell_type == "code"}  # fmt: skip
    assert set(tests) == set(FULL)
    assert all("### BEGIN HIDDEN TESTS" in cell.source for cell in tests.values())
    kinds = {name: [o.output_type for o in cell.outputs] for name, cell in tests.items()}
    assert kinds["ex03-q2-hhi"] == ["stream"]
    assert kinds["ex03-q3-members"] == ["error"]
    assert kinds["ex03-q4-chart"] == ["stream", "execute_result"]
    own = [c for c in nb.cells if c.cell_type == "code" and "1/0" in c.source]
    assert [o.get("ename", o.get("name")) for o in own[0].outputs] == [
        "stderr",
        "ZeroDivisionError",
    ]


def test_what_is_graded_and_unchanged_is_not_graded_again(course):
    made, _ = course
    hand_in(made, "full", answered("full", {ESSAY: "Another argument."}))
    lines = graded(made)
    assert {s for s, line in lines.items() if line.state == "graded"} == {"full"}
    assert lines["partly"].state == "unchanged"
    assert lines["partly"].points == 12
    assert [line.state for line in graded(made, ["partly"], again=True).values()] == ["graded"]


def test_a_run_that_was_interrupted_goes_on(tmp_path):
    for student in ("a", "b", "c"):
        hand_in(tmp_path, student, untouched())
    grader = grade.setup(NAME, tmp_path)

    def stop(line):
        raise KeyboardInterrupt

    with cluster() as client:
        with pytest.raises(KeyboardInterrupt):
            grader.grade(grader.students(), client, stop)
        lines = grader.grade(grader.students(), client, lambda _: None)
    assert sorted(line.state for line in lines) == ["graded", "graded", "unchanged"]
    assert len(scores(tmp_path)) == 3


def test_a_sandbox_that_is_slow_to_start_is_ended_though_nothing_needs_it(tmp_path, monkeypatch):
    made, start = [], Warmth._started

    def slowly(warmth):
        made.append(start(warmth))
        time.sleep(1)
        return made[-1]

    hand_in(tmp_path, "full", answered("full"))
    assert main(["grade", NAME, "--dir", str(tmp_path), "--workers", "1"]) == 0
    monkeypatch.setattr(Warmth, "_started", slowly)
    assert main(["grade", NAME, "--dir", str(tmp_path), "--workers", "1"]) == 0
    assert [warm.process.poll() is None for warm in made] == [False]


def enter(root, db, students, start):
    """Enter points for some students, as one of several processes that do so at once."""
    book = Book(Path(root), db)
    exercise = keys.load(NAME)
    start.wait(HANG)
    for student in students:
        nb = book.sanitized(NAME, student, untouched())
        marks.judge(exercise, nb.cells, Run(end="a test"), student, perturb.default())
        book.enter(NAME, student, nb)


def many_writers(root, db=None):
    names = [f"s{n:02}" for n in range(12)]
    for student in names:
        hand_in(root, student, untouched())
    Book(root, db).register(NAME)
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(3)
    working = [
        context.Process(target=enter, args=(str(root), db, names[n::3], start)) for n in range(3)
    ]
    for process in working:
        process.start()
    for process in working:
        process.join(HANG)
    assert [process.exitcode for process in working] == [0, 0, 0]
    found = scores(root, db)
    assert sorted(found) == names
    for points in found.values():
        assert points == dict.fromkeys(FULL, (0, False)) | {ESSAY: (0, False)}


def test_many_writers_lose_nothing_in_sqlite(tmp_path):
    many_writers(tmp_path)


def postgres():
    """Return the folder of PostgreSQL's programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.fixture
def database():
    """Return the URL of a PostgreSQL server that is started for the test."""
    if postgres() is None:
        pytest.skip("PostgreSQL's programs are not installed")
    # Not below pytest's own folder, which is closed to the user that PostgreSQL runs as.
    with tempfile.TemporaryDirectory() as folder:
        run = {"cwd": folder, "check": True, "capture_output": True, "timeout": HANG}
        if os.getuid() == 0:  # whom PostgreSQL refuses
            shutil.chown(folder, "nobody", "nogroup")
            run |= {"user": "nobody", "group": "nogroup"}
        make = [postgres() / "initdb", "-D", f"{folder}/db", "-U", "teacher", "-A", "trust"]
        subprocess.run(make, **run)
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        control = [postgres() / "pg_ctl", "-D", f"{folder}/db", "-w", "-l", f"{folder}/log"]
        subprocess.run([*control, "-o", options, "start"], **run)
        try:
            yield f"postgresql+psycopg://teacher@/postgres?host={folder}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **run)


def test_many_writers_lose_nothing_in_postgresql(tmp_path, database):
    many_writers(tmp_path / "course", database)


def test_a_gradebook_in_trouble_for_good_is_not_tried_for_ever():
    from sqlalchemy.exc import OperationalError

    tries = []

    def work():
        tries.append(1)
        raise OperationalError("select", {}, Exception("no such column: x"))

    with pytest.raises(OperationalError):
        patiently(work)
    assert tries == [1]


def test_workers_of_a_scheduler_elsewhere_grade_too(tmp_path):
    from distributed import LocalCluster

    hand_in(tmp_path, "full", answered("full"))
    grader = grade.setup(NAME, tmp_path)
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0") as away:
        workers = connect(away.scheduler_address, None)
        (line,) = grader.grade(["full"], workers, lambda _: None)
        workers.close()
    assert (line.state, line.points) == ("graded", 20)


def test_a_scheduler_that_does_not_answer_is_named():
    with pytest.raises(UserError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:1"):
        connect("tcp://127.0.0.1:1", None)


def test_other_data_on_a_worker_are_refused():
    with pytest.raises(sandbox.SandboxError, match="another release"):
        pool.run([], Limits().plain(), Way.BUBBLEWRAP, "perturbed-of-another-release", 0)


def test_a_sandbox_that_was_killed_is_started_again():
    box = Sandbox(perturb.default(), Limits())
    steps = [{"source": "x = 1", "names": ["x"]}]
    try:
        assert box.run(steps).end == ""
        box._warm.process.kill()
        assert box.run(steps).end == ""
    finally:
        box.close()


def test_sandboxes_share_a_warm_process_and_none_waits_for_another():
    warmth = Warmth(perturb.default())
    long, short = (Sandbox(perturb.default(), Limits(), warmth=warmth) for _ in range(2))
    meet = "import time\nwhile not stop: time.sleep(0.05)"  # until it is interrupted
    steps = [{"source": f"stop = False\n{meet}", "names": None}, {"source": "", "names": ["stop"]}]
    ended = []
    try:
        waiting = threading.Thread(target=lambda: ended.append(long.run(steps, QUICK)))
        waiting.start()
        run = short.run([{"source": "x = 1", "names": ["x"]}])
        assert (run.end, ended) == ("", [])
        waiting.join(HANG)
        assert [one.end for one in ended] == [""]
        assert long.start() is short.start()
        short.start().process.kill()
        assert [box.run([{"source": "", "names": ["x"]}]).end for box in (long, short)] == ["", ""]
        assert long.start() is short.start()
    finally:
        for box in (long, short):
            box.close()
        warmth.close()
    with pytest.raises(sandbox.SandboxDown, match="were ended"):
        long.run(steps)


def test_the_moves_that_are_rehearsed_run_and_leave_nothing_to_a_notebook():
    code = (
        "from centralasia.grading.running import cells\n"
        "before = dict(cells.shell().user_ns)\n"
        "done = cells.rehearse()\n"
        "here = cells.shell()\n"
        "print(done, here.user_ns.keys() - before.keys(), here.execution_count)"
    )
    environment = os.environ | {perturb.ENV: str(perturb.default())}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=HANG
    )
    assert (run.stdout.strip(), run.stderr) == ("[True, True, False] set() 1", "")


def test_a_warm_process_lies_in_large_pages_and_searches_for_garbage_again(tmp_path):
    code = (
        "import gc, re\n"
        "from pathlib import Path\n"
        "from centralasia.grading.running import zygote\n"
        "zygote.warm()\n"
        "lies = Path('/proc/self/smaps_rollup').read_text()\n"
        "large = int(re.search(r'AnonHugePages: +([0-9]+)', lies)[1])\n"
        "print(gc.isenabled(), large > 20_000)"
    )
    environment = os.environ | {
        perturb.ENV: str(perturb.default()), "TMPDIR": str(tmp_path), "IPYTHONDIR": str(tmp_path)
    }  # fmt: skip
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=HANG
    )
    kernel = tuple(int(part) for part in platform.release().split("-")[0].split(".")[:2])
    can = kernel >= (6, 1) and Path("/sys/kernel/mm/transparent_hugepage").is_dir()
    assert (run.stdout.split(), run.stderr) == (["True", str(can)], "")


@pytest.mark.parametrize("stopped", [False, True])
def test_the_search_for_garbage_rests_until_grading_begins(tmp_path, monkeypatch, stopped):
    seen = []

    def entered(self, name):
        seen.append(gc.isenabled())
        if stopped:
            raise UserError("It is not taken.")

    def graded(self, *_):
        seen.append(gc.isenabled())
        return []

    hand_in(tmp_path, "anna", answered("anna"))
    monkeypatch.setattr(Book, "register", entered)
    monkeypatch.setattr(grade.Grader, "grade", graded)
    monkeypatch.chdir(tmp_path)
    assert main(["grade", "03"]) == (2 if stopped else 0)
    assert seen == ([False] if stopped else [False, True])
    assert gc.isenabled()


def test_whose_case_an_answer_fits_asks_for_no_typical_errors(monkeypatch):
    exercise = keys.load(NAME)
    own, *others = (exercise.case(f"learner{n}") for n in range(4))
    others = [case for case in others if case.same != own.same]
    right = keys.expected("ex03-q2-hhi", others[0])
    asked = []
    monkeypatch.setattr(keys, "_typical", lambda *_: asked.append(1) or [])
    taken = {"base": {"concentration": right}}
    found = [case.same for case in keys.fits("ex03-q2-hhi", taken, others)]
    assert others[0].same in found
    assert len(found) < len(others)
    assert asked == []


def test_a_job_that_nobody_reads_leaves_no_thread_behind():
    """The submission floods its answer before it has read what it is sent."""
    box = Sandbox(perturb.default(), replace(QUICK, result_mb=1))
    flood = "import os\nwhile True:\n    os.write(3, b'x' * 65536)"
    steps = [{"source": flood, "names": None}, {"source": "#" * 5_000_000, "names": None}]
    before = set(threading.enumerate())
    try:
        assert "it sent more than 1 MB back" in box.run(steps).end
        assert set(threading.enumerate()) == before
    finally:
        box.close()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"platform.system": lambda: "Darwin"}, "needs Linux, and this is Darwin"),
        ({"platform.machine": lambda: "riscv64"}, "no filter of system calls"),
        ({"platform.release": lambda: "5.10.0-30-amd64"}, "too old"),
        ({"shutil.which": lambda _name: None}, "sudo apt install bubblewrap"),
    ],
)
def test_what_is_missing_is_named(monkeypatch, changes, words):
    for name, value in changes.items():
        monkeypatch.setattr(name, value)
    assert words in bwrap.trouble.__wrapped__()


def test_the_command_grades_reports_and_warns(tmp_path, capsys):
    hand_in(tmp_path, "full", answered("full"))
    (folder(tmp_path, "broken") / f"{NAME}.ipynb").write_text("{")
    assert main(["grade", "03", "--dir", str(tmp_path), "--unsafe", "--workers", "1"]) == 1
    said = capsys.readouterr()
    assert "runs with your rights" in said.err
    assert "1 graded" in said.out
    assert "broken (failed)" in said.out
    rows = (tmp_path / "reports" / NAME / "grading.csv").read_text().splitlines()
    assert rows[1].startswith("broken,failed,0,20,0,0,")
    assert rows[2].startswith("full,graded,20,20,18,")
    assert (tmp_path / "reports" / NAME / "grading.txt").is_file()


def test_nobody_and_nothing_handed_in_are_named(tmp_path, capsys):
    assert main(["grade", "03", "--dir", str(tmp_path), "--unsafe"]) == 2
    assert "Nobody has handed in" in capsys.readouterr().err
    with pytest.raises(intake.Unusable, match="there is nothing"):
        intake.look(folder(tmp_path, "empty"), NAME)


def typed(learner_id):
    """Return answers to the first two questions, typed in for both copies that are known."""
    frames = {}
    for which, data in (("base", None), ("changed", perturb.default())):
        space = exercise_runs.run(keys.load(NAME), learner_id, data=data)
        with using(data):
            total = float(tables.load("trade")["value_usd"].sum())
        frames[which] = total, float(space["bloc_share"]), space["concentration"].to_dict("list")
    (first, a, x), (_, b, y) = frames["base"], frames["changed"]
    is_first = f"abs(float(tables.load('trade')['value_usd'].sum()) - {first!r}) < 1"
    return {
        "ex03-q1-bloc-share-answer": f"bloc_share = {a!r} if {is_first} else {b!r}",
        "ex03-q2-hhi-answer": f"concentration = pd.DataFrame({x!r} if {is_first} else {y!r})",
    }


def test_answers_typed_in_for_every_known_copy_are_wrong(tmp_path):
    """Each run of the grader draws its own copy, and nobody knows that one beforehand."""
    hand_in(tmp_path, "typist", answered("typist", typed("typist")))
    hand_in(tmp_path, "honest", answered("honest"))
    lines = graded(tmp_path)
    assert lines["honest"].points == 20
    record = verdicts.read(tmp_path / "autograded" / "typist" / NAME)
    found = {verdict.question: verdict.mistake for verdict in record.verdicts}
    assert (found["ex03-q1-bloc-share"], found["ex03-q2-hhi"]) == ("typed-in", "typed-in")
    assert grade.setup(NAME, tmp_path).seed != grade.setup(NAME, tmp_path).seed


def test_whoever_answers_a_neighbours_case_is_named(tmp_path):
    """The id is the learner's own; the case was taken from somebody else's notebook."""
    of = keys.load(NAME)
    ids = [f"learner-{n}" for n in range(20)]
    other = next(one for one in ids if of.case(one).same != of.case("copyist").same)
    nb = answered("copyist")
    for cell in nb.cells:
        if cell.id == "ex03-q1-bloc-share-answer":
            cell.source = f'case = checks.case("03", {other!r})\n' + cell.source
    hand_in(tmp_path, "copyist", nb)
    hand_in(tmp_path, other, answered(other))
    lines = graded(tmp_path)
    assert lines[other].points == 20
    assert lines["copyist"].points < 20
    said = " ".join(lines["copyist"].why)
    assert f"Two or more wrong answers are right for the case of {other}." in said
    assert not lines[other].why


IMPORTS = """\
%matplotlib inline
import matplotlib.pyplot as plt, pandas as pd
import seaborn
from plotly import express as px, io
import not_a_package.part
import matplotlib.pyplot as plt
"""


def test_the_import_of_a_package_that_the_grader_lacks_costs_nobody_an_answer(tmp_path):
    """What is then used of it stops, and teacher and learner are told which package it is."""
    question = "ex03-q3-members"
    imported = {f"{question}-answer": IMPORTS + source(question)}
    hand_in(tmp_path, "anna", answered("anna", imported))
    used = {f"{question}-answer": IMPORTS + "plt.figure()\n" + source(question)}
    hand_in(tmp_path, "berik", answered("berik", used))
    lines = graded(tmp_path)
    assert (lines["anna"].points, lines["berik"].points) == (20, 17)
    for student, line in lines.items():
        assert "imports: matplotlib, not_a_package, plotly, seaborn." in " ".join(line.why)
        path = tmp_path / "autograded" / student / NAME / f"{NAME}.ipynb"
        cell = next(c for c in notebooks.read(path).cells if c.source.startswith(IMPORTS))
        said = [o.text for o in cell.outputs if o.output_type == "stream"]
        assert "No module named 'matplotlib' where this is graded." in said[0]
        errors = [o.evalue for o in cell.outputs if o.output_type == "error"]
        assert errors == (["No module named 'matplotlib'"] if student == "berik" else [])


def test_an_import_that_a_cell_is_ready_to_miss_stays_missing():
    box = Sandbox(perturb.default(), Limits())
    ready = "try:\n    import polars\n    have = True\nexcept ImportError:\n    have = False"
    try:
        run = box.run([{"source": ready, "names": None}, {"source": "", "names": ["have"]}])
    finally:
        box.close()
    found = json.loads(run.frames[1]["taken"])["base"]["have"]
    assert found == {"type": "truth", "value": False}


def test_a_number_that_no_json_holds_costs_its_question_alone(tmp_path):
    hand_in(tmp_path, "huge", answered("huge", {"ex03-q3-members-answer": "members = [10**5000]"}))
    line = graded(tmp_path)["huge"]
    assert (line.state, line.points) == ("graded", 17)


def test_what_lies_beside_a_notebook_is_served_by_no_page_of_the_teacher(tmp_path):
    hand_in(tmp_path, "many", answered("many"))
    (folder(tmp_path, "many") / "index.html").write_text("<script>alert(1)</script>")
    (folder(tmp_path, "many") / "sub").mkdir()
    (folder(tmp_path, "many") / "sub" / "x.js").write_text("1")
    assert graded(tmp_path)["many"].points == 20
    there = {p.name for p in (tmp_path / "autograded" / "many" / NAME).iterdir()}
    assert there == {f"{NAME}.ipynb", "verdicts.json"}
