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
from contextlib import suppress
from pathlib import Path
from typing import Any

from centralasia.grading.running import bwrap
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

START_SECONDS = 120
GRACE_SECONDS = 10
CLOSE_SECONDS = 2


class WarmProcess:
    """A process that has imported what exercises use, and forks for each submission.

    Parameters
    ----------
    command : list of str
    env : dict of str to str
    home : tempfile.TemporaryDirectory, optional
        A folder that is taken away with it.

    Raises
    ------
    SandboxDown
        If it does not come up; the message is what it said.
    """

    def __init__(
        self,
        command: list[str],
        env: dict[str, str],
        home: tempfile.TemporaryDirectory[str] | None = None,
    ) -> None:
        self._home = home
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  as long as the process
        self.control, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=self._log,
                env=env,
                cwd="/",
            )
        if self.answer(START_SECONDS) != b"warm":
            complaint = self.complaint()
            self.close()
            raise SandboxDown(f"The sandbox does not start. It says: {complaint}")

    def complaint(self) -> str:
        """Return the end of what it wrote to its standard error."""
        self._log.seek(0)
        return self._log.read()[-2000:].decode("utf-8", "replace").strip() or "nothing"

    def answer(self, seconds: float) -> bytes:
        """Return its next message; none if it has ended, or says nothing in time."""
        ready, _, _ = select.select([self.control], [], [], seconds)
        return self.control.recv(4096) if ready else b""

    def close(self) -> None:
        """End it, and everything in it."""
        self.control.close()
        try:
            self.process.wait(CLOSE_SECONDS)  # it ends by itself once nobody is there
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._log.close()
        if self._home is not None:
            self._home.cleanup()


class Sandbox:
    """A sandbox that is started when it is first needed.

    Parameters
    ----------
    perturbed : pathlib.Path
        The changed copy of the data.
    limits : Limits
    way : {Way.BUBBLEWRAP, Way.PROCESS}
        A plain process shares this user's rights: only for code that one trusts.
    """

    def __init__(self, perturbed: Path, limits: Limits, way: Way = Way.BUBBLEWRAP) -> None:
        self.perturbed, self.limits, self.way = perturbed, limits, way
        self._warm: WarmProcess | None = None

    def start(self) -> WarmProcess:
        """Return the warm process, which is started if there is none that lives.

        Raises
        ------
        SandboxDown
            If it does not come up.
        """
        if self._warm is None or self._warm.process.poll() is not None:
            self.close()
            self._warm = self._started()
        return self._warm

    def _started(self) -> WarmProcess:
        try:
            if self.way is Way.BUBBLEWRAP:
                return WarmProcess(bwrap.command(self.perturbed), {})
            home = tempfile.TemporaryDirectory()
            env = bwrap.environment(home.name) | bwrap.plain_environment(self.perturbed)
            return WarmProcess(bwrap.plain_command(), env, home)
        except OSError as error:
            raise SandboxDown(f"The sandbox does not start: {error}") from error

    def run(self, cells: Sequence[Mapping[str, Any]], limits: Limits | None = None) -> Run:
        """Run the cells of a notebook.

        Parameters
        ----------
        cells : sequence of mapping
            As `centralasia.grading.running.cells.run` takes them.
        limits : Limits, optional
            Other limits than the sandbox's, for this one.

        Returns
        -------
        Run

        Raises
        ------
        SandboxDown
            If no sandbox comes up.
        SandboxError
            If the sandbox failed, twice.
        """
        limits = limits or self.limits
        try:
            return self._run(cells, limits)
        except SandboxDown:
            raise
        except (OSError, SandboxError):  # one that lay idle may have been killed
            self.close()
        try:
            return self._run(cells, limits)
        except OSError as error:
            self.close()
            raise SandboxError(str(error)) from error
        except SandboxError:
            self.close()
            raise

    def _run(self, cells: Sequence[Mapping[str, Any]], limits: Limits) -> Run:
        warm = self.start()
        started = time.monotonic()
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                order = json.dumps(limits.plain()).encode()
                socket.send_fds(warm.control, [order], [theirs.fileno()])
            ours.settimeout(limits.wall_seconds + GRACE_SECONDS)
            text = job(cells, limits)
            writer = threading.Thread(target=send, args=(ours.sendall, text), daemon=True)
            writer.start()
            received, cut = receive(ours.recv, int(limits.result_mb * MB))
            with suppress(OSError):  # of one that has ended already
                ours.shutdown(socket.SHUT_RDWR)
            writer.join()  # whom the shutdown wakes; nothing is closed while it writes
        answer = warm.answer(limits.wall_seconds + GRACE_SECONDS)
        if not answer:
            raise SandboxError(f"The sandbox does not answer. It says: {warm.complaint()}")
        end = json.loads(answer)
        if "cpu" not in end:
            raise SandboxError(end["end"])
        return outcome(received, cut, end, started)

    def close(self) -> None:
        """End it, and everything in it."""
        if self._warm is not None:
            self._warm.close()
            self._warm = None
