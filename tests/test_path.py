"""What helps a reader through a lesson's page: parts, terms, what comes back, and role-plays."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from conftest import LESSONS
from playwright.sync_api import expect
from sites import LOOKS, OVERFLOW, SHOTS, built, served, violations, watched

from centralasia.roleplay import Session, data, games, roles
from centralasia.site.book import terms
from centralasia.widgets import questions

NAME = "04-china-1-recognition"
FOLDED = "10-scenarios"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return built("book", tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def site(folder):
    with served(folder) as address:
        yield address


@pytest.fixture(params=LOOKS, ids=str)
def page(request, browser):
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = watched(context)
    page.look = f"{width}-{scheme}"
    yield page
    assert page.errors == page.abroad == []
    context.close()


def look(page, name):
    """Keep a picture, and hold the page to what every page has to keep."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"path-{name}-{page.look}.png")
    assert violations(page) == [], name
    assert page.evaluate(OVERFLOW) <= 0, name


@pytest.fixture(scope="module")
def parsed(folder):
    return {
        path.stem: BeautifulSoup(
            (folder / f"lessons/{path.stem}.html").read_text("utf-8"), "html.parser"
        )
        for path in LESSONS
    }


def test_every_term_has_its_entry_and_stands_in_prose(folder, parsed):
    glossary = BeautifulSoup((folder / "glossary.html").read_text("utf-8"), "html.parser")
    there = {tag["id"] for tag in glossary.select("dt[id]")}
    for name, page in parsed.items():
        links = page.select("a.ca-term")
        assert len(links) >= 8, name
        for link in links:
            assert link["href"].removeprefix("../glossary.html#") in there, link
            unfit = "a, code, pre, form, button, h1, h2, h3, h4, nav, .ca"
            assert not [up for up in link.parents if up.name and up.css.match(unfit)], link


def test_a_section_links_a_term_once_and_a_page_its_states_once(parsed):
    for name, page in parsed.items():
        sections = page.select("article section section")
        outer = [one for one in sections if one.find(["h2"], recursive=False)]
        assert outer, name
        for section in outer:
            found = [link["href"].partition("#")[2] for link in section.select("a.ca-term")]
            assert len(found) == len(set(found)), (name, section["id"])
        states = [
            anchor
            for link in page.select("a.ca-term")
            if (anchor := link["href"].partition("#")[2]) in terms.once()
        ]
        assert len(states) == len(set(states)), name


def test_the_panel_has_the_words_of_the_glossary(folder):
    text = (folder / "_static/glossary.js").read_text("utf-8")
    told = json.loads(text.partition("= ")[2].rstrip().rstrip(";"))
    glossary = BeautifulSoup((folder / "glossary.html").read_text("utf-8"), "html.parser")
    assert set(told) == {tag["id"] for tag in glossary.select("dt[id]")}
    for anchor, entry in told.items():
        shown = glossary.select_one(f"dt#{anchor}").find_next_sibling("dd")
        said = BeautifulSoup(entry["html"], "html.parser")
        assert said.get_text(" ", strip=True) == shown.get_text(" ", strip=True)


