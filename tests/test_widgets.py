"""The widgets on a page of their own: what a learner presses, and what Python keeps of it."""

import errno
import json
import os
import random
import re
from html.parser import HTMLParser
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from pages import overflows, shown
from playwright.sync_api import expect

from centralasia import jsonl, measures, progress, tables, widgets
from centralasia.pictures import VEGA
from centralasia.roleplay import show
from centralasia.widgets import base, evidence, questions, spoken
from centralasia.widgets.questions import OUTCOMES, VERDICTS

CLAIMS = tables.load("claims").set_index("claim_id", drop=False)
SCRIPTS = "\n".join(path.read_text("utf-8") for path in Path(base.__file__).parent.glob("*.js"))
BOOK = Path(base.__file__).parents[1] / "site/book/static"
BOOK_SCRIPT = "\n".join((BOOK / f"{name}.js").read_text("utf-8") for name in ("units", "forms"))


@pytest.fixture(autouse=True)
def record_file(tmp_path, monkeypatch):
    file = tmp_path / "progress.jsonl"
    monkeypatch.setenv(progress.ENV, str(file))
    return file


@pytest.fixture
def full_disk(monkeypatch):
    def append(_file, _line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(jsonl, "append", append)


def press(page, choice=None, level=0):
    """Choose an option and a confidence in the form that is open, and press its button."""
    form = page.locator(".ca-form:visible").filter(has=page.locator("button.ca-main:visible"))
    if choice is not None:
        form.locator("input[type=radio]").nth(choice).check()
        form.locator("input[type=range]").fill(str(level))
    form.locator("button.ca-main").click()


def status(page):
    """Return where the form that was used last says what came of it."""
    return page.locator(".ca-form:visible .ca-status").last


def right_choice(item):
    return [option["correct"] for option in item["options"]].index(True)


def quiz_items(lesson):
    return questions.question({"asks": "quiz", "lesson": lesson})["items"]


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
    "own_table": widgets.own_table,
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
    assert set(before) == {"text/plain", "text/html", questions.MIME}


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


def test_confidence_runs_from_chance_to_certainty(browser):
    with shown(browser, widgets.predict("03-p1").form) as page:
        slider, said = page.get_by_role("slider"), []
        for level in range(9):
            slider.fill(str(level))
            said.append(slider.get_attribute("aria-valuetext"))
    assert [int(text.split()[0]) for text in said] == measures.confidence_levels(4)
    assert (said[0], said[5]) == ("25 %, little more than a guess", "70 %, fairly sure")


def test_a_prediction_is_kept_and_may_be_changed(browser):
    with shown(browser, widgets.predict("03-p1").form) as page:
        press(page, 1, 5)
        expect(status(page)).to_have_text(
            "Kept: It fell, but by less than half, 70 % sure. Read on."
        )
        press(page, 3, 0)
        expect(status(page)).to_contain_text("first answer that you gave is the one that counts")
    frame = progress.answers("03-p1", keep="all")
    assert frame["answer"].tolist() == ["It fell, but by less than half", "It rose"]
    assert frame["confidence"].tolist() == [0.7, 0.25]


@pytest.mark.parametrize(
    "make",
    [
        lambda: widgets.predict("03-p1"),
        lambda: widgets.quiz("03"),
        lambda: widgets.claim_check("RU-12"),
    ],
)
def test_a_press_without_a_choice_asks_for_one(make, browser, record_file):
    with shown(browser, make().form) as page:
        press(page)
        expect(status(page)).to_contain_text("Choose an answer first.")
    assert not record_file.exists()


def test_an_earlier_prediction_is_shown_again(browser):
    progress.record("03-p1", "prediction", "It stayed about the same", 0.5)
    with shown(browser, widgets.predict("03-p1").form) as page:
        expect(page.get_by_role("radio", name="It stayed about the same")).to_be_checked()
        expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", "50 %, unsure")
        expect(status(page)).to_contain_text("Kept: It stayed about the same, 50 % sure.")


@pytest.mark.parametrize("before", [True, False])
def test_what_is_said_after_the_answer_was_shown_is_not_scored(before, browser):
    if before:
        progress.record("03-p1", "prediction", "It rose", 0.7)
    widgets.reveal("03-p1", "It rose")
    with shown(browser, widgets.predict("03-p1").form) as page:
        if not before:
            expect(status(page)).to_contain_text("What you say now is not scored")
        press(page, 3, 8)
        said = "first answer that you gave" if before else "was shown before, so this is not scored"
        expect(status(page)).to_contain_text(said)
    scored = progress.answers("03-p1", keep="all")["correct"].tolist()
    assert scored == ([True] if before else [])


def test_reveal_compares_with_the_first_prediction(browser):
    progress.record("03-p1", "prediction", "It rose", 0.7)
    progress.record("03-p1", "prediction", "It fell by more than half", 0.7)
    with shown(browser, widgets.reveal("03-p1", "It fell by more than half").form) as page:
        expect(page.locator(".ca-other")).to_have_text(
            "Not what you said. You said: It rose, and were 70 % sure."
        )
    assert progress.answers("03-p1", keep="first")["correct"].tolist() == [False]


def test_an_answer_that_was_shown_first_is_noted_once(browser):
    for _run in range(2):
        with shown(browser, widgets.reveal("03-p1", 1).form) as page:
            expect(page.locator("body")).to_contain_text("You made no prediction before")
    assert [line["kind"] for line in progress.lines()] == ["reveal"]


def test_a_reader_asks_for_an_answer_and_is_told_what_that_costs(browser):
    """As in the book, where no cell has to be run before the answer can be seen."""
    asked = questions.question(
        {"asks": "answer", "item": "03-p1", "answer": "It fell by more than half"}
    )
    with shown(browser, base.Ask(asked)) as page:
        expect(page.locator("body")).to_contain_text("You have not predicted this yet")
        expect(page.locator("body")).not_to_contain_text("It fell")
        page.get_by_role("button", name="Show what the record says").click()
        expect(page.locator("strong").first).to_have_text("It fell by more than half")
    assert progress.revealed("03-p1") == "It fell by more than half"


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


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (0, 0, "The same as yours, from the beginning"),
        (1, 0, "the evidence moved you toward it"),
        (0, 1, "the evidence moved you away"),
        (1, 2, "changed your mind, but not toward our verdict"),
        (1, 1, "Yours is different. Read what ours rests on"),
    ],
)
@pytest.mark.parametrize("claim_id", ["RU-13", "RU-38"])
def test_a_claim_is_judged_alone_then_with_evidence_and_then_the_verdict_comes(
    claim_id, first, second, told, browser
):
    claim = CLAIMS.loc[claim_id]
    words = OUTCOMES if claim.kind == "forecast" else VERDICTS
    ours = list(words).index(claim.verdict)
    say = [(ours + step) % len(words) for step in (first, second)]
    with shown(browser, widgets.claim_check(claim_id, pd.DataFrame({"a": ["Proof"]})).form) as page:
        expect(page.get_by_text("Proof")).to_have_count(0)
        expect(page.get_by_text("Step 1 of 3")).to_be_visible()
        press(page, say[0], 2)
        expect(page.get_by_text("Step 2 of 3")).to_be_visible()
        expect(page.get_by_text("Step 3 of 3")).to_have_count(0)
        expect(page.get_by_text("Proof")).to_be_visible()
        expect(page.locator(".ca-verdict")).to_be_empty()
        expect(page.locator("input:checked:visible")).to_have_count(0)
        press(page, say[1], 3)
        verdict = page.locator(".ca-verdict")
        expect(verdict).to_contain_text(told)
        expect(verdict.locator("strong").first).to_have_text(words[claim.verdict])
        expect(verdict).to_contain_text("Step 3 of 3")
        expect(verdict).to_contain_text(claim.finding[:40])
        codings = tables.load("codings").query("claim_id == @claim_id").set_index("coder")
        reasons = codings["reason"].dropna()
        settled = [one for one in ("settled", "third") if one in reasons][:1]
        for coder, reason in reasons.items():
            told_here = expect(verdict.get_by_text(reason, exact=False))
            told_here.to_have_count(1 if coder in settled else 0)
    kept = [(line["kind"], line["answer"], line["correct"]) for line in progress.lines()]
    said = [list(words)[n] for n in say]
    assert kept == [
        ("claim_alone", said[0], None),
        ("claim", said[1], second == 0),
        ("reveal", claim.verdict, None),
    ]


