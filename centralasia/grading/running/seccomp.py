"""A filter of system calls for a process that is about to run a learner's code.

It starts no second process, makes no namespace, opens no socket but local ones, whose buffers keep
their size, learns nothing of mounts, and reaches into no other process. Written for the two
processors on which courses run; elsewhere `install` refuses.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_CLONE_THREAD, _CLONE_NAMESPACES = 0x00010000, 0x7E020000
_AF_UNIX = 1
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_X32 = 0x40000000

# Numbers from the kernel's tables (asm/unistd_64.h, asm-generic/unistd.h).
_BOTH = {
    "clone3": 435, "fsconfig": 431, "fsmount": 432, "fsopen": 430, "fspick": 433,
    "io_uring_enter": 426, "io_uring_register": 427, "io_uring_setup": 425, "memfd_secret": 447,
    "listmount": 458, "mount_setattr": 442, "move_mount": 429, "open_tree": 428,
    "open_tree_attr": 467, "pidfd_getfd": 438, "statmount": 457,
}  # fmt: skip
_X86_64 = {
    "add_key": 248, "bpf": 321, "chroot": 161, "clone": 56, "delete_module": 176, "execve": 59,
    "execveat": 322, "finit_module": 313, "fork": 57, "init_module": 175, "kcmp": 312,
    "kexec_load": 246, "keyctl": 250, "memfd_create": 319, "modify_ldt": 154, "mount": 165,
    "mq_open": 240, "msgget": 68, "name_to_handle_at": 303, "open_by_handle_at": 304,
    "perf_event_open": 298, "personality": 135, "pivot_root": 155, "process_vm_readv": 310,
    "process_vm_writev": 311, "ptrace": 101, "request_key": 249, "semget": 64, "setns": 308,
    "setsockopt": 54, "shmget": 29, "socket": 41, "umount2": 166, "unshare": 272,
    "userfaultfd": 323, "vfork": 58, "vmsplice": 278,
}  # fmt: skip
_AARCH64 = {
    "add_key": 217, "bpf": 280, "chroot": 51, "clone": 220, "delete_module": 106, "execve": 221,
    "execveat": 281, "finit_module": 273, "init_module": 105, "kcmp": 272, "kexec_load": 104,
    "keyctl": 219, "memfd_create": 279, "mount": 40, "mq_open": 180, "msgget": 186,
    "name_to_handle_at": 264, "open_by_handle_at": 265, "perf_event_open": 241, "personality": 92,
    "pivot_root": 41, "process_vm_readv": 270, "process_vm_writev": 271, "ptrace": 117,
    "request_key": 218, "semget": 190, "setns": 268, "setsockopt": 208, "shmget": 194,
    "socket": 198, "umount2": 39, "unshare": 97, "userfaultfd": 282, "vmsplice": 75,
}  # fmt: skip
_MACHINES = {"x86_64": (0xC000003E, _X86_64 | _BOTH), "aarch64": (0xC00000B7, _AARCH64 | _BOTH)}
_ASKED_CLOSER = ("clone", "clone3", "socket")

Step = tuple[int, int, int, int]


def supported() -> bool:
    """Return whether there is a filter for this processor."""
    return platform.machine() in _MACHINES


def program(machine: str) -> list[Step]:
    """Return the filter as steps of the kernel's packet filter: code, jump if, jump else, value."""
    architecture, numbers = _MACHINES[machine]
    refuse = (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    allow = (_RETURN, 0, 0, _ALLOW)
    steps: list[Step] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),
        refuse,
    ]
    for name, number in numbers.items():
        if name not in _ASKED_CLOSER:
            steps += [(_EQUAL, 0, 1, number), refuse]
    # glibc then falls back to clone, whose flags can be looked at.
    steps += [(_EQUAL, 0, 1, numbers["clone3"]), (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)]
    steps += [
        (_EQUAL, 0, 5, numbers["clone"]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_ANY_BIT, 1, 0, _CLONE_NAMESPACES),
        (_ANY_BIT, 1, 0, _CLONE_THREAD),
        refuse,
        allow,
        (_EQUAL, 0, 3, numbers["socket"]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 1, 0, _AF_UNIX),
        refuse,
        allow,
    ]
    return steps


def install(libc: ctypes.CDLL) -> None:
    """Put this process under the filter, for good.

    Raises
    ------
    OSError
        If there is none for this processor, or the kernel refuses.
    """
    if not supported():
        raise OSError(errno.ENOSYS, f"no filter of system calls for {platform.machine()}")
    steps = program(platform.machine())
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    packed = struct.pack("@HP", len(steps), ctypes.addressof(code))
    header = ctypes.create_string_buffer(packed)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.c_void_p(ctypes.addressof(header)), 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel refuses the filter of system calls")
