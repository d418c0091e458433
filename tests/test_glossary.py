"""The glossary: short definitions, names in their own scripts, and works that exist."""

import re

import pytest
from conftest import each_lesson

from centralasia import course, notebooks, tables

SCRIPTS = {
    "kk": r"[\u0400-\u04ff]",
    "ky": r"[\u0400-\u04ff]",
    "tg": r"[\u0400-\u04ff]",
    "ru": r"[\u0400-\u04ff]",
    "uz": r"[A-Za-z\u00c0-\u024f\u02bb\u02bc]",
    "tk": r"[A-Za-z\u00c0-\u024f]",
    "tr": r"[A-Za-z\u00c0-\u024f]",
    "zh": r"[\u4e00-\u9fff]",
}
FIVE = {"KAZ": "kk", "KGZ": "ky", "TJK": "tg", "TKM": "tk", "UZB": "uz"}
WORK = re.compile(r"\[([a-z_0-9]+)\]")
ABBREVIATION = re.compile(r"(?<![/\w])[A-Z]{2,6}(?![-/\w])")
# A link to a work or a page has its author's name; one to an event or a claim is part of the text.
CITED = re.compile(r"\[[^\]]*\]\((?:#[a-z]|https)[^)]*\)")
LINKED = re.compile(r"\[([^\]]*)\]\([^)]*\)")
OFFICE = re.compile(
    r"president|minister|leader|premier|secretary of state|speaker|envoy", re.IGNORECASE
)


@pytest.fixture(scope="module")
def glossary():
    return tables.load("glossary").set_index("term")


def forms(text: str) -> dict[str, str]:
    return dict(part.split(": ", 1) for part in text.split("; "))


def test_terms_are_unique_and_complete(glossary):
    assert glossary.index.str.casefold().is_unique, "edit data/glossary.csv: a term stands twice"
    needed = glossary[["kind", "definition", "lesson", "source_id"]]
    empty = needed.index[needed.isna().any(axis=1)].tolist()
    assert empty == [], f"edit data/glossary.csv: fill {', '.join(needed.columns)} of these"


def test_a_definition_is_one_or_two_sentences(glossary):
    for term, text in glossary["definition"].items():
        body = WORK.sub("", text).strip()
        edit = f"edit data/glossary.csv, {term}: a definition"
        assert body.endswith((".", ")")), f"{edit} ends with a full stop"
        assert len(re.findall(r"[.?!](?= [A-Z(]|$)", body)) <= 2, f"{edit} has two sentences"
        assert len(body) <= 260, f"{edit} has 260 letters at most"


def test_local_forms_are_in_the_script_of_their_language(glossary):
    for term, text in glossary["local_forms"].dropna().items():
        for language, name in forms(text).items():
            letters = [c for c in name if c.isalpha()]
            foreign = [c for c in letters if not re.match(SCRIPTS[language], c)]
            edit = f"edit local_forms of {term} in data/glossary.csv"
            assert letters, f"{edit}: nothing after {language}:"
            assert not foreign, f"{edit}: {foreign} is not in the script of {language}"


def test_variants_do_not_repeat_each_other_or_the_term(glossary):
    for term, text in glossary["variants"].dropna().items():
        variants = text.split(";")
        edit = f"edit variants of {term} in data/glossary.csv"
        assert len({*variants, term}) == len(variants) + 1, f"{edit}: one stands twice"
        assert all(v == v.strip() and v for v in variants), f"{edit}: a blank beside a ;"


def test_each_of_the_five_has_its_own_name_and_its_capital(glossary):
    countries = tables.load("countries").set_index("country")
    for code, language in FIVE.items():
        state, capital = countries.loc[code, ["name", "capital"]]
        assert language in forms(glossary.loc[state, "local_forms"])
        assert language in forms(glossary.loc[capital, "local_forms"])


def test_every_acronym_of_an_organization_is_explained(glossary):
    known = set(glossary.index) | set(glossary["variants"].dropna().str.split(";").explode())
    names = tables.load("organizations")["organization"]
    acronyms = names[names.str.fullmatch(r"[A-Z][A-Za-z]*[A-Z]+")]
    assert len(acronyms) > 10
    assert set(acronyms) - known == set(), (
        "edit data/glossary.csv: explain these organizations of data/organizations.csv"
    )


def test_every_work_that_a_definition_names_is_in_the_bibliography(glossary):
    named = set(glossary["definition"].str.extractall(WORK)[0])
    assert named
    assert named <= set(tables.load("works")["work"]), (
        f"{sorted(named - set(tables.load('works')['work']))}: no key in data/works.csv; edit it, "
        "or the definition in data/glossary.csv"
    )


def test_what_the_lessons_confuse_is_set_apart(glossary):
    assert "no organisation" in glossary.loc["Collective Security Treaty", "definition"]
    assert "NORAD" in glossary.loc["CIS Joint Air Defence System", "definition"]
    assert "Two different" in glossary.loc["Customs Union", "definition"]
    assert "Two different" in glossary.loc["Single Economic Space", "definition"]


# The concepts that the course teaches, each with the words under which its lesson brings it in.
CONCEPTS = {
    "Agency of small states": "brokerage",
    "Alliance": "alliance",
    "Asymmetric interdependence": "asymmetric interdependence",
    "Balancing": "balancing",
    "Bandwagoning": "bandwagon",
    "Base politics": "base politics",
    "Brier score": "brier score",
    "Calibration": "calibration",
    "Co-alignment": "co-align",
    "Collective security": "collective security",
    "Composite index": "composite index",
    "Hedging": "hedging",
    "Multi-vector policy": "multi-vector",
    "Omni-enmeshment": "enmesh",
    "Protective integration": "protective integration",
    "Regional security complex": "security complex",
    "Security community": "security community",
    "Sensitivity analysis": "sensitiv",
    "Sphere of influence": "sphere",
    "Virtual regionalism": "virtual regionalism",
}


@pytest.mark.parametrize(("term", "words"), CONCEPTS.items())
def test_the_glossary_leads_to_the_lesson_that_brings_a_concept_in(term, words):
    lesson = tables.load("glossary").set_index("term").lesson[term]
    cells = notebooks.read(course.lesson(lesson).file).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert words in text.casefold()


def prose(path) -> str:
    """What a lesson tells a learner, without code and without what leads to a work or a page."""
    cells = [c for c in notebooks.read(path).cells if not notebooks.is_instructors(c)]
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return LINKED.sub(r"\1", CITED.sub("", re.sub(r"`[^`]*`", "", text)))


@each_lesson
def test_an_abbreviation_is_explained_or_in_the_glossary(path, glossary):
    text = prose(path)
    known = {*glossary.index, *glossary["variants"].dropna().str.split(";").explode()}
    known |= {*tables.load("areas")["area"], *tables.load("organizations")["organization"]}
    unknown = {a for a in ABBREVIATION.findall(text) if a not in known and f"({a})" not in text}
    assert unknown == set(), (
        f"edit {path}: say at the first {', '.join(sorted(unknown))} what it is, with the letters "
        "in brackets, or put it into data/glossary.csv"
    )


@each_lesson
def test_a_person_has_a_first_name_or_an_office_at_the_first_mention(path, glossary):
    sentences = re.split(r"(?<=[.?!:])\s+|\n\n", prose(path))
    for term in glossary.index[glossary["kind"] == "person"]:
        last, _, first = term.partition(", ")
        named = next((s for s in sentences if re.search(rf"\b{re.escape(last)}\b", s)), None)
        assert named is None or (first and f"{first} {last}" in named) or OFFICE.search(named), (
            f"edit {path}: say who {last} is where the name comes first: {named}"
        )