def test_what_is_said_once_the_verdict_was_seen_does_not_count(browser):
    progress.record("RU-12", "reveal", CLAIMS.loc["RU-12"].verdict)
    with shown(browser, widgets.claim_check("RU-12").form) as page:
        expect(status(page)).to_contain_text("so this is not counted")
        press(page, 1, 1)
        press(page, 1, 1)
        expect(page.locator(".ca-verdict")).to_contain_text("so this is not counted")
    assert progress.answers(keep="all").empty


def test_a_verdict_of_an_earlier_release_still_counts(browser):
    assert CLAIMS.loc["RU-12"].verdict != "contradicted"
    progress.record("RU-12", "claim", "contradicted", 0.5, correct=False)
    with shown(browser, widgets.claim_check("RU-12").form) as page:
        expect(page.locator(".ca-verdict")).to_contain_text("Yours is different")
    assert progress.answers()["correct"].tolist() == [False]


def test_a_forecast_shows_its_criterion_and_an_interpretation_both_sides(browser):
    with shown(browser, widgets.claim_check(["RU-38", "RU-12"]).form) as page:
        press(page, 0, 0)
        expect(page.locator(".ca-evidence")).to_contain_text("When it counts as true")
        press(page, 0, 0)
        page.get_by_role("button", name="Next claim").click()
        expect(page.locator(".ca-evidence")).to_be_hidden()
        press(page, 0, 0)
        expect(page.locator(".ca-evidence")).to_contain_text("What could decide it")
        press(page, 0, 0)
        for part in ("What speaks for it", "What speaks against it", "Who judged it how"):
            expect(page.locator(".ca-verdict")).to_contain_text(part)


