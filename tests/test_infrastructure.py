"""Sites and lines: on the map, in order of time, and not shorter than a bird flies."""

import json
import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from centralasia import measures, tables
from centralasia.paths import data_dir

LINES = ("oil_pipeline", "gas_pipeline", "railway", "road", "power_line")
UNFINISHED = ("not built", "not finished", "under construction", "planned", "announced")


@pytest.fixture(scope="module")
def sites():
    return tables.load("infrastructure").set_index("site_id")


def test_ids_are_readable(sites):
    assert sites.index.is_unique
    assert sites.index.str.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*").all()


def test_every_point_lies_in_the_wider_region(sites):
    for end in ("from", "to"):
        lat, lon = sites[f"{end}_lat"].dropna(), sites[f"{end}_lon"].dropna()
        assert lat.between(25, 60).all()
        assert lon.between(20, 140).all()
    assert sites["from_lat"].notna().all()


def test_two_ends_make_a_schematic_line_and_one_end_a_point(sites):
    line = sites["to_lat"].notna()
    assert (sites["schematic"].astype(bool) == line).all()
    assert (sites["to_name"].notna() == line).all()
    assert sites.loc[line, "kind"].isin(LINES).all()
    assert not sites.loc[~line, "kind"].isin(["oil_pipeline", "gas_pipeline"]).any()


def test_a_line_is_not_much_shorter_than_its_great_circle(sites):
    """Ends are approximate and some lengths leave out a stretch, so a fifth is allowed."""
    lines = sites.dropna(subset=["to_lat", "length_km"])
    straight = lines.apply(
        lambda s: float(
            measures.great_circle_km(s["from_lat"], s["from_lon"], s["to_lat"], s["to_lon"])
        ),
        axis=1,
    )
    assert (lines["length_km"] >= 0.8 * straight).all()
    assert (lines["length_km"] <= 2.1 * straight).all()


def test_states_are_known(sites):
    known = set(tables.load("countries")["country"])
    for column in ("operators", "countries"):
        assert set(sites[column].str.split(";").explode()) <= known


def test_time_runs_forward(sites):
    closed = sites.dropna(subset=["commissioned", "closed"])
    assert (closed["commissioned"] <= closed["closed"]).all()


def test_what_was_never_finished_is_not_in_service(sites):
    unfinished = sites["name"].str.contains("|".join(UNFINISHED))
    assert sites.loc[unfinished, "commissioned"].isna().all()
    given_up = sites[unfinished].dropna(subset=["closed"])
    assert (given_up["agreed"] <= given_up["closed"]).all()


def test_a_capacity_is_a_number_with_a_unit(sites):
    assert (sites["capacity"].notna() == sites["capacity_unit"].notna()).all()
    assert pd.to_numeric(sites["capacity"].dropna()).gt(0).all()


def test_every_base_says_on_what_title_it_stood(sites):
    assert sites.loc[sites["kind"] == "base", "legal_title"].notna().all()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2001-09-01", set()),
        ("2002-06-01", {"karshi-khanabad", "manas"}),
        ("2004-01-01", {"karshi-khanabad", "manas"}),
        ("2006-01-01", {"manas"}),
        ("2015-01-01", set()),
    ],
)
def test_american_bases_on_a_day(sites, day, expected):
    when = pd.Timestamp(day)
    bases = sites[(sites["kind"] == "base") & (sites["operators"] == "USA")]
    open_then = (bases["commissioned"] <= when) & (
        bases["closed"].isna() | (bases["closed"] >= when)
    )
    assert set(bases.index[open_then]) == expected


def test_a_line_starts_with_its_first_service_and_not_with_its_building(sites):
    assert sites.loc["central-asia-centre-east", "commissioned_text"] == "1967"


def test_the_road_to_europe_leaves_kazakhstan_at_aktobe(sites):
    road = sites.loc["western-europe-western-china-road"]
    assert "Aktobe" in road["to_name"]
    assert 55 < road["to_lon"] < 58


def test_the_china_line_crosses_three_neighbours(sites):
    line = sites.loc["central-asia-china-gas-a"]
    assert line["countries"] == "TKM;UZB;KAZ;CHN"
    assert line["commissioned_text"] == "2009-12-14"


AT_BORDERS = {
    ("central-asia-china-gas-a", "from"): {"TKM", "UZB"},
    ("central-asia-china-gas-b", "from"): {"TKM", "UZB"},
    ("central-asia-china-gas-c", "from"): {"TKM", "UZB"},
    ("central-asia-china-gas-a", "to"): {"CHN", "KAZ"},
    ("central-asia-china-gas-d", "to"): {"CHN", "KGZ"},
    ("atasu-alashankou-oil", "to"): {"CHN", "KAZ"},
    ("bishkek-torugart-road", "to"): {"CHN", "KGZ"},
    ("dostyk-alashankou-rail", "from"): {"CHN", "KAZ"},
    ("hairatan-mazar-rail", "from"): {"AFG", "UZB"},
    ("osh-irkeshtam-road", "to"): {"CHN", "KGZ"},
    ("panji-poyon-bridge", "from"): {"AFG", "TJK"},
    ("western-europe-western-china-road", "from"): {"CHN", "KAZ"},
    ("western-europe-western-china-road", "to"): {"KAZ", "RUS"},
    ("zhetygen-khorgos-rail", "to"): {"CHN", "KAZ"},
}


@pytest.fixture(scope="module")
def borders():
    """Points of each border between two states, as longitude and latitude, 1 km apart or less."""
    shapes = json.loads((data_dir() / "region.topo.json").read_text(encoding="utf-8"))
    scale, shift = (np.array(shapes["transform"][part]) for part in ("scale", "translate"))
    lines = [np.cumsum(arc, axis=0) * scale + shift for arc in shapes["arcs"]]
    states = {}
    for shape in shapes["objects"]["region"]["geometries"]:
        for arc in re.findall(r"-?\d+", str(shape["arcs"])):
            states.setdefault(max(int(arc), ~int(arc)), set()).add(shape["id"])
    return {
        frozenset(pair): np.vstack(
            [
                np.linspace(a, b, 1 + int(np.ceil(110 * np.hypot(*(b - a)))))
                for arc, owners in states.items()
                if owners == pair
                for a, b in pairwise(lines[arc])
            ]
        )
        for pair in AT_BORDERS.values()
    }


@pytest.mark.parametrize(("site", "end"), AT_BORDERS)
def test_a_border_town_lies_at_the_border(sites, borders, site, end):
    """The outlines are drawn coarsely and places are rounded, so a few kilometres are allowed."""
    lat, lon = sites.loc[site, [f"{end}_lat", f"{end}_lon"]].astype(float)
    line = borders[frozenset(AT_BORDERS[site, end])]
    assert measures.great_circle_km(lat, lon, line[:, 1], line[:, 0]).min() < 11
