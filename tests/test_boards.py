"""The role-play's board in a browser: its own script, spoken to by the real widget in Python."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from pages import overflows, shown
from playwright.sync_api import expect

from centralasia.roleplay import show


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=str)
def front(request, browser):
    """The board of role-play A on a page, and the widget behind it."""
    board = show("A")
    with shown(browser, board, *request.param) as page:
        yield page, board


def press(page, name):
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def test_a_teacher_plays_history_by_keyboard_and_takes_it_back(front):
    page, board = front
    status = page.get_by_role("status")
    page.get_by_label("Yearly rent").fill("60")
    page.get_by_label("Russian aid paid").fill("450")
    for label in ("The base is for transit only", "A northern supply route"):
        page.get_by_label(label).focus()
        page.keyboard.press("Space")
    press(page, "Enter the round")
    expect(status).to_have_text("Round 1 is entered.")
    played = page.get_by_role("row", name="Round 1")
    past = page.get_by_role("row", name="History")
    assert played.locator("td").all_inner_texts()[:3] == past.locator("td").all_inner_texts()[:3]
    assert Axe().run(page).violations_count == 0
    assert overflows(page) == []
    press(page, "Undo the last round")
    expect(status).to_have_text("The last round is taken back.")
    expect(played).to_have_count(0)
    assert board.session.rounds == []


def test_what_cannot_be_is_refused_in_words(front):
    page, board = front
    page.get_by_label("Russian aid paid").fill("9999")
    press(page, "Enter the round")
    expect(page.get_by_role("status")).not_to_be_empty()
    assert board.session.rounds == []


def test_after_the_last_round_no_more_is_entered(front):
    page, board = front
    for number in (1, 2, 3):
        press(page, "Enter the round")
        expect(page.get_by_role("status")).to_have_text(f"Round {number} is entered.")
    expect(page.get_by_role("button", name="Enter the round")).to_be_disabled()
    assert board.session.over
