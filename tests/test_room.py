"""The room: anonymous, safe against what a phone may send, and none of its answers is lost."""

import asyncio
import csv
import io
import json
import os
import random
import re
import stat
import threading
import time
from collections import Counter
from contextlib import suppress
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, Request, build_opener

import numpy as np
import pytest
import segno
from axe_playwright_python.sync_playwright import Axe
from browsers import launch
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from pages import overflows
from patience import HANG

from centralasia import cli, course, tables
from centralasia.errors import UserError
from centralasia.room import alone, codes, network, questions, server
from centralasia.room.codes import ROUNDS
from centralasia.room.state import Question, RequestRefused, Room, RoomLimits

OPTIONS = ["Russia", "China", "The United States"]


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def pipelines(**given):
    return Question("00-p3", "Whose pipelines?", OPTIONS, right=1, levels=[33, 50, 100], **given)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def room(clock):
    room = Room(RoomLimits(seats=60, wrong_codes=3), clock)
    room.ask(pipelines())
    return room


def refused(act, *given, **named):
    with pytest.raises(RequestRefused) as error:
        act(*given, **named)
    return error.value.status


def said(room, choice, level=None, **changed):
    """An answer as a phone sends it."""
    shown = {"session": room.session, "question": room.number, "round": room.round}
    return shown | {"choice": choice, "level": level} | changed


def counts(room, name="before"):
    return room.record()[name]


def test_an_answer_counts_once_and_can_be_changed(room, clock):
    seat = room.join(room.code.lower(), "a")
    room.answer(seat, said(room, 0))
    clock.now += 1
    room.answer(seat, said(room, 1, 50))
    assert counts(room) == [0, 1, 0]
    assert room.view(seat)["mine"] == {"before": {"choice": 1, "level": 50}, "after": None}


def test_both_rounds_are_counted_apart_and_a_phone_is_shown_both(room):
    seat = room.join(room.code, "a")
    room.answer(seat, said(room, 0))
    room.turn("close")
    room.turn("after")
    room.answer(seat, said(room, 1))
    room.turn("close")
    assert (counts(room), counts(room, "after")) == ([1, 0, 0], [0, 1, 0])
    view = room.view(seat)
    assert (view["last"], view["mine"]["after"]["choice"]) == ("after", 1)


def test_codes_cannot_be_guessed_by_trying_and_the_teacher_unlocks(room, clock):
    assert [refused(room.join, "WRONG", "a") for _ in range(4)] == [403, 403, 403, 429]
    assert refused(room.join, room.code, "a") == 429
    assert room.guests()["guessing"] == ["a"]
    assert room.join(room.code, "b")
    room.unlock()
    assert room.join(room.code, "a")
    for _ in range(3):
        refused(room.join, "WRONG", "c")
    clock.now += 2  # who only mistyped waits two seconds
    assert room.join(room.code, "c")


@pytest.mark.parametrize("code", [None, 5, "", ["A"], "É" * 5, {"code": 1}])
def test_a_code_of_any_kind_is_refused(room, code):
    assert refused(room.join, code, "a") == 403


def test_a_phone_that_comes_in_again_keeps_its_seat(room):
    seat = room.join(room.code, "a")
    assert room.join(room.code, "a", seat) == seat
    assert room.seated == 1
    assert room.join(room.code, "a", "made up") != "made up"


def test_a_class_behind_one_address_or_a_few_comes_in(room):
    for n in range(55):
        room.join(room.code, f"router {n % 3}")
    assert room.seated == 55
    for n in range(5):
        room.join(room.code, f"other router {n % 2}")
    assert refused(room.join, room.code, "one more") == 503


def test_a_laptop_among_phones_does_not_get_the_seats_of_a_class(room):
    for n in range(10):
        room.join(room.code, f"phone {n}")
    found = Counter()
    for _ in range(30):
        try:
            room.join(room.code, "laptop")
            found["in"] += 1
        except RequestRefused as error:
            found[error.status] += 1
    assert found == {"in": 4, 503: 26}
    assert room.guests()["held"] == {"laptop": 26}
    room.unlock()  # it was a router
    room.join(room.code, "laptop")


def test_a_laptop_that_came_first_is_seen_and_taken_out(room):
    seats = [room.join(room.code, "laptop") for _ in range(30)]
    for seat in seats:
        room.answer(seat, said(room, 0))
    honest = [room.join(room.code, f"phone {n}") for n in range(10)]
    room.answer(honest[0], said(room, 1))
    assert room.guests()["many"] == {"laptop": 30}
    room.empty("laptop")
    assert (room.seated, counts(room)) == (10, [0, 1, 0])
    assert refused(room.answer, seats[0], said(room, 0)) == 403


