"""Journeys 1 and 8: a phone, a link to the book, and no Python.

A reader closes the book and opens it again; a learner takes an exercise as forms, for credit.
"""

import csv
import json
import re
import subprocess
import sys

import pytest
from classes import NAME, scores
from downloads import moodle, raw, worksheet, zipped
from playwright.sync_api import expect
from sites import OVERFLOW, ROOT, built, served, violations, watched
from test_forms import right

from centralasia import course, notebooks, progress, tables, widgets
from centralasia.checks import keys, public
from centralasia.notebooks import for_learners
from centralasia.site.book import units
from centralasia.widgets import questions

SHOTS = ROOT / "artifacts" / "journeys" / "phone"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ANSWERS = "localStorage.getItem('centralasia-answers') ?? ''"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with served(built("book", tmp_path_factory.mktemp("site"))) as address:
        yield address


@pytest.fixture
def phone(request, browser):
    """A phone's browser, which keeps what it has when a page is closed."""
    look = getattr(request, "param", "light")
    context = browser.new_context(**PHONE, color_scheme=look)
    context.look = look
    yield context
    context.close()


class Walk:
    """One page after another, each looked at, with a picture."""

    def __init__(self, context, site):
        self.context, self.site = context, site
        self.page = watched(context)

    def to(self, name):
        self.page.goto(self.site + name)
        self.page.wait_for_load_state()

    def look(self, name, within=None):
        """Keep a picture, and hold the page to what every page has to keep."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        file = SHOTS / f"{name}-{self.context.look}.png"
        if within is not None:
            within.scroll_into_view_if_needed()
        self.page.screenshot(path=file)
        assert self.page.evaluate(OVERFLOW) <= 0, name
        assert violations(self.page) == [], name

    def answers(self):
        return [json.loads(line) for line in self.page.evaluate(ANSWERS).splitlines()]

    def question(self, name):
        return self.page.locator(f"#ask-{name}")


def answer(form, choice, button):
    """Tap an option, and the button under it."""
    form.locator("label.ca-option:visible").nth(choice).tap()
    form.get_by_role("button", name=button).tap()


def judge(check, walk, first, second):
    answer(check, first, "Keep it and show the evidence")
    expect(check.locator(".ca-evidence")).to_be_visible()
    expect(check.locator(".ca-verdict")).to_be_empty()
    answer(check, second, "Keep it and show the course")
    expect(check.locator(".ca-verdict")).to_contain_text("Our verdict on")


def take_quiz(quiz, walk):
    for n in range(5):
        answer(quiz, n % 4, "Check my answer")
        quiz.get_by_role("button", name=re.compile("Next question|See my score")).tap()
    expect(quiz.get_by_role("status")).to_contain_text(
        "of 5 right. Somebody who only guesses would get"
    )


@pytest.mark.parametrize("phone", ["light", "dark"], indirect=True)
def test_a_phone_and_no_python(phone, site):
    walk = Walk(phone, site)
    walk.to("index.html")
    expect(walk.page.locator(".ca-continue")).to_be_hidden()
    walk.look("front")
    walk.page.get_by_role("link", name=re.compile("Begin with lesson 00")).tap()
    walk.page.wait_for_url("**/00-orientation.html")
    page = walk.page
    expect(page.locator(".ca-kept").first).to_contain_text("kept in this browser")

    # How long it takes is said, and a name is explained where it stands.
    expect(page.locator(".ca-units summary")).to_have_text(re.compile("5 parts, about 1"))
    term = page.locator("a.ca-term").first
    term.tap()
    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text("In the glossary")
    walk.look("term")
    panel.get_by_role("button", name="Close").tap()
    expect(panel).to_be_hidden()
    expect(term).to_be_focused()

    # Three predictions, of which one is made only after its answer was asked for.
    for name in ("00-p1", "00-p3"):
        answer(walk.question(name), 1, "Save my prediction")
        expect(walk.question(name).get_by_role("status")).to_contain_text("Read on.")
    walk.look("predicted", walk.question("00-p3"))
    reveal = page.locator("[data-asks=answer]", has_text="00-p2")
    expect(reveal).to_contain_text("You have not predicted this yet")
    printed = page.locator(".cell_output", has=reveal).locator("pre").first
    expect(printed).to_be_hidden()
    walk.look("closed", reveal)
    reveal.get_by_role("button").tap()
    expect(printed).to_be_visible()
    answer(walk.question("00-p2"), 1, "Save my prediction")
    expect(walk.question("00-p2").get_by_role("status")).to_contain_text("this is not scored")

    # A chart is read by finger.
    chart = page.locator(".ca-chart:has(input[type=range])").first
    chart.scroll_into_view_if_needed()
    expect(chart).to_have_attribute("data-state", "drawn")
    drawn = chart.locator("svg.marks")
    before = drawn.inner_html()
    slider = chart.locator("input[type=range]").first
    box = slider.bounding_box()
    slider.tap(position={"x": box["width"] * 0.2, "y": box["height"] / 2})
    expect(drawn).not_to_have_js_property("innerHTML", before)

    check = page.locator(".ca-question", has=page.locator("[data-asks=claims]"))
    judge(check, walk, 0, 1)
    walk.look("verdict", check.locator(".ca-verdict"))
    take_quiz(walk.question("quiz"), walk)
    walk.look("score", walk.question("quiz"))
    page.locator(".ca-units summary").tap()
    expect(page.locator(".ca-units li").last).to_contain_text("✓")
    # One stops where a part ends, and goes on with the next one another day.
    stop = page.locator(".ca-stop").nth(2)
    stop.evaluate("(node) => node.scrollIntoView({ behavior: 'instant' })")
    walk.look("stop")
    after = stop.get_attribute("data-title")
    walk.to("index.html")
    expect(page.locator(".ca-continue a")).to_contain_text(f"“{after}”")
    walk.to("lessons/00-orientation.html")
    page.locator(".ca-way").get_by_role("link", name="My record").tap()
    page.wait_for_url("**/record.html")
    expect(page.locator("article")).to_contain_text("Somebody who only guesses would get")
    expect(page.locator("article")).to_contain_text("Seen first, and left out: 1.")
    walk.look("record")

    # Closed, and opened again: everything stands as it was left.
    page.close()
    walk.page = page = watched(phone)
    walk.to("index.html")
    # It was left at its end, which is done: one goes on with the claims that are open.
    expect(page.locator(".ca-continue")).to_contain_text("The part where you stopped is done.")
    expect(page.locator(".ca-continue a")).to_contain_text("Continue with 00 ·")
    expect(page.locator(".ca-continue a")).to_contain_text("“The view from the region”")
    walk.look("again")
    page.locator(".ca-continue a").tap()
    page.wait_for_url("**/00-orientation.html#*")
    expect(walk.question("00-p1").locator("input").nth(1)).to_be_checked()
    expect(walk.question("quiz")).to_contain_text("Your score")
    expect(page.locator("[data-asks=answer]", has_text="00-p2")).to_have_attribute(
        "data-state", "shown"
    )
    assert "Loading widget" not in page.content()
    assert page.errors == page.abroad == []


def keep(page, asked, place):
    """Put answers into the book's store, and the place that was read last."""
    rows = [
        {"v": 1, "time": f"2026-01-01T00:{n // 60:02}:{n % 60:02}+00:00", "item": item,
         "kind": kind, "answer": "x", "confidence": 0.5, "correct": None}
        for n, (item, kind) in enumerate(asked)
    ]  # fmt: skip
    text = "".join(f"{json.dumps(row)}\n" for row in rows)
    page.evaluate(
        "([text, place]) => { localStorage.setItem('centralasia-answers', text);"
        " localStorage.setItem('centralasia-place', JSON.stringify(place)); }",
        [text, place],
    )


