"""What stands between a notebook and its marks, found before it is handed in.

A grader runs the same over a folder, without running any notebook.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from centralasia import course
from centralasia.checks import public
from centralasia.checks.cases import GUEST, tidy_id
from centralasia.grading.handing_in import packages, submission
from centralasia.grading.handing_in.structure import Finding, FindingKind, faults
from centralasia.grading.handing_in.submission import (
    LEARNER_ID,
    Cell,
    Release,
    nbgrader_metadata,
    text,
)

_MAGIC = re.compile(r"^([ \t]*)(?:[%!?].*|[^\s?=]*\?\??[ \t]*)$", re.MULTILINE)
_ASSIGNED_MAGIC = re.compile(r"^([^=\n]*=)[ \t]*[%!].*$", re.MULTILINE)


def inspect(path: str | Path, run: bool = False, parts: str | None = None) -> list[Finding]:
    """Look for what keeps a notebook from being graded as it deserves.

    Parameters
    ----------
    path : str or path
        The notebook, named like its exercise: ``03-russia-3-return.ipynb``.
    run : bool, default False
        Also run it from top to bottom, in this environment, and look at the values of the
        answers. Only for one's own notebooks: nothing holds the code back.
    parts : {"all", "data"}, optional
        What was asked of the exercise; if left out, what the notebook says.

    Returns
    -------
    list of Finding
        In the order of the exercise; empty if the notebook can be handed in.

    Raises
    ------
    OSError
        If there is no such file.
    """
    path = Path(path)
    try:
        notebook = submission.read(path)
    except submission.Unreadable as error:
        return [Finding(FindingKind.UNREADABLE, "", error.problem, error.remedy)]
    return [*lacking(notebook), *inspect_read(notebook, path, run, parts)]


def lacking(notebook: dict[str, Any]) -> list[Finding]:
    """Return a finding for each package that a notebook imports and the course does not need."""
    return [_lacking(package) for package in packages.foreign(notebook["cells"])]


def _lacking(package: str) -> Finding:
    return Finding(
        FindingKind.LACKING,
        "",
        f"A cell imports {package}, which does not come with the course: where this is graded, it "
        "is not there.",
        "Take the import out. An answer that uses it has no points.",
    )


def inspect_read(
    notebook: dict[str, Any], path: Path, run: bool = False, parts: str | None = None
) -> list[Finding]:
    """Look at a notebook that `submission.read` gave, as `inspect` does; it is not changed."""
    name, wrong = exercise_of(path, notebook["cells"])
    if wrong is not None:
        return [wrong]
    given = submission.parts_of(notebook)
    released = submission.released(name, given if parts in (None, submission.DATA) else parts)
    findings = faults(notebook, released)
    broken = {finding.cell for finding in findings}
    findings += [f for f in _answers(notebook["cells"], released) if f.cell not in broken]
    if run:
        from centralasia.grading.handing_in import trial

        known = {finding.cell for finding in findings}
        findings += [f for f in trial.run(notebook, released, path.parent) if f.cell not in known]
    if parts == submission.DATA:
        findings = [f for f in findings if f.cell not in released.of_argument]
    return sorted(findings, key=lambda f: released.order.get(f.cell, -1))


def exercise_of(path: Path, cells: Sequence[Cell]) -> tuple[str, Finding | None]:
    """Return the exercise that a file is meant to be, and what is wrong with that."""
    known = public.names()
    named = next((name for name in known if path.name.startswith(name)), None)
    ids = [str(nbgrader_metadata(cell).get("grade_id", cell.get("id"))) for cell in cells]
    lessons = Counter(number for one in ids if (number := public.lesson_of(one)))
    numbers = {course.lesson(name).number: name for name in known}
    held = numbers.get(lessons.most_common(1)[0][0]) if lessons else None
    if named and held and named != held:
        problem = f"The file is named {named}, but it holds the exercise {held}."
        return named, Finding(
            FindingKind.WRONG_EXERCISE,
            "",
            problem,
            f"Look for your notebook of {named}, or rename this one.",
        )
    name = named or held
    if name is None:
        return "", Finding(
            FindingKind.UNKNOWN_EXERCISE,
            "",
            f"{path.name} is none of the exercises: {', '.join(known)}.",
            "Name it as it was when you got it.",
        )
    return name, None


def _answers(cells: Sequence[Cell], released: Release) -> Iterator[Finding]:
    """Yield the id that is not given, and the questions with no answer, as far as text tells."""
    keys = submission.match(cells, released)
    by_key = {key: cell for key, cell in zip(keys, cells, strict=True) if key is not None}
    given = [_given_id(cell) for cell in cells if submission.gives_id(cell)]
    if LEARNER_ID in by_key and tidy_id(given[-1] if given else None) == GUEST:
        yield Finding(
            FindingKind.LEARNER_ID,
            LEARNER_ID,
            "The notebook is still the guest's: it gives no id of your own.",
            'Write it between the quotes of learner_id = "…", run all cells, and answer for the '
            "case that you then get.",
        )
    named = assigned(cells)
    for question, ask in released.asks.items():
        key = question if ask["kind"] == "argument" else f"{question}-answer"
        if key not in by_key:
            continue
        if ask["kind"] == "argument":
            yield from _argument(key, by_key[key], ask, released)
        elif named is not None and not set(ask["names"]) <= named:
            missing = ", ".join(name for name in ask["names"] if name not in named)
            yield Finding(
                FindingKind.UNANSWERED,
                key,
                f"Question {list(released.asks).index(question) + 1} has no answer: "
                f"nothing is given the name {missing}.",
                f'Answer it, or leave it for 0 points. checks.hint("{question}") helps to begin.',
            )


def id_of(cells: Sequence[Cell]) -> str | None:
    """Return the id that a notebook gives in so many letters, if it gives one."""
    given = [_given_id(cell) for cell in cells if submission.gives_id(cell)]
    return given[-1] if given and isinstance(given[-1], str) else None


def _given_id(cell: Cell) -> object:
    """Return the text that a cell gives as learner_id; the cell's text if it computes one."""
    tree = submission.parsed(cell["source"])
    for step in reversed(tree.body if tree else []):
        if isinstance(step, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id == "learner_id" for t in step.targets
        ):
            given = step.value
            return given.value if isinstance(given, ast.Constant) else cell["source"]
    return None


