"""Item analysis: how hard each question was, how well it tells learners apart, what went wrong."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import pandas as pd

from centralasia.checks import keys
from centralasia.grading.afterwards import essays
from centralasia.grading.afterwards.folder import CourseFolder, grades
from centralasia.grading.judging import verdicts
from centralasia.grading.judging.verdicts import GRADED_IN, VerdictKind

FEW, FEWEST = 30, 5
"""Below the first a warning is given; below the second no discrimination."""


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """What a class did with an exercise, without names.

    Parameters
    ----------
    exercise : str
    n : int
        Submissions.
    items : pandas.DataFrame
        By ``question``: ``kind``, ``out_of``, ``mean``, ``difficulty`` (mean over points, 0 to
        1), ``discrimination`` (-1 to 1) and the number of each outcome.
    mistakes : pandas.DataFrame
        ``question``, ``mistake``, ``n``, ``message``, most frequent first.
    criteria : pandas.DataFrame
        By ``criterion``: ``n``, ``mean`` level and the number of each level.
    unmarked : int
        Arguments that wait for a marker; they count in no figure on the argument.
    warnings : list of str
    """

    exercise: str
    n: int
    items: pd.DataFrame
    mistakes: pd.DataFrame
    criteria: pd.DataFrame
    unmarked: int
    warnings: list[str]


def discrimination(scores: pd.DataFrame) -> pd.Series:
    """Return the corrected item-total correlation of each question.

    Pearson's r between the points of a question and the points of all others together; for a
    question that is right or wrong this is the point-biserial correlation. The question itself is
    left out of the total, or it would correlate with itself.

    Parameters
    ----------
    scores : pandas.DataFrame
        A row a learner, a column a question.

    Returns
    -------
    pandas.Series
        -1 to 1; missing where all have the same points, or fewer than three have any.

    Examples
    --------
    >>> scores = pd.DataFrame({"a": [0, 0, 1, 1], "b": [0, 1, 1, 2], "c": [2, 2, 0, 1]})
    >>> discrimination(scores).round(2).tolist()
    [-0.3, 0.0, -0.67]
    """
    by_question = {}
    for name in scores:
        pair = pd.DataFrame({"own": scores[name], "rest": scores.drop(columns=name).sum(axis=1)})
        pair = pair.dropna()
        varied = len(pair) >= 3 and pair["own"].nunique() > 1 and pair["rest"].nunique() > 1
        by_question[name] = pair["own"].corr(pair["rest"]) if varied else math.nan
    return pd.Series(by_question, dtype=float)


def analyse(course: CourseFolder, exercise: str) -> Analysis:
    """Analyse an exercise from the gradebook and the grader's verdicts.

    Parameters
    ----------
    course : CourseFolder
    exercise : str
        Number or name.

    Returns
    -------
    Analysis

    Raises
    ------
    UserError
        If nothing was graded.
    """
    of = keys.load(exercise)
    rows: list[dict[str, float]] = []
    outcomes: list[dict[str, VerdictKind]] = []
    mistakes: Counter[tuple[str, str]] = Counter()
    unmarked = 0
    with course.submissions(of.name) as submissions:
        for submission in submissions:
            given = grades(submission)
            waiting = [q for q in of.questions if q in given and given[q].needs_manual_grade]
            unmarked += len(waiting)
            rows.append(
                {q: given[q].score for q in of.questions if q in given and q not in waiting}
            )
            record = verdicts.read(course.folder(GRADED_IN, of.name, submission.student_id))
            judged = record.verdicts if record else ()
            outcomes.append({verdict.question: verdict.kind for verdict in judged})
            mistakes.update((one.question, one.mistake) for one in judged if one.mistake)
    scores = pd.DataFrame(rows, columns=list(of.questions), dtype=float)
    items = _items(of, scores, pd.DataFrame(outcomes, columns=list(of.questions), dtype=object))
    criteria = _criteria(essays.marked(course, of.name))
    return Analysis(
        exercise=of.name,
        n=len(scores),
        items=items,
        mistakes=_mistakes(of, mistakes),
        criteria=criteria,
        unmarked=unmarked,
        warnings=warnings(len(scores), unmarked),
    )


def _items(of: keys.Exercise, scores: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    worth = pd.Series({ask.id: float(ask.points) for ask in of.questions.values()})
    table = pd.DataFrame(
        {
            "kind": {ask.id: ask.kind for ask in of.questions.values()},
            "out_of": worth,
            "mean": scores.mean(),
            "difficulty": scores.mean() / worth,
            "discrimination": discrimination(scores) if len(scores) >= FEWEST else math.nan,
        }
    )
    for kind in VerdictKind:
        if kind is not VerdictKind.MANUAL:
            table[kind.value] = (outcomes == kind).sum()
    return table.rename_axis("question")


def _mistakes(of: keys.Exercise, counted: Counter[tuple[str, str]]) -> pd.DataFrame:
    messages = {
        (ask.id, mistake.slug): mistake.message
        for ask in of.questions.values()
        for mistake in ask.mistakes
    }
    general = {
        "typed-in": "A number was typed in that should have been computed.",
        "other-case": "The answer is that of another case.",
    }
    rows = [
        (question, slug, n, messages.get((question, slug), general.get(slug, "")))
        for (question, slug), n in counted.items()
    ]
    frame = pd.DataFrame(rows, columns=["question", "mistake", "n", "message"])
    return frame.sort_values(["n", "question", "mistake"], ascending=[False, True, True])


def _criteria(levels: pd.DataFrame) -> pd.DataFrame:
    counts = {f"level {n}": (levels == n).sum() for n in range(4)}
    return pd.DataFrame({"n": levels.notna().sum(), "mean": levels.mean(), **counts}).rename_axis(
        "criterion"
    )


def warnings(n: int, unmarked: int) -> list[str]:
    """Return what to keep in mind.

    The margins are those of a 95 per cent interval at its widest: 0.98 / sqrt(n) for a share, and
    about 1.96 / sqrt(n - 3) for a correlation near zero (Fisher's z).
    """
    sentences = []
    if n < FEW:
        share = 98 / math.sqrt(n) if n else 100
        sentences.append(
            f"{n} submissions are few: a difficulty may be off by {share:.0f} percentage points"
            + (f", a discrimination by {min(1.96 / math.sqrt(n - 3), 2):.1f}." if n > 3 else ".")
        )
    if n < FEWEST:
        sentences.append(f"Below {FEWEST} submissions no discrimination is given.")
    if unmarked:
        words = "1 argument is" if unmarked == 1 else f"{unmarked} arguments are"
        sentences.append(f"{words} not marked yet and left out.")
    return sentences
