"""A learning system on this machine that speaks LTI 1.3, over HTTP: lti1p3platform's, not ours.

It answers at the addresses that Moodle has, keeps its columns and scores in memory, and does what a
test tells it to do wrong.
"""

import html
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import jwt
import requests
from jwcrypto.jwk import JWK
from lti1p3platform.exceptions import LineItemNotFoundException, LtiException
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration
from lti1p3platform.request import Request
from lti1p3platform.score import UpdateScoreStatus
from lti1p3platform.service_connector import AssignmentsGradesService
from patience import HANG

CLIENT, DEPLOYMENT, COURSE = "KlientId42", "7", "301"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
TEACHER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"
RESULTS = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
PAGE = 2
"""Columns a page, few enough that a class's need several."""


@cache
def pair(_whose="platform"):
    """Return a private and a public key as PEM, the same for the same owner."""
    key = JWK.generate(kty="RSA", size=2048)
    private = key.export_to_pem(private_key=True, password=None)
    return private.decode(), key.export_to_pem().decode()


@dataclass
class Platform:
    """What the learning system knows, and what a test wants of it."""

    people: dict
    """By number: login, full name, role."""
    keys: tuple = field(default_factory=pair)
    tool_keys: dict | None = None
    tool: dict = field(default_factory=dict)
    """Addresses of the tool: login and launch."""
    columns: list = field(default_factory=list)
    scores: dict = field(default_factory=dict)
    """By column and person, the last one that was taken."""
    posted: list = field(default_factory=list)
    custom: dict = field(default_factory=lambda: {"learner_id": "$User.username"})
    says: dict = field(default_factory=dict)
    """Claims to say otherwise."""
    sign_with: str | None = None
    lasts: int = 300
    """Seconds for which a message holds."""
    busy_after: int | None = None
    """How many scores are taken before it answers 503."""
    tokens: int | None = None
    """How many short-lived tokens it gives before it gives no more."""
    redirects: bool = False
    assertions: set = field(default_factory=set)
    base: str = ""

    @property
    def lineitems(self):
        return f"{self.base}/mod/lti/services.php/{COURSE}/lineitems?type_id={DEPLOYMENT}"

    def config(self):
        registration = Registration()
        registration.set_iss(self.base).set_client_id(CLIENT).set_deployment_id(DEPLOYMENT)
        registration.set_oidc_login_url(self.tool.get("login", ""))
        registration.set_launch_url(self.tool.get("launch", ""))
        registration.set_platform_private_key(self.keys[0]).set_platform_public_key(self.keys[1])
        if self.tool_keys:
            registration.set_tool_key_set(self.tool_keys)
        return _Config(registration=registration)

    def link(self, login, target=None, **custom):
        """Return where somebody's browser goes when they click on a link of the course."""
        self.custom = {"learner_id": "$User.username"} | custom
        number = next(n for n, (name, *_rest) in self.people.items() if name == login)
        return (
            _Login(None, self.config())
            .set_launch_url(target or self.tool["launch"])
            .initiate_login(number)
        )

    def results(self, column):
        """Return what its results service says over HTTP: points by login."""
        (found,) = (one for one in self.columns if one["label"] == column)
        where, _mark, query = found["id"].partition("?")
        claims = {"sub": CLIENT, "iss": self.base, "scopes": RESULTS}
        token = Registration.encode_and_sign(claims, self.keys[0], expiration=60)
        answer = requests.get(
            f"{where}/results?{query}", headers={"Authorization": f"Bearer {token}"}, timeout=HANG
        )
        answer.raise_for_status()
        return {self.people[row["userId"]][0]: row["resultScore"] for row in answer.json()}


class _Config(LTI1P3PlatformConfAbstract):
    def init_platform_config(self, registration):
        self._registration = registration

    def get_registration_by_params(self, **_given):
        return self._registration


class _Login(OIDCLoginAbstract):
    _lti_message_hint = "301-12"

    def set_lti_message_hint(self, **_given):
        raise NotImplementedError

    def get_redirect(self, url):
        return url


class _Asked(Request):
    def build_metadata(self, request):
        return request


class _Launch(LTIAdvantageMessageLaunchAbstract):
    def __init__(self, request, platform):
        super().__init__(request, platform.config())
        self.platform = platform

    def prepare_launch(self, preflight_response):
        platform, number = self.platform, preflight_response["login_hint"]
        login, name, role = platform.people[number]
        self.set_user_data(number, [role], full_name=name, email_address=f"{login}@example.edu")
        self.set_resource_link_claim("12")
        self.set_launch_context_claim(COURSE, context_title="Central Asia")
        known = {"$User.username": login}
        custom = {key: known.get(value, value) for key, value in platform.custom.items()}
        self.set_custom_parameters_claim(custom)
        self.set_ags(platform.lineitems)

    def get_launch_data(self):
        message, state = super().get_launch_data()
        return message | self.platform.says, state

    def generate_launch_request(self):
        self.set_id_token_expiration(self.platform.lasts)
        if self.platform.sign_with:
            self._registration.set_platform_private_key(self.platform.sign_with)
        return super().generate_launch_request()

    def render_launch_form(self, launch_data, **_given):
        fields = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(launch_data[name])}">'
            for name in ("id_token", "state")
        )
        action = html.escape(launch_data["launch_url"])
        return (
            f'<!doctype html><form id="go" method="post" action="{action}">{fields}</form>'
            "<script>document.getElementById('go').submit()</script>"
        )


