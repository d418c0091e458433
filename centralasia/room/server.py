"""The room on the local network: a page for phones, and a board for the teacher.

Tornado is what JupyterLab itself runs on, so the room adds no web framework of its own.
A phone gets a cookie that holds a random token and nothing else. The teacher's addresses ask for a
key that the board's address carries behind its ``#``, where no browser sends it, and that stands
in a file only the teacher's account can read.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import socket
import webbrowser
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from string import ascii_uppercase
from time import time
from types import TracebackType
from typing import Any

import platformdirs
import tornado.httpserver
import tornado.web

from centralasia import language, templates
from centralasia.errors import UserError
from centralasia.files import write_whole
from centralasia.language import _, plural
from centralasia.room import alone, network, questions
from centralasia.room.codes import ROUNDS
from centralasia.room.state import RequestRefused, Room

PAGE = Path(__file__).parent / "page"
QR = Path(__file__).parent / "qr"
PORT = 8808
"""Where a room is found if nobody says otherwise, so that a firewall is opened once."""
ENV = "CENTRALASIA_ROOM"
COOKIE = "seat"
BODY_BYTES = 2048
TEACHER_BODY_BYTES = 16384
HEADER_BYTES = 8192
KEEP_SECONDS = 0.5
"""Between two looks whether the room has changed and has to be kept."""
KEPT_HOURS = 12
"""A room that stopped longer ago is not brought back."""
FILES = {
    "page.js": PAGE / "page.js",
    "page.css": PAGE / "page.css",
    "board.js": PAGE / "board.js",
    "board.css": PAGE / "board.css",
    "qr/index.js": QR / "index.js",
    "qr/decode.js": QR / "decode.js",
}
TYPES = {".js": "text/javascript", ".css": "text/css"}
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Server": "centralasia room",
}


def room_file(port: int) -> Path:
    """Return where the room on a port is kept; readable by its owner alone.

    The environment variable ``CENTRALASIA_ROOM`` names another file.
    """
    named = os.environ.get(ENV)
    if named:
        return Path(named).expanduser()
    return platformdirs.user_data_path("centralasia") / f"room-{port}.json"


class Desk:
    """A room and the address that phones are told to open.

    Parameters
    ----------
    room : Room
    host : str
        What the server listens on.
    port : int
    """

    def __init__(self, room: Room, host: str = "", port: int = PORT) -> None:
        self.room, self.host, self.port = room, host, port
        self.chosen: str | None = None

    @property
    def everywhere(self) -> bool:
        """Whether the room listens on all addresses of this machine."""
        return self.host in ("", "0.0.0.0")

    def places(self) -> list[network.Place]:
        """Return the addresses under which phones may find the room, the likely one first."""
        return network.places() if self.everywhere else [network.Place(self.host, "")]

    def choose(self, ip: object) -> None:
        """Tell phones another address of this machine.

        Raises
        ------
        RequestRefused
            If it is none.
        """
        if ip not in [place.ip for place in self.places()]:
            raise RequestRefused(400, _("This machine does not have that address."))
        self.chosen = str(ip)

    def students(self) -> str:
        """Return the address that phones open."""
        known = [place.ip for place in self.places()]
        ip = self.chosen if self.chosen in known else known[0]
        return f"http://{ip}:{self.port}/"

    def board(self) -> str:
        """Return the address of the teacher's board, with the key."""
        here = "127.0.0.1" if self.everywhere else self.host
        return f"http://{here}:{self.port}/board#{self.room.key}"

    def shown(self) -> dict[str, Any]:
        """Return what the board shows: the tally, the way in, and both in words."""
        tally, students = self.room.tally(), self.students()
        return tally | {
            "students": students,
            "places": [asdict(place) for place in self.places()],
            "qr": asdict(_picture(f"{students}#{self.room.code}")),
            "said": _said(tally),
            "warnings": _warnings(tally),
        }


_picture = cache(network.picture)


def _said(tally: dict[str, Any]) -> dict[str, str]:
    """Return in words how the room stands."""
    guests, result = tally["guests"], tally["result"]
    seats = guests["seats"]
    phones = plural("{n} phone is in the room", "{n} phones are in the room", seats).format(n=seats)
    said = {"phones": phones, "answers": "", "sure": ""}
    if result:
        n, people = result["answered"], guests["people"]
        said["answers"] = (
            _("{n} of {people} have answered").format(n=n, people=people)
            if people
            else plural("{n} answer", "{n} answers", n).format(n=n)
        )
        if result["sure"]:
            said["sure"] = _(
                "{n} said how sure they were: {sure} % on average. {right} % of them were right."
            ).format(**result["sure"])
    said["guests"] = _(
        "Seats taken: {seats}. Phones seen just now: {seen}. Addresses that they came from: "
        "{addresses}; most seats at one address: {most}."
    ).format(**guests)
    return said


