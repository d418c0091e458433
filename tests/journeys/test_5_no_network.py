"""Journey 5: a first visit with a network, then none; a slow network; and where nothing is kept.

The network is a line between the site and the browser, which can be slow and can be taken away:
then the server answers nobody, the service worker's own requests included.
"""

import gzip
import json
import math
import os
import re
import shutil
import time
from contextlib import suppress
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from browsers import launch, launch_profile
from labs import SOURCE
from patience import HANG, HANG_MS
from playwright.sync_api import Error, expect
from sites import LOOKS, OVERFLOW, ROOT, Line, built, served, violations, watched

from centralasia import course
from centralasia.site import offline

SHOTS = ROOT / "artifacts" / "journeys" / "network"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LESSON = f"lessons/{course.lesson('06').name}.html"
SHORT = f"lessons/{course.lesson('01').name}.html"
EDITION = f"lite/notebooks/index.html?path=notebooks/{course.lesson('00').file.name}"
KEPT = "The book is kept on this device"
WHOLE = "The whole course is kept on this device"
BUTTON = "Make this page live"
DONE = "!document.querySelector('[data-live=waits]')"
STATES = "[...document.querySelectorAll('div.cell')].map(cell => cell.dataset.live)"
SAID = "[...document.querySelectorAll('.ca-code [role=status]')].map(one => one.textContent)"
RESULTS = "[...document.querySelectorAll('.cell_output')].map(one => one.innerHTML)"
OUTPUTS = "document.querySelectorAll('.jp-OutputArea-output').length"
HOLDS_BACK = (
    "performance.getEntriesByType('resource')"
    ".filter(one => one.renderBlockingStatus === 'blocking').map(one => one.name)"
)
WAITS = "async () => (await navigator.serviceWorker.getRegistration()).waiting !== null"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site's folder, which no test here changes."""
    return built("all", tmp_path_factory.mktemp("site"))


@pytest.fixture
def reader(browser):
    """A phone's browser, which has never been here."""
    context = browser.new_context(**PHONE)
    context.add_init_script(on_network(type="wifi"))
    yield context
    context.close()


def on_network(**known):
    """A script by which the browser says what it knows of its network."""
    told = {"configurable": True, "value": known}
    return f"Object.defineProperty(navigator, 'connection', {json.dumps(told)});"


def look(page, name):
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")
    assert page.evaluate(OVERFLOW) <= 0


def said(page):
    return page.locator(".ca-offline [role=status]")


def first_visit(context, address):
    """Open the front page and wait until the book is kept."""
    page = watched(context)
    page.goto(address)
    expect(said(page)).to_contain_text(KEPT)
    return page


def keep_all(page):
    """Press the button that keeps the whole course; return the megabytes that it names."""
    button = page.get_by_role("button", name="Keep the whole course")
    asked = int(re.search(r"\((\d+) MB\)", button.text_content())[1])
    button.click()
    expect(said(page)).to_contain_text(WHOLE)
    expect(button).to_be_hidden()
    return asked


def make_live(page):
    page.get_by_role("button", name=BUTTON).click()
    page.wait_for_selector("[data-live]", state="attached")
    page.wait_for_function(DONE)


def predict(form):
    form.locator("input[type=radio]").first.check()
    form.get_by_role("button", name="Save my prediction").click()
    expect(form.get_by_role("status")).to_contain_text("Kept:")


def edition(page, address):
    """Open a lesson of the browser edition; return the form of its first prediction."""
    page.goto(address)
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    source = page.locator(SOURCE, has_text='predict("00-p1")')
    form = page.locator(".jp-CodeCell", has=source).first
    form.scroll_into_view_if_needed()
    return form


