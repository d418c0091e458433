"""An exercise as a page of forms, for somebody who writes no Python.

Its questions are the cells of the exercise itself, without what they say for Python alone; what a
form takes is the public part of each question; the rows that a case needs come from the tables.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from bs4 import BeautifulSoup

from centralasia import notebooks, tables
from centralasia.checks import cases, forms, learner, public, slices
from centralasia.checks.cases import Case
from centralasia.paths import exercises_dir
from centralasia.site import words
from centralasia.site.book import links, reference

_PYTHON = re.compile(r'\s*<(div|span) class="python-only">.*?</\1>', re.DOTALL)
_NOT_SHOWN = ("setup", "your-case", "learner-id", "case", "finish")
"""Cells that are for who has a notebook before them."""
_NAMED = {
    "number": re.compile(r"^Name: `\w+`[,.] ", re.MULTILINE),
    "table": re.compile(r"^Name: `\w+`, ", re.MULTILINE),
    "chart": re.compile(r"^Name: `\w+`, an Altair chart (?:of|with) ", re.MULTILINE),
    "codes": re.compile(r"^Name: `\w+`, .*? in any order\. ?", re.MULTILINE),
    "choice": re.compile(r"\n\n- \*\*A\*\*.*", re.DOTALL),  # the form has the options
}
"""How a prompt names what a notebook's answer is called, which no form needs."""
_INSTEAD = {"number": "Your answer: ", "table": "Your answer: ", "chart": "Your chart draws "}
_SHOWN = (
    "id", "kind", "points", "by", "numbers", "unit", "low", "high", "tolerance", "allowed", "what",
    "options", "words",
)  # fmt: skip
_OF_CHART = ("x", "y", "series")
"""What a form knows of a question. Which marks serve is for the learner to say."""
_OF_GUEST = ("marks", "turned", "zero")
"""What it knows of a chart in the guest's case alone, which is for practice."""


@dataclass(frozen=True)
class Part:
    """A part of the page: a text or a piece of code, and the question that it asks, if any."""

    text: str
    question: str = ""
    is_code: bool = False


def page(name: str, pages: Mapping[str, str]) -> str:
    """Return the page of an exercise as Markdown with places for the forms.

    Parameters
    ----------
    name : str
        The exercise.
    pages : mapping of str
        As `centralasia.site.book.lessons.page` takes them.
    """
    of = public.exercise(name)
    head, *parts = [
        Part(links.in_text(part.text, set(), pages), part.question, part.is_code)
        for part in _parts(of)
    ]
    told = json.dumps(data(of), ensure_ascii=False, separators=(",", ":"))
    return reference.render(
        "form.md.jinja",
        head=head.text,
        parts=parts,
        rubric=_rubric(),
        exercise=name,
        data=told.replace("</", "<\\/"),
    )


def _parts(of: Mapping[str, Any]) -> Iterable[Part]:
    """Yield what an exercise's notebook says to everybody."""
    asks = {ask["id"]: ask for ask in of["questions"]}
    prompt = Part("")
    for cell in notebooks.read(exercises_dir() / of["exercise"] / f"{of['exercise']}.ipynb").cells:
        if cell.id in asks:  # a test cell, or the place of an argument
            yield Part(_spoken(prompt.text, asks[cell.id]["kind"]), cell.id)
            prompt = Part("")
        elif cell.id in _NOT_SHOWN or cell.id.endswith("-answer"):
            continue
        else:
            if prompt.text:
                yield prompt
            text = _PYTHON.sub("", cell.source).strip()
            prompt = Part(text, is_code=cell.cell_type == "code")
            if prompt.is_code or not text:
                yield from [prompt] if text else []
                prompt = Part("")


def _spoken(prompt: str, kind: str) -> str:
    """Return a prompt without the names that an answer has in a notebook."""
    if kind not in _NAMED:
        return prompt
    return _NAMED[kind].sub(_INSTEAD.get(kind, ""), prompt).strip()


def _rubric() -> str:
    """Return the criteria by which an argument is marked, without the sheet of a notebook."""
    shown = BeautifulSoup(learner.rubric()._repr_html_(), "html.parser")
    for sheet in shown.find_all("style"):
        sheet.decompose()
    return str(shown)


def data(of: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the script of the page needs to know.

    Parameters
    ----------
    of : mapping
        From `centralasia.checks.public.exercise`.

    Returns
    -------
    dict
        The questions, each with the first of its hints, which is in words, and with the guest's
        answer, which every learner has; the cases of the exercise with the guest's as the last
        one; and for each slice its rows of all cases with the places of those of each case.
    """
    pool, guest = cases.from_public(of)
    every = [*pool, guest]
    return {
        "kind": forms.KIND,
        "exercise": of["exercise"],
        "lesson": of["lesson"],
        "marks": forms.MARKS,
        "questions": [_question(look) for look in of["questions"]],
        "cases": [_case(case) for case in every],
        "tables": [_table(slices.from_public(told), every) for told in of["tables"]],
        "words": words.of_forms(),
    }


def _question(look: Mapping[str, Any]) -> dict[str, Any]:
    names = _SHOWN + (_OF_CHART if look["kind"] == "chart" else ())
    shown = {name: look[name] for name in names if name in look}
    if "allowed" in look:
        areas = tables.load("areas").set_index("area")["name"]
        shown["allowed"] = [[code, areas.get(code, "")] for code in look["allowed"]]
    if "guest" in look:
        of_chart = {name: look[name] for name in _OF_GUEST if name in look}
        shown |= {"hint": look["hints"][0], "guest": look["guest"] | of_chart}
    return shown


def _case(case: Case) -> dict[str, Any]:
    names = ("state", "partner", "power", "start", "end", "day", "state_name", "partner_name")
    return {name: getattr(case, name) for name in names}


def _table(part: slices.Slice, every: Iterable[Case]) -> dict[str, Any]:
    """Return the rows that any case needs, once, and for each case which of them are its own."""
    of_case = [part.rows(case) for case in every]
    whole = pd.concat(of_case)
    whole = whole[~whole.index.duplicated()].sort_index()
    place = {label: n for n, label in enumerate(whole.index)}
    return {
        "table": part.table,
        "about": part.about,
        "columns": part.columns,
        "rows": [[_cell(value) for value in row] for row in whole[list(part.columns)].to_numpy()],
        "own": [_runs([place[label] for label in rows.index]) for rows in of_case],
    }


def _cell(value: object) -> str | int | float:
    """Return a cell as a spreadsheet has it: a day as ISO text, nothing as an empty text."""
    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return value if isinstance(value, int) else str(value)


def _runs(places: Iterable[int]) -> list[list[int]]:
    """Return places as first ones and how many follow each other.

    Examples
    --------
    >>> _runs([3, 4, 5, 9])
    [[3, 3], [9, 1]]
    """
    runs: list[list[int]] = []
    for at in sorted(places):
        if runs and at == sum(runs[-1]):
            runs[-1][1] += 1
        else:
            runs.append([at, 1])
    return runs
