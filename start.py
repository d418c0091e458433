"""Set the course up in .venv, then do one thing with it. Needs Python 3.11 or newer, no more.

    python3 start.py              opens JupyterLab at lesson 00
    python3 start.py test         runs all tests; what follows goes to pytest
    python3 start.py doctor       looks for what is wrong; so with every centralasia command
    python3 start.py slides 03    for teachers: fetches what such commands need besides, once

On Windows the command is `py start.py`. Running it again finds the set-up done and skips it.
"""
# Old Pythons must be able to read this file, or they could not say what is wrong.

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "This is Python %d.%d; the course needs 3.11 or newer. Get one from python.org or from "
        "your system's packages, then start with it, for example: python3.13 start.py"
        % sys.version_info[:2]
    )

import contextlib
import hashlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "centralasia-set-up"
DOWNLOADS = VENV / "downloads"
OLDEST = (3, 11)
# Measured on Linux: .venv takes 600 or 1400 MB; 81 or 159 MB of downloads lie in pip's cache and,
# while they are unpacked, a second time in the folder for temporary files.
NEEDED_MB = {"requirements.lock": 900, "requirements-test.lock": 1800}
# The commands that need more than a learner does; a test compares them with the commands' own word.
NEED_MORE = (
    *("test", "slides", "handout", "evidence", "sheets", "guide", "exercises"),
    *("collect", "release", "grade", "feedback", "essays", "report", "marks"),
    "lti",
)

AGAIN = "Then give the same command again: it goes on where it can."
# What a failing installation prints, and what that means.
FAILURES = (
    (
        r"DO NOT MATCH THE HASHES",
        "A downloaded file differs from the one this course was tested with, so it was not "
        "installed. Try another network; if it happens again, please report it.",
    ),
    (
        r"No space left on device|Errno 28\b|WinError 112|Disk quota exceeded",
        "The disk is full. Free some space (about {mb} MB are needed in all; downloads pass "
        "through {tmp}). " + AGAIN,
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|SSL: ",
        "The secure connection to the package index was refused, as happens behind a company or "
        "university proxy. Set PIP_CERT to your institution's certificate file, or use another "
        "network. " + AGAIN,
    ),
    (
        r"NewConnectionError|NameResolutionError|name resolution|getaddrinfo|Max retries exceeded|"
        r"ConnectTimeout|ReadTimeout|Read timed out|timed out|Network is unreachable|ProxyError|"
        r"Connection (refused|reset|aborted|broken)|IncompleteRead|Failed to establish",
        "The package index cannot be reached. Check the network; behind a proxy, set HTTPS_PROXY. "
        + AGAIN,
    ),
    (
        r"Permission denied|Access is denied|Errno 13\b|WinError 5\b|Read-only file system",
        "This folder cannot be written to, or one of its files is in use. Close JupyterLab if it "
        "is running, or copy the course to a folder of your own. " + AGAIN,
    ),
    (
        r"No matching distribution found|Failed building wheel|error: subprocess-exited",
        "The package index offers nothing ready-made for this Python ({python}) on this system, or "
        "a proxy hides it. Use the 64-bit edition of Python 3.11, 3.12 or 3.13 from python.org.",
    ),
)