def test_a_chart_is_shown_by_the_notebook_once_the_claim_was_judged_alone(browser):
    frame = pd.DataFrame({"year": [2000, 2001], "share": [32.2, 31.7]})
    chart = alt.Chart(frame).mark_line().encode(x="year", y="share")
    check = widgets.claim_check(["RU-12", "RU-13"], {"RU-12": chart, "RU-13": frame})
    with alt.renderers.enable("mimetype"), shown(browser, check.form) as page:
        assert check.output.outputs == ()
        press(page, 0, 0)
        expect(page.locator(".ca-evidence")).to_contain_text("The chart stands below")
        assert VEGA in check.output.outputs[0]["data"]
        page.get_by_role("button", name="Next", exact=True).click()
        press(page, 0, 0)
        expect(page.locator(".ca-evidence")).to_contain_text("31.7")
        assert check.output.outputs == ()


def test_evidence_is_stored_once_and_told_for_people():
    frame = pd.DataFrame(
        {
            "date_text": ["2001-06-15", "2002-06"],
            "country": ["KGZ;UZB", None],
            "status": ["dialogue_partner", "member"],
            "value": [1234567.0, float("nan")],
        },
        index=[87, 88],
    )
    stored = widgets.claim_check(["RU-12", "RU-13"], frame)._repr_mimebundle_()[questions.MIME]
    assert (len(stored["shown"]), stored["evidence"]) == (1, {"RU-12": 0, "RU-13": 0})
    text = re.sub(r"<[^>]+>|\n", " ", stored["shown"][0]["html"])
    for word in ("15 June 2001", "June 2002", "Kyrgyzstan, Uzbekistan", "dialogue partner"):
        assert word in text
    assert "1,234,567" in text
    for code in ("NaN", "None", "date_text", "87", "KGZ"):
        assert code not in text
    with pytest.raises(TypeError, match="a chart or a table"):
        evidence.as_data(42, "")


