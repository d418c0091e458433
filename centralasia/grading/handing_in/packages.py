"""Which packages a notebook asks for, and which of them come with the course."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterable
from functools import cache
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from centralasia.grading.handing_in import submission
from centralasia.grading.handing_in.submission import Cell

COURSE = "centralasia"


def imported(cells: Iterable[Cell]) -> set[str]:
    """Return the packages that code cells import, by the name of their first module."""
    found = set()
    for cell in cells:
        tree = submission.parsed(cell["source"]) if cell["cell_type"] == "code" else None
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.Import):
                found |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                found.add(node.module.partition(".")[0])
    return found


def foreign(cells: Iterable[Cell]) -> list[str]:
    """Return what cells import and a grader need not have: not of Python, nor of the course."""
    if sys.platform == "emscripten":  # there wheels do not say their modules, and no other is there
        return sorted(name for name in imported(cells) if not importlib.util.find_spec(name))
    there = _of_the_course()
    return sorted(imported(cells) - there - sys.stdlib_module_names) if there else []


def _is_needed(need: Requirement) -> bool:
    return need.marker is None or need.marker.evaluate({"extra": ""})


@cache
def _of_the_course() -> frozenset[str]:
    """Return the modules that are installed with the course; none if it is not installed."""
    packages, waiting = set(), [COURSE]
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in packages:
            continue
        try:
            needs = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        packages.add(name)
        waiting += [need.name for need in map(Requirement, needs) if _is_needed(need)]
    modules = {
        module
        for module, owners in metadata.packages_distributions().items()
        if packages & set(map(canonicalize_name, owners))
    }
    return frozenset({COURSE, *modules} if packages else ())
