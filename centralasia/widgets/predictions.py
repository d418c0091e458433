"""Predict before the data is shown, and compare afterwards."""

from __future__ import annotations

from centralasia import progress
from centralasia.language import _
from centralasia.templates import render
from centralasia.widgets import questions
from centralasia.widgets.base import CourseWidget


class Prediction(CourseWidget):
    """Ask for a prediction; see `predict`."""

    def __init__(self, item_id: str) -> None:
        row, options = questions.item_rows(item_id, "prediction")
        texts = options["text"].tolist()
        super().__init__(
            {"asks": "prediction", "item": item_id},
            render(
                "widgets/templates/prediction.html",
                heading=_heading(item_id),
                prompt=row["prompt"],
                options=texts,
            ),
            f"{_heading(item_id)}: {row['prompt']}\n"
            + "\n".join(f"  {n}. {text}" for n, text in enumerate(texts, start=1)),
        )


class Reveal(CourseWidget):
    """Show the answer to a prediction; see `reveal`."""

    def __init__(self, item_id: str, answer: str | int) -> None:
        row, options = questions.item_rows(item_id, "prediction")
        text = _option_text(item_id, options["text"].tolist(), answer)
        explanation = row["explanation"] if isinstance(row["explanation"], str) else ""
        if progress.revealed(item_id) is None:
            _note_shown(item_id, text)
        super().__init__(
            {"asks": "answer", "item": item_id, "answer": text},
            render(
                "widgets/templates/answer.html",
                item_id=item_id,
                prompt=row["prompt"],
                answer=text,
                explanation=explanation,
            ),
            f"{_heading(item_id)}: {row['prompt']}\n"
            + _("The answer: {answer}").format(answer=text)
            + (f"\n{explanation}" if explanation else ""),
            open=True,
        )


def _note_shown(item_id: str, answer: str) -> None:
    """Keep that the answer was shown, so that a prediction made later does not count."""
    try:
        progress.record(item_id, "reveal", answer)
    except progress.NotStored:
        return  # the answer is shown all the same, and the next form says what is wrong


def _heading(item_id: str) -> str:
    return _("Prediction {item}").format(item=item_id)


def _option_text(item_id: str, texts: list[str], answer: str | int) -> str:
    if isinstance(answer, str) and answer in texts:
        return answer
    if not isinstance(answer, str) and 1 <= answer <= len(texts):
        return texts[int(answer) - 1]
    raise ValueError(
        _(
            "{answer!r} is no option of {item}. Give its text, or its number from 1: {options}"
        ).format(
            answer=answer,
            item=item_id,
            options="; ".join(f"{n} {text}" for n, text in enumerate(texts, start=1)),
        )
    )


def predict(item_id: str) -> Prediction:
    """Ask for a prediction and a confidence.

    What the learner saves is kept; the answer may be changed, and the first one counts. One that
    is given after the answer was shown does not.

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
