"""What a teacher takes along: slides that run from a disk, and pages that print as they should."""

import copy
import html
import re
import shutil
import subprocess
from dataclasses import replace
from itertools import pairwise

import pandas as pd
import pytest
import typst
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from conftest import LESSONS, each_lesson, each_planned_lesson
from jinja2 import nodes

from centralasia import bibliography, charts, cli, course, language, notebooks, tables, templates
from centralasia.kit import (
    evidence,
    guide,
    handout,
    paper,
    powerpoint,
    questions,
    screen,
    sheets,
    slides,
    stored,
    teaching,
)
from centralasia.kit import lesson as lessons
from centralasia.paths import data_dir, using
from centralasia.roleplay import games
from centralasia.room import questions as room_questions

EVENTS = tables.load("events")
TEMPLATES = templates.PACKAGE / "kit" / "templates"
EMPTY = 12_000
"""Bytes that a page with a header and nothing else stays under, as a picture."""
SLIDER = "10"
"""A lesson whose deck has a chart with a slider."""


@pytest.fixture
def pages(monkeypatch):
    """Draw the pages of what is written as pictures, beside the PDF."""
    drawn, compile_ = [], typst.compile

    def compile_twice(source, **given):
        found = compile_(source, format="png", ppi=60, **given)
        drawn[:] = found if isinstance(found, list) else [found]
        return compile_(source, **given)

    monkeypatch.setattr(typst, "compile", compile_twice)
    return drawn


def drawn(content):
    """Return a deck as it stands in the file for a browser."""
    return [screen.section(slide) for slide in slides.deck(content)]


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@each_lesson
def test_a_deck_is_short_and_shows_every_chart(path):
    content = lessons.read(path.stem)
    deck = drawn(content)
    assert 8 <= len(deck) <= slides.MOST_SLIDES
    charts = sum(len(part.charts) for part in content.parts if part.section not in slides.ASKING)
    assert sum(slide.count('class="chart"') for slide in deck) == charts > 0
    assert all(slide.count("<h1>") + slide.count("<h2>") == 1 for slide in deck)


@each_planned_lesson
def test_a_deck_shows_the_answer_to_each_prediction_after_its_question(path):
    deck = drawn(lessons.read(path.stem))
    for question in questions.of_lesson(path.stem[:2], "prediction"):
        asked, answered = (
            n for n, slide in enumerate(deck) if question.prompt in html.unescape(slide)
        )
        assert asked < answered
        assert "right" not in deck[asked]
        right = re.findall(r'<li class="right">(.*?) <strong>', deck[answered])
        assert [html.unescape(text) for text in right] == [question.right.text]


@each_planned_lesson
def test_a_deck_has_the_task_of_each_activity_and_all_questions_on_one_slide(path):
    content = lessons.read(path.stem)
    deck = {slide.title: slide for slide in slides.deck(content) if slide.of_words}
    for activity in teaching.activities(content.lesson.number):
        assert slides.Text(activity.task) in deck[activity.name].blocks
        assert "this page" not in activity.task
    (asked,) = deck["Discuss"].blocks
    assert list(asked.items) == [text for part in content.section("Discuss") for text in part.text]
    assert all(slide.type >= min(slides.WORDS) for slide in deck.values())


def chooses(param):
    """Return whether a parameter of a chart is a menu that begins with one choice, not with all."""
    bind = param.get("bind")
    return (
        isinstance(bind, dict)
        and bind.get("input") in ("select", "radio")
        and param.get("value") not in ("all", None)
    )


@each_planned_lesson
def test_what_a_menu_chooses_from_stands_on_a_slide_for_paper_too(path):
    """Paper shows one choice of a menu: a table with the others follows."""
    content = lessons.read(path.stem)
    deck = slides.deck(content)
    for part in content.parts:
        params = [param for spec in part.charts for param in spec.get("params", [])]
        if slides.in_room(content, part) and any(map(chooses, params)):
            place = teaching.chosen_from(content.lesson.number, part.heading)
            says, _source = teaching.caption(content.lesson.number, part.heading, place)
            assert any(slides.Text(says) in slide.blocks for slide in deck), part.heading


@each_planned_lesson
def test_the_view_from_the_region_has_an_act_of_each_of_the_five(path):
    deck = drawn(lessons.read(path.stem))
    view = [slide for slide in deck if f"<h2>{slides.REGION}</h2>" in slide][-1]
    lines = re.findall(r"<li><strong>(\w+)</strong> (.*?): (.*?)</li>", view)
    assert [state for state, _date, _title in lines] == list(course.states().values())
    assert {html.unescape(title) for _state, _date, title in lines} <= set(EVENTS["title"])


