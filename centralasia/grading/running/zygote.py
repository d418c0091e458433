"""The warm process inside a sandbox: it has imported everything, and forks once a submission.

It runs no learner's code, reads no submission and knows no key. What goes to and from a submission
passes through a socket that the grader makes for it alone, so nothing of one is left in the memory
from which the next is forked. Where several submissions run at once, each has a server that was
forked from the one warm process.

In a container it serves one submission on its standard input and output, and ends.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from centralasia.grading.running import confine
from centralasia.grading.running.results import HEADER, READY, Way

POLL = 0.1
WARM = (
    "altair",
    "pandas",
    "centralasia.cards",
    "centralasia.charts",
    "centralasia.checks",
    "centralasia.measures",
    "centralasia.widgets",
)
"""What exercises import, so that a fork need not."""
CLOCK_OF_PROCESS = 2
"""CPUCLOCK_SCHED of linux/posix-timers.h: the clock of all threads of a process together."""


def warm(rehearsed: bool = True) -> None:
    """Import what exercises use, and make the shell that forks inherit."""
    gc.disable()  # what is imported stays, and the search would go through it all
    from centralasia import tables
    from centralasia.checks import perturb
    from centralasia.grading.running import cells
    from centralasia.paths import using

    for module in WARM:
        import_module(module)
    Path(os.environ["TMPDIR"]).mkdir(exist_ok=True)
    for data in (None, perturb.default()):
        with using(data):
            for name in tables.names():
                tables.load(name)  # finds what is broken here rather than in every submission
    cells.shell()
    if rehearsed:
        cells.rehearse()
    gc.freeze()
    gc.enable()
    if rehearsed:
        confine.in_large_pages()


def _received(control: socket.socket) -> Iterator[tuple[bytes, int]]:
    """Yield each order, and the socket that comes with it, until the grader hangs up."""
    while True:
        text, fds, _flags, _address = socket.recv_fds(control, 4096, 1)
        if not text:
            return
        (given,) = fds
        yield text, given


def multiply(control: socket.socket, way: Way) -> None:
    """Fork a server for each socket that arrives; they end with this process."""
    for _order, given in _received(control):
        if os.fork() == 0:
            confine.die_with_parent()
            control.close()
            _end_with(partial(serve, socket.socket(fileno=given), way))
        os.close(given)


def serve(control: socket.socket, way: Way) -> None:
    """Fork for each socket that arrives, one after the other, until the grader hangs up."""
    control.send(READY)
    for text, job in _received(control):
        limits = json.loads(text)
        supervisor = os.fork()
        if supervisor == 0:
            _end_with(partial(supervise, job, limits, way, control.send))
        os.close(job)
        _, status = os.waitpid(supervisor, 0)
        if status != 0:
            control.send(json.dumps({"end": "the sandbox could not be set up"}).encode())


def _end_with(work: Callable[[], object]) -> None:
    """Do a forked process's work and leave, whatever happens, without a way back."""
    code = 1
    try:
        work()
        code = 0
    except BaseException as error:  # the parent's stack lies below; nothing may get there
        print(f"{type(error).__name__}: {error}", file=sys.__stderr__, flush=True)
    finally:
        os._exit(code)


def supervise(
    job: int, limits: Mapping[str, float], way: Way, tell: Callable[[bytes], object]
) -> None:
    """Start the learner's process in namespaces of its own, and end it when it goes too far.

    This process stands outside these namespaces: the learner's code can neither see nor signal it.
    """
    if way is Way.BUBBLEWRAP:
        confine.separate()
    if way is not Way.CONTAINER:
        confine.die_with_parent()
    ready, go = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ready)
        _end_with(partial(learner, job, go, limits, way))
    os.close(go)
    os.close(job)
    trouble = _read_all(ready)
    if trouble:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        tell(json.dumps({"end": f"the sandbox could not be set up: {trouble}"}).encode())
        return
    end = _watch(child, limits)
    tell(json.dumps(end).encode())


def _read_all(fd: int) -> str:
    with os.fdopen(fd, "rb") as pipe:
        return pipe.read(4000).decode("utf-8", "replace")


