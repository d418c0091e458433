"""The twelve misconception items: asked twice, given away once, compared without names."""

import pandas as pd
import pytest
from pages import shown
from playwright.sync_api import expect
from test_widgets import outside_details, press, status

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
    for n, item_id in enumerate(ITEMS.index):
        here = OPTIONS[OPTIONS["item_id"] == item_id].sort_values("position")
        text = here["text"].iloc[place(item_id, n < n_right)]
        correct = None if when == "before" else n < n_right
        kind = progress.BEFORE if when == "before" else progress.AFTER
        progress.record(item_id, kind, text, 0.5, correct)


def test_before_the_course_nothing_is_given_away(browser):
    widget = widgets.misconceptions("before")
    page = widget._repr_mimebundle_()["text/html"] + repr(widget) + str(widget.form.question)
    ours = OPTIONS[OPTIONS["item_id"].isin(ITEMS.index)]
    assert "<details" not in page
    assert "correct" not in page
    assert not any(feedback in page for feedback in ours["feedback"])
    with shown(browser, widget.form) as page:
        press(page, 0, 0)
        expect(status(page)).to_have_text("Kept.")
        expect(page.get_by_role("radio").first).to_be_disabled()
        assert "".join(page.locator(".ca-option b").all_inner_texts()) == ""
    assert progress.answers()["correct"].isna().all()
    answer("before", 5)
    with shown(browser, widgets.misconceptions("before").form) as page:
        expect(status(page)).to_contain_text("lesson 11")
        expect(page.locator("button.ca-main")).to_be_hidden()


def test_after_the_course_each_answer_is_explained_and_the_gain_told(browser):
    answer("before", 5)
    widget = widgets.misconceptions("after")
    assert not any(t in outside_details(widget) for t in OPTIONS["feedback"].dropna())
    with shown(browser, widget.form) as page:
        press(page, place("m-01", False), 1)
        expect(status(page)).to_contain_text("✗ Not right")
        expect(page.locator(".ca-option b").nth(place("m-01", True))).to_have_text("✓ right")
        press(page)
        for item_id in ITEMS.index[1:]:
            press(page, place(item_id, True), 2)
            press(page)
        expect(status(page)).to_contain_text("Before you had 5 of 12 right, and now 11.")
        expect(status(page)).to_contain_text("you have gained 86 % (normalised gain 0.86)")
    with shown(browser, widgets.my_gain().form) as page:
        expect(page.locator("tr")).to_have_count(13)
        expect(page.locator("table")).to_contain_text("✗")
    assert len(progress.answers(keep="all")) == 24


def test_it_goes_on_where_it_was_left_and_the_first_answer_counts(browser):
    with shown(browser, widgets.misconceptions("before").form) as page:
        press(page, 1, 0)
    with shown(browser, widgets.misconceptions("before").form) as page:
        expect(page.locator(".ca-kicker")).to_have_text("Question 2 of 12")
        press(page)
        expect(status(page)).to_contain_text("Choose an answer first")
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


def test_without_a_second_time_the_answers_stay_hidden(browser):
    answer("before", 3)
    with shown(browser, widgets.my_gain().form) as page:
        expect(page.locator("body")).to_contain_text("lesson 11")
        expect(page.locator("table")).to_have_count(0)
    with pytest.raises(ValueError, match="'before' or 'after'"):
        widgets.misconceptions("later")


@pytest.mark.parametrize(("before", "after", "words"), [
    (12, 12, "nothing left to gain"), (6, 6, "you have gained nothing"), (6, 3, "gain -0.50"),
    (None, 12, "not answered before"),
])  # fmt: skip
def test_the_gain_in_words_is_that_of_python(before, after, words, browser):
    if before is not None:
        answer("before", before)
    answer("after", after)
    with shown(browser, widgets.misconceptions("after").form) as page:
        expect(status(page)).to_contain_text(words)
    if before is not None:
        gain = gains.score(gains.own(progress.answers(keep="all")))[2]
        assert pd.isna(gain) or gain == measures.normalised_gain(before / 12, after / 12)


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
