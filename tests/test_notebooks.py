"""Lessons are stored in normal form, with the outputs that a new run gives."""

import nbformat
import pytest
from conftest import each_lesson, each_planned_lesson
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from centralasia import notebooks

MAX_BYTES = 900_000


@pytest.fixture
def untidy(tmp_path):
    """A notebook with one of each thing that the normal form removes."""
    code = new_code_cell("\n1 + 1  \n'\u2028'\n  \n", id="sum", execution_count=7)
    code.metadata = {"tags": ["remove-cell"], "execution": {"iopub": "2026"}, "scrolled": True}
    code.outputs = [
        new_output("stream", name="stdout", text="a"),
        new_output("stream", name="stdout", text="b"),
        new_output(
            "execute_result",
            {"text/plain": "2", notebooks.WIDGET_VIEW: {"model_id": "f00"}},
            execution_count=7,
        ),
    ]
    notebook = new_notebook(cells=[new_markdown_cell("# Title", id="title"), code])
    notebook.metadata = {"kernelspec": {"name": "mine"}, "centralasia": {"minutes": 5}}
    path = tmp_path / "untidy.ipynb"
    nbformat.write(notebook, path)
    return path


def test_normalise_removes_what_varies(untidy):
    assert notebooks.normalise_file(untidy)
    code = notebooks.read(untidy).cells[1]
    assert code.source == "1 + 1\n'\u2028'"  # a line only to some editors
    assert code.execution_count == code.outputs[1].execution_count == 1
    assert code.metadata == {"tags": ["remove-cell"]}
    assert [o.get("text") or o.data for o in code.outputs] == ["ab", {"text/plain": "2"}]
    assert notebooks.read(untidy).metadata.kernelspec == notebooks.KERNELSPEC
    assert notebooks.read(untidy).metadata.centralasia == {"minutes": 5}


def test_normalise_twice_changes_nothing(untidy):
    notebooks.normalise_file(untidy)
    first = untidy.read_bytes()
    assert not notebooks.normalise_file(untidy)
    assert untidy.read_bytes() == first
    assert notebooks.check(untidy) == []


def test_check_names_the_cell(untidy):
    assert any("'sum'" in fault for fault in notebooks.check(untidy))


def test_check_refuses_random_cell_ids(untidy):
    notebook = notebooks.read(untidy)
    notebook.cells[0].id = "8dc5_F"
    notebooks.write(notebook, untidy)
    assert any("not readable" in fault for fault in notebooks.check(untidy))


def test_a_broken_file_is_named(tmp_path):
    path = tmp_path / "broken.ipynb"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.ipynb is not a notebook"):
        notebooks.read(path)


def test_a_failing_cell_leaves_the_file_as_it_was(untidy):
    notebook = notebooks.read(untidy)
    notebook.cells[1].source = "1 / 0"
    notebooks.write(notebook, untidy)
    before = untidy.read_bytes()
    with pytest.raises(Exception, match="ZeroDivisionError"):
        notebooks.execute_file(untidy)
    assert untidy.read_bytes() == before


@each_lesson
def test_lesson_is_normal(path):
    assert notebooks.check(path) == [], f"run: centralasia notebooks normalise {path}"


@each_lesson
def test_outputs_are_stored(path):
    """Strict nbval passes an emptied notebook, so that outputs exist is a test of its own."""
    silent = [
        cell.id
        for cell in notebooks.read(path).cells
        if cell.cell_type == "code"
        and not cell.outputs
        and "silent" not in cell.metadata.get("tags", [])
    ]
    assert silent == [], f"run: centralasia notebooks execute {path}"


@each_planned_lesson
def test_length(path):
    notebook = notebooks.read(path)
    cells = sum(not notebooks.is_instructors(cell) for cell in notebook.cells)
    assert 25 <= cells <= 45, f"edit {path}: it has {cells} cells for learners, and not 25 to 45"


@each_lesson
def test_weight(path):
    notebook = notebooks.read(path)
    weight = len(notebooks.for_learners(path))
    assert weight <= MAX_BYTES, (
        f"edit {path}: {weight} bytes, and {MAX_BYTES} at most, for it is loaded on phones; show "
        "fewer rows in its charts and tables"
    )
    long = [c.id for c in notebook.cells if c.cell_type == "code" and c.source.count("\n") >= 15]
    assert long == [], f"edit {path}: 15 lines of code at most in each of these cells"


@each_lesson
def test_a_new_run_gives_the_stored_file(path):
    """A second run, beside nbval's: to the byte, and with nothing left out of the comparison."""
    run = notebooks.execute(notebooks.read(path), path.parent)
    same = notebooks.dumps(run) == path.read_text(encoding="utf-8")
    assert same, f"run: centralasia notebooks execute {path}"
