"""Grade a class: run in parallel, judge in one place, go on where it was interrupted.

Learners' code runs in sandboxes that Dask workers keep (`pool`, `sandbox`). This process alone
holds the keys, judges, and writes to the gradebook.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from centralasia.checks import keys, perturb
from centralasia.errors import GET_MORE, UserError
from centralasia.files import write_whole
from centralasia.grading import intake, marks, pool, submission, verdicts
from centralasia.grading.book import Book, Refused
from centralasia.grading.intake import Unusable, Work
from centralasia.grading.limits import Limits
from centralasia.grading.report import Line
from centralasia.grading.results import Run
from centralasia.grading.ways import choose

if TYPE_CHECKING:
    from distributed import Client, Future
    from nbformat import NotebookNode

AHEAD = 3
"""Submissions in hand for each sandbox, so that none waits for the next."""

Told = Callable[[Line], None]


@dataclass(frozen=True)
class Grader:
    """What grading an exercise needs.

    Parameters
    ----------
    book : Book
    exercise : keys.Exercise
    limits : Limits
    how : str
        As `centralasia.grading.ways.choose` returns it.
    again : bool, default False
        Grade also what was graded before and has not changed.
    """

    book: Book
    exercise: keys.Exercise
    limits: Limits
    how: str
    again: bool = False

    @property
    def name(self) -> str:
        """The exercise's name."""
        return self.exercise.name

    def students(self) -> list[str]:
        """Return who has handed the exercise in."""
        return self.book.students("submitted", self.name)

    def done_before(self, work: Work, release: str) -> Line | None:
        """Return the line of work that was graded, and is the same since."""
        path = self.book.folder("autograded", self.name, work.student) / verdicts.FILE
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        same = (found.get("submission"), found.get("release")) == (work.digest, release)
        if self.again or not same or not self.book.has(self.name, work.student):
            return None
        return _line(work, "unchanged", found)

    def prepare(self, work: Work) -> tuple[NotebookNode, list[dict[str, Any]]]:
        """Return a submission as it is to be run, and the steps for a sandbox."""
        released = submission.release(self.name)
        tests = {q: released.cells[q]["source"] for q in self.exercise.questions}
        notebook = self.book.sanitized(self.name, work.student)
        return notebook, marks.plan(self.exercise, notebook.cells, tests)

    def finish(self, work: Work, release: str, notebook: NotebookNode, run: Run) -> Line:
        """Judge a run and enter the points; the record that makes a resumption skip it is last."""
        found, other = marks.judge(
            self.exercise, notebook.cells, run, work.student, perturb.default()
        )
        self.book.enter(self.name, work.student, notebook)
        case = self.exercise.case(work.student)
        record = {
            "case": list(case.same),
            "ended": run.end,
            "exercise": self.name,
            "findings": [{"kind": f.kind, "cell": f.cell, "text": str(f)} for f in work.findings],
            "other_id": other,
            "release": release,
            "seconds": round(run.seconds, 3),
            "student": work.student,
            "submission": work.digest,
            "verdicts": [verdict.plain() for verdict in found.values()],
        }
        folder = self.book.folder("autograded", self.name, work.student)
        text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
        write_whole(folder / verdicts.FILE, text.encode())
        return _line(work, "cut short" if run.end else "graded", record)

    def fail(self, student: str, *why: str) -> Line:
        """Enter no points for work that cannot be graded."""
        try:
            self.book.enter_nothing(self.name, student)
        except Exception as error:  # nor must that end the others' grading
            return Line(student, "put off", why=(*why, f"{type(error).__name__}: {error}"))
        worth = sum(a.points for a in self.exercise.questions.values() if a.kind != "argument")
        return Line(student, "failed", out_of=worth, why=why)


def _line(work: Work, state: str, record: dict[str, Any]) -> Line:
    """Return the report's line from the record of a submission."""
    by_hand = [v for v in record["verdicts"] if v["kind"] == "manual"]
    rest = [v for v in record["verdicts"] if v["kind"] != "manual"]
    why = [finding["text"] for finding in record["findings"]]
    if record["other_id"]:
        why.insert(0, f"The notebook gives another id: {record['other_id']}.")
    if record["ended"]:
        why.insert(0, f"The run ended early: {record['ended']}.")
    return Line(
        work.student,
        state,
        sum(v["points"] for v in rest),
        sum(v["out_of"] for v in rest),
        sum(v["out_of"] for v in by_hand),
        record["seconds"],
        tuple(why),
    )


