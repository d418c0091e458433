"""Writing a file whole or not at all."""

import os
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: a full disk or an interrupt leaves the old one as it was.

    Parameters
    ----------
    path : pathlib.Path
        The file; its folder must exist.
    content : bytes
        All that it shall hold.

    Raises
    ------
    OSError
        If it cannot be written; nothing is left behind.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
