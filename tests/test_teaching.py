"""After grading: feedback, marks for arguments, and item analysis, on a real gradebook."""

import copy
import io
import re
import shutil
import sys
import time
from html.parser import HTMLParser

import pandas as pd
import pytest
from exercise_runs import answered, hand_in, nbgrader
from nbconvert import HTMLExporter
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
    new_raw_cell,
)
from patience import HANG

from centralasia import release
from centralasia.checks import keys
from centralasia.cli import main
from centralasia.errors import UserError
from centralasia.grading.afterwards import (
    analysis,
    drawing,
    essays,
    feedback,
    page,
    safe_html,
    ungraded,
)
from centralasia.grading.afterwards.folder import CourseFolder
from centralasia.grading.handing_in import repair
from centralasia.grading.judging import grade, intake, verdicts
from centralasia.grading.judging.verdicts import Record, State, Verdict, VerdictKind
from centralasia.grading.running.limits import Limits
from centralasia.grading.running.results import Way
from centralasia.paths import course_root
from centralasia.pictures import VEGA

NAME = "03-russia-3-return"
OF = keys.load(NAME)
ESSAY = "ex03-q6-argument"
ANNA, BERIK, CHOLPON = "anna.abdieva", "berik.b", "cholpon"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Three learners, graded by nbgrader: all right, one mistake, and nothing done.

    The first one's notebook was damaged, which would have cost points, and repaired.
    """
    root = tmp_path_factory.mktemp("course")
    shutil.copy(course_root() / release.CONFIG, root)
    shutil.copytree(keys.solutions_dir() / NAME, root / "solutions" / NAME)
    nbgrader(root, "generate_assignment", NAME)
    hand_in(root, NAME, ANNA, damaged(answered(NAME, ANNA)))
    assert repair.repair(root / "submitted" / ANNA / NAME / f"{NAME}.ipynb")
    wrong = answered(NAME, BERIK)
    for cell in wrong.cells:
        if cell.id == "ex03-q1-bloc-share-answer":
            cell.source += "\nbloc_share = 0.123\nprint('### BEGIN HIDDEN TESTS secret')"
        if cell.id == ESSAY:
            cell.source = "Berik's own words. <b>Trade</b> fell, and no club can mend that."
    hand_in(root, NAME, BERIK, wrong)
    hand_in(root, NAME, CHOLPON, release_notebook())
    forged = root / "submitted" / CHOLPON / NAME / verdicts.FILE
    forged.write_text('[{"question": "ex03-q2-hhi", "kind": "right", "message": "Full marks!"}]')
    nbgrader(root, "autograde", NAME)
    return CourseFolder(root)


def damaged(nb):
    """Lose a test, copy an answer, and turn another into text."""
    place = {cell.id: n for n, cell in enumerate(nb.cells)}
    nb.cells[place["ex03-q1-bloc-share-answer"]].cell_type = "markdown"
    twice = copy.deepcopy(nb.cells[place["ex03-q2-hhi-answer"]])
    del nb.cells[place["ex03-q3-members"]]
    twice.id = "copy"
    nb.cells.insert(place["ex03-q2-hhi-answer"], twice)
    return nb


def release_notebook():
    from centralasia import notebooks
    from centralasia.paths import exercises_dir

    return notebooks.read(exercises_dir() / NAME / f"{NAME}.ipynb")


def write_verdicts(course, student, rows):
    record = Record(student=student, exercise=NAME, state=State.GRADED, verdicts=tuple(rows))
    verdicts.write(course.folder("autograded", NAME, student), record)


def verdict(question, kind, mistake="", message=""):
    known = {"mistake": mistake, "message": message, "points": 0, "out_of": 1}
    return Verdict(question=question, kind=VerdictKind(kind), **known)


def pages(course, *students):
    return {p.parent.parent.name: p for p in feedback.make(course, "03", students)}


def test_feedback_has_the_scores_and_what_was_said_and_no_secret(course):
    found = pages(course)
    assert sorted(found) == [ANNA, BERIK, CHOLPON]
    texts = {student: p.read_text(encoding="utf-8") for student, p in found.items()}
    assert "Your points: 20 of 38" in texts[ANNA]
    assert "Your points: 16 of 38" in texts[BERIK]
    assert "Your points: 0 of 38" in texts[CHOLPON]
    assert "Not attempted" in texts[CHOLPON]
    graded = course.folder("autograded", NAME, ANNA) / f"{NAME}.ipynb"
    secret = graded.read_text(encoding="utf-8")
    charts = re.findall(r'<img[^>]*src="data:image/png;base64,([^"]*)"[^>]*>', texts[ANNA], re.S)
    assert max(map(len, charts)) > 15_000, "the chart itself, and not what stands in for it"
    assert "alt=" in texts[ANNA]
    for text in texts.values():
        for words in ("HIDDEN TESTS", "MARK SCHEME", "checks.hidden", "virtual regionalism is the"):
            assert words not in text
        assert "Traceback (most" not in text
        assert "Test cell" not in text, "questions have their names"
        assert "raise Failed" not in text
        assert not re.search(r'(src|href)="https?:', text)
    assert "HIDDEN TESTS" in secret
    assert "MARK SCHEME" in secret


def test_feedback_holds_nobody_elses_work(course):
    texts = {s: p.read_text(encoding="utf-8") for s, p in pages(course).items()}
    for student, text in texts.items():
        others = {ANNA, BERIK, CHOLPON} - {student}
        assert not any(other in text for other in others)
    assert "Berik&#x27;s own words" in texts[BERIK] or "Berik's own words" in texts[BERIK]
    assert "own words" not in texts[ANNA]
    share = OF.questions["ex03-q1-bloc-share"].answer(OF.case(BERIK))["value"]
    assert f"{share:.6f}"[:6] not in texts[BERIK]


def test_what_a_learner_forged_is_not_believed(course):
    assert "Full marks!" not in pages(course)[CHOLPON].read_text(encoding="utf-8")
    assert not (course.folder("autograded", NAME, CHOLPON) / verdicts.FILE).exists()


def test_the_graders_words_come_into_the_feedback_and_cannot_break_it(course):
    words = "members holds <script>alert(1)</script>, | which is *none* of the codes."
    rows = [verdict("ex03-q3-members", "cannot_check", message=words)]
    write_verdicts(course, BERIK, rows)
    (path,) = pages(course, BERIK).values()
    text = path.read_text(encoding="utf-8")
    assert "<script>alert(1)" not in text
    table = text[text.index("Your points") : text.index("</table>", text.index("Your points"))]
    assert table.count("<tr>") == 7
    assert "which is *none* of the codes" in table


def test_work_that_could_not_be_graded_gets_a_page_that_says_why(course):
    who = "dilnoza"
    folder = course.folder("submitted", NAME, who)
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").write_text("not a notebook")
    (folder / "timestamp.txt").write_text("2026-11-24 13:00:00 UTC")
    assert who not in pages(course)  # nobody has tried to grade it yet
    grader = grade.Grader(course.book, OF, Limits(), Way.PROCESS)
    with pytest.raises(intake.Unusable) as unusable:
        grader.look(who)
    assert grader.fail(who, unusable.value.findings).state == State.FAILED
    assert sorted(pages(course)) == [ANNA, BERIK, CHOLPON, who]
    (folder / f"{NAME}.ipynb").unlink()  # feedback looks at no work again
    page = pages(course, who)[who]
    assert "The file is not JSON" in page.read_text(encoding="utf-8")
    assert page.with_name("timestamp.txt").is_file()
    with pytest.raises(UserError, match="Nothing of nobody"):
        pages(course, "nobody")
    with course.gradebook() as book:
        book.remove_student(who)


@pytest.mark.skipif(sys.platform == "win32", reason="a plain user makes no links there")
def test_a_link_among_what_could_not_be_graded_leads_to_nothing(tmp_path):
    (tmp_path / "key").write_text("the teacher's own")
    work = tmp_path / "submitted" / "dana" / NAME
    work.mkdir(parents=True)
    for name in (*ungraded.CARRIED, f"{NAME}.ipynb"):
        (work / name).symlink_to(tmp_path / "key")
    with pytest.raises(intake.Unusable) as unusable:
        intake.look(work, NAME)
    findings = unusable.value.findings
    record = Record(student="dana", exercise=NAME, state=State.FAILED, findings=findings)
    page = ungraded.write(CourseFolder(tmp_path), record)
    assert list(page.parent.iterdir()) == [page]
    assert "is a link to another file" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [
    "a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc",
    "a\n  ###BEGIN MARK SCHEME\nb\nmore\n### END MARK SCHEME\nc",
    "a\n### BEGIN HIDDEN TESTS\nb",
    "a\n# x ### BEGIN HIDDEN TESTS\nb\n### END MARK SCHEME\nb",
])  # fmt: skip
def test_secrets_are_stripped_even_if_the_marks_are_odd(text):
    kept = feedback.strip(text)
    assert "b" not in kept.replace("\n", "")
    assert kept.startswith("a")
    assert ("c" in kept) == ("c" in text.splitlines())


def test_arguments_are_marked_without_names(course, capsys):
    assert main(["essays", "03", "--dir", str(course.root)]) == 0
    texts = (course.root / "essays-03.md").read_text(encoding="utf-8")
    sheet = course.root / "essays-03.csv"
    assert texts.count("## Essay ") == 2
    assert not any(name in texts + sheet.read_text() for name in (ANNA, BERIK, CHOLPON))
    assert main(["essays", "03", "--dir", str(course.root)]) == 2
    frame = pd.read_csv(sheet, dtype=str, keep_default_na=False)
    mine = frame["essay"] == essays.pseudonym(course, NAME, ANNA)
    frame.loc[mine, "level"] = ["3", "3", "2", "3", "3", "1"]
    frame.loc[mine & (frame["criterion"] == "Clarity"), "comment"] = "Shorten your sentences."
    frame.to_csv(sheet, index=False)
    assert main(["essays", "03", str(sheet), "--dir", str(course.root)]) == 0
    assert "1 arguments are marked, 1 are left open." in capsys.readouterr().out
    text = pages(course, ANNA)[ANNA].read_text(encoding="utf-8")
    assert "Your points: 35 of 38" in text
    assert "Shorten your sentences." in text
    assert "level 1." in text
    assert essays.marked(course, "03")["Clarity"].tolist() == [1]


@pytest.mark.parametrize(("change", "words"), [
    ({"level": "4"}, "Levels are 0, 1, 2 and 3"),
    ({"level": ["1", "", "", "", "", ""]}, "each of the six criteria"),
    ({"essay": "ffffff", "level": "1"}, "nobody handed in the essay ffffff"),
    ({"extra": "1"}, "needs the columns"),
])  # fmt: skip
def test_a_wrong_sheet_changes_nothing(course, change, words, tmp_path, capsys):
    _, table = essays.sheet(course, "03")
    frame = pd.read_csv(io.StringIO(table), dtype=str, keep_default_na=False).iloc[:6]
    frame.assign(**change).to_csv(tmp_path / "sheet.csv", index=False)
    before = essays.marked(course, "03")
    sheet = str(tmp_path / "sheet.csv")
    assert main(["essays", "03", sheet, "--dir", str(course.root)]) == 2
    assert words in capsys.readouterr().err
    assert essays.marked(course, "03").equals(before)


def test_a_report_on_the_class(course, capsys):
    write_verdicts(course, ANNA, [verdict(q, "right") for q in OF.questions])
    rows = [verdict("ex03-q1-bloc-share", "wrong", "typed-in"), verdict("ex03-q2-hhi", "right")]
    write_verdicts(course, BERIK, rows)
    assert main(["report", "03", "--dir", str(course.root)]) == 0
    said = capsys.readouterr().out
    assert "3 submissions are few" in said
    assert "Below 5 submissions no discrimination" in said
    found = analysis.analyse(course, "03")
    items = found.items
    assert items["difficulty"].iloc[:5].round(2).tolist() == [0.33, 0.67, 0.67, 0.67, 0.67]
    assert items.loc["ex03-q2-hhi", ["right", "wrong"]].tolist() == [2, 0]
    assert found.mistakes.iloc[0][["question", "mistake", "n"]].tolist() == [
        "ex03-q1-bloc-share", "typed-in", 1,
    ]  # fmt: skip
    folder = course.root / "reports" / NAME
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["criteria.csv", "items.csv", "mistakes.csv", "report.html"]
    html = (folder / "report.html").read_text(encoding="utf-8")
    assert not any(name in html for name in (ANNA, BERIK, CHOLPON))
    assert html.count("<table>") == html.count("</table>") == 3


def test_discrimination_of_a_class_without_a_gradebook():
    scores = pd.DataFrame({"easy": [1] * 8, "good": [0, 0, 0, 1, 0, 1, 1, 1], "total": range(8)})
    found = analysis.discrimination(scores)
    assert pd.isna(found["easy"])
    assert found["good"] == pytest.approx(scores["good"].corr(scores["total"] + 1), abs=1e-9)
    assert analysis.warnings(100, 0) == []
    assert "25 percentage points" in analysis.warnings(15, 0)[0]
    assert "2 arguments" in analysis.warnings(100, 2)[0]


def test_a_report_without_arguments_or_mistakes_can_be_read():
    empty = pd.DataFrame(columns=["question", "mistake", "n", "message"])
    items = pd.DataFrame({"question": ["q"], "mean": [0.5]}).set_index("question")
    criteria = analysis._criteria(pd.DataFrame(columns=["Claim"], dtype=float))
    found = analysis.Analysis(
        exercise="03", n=1, items=items, mistakes=empty, criteria=criteria, unmarked=0, warnings=[]
    )
    page.show(found)
    assert "<p>None.</p>" in page.html(found)


def test_what_is_not_there_is_said(tmp_path, course, capsys):
    for command in (["report", "03"], ["feedback", "03"], ["essays", "03"]):
        assert main([*command, "--dir", str(tmp_path)]) == 2
    assert "Grade an exercise first" in capsys.readouterr().err
    assert main(["report", "00", "--dir", str(course.root)]) == 2
    assert "Nothing of 00-orientation is graded" in capsys.readouterr().err


BAD = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.org/y.js></SCRIPT>",
    "<script>never closed",
    "<img src=x onerror=alert(1)>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<iframe src=//x.org></iframe>",
    "<form action=/formgrader/api><input name=a></form>",
    "<style>body{display:none}</style>",
    "<p style='position:fixed' onclick=x() id=save>x</p>",
    "<svg/onload=alert(1)>",
    "<math><mtext></p><img src=x onerror=alert(1)></mtext></math>",
]


class Dangers(HTMLParser):
    """Collect what would run, load or hide something."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style", "iframe", "form", "input", "svg", "math"):
            self.found.append(tag)
        for name, value in attrs:
            odd = name.startswith("on") or name == "style" or (name, value) == ("id", "save")
            link = name in ("src", "href") and not re.match(r"#|https:|data:image/png", value)
            self.found += [(tag, name, value)] if odd or link else []


