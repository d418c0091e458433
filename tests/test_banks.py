"""The question banks: complete, the same twice, and read by programs that others wrote."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from xml.etree import ElementTree

import pytest
from onyx2moodle.classifier import classify
from onyx2moodle.parser import parse_item

from centralasia import cli, course, tables
from centralasia.checks import keys
from centralasia.lms.banks import bank, cases, questions, written
from centralasia.site import sources

CONTENTS = ("quiz", "prediction", "misconception")
ITEMS = list(bank.gathered(course.proper(), CONTENTS))
CASES = [
    question
    for number in ("02", "04", "10")
    for question in cases.of_exercise(course.lesson(number))
]
BOTH = ITEMS + CASES
# What only code can answer: words counted in forty texts, distances on the globe, and a grid of 231
# weightings; the break of a series would be as many sums of squares, and a median of all states is
# one of nearly two hundred votes a year.
WITHOUT_FORM = {
    "ex05-q2-topics", "ex08-q1-reach", "ex08-q5-break", "ex09-q3-led", "ex12-q1-nearer",
    "ex12-q5-break",
}  # fmt: skip
# QTI 3, which the player reads, has other names for the same elements.
NAMES = (
    "assessmentItem",
    "responseDeclaration",
    "correctResponse",
    "value",
    "outcomeDeclaration",
    "defaultValue",
    "itemBody",
    "choiceInteraction",
    "simpleChoice",
    "textEntryInteraction",
    "responseProcessing",
    "responseCondition",
    "responseIf",
    "responseElseIf",
    "match",
    "variable",
    "correct",
    "and",
    "gte",
    "lte",
    "baseValue",
    "setOutcomeValue",
    "multiple",
    "modalFeedback",
)
PLAY = """([xml, response]) => new Promise(done => {
    const box = document.querySelector('item-container');
    box.itemXML = xml;
    const tick = setInterval(() => {
        const item = (box.shadowRoot ?? box).querySelector('qti-assessment-item');
        const wanted = new DOMParser().parseFromString(xml, 'text/xml').documentElement;
        if (item?.identifier !== wanted.getAttribute('identifier')) return;
        clearInterval(tick);
        setTimeout(() => {
            item.updateResponseVariable('RESPONSE', response);
            item.processResponse();
            const of = Object.fromEntries(item.variables.map(v => [v.identifier, v.value]));
            done([Number(of.SCORE), of.FEEDBACK ?? []]);
        }, 100);
    }, 20);
})"""


def elements(question):
    """Return a question as Moodle's XML has it."""
    tree = ElementTree.fromstring(written.moodle("bank", [question]))
    return tree.findall("question")[1]


def in_zip(archive, name):
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.read(name).decode()


def test_every_item_is_in_the_bank_with_all_its_feedback():
    items = tables.load("items")
    assert [q.id for q in ITEMS] == [
        item
        for lesson in course.proper()
        for kind in CONTENTS
        for item in items[(items.lesson == lesson.number) & (items.kind == kind)].item_id
    ]
    replies = tables.load("options").feedback.notna().sum()
    assert sum(bool(option.feedback) for q in ITEMS for option in q.options) == replies
    assert all(sum(option.right for option in q.options) == 1 for q in ITEMS)


def test_every_question_on_data_has_a_form_or_a_reason_to_have_none():
    every = [ask for name in keys.names() for ask in keys.load(name).questions.values()]
    data = {ask.id for ask in every if ask.kind not in ("chart", "argument")}
    assert {ask.id for ask in every if ask.form} == data - WITHOUT_FORM


@pytest.mark.parametrize("form", written.FORMS)
def test_the_same_questions_give_the_same_bytes(form):
    assert bank.file(form, BOTH) == bank.file(form, list(BOTH))


def test_ids_and_prompts_are_unique():
    assert len({q.id for q in BOTH}) == len(BOTH)
    assert len({q.prompt for q in CASES}) == len(CASES)


@pytest.mark.parametrize("question", CASES[::7], ids=lambda q: q.id)
def test_a_question_on_data_shows_figures_and_no_code(question):
    assert question.prompt.count("<tr>") >= 3, "the table of figures is empty"
    assert not re.search(r"`|case\.|\bNaN\b|\bnan\b|_", question.prompt)
    ElementTree.fromstring(f"<div>{question.prompt}</div>")


@pytest.mark.parametrize("question", BOTH[::11], ids=lambda q: q.id)
def test_moodle_gives_all_points_for_the_right_answer_and_none_for_all_options(question):
    xml = elements(question)
    shares = [float(answer.get("fraction")) for answer in xml.findall("answer")]
    assert sum(share for share in shares if share > 0) == pytest.approx(100, abs=0.001)
    assert question.kind != "several" or sum(shares) <= 0.001
    assert xml.findtext("idnumber") == question.id
    assert xml.findtext("questiontext/text") == str(question.prompt)
    assert float(xml.findtext("defaultgrade")) == question.points


