"""What the learner predicted and answered: one file on the learner's own machine.

The file holds one JSON object a line and only ever grows: a line is written whole or not at
all, an answer that is given again adds a line, and a line that cannot be read is passed over
and left where it is. Nothing in it says who the learner is, and nothing leaves the machine.
"""

from __future__ import annotations

import errno
import json
import os
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pandas as pd
import platformdirs

from centralasia import jsonl
from centralasia.errors import UserError

VERSION = 1
"""Version of a line's layout; each line carries its own as ``v``."""
BEFORE, AFTER = "misconception_before", "misconception_after"
"""The answers to the twelve misconception items before lesson 00 and after lesson 11."""
KINDS = ("prediction", "claim", "quiz", "reveal", BEFORE, AFTER)
"""What a line records; ``reveal`` is the answer that a lesson showed for a prediction."""
ENV = "CENTRALASIA_PROGRESS"

_COLUMNS = ("time", "item", "kind", "answer", "confidence", "correct")


class NotStored(UserError):
    """An answer could not be written down; the message says why and what to do."""


def path() -> Path:
    """Return the file that keeps the answers; it need not exist yet.

    Returns
    -------
    pathlib.Path
        The value of the environment variable ``CENTRALASIA_PROGRESS``, or ``progress.jsonl`` in
        the system's folder for a user's data.
    """
    named = os.environ.get(ENV)
    if named:
        return Path(named).expanduser()
    return Path(platformdirs.user_data_dir("centralasia", appauthor=False)) / "progress.jsonl"


def record(
    item: str,
    kind: str,
    answer: str,
    confidence: float | None = None,
    correct: bool | None = None,
) -> None:
    """Add one answer to the file.

    Parameters
    ----------
    item : str
        A claim or an item, for example ``"RU-12"`` or ``"03-q1"``.
    kind : str
        One of `KINDS`.
    answer : str
        The answer as it was read: the text of an option, or a verdict.
    confidence : float, optional
        The probability, 0 to 1, that the learner gave to being right.
    correct : bool, optional
        Whether the answer is right; left out while that is not known.

    Raises
    ------
    NotStored
        If the disk is full or the place cannot be written to.
    ValueError
        If the kind is unknown or the confidence is not a probability.
    """
    if kind not in KINDS:
        raise ValueError(f"An answer is of kind {', '.join(KINDS)}, not {kind!r}.")
    if confidence is not None and not 0 <= confidence <= 1:
        raise ValueError(f"A confidence lies between 0 and 1 (70 % is 0.7), not {confidence!r}.")
    line = {
        "v": VERSION,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "item": item,
        "kind": kind,
        "answer": answer,
        "confidence": None if confidence is None else round(float(confidence), 4),
        "correct": None if correct is None else bool(correct),
    }
    file = path()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        jsonl.append(file, json.dumps(line, ensure_ascii=False).encode() + b"\n")
    except OSError as error:
        raise NotStored(_why(error, file)) from error


def answers(
    item: str | None = None, keep: Literal["last", "first", "all"] = "last"
) -> pd.DataFrame:
    """Return the answers that were stored, oldest first.

    Parameters
    ----------
    item : str, optional
        Only the answers to this item.
    keep : {"last", "first", "all"}, default "last"
        Which of several answers to the same item. The first one is what counts for calibration.

    Returns
    -------
    pandas.DataFrame
        Columns ``time`` (UTC), ``item``, ``kind``, ``answer``, ``confidence`` (0 to 1) and
        ``correct`` (missing where it is not known). A prediction counts as right if it is the
        answer that its lesson revealed; one made after that is left out.

    Warns
    -----
    UserWarning
        If a line cannot be read. It stays in the file.
    """
    frame = pd.DataFrame(list(_lines(path())), columns=list(_COLUMNS))
    frame["time"] = pd.to_datetime(frame["time"], utc=True).astype("datetime64[s, UTC]")
    frame["confidence"] = frame["confidence"].astype("float64")
    frame["correct"] = frame["correct"].astype("boolean")
    frame = _score(frame)
    if item is not None:
        frame = frame[frame["item"] == item]
    if keep != "all":
        frame = frame.drop_duplicates(["item", "kind"], keep=keep)
    return frame.reset_index(drop=True)


