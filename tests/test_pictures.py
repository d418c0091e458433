"""The pictures beside the charts of lesson files, and what shows them."""

import base64
import copy
import io

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import each_lesson
from nbconvert import HTMLExporter
from PIL import Image

from centralasia import course, notebooks, pictures
from centralasia.charts.renderer import notice
from centralasia.site.lite import contents

SPEC = {
    "data": {"values": [{"x": 1, "y": 2}, {"x": 2, "y": 3}]},
    "mark": "line",
    "encoding": {"x": {"field": "x", "type": "quantitative"}},
    "width": "container",
    "description": "Two points.",
}


def one_chart(spec, png="", **metadata):
    cell = nbformat.v4.new_code_cell("chart")
    data = {pictures.VEGA: spec, pictures.PNG: png}
    output = nbformat.v4.new_output("display_data", data, metadata=metadata)
    cell.outputs = [output]
    return nbformat.v4.new_notebook(cells=[cell])


@each_lesson
def test_each_stored_picture_is_of_the_chart_beside_it(path):
    for output in pictures.charts(notebooks.read(path)):
        about = output.metadata[pictures.PNG]
        spec = output.data[pictures.VEGA]
        assert about[pictures.DRAWN_OF] == pictures.of(spec), (
            f"run: centralasia notebooks execute {path}"
        )
        assert about["alt"] == spec["description"]
        image = Image.open(io.BytesIO(base64.b64decode(output.data[pictures.PNG])))
        assert image.width >= pictures.WIDTH / 2
        assert len(image.getcolors()) <= pictures.SHADES
        assert len(image.getcolors()) > 2, "an empty picture"


def test_a_picture_is_drawn_once_and_anew_where_its_chart_changed():
    first = pictures.put(one_chart(SPEC), one_chart(SPEC))
    (output,) = pictures.charts(first)
    assert output.metadata[pictures.PNG]["alt"] == "Two points."
    stored = copy.deepcopy(first)
    for kept in pictures.charts(stored):
        kept.data[pictures.PNG] = "another machine's"
    (again,) = pictures.charts(pictures.put(one_chart(SPEC, notice()), stored))
    assert again.data[pictures.PNG] == "another machine's"
    (changed,) = pictures.charts(pictures.put(one_chart(SPEC | {"mark": "bar"}), stored))
    assert base64.b64decode(changed.data[pictures.PNG]).startswith(b"\x89PNG")


@pytest.mark.parametrize("template", ["lab", "classic"])
def test_a_page_that_draws_no_chart_shows_the_picture(template):
    """As nbviewer and GitHub do, and what a teacher exports; one of the templates has its words."""
    notebook = notebooks.read(course.lesson("05").file)
    page, _resources = HTMLExporter(template_name=template).from_notebook_node(notebook)
    images = BeautifulSoup(page, "html.parser").select("img[src^='data:image/png']")
    charts = list(pictures.charts(notebook))
    assert len(images) == len(charts)
    if template == "classic":
        words = [one.data[pictures.VEGA].description for one in charts]
        assert [image["alt"] for image in images] == words


def test_the_browser_edition_draws_and_carries_no_picture(tmp_path, monkeypatch):
    lesson = course.lesson("05")
    monkeypatch.setattr(contents.course, "lessons", lambda: [lesson])
    contents.write(tmp_path, "store")
    served = nbformat.read(tmp_path / "files/notebooks" / lesson.file.name, as_version=4)
    charts = list(pictures.charts(served))
    assert charts
    assert {one.data[pictures.PNG] for one in charts} == {notice()}
    assert not any(pictures.PNG in one.metadata for one in charts)
