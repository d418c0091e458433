"""Marks that go back into a learning system, with one on this machine that is not ours."""

import json
import os
import shutil
import stat

import pytest
from jwcrypto.jwk import JWK
from platforms import CLIENT, COURSE, DEPLOYMENT, LEARNER, TEACHER, pair, serving

from centralasia.cli import main
from centralasia.errors import UserError
from centralasia.lms import launches, marks, passback, registration
from centralasia.lms.marks import Mark, Why
from centralasia.lms.roster import Person, Roster

NAME = "03-russia-3-return"
PEOPLE = {
    "11": ("anna.i", "Anna Ivanova", LEARNER),
    "12": ("berik", "Берик Асанов", LEARNER),
    "13": ("müller", "Jörg Müller", LEARNER),
    "90": ("teacher", "Gul Nazarova", TEACHER),
}
HUB = "http://127.0.0.1:1"


def mark(part, points, out_of=20, why=Why.MARKED, exercise=NAME, **given):
    note = given.pop("note", f"{exercise} {part}: {why}.")
    return Mark(exercise=exercise, part=part, out_of=out_of, points=points, why=why, note=note,
                **given)  # fmt: skip


MARKS = {
    "anna.i": [mark("data", 17.5), mark("argument", 12, 18)],
    "berik": [mark("data", 0, why=Why.ZERO), mark("argument", None, 18, Why.WAITING)],
    "müller": [mark("data", 20.0), mark("argument", None, 18, Why.EXCUSED)],
    "stranger": [mark("data", 5)],
}


def launched(number, platform, **given):
    """Return a line as the hub writes it."""
    login, name, role = PEOPLE[number]
    line = {
        "learner_id": login, "user": number, "name": name, "email": f"{login}@example.edu",
        "learner": role == LEARNER, "course": COURSE, "title": "Central Asia",
        "lineitems": platform.lineitems, "scope": list(registration.SCOPES),
    }  # fmt: skip
    return json.dumps(line | given) + "\n"


@pytest.fixture
def platform():
    with serving(dict(PEOPLE)) as made:
        yield made


def register(folder, platform, *more):
    line = ["lti", "register", "--for", "moodle", "--address", platform.base, "--hub", HUB]
    assert main([*line, "--dir", str(folder), *more]) == 0
    public = json.loads((folder / "lti" / registration.PUBLIC_JWK).read_text())
    platform.tool_keys = {"keys": [public]}


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """Return a folder with a key of the tool: it takes a second to make one."""
    made = tmp_path_factory.mktemp("keys")
    registration.make_key(made)
    return made


@pytest.fixture
def place(tmp_path, platform, keys, capsys):
    """Return the folder `lti` of a course that is registered, and to which everybody came."""
    lti = shutil.copytree(keys, tmp_path / "lti")
    register(tmp_path, platform, "--client-id", CLIENT)
    capsys.readouterr()
    (lti / launches.FILE).write_text("".join(launched(n, platform) for n in PEOPLE))
    return lti


@pytest.fixture
def people(tmp_path):
    listed = [("anna.i", "Anna Ivanova"), ("berik", "Берик Асанов"), ("müller", "Jörg Müller"),
              ("stranger", "Nobody Known")]  # fmt: skip
    return Roster(tmp_path / "roster.csv", tuple(Person(id=i, name=n) for i, n in listed), "login")


def sent(place, people, found=MARKS, **given):
    course = launches.choose(launches.read(place), None)
    return passback.send(place, course, people, found, **given)


def test_every_mark_arrives_as_it_stands_and_none_that_is_not_there(place, people, platform):
    outcome = sent(place, people)
    assert platform.results(f"{NAME} data") == {"anna.i": 17.5, "berik": 0, "müller": 20}
    assert platform.results(f"{NAME} argument") == {"anna.i": 12}, "waiting and excused are not 0"
    assert {one["label"]: one["scoreMaximum"] for one in platform.columns} == {
        f"{NAME} data": 20, f"{NAME} argument": 18,
    }  # fmt: skip
    of_anna = next(s for s in platform.posted if s["userId"] == "11" and s["scoreMaximum"] == 20)
    assert (of_anna["activityProgress"], of_anna["gradingProgress"]) == ("Completed", "FullyGraded")
    assert of_anna["comment"] == f"{NAME} data: marked."
    assert of_anna["timestamp"].endswith("+00:00")
    of_berik = next(s for s in platform.posted if s["userId"] == "12")
    assert of_berik["activityProgress"] == "Initialized", "nothing was handed in"
    assert outcome.unknown == ["Nobody Known"]
    assert (outcome.sent, outcome.unchanged, outcome.refused) == (4, 0, {})


def test_what_is_unchanged_is_not_sent_twice_and_a_new_mark_is(place, people, platform):
    sent(place, people)
    again = sent(place, people)
    assert (again.sent, again.unchanged, again.made) == (0, 4, [])
    later = MARKS | {
        "anna.i": [mark("data", 18), mark("argument", None, 18, Why.WAITING)],
        "müller": [mark("data", 20.0, note="Now with a word."), MARKS["müller"][1]],
    }
    changed = sent(place, people, later)
    assert (changed.sent, changed.unchanged) == (2, 1)
    assert platform.results(f"{NAME} data")["anna.i"] == 18
    assert platform.results(f"{NAME} argument") == {"anna.i": 12}, "it is not taken back"
    assert sent(place, people, later, again=True).sent == 3
    assert len(platform.columns) == 2


