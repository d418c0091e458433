"""Words that arguments share with each other and with the samples, and whose case they are about.

A share of words in common is a reason to look and no verdict: the task itself, a quotation or the
name of a treaty are in common too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from centralasia import course
from centralasia.checks import keys
from centralasia.checks.calibration import SAMPLES
from centralasia.language import _
from centralasia.paths import course_root

RUN = 5
"""Words in a row that count as one place in common."""
WORTH_A_LOOK = 0.25
"""The share of one text's places that another has as well from which it is said."""
MOST_WORDS = 3_000
"""Of a text that is compared; ten times what is asked for."""
MOST_NAMES = 6
"""How many texts of the same share are named."""
_WORD = re.compile(r"\w+")


def places(text: str) -> frozenset[tuple[str, ...]]:
    """Return every run of `RUN` words in a text, in small letters."""
    words = [word.casefold() for word in _WORD.findall(text)][:MOST_WORDS]
    return frozenset(tuple(words[n : n + RUN]) for n in range(len(words) - RUN + 1))


def shared(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """Return the share of the shorter text's places that the other has as well, 0 to 1.

    Examples
    --------
    >>> a = places("one two three four five six seven")
    >>> shared(a, places("zero one two three four five nine")), shared(a, places(""))
    (0.3333333333333333, 0.0)
    """
    least = min(len(one), len(other))
    return len(one & other) / least if least else 0.0


def samples(of: keys.Exercise) -> dict[str, str]:
    """Return the texts about this exercise that everybody can read: the samples and the solution's.

    Parameters
    ----------
    of : keys.Exercise
    """
    from centralasia import notebooks

    folder = keys.solutions_dir() / of.name
    if not (folder / "samples").is_dir():  # a course folder may hold the notebooks alone
        folder = course_root() / "solutions" / of.name
    found = {}
    for name in SAMPLES:
        file = folder / "samples" / f"{name}.md"
        if file.is_file():
            found[_("the sample “{name}”").format(name=name)] = file.read_text(encoding="utf-8")
    solution = folder / f"{of.name}.ipynb"
    arguments = {ask.id for ask in of.questions.values() if ask.kind == "argument"}
    for cell in notebooks.read(solution).cells if solution.is_file() else ():
        if cell.metadata.get("nbgrader", {}).get("grade_id") in arguments:
            found[_("the argument in the solution")] = cell.source
    return found


def findings(
    of: keys.Exercise, texts: Mapping[str, str], words: Mapping[str, str]
) -> dict[str, list[str]]:
    """Say of each text what a marker should look at.

    Parameters
    ----------
    of : keys.Exercise
    texts : mapping of str to str
        By student.
    words : mapping of str to str
        What a marker calls each student's text.

    Returns
    -------
    dict of str to list of str
    """
    sets = {student: places(text) for student, text in texts.items()}
    known = {name: places(text) for name, text in samples(of).items()}
    found: dict[str, list[str]] = {student: [] for student in texts}
    for student, mine in sets.items():
        others = [(name, shared(mine, theirs)) for name, theirs in known.items()]
        others += [
            (_("essay {word}").format(word=words[other]), shared(mine, theirs))
            for other, theirs in sets.items()
            if other != student
        ]
        near: dict[int, list[str]] = {}
        for name, share in others:
            if share >= WORTH_A_LOOK:
                near.setdefault(round(100 * share), []).append(name)
        for percent, names in sorted(near.items(), reverse=True):
            more = len(names) - MOST_NAMES
            listed = [*names[:MOST_NAMES], *([_("{n} others").format(n=more)] if more > 0 else [])]
            words_of = _("{percent} % of its runs of five words stand in {names}.")
            found[student].append(words_of.format(percent=percent, names=", ".join(listed)))
        found[student] += _other_state(of, student, texts[student])
    return found


def _other_state(of: keys.Exercise, student: str, text: str) -> list[str]:
    """Say so if a text never names the state of its case, and names another."""
    own = of.case(student).state
    stems = {code: name[:6].casefold() for code, name in course.states().items()}
    plain = text.casefold()
    named = [course.states()[code] for code, stem in stems.items() if stem in plain]
    if not named or stems[own] in plain:
        return []
    return [
        _("It names {states}; the state of its case is {own}.").format(
            states=", ".join(named), own=course.states()[own]
        )
    ]
