"""How the site is put together, as far as it needs no build: templates, words, links, sections."""

import json
import re
import shutil
from pathlib import Path

import jinja2
import pandas as pd
import pytest
from bs4 import BeautifulSoup, NavigableString

from centralasia import course, language, paths, tables, templates
from centralasia.errors import UserError
from centralasia.site import build, words
from centralasia.site.book import lessons, links, reference, search

PACKAGE = Path(course.__file__).parent
TEMPLATES = [
    path
    for folder in ("markup", "site")
    for path in sorted((PACKAGE / folder).rglob("*"))
    if path.suffix in (".html", ".jinja")
]
SCRIPTS = {
    words.of_book: (
        *(
            f"book/static/{name}.js"
            for name in ("book", "charts", "code", "live", "search", "terms")
        ),
        "offline.js",
    ),
    words.of_edition: (
        *(f"lite/page/{name}.js" for name in ("extension", "start", "work")),
        "offline.js",
    ),
}
# What Sphinx reads, not people: fences with their options, the front of a page, where links lead.
_SPHINX = re.compile(
    r"(?ms)^```python.*?^```|^```[^\n]*$|^ *:\w+:|^\.\. automodule::|^orphan: true$|\]\([^)\n]*\)"
)
_READ_ALOUD = ("alt", "aria-label", "placeholder", "title")


def own_words(path):
    """The words of a template that are in no catalogue: of its text and of what is read aloud."""
    environment = templates.environment(path.parent.relative_to(PACKAGE))
    parsed = environment.parse(path.read_text(encoding="utf-8"))
    data = [node.data for node in parsed.find_all(jinja2.nodes.TemplateData)]
    page = BeautifulSoup(_SPHINX.sub("", "".join(data)), "html.parser")
    for machine in page.find_all(["script", "style"]):
        machine.decompose()
    told = [str(tag[name]) for tag in page.find_all() for name in _READ_ALOUD if tag.has_attr(name)]
    shown = [text for text in page.find_all(string=True) if type(text) is NavigableString]
    return [text.strip() for text in [*told, *shown] if re.search(r"[^\W\d_]", text)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_all_words_of_a_template_can_be_translated(path):
    assert own_words(path) == []


@pytest.mark.parametrize("said", SCRIPTS, ids=lambda said: said.__name__)
def test_what_scripts_say_is_what_the_catalogue_has(said):
    source = "".join((PACKAGE / "site" / name).read_text("utf-8") for name in SCRIPTS[said])
    literals = set(re.findall(r'"(\w+)"', source))
    stages = re.findall(r'tell\("(\w+)"', (PACKAGE / "site/lite/page/boot.js").read_text("utf-8"))
    asked = set(re.findall(r'\b(?:centralasiaSay|say|words)\("(\w+)"', source))
    assert asked <= set(said())
    assert set(said()) <= literals | set(stages)


def test_the_catalogue_of_a_page_comes_in_the_language_that_is_asked_for(monkeypatch):
    monkeypatch.setenv(language.ENV, language.PSEUDO)
    script = words.script(words.of_book())
    found = json.loads(script[script.index("{") : script.index("};") + 1])
    assert all(text.startswith("⟦") for text in found.values())
    assert "{n}" in found["found"]


def test_a_claim_about_an_unknown_power_names_the_file_to_edit(tmp_path):
    shutil.copytree(paths.data_dir(), tmp_path, dirs_exist_ok=True)
    powers = (tmp_path / "powers.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    rest = [line for line in powers if not line.startswith("china,")]
    (tmp_path / "powers.csv").write_text("".join(rest), encoding="utf-8")
    with (
        paths.using(tmp_path),
        pytest.raises(tables.UnknownValue, match=r"'china'.*data/powers\.csv"),
    ):
        reference.claim_pages({})


@pytest.mark.parametrize(
    ("claim", "seen"),
    [("CN-72", "saw the finding and no verdict"), ("RU-66", "could see the outcome")],
)
def test_a_page_of_part_two_says_what_its_second_coder_saw(claim, seen):
    page = reference.claim_pages({})[f"claims/{claim}"]
    assert "First coder, who wrote the finding" in page
    assert seen in page


def test_a_table_named_in_a_ground_leads_to_its_entry():
    claims = tables.load("claims").query("kind == 'figure'").dropna(subset="decided_by")
    page = reference.claim_pages({})[f"claims/{claims['claim_id'].iloc[0]}"]
    assert re.search(r'<a href="\.\./codebook\.html#[a-z-]+">[a-z_]+</a>: ', page)


def test_a_link_to_nothing_stops_the_build():
    here, pages = set(), {"03-x": "lessons/03-x"}
    output = BeautifulSoup('<a href="#RU-38">a</a><a href="03-x.ipynb">b</a>', "html.parser")
    links.in_html(output, here, pages)
    assert [link["href"] for link in output.find_all("a")] == [
        "../claims/RU-38.html",
        "../lessons/03-x.html",
    ]
    for nowhere in ("#RU-999", "99-nowhere.ipynb"):
        with pytest.raises(links.LeadsNowhere):
            links.in_html(BeautifulSoup(f'<a href="{nowhere}">x</a>', "html.parser"), here, pages)
        with pytest.raises(links.LeadsNowhere):
            links.in_text(f"[x]({nowhere})", here, pages)


def test_a_section_has_its_own_text_and_no_other():
    page = """<article><section id="a"><h1>Oil<a class="headerlink">#</a></h1>
    <p>By <em>pipe</em>.</p>
    <section id="b"><h2>Gas</h2><ul><li id="EV-1">1994: A line.</li><li>Loose.</li></ul></section>
    <dl><dt id="term-x">Baku</dt><dd>A <b>port</b>.</dd><dt>No id</dt><dd>Left.</dd></dl>
    <div class="ca-doors">Open</div></section></article>"""
    assert search.sections(page) == [
        ("a", "Oil", "By pipe. No id Left."),
        ("b", "Gas", "Loose."),
        ("EV-1", "", "1994: A line."),
        ("term-x", "Baku", "A port."),
    ]


def test_a_folder_of_somebody_s_own_is_not_cleared(tmp_path):
    mine = tmp_path / "thesis.docx"
    mine.write_text("years of work", "utf-8")
    with pytest.raises(UserError, match="Name an empty folder"):
        build.run("book", tmp_path)
    assert mine.read_text("utf-8") == "years of work"


def test_a_table_of_the_book_has_names_for_codes_and_dates_as_one_says_them():
    frame = pd.DataFrame(
        {
            "date_text": ["2021-03", "2024-06-06"],
            "title": ["A" * 50, "B"],
            "initiator": ["KAZ", "unclear"],
            "n": [1, 2],
        }
    ).set_index("date_text")
    notebook = {"cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# A"}]}
    html = {"output_type": "display_data", "metadata": {}, "data": {"text/html": frame.to_html()}}
    cell = {"cell_type": "code", "id": "b", "metadata": {}, "source": "", "outputs": [html]}
    notebook["cells"].append(cell)
    made = lessons.page(notebook, "notebooks/03-x.ipynb", {})
    table = BeautifulSoup(made["cells"][-1]["outputs"][0]["data"]["text/html"], "html.parser")
    rows = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in table("tr")]
    assert rows == [
        ["Date", "Title", "Initiator", "N"],
        ["March 2021", "A" * 50, "Kazakhstan", "1"],
        ["6 June 2024", "B", "unclear", "2"],
    ]
    classes = [cell.get("class") for cell in table.select("tbody tr:first-child > *")]
    assert classes == [["ca-text"], ["ca-long"], ["ca-text"], None]