def grade(grader: Grader, students: Sequence[str], client: Client, told: Told) -> list[Line]:
    """Grade an exercise of some students.

    Parameters
    ----------
    grader : Grader
    students : sequence of str
    client : distributed.Client
    told : callable
        Is given each line as it is known.

    Returns
    -------
    list of Line
        One for each student.
    """
    from distributed import as_completed

    lines: list[Line] = []

    def done(line: Line) -> None:
        lines.append(line)
        told(line)

    release, waiting = intake.release_digest(grader.name), iter(students)
    threads = max(1, sum(client.nthreads().values()))
    in_hand: dict[Future, tuple[Work, NotebookNode]] = {}
    ready = as_completed(with_results=False)
    for future, work, notebook in _started(grader, waiting, release, client, done):
        in_hand[future] = (work, notebook)
        ready.add(future)
        if len(in_hand) >= AHEAD * threads:
            _finish_one(grader, next(ready), in_hand, release, done)
    for future in ready:
        _finish_one(grader, future, in_hand, release, done)
    return lines


def _started(
    grader: Grader, students: Iterator[str], release: str, client: Client, done: Told
) -> Iterator[tuple[Future, Work, NotebookNode]]:
    """Yield what runs now; whoever needs no run or cannot have one is told at once."""
    for student in students:
        try:
            folder = grader.book.folder("submitted", grader.name, student)
            work = intake.look(folder, grader.name)
            before = grader.done_before(work, release)
            if before is not None:
                done(before)
                continue
            notebook, steps = grader.prepare(work)
        except Unusable as error:
            done(grader.fail(student, str(error)))
            continue
        except Refused as error:
            done(grader.fail(student, str(error), *map(str, work.findings)))
            continue
        except Exception as error:  # whatever a submission makes us stumble over, others go on
            done(Line(student, "put off", why=(f"{type(error).__name__}: {error}",)))
            continue
        data = perturb.default().name
        future = client.submit(
            pool.run, steps, grader.limits.plain(), grader.how, data, pure=False, retries=1
        )
        yield future, work, notebook


def _finish_one(grader: Grader, future: Future, in_hand: dict, release: str, done: Told) -> None:
    work, notebook = in_hand.pop(future)
    try:
        done(grader.finish(work, release, notebook, future.result()))
    except Refused as error:
        done(grader.fail(work.student, str(error)))
    except Exception as error:  # a worker that is gone must not end the others' grading
        done(Line(work.student, "put off", why=(f"{type(error).__name__}: {error}",)))
    finally:
        future.release()


def setup(
    exercise: str, root: Path, db: str | None = None, unsafe: bool = False, again: bool = False
) -> Grader:
    """Return what grading needs, with the exercise entered in the gradebook.

    Raises
    ------
    UserError
        If there is no safe way to run code here, or nbgrader refuses the exercise.
    """
    how = choose(unsafe)
    found = keys.load(exercise)
    book = Book(root, db)
    seconds = book.config.get("Execute", {}).get("timeout", Limits.cell_seconds)
    book.register(found.name)
    return Grader(book, found, Limits(cell_seconds=float(seconds)), how, again)


def connect(scheduler: str | None, workers: int | None) -> Client:
    """Return a Dask client: of a scheduler that runs, or of a cluster in this process.

    Raises
    ------
    UserError
        If there is no answer from the scheduler.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise UserError(f"Grading needs more packages. {GET_MORE}") from error
    if scheduler:
        try:
            return Client(scheduler, timeout=20)
        except OSError as error:
            raise UserError(f"No Dask scheduler answers at {scheduler}: {error}") from error
    # The work is done by the sandboxes; the threads of one worker only wait for them.
    threads = workers or os.cpu_count() or 1
    cluster = LocalCluster(
        n_workers=1, threads_per_worker=threads, processes=False, dashboard_address="127.0.0.1:0",
        memory_limit=None,
    )  # fmt: skip
    return Client(cluster)
