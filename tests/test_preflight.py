"""Broken notebooks are found out, said what to do about, and mended without losing a word."""

import json
import random
import time

import pytest
from exercise_runs import answered
from patience import HANG

from centralasia import notebooks
from centralasia.cli import main
from centralasia.errors import UserError
from centralasia.grading.handing_in import preflight, repair, structure, submission, trial
from centralasia.grading.running import limits
from centralasia.paths import exercises_dir

NAME = "03-russia-3-return"
RELEASED = submission.released(NAME)
ID = "anna.abdieva"
FOREIGN = {"grade_id": "ex07-q1-ties-answer", "solution": True, "grade": False, "locked": False}


def whole():
    """A notebook with every question answered, and two cells of the learner's own."""
    nb = json.loads(notebooks.dumps(answered(NAME, ID)))
    for cell in nb["cells"]:
        cell["source"] = "".join(cell["source"])
    for after, cell in (("q2-prompt", own("markdown", "My plan.")), ("case", own("code", "1 + 1"))):
        nb["cells"].insert(place(nb, after) + 1, cell)
    return nb


def own(kind, source):
    cell = {"cell_type": kind, "id": f"mine-{len(source)}", "metadata": {}, "source": source}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def place(nb, key):
    return next(n for n, cell in enumerate(nb["cells"]) if cell.get("id") == key)


def cell(nb, key):
    return nb["cells"][place(nb, key)]


def copy(cell):
    return json.loads(json.dumps(cell)) | {"id": f"copy-{random.randrange(10**9)}"}


def write(folder, nb, name=NAME):
    path = folder / f"{name}.ipynb"
    path.write_text(json.dumps(nb), encoding="utf-8")
    return path


def answers(nb):
    return {c["id"]: c["source"] for c in nb["cells"] if RELEASED.order.get(c["id"], -1) >= 0
            and RELEASED.is_open(c["id"])}  # fmt: skip


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def delete(nb, key):
    del nb["cells"][place(nb, key)]


def duplicate(nb, key):
    nb["cells"].insert(place(nb, key) + 1, copy(cell(nb, key)))


def retype(nb, key):
    kind = "markdown" if cell(nb, key)["cell_type"] == "code" else "code"
    cell(nb, key).update(cell_type=kind)
    for part, empty in (("outputs", []), ("execution_count", None)):
        cell(nb, key).pop(part, None)
        if kind == "code":
            cell(nb, key)[part] = empty


def move(nb, key, to=0):
    taken = nb["cells"].pop(place(nb, key))
    nb["cells"].insert(to, taken)


def edit(nb, key):
    cell(nb, key)["source"] += "\nmembers = ['KAZ']"


def unmark(nb, key):
    cell(nb, key)["metadata"] = {}


def forget(nb, key):
    unmark(nb, key)
    del cell(nb, key)["id"]


def spoil(nb, key):
    cell(nb, key)["outputs"] = [{"output_type": "stream", "text": 1}]


def foreign(nb, key):
    nb["cells"].insert(place(nb, key), own("code", "x = 1") | {"metadata": {"nbgrader": FOREIGN}})


