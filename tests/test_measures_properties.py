"""What holds of every measure whatever the figures: against a second, slower reckoning."""

import math
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from centralasia import measures

AMOUNT = st.integers(0, 10**9)
SHARE = st.floats(0, 1)
STATES = ("KAZ", "KGZ", "UZB")
PARTNERS = ("CHN", "RUS", "KAZ", "KGZ", "UZB", "CIS", "WLD")


def near(value, tolerance=1e-9):
    return pytest.approx(float(value), rel=tolerance, abs=tolerance)


# --- concentration -----------------------------------------------------------------------------


@given(st.lists(AMOUNT, min_size=1, max_size=9).filter(any), st.integers(0, 10**9))
def test_hhi_is_the_sum_of_squared_shares(amounts, others):
    whole = sum(amounts)
    exact = sum(Fraction(amount, whole) ** 2 for amount in amounts)
    assert measures.hhi(amounts) == near(exact)
    assert measures.hhi(amounts, total=whole) == near(exact)
    part = sum(Fraction(amount, whole + others) ** 2 for amount in amounts)
    assert measures.hhi(np.array(amounts), total=whole + others) == near(part)
    if len(amounts) > 1:
        least = Fraction(1, len(amounts))
        assert measures.hhi(amounts, normalised=True) == near((exact - least) / (1 - least))


@pytest.mark.parametrize(("sum_", "fits"), [(1 + 5e-10, True), (1 + 5e-9, False)])
def test_a_total_may_fall_short_by_what_rounding_does(sum_, fits):
    values = [sum_ / 2, sum_ / 2]
    if fits:
        assert measures.hhi(values, total=1) == near(0.5)
    else:
        with pytest.raises(ValueError, match=r"add up to 1, more than the total of 1\."):
            measures.hhi(values, total=1)


# --- shares of trade ---------------------------------------------------------------------------


@st.composite
def trade_tables(draw):
    """A small table with whatever may be missing missing: totals, flows, partners, a source."""
    keys = st.tuples(
        st.sampled_from(STATES),
        st.sampled_from(PARTNERS),
        st.sampled_from([2009, 2010]),
        st.sampled_from(["export", "import"]),
        st.sampled_from(["a", "b"]),
    )
    filled = draw(
        st.dictionaries(keys, st.one_of(st.integers(0, 9), st.none()), min_size=1, max_size=60)
    )
    world = draw(st.dictionaries(keys, st.integers(0, 60), max_size=30))
    filled |= {(c, "WLD", *rest): value for (c, _, *rest), value in world.items()}
    rows = [(*key, value) for key, value in filled.items()]
    names = ["country", "partner", "year", "flow", "source_id", "value_usd"]
    return pd.DataFrame(rows, columns=names).astype({"value_usd": "float64"})


def by_partner(table, country, flow, year, source):
    """The amounts by partner, or None where a share cannot be worked out; reckoned row by row."""
    flows = ["export", "import"] if flow == "turnover" else [flow]
    known = {
        tuple(row[:5]): row[5]
        for row in table.itertuples(index=False)
        if not math.isnan(row.value_usd)
    }

    def amount(partner, source):
        values = [known.get((country, partner, year, one, source)) for one in flows]
        return None if None in values else sum(values)

    if source is None:
        able = [
            source
            for source in ("a", "b")
            if any((country, "WLD", year, one, source) in known for one in flows)
            and any(
                (country, partner, year, one, source) in known
                for one in flows
                for partner in set(PARTNERS) - measures.AGGREGATES
            )
        ]
        if len(able) != 1:
            return None
        source = able[0]
    amounts = {partner: amount(partner, source) for partner in PARTNERS}
    if not amounts["WLD"]:
        return None
    return {partner: value for partner, value in amounts.items() if value is not None}


FLOWS = st.sampled_from(["export", "import", "turnover"])
SOURCES = st.sampled_from(["a", "b", None])


