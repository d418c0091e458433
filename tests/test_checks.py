"""Checks: the four outcomes, own cases, charts by meaning, and values that nobody has to trust."""

import importlib.util
import json
from collections import Counter
from contextlib import contextmanager

import altair as alt
import numpy as np
import pandas as pd
import pytest
from exercise_runs import judged, run, taken
from IPython.core.interactiveshell import InteractiveShell

from centralasia import checks, course, tables
from centralasia.checks import cases, judge, keys, perturb, public, rerun, values, vega
from centralasia.checks.asks import Chart, Mistake, Number
from centralasia.paths import DATA_ENV, data_dir, using

NAMES = keys.names()


def asked(name):
    return [a for a in keys.load(name).questions.values() if a.kind != "argument"]


def trials():
    """Every trial answer of every exercise, with its question."""
    for name in NAMES:
        path = keys.solutions_dir() / name / "trials.py"
        spec = importlib.util.spec_from_file_location(f"trials_{course.lesson(name).number}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for question_id, rows in module.TRIALS.items():
            for number, row in enumerate(rows):
                yield pytest.param(name, question_id, *row, id=f"{question_id}-{number}-{row[0]}")


TRIALS = list(trials())
QUESTIONS = [pytest.param(name, a, id=a.id) for name in NAMES for a in asked(name)]


@contextmanager
def of_case(name, case):
    """Say which case of a key it was that could not be worked out, and what to do."""
    try:
        yield
    except Exception as error:
        pytest.fail(
            f"edit solutions/{name}/key.py: for {case.same} it ends in {error!r}. Leave out of "
            "POOL what the tables do not hold"
        )


@pytest.mark.parametrize(("name", "ask"), QUESTIONS)
def test_solution_is_right_in_every_case(name, ask):
    of = keys.load(name)
    seen = set()
    for learner_id in ("guest", *(f"learner-{n}" for n in range(60))):
        case = of.case(learner_id)
        if (case.state, case.start) in seen:
            continue
        seen.add((case.state, case.start))
        with of_case(name, case):
            verdict = judged(of, ask, learner_id)
        assert (verdict.kind, verdict.points) == ("right", ask.points), (
            f"edit solutions/{name}: the solution in the notebook gives another answer than key.py "
            f"for {case.same}: {verdict}"
        )


@pytest.mark.parametrize(("name", "ask"), QUESTIONS)
def test_trials_of_a_question_are_enough(name, ask):
    kinds = Counter(p.values[2] for p in TRIALS if p.values[1] == ask.id)
    trials_, key = (f"edit solutions/{name}/{file}, {ask.id}" for file in ("trials.py", "key.py"))
    assert kinds["right"] >= 1, f"{trials_}: besides the solution, one other way to be right"
    assert kinds["wrong"] >= 2, f"{trials_}: two mistakes"
    assert ask.hints, f"{key}: a hint"
    assert len({m.slug for m in ask.mistakes}) == len(ask.mistakes), f"{key}: two slugs are equal"


@pytest.mark.parametrize(("name", "question_id", "kind", "code", "words"), TRIALS)
def test_trial(name, question_id, kind, code, words):
    of = keys.load(name)
    ask = of.questions[question_id]
    verdict = judged(of, ask, "guest", code)
    assert (verdict.kind, words in verdict.message) == (kind, True), verdict
    if kind == "right":  # and so where the numbers are others
        assert judged(of, ask, "anna", code).kind == "right"


@pytest.mark.parametrize(("name", "ask"), QUESTIONS)
def test_the_visible_check_says_the_same_for_the_guest(name, ask):
    of = keys.load(name)
    space = run(of, "guest", until=ask.id)
    answer = [space[n] for n in ask.names]
    assert checks.check(ask.id, *answer, case=space["case"]).kind == "right"
    assert checks.check(ask.id, *[...] * len(ask.names)).kind == "not_attempted"
    own = checks.case(of.lesson, "anna")
    answer = [run(of, "anna", until=ask.id)[n] for n in ask.names]
    verdict = checks.check(ask.id, *answer, case=own)
    assert verdict.kind == "cannot_check"
    assert "decided when it is graded" in verdict.message
    assert "Hint 1 of" in repr(checks.hint(ask.id))
    assert checks.hint(ask.id, 99)._lines[0] == ask.hints[-1]
    assert checks.solution(ask.id, *[...] * len(ask.names)).kind == "not_attempted"
    shown = checks.solution(ask.id, *answer, case=own)
    assert "your own case has other numbers" in repr(shown)
    assert "<p>" in shown._repr_html_()


@pytest.mark.parametrize(("name", "ask"), QUESTIONS)
def test_a_missing_variable_and_the_stub_are_not_attempted(name, ask):
    of = keys.load(name)
    for code in ("\n".join(f"{n} = ..." for n in ask.names), "pass"):
        assert judged(of, ask, "anna", code).kind == "not_attempted"


@pytest.mark.parametrize("name", NAMES)
def test_the_changed_data_change_every_answer(name):
    """In every case, or a typed-in answer would pass in it."""
    of = keys.load(name)
    for ask in of.questions.values():
        if not ask.follows_data:
            continue
        for case in (*of.pool, of.guest):
            found = {n: {"type": "number", "value": 0} for n in ask.names}
            with of_case(name, case):
                found[ask.names[0]] = ask.answer(case)
                with using(perturb.default()):
                    expected = ask.answer(case)
            if isinstance(ask, Chart):
                same = found[ask.names[0]] == expected
            else:
                same = judge.verdict(ask, found, expected, ()).kind != "wrong"
            assert not same, (
                f"edit solutions/{name}/key.py: the changed copy of the data leaves the answer to "
                f"{ask.id} as it is for {case.same}; leave this case out of POOL, or ask another "
                "question"
            )


@pytest.mark.parametrize("name", NAMES)
def test_a_typed_in_answer_fails(name):
    of = keys.load(name)
    for ask in of.questions.values():
        if ask.follows_data:
            found = taken(of, ask, "anna")
            found["perturbed"] = found["base"]
            verdict = keys.judge(ask.id, found, "anna")
            assert (verdict.points, verdict.mistake) == (0, "typed-in")


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_to_another_case_is_named_as_such(name):
    of = keys.load(name)
    ask = asked(name)[0]
    other = next(i for i in map(str, range(99)) if of.case(i).same[:1] != of.case("anna").same[:1])
    verdict = keys.judge(ask.id, taken(of, ask, other), "anna")
    assert (verdict.kind, verdict.mistake) == ("wrong", "other-case")
    assert keys.other_id(taken(of, ask, other), "anna") == other
    verdict = keys.judge(ask.id, taken(of, ask, "guest"), "anna")
    assert "the case of the guest" in verdict.message


@pytest.mark.parametrize("name", NAMES)
def test_cases_are_stable_and_spread_evenly(name):
    of = keys.load(name)
    drawn = Counter(of.case(f"id-{n}").same for n in range(4000))
    own = [c for c in of.pool if c.same != of.guest.same]
    assert set(drawn) <= {c.same for c in own}
    assert of.guest.same not in drawn
    expected = 4000 / len(own)
    assert all(abs(n - expected) < 5 * expected**0.5 for n in drawn.values())
    states = Counter(of.case(f"id-{n}").state for n in range(4000))
    assert max(states.values()) < 1.5 * min(states.values())
    assert of.case(" Anna ").same == of.case("anna").same
    assert checks.case(of.lesson, "anna") == of.case("anna")
    assert checks.case(of.lesson, "") == checks.case(of.lesson, ...) == of.guest


def test_a_case_never_moves():
    """Learners may open the same exercise again after a release."""
    some = cases.pool(["KAZ", "KGZ"], ["RUS"], [(1, 2, "d"), (3, 4, "e")])
    fixed = cases.draw("03", "anna", some, cases.Case("UZB", "RUS", 1, 2, "d"))
    assert fixed.same == ("KAZ", "RUS", 3, 4, "e")


def test_unknown_names_are_answered_with_known_ones():
    with pytest.raises(course.Unknown, match="Did you mean '03-russia-3-return'"):
        checks.case("03-rusia-3")
    with pytest.raises(course.Unknown, match="Lessons go from 00"):
        keys.load("77")
    with pytest.raises(public.UnknownExercise, match="ex03-q2-hhi"):
        checks.check("ex03-q9", 1)
    with pytest.raises(public.UnknownExercise, match="ex03-q2-hhi"):
        keys.find("ex03-q9")
    with pytest.raises(TypeError, match="q5_answer, q5_confidence"):
        checks.check("ex03-q5-reading", "A")


def test_a_lesson_without_an_exercise_is_answered_with_those_that_have_one(tmp_path, monkeypatch):
    monkeypatch.setattr(public, "exercises_dir", lambda: tmp_path)
    monkeypatch.setenv(keys.ENV, str(tmp_path))
    with pytest.raises(public.UnknownExercise, match="There is no exercise '3'"):
        public.exercise("3")
    with pytest.raises(public.UnknownExercise, match="There is no key for exercise 'comparison'"):
        keys.load("comparison")


def test_an_argument_gets_the_rubric():
    assert "Rival explanation" in repr(checks.check("ex03-q6-argument"))
    assert "<table>" in checks.rubric()._repr_html_()
    assert checks.solution("ex03-q6-argument").kind == "cannot_check"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (..., {"type": "untouched"}),
        (None, {"type": "untouched"}),
        (np.float64(0.5), {"type": "number", "value": 0.5}),
        (np.array(3), {"type": "number", "value": 3}),
        (True, {"type": "truth", "value": True}),
        ("a", {"type": "text", "value": "a"}),
        ({"b", "a"}, {"type": "list", "values": ["a", "b"]}),
        (pd.Series(["a"]), {"type": "list", "values": ["a"]}),
        ([float("nan"), float("inf")], {"type": "list", "values": [None, "inf"]}),
        (
            pd.Series({2000: 0.5}, name="hhi").rename_axis("year"),
            {"type": "table", "columns": ["year", "hhi"], "rows": [[2000, 0.5]], "single": 0.5},
        ),
        (
            pd.DataFrame({"day": pd.to_datetime(["2000-01-02"]), "n": [pd.NA]}),
            {"type": "table", "columns": ["day", "n"], "rows": [["2000-01-02", None]]},
        ),
    ],
)
def test_plain_values(value, expected):
    assert values.plain(value) == expected
    both = {"base": {"x": expected}, "perturbed": {}}
    assert values.loads(values.dumps(both)) == both


