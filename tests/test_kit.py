"""What a teacher takes along: slides that run from a disk, and pages that print as they should."""

import re
import runpy

import pytest
import typst
from axe_playwright_python.sync_playwright import Axe
from conftest import LESSONS, each_lesson

from centralasia import cli, tables
from centralasia.kit import answers, command, guide, handout, sheets, slides
from centralasia.kit import lesson as lessons
from centralasia.paths import course_root

EMPTY = 12_000
"""Bytes that a page with a header and nothing else stays under, as a picture."""
SLIDER = "10"
"""A lesson whose deck has a chart with a slider."""


@pytest.fixture
def pages(monkeypatch):
    """Draw the pages of what is written as pictures, beside the PDF."""
    drawn, compile_ = [], typst.compile

    def compile_twice(source, **given):
        found = compile_(source, format="png", ppi=60)
        drawn[:] = found if isinstance(found, list) else [found]
        return compile_(source, **given)

    monkeypatch.setattr(typst, "compile", compile_twice)
    return drawn


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@each_lesson
def test_a_deck_is_short_and_shows_every_chart(path):
    lesson = lessons.read(path.stem)
    deck = slides.deck(lesson)
    assert 8 <= len(deck) <= slides.MOST_SLIDES
    charts = sum(len(part.charts) for part in lesson.parts if part.room not in slides.ASKING)
    assert sum(slide.count('class="chart"') for slide in deck) == charts > 0
    assert all(slide.count("<h1>") + slide.count("<h2>") == 1 for slide in deck)


@each_lesson
def test_neither_slides_nor_handout_hold_what_is_the_instructors(path):
    """No sentence of the cells for the instructor, and no line of the solutions."""
    lesson = lessons.read(path.stem)
    shown = "".join(words(slide) for slide in slides.deck(lesson)) + handout._questions(lesson)
    for text in lesson.instructor.values():
        for sentence in re.split(r"(?<=[.?!])\s+|\n", lessons.LINK.sub(r"\1", text)):
            if len(sentence) > 60:
                assert sentence.strip("-*| ") not in shown
    assert "### BEGIN SOLUTION" not in shown


@each_lesson
def test_a_handout_is_two_pages(path, pages, tmp_path):
    file = handout.build(path.stem, tmp_path / "handout.pdf")
    assert file.read_bytes().startswith(b"%PDF-")
    assert len(pages) == 2
    assert min(map(len, pages)) > EMPTY


@pytest.mark.parametrize(("game", "number"), [("A", 7), ("B", 4)])
def test_a_role_play_has_a_page_for_each_role_and_a_form(game, number, pages, tmp_path):
    sheets.build(game, tmp_path / "sheets.pdf")
    assert len(pages) == number
    assert min(map(len, pages)) > EMPTY


def test_no_role_reads_on_its_sheet_how_it_ended():
    roles = sheets.rules.roles("A")
    cards = "".join(sheets._card(role, "A") for _, role in roles.iterrows())
    ending = "Kyrgyzstan lets US forces stay in a transit centre"
    assert ending not in cards
    assert ending in sheets._form("A")


def test_the_guide_has_a_chapter_for_every_lesson(pages, tmp_path):
    assert guide.build(tmp_path / "guide.pdf").is_file()
    assert guide.numbers() == [path.stem[:2] for path in LESSONS]
    assert len(pages) > len(LESSONS)
    assert min(map(len, pages)) > EMPTY


@each_lesson
def test_a_chapter_says_in_full_what_it_names_by_number(path):
    """Claims with their words, predictions and the quiz of the plan with the right options."""
    lesson = lessons.read(path.stem)
    text = guide.plain(guide.chapter(lesson))
    assert "](#" not in text
    claims = tables.load("claims").set_index("claim_id")["claim"]
    named = set(re.findall(r"\b[A-Z]{2}-\d\d\b", text)) & set(claims.index)
    assert named
    assert all(f"- {name} {claims[name]} *" in text for name in named)
    items, options = tables.load("items"), tables.load("options")
    asked = answers.quiz_asked(lesson)
    assert f"lesson {asked}" in text.partition("| 0–")[2].partition("\n")[0] or asked == "00"
    quiz = items.query("lesson == @asked and kind == 'quiz'")
    right = options[options["item_id"].isin(quiz["item_id"])].query("correct == True")
    assert len(right) == len(quiz) == 5
    assert all(f" {answer}**" in text for answer in [*right["text"], *lesson.answers.values()])


def test_start_py_fetches_what_the_kit_needs():
    """One command does in a checkout: the set-up for it has all that the extra has."""
    commands = runpy.run_path(str(course_root() / "start.py"), run_name="read")["NEED_MORE"]
    assert set(command._NAMES) <= set(commands)
    for name in set(commands) - {"test"}:
        with pytest.raises(SystemExit, match=r"^0$"):
            cli.main([name, "--help"])


@pytest.mark.parametrize("what", ["slides", "handout"])
def test_a_lesson_that_does_not_exist_is_named(what, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main([what, "99"]) == 2
    assert "99" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    return slides.build(SLIDER, tmp_path_factory.mktemp("kit") / "slides.html")


@pytest.fixture(params=["light", "dark"])
def show(request, deck, browser):
    page = browser.new_page(
        viewport={"width": 1280, "height": 720}, color_scheme=request.param, offline=True
    )
    page.faults, page.abroad = [], []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda m: page.faults.append(m.text) if m.type == "error" else None)
    page.on(
        "request",
        lambda r: None if r.url.startswith(("file:", "data:", "blob:")) else page.abroad.append(r),
    )
    page.goto(deck.as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    yield page
    page.close()
    assert (page.faults, page.abroad) == ([], [])


def test_slides_run_from_a_disk_by_keyboard(show):
    """Every chart is drawn and fits its slide, notes are there, and axe finds nothing."""
    seen = 0
    for number in range(show.locator(".slides > section").count()):
        here = show.locator(".slides > section").nth(number)
        assert here.evaluate("node => node.matches('.present')"), number
        if here.locator(".chart").count():
            here.locator(".chart svg").wait_for()
            seen += 1
            assert here.locator(".chart svg g.mark-group").count() > 0
            end = here.locator(".chart").evaluate("node => node.getBoundingClientRect().bottom")
            assert end <= 720, number
            assert len(here.locator("aside.notes").inner_html()) > 100
        if number in (0, 5, 7):  # text, a chart, a table
            assert Axe().run(show).violations_count == 0, number
        show.keyboard.press("ArrowRight")
    assert seen > 0


def test_a_slider_on_a_slide_moves_by_keyboard_and_turns_no_page(show):
    charts = show.locator(".slides > section:has(.chart)")
    sliders = "node => JSON.parse(node.querySelector('script').textContent).params?.length > 0"
    number = show.evaluate(
        f"[...document.querySelectorAll('.slides > section')].findIndex(node =>"
        f" node.querySelector('.chart') && ({sliders})(node))"
    )
    assert charts.count() > 0
    show.evaluate(f"Reveal.slide({number})")
    here = show.locator(".slides > section.present")
    slider = here.locator("input[type=range]").first
    slider.wait_for()
    before = here.locator(".chart svg").inner_html()
    slider.focus()
    for _ in range(4):
        show.keyboard.press("ArrowRight")
    show.wait_for_function(
        "old => document.querySelector('section.present .chart svg').innerHTML !== old", arg=before
    )
    assert show.evaluate("Reveal.getIndices().h") == number
