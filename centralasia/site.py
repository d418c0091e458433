"""The command that builds the book and the browser edition; how is in the folder ``site/``."""

import subprocess
import sys

from centralasia.errors import UserError
from centralasia.paths import course_root


def build(arguments: list[str]) -> int:
    """Run ``site/build.py``.

    Parameters
    ----------
    arguments : list of str
        What to build and where; ``--help`` names the choices.

    Returns
    -------
    int
        Its exit code.

    Raises
    ------
    UserError
        If the course is installed without its checkout.
    """
    script = course_root() / "site" / "build.py"
    if not script.is_file():
        raise UserError("The site is built in the checkout of the course, not from the wheel.")
    return subprocess.call([sys.executable, str(script), *arguments])
