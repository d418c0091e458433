"""Submissions of a class in which the code of several answers is the same.

Everybody has a case of their own, but code that follows the case answers any of them: a notebook
that was handed on needs only another id. That costs nobody a point. The teacher is told, and asks.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from itertools import combinations
from typing import Any

from centralasia.grading.handing_in import form, submission
from centralasia.grading.handing_in.submission import Release

TELLING = 3
"""Answers with the same code from which it is said."""
LEAST = 30
"""Nodes of its syntax tree that an answer must have: two people write a short one alike."""

Prints = Mapping[str, str]
"""A digest of the code of each answer, by its grade id, whatever its blanks and comments."""


def prints(notebook: Mapping[str, Any], released: Release) -> Prints:
    """Return the digests of the answers in a notebook that are long enough to be compared."""
    cells = notebook["cells"]
    found: dict[str, str] = {}
    if form.is_made_of(cells):  # the same figures make the same code
        return found
    for cell, key in zip(cells, submission.match(cells, released), strict=True):
        if key is None or cell["cell_type"] != "code" or not released.is_open(key):
            continue
        tree = submission.parsed(cell["source"])
        untouched = submission.text(cell) == submission.text(released.cells[key])
        if tree is None or untouched or sum(1 for _ in ast.walk(tree)) < LEAST:
            continue
        try:
            found[key] = sha256(ast.dump(tree).encode("utf-8", "replace")).hexdigest()
        except RecursionError:
            continue
    return found


def groups(of_class: Mapping[str, Prints]) -> list[tuple[str, ...]]:
    """Return who has the same code in `TELLING` or more answers, each group in order.

    Examples
    --------
    >>> one = {"q1": "a", "q2": "b", "q3": "c"}
    >>> groups({"anna": one, "berik": one | {"q4": "d"}, "zarina": one | {"q1": "e"}})
    [('anna', 'berik')]
    """
    having: dict[tuple[tuple[str, str], ...], set[str]] = defaultdict(set)
    for student, found in of_class.items():
        for some in combinations(sorted(found.items()), TELLING):
            having[some].add(student)
    return _joined(students for students in having.values() if len(students) > 1)


def _joined(sets: Iterable[set[str]]) -> list[tuple[str, ...]]:
    """Return sets with no member in common: those that share one are one."""
    apart: list[set[str]] = []
    for one in sets:
        touched = [other for other in apart if other & one]
        apart = [other for other in apart if other not in touched]
        apart.append(one.union(*touched))
    return sorted(tuple(sorted(one)) for one in apart)
