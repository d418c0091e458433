"""What was learned between two answers to the same twelve misconception items."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from centralasia import measures, progress, tables
from centralasia.errors import UserError

FEWEST = 5
"""In a smaller class a figure would show what single learners answered."""


def items() -> pd.DataFrame:
    """Return the twelve items: ``prompt``, ``lesson`` and the text ``right``, by ``item_id``."""
    rows = tables.load("items").query("kind == 'misconception'")
    options = tables.load("options")
    right = options[options["correct"].fillna(False).astype(bool)].set_index("item_id")["text"]
    return rows.set_index("item_id")[["prompt", "lesson"]].assign(right=right)


def own(answers: pd.DataFrame) -> pd.DataFrame:
    """Return how one learner answered the items before and after.

    The first answer on each occasion counts; what was said "before" once the answers had been
    shown does not.

    Parameters
    ----------
    answers : pandas.DataFrame
        As `progress.answers` gives it, or an export of it.

    Returns
    -------
    pandas.DataFrame
        By ``item_id`` the texts ``before`` and ``after``, missing where there is no answer.
    """
    ids = items().index
    answers = answers.sort_values("time", kind="stable")
    first = {}
    for kind in (progress.BEFORE, progress.AFTER):
        rows = answers[(answers["kind"] == kind) & answers["item"].isin(ids)]
        first[kind] = rows.drop_duplicates("item").set_index("item")
    before, after = first[progress.BEFORE], first[progress.AFTER]
    shown = after["time"].reindex(before.index)
    before = before[~(before["time"] > shown)]
    columns = {"before": before["answer"], "after": after["answer"]}
    return pd.DataFrame(columns, index=ids, dtype=object)


def score(said: pd.DataFrame) -> tuple[float, float, float]:
    """Return the shares right before and after, and the normalised gain.

    Parameters
    ----------
    said : pandas.DataFrame
        As `own` gives it; only items that were answered on both occasions count.

    Returns
    -------
    (float, float, float)
    """
    both = said.dropna()
    hits = both.eq(items()["right"].reindex(both.index), axis="index").mean()
    return hits["before"], hits["after"], measures.normalised_gain(hits["before"], hits["after"])


@dataclass(frozen=True)
class ClassGain:
    """What a class learned, without names.

    Parameters
    ----------
    learners : int
        Those who answered all items on both occasions; only they are counted.
    left_out : int
        Other files.
    before, after, gain : float
        Mean shares right, and the normalised gain of these means.
    items : pandas.DataFrame
        By ``item_id``: ``prompt``, ``lesson``, ``before`` and ``after`` (shares right), and
        ``still`` with the wrong answer that is most common after, if any.
    """

    learners: int
    left_out: int
    before: float
    after: float
    gain: float
    items: pd.DataFrame


def of_class(folder: str | Path) -> ClassGain:
    """Return what a class learned, from the records that learners exported and handed in.

    Parameters
    ----------
    folder : str or path
        Holds one ``.csv`` or ``.json`` a learner, from ``centralasia progress export``; the
        names of the files are not read.

    Returns
    -------
    ClassGain

    Raises
    ------
    UserError
        If a file is no such record, or fewer than `FEWEST` learners answered everything.
    """
    files = sorted(p for p in Path(folder).iterdir() if p.suffix.lower() in (".csv", ".json"))
    said = [own(_read(file)) for file in files]
    whole = [frame for frame in said if frame.notna().all(axis=None)]
    if len(whole) < FEWEST:
        raise UserError(
            f"{len(whole)} of {len(files)} records in {folder} hold all answers before and after. "
            f"A class report needs {FEWEST}: with fewer it would show what single learners said."
        )
    table = _table(whole)
    before, after = table["before"].mean(), table["after"].mean()
    gain = measures.normalised_gain(before, after)
    return ClassGain(len(whole), len(said) - len(whole), before, after, gain, table)


def _table(said: Iterable[pd.DataFrame]) -> pd.DataFrame:
    known = items()
    answers = pd.concat([frame.reset_index(names="item_id") for frame in said])
    right = answers["item_id"].map(known["right"])
    for occasion in ("before", "after"):
        known[occasion] = (answers[occasion] == right).groupby(answers["item_id"]).mean()
    wrong = answers[answers["after"] != right].groupby("item_id")["after"]
    still = wrong.agg(lambda texts: texts.value_counts().index[0]) if len(wrong) else pd.Series()
    return known.drop(columns="right").assign(still=still.reindex(known.index).fillna(""))


def _read(file: Path) -> pd.DataFrame:
    try:
        read = pd.read_csv if file.suffix.lower() == ".csv" else pd.read_json
        frame = read(file)
        frame["time"] = pd.to_datetime(frame["time"], utc=True)
        return frame[["time", "item", "kind", "answer"]]
    except (ValueError, KeyError) as error:
        raise UserError(
            f"{file} is no record of answers. Learners write one with: centralasia progress export"
        ) from error
