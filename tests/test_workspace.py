"""A learner's copy: a release never overwrites what the learner did, whatever goes wrong."""

import errno
import json
import os
from contextlib import closing, contextmanager
from pathlib import Path

import nbformat
import nbformat.sign
import pytest

from centralasia import copies, workspace
from centralasia import course as lessons

LESSONS = ("00-orientation", "03-russia-3-return", "04-china-1-recognition")


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A small course of three lessons and an exercise, in place of the real one."""
    root = tmp_path / "course"
    monkeypatch.setattr(workspace, "course_root", lambda: root)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    release(root, 1)
    return root


@pytest.fixture
def copy(course, tmp_path):
    """A learner's copy of that course."""
    folder = tmp_path / "my course, моя копия"
    workspace.fill(folder)
    return folder


def release(root, number):
    for name in LESSONS:
        lesson(root / "notebooks" / f"{name}.ipynb", f"release {number} of {name}")
    lesson(root / "exercises" / LESSONS[0] / f"{LESSONS[0]}.ipynb", f"exercise {number}")
    (root / "exercises" / LESSONS[0] / "map.csv").write_text(f"release,{number}\n")


def lesson(path, text):
    cells = [nbformat.v4.new_markdown_cell(text, id="text")]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


def text(path):
    return nbformat.read(path, as_version=4).cells[0].source


