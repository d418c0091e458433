"""The role-plays: published outcomes, terms that can be read, and a session that loses nothing."""

import json

import pytest

from centralasia import tables
from centralasia.errors import UserError
from centralasia.roleplay import Session, explain, moves, roles, rules, score, show

HISTORY = {"kept": 1, "rent": 60, "paid": 450, "limited": 1, "kant": 1, "route": 1}
CLOSED = HISTORY | {"kept": 0, "limited": 0, "route": 0}


@pytest.mark.parametrize(
    ("outcome", "points"),
    [
        (HISTORY, {"KGZ": 10.5, "USA": 5.9, "RUS": -4.5}),
        (CLOSED, {"KGZ": 0.5, "RUS": 1.5}),
        (CLOSED | {"paid": 2150}, {"KGZ": 21.5, "RUS": -15.5}),
    ],
)
def test_published_outcomes_of_the_base(outcome, points):
    found = score("A", outcome).round(1)
    assert {role: found[role] for role in points} == points


def test_what_the_record_does_not_say_is_not_scored():
    assert list(score("A", rules.history("A")).index) == ["KGZ", "USA", "RUS"]


@pytest.mark.parametrize(
    ("russia", "china", "points"),
    [
        (1, 1, {"RUS": 4, "CHN": 4, "LOCAL": 3}),
        (1, 0, {"RUS": 1, "CHN": 5, "LOCAL": 3.5}),
        (0, 1, {"RUS": 5, "CHN": 1, "LOCAL": 3.5}),
        (0, 0, {"RUS": 2, "CHN": 2, "LOCAL": 3.5}),
    ],
)
def test_two_powers_and_a_third(russia, china, points):
    outcome = {"russia_links": russia, "china_links": china, "temptation": 5, "leaves": 0}
    assert score("B", outcome | {"bids": 1.5}).to_dict() == points
    assert score("B", outcome | {"bids": 1.5, "leaves": 1})["LOCAL"] == 2


@pytest.mark.parametrize(("temptation", "stable"), [(3, True), (4, True), (5, False)])
def test_the_game_flips_where_the_lesson_says(temptation, stable):
    linked = rules.start("B") | {"temptation": temptation}
    gain = score("B", linked | {"russia_links": 0})["RUS"] - score("B", linked)["RUS"]
    assert (gain <= 0) == stable


@pytest.mark.parametrize("game", ["A", "B"])
def test_tables_fit_together(game):
    """Every role but the press has terms; every expression reads known moves; events exist."""
    names = set(moves(game).move)
    terms = tables.load("payoffs").query("game == @game")
    words = terms.condition.fillna("").str.cat(terms.points, sep=" ").str.findall("[a-z_]+")
    assert set().union(*words) - {"and", "or", "not"} <= names
    assert set(terms.role) == set(roles(game).role) - {"PRESS"}
    cited = set(";".join(roles(game).events).split(";"))
    assert cited <= set(tables.load("events").event_id)


def test_terms_add_up_and_say_why():
    found = explain("A", HISTORY | {"south": 0, "quarrel": 0, "unanimous": 1})
    assert found.groupby("role").points.sum().round(1).to_dict()["CHN"] == 4.0
    assert all(found.text.str.len() > 20)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rent": -1}, "from 0 to 200"),
        ({"rent": "much"}, "from 0 to 200"),
        ({"rent": float("nan")}, "from 0 to 200"),
        ({"kept": 0.5}, "from 0 to 1"),
        ({"navy": 1}, "knows no 'navy'"),
    ],
)
def test_a_value_that_the_game_does_not_take_enters_nothing(change, words):
    session = Session("A")
    with pytest.raises(UserError, match=words):
        session.enter(change)
    assert session.rounds == []


def test_rounds_can_be_taken_back_saved_and_taken_up(tmp_path):
    session = Session("A")
    for rent in (30, 45, 60):
        session.enter(rent=rent)
    with pytest.raises(UserError, match="All rounds"):
        session.enter(rent=70)
    file = session.save(tmp_path / "play.json")
    session.undo()
    assert Session.load(file).rounds[-1]["rent"] == 60
    assert len(session.rounds) == 2
    with pytest.raises(UserError, match="another game"):
        Session("B").save(file)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"game": "A", "rounds": 1}', '{"game": 1}'])
def test_a_file_that_is_no_game_is_said_to_be_none(tmp_path, content):
    file = tmp_path / "play.json"
    file.write_text(content)
    with pytest.raises(UserError, match="not a saved role-play"):
        Session.load(file)


def test_the_board_does_what_its_buttons_say(tmp_path):
    board = show("A")
    press = lambda **content: board._receive(board, content, None)  # noqa: E731
    press(enter=HISTORY)
    assert board.step == "Round 2 of 3"
    assert board.scores["rows"][0][:4] == ["Round 1", "10.5", "5.9", "-4.5"]
    assert board.scores["rows"][-1] == ["History", "10.5", "5.9", "-4.5", *["not on record"] * 2]
    press(enter={"rent": 900})
    assert "from 0 to 200" in board.status
    press(save=str(tmp_path / "play.json"))
    press(undo=True)
    assert board.scores == {}
    press(load=str(tmp_path / "play.json"))
    assert board.values["rent"] == 60
    assert json.loads((tmp_path / "play.json").read_text())["game"] == "A"


def test_no_such_game():
    with pytest.raises(UserError, match="no role-play 'C'"):
        show("C")