def _argument(key: str, cell: Cell, ask: Mapping[str, Any], released: Release) -> Iterator[Finding]:
    fewest, most = ask["words"]
    written = text(cell)
    if written in ("", text(released.cells[key])):
        yield Finding(
            FindingKind.UNANSWERED,
            key,
            "The argument is not written.",
            f"Write {fewest} to {most} words into its cell; a text in another cell is not marked.",
        )
        return
    n = len(written.split())
    if not fewest <= n <= most:
        yield Finding(
            FindingKind.LENGTH,
            key,
            f"Your argument has {n} words; {fewest} to {most} are asked for.",
            "Say more." if n < fewest else "Cut it to one claim.",
        )


def assigned(cells: Sequence[Cell]) -> set[str] | None:
    """Return the names to which code cells give a value other than ``...``.

    Parameters
    ----------
    cells : sequence of dict

    Returns
    -------
    set of str or None
        None if a cell cannot be read as Python, so that nothing can be said.
    """
    names: set[str] = set()
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        tree = submission.parsed(cell["source"]) or submission.parsed(_plain(cell["source"]))
        if tree is None:
            return None
        empty = {
            id(target)
            for step in ast.walk(tree)
            if isinstance(step, ast.Assign)
            and isinstance(step.value, ast.Constant)
            and step.value.value in (..., None)
            for target in step.targets
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names |= set() if id(node) in empty else {node.id}
            elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                names.add(node.name)
            elif isinstance(node, ast.alias):
                names.add((node.asname or node.name).split(".")[0])
    return names


def _plain(source: str) -> str:
    """Return a cell without what IPython alone understands: magics, commands, questions.

    IPython's own translation reads the whole cell again for every such line, which in a cell made
    for it takes hours.
    """
    return _ASSIGNED_MAGIC.sub(r"\1 0", _MAGIC.sub(r"\1pass", source))
