"""The room on the local network: one page for phones, and a few addresses for the teacher.

Tornado is what JupyterLab itself runs on, so the room adds no web framework of its own.
A phone gets a cookie that holds a random token and nothing else. The teacher's addresses ask for a
key that stands in a file only the teacher's account can read.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from pathlib import Path

import platformdirs
import tornado.httpserver
import tornado.netutil
import tornado.web

from centralasia.errors import UserError
from centralasia.files import write_whole
from centralasia.room.state import Question, Refused, Room

PAGE = Path(__file__).parent / "page"
COOKIE = "seat"
BODY_BYTES = 2048
TEACHER_BODY_BYTES = 16384
HEADER_BYTES = 8192
FILES = {"": "index.html", "page.js": "page.js", "page.css": "page.css"}
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Server": "centralasia room",
}


def address_file() -> Path:
    """Return where a running room says how to reach it; readable by its owner alone."""
    return platformdirs.user_data_path("centralasia") / "room.json"


class Handler(tornado.web.RequestHandler):
    """What all addresses share: the room, plain JSON, and refusals that explain."""

    def initialize(self, room: Room) -> None:
        self.room = room

    def set_default_headers(self) -> None:
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def sent(self, limit: int = BODY_BYTES) -> dict:
        """Return the request's JSON object."""
        if len(self.request.body) > limit:
            raise Refused(413, "That is too long.")
        try:
            content = json.loads(self.request.body)
        except (ValueError, RecursionError):
            raise Refused(400, "That is not JSON.") from None
        if not isinstance(content, dict):
            raise Refused(400, "That is not a JSON object.")
        return content

    def write_error(self, status_code: int, **kwargs: object) -> None:
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, Refused):
            self.set_status(error.status)
            self.finish({"error": str(error)})
        else:
            self.finish({"error": self._reason})

    def log_exception(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, Refused):
            super().log_exception(kind, error, trace)


class Page(Handler):
    """The page for phones, and what it needs."""

    def get(self, name: str) -> None:
        file = PAGE / FILES[name]
        self.set_header("Content-Type", f"{TYPES[file.suffix]}; charset=utf-8")
        self.finish(file.read_bytes())


class Join(Handler):
    """A code against a seat."""

    def post(self) -> None:
        token = self.room.join(self.sent().get("code"), self.request.remote_ip)
        self.set_cookie(COOKIE, token, httponly=True, samesite="Strict", path="/")
        self.finish(self.room.view(token))


class Ask(Handler):
    """What is asked now; nothing new answers 304."""

    def get(self) -> None:
        token = self.get_cookie(COOKIE)
        if not self.room.knows(token):
            raise Refused(403, "Enter the code first.")
        if self.get_query_argument("since", "") == str(self.room.version):
            self.set_status(304)
            return
        self.finish(self.room.view(token))


class Answer(Handler):
    """An answer."""

    def post(self) -> None:
        given = self.sent()
        self.room.answer(self.get_cookie(COOKIE), given.get("version"), given.get("choice"))
        self.set_status(204)


class Teacher(Handler):
    """What the teacher's notebook asks for, with the room's key."""

    def prepare(self) -> None:
        if self.request.headers.get("Authorization") != f"Bearer {self.room.key}":
            raise Refused(403, "This address is the teacher's.")

    def get(self) -> None:
        self.finish(self.room.tally())

    def post(self) -> None:
        given = self.sent(TEACHER_BODY_BYTES)
        if "step" in given:
            self.room.turn(given["step"])
        else:
            self.room.ask(_question(given))
        self.finish(self.room.tally())


def _question(given: dict) -> Question:
    prompt, options, right = given.get("prompt"), given.get("options"), given.get("right")
    texts = isinstance(options, list) and all(isinstance(text, str) for text in options)
    if not isinstance(prompt, str) or not texts or not 2 <= len(options) <= 12:
        raise Refused(400, "A question has a prompt and two to twelve options.")
    if right is not None and (type(right) is not int or not 0 <= right < len(options)):
        raise Refused(400, "The right option is none of these.")
    return Question(str(given.get("item", "")), prompt, options, right)


def application(room: Room) -> tornado.web.Application:
    """Return the web application of a room."""
    about = {"room": room}
    return tornado.web.Application(
        [
            (r"/(page\.js|page\.css|)", Page, about),
            (r"/join", Join, about),
            (r"/question", Ask, about),
            (r"/answer", Answer, about),
            (r"/teacher", Teacher, about),
        ],
        compress_response=False,
        log_function=lambda handler: None,
    )


def local_address() -> str:
    """Return this machine's address on its network, or the loopback's if it is on none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a test network: nothing is sent
            return probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"


async def start(room: Room, host: str, port: int) -> tuple[tornado.httpserver.HTTPServer, int]:
    """Begin to listen; return the server and its port.

    Raises
    ------
    UserError
        If the port is taken.
    """
    server = tornado.httpserver.HTTPServer(
        application(room),
        max_body_size=TEACHER_BODY_BYTES,
        max_header_size=HEADER_BYTES,
        idle_connection_timeout=60,
        body_timeout=5,
    )
    try:
        sockets = tornado.netutil.bind_sockets(port, host, backlog=512)
    except OSError as error:
        raise UserError(f"Port {port} cannot be used ({error.strerror}). Try --port 0.") from None
    server.add_sockets(sockets)
    return server, sockets[0].getsockname()[1]


async def serve(host: str, port: int) -> None:
    """Open a room until Ctrl-C."""
    room = Room()
    server, port = await start(room, host, port)
    shown = local_address() if host in ("", "0.0.0.0") else host
    file = address_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    about = {"students": f"http://{shown}:{port}/", "teacher": f"http://127.0.0.1:{port}/teacher"}
    if host not in ("", "0.0.0.0"):
        about["teacher"] = f"http://{host}:{port}/teacher"
    previous = os.umask(0o077)
    try:
        write_whole(file, json.dumps(about | {"key": room.key, "code": room.code}).encode())
    finally:
        os.umask(previous)
    print(f"Students open   {about['students']}   and enter   {room.code}")
    print("In your notebook: from centralasia.room import board; board.show('03')")
    print("Answers are kept in memory and are gone when you press Ctrl-C here.", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        server.stop()
        file.unlink(missing_ok=True)
