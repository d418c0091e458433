"""Where the course's own files are."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

DATA_ENV = "CENTRALASIA_DATA"
"""A folder to read the tables from instead of the course's own; grading sets it."""

_PACKAGE = Path(__file__).resolve().parent
_chosen: ContextVar[Path | None] = ContextVar("data folder", default=None)


@cache
def course_root() -> Path:
    """Return the folder that holds ``data/`` and ``notebooks/``.

    Returns
    -------
    pathlib.Path
        The repository in a checkout, ``centralasia/_course`` in an installed wheel.

    Raises
    ------
    FileNotFoundError
        If neither is there, which means a broken installation.
    """
    for root in (_PACKAGE.parent, _PACKAGE / "_course"):
        if (root / "data" / "datapackage.json").is_file():
            return root
    raise FileNotFoundError(
        "The course's data folder is missing. Install the package again: "
        "in a checkout, run 'python start.py'."
    )


def data_dir() -> Path:
    """Return the folder of the data package.

    Returns
    -------
    pathlib.Path
        The folder given to `using`, else the value of the environment variable
        ``CENTRALASIA_DATA``, else the course's own.
    """
    chosen = _chosen.get()
    if chosen is not None:
        return chosen
    named = os.environ.get(DATA_ENV)
    return Path(named) if named else course_root() / "data"


@contextmanager
def using(folder: Path | None) -> Iterator[None]:
    """Read the tables from another folder for a while; other threads are not touched.

    Parameters
    ----------
    folder : pathlib.Path or None
        A copy of the data package; None leaves things as they are.
    """
    token = _chosen.set(_chosen.get() if folder is None else folder)
    try:
        yield
    finally:
        _chosen.reset(token)


def notebooks_dir() -> Path:
    """Return the folder of the pristine lessons."""
    return course_root() / "notebooks"


def exercises_dir() -> Path:
    """Return the folder of the exercises as learners get them."""
    return course_root() / "exercises"
