"""The command that starts a sandbox with bubblewrap, and what it lets be seen."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import centralasia
from centralasia.grading.running import confine, seccomp
from centralasia.grading.running.results import Way
from centralasia.paths import DATA_ENV, course_root, data_dir

COURSE, PACKAGES, PERTURBED = "/course", "/packages", "/perturbed"
SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/localtime")
OLDEST_KERNEL = (5, 14)
FIRST_UID, UIDS = 61184, 4000
"""Root's sandboxes run as one of the users that systemd sets aside for those of no name."""


def environment(home: str) -> dict[str, str]:
    """Return the environment of a learner's code, with nothing of ours in it."""
    return {
        "HOME": home,
        "IPYTHONDIR": f"{home}/ipython",
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": "/usr/bin:/bin",
        "TMPDIR": f"{home}/tmp",
    }


def _package_folders() -> list[str]:
    """Return the folders of installed packages, as this process finds them."""
    names = ("site-packages", "dist-packages")
    return [p for p in sys.path if Path(p).name in names and Path(p).is_dir()]


def start(python: str, paths: list[str], way: Way, more: object) -> list[str]:
    """Return the command for the warm process, with given folders before all others."""
    code = (
        f"import sys; sys.path[:0] = {paths!r}; "
        "from centralasia.grading.running import zygote; zygote.main(sys.argv[1:])"
    )
    return [python, "-I", "-B", "-X", "utf8", "-c", code, way, json.dumps(more)]


def _isolated(paths: list[str], way: Way, uid: int) -> list[str]:
    """Return the command with this Python, on given folders alone."""
    python, *rest = start(os.path.realpath(sys.executable), paths, way, uid)
    return [python, "-S", *rest]


def command(perturbed: Path) -> list[str]:
    """Return the command that starts the warm process in a sandbox.

    Parameters
    ----------
    perturbed : pathlib.Path
        The changed copy of the data.

    Returns
    -------
    list of str
    """
    uid = FIRST_UID + os.getpid() % UIDS if os.getuid() == 0 else 0
    root = os.getuid() == 0
    binds = {path: path for path in SYSTEM if Path(path).exists()}
    base = os.path.realpath(sys.base_prefix)
    if not base.startswith("/usr"):
        binds[base] = base
    folders = []
    for number, folder in enumerate(_package_folders()):
        folders.append(f"{PACKAGES}/{number}")
        binds[folders[-1]] = folder
    package = Path(centralasia.__file__).resolve().parent
    binds[f"{COURSE}/centralasia"] = str(package)
    if course_root() != package / "_course":
        binds[f"{COURSE}/exercises"] = str(course_root() / "exercises")
        binds[f"{COURSE}/data"] = str(data_dir())
    binds[PERTURBED] = str(perturbed)
    line = [shutil.which("bwrap") or "bwrap", "--die-with-parent", "--new-session"]
    line += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    line += ["--unshare-cgroup-try", "--hostname", "sandbox", "--cap-drop", "ALL"]
    # Root's namespace of users would leave it root, whom no limit on processes binds.
    line += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"] if root else ["--unshare-user"]
    # Or bubblewrap would make them for root's eyes only.
    for folder in sorted({str(p) for inside in binds for p in Path(inside).parents} - {"/"}):
        line += ["--perms", "0755", "--dir", folder]
    for inside, outside in binds.items():
        line += _bind(outside, inside)
    line += ["--proc", "/proc", "--dev", "/dev"]
    line += ["--perms", "0777", "--tmpfs", confine.SCRATCH]
    if not base.startswith("/tmp"):
        line += ["--symlink", f"{confine.SCRATCH}/tmp", "/tmp"]
    line += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/", "--clearenv"]
    for name, value in (
        environment(confine.SCRATCH) | {"CENTRALASIA_PERTURBED": PERTURBED}
    ).items():
        line += ["--setenv", name, value]
    return [*line, "--", *_isolated([*folders, COURSE], Way.BUBBLEWRAP, uid)]


def _bind(outside: str, inside: str) -> list[str]:
    """Return the arguments that show a folder, or the link that it is."""
    if outside == inside and os.path.islink(outside):
        return ["--symlink", os.readlink(outside), inside]
    return ["--ro-bind", outside, inside]


def plain_command() -> list[str]:
    """Return the command that starts the warm process as a plain one."""
    course = str(Path(centralasia.__file__).parents[1])
    return _isolated([*_package_folders(), course], Way.PROCESS, 0)


def plain_environment(perturbed: Path) -> dict[str, str]:
    """Return what a plain process must be told, where a sandbox has its own folders."""
    return {"CENTRALASIA_PERTURBED": str(perturbed), DATA_ENV: str(data_dir())}


@cache
def trouble() -> str:
    """Return why no sandbox can be started here, and what to do; empty if one can."""
    if platform.system() != "Linux":
        return (
            f"The sandbox needs Linux, and this is {platform.system()}. Grade on a Linux machine, "
            "in a virtual one, or under WSL 2."
        )
    if not seccomp.supported():
        return f"There is no filter of system calls for the processor {platform.machine()}."
    kernel = tuple(int(part) for part in platform.release().split("-")[0].split(".")[:2])
    if kernel < OLDEST_KERNEL:
        return f"Linux {platform.release()} is too old: the number of threads is bounded from 5.14."
    if shutil.which("bwrap") is None:
        return "Install bubblewrap. On Debian and Ubuntu: sudo apt install bubblewrap"
    done = subprocess.run(
        ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"], capture_output=True, text=True
    )
    if done.returncode == 0:
        return ""
    return (
        f"bubblewrap does not work here: {done.stderr.strip()}. Ubuntu 24.04 and newer keep plain "
        "users from making namespaces; an administrator allows it with: "
        "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
    )
