"""Where there is no bubblewrap: a container for each submission, started anew and thrown away.

Podman or Docker gives what bubblewrap gives on Linux, at the price of importing pandas and Altair
for every submission. The image holds Python and the packages of ``requirements.lock``; the course
is shown to it, read-only, when it runs.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from io import BufferedReader, BufferedWriter
from itertools import count
from pathlib import Path
from typing import IO, Any

import centralasia
from centralasia.grading.running import bwrap, confine
from centralasia.grading.running.limits import MB, Limits
from centralasia.grading.running.results import (
    Run,
    SandboxDown,
    SandboxError,
    Way,
    job,
    outcome,
    receive,
    send,
)
from centralasia.paths import course_root, data_dir

ENV = "CENTRALASIA_CONTAINER"
"""A command to use in place of podman or docker, such as ``podman --runtime runc``."""
WARM_MB, START_SECONDS = 512, 120
FILE = """FROM docker.io/library/python:{python}-slim
COPY requirements.lock /
RUN pip install --no-cache-dir --no-deps --only-binary :all: --require-hashes -r /requirements.lock
RUN mkdir -m 1777 /scratch
"""
_numbers = count()


@cache
def engine() -> tuple[str, ...]:
    """Return the command of a container engine that answers here; empty if none does."""
    named = os.environ.get(ENV)
    for command in [shlex.split(named)] if named else [["podman"], ["docker"]]:
        found = shutil.which(command[0])
        if found and subprocess.run([*command, "info"], capture_output=True).returncode == 0:
            return tuple(command)
    return ()


def trouble() -> str:
    """Return why no container can be started here; empty if one can."""
    if not engine():
        return "Nor does Podman or Docker answer; either would serve."
    if not (course_root() / "requirements.lock").is_file():
        return "A container can be built from a checkout of the course only: it needs the lock."
    return ""


def image() -> str:
    """Return the name of the image for this course, built if it is not there."""
    lock = course_root() / "requirements.lock"
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    name = f"centralasia-sandbox:{python}-{sha256(lock.read_bytes()).hexdigest()[:12]}"
    if subprocess.run([*engine(), "image", "inspect", name], capture_output=True).returncode == 0:
        return name
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(lock, folder)
        Path(folder, "Dockerfile").write_text(FILE.format(python=python), encoding="utf-8")
        done = subprocess.run(
            [*engine(), "build", "-t", name, folder], capture_output=True, text=True
        )
    if done.returncode != 0:
        raise SandboxDown(f"The container's image cannot be built: {done.stderr[-1000:]}")
    return name


def command(name: str, of: str, perturbed: Path, limits: Limits) -> list[str]:
    """Return the command that runs one submission.

    Parameters
    ----------
    name, of : str
        Of the container, and of its image.
    perturbed : pathlib.Path
    limits : Limits

    Returns
    -------
    list of str
    """
    memory = f"{int(limits.memory_mb) + WARM_MB}m"
    line = [*engine(), "run", "--rm", "--interactive", "--name", name, "--network", "none"]
    line += ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
    line += ["--user", "65534:65534", "--cpus", "1", "--memory", memory, "--memory-swap", memory]
    line += ["--pids-limit", str(int(limits.threads) + 4), "--ulimit", "nofile=256:256"]
    line += ["--ulimit", "nproc=4096:4096", "--ulimit", "core=0:0", "--shm-size", "64k"]
    size = f"size={int(limits.disk_mb)}m,mode=1777"
    line += ["--tmpfs", f"{confine.SCRATCH}:rw,{size}", "--workdir", "/"]
    package = Path(centralasia.__file__).resolve().parent
    shown = {"centralasia": package, "exercises": course_root() / "exercises", "data": data_dir()}
    for inside, outside in shown.items():
        line += ["--volume", f"{outside}:{bwrap.COURSE}/{inside}:ro"]
    line += ["--volume", f"{perturbed}:{bwrap.PERTURBED}:ro"]
    env = bwrap.environment(confine.SCRATCH) | {"CENTRALASIA_PERTURBED": bwrap.PERTURBED}
    for variable, value in env.items():
        if variable != "PATH":  # the image knows where its Python is
            line += ["--env", f"{variable}={value}"]
    return [*line, of, *bwrap.start("python", [bwrap.COURSE], Way.CONTAINER, limits.plain())]


class Container:
    """Runs submissions, each in a container of its own.

    Parameters
    ----------
    perturbed : pathlib.Path
        The changed copy of the data.
    limits : Limits
    """

    way = Way.CONTAINER

    def __init__(self, perturbed: Path, limits: Limits) -> None:
        self.perturbed, self.limits = perturbed, limits

    def run(self, cells: Sequence[Mapping[str, Any]], limits: Limits | None = None) -> Run:
        """Run the cells of a notebook.

        Parameters
        ----------
        cells : sequence of mapping
            As `centralasia.grading.running.cells.run` takes them.
        limits : Limits, optional

        Returns
        -------
        Run

        Raises
        ------
        SandboxError
            If the container failed.
        """
        limits = limits or self.limits
        name = f"centralasia-{os.getpid()}-{next(_numbers)}"
        line = command(name, image(), self.perturbed, limits)
        started = time.monotonic()
        with tempfile.TemporaryFile() as log:
            process = subprocess.Popen(
                line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
            )
            late = threading.Timer(START_SECONDS + limits.wall_seconds, _kill, args=(name,))
            late.start()
            questions, answers = process.stdin, process.stdout
            assert isinstance(questions, BufferedWriter)
            assert isinstance(answers, BufferedReader)
            with process:
                writing = threading.Thread(
                    target=send, args=(_closing(questions), job(cells, limits)), daemon=True
                )
                writing.start()
                received, cut = receive(answers.read1, int(limits.result_mb * MB))
                if cut:
                    _kill(name)
                writing.join()  # it closes the pipe, and alone can bear that nobody reads
            late.cancel()
            log.seek(0)
            complaint = log.read()[-20_000:].decode("utf-8", "replace").strip()
        end = _end(complaint)
        if end is None and not cut:
            raise SandboxError(f"The container failed. It says: {complaint[-1000:]}")
        return outcome(received, cut, end or {"end": "", "cpu": 0.0, "rss_kb": 0}, started)

    def start(self) -> None:
        """Build the image if it is not there; each submission starts a container of its own."""
        image()

    def close(self) -> None:
        """Do nothing: no container outlives its submission."""


def _kill(name: str) -> None:
    """End a container, with all that runs in it."""
    subprocess.run([*engine(), "kill", name], capture_output=True)


def _closing(pipe: IO[bytes]) -> Any:
    def write(text: bytes) -> None:
        with pipe:
            pipe.write(text)

    return write


def _end(complaint: str) -> dict[str, Any] | None:
    """Return the last line, which the supervising process writes; None if it wrote none."""
    try:
        end = json.loads(complaint.splitlines()[-1])
    except (IndexError, ValueError):
        return None
    return end if isinstance(end, dict) and {"end", "cpu", "rss_kb"} <= set(end) else None
