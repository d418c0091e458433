"""JupyterLite itself: its pages, its settings, the lessons in it and the course's own extension."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from centralasia import course, templates
from centralasia.errors import UserError
from centralasia.jupyter import frontend
from centralasia.language import code
from centralasia.site import sources, words
from centralasia.site.lite import contents, image, pack
from centralasia.widgets import base

PAGE = Path(__file__).with_name("page")
STORE = "Great Powers in Central Asia"
"""The name of the browser's store with a learner's work. It must never change: with another name
the work would be there and not be found."""
KERNEL = "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension"
EXTENSION = "centralasia-lite"
APPS = ("notebooks", "tree", "edit")
APP_MEGABYTES = 6
"""What the page itself loads beside Python, seen in a browser."""
INSTALLED = [
    *("micropip", "piplite", "ssl", "sqlite3", "ipykernel", "comm", "pyodide_kernel", "jedi"),
    "ipython",
]
"""What JupyterLite would install each time, under the names it has for them."""


@dataclass(frozen=True)
class Notebook:
    """A lesson or an exercise on the first page."""

    number: str
    """Empty for an exercise, whose title has it."""
    title: str
    minutes: int
    address: str


def build(target: Path, release: str | None = None) -> None:
    """Write the browser edition to a folder.

    Parameters
    ----------
    target : pathlib.Path
        The folder; it is made anew.
    release : str, optional
        See `sources.pyodide`.
    """
    python = sources.environment("lite")
    shutil.rmtree(target, ignore_errors=True)
    _jupyterlite(python, target)
    version = _python(python.parent.parent / KERNEL, target / "python", release)
    contents.write(target, STORE)
    _extension(target)
    _settings(target, version)
    _pages(target)
    _early(target)


def _early(target: Path) -> None:
    """Let a lesson's page start Python before JupyterLite does."""
    static = target / "extensions/@jupyterlite/pyodide-kernel-extension/static"
    workers = [
        path
        for path in static.glob("*.js")
        if "self.loadPyodide" in (text := path.read_text("utf-8"))
        and "Worker(" not in text  # the kernel itself, and the worker of an isolated page
    ]
    (worker,) = workers
    boot = 'importScripts(self.location.href.split("/extensions/")[0] + "/python/boot.js");'
    text = worker.read_text("utf-8")
    worker.write_text(f"{boot}self.centralasia.begin().catch(() => {{}});\n{text}", "utf-8")
    address = f"../{worker.relative_to(target).as_posix()}?v={worker.name.split('.')[1]}"
    script = f"const WORKER = {json.dumps(address)};\n{(PAGE / 'early.js').read_text('utf-8')}"
    page = target / "notebooks/index.html"
    head = '<meta charset="utf-8" />'
    html = page.read_text("utf-8")
    page.write_text(html.replace(head, f"{head}\n    <script>{script}</script>", 1), "utf-8")


def _jupyterlite(python: Path, target: Path) -> None:
    """Let JupyterLite put its pages, its kernel and the page side of the widgets together."""
    sources.say("putting JupyterLite together")
    work = sources.CACHE / "jupyterlite"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    browser = sources.wheels("requirements-browser.lock")
    wheels = [str(w) for w in browser if w.name.startswith(("anywidget-", "jupyterlab_widgets-"))]
    config = {"LiteBuildConfig": {"federated_extensions": wheels, "ignore_sys_prefix": False}}
    (work / "jupyter_lite_config.json").write_text(json.dumps(config), "utf-8")
    command = [str(python), "-m", "jupyterlite_core.app", "build", "--output-dir", str(target)]
    for app in APPS:
        command += ["--apps", app]
    command += ["--no-sourcemaps", "--no-unused-shared-packages", "--no-libarchive"]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UserError(f"JupyterLite was not built:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")


def _python(kernel: Path, target: Path, release: str | None) -> str:
    """Put Python in place: its image, the course, and all packages for where that fails.

    Returns
    -------
    str
        A checksum of all of it.
    """
    names = ("pyodide_kernel", "piplite", "ipykernel")
    own = [wheel for name in names for wheel in (kernel / "static/pypi").glob(f"{name}-*.whl")]
    wheels = pack.packages(own, release)
    folder = sources.CACHE / "wheel"
    shutil.rmtree(folder, ignore_errors=True)
    target.mkdir(parents=True)
    sums = pack.write(wheels, pack.course_wheel(folder), target)
    made = image.image(pack.compiled(wheels), pack.stdlib())
    name = image.name_of(made.folder)
    shutil.copytree(made.folder, target / name)
    sums["image"] = made.sha256
    (target / "packages.json").write_text(json.dumps(sums, indent=1) + "\n", "utf-8")
    packed = hashlib.sha256((made.folder / image.PACKED).read_bytes()).hexdigest()
    files: dict[str, object] = {"folder": name, "size": made.size, "sum": packed}
    for name in ("packages", "course"):
        path = target / f"{name}.tar.gz"
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        # Some servers unpack what ends in .gz on the way, and the page would unpack it again.
        files[name] = f"{name}-{digest}.pack"
        path.rename(target / f"{name}-{digest}.pack")
    boot = f"self.PYTHON = {json.dumps(files)};\n{(PAGE / 'boot.js').read_text('utf-8')}"
    (target / "boot.js").write_text(boot, "utf-8")
    shutil.copyfile(PAGE / "live.js", target / "live.js")
    return hashlib.sha256(boot.encode()).hexdigest()[:12]