@given(trade_tables(), st.sampled_from(STATES), FLOWS, SOURCES, st.sampled_from(PARTNERS[:-1]))
def test_shares_of_trade_against_a_count_row_by_row(table, country, flow, source, partner):
    amounts = by_partner(table, country, flow, 2010, source)
    arguments = {"country": country, "flow": flow, "year": 2010, "source_id": source}
    if amounts is None or partner not in amounts:
        with pytest.raises(ValueError, match=country):
            measures.dependence(table, partner=partner, **arguments)
    else:
        share = measures.dependence(table, partner=partner, **arguments)
        assert share == near(amounts[partner] / amounts["WLD"])
        assert isinstance(share, float)
    named = {p: v for p, v in (amounts or {}).items() if p not in measures.AGGREGATES}
    if amounts is None or sum(named.values()) > 1.001 * amounts["WLD"]:
        with pytest.raises(ValueError, match=country):
            measures.partner_shares(table, **arguments)
        return
    shares = measures.partner_shares(table, **arguments)
    assert shares.to_dict() == {
        **{p: near(v / amounts["WLD"]) for p, v in named.items()},
        "rest": near(max(1 - sum(named.values()) / amounts["WLD"], 0)),
    }
    assert shares.iloc[:-1].is_monotonic_decreasing
    assert (shares.index[-1], shares.name, shares.index.name) == ("rest", "share", "partner")


def trade(*rows):
    names = ["country", "partner", "year", "flow", "value_usd", "source_id"]
    return pd.DataFrame([("KAZ", *row) for row in rows], columns=names)


def test_a_source_that_names_groups_alone_is_no_source_of_shares():
    table = trade(
        ("WLD", 2010, "export", 50, "groups"),
        ("CIS", 2010, "export", 10, "groups"),
        ("EAEU", 2010, "export", 5, "groups"),
        ("WLD", 2010, "export", 60, "partners"),
        ("RUS", 2010, "export", 15, "partners"),
    )
    assert measures.dependence(table, "KAZ", "RUS", "export", 2010) == 0.25
    by_groups = measures.dependence(table, "KAZ", "CIS", "export", 2010, source_id="groups")
    assert by_groups == 0.2
    with pytest.raises(ValueError, match="from any source with partners; totals exist for 2010 to"):
        measures.dependence(table.head(3), "KAZ", "CIS", "export", 2010)


@pytest.mark.parametrize(("partners", "rest"), [(900, 0.1), (1000, 0), (1000.9, 0), (1001.1, None)])
def test_the_rest_is_never_negative(partners, rest):
    """Partners may exceed the total by a thousandth, which is what rounding does to them."""
    table = trade(("WLD", 2010, "export", 1000, "a"), ("RUS", 2010, "export", partners, "a"))
    if rest is None:
        with pytest.raises(ValueError, match="partners of KAZ in 2010 add up to more"):
            measures.partner_shares(table, "KAZ", "export", 2010)
    else:
        assert measures.partner_shares(table, "KAZ", "export", 2010)["rest"] == near(rest)


def test_a_partner_has_one_value_from_one_source():
    table = trade(
        ("WLD", 2010, "export", 50, "a"),
        ("RUS", 2010, "export", 5, "a"),
        ("RUS", 2010, "export", 6, "a"),
    )
    with pytest.raises(ValueError, match="KAZ has two values for one partner in 2010 from a"):
        measures.dependence(table, "KAZ", "RUS", "export", 2010)


def test_a_table_without_totals_says_so():
    table = trade(("RUS", 2010, "export", 5, "a"))
    with pytest.raises(ValueError, match="totals exist for none"):
        measures.dependence(table, "KAZ", "RUS", "export", 2010)
    with pytest.raises(ValueError, match="in 2010 from b; totals exist for none"):
        measures.dependence(table, "KAZ", "RUS", "export", 2010, source_id="b")
    with pytest.raises(ValueError, match="it has no rows"):
        measures.dependence(table.head(0), "KAZ", "RUS", "export", 2010)


@given(trade_tables(), FLOWS, SOURCES, st.sets(st.sampled_from(STATES), min_size=1))
def test_trade_inside_a_bloc_against_a_count_row_by_row(table, flow, source, reporters):
    members = list(STATES)
    amounts = {c: by_partner(table, c, flow, 2010, source) for c in sorted(reporters)}
    inside = [
        [(amounts[c] or {}).get(other) for other in members if other != c]
        for c in sorted(reporters)
    ]
    arguments = {"flow": flow, "source_id": source, "reporters": sorted(reporters)}
    if None in amounts.values() or any(None in row for row in inside):
        with pytest.raises(ValueError, match=r"K|U"):
            measures.intra_bloc_share(table, members, 2010, **arguments)
    else:
        expected = sum(map(sum, inside)) / sum(amounts[c]["WLD"] for c in reporters)
        share = measures.intra_bloc_share(table, members, 2010, **arguments)
        assert share == near(expected)
        assert isinstance(share, float)


