"""What the learner has done so far, and how far their confidence can be trusted."""

from __future__ import annotations

from centralasia.language import _
from centralasia.templates import render
from centralasia.widgets.base import CourseWidget


class MyProgress(CourseWidget):
    """Show the learner's own record; see `my_progress`."""

    def __init__(self) -> None:
        super().__init__(
            {"asks": "record"},
            render("widgets/templates/my-progress.html"),
            _("My progress: run this cell to see it"),
        )


def my_progress() -> MyProgress:
    """Show which items this learner has answered, and how well their confidence fits.

    Returns
    -------
    MyProgress
        A widget; without a kernel, what it is for. The record itself is `progress.answers`.
    """
    return MyProgress()
