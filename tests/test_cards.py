"""Cards: what is shown without a kernel, the same in every run."""

import re
import shutil

import pytest
from conftest import each_lesson

from centralasia import (
    bibliography,
    cards,
    course,
    language,
    notebooks,
    paths,
    tables,
    templates,
    widgets,
)
from centralasia.kit import questions as kit
from centralasia.paths import data_dir, using
from centralasia.site.book import reference
from centralasia.widgets import questions

CLAIMS = tables.load("claims")


def html(card):
    return card._repr_html_()


def ids(card):
    return re.findall(r' id="([^"]+)"', html(card))


def test_every_claim_of_a_lesson_once_with_its_kind_in_words():
    card = cards.claim_cards("03-russia-3-return")
    here = CLAIMS.loc[CLAIMS.lesson == "03", "claim_id"].tolist()
    assert sorted(ids(card)) == sorted(here)
    for sign, word in cards.kinds().values():
        assert html(card).count(f"{sign}</span> {word}</p>") == repr(card).count(f"({word})")


def test_a_card_gives_no_verdict_away():
    card = cards.claim_cards(CLAIMS["claim_id"])
    for claim in CLAIMS.itertuples():
        assert claim.claim in repr(card)
        for given_away in (claim.finding, claim.verdict + "<", claim.verdict + "\n"):
            assert given_away not in html(card)


def test_cards_are_grouped_by_dimension_in_the_rooms_order():
    titles = re.findall(r"<summary>(\w[\w ]+) \((\d+)\)", html(cards.claim_cards("03")))
    assert [title for title, _ in titles] == list(cards.dimensions().values())
    assert sum(int(n) for _, n in titles) == (CLAIMS.lesson == "03").sum()


@pytest.mark.parametrize("chosen", ["RU-12", ["RU-12"], iter(["RU-12"])])
def test_claims_can_be_asked_for_by_id(chosen):
    assert cards.claims(chosen)["claim_id"].tolist() == ["RU-12"]


def test_one_claim_is_not_counted_as_several():
    assert repr(cards.claim_cards("RU-38")).startswith("1 claim of the essay")
    assert repr(cards.claim_cards(["RU-38", "RU-26"])).startswith("2 claims of the essay")


def test_claims_keep_the_order_asked_for():
    assert cards.claims(["RU-38", "RU-12"])["claim_id"].tolist() == ["RU-38", "RU-12"]


@pytest.mark.parametrize("chosen", [["RU-12", "XX-01"], [], "XX-01", "99-nowhere"])
def test_what_does_not_exist_is_said(chosen):
    with pytest.raises(KeyError, match=r"no (claim|lesson)"):
        cards.claims(chosen)


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """Write a lesson that cites two events, a claim and two works."""
    works = tables.load("works").sort_values("verified")
    doubted = works.loc[works["verified"] == False, "work"]  # noqa: E712
    cited = [*doubted.head(1), *works.loc[works["verified"] == True, "work"].head(1)]  # noqa: E712
    links = " ".join(f"[x](#{target})" for target in ["EV-290", "EV-161", "RU-12", *cited])
    notebook = notebooks.nbformat.v4.new_notebook(
        cells=[
            notebooks.nbformat.v4.new_markdown_cell(f"# Title\n\n{links} [out](https://a.org/#EV-1)"),
            notebooks.nbformat.v4.new_code_cell("'[not](#EV-002)'"),
        ],
        metadata={
            "centralasia": {
                "title": "Neglect & return", "period": "1991–1995", "minutes": 80,
                "objectives": ["*locate* the five", "say <why>"], "needs": "Nothing.",
                "next": "Lesson 98.",
            }
        },
    )  # fmt: skip
    notebooks.write(notebook, tmp_path / "97-a-lesson.ipynb")
    monkeypatch.setattr(course, "notebooks_dir", lambda: tmp_path)
    data = shutil.copytree(paths.data_dir(), tmp_path / "data")
    with (data / "texts.csv").open("a", encoding="utf-8") as file:
        file.write("dialogue,A dialogue,the dialogue,Plato,2024,,\n")
    with (data / "lessons.csv").open("a", encoding="utf-8") as file:
        file.write("97,a-lesson,1,dialogue,,,,,extra,2010,false\n")
    monkeypatch.setattr(course, "notebooks_dir", lambda: tmp_path)
    with paths.using(data):
        yield cited


