"""What stands between a notebook and its marks, found before it is handed in.

A grader runs the same over a folder, without running any notebook.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from centralasia.checks import public
from centralasia.checks.cases import GUEST, tidy_id
from centralasia.grading import submission
from centralasia.grading.structure import Finding, faults
from centralasia.grading.submission import LEARNER_ID, Cell, Release, mark, text

_MAGIC = re.compile(r"^([ \t]*)(?:[%!?].*|[^\s?=]*\?\??[ \t]*)$", re.MULTILINE)
_ASSIGNED_MAGIC = re.compile(r"^([^=\n]*=)[ \t]*[%!].*$", re.MULTILINE)


def inspect(path: str | Path, run: bool = False) -> list[Finding]:
    """Look for what keeps a notebook from being graded as it deserves.

    Parameters
    ----------
    path : str or path
        The notebook, named like its exercise: ``03-russia-3-return.ipynb``.
    run : bool, default False
        Also run it from top to bottom, in this environment, and look at the values of the
        answers. Only for one's own notebooks: nothing holds the code back.

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
        return [Finding("unreadable", "", error.problem, error.remedy)]
    name, wrong = exercise_of(path, notebook["cells"])
    if wrong is not None:
        return [wrong]
    released = submission.release(name)
    found = faults(notebook, released)
    broken = {finding.cell for finding in found}
    found += [f for f in _answers(notebook["cells"], released) if f.cell not in broken]
    if run:
        from centralasia.grading import trial

        said = {finding.cell for finding in found}
        found += [f for f in trial.run(notebook, released, path.parent) if f.cell not in said]
    return sorted(found, key=lambda f: released.order.get(f.cell, -1))


def exercise_of(path: Path, cells: Sequence[Cell]) -> tuple[str, Finding | None]:
    """Return the exercise that a file is meant to be, and what is wrong with that."""
    known = public.names()
    named = next((name for name in known if path.name.startswith(name)), None)
    marks = Counter(
        found[1]
        for cell in cells
        if (found := re.match(r"ex(\d\d)-q\d", str(mark(cell).get("grade_id", cell.get("id")))))
    )
    numbers = {name[:2]: name for name in known}
    held = numbers.get(marks.most_common(1)[0][0]) if marks else None
    if named and held and named != held:
        problem = f"The file is named {named}, but it holds the exercise {held}."
        return named, Finding(
            "wrong-exercise", "", problem, f"Look for your notebook of {named}, or rename this one."
        )
    if not (named or held):
        return "", Finding(
            "unknown-exercise",
            "",
            f"{path.name} is none of the exercises: {', '.join(known)}.",
            "Name it as it was when you got it.",
        )
    return named or held, None


def _answers(cells: Sequence[Cell], released: Release) -> Iterator[Finding]:
    """Yield the id that is not given, and the questions with no answer, as far as text tells."""
    keys = submission.match(cells, released)
    by_key = {key: cell for key, cell in zip(keys, cells, strict=True) if key is not None}
    given = [_given_id(cell) for cell in cells if submission.gives_id(cell)]
    if LEARNER_ID in by_key and tidy_id(given[-1] if given else None) == GUEST:
        yield Finding(
            LEARNER_ID,
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
                "unanswered",
                key,
                f"Question {list(released.asks).index(question) + 1} has no answer: "
                f"nothing is given the name {missing}.",
                f'Answer it, or leave it for 0 points. checks.hint("{question}") helps to begin.',
            )


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


def _argument(key: str, cell: Cell, ask: dict, released: Release) -> Iterator[Finding]:
    fewest, most = ask["words"]
    written = text(cell)
    if written in ("", text(released.cells[key])):
        yield Finding(
            "unanswered",
            key,
            "The argument is not written.",
            f"Write {fewest} to {most} words into its cell; a text in another cell is not marked.",
        )
        return
    n = len(written.split())
    if not fewest <= n <= most:
        yield Finding(
            "length",
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