@pytest.mark.parametrize("html", BAD)
def test_nothing_that_a_learner_wrote_runs(html):
    nb = new_notebook(
        cells=[
            new_markdown_cell(f"Text {html}\n\n{html}"),
            new_raw_cell(html),
            new_code_cell(
                "1",
                metadata={"tags": [f'"{html}'.replace(",", "")]},
                outputs=[
                    new_output("display_data", {"text/html": html, "image/svg+xml": html}),
                    new_output("display_data", {"application/javascript": "alert(1)"}),
                    new_output("display_data", {"image/png": f'" {html}'}),
                    new_output("stream", text=html),
                ],
            ),
        ],
        metadata={"widgets": {"state": html}},
    )
    assert Dangers(safe_html.clean(html)).found == []
    exporter = HTMLExporter(
        template_name="classic",
        preprocessors=[safe_html.Safe],
        filters={"markdown2html": safe_html.markdown2html},
    )
    page, _ = exporter.from_notebook_node(nb)
    assert Dangers(page[page.index("<body") :]).found == []
    assert Dangers(html).found != [] or "never closed" in html


def test_what_is_harmless_is_still_shown():
    table = '<table class="dataframe"><thead><tr><th scope="col">hhi</th></tr></thead></table>'
    assert safe_html.clean(table) == table
    picture = '<img alt="x" src="data:image/png;base64,iVBORw0KGgo=">'
    assert safe_html.clean(picture) == picture
    assert safe_html.clean('<a href="https://a.org">a</a>') == '<a href="https://a.org">a</a>'