DAMAGES = {
    "missing": [(delete, "ex03-q2-hhi"), (delete, "q1-prompt"), (delete, "setup")],
    "duplicate": [(duplicate, "ex03-q2-hhi"), (duplicate, "ex03-q3-members-answer"),
                  (duplicate, "ex03-q6-argument")],
    "retyped": [(retype, "ex03-q1-bloc-share-answer"), (retype, "ex03-q4-chart"),
                (retype, "ex03-q6-argument")],
    "reordered": [(move, "ex03-q5-reading-answer"), (move, "finish"), (move, "ex03-q1-bloc-share")],
    "edited": [(edit, "ex03-q3-members"), (edit, "case"), (edit, "the-names")],
    "unmarked": [(unmark, "ex03-q2-hhi-answer"), (unmark, "ex03-q6-argument"),
                 (forget, "ex03-q4-chart"), (forget, "ex03-q4-chart-answer"),
                 (forget, "ex03-q6-argument")],
    "foreign": [(foreign, "case")],
    "invalid": [(spoil, "ex03-q2-hhi-answer"), (spoil, "ex03-q6-argument")],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "damage", "key"), [(kind, *case) for kind, rows in DAMAGES.items() for case in rows]
)
def test_a_damage_is_found_mended_and_costs_nothing(kind, damage, key, tmp_path):
    before = whole()
    nb = whole()
    damage(nb, key)
    path = write(tmp_path, nb)
    damaged = path.read_bytes()
    found = preflight.inspect(path)
    assert [f.kind for f in found] == [kind]
    assert found[0].mendable
    assert found[0].cell == ("" if kind in ("foreign", "invalid") else key)
    assert found[0].problem.endswith(".")
    assert structure.REPAIR in found[0].remedy
    backup = repair.repair(path)
    assert backup.read_bytes() == damaged
    assert preflight.inspect(path) == []
    assert answers(read(path)) == answers(before)
    sources = [c["source"] for c in read(path)["cells"]]
    assert {"My plan.", "1 + 1"} <= set(sources)
    assert repair.repair(path) is None


def test_a_whole_notebook_is_ready_and_left_alone(tmp_path):
    path = write(tmp_path, whole())
    before = path.read_bytes()
    assert preflight.inspect(path) == []
    assert repair.repair(path) is None
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_the_exercise_as_released_lacks_an_id_and_every_answer():
    found = preflight.inspect(exercises_dir() / NAME / f"{NAME}.ipynb")
    assert [f.kind for f in found] == ["learner-id"] + ["unanswered"] * 6
    assert 'checks.hint("ex03-q2-hhi")' in found[2].remedy
    assert "q5_answer, q5_confidence" in found[5].problem


def test_what_a_learner_wrote_into_a_locked_cell_stays_as_a_raw_cell(tmp_path):
    nb = whole()
    edit(nb, "ex03-q3-members")
    path = write(tmp_path, nb)
    repair.repair(path)
    mended = read(path)
    after = mended["cells"][place(mended, "ex03-q3-members") + 1]
    assert after["cell_type"] == "raw"
    assert after["source"].startswith(repair.KEPT)
    assert after["source"].endswith("members = ['KAZ']")


def test_two_versions_of_an_answer_both_stay_and_the_later_one_counts(tmp_path):
    nb = whole()
    duplicate(nb, "ex03-q3-members-answer")
    nb["cells"][place(nb, "ex03-q3-members-answer") + 1]["source"] = "members = ['RUS']"
    duplicate(nb, "ex03-q6-argument")
    nb["cells"][place(nb, "ex03-q6-argument") + 1]["source"] = "A second thought."
    path = write(tmp_path, nb)
    repair.repair(path)
    mended = read(path)
    at = place(mended, "ex03-q3-members-answer")
    assert [c["source"] for c in mended["cells"][at : at + 3]][1] == "members = ['RUS']"
    assert mended["cells"][at + 2]["id"] == "ex03-q3-members"
    assert cell(mended, "ex03-q6-argument")["source"].endswith("\n\nA second thought.")


def test_an_untouched_copy_gives_way_to_the_answer(tmp_path):
    nb = whole()
    stub = copy(cell(RELEASED.notebook, "ex03-q3-members-answer"))
    nb["cells"].insert(place(nb, "ex03-q3-members-answer"), stub)
    path = write(tmp_path, nb)
    repair.repair(path)
    assert answers(read(path)) == answers(whole())
    assert len(read(path)["cells"]) == len(whole()["cells"])


def test_a_split_locked_cell_becomes_one_again(tmp_path):
    nb = whole()
    duplicate(nb, "the-names")
    at = place(nb, "the-names")
    half = len(nb["cells"][at]["source"].split("\n\n")[0])
    nb["cells"][at + 1]["source"] = nb["cells"][at]["source"][half:].lstrip()
    nb["cells"][at]["source"] = nb["cells"][at]["source"][:half]
    path = write(tmp_path, nb)
    repair.repair(path)
    assert read(path)["cells"] == whole()["cells"]


