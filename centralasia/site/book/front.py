"""What the front page shows: the lessons with their events, the map, and every claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import Any

from centralasia import course, notebooks, pictures, tables
from centralasia.charts import night
from centralasia.kit import handout
from centralasia.language import _
from centralasia.site.book import lessons
from centralasia.widgets.questions import WORDS

SIGNS = {
    "confirmed": "✓",
    "imprecise": "≈",
    "contested": "⇄",
    "contradicted": "✕",
    "unverified": "?",
    "came_true": "✓",
    "came_partly_true": "½",
    "failed": "✕",
    "not_tested": "–",
}
"""What stands on a claim's square for each verdict."""
STEP, BAR, LANE = 8, 6, 22
"""Units of a lesson's picture: a year, its bar, and the height of a power's lane."""


@dataclass(frozen=True)
class Lane:
    """A power's events in a lesson's picture."""

    day: str
    night: str
    """Colours by day and in the dark."""
    path: str
    """SVG: a bar for each year with events, whose height grows with the root of their number."""


@dataclass(frozen=True)
class Stage:
    """The claims about one stage of a power."""

    name: str
    claims: list[dict[Hashable, Any]]


def strips() -> dict[str, list[Lane]]:
    """Return for each lesson, by its number, when the events that it tells of happened.

    All lessons have the same years and the same scale, and a lane for each power that is compared.
    """
    first, _last = years()
    most = max(n for lanes in _counted().values() for lane in lanes.values() for n in lane.values())
    return {
        number: [
            Lane(power.color, night.dark(power.color), _bars(lanes[power.key], n, first, most))
            for n, power in enumerate(course.ranked(), start=1)
        ]
        for number, lanes in _counted().items()
    }


def years() -> tuple[int, int]:
    """Return the first and the last year of these pictures."""
    every = [year for lanes in _counted().values() for lane in lanes.values() for year in lane]
    return min(every), max(every)


def size() -> tuple[int, int]:
    """Return their width and height."""
    first, last = years()
    return STEP * (last - first) + BAR, LANE * len(course.ranked())


@cache
def _counted() -> dict[str, dict[str, Counter[int]]]:
    """Return by lesson and power how many events each year has."""
    return {
        lesson.number: {
            power.key: Counter(told["date"][told["power"].astype(str) == power.key].dt.year)
            for power in course.ranked()
        }
        for lesson in course.lessons()
        for told in [handout.chosen(lesson)]
    }


def _bars(years: Mapping[int, int], lane: int, first: int, most: int) -> str:
    """Return a lane's bars as an SVG path, each from the lane's foot up.

    Examples
    --------
    >>> _bars({1991: 2}, lane=1, first=1991, most=4)
    'M0 22v-14h6v14z'
    """
    heights = {year: round((LANE - 2) * sqrt(n / most)) for year, n in sorted(years.items())}
    return "".join(
        f"M{STEP * (year - first)} {LANE * lane}v-{high}h{BAR}v{high}z"
        for year, high in heights.items()
    )


def region() -> str:
    """Return the map of the first lesson, with its slider, as the book draws charts."""
    for output in notebooks.outputs(course.lessons()[0].file):
        spec = output.get("data", {}).get(pictures.VEGA, {})
        if any(param["name"] == "map_year" for param in spec.get("params", [])):
            return lessons.chart(output, 1)
    raise LookupError("The first lesson has no map for the front page to show.")


def ledger() -> dict[str, list[Stage]]:
    """Return all claims by the name of the power that they are about, and by stage."""
    claims = tables.load("claims")
    periods = {(one.power, one.stage): one.years for one in course.stages()}
    found: dict[str, list[Stage]] = {}
    for power in course.subjects():
        own = claims[claims["power"].astype(str) == power.key]
        for stage, rows in own.groupby(own["stage"].astype(str), sort=True):
            period = periods.get((power.key, str(stage)))
            name = {"frame": _("all stages together"), "outlook": _("outlook")}.get(str(stage))
            made = Stage(
                name or _("stage {n}, {period}").format(n=stage, period=period),
                rows[["claim_id", "verdict"]].to_dict("records"),
            )
            found.setdefault(power.name, []).append(made)
    return found


def legend() -> list[tuple[str, str, str]]:
    """Return the verdicts that claims have: key, sign and words."""
    given = set(tables.load("claims")["verdict"].astype(str))
    return [(key, SIGNS[key], _(word)) for key, word in WORDS.items() if key in given]