def test_a_teacher_empties_the_room_and_renews_the_code(room):
    seat, old = room.join(room.code, "a"), room.code
    room.answer(seat, said(room, 0))
    room.renew()
    assert room.knows(seat)
    assert refused(room.join, old, "b") == 403
    room.empty()
    assert not room.knows(seat)
    assert (room.seated, counts(room)) == (0, [0, 0, 0])


@pytest.mark.parametrize("choice", [-1, 3, 10**30, 1.0, True, "1", None, [1]])
def test_an_option_that_does_not_exist_is_refused(room, choice):
    assert refused(room.answer, room.join(room.code, "a"), said(room, choice)) == 400
    assert counts(room) == [0, 0, 0]


@pytest.mark.parametrize("level", [-1, 34, 10**30, 50.0, True, "50", [50]])
def test_a_confidence_that_does_not_exist_is_refused(room, level):
    assert refused(room.answer, room.join(room.code, "a"), said(room, 1, level)) == 400


def test_an_answer_to_what_is_over_is_refused(room):
    seat, first = room.join(room.code, "a"), said(room, 0)
    room.turn("close")
    assert refused(room.answer, seat, first) == 409
    room.turn("after")
    assert refused(room.answer, seat, first) == 409
    room.ask(pipelines())
    assert refused(room.answer, seat, first) == 409  # the same item, asked anew
    assert refused(room.answer, seat, said(room, 0, session="other")) == 409


def test_an_answer_that_was_on_its_way_counts_when_its_round_is_opened_again(room):
    seat, first = room.join(room.code, "a"), said(room, 0)
    room.turn("close")
    room.turn("before")
    room.answer(seat, first)
    assert counts(room) == [1, 0, 0]


def test_a_flood_from_one_seat_is_slowed_and_harms_nobody(room, clock):
    loud, quiet = room.join(room.code, "a"), room.join(room.code, "b")
    found = Counter()
    for _ in range(500):
        try:
            room.answer(loud, said(room, 0))
            found["taken"] += 1
        except RequestRefused as error:
            found[error.status] += 1
    assert found == {"taken": room.limits.burst, 429: 500 - room.limits.burst}
    room.answer(quiet, said(room, 1))
    assert counts(room) == [1, 1, 0]


def test_a_seat_cannot_be_taken_with_a_made_up_token(room):
    room.join(room.code, "a")
    for token in (None, "", "x" * 43, room.code, room.key, "code:1"):
        assert refused(room.answer, token, said(room, 0)) == 403


def test_what_is_right_and_the_counts_stay_hidden_until_they_may_be_seen(room):
    seat = room.join(room.code, "a")
    room.answer(seat, said(room, 1, 100))

    def seen():
        result = room.tally()["result"]
        return room.view(seat)["right"], result["right"], result["counts"], result["sure"]

    assert seen() == (None, None, None, None)
    room.turn("close")
    assert seen() == (None, None, {"before": [0, 1, 0]}, None)
    room.turn("reveal")
    rated = {"n": 1, "sure": 100, "right": 100}
    assert seen() == (1, 1, {"before": [0, 1, 0]}, rated)
    room.turn("after")
    assert seen() == (None, None, None, None)
    room.turn("close")
    assert seen() == (None, None, {"before": [0, 1, 0], "after": [0, 0, 0]}, None)


def test_the_same_question_is_asked_again_only_by_one_who_means_it(room):
    seat = room.join(room.code, "a")
    room.ask(pipelines())  # nobody has answered
    room.answer(seat, said(room, 1))
    assert refused(room.ask, pipelines()) == 409
    assert counts(room) == [0, 1, 0]
    room.ask(pipelines(), drop=True)
    assert counts(room) == [0, 0, 0]
    assert room.past == []


def test_counts_are_all_that_is_told_of_an_earlier_question(room):
    seat = room.join(room.code, "a")
    room.answer(seat, said(room, 2))
    room.ask(Question("00-p1", "How many cells?", ["6", "12"]))
    assert seat not in json.dumps([room.tally(), room.records()])
    assert room.records()[0]["before"] == [0, 0, 1]
    table = list(csv.DictReader(io.StringIO(server.counts_table(room.records()))))
    assert [(row["letter"], row["before"], row["right"]) for row in table] == [
        ("A", "0", "false"),
        ("B", "0", "true"),
        ("C", "1", "false"),
    ]


def test_nothing_known_to_be_right_is_not_revealed(room):
    room.ask(Question("own", "Which?", OPTIONS))
    assert refused(room.turn, "reveal") == 409
    assert refused(room.turn, "dance") == 400
    assert refused(room.turn, ["close"]) == 400


# --- answers that come without the network ------------------------------------------------------

coded = st.builds(
    codes.Coded,
    st.sampled_from(ROUNDS),
    st.integers(0, 7),
    st.none() | st.integers(0, codes.NO_LEVEL - 1),
    st.integers(0, codes.PHONES - 1),
)


