"""Words for people: all are in the catalogue, and none is left out or breaks a page when it grows.

In the pseudo-language each vowel of ours has an accent and each text is 40 % longer, so a plain
vowel outside the lesson's data is a text that no translator would see.
"""

import ast
import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from pages import overflows, shown
from test_room import Served

from centralasia import bibliography, cards, language, progress, tables, widgets
from centralasia.roleplay import games, show
from centralasia.room import alone, codes, questions, server
from centralasia.room.state import RequestRefused, Room
from centralasia.widgets import spoken

ROOT = Path(__file__).resolve().parents[1]
TEXTS = {
    "items": ["prompt", "explanation"],
    "options": ["text", "feedback"],
    "claims": [
        *("claim_id", "claim", "finding", "correction", "support", "challenge", "decided_by"),
        "criterion",
    ],
    "moves": ["label", "unit", "decided_by"],
    "roles": ["name"],
    "payoffs": ["text"],
}
"""Columns that are written in the lesson's language and not looked up."""


@pytest.fixture(autouse=True)
def record_file(tmp_path, monkeypatch):
    monkeypatch.setenv(progress.ENV, str(tmp_path / "progress.jsonl"))


@pytest.fixture
def pseudo(monkeypatch):
    monkeypatch.setenv(language.ENV, language.PSEUDO)


@pytest.fixture(scope="module")
def data():
    """Every text that is data."""
    return {
        str(text)
        for table, columns in TEXTS.items()
        for column in columns
        for text in tables.load(table)[column].dropna()
    }


class Words(HTMLParser):
    """Collect what a reader sees or hears of a page."""

    def __init__(self, html):
        super().__init__()
        self.hidden, self.text = False, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.hidden = tag == "style"
        self.text += [value for name, value in attrs if name in ("aria-label", "title", "alt")]

    def handle_endtag(self, _tag):
        self.hidden = False

    def handle_data(self, text):
        if not self.hidden:
            self.text.append(text)


class Tags(HTMLParser):
    """Find the words that a page's script says."""

    def __init__(self, html):
        super().__init__()
        self.words = ""
        self.feed(html)

    def handle_starttag(self, _tag, attrs):
        self.words = dict(attrs).get("data-words") or self.words


def words_of(html):
    return " ".join(Words(html).text)


def unmarked(texts, data):
    """Return the words that are neither data nor in the pseudo-language."""
    text = "\n".join(dict.fromkeys(texts))
    for known in sorted(data, key=len, reverse=True):
        text = text.replace(known, " ")
    return [word for word in re.findall(r"[^\W\d_]{2,}", text) if re.search("[aeiou]", word, re.I)]


def test_the_catalogue_holds_every_text():
    assert language.TEMPLATE.read_bytes() == language.template(ROOT), (
        "Texts for people have changed. Run: python -m centralasia.language"
    )


def test_a_text_is_looked_up_before_its_values_are_filled_in():
    """`_(f"{n} claims")` and `_("{n} claims".format(n=n))` are in no catalogue."""
    late = []
    for file in sorted((ROOT / "centralasia").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "plural", "N_"):
                texts = node.args[:2] if node.func.id == "plural" else node.args[:1]
                late += [
                    f"{file.relative_to(ROOT)}:{node.lineno}"
                    for text in texts
                    if isinstance(text, (ast.JoinedStr, ast.Call, ast.BinOp))
                ]
    assert late == []


def test_no_text_stands_inside_an_f_string():
    """Python 3.11 hides it there from whoever gathers the texts, and 3.12 does not."""
    hidden = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in sorted((ROOT / "centralasia").rglob("*.py"))
        for whole in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(whole, ast.JoinedStr)
        for node in ast.walk(whole)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ("_", "plural", "N_")
        and isinstance(node.args[0], ast.Constant)
    ]
    assert hidden == []


def test_a_translation_is_found_and_the_rest_stays_english(tmp_path, monkeypatch):
    """The way that CONTRIBUTING describes, with Babel's commands."""
    from babel.messages.frontend import CommandLineInterface

    monkeypatch.setattr(language, "LOCALES", tmp_path)
    language.translations.cache_clear()
    run = CommandLineInterface().run
    at = ["-D", "centralasia", "-d", str(tmp_path), "-l", "ru"]
    run(["pybabel", "-q", "init", "-i", str(language.TEMPLATE), *at])
    po = tmp_path / "ru" / "LC_MESSAGES" / "centralasia.po"
    english = 'msgid "Choose an answer first."\nmsgstr ""'
    source = po.read_text(encoding="utf-8")
    assert english in source
    russian = english[:-2] + '"Сначала выберите ответ."'
    po.write_text(source.replace(english, russian), encoding="utf-8")
    run(["pybabel", "-q", "compile", *at])
    monkeypatch.setenv(language.ENV, "ru")
    words = widgets.predict("03-p1").form.words
    assert words["choose"] == "Сначала выберите ответ."
    assert words["savePrediction"] == "Save my prediction"
    assert language.code() == "ru"
    language.translations.cache_clear()


