"""A notebook as a page of the book: its text, its stored outputs, and no kernel."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bs4 import BeautifulSoup, Tag

from centralasia import bibliography, course, templates
from centralasia.kit import stored
from centralasia.language import _
from centralasia.pictures import VEGA
from centralasia.roleplay import data, games
from centralasia.room import questions as in_room
from centralasia.site import sources
from centralasia.site.book import links, units
from centralasia.widgets import questions

_OF_NOTEBOOKS = re.compile(r'<div class="notebook-only">.*?</div>', re.DOTALL)
"""What tells how cells are run is no matter of a reader's."""
_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?")
_NUMBER = re.compile(r"[-+−]?[\d,. ]*%?")
_LONG = 40
"""With more letters a cell gets room, so that it does not grow ten lines high on a phone."""


def lesson(notebook: dict[str, Any], name: str, pages: Mapping[str, str]) -> dict[str, Any]:
    """Return a lesson as the book shows it.

    Under its title one starts Python and sees its parts; between these one can stop. Its end says
    what is open in it, and what comes next. Parameters and errors are those of `page`.
    """
    made = page(notebook, name, pages)
    number = course.lesson(name).number
    found = units.units(notebook)
    made["cells"] = list(_with_parts(made["cells"], found[1:], _boards(number)))
    first = made["cells"][0]
    title, _line, rest = first["source"].partition("\n")
    made["cells"][:1] = [
        first | {"source": title, "id": "heading"},
        _live(name),
        _html_cell("units", _part("units", number, found)),
        *_comes_back(number),
        first | {"source": rest},
    ]
    made["cells"].append(_html_cell("way", _part("way", number)))
    return made


def _comes_back(number: str) -> list[dict[str, Any]]:
    """Return the cell that asks again what a learner got wrong, if anything can come back yet."""
    asked = questions.review(number)
    return [_html_cell("review", question("review", "", asked))] if asked["items"] else []


def _boards(number: str) -> list[dict[str, Any]]:
    """Return the boards of the role-plays that go with a lesson."""
    played = [game.name for game in games.every().values() if game.lesson == number]
    return [
        _html_cell(f"play-{name.lower()}", _part("play", data.briefs(name), _board(name)))
        for name in played
    ]


def _board(name: games.Name) -> str:
    return _as_json({"game": data.game(name), "words": data.words()})


def _with_parts(
    cells: Iterable[dict[str, Any]],
    later: Iterable[units.Unit],
    boards: Iterable[dict[str, Any]],
) -> Iterator[dict[str, Any]]:
    """Yield the cells of a page, with a stop before each unit but the first.

    The boards of role-plays come after what there is to discuss.
    """
    begins = {unit.place: unit for unit in later}
    for cell in cells:
        if cell["cell_type"] != "markdown":
            yield cell
            continue
        for n, text in enumerate(units.pieces(cell["source"])):
            if unit := begins.get((cell["id"], n)):
                yield _html_cell(f"stop-{unit.number}", _part("stop", unit))
            yield cell | {"source": text, "id": cell["id"] if n == 0 else f"{cell['id']}-{n}"}
            if text.startswith("## Discuss"):
                yield from boards


def page(notebook: dict[str, Any], name: str, pages: Mapping[str, str]) -> dict[str, Any]:
    """Return a notebook as a page of the book.

    Parameters
    ----------
    notebook : dict
        The pristine notebook.
    name : str
        Its path in the course, such as ``notebooks/03-russia-3-return.ipynb``.
    pages : mapping of str
        Pages of the book by notebook name, such as ``{"03-x": "lessons/03-x"}``.

    Raises
    ------
    links.LeadsNowhere
        If a link leads to nothing that the course knows.
    """
    made = copy.deepcopy(notebook)
    outputs = [output for cell in made["cells"] for output in cell.get("outputs", [])]
    html = {id(output): _parsed(output) for output in outputs}
    here = {str(tag["id"]) for soup in html.values() for tag in soup.select("[id]")}
    charts = 0
    for cell in made["cells"]:
        cell["source"] = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            text = _OF_NOTEBOOKS.sub("", cell["source"])
            cell["source"] = links.in_text(text, here, pages)
            cell["metadata"] = {}
            continue
        serves = cell["metadata"].get("jupyter", {}).get("source_hidden", False)
        cell["metadata"] = {"tags": ["hide-input", *(["serves"] if serves else [])]}
        for output in cell["outputs"]:
            if VEGA in output.get("data", {}):
                charts += 1
                output["data"] = {"text/html": chart(output, charts)}
                output["metadata"] = {}
            elif soup := html[id(output)]:
                links.in_html(soup, here, pages)
                reference = output.get("data", {}).get(questions.MIME)
                asked = _asked(reference, soup) if reference else _plain(soup)
                output["data"] = {"text/html": asked}
    made["cells"].insert(1, _doors(name))
    return made


def exercise(notebook: dict[str, Any], name: str, pages: Mapping[str, str]) -> dict[str, Any]:
    """Return an exercise as the book shows it: the questions, and a way to where one answers."""
    made = page(notebook, name, pages)
    for cell in made["cells"]:
        if cell["cell_type"] == "code":
            cell["metadata"] = {}
    return made


