"""The pages of the book that are made from the tables: claims, events, works, terms, codebook.

Of those of the checkout's folder ``docs`` the book has the page on methods.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from centralasia import (
    __version__,
    bibliography,
    cards,
    codebook,
    course,
    notebooks,
    tables,
    templates,
)
from centralasia.kit import guide, lesson
from centralasia.language import N_, _, plural
from centralasia.site import sources
from centralasia.site.book import links, terms
from centralasia.site.book.lessons import question
from centralasia.widgets.questions import FORMER, WORDS, asked_in, checks, codings, label

_LONG = re.compile(r"<td>([^<]{41,})")
"""A cell with more than a few words, which gets room on a phone."""
_WORK = r"\s*\[(\w+)\]"
"""A work in a definition of the glossary, by its key."""
MOST_ROWS = 12
"""Of a table on a claim's page; a longer one is folded."""
_OF_FACT = ("event", "figure", "membership")
_VOICES = {
    "asserts": N_("The text asserts it"),
    "reports": N_("The text reports what others say, plan or expect"),
    "advises": N_("The text advises it"),
}
_WORDINGS = {
    "plain": N_("in plain words"),
    "hedged": N_("with a reserve"),
    "conditional": N_("on a condition"),
    "reported": N_("on the word of others"),
}


@dataclass(frozen=True)
class Taught:
    """A lesson in which something is discussed."""

    number: str
    title: str
    page: str
    """Its page in the book, without the ending."""


@dataclass(frozen=True)
class Piece:
    """A piece of a text; where it is the name of a table, its entry in the codebook."""

    text: str
    entry: str = ""


