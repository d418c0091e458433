"""A few questions at the end of a lesson, each with a confidence and an answer that explains."""

from __future__ import annotations

from html import escape

import pandas as pd

from centralasia import cards, progress, tables
from centralasia.widgets import ahead
from centralasia.widgets.base import Ask, CourseWidget, item, store


class Quiz(CourseWidget):
    """Ask the questions of a lesson one by one; see `quiz`."""

    def __init__(self, lesson: str) -> None:
        number = self.lesson = cards.lesson_number(lesson)
        items = tables.load("items").query("kind == 'quiz' and lesson == @number")
        if items.empty:
            raise KeyError(f"Lesson {number} has no quiz.")
        self.questions = [item(item_id, "quiz") for item_id in items["item_id"].sort_values()]
        self.right: list[bool] = []
        self.sure: list[float] = []
        self.form = Ask(lambda: self._step())
        self._put()
        super().__init__([self.form], page(self.questions, "Quiz"), plain(self.questions, "Quiz"))

    def _put(self) -> None:
        """Show the first question that has no answer yet."""
        row, options = self.questions[len(self.right)]
        self.form.ask(
            row["prompt"],
            options["text"].tolist(),
            kicker=f"Question {len(self.right) + 1} of {len(self.questions)}",
            button="Check my answer",
            status="",
        )
        self._step = self._check

    def _check(self) -> None:
        form = self.form
        if form.choice is None:
            form.status = "Choose an answer first."
            return
        row, options = self.questions[len(self.right)]
        chosen = options.iloc[form.choice]
        hit = bool(chosen["correct"])
        problem = store(row["item_id"], "quiz", chosen["text"], form.confidence, hit)
        self.right.append(hit)
        self.sure.append(form.confidence)
        form.marks = [mark(n, o, form.choice) for n, o in enumerate(options["correct"])]
        form.locked = True
        form.status = f"{reply(row, options, chosen)} {problem}".strip()
        more = len(self.right) < len(self.questions)
        form.button = "Next question" if more else "See my score"
        self._step = self._next if more else self._score

    def _next(self) -> None:
        self._put()
        self.form.focus_question()

    def _score(self) -> None:
        """Show how many were right, beside how sure the learner was."""
        status = _verdict(len(self.right), sum(self.right), sum(self.sure))
        status += f" {ahead.what_next(ahead.with_state(progress.answers()), self.lesson)}"
        self.form.ask("Your score", [], kicker="", button="Try again", status=status)
        self.form.focus_question()
        self._step = self._again

    def _again(self) -> None:
        self.right, self.sure = [], []
        self._next()


def mark(position: int, correct: bool, choice: int) -> str:
    """Return the word after an option that was answered."""
    if correct:
        return "✓ right, and yours" if position == choice else "✓ right"
    return "✗ yours" if position == choice else ""


def reply(row: pd.Series, options: pd.DataFrame, chosen: pd.Series) -> str:
    """Return what to say to an answer, and after a wrong one what would have been right."""
    if chosen["correct"]:
        return f"✓ Right. {_feedback(row, chosen)}"
    right = options[options["correct"]].iloc[0]
    return (
        f"✗ Not right. {chosen['feedback']} "
        f"The right answer is “{right['text']}”. {_feedback(row, right)}"
    )


def _feedback(row: pd.Series, option: pd.Series) -> str:
    """Return the reply to an option; to the right one with the item's explanation, if any."""
    parts = [option["feedback"], row["explanation"] if option["correct"] else None]
    return " ".join(part for part in parts if isinstance(part, str))


def _verdict(n: int, hits: int, expected: float) -> str:
    """Return the score in words, with what the confidences promised."""
    score = f"{hits} of {n} right. As sure as you said you were, you expected {expected:.1f}"
    gap = expected - hits
    if abs(gap) < 1:
        return f"{score}: close to what you got. {n} answers are too few to say more."
    word = "surer than right" if gap > 0 else "right more often than you trusted"
    return (
        f"{score}: this time you were {word}. {n} answers are few. For all of yours, run "
        "widgets.my_progress() in a cell of its own."
    )


Questions = list[tuple[pd.Series, pd.DataFrame]]


def page(questions: Questions, title: str) -> str:
    """Return questions as a page, each answer folded away."""
    rows = []
    for row, options in questions:
        texts = "".join(f"<li>{escape(text)}</li>" for text in options["text"])
        answers = "".join(
            f"<li>{'<strong>Right.</strong>' if option['correct'] else 'Not right.'} "
            f"{escape(_feedback(row, option))}</li>"
            for _, option in options.iterrows()
        )
        rows.append(
            f'<li><p><strong>{escape(row["prompt"])}</strong></p><ol type="A">{texts}</ol>'
            f"<details><summary>Answer to question {len(rows) + 1}</summary>"
            f'<ol type="A">{answers}</ol></details></li>'
        )
    return f'<p class="ca-kicker">{title}: {len(rows)} questions</p><ol>{"".join(rows)}</ol>'


def plain(questions: Questions, title: str) -> str:
    """Return questions and their options as plain text."""
    lines = []
    for n, (row, options) in enumerate(questions, start=1):
        lines.append(f"{n}. {row['prompt']}")
        lines += [f"   {'ABCDEFGH'[k]}. {text}" for k, text in enumerate(options["text"])]
    return "\n".join([f"{title}: {len(questions)} questions", *lines])


def quiz(lesson: str) -> Quiz:
    """Ask the questions of a lesson, with feedback on each answer and a score at the end.

    Parameters
    ----------
    lesson : str
        The number or the name of a lesson: ``"03"`` or ``"03-russia-3-return"``.

    Returns
    -------
    Quiz
        A widget; without a kernel, the questions with each answer folded away.

    Raises
    ------
    KeyError
        If the lesson has no quiz.
    """
    return Quiz(lesson)