def test_the_book_without_a_network(reader, site):
    line = Line()
    with served(site, line) as address:
        page = first_visit(reader, address)
        look(page, "kept")
        asked = {path for path, _size in line.went}
        print(f"first visit: {sum(size for _path, size in line.went) / 1e6:.1f} MB as packed")
        of_python = {path for path in asked if path.startswith("/lite/")}
        assert of_python == {"/lite/service-worker.js"}  # which the site's worker loads

        # Pages that were never opened, by every form of address; charts, answers, a search.
        line.up, went = False, len(line.went)
        page.goto(address + LESSON)
        predict(page.locator("#ask-06-p1"))
        page.wait_for_function(
            "[...document.querySelectorAll('.ca-chart')].every(c => c.dataset.state === 'drawn')"
        )
        page.reload()
        expect(page.locator("#ask-06-p1 input").first).to_be_checked()
        look(page, "lesson")
        page.goto(f"{address}search.html?q=RU-38&v=3")
        expect(page.locator("#ca-results li a").first).to_have_attribute(
            "href", "claims/RU-38.html"
        )
        for name in ("", "claims/", "record", "claims/RU-38.html#top"):
            assert page.goto(address + name).from_service_worker
            expect(page.locator("article h1")).to_be_visible()
        assert page.evaluate(
            "async () => { const part = await fetch('/searchindex.js', {headers: {Range: "
            "'bytes=0-6'}}); return [part.status, await part.text()]; }"
        ) == [206, "window."]
        assert page.errors == page.abroad == []
        assert len(line.went) == went

        # A page of Python, which was not asked for, and one that there never was.
        for name in (EDITION, "lite", "lessons/no-such-page.html"):
            page.goto(address + name)
            expect(page.locator("h1")).to_have_text("There is no network")
        assert violations(page) == []
        look(page, "not-kept")
        page.get_by_role("link", name="The course").click()
        expect(page.locator(".ca-continue")).to_contain_text("Continue where you stopped: 06")
        page.goto(address + LESSON)
        page.get_by_role("button", name=BUTTON).click()
        expect(page.locator(".ca-live")).to_contain_text("Python cannot be fetched.")


def megabytes(site, *groups):
    """The megabytes of some groups of the site's files, as a page names them."""
    held = offline.groups(site)
    return math.ceil(sum(size for one in groups for _sum, size in held[one].values()) / 1e6)


DEAR, UNKNOWN = "on a mobile network, or that it saves data", "this browser does not say"


@pytest.mark.parametrize(
    ("device", "known", "sentence"),
    [
        (PHONE, {"type": "cellular"}, DEAR),
        (PHONE, {"type": "wifi", "saveData": True}, DEAR),
        (PHONE, {}, UNKNOWN),
        (PHONE, {"type": "wifi"}, KEPT),
        ({}, {}, KEPT),
    ],
    ids=["mobile", "saves", "silent-phone", "wifi", "silent-laptop"],
)
def test_the_book_is_fetched_unasked_only_where_that_costs_nothing(
    device, known, sentence, browser, site
):
    """Elsewhere it is kept once a reader has asked for it, and its size is said before."""
    context = browser.new_context(**device)
    context.add_init_script(on_network(**known))
    line = Line()
    with served(site, line) as address:
        page = watched(context)
        page.goto(address)
        expect(said(page)).to_contain_text(sentence)
        size = f"{megabytes(site, 'book')} MB"
        expect(said(page)).to_contain_text(size)
        fetched = {path for path, _size in line.went}
        button = page.get_by_role("button", name="Keep the book")
        if sentence == KEPT:
            assert f"/{LESSON}" in fetched
            expect(button).to_be_hidden()
            context.close()
            return
        assert f"/{LESSON}" not in fetched
        look(page, f"asked-{'-'.join(map(str, known)) or 'silent'}")
        button.scroll_into_view_if_needed()
        expect(button).to_contain_text(size)
        assert violations(page, [".ca-offline"]) == []
        look(page, f"button-{'-'.join(map(str, known)) or 'silent'}")
        button.tap()
        expect(said(page)).to_contain_text(KEPT)
        line.up = False
        page.goto(address + LESSON)
        expect(page.locator("h1")).to_contain_text("06 ·")
        assert page.errors == page.abroad == []
    context.close()


