"""Predict before the data is shown, and compare afterwards."""

from __future__ import annotations

from html import escape

import ipywidgets

from centralasia import progress, style
from centralasia.widgets.base import Ask, CourseWidget, item, option_list, store


class Prediction(CourseWidget):
    """Ask for a prediction; see `predict`."""

    def __init__(self, item_id: str) -> None:
        row, options = item(item_id, "prediction")
        self.item_id = item_id
        texts = options["text"].tolist()
        self.form = Ask(self._save)
        self.form.ask(row["prompt"], texts, kicker="Your prediction", button="Save my prediction")
        self._recall()
        super().__init__(
            [self.form],
            f'<p class="ca-kicker">Prediction {item_id}</p><p><strong>{escape(row["prompt"])}'
            f'</strong></p>{option_list(texts)}<p class="ca-quiet">Choose one before you read on, '
            "and say how sure you are. Run this cell to have your answer kept and scored.</p>",
            f"Prediction {item_id}: {row['prompt']}\n"
            + "\n".join(f"  {n}. {text}" for n, text in enumerate(texts, start=1)),
        )

    def _recall(self) -> None:
        """Show what this learner said before."""
        earlier = progress.answers(self.item_id, keep="last")
        shown = progress.revealed(self.item_id)
        if shown is not None:
            self.form.status = (
                f"The lesson has shown the answer: {shown}. What you say now is not scored."
            )
        if not earlier.empty and earlier["answer"].iloc[0] in self.form.options:
            said = earlier.iloc[0]
            self.form.choice = self.form.options.index(said["answer"])
            levels = self.form.levels
            self.form.level = min(
                range(len(levels)), key=lambda n: abs(levels[n] - 100 * said["confidence"])
            )
            if shown is None:
                self.form.status = "This is what you said before. Your first answer counts."

    def _save(self) -> None:
        form = self.form
        if form.choice is None:
            form.status = "Choose an answer first."
            return
        problem = store(
            self.item_id, "prediction", form.options[form.choice], form.confidence, None
        )
        counted = len(progress.answers(self.item_id, keep="all"))
        said = f"{form.options[form.choice]}, {form.levels[form.level]} % sure"
        if progress.revealed(self.item_id) is not None:
            form.status = (
                problem or f"Kept: {said}. The answer was shown before, so this is not scored."
            )
        elif counted > 1:
            form.status = (
                problem or f"Kept: {said}. The first answer that you gave is the one that counts."
            )
        else:
            form.status = problem or f"Kept: {said}. Read on."


class Reveal(CourseWidget):
    """Show the answer to a prediction; see `reveal`."""

    def __init__(self, item_id: str, answer: str | int) -> None:
        row, options = item(item_id, "prediction")
        text = _option_text(item_id, options["text"].tolist(), answer)
        explanation = row["explanation"] if isinstance(row["explanation"], str) else ""
        plain = (
            f'<p class="ca-kicker">Prediction {item_id}: the answer</p>'
            f"<p>{escape(row['prompt'])}</p>"
            f"<p><strong>{escape(text)}</strong></p>"
        )
        after = f"<p>{escape(explanation)}</p>" if explanation else ""
        live = f'<div class="ca ca-panel">{plain}{_comparison(item_id, text)}{after}</div>'
        super().__init__(
            [ipywidgets.HTML(style.sheet() + live)],
            plain + after,
            f"Prediction {item_id}: {row['prompt']}\nThe answer: {text}"
            + (f"\n{explanation}" if explanation else ""),
        )


def _option_text(item_id: str, texts: list[str], answer: str | int) -> str:
    if isinstance(answer, str) and answer in texts:
        return answer
    if not isinstance(answer, str) and 1 <= answer <= len(texts):
        return texts[int(answer) - 1]
    raise ValueError(
        f"{answer!r} is no option of {item_id}. Give its text, or its number from 1: "
        + "; ".join(f"{n} {text}" for n, text in enumerate(texts, start=1))
    )


def _comparison(item_id: str, truth: str) -> str:
    """Set the learner's first prediction beside the answer, and note that it was shown."""
    said = progress.answers(item_id, keep="first")
    if said.empty:
        return "<p>You made no prediction here. The next one is worth a guess.</p>"
    if progress.revealed(item_id) is None:
        store(item_id, "reveal", truth, None, None)
    first = said.iloc[0]
    hit = first["answer"] == truth
    sure = f"{100 * first['confidence']:.0f} %"
    return (
        f'<p class="{"ca-same" if hit else "ca-other"}"><strong>'
        f"{'✓ As you said' if hit else 'Not what you said'}.</strong> You said: "
        f"{escape(first['answer'])}, and were {sure} sure.</p>"
    )


def predict(item_id: str) -> Prediction:
    """Ask for a prediction and a confidence.

    What the learner saves is kept; the answer may be changed, and the first one counts.

    Parameters
    ----------
    item_id : str
        An item of kind prediction, for example ``"03-p1"``.

    Returns
    -------
    Prediction
        A widget; without a kernel, the question and its options.

    Raises
    ------
    KeyError
        If there is no such prediction.
    """
    return Prediction(item_id)


def reveal(item_id: str, answer: str | int) -> Reveal:
    """Show the answer to a prediction, beside what the learner had said.

    Parameters
    ----------
    item_id : str
        An item of kind prediction.
    answer : str or int
        The option that the lesson's data bears out: its text, or its number from 1.

    Returns
    -------
    Reveal
        A widget; without a kernel, the answer alone.

    Raises
    ------
    KeyError
        If there is no such prediction.
    ValueError
        If the answer is none of its options.
    """
    return Reveal(item_id, answer)