@each_lesson
def test_neither_slides_nor_handout_hold_what_is_the_instructors(path):
    """No sentence of the cells for the instructor, and no line of the solutions."""
    content = lessons.read(path.stem)
    shown = "".join(words(slide) for slide in drawn(content)) + handout.back(content, [])
    for text in content.instructor.values():
        for sentence in re.split(r"(?<=[.?!])\s+|\n", lessons.LINK.sub(r"\1", text)):
            if len(sentence) > 60:
                assert sentence.strip("-*| ") not in shown
    assert "### BEGIN SOLUTION" not in shown


@each_lesson
def test_a_handout_asks_the_predictions_and_answers_none(path):
    text = handout.back(lessons.read(path.stem), [])
    for question in questions.of_lesson(path.stem[:2], "prediction"):
        assert question.prompt in html.unescape(text)
        options = (f"**{o.letter}**&nbsp;{o.text}" for o in question.options)
        assert all(html.unescape(option) in html.unescape(text) for option in options)
        assert question.explanation not in text


@each_lesson
def test_a_handout_is_two_pages(path, pages, tmp_path):
    file = handout.build(path.stem, tmp_path / "handout.pdf")
    assert file.read_bytes().startswith(b"%PDF-")
    assert len(pages) == 2
    assert min(map(len, pages)) > EMPTY


def test_letters_on_a_handouts_map_can_be_read():
    """In grey they alone say whose a site is: the page hardly makes the map smaller."""
    charts.use_theme()
    drawn = handout.drawings.map_on_page(charts.region_map().to_dict(), handout.pdf.WIDTH)
    letters = re.findall(r'font-size="([\d.]+)px"[^>]*>([RCU])<', drawn.svg)
    assert {letter for _size, letter in letters} == {"R", "C", "U"}
    across_a4 = 174 / 25.4 * 96
    assert min(float(size) for size, _letter in letters) * min(1, across_a4 / drawn.width) >= 9
    assert drawn.title
    assert "Military base" in drawn.svg


@pytest.mark.parametrize("game", games.every())
def test_a_role_play_has_a_case_note_a_page_for_each_role_a_memo_and_a_form(game, pages, tmp_path):
    number = len(sheets.rules.roles(game))
    sheets.build(game, tmp_path / "sheets.pdf")
    assert 2 + number + 2 <= len(pages) <= 2 + number + 3
    assert min(map(len, pages)) > EMPTY


def test_no_role_reads_on_its_sheet_how_it_ended():
    roles = sheets.rules.roles("A")
    cards = "".join(sheets.role_sheet(role, "A") for _, role in roles.iterrows())
    ending = "Kyrgyzstan lets US forces stay in a transit centre"
    assert ending not in cards + sheets.case_note("A") + sheets.form("A")
    assert ending in sheets.teacher("A")


@pytest.mark.parametrize("game", games.every())
def test_what_the_class_sees_says_neither_what_is_scored_nor_how_it_ended(game):
    """A role's own terms stand on its own page; all terms on the teacher's alone."""
    seen = html.unescape(sheets.form(game) + sheets.case_note(game))
    own = html.unescape(sheets.teacher(game))
    terms = sheets._terms(game)
    assert all(text in own and text not in seen for text in terms["text"])
    for _n, role in sheets.rules.roles(game).iterrows():
        page = html.unescape(sheets.role_sheet(role, game))
        theirs = terms[terms["role"] != role["role"]]["text"]
        mine = set(terms[terms["role"] == role["role"]]["text"])
        assert not [text for text in theirs if text in page and text not in mine]


def test_a_role_play_outside_the_lessons_plans_has_its_plan_in_guide_and_on_the_teachers_page():
    for name, game in games.every().items():
        for step in games.plan(name):
            chapter = html.unescape(guide.chapter(lessons.read(game.lesson)))
            assert f"| {step.minutes} | {step.what} |" in chapter
            assert f"| {step.minutes} | {step.what} |" in html.unescape(sheets.teacher(name))
    pages = [
        (data_dir().parent / "docs" / file).read_text("utf-8")
        for file in ("course-plans.md", "syllabus.md")
    ]
    assert all("ole-play C" in page for page in pages)


def test_the_guide_has_a_chapter_for_every_lesson(pages, tmp_path):
    assert guide.build(tmp_path / "guide.pdf").is_file()
    assert len(pages) > len(LESSONS)
    assert min(map(len, pages)) > EMPTY


@each_planned_lesson
def test_a_chapter_says_in_full_what_it_names_by_number(path):
    """Claims with their words, predictions and the quiz of the plan with the right options."""
    content = lessons.read(path.stem)
    text = html.unescape(guide.plain(guide.chapter(content)))
    assert "](#" not in text
    claims = tables.load("claims").set_index("claim_id")
    cells = "".join(content.instructor.values())
    named = set(re.findall(r"\b[A-Z]{2}-\d\d\b", cells)) & set(claims.index)
    assert named
    for name in named:
        who, claim = bibliography.said_by(claims["work"][name]), claims["claim"][name]
        assert f"- {name} {who + ': ' if who else ''}{claim} *" in text
    (asked,) = content.quizzes
    quiz = questions.of_lesson(asked, "quiz")
    assert len(quiz) == 5
    for question in [*quiz, *questions.of_lesson(content.lesson.number, "prediction")]:
        assert f"**{question.right.letter} {question.right.text}**" in text
        assert question.prompt in text


