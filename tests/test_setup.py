"""start.py on a small course of its own: no network, a folder with spaces and other letters."""

import ast
import base64
import hashlib
import os
import runpy
import shutil
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from patience import HANG

from centralasia import commands

ROOT = Path(__file__).resolve().parents[1]
START = ROOT / "start.py"
# The course's own pyproject.toml asks for hatchling; this one builds itself.
PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "centralasia"
version = "1"
"""
BACKEND = """\
import pathlib, zipfile
def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "centralasia-1-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        wheel.writestr("centralasia.pth", str(pathlib.Path(__file__).parent))
        wheel.writestr("centralasia-1.dist-info/METADATA",
                       "Metadata-Version: 2.1\\nName: centralasia\\nVersion: 1\\n")
        wheel.writestr("centralasia-1.dist-info/WHEEL",
                       "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("centralasia-1.dist-info/RECORD", "")
    return name
"""
CLI = """\
import os, sys, pebble
print("pebble", pebble.__version__, "arguments", sys.argv[1:], os.environ.get("VIRTUAL_ENV"))
sys.exit(7 if "fail" in sys.argv else 0)
"""


def make_wheel(folder, name, version):
    """Write a package of one line, and return its line for a lock file."""
    file = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"__version__ = '{version}'\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{path},{digest(text)},{len(text)}" for path, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,"]) + "\n"
    with zipfile.ZipFile(file, "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    return f"{name}=={version} --hash=sha256:{sha256}\n"


def digest(text):
    raw = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return "sha256=" + raw.decode().rstrip("=")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A checkout in small, with its lock files and the packages that they name."""
    root = tmp_path_factory.mktemp("the course, Центральная Азия") / "check out"
    (root / "centralasia").mkdir(parents=True)
    wheels = root.parent / "wheels"
    wheels.mkdir()
    shutil.copy(START, root)
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "backend.py").write_text(BACKEND)
    (root / "centralasia" / "cli.py").write_text(CLI)
    pebble = make_wheel(wheels, "pebble", "1.0")
    (root / "requirements.lock").write_text(pebble)
    (root / "requirements-test.lock").write_text(pebble + make_wheel(wheels, "gravel", "1.0"))
    return SimpleNamespace(root=root, wheels=wheels, lock=root / "requirements.lock")


