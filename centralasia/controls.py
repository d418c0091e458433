"""The scripts of widgets' pages: each has a file of its own, and all share ``controls.js``."""

from __future__ import annotations

from pathlib import Path

_SHARED = Path(__file__).with_suffix(".js")


def script(*files: Path) -> str:
    """Return a widget's script with the shared controls before it.

    anywidget takes one module as text, and there is no build step; so the files are joined when
    they are read.

    Parameters
    ----------
    *files : pathlib.Path
        The widget's own scripts, each after those that it needs.
    """
    return "\n".join(path.read_text(encoding="utf-8") for path in (_SHARED, *files))
