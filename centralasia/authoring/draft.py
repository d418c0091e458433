"""The skeleton of a lesson: filled in where it can be, and marked where a person has to write.

What is right for every lesson is written out, what can be worked out is filled in, and all else
carries `MARK`, which the tests refuse. The skeletons are templates in ``centralasia/skeleton``.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup
from nbformat import NotebookNode

from centralasia import course, notebooks, templates
from centralasia.authoring import rows
from centralasia.charts import sight
from centralasia.columns import MARK
from centralasia.course import Lesson
from centralasia.errors import UserError
from centralasia.files import write_whole
from centralasia.paths import course_root

READY = ("setup", "predictions", "claim-cards", "quiz", "references")
"""Cells that need no more than the number and the name of their lesson."""
KINDS = {"prediction": 3, "quiz": 5}
"""How many items of each kind a lesson has rows for."""
LOOKS = (
    ("diamond", "◆", "8 2 2 2"),
    ("cross", "✚", "4 4"),
    ("triangle-down", "▼", "10 4"),
    ("triangle-right", "▶", "1 3"),
    ("triangle-left", "◀", "12 3 3 3"),
)
"""Symbols in charts and texts, with lines, for powers that have none yet."""
SKELETON = "skeleton"


def new(
    name: str,
    *,
    power: str,
    source: Lesson,
    text: str | None = None,
    area: str | None = None,
    exercise: bool = False,
    instructor: bool = False,
) -> list[Path]:
    """Write the skeleton of a lesson, which is an ``extra`` until its row says otherwise.

    Of an extra that has its rows but has lost its notebook or its exercise, what is lost is made
    again, and no table changes.

    Parameters
    ----------
    name : str
        Number and slug: ``"12-turkey"``.
    power : str
        Key of the power that it is about; a new one gets a row.
    source : Lesson
        The lesson from which it takes sections, imports, ids of cells and metadata.
    text : str, optional
        Key of the text that it tests; the slug if left out. A new one gets a row.
    area : str, optional
        ISO 3166 alpha-3 code of a new power; looked up by its key if left out.
    exercise : bool
        Whether it has an exercise, and with it cells for the instructor.
    instructor : bool
        Whether it has cells for the instructor without an exercise, too.

    Returns
    -------
    list of pathlib.Path
        All files that were made or that have new rows.

    Raises
    ------
    UserError
        If a name is not well formed, the number is not the next one, or something that would be
        written exists. Nothing is written then.
    """
    there = next((known for known in course.lessons() if known.name == name), None)
    if there and there.kind == "extra":
        files = _lost(there, power, source, text, exercise, instructor=instructor)
    else:
        values = _values(name, power, source, text, area, exercise)
        values["lesson"]["instructor"] |= instructor
        files = _made(values, source)
    for file, content in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, content.encode())
    return list(files)


def _made(values: Mapping[str, Any], source: Lesson) -> dict[Path, str]:
    """Return all files of a new lesson with their content, tables included."""
    files = content(values, source)
    for file in files:
        if file.exists():
            raise UserError(
                f"{file} exists and is left as it is, though no lesson of that name is in "
                "data/lessons.csv. Move it away, or give the lesson another name."
            )
    for table, added in row_sets(values):
        if added:
            files[table.file] = table.with_rows(added).text
    return files


def _lost(
    lesson: Lesson,
    power: str,
    source: Lesson,
    text: str | None,
    exercise: bool,
    *,
    instructor: bool,
) -> dict[Path, str]:
    """Return the files that a lesson should have and has not, with their content."""
    for given, has, option in (
        (power, lesson.power, "power"),
        (text or lesson.text, lesson.text, "text"),
    ):
        if given != has:
            raise UserError(
                f"{lesson.name} exists, and data/lessons.csv gives its {option} as {has!r}: say "
                f"--{option} {has}, or 'centralasia notebooks drop {lesson.name}' first."
            )
    if exercise and not lesson.exercise:
        raise UserError(
            f"{lesson.name} exists, without an exercise. Write true into its column exercise in "
            "data/lessons.csv, and give the command again."
        )
    values = values_of(lesson, source, instructor=instructor)
    values["power"] = course.power(lesson.power)
    wanted = content(values, source)
    files = {file: text for file, text in wanted.items() if not file.exists()}
    if not files:
        raise UserError(
            f"{lesson.name} exists, and nothing of it is missing. The next number is "
            f"{_following()}; 'centralasia notebooks drop {lesson.name}' takes it back."
        )
    return files


def content(values: Mapping[str, Any], source: Lesson) -> dict[Path, str]:
    """Return the notebook of a lesson, and the files of its exercise if it has one."""
    root, lesson = course_root(), values["lesson"]
    files = {root / "notebooks" / f"{lesson['name']}.ipynb": _lesson(source, values)}
    if lesson["exercise"]:
        folder = root / "solutions" / lesson["name"]
        files |= {folder / file: content for file, content in _exercise(values)}
    return files


def values_of(lesson: Lesson, source: Lesson, *, instructor: bool = False) -> dict[str, Any]:
    """Return what the templates fill in for a lesson that has its rows: what its draft held."""
    alone = lesson.power in own_keys(lesson)["powers"]
    values = {
        **_described(lesson.number, lesson.slug, source, lesson.text, lesson.exercise),
        "new_text": lesson.text in own_keys(lesson)["texts"],
        **(
            _new_power(lesson.power, course.power(lesson.power).area, lesson)
            if alone
            else _known_power(course.power(lesson.power), lesson)
        ),
    }
    values["lesson"]["instructor"] |= instructor
    return values


def own_keys(lesson: Lesson) -> dict[str, set[str]]:
    """Return the keys that are the lesson's alone, by table: its number, its power, its text."""
    claims = [row for row, _ in table("claims").rows if row["lesson"] != lesson.number]
    others = [known for known in course.lessons() if known != lesson]
    powers = {known.power for known in others} | {row["power"] for row in claims}
    powers |= {power.key for power in course.subjects() if power.ranked or not power.area}
    texts = {known.text for known in others} | {row["text"] for row in claims}
    return {
        "lessons": {lesson.number},
        "powers": {lesson.power} - powers - {""},
        "texts": {lesson.text} - texts,
    }


