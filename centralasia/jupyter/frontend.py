"""What Jupyter has to find in one of its data folders so that the course lives in it."""

from __future__ import annotations

import json
from pathlib import Path

from centralasia import __version__, style
from centralasia.controls import script
from centralasia.files import write_whole
from centralasia.notebooks import KERNELSPEC
from centralasia.widgets import base, spoken

NAME = "centralasia"
LOAD = "static/forms.js"
_KERNEL = {
    "argv": [
        *("python", "-m", "ipykernel_launcher", "-f", "{connection_file}"),
        "--IPKernelApp.extra_extensions=centralasia.jupyter",
    ],
    "display_name": KERNELSPEC["display_name"],
    "language": KERNELSPEC["language"],
    "metadata": {"debugger": True, "supported_encryption": ["curve"]},
    "kernel_protocol_version": "5.5",
}
"""As ipykernel has it, and the course besides."""
_PACKAGE = {
    "name": NAME,
    "version": __version__,
    "jupyterlab": {"_build": {"load": LOAD, "extension": "./extension"}},
}


def forms(*, disk: bool) -> str:
    """Return the script of the extension, which is one file and needs no bundler.

    Parameters
    ----------
    disk : bool
        Whether the notebooks and the answers are files of this machine. Else the browser keeps
        both.
    """
    widgets = Path(base.__file__).parent
    files = [widgets / f"{name}.js" for name in (*base.SCRIPTS, "kernel", base.STORE)]
    given: dict[str, object] = {"DISK": disk, "KERNELSPEC": KERNELSPEC}
    sheet = Path(__file__).with_name("hand_in.css").read_text("utf-8")
    given |= {"CSS": style.CSS + style.FORM_CSS + sheet, "WORDS": spoken.of_jupyter()}
    said = "".join(
        f"const {name} = {json.dumps(value, ensure_ascii=False)};\n"
        for name, value in given.items()
    )
    ours = [Path(__file__).with_name(f"{name}.js") for name in ("hand_in", "forms")]
    return f"(() => {{\n{said}{script(*files, *ours)}\n}})();\n"


def write(folder: Path) -> None:
    """Write the kernel's specification and the extension to a data folder of Jupyter.

    Parameters
    ----------
    folder : pathlib.Path
        Such as ``share/jupyter`` of an environment, or one that ``JUPYTER_PATH`` names. What lies
        there already under these names is replaced.

    Raises
    ------
    OSError
        If it cannot be written to.
    """
    extension = folder / "labextensions" / NAME
    for path, text in {
        folder / "kernels" / KERNELSPEC["name"] / "kernel.json": json.dumps(_KERNEL, indent=1),
        extension / "package.json": json.dumps(_PACKAGE, indent=1),
        extension / LOAD: forms(disk=True),
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, f"{text}\n".encode())
