"""What each form asks, as data: the same for a notebook, for the book and for a page with Python.

A stored output names its question by a `Reference`, and `question` makes of it what the scripts
need. So the words of a question stand in the tables alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from centralasia import (
    bibliography,
    cards,
    course,
    gains,
    notebooks,
    own,
    progress,
    tables,
    templates,
)
from centralasia.language import N_, _

MIME = "application/vnd.centralasia.question+json"
"""Under which an output stores its reference."""
Reference = dict[str, Any]
"""``asks`` says which form it is; the rest is what that form's function here takes."""
KINDS: dict[str, progress.Occasion] = {"before": progress.BEFORE, "after": progress.AFTER}
"""How an answer to the twelve items on each occasion is recorded."""
VERDICTS = {
    "confirmed": N_("True: nothing in it is wrong"),
    "imprecise": N_("Right in outline, wrong in detail"),
    "contested": N_("Disputed: good sources disagree"),
    "contradicted": N_("Wrong: the record says otherwise"),
    "unverified": N_("Cannot be settled with public sources"),
}
OUTCOMES = {
    "came_true": N_("Came true"),
    "came_partly_true": N_("Came partly true"),
    "failed": N_("Failed"),
    "not_tested": N_("Not tested: its condition never came"),
}
WORDS = VERDICTS | OUTCOMES
FORMER = {"confirmed_with_nuance": N_("True, with a qualification")}
"""A verdict of earlier codings, which the rules no longer know."""
_PARTS = {
    "finding": N_("What we found"),
    "correction": N_("Better put"),
    "support": N_("What speaks for it"),
    "challenge": N_("What speaks against it"),
    "decided_by": N_("What could decide it"),
    "criterion": N_("When it counts as true"),
    "outcome": N_("Outcome"),
}
VOICES = {
    "asserts": N_("asserts: the text says it itself"),
    "reports": N_("reports: the text tells what others say, plan or expect"),
    "advises": N_("advises: the text says what should be done"),
}
WORDINGS = {
    "plain": N_("plain: without reserve"),
    "hedged": N_("hedged: can, may, seems, likely"),
    "conditional": N_("conditional: only if something else holds"),
    "reported": N_("reported: in the words of others"),
}
LATER = 2
"""After how many lessons a wrong answer comes back."""
MOST = 5
"""So many wrong answers come back at most, those first of which the learner was surest."""
_SETTLED = ("settled", "third")
"""The judgements that settled a difference, the last first; their reasons are for readers."""
_RULES = ("decided_by", "criterion")
"""What can be said of a claim before its verdict."""


def question(reference: Reference) -> dict[str, Any]:
    """Return what a form needs to ask.

    Parameters
    ----------
    reference : dict
        As `CourseWidget` stores it.

    Raises
    ------
    KeyError
        If there is no such form, item, claim or lesson.
    """
    made: dict[str, Callable[..., dict[str, Any]]] = {
        "prediction": prediction,
        "answer": answer,
        "claims": claims,
        "quiz": quiz,
        "review": review,
        "misconceptions": misconceptions,
        "record": record,
        "gain": gain,
        "table": table,
    }
    given = dict(reference)
    return made[given.pop("asks")](**given)


def item_rows(item_id: str, kind: str) -> tuple[pd.Series, pd.DataFrame]:
    """Return an item and its options in order.

    Raises
    ------
    KeyError
        If there is no such item of that kind; the message names those of the same lesson.
    """
    items = tables.load("items")
    items = items[items["kind"] == kind]
    rows = items[items["item_id"] == item_id]
    if rows.empty:
        lesson = item_id.split("-")[0]
        near = ", ".join(known for known in items["item_id"] if known.split("-")[0] == lesson)
        raise KeyError(
            _("There is no {kind} {item!r}. This lesson has: {near}.").format(
                kind=kind, item=item_id, near=near
            )
        )
    options = tables.load("options")
    options = options[options["item_id"] == item_id].sort_values("position")
    return rows.iloc[0], options.reset_index(drop=True)


def prediction(item: str) -> dict[str, Any]:
    """Return a prediction with its options."""
    row, options = item_rows(item, "prediction")
    return {
        "asks": "prediction",
        "item": item,
        "prompt": row["prompt"],
        "options": options["text"].tolist(),
    }


def answer(item: str, answer: str) -> dict[str, Any]:
    """Return the answer to a prediction, with what explains it."""
    row, _options = item_rows(item, "prediction")
    return {
        "asks": "answer",
        "item": item,
        "prompt": row["prompt"],
        "answer": answer,
        "explanation": _text(row["explanation"]),
    }