@given(st.lists(st.tuples(AMOUNT, AMOUNT, AMOUNT), min_size=1, max_size=6))
def test_asymmetry_of_series_is_that_of_each_year(rows):
    rows = [(part, part + a, part + b) for part, a, b in rows]
    assume(all(country and partner for _, country, partner in rows))
    table = measures.asymmetry(*map(list, zip(*rows, strict=True)))
    for found, (part, country, partner) in zip(table.to_dict("records"), rows, strict=True):
        expected = {
            "country_on_partner": part / country,
            "partner_on_country": part / partner,
            "ratio": partner / country,
        }
        assert found == pytest.approx(expected)
        (alone,) = measures.asymmetry(part, country, partner).to_dict("records")
        assert alone == found


@pytest.mark.parametrize(
    ("amounts", "side"), [((0, 0, 5), "country"), ((0, 5, 0), "partner"), ((6, 5, 9), "country")]
)
def test_a_total_holds_the_trade_between_the_two(amounts, side):
    with pytest.raises(ValueError, match=f"The {side}'s total must be above zero"):
        measures.asymmetry(*amounts)
    with pytest.raises(ValueError, match=f"The {side}'s total"):
        measures.asymmetry(*[[1, amount] for amount in amounts])


# --- two reports, two years --------------------------------------------------------------------

REPORTS = st.dictionaries(st.integers(1990, 1999), AMOUNT, min_size=1)


@given(REPORTS, REPORTS)
def test_mirror_gap_year_by_year(exporter, importer):
    both = exporter.keys() & importer.keys()
    if not both:
        with pytest.raises(ValueError, match="no year that both"):
            measures.mirror_gap(pd.Series(exporter), pd.Series(importer))
        return
    gap = measures.mirror_gap(pd.Series(exporter), pd.Series(importer))
    assert gap.index.to_list() == sorted(exporter.keys() | importer.keys())
    assert gap.columns.to_list() == ["exporter", "importer", "absolute", "relative"]
    for year, row in gap.iterrows():
        sold, bought = exporter.get(year, math.nan), importer.get(year, math.nan)
        relative = (bought - sold) / sold if sold else math.nan
        expected = [sold, bought, bought - sold, relative]
        assert row.to_list() == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("side", [0, 1])
def test_mirror_gap_names_the_side_at_fault(side):
    fine, name = pd.Series({2000: 1.0}), ("exporter", "importer")[side]
    for bad, words in (
        (pd.Series({2000: -1.0}), f"The {name} reports a negative"),
        (pd.Series([1, 1], [2000, 2000]), f"The {name} has two values"),
    ):
        with pytest.raises(ValueError, match=words):
            measures.mirror_gap(*((bad, fine) if side == 0 else (fine, bad)))


@given(st.dictionaries(st.integers(1990, 2020), st.integers(1, 10**9), min_size=2, max_size=6))
def test_growth_of_every_pair_of_years(values):
    table = measures.growth_multiple(pd.Series(values))
    pairs = list(combinations(sorted(values), 2))
    expected = [[a, b, values[a], values[b], values[b] / values[a]] for a, b in pairs]
    columns = ["from_year", "to_year", "from_value", "to_value", "multiple"]
    assert table.columns.to_list() == columns
    assert table.to_numpy().tolist() == [pytest.approx(row) for row in expected]


# --- membership --------------------------------------------------------------------------------

FIRST = date(2000, 1, 1)
DAYS = st.integers(0, 40).map(lambda n: FIRST + timedelta(days=n))
SPELL = st.tuples(
    st.sampled_from(["CST", "SCO"]),
    st.sampled_from(STATES),
    st.sampled_from(["member", "observer", "suspended"]),
    st.one_of(st.none(), DAYS),
    st.one_of(st.none(), DAYS),
)


