"""nbgrader's gradebook and folders: what is graded here looks as if nbgrader had graded it.

Its own steps are used (locked cells put back, points read off the outputs, late penalties), save
the one that would run a learner's code in this process's neighbourhood.
"""

from __future__ import annotations

import json
import logging
import random
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import nbformat
import sqlalchemy
from nbconvert.exporters import NotebookExporter
from nbconvert.writers.files import FilesWriter
from nbformat import NotebookNode
from nbgrader import dbutil
from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    InvalidEntry,
    MissingEntry,
    SourceCell,
    SubmittedAssignment,
    TaskCell,
)
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import Autograde, autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import (
    CheckCellMetadata,
    Execute,
    NbGraderPreprocessor,
    latesubmissions,
    overwritecells,
    overwritekernelspec,
    saveautogrades,
)
from nbgrader.utils import determine_grade, is_grade, is_solution
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from centralasia.checks import keys
from centralasia.errors import UserError
from centralasia.paths import course_root

CONFIG = "nbgrader_config.py"
CARRIED = ("submission_secret.txt", "timestamp.txt")
"""By these files nbgrader's exchange knows whose work it is, and when it came."""
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
STEPS = (autograde, latesubmissions, overwritecells, overwritekernelspec, saveautogrades)
"""The modules of nbgrader whose steps each open the gradebook by the name `Gradebook`."""

_VERSION = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
    "INSERT INTO alembic_version (version_num) VALUES (:version)",
)

T = TypeVar("T")
Row = TypeVar("Row", Grade, Comment)


class RefusedByNbgrader(Exception):
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


class Transaction(Session):
    """A session that keeps what is written to it together until it ends."""

    def commit(self) -> None:
        """Wait: what was written goes to the database before anything is asked of it."""

    def end(self) -> None:
        """Write for good."""
        super().commit()


class HeldGradebook(Gradebook):
    """A gradebook that stays open.

    Each step of nbgrader opens its own, looks whether all tables are there, asks for one row after
    the other, and waits for the disk after every cell, which takes longer than a learner's code.
    """

    def __init__(self, db_url: str, course_id: str) -> None:
        super().__init__(db_url, course_id)
        made = sessionmaker(class_=Transaction, autoflush=True, bind=self.engine, future=True)
        self.db = scoped_session(made)
        self.released: dict[tuple[str, ...], Any] = {}
        """What the exercises consist of, as it was found."""

    def close(self) -> None:
        """Stay open."""

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> SourceCell:
        """Find a cell as it was released, once for all learners."""
        return self._of_release(super().find_source_cell, name, notebook, assignment)

    def find_graded_cell(self, name: str, notebook: str, assignment: str) -> GradeCell | TaskCell:
        """Find what a cell is worth, once for all learners."""
        return self._of_release(super().find_graded_cell, name, notebook, assignment)

    def _of_release(self, find: Callable[..., T], *of: str) -> T:
        asked = (find.__name__, *of)
        if asked not in self.released:
            found = find(*of)
            self.db.expunge(found)  # it outlives the transaction, for reading
            self.released[asked] = found
        return self.released[asked]  # type: ignore[no-any-return]

    def find_grade(self, grade_cell: str, notebook: str, assignment: str, student: str) -> Grade:
        """Find what was given for a cell; those of one submission come together."""
        every = self._together(Grade, notebook, assignment, student)
        return every.get(grade_cell) or super().find_grade(
            grade_cell, notebook, assignment, student
        )

    def find_comment(
        self, solution_cell: str, notebook: str, assignment: str, student: str
    ) -> Comment:
        """Find what was said to a cell; those of one submission come together."""
        every = self._together(Comment, notebook, assignment, student)
        return every.get(solution_cell) or super().find_comment(
            solution_cell, notebook, assignment, student
        )

    def _together(self, kind: type[Row], *of: str) -> dict[str, Row]:
        """Return all rows of a kind that belong to a submission, for as long as a transaction."""
        known: dict[tuple[object, ...], dict[str, Row]] = self.db().info
        if (kind, *of) not in known:
            notebook, assignment, student = of
            submitted = self.find_submission_notebook(notebook, assignment, student)
            rows = (
                self.db.query(BaseCell.name, kind)
                .join(BaseCell, BaseCell.id == kind.cell_id)
                .filter(kind.notebook_id == submitted.id)
            )
            known[kind, *of] = dict(map(tuple, rows))
        return known[kind, *of]