@given(coded, st.sampled_from(["00-p1", "06-p3", "11-q5"]))
def test_a_code_is_read_as_it_was_written(answer, item):
    code = codes.write(item, answer)
    assert codes.read(f" {code[:3].lower()}-{code[3:]} ", item) == answer


def test_a_letter_that_was_misread_is_nearly_always_noticed():
    code = codes.write("06-p1", codes.Coded("before", 2, 4, 20777))
    wrong = [code[:n] + s + code[n + 1 :] for n in range(6) for s in codes.SYMBOLS if s != code[n]]
    taken = [codes.read(one, "06-p1") for one in wrong]
    assert sum(found is not None for found in taken) <= 0.03 * len(wrong)


@given(st.text() | st.none() | st.integers() | st.lists(st.text()))
def test_what_is_no_code_is_refused_in_words(text):
    room = Room()
    room.ask(pipelines())
    with suppress(RequestRefused):
        room.take_code(text)


@given(
    st.lists(coded, min_size=2, max_size=30),
    st.sampled_from(["\n", " ", ", ", ";\n"]),
    st.booleans(),
)
def test_many_codes_are_split_as_they_were_joined(answers, between, halved):
    written = [codes.write("06-p1", answer) for answer in answers]
    shown = [f"{code[:3]} {code[3:]}" if halved else code for code in written]
    assert codes.split(between.join(shown)) == written


def test_a_class_of_codes_is_taken_in_one_go_and_what_is_misread_is_named(room):
    written = [codes.write("00-p3", codes.Coded("before", n % 3, None, n)) for n in range(25)]
    wrong = written[7][:-1] + ("A" if written[7][-1] != "A" else "B")
    said = room.take_codes("\n".join([*written[:7], wrong, "ABC", *written[8:]]))
    assert said == f"24 codes are taken. Look at these again: {wrong}, ABC"
    assert sum(room.record()["before"]) == 24
    assert room.take_codes(written[7]) == "Taken."
    assert refused(room.take_codes, "ABCDEF GHJKMN") == 400
    assert refused(room.take_codes, None) == 400


def test_a_code_counts_as_an_answer_does(room):
    def code(name, choice, phone, level=1):
        return codes.write("00-p3", codes.Coded(name, choice, level, phone))

    assert room.take_code(code("before", 1, 7)) == "Taken."
    assert room.take_code(code("before", 1, 7)) == "This one was taken already."
    assert "replaces" in room.take_code(code("before", 2, 7))
    room.answer(room.join(room.code, "a"), said(room, 1, 50))
    assert counts(room) == [0, 1, 1]
    assert refused(room.take_code, code("after", 0, 7)) == 409
    room.turn("close")
    room.turn("after")
    room.take_code(code("after", 1, 7))
    room.take_code(code("before", 0, 8))  # says by itself which round it is for
    assert (counts(room), counts(room, "after")) == ([1, 1, 1], [0, 1, 0])
    assert refused(room.take_code, codes.write("00-p1", codes.Coded("before", 1, 1, 7))) == 400
    assert refused(room.take_code, code("after", 5, 9)) == 400
    room.turn("reveal")
    assert refused(room.take_code, code("after", 1, 9)) == 409


def test_hands_and_slips_are_added_to_the_phones(room):
    room.answer(room.join(room.code, "a"), said(room, 1))
    room.count_hands([3, 2, 0])
    room.count_hands([3, 4, 0])  # a new count takes the place of the first
    assert counts(room) == [3, 5, 0]
    for wrong in ([1, 2], [1, 2, "3"], [1, -1, 0], [1, 2.0, 0], [True, 0, 0], "abc", None):
        assert refused(room.count_hands, wrong) == 400


# --- a laptop that stops ------------------------------------------------------------------------


def test_a_room_is_brought_back_with_all_that_it_held(room, clock):
    seat = room.join(room.code, "a")
    room.answer(seat, said(room, 2, 50))
    room.turn("close")
    room.turn("after")
    room.answer(seat, said(room, 1, 100))
    room.count_hands([1, 0, 0])
    kept = json.loads(json.dumps(room.kept()))
    again = Room.brought_back(kept, room.limits, clock)
    assert again.record() == room.record()
    assert again.view(seat) | {"version": 0} == room.view(seat) | {"version": 0}
    assert (again.code, again.key, again.session) == (room.code, room.key, room.session)
    assert again.version != room.version  # phones look at it anew
    again.answer(seat, said(again, 0))
    assert counts(again, "after") == [2, 0, 0]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"at": 0, "room": {}}', '{"at": "x"}', '{"at": 1e999, "room": 3}'],
)
def test_what_is_no_room_brings_none_back(tmp_path, text):
    file = tmp_path / "room.json"
    assert server.brought_back(file) is None
    file.write_text(text)
    assert server.brought_back(file) is None


