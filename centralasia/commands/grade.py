"""``centralasia grade``."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from centralasia.commands import Command
from centralasia.commands._parameters import course_folder, gradebook, one_lesson
from centralasia.course import Lesson
from centralasia.errors import UserError
from centralasia.language import _

if TYPE_CHECKING:
    from rich.progress import Progress

    from centralasia.grading.judging.grade import Grader
    from centralasia.grading.running.workers import Workers

SCHEDULER = (
    "Whoever reaches the scheduler can run code on its workers and read the work that is graded; "
    "it asks for no password. Let nobody else reach it."
)
UNSAFE = (
    "Warning: with --unsafe, learners' code runs with your rights. It can read and change what "
    "you can, this gradebook included, and use the network."
)


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Let imports be quick: what they make stays, and the search would go through it all."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@click.command(
    cls=Command, readers="teachers", extra="teaching", help=_("Grade what was handed in.")
)
@one_lesson
@click.argument("students", nargs=-1, help=_("Ids; whoever has handed it in if left out."))
@course_folder
@gradebook
@click.option("--scheduler", metavar="ADDRESS", help=_("A Dask scheduler that runs."))
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help=_("Sandboxes at once; as many as processors if left out."),
)
@click.option("--again", is_flag=True, help=_("Grade also what is graded and unchanged."))
@click.option("--unsafe", is_flag=True, help=_("Use no sandbox: for code that you have read."))
@_no_search_for_garbage()
def grade(
    lesson: Lesson,
    students: tuple[str, ...],
    folder: Path,
    db: str | None,
    scheduler: str | None,
    workers: int | None,
    again: bool,
    unsafe: bool,
) -> int:
    """Grade, and say what became of whom; 1 if something could not be graded."""
    from centralasia.checks import perturb
    from centralasia.grading.running import pool, ways

    if unsafe:
        print(UNSAFE, file=sys.stderr)
    if scheduler:
        print(SCHEDULER, file=sys.stderr)
    way, seed = ways.choose(unsafe), perturb.draw()
    with closing(pool):
        if not scheduler:
            pool.begin(way, seed)  # first, for all that is imported below takes as long
        return _graded(lesson, students, folder, db, scheduler, workers, again, unsafe, seed)


def _graded(
    lesson: Lesson,
    students: tuple[str, ...],
    folder: Path,
    db: str | None,
    scheduler: str | None,
    workers: int | None,
    again: bool,
    unsafe: bool,
    seed: int,
) -> int:
    from centralasia.grading.judging import alike, grade, report
    from centralasia.grading.judging.silence import Silence
    from centralasia.grading.judging.verdicts import State
    from centralasia.grading.running.workers import connect

    sandboxes = connect(scheduler, workers)
    grader = None
    try:
        with _progress() as progress, Silence(partial(_say, progress)) as silence:
            silence.broken(lambda: _("the exercise to be entered in the gradebook"))
            grader = grade.setup(lesson.name, folder, db, unsafe, again, sandboxes, seed)
            chosen = students or grader.students()
            if not chosen:
                pattern = grader.book.folder("submitted", grader.name, "ID")
                raise UserError(
                    f"Nobody has handed in {grader.name}. Work is looked for in {pattern}"
                )
            task = progress.add_task(grader.name, total=len(chosen))

            def tell(_line: object) -> None:
                progress.advance(task)
                silence.broken()

            silence.broken(partial(_in_hand, grader, sandboxes))
            gc.freeze()
            gc.enable()
            lines = grader.grade(chosen, sandboxes, tell)
    except KeyboardInterrupt:
        print("Stopped. What is graded stays; the same command goes on from there.")
        return 130
    finally:
        if grader is not None:
            grader.settle()
        sandboxes.close()
    same = alike.groups(grader.prints)
    table, _text = report.write(grader.book.root / "reports" / grader.name, lines, same)
    print(report.text(sorted(lines, key=lambda line: line.student), same), end="")
    print(f"The report: {table} and {table.with_suffix('.txt').name}")
    return int(any(line.state in (State.FAILED, State.PUT_OFF) for line in lines))


def _say(progress: Progress, what: str) -> None:
    waiting = _("Still waiting for {what}.").format(what=what)
    progress.console.print(waiting, markup=False, highlight=False, soft_wrap=True)


def _in_hand(grader: Grader, workers: Workers) -> str:
    """Return what keeps the grader waiting."""
    from centralasia.grading.judging import report

    if not workers.sandboxes():
        return _("a worker: none is connected to the scheduler")
    running = sorted(grader.running.items(), key=lambda item: item[1])
    if not running:
        return _("the gradebook or the disk")
    student, since = running[0]
    return _("a sandbox: {n} submissions are in hand, {student} for {seconds} seconds").format(
        n=len(running), student=report.printable(student), seconds=round(time.monotonic() - since)
    )


def _progress() -> Progress:
    """Return a bar on the terminal that says how many submissions are done."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
