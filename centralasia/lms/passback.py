"""Marks sent to a learning system, by the Assignment and Grade Services of LTI 1.3.

A column of the gradebook is a *line item*, a mark in it a *score*; pylti1p3 speaks for us. Each
part of an exercise has a line item of its own, which is known by its ``resourceId`` and ``tag`` and
is made where it is missing. What was sent is written into ``sent.jsonl`` at once, line by line, so
that the same command goes on where it was broken off, and sends nothing twice.

A mark that there is not yet is not sent, and never as nothing: the standard has no word for it, and
Moodle would clear the mark that is there. Canvas makes a submission of each score unless it is told
not to (``app/controllers/lti/ims/scores_controller.rb`` of instructure/canvas-lms).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from pylti1p3.assignments_grades import AssignmentsGradesService
from pylti1p3.exception import LtiException, LtiServiceException
from pylti1p3.grade import Grade
from pylti1p3.lineitem import LineItem
from pylti1p3.registration import Registration as Tool
from pylti1p3.service_connector import ServiceConnector

from centralasia import jsonl
from centralasia.errors import UserError
from centralasia.grading.judging.report import printable
from centralasia.lms import registration
from centralasia.lms.launches import Course
from centralasia.lms.marks import Mark, Why
from centralasia.lms.registration import SCOPES, Registration
from centralasia.lms.roster import Roster
from centralasia.lms.upload import MOST_NOTE, Marks

SENT = "sent.jsonl"
PATIENCE = 30
"""Seconds for which an answer is awaited."""
AGAIN = "Nothing is lost: give the same command again later, and it goes on with the rest."
NOT_THEIRS = (400, 403, 404, 409, 412, 422)
"""With what a learning system refuses one score and would take the next."""
_SUBMISSION = {"https://canvas.instructure.com/lti/submission": {"new_submission": False}}


@dataclass
class Outcome:
    """What became of the marks.

    Parameters
    ----------
    sent, unchanged : int
        How many scores were taken, and how many had been before.
    made : list of str
        The columns that were made.
    unknown : list of str
        Who has marks and never came from the course, so that nobody knows their number there.
    refused : dict of str to list of str
        Whose scores were refused, by column and reason.
    stale : list of str
        Who has a mark there that is open again here.
    """

    sent: int = 0
    unchanged: int = 0
    made: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    refused: dict[str, list[str]] = field(default_factory=dict)
    stale: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield what to say about it."""
        yield f"{self.sent} marks sent, {self.unchanged} sent before and unchanged."
        if self.made:
            yield f"New in the gradebook there: {', '.join(self.made)}."
        if self.unknown:
            yield (
                "Not sent, for they never opened a link of this course there: "
                f"{', '.join(self.unknown)}."
            )
        for reason, names in self.refused.items():
            yield f"{reason}: {', '.join(names)}."
        if self.stale:
            yield f"A mark stands there that is open again here: {', '.join(self.stale)}."


class _Session(requests.Session):
    """Requests that end in time, and never turn into others on the way."""

    def request(self, method: Any, url: Any, **given: Any) -> requests.Response:  # type: ignore[override]
        """Send a request; a redirect would make a question of what was to be written."""
        answer = super().request(
            method, url, **given | {"timeout": PATIENCE, "allow_redirects": False}
        )
        if answer.is_redirect:
            raise LtiServiceException("The learning system sent us elsewhere.", answer)
        return answer


class _Connector(ServiceConnector):
    """pylti1p3's way to the services, with tokens that are kept as long as they hold."""

    def __init__(self, tool: Tool) -> None:
        super().__init__(tool, _Session())
        self._tokens: dict[str, tuple[str, float]] = {}

    def _get_cached_access_token(self, scope_key: str) -> str | None:
        token, end = self._tokens.get(scope_key, ("", 0.0))
        return token if time.monotonic() < end else None

    def _cache_access_token(self, scope_key: str, access_token: str, expires_in: float) -> None:
        self._tokens[scope_key] = access_token, time.monotonic() + float(expires_in) - PATIENCE


