"""How long from a key press to the repaint, for four ways to let a reader choose a year.

    python benchmarks/interaction.py [--moves 40] [--site site/_site]

All four show who belonged where on 1 January of a year. The chart of the course moves in the
browser; a form of the course asks Python; `ipywidgets.interact` draws the same chart anew, as most
courses do it; and so does a table of matplotlib (`pip install matplotlib`; without it the row is
left out). Each is driven by the arrow keys of a real browser, in one JupyterLab, one after another.
The clock starts with the key's own time stamp and stops in the frame that shows the new year.

With a built site (`centralasia site`) also: what a lesson's page weighs, its first paint, and when
its first chart is drawn; and when Python in the browser gives the first result, at the first visit
and at the next, in the edition and in a page of the book.
"""

import argparse
import gzip
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browsers import launch, launch_profile  # noqa: E402
from sites import served  # noqa: E402

from centralasia import course  # noqa: E402
from centralasia.lab import free_port  # noqa: E402

SETUP = """import ipywidgets, pandas as pd
from IPython.display import display
from centralasia import charts, tables, widgets
charts.use_theme()
spells = tables.load("memberships")
def matrix(year):
    return charts.membership_matrix(
        spells, title="Who belonged where", description="Members", on=f"{year}-01-01")"""
PARAM = "matrix(2005)"
FORM = 'widgets.claim_check(["RU-06", "RU-07", "RU-08", "RU-09", "RU-10", "RU-11", "RU-12"])'
INTERACT = """def draw(year):
    display(matrix(year))
ipywidgets.interact(draw, year=ipywidgets.IntSlider(2005, 1991, 2025));"""
MATPLOTLIB = """import matplotlib.pyplot as plt
def plot(year):
    states = ["KAZ", "KGZ", "TJK", "TKM", "UZB"]
    bodies = list(dict.fromkeys(spells["organization"]))[:7]
    on = spells[(spells["start"] <= f"{year}-01-01") & ~(spells["end"] < f"{year}-01-01")]
    pairs = set(zip(on["organization"], on["country"]))
    grid = [[int((body, state) in pairs) for state in states] for body in bodies]
    figure, axes = plt.subplots(figsize=(8, 4))
    axes.imshow(grid, aspect="auto")
    axes.set_xticks(range(5), states); axes.set_yticks(range(len(bodies)), bodies)
    axes.set_title(f"On 1 January {year}")
    plt.show()
ipywidgets.interact(plot, year=ipywidgets.IntSlider(2005, 1991, 2025));"""

WATCH = """([cell, wanted]) => new Promise(resolve => {
    const area = document.querySelectorAll('.jp-CodeCell')[cell].querySelector('.jp-OutputArea');
    let pressed = 0, picture = area.querySelector('img')?.src;
    const shown = () => {
        if (wanted !== 'picture') return area.textContent.includes(wanted);
        const now = area.querySelector('img');
        return now && now.src !== picture && now.complete && now.naturalWidth > 0;
    };
    const stop = () => {
        if (!pressed || !shown()) return requestAnimationFrame(stop);
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - pressed)));
    };
    window.addEventListener('keydown', event => { pressed = event.timeStamp; stop(); },
        { capture: true, once: true });
})"""
"""Resolves to milliseconds from the next key to the frame after the one that shows a text."""
PAINTS = """() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    bytes: [...performance.getEntriesByType('resource'),
            ...performance.getEntriesByType('navigation')]
        .map(entry => entry.name),
})"""
DRAWN = "document.querySelector('.ca-chart')?.dataset.state === 'drawn' && performance.now()"


def notebook(sources):
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{n}",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for n, source in enumerate(sources)
    ]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    return {
        "cells": cells,
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


@contextmanager
def lab():
    """Start JupyterLab as a learner does; yield its folder and address."""
    with tempfile.TemporaryDirectory() as home:
        folder, log = Path(home) / "my-course", Path(home) / "lab.log"
        command = [sys.executable, "-m", "centralasia.cli", "lab", str(folder), "--no-browser"]
        with log.open("w") as output:
            server = subprocess.Popen(
                [*command, "--port", str(free_port(9400))],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(os.environ, HOME=home, PYTHONUNBUFFERED="1"),
            )
        try:
            while not (found := re.search(r"http://\S*token=\w+", log.read_text())):
                time.sleep(0.5)
                assert server.poll() is None, log.read_text()
            yield folder, urlsplit(found.group())
        finally:
            server.terminate()
            server.wait(30)


def moves(page, cell, focus, wanted, count):
    """Press the right arrow again and again; return the milliseconds of each move."""
    place = page.locator(".jp-CodeCell").nth(cell)
    place.scroll_into_view_if_needed()
    page.wait_for_timeout(1500)
    times = []
    for n in range(count + 5):
        place.locator(focus).first.focus()
        watching = page.evaluate_handle(f"args => ({{ done: ({WATCH})(args) }})", [cell, wanted(n)])
        page.keyboard.press("ArrowLeft" if n % 2 else "ArrowRight")
        times.append(page.evaluate("async watch => await watch.done", watching))
        page.wait_for_timeout(120)
    return times[5:]


def latencies(browser, count):
    """Return the moves' milliseconds of each way."""
    ways = {
        "course chart, in the browser": (PARAM, "input[type=range]", _year),
        "course form, through Python": (FORM, "select", _claim),
        "interact, Altair chart drawn anew": (INTERACT, ".noUi-handle", _year),
    }
    if find_spec("matplotlib"):
        ways["interact, matplotlib"] = (MATPLOTLIB, ".noUi-handle", lambda _n: "picture")
    with lab() as (folder, address):
        sources = [SETUP, *(way[0] for way in ways.values())]
        (folder / "moves.ipynb").write_text(json.dumps(notebook(sources)), encoding="utf-8")
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(120_000)
        page.goto(address._replace(path="/lab/workspaces/moves/tree/moves.ipynb").geturl())
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
        page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).click()
        page.locator(".jp-InputPrompt", has_text=f"[{len(sources)}]").wait_for(state="attached")
        found = {
            name: moves(page, n, focus, wanted, count)
            for n, (name, (_source, focus, wanted)) in enumerate(ways.items(), 1)
        }
        page.close()
    return found


