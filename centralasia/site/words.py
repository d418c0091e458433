"""What the pages and their scripts say, in the language that is asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from centralasia.language import _

_SAY = Path(__file__).with_name("say.js")


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them.

    Examples
    --------
    >>> listed(["Russia", "China", "the United States"])
    'Russia, China and the United States'
    """
    if len(names) < 2:
        return "".join(names)
    return _("{names} and {last}").format(names=", ".join(names[:-1]), last=names[-1])


def of_book() -> dict[str, str]:
    """Return what ``book.js``, ``live.js`` and ``search.js`` say."""
    return _starting() | {
        "save_chart": _("Save chart"),
        "nothing_found": _(
            "Nothing has “{words}”. Try fewer words, another spelling, or the glossary."
        ),
        "found": _("Places found: {n}"),
        "found_more": _("Places found: {n}. These are the first {shown}."),
        "live_folder": _(
            "Python does not run here, because this page was opened from a folder and browsers run "
            "it only from a server. Everything else on the page works."
        ),
        "live_old": _(
            "This browser is too old to run Python. Everything else on the page works in it."
        ),
        "live_away": _(
            "Python cannot be fetched. Check the network, and try again. Everything else on this "
            "page works."
        ),
        "live_other": _(
            "This page and its Python are of different releases. Reload the page to get the new "
            "one."
        ),
        "live_running": _("Python is running cell {n} of {all} …"),
        "live_now": _(
            "This page is live: open “Show the Python” above a result, change it, and run it."
        ),
        "live_stopped": _("Python was stopped. It starts again when you run a cell."),
        "live_stop": _("Stop"),
        "code": _("Python of this cell"),
        "run": _("Run"),
        "undo": _("As the course has it"),
        "cell_waits": _("Waits for Python …"),
        "cell_same": _("Done: the result is the same as before."),
        "cell_new": _("Done: the result is new."),
        "cell_quiet": _("Done. This cell shows nothing."),
        "cell_failed": _("This cell stopped with an error; what stands below is its last result."),
        "cell_where": _("Where it stopped"),
        "changed": _("You changed the Python of this page; “Make this page live” brings it back."),
        "table": _("Table"),
        "chart": _("A chart."),
    }


def _starting() -> dict[str, str]:
    return {
        "fetching": _("Fetching Python …"),
        "starting": _("Starting Python …"),
        "failed": _("Python did not start: {why} Reload the page to try again."),
    }


def of_edition() -> dict[str, str]:
    """Return what the scripts of the browser edition say."""
    return _starting() | {
        "ready": _("Python is ready."),
        "all_lessons": _("All lessons"),
        "download": _("Download my work"),
        "as_it_was": _("Lesson as it was"),
        "no_other": _("This file is your own; the course has no other version of it."),
        "bring_back": _(
            "Show this lesson again as the course has it? What you changed is kept beside it."
        ),
        "kept_as": _("Your version is kept as {name}"),
        "close": _("Close"),
        "open_new": _("open the new version"),
        "new_versions": _("New versions"),
        "beside": _(
            "These lessons are new. You changed yours, so it stays as it is; the new version is "
            "beside it."
        ),
        "nothing_here": _("There is nothing of yours in this browser yet."),
        "downloaded": _("Your work is in your folder for downloads."),
        "brought": _("Brought in: {names}"),
        "all_here": _("All of it was here already."),
        "delete": _(
            "Delete everything that you changed and answered in this browser? It cannot be undone."
        ),
        "deleted": _("Your work in this browser is deleted."),
        "no_archive": _("Choose an archive that this page made."),
    }


def script(words: Mapping[str, str]) -> str:
    """Return the script that gives a page its words; others call ``centralasiaSay``.

    Parameters
    ----------
    words : mapping of str
        By the names that the scripts use.
    """
    said = json.dumps(words, ensure_ascii=False, indent=1)
    return f"globalThis.CENTRALASIA_WORDS = {said};\n{_SAY.read_text('utf-8')}"
