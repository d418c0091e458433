"""The doctor finds what is wrong, says what to do, and never breaks down itself."""

import importlib.metadata
import json
import os
import shutil
import webbrowser
from types import SimpleNamespace

import altair as alt
import pytest
from jupyter_client.manager import KernelManager

from centralasia import doctor, paths, tables
from centralasia.cli import main


@pytest.fixture(autouse=True)
def _records(tmp_path, monkeypatch):
    monkeypatch.setenv("CENTRALASIA_PROGRESS", str(tmp_path / "progress.jsonl"))


def finding(name):
    check, advice = doctor.CHECKS[name]
    return doctor._run(name, check, advice)


def test_this_machine_is_well(capsys, monkeypatch):
    monkeypatch.setattr(webbrowser, "get", lambda: SimpleNamespace(name="firefox"))
    code = main(["doctor", "--json"])
    findings = json.loads(capsys.readouterr().out)
    assert [f for f in findings if not f["ok"]] == []
    assert [f["check"] for f in findings] == list(doctor.CHECKS)
    assert code == 0


def old_pandas(monkeypatch, tmp_path):
    version = importlib.metadata.version
    monkeypatch.setattr(
        importlib.metadata, "version", lambda name: "2.3.0" if name == "pandas" else version(name)
    )


def no_altair(monkeypatch, tmp_path):
    version = importlib.metadata.version

    def lacking(name):
        if name == "altair":
            raise importlib.metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(importlib.metadata, "version", lacking)


def no_data(monkeypatch, tmp_path):
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(tables, "data_dir", lambda: tmp_path / "data")


def draft_of_a_text(monkeypatch, tmp_path):
    shutil.copytree(tables.data_dir(), tmp_path / "data")
    with (tmp_path / "data" / "texts.csv").open("a", encoding="utf-8") as file:
        file.write("zzz,A title,a text,Somebody,TO FILL: its date,A note,\n")
    monkeypatch.setattr(tables, "data_dir", lambda: tmp_path / "data")


def no_lessons(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "course_root", lambda: tmp_path)


def broken_lesson(monkeypatch, tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "00-orientation.ipynb").write_text("half a f")
    monkeypatch.setattr(doctor, "course_root", lambda: tmp_path)


def newer_altair(monkeypatch, tmp_path):
    bundle = {"application/vnd.vegalite.v6+json": {}, "text/plain": ""}
    monkeypatch.setattr(alt.Chart, "_repr_mimebundle_", lambda self: bundle)


def no_widget_extension(monkeypatch, tmp_path):
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda *parts: [str(tmp_path)])


def no_kernel(monkeypatch, tmp_path):
    def fail(self, **options):
        raise RuntimeError("No such kernel named python3")

    monkeypatch.setattr(KernelManager, "start_kernel", fail)


def no_place_for_answers(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CENTRALASIA_PROGRESS", str(tmp_path / "file" / "progress.jsonl"))


def full_disk(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=2**20))


def no_browser(monkeypatch, tmp_path):
    def none():
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    monkeypatch.setenv("DISPLAY", ":0")


@pytest.mark.parametrize(
    ("harm", "check", "found", "advice"),
    [
        (old_pandas, "packages", "pandas is 2.3.0, not", "start.py"),
        (no_altair, "packages", "altair is missing", "start.py"),
        (no_data, "data", "datapackage.json", "fresh copy"),
        (draft_of_a_text, "data", "column date: still TO FILL (its date)", "Mend it there"),
        (no_lessons, "lessons", "00-orientation.ipynb is missing", "start.py"),
        (broken_lesson, "lessons", "00-orientation.ipynb", "fresh copy"),
        (newer_altair, "chart", "cannot draw", "Altair 5.5"),
        (no_widget_extension, "widget", "jupyterlab-manager", "start.py"),
        (no_kernel, "kernel", "No such kernel", "start.py"),
        (no_place_for_answers, "progress", "file", "CENTRALASIA_PROGRESS"),
        (full_disk, "disk", "1 MB are free", "Free some space"),
        (no_browser, "browser", "no browser was found", "--no-browser"),
    ],
)
def test_each_trouble_is_found_with_a_remedy(harm, check, found, advice, monkeypatch, tmp_path):
    harm(monkeypatch, tmp_path)
    try:
        result = finding(check)
    finally:
        monkeypatch.undo()
    assert not result.ok
    assert found in result.found
    assert advice in result.advice
    assert "\n" not in result.found + result.advice


def test_a_machine_without_a_screen_is_not_ill(monkeypatch):
    def none():
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert finding("browser").ok


def test_a_failure_gives_exit_code_1_and_plain_words(monkeypatch, capsys):
    broken = doctor.Finding("data", False, "a [red]table is damaged", "Take a fresh copy.")
    monkeypatch.setattr(doctor, "examine", lambda: [doctor.Finding("Python", True, "3"), broken])
    assert main(["doctor"]) == 1
    printed = capsys.readouterr().out
    assert "WRONG" in printed
    assert "a [red]table is damaged" in printed
    assert "What to do: Take a fresh copy." in printed
    assert "1 of 2 checks failed" in printed
    assert "\x1b" not in printed


def test_the_kernel_it_started_is_gone(monkeypatch):
    kernels = []
    start = KernelManager.start_kernel

    def remember(self, **options):
        start(self, **options)
        kernels.append(self)

    monkeypatch.setattr(KernelManager, "start_kernel", remember)
    assert finding("kernel").ok
    assert not kernels[0].is_alive()


def test_the_data_are_those_of_the_course():
    assert os.fspath(paths.data_dir()) in finding("data").found