def _parsed(output: dict[str, Any]) -> BeautifulSoup:
    return BeautifulSoup("".join(output.get("data", {}).get("text/html", "")), "html.parser")


def chart(output: Mapping[str, Any], number: int) -> str:
    """Return a stored chart as a page shows it, by its number there."""
    spec = output["data"][VEGA]
    options = output["metadata"].get(VEGA, {}).get("embed_options", {})
    drawn = json.dumps({"spec": spec, "options": options}, ensure_ascii=False, sort_keys=True)
    about = spec.get("description", _("A chart."))
    return _part("chart", number, about, drawn.replace("</", "<\\/"))


def _asked(reference: questions.Reference, soup: BeautifulSoup) -> str:
    """Return a question with what `forms.js` needs to ask it; it reads without scripts."""
    for sheet in soup.select("style, .ca-run"):
        sheet.decompose()
    asks = reference["asks"]
    # The record knows all lessons, which the script has once for all pages.
    asked = reference if asks == "record" else questions.question(reference)
    name = {"prediction": reference.get("item"), "quiz": "quiz"}.get(asks, "")
    # By these a link finds a claim until the form is there, which then finds it itself.
    places = "".join(f'<span id="ask-{claim}"></span>' for claim in reference.get("claims") or ())
    return question(name, places + str(soup), asked)


def question(name: str | None, html: str, asked: Mapping[str, Any]) -> str:
    """Return a place for a form: what stands there without scripts, and the question as data.

    Parameters
    ----------
    name : str or None
        By which links find it; none if there may be several on a page.
    html : str
    asked : mapping
        From `questions.question`.
    """
    return _part("question", name or "", html, _as_json(asked))


def _as_json(asked: Mapping[str, Any]) -> str:
    """Return data as they stand in a page, where nothing in them ends their element."""
    return json.dumps(asked, ensure_ascii=False, sort_keys=True).replace("</", "<\\/")


def _plain(soup: BeautifulSoup) -> str:
    """Return an output without the sheet that the book has once for all pages."""
    for sheet in soup.find_all("style"):
        sheet.decompose()
    frames = soup.select("table.dataframe")
    for frame in frames:
        del frame["border"]
        _say(frame)
    if frames:
        framed = BeautifulSoup(_part("table"), "html.parser")
        assert framed.div is not None
        framed.div.extend(list(soup.contents))
        return str(framed)
    return str(soup)


def _say(frame: Tag) -> None:
    """Put names for codes into a table, and dates as one says them; texts begin at the left."""
    in_word = stored.namer()
    heads = frame.select("thead tr")
    if len(heads) == 2:  # pandas gives the names of the rows' labels a line of their own
        _join(*(head.find_all("th") for head in heads))
    for cell in frame.find_all(["th", "td"]):
        text = cell.get_text().strip()
        said = bibliography.spoken_date(text) if _DATE.fullmatch(text) else in_word(text)
        if cell.find_parent("thead"):
            said = said[:1].upper() + said[1:]
        cell.string = said
        if not _NUMBER.fullmatch(text):
            cell["class"] = "ca-long" if len(said) > _LONG else "ca-text"


def _join(above: list[Tag], below: list[Tag]) -> None:
    """Let the names of the labels stand in the line of the columns, where there is room."""
    labels = [cell for cell in below if cell.get_text().strip()]
    places = above[: len(labels)]
    if below[: len(labels)] == labels and not any(cell.get_text().strip() for cell in places):
        for place, label in zip(places, labels, strict=True):
            place.string = label.get_text()
        assert below[0].parent is not None
        below[0].parent.decompose()


def open_in_browser(name: str, up: str = "../") -> str:
    """Return the address of a notebook, or of a cell as in ``x.ipynb#cell``, in the edition."""
    path, _hash, cell = name.partition("#")
    place = f"#{quote(cell)}" if cell else ""
    return f"{up}{links.LITE}notebooks/index.html?path={quote(path)}{place}"


def _doors(name: str) -> dict[str, Any]:
    """Return the cell that leads to the living notebook."""
    file = f"../{links.LITE}files/{name}"
    number = name.removeprefix("notebooks/")[:2]
    answer = number if number in in_room.lessons() else ""
    form = f"../forms/{Path(name).stem}.html" if name.startswith("exercises/") else ""
    doors = _part("doors", open_in_browser(name), file, Path(name).name, answer, form)
    return _html_cell("doors", doors)


def _live(name: str) -> dict[str, Any]:
    """Return the cell that makes the page live."""
    files = (f"../{links.LITE}files/{name}", f"../{links.LITE}python/live.js")
    return _html_cell("live", _part("live", *files, sources.PYTHON_MEGABYTES))


def _html_cell(name: str, html: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": html}


def _part(name: str, *values: object) -> str:
    parts = templates.environment("site/book/pages").get_template("parts.html").module
    return str(getattr(parts, name)(*values))
