"""What keeps the site on a reader's device: its service worker, made when the site is built.

The worker has the list of all files with their checksums, so that another release is another
worker, and each file is that of its own release. It lies at the site's top, for a worker serves
what lies beside it and below.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

from centralasia import course
from centralasia.language import code
from centralasia.site.book import reference

WORKER = "service-worker.js"
_HERE = Path(__file__).parent
_JUPYTERLITE = f"lite/{WORKER}"
"""JupyterLite's own worker: what the edition's Python asks of its page goes through it."""
_SPARE = "lite/python/packages"
"""What Python starts from where its image fails is as large as the image, and hardly ever used."""


def write(site: Path) -> None:
    """Write the service worker of a site that is complete otherwise, and the page it falls back on.

    Parameters
    ----------
    site : pathlib.Path
        A folder with the book, or with book and browser edition.
    """
    page = reference.render("offline.html", course=course.title(), language=code())
    (site / "offline.html").write_text(page, "utf-8")
    listed = json.dumps(groups(site), separators=(",", ":"), ensure_ascii=False)
    lines = [f"const SITE = {listed};\n", (_HERE / "worker.js").read_text("utf-8")]
    if (site / _JUPYTERLITE).exists():
        lines.append(f'importScripts("{_JUPYTERLITE}");\n')
    (site / WORKER).write_text("".join(lines), "utf-8")


def groups(site: Path) -> dict[str, dict[str, tuple[str, int]]]:
    """Return the files of a site by what a reader wants them for.

    Parameters
    ----------
    site : pathlib.Path

    Returns
    -------
    dict
        By group, then by path: the SHA-256 in base 64, as browsers compare it, and the bytes.
        ``book`` is fetched at the first visit; ``python`` is what a live page needs beside the
        ``image``, which it unpacks and keeps itself; ``edition`` is JupyterLite.
    """
    found: dict[str, dict[str, tuple[str, int]]] = {}
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        hidden = name.startswith((".", _SPARE)) or name in (WORKER, _JUPYTERLITE)
        if hidden or not path.is_file():
            continue
        content = path.read_bytes()
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        found.setdefault(_group(name), {})[name] = (digest, len(content))
    return found


def _group(name: str) -> str:
    if name.endswith("/image.pack"):
        return "image"
    if name.startswith(("lite/python/", "lite/files/")):
        return "python"
    return "edition" if name.startswith("lite/") else "book"