def test_a_room_of_yesterday_is_not_brought_back(tmp_path, room, monkeypatch):
    file = tmp_path / "room.json"
    now = server.time()
    file.write_text(json.dumps({"at": now, "room": room.kept()}))
    assert server.brought_back(file).code == room.code
    monkeypatch.setattr(server, "time", lambda: now + 3600 * 13)
    assert server.brought_back(file) is None


# --- over the network -------------------------------------------------------------------------


class Served:
    """A room that is served on the loopback from a thread of its own."""

    def __init__(self, room, port=0):
        self.room = room
        self.desk = server.Desk(room, "127.0.0.1", port)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        started = asyncio.run_coroutine_threadsafe(server.start(self.desk), self.loop)
        self.server, self.port = started.result(HANG), self.desk.port
        self.url = f"http://127.0.0.1:{self.port}/"

    def tell(self, what, value=None, **more):
        """Do what a button of the board does; return what it then shows."""
        body = json.dumps({"do": what, "value": value} | more).encode()
        key = {"Authorization": f"Bearer {self.room.key}"}
        with build_opener().open(Request(self.url + "teacher", body, key), timeout=HANG) as reply:
            return json.load(reply)

    def stop(self):
        async def end():
            self.server.stop()
            await self.server.close_all_connections()

        asyncio.run_coroutine_threadsafe(end(), self.loop).result(HANG)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(HANG)
        self.loop.close()


@pytest.fixture
def served():
    served = Served(Room())
    yield served
    served.stop()


class Phone:
    def __init__(self, served):
        self.served = served
        self.opener = build_opener(HTTPCookieProcessor())

    def send(self, path, content, **headers):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        request = Request(self.served.url + path, data=body, headers=headers)
        try:
            with self.opener.open(request, timeout=HANG) as reply:
                return reply.status, reply.read()
        except HTTPError as error:
            with error:
                return error.code, error.read()

    def join(self):
        assert self.send("join", {"code": self.served.room.code})[0] == 200
        return self

    def answer(self, choice, level=None):
        return self.send("answer", said(self.served.room, choice, level))[0]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b"[" * 2000, 400),
        (b'{"code": "\\ud800"}', 400),
        (b'{"\\udfff": "A"}', 400),
        (b'{"code": "' + b"A" * 3000 + b'"}', 413),
        (b"{" + b" " * 20000 + b"}", 400),
    ],
)
def test_what_is_malformed_or_too_long_is_refused_and_the_room_goes_on(served, body, status, capfd):
    for path in ("join", "answer"):
        found, told = Phone(served).send(path, body)
        assert found == status
        if len(body) < 10000:
            assert "." in json.loads(told)["error"]
    Phone(served).join()
    assert capfd.readouterr().err == ""


def test_addresses_that_do_not_exist_and_files_outside_are_not_served(served):
    for path in ("../state.py", "page.html", "%2e%2e/server.py", "teacher/x", "question/", "qr/"):
        assert Phone(served).send(path, {})[0] in (404, 405)


def test_the_teachers_addresses_ask_for_the_key(served):
    student = Phone(served).join()
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": served.room.code}):
        for path in ("teacher", "teacher/questions", "teacher/counts", "teacher/page"):
            assert student.send(path, {"do": "turn", "value": "reveal"}, **headers)[0] == 403
    assert served.room.key not in server.board() + server.page()


@pytest.mark.parametrize(
    "act",
    [
        {"do": "dance"},
        {"do": ["ask"]},
        {"do": "ask", "item": "99-p9"},
        {"do": "ask", "item": ["00-p1"]},
        {"do": "ask", "item": "00-p1", "seconds": -1},
        {"do": "turn", "value": {}},
        {"do": "time", "value": 1e9},
        {"do": "people", "value": "many"},
        {"do": "address", "value": "10.11.12.13"},
        {"do": "code", "value": "\ud800"},
        {"do": "hands", "value": [1]},
    ],
)
def test_what_a_board_should_not_send_is_one_sentence(served, act, capfd):
    served.room.ask(pipelines())
    found, told = Phone(served).send("teacher", act, Authorization=f"Bearer {served.room.key}")
    assert found in (400, 409)
    assert json.loads(told)["error"].endswith(".")
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("lesson", [lesson.number for lesson in course.proper()])
def test_each_question_that_a_board_offers_can_be_revealed(lesson):
    asked = questions.offered(lesson)
    ids = [question.item for question in asked]
    assert len(asked) >= 8
    assert len(set(ids)) == len(ids)
    assert {question.item for question in questions.of_lesson(lesson)} <= set(ids)
    assert all(question.right is not None for question in asked)
    assert all(len(question.options) <= 8 for question in asked)  # what a code can say
    assert all(len(question.levels) < codes.NO_LEVEL for question in asked)


