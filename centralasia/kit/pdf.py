"""Pages to print: Markdown to PDF by pandoc and Typst, charts as vector pictures.

Both come as wheels (pypandoc_binary, typst), so that a teacher needs no other program and no
network; nothing is downloaded, for no Typst package is used.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from centralasia import course, pictures
from centralasia.files import write_whole

WIDTH = 620
"""Of a chart, in pixels; the type on it then has the size of the text on the page."""
TEMPLATE = Path(__file__).parent / "templates" / "page.typ"


def from_markdown(text: str) -> str:
    """Return Markdown (GitHub's, with tables) as Typst markup."""
    import pypandoc

    return str(pypandoc.convert_text(text, "typst", format="gfm-tex_math_dollars"))


def picture(spec: dict[str, Any], folder: Path, name: str, *, share: int) -> str:
    """Draw a chart into a folder as SVG; return Typst that shows it.

    Parameters
    ----------
    spec : dict
        Vega-Lite, whose width may be that of its container.
    folder : pathlib.Path
        Where the picture goes.
    name : str
        Of the file, without its ending.
    share : int
        How much of the page's free height it takes, beside the shares of others.

    Returns
    -------
    str
        A call of the template's ``picture``.
    """
    import vl_convert

    still = pictures.sized(spec, WIDTH)
    svg = vl_convert.vegalite_to_svg(still, vl_version=pictures.VEGA_LITE)
    (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
    return f'#picture({share}fr, "{name}.svg")'


def write(
    body: str, file: Path, *, title: str, pictures: Path | None = None, large: bool = False
) -> Path:
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
    large : bool, optional
        Whether in large print, on A3: the same page, every length times the root of two.

    Returns
    -------
    pathlib.Path
        The file.
    """
    head = TEMPLATE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        folder = pictures or Path(scratch)
        source = f"{head}\n{body}\n"
        write_whole(file, compiled(source, folder, title, large="yes" if large else ""))
    return file


def compiled(source: str, folder: Path, title: str, **asked: str) -> bytes:
    """Return a document of Typst as a PDF.

    Parameters
    ----------
    source : str
        A template with what it is filled with.
    folder : pathlib.Path
        Holds the pictures; the source is put there too.
    title : str
        Of the document.
    **asked
        What the template asks for besides the title and the name of the course.

    Returns
    -------
    bytes
        The file.
    """
    import typst

    main = folder / "main.typ"
    main.write_text(source, encoding="utf-8")
    made = typst.compile(str(main), sys_inputs={"title": title, "course": course.title(), **asked})
    if not isinstance(made, bytes):
        raise TypeError("Typst made more than one file.")
    return made
