"""Start a sandbox and run submissions in it, one after the other.

This is the trusted side. It knows no key either; it starts the sandbox, sends cells in, reads what
comes out up to a size, and believes none of it.
"""

from __future__ import annotations

import json
import select
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from centralasia.grading import bwrap
from centralasia.grading.limits import MB, Limits
from centralasia.grading.results import Run, SandboxError, frames, job, receive, send

START_SECONDS = 120
GRACE_SECONDS = 10
CLOSE_SECONDS = 2


class Sandbox:
    """A warm process in a sandbox.

    Parameters
    ----------
    perturbed : pathlib.Path
        The changed copy of the data.
    limits : Limits
    how : {"bubblewrap", "process"}
        A plain process shares this user's rights: only for code that one trusts.
    """

    def __init__(self, perturbed: Path, limits: Limits, how: str = "bubblewrap") -> None:
        self.perturbed, self.limits, self.how = perturbed, limits, how
        self._process: subprocess.Popen | None = None
        self._control: socket.socket | None = None
        self._log: IO[bytes] | None = None
        self._home: tempfile.TemporaryDirectory | None = None

    def start(self) -> None:
        """Start it and wait until it is warm.

        Raises
        ------
        SandboxError
            If it does not come up; the message is what it said.
        """
        self.close()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  as long as the sandbox
        ours, theirs = socket.socketpair()
        if self.how == "bubblewrap":
            command, env = bwrap.command(self.perturbed), {}
        else:
            self._home = tempfile.TemporaryDirectory()
            command = bwrap.plain_command()
            env = bwrap.environment(self._home.name) | bwrap.plain_environment(self.perturbed)
        with theirs:
            self._process = subprocess.Popen(
                command, stdin=theirs, stdout=subprocess.DEVNULL, stderr=self._log, env=env, cwd="/"
            )
        self._control = ours
        if self._answer(START_SECONDS) != b"warm":
            complaint = self._complaint()
            self.close()
            raise SandboxError(f"The sandbox does not start. It says: {complaint}")

    def _complaint(self) -> str:
        self._log.seek(0)
        return self._log.read()[-2000:].decode("utf-8", "replace").strip() or "nothing"

    def _answer(self, seconds: float) -> bytes:
        ready, _, _ = select.select([self._control], [], [], seconds)
        return self._control.recv(4096) if ready else b""

    def run(self, cells: Sequence[Mapping[str, Any]], limits: Limits | None = None) -> Run:
        """Run the cells of a notebook.

        Parameters
        ----------
        cells : sequence of mapping
            As `centralasia.grading.cells.run` takes them.
        limits : Limits, optional
            Other limits than the sandbox's, for this one.

        Returns
        -------
        Run

        Raises
        ------
        SandboxError
            If the sandbox failed, twice.
        """
        for attempt in (1, 2):
            try:
                if self._process is None or self._process.poll() is not None:
                    self.start()
                return self._run(cells, limits or self.limits)
            except (OSError, SandboxError) as error:
                self.close()
                if attempt == 2:
                    raise SandboxError(str(error)) from error
        raise AssertionError("unreachable")

    def _run(self, cells: Sequence[Mapping[str, Any]], limits: Limits) -> Run:
        started = time.monotonic()
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                order = json.dumps(limits.plain()).encode()
                socket.send_fds(self._control, [order], [theirs.fileno()])
            ours.settimeout(limits.wall_seconds + GRACE_SECONDS)
            text = job(cells, limits)
            writer = threading.Thread(target=send, args=(ours.sendall, text), daemon=True)
            writer.start()
            received, cut = receive(ours.recv, int(limits.result_mb * MB))
        answer = self._answer(limits.wall_seconds + GRACE_SECONDS)
        if not answer:
            raise SandboxError(f"The sandbox does not answer. It says: {self._complaint()}")
        end = json.loads(answer)
        if "cpu" not in end:
            raise SandboxError(end["end"])
        found, told = frames(received)
        why = cut or end["end"] or told
        return Run(found, why, time.monotonic() - started, end["cpu"], end["rss_kb"])

    def close(self) -> None:
        """End it, and everything in it."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(CLOSE_SECONDS)  # it ends by itself once nobody is there
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        for kept, end in ((self._log, "close"), (self._home, "cleanup")):
            if kept is not None:
                getattr(kept, end)()
        self._process = self._control = self._log = self._home = None