def test_no_widget_leaves_a_text_of_ours_unmarked(pseudo, data):
    """What is stored, what a form is given to say, and what its own page says."""
    claims = cards.claims(["RU-12", "RU-38"])
    codings = tables.load("codings")["reason"].dropna()
    known = [
        *(cards.kind_line(claim) for _n, claim in claims.iterrows()),
        *bibliography.claim_sources(list(claims["claim_id"])).values(),
        *bibliography.dated_record(claims).values(),
    ]
    known = [words_of(html) for html in known] + [*data, *codings]
    seen = [*spoken.of_book().values()]
    for widget in (
        widgets.quiz("03"),
        widgets.misconceptions("before"),
        widgets.misconceptions("after"),
        widgets.predict("03-p1"),
        widgets.reveal("03-p1", 1),
        widgets.claim_check(["RU-12", "RU-38"]),
        widgets.my_progress(),
        widgets.my_gain(),
        widgets.review("05"),
    ):
        seen.append(words_of(widget._repr_mimebundle_()["text/html"]))
        asked = widget.form.question
        seen += [asked.get("later", "")]
        for claim in asked.get("claims", []):
            seen += [words_of(claim["rules"]), words_of(claim["grounds"])]
        for scale in asked.get("verdicts", {}).values():
            seen += [word for _key, word in scale]
    # What stands in braces is filled in by the page.
    seen = [re.sub(r"\{\w+\}", "", text) for text in seen]
    assert unmarked(seen, [*known, "Shift + Enter", "Notepad"]) == []


def test_no_message_of_the_boards_and_the_room_is_unmarked(pseudo, data, tmp_path):
    file = str(tmp_path / "play.json")
    seen = []
    for game in ("A", "B"):
        board = show(game)
        acts = [{"enter": {"rent": 999}}, {"enter": {}}, {"undo": True}, {"save": file}]
        acts += [{"enter": {}}] * 5 + [{"load": file}, {"load": "none"}, {}]
        for act in acts:
            board.receive(act)
            rows = [text for row in board.scores.get("rows", []) for text in row]
            seen += [board.title, board.step, board.status, *rows, *board.words.values()]
            seen += [text for term in board.terms for text in term]
        board.close()
    for page in (server.page(), server.board()):
        seen.append(words_of(page))
        seen += json.loads(Tags(page).words).values()
    room = Room()
    desk = server.Desk(room, "127.0.0.1", 8808)
    room.expect(1)
    for n in range(8):
        room.join(room.code, f"10.0.0.{n}")
    acts = [
        lambda: room.join("", ""),
        lambda: room.turn("after"),
        lambda: room.ask(questions.find("00-p1", confidence=True)),
        lambda: room.answer("", {}),
        lambda: room.take_code("000000"),
        lambda: room.count_hands([]),
        lambda: room.count_hands([2000, 0, 0, 0]),
        lambda: room.count_hands([3, 0, 0, 0]),
        lambda: room.ask(questions.find("00-p1", confidence=True)),
        lambda: [room.join(room.code, "10.0.0.1") for _ in range(5)],
        lambda: [room.take_code(codes.write("00-p1", codes.Coded("before", 1, 1, 1)))],
        lambda: room.turn("reveal"),
        lambda: room.take_code("000000"),
    ]
    refusals = 0
    for act in acts:
        try:
            seen += act() or []
        except RequestRefused as error:
            refusals += 1
            seen.append(str(error))
        shown = desk.shown()
        seen += [*shown["said"].values(), *(warning["text"] for warning in shown["warnings"])]
    assert refusals == 9
    seen = [re.sub(r"\{\w+\}", "", text) for text in seen]
    plain = [file, "centralasia room", *tables.load("moves")["move"]]
    assert unmarked(seen, [*plain, *data, "none"]) == []