def test_a_question_of_the_tables_is_asked_with_a_confidence_or_without(served):
    shown = served.tell("ask", item="06-p1", confidence=True, seconds=60)
    assert shown["result"]["options"] == questions.find("06-p1", confidence=False).options
    assert shown["left"] in (59, 60)
    assert served.room.question.levels == [25, 30, 40, 50, 60, 70, 80, 90, 100]
    assert served.tell("ask", item="06-p2")["left"] is None
    assert served.room.question.levels == []
    assert served.tell("time", 30)["left"] in (29, 30)
    assert served.tell("turn", "close")["left"] is None


def test_a_teacher_sees_seats_against_phones_and_people(served):
    Phone(served).join()
    for _ in range(6):
        Phone(served).join()
    told = served.tell("people", 3)
    assert told["guests"]["seats"] == told["guests"]["seen"] == 7
    assert "7 seats are taken and 3 people are here" in told["warnings"][0]["text"]
    told = served.tell("people", 0)
    assert "7 seats have the same address" in told["warnings"][0]["text"]


def test_the_likely_address_comes_first_and_tunnels_last(monkeypatch):
    from collections import namedtuple

    address = namedtuple("Address", "family address")
    up = namedtuple("State", "isup")
    inet = network.socket.AF_INET
    known = {
        "lo": [address(inet, "127.0.0.1")],
        "tun0": [address(inet, "10.8.0.2")],
        "vEthernet (WSL)": [address(inet, "172.20.0.1")],
        "Wi-Fi": [address(inet, "192.168.1.5"), address(network.socket.AF_INET6, "fe80::1")],
        "Ethernet": [address(inet, "169.254.3.4")],
        "eth9": [address(inet, "10.0.0.9")],
    }
    monkeypatch.setattr(network.psutil, "net_if_addrs", lambda: known)
    states = {name: up(name != "eth9") for name in known}
    monkeypatch.setattr(network.psutil, "net_if_stats", lambda: states)
    monkeypatch.setattr(network, "_usual", lambda: "10.8.0.2")
    found = [place.ip for place in network.places()]
    assert found == ["192.168.1.5", "169.254.3.4", "10.8.0.2", "172.20.0.1"]
    desk = server.Desk(Room())
    assert desk.students() == "http://192.168.1.5:8808/"
    desk.choose("10.8.0.2")
    assert desk.students() == "http://10.8.0.2:8808/"
    del known["tun0"]  # the tunnel is closed meanwhile
    monkeypatch.setattr(network, "_usual", lambda: None)
    assert desk.students() == "http://192.168.1.5:8808/"
    known.clear()
    assert desk.students() == "http://127.0.0.1:8808/"


def test_a_port_in_use_is_one_sentence_and_leaves_the_other_room(served, tmp_path, monkeypatch):
    file = tmp_path / "room.json"
    monkeypatch.setenv(server.ENV, str(file))
    file.write_text(json.dumps({"at": server.time(), "room": served.room.kept()}))
    with pytest.raises(UserError, match="A room may be open already"):
        asyncio.run(server.serve("127.0.0.1", served.port))
    assert file.exists()


def test_two_hundred_phones_two_rounds_and_no_answer_lost(served):
    served.room.ask(pipelines())
    phones = [Phone(served).join() for _ in range(200)]
    for name in ROUNDS:
        served.room.turn(name)
        found = []
        threads = [
            threading.Thread(target=lambda p=p, n=n, found=found: found.append(p.answer(n % 3, 50)))
            for n, p in enumerate(phones)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert Counter(found) == {204: 200}
        assert served.room.record()[name] == [67, 67, 66]


def run_room(file, then):
    """Open a room as the command does, do something, and end it."""

    async def open_and_leave():
        serving = asyncio.ensure_future(server.serve("127.0.0.1", 0))
        while not file.exists():
            await asyncio.sleep(0.01)
        await then()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)

    asyncio.run(open_and_leave())


def test_the_command_tells_where_it_is_and_leaves_nothing(tmp_path, monkeypatch, capsys):
    file = tmp_path / "runtime" / "room.json"
    monkeypatch.setenv(server.ENV, str(file))

    async def look():
        assert os.name == "nt" or stat.S_IMODE(file.stat().st_mode) == 0o600

    run_room(file, look)
    assert list(file.parent.iterdir()) == []
    told = capsys.readouterr().out
    assert "enter" in told
    assert "firewall" in told
    assert "#" in told


def test_a_disk_that_refuses_does_not_end_the_class(tmp_path, capsys, room):
    async def keep_a_while():
        keeping = asyncio.ensure_future(server.keep(room, tmp_path / "gone" / "room.json"))
        for _ in range(3):
            room.renew()
            await asyncio.sleep(1.2 * server.KEEP_SECONDS)
        assert not keeping.done()
        keeping.cancel()

    asyncio.run(keep_a_while())
    assert capsys.readouterr().out.count("cannot be written") == 1


