"""Question banks in the forms of learning systems, the same bytes from the same questions."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any, Literal

from markupsafe import Markup

from centralasia.lms.banks.questions import Choice, Option, Question, Several
from centralasia.templates import render

Form = Literal["moodle", "gift", "qti", "canvas"]
_TEMPLATES = "lms/banks/templates/"
_SPECIAL = re.compile(r"([\\~=#{}:])")
# The shares of a question's points that Moodle lets an answer bring, in per cent.
_MOODLE = (100, 50, 33.33333, 25, 20, 16.66667, 14.28571, 12.5, 11.11111, 10)
_CANVAS = {
    "choice": "multiple_choice_question",
    "several": "multiple_answers_question",
    "number": "numerical_question",
}


def moodle(title: str, questions: Iterable[Question]) -> bytes:
    """Return a bank in Moodle's XML.

    Parameters
    ----------
    title : str
        The outermost category.
    questions : iterable of Question
        Those of one folder stand together.

    Returns
    -------
    bytes
        UTF-8.
    """
    return _filled("moodle.xml", folders=_folders(questions, title), shares=_shares)


def gift(title: str, questions: Iterable[Question]) -> bytes:
    """Return a bank in GIFT, which Moodle and others read. See `moodle`."""
    return _filled("gift.txt", folders=_folders(questions, title), gift=_gift, shares=_shares)


def qti(title: str, questions: Iterable[Question]) -> bytes:
    """Return a bank as a package of QTI 2.1: a manifest, a test, and a file for each question.

    A question with several right answers is right or wrong as a whole.
    """
    folders = _folders(questions)
    common: dict[str, Any] = {"id": _identifier(title), "title": title, "folders": folders}
    return _zipped(
        {
            "imsmanifest.xml": _filled("qti21-manifest.xml", **common),
            "test.xml": _filled("qti21-test.xml", **common),
        }
        | {
            f"items/{question.id}.xml": _filled("qti21-item.xml", question=question, letter=_letter)
            for _folder, inside in folders
            for question in inside
        }
    )


def canvas(title: str, questions: Iterable[Question]) -> bytes:
    """Return a bank as Canvas imports it: a package of QTI 1.2 with a quiz for each folder."""
    quizzes = [
        {"id": _identifier(" ".join((title, *folder))), "title": ": ".join(folder)}
        | {"questions": inside}
        for folder, inside in _folders(questions)
    ]
    files = {
        "imsmanifest.xml": _filled("canvas-manifest.xml", id=_identifier(title), quizzes=quizzes)
    }
    for quiz in quizzes:
        files[f"{quiz['id']}/{quiz['id']}.xml"] = _filled(
            "canvas-quiz.xml", **quiz, types=_CANVAS, letter=_letter
        )
        files[f"{quiz['id']}/assessment_meta.xml"] = _filled("canvas-meta.xml", **quiz)
    return _zipped(files)


FORMS: dict[Form, tuple[str, Callable[[str, Iterable[Question]], bytes]]] = {
    "moodle": ("xml", moodle),
    "gift": ("txt", gift),
    "qti": ("zip", qti),
    "canvas": ("zip", canvas),
}
"""What a form's file is called after its dot, and what writes it."""


def _folders(
    questions: Iterable[Question], *outside: str
) -> list[tuple[tuple[str, ...], list[Question]]]:
    sorted_in = groupby(questions, key=lambda question: question.folder)
    return [((*outside, *folder), list(inside)) for folder, inside in sorted_in]


def _shares(question: Choice | Several) -> dict[bool, float]:
    """Return how many per cent a right and a wrong option bring: all right ones bring 100.

    Whoever ticks every option of several earns nothing: the wrong ones take off as much.
    """
    if question.kind == "choice":
        return {True: 100, False: 0}
    right = sum(option.right for option in question.options)
    wrong = len(question.options) - right
    return {True: _MOODLE[right - 1], False: -_MOODLE[min(max(wrong, 1), len(_MOODLE)) - 1]}


def _letter(question: Choice | Several, option: Option) -> str:
    at = question.options.index(option)
    return chr(ord("A") + at)


def _gift(text: object) -> Markup:
    """Return HTML as GIFT takes it: on one line, its own signs escaped."""
    return Markup(_SPECIAL.sub(r"\\\1", " ".join(str(text).split())))


def _identifier(title: str) -> str:
    return "ca-" + re.sub(r"\W+", "-", title.lower()).strip("-")


def _filled(template: str, **values: Any) -> bytes:
    return render(_TEMPLATES + template, **values).encode()


def _zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()
