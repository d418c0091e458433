"""The memory image: Python with everything imported, as a file that a browser starts from.

It is made with the very files of Pyodide that it belongs to, and lies with them in one folder that
is named by a checksum of all: another Pyodide, or an older one that a browser has kept, would crash
on it. What it needs to know of Pyodide's insides stands in ``page/image.js``.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from centralasia.errors import UserError
from centralasia.site import sources

RESTORE = Path(__file__).with_name("page") / "image.js"
_MAKE = Path(__file__).with_name("image.mjs")
_PACK = """import sys, zstandard
level = zstandard.ZstdCompressionParameters.from_level(19, window_log=27, enable_ldm=True)
content = open(sys.argv[1], "rb").read()
open(sys.argv[2], "wb").write(zstandard.ZstdCompressor(compression_params=level).compress(content))
"""
"""The window of 128 MB holds the whole image, which is full of what it has elsewhere as well."""
PACKED = "image.pack"


@dataclass(frozen=True)
class Image:
    """An image that was made and checked."""

    folder: Path
    """Pyodide, the standard library and the image, packed as `PACKED`."""
    size: int
    """Bytes of the unpacked image."""
    sha256: str
    """Of the unpacked image."""


def name_of(folder: Path) -> str:
    """Return a checksum of a folder's files: under this name an image lies in the site."""
    whole = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        whole.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:12]


def image(packages: Path, stdlib: Path) -> Image:
    """Return the image of some packages, made once and then kept.

    Parameters
    ----------
    packages : pathlib.Path
        From `pack.compiled`: a folder named by its checksum.
    stdlib : pathlib.Path
        From `pack.stdlib`.

    Raises
    ------
    UserError
        If it cannot be made, or does not work as it should.
    """
    key = hashlib.sha256(packages.name.encode())
    for path in (Path(__file__), RESTORE, _MAKE, stdlib):
        key.update(path.read_bytes())
    kept = sources.CACHE / "image" / key.hexdigest()[:16]
    if not kept.exists():
        sources.say("making the memory image, and checking it")
        part = kept.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        _stage(stdlib, part / "folder")
        made = part / "image"
        make(part / "folder", packages, made)
        _node("check", part / "folder", made)
        python = sources.environment("lite")
        packed = part / "folder" / PACKED
        subprocess.run([str(python), "-c", _PACK, str(made), str(packed)], check=True)
        content = made.read_bytes()
        about = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        (part / "about.json").write_text(json.dumps(about), "utf-8")
        for left in (made, made.with_suffix(".table")):
            left.unlink()
        part.rename(kept)
    return Image(kept / "folder", **json.loads((kept / "about.json").read_text("utf-8")))


def make(folder: Path, packages: Path, target: Path) -> None:
    """Write an image, unpacked, and beside it what its check compares.

    Parameters
    ----------
    folder, packages : pathlib.Path
        Pyodide with `RESTORE`, and what lies in site-packages.
    target : pathlib.Path

    Raises
    ------
    UserError
    """
    _node("make", folder, packages, target)


def _stage(stdlib: Path, folder: Path) -> None:
    """Put together what the image belongs to, and what restores it."""
    folder.mkdir(parents=True)
    core = sources.npm("pyodide")
    for name in ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm"):
        shutil.copyfile(core / name, folder / name)
    lock = json.loads((core / "pyodide-lock.json").read_text("utf-8"))
    lock["packages"] = {}  # all are in the image: an import looks for nothing elsewhere
    (folder / "pyodide-lock.json").write_text(json.dumps(lock) + "\n", "utf-8")
    shutil.copyfile(stdlib, folder / "stdlib.zip")
    shutil.copyfile(RESTORE, folder / RESTORE.name)
    unpacks = sources.npm("zstddec")
    shutil.copyfile(unpacks / "dist/zstddec.mjs", folder / "zstddec.js")
    shutil.copyfile(unpacks / "LICENSE", folder / "zstddec-LICENSE.txt")


def _node(*words: object) -> None:
    node = shutil.which("node") or sources.give_up("node is needed to make the memory image.")
    command = [node, str(_MAKE), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UserError(f"The memory image does not work:\n{done.stderr[-4000:]}")
