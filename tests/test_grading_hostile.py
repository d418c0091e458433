"""Hostile submissions: none crashes the run, gains a point, or touches anything else.

All are graded in one run, between honest ones. What each tried, what happened and what it got is
kept in artifacts/hostile.md.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from classes import NAME, QUICK, answered, folder, graded, hand_in, scores, untouched
from hostile import ATTACKS

from centralasia import notebooks
from centralasia.checks import keys, perturb
from centralasia.grading.running import bwrap
from centralasia.grading.running.sandbox import Sandbox
from centralasia.paths import course_root

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")

TABLE = Path(__file__).resolve().parents[1] / "artifacts" / "hostile.md"
TOKEN = "a secret of the test, 5f1c9b"
FIRST = "ex03-q1-bloc-share-answer"
CUT_SHORT = {"amplified", "stubborn", "flood", "exit", "crash", "forged", "garbage"}
MENDED = {"metadata"}
"""What nbgrader stumbles over, and is graded as a repair makes it."""
NOT_NOTEBOOKS = {
    "zip-bomb": ("a notebook of 3 GB", "3221 MB large"),
    "zip": ("a packed notebook", "not JSON"),
    "packed": ("a zip file beside no notebook", "not packed"),
    "malformed": ("half a notebook", "not JSON"),
    "deep": ("JSON of 100 000 levels", "not JSON"),
    "cells": ("cells that are none", "broken"),
    "other": ("the notebook of another exercise", "holds the exercise 00"),
    "link": ("a link to the gradebook", "is a link"),
    "many": ("5000 cells", "5000 cells"),
    "code": (
        "ten million characters of code, which take gigabytes to parse",
        "10000006 characters",
    ),
    "outputs": ("300 000 outputs, which take minutes to validate", "300000 outputs"),
    "metadata": ("metadata that nbgrader stumbles over", "--repair mends it"),
}
HONEST = ("anna", "zarina")


def fill(text, reached):
    text = textwrap.dedent(text).strip()
    for name, value in reached.items():
        text = re.sub(rf"\b{name}\b", lambda _match, value=value: repr(value), text)
    return text


def not_notebooks(course):
    path = {kind: folder(course, kind) / f"{NAME}.ipynb" for kind in NOT_NOTEBOOKS}
    with path["zip-bomb"].open("wb") as file:
        file.truncate(3 * 2**30)
    path["zip"].write_bytes(b"PK\x03\x04" + bytes(1000))
    (path["packed"].parent / f"{NAME}.ipynb.zip").write_bytes(b"PK\x03\x04")
    path["malformed"].write_text('{"cells": [{"cell_type": "code", "sou')
    path["deep"].write_text('{"cells": ' + "[" * 100_000)
    path["cells"].write_text('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [7]}')
    other = keys.names()[0]
    shutil.copy(course_root() / "exercises" / other / f"{other}.ipynb", path["other"])
    path["link"].symlink_to(course / "gradebook.db")
    nb = untouched()
    nb.cells += [
        dict(nb.cells[1], id=f"more-{n}", metadata={}) for n in range(5000 - len(nb.cells))
    ]
    path["many"].write_text(json.dumps(nb))
    for kind, more in (
        ("code", {"source": "x = [" + "1," * 5_000_000 + "]"}),
        ("outputs", {"outputs": [{"output_type": "stream", "name": "x", "text": ""}] * 300_000}),
    ):
        cell = {"cell_type": "code", "id": "x", "metadata": {}, "source": ""} | more
        path[kind].write_text(json.dumps(untouched() | {"cells": [cell]}))
    nb = untouched()
    for cell in nb.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader = {"grade_id": cell.id, "grade": "yes", "points": [], "x": {}}
    path["metadata"].write_text(json.dumps(nb))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Grade a class of attackers; return what the tests below look at."""
    assert bwrap.trouble() == ""
    course = tmp_path_factory.mktemp("course")
    home = Path.home() / ".centralasia-test-secret"
    named, abstract = str(course / "socket"), f"\0centralasia-{os.getpid()}"
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.socket(socket.AF_UNIX) as by_name,
        socket.socket(socket.AF_UNIX) as by_abstract_name,
    ):
        by_name.bind(named)
        by_abstract_name.bind(abstract)
        for server in (listener, by_name, by_abstract_name):
            server.listen()
            server.setblocking(False)
        right = (
            keys.load(NAME)
            .questions["ex03-q1-bloc-share"]
            .answer(keys.load(NAME).case("other-data"))["value"]
        )
        reached = {
            "TOKEN": TOKEN,
            "PATHS": [str(course), str(course_root() / "solutions"), str(home)],
            "BASES": [os.path.realpath(sys.base_prefix)],
            "ROOT": str(course_root()),
            "PORT": listener.getsockname()[1],
            "ABSTRACT": abstract,
            "NAMED": named,
            "RIGHT": right,
        }
        for name, (_, text) in ATTACKS.items():
            answers = {FIRST: fill(text, reached)}
            if name == "hook":
                answers["ex03-q5-reading-answer"] = 'print("got:", spy())'
            hand_in(course, name, untouched(answers))
        for name in HONEST:
            hand_in(course, name, answered(name))
        (folder(course, HONEST[0]) / "notes.txt").write_text(TOKEN)
        not_notebooks(course)
        before = {p: p.read_bytes() for p in watched()}
        home.write_text(TOKEN)
        try:
            lines = graded(course, limits=QUICK)
        finally:
            home.unlink()
        callers = []
        for server in (listener, by_name, by_abstract_name):
            try:
                callers.append(server.accept())
            except BlockingIOError:
                continue
    return {
        "course": course,
        "lines": lines,
        "scores": scores(course),
        "callers": callers,
        "changed": [str(p) for p, content in before.items() if p.read_bytes() != content],
        "appeared": [p for p in watched() if p not in before],
    }