def _warnings(tally: dict[str, Any]) -> list[dict[str, str]]:
    """Return what a teacher should look at, with what a button may do about it."""
    guests, result = tally["guests"], tally["result"]
    seats, people = guests["seats"], guests["people"]
    found = []
    if people and seats > people:
        text = _("{seats} seats are taken and {people} people are here: some have more than one.")
        found.append({"text": text.format(seats=seats, people=people)})
    if people and result and result["answered"] > people:
        text = _("There are more answers than people.")
        found.append({"text": text})
    if not people and not guests["many"] and guests["most"] > 4:
        text = _(
            "{most} seats have the same address. Either a router hides the phones behind it, or "
            "one device took the seats. Enter how many people are here, and compare."
        )
        found.append({"text": text.format(most=guests["most"])})
    for address, n in guests["many"].items():
        text = _("{n} seats have the address {address}, and the others have one of their own.")
        found.append({"text": text.format(n=n, address=address), "empty": address})
    for address, n in guests["held"].items():
        text = plural(
            "{n} phone at {address} was not let in, for that address has many seats already.",
            "{n} phones at {address} were not let in, for that address has many seats already.",
            n,
        )
        found.append({"text": text.format(n=n, address=address), "unlock": address})
    for address in guests["guessing"]:
        text = _("Many wrong codes come from {address}, which has to wait.")
        found.append({"text": text.format(address=address), "unlock": address})
    return found


