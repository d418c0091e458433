"""How long each lesson takes to run, as a multiple of a notebook that shows one chart.

    python benchmarks/lessons.py [--rounds 3] [--json FILE]

The empty notebook imports pandas and altair and shows a chart of three rows. In each round it
and every lesson run once, one after the other, in a kernel of their own; a ratio is that of the
medians of all rounds, so a busy machine slows both sides. Processor time, of the kernel and of
what drives it, says more than the clock where others use the machine; Windows does not tell it.
It exits with 1 if a lesson takes more than twice the time of the empty notebook.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from centralasia import course

MOST = 2.0
"""The largest ratio, by the clock, that a lesson may have."""
EMPTY = """\
import altair as alt
import pandas as pd

alt.renderers.enable("mimetype")
alt.Chart(pd.DataFrame({"x": [1, 2, 3], "y": [2, 1, 3]})).mark_bar().encode(x="x:O", y="y:Q")
"""


def seconds(notebook: nbformat.NotebookNode) -> tuple[float, float]:
    """Return wall and processor time from the start of a kernel to its end."""
    started, before = time.perf_counter(), sum(os.times()[:4])
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": "."}}).execute()
    return time.perf_counter() - started, sum(os.times()[:4]) - before


def main() -> None:
    """Run all rounds, print the table, and say by the exit code whether all keep to `MOST`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    empty = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(EMPTY)])
    files = [lesson.file for lesson in course.lessons()]
    books = {"empty": empty} | {file.stem: nbformat.read(file, as_version=4) for file in files}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CENTRALASIA_PROGRESS"] = str(Path(folder) / "progress.jsonl")
        times = {name: [] for name in books}
        for _ in range(asked.rounds):
            for name, book in books.items():
                times[name].append(seconds(book))
    medians = {
        name: [statistics.median(each) for each in zip(*found, strict=True)]
        for name, found in times.items()
    }
    wall, processor = medians["empty"]
    print(f"{'notebook':32}{'seconds':>8}{'ratio':>7}{'processor':>11}{'ratio':>7}")
    for name, (took, used) in medians.items():
        shares = f"{took / wall:7.2f}{used:11.2f}{used / processor:7.2f}" if processor else ""
        print(f"{name:32}{took:8.2f}{shares or f'{took / wall:7.2f}'}")
    if asked.json:
        asked.json.write_text(json.dumps(times, indent=1), encoding="utf-8")
    raise SystemExit(int(any(took > MOST * wall for took, _ in medians.values())))


if __name__ == "__main__":
    main()
