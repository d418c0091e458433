"""What a chapter of the guide ends with: predictions, quiz and claims in words, with answers."""

from __future__ import annotations

import re

from centralasia import tables
from centralasia.kit.lesson import Lesson
from centralasia.widgets.claim_check import WORDS

_QUIZ = re.compile(r"(?:quiz of|quiz questions of) lesson (\d\d)", re.I)
_CLAIM = re.compile(r"\b[A-Z]{2}-\d\d\b")


def _options(item_id: str, right: str) -> str:
    """Return an item's options with their letters, the right one in bold."""
    texts = tables.load("options").query("item_id == @item_id").sort_values("position")["text"]
    if right not in set(texts):
        raise ValueError(f"{item_id} has no option {right!r}.")
    options = [f"{letter} {text}" for letter, text in zip("ABCDEFGH", texts, strict=False)]
    return " · ".join(f"**{o}**" if o[2:] == right else o for o in options) + "."


def predictions(lesson: Lesson) -> str:
    """Return the predictions of a lesson with what came of them, as Markdown."""
    items = tables.load("items").query("lesson == @lesson.number and kind == 'prediction'")
    lines = []
    for row in items.sort_values("item_id").itertuples():
        options = _options(row.item_id, lesson.answers[row.item_id])
        lines.append(f"- {row.item_id}: {row.prompt} {options} *{row.explanation}*")
    return "\n".join(["## The predictions, with their answers", "", *lines])


def quiz_asked(lesson: Lesson) -> str:
    """Return the number of the lesson whose quiz the plans begin with."""
    found = _QUIZ.search(lesson.instructor["teach-plan-90"])
    return found[1] if found else lesson.number


def quiz(number: str) -> str:
    """Return the questions of a lesson with their answers, as Markdown."""
    items = tables.load("items").query("lesson == @number and kind == 'quiz'")
    right = tables.load("options").query("correct == True").set_index("item_id")
    lines = []
    for n, row in enumerate(items.sort_values("item_id").itertuples(), start=1):
        answer = right.loc[row.item_id]
        options = _options(row.item_id, answer["text"])
        lines.append(f"{n}. {row.prompt} {options} *{answer['feedback']}*")
    return "\n".join([f"## The quiz of lesson {number}", "", *lines])


def claims(text: str) -> str:
    """Return the claims that a text names, in full and with the course's verdict, as Markdown."""
    rows = tables.load("claims")
    rows = rows[rows["claim_id"].isin(_CLAIM.findall(text))].sort_values("claim_id")
    lines = [
        f"- [{row.claim_id}](#{row.claim_id}) {row.claim} *{WORDS[str(row.verdict)]}.*"
        for row in rows.itertuples()
    ]
    return "\n".join(["## Claims named in this chapter", "", *lines])