def _watch(child: int, limits: Mapping[str, float]) -> dict[str, Any]:
    """Wait for a process, kill it beyond its limits, and say how it ended."""
    started, why = time.monotonic(), ""
    while True:
        done, status, used = os.wait4(child, os.WNOHANG)
        if done:
            break
        if why:
            time.sleep(0.01)
            continue
        if time.monotonic() - started > limits["wall_seconds"]:
            why = f"it ran longer than {limits['wall_seconds']:g} seconds"
        elif _cpu_seconds(child) > limits["cpu_seconds"]:
            why = f"it used more than {limits['cpu_seconds']:g} seconds of the processor"
        if why:
            os.kill(child, signal.SIGKILL)
            continue
        _wait(child)
    if not why and os.WIFSIGNALED(status):
        why = f"its process died ({signal.Signals(os.WTERMSIG(status)).name})"
    elif not why and os.WEXITSTATUS(status):
        why = f"its process ended by itself (code {os.WEXITSTATUS(status)})"
    return {"end": why, "cpu": used.ru_utime + used.ru_stime, "rss_kb": used.ru_maxrss}


def _wait(child: int) -> None:
    """Wait a little, or until a process ends."""
    try:
        handle = os.pidfd_open(child)
    except (AttributeError, OSError):
        time.sleep(POLL / 5)
        return
    select.select([handle], [], [], POLL)
    os.close(handle)


def _cpu_seconds(process: int) -> float:
    """Return the processor time of a process and its threads.

    Its clock has the number that clock_getcpuclockid makes, which Python has for threads only.
    """
    try:
        return time.clock_gettime((~process << 3) | CLOCK_OF_PROCESS)
    except OSError:
        return 0.0


def learner(job: int, go: int, limits: Mapping[str, float], way: Way) -> None:
    """Shut this process in, read the job, run its cells, send what they gave."""
    from centralasia.grading.running import cells

    try:
        _shut_in(job, go, limits, way)
        reader = open(3, "rb", closefd=False)  # noqa: SIM115  as long as the process
        writer = open(5 if way is Way.CONTAINER else 3, "wb", closefd=False)  # noqa: SIM115
    except BaseException as error:
        os.write(4, f"{type(error).__name__}: {error}".encode())
        raise
    os.close(4)  # all is set up
    text = reader.read(int(reader.read(HEADER)))

    def send(frame: dict[str, Any]) -> None:
        writer.write(json.dumps(frame).encode() + b"\n")
        writer.flush()

    cells.fresh_chance()
    cells.run(json.loads(text), send)


def _shut_in(job: int, go: int, limits: Mapping[str, float], way: Way) -> None:
    """Leave this process nothing but the job and its limits."""
    os.setsid()
    confine.die_with_parent()
    nothing = os.open(os.devnull, os.O_RDWR)
    answer = os.dup(1) if way is Way.CONTAINER else nothing
    keep = {3: job, 4: go, 5: answer}
    high = {to: os.dup2(fd, 200 + to, inheritable=False) for to, fd in keep.items()}
    for fd in (0, 1, 2):
        os.dup2(nothing, fd)
    for to, fd in high.items():
        os.dup2(fd, to, inheritable=False)
    os.closerange(6 if way is Way.CONTAINER else 5, 2**16)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115  as long as the process
    confine.restrain(limits)  # while /proc tells how large the warm process is
    if way is Way.BUBBLEWRAP:
        confine.cover(limits)
    home = Path(confine.SCRATCH if way is not Way.PROCESS else os.environ["HOME"]) / "work"
    home.mkdir(exist_ok=True)
    (home.parent / "tmp").mkdir(exist_ok=True)
    os.chdir(home)
    os.environ["NBGRADER_EXECUTION"] = "autograde"
    if way is not Way.PROCESS:
        confine.lock(limits, own_users=way is Way.BUBBLEWRAP)


def main(arguments: list[str]) -> None:
    """Start: become a user of no name if root, get warm, say so, and serve."""
    way = Way(arguments[0])
    if way is Way.CONTAINER:
        warm(rehearsed=False)  # which pays for more submissions than one
        # This process's own word on how it ended goes where the learner's process cannot write.
        supervise(0, json.loads(arguments[1]), way, lambda text: os.write(2, b"\n" + text + b"\n"))
        return
    uid = int(arguments[1])
    if uid:
        confine.become(uid)
    warm()
    control = socket.socket(fileno=0)
    control.send(READY)
    multiply(control, way)


if __name__ == "__main__":
    main(sys.argv[1:])