@dataclass(frozen=True)
class Ground:
    """One of the things that a verdict rests on."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Exhibit:
    """A table that a claim is held against."""

    html: str
    rows: int


@dataclass(frozen=True)
class Choice:
    """A list to choose from, by which the ledger is narrowed."""

    name: str
    label: str
    options: tuple[tuple[str, str, int], ...]
    """Key, words and number of claims; 0 where it is not said."""


@dataclass(frozen=True)
class Term:
    """An entry of the glossary."""

    anchor: str
    term: str
    definition: str
    variants: str
    forms: tuple[tuple[str, str, str], ...]
    """Each form in a language of the region: its code, the language, the name."""
    lesson: course.Lesson | None
    habits: tuple[str, ...]
    """The habits of the page on methods that explain it."""
    works: tuple[tuple[str, str], ...]
    """The key and the name of each work that it comes from."""


Lessons = Mapping[str, tuple[Taught, ...]]
"""By the id of a claim, an event or a work, the lessons that discuss it."""


def render(page: str, /, **values: object) -> str:
    """Return a page of the book from its template."""
    cited = templates.environment("markup").get_template("references.html").module
    return templates.render(f"site/book/pages/{page}", cited=cited, **values)


def taught(pages: Mapping[str, str]) -> Lessons:
    """Return the lessons that discuss a claim or cite an event or a work.

    Parameters
    ----------
    pages : mapping of str
        Pages of the book by notebook name.
    """
    found: dict[str, list[Taught]] = {}
    claims = tables.load("claims").set_index("claim_id")["lesson"]
    for name, page in pages.items():
        about = course.lesson(name)
        one = Taught(about.number, notebooks.about(about.file)["title"], page)
        own = claims.index[claims == about.number]
        for key in {*own, *bibliography.cited(about), *bibliography.works_of(about)}:
            found.setdefault(key, []).append(one)
    return {key: tuple(lessons) for key, lessons in found.items()}


def claim_pages(lessons: Lessons) -> dict[str, str]:
    """Return a page for each claim, and the ledger of all.

    Parameters
    ----------
    lessons : mapping
        From `taught`.

    Returns
    -------
    dict of str
        Markdown by page name.

    Raises
    ------
    tables.UnknownValue
        If a claim is about a power that is not in ``data/powers.csv``.
    """
    claims = tables.load("claims")
    sources = bibliography.sources_of(claims["claim_id"])
    names = claims["claim_id"].tolist()
    made = {"claims/index": _ledger(claims)}
    for n, claim in claims.iterrows():
        name = claim["claim_id"]
        at = int(str(n))
        made[f"claims/{name}"] = render(
            "claim.md.jinja",
            name=name,
            claim=claim["claim"],
            about=_about(claim),
            work=claim["work"] if isinstance(claim["work"], str) else "",
            said_by=bibliography.said_by(claim["work"]),
            said=f"{_(_VOICES[str(claim['voice'])])}, {_(_WORDINGS[str(claim['wording'])])}.",
            verdict=_(WORDS[str(claim["verdict"])]),
            verdict_key=claim["verdict"],
            exhibit=exhibits().get(name),
            most_rows=MOST_ROWS,
            asked_in=asked_in().get(name, ()),
            codings=[(who, _((WORDS | FORMER)[told]), why) for who, told, why in codings(name)],
            grounds=_grounds(claim),
            outcome=None if pd.isna(claim["outcome"]) else f"{claim['outcome']:g}",
            sources=sources.get(name, ()),
            lessons=lessons.get(name, ()),
            lesson=claim["lesson"],
            course=course.title(),
            version=__version__,
            before=names[at - 1] if at else None,
            after=names[at + 1] if at + 1 < len(names) else None,
        )
    return made


@cache
def exhibits() -> dict[str, Exhibit]:
    """Return by the id of a claim what its check in a lesson shows as evidence.

    Where two lessons ask for a claim, the smaller table is the one that was made for it.
    """
    found: dict[str, Exhibit] = {}
    for _lesson, asked in checks():
        for claim, n in asked["evidence"].items():
            html = _LONG.sub(r'<td class="ca-long">\1', asked["shown"][n]["html"])
            here = Exhibit(html, html.count("<tr>") - 1)
            found[claim] = min(here, found.get(claim, here), key=lambda one: one.rows)
    return found


def _about(claim: pd.Series) -> str:
    return _("{power} · {dimension} · kind of claim: {kind}").format(
        power=course.power(str(claim["power"])).name,
        dimension=cards.dimensions()[str(claim["dimension"])].lower(),
        kind=cards.kinds()[str(claim["kind"])].word,
    )


def _grounds(claim: pd.Series) -> list[Ground]:
    of_fact = claim["kind"] in _OF_FACT
    labels = {
        "main": _("Judged first"),
        "finding": _("What we found"),
        "correction": label(claim, "correction"),
        "support": _("What speaks for it"),
        "challenge": _("What speaks against it"),
        "decided_by": _("Where to look it up") if of_fact else _("What could decide it"),
        "criterion": _("When it counts as true"),
    }
    return [
        Ground(label, _with_entries(claim[part]))
        for part, label in labels.items()
        if pd.notna(claim[part])
    ]


def _with_entries(text: str) -> tuple[Piece, ...]:
    """Return a text in pieces, so that the name of a table can lead to its entry.

    Examples
    --------
    >>> [(piece.text, piece.entry) for piece in _with_entries("gas_flows: all rows")]
    [('', ''), ('gas_flows', 'gas-flows'), (': all rows', '')]
    """
    known = "|".join(map(re.escape, tables.names()))
    pieces = re.split(rf"(?:(?<=; )|^)({known})(?=: )", text)
    return tuple(
        Piece(piece, piece.replace("_", "-") if n % 2 else "") for n, piece in enumerate(pieces)
    )


def _ledger(claims: pd.DataFrame) -> str:
    counts = claims["text"].value_counts()
    return render(
        "claims.md.jinja",
        counts=[
            plural("{n} claim of {text}", "{n} claims of {text}", int(counts[text.key])).format(
                n=counts[text.key], text=text.in_sentence
            )
            for text in course.texts()
            if text.key in counts
        ],
        choices=_choices(claims),
        claims=claims.assign(said_by=claims["work"].map(bibliography.said_by)).to_dict("records"),
        asked_in=asked_in(),
        kinds=cards.kinds(),
        verdicts={key: _(verdict) for key, verdict in WORDS.items()},
        # What book.js says, with the number that it does not have to put into the plural.
        status=plural("{shown} of {n} claim", "{shown} of {n} claims", len(claims)).replace(
            "{n}", str(len(claims))
        ),
    )


def _choices(claims: pd.DataFrame) -> list[Choice]:
    lessons = sorted(set(claims["lesson"].astype(str)))
    kinds = {key: kind.word for key, kind in cards.kinds().items()}
    verdicts = {key: _(verdict) for key, verdict in WORDS.items()}
    choices = {
        "power": (_("Power"), {power.key: power.name for power in course.subjects()}),
        "kind": (_("Kind"), kinds),
        "verdict": (_("Our verdict, where it shows"), verdicts),
        "lesson": (_("Lesson"), {n: _("lesson {number}").format(number=n) for n in lessons}),
    }
    made = []
    for name, (words, known) in choices.items():
        counts = claims[name].astype(str).value_counts()
        told = name != "verdict"  # of which only those show that the reader has judged
        options = tuple(
            (key, word, counts[key] if told else 0) for key, word in known.items() if key in counts
        )
        made.append(Choice(name, words, options))
    return made


def events_page(lessons: Lessons) -> str:
    """Return the page of all dated events; each is the target of links to its id."""
    events = bibliography.events(tables.load("events")["event_id"])
    years: dict[int, list[bibliography.Event]] = {}
    for event in events:
        years.setdefault(event.year, []).append(event)
    return render("events.md.jinja", n=len(events), years=years, lessons=lessons)


def works_page(lessons: Lessons) -> str:
    """Return the page of all works; each is the target of links to its key."""
    works = bibliography.works(tables.load("works")["work"])
    return render("works.md.jinja", works=works, lessons=lessons)


def glossary_page(pages: Mapping[str, str]) -> str:
    """Return the page of terms and names, with their spellings in the languages of the region."""
    titles = {
        "place": _("Places"),
        "concept": _("Concepts"),
        "person": _("Persons"),
        "organization": _("Organisations"),
        "acronym": _("Abbreviations"),
    }
    entries = _entries()
    if unknown := {kind for kind, _term in entries} - set(titles):
        raise KeyError(f"{', '.join(unknown)}: a kind of term without a title in {__name__}.")
    kinds = [
        (title, [term for of, term in entries if of == kind]) for kind, title in titles.items()
    ]
    return render("glossary.md.jinja", n=len(entries), kinds=kinds, pages=pages)


def explained(pages: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return by its id what a lesson's panel says of each term: name, kind and entry, as HTML."""
    one = {
        "place": _("Place"),
        "concept": _("Concept"),
        "person": _("Person"),
        "organization": _("Organisation"),
        "acronym": _("Abbreviation"),
    }
    parts: Any = templates.environment("site/book/pages").get_template("term.html").module
    return {
        term.anchor: {"term": term.term, "kind": one[kind], "html": str(parts.entry(term, pages))}
        for kind, term in _entries()
    }


