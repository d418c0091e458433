"""The course's look: colours, shapes, dashes, type and the settings of the renderer.

Each power and each state has one colour everywhere. The colours of a group stay apart under
simulated protanopia and deuteranopia (a test computes the distances), and a shape or a dash always
carries the same information a second time. Charts are drawn on a fixed paper colour, so that they
look the same in JupyterLab's light and dark themes.
"""

import gc
from collections.abc import Mapping, Sequence

import altair as alt

from centralasia import course
from centralasia.charts.renderer import EMBED_OPTIONS, render

PAPER = "#fbfaf7"
INK = "#20242b"
MUTED = "#575d67"
GRID = "#e3e1da"
NO_DATA = "#d9d6cd"

FONT = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif"
)

DIMENSIONS = course.DIMENSIONS
DIMENSION_SHAPES = {"institutional": "square", "security": "triangle-up", "economic": "circle"}

STATE_NAMES = course.states()
STATES = tuple(STATE_NAMES)
STATE_COLORS = {
    "KAZ": "#1297c5",
    "KGZ": "#815606",
    "TJK": "#7a1f5c",
    "TKM": "#6a9a4a",
    "UZB": "#2a2a24",
}
STATE_DASHES = {"KAZ": (1, 0), "KGZ": (7, 3), "TJK": (2, 2), "TKM": (9, 3, 2, 3), "UZB": (4, 2)}

# How a power looks and is named stands in the table of powers.
POWERS = tuple(power.area for power in course.powers())
RANKED = tuple(power.area for power in course.ranked())
POWER_NAMES = {power.area: power.name for power in course.powers()}
POWER_COLORS = {power.area: power.color for power in course.powers()}
POWER_SHAPES = {power.area: power.shape for power in course.powers()}
POWER_DASHES = {power.area: power.dash for power in course.powers()}


def _axis_config() -> dict:
    return {
        "labelColor": MUTED,
        "labelFontSize": 12,
        "labelPadding": 5,
        "titleColor": MUTED,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "domainColor": "#8b8f96",
        "tickColor": "#8b8f96",
        "gridColor": GRID,
        "gridWidth": 1,
    }


def _config() -> dict:
    text = {"font": FONT, "fill": MUTED, "fontSize": 12}
    return {
        "background": PAPER,
        "font": FONT,
        "padding": {"left": 14, "right": 14, "top": 14, "bottom": 10},
        "view": {"stroke": None, "fill": None},
        "style": {"guide-label": text, "guide-title": text, "group-title": {"fill": INK}},
        "title": {
            "anchor": "start",
            "frame": "bounds",
            "color": INK,
            "fontSize": 17,
            "fontWeight": 700,
            "subtitleColor": MUTED,
            "subtitleFontSize": 13,
            "subtitlePadding": 5,
            "subtitleLineHeight": 17,
            "lineHeight": 21,
            "offset": 14,
        },
        "header": {
            "labelColor": INK,
            "labelFontSize": 13,
            "labelFontWeight": 600,
            "labelAnchor": "start",
            "titleColor": MUTED,
            "titleFontSize": 12,
        },
        "axis": _axis_config(),
        "axisX": {"grid": False, "ticks": True, "labelSeparation": 6},
        "axisY": {"domain": False, "ticks": False},
        "legend": {
            "orient": "top",
            "direction": "horizontal",
            "labelColor": INK,
            "labelFontSize": 12,
            "titleColor": MUTED,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "titleOrient": "left",
            "symbolSize": 90,
            "symbolStrokeWidth": 1.5,
            "offset": 8,
        },
        "line": {"strokeWidth": 2.2, "strokeJoin": "round", "strokeCap": "butt"},
        "point": {"filled": True, "size": 70},
        "bar": {"fill": INK},
        "rule": {"color": MUTED},
        "text": {"color": INK, "font": FONT, "fontSize": 12},
    }


@alt.theme.register("centralasia", enable=False)
def _theme() -> alt.theme.ThemeConfig:
    return alt.theme.ThemeConfig(config=_config())


def use_theme() -> None:
    """Turn on the course's theme and the renderer that JupyterLab draws with no network.

    Call it once at the head of a lesson. The renderer is Altair's ``mimetype``, with two additions:
    a style that lets charts fill the width of the output and stand in order at 390 px as at
    1280 px, and a small picture for hosts that cannot draw.

    What is imported by then is also taken off Python's search for garbage, which would go through
    pandas and Altair again and again: a lesson runs in five sixths of the time.

    Examples
    --------
    >>> use_theme()
    >>> import altair as alt
    >>> alt.renderers.active, alt.theme.active
    ('centralasia', 'centralasia')
    """
    alt.theme.enable("centralasia")
    alt.renderers.register("centralasia", render)
    alt.renderers.enable("centralasia", embed_options=EMBED_OPTIONS)
    gc.freeze()


def scale(values: Mapping[str, object], domain: Sequence[str] | None = None) -> alt.Scale:
    """Return a scale that gives each key of a theme dictionary its own colour, shape or dash.

    Parameters
    ----------
    values
        One of the dictionaries of this module, such as ``STATE_COLORS`` or ``POWER_DASHES``.
    domain
        The keys to keep, in this order; all keys when left out.

    Returns
    -------
    altair.Scale
        An ordinal scale with explicit domain and range.

    Raises
    ------
    KeyError
        If a key of ``domain`` is not in ``values``.

    Examples
    --------
    >>> scale(POWER_COLORS, ["USA", "CHN"]).to_dict()
    {'domain': ['USA', 'CHN'], 'range': ['#1d6be0', '#c8450b']}
    """
    keys = list(values if domain is None else domain)
    ranged = [list(v) if isinstance(v, tuple) else v for v in (values[key] for key in keys)]
    return alt.Scale(domain=keys, range=ranged)


def text_color(color: str) -> str:
    """Return a colour of the same hue that is dark enough for small text on the paper colour.

    Parameters
    ----------
    color
        An sRGB colour such as ``"#1297c5"``.

    Returns
    -------
    str
        The colour, darkened in steps of 6 % until its contrast with ``PAPER`` is at least 4.5:1
        (WCAG 2.2, success criterion 1.4.3).

    Examples
    --------
    >>> text_color("#4f1271"), text_color("#1297c5")
    ('#4f1271', '#0e769a')
    """
    rgb = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    while contrast("#{:02x}{:02x}{:02x}".format(*rgb)) < 4.5:
        rgb = [round(0.94 * channel) for channel in rgb]
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def contrast(color: str, paper: str = PAPER) -> float:
    """Return the contrast ratio of two sRGB colours, from 1 to 21.

    The formula is that of WCAG 2.2 (relative luminance, https://www.w3.org/TR/WCAG22/).

    Parameters
    ----------
    color, paper
        sRGB colours such as ``"#20242b"``.

    Returns
    -------
    float
        The ratio of the lighter to the darker luminance, each raised by 0.05.

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """
    light, dark = sorted((_luminance(color), _luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