def test_nothing_is_written_after_the_end(tmp_path, monkeypatch, room):
    """A write that is under way when the room closes does not bring its file back."""
    file, slow = tmp_path / "room.json", server.write_whole

    def write_slowly(*given, **named):
        time.sleep(0.5)
        slow(*given, **named)

    monkeypatch.setenv(server.ENV, str(file))
    monkeypatch.setattr(server, "write_whole", write_slowly)

    async def close_at_once():
        serving = asyncio.ensure_future(server.serve("127.0.0.1", 0))
        await asyncio.sleep(0.2)
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await asyncio.sleep(0.8)

    asyncio.run(close_at_once())
    assert list(tmp_path.iterdir()) == []


def test_a_room_goes_on_after_the_laptop_stopped(tmp_path, monkeypatch, capsys, room):
    file = tmp_path / "room.json"
    monkeypatch.setenv(server.ENV, str(file))
    file.write_text(json.dumps({"at": server.time(), "room": room.kept()}))

    async def nothing():
        await asyncio.sleep(2 * server.KEEP_SECONDS)
        assert json.loads(file.read_text())["room"]["code"] == room.code

    run_room(file, nothing)
    assert "goes on" in capsys.readouterr().out
    assert not file.exists()


# --- pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_in_a_real_browser(served, browser, scheme):
    """By keyboard alone: the code, an answer, a confidence, the reveal; and axe finds nothing."""
    page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(served.url)
    page.get_by_label("The code on the screen").focus()
    page.keyboard.type(served.room.code)
    page.keyboard.press("Enter")
    page.get_by_text("Wait for the first question").wait_for()
    served.room.ask(pipelines())
    page.get_by_label("B China").wait_for()
    page.get_by_label("A Russia").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_text("Your answer B is in. How sure are you?").wait_for()
    assert counts(served.room) == [0, 1, 0]
    page.get_by_label("33 %").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("Your answer B is in. You can change it.").wait_for()
    assert served.room.question.sure("before")["sure"] == 50
    assert Axe().run(page).violations_count == 0
    served.tell("turn", "reveal")
    page.get_by_text("✓ right").wait_for()
    page.get_by_text("Your answer: B.").wait_for()
    assert overflows(page) == []
    assert Axe().run(page).violations_count == 0
    page.close()
    assert faults == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")], ids=str)