def snapshot(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_teachers_cells_stay_out_of_a_copy(course, copy):
    source = course / "notebooks" / f"{LESSONS[1]}.ipynb"
    notebook = nbformat.read(source, as_version=4)
    plan = nbformat.v4.new_markdown_cell("Plan", id="plan", metadata={"tags": ["instructor"]})
    notebook.cells.append(plan)
    nbformat.write(notebook, source)
    assert workspace.fill(copy) == []
    workspace.reset("03", copy)
    for change in (copy / "notebooks").glob("*.ipynb"):
        assert b"Plan" not in change.read_bytes()


def test_a_new_copy_holds_every_lesson_and_exercise(course, copy):
    for name, source in workspace.pristine_files().items():
        assert (copy / name).read_bytes() == source.read_bytes()
    assert len(workspace.pristine_files()) == 5


def test_filling_again_changes_nothing(copy):
    before = snapshot(copy)
    assert workspace.fill(copy) == []
    assert snapshot(copy) == before


def test_checkpoints_and_hidden_files_are_not_copied(course, copy):
    lesson(course / "notebooks" / ".ipynb_checkpoints" / "00-orientation.ipynb", "old")
    assert workspace.fill(copy) == []


def test_an_untouched_lesson_follows_the_release(course, copy):
    release(course, 2)
    changes = workspace.fill(copy)
    assert {change.action for change in changes} == {"updated"}
    assert text(copy / "notebooks" / "03-russia-3-return.ipynb").startswith("release 2")


def test_a_lesson_that_was_only_run_follows_the_release(course, copy):
    """JupyterLab saves a lesson that was opened; that alone does not make it the learner's."""
    path = copy / "notebooks" / f"{LESSONS[1]}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    notebook.cells.append(nbformat.v4.new_code_cell("", execution_count=1))
    nbformat.write(notebook, path)
    assert workspace.fill(copy) == []
    release(course, 2)
    actions = {change.path.name: change.action for change in workspace.fill(copy)}
    assert actions[path.name] == "updated"
    assert text(path).startswith("release 2")


def test_a_changed_lesson_stays_and_the_release_comes_beside_it(course, copy):
    mine = copy / "notebooks" / "03-russia-3-return.ipynb"
    lesson(mine, "my own")
    release(course, 2)
    kept = [change for change in workspace.fill(copy) if change.action == "kept"]
    assert [(change.path, change.beside) for change in kept] == [
        (mine, mine.with_name("03-russia-3-return.new.ipynb"))
    ]
    assert text(mine) == "my own"
    assert text(kept[0].beside).startswith("release 2")


def test_a_release_is_offered_once(course, copy):
    mine = copy / "notebooks" / "03-russia-3-return.ipynb"
    lesson(mine, "my own")
    assert workspace.fill(copy) == [], "nothing new to offer"
    release(course, 2)
    offer = next(change.beside for change in workspace.fill(copy) if change.beside)
    offer.unlink()
    assert workspace.fill(copy) == [], "a learner who threw the offer away is left alone"


def test_an_offer_the_learner_worked_in_stays_too(course, copy):
    mine = copy / "notebooks" / "03-russia-3-return.ipynb"
    lesson(mine, "my own")
    release(course, 2)
    workspace.fill(copy)
    first = mine.with_name("03-russia-3-return.new.ipynb")
    release(course, 3)
    workspace.fill(copy)
    assert text(first).startswith("release 3"), "an untouched offer follows the release"
    lesson(first, "mine as well")
    release(course, 4)
    workspace.fill(copy)
    assert text(mine) == "my own"
    assert text(first) == "mine as well"
    assert text(mine.with_name("03-russia-3-return.new-2.ipynb")).startswith("release 4")


def test_a_deleted_lesson_comes_back(copy):
    mine = copy / "notebooks" / "00-orientation.ipynb"
    mine.unlink()
    assert [change.action for change in workspace.fill(copy)] == ["placed"]
    assert mine.exists()


@pytest.mark.parametrize("damage", ["", "not json", "[]", '{"placed": 3}', '{"other": {}}'])
def test_without_a_sound_record_everything_counts_as_the_learners(course, copy, damage):
    (copy / ".centralasia" / "placed.json").write_text(damage)
    before = snapshot(copy / "notebooks")
    release(course, 2)
    assert {change.action for change in workspace.fill(copy)} == {"kept"}
    after = snapshot(copy / "notebooks")
    assert all(after[name] == content for name, content in before.items())


def test_the_record_is_plain(copy):
    record = json.loads((copy / ".centralasia" / "placed.json").read_text())
    assert set(record) == {"placed", "offered", "typed"}
    assert set(record["placed"]) == set(record["typed"])
    assert all(len(digest) == 64 for digest in record["placed"].values())


@pytest.mark.parametrize(
    "failure", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()]
)
def test_wherever_a_run_is_cut_off_nothing_is_lost_and_the_next_ends_it(
    course, copy, monkeypatch, failure
):
    """The learner edits a lesson, a release comes, and each of its writes in turn fails."""
    mine = copy / "notebooks" / "00-orientation.ipynb"
    lesson(mine, "my own")
    edited, fsync = mine.read_bytes(), os.fsync
    for fails_at in range(1, 7):
        release(course, fails_at + 1)
        writes = []

        def flaky(handle, writes=writes, fails_at=fails_at):
            writes.append(handle)
            if len(writes) == fails_at:
                raise failure
            fsync(handle)

        monkeypatch.setattr(os, "fsync", flaky)
        with pytest.raises(type(failure)):
            workspace.fill(copy)
        monkeypatch.setattr(os, "fsync", fsync)
        assert not list(copy.rglob("*.part"))
        for path in copy.rglob("*.ipynb"):
            text(path)  # whole, in the old form or the new
        workspace.fill(copy)
        assert mine.read_bytes() == edited
        for name, source in workspace.pristine_files().items():
            if copy / name != mine:
                assert (copy / name).read_bytes() == source.read_bytes()
        assert text(mine.with_name("00-orientation.new.ipynb")).startswith(
            f"release {fails_at + 1} "
        )


def test_reset_brings_the_lesson_back_and_keeps_the_edited_one(copy):
    mine = copy / "notebooks" / "03-russia-3-return.ipynb"
    for number in (1, 2, 3):
        lesson(mine, f"my version {number}")
        restored, edited = workspace.reset("03", copy)
        assert (restored, edited) == (mine, mine.with_name(f"{mine.stem}.edited-{number}.ipynb"))
        assert text(mine) == "release 1 of 03-russia-3-return"
        assert text(edited) == f"my version {number}"
    assert workspace.fill(copy) == []


def test_reset_of_an_untouched_or_missing_lesson_keeps_nothing(copy):
    mine = copy / "notebooks" / "03-russia-3-return.ipynb"
    assert workspace.reset("03", copy) == (mine, None)
    mine.unlink()
    assert workspace.reset("03", copy) == (mine, None)
    assert mine.exists()


def test_reset_on_a_full_disk_leaves_the_learners_lesson(copy, monkeypatch):
    mine = copy / "notebooks" / "03-russia-3-return.ipynb"
    lesson(mine, "my own")

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    before = snapshot(copy)
    with pytest.raises(OSError, match="No space"):
        workspace.reset("03", copy)
    assert snapshot(copy) == before


