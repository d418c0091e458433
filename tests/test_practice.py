"""The check on a page of forms says of the guest's case what the check of a notebook says."""

import re
from pathlib import Path

import pytest
from test_forms import NAMES, as_typed

from centralasia import tables
from centralasia.checks import cases, judge, public
from centralasia.checks.asks import from_public
from centralasia.controls import script
from centralasia.site import words
from centralasia.site.book import build, forms

SCRIPT = script(Path(build.HERE) / "static/practice.js")
JUDGE = """([asks, given, words]) => {
  const say = (name, values) => fill(words[name], values);
  return given.map(([n, answer]) => practiceOf(say)(asks[n], answer));
}"""


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_page()
    page.add_script_tag(content=SCRIPT)
    yield page
    page.close()


def judged(page, name, given):
    """What the script says of answers, each as a question's id and what its form gives."""
    looks = {look["id"]: look for look in forms.data(public.exercise(name))["questions"]}
    return page.evaluate(JUDGE, [looks, given, words.of_forms()])


@pytest.mark.parametrize("name", NAMES)
def test_the_page_says_of_right_and_typical_answers_what_python_says(name, page):
    asks = {look["id"]: from_public(look) for look in public.exercise(name)["questions"]}
    guests = {
        look["id"]: look["guest"] for look in public.exercise(name)["questions"] if "guest" in look
    }
    values = [(n, guest["expected"]) for n, guest in guests.items()]
    values += [(n, one["value"]) for n, guest in guests.items() for one in guest["mistakes"]]
    found = judged(page, name, [(n, as_typed(asks[n], value)) for n, value in values])
    for (n, value), said in zip(values, found, strict=True):
        guest = guests[n]
        if asks[n].kind == "chart":  # what surrounds its rows is right
            told = [one["message"] for one in guest["mistakes"] if one["value"] == value]
            wanted = ("wrong", *told[:1]) if told else ("right", words.of_forms()["chart_right"])
        else:
            sure = {"type": "number", "value": 70}
            taken = dict(zip(asks[n].names, (value, sure), strict=False))
            python = judge.verdict(asks[n], taken, guest["expected"], guest["mistakes"])
            wanted = (python.kind, python.message)
        assert (said["kind"], said["message"]) == wanted, (n, value)
    assert len(values) >= 10


def test_the_page_says_what_is_wrong_with_other_answers(page):
    share, table, members = "ex03-q1-bloc-share", "ex03-q2-hhi", "ex03-q3-members"
    of = public.exercise("03")
    right = {
        look["id"]: as_typed(from_public(look), look["guest"]["expected"])
        for look in of["questions"]
        if "guest" in look
    }
    chart, reading = "ex03-q4-chart", "ex03-q5-reading"
    comma = [[year, value.replace(".", ",")] for year, value in right[table]]
    given = [
        (share, "18,5 %"),
        (share, "0,1852"),
        (share, "0.3"),
        (share, "about a fifth"),
        (table, comma),
        (table, comma[1:]),
        (table, [*comma, comma[0]]),
        (table, [*comma, ["2010", ""]]),
        (table, [[year, "5"] for year, _value in comma]),
        (members, ["KAZ", "RUS"]),
        (chart, right[chart] | {"mark": "bar"}),
        (chart, right[chart] | {"zero": "no", "title": ""}),
        (chart, right[chart] | {"y": "year"}),
        (reading, {"answer": "D", "confidence": "0.7"}),
    ]
    said = [(one["kind"], one["message"]) for one in judged(page, "03", given)]
    kinds = [kind for kind, _message in said]
    assert kinds == [
        *("wrong", "right", "wrong", "cannot_check"),
        *("right", "wrong", "wrong", "right", "wrong"),
        *("wrong", "wrong", "wrong", "wrong", "cannot_check"),
    ]
    parts = [
        *("Divide it by 100", "", "higher than", "no number"),
        *("", "rows are missing, for instance 2000", "2000 stands more than once", ""),
        *("A value in the column hhi is above 1", "too many in your list: 0; missing from it: 3"),
        *("draws with", "does not start at zero", "it should show share", "70, and not 0.7"),
    ]
    for (_kind, message), part in zip(said, parts, strict=True):
        assert part in message


def test_of_a_case_of_ones_own_the_page_tells_the_form_alone(page):
    looks = forms.data(public.exercise("03"))["questions"]
    own = [{name: value for name, value in look.items() if name != "guest"} for look in looks]
    given = [[0, "18.5"], [0, "0.5"], [4, {"answer": "A", "confidence": "50"}]]
    said = page.evaluate(JUDGE, [own, given, words.of_forms()])
    assert [one["kind"] for one in said] == ["wrong", "cannot_check", "cannot_check"]
    assert said[1]["message"] == words.of_forms()["form_right"]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_of_forms_holds_no_answer_but_the_guests(name):
    told = forms.data(public.exercise(name))
    _pool, guest = cases.from_public(public.exercise(name))
    assert told["cases"][-1]["start"] == guest.start
    for look in told["questions"]:
        assert not {"expected", "mistakes", "path", "hints", "marks"} & set(look)


COLUMNS = {column for name in tables.names() for column in tables.load(name).columns}
PYTHON = re.compile(r"\b(case|measures|games|pd)\.\w|\w\(|\(\)| \.\w+\(?|groupby|\bTrue\b|\bNaT\b")
NAMED = re.compile(r"\bcolumns? (\w+)(?: and (\w+))?|\b([a-z]+_[a-z_]+)\b")


@pytest.mark.parametrize("name", NAMES)
def test_hints_and_replies_of_a_form_speak_of_what_it_shows(name):
    """No Python, and no column or code that stands in none of the tables on the page."""
    told = forms.data(public.exercise(name))
    shown = {column for part in told["tables"] for column in part["columns"]}
    shown |= {part["table"] for part in told["tables"]}
    shown |= {cell for part in told["tables"] for row in part["rows"] for cell in row}
    for look in told["questions"]:
        own = {*look.get("by", ()), *look.get("numbers", ())}
        own |= {look.get("x"), look.get("y"), look.get("series")}
        guest = look.get("guest", {"path": [], "mistakes": []})
        said = [
            *guest["path"],
            *(one["message"] for one in guest["mistakes"]),
            look.get("hint", ""),
        ]
        for text in said:
            assert not PYTHON.search(text), text
            words = {word for found in NAMED.findall(text) for word in found if word}
            strange = {word for word in words if "_" in word or word in COLUMNS} - shown - own
            assert not strange, (look["id"], strange, text)
