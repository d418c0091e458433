"""Everything that the sites are built from and that is not ours: by name, version and checksum.

Nothing is taken unless its checksum is the pinned one: wheels by the hashes of the lock files, npm
packages by the integrity in ``npm.json``, and each file of Pyodide by the SHA-256 in the lock file
that Pyodide itself publishes with the release.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from pathlib import Path
from typing import NoReturn

from centralasia.errors import UserError

ROOT = Path(__file__).resolve().parents[2]
"""The checkout of the course."""
PINS = ROOT / "site"
"""The lock files; what is fetched and made lies there as well, where git does not look."""
CACHE = PINS / ".cache"
PYODIDE = "0.27.7"
PYTHON_MEGABYTES = 41
"""What a browser fetches the first time that Python starts, as the pages say; a test weighs it."""
CARRIER = "requirements-pyodide.lock"
"""A package that carries copies of Pyodide's own wheels, for machines that reach no release."""


class NotAsPinned(UserError):
    """A file is missing or is not the one that was pinned; the message names it."""


def say(text: str) -> None:
    """Tell whoever waits what is being done."""
    print(f"  {text}", flush=True)


def wheels(lock: str) -> list[Path]:
    """Return the wheels that a lock file names, one a line, downloaded once."""
    folder = CACHE / "wheels" / hashlib.sha256((PINS / lock).read_bytes()).hexdigest()[:16]
    if not folder.exists():
        say(f"fetching what {lock} names")
        part = _fresh(folder.with_suffix(".part"))
        command = [sys.executable, "-m", "pip", "download", "-qq", "--no-deps"]
        # Compiled for the browser; else in pure Python; else, for markupsafe alone, a wheel whose
        # Python part does without the compiled one.
        for platform in ("pyemscripten_2024_0_wasm32", "manylinux2014_x86_64"):
            command += ["--platform", platform]
        command += ["--python-version", "3.12", "--only-binary=:all:", "--require-hashes"]
        subprocess.run([*command, "-d", str(part), "-r", str(PINS / lock)], check=True)
        part.rename(folder)
    return sorted(folder.glob("*.whl"))


def npm(name: str) -> Path:
    """Return the folder of an unpacked npm package."""
    pinned = json.loads((PINS / "npm.json").read_text("utf-8"))[name]
    folder = CACHE / "npm" / f"{name.replace('/', '-')}-{pinned['version']}"
    if not folder.exists():
        say(f"fetching {name} {pinned['version']}")
        part = _fresh(folder.with_name(folder.name + ".part"))
        tool = shutil.which("npm") or give_up("npm is needed to fetch the site's JavaScript.")
        subprocess.run(
            [tool, "pack", "--silent", f"{name}@{pinned['version']}"],
            cwd=part,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        (archive,) = part.glob("*.tgz")
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if pinned["integrity"] != f"sha512-{digest}":
            give_up(f"{name} {pinned['version']} is not the file that npm.json pins.")
        with tarfile.open(archive) as tar:
            tar.extractall(part, filter="data")
        (part / "package").rename(folder)
        shutil.rmtree(part)
    return folder


def pyodide(names: list[str], release: str | None = None) -> list[Path]:
    """Return Pyodide's own wheels of some packages, each with the checksum of the release.

    Parameters
    ----------
    names : list of str
        Packages, by their names in ``pyodide-lock.json``.
    release : str, optional
        The official release archive, as a path or an address; else the copies in `CARRIER`.
    """
    lock = json.loads((npm("pyodide") / "pyodide-lock.json").read_text("utf-8"))
    wanted = {lock["packages"][name]["file_name"]: lock["packages"][name] for name in names}
    folder = CACHE / f"pyodide-{PYODIDE}"
    folder.mkdir(parents=True, exist_ok=True)
    missing = [name for name in wanted if not (folder / name).exists()]
    if missing:
        found = _from_release(release) if release else _from_carrier()
        for name in missing:
            content = found.get(name) or give_up(f"{name} is not in the archive of Pyodide.")
            (folder / name).write_bytes(content)
    for name, package in wanted.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != package["sha256"]:
            (folder / name).unlink()
            give_up(f"{name} is not the file of Pyodide {PYODIDE}.")
    return [folder / name for name in wanted]


def _from_carrier() -> dict[str, bytes]:
    (wheel,) = wheels(CARRIER)
    with zipfile.ZipFile(wheel) as archive:
        members = [name for name in archive.namelist() if "/pyodide/" in name]
        return {Path(name).name: archive.read(name) for name in members}


def _from_release(release: str) -> dict[str, bytes]:
    archive = Path(release)
    if "://" in release:
        archive = CACHE / Path(release).name
        if not archive.exists():
            say(f"fetching {release}")
            urllib.request.urlretrieve(release, archive)
    with tarfile.open(archive) as tar:
        return {
            Path(member.name).name: content.read()
            for member in tar
            if (content := tar.extractfile(member))
        }


def environment(name: str) -> Path:
    """Return the Python of a virtual environment with exactly what its lock file names."""
    lock = PINS / f"requirements-{name}.lock"
    folder = CACHE / "environments" / f"{name}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:16]}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (folder / "complete").exists():
        say(f"installing {lock.name}")
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        install = [str(python), "-m", "pip", "install", "-qq", "--require-hashes", "--no-deps"]
        subprocess.run([*install, "-r", str(lock)], check=True)
        (folder / "complete").touch()
    return python


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def give_up(message: str) -> NoReturn:
    """End the build with a message."""
    raise NotAsPinned(message)