def test_continue_leads_on_from_what_is_done(phone, site):
    """To the next part or lesson that is not done, and it says so."""
    walk = Walk(phone, site)
    page = walk.page
    every = [(item, kind, lesson) for item, lesson, kind, _n in questions.known()]
    of = {n: [(i, k) for i, k, lesson in every if lesson == n] for n in ("00", "01")}
    asked = units.units(json.loads(for_learners(course.lesson("00").file)))
    of["00"] += [(a[6:], "claim") for one in asked for a in one.asks if a.startswith("claim ")]
    first = units.units(json.loads(for_learners(course.lesson("01").file)))
    parts = [[tuple(ask.split(" ")[::-1]) for ask in unit.asks] for unit in first]
    ends = [n for n, asks in enumerate(parts, start=1) if asks]
    begun = ends[0]
    stop = {"number": "01", "title": "x", "section": "Here", "anchor": "here", "part": begun}
    there, panel = page.locator(".ca-continue a"), page.locator(".ca-continue")

    def opened(asked, place):
        walk.to("index.html")
        keep(page, asked, place)
        walk.to("index.html")
        return there.text_content(), there.get_attribute("href")

    # Where one stopped in the middle of a part, one goes on there.
    text, href = opened(of["00"] + parts[begun - 1][:-1], stop)
    assert text.startswith("Continue where you stopped: 01")
    assert href.endswith("/01-russia-1-neglect.html#here")
    # The part is done: the next one.
    text, href = opened(of["00"] + parts[begun - 1], stop)
    after = first[begun]
    expect(panel).to_contain_text("The part where you stopped is done.")
    assert f"“{after.title}”" in text
    assert href.endswith(f"/01-russia-1-neglect.html#part-{after.number}")
    walk.look("part-done", panel)
    # The lesson is done: the next one, from its beginning, or from what is left of it.
    done = stop | {"number": "00"}
    text, href = opened(of["00"], done)
    expect(panel).to_contain_text("Lesson 00 is done.")
    assert text == f"Continue with 01 · {notebooks.about(course.lesson('01').file)['title']}"
    assert href.endswith("/01-russia-1-neglect.html")
    walk.look("lesson-done", panel)
    walk.to("record.html")
    goes_on = page.get_by_role("link", name="Continue")
    assert goes_on.get_attribute("href").endswith("/01-russia-1-neglect.html")
    text, href = opened(of["00"] + parts[begun - 1], done)
    assert re.search(r"#part-\d+$", href)
    assert "“" in text
    # All of it is done.
    opened([(item, kind) for item, kind, _lesson in every], done)
    expect(panel).to_contain_text("Every lesson of the course is done.")
    expect(there).to_have_text("My record")
    assert page.errors == page.abroad == []


