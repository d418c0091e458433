"""Firefox as the system has it, for Playwright, which speaks WebDriver BiDi to it.

Playwright says before each page which colours its reader prefers. Firefox 153 does not know this
command yet, and Playwright then makes no page. So this module is also a program that Playwright
starts in Firefox's place: it starts Firefox, hands on all that is said, and takes that one answer
for a success. A Firefox that knows the command answers it by itself.
"""

import asyncio
import json
import os
import re
import shutil
import sys

from patience import HANG_MS
from playwright.sync_api import BrowserContext, Playwright
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application
from tornado.websocket import WebSocketHandler, websocket_connect

PLACES = (
    *("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"),
    os.path.expandvars(r"%PROGRAMFILES%\Mozilla Firefox\firefox.exe"),
)
ANSWERABLE = "emulation.setMediaFeaturesOverride"
LONGEST = 2**30
LISTENS = re.compile(rb"WebDriver BiDi listening on (ws://\S+)")


def launch_profile(playwright: Playwright, folder: str, **options: object) -> BrowserContext:
    """Start Firefox without a window, as a user does who comes back: what it keeps is in a folder.

    Raises
    ------
    AssertionError
        If there is none; a test that cannot look is no test that passed.
    """
    found = next(filter(None, map(shutil.which, PLACES)), None)
    if found is None:
        raise AssertionError(
            "These tests need Firefox. Install it, for example: apt install firefox-esr"
        )
    arguments = [__file__, found, "--remote-debugging-port=0", "--headless", "--profile", folder]
    context = playwright.firefox.launch_persistent_context(
        folder,
        channel="moz-firefox",  # Mozilla's Firefox, not the one that Playwright downloads
        executable_path=sys.executable,
        ignore_default_args=True,
        args=arguments,
        **options,
    )
    context.set_default_timeout(HANG_MS)
    return context


class _Between(WebSocketHandler):
    """Between Playwright and Firefox, whose address is the application's `firefox`."""

    async def prepare(self):
        self.unknown = set()
        self.firefox = await websocket_connect(
            self.settings["firefox"], on_message_callback=self.answered, max_message_size=LONGEST
        )

    def on_message(self, message):
        asked = json.loads(message)
        if asked["method"] == ANSWERABLE:
            self.unknown.add(asked["id"])
        self.firefox.write_message(message)

    def answered(self, message):
        if message is None:
            self.close()
            return
        said = json.loads(message) if self.unknown else {}
        if said.get("id") in self.unknown:
            self.unknown.remove(said["id"])
            if said.get("error") == "unknown command":
                message = json.dumps({"type": "success", "id": said["id"], "result": {}})
        self.write_message(message)

    def on_close(self):
        self.firefox.close()


async def _stand_in(command):
    """Run Firefox to its end; give another address where it says on which one it listens."""
    pipe = asyncio.subprocess.PIPE
    firefox = await asyncio.create_subprocess_exec(*command, stderr=pipe)
    async for line in firefox.stderr:
        if listens := LISTENS.search(line):
            there = f"{listens[1].decode()}/session"
            application = Application(
                [("/session", _Between)], firefox=there, websocket_max_message_size=LONGEST
            )
            sockets = bind_sockets(0, "127.0.0.1")
            HTTPServer(application).add_sockets(sockets)
            here = f"ws://127.0.0.1:{sockets[0].getsockname()[1]}"
            line = line.replace(listens[1], here.encode())
        sys.stderr.buffer.write(line)
        sys.stderr.buffer.flush()
    return await firefox.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(_stand_in(sys.argv[1:])))
