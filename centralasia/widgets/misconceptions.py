"""The same twelve questions before the first lesson and after the last, and what was gained."""

from __future__ import annotations

from html import escape
from typing import Literal

import ipywidgets
import pandas as pd

from centralasia import gains, progress, style, tables
from centralasia.widgets.base import Ask, CourseWidget, item, option_list, store
from centralasia.widgets.quiz import mark, page, plain, reply

KINDS = {"before": progress.BEFORE, "after": progress.AFTER}
TITLES = {"before": "Before you begin", "after": "Asked again"}
LATER = "The answers come after lesson 11, where the same twelve are asked again."
ONCE = "Both times only your first answer to each question counts."


class Misconceptions(CourseWidget):
    """Ask the twelve items one by one; see `misconceptions`."""

    def __init__(self, when: Literal["before", "after"]) -> None:
        if when not in KINDS:
            raise ValueError(f"The questions are asked 'before' or 'after', not {when!r}.")
        self.when = when
        ids = tables.load("items").query("kind == 'misconception'")["item_id"]
        self.questions = [item(item_id, "misconception") for item_id in sorted(ids)]
        done = set(progress.answers().query("kind == @KINDS[@when]")["item"])
        self._waiting = [
            n for n, (row, _) in enumerate(self.questions) if row["item_id"] not in done
        ]
        self.form = Ask(lambda: self._step())
        self._put()
        super().__init__([self.form], self._static(), plain(self.questions, TITLES[when]))

    def _put(self) -> None:
        """Show the first question that has no answer yet; after the last, what came of it."""
        if not self._waiting:
            self.form.ask(
                "All twelve are answered", [], kicker="", button="", status=self._closing()
            )
            return
        number = self._waiting[0]
        row, options = self.questions[number]
        self.form.ask(
            row["prompt"],
            options["text"].tolist(),
            kicker=f"Question {number + 1} of {len(self.questions)}",
            button="Keep my answer" if self.when == "before" else "Check my answer",
            status="",
        )
        self._step = self._keep

    def _keep(self) -> None:
        form = self.form
        if form.choice is None:
            form.status = "Choose an answer first. A guess is fine: say so with the slider."
            return
        row, options = self.questions[self._waiting[0]]
        chosen = options.iloc[form.choice]
        # Before, nothing is scored, or the record would give the answers away.
        hit = None if self.when == "before" else bool(chosen["correct"])
        problem = store(row["item_id"], KINDS[self.when], chosen["text"], form.confidence, hit)
        self._waiting.pop(0)
        form.locked = True
        if self.when == "before":
            form.status = problem or "Kept."
        else:
            form.marks = [mark(n, o, form.choice) for n, o in enumerate(options["correct"])]
            form.status = f"{reply(row, options, chosen)} {problem}".strip()
        form.button = "Next question" if self._waiting else "Finish"
        self._step = self._next

    def _next(self) -> None:
        self._put()
        self.form.focus_question()

    def _closing(self) -> str:
        if self.when == "before":
            return f"Thank you. {LATER}"
        return gain_line(gains.own(progress.answers(keep="all")))

    def _static(self) -> str:
        if self.when == "after":
            return f'{page(self.questions, TITLES["after"])}<p class="ca-quiet">{ONCE}</p>'
        rows = "".join(
            f"<li><p><strong>{escape(row['prompt'])}</strong></p>"
            f"{option_list(options['text'].tolist())}</li>"
            for row, options in self.questions
        )
        return (
            f'<p class="ca-kicker">{TITLES["before"]}: {len(self.questions)} questions</p>'
            f'<p>{LATER} {ONCE}</p><ol>{rows}</ol><p class="ca-quiet">Run this cell to have your '
            "answers kept; they stay on your machine.</p>"
        )


def gain_line(said: pd.DataFrame) -> str:
    """Return in words what a learner gained."""
    both = said.dropna()
    if both.empty:
        return "There is nothing to compare: the questions were not answered before lesson 00."
    n = len(both)
    before, after, gain = gains.score(said)
    line = f"Before you had {before * n:.0f} of {n} right, and now {after * n:.0f}."
    if pd.isna(gain):
        return f"{line} There was nothing left to gain."
    part = f"{abs(gain):.0%} of what was missing" if gain > 0 else "none of what was missing"
    return (
        f"{line} You have made up {part} (normalised gain {gain:.2f}). {n} questions are few: "
        "an answer more or less may be chance."
    )


class MyGain(CourseWidget):
    """Show what the learner gained; see `my_gain`."""

    def __init__(self) -> None:
        said = gains.own(progress.answers(keep="all"))
        asked = said["after"].notna()
        body = (
            f"<p>{escape(gain_line(said))}</p>" + _table(said[asked])
            if asked.any()
            else (f"<p>{LATER}</p>")
        )
        super().__init__(
            [ipywidgets.HTML(f'{style.sheet()}<div class="ca ca-panel">{body}</div>')],
            '<p class="ca-kicker">What I gained</p><p>Run this cell once you have answered the '
            "twelve questions again: it sets your answers before the first lesson beside those "
            "after the last. The record stays on your own machine.</p>",
            "What I gained: run this cell to see it",
        )


def _table(said: pd.DataFrame) -> str:
    """Return a table with a row for each item that was answered after the course."""
    known = gains.items()
    rows = []
    for item_id, row in said.iterrows():
        about = known.loc[item_id]
        cells = "".join(f"<td>{_sign(row[when], about['right'])}</td>" for when in KINDS)
        rows.append(
            f'<tr><th scope="row">{escape(about["prompt"])}</th>{cells}'
            f"<td>{about['lesson']}</td></tr>"
        )
    heads = "".join(f'<th scope="col">{h}</th>' for h in ("Question", "Before", "After", "Lesson"))
    caption = "Your answers to the twelve questions"
    return (
        f'<div class="ca-scroll" tabindex="0" role="region" aria-label="{caption}"><table>'
        f"<caption>{caption}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _sign(said: object, right: str) -> str:
    if not isinstance(said, str):
        return "no answer"
    return "✓ right" if said == right else f"✗ {escape(said)}"


def misconceptions(when: Literal["before", "after"]) -> Misconceptions:
    """Ask twelve questions, each built around a common misconception.

    The same twelve are asked before lesson 00, where no answer is given away, and after lesson
    11, where each is explained. The two records are kept apart, and `my_gain` compares them.

    Parameters
    ----------
    when : {"before", "after"}

    Returns
    -------
    Misconceptions
        A widget; without a kernel, the questions, and for "after" each answer folded away.

    Raises
    ------
    ValueError
        If `when` is neither.
    """
    return Misconceptions(when)


def my_gain() -> MyGain:
    """Show this learner's answers to the twelve questions before and after the course.

    Returns
    -------
    MyGain
        A widget with the normalised gain, see `centralasia.measures.normalised_gain`; without a
        kernel, what it is for.
    """
    return MyGain()
