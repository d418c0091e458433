"""The role-plays: published outcomes, terms that can be read, and a session that loses nothing."""

import json
from itertools import pairwise, product

import pandas as pd
import pytest

from centralasia import course, notebooks, tables
from centralasia.errors import UserError
from centralasia.roleplay import (
    Session,
    analysis,
    explain,
    games,
    moves,
    roles,
    rules,
    score,
    show,
)
from centralasia.roleplay.expressions import Expression

HISTORY = {"kept": 1, "rent": 60, "paid": 450, "limited": 1, "kant": 1, "route": 1}
CLOSED = HISTORY | {"kept": 0, "limited": 0, "route": 0}


@pytest.mark.parametrize(
    ("outcome", "points"),
    [
        (HISTORY, {"KGZ": 10.5, "USA": 5.9, "RUS": -4.5}),
        (CLOSED, {"KGZ": 0.5, "RUS": 4.5}),
        (CLOSED | {"paid": 2150}, {"KGZ": 21.5, "RUS": -12.5}),
    ],
)
def test_published_outcomes_of_the_base(outcome, points):
    found = score("A", outcome).round(1)
    assert {role: found[role] for role in points} == points


def test_the_lesson_scores_as_the_sheets_do():
    """Lesson 08 writes the terms out as a function, which must not part from payoffs.csv."""
    lesson = notebooks.read(course.lesson("08").file)
    source = next(cell.source for cell in lesson.cells if cell.id == "role-play")
    space = {"pd": pd}
    exec(source.partition("\nhistory = ")[0], space)  # the course's own lesson
    names = tables.load("roles").query("game == 'A'").set_index("name")["role"]
    yes = [False, True]
    for kept, limited, route, quiet, united, southern in product(yes, repeat=6):
        said = {"limited": limited, "route": route, "quiet": quiet, "united": united}
        moved = {"kept": kept, "limited": limited, "route": route, "unanimous": united, "kant": 1}
        for rent, paid in product([17.4, 60], [0, 450, 1200, 2150]):
            printed = space["scores"](kept, rent, paid, southern=southern, **said)
            moved |= {"rent": rent, "paid": paid, "quarrel": not quiet, "south": southern}
            assert printed.rename(names).to_dict() == score("A", moved).round(1).to_dict()


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
    outcome = {
        "russia_links": russia,
        "china_links": china,
        "temptation": 5,
        "leaves": 0,
        "foresaw": 0,
    }
    assert score("B", outcome | {"bids": 1.5}).to_dict() == points
    assert score("B", outcome | {"bids": 1.5, "leaves": 1})["LOCAL"] == 2


@pytest.mark.parametrize(("temptation", "stable"), [(3, True), (4, True), (5, False)])
def test_the_game_flips_where_the_lesson_says(temptation, stable):
    linked = rules.start("B") | {"temptation": temptation}
    gain = score("B", linked | {"russia_links": 0})["RUS"] - score("B", linked)["RUS"]
    assert (gain <= 0) == stable