def test_a_page_has_the_place_of_its_claim_and_a_tick_once_it_was_judged(browser):
    with shown(browser, widgets.claim_check(["RU-12", "RU-13"]).form) as page:
        kicker, pages = page.locator(".ca-kicker").first, page.get_by_label("Claim")
        expect(kicker).to_contain_text("Claim 1 of 2. RU-12")
        page.get_by_role("button", name="Next", exact=True).click()
        expect(kicker).to_contain_text("Claim 2 of 2. RU-13")
        for _step in range(2):
            press(page, 0, 0)
        expect(pages.locator("option").nth(1)).to_contain_text("✓ RU-13")
        expect(pages.locator("option").nth(0)).not_to_contain_text("✓")
    with shown(browser, widgets.claim_check(["RU-13", "RU-12"]).form) as page:
        expect(page.locator(".ca-kicker").first).to_contain_text("RU-12")


def test_it_is_told_how_far_the_evidence_moved_one(browser):
    for claim, alone, then in (("RU-12", 1, 0), ("RU-13", 0, 1), ("RU-14", 1, 2), ("RU-15", 0, 0)):
        ours = CLAIMS.loc[claim].verdict
        others = [ours, *(verdict for verdict in VERDICTS if verdict != ours)]
        progress.record(claim, "claim_alone", others[alone], 0.5)
        progress.record(claim, "claim", others[then], 0.5, correct=then == 0)
        progress.record(claim, "reveal", ours)
    told = (
        "You judged 4 claims twice. You agreed with the course on 2 before the evidence and on 2 "
        "after it. The evidence changed your mind 3 times: 1 toward the course’s verdict, 1 away "
        "from it, 1 to another verdict that is not the course’s."
    )
    for make in (
        widgets.my_progress,
        lambda: widgets.claim_check(["RU-12", "RU-13", "RU-14", "RU-15"]),
    ):
        with shown(browser, make().form) as page:
            expect(page.locator("body")).to_contain_text(told)


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


def test_a_quiz_from_the_first_question_to_the_score(browser):
    items = quiz_items("03")
    n = len(items)
    with shown(browser, widgets.quiz("03-russia-3-return").form) as page:
        for position, item in enumerate(items):
            expect(page.locator(".ca-kicker")).to_have_text(f"Question {position + 1} of {n}")
            right = right_choice(item)
            press(page, right if position else (right + 1) % 4, 3)
            expect(page.get_by_role("radio").first).to_be_disabled()
            expect(page.locator(".ca-option b").nth(right)).to_contain_text("✓ right")
            expect(status(page)).to_contain_text("✓ Right" if position else "✗ Not right")
            press(page)
        expect(status(page)).to_contain_text(
            f"{n - 1} of {n} right. Somebody who only guesses would"
        )
        assert len(progress.answers()) == n
        page.locator("summary").click()
        expect(page.locator(".ca-past li")).to_have_count(n)
        page.get_by_role("button", name="Try again").click()
        expect(page.locator(".ca-kicker")).to_have_text(f"Question 1 of {n}")
        press(page, right_choice(items[0]), 3)
        expect(status(page)).to_contain_text("✓ Right")
    assert not progress.answers(keep="first")["correct"].all()


def test_a_quiz_goes_on_where_it_was_left(browser):
    item = quiz_items("03")[0]
    text = item["options"][right_choice(item)]["text"]
    progress.record(item["item"], "quiz", text, 0.5, correct=True)
    with shown(browser, widgets.quiz("03").form) as page:
        expect(page.locator(".ca-kicker")).to_have_text("Question 2 of 5")
        expect(page.locator("summary")).to_have_text("Your answers so far: 1 of 5")


def test_a_wrong_answer_is_answered_in_the_terms_of_the_subject(browser, record_file):
    for position, option in enumerate(quiz_items("03")[0]["options"]):
        record_file.unlink(missing_ok=True)
        with shown(browser, widgets.quiz("03").form) as page:
            press(page, position, 0)
            expect(status(page)).to_contain_text(option["feedback"])


def test_an_unknown_quiz_is_said():
    with pytest.raises(KeyError, match="There is no lesson '99'"):
        widgets.quiz("99")


def test_a_full_disk_is_told_and_the_form_goes_on(full_disk, browser):
    with shown(browser, widgets.predict("03-p1").form) as page:
        press(page, 0, 0)
        expect(status(page)).to_contain_text("Your answer was not stored: there is no room left")
    assert "It fell by more than half" in repr(widgets.reveal("03-p1", 1))


