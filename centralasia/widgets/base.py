"""What all widgets share: the form that asks, storing an answer, and reading without a kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
from traitlets import Dict, List, Unicode

from centralasia import progress, style, templates
from centralasia.controls import script
from centralasia.notebooks import WIDGET_VIEW
from centralasia.widgets import questions
from centralasia.widgets.spoken import words

SCRIPTS = ("answers", "file", "form", "ask", "table", "review", "record")
"""What asks, in the order in which the scripts need each other; the book loads them as well."""
FILE = Path(__file__).with_name("file.js")
"""The script that gives a reader a file and reads one, which other pages load too."""
STORE = "browser"
"""The script that keeps answers in a browser: in the book and in the browser edition."""
_FILES = [Path(__file__).with_name(f"{name}.js") for name in (*SCRIPTS, "kernel", "widget")]


class Ask(anywidget.AnyWidget):
    """A form in a notebook: its script asks, and Python keeps what was answered.

    ipywidgets' own radio buttons form no group and its slider has no name for a screen reader;
    neither can keep JupyterLab from taking the arrow keys. Hence a form of native controls.
    """

    _esm = script(*_FILES)
    _css = style.CSS + style.FORM_CSS

    words = Dict(help="What the page itself says, by name").tag(sync=True)
    question = Dict(help="What is asked, from `questions`").tag(sync=True)
    lines = List(Dict(), help="All answers so far, as the file has them").tag(sync=True)
    looking = Unicode(help="The claim whose chart is to be shown, if any").tag(sync=True)

    def __init__(self, question: dict[str, Any]) -> None:
        super().__init__(words=words(), question=question, lines=progress.lines())
        self.on_msg(lambda _widget, content, _buffers: self.receive(content))

    def receive(self, content: dict[str, Any]) -> None:
        """Take what the page sends, and reply under the same number; see `take`."""
        if (reply := take(content)) is not None:
            self.lines = progress.lines()
            self.send(reply)


def take(content: dict[str, Any]) -> dict[str, Any] | None:
    """Keep what a page sends, and return the reply to it.

    Parameters
    ----------
    content : dict
        ``record`` with answers to keep, or ``bring`` with the text of a file of answers.

    Returns
    -------
    dict or None
        The number of the message and what went wrong or what came; None for anything else, which
        changes nothing and which no page of ours sends.
    """
    reply: dict[str, Any] = {"number": content.get("number"), "problem": ""}
    try:
        if "record" in content:
            for line in content["record"]:
                progress.record(**line)
        elif "bring" in content:
            came = progress.bring_in(str(content["bring"]).encode())
            reply = {"number": content.get("number"), "new": came.new, "known": came.known}
            reply |= {"unread": came.unread, "newer": came.newer}
        else:
            return None
    except (progress.NotStored, progress.NoAnswers) as error:
        reply["problem"] = str(error)
    except (TypeError, ValueError):
        return None
    return reply


class CourseWidget(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A form that also reads as a page and as plain text where no kernel runs.

    The stored text is the same in every run and for every learner, so that a lesson's outputs
    can be compared; what the learner did is only in the live view. With it the output stores which
    question it is, so that the book can ask it as well.

    Parameters
    ----------
    reference : questions.Reference
    static_html, static_text : str
    more : sequence of ipywidgets.Widget
        What stands under the form.
    """

    def __init__(
        self,
        reference: questions.Reference,
        static_html: str,
        static_text: str,
        more: tuple[ipywidgets.Widget, ...] = (),
        **live: object,
    ) -> None:
        self.form = Ask(questions.question(reference) | live)
        super().__init__([self.form, *more])
        self._reference = reference
        self._static_html, self._static_text = static_html, static_text

    def __repr__(self) -> str:  # noqa: D105
        return self._static_text

    def _repr_mimebundle_(self, **_kwargs: object) -> dict[str, Any]:
        view = {"version_major": 2, "version_minor": 0, "model_id": self._model_id}
        panel = templates.render("widgets/templates/panel.html", content=self._static_html)
        return {
            WIDGET_VIEW: view,
            questions.MIME: self._reference,
            "text/html": style.sheet() + panel,
            "text/plain": self._static_text,
        }
