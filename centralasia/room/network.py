"""Under which addresses phones may find this machine."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass

import psutil
import segno

_APART = re.compile(
    r"^(lo|tun|tap|utun|wg|ppp|docker|veth|br-|virbr|vmnet|vbox|zt|ham|tailscale|llw|awdl)"
    r"|vpn|virtual|vethernet|hyper-v|wsl|loopback",
    re.IGNORECASE,
)
"""Names, as systems and tools give them, of interfaces that lead to no phone in the room."""


@dataclass(frozen=True)
class Place:
    """An address of this machine and the name of what carries it."""

    ip: str
    name: str


def places() -> list[Place]:
    """Return the IPv4 addresses of this machine; the one that phones most likely reach is first.

    That is the one by which it reaches others, unless its name says that it is a tunnel or leads
    to a machine inside this one. Those come last, and the loopback stands for a machine without a
    network.
    """
    try:
        found, states = psutil.net_if_addrs(), psutil.net_if_stats()
    except OSError:
        found, states = {}, {}
    usual = _usual()
    known = [
        Place(address.address, name)
        for name, addresses in found.items()
        for address in addresses
        if address.family == socket.AF_INET and name in states and states[name].isup
        if not address.address.startswith("127.")
    ]
    if usual and usual not in [place.ip for place in known]:
        known.append(Place(usual, ""))
    known.sort(
        key=lambda p: (bool(_APART.search(p.name)), p.ip.startswith("169.254."), p.ip != usual)
    )
    return known or [Place("127.0.0.1", "")]


def _usual() -> str | None:
    """Return the address by which this machine reaches others, if it does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a test network: nothing is sent
            return str(probe.getsockname()[0])
        except OSError:
            return None


@dataclass(frozen=True)
class Picture:
    """A QR code: squares to a side, the quiet zone included, and a path in SVG that fills them."""

    size: int
    path: str


def picture(text: str) -> Picture:
    """Return a text as a QR code.

    Examples
    --------
    >>> picture("http://192.168.0.7:8808/#KXQRT").size
    37
    """
    rows = list(segno.make_qr(text, error="m").matrix_iter(border=4))
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return Picture(len(rows), path)
