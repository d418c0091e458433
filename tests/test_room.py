"""The room: anonymous, safe against what a phone may send, and none of its answers is lost."""

import asyncio
import json
import os
import stat
import threading
from collections import Counter
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from axe_playwright_python.sync_playwright import Axe

from centralasia.errors import UserError
from centralasia.room import board, client, server
from centralasia.room.state import Limits, Question, Refused, Room

OPTIONS = ["Russia", "China", "The United States"]


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def room(clock):
    room = Room(Limits(seats=5, seats_per_address=3, wrong_codes=3), clock)
    room.ask(Question("00-p3", "Whose pipelines?", OPTIONS, right=1))
    return room


def refused(act, *given):
    with pytest.raises(Refused) as error:
        act(*given)
    return error.value.status


def test_an_answer_counts_once_and_can_be_changed(room, clock):
    seat = room.join(room.code.lower(), "a")
    room.answer(seat, room.version, 0)
    clock.now += 1
    room.answer(seat, room.version, 1)
    assert room.result()["before"] == [0, 1, 0]


def test_both_rounds_are_counted_apart(room):
    seat = room.join(room.code, "a")
    room.answer(seat, room.version, 0)
    room.turn("after")
    room.answer(seat, room.version, 1)
    assert (room.result()["before"], room.result()["after"]) == ([1, 0, 0], [0, 1, 0])


def test_codes_cannot_be_guessed_by_trying(room):
    assert [refused(room.join, "WRONG", "a") for _ in range(4)] == [403, 403, 403, 429]
    assert refused(room.join, room.code, "a") == 429
    assert room.join(room.code, "b")


@pytest.mark.parametrize("code", [None, 5, "", ["A"], "É" * 5, {"code": 1}])
def test_a_code_of_any_kind_is_refused(room, code):
    assert refused(room.join, code, "a") == 403


def test_one_address_and_one_room_have_an_end(room):
    for _ in range(3):
        room.join(room.code, "a")
    assert refused(room.join, room.code, "a") == 503
    room.join(room.code, "b")
    room.join(room.code, "c")
    assert refused(room.join, room.code, "d") == 503


@pytest.mark.parametrize("choice", [-1, 3, 10**30, 1.0, True, "1", None, [1]])
def test_an_option_that_does_not_exist_is_refused(room, choice):
    assert refused(room.answer, room.join(room.code, "a"), room.version, choice) == 400
    assert room.result()["before"] == [0, 0, 0]


def test_an_answer_to_a_question_that_is_over_is_refused(room, clock):
    seat, asked = room.join(room.code, "a"), room.version
    room.turn("close")
    assert refused(room.answer, seat, asked, 0) == 409
    room.turn("after")
    assert refused(room.answer, seat, asked, 0) == 409


def test_a_flood_from_one_seat_is_slowed_and_harms_nobody(room, clock):
    loud, quiet = room.join(room.code, "a"), room.join(room.code, "b")
    found = Counter()
    for _ in range(500):
        try:
            room.answer(loud, room.version, 0)
            found["taken"] += 1
        except Refused as error:
            found[error.status] += 1
    assert found == {"taken": room.limits.burst, 429: 500 - room.limits.burst}
    room.answer(quiet, room.version, 1)
    assert room.result()["before"] == [1, 1, 0]


def test_a_seat_cannot_be_taken_with_a_made_up_token(room):
    room.join(room.code, "a")
    for token in (None, "", "x" * 43, room.code, room.key):
        assert refused(room.answer, token, room.version, 0) == 403


def test_what_is_right_stays_hidden_until_the_reveal(room):
    seat = room.join(room.code, "a")
    assert room.view(seat)["right"] is None
    room.turn("close")
    assert room.view(seat)["right"] is None
    room.turn("reveal")
    assert room.view(seat)["right"] == 1


def test_counts_are_all_that_is_kept_of_an_earlier_question(room):
    seat = room.join(room.code, "a")
    room.answer(seat, room.version, 2)
    room.ask(Question("00-p1", "How many cells?", ["6", "12"]))
    kept = json.dumps(room.tally())
    assert seat not in kept
    assert room.tally()["past"][0]["before"] == [0, 0, 1]


# --- over the network -------------------------------------------------------------------------