def test_a_message_that_the_page_would_not_send_changes_nothing(record_file):
    form = widgets.predict("03-p1").form
    line = {"item": "03-p1", "kind": "prediction", "answer": "x"}
    bad = [{}, {"record": [{}]}, {"record": 3}, {"record": [line | {"kind": "guess"}]}]
    for content in [*bad, {"record": [line | {"confidence": 7}]}, {"bring": 4}]:
        form.receive(content)
    assert not record_file.exists()


def test_a_form_says_so_where_python_is_gone(browser, monkeypatch):
    form = widgets.predict("03-p1").form
    monkeypatch.setattr(form, "receive", lambda _content: None)
    with shown(browser, form) as page:
        press(page, 1, 2)
        expect(status(page)).to_contain_text("Python has not replied")


def test_progress_is_shown_by_lesson_and_band_and_beside_a_blind_guess(browser):
    for n in range(10):
        progress.record(f"RU-{n + 10}", "claim", "confirmed", 0.9, correct=n == 0)
    progress.record("03-q1", "quiz", "None of the three", 0.25, correct=True)
    with shown(browser, widgets.my_progress().form) as page:
        told = page.locator("body")
        expect(told).to_contain_text(f"10 of {(CLAIMS.lesson == '03').sum()}, 1 right")
        expect(told).to_contain_text("1 of 5, 1 right")
        expect(told).to_contain_text("too sure")
        expect(told).to_contain_text("too few to say; wait for 10")
        forecasts = (CLAIMS.loc[[f"RU-{n + 10}" for n in range(10)], "kind"] == "forecast").sum()
        blind = (10 - forecasts) / len(VERDICTS) + forecasts / len(OUTCOMES) + 1 / 4
        expect(told).to_contain_text(
            f"2 of 11 right. Somebody who only guesses would get {blind + 1e-9:.1f} on the same"
        )
        brier = (9 * 0.9**2 + 0.1**2 + 0.75**2) / 11
        expect(told).to_contain_text(f"Your Brier score is {brier:.2f}")


def test_progress_names_what_is_open_and_only_lessons_that_were_begun(browser):
    progress.record("00-p1", "prediction", "10 to 14", 0.9)
    progress.record("RU-38", "claim", "confirmed", 0.9, correct=True)
    with shown(browser, widgets.my_progress().form) as page:
        told = page.locator("body")
        expect(told).to_contain_text(
            "Still open in lesson 00: predictions: 2, claims to judge: 4, quiz questions: 5."
        )
        expect(told).to_contain_text("After that: lesson 01, “")
        rows = page.locator("table").first.locator("tbody tr")
        expect(rows.nth(0)).to_contain_text("1 of 3")
        # The lesson of a claim that was judged is begun, and not the later one that also asks it.
        assert [row.inner_text()[:2] for row in rows.all()] == ["00", "03", "Al"]


def test_progress_counts_a_claim_in_each_lesson_that_asks_it_and_once_in_all(browser):
    """Lesson 00 asks for claims that lessons 03 and 07 ask for as well."""
    asked = questions.asked_in()
    of_first = [claim for claim, lessons in asked.items() if lessons[0].number == "00"]
    assert {one.number for claim in of_first for one in asked[claim]} >= {"00", "03", "07"}
    progress.record("00-p1", "prediction", "10 to 14", 0.9)
    for claim in of_first:
        right = CLAIMS.loc[claim, "verdict"]
        progress.record(claim, "claim", right, 0.9, correct=True)
    n = len(of_first)
    with shown(browser, widgets.my_progress().form) as page:
        rows = page.locator("table").first.locator("tbody tr")
        expect(rows).to_have_count(2)
        expect(rows.nth(0)).to_contain_text(f"{n} of {n}, {n} right")
        expect(rows.nth(1)).to_contain_text(f"{n} of {len(CLAIMS)}, {n} right")
    progress.record("03-p1", "prediction", "It rose", 0.9)
    there = [claim for claim, lessons in asked.items() if "03" in [one.number for one in lessons]]
    both = len({*there} & {*of_first})
    with shown(browser, widgets.my_progress().form) as page:
        row = page.locator("table").first.locator("tbody tr", has_text="03 ·")
        expect(row).to_contain_text(f"{both} of {len(there)}, {both} right")
        assert overflows(page) == []


