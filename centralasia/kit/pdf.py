"""Pages to print: Markdown to PDF by pandoc and Typst, charts as vector pictures.

Both come as wheels (pypandoc_binary, typst), so that a teacher needs no other program and no
network; nothing is downloaded, for no Typst package is used.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from centralasia.files import write_whole

VEGA_LITE = "5.20"
WIDTH = 620
"""Of a chart, in pixels; the type on it then has the size of the text on the page."""
TEMPLATE = Path(__file__).parent / "page.typ"


def from_markdown(text: str) -> str:
    """Return Markdown (GitHub's, with tables) as Typst markup."""
    import pypandoc

    return pypandoc.convert_text(text, "typst", format="gfm-tex_math_dollars", extra_args=[])


def picture(spec: dict, folder: Path, name: str) -> str:
    """Draw a chart into a folder as SVG; return the name of the file."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg(_fixed(spec), vl_version=VEGA_LITE)
    (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
    return f"{name}.svg"


def _fixed(spec: dict) -> dict:
    """Give a chart that takes its size from the page one of its own.

    A map works out its height from its width in a signal, which holds on a page only.
    """
    if spec.get("width") != "container":
        return spec
    fixed = {**spec, "width": WIDTH}
    tall = next((p for p in spec.get("params", []) if p["name"] == "height"), None)
    if tall:
        fixed["params"] = [p for p in spec["params"] if p is not tall]
        fixed["height"] = round(float(tall["expr"].split("*")[0]) * WIDTH)
    return fixed


def write(body: str, file: Path, *, title: str, pictures: Path | None = None) -> Path:
    """Set Typst markup as a PDF.

    Parameters
    ----------
    body : str
        Markup that may show pictures by name.
    file : pathlib.Path
        What to write; a file that is there is replaced.
    title : str
        Stands at the top of each page and in the file's metadata.
    pictures : pathlib.Path, optional
        The folder that holds the pictures.

    Returns
    -------
    pathlib.Path
        The file.
    """
    import typst

    with tempfile.TemporaryDirectory() as scratch:
        folder = pictures or Path(scratch)
        source = folder / "main.typ"
        head = TEMPLATE.read_text(encoding="utf-8").replace("COURSE-TITLE", quoted(title))
        source.write_text(f"{head}\n{body}\n", encoding="utf-8")
        write_whole(file, typst.compile(str(source)))
    return file


def quoted(text: str) -> str:
    """Return a text as a Typst string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
