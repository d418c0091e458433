"""A task for markers: mark three sample arguments, and compare with the key.

Whoever marks a class's arguments first marks the weak, the sound and the strong sample of the
exercise, without knowing which is which. Cohen's kappa says how far marker and key agree beyond
chance; the reasons of the key say why they differ.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pandas as pd

from centralasia import spreadsheets
from centralasia.checks import keys
from centralasia.checks.learner import criteria
from centralasia.errors import UserError
from centralasia.measures import cohens_kappa

SAMPLES = ("weak", "sound", "strong")


def samples(exercise: str) -> dict[str, tuple[str, str]]:
    """Return the sample arguments of an exercise under the letters that a marker sees.

    Parameters
    ----------
    exercise : str
        Number or name.

    Returns
    -------
    dict of str to (str, str)
        From A, B, C to the sample's name and text, in an order that differs by exercise.
    """
    name = keys.load(exercise).name
    order = sorted(SAMPLES, key=lambda sample: sha256(f"{name} {sample}".encode()).digest())
    folder = keys.solutions_dir() / name / "samples"
    texts = [(sample, (folder / f"{sample}.md").read_text(encoding="utf-8")) for sample in order]
    return dict(zip("ABC", texts, strict=True))


def key(exercise: str) -> pd.DataFrame:
    """Return the key: ``sample``, ``criterion``, ``level`` (0 to 3) and ``reason``."""
    path = keys.solutions_dir() / keys.load(exercise).name / "samples" / "levels.csv"
    return pd.read_csv(path)


def sheet(exercise: str) -> tuple[str, str]:
    """Return what a marker gets.

    Parameters
    ----------
    exercise : str

    Returns
    -------
    (str, str)
        The three arguments as Markdown, and a CSV with the columns ``argument``, ``criterion``
        and an empty ``level``.
    """
    shown = samples(exercise)
    text = "\n\n".join(
        f"## Argument {letter}\n\n{body.strip()}" for letter, (_, body) in shown.items()
    )
    names = list(dict.fromkeys(row["criterion"] for row in criteria()))
    rows = [[letter, name, ""] for letter in shown for name in names]
    sheet = spreadsheets.written([["argument", "criterion", "level"], *rows])
    return f"# Calibration, exercise {keys.load(exercise).name}\n\n{text}\n", sheet


def compare(exercise: str, marks: str | Path) -> tuple[float, pd.DataFrame]:
    """Return how far a marker agrees with the key.

    Parameters
    ----------
    exercise : str
    marks : str or path
        The filled-in sheet.

    Returns
    -------
    (float, pandas.DataFrame)
        Cohen's kappa over the levels of all arguments and criteria, and the rows on which the
        two differ, with ``argument``, ``criterion``, ``yours``, ``key`` and ``reason``.

    Raises
    ------
    UserError
        If the sheet has other rows, or a level is not 0, 1, 2 or 3.
    """
    columns = ["argument", "criterion", "level"]
    found = pd.DataFrame(spreadsheets.read(Path(marks), columns), columns=columns, dtype=object)
    found["level"] = found["level"].map(_level)
    letters = {sample: letter for letter, (sample, _) in samples(exercise).items()}
    wanted = key(exercise).assign(argument=lambda frame: frame["sample"].map(letters))
    odd = found[~found["level"].isin(list("0123"))]
    if not odd.empty:
        first = odd.iloc[0]
        raise UserError(
            f"{marks}: argument {first['argument']}, {first['criterion']}, has the level "
            f"{first['level']!r}. Levels are 0, 1, 2 and 3."
        )
    both = wanted.merge(found, on=["argument", "criterion"], suffixes=("_key", ""))
    if not len(both) == len(wanted) == len(found):
        raise UserError(f"{marks} must have one row for each argument and criterion.")
    both = both.assign(yours=both["level"].astype(int), key=both["level_key"])
    differ = both[both["yours"] != both["key"]].sort_values(["argument", "criterion"])
    kappa = cohens_kappa(both["yours"], both["key"])
    return kappa, differ[["argument", "criterion", "yours", "key", "reason"]]


def _level(cell: str) -> str:
    """Return a level as it stands in the key; a program may make 2 into 2.0 or 2,0."""
    try:
        return f"{spreadsheets.number(cell):g}"
    except ValueError:
        return cell
