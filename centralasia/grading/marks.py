"""From what a sandbox sent back to verdicts, and to outputs by which nbgrader counts the points.

This runs in the grader's own process. It reads a learner's statements as text and numbers, compares
them with the key, and writes every output of a test cell itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from centralasia.checks import keys, outcome, values
from centralasia.checks.keys import Exercise
from centralasia.checks.outcome import WORDS, Outcome
from centralasia.grading.results import Run, whole
from centralasia.grading.submission import Cell, mark

BROKEN_TEST = (
    "The cell that checks this answer stopped with an error of its own. A cell above it gives "
    "another meaning to a name it needs, such as checks or case; rename yours."
)
NO_TAKE = "The cells up to here did not end in time, or took away what the grader needs to read."
MAX_MESSAGE = 1_000
SHOWN = ("display_data", "error", "execute_result", "stream")


@dataclass(frozen=True)
class Verdict:
    """What was decided on one question.

    Parameters
    ----------
    question, kind : str
        The grade id; right, wrong, not_attempted, cannot_check, or manual for an argument.
    points, out_of : float
        Points of an argument are those that need no person: none.
    message, mistake : str
        Fit for the learner, with no expected value; a slug for the class report.
    confidence : float, optional
    """

    question: str
    kind: str
    points: float
    out_of: float
    message: str = ""
    mistake: str = ""
    confidence: float | None = None

    def plain(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)


def plan(exercise: Exercise, cells: Sequence[Cell], released: Mapping[str, str]) -> list[dict]:
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
            names = [*exercise.questions[question].names, "learner_id"]
            source = released[question]
        steps.append({"source": source, "names": names})
    return steps


def tested(exercise: Exercise, cell: Cell) -> str | None:
    """Return the question that a code cell tests, if it tests one."""
    found = mark(cell)
    question = found.get("grade_id")
    is_test = cell["cell_type"] == "code" and found.get("grade") and not found.get("solution")
    return question if is_test and question in exercise.questions else None


def judge(
    exercise: Exercise,
    cells: Sequence[dict],
    run: Run,
    learner_id: str,
    perturbed: Path,
) -> tuple[dict[str, Verdict], str | None]:
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

    Returns
    -------
    (dict of str to Verdict, str or None)
        By question, in the order of the exercise; a question whose test cell is gone is there too.
        And the id that the notebook gives, if it is another one.
    """
    frames = _by_cell(run.frames)
    found: dict[str, Verdict] = {}
    other = None
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    for number, cell in enumerate(code):
        frame = frames.get(number)
        question = tested(exercise, cell)
        if question is None:
            cell["outputs"] = _outputs(frame)
            continue
        result, claimed = _outcome(question, frame, run.end, learner_id, perturbed)
        other = other or (claimed and claimed[:MAX_MESSAGE])
        found[question] = _verdict(exercise, question, result)
        cell["outputs"] = said(found[question])
    in_order = {}
    for question, ask in exercise.questions.items():
        gone = Verdict(question, "cannot_check", 0, ask.points, "Its test cell is gone.")
        waiting = Verdict(question, "manual", 0, ask.points)
        in_order[question] = found.get(question, waiting if ask.kind == "argument" else gone)
    return in_order, other


def _by_cell(frames: Sequence[Mapping]) -> dict[int, Mapping]:
    """Return the frames by the number of their cell; a second one for a cell is not looked at."""
    found: dict[int, Mapping] = {}
    for frame in frames:
        number = frame.get("cell")
        if type(number) is int:
            found.setdefault(number, frame)
    return found


def _outcome(
    question: str, frame: Mapping | None, end: str, learner_id: str, perturbed: Path
) -> tuple[Outcome, str | None]:
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
    return result, keys.other_id(taken, learner_id)


def _verdict(exercise: Exercise, question: str, result: Outcome) -> Verdict:
    worth = exercise.questions[question].points
    points = min(max(result.points, 0.0), float(worth))
    message = result.message[:MAX_MESSAGE]  # parts of it may be the learner's
    return Verdict(question, result.kind, points, worth, message, result.mistake, result.confidence)


def said(verdict: Verdict) -> list[dict[str, Any]]:
    """Return the outputs of a test cell.

    nbgrader reads an error as none of the points, a number as so many, anything else as all.
    """
    line = f"{WORDS[verdict.kind]}. {verdict.message}"
    if verdict.points <= 0:
        return [
            {
                "output_type": "error",
                "ename": "Failed",
                "evalue": line,
                "traceback": [line],
            }
        ]
    shown: list[dict[str, Any]] = [
        {"output_type": "stream", "name": "stdout", "text": line + "\n"},
    ]
    if verdict.points < verdict.out_of:
        shown.append(
            {
                "output_type": "execute_result",
                "execution_count": None,
                "data": {"text/plain": repr(float(verdict.points))},
                "metadata": {},
            }
        )
    return shown


def _outputs(frame: Mapping | None) -> list[dict[str, Any]]:
    """Return the outputs of an answer's cell that a notebook can hold."""
    outputs = frame.get("outputs") if frame else None
    if not isinstance(outputs, list):
        return []
    return [kept for output in outputs[:500] if (kept := _output(output)) is not None]


def _output(output: object) -> dict[str, Any] | None:
    kind = output.get("output_type") if isinstance(output, dict) else None
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": kind, "name": name, "text": str(output.get("text", ""))}
    if kind == "error":
        lines = output.get("traceback")
        lines = [str(line) for line in lines] if isinstance(lines, list) else []
        named = {name: str(output.get(name, "")) for name in ("ename", "evalue")}
        return {"output_type": kind, **named, "traceback": lines}
    if kind not in SHOWN or not isinstance(output.get("data"), dict):
        return None
    data = {
        name: value if name.endswith("json") else str(value)
        for name, value in output["data"].items()
    }
    kept = {"output_type": kind, "data": data, "metadata": {}}
    return kept | ({"execution_count": None} if kind == "execute_result" else {})