@given(st.lists(SPELL, min_size=1, max_size=12), DAYS, st.sampled_from(["member", "observer"]))
def test_who_belongs_on_a_day_spell_by_spell(spells, day, status):
    columns = ["organization", "country", "status", "start", "end"]
    table = pd.DataFrame(spells, columns=columns)
    for column in ("start", "end"):
        table[column] = pd.to_datetime(table[column])
    here = [
        (organization, country, state, start)
        for organization, country, state, start, end in spells
        if start is not None and start <= day and (end is None or day <= end)
    ]
    organizations = sorted({spell[0] for spell in spells})
    there = {spell[2] for spell in spells}
    for organization in organizations:
        if status not in there:
            with pytest.raises(ValueError, match=f"No status {status}; there are "):
                measures.members_on(table, organization, day, statuses=[status])
            continue
        members = sorted({c for o, c, s, _ in here if (o, s) == (organization, status)})
        assert measures.members_on(table, organization, day, statuses=[status]) == members
    matrix = measures.membership_matrix_on(table, day)
    assert matrix.index.to_list() == sorted({spell[1] for spell in spells})
    assert matrix.columns.to_list() == organizations
    assert (matrix.index.name, matrix.columns.name) == ("country", "organization")
    for organization in organizations:
        for country in matrix.index:
            held = [(b, s) for o, c, s, b in here if (o, c) == (organization, country)]
            words = matrix.loc[country, organization].split("; ") if held else []
            assert Counter(words) == Counter({s for _, s in held})
            if len({b for b, _ in held}) == len(held):  # one that began later stands later
                assert words == list(dict.fromkeys(s for _, s in sorted(held)))
            if not held:
                assert matrix.loc[country, organization] == ""


def test_a_matrix_has_the_rows_and_columns_asked_for_in_their_order():
    table = pd.DataFrame(
        {
            "organization": ["SCO", "CST", "CIS"],
            "country": ["KAZ", "UZB", "KAZ"],
            "status": "member",
            "start": pd.Timestamp("2000-01-01"),
            "end": pd.NaT,
        }
    )
    chosen = measures.membership_matrix_on(table, "2001", ["UZB", "KAZ"], ["SCO", "CIS"])
    assert chosen.to_dict("split")["data"] == [["", ""], ["member", "member"]]
    assert chosen.columns.to_list() == ["SCO", "CIS"]
    with pytest.raises(ValueError, match="No organization EU, NATO in this table"):
        measures.membership_matrix_on(table, "2001", None, ["SCO", "EU", "NATO"])


# --- votes, coders, forecasts ------------------------------------------------------------------

VOTE = st.sampled_from([1, 2, 3, 8, 9])


@given(st.lists(st.tuples(VOTE, VOTE), max_size=12))
def test_agreement_roll_call_by_roll_call(votes):
    first, second = [a for a, _ in votes], [b for _, b in votes]
    both = [(a, b) for a, b in votes if a < 8 and b < 8]
    found = measures.vote_agreement(first, second)
    assert found == measures.vote_agreement(np.array(second), pd.Series(first, dtype="int64")) or (
        math.isnan(found.identical)
    )
    assert found.n_votes == len(both)
    if both:
        alike = sum(a == b for a, b in both)
        halves = sum(2 in (a, b) and a != b for a, b in both)
        assert found.identical == near(alike / len(both))
        assert found.lijphart == near((alike + halves / 2) / len(both))
    else:
        assert math.isnan(found.identical)
        assert math.isnan(found.lijphart)


CODE = st.sampled_from("xyz")


@given(st.lists(st.tuples(CODE, CODE), min_size=1, max_size=15))
@example([("x", "x")])
@example([("x", "y")])
def test_kappa_from_its_definition(pairs):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    n = len(pairs)
    observed = Fraction(sum(a == b for a, b in pairs), n)
    chance = sum(Fraction(first.count(c) * second.count(c), n * n) for c in "xyz")
    for a, b in ((first, second), (second, first)):
        kappa = measures.cohens_kappa(a, b)
        if chance == 1:
            assert math.isnan(kappa)
        else:
            assert kappa == near((observed - chance) / (1 - chance))


OUTCOME = st.sampled_from([0, 0.5, 1])


