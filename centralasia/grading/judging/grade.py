"""Grade a class: run in parallel, judge in one place, go on where it was interrupted.

Learners' code runs in sandboxes (`workers`, `pool`, `sandbox`). This process alone holds the keys,
judges, and writes to the gradebook. A submission goes one way: looked at, prepared, run, judged,
entered; what was found out about it is recorded last (`verdicts`).
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from centralasia.checks import keys, perturb
from centralasia.checks.cases import Case, Same
from centralasia.grading.handing_in import repair, submission
from centralasia.grading.handing_in.structure import Finding, FindingKind
from centralasia.grading.handing_in.submission import nbgrader_metadata
from centralasia.grading.judging import alike, asked, intake, markings, marks, report, verdicts
from centralasia.grading.judging.asked import Parts
from centralasia.grading.judging.book import Book, Given, RefusedByNbgrader
from centralasia.grading.judging.intake import Unclear, Unusable, Work
from centralasia.grading.judging.report import Line
from centralasia.grading.judging.verdicts import GRADED_IN, UNGRADED_IN, Record, State
from centralasia.grading.running import pool
from centralasia.grading.running.limits import Limits
from centralasia.grading.running.results import Run, SandboxDown, Way
from centralasia.grading.running.sandbox import START_SECONDS
from centralasia.grading.running.ways import choose
from centralasia.grading.running.workers import Workers

if TYPE_CHECKING:
    from nbformat import NotebookNode

AHEAD = 3
"""Submissions in hand for each sandbox, so that none waits for the next."""
DAMAGE = (
    FindingKind.MISSING,
    FindingKind.DUPLICATE,
    FindingKind.RETYPED,
    FindingKind.UNMARKED,
    FindingKind.INVALID,
    FindingKind.FOREIGN,
)
"""What is wrong with cells and would cost points; it is mended on a copy, and that is graded."""
MENDED = (
    "It was graded as centralasia check-submission --repair mends it: the released cells were put "
    "back, and of copies the first counts."
)

Tell = Callable[[Line], object]


@dataclass(frozen=True)
class Grader:
    """Grades the submissions of one exercise.

    Parameters
    ----------
    book : Book
    exercise : keys.Exercise
    limits : Limits
    way : Way
        As `centralasia.grading.running.ways.choose` returns it.
    again : bool, default False
        Grade also what was graded before and has not changed.
    seed : int
        Of the changed copy of the data; drawn anew if left out.
    """

    book: Book
    exercise: keys.Exercise
    limits: Limits
    way: Way
    again: bool = False
    seed: int = field(default_factory=perturb.draw)
    prints: dict[str, alike.Prints] = field(default_factory=dict)
    """Of all work that it has looked at, by student."""
    running: dict[str, float] = field(default_factory=dict)
    """Whose work is with a sandbox, and since when, by `time.monotonic`."""
    starting: list[Future[None]] = field(default_factory=list)
    """The sandboxes that were told to come up."""

    @cached_property
    def perturbed(self) -> Path:
        """The changed copy of the data, drawn for this run: nobody has typed in its answers."""
        return perturb.of_seed(self.seed)

    @cached_property
    def data(self) -> str:
        """The name by which a worker knows that it has the same data."""
        return perturb.default().name

    @property
    def name(self) -> str:
        """The exercise's name."""
        return self.exercise.name

    @cached_property
    def digest(self) -> str:
        """The digest of the exercise, its key and the data."""
        return intake.exercise_digest(self.name)

    @cached_property
    def parts(self) -> Parts:
        """What the teacher asks of the exercise."""
        return asked.of(self.book.root, self.name).parts

    @property
    def worth(self) -> tuple[int, int]:
        """The points that a program gives, and those that a person gives."""
        by_hand = sum(a.points for a in self.exercise.questions.values() if a.kind == "argument")
        return self.exercise.points - by_hand, by_hand

    @cached_property
    def classmates(self) -> dict[Same, tuple[Case, list[str]]]:
        """The cases of all who handed in, and who has each."""
        found: dict[Same, tuple[Case, list[str]]] = {}
        for student in self.students():
            case = self.exercise.case(student)
            found.setdefault(case.same, (case, []))[1].append(student)
        return found

    def start(self, workers: Workers) -> None:
        """Let the sandboxes come up while this process does something else.

        One that does not is found out when it is to run something.
        """
        for _ in range(workers.sandboxes()):
            self.starting.append(workers.submit(pool.start, self.way, self.data, self.seed))

    def settle(self) -> None:
        """Wait until no sandbox is half started: only one that stands can be ended."""
        wait(self.starting, START_SECONDS)
        self.starting.clear()

    def students(self) -> list[str]:
        """Return who has handed the exercise in."""
        return self.book.students("submitted", self.name)

    def grade(self, students: Iterable[str], workers: Workers, tell: Tell) -> list[Line]:
        """Grade the work of some students.

        Parameters
        ----------
        students : iterable of str
        workers : Workers
        tell : callable
            Is given each line as it is known.

        Returns
        -------
        list of Line
            One for each student.
        """
        return _Session(self, workers, tell).grade(students)

    def look(self, student: str) -> Work:
        """Look at what a student handed in; `intake.look` says what it raises."""
        folder = self.book.folder("submitted", self.name, student)
        work = intake.look(folder, self.name, self.parts.released)
        self.prints[student] = alike.prints(work.notebook, submission.released(self.name))
        return work

    def done_before(self, work: Work) -> Line | None:
        """Return the line of work that was graded, and is the same since; else None."""
        record = verdicts.read(self.book.folder(GRADED_IN, self.name, work.student))
        if self.again or record is None:
            return None
        if (record.submission, record.digest) != (work.digest, self.digest):
            return None
        if not self.book.has(self.name, work.student):
            return None
        return self._line(record, unchanged=True)

    def prepare(self, work: Work) -> tuple[NotebookNode, tuple[Finding, ...]]:
        """Return a submission as it is to be run, and what is wrong with it.

        Raises
        ------
        RefusedByNbgrader
            If nbgrader does not take it, mended or not.
        """
        released = submission.released(self.name)
        if any(finding.kind in DAMAGE for finding in work.findings):
            with suppress(RefusedByNbgrader):
                mended = repair.rebuild(copy.deepcopy(work.notebook), released)
                notebook = self.book.sanitized(self.name, work.student, mended)
                finding = Finding(FindingKind.MENDED, "", "It was damaged.", MENDED)
                return notebook, (*work.findings, finding)
        try:
            return self.book.sanitized(self.name, work.student, work.notebook), work.findings
        except RefusedByNbgrader as error:
            mended = repair.rebuild(work.notebook, released)
            notebook = self.book.sanitized(self.name, work.student, mended)
            finding = Finding(FindingKind.REFUSED, "", str(error), MENDED)
            return notebook, (*work.findings, finding)

    def steps(self, notebook: NotebookNode) -> list[dict[str, Any]]:
        """Return what a sandbox is to run of a submission."""
        released = submission.released(self.name)
        tests = {q: released.cells[q]["source"] for q in self.exercise.questions}
        return marks.plan(self.exercise, notebook.cells, tests)

    def finish(
        self, work: Work, notebook: NotebookNode, findings: tuple[Finding, ...], run: Run
    ) -> Line:
        """Judge a run, enter the points, and record both.

        The record is what makes a later run pass the submission over, so it goes before the points
        are touched and comes back after them. In between, a record says that it is put off: a disk
        that cannot be written to shows here, before anything has changed.
        """
        own = self.exercise.case(work.student).same
        others = [case for same, (case, _) in self.classmates.items() if same != own]
        judged = marks.judge(
            self.exercise, notebook.cells, run, work.student, self.perturbed, others
        )
        left = {nbgrader_metadata(cell).get("grade_id") for cell in notebook.cells}
        folder = self.book.folder(GRADED_IN, self.name, work.student)
        self.put_off(work.student, "Grading stopped while its points were entered.", strict=True)
        before = self._graded_texts(folder)
        verdicts.drop(folder)
        lost = set(self.exercise.questions) - left
        if self.parts is Parts.DATA:  # nobody waits for a mark that was not asked for
            lost |= {q for q, ask in self.exercise.questions.items() if ask.kind == "argument"}
        given = self._given(work.student, notebook, before, lost)
        self.book.enter(self.name, work.student, notebook, lost, given)
        record = Record(
            student=work.student,
            exercise=self.name,
            state=State.CUT_SHORT if run.end else State.GRADED,
            submission=work.digest,
            digest=self.digest,
            findings=findings,
            verdicts=tuple(judged.verdicts.values()),
            case=self.exercise.case(work.student).same,
            other_id=judged.other_id,
            neighbours=tuple(who for same in judged.fits for who in self.classmates[same][1]),
            lacking=marks.lacking(run),
            ended=run.end,
            seconds=round(run.seconds, 3),
        )
        verdicts.write(folder, record)
        verdicts.drop(self.book.folder(UNGRADED_IN, self.name, work.student))
        return self._line(record)

    def _graded_texts(self, folder: Path) -> dict[str, str]:
        """Return the text of each argument as it was graded before."""
        try:
            cells = submission.read(folder / f"{self.name}.ipynb")["cells"]
        except (OSError, submission.Unreadable):
            return {}
        return {str(nbgrader_metadata(c).get("grade_id")): c["source"] for c in cells}

    def _given(
        self, student: str, notebook: NotebookNode, before: dict[str, str], lost: set[str]
    ) -> dict[str, Given | None]:
        """Return what people gave for each argument, as `Book.enter` takes it."""
        asks = self.exercise.questions
        arguments = [q for q in asks.keys() - lost if asks[q].kind == "argument"]
        texts = {q: markings.text_of(notebook.cells, q) for q in arguments}
        released = submission.released(self.name).cells
        return {
            question: self._stands(student, text, before.get(question))
            for question, text in texts.items()
            if text is not None
            and markings.digest(text)
            not in map(markings.digest, ("", released[question]["source"]))
        }

    def _stands(self, student: str, text: str, before: str | None) -> Given | None:
        """Let what people gave for an argument stand if the text is the same, and only then."""
        folder = self.book.folder(markings.MARKED_IN, self.name, student)
        settled = markings.settle(markings.read(folder), text)
        if settled.marks:
            of = markings.rubric()
            return Given(markings.points(settled.marks, of), markings.comment(settled.marks, of))
        same = before is not None and markings.digest(before) == markings.digest(text)
        return None if same and not settled.differ else Given()

    def fail(self, student: str, findings: tuple[Finding, ...]) -> Line:
        """Enter no points for work that cannot be graded, and record why."""
        verdicts.drop(self.book.folder(GRADED_IN, self.name, student))
        self.book.enter_nothing(self.name, student)
        record = Record(student=student, exercise=self.name, state=State.FAILED, findings=findings)
        verdicts.write(self.book.folder(UNGRADED_IN, self.name, student), record)
        return self._line(record)

    def put_off(self, student: str, trouble: str, strict: bool = False) -> Line:
        """Leave a submission for a later run, with its points as they are, and record why.

        Parameters
        ----------
        student, trouble : str
            Whose work it is, and what keeps the grader from it.
        strict : bool, default False
            Raise if the record cannot be written, which may be the trouble itself.
        """
        record = Record(student=student, exercise=self.name, state=State.PUT_OFF, trouble=trouble)
        try:
            verdicts.write(self.book.folder(UNGRADED_IN, self.name, student), record)
        except OSError:
            if strict:
                raise
        return self._line(record)

    def _line(self, record: Record, unchanged: bool = False) -> Line:
        worth, by_hand = self.worth
        open_ = 0 if self.parts is Parts.DATA else by_hand
        return report.line(record, worth, open_, unchanged=unchanged)


