"""No second list: lessons, powers, states, stages and prefixes stand in the tables alone.

Looks through the code, not through its prose: docstrings and comments may name whom they like.
"""

import ast
import re
import subprocess
from functools import cache

import pytest
from conftest import ROOT

from centralasia import course, tables

CODE = ("centralasia", "benchmarks")
WORDS = {
    "powers": {power.key for power in course.subjects()},
    "powers by code": {power.area for power in course.powers()},
    "prefixes": {power.prefix for power in course.subjects()},
    "states": set(course.states()),
    "states by name": set(course.states().values()),
    "lessons": {lesson.number for lesson in course.lessons()},
    "lessons by name": {lesson.name for lesson in course.lessons()},
}
ALLOWED = {
    "centralasia/charts/theme.py: states": "their colours and dashes, which a test holds complete",
    "centralasia/copies.py: glob": "whatever notebooks lie in a learner's folder",
    "centralasia/refresh/readers.py: states": "the codes by which Eurostat names states",
}
NAMES = {"name", "stem", "lesson", "exercise", "notebook", "item_id", "question_id", "claim_id"}
_PREFIX = "|".join(sorted(WORDS["prefixes"]))
ALTERNATIVES = re.compile(rf"\b(?:{_PREFIX})\|(?:{_PREFIX})\b")
COUNTED = re.compile(r"\b(?:twelve|12) lessons\b|\b\d{2,3} claims\b|\blesson 11\b", re.I)


@cache
def parsed(folder):
    """Our Python files of a folder, each with its tree and the docstrings in it."""
    listed = subprocess.run(
        ["git", "ls-files", f"{folder}/*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = {}
    for name in listed.stdout.split():
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
        prose = {
            id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
        }  # a docstring, or a text under a constant
        found[name] = tree, prose
    return found


def held(node):
    """The words that a literal lists."""
    elements = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
    values = node.values if isinstance(node, ast.Dict) else []
    return [
        {e.value for e in part if isinstance(e, ast.Constant) and isinstance(e.value, str)}
        for part in (elements, values)
    ]


def lists(tree, prose):
    """The second lists in a file, by kind: a line and what is listed there."""
    for node in ast.walk(tree):
        for words in held(node):
            for kind, known in WORDS.items():
                listed = words & known
                if len(listed) > max(len(words) / 2, 2 if "states" in kind else 1):
                    yield kind, node.lineno, sorted(listed)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            if ALTERNATIVES.search(node.value):
                yield "prefixes", node.lineno, node.value
            if counted := COUNTED.search(node.value):
                yield "count", node.lineno, counted[0]
            if re.search(r"\[0-9\]\[0-9\]-|0\\d\|1\[", node.value):
                yield "glob", node.lineno, node.value
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("glob", "rglob"):
            pattern = ast.unparse(node.args[0])
            if ".ipynb" in pattern:
                yield "glob", node.lineno, pattern
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            name = getattr(node.value, "attr", getattr(node.value, "id", ""))
            if name in NAMES and ast.unparse(node.slice) in (":2", "2:4"):
                yield "number cut out of a name", node.lineno, ast.unparse(node)


@pytest.mark.parametrize("folder", CODE)
def test_the_code_has_no_list_of_its_own(folder):
    found = [
        f"{name}:{line}: a second list ({kind}): {what}. Ask centralasia.course"
        for name, (tree, prose) in parsed(folder).items()
        for kind, line, what in lists(tree, prose)
        if name != "centralasia/course.py" and f"{name}: {kind}" not in ALLOWED
    ]
    assert found == [], "\n".join(["", *found])


def test_our_scripts_have_no_list_of_their_own():
    """JavaScript names no two powers, prefixes or states in quotes beside each other."""
    words = "|".join(sorted(WORDS["powers"] | WORDS["powers by code"] | WORDS["states"]))
    beside = rf"[\"'](?:{words})[\"'][^\"'\n]{{1,6}}[\"'](?:{words})[\"']|{ALTERNATIVES.pattern}"
    scripts = ["*.js", "*.mjs", "*.html", ":!centralasia/kit/reveal"]
    found = subprocess.run(
        ["git", "grep", "-nP", beside, "--", *scripts], cwd=ROOT, capture_output=True, text=True
    )
    assert (found.returncode, found.stdout) == (1, ""), found.stdout + found.stderr


def test_what_is_allowed_is_still_there():
    kinds = {
        f"{name}: {kind}"
        for folder in CODE
        for name, (tree, prose) in parsed(folder).items()
        for kind, _, _ in lists(tree, prose)
    }
    assert set(ALLOWED) <= kinds, "edit ALLOWED in tests/test_lists.py"


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ('STAGES = {("russia", "1"): 1}\nP = ("russia", "china")', "powers"),
        ('{"RUS": "●", "CHN": "■"}', "powers by code"),
        ('{"a": "KAZ", "b": "KGZ", "c": "TJK"}', "states"),
        ('re.compile("(?:EV|RU|CN)-")', "prefixes"),
        ('f"{x} of 94 claims"', "count"),
        ('sorted(folder.glob("[0-9][0-9]-*.ipynb"))', "glob"),
        ("path.stem[:2]", "number cut out of a name"),
        ("question_id[2:4]", "number cut out of a name"),
        ('["00", "01"]', "lessons"),
    ],
)
def test_the_commonest_spellings_are_found(source, kind):
    assert kind in {found for found, _, _ in lists(ast.parse(source), set())}


def test_the_dimensions_are_those_of_the_tables():
    dimensions = list(course.DIMENSIONS)
    assert list(tables.load("events")["dimension"].cat.categories) == dimensions
    assert list(tables.load("claims")["dimension"].cat.categories)[:3] == dimensions
