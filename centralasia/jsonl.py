"""A file of JSON lines to which several processes may add at once."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def append(file: Path, line: bytes, mode: int = 0o600) -> None:
    """Add a line in one write.

    A line that the disk had no room for is taken back, and one that an earlier crash left
    unfinished is closed first, so that it spoils no other.

    Parameters
    ----------
    file : pathlib.Path
        The file; it is made if need be. Its folder exists.
    line : bytes
        The line with its newline.
    mode : int, default 0o600
        Who may read a file that is made: the user alone, if left out.

    Raises
    ------
    OSError
        If the line was not written.
    """
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    handle = os.open(file, flags, mode)
    try:
        with _alone(handle):
            size = os.lseek(handle, 0, os.SEEK_END)
            line = line if _is_whole(handle, size) else b"\n" + line
            try:
                if os.write(handle, line) < len(line):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            except OSError:
                os.ftruncate(handle, size)
                raise
    finally:
        os.close(handle)


def _is_whole(handle: int, size: int) -> bool:
    """Say whether the last line is finished."""
    if not size:
        return True
    os.lseek(handle, size - 1, os.SEEK_SET)
    return os.read(handle, 1) == b"\n"


if sys.platform == "win32":
    import msvcrt

    @contextmanager
    def _alone(handle: int) -> Iterator[None]:
        """Keep other processes off the file for a moment."""
        lock = 1 << 30  # a byte far past the end stands for the file: locked bytes cannot be read
        os.lseek(handle, lock, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            os.lseek(handle, lock, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:

    @contextmanager
    def _alone(handle: int) -> Iterator[None]:
        """Keep other processes off the file for a moment, where the system can do that."""
        # Some network drives have no locks, nor has Python in a browser; O_APPEND must do there.
        with suppress(OSError, ImportError, AttributeError):
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield  # closing the file gives the lock back