def _values(
    name: str, power: str, source: Lesson, text: str | None, area: str | None, exercise: bool
) -> dict[str, Any]:
    """Return what the templates fill in, after looking whether it can be."""
    number, slug = _number_and_slug(name)
    text = text or slug.replace("-", "_")
    for key, what, letters in ((power, "power", "[a-z_]+"), (text, "text", "[a-z0-9_]+")):
        if not re.fullmatch(letters, key):
            raise UserError(f"{key!r} is no key of a {what}: use small letters joined by _.")
    known = {one.key: one for one in course.subjects()}
    about = _known_power(known[power]) if power in known else _new_power(power, area)
    return {**_described(number, slug, source, text, exercise), **about}


def _described(number: str, slug: str, source: Lesson, text: str, exercise: bool) -> dict[str, Any]:
    """Return what the templates need to know of a lesson and of its text."""
    known = {one.key: one for one in course.texts()}
    called = known[text].in_sentence if text in known else MARK
    return {
        "mark": MARK,
        "lesson": {
            "number": number,
            "slug": slug,
            "name": f"{number}-{slug}",
            "exercise": exercise,
            "instructor": exercise,
        },
        "source": source,
        "kinds": KINDS,
        "text": text,
        "new_text": text not in known,
        "text_in_sentence": MARK if MARK in called else called,
    }


def _following() -> str:
    return f"{len(course.lessons()):02}"


def _number_and_slug(name: str) -> tuple[str, str]:
    if not re.fullmatch(r"\d\d-[a-z0-9]+(-[a-z0-9]+)*", name):
        raise UserError(
            f"{name!r} is no name of a lesson: give two digits, then words in small letters "
            "joined by hyphens, such as 12-turkey."
        )
    number, _, slug = name.partition("-")
    for known in course.lessons():
        if number == known.number or slug == known.slug:
            raise UserError(
                f"data/lessons.csv has {known.name} already. The next number is {_following()}."
            )
    if number != _following():
        raise UserError(f"Lessons are numbered through: the next one is {_following()}-{slug}.")
    return number, slug


