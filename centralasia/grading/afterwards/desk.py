"""A page on this machine for marking arguments: one a screen, the rubric beside it, by keyboard.

The page listens on this machine alone, at an address with a key in it. What is typed is kept at
once, as a draft in ``marked``; an argument counts as marked when its marker says so. Learners'
texts reach the page as texts and are never taken for markup.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import secrets
import webbrowser
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import tornado.httpserver
import tornado.netutil
import tornado.web

from centralasia import language, templates
from centralasia.checks import keys
from centralasia.errors import UserError
from centralasia.files import write_whole
from centralasia.grading.afterwards import essays
from centralasia.grading.afterwards.folder import CourseFolder
from centralasia.grading.judging import markings
from centralasia.grading.judging.markings import MARKED_IN, Mark
from centralasia.language import _

PAGE = Path(__file__).parent / "desk_page"
HOST = "127.0.0.1"
COOKIE = "desk"
MOST = 65_536
"""Bytes of one request: six comments, each of up to a thousand words."""
TYPES = {"desk.js": "text/javascript", "desk.css": "text/css"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass
class Desk:
    """The arguments that lie on one marker's desk.

    Parameters
    ----------
    course : CourseFolder
    exercise : str
        Its name.
    marker : str
        Who marks.
    moderates : bool
        Whether only what markers differ on lies here, and both are shown.
    """

    course: CourseFolder
    exercise: str
    marker: str = ""
    moderates: bool = False

    def __post_init__(self) -> None:
        """Lay the arguments out, with what this marker has entered before."""
        every = essays.essays(self.course, self.exercise)
        self.essays = {e.word: e for e in every if e.settled.differ or not self.moderates}
        self.rubric = markings.rubric()
        who = re.sub(r"\W", "-", self.marker) or "marker"
        name = f"desk-{keys.load(self.exercise).lesson}-{who}{'-moderation' * self.moderates}.json"
        self.path = self.course.root / MARKED_IN / name
        self.drafts = self._kept()

    def _kept(self) -> dict[str, Any]:
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def shown(self) -> dict[str, Any]:
        """Return what the page needs: no name, no id."""
        return {
            "exercise": self.exercise,
            "marker": self.marker,
            "moderates": self.moderates,
            "scheme": essays.scheme(self.exercise),
            "rubric": [
                {"criterion": name, "levels": [levels[n].text for n in range(4)]}
                for name, levels in self.rubric.items()
            ],
            "essays": [self._of(essay) for essay in self.essays.values()],
        }

    def _of(self, essay: essays.Essay) -> dict[str, Any]:
        draft = self.drafts.get(essay.word)
        same = isinstance(draft, dict) and draft.get("text") == markings.digest(essay.text)
        mine = self._mine(essay)
        marks = draft.get("marks", []) if isinstance(draft, dict) and same else []
        return {
            "word": essay.word,
            "text": essay.text,
            "words": len(essay.text.split()),
            "case": essay.case,
            "numbers": essay.numbers,
            "alike": essay.alike,
            "marks": marks or [asdict(mark) for mark in mine],
            "done": bool(mine) and (not marks or marks == [asdict(mark) for mark in mine]),
            "others": [
                {"marker": one.marker or "1", "marks": [asdict(mark) for mark in one.marks]}
                for one in essay.settled.by
                if self.moderates and not one.moderates
            ],
        }

    def _mine(self, essay: essays.Essay) -> tuple[Mark, ...]:
        """Return what this marker last gave for the text as it stands."""
        wanted = self.marker, self.moderates
        given = (one for one in essay.settled.by if (one.marker, one.moderates) == wanted)
        return next((one.marks for one in given), ())

    def keep(self, word: str, rows: object, done: bool) -> bool:
        """Keep what was entered for an argument; say whether it is marked now.

        Parameters
        ----------
        word : str
        rows : object
            ``criterion``, ``level`` and ``comment`` of each criterion that has a level.
        done : bool
            Whether the marker has finished it, which takes a level for each criterion.

        Raises
        ------
        UserError
            If it is no such argument, or no such marks.
        """
        essay = self.essays.get(word)
        if essay is None:
            raise UserError(_("There is no such argument on this desk."))
        marks = _checked(rows, self.rubric)
        draft = {"text": markings.digest(essay.text), "marks": [asdict(mark) for mark in marks]}
        self.drafts[word] = draft
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self.path, json.dumps(self.drafts, ensure_ascii=False, indent=1).encode())
        if not done:
            return False
        if {mark.criterion for mark in marks} != set(self.rubric):
            raise UserError(_("Each of the six criteria needs a level."))
        essays.mark(self.course, self.exercise, essay.student, marks, self.marker, self.moderates)
        return True


def _checked(rows: object, of: markings.Rubric) -> list[Mark]:
    """Return marks that a page sent, in the order of the rubric."""
    found: dict[str, Mark] = {}
    for row in rows if isinstance(rows, list) else [None]:
        if not isinstance(row, Mapping):
            raise UserError(_("These are no marks."))
        criterion, level, comment = row.get("criterion"), row.get("level"), row.get("comment", "")
        if not isinstance(criterion, str) or criterion not in of or not isinstance(comment, str):
            raise UserError(_("These are no marks."))
        if type(level) is not int or level not in range(4):
            raise UserError(_("Levels are 0, 1, 2 and 3."))
        found[criterion] = Mark(criterion=criterion, level=level, comment=comment)
    return [found[name] for name in of if name in found]


def page() -> str:
    """Return the page, with the words that its script says."""
    words = {
        "essay": _("Essay {word}, {n} of {all}"),
        "words": _("{n} words"),
        "left": _("{n} still to mark"),
        "allDone": _("All are marked."),
        "none": _("There is nothing to mark here."),
        "kept": _("Kept."),
        "marked": _("Marked."),
        "lost": _("Not kept: {why} It is tried again."),
        "noServer": _("the page has lost its program."),
        "needs": _("Without a level yet: {names}."),
        "comment": _("Comment on {criterion}, for the learner"),
        "gave": _("{marker} gave {level}"),
        "done": _("marked"),
    }
    return templates.render(
        "grading/afterwards/desk_page/desk.html",
        language=language.code(),
        words=json.dumps(words, ensure_ascii=False),
    )


class _Handler(tornado.web.RequestHandler):
    def initialize(self, desk: Desk, key: str) -> None:
        self.desk, self.key = desk, key

    def set_default_headers(self) -> None:
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        """Let in whoever has the key, from a page of this server."""
        name = self.request.host.rpartition(":")[0]
        given = self.get_cookie(COOKIE) or self.get_query_argument("key", "")
        origin = self.request.headers.get("Origin")
        own = origin in (None, f"http://{self.request.host}")
        fits = hmac.compare_digest(given.encode(errors="replace"), self.key.encode())
        if name not in (HOST, "localhost") or not own or not fits:
            raise tornado.web.HTTPError(403)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.finish({"error": self._reason})


class _Page(_Handler):
    def get(self) -> None:
        if self.get_query_argument("key", None):  # and out of the address bar, the history with it
            self.set_cookie(COOKIE, self.key, httponly=True, samesite="Strict")
            self.redirect("/")
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(page())


class _File(_Handler):
    def get(self, name: str) -> None:
        self.set_header("Content-Type", f"{TYPES[name]}; charset=utf-8")
        self.finish((PAGE / name).read_bytes())


class _Essays(_Handler):
    def get(self) -> None:
        self.finish(self.desk.shown())


class _Mark(_Handler):
    def post(self) -> None:
        if self.request.headers.get("Content-Type", "").partition(";")[0] != "application/json":
            raise tornado.web.HTTPError(415)
        try:
            sent = json.loads(self.request.body)
            word, rows, done = sent["word"], sent["marks"], sent.get("done") is True
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise tornado.web.HTTPError(400) from None
        try:
            self.finish({"marked": self.desk.keep(str(word), rows, done)})
        except (UserError, OSError) as error:
            self.set_status(409)
            self.finish({"error": str(error)})


def application(desk: Desk, key: str) -> tornado.web.Application:
    """Return the server's addresses, for whoever has the key."""
    about = {"desk": desk, "key": key}
    return tornado.web.Application(
        [
            (r"/", _Page, about),
            (r"/(desk\.js|desk\.css)", _File, about),
            (r"/essays", _Essays, about),
            (r"/mark", _Mark, about),
        ]
    )


def serve(course: CourseFolder, exercise: str, marker: str = "", moderates: bool = False) -> int:
    """Open the page and keep it until Ctrl-C.

    Raises
    ------
    UserError
        If there is nothing to mark.
    """
    desk = Desk(course, exercise, marker, moderates)
    if not desk.essays:
        raise UserError(f"There is no argument of {exercise} to mark.")
    key = secrets.token_urlsafe(24)

    async def run() -> None:
        sockets = tornado.netutil.bind_sockets(0, HOST)
        server = tornado.httpserver.HTTPServer(application(desk, key), max_buffer_size=MOST)
        server.add_sockets(sockets)
        address = f"http://{HOST}:{sockets[0].getsockname()[1]}/?key={key}"
        print(f"Mark here, and end with Ctrl-C: {address}", flush=True)
        webbrowser.open(address)
        await asyncio.Event().wait()

    try:
        asyncio.run(run())
    except KeyboardInterrupt:
        print("What you entered is kept.")
    return 0