def test_gift_is_read_as_it_was_meant(tmp_path):
    """By the parser of gift-pegjs, which knows nothing of ours."""
    (tmp_path / "bank.txt").write_bytes(written.gift("bank", BOTH))
    reader = sources.npm("gift-pegjs") / "pegjs-gift.js"
    script = "console.log(JSON.stringify(require(process.argv[1]).parse(require('fs')"
    script += ".readFileSync(process.argv[2], 'utf8')).filter(q => q.type !== 'Category')))"
    node = shutil.which("node")
    done = subprocess.run(
        [node, "-e", script, str(reader), str(tmp_path / "bank.txt")],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    found = json.loads(done.stdout)
    assert [q["title"] for q in found] == [q.name for q in BOTH]
    for ours, theirs in zip(BOTH, found, strict=True):
        assert theirs["stem"]["text"] == " ".join(str(ours.prompt).split())
        if ours.kind == "number":
            first = theirs["choices"][0]["text"]
            assert (first["number"], first["range"]) == (ours.answer, ours.tolerance)
        elif ours.kind == "choice":
            assert [c["isCorrect"] for c in theirs["choices"]] == [o.right for o in ours.options]


def test_qti_is_read_as_it_was_meant(tmp_path):
    """By onyx2moodle, which takes such items over into Moodle."""
    with zipfile.ZipFile(io.BytesIO(written.qti("bank", BOTH))) as archive:
        archive.extractall(tmp_path)
    manifest = (tmp_path / "imsmanifest.xml").read_text("utf-8")
    named = re.findall(r'<file href="(items/[^"]+)"', manifest)
    assert sorted(named) == sorted(f"items/{q.id}.xml" for q in BOTH)
    for question in BOTH:
        item = parse_item(tmp_path / "items" / f"{question.id}.xml")
        (response,) = item.response_decls.values()
        if question.kind == "number":
            assert [float(value) for value in response.correct_values] == [question.answer]
        else:
            letters = [chr(65 + n) for n, o in enumerate(question.options) if o.right]
            assert response.correct_values == letters
            assert classify(item).target == "multichoice"


def qti3(xml):
    """Return an item of QTI 2.1 with the names that QTI 3 has."""

    def kebab(name):
        return re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower()

    xml = re.sub(rf"(</?)({'|'.join(NAMES)})\b", lambda m: f"{m[1]}qti-{kebab(m[2])}", xml)
    return re.sub(r' (\w*[A-Z]\w*)="', lambda m: f' {kebab(m[1])}="', xml)


@pytest.fixture(scope="module")
def player(browser):
    """A page that plays items of QTI."""
    page = browser.new_page()
    page.set_content("<qti-item><item-container></item-container></qti-item>")
    script = sources.npm("@citolab/qti-components") / "cdn" / "index.global.js"
    page.add_script_tag(path=script)
    yield page
    page.close()


def test_a_player_gives_points_and_feedback_as_the_course_does(player):
    package = written.qti("bank", BOTH)

    def played(question, response):
        item = qti3(in_zip(package, f"items/{question.id}.xml"))
        return player.evaluate(PLAY, [item, response])

    quiz = next(q for q in ITEMS if q.id == "03-q1")
    assert played(quiz, "D") == [1, ["D", "AFTER"]]
    assert played(quiz, "A") == [0, ["A", "AFTER"]]
    number = next(q for q in CASES if q.id.startswith("ex04-q1"))
    assert played(number, str(number.answer + number.tolerance * 0.9)) == [number.points, []]
    assert played(number, str(number.wrong[0][0])) == [0, ["WRONG1"]]
    assert played(number, "999999") == [0, []]
    several = next(q for q in CASES if q.kind == "several")
    right = [chr(65 + n) for n, option in enumerate(several.options) if option.right]
    assert played(several, right)[0] == several.points
    assert played(several, right[:-1])[0] == 0


def test_canvas_package_holds_a_quiz_for_each_folder():
    package = written.canvas("bank", BOTH)
    names = zipfile.ZipFile(io.BytesIO(package)).namelist()
    manifest = ElementTree.fromstring(in_zip(package, "imsmanifest.xml"))
    listed = {f.get("href") for f in manifest.iter() if f.tag.endswith("}file")}
    assert listed | {"imsmanifest.xml"} == set(names)
    found = {}
    for name in listed:
        tree = ElementTree.fromstring(in_zip(package, name))
        found |= {item.get("ident"): item for item in tree.iter() if item.tag.endswith("}item")}
    assert set(found) == {q.id for q in BOTH}
    for question in BOTH:
        item = found[question.id]
        shown = {f.get("linkrefid") for f in item.iter() if f.tag.endswith("}displayfeedback")}
        given = {f.get("ident") for f in item.iter() if f.tag.endswith("}itemfeedback")}
        assert shown == given, question.id


def test_the_command_writes_a_bank_and_keeps_one_that_is_there(tmp_path, capsys):
    file = tmp_path / "questions.xml"
    asked = ["question-bank", "3", "--with", "quiz", "--with", "case", "--to", str(file)]
    assert cli.main(asked) == 0
    count = len(ElementTree.fromstring(file.read_bytes()).findall("question/name"))
    assert f"{count} questions." in capsys.readouterr().out
    before = file.read_bytes()
    assert cli.main(asked) != 0
    assert file.read_bytes() == before


def test_more_right_answers_than_moodle_can_share_out_are_not_offered():
    every = [q for q in cases.of_exercise(course.lesson("00")) if q.kind == "several"]
    assert max(sum(o.right for o in q.options) for q in every) == questions.MOST_RIGHT
