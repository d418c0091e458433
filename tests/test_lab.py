"""How JupyterLab is opened: on a free port, on this machine only, calling nobody."""

import json
import os
import socket
import sys
import webbrowser
from pathlib import Path

import pytest

from centralasia import lab
from centralasia.cli import main


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """What `serve` changes of this process is put back."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.environ["PATH"])
    monkeypatch.setenv("JUPYTER_PATH", "")


@pytest.fixture
def taken():
    """A port that another program listens on."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_taken_port_is_passed_over(taken):
    assert lab.free_port(taken) > taken


def test_if_no_port_is_free_it_says_what_to_do(taken):
    with pytest.raises(lab.NoFreePort, match="centralasia lab --port"):
        lab.free_port(taken, tries=1)


def test_the_learner_hears_of_another_port(taken, tmp_path, monkeypatch, capsys):
    started = []
    monkeypatch.setattr("jupyterlab.labapp.LabApp.launch_instance", started.append)
    monkeypatch.setattr(lab, "running_at", lambda directory: None)
    lab.serve(tmp_path, taken, browser=False)
    assert f"Port {taken} is taken by another program; using " in capsys.readouterr().out
    assert f"--ServerApp.port={taken}" not in started[0]
    assert "--no-browser" in started[0]


def test_a_terminal_in_jupyterlab_knows_the_command(tmp_path, monkeypatch):
    monkeypatch.setattr("jupyterlab.labapp.LabApp.launch_instance", lambda options: None)
    monkeypatch.setattr(lab, "running_at", lambda directory: None)
    monkeypatch.setenv("PATH", "elsewhere")
    lab.serve(tmp_path, browser=False)
    assert os.environ["PATH"].split(os.pathsep) == [str(Path(sys.executable).parent), "elsewhere"]
    assert Path.cwd() == tmp_path


@pytest.mark.skipif(os.name != "posix", reason="the path is set anew by login shells of Unix")
@pytest.mark.parametrize(("shell", "started"), [("/bin/a shell", "'/bin/a shell'"), ("", "sh")])
def test_a_terminal_is_no_login_shell_which_would_set_its_path_anew(
    tmp_path, monkeypatch, shell, started
):
    monkeypatch.setenv("SHELL", shell)
    options = lab.arguments(tmp_path, 8888)
    assert f"--ServerApp.terminado_settings=shell_command={started}" in options


def test_jupyter_finds_the_courses_own_data_first(tmp_path, monkeypatch):
    monkeypatch.setattr("jupyterlab.labapp.LabApp.launch_instance", lambda options: None)
    monkeypatch.setattr(lab, "running_at", lambda directory: None)
    monkeypatch.setenv("JUPYTER_PATH", "elsewhere")
    lab.serve(tmp_path, browser=False, data=tmp_path / "ours")
    assert os.environ["JUPYTER_PATH"].split(os.pathsep) == [str(tmp_path / "ours"), "elsewhere"]


def test_a_lab_that_runs_on_this_folder_is_used_again(tmp_path, monkeypatch, capsys):
    address, opened = "http://localhost:8888/lab?token=1", []
    server = {"root_dir": str(tmp_path), "url": "http://localhost:8888/", "token": "1"}
    monkeypatch.setattr("jupyter_server.serverapp.list_running_servers", lambda: [server])
    monkeypatch.setattr(webbrowser, "open", opened.append)
    lab.serve(tmp_path)
    assert address in capsys.readouterr().out
    assert opened == [address]
    assert lab.running_at(tmp_path / "other") is None


def test_the_server_is_for_this_machine_and_asks_nobody(tmp_path):
    options = lab.arguments(tmp_path, 8888)
    assert "--ServerApp.ip=127.0.0.1" in options
    assert "--LabApp.news_url=None" in options
    assert "--LabApp.extension_manager=readonly" in options
    folder = next(o.split("=", 1)[1] for o in options if o.startswith("--LabApp.app_settings_dir"))
    settings = json.loads((Path(folder) / "overrides.json").read_text("utf-8"))
    news = settings["@jupyterlab/apputils-extension:notification"]
    assert news == {"checkForUpdates": False, "fetchNews": "false"}


def test_every_key_that_jupyterlab_takes_from_the_focus_leaves_form_controls_alone():
    """The narrowed shortcuts follow JupyterLab's own, key for key.

    Not those of other extensions: a learner's set-up has none.
    """
    broad = ".jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) :focus"
    schemas = Path(sys.prefix, "share/jupyter/lab/schemas/@jupyterlab").rglob("*.json")
    theirs = {
        (shortcut["command"], *shortcut["keys"])
        for path in schemas
        for shortcut in json.loads(path.read_text("utf-8")).get("jupyter.lab.shortcuts", [])
        if shortcut.get("selector") == broad
        and all(k and not k.startswith(("Accel", "Ctrl", "Alt")) for k in shortcut["keys"] or [""])
    }
    settings = json.loads(
        (Path(lab.__file__).parent / "settings/overrides.json").read_text("utf-8")
    )
    ours = settings["@jupyterlab/shortcuts-extension:shortcuts"]["shortcuts"]
    off = {(s["command"], *s["keys"]) for s in ours if s.get("disabled")}
    narrow = {(s["command"], *s["keys"]) for s in ours if ":not(input)" in s["selector"]}
    assert theirs
    assert off == narrow == theirs


def test_a_hubs_server_is_for_a_hub(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("JUPYTERHUB_API_TOKEN", raising=False)
    assert main(["lab", "--hub", str(tmp_path / "copy")]) == 2
    assert "for a JupyterHub, which gives this command itself" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_hubs_server_listens_where_the_hub_says(tmp_path, monkeypatch):
    started = []
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "x")
    monkeypatch.setenv("JUPYTERHUB_DEFAULT_URL", "/lab")
    monkeypatch.setattr(os, "execv", lambda _python, line: started.append(line))
    lab.serve_on_hub(tmp_path, tmp_path / "ours")
    (line,) = started
    assert line[1:3] == ["-m", "jupyterhub.singleuser"]
    assert f"--ServerApp.root_dir={tmp_path}" in line
    assert not [part for part in line if "ServerApp.port" in part or "ServerApp.ip" in part]
    assert os.environ["JUPYTERHUB_DEFAULT_URL"] == "/lab", "the hub's own wish comes first"