class Liar(float):
    """A number that equals everything."""

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


@pytest.mark.parametrize("value", [float("nan"), object(), {"a": 1}, lambda: 1, alt.Chart()])
def test_odd_values_are_named(value):
    found = values.plain(value)
    assert found["type"] == "odd"
    ask = Number(id="q", names=("x",), points=1, minutes=1, unit="n", low=0, high=1, tolerance=0)
    assert judge.form(ask, {"x": found}).kind == "cannot_check"


def test_an_object_that_equals_everything_is_only_its_number():
    assert values.plain(Liar(0.25)) == {"type": "number", "value": 0.25}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"base": {}}',
        '{"base": 1, "perturbed": 2}',
        '{"base": {"x": NaN}, "perturbed": {}}',
        "[" * 100_000,
        " " * (values.MAX_BYTES + 1),
    ],
)
def test_what_is_no_value_is_refused(text):
    with pytest.raises(values.Unreadable):
        values.loads(text)


FORGED = [
    1,
    {},
    {"type": []},
    {"type": "number", "value": "1"},
    {"type": "number", "value": True},
    {"type": "number", "value": 10**400},
    {"type": "list", "values": [[1]]},
    {"type": "table", "columns": ["year", "hhi"], "rows": [[1]]},
    {"type": "table", "columns": ["year", "hhi"], "rows": [["a", "b"], [None, True]]},
    {"type": "chart", "spec": {}},
    {"type": "chart", "spec": {"mark": "line", "encoding": []}},
    {"type": "chart", "spec": {"layer": {"a": 1}}},
    {"type": "chart", "spec": {"mark": {"type": 5}, "data": {"values": [3]}}},
    {"type": "chart", "spec": {"mark": "line", "data": {"values": []}, "encoding": {
        "x": {"field": "year"}, "y": {"field": "share", "type": "quantitative", "title": {}}}}},
]  # fmt: skip


