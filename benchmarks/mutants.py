"""How many small errors the tests notice: a random sample of mutants, made and run by mutmut 3.

    pip install mutmut
    python benchmarks/mutants.py [--sample 200] [--seed 7] [--folder FOLDER]

A mutant is the code with one small change: `<` for `<=`, a missing argument, another constant.
Those that change nothing but the words of a message are left out. The code is the one that
computes and judges; the tests are its own, without those that run every solution in every case.
What is written out survived: it is equivalent to the code, or a test is missing. With a folder,
the mutants are kept there, and a second run with it needs a tenth of the time.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import shutil
import subprocess
import sys
import tempfile
from difflib import unified_diff
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CODE = [
    *("measures/*.py", "tables.py", "columns.py"),
    *("checks/values.py", "checks/judge*.py", "checks/vega.py"),
]
TESTS = [
    *("test_inference", "test_measures", "test_measures_properties"),
    *("test_tables", "test_tables_properties"),
    *("test_checks", "test_checks_properties"),
]
SLOW = (
    "in_every_case or changed_data or forged or visible_check or typed_in_answer or another_case"
    " or stub_are or second_run or test_trial"
)
NEEDED = ["centralasia", "data", "exercises", "notebooks", "solutions", "tests", "pyproject.toml"]


def prepare(folder: Path) -> None:
    """Copy what the tests need, and say what mutmut shall do there."""
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
        else:
            shutil.copy(ROOT / name, folder)
    settings = {
        "source_paths": ["centralasia"],
        "only_mutate": [f"centralasia/{part}" for part in CODE],
        "also_copy": ["data", "exercises", "notebooks", "solutions"],
        "pytest_add_cli_args_test_selection": [f"tests/{name}.py" for name in TESTS],
        "pytest_add_cli_args": ["-o", "addopts=", "-p", "no:nbval", "-k", f"not ({SLOW})"],
    }
    lines = [f"{key} =\n    " + "\n    ".join(value) for key, value in settings.items()]
    (folder / "setup.cfg").write_text("[mutmut]\n" + "\n".join(lines) + "\n", "utf-8")


def run(folder: Path, mutants: list[str]) -> None:
    """Let mutmut run some mutants; the first time it makes them all."""
    line = [sys.executable, "-m", "mutmut", "run", "--max-children", "1", *mutants]
    with (folder / "mutmut.log").open("a") as log:
        subprocess.run(line, cwd=folder, stdout=log, stderr=log, check=True)


def results(folder: Path) -> dict[str, tuple[Path, int | None]]:
    """Return each mutant's file, and what the tests' process ended with, if it was run."""
    return {
        name: (meta.with_suffix(""), code)
        for meta in sorted((folder / "mutants").rglob("*.py.meta"))
        for name, code in json.loads(meta.read_text())["exit_code_by_key"].items()
    }


def change(file: Path, mutant: str) -> list[str]:
    """Return the lines that a mutant changes."""
    name = mutant.rpartition(".")[2]
    functions = _functions(file)
    both = [functions[name.rpartition("__mutmut_")[0] + "__mutmut_orig"], functions[name]]
    texts = [ast.unparse(ast.Module(function.body, [])).splitlines() for function in both]
    return list(unified_diff(*texts, n=0, lineterm=""))[3:]


@cache
def _functions(file: Path) -> dict[str, ast.FunctionDef]:
    """Return the functions of a file by name: each mutant is one, in files of some thousands."""
    tree = ast.parse(file.read_text("utf-8"))
    return {one.name: one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}


def is_wording(lines: list[str]) -> bool:
    """Say whether a change is one of words alone: mutmut writes XX around them or turns case."""
    old, new = (
        "".join(line[1:] for line in lines if line.startswith(sign)).casefold() for sign in "-+"
    )
    return old == new.replace("xx", "") and " " in old


def main() -> None:
    """Draw, run and report."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as own:
        folder = options.folder or Path(own)
        folder.mkdir(parents=True, exist_ok=True)
        prepare(folder)
        run(folder, ["centralasia.measures.places.x_great_circle_km__mutmut_1"])
        made = results(folder)
        changes = {name: change(file, name) for name, (file, _) in made.items()}
        drawn = sorted(name for name, lines in changes.items() if not is_wording(lines))
        random.Random(options.seed).shuffle(drawn)
        drawn = drawn[: options.sample]
        run(folder, drawn)
        alive = [name for name in drawn if results(folder)[name][1] in (0, 33)]
        for name in alive:
            print(name, *changes[name], "", sep="\n")
        print(f"{len(drawn) - len(alive)} of {len(drawn)} mutants were noticed.")


if __name__ == "__main__":
    main()
