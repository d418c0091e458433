"""Looks for what keeps the course from working on a machine, and says what to do about it."""

import importlib.metadata
import json
import os
import platform
import shutil
import sys
import tempfile
import time
import webbrowser
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from centralasia.paths import course_root, data_dir
from centralasia.pictures import VEGA

FREE_MB = 200
"""Disk space that a learner's copy, its checkpoints and a session need, with room to spare."""
KERNEL_SECONDS = 60

_SET_UP_AGAIN = "Run 'python3 start.py' in the checkout, or install the package again with pip."


@dataclass(frozen=True)
class Finding:
    """The result of one check."""

    check: str
    ok: bool
    found: str
    """What is there, or what is wrong, in one line."""
    advice: str = ""
    """What to do; empty if all is well."""


class Trouble(Exception):
    """What a check found wrong, and what to do about it."""

    def __init__(self, found: str, advice: str) -> None:
        super().__init__(found)
        self.found, self.advice = found, advice


def examine() -> list[Finding]:
    """Run every check; one that breaks is a finding like the others.

    Returns
    -------
    list of Finding
    """
    return [_run(name, check, advice) for name, (check, advice) in CHECKS.items()]


def show(findings: list[Finding], *, as_json: bool = False) -> None:
    """Print the findings for a person, or as JSON for a program."""
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], indent=1, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("Check", "", "Found", box=None, pad_edge=False)
    for finding in findings:
        word = "[green]ok[/]" if finding.ok else "[bold red]WRONG[/]"
        table.add_row(finding.check, word, _escaped(finding.found))
        if finding.advice:
            table.add_row("", "", "What to do: " + _escaped(finding.advice))
    console = Console(highlight=False)
    console.print(table)
    wrong = sum(not finding.ok for finding in findings)
    console.print(f"\n{wrong} of {len(findings)} checks failed." if wrong else "\nAll is well.")


def check_python() -> str:
    """Check that this Python can hold what the packages need."""
    version = platform.python_version()
    if sys.maxsize < 2**32:
        raise Trouble(f"Python {version} is a 32-bit one", "Install the 64-bit edition.")
    return f"{version} in {sys.prefix}"


def check_packages() -> str:
    """Check the version of every package that the course asks for."""
    from packaging.requirements import Requirement

    wrong, right = [], 0
    for text in importlib.metadata.requires("centralasia") or []:
        need = Requirement(text)
        if need.marker and not need.marker.evaluate({"extra": ""}):
            continue
        try:
            version = importlib.metadata.version(need.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{need.name} is missing")
            continue
        if need.specifier.contains(version, prereleases=True):
            right += 1
        else:
            wrong.append(f"{need.name} is {version}, not {need.specifier}")
    if wrong:
        raise Trouble("; ".join(wrong), _SET_UP_AGAIN)
    return f"{right} packages in the versions the course asks for"


def check_data() -> str:
    """Check that the data package is there and every table loads."""
    from centralasia import tables

    try:
        rows = sum(len(tables.load(name)) for name in tables.names())
    except tables.UnknownValue as error:  # which says what to edit
        raise Trouble(str(error), "Mend it there: the file is whole.") from error
    return f"{len(tables.names())} tables, {rows:,} rows in {data_dir()}"


def check_lessons() -> str:
    """Check that the lessons are there and are notebooks."""
    from centralasia import course, notebooks

    for lesson in course.lessons():
        path = course_root() / "notebooks" / lesson.file.name
        if not path.is_file():
            raise Trouble(f"the lesson {path} is missing", _SET_UP_AGAIN)
        notebooks.read(path)
    return f"{len(course.lessons())} lessons"


def check_chart() -> str:
    """Check that Altair writes what JupyterLab draws without a network."""
    import altair as alt
    import pandas as pd

    with alt.renderers.enable("mimetype"):
        chart = alt.Chart(pd.DataFrame({"x": [1, 2]})).mark_point().encode(x="x:Q")
        bundle = chart._repr_mimebundle_()
    if VEGA not in (bundle[0] if isinstance(bundle, tuple) else bundle):
        raise Trouble(
            f"Altair {alt.__version__} writes charts that JupyterLab 4.6 cannot draw",
            "Install Altair 5.5: " + _SET_UP_AGAIN,
        )
    return f"Altair {alt.__version__} writes Vega-Lite 5 with its data inside"


def check_widget() -> str:
    """Check that widgets and JupyterLab's part of them are there and belong together."""
    import ipywidgets
    from jupyter_core.paths import jupyter_path
    from packaging.requirements import Requirement

    needs = map(Requirement, importlib.metadata.requires("ipywidgets") or [])
    need = next(need for need in needs if need.name.replace("_", "-") == "jupyterlab-widgets")
    offered = importlib.metadata.version("jupyterlab-widgets")
    if not need.specifier.contains(offered):
        raise Trouble(f"ipywidgets needs {need}, and {offered} is installed", _SET_UP_AGAIN)
    folders = [Path(folder) for folder in jupyter_path("labextensions")]
    for part in ("@jupyter-widgets/jupyterlab-manager", "anywidget"):
        if not any((folder / part / "package.json").is_file() for folder in folders):
            raise Trouble(f"JupyterLab lacks its extension {part}", _SET_UP_AGAIN)
    ipywidgets.Button(description="ok").close()
    return f"ipywidgets {ipywidgets.__version__} with jupyterlab-widgets {offered}"


def check_kernel() -> str:
    """Start a Python kernel and let it add one and one."""
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="python3")
    manager.transport_encryption = "auto"
    begun = time.perf_counter()
    manager.start_kernel()
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=KERNEL_SECONDS)
        reply = client.execute_interactive(
            "", user_expressions={"sum": "1 + 1"}, timeout=KERNEL_SECONDS
        )
        answer = reply["content"]["user_expressions"]["sum"]["data"]["text/plain"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    if answer != "2":
        raise Trouble(f"the kernel says that 1 + 1 is {answer}", _SET_UP_AGAIN)
    return f"answered in {time.perf_counter() - begun:.1f} s"


def check_progress() -> str:
    """Check that answers can be stored."""
    from centralasia import progress

    folder = progress.path().parent
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"ok")
    progress.answers()
    return f"answers are kept in {progress.path()}"


