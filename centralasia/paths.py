"""Where the course's own files are."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


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
    """Return the folder of the data package."""
    return course_root() / "data"


def notebooks_dir() -> Path:
    """Return the folder of the pristine lessons."""
    return course_root() / "notebooks"
