"""The built sites: made once for all tests of a run, and shown by a server that keeps a record."""

import functools
import http.server
import os
import re
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
READY = "CENTRALASIA_SITE"
"""A folder with a site that was built before, for whoever writes tests."""
AXE = {
    "preload": False,  # it asks for style sheets in a way that a browser forbids from a disk
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}


def built(part, tmp_path_factory):
    """Return the folder with a built part, ``book`` or ``lite``.

    The first that asks builds it, also among several workers; the others wait.
    """
    if os.environ.get(READY):
        return Path(os.environ[READY])
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    target, said = shared / "site", shared / f"site-{part}.txt"
    try:
        (shared / f"site-{part}").mkdir()
    except FileExistsError:
        for _ in range(1800):
            if said.exists():
                break
            time.sleep(0.5)
    else:
        command = [sys.executable, "-m", "centralasia.cli", "site", part, "--out", str(target)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        text = f"{done.returncode}\n{done.stdout}{done.stderr}"
        said.with_suffix(".part").write_text(text, encoding="utf-8")
        said.with_suffix(".part").rename(said)
    assert said.exists(), f"{part} was not built in time"
    assert said.read_text("utf-8").startswith("0\n"), said.read_text("utf-8")[-4000:]
    return target


class _Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextmanager
def served(folder):
    """Show a folder on this machine; yield its address."""
    handler = functools.partial(_Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def watch(page):
    """Record in `page.errors` what goes wrong, and in `page.abroad` what leaves the machine."""
    page.errors, page.abroad = [], []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on(
        "console", lambda said: page.errors.append(said.text) if said.type == "error" else None
    )
    near = re.compile(r"(https?|wss?)://(localhost|127\.0\.0\.1)[:/]|data:|blob:|file:")
    page.context.on(
        "request",
        lambda request: None if near.match(request.url) else page.abroad.append(request.url),
    )


def violations(page):
    """Return what axe finds against WCAG 2.2 A and AA."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=AXE).response["violations"]
    return [
        (fault["id"], node["html"][:120], node["failureSummary"][:200])
        for fault in found
        for node in fault["nodes"]
    ]