def test_a_mark_that_is_open_again_is_named(place, people, platform):
    sent(place, people)
    now = MARKS | {
        "anna.i": [mark("data", None, why=Why.PUT_OFF)],
    }
    outcome = sent(place, people, now)
    assert outcome.stale == [f"Anna Ivanova ({NAME} data: put off)"]
    assert platform.results(f"{NAME} data")["anna.i"] == 17.5


def test_practice_is_not_sent_and_a_column_is_found_among_many(place, people, platform):
    for exercise in ("00-orientation", "01-frame", "02-russia-2-rethinking"):
        sent(place, people, {"anna.i": [mark("data", 3, 10, exercise=exercise)]})
    practice = mark("argument", 9, 18, counts=False)
    outcome = sent(place, people, {"anna.i": [mark("data", 17), practice]})
    assert (outcome.sent, outcome.made) == (1, [f"{NAME} data"])
    assert len(platform.columns) == 4
    assert sent(place, people, {"anna.i": [mark("data", 18)]}).made == [], "on the second page"


def test_who_is_not_in_the_course_there_is_named_and_stops_nobody(place, people, platform):
    del platform.people["12"]
    outcome = sent(place, people)
    ((reason, names),) = outcome.refused.items()
    assert names == ["Берик Асанов"]
    assert "refuses the mark (HTTP 400)" in reason
    assert outcome.sent == 3
    platform.people["12"] = PEOPLE["12"]
    assert sent(place, people).sent == 1, "the next time it goes through"


def test_half_sent_and_resumed(place, people, platform):
    platform.busy_after = 2
    with pytest.raises(UserError, match=r"no usable answer \(HTTP 503\). 2 marks were sent"):
        sent(place, people)
    platform.busy_after = None
    outcome = sent(place, people)
    assert (outcome.sent, outcome.unchanged) == (2, 2)
    assert len(platform.posted) == 4, "nothing twice"
    assert platform.results(f"{NAME} data") == {"anna.i": 17.5, "berik": 0, "müller": 20}


def test_a_record_that_was_cut_short_costs_one_score_more(place, people, platform):
    sent(place, people)
    file = place / passback.SENT
    file.write_bytes(file.read_bytes()[:-20])
    outcome = sent(place, people)
    assert (outcome.sent, outcome.unchanged) == (1, 3)


def test_a_learning_system_that_is_away_is_one_sentence(place, people):
    text = json.loads((place / registration.PLATFORM).read_text())
    gone = dict(text, token_url="http://127.0.0.1:1/mod/lti/token.php")
    (place / registration.PLATFORM).write_text(json.dumps(gone))
    with pytest.raises(UserError, match=r"cannot be reached. 0 marks .* Nothing is lost"):
        sent(place, people)
    assert not (place / passback.SENT).exists()


def test_a_refused_token_is_one_sentence_without_a_secret(place, people, platform):
    private, _public = registration.key(place)
    jwk = JWK.from_pem(pair("somebody else")[1].encode()).export_public(as_dict=True)
    kid = platform.tool_keys["keys"][0]["kid"]
    platform.tool_keys = {"keys": [jwk | {"kid": kid, "alg": "RS256"}]}
    with pytest.raises(UserError, match=r"lets this tool not in \(HTTP 400\)") as caught:
        sent(place, people)
    said = str(caught.value)
    assert CLIENT not in said
    assert private.splitlines()[1] not in said
    assert caught.value.__suppress_context__
    assert not platform.posted


def test_a_token_that_is_refused_on_the_way_is_no_learners_fault(place, people, platform):
    platform.tokens = 5  # twice for the columns and a new one, and for a mark; not for the next
    with pytest.raises(UserError, match=r"tool not in \(HTTP 400\).* 1 marks were sent until then"):
        sent(place, people)
    platform.tokens = None
    assert (sent(place, people).sent, len(platform.posted)) == (3, 4)


def test_a_redirect_is_not_taken_for_success(place, people, platform):
    platform.redirects = True
    with pytest.raises(UserError, match=r"no usable answer \(HTTP 302\)"):
        sent(place, people)


def test_a_tool_that_may_not_manage_columns_is_told_so(place, people, platform):
    line = launched("90", platform, scope=[registration.SCOPES[1]])
    (place / launches.FILE).write_text(line)
    with pytest.raises(UserError, match=r"not manage its columns and marks \(lineitem\)"):
        sent(place, people)
    (place / launches.FILE).write_text(launched("90", platform, lineitems=""))
    with pytest.raises(UserError, match="did not say where marks"):
        launches.choose(launches.read(place), None)
    (place / launches.FILE).write_text(launched("90", platform, lineitems="http://example.edu/x"))
    with pytest.raises(UserError, match="begin with https"):
        launches.choose(launches.read(place), None)


