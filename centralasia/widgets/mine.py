"""What the learner has done so far, and how far their confidence can be trusted."""

from __future__ import annotations

from html import escape

import ipywidgets
import pandas as pd

from centralasia import measures, progress, style
from centralasia.widgets import ahead
from centralasia.widgets.base import CourseWidget

BANDS = {
    "a guess (under 45 %)": 0.0,
    "unsure (45 to 64 %)": 0.45,
    "fairly sure (65 to 84 %)": 0.65,
    "almost certain (85 % and more)": 0.85,
}
"""Lower edge of each band of confidence."""
ENOUGH = 10
"""Answers that a band needs before anything is said about it."""


class MyProgress(CourseWidget):
    """Show the learner's own record; see `my_progress`."""

    def __init__(self) -> None:
        answers = progress.answers(keep="first")
        state, scored = ahead.with_state(answers), answers.dropna(subset=["confidence", "correct"])
        if answers.empty:
            body = "<p>Nothing is stored yet. Your first saved prediction will appear here.</p>"
        else:
            body = _table(_done(state), "What you have done") + _calibration(scored)
        comes = ahead.what_next(state, ahead.lesson_of(answers))
        body += f"<p><strong>{escape(comes)}</strong></p>"
        place = f'<p class="ca-quiet">Kept in {progress.path()}, on this machine only.</p>'
        live = f'{style.sheet()}<div class="ca ca-panel">{body}{place}</div>'
        super().__init__(
            [ipywidgets.HTML(live)],
            '<p class="ca-kicker">My progress</p><p>Run this cell to see which predictions, claims '
            "and quiz questions you have answered, and how your confidence compares with how often "
            "you were right. The record stays on your own machine.</p>",
            "My progress: run this cell to see it",
        )


def _done(state: pd.DataFrame) -> pd.DataFrame:
    """Return, for each lesson, how much of it was answered."""
    sums = state.groupby(["lesson", "kind"])[["done", "right"]].sum()
    sums["n"] = state.groupby(["lesson", "kind"]).size()
    started = sums.groupby("lesson")["done"].transform("sum") > 0
    text = sums.apply(lambda row: f"{row.done} of {row.n}, {row.right} right", axis="columns")
    heads = {"prediction": "Predictions", "claim": "Claims judged", "quiz": "Quiz"}
    wide = text[started].unstack(fill_value="")
    return (
        wide.reindex(columns=list(heads), fill_value="").rename(columns=heads).rename_axis("Lesson")
    )


def _calibration(scored: pd.DataFrame) -> str:
    """Return the calibration table so far, in words where there is little to say."""
    if scored.empty:
        return (
            "<p>Nothing is scored yet: that takes a quiz answer, a verdict or a revealed one.</p>"
        )
    right = scored["correct"].astype(float)
    table = measures.calibration_table(scored["confidence"], right, bins=[*BANDS.values(), 1.0])
    shown = pd.DataFrame(
        {
            "Answers": table["n"],
            "Mean confidence": table["mean_probability"].map(_percent),
            "Right": table["share_true"].map(_percent),
            "In words": [_words(row) for row in table.itertuples()],
        }
    )
    shown.index = pd.Index(list(BANDS), name="You said you were")
    brier = measures.brier_score(scored["confidence"], right)
    return _table(shown, "How your confidence compares with being right") + (
        f"<p>Brier score {brier:.2f} over {len(scored)} answers: 0 is perfect, 0.25 is what "
        "saying 50 % to everything earns. Only the first answer to each question counts.</p>"
    )


def _percent(share: float) -> str:
    return "" if pd.isna(share) else f"{100 * share:.0f} %"


def _words(row: tuple) -> str:
    if row.n == 0:
        return "no answer yet"
    if row.n < ENOUGH:
        return f"too few to say; wait for {ENOUGH}"
    gap = row.mean_probability - row.share_true
    if abs(gap) <= 0.1:
        return "in line"
    return "surer than right" if gap > 0 else "right more often than you trusted"


def _table(frame: pd.DataFrame, caption: str) -> str:
    """Return a frame as an HTML table with a caption and headers for rows and columns."""
    head = "".join(f'<th scope="col">{name}</th>' for name in [frame.index.name, *frame.columns])
    rows = "".join(
        f'<tr><th scope="row">{label}</th>' + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>"
        for label, row in zip(frame.index, frame.to_numpy(), strict=True)
    )
    return (
        f'<div class="ca-scroll" tabindex="0" role="region" aria-label="{caption}"><table>'
        f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
        "</table></div>"
    )


def my_progress() -> MyProgress:
    """Show which items this learner has answered, and how well their confidence fits.

    Returns
    -------
    MyProgress
        A widget; without a kernel, what it is for. The record itself is `progress.answers`.
    """
    return MyProgress()