@given(st.lists(st.tuples(SHARE, OUTCOME), min_size=1, max_size=20), st.integers(1, 7))
@example([(0.0, 0), (0.5, 1), (1.0, 1)], 2)
def test_forecasts_one_by_one(forecasts, bins):
    p, outcome = [a for a, _ in forecasts], [b for _, b in forecasts]
    squares = [(a - b) ** 2 for a, b in forecasts]
    assert measures.brier_score(p, outcome) == near(sum(squares) / len(squares))
    edges = [n / bins for n in range(bins + 1)]
    table = measures.calibration_table(p, outcome, bins)
    given_edges = measures.calibration_table(np.array(p), outcome, edges)
    pd.testing.assert_frame_equal(table, given_edges)
    columns = ["lower", "upper", "n", "mean_probability", "share_true"]
    assert table.columns.to_list() == columns
    assert table["n"].dtype == int
    for place, row in table.iterrows():
        last = place == bins - 1
        held = [(a, b) for a, b in forecasts if row.lower <= a < row.upper or (last and a == 1)]
        assert (row.lower, row.upper) == (edges[place], edges[place + 1])
        assert row.n == len(held)
        if held:
            assert row.mean_probability == near(sum(a for a, _ in held) / len(held))
            assert row.share_true == near(sum(b for _, b in held) / len(held))
        else:
            assert math.isnan(row.mean_probability)
            assert math.isnan(row.share_true)


def test_five_bins_unless_others_are_asked_for():
    assert measures.calibration_table([0.5], [1])["lower"].to_list() == [0, 0.2, 0.4, 0.6, 0.8]


@pytest.mark.parametrize(
    "edges", [[0], [0.1, 1], [0, 0.9], [0, 0.5, 0.5, 1], [0, 0.6, 0.4, 1], [0, 0.5, 2]]
)
def test_edges_rise_from_0_to_1(edges):
    with pytest.raises(ValueError, match="must rise from 0 to 1"):
        measures.calibration_table([0.5], [1], edges)


@pytest.mark.parametrize(
    ("p", "outcome", "words"),
    [
        ([[0.5]], [[1]], "one probability and one outcome"),
        ([0.5], [1, 0], "one probability and one outcome"),
        ([], [], "one probability and one outcome"),
        ([0.5], [math.nan], "no outcome yet"),
        ([1.01], [1], "A probability lies"),
        ([-0.01], [1], "A probability lies"),
        ([math.nan], [1], "A probability lies"),
        ([0.5], [1.01], "An outcome lies"),
        ([0.5], [-0.01], "An outcome lies"),
    ],
)
def test_what_is_no_forecast_is_refused(p, outcome, words):
    for measure in (measures.brier_score, measures.calibration_table):
        with pytest.raises(ValueError, match=words):
            measure(p, outcome)


@given(SHARE, SHARE)
def test_a_gain_closes_its_part_of_the_gap(before, after):
    gain = measures.normalised_gain(before, after)
    if before == 1:
        assert math.isnan(gain)
    else:
        assert before + gain * (1 - before) == near(after, 1e-6)


@pytest.mark.parametrize("shares", [(-0.1, 0.5), (1.1, 0.5), (0.5, -0.1), (0.5, 1.1)])
def test_a_gain_is_between_shares(shares):
    with pytest.raises(ValueError, match="between 0 and 1"):
        measures.normalised_gain(*shares)
    assert measures.normalised_gain(0, 1) == 1
    assert measures.normalised_gain(0, 0) == 0


# --- places ------------------------------------------------------------------------------------

LATITUDE, LONGITUDE = st.floats(-90, 90), st.floats(-180, 180)


def unit(lat, lon):
    """The place as a point on the unit sphere."""
    phi, lam = math.radians(lat), math.radians(lon)
    return np.array([math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)])