def test_of_several_courses_one_is_named(place, platform):
    with (place / launches.FILE).open("a") as file:
        file.write('{"learner_id": "half')
        file.write("\n" + launched("11", platform, course="302", title=""))
    found = launches.read(place)
    with pytest.raises(UserError, match=r"--course: 301 \(Central Asia\); 302"):
        launches.choose(found, None)
    with pytest.raises(UserError, match="Which course"):
        launches.choose(found, "303")
    assert launches.choose(found, "302").of(Person(id="x", login="Anna.I")).user == "11"
    assert [p.id for p in launches.roster(place, found[0])] == ["anna.i", "berik", "müller"]
    (place / launches.FILE).unlink()
    with pytest.raises(UserError, match="There is nobody in"):
        launches.read(place)


def test_keys_are_for_their_owner_alone_and_never_printed(tmp_path, platform, capsys):
    register(tmp_path, platform)
    said = capsys.readouterr().out
    lti = tmp_path / "lti"
    private, public = registration.key(lti)
    assert "Initiate login URL: http://127.0.0.1:1/hub/lti13/oauth_login" in said
    assert "learner_id=$User.username" in said
    assert "--client-id ID" in said
    if os.name == "posix":
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in lti.iterdir()}
        assert (modes["key.pem"], modes["platform.json"]) == (0o600, 0o600)
        assert stat.S_IMODE(lti.stat().st_mode) == 0o700
        (lti / "key.pem").chmod(0o640)
        with pytest.raises(UserError, match="Others can read"):
            registration.key(lti)
        (lti / "key.pem").chmod(0o600)
    register(tmp_path, platform, "--client-id", CLIENT, "--deployment", DEPLOYMENT)
    said += capsys.readouterr().out
    assert registration.key(lti) == (private, public), "a second time keeps the key"
    assert registration.read(lti).deployments == [DEPLOYMENT]
    assert 'load_subconfig("' in said
    assert main(["lti", "register", "--dir", str(tmp_path)]) == 0
    assert registration.read(lti).client_id == CLIENT
    said += capsys.readouterr().out
    assert CLIENT not in said
    assert private.splitlines()[1] not in said
    links = (lti / "links.csv").read_text()
    assert f"{NAME},exercise,open=exercises/{NAME}/{NAME}.ipynb," in links
    assert f"{HUB}/hub/user-redirect/lab/tree/notebooks/{NAME}.ipynb" in links


def test_canvas_gets_one_thing_to_paste(tmp_path, capsys):
    line = ["--for", "canvas", "--address", "https://school.instructure.com/"]
    line += ["--hub", "https://hub.example.edu", "--dir", str(tmp_path)]
    assert main(["lti", "register", *line]) == 0
    assert "Paste JSON" in capsys.readouterr().out
    pasted = json.loads((tmp_path / "lti" / "canvas.json").read_text())
    assert pasted["custom_fields"] == {"learner_id": "$User.username"}
    assert pasted["public_jwk"]["kid"]
    assert "d" not in pasted["public_jwk"], "the private part stays here"
    read = registration.read(tmp_path / "lti")
    assert (read.issuer, read.token_url) == (
        "https://canvas.instructure.com", "https://school.instructure.com/login/oauth2/token",
    )  # fmt: skip


@pytest.mark.parametrize(("line", "words"), [
    ([], "Give all three"),
    (["--for", "moodle", "--hub", "https://h.example"], "Give all three"),
    (["--for", "moodle", "--hub", "https://h.example", "--address", "http://m.example"], "https://"),
    (["--for", "moodle", "--hub", "h.example", "--address", "https://m.example"], "https://"),
    (["--for", "moodle", "--hub", "https://h.example?x", "--address", "https://m.example"],
     "no address of a site"),
])  # fmt: skip
def test_an_address_that_cannot_be_is_refused(line, words, tmp_path, capsys):
    assert main(["lti", "register", *line, "--dir", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_damage_is_one_sentence(place, tmp_path, capsys):
    (place / registration.PLATFORM).write_text('{"hub": ')
    assert main(["lti", "send", "--dir", str(tmp_path)]) == 2
    assert "is damaged" in capsys.readouterr().err
    (place / registration.PLATFORM).unlink()
    assert main(["lti", "send", "--dir", str(tmp_path)]) == 2
    assert "Begin with: centralasia lti register" in capsys.readouterr().err


def test_the_command_goes_by_who_came_if_there_is_no_list(
    place, tmp_path, platform, monkeypatch, capsys
):
    monkeypatch.setattr(marks, "of_class", lambda _course, people, _names: {
        person.id: MARKS[person.id] for person in people
    })  # fmt: skip
    assert main(["lti", "send", "03", "--dir", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "4 marks sent, 0 sent before and unchanged." in said
    assert f"{NAME} argument: waits for a marker: Берик Асанов." in said
    (tmp_path / "roster.csv").write_text("learner_id,Full name\nanna.i,Anna\nstranger,No One\n")
    assert main(["lti", "send", "03", "--dir", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "0 marks sent, 2 sent before and unchanged." in said
    assert "never opened a link of this course there: No One." in said
