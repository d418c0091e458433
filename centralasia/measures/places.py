"""Distances between places."""

import numpy as np
from numpy.typing import ArrayLike

# Mean radius R1 of the GRS 80 ellipsoid: Moritz 2000, Journal of Geodesy 74(1), 128-133.
EARTH_RADIUS_KM = 6371.0088


def great_circle_km(
    lat1: ArrayLike, lon1: ArrayLike, lat2: ArrayLike, lon2: ArrayLike
) -> np.ndarray | float:
    """Return the great-circle distance between places, in kilometres.

    The haversine formula on a sphere (Sinnott 1984, "Virtues of the Haversine", Sky and
    Telescope 68, 159). Against the true ellipsoid the error stays below 0.6 per cent.

    Parameters
    ----------
    lat1, lon1, lat2, lon2 : float or array-like
        Decimal degrees, north and east positive. Arrays broadcast.

    Returns
    -------
    float or numpy.ndarray
        Kilometres; an array of the broadcast shape if any argument is an array.

    Raises
    ------
    ValueError
        If a coordinate is missing, a latitude is beyond 90 degrees or a longitude beyond 180.

    Examples
    --------
    From the equator to the pole is a quarter of the circle:

    >>> round(great_circle_km(0, 0, 90, 0), 1)
    10007.6
    """
    values = [np.asarray(x, dtype=float) for x in (lat1, lon1, lat2, lon2)]
    if any(np.isnan(x).any() for x in values):
        raise ValueError("A place has no coordinates: leave it out or find them first.")
    if any((np.abs(x) > limit).any() for x, limit in zip(values, (90, 180, 90, 180), strict=True)):
        raise ValueError(
            "A latitude lies within 90 degrees and a longitude within 180: were they swapped?"
        )
    phi1, lambda1, phi2, lambda2 = (np.radians(x) for x in values)
    h = np.sin((phi2 - phi1) / 2) ** 2
    h = h + np.cos(phi1) * np.cos(phi2) * np.sin((lambda2 - lambda1) / 2) ** 2
    km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(h, 0, 1)))
    return float(km) if km.ndim == 0 else km
