"""The book, from the notebooks and the tables to the pages."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from centralasia import __version__, cards, course, paths, style, tables
from centralasia.controls import script
from centralasia.errors import UserError
from centralasia.language import _, code
from centralasia.notebooks import for_learners
from centralasia.roleplay import data
from centralasia.room import alone
from centralasia.site import sources, words
from centralasia.site.book import (
    api,
    charts,
    forms,
    front,
    lessons,
    links,
    reference,
    search,
    settings,
    units,
)
from centralasia.widgets import base, questions, spoken
from centralasia.widgets.questions import WORDS

HERE = Path(__file__).parent
ICON = HERE.parent / "lite/page/icon.svg"
EXAMPLE = "CN-25"
"""The claim that the first page shows: short, exact, and wrong."""
SHEETS = ("book", "charts", "terms", "units", "boards")
"""The book's own sheets of style; its pages fetch all in one file."""
TEXT = "essay"
"""The text of which the first page tells."""


def build(target: Path) -> None:
    """Write the book to a folder.

    Parameters
    ----------
    target : pathlib.Path
        The folder; what was in it goes, except the browser edition.

    Raises
    ------
    UserError
        If Sphinx stops or warns; the message has the end of what it says.
    """
    with TemporaryDirectory(prefix="centralasia-book-") as folder:
        source, made = Path(folder) / "source", Path(folder) / "pages"
        _write(source)
        _make(source, made)
        _replace(target, made)


