"""What the tests of the book and of the browser edition share: building, serving, watching."""

import functools
import gzip
import http.server
import io
import os
import re
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from locket import lock_file

from centralasia.language import ENV

ROOT = Path(__file__).resolve().parents[1]
SHOTS = ROOT / "artifacts" / "site"
READY = "CENTRALASIA_SITE"
"""Names a folder with a site that was built before, for whoever writes tests."""
LOOKS = [(1280, "light"), (390, "dark"), (1280, "dark"), (390, "light")]
DRAWN = "[...document.querySelectorAll('.ca-chart')].every(c => c.dataset.state === 'drawn')"
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"
"""Pixels by which a page is too wide."""
OURS = [".jp-OutputArea .ca", ".jp-OutputArea .vega-embed"]
"""What is the course's own in a notebook's page; the rest is JupyterLab's."""
# JupyterLab's copy of vega-embed names its menu by our style sheet, which browsers read out and axe
# does not look at.
_NAMED_BY_STYLE = [".jp-OutputArea .vega-embed summary"]
_AXE = {
    "preload": False,  # it asks for style sheets in a way that a browser forbids from a disk
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}
_NEAR = re.compile(r"(https?|wss?)://(localhost|127\.0\.0\.1)[:/]|data:|blob:|file:")


def built(part, folder, language=""):
    """Return the folder of a site with a part of it: ``book``, ``lite``, or ``all`` of it.

    It is built by the command, once in a run of the tests, whose processes share it: whoever
    changes files takes a copy. The folder is one that pytest made for the test.
    """
    if os.environ.get(READY) and not language:
        return Path(os.environ[READY]).resolve()
    if "PYTEST_XDIST_WORKER" in os.environ:
        run, part = folder.parents[1], part if language else "all"  # which others will ask for
    else:
        run = folder.parent
    whole, site = run / f"all{language}", run / f"{part}{language}"
    with lock_file(f"{run / 'sites'}.lock"):
        for there in (whole, site):
            if there.exists():
                return there
        return _build(part, site, language)


def _build(part, site, language):
    making = site.with_name(f"{site.name}.part")
    command = [sys.executable, "-m", "centralasia.cli", "site", part, "--out", str(making)]
    asked = os.environ | {ENV: language}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=asked)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    print(done.stdout)
    return making.rename(site)


class Line:
    """The network between a site and its readers: how fast it is, whether it is there, what went.

    Parameters
    ----------
    bits : float, optional
        Per second, shared by all that is on its way; without it, as fast as the machine.
    delay : float
        Seconds before each answer.
    """

    def __init__(self, bits=None, delay=0.0):
        self.bits, self.delay, self.up = bits, delay, True
        self.went = []
        """Each answer: the path and the bytes."""
        self._turn, self._free = threading.Lock(), 0.0

    def carry(self, content, send):
        """Send content piece by piece, as fast as the line is and as long as it is there."""
        for at in range(0, len(content), 8192):
            piece = content[at : at + 8192]
            if self.bits:
                with self._turn:
                    self._free = max(self._free, time.monotonic()) + 8 * len(piece) / self.bits
                    until = self._free
                time.sleep(max(0.0, until - time.monotonic()))
            if not self.up:
                raise ConnectionAbortedError
            send(piece)


class _Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


_PACKED = (".html", ".css", ".js", ".json", ".ipynb", ".svg", ".wasm")


class _Lined(_Handler):
    """By way of a line, and packed where it can be, as most servers do."""

    def __init__(self, *args, line, **options):
        self.line = line
        super().__init__(*args, **options)

    def handle(self):
        time.sleep(self.line.delay)
        with suppress(ConnectionError):
            if self.line.up:
                super().handle()

    def send_head(self):
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if self.path.split("?")[0].endswith("/") else path
        if path.suffix not in _PACKED or not path.is_file():
            return super().send_head()
        stamp = self.date_time_string(path.stat().st_mtime)
        unchanged = self.headers.get("If-Modified-Since") == stamp
        content = b"" if unchanged else gzip.compress(path.read_bytes(), 6)
        self.send_response(304 if unchanged else 200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Last-Modified", stamp)
        if not unchanged:
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)

    def copyfile(self, source, outputfile):
        content = source.read()
        self.line.carry(content, outputfile.write)
        self.line.went.append((self.path.split("?")[0], len(content)))


@contextmanager
def served(folder, line=None):
    """Show a folder on this machine, by way of a line; yield its address."""
    made = functools.partial(_Lined, line=line) if line else _Handler
    handler = functools.partial(made, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True  # a browser may hold a connection when a test has failed
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


def watched(context):
    """Open a page that records in `errors` what goes wrong, in `abroad` what leaves the machine."""
    page = context.new_page()
    page.errors, page.abroad = [], []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda said: _record(page, said))
    page.on("request", lambda asked: _NEAR.match(asked.url) or page.abroad.append(asked.url))
    page.on("requestfailed", lambda asked: _record_failure(page, asked))
    return page


def _record(page, said):
    if said.type == "error":
        page.errors.append(said.text)


def _record_failure(page, asked):
    # What a page no longer wants when it is left, in the words of Chromium and of Firefox.
    if asked.failure not in ("net::ERR_ABORTED", "NS_BINDING_ABORTED"):
        page.errors.append(f"not loaded: {asked.url}: {asked.failure}")


def violations(page, within=None):
    """Return what axe finds against WCAG 2.2 A and AA, in the page or in parts of it."""
    parts = within and {"include": within, "exclude": _NAMED_BY_STYLE}
    return [
        (fault["id"], node["html"][:120], node["failureSummary"][:200])
        for fault in Axe().run(page, context=parts, options=_AXE).response["violations"]
        for node in fault["nodes"]
    ]