def _extension(target: Path) -> None:
    """Add the course's extensions, each of which is one file and needs no bundler."""
    folder = target / "extensions" / EXTENSION / "static"
    folder.mkdir(parents=True)
    script = (PAGE / "extension.js").read_text("utf-8")
    said = words.script(words.of_edition())
    (folder / "extension.js").write_text(f"{said}\n{script}", "utf-8")
    shutil.copyfile(PAGE / "extension.css", folder / "extension.css")
    forms = target / "extensions" / frontend.NAME / frontend.LOAD
    forms.parent.mkdir(parents=True)
    forms.write_text(frontend.forms(disk=False), "utf-8")


def _pages(target: Path) -> None:
    """Write the start page and what it loads."""
    for name in ("icon.svg", "start.css", "start.js"):
        shutil.copyfile(PAGE / name, target / name)
    (target / "work.js").write_text(_work(), "utf-8")
    (target / "words.js").write_text(words.script(words.of_edition()), "utf-8")
    for name, file in (("fflate", "esm/browser.js"), ("localforage", "dist/localforage.min.js")):
        shutil.copyfile(sources.npm(name) / file, target / f"{name}.js")
    shutil.copyfile(PAGE.parents[1] / "offline.js", target / "offline.js")
    for app in APPS:
        path = target / app / "index.html"
        path.write_text(_with_ours(path.read_text("utf-8")), "utf-8")
    icons = target / "static/favicons"
    icons.mkdir(parents=True)
    names = ["busy-1", "busy-2", "busy-3", "notebook", "file", "terminal"]
    for name in names:  # JupyterLite's page asks for these, and brings none of them
        shutil.copyfile(target / "icon-120x120.png", icons / f"favicon-{name}.ico")
    page = templates.render(
        "site/lite/page/index.html",
        course=course.title(),
        language=code(),
        lessons=_listed(target, "notebooks/"),
        exercises=_listed(target, "exercises/"),
        megabytes=sources.PYTHON_MEGABYTES + APP_MEGABYTES,
    )
    (target / "index.html").write_text(page, "utf-8")


def _with_ours(page: str) -> str:
    """Return a page of JupyterLite with our icon and scripts, and with words while it is empty."""
    head, body = '<meta charset="utf-8" />', '<div id="jupyterlite-loading-indicator"'
    ours = '<link rel="icon" href="../icon.svg" />\n    <script src="../offline.js"></script>'
    first = templates.render(
        "site/lite/page/first.html", app=APP_MEGABYTES, python=sources.PYTHON_MEGABYTES
    )
    page = page.replace("<html>", f'<html lang="{code()}">', 1)
    return page.replace(head, f"{head}\n    {ours}", 1).replace(body, f"{first}    {body}", 1)


def _work() -> str:
    """Return the script of a learner's work, with the store of answers that the book has too."""
    widgets = Path(base.__file__).parent
    store = [widgets / f"{name}.js" for name in ("answers", "file", base.STORE)]
    return "\n".join(path.read_text("utf-8") for path in (PAGE / "work.js", *store))


def _listed(target: Path, folder: str) -> list[Notebook]:
    """Return the notebooks of a folder, as the release lists them."""
    release = json.loads((target / "release.json").read_text("utf-8"))["files"]
    return [
        Notebook(
            number=Path(path).name.partition("-")[0] if folder == "notebooks/" else "",
            title=about["title"],
            minutes=about["minutes"],
            address=f"notebooks/index.html?path={quote(path)}",
        )
        for path, about in release.items()
        if path.startswith(folder)
    ]


def _settings(target: Path, version: str) -> None:
    """Say where Python is and what is otherwise than JupyterLite has it."""
    path = target / "jupyter-lite.json"
    config: dict[str, Any] = json.loads(path.read_text("utf-8"))
    page = config["jupyter-config-data"]
    page["appName"] = STORE
    page["faviconUrl"] = "./icon.svg"
    page["contentsStorageName"] = page["settingsStorageName"] = STORE
    page["litePluginSettings"] = {
        "@jupyterlite/pyodide-kernel-extension:kernel": {
            "pyodideUrl": f"./python/boot.js?v={version}",
            "disablePyPIFallback": True,
            "loadPyodideOptions": {"packages": INSTALLED},
        }
    }
    page["federated_extensions"] += [
        {"name": name, "load": load, "extension": "./extension"}
        for name, load in ((EXTENSION, "static/extension.js"), (frontend.NAME, frontend.LOAD))
    ]
    overrides = json.loads(
        (sources.ROOT / "centralasia/settings/overrides.json").read_text("utf-8")
    )
    overrides["@jupyterlab/docmanager-extension:plugin"] = {"autosaveInterval": 10}
    # With "automatic" a telephone has no bar, and so no way back to the lessons.
    overrides["@jupyter-notebook/application-extension:top"] = {"visible": "yes"}
    # Otherwise cells that are out of sight leave the page, and with them half-filled forms and
    # what the browser's own search would find.
    overrides["@jupyterlab/notebook-extension:tracker"]["windowingMode"] = "none"
    page["settingsOverrides"] = overrides
    path.write_text(json.dumps(config, ensure_ascii=False, indent=1) + "\n", "utf-8")
