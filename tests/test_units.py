"""A lesson's parts and the terms in its text, as the book works them out."""

import json

import pytest
from conftest import each_lesson

from centralasia import notebooks, tables
from centralasia.pictures import VEGA
from centralasia.site.book import terms, units


def whole(path):
    return json.loads(notebooks.for_learners(path))


@each_lesson
def test_the_parts_of_a_lesson_take_the_minutes_that_it_states(path):
    notebook = whole(path)
    found = units.units(notebook)
    stated = notebook["metadata"]["centralasia"]["minutes"]
    assert abs(sum(unit.minutes for unit in found) - stated) <= len(found) / 2
    assert len(found) == pytest.approx(stated / units.TARGET, abs=2.5)


@each_lesson
def test_a_part_begins_at_a_heading_and_is_a_sitting_or_has_questions_to_stop_after(path):
    notebook = whole(path)
    text = "\n".join("".join(cell["source"]) for cell in notebook["cells"])
    for unit in units.units(notebook)[1:]:
        assert f"# {unit.title}\n" in text, unit
    # Where a part is longer than a sitting and asks nothing, its headings leave no other stop.
    long = [unit for unit in units.units(notebook) if unit.minutes > 18 and not unit.any_time]
    assert long == []


@each_lesson
def test_every_question_is_in_one_part(path):
    notebook = whole(path)
    asked = [ask for unit in units.units(notebook) for ask in unit.asks]
    assert len(asked) == len(set(asked))
    items = tables.load("items").query("kind in ['prediction', 'quiz']")
    items = items[items["lesson"] == path.name[:2]]
    of_items = {f"{row.kind} {row.item_id}" for row in items.itertuples()}
    assert of_items <= set(asked)


def test_minutes_are_shared_out_by_one_rule():
    """Of 20 minutes 350 words take two; each of the four things has four and a half."""
    shown = {"data": {VEGA: {}, "text/plain": "a chart"}}
    asks = {
        "data": {
            units.questions.MIME: {"asks": "claims", "claims": ["RU-01", "RU-02"]},
            "text/html": "<p>Not read: it is asked.</p>",
        }
    }
    cells = [
        {"cell_type": "markdown", "id": "title", "source": "# Title\n\n" + "word " * 170},
        {"cell_type": "markdown", "id": "a", "source": "## One\n\n" + "word " * 4 + "`x`"},
        {"cell_type": "code", "id": "c", "source": "", "outputs": [shown, shown]},
        {"cell_type": "markdown", "id": "b", "source": "## Two\n\n### Three\n\n" + "word " * 174},
        {"cell_type": "code", "id": "d", "source": "", "outputs": [asks]},
    ]
    notebook = {"cells": cells, "metadata": {"centralasia": {"minutes": 20}}}
    first, second = units.units(notebook)
    assert (first.title, first.minutes, first.asks) == ("One", 10, ())
    assert (second.title, second.minutes) == ("Two", 10)
    assert second.asks == ("claim RU-01", "claim RU-02")
    assert second.place == ("b", 1)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Askar Akayev and Akayev again", ["akayev-askar", "akayev-askar"]),
        ("ALLIANCE, allied, alliances, Alliance", ["alliance", "alliance"]),
        ("the CSTO’s and NATO-led, pre-NATO", ["collective-security-treaty-organization"]),
        ("Berdimuhamedow alone says not which", []),
        ("Serdar Berdimuhamedow", ["berdimuhamedow-serdar"]),
        ("transfers of arms", []),
        ("a prisoner’s dilemma", ["prisoner-s-dilemma"]),
        ("a customs union", []),
    ],
)
def test_a_text_names_terms_as_the_glossary_spells_them(text, named):
    assert [one.anchor for one in terms.mentions(text)] == [f"term-{name}" for name in named]


def test_the_longest_name_wins():
    (found,) = terms.mentions("the Collective Security Treaty Organization")
    assert found.anchor == terms.anchor("Collective Security Treaty Organization")