class CheckCells(NbGraderPreprocessor):
    """nbgrader's check of its cells' metadata, made once for metadata that are the same."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Check each cell that is nbgrader's."""
        for cell in nb.cells:
            if "nbgrader" in cell.metadata:
                _check_cell(cell.cell_type, json.dumps(cell.metadata.nbgrader))
        return nb, resources


@lru_cache(maxsize=1000)
def _check_cell(cell_type: str, metadata: str) -> None:
    about = {"cell_type": cell_type, "metadata": {"nbgrader": json.loads(metadata)}, "source": ""}
    MetadataValidator().validate_cell(nbformat.from_dict(about))


@dataclass(frozen=True)
class Given:
    """What a person gave for an argument.

    Parameters
    ----------
    score : float, optional
        None if it waits for a person.
    comment : str, optional
        For the learner.
    """

    score: float | None = None
    comment: str | None = None


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

    @cached_property
    def course(self) -> CourseDirectory:
        """What nbgrader knows of the folders."""
        return CourseDirectory(config=self.config)

    @cached_property
    def _putting_back(self) -> list[NbGraderPreprocessor]:
        """The steps of nbgrader before a notebook is run, made once for all learners."""
        steps = Autograde.sanitize_preprocessors.default_args[0]
        return self._made(CheckCells if step is CheckCellMetadata else step for step in steps)

    @cached_property
    def _counting(self) -> list[NbGraderPreprocessor]:
        """Its steps after that, save what the sandbox and the steps before have done."""
        steps = Autograde.autograde_preprocessors.default_args[0]
        return self._made(step for step in steps if step not in (Execute, CheckCellMetadata))

    @cached_property
    def _exporter(self) -> NotebookExporter:
        """By which nbgrader knows how a notebook's file ends."""
        return NotebookExporter(config=self.config)

    def _made(self, steps: Iterable[type[NbGraderPreprocessor]]) -> list[NbGraderPreprocessor]:
        return [step(config=self.config, log=self._log) for step in steps]

    def open(self) -> Gradebook:
        """Open the gradebook."""
        self._prepare()
        return Gradebook(self.course.db_url, self.course.course_id)

    def _prepare(self) -> None:
        """Write into a new gradebook which version its tables have.

        nbgrader would look it up by a program of its own, which takes seconds and may not be found.
        """
        engine = sqlalchemy.create_engine(self.course.db_url)
        with engine.begin() as connection:
            if not sqlalchemy.inspect(connection).get_table_names():
                for line in _VERSION:
                    connection.execute(sqlalchemy.text(line), {"version": _version()})
        engine.dispose()

    @cached_property
    def _held(self) -> HeldGradebook:
        """The gradebook that this process keeps open."""
        self._prepare()
        return HeldGradebook(self.course.db_url, self.course.course_id)

    @contextmanager
    def _one_transaction(self) -> Iterator[Gradebook]:
        """Let every step of nbgrader use one gradebook; all of it is written at the end, or none.

        This process grades in one thread alone.
        """
        held = self._held
        before = [module.Gradebook for module in STEPS]
        for module in STEPS:
            module.Gradebook = lambda *_: held
        try:
            yield held
            held.db.registry().end()
        finally:
            for module, own in zip(STEPS, before, strict=True):
                module.Gradebook = own
            held.db.remove()

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
            patiently(self._prepare)
            result = patiently(lambda: _generated(config, name))
        if "_held" in vars(self):
            self._held.released.clear()
        if not result["success"]:
            raise UserError(f"nbgrader does not take {name} into its gradebook:\n{result['log']}")

    def _converter(self, name: str, student: str) -> Autograde:
        course = CourseDirectory(
            config=self.config, student_id=student, assignment_id=name, notebook_id=name
        )
        converter = Autograde(coursedir=course, config=self.config, log=self._log)
        converter.force = True
        converter.init_notebooks()
        converter.exporter = self._exporter
        converter.writer = FilesWriter(config=self.config)  # it makes a folder once
        converter.notebooks = sorted(next(iter(converter.assignments.values())))
        return converter

    def _resources(self, name: str, student: str) -> dict[str, Any]:
        """Return what nbgrader's steps are told of a notebook."""
        of = {"student": student, "assignment": name, "notebook": name}
        about = {"nbgrader": of | {"db_url": self.course.db_url}, "unique_key": name}
        return about | {"output_extension": self._exporter.file_extension}

    def sanitized(self, name: str, student: str, notebook: Mapping[str, Any]) -> NotebookNode:
        """Return a submission with its locked cells, hidden tests too, as the gradebook has them.

        Parameters
        ----------
        name, student : str
            The exercise, and whose work it is.
        notebook : mapping
            The work, which is not read again: nbgrader's own reader stops at a byte order mark.

        Raises
        ------
        RefusedByNbgrader
            If nbgrader finds the notebook broken.
        """

        def work() -> NotebookNode:
            handed_in = nbformat.reads(json.dumps(notebook), as_version=4)
            return _after(self._putting_back, handed_in, self._resources(name, student))

        return self._asked(work)

    def enter(
        self,
        name: str,
        student: str,
        notebook: NotebookNode,
        lost: Collection[str] = (),
        marks: Mapping[str, Given | None] = MappingProxyType({}),
    ) -> None:
        """Write a notebook with its outputs to ``autograded``, and its points into the gradebook.

        Parameters
        ----------
        name, student : str
            The exercise, and whose work it is.
        notebook : NotebookNode
            With the outputs from which nbgrader reads the points.
        lost : collection of str
            Grade ids of questions that the notebook no longer has. They get no points; left open,
            they would wait for a person for ever.
        marks : mapping of str to Given or None
            For arguments: what a person gave; None if what stands in the gradebook holds.

        Raises
        ------
        RefusedByNbgrader
            If nbgrader finds the notebook broken.
        """
        gone = {*lost, *_unanswered(notebook.cells)}

        def work() -> None:
            converter = self._converter(name, student)
            converter.init_destination(name, student)
            converter.init_assignment(name, student)
            self._clear(name, student, gone)
            resources = self._resources(name, student)
            counted = _after(self._counting, nbformat.from_dict(notebook), resources)
            converter.write_single_notebook(f"{nbformat.writes(counted)}\n", resources)
            _leave_alone(self.folder("autograded", name, student), f"{name}.ipynb")
            converter.set_permissions(name, student)
            for question, given in marks.items():
                self._give(name, student, question, given)

        self._asked(work)

    def _clear(self, name: str, student: str, gone: Collection[str]) -> None:
        """Give no points where nothing is left to grade, before a late penalty is worked out."""
        book = self._held
        for grade in _grades(book.find_submission(name, student)):
            if grade.name in gone:
                _withdraw(book, grade, name, student)

    def give(
        self, name: str, student: str, question: str, score: float | None, comment: str | None
    ) -> None:
        """Enter what a person gave for an answer; nothing makes it wait for one.

        Parameters
        ----------
        name, student, question : str
        score : float or None
        comment : str or None
            For the learner.
        """
        given = Given(score, comment)
        self._asked(lambda: self._give(name, student, question, given))

    def _give(self, name: str, student: str, question: str, given: Given | None) -> None:
        grade = self._held.find_grade(question, name, name, student)
        if given is None and grade.manual_score is not None:
            grade.needs_manual_grade = False
            return
        score, comment = (given.score, given.comment) if given else (None, None)
        grade.manual_score, grade.needs_manual_grade = score, score is None
        self._held.find_comment(question, name, name, student).manual_comment = comment

    def enter_nothing(self, name: str, student: str) -> None:
        """Enter no points for a submission that cannot be graded, as for one that is missing.

        Points and comments that a person gave to earlier work are withdrawn with it.
        """

        def work() -> None:
            book = self._held
            book.update_or_create_student(student)
            submission = book.update_or_create_submission(name, student)
            for grade in _grades(submission):
                _withdraw(book, grade, name, student)

        self._asked(work)
        stale = self.folder("autograded", name, student)
        if stale.is_dir():
            shutil.rmtree(stale)

    def _asked(self, work: Callable[[], T]) -> T:
        def in_one() -> T:
            with self._one_transaction():
                return work()

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # nbgrader's own, about its tables
                return patiently(in_one)
        except (*_TROUBLE, OSError, MemoryError):  # this machine's fault, and nobody's zero
            raise
        except Exception as error:  # whatever a notebook makes nbgrader stumble over
            raise RefusedByNbgrader(
                f"nbgrader stops at this notebook ({type(error).__name__}: {str(error)[:300]})."
            ) from error

    def folder(self, step: str, name: str, student: str) -> Path:
        """Return the folder of a student's work at a step, such as ``autograded``.

        A step that nbgrader does not know has a folder of that name.
        """
        course = self.course
        directory = getattr(course, f"{step}_directory", step)
        return Path(course.format_path(directory, student, name))

    def students(self, step: str, name: str) -> list[str]:
        """Return whose work is in a folder such as ``submitted``."""
        everybody = self.folder(step, name, "*")
        folders = everybody.parents[1].glob(f"*/{name}")
        return sorted(path.parent.name for path in folders if path.is_dir())

    def has(self, name: str, student: str) -> bool:
        """Say whether the gradebook holds points for a student's work."""
        with self._one_transaction() as book:
            try:
                submission = book.find_submission(name, student)
            except MissingEntry:
                return False
            return any(grade.auto_score is not None for grade in _grades(submission))