def watched():
    """Return files that a submission could be after."""
    root = course_root()
    found = [root / "pyproject.toml"]
    for part in ("data", "exercises", "solutions", "centralasia"):
        found += [
            p for p in (root / part).rglob("*") if p.is_file() and "__pycache__" not in str(p)
        ]
    return found + [p for p in perturb.default().rglob("*") if p.is_file()]


def first_answer(course, student):
    nb = notebooks.read(course / "autograded" / student / NAME / f"{NAME}.ipynb")
    return {
        cell.get("id", cell.metadata.get("nbgrader", {}).get("grade_id")): cell
        for cell in nb.cells
        if cell.cell_type == "code"
    }


def printed(cell):
    return "".join(o.get("text", "") for o in cell.outputs if o.output_type == "stream")


def happened(run, student):
    """Return one line on what came of an attack."""
    line = run["lines"][student]
    if line.state != "graded":
        return line.why[0]
    cell = first_answer(run["course"], student)[FIRST]
    errors = [o.ename for o in cell.outputs if o.output_type == "error"]
    verdict = json.loads(
        (run["course"] / "autograded" / student / NAME / "verdicts.json").read_text()
    )["verdicts"][0]
    said = re.findall(r"^got: .*", printed(cell), re.MULTILINE)
    return "; ".join([*errors, *said, verdict["kind"].replace("_", " ")])


def test_the_run_goes_on_and_honest_work_has_its_points(run):
    assert set(run["lines"]) == {*ATTACKS, *NOT_NOTEBOOKS, *HONEST}
    for name in HONEST:
        assert (run["lines"][name].state, run["lines"][name].points) == ("graded", 20)
    assert not [s for s, line in run["lines"].items() if line.state == "put off"]