def test_the_rest_of_the_course_on_the_phone(phone, site, tmp_path):
    """Lesson 06 to its end and lesson 11, with what was answered along the way taken along."""
    walk = Walk(phone, site)
    page = walk.page

    walk.to("lessons/06-china-3-expansion.html")
    for n in (1, 2, 3):
        answer(walk.question(f"06-p{n}"), 0, "Save my prediction")
    for check in page.locator(".ca-question:has([data-asks=claims])").all():
        n = check.locator("select option").count()
        for _claim in range(n):
            judge(check, walk, 0, 2)
            if _claim < n - 1:
                check.get_by_role("button", name="Next claim").tap()
    walk.look("all-judged", page.locator(".ca-question:has([data-asks=claims])").last)
    take_quiz(walk.question("quiz"), walk)
    expect(page.locator(".ca-way")).to_contain_text("Lesson 06 is done.")
    walk.look("done", page.locator(".ca-way"))
    page.locator(".ca-way").get_by_role("link", name="Next lesson: 07").tap()
    page.wait_for_url("**/07-*.html")

    # Lesson 11: one's own curve, and the answers as a file.
    # Two lessons later what was wrong comes back, and lesson 08 has its role-play.
    walk.to("lessons/08-united-states-2-after-2001.html")
    before = walk.answers()
    back = walk.question("review")
    expect(back).to_contain_text("Question 1 of 5")
    walk.look("review", back)
    for _one in range(5):
        answer(back, 1, "Check my answer")
        back.get_by_role("button", name=re.compile("Next question|Finish")).tap()
    expect(back.get_by_role("status")).to_contain_text("of 5 right this time")
    assert len(walk.answers()) == len(before) + 5
    play = page.locator(".ca-roleplay")
    play.get_by_label("The American base at Manas stays").tap()
    play.get_by_role("button", name="Enter the round").tap()
    expect(play.get_by_role("status")).to_have_text("Round 1 is entered.")
    page.reload()
    expect(play.locator("legend")).to_have_text("Round 2 of 3")
    walk.look("role-play", play)

    walk.to("lessons/11-forecasts.html")
    mine = page.locator(".ca-question:has([data-asks=record])")
    mine.scroll_into_view_if_needed()
    expect(mine.get_by_role("img", name=re.compile("^Your own curve"))).to_be_visible()
    expect(mine).to_contain_text("Answered again since: 5")
    walk.look("curve", mine.get_by_role("img"))
    with page.expect_download() as saved:
        mine.get_by_role("button", name="Take my answers along").tap()
    saved.value.save_as(tmp_path / "mine.txt")
    lines = (tmp_path / "mine.txt").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == walk.answers()
    claims = tables.load("claims").query("lesson == '06'")["claim_id"]
    judged = {one["item"] for one in walk.answers() if one["kind"] == "claim"}
    assert set(claims) <= judged
    assert page.errors == page.abroad == []