def test_references_list_what_the_text_links_to(lesson):
    card = cards.references("97-a-lesson")
    assert ids(card)[-2:] == ["EV-161", "EV-290"]
    assert set(ids(card)[:-2]) == set(lesson)
    assert "16 June 2004" in html(card)
    assert 'href="#RU-12"' in html(card)
    assert "EV-002" not in html(card)
    assert repr(card) == f"References of lesson 97: {len(lesson)} reading, 2 events, 1 other claims"


def test_a_work_that_nobody_has_verified_is_marked(lesson):
    works = tables.load("works").set_index("work").loc[lesson]
    marked = html(cards.references("97")).count("Further reading, not verified")
    assert marked == (~works["verified"].astype(bool)).sum()


def test_a_data_set_says_how_it_may_be_used_and_a_document_where_it_is():
    document = tables.load("sources").query("kind == 'document'").iloc[0]
    sources = bibliography.sources(["cow_trade_v4", document["source_id"], None])
    line = templates.render("markup/sources.html", sources=[sources["cow_trade_v4"]])
    assert "free with attribution" in line
    assert 'href="https://correlatesofwar.org/' in line
    line = templates.render("markup/sources.html", sources=[sources[document["source_id"]]])
    assert document["url"].replace("&", "&amp;") in line
    assert templates.render("markup/sources.html", sources=[None]).count("no source seen") == 1


def test_a_source_that_is_not_in_the_table_is_said():
    with pytest.raises(KeyError, match=r"nowhere: not in data/sources\.csv"):
        bibliography.sources(["nowhere"])


def test_the_start_card_is_the_notebooks_own_metadata(lesson):
    card = cards.start_card("97")
    assert "<em>locate</em> the five" in html(card)
    assert "say &lt;why&gt;" in html(card)
    assert "about 80 minutes" in html(card)
    assert repr(card).splitlines()[0] == "Neglect & return"


def test_the_course_map_lists_the_lessons_of_a_text(lesson):
    card = cards.course_map(text="dialogue")
    assert 'href="97-a-lesson.ipynb">97 · Neglect &amp; return</a>' in html(card)
    assert repr(card) == "97 Neglect & return: 1991–1995, 80 min, 0 claims"


def test_the_course_map_of_the_essay_has_all_its_lessons_and_claims():
    lines = repr(cards.course_map(text="essay")).splitlines()
    assert [line[:2] for line in lines] == [one.number for one in course.lessons("essay")]
    claims = (CLAIMS["text"] == "essay").sum()
    assert sum(int(re.search(r"(\d+) claims$", line)[1]) for line in lines) == claims


def test_a_text_that_does_not_exist_is_said():
    with pytest.raises(course.Unknown, match=r"Did you mean 'essay'.*data/texts\.csv"):
        cards.course_map(text="esay")


def test_a_lesson_without_claims_names_its_own_text(lesson):
    with pytest.raises(KeyError, match=r"No claim of the dialogue belongs to lesson 97"):
        cards.claims("97")


@pytest.mark.parametrize("name", ["55", "russia"])
def test_a_lesson_that_does_not_exist_is_said(lesson, name):
    with pytest.raises(course.Unknown, match=rf"no lesson '{name}'.*data/lessons\.csv"):
        cards.start_card(name)


@pytest.mark.parametrize("card", [lambda: cards.claim_cards("03"), lambda: cards.references("03")])
def test_the_cards_own_words_are_looked_up(card, monkeypatch):
    """What is left is data: claims, titles, names."""
    monkeypatch.setenv(language.ENV, language.PSEUDO)
    assert all("⟦" in title for title in re.findall(r"<summary>(.*?)</summary>", html(card())))
    assert re.search(r"(?m)^⟦", repr(card()))