def revealed(item: str) -> str | None:
    """Return the answer to a prediction that a lesson has shown this learner, or None."""
    shown = [line["answer"] for line in _lines(path()) if _is_reveal(line, item)]
    return shown[0] if shown else None


def export(file: str | Path) -> Path:
    """Write all answers to a file of the learner's choice.

    Parameters
    ----------
    file : str or path
        The new file; its suffix, ``.csv`` or ``.json``, says how it is written.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    UserError
        If the suffix is another, the file exists, or it cannot be written.
    """
    target = Path(file)
    if target.suffix.lower() not in {".csv", ".json"}:
        raise UserError(f"End the name in .csv or .json, so that {target.name!r} says what it is.")
    if target.exists():
        raise UserError(f"{target} exists and is left as it is. Choose another name.")
    frame = answers(keep="all")
    try:
        if target.suffix.lower() == ".csv":
            frame.to_csv(target, index=False, lineterminator="\n")
        else:
            frame.to_json(target, orient="records", date_format="iso", indent=1, force_ascii=False)
    except OSError as error:
        raise UserError(f"{target} was not written: {error.strerror or error}.") from error
    return target


def erase() -> bool:
    """Delete every stored answer, for good and without asking.

    Returns
    -------
    bool
        Whether there was anything to delete.

    Raises
    ------
    UserError
        If the system does not let the file go.
    """
    file = path()
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise UserError(f"{file} could not be deleted: {error.strerror or error}.") from error
    return True


def _lines(file: Path) -> Iterator[dict]:
    """Yield the readable lines, and warn once of those that are not."""
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        warnings.warn(f"Your answers in {file} cannot be read: {error}.", stacklevel=3)
        return
    damaged = []
    for number, text in enumerate(raw.splitlines(), start=1):
        if not text.strip():
            continue
        try:
            yield _checked(json.loads(text))
        except (ValueError, TypeError, KeyError):
            damaged.append(str(number))
    if damaged:
        warnings.warn(
            f"{len(damaged)} line(s) of {file} cannot be read and were passed over "
            f"({', '.join(damaged[:5])}). They are kept; the other answers are whole.",
            stacklevel=3,
        )


def _checked(line: dict) -> dict:
    """Return a line whose parts have their types; raise if one has not."""
    if line["v"] > VERSION or line["kind"] not in KINDS:
        raise ValueError("written by a newer version of the course")
    datetime.fromisoformat(line["time"])
    if not (isinstance(line["item"], str) and isinstance(line["answer"], str)):
        raise TypeError("no item or no answer")
    confidence, correct = line.get("confidence"), line.get("correct")
    if confidence is not None and not 0 <= confidence <= 1:
        raise ValueError("not a probability")
    if correct not in (None, True, False):
        raise ValueError("neither right nor wrong")
    return line


def _is_reveal(line: dict, item: str) -> bool:
    return line["kind"] == "reveal" and line["item"] == item


def _score(frame: pd.DataFrame) -> pd.DataFrame:
    """Score the predictions by what was revealed, and drop the reveals and what came after."""
    reveals = frame[frame["kind"] == "reveal"].drop_duplicates("item")
    shown_at = pd.Series(reveals.index, index=reveals["item"])
    truth = reveals.set_index("item")["answer"]
    predicted = (frame["kind"] == "prediction") & frame["item"].isin(truth.index)
    late = predicted & (frame.index > frame["item"].map(shown_at))
    hit = frame["answer"] == frame["item"].map(truth)
    frame["correct"] = frame["correct"].mask(predicted, hit.astype("boolean"))
    return frame[(frame["kind"] != "reveal") & ~late]


def _why(error: OSError, file: Path) -> str:
    if error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", None)}:
        reason = "there is no room left on the disk. Free some space and answer again"
    else:
        reason = (
            f"{file} cannot be written to ({error.strerror or error}). To keep your answers, set "
            f"{ENV} to a file in a folder of your own and restart the kernel"
        )
    return f"Your answer was not stored: {reason}."