@pytest.mark.parametrize("value", FORGED, ids=range(len(FORGED)))
@pytest.mark.parametrize(("name", "ask"), QUESTIONS)
def test_forged_values_earn_nothing_and_stop_nothing(name, ask, value):
    run_ = dict.fromkeys(ask.names, value)
    found = values.loads(json.dumps({"base": run_, "perturbed": run_}))
    verdict = keys.judge(ask.id, found, "anna")
    assert verdict.points == 0
    assert verdict.kind in ("cannot_check", "wrong")


CHART = Chart(id="ex00-q1", names=("chart",), points=4, minutes=1, marks=("bar",), x="state", y="n",
              tolerance=0, turned=True)  # fmt: skip
ROWS = pd.DataFrame({"state": ["KAZ", "KAZ", "UZB"], "n": [1, 2, 3]})
SUMS = values.plain(pd.DataFrame({"state": ["UZB", "KAZ"], "n": [3, 3]}))
SAID = {
    "title": "Events by state",
    "description": "Bars, one a state: three in Kazakhstan and three in Uzbekistan.",
}
AXES = {"x": alt.X("state:N", title="State"), "y": alt.Y("sum(n)", title="events")}


@pytest.mark.parametrize(
    "chart",
    [
        alt.Chart(ROWS, **SAID).mark_bar().encode(**AXES).properties(width=300),
        alt.Chart(ROWS, **SAID).mark_bar(color="red").encode(
            y=alt.Y("state", title="State"), x=alt.X("n", aggregate="sum").title("events")),
        alt.Chart(ROWS.groupby("state", as_index=False).n.sum(), **SAID).mark_bar().encode(
            alt.X("state").title("State"), alt.Y("n").title("events")).interactive(),
        alt.layer(alt.Chart(ROWS).mark_text().encode(x="state", y="sum(n)", text="sum(n)"),
                  alt.Chart(ROWS).mark_bar().encode(**AXES), **SAID),
    ],
    ids=["columns", "lying", "summed before", "layered"],
)  # fmt: skip
def test_charts_with_one_meaning_get_one_verdict(chart):
    found = values.plain(chart)
    assert judge.verdict(CHART, {"chart": found}, SUMS, ()).kind == "right"


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ({"y": alt.Y("sum(n)", title="events"), "x": "state"}, "axis of state needs a title"),
        ({"y": "sum(n)", "x": alt.X("state", title="State")}, "needs a title with the unit"),
        ({"y": alt.Y("n:O"), "x": "state"}, "like names"),
        ({"y": "n", "x": "state"}, "stands more than once"),
        ({"y": "state", "x": "state"}, "should show n"),
        ({"y": alt.Y("max(n)"), "x": "state"}, "1 of 2 rows"),
        ({"y": alt.Y("stdev(n)"), "x": "state"}, "in pandas first"),
        ({"y": alt.Y("sum(n)", title="events", scale=alt.Scale(domain=[2, 4])),
          "x": alt.X("state", title="State")}, "does not start at zero"),
        ({"y": alt.Y("sum(n)", title="events", scale=alt.Scale(type="log")),
          "x": alt.X("state", title="State")}, "does not start at zero"),
    ],
)  # fmt: skip
def test_faults_of_a_chart_are_named(encoding, words):
    found = values.plain(alt.Chart(ROWS, **SAID).mark_bar().encode(**encoding))
    assert words in judge.verdict(CHART, {"chart": found}, SUMS, ()).message