def test_progress_says_how_much_was_seen_first(browser):
    widgets.reveal("03-p1", 1)
    progress.record("03-p1", "prediction", "It fell by more than half", 1)
    with shown(browser, widgets.my_progress().form) as page:
        expect(page.locator("body")).to_contain_text("Nothing is scored yet")
        expect(page.locator("body")).to_contain_text("Seen first, and left out: 1.")


def test_progress_without_answers_says_so(browser):
    with shown(browser, widgets.my_progress().form) as page:
        expect(page.locator("body")).to_contain_text("Nothing is kept yet")


def test_answers_move_by_a_file_once(browser, tmp_path, record_file):
    progress.record("03-p1", "prediction", "It rose", 0.9)
    with shown(browser, widgets.my_progress().form) as page:
        with page.expect_download() as saved:
            page.get_by_role("button", name="Take my answers along").click()
        saved.value.save_as(tmp_path / "mine.txt")
        other = '{"v": 1, "time": "2026-01-01T00:00:00+00:00", "item": "03-q1", "kind": "quiz", '
        other += '"answer": "None of the three", "confidence": 0.5, "correct": true}'
        whole = (tmp_path / "mine.txt").read_text("utf-8") + other + "\nno answer\n"
        said = page.get_by_role("status").last
        for name, content in (
            ("mine.txt", whole.encode("utf-8-sig")),
            ("from-notepad.txt", whole.replace("\n", "\r\n").encode("utf-16")),
        ):
            (tmp_path / name).write_bytes(content)
            page.locator("input[type=file]").set_input_files(tmp_path / name)
            expect(said).to_contain_text("could not be read")
        expect(page.get_by_role("status").last).to_contain_text(
            "0 new answers. 2 were here already"
        )
        (tmp_path / "bad.txt").write_text("name,grade")
        page.locator("input[type=file]").set_input_files(tmp_path / "bad.txt")
        expect(page.get_by_role("status").last).to_contain_text("no file of answers, and nothing")
    assert [line["item"] for line in progress.lines()] == ["03-q1", "03-p1"]


FACT = CLAIMS.query("lesson == '03' and kind == 'event' and verdict == 'confirmed'").index[0]


def wrong_in_a_quiz(item, level):
    """Keep the first wrong option of a question as the learner's answer."""
    wrong = next(one["text"] for one in item["options"] if not one["correct"])
    progress.record(item["item"], "quiz", wrong, level, correct=False)
    return wrong


def test_what_was_wrong_comes_back_two_lessons_later_and_changes_no_score(browser):
    first, second, *_rest = quiz_items("03")
    wrong_in_a_quiz(first, 0.5)
    wrong_in_a_quiz(second, 0.9)
    progress.record(FACT, "claim", "unverified", 0.7, correct=False)
    scored = progress.answers(keep="first").to_dict("records")
    with shown(browser, widgets.review("05").form) as page:
        # The surest come first.
        expect(page.locator("legend")).to_have_text(second["prompt"])
        expect(page.locator(".ca-form .ca-kicker")).to_have_text("Question 1 of 3")
        press(page, right_choice(second), 0)
        expect(status(page)).to_contain_text("✓ Right")
        press(page)
        expect(page.locator("legend")).to_contain_text(CLAIMS.loc[FACT, "claim"])
        press(page, list(VERDICTS).index(CLAIMS.loc[FACT, "verdict"]), 0)
        expect(status(page)).to_contain_text("✓ Right")
        press(page)
        wrong = [option["correct"] for option in first["options"]].index(False)
        press(page, wrong, 0)
        expect(status(page)).to_contain_text("✗ Not right")
        press(page)
        expect(status(page)).to_contain_text("2 of 3 right this time.")
        assert overflows(page) == []
    assert progress.answers(keep="first").to_dict("records") == scored
    assert [line["kind"] for line in progress.lines()][3:] == ["quiz", "claim", "quiz"]
    # What is still wrong is there again; what is right is not.
    with shown(browser, widgets.review("05").form) as page:
        expect(page.locator("legend")).to_have_text(first["prompt"])
        expect(page.locator(".ca-form .ca-kicker")).to_have_text("Question 1 of 1")
    with shown(browser, widgets.my_progress().form) as page:
        told = page.locator("body")
        expect(told).to_contain_text("Wrong at first: 3. Answered again since: 3, and 2 of them")
        rows = page.locator("table", has_text="What came back").locator("tbody tr")
        expect(rows).to_have_count(3)
        expect(rows.last).to_contain_text("still wrong")


