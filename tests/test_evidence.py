"""Evidence pages: each has what its activity asks to fill, and none gives away what it asks."""

import html
import re
from functools import cache
from itertools import pairwise

import pandas as pd
import pytest
from conftest import LESSONS, each_planned_lesson

from centralasia import bibliography, course, tables
from centralasia.kit import evidence, figures, guide, slides, stored, teaching
from centralasia.kit import lesson as lessons

EVENTS = tables.load("events").set_index("event_id")
BY_NAME = {(a.lesson, a.name): a for n in course.planned() for a in teaching.activities(n.number)}
STATES = course.states()


@pytest.fixture(scope="module")
def read():
    """Return what reads a lesson, each once."""
    return cache(lessons.read)


@pytest.fixture(scope="module")
def pages(tmp_path_factory, read):
    """Return what the page of an activity says, as Typst without its escapes."""
    folder = tmp_path_factory.mktemp("evidence")

    def page(key):
        return evidence.page(BY_NAME[key], read(key[0]), folder).replace("\\", "")

    return {key: page(key) for key in BY_NAME}


def the(pages, lesson, words):
    (found,) = [
        page for (number, name), page in pages.items() if number == lesson and words in name
    ]
    return found


def told(page):
    """Return the events whose title a page has."""
    return EVENTS[EVENTS["title"].map(lambda title: title in page)]


@pytest.mark.parametrize("form", ["90", "50"])
@each_planned_lesson
def test_the_step_of_an_activity_is_about_it(path, form):
    """At the minutes of an activity the plan has a step that shares a word of its name."""
    cell = lessons.read(path.stem).instructor[f"teach-plan-{form}"].lower()
    for activity in teaching.activities(path.stem[:2]):
        minutes = activity.in_90 if form == "90" else activity.in_50
        if not minutes:
            continue
        step = re.search(rf"^\| {minutes} \|.*", cell, re.M)[0]
        stems = {word[:4] for word in re.findall(r"[a-z]{4,}", activity.name.lower())}
        stems -= {"sour", "data"}
        assert any(stem in step for stem in stems), (activity.name, step[:80])


def test_the_board_of_each_lab_can_be_filled_from_its_page(pages):
    """What a board or a task names has its figure: a cell, a row, an act of each state."""
    bodies = the(pages, "03", "rank four bodies")
    spells, trade = figures.members_of_bodies(), figures.trade_inside_bodies()
    assert list(spells.index) == list(trade.index) == list(figures.BODIES)
    assert not (trade == "–").all(axis="columns").any(), "each body has a figure of trade"
    for text in (*spells.to_numpy().ravel(), *teaching.asked("03")["what came"]):
        assert text in bodies

    lab = the(pages, "06", "bookkeeper")
    rows = figures.rows_for_the_board().reset_index()
    assert all(text in lab for text in rows.to_numpy().ravel())
    known = {book for book, series in figures.books().items() if {2003, 2010} <= {*series.index}}
    kept = rows[rows["searched"] == "no"]
    assert set(kept["book"]) == known, "each book has the row of the claim"
    assert set(kept["years"]) == {"2003–2010"}

    said_no = told(the(pages, "09", "said no"))
    assert set(STATES) <= set(said_no["initiator"].astype(str)), "each has an act of its own"
    columns = ";".join(said_no["countries"].astype(str))
    assert all(state in columns for state in STATES), "a date for each of the five columns"

    explained = the(pages, "02", "six slips")
    for _state, row in figures.treaty_and_organization().iterrows():
        assert all(cell in explained for cell in row)

    coded = the(pages, "05", "eight topics")
    topics = next(p for p in lessons.read("05").parts if p.heading == "What were the texts about?")
    assert all(coded.count(f'{topic}"*') == 2 for topic in topics.tables[0].index)


def test_each_side_of_a_controversy_has_figures(pages):
    quarry = the(pages, "06", "Engine")
    for asked in (
        figures.exports_by_buyer, figures.loans_by_sector, figures.events_by_state,
        figures.raw_exports, figures.lines_to_china,
    ):  # fmt: skip
        for text in stored.in_words(asked().rename(columns=str)).to_numpy().ravel():
            assert text in quarry, asked
    cards = the(pages, "07", "Only economic")
    assert [f"Card {n}" in cards for n in ("one", "two", "three", "four")] == [True] * 4
    assert "Direct investment in Kazakhstan" in cards, "the fourth card is trade with investment"
    neglect = told(the(pages, "01", "Neglect"))
    assert {"EV-034", "EV-037", "EV-038"} <= set(neglect.index)
    money = neglect[neglect["dimension"].astype(str) == "economic"]["countries"].astype(str)
    assert all(state in ";".join(money) for state in STATES), "the board's last row has all five"
    lawyers = the(pages, "02", "Batken")
    assert "rticle 4" in lawyers
    assert "EV-112" in told(lawyers).index