def test_a_term_is_explained_where_it_stands(page, site):
    page.goto(f"{site}lessons/{NAME}.html")
    term = page.locator("a.ca-term", has_text="Central Asia").first
    panel = page.get_by_role("dialog")
    term.focus()
    place = page.evaluate("scrollY")
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    expect(panel).to_be_focused()
    expect(panel).to_have_accessible_name("Central Asia")
    expect(panel).to_have_accessible_description(re.compile("Middle Asia"))
    expect(term).to_have_attribute("aria-expanded", "true")
    box, window = panel.bounding_box(), page.viewport_size
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= window["width"]
    assert term.bounding_box()["y"] + term.bounding_box()["height"] <= window["height"]
    look(page, "term")
    page.keyboard.press("Tab")  # into the panel, not past it
    assert panel.evaluate("(node) => node.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(term).to_be_focused()
    expect(term).to_have_attribute("aria-expanded", "false")
    assert page.url.endswith(f"{NAME}.html")
    page.keyboard.press("Space")
    expect(panel).to_be_visible()
    page.mouse.click(2, 300)
    expect(panel).to_be_hidden()
    expect(term).to_be_focused()
    # A link of the panel leads away, and the browser's "back" to where one was.
    term.click()
    panel.get_by_role("link", name="In the glossary").click()
    page.wait_for_url("**/glossary.html#term-central-asia")
    page.go_back()
    page.wait_for_url(f"**/{NAME}.html")
    page.wait_for_function("(place) => Math.abs(scrollY - place) < 200", arg=place)


def test_without_javascript_or_panels_a_term_leads_to_the_glossary(browser, site, folder):
    context = browser.new_context(java_script_enabled=False)
    plain = watched(context)
    plain.goto(f"{site}lessons/{NAME}.html")
    plain.locator("a.ca-term").first.click()
    plain.wait_for_url("**/glossary.html#term-*")
    context.close()
    context = browser.new_context()
    context.add_init_script("delete HTMLElement.prototype.showPopover")
    old = watched(context)
    old.goto((folder / f"lessons/{NAME}.html").as_uri())
    old.locator("a.ca-term").first.click()
    old.wait_for_url("**/glossary.html#term-*")
    context.close()


def test_the_entries_come_at_the_first_press_and_from_a_folder_too(browser, folder):
    context = browser.new_context()
    page = watched(context)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / f"lessons/{NAME}.html").as_uri())
    page.wait_for_load_state()
    assert not any("glossary" in url for url in asked)
    page.locator("a.ca-term").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert sum("glossary.js" in url for url in asked) == 1
    assert page.errors == []
    page.emulate_media(media="print")
    expect(page.locator(".ca-term").first).to_have_css("text-decoration-line", "none")
    expect(page.locator(".ca-stop").first).to_be_hidden()
    context.close()


def test_a_lesson_says_its_parts_and_where_one_can_stop(page, site):
    page.goto(f"{site}lessons/{NAME}.html")
    parts = page.locator(".ca-units")
    expect(parts.locator("summary")).to_have_text(re.compile(r"6 parts, about 1\d minutes each"))
    parts.locator("summary").click()
    look(page, "parts")
    stops = page.locator(".ca-stop")
    assert stops.count() == parts.locator("li").count() - 1
    stop = stops.nth(1)
    expect(stop).to_contain_text("You can stop here. Next: ")
    stop.scroll_into_view_if_needed()
    look(page, "stop")
    # A part without a question is done once its end was seen.
    expect(parts.locator("li").nth(1)).to_contain_text("done")
    title = stop.get_attribute("data-title")
    stop.evaluate("(node) => scrollTo(0, node.getBoundingClientRect().top + scrollY - 100)")
    page.goto(f"{site}index.html")
    there = page.locator(".ca-continue a")
    expect(there).to_contain_text(f"“{title}”")
    there.click()
    page.wait_for_url(re.compile("#(part-3|security)$"))  # two names for one place
    page.reload()
    parts = page.locator(".ca-units")
    parts.locator("summary").click()
    expect(parts.locator("li").nth(1)).to_contain_text("✓")
    expect(parts.locator("li").nth(3)).not_to_contain_text("✓")


def wrong(item, n):
    option = next(one for one in item["options"] if not one["correct"])
    return {
        "v": 1,
        "time": f"2026-01-01T00:00:0{n}+00:00",
        "item": item["item"],
        "kind": item["kind"],
        "answer": option.get("key", option["text"]),
        "confidence": 0.5,
        "correct": False,
    }


