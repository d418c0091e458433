"""What comes from Moodle and Canvas: class lists, zips, and where every file goes."""

import io
import os
import re
import stat
import time
import unicodedata
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from classes import NAME, answered
from downloads import canvas, gradebook, moodle, raw, table, worksheet, zipped
from patience import HANG

from centralasia import spreadsheets
from centralasia.cli import main
from centralasia.errors import UserError
from centralasia.grading.handing_in import preflight, submission
from centralasia.grading.judging import asked
from centralasia.grading.running.limits import MAX_BYTES
from centralasia.lms import archive, collect, roster, rules, upload
from centralasia.lms.collect import Fate
from centralasia.lms.incoming import System, owned
from centralasia.lms.marks import Mark, Why, results
from centralasia.paths import course_root

ROOT = Path(__file__).resolve().parents[1]
ANNA, BERIK, MUELLER = "Anna Ivanova", "Берик Асанов", "Jörg Müller"
PEOPLE = [
    ("101", ANNA, "anna.i", "Monday, 30 November 2026, 6:07 PM"),
    ("102", BERIK, "berik", "-"),
    ("103", MUELLER, "müller", ""),
]


@pytest.fixture
def people(tmp_path):
    return roster.read(worksheet(tmp_path / "roster.csv", PEOPLE))


def collected(tmp_path, people, files, system=System.MOODLE):
    zipped(tmp_path / "download.zip", files)
    lines = collect.collect(tmp_path / "download.zip", system, people, tmp_path)
    assert {line.place.partition("!")[0] for line in lines} <= {
        unicodedata.normalize("NFC", name.replace("\\", "/")) for name in files
    }
    return {line.place: line for line in lines}


def target(tmp_path, student, name=NAME):
    return tmp_path / "submitted" / student / name / f"{name}.ipynb"


@pytest.mark.parametrize("options", [
    {}, {"encoding": "utf-8-sig"}, {"encoding": "utf-16"}, {"delimiter": ";"},
    {"encoding": "utf-16", "delimiter": "\t"}, {"encoding": "utf-8-sig", "delimiter": ";"},
], ids=str)  # fmt: skip
def test_a_class_list_is_read_as_any_program_saves_it(options, tmp_path):
    read = roster.read(worksheet(tmp_path / "r.csv", PEOPLE, **options))
    assert [(p.id, p.participant, p.words) for p in read] == [
        ("anna.i", "101", ANNA), ("berik", "102", BERIK), ("müller", "103", MUELLER)
    ]  # fmt: skip
    assert read.field == "login"


@pytest.mark.parametrize(("encoding", "name"), [("cp1251", BERIK), ("cp1252", MUELLER)])
def test_code_pages_of_windows_are_told_apart(encoding, name, tmp_path):
    people = [("1", name, "a.b", "-"), ("2", "Ann Lee", "a.l", "-")]
    read = roster.read(worksheet(tmp_path / "r.csv", people, encoding=encoding, delimiter=";"))
    assert [person.words for person in read] == [name, "Ann Lee"]


def test_the_worksheet_in_russian(tmp_path):
    head = ("Идентификатор", "Полное имя", "Логин", "Последнее изменение (ответ)")
    rows = [("Участник 77", BERIK, "berik", "понедельник, 30 ноября 2026, 18:07")]
    (person,) = roster.read(table(tmp_path / "r.csv", head, rows, encoding="cp1251", delimiter=";"))
    assert (person.id, person.participant, person.handed_in[:10]) == ("berik", "77", "2026-11-30")


def test_canvas_gradebook_has_people_a_row_of_points_and_a_test_student(tmp_path):
    file = gradebook(tmp_path / "g.csv", [("41", "Ivanova, Anna", "anna.i")], ("03 data (7)",))
    (person,) = roster.read(file)
    assert (person.id, person.system, person.first, person.last) == (
        "anna.i", "41", "Anna", "Ivanova",
    )  # fmt: skip
    assert roster.read(file, "SIS User ID").people[0].id == "S41"


