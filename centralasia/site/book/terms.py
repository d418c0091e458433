"""Where a lesson of the book names what the glossary explains."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from centralasia import course, tables


@dataclass(frozen=True)
class Name:
    """A way in which a text may call a term of the glossary."""

    text: str
    anchor: str
    is_concept: bool
    """Whether it may begin with a small letter and stand in the plural."""


@dataclass(frozen=True)
class Mention:
    """A place of a text that names a term: where it begins, where it ends, and which it is."""

    start: int
    end: int
    anchor: str


def anchor(term: str) -> str:
    """Return the id of a term on the glossary's page.

    Examples
    --------
    >>> anchor("Akayev, Askar")
    'term-akayev-askar'
    """
    return "term-" + re.sub(r"\W+", "-", term.casefold()).strip("-")


@cache
def names() -> tuple[Name, ...]:
    """Return all names that lead to one term, the longest first.

    A name that two terms share leads to neither; and a concept's other names are left out where
    they are a single word, such as "transfers", which a text also uses in its plain meaning.
    """
    found = []
    for row in tables.load("glossary").to_dict("records"):
        term, concept = row["term"], row["kind"] == "concept"
        others = row["variants"].split(";") if isinstance(row["variants"], str) else []
        if concept:
            others = [other for other in others if re.search(r"\W", other)]
        for name in (term, *others):
            last, _comma, first = name.partition(", ")
            spelled = (f"{first} {last}", last) if first else (name,)
            found += [Name(text, anchor(term), concept) for text in spelled]
    shared = Counter(name.text for name in set(found))
    known = {name for name in found if shared[name.text] == 1}
    return tuple(sorted(known, key=lambda name: (-len(name.text), name.text)))


def spellings() -> dict[str, list[str]]:
    """Return for each term, by its id, its name as texts have it and then all its other names.

    These are a person's last name, other spellings, and the forms in the languages of the region.

    Examples
    --------
    >>> spellings()["term-andijan"][:3]
    ['Andijan', 'Andizhan', 'Andijon']
    """
    found = {}
    for row in tables.load("glossary").to_dict("records"):
        last, _comma, first = row["term"].partition(", ")
        named = [last, f"{first} {last}"] if row["kind"] == "person" and first else [row["term"]]
        for column, between in (("variants", ";"), ("local_forms", r"(?:^|; )\w\w: |, ")):
            text = row[column]
            named += re.split(between, text) if isinstance(text, str) else []
        found[anchor(row["term"])] = list(dict.fromkeys(filter(None, named)))
    return found


@cache
def once() -> frozenset[str]:
    """Return the terms that are marked once a page: the states and powers of the whole course."""
    subjects = {*course.states().values(), *(power.name for power in course.powers())}
    return frozenset(map(anchor, subjects))


def mentions(text: str) -> Iterator[Mention]:
    """Yield the places of a text that name a term, in their order.

    Examples
    --------
    >>> [(m.start, m.end, m.anchor) for m in mentions("An alliance with the CSTO.")]
    [(3, 11, 'term-alliance'), (21, 25, 'term-collective-security-treaty-organization')]
    """
    pattern, known = _pattern()
    for found in pattern.finditer(text):
        assert found.lastgroup is not None
        name = known[int(found.lastgroup[1:])]
        yield Mention(found.start(), found.end(), name.anchor)


@cache
def _pattern() -> tuple[re.Pattern[str], tuple[Name, ...]]:
    """Return what finds a name: each is a group, whose number says which it is."""
    groups = []
    for number, name in enumerate(names()):
        text = re.escape(name.text).replace("'", "['’]")
        if name.is_concept:
            first = name.text[0]
            text = f"[{first.lower()}{first.upper()}]{text[1:]}s?"
        groups.append(f"(?P<n{number}>{text})")
    # A point or a hyphen between letters makes another word of it, such as NATO-led; a genitive
    # does not.
    return re.compile(rf"(?<![\w-])(?:{'|'.join(groups)})(?![\w-])"), names()
