"""``centralasia doctor``."""

from __future__ import annotations

import click

from centralasia.commands import Command
from centralasia.language import _


@click.command(
    cls=Command, readers="learners", help=_("Look for what is wrong and say what to do.")
)
@click.option("--json", "as_json", is_flag=True, help=_("Print the findings as JSON."))
def doctor(as_json: bool) -> int:
    """Print what is wrong; 1 if something is."""
    from centralasia import doctor

    findings = doctor.examine()
    doctor.show(findings, as_json=as_json)
    return 0 if all(finding.ok for finding in findings) else 1