def test_by_keyboard_alone(browser, site):
    """Every step of a claim check, from Tab to Tab, with the focus where the reader looks next."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = watched(context)
    page.goto(f"{site}lessons/00-orientation.html#ask-00-p1")
    form = page.locator("#ask-00-p1")
    tab_into(page, form)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(form.get_by_role("status")).to_contain_text("Kept: ")
    page.goto(f"{site}lessons/00-orientation.html#ask-RU-16")
    check = page.locator(".ca-question:has([data-asks=claims])")
    expect(check.locator(".ca-kicker").first).to_contain_text("RU-16")
    radio = check.locator("input[type=radio]:visible").first
    radio.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(check.locator(".ca-evidence")).to_be_focused()
    for _step in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(check.locator(".ca-verdict")).to_be_focused()
    expect(check.get_by_text("Our verdict on RU-16")).to_be_in_viewport()
    onward = check.get_by_role("button", name="Next claim")
    for _step in range(40):
        page.keyboard.press("Tab")
        if onward.evaluate("(node) => node === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(check.locator(".ca-kicker").first).to_contain_text("US-01")
    expect(check.locator("legend").first).to_be_focused()
    context.close()


def tab_into(page, form):
    """Press Tab until the focus is in a form that the page was opened at."""
    for _step in range(60):
        page.keyboard.press("Tab")
        if form.evaluate("(node) => node.contains(document.activeElement)"):
            return
    raise AssertionError("Tab does not lead into the question that a link names.")


def test_without_storage_it_works_for_the_visit_and_says_so(browser, site):
    context = browser.new_context(**PHONE)
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { configurable: true,"
        " get() { throw new Error('blocked'); } });"
    )
    page = watched(context)
    page.goto(f"{site}lessons/00-orientation.html")
    expect(page.locator(".ca-kept").first).to_contain_text("lets the page keep nothing")
    answer(page.locator("#ask-00-p1"), 0, "Save my prediction")
    expect(page.locator("#ask-00-p1").get_by_role("status")).to_contain_text("Kept: ")
    expect(page.locator(".ca-question:has([data-asks=record])")).to_contain_text("1 of 3")
    assert page.errors == []
    context.close()


def test_from_a_folder_it_works_and_says_so(browser, tmp_path_factory):
    folder = built("book", tmp_path_factory.mktemp("site"))
    context = browser.new_context(**PHONE)
    page = watched(context)
    page.goto((folder / "lessons/00-orientation.html").as_uri())
    expect(page.locator(".ca-kept").first).to_contain_text("opened from a folder")
    answer(page.locator("#ask-00-p1"), 0, "Save my prediction")
    expect(page.locator("#ask-00-p1").get_by_role("status")).to_contain_text("Kept: ")
    assert page.errors == page.abroad == []
    context.close()


def test_a_verdict_that_was_read_first_is_kept_out(browser, site):
    context = browser.new_context(**PHONE)
    page = watched(context)
    page.goto(f"{site}claims/RU-22.html")
    page.get_by_text("Show our verdict").tap()
    page.goto(f"{site}lessons/00-orientation.html#ask-RU-22")
    check = page.locator(".ca-question:has([data-asks=claims])")
    expect(check.get_by_role("status").first).to_contain_text("so this is not counted")
    context.close()


def test_journey_4_answers_move_from_the_book_and_back(browser, site, tmp_path, monkeypatch):
    """The book's part: to Python and back, twice; nothing is lost and nothing doubled."""
    monkeypatch.setenv(progress.ENV, str(tmp_path / "progress.jsonl"))
    progress.record("03-p1", "prediction", "It rose", 0.9)
    progress.record("03-q1", "quiz", "None of the three", 0.5, correct=True)
    context = browser.new_context(**PHONE)
    page = watched(context)
    page.goto(f"{site}lessons/00-orientation.html")
    answer(page.locator("#ask-00-p1"), 1, "Save my prediction")
    for _round in range(2):
        page.goto(f"{site}record.html")
        with page.expect_download() as saved:
            page.get_by_role("button", name="Take my answers along").tap()
        saved.value.save_as(tmp_path / "book.txt")
        progress.bring_in((tmp_path / "book.txt").read_bytes())
        there = progress.export(tmp_path / "python.txt", replace=True)
        page.locator("input[type=file]").set_input_files(there)
        expect(page.get_by_role("status").last).to_contain_text("Brought in:")
    expect(page.get_by_role("status").last).to_contain_text("Brought in: 0 new answers. 3 were")
    kept = [json.loads(line) for line in page.evaluate(ANSWERS).splitlines()]
    assert sorted(map(json.dumps, kept)) == sorted(map(json.dumps, progress.lines()))
    assert len(kept) == 3
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / "moved.png", full_page=True)
    (tmp_path / "bad.txt").write_text("PK nothing")
    page.locator("input[type=file]").set_input_files(tmp_path / "bad.txt")
    expect(page.get_by_role("status").last).to_contain_text("This is no file of answers")
    # Deleted only by who says so, and for good.
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete my answers here").tap()
    assert page.evaluate(ANSWERS) == ""
    expect(page.locator("article")).to_contain_text("Nothing is kept yet")
    assert widgets.my_progress().form.lines == progress.lines()
    context.close()


