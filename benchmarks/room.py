"""How the room bears a class: simulated phones that join, poll as the page does, and answer twice.

    python benchmarks/room.py [--phones 200] [--seconds 16] [--json FILE]

The room runs in a process of its own, on the loopback. Each phone opens a new connection for each
request, which is harder on the room than a browser that keeps one. The question opens once all
phones are in; a phone sees it at its next look and answers. Then the second round opens. Meanwhile
the board looks each second, the room is written down as it is in a class, and forty answers come
as codes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import random
import statistics
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from centralasia.room import codes, questions, server
from centralasia.room.state import Room, RoomLimits

PAUSE, SPREAD = 1.5, 0.5
"""Seconds between two looks of a phone, and what chance adds: as in page.js."""
SLOWEST_MS = 200
"""For 95 of 100 answers."""
ITEM, OPTIONS = "00-p3", 4
CODES = 40
ROUNDS = ("before", "after")


def host(pipe: Connection, phones: int) -> None:
    """Open a room that takes so many phones from one address, until the process is ended."""

    async def run(folder: str) -> None:
        questions.lessons()  # as `server.serve` does
        desk = server.Desk(Room(RoomLimits(seats=phones)), "127.0.0.1", 0)
        await server.start(desk)
        pipe.send((desk.port, desk.room.code, desk.room.key))
        await server.keep(desk.room, Path(folder) / "room.json")

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(folder))


class Phones:
    """All phones of a class, and how long the room took to answer them."""

    def __init__(self, port: int, code: str, key: str) -> None:
        self.url, self.code, self.key = f"http://127.0.0.1:{port}", code, key
        self.client = AsyncHTTPClient(force_instance=True, max_clients=1000)
        names = ("join", "look", "answer", "board")
        self.times: dict[str, list[float]] = {name: [] for name in names}
        self.refused = 0
        self.sent = {name: [0] * OPTIONS for name in ROUNDS}

    async def ask(self, path: str, content: dict | None = None, **headers: str) -> HTTPResponse:
        """Send a request; time it if it is a phone's."""
        began = time.perf_counter()
        reply = await self.client.fetch(
            f"{self.url}/{path}",
            method="GET" if content is None else "POST",
            body=None if content is None else json.dumps(content),
            headers=headers,
            raise_error=False,
        )
        kind = {"join": "join", "answer": "answer", "teacher": "board"}.get(path, "look")
        self.times[kind].append(time.perf_counter() - began)
        self.refused += reply.code not in (200, 204, 304)
        return reply

    def teach(self, content: dict | None = None) -> asyncio.Future:
        """Speak to the room as the teacher."""
        return self.ask("teacher", content, Authorization=f"Bearer {self.key}")

    async def phone(self, number: int, end: float) -> None:
        """Join, look again and again, and answer the question once it is open."""
        await asyncio.sleep(random.uniform(0, PAUSE))
        reply = await self.ask("join", {"code": self.code})
        cookie = reply.headers["Set-Cookie"].split(";")[0]
        shown, answered = json.loads(reply.body), set()
        while time.monotonic() < end:
            since = f"{shown['session']}.{shown['version']}"
            reply = await self.ask(f"question?since={since}", Cookie=cookie)
            if reply.code == 200:
                shown = json.loads(reply.body)
            if shown.get("round") and shown["round"] not in answered:
                await asyncio.sleep(random.uniform(0, 2))
                about = {name: shown[name] for name in ("session", "question", "round")}
                choice = (number + len(answered)) % OPTIONS
                given = about | {"choice": choice, "level": random.choice(shown["levels"])}
                await self.ask("answer", given, Cookie=cookie)
                self.sent[shown["round"]][choice] += 1
                answered.add(shown["round"])
            await asyncio.sleep(PAUSE + random.uniform(0, SPREAD))

    async def board(self, end: float) -> None:
        """Look each second, as the board does."""
        while time.monotonic() < end:
            await self.teach()
            await asyncio.sleep(1)


async def load(asked: argparse.Namespace, about: tuple[int, str, str]) -> dict:
    """Run the class; return what was counted and measured."""
    phones = Phones(*about)
    end = time.monotonic() + asked.seconds
    running = [asyncio.create_task(phones.phone(n, end)) for n in range(asked.phones)]
    running.append(asyncio.create_task(phones.board(end)))
    await asyncio.sleep(2 * PAUSE)
    await phones.teach({"do": "ask", "item": ITEM, "confidence": True})
    for n in range(CODES):
        coded = codes.Coded("before", n % OPTIONS, None, n)
        await phones.teach({"do": "code", "value": codes.write(ITEM, coded)})
        phones.sent["before"][n % OPTIONS] += 1
    await asyncio.sleep(max(0, end - time.monotonic()) / 2)
    await phones.teach({"do": "turn", "value": "after"})
    await asyncio.gather(*running)
    told = json.loads((await phones.teach({"do": "turn", "value": "close"})).body)
    counted = told["result"]["counts"]
    shares = {name: _quantiles(found) for name, found in phones.times.items()}
    lost = 2 * asked.phones + CODES - sum(map(sum, counted.values()))
    return {"phones": asked.phones, "counted": counted, "as sent": counted == phones.sent,
            "lost": lost, "refused": phones.refused, "milliseconds": shares}  # fmt: skip


def _quantiles(found: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(found, n=100)
    named = {"p50": cuts[49], "p95": cuts[94], "most": max(found)}
    return {"n": len(found)} | {name: round(1000 * cut, 1) for name, cut in named.items()}


def main() -> None:
    """Open a room, load it and print what came of it; exit with 1 if answers were lost or slow."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=16)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    here, there = multiprocessing.Pipe()
    room = multiprocessing.get_context("spawn").Process(
        target=host, args=(there, asked.phones), daemon=True
    )
    room.start()
    try:
        found = asyncio.run(load(asked, here.recv()))
    finally:
        room.terminate()
    print(f"{asked.phones} phones, {found['lost']} answers lost, {found['refused']} refused")
    for name, row in found["milliseconds"].items():
        print(f"{name:8}{row['n']:6}  p50 {row['p50']:6.1f} ms  p95 {row['p95']:6.1f} ms"
              f"  most {row['most']:6.1f} ms")  # fmt: skip
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    slow = found["milliseconds"]["answer"]["p95"] >= SLOWEST_MS
    raise SystemExit(int(found["lost"] > 0 or not found["as sent"] or slow))


if __name__ == "__main__":
    main()