def test_an_answer_in_place_of_a_lost_cell_runs_after_the_released_one(tmp_path):
    nb = whole()
    at = place(nb, "ex03-q3-members-answer")
    nb["cells"][at : at + 1] = [own("code", "a = 1"), own("code", "members = ['RUS']")]
    path = write(tmp_path, nb)
    assert [f.kind for f in preflight.inspect(path)] == ["missing"]
    repair.repair(path)
    mended = read(path)["cells"]
    at = place(read(path), "ex03-q3-members-answer")
    assert [c["source"] for c in mended[at + 1 : at + 3]] == ["a = 1", "members = ['RUS']"]
    assert preflight.inspect(path) == []


def test_a_notebook_without_ids_or_with_another_kernel(tmp_path):
    nb = whole() | {"nbformat_minor": 4}
    for one in nb["cells"]:
        del one["id"]
    nb["metadata"]["kernelspec"] = {"name": "conda-env-x-py", "display_name": "x"}
    path = write(tmp_path, nb)
    assert {f.kind for f in preflight.inspect(path)} == {"kernel"}
    repair.repair(path)
    assert preflight.inspect(path) == []
    assert answers(read(path)) == answers(whole())


def filled(more=None, cells=None):
    """A notebook with one thing too much in it."""
    cells = cells or [own("code", "") | more]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


BROKEN = {
    "empty": (b" ", "is empty"),
    "text": (b"dear teacher", "not JSON"),
    "half": (json.dumps(whole()).encode()[:-200], "not JSON"),
    "latin": ('{"cells": "Türkmenabat"}'.encode("latin-1"), "not JSON"),
    "deep": (b"[" * 200_000, "not JSON"),
    "list": (b"[1, 2]", "no list of cells"),
    "old": (b'{"nbformat": 3, "cells": []}', "not of format 4"),
    "metadata": (b'{"nbformat": 4, "metadata": 1, "cells": []}', "metadata are broken"),
    "cell": (b'{"nbformat": 4, "cells": [{"cell_type": "code"}]}', "Cell 1 is broken"),
    "large": (b" " * (limits.MAX_BYTES + 1), "MB large"),
    "many": (filled(cells=[own("raw", "")] * 1_001), "has 1001 cells"),
    "shown": (filled({"outputs": [{}] * 5_001}), "has 5001 outputs"),
    "long": (filled({"source": "1," * 150_001}), "has 300002 characters in its cells"),
    "tagged": (filled({"metadata": {"tags": ["a", 1] * 20_000}}), "characters of metadata"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_no_notebook_is_refused(case, tmp_path, capsys):
    content, words = BROKEN[case]
    path = tmp_path / f"{NAME}.ipynb"
    path.write_bytes(content)
    (found,) = preflight.inspect(path, run=True)
    assert found.kind == "unreadable"
    assert words in found.problem
    assert main(["check-submission", str(path)]) == 2
    assert main(["check-submission", str(path), "--repair"]) == 2
    assert words in capsys.readouterr().err
    assert path.read_bytes() == content


def test_a_notebook_of_another_exercise_is_named(tmp_path):
    path = write(tmp_path, whole(), "00-orientation")
    (found,) = preflight.inspect(path)
    assert found.kind == "wrong-exercise"
    assert "holds the exercise 03-russia-3-return" in found.problem
    with pytest.raises(repair.NotMendable, match="holds the exercise"):
        repair.repair(path)
    path = write(tmp_path, {"nbformat": 4, "cells": [own("code", "1")]}, "scratch")
    assert [f.kind for f in preflight.inspect(path)] == ["unknown-exercise"]
    path = write(tmp_path, {"nbformat": 4, "cells": [own("code", "1")]})
    with pytest.raises(UserError, match="nothing to go by"):
        repair.repair(path)
    assert preflight.inspect(write(tmp_path, whole(), "my copy")) == []


def test_a_package_that_does_not_come_with_the_course_is_named(tmp_path):
    """Also where the learner has it, who then notices nothing."""
    nb = whole()
    cell(nb, "ex03-q3-members-answer")["source"] += (
        "\nimport matplotlib.pyplot as plt, pandas, numpy as np, json\nfrom pytest import raises"
        "\nfrom IPython.display import display\nimport centralasia.charts, altair, scipy.stats"
    )
    found = preflight.inspect(write(tmp_path, nb))
    assert [f.kind for f in found] == ["lacking", "lacking"]
    assert "imports matplotlib, which does not come with the course" in found[0].problem
    assert "imports pytest," in found[1].problem


def test_an_argument_of_the_wrong_length(tmp_path):
    nb = whole()
    cell(nb, "ex03-q6-argument")["source"] = "Short, but mine."
    (found,) = preflight.inspect(write(tmp_path, nb))
    assert (found.kind, found.cell) == ("length", "ex03-q6-argument")
    assert "3 words; 150 to 300" in found.problem


def test_magics_and_broken_code_are_no_missing_answers(tmp_path):
    nb = whole()
    cell(nb, "ex03-q3-members-answer")["source"] = "%time members = ['KAZ']"
    assert [f.kind for f in preflight.inspect(write(tmp_path, nb))] == ["unanswered"]
    cell(nb, "ex03-q3-members-answer")["source"] = "members = ['KAZ'"
    assert preflight.inspect(write(tmp_path, nb)) == []


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("%matplotlib inline\nx = 1", {"x"}),
        ("%%time\nx = 1", {"x"}),
        ("files = !ls\ny = %time 1 + 1", {"files", "y"}),
        ("trade.head?\n?trade\nx = 1", {"x"}),
        ("if 1:\n    !ls\n    x = 1", {"x"}),
        ("x = (5\n% 3)", {"x"}),
        ("x = ...", set()),
        ("x = [", None),
        ("x = " + "-" * 200_000 + "1", None),
    ],
)
def test_the_names_that_a_cell_gives(source, names):
    assert preflight.assigned([own("code", source)]) == names