def check_disk() -> str:
    """Check that there is room for a learner's copy."""
    from centralasia import workspace

    place = workspace.find()
    place = next(folder for folder in (place, *place.parents) if folder.exists())
    free = shutil.disk_usage(place).free // 2**20
    if free < FREE_MB:
        raise Trouble(
            f"{free} MB are free at {place}", f"Free some space: {FREE_MB} MB are needed."
        )
    return f"{free:,} MB free at {place}"


def check_browser() -> str:
    """Check that there is a browser for JupyterLab to open in, if there is a screen."""
    by_hand = "Run 'centralasia lab --no-browser' and copy the address into a browser."
    try:
        return f"opens in {getattr(webbrowser.get(), 'name', 'the default browser')}"
    except webbrowser.Error as error:
        if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ):
            return "no screen here. " + by_hand
        raise Trouble("no browser was found", by_hand) from error


CHECKS: dict[str, tuple[Callable[[], str], str]] = {
    "Python": (check_python, "Install Python 3.11, 3.12 or 3.13 from python.org."),
    "packages": (check_packages, _SET_UP_AGAIN),
    "data": (check_data, "Take a fresh copy of the course: the folder data/ is damaged."),
    "lessons": (check_lessons, "Take a fresh copy of the course: a lesson is damaged."),
    "chart": (check_chart, _SET_UP_AGAIN),
    "widget": (check_widget, _SET_UP_AGAIN),
    "kernel": (check_kernel, "Allow Python to talk to itself (firewall), or: " + _SET_UP_AGAIN),
    "progress": (
        check_progress,
        "Make that folder writable, or set CENTRALASIA_PROGRESS to a file of your own.",
    ),
    "disk": (check_disk, "Free some space."),
    "browser": (check_browser, "Run 'centralasia lab --no-browser' and copy the address."),
}
"""Each check by name, with what to do if it breaks in a way that it does not foresee."""


def _run(name: str, check: Callable[[], str], advice: str) -> Finding:
    try:
        return Finding(name, True, check())
    except Trouble as trouble:
        return Finding(name, False, trouble.found, trouble.advice)
    except Exception as error:
        first_line = (str(error).splitlines() or [""])[0]
        return Finding(name, False, f"{type(error).__name__}: {first_line}", advice)


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)