def _make(source: Path, made: Path) -> None:
    """Let Sphinx make the pages, and add what it does not."""
    sources.say("making the pages of the book")
    command = [str(sources.environment("book")), "-m", "sphinx", "-W", "--keep-going", "-q"]
    command += ["-d", str(source.with_name("doctrees")), "-b", "html", str(source), str(made)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UserError(f"The book was not made:\n{done.stdout[-2000:]}{done.stderr[-6000:]}")
    for left in (made / ".buildinfo", made / "objects.inv", *made.rglob("*.map")):
        left.unlink()
    shutil.rmtree(made / "_sources", ignore_errors=True)
    search.write(made)
    (made / "404.html").write_text(
        reference.render("404.html", course=course.title(), example=EXAMPLE, language=code()),
        "utf-8",
    )
    (made / "answer.html").write_text(alone.page(home="index.html"), "utf-8")


def _replace(target: Path, made: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for old in target.iterdir():
        if old.name != "lite":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    shutil.copytree(made, target, dirs_exist_ok=True)


def _write(source: Path) -> None:
    """Write everything that Sphinx reads."""
    known = course.lessons()
    pages = {lesson.name: f"lessons/{lesson.name}" for lesson in known}
    notebooks = {f"notebooks/{lesson.file.name}": lesson.file for lesson in known}
    exercises = {
        f"exercises/{lesson.name}/{lesson.name}.ipynb": paths.exercises_dir()
        / lesson.name
        / f"{lesson.name}.ipynb"
        for lesson in known
        if lesson.exercise
    }
    _notebooks(notebooks, source / "lessons", pages, lessons.lesson)
    _notebooks(exercises, source / "exercises", pages, lessons.exercise)
    (source / "forms").mkdir()
    for path in exercises.values():
        (source / f"forms/{path.stem}.md").write_text(forms.page(path.stem, pages), "utf-8")
    reference.write(source, pages)
    api.write(source / "api")
    asked = [f"exercises/{path.stem}" for path in exercises.values()]
    (source / "index.md").write_text(_index(pages, asked), "utf-8")
    (source / "conf.py").write_text(settings.module(), "utf-8")
    files = [*notebooks.values(), *exercises.values()]
    _static(source / "_static", pages, math=_has_math(files))
    drawing = charts.drawing(path.read_text("utf-8") for path in files)
    (source / "_static/charts.js").write_text(drawing, "utf-8")
    (source / "_static/chart-sources.js").write_text(charts.sources(), "utf-8")
    shutil.copytree(HERE / "theme", source / "_templates")


def _notebooks(
    files: Mapping[str, Path],
    folder: Path,
    pages: Mapping[str, str],
    change: Callable[[dict[str, Any], str, Mapping[str, str]], dict[str, Any]],
) -> None:
    """Write notebooks, by their paths in the course, as the book shows them."""
    folder.mkdir(parents=True)
    for name, path in files.items():
        page = change(json.loads(for_learners(path)), name, pages)
        (folder / path.name).write_text(json.dumps(page, ensure_ascii=False), "utf-8")


def _index(pages: Mapping[str, str], exercises: list[str]) -> str:
    claims = tables.load("claims").set_index("claim_id")
    example = claims.loc[EXAMPLE]
    ours = claims[claims["text"] == TEXT]
    judged = set(ours["power"].astype(str))
    return reference.render(
        "index.md.jinja",
        course=course.title(),
        version=__version__,
        year=course.text(TEXT).date[:4],
        powers=words.listed([p.in_sentence for p in course.powers() if p.key in judged]),
        n=len(ours),
        claim=example["claim"],
        verdict=_(WORDS[str(example["verdict"])]),
        verdict_key=example["verdict"],
        better=example["correction"],
        example=EXAMPLE,
        rows=cards.lesson_rows(),
        lessons=len(course.lessons(TEXT)),
        start=min(lesson.start for lesson in course.lessons(TEXT) if lesson.start)[:4],
        last=course.lessons(TEXT)[-1].number,
        since=[row for row in cards.lesson_rows() if row.lesson in _since()],
        passing=_passing(pages),
        others=[
            (one, course.text(one.text))
            for one in course.lessons()
            if one.text != TEXT and one not in _since()
        ],
        years=front.years(),
        compared=words.listed([power.in_sentence for power in course.ranked()]),
        picture=front.size(),
        strips=front.strips(),
        map=front.region(),
        ledger=front.ledger(),
        legend=front.legend(),
        pages=pages,
        exercises=exercises,
        forms=[f"forms/{Path(page).name}" for page in exercises],
        guide=["guide/index", *(f"guide/{name}" for name in pages)],
    )


def _passing(pages: Mapping[str, str]) -> str | None:
    """Return the page on which the chart of four books stands."""
    shown = (one for one in _since() if "passing_chart" in one.file.read_text("utf-8"))
    return next((pages[one.name] for one in shown), None)


def _since() -> list[course.Lesson]:
    """Return the lessons of the course proper that are about another text."""
    return [one for one in course.proper() if one.text != TEXT]


def _has_math(files: Iterable[Path]) -> bool:
    cells = (cell for path in files for cell in json.loads(path.read_text("utf-8"))["cells"])
    return any("$" in "".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def _forms(pages: Mapping[str, str]) -> str:
    """Return the script of all questions: the widgets' own, and what keeps answers in a browser."""
    parts = [Path(base.__file__).with_name(f"{name}.js") for name in (*base.SCRIPTS, base.STORE)]
    of_lesson = {lesson.number: _parts(lesson) for lesson in course.lessons()}
    known = {
        "known": questions.known(),
        "lessons": [
            one | {"parts": of_lesson[one["number"]]}
            for one in questions.lessons({name: f"{page}.html" for name, page in pages.items()})
        ],
    }
    return (
        f"(() => {{\nconst WORDS = {json.dumps(spoken.of_book(), ensure_ascii=False)};\n"
        f"const COURSE = {json.dumps(known, ensure_ascii=False)};\n"
        f"{script(*parts, HERE / 'static/units.js', HERE / 'static/forms.js')}}})();\n"
    )


def _parts(lesson: course.Lesson) -> list[dict[str, Any]]:
    """Return the title and the questions of each part of a lesson."""
    found = units.units(json.loads(for_learners(lesson.file)))
    return [{"title": unit.title, "asks": unit.asks} for unit in found]


def _static(folder: Path, pages: Mapping[str, str], *, math: bool) -> None:
    """Bring Vega, MathJax if there is a formula, and our own script and style."""
    folder.mkdir(parents=True)
    for name in ("vega", "vega-lite", "vega-embed"):
        shutil.copyfile(sources.npm(name) / f"build/{name}.min.js", folder / f"{name}.min.js")
    if math:
        (folder / "mathjax").mkdir()
        formulas = sources.npm("mathjax") / "es5/tex-svg.js"
        shutil.copyfile(formulas, folder / "mathjax/tex-svg.js")
    for name in ("book.js", "code.js", "search.js", "terms.js"):
        shutil.copyfile(HERE / "static" / name, folder / name)
    shutil.copyfile(HERE.parent / "offline.js", folder / "offline.js")
    (folder / "forms.js").write_text(_forms(pages), "utf-8")
    places = f"const PLACES = {json.dumps(links.places(), sort_keys=True)};\n"
    live = places + script(HERE / "static/live.js")
    (folder / "live.js").write_text(live, "utf-8")
    explained = json.dumps(reference.explained(pages), ensure_ascii=False)
    (folder / "glossary.js").write_text(f"globalThis.CENTRALASIA_TERMS = {explained};\n", "utf-8")
    plays = data.page_script(base.FILE, HERE / "static/boards.js")
    (folder / "boards.js").write_text(f"(() => {{\n{plays}}})();\n", "utf-8")
    parts = (HERE / f"static/{name}.js" for name in ("practice", "rows", "exercise"))
    asks = script(base.FILE, *parts)
    (folder / "exercise.js").write_text(f"(() => {{\n{asks}}})();\n", "utf-8")
    digest = sources.npm("js-sha256") / "build/sha256.min.js"
    shutil.copyfile(digest, folder / "sha256.min.js")
    (folder / "words.js").write_text(words.script(words.of_book()), "utf-8")
    shutil.copyfile(ICON, folder / "icon.svg")
    own = [(HERE / f"static/{name}.css").read_text("utf-8") for name in SHEETS]
    (folder / "book.css").write_text(style.CSS + style.FORM_CSS + "".join(own), "utf-8")
