"""The way of LTI 1.3 on a real JupyterHub: from a link in a course to a mark in its gradebook."""

import csv
import html
import json
import re
import runpy
import sys
import time

import pytest
import requests
from classes import answered
from patience import HANG, HANG_MS
from platforms import CLIENT, DEPLOYMENT, LEARNER, TEACHER, pair, serving
from traitlets.config import Config

from centralasia.cli import main
from centralasia.lms import launches, registration

if sys.platform == "win32":
    pytest.skip("JupyterHub needs Unix.", allow_module_level=True)

from hubs import Visit, hub

NAME = "03-russia-3-return"
EXERCISE = f"exercises/{NAME}/{NAME}.ipynb"
ANNA, MUELLER = "anna.i", "müller"
PEOPLE = {
    "11": ("Anna.I", "Anna Ivanova", LEARNER),
    "13": (MUELLER, "Jörg Müller", LEARNER),
    "14": ("lola", "Lola Saidova", LEARNER),
    "90": ("teacher", "Gul Nazarova", TEACHER),
}
ROSTER = "Username,Full name\nAnna.I,Anna Ivanova\nmüller,Jörg Müller\nlola,Lola Saidova\n"


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    """Return a learning system with a hub that learners reach from it alone."""
    folder = tmp_path_factory.mktemp("lti")
    course = folder / "course"
    course.mkdir()

    with serving(dict(PEOPLE), "localhost") as made:

        def configured(base):
            line = ["lti", "register", "--for", "moodle", "--address", made.base, "--hub", base]
            line += ["--client-id", CLIENT, "--deployment", DEPLOYMENT, "--dir", str(course)]
            assert main(line) == 0
            made.tool = {"login": f"{base}/hub/lti13/oauth_login", "launch": base}
            made.tool_keys = {
                "keys": [json.loads((course / "lti" / registration.PUBLIC_JWK).read_text())]
            }
            own = str(course / "lti" / registration.HUB)
            return f"c.Spawner.args = []\nload_subconfig({own!r})\n"

        with hub(folder, [], configured) as base:
            made.hub, made.course, made.homes = base, course, folder / "homes"
            yield made


@pytest.fixture(autouse=True)
def well_behaved(platform):
    """Let the learning system say again what is true."""
    platform.says, platform.sign_with, platform.lasts = {}, None, 300


def asked(session, link):
    """Go to the learning system and back, up to the form that it hands the browser."""
    page = session.get(link, timeout=HANG).text
    action = html.unescape(re.search(r'action="([^"]+)"', page)[1])
    return action, dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))


class Launched(Visit):
    """A learner's browser, without the window, that came by a link of the course."""

    def __init__(self, platform, login, **custom):
        self.base, self.name = platform.hub, login
        self.session = requests.Session()
        self.home = f"{self.base}/user/{login}"
        action, form = asked(self.session, platform.link(login, **custom))
        self.answer = self.session.post(action, data=form, timeout=HANG)

    def arrived(self):
        until = time.monotonic() + HANG
        while time.monotonic() < until and "/lab/tree/" not in self.answer.url:
            time.sleep(1)
            self.answer = self.session.get(self.answer.url, timeout=HANG)
        return self.answer.url


def test_a_link_opens_its_lesson_in_a_browser_under_the_id_of_the_list(platform, browser, capsys):
    link = platform.link("Anna.I", open=f"notebooks/{NAME}.ipynb")
    assert link.startswith(platform.hub)
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(platform.base + "/mod/lti/certs.php")  # the browser stands in the learning system
    page.evaluate("to => { location.href = to }", link)
    page.wait_for_url(re.compile(f"/user/{ANNA}/lab/tree/notebooks/{NAME}.ipynb"), timeout=HANG_MS)
    page.locator(".jp-Notebook h1").first.wait_for(timeout=HANG_MS)
    assert "Russia" in page.locator(".jp-Notebook h1").first.inner_text()
    page.close()
    (copy,) = platform.homes.glob("*/central-asia-course")
    assert copy.parent.name == ANNA
    assert (copy / EXERCISE).is_file()


