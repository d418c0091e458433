"""The book, from the notebooks and the tables to the pages."""

from __future__ import annotations

import json
import shutil
import subprocess
from html import escape
from pathlib import Path

import sources

from book import lessons, reference, search
from centralasia import __version__, style, tables
from centralasia.notebooks import about as said_by
from centralasia.notebooks import for_learners

HERE = Path(__file__).parent
INDEX = """# {course}

{intro}

```{{raw}} html
<p class="ca-doors"><a href="lessons/{first}.html">Begin with lesson 00</a>
<a href="lite/index.html">Take the course with Python in the browser</a>
<a href="claims/index.html">Look up a claim</a></p>
```

## Lessons

{table}

## What else is here

- [Claims](claims/index.md): what the essay says, and how each sentence stands the test
- [Chronology](events.md): the dated events, each with its source
- [Glossary](glossary.md): names and terms, also in the languages of the region
- [Bibliography](bibliography.md): the works that the lessons cite, each with its argument
- [Codebook](codebook.md): the tables, their columns and where the figures come from
- [Instructor's guide](guide/index.md): plans, wrong answers and advice for each lesson

## Licences and citation

{licences}

```{{toctree}}
:hidden:
:caption: Lessons

{lessons}
```

```{{toctree}}
:hidden:
:caption: Exercises

{exercises}
```

```{{toctree}}
:hidden:
:caption: Reference

claims/index
events
glossary
bibliography
codebook
```

```{{toctree}}
:hidden:
:caption: For instructors

{guide}
```
"""
_CAPTION = '<p class="caption" role="heading"'
INTRO = """About 2011 somebody wrote an essay on what Russia, China and the United States were doing
in Central Asia, and made {claims} claims. This course takes them one by one and asks what the
record says: dated events, treaties, figures of trade, oil and arms. You judge each claim first,
then see the evidence, our verdict and its sources. For example:

```{{raw}} html
<div class="ca"><p class="ca-claim">{claim}</p><p><strong>{verdict}.</strong> {better}
<a href="claims/{example}.html">What this rests on</a></p></div>
```

Twelve lessons follow the three powers from 1991, and the last one scores the essay's forecasts.
Here you can read them all, with charts that answer to mouse and keyboard."""
EXAMPLE = "CN-25"
"""The claim that the first page shows: short, exact, and wrong."""


def build(root: Path, target: Path) -> None:
    """Write the book to a folder.

    Parameters
    ----------
    root : pathlib.Path
        The checkout of the course.
    target : pathlib.Path
        The folder; what was in it goes, except the browser edition.
    """
    source = sources.CACHE / "book"
    shutil.rmtree(source, ignore_errors=True)
    _write(root, source)
    sources.say("making the pages of the book")
    made = sources.CACHE / "pages"
    shutil.rmtree(made, ignore_errors=True)
    command = [str(sources.environment("book")), "-m", "sphinx", "-W", "--keep-going", "-q"]
    command += ["-d", str(sources.CACHE / "doctrees"), "-E", "-b", "html"]
    done = subprocess.run(
        [*command, str(source), str(made)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"The book was not made:\n{done.stdout[-2000:]}{done.stderr[-6000:]}")
    for page in made.rglob("*.html"):
        text = page.read_text("utf-8")
        # Sphinx says that the captions of its contents are headings, and not of which level.
        page.write_text(text.replace(_CAPTION, f'{_CAPTION} aria-level="2"'), "utf-8")
    for left in (made / ".buildinfo", made / "objects.inv", *made.rglob("*.map")):
        left.unlink()
    shutil.rmtree(made / "_sources", ignore_errors=True)
    search.write(made)
    shutil.copyfile(HERE / "404.html", made / "404.html")
    target.mkdir(parents=True, exist_ok=True)
    for old in target.iterdir():
        if old.name != "lite":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    shutil.copytree(made, target, dirs_exist_ok=True)


def _write(root: Path, source: Path) -> None:
    """Write everything that Sphinx reads."""
    notebooks = sorted((root / "notebooks").glob("[0-9][0-9]-*.ipynb"))
    exercises = sorted((root / "exercises").glob("*/*.ipynb"))
    pages = {path.stem: f"lessons/{path.stem}" for path in notebooks}
    _notebooks(notebooks, source / "lessons", pages, lessons.lesson, "notebooks/{0.name}")
    _notebooks(
        exercises, source / "exercises", pages, lessons.exercise, "exercises/{0.stem}/{0.name}"
    )
    reference.write(source, pages)
    (source / "index.md").write_text(_index(notebooks, exercises), "utf-8")
    shutil.copyfile(HERE / "conf.py", source / "conf.py")
    about = {
        "title": reference.COURSE,
        "author": f"The {reference.COURSE} team",
        "copyright": f"the {reference.COURSE} team, CC BY 4.0",
        "version": __version__,
    }
    (source / "about.json").write_text(json.dumps(about), "utf-8")
    _static(source / "_static", math=_has_math(notebooks + exercises))


def _notebooks(paths, folder, pages, change, name) -> None:  # noqa: ANN001
    """Write notebooks as the book shows them."""
    folder.mkdir(parents=True)
    for path in paths:
        notebook = json.loads(for_learners(path))
        page = change(notebook, name.format(path), pages)
        (folder / path.name).write_text(json.dumps(page, ensure_ascii=False), "utf-8")


def _index(notebooks: list[Path], exercises: list[Path]) -> str:
    rows = ["| Lesson | Period | Minutes |", "|---|---|---|"]
    for path in notebooks:
        own = said_by(path)
        title = f"{path.stem[:2]} · {own['title']}"
        rows.append(f"| [{title}](lessons/{path.name}) | {own['period']} | {own['minutes']} |")
    return INDEX.format(
        course=reference.COURSE,
        intro=_intro(),
        first=notebooks[0].stem,
        table="\n".join(rows),
        licences=reference.licences(),
        lessons="\n".join(f"lessons/{path.stem}" for path in notebooks),
        exercises="\n".join(f"exercises/{path.stem}" for path in exercises),
        guide="\n".join(["guide/index", *(f"guide/{path.stem}" for path in notebooks)]),
    )


def _intro() -> str:
    claims = tables.load("claims").set_index("claim_id")
    return INTRO.format(
        claims=len(claims),
        claim=escape(claims.loc[EXAMPLE, "claim"]),
        verdict=reference.WORDS[str(claims.loc[EXAMPLE, "verdict"])],
        better=escape(claims.loc[EXAMPLE, "correction"]),
        example=EXAMPLE,
    )


def _has_math(paths: list[Path]) -> bool:
    cells = (cell for path in paths for cell in json.loads(path.read_text("utf-8"))["cells"])
    return any("$" in "".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def _static(folder: Path, *, math: bool) -> None:
    """Bring Vega, MathJax if there is a formula, and our own script and style."""
    folder.mkdir(parents=True)
    for name in ("vega", "vega-lite", "vega-embed"):
        shutil.copyfile(sources.npm(name) / f"build/{name}.min.js", folder / f"{name}.min.js")
    if math:
        (folder / "mathjax").mkdir()
        formulas = sources.npm("mathjax") / "es5/tex-svg.js"
        shutil.copyfile(formulas, folder / "mathjax/tex-svg.js")
    for name in ("book.js", "search.js"):
        shutil.copyfile(HERE / name, folder / name)
    shutil.copytree(HERE / "templates", folder.with_name("_templates"))
    shutil.copyfile(HERE.parent / "lite/page/icon.svg", folder / "icon.svg")
    own = (HERE / "book.css").read_text("utf-8")
    (folder / "book.css").write_text(style.CSS + own, "utf-8")