@pytest.mark.parametrize(("rows", "words"), [
    ([("a", "1"), ("A", "2")], "two people have the id"),
    ([("../../etc", "1")], "cannot name a folder"),
    ([("guest", "1")], "cannot name a folder"),
    ([], "lists nobody"),
])  # fmt: skip
def test_a_list_that_would_mix_people_up_is_refused(rows, words, tmp_path):
    with pytest.raises(UserError, match=words):
        roster.read(table(tmp_path / "r.csv", ("learner_id", "ID number"), rows))
    with pytest.raises(UserError, match="no column with an id"):
        roster.read(table(tmp_path / "r.csv", ("Full name", "Group"), [("Anna", "1")]))
    (tmp_path / "r.csv").write_bytes(b"PK\x03\x04 a workbook")
    with pytest.raises(UserError, match="is a workbook"):
        roster.read(tmp_path / "r.csv")


@pytest.mark.parametrize("folder", [
    "{name}_101_assignsubmission_file/{file}",
    "{name}_101_assignsubmission_file_/{file}",
    "{name}_101_assignsubmission_file_{file}",
    "My course-Exercise 3-77/{name}_101_assignsubmission_file/{file}",
    "Participant_101_assignsubmission_file/work/week 4/{file}",
    "{name}_101_assignsubmission_file\\{file}",
])  # fmt: skip
@pytest.mark.parametrize("file", [
    f"{NAME}.ipynb", f"{NAME} (1).ipynb", f"{NAME}-Copy1.ipynb", "Untitled.ipynb",
    f"Копия {NAME}.ipynb",
])  # fmt: skip
def test_moodles_names_lead_to_the_learner_of_the_list(folder, file, tmp_path, people):
    place = folder.format(name=ANNA, file=file)
    lines = collected(tmp_path, people, {place: raw("anna.i")})
    (line,) = lines.values()
    assert (line.student, line.exercise, line.fate, line.note) == (
        "anna.i", NAME, Fate.COLLECTED, "",
    )  # fmt: skip
    assert target(tmp_path, "anna.i").is_file()
    stamp = (target(tmp_path, "anna.i").parent / "timestamp.txt").read_text()
    assert stamp[:10] == "2026-11-30"
    assert stamp.endswith("UTC\n")


def test_canvas_names_say_who_and_whether_it_came_late(tmp_path):
    people = roster.read(
        gradebook(tmp_path / "g.csv", [("41", "Ivanova, Anna", "anna.i"), ("42", BERIK, "berik")])
    )
    files = {
        canvas("Ivanova, Anna", 41, 9001): raw("anna.i"),
        canvas(BERIK, 42, 9002, f"{NAME}-1.ipynb", late=True): raw("berik"),
        canvas(BERIK, 42, 9003, "chart_12_34_.png"): b"a picture",
        canvas(BERIK, 42, 9004, "text.html").replace("_9004", ""): b"typed",
        "anon_x7Yz1_555_Untitled.ipynb": raw("anna.i"),
        canvas("Nobody", 77, 9005): raw("x"),
    }
    lines = collected(tmp_path, people, files, System.CANVAS)
    fates = [(lines[name].student, lines[name].fate, lines[name].late) for name in files]
    assert fates == [
        ("anna.i", Fate.COLLECTED, ""),
        ("berik", Fate.COLLECTED, "yes"),
        ("berik", Fate.BESIDE, ""),
        ("", Fate.STRAY, ""),
        ("", Fate.STRAY, ""),
        ("", Fate.STRAY, ""),
    ]