def rows_said(rows):
    return rows.get_by_role("status").inner_text()


@pytest.mark.parametrize("phone", ["light", "dark"], indirect=True)
def test_the_rows_of_a_form_are_counted_for_the_reader(phone, site):
    """By finger: one value of a column, words, an order; what is left is said."""
    walk = Walk(phone, site)
    page = walk.page
    walk.to("forms/00-orientation.html")
    page.locator(".ca-slices summary").first.tap()
    rows = page.locator(".ca-rows").first
    power = keys.load("00").guest.power
    claims = tables.load("claims")
    claims = claims[claims["text"].eq("essay") & claims["power"].eq(power)]
    walk.look("form-rows", rows)
    expect(rows.get_by_role("status")).to_have_text(f"Rows: {len(claims)} of {len(claims)}.")
    for stage, dimension in (("3", "security"), ("2", "institutional")):
        rows.get_by_label("stage").select_option(stage)
        rows.get_by_label("dimension").select_option(dimension)
        n = len(claims.query("stage == @stage and dimension == @dimension"))
        expect(rows.get_by_role("status")).to_have_text(f"Rows: {n} of {len(claims)}.")
        expect(rows.locator("tbody tr:visible")).to_have_count(n)
    rows.get_by_role("button", name="Show all rows").tap()
    expect(rows.get_by_label("Search the rows")).to_be_focused()
    rows.get_by_label("Search the rows").fill("bases CSTO")
    texts = claims[["claim_id", "stage", "dimension", "claim"]].astype(str).agg(" ".join, axis=1)
    n = sum("bases" in text and "csto" in text for text in texts.str.lower())
    expect(rows.get_by_role("status")).to_have_text(f"Rows: {n} of {len(claims)}.")
    walk.look("form-rows-searched", rows)
    assert page.errors == page.abroad == []


