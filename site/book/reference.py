"""The pages of the book that are made from the tables: claims, events, works, terms, codebook."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import pandas as pd

from book import links
from centralasia import __version__, bibliography, cards, notebooks, tables
from centralasia.kit import guide, lesson
from centralasia.paths import course_root, data_dir
from centralasia.widgets.claim_check import WORDS

COURSE = "Great Powers in Central Asia"
_GROUNDS = {
    "finding": "What we found",
    "correction": "Better put",
    "support": "What speaks for it",
    "challenge": "What speaks against it",
    "decided_by": "What could decide it",
    "criterion": "When it counts as true",
}
_OF_FACT = {"event", "figure", "membership"}
_LOOKED_UP = "Where to look it up"
POWERS = {
    "russia": "Russia",
    "china": "China",
    "united_states": "The United States",
    "synthesis": "The three together",
}
_KINDS = {
    "place": "Places",
    "concept": "Concepts",
    "person": "Persons",
    "organization": "Organisations",
    "acronym": "Abbreviations",
}
_SCRIPTS = {"kk": "Kazakh", "ky": "Kyrgyz", "tg": "Tajik", "tk": "Turkmen", "uz": "Uzbek",
            "ru": "Russian", "tr": "Turkish", "zh": "Chinese"}  # fmt: skip


def raw(html: str, up: str = "") -> str:
    """Return HTML as a block of a Markdown page."""
    html = re.sub(
        r'href="#((?:EV|RU|CN|US|SY)-\d+|[a-z]\w+)"',
        lambda found: f'href="{links.address(found[1], up)}"',
        html,
    )
    return f'```{{raw}} html\n<div class="ca">{html}</div>\n```\n'


def claim_pages(pages: dict[str, str]) -> dict[str, str]:
    """Return a page for each claim, and the ledger of all.

    Parameters
    ----------
    pages : dict of str
        Pages of the book by notebook name.

    Returns
    -------
    dict of str
        Markdown by page name.
    """
    claims = tables.load("claims")
    taught = _taught(pages)
    sources = bibliography.claim_sources(claims["claim_id"])
    names = claims["claim_id"].tolist()
    made = {"claims/index": _ledger(claims)}
    for n, claim in claims.iterrows():
        beside = names[n - 1] if n else None, names[n + 1] if n + 1 < len(names) else None
        name = claim["claim_id"]
        made[f"claims/{name}"] = _claim_page(claim, taught, sources.get(name), beside)
    return made


def _taught(pages: dict[str, str]) -> dict[str, list[str]]:
    """Return the lessons that discuss a claim or cite an event or work, as links."""
    found: dict[str, list[str]] = {}
    claims = tables.load("claims").set_index("claim_id")["lesson"]
    for notebook, page in pages.items():
        if not page.startswith("lessons/"):
            continue
        number = notebook[:2]
        about = notebooks.about(bibliography.lesson_file(number))
        link = f'<a href="../{page}.html">{number} · {escape(about["title"])}</a>'
        own = claims.index[claims == number]
        for key in {*own, *bibliography.cited(number)}:
            found.setdefault(key, []).append(link)
    return found


def _claim_page(
    claim: pd.Series,
    taught: dict[str, list[str]],
    sources: str | None,
    beside: tuple[str | None, str | None],
) -> str:
    name = claim["claim_id"]
    kind = cards.KINDS[str(claim["kind"])][1]
    dimension = cards.DIMENSIONS[str(claim["dimension"])].lower()
    rows = [("Our verdict", f"<strong>{WORDS[str(claim['verdict'])]}</strong>")]
    rows += [
        (
            _LOOKED_UP if part == "decided_by" and kind in _OF_FACT else label,
            _in_tables(claim[part]),
        )
        for part, label in _GROUNDS.items()
        if pd.notna(claim[part])
    ]
    if pd.notna(claim["outcome"]):
        rows.append(("Outcome", f"{claim['outcome']:g} (1 came true, 0.5 partly, 0 failed)"))
    rows.append(("Sources", sources or "None that we could see."))
    rows.append(("Taught in", "<br>".join(taught.get(name, [])) or f"Lesson {claim['lesson']}"))
    rows.append(("Cite as", f"{COURSE}, version {__version__}, claim {name}."))
    terms = "".join(f"<dt>{label}</dt><dd>{text}</dd>" for label, text in rows)
    about = f"{POWERS[str(claim['power'])]} · {dimension} · kind of claim: {kind}"
    before, after = beside
    ways = ['<a href="index.html">All claims</a>']
    ways[:0] = [f'<a rel="prev" href="{before}.html">{before}</a>'] if before else []
    ways += [f'<a rel="next" href="{after}.html">{after}</a>'] if after else []
    body = (
        f'<p class="ca-quiet">{about}</p>'
        f'<p class="ca-claim">{escape(claim["claim"])}</p><dl>{terms}</dl>'
        f'<nav aria-label="Claims"><p class="ca-doors">{" ".join(ways)}</p></nav>'
    )
    return f"---\norphan: true\n---\n\n# Claim {name}\n\n{raw(body, '../')}"


def _in_tables(text: str) -> str:
    """Return a text in which the name of a table leads to its entry in the codebook."""
    return re.sub(
        r"(^|; )([a-z_]+): ",
        lambda found: (
            f'{found[1]}<a href="../codebook.html#{found[2].replace("_", "-")}">{found[2]}</a>: '
            if found[2] in tables.names()
            else found[0]
        ),
        escape(text),
    )


def _ledger(claims: pd.DataFrame) -> str:
    rows = "".join(
        f'<tr data-power="{claim.power}" data-kind="{claim.kind}" data-verdict="{claim.verdict}" '
        f'data-lesson="{claim.lesson}">'
        f'<th scope="row"><a href="{claim.claim_id}.html">{claim.claim_id}</a></th>'
        f"<td>{escape(claim.claim)}<br>"
        f'<span class="ca-quiet">{cards.KINDS[str(claim.kind)][1]}, lesson {claim.lesson}</span>'
        "</td>"
        f"<td>{WORDS[str(claim.verdict)]}</td></tr>"
        for claim in claims.itertuples()
    )
    table = _table(("Claim", "The essay says", "Our verdict"), rows, "All claims")
    return (
        f"# Claims\n\nThe essay that this course tests makes {len(claims)} claims. Each has a "
        "page with our verdict, what it rests on, its sources and the lesson where it is taught. "
        "Judge a claim in its lesson before you read the verdict here.\n\n"
        f"{raw(_filter(claims) + table)}"
    )


def _filter(claims: pd.DataFrame) -> str:
    """Return the form that narrows the ledger; book.js shows it and makes it work."""
    kinds = {kind: word for kind, (_, word) in cards.KINDS.items()}
    lessons = {number: f"lesson {number}" for number in sorted(set(claims["lesson"].astype(str)))}
    choices = {"power": POWERS, "kind": kinds, "verdict": WORDS, "lesson": lessons}
    labels = {"power": "Power", "kind": "Kind", "verdict": "Our verdict", "lesson": "Lesson"}
    fields = ""
    for name, words in choices.items():
        counts = claims[name].astype(str).value_counts()
        options = "".join(
            f'<option value="{key}">{word} ({counts[key]})</option>'
            for key, word in words.items()
            if key in counts
        )
        fields += (
            f'<label>{labels[name]} <select name="{name}"><option value="">all</option>{options}'
            "</select></label>"
        )
    return (
        f'<form class="ca-filter" hidden>{fields}<label>Words <input type="search" name="words">'
        '</label><button type="reset">Show all</button><p role="status"></p></form>'
    )


def _table(heads: tuple[str, ...], rows: str, label: str) -> str:
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    return (
        f'<div class="ca-scroll" tabindex="0" role="region" aria-label="{label}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _with_lessons(items: list[str], taught: dict[str, list[str]]) -> list[str]:
    """Add to each list item the lessons that cite what it describes."""
    made = []
    for item in items:
        links_to = taught.get(re.search(r'id="([^"]+)"', item)[1], [])
        where = ", ".join(
            re.sub(r">(\d\d) [^<]*<", r">\1<", link).replace('"../', '"') for link in links_to
        )
        words = "Lesson" if len(links_to) == 1 else "Lessons"
        more = f' <span class="ca-quiet">· {words} {where}</span>' if links_to else ""
        made.append(item.replace("</li>", f"{more}</li>"))
    return made


def events_page(taught: dict[str, list[str]]) -> str:
    """Return the page of all dated events; each is the target of links to its id."""
    events = tables.load("events").sort_values(["date", "event_id"])
    items = _with_lessons(bibliography.events(events["event_id"].tolist()), taught)
    years = events["date"].dt.year.tolist()
    parts = []
    for year in sorted(set(years)):
        here = "".join(item for item, when in zip(items, years, strict=True) if when == year)
        parts.append(f"## {year}\n\n{raw(f'<ul>{here}</ul>')}")
    return (
        f"# Chronology\n\nThe {len(events)} dated events that the lessons draw on, each with where "
        "it comes from. A date is no finer than its source gives it.\n\n" + "\n".join(parts)
    )


def bibliography_page(taught: dict[str, list[str]]) -> str:
    """Return the page of all works; each is the target of links to its key."""
    works = tables.load("works")
    items = []
    for item, (_, work) in zip(
        bibliography.works(works["work"].tolist()),
        works.sort_values(["authors", "year"]).iterrows(),
        strict=True,
    ):
        argument = work["argument"]
        more = f"<br>{escape(argument)}" if isinstance(argument, str) else ""
        items.append(item.replace("</li>", f"{more}</li>"))
    return (
        f"# Bibliography\n\nThe {len(works)} works that the lessons cite, each with its argument "
        "in our words. Where we could not check a title against a catalogue, the entry says so.\n\n"
        f"{raw('<ul class=ca-plain>' + ''.join(_with_lessons(items, taught)) + '</ul>')}"
    )


def glossary_page(pages: dict[str, str]) -> str:
    """Return the page of terms and names, with their spellings in the languages of the region."""
    terms = tables.load("glossary").sort_values("term", key=lambda terms: terms.str.casefold())
    parts = []
    lessons = {name[:2]: page for name, page in pages.items() if page.startswith("lessons/")}
    for kind, title in _KINDS.items():
        rows = "".join(_term(row, lessons) for row in terms[terms["kind"] == kind].itertuples())
        parts.append(f"## {title}\n\n{raw(f'<dl>{rows}</dl>')}")
    return (
        f"# Glossary\n\n{len(terms)} names and terms, with other spellings and with their forms in "
        "the languages of the region.\n\n" + "\n".join(parts)
    )


def _term(row: tuple, lessons: dict[str, str]) -> str:
    text = escape(row.definition)
    if isinstance(row.variants, str):
        text += f"<br>Also: {escape(row.variants.replace(';', '; '))}."
    if isinstance(row.local_forms, str):
        text += f"<br>{'; '.join(_local(form) for form in row.local_forms.split('; '))}."
    if row.lesson in lessons:
        link = f'<a href="{lessons[row.lesson]}.html">{row.lesson}</a>'
        text += f'<br><span class="ca-quiet">Lesson {link}</span>'
    anchor = re.sub(r"\W+", "-", row.term.casefold()).strip("-")
    return f'<dt id="term-{anchor}">{escape(row.term)}</dt><dd>{text}</dd>'


def _local(form: str) -> str:
    """Return a name in its own script, marked as such for screen readers and search."""
    language, _, name = form.partition(": ")
    if language not in _SCRIPTS:
        return escape(form)
    return f'{_SCRIPTS[language]}: <span lang="{language}">{escape(name)}</span>'


def guide_pages(pages: dict[str, str]) -> dict[str, str]:
    """Return the instructor's guide: a page for each lesson, as in the PDF of the same name."""
    chapters = {
        # The lesson's page has the same title.
        f"guide/{name}": "# Guide to "
        + links.in_text(guide.chapter(lesson.read(name)), set(), pages).removeprefix("# ")
        for name in pages
    }
    return {"guide/index": f"# {guide.TITLE}\n\n{guide.OPENING}"} | chapters


def codebook_page() -> str:
    """Return the codebook as the data folder has it, its dollars not taken for formulas."""
    return (data_dir() / "README.md").read_text("utf-8").replace("$", r"\$")


def licences() -> str:
    """Return how the course may be used and cited."""
    text = (course_root() / "README.md").read_text("utf-8")
    found = re.search(r"## Licences and citation\n\n(.*?)(?:\n## |\Z)", text, re.DOTALL)
    return re.sub(r"\[([^\]]+)\]\((?!http)[^)]+\)", r"\1", found[1].strip())


def write(folder: Path, pages: dict[str, str]) -> None:
    """Write all reference pages as Markdown."""
    taught = _taught(pages)
    made = claim_pages(pages) | {
        "events": events_page(taught),
        "bibliography": bibliography_page(taught),
        "glossary": glossary_page(pages),
        "codebook": codebook_page(),
        **guide_pages(pages),
    }
    for name, text in made.items():
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
