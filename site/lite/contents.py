"""The lessons and exercises in the browser edition: the files that JupyterLite shows a learner."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from pathlib import Path

from centralasia.notebooks import for_learners

_CITED = (Path(__file__).parents[2] / "CITATION.cff").read_text("utf-8")
DATE = re.search(r"^date-released: (\S+)$", _CITED, re.MULTILINE)[1] + "T00:00:00Z"
"""The release's, given to all files, so that they are the same wherever it is built."""


def write(root: Path, target: Path, store: str) -> None:
    """Put the lessons and exercises where JupyterLite looks for a server's files.

    Parameters
    ----------
    root : pathlib.Path
        The checkout of the course.
    target : pathlib.Path
        The folder of the browser edition.
    store : str
        The name of the browser's store with a learner's work.
    """
    release = {}
    lessons = [
        (path, f"notebooks/{path.name}") for path in sorted((root / "notebooks").glob("*.ipynb"))
    ]
    exercises = [
        (path, f"exercises/{path.parent.name}/{path.name}")
        for path in sorted((root / "exercises").glob("*/*.ipynb"))
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


def text_sum(notebook: dict) -> str:
    """Return the checksum of what a learner can edit: the kind and the text of each cell.

    ``work.js`` works out the same one in the browser.
    """
    cells = (f"{c['cell_type']}\n{''.join(c['source'])}" for c in notebook["cells"])
    return hashlib.sha256("\0".join(cells).encode()).hexdigest()


def _as_served(notebook: dict) -> dict:
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


def _entry(child: Path, folder: Path) -> dict:
    kind = "directory" if child.is_dir() else "notebook"
    return _model(child.name, (folder / child.name).as_posix(), kind)


def _model(name: str, path: str, kind: str) -> dict:
    return {
        "name": name,
        "path": path,
        "type": kind,
        "created": DATE,
        "last_modified": DATE,
        "content": None,
        "format": None,
        "mimetype": None,
        "size": None,
        "writable": True,
    }