class Served:
    """A room that is served on the loopback from a thread of its own."""

    def __init__(self, room):
        self.room = room
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        started = asyncio.run_coroutine_threadsafe(server.start(room, "127.0.0.1", 0), self.loop)
        self.server, self.port = started.result(10)
        self.url = f"http://127.0.0.1:{self.port}/"

    def stop(self):
        async def end():
            self.server.stop()
            await self.server.close_all_connections()

        asyncio.run_coroutine_threadsafe(end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()


@pytest.fixture
def served(tmp_path, monkeypatch):
    served = Served(Room(Limits(seats_per_address=300)))
    file = tmp_path / "room.json"
    monkeypatch.setattr(client, "address_file", lambda: file)
    about = {"students": served.url, "teacher": f"{served.url}teacher"}
    file.write_text(json.dumps(about | {"key": served.room.key, "code": served.room.code}))
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
            with self.opener.open(request, timeout=10) as reply:
                return reply.status, reply.read()
        except HTTPError as error:
            with error:
                return error.code, error.read()

    def join(self):
        assert self.send("join", {"code": self.served.room.code})[0] == 200
        return self

    def answer(self, choice):
        return self.send("answer", {"version": self.served.room.version, "choice": choice})[0]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b"[" * 2000, 400),
        (b'{"code": "' + b"A" * 3000 + b'"}', 413),
        (b"{" + b" " * 20000 + b"}", 400),
    ],
)
def test_what_is_malformed_or_too_long_is_refused_and_the_room_goes_on(served, body, status):
    assert Phone(served).send("join", body)[0] == status
    Phone(served).join()


def test_addresses_that_do_not_exist_and_files_outside_are_not_served(served):
    for path in ("../state.py", "page.html", "%2e%2e/server.py", "teacher/x", "question/"):
        assert Phone(served).send(path, {})[0] in (404, 405)


def test_the_teachers_address_asks_for_the_key(served):
    student = Phone(served).join()
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": served.room.code}):
        assert student.send("teacher", {"step": "reveal"}, **headers)[0] == 403


def test_the_teachers_notebook_may_start_again(served):
    first = board.show("00")
    first.ask("00-p3")
    Phone(served).join().answer(1)
    first.close()
    again = board.show("00")
    assert again.tally["result"]["before"][1] == 1
    again.turn("after")
    assert served.room.round == "after"
    again.close()


def test_counts_are_saved_only_when_the_teacher_says_so(served, tmp_path):
    shown = board.show("00")
    shown.ask("00-p3")
    phone = Phone(served).join()
    phone.answer(0)
    shown.refresh()
    assert list(tmp_path.iterdir()) == [tmp_path / "room.json"]
    file = shown.save(tmp_path / "counts.json")
    assert json.loads(file.read_text())[0]["before"][0] == 1
    with pytest.raises(UserError, match="exists"):
        shown.save(file)
    shown.close()


def test_a_board_without_a_room_says_what_to_run(tmp_path, monkeypatch):
    monkeypatch.setattr(client, "address_file", lambda: tmp_path / "none.json")
    with pytest.raises(UserError, match="centralasia room"):
        board.show("00")


def test_two_hundred_phones_and_no_answer_lost(served):
    served.room.ask(Question("q", "Which?", OPTIONS))
    phones = [Phone(served).join() for _ in range(200)]
    found = []
    threads = [
        threading.Thread(target=lambda p=p, n=n: found.append(p.answer(n % 3)))
        for n, p in enumerate(phones)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(found) == {204: 200}
    assert served.room.result()["before"] == [67, 67, 66]


def test_the_command_tells_where_it_is_and_leaves_nothing(tmp_path, monkeypatch, capsys):
    file = tmp_path / "runtime" / "room.json"
    monkeypatch.setattr(server, "address_file", lambda: file)

    async def open_and_leave():
        serving = asyncio.ensure_future(server.serve("127.0.0.1", 0))
        while not file.exists():
            await asyncio.sleep(0.01)
        assert os.name == "nt" or stat.S_IMODE(file.stat().st_mode) == 0o600
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)

    asyncio.run(open_and_leave())
    assert not file.exists()
    assert "enter" in capsys.readouterr().out


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_in_a_real_browser(served, browser, scheme):
    """By keyboard alone: the code, an answer, the reveal; and axe finds nothing."""
    page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(served.url)
    page.get_by_label("The code on the screen").focus()
    page.keyboard.type(served.room.code)
    page.keyboard.press("Enter")
    page.get_by_text("Wait for the first question").wait_for()
    client.call({"item": "q", "prompt": "Whose pipelines?", "options": OPTIONS, "right": 1})
    page.get_by_label("China").wait_for()
    page.get_by_label("Russia").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_text("Your answer is in.").wait_for()
    assert served.room.result()["before"] == [0, 1, 0]
    assert Axe().run(page).violations_count == 0
    client.call({"step": "reveal"})
    page.get_by_text("✓ right").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
    assert faults == []