def test_the_rows_of_a_form_are_sorted_by_keyboard(browser, site):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    page = watched(context)
    page.goto(f"{site}forms/00-orientation.html")
    page.locator(".ca-slices summary").nth(1).press("Enter")
    rows = page.locator(".ca-rows").first
    button = rows.get_by_role("button", name="title")
    titles = rows.locator("tbody td:nth-child(3)")
    found = titles.all_inner_texts()
    for order, said in (("ascending", "smallest"), ("descending", "largest")):
        button.press("Enter")
        expect(button).to_be_focused()
        expect(rows.get_by_role("columnheader", name="title")).to_have_attribute("aria-sort", order)
        expect(rows.get_by_role("status")).to_contain_text(f"Sorted by title, the {said} first.")
        now = titles.all_inner_texts()
        assert sorted(now) == sorted(found) != now
        words = [title.split()[0].lower() for title in now]
        assert (words[0] < words[-1]) == (order == "ascending")
    page.screenshot(path=SHOTS / "form-rows-1280-dark.png")
    assert violations(page, [".ca-slices"]) == []
    assert page.errors == page.abroad == []
    context.close()


@pytest.mark.parametrize("name", keys.names())
def test_every_table_of_every_form_is_narrowed_to_what_it_says(name, phone, site):
    page = watched(phone)
    page.goto(f"{site}forms/{name}.html")
    for summary in page.locator(".ca-slices summary").all():
        summary.tap()
    shown = page.locator(".ca-rows")
    expect(shown).to_have_count(len(keys.load(name).tables))
    for rows in shown.all():
        whole = rows.locator("tbody tr").count()
        assert rows_said(rows) == f"Rows: {whole} of {whole}."
        for choice in rows.locator("select").all():
            column = choice.evaluate("(node) => node.parentElement.firstChild.textContent")
            heads = rows.locator("thead th").all_inner_texts()
            at = next(n for n, head in enumerate(heads, start=1) if head.split("\xa0")[0] == column)
            texts = rows.locator(f"tbody td:nth-child({at})").all_inner_texts()
            value = choice.locator("option").last.inner_text()
            choice.select_option(value)
            n = sum(text == ("" if value == "empty" else value) for text in texts)
            assert rows_said(rows) == f"Rows: {n} of {whole}."
            assert 0 < n < whole
            choice.select_option("all")
    assert page.evaluate(OVERFLOW) <= 0
    assert violations(page, [".ca-slices"]) == []
    assert page.errors == page.abroad == []


FORM_OF = "anna.i"
ASKS = keys.load(NAME).questions


def fill_in(page, question, given):
    """Answer a question of a page of forms as a person does."""
    place = page.locator(f"[data-question={question}]")
    ask = ASKS[question]
    if ask.kind in ("number", "argument"):
        place.locator("input, textarea").fill(given)
    elif ask.kind == "codes":
        for code in given:
            place.get_by_label(f"{code} · ").tap()
    elif ask.kind == "choice":
        place.get_by_label(f"{given['answer']} · ").tap()
        place.get_by_label("How sure you are").fill(given["confidence"])
    else:
        fill_rows(place, given if ask.kind == "table" else given["rows"])
    if ask.kind == "chart":
        for label, part in (("What it draws with", "mark"), ("Across it", "x"), ("Upwards it", "y"),
                            ("The axis of the numbers begins", "zero")):  # fmt: skip
            place.get_by_label(label).select_option(given[part])
        for label, part in (("Title of the axis across", "x_title"), ("Description", "description"),
                            ("Title of the axis upwards", "y_title"),
                            ("Title of the chart", "title")):  # fmt: skip
            place.get_by_label(label).fill(given[part])


def fill_rows(place, rows):
    """Type the numbers beside the years that stand there already."""
    there = place.locator("tbody tr")
    assert there.count() == len(rows)
    for n, (year, value) in enumerate(rows):
        cells = there.nth(n).locator("input")
        expect(cells.first).to_have_value(year)
        cells.last.fill(value.replace(".", ","))


