"""How a JupyterHub signs learners in from Moodle or Canvas by LTI 1.3, as docs/lti.md describes.

`centralasia lti register` puts this file beside `platform.json`. The hub's own configuration loads
it with one line: `load_subconfig("/the/folder/lti/jupyterhub_lti.py")`. The hub needs the package
jupyterhub-ltiauthenticator, and the learners' servers need this course.
"""

from __future__ import annotations

import json
import os
import re
import time
import unicodedata
from pathlib import Path

from jupyterhub.utils import url_path_join
from ltiauthenticator.lti13.auth import LTI13Authenticator
from ltiauthenticator.lti13.handlers import LTI13CallbackHandler, LTI13LoginInitHandler
from tornado.web import HTTPError

HERE = Path(__file__).resolve().parent
PLATFORM = json.loads((HERE / "platform.json").read_text(encoding="utf-8"))
LAUNCHES = Path(os.environ.get("CENTRALASIA_LTI", HERE)) / "launches.jsonl"
"""Beside this file, or in the teacher's folder `lti` if the hub's environment names it."""
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
SERVICE = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
SERVES = 3600
"""Seconds for which a nonce is remembered; the authenticator takes no message that is so old."""


def refusal(status: int, text: str) -> HTTPError:
    """Return what shows a person one sentence on a page of the hub."""
    return HTTPError(status, text, reason="Not signed in")


class CourseLogin(LTI13LoginInitHandler):
    """Begins to sign somebody in; who comes by no link is told where the links are."""

    def post(self) -> None:
        """Send the browser back to the learning system, which knows who it is."""
        if not self.get_argument("iss", ""):
            raise refusal(403, "Open the course from your learning system: its link signs you in.")
        super().post()

    get = post


class CourseCallback(LTI13CallbackHandler):
    """Goes where the link says: to the file of its custom parameter `open`, else to its address."""

    file = ""

    def get_next_url(self, user: object = None) -> str:
        """Return where the browser goes once its user is signed in."""
        if not self.file:
            return super().get_next_url(user)
        return url_path_join(self.hub.base_url, "user-redirect/lab/tree", self.file)


class CourseAuthenticator(LTI13Authenticator):
    """Signs in who comes from the learning system, under the id that the class list has.

    The signature, the issuer, the audience and the nonce are the library's to check. Here a nonce
    serves once, a name that the learning system did not fill in is refused, and what the marks will
    need to find their way back is written into `launches.jsonl`.
    """

    login_handler = CourseLogin
    callback_handler = CourseCallback

    def __init__(self, **given: object) -> None:
        super().__init__(**given)
        self._served: dict[str, float] = {}
        self._written: dict[tuple[str, str], str] = {}

    async def authenticate(self, handler: CourseCallback, data: dict | None = None) -> dict | None:
        """Return the name and what was said of it, or refuse."""
        token = data or {}
        self._once(token.get("nonce", ""))
        known = PLATFORM["deployments"]
        if known and token.get(f"{CLAIM}deployment_id") not in known:
            raise refusal(403, "This deployment of the tool is not one that the hub knows.")
        found = await super().authenticate(handler, token)
        self._write(found["name"], token)
        wanted = str((token.get(f"{CLAIM}custom") or {}).get("open", ""))
        if re.fullmatch(r"\w[\w./-]*", wanted) and ".." not in wanted:
            handler.file = wanted
        return found

    def get_username(self, token: dict) -> str:
        """Return the learner's id, which is the custom parameter learner_id."""
        given = (token.get(f"{CLAIM}custom") or {}).get("learner_id", "")
        name = unicodedata.normalize("NFC", str(given)).strip().casefold()
        if not re.fullmatch(r"[\w@][\w.@-]{0,99}", name) or name == "guest":
            raise refusal(
                403,
                "The learning system sent no id of yours that can be used. Please tell your "
                "teacher: the custom parameter learner_id of the tool is missing or not filled in.",
            )
        return name

    def _once(self, nonce: str) -> None:
        """Refuse a message that came before."""
        now = time.monotonic()
        self._served = {n: at for n, at in self._served.items() if now - at < SERVES}
        if nonce in self._served:
            raise refusal(400, "This sign-in was used before. Please open the link again.")
        self._served[nonce] = now

    def _write(self, name: str, token: dict) -> None:
        """Add who came from where, unless the file says so already."""
        course = token.get(f"{CLAIM}context") or {}
        service = token.get(SERVICE) or {}
        roles = {role.rpartition("#")[2] for role in token.get(f"{CLAIM}roles") or ()}
        line = json.dumps({
            "learner_id": name,
            "user": token.get("sub", ""),
            "name": token.get("name", ""),
            "email": token.get("email", ""),
            "learner": "Learner" in roles,
            "course": course.get("id", ""),
            "title": course.get("title") or course.get("label") or "",
            "lineitems": service.get("lineitems", ""),
            "scope": service.get("scope", []),
        }, ensure_ascii=False)  # fmt: skip
        key = course.get("id", ""), name
        if self._written.get(key) == line:
            return
        try:
            _append(LAUNCHES, f"{line}\n".encode())
        except OSError as error:  # which keeps nobody out
            self.log.error("%s cannot be written to: %s", LAUNCHES, error)
        else:
            self._written[key] = line


def _append(file: Path, line: bytes) -> None:
    """Add a line; a new file is that of the folder's owner, and a link is not followed."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW
    try:
        handle = os.open(file, flags | os.O_CREAT | os.O_EXCL, 0o600)
        if os.geteuid() == 0:
            owner = file.parent.stat()
            os.fchown(handle, owner.st_uid, owner.st_gid)
    except FileExistsError:
        handle = os.open(file, flags)
    with open(handle, "wb", buffering=0) as opened:
        opened.write(line)


if not PLATFORM["client_id"]:
    raise ValueError("platform.json has no client_id: centralasia lti register --client-id ID")

c = get_config()  # noqa: F821  JupyterHub defines it
c.JupyterHub.authenticator_class = CourseAuthenticator
c.LTI13Authenticator.issuer = PLATFORM["issuer"]
c.LTI13Authenticator.authorize_url = PLATFORM["authorize_url"]
c.LTI13Authenticator.jwks_endpoint = PLATFORM["jwks_url"]
c.LTI13Authenticator.client_id = {PLATFORM["client_id"]}
c.LTI13Authenticator.uri_scheme = PLATFORM["hub"].partition(":")[0]
c.LTI13LaunchValidator.time_leeway = 10  # seconds by which the two machines' clocks may differ
c.Authenticator.allow_all = True  # who may come in is for the learning system to say
c.Authenticator.auto_login = True  # a page with a button would lead nowhere
# Each learner gets a copy of the lessons and exercises of their own, in central-asia-course.
c.Spawner.cmd = ["centralasia", "lab", "--hub"]
