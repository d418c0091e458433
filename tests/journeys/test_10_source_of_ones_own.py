"""A source of one's own: from an empty table to a ledger, a partner's kappa, forecasts scored.

Two learners and their teacher, in a shell: files go from hand to hand, one with faults, and a
year later the forecasts are resolved. What the form makes of the same table is in test_own.py.
"""

import subprocess
import sys

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient
from patience import HANG

from centralasia import own, progress
from centralasia.course import lesson

CODES = {
    "mine": ("asserts", "plain", "figure"),
    "partner": ("asserts", "hedged", "figure"),
}


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.setenv(progress.ENV, str(tmp_path / "progress.jsonl"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shell(*words):
    line = [sys.executable, "-m", "centralasia.cli", *map(str, words)]
    return subprocess.run(line, capture_output=True, text=True, encoding="utf-8", check=False)


def write(file, rows):
    file.parent.mkdir(exist_ok=True)
    file.write_text(pd.DataFrame(rows).to_csv(index=False), encoding="utf-8")


def stated(n, **more):
    voice, wording, kind = CODES["mine"]
    return {
        "id": f"C{n}", "claim": f"Statement {n}.", "where": f"page {n}", "dimension": "economic",
        "voice": voice, "wording": wording if n % 2 else "hedged", "kind": kind,
    } | more  # fmt: skip


def forecast(n, probability, **more):
    return {
        "id": f"F{n}", "forecast": f"Thing {n} happens.", "criterion": "Customs of China",
        "made": "2026-12-01", "due": "2027-11-30", "probability": probability,
    } | more  # fmt: skip


def run_the_lesson(folder):
    """Run the lesson beside a learner's files and return what its cells say, by id."""
    notebook = nbformat.read(lesson("15").file, as_version=4)
    NotebookClient(
        notebook, timeout=HANG, kernel_name="python3", resources={"metadata": {"path": folder}}
    ).execute()
    return {
        cell.id: "\n".join(
            output.get("text") or output.get("data", {}).get("text/plain", "")
            for output in cell.outputs
        )
        for cell in notebook.cells
        if cell.cell_type == "code"
    }


def test_from_an_empty_table_to_scored_forecasts(desk):
    # An empty table: nothing is there, and the sentence says how to go on.
    (desk / "my-claims.csv").write_text("id,claim\n", encoding="utf-8")
    assert own.open_work(own.mine())[0] == "You have 0 claims of 10."

    # Ten claims; one cell is no code, and stays as it was written.
    rows = [stated(n) for n in range(1, 11)]
    write(desk / "my-claims.csv", [*rows[:-1], rows[-1] | {"voice": "assert"}])
    (fault,) = own.mine().faults
    assert fault.startswith("Row 10 (C10), column 'voice': 'assert' is none of")
    assert own.mine().as_written["voice"].iloc[-1] == "assert"

    # Mended, judged, coded by a partner who saw no code; the lesson shows ledger and kappa.
    tested = {"criterion": "customs, 2024", "table": "customs", "finding": "94.8 billion."}
    judged = [
        row | tested | {"verdict": "confirmed" if n < 4 else "imprecise"} if n < 6
        else row | {"criterion": "no table of the course"}
        for n, row in enumerate(rows)
    ]  # fmt: skip
    write(desk / "my-claims.csv", judged)
    write(
        desk / "my-partner.csv",
        [{"id": row["id"], "claim": row["claim"],
          **dict(zip(("voice", "wording", "kind"), CODES["partner"], strict=True))}
         for row in rows],
    )  # fmt: skip
    write(desk / "my-forecasts.csv", [forecast(n, p) for n, p in ((1, 80), (2, 50), (3, 10))])
    assert own.open_work(own.mine(), own.mine("forecasts")) == []
    said = run_the_lesson(desk)
    assert "Here stands your file my-claims.csv." in said["mine"]
    assert "10 claims of your source" in said["mine"]
    assert "confirmed  imprecise  open" in said["ledger"]
    assert "wording    10.0          5.0    0.0" in said["agreement"]
    assert "5 rows" in said["agreement"]
    assert "Claim check: 6 to judge" in said["claim-check"]
    assert "3 rows" in said["forecasts-table"]

    # The class hands in, one row of it is no forecast; a year later two of three are known.
    write(desk / "class" / "aida.csv", [forecast(n, p) for n, p in ((1, 80), (2, 50), (3, 10))])
    write(desk / "class" / "bolat.csv", [forecast(1, 100), forecast(2, "maybe"), forecast(3, 40)])
    sheet = shell("resolve", "class")
    assert sheet.returncode == 1
    assert sheet.stderr.splitlines() == [
        "bolat.csv: Row 2 (F2), column 'probability': 'maybe' is no number from 0 to 100."
    ]
    outcomes = pd.read_csv(desk / "outcomes.csv", dtype=str)
    assert len(outcomes) == 5
    came = outcomes["id"].map({"F1": "1", "F3": "0"})
    outcomes.assign(outcome=came, resolved="2027-12-01").to_csv(desk / "known.csv", index=False)
    scored = shell("resolve", "class", "known.csv")
    assert scored.returncode == 1  # for the row that is no forecast
    assert "aida F2, 2027-11-30: Thing 2 happens." in scored.stdout
    errors = pd.read_csv(desk / "scores.csv").groupby("learner")["error"].mean().round(3)
    assert errors.to_dict() == {"aida": 0.025, "bolat": 0.08}
    assert (
        own.read(desk / "class" / "bolat.csv", "forecasts").as_written["probability"][1] == "maybe"
    )