@each_lesson
def test_a_chapter_begins_as_a_sentence_does(path):
    """A lesson of no period and no power says nothing in its place, such as its kind."""
    first = guide.chapter(lessons.read(path.stem)).split("\n\n")[1].strip("*\n ")
    assert first[0].isupper(), first


@each_planned_lesson
def test_no_code_stands_in_what_is_read_aloud(path):
    """Neither in plans nor in notes: a teacher opens a heading, and not a cell by its id."""
    content = lessons.read(path.stem)
    ids = {cell.id for cell in notebooks.read(path).cells if "-" in cell.id}
    allowed = re.compile(
        r"centralasia .*|\d\d-p\d|unclear|roleplay\.show\('[ABC]'\)"
        r"|from centralasia import roleplay"
    )
    for text in content.instructor.values():
        code = [one for one in re.findall(r"`([^`]+)`", text) if not allowed.fullmatch(one)]
        assert code == []
        assert not re.search(r"[Rr]un the (cell|reveal)|\bcell \"", text)
    for slide in slides.deck(content):
        assert "`" not in slide.notes, slide.title
        assert not any(f" {one} " in slide.notes for one in ids - {"ties", "arms"})


@each_planned_lesson
def test_a_plan_begins_with_the_quiz_that_its_cell_names(path):
    """The number of the lesson is data, and the teacher reads the same in the plan."""
    for cell in notebooks.read(path).cells:
        quiz = cell.metadata.get("centralasia", {}).get("quiz")
        if quiz is not None:
            assert cell.id.startswith("teach-plan-")
            own = "this lesson's quiz" if quiz == path.stem[:2] else "none"
            assert re.search(rf"[Qq]uiz (questions )?of lesson {quiz}|{own}", cell.source), cell.id


@each_planned_lesson
def test_one_room_is_enough_for_a_meeting(path):
    """The room of its own lesson offers first what its plans ask: the quiz, then predictions."""
    content = lessons.read(path.stem)
    number = content.lesson.number
    assert set(re.findall(r"centralasia room (\d\d)", content.plans)) <= {number}
    offered = [question.item for question in room_questions.offered(number)]
    named = re.findall(r"`(\d\d-p\d)`", content.plans)
    earlier = [quiz for quiz in content.quizzes if quiz != number]
    quizzes = [q.item for quiz in earlier for q in questions.of_lesson(quiz, "quiz")]
    assert offered[: len(quizzes)] == quizzes
    assert set(named) <= set(offered[: len(quizzes) + 3])


@pytest.fixture
def reworded(monkeypatch):
    """Give every output of a lesson but its charts and frames other words."""
    read = notebooks.read

    def other(path):
        notebook = copy.deepcopy(read(path))
        for cell in notebook.cells:
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                data["text/plain"] = "other words"
                if 'class="dataframe"' not in data.get("text/html", 'class="dataframe"'):
                    data["text/html"] = "<p>other words</p>"
        return notebook

    return lambda: monkeypatch.setattr(notebooks, "read", other)


def made(name):
    content = lessons.read(name)
    return drawn(content), guide.chapter(content), handout.back(content, [])


@each_lesson
def test_other_words_in_a_widget_change_nothing(path, reworded):
    before = made(path.stem)
    reworded()
    assert made(path.stem) == before


def test_all_four_are_built_from_a_lesson_with_other_words(reworded, pages, tmp_path):
    reworded()
    screen.build("03", tmp_path / "slides.html")
    guide.build(tmp_path / "guide.pdf", ["03"])
    handout.build("03", tmp_path / "handout.pdf")
    assert len(pages) == 2
    sheets.build("A", tmp_path / "sheets.pdf")
    assert len(list(tmp_path.iterdir())) == 4


def test_a_lesson_outside_the_plans_needs_no_cells_for_an_instructor():
    content = lessons.read("03")
    extra = replace(
        content, lesson=replace(content.lesson, kind="extra"), instructor={}, quizzes=[]
    )
    assert len(drawn(extra)) >= 8
    assert "The quiz" not in guide.chapter(extra)
    assert "Claims named" not in guide.chapter(extra)
    assert "no plan, board or quiz stands here" in guide.chapter(extra)