class Handler(tornado.web.RequestHandler):
    """What all addresses share: the room, plain JSON, and refusals that explain."""

    def initialize(self, desk: Desk) -> None:
        self.desk, self.room = desk, desk.room

    def set_default_headers(self) -> None:
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def sent(self, limit: int = BODY_BYTES) -> dict[str, Any]:
        """Return the request's JSON object."""
        if len(self.request.body) > limit:
            raise RequestRefused(413, _("That is too long."))
        try:
            content = json.loads(self.request.body)
            # Half of a pair is a letter to JSON and to nobody else: it could be neither shown
            # nor stored.
            json.dumps(content, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise RequestRefused(400, _("That has a broken letter in it.")) from None
        except (ValueError, RecursionError):
            raise RequestRefused(400, _("That is not JSON.")) from None
        if not isinstance(content, dict):
            raise RequestRefused(400, _("That is not a JSON object."))
        return content

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, RequestRefused):
            self.set_status(error.status)
            self.finish({"error": str(error)})
        else:
            self.finish({"error": self._reason})

    def log_exception(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not isinstance(error, RequestRefused):
            super().log_exception(kind, error, trace)


def page() -> str:
    """Return the page for phones in the language asked for, with what its script says."""
    words = {
        "wait": _("You are in. Wait for the first question."),
        "choose": _("Choose an answer."),
        "again": _("Second round: choose once more."),
        "first": _("Your first answer: {letter}."),
        "sending": _("Your answer {letter} is being sent."),
        "taken": _("Your answer {letter} is in. You can change it."),
        "howSure": _("Your answer {letter} is in. How sure are you?"),
        "closed": _("Closed. Look at the screen."),
        "reveal": _("See what is right."),
        "mine": _("Your answer: {letter}."),
        "both": _("Your answers: {before}, then {after}."),
        "none": _("No answer of yours came in."),
        "noneAfter": _("Your first answer: {letter}. None of yours came in afterwards."),
        "late": _(
            "The question was closed before your answer {letter} came through. It is not counted."
        ),
        "right": _("✓ right"),
        "kept": _(
            "No connection. Your answer {letter} is kept here and is sent when it comes back."
        ),
        "noConnection": _("No connection. It is tried again by itself."),
        "anew": _("Enter the code that is on the screen now."),
        "sure": _("How sure are you?"),
    }
    return templates.render(
        "room/page/index.html",
        language=language.code(),
        words=json.dumps(words, ensure_ascii=False),
    )


def board() -> str:
    """Return the page of the teacher's board in the language asked for."""
    words = {
        "openPage": _("Open {address} and enter the code"),
        "nothing": _("The first question comes here."),
        "before": _("First round"),
        "after": _("Second round"),
        "closedBefore": _("First round, closed"),
        "closedAfter": _("Second round, closed"),
        "right": _("✓ right"),
        "timeOver": _("Time is over"),
        "count": _("{n} ({share} %)"),
        "dropAsk": _("This question has answers already. Begin anew and drop them?"),
        "emptyAsk": _("Everybody has to come in again, and answers to this question are dropped."),
        "evictAsk": _("Take the seats of {address} away, with their answers to this question?"),
        "evict": _("Take these seats away"),
        "unlock": _("Let them in"),
        "noKey": _("Open the board with the address that the terminal shows."),
        "noRoom": _("The room does not answer. In the terminal, start it again: {command}"),
        "noCamera": _("No camera can be used ({why}). Type the code."),
        "readCamera": _("Read with the camera"),
        "stopCamera": _("Stop the camera"),
        "byCode": _("Read: {code}"),
        "saved": _("Look for the file among your downloads."),
        "hand": _("Count of {letter}"),
        "look": _("Look at this: {n}"),
    }
    return templates.render(
        "room/page/board.html",
        language=language.code(),
        words=json.dumps(words, ensure_ascii=False),
    )


class Page(Handler):
    """The page for phones, and what both pages need."""

    def get(self, name: str) -> None:
        made = {"": page, "board": board}.get(name)
        kind = "text/html" if made else TYPES[FILES[name].suffix]
        self.set_header("Content-Type", f"{kind}; charset=utf-8")
        self.finish(made() if made else FILES[name].read_bytes())


class Join(Handler):
    """A code against a seat."""

    def post(self) -> None:
        known = self.get_cookie(COOKIE)
        token = self.room.join(self.sent().get("code"), self.request.remote_ip or "", known)
        self.set_cookie(
            COOKIE, token, httponly=True, samesite="Strict", path="/", expires_days=KEPT_HOURS / 24
        )
        self.finish(self.room.view(token))


class CurrentQuestion(Handler):
    """What is asked now; nothing new answers 304."""

    def get(self) -> None:
        token = self.get_cookie(COOKIE)
        if token is None or not self.room.knows(token):
            raise RequestRefused(403, _("Enter the code first."))
        if self.get_query_argument("since", "") == f"{self.room.session}.{self.room.version}":
            self.set_status(304)
            return
        self.finish(self.room.view(token))


class Answer(Handler):
    """An answer."""

    def post(self) -> None:
        self.room.answer(self.get_cookie(COOKIE), self.sent())
        self.set_status(204)


class ForTeacher(Handler):
    """What the board asks for, with the room's key."""

    def prepare(self) -> None:
        if self.request.headers.get("Authorization") != f"Bearer {self.room.key}":
            raise RequestRefused(403, _("This address is the teacher's."))


class Teacher(ForTeacher):
    """How the room stands, and what the teacher does in it."""

    def get(self) -> None:
        self.finish(self.desk.shown())

    def post(self) -> None:
        given = self.sent(TEACHER_BODY_BYTES)
        room, value = self.room, given.get("value")
        acts: dict[object, Callable[[], str | None]] = {
            "ask": lambda: self._ask(given),
            "turn": lambda: room.turn(value),
            "time": lambda: room.give_time(value),
            "code": lambda: room.take_codes(value),
            "hands": lambda: room.count_hands(value),
            "people": lambda: room.expect(value),
            "address": lambda: self.desk.choose(value),
            "unlock": room.unlock,
            "renew": room.renew,
            "empty": lambda: room.empty(value if isinstance(value, str) else None),
        }
        act = acts.get(given.get("do") if isinstance(given.get("do"), str) else None)
        if act is None:
            raise RequestRefused(400, _("There is no such step."))
        said = act() or ""
        self.finish(self.desk.shown() | {"done": said})

    def _ask(self, given: dict[str, Any]) -> None:
        try:
            asked = questions.find(given.get("item"), confidence=given.get("confidence") is True)
        except UserError as error:
            raise RequestRefused(400, str(error)) from None
        self.room.ask(asked, drop=given.get("drop") is True)
        self.room.give_time(given.get("seconds", 0))


class Questions(ForTeacher):
    """What can be asked in a lesson."""

    def get(self) -> None:
        known = questions.lessons()
        number = self.get_query_argument("lesson", "")
        if number not in known:
            number = next(iter(known))
        items = [question.item for question in questions.offered(number)]
        self.finish({"lessons": known, "lesson": number, "items": items})


class Counts(ForTeacher):
    """The counts of all questions so far, as a table."""

    def get(self) -> None:
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.finish(counts_table(self.room.records()).encode("utf-8-sig"))


class AnswerPage(ForTeacher):
    """The page on which a phone answers alone, as a file."""

    def get(self) -> None:
        number = self.get_query_argument("lesson", "")
        if number not in questions.lessons():
            raise RequestRefused(404, _("There is no such lesson."))
        self.finish(alone.page([number]))


def counts_table(records: list[dict[str, Any]]) -> str:
    """Return counts as CSV, an option a row; no answer of a single phone.

    Parameters
    ----------
    records : list of dict
        What `Room.records` returns.
    """
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(["question", "item", "prompt", "letter", "option", "right", *ROUNDS])
    for n, record in enumerate(records, start=1):
        for place, text in enumerate(record["options"]):
            counts = [record[name][place] for name in ROUNDS]
            right = "" if record["right"] is None else str(place == record["right"]).lower()
            about = [n, record["item"], record["prompt"], ascii_uppercase[place], text, right]
            table.writerow([*about, *counts])
    return written.getvalue()


def application(desk: Desk) -> tornado.web.Application:
    """Return the web application of a room."""
    about = {"desk": desk}
    files = "|".join(FILES).replace(".", r"\.")
    return tornado.web.Application(
        [
            (rf"/({files}|board|)", Page, about),
            (r"/join", Join, about),
            (r"/question", CurrentQuestion, about),
            (r"/answer", Answer, about),
            (r"/teacher", Teacher, about),
            (r"/teacher/questions", Questions, about),
            (r"/teacher/counts", Counts, about),
            (r"/teacher/page", AnswerPage, about),
        ],
        compress_response=False,
        log_function=lambda handler: None,
    )


async def start(desk: Desk) -> tornado.httpserver.HTTPServer:
    """Begin to listen where the desk says; for port 0 the desk then knows which it is.

    Raises
    ------
    UserError
        If the port is taken.
    """
    server = tornado.httpserver.HTTPServer(
        application(desk),
        max_body_size=TEACHER_BODY_BYTES,
        max_header_size=HEADER_BYTES,
        idle_connection_timeout=60,
        body_timeout=5,
    )
    try:
        listening = socket.create_server((desk.host, desk.port), backlog=512)
    except OSError as error:
        raise UserError(
            _(
                "Port {port} cannot be used ({why}). A room may be open already; for a second one "
                "add --port {other}."
            ).format(port=desk.port, why=os.strerror(error.errno or 0), other=desk.port + 1)
        ) from None
    listening.setblocking(False)
    server.add_socket(listening)
    desk.port = listening.getsockname()[1]
    return server


def brought_back(file: Path) -> Room | None:
    """Return the room that was open when this machine stopped, or None if there is none.

    Parameters
    ----------
    file : pathlib.Path
        What `keep` wrote.
    """
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        if not 0 <= time() - kept["at"] < 3600 * KEPT_HOURS:
            return None
        return Room.brought_back(kept["room"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


async def keep(room: Room, file: Path) -> None:
    """Write the room down whenever it has changed; a disk that refuses does not end the class."""
    written, told = -1, False
    while True:
        if room.changes != written:
            written = room.changes
            content = json.dumps({"at": time(), "room": room.kept()}).encode()
            writing = asyncio.create_task(asyncio.to_thread(write_whole, file, content, mode=0o600))
            try:
                await asyncio.shield(writing)
            except asyncio.CancelledError:
                await asyncio.wait([writing])  # so that nothing is written after the end
                raise
            except OSError as error:
                if not told:
                    text = _(
                        "The room goes on, but {file} cannot be written ({why}): if this machine "
                        "stops, its counts are lost."
                    )
                    print(text.format(file=file, why=error.strerror), flush=True)
                told = True
        await asyncio.sleep(KEEP_SECONDS)


async def serve(
    host: str, port: int, *, lesson: str = "", new: bool = False, browser: bool = False
) -> None:
    """Open a room until Ctrl-C, or go on with the one that was open when this machine stopped.

    Parameters
    ----------
    host : str
        What to listen on; everywhere if empty.
    port : int
        0 for a free one.
    lesson : str
        The number of the lesson whose questions the board offers first.
    new : bool
        Whether to open a new room in any case.
    browser : bool
        Whether to open the board in a browser.

    Raises
    ------
    UserError
        If the port is taken.
    """
    file = room_file(port)
    earlier = None if new else brought_back(file)
    questions.lessons()  # read now, while nobody waits for an answer
    desk = Desk(earlier or Room(), host, port)
    server = await start(desk)
    file.parent.mkdir(parents=True, exist_ok=True)
    if earlier:
        print(_("The room that was open goes on, with its code, its phones and its counts."))
        print(_("For another one, press Ctrl-C and add --new."))
    opened = _("Students open   {address}   and enter   {code}")
    print(opened.format(address=desk.students(), code=desk.room.code))
    board_address = desk.board() + (f"&{lesson}" if lesson else "")
    print(_("Your board:     {address}").format(address=board_address))
    print(
        _(
            "If a phone cannot open it: choose another address on the board, and let Python "
            "through the firewall of this machine. docs/campus-networks.md has more."
        )
    )
    print(_("Press Ctrl-C when the class is over; then all answers are gone."), flush=True)
    if browser:
        webbrowser.open(board_address)
    keeping = asyncio.create_task(keep(desk.room, file))
    try:
        await keeping
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])
        server.stop()
        file.unlink(missing_ok=True)
        print(_("The room is closed, and its answers are gone."))