def test_a_list_without_numbers_goes_by_names_and_says_where_two_have_one(tmp_path):
    rows = [("anna", "Anna", "Ivanova"), ("anna2", "Anna", "Ivanova"), ("berik", "Берик", "Асанов")]
    people = roster.read(table(tmp_path / "r.csv", ("Username", "First name", "Last name"), rows))
    mac = unicodedata.normalize("NFD", moodle("Асанов Берик", 5))
    lines = collected(tmp_path, people, {mac: raw("berik"), moodle(ANNA, 6): raw("anna")})
    assert lines[unicodedata.normalize("NFC", mac)].student == "berik"
    assert "2 people" in lines[moodle(ANNA, 6)].note


@pytest.mark.parametrize(("first", "last", "shown"), [
    ("Shah-Nazar", "O'Connor", "Shah-Nazar OConnor"),
    ("Anna_Maria", "Lee_7", "Anna Maria Lee 7"),
    ("Gül, N.", "A/B: <C> & D", "Gül, N. AB C  D"),
    ("Dilnoza", "G‘ulomova", "Dilnoza G‘ulomova"),
])  # fmt: skip
def test_a_name_is_known_without_the_signs_that_moodle_leaves_out(first, last, shown, tmp_path):
    """The folders are those of a zip of Moodle 4.5.6, the list that of its participants."""
    head = ("First name", "Last name", "Email address", "Groups")
    list_ = table(tmp_path / "r.csv", head, [(first, last, "x@example.org", "")], "utf-8-sig")
    lines = collected(tmp_path, roster.read(list_), {moodle(shown, 7): raw("x@example.org")})
    assert lines[moodle(shown, 7)].student == "x@example.org"


def test_the_worksheet_of_moodle_as_it_is_installed_has_addresses_alone(tmp_path):
    """Its rows are those of Moodle 4.5.6: two people with one name, one in letters of a Mac."""
    head = (
        "Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade",
        "Grade can be changed", "Last modified (submission)", "Online text",
        "Last modified (grade)", "Feedback comments",
    )  # fmt: skip
    late = "Submitted for grading - 18 hours 35 mins late -  - "
    when = "Tuesday, 1 December 2026, 12:35 PM"
    same = unicodedata.normalize("NFD", "Zoë Brontë")
    rows = [
        ("Participant 5", "Zoë Brontë", "zoe.b@example.org", late, "", "38.00", "Yes", when, "",
         "-", ""),
        ("Participant 6", same, "zoe.d@example.org", late, "", "38.00", "Yes", when, "", "-", ""),
        ("Participant 10", "Бекзат Уулу", "bekzat@example.org",
         "No submission - 18 hours 35 mins overdue", "", "38.00", "Yes", "-", "", "-", ""),
    ]  # fmt: skip
    people = roster.read(table(tmp_path / "r.csv", head, rows, "utf-8-sig"))
    files = {
        moodle("Zoë Brontë", 5): b"\xef\xbb\xbf" + raw("zoe.b@example.org"),
        moodle(same, 6, "Untitled.ipynb"): raw("zoe.d@example.org"),
    }
    lines = collected(tmp_path, people, files)
    assert {(line.student, line.fate, line.note) for line in lines.values()} == {
        ("zoe.b@example.org", Fate.COLLECTED, ""), ("zoe.d@example.org", Fate.COLLECTED, ""),
    }  # fmt: skip
    assert [bool(person.handed_in) for person in people] == [True, True, False]

    marks = {person.id: [mark("03", "data", 13)] for person in people}
    (text,) = upload.tables(System.MOODLE, people, marks)
    columns = text.splitlines()[0].split(",")
    assert columns[:2] == ["Email address", "Full name"], "Moodle takes no row if one has no user"


