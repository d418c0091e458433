"""How charts and their texts fit the page, also when the page shows them late.

Vega-Lite asks for the width of the page once, and again when the window changes. JupyterLab draws
charts in cells that it does not show yet, where every width is 0; and a side bar changes the width
of a cell but not of the window. So each chart carries patches to the Vega specification that it
compiles to, which vega-embed applies: a signal looks at the container's width twice a second, and
the chart is laid out anew when that has changed. While the container has no width, the window's
must do: so also on a page that lacks the style of `centralasia.charts.renderer`, because another
chart came first or the output lost its metadata, and whose containers are as narrow as they can be.
"""

_NO_PAGE = 700
_PADDING = 30
_AXIS = 48
_NARROW = 250
_SEEN = (
    f"containerSize()[0] > {_NARROW} ? containerSize()[0]"
    f" : clamp(windowSize()[0] - 190, {_NARROW}, 1000)"
)
_BOX = {"name": "box", "init": _SEEN, "on": [{"events": "timer{500}", "update": _SEEN}]}


def filled() -> dict:
    """Return the patches for a chart that fills the width of its container.

    The width is the first signal of such a chart; the patches fail, and a test with them, if a
    later Vega-Lite should order its signals in another way.

    Returns
    -------
    dict
        The ``usermeta`` of a chart.

    Examples
    --------
    >>> [patch["path"] for patch in filled()["embedOptions"]["patch"]]
    ['/signals/0/init', '/signals/0/on/-', '/signals/-']
    """
    follow = {"events": {"signal": "box"}, "update": "box"}
    return _patches({"/signals/0/init": _SEEN, "/signals/0/on/-": follow, "/signals/-": _BOX})


def fitted(source: str, pixels: float) -> dict:
    """Return the patches for the text under a joined chart.

    Parameters
    ----------
    source
        A Vega expression for the text, such as a quoted string.
    pixels
        The mean width of a character.

    Returns
    -------
    dict
        The ``usermeta`` of a chart of two rows, the second with the source line.
    """
    lines = wrapped(source, pixels, f"box - {_PADDING + _AXIS}")
    return _patches({"/signals/-": _BOX, "/marks/1/marks/0/encode/update/text": {"signal": lines}})


def in_columns(usermeta: dict, panels: int, width: int, gap: int) -> dict:
    """Return patches that also let the page set the number of columns and the width of panels.

    Vega-Lite knows only fixed numbers; Vega takes signals. Rows are balanced: five panels on a
    page with room for four stand as three and two. On a page too narrow for one, it shrinks.

    Parameters
    ----------
    usermeta
        What `fitted` returned.
    panels
        The number of panels.
    width, gap
        The width of a panel and the gap beside it, in pixels.

    Returns
    -------
    dict
        The ``usermeta`` of a chart whose first row is the faceted one.
    """
    room_for = f"clamp(floor((box - 10) / {width + gap}), 1, {panels})"
    columns = {"signal": f"ceil({panels} / ceil({panels} / {room_for}))"}
    fitting = f"clamp(box - {_PADDING + _AXIS}, {width // 2}, {width})"
    more = _patches({"/marks/0/layout/columns": columns, "/signals/0/update": fitting})
    both = usermeta["embedOptions"]["patch"] + more["embedOptions"]["patch"]
    return usermeta | {"embedOptions": usermeta["embedOptions"] | {"patch": both}}


def _patches(values: dict[str, object]) -> dict:
    changes = [{"op": "add", "path": path, "value": value} for path, value in values.items()]
    return {"embedOptions": {"renderer": "svg", "patch": changes}}


def width_left(single: bool = True, less: int = 0) -> str:
    """Return a Vega expression for the pixels between the left and the right padding.

    It asks for the width of the page's container. The plot's own width, which is smaller, would
    not do: it changes while the chart is laid out, after the height has been settled. It is named
    so that texts are broken anew when it changes, and for a container narrower than its chart.

    Parameters
    ----------
    single
        False for a faceted or joined chart, which has no width of its own.
    less
        Pixels to keep free.

    Returns
    -------
    str
        An expression. For a joined chart that the page hides, it is what the window may leave.
        Where there is no window, it is 700 pixels.

    Examples
    --------
    >>> width_left(less=10)
    '(max(containerSize()[0], width) || 700) - 40'
    """
    # The wider a window, the more a side bar may take of it.
    most = f"max({_NO_PAGE}, windowSize()[0] - 420)"
    guess = f"clamp(windowSize()[0] - 190, {_NARROW}, {most})"
    window = f"containerSize()[0] > {_NARROW} ? containerSize()[0] : {guess}"
    page = "max(containerSize()[0], width)" if single else window
    return f"({page} || {_NO_PAGE}) - {_PADDING + less}"


def wrapped(text: str, pixels: float, space: str, least: int = 18) -> str:
    """Return a Vega expression that breaks a text into lines of a width known to the browser.

    Parameters
    ----------
    text
        A Vega expression for the text: a quoted string, or a field such as ``"datum.title"``.
        Line breaks in it are kept.
    pixels
        The mean width of a character.
    space
        A Vega expression for the width in pixels, as `room` returns it.
    least
        How many characters a line holds, however narrow the page is.

    Returns
    -------
    str
        An expression for an array of lines.

    Examples
    --------
    >>> wrapped("datum.t", 6, "width")[:30]
    'split(trim(replace(datum.t, re'
    """
    chars = f"max({least}, floor(({space}) / {pixels}))"
    pattern = f"regexp('(.{{1,' + {chars} + '}})( |\\n|$)', 'g')"
    return f"split(trim(replace({text}, {pattern}, '$1\\n')), '\\n')"
