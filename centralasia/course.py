"""What the course consists of: its lessons in order, the powers, the states, the texts on trial.

The only reader of ``data/lessons.csv``, ``data/powers.csv`` and ``data/texts.csv``. Whoever needs
a list of lessons, powers, states, stages or prefixes asks here, and an unknown one is refused
here, with the file in which it would have to stand. Needs the standard library alone, so that the
command line can name a lesson at once.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Literal, TypeVar, get_args

from centralasia.errors import UnknownValue, UserError
from centralasia.language import _
from centralasia.paths import data_dir, notebooks_dir

Kind = Literal["frame", "stage", "comparison", "outlook", "extra"]
"""What a lesson does: an ``extra`` is about a power of its own and stands outside the plans."""

DIMENSIONS = ("institutional", "security", "economic")
"""What an event is about, and a claim on the grid; the tables list the same words."""

_T = TypeVar("_T")


class Unknown(UserError, KeyError):
    """No lesson, power or text of that name; the message names near ones and the file to edit."""

    __str__ = Exception.__str__  # KeyError would print the message in quotes


@dataclass(frozen=True)
class Text:
    """A source whose claims are put on trial."""

    key: str
    title: str
    in_sentence: str
    """How a sentence names it: ``"the essay"``."""
    author: str
    date: str
    """A day, a month or a year."""


@dataclass(frozen=True)
class Power:
    """Whose dealings with the five a claim or an event is about."""

    key: str
    """As the tables name it: ``"united_states"``."""
    area: str
    """ISO 3166 alpha-3 code; empty where claims about several powers are meant."""
    name: str
    in_sentence: str
    prefix: str
    """How the ids of its claims begin: ``"US"``."""
    color: str
    shape: str
    dash: tuple[int, ...]
    sign: str
    """Its symbol in a text: ``"▲"``."""
    ranked: bool
    """Whether it is one of those that the comparison ranks."""


@dataclass(frozen=True)
class Lesson:
    """A lesson, as the list of lessons has it."""

    number: str
    slug: str
    part: int
    text: str
    power: str
    """Key of a power; empty for several."""
    stage: str
    start: str
    """First day, month or year of the stage or period; empty for none."""
    end: str
    """The last; empty where the stage is open."""
    kind: Kind
    map_year: int
    exercise: bool

    @property
    def name(self) -> str:
        """The name of its files: ``"03-russia-3-return"``."""
        return f"{self.number}-{self.slug}"

    @property
    def file(self) -> Path:
        """Its pristine notebook."""
        return notebooks_dir() / f"{self.name}.ipynb"

    @property
    def years(self) -> str:
        """Its period: ``"1996–2001"``, ``"since 2001"``, or nothing."""
        if not self.start:
            return ""
        if not self.end:
            return _("since {year}").format(year=self.start[:4])
        return f"{self.start[:4]}–{self.end[:4]}"


def title() -> str:
    """Return the name of the course."""
    return _("Great Powers in Central Asia")


def lessons(text: str | None = None) -> tuple[Lesson, ...]:
    """Return the lessons in order, all of them or those that test one text.

    Raises
    ------
    centralasia.errors.UnknownValue
        If a lesson names a power, a text or a kind that there is not.

    Examples
    --------
    >>> [lesson.number for lesson in lessons()][:3]
    ['00', '01', '02']
    """
    keys = tuple(_powers(*_file("powers"))), tuple(_texts(*_file("texts")))
    known = _lessons(*_file("lessons"), *keys)
    return known if text is None else tuple(lesson for lesson in known if lesson.text == text)


def planned(part: int = 1) -> tuple[Lesson, ...]:
    """Return the lessons that every plan of a part of the course holds: all but the extras.

    Examples
    --------
    >>> planned()[-1].name
    '11-forecasts'
    """
    return tuple(known for known in proper() if known.part == part)


def proper() -> tuple[Lesson, ...]:
    """Return the lessons of the course proper, of all its parts: all but the extras."""
    return tuple(known for known in lessons() if known.kind != "extra")


def lesson(typed: str | Path) -> Lesson:
    """Return the lesson that somebody means.

    Parameters
    ----------
    typed : str or pathlib.Path
        A number (``"3"``, ``"03"``), a name, a slug, a file's name, or a path that ends in one.

    Raises
    ------
    Unknown
        The message names the near ones.

    Examples
    --------
    >>> lesson("3").name, lesson("exercises/03-russia-3-return").number, lesson("comparison").number
    ('03-russia-3-return', '03', '09')
    """
    wanted = PurePosixPath(str(typed).strip().replace("\\", "/")).name.removesuffix(".ipynb")
    for known in lessons():
        if wanted and (wanted.zfill(2) == known.number or wanted in (known.name, known.slug)):
            return known
    names = [word for known in lessons() for word in (known.name, known.slug)]
    near = list(dict.fromkeys(lesson(word).name for word in _near(wanted, names)))
    numbers = [known.number for known in lessons()]
    raise Unknown(
        f"There is no lesson {str(typed)!r}.{_did_you_mean(near)} "
        f"Lessons go from {numbers[0]} to {numbers[-1]}; they are listed in data/lessons.csv."
    )


def after(number: str) -> Lesson | None:
    """Return the lesson of the plans that comes after one, or None after the last of its part.

    Examples
    --------
    >>> after("03").number, after("11")
    ('04', None)
    """
    here = lesson(number)
    return next((known for known in planned(here.part) if known.number > here.number), None)


def before(number: str, n: int) -> Lesson | None:
    """Return the lesson that many places before one, or None if there are not so many.

    Examples
    --------
    >>> before("03", 2).number, before("01", 2)
    ('01', None)
    """
    known = lessons()
    place = known.index(lesson(number)) - n
    return known[place] if place >= 0 else None


def stages() -> tuple[Lesson, ...]:
    """Return the lessons that are about one stage of one power, in order."""
    return tuple(known for known in lessons() if known.kind == "stage")


def powers(text: str | None = None) -> tuple[Power, ...]:
    """Return the powers in order, all of them or those that a text has lessons about.

    Examples
    --------
    >>> [power.area for power in powers()]
    ['RUS', 'CHN', 'USA']
    """
    every = tuple(power for power in subjects() if power.area)
    if text is None:
        return every
    told = {lesson.power for lesson in lessons(text)}
    return tuple(power for power in every if power.key in told)


def ranked() -> tuple[Power, ...]:
    """Return the powers that the comparison ranks, in order."""
    return tuple(power for power in powers() if power.ranked)


def subjects() -> tuple[Power, ...]:
    """Return all that a claim can be about: the powers, and several of them together."""
    return tuple(_powers(*_file("powers")).values())


def states() -> dict[str, str]:
    """Return the names of the states that the course is about, by their codes.

    Examples
    --------
    >>> list(states())
    ['KAZ', 'KGZ', 'TJK', 'TKM', 'UZB']
    """
    return dict(_states(*_file("countries")))


def power(key: str) -> Power:
    """Return a power by its key or its code.

    Raises
    ------
    Unknown

    Examples
    --------
    >>> power("united_states").area, power("USA").in_sentence
    ('USA', 'the United States')
    """
    known = {name: one for one in subjects() for name in (one.key, one.area) if name}
    return _get(known, key, "powers")


def text(key: str) -> Text:
    """Return a text by its key.

    Raises
    ------
    Unknown

    Examples
    --------
    >>> text("essay").in_sentence
    'the essay'
    """
    return _get(_texts(*_file("texts")), key, "texts")


def texts() -> tuple[Text, ...]:
    """Return the texts on trial, in order."""
    return tuple(_texts(*_file("texts")).values())


def no_row(table: str, key: str, known: Iterable[str]) -> str:
    """Return the words for a key that a table of the course does not have, with near ones.

    Examples
    --------
    >>> no_row("powers", "chnia", ["russia", "china"])
    "there is no power 'chnia'. Did you mean 'china'? A new one needs a row in data/powers.csv."
    """
    what, near = table.removesuffix("s"), _did_you_mean(_near(key, known))
    return f"there is no {what} {key!r}.{near} A new one needs a row in data/{table}.csv."


def _get(known: Mapping[str, _T], key: str, table: str) -> _T:
    if key in known:
        return known[key]
    words = no_row(table, str(key), known)
    raise Unknown(words[0].upper() + words[1:])


def _near(word: str, known: Iterable[str]) -> list[str]:
    return get_close_matches(word.lower(), list(known), n=3, cutoff=0.5) if word else []


def _did_you_mean(near: Iterable[str]) -> str:
    words = " or ".join(map(repr, near))
    return f" Did you mean {words}?" if words else ""


@lru_cache(maxsize=4)
def _lessons(
    path: Path, written: int, powers: tuple[str, ...], texts: tuple[str, ...]
) -> tuple[Lesson, ...]:
    """Return the lessons of a table, none of which names what the other two tables lack."""
    rows = _rows(path)
    for line, row in enumerate(rows, start=2):
        for table, column, known in (
            ("powers", "power", ("", *powers)),
            ("texts", "text", texts),
        ):
            if row[column] not in known:
                words = no_row(table, row[column], known)
                raise UnknownValue(f"{path.name}, line {line}, column '{column}': {words}")
    return tuple(
        Lesson(
            number=row["lesson"],
            slug=row["slug"],
            part=int(row["part"]),
            text=row["text"],
            power=row["power"],
            stage=row["stage"],
            start=row["start"],
            end=row["end"],
            kind=_kind(row),
            map_year=int(row["map_year"]),
            exercise=row["exercise"] == "true",
        )
        for row in rows
    )


def _kind(row: Mapping[str, str]) -> Kind:
    kind: Kind
    for kind in get_args(Kind):
        if row["kind"] == kind:
            return kind
    kinds = ", ".join(get_args(Kind))
    raise UnknownValue(
        f"lessons.csv, lesson {row['lesson']}: the kind {row['kind']!r} is none of {kinds}."
    )


@lru_cache(maxsize=4)
def _powers(path: Path, written: int) -> dict[str, Power]:
    return {
        row["power"]: Power(
            key=row["power"],
            area=row["area"],
            name=row["name"],
            in_sentence=row["in_sentence"],
            prefix=row["prefix"],
            color=row["color"],
            shape=row["shape"],
            dash=tuple(map(int, row["dash"].split())),
            sign=row["sign"],
            ranked=row["ranked"] == "true",
        )
        for row in sorted(_rows(path), key=lambda row: int(row["position"]))
    }


@lru_cache(maxsize=4)
def _texts(path: Path, written: int) -> dict[str, Text]:
    return {
        row["text"]: Text(row["text"], row["title"], row["in_sentence"], row["author"], row["date"])
        for row in _rows(path)
    }


@lru_cache(maxsize=4)
def _states(path: Path, written: int) -> dict[str, str]:
    return {row["country"]: row["name"] for row in _rows(path) if row["role"] == "state"}


def _file(table: str) -> tuple[Path, int]:
    """Return a table's file and when it was last written, so that a changed file is read anew."""
    path = data_dir() / f"{table}.csv"
    try:
        return path, path.stat().st_mtime_ns
    except OSError as error:
        raise _unreadable(path, error) from error


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> UserError:
    return UserError(
        f"{path} cannot be read ({error.strerror}). Run 'centralasia doctor', or take a fresh "
        "copy of the course."
    )
