"""What the course does when Python starts in a browser, before any cell runs."""

from importlib import import_module


def bring(module: str) -> None:
    """Import what every lesson imports, while the page still says that Python is starting."""
    if module == "altair":
        _walk_schemas_once()
    import_module(module)


def _walk_schemas_once() -> None:
    """Keep jsonschema 4.17 from walking the whole Vega-Lite schema anew for each reference.

    Later versions do not, but need a compiled package that is not to be had for this Pyodide.
    """
    from jsonschema import RefResolver

    walk, walked = RefResolver._get_subschemas_cache, {}

    def once(resolver: RefResolver) -> dict:
        schema = resolver.referrer
        if id(schema) not in walked:
            walked[id(schema)] = schema, walk(resolver)  # the schema is held, so its id stays its own
        return walked[id(schema)][1]

    RefResolver._get_subschemas_cache = once
