"""What pip installs is a whole course: it opens, loads and copies without the checkout."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from patience import HANG

import centralasia

ROOT = Path(__file__).resolve().parents[1]
BUILT = (".venv", "artifacts", "my-course", "site/.cache", "site/_site")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The wheel and the source archive."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=HANG,
    )
    return next(folder.glob("*.whl")), next(folder.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """Run Python code in a process that sees the wheel and not the checkout."""
    site, home = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("home")
    with zipfile.ZipFile(built[0]) as wheel:
        wheel.extractall(site)

    def run(*command):
        variables = {"PYTHONPATH": str(site), "HOME": str(home), "USERPROFILE": str(home)}
        return subprocess.run(
            [sys.executable, "-P", *command],
            env={**os.environ, **variables, "JUPYTER_DATA_DIR": str(home / "jupyter")},
            cwd=home,
            capture_output=True,
            text=True,
            timeout=HANG,
        )

    run.site, run.home = site, home
    return run


def tracked(folder):
    """Return the files of a folder that belong to the course."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not any(part.startswith((".", "__")) for part in path.parts[-2:])
    }


def test_the_wheel_carries_code_data_lessons_and_exercises_and_nothing_else(built):
    with zipfile.ZipFile(built[0]) as wheel:
        names = set(wheel.namelist())
    carried = {name for name in names if ".dist-info/" not in name}
    code = {p.relative_to(ROOT).as_posix() for p in (ROOT / "centralasia").rglob("*.py")}
    site = {name for name in code if name.startswith("centralasia/site/")}
    assert "centralasia/site/build.py" in site
    assert (code - site) | {"centralasia/py.typed"} <= carried
    assert [name for name in carried if name.startswith("centralasia/site/")] == []
    course = {name.removeprefix("centralasia/_course/") for name in carried if "/_course/" in name}
    assert course == tracked("data") | tracked("notebooks") | tracked("exercises")
    assert all(name.startswith("centralasia/") for name in carried)
    licences = {name.rsplit("/", 1)[-1] for name in names if "/licenses/" in name}
    assert licences == {"LICENSE", "LICENSE-texts"}


def test_the_source_archive_can_set_itself_up(built):
    with tarfile.open(built[1]) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames()}
    needed = {
        "start.py",
        "requirements.lock",
        "requirements-test.lock",
        "pyproject.toml",
        "README.md",
    }
    assert needed | {"tests/test_wheel.py", "data/datapackage.json"} <= names
    assert not any(name.startswith(BUILT) for name in names)


def test_the_installed_course_finds_its_own_files(installed):
    code = (
        "from centralasia import paths, tables; print(paths.course_root()); "
        "print(all(len(tables.load(name)) for name in tables.names()))"
    )
    run = installed("-c", code)
    assert run.stdout.split("\n")[:2] == [
        str(installed.site / "centralasia" / "_course"),
        "True",
    ], run.stderr


def test_the_installed_course_gives_a_learner_a_copy(installed):
    code = (
        "from centralasia import lab, workspace; from centralasia.cli import main\n"
        "lab.serve = lambda *arguments, **options: None\n"
        "raise SystemExit(main(['lab']))"
    )
    run = installed("-c", code)
    assert run.returncode == 0, run.stderr
    copy = installed.home / "central-asia-course"
    assert str(copy) in run.stdout
    lessons = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert sorted(path.name for path in (copy / "notebooks").glob("*.ipynb")) == lessons
    (copy / "notebooks" / lessons[0]).write_text("mine")
    assert installed("-m", "centralasia.cli", "reset", "00").returncode == 0
    assert (copy / "notebooks" / "00-orientation.edited-1.ipynb").read_text() == "mine"


def test_the_installed_command_knows_its_version(installed):
    run = installed("-m", "centralasia.cli", "--version")
    assert run.stdout.strip() == f"centralasia {centralasia.__version__}"