def claims(
    claims: Sequence[str],
    evidence: dict[str, int],
    shown: list[dict[str, Any]],
    rows: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return claims to judge.

    Parameters
    ----------
    claims : sequence of str
        Their ids.
    evidence : dict of int
        By claim id the place of its evidence in `shown`; a claim may have none.
    shown : list of dict
        From `evidence.as_data`.
    rows : list of dict, optional
        The claims themselves, where they are the learner's own and in no table of the course.
    """
    chosen = cards.claims(claims if rows is None else pd.DataFrame(rows))
    sources = bibliography.claim_sources(claims)
    record = bibliography.dated_record(chosen)
    return {
        "asks": "claims",
        "verdicts": {
            "fact": [[key, _(word)] for key, word in VERDICTS.items()],
            "forecast": [[key, _(word)] for key, word in OUTCOMES.items()],
        },
        "claims": [
            {
                "id": claim["claim_id"],
                "claim": claim["claim"],
                "short": short(claim["claim"]),
                "kind": cards.kind_line(claim),
                "scale": scale(claim),
                "verdict": claim["verdict"],
                "evidence": evidence.get(claim["claim_id"]),
                "rules": _listed(
                    _parts(claim, _RULES),
                    {_("On that date"): record.get(claim["claim_id"], "")},
                    {_("Sources"): sources.get(claim["claim_id"], "")},
                ),
                "grounds": _grounds(claim),
            }
            for _place, claim in chosen.iterrows()
        ],
        "shown": shown,
    }


def _grounds(claim: pd.Series) -> str:
    """Return what a verdict rests on, and how each coder judged, as a list of terms."""
    html = templates.render(
        "widgets/templates/codings.html",
        codings=[
            (coder, _((WORDS | FORMER)[verdict]), reason)
            for coder, verdict, reason in codings(claim["claim_id"])
        ],
    )
    return _listed(
        _parts(claim, [part for part in _PARTS if part not in _RULES]),
        {_("Who judged it how"): html},
    )


def codings(claim_id: str) -> list[tuple[str, str, str]]:
    """Return how each coder judged a claim: the coder, the verdict, and why where it was settled.

    What the other coders noted for themselves stays in the table ``codings``.
    """
    rows = tables.load("codings").query("claim_id == @claim_id").sort_values("coder")
    names = coders(rows)
    said = set(rows["coder"])
    settled = next((coder for coder in _SETTLED if coder in said), "")
    return [
        (
            names[str(row["coder"])],
            str(row["verdict"]),
            _text(row["reason"]) if row["coder"] == settled else "",
        )
        for row in rows.to_dict("records")
    ]


def coders(rows: pd.DataFrame) -> dict[str, str]:
    """Return what the coders of a claim are called, by their keys in its rows of ``codings``."""
    blind = set(rows.loc[rows["blind"].fillna(False), "coder"])
    return {
        "first": _("First coder, who wrote the finding")
        if rows["coder"].eq("sixth").any()
        else _("First coder"),
        "second": _("Second coder, who saw no verdict")
        if "second" in blind
        else _("The same hand, later"),
        "sixth": _("Second coder, who saw the finding and no verdict")
        if "sixth" in blind
        else _("Second coder, who saw the finding and could see the outcome"),
        "third": _("Settled by the first rules"),
        "fourth": _("A later coder, by the first rules alone"),
        "settled": _("Settled by the second rules"),
        "fifth": _("A later coder, by the second rules alone"),
    }


def quiz(lesson: str) -> dict[str, Any]:
    """Return the quiz of a lesson, with the reply to each option."""
    return {
        "asks": "in_turn",
        "kind": "quiz",
        "items": [_whole(name, "quiz") for name in quiz_items(lesson)],
    }


def quiz_items(lesson: str) -> list[str]:
    """Return the ids of a lesson's quiz questions, in order.

    Raises
    ------
    KeyError
        If the lesson has no quiz.
    """
    if not (items := _quiz_items(lesson)):
        raise KeyError(_("Lesson {number} has no quiz.").format(number=lesson))
    return items


def _quiz_items(lesson: str) -> list[str]:
    return sorted(tables.load("items").query("kind == 'quiz' and lesson == @lesson")["item_id"])


def misconceptions(when: str) -> dict[str, Any]:
    """Return the twelve items; before the course without a word on what is right."""
    items = [_whole(name, "misconception") for name in sorted(gains.items().index)]
    if when == "before":
        items = [
            one | {"explanation": "", "options": [{"text": o["text"]} for o in one["options"]]}
            for one in items
        ]
    asked = {"asks": "in_turn", "kind": KINDS[when], "items": items, "later": later()}
    return asked | ({"gain": _known_items()} if when == "after" else {})


def review(lesson: str) -> dict[str, Any]:
    """Return all that may come back in a lesson: what was asked two lessons before.

    The page chooses from it what the learner got wrong. The twelve items come back where they were
    asked for the second time, since before that nothing of them is given away.

    Parameters
    ----------
    lesson : str
        The number of the lesson in which it comes back; for the first two there is nothing.
    """
    before = course.before(lesson, LATER)
    items: list[dict[str, Any]] = []
    if before:
        items += [_whole(name, "quiz") | {"kind": "quiz"} for name in _quiz_items(before.number)]
        if before == course.planned()[-1]:
            names = sorted(gains.items().index)
            items += [_whole(name, "misconception") | {"kind": progress.AFTER} for name in names]
        claims = tables.load("claims")
        of_lesson = claims[claims["lesson"].astype(str) == before.number]
        items += [_as_item(claim) for _place, claim in of_lesson.iterrows()]
    return {
        "asks": "review",
        "number": before.number if before else "",
        "most": MOST,
        "items": items,
    }


def _as_item(claim: pd.Series) -> dict[str, Any]:
    """Return a claim as a question whose options are verdicts, with what was found."""
    better = [_part(claim, part) for part in ("finding", "correction")]
    asks = _("Did it come true?") if scale(claim) == "forecast" else _("What is your verdict?")
    return {
        "item": claim["claim_id"],
        "kind": "claim",
        "prompt": f"{claim['claim']} {asks}",
        "explanation": " ".join(filter(None, better)),
        "options": [
            {"key": key, "text": word, "correct": key == claim["verdict"], "feedback": ""}
            for key, word in verdicts(claim).items()
        ],
    }


def gain() -> dict[str, Any]:
    """Return what is needed to compare the answers before and after."""
    return {"asks": "gain", "gain": _known_items(), "later": later()}


def later() -> str:
    """Return when the answers come: after the last lesson that every reader takes."""
    return _(
        "The answers come after lesson {number}, where the same twelve are asked again."
    ).format(number=course.planned()[-1].number)


def record() -> dict[str, Any]:
    """Return what is needed to say what a learner has done and what comes next."""
    return {"asks": "record", "known": known(), "lessons": lessons({})}


def table(sheet: str) -> dict[str, Any]:
    """Return a table that a learner fills in: its columns, and the words of its choices.

    Parameters
    ----------
    sheet : str
        A key of `own.SHEETS`.
    """
    about = own.SHEETS[sheet]
    return {
        "asks": "table",
        "sheet": about.key,
        "file": about.file,
        "letter": about.letter,
        "rows": about.rows,
        "names": about.names,
        "forPartner": own.SHEETS["codes"].file if sheet == "claims" else "",
        "verdicts": {scale: list(words) for scale, words in _scales().items()},
        "columns": [
            {
                "name": column.name,
                "label": _(column.label),
                "kind": column.kind,
                "required": column.required,
                "choices": [[code, words_of_code(column.name, code)] for code in column.choices],
            }
            for column in about.columns
        ],
    }


def words_of_code(column: str, code: str) -> str:
    """Return what a code of the table ``claims`` is called in a form."""
    known = {
        "voice": VOICES,
        "wording": WORDINGS,
        "verdict": WORDS,
        "kind": {name: kind.word for name, kind in cards.kinds().items()},
        "dimension": cards.dimensions(),
    }
    return _(known[column][code])


def checks() -> list[tuple[course.Lesson, Reference]]:
    """Return the checks of the course's claims that lessons store, each with its lesson."""
    return [(one, asked) for one in course.lessons() for asked in _checks_of(one.file)]


@cache
def _checks_of(file: Path) -> tuple[Reference, ...]:
    """Return the checks in a lesson's file, without those of claims that learners bring."""
    stored = (output.get("data", {}).get(MIME, {}) for output in notebooks.outputs(file))
    return tuple(one for one in stored if one.get("asks") == "claims" and "rows" not in one)


def asked_in() -> dict[str, tuple[course.Lesson, ...]]:
    """Return by the id of a claim the lessons that ask for it."""
    found: dict[str, tuple[course.Lesson, ...]] = {}
    for one, asked in checks():
        for claim in asked["claims"]:
            found[claim] = (*found.get(claim, ()), one)
    return found


def known() -> list[tuple[str, str, str, int]]:
    """Return all that the lessons ask: item or claim, lesson, kind, number of options.

    A claim stands there once for each lesson that asks for it.
    """
    n_options = tables.load("options")["item_id"].value_counts()
    items = tables.load("items").query("kind in ['prediction', 'quiz']")
    asked = [
        (row["item_id"], row["lesson"], str(row["kind"]), int(n_options[row["item_id"]]))
        for row in items.to_dict("records")
    ]
    lessons_of = asked_in()
    judged = [
        (claim["claim_id"], one.number, "claim", len(_scales()[scale(claim)]))
        for _place, claim in tables.load("claims").iterrows()
        for one in lessons_of.get(claim["claim_id"]) or [course.lesson(str(claim["lesson"]))]
    ]
    return asked + judged


def lessons(pages: dict[str, str]) -> list[dict[str, str]]:
    """Return the lessons in order: number, title, exercise, page and what comes next.

    Parameters
    ----------
    pages : dict of str
        Addresses by a lesson's name.
    """
    return [
        {
            "number": one.number,
            "title": notebooks.about(one.file)["title"],
            "page": pages.get(one.name, ""),
            "exercise": one.number if one.exercise else "",
            "next": after.number if (after := course.after(one.number)) else "",
        }
        for one in course.lessons()
    ]


def in_words(verdicts: pd.Series) -> pd.Series:
    """Return verdicts in the words of the forms, without what these add to explain them.

    Parameters
    ----------
    verdicts : pandas.Series
        Keys of verdicts, as in the column ``verdict`` of ``claims``.

    Returns
    -------
    pandas.Series
        Texts, of the same index and name.

    Raises
    ------
    KeyError
        If one is no verdict.

    Examples
    --------
    >>> in_words(pd.Series(["confirmed", "came_partly_true"])).tolist()
    ['True', 'Came partly true']
    """
    said = [in_short(str(key)) for key in verdicts]
    return pd.Series(said, verdicts.index, name=verdicts.name)


def in_short(verdict: str) -> str:
    """Return a verdict's word, as on the buttons, without what these add to explain it."""
    return _((WORDS | FORMER)[verdict]).partition(":")[0]


def scale(claim: pd.Series) -> str:
    """Return which verdicts fit a claim: ``"forecast"`` or ``"fact"``."""
    return "forecast" if claim["kind"] == "forecast" else "fact"


def _scales() -> dict[str, dict[str, str]]:
    return {"fact": VERDICTS, "forecast": OUTCOMES}


def verdicts(claim: pd.Series) -> dict[str, str]:
    """Return the verdicts that fit a claim, in words."""
    return {verdict: _(word) for verdict, word in _scales()[scale(claim)].items()}


def grounds(claim: pd.Series) -> str:
    """Return all that is known of a claim's verdict, as a list of terms."""
    claim_id = claim["claim_id"]
    sources = bibliography.claim_sources([claim_id])
    record = bibliography.dated_record(claim.to_frame().T)
    return _listed(
        _parts(claim, _PARTS),
        {_("On that date"): record.get(claim_id, ""), _("Sources"): sources.get(claim_id, "")},
    )


def short(text: str, width: int = 70) -> str:
    """Return the beginning of a text, cut between words."""
    return text if len(text) <= width else text[: width - 1].rsplit(" ", 1)[0] + " …"


def label(claim: pd.Series, part: str) -> str:
    """Return what a part of a claim's row is called: a true sentence is added to, not mended."""
    true = claim["verdict"] in ("confirmed", "came_true")
    return _("What a careful reader adds") if true and part == "correction" else _(_PARTS[part])


def _parts(claim: pd.Series, parts: Iterable[str]) -> dict[str, str]:
    """Return the parts of a claim's row that are filled, escaped, by their labels."""
    return {label(claim, part): escape(_part(claim, part)) for part in parts if _part(claim, part)}


def _part(claim: pd.Series, part: str) -> str:
    value = claim[part]
    if pd.isna(value):
        return ""
    if part == "outcome":
        return _("{value} (1 came true, 0.5 partly, 0 failed)").format(value=f"{value:g}")
    return str(value)


def _listed(*parts: dict[str, str]) -> str:
    """Return terms with what they say, which is HTML; nothing for those that say nothing."""
    rows = [(term, html) for part in parts for term, html in part.items() if html]
    return templates.render("widgets/templates/grounds.html", parts=[], lists=rows) if rows else ""


def _known_items() -> list[dict[str, str]]:
    return [
        {"item": str(name), **{str(part): text for part, text in row.items()}}
        for name, row in gains.items().sort_index().to_dict("index").items()
    ]


def _whole(name: str, kind: str) -> dict[str, Any]:
    row, options = item_rows(name, kind)
    return {
        "item": name,
        "prompt": row["prompt"],
        "explanation": _text(row["explanation"]),
        "options": [
            {
                "text": option["text"],
                "correct": bool(option["correct"]),
                "feedback": _text(option["feedback"]),
            }
            for option in options.to_dict("records")
        ],
    }


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
