"""The files that other people's machines read: Binder's and the workflow that publishes pages."""

import os
import subprocess
import sys

import pytest
import yaml
from sites import ROOT


@pytest.mark.skipif(sys.platform == "win32", reason="Binder's machines run Linux")
def test_binder_gives_jupyterlab_our_settings(tmp_path):
    assert not (ROOT / "binder").exists()  # with such a folder Binder reads nothing else
    here = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    environment = dict(os.environ, NB_PYTHON_PREFIX=str(tmp_path), PATH=here)
    subprocess.run([str(ROOT / "postBuild")], cwd=ROOT, env=environment, check=True)
    given = tmp_path / "share/jupyter/lab/settings/overrides.json"
    assert given.read_bytes() == (ROOT / "centralasia/settings/overrides.json").read_bytes()
    assert (tmp_path / "share/jupyter/kernels/python3/kernel.json").is_file()
    assert (tmp_path / "share/jupyter/labextensions/centralasia/static/forms.js").is_file()


def test_every_system_runs_the_command_of_the_readme():
    own = (ROOT / ".ci/run").read_text("utf-8")
    text = (ROOT / ".github/workflows/ci.yml").read_text("utf-8")
    quick, full = (yaml.safe_load(text)["jobs"][name] for name in ("quick", "full"))
    matrix = full["strategy"]["matrix"]
    assert {name.split("-")[0] for name in matrix["os"]} == {"ubuntu", "macos", "windows"}
    assert matrix["python"] == ["3.11", "3.12", "3.13"]
    runs = [[step["run"] for step in job["steps"] if "run" in step][-1] for job in (quick, full)]
    assert runs == ['python start.py test -m "not slow"', "python start.py test"]
    assert own.splitlines()[-1] == "python3 start.py test"
    assert "`python3 start.py test`" in (ROOT / "README.md").read_text("utf-8")
    assert "bubblewrap" in own
    assert "bubblewrap" in text


def test_the_workflow_publishes_what_the_command_builds():
    text = (ROOT / ".github/workflows/pages.yml").read_text("utf-8")
    steps = yaml.safe_load(text)["jobs"]["publish"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == ["python start.py site"]
    (upload,) = (step for step in steps if "upload-pages-artifact" in step.get("uses", ""))
    source = (ROOT / "centralasia/site/build.py").read_text("utf-8")
    assert upload["with"]["path"] == "site/_site"
    assert 'sources.PINS / "_site"' in source
