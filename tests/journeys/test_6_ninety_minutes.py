"""Ninety minutes: a teacher opens the room; three phones answer, lose the network, come back.

The command runs in a process of its own and is killed as a laptop's battery would. A picture is
kept of every station, of phone, board and projector, in ``artifacts/journeys/6``.
"""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from patience import HANG
from playwright.sync_api import expect

from centralasia.room import questions, server

ARTIFACTS = Path(__file__).resolve().parents[2] / "artifacts" / "journeys" / "6"
LOOKS = [("light", 390, 1280), ("dark", 390, 390)]


class Laptop:
    """The teacher's laptop, on which the command runs."""

    def __init__(self, folder, port):
        self.env = os.environ | {server.ENV: str(folder / "room.json"), "PYTHONUNBUFFERED": "1"}
        self.port = port

    def start(self):
        line = [sys.executable, "-m", "centralasia.cli", "room", "06", "--no-browser"]
        line += ["--host", "127.0.0.1", "--port", str(self.port)]
        self.running = subprocess.Popen(line, env=self.env, stdout=subprocess.PIPE, text=True)
        told = ""
        for text in self.running.stdout:
            told += text
            if "Ctrl-C when" in text:
                break
        self.board = re.search(r"http://\S+/board#\S+", told)[0]
        self.code = re.search(r"enter\s+([A-Z]{5})", told)[1]
        return told

    def stops(self):
        self.running.kill()
        self.running.wait(HANG)
        self.running.stdout.close()

    def closes(self):
        self.running.send_signal(signal.SIGINT)
        self.running.wait(HANG)
        self.running.stdout.close()