def start(course, *arguments, python=sys.executable, network=True, **variables):
    """Run start.py as a user would, with the folder of wheels as the network."""
    variables |= {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "http://127.0.0.1:1/simple",
        "PIP_RETRIES": "1",
        "PIP_NO_INDEX": "1" if network else "",
        "PIP_FIND_LINKS": course.wheels.as_uri() if network else "",
        "PYTHONIOENCODING": "utf-8",
    }
    return subprocess.run(
        [python, course.root / "start.py", *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        encoding="utf-8",
        timeout=HANG,
    )


@pytest.fixture(scope="module")
def first(course):
    """The first run in a fresh checkout."""
    return start(course, "doctor", "--json")


@contextmanager
def lock(course, text):
    """Give the course another lock file for a while."""
    old = course.lock.read_text()
    course.lock.write_text(text)
    yield
    course.lock.write_text(old)


def snapshot(folder):
    return {path: path.lstat().st_mtime_ns for path in folder.rglob("*")}


def test_one_command_sets_up_and_runs(first):
    assert first.returncode == 0, first.stderr
    for step in ("Step 1/4", "Step 2/4", "Step 3/4", "Step 4/4: centralasia doctor --json"):
        assert step in first.stdout
    assert "pebble 1.0 arguments ['doctor', '--json']" in first.stdout


def test_it_says_little_where_all_goes_well(first):
    """pip's own words, which are hundreds of lines, come where it fails."""
    assert len(first.stdout.splitlines()) <= 10, first.stdout
    assert first.stderr == ""


def test_where_pip_fails_its_own_words_are_shown(course, first):
    with lock(course, course.lock.read_text().replace("pebble==1.0", "pebble==4.0")):
        run = start(course)
    assert "No matching distribution found for pebble==4.0" in run.stderr


def test_again_it_skips_the_set_up_and_changes_nothing(course, first):
    before = snapshot(course.root / ".venv")
    second = start(course, "doctor", "--json")
    assert (second.returncode, second.stderr) == (0, "")
    assert "done before" in second.stdout
    assert "Step 1" not in second.stdout
    assert snapshot(course.root / ".venv") == before


@pytest.mark.parametrize("language", ["C", "POSIX", "C.UTF-8"])
def test_it_runs_in_a_language_without_the_letters_of_its_folder(course, first, language):
    done = start(course, "doctor", LC_ALL=language)
    assert done.returncode == 0, done.stderr
    assert "pebble 1.0 arguments ['doctor']" in done.stdout


def test_without_a_command_it_opens_the_lab(course, first):
    assert "arguments ['lab']" in start(course).stdout


def test_the_exit_code_is_the_commands(course, first):
    assert start(course, "fail").returncode == 7


def test_the_tests_get_more_packages_and_their_arguments(course, first):
    run = start(course, "test", "-k", "one")
    assert list((course.root / ".venv").rglob("gravel.py"))
    assert "arguments ['test', '-k', 'one']" in run.stdout
    assert "done before" in start(course, "test").stdout
    assert "done before" in start(course, "slides", "03").stdout
    assert "done before" in start(course).stdout, "what serves the tests serves a learner"


def test_every_teachers_command_gets_them_as_well(script):
    """Which commands need more is known to start.py, which cannot ask, and to each of them."""
    assert sorted(script["NEED_MORE"]) == [n for n in commands.names() if commands.find(n).extra]


def test_two_set_ups_at_once_do_not_work_in_the_same_folder(course, first):
    (course.root / ".venv" / "centralasia-set-up").unlink()
    environment = {**os.environ, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"}
    environment["PIP_FIND_LINKS"] = course.wheels.as_uri()
    command = [sys.executable, course.root / "start.py"]
    both = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, encoding="utf-8")
        for _ in range(2)
    ]
    said = sorted((child.communicate(timeout=HANG)[0] for child in both), key=len)
    assert [child.returncode for child in both] == [0, 0]
    assert "Another start.py is setting up this folder" in said[0]
    assert "done before" in said[0]
    assert "Step 1/4" in said[1]


def test_an_interrupted_run_is_finished_by_the_next(course, first):
    (course.root / ".venv" / "centralasia-set-up").unlink()
    module = next((course.root / ".venv").rglob("pebble.py"))
    module.write_text("")  # half-copied, though pip counts it as installed
    run = start(course)
    assert run.returncode == 0, run.stderr
    assert "pebble 1.0" in run.stdout


def test_a_new_lock_is_followed(course, first):
    with lock(course, make_wheel(course.wheels, "pebble", "2.0")):
        assert "pebble 2.0" in start(course).stdout
    assert "pebble 1.0" in start(course).stdout


def test_without_a_network_it_says_so_and_what_worked_goes_on_working(course, first):
    with lock(course, course.lock.read_text().replace("pebble==1.0", "pebble==3.0")):
        run = start(course, network=False)
    assert run.returncode != 0
    assert "cannot be reached" in run.stderr
    assert "Traceback" not in run.stderr
    assert "done before" in start(course, network=False).stdout


def test_a_venv_whose_python_is_gone_is_made_anew(course, first):
    for path in (course.root / ".venv" / ("Scripts" if os.name == "nt" else "bin")).glob("python*"):
        path.unlink()
    run = start(course)
    assert run.returncode == 0, run.stderr
    assert "pebble 1.0" in run.stdout


def test_a_file_that_is_not_the_locked_one_is_refused(course, first):
    wrong = hashlib.sha256(b"another file").hexdigest()
    with lock(course, f"pebble==1.0 --hash=sha256:{wrong}\n"):
        run = start(course)
    assert run.returncode != 0
    assert "differs from the one this course was tested with" in run.stderr


