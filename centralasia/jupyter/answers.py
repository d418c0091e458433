"""The kernel's end of the forms: what a page asks is answered whether or not a cell was run.

A page opens one comm and asks each of its questions by the reference that the stored output has.
What arrives and what goes back is the same as between a widget and its page (`widgets.base.take`),
with all answers so far beside it. In a browser the page keeps the answers, and Python is told.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import comm

from centralasia import jupyter

if TYPE_CHECKING:
    from comm.base_comm import BaseComm

TARGET = "centralasia.answers"


def listen(folder: Path) -> None:
    """Answer every page that opens a comm to `TARGET`.

    Parameters
    ----------
    folder : pathlib.Path
        Where the kernel was started: that of its notebook, which the page knows by name.
    """

    def opened(line: BaseComm, message: dict[str, Any]) -> None:
        name = message["content"]["data"].get("notebook")
        if isinstance(name, str) and name:
            os.environ[jupyter.SESSION] = str(folder / PurePosixPath(name).name)
        line.on_msg(lambda message: _heard(line, message["content"]["data"]))

    comm.get_comm_manager().register_target(TARGET, opened)


def _heard(line: BaseComm, content: dict[str, Any]) -> None:
    if (answer := reply(content)) is not None:
        line.send(answer)


def reply(content: dict[str, Any]) -> dict[str, Any] | None:
    """Return what a page is told.

    Parameters
    ----------
    content : dict
        ``question`` with a `widgets.questions.Reference`, or what `widgets.base.take` knows; in a
        browser also ``answers``, the whole file of answers, to which nothing is replied. Or
        ``hand_in`` with a notebook's text and ``path`` with its name; see `handing_in.look`.

    Returns
    -------
    dict or None
        The reply under the same number, with ``lines``, all answers so far; for a question that
        this release does not have, ``question`` is None. None for what no page of ours sends.
    """
    # What these import takes a second, which a kernel that shows no form need not wait.
    from centralasia import progress
    from centralasia.widgets import base, questions

    if "answers" in content and sys.platform == "emscripten":
        progress.path().write_text(content["answers"], "utf-8")
        return None
    if "hand_in" in content:
        from centralasia.jupyter import handing_in

        told = handing_in.look(content["hand_in"], content["path"], mend=bool(content.get("mend")))
        return {"number": content.get("number"), "handed": told, "lines": progress.lines()}
    if "question" not in content:
        taken = base.take(content)
        return None if taken is None else taken | {"lines": progress.lines()}
    try:
        asked = questions.question(content["question"])
    except (KeyError, TypeError):
        asked = None
    return {"number": content.get("number"), "question": asked, "lines": progress.lines()}
