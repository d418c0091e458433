"""Builds the book and the browser edition: what ``centralasia site`` runs."""

from __future__ import annotations

import functools
import http.server
import time
from pathlib import Path
from typing import Literal

from centralasia.errors import UserError
from centralasia.site import offline, sources
from centralasia.site.book import build as book
from centralasia.site.lite import app as lite

Part = Literal["all", "book", "lite"]


MARK = ".centralasia-site"
"""The file by which a build knows its own folder again."""


def run(part: Part = "all", out: Path | None = None, pyodide: str | None = None) -> Path:
    """Build what is asked for, and say how large it is.

    Parameters
    ----------
    part : {"all", "book", "lite"}
    out : pathlib.Path, optional
        The folder; ``site/_site`` of the checkout if left out.
    pyodide : str, optional
        See `sources.pyodide`.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    UserError
        If something cannot be fetched, is not as pinned, or cannot be built, or if the folder
        holds what no build has put there: a build clears its folder.
    """
    target = out or sources.PINS / "_site"
    if out and out.is_dir() and any(out.iterdir()) and not (out / MARK).exists():
        raise UserError(f"{out} holds other files and is left as it is. Name an empty folder.")
    began = time.monotonic()
    if part != "lite":
        print("The book", flush=True)
        book.build(target)
    if part != "book":
        print("The browser edition", flush=True)
        lite.build(target / "lite", pyodide)
    if (target / "index.html").exists():
        offline.write(target)
    (target / MARK).touch()
    files = [path for path in target.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    print(f"{len(files)} files, {size:.0f} MB, {time.monotonic() - began:.0f} s: {target}")
    return target


def serve(folder: Path, port: int) -> None:
    """Show the pages on this machine until Ctrl-C; Python in the browser needs a server."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        print(f"http://127.0.0.1:{port}/ (to stop, press Ctrl-C)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
