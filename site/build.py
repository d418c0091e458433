"""Builds the book and the browser edition: what ``centralasia site`` runs."""

from __future__ import annotations

import argparse
import functools
import http.server
import sys
import time
from pathlib import Path

import sources
from book import build as book
from lite import app as lite

ROOT = sources.SITE.parent


def main(argv: list[str] | None = None) -> int:
    """Build what is asked for, say how large it is, and serve it if wished."""
    parser = argparse.ArgumentParser(prog="centralasia site", description=__doc__)
    parser.add_argument("part", nargs="?", choices=("all", "book", "lite"), default="all")
    parser.add_argument("--out", type=Path, default=sources.SITE / "_site", help="the folder")
    parser.add_argument("--pyodide", help="the official archive of the release, a path or address")
    parser.add_argument("--serve", type=int, metavar="PORT", help="show the pages on this port")
    options = parser.parse_args(argv)
    began = time.monotonic()
    if options.part != "lite":
        print("The book", flush=True)
        book.build(ROOT, options.out)
    if options.part != "book":
        print("The browser edition", flush=True)
        lite.build(ROOT, options.out / "lite", options.pyodide)
    files = [path for path in options.out.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    print(f"{len(files)} files, {size:.0f} MB, {time.monotonic() - began:.0f} s: {options.out}")
    if options.serve:
        serve(options.out, options.serve)
    return 0


def serve(folder: Path, port: int) -> None:
    """Show the pages on this machine until Ctrl-C; Python in the browser needs a server."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        print(f"http://127.0.0.1:{port}/ (to stop, press Ctrl-C)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    sys.exit(main())
