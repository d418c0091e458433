"""The pages of the book about the library: what a lesson imports, out of its docstrings."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from centralasia.site.book import reference

MODULES = ("tables", "course", "measures", "charts", "cards", "widgets", "checks")
"""What lessons and exercises use, below ``centralasia``."""


@dataclass(frozen=True)
class Module:
    """A module that has a page."""

    name: str
    short: str
    about: str
    """The first line of its docstring."""


def write(folder: Path) -> None:
    """Write a page for each module, which Sphinx fills, and one that lists them."""
    modules = []
    for short in MODULES:
        name = f"centralasia.{short}"
        about = inspect.getdoc(import_module(name)) or ""
        modules.append(Module(name, short, about.partition("\n")[0]))
    folder.mkdir(parents=True)
    (folder / "index.md").write_text(reference.render("api.md.jinja", modules=modules), "utf-8")
    for module in modules:
        page = reference.render("module.rst.jinja", name=module.name, short=module.short)
        (folder / f"{module.short}.rst").write_text(page, "utf-8")
