"""Cards: what is shown without a kernel, the same in every run."""

import re

import pytest
from conftest import each_lesson

from centralasia import bibliography, cards, notebooks, tables

CLAIMS = tables.load("claims")


def html(card):
    return card._repr_html_()


def ids(card):
    return re.findall(r' id="([^"]+)"', html(card))


def test_every_claim_of_a_lesson_once_with_its_kind_in_words():
    card = cards.claim_cards("03-russia-3-return")
    here = CLAIMS.loc[CLAIMS.lesson == "03", "claim_id"].tolist()
    assert sorted(ids(card)) == sorted(here)
    assert len(here) == 38
    for sign, word in cards.KINDS.values():
        assert html(card).count(f"{sign}</span> {word}</p>") == repr(card).count(f"({word})")


def test_a_card_gives_no_verdict_away():
    card = cards.claim_cards(CLAIMS["claim_id"])
    for claim in CLAIMS.itertuples():
        assert claim.claim in repr(card)
        for given_away in (claim.finding, claim.verdict + "<", claim.verdict + "\n"):
            assert given_away not in html(card)


def test_cards_are_grouped_by_dimension_in_the_rooms_order():
    titles = re.findall(r"<summary>(\w[\w ]+) \((\d+)\)", html(cards.claim_cards("03")))
    assert [title for title, _ in titles] == list(cards.DIMENSIONS.values())
    assert sum(int(n) for _, n in titles) == 38


@pytest.mark.parametrize("chosen", ["RU-12", ["RU-12"], iter(["RU-12"])])
def test_claims_can_be_asked_for_by_id(chosen):
    assert cards.claims(chosen)["claim_id"].tolist() == ["RU-12"]


def test_one_claim_is_not_counted_as_several():
    assert repr(cards.claim_cards("RU-38")).startswith("1 claim of the essay")
    assert repr(cards.claim_cards(["RU-38", "RU-26"])).startswith("2 claims of the essay")


def test_claims_keep_the_order_asked_for():
    assert cards.claims(["RU-38", "RU-12"])["claim_id"].tolist() == ["RU-38", "RU-12"]


@pytest.mark.parametrize("chosen", [["RU-12", "XX-01"], [], "99-nowhere"])
def test_what_does_not_exist_is_said(chosen):
    with pytest.raises(KeyError, match=r"no claim|No claim"):
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
    for module in (bibliography, cards):
        monkeypatch.setattr(module, "notebooks_dir", lambda: tmp_path)
    return cited


def test_references_list_what_the_text_links_to(lesson):
    card = cards.references("97-a-lesson")
    assert ids(card)[-2:] == ["EV-161", "EV-290"]
    assert set(ids(card)[:-2]) == set(lesson)
    assert "16 June 2004" in html(card)
    assert 'href="#RU-12"' in html(card)
    assert "EV-002" not in html(card)
    assert repr(card) == f"References of lesson 97: {len(lesson)} reading, 2 events, 1 claims"


def test_a_work_that_nobody_has_verified_is_marked(lesson):
    works = tables.load("works").set_index("work").loc[lesson]
    marked = html(cards.references("97")).count("Further reading, not verified")
    assert marked == (~works["verified"].astype(bool)).sum()


def test_a_data_set_says_how_it_may_be_used_and_a_document_where_it_is():
    document = tables.load("sources").query("kind == 'document'").iloc[0]
    lines = bibliography.source_lines(["cow_trade_v4", document["source_id"], None])
    line = lines["cow_trade_v4"]
    assert "free with attribution" in line
    assert 'href="https://correlatesofwar.org/' in line
    assert document["url"].replace("&", "&amp;") in lines[document["source_id"]]
    assert lines[None] == "no source seen"


def test_the_start_card_is_the_notebooks_own_metadata(lesson):
    card = cards.start_card("97")
    assert "<em>locate</em> the five" in html(card)
    assert "say &lt;why&gt;" in html(card)
    assert "about 80 minutes" in html(card)
    assert repr(card).splitlines()[0] == "Neglect & return"


def test_the_course_map_lists_the_lessons_that_there_are(lesson):
    card = cards.course_map()
    assert 'href="97-a-lesson.ipynb">97 · Neglect &amp; return</a>' in html(card)
    assert repr(card) == "97 Neglect & return: 1991–1995, 80 min, 0 claims"


def test_a_lesson_that_does_not_exist_is_said(lesson):
    with pytest.raises(KeyError, match="no lesson 55"):
        cards.start_card("55")
    with pytest.raises(KeyError, match="number"):
        cards.start_card("russia")


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
    targets = bibliography.cited(path.stem)
    assert [target for target in targets if f' id="{target}"' not in outputs] == []
