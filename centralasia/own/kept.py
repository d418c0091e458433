"""What the form of lesson 15 keeps: a line of the progress file for each cell."""

from __future__ import annotations

from centralasia import progress
from centralasia.own.sheets import SHEETS, Read, check


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
