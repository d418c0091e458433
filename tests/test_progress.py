"""The learner's record: nothing is lost, nothing blocks the lesson, nothing personal is kept."""

import errno
import json
import os
import subprocess
import sys

import pandas as pd
import pytest

from centralasia import jsonl, progress
from centralasia.errors import UserError


@pytest.fixture(autouse=True)
def record_file(tmp_path, monkeypatch):
    file = tmp_path / "new folder" / "progress.jsonl"
    monkeypatch.setenv(progress.ENV, str(file))
    return file


def test_the_file_is_in_the_users_data_folder_or_where_the_variable_says(record_file, monkeypatch):
    assert progress.path() == record_file
    monkeypatch.delenv(progress.ENV)
    assert progress.path().name == "progress.jsonl"
    assert progress.path().parent.name == "centralasia"


def test_an_answer_comes_back_with_its_types(record_file):
    progress.record("RU-12", "claim", "contested", 0.7, correct=True)
    frame = progress.answers()
    row = frame.iloc[0]
    assert row[["item", "kind", "answer", "confidence", "correct"]].tolist() == [
        "RU-12", "claim", "contested", 0.7, True,
    ]  # fmt: skip
    assert abs(pd.Timestamp.now("UTC") - row["time"]) < pd.Timedelta("1min")
    assert list(frame.dtypes.astype(str)) == [
        "datetime64[s, UTC]", "str", "str", "str", "float64", "boolean",
    ]  # fmt: skip


def test_no_answers_is_an_empty_frame_of_the_same_columns():
    frame = progress.answers()
    assert frame.empty
    assert list(frame) == ["time", "item", "kind", "answer", "confidence", "correct"]


def test_nothing_personal_is_stored(record_file):
    progress.record("03-q1", "quiz", "None of the three", 0.5, correct=True)
    line = json.loads(record_file.read_text(encoding="utf-8"))
    assert set(line) == {"v", "time", "item", "kind", "answer", "confidence", "correct"}
    assert line["v"] == progress.VERSION
    assert os.name == "nt" or record_file.stat().st_mode & 0o077 == 0


def test_all_answers_are_kept_and_either_end_can_be_asked_for():
    for answer, confidence in (("It rose", 0.4), ("It fell", 0.9)):
        progress.record("03-p1", "prediction", answer, confidence)
    progress.record("03-q1", "quiz", "yes", 0.5, correct=False)
    assert progress.answers()["answer"].tolist() == ["It fell", "yes"]
    assert progress.answers(keep="first")["answer"].tolist() == ["It rose", "yes"]
    assert len(progress.answers(keep="all")) == 3
    assert progress.answers("03-p1", keep="all")["confidence"].tolist() == [0.4, 0.9]


def test_a_prediction_is_scored_by_what_the_lesson_revealed_and_closed_by_it():
    progress.record("03-p1", "prediction", "It fell", 0.8)
    assert progress.answers()["correct"].isna().all()
    assert progress.revealed("03-p1") is None
    progress.record("03-p1", "reveal", "It fell")
    progress.record("03-p1", "prediction", "It rose", 1)
    frame = progress.answers("03-p1", keep="all")
    assert frame["answer"].tolist() == ["It fell"]
    assert frame["correct"].tolist() == [True]
    assert progress.revealed("03-p1") == "It fell"


@pytest.mark.parametrize(
    "damage",
    [
        b"{not json",
        b'{"v": 1, "time": "yesterday", "item": "a", "kind": "quiz", "answer": "b"}',
        b'{"v": 1, "time": "2026-01-01T00:00:00+00:00", "kind": "quiz", "answer": "b"}',
        b'{"v": 99, "time": "2026-01-01T00:00:00", "item": "a", "kind": "quiz", "answer": "b"}',
        b'["a", "list"]',
        b"\xff\xfe\x00",
    ],
)
def test_a_damaged_line_is_passed_over_and_kept(record_file, damage):
    progress.record("03-q1", "quiz", "yes", 0.5)
    record_file.write_bytes(record_file.read_bytes() + damage + b"\n")
    progress.record("03-q2", "quiz", "no", 0.5)
    with pytest.warns(UserWarning, match=r"One line of .* was passed over \(2\)"):
        assert progress.answers()["item"].tolist() == ["03-q1", "03-q2"]
    assert damage in record_file.read_bytes()


def test_a_line_cut_short_by_a_crash_does_not_swallow_the_next(record_file):
    progress.record("03-q1", "quiz", "yes", 0.5)
    record_file.write_bytes(record_file.read_bytes() + b'{"v": 1, "ti')
    progress.record("03-q2", "quiz", "no", 0.5)
    with pytest.warns(UserWarning, match="cannot be read"):
        assert progress.answers()["item"].tolist() == ["03-q1", "03-q2"]


def test_two_kernels_that_write_at_once_lose_nothing(record_file):
    code = (
        "import sys; from centralasia import progress\n"
        "for n in range(200): progress.record(f'{sys.argv[1]}-{n}', 'quiz', 'é' * 200, 0.5)"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, name]) for name in "abc"]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    items = progress.answers(keep="all")["item"]
    assert sorted(items) == sorted(f"{name}-{n}" for name in "abc" for n in range(200))


