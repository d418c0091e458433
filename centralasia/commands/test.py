"""``centralasia test``."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec

import click

from centralasia.commands import Command
from centralasia.commands._parameters import PASSED_ON, passed_on
from centralasia.errors import UserError
from centralasia.language import _
from centralasia.paths import course_root


@click.command(
    cls=Command,
    readers="authors",
    extra="test",
    help=_("Run the tests; what follows goes to pytest."),
    **PASSED_ON,
)
@passed_on
def test(arguments: tuple[str, ...]) -> int:
    """Run the tests."""
    root = course_root()
    if not (root / "tests").is_dir():
        raise UserError("The tests are in the checkout of the course, not in the installed wheel.")
    if find_spec("pytest") is None or find_spec("nbval") is None:
        raise UserError("The tests need more packages. In the checkout, run: python3 start.py test")
    workers = min(os.cpu_count() or 1, 4)
    command = [sys.executable, "-m", "pytest", "-n", str(workers), "--dist", "loadscope"]
    return subprocess.call([*command, *arguments], cwd=root)