@pytest.mark.parametrize(
    "name",
    [
        "03",
        "3",
        " 03 ",
        "russia-3-return",
        "03-russia-3-return",
        "03-russia-3-return.ipynb",
        "notebooks/03-russia-3-return.ipynb",
        "/home/me/my-course/notebooks/03-russia-3-return.ipynb",
        "notebooks\\03-russia-3-return.ipynb",
    ],
)
def test_a_lesson_is_found_by_number_name_file_or_path(course, name):
    assert workspace.resolve(name) == "notebooks/03-russia-3-return.ipynb"


def test_an_exercise_is_found_by_its_path(course):
    path = "exercises/00-orientation/00-orientation.ipynb"
    assert workspace.resolve(path) == path


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("03-russia-return", "03-russia-3-return"),
        ("orientatin", "00-orientation"),
        ("77", "Lessons go from 00"),
        ("", "Lessons go from 00"),
    ],
)
def test_an_unknown_lesson_names_near_ones(course, name, near):
    with pytest.raises(lessons.Unknown, match=near):
        workspace.resolve(name)


def test_the_course_itself_is_never_a_copy(course):
    before = snapshot(course)
    for attempt in (workspace.fill, lambda folder: workspace.reset("03", folder)):
        with pytest.raises(workspace.WorkspaceError, match="the course itself"):
            attempt(course)
    assert snapshot(course) == before


def test_a_file_is_no_place_for_a_copy(course, tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(workspace.WorkspaceError, match="is a file"):
        workspace.fill(tmp_path / "taken")


def test_the_copy_around_the_current_folder_is_meant(course, copy, monkeypatch, tmp_path):
    monkeypatch.chdir(copy / "notebooks")
    assert workspace.find() == copy
    assert workspace.find(tmp_path / "other") == tmp_path / "other"
    monkeypatch.chdir(tmp_path)
    assert workspace.find() == course / "my-course"


def test_an_installed_wheel_puts_the_copy_in_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(workspace, "course_root", lambda: tmp_path / "centralasia" / "_course")
    assert workspace.default_dir() == Path.home() / "central-asia-course"


@contextmanager
def opened_notary():
    """JupyterLab's notary; Python 3.13 complains of one whose store stays open."""
    notary = nbformat.sign.NotebookNotary()
    with closing(notary.store):
        yield notary


def test_jupyterlab_trusts_a_lesson_as_placed_but_not_as_changed(copy):
    mine = copy / "notebooks" / "03-russia-3-return.ipynb"
    with opened_notary() as notary:
        assert notary.check_signature(nbformat.read(mine, as_version=4))
        lesson(mine, "what someone sent me")
        assert not notary.check_signature(nbformat.read(mine, as_version=4))


@pytest.fixture
def run_lesson(copy):
    """A lesson of the copy as JupyterLab saves it once a widget and a slider were shown."""
    path = copy / "notebooks" / f"{LESSONS[1]}.ipynb"
    view = {copies.WIDGET_VIEW: {"model_id": "gone"}, "text/plain": "a widget"}
    outputs = [
        nbformat.v4.new_output("display_data", view | {"text/html": "the page"}),
        nbformat.v4.new_output("display_data", view),
    ]
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("mine()", outputs=outputs))
    nbformat.write(notebook, path)
    with opened_notary() as notary:
        notary.sign(notebook)
    return path


def test_a_widget_without_a_kernel_shows_its_page_again(copy, run_lesson):
    before = nbformat.read(run_lesson, as_version=4)
    assert copies.retire_widgets(copy) == [run_lesson]
    after = nbformat.read(run_lesson, as_version=4)
    page, other = (output.data for output in after.cells[-1].outputs)
    assert page == {"text/html": "the page", "text/plain": "a widget"}
    assert copies.WIDGET_VIEW in other, "an output with nothing else to show is left alone"
    assert [cell.source for cell in after.cells] == [cell.source for cell in before.cells]
    with opened_notary() as notary:
        assert notary.check_signature(after), "it was trusted, and still is"
    assert copies.retire_widgets(copy) == []


def test_a_damaged_lesson_is_left_as_it_is(copy, run_lesson):
    damaged = run_lesson.read_bytes()[:-20]
    run_lesson.write_bytes(damaged)
    assert copies.retire_widgets(copy) == []
    assert run_lesson.read_bytes() == damaged
