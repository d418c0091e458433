"""The twelve misconception items: asked twice, given away once, compared without names."""

import pandas as pd
import pytest
from test_widgets import outside_details, press

from centralasia import gains, measures, progress, tables, widgets
from centralasia.cli import main
from centralasia.errors import UserError

ITEMS = gains.items()
OPTIONS = tables.load("options")


@pytest.fixture(autouse=True)
def record_file(tmp_path, monkeypatch):
    file = tmp_path / "progress.jsonl"
    monkeypatch.setenv(progress.ENV, str(file))
    return file


def place(item_id, right):
    here = OPTIONS[OPTIONS["item_id"] == item_id].sort_values("position")
    return here["correct"].tolist().index(right)


def answer(when, n_right):
    """Answer all items, the first n of them right."""
    widget = widgets.misconceptions(when)
    for n, item_id in enumerate(ITEMS.index):
        press(widget.form, place(item_id, n < n_right), 2)
        press(widget.form)
    return widget


def test_before_the_course_nothing_is_given_away(record_file):
    widget = widgets.misconceptions("before")
    page = widget._repr_mimebundle_()["text/html"] + repr(widget)
    ours = OPTIONS[OPTIONS["item_id"].isin(ITEMS.index)]
    assert "<details" not in page
    assert not any(feedback in page for feedback in ours["feedback"])
    press(widget.form, 0, 0)
    assert widget.form.status == "Kept."
    assert widget.form.marks == []
    assert widget.form.locked
    assert progress.answers()["correct"].isna().all()
    widget = answer("before", 5)
    assert "lesson 11" in widget.form.status
    assert widget.form.button == ""


def test_after_the_course_each_answer_is_explained_and_the_gain_told():
    answer("before", 5)
    widget = widgets.misconceptions("after")
    assert not any(t in outside_details(widget) for t in OPTIONS["feedback"].dropna())
    press(widget.form, place("m-01", False), 1)
    assert "✗ Not right" in widget.form.status
    assert widget.form.marks[place("m-01", True)] == "✓ right"
    press(widget.form)
    for item_id in ITEMS.index[1:]:
        press(widget.form, place(item_id, True), 2)
        press(widget.form)
    assert "Before you had 5 of 12 right, and now 11." in widget.form.status
    assert "86% of what was missing (normalised gain 0.86)" in widget.form.status
    html = widgets.my_gain().children[0].value
    assert html.count("<tr>") == 13
    assert "✗" in html
    assert len(progress.answers(keep="all")) == 24


def test_it_goes_on_where_it_was_left_and_the_first_answer_counts():
    press(widgets.misconceptions("before").form, 1, 0)
    widget = widgets.misconceptions("before")
    assert widget.form.kicker == "Question 2 of 12"
    press(widget.form)
    assert widget.form.status.startswith("Choose an answer first")
    right, wrong = (OPTIONS.query("item_id == 'm-01'")["text"].iloc[n] for n in (1, 0))
    for text in (wrong, right):
        progress.record("m-01", progress.AFTER, text, 0.5, correct=text == right)
    assert gains.own(progress.answers(keep="all")).loc["m-01"].tolist() == [right, wrong]


def test_an_answer_before_that_was_given_after_does_not_count(monkeypatch):
    frame = pd.DataFrame(
        {
            "time": pd.to_datetime(["2026-01-02", "2026-01-03"], utc=True),
            "item": "m-01",
            "kind": [progress.AFTER, progress.BEFORE],
            "answer": ITEMS["right"]["m-01"],
        }
    )
    assert gains.own(frame).loc["m-01"].isna().tolist() == [True, False]


def test_the_first_answer_is_the_earliest_whatever_the_order_of_the_rows():
    times = pd.to_datetime(["2026-01-03", "2026-01-02"], utc=True)
    frame = pd.DataFrame({"time": times, "item": "m-01", "kind": progress.BEFORE})
    said = gains.own(frame.assign(answer=["second", "first"]))
    assert said.loc["m-01", "before"] == "first"


def test_without_a_second_time_the_answers_stay_hidden():
    answer("before", 3)
    html = widgets.my_gain().children[0].value
    assert "<table" not in html
    assert "lesson 11" in html
    with pytest.raises(ValueError, match="'before' or 'after'"):
        widgets.misconceptions("later")


@pytest.mark.parametrize(("before", "after", "words"), [
    (12, 12, "nothing left to gain"), (6, 6, "none of what was missing"), (6, 3, "gain -0.50"),
])  # fmt: skip
def test_the_gain_in_words(before, after, words):
    answer("before", before)
    assert words in answer("after", after).form.status


def test_nothing_to_compare():
    assert "not answered before" in answer("after", 12).form.status


def test_normalised_gain():
    assert measures.normalised_gain(0.2, 0.6) == pytest.approx(0.5)
    assert pd.isna(measures.normalised_gain(1, 1))
    with pytest.raises(ValueError, match="between 0 and 1"):
        measures.normalised_gain(20, 60)


def hand_in(folder, name, before, after, record_file):
    answer("before", before)
    if after is not None:
        answer("after", after)
    progress.export(folder / name)
    record_file.unlink()


def test_a_class_report_names_nobody_and_needs_a_class(tmp_path, record_file, capsys):
    folder = tmp_path / "records"
    folder.mkdir()
    for n in range(4):
        hand_in(folder, f"learner{n}.csv", 6, 9, record_file)
    hand_in(folder, "dropped-out.csv", 6, None, record_file)
    assert main(["class-report", str(folder)]) == 2
    assert "4 of 5 records" in capsys.readouterr().err
    hand_in(folder, "anna.json", 2, 9, record_file)
    found = gains.of_class(folder)
    assert (found.learners, found.left_out) == (5, 1)
    assert found.before == pytest.approx((4 * 6 + 2) / 60)
    assert found.after == pytest.approx(0.75)
    assert found.gain == pytest.approx(measures.normalised_gain(26 / 60, 0.75))
    assert found.items.loc["m-12", ["before", "after"]].tolist() == [0, 0]
    assert found.items.loc["m-12", "still"] != ""
    assert found.items.loc["m-01", "still"] == ""
    assert main(["class-report", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "Normalised gain 0.56" in said
    assert not any(name in said for name in ("anna", "learner0", "dropped"))


def test_a_file_that_is_no_record(tmp_path):
    (tmp_path / "grades.csv").write_text("name,grade\nanna,1\n")
    with pytest.raises(UserError, match="no record of answers"):
        gains.of_class(tmp_path)