@pytest.mark.parametrize("game", games.every())
def test_tables_fit_together(game):
    """Every role but the press has terms; every expression reads known moves; events exist."""
    names = set(moves(game).move)
    terms = tables.load("payoffs").query("game == @game")
    words = terms.condition.fillna("").str.cat(terms.points, sep=" ").str.findall("[a-z_]+")
    assert set().union(*words) - {"and", "or", "not"} <= names
    assert set(terms.role) == set(roles(game).role) - {"PRESS", "POWERS"}
    cited = set(";".join(roles(game).events).split(";"))
    assert cited <= set(tables.load("events").event_id)


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("points", "__import__('os').getpid()", "is no number"),
        ("points", "rent ** 9", "is no number"),
        ("points", "'a' * 9", "is no number"),
        ("points", "True", "is no number"),
        ("points", "[rent]", "is no number"),
        ("points", "(lambda: 1)()", "is no number"),
        ("points", "rent.real", "is no number"),
        ("points", "1 if kept else 2", "is no number"),
        ("condition", "kept in (1, 2)", "is no number"),
        ("condition", "(rent := 1)", "is no number"),
        ("condition", "kept and", "is no expression"),
        ("condition", "kept\x00", "is no expression"),
        ("condition", "navy > 1", "there is no move 'navy'"),
    ],
)
def test_a_cell_that_is_more_than_arithmetic_is_refused(monkeypatch, column, cell, why):
    damaged = tables.load("payoffs")
    at = (damaged["game"] == "A") & (damaged["role"] == "KGZ") & (damaged["position"] == 2)
    damaged.loc[at, column] = cell
    real = tables.load
    monkeypatch.setattr(tables, "load", lambda name: damaged if name == "payoffs" else real(name))
    place = f"Table payoffs, role-play A, role KGZ, position 2, column {column}: .*{why}.*[.]$"
    with pytest.raises(UserError, match=place):
        score("A", HISTORY)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6 - (rent - 17.4) / 20", 3.87),
        ("-rent * 2 + 1", -119.0),
        ("not kept or rent >= 60", 1.0),
        ("0 < rent < 60", 0.0),
        ("kept == 1 and rent != 60", 0.0),
    ],
)
def test_arithmetic_means_what_it_means(text, value):
    assert Expression(text).value({"rent": 60, "kept": 1}) == pytest.approx(value)


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
    press = lambda **content: board.receive(content)  # noqa: E731
    press(enter=HISTORY)
    assert board.step == "Round 2 of 3"
    assert board.rule.startswith("13 minutes. Counter.")
    assert (board.scores, board.terms) == ({}, []), "the last round alone is scored"
    press(enter={"rent": 900})
    assert "from 0 to 200" in board.status
    press(enter={})
    press(enter={})
    assert board.scores["rows"][0][:4] == ["Round 1", "10.5", "5.9", "-4.5"]
    assert board.scores["rows"][-1] == ["History", "10.5", "5.9", "-4.5", *["not on record"] * 2]
    assert board.terms
    press(save=str(tmp_path / "play.json"))
    press(undo=True)
    assert board.scores == {}
    press(load=str(tmp_path / "play.json"))
    assert board.values["rent"] == 60
    assert json.loads((tmp_path / "play.json").read_text())["game"] == "A"


@pytest.mark.parametrize("game", games.every())
def test_nothing_of_history_is_on_the_board_before_the_end(game):
    """Scores are shown where they add up; what history has waits for the last round."""
    board = show(game)
    for left in range(len(games.game(game).rounds) - 1, -1, -1):
        board.receive({"enter": {}})
        rows = board.scores.get("rows", [])
        assert not left or all(row[0] != "History" for row in rows)
        assert bool(rows) == (not left or games.game(game).adds_up)


def test_no_game_is_over_in_its_first_round():
    """What history settled in later rounds cannot be entered in the first."""
    session, wanted = Session("C"), rules.history("C")
    with pytest.raises(UserError, match=r"too early for: .*whole line"):
        session.enter(wanted)
    assert session.rounds == []
    first = {move: wanted[move] for move in games.game("C").opened(1)}
    session.enter(first)
    second = {move: wanted[move] for move in games.game("C").opened(2)}
    session.enter(second)
    session.enter(wanted)
    assert session.result()["KGZ"] == pytest.approx(score("C", wanted)["KGZ"])
    known = set(moves("C").move)
    assert games.game("C").opened(3) == known
    assert all(games.game("C").rounds[n].opens for n in range(3)), "each round has work of its own"


def test_no_line_of_the_border_is_dead():
    """In the zone of agreement each line is signed in some outcomes and not in others.

    And each is wanted by somebody and costs somebody, but for what all gain from.
    """
    found = analysis.outcomes("C")
    inside = analysis.zone("C", found)
    names = list(score("C", rules.start("C")).index)
    for move in moves("C").move:
        assert inside[move].nunique() > 1, move
        low, high = found[move].min(), found[move].max()
        others = [name for name in moves("C").move if name != move]
        at = [found[found[move] == value].set_index(others)[names] for value in (low, high)]
        change = at[1] - at[0]
        assert (change.abs() > 1e-9).any(axis=None), f"no score depends on {move}"
        if move not in {"fight", "summit", "border"}:
            assert (change > 1e-9).any(axis=None), f"nobody ever wants {move}"
            assert (change < -1e-9).any(axis=None), f"{move} never costs anybody"


