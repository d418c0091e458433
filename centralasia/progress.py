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
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

import pandas as pd
import platformdirs

from centralasia import jsonl
from centralasia.errors import UserError
from centralasia.language import _, plural

VERSION = 1
"""Version of a line's layout; each line carries its own as ``v``."""
Occasion = Literal["misconception_before", "misconception_after"]
"""The answers to the twelve misconception items before the first lesson and after the last."""
BEFORE: Occasion = "misconception_before"
AFTER: Occasion = "misconception_after"
Kind = Literal["prediction", "claim_alone", "claim", "quiz", "reveal", "cell", Occasion]
"""What a line records. A claim is judged twice: ``claim_alone`` before any evidence and ``claim``
with it, which counts. ``reveal`` is the answer or the verdict that the learner was shown. ``cell``
is a cell of a table of the learner's own, which asks nothing and is no answer."""
LARGEST = 8_000_000
"""Bytes; no file of answers is larger."""
ENV = "CENTRALASIA_PROGRESS"

Line = dict[str, Any]
_COLUMNS = ("time", "item", "kind", "answer", "confidence", "correct")


@dataclass(frozen=True)
class Brought:
    """What came of bringing in answers from a file."""

    new: int
    known: int
    """Lines that were here already."""
    unread: int
    """Lines that could not be read; they were left out."""
    newer: int
    """Lines that a newer release of the course wrote; they were left out too."""


class NoAnswers(UserError):
    """A file is no file of answers; the message says what to bring instead."""


class NewerLine(ValueError):
    """A line was written by a newer release of the course."""


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
    kind: Kind,
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
        One of `Kind`.
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
        If the kind is unknown, the confidence is not a probability, or the answer cannot be
        written.
    """
    if kind not in get_args(Kind):
        raise ValueError(
            _("An answer is of kind {kinds}, not {kind!r}.").format(
                kinds=", ".join(get_args(Kind)), kind=kind
            )
        )
    if confidence is not None and not 0 <= confidence <= 1:
        raise ValueError(
            _("A confidence lies between 0 and 1 (70 % is 0.7), not {given!r}.").format(
                given=confidence
            )
        )
    line = {
        "v": VERSION,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "item": item,
        "kind": kind,
        "answer": answer,
        "confidence": None if confidence is None else round(float(confidence), 4),
        "correct": None if correct is None else bool(correct),
    }
    try:
        written = json.dumps(line, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:  # half of a pair, which no file takes
        raise ValueError(_("That has a broken letter in it.")) from None
    _append(written)


def _append(text: bytes) -> None:
    """Add whole lines to the file, all or none."""
    file = path()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        jsonl.append(file, text)
    except OSError as error:
        raise NotStored(_why(error, file)) from error


def lines() -> list[Line]:
    """Return all lines that can be read, reveals among them, in the order of their times.

    Lines of one second stay in the order of the file. The pages of the forms count by the same
    lines, see ``widgets/answers.js``.

    Warns
    -----
    UserWarning
        If a line cannot be read. It stays in the file.
    """
    return sorted(_lines(path()), key=_moment)


def bring_in(content: bytes) -> Brought:
    """Add the answers of another file, such as the one that the book gives, each of them once.

    Parameters
    ----------
    content : bytes
        A file of answers: of this computer's form, from the book or from the browser edition.

    Returns
    -------
    Brought

    Raises
    ------
    NoAnswers
        If the file is too large or no line of it is an answer.
    NotStored
        If the disk is full or the place cannot be written to; then nothing was added.
    """
    found, unread, newer = _of_file(content)
    here = {_identity(line) for line in _lines(path())}
    new: dict[tuple[object, ...], Line] = {}
    for line in found:
        if _identity(line) not in here:
            new.setdefault(_identity(line), line)
    if new:
        _append("".join(f"{json.dumps(x, ensure_ascii=False)}\n" for x in new.values()).encode())
    return Brought(len(new), len(found) - len(new), unread, newer)


def _of_file(content: bytes) -> tuple[list[Line], int, int]:
    """Return the answers of a file, and how many lines are none or of a newer release."""
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = content.decode("utf-16" if wide else "utf-8-sig", errors="replace")
    rows = [row for row in text.splitlines() if row.strip()] if len(content) <= LARGEST else []
    found, newer = [], 0
    for row in rows:
        try:
            found.append(_checked(json.loads(row)))
        except NewerLine:
            newer += 1
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
    if not found and newer:
        raise NoAnswers(
            _(
                "These answers are of a newer release of the course, and nothing was changed. "
                "Bring them in again once this one is brought up to date."
            )
        )
    if not found:
        raise NoAnswers(
            _(
                "This is no file of answers, and nothing was changed. Bring the file that “Take my "
                "answers along” gave you."
            )
        )
    return found, len(rows) - len(found) - newer, newer


def _moment(line: Line) -> datetime:
    moment = datetime.fromisoformat(line["time"])
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _identity(line: Line) -> tuple[object, ...]:
    """Return what makes a line the same in two files."""
    said = (line["item"], line["kind"], line["answer"], line.get("confidence"), line.get("correct"))
    return (_moment(line).timestamp(), *said)


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
        answer that its lesson revealed. A prediction or a verdict that was given after the answer
        was shown is left out.

    Warns
    -----
    UserWarning
        If a line cannot be read. It stays in the file.
    """
    frame = pd.DataFrame(lines(), columns=list(_COLUMNS))
    times = pd.to_datetime(frame["time"], utc=True, format="ISO8601")
    frame["time"] = times.astype("datetime64[s, UTC]")
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
    shown = [line["answer"] for line in lines() if _is_reveal(line, item)]
    return shown[0] if shown else None