def _entries() -> list[tuple[str, Term]]:
    """Return the glossary's entries in the order of the alphabet, each after its kind."""
    rows = tables.load("glossary").sort_values("term", key=lambda column: column.str.casefold())
    habits = bibliography.habits(tables.load("habits")["habit"])
    return [(str(row["kind"]), _term(row, habits)) for row in rows.to_dict("records")]


def _term(row: Mapping[Hashable, Any], habits: Iterable[bibliography.Habit]) -> Term:
    languages = {
        "kk": _("Kazakh"),
        "ky": _("Kyrgyz"),
        "tg": _("Tajik"),
        "tk": _("Turkmen"),
        "uz": _("Uzbek"),
        "ru": _("Russian"),
        "tr": _("Turkish"),
        "zh": _("Chinese"),
    }
    forms = row["local_forms"].split("; ") if isinstance(row["local_forms"], str) else []
    named = (form.partition(": ") for form in forms)
    variants = row["variants"]
    works = bibliography.works(re.findall(_WORK, row["definition"]))
    return Term(
        anchor=terms.anchor(row["term"]),
        term=row["term"],
        definition=re.sub(_WORK, "", row["definition"]).strip(),
        variants=variants.replace(";", "; ") if isinstance(variants, str) else "",
        forms=tuple((code, languages[code], name) for code, _colon, name in named),
        lesson=course.lesson(row["lesson"]) if isinstance(row["lesson"], str) else None,
        habits=tuple(habit.key for habit in habits if row["term"] in habit.terms),
        works=tuple((work.key, f"{work.authors.split(',')[0]} {work.year}") for work in works),
    )


def methods_page() -> str:
    """Return the page on methods, each of whose habits is the target of links to its id.

    Its links to tables lead to the claim that they name or to the codebook, and what a test reads
    in comments is left out.

    Raises
    ------
    KeyError
        If the page has a habit that ``data/habits.csv`` does not have.
    """
    text = (sources.ROOT / "docs" / "methods.md").read_text("utf-8")
    text = re.sub(r"<!--\w+-->", "", text)
    text = re.sub(r"\[([A-Z]{2}-\d+)\]\([^)]+\)", r"[\1](claims/\1.md)", text)
    text = re.sub(r"\]\(\.\./data/claims\.csv\)", "](claims/index.md)", text)
    text = re.sub(r"\]\(\.\./data/(\w+)\.csv\)", _entry, text)
    known = iter(tables.load("habits")["habit"])
    return re.sub(r"^## (?=\d+\. )", lambda _heading: f"({next(known)})=\n## ", text, flags=re.M)


def _entry(found: re.Match[str]) -> str:
    return f"](codebook.md#{found[1].replace('_', '-')})"


def guide_pages(pages: Mapping[str, str]) -> dict[str, str]:
    """Return the instructor's guide: a page for each lesson, as in the PDF of the same name."""
    contents = {name: lesson.read(name) for name in pages}
    made = {"guide/index": guide.opening(contents.values())}
    for name, content in contents.items():
        # The lesson's own page has its title already.
        title = _("Guide to {title}").format(title=content.title)
        chapter = guide.chapter(content, title)
        made[f"guide/{name}"] = links.in_text(chapter, set(), pages)
    return made


def _record() -> str:
    """Return the place for the reader's own record."""
    reference = {"asks": "record"}
    return question(None, render("no-script.html"), reference)


def write(folder: Path, pages: Mapping[str, str]) -> None:
    """Write all reference pages as Markdown.

    Parameters
    ----------
    folder : pathlib.Path
        Where Sphinx reads.
    pages : mapping of str
        Pages of the book by notebook name.
    """
    lessons = taught(pages)
    made = claim_pages(lessons) | {
        "events": events_page(lessons),
        "bibliography": works_page(lessons),
        "glossary": glossary_page(pages),
        "methods": methods_page(),
        "record": render("record.md.jinja", form=_record()),
        # Its dollars are none of a formula's.
        "codebook": codebook.render().replace("$", r"\$"),
        **guide_pages(pages),
    }
    for name, text in made.items():
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
