"""Settings of Sphinx for the book; `book.build` copies this file beside the pages that it makes."""

import json
from pathlib import Path

_about = json.loads((Path(__file__).parent / "about.json").read_text("utf-8"))

project = _about["title"]
author = _about["author"]
copyright = _about["copyright"]
release = version = _about["version"]
language = "en"
extensions = ["myst_nb"]
exclude_patterns = ["_static"]
nb_execution_mode = "off"
nb_merge_streams = True
nb_code_prompt_show = "Show the Python"
nb_code_prompt_hide = "Hide the Python"
myst_heading_anchors = 3
myst_enable_extensions = ["dollarmath"]
mathjax_path = "mathjax/tex-svg.js"

html_theme = "furo"
html_title = project
html_static_path = ["_static"]
html_css_files = ["book.css"]
html_js_files = ["book.js"]
html_favicon = "_static/icon.svg"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
# Sphinx fetches the summaries of its results page by page, which a browser forbids from a disk; the
# book has a search page of its own.
templates_path = ["_templates"]
html_use_index = False
_calm = {
    "color-admonition-title": "var(--color-foreground-border)",
    "color-admonition-title-background": "var(--color-background-secondary)",
}
html_theme_options = {
    "light_css_variables": {
        **_calm,
        "color-brand-primary": "#0b5394",
        "color-brand-content": "#0b5394",
        "color-brand-visited": "#5b3a8c",
        "color-link-underline": "#7d9cbd",
        "color-link-underline--visited": "#a08fbd",
        "color-foreground-muted": "#565d66",
        "color-toc-item-text": "#565d66",
    },
    "dark_css_variables": {
        **_calm,
        "color-brand-primary": "#8ec5ff",
        "color-brand-content": "#8ec5ff",
        "color-brand-visited": "#c9b0ff",
        "color-foreground-muted": "#a9b1bb",
        "color-toc-item-text": "#a9b1bb",
    },
}
pygments_style = "default"