@pytest.fixture
def in_browser(browser, data, pseudo):
    """Look at a page in the pseudo-language on a telephone: all marked, nothing too wide."""

    def looked(page, known=()):
        told = page.evaluate(
            """() => [document.body.innerText, ...[...document.querySelectorAll("[aria-label],"
              + "[aria-valuetext]")].flatMap((node) => [node.ariaLabel, node.ariaValueText])]"""
        )
        assert unmarked(filter(None, told), [*known, *data, "Widget"]) == []
        assert overflows(page) == []
        assert Axe().run(page).violations_count == 0

    return looked


def names_of_sources(claims):
    """Return each text of the lists of sources and events, which are data."""
    html = " ".join(claim["rules"] for claim in claims)
    texts = (unescape(text).strip(" ,\n") for text in re.split(r"<[^>]+>|⟦[^⟧]*⟧|, (?=\d)", html))
    return [text for text in texts if len(text) > 1]


@pytest.mark.parametrize("asked", ["prediction", "claims", "quiz", "misconceptions"])
def test_a_form_in_the_pseudo_language_on_a_telephone(asked, in_browser, browser):
    widget = {
        "prediction": lambda: widgets.predict("03-p1"),
        "claims": lambda: widgets.claim_check(["RU-12", "RU-38"]),
        "quiz": lambda: widgets.quiz("03"),
        "misconceptions": lambda: widgets.misconceptions("after"),
    }[asked]()
    asked = widget.form.question.get("claims", [])
    known = [claim["short"].removesuffix(" …") for claim in asked]
    known += [words_of(claim[part]) for claim in asked for part in ("rules", "grounds")]
    known += [*tables.load("codings")["reason"].dropna(), *names_of_sources(asked)]
    known += [cards.kind_line(claim) for _n, claim in cards.claims(["RU-12", "RU-38"]).iterrows()]
    with shown(browser, widget.form, 390) as page:
        for _press in range(3):
            in_browser(page, known)
            radios = page.locator("input[type=radio]:enabled:visible")
            if radios.count():
                radios.first.check()
            page.locator("button.ca-main:visible").first.click()
        in_browser(page, known)


@pytest.mark.parametrize("game", ["A", "B"])
def test_the_role_plays_board_in_the_pseudo_language_on_a_telephone(game, in_browser, browser):
    with shown(browser, show(game), 390) as page:
        for number, _round in enumerate(games.game(game).rounds, start=1):
            in_browser(page)
            page.locator("button.ca-main").click()
            page.get_by_role("status").get_by_text(f"Róúnd {number} ís éntéréd").wait_for()
        page.locator("summary").click()
        in_browser(page)


@pytest.fixture
def served():
    served = Served(Room())
    yield served
    served.stop()


def test_the_rooms_board_and_a_phone_in_the_pseudo_language(served, in_browser, browser):
    known = [served.url, *(f"{number} · {title}" for number, title in questions.lessons().items())]
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{served.desk.board()}&03")
    page.get_by_role("button", name="⟦Ásk ít").wait_for()
    page.locator("#item option").first.wait_for(state="attached")
    known.append(served.room.code)
    in_browser(page, known)
    phone = browser.new_page(viewport={"width": 390, "height": 800})
    phone.goto(served.url)
    in_browser(phone)
    phone.locator("#code").fill("WRONG")
    phone.keyboard.press("Enter")
    phone.get_by_text("⟦Thát ís").wait_for()
    in_browser(phone)
    phone.locator("#code").fill(served.room.code)
    phone.keyboard.press("Enter")
    phone.get_by_text("⟦Yóú áré").wait_for()
    steps = {
        "Ásk ít": "Chóósé",
        "Clósé": "Clóséd",
        "Ásk ágáín": "Sécónd",
        " Clósé": "Clóséd",
        "Shów whát": "Séé whát",
    }
    for pressed, comes in steps.items():
        pressed = pressed.strip()
        page.get_by_role("button", name=f"⟦{pressed}").click()
        phone.get_by_text(f"⟦{comes}").wait_for()
        if pressed.startswith("Ásk"):
            phone.locator("#options input").first.check()
            phone.get_by_text("⟦Hów súré").wait_for()
        in_browser(phone)
        in_browser(page, known)
    phone.close()
    page.close()


def test_the_page_without_a_network_in_the_pseudo_language(in_browser, browser, tmp_path):
    file = tmp_path / "answer.html"
    file.write_text(alone.page(["03"]), encoding="utf-8")
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(file.as_uri())
    page.locator("#options input").first.check()
    known = [*questions.lessons().values(), page.locator("#code").inner_text()]
    in_browser(page, known)
    page.close()