@pytest.mark.parametrize(("head", "rows", "columns"), [
    (("Username", "ID number", "Email address"), [("a", "1", "a@x"), ("b", "2", "b@x")],
     ["Username", "Email address", "ID number", "Full name"]),
    (("Username", "ID number", "Email address"), [("a", "1", "a@x"), ("b", "", "b@x")],
     ["Username", "Email address", "Full name"]),
    (("learner_id", "Full name"), [("a", "A"), ("b", "B")], ["Username", "Full name"]),
])  # fmt: skip
def test_the_marks_for_moodle_have_the_ids_that_everybody_has(head, rows, columns, tmp_path):
    people = roster.read(table(tmp_path / "r.csv", head, rows))
    marks = {person.id: [mark("03", "data", 13)] for person in people}
    (text,) = upload.tables(System.MOODLE, people, marks)
    lines = [line.split(",") for line in text.splitlines()]
    assert lines[0][: len(columns)] == columns
    assert lines[0][len(columns)] == "03 data (of 20)"
    assert [line[0] for line in lines[1:]] == ["a", "b"]


def test_what_moodle_would_take_for_html_is_read_as_it_was_written(people):
    about = {"exercise": "03", "part": "data", "out_of": 20, "points": 3, "why": Why.MARKED}
    (text,) = upload.tables(System.MOODLE, people, {"anna.i": [Mark(**about, note="a <b & c>d")]})
    assert text.endswith(",3,a &lt;b &amp; c&gt;d\n")


def test_of_several_versions_the_fullest_counts_and_all_are_listed(tmp_path, people):
    half = raw("anna.i", {"ex03-q2-hhi-answer": "concentration = ..."})
    full = raw("anna.i")
    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w") as packed:
        packed.writestr("my work/" + f"{NAME}.ipynb", full)
        packed.writestr("__MACOSX/._x", b"")
    files = {
        moodle(ANNA, 101): half,
        moodle(ANNA, 101, f"{NAME} (1).ipynb"): full,
        moodle(ANNA, 101, f"{NAME} (2).ipynb"): full,
        moodle(ANNA, 101, "all.zip"): inside.getvalue(),
        moodle(ANNA, 101, "notes.docx"): b"PK",
        moodle(ANNA, 101, "onlinetext.html", "onlinetext"): b"<p>here it is</p>",
        moodle(BERIK, 102, "lost.ipynb"): b"{}",
    }
    lines = collected(tmp_path, people, files)
    fates = {place.partition("/")[2]: line.fate for place, line in lines.items()}
    assert fates == {
        f"{NAME}.ipynb": Fate.OTHER,
        f"{NAME} (1).ipynb": Fate.OTHER,
        f"{NAME} (2).ipynb": Fate.COLLECTED,
        f"all.zip!my work/{NAME}.ipynb": Fate.OTHER,
        "notes.docx": Fate.BESIDE,
        "onlinetext.html": Fate.STRAY,
        "lost.ipynb": Fate.STRAY,
    }
    assert target(tmp_path, "anna.i").read_bytes() == full


def test_a_second_download_replaces_and_keeps_what_was_there(tmp_path, people):
    first, second = raw("anna.i", {"ex03-q2-hhi-answer": "concentration = ..."}), raw("anna.i")
    assert collected(tmp_path, people, {moodle(ANNA, 101): first})
    (line,) = collected(tmp_path, people, {moodle(ANNA, 101): first}).values()
    assert line.fate == Fate.UNCHANGED
    (line,) = collected(tmp_path, people, {moodle(ANNA, 101): second}).values()
    assert line.fate == Fate.REPLACED
    assert (tmp_path / "earlier" / "anna.i" / NAME / "1.ipynb").read_bytes() == first
    assert target(tmp_path, "anna.i").read_bytes() == second
    assert [one.fate for one in collect.collected(tmp_path)] == [Fate.REPLACED]


def test_whoever_answers_anothers_case_is_named(tmp_path, people):
    files = {
        moodle(ANNA, 101): raw("berik"),
        moodle(BERIK, 102): raw("berik@example.edu"),
        moodle(MUELLER, 103): raw("guest"),
    }
    notes = [line.note for line in collected(tmp_path, people, files).values()]
    assert "which is that of Берик Асанов" in notes[0]
    assert "not the learner's own" in notes[1]
    assert "theirs, but not the one that counts" in notes[2]


