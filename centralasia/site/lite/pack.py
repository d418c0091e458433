"""Archives of all Python packages, compiled: nothing is installed when a lesson opens."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from centralasia.course import lessons
from centralasia.notebooks import for_learners
from centralasia.site import sources

PYODIDE_PACKAGES = [
    *("asttokens", "decorator", "executing", "ipython", "jedi", "matplotlib-inline", "micropip"),
    *("numpy", "packaging", "parso", "prompt-toolkit", "pure-eval", "pygments", "python-dateutil"),
    *("six", "sqlite3", "stack-data", "traitlets", "wcwidth"),
]
SITE_PACKAGES = "/lib/python3.12/site-packages"
STDLIB = "/lib/python312.zip"
STARTS = Path(__file__).with_name("page") / "centralasia_browser.py"

# What only serves to build, type-check or test a package, or to run it on another machine.
_LEFT_OUT = re.compile(
    r"/tests?/|\.(pyi|c|h|pxd|pyx|pxi|tpl|a|in|js\.map)$|\.data/|/RECORD$|_speedups\.|/typeshed/"
)


def packages(kernel: Iterable[Path], release: str | None) -> list[Path]:
    """Return the wheels that the browser's Python is made of, the course's own left out.

    Parameters
    ----------
    kernel : iterable of pathlib.Path
        The wheels that come with JupyterLite's kernel.
    release : str, optional
        See `sources.pyodide`.
    """
    ours = [w for w in sources.wheels("requirements-browser.lock") if "jupyterlab_" not in w.name]
    return [*sources.pyodide(PYODIDE_PACKAGES, release), *ours, *kernel]


def course_wheel(folder: Path) -> Path:
    """Build the course's own wheel."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=sources.ROOT, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = folder.glob("centralasia-*.whl")
    return wheel


def write(wheels: list[Path], course: Path, target: Path) -> dict[str, str]:
    """Write ``packages.tar.gz``, all but the course, and ``course.tar.gz`` to a folder.

    Returns
    -------
    dict of str
        Each wheel's file name and its SHA-256.
    """
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in [*wheels, course]}
    ours = sources.CACHE / "course"
    shutil.rmtree(ours, ignore_errors=True)
    _unpack([course], ours)
    shutil.rmtree(ours / "centralasia/skeleton", ignore_errors=True)  # a draft has its answers
    for lesson in lessons():
        _strip(ours / "centralasia/_course/notebooks" / lesson.file.name)
    _compile(ours, SITE_PACKAGES, keep=True)
    target.mkdir(parents=True, exist_ok=True)
    for name, folder in (("packages", compiled(wheels)), ("course", ours)):
        (target / f"{name}.tar.gz").write_bytes(_archive(folder))
    return dict(sorted(sums.items()))


def _archive(folder: Path) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                about = tarfile.TarInfo(path.relative_to(folder).as_posix())
                about.size = path.stat().st_size
                tar.addfile(about, io.BytesIO(path.read_bytes()))
    return gzip.compress(archive.getvalue(), 9, mtime=0)


def compiled(wheels: list[Path]) -> Path:
    """Return the packages unpacked and compiled, without their Python sources, in a folder.

    Beside them lies what the course does when Python starts. The folder's name is a checksum of
    what it was made from.
    """
    key = hashlib.sha256()
    for path in (Path(__file__), STARTS, *wheels):
        key.update(path.read_bytes())
    folder = sources.CACHE / "compiled" / key.hexdigest()[:16]
    if not folder.exists():
        sources.say(f"compiling {len(wheels)} packages for the browser")
        part = folder.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        _unpack(wheels, part)
        shutil.copy(STARTS, part)
        _compile(part, SITE_PACKAGES)
        for source in part.rglob("*.py"):
            source.unlink()
        part.rename(folder)
    return folder


def stdlib() -> Path:
    """Return Python's own library, compiled."""
    made = sources.CACHE / f"stdlib-{sources.PYODIDE}.zip"
    if not made.exists():
        part = sources.CACHE / "stdlib.part"
        shutil.rmtree(part, ignore_errors=True)
        _unpack([sources.npm("pyodide") / "python_stdlib.zip"], part)
        _compile(part, STDLIB)
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for path in sorted(part.rglob("*")):
                if path.is_file() and path.suffix != ".py":
                    archive.writestr(
                        zipfile.ZipInfo(path.relative_to(part).as_posix()),
                        path.read_bytes(),
                        zipfile.ZIP_DEFLATED,
                    )
        shutil.rmtree(part)
    return made


def _unpack(archives: Iterable[Path], folder: Path) -> None:
    for path in archives:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if not name.endswith("/") and not _LEFT_OUT.search(f"/{name}"):
                    archive.extract(name, folder)


def _compile(folder: Path, place: str, *, keep: bool = False) -> None:
    node = shutil.which("node") or sources.give_up("node is needed to compile for the browser.")
    script = Path(__file__).with_name("compile.mjs")
    command = [str(node), str(script), str(sources.npm("pyodide")), str(folder), place]
    subprocess.run([*command, "keep"] if keep else command, check=True)


def _strip(lesson: Path) -> None:
    """Drop the outputs of the library's copy of a lesson, and what is for its instructor."""
    notebook = json.loads(for_learners(lesson))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
    lesson.write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")
