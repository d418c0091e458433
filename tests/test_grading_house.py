"""The grading folders: the way of imports, nbgrader's private names, and what is written down."""

import ast
import json
import os
import sys
from pathlib import Path

import pytest
import sqlalchemy
from nbgrader.api import Gradebook, get_alembic_version
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute, SaveAutoGrades

import centralasia
from centralasia.grading.handing_in.structure import Finding, FindingKind
from centralasia.grading.judging import book, verdicts
from centralasia.grading.judging.verdicts import Record, State, Verdict, VerdictKind

GRADING = Path(centralasia.__file__).parent / "grading"
MAY_IMPORT = {
    "running": set(),
    "handing_in": {"running"},
    "judging": {"running", "handing_in"},
    "afterwards": {"running", "handing_in", "judging"},
}
PRIVATE = {"default_args"}
"""What `grading.judging.book` uses of nbgrader without nbgrader's promise to keep it."""


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_no_import_points_back(room):
    start = "centralasia.grading."
    for path in (GRADING / room).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = node.module if isinstance(node, ast.ImportFrom) else None
            if named and named.startswith(start):
                other = named.removeprefix(start).split(".")[0]
                assert other in MAY_IMPORT[room] | {room}, f"{path.name} imports {named}"


def test_nbgrader_still_has_the_private_names_that_the_gradebook_needs():
    tree = ast.parse(Path(book.__file__).read_text(encoding="utf-8"))
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and (node.attr.startswith("_") or node.attr == "default_args")
        and not node.attr.startswith("__")
        and not (isinstance(node.value, ast.Name) and node.value.id == "self")
    }
    assert used == PRIVATE, "Pin here exactly what book.py uses."
    changed = (
        "nbgrader's Autograde has changed: look at each use in centralasia/grading/judging/book.py"
    )
    steps = Autograde.autograde_preprocessors.default_args[0]
    assert steps.index(Execute) < steps.index(SaveAutoGrades), changed


def test_each_step_of_nbgrader_that_opens_the_gradebook_gets_the_one_that_is_open():
    changed = "nbgrader's steps have changed: look at STEPS in centralasia/grading/judging/book.py"
    folder = Path(book.autograde.__file__).parents[1]
    opening = {
        path.stem
        for part in ("converters", "preprocessors")
        for path in (folder / part).glob("*.py")
        if "Gradebook(" in path.read_text(encoding="utf-8")
    }
    others = {"generate_assignment", "generate_solution", "getgrades", "savecells"}
    assert {module.__name__.rpartition(".")[2] for module in book.STEPS} == opening - others, (
        changed
    )
    assert {module.Gradebook for module in book.STEPS} == {Gradebook}, changed


def test_a_new_gradebook_has_the_version_that_nbgrader_gives_it(tmp_path, monkeypatch):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.setenv("PATH", path)  # nbgrader looks there for alembic
    theirs = get_alembic_version()
    monkeypatch.setenv("PATH", "")
    for _ in range(2):  # the second time it is there
        with book.Book(tmp_path).open() as opened:
            rows = opened.db.execute(sqlalchemy.text("SELECT version_num FROM alembic_version"))
            assert rows.scalars().all() == [theirs]


def example():
    finding = Finding(
        FindingKind.MISSING, "ex03-q2-hhi", "It is gone.", "Repair it.", mendable=True
    )
    verdict = Verdict(question="q", kind=VerdictKind.WRONG, points=0, out_of=3, mistake="typed-in")
    return Record(
        student="Айгерим", exercise="03", state=State.CUT_SHORT, submission="a", digest="b",
        findings=(finding,), verdicts=(verdict,), case=("KAZ", 1999), ended="late", seconds=1.5,
    )  # fmt: skip


def test_a_record_comes_back_as_it_was(tmp_path):
    for record in (example(), Record(student="a", exercise="b", state=State.PUT_OFF, trouble="x")):
        verdicts.write(tmp_path, record)
        assert verdicts.read(tmp_path) == record
    verdicts.drop(tmp_path)
    assert verdicts.read(tmp_path) is None


@pytest.mark.parametrize("text", [
    "", "{", "[]", "7", "{}", '{"verdicts": []}',
    json.dumps(json.loads(verdicts.dumps(example())) | {"state": "lost"}),
    json.dumps(json.loads(verdicts.dumps(example())) | {"more": 1}),
    json.dumps(json.loads(verdicts.dumps(example())) | {"verdicts": [7]}),
])  # fmt: skip
def test_what_is_no_record_is_not_taken_for_one(text, tmp_path):
    with pytest.raises(ValueError, match=r"\w"):
        verdicts.loads(text)
    (tmp_path / verdicts.FILE).write_text(text, encoding="utf-8")
    assert verdicts.read(tmp_path) is None
