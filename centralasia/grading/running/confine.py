"""Shut a process in, step by step, before it runs a learner's code.

Called by the warm process inside the sandbox (`zygote`), which runs as a plain
user: `separate` gives its child namespaces of its own, `lock` takes away what it could use there.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Mapping
from enum import IntEnum, IntFlag
from pathlib import Path

from centralasia.grading.running import seccomp
from centralasia.grading.running.limits import MB

SCRATCH = "/scratch"
"""The folder over which each submission gets a new one, in memory."""

LINUX = sys.platform == "linux"


class Clone(IntFlag):
    """The namespaces of ``unshare``, as linux/sched.h has them."""

    NEWNS = 0x00020000
    NEWUTS = 0x04000000
    NEWIPC = 0x08000000
    NEWUSER = 0x10000000
    NEWPID = 0x20000000
    NEWNET = 0x40000000


class Mount(IntFlag):
    """The flags of ``mount``, as linux/mount.h has them."""

    RDONLY = 1
    NOSUID = 2
    NODEV = 4
    REC = 1 << 14
    PRIVATE = 1 << 18


class Prctl(IntEnum):
    """What ``prctl`` can do, as linux/prctl.h has it."""

    SET_PDEATHSIG = 1
    SET_DUMPABLE = 4
    CAPBSET_DROP = 24
    SET_NO_NEW_PRIVS = 38


NAMESPACES = Clone.NEWNS | Clone.NEWUTS | Clone.NEWIPC | Clone.NEWUSER | Clone.NEWPID | Clone.NEWNET
MADV_COLLAPSE = 25
"""From asm-generic/mman-common.h; Linux 6.1 and newer."""
CAPABILITY_VERSION_3 = 0x20080522
"""From linux/capability.h: the form of ``capset`` with 64 bits."""


def libc() -> ctypes.CDLL:
    """Return the C library."""
    return ctypes.CDLL(None, use_errno=True)


def _done(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def become(uid: int) -> None:
    """Give up being root for a user of no name."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    # Or /proc/self would still be root's, and the new user could make no namespace.
    _done(libc().prctl(Prctl.SET_DUMPABLE, 1, 0, 0, 0), "prctl")


def in_large_pages() -> None:
    """Gather the memory of this process in large pages: there is far less to copy for a fork.

    A kernel that cannot leaves it as it is.
    """
    if not LINUX:
        return
    advise = libc().madvise
    for line in Path("/proc/self/maps").read_text().splitlines():
        span, rights, _offset, _device, inode, *_name = line.split()
        if rights == "rw-p" and inode == "0":  # of no file
            start, end = (int(place, 16) for place in span.split("-"))
            advise(ctypes.c_size_t(start), ctypes.c_size_t(end - start), MADV_COLLAPSE)


def separate() -> None:
    """Move into new namespaces: users, processes (for children), mounts, network, IPC, host name.

    Raises
    ------
    OSError
        If this system does not let a plain user make them.
    """
    uid, gid = os.getuid(), os.getgid()
    _done(libc().unshare(NAMESPACES), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def cover(limits: Mapping[str, float]) -> None:
    """Lay a new folder in memory over the scratch folder, and nothing over what tells too much."""
    c = libc()
    _done(c.mount(None, b"/", None, Mount.REC | Mount.PRIVATE, None), "mount /")
    size = f"size={int(limits['disk_mb'] * MB)},nr_inodes={int(limits['files'])},mode=700"
    plain = Mount.NOSUID | Mount.NODEV
    new = c.mount(b"tmpfs", SCRATCH.encode(), b"tmpfs", plain, size.encode())
    _done(new, "mount scratch")
    for hidden in (b"/proc", b"/dev/shm"):
        empty = c.mount(b"tmpfs", hidden, b"tmpfs", plain | Mount.RDONLY, b"size=4k,mode=500")
        _done(empty, "mount nothing")


def restrain(limits: Mapping[str, float]) -> None:
    """Set the limits of the kernel for this process."""
    import resource  # which Windows lacks, where only the grader's side is imported

    pages = int(Path("/proc/self/statm").read_text().split()[0]) if LINUX else 0
    space = pages * resource.getpagesize() + int(limits["memory_mb"] * MB)
    bounds = {
        "RLIMIT_CORE": 0,
        "RLIMIT_FSIZE": int(limits["disk_mb"] * MB),
        "RLIMIT_NOFILE": 128,
        "RLIMIT_MEMLOCK": 0,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_SIGPENDING": 256,
    }
    if LINUX:
        bounds["RLIMIT_AS"] = space
    for name, value in bounds.items():
        if hasattr(resource, name):  # macOS has fewer
            _, hard = resource.getrlimit(getattr(resource, name))
            least = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(getattr(resource, name), (least, least))


def lock(limits: Mapping[str, float], own_users: bool) -> None:
    """Drop every capability, bound the threads, and filter the system calls; there is no way back.

    The bound on threads counts in the user namespace of this submission alone (Linux 5.14 and
    newer), so that the other processes of the same user neither count nor suffer. In a container,
    which has no such namespace, the container's own bound serves.
    """
    c = libc()
    if own_users:
        import resource

        threads = int(limits["threads"])
        resource.setrlimit(resource.RLIMIT_NPROC, (threads, threads))
    for capability in range(64):
        c.prctl(Prctl.CAPBSET_DROP, capability, 0, 0, 0)  # fails beyond the last one, which is fine
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    _done(c.capset(header, (ctypes.c_uint32 * 6)()), "capset")
    _done(c.prctl(Prctl.SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    _done(c.prctl(Prctl.SET_DUMPABLE, 0, 0, 0, 0), "not dumpable")
    seccomp.install(c)


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent ends."""
    if LINUX:
        libc().prctl(Prctl.SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
