"""Shut a process in, step by step, before it runs a learner's code.

Called by the warm process inside the sandbox (`centralasia.grading.zygote`), which runs as a plain
user: `separate` gives its child namespaces of its own, `lock` takes away what it could use there.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from centralasia.grading import seccomp
from centralasia.grading.limits import MB

SCRATCH = "/scratch"
"""The folder over which each submission gets a new one, in memory."""

LINUX = sys.platform == "linux"
_NEW_NAMESPACES = 0x00020000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
_PRIVATE, _NO_SUID_DEV, _READ_ONLY = 0x4000 | (1 << 18), 2 | 4, 1
_SET_DUMPABLE, _CAPBSET_DROP, _SET_NO_NEW_PRIVS, _SET_PDEATHSIG = 4, 24, 38, 1
_CAPABILITY_VERSION_3 = 0x20080522
_SIGKILL = 9


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
    _done(libc().prctl(_SET_DUMPABLE, 1, 0, 0, 0), "prctl")


def separate() -> None:
    """Move into new namespaces: users, processes (for children), mounts, network, IPC, host name.

    Raises
    ------
    OSError
        If this system does not let a plain user make them.
    """
    uid, gid = os.getuid(), os.getgid()
    _done(libc().unshare(_NEW_NAMESPACES), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def cover(limits: Mapping[str, float]) -> None:
    """Lay a new folder in memory over the scratch folder, and nothing over what tells too much."""
    c = libc()
    _done(c.mount(None, b"/", None, _PRIVATE, None), "mount /")
    size = f"size={int(limits['disk_mb'] * MB)},nr_inodes={int(limits['files'])},mode=700"
    mount = c.mount
    _done(mount(b"tmpfs", SCRATCH.encode(), b"tmpfs", _NO_SUID_DEV, size.encode()), "mount scratch")
    for hidden in (b"/proc", b"/dev/shm"):
        nothing = _NO_SUID_DEV | _READ_ONLY
        _done(mount(b"tmpfs", hidden, b"tmpfs", nothing, b"size=4k,mode=500"), "mount nothing")


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
        c.prctl(_CAPBSET_DROP, capability, 0, 0, 0)  # fails beyond the last one, which is fine
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _done(c.capset(header, (ctypes.c_uint32 * 6)()), "capset")
    _done(c.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    _done(c.prctl(_SET_DUMPABLE, 0, 0, 0, 0), "not dumpable")
    seccomp.install(c)


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent ends."""
    if LINUX:
        libc().prctl(_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