def test_the_guide_promises_only_what_its_chapters_have(monkeypatch):
    content = lessons.read("03")
    extra = replace(content, instructor={}, quizzes=[])
    promised = (
        "wrong answers",
        "the quiz",
        "form for a course",
        "evidence",
        "*threes*",
        "Case note",
    )
    before, mixed = guide.opening([content]), guide.opening([content, extra])
    assert all(words in before for words in promised)
    assert "its chapter says so" in mixed
    assert "its chapter says so" not in before
    monkeypatch.setattr(guide.teaching, "apart", lambda _number: None)
    monkeypatch.setattr(guide.teaching, "activities", lambda _number: [])
    taught = guide.opening([replace(content, quizzes=[])])
    assert "wrong answers" in taught
    assert not [words for words in (*promised[1:4], "role-play") if words in taught]
    alone = guide.opening([extra])
    assert not [words for words in (*promised, "Evidence", "role-play is") if words in alone]
    assert "These lessons have no plans." in alone
    monkeypatch.setattr(questions, "of_lesson", lambda _number, _kind: [])
    assert "The quiz" not in guide.chapter(content)


def test_a_lesson_without_predictions_has_none_on_paper(monkeypatch):
    monkeypatch.setattr(questions, "of_lesson", lambda _number, _kind: [])
    content = lessons.read("03")
    content.parts = [replace(part, reveals=[]) for part in content.parts]
    assert "predict" not in handout.back(content, []).lower()
    assert "The predictions" not in guide.chapter(content)
    assert not any("redict" in slide for slide in drawn(content))


def test_an_unknown_power_is_refused_with_the_file_to_edit(monkeypatch, tmp_path):
    """No chart and no list leaves it out without a word."""
    content = lessons.read("03")
    told = replace(content, lesson=replace(content.lesson, power="turkey"))
    load = tables.load

    def with_turkey(name):
        return load(name).assign(power="turkey") if name in ("events", "claims") else load(name)

    with pytest.raises(course.Unknown, match=r"'turkey'.*data/powers\.csv"):
        guide.chapter(told)
    monkeypatch.setattr(tables, "load", with_turkey)
    for build in (handout.build, lambda name, file: guide.build(file, [name])):
        with pytest.raises(course.Unknown, match=r"'turkey'.*data/powers\.csv"):
            build("03", tmp_path / "page.pdf")
    assert list(tmp_path.iterdir()) == []


def test_slides_refuse_an_unknown_power_in_a_table_that_they_do_not_show(tmp_path):
    folder = shutil.copytree(data_dir(), tmp_path / "data")
    events = folder / "events.csv"
    events.write_text(events.read_text("utf-8").replace(",china,", ",chnia,", 1), "utf-8")
    with using(folder), pytest.raises(tables.UnknownValue, match=r"events\.csv, line .*'chnia'"):
        lessons.read("07")


def test_a_lesson_that_cites_few_events_hands_out_those_of_its_power(monkeypatch):
    monkeypatch.setattr(bibliography, "cited", lambda _lesson: ["EV-001"])
    china, several = course.lesson("04"), course.lesson("09")
    of_china = EVENTS[EVENTS["power"] == "china"]
    stage = of_china.query("stage == '1'")["event_id"]
    assert set(handout.chosen(china)["event_id"]) == {*stage, "EV-001"}
    extra = replace(china, kind="extra")
    assert set(handout.chosen(extra)["event_id"]) == {*of_china["event_id"], "EV-001"}
    assert handout.chosen(replace(several, kind="extra"))["event_id"].tolist() == ["EV-001"]
    assert len(handout.chosen(several)) == 1, "what two lessons come back to"


def test_a_stored_frame_is_read_as_it_was_shown():
    """Two levels of rows with a name each, two of columns, and a value that is missing."""
    rows = pd.MultiIndex.from_product([["KAZ", "TKM"], ["1994", "2001"]], names=["country", "year"])
    columns = pd.MultiIndex.from_product([["gas", "oil"], ["in", "out"]], names=["fuel", "way"])
    frame = pd.DataFrame([["1", "2", "3", None]] * 4, rows, columns)
    (found,) = stored.frames(f"<details>{frame.to_html()}</details><table><tr><td>x</table>")
    pd.testing.assert_frame_equal(found, frame.fillna("None").astype("str"))
    worded = stored.in_words(found)
    assert worded.index.to_list()[-1] == ("Turkmenistan", "2001")
    assert set(worded["oil"]["out"]) == {"–"}
    table = slides.table(worded)
    assert [[(cell.text, cell.span) for cell in row] for row in table.head] == [
        [("", 1), ("fuel", 1), ("gas", 2), ("oil", 2)],
        [("country", 1), ("year / way", 1), *[("in", 1), ("out", 1)] * 2],
    ]
    assert [[(cell.text, cell.span) for cell in labels] for labels, _values in table.rows[:2]] == [
        [("Kazakhstan", 2), ("1994", 1)],
        [("2001", 1)],
    ]


@each_lesson
def test_no_slide_has_the_code_of_a_state_or_the_name_of_a_column(path):
    for slide in drawn(lessons.read(path.stem)):
        cells = BeautifulSoup(slide, "html.parser").select(".table th, .table td")
        for cell in cells:
            assert not re.search(r"_|\b(KAZ|KGZ|TJK|TKM|UZB|RUS|CHN|USA)\b", cell.get_text())


