"""Tables that are read once for a whole class, in the process that judges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from centralasia import tables
from centralasia.paths import data_dir


@contextmanager
def remembering() -> Iterator[None]:
    """Let ``tables.load`` read each table of each data folder once.

    A key works out a case from the tables as often as it likes, on the data and on the changed
    copy; most of its time would go into reading the same files. A frame is handed out as a lazy
    copy, so that nobody's changes reach the next.
    """
    read = tables.load
    kept: dict[tuple[Path, str], pd.DataFrame] = {}

    def load(name: str, columns: str | Iterable[str] | None = None) -> pd.DataFrame:
        if columns is not None:
            return read(name, columns)
        key = (data_dir(), name)
        if key not in kept:
            kept[key] = read(name)
        return kept[key].copy(deep=False)

    tables.load = load
    try:
        yield
    finally:
        tables.load = read