def test_one_id_is_one_case_however_its_letters_are_put(tmp_path, people):
    there = tmp_path / "submitted" / unicodedata.normalize("NFD", "müller")
    there.mkdir(parents=True)
    place = unicodedata.normalize("NFD", moodle(MUELLER, 103))
    nfd = unicodedata.normalize("NFD", "Müller")
    (line,) = collected(tmp_path, people, {place: raw(nfd)}).values()
    assert (line.student, line.note) == ("müller", "")
    assert [path.name for path in (tmp_path / "submitted").iterdir()] == [there.name]


@pytest.mark.parametrize(("encoding", "name"), [
    ("cp866", "Берик Асанов"), ("cp437", "Jörg Müller"), ("utf-8", "Берик Асанов"),
])  # fmt: skip
def test_names_in_the_code_pages_of_old_programs(encoding, name, tmp_path, people):
    place = moodle(name, 0)
    zipped(tmp_path / "old.zip", {place.encode(encoding): raw("x")}, flags=0)
    (line,) = collect.collect(tmp_path / "old.zip", System.MOODLE, people, tmp_path)
    assert (line.place, line.name) == (place, name)


def test_a_folder_of_folders_and_files_named_by_ids(tmp_path, people):
    home = tmp_path / "handed in"
    for place, content in {
        f"anna.i/{NAME}.ipynb": raw("anna.i"),
        f"berik/deeper/{NAME} (1).ipynb": raw("berik"),
        f"müller_{NAME}.ipynb": raw("müller"),
        "somebody/else.ipynb": raw("x"),
    }.items():
        (home / place).parent.mkdir(parents=True, exist_ok=True)
        (home / place).write_bytes(content)
    os.mkfifo(home / "anna.i" / "pipe.ipynb")
    (home / "anna.i" / "link.ipynb").symlink_to("/etc/passwd")
    lines = collect.collect(home, System.FOLDER, people, tmp_path)
    assert {line.student for line in lines if line.fate == Fate.COLLECTED} == {
        "anna.i", "berik", "müller",
    }  # fmt: skip
    assert sum(line.fate == Fate.STRAY for line in lines) == 3
    assert sum("link or a device" in line.note for line in lines) == 2


ODD_IDS = ("Anna Ivanova", " 77 ", "Мария Ким", "i.ivanov@uni.edu")


@pytest.mark.parametrize("learner_id", ODD_IDS)
def test_an_id_is_known_again_in_the_name_of_its_file(learner_id, tmp_path, browser):
    rows = [("101", ANNA, learner_id.strip(), "-"), ("102", BERIK, "someone-else", "-")]
    people = roster.read(worksheet(tmp_path / "list.csv", rows))
    name = submission.file_name(learner_id, NAME)
    of = owned(PurePosixPath(name), System.FOLDER, people)
    assert of.person is not None
    assert of.person.id == learner_id.strip()
    # The page of forms names its file by the same rule.
    script = (ROOT / "centralasia/site/book/static/exercise.js").read_text("utf-8")
    (rule,) = re.findall(r"const id = kept\.learner_id(.*);", script)
    page = browser.new_page()
    assert f"{page.evaluate(f'(id) => id{rule}', learner_id)}_{NAME}.ipynb" == name
    page.close()


def test_a_broken_notebook_goes_to_the_grader_who_says_why(tmp_path, people):
    broken = raw("anna.i")[:5000]
    lines = collected(tmp_path, people, {moodle(ANNA, 101): broken})
    (line,) = lines.values()
    assert line.fate == Fate.COLLECTED
    assert "not JSON" in line.note
    assert target(tmp_path, "anna.i").read_bytes() == broken
    with_mark = b"\xef\xbb\xbf" + raw("anna.i")
    (line,) = collected(tmp_path, people, {moodle(ANNA, 101): with_mark}).values()
    assert line.fate == Fate.REPLACED
    assert submission.read(target(tmp_path, "anna.i"))