def test_no_more_than_five_come_back_and_nothing_without_an_answer(browser):
    with shown(browser, widgets.review("05").form) as page:
        expect(page.locator(".ca-panel")).to_be_hidden()
    for n, item in enumerate(quiz_items("03")):
        wrong_in_a_quiz(item, 0.5 + n / 10)
    for claim in (FACT, "RU-40"):
        progress.record(claim, "claim", "contested", 1, correct=False)
    with shown(browser, widgets.review("05").form) as page:
        expect(page.locator(".ca-form .ca-kicker")).to_have_text("Question 1 of 5")
        expect(page.locator("legend")).to_contain_text(CLAIMS.loc[FACT, "claim"])


def test_a_claim_whose_verdict_was_seen_first_does_not_come_back(browser):
    progress.record(FACT, "reveal", "imprecise")
    progress.record(FACT, "claim", "confirmed", 1, correct=False)
    with shown(browser, widgets.review("05").form) as page:
        expect(page.locator(".ca-panel")).to_be_hidden()


def test_the_twelve_come_back_only_once_they_were_explained():
    kinds = {
        lesson: {item["kind"] for item in questions.review(lesson)["items"]}
        for lesson in ("02", "12", "13")
    }
    assert kinds == {
        "02": {"quiz"},
        "12": {"quiz", "claim"},
        "13": {"quiz", "misconception_after"},
    }
    with pytest.raises(ValueError, match="no lesson lies two before it"):
        widgets.review("01")


def test_a_claim_check_goes_on_showing_what_counts(browser):
    """After a claim came back, its own form has the first verdict, not the later one."""
    right = CLAIMS.loc[FACT, "verdict"]
    progress.record(FACT, "claim_alone", "confirmed", 0.5)
    progress.record(FACT, "claim", "contested", 0.5, correct=False)
    progress.record(FACT, "reveal", right)
    progress.record(FACT, "claim", right, 0.5, correct=True)
    with shown(browser, widgets.claim_check([FACT]).form) as page:
        last = page.locator(".ca-form").last
        expect(
            last.locator("input[type=radio]").nth(list(VERDICTS).index("contested"))
        ).to_be_checked()
        expect(page.locator(".ca-verdict")).to_contain_text("Yours is different")


def lines_at_random(chance):
    """Return what a learner may have said, in an order that no lesson asks for."""
    kinds = ("prediction", "reveal", "claim_alone", "claim", "quiz")
    for n in range(chance.randrange(12)):
        kind = chance.choice(kinds)
        yield {
            "v": 1,
            "time": f"2026-01-01T00:00:{chance.randrange(n + 2):02}+00:00",
            "item": chance.choice(["a", "b"]),
            "kind": kind,
            "answer": chance.choice("xy"),
            "confidence": None if kind == "reveal" else chance.choice([0.25, 0.5]),
            "correct": chance.choice([True, False]) if kind in ("claim", "quiz") else None,
        }