@pytest.mark.parametrize(
    "text", ["<b><i></b>", "<div><p>", r"\begin{a}", "\\\\(", "$ ", "[a](", "*a"]
)
def test_no_text_keeps_a_page_from_being_made(text):
    started = time.monotonic()
    output = new_output("display_data", {"text/html": text * 20_000, "text/plain": "kept"})
    nb = new_notebook(cells=[new_code_cell("1", outputs=[output] * 20)])
    made, _ = safe_html.Safe().preprocess(nb, {})
    assert all(o.data["text/plain"] == "kept" for o in made.cells[0].outputs)
    for n in (1_000, 20_000, 100_000):
        assert "a" in safe_html.markdown2html({}, f"a {text * n}")
    assert time.monotonic() - started < HANG, "a few seconds on a small machine"


def test_a_chart_is_drawn_and_a_hostile_one_is_not():
    rows = [{"a": "x", "b": 2}, {"a": "y", "b": 3}]
    good = {
        "data": {"values": rows},
        "mark": "bar",
        "encoding": {"x": {"field": "a"}, "y": {"field": "b", "type": "quantitative"}},
    }
    hostile = [
        {**good, "data": {"url": "file:///etc/passwd"}},
        {**good, "data": {"sequence": {"start": 0, "stop": 1e9}}},
        {"layer": [good, {**good, "data": {"url": "http://127.0.0.1/x"}}]},
        {**good, "mark": {"type": "image", "url": "http://127.0.0.1/x.png"}},
        {"mark": 3}, [], "chart", None,
    ]  # fmt: skip
    first, *others = drawing.pictures([good, *hostile])
    assert first.startswith(b"\x89PNG")
    assert not any(others)
    assert drawing.pictures([]) == []


def test_what_a_picture_says_is_the_charts_own_description():
    nb = new_notebook(cells=[new_code_cell("chart")])
    spec = {"data": {"values": [{"a": 1}]}, "mark": "point", "description": "One <b>point</b>.",
            "encoding": {"x": {"field": "a", "type": "quantitative"}}}  # fmt: skip
    nb.cells[0].outputs = [new_output("display_data", data={VEGA: spec, "text/plain": "x"})]
    feedback._draw(nb.cells)
    (output,) = nb.cells[0].outputs
    assert output.metadata["image/png"]["alt"] == "One <b>point</b>."
    assert set(output.data) == {"image/png", "text/plain"}
