"""What the course does when Python starts in a browser, before any cell runs."""
# Its packages are Pyodide's, and not where types are checked.
# mypy: disable-error-code="import-not-found,import-untyped"

import gc
import json
from importlib import import_module
from typing import Any


def bring(module: str) -> None:
    """Import what every lesson imports, while the page still says that Python is starting."""
    if module == "altair":
        _walk_schemas_once()
    gc.disable()  # imports make much that stays, and the search for garbage would go through it all
    try:
        imported = import_module(module)
    finally:
        gc.enable()
    gc.freeze()
    if module == "pandas":
        # pandas takes this kernel for a terminal, where it fits tables of text to the window.
        imported.set_option("display.max_columns", 20)


def _walk_schemas_once() -> None:
    """Keep jsonschema 4.17 from walking the whole Vega-Lite schema anew for each reference.

    Later versions do not, but need a compiled package that is not to be had for this Pyodide.
    """
    from jsonschema import RefResolver

    walk = RefResolver._get_subschemas_cache
    walked: dict[int, tuple[object, dict[str, Any]]] = {}

    def once(resolver: RefResolver) -> dict[str, Any]:
        schema = resolver.referrer
        if id(schema) not in walked:
            # The schema is held, so that its id stays its own.
            walked[id(schema)] = schema, walk(resolver)
        return walked[id(schema)][1]

    RefResolver._get_subschemas_cache = once


def keep_nulls() -> None:
    """Hand outputs and the state of widgets to the page as JSON.

    On the way that the kernel has for them, Pyodide makes None undefined, and what is undefined is
    dropped: a chart that asks for no scale gets one.
    """
    from pyodide_kernel.comm import Comm
    from pyodide_kernel.display import LiteDisplayHook, LiteDisplayPublisher

    write, publish, send = (
        LiteDisplayHook.write_format_data,
        LiteDisplayPublisher.publish,
        Comm.publish_msg,
    )

    def write_format_data(
        self: LiteDisplayHook, data: dict[str, Any], metadata: dict[str, Any] | None = None
    ) -> None:
        write(self, data, metadata)
        self.data = {kind: _as_json(value) for kind, value in self.data.items()}

    def publish_data(
        self: LiteDisplayPublisher, data: dict[str, Any], *rest: object, **more: object
    ) -> None:
        publish(self, {kind: _as_json(value) for kind, value in data.items()}, *rest, **more)

    def publish_msg(
        self: Comm, kind: str, data: dict[str, Any] | None = None, *rest: object, **more: object
    ) -> None:
        send(self, kind, None if data is None else _as_json(data), *rest, **more)

    LiteDisplayHook.write_format_data = write_format_data
    LiteDisplayPublisher.publish = publish_data
    Comm.publish_msg = publish_msg


def wake() -> None:
    """Make of a memory image the Python of this page: its chance and its time zone are its own."""
    import random
    import time

    import numpy

    random.seed()
    numpy.random.seed()
    year = time.localtime().tm_year
    halves = [time.localtime(time.mktime((year, m, 1, 0, 0, 0, 0, 0, -1))) for m in (1, 7)]
    halves.sort(key=lambda half: half.tm_gmtoff)
    time.timezone, time.altzone = (-half.tm_gmtoff for half in halves)
    time.daylight = int(time.timezone != time.altzone)
    time.tzname = (halves[0].tm_zone, halves[1].tm_zone)


def join() -> None:
    """Load the course's extension of IPython, as each kernel of `centralasia lab` does."""
    from pyodide_kernel import kernel_instance

    kernel_instance.interpreter.extension_manager.load_extension("centralasia.jupyter")


def _as_json(value: object) -> object:
    """Return a dict or a list as the page's own object; anything else as it is."""
    from js import JSON

    if not isinstance(value, dict | list):
        return value
    try:
        return JSON.parse(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError):
        return value  # no JSON: it goes the kernel's own way
