"""Opens JupyterLab on a learner's working copy, with nothing that calls home."""

import os
import shlex
import socket
import sys
import webbrowser
from importlib.util import find_spec
from pathlib import Path

from centralasia import copies
from centralasia.errors import UserError

FIRST_LESSON = "notebooks/00-orientation.ipynb"
FIRST_PORT = 8888
_TRIES = 50


class NoFreePort(UserError):
    """All ports that were tried are in use; the message says what to do."""


def free_port(first: int = FIRST_PORT, tries: int = _TRIES) -> int:
    """Return the first port of this machine, from `first` upwards, that no program uses.

    Parameters
    ----------
    first : int
        The port tried first, 1 to 65535.
    tries : int
        How many to try.

    Raises
    ------
    NoFreePort
        If none of them is free.
    """
    for port in range(first, min(first + tries, 65536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            if os.name != "nt":  # on Windows this option would allow a port that is in use
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise NoFreePort(
        f"No port from {first} on is free. Close a program that serves pages, or choose another "
        "beginning, for example: centralasia lab --port 9100"
    )


def running_at(directory: Path) -> str | None:
    """Return the address of a JupyterLab that already shows this folder, if there is one."""
    from jupyter_server.serverapp import list_running_servers

    for server in list_running_servers():
        if Path(server["root_dir"]).resolve() == directory:
            return f"{server['url']}lab?token={server['token']}"
    return None


def arguments(directory: Path, port: int, *, browser: bool = True) -> list[str]:
    """Return the command line for JupyterLab.

    Parameters
    ----------
    directory : pathlib.Path
        The working copy, which becomes the root of JupyterLab's files.
    port : int
        The port to listen on, on this machine only.
    browser : bool
        Whether to open the learner's browser.
    """
    options = [f"--ServerApp.port={port}", "--ServerApp.ip=127.0.0.1", *settings(directory)]
    return options if browser else [*options, "--no-browser"]


def settings(directory: Path) -> list[str]:
    """Return what is the same wherever JupyterLab listens."""
    import zmq

    options = [
        f"--ServerApp.root_dir={directory}",
        f"--LabApp.default_url=/lab/tree/{FIRST_LESSON}",
        # The tabs that are open belong to this copy, not to the learner's other work.
        f"--LabApp.workspaces_dir={directory / '.centralasia' / 'workspaces'}",
        # No request leaves the machine: no news, no look for updates, no catalogue of extensions.
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        f"--LabApp.app_settings_dir={Path(__file__).parent / 'settings'}",
        # The address is printed at this level, the server's chatter is not.
        "--log-level=ERROR",
        "--LabApp.log_level=ERROR",
    ]
    if zmq.has("curve"):  # server and kernel talk in cipher, and the kernel need not warn
        options.append("--KernelManager.transport_encryption=auto")
    if os.name == "posix":
        # Where no terminal is around, JupyterLab asks for a login shell, which sets PATH anew.
        shell = shlex.quote(os.environ.get("SHELL") or "sh")
        options.append(f"--ServerApp.terminado_settings=shell_command={shell}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container everyone is root
        options.append("--allow-root")
    return options


def serve(
    directory: Path, port: int | None = None, *, browser: bool = True, data: Path | None = None
) -> None:
    """Open JupyterLab and stay until the learner stops it.

    Parameters
    ----------
    directory : pathlib.Path
        The working copy.
    port : int, optional
        The port to listen on; the next free one if it is taken.
    browser : bool
        Whether to open the learner's browser.
    data : pathlib.Path, optional
        A data folder of Jupyter that comes before all others; see `centralasia.jupyter.frontend`.

    Raises
    ------
    NoFreePort
        If no port is free.
    """
    if address := running_at(directory):
        print(f"JupyterLab is already running on this folder: {address}")
        if browser:
            webbrowser.open(address)
        return
    wanted = port or FIRST_PORT
    free = free_port(wanted)
    if free != wanted:
        print(f"Port {wanted} is taken by another program; using {free}.")
    _settle(directory, data)
    print("Opening JupyterLab. To stop it, press Ctrl-C here and answer y.", flush=True)

    from jupyterlab.labapp import LabApp

    LabApp.launch_instance(arguments(directory, free, browser=browser))


def check_hub() -> None:
    """See to it that this process can be a user's server.

    Raises
    ------
    UserError
        If no hub has started it, or JupyterHub is not installed here.
    """
    if "JUPYTERHUB_API_TOKEN" not in os.environ:
        raise UserError("--hub is for a JupyterHub, which gives this command itself.")
    if find_spec("jupyterhub") is None:
        raise UserError("The package jupyterhub is missing where the learners' servers run.")


def serve_on_hub(directory: Path, data: Path) -> None:
    """Become the server of one user of a JupyterHub, which says in the environment where to listen.

    Parameters
    ----------
    directory : pathlib.Path
        The working copy.
    data : pathlib.Path
        As in `serve`.
    """
    _settle(directory, data)
    os.environ.setdefault("JUPYTERHUB_DEFAULT_URL", f"/lab/tree/{FIRST_LESSON}")
    python = sys.executable
    os.execv(python, [python, "-m", "jupyterhub.singleuser", *settings(directory)])


def _settle(directory: Path, data: Path | None) -> None:
    """Prepare the process in which JupyterLab will run."""
    copies.retire_widgets(directory)
    if data is not None:
        others = os.environ.get("JUPYTER_PATH", "")
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(data), others]))
    # So that a terminal in JupyterLab knows the command `centralasia`, and which copy is meant.
    os.chdir(directory)
    scripts = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([scripts, os.environ.get("PATH", "")])