def export(file: str | Path, *, replace: bool = False) -> Path:
    """Write all answers to a file of the learner's choice.

    Parameters
    ----------
    file : str or path
        The new file. ``.txt`` or ``.jsonl`` gives a copy that can be brought in elsewhere, with
        every line as it is; ``.csv`` or ``.json`` gives the answers for reading.
    replace : bool, default False
        Whether a file that is there may be replaced.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    UserError
        If the suffix is another, the file exists and may not be replaced, or it cannot be written.
    """
    target = Path(file)
    kind = target.suffix.lower()
    if kind not in {".csv", ".json", ".txt", ".jsonl"}:
        raise UserError(
            _("End the name in .txt, .csv or .json, so that {name!r} says what it is.").format(
                name=target.name
            )
        )
    if target.exists() and not replace:
        raise UserError(
            _("{file} exists and is left as it is. Choose another name.").format(file=target)
        )
    frame = answers(keep="all")
    try:
        if kind in {".txt", ".jsonl"}:
            target.write_bytes(path().read_bytes() if path().exists() else b"")
        elif kind == ".csv":
            frame.to_csv(target, index=False, lineterminator="\n")
        else:
            frame.to_json(target, orient="records", date_format="iso", indent=1, force_ascii=False)
    except OSError as error:
        raise UserError(
            _("{file} was not written: {why}.").format(file=target, why=error.strerror or error)
        ) from error
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
        raise UserError(
            _("{file} could not be deleted: {why}.").format(file=file, why=error.strerror or error)
        ) from error
    return True


def _lines(file: Path) -> Iterator[Line]:
    """Yield the readable lines, and warn once of those that are not."""
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        warnings.warn(
            _("Your answers in {file} cannot be read: {why}.").format(file=file, why=error),
            stacklevel=3,
        )
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
            plural(
                "One line of {file} cannot be read and was passed over ({lines}). It is kept; the "
                "other answers are whole.",
                "{n} lines of {file} cannot be read and were passed over ({lines}). They are kept; "
                "the other answers are whole.",
                len(damaged),
            ).format(n=len(damaged), file=file, lines=", ".join(damaged[:5])),
            stacklevel=3,
        )


def _checked(line: Line) -> Line:
    """Return a line whose parts have their types; raise if one has not."""
    if not isinstance(line, dict):
        raise TypeError("no answer")
    if type(line["v"]) is int and line["v"] > VERSION:
        raise NewerLine
    if line["v"] > VERSION or line["kind"] not in get_args(Kind):
        raise ValueError("no kind of answer")
    datetime.fromisoformat(line["time"])
    if not (isinstance(line["item"], str) and isinstance(line["answer"], str)):
        raise TypeError("no item or no answer")
    confidence, correct = line.get("confidence"), line.get("correct")
    if confidence is not None and not 0 <= confidence <= 1:
        raise ValueError("not a probability")
    if correct not in (None, True, False):
        raise ValueError("neither right nor wrong")
    return line


def _is_reveal(line: Line, item: str) -> bool:
    return bool(line["kind"] == "reveal" and line["item"] == item)


def _score(frame: pd.DataFrame) -> pd.DataFrame:
    """Score the predictions by what was shown; drop reveals, what was said after them, and cells.

    Verdicts carry their own score. The forms of the book count by the same rules.
    """
    reveals = frame[frame["kind"] == "reveal"].drop_duplicates("item")
    shown_at = pd.Series(reveals.index, index=reveals["item"])
    truth = reveals.set_index("item")["answer"]
    known = frame["item"].isin(truth.index)
    predicted = known & (frame["kind"] == "prediction")
    told = known & frame["kind"].isin(["prediction", "claim_alone", "claim"])
    late = told & (frame.index > frame["item"].map(shown_at))
    hit = frame["answer"] == frame["item"].map(truth)
    frame["correct"] = frame["correct"].mask(predicted, hit.astype("boolean"))
    return frame[~frame["kind"].isin(["reveal", "cell"]) & ~late]


def _why(error: OSError, file: Path) -> str:
    if error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", None)}:
        return _(
            "Your answer was not stored: there is no room left on the disk. Free some space and "
            "answer again."
        )
    return _(
        "Your answer was not stored: {file} cannot be written to ({why}). To keep your answers, "
        "set {variable} to a file in a folder of your own and restart the kernel."
    ).format(file=file, why=error.strerror or error, variable=ENV)
