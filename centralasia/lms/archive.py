"""The files of a zip or a folder, read with no trust in it.

Nothing is unpacked to the disk by a name that a zip gives: contents are read up to a size, and
whoever asked for them decides where they go.
"""

from __future__ import annotations

import io
import os
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from centralasia import spreadsheets
from centralasia.errors import UserError
from centralasia.grading.running.limits import MAX_BYTES

MOST_FILES, MOST_BYTES = 20_000, 2_000_000_000
"""Of a whole zip, as it would lie on the disk: a thousand learners with their twenty megabytes are
within; a bomb is not."""
INNER_FILES, INNER_BYTES = 500, 100_000_000
"""Of a zip that a learner put into it."""
UTF8_NAMES, SECRET = 0x800, 0x1
"""Flags of an entry: its name is UTF-8; its content is encrypted."""


class Hostile(UserError):
    """A zip that no learning system makes; the message says why in one sentence."""


class Unread(Exception):
    """A file whose content cannot be had; the message says why."""


@dataclass(frozen=True)
class File:
    """One file of a zip or a folder, which is read when it is asked for.

    Parameters
    ----------
    path : pathlib.PurePosixPath
        Where it stands there, in composed letters.
    open : callable
        Opens it for reading.
    """

    path: PurePosixPath
    open: Callable[[], IO[bytes]]

    def read(self) -> bytes:
        """Return the content.

        Raises
        ------
        Unread
            If it is larger than a notebook can be, is damaged, or is no file.
        """
        try:
            with self.open() as stream:
                content = stream.read(MAX_BYTES + 1)
        except Unread:
            raise
        except Exception as error:  # a stream that is no stream: zlib and its kin have own errors
            raise Unread(f"It cannot be unpacked ({type(error).__name__}).") from error
        if len(content) > MAX_BYTES:
            raise Unread(f"It is larger than {MAX_BYTES / 1e6:.0f} MB.")
        return content


@contextmanager
def opened(path: Path) -> Iterator[list[File]]:
    """Give the files of a zip or a folder, in the order of their names.

    Parameters
    ----------
    path : pathlib.Path

    Yields
    ------
    list of File
        What a Mac or Windows adds for itself is left out.

    Raises
    ------
    Hostile
        If a zip holds a name that leads out of it, a link, one name twice, or far too much.
    UserError
        If it is no zip, or its content is encrypted.
    OSError
        If there is none.
    """
    if path.is_dir():
        yield sorted(_of_folder(path), key=lambda file: str(file.path))
        return
    with path.open("rb") as raw, _unzipped(raw, str(path), MOST_FILES, MOST_BYTES) as files:
        yield files


@contextmanager
def inner(content: bytes, name: str) -> Iterator[list[File]]:
    """Give the files of a zip that a learner handed in; raises what `opened` raises."""
    with _unzipped(io.BytesIO(content), name, INNER_FILES, INNER_BYTES) as files:
        yield files


@contextmanager
def _unzipped(raw: IO[bytes], name: str, most_files: int, most_bytes: int) -> Iterator[list[File]]:
    try:
        archive = zipfile.ZipFile(raw)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise UserError(f"{name} is no zip that can be read ({error}).") from error
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > most_files:
            raise Hostile(f"{name} holds {len(entries)} files; up to {most_files} are read.")
        # No more is ever unpacked of an entry than the size that it states.
        if sum(entry.file_size for entry in entries) > most_bytes:
            raise Hostile(f"{name} has more than {most_bytes / 1e6:.0f} MB unpacked.")
        places = {_path(entry, name): entry for entry in entries}
        if len({str(place).casefold() for place in places}) < len(entries):
            raise Hostile(f"{name} holds one name twice, as no learning system writes it.")
        yield [
            File(place, partial(archive.open, places[place]))
            for place in sorted(places, key=str)
            if not _is_litter(place)
        ]


def _path(entry: zipfile.ZipInfo, name: str) -> PurePosixPath:
    """Return where an entry stands, or refuse the zip for it."""
    shown = decoded_name(entry)
    path = PurePosixPath(shown.replace("\\", "/"))
    windows = PureWindowsPath(shown)
    if path.is_absolute() or windows.drive or windows.root or ".." in path.parts:
        raise Hostile(f"{name} holds a file whose name leads out of it: {shown[:80]!r}.")
    if any(unicodedata.category(c)[0] == "C" and c != "\u200d" for c in shown):
        raise Hostile(f"{name} holds a file whose name cannot be shown: {shown[:80]!r}.")
    if not path.parts or len(shown) > 1000:
        raise Hostile(f"{name} holds a file without a name, or with one that is far too long.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Hostile(f"{name} holds a link, {shown[:80]!r}, where a file belongs.")
    if entry.flag_bits & SECRET:
        raise UserError(f"{name} is encrypted. Unpack it, and give the folder instead.")
    return path


def decoded_name(entry: zipfile.ZipInfo) -> str:
    """Return an entry's name in composed letters.

    A name that does not say that it is UTF-8 may be so all the same (a Mac), or be written in a
    code page of DOS, with Cyrillic letters or with Latin ones.
    """
    name = entry.filename
    if not entry.flag_bits & UTF8_NAMES:
        raw = name.encode("cp437", errors="replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = spreadsheets.of_one_byte(raw, "cp866", "cp437")
    return unicodedata.normalize("NFC", name)


def _is_litter(path: PurePosixPath) -> bool:
    """Say whether a Mac or Windows made this for itself."""
    own = ("__MACOSX", ".ipynb_checkpoints")
    files = (".DS_Store", "Thumbs.db", "desktop.ini")
    inside = any(part in own for part in path.parts)
    return inside or path.name in files or path.name.startswith("._")


def _of_folder(folder: Path) -> Iterator[File]:
    """Yield the files of a folder; a link leads nowhere."""
    for here, _, names in os.walk(folder):
        for name in names:
            path = Path(here) / name
            inside = unicodedata.normalize("NFC", path.relative_to(folder).as_posix())
            place = PurePosixPath(inside)
            if not _is_litter(place):
                yield File(place, partial(_opened, path))


def _opened(path: Path) -> IO[bytes]:
    if path.is_symlink() or not path.is_file():
        raise Unread("It is no file but a link or a device.")
    return path.open("rb")
