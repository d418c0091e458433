"""From what a sandbox sent back to verdicts, and to outputs by which nbgrader counts the points.

This runs in the grader's own process. It reads a learner's statements as text and numbers, compares
them with the key, and writes every output of a test cell itself.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from centralasia.checks import keys, outcome, values
from centralasia.checks.asks import Ask
from centralasia.checks.cases import Case, Same
from centralasia.checks.keys import Exercise
from centralasia.checks.outcome import WORDS, Outcome
from centralasia.grading.handing_in.submission import Cell, nbgrader_metadata
from centralasia.grading.judging.verdicts import Verdict, VerdictKind
from centralasia.grading.running.limits import Limits
from centralasia.grading.running.results import Run, whole

BROKEN_TEST = (
    "The cell that checks this answer stopped with an error of its own. A cell above it gives "
    "another meaning to a name it needs, such as checks or case; rename yours."
)
NO_TAKE = "The cells up to here did not end in time, or took away what the grader needs to read."
MAX_MESSAGE = 1_000
MAX_OUTPUTS, MAX_OUTPUT = 500, 2 * Limits.output_kb * 1024
"""How many outputs of a cell are kept, and how many characters of JSON they may have. A sandbox
keeps to half of the second by itself, unless a learner's code writes its frames."""
TELLING = 2
"""Wrong answers that are right for one other case from which it is said."""
_NO_MODULE = re.compile(r"^No module named '([A-Za-z0-9_.]{1,60})'", re.MULTILINE)
Frame = Mapping[str, Any]
DATA_OUTPUTS = ("display_data", "execute_result")


class Judged(NamedTuple):
    """What a run comes to.

    Parameters
    ----------
    verdicts : dict of str to Verdict
        By question, in the order of the exercise; a question whose test cell is gone is there too.
    other_id : str or None
        The id that the notebook gives, if it is another one.
    fits : tuple
        Other cases of the class for which answers are right that are wrong here.
    """

    verdicts: dict[str, Verdict]
    other_id: str | None
    fits: tuple[Same, ...]