def test_what_was_wrong_comes_back_on_the_page_and_in_the_record(page, site):
    items = questions.review("05")["items"]
    chosen = [*items[:2], *(one for one in items if one["kind"] == "claim")][:3]
    text = "".join(f"{json.dumps(wrong(item, n))}\n" for n, item in enumerate(chosen))
    page.goto(f"{site}lessons/05-china-2-mechanisms.html")
    back = page.locator("#ask-review")
    expect(back.locator(".ca-panel")).to_be_hidden()
    page.evaluate("(text) => localStorage.setItem('centralasia-answers', text)", text)
    page.reload()
    expect(back).to_contain_text("From lesson 03: what you got wrong comes back")
    look(page, "review")
    for item in chosen:
        right = [option["correct"] for option in item["options"]].index(True)
        back.locator("input[type=radio]").nth(right).focus()
        page.keyboard.press("Space")
        back.get_by_role("button", name="Check my answer").click()
        expect(back.get_by_role("status")).to_contain_text("✓ Right")
        back.get_by_role("button", name=re.compile("Next question|Finish")).click()
    expect(back.get_by_role("status")).to_contain_text("3 of 3 right this time")
    page.reload()
    expect(back.locator(".ca-panel")).to_be_hidden()
    page.goto(f"{site}record.html")
    record = page.locator("article")
    expect(record).to_contain_text("Answered again since: 3, and 3 of them are right now.")
    expect(record).to_contain_text("You got 0 of 3 right.")
    look(page, "came-back")


def test_a_review_holds_what_was_asked_two_lessons_before(parsed):
    for name, page in parsed.items():
        place = page.select_one("#ask-review script")
        asked = questions.review(name[:2])
        assert bool(place) == bool(asked["items"]), name
        if place:
            assert json.loads(place.string) == json.loads(json.dumps(asked))


@pytest.mark.parametrize("game", games.every().values(), ids=lambda game: game.name)
def test_a_role_play_stands_on_the_page_of_its_lesson(game, parsed):
    boards = {
        name: [json.loads(one.string)["game"] for one in page.select(".ca-roleplay > script")]
        for name, page in parsed.items()
    }
    (there,) = [name for name, found in boards.items() if game.name in [g["game"] for g in found]]
    assert there[:2] == game.lesson
    (known,) = [one for one in boards[there] if one["game"] == game.name]
    assert known == json.loads(json.dumps(data.game(game.name)))
    private = roles(game.name)["private"]
    assert not [told for told in private if told in parsed[there].get_text()]


def test_a_role_play_is_played_to_its_end_and_outlives_a_reload(page, site, tmp_path):
    page.goto(f"{site}lessons/{FOLDED}.html")
    play = page.locator(".ca-roleplay")
    enter = play.get_by_role("button", name="Enter the round")
    play.get_by_label("Russia links its project").focus()
    page.keyboard.press("Space")
    enter.focus()
    page.keyboard.press("Enter")
    expect(play.get_by_role("status")).to_have_text("Round 1 is entered.")
    expect(play.get_by_role("row", name="Round 1")).to_contain_text("1.0")
    play.get_by_label("T, what excluding alone pays").fill("99")
    enter.click()
    expect(play.get_by_role("status")).to_contain_text("takes a value from")
    page.reload()
    expect(play.locator("legend")).to_have_text("Round 2 of 4")
    for _round in (2, 3, 4):
        enter.click()
    expect(play.locator("legend")).to_have_text("All 4 rounds are played.")
    expect(enter).to_be_disabled()
    play.scroll_into_view_if_needed()
    look(page, "role-play")
    with page.expect_download() as saved:
        play.get_by_role("button", name="Save the game as a file").click()
    saved.value.save_as(tmp_path / "play.json")
    assert len(Session.load(tmp_path / "play.json").rounds) == 4  # a notebook takes it up
    play.get_by_role("button", name="Undo the last round").click()
    expect(play.locator("legend")).to_have_text("Round 4 of 4")
    play.locator("input[type=file]").set_input_files(tmp_path / "play.json")
    expect(play.locator("legend")).to_have_text("All 4 rounds are played.")
    (tmp_path / "bad.json").write_text("PK")
    play.locator("input[type=file]").set_input_files(tmp_path / "bad.json")
    expect(play.get_by_role("status")).to_contain_text("no file of this role-play")


def test_only_a_page_with_a_role_play_fetches_its_board(parsed):
    for name, page in parsed.items():
        played = any(game.lesson == name[:2] for game in games.every().values())
        assert bool(page.select("script[src$='boards.js']")) == played, name
