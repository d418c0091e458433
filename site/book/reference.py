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
from centralasia.widgets.claim_check import OUTCOMES, VERDICTS

COURSE = "Great Powers in Central Asia"
_WORDS = {**VERDICTS, **OUTCOMES}
_GROUNDS = {
    "finding": "What we found",
    "correction": "Better put",
    "support": "What speaks for it",
    "challenge": "What speaks against it",
    "decided_by": "What could decide it",
    "criterion": "When it counts as true",
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
    """Return the lessons that discuss each claim, as links."""
    found: dict[str, list[str]] = {}
    claims = tables.load("claims").set_index("claim_id")["lesson"]
    for notebook, page in pages.items():
        if not page.startswith("lessons/"):
            continue
        number = notebook[:2]
        about = notebooks.read(bibliography.lesson_file(number)).metadata["centralasia"]
        link = f'<a href="../{page}.html">{number} · {escape(about["title"])}</a>'
        own = claims.index[claims == number]
        for claim in {*own, *(key for key in bibliography.cited(number) if key in claims.index)}:
            found.setdefault(claim, []).append(link)
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
    rows = [("Our verdict", f"<strong>{_WORDS[str(claim['verdict'])]}</strong>")]
    rows += [
        (label, escape(claim[part])) for part, label in _GROUNDS.items() if pd.notna(claim[part])
    ]
    if pd.notna(claim["outcome"]):
        rows.append(("Outcome", f"{claim['outcome']:g} (1 came true, 0.5 partly, 0 failed)"))
    rows.append(("Sources", sources or "None that we could see."))
    rows.append(("Taught in", "<br>".join(taught.get(name, [])) or f"Lesson {claim['lesson']}"))
    rows.append(("Cite as", f"{COURSE}, version {__version__}, claim {name}."))
    terms = "".join(f"<dt>{label}</dt><dd>{text}</dd>" for label, text in rows)
    before, after = beside
    ways = ['<a href="index.html">All claims</a>']
    ways[:0] = [f'<a rel="prev" href="{before}.html">{before}</a>'] if before else []
    ways += [f'<a rel="next" href="{after}.html">{after}</a>'] if after else []
    body = (
        f'<p class="ca-claim">{escape(claim["claim"])}</p><dl>{terms}</dl>'
        f'<nav aria-label="Claims"><p class="ca-doors">{" ".join(ways)}</p></nav>'
    )
    return f"---\norphan: true\n---\n\n# {name} · {kind} · {dimension}\n\n{raw(body, '../')}"


def _ledger(claims: pd.DataFrame) -> str:
    rows = "".join(
        f'<tr><th scope="row"><a href="{claim.claim_id}.html">{claim.claim_id}</a></th>'
        f"<td>{escape(claim.claim)}<br>"
        f'<span class="ca-quiet">{cards.KINDS[str(claim.kind)][1]}</span></td>'
        f"<td>{_WORDS[str(claim.verdict)]}</td></tr>"
        for claim in claims.itertuples()
    )
    table = _table(("Claim", "The essay says", "Our verdict"), rows, "All claims")
    counts = claims["verdict"].astype(str).map(_WORDS).value_counts()
    sums = "".join(f"<li>{words}: {n}</li>" for words, n in counts.items())
    return (
        f"# Claims\n\nThe essay that this course tests makes {len(claims)} claims. Each has a "
        "page with our verdict, what it rests on, its sources and the lesson where it is taught. "
        "Judge a claim in its lesson before you read the verdict here.\n\n"
        f"{raw(f'<ul>{sums}</ul>{table}')}"
    )


def _table(heads: tuple[str, ...], rows: str, label: str) -> str:
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    return (
        f'<div class="ca-scroll" tabindex="0" role="region" aria-label="{label}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def events_page() -> str:
    """Return the page of all dated events; each is the target of links to its id."""
    events = tables.load("events").sort_values(["date", "event_id"])
    items = bibliography.events(events["event_id"].tolist())
    years = events["date"].dt.year.tolist()
    parts = []
    for year in sorted(set(years)):
        here = "".join(item for item, when in zip(items, years, strict=True) if when == year)
        parts.append(f"## {year}\n\n{raw(f'<ul>{here}</ul>')}")
    return (
        f"# Chronology\n\nThe {len(events)} dated events that the lessons draw on, each with where "
        "it comes from. A date is no finer than its source gives it.\n\n" + "\n".join(parts)
    )


def bibliography_page() -> str:
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
        f"{raw('<ul class=ca-plain>' + ''.join(items) + '</ul>')}"
    )


def glossary_page() -> str:
    """Return the page of terms and names, with their spellings in the languages of the region."""
    terms = tables.load("glossary").sort_values("term", key=lambda terms: terms.str.casefold())
    parts = []
    for kind, title in _KINDS.items():
        rows = "".join(_term(row) for row in terms[terms["kind"] == kind].itertuples())
        parts.append(f"## {title}\n\n{raw(f'<dl>{rows}</dl>')}")
    return (
        f"# Glossary\n\n{len(terms)} names and terms, with other spellings and with their forms in "
        "the languages of the region.\n\n" + "\n".join(parts)
    )


def _term(row: tuple) -> str:
    text = escape(row.definition)
    if isinstance(row.variants, str):
        text += f"<br>Also: {escape(row.variants.replace(';', '; '))}."
    if isinstance(row.local_forms, str):
        text += f"<br>{'; '.join(_local(form) for form in row.local_forms.split('; '))}."
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
        f"guide/{name}": links.in_text(guide.chapter(lesson.read(name)), set(), pages)
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
    made = claim_pages(pages) | {
        "events": events_page(),
        "bibliography": bibliography_page(),
        "glossary": glossary_page(),
        "codebook": codebook_page(),
        **guide_pages(pages),
    }
    for name, text in made.items():
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
