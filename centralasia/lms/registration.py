"""What the course and a learning system know of each other: addresses, the client id, a key pair.

All of it lies in the folder ``lti`` of the course folder, for its owner alone. ``platform.json``
and ``jupyterhub_lti.py`` are for the hub, ``key.pem`` signs what ``centralasia lti send`` asks for
and never leaves the folder, ``public.pem`` and ``public.json`` are the same key's other half in the
two forms that learning systems take. The addresses of each system stand in ``platforms.csv``.
"""

from __future__ import annotations

import csv
import json
import os
import re
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from centralasia import course, spreadsheets
from centralasia.errors import UserError
from centralasia.files import write_whole
from centralasia.language import _
from centralasia.paths import course_root

FOLDER = "lti"
PLATFORM, KEY, PUBLIC, PUBLIC_JWK = "platform.json", "key.pem", "public.pem", "public.json"
HUB, LINKS, CANVAS = "jupyterhub_lti.py", "links.csv", "canvas.json"
PLATFORMS = Path(__file__).with_name("platforms.csv")
_HERE = re.compile(r"localhost|127(\.\d+){3}|::1")
LEARNER_ID = "$User.username"
"""What Moodle and Canvas replace by the login, which is the id that the class list has first."""
SCOPES: Final = (
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
    "https://purl.imsglobal.org/spec/lti-ags/scope/score",
)


class Platform(StrEnum):
    """A learning system whose addresses are known."""

    MOODLE = "moodle"
    CANVAS = "canvas"


@dataclass(frozen=True, kw_only=True)
class Registration:
    """A tool as a learning system knows it.

    Parameters
    ----------
    system : str
        ``moodle`` or ``canvas``.
    hub : str
        The address of the JupyterHub, without a slash at its end.
    issuer, authorize_url, jwks_url, token_url : str
        Of the learning system.
    client_id : str
        What it calls this tool; empty until it is known.
    deployments : list of str
        The ids of deployments that may sign in; all if it is empty.
    """

    system: str
    hub: str
    issuer: str
    authorize_url: str
    jwks_url: str
    token_url: str
    client_id: str = ""
    deployments: list[str] = field(default_factory=list)


def address(given: str) -> str:
    """Return an address without the slash at its end.

    Raises
    ------
    UserError
        If it is none, or is not encrypted though it leads to another machine.

    Examples
    --------
    >>> address("https://moodle.example.edu/")
    'https://moodle.example.edu'
    """
    parts = urlsplit(given)
    is_here = bool(_HERE.fullmatch(parts.hostname or ""))
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
        raise UserError(
            f"{given!r} is no address that can be used: it has to begin with https://, as in "
            "https://moodle.example.edu"
        )
    if not parts.hostname or parts.query or parts.fragment:
        raise UserError(f"{given!r} is no address of a site.")
    return given.rstrip("/")


def known(system: Platform, site: str, hub: str) -> Registration:
    """Return a registration with the addresses of a learning system.

    Parameters
    ----------
    system : Platform
    site : str
        The address of the learning system.
    hub : str
        The address of the JupyterHub.
    """
    with PLATFORMS.open(encoding="utf-8", newline="") as file:
        (row,) = (row for row in csv.DictReader(file) if row["system"] == system)
    site, hub = address(site), address(hub)
    issuer, authorize, jwks, token = (
        row[name].format(address=site)
        for name in ("issuer", "authorize_url", "jwks_url", "token_url")
    )
    return Registration(
        system=system, hub=hub, issuer=issuer, authorize_url=authorize, jwks_url=jwks,
        token_url=token,
    )  # fmt: skip


def read(folder: Path) -> Registration:
    """Read what was registered.

    Raises
    ------
    UserError
        If there is nothing, or it is damaged.
    """
    file = folder / PLATFORM
    if not file.is_file():
        raise UserError(f"There is no {file}. Begin with: centralasia lti register --help")
    try:
        found = json.loads(file.read_text(encoding="utf-8-sig"))
        read = Registration(**{f.name: found[f.name] for f in fields(Registration)})
    except (ValueError, KeyError, TypeError):
        raise UserError(f"{file} is damaged: register the course again.") from None
    for name in ("hub", "authorize_url", "jwks_url", "token_url"):
        address(getattr(read, name))
    return read


def save(folder: Path, registration: Registration) -> None:
    """Write what is known, and a key if there is none yet, for nobody else to read.

    Parameters
    ----------
    folder : pathlib.Path
        ``lti`` of the course folder; made if it is missing.
    registration : Registration

    Raises
    ------
    UserError
        If the course is not a checkout.
    """
    hub = course_root() / HUB
    if not hub.is_file():
        raise UserError("This needs a checkout of the course, which alone can grade.")
    folder.mkdir(mode=0o700, exist_ok=True)
    if not (folder / KEY).exists():
        make_key(folder)
    text = json.dumps(asdict(registration), indent=1) + "\n"
    write_whole(folder / PLATFORM, text.encode(), mode=0o600)
    write_whole(folder / HUB, hub.read_bytes())
    write_whole(folder / LINKS, links(registration).encode())
    if registration.system == Platform.CANVAS:
        write_whole(folder / CANVAS, _canvas(folder, registration).encode())


