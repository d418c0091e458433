"""What Sphinx asks while it makes a page; runs in Sphinx's own environment."""

from __future__ import annotations

from typing import Any

from centralasia.language import _

_CAPTION = '<p class="caption" role="heading"'


def setup(app: Any) -> dict[str, bool]:
    """Let the book's templates and contents be as the book needs them."""
    app.connect("html-page-context", _complete, priority=900)  # after the theme
    return {"parallel_read_safe": True}


def _complete(_app: Any, _page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
    context["ours"] = _
    # Sphinx says that the captions of its contents are headings, and not of which level.
    contents = context["furo_navigation_tree"]
    context["furo_navigation_tree"] = contents.replace(_CAPTION, f'{_CAPTION} aria-level="2"')