@pytest.fixture
def laptop(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    laptop = Laptop(tmp_path, port)
    laptop.told = laptop.start()
    yield laptop
    if laptop.running.poll() is None:
        laptop.closes()


class Class:
    """A board, a projector and three phones, in windows of their own."""

    def __init__(self, browser, laptop, scheme, phone, board):
        self.folder = ARTIFACTS / f"{scheme}-{board}"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.laptop, self.faults, self.station = laptop, [], 0
        self.contexts = [
            browser.new_context(
                viewport={"width": width, "height": 844 if width == phone else 720},
                color_scheme=scheme,
            )
            for width in (board, phone, phone, phone)
        ]
        self.board, *self.phones = [context.new_page() for context in self.contexts]
        for page in (self.board, *self.phones):
            page.on("pageerror", lambda error: self.faults.append(str(error)))

    def press(self, name):
        self.board.get_by_role("button", name=name, exact=True).click()

    def until(self, fact):
        """Wait for something to be so on the board, whose policy forbids to wait in the page."""
        for _ in range(10 * HANG):
            if self.board.evaluate(fact):
                return
            self.board.wait_for_timeout(100)
        raise AssertionError(fact)

    def keep(self, name):
        """Keep a picture of board, projector and the first two phones."""
        self.station += 1
        at = self.folder / f"{self.station:02}-{name}"
        self.board.screenshot(path=f"{at}-board.png", full_page=True)
        self.board.evaluate("document.getElementById('board').requestFullscreen()")
        stage = "document.getElementById('stage')"
        self.until("document.fullscreenElement !== null")
        self.until(f"{stage}.scrollHeight <= {stage}.clientHeight")
        self.board.screenshot(path=f"{at}-projector.png")
        self.board.evaluate("document.exitFullscreen()")
        for n, phone in enumerate(self.phones[:2], start=1):
            phone.screenshot(path=f"{at}-phone-{n}.png", full_page=True)
        for page in (self.board, *self.phones):
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    def end(self):
        for context in self.contexts:
            context.close()
        assert self.faults == []


def status(page, text):
    expect(page.get_by_role("status").first).to_contain_text(text)


@pytest.mark.parametrize(("scheme", "phone", "board"), LOOKS, ids=lambda value: str(value))
def test_a_room_from_the_first_minute_to_the_last(browser, laptop, scheme, phone, board):
    room = Class(browser, laptop, scheme, phone, board)
    asked = questions.find("06-p1", confidence=True)
    anna, bek, chynara = room.phones

    # The room opens: one scans the QR code, two type.
    room.board.goto(laptop.board)
    expect(room.board.locator("#code")).to_have_text(laptop.code)
    expect(room.board.locator("#lesson")).to_have_value("06")
    anna.goto(f"http://127.0.0.1:{laptop.port}/#{laptop.code}")
    for page in (bek, chynara):
        page.goto(f"http://127.0.0.1:{laptop.port}/")
        page.get_by_label("The code on the screen").fill(laptop.code.lower())
        page.get_by_role("button", name="Come in").click()
    for page in room.phones:
        status(page, "You are in.")
    expect(room.board.locator("#phones")).to_have_text("3 phones are in the room")
    room.board.get_by_label("People here").fill("3")
    room.board.keyboard.press("Tab")
    room.keep("open")

    # The first round: answers, a confidence, a change, and one that is offline.
    room.board.locator("#item").select_option("06-p1")
    room.press("Ask it")
    anna.get_by_label(f"A {asked.options[0]}").check()
    anna.get_by_label("60 %").check()
    status(anna, "Your answer A is in. You can change it.")
    anna.get_by_label(f"B {asked.options[1]}").check()
    status(anna, "Your answer B is in. You can change it.")
    status(bek, "Choose an answer.")
    bek.context.set_offline(True)
    status(bek, "No connection.")
    bek.get_by_label(f"C {asked.options[2]}").check()
    status(bek, "Your answer C is kept here")
    expect(room.board.locator("#answers")).to_have_text("1 of 3 have answered")
    assert room.board.locator(".count").count() == 0
    room.keep("first-round")
    bek.context.set_offline(False)
    status(bek, "Your answer C is in.")
    chynara.get_by_label(f"A {asked.options[0]}").check()
    chynara.get_by_label("100 %").check()
    expect(room.board.locator("#answers")).to_have_text("3 of 3 have answered")

    # Closed: counts on the screen, none of what is right.
    room.press("Close")
    status(anna, "Closed. Look at the screen. Your answer: B.")
    status(bek, "Your answer: C.")
    expect(room.board.locator(".count")).to_have_count(4)
    expect(room.board.locator("#options li").nth(0)).to_contain_text("1 (33 %)")
    assert anna.locator(".option.right").count() == 0
    room.keep("closed")

    # The laptop stops and starts again: the same board, the same code, the same phones.
    laptop.stops()
    status(anna, "No connection.")
    expect(room.board.get_by_role("status")).to_contain_text("The room does not answer.")
    room.keep("stopped")
    assert "goes on" in laptop.start()
    status(anna, "Closed. Look at the screen. Your answer: B.")
    expect(room.board.get_by_role("status")).not_to_contain_text("does not answer")
    expect(room.board.locator("#phones")).to_have_text("3 phones are in the room")

    # The second round: counts are hidden again; one answer comes too late and is told so.
    room.press("Ask again")
    status(anna, "Second round: choose once more. Your first answer: B.")
    expect(room.board.locator(".count")).to_have_count(0)
    anna.get_by_label(f"D {asked.options[3]}").check()
    anna.get_by_label("70 %").check()
    status(anna, "Your answer D is in. You can change it.")
    bek.get_by_label(f"A {asked.options[0]}").check()
    status(bek, "Your answer A is in.")
    status(chynara, "Second round")
    chynara.context.set_offline(True)
    chynara.get_by_label(f"B {asked.options[1]}").check()
    status(chynara, "Your answer B is kept here")
    room.keep("second-round")
    room.press("Close")
    status(anna, "Your answers: B, then D.")
    chynara.context.set_offline(False)
    status(chynara, "The question was closed before your answer B came through.")
    room.keep("second-closed")

    # What is right: on all screens, and how sure the class was.
    room.press("Show what is right")
    right = asked.options[asked.right]
    for page in (room.board, anna, bek):
        expect(page.locator(".right")).to_have_count(1)
        expect(page.locator(".right")).to_contain_text(right)
    expect(room.board.locator("#sure")).to_have_text(
        "1 said how sure they were: 70 % on average. 0 % of them were right."
    )
    room.keep("shown")

    # The next question: nothing of the last one is left anywhere.
    room.board.locator("#item").select_option("06-p2")
    room.press("Ask it")
    for page in room.phones:
        status(page, "Choose an answer.")
        assert page.locator("input:checked").count() == 0
        assert page.locator(".right").count() == 0
    room.keep("next")

    # Closed for good: phones say so, and nothing is left on the laptop.
    laptop.closes()
    status(anna, "No connection.")
    assert not Path(laptop.env[server.ENV]).exists()

    # A new room on the same address: phones ask for its code and show no old question.
    assert "goes on" not in laptop.start()
    status(anna, "Enter the code that is on the screen now.")
    assert not anna.locator("#question").is_visible()
    expect(room.board.locator("#stage")).to_be_hidden()
    anna.screenshot(path=room.folder / "10-new-room-phone.png")
    room.board.screenshot(path=room.folder / "10-new-room-board.png")
    room.end()
