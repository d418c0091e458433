"""Verdicts: a plain value against a plain expected one. No learner's code is needed or run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from centralasia.checks import outcome
from centralasia.checks.asks import Ask, Choice, Codes, Number, Text
from centralasia.checks.judge_chart import chart_form, chart_verdict
from centralasia.checks.judge_table import same_table, table_fault, table_form
from centralasia.checks.outcome import Outcome
from centralasia.checks.units import SLACK, range_fault
from centralasia.checks.values import Plain

Taken = Mapping[str, Plain]


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
    for name in ask.names:
        value = taken.get(name, {"type": "missing"})
        if value["type"] == "missing":
            return outcome.not_attempted(
                f"There is no variable {name}. Keep that name, so that your answer is found. "
                "If the cell that makes it stopped with an error, read its last line first."
            )
        if value["type"] == "untouched":
            return outcome.not_attempted(
                f"{name} has no value yet. Replace the three dots; "
                f'checks.hint("{ask.id}") helps to begin.'
            )
        if value["type"] == "odd":
            return outcome.cannot_check(f"{name} is a {value['what']}: {value['why']}.")
    return _FORMS[ask.kind](ask, *(taken[name] for name in ask.names))


def verdict(ask: Ask, taken: Taken, expected: Plain, mistakes: Sequence[Mapping]) -> Outcome:
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
    fault = form(ask, taken)
    if fault is not None and (fault.kind != "wrong" or ask.kind == "chart"):
        return fault
    if ask.kind == "chart":
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
        return "This is what the data give for your case."
    return f"You were {sure:.0%} sure. The confidence costs no points; it is for your calibration."


def _number_form(ask: Number, value: Plain) -> Outcome | None:
    name = ask.names[0]
    if value["type"] in ("list", "table"):
        return outcome.cannot_check(
            f"{name} is a {value['type']}, but one number is asked for. If it holds a single "
            "value, take that out with .item()."
        )
    if value["type"] == "truth":
        return outcome.cannot_check(f"{name} is True or False, but a number is asked for.")
    if value["type"] != "number":
        return outcome.cannot_check(f"{name} is no number. Remove the quotes, if there are any.")
    return range_fault(name, value["value"], ask.unit, ask.low, ask.high)


def _same_number(ask: Number, value: Plain, expected: Plain) -> bool:
    return abs(value["value"] - expected["value"]) <= ask.tolerance * SLACK


def _number_differs(ask: Number, value: Plain, expected: Plain) -> str:
    side = "higher" if value["value"] > expected["value"] else "lower"
    return (
        f"{ask.names[0]} is {side} than what the table gives for your case. Check the rows that "
        "you kept (state, year, flow, source) before you check the arithmetic."
    )


def _tidy(text: str) -> str:
    return " ".join(text.split()).casefold()


def _text_form(ask: Text, value: Plain) -> Outcome | None:
    if value["type"] != "text" or _tidy(value["value"]) not in map(_tidy, ask.allowed):
        return outcome.cannot_check(
            f"{ask.names[0]} must be one of these texts, in quotes: {', '.join(ask.allowed)}."
        )
    return None


def _same_text(ask: Text, value: Plain, expected: Plain) -> bool:
    return _tidy(value["value"]) == _tidy(expected["value"])


def _text_differs(ask: Text, value: Plain, expected: Plain) -> str:
    return f"The data give another answer for your case than {value['value'].strip()}."


def _codes_form(ask: Codes, value: Plain) -> Outcome | None:
    name = ask.names[0]
    if value["type"] != "list":
        return outcome.cannot_check(
            f"{name} is a {value['type']}, but a list of codes is asked for. From a table, take "
            "the column with the codes, and turn it into a list with list(...)."
        )
    strange = [str(x) for x in value["values"] if x not in ask.allowed]
    if strange:
        return outcome.cannot_check(
            f"{name} holds {', '.join(strange[:3])}, which is none of the codes asked for. "
            f"They look like this: {', '.join(ask.allowed[:3])}."
        )
    return None


def _same_codes(ask: Codes, value: Plain, expected: Plain) -> bool:
    return set(value["values"]) == set(expected["values"])


def _codes_differ(ask: Codes, value: Plain, expected: Plain) -> str:
    found, wanted = set(value["values"]), set(expected["values"])
    return (
        f"Compared with the {ask.what} of your case, too many in your list: {len(found - wanted)}; "
        f"missing from it: {len(wanted - found)}."
    )


def _choice_form(ask: Choice, answer: Plain, confidence: Plain) -> Outcome | None:
    letters = ", ".join(ask.options)
    if answer["type"] != "text" or answer["value"].strip().upper() not in ask.options:
        return outcome.cannot_check(f"{ask.names[0]} must be one letter in quotes: {letters}.")
    sure = confidence["value"] if confidence["type"] == "number" else -1
    if not 0 <= sure <= 100 or 0 < sure < 1:
        return outcome.cannot_check(
            f"{ask.names[1]} must be a number in per cent, from 0 to 100: 70, and not 0.7."
        )
    return None


def _same_choice(ask: Choice, value: Plain, expected: Plain) -> bool:
    return value["value"].strip().upper() == expected["value"]


def _choice_differs(ask: Choice, value: Plain, expected: Plain) -> str:
    return "The data of your case say otherwise. Read each option against your own table again."


_FORMS: dict[str, Callable[..., Outcome | None]] = {
    "number": _number_form,
    "text": _text_form,
    "codes": _codes_form,
    "table": table_form,
    "choice": _choice_form,
    "chart": chart_form,
}
_COMPARE: dict[str, tuple[Callable[..., bool], Callable[..., str]]] = {
    "number": (_same_number, _number_differs),
    "text": (_same_text, _text_differs),
    "codes": (_same_codes, _codes_differ),
    "table": (same_table, table_fault),
    "choice": (_same_choice, _choice_differs),
}