@given(LATITUDE, LONGITUDE, LATITUDE, LONGITUDE)
@example(90, 0, -90, 0)
@example(0, -180, 0, 180)
def test_great_circle_from_the_angle_of_two_vectors(lat1, lon1, lat2, lon2):
    a, b = unit(lat1, lon1), unit(lat2, lon2)
    angle = math.atan2(np.linalg.norm(np.cross(a, b)), a @ b)
    km = measures.great_circle_km(lat1, lon1, lat2, lon2)
    assert km == pytest.approx(angle * measures.EARTH_RADIUS_KM, abs=1)
    assert km == measures.great_circle_km(lat2, lon2, lat1, lon1)
    assert isinstance(km, float)
    many = measures.great_circle_km([[lat1]], [[lon1]], lat2, lon2)
    assert many.shape == (1, 1)
    assert many.item() == km


@pytest.mark.parametrize("place", range(4))
def test_each_coordinate_has_its_limit(place):
    limit = (90, 180, 90, 180)[place]
    for sign in (1, -1):
        fine = [0.0, 0.0, 0.0, 0.0]
        fine[place] = sign * limit
        assert measures.great_circle_km(*fine) > 0
        fine[place] = sign * (limit + 0.001)
        with pytest.raises(ValueError, match="swapped"):
            measures.great_circle_km(*fine)
    fine[place] = math.nan
    with pytest.raises(ValueError, match="no coordinates"):
        measures.great_circle_km(*fine)
    fine[place] = [0.0, math.nan]
    with pytest.raises(ValueError, match="no coordinates"):
        measures.great_circle_km(*fine)


# --- composite index ---------------------------------------------------------------------------


@st.composite
def criteria(draw, least=0):
    """Two to four powers on one to three criteria, each of which varies."""
    rows, columns = draw(st.integers(2, 4)), draw(st.integers(1, 3))
    values = st.lists(st.integers(least, 50), min_size=rows, max_size=rows)
    table = {
        name: draw(values.filter(lambda x: len(set(x)) > 1)) for name in ("a", "b", "c")[:columns]
    }
    return pd.DataFrame(table, index=["RUS", "CHN", "USA", "TUR"][:rows])


def scaled(column, scale):
    """One criterion on one scale, by hand."""
    if scale == "none":
        return [float(x) for x in column]
    if scale == "share":
        return [x / sum(column) for x in column]
    low, high = min(column), max(column)
    return [(x - low) / (high - low) for x in column]


@given(
    criteria(),
    st.lists(st.integers(0, 5), min_size=3, max_size=3),
    st.sampled_from(["minmax", "share", "none"]),
)
def test_an_index_is_a_weighted_mean_of_scaled_criteria(frame, weights, scale):
    expected = {name: scaled(frame[name].to_list(), scale) for name in frame}
    found = measures.scaled_criteria(frame, scale)
    assert {name: found[name].to_list() for name in found} == {
        name: pytest.approx(values) for name, values in expected.items()
    }
    weights = dict(zip(frame.columns, weights, strict=False))
    assume(sum(weights.values()))
    index = measures.weighted_index(frame, weights, scale=scale)
    by_hand = {
        power: sum(weights[n] * expected[n][row] for n in weights) / sum(weights.values())
        for row, power in enumerate(frame.index)
    }
    assert index.to_dict() == pytest.approx(by_hand)
    assert index.is_monotonic_decreasing
    assert index.name == "index"


def test_a_tie_keeps_the_order_of_the_table():
    frame = pd.DataFrame({"a": [1, 3] * 10}, index=range(20))
    order = measures.weighted_index(frame, {"a": 1}).index.to_list()
    assert order == [*range(1, 20, 2), *range(0, 20, 2)]


@given(criteria(), st.integers(1, 5), st.sampled_from(["minmax", "share", "none"]))
def test_leaders_are_those_of_each_weighting(frame, steps, scale):
    grid = measures.leaders_by_weight(frame, steps=steps, scale=scale)
    assert grid.columns.to_list() == [*frame.columns, "leader", "margin"]
    weightings = [tuple(row) for row in grid[frame.columns].to_numpy()]
    assert len(set(weightings)) == math.comb(steps + frame.shape[1] - 1, steps)
    for weights, (_, row) in zip(weightings, grid.iterrows(), strict=True):
        assert sum(weights) == near(1)
        assert all((w * steps) == near(round(w * steps)) for w in weights)
        index = measures.weighted_index(
            frame, dict(zip(frame.columns, weights, strict=True)), scale=scale
        )
        leaders = set(index.index[index.iloc[0] - index <= 1e-9 * max(1, index.iloc[0])])
        assert set(row.leader.split(" = ")) == leaders
        assert row.margin == near(index.iloc[0] - index.iloc[1])