def test_a_notebook_cannot_keep_a_grader_busy(tmp_path):
    nb = whole()
    commands = "!ls\n" * 1_000 + "x = [" + "1,\n" * 60_000 + "]"
    cell(nb, "ex03-q3-members-answer")["source"] = commands
    started = time.monotonic()
    assert [f.kind for f in preflight.inspect(write(tmp_path, nb))] == ["unanswered"]
    assert time.monotonic() - started < HANG, "a second or two on a small machine"


def randomly_damaged(rng):
    nb, sure, somewhere = whole(), answers(whole()), set()
    open_keys = list(sure)
    for _ in range(rng.randint(1, 6)):
        there = [c["id"] for c in nb["cells"] if c.get("id") in RELEASED.cells]
        damage = rng.choice([delete, duplicate, retype, move, edit, unmark, forget, foreign])
        key = rng.choice(there)
        if damage is move:
            move(nb, key, rng.randrange(len(nb["cells"])))
            continue
        if damage is edit and key in open_keys:
            continue
        if damage in (delete, forget) and key in open_keys:
            lost = sure.pop(key, None)
            if damage is forget and lost is not None:
                somewhere.add(lost)
        damage(nb, key)
    return nb, sure, somewhere


@pytest.mark.parametrize("seed", range(150))
def test_whatever_is_damaged_no_answer_is_lost(seed, tmp_path):
    nb, sure, somewhere = randomly_damaged(random.Random(seed))
    path = write(tmp_path, nb)
    repair.repair(path)
    mended = read(path)
    assert structure.faults(submission.read(path), RELEASED) == []
    found = answers(mended)
    assert {key: found[key] for key in sure} == sure
    everything = "\n\n".join(c["source"] for c in mended["cells"])
    for text in {*somewhere, "My plan.", "1 + 1"}:
        assert text in everything
    ids = [c["id"] for c in mended["cells"]]
    assert len(ids) == len(set(ids))