def plan(
    exercise: Exercise, cells: Sequence[Cell], released: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return what a sandbox is to run.

    Parameters
    ----------
    exercise : Exercise
    cells : sequence of mapping
        The notebook's, after nbgrader has put the locked ones back.
    released : mapping of str to str
        The test cells as learners got them: their hidden part stays here.

    Returns
    -------
    list of dict
        For each code cell ``source``, and ``names`` to take if it tests an answer.
    """
    steps = []
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        question = tested(exercise, cell)
        names = None
        source = cell["source"]
        if question is not None:
            names = [*exercise.questions[question].names, *keys.BESIDE]
            source = released[question]
        steps.append({"source": source, "names": names})
    return steps


def tested(exercise: Exercise, cell: Cell) -> str | None:
    """Return the question that a code cell tests, if it tests one."""
    about = nbgrader_metadata(cell)
    question = about.get("grade_id")
    is_test = cell["cell_type"] == "code" and about.get("grade") and not about.get("solution")
    return question if is_test and question in exercise.questions else None


def judge(
    exercise: Exercise,
    cells: Sequence[Cell],
    run: Run,
    learner_id: str,
    perturbed: Path,
    neighbours: Iterable[Case] = (),
) -> Judged:
    """Judge a run, and write the outputs into the cells of the notebook.

    Parameters
    ----------
    exercise : Exercise
    cells : sequence of dict
        As given to `plan`; their outputs are replaced.
    run : Run
    learner_id : str
        The submission's folder.
    perturbed : pathlib.Path
    neighbours : iterable of Case
        Other cases of the class, for which a wrong answer may be right.

    Returns
    -------
    Judged
    """
    frames = _by_cell(run.frames)
    verdicts: dict[str, Verdict] = {}
    other = None
    others = list(neighbours)
    fitting: Counter[Same] = Counter()
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    for number, cell in enumerate(code):
        frame = frames.get(number)
        question = tested(exercise, cell)
        if question is None:
            cell["outputs"] = _outputs(frame)
            continue
        result, taken = _outcome(question, frame, run.end, learner_id, perturbed)
        if taken is not None:
            claimed = keys.other_id(taken, learner_id)
            other = other or (claimed and claimed[:MAX_MESSAGE])
            if result.kind == "wrong" and _is_telling(exercise.questions[question]):
                fitting.update(case.same for case in keys.fits(question, taken, others))
        verdicts[question] = _verdict(exercise, question, result)
        cell["outputs"] = outputs_of(verdicts[question])
    in_order = {q: verdicts.get(q) or _untested(exercise, q) for q in exercise.questions}
    fits = tuple(same for same, count in fitting.items() if count >= TELLING)
    return Judged(in_order, other, fits)


def _is_telling(ask: Ask) -> bool:
    """Say whether an answer that is right for another case can hardly be so by chance."""
    return ask.kind in ("number", "table")


def _untested(exercise: Exercise, question: str) -> Verdict:
    """Return the verdict on what no cell tests: an argument, or a question that lost its cell."""
    ask = exercise.questions[question]
    if ask.kind == "argument":
        return Verdict(question=question, kind=VerdictKind.MANUAL, points=0, out_of=ask.points)
    return Verdict(
        question=question,
        kind=VerdictKind.CANNOT_CHECK,
        points=0,
        out_of=ask.points,
        message="Its test cell is gone.",
    )


def _by_cell(frames: Sequence[Frame]) -> dict[int, Frame]:
    """Return the frames by the number of their cell; a second one for a cell is not looked at."""
    by_cell: dict[int, Frame] = {}
    for frame in frames:
        number = frame.get("cell")
        if type(number) is int:
            by_cell.setdefault(number, frame)
    return by_cell


def _outcome(
    question: str, frame: Frame | None, end: str, learner_id: str, perturbed: Path
) -> tuple[Outcome, keys.Taken | None]:
    if frame is None:
        return outcome.cannot_check(f"The notebook was not run up to here: {end}."), None
    if not isinstance(frame.get("taken"), str):
        return outcome.cannot_check(NO_TAKE), None
    try:
        taken = whole(values.loads(frame["taken"]))
    except (values.Unreadable, RecursionError) as error:
        return outcome.cannot_check(str(error)), None
    result = keys.judge(question, taken, learner_id, perturbed=perturbed)
    if frame.get("failed") is not False and result.points > 0:
        result = outcome.cannot_check(BROKEN_TEST)
    return result, taken


def _verdict(exercise: Exercise, question: str, result: Outcome) -> Verdict:
    worth = exercise.questions[question].points
    return Verdict(
        question=question,
        kind=VerdictKind(result.kind),
        points=min(max(result.points, 0.0), float(worth)),
        out_of=worth,
        message=result.message[:MAX_MESSAGE],  # parts of it may be the learner's
        mistake=result.mistake,
        confidence=result.confidence,
    )


def lacking(run: Run) -> tuple[str, ...]:
    """Return the packages that cells of a run asked for in vain, sorted, up to ten."""
    names = set()
    for frame in run.frames:
        outputs = frame.get("outputs")
        for output in outputs if isinstance(outputs, list) else []:
            if isinstance(output, dict):
                names |= set(_NO_MODULE.findall(_complaint(output)))
    return tuple(sorted(names)[:10])


def _complaint(output: Mapping[str, Any]) -> str:
    """Return what an output of a cell may say of a package that it could not import."""
    if output.get("ename") == "ModuleNotFoundError":
        return str(output.get("evalue"))
    return str(output.get("text")) if output.get("name") == "stderr" else ""


def outputs_of(verdict: Verdict) -> list[dict[str, Any]]:
    """Return the outputs of a test cell by which nbgrader gives the verdict's points.

    nbgrader reads an error as none of the points, a number as so many, anything else as all.
    """
    line = f"{WORDS[verdict.kind]}. {verdict.message}"
    if verdict.points <= 0:
        error = {"ename": "Failed", "evalue": line, "traceback": [line]}
        return [{"output_type": "error"} | error]
    outputs: list[dict[str, Any]] = [
        {"output_type": "stream", "name": "stdout", "text": line + "\n"},
    ]
    if verdict.points < verdict.out_of:
        outputs.append(
            {
                "output_type": "execute_result",
                "execution_count": None,
                "data": {"text/plain": repr(float(verdict.points))},
                "metadata": {},
            }
        )
    return outputs


def _outputs(frame: Frame | None) -> list[dict[str, Any]]:
    """Return the outputs of an answer's cell that a notebook can hold, up to a size."""
    outputs = frame.get("outputs") if frame else None
    if not isinstance(outputs, list):
        return []
    kept: list[dict[str, Any]] = []
    size = 0
    for output in outputs[:MAX_OUTPUTS]:
        shown = _output(output) if isinstance(output, dict) else None
        if shown is None:
            continue
        size += len(json.dumps(shown, ensure_ascii=False))
        if size > MAX_OUTPUT:
            break
        kept.append(shown)
    return kept


def _output(output: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return an output in the form of a notebook; None if it has a kind that none has."""
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": kind, "name": name, "text": str(output.get("text", ""))}
    if kind == "error":
        lines = output.get("traceback")
        lines = [str(line) for line in lines] if isinstance(lines, list) else []
        named = {name: str(output.get(name, "")) for name in ("ename", "evalue")}
        return {"output_type": kind, **named, "traceback": lines}
    if kind not in DATA_OUTPUTS or not isinstance(output.get("data"), dict):
        return None
    data = {
        name: value if name.endswith("json") else str(value)
        for name, value in output["data"].items()
    }
    kept = {"output_type": kind, "data": data, "metadata": {}}
    return kept | ({"execution_count": None} if kind == "execute_result" else {})
