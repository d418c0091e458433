"""Words for people, in the language that is asked for.

English is the source: it stands in the code and in the templates, inside `_`, and a catalogue of
gettext in ``centralasia/locale`` gives the rest. ``CENTRALASIA_LANGUAGE`` chooses; ``xx`` is a
pseudo-language, in which the tests see what was left out and what breaks when a text grows.

``python -m centralasia.language`` writes the list of all texts, from which a translation begins.
"""

from __future__ import annotations

import gettext
import io
import os
import re
from functools import cache
from pathlib import Path

ENV = "CENTRALASIA_LANGUAGE"
PSEUDO = "xx"
LOCALES = Path(__file__).with_name("locale")
TEMPLATE = LOCALES / "centralasia.pot"

_KEPT = re.compile(
    r"(<[^>]*>|\{[^}]*\}|%\(\w+\)s|&\w+;|`[^`]*`|\[[^\]]*\]\((?:%\(\w+\)s|[^)])*\)|https?://\S+)"
)
_GROWN = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
_READERS = [
    ("**.py", "python"),
    ("**.html", "jinja2"),
    ("**.jinja", "jinja2"),
    ("kit/templates/**.md", "jinja2"),
]
"""Which files hold texts, and what reads them."""
_CHANGING = re.compile(rb'^"(?!MIME|Content)[A-Z][\w-]+: .*\n', re.MULTILINE)
"""Lines of a catalogue's head that say when, with what and by whom it was made."""


class Pseudo(gettext.NullTranslations):
    """Mark every text, and make it 40 % longer; tags, names in braces and addresses stay."""

    def gettext(self, message: str) -> str:  # noqa: D102
        parts = _KEPT.split(message)
        parts[::2] = [part.translate(_GROWN) for part in parts[::2]]
        return f"⟦{''.join(parts)}{'~' * (2 * len(message) // 5)}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:  # noqa: D102
        return self.gettext(msgid1 if n == 1 else msgid2)


@cache
def translations(language: str) -> gettext.NullTranslations:
    """Return the catalogue of a language; English where there is none.

    Parameters
    ----------
    language : str
        Such as ``"ru"``; ``"xx"`` is the pseudo-language, an empty one is English.

    Examples
    --------
    >>> translations("xx").gettext("Open {name}")
    '⟦Ópén {name}~~~~⟧'
    """
    if language == PSEUDO:
        return Pseudo()
    return gettext.translation(
        "centralasia", LOCALES, [language] if language else [], fallback=True
    )


def _(message: str) -> str:
    """Return a text in the language that is asked for.

    Fill in values afterwards, by name, so that a translator can move them:
    ``_("{n} of {all}").format(n=3, all=5)``.
    """
    return translations(os.environ.get(ENV, "")).gettext(message)


def plural(one: str, many: str, n: int) -> str:
    """Return the form of a text that goes with a number.

    Examples
    --------
    >>> plural("{n} claim", "{n} claims", 2).format(n=2)
    '2 claims'
    """
    return translations(os.environ.get(ENV, "")).ngettext(one, many, n)


def N_(message: str) -> str:
    """Mark a text of a constant for the catalogue; `_` looks it up where it is shown."""
    return message


def code() -> str:
    """Return the code of the language that texts come in, for the ``lang`` of a page."""
    return translations(os.environ.get(ENV, "")).info().get("language", "en")


def template(root: Path) -> bytes:
    """Return all texts for people, as the file from which a translation begins.

    Parameters
    ----------
    root : pathlib.Path
        The folder of the course.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
    from babel.messages.pofile import write_po

    catalog = Catalog(
        project="centralasia",
        header_comment="# The texts of Great Powers in Central Asia. Made by: "
        "python -m centralasia.language",
        charset="utf-8",
        fuzzy=False,
    )
    # As `templates.environment` does, line breaks inside a text count as blanks.
    reading = {"silent": "false", "trimmed": "true"}
    texts = extract_from_dir(
        root / "centralasia",
        _READERS,
        {pattern: reading for pattern, reader in _READERS if reader == "jinja2"},
        # What Sphinx's own templates call `_` is Sphinx's; the book's call ours `ours`.
        DEFAULT_KEYWORDS | {"plural": (1, 2), "ours": None},
        ("Translators:",),
    )
    for file, _line, text, comments, context in texts:
        catalog.add(
            text, None, [(f"centralasia/{file}", 0)], auto_comments=comments, context=context
        )
    for message in catalog:
        message.flags.discard("python-format")  # "70 % sure" is no format, and ours have names
    written = io.BytesIO()
    # Without numbers of lines and dates, the file changes only when a text does.
    write_po(written, catalog, width=100, sort_by_file=True, include_lineno=False)
    return _CHANGING.sub(b"", written.getvalue())


if __name__ == "__main__":
    LOCALES.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(template(Path(__file__).parents[1]))
