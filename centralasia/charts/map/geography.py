"""Where things go on the region map: projection, frame, and room for symbols."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

# Conic equal-area with the region in the middle: areas are true, meridians lean a little.
CENTRE_LON, CENTRE_LAT = 68.0, 45.0
PARALLELS = (38.0, 52.0)
# Half the width, the bottom and the top of the frame, in units of the projection (radians).
HALF_WIDTH, BOTTOM, TOP = 0.2875, -0.207, 0.192

_LINE_POSITIONS = np.array([0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82])
# Two symbols stand this far apart, if they can.
_APART = 0.0135


def project(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Return places on the map's plane (Albers 1805; Snyder 1987, USGS Paper 1395, p. 100).

    Parameters
    ----------
    lat, lon : numpy.ndarray, shape (n,)
        Decimal degrees.

    Returns
    -------
    numpy.ndarray, shape (n, 2)
        East and north of the map's centre, in earth radii.

    Examples
    --------
    >>> project(np.array([45.0]), np.array([68.0])).round(6).tolist()
    [[0.0, 0.0]]
    """
    n, c = _cone()
    rho = np.sqrt(c - 2 * n * np.sin(np.radians(lat))) / n
    theta = n * np.radians(np.asarray(lon) - CENTRE_LON)
    return np.column_stack([rho * np.sin(theta), _apex() - rho * np.cos(theta)])


def unproject(points: np.ndarray) -> np.ndarray:
    """Return latitude and longitude of points on the map's plane: `project` undone.

    Examples
    --------
    >>> unproject(project(np.array([38.56]), np.array([68.77]))).round(6).tolist()
    [[38.56, 68.77]]
    """
    n, c = _cone()
    x, y = np.atleast_2d(points).T
    rho, theta = np.hypot(x, _apex() - y), np.arctan2(x, _apex() - y)
    lat = np.degrees(np.arcsin((c - (rho * n) ** 2) / (2 * n)))
    return np.column_stack([lat, CENTRE_LON + np.degrees(theta / n)])


def symbol_places(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return where the symbol of each site stands, and the place that it stands for.

    A line carries its symbol where there is most room, between 18 and 82 per cent of its visible
    length. Sites and short lines that stand too close are pushed apart; the map joins a symbol
    that was moved to its place.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``from_lat``, ``from_lon``, ``to_lat``, ``to_lon`` in degrees; no other end for a point.

    Returns
    -------
    symbols, anchors : numpy.ndarray, shape (n, 2)
        Latitude and longitude.
    """
    start = project(rows["from_lat"].to_numpy(), rows["from_lon"].to_numpy())
    end = project(rows["to_lat"].to_numpy(), rows["to_lon"].to_numpy())
    end = np.where(np.isnan(end), start, end)
    short = np.linalg.norm(end - start, axis=1) < 3 * _APART
    anchors = (start + end) / 2
    places = anchors.copy()
    places[short] = _pushed_apart(anchors[short])
    taken = list(places[short])
    for i in np.flatnonzero(~short):
        places[i] = anchors[i] = _roomiest(start[i], end[i], taken)
        taken.append(places[i])
    return unproject(places), unproject(anchors)


def side_by_side(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with lines of the same two ends moved beside each other.

    Examples
    --------
    >>> twins = pd.DataFrame({"from_lat": [40.0, 40.0], "from_lon": 60.0,
    ...     "to_lat": [40.0, 40.0], "to_lon": 70.0})
    >>> side_by_side(twins)["from_lat"].round(2).tolist()
    [39.87, 40.13]
    """
    ends = ["from_lat", "from_lon", "to_lat", "to_lon"]
    twins = rows[rows["to_lat"].notna()].groupby(ends)["to_lat"]
    shift = (twins.cumcount() - (twins.transform("size") - 1) / 2) * 0.26
    moved = rows.copy()
    for column in ("from_lat", "to_lat"):
        moved[column] = moved[column].add(shift, fill_value=0)
    return moved


def _cone() -> tuple[float, float]:
    first, second = np.sin(np.radians(PARALLELS))
    n = (first + second) / 2
    return n, 1 + first * second


def _apex() -> float:
    n, c = _cone()
    return float(np.sqrt(c - 2 * n * np.sin(np.radians(CENTRE_LAT))) / n)


def _roomiest(start: np.ndarray, end: np.ndarray, taken: Sequence[np.ndarray]) -> np.ndarray:
    """Return the point of a line's visible part that is farthest from the places taken."""
    line = start + np.linspace(0, 1, 201)[:, None] * (end - start)
    x, y = line.T
    margin = 0.012
    seen = line[(abs(x) < HALF_WIDTH - margin) & (y > BOTTOM + margin) & (y < TOP - margin)]
    if not len(seen):
        return start
    candidates = seen[np.round(_LINE_POSITIONS * (len(seen) - 1)).astype(int)]
    if not taken:
        return candidates[0]
    room = np.linalg.norm(candidates[:, None] - np.array(taken)[None], axis=2).min(axis=1)
    return candidates[np.argmax(np.minimum(room, 1.5 * _APART).round(6))]


def _pushed_apart(points: np.ndarray, rounds: int = 200) -> np.ndarray:
    """Return points moved until they stand one symbol apart, each pulled back to its place."""
    places = points.copy()
    for _ in range(rounds):
        gaps = places[:, None] - places[None]
        distance = np.linalg.norm(gaps, axis=2)
        np.fill_diagonal(distance, np.inf)
        # Twins have no direction to part in: give each pair one by its order in the table.
        order = np.sign(np.arange(len(places))[:, None] - np.arange(len(places))[None])
        gaps[..., 0] += 1e-9 * order
        overlap = np.clip(_APART - distance, 0, None)
        direction = gaps / np.maximum(np.linalg.norm(gaps, axis=2), 1e-9)[..., None]
        places = places + (direction * overlap[..., None]).sum(axis=1) * 0.3
        places = places + (points - places) * 0.01
    return places
