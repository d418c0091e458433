"""Tables between people's spreadsheet programs and us: read as they write them, and written.

Excel writes what the country's settings say: commas or semicolons or tabs, a point or a comma in a
number, UTF-8 with or without a mark, UTF-16 as "Unicode text", and else the code page of Windows.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from centralasia.errors import UserError

DELIMITERS = ",;\t"
MOST = 20_000_000
"""Bytes of a table that is read; a class of ten thousand has fewer."""
_SEP = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_FORMULA = tuple("=+-@\t\r")
"""How a cell begins that a spreadsheet program takes for a formula."""
_WORD = re.compile(r"[^\W\d_]+")


def lines(path: Path) -> list[list[str]]:
    """Return the cells of a table, without blanks around them and without empty lines.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    list of list of str
        The headings first. Letters are composed (NFC), as a Mac's file names need not be.

    Raises
    ------
    UserError
        If it is a workbook, is empty, or is too large.
    OSError
        If there is no such file.
    """
    raw = path.read_bytes()
    if raw[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise UserError(f"{path} is a workbook. Save it as CSV and give that file.")
    if len(raw) > MOST:
        raise UserError(f"{path} has {len(raw) / 1e6:.0f} MB, which no table of a class has.")
    text = unicodedata.normalize("NFC", decoded(raw)).lstrip("\ufeff")
    named = _SEP.match(text)
    if named:  # a line by which a program tells Excel what separates the cells
        text, delimiter = text[named.end() :], named[1]
    else:
        head = next((line for line in text.splitlines() if line.strip()), "")
        delimiter = max(DELIMITERS, key=lambda mark: len(next(csv.reader([head], delimiter=mark))))
    try:
        read = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UserError(f"{path} is not a table in CSV: {error}.") from error
    found = [[cell.strip() for cell in line] for line in read]
    found = [line for line in found if any(line)]
    if not found:
        raise UserError(f"{path} is empty.")
    return found


def read(path: Path, columns: Sequence[str], others: bool = False) -> list[dict[str, str]]:
    """Return the rows of a table that must have certain columns.

    Parameters
    ----------
    path : pathlib.Path
    columns : sequence of str
        The headings that it must have, in any order.
    others : bool, default False
        Whether it may have others, which are left out.

    Returns
    -------
    list of dict
        Each with these columns. A row that is too short is filled up with empty cells.

    Raises
    ------
    UserError
        If a column is missing or one too many, or a row has more cells than the head.
    """
    head, *rows = lines(path)
    names = [name.casefold() for name in head]
    wanted = [column.casefold() for column in columns]
    if not set(wanted) <= set(names) or (not others and len(names) > len(wanted)):
        raise UserError(f"{path} needs the columns {', '.join(columns)}.")
    odd = next((row for row in rows if any(row[len(head) :])), None)
    if odd is not None:
        raise UserError(f"{path} has a row with {len(odd)} cells: {' '.join(odd)[:80]}.")
    places = {column: names.index(column.casefold()) for column in columns}
    return [_row(row, places) for row in rows if any(_row(row, places).values())]


def _row(row: Sequence[str], places: Mapping[str, int]) -> dict[str, str]:
    return {column: row[n] if n < len(row) else "" for column, n in places.items()}


def written(rows: Iterable[Iterable[object]]) -> str:
    r"""Return rows as CSV, the headings first.

    Examples
    --------
    >>> written([["learner", "points"], ["Aida, K.", 12]])
    'learner,points\n"Aida, K.",12\n'
    """
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()


def cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> cell("=1+1"), cell(2.50), plain(cell("=1+1"))
    ("'=1+1", '2.5', '=1+1')
    """
    if not isinstance(value, str):
        return f"{value:g}" if isinstance(value, float) else str(value)
    return f"'{value}" if value.startswith(_FORMULA) else value


def plain(text: str) -> str:
    """Return what a cell held before `cell` kept it from being a formula."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def number(text: str) -> float:
    """Return a number as a spreadsheet program writes it, with a point or a comma.

    Raises
    ------
    ValueError
        If it is none.

    Examples
    --------
    >>> number("2,5"), number("1 200"), number("80 %")
    (2.5, 1200.0, 80.0)
    """
    plain = "".join(text.split()).removesuffix("%").replace("−", "-")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    found = float(plain)
    if found != found or found in (float("inf"), float("-inf")):
        raise ValueError(f"{text!r} is no number")
    return found


def decoded(raw: bytes) -> str:
    """Return the text of a file, whatever a program of Windows, Linux or a Mac wrote it in.

    Examples
    --------
    >>> decoded("Гүлнара".encode("utf-16")), decoded("Сергей".encode("cp1251"))
    ('Гүлнара', 'Сергей')
    >>> decoded("Müller".encode("cp1252"))
    'Müller'
    """
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return of_one_byte(raw, "cp1251", "cp1252")


def of_one_byte(raw: bytes, cyrillic: str, latin: str) -> str:
    """Return a text in which each letter is one byte, in one of two code pages.

    No word mixes the two scripts: where the page with Cyrillic letters makes one that does, it is
    the other page.

    Parameters
    ----------
    raw : bytes
    cyrillic, latin : str
        The names of the code pages.
    """
    text = raw.decode(cyrillic, errors="replace")
    words = _WORD.findall(text)
    scripts = [{unicodedata.name(c, "")[:5] for c in word} & {"CYRIL", "LATIN"} for word in words]
    other = any(len(scripts_of) == 2 for scripts_of in scripts) or "\ufffd" in text
    if other or not any("CYRIL" in scripts_of for scripts_of in scripts):
        return raw.decode(latin, errors="replace")
    return text
