"""Writing a file whole or not at all."""

import os
from pathlib import Path


def write_whole(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write a file whole or not at all: a full disk or an interrupt leaves the old one as it was.

    Parameters
    ----------
    path : pathlib.Path
        The file; its folder must exist.
    content : bytes
        All that it shall hold.
    mode : int
        Who may use it, less what the umask takes away; ``0o600`` for its owner alone.

    Raises
    ------
    OSError
        If it cannot be written; nothing is left behind.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(part, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException as error:
        part.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename:
            error.filename = str(path)  # which is the one that somebody asked for
        raise
