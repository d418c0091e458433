"""No solution, hidden test, mark scheme or graded answer is in what learners get."""

import ast
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import fields
from fractions import Fraction
from functools import cache

import pytest

from centralasia import notebooks
from centralasia.checks import keys
from centralasia.paths import course_root, exercises_dir
from centralasia.site.book import forms

NAMES = keys.names()
SHORTEST = 28
"""A shorter line, squeezed, says nothing of its own."""
EMPTY = re.compile(r'fromcentralasia.*|\w+=tables\.load\("\w+"\)')
"""Nor does a line that only brings in a table or a module."""
PRACTICE = {"expected", "mistakes", "path", "marks", "turned", "zero"}
"""What a page of forms has of the guest's case."""
REGION = re.compile(
    r"### BEGIN (?:SOLUTION|HIDDEN TESTS|MARK SCHEME)\n(.*?)### END", flags=re.DOTALL
)


def squeezed(text):
    """Return a text as it is compared: no blanks, one kind of quote."""
    return re.sub(r"\s+", "", text).replace("'", '"').casefold()


def is_telling(line):
    return len(line) >= SHORTEST and not EMPTY.fullmatch(line)


def secrets(name):
    """Every line that must stay in solutions/, squeezed, with where it is from."""
    folder = keys.solutions_dir() / name
    nb = notebooks.read(folder / f"{name}.ipynb")
    for cell in nb.cells:
        for region in REGION.findall(cell.source):
            yield from ((f"{cell.id}", line) for line in region.splitlines())
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution"):
            yield from (("essay", part) for part in re.split(r"(?<=[.!?])\s", cell.source))
    for path in sorted(folder.glob("samples/*.md")):
        text = path.read_text(encoding="utf-8")
        yield from ((path.name, part) for part in re.split(r"(?<=[.!?])\s", text))
    yield from (("trials.py", line) for line in trial_lines(folder / "trials.py"))
    yield from (("key.py", line) for line in key_lines(folder / "key.py"))


def trial_lines(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from node.value.splitlines()


def key_lines(path):
    """The functions of a key; its questions' texts go to learners by design."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.endswith("_path"):
            yield from ast.unparse(node).splitlines()


def given_to_learners():
    files = [p for p in sorted(exercises_dir().rglob("*")) if p.is_file()]
    return {p: p.read_text(encoding="utf-8") for p in files}


def package():
    return sorted((course_root() / "centralasia").rglob("*.py"))


@pytest.mark.parametrize("name", NAMES)
def test_no_line_of_a_solution_leaves_it(name):
    texts = {p: squeezed(t) for p, t in given_to_learners().items()}
    texts |= {p: squeezed(p.read_text(encoding="utf-8")) for p in package()}
    lines = {(where, squeezed(line)) for where, line in secrets(name)}
    telling = {(where, line) for where, line in lines if is_telling(line)}
    assert len(telling) > 40
    found = [
        (str(path.relative_to(course_root())), where, line)
        for path, text in texts.items()
        for where, line in telling
        if line in text
    ]
    assert found == []


def exact_numbers(text):
    """The numbers that cannot have come about twice by chance, as a third or two sevenths can."""
    found = re.findall(r"\d\.\d{6,}", text)
    return {
        n
        for n in found
        if Fraction(n).limit_denominator(30) != Fraction(n).limit_denominator(10**6)
    }


@cache
def answers(name, question):
    """The exact numbers of each case's answer to a question."""
    of = keys.load(name)
    ask = of.questions[question]
    if ask.expected is None:
        return {}
    return {case: exact_numbers(json.dumps(ask.answer(case))) for case in of.pool}


@pytest.mark.parametrize("name", NAMES)
def test_no_graded_answer_is_given_away(name):
    """The guest's answers are there for practice; those of the cases that ids draw are not."""
    of = keys.load(name)
    given = exact_numbers("".join(given_to_learners().values()))
    for ask in of.questions.values():
        if ask.expected is None:
            continue
        practice = exact_numbers(json.dumps(ask.public(of.guest)))
        for case, numbers in answers(name, ask.id).items():
            assert not (numbers - practice) & given, case


@cache
def page_of_forms(name):
    """The page of forms, which is made from what learners get and from the tables alone."""
    return forms.page(name, {})


@pytest.mark.parametrize("name", NAMES)
def test_a_page_of_forms_gives_nothing_away(name):
    """It has the rows of every case and, for practice, the guest's answers; nothing else of a key.

    The guest's case is nobody's: what an exercise's public part has of it, its page may have too.
    """
    page, of = page_of_forms(name), keys.load(name)
    told = json.loads(re.search(r'id="ca-exercise-data">(.*?)</script>', page)[1])
    for look, ask in zip(told["questions"], of.questions.values(), strict=True):
        known = {field.name for field in fields(ask) if field.metadata} | {"hints", "marks"}
        assert not known & set(look), look["id"]
        assert look.get("hint") in (None, ask.hints[:1][-1] if ask.hints else None)
        assert set(look.get("guest", ())) <= PRACTICE
    released = notebooks.read(exercises_dir() / name / f"{name}.ipynb")
    asked = squeezed("".join(cell.source for cell in released.cells))
    lines = {squeezed(line) for where, line in secrets(name)}
    telling = [line for line in lines if is_telling(line) and line not in asked]
    assert [line for line in telling if line in squeezed(page)] == []
    given = exact_numbers(page)
    rows = exact_numbers(json.dumps(told["tables"]))
    practice = exact_numbers(json.dumps([look.get("guest") for look in told["questions"]]))
    for ask in of.questions.values():
        assert not any(hint in page for hint in ask.hints[1:])
        for case, numbers in answers(name, ask.id).items():
            assert not (numbers - rows - practice) & given, case


@pytest.mark.parametrize("name", NAMES)
def test_exercises_hold_no_outputs_and_no_odd_metadata(name):
    folder = exercises_dir() / name
    assert sorted(p.name for p in folder.iterdir()) == [f"{name}.ipynb", "questions.json"]
    nb = notebooks.read(folder / f"{name}.ipynb")
    allowed = {"nbgrader", "deletable", "editable", "tags", "centralasia"}
    for cell in nb.cells:
        assert set(cell.metadata) <= allowed
        assert "attachments" not in cell
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    assert set(nb.metadata) == {"centralasia", "kernelspec", "language_info"}
    assert set(nb.metadata.centralasia) == {"lesson", "minutes", "points", "title"}
    assert "BEGIN" not in json.dumps(nb)


def test_the_wheel_has_the_exercises_and_no_solution(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=course_root(), check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        text = squeezed(
            "".join(
                archive.read(n).decode() for n in names if "/exercises/" in n or n.endswith(".py")
            )
        )
    assert [n for n in names if "solution" in n or n.endswith(("key.py", "trials.py"))] == []
    for name in NAMES:
        assert f"centralasia/_course/exercises/{name}/questions.json" in names
        for where, line in secrets(name):
            line = squeezed(line)
            assert not (is_telling(line) and line in text), (where, line)