def test_from_a_hand_in_on_the_hub_to_the_mark_in_the_gradebook(platform, capsys):
    course = platform.course
    for login in (ANNA, MUELLER):
        visit = Launched(platform, "Anna.I" if login == ANNA else login, open=EXERCISE)
        visit.name, visit.home = login, f"{platform.hub}/user/{login}"
        assert requests.utils.unquote(visit.arrived()).endswith(
            f"/user/{login}/lab/tree/{EXERCISE}"
        )
        wrong = {"ex03-q1-bloc-share-answer": "bloc_share = 0.5"} if login == MUELLER else {}
        visit.save(EXERCISE, answered(login, wrong))
    link = Launched(platform, "teacher").arrived()
    assert link.endswith("/user/teacher/lab/tree/notebooks/00-orientation.ipynb")
    for home in platform.homes.iterdir():
        file = home / "central-asia-course" / EXERCISE
        if file.is_file() and home.name != "teacher":
            target = course / "submitted" / home.name / NAME
            target.mkdir(parents=True)
            (target / file.name).write_bytes(file.read_bytes())
    (course / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (course / "asked.csv").write_text(f"exercise,parts,due\n{NAME},all,2024-12-07\n")
    at = ["--dir", str(course)]
    assert main(["grade", "03", *at]) == 0
    assert main(["marks", "03", *at]) == 0
    capsys.readouterr()
    assert main(["lti", "send", "03", *at]) == 1, "Lola has a mark and never came"
    said = capsys.readouterr().out
    assert "never opened a link of this course there: Lola Saidova." in said
    with (course / "notes.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    of_data = {row["learner"]: float(row["points"]) for row in table if row["part"] == "data"}
    assert of_data.pop("lola") == 0
    assert platform.results(f"{NAME} data") == of_data
    assert 0 < of_data[MUELLER] < of_data["Anna.I"] == 20
    assert f"{NAME} argument" not in [one["label"] for one in platform.columns], "not marked yet"
    Launched(platform, "lola")
    assert main(["lti", "send", "03", *at]) == 0
    assert "2 marks sent, 2 sent before and unchanged." in capsys.readouterr().out
    assert platform.results(f"{NAME} argument") == {"lola": 0}
    written = (course / "lti" / launches.FILE).read_text(encoding="utf-8")
    assert (course / "lti" / launches.FILE).stat().st_mode & 0o077 == 0
    assert written.count('"anna.i"') == 1, "a second sign-in that says the same adds nothing"


HOSTILE = {
    "nonce": ({"nonce": "another"}, 400, "nonce"),
    "audience": ({"aud": "another", "azp": "another"}, 401, "udience"),
    "issuer": ({"iss": "https://evil.example"}, 400, "ssuer"),
    "deployment": (
        {"https://purl.imsglobal.org/spec/lti/claim/deployment_id": "8"}, 403, "deployment",
    ),
}  # fmt: skip


def refused(platform, answer, status, words):
    assert answer.status_code == status, answer.text
    assert words in html.unescape(answer.text)
    known = (platform.course / "lti" / launches.FILE).read_text(encoding="utf-8")
    assert "mallory" not in known
    return True


@pytest.fixture
def mallory(platform):
    platform.people["66"] = ("mallory", "Mallory", LEARNER)
    file = platform.course / "lti" / launches.FILE
    file.touch(mode=0o600)
    yield "mallory"
    del platform.people["66"]


@pytest.mark.parametrize("case", HOSTILE)
def test_a_message_that_says_another_thing_is_refused(case, platform, mallory):
    platform.says, status, words = HOSTILE[case]
    assert refused(platform, Launched(platform, mallory).answer, status, words)


def test_a_message_that_is_too_old_is_refused(platform, mallory):
    platform.lasts = -60
    assert refused(platform, Launched(platform, mallory).answer, 400, "expired")


def test_a_message_that_somebody_else_signed_is_refused(platform, mallory):
    platform.sign_with = pair("an impostor")[0]
    assert refused(platform, Launched(platform, mallory).answer, 400, "")


def test_a_message_without_a_state_or_signature_is_refused(platform, mallory):
    session = requests.Session()
    action, form = asked(session, platform.link(mallory))
    head, body, _signature = form["id_token"].split(".")
    answer = session.post(action, data=form | {"id_token": f"{head}.{body}."}, timeout=HANG)
    assert refused(platform, answer, 400, "")
    answer = requests.post(action, data=form, timeout=HANG)
    assert refused(platform, answer, 400, "state")
    assert refused(platform, session.post(action, data={}, timeout=HANG), 400, "id_token")


def test_a_message_serves_once(platform):
    session = requests.Session()
    action, form = asked(session, platform.link("lola"))
    stolen = requests.Session()
    stolen.cookies.update(session.cookies.copy())
    first = session.post(action, data=form, allow_redirects=False, timeout=HANG)
    assert first.status_code == 302
    again = session.post(action, data=form, allow_redirects=False, timeout=HANG)
    assert again.status_code == 400
    copied = stolen.post(action, data=form, allow_redirects=False, timeout=HANG)
    assert copied.status_code == 400
    assert "used before" in copied.text


@pytest.mark.parametrize("given", ["$User.username", "", "guest", "../../etc", "a/b", "a b"])
def test_who_has_no_id_that_can_be_used_is_told_so(given, platform, mallory):
    session = requests.Session()
    link = platform.link(mallory)
    platform.custom = {"learner_id": f" {given}"}  # which the learning system does not fill in
    action, form = asked(session, link)
    answer = session.post(action, data=form, timeout=HANG)
    assert refused(platform, answer, 403, "the custom parameter learner_id")


@pytest.mark.parametrize(
    "wanted", ["../../../etc/passwd", "//evil.example/x", "https://evil.example"]
)
def test_a_link_leads_nowhere_but_into_the_learners_files(wanted, platform):
    session = requests.Session()
    action, form = asked(session, platform.link("lola", open=wanted))
    answer = session.post(action, data=form, allow_redirects=False, timeout=HANG)
    assert answer.status_code == 302
    assert "evil" not in answer.headers["Location"]
    assert "etc" not in answer.headers["Location"]


def test_the_hub_follows_no_link_that_lies_where_it_writes(platform, tmp_path):
    """It may run as root, and the folder may be a teacher's."""
    loaded = runpy.run_path(str(platform.course / "lti" / registration.HUB), {"get_config": Config})
    (tmp_path / "secret").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match="link"):
        loaded["_append"](tmp_path / "link", b"x")
    assert (tmp_path / "secret").read_text() == ""
    loaded["_append"](tmp_path / "new", b"1\n")
    loaded["_append"](tmp_path / "new", b"2\n")
    assert (tmp_path / "new").read_text() == "1\n2\n"
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600


def test_a_link_may_have_the_address_of_its_lesson(platform):
    with (platform.course / "lti" / registration.LINKS).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["lesson"] == NAME]
    assert [row["kind"] for row in rows] == ["lesson", "exercise"]
    for row in rows:
        session = requests.Session()
        action, form = asked(session, platform.link("lola", row["address"]))
        answer = session.post(action, data=form, allow_redirects=False, timeout=HANG)
        assert platform.hub + answer.headers["Location"] == row["address"]


@pytest.mark.parametrize("path", ["", "hub/login", f"hub/user-redirect/lab/tree/{EXERCISE}"])
def test_who_comes_by_no_link_is_told_where_the_links_are(path, platform):
    page = requests.get(f"{platform.hub}/{path}", timeout=HANG)
    assert page.status_code == 403
    assert "403 : Not signed in" in page.text
    assert "from your learning system: its link signs you in." in page.text
