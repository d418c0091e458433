"""The lessons and exercises in the browser edition: the files that JupyterLite shows a learner."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from centralasia import course, paths
from centralasia.charts.renderer import notice
from centralasia.notebooks import for_learners
from centralasia.pictures import PNG, VEGA
from centralasia.site import sources


def write(target: Path, store: str) -> None:
    """Put the lessons and exercises where JupyterLite looks for a server's files.

    Parameters
    ----------
    target : pathlib.Path
        The folder of the browser edition.
    store : str
        The name of the browser's store with a learner's work.
    """
    release: dict[str, dict[str, Any]] = {}
    known = course.lessons()
    lessons = [(lesson.file, f"notebooks/{lesson.file.name}") for lesson in known]
    exercises = [
        (paths.exercises_dir() / file, f"exercises/{file.as_posix()}")
        for lesson in known
        if lesson.exercise
        for file in [Path(lesson.name) / f"{lesson.name}.ipynb"]
    ]
    for path, name in lessons + exercises:
        notebook = json.loads(for_learners(path))
        about = notebook["metadata"]["centralasia"]
        release[name] = {
            "title": about["title"],
            "minutes": about["minutes"],
            "text": text_sum(notebook),
        }
        place = target / "files" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(_as_served(notebook), ensure_ascii=False), "utf-8")
    for folder in {place for name in release for place in Path(name).parents}:
        _listing(target, folder)
    (target / "release.json").write_text(
        json.dumps({"store": store, "files": release}, ensure_ascii=False, indent=1), "utf-8"
    )


def text_sum(notebook: dict[str, Any]) -> str:
    """Return the checksum of what a learner can edit: the kind and the text of each cell.

    ``work.js`` works out the same one in the browser.
    """
    cells = (f"{c['cell_type']}\n{''.join(c['source'])}" for c in notebook["cells"])
    return hashlib.sha256("\0".join(cells).encode()).hexdigest()


def _as_served(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook as a server would give it: texts in one piece, stored outputs trusted."""
    served = copy.deepcopy(notebook)
    for cell in served["cells"]:
        cell["source"] = "".join(cell["source"])
        if cell["cell_type"] != "code":
            continue
        cell["metadata"]["trusted"] = True
        for output in cell["outputs"]:
            if "text" in output:
                output["text"] = "".join(output["text"])
            if VEGA in output.get("data", {}):  # the page draws it, and fetches no picture as well
                output["data"][PNG] = notice()
                output["metadata"].pop(PNG, None)
            for kind, value in output.get("data", {}).items():
                if isinstance(value, list) and not kind.endswith("json"):
                    output["data"][kind] = "".join(value)
    return served


def _listing(target: Path, folder: Path) -> None:
    """Write what JupyterLite would hear from a server about a folder."""
    here = target / "files" / folder
    path = "" if folder == Path() else folder.as_posix()
    entries = [_entry(child, folder) for child in sorted(here.iterdir())]
    about = _model("", path, "directory") | {"content": entries, "format": "json"}
    listing = target / "api/contents" / folder / "all.json"
    listing.parent.mkdir(parents=True, exist_ok=True)
    listing.write_text(json.dumps(about), "utf-8")


def _entry(child: Path, folder: Path) -> dict[str, Any]:
    kind = "directory" if child.is_dir() else "notebook"
    return _model(child.name, (folder / child.name).as_posix(), kind)


def _model(name: str, path: str, kind: str) -> dict[str, Any]:
    return {
        "name": name,
        "path": path,
        "type": kind,
        "created": _date(),
        "last_modified": _date(),
        "content": None,
        "format": None,
        "mimetype": None,
        "size": None,
        "writable": True,
    }


@cache
def _date() -> str:
    """Return the release's date, given to all files: the same wherever the site is built."""
    cited = (sources.ROOT / "CITATION.cff").read_text("utf-8")
    found = re.search(r"^date-released: (\S+)$", cited, re.MULTILINE)
    assert found is not None  # a test holds it to the version
    return f"{found[1]}T00:00:00Z"
