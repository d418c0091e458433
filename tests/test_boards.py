"""The role-play's board in a browser: spoken to by the real widget, and without Python."""

import json
import random

import pytest
from axe_playwright_python.sync_playwright import Axe
from pages import overflows, shown
from playwright.sync_api import expect

from centralasia.errors import UserError
from centralasia.roleplay import Session, analysis, data, explain, games, moves, rules, show


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


@pytest.fixture(scope="module")
def page(browser):
    """A page that knows the rules as the book has them."""
    page = browser.new_page()
    page.add_script_tag(content=data.page_script())
    yield page
    page.close()


def points(page, name, outcomes):
    """Return what the page's own rules say of outcomes, by role."""
    return page.evaluate(
        "([game, all]) => all.map((one) => Object.fromEntries(scoresOf(game, one)))",
        [data.game(name), outcomes],
    )


@pytest.mark.parametrize("name", games.every())
def test_the_page_scores_every_outcome_as_python_does(page, name):
    """Every combination of yes and no, each number at its ends, in the middle and at its start."""
    found = analysis.outcomes(name)
    lines, roles = list(moves(name)["move"]), list(found.columns.drop(moves(name)["move"]))
    outcomes = found[lines].to_dict("records")
    assert len(outcomes) > 100
    expected = found[roles].to_dict("records")
    for said, known in zip(points(page, name, outcomes), expected, strict=True):
        assert said == pytest.approx(known, abs=1e-9)


def outcome_at_random(name, chance):
    """Return a value for each line, with as many decimals as a person may type."""
    values = {}
    for row in moves(name).to_dict("records"):
        if row["kind"] == "yes":
            values[row["move"]] = chance.randrange(2)
        else:
            values[row["move"]] = round(chance.uniform(row["minimum"], row["maximum"]), 2)
    return values


@pytest.mark.parametrize("name", games.every())
def test_the_page_makes_the_terms_that_python_makes(page, name):
    """Also where lines are left out, as history leaves out what is not on record."""
    chance = random.Random(8)
    whole = [outcome_at_random(name, chance) for _try in range(100)]
    some = [{move: v for move, v in one.items() if chance.random() < 0.8} for one in whole]
    outcomes = [*whole, *some, rules.history(name)]
    said = page.evaluate(
        "([game, all]) => all.map((one) => explained(game, one))", [data.game(name), outcomes]
    )
    for outcome, terms in zip(outcomes, said, strict=True):
        known = explain(name, outcome).to_dict("records")
        assert [(t["role"], t["text"]) for t in terms] == [(k["role"], k["text"]) for k in known]
        assert [t["points"] for t in terms] == pytest.approx([k["points"] for k in known])


def test_the_page_writes_a_number_as_python_does(page):
    numbers = [n / 100 for n in range(-2000, 2001) if n]
    said = page.evaluate("(numbers) => numbers.map(tenths)", numbers)
    assert said == [f"{n:.1f}" for n in numbers]


@pytest.mark.parametrize("name", games.every())
def test_a_game_on_the_page_is_the_same_game(page, name):
    """Rounds that are refused are refused in both, and the table of scores is the same."""
    chance = random.Random(name)
    for _try in range(30):
        session, rounds, board = Session(name), [], show(name)
        for _round in range(len(games.game(name).rounds) + 1):
            some = outcome_at_random(name, chance)
            changes = {move: v for move, v in some.items() if chance.random() < 0.3}
            said = page.evaluate(
                "([game, rounds, changes, words]) => entered(game, rounds, changes, words)",
                [data.game(name), rounds, changes, data.words()],
            )
            try:
                session.enter(changes)
            except UserError:
                assert said["problem"], changes
            else:
                rounds.append(said["round"])
        assert rounds == session.rounds
        board.session = session
        board._show()
        told = page.evaluate(
            "([game, rounds, words]) => showScores(game, rounds, words)",
            [data.game(name), rounds, data.words()],
        )
        assert told["scores"] == json.loads(json.dumps(board.scores))
        assert told["terms"] == board.terms


def test_a_saved_game_moves_between_the_page_and_python(page, tmp_path):
    session = Session("B")
    session.enter(russia_links=0)
    text = session.save(tmp_path / "play.json").read_text("utf-8")
    read = "([game, text, words]) => roundsOf(game, text, words)"
    assert page.evaluate(read, [data.game("B"), text, data.words()]) == session.rounds
    for bad in ("", "[]", "{}", text.replace('"B"', '"A"'), text.replace("0.0", "7")):
        assert page.evaluate(read, [data.game("B"), bad, data.words()]) is None, bad
