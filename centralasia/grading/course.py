"""A teacher's course folder as nbgrader sees it: its configuration and its gradebook."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from centralasia.errors import UserError
from centralasia.paths import course_root

if TYPE_CHECKING:
    from nbgrader.api import Gradebook, SubmittedAssignment
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

CONFIG = "nbgrader_config.py"


@dataclass(frozen=True)
class Course:
    """A folder that holds ``submitted``, ``autograded`` and the gradebook.

    Parameters
    ----------
    root : pathlib.Path
    db : str, optional
        URL of the gradebook; ``gradebook.db`` in the folder by default.
    """

    root: Path
    db: str | None = None

    def config(self) -> Config:
        """Return nbgrader's configuration for this folder: its own, or the course's.

        Raises
        ------
        UserError
            If nbgrader is not installed.
        """
        try:
            import nbgrader  # noqa: F401
            from traitlets.config import Config
            from traitlets.config.loader import PyFileConfigLoader
        except ImportError as error:
            raise UserError("This needs nbgrader: pip install 'centralasia[teaching]'") from error
        folder = self.root if (self.root / CONFIG).is_file() else course_root()
        config = Config(PyFileConfigLoader(CONFIG, path=str(folder)).load_config())
        config.CourseDirectory.root = str(self.root.resolve())
        if self.db:
            config.CourseDirectory.db_url = self.db
        here = str(Path(sys.executable).parent)  # nbgrader looks on PATH for alembic
        if here not in os.environ.get("PATH", "").split(os.pathsep):
            os.environ["PATH"] = here + os.pathsep + os.environ.get("PATH", "")
        return config

    def directory(self) -> CourseDirectory:
        """Return what nbgrader knows of the folders."""
        config = self.config()
        from nbgrader.coursedir import CourseDirectory

        return CourseDirectory(config=config)

    def folder(self, step: str, student: str, exercise: str) -> Path:
        """Return the folder of a student's work at a step, such as ``"autograded"``."""
        course = self.directory()
        return Path(course.format_path(getattr(course, f"{step}_directory"), student, exercise))

    @contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        """Open the gradebook.

        Raises
        ------
        UserError
            If there is none yet.
        """
        url = self.directory().db_url
        if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_file():
            raise UserError(f"There is no gradebook in {self.root}. Grade an exercise first.")
        from nbgrader.api import Gradebook

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader's own, about its tables
            with Gradebook(url) as book:
                yield book

    @contextmanager
    def submissions(self, exercise: str) -> Iterator[list[SubmittedAssignment]]:
        """Give the graded submissions of an exercise, by student.

        Raises
        ------
        UserError
            If nothing was graded.
        """
        from nbgrader.api import MissingEntry

        with self.gradebook() as book:
            try:
                found = list(book.assignment_submissions(exercise))
            except MissingEntry:
                found = []
            if not found:
                raise UserError(f"Nothing of {exercise} is graded in {self.root}.")
            yield sorted(found, key=lambda submission: submission.student_id)


def grades(submission: SubmittedAssignment) -> dict[str, Any]:
    """Return nbgrader's grades of a submission, by grade id."""
    return {grade.name: grade for notebook in submission.notebooks for grade in notebook.grades}


def comments(submission: SubmittedAssignment) -> dict[str, str]:
    """Return the comments of a submission, by grade id."""
    found = (c for notebook in submission.notebooks for c in notebook.comments)
    return {comment.name: comment.comment or "" for comment in found}
