"""Settings of Sphinx for the book, and the ``conf.py`` that they are written to."""

from __future__ import annotations

import sysconfig

from centralasia import __version__, course
from centralasia.language import _, code
from centralasia.site import sources

_CALM = {
    "color-admonition-title": "var(--color-foreground-border)",
    "color-admonition-title-background": "var(--color-background-secondary)",
}
_LIGHT = {
    **_CALM,
    "color-brand-primary": "#0b5394",
    "color-brand-content": "#0b5394",
    "color-brand-visited": "#5b3a8c",
    "color-link-underline": "#7d9cbd",
    "color-link-underline--visited": "#a08fbd",
    "color-foreground-muted": "#565d66",
    "color-toc-item-text": "#565d66",
    "color-api-name": "#0b5394",
    "color-api-pre-name": "#565d66",
}
_DARK = {
    **_CALM,
    "color-brand-primary": "#8ec5ff",
    "color-brand-content": "#8ec5ff",
    "color-brand-visited": "#c9b0ff",
    "color-foreground-muted": "#a9b1bb",
    "color-toc-item-text": "#a9b1bb",
    "color-api-name": "#8ec5ff",
    "color-api-pre-name": "#a9b1bb",
}


def settings() -> dict[str, object]:
    """Return the settings by name."""
    name = course.title()
    team = _("The {course} team").format(course=name)
    return {
        "project": name,
        "author": team,
        "copyright": f"{team}, CC BY 4.0",
        "release": __version__,
        "version": __version__,
        "language": code(),
        "extensions": [
            "myst_nb",
            "sphinx.ext.autodoc",
            "sphinx.ext.napoleon",
            "centralasia.site.book.extension",
        ],
        "exclude_patterns": ["_static"],
        "nb_execution_mode": "off",
        "nb_merge_streams": True,
        "nb_code_prompt_show": _("Show the Python"),
        "nb_code_prompt_hide": _("Hide the Python"),
        "myst_heading_anchors": 3,
        "myst_enable_extensions": ["dollarmath"],
        "mathjax_path": "mathjax/tex-svg.js",
        "default_role": "py:obj",
        "add_module_names": False,
        "autodoc_member_order": "bysource",
        "napoleon_google_docstring": False,
        "html_theme": "furo",
        "html_title": name,
        "html_static_path": ["_static"],
        "html_css_files": ["book.css"],
        "html_js_files": [
            *("words.js", "book.js", "charts.js", "code.js"),
            *("terms.js", "forms.js", "offline.js"),
        ],
        "html_favicon": "_static/icon.svg",
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_show_sphinx": False,
        # Sphinx fetches the summaries of its results page by page, which a browser forbids from a
        # disk; the book has a search page of its own.
        "templates_path": ["_templates"],
        "html_use_index": False,
        "html_domain_indices": False,
        "html_theme_options": {"light_css_variables": _LIGHT, "dark_css_variables": _DARK},
        "pygments_style": "default",
    }


def module() -> str:
    """Return what Sphinx reads as ``conf.py``.

    The docstrings come from the course itself, which needs pandas and Altair: after its own
    packages, Sphinx's environment sees those of the Python that builds the site.
    """
    seen = [str(sources.ROOT), sysconfig.get_path("purelib")]
    lines = [f"{name} = {value!r}\n" for name, value in settings().items()]
    return "".join(["import sys\n", f"sys.path += {seen!r}\n", *lines])
