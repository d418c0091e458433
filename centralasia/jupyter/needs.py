"""What of a lesson has to run before one of its cells can: any cell runs at any time.

A learner comes back on another day, or through a link into the middle of a lesson, and runs the
cell in front of them. The names that it reads are made by cells above it, most of all by the first
one. They are found in the text of the cells; nothing is recorded while a lesson runs, so the stored
lessons and the kernels that prove them know nothing of this.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from collections.abc import Collection, Sequence

_QUERIED = re.compile(r"@([A-Za-z_]\w*)")
"""A name inside the text of a pandas query."""


def missing(code: str, known: Collection[str]) -> set[str]:
    """Return the names that a cell reads and that have no value.

    Raises
    ------
    SyntaxError
        If the cell is no Python.

    Examples
    --------
    >>> missing("total = sum(parts); total / whole", known=["whole"])
    {'parts'}
    """
    return reads(code) - set(known) - set(dir(builtins))


def needed(code: str, above: Sequence[str], known: Collection[str]) -> list[str]:
    r"""Return what has to run so that a cell finds its names.

    Parameters
    ----------
    code : str
        The cell that is about to run, in plain Python.
    above : sequence of str
        The code cells above it, from the top.
    known : collection of str
        The names that have a value already.

    Returns
    -------
    list of str
        Code to run in this order: the first cell of the notebook whole, for it sets the course up,
        and of the others all but what they show. Empty if nothing is missing, or if no cell above
        makes what is.

    Raises
    ------
    SyntaxError
        If the cell is no Python. Cells above that are none are passed over.

    Examples
    --------
    >>> above = ["import math", "half = 3 / 2\nprint(half)", "other = 1"]
    >>> needed("math.floor(half)", above, known=[])
    ['import math', 'half = 3 / 2']
    >>> needed("math.floor(half)", above, known=["math", "half"])
    []
    """
    found: dict[int, str] = {}
    open_names = missing(code, known)
    for place in reversed(range(len(above))):
        try:
            makes, its_own = binds(above[place]), missing(above[place], known)
        except SyntaxError:
            continue
        # Whatever needs anything of a lesson needs it as its first cell sets it up.
        if makes & open_names or (place == 0 and found):
            found[place] = above[place] if place == 0 else _what_it_makes(above[place])
            open_names = (open_names - makes) | its_own
    return [found[place] for place in sorted(found)]


def reads(code: str) -> set[str]:
    """Return the names that a cell takes from outside, or may take.

    Examples
    --------
    >>> sorted(reads("x = [row for row in rows]; x.query('year == @first'); n += 1"))
    ['first', 'n', 'rows']
    """
    found: set[str] = set()
    bound: set[str] = set()
    for statement in ast.parse(code).body:
        text = ast.unparse(statement)
        here = _read(symtable.symtable(text, "cell", "exec"))
        for node in ast.walk(statement):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                here.update(_QUERIED.findall(node.value))
            elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                here.add(node.target.id)
        found |= here - bound
        bound |= binds(text)
    return found


def _read(table: symtable.SymbolTable) -> set[str]:
    top = table.get_type() == "module"
    here = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (top or symbol.is_global())
    }
    return here.union(*map(_read, table.get_children()))


def binds(code: str) -> set[str]:
    """Return the names to which a cell gives a value.

    Examples
    --------
    >>> sorted(binds("import pandas as pd; [row for row in rows]; a, b = 1, 2"))
    ['a', 'b', 'pd']
    """
    return {
        symbol.get_name()
        for symbol in symtable.symtable(code, "cell", "exec").get_symbols()
        if symbol.is_assigned() or symbol.is_imported()
    }


def _what_it_makes(code: str) -> str:
    """Return a cell without what it shows: its last expression, and what it prints or displays."""
    tree = ast.parse(code)
    tree.body = [
        statement
        for statement in tree.body
        if not (
            isinstance(statement, ast.Expr)
            and (statement is tree.body[-1] or _shows(statement.value))
        )
    ]
    return ast.unparse(tree)


def _shows(value: ast.expr) -> bool:
    called = value.func if isinstance(value, ast.Call) else None
    return isinstance(called, ast.Name) and called.id in ("print", "display")
