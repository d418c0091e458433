"""What comes next for this learner: what is open in the lesson, and where to go from there."""

from __future__ import annotations

import pandas as pd

from centralasia import notebooks, tables
from centralasia.paths import notebooks_dir

ASKED = {
    "prediction": ("prediction", "predictions"),
    "claim": ("claim to judge", "claims to judge"),
    "quiz": ("quiz question", "quiz questions"),
}
"""What a lesson asks, with its name in singular and plural."""


def with_state(answers: pd.DataFrame) -> pd.DataFrame:
    """Return everything that the lessons ask, with what was answered and whether it was right.

    Parameters
    ----------
    answers : pandas.DataFrame
        From `progress.answers`.

    Returns
    -------
    pandas.DataFrame
        Columns ``item_id``, ``lesson``, ``kind``, ``done`` and ``right``.
    """
    items = tables.load("items")[["item_id", "lesson", "kind"]]
    claims = tables.load("claims")[["claim_id", "lesson"]].assign(kind="claim")
    everything = pd.concat([items, claims.rename(columns={"claim_id": "item_id"})])
    everything["kind"] = everything["kind"].astype(str)
    answered = answers.rename(columns={"item": "item_id"})[["item_id", "kind", "correct"]]
    both = everything.merge(answered, on=["item_id", "kind"], how="left", indicator=True)
    both["done"] = both["_merge"] == "both"
    both["right"] = both["correct"].fillna(False).astype(bool)
    return both[both["kind"].isin(ASKED)].drop(columns=["correct", "_merge"])


def lesson_of(answers: pd.DataFrame) -> str:
    """Return the number of the lesson that the learner is in: that of the newest answer.

    Claims do not count, for one lesson may ask for a claim of another.
    """
    own = answers.loc[answers["kind"].isin(["prediction", "quiz"]), "item"]
    return own.iloc[-1][:2] if len(own) else "00"


def what_next(state: pd.DataFrame, number: str) -> str:
    """Say what is open in a lesson and what comes after it.

    Parameters
    ----------
    state : pandas.DataFrame
        From `with_state`.
    number : str
        The lesson's two digits.
    """
    left = state[(state["lesson"] == number) & ~state["done"]]["kind"].value_counts().to_dict()
    parts = [f"{left[kind]} {ASKED[kind][left[kind] > 1]}" for kind in ASKED if kind in left]
    said = f"Lesson {number} is done."
    if parts:
        said = f"Still open in lesson {number}: {_joined(parts)}."
    later = [f for f in sorted(notebooks_dir().glob("[0-9][0-9]-*.ipynb")) if f.stem[:2] > number]
    after = f"{'After that' if parts else 'Next'}: exercise {number} in the folder exercises"
    if not later:
        return f"{said} {after}, and the course is done."
    title = notebooks.about(later[0])["title"]
    return f"{said} {after}, then lesson {later[0].stem[:2]}, “{title}”."


def _joined(parts: list[str]) -> str:
    *rest, last = parts
    return f"{', '.join(rest)} and {last}" if rest else last