def test_a_grid_has_twenty_steps_and_runs_from_lowest_to_highest_unless_told_otherwise():
    frame = pd.DataFrame({"a": [1, 2], "b": [5, 3]}, index=["RUS", "CHN"])
    grid = measures.leaders_by_weight(frame)
    assert len(grid) == 21
    pd.testing.assert_frame_equal(grid, measures.leaders_by_weight(frame, steps=20, scale="minmax"))
    assert len(measures.leaders_by_weight(frame, steps=1)) == 2
    for rows, steps in ((1, 5), (2, 0)):
        with pytest.raises(ValueError, match="two powers at least, and one step"):
            measures.leaders_by_weight(frame.head(rows), steps=steps)
    pd.testing.assert_frame_equal(
        measures.scaled_criteria(frame), measures.scaled_criteria(frame, "minmax")
    )


@pytest.mark.parametrize(
    ("values", "scale", "words"),
    [
        ({}, "minmax", "has no value on a criterion"),
        ({"a": [math.inf, 1]}, "none", "has no value on a criterion"),
        ({"a": pd.array([None, 1], "Int64"), "b": [1.5, 2]}, "none", "has no value on a criterion"),
        ({"a": [-1, 1]}, "share", "not negative"),
        ({"a": [0, 0]}, "share", "same value on a: it ranks nobody"),
        ({"a": [2, 2], "b": [1, 2], "c": [3, 3]}, "minmax", "same value on a, c: it ranks"),
        ({"a": [1, 2]}, "MINMAX", "one of minmax, share, none, not 'MINMAX'"),
    ],
)
def test_what_cannot_be_scaled_is_refused(values, scale, words):
    with pytest.raises(ValueError, match=words):
        measures.scaled_criteria(pd.DataFrame(values), scale)


def test_criteria_may_be_negative_where_no_share_is_taken_and_alike_where_none_is_scaled():
    frame = pd.DataFrame({"a": [-1, 1]})
    assert measures.scaled_criteria(frame)["a"].to_list() == [0, 1]
    assert measures.scaled_criteria(frame, "none")["a"].to_list() == [-1, 1]
    assert measures.scaled_criteria(frame * 0, "none")["a"].to_list() == [0, 0]
    assert measures.scaled_criteria(pd.DataFrame({"a": [0, 4]}), "share")["a"].to_list() == [0, 1]
    assert measures.scaled_criteria(pd.DataFrame({"a": [4, 4]}), "share")["a"].to_list() == [
        0.5,
        0.5,
    ]


@pytest.mark.parametrize("weight", [math.nan, math.inf, -1])
def test_a_weight_is_a_number_that_is_not_negative(weight):
    with pytest.raises(ValueError, match="must not be negative"):
        measures.weighted_index(pd.DataFrame({"a": [1, 2], "b": [2, 1]}), {"a": weight, "b": 2})


# --- break years -------------------------------------------------------------------------------

YEARS = st.integers(1990, 2010)


@given(st.lists(YEARS, min_size=2, max_size=12), st.sets(YEARS, max_size=4), st.randoms())
def test_variation_between_periods_by_hand(years, breaks, random):
    values = [random.randint(0, 20) for _ in years]
    assume(len(set(values)) > 1)
    index = random.sample(range(100), len(years))
    year, value = pd.Series(years, index), pd.Series(values, index)
    periods = measures.period_of(year, breaks)
    assert periods.to_list() == [sum(b <= y for b in breaks) for y in years]
    assert periods.index.to_list() == index
    assert periods.name == "period"
    mean = sum(values) / len(values)
    within = 0.0
    for period in set(periods):
        own = [v for v, p in zip(values, periods, strict=True) if p == period]
        within += sum((v - sum(own) / len(own)) ** 2 for v in own)
    expected = 1 - within / sum((v - mean) ** 2 for v in values)
    share = measures.share_between_periods(year, value.sample(frac=1, random_state=1), breaks)
    assert share == near(expected)
    assert isinstance(share, float)
    more = measures.share_between_periods(year, value, {*breaks, 2000})
    assert more >= share - 1e-9
