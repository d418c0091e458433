"""How much a submission may use when it runs, and how large it may be to be read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

MB = 2**20
MAX_BYTES = 20_000_000
MAX_CELLS, MAX_OUTPUTS, MAX_METADATA, MAX_TEXT = 1_000, 5_000, 100_000, 300_000
"""A notebook that is larger holds something other than answers.

Who grades parses, compares and validates it in one process, at a cost that grows faster than its
size. Metadata and texts are counted in characters, all cells together.
"""
MAX_NESTED = 150_000
"""Lists and objects in one JSON text. Each costs the grader about two kilobytes of memory and 35
microseconds, however few bytes it has; a chart of a large table has some thousands."""


@dataclass(frozen=True)
class Limits:
    """Bounds for one submission; what goes beyond ends, and the rest of the class goes on.

    Parameters
    ----------
    cell_seconds : float
        For one cell; it is then interrupted and the next one runs, as under nbgrader.
    wall_seconds, cpu_seconds : float
        For the whole notebook, both runs together; it is then killed.
    memory_mb : int
        Address space beyond that of the warm process it is forked from.
    disk_mb, files : int
        Of the private folder in memory, the only place that can be written to.
    threads : int
        No second process can be started at all.
    output_kb : int
        Kept of one cell's outputs.
    result_mb : int
        Of all that the submission sends back; beyond that nothing more is read.
    """

    cell_seconds: float = 60
    wall_seconds: float = 300
    cpu_seconds: float = 300
    memory_mb: int = 1024
    disk_mb: int = 64
    files: int = 2000
    threads: int = 32
    output_kb: int = 256
    result_mb: int = 24

    def plain(self) -> dict[str, Any]:
        """Return the limits as a mapping that goes through JSON."""
        return asdict(self)


def nested(text: bytes) -> int:
    """Return how many lists and objects a JSON text can hold at most, without parsing it.

    Examples
    --------
    >>> nested(b'{"a": [[], []]}')
    4
    """
    return text.count(b"{") + text.count(b"[")


def excess(cells: Sequence[dict[str, Any]]) -> tuple[str, str] | None:
    """Return what a notebook has too much of, and what to do; None if it can be read.

    Parameters
    ----------
    cells : sequence of dict
        Each with ``source`` as one text and ``metadata``.

    Returns
    -------
    (str, str) or None

    Examples
    --------
    >>> excess([{"source": "1 + 1", "metadata": {}}] * 1001)[0]
    'The notebook has 1001 cells; up to 1000 are read.'
    """
    outputs = [cell["outputs"] for cell in cells if isinstance(cell.get("outputs"), list)]
    counted = (
        (len(cells), MAX_CELLS, "cells", "Delete those that you do not need."),
        (sum(map(len, outputs)), MAX_OUTPUTS, "outputs", "Clear them, and save."),
        (
            sum(len(cell["source"]) for cell in cells),
            MAX_TEXT,
            "characters in its cells",
            "Take out what is no answer, such as data that were pasted.",
        ),
        (
            sum(len(json.dumps(cell["metadata"])) for cell in cells),
            MAX_METADATA,
            "characters of metadata",
            "Put your answers into a fresh copy of the exercise.",
        ),
    )
    for number, most, of, remedy in counted:
        if number > most:
            return f"The notebook has {number} {of}; up to {most} are read.", remedy
    return None