def test_nothing_was_changed_or_called(run):
    assert run["changed"] == run["appeared"] == run["callers"] == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_gains_nothing(run, attack):
    line = run["lines"][attack]
    assert line.state == ("cut short" if attack in CUT_SHORT else "graded"), line.why
    assert line.points == 0
    assert sum(points or 0 for points, _ in run["scores"][attack].values()) == 0
    cells = first_answer(run["course"], attack)
    got = re.findall(r"^got: (.*)", "\n".join(map(printed, cells.values())), re.MULTILINE)
    assert got == ["[]"] * len(got)
    if "got:" in ATTACKS[attack][1]:
        assert got, list(cells[FIRST].outputs)


@pytest.mark.parametrize("kind", NOT_NOTEBOOKS)
def test_what_is_no_notebook_of_the_exercise_is_named_and_has_no_points(run, kind):
    line = run["lines"][kind]
    assert line.state == ("graded" if kind in MENDED else "failed")
    assert NOT_NOTEBOOKS[kind][1] in (line.why[-1] if kind in MENDED else line.why[0])
    assert {points for points, _ in run["scores"][kind].values()} == {0}


def test_the_table_of_attacks_is_kept(run):
    tried = {name: what for name, (what, _) in (ATTACKS | NOT_NOTEBOOKS).items()}
    rows = ["| attack | what it tries | what happened | points |", "|---|---|---|---|"]
    for name, what in tried.items():
        cells = (name, what, happened(run, name), f"{run['lines'][name].points:g}")
        rows.append("| " + " | ".join(c.replace("|", "/").replace("\n", " ") for c in cells) + " |")
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert len(rows) == len(tried) + 2


def test_one_submission_leaves_nothing_for_the_next():
    sandbox = Sandbox(perturb.default(), QUICK)
    leave = (
        "import builtins, os, sys, threading, time\n"
        "builtins.left = sys.left = 'mine'\n"
        "import pandas; pandas.left = 'mine'; os.environ['LEFT'] = 'mine'\n"
        "open('/tmp/left', 'w').write('mine'); open('left', 'w').write('mine')\n"
        "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "secret = 'what ' + 'the first one wrote'"
    )
    find = (
        "import builtins, gc, os, pandas, sys, threading\n"
        "found = [hasattr(builtins, 'left'), hasattr(sys, 'left'), hasattr(pandas, 'left'),\n"
        "    'LEFT' in os.environ, os.path.exists('/tmp/left'), os.path.exists('left'),\n"
        "    threading.active_count() > 1, 'secret' in globals(),\n"
        "    any('what ' + 'the first' in o for o in gc.get_objects() if type(o) is str)]"
    )
    try:
        for source in (leave, find):
            steps = [{"source": source, "names": None}, {"source": "", "names": ["found"]}]
            done = sandbox.run(steps)
            assert done.end == ""
    finally:
        sandbox.close()
    found = json.loads(done.frames[1]["taken"])["base"]["found"]
    assert found == {"type": "list", "values": [False] * 9}


def test_a_sandbox_ends_with_whoever_started_it(tmp_path):
    script = (
        "import os; from centralasia.checks import perturb\n"
        "from centralasia.grading.running.limits import Limits\n"
        "from centralasia.grading.running.sandbox import Sandbox\n"
        "s = Sandbox(perturb.default(), Limits()); print(s.start().process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    pid = int(done.stdout)
    for _ in range(50):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return
        if state == "Z":
            return
        time.sleep(0.1)
    pytest.fail("the sandbox outlived its grader")


def test_names_of_learners_steer_neither_terminal_nor_spreadsheet(tmp_path):
    from centralasia.grading.judging import report
    from centralasia.grading.judging.verdicts import State

    line = report.Line(student="=1+1", state=State.FAILED, why=("\x1b[2J what \x07 it says",))
    table, words = report.write(tmp_path, [line])
    assert table.read_text().splitlines()[1].startswith("'=1+1,failed,")
    assert "\x1b" not in words.read_text() + table.read_text()