@pytest.mark.parametrize(("lesson", "words"), [
    ("01", "who moved first"), ("10", "side by side"), ("04", "order of the borders"),
])  # fmt: skip
def test_who_codes_an_act_reads_what_is_told_of_it_and_who_took_part(pages, lesson, words):
    page = the(pages, lesson, words)
    rows = told(page)
    assert len(rows) >= 8
    for row in rows.to_dict("records"):
        assert row["description"] in page
        worded = stored.in_words(pd.DataFrame({"who": [str(row["countries"])]})).iloc[0, 0]
        assert worded in page


def test_slips_carry_neither_date_nor_id_and_no_order(pages):
    for row in teaching.rows("evidence"):
        if row["kind"] == "slips":
            slips = evidence._slips(row["what"])
            assert not re.search(r"\b[A-Z]{2}-\d", slips)
            acts = EVENTS[EVENTS.index.isin(row["what"].split(";"))]
            assert not any(bibliography.spoken_date(date) in slips for date in acts["date_text"])
            order = acts["title"].map(slips.index)
            assert (
                acts.empty
                or not acts["date"].loc[order.sort_values().index].is_monotonic_increasing
            )
    kinds = tables.load("claims").set_index("claim_id")["kind"].astype(str)
    (sorted_,) = [
        r for r in teaching.rows("evidence") if r["lesson"] == "00" and r["kind"] == "slips"
    ]
    texts = tables.load("claims").set_index("claim_id")["claim"]
    slips = evidence._slips(sorted_["what"]).replace("\\", "")
    order = sorted(sorted_["what"].split(";"), key=lambda claim: slips.index(texts[claim]))
    runs = sum(kinds[a] == kinds[b] for a, b in pairwise(order))
    assert runs < 6, "slips of one kind do not lie together"


def test_the_warning_of_2011_has_nothing_later(pages):
    """No figure and no act that a forecaster of 2011 could not have known."""
    page = the(pages, "11", "warning of 2011")
    assert told(page)["date"].max() < pd.Timestamp("2011-12-31")
    for made in (figures.oil_to_2011, figures.gas_to_2011, figures.american_part_to_2011):
        assert max(made().columns) <= figures.SEEN
    failed = tables.load("claims").query("verdict == 'failed' and text == 'essay'")["claim"]
    flowing = " ".join(page.split())
    assert all(claim in flowing for claim in failed), "each failed forecast stands on the page"


def test_figures_of_the_evidence_are_those_of_the_tables():
    assert figures.loans_by_sector().loc["all five"].iloc[0] == "13.92"
    assert figures.exports_by_buyer().loc["KAZ", "CHN"] == "11,037"
    assert figures.raw_exports().loc["KAZ", 2010] == "83"
    assert figures.trade_inside_bodies().loc["EurAsEC", "KAZ"].tolist() == ["32", "19", "24"]
    assert figures.american_aid().loc["UZB", [2002, 2007]].tolist() == ["108", "23"]
    lasting = figures.game_by_temptation()["what can last"]
    assert lasting["4"] != lasting["5"] == "Russia exclude, China exclude"


def test_the_books_are_those_of_the_lesson():
    """The page and the notebook have one multiple for each book."""
    (part,) = [p for p in lessons.read("06").parts if p.heading == "Every bookkeeper"]
    noted = part.tables[0]
    assert set(figures.books()) == set(noted.index)
    rows = figures.rows_for_the_board().reset_index().query("searched == 'no'").set_index("book")
    for book, row in rows.iterrows():
        assert row["level, bn"] == f"{float(noted.loc[book, '2010, bn']):.2f}"
        assert row["multiple"] == f"{float(noted.loc[book, 'multiple']):.1f}"
    searched = figures.rows_for_the_board().reset_index().query("searched == 'yes'")
    for book, mine in searched.groupby("book"):
        spans = [years.replace("–", "-") for years in mine["years"]]
        assert ", ".join(spans) == noted.loc[book, "rounds to eleven in"]