def _known_power(power: course.Power, lesson: Lesson | None = None) -> dict[str, Any]:
    return {
        "power": power,
        "new_power": False,
        "new_area": False,
        "first_claim": _first_claim(power.key, lesson),
    }


def _first_claim(power: str, lesson: Lesson | None) -> int:
    """Return the number of the first claim of a lesson: of one that is there, or of a new one."""
    claims = [row for row, _ in table("claims").rows if row["power"] == power]
    own = [row for row in claims if lesson and row["lesson"] == lesson.number]
    if own:
        return int(own[0]["claim_id"][3:])
    return 1 + max((int(row["claim_id"][3:]) for row in claims), default=0)


def _new_power(key: str, area: str | None, lesson: Lesson | None = None) -> dict[str, Any]:
    """Return what can be worked out of a power: for a lesson that is there, without its rows."""
    areas = {row["area"]: row["name"] for row, _ in table("areas").rows if MARK not in row["name"]}
    countries = {row["country"] for row, _ in table("countries").rows if MARK not in row["capital"]}
    area = _area(key, area, areas)
    others = [power for power in course.subjects() if lesson is None or power.key != key]
    if taken := [power.key for power in others if power.area == area]:
        raise UserError(f"{area} is the power {taken[0]!r}: say --power {taken[0]}.")
    used = {power.shape for power in others}
    shape, sign, dash = next((look for look in LOOKS if look[0] not in used), (MARK, MARK, ""))
    prefixes = {power.prefix for power in others}
    name = areas.get(area, MARK)
    group = len(area) != 3  # such as EU: no column of states names it
    colors = sight.free(key, [power for power in others if power.color.startswith("#")])
    one = course.Power(
        key=key,
        area=area,
        name=name,
        in_sentence=f"{MARK}: {name} inside a sentence" if " " in name else name,
        prefix=next((area[0] + c for c in area[1:] if area[0] + c not in prefixes), MARK),
        color=colors[0] if colors else f"{MARK}: a colour like #4f1271",
        shape=shape,
        dash=tuple(map(int, dash.split())),
        sign=sign,
        ranked=False,
    )
    events = [(int(row["event_id"][3:]), row["power"]) for row, _ in table("events").rows]
    own = [number for number, told in events if lesson and told == key]
    places = [int(row["position"]) for row, _ in table("powers").rows if row["power"] != key]
    return {
        "power": one,
        "new_power": True,
        "new_area": area not in areas,
        "new_country": area not in countries and not group,
        "group": group,
        "position": 1 + max(places),
        "first_event": min(own, default=1 + max(number for number, _ in events)),
        "first_claim": 1,
    }


def _area(key: str, area: str | None, areas: Mapping[str, str]) -> str:
    """Return the code of a new power, or say which it may be."""
    called = {name.casefold(): code for code, name in areas.items()}
    found = called.get(key.replace("_", " "))
    if area is None and found is None:
        raise UserError(f"Say which state {key!r} is, by its ISO code, such as --area TUR.")
    code = (area or str(found)).upper()
    if found not in (None, code):
        raise UserError(f"{key!r} has the code {found} in data/areas.csv: say --area {found}.")
    if code not in areas and not re.fullmatch("[A-Z]{3}", code):
        near = get_close_matches(code, areas, n=3, cutoff=0.5)
        words = " or ".join(f"{one} ({areas[one]})" for one in near)
        hint = f" Did you mean {words}?" if near else ""
        raise UserError(f"{area!r} is no ISO code of three letters.{hint}")
    return code


def _filled(template: str, values: Mapping[str, Any]) -> str:
    """Return a skeleton, filled; the files that come of it are no HTML, so nothing is escaped."""
    safe = {key: Markup(v) if isinstance(v, str) else v for key, v in values.items()}
    return str(templates.render(f"{SKELETON}/{template}", **safe))