def named(registration: Registration, client_id: str, deployments: list[str]) -> Registration:
    """Return a registration with what the learning system said about the tool."""
    return replace(
        registration,
        client_id=client_id or registration.client_id,
        deployments=deployments or registration.deployments,
    )


def key(folder: Path) -> tuple[str, str]:
    """Return the private and the public key, as PEM.

    Raises
    ------
    UserError
        If there is none, or others can read the private one.
    """
    file = folder / KEY
    if not file.is_file():
        raise UserError(f"There is no {file}. Begin with: centralasia lti register --help")
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise UserError(f"Others can read {file}. Take that away: chmod 600 {file}")
    return file.read_text("ascii"), (folder / PUBLIC).read_text("ascii")


def make_key(folder: Path) -> None:
    """Write a new key pair, the private half for its owner alone."""
    from jwcrypto.jwk import JWK

    made = JWK.generate(kty="RSA", size=2048)
    private = made.export_to_pem(private_key=True, password=None)
    write_whole(folder / PUBLIC, made.export_to_pem())
    jwk = JWK.from_pem(made.export_to_pem()).export_public(as_dict=True)
    text = json.dumps(jwk | {"alg": "RS256", "use": "sig"}) + "\n"
    write_whole(folder / PUBLIC_JWK, text.encode())
    write_whole(folder / KEY, private, mode=0o600)  # the last, for what is there is not made again


def links(registration: Registration) -> str:
    """Return a row for each lesson and exercise, with what a link to it says."""
    rows = [["lesson", "kind", "custom parameter", "address"]]
    for lesson in course.lessons():
        files = {"lesson": f"notebooks/{lesson.name}.ipynb"}
        if lesson.exercise:
            files["exercise"] = f"exercises/{lesson.name}/{lesson.name}.ipynb"
        for kind, file in files.items():
            target = f"{registration.hub}/hub/user-redirect/lab/tree/{file}"
            rows.append([lesson.name, kind, f"open={file}", target])
    return spreadsheets.written(rows)


def fields_of(folder: Path, registration: Registration) -> list[tuple[str, str]]:
    """Return what has to be entered into the learning system: the field's name there, and what."""
    login = f"{registration.hub}/hub/lti13/oauth_login"
    back = f"{registration.hub}/hub/lti13/oauth_callback"
    if registration.system == Platform.CANVAS:
        return [
            ("Redirect URIs", back),
            ("Method", "Paste JSON"),
            ("LTI 1.3 Configuration", _("what {file} holds").format(file=folder / CANVAS)),
        ]
    return [
        ("Tool URL", registration.hub),
        ("LTI version", "LTI 1.3"),
        ("Public key type", "RSA key"),
        ("Public key", _("what {file} holds").format(file=folder / PUBLIC)),
        ("Initiate login URL", login),
        ("Redirection URI(s)", back),
        ("Custom parameters", f"learner_id={LEARNER_ID}"),
        ("Default launch container", "New window"),
        (
            "IMS LTI Assignment and Grade Services",
            "Use this service for grade sync and column management",
        ),
        ("Share launcher's name with tool", "Always"),
        ("Share launcher's email with tool", "Always"),
        ("Accept grades from the tool", "Never"),
    ]


def _canvas(folder: Path, registration: Registration) -> str:
    """Return what Canvas takes as JSON, so that nothing is typed there."""
    hub = registration.hub
    placements = [
        {
            "placement": placement,
            "message_type": "LtiResourceLinkRequest",
            "target_link_uri": hub,
            "windowTarget": "_blank",
        }
        for placement in ("course_navigation", "link_selection")
    ]
    jwk = json.loads((folder / PUBLIC_JWK).read_text("ascii"))
    return (
        json.dumps(
            {
                "title": course.title(),
                "description": course.title(),
                "oidc_initiation_url": f"{hub}/hub/lti13/oauth_login",
                "target_link_uri": hub,
                "scopes": list(SCOPES),
                "extensions": [
                    {
                        "platform": "canvas.instructure.com",
                        "domain": urlsplit(hub).netloc,
                        "privacy_level": "public",
                        "settings": {"placements": placements},
                    }
                ],
                "public_jwk": jwk,
                "custom_fields": {"learner_id": LEARNER_ID},
            },
            indent=1,
        )
        + "\n"
    )