@each_planned_lesson
def test_cases_are_the_same_in_guide_slide_and_evidence(path, pages):
    """And the plan names each with its year, and the events have these dates."""
    number = path.stem[:2]
    cases = teaching.asked(number)
    if cases.empty:
        return
    content = lessons.read(path.stem)
    chapter = html.unescape(guide.plain(guide.chapter(content)))
    on_slides = {
        cell.text
        for slide in slides.deck(content)
        for block in slide.blocks
        if isinstance(block, slides.Table)
        for _labels, cells in block.rows
        for cell in cells
    }
    held = [page for page in pages.values() if cases.iloc[0, 0] in page]
    assert held
    for text in cases.to_numpy().ravel():
        assert text in on_slides
        assert text in chapter
        assert all(text in page for page in held)
    for row in teaching.rows("asked"):
        if row["lesson"] == number:
            where, year = row["case"].split(", ")
            assert f"{where} in {year}" in content.plans
            dates = {
                bibliography.spoken_date(EVENTS["date_text"][e]) for e in row["events"].split(";")
            }
            said = re.findall(r"\d+ \w+ \d{4}", row["asked"] + row["done"])
            assert set(said) <= dates


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_table_on_a_slide_or_page_says_its_years_and_its_source(path):
    content = lessons.read(path.stem)
    if content.lesson.kind == "extra":
        return
    for slide in slides.deck(content):
        if any(isinstance(block, slides.Table) for block in slide.blocks):
            assert slide.foot.startswith("Source: "), slide.title
            whole = " ".join(b.markdown for b in slide.blocks if isinstance(b, slides.Text))
            cells = " ".join(
                cell.text
                for block in slide.blocks
                if isinstance(block, slides.Table)
                for labels, values in block.rows
                for cell in [*labels, *values, *block.head[-1]]
            )
            assert re.search(r"\b(19|20)\d\d\b", f"{whole} {cells}") or "essay" in whole, (
                slide.title
            )


def test_each_table_of_an_evidence_page_has_a_source():
    for row in teaching.rows("evidence"):
        if row["kind"] == "table":
            heading, _hash, number = row["what"].partition("#")
            says, source = teaching.caption(row["lesson"], heading, int(number or 1))
            assert says or row["caption"], row
            assert source or row["source"], row
        if row["kind"] == "figures" and row["what"] != "game_by_temptation":
            assert row["source"], row
        assert (row["source"] == "") == (row["kind"] != "figures" or row["what"].startswith("game"))


def years(labels):
    """The first and the last year of rows or columns that are years or days, and nothing else."""
    dated = [re.fullmatch(r"((?:19|20)\d\d)(-\d\d){0,2}", str(label)) for label in labels]
    found = sorted(int(date[1]) for date in dated if date)
    return (found[0], found[-1]) if len(found) == len(dated) > 1 else None


def test_a_caption_has_the_years_of_its_table(read):
    checked = 0
    for row in teaching.rows("captions"):
        parts = read(row["lesson"]).parts
        frames = [f for part in parts if part.heading == row["heading"] for f in part.tables]
        frame = frames[int(row["number"]) - 1]
        said = re.search(r"\b(\d{4}) to (\d{4})\b", row["says"])
        for labels in (frame.index, frame.columns.get_level_values(-1)):
            found = years(labels) if labels.name != "from_year" else None
            if said and found:
                assert found == (int(said[1]), int(said[2])), row
                checked += 1
    assert checked > 15


def test_no_figure_is_left_over():
    used = {row["what"] for row in teaching.rows("evidence") if row["kind"] == "figures"}
    assert used == set(figures.EVERY)


@each_planned_lesson
def test_what_no_plan_uses_comes_behind_the_memo(path):
    """And what the plans name in quotes comes before it, with the answers that they ask for."""
    content = lessons.read(path.stem)
    deck = slides.deck(content)
    memo = next(n for n, slide in enumerate(deck) if slide.title == "Exit memo")
    for item in re.findall(r"`(\d\d-p\d)`", content.plans):
        prompt = next(
            q.prompt for q in slides.questions.of_lesson(item[:2], "prediction") if q.item == item
        )
        assert max(n for n, slide in enumerate(deck) if prompt in slide.title) < memo
    shown = {slide.title for slide in deck} | {slide.above for slide in deck}
    for title in shown:
        if f'"{title}"' in content.plans:
            assert min(n for n, s in enumerate(deck) if title in (s.title, s.above)) < memo
    for slide in deck[memo + 1 :]:
        assert f'"{slide.title}"' not in content.plans
