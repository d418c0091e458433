"""HTML and Markdown out of templates, which hold the prose that stands around the data.

All templates share one way of being filled: values are escaped, a name that is missing raises, and
what people read stands in ``{% trans %}`` or ``_()``, which look it up as `centralasia.language`
does. A value that is markup already is filled in by ``{{ value | safe }}``, where a reviewer sees
it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path

import jinja2
from markupsafe import Markup

from centralasia import language

PACKAGE = Path(__file__).parent


@cache
def environment(folder: str | Path) -> jinja2.Environment:
    """Return what finds and fills the templates of a folder.

    Parameters
    ----------
    folder : str or pathlib.Path
        Relative to the package, such as ``"kit/templates"``; an absolute path is taken as it is.

    Returns
    -------
    jinja2.Environment
        Autoescaping in HTML and in Markdown, which knows entities as well. Line breaks and blanks
        inside ``{% trans %}`` count as one blank, so that a paragraph can be set in short lines.

    Examples
    --------
    >>> environment("kit/templates").from_string("{% trans %}Of {{ n }}{% endtrans %}").render(n=3)
    'Of 3'
    """
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PACKAGE / folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_escaped,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    # In place of the extension's own, which escape quotes in another way than `_escaped` does.
    made.globals.update(gettext=_gettext, ngettext=_ngettext)
    setattr(made, "newstyle_gettext", True)  # noqa: B010 - the extension adds it, unseen by types
    # ``tojson`` leaves keys in their order, which a chart's readers hear, and letters as they are.
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return made


def _escaped(value: object) -> Markup:
    """Escape as `html.escape` does, so that quotes are the same in all stored outputs."""
    return Markup(value if hasattr(value, "__html__") else escape(str(value)))


def _gettext(message: str, /, **values: object) -> Markup:
    """Return a message in the language that is asked for, with its values."""
    return _with_values(language._(message), values)


def _ngettext(one: str, many: str, num: int, /, **values: object) -> Markup:
    """Return the one of two messages that is right for a number, with its values."""
    return _with_values(language.plural(one, many, num), {"num": num, **values})


def _with_values(message: str, values: Mapping[str, object]) -> Markup:
    escaped = {name: str(_escaped(value)) for name, value in values.items()}
    return Markup(message % escaped)


def render(name: str, /, **values: object) -> str:
    """Return a template of the package, filled.

    Parameters
    ----------
    name : str
        Its path below the package: ``"kit/templates/guide.md"``.
    **values
        What it fills in, by name.

    Raises
    ------
    jinja2.TemplateNotFound
        If there is no such template.
    jinja2.UndefinedError
        If it needs a value that was not given.
    """
    folder, _, file = name.rpartition("/")
    return environment(folder).get_template(file).render(values)