def test_the_pages_count_as_python_does(browser, record_file):
    """The book has no Python: its scripts read the same lines by the same rules."""
    page = browser.new_page()
    script = (Path(base.__file__).with_name("answers.js")).read_text("utf-8")
    chance = random.Random(16)
    for _try in range(150):
        lines = list(lines_at_random(chance))
        text = "".join(f"{json.dumps(line)}\n" for line in lines)
        record_file.write_text(text)
        frame = progress.answers(keep="first").dropna(subset=["confidence", "correct"])
        columns = ["item", "kind", "answer", "confidence", "correct"]
        expected = frame[columns].to_numpy().tolist()
        found = page.evaluate(
            f"(text) => {{ {script}; return scored(inOrder(readLines(text).good.map(([x]) => x)))"
            f".map((x) => {columns}.map((name) => x[name])); }}",
            text,
        )
        assert found == expected, text
        rows = list(lines_at_random(chance))
        new = page.evaluate(
            f"([here, text]) => {{ {script}; return newRows(here, readLines(text).good).length; }}",
            [lines, "".join(f"{json.dumps(line)}\n" for line in rows)],
        )
        if rows:
            brought = progress.bring_in("".join(f"{json.dumps(r)}\n" for r in rows).encode())
            assert brought.new == new
            assert brought.new + brought.known == len(rows)
    page.close()


def test_the_scripts_say_what_the_catalogue_has():
    source = SCRIPTS + BOOK_SCRIPT
    asked = set(re.findall(r"\bwords\.(\w+)", source))
    known = spoken.of_book()
    assert asked - set(known) == set()
    named = set(re.findall(r'"(\w+)"', source)) | {f"from{n}" for n in (0, 45, 65, 85, 100)}
    assert set(known) - asked - named == set()


def test_the_form_needs_nothing_from_outside():
    for text in (base.Ask._esm, base.Ask._css):
        assert "http" not in str(text).replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"^import|import\(", str(text), re.MULTILINE)


@pytest.mark.parametrize("make", EVERY.values(), ids=EVERY)
def test_a_form_fits_a_telephone(make, browser):
    progress.record("03-p1", "prediction", "It rose", 0.9)
    progress.record("RU-12", "claim", "confirmed", 0.9, correct=False)
    with shown(browser, make().form, 390) as page:
        assert overflows(page) == []


@pytest.mark.parametrize("make", [lambda: widgets.claim_check(["RU-12", "RU-13"]).form, show])
def test_every_control_keeps_its_keys_from_jupyterlab(make, browser):
    """An arrow would else leave for the next cell, and two d's would delete this one.

    What runs a cell is JupyterLab's all the same: Shift + Enter, for one, presses nothing.
    """
    with shown(browser, make()) as page:
        page.evaluate(
            """() => document.addEventListener("keydown", (event) => {
              window.kept = event.target.closest("[data-lm-suppress-shortcuts=true]") !== null;
              if (!window.kept) event.preventDefault(); // as JupyterLab does with what it takes
            })"""
        )
        controls = page.locator("input, button, select, legend[tabindex], summary, [tabindex='0']")
        tried = [one for one in controls.all() if one.is_visible() and one.is_enabled()]
        assert len(tried) > len(VERDICTS) + 4, "the choices, the confidence and the buttons"
        for one in tried:
            one.focus()
            for key, kept in (("d", True), ("Shift+Enter", False)):
                page.keyboard.press(key)
                assert page.evaluate("kept") is kept, (one.evaluate("(e) => e.outerHTML"), key)
            expect(one).to_have_attribute("data-lm-suppress-shortcuts", "true")


def test_dated_evidence_comes_in_the_order_of_its_dates():
    listed = pd.DataFrame({"date_text": ["2003-03", "2002-06-07", "2002"], "title": list("cba")})
    for frame in (listed, listed.set_index("date_text")):
        text = evidence.table(frame, "Acts")
        assert re.findall(r">([abc])</td>", text) == ["a", "b", "c"]
    # A list that begins with something else keeps the order that the lesson gave it.
    bases = listed.assign(base="Manas").set_index("base")
    assert re.findall(r">([abc])</td>", evidence.table(bases, "Bases")) == ["c", "b", "a"]


def test_the_evidence_on_us_01_has_the_investment_of_its_finding():
    claim = tables.load("claims").set_index("claim_id").loc["US-01"]
    share = re.search(r"(\d+) per cent", claim["finding"])[1]
    shown = [
        asked["shown"][asked["evidence"]["US-01"]]["html"]
        for lesson, asked in questions.checks()
        if "US-01" in asked["evidence"] and lesson.number in ("00", "07")
    ]
    assert len(shown) == 2
    for html in shown:
        assert "Kazakhstan" in html
        assert re.search(rf">{share}(?: per cent)?<", html)