@pytest.fixture
def pseudo(monkeypatch):
    monkeypatch.setenv(language.ENV, language.PSEUDO)


@pytest.fixture
def markup(monkeypatch):
    """Keep what is set as pages, as Markdown."""
    written, convert = [], guide.pdf.from_markdown
    monkeypatch.setattr(
        guide.pdf, "from_markdown", lambda text: written.append(text) or convert(text)
    )
    return written


def texts(page):
    """Return the pieces of text of a page, and what it says to those who do not see it."""
    soup = BeautifulSoup(page, "html.parser")
    for lessons_own in soup.select("script, style, code, table.stored"):
        lessons_own.decompose()
    named = [tag["aria-label"] for tag in soup.select("[aria-label]")]
    return {" ".join(piece.split()) for piece in [*soup.stripped_strings, *named]}


def not_ours(*, instructor):
    """Return what stands in the language of the lesson: its prose, the tables, and names."""
    content = lessons.read("03")
    prose = [text for part in content.parts for text in [part.section, part.heading, *part.text]]
    prose += [str(value) for value in content.about.values()] + content.about["objectives"]
    if instructor:
        prose += [lessons.LINK.sub(r"\1", cell) for cell in content.instructor.values()]
    known = {spec.get("description", "") for part in content.parts for spec in part.charts}
    for block in prose:
        known |= texts(str(screen.html(block)))
    for slide in slides.deck(content):
        known.add(slide.foot)  # a source line, as under a chart
        if any(isinstance(block, slides.Chart) for block in slide.blocks):
            subtitles = [b.markdown for b in slide.blocks if isinstance(b, slides.Text)]
            known |= {slide.title, *subtitles}
    for game in games.every().values():
        known |= {game.title, game.task, *(one.what for one in game.rounds)}
        known |= {text for step in games.plan(game.name) for text in (step.what, step.how)}
        note = guide.plain((sheets.CASES / f"{game.name}.md").read_text(encoding="utf-8"))
        known |= texts(str(screen.html(note))) | {
            row["question"] for row in teaching.rows("debrief")
        }
    known |= set(tables.load("sources")["citation"])
    known |= {row[name] for row in teaching.rows("classes") for name in row}
    for table in ("activities", "asked", "captions"):
        known |= {row[name] for row in teaching.rows(table) for name in row}
    for name in ("areas", "events", "claims", "items", "options", "roles", "moves", "payoffs"):
        for column in tables.load(name).select_dtypes(exclude="number"):
            known |= set(tables.load(name)[column].dropna().astype(str))
    known |= {bibliography.spoken_date(date) for date in EVENTS["date_text"]}
    known |= {text.in_sentence for text in course.texts()}
    return sorted((" ".join(text.split()) for text in known), key=len, reverse=True)


def left_over(page, known):
    """Return the pieces of a page that are neither marked nor known."""
    found = []
    for piece in texts(page):
        rest = "" if piece in known else piece
        for text in known:
            if len(text) > 3:
                rest = rest.replace(text, "")
        rest = re.sub(r"\b[A-Z]{2}-\d\d\b|\b\d\d-p\d\b", "", rest)
        if re.search(r"[A-Za-z]{2}", rest):
            found.append((piece, rest))
    return found


def unmarked(text):
    """Return a text without what stands in the brackets of the pseudo-language."""
    depth, kept = 0, []
    for letter in text:
        depth += letter == "⟦"
        if not depth:
            kept.append(letter)
        depth -= letter == "⟧"
    assert depth == 0, text
    return "".join(kept)


def test_all_words_of_our_own_are_looked_up(pseudo, markup, tmp_path):
    """In the pseudo-language each is marked, and what is not is the lesson's, a table's, a name."""
    screen.build("03", tmp_path / "slides.html")
    pages = [(tmp_path / "slides.html").read_text(encoding="utf-8")]
    guide.build(tmp_path / "guide.pdf", ["03"])
    handout.build("03", tmp_path / "handout.pdf")
    sheets.build("A", tmp_path / "sheets.pdf")
    sheets.build_teacher("A", tmp_path / "teacher.pdf")
    pages = [unmarked(pages[0]), *(str(screen.html(unmarked(text))) for text in markup)]
    deck, chapter, opening, *others = pages
    assert len(others) == 2 + 10
    assert left_over(chapter, not_ours(instructor=True)) == []
    known = not_ours(instructor=False)
    assert [left_over(page, known) for page in (deck, opening, *others)] == [[]] * 14