def test_the_border_has_work_for_those_without_a_claim():
    """A guarantor is worth something to one neighbour, and costs the other and three more."""
    alone = analysis.each_move("C").loc["guarantor"]
    assert alone["KGZ"] > 0
    assert (alone[["TJK", "UZB", "KAZ", "TKM"]] < 0).all()
    assert "offered" in moves("C").set_index("move")["decided_by"]["guarantor"]
    whole = analysis.outcomes("C").query("border == 1 and fight == 0")
    best = whole.groupby("swap")[["KGZ", "TJK"]].max()
    assert best["KGZ"].idxmax() == 25, "a line that cuts no village"
    assert best["TJK"].idxmax() == 50, "Tajikistan would exchange more"


@pytest.mark.parametrize("game", games.every())
def test_every_role_has_something_on_the_record_before_play_begins(game):
    begins = games.game(game).begins
    dates = tables.load("events").set_index("event_id")["date"].astype(str)
    counts = {
        role["role"]: sum(
            not begins or dates[event] < begins for event in role["events"].split(";")
        )
        for role in roles(game).to_dict("records")
    }
    assert min(counts.values()) >= 2, counts


def test_a_game_that_no_lesson_plays_has_a_plan_of_its_own():
    """Its steps fill ninety minutes, and its rounds are among them."""
    for name, game in games.every().items():
        steps = games.plan(name)
        if steps:
            times = [[int(n) for n in step.minutes.split("–")] for step in steps]
            assert (times[0][0], times[-1][1]) == (0, 90)
            assert all(a[1] == b[0] for a, b in pairwise(times))
            rounds = [
                b - a for (a, b), s in zip(times, steps, strict=True) if s.what.startswith("Round")
            ]
            assert rounds == [one.minutes for one in game.rounds]
    assert games.plan("C")


def test_no_such_game():
    with pytest.raises(UserError, match="no role-play 'D'"):
        show("D")


def test_a_right_forecast_is_worth_a_point_to_the_government_in_between():
    linked = rules.start("B")
    gain = score("B", linked | {"foresaw": 1}) - score("B", linked)
    assert gain.to_dict() == {"RUS": 0, "CHN": 0, "LOCAL": 1}


@pytest.mark.parametrize("game", games.every())
def test_there_is_something_to_agree_on(game):
    """In each game some outcomes leave nobody worse off, and history's are among the tried."""
    found = analysis.outcomes(game)
    inside = analysis.zone(game, found)
    assert 0 < len(inside) < len(found)
    nothing = score(game, analysis.without_agreement(game))
    assert (inside[list(nothing.index)] >= nothing - 1e-9).all(axis=None)
    checked = found.sample(20, random_state=0)
    for row in checked.to_dict("records"):
        points = score(game, {move: row[move] for move in moves(game).move})
        assert points.to_dict() == pytest.approx({role: row[role] for role in points.index})


def test_the_base_can_be_closed_until_washington_bids():
    """At the old rent Kyrgyzstan's least and Russia's most leave room; from 60 million none."""
    assert analysis.closing(17.4) == (790, 900)
    assert analysis.closing(40) == (900, 900)
    least, most = analysis.closing(60)
    assert least > most
    at_790 = rules.start("A") | {"kept": 0, "paid": 790}
    before = score("A", rules.start("A"))
    assert (score("A", at_790)[["KGZ", "RUS"]] >= before[["KGZ", "RUS"]]).all()


def test_the_border_needs_a_trade_of_roads_for_water():
    """Each alone leaves one of the two worse off; together both gain."""
    alone = analysis.each_move("C")
    assert alone.loc["roads", "TJK"] < 0 < alone.loc["roads", "KGZ"]
    assert alone.loc["water", "KGZ"] < 0 < alone.loc["water", "TJK"]
    assert (alone.loc[["roads", "water"], ["KGZ", "TJK"]].sum() > 0).all()
    history = score("C", rules.history("C"))
    assert (history > score("C", analysis.without_agreement("C"))).all()


def test_rounds_are_numbered_and_their_minutes_fit_the_plans():
    for game in games.every().values():
        assert [one.number for one in game.rounds] == list(range(1, len(game.rounds) + 1))
    assert sum(one.minutes for one in games.game("A").rounds) == 39
    assert sum(one.minutes for one in games.game("B").rounds) == 18
