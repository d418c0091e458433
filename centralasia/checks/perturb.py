"""A copy of the data in which other things are true, so that a typed-in answer shows.

Totals grow and parts shrink, each row by a factor of its own; the five states change places in
memberships and initiatives, dimensions change places in claims and events, some rows go. The
copy fits the same description, so that every correct computation runs on it.

Each run of the grader draws a copy of its own, from a seed that nobody knows beforehand: a notebook
that has the answers for one copy typed in is wrong on the next. The copy of the seed `SEED` is for
checks on one's own machine.
"""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import platformdirs

from centralasia import course, tables
from centralasia.paths import data_dir

ENV = "CENTRALASIA_PERTURBED"
SEED = 20110915
PARTS, TOTALS, KEPT = (0.55, 0.95), (1.05, 1.4), 0.7

# Table: the column to change, and where a row says that it is a total.
AMOUNTS = {
    "aid": ("value", None),
    "arms": ("tiv_million", None),
    "customs": ("value_usd", None),
    "energy": ("value", None),
    "exercises": ("n_participants", None),
    "gas_flows": ("value_bcm", "importer"),
    "macro": ("value", None),
    "oil_routes": ("value_mt", "route"),
    "partner_shares": ("share_pct", None),
    "trade": ("value_usd", "partner"),
    "us_troops": ("troops", None),
    "visas": ("issued", None),
    "votes": ("value", None),
}
TOTAL_NAMES = ("WLD", "total")


def _turned(words: Iterable[str]) -> dict[str, str]:
    """Return for each word the next one, and for the last the first."""
    first, *others = words
    return dict(pairwise([first, *others, first]))


def _drawn(words: Iterable[str], rng: np.random.Generator) -> dict[str, str]:
    """Return for each word another one, each once: a derangement."""
    known = list(words)
    while True:
        order = [known[n] for n in rng.permutation(len(known))]
        if all(one != other for one, other in zip(known, order, strict=True)):
            return dict(zip(known, order, strict=True))


STATES, DIMENSIONS = _turned(course.states()), _turned(course.DIMENSIONS)
VERDICTS = {"came_partly_true": "failed", "failed": "came_partly_true"}
OUTCOMES = {"0.5": "0", "0": "0.5"}
RENAMED: dict[str, dict[str, str | dict[str, str]]] = {
    "memberships": {"country": "states"},
    "events": {"initiator": "states", "dimension": "dimensions"},
    "claims": {"dimension": "dimensions", "verdict": VERDICTS, "outcome": OUTCOMES},
}
THINNED = ("arms_deals", "events", "exercises")
MOVED = {"infrastructure": ("from_lat", "from_lon", "to_lat", "to_lon")}
_drawing = threading.Lock()


def copy(folder: Path, seed: int = SEED) -> Path:
    """Write a changed copy of the data package, always the same for a seed.

    Parameters
    ----------
    folder : pathlib.Path
        A new or empty folder.
    seed : int
        Not negative.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    original = data_dir()
    words = _words(seed)
    shutil.copytree(original, folder, dirs_exist_ok=True)
    for name in sorted({*AMOUNTS, *RENAMED, *THINNED, *MOVED} & set(tables.names())):
        path = folder / f"{name}.csv"
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        rng = np.random.default_rng([seed, *name.encode()])
        _change(frame, name, rng, words).to_csv(path, index=False, lineterminator="\n")
    return folder


def _words(seed: int) -> dict[str, dict[str, str]]:
    """Return which word stands for which in a copy: of states, and of dimensions."""
    if seed == SEED:
        return {"states": STATES, "dimensions": DIMENSIONS}
    rng = np.random.default_rng([seed])
    return {"states": _drawn(STATES, rng), "dimensions": _drawn(DIMENSIONS, rng)}


def _change(
    frame: pd.DataFrame, name: str, rng: np.random.Generator, words: Mapping[str, dict[str, str]]
) -> pd.DataFrame:
    if name in AMOUNTS:
        column, total = AMOUNTS[name]
        factor = rng.uniform(*PARTS, len(frame))
        if total:
            is_total = frame[total].isin(TOTAL_NAMES)
            factor = np.where(is_total, rng.uniform(*TOTALS, len(frame)), factor)
        frame[column] = _scaled(frame[column], factor, _is_whole(name, column))
    for column in MOVED.get(name, ()):
        shift = rng.uniform(-2, 2, len(frame))
        moved = pd.to_numeric(frame[column], errors="coerce") + shift
        frame[column] = moved.round(4).map("{:g}".format).where(frame[column] != "", "")
    for column, renamed in RENAMED.get(name, {}).items():
        frame[column] = frame[column].replace(
            words[renamed] if isinstance(renamed, str) else renamed
        )
    return frame[rng.random(len(frame)) < KEPT] if name in THINNED else frame


def _is_whole(name: str, column: str) -> bool:
    types = tables.describe(name).set_index("column")["type"]
    return bool(types[column] == "whole number")


def _scaled(column: pd.Series, factor: np.ndarray, whole: bool) -> pd.Series:
    """Return a column of numbers as text, each times its factor; an empty cell stays empty."""
    known = column != ""
    numbers = pd.to_numeric(column[known]) * factor[known]
    text = numbers.round().astype("int64").astype(str) if whole else numbers.map("{:.8g}".format)
    filled: pd.Series = text.reindex(column.index, fill_value="")
    return filled


def draw() -> int:
    """Return a seed that nobody knows beforehand."""
    return secrets.randbits(63)


def of_seed(seed: int) -> Path:
    """Return the changed copy of a seed, which goes away with this process.

    Parameters
    ----------
    seed : int
        `SEED` stands for `default`.
    """
    with _drawing:
        return _of_seed(seed)


@cache
def _of_seed(seed: int) -> Path:
    if seed == SEED:
        return default()
    folder = Path(tempfile.mkdtemp(prefix="centralasia-changed-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return copy(folder, seed)


def default() -> Path:
    """Return the changed copy of the data in use, made when it is first needed.

    Returns
    -------
    pathlib.Path
        The value of the environment variable ``CENTRALASIA_PERTURBED``, or a folder in the
        system's place for caches, named by the content of the data.
    """
    named = os.environ.get(ENV)
    if named:
        return Path(named)
    digest = sha256(Path(__file__).read_bytes())
    for path in sorted(data_dir().iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
    caches = Path(platformdirs.user_cache_dir("centralasia", appauthor=False))
    target = caches / f"perturbed-{digest.hexdigest()[:16]}"
    if not target.is_dir():
        caches.mkdir(parents=True, exist_ok=True)
        made = copy(Path(tempfile.mkdtemp(dir=caches)))
        try:
            made.rename(target)
        except OSError:  # another process was first
            shutil.rmtree(made)
    return target
