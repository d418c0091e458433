"""A teacher's course folder once work is graded: reading and writing its gradebook."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from centralasia.errors import UserError

if TYPE_CHECKING:
    from nbgrader.api import Gradebook, SubmittedAssignment

    from centralasia.grading.judging.book import Book


@dataclass(frozen=True)
class CourseFolder:
    """A folder that holds ``submitted``, ``autograded`` and the gradebook.

    Parameters
    ----------
    root : pathlib.Path
    db : str, optional
        URL of the gradebook; ``gradebook.db`` in the folder by default.
    """

    root: Path
    db: str | None = None

    @cached_property
    def book(self) -> Book:
        """The configuration, folders and gradebook of nbgrader."""
        from centralasia.grading.judging.book import Book

        return Book(self.root, self.db)

    def folder(self, step: str, exercise: str, student: str) -> Path:
        """Return the folder of a student's work at a step, such as ``"autograded"``."""
        return self.book.folder(step, exercise, student)

    @contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        """Open the gradebook.

        Raises
        ------
        UserError
            If there is none yet.
        """
        url = self.book.course.db_url
        if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_file():
            raise UserError(f"There is no gradebook in {self.root}. Grade an exercise first.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader's own, about its tables
            with self.book.open() as book:
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
                submissions = list(book.assignment_submissions(exercise))
            except MissingEntry:
                submissions = []
            if not submissions:
                raise UserError(f"Nothing of {exercise} is graded in {self.root}.")
            yield sorted(submissions, key=lambda submission: submission.student_id)


def grades(submission: SubmittedAssignment) -> dict[str, Any]:
    """Return nbgrader's grades of a submission, by grade id."""
    return {grade.name: grade for notebook in submission.notebooks for grade in notebook.grades}


def comments(submission: SubmittedAssignment) -> dict[str, str]:
    """Return the comments of a submission, by grade id."""
    every = (c for notebook in submission.notebooks for c in notebook.comments)
    return {comment.name: comment.comment or "" for comment in every}


def final(score: float, penalty: float | None) -> float:
    """Return the points that count: a late penalty takes away what there is, and no more.

    Parameters
    ----------
    score, penalty : float
        Points, as nbgrader's gradebook has them; no penalty may be None.

    Examples
    --------
    >>> final(20, 3), final(2, 3), final(20, None)
    (17.0, 0.0, 20.0)
    """
    return max(0.0, float(score) - (penalty or 0.0))
