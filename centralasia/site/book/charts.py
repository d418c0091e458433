"""What the charts of the book have beside their picture: whose data they draw, and dark colours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from centralasia import paths, tables
from centralasia.charts import night, theme
from centralasia.controls import script
from centralasia.kit import stored
from centralasia.widgets import base

STATIC = Path(__file__).with_name("static")
_COLOR = re.compile(r"#[0-9a-f]{6}\b")
_MOST = 8
"""So many sources of a table are listed; those of the others stand in its rows."""


def drawing(texts: Iterable[str]) -> str:
    """Return the script that draws charts, with their colours in the dark.

    Parameters
    ----------
    texts : iterable of str
        What may hold colours: the notebooks.
    """
    found = {color for text in texts for color in _COLOR.findall(text)}
    shown = [*theme.POWER_COLORS.values(), *theme.STATE_COLORS.values()]
    found |= {*shown, *map(theme.text_color, shown), "#ffffff", "#000000"}
    own = script(base.FILE, STATIC / "charts.js")
    known = {"NIGHT": night.table(found), "NAMES": stored.words()}
    said = "".join(
        f"const {name} = {json.dumps(value, ensure_ascii=False, sort_keys=True)};\n"
        for name, value in known.items()
    )
    return f"(() => {{\n{said}{own}}})();\n"


def sources() -> str:
    """Return the script that says what tables and sources are; a page asks for it when it must."""
    about = tables.load("sources").set_index("source_id").query("kind == 'dataset'")
    said: dict[str, dict[str, Any]] = {"tables": {}, "sources": {}}
    needed = set(about.index)
    holding: dict[str, list[str]] = {}
    for resource in _resources():
        name = resource["name"]
        used = list(tables.sources(name)["source_id"]) if name in tables.names() else []
        for source in used:
            holding.setdefault(source, []).append(name)
        needed |= set(used[:_MOST])
        terms = [licence["title"] for licence in resource.get("licenses", [])]
        said["tables"][name] = {
            "title": resource["title"],
            "about": resource["description"],
            "page": f"codebook.html#{name.replace('_', '-')}",
            "terms": terms,
            "sources": used[:_MOST],
            "more": max(0, len(used) - _MOST),
        }
    every = tables.load("sources", ["source_id", "title", "publisher", "licence", "url"])
    every = every[every["source_id"].isin(needed)].fillna("").set_index("source_id")
    for source, row in every.to_dict("index").items():
        said["sources"][str(source)] = {
            "title": row["title"],
            "publisher": row["publisher"],
            "terms": row["licence"],
            "url": row["url"],
            "tables": [name for name in holding.get(str(source), []) if name != "sources"],
        }
    return f"globalThis.CENTRALASIA_SOURCES = {json.dumps(said, ensure_ascii=False)};\n"


def _resources() -> list[dict[str, Any]]:
    package = json.loads((paths.data_dir() / "datapackage.json").read_text("utf-8"))
    resources: list[dict[str, Any]] = package["resources"]
    return resources