class SetUpError(Exception):
    """The set-up cannot go on; the message says what to do."""


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def clean_environment():
    """Return the environment without what would lead Python or pip elsewhere."""
    stray = ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX")
    stray += ("VIRTUAL_ENV", "__PYVENV_LAUNCHER__")
    kept = {name: value for name, value in os.environ.items() if name not in stray}
    return dict(kept, PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1", PIP_USER="0")


def answer(command):
    """Return what a command prints, or None if it cannot be run or fails."""
    try:
        done = subprocess.run(
            command, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError:
        return None
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None


def version_of(python):
    """Return the (major, minor) of a Python, or None if it does not run."""
    text = answer([str(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
    return tuple(int(part) for part in text.split(".")) if text else None


def explain(output, lock):
    """Return what to do about a failed installation, from what it printed."""
    for pattern, advice in FAILURES:
        if re.search(pattern, output):
            return advice.format(
                mb=NEEDED_MB[lock],
                python="%d.%d" % sys.version_info[:2],
                tmp=os.environ.get("TMPDIR") or os.environ.get("TEMP") or "/tmp",
            )
    return "The installation stopped; its last lines above say why. " + AGAIN


def run(command, lock):
    """Run a step of the set-up. What it prints is shown if it fails, and tells how far it is."""
    child = subprocess.Popen(
        command, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    printed, packages = [], 0
    for line in child.stdout:
        printed.append(line.decode("utf-8", "replace"))
        if printed[-1].startswith("Collecting ") and sys.stdout.isatty():
            packages += 1
            sys.stdout.write("\r         %d packages " % packages)
            sys.stdout.flush()
    if packages:
        sys.stdout.write("\n")
    if child.wait() != 0:
        sys.stderr.write("".join(printed[-40:]))
        raise SetUpError(explain("".join(printed), lock))


def python_in_venv():
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_venv(lock):
    """Make .venv unless a Python that is new enough already runs in it."""
    version = version_of(python_in_venv())
    if version is None or version < OLDEST:
        run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)], lock)


def pip_for_venv():
    """Return the command that is pip for .venv: its own, or the system's working on it."""
    python = str(python_in_venv())
    own = [python, "-m", "pip"]
    if not answer(own + ["--version"]):
        answer([python, "-m", "ensurepip"])
    system = [sys.executable, "-m", "pip", "--python", python]  # known since pip 22.3
    for pip in (own, system):
        if answer(pip + ["--version"]):
            return pip
    raise SetUpError(
        "This Python comes without its installer (the module ensurepip). On Debian or Ubuntu: "
        "sudo apt install python3-venv. Elsewhere install Python from python.org. " + AGAIN
    )


def key(lock):
    """Return what must be as it was for a set-up to count as done."""
    parts = [os.fsencode(str(ROOT)), repr(version_of(python_in_venv())).encode()]
    parts += [(ROOT / name).read_bytes() for name in (lock, "pyproject.toml")]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_mine(file):
    """Take the lock of an open file; say whether that went, or no lock can be had here."""
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(1 << 30)  # a byte past the end: a locked one could not be read
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True  # some network drives have no locks
    return True


@contextlib.contextmanager
def alone():
    """Wait until no other start.py sets this folder up; the lock ends with the process."""
    with open(__file__, "rb") as file:
        if not is_mine(file):
            say("Another start.py is setting up this folder. Waiting until it is done.")
            while not is_mine(file):
                time.sleep(1)
        yield


def is_set_up(lock):
    return STAMP.is_file() and key(lock) in STAMP.read_text().split()


def set_up(lock):
    """Bring .venv to what the lock file says, unless it is there already."""
    if not is_set_up(lock):
        with alone():
            if not is_set_up(lock):
                install(lock)
                return
    say("Set-up: done before, nothing to do.")


def install(lock):
    """Bring .venv to what the lock file says."""
    done_before = STAMP.is_file()
    free = shutil.disk_usage(ROOT).free // 2**20
    if free < NEEDED_MB[lock] and not done_before:
        needs = "The set-up needs about %d MB of disk space; %d MB are free. Free some. "
        raise SetUpError(needs % (NEEDED_MB[lock], free) + AGAIN)

    say("Step 1/4: an isolated Python environment in %s" % VENV)
    # What an interrupted run left half-copied would look installed: then all is laid anew.
    anew = VENV.exists() and not done_before
    make_venv(lock)
    say("Step 2/4: the packages named in %s (a minute or two, once)" % lock)
    locked = ["--require-hashes", "--only-binary", ":all:", "--no-deps", "-r", str(ROOT / lock)]
    ours = ["--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    # An update comes by pip alone, which keeps what worked until all is downloaded.
    uv = None if done_before else shutil.which("uv")
    if uv is None or not install_with_uv(uv, locked, ours, anew):
        install_with_pip(locked, ours, anew or uv is not None, lock)
    write_paths_in_ascii()
    STAMP.write_text("\n".join({key(lock), key("requirements.lock")}) + "\n")


def install_with_uv(uv, locked, ours, anew):
    """Install with uv, which is quicker; return whether it went well."""
    install = [uv, "pip", "install", "--quiet", "--python", str(python_in_venv())]
    again = ["--reinstall"] if anew else []
    # pip knows more ways to an index, and what to say where there is none.
    return answer(install + locked + again) is not None and answer(install + ours) is not None


def install_with_pip(locked, ours, anew, lock):
    """Download first, so that nothing is changed where the network fails; then install."""
    pip = pip_for_venv()
    run(pip + ["download", "-d", str(DOWNLOADS)] + locked, lock)  # what is there already stays
    say("Step 3/4: installing them, and the course")
    STAMP.unlink(missing_ok=True)
    offline = ["install", "--no-index", "--find-links", str(DOWNLOADS)]
    run(pip + offline + locked + (["--force-reinstall"] if anew else []), lock)
    run(pip + offline + ours, lock)
    shutil.rmtree(DOWNLOADS)


def write_paths_in_ascii():
    """Let Python find a course whose folder has letters that the machine's language lacks.

    Before 3.13 it reads its .pth files in that language's letters, and does not start at all.
    """
    for folder in ("lib/python*/site-packages", "Lib/site-packages"):
        for file in VENV.glob(folder + "/*.pth"):
            lines = file.read_text(encoding="utf-8").splitlines()
            if not all(line.isascii() for line in lines):
                code = "import sys; sys.path.append(%s)"
                kept = [line if line.isascii() else code % ascii(line) for line in lines]
                file.write_text("\n".join(kept) + "\n", encoding="ascii")


def main(arguments):
    if arguments[:1] in (["-h"], ["--help"]):
        say(__doc__)
        return 0
    more = bool(arguments) and arguments[0] in NEED_MORE
    set_up("requirements-test.lock" if more else "requirements.lock")
    say("Step 4/4: %s" % " ".join(["centralasia"] + (arguments or ["lab"])))
    command = [str(python_in_venv()), "-P", "-m", "centralasia.cli"] + (arguments or ["lab"])
    child = subprocess.Popen(command, env=clean_environment())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the child, which ends by itself
    return child.wait()


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a Windows console may lack a letter of the path
    try:
        sys.exit(main(sys.argv[1:]))
    except SetUpError as error:
        sys.exit("\nSet-up stopped. %s" % error)
    except OSError as error:
        sys.exit("\nSet-up stopped (%s). %s" % (error, explain(str(error), "requirements.lock")))
    except KeyboardInterrupt:
        sys.exit("\nStopped. Nothing is broken: give the same command again, and it goes on.")