def _lesson(source: Lesson, values: Mapping[str, Any]) -> str:
    """Return a notebook with the cells of another lesson, without what was said there."""
    made = notebooks.read(source.file)
    lesson = values["lesson"]
    about = made.metadata["centralasia"]
    about |= dict.fromkeys(("title", "period", "needs", "next"), MARK)
    about["objectives"] = [f"{MARK}: {n}" for n, _ in enumerate(about["objectives"], start=1)]
    section = ""
    cells: list[NotebookNode] = []
    checks = [cell.id for cell in made.cells if "widgets.claim_check(" in cell.source]
    for cell in made.cells:
        if notebooks.is_instructors(cell) and not lesson["instructor"]:
            continue
        if cell.id in checks[1:]:  # one holds all claims of a new lesson
            continue
        if "quiz" in cell.metadata.pop("centralasia", {}):  # a plan: it begins with its own
            cell.metadata["centralasia"] = {"quiz": lesson["number"]}
        if cell.cell_type == "markdown":
            section, cell.source = _prompts(cell, section, values)
        else:
            cell.source, cell.outputs = _code(cell, source, values), []
        cell.id = cell.id.replace("the-essay", "the-text")
        cells.append(cell)
    made.cells = cells
    return notebooks.dumps(notebooks.normalise(made))


def _prompts(cell: NotebookNode, section: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """Return the section in which a cell ends, and its headings with what is to be written."""
    headings = re.findall(r"^##? (.+)$", cell.source, flags=re.M)
    parts = [] if re.match(r"##? ", cell.source) else [("", section)]
    for title in headings:
        is_title = cell.source.startswith(f"# {title}")
        of_text = title.startswith("What ") and title.endswith(" says")
        parts.append((title, "Title" if is_title else "What the text says" if of_text else title))
    return parts[-1][1], _filled("section.md.jinja", {**values, "parts": parts})


def _code(cell: NotebookNode, source: Lesson, values: Mapping[str, Any]) -> str:
    """Return code of another lesson, with the names of the new one; of claims, its own alone."""
    power, lesson = values["power"], values["lesson"]
    if "cards.claim_cards(" in cell.source:
        return f'cards.claim_cards("{lesson["number"]}")'
    if "widgets.claim_check(" in cell.source:
        return (
            f"# {MARK}: evidence={{…}} gives a claim a frame; else it shows the events of its day\n"
            f'widgets.claim_check(["{power.prefix}-{values["first_claim"]:02}"])'
        )
    renamed = {source.name: lesson["name"], f'"{source.number}': f'"{lesson["number"]}'}
    if source.power:
        old = course.power(source.power)
        renamed |= {f"'{old.key}'": f"'{power.key}'", f'"{old.prefix}-': f'"{power.prefix}-'}
    code = str(cell.source)
    for old_name, new_name in renamed.items():
        code = code.replace(old_name, new_name)
    if cell.id in READY:
        return code
    return f"# {MARK}: this is code of lesson {source.number}; make it yours or delete it\n{code}"


def _exercise(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the files of an exercise with their content."""
    from centralasia.checks import learner

    lesson = values["lesson"]
    criteria = list(dict.fromkeys(row["criterion"] for row in learner.criteria()))
    folder = templates.PACKAGE / SKELETON / "exercise"
    for template in sorted(folder.rglob("*.jinja")):
        file = template.relative_to(folder).as_posix()
        content = _filled(f"exercise/{file}", {**values, "criteria": criteria})
        if template.name == "notebook.ipynb.jinja":
            file = f"{lesson['name']}.ipynb.jinja"
            made = nbformat.reads(content, as_version=4)
            content = notebooks.dumps(notebooks.normalise(made))
        yield file.removesuffix(".jinja"), content


def row_sets(values: Mapping[str, Any]) -> Iterator[tuple[rows.Table, list[rows.Row]]]:
    """Yield each table that a lesson may need rows in, with the rows that a draft of it has."""
    for name in schemas():
        template = f"rows/{name}.csv.jinja"
        if (templates.PACKAGE / SKELETON / template).is_file():
            filled = csv.DictReader(io.StringIO(_filled(template, values)))
            yield table(name), [dict.fromkeys(table(name).columns, "") | row for row in filled]


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of each table, by name."""
    path = course_root() / "data" / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    return {one["name"]: one["schema"] for one in package["resources"] if "schema" in one}


def table(name: str) -> rows.Table:
    """Return a table of the course as its file has it."""
    return rows.read(course_root() / "data" / f"{name}.csv", schemas()[name])