def _version() -> str | None:
    """Return the version of nbgrader's tables, by alembic, which keeps count of it."""
    from alembic.script import ScriptDirectory  # for a new gradebook alone

    return ScriptDirectory(dbutil.ALEMBIC_DIR).get_current_head()


def _after(
    steps: Iterable[NbGraderPreprocessor], notebook: NotebookNode, resources: dict[str, Any]
) -> NotebookNode:
    """Return what nbgrader's steps make of a notebook, which is validated after the last.

    nbconvert, which would call them, copies the notebook four times.
    """
    for step in steps:
        notebook, resources = step(notebook, resources)
    nbformat.validate(notebook, relax_add_props=True)
    return notebook


def _leave_alone(folder: Path, notebook: str) -> None:
    """Take away what nbgrader copied beside a notebook: formgrader would serve it as its own."""
    for path in folder.iterdir():
        if path.name in (notebook, *CARRIED):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _grades(submission: SubmittedAssignment) -> list[Grade]:
    """Return the grades of all cells of a submission."""
    return [grade for notebook in submission.notebooks for grade in notebook.grades]


def _unanswered(cells: Iterable[NotebookNode]) -> list[str]:
    """Return the grade ids of arguments that were handed in as they were released."""
    answers = (cell for cell in cells if is_grade(cell) and is_solution(cell))
    return [cell.metadata.nbgrader["grade_id"] for cell in answers if determine_grade(cell)[0] == 0]


def _withdraw(book: Gradebook, grade: Grade, name: str, student: str) -> None:
    """Take back the points of an answer that is no longer there, and what a person said to it."""
    grade.auto_score, grade.manual_score, grade.extra_credit = 0, None, None
    grade.needs_manual_grade = False
    with suppress(MissingEntry):  # a test has no comment
        comment = book.find_comment(grade.name, grade.notebook.name, name, student)
        comment.manual_comment = None


def _generated(config: Config, name: str) -> dict[str, Any]:
    result: dict[str, Any] = NbGraderAPI(config=config).generate_assignment(name)
    return result
