"""The role-play's board in a browser: its own script, spoken to by the real widget in Python."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from centralasia.roleplay import show

SHOWN = ("title", "moves", "values", "step", "over", "scores", "terms", "status")
PAGE = """<!doctype html><html lang="en"><head><title>Board</title><style>{css}</style></head>
<body><main><h1>Board</h1><div id="here"></div></main></body></html>"""
MODEL = """async ([script, first]) => {
  let state = first;
  const heard = {};
  const model = {
    get: (name) => state[name],
    on: (name, act) => { (heard[name] ??= []).push(act); },
    off: () => {},
    send: async (content) => {
      const old = state;
      state = await window.python(content);
      for (const name of Object.keys(state)) {
        if (JSON.stringify(state[name]) !== JSON.stringify(old[name])) {
          (heard[`change:${name}`] ?? []).forEach((act) => act());
        }
      }
      (heard.change ?? []).forEach((act) => act());
    },
  };
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  (await import(url)).default.render({ model, el: document.getElementById("here") });
}"""


def state(board):
    return json.loads(json.dumps({name: getattr(board, name) for name in SHOWN}))


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=str)
def front(request, browser):
    """The board of role-play A on a page, and the widget behind it."""
    width, scheme = request.param
    board = show("A")
    page = browser.new_page(viewport={"width": width, "height": 1000}, color_scheme=scheme)
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))

    def python(content):
        board._receive(board, content, [])
        return state(board)

    page.expose_function("python", python)
    page.set_content(PAGE.replace("{css}", board._css))
    page.evaluate(MODEL, [board._esm, state(board)])
    yield page, board
    page.close()
    board.close()
    assert faults == []


def press(page, name):
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def test_a_teacher_plays_history_by_keyboard_and_takes_it_back(front):
    page, board = front
    said = page.get_by_role("status")
    page.get_by_label("Yearly rent").fill("60")
    page.get_by_label("Russian aid paid").fill("450")
    for label in ("The base is for transit only", "A northern supply route"):
        page.get_by_label(label).focus()
        page.keyboard.press("Space")
    press(page, "Enter the round")
    expect(said).to_have_text("Round 1 is entered.")
    played = page.get_by_role("row", name="Round 1")
    past = page.get_by_role("row", name="History")
    assert played.locator("td").all_inner_texts()[:3] == past.locator("td").all_inner_texts()[:3]
    assert Axe().run(page).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    press(page, "Undo the last round")
    expect(said).to_have_text("The last round is taken back.")
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