class _Session:
    """One run of a grader over a class: what is in hand, and what is done.

    Nothing that happens to one submission ends the others' grading; only where no sandbox comes up
    at all, the rest is put off without trying.
    """

    def __init__(self, grader: Grader, workers: Workers, tell: Tell) -> None:
        self.grader, self.workers, self.tell = grader, workers, tell
        self.lines: list[Line] = []
        self.in_hand: dict[Future[Run], tuple[Work, NotebookNode, tuple[Finding, ...]]] = {}
        self.sandboxes = max(1, workers.sandboxes())
        self.down = 0
        """Sandboxes that did not come up since one last did."""
        self.trouble = ""
        """What keeps every sandbox from coming up."""

    def grade(self, students: Iterable[str]) -> list[Line]:
        """Grade, with a few submissions ahead of those that run."""
        _ = self.grader.perturbed  # before a sandbox asks for it
        for student in students:
            self._for_one(student, partial(self._begin, student))
            self._finish_down_to(AHEAD * self.sandboxes - 1)
        self._finish_down_to(0)
        return self.lines

    def _finish_down_to(self, most: int) -> None:
        """Judge what has run, until so many submissions are left in hand."""
        while len(self.in_hand) > most:
            for future in wait(self.in_hand, return_when=FIRST_COMPLETED).done:
                self._finish(future)

    def _for_one(self, student: str, work: Callable[[], Line | None]) -> None:
        """Do a step for one student, whatever happens in it; a line ends the way of their work."""
        try:
            try:
                line = work()
            except Unusable as error:
                line = self.grader.fail(student, error.findings)
            except RefusedByNbgrader as error:
                remedy = "Put your answers into a fresh copy of the exercise."
                finding = Finding(FindingKind.REFUSED, "", str(error), remedy)
                line = self.grader.fail(student, (finding,))
        except Unclear as error:
            line = self.grader.put_off(student, str(error))
        except Exception as error:  # a fault of this machine, or of ours
            line = self.grader.put_off(student, f"{type(error).__name__}: {error}")
        if line is not None:
            self.lines.append(line)
            self.tell(line)

    def _begin(self, student: str) -> Line | None:
        """Start a run; or return the line of work that needs none or can have none."""
        work = self.grader.look(student)
        before = self.grader.done_before(work)
        if before is not None:
            return before
        if self.trouble:
            return self.grader.put_off(student, self.trouble)
        notebook, findings = self.grader.prepare(work)
        steps, limits = self.grader.steps(notebook), self.grader.limits.plain()
        data, seed, way = self.grader.data, self.grader.seed, self.grader.way
        future = self.workers.submit(pool.run, steps, limits, way, data, seed)
        self.in_hand[future] = work, notebook, findings
        self.grader.running[student] = time.monotonic()
        return None

    def _finish(self, future: Future[Run]) -> None:
        work, notebook, findings = self.in_hand.pop(future)
        del self.grader.running[work.student]
        if future.cancelled():
            trouble = self.trouble or "The run was cancelled by the scheduler."
            self._for_one(work.student, partial(self.grader.put_off, work.student, trouble))
        else:
            self._for_one(work.student, partial(self._judge, future, work, notebook, findings))

    def _judge(
        self, future: Future[Run], work: Work, notebook: NotebookNode, findings: tuple[Finding, ...]
    ) -> Line:
        try:
            run = future.result()
        except SandboxDown as error:
            self._note_down(str(error))
            return self.grader.put_off(work.student, str(error))
        self.down = 0
        return self.grader.finish(work, notebook, findings, run)

    def _note_down(self, trouble: str) -> None:
        """Give up on sandboxes once as many failed to come up as there are."""
        self.down += 1
        if self.down >= self.sandboxes and not self.trouble:
            self.trouble = trouble
            for future in self.in_hand:
                future.cancel()


def setup(
    exercise: str,
    root: Path,
    db: str | None = None,
    unsafe: bool = False,
    again: bool = False,
    workers: Workers | None = None,
    seed: int | None = None,
) -> Grader:
    """Return a grader, with the exercise entered in the gradebook.

    Parameters
    ----------
    exercise : str
    root : pathlib.Path
        The course folder.
    db : str, optional
    unsafe, again : bool
    workers : Workers, optional
        Whose sandboxes come up meanwhile.
    seed : int, optional
        Of the changed copy of the data; drawn anew if left out.

    Raises
    ------
    UserError
        If there is no safe way to run code here, or nbgrader refuses the exercise.
    """
    way = choose(unsafe)
    loaded = keys.load(exercise)
    book = Book(root, db)
    seconds = book.config.get("Execute", {}).get("timeout", Limits.cell_seconds)
    limits = Limits(cell_seconds=float(seconds))
    seed = perturb.draw() if seed is None else seed
    grader = Grader(book, loaded, limits, way, again, seed)
    if workers is not None and grader.students():
        grader.start(workers)
    try:
        book.register(loaded.name)
    except BaseException:
        grader.settle()
        raise
    return grader
