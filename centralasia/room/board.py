"""The teacher's side in a notebook: what to ask, when to close, and what the class said."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import anywidget
from traitlets import Dict, List, Unicode

from centralasia import style, tables
from centralasia.errors import UserError
from centralasia.files import write_whole
from centralasia.room import client

PAUSE = 1.0
"""Seconds between two looks at the room."""


class Board(anywidget.AnyWidget):
    """Ask the class a question and show the counts before and after the reveal; see `show`.

    All state is the room's: a board that is run again, in this kernel or in a new one, shows what
    the room holds.
    """

    _esm = (Path(__file__).parent / "board.js").read_text(encoding="utf-8")
    _css = (
        style.CSS
        + style.FORM_CSS
        + ".ca-code{font-size:2.4rem;letter-spacing:.15em}"
        + ".ca td.ca-number{white-space:nowrap}.ca button{margin:.15rem 0}"
    )

    items = List(Dict(), help="What can be asked: item, prompt, options").tag(sync=True)
    tally = Dict(help="What the room says").tag(sync=True)
    students = Unicode(help="The address that students open").tag(sync=True)
    status = Unicode(help="The line that is read out when it changes").tag(sync=True)

    def __init__(self, questions: list[dict]) -> None:
        super().__init__(items=[{k: q[k] for k in ("item", "prompt")} for q in questions])
        self._questions = {question["item"]: question for question in questions}
        self._watch: asyncio.Task | None = None
        self.on_msg(self._receive)
        self.refresh()
        self._begin()

    def refresh(self, content: dict | None = None) -> None:
        """Look at the room, or tell it something first."""
        try:
            tally = client.call(content)
            with self.hold_sync():
                self.students, self.tally, self.status = client.address()["students"], tally, ""
        except UserError as error:
            self.status = str(error)

    def ask(self, item: str) -> None:
        """Put one of the questions and open its first round."""
        self.refresh(self._questions[item])

    def turn(self, step: str) -> None:
        """Open a round (``before``, ``after``), ``close`` it, or ``reveal`` what is right."""
        self.refresh({"step": step})

    def save(self, file: str | Path = "room.json") -> Path:
        """Keep the counts of all questions so far in a new file; no answer of a single phone."""
        path = Path(file)
        if path.exists():
            raise UserError(f"{path} exists and is left as it is. Give another name.")
        past = [*self.tally.get("past", []), self.tally.get("result")]
        found = [result for result in past if result and any(result["before"] + result["after"])]
        write_whole(path, (json.dumps(found, indent=1, ensure_ascii=False) + "\n").encode())
        return path

    def _receive(self, _widget: object, content: dict, _buffers: object) -> None:
        if content.get("ask") in self._questions:
            self.ask(content["ask"])
        elif content.get("save"):
            try:
                self.status = f"Counts are kept in {self.save(str(content['save']))}."
            except (UserError, OSError) as error:
                self.status = str(error)
        elif isinstance(content.get("step"), str):
            self.turn(content["step"])

    def _begin(self) -> None:
        """Look again and again for as long as the kernel lives; without a loop, once is all."""
        try:
            self._watch = asyncio.get_running_loop().create_task(self._look())
        except RuntimeError:
            self._watch = None

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        while self.comm is not None:
            await asyncio.sleep(PAUSE)
            try:
                self.tally = await loop.run_in_executor(None, client.call)
            except UserError as error:
                self.status = str(error)

    def close(self) -> None:
        """Stop looking, and take the widget away."""
        if self._watch is not None:
            self._watch.cancel()
        super().close()


def questions(lesson: str) -> list[dict]:
    """Return the predictions and quiz questions of a lesson as a room takes them.

    Parameters
    ----------
    lesson : str
        Its number, for example ``"03"``.

    Raises
    ------
    UserError
        If the lesson has none.
    """
    items = tables.load("items").query("lesson == @lesson and kind in ['prediction', 'quiz']")
    if items.empty:
        raise UserError(f"Lesson {lesson!r} has nothing to ask. Lessons look like '03'.")
    options = tables.load("options").sort_values("position")
    found = []
    for row in items.sort_values(["kind", "item_id"]).itertuples():
        mine = options[options["item_id"] == row.item_id]
        right = [n for n, correct in enumerate(mine["correct"].fillna(False)) if correct]
        found.append(
            {
                "item": row.item_id,
                "prompt": row.prompt,
                "options": mine["text"].tolist(),
                "right": right[0] if right else None,
            }
        )
    return found


def show(lesson: str) -> Board:
    """Open the teacher's board on the room that runs on this machine.

    Parameters
    ----------
    lesson : str
        Whose predictions and quiz can be asked, for example ``"03"``.

    Returns
    -------
    Board

    Raises
    ------
    UserError
        If no room runs, or the lesson has nothing to ask.
    """
    client.address()
    return Board(questions(lesson))