def test_a_full_disk_leaves_the_notebook_as_it_was(tmp_path, monkeypatch):
    nb = whole()
    delete(nb, "setup")
    path = write(tmp_path, nb)
    before = path.read_bytes()

    def full(_path, _content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(repair, "write_whole", full)
    assert main(["check-submission", str(path), "--repair"]) == 2
    assert path.read_bytes() == before


def test_a_notebook_is_run_from_top_to_bottom(tmp_path, capsys):
    nb = whole()
    cell(nb, "ex03-q1-bloc-share-answer")["source"] += "\nbloc_share = 100 * bloc_share"
    cell(nb, "ex03-q2-hhi-answer")["source"] += "\nlater + 1"
    cell(nb, "ex03-q3-members-answer")["source"] += "\nlater = 1\nmembers = members_of_it"
    cell(nb, "ex03-q4-chart-answer")["source"] += "\nchart = None"
    path = write(tmp_path, nb)
    assert main(["check-submission", str(path)]) == 1
    found = {f.cell: f for f in preflight.inspect(path, run=True)}
    assert {key: f.kind for key, f in found.items()} == {
        "ex03-q1-bloc-share-answer": "form",
        "ex03-q2-hhi-answer": "fails",
        "ex03-q3-members-answer": "fails",
        "ex03-q4-chart-answer": "unanswered",
    }
    assert "move it above" in found["ex03-q2-hhi-answer"].remedy
    assert "Restart the kernel" in found["ex03-q3-members-answer"].remedy
    assert "stops with NameError" in capsys.readouterr().out


def test_a_notebook_that_does_not_end_or_ends_python(tmp_path, monkeypatch):
    nb = whole()
    cell(nb, "ex03-q2-hhi-answer")["source"] += "\nwhile True: pass"
    with monkeypatch.context() as patch:
        patch.setattr(trial, "CELL_SECONDS", 20)  # the imports need some of them, on a busy machine
        (found,) = preflight.inspect(write(tmp_path, nb), run=True)
    assert (found.kind, found.cell) == ("too-long", "ex03-q2-hhi-answer")
    nb = whole()
    cell(nb, "case")["source"] = "import os\nos._exit(1)"
    found = preflight.inspect(write(tmp_path, nb), run=True)
    assert [(f.kind, f.cell) for f in found] == [("edited", "case")]
    nb = whole()
    cell(nb, "mine-5")["source"] = "import os\nos._exit(1)"
    (found,) = preflight.inspect(write(tmp_path, nb), run=True)
    assert (found.kind, found.cell) == ("fails", "#6")


def test_a_ready_notebook_says_so(tmp_path, capsys):
    path = write(tmp_path, whole())
    assert main(["check-submission", str(path)]) == 0
    assert "ready to be handed in" in capsys.readouterr().out
    assert main(["check-submission", str(tmp_path / "none.ipynb")]) == 2


ODD = [None, True, 0, -1, 1e400, "", "case", "ex03-q2-hhi", "\ud800", [], ["a"], [[]], {}, {"a": 1}]


def spoiled(value, rng):
    """Return a copy of a notebook in which some parts are of another type, or gone."""
    if rng.random() < 0.002:
        return rng.choice(ODD)
    if isinstance(value, dict):
        kept = {k: spoiled(v, rng) for k, v in value.items() if rng.random() > 0.001}
        return kept | (
            {rng.choice(["id", "nbgrader", "source"]): rng.choice(ODD)}
            if rng.random() < 0.01
            else {}
        )
    if isinstance(value, list):
        return [spoiled(part, rng) for part in value]
    return value


@pytest.mark.parametrize("seed", range(150))
def test_no_notebook_however_odd_stops_the_check(seed, tmp_path):
    rng = random.Random(seed)
    nb = spoiled(whole(), rng)
    for part, value in (("nbformat", 4), ("cells", [])):
        if (
            isinstance(nb, dict)
            and rng.random() < 0.9
            and not isinstance(nb.get(part), type(value))
        ):
            nb[part] = value
    path = write(tmp_path, nb)
    before = path.read_bytes()
    found = preflight.inspect(path)
    assert all(isinstance(finding, structure.Finding) for finding in found)
    try:
        backup = repair.repair(path)
    except repair.NotMendable:
        assert path.read_bytes() == before
        return
    if backup:
        assert backup.read_bytes() == before
    assert structure.faults(submission.read(path), RELEASED) == []
