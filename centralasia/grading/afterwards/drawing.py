"""Learners' charts as pictures, drawn in a process of their own that may take no more than so long.

A page of feedback has no script, so a chart on it has to be a picture. vl-convert draws it with
Vega, from a specification that a learner's code made: no address is loaded, no rows are made up,
and whatever takes too long or too much ends with its process.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from centralasia.pictures import VEGA_LITE

SECONDS, CPU_SECONDS = 90, 40
MOST_CHARTS, MOST_BYTES = 12, 2_000_000
"""Charts of a page that are drawn, and bytes of one picture that is kept."""
MAKES_ROWS = ("sequence", "graticule", "sphere", "url")
"""What in a chart's data comes from elsewhere, or from nothing but a number."""


def pictures(specs: Sequence[Any]) -> list[bytes | None]:
    """Return each chart as a PNG; None for one that is not drawn.

    Parameters
    ----------
    specs : sequence
        Vega-Lite specifications, trusted in nothing.
    """
    wanted = [spec for spec in specs[:MOST_CHARTS] if _is_plain(spec)]
    drawn = iter(_drawn(wanted) if wanted else [])
    found = [next(drawn, None) if _is_plain(spec) else None for spec in specs[:MOST_CHARTS]]
    return found + [None] * (len(specs) - len(found))


def _is_plain(spec: Any) -> bool:
    """Say whether a chart brings its rows with it."""
    waiting, seen = [spec], 0
    while waiting:
        part = waiting.pop()
        seen += 1
        if seen > 200_000:
            return False
        if isinstance(part, dict):
            if any(name in part for name in MAKES_ROWS):
                return False
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return isinstance(spec, dict)


def _drawn(specs: Sequence[dict[str, Any]]) -> list[bytes | None]:
    line = [sys.executable, "-m", __name__]
    try:
        run = subprocess.run(
            line, input=json.dumps(specs).encode(), capture_output=True, timeout=SECONDS
        )
    except (subprocess.TimeoutExpired, OSError, ValueError):
        return [None] * len(specs)
    found: list[bytes | None] = []
    for row in run.stdout.split(b"\n")[: len(specs)]:
        try:
            picture = base64.b64decode(row, validate=True)
        except ValueError:
            picture = b""
        found.append(picture if picture.startswith(b"\x89PNG") else None)
    return found + [None] * (len(specs) - len(found))


def main() -> None:
    """Draw what stands in the standard input; write a line a chart, empty for one that fails."""
    import vl_convert

    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    except ImportError:  # Windows; the time that the other process waits is bounded there too
        pass
    for spec in json.load(sys.stdin):
        try:
            picture = vl_convert.vegalite_to_png(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
        except Exception:  # whatever Vega stumbles over
            picture = b""
        kept = picture if len(picture) <= MOST_BYTES else b""
        print(base64.b64encode(kept).decode(), flush=True)


if __name__ == "__main__":
    main()
