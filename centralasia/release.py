"""Make exercises/ from solutions/: the learner's notebooks, and the public part of each key."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from centralasia.checks import keys
from centralasia.errors import UserError
from centralasia.paths import course_root, exercises_dir

CONFIG = "nbgrader_config.py"


def generate(names: Iterable[str] = (), target: Path | None = None) -> list[Path]:
    """Write exercises.

    Parameters
    ----------
    names : iterable of str
        Exercises, as `centralasia.course.lesson` takes them; all if empty.
    target : pathlib.Path, optional
        The folder to write to; ``exercises`` by default.

    Returns
    -------
    list of pathlib.Path
        The files, two for each exercise. The notebook is what ``nbgrader generate_assignment``
        makes, to the byte.

    Raises
    ------
    UserError
        If nbgrader refuses a notebook.
    """
    chosen = [keys.load(name) for name in list(names) or keys.names()]
    target = target or exercises_dir()
    written = []
    with tempfile.TemporaryDirectory() as course:
        released = _release(Path(course), [exercise.name for exercise in chosen])
        for exercise in chosen:
            folder = target / exercise.name
            folder.mkdir(parents=True, exist_ok=True)
            for file in sorted((released / exercise.name).iterdir()):
                shutil.copyfile(file, folder / file.name)
                written.append(folder / file.name)
            questions = folder / "questions.json"
            text = json.dumps(rounded(exercise.public()), ensure_ascii=False, indent=1)
            questions.write_text(text + "\n", encoding="utf-8", newline="\n")
            written.append(questions)
    return written


def rounded(content: object) -> Any:
    """Return content of JSON with its numbers to twelve digits, which are the same everywhere.

    The last digits of a sine or a logarithm depend on the processor.

    Examples
    --------
    >>> rounded({"km": [389.54112443012036, 3]})
    {'km': [389.54112443, 3]}
    """
    return json.loads(json.dumps(content), parse_float=lambda text: float(f"{float(text):.12g}"))


def differences(names: Iterable[str] = ()) -> list[str]:
    """Say in which ways exercises/ is not what solutions/ would give.

    Returns
    -------
    list of str
        One sentence a file; empty if all is as it should be.
    """
    names = list(names)
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        generate(names, fresh)
        wanted = {p.relative_to(fresh): p.read_bytes() for p in fresh.rglob("*") if p.is_file()}
    there = exercises_dir()
    faults = []
    for path, content in sorted(wanted.items()):
        if not (there / path).is_file():
            faults.append(f"{path} is missing.")
        elif (there / path).read_bytes() != content:
            faults.append(f"{path} is not what its solution gives.")
    extra = {p.relative_to(there) for p in there.rglob("*") if p.is_file()} - set(wanted)
    if not names:
        faults += [f"{path} comes from no solution." for path in sorted(extra)]
    return faults


def _release(course: Path, names: list[str]) -> Path:
    """Run nbgrader on copies, with no gradebook; return the folder that it wrote to."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    config = Config(PyFileConfigLoader(CONFIG, path=str(course_root())).load_config())
    config.CourseDirectory.root = str(course)
    config.GenerateAssignment.no_database = True  # nbgrader's --no-db
    config.SaveCells.enabled = False
    for name in names:
        source = course / "solutions" / name
        source.mkdir(parents=True)
        shutil.copyfile(keys.solutions_dir() / name / f"{name}.ipynb", source / f"{name}.ipynb")
    api = NbGraderAPI(config=config)
    for name in names:
        result = api.generate_assignment(name)
        if not result["success"]:
            raise UserError(f"nbgrader refuses {name}:\n{result['log']}")
    return course / "exercises"