def test_live_page_and_edition_without_a_network(browser, site):
    """The button keeps what nobody opened: then everything works, and answers stay."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    line = Line()
    with served(site, line) as address:
        page = first_visit(context, address)
        asked = keep_all(page)
        size = sum(size for files in offline.groups(site).values() for _sum, size in files.values())
        assert size <= asked * 1e6 < size + 1e6
        look(page, "whole")

        line.up, went = False, len(line.went)
        page.goto(address + SHORT)
        make_live(page)
        assert set(page.evaluate(STATES)) == {"done"}
        form = edition(page, address + EDITION)
        predict(form)
        page.wait_for_timeout(1500)  # it is saved a moment later
        form = edition(page, address + EDITION)
        expect(form.get_by_role("status")).to_contain_text("Kept:")
        look(page, "edition")
        page.goto(f"{address}lite/index.html")
        assert "00-p1" in page.evaluate("Object.values(localStorage).join()")
        expect(said(page)).to_contain_text(WHOLE)
        assert page.errors == page.abroad == []
        assert len(line.went) == went
    context.close()


def test_python_that_was_used_once_is_there_without_a_network(browser, site):
    """A live page at the first visit, the front page once more, then another lesson without one."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    line = Line()
    with served(site, line) as address:
        page = watched(context)
        page.goto(address + SHORT)
        make_live(page)
        page.goto(address)
        expect(said(page)).to_contain_text("The book and its live pages are kept")
        line.up = False
        page.goto(address + LESSON)
        make_live(page)
        assert set(page.evaluate(STATES)) == {"done"}
        assert page.errors == page.abroad == []
    context.close()


# ---- a new release


def release(folder, word):
    """Make another release of a site: each page and the words of its scripts have a mark."""
    pages = [folder / "index.html", folder / LESSON, folder / SHORT]
    for page in pages:
        text = re.sub(r"<p data-mark>.*?</p>", "", page.read_text("utf-8"))
        marked = text.replace("</article>", f"<p data-mark>{word}</p></article>", 1)
        page.unlink()  # it is a link to the site of all tests
        page.write_text(marked, "utf-8")
    script = folder / "_static/words.js"
    text = re.sub(r"globalThis.MARK.*\n", "", script.read_text("utf-8"))
    script.unlink()
    script.write_text(f"{text}globalThis.MARK = {word!r};\n", "utf-8")
    for made in ("offline.html", offline.WORKER):
        (folder / made).unlink()
    offline.write(folder)


def marks(page):
    """The releases that a page is made of."""
    return page.evaluate("[document.querySelector('[data-mark]').textContent, MARK]")