@pytest.mark.parametrize(
    "file",
    [*TEMPLATES.glob("*.md"), *TEMPLATES.glob("slides/*.html")],
    ids=lambda file: file.name,
)
def test_no_word_in_a_template_stands_outside_of_what_is_looked_up(file):
    source = templates.environment(file.parent).parse(file.read_text(encoding="utf-8"))
    told = "".join(node.data for node in source.find_all(nodes.TemplateData))
    assert re.findall(r"[A-Za-z]{2,}", re.sub(r"<[^>]*>|`[^`]*`|&nbsp;", "", told)) == []


def test_pages_take_longer_words(pseudo, pages, tmp_path):
    handout.build("03", tmp_path / "handout.pdf")
    assert len(pages) == 2
    for game in games.every():
        sheets.build(game, tmp_path / "sheets.pdf")
        assert len(pages) <= len(sheets.rules.roles(game)) + 6


@pytest.mark.parametrize("what", ["slides", "handout"])
def test_a_lesson_that_does_not_exist_is_named(what, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main([what, "99"]) == 2
    assert "99" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    return screen.build(SLIDER, tmp_path_factory.mktemp("kit") / "slides.html")


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
            here.locator(".chart svg").first.wait_for()
            seen += 1
            assert here.locator(".chart svg g.mark-group").count() > 0
            end = here.locator(".chart").evaluate("node => node.getBoundingClientRect().bottom")
            assert end <= 720, number
            assert len(here.locator("aside.notes").inner_html()) > 100
        if number in (0, 5, 7):  # text, a chart, a table
            assert Axe().run(show).violations_count == 0, number
        show.keyboard.press("ArrowRight")
    assert seen > 0


TYPE = """node => [...node.querySelectorAll('.chart svg text')]
    .filter(text => text.textContent.trim().length > 1 && text.getAttribute('opacity') !== '0')
    .map(text => [text, text.getScreenCTM()])
    .map(([text, by]) => [parseFloat(getComputedStyle(text).fontSize) * Math.hypot(by.a, by.b),
                          text.textContent])
    .filter(([size]) => size > 0 && size < 17.5)"""
"""Type on the charts of a slide of 1280 pixels that the last row could not read."""
OVER = """node => [...node.querySelectorAll('h1, h2, p, ul, ol, .text, table, .chart, form')]
    .filter(part => part.offsetParent && !part.closest('aside'))
    .map(part => [part.tagName, part.getBoundingClientRect()])
    .filter(([_tag, place]) => place.bottom > 720 || place.right > 1280)
    .map(([tag, place]) => [tag, place.right, place.bottom])"""
"""What of a slide of 1280 by 720 pixels stands below its edge or beside it."""
SPILLED = """() => [...document.querySelectorAll('.slides > section')]
    .filter(node => node.scrollHeight > node.clientHeight + 1
        || node.scrollWidth > node.clientWidth + 1)
    .map(node => node.textContent.trim().slice(0, 60))"""
"""The slides that a printer cuts off."""


@pytest.mark.parametrize(
    ("name", "spoken"), [*((path.stem, "") for path in LESSONS), ("03", language.PSEUDO)]
)
def test_every_slide_can_be_read_whole_and_from_the_back(
    name, spoken, browser, monkeypatch, tmp_path
):
    """On a screen and on paper, and with words half as long again.

    Type has 18 pixels or more: that of charts with their controls, and that of tables, which show
    all their rows; a letter on a symbol is no text.
    """
    monkeypatch.setenv(language.ENV, spoken)
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(screen.build(name, tmp_path / "slides.html").as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    here = page.locator(".slides > section.present")
    for number in range(page.locator(".slides > section").count()):
        page.evaluate(f"Reveal.slide({number})")
        if here.locator(".chart").count():
            page.wait_for_function(
                "document.querySelector('section.present .chart').style.visibility === ''"
                " && document.querySelector('section.present .chart svg')"
            )
        assert here.evaluate(OVER) == [], number
        assert here.evaluate(TYPE) == [] or spoken, number
        for table in here.locator(".table").all():
            assert table.evaluate(
                "place => place.scrollWidth <= place.clientWidth"
                " && place.scrollHeight <= place.clientHeight"
            ), number
            assert table.evaluate("place => 21 * place.style.zoom >= 18"), number
    page.emulate_media(media="print")
    assert page.evaluate(SPILLED) == []
    page.close()


def test_a_slider_on_a_slide_moves_by_keyboard_and_turns_no_page(show):
    charts = show.locator(".slides > section:has(.chart)")
    sliders = (
        "node => JSON.parse(node.querySelector('script').textContent).params"
        "?.some(param => param.bind?.input === 'range')"
    )
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


def test_a_browser_prints_every_slide_with_its_charts(browser, tmp_path):
    """At once, with no slide having come up before."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(screen.build("06", tmp_path / "slides.html").as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    page.pdf(path=tmp_path / "printed.pdf", prefer_css_page_size=True, print_background=True)
    page.emulate_media(media="print")
    shown = page.locator(".still")
    assert shown.count() == sum(
        len(part.charts) for part in lessons.read("06").parts if part.section not in slides.ASKING
    )
    assert page.evaluate(SPILLED) == []
    assert shown.evaluate_all("all => all.every(one => one.complete && one.naturalWidth > 0)")
    page.close()
    size = subprocess.run(
        ["pdfinfo", str(tmp_path / "printed.pdf")], capture_output=True, text=True, check=True
    ).stdout
    assert int(re.search(r"Pages: +(\d+)", size)[1]) == len(slides.deck(lessons.read("06")))


@pytest.mark.parametrize("notes", [False, True])
def test_a_deck_is_set_as_pdf_with_a_page_a_slide(notes, pages, tmp_path):
    deck = slides.deck(lessons.read("06"))
    file = paper.build("06", tmp_path / "slides.pdf", notes=notes)
    assert file.read_bytes().startswith(b"%PDF-")
    assert len(pages) == len(deck)
    assert min(map(len, pages)) > 4_000


@each_lesson
def test_a_slide_on_paper_holds_its_chart_whole(path):
    """Neither its picture nor what stands around it runs over the slide's edge."""
    for slide in slides.deck(lessons.read(path.stem)):
        for block in slide.blocks:
            if isinstance(block, slides.Chart):
                drawing = block.drawing
                under = next((b.markdown for b in slide.blocks if isinstance(b, slides.Text)), "")
                room = slides.room(slide.title, slide.above, under, slide.foot)
                assert drawing.height * drawing.zoom <= room + 1, slide.title
                assert drawing.width * drawing.zoom <= slides.drawings.WIDE + 2, slide.title
                assert drawing.description
                assert "tables.sources" not in slide.foot


def test_a_powerpoint_file_has_titles_notes_and_described_pictures(tmp_path):
    pptx = pytest.importorskip("pptx")
    deck = slides.deck(lessons.read("06"))
    show = pptx.Presentation(powerpoint.build("06", tmp_path / "slides.pptx"))
    assert len(show.slides) == len(deck)
    for page, slide in zip(show.slides, deck, strict=True):
        assert page.shapes.title.text == slide.title
        pictures = [shape for shape in page.shapes if shape.shape_type == 13]
        drawn = [block.drawing for block in slide.blocks if isinstance(block, slides.Chart)]
        described = [shape._element.nvPicPr.cNvPr.get("descr") for shape in pictures]
        assert described == [drawing.description for drawing in drawn]
        assert page.has_notes_slide == bool(slide.notes)
        bottom = max(shape.top + shape.height for shape in page.shapes)
        right = max(shape.left + shape.width for shape in page.shapes)
        assert bottom <= show.slide_height
        assert right <= show.slide_width + 2 * powerpoint.PIXEL
        boxes = sorted((s.top, s.top + s.height) for s in page.shapes)
        assert all(end <= start + powerpoint.PIXEL for (_, end), (start, _) in pairwise(boxes))


@each_lesson
def test_no_slide_speaks_of_a_control_that_paper_does_not_have(path):
    for slide in slides.deck(lessons.read(path.stem)):
        heads = [slide.title, *(b.markdown for b in slide.blocks if isinstance(b, slides.Text))]
        assert not re.search(r"\b(the box|slider|menu|drag|click)\b", " ".join(heads)), slide.title


@each_planned_lesson
def test_no_word_of_a_table_is_broken_in_powerpoint(path):
    """Each column takes its longest word, the type can be read, and all rows find room."""
    for slide in slides.deck(lessons.read(path.stem)):
        for block in slide.blocks:
            if isinstance(block, slides.Table):
                wide = sum(cell.span for cell in block.head[-1])
                rows = [[cell for cell in row for _n in range(cell.span)] for row in block.head]
                rows += [
                    [slides.Cell("x")] * (wide - len(labels) - len(values)) + [*labels, *values]
                    for labels, values in block.rows
                ]
                size, widths, lines = powerpoint._measured(rows, 560)
                assert size >= 12, slide.title
                assert sum(lines) * size * powerpoint._ROW <= 560
                assert sum(widths) <= slides.WIDE - 2 * powerpoint.LEFT + 1
                for row in rows:
                    for cell, width in zip(row, widths, strict=True):
                        longest = max(map(len, cell.text.split() or [""]))
                        assert longest * size * powerpoint.LETTER <= width, cell.text


def test_the_cell_with_the_answer_is_marked():
    found = {}
    for lesson in course.proper():
        for slide in slides.deck(lessons.read(lesson.number)):
            for block in slide.blocks:
                if isinstance(block, slides.Table):
                    cells = [cell for _labels, values in block.rows for cell in values]
                    marked = [cell.text for cell in cells if cell.marked]
                    if marked:
                        found[lesson.number, slide.title] = marked
    rows = teaching.rows("marks")
    assert set(found) == {(row["lesson"], row["heading"]) for row in rows}
    assert found["06", "Eleven times?"] == ["8.3"]
    assert found["07", "Visible oil, little trade"] == ["4.2"]


@each_planned_lesson
def test_each_activity_has_its_page(path, pages, tmp_path):
    """One page each, none of them empty, in print and in large print."""
    number = path.stem[:2]
    own = teaching.activities(number)
    assert own
    for large in (False, True):
        evidence.build(number, tmp_path / "evidence.pdf", large=large)
        assert len(pages) == len(own)
        assert min(map(len, pages)) > EMPTY


@each_planned_lesson
def test_the_minutes_of_an_activity_are_a_step_of_the_plan(path):
    cells = lessons.read(path.stem).instructor
    for activity in teaching.activities(path.stem[:2]):
        for minutes, form in ((activity.in_90, "90"), (activity.in_50, "50")):
            assert not minutes or f"| {minutes} |" in cells[f"teach-plan-{form}"], activity
        assert activity.devices
        assert activity.without


def test_no_row_of_the_evidence_is_left_over():
    known = {(a.lesson, a.name) for n in course.proper() for a in teaching.activities(n.number)}
    assert {(row["lesson"], row["activity"]) for row in teaching.rows("evidence")} == known
    assert {row["kind"] for row in teaching.rows("evidence")} <= {
        "table", "blank", "chart", "text", "events", "told", "slips", "asked", "claims",
        "figures", "note",
    }  # fmt: skip


@each_planned_lesson
def test_a_handout_has_the_dates_that_the_plans_use(path):
    content = lessons.read(path.stem)
    dates = handout._key_dates(content, handout.chosen(content.lesson))
    named = handout.record.among(content.named())["event_id"][: handout.MOST_DATES]
    assert set(named) <= set(dates["event_id"])
    assert len(dates) <= handout.MOST_DATES


@pytest.mark.parametrize("game", games.every())
def test_a_case_note_says_its_dates_as_the_table_does(game):
    note = (sheets.CASES / f"{game}.md").read_text(encoding="utf-8")
    dated = EVENTS.set_index("event_id")["date_text"]
    links = re.findall(r"\[([^\]]*)\]\(#(EV-\d+)\)", note)
    assert links
    for said, event in links:
        assert said == bibliography.spoken_date(dated[event]), event


@pytest.mark.parametrize("game", games.every())
def test_what_everybody_knows_is_on_one_sheet_and_the_same_for_all(game):
    """A role's own page holds no public brief; the case note holds all, and no secret."""
    roles = sheets.rules.roles(game)
    note = html.unescape(sheets.case_note(game))
    for _n, role in roles.iterrows():
        page = html.unescape(sheets.role_sheet(role, game))
        assert role["public"] in note
        assert role["public"] not in page
        assert role["private"] in page
        assert role["private"] not in note
        for one in games.game(game).rounds:
            assert one.what in page


@pytest.mark.parametrize("game", games.every())
def test_the_debrief_has_history_beside_the_class(game, tmp_path):
    deck = sheets.debrief(game)
    (settled,) = deck[1].blocks
    assert [cell.text for cell in settled.head[-1]][-2:] == ["history", "our class"]
    assert len(settled.rows) == len(sheets.rules.moves(game))
    screen.write(deck, "debrief", tmp_path / "debrief.html")


@pytest.mark.parametrize("game", games.every())
def test_an_inject_is_news_when_it_is_read(game):
    """It comes after the one before it, and after the day on which the game begins if it has one.

    Then no sheet of a player has it. A game without a day reminds of what stands in its case note.
    """
    played = games.game(game)
    told = [one.inject for one in played.rounds if one.inject]
    events = EVENTS.set_index("event_id").loc[told]
    days = [pd.Timestamp(played.begins or "1991"), *events["date"]]
    assert all(earlier < later for earlier, later in pairwise(days))
    assert told
    assert all(title in html.unescape(sheets.teacher(game)) for title in events["title"])
    roles = sheets.rules.roles(game)
    seen = [sheets.role_sheet(role, game) for _n, role in roles.iterrows()]
    seen += [sheets.case_note(game), sheets.form(game)]
    if played.begins:
        given = html.unescape("".join(seen))
        assert not [title for title in events["title"] if title in given]


@each_planned_lesson
def test_each_plan_has_a_form_without_meetings(path):
    """Post, reply and summary, and the post asks for a prediction that the lesson has."""
    number = path.stem[:2]
    apart = teaching.apart(number)
    assert all(len(apart[step].split()) >= 8 for step in ("post", "reply", "summary", "mixed"))
    items = {question.item for question in questions.of_lesson(number, "prediction")}
    assert set(re.findall(r"\d\d-p\d", apart["post"])) <= items
    assert re.findall(r"\d\d-p\d", apart["post"])
    chapter = html.unescape(guide.chapter(lessons.read(path.stem)))
    assert all(apart[step] in chapter for step in ("post", "reply", "summary", "mixed", "memo"))
