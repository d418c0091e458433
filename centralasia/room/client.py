"""How the teacher's notebook speaks to a room that runs on the same machine."""

from __future__ import annotations

import json
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from centralasia.errors import UserError
from centralasia.room.server import address_file

_direct = build_opener(ProxyHandler({}))  # the room is on this machine, whatever the proxy says


def address() -> dict:
    """Return the addresses, code and key of the room that runs on this machine.

    Raises
    ------
    UserError
        If none runs.
    """
    try:
        return json.loads(address_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError("No room is open. In a terminal, run: centralasia room") from None


def call(content: dict | None = None) -> dict:
    """Ask the room for its tally, or tell it what to do first.

    Parameters
    ----------
    content : dict, optional
        ``{"step": "before" | "after" | "close" | "reveal"}``, or a question with ``item``,
        ``prompt``, ``options`` and ``right``.

    Returns
    -------
    dict
        The tally after it; see `state.Room.tally`.

    Raises
    ------
    UserError
        If no room answers, or it refuses.
    """
    about = address()
    request = Request(
        about["teacher"],
        data=None if content is None else json.dumps(content).encode(),
        headers={"Authorization": f"Bearer {about['key']}", "Content-Type": "application/json"},
    )
    try:
        with _direct.open(request, timeout=5) as reply:
            return json.load(reply)
    except HTTPError as error:
        raise UserError(json.load(error)["error"]) from None
    except (URLError, TimeoutError):
        raise UserError("The room does not answer. In a terminal, run: centralasia room") from None
