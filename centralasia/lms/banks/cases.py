"""The questions of an exercise for somebody who writes no code, one for each case."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from centralasia import course
from centralasia.bibliography import spoken_date
from centralasia.checks import asks, keys
from centralasia.checks.cases import Case
from centralasia.checks.values import Plain
from centralasia.kit.stored import in_words
from centralasia.language import N_, _
from centralasia.lms.banks import questions
from centralasia.templates import render

NAME = N_("Exercise, question {number}")
TEMPLATE = "lms/banks/templates/case.html"
Wrong = Sequence[tuple[float | None, str]]


def of_exercise(lesson: course.Lesson) -> Iterator[questions.Question]:
    """Yield the questions of an exercise that have a form without code, by question and case.

    All cases of a question share a folder, from which a learning system draws one for each
    learner.

    Parameters
    ----------
    lesson : course.Lesson

    Yields
    ------
    questions.Question
        The figures that it takes stand in its prompt. Charts, arguments, and what only code can
        answer have no such form.

    Raises
    ------
    centralasia.checks.public.UnknownExercise
        If there is no key for it here.
    """
    exercise = keys.load(lesson.name)
    for at, ask in enumerate(exercise.questions.values(), 1):
        form = ask.form
        if form is None:
            continue
        where = questions.folder(lesson, _(NAME).format(number=at))
        seen = set()
        for number, case in enumerate(exercise.pool, 1):
            cell = form.cell(case) if form.cell else {}
            if cell is None:
                continue
            prompt = _prompt(form, case, cell)
            if prompt not in seen:  # cases may differ in what a question doesn't ask about
                seen.add(prompt)
                key = f"{ask.id}-c{number:02}"
                yield _of_case(ask, form, case, cell, id=key, folder=where, prompt=prompt)


def _of_case(
    ask: asks.Ask, form: asks.Form, case: Case, cell: Mapping[str, Any], **common: Any
) -> questions.Question:
    common |= {
        "points": ask.points,
        "label": f"{case.state_name}, {case.partner_name}, {case.start}–{case.end}, {case.day}",
    }
    wrong = [(w["value"], w["message"]) for w in ask.wrong_answers(case)]
    answer = ask.answer(case)
    match ask:
        case asks.Number():
            asked = [(w["value"], said) for w, said in wrong]
            return _number(answer["value"], ask.tolerance, asked, common)
        case asks.Table():
            column = form.column or next(iter(ask.numbers))
            found = [(_looked_up(w, cell, column), said) for w, said in wrong]
            right = _looked_up(answer, cell, column)
            if right is None:
                raise ValueError(f"{common['id']}: its answer has no row {dict(cell)}.")
            return _number(right, ask.numbers[column][3], found, common)
        case asks.Choice():
            said = {w["value"]: message for w, message in wrong}
            options = [
                questions.Option(text, letter == answer["value"], said.get(letter, ""))
                for letter, text in ask.options.items()
            ]
            return questions.Choice(**common, options=tuple(options))
        case asks.Codes():
            spare = set(answer["values"][questions.MOST_RIGHT :])  # these are not offered
            offered = [code for code in ask.allowed if code not in spare]
            options = [
                questions.Option(text, code in answer["values"])
                for code, text in zip(offered, _in_words(offered), strict=True)
            ]
            return questions.Several(**common, options=tuple(options))
    raise TypeError(f"{ask.id}: a question of this kind has no form without code.")


def _number(
    answer: float, tolerance: float, wrong: Wrong, common: Mapping[str, Any]
) -> questions.Number:
    """Return a number to type in; of the wrong ones those that can be told from the right one."""
    told: dict[float, str] = {}
    for value, said in wrong:
        known = [answer, *told]
        if value is not None and all(abs(value - one) > 2 * tolerance for one in known):
            told[_rounded(value, tolerance)] = said
    return questions.Number(
        **common,
        answer=_rounded(answer, tolerance),
        tolerance=tolerance,
        wrong=tuple(told.items()),
    )


def _rounded(value: float, tolerance: float) -> float:
    """Return a number with two digits more than the tolerance needs."""
    return round(float(value), 2 - math.floor(math.log10(tolerance)) if tolerance else 6)


def _looked_up(answer: Plain, cell: Mapping[str, Any], column: str) -> float | None:
    """Return a figure of a table that was an answer; None if it has no such row."""
    if answer["type"] != "table" or column not in answer["columns"]:
        return None
    wanted = {name: str(value) for name, value in cell.items()}
    for row in answer["rows"]:
        named = dict(zip(answer["columns"], row, strict=True))
        if all(str(named.get(name)) == value for name, value in wanted.items()):
            return float(named[column])
    return None


def _prompt(form: asks.Form, case: Case, cell: Mapping[str, Any]) -> Markup:
    """Return the question with its figures, in words for codes."""
    spoken = dict(zip(cell, _in_words(list(cell.values())), strict=True))
    asked = form.prompt.format(
        state=case.state_name,
        partner=case.partner_name,
        start=case.start,
        end=case.end,
        day=spoken_date(case.day),
        cell=spoken,
    )
    shown = form.rows(case).reset_index(drop=True)
    frame = in_words(shown.astype(object).where(shown.notna(), "NaN").astype(str))
    html = render(TEMPLATE, prompt=asked, columns=frame.columns, rows=frame.to_numpy().tolist())
    return Markup(html)


def _in_words(codes: Sequence[object]) -> list[str]:
    return in_words(pd.DataFrame({"code": [str(code) for code in codes]})).iloc[:, 0].tolist()