def arrive(page, address, word):
    """Open a page until it is of a release.

    On a busy machine it may be counted twice for long, and then it loads itself once more while it
    is opened here: Playwright calls that an error of the one that gave way.
    """
    there = f"document.querySelector('[data-mark]')?.textContent === '{word}'"
    for _try in range(HANG // 5):
        with suppress(Error):
            page.goto(address)
            page.wait_for_function(there, timeout=5000)
            return


def test_a_new_release_comes_whole_or_not_at_all(reader, site, tmp_path):
    folder = tmp_path / "site"
    shutil.copytree(site, folder, copy_function=os.link)
    release(folder, "one")
    line = Line()
    with served(folder, line) as address:
        page = first_visit(reader, address)
        release(folder, "two")
        went = len(line.went)
        page.goto(address + LESSON)  # the browser hears of it
        assert marks(page) == ["one", "one"]
        other = watched(reader)
        other.goto(address + SHORT)
        assert marks(other) == ["one", "one"]

        # It is fetched, only what changed of it, and waits as long as two pages are open.
        while not page.evaluate(WAITS):
            page.wait_for_timeout(200)
        assert {path for path, _size in line.went[went:]} == {
            *(f"/{name}" for name in (LESSON, SHORT, "index.html", "_static/words.js")),
            *(f"/{name}" for name in (offline.WORKER, "offline.html")),
        }
        page.reload()
        assert marks(page) == ["one", "one"]

        # The next page that is alone is of the new release, and so are all without a network.
        other.close()
        arrive(page, address, "two")
        assert marks(page) == ["two", "two"]
        line.up = False
        for name in (LESSON, SHORT, "index.html"):
            page.goto(address + name)
            assert marks(page) == ["two", "two"]
        assert page.errors == page.abroad == []


def test_a_release_that_overtakes_the_first_visit_is_not_mixed_with_it(reader, site, tmp_path):
    """Of a reader who saves data only some pages are kept when another release comes."""
    folder = tmp_path / "site"
    shutil.copytree(site, folder, copy_function=os.link)
    release(folder, "one")
    seen = []
    reader.expose_function("seen", lambda *found: seen.append(found))
    reader.add_init_script(
        on_network(saveData=True)
        + "addEventListener('load', () => seen(document.querySelector('[data-mark]').textContent,"
        " MARK));"
    )
    with served(folder, Line()) as address:
        page = watched(reader)
        page.goto(address)
        expect(said(page)).to_contain_text("the pages that you open are kept on this device")
        release(folder, "two")
        arrive(page, address + LESSON, "two")
        arrive(page, address, "two")
    assert set(seen) == {("one", "one"), ("two", "two")}


# ---- a slow network

SLOW = {"bits": 1.5e6, "delay": 0.3}
SECONDS = 2
"""In which there is something to read, says the journey; counted in bytes, for a machine that is
busy may take longer to show them."""


def test_a_slow_first_visit_to_the_book_says_something_within_two_seconds(reader, site):
    line = Line(**SLOW)
    with served(site, line) as address:
        page = watched(reader)
        began = time.monotonic()
        page.goto(address + LESSON, wait_until="commit")
        page.wait_for_selector("article p")
        print(f"the first words after {time.monotonic() - began:.1f} s")
        look(page, "slow-book")
        page.wait_for_load_state("load")
        results = page.evaluate(RESULTS)
        # What comes before the first word: the page up to there, and what holds it back.
        before = {urlsplit(one).path for one in page.evaluate(HOLDS_BACK)}
        weight = sum({path: size for path, size in line.went if path in before}.values())
        words = (site / LESSON).read_text("utf-8")
        first = len(gzip.compress(words[: words.index("</p>", words.index("<article"))].encode()))
        assert 2 * line.delay + 8 * (first + weight) / line.bits <= SECONDS, (first, weight)

        # Python is asked for, and the network goes on the way: it is said, and nothing is lost.
        page.get_by_role("button", name=BUTTON).click()
        expect(page.locator(".ca-live")).to_contain_text("Fetching Python")
        expect(page.locator(".ca-live")).to_contain_text(re.compile(r"\d+ per cent are here"))
        look(page, "slow-python")
        assert len(page.evaluate(RESULTS)) == len(results)
        line.up = False
        expect(page.locator(".ca-live")).to_contain_text("Python cannot be fetched.")
        assert len(page.evaluate(RESULTS)) == len(results)
        assert "" not in page.evaluate(RESULTS)

        # It comes back, and Python is asked for again.
        line.up, line.bits, line.delay = True, None, 0
        page.get_by_role("button", name=BUTTON).click()
        expect(page.locator("[data-live=stopped]")).to_have_count(0)
        page.wait_for_function(DONE)
        assert set(page.evaluate(STATES)) == {"done"}
        assert "Done: the result is new." not in page.evaluate(SAID)


def test_a_slow_first_visit_to_the_edition_loses_no_result(reader, site):
    line = Line(**SLOW)
    with served(site, line) as address:
        page = watched(reader)
        began = time.monotonic()
        page.goto(address + EDITION, wait_until="commit")
        expect(page.locator("#ca-coming")).to_contain_text("The lesson is on its way")
        print(f"the first words after {time.monotonic() - began:.1f} s")
        look(page, "slow-edition")
        assert violations(page) == []
        book = page.get_by_role("link", name="In the book")
        expect(book).to_have_attribute("href", re.compile("lessons/00-.*html$"))
        page.wait_for_selector(".jp-CodeCell .jp-OutputArea-output")
        status = page.locator(".ca-bar [role=status]")
        expect(status).to_contain_text("Fetching Python")
        stored = page.evaluate(OUTPUTS)

        # Whoever runs all cells now is told that they wait; their results stay.
        page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
        page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()
        expect(status).to_contain_text("Your cells run when Python is ready")
        expect(status).to_contain_text("per cent")
        expect(page.locator(".ca-below")).to_be_visible()
        assert page.evaluate(OUTPUTS) == stored
        look(page, "slow-edition-waits")
        line.up = False
        expect(status).to_contain_text("Python cannot be fetched")
        assert page.evaluate(OUTPUTS) == stored
        page.wait_for_timeout(11_000)  # it is saved every ten seconds
        line.up, line.bits, line.delay = True, None, 0
        page.reload()
        page.wait_for_selector(".jp-CodeCell .jp-OutputArea-output")
        assert page.evaluate(OUTPUTS) == stored
        expect(status).to_contain_text("Python is ready.")
        assert page.abroad == []


# ---- where nothing is kept


@pytest.fixture
def blocked(browser, tmp_path):
    """A browser whose user let no page keep anything."""
    settings = tmp_path / "Default/Preferences"
    settings.parent.mkdir()
    cookies = {"default_content_setting_values": {"cookies": 2}}
    settings.write_text(json.dumps({"profile": cookies}), "utf-8")
    playwright = SimpleNamespace(chromium=browser.browser_type)
    context = launch_profile(playwright, str(tmp_path), **PHONE)
    context.set_default_timeout(HANG_MS)
    yield context
    context.close()


@pytest.fixture
def elsewhere(browser):
    """A browser that knows this machine by the name of another one."""
    playwright = SimpleNamespace(chromium=browser.browser_type)
    opened = launch(playwright, "--host-resolver-rules=MAP course.example 127.0.0.1")
    yield opened
    opened.close()


def test_with_its_store_blocked_it_is_told_in_words(blocked, site):
    with served(site, Line()) as address:
        page = watched(blocked)
        page.goto(address)
        expect(said(page)).to_contain_text("This browser keeps no pages")
        expect(page.get_by_role("button", name="Keep the whole course")).to_be_hidden()
        look(page, "blocked")
        page.goto(address + LESSON)
        expect(page.locator(".ca-kept").first).to_contain_text("lets the page keep nothing")
        predict(page.locator("#ask-06-p1"))
        page.goto(address + SHORT)
        make_live(page)
        assert set(page.evaluate(STATES)) == {"done"}
        page.goto(f"{address}lite/index.html")
        expect(page.locator("#blocked")).to_contain_text("lets the page keep nothing")
        look(page, "blocked-start")
        page.goto(address + EDITION, wait_until="commit")  # it stops before it is all there
        expect(page.get_by_role("alert")).to_contain_text("allow this address to keep data")
        page.wait_for_timeout(3000)
        expect(page.locator(".jp-Dialog")).to_have_count(0)
        look(page, "blocked-edition")
        assert violations(page) == []
        page.get_by_role("link", name="In the book").tap()
        expect(page.locator("h1")).to_contain_text("00 ·")


def test_over_plain_http_it_is_told_in_words(elsewhere, site):
    """On an address that is no machine of one's own a browser keeps nothing from http://."""
    with served(site, Line()) as address:
        page = elsewhere.new_page(**PHONE)
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        there = address.replace("127.0.0.1", "course.example")
        page.goto(there)
        expect(said(page)).to_contain_text("begins with http://")
        page.goto(there + LESSON)
        predict(page.locator("#ask-06-p1"))
        make_live(page)
        assert set(page.evaluate(STATES)) == {"done"}
        page.goto(f"{there}lite/index.html")
        expect(page.locator("#plain")).to_contain_text("answers in these lessons last until")
        look(page, "http-start")
        form = edition(page, there + EDITION)
        expect(page.get_by_role("region", name="Answers are not kept")).to_contain_text("http://")
        predict(form)
        look(page, "http-edition")
        assert errors == []


def test_from_a_folder_it_is_told_in_words(reader, site):
    page = watched(reader)
    page.goto((site / "index.html").as_uri())
    expect(said(page)).to_contain_text("opened from a folder, so it needs no network")
    assert page.errors == []


def test_with_no_room_the_site_works_and_says_so(reader, site):
    line = Line()
    with served(site, line) as address:
        page = watched(reader)
        session = reader.new_cdp_session(page)
        session.send("Storage.overrideQuotaForOrigin", {"origin": address[:-1], "quotaSize": 2e6})
        page.goto(address)
        expect(said(page)).to_contain_text("The browser gives too little room")
        page.goto(address + LESSON)
        predict(page.locator("#ask-06-p1"))
        assert page.errors == page.abroad == []


@pytest.mark.parametrize("look_at", LOOKS[:3], ids=lambda one: f"{one[0]}-{one[1]}")
def test_what_is_kept_is_said_in_every_look(look_at, browser, site):
    width, scheme = look_at
    viewport = {"width": width, "height": 900}
    context = browser.new_context(viewport=viewport, color_scheme=scheme)
    with served(site, Line()) as address:
        page = first_visit(context, address)
        button = page.get_by_role("button", name="Keep the whole course")
        button.scroll_into_view_if_needed()
        look(page, f"front-{width}-{scheme}")
        assert violations(page, [".ca-offline"]) == []
        page.goto(f"{address}lite/index.html")
        page.locator(".ca-offline button").scroll_into_view_if_needed()
        look(page, f"start-{width}-{scheme}")
        assert violations(page) == []
        assert page.errors == page.abroad == []
    context.close()


# ---- a damaged memory image


def half(content):
    return content[: len(content) // 2]


def changed(content):
    """A few bytes in the middle are others."""
    middle = len(content) // 2
    return content[:middle] + bytes(255 - byte for byte in content[middle : middle + 9]) + content[middle + 9 :]  # fmt: skip  # noqa: E501


@pytest.mark.parametrize("damage", [half, changed], ids=lambda one: one.__name__)
def test_with_a_damaged_image_python_starts_from_its_packages(damage, browser, site, tmp_path):
    folder = tmp_path / "site"
    shutil.copytree(site, folder, copy_function=os.link)
    (image,) = folder.glob("lite/python/*/image.pack")
    whole = image.read_bytes()
    image.unlink()
    image.write_bytes(damage(whole))
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    with served(folder, Line()) as address:
        page = watched(context)
        warned = []
        page.on("console", lambda said: warned.append(said.text))
        told = []
        page.expose_function("told", lambda text: told.append(text))
        page.goto(address + SHORT)
        page.evaluate(
            "new MutationObserver(() => told(document.querySelector('.ca-live [role=status]')"
            ".textContent)).observe(document.querySelector('.ca-live [role=status]'), "
            "{ childList: true, characterData: true, subtree: true })"
        )
        make_live(page)
        assert set(page.evaluate(STATES)) == {"done"}
        assert "Done: the result is new." not in page.evaluate(SAID)
        assert any("without its image" in text for text in warned)
        assert not [text for text in told if "not" in text]  # nothing wrong was said
        assert page.errors == []

        # What is damaged is not kept: with a whole one the next start is from the image again.
        image.write_bytes(whole)
        warned.clear()
        page.goto(address + SHORT)
        make_live(page)
        assert not [text for text in warned if "without its image" in text]
    context.close()