def test_the_board_by_keyboard(served, browser, width, scheme):
    """A question asked, counts by code and by hand, closed, shown; and the key leaves the bar."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(served.desk.board() + "&06")
    page.get_by_role("button", name="Ask it").wait_for()
    page.locator("#item option").first.wait_for(state="attached")
    assert page.locator("#item").input_value() == "05-q1"  # with which the plans of 06 begin
    page.locator("#item").select_option("06-p1")
    assert served.room.key not in page.url
    assert Axe().run(page).violations_count == 0

    def press(name):
        page.get_by_role("button", name=name, exact=True).focus()
        page.keyboard.press("Enter")

    press("Ask it")
    page.get_by_text("First round", exact=True).wait_for()
    asked = questions.find("06-p1", confidence=True)
    code = codes.write("06-p1", codes.Coded("before", 0, 4, 99))
    page.get_by_label("Codes of answers, one or many").fill(code.lower())
    page.keyboard.press("Enter")
    page.get_by_text("Taken.", exact=True).wait_for()
    page.get_by_label("Count of B").fill("3")
    press("Count them")
    page.get_by_text("4 answers").wait_for()
    assert page.locator(".count").count() == 0
    press("Ask it")
    page.get_by_text("Begin anew and drop them?").wait_for()
    assert Axe().run(page).violations_count == 0
    press("No, leave it")
    assert sum(counts(served.room)) == 4
    press("Close")
    page.get_by_text("3 (75 %)").wait_for()
    press("Show what is right")
    page.get_by_text("✓ right").wait_for()
    right = page.locator("#options li.right .text").inner_text()
    assert asked.options[asked.right] in right
    assert Axe().run(page).violations_count == 0
    assert overflows(page) == []
    page.reload()  # the key is kept for this window
    page.get_by_text("✓ right").wait_for()
    with page.expect_download() as download:
        press("Keep the counts as a table")
    assert "06-p1" in download.value.path().read_text(encoding="utf-8-sig")
    page.close()
    assert faults == []


@pytest.fixture(scope="module")
def lonely(tmp_path_factory):
    """The page that needs no network, as a teacher makes it."""
    file = tmp_path_factory.mktemp("alone") / "answer.html"
    assert cli.main(["answer-page", "06", "--to", str(file)]) == 0
    assert cli.main(["answer-page", "06", "--to", str(file)]) == 2  # it is kept
    return file


def sheets():
    """Return what paper and plans ask, in the order of the course: (lesson, item) by meeting."""
    return [(of.number, q.item) for of in course.planned() for q in questions.of_meeting(of.number)]


def gives_away(told, asked):
    """Return why an item tells the answer to a prediction: a figure of it, or the name with it.

    A figure of the workings that is no small whole number; or the right option, if it is a name,
    beside three words of the question.
    """
    items, options = tables.load("items").set_index("item_id"), tables.load("options")
    mine = options[options["item_id"] == asked]
    (right,) = mine.loc[mine["correct"].fillna(False).astype(bool), "text"]
    text = " ".join([items["prompt"][told], *options[options["item_id"] == told]["text"]])
    workings = tables.load("workings").query("item_id == @asked")["figure"].dropna()
    figures = {f"{figure:g}" for figure in workings if figure % 1 or figure >= 100}
    shared = figures & set(re.findall(r"\d+(?:\.\d+)?", text))
    words = [
        set(re.findall(r"[a-z]{5,}", one.lower())) - {"which"}
        for one in (text, items["prompt"][asked])
    ]
    named = re.fullmatch(r"[A-Z]\w+", right) and right in text and len(words[0] & words[1]) >= 3
    return shared or (right if named else "")


def test_neither_slips_nor_an_opening_quiz_give_a_later_prediction_away():
    asked = sheets()
    first = {item: n for n, (_lesson, item) in reversed(list(enumerate(asked)))}
    predictions = [item for item in first if "-p" in item]
    given = [
        (told, prediction, gives_away(told, prediction))
        for prediction in predictions
        for told in first
        if first[told] < first[prediction]
    ]
    assert [found for found in given if found[2]] == []
    assert gives_away("06-q2", "06-p1"), "the rule sees what a lecturer saw"
    assert gives_away("03-q4", "03-p2")


@pytest.mark.parametrize("number", [lesson.number for lesson in course.planned()])
def test_slips_have_what_the_class_meets_about_in_its_order(number):
    page = BeautifulSoup(alone.page([number]), "html.parser")
    printed = [head.get_text().split()[0] for head in page.select("#paper h3")]
    assert printed == [question.item for question in questions.of_meeting(number)]
    own = [item for item in printed if item.startswith(f"{number}-")]
    assert own == sorted(own)
    assert all("-p" in item for item in own), "its own quiz says what its predictions ask"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_without_a_network_gives_codes_that_count(lonely, browser, scheme):
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, color_scheme=scheme, offline=True
    )
    page = context.new_page()
    faults, room = [], Room()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(lonely.as_uri() + "#06-p2")
    room.ask(questions.find("06-p2", confidence=True))
    picked = random.Random(6)
    for _ in range(20):
        choice, level = picked.randrange(4), picked.choice([None, *range(9)])
        page.reload()  # takes the marks away
        page.get_by_label("First answer").check()
        page.locator("#options input").nth(choice).check()
        if level is not None:
            page.locator("#levels input").nth(level).check()
        code = page.locator("#code").inner_text()
        found = codes.read(code, "06-p2")
        assert (found.round, found.choice, found.level) == ("before", choice, level)
        room.take_code(code)
    assert sum(room.record()["before"]) == 1
    assert Axe().run(page).violations_count == 0
    assert overflows(page) == []
    page.reload()
    page.locator("#options input").nth(0).check()
    assert codes.read(page.locator("#code").inner_text(), "06-p2").phone == found.phone
    page.emulate_media(media="print")
    assert page.locator("#paper section").count() == len(questions.of_meeting("06"))
    assert page.locator("#paper").is_visible()
    context.close()
    assert faults == []


def test_a_row_of_people_shares_a_phone_and_one_picture_holds_their_answers(lonely, browser):
    """A number each, kept; what somebody answered comes back with their turn and their round."""
    context = browser.new_context(viewport={"width": 390, "height": 800}, offline=True)
    page = context.new_page()
    page.goto(lonely.as_uri() + "#06-p2")
    room, chosen = Room(), [0, 1, 3, 3, 2]
    room.ask(questions.find("06-p2", confidence=True))
    for n, choice in enumerate(chosen):
        if n:
            page.get_by_role("button", name="One person more").click()
        assert page.locator("#options input:checked").count() == 0
        page.locator("#options input").nth(choice).check()
    page.locator("#people input").nth(1).check()
    assert page.locator("#options input").nth(1).is_checked()
    page.locator("#options input").nth(3).check()
    assert Axe().run(page).violations_count == 0
    assert overflows(page) == []
    shown = page.locator("#code").inner_text()
    assert room.take_codes(shown) == "5 codes are taken."
    assert room.record()["before"] == [1, 0, 1, 3]
    page.get_by_label("Second answer").check()
    assert page.locator("#code").inner_text() == ""
    page.reload()
    assert page.locator("#people input").count() == 5
    page.locator("#options input").nth(0).check()
    first = codes.read(page.locator("#code").inner_text(), "06-p2").phone
    assert first == codes.read(shown.splitlines()[0], "06-p2").phone
    context.close()


def test_slips_do_not_break_a_row_of_per_cents(lonely, browser):
    page = browser.new_page(viewport={"width": 718, "height": 1000})  # A4 between its margins
    page.goto(lonely.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate(
        "[...document.querySelectorAll('#paper .row')].filter(row => {"
        " const tops = [...row.children].map(one => one.getBoundingClientRect().top);"
        " return Math.max(...tops) - Math.min(...tops) > 4"
        " || row.scrollWidth > row.clientWidth; }).length"
    ) == 0  # fmt: skip
    page.close()


def test_the_page_is_a_form_where_no_script_runs(lonely, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(lonely.as_uri())
    assert page.locator("#paper").is_visible()
    assert not page.locator("#live").is_visible()
    assert overflows(page) == []
    context.close()


def test_a_camera_reads_the_code_that_a_phone_shows(lonely, browser, served):
    """What the phone draws, the board's own reader reads."""
    phone = browser.new_page(viewport={"width": 390, "height": 800}, device_scale_factor=2)
    phone.goto(lonely.as_uri() + "#06-p1")
    phone.locator("#options input").nth(1).check()
    shot = phone.locator("#picture svg").screenshot()
    board = browser.new_page()
    board.goto(served.desk.board())
    board.get_by_role("button", name="Ask it").wait_for()
    text = board.evaluate(
        """async (bytes) => {
          const { decodeQR } = await import("/qr/decode.js");
          const blob = new Blob([new Uint8Array(bytes)], { type: "image/png" });
          const picture = await createImageBitmap(blob);
          const canvas = document.createElement("canvas");
          canvas.width = 900; canvas.height = 700;
          const pen = canvas.getContext("2d");
          pen.fillStyle = "#777"; pen.fillRect(0, 0, 900, 700);
          pen.translate(260, 120); pen.rotate(.12);
          pen.drawImage(picture, 0, 0, 380, 380);
          return decodeQR(pen.getImageData(0, 0, 900, 700));
        }""",
        list(shot),
    )
    assert text == phone.locator("#code").inner_text().replace(" ", "")
    phone.close()
    board.close()


