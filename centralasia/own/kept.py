"""Whose table a lesson shows: a file beside it, what the form kept, or the course's example."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from centralasia import progress
from centralasia.language import _
from centralasia.own.sheets import SHEETS, Read, check, read

EXAMPLE = Path(__file__).with_name("example")
"""Ten claims of a report of 2022, with codes of a partner that are made up, and forecasts."""


def mine(key: str = "claims", folder: str | Path = ".") -> Read:
    """Return the learner's table; the course's example for who has no table at all yet.

    Parameters
    ----------
    key : {"claims", "codes", "forecasts"}
    folder : str or pathlib.Path
        Where the file may lie; it goes before what the form kept.

    Returns
    -------
    Read
        Its ``origin`` says in words which of the three it is. It is empty where a learner has
        another of the tables and not yet this one.

    Raises
    ------
    UserError
        If the file is no table.
    """
    found = _of_learner(key, folder)
    if found:
        return found
    if any(_of_learner(other, folder) for other in SHEETS):
        return replace(check([], key), origin=_("nothing yet"))
    example = read(EXAMPLE / SHEETS[key].file, key)
    return replace(example, origin=_("the course's example"))


def _of_learner(key: str, folder: str | Path) -> Read | None:
    file = Path(folder) / SHEETS[key].file
    if file.is_file():
        return replace(read(file, key), origin=_("your file {name}").format(name=file.name))
    by_form = kept(key)
    return replace(by_form, origin=_("what you filled in")) if len(by_form.rows) else None


def kept(key: str = "claims") -> Read:
    """Return the table that a learner filled in by the form, from the progress file.

    Parameters
    ----------
    key : {"claims", "codes", "forecasts"}

    Returns
    -------
    Read
        As `centralasia.own.read` gives it for a file. A row in which nothing stands is left out.
    """
    rows: dict[int, dict[str, str]] = {}
    for line in progress.lines():
        place = str(line["item"]).split("/")
        if line["kind"] == "cell" and len(place) == 3 and place[0] == key and place[1].isdecimal():
            rows.setdefault(int(place[1]), {})[place[2]] = line["answer"].strip()
    sheet = SHEETS[key]
    blank = dict.fromkeys(sheet.names, "")
    return check(
        [
            blank | {"id": f"{sheet.letter}{n}"} | cells
            for n, cells in sorted(rows.items())
            if any(cells.values())
        ],
        key,
    )
