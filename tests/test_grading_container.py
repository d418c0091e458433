"""Where there is no bubblewrap: the container's command, and what passes through it.

The engine of these tests is a script that keeps its arguments and, instead of starting a container,
runs the command in a plain process: the tests need neither Podman nor Docker nor an image.
"""

import itertools
import json
import shlex
import sys
import time

import pytest

from centralasia.checks import perturb
from centralasia.errors import UserError
from centralasia.grading.running import bwrap, confine, container, ways
from centralasia.grading.running.limits import Limits
from centralasia.grading.running.results import SandboxError
from centralasia.paths import course_root

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a container runs Linux")

ENGINE = """
import json, os, subprocess, sys
here, arguments = {here!r}, sys.argv[1:]
with open(os.path.join(here, "said"), "a") as file:
    file.write(json.dumps(arguments) + "\\n")
if arguments[0] == "run":
    image = next(n for n, a in enumerate(arguments) if a.startswith("centralasia-sandbox:"))
    code, how, limits = arguments[image + 1 :][-3:]
    folders = sys.path[1:] + [{root!r}]
    code = code.replace("['/course']", repr(folders))
    code = "from centralasia.grading.running import confine; confine.SCRATCH = {here!r}; " \\
        "confine.lock = lambda *a, **k: None; " + code.split("; ", 1)[1]
    code = "import sys; sys.path[:0] = " + repr(folders) + "; " + code
    env = dict(os.environ, CENTRALASIA_PERTURBED={perturbed!r}, TMPDIR=here)
    os.execve(sys.executable, [sys.executable, "-c", code, how, limits], env)
"""


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """Return the function that gives what the engine was told."""
    values = {
        "here": str(tmp_path),
        "root": str(course_root()),
        "perturbed": str(perturb.default()),
    }
    script = tmp_path / "engine.py"
    script.write_text(ENGINE.format(**{name: str(path) for name, path in values.items()}))
    monkeypatch.setenv(container.ENV, f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}")
    container.engine.cache_clear()
    yield lambda: [json.loads(line) for line in (tmp_path / "said").read_text().splitlines()]
    container.engine.cache_clear()


def test_a_submission_runs_in_a_container_of_its_own(engine):
    steps = [
        {"source": "print('said'); x = 1", "names": None},
        {"source": "1 / 0", "names": ["x"]},
    ]
    assert container.trouble() == ""
    run = ways.make(ways.Way.CONTAINER, perturb.default()).run(steps)
    assert run.end == ""
    assert run.frames[0]["outputs"][0]["text"] == "said\n"
    taken = {"x": {"type": "number", "value": 1}}
    assert json.loads(run.frames[1]["taken"]) == {"base": taken, "perturbed": taken}
    assert run.rss_kb > 0
    told = next(arguments for arguments in engine() if arguments[0] == "run")
    pairs = {f"{a}={b}" for a, b in itertools.pairwise(told)}
    assert {"--rm", "--read-only"} <= set(told)
    assert {
        "--network=none", "--cap-drop=ALL", "--user=65534:65534", "--memory=1536m",
        "--security-opt=no-new-privileges", "--memory-swap=1536m", "--pids-limit=36",
        f"--volume={course_root() / 'data'}:/course/data:ro",
        f"--volume={perturb.default()}:/perturbed:ro",
    } <= pairs  # fmt: skip
    assert not any("solutions" in part or "gradebook" in part for part in told)


@pytest.mark.parametrize(
    ("source", "end"),
    [
        ("import os; os._exit(3)", "its process ended by itself (code 3)"),
        ("import signal\nsignal.alarm(0)\nwhile True: pass", "it ran longer"),
        ("import os\nwhile True: os.write(5, b'x' * 65536)", "it sent more than"),
    ],
)
def test_what_ends_early_is_named(engine, source, end):
    limits = Limits(cell_seconds=1, wall_seconds=4, result_mb=1)
    run = ways.make(ways.Way.CONTAINER, perturb.default()).run(
        [{"source": source, "names": None}], limits
    )
    assert run.end.startswith(end)


def test_a_container_that_does_not_start_is_named(engine, monkeypatch):
    monkeypatch.setattr(container, "image", lambda: "centralasia-sandbox:none")
    monkeypatch.setattr(bwrap, "start", lambda *_: ["python", "-I", "-c", "x", "y", "broken"])
    with pytest.raises(SandboxError, match=r"The container failed\. It says"):
        ways.make(ways.Way.CONTAINER, perturb.default()).run([])


def test_a_job_that_nobody_reads_does_not_hide_why(engine, monkeypatch):
    sent, send = [], container.send

    def late(write, text):
        time.sleep(0.5)  # by then the container is gone
        send(write, text)
        sent.append(text)

    monkeypatch.setattr(container, "send", late)
    monkeypatch.setattr(container, "image", lambda: "centralasia-sandbox:none")
    monkeypatch.setattr(bwrap, "start", lambda *_: ["python", "-I", "-c", "x", "y", "broken"])
    large = [{"source": "#" * 2**20, "names": None}]
    with pytest.raises(SandboxError, match=r"The container failed\. It says"):
        ways.make(ways.Way.CONTAINER, perturb.default()).run(large)
    assert sent


def test_the_image_is_built_once_from_the_lock(engine, tmp_path):
    name = container.image()
    assert name.startswith(f"centralasia-sandbox:{sys.version_info.major}.")
    assert [arguments[:2] for arguments in engine()][-1] == ["image", "inspect"]
    assert "--require-hashes" in container.FILE
    assert f"mkdir -m 1777 {confine.SCRATCH}" in container.FILE


def test_a_container_serves_where_there_is_no_bubblewrap(engine, monkeypatch):
    monkeypatch.setattr(bwrap, "trouble", lambda: "Install bubblewrap.")
    assert ways.choose(unsafe=False) == "container"
    assert ways.choose(unsafe=True) == "process"


def test_neither_is_a_refusal(monkeypatch):
    monkeypatch.setattr(bwrap, "trouble", lambda: "Install bubblewrap.")
    monkeypatch.setenv(container.ENV, "no-such-engine")
    container.engine.cache_clear()
    with pytest.raises(UserError, match=r"(?s)Install bubblewrap\. Nor does Podman.*--unsafe"):
        ways.choose(unsafe=False)
    container.engine.cache_clear()