def test_settings_that_lead_elsewhere_are_passed_over(course, first, tmp_path):
    (tmp_path / "pebble.py").write_text("__version__ = 'stray'\n")
    (course.root / ".venv" / "centralasia-set-up").unlink()
    stray = {"PIP_TARGET": str(tmp_path / "target"), "VIRTUAL_ENV": str(tmp_path / "another")}
    run = start(course, PYTHONPATH=str(tmp_path), PIP_USER="1", **stray)
    assert run.returncode == 0, run.stderr
    assert run.stdout.rstrip().endswith("None"), "IPython warns of an environment it is not in"
    assert "pebble 1.0" in run.stdout
    assert not (tmp_path / "target").exists()


def test_every_python_can_read_it_as_far_as_its_message():
    ast.parse(START.read_text("utf-8"), feature_version=(3, 7))
    pretend = "import sys; sys.version_info = (3, 8, 18); exec(open(sys.argv[1]).read())"
    run = subprocess.run(
        [sys.executable, "-c", pretend, START], capture_output=True, text=True, timeout=HANG
    )
    assert run.returncode == 1
    assert "This is Python 3.8; the course needs 3.11 or newer" in run.stderr


@pytest.fixture
def script():
    return runpy.run_path(str(START))


@pytest.mark.parametrize(
    ("printed", "advice"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
         "The disk is full"),
        ("OSError: [WinError 112] There is not enough space on the disk", "The disk is full"),
        ("WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(': "
         "Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')'"
         "\nERROR: No matching distribution found for altair==5.5.0", "cannot be reached"),
        ("pip._vendor.urllib3.exceptions.ReadTimeoutError: Read timed out.", "cannot be reached"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "PIP_CERT"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
         "differs from the one"),
        ("ERROR: Could not install packages due to an OSError: [WinError 5] Access is denied",
         "cannot be written to"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "64-bit"),
        ("ERROR: something nobody foresaw", "last lines above"),
    ],
)  # fmt: skip
def test_a_failure_is_explained(script, printed, advice):
    assert advice in script["explain"](printed, "requirements.lock")


def test_a_full_disk_is_seen_before_anything_is_made(script, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=300 * 2**20))
    set_up = script["set_up"]
    monkeypatch.setitem(set_up.__globals__, "VENV", tmp_path / ".venv")
    monkeypatch.setitem(set_up.__globals__, "STAMP", tmp_path / ".venv" / "stamp")
    with pytest.raises(script["SetUpError"], match="300 MB are free"):
        set_up("requirements.lock")
    assert not (tmp_path / ".venv").exists()


def test_without_any_pip_it_names_the_package_to_install(script, monkeypatch):
    pip_for_venv = script["pip_for_venv"]
    monkeypatch.setitem(pip_for_venv.__globals__, "answer", lambda command: None)
    with pytest.raises(script["SetUpError"], match="sudo apt install python3-venv"):
        pip_for_venv()


@pytest.mark.parametrize("goes_well", [True, False])
def test_uv_installs_where_it_is_at_hand(script, monkeypatch, goes_well):
    install, asked = script["install_with_uv"], []

    def answer(command):
        asked.append(command)
        return "" if goes_well else None

    monkeypatch.setitem(install.__globals__, "answer", answer)
    assert install("uv", ["-r", "lock"], ["-e", "course"], anew=True) == goes_well
    assert asked[0][:3] == ["uv", "pip", "install"]
    assert asked[0][-3:] == ["-r", "lock", "--reinstall"]
    assert len(asked) == (2 if goes_well else 1)


def test_the_systems_pip_serves_where_the_venv_gets_none(script, monkeypatch):
    def answer(command):
        return "pip 24" if "--python" in command else None

    pip_for_venv = script["pip_for_venv"]
    monkeypatch.setitem(pip_for_venv.__globals__, "answer", answer)
    assert pip_for_venv()[:4] == [sys.executable, "-m", "pip", "--python"]
