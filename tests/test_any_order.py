"""A lesson's cells run in any order: twice, backwards, and each alone in a new kernel."""

import pytest
from conftest import each_lesson
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from centralasia import jupyter, notebooks, progress


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """IPython as a kernel has it, with a progress file of its own."""
    monkeypatch.setenv(progress.ENV, str(tmp_path / "progress.jsonl"))
    quiet = Config(HistoryManager={"enabled": False}, InteractiveShell={"xmode": "Minimal"})
    InteractiveShell.clear_instance()
    made = InteractiveShell.instance(config=quiet)
    made.displayhook.write_output_prompt = lambda: None
    made.displayhook.write_format_data = lambda *_: None
    yield made
    InteractiveShell.clear_instance()


def opened(shell, path, monkeypatch):
    """Let a shell be a kernel that was started for a notebook."""
    monkeypatch.setenv(jupyter.SESSION, str(path))
    jupyter.load_ipython_extension(shell)
    return [cell for cell in notebooks.read(path).cells if cell.cell_type == "code"]


def run(shell, cell):
    """Run a cell; return what it shows, as it can be compared."""
    with capture_output() as shown:
        done = shell.run_cell(cell.source, store_history=True, cell_id=cell.id)
    assert done.success, f"{cell.id}: {done.error_in_exec or done.error_before_exec!r}"
    bundles = [one.data for one in shown.outputs]
    if done.result is not None:
        bundles.append(shell.display_formatter.format(done.result)[0])
    for bundle in bundles:
        bundle.pop(notebooks.WIDGET_VIEW, None)
    return shown.stdout.strip(), bundles


@each_lesson
def test_cells_run_twice_and_backwards(path, shell, monkeypatch):
    cells = opened(shell, path, monkeypatch)
    first = {}
    for cell in cells:
        first[cell.id] = run(shell, cell)
        assert run(shell, cell) == first[cell.id], f"{cell.id} gives something else when run twice"
    for cell in reversed(cells):
        same = run(shell, cell) == first[cell.id]
        assert same, f"{cell.id} gives something else once the cells below it have run"


@each_lesson
def test_each_cell_runs_alone_in_a_new_kernel(path, shell, monkeypatch):
    cells = opened(shell, path, monkeypatch)
    whole = {cell.id: run(shell, cell) for cell in cells}
    progress.erase()
    for cell in cells:
        shell.reset(new_session=False)
        assert run(shell, cell) == whole[cell.id], f"{cell.id} gives something else when run alone"
        # What runs for another cell's sake tells no answer that its learner did not ask for.
        told = [line["item"] for line in progress.lines()]
        assert all(f'reveal("{item}"' in cell.source for item in told), cell.id
        progress.erase()
