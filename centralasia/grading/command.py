"""The command ``centralasia grade``: progress on the terminal, and where the reports lie."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from centralasia.errors import GET_MORE, UserError

UNSAFE = (
    "Warning: with --unsafe, learners' code runs with your rights. It can read and change what "
    "you can, this gradebook included, and use the network."
)


def run(options: argparse.Namespace) -> int:
    """Grade, and say what became of whom.

    Returns
    -------
    int
        0 if all was graded, else 1.
    """
    try:
        from centralasia.grading import grade, pool, report
    except ImportError as error:
        raise UserError(f"Grading needs more packages. {GET_MORE}") from error

    if options.unsafe:
        print(UNSAFE, file=sys.stderr)
    grader = grade.setup(
        options.exercise, options.dir, options.db, unsafe=options.unsafe, again=options.again
    )
    students = options.students or grader.students()
    if not students:
        pattern = grader.book.folder("submitted", grader.name, "ID")
        raise UserError(f"Nobody has handed in {grader.name}. Work is looked for in {pattern}")
    client = grade.connect(options.scheduler, options.workers)
    try:
        with _progress() as progress:
            task = progress.add_task(grader.name, total=len(students))
            lines = grade.grade(grader, students, client, lambda _: progress.advance(task))
    except KeyboardInterrupt:
        print("Stopped. What is graded stays; the same command goes on from there.")
        return 130
    finally:
        client.run(pool.close)
        cluster = client.cluster
        client.close()
        if cluster is not None:
            cluster.close()
    table, _ = report.write(grader.book.root / "reports" / grader.name, lines)
    print(report.text(sorted(lines, key=lambda line: line.student)), end="")
    print(f"The report: {table} and {table.with_suffix('.txt').name}")
    return int(any(line.state in ("failed", "put off") for line in lines))


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