@each_lesson
def test_ids_on_a_lessons_page_do_not_collide(path):
    outputs = [
        "".join(output["data"].get("text/html", ""))
        for cell in notebooks.read(path).cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]
    found = re.findall(r' id="([^"]+)"', "".join(outputs))
    assert sorted(found) == sorted(set(found))


@each_lesson
def test_what_a_lesson_links_to_is_on_its_page(path):
    """A click on a date, a claim or a work has a target."""
    outputs = "".join(
        "".join(output["data"].get("text/html", ""))
        for cell in notebooks.read(path).cells
        for output in cell.get("outputs", [])
        if "data" in output
    )
    targets = bibliography.cited(course.lesson(path))
    assert [target for target in targets if f' id="{target}"' not in outputs] == []


def test_an_event_says_how_well_it_is_known():
    """Words for each case: two sources, one, none of quality; and why a power is not among them."""
    said = {
        event.key: templates.render("markup/events.html", events=[event])
        for event in bibliography.events(tables.load("events")["event_id"])
    }
    events = tables.load("events").set_index("event_id")
    twice = events["second_source"].notna()
    for key, text in said.items():
        assert ("second source on" in text or "second source says the same" in text) == twice[key]
        unsure = events["confidence"][key] == "unverified"
        assert ("Not verified" in text) == unsure


@pytest.fixture
def spoken(tmp_path):
    """A copy of the data in which a claim is that of a speech."""
    folder = shutil.copytree(data_dir(), tmp_path / "data")
    path = folder / "claims.csv"
    text = path.read_text("utf-8")
    path.write_text(text.replace("RU-12,essay,,", "RU-12,since,talbott_1997,"), "utf-8")
    with using(folder):
        yield folder


SAID = "Talbott (statement, 1997)"


def test_a_claim_of_a_named_work_says_who_says_it_wherever_it_is_shown(spoken):
    card = cards.claim_cards(["RU-12", "RU-13"])
    assert repr(card).startswith("2 claims of the debate since 2012 and the essay")
    assert f"RU-12 (interpretation, {SAID}): " in repr(card)
    assert card._repr_html_().count(SAID) == 1
    rows = cards.claims(["RU-12", "RU-13"])
    assert [cards.kind_line(row).endswith(SAID) for _n, row in rows.iterrows()] == [True, False]
    asked = questions.claims(["RU-12", "RU-13"], {}, [])["claims"]
    assert [SAID in claim["kind"] for claim in asked] == [True, False]
    assert f"RU-12 (interpretation, {SAID}): " in repr(widgets.claim_check(["RU-12"]))
    told = [claim.text.startswith(f"{SAID}: ") for claim in kit.claims(["RU-12", "RU-13"])]
    assert told == [True, False]
    assert [one.said_by for one in bibliography.claims(["RU-12", "RU-13"])] == [SAID, ""]
    lesson = course.lesson(str(rows["lesson"][0]))
    assert bibliography.works_of(lesson) == ["talbott_1997"]
    assert 'id="talbott_1997"' in cards.references(lesson.number)._repr_html_()


def test_the_book_leads_from_a_claim_to_the_work_that_makes_it(spoken):
    pages = reference.claim_pages({})
    assert f'<a href="../bibliography.html#talbott_1997">{SAID}</a>' in pages["claims/RU-12"]
    assert "Who says it" not in pages["claims/RU-13"]
    assert pages["claims/index"].count(SAID) == 1


@pytest.mark.parametrize(
    ("work", "said"),
    [
        ("cooley_2012_games", "Cooley (2012)"),
        ("laruelle_peyrouse_2013", "Laruelle and Peyrouse (2013)"),
        ("rumer_trenin_zhao_2007", "Rumer and others (2007)"),
        ("charter_2002", "China and others (document, 2002)"),
        ("zhao_2008", "Zhao Huasheng (2008)"),
    ],
)
def test_a_work_is_named_as_a_sentence_names_it(work, said):
    assert bibliography.said_by(work) == said