@pytest.mark.parametrize("written", [0, 10])
def test_a_full_disk_is_said_to_the_learner_and_leaves_no_trace(record_file, monkeypatch, written):
    progress.record("03-q1", "quiz", "yes", 0.5)
    before = record_file.read_bytes()
    write = os.write

    def full(handle, data):
        if not written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(handle, data[:written])

    monkeypatch.setattr(jsonl.os, "write", full)
    with pytest.raises(progress.NotStored, match=r"not stored: there is no room .* Free some"):
        progress.record("03-q2", "quiz", "no", 0.5)
    assert record_file.read_bytes() == before


def test_a_place_that_cannot_be_written_to_is_said_to_the_learner(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv(progress.ENV, str(tmp_path / "file" / "progress.jsonl"))
    with pytest.raises(progress.NotStored, match=f"cannot be written to .* set {progress.ENV}"):
        progress.record("03-q1", "quiz", "yes", 0.5)


def test_a_read_only_folder_is_said_to_the_learner(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(jsonl.os, "open", refuse)
    with pytest.raises(progress.NotStored, match="Permission denied"):
        progress.record("03-q1", "quiz", "yes", 0.5)


def test_an_unreadable_file_warns_and_the_lesson_goes_on(record_file):
    record_file.mkdir(parents=True)
    with pytest.warns(UserWarning, match="cannot be read"):
        assert progress.answers().empty


@pytest.mark.parametrize(("kind", "confidence"), [("guess", 0.5), ("quiz", 70), ("quiz", -0.1)])
def test_what_is_no_answer_is_refused(record_file, kind, confidence):
    with pytest.raises(ValueError, match=r"kind|between 0 and 1"):
        progress.record("03-q1", kind, "yes", confidence)
    assert not record_file.exists()


def test_export_to_csv_and_json(tmp_path):
    progress.record("03-p1", "prediction", "It fell, a bit", 0.4)
    progress.record("03-p1", "prediction", "It rose", 0.9)
    table = pd.read_csv(progress.export(tmp_path / "mine.csv"))
    assert table["answer"].tolist() == ["It fell, a bit", "It rose"]
    records = json.loads(progress.export(tmp_path / "mine.json").read_text(encoding="utf-8"))
    assert [r["confidence"] for r in records] == [0.4, 0.9]
    assert records[0]["correct"] is None


def test_export_overwrites_nothing_and_says_which_forms_there_are(tmp_path):
    (tmp_path / "mine.csv").write_text("precious")
    with pytest.raises(UserError, match="exists and is left as it is"):
        progress.export(tmp_path / "mine.csv")
    with pytest.raises(UserError, match=r"\.txt, \.csv or \.json"):
        progress.export(tmp_path / "mine.xlsx")
    with pytest.raises(UserError, match="was not written"):
        progress.export(tmp_path / "nowhere" / "mine.csv")
    assert (tmp_path / "mine.csv").read_text() == "precious"


def test_erase_means_erase(record_file):
    assert progress.erase() is False
    progress.record("03-q1", "quiz", "yes", 0.5)
    assert progress.erase() is True
    assert list(record_file.parent.iterdir()) == []
    assert progress.answers().empty


def test_half_a_letter_is_refused_in_words():
    with pytest.raises(ValueError, match=r"^That has a broken letter in it\.$"):
        progress.record("03-p1", "prediction", "\ud800")


def test_answers_of_another_place_are_brought_in_once(record_file, tmp_path):
    progress.record("03-p1", "prediction", "It fell", 0.4)
    here = progress.export(tmp_path / "mine.txt").read_bytes()
    early = here.replace(b"03-p1", b"01-p1").replace(b'"time": "20', b'"time": "19')
    came = progress.bring_in(early + here + early + b"{half a li")
    assert (came.new, came.known, came.unread) == (1, 2, 1)
    assert progress.bring_in(record_file.read_bytes()).new == 0
    # What was said first comes first, wherever it was said.
    assert progress.answers()["item"].tolist() == ["01-p1", "03-p1"]
    assert record_file.read_bytes().startswith(here)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_that_an_editor_saved_anew_is_read(record_file, encoding):
    progress.record("03-p1", "prediction", "Été", 0.4)
    saved = record_file.read_text("utf-8").replace("\n", "\r\n").encode(encoding)
    progress.erase()
    assert progress.bring_in(saved).new == 1
    assert progress.answers()["answer"].tolist() == ["Été"]


@pytest.mark.parametrize(
    "content",
    [b"", b"name,grade\r\nanna,1", b"\xff\xfe\x00", b"PK\x03\x04", b"[" * 90000, b"null\n3"],
)
def test_what_is_no_file_of_answers_changes_nothing(record_file, content):
    with pytest.raises(progress.NoAnswers, match="no file of answers, and nothing was changed"):
        progress.bring_in(content)
    assert not record_file.exists()


def test_what_was_said_of_a_claim_once_its_verdict_was_shown_is_left_out():
    progress.record("RU-12", "claim_alone", "confirmed", 0.5)
    progress.record("RU-12", "claim", "contested", 0.6, correct=False)
    progress.record("RU-12", "reveal", "confirmed")
    progress.record("RU-12", "claim", "confirmed", 1, correct=True)
    frame = progress.answers(keep="all")
    assert frame["kind"].tolist() == ["claim_alone", "claim"]
    assert frame["correct"].tolist()[1] is False