def film(file, text):
    """Write what a camera sees before whom a phone shows a code: half a second of grey and QR."""
    size, quiet = 640, 8
    modules = np.kron(np.array(segno.make_qr(text).matrix, dtype=np.uint8), np.ones((7, 7)))
    picture = np.full((480, size), 120, dtype=np.uint8)
    side = len(modules) + 2 * quiet * 2
    picture[60 : 60 + side, 90 : 90 + side] = 235
    inner = slice(60 + 2 * quiet, 60 + 2 * quiet + len(modules))
    across = slice(90 + 2 * quiet, 90 + 2 * quiet + len(modules))
    picture[inner, across] = np.where(modules, 16, 235)
    colour = np.full(2 * 240 * 320, 128, dtype=np.uint8).tobytes()
    frame = b"FRAME\n" + picture.tobytes() + colour
    file.write_bytes(b"YUV4MPEG2 W640 H480 F30:1 Ip A1:1 C420jpeg\n" + 15 * frame)


@pytest.mark.parametrize("people", [1, 6])
def test_the_board_takes_codes_from_the_laptops_camera(people, browser, served, tmp_path):
    served.room.ask(questions.find("06-p1", confidence=True))
    seen = tmp_path / "seen.y4m"
    row = [codes.write("06-p1", codes.Coded("before", 2, 4, 20777 + n)) for n in range(people)]
    film(seen, " ".join(row))
    camera = launch(
        SimpleNamespace(chromium=browser.browser_type),
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={seen}",
    )
    board = camera.new_page(permissions=["camera"])
    board.goto(served.desk.board())
    board.get_by_role("button", name="Read with the camera").click()
    board.get_by_text("Read: FFDX0Q").wait_for()
    assert counts(served.room) == [0, 0, people, 0]
    served.room.turn("reveal")
    board.locator("#seen").wait_for(state="hidden")  # nothing counts any more
    camera.close()


def test_a_laptop_without_a_camera_says_so(browser, served):
    served.room.ask(questions.find("06-p1", confidence=True))
    board = browser.new_page()
    board.goto(served.desk.board())
    board.get_by_role("button", name="Read with the camera").click()
    board.get_by_text("No camera can be used").wait_for()
    board.close()