class _Grades(AssignmentsGradesService):
    def __init__(self, request, platform):
        super().__init__(request, platform.config(), platform.lineitems)
        self.platform = platform

    def find_lineitems(self, page=1, **_given):
        start = (int(page) - 1) * PAGE
        every = self.platform.columns
        return {"content": every[start : start + PAGE], "has_next": start + PAGE < len(every)}

    def find_lineitem(self, line_item_id):
        found = [one for one in self.platform.columns if one["id"].split("/")[-2] == line_item_id]
        if not found:
            raise LineItemNotFoundException
        return found[0]

    def create_lineitem(self, creation_data):
        number = len(self.platform.columns) + 40
        where, _mark, query = self.platform.lineitems.partition("?")
        made = creation_data | {"id": f"{where}/{number}/lineitem?{query}"}
        self.platform.columns.append(made)
        return made

    def update_score(self, line_item_id, score):
        platform, column = self.platform, self.find_lineitem(line_item_id)["id"]
        before = platform.scores.get((column, score["userId"]))
        if before and before["timestamp"] >= score["timestamp"]:
            return UpdateScoreStatus.OLD_TIMESTAMP
        platform.scores[column, score["userId"]] = score
        platform.posted.append(score)
        return UpdateScoreStatus.SUCCESS

    def get_results(self, line_item_id, **_given):
        column = self.find_lineitem(line_item_id)["id"]
        rows = [
            {"userId": user, "resultScore": score["scoreGiven"], "comment": score["comment"]}
            for (where, user), score in self.platform.scores.items()
            if where == column
        ]
        return {"content": rows, "has_next": False}

    def update_lineitem(self, update_data):
        raise NotImplementedError

    def delete_lineitem(self, line_item_id):
        raise NotImplementedError


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body of an answer in one piece

    def log_message(self, *_said):
        """Say nothing."""

    @property
    def platform(self):
        return self.server.platform

    def do_GET(self):
        self._answer("")

    def do_POST(self):
        self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _answer(self, body):
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        is_json = "json" in (self.headers.get("Content-Type") or "")
        asked = _Asked({
            "method": self.command,
            "form_data": {} if is_json else dict(parse_qsl(body)),
            "get_data": {k: v for k, v in query.items() if k != "type_id"},
            "headers": self.headers,
            "json": json.loads(body) if is_json else None,
        })  # fmt: skip
        name = parts.path.removeprefix("/mod/lti/")
        if name == "auth.php":
            self._send(200, _Launch(asked, self.platform).lti_launch(), "text/html")
        elif name == "certs.php":
            self._send(200, self.platform.config().get_jwks())
        elif name == "token.php":
            self._token(asked)
        else:
            self._services(asked, name.split("/")[3:])

    def _token(self, asked):
        """Give a token to who signs as the tool; an assertion counts once, and for here alone."""
        try:
            claims = jwt.decode(
                asked.form_data["client_assertion"], options={"verify_signature": False}
            )
            if claims["jti"] in self.platform.assertions or claims["iss"] != CLIENT:
                raise LtiException("used before, or of another tool")
            if claims["aud"] != f"{self.platform.base}/mod/lti/token.php":
                raise LtiException("for somebody else")
            given = self.platform.config().get_access_token(asked.form_data)
            self.platform.assertions.add(claims["jti"])
            if self.platform.tokens is not None:
                self.platform.tokens, given["expires_in"] = self.platform.tokens - 1, 0
                if self.platform.tokens < 0:
                    raise LtiException("no more")
        except (LtiException, AssertionError, jwt.PyJWTError):
            self._send(400, {"error": "invalid_client"})
        else:
            self._send(200, given)

    def _services(self, asked, rest):
        platform, grades = self.platform, _Grades(asked, self.platform)
        if platform.redirects:
            return self._send(302, "", to=f"{platform.base}/login/index.php")
        if not rest and self.command == "POST":
            return self._give(grades.handle_resp(grades.handle_create_lineitem))
        page = int(asked.get_data.get("page", 1))  # which the library counts up
        if not rest:
            return self._give(grades.handle_resp(grades.handle_get_lineitems), page)
        number, _lineitem, what = rest
        if what == "results":
            give = grades.handle_resp(grades.handle_get_results, line_item_id=number)
            return self._give(give, page)
        if platform.busy_after is not None and len(platform.posted) >= platform.busy_after:
            return self._send(503, "<h1>Busy</h1>", "text/html")
        if asked.json["userId"] not in platform.people:  # Moodle's answer to who is not enrolled
            return self._send(400, {"error": "Incorrect score received"})
        self._give(grades.handle_resp(grades.handle_update_score, line_item_id=number))

    def _give(self, response, page=None):
        result, more = response.result, None
        if page is not None and response.code == 200:
            more = f"{self.platform.lineitems}&page={page + 1}" if result["has_next"] else None
            result = result["content"]
        self._send(response.code, result, response.media_type, more=more)

    def _send(self, status, content, kind="application/json", to=None, more=None):
        text = content if isinstance(content, str) else json.dumps(content)
        held = text.encode() if content is not None else b""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(held)))
        if to:
            self.send_header("Location", to)
        if more:
            self.send_header("Link", f'<{more}>; rel="next"')
        self.end_headers()
        self.wfile.write(held)


@contextmanager
def serving(people, host="127.0.0.1"):
    """Run a learning system, and give it; at localhost it is another site than at a number."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    platform = server.platform = Platform(people)
    platform.base = f"http://{host}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
