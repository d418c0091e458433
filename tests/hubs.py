"""A real JupyterHub on this machine: a proxy, a hub, a server for each who logs in."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import requests
from patience import HANG

BIN = Path(sys.executable).parent
CONFIG = """
c.JupyterHub.bind_url = "http://127.0.0.1:{public}"
c.JupyterHub.hub_port = {hub}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.ConfigurableHTTPProxy.command = ["{bin}/configurable-http-proxy", "--proxy-timeout", "300000"]
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "steppe"
c.Authenticator.allowed_users = {users}
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{homes}/{{username}}"
c.Spawner.cmd = ["{bin}/jupyterhub-singleuser"]
c.Spawner.args = ["--allow-root"]
c.Spawner.http_timeout = c.Spawner.start_timeout = {hang}
c.JupyterHub.cleanup_servers = True
"""


class Visit:
    """One user's browser, without the window."""

    def __init__(self, base, name):
        self.base, self.name = base, name
        self.session = requests.Session()
        self.session.get(f"{base}/hub/login", timeout=HANG).raise_for_status()
        self.home = f"{base}/user/{name}"

    def log_in(self, password):
        data = {"username": self.name, "password": password, "_xsrf": self._token("/hub/")}
        url = f"{self.base}/hub/login?next=/hub/spawn/{self.name}"
        self.session.post(url, data=data, timeout=HANG).raise_for_status()
        until = time.monotonic() + HANG
        while time.monotonic() < until:
            answer = self.session.get(f"{self.home}/lab", timeout=HANG)
            if answer.ok and answer.url.startswith(f"{self.home}/lab"):
                return self
            time.sleep(1)
        raise TimeoutError(f"{self.name}'s server did not start: {answer.url}")

    def _token(self, path):
        cookies = (c for c in self.session.cookies if c.name == "_xsrf" and c.path == path)
        return next((cookie.value for cookie in cookies), "")

    def ask(self, method, path, whose=None, **options):
        """Ask one's own server (or another's) and return its answer."""
        token = self._token(f"/user/{quote(self.name)}/")
        url = f"{self.base}/user/{whose or self.name}/{path}"
        return self.session.request(
            method, url, headers={"X-XSRFToken": token}, timeout=HANG, **options
        )

    def get(self, path, **options):
        answer = self.ask("GET", path, **options)
        answer.raise_for_status()
        return answer.json()

    def post(self, path, **options):
        answer = self.ask("POST", path, **options)
        answer.raise_for_status()
        return answer.json()

    def read(self, path):
        return self.get(f"api/contents/{path}")["content"]

    def save(self, path, notebook):
        model = {"type": "notebook", "format": "json", "content": notebook}
        self.ask("PUT", f"api/contents/{path}", json=model).raise_for_status()


def free_ports(n):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(n)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


@contextmanager
def hub(folder, users, more=lambda _base: ""):
    """Run a hub and give its address; the users' homes are below ``homes``.

    More configuration comes from a function of the address.
    """
    public, inside, api = free_ports(3)
    base = f"http://127.0.0.1:{public}"
    text = CONFIG.format(
        public=public, hub=inside, api=api, bin=BIN, users=set(users),
        homes=folder / "homes", hang=HANG,
    )  # fmt: skip
    (folder / "jupyterhub_config.py").write_text(text + more(base))
    log = folder / "hub.log"
    env = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder)}
    env |= {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}
    command = [sys.executable, "-m", "jupyterhub", "-f", "jupyterhub_config.py"]
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=file, stderr=file)
        try:
            _wait(process, base, log)
            yield base
        finally:
            process.terminate()
            try:
                process.wait(HANG)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process, base, log):
    until = time.monotonic() + HANG
    while time.monotonic() < until and process.poll() is None:
        try:
            if requests.get(f"{base}/hub/health", timeout=5).ok:
                return
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.5)
    raise RuntimeError(log.read_text(errors="replace")[-3000:])
