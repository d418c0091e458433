"""What all widgets share: the form that asks, storing an answer, and reading without a kernel."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

import anywidget
import ipywidgets
import pandas as pd
from traitlets import Bool, Int, List, Unicode

from centralasia import progress, style, tables

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


class Ask(anywidget.AnyWidget):
    """One question with its options, a confidence, a button, and a line that is read out.

    ipywidgets' own radio buttons form no group and its slider has no name for a screen reader;
    neither can keep JupyterLab from taking the arrow keys. Hence this form of native controls.
    """

    _esm = (Path(__file__).parent / "ask.js").read_text(encoding="utf-8")
    _css = style.CSS + style.FORM_CSS

    prompt = Unicode(help="The question").tag(sync=True)
    kicker = Unicode(help="A small line above the question").tag(sync=True)
    options = List(Unicode()).tag(sync=True)
    choice = Int(None, allow_none=True, help="Position of the chosen option, from 0").tag(sync=True)
    marks = List(Unicode(), help="A word after each option, once answered").tag(sync=True)
    levels = List(Int(), help="Confidences to choose from, per cent; empty: not asked").tag(
        sync=True
    )
    level_words = List(Unicode(), help="What each level is called").tag(sync=True)
    level = Int(0, help="Position of the chosen confidence, from 0").tag(sync=True)
    button = Unicode("Save").tag(sync=True)
    status = Unicode(help="The line that is read out when it changes").tag(sync=True)
    locked = Bool(False).tag(sync=True)
    pages = List(Unicode(), help="Names of the questions, if one can move between them").tag(
        sync=True
    )
    page = Int(0).tag(sync=True)
    page_label = Unicode().tag(sync=True)

    def __init__(self, on_press: Callable[[], None], **traits: object) -> None:
        super().__init__(**traits)
        self._on_press = on_press
        self.on_msg(self._receive)

    @property
    def confidence(self) -> float | None:
        """The chosen confidence as a probability, or None where none is asked for."""
        return self.levels[self.level] / 100 if self.levels else None

    @confidence.setter
    def confidence(self, probability: float) -> None:
        self.level = self.levels.index(round(100 * probability))

    def ask(self, prompt: str, options: list[str], **traits: object) -> None:
        """Put a fresh question; without options, a plain message."""
        levels = confidence_levels(len(options)) if options else []
        with self.hold_sync():
            self.prompt, self.options = prompt, options
            self.choice, self.marks, self.locked = None, [], False
            self.levels, self.level_words, self.level = levels, [_words(n) for n in levels], 0
            for name, value in traits.items():
                setattr(self, name, value)

    def press(self) -> None:
        """Do what the button does."""
        with self.hold_sync():
            self._on_press()

    def focus_question(self) -> None:
        """Move the keyboard's focus to the question."""
        self.send({"focus": "question"})

    def _receive(self, _widget: object, content: dict, _buffers: object) -> None:
        if not content.get("press"):
            return
        choice, level = content.get("choice"), content.get("level")
        if isinstance(choice, int) and 0 <= choice < len(self.options):
            self.choice = choice
        if isinstance(level, int) and 0 <= level < len(self.levels):
            self.level = level
        self.press()
        self.send({"heard": True})


class CourseWidget(ipywidgets.VBox):
    """A widget that also reads as a page and as plain text where no kernel runs.

    The stored text is the same in every run and for every learner, so that a lesson's outputs
    can be compared; what the learner did is only in the live view.
    """

    def __init__(self, children: list, static_html: str, static_text: str) -> None:
        super().__init__(children)
        self._static_html, self._static_text = static_html, static_text

    def __repr__(self) -> str:  # noqa: D105
        return self._static_text

    def _repr_mimebundle_(self, **_kwargs: object) -> dict:
        view = {"version_major": 2, "version_minor": 0, "model_id": self._model_id}
        html = f'{style.sheet()}<div class="ca ca-panel">{self._static_html}</div>'
        return {WIDGET_VIEW: view, "text/html": html, "text/plain": self._static_text}


def confidence_levels(n_options: int) -> list[int]:
    """Return the confidences to choose from, in per cent, from chance to certainty.

    Examples
    --------
    >>> confidence_levels(4)
    [25, 30, 40, 50, 60, 70, 80, 90, 100]
    """
    chance = round(100 / n_options)
    return [chance, *(n for n in range(10, 101, 10) if n > chance)]


def _words(level: int) -> str:
    """Return a confidence as it is shown and read out."""
    steps = ((100, "certain"), (85, "almost certain"), (65, "fairly sure"), (45, "unsure"))
    word = next((word for least, word in steps if level >= least), "little more than a guess")
    return f"{level} %, {word}"


def store(item: str, kind: str, answer: str, confidence: float | None, correct: bool | None) -> str:
    """Write an answer down; return an empty text, or what to tell the learner if it failed."""
    try:
        progress.record(item, kind, answer, confidence, correct)
    except progress.NotStored as error:
        return str(error)
    return ""


def item(item_id: str, kind: str) -> tuple[pd.Series, pd.DataFrame]:
    """Return an item and its options in order.

    Raises
    ------
    KeyError
        If there is no such item of that kind; the message names those of the same lesson.
    """
    items = tables.load("items")
    items = items[items["kind"] == kind]
    found = items[items["item_id"] == item_id]
    if found.empty:
        near = items.loc[items["item_id"].str[:2] == item_id[:2], "item_id"]
        raise KeyError(f"There is no {kind} {item_id!r}. This lesson has: {', '.join(near)}.")
    options = tables.load("options")
    options = options[options["item_id"] == item_id].sort_values("position")
    return found.iloc[0], options.reset_index(drop=True)


def option_list(options: list[str]) -> str:
    """Return options as an HTML list; nothing if there are none."""
    if not options:
        return ""
    return "<ol>" + "".join(f"<li>{escape(option)}</li>" for option in options) + "</ol>"
