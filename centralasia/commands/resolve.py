"""``centralasia resolve``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from centralasia.commands import Command
from centralasia.commands._parameters import PATH, force, write_new
from centralasia.language import _


@click.command(cls=Command, readers="teachers", help=_("Score the forecasts of a class."))
@click.argument(
    "forecasts", type=PATH, help=_("The folder of the learners' files, or one file of them all.")
)
@click.argument(
    "results", type=PATH, required=False, help=_("The sheet of outcomes, once you filled it in.")
)
@force
def resolve(forecasts: Path, results: Path | None, force: bool) -> int:
    """Write the sheet for outcomes, or the scores; 1 if a row could not be used."""
    from centralasia import own
    from centralasia.grading.judging.report import printable

    outcomes, scores = map(Path, own.MADE_HERE)
    made, faults = own.gather(forecasts)
    if results is None:
        write_new({outcomes: own.sheet(made)}, force=force)
        print(_("Enter 1, 0.5 or 0 in the column outcome when the day has come, and run:"))
        print(f"  centralasia resolve {forecasts} {outcomes}")
        return _said(faults)
    known, more = own.outcomes(results)
    resolved = own.resolve(made, known)
    write_new({scores: resolved.written()}, force=force)
    for table in (resolved.by_learner, resolved.by_question):
        named = table.round(3).rename(index=printable)
        print(f"\n{named.to_string(na_rep='–')}")
    if len(resolved.open):
        print("\n" + _("Not resolved yet:"))
        for row in resolved.open.sort_values("due").itertuples():
            print(printable(f"  {row.learner} {row.id}, {row.due:%Y-%m-%d}: {row.forecast}"))
    return _said([*faults, *more, *resolved.faults])


def _said(faults: list[str]) -> int:
    from centralasia.grading.judging.report import printable

    for fault in faults:
        print(printable(fault), file=sys.stderr)
    return int(bool(faults))