def test_a_facet_tells_series_apart():
    frame = pd.DataFrame({"state": ["A", "B"], "year": [1, 1], "n": [1, 2]})
    chart = alt.Chart(frame).mark_line().encode(x="year", y="n").facet("state:N")
    (view,) = vega.views(chart.to_dict())
    assert view.channels["facet"].field == "state"
    assert len(view.rows) == 2


def test_the_changed_copy_loads_and_is_always_the_same(tmp_path):
    first, second = perturb.copy(tmp_path / "a"), perturb.copy(tmp_path / "b")
    for path in sorted(first.iterdir()):
        assert path.read_bytes() == (second / path.name).read_bytes()
    with using(first):
        changed = {name: tables.load(name) for name in tables.names()}
    for name in (*perturb.AMOUNTS, *perturb.RENAMED, *perturb.THINNED, *perturb.MOVED):
        assert not changed[name].equals(tables.load(name)), name
    trade = changed["trade"].query("source_id == 'cow_trade_v4'")
    whole = tables.load("trade").query("source_id == 'cow_trade_v4'")
    world = trade.partner == "WLD"
    assert (trade[world].value_usd >= whole[world].value_usd).all()
    assert (trade[~world].value_usd <= whole[~world].value_usd).all()


def test_the_data_folder_can_be_chosen(tmp_path, monkeypatch):
    own = data_dir()
    monkeypatch.setenv(DATA_ENV, str(tmp_path))
    assert data_dir() == tmp_path
    with using(own):
        assert data_dir() == own
        with using(None):
            assert data_dir() == own
    assert data_dir() == tmp_path


