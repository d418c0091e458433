"""An environment that is not the course's own says in one sentence what is wrong with it."""

import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from patience import HANG

from centralasia import fitting

ROOT = Path(__file__).resolve().parents[1]
# The lesson's own first cell, in an environment whose package has another version.
OTHER = """
import {name}
{name}.__version__ = "{version}"
import altair as alt
import pandas as pd

from centralasia import cards, charts, measures, tables, widgets
"""


def test_the_versions_are_those_that_the_package_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = {r.name: r.specifier for r in map(Requirement, project["dependencies"])}
    for name, bounds in fitting.NEEDED.items():
        low, high = (".".join(map(str, bound)) for bound in bounds)
        assert asked[name] == SpecifierSet(f">={low},<{high}")


@pytest.mark.parametrize(("name", "version"), [("altair", "6.0.0"), ("pandas", "2.2.2")])
def test_another_version_is_refused_with_what_to_do(name, version):
    code = OTHER.format(name=name, version=version)
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=HANG
    )
    said = run.stderr.strip().splitlines()[-1]
    assert said.startswith("centralasia.fitting.Unfit: The course needs")
    assert version in said
    assert f'%pip install "{name}>=' in said


@pytest.mark.parametrize("version", ["5.4.1", "6.0.0rc1", "6.0.0"])
def test_the_bounds_are_the_edges(version):
    with pytest.raises(fitting.Unfit, match=version):
        fitting.demand(SimpleNamespace(__name__="altair", __version__=version))


@pytest.mark.parametrize("version", ["5.5.0", "5.5", "5.10.1"])
def test_what_lies_between_is_taken(version):
    fitting.demand(SimpleNamespace(__name__="altair", __version__=version))
