"""The lock files, environment.yml and what the code imports all follow pyproject.toml."""

import ast
import json
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import centralasia
from centralasia import tables

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ("requirements.lock", "requirements-test.lock")
NEEDS = PROJECT["project"]["dependencies"]
EXTRAS = PROJECT["project"]["optional-dependencies"]
TEST_NEEDS = EXTRAS["teaching"] + EXTRAS["test"]
BUILD_NEEDS = PROJECT["dependency-groups"]["build"]
# What a browser's Python and Sphinx's run has the packages that the site pins for them.
ELSEWHERE = (ROOT / "centralasia/site/lite/page", ROOT / "centralasia/site/book/extension.py")
SYSTEMS = {
    "linux": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    "macos": {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
    "windows": {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
}
CHANGES = (ROOT / "CHANGELOG.md").read_text("utf-8")
PYTHONS = ("3.11.0", "3.11.7", "3.12.1", "3.13.0")


def entries(lock):
    """Return the (requirement, hashes) of a lock file."""
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    split = [
        ([word for word in line if not word.startswith("--")], [w for w in line if w[:2] == "--"])
        for line in lines
    ]
    return [(Requirement(" ".join(words)), frozenset(hashes)) for words, hashes in split]


def place_of(system, python):
    return SYSTEMS[system] | {
        "python_version": ".".join(python.split(".")[:2]),
        "python_full_version": python,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }


def pins(lock, system, python):
    """Return name: version of what a lock file installs on a system."""
    place = place_of(system, python)
    found = {}
    for requirement, _ in entries(lock):
        if requirement.marker is None or requirement.marker.evaluate(place):
            name = canonicalize_name(requirement.name)
            assert name not in found, f"{name} is pinned twice for {system} and Python {python}"
            found[name] = str(requirement.specifier).removeprefix("==")
    return found


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_every_direct_need_is_pinned_in_range(system, python):
    for lock, needs in zip(LOCKS, (NEEDS, NEEDS + TEST_NEEDS), strict=True):
        pinned = pins(lock, system, python)
        for need in map(Requirement, needs + BUILD_NEEDS):
            if need.marker and not need.marker.evaluate(place_of(system, python)):
                continue
            name = canonicalize_name(need.name)
            assert name in pinned, f"{lock} lacks {name}: see CONTRIBUTING.md, Locks"
            assert need.specifier.contains(pinned[name]), f"{lock} has {name} {pinned[name]}"


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_the_tests_run_on_what_a_learner_gets(system, python):
    learner, test = (pins(lock, system, python).items() for lock in LOCKS)
    assert learner <= test


def test_the_two_locks_agree_on_hashes():
    learner, test = (
        {(need.name, str(need.specifier)): hashes for need, hashes in entries(lock)}
        for lock in LOCKS
    )
    assert learner.items() <= test.items()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_exact_versions_with_hashes_and_no_address(lock):
    for requirement, hashes in entries(lock):
        assert re.fullmatch(r"==[^,*]+", str(requirement.specifier)), requirement
        assert hashes, f"{requirement} has no hash"
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in hashes)
    text = (ROOT / lock).read_text("utf-8")
    assert not re.search(r"://|file:|^-|index|find-links| @ ", text, re.MULTILINE)


def test_conda_gets_the_same_ranges():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    *needs, pip, last = environment["dependencies"]
    assert (pip, last) == ("pip", {"pip": ["-e ."]})

    def ranges(texts):
        parsed = map(Requirement, texts)
        return {canonicalize_name(need.name): need.specifier for need in parsed}

    assert ranges(needs) == ranges([*NEEDS, "python" + PROJECT["project"]["requires-python"]])


def third_party_imports(paths):
    """Return the distributions that files import, from their import statements."""
    own = {"centralasia", "conftest", *(path.stem for path in (ROOT / "tests").rglob("*.py"))}
    found = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                found.add(node.module.split(".")[0])
    return found - own - set(sys.stdlib_module_names)


@pytest.mark.parametrize(
    ("folder", "needs"),
    [
        ("centralasia", NEEDS + EXTRAS["teaching"] + BUILD_NEEDS),
        ("tests", NEEDS + TEST_NEEDS + BUILD_NEEDS),
        ("benchmarks", NEEDS + TEST_NEEDS),
    ],
)
def test_what_is_imported_is_declared(folder, needs):
    declared = {canonicalize_name(Requirement(need).name) for need in needs}
    distributions = packages_distributions()
    every = (ROOT / folder).rglob("*.py")
    here = [path for path in every if not {path, path.parent} & set(ELSEWHERE)]
    for module in third_party_imports(here):
        sources = {canonicalize_name(name) for name in distributions.get(module, [module])}
        assert sources & declared, f"{folder}/ imports {module}: add it to pyproject.toml"


def test_start_needs_nothing_but_python():
    assert third_party_imports([ROOT / "start.py"]) == set()


def test_the_citation_names_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    package = json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))
    assert citation["version"] == package["version"] == centralasia.__version__
    assert re.search(rf"^## {re.escape(centralasia.__version__)} \(", CHANGES, re.MULTILINE)
    assert " AND ".join(citation["license"]) == PROJECT["project"]["license"]
    assert {"cff-version", "message", "title", "authors"} <= set(citation)


def test_readme_shows_a_claim_as_it_stands():
    readme = (ROOT / "README.md").read_text("utf-8")
    number = re.search(r"^> \*\*([A-Z]{2}-\d+), a (\w+)\.\*\*", readme, re.MULTILINE)
    claim = tables.load("claims").set_index("claim_id").loc[number[1]]
    assert number[2] == claim["kind"]
    assert f" {claim['claim']}\n" in readme
    verdict = claim["verdict"].replace("_", " ").capitalize()
    assert f"**{verdict}.** {claim['correction']}\n" in readme


def test_actions_are_pinned_by_hash():
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        for used in re.findall(r"uses: (\S+)", path.read_text("utf-8")):
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", used), f"{path.name}: {used}"


def test_the_licence_texts_are_whole():
    code, texts = ((ROOT / name).read_text("utf-8") for name in ("LICENSE", "LICENSE-texts"))
    assert "Redistributions in binary form must reproduce" in code
    assert "Neither the name of the copyright holder" in code
    assert "Creative Commons Attribution 4.0 International Public" in texts
    for section in range(1, 9):
        assert f"\nSection {section} -- " in texts