def entry(name, mode=stat.S_IFREG | 0o600):
    made = zipfile.ZipInfo(name)
    made.external_attr = mode << 16
    return made


HOSTILE = {
    "traversal": ("../../outside.ipynb", "leads out of it"),
    "absolute": ("/etc/cron.d/x", "leads out of it"),
    "drive": ("C:\\Windows\\x.ipynb", "leads out of it"),
    "backslashes": ("..\\..\\x.ipynb", "leads out of it"),
    "unc": ("\\\\host\\share\\x", "leads out of it"),
    "control": ("a\x1b[2J.ipynb", "cannot be shown"),
    "override": ("a\u202ebpyni.exe", "cannot be shown"),
    "long": ("x" * 5000, "far too long"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_zip_with_a_hostile_name_is_refused_in_one_sentence(case, tmp_path, people, capsys):
    name, words = HOSTILE[case]
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive_:
        archive_.writestr(moodle(ANNA, 101), raw("anna.i"))
        archive_.writestr(entry(name), b"x")
    before = sorted(tmp_path.rglob("*"))
    arguments = ["--from", "moodle", "--dir", str(tmp_path)]
    assert main(["collect", str(tmp_path / "d.zip"), *arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert "\x1b" not in said
    assert sorted(tmp_path.rglob("*")) == before


def test_links_copies_secrets_and_bombs_are_refused(tmp_path, people):
    def refused(words):
        with pytest.raises(UserError, match=words):
            collect.collect(tmp_path / "d.zip", System.MOODLE, people, tmp_path)

    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive_:
        archive_.writestr(entry(moodle(ANNA, 101), stat.S_IFLNK | 0o777), "/etc/passwd")
    refused("a link")
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive_:
        archive_.writestr(moodle(ANNA, 101), b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive_.writestr(moodle(ANNA, 101), b"2")
    refused("one name twice")
    zipped(tmp_path / "d.zip", {f"{n}": b"" for n in range(archive.MOST_FILES + 1)})
    refused("up to 20000 are read")
    zipped(tmp_path / "d.zip", {moodle(ANNA, 101): b"x"})
    held = bytearray((tmp_path / "d.zip").read_bytes())
    held[held.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "d.zip").write_bytes(held)
    refused("is encrypted")
    for junk in (b"", b"PK", b"%PDF-1.7", b"PK\x03\x04" + b"\0" * 100):
        (tmp_path / "d.zip").write_bytes(junk)
        refused("no zip that can be read")
    zipped(tmp_path / "d.zip", {"photo.jpg": b"x", "index.html": b"y"})
    refused("No file of .* is named as moodle names")


def test_a_bomb_costs_neither_memory_nor_time_and_others_nothing(tmp_path, people):
    start = time.monotonic()
    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w", zipfile.ZIP_DEFLATED) as packed:
        for n in range(4):
            packed.writestr(f"{n}.ipynb", b"\0" * 30_000_000)
    files = {
        moodle(ANNA, 101): b"\0" * (MAX_BYTES + 1),
        moodle(BERIK, 102, "bomb.zip"): inside.getvalue(),
        moodle(MUELLER, 103): raw("müller"),
    }
    lines = collected(tmp_path, people, files)
    fates = {line.student: (line.fate, line.note) for line in lines.values()}
    assert "larger than 20 MB" in fates["anna.i"][1]
    assert "more than 100 MB" in fates["berik"][1]
    assert fates["müller"][0] == Fate.COLLECTED
    assert time.monotonic() - start < HANG
    quine = io.BytesIO()
    with zipfile.ZipFile(quine, "w") as packed:
        packed.writestr("../../evil.ipynb", b"x")
    lines = collected(tmp_path, people, {moodle(ANNA, 101, "z.zip"): quine.getvalue()})
    assert "leads out of it" in next(iter(lines.values())).note


def test_the_command_says_of_each_file_where_it_went(tmp_path, people, capsys):
    zipped(tmp_path / "d.zip", {
        moodle(ANNA, 101): raw("anna.i"), moodle(ANNA, 101, "x.png"): b"", moodle("X", 9): b"",
    })  # fmt: skip
    arguments = ["collect", str(tmp_path / "d.zip"), "--from", "moodle", "--dir", str(tmp_path)]
    assert main(arguments) == 1
    said = capsys.readouterr().out
    assert "3 files: 1 collected, 1 beside a notebook, not graded, 1 not collected." in said
    assert f"{NAME}: 1 of 3 people." in said
    assert f"Nothing from {BERIK}, {MUELLER}." in said
    (tmp_path / "roster.csv").unlink()
    assert main(arguments) == 2
    assert "--roster" in capsys.readouterr().err


@pytest.mark.parametrize("text", [
    "a;b\n1,5;2\n", "a,b\n\"1,5\",2\n", "a\tb\n1,5\t2\n", "sep=;\na;b\n1,5;2\n",
    "\n\na;b\n1,5;2\n;\n",
])  # fmt: skip
def test_a_table_is_read_whatever_separates_its_cells(text, tmp_path):
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    (row,) = spreadsheets.read(tmp_path / "t.csv", ["b", "a"])
    assert (spreadsheets.number(row["a"]), row["b"]) == (1.5, "2")


def test_the_notebook_that_the_tests_hand_in_is_the_learners(tmp_path):
    assert submission.loads(raw("anna.i"))["cells"][3]["source"] == 'learner_id = "anna.i"'
    assert answered("anna.i").cells[3].source == 'learner_id = "anna.i"'


def test_the_weights_are_those_of_the_syllabus():
    page = (ROOT / "docs" / "syllabus.md").read_text(encoding="utf-8")
    said = {
        "data": "Data answers", "quizzes": "Quizzes", "argument": "Written argument",
        "seminar": "Seminar",
    }  # fmt: skip
    found = rules.read(ROOT / "no such folder").weights
    assert sum(one.weight for one in found) == 100
    for one in found:
        assert f"| {said[one.part]} | {one.weight:g} |" in page
    assert {one.part: one.dropped for one in found}["quizzes"] == 2
    assert "The two lowest are dropped" in page


def mark(exercise, part, points, out_of=20, why=Why.MARKED, counts=True):
    about = {"exercise": exercise, "part": part, "out_of": out_of, "why": why, "note": "…"}
    return Mark(points=points, counts=counts, **about)


def test_a_terms_result_is_worked_by_hand(tmp_path):
    (tmp_path / "weights.csv").write_text(
        "part;weight;dropped;comment\ndata;40;1;\nquizzes;15;2;\nargument;35;0;\nseminar;10;0;\n"
    )
    (tmp_path / "other.csv").write_text(
        "learner,part,item,points,out_of\n"
        + "".join(f"ANNA,quizzes,q{n},{n},10\n" for n in (0, 2, 6, 8))
        + 'anna,seminar,all,"7,5",10\n'
    )
    term = rules.read(tmp_path)
    marks_of_anna = [
        mark("00", "data", 20), mark("01", "data", 10), mark("02", "data", 0),
        mark("03", "data", None, why=Why.EXCUSED),
        mark("01", "argument", 3, 18, counts=False), mark("03", "argument", 9, 18),
    ]  # fmt: skip
    found = results(term, "anna", marks_of_anna)
    assert found["data"].share == 0.75, "02 is dropped, 03 excused"
    assert found["quizzes"].share == 0.7
    assert found["argument"].share == 0.5, "practice does not count"
    assert found["seminar"].share == 0.75
    total = 0.4 * 0.75 + 0.15 * 0.7 + 0.35 * 0.5 + 0.1 * 0.75
    assert (found["total"].share, found["total"].whole) == (pytest.approx(total), True)
    some = results(term, "anna", [*marks_of_anna, mark("09", "argument", None, 18, Why.WAITING)])
    assert (some["argument"].whole, some["total"].whole) == (False, False)
    assert "09" in some["argument"].note
    assert results(term, "berik", [])["total"].share is None


@pytest.mark.parametrize(("name", "text", "words"), [
    ("asked.csv", "exercise,parts,due\n03,half,\n", "'half' of 03-russia-3-return is none of"),
    ("asked.csv", "exercise,parts,due\n03,all,soon\n", "'soon' is no time"),
    ("policy.csv", "rule,value\nlate_hours,3\n", "the rule 'late_hours'"),
    ("policy.csv", "rule,value\nlate_days_free,few\n", "'few' is no number"),
    ("extensions.csv", "learner,exercise,until\nanna,03,later\n", "'later' is no time"),
    ("other.csv", "learner,part,item,points,out_of\na,attendance,1,1,1\n", "no weight is given"),
    ("weights.csv", "part,weight,dropped\ndata,0,0\n", "gives no weight"),
])  # fmt: skip
def test_a_rule_that_says_nothing_certain_is_refused(name, text, words, tmp_path):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=words):
        rules.read(tmp_path)


def test_data_alone_is_released_without_a_trace_of_the_argument(tmp_path):
    arguments = ["--parts", "data", "--due", "2026-12-07", "--dir", str(tmp_path)]
    assert main(["release", "03", *arguments]) == 0
    file = tmp_path / "exercises" / NAME / f"{NAME}.ipynb"
    ids = [cell["id"] for cell in submission.read(file)["cells"]]
    assert not [one for one in ids if "q6" in one]
    text = file.read_text(encoding="utf-8")
    assert "5 questions, 20 points" in text
    assert "To be handed in by 2026-12-07." in text
    assert preflight.inspect(file)[0].kind == "learner-id"
    assert not [f for f in preflight.inspect(file) if "argument" in f.cell or f.mendable]
    full = preflight.inspect(file, parts="all")
    assert any(f.cell == "ex03-q6-argument" for f in full), "the teacher asked for it, it is gone"
    assert asked.of(tmp_path, "03").due == "2026-12-07"
    assert asked.of(tmp_path, "01").parts == "practice", "as the plan for a term says"
    assert main(["release", "03", *arguments]) == 2, "it is kept"
    assert main(["release", "03", "--dir", str(course_root())]) == 2


def test_feedback_to_moodle_keeps_the_names_of_either_kind_of_download():
    for place, name in (
        ("A B_7_assignsubmission_file/x.ipynb",
         f"A B_7_assignsubmission_file/{NAME}-feedback.html"),
        ("A B_7_assignsubmission_file_/x.ipynb",
         f"A B_7_assignsubmission_file_/{NAME}-feedback.html"),
        ("A B_7_assignsubmission_file_x.ipynb",
         f"A B_7_assignsubmission_file_{NAME}-feedback.html"),
        ("top/A B_7_assignsubmission_file/w.zip!in/x.ipynb",
         f"A B_7_assignsubmission_file/{NAME}-feedback.html"),
    ):  # fmt: skip
        assert upload._returned(System.MOODLE, place, NAME) == name
    place = "ivanovaanna_LATE_41_9001_x.ipynb"
    back = f"ivanovaanna_LATE_41_9001_{NAME}-feedback.html"
    assert upload._returned(System.CANVAS, place, NAME) == back


def test_who_has_no_hub_is_not_told_to_release_through_one():
    """`nbgrader release_assignment` writes to the exchange, which only a hub has."""
    page = (course_root() / "docs" / "teaching.md").read_text(encoding="utf-8")
    before, _on_a_hub, after = page.partition("## On a JupyterHub")
    assert "release_assignment" not in before
    assert "release_assignment" in after