class _Sent:
    """What was sent, by line item and person; kept for good with each score."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._known: dict[tuple[str, str], str] = {}
        self._columns: set[tuple[str, str]] = set()
        for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
            try:
                row = json.loads(line)
                self._keep(row["column"], row["lineitem"], row["user"], row["score"])
            except (ValueError, KeyError, TypeError):  # cut short: then it is sent once more
                continue

    def _keep(self, column: str, lineitem: str, user: str, score: str) -> None:
        self._known[lineitem, user] = score
        self._columns.add((column, user))

    def has(self, column: str, user: str) -> bool:
        return (column, user) in self._columns

    def is_same(self, lineitem: str, user: str, score: str) -> bool:
        return self._known.get((lineitem, user)) == score

    def add(self, column: str, lineitem: str, user: str, score: str) -> None:
        row = {"column": column, "lineitem": lineitem, "user": user, "score": score}
        jsonl.append(self.file, f"{json.dumps(row)}\n".encode())
        self._keep(column, lineitem, user, score)


def send(
    folder: Path,
    course: Course,
    roster: Roster,
    marks: Marks,
    *,
    again: bool = False,
    say: Callable[[str], None] = lambda _line: None,
) -> Outcome:
    """Send the marks of a class to a course of a learning system.

    Parameters
    ----------
    folder : pathlib.Path
        The folder ``lti``.
    course : Course
    roster : Roster
    marks : mapping of str to sequence of Mark
        By id. An argument for practice is left out.
    again : bool
        Whether to send what was sent before and is unchanged.
    say : callable
        Told each column as it is begun.

    Returns
    -------
    Outcome

    Raises
    ------
    UserError
        If the learning system is away, or lets nothing of this tool in. What was taken until then
        is not sent again.
    """
    service = _service(folder, registration.read(folder), course)
    sent, outcome = _Sent(folder / SENT), Outcome()
    for column, rows in sorted(_columns(course, roster, marks, sent, outcome).items()):
        say(column)
        with _clearly(outcome):
            lineitem = _lineitem(service, rows[0][1], outcome)
        for name, mark, user in rows:
            _send(service, lineitem, name, mark, user, sent, outcome, again)
    return outcome


def _columns(
    course: Course, roster: Roster, marks: Marks, sent: _Sent, outcome: Outcome
) -> dict[str, list[tuple[str, Mark, str]]]:
    """Return what can be sent, by column: whose it is, the mark, and the user there."""
    columns: dict[str, list[tuple[str, Mark, str]]] = {}
    for person in roster:
        launch, name = course.of(person), printable(person.words)
        for mark in marks.get(person.id, ()):
            if not mark.counts:
                continue
            if mark.points is None:
                if launch is not None and sent.has(mark.column, launch.user):
                    outcome.stale.append(f"{name} ({mark.column}: {mark.why})")
            elif launch is not None:
                columns.setdefault(mark.column, []).append((name, mark, launch.user))
            elif name not in outcome.unknown:
                outcome.unknown.append(name)
    return columns


def _service(folder: Path, of: Registration, course: Course) -> AssignmentsGradesService:
    if not of.client_id:
        raise UserError("The client id is missing: centralasia lti register --client-id ID")
    private, public = registration.key(folder)
    tool = Tool().set_issuer(of.issuer).set_client_id(of.client_id)
    tool.set_auth_token_url(of.token_url)
    tool.set_tool_private_key(private).set_tool_public_key(public)
    last = course.last
    lacking = [scope for scope in SCOPES if scope not in last.scope]
    if lacking:
        raise UserError(
            "The learning system lets this tool not manage its columns and marks ("
            + ", ".join(scope.rpartition("/")[2] for scope in lacking)
            + "). Allow both for the tool there, then open a link of the course again."
        )
    return AssignmentsGradesService(
        _Connector(tool), {"scope": list(SCOPES), "lineitems": last.lineitems}
    )


def _lineitem(service: AssignmentsGradesService, mark: Mark, outcome: Outcome) -> LineItem:
    """Return the column for a mark's part of its exercise; make it if there is none."""

    def is_ours(one: Any) -> bool:
        return bool(one.get("resourceId") == mark.exercise and one.get("tag") == mark.part)

    found = service.find_lineitem_satisfying(is_ours)
    if found is None:
        new = LineItem().set_label(mark.column).set_score_maximum(mark.out_of)
        found = service.create_lineitem(new.set_resource_id(mark.exercise).set_tag(mark.part))
        outcome.made.append(mark.column)
    if not found.get_id():
        raise LtiException("a column without an id")
    return found


def _send(
    service: AssignmentsGradesService,
    lineitem: LineItem,
    name: str,
    mark: Mark,
    user: str,
    sent: _Sent,
    outcome: Outcome,
    again: bool,
) -> None:
    """Send one mark, unless it is there already; who it is refused for does not stop the others."""
    where, score = str(lineitem.get_id()), _score(mark).set_user_id(user)
    same = sha256(score.get_value().encode()).hexdigest()
    if not again and sent.is_same(where, user, same):
        outcome.unchanged += 1
        return
    score.set_timestamp(datetime.now(UTC).isoformat(timespec="milliseconds"))
    with _clearly(outcome):
        try:
            service.put_grade(score, lineitem)
        except LtiServiceException as error:
            status, url = error.response.status_code, error.response.url
            if status not in NOT_THEIRS or not urlsplit(url).path.endswith("/scores"):
                raise  # a token, for instance, is refused to us and not to this learner
            reason = f"{mark.column}: the learning system refuses the mark (HTTP {status}) of"
            outcome.refused.setdefault(reason, []).append(name)
            return
    sent.add(mark.column, where, user, same)
    outcome.sent += 1


def _score(mark: Mark) -> Grade:
    """Return a mark as the standard writes it, without whose and when it is."""
    made = Grade().set_score_given(mark.points or 0.0).set_score_maximum(mark.out_of)
    # Who handed nothing in has not begun; the mark is nothing all the same, once its day is past.
    begun = "Initialized" if mark.why == Why.ZERO else "Completed"
    made.set_activity_progress(begun).set_grading_progress("FullyGraded")
    return made.set_comment(mark.note[:MOST_NOTE] or str(mark.why)).set_extra_claims(_SUBMISSION)


@contextmanager
def _clearly(outcome: Outcome) -> Iterator[None]:
    """Say in one sentence why nothing can be sent."""
    so_far = f"{outcome.sent} marks were sent until then. {AGAIN}"
    try:
        yield
    except LtiServiceException as error:
        status = error.response.status_code
        if status in (400, 401, 403):
            raise UserError(
                f"The learning system lets this tool not in (HTTP {status}). See that the client "
                "id and the public key are there as centralasia lti register says them, that the "
                "clock of this machine is right, and that the tool may manage columns and marks. "
                + so_far
            ) from None
        raise UserError(
            f"The learning system gave no usable answer (HTTP {status}). {so_far}"
        ) from None
    except requests.JSONDecodeError:
        raise UserError(f"The learning system gave no usable answer. {so_far}") from None
    except requests.RequestException:
        raise UserError(f"The learning system cannot be reached. {so_far}") from None
    except (LtiException, KeyError):
        raise UserError(f"The learning system gave no usable answer. {so_far}") from None
