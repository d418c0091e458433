"""The code keeps to the rules in pyproject.toml."""

import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

CHECKED = (
    *("measures", "tables.py", "columns.py", "checks", "course.py", "progress.py", "language.py"),
    *("errors.py", "files.py", "gains.py", "games.py", "jsonl.py", "paths.py", "templates.py"),
    *(
        "grading",
        "kit",
        "lms",
        "spreadsheets.py",
        "widgets",
        "room",
        "roleplay",
        "copies.py",
        "controls.py",
    ),
    *("bibliography.py", "cards.py", "own", "style.py", "site", "commands/site.py"),
    *("authoring", "jupyter", "charts/sight.py", "commands/notebooks.py"),
)
"""The parts of the package whose types are checked, as pyproject.toml says how."""


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff_has_nothing_to_say(command):
    line = [sys.executable, "-m", "ruff", *command, "--no-cache", "."]
    run = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-4000:]


def test_the_types_are_those_that_are_written():
    parts = [f"centralasia/{part}" for part in CHECKED]
    line = [sys.executable, "-m", "mypy", *parts]
    run = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-4000:]


def test_who_installs_the_package_gets_its_types():
    assert (ROOT / "centralasia" / "py.typed").is_file()


def test_imports_point_down_the_floors_of_the_house():
    line = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    run = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr


def test_contributing_shows_the_floors_as_they_are():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    house = project["tool"]["importlinter"]["contracts"][0]
    floors = textwrap.indent("\n".join(house["layers"]), "    ")
    assert floors in (ROOT / "CONTRIBUTING.md").read_text("utf-8")
