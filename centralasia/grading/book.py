"""nbgrader's gradebook and folders: what is graded here looks as if nbgrader had graded it.

Its own steps are used (locked cells put back, points read off the outputs, late penalties), save
the one that would run a learner's code in this process's neighbourhood.
"""

from __future__ import annotations

import logging
import os
import random
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import nbformat
import sqlalchemy
from nbconvert.exporters import NotebookExporter
from nbconvert.writers import FilesWriter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from centralasia.checks import keys
from centralasia.errors import UserError
from centralasia.paths import course_root

CONFIG = "nbgrader_config.py"
PATIENCE = 120
"""Seconds for which a gradebook that others write to is tried again."""
_BUSY = (
    "already exists",
    "another session",
    "connection",
    "deadlock",
    "is locked",
    "serialize",
    "UNIQUE",
    "unique",
)
_TROUBLE = (sqlalchemy.exc.DBAPIError, InvalidEntry)

T = TypeVar("T")


class Refused(Exception):
    """nbgrader cannot take this submission; the message says why."""


def patiently(work: Callable[[], T]) -> T:
    """Do something with the gradebook, again while others write to it.

    What is done must come to the same if it is done twice.
    """
    until = time.monotonic() + PATIENCE
    wait = 0.05
    while True:
        try:
            return work()
        except _TROUBLE as error:
            if time.monotonic() > until or not any(word in str(error) for word in _BUSY):
                raise
            time.sleep(wait * random.uniform(0.5, 1.5))
            wait = min(2 * wait, 2.0)


class Book:
    """A course's gradebook.

    Parameters
    ----------
    root : pathlib.Path
        The folder that holds ``submitted``.
    db : str, optional
        URL of the database; ``gradebook.db`` in the folder by default.
    """

    def __init__(self, root: Path, db: str | None = None) -> None:
        own = root / CONFIG
        folder = root if own.is_file() else course_root()
        self.root = root.resolve()
        self.config = Config(PyFileConfigLoader(CONFIG, path=str(folder)).load_config())
        self.config.CourseDirectory.root = str(self.root)
        if db:
            self.config.CourseDirectory.db_url = db
        self._log = logging.Logger("nbgrader", logging.ERROR)
        self._log.addHandler(logging.NullHandler())
        # nbgrader asks the command alembic for the version of its tables.
        here = str(Path(sys.executable).parent)
        if here not in os.environ.get("PATH", "").split(os.pathsep):
            os.environ["PATH"] = here + os.pathsep + os.environ.get("PATH", "")

    @property
    def course(self) -> CourseDirectory:
        """What nbgrader knows of the folders."""
        return CourseDirectory(config=self.config)

    def open(self) -> Gradebook:
        """Open the gradebook."""
        return Gradebook(self.course.db_url, self.course.course_id)

    def register(self, name: str) -> None:
        """Enter an exercise, as ``nbgrader generate_assignment`` does; again if it is there.

        Raises
        ------
        UserError
            If nbgrader refuses: for instance because cells came or went after work was graded.
        """
        with tempfile.TemporaryDirectory() as folder:
            config = Config(self.config)
            config.CourseDirectory.db_url = self.course.db_url
            config.CourseDirectory.source_directory = str(keys.solutions_dir().resolve())
            config.CourseDirectory.release_directory = folder
            result = patiently(lambda: _generated(config, name))
        if not result["success"]:
            raise UserError(f"nbgrader does not take {name} into its gradebook:\n{result['log']}")

    def _converter(self, name: str, student: str) -> Autograde:
        course = CourseDirectory(
            config=self.config, student_id=student, assignment_id=name, notebook_id=name
        )
        found = Autograde(coursedir=course, config=self.config, log=self._log)
        found.force = True
        found.init_notebooks()
        found.writer = FilesWriter(parent=found, config=self.config)
        found.exporter = NotebookExporter(parent=found, config=self.config)
        found.notebooks = sorted(next(iter(found.assignments.values())))
        return found

    def sanitized(self, name: str, student: str) -> NotebookNode:
        """Return a submission with its locked cells, hidden tests too, as the gradebook has them.

        Raises
        ------
        Refused
            If nbgrader finds the notebook broken.
        """

        def work() -> NotebookNode:
            converter = self._converter(name, student)
            converter._sanitizing = True
            converter._init_preprocessors()
            (path,) = converter.notebooks
            resources = converter.init_single_notebook_resources(path)
            text, _ = converter.exporter.from_filename(path, resources=resources)
            return nbformat.reads(text, as_version=4)

        return self._asked(work)

    def enter(self, name: str, student: str, notebook: NotebookNode) -> None:
        """Write a notebook with its outputs to ``autograded``, and its points into the gradebook.

        Raises
        ------
        Refused
            If nbgrader finds the notebook broken.
        """
        whole = nbformat.from_dict(notebook)

        def work() -> None:
            converter = self._converter(name, student)
            converter.init_destination(name, student)
            converter.init_assignment(name, student)
            converter._sanitizing = False
            steps = Autograde.autograde_preprocessors.default_args[0]
            converter.autograde_preprocessors = [step for step in steps if step is not Execute]
            converter._init_preprocessors()
            (path,) = converter.notebooks
            path = path.replace(converter.coursedir.submitted_directory, converter._input_directory)
            resources = converter.init_single_notebook_resources(path)
            output, resources = converter.exporter.from_notebook_node(whole, resources)
            converter.write_single_notebook(output, resources)
            converter.set_permissions(name, student)

        self._asked(work)

    def enter_nothing(self, name: str, student: str) -> None:
        """Enter no points for a submission that cannot be graded, as for one that is missing."""

        def work() -> None:
            with self.open() as book:
                book.update_or_create_student(student)
                submission = book.update_or_create_submission(name, student)
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        grade.auto_score = 0
                        grade.needs_manual_grade = False
                book.db.commit()

        self._asked(work)
        stale = self.folder("autograded", name, student)
        if stale.is_dir():
            shutil.rmtree(stale)

    def _asked(self, work: Callable[[], T]) -> T:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # nbgrader's own, about its tables
                return patiently(work)
        except _TROUBLE:
            raise
        except Exception as error:  # whatever a notebook makes nbgrader stumble over
            raise Refused(
                f"nbgrader stops at this notebook ({type(error).__name__}: {str(error)[:300]}). "
                "What can be mended, centralasia check-submission --repair mends."
            ) from error

    def folder(self, step: str, name: str, student: str) -> Path:
        """Return the folder of a student's work at a step, such as ``autograded``."""
        course = self.course
        directory = getattr(course, f"{step}_directory")
        return Path(course.format_path(directory, student, name))

    def students(self, step: str, name: str) -> list[str]:
        """Return whose work is in a folder such as ``submitted``."""
        everybody = self.folder(step, name, "*")
        folders = everybody.parents[1].glob(f"*/{name}")
        return sorted(path.parent.name for path in folders if path.is_dir())

    def has(self, name: str, student: str) -> bool:
        """Say whether the gradebook holds points for a student's work."""
        with self.open() as book:
            try:
                submission = book.find_submission(name, student)
            except MissingEntry:
                return False
            return any(g.auto_score is not None for nb in submission.notebooks for g in nb.grades)


def _generated(config: Config, name: str) -> dict[str, Any]:
    return NbGraderAPI(config=config).generate_assignment(name)
