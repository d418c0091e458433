"""Verdicts: a plain value against a plain expected one. No learner's code is needed or run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from centralasia.checks import outcome, values
from centralasia.checks.asks import Ask, Chart, Choice, Codes, Kind, Number, Text
from centralasia.checks.judge_chart import chart_form, chart_verdict
from centralasia.checks.judge_table import same_table, table_fault, table_form
from centralasia.checks.outcome import Outcome
from centralasia.checks.units import SLACK, range_fault
from centralasia.checks.values import Plain
from centralasia.language import N_, _

Taken = Mapping[str, Plain]
_ASKED: dict[Kind, str] = {
    "number": N_("One number is asked for."),
    "text": N_("One text in quotes is asked for."),
    "codes": N_("A list of codes is asked for; list(...) makes one of a column."),
    "table": N_("A table is asked for; pd.DataFrame(...) makes one."),
    "choice": N_("A letter in quotes and a number are asked for."),
    "chart": N_("An Altair chart is asked for; alt.Chart(...) begins one."),
}
RIGHT = N_("This is what the data give for your case.")
SURE = N_("You were {sure} sure. The confidence costs no points; it is for your calibration.")
A_SHARE = N_("{name} looks like a share; the unit is: {unit}. Multiply it by 100.")
HIGHER = N_(
    "{name} is higher than what the table gives for your case. Check the rows that you kept "
    "(state, year, flow, source) before you check the arithmetic."
)
LOWER = N_(
    "{name} is lower than what the table gives for your case. Check the rows that you kept "
    "(state, year, flow, source) before you check the arithmetic."
)
OTHER_TEXT = N_("The data give another answer for your case than {answer}.")
OTHER_CODES = N_(
    "Compared with the {what} of your case, too many in your list: {extra}; missing from it: "
    "{missing}."
)
OTHER_CHOICE = N_(
    "The data of your case say otherwise. Read each option against your own table again."
)
FORM_RIGHT = N_(
    "Its form is right: it can be handed in. Whether it is right is decided when it is graded."
)


def shaped(ask: Ask, taken: Taken) -> Taken:
    """Return an answer in the shape that its question asks for, whatever holds it.

    One value in a list or table is that value, where one is asked for; a table with one column of
    codes is that column, where codes are.
    """
    if ask.kind in ("number", "text", "choice"):
        return {name: _single(value) for name, value in taken.items()}
    if isinstance(ask, Codes):
        return {name: _column_of_codes(ask, value) for name, value in taken.items()}
    return taken


def _single(value: Plain) -> Plain:
    if value["type"] == "list" and len(value["values"]) == 1:
        (cell,) = value["values"]
    elif value["type"] == "table" and "single" in value:
        cell = value["single"]
    else:
        return value
    return values.of_cell(cell, cell)


def _column_of_codes(ask: Codes, value: Plain) -> Plain:
    if value["type"] != "table":
        return value
    columns = list(zip(*value["rows"], strict=True))
    of_codes = {frozenset(column): column for column in columns if not _strange(ask, column)}
    if len(of_codes) != 1:
        return value
    return {"type": "list", "values": list(*of_codes.values())}


def form(ask: Ask, taken: Taken) -> Outcome | None:
    """Return what is wrong with an answer's form, or None if it can be judged.

    Parameters
    ----------
    ask : Ask
        The question; its key is not looked at.
    taken : mapping of str to plain value

    Returns
    -------
    Outcome or None
        Not attempted, cannot be checked and why, or wrong in a way that shows without the key,
        such as per cent where a share is asked for.
    """
    taken = shaped(ask, taken)
    for name in ask.names:
        value = taken.get(name, {"type": "missing"})
        if value["type"] == "missing":
            return outcome.not_attempted(
                _(
                    "There is no variable {name}. Keep that name, so that your answer is found. "
                    "If the cell that makes it stopped with an error, read its last line first."
                ).format(name=name)
            )
        if value["type"] == "untouched":
            return outcome.not_attempted(
                _("{name} has no value yet. Replace the three dots; {code} helps to begin.").format(
                    name=name, code=f'checks.hint("{ask.id}")'
                )
            )
        if value["type"] == "odd":
            fault = _("{name} is a {type}: {why}.").format(
                name=name, type=value["what"], why=value["why"]
            )
            return outcome.cannot_check(f"{fault} {_(_ASKED[ask.kind])}")
    return _FORMS[ask.kind](ask, *(taken[name] for name in ask.names))


def verdict(
    ask: Ask, taken: Taken, expected: Plain, mistakes: Sequence[Mapping[str, Any]]
) -> Outcome:
    """Return the verdict on an answer.

    Parameters
    ----------
    ask : Ask
    taken : mapping of str to plain value
    expected : plain value
    mistakes : sequence of mapping
        Typical wrong answers with ``slug``, ``message`` and plain ``value``.

    Returns
    -------
    Outcome
    """
    taken = shaped(ask, taken)
    fault = form(ask, taken)
    if fault is not None and (fault.kind != "wrong" or isinstance(ask, Chart)):
        return fault
    if isinstance(ask, Chart):
        return chart_verdict(ask, taken[ask.names[0]], expected, mistakes)
    found = taken[ask.names[0]]
    sure = taken[ask.names[1]]["value"] / 100 if isinstance(ask, Choice) else None
    same, differs = _COMPARE[ask.kind]
    if fault is None and same(ask, found, expected):
        return outcome.right(_praise(sure), ask.points, sure)
    for mistake in mistakes:
        if same(ask, found, mistake["value"]):
            return Outcome("wrong", mistake["message"], 0.0, mistake["slug"], sure)
    return fault or Outcome("wrong", differs(ask, found, expected), 0.0, "", sure)


def _praise(sure: float | None) -> str:
    if sure is None:
        return _(RIGHT)
    return _(SURE).format(sure=f"{sure:.0%}")


def _number_form(ask: Number, value: Plain) -> Outcome | None:
    name = ask.names[0]
    cells = value.get("values")
    if cells and len(cells) == 2 and all(type(cell) is int for cell in cells):
        return outcome.cannot_check(
            _(
                "{name} is a list of two numbers, but one number is asked for. If a comma stands "
                "for the decimal point, write a point, as in 0.5."
            ).format(name=name)
        )
    if value["type"] in ("list", "table"):
        return outcome.cannot_check(
            _(
                "{name} is a {type}, but one number is asked for. Add its values up, or take one "
                "of them, as .iloc[0] does."
            ).format(name=name, type=value["type"])
        )
    if value["type"] == "truth":
        return outcome.cannot_check(
            _("{name} is True or False, but a number is asked for.").format(name=name)
        )
    if value["type"] != "number":
        return outcome.cannot_check(
            _("{name} is no number. Remove the quotes, if there are any.").format(name=name)
        )
    return range_fault(name, value["value"], ask.unit, ask.low, ask.high)


def _same_number(ask: Number, value: Plain, expected: Plain) -> bool:
    return bool(abs(value["value"] - expected["value"]) <= ask.tolerance * SLACK)


def _number_differs(ask: Number, value: Plain, expected: Plain) -> str:
    if "per cent" in ask.unit and _same_number(ask, {"value": 100 * value["value"]}, expected):
        return _(A_SHARE).format(name=ask.names[0], unit=ask.unit)
    message = HIGHER if value["value"] > expected["value"] else LOWER
    return _(message).format(name=ask.names[0])


def _tidy(text: str) -> str:
    return " ".join(text.split()).casefold()


def _text_form(ask: Text, value: Plain) -> Outcome | None:
    if value["type"] != "text" or _tidy(value["value"]) not in map(_tidy, ask.allowed):
        return outcome.cannot_check(
            _("{name} must be one of these texts, in quotes: {texts}.").format(
                name=ask.names[0], texts=", ".join(ask.allowed)
            )
        )
    return None


def _same_text(ask: Text, value: Plain, expected: Plain) -> bool:
    return _tidy(value["value"]) == _tidy(expected["value"])


def _text_differs(ask: Text, value: Plain, expected: Plain) -> str:
    return _(OTHER_TEXT).format(answer=value["value"].strip())


def _codes_form(ask: Codes, value: Plain) -> Outcome | None:
    name = ask.names[0]
    if value["type"] == "text":
        return outcome.cannot_check(
            _(
                "{name} is a text, but a list of codes is asked for. Put square brackets around "
                "it, also around a single code: {list}."
            ).format(name=name, list=list(ask.allowed[:1]))
        )
    if value["type"] != "list":
        return outcome.cannot_check(
            _(
                "{name} is a {type}, but a list of codes is asked for. From a table, take the "
                "column with the codes, and turn it into a list with list(...)."
            ).format(name=name, type=value["type"])
        )
    strange = _strange(ask, value["values"])
    if strange:
        return outcome.cannot_check(
            _(
                "{name} holds {strange}, which is none of the codes asked for. They look like "
                "this: {codes}."
            ).format(name=name, strange=", ".join(strange[:3]), codes=", ".join(ask.allowed[:3]))
        )
    return None


def _strange(ask: Codes, cells: Iterable[object]) -> list[str]:
    """Return what is no code that the question knows."""
    known = set(map(_tidy, ask.allowed))
    return [str(x) for x in cells if not (isinstance(x, str) and _tidy(x) in known)]


def _codes(value: Plain) -> set[str]:
    return set(map(_tidy, value["values"]))


def _same_codes(ask: Codes, value: Plain, expected: Plain) -> bool:
    return _codes(value) == _codes(expected)


def _codes_differ(ask: Codes, value: Plain, expected: Plain) -> str:
    found, wanted = _codes(value), _codes(expected)
    counts = {"extra": len(found - wanted), "missing": len(wanted - found)}
    return _(OTHER_CODES).format(what=ask.what, **counts)


def _choice_form(ask: Choice, answer: Plain, confidence: Plain) -> Outcome | None:
    letters = ", ".join(ask.options)
    if answer["type"] != "text" or answer["value"].strip().upper() not in ask.options:
        return outcome.cannot_check(
            _("{name} must be one letter in quotes: {letters}.").format(
                name=ask.names[0], letters=letters
            )
        )
    sure = confidence["value"] if confidence["type"] == "number" else -1
    if not 0 <= sure <= 100 or 0 < sure < 1:
        return outcome.cannot_check(
            _("{name} must be a number in per cent, from 0 to 100: 70, and not 0.7.").format(
                name=ask.names[1]
            )
        )
    return None


def _same_choice(ask: Choice, value: Plain, expected: Plain) -> bool:
    return bool(value["value"].strip().upper() == expected["value"])


def _choice_differs(ask: Choice, value: Plain, expected: Plain) -> str:
    return _(OTHER_CHOICE)


_FORMS: dict[Kind, Callable[..., Outcome | None]] = {
    "number": _number_form,
    "text": _text_form,
    "codes": _codes_form,
    "table": table_form,
    "choice": _choice_form,
    "chart": chart_form,
}
_COMPARE: dict[Kind, tuple[Callable[..., bool], Callable[..., str]]] = {
    "number": (_same_number, _number_differs),
    "text": (_same_text, _text_differs),
    "codes": (_same_codes, _codes_differ),
    "table": (same_table, table_fault),
    "choice": (_same_choice, _choice_differs),
}
