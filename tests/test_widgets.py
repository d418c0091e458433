"""The widgets, driven as the browser drives them: a choice, a confidence, a press."""

import errno
import os
import re
from html.parser import HTMLParser

import altair as alt
import pandas as pd
import pytest
from traitlets import TraitError

from centralasia import jsonl, progress, tables, widgets
from centralasia.widgets import base, mine
from centralasia.widgets.claim_check import OUTCOMES, VERDICTS

CLAIMS = tables.load("claims").set_index("claim_id", drop=False)


@pytest.fixture(autouse=True)
def record_file(tmp_path, monkeypatch):
    file = tmp_path / "progress.jsonl"
    monkeypatch.setenv(progress.ENV, str(file))
    return file


@pytest.fixture
def full_disk(monkeypatch):
    def write(_handle, _data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(jsonl.os, "write", write)


def press(form, choice=None, level=None):
    """Send what the page sends when the button is pressed."""
    form._receive(form, {"press": True, "choice": choice, "level": level}, [])


def right_choice(quiz):
    _row, options = quiz.questions[len(quiz.right)]
    return options["correct"].tolist().index(True)


class Outside(HTMLParser):
    """Collect the text outside every ``<details>``."""

    def __init__(self, html):
        super().__init__()
        self.depth, self.text = 0, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.depth += tag == "details"

    def handle_endtag(self, tag):
        self.depth -= tag == "details"

    def handle_data(self, data):
        if not self.depth:
            self.text.append(data)


def outside_details(widget):
    return " ".join(Outside(widget._repr_mimebundle_()["text/html"]).text)


EVERY = {
    "predict": lambda: widgets.predict("03-p1"),
    "reveal": lambda: widgets.reveal("03-p1", "It fell by more than half"),
    "claim_check": lambda: widgets.claim_check(["RU-12", "RU-38"]),
    "quiz": lambda: widgets.quiz("03"),
    "my_progress": widgets.my_progress,
    "before": lambda: widgets.misconceptions("before"),
    "after": lambda: widgets.misconceptions("after"),
    "my_gain": widgets.my_gain,
}
every = pytest.mark.parametrize("make", EVERY.values(), ids=EVERY)


@every
def test_what_is_stored_is_the_same_for_every_learner_and_run(make):
    def stored():
        bundle = make()._repr_mimebundle_()
        assert base.WIDGET_VIEW in bundle
        return {kind: text for kind, text in bundle.items() if kind != base.WIDGET_VIEW}

    before = stored()
    progress.record("03-p1", "prediction", "It rose", 0.9)
    progress.record("RU-12", "claim", "confirmed", 0.9, correct=False)
    progress.record("03-q1", "quiz", "None of the three", 0.9, correct=True)
    progress.record("m-01", progress.BEFORE, "Russia's president, to win back what was lost", 0.9)
    progress.record("m-01", progress.AFTER, "Russia's president, to win back what was lost", 0.9)
    assert stored() == before
    assert repr(make()) == before["text/plain"]
    assert set(before) == {"text/plain", "text/html"}


@every
def test_the_stored_page_is_balanced_html_without_ids(make):
    html = make()._repr_mimebundle_()["text/html"]
    tags = re.findall(r"<(/?)([a-z]+)", html)
    for tag in {name for _, name in tags} - {"br"}:
        assert tags.count(("", tag)) == tags.count(("/", tag)), tag
    assert " id=" not in html


def test_the_live_view_is_described_by_the_same_model(record_file):
    widget = widgets.predict("03-p1")
    assert widget._repr_mimebundle_()[base.WIDGET_VIEW]["model_id"] == widget.model_id


def test_confidence_runs_from_chance_to_certainty():
    assert base.confidence_levels(2) == [50, 60, 70, 80, 90, 100]
    assert base.confidence_levels(3)[0] == 33
    form = widgets.predict("03-p1").form
    assert form.confidence == 0.25
    form.confidence = 0.7
    assert form.level_words[form.level] == "70 %, fairly sure"
    with pytest.raises(ValueError, match="not in list"):
        form.confidence = 0.1


def test_a_prediction_is_kept_and_may_be_changed():
    form = widgets.predict("03-p1").form
    press(form, 1, 5)
    assert form.status == "Kept: It fell, but by less than half, 70 % sure. Read on."
    press(form, 3, 0)
    assert "first answer that you gave is the one that counts" in form.status
    frame = progress.answers("03-p1", keep="all")
    assert frame["answer"].tolist() == ["It fell, but by less than half", "It rose"]
    assert frame["confidence"].tolist() == [0.7, 0.25]


def test_a_press_without_a_choice_asks_for_one(record_file):
    for form in (widgets.predict("03-p1").form, widgets.quiz("03").form):
        press(form)
        assert form.status == "Choose an answer first."
    form = widgets.claim_check("RU-12").form
    press(form)
    assert form.status.startswith("Choose a verdict first")
    assert not record_file.exists()


def test_an_earlier_prediction_is_shown_again():
    press(widgets.predict("03-p1").form, 2, 3)
    form = widgets.predict("03-p1").form
    assert (form.choice, form.confidence) == (2, 0.5)
    assert "Your first answer counts" in form.status


def test_what_is_said_after_the_answer_was_shown_is_not_scored():
    press(widgets.predict("03-p1").form, 3, 5)
    widgets.reveal("03-p1", "It rose")
    form = widgets.predict("03-p1").form
    assert "What you say now is not scored" in form.status
    press(form, 0, 8)
    assert "not scored" in form.status
    assert progress.answers("03-p1", keep="all")["correct"].tolist() == [True]


def test_reveal_compares_with_the_first_prediction():
    press(widgets.predict("03-p1").form, 3, 5)
    press(widgets.predict("03-p1").form, 0, 5)
    live = widgets.reveal("03-p1", "It fell by more than half").children[0].value
    assert "Not what you said" in live
    assert "You said: It rose, and were 70 % sure" in live
    assert progress.answers("03-p1", keep="first")["correct"].tolist() == [False]


def test_reveal_without_a_prediction_records_nothing(record_file):
    live = widgets.reveal("03-p1", 1).children[0].value
    assert "You made no prediction here" in live
    assert not record_file.exists()


def test_reveal_takes_a_number_that_a_cell_worked_out():
    number = pd.Series([1]).iloc[0]
    assert "It fell by more than half" in repr(widgets.reveal("03-p1", number))


@pytest.mark.parametrize("answer", ["It went sideways", 0, 5])
def test_reveal_refuses_what_is_no_option(answer):
    with pytest.raises(ValueError, match=r"no option of 03-p1.*1 It fell by more than half"):
        widgets.reveal("03-p1", answer)


def test_an_unknown_item_names_those_of_the_lesson():
    with pytest.raises(KeyError, match="03-p1, 03-p2, 03-p3"):
        widgets.predict("03-p9")


@pytest.mark.parametrize("claim_id", ["RU-12", "RU-13", "RU-38"])
def test_a_verdict_is_compared_with_ours(claim_id):
    check = widgets.claim_check(claim_id)
    claim = CLAIMS.loc[claim_id]
    words = OUTCOMES if claim.kind == "forecast" else VERDICTS
    ours = list(words).index(claim.verdict)
    press(check.form, ours, 2)
    assert "The same as yours" in check.verdict.value
    assert claim.finding[:40].replace("'", "&#x27;") in check.verdict.value
    press(check.form)
    assert (check.form.locked, check.verdict.value) == (False, "")
    press(check.form, (ours + 1) % len(words), 2)
    assert "Yours differs" in check.verdict.value
    frame = progress.answers(claim_id, keep="all")
    assert frame["correct"].tolist() == [True, False]
    assert frame["answer"].iloc[0] == claim.verdict


def test_a_forecast_shows_its_criterion_and_an_interpretation_both_sides():
    check = widgets.claim_check(["RU-38", "RU-12"])
    press(check.form, 0, 0)
    assert "When it counts as true" in check.verdict.value
    check.form.page = 1
    assert check.verdict.value == ""
    press(check.form, 0, 0)
    for part in ("What speaks for it", "What speaks against it", "What could decide it"):
        assert part in check.verdict.value


def test_the_evidence_comes_only_after_the_verdict_and_only_where_there_is_some():
    frame = pd.DataFrame({"year": [2000, 2001], "share": [32.2, 31.7]})
    chart = alt.Chart(frame).mark_line().encode(x="year", y="share")
    check = widgets.claim_check(["RU-12", "RU-13", "RU-16"], {"RU-12": frame, "RU-13": chart})
    assert check.output.outputs == ()
    press(check.form, 0, 0)
    assert "31.7" in check.output.outputs[0]["data"]["text/html"]
    assert check.form.status.endswith("The evidence and our verdict follow.")
    check.form.page = 1
    assert check.output.outputs == ()
    with alt.renderers.enable("mimetype"):
        press(check.form, 0, 0)
    assert "application/vnd.vegalite.v5+json" in check.output.outputs[0]["data"]
    check.form.page = 2
    press(check.form, 0, 0)
    assert check.output.outputs == ()
    assert check.form.status.endswith("Our verdict follows.")


def test_one_piece_of_evidence_serves_all_claims():
    check = widgets.claim_check(["RU-12", "RU-13"], pd.DataFrame({"a": [42]}))
    for page in (0, 1):
        check.form.page = page
        press(check.form, 0, 0)
        assert "42" in check.output.outputs[0]["data"]["text/html"]


def test_a_page_has_the_place_of_its_claim():
    form = widgets.claim_check(["RU-12", "RU-13"]).form
    assert form.kicker.startswith("Claim 1 of 2. RU-12")
    form.page = 1
    assert form.kicker.startswith("Claim 2 of 2. RU-13")
    assert widgets.claim_check("RU-12").form.kicker.startswith("RU-12")


def test_a_claim_that_was_judged_has_a_tick_in_the_list():
    check = widgets.claim_check(["RU-12", "RU-13"])
    press(check.form, 0, 0)
    assert [page[:1] for page in check.form.pages] == ["✓", "R"]
    again = widgets.claim_check(["RU-12", "RU-13"])
    assert [page[:1] for page in again.form.pages] == ["✓", "R"]


def test_no_verdict_outside_the_folded_parts():
    check = widgets.claim_check(CLAIMS.index.tolist())
    text = outside_details(check)
    for claim in CLAIMS.itertuples():
        assert claim.claim in text
        assert claim.finding not in text
        assert claim.finding not in repr(check)
    words = {**VERDICTS, **OUTCOMES}
    assert all(text.count(word) <= 1 for word in words.values())


def test_no_answer_of_a_quiz_outside_the_folded_parts():
    options = tables.load("options")
    quizzes = tables.load("items").query("kind == 'quiz'")
    for lesson in quizzes["lesson"].unique():
        quiz = widgets.quiz(lesson)
        text = outside_details(quiz)
        in_lesson = options[options["item_id"].str.startswith(f"{lesson}-q")]
        for option in in_lesson.itertuples():
            assert option.text in text
            assert option.feedback not in text
            assert option.feedback not in repr(quiz)
        assert "Right" not in text


def test_a_quiz_from_the_first_question_to_the_score():
    quiz = widgets.quiz("03-russia-3-return")
    n = len(quiz.questions)
    for position in range(n):
        assert quiz.form.kicker == f"Question {position + 1} of {n}"
        right = right_choice(quiz)
        press(quiz.form, right if position else (right + 1) % 4, 3)
        assert quiz.form.locked
        assert quiz.form.marks[right].startswith("✓ right")
        assert quiz.form.status.startswith("✓ Right" if position else "✗ Not right")
        press(quiz.form)
    assert quiz.form.status.startswith(f"{n - 1} of {n} right.")
    assert quiz.form.button == "Try again"
    assert len(progress.answers()) == n
    press(quiz.form)
    assert quiz.form.kicker == f"Question 1 of {n}"
    assert quiz.form.levels


def test_a_wrong_answer_is_answered_in_the_terms_of_the_subject():
    quiz = widgets.quiz("03")
    _row, options = quiz.questions[0]
    for position, option in enumerate(options.itertuples()):
        quiz = widgets.quiz("03")
        press(quiz.form, position, 0)
        assert option.feedback in quiz.form.status


def test_an_unknown_quiz_is_said():
    with pytest.raises(KeyError, match="Lesson 99 has no quiz"):
        widgets.quiz("99")


def test_a_full_disk_is_told_and_the_widget_goes_on(full_disk):
    form = widgets.predict("03-p1").form
    press(form, 0, 0)
    assert form.status.startswith("Your answer was not stored: there is no room left")
    check = widgets.claim_check("RU-12")
    press(check.form, 0, 0)
    assert "was not stored" in check.form.status
    assert "What we found" in check.verdict.value
    quiz = widgets.quiz("03")
    press(quiz.form, 0, 0)
    assert "was not stored" in quiz.form.status
    assert quiz.form.button == "Next question"


def test_a_message_that_the_page_would_not_send_changes_nothing(record_file):
    form = widgets.predict("03-p1").form
    for content in ({}, {"press": True, "choice": 99}, {"press": True, "choice": "0"}):
        form._receive(form, content, [])
    assert form.choice is None
    assert not record_file.exists()
    with pytest.raises(TraitError):
        form.choice = "first"


def test_progress_is_shown_by_lesson_and_band():
    for n in range(mine.ENOUGH):
        progress.record(f"RU-{n + 10}", "claim", "confirmed", 0.9, correct=n == 0)
    progress.record("03-q1", "quiz", "None of the three", 0.25, correct=True)
    live = widgets.my_progress().children[0].value
    assert "<td>10 of 38, 1 right</td>" in live
    assert "<td>1 of 5, 1 right</td>" in live
    assert "surer than right" in live
    assert "too few to say; wait for 10" in live
    assert "Brier score 0.71 over 11 answers" in live


def test_progress_says_what_is_open_and_what_comes_next():
    progress.record("03-p1", "prediction", "It rose", 0.9)
    progress.record("RU-38", "claim", "confirmed", 0.9, correct=True)
    live = widgets.my_progress().children[0].value
    open_there = "2 predictions, 37 claims to judge and 5 quiz questions"
    assert f"Still open in lesson 03: {open_there}. After that: exercise 03" in live
    assert "then lesson 04, “" in live


def test_a_score_says_that_the_lesson_is_done_and_what_comes_next():
    for number in "123":
        progress.record(f"11-p{number}", "prediction", "whatever", 0.5)
    quiz = widgets.quiz("11")
    for _ in range(10):
        press(quiz.form, right_choice(quiz) if quiz.form.options and not quiz.form.locked else None)
    assert "5 of 5 right" in quiz.form.status
    assert "Lesson 11 is done. Next: exercise 11" in quiz.form.status
    assert "the course is done" in quiz.form.status


def test_progress_without_answers_says_so():
    assert "Nothing is stored yet" in widgets.my_progress().children[0].value


def test_progress_with_nothing_scored_yet():
    progress.record("03-p1", "prediction", "It rose", 0.9)
    assert "Nothing is scored yet" in widgets.my_progress().children[0].value


def test_the_page_hears_that_its_press_arrived(monkeypatch):
    """Without that, a form whose kernel was restarted says that nobody has answered."""
    widget, sent = widgets.predict("03-p1"), []
    monkeypatch.setattr(widget.form, "send", sent.append)
    press(widget.form, 1, 2)
    assert sent == [{"heard": True}]


def test_the_form_needs_nothing_from_outside():
    for text in (base.Ask._esm, base.Ask._css):
        assert "http" not in str(text)
        assert "import" not in str(text)


def test_every_control_keeps_its_keys_from_jupyterlab():
    """An arrow would else leave for the next cell, and two d's would delete this one."""
    made_bare = re.findall(r'\bmake\("(input|button|select|legend)"', str(base.Ask._esm))
    assert made_bare == []
    assert 'dataset.lmSuppressShortcuts = "true"' in str(base.Ask._esm)