def _year(n):
    return f"On 1 January {2005 if n % 2 else 2006}"


def _claim(n):
    return f"Claim {1 if n % 2 else 2} of"


def page_weights(browser, site):
    """Return bytes, first paint and first chart of each lesson's page."""
    rows = []
    with served(site) as address:
        for path in sorted((site / "lessons").glob("*.html")):
            opened = browser.new_context(viewport={"width": 1280, "height": 900})
            page = opened.new_page()
            page.goto(f"{address}lessons/{path.name}")
            drawn = page.wait_for_function(DRAWN).json_value()
            seen = page.evaluate(PAINTS)
            files = {urlsplit(name).path.lstrip("/") for name in seen["bytes"]}
            contents = [(site / name).read_bytes() for name in files if (site / name).is_file()]
            plain = sum(map(len, contents)) / 1e3
            packed = sum(len(gzip.compress(content)) for content in contents) / 1e3
            rows.append((path.stem, plain, packed, seen["paint"], drawn))
            opened.close()
    return rows


def first_in_edition(page, address):
    page.goto(f"{address}lite/notebooks/index.html?path=notebooks/{course.lessons()[0].file.name}")
    page.locator(".jp-CodeCell").first.click()
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector(".jp-InputPrompt:text('[*]')")
    page.wait_for_selector(".jp-InputPrompt:text('[1]')")


def first_in_book(page, address):
    page.goto(f"{address}lessons/{course.lessons()[0].name}.html")
    page.get_by_role("button", name="Make this page live").click()
    page.wait_for_selector("[data-live=done]", state="attached")


VISITS = {
    "edition, from the packages": (first_in_edition, False),
    "edition, from the memory image": (first_in_edition, True),
    "page of the book made live": (first_in_book, True),
}
"""Where the image does not come, Python starts as it does in a browser that cannot restore it."""


def visits(playwright, site, times):
    """Return, for each way, the seconds from opening lesson 00 to its first result.

    Each time is one profile of a browser with two visits; the ways take turns.
    """
    found = {way: ([], []) for way in VISITS}
    with served(site) as address:
        for _ in range(times):
            for way, (first_result, image) in VISITS.items():
                with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                    for seconds in found[way]:
                        opened = launch_profile(playwright, folder)
                        opened.set_default_timeout(300_000)
                        if not image:
                            opened.route(
                                "**/image.pack", lambda route: route.fulfill(body=b"no image")
                            )
                        page = opened.new_page()
                        began = time.monotonic()
                        first_result(page, address)
                        seconds.append(time.monotonic() - began)
                        page.wait_for_timeout(8000)  # what was fetched is put on the disk
                        opened.close()
    return found


def print_visits(found):
    print("\n| first result of lesson 00 | first visit s | next visit s | times as quick |")
    print("|---|---|---|---|")
    base = [statistics.median(seconds) for seconds in next(iter(found.values()))]
    for way, both in found.items():
        medians = [statistics.median(seconds) for seconds in both]
        told = [f"{m:.1f} ({min(s):.1f}-{max(s):.1f})" for m, s in zip(medians, both, strict=True)]
        ratios = " and ".join(f"{b / m:.1f}" for b, m in zip(base, medians, strict=True))
        print(f"| {way} | {told[0]} | {told[1]} | {ratios} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moves", type=int, default=40, help="of each slider, after five to warm")
    parser.add_argument("--site", type=Path, default=ROOT / "site" / "_site")
    parser.add_argument("--visits", type=int, default=3, help="profiles for each way to Python")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        found = latencies(browser, options.moves)
        base = statistics.median(next(iter(found.values())))
        print("| way | median ms | p95 ms | ratio of medians |\n|---|---|---|---|")
        for name, times in found.items():
            middle, high = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            print(f"| {name} | {middle:.0f} | {high:.0f} | {middle / base:.1f} |", flush=True)
        if (options.site / "lessons").is_dir():
            print("\n| page | kB | kB packed | first paint ms | first chart ms |")
            print("|---|---|---|---|---|")
            for row in page_weights(browser, options.site):
                print("| {} | {:.0f} | {:.0f} | {:.0f} | {:.0f} |".format(*row))
        if (options.site / "lite").is_dir():
            print_visits(visits(playwright, options.site, options.visits))
        browser.close()
    print(f"Load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
