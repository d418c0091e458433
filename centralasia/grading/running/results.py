"""What goes into a sandbox and what comes out, whichever kind it is.

The text that comes out was written by a process that ran a learner's code.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from centralasia.grading.running.limits import MAX_NESTED, MB, Limits, nested


class Way(StrEnum):
    """How learners' code is kept from everything else."""

    BUBBLEWRAP = "bubblewrap"
    CONTAINER = "container"
    PROCESS = "process"
    """Not at all: a plain process, for code that one trusts."""


HEADER = 16
"""A job is preceded by its length, in so many decimal digits."""
READY = b"ready"
"""What a warm process says once it is warm, and a server once it serves."""


@dataclass
class Run:
    """What came out of a sandbox.

    Parameters
    ----------
    frames : list of dict
        One a cell that ran, as the learner's process stated it: trusted in nothing.
    end : str
        Why it ended before its last cell; empty if it did not.
    seconds, cpu : float
    rss_kb : int
        The largest resident memory, most of it shared with the warm process.
    """

    frames: list[dict[str, Any]] = field(default_factory=list)
    end: str = ""
    seconds: float = 0.0
    cpu: float = 0.0
    rss_kb: int = 0


class SandboxError(Exception):
    """The sandbox itself failed; nobody's submission is to blame."""


class SandboxDown(SandboxError):
    """No sandbox comes up on this machine, so that trying again at once is of no use."""


def job(cells: Sequence[Mapping[str, Any]], limits: Limits) -> bytes:
    """Return the text of a job, with its length before it."""
    text = json.dumps({"cells": list(cells), "limits": limits.plain()}).encode()
    return b"%0*d" % (HEADER, len(text)) + text


def send(write: Callable[[bytes], object], text: bytes) -> None:
    """Send a job; one that stops reading has itself to blame."""
    try:
        write(text)
    except OSError:
        return


def receive(read: Callable[[int], bytes], most: int) -> tuple[bytes, str]:
    """Read until the other end closes, or there is too much.

    Parameters
    ----------
    read : callable
        Takes a number of bytes, and returns up to so many; none at the end.
    most : int

    Returns
    -------
    (bytes, str)
        What came, and why no more was read; empty if all was.
    """
    parts: list[bytes] = []
    size = 0
    try:
        while part := read(65536):
            size += len(part)
            if size > most:
                return b"".join(parts), f"it sent more than {most // MB} MB back"
            parts.append(part)
    except TimeoutError:
        return b"".join(parts), "it did not end in time"
    except ConnectionError:
        pass
    return b"".join(parts), ""


def frames(received: bytes) -> tuple[list[dict[str, Any]], str]:
    """Return the frames that can be read, and what is odd about the rest."""
    readable: list[dict[str, Any]] = []
    left = MAX_NESTED
    for line in received.split(b"\n"):
        if not line:
            continue
        left -= nested(line)
        if left < 0:
            return readable, f"it sent back more than {MAX_NESTED} lists and tables"
        try:
            frame = whole(json.loads(line))
        except (ValueError, RecursionError):
            return readable, "it sent back what is no JSON"
        if not isinstance(frame, dict):
            return readable, "it sent back what no notebook sends"
        if frame.get("done") is True:
            return readable, ""
        readable.append(frame)
    return readable, "its process ended by itself"


def outcome(received: bytes, cut: str, end: Mapping[str, Any], started: float) -> Run:
    """Return what came out of a sandbox as one record.

    Parameters
    ----------
    received : bytes
        What the learner's process sent.
    cut : str
        Why no more was read; empty if all was. It comes before what the other two say.
    end : mapping
        What the sandbox states of the process: ``end``, why it ended early, ``cpu`` and ``rss_kb``.
    started : float
        When it began, by `time.monotonic`.
    """
    readable, odd = frames(received)
    return Run(
        frames=readable,
        end=cut or end["end"] or odd,
        seconds=time.monotonic() - started,
        cpu=end["cpu"],
        rss_kb=end["rss_kb"],
    )


def whole(value: Any) -> Any:
    r"""Return JSON's values with no half characters in their texts, which no file can hold.

    Raises
    ------
    RecursionError
        If they are nested too deeply.

    Examples
    --------
    >>> whole({"text": ["a\ud800b"]})
    {'text': ['a?b']}
    """
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [whole(part) for part in value]
    if isinstance(value, dict):
        return {whole(name): whole(part) for name, part in value.items()}
    return value