@pytest.fixture
def shell(monkeypatch):
    """A shell of its own, as a kernel has."""
    made = InteractiveShell()
    made.history_manager.enabled = True
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: made)
    yield made
    made.history_manager.end_session()
    made.restore_sys_module_state()


def test_the_second_run_sees_other_data_and_leaves_no_trace(shell, capsys):
    for cell in (
        "from centralasia import tables",
        "n = 0",
        "n += tables.load('trade').value_usd.sum()\nprint('once')",
        "1 / 0",
        "%precision 2\nlate = n if 'x' else None",
    ):
        shell.run_cell(cell, store_history=True)
    first = capsys.readouterr().out
    assert first.count("once") == 1
    found = values.loads(rerun.take(["n", "late", "nowhere"]))
    assert capsys.readouterr() == ("", "")
    whole = int(tables.load("trade").value_usd.sum())
    assert found["base"]["n"] == {"type": "number", "value": whole}
    assert found["base"]["nowhere"] == {"type": "missing"}
    assert found["perturbed"]["n"]["value"] == found["perturbed"]["late"]["value"] != whole
    shell.run_cell("n = 5", store_history=True)
    found = values.loads(rerun.take(["n"]))
    assert found["base"] == found["perturbed"] == {"n": {"type": "number", "value": 5}}
    assert shell.user_ns["n"] == 5


def test_mistakes_may_be_fixed_values():
    assert Mistake("a", "b", 5).worked_out(None) == {"type": "number", "value": 5}


def test_a_beginners_slips_are_named():
    """A method without its brackets, a comparison in place of a number, an answer left out."""
    question = "ex03-q1-bloc-share"
    forgotten = checks.check(question, pd.DataFrame().sum)
    assert "write () after its name" in forgotten.message
    assert "True or False, but a number" in checks.check(question, True).message
    with pytest.raises(TypeError, match="Give your answer as well"):
        checks.check(question)
