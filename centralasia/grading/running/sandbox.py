"""Start a sandbox and run submissions in it, one after the other.

This is the trusted side. It knows no key either; it starts the sandbox, sends cells in, reads what
comes out up to a size, and believes none of it.
"""

from __future__ import annotations

import json
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
    READY,
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
    """A process that has imported what exercises use, and forks a server for each sandbox.

    Parameters
    ----------
    command : list of str
    env : dict of str to str
    home : tempfile.TemporaryDirectory, optional
        A folder that is taken away with it.
    """

    def __init__(
        self,
        command: list[str],
        env: dict[str, str],
        home: tempfile.TemporaryDirectory[str] | None = None,
    ) -> None:
        self._home = home
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  as long as the process
        self._control, theirs = socket.socketpair()
        self._is_warm = False
        with theirs:
            self.process = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=self._log,
                env=env,
                cwd="/",
            )

    def server(self) -> socket.socket:
        """Return the socket of a new server, once it serves.

        Raises
        ------
        SandboxDown
            If the warm process does not come up, or forks no more; the message is what it said.
        """
        ours, theirs = socket.socketpair()
        with suppress(OSError):
            with theirs:
                self._is_warm = self._is_warm or answer(self._control, START_SECONDS) == READY
                socket.send_fds(self._control, [READY], [theirs.fileno()])
            if answer(ours, START_SECONDS) == READY:
                return ours
        ours.close()
        raise SandboxDown(f"The sandbox does not start. It says: {self.complaint()}")

    def complaint(self) -> str:
        """Return the end of what it wrote to its standard error."""
        self._log.seek(0)
        return self._log.read()[-2000:].decode("utf-8", "replace").strip() or "nothing"

    def close(self) -> None:
        """End it, and everything in it."""
        self._control.close()
        try:
            self.process.wait(CLOSE_SECONDS)  # it ends by itself once nobody is there
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._log.close()
        if self._home is not None:
            self._home.cleanup()


def answer(control: socket.socket, seconds: float) -> bytes:
    """Return the next message; none if the other end is gone.

    Raises
    ------
    TimeoutError
        If it says nothing in time.
    """
    control.settimeout(seconds)
    try:
        return control.recv(4096)
    except ConnectionError:
        return b""


class Warmth:
    """The one warm process of a machine, which its sandboxes share.

    Parameters
    ----------
    perturbed : pathlib.Path
        The changed copy of the data.
    way : {Way.BUBBLEWRAP, Way.PROCESS}
        A plain process shares this user's rights: only for code that one trusts.
    """

    def __init__(self, perturbed: Path, way: Way = Way.BUBBLEWRAP) -> None:
        self.perturbed, self.way = perturbed, way
        self._process: WarmProcess | None = None
        self._closed = False
        self._lock = threading.Lock()

    def start(self) -> WarmProcess:
        """Return the warm process, which is started if there is none that lives.

        Raises
        ------
        SandboxDown
            If it cannot be started, or was closed.
        """
        with self._lock:
            if self._closed:
                raise SandboxDown("The sandboxes were ended.")
            if self._process is None or self._process.process.poll() is not None:
                self._end()
                self._process = self._started()
            return self._process

    def server(self, of: WarmProcess) -> socket.socket:
        """Return the socket of a new server.

        Raises
        ------
        SandboxDown
            If the warm process does not come up.
        """
        try:
            with self._lock:
                return of.server()
        except SandboxDown:
            self.end(of)
            raise

    def _started(self) -> WarmProcess:
        try:
            if self.way is Way.BUBBLEWRAP:
                return WarmProcess(bwrap.command(self.perturbed), {})
            home = tempfile.TemporaryDirectory()
            env = bwrap.environment(home.name) | bwrap.plain_environment(self.perturbed)
            return WarmProcess(bwrap.plain_command(), env, home)
        except OSError as error:
            raise SandboxDown(f"The sandbox does not start: {error}") from error

    def end(self, warm: WarmProcess) -> None:
        """End a warm process and everything in it, if it is not ended yet."""
        with self._lock:
            if warm is self._process:
                self._end()

    def close(self) -> None:
        """End everything, for good."""
        with self._lock:
            self._closed = True
            self._end()

    def _end(self) -> None:
        if self._process is not None:
            self._process.close()
            self._process = None


class Sandbox:
    """A sandbox that is started when it is first needed.

    Parameters
    ----------
    perturbed : pathlib.Path
        The changed copy of the data.
    limits : Limits
    way : {Way.BUBBLEWRAP, Way.PROCESS}
    warmth : Warmth, optional
        What it shares with others: it then has no more than a server of its own.
    """

    def __init__(
        self,
        perturbed: Path,
        limits: Limits,
        way: Way = Way.BUBBLEWRAP,
        warmth: Warmth | None = None,
    ) -> None:
        self.limits = limits
        self._own = Warmth(perturbed, way)
        self._warmth = warmth or self._own
        self._warm: WarmProcess | None = None
        self._control: socket.socket | None = None

    def start(self) -> WarmProcess:
        """Return the warm process, once a server of it serves; both are started if need be.

        Raises
        ------
        SandboxDown
            If it does not come up.
        """
        warm = self._warmth.start()
        if self._control is None or warm is not self._warm:
            self._hang_up()
            self._warm, self._control = warm, self._warmth.server(warm)
        return warm

    def _hang_up(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None

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
        except (OSError, SandboxError):  # the warm process may have been killed while it lay idle
            self._hang_up()
        try:
            return self._run(cells, limits)
        except OSError as error:
            self._hang_up()
            raise SandboxError(str(error)) from error
        except SandboxError:
            self._hang_up()
            raise

    def _run(self, cells: Sequence[Mapping[str, Any]], limits: Limits) -> Run:
        warm = self.start()
        assert self._control is not None
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
            with suppress(OSError):  # of one that has ended already
                ours.shutdown(socket.SHUT_RDWR)
            writer.join()  # whom the shutdown wakes; nothing is closed while it writes
        try:
            said = answer(self._control, limits.wall_seconds + GRACE_SECONDS)
        except TimeoutError:
            self._warmth.end(warm)  # or what hangs in it would go on
            said = b""
        if not said:
            raise SandboxError(f"The sandbox does not answer. It says: {warm.complaint()}")
        end = json.loads(said)
        if "cpu" not in end:
            raise SandboxError(end["end"])
        return outcome(received, cut, end, started)

    def close(self) -> None:
        """End it, and everything in it that it does not share."""
        self._hang_up()
        self._own.close()