def practise(page, question):
    """Take a question of the guest's case: wrong, right, and the way to the answer."""
    guest = public.question(question)["guest"]
    place = page.locator(f"[data-question='{question}']")
    place.get_by_text("A hint").tap()
    for value, word in ((guest["mistakes"][0]["value"], guest["mistakes"][0]["message"]),
                        (guest["expected"], "Right. This is what the data give")):  # fmt: skip
        place.locator("input[type=text]").fill(str(value["value"]).replace(".", ","))
        place.get_by_role("button", name="Check").tap()
        expect(place.get_by_role("status").last).to_contain_text(word)
    place.get_by_text("The way to the answer").tap()
    expect(place.locator("li").last).to_have_text(guest["path"][-1])


@pytest.mark.parametrize("phone", ["dark"], indirect=True)
def test_journey_8_a_form_earns_what_a_notebook_earns(phone, site, tmp_path):
    walk = Walk(phone, site)
    page = walk.page
    walk.to(f"exercises/{NAME}.html")
    page.get_by_role("link", name="Take it without Python").tap()
    practise(page, "ex03-q1-bloc-share")
    walk.look("form-practised")
    page.get_by_label("The id under which you hand in").fill(f" {FORM_OF.upper()}")
    expect(page.get_by_label("Your answer (share from 0 to 1)").first).to_have_value("")
    case = keys.load(NAME).case(FORM_OF)
    expect(page.locator(".ca-exercise dl")).to_contain_text(f"{case.start} to {case.end}")
    expect(page.locator("#trade-with-the-founders")).to_contain_text(f"period ({case.end})")
    walk.look("form-begun")

    page.locator(".ca-slices summary").first.tap()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download as CSV").first.tap()
    own = list(csv.DictReader(saved.value.path().read_text("utf-8-sig").splitlines()))
    with page.expect_download() as saved:
        page.get_by_role("button", name="with decimal commas").first.tap()
    text = saved.value.path().read_text("utf-8-sig")
    assert list(csv.DictReader(text.splitlines(), delimiter=";")) == own  # whole dollars
    rows = keys.load(NAME).tables[0].rows(case)
    assert [int(row["value_usd"]) for row in own] == rows["value_usd"].tolist()

    answers = right(NAME, FORM_OF)
    for question, given in answers.items():
        fill_in(page, question, given)
    expect(page.locator(".ca-preview .ca-chart svg.marks")).to_be_visible()
    walk.look("form-chart", page.locator(".ca-preview"))
    expect(page.locator(".ca-hand-in")).to_contain_text("Every question is answered.")
    page.reload()  # nothing is lost
    expect(page.locator(".ca-hand-in")).to_contain_text("Every question is answered.")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save my answers as a file").tap()
    assert saved.value.suggested_filename == f"{FORM_OF.upper()}_{NAME}.json"
    walk.look("form-saved", page.locator(".ca-hand-in"))
    assert page.errors == page.abroad == []

    people = [(1, "Anna Ivanova", FORM_OF, "-"), (2, "Berik Asanov", "berik", "-")]
    worksheet(tmp_path / "list.csv", people)
    files = {
        moodle("Anna Ivanova", 1, saved.value.suggested_filename): saved.value.path().read_bytes(),
        moodle("Berik Asanov", 2): raw("berik", {"ex03-q6-argument": answers["ex03-q6-argument"]}),
    }
    zipped(tmp_path / "week.zip", files)
    week = (tmp_path / "week.zip", "--from", "moodle", "--roster", tmp_path / "list.csv")
    for command in (("collect", *week), ("grade", "03"), ("feedback", "03")):
        line = [sys.executable, "-m", "centralasia.cli", *map(str, command), "--dir", str(tmp_path)]
        done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    found = scores(tmp_path)
    assert found[FORM_OF] == found["berik"]
    assert sum(points or 0 for points, _by_hand in found[FORM_OF].values()) == 20

    page.goto((tmp_path / "feedback" / FORM_OF / NAME / f"{NAME}.html").as_uri())
    expect(page.get_by_text("Your points: 20 of 38")).to_be_visible()
    expect(page.locator("img[src^='data:image/png']").last).to_be_visible()
    page.screenshot(path=SHOTS / "form-feedback.png", full_page=True)
