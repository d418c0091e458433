"""Every measure against values worked by hand or taken from a published table."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from centralasia import measures, tables


def trade_table(rows):
    columns = ["country", "partner", "year", "flow", "value_usd", "source_id"]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture
def trade():
    """Kazakhstan and Kyrgyzstan in 2010: totals, three partners, both flows, one source."""
    return trade_table(
        [
            ("KAZ", "WLD", 2010, "export", 60, "a"),
            ("KAZ", "CHN", 2010, "export", 12, "a"),
            ("KAZ", "KGZ", 2010, "export", 3, "a"),
            ("KAZ", "RUS", 2010, "export", 6, "a"),
            ("KAZ", "WLD", 2010, "import", 40, "a"),
            ("KAZ", "CHN", 2010, "import", 8, "a"),
            ("KAZ", "KGZ", 2010, "import", 2, "a"),
            ("KAZ", "RUS", 2010, "import", 20, "a"),
            ("KGZ", "WLD", 2010, "export", 10, "a"),
            ("KGZ", "KAZ", 2010, "export", 4, "a"),
            ("KGZ", "WLD", 2010, "import", 20, "a"),
            ("KGZ", "KAZ", 2010, "import", 5, "a"),
            ("KAZ", "CHN", 2010, "turnover", 99, "a"),
            ("KAZ", "CHN", 2011, "export", 14, "b"),
        ]
    )


# --- concentration -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1], 1.0),
        ([5, 5], 0.5),
        # The example of the US Department of Justice: four firms of 30, 30, 20 and 20 per cent
        # have 900 + 900 + 400 + 400 = 2,600 points of 10,000.
        ([30, 30, 20, 20], 0.26),
        ([0.3, 0.3, 0.2, 0.2, 0], 0.26),
    ],
)
def test_hhi(values, expected):
    assert measures.hhi(values) == pytest.approx(expected)


def test_hhi_normalised_by_hand():
    # (0.26 - 1/4) / (1 - 1/4) = 0.01 / 0.75
    assert measures.hhi([30, 30, 20, 20], normalised=True) == pytest.approx(0.01 / 0.75)
    assert measures.hhi([7, 0], normalised=True) == pytest.approx(1)


def test_hhi_of_a_part_is_a_lower_bound():
    # 0.2² + 0.1² of a whole of 50, the rest spread too thin to count.
    assert measures.hhi([10, 5], total=50) == pytest.approx(0.05)


@pytest.mark.parametrize(
    "values", [[], [0, 0], [1, -1, 3], [1, math.nan], [1, math.inf], [[1, 2], [3, 4]]]
)
def test_hhi_refuses(values):
    with pytest.raises(ValueError, match=r"amount|Amounts"):
        measures.hhi(values)


def test_hhi_refuses_a_total_below_the_sum_and_a_meaningless_normalisation():
    with pytest.raises(ValueError, match="more than the total of 9"):
        measures.hhi([5, 5], total=9)
    with pytest.raises(ValueError, match="more than the total of nan"):
        measures.hhi([5, 5], total=math.nan)
    for kwargs in ({"values": [5]}, {"values": [5, 5], "total": 20}):
        with pytest.raises(ValueError, match="all partners"):
            measures.hhi(**kwargs, normalised=True)


# --- dependence --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flow", "expected"), [("export", 12 / 60), ("import", 8 / 40), ("turnover", 20 / 100)]
)
def test_dependence(trade, flow, expected):
    assert measures.dependence(trade, "KAZ", "CHN", flow, 2010) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("KZT", "CHN", "export", 2010), "it has KAZ, KGZ"),
        (("KAZ", "CHN", "exports", 2010), "'export', 'import' or 'turnover'"),
        (("KAZ", "CHN", "export", 1990), "totals exist for 2010 to 2010"),
        (("KAZ", "CHN", "export", 2011), "No total of KAZ's export trade in 2011"),
        (("KAZ", "USA", "export", 2010), "with 'USA' in 2010"),
    ],
)
def test_dependence_names_the_problem(trade, arguments, message):
    with pytest.raises(ValueError, match=message):
        measures.dependence(trade, *arguments)


def test_dependence_never_mixes_sources(trade):
    other = trade[trade["year"].eq(2010)].assign(source_id="b")
    both = pd.concat([trade, other])
    with pytest.raises(ValueError, match=r"a, b.*source_id="):
        measures.dependence(both, "KAZ", "CHN", "export", 2010)
    assert measures.dependence(both, "KAZ", "CHN", "export", 2010, source_id="b") == 0.2
    with pytest.raises(ValueError, match="two values"):
        measures.dependence(pd.concat([trade, trade]), "KAZ", "CHN", "export", 2010)


def test_turnover_needs_both_flows(trade):
    one_way = trade[~(trade["partner"].eq("CHN") & trade["flow"].eq("import"))]
    with pytest.raises(ValueError, match="No turnover trade"):
        measures.dependence(one_way, "KAZ", "CHN", "turnover", 2010)


def test_a_total_of_nothing_is_no_whole(trade):
    nothing = trade.assign(value_usd=0)
    for measure in (
        lambda: measures.dependence(nothing, "KAZ", "CHN", "export", 2010),
        lambda: measures.partner_shares(nothing, "KAZ", "export", 2010),
        lambda: measures.intra_bloc_share(nothing, ["KAZ", "KGZ"], 2010),
    ):
        with pytest.raises(ValueError, match="nothing to take a share of"):
            measure()


def test_partner_shares(trade):
    shares = measures.partner_shares(trade, "KAZ", "export", 2010)
    assert list(shares.index) == ["CHN", "RUS", "KGZ", "rest"]
    assert shares.to_list() == pytest.approx([0.2, 0.1, 0.05, 0.65])
    # Lower bound 0.04 + 0.01 + 0.0025; upper bound adds 0.65².
    assert measures.hhi(shares.drop("rest"), total=1) == pytest.approx(0.0525)
    assert measures.hhi(shares) == pytest.approx(0.475)


def test_partner_shares_leave_out_groups_and_refuse_too_much(trade):
    group = trade_table([("KAZ", "CIS", 2010, "export", 9, "a")])
    shares = measures.partner_shares(pd.concat([trade, group]), "KAZ", "export", 2010)
    assert "CIS" not in shares.index
    glut = trade_table([("KAZ", "ITA", 2010, "export", 50, "a")])
    with pytest.raises(ValueError, match="add up to more"):
        measures.partner_shares(pd.concat([trade, glut]), "KAZ", "export", 2010)


def test_asymmetry_by_hand():
    years = [2000, 2010]
    table = measures.asymmetry(
        pd.Series([5, 20], years), pd.Series([50, 80], years), pd.Series([500, 3200], years)
    )
    assert table["country_on_partner"].to_list() == pytest.approx([0.1, 0.25])
    assert table["partner_on_country"].to_list() == pytest.approx([0.01, 0.00625])
    assert table["ratio"].to_list() == pytest.approx([10, 40])
    with pytest.raises(ValueError, match="partner's total"):
        measures.asymmetry(20, 100, 10)
    with pytest.raises(ValueError, match="negative"):
        measures.asymmetry(-20, 100, 1000)


def test_asymmetry_matches_years_and_takes_one_total_for_all():
    part, total = pd.Series({2010: 20.0, 2011: 10.0}), pd.Series({2009: 90.0, 2010: 80.0})
    table = measures.asymmetry(part, total, 1000)
    assert table.index.to_list() == [2009, 2010, 2011]
    assert table.loc[2010].to_list() == pytest.approx([0.25, 0.02, 12.5])
    assert table["country_on_partner"].isna().to_list() == [True, False, True]


def test_intra_bloc_share(trade):
    # (3 + 2 + 4 + 5) / (60 + 40 + 10 + 20)
    share = measures.intra_bloc_share(trade, ["KAZ", "KGZ"], 2010)
    assert share == pytest.approx(14 / 130)
    # With Russia in the bloc but not among the reporters, Kazakhstan's side only.
    share = measures.intra_bloc_share(trade, ["KAZ", "RUS"], 2010, flow="import", reporters=["KAZ"])
    assert share == pytest.approx(20 / 40)
    # A member named twice is one member.
    assert measures.intra_bloc_share(
        trade, ["KAZ", "KGZ", "KGZ"], 2010, reporters=["KAZ", "KGZ", "KAZ"]
    ) == pytest.approx(14 / 130)


@pytest.mark.parametrize(
    ("members", "reporters", "message"),
    [
        (["KAZ", "RUS"], None, "does not hold the trade of RUS"),
        (["KAZ", "KGZ"], ["RUS"], "members of the bloc; RUS"),
        (["KAZ", "KGZ"], [], "none given"),
        (["KAZ", "KGZ", "RUS"], ["KGZ"], "No turnover trade of KGZ with RUS in 2010"),
    ],
)
def test_intra_bloc_share_names_the_problem(trade, members, reporters, message):
    with pytest.raises(ValueError, match=message):
        measures.intra_bloc_share(trade, members, 2010, reporters=reporters)


# --- two reports, two years --------------------------------------------------------------------


def test_mirror_gap_keeps_silent_years():
    gap = measures.mirror_gap(
        pd.Series({2008: 200.0, 2009: 0.0, 2010: 50.0}),
        pd.Series({2008: 230.0, 2009: 5.0, 2011: 1.0}),
    )
    assert gap.index.to_list() == [2008, 2009, 2010, 2011]
    assert gap.loc[2008, ["absolute", "relative"]].to_list() == pytest.approx([30, 0.15])
    assert gap.loc[2009, "absolute"] == 5
    assert gap["relative"].isna().to_list() == [False, True, True, True]


def test_mirror_gap_refuses():
    with pytest.raises(ValueError, match="no year that both"):
        measures.mirror_gap(pd.Series({2008: 1.0}), pd.Series({2009: 1.0}))
    with pytest.raises(ValueError, match="importer has two values"):
        measures.mirror_gap(pd.Series({2008: 1.0}), pd.Series([1.0, 2.0], index=[2008, 2008]))
    with pytest.raises(ValueError, match="negative"):
        measures.mirror_gap(pd.Series({2008: -1.0}), pd.Series({2008: 1.0}))


def test_growth_multiple_of_every_pair():
    table = measures.growth_multiple(pd.Series({2010: 22, 1992: 2, 2000: 4}))
    pairs = {(a, b): m for a, b, m in table[["from_year", "to_year", "multiple"]].to_numpy()}
    assert pairs == {(1992, 2000): 2, (1992, 2010): 11, (2000, 2010): 5.5}


@pytest.mark.parametrize(
    ("series", "message"),
    [
        (pd.Series([1.0, 2.0], index=[1992, 1992]), "two sources are mixed"),
        (pd.Series({1992: 1.0}), "two years"),
        (pd.Series({1992: 0.0, 1993: 2.0, 1994: None, 1995: math.inf}), "1992, 1994, 1995"),
    ],
)
def test_growth_multiple_refuses(series, message):
    with pytest.raises(ValueError, match=message):
        measures.growth_multiple(series)


def test_pairs_that_fit_a_sentence():
    series = pd.Series({1995: 0.8, 2000: 1.8, 2003: 4.1, 2007: 19.7, 2010: 30.0})
    fits = measures.pairs_that_fit(series, multiple=(10, 12.5), level=(17, 23))
    assert fits[["from_year", "to_year"]].to_numpy().tolist() == [[2000, 2007]]
    assert len(measures.pairs_that_fit(series, multiple=(10, 40))) == 4
    assert measures.pairs_that_fit(series, multiple=(100, 200)).empty
    for wrong in ({"multiple": (12, 10)}, {"multiple": (1, 2), "level": (3, 1)}):
        with pytest.raises(ValueError, match="smaller one first"):
            measures.pairs_that_fit(series, **wrong)


@given(
    st.lists(st.floats(0.1, 1000), min_size=2, max_size=12), st.floats(0.1, 10), st.floats(0.5, 20)
)
def test_a_fit_is_a_pair_within_both_bounds_and_no_pair_is_lost(values, low, wide):
    series = pd.Series(values, index=range(1990, 1990 + len(values)))
    pairs = measures.growth_multiple(series)
    bounds = (low, low * (1 + wide)), (10.0, 500.0)
    fits = measures.pairs_that_fit(series, multiple=bounds[0], level=bounds[1])
    assert fits.multiple.between(*bounds[0]).all()
    assert fits.to_value.between(*bounds[1]).all()
    everything = measures.pairs_that_fit(series, multiple=(0, math.inf))
    assert len(fits) <= len(everything) == len(pairs)


def test_overtaking_is_for_good_and_within_what_both_know():
    china = pd.Series({2000: 1.0, 2001: 3.0, 2002: 2.0, 2004: 5.0, 2005: 6.0, 2006: 9.0})
    russia = pd.Series({1999: 9.0, 2000: 2.0, 2001: 2.0, 2002: 2.0, 2003: 2.0, 2005: 4.0})
    assert measures.overtaking(china, russia) == (2000, 2005, 2001, 2005, 2002)
    assert measures.overtaking(russia, china) == (2000, 2005, 2000, None, None)
    ahead = measures.overtaking(china + 5, russia)
    assert (ahead.lasting, ahead.behind) == (2000, None)
    assert measures.overtaking(china, china) == (2000, 2006, None, None, None)  # a tie is no lead


@pytest.mark.parametrize(
    ("challenger", "leader", "message"),
    [
        (pd.Series([1.0, 2.0], index=[2000, 2000]), pd.Series({2000: 1.0}), "challenger has two"),
        (pd.Series({2000: 1.0}), pd.Series([1.0, 2.0], index=[2000, 2000]), "leader has two"),
        (pd.Series({2000: 1.0}), pd.Series({2001: 1.0}), "no year that both"),
        (pd.Series({2000: math.nan}), pd.Series({2000: 1.0}), "no year that both"),
    ],
)
def test_overtaking_refuses(challenger, leader, message):
    with pytest.raises(ValueError, match=message):
        measures.overtaking(challenger, leader)


@given(st.dictionaries(st.integers(1990, 2025), st.tuples(*[st.floats(0, 99)] * 2), min_size=1))
def test_after_an_overtaking_the_challenger_leads_in_every_year(both):
    china, russia = (pd.Series({year: pair[n] for year, pair in both.items()}) for n in (0, 1))
    passed = measures.overtaking(china, russia)
    since = [year for year in both if passed.lasting is not None and year >= passed.lasting]
    assert all(china[year] > russia[year] for year in since)
    assert (passed.lasting is None) == (china[max(both)] <= russia[max(both)])
    if passed.behind is not None:
        assert china[passed.behind] <= russia[passed.behind]
        assert not [year for year in both if passed.behind < year < passed.lasting]


# --- membership --------------------------------------------------------------------------------


@pytest.fixture
def spells():
    rows = [
        ("CST", "UZB", "member", "1992-05-15", "1999-04-02"),
        ("CST", "KAZ", "member", "1992-05-15", "2002-10-07"),
        ("CSTO", "KAZ", "member", "2002-10-07", None),
        ("CSTO", "UZB", "member", "2006-06-23", "2012-06-27"),
        ("CSTO", "UZB", "suspended", "2012-06-28", None),
        ("SCO", "MNG", "observer", "2004-06-17", None),
    ]
    frame = pd.DataFrame(rows, columns=["organization", "country", "status", "start", "end"])
    return frame.assign(start=pd.to_datetime(frame["start"]), end=pd.to_datetime(frame["end"]))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("1992-05-14", []),
        ("1992-05-15", ["KAZ", "UZB"]),
        ("1999-04-02", ["KAZ", "UZB"]),
        ("1999-04-02 18:00", ["KAZ", "UZB"]),
        (date(1999, 4, 2), ["KAZ", "UZB"]),
        (pd.Timestamp("1999-04-03"), ["KAZ"]),
        (1999, ["KAZ", "UZB"]),
        ("2000", ["KAZ"]),
        ("1999-04-03", ["KAZ"]),
        ("2002-10-08", []),
    ],
)
def test_members_on_counts_first_and_last_day(spells, day, expected):
    assert measures.members_on(spells, "CST", day) == expected


def test_members_on_counts_only_the_statuses_asked_for(spells):
    assert measures.members_on(spells, "CSTO", "2013-01-01") == ["KAZ"]
    wide = measures.members_on(spells, "CSTO", "2013-01-01", statuses=("member", "suspended"))
    assert wide == ["KAZ", "UZB"]
    assert measures.members_on(spells, "SCO", "2013-01-01", statuses="observer") == ["MNG"]


def test_members_on_names_the_problem(spells):
    with pytest.raises(ValueError, match="it has CST, CSTO, SCO"):
        measures.members_on(spells, "NATO", "2000-01-01")
    with pytest.raises(ValueError, match="No status full"):
        measures.members_on(spells, "CST", "2000-01-01", statuses=("full",))
    for day in ("the year 2000", None, pd.NaT):
        with pytest.raises(ValueError, match="Give a day"):
            measures.members_on(spells, "CST", day)
    with pytest.raises(TypeError, match=r"tables\.load"):
        measures.members_on(spells.astype({"start": str}), "CST", "2000-01-01")


def test_membership_matrix(spells):
    matrix = measures.membership_matrix_on(spells, "2013-01-01", countries=["UZB", "KAZ"])
    assert matrix.loc["UZB"].to_dict() == {"CST": "", "CSTO": "suspended", "SCO": ""}
    assert list(matrix.index) == ["UZB", "KAZ"]
    assert (measures.membership_matrix_on(spells, "1980-01-01") == "").all(axis=None)
    with pytest.raises(ValueError, match="No country FRA"):
        measures.membership_matrix_on(spells, "2013-01-01", countries=["FRA"])


def test_members_of_the_collective_security_treaty():
    """The answers of lesson 02, from the dates of 1992, 1999, 2006 and 2012."""
    memberships = tables.load("memberships")
    five = {"KAZ", "KGZ", "TJK", "TKM", "UZB"}

    def members(organization, day):
        return five & set(measures.members_on(memberships, organization, day))

    assert members("CST", "1998-01-01") == {"KAZ", "KGZ", "TJK", "UZB"}
    assert members("CST", "2000-01-01") == {"KAZ", "KGZ", "TJK"}
    assert members("CSTO", "2007-01-01") == {"KAZ", "KGZ", "TJK", "UZB"}
    assert members("CSTO", "2013-01-01") == {"KAZ", "KGZ", "TJK"}


# --- votes -------------------------------------------------------------------------------------


def test_vote_agreement_by_hand():
    # Ten roll calls: six alike, two with one abstention, one opposed, one absence.
    a = [1, 1, 1, 3, 3, 2, 1, 2, 1, 8]
    b = [1, 1, 1, 3, 3, 2, 2, 3, 3, 1]
    result = measures.vote_agreement(a, b)
    assert result.n_votes == 9
    assert result.identical == pytest.approx(6 / 9)
    assert result.lijphart == pytest.approx((6 + 2 / 2) / 9)
    assert measures.vote_agreement(b, a) == result


def test_vote_agreement_without_a_common_vote_and_with_other_codes():
    nothing = measures.vote_agreement([8, 1], [1, 9])
    assert nothing.n_votes == 0
    assert math.isnan(nothing.identical)
    assert math.isnan(nothing.lijphart)
    codes = {"yes": 1, "no": 0, "abstain": 0.5, "": math.nan}
    assert measures.vote_agreement(["yes", ""], ["abstain", "no"], codes).lijphart == 0.5


def test_vote_agreement_refuses():
    with pytest.raises(ValueError, match="2 and 1 votes"):
        measures.vote_agreement([1, 1], [1])
    with pytest.raises(ValueError, match="No such vote code: 4"):
        measures.vote_agreement([1, 4], [1, 1])


# --- judgement ---------------------------------------------------------------------------------


def labels(both_yes, a_yes, b_yes, both_no):
    a = ["yes"] * (both_yes + a_yes) + ["no"] * (b_yes + both_no)
    b = ["yes"] * both_yes + ["no"] * a_yes + ["yes"] * b_yes + ["no"] * both_no
    return a, b


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        # Fifty grant proposals, the worked example of Wikipedia's "Cohen's kappa": 0.40.
        ((20, 5, 10, 15), 0.40),
        # Same page: equal agreement of 60 per cent, different margins: 0.1304 and 0.2593.
        ((45, 15, 25, 15), 0.1304),
        ((25, 35, 5, 35), 0.2593),
        ((5, 0, 0, 5), 1.0),
        ((0, 5, 5, 0), -1.0),
    ],
)
def test_cohens_kappa(table, expected):
    assert measures.cohens_kappa(*labels(*table)) == pytest.approx(expected, abs=5e-5)


def test_cohens_kappa_with_three_codes_by_hand():
    # p_o = 4/6; margins (3, 2, 1) and (2, 2, 2): p_e = (6 + 4 + 2) / 36 = 1/3.
    a = ["event", "event", "event", "figure", "figure", "forecast"]
    b = ["event", "event", "figure", "figure", "forecast", "forecast"]
    assert measures.cohens_kappa(a, b) == pytest.approx((4 / 6 - 1 / 3) / (1 - 1 / 3))


def test_kappa_on_an_ordered_scale_counts_near_codes_as_partly_alike():
    """Alike by weights (1 + 1/2 + 1 + 1) / 4; by chance 25/40, from shares 2-1-1 and 1-2-1."""
    a, b = ["low", "low", "high", "mid"], ["low", "mid", "high", "mid"]
    weighted = measures.cohens_kappa(a, b, ["low", "mid", "high"])
    assert weighted == pytest.approx((7 / 8 - 9 / 16) / (1 - 9 / 16))
    yes_no = ["yes", "no", "no", "yes"], ["yes", "no", "yes", "yes"]
    assert measures.cohens_kappa(*yes_no, ["no", "yes"]) == measures.cohens_kappa(*yes_no)
    with pytest.raises(ValueError, match="name all codes"):
        measures.cohens_kappa(a, b, ["low", "mid"])


def test_cohens_kappa_at_the_edges():
    assert math.isnan(measures.cohens_kappa(["x", "x"], ["x", "x"]))
    assert measures.cohens_kappa(["x", "x"], ["y", "y"]) == 0
    # One rare code among very many: p_o = 1 all the same.
    rare = ["x"] * 999_999 + ["y"]
    assert measures.cohens_kappa(rare, rare) == pytest.approx(1)
    for a, b in (([], []), (["x"], ["x", "y"]), (["x", None], ["x", "y"])):
        with pytest.raises(ValueError, match=r"item|coders"):
            measures.cohens_kappa(a, b)


@pytest.mark.parametrize(
    ("p", "outcome", "expected"),
    [
        # The three forecasts of rain at 100, 70 and 30 per cent on Wikipedia's "Brier score".
        ([1.0], [1], 0.0),
        ([1.0], [0], 1.0),
        ([0.7], [1], 0.09),
        ([0.3], [1], 0.49),
        ([0.5, 0.5], [1, 0], 0.25),
        ([0.8], [0.5], 0.09),
    ],
)
def test_brier_score(p, outcome, expected):
    assert measures.brier_score(p, outcome) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("p", "outcome"), [([], []), ([70], [1]), ([0.7], [None]), ([0.7, 0.2], [1]), ([None], [1])]
)
def test_brier_score_refuses(p, outcome):
    with pytest.raises(ValueError, match=r"forecast|lies from 0 to 1"):
        measures.brier_score(p, outcome)


def test_calibration_table_by_hand():
    table = measures.calibration_table([0.0, 0.5, 0.55, 1.0], [0, 1, 0, 1], bins=[0, 0.5, 0.8, 1])
    assert table["n"].to_list() == [1, 2, 1]
    assert table["mean_probability"].to_list() == pytest.approx([0, 0.525, 1])
    assert table["share_true"].to_list() == pytest.approx([0, 0.5, 1])
    wide = measures.calibration_table([0.9], [1], bins=2)
    assert wide["n"].to_list() == [0, 1]
    assert math.isnan(wide.loc[0, "share_true"])
    for bins in ([0, 0.5], 0, -3):
        with pytest.raises(ValueError, match="rise from 0 to 1"):
            measures.calibration_table([0.9], [1], bins=bins)


@pytest.mark.parametrize("bins", [2, 5, 10, np.int64(20)])
def test_a_bin_holds_its_lower_edge(bins):
    edges = [float(f"{n / bins:.2f}") for n in range(bins)]  # 0.6, as one writes it
    table = measures.calibration_table(edges, [1] * bins, bins=bins)
    assert table["n"].to_list() == [1] * bins
    assert table["mean_probability"].to_list() == pytest.approx(table["lower"].to_list())


# --- places ------------------------------------------------------------------------------------


def test_great_circle_on_the_sphere():
    quarter = math.pi / 2 * measures.EARTH_RADIUS_KM
    assert measures.great_circle_km(0, 0, 0, 90) == pytest.approx(quarter)
    assert measures.great_circle_km(10, 20, -10, -160) == pytest.approx(2 * quarter)
    assert measures.great_circle_km(43, 74, 43, 74) == 0


def test_great_circle_against_a_published_value():
    # Nashville to Los Angeles, Rosetta Code's "Haversine formula": 2887.26 km on 6372.8 km.
    km = measures.great_circle_km(36.12, -86.67, 33.94, -118.40)
    assert km == pytest.approx(2887.2599506 * measures.EARTH_RADIUS_KM / 6372.8)


def test_great_circle_takes_arrays_and_refuses_swapped_coordinates():
    kabul = (34.53, 69.17)
    km = measures.great_circle_km([38.84, 43.06], [65.91, 74.47], *kabul)
    assert isinstance(km, np.ndarray)
    assert km[0] < km[1]
    with pytest.raises(ValueError, match="swapped"):
        measures.great_circle_km(119, 38, *kabul)
    with pytest.raises(ValueError, match="no coordinates"):
        measures.great_circle_km(float("nan"), 38, *kabul)


# --- composite index ---------------------------------------------------------------------------


@pytest.fixture
def powers():
    return pd.DataFrame(
        {"trade": [10.0, 30.0, 20.0], "arms": [8.0, 2.0, 0.0]}, index=["RUS", "CHN", "USA"]
    )


def test_weighted_index_by_hand(powers):
    index = measures.weighted_index(powers, {"trade": 1, "arms": 1})
    # trade 0, 1, 0.5; arms 1, 0.25, 0.
    assert index.to_dict() == pytest.approx({"CHN": 0.625, "RUS": 0.5, "USA": 0.25})
    shares = measures.weighted_index(powers, {"trade": 2, "arms": 0}, scale="share")
    assert shares.to_dict() == pytest.approx({"CHN": 0.5, "USA": 1 / 3, "RUS": 1 / 6})
    raw = measures.weighted_index(powers, {"trade": 0, "arms": 1}, scale="none")
    assert raw.to_dict() == {"RUS": 8, "CHN": 2, "USA": 0}


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"trade": 1}, "differ in arms"),
        ({"trade": 1, "arms": 1, "aid": 1}, "differ in aid"),
        ({"trade": -1, "arms": 2}, "negative"),
        ({"trade": 0, "arms": 0}, "above zero"),
    ],
)
def test_weighted_index_names_the_problem(powers, weights, message):
    with pytest.raises(ValueError, match=message):
        measures.weighted_index(powers, weights)


def test_weighted_index_refuses_flat_or_missing_criteria(powers):
    with pytest.raises(ValueError, match="same value on arms"):
        measures.weighted_index(powers.assign(arms=1), {"trade": 1, "arms": 1})
    with pytest.raises(ValueError, match="no value"):
        measures.weighted_index(powers.assign(arms=[1, None, 2]), {"trade": 1, "arms": 1})
    with pytest.raises(ValueError, match="no value"):
        measures.weighted_index(powers.assign(arms=[1, math.inf, 2]), {"trade": 1, "arms": 1})
    with pytest.raises(ValueError, match="negative"):
        measures.weighted_index(
            powers.assign(arms=[-1, 3, 2]), {"trade": 1, "arms": 1}, scale="share"
        )
    with pytest.raises(ValueError, match="scale is one of"):
        measures.weighted_index(powers, {"trade": 1, "arms": 1}, scale="z")


def test_leaders_by_weight_finds_the_flip(powers):
    grid = measures.leaders_by_weight(powers, steps=10)
    # China leads where w > (1 - w) + 0 - 0.25 (1 - w), that is w > 3/7.
    china = grid.loc[grid["trade"] > 3 / 7, "leader"].unique().tolist()
    russia = grid.loc[grid["trade"] < 3 / 7, "leader"].unique().tolist()
    assert (china, russia) == (["CHN"], ["RUS"])
    assert len(grid) == 11
    assert grid.loc[grid["trade"].eq(1), "margin"].item() == pytest.approx(0.5)
    with pytest.raises(ValueError, match="two powers"):
        measures.leaders_by_weight(powers.head(1))


def test_who_leads_does_not_hang_on_the_unit(powers):
    large = measures.leaders_by_weight(powers, steps=10, scale="none")
    small = measures.leaders_by_weight(powers * 1e-9, steps=10, scale="none")
    assert large["leader"].to_list() == small["leader"].to_list()
    assert small["margin"].to_numpy() == pytest.approx(large["margin"].to_numpy() * 1e-9)
    third = pd.DataFrame({"a": [0.1, 0.3], "b": [0.3, 0.1]}, index=["RUS", "CHN"])
    tied = measures.leaders_by_weight(third, steps=10, scale="none").query("a == 0.5")
    assert tied["leader"].to_list() == ["RUS = CHN"]


def test_who_leads_can_hang_on_a_third_that_leads_nowhere():
    powers = pd.DataFrame({"trade": [6, 8, 0], "arms": [9, 1, 0]}, index=["RUS", "CHN", "USA"])
    led = measures.leads_without(powers, steps=4)
    assert led.loc["nobody"].to_dict() == pytest.approx({"RUS": 0.8, "CHN": 0.2, "USA": 0})
    # Without the third each is first once and last once: a lead for every weight but the half.
    assert led.loc["USA", ["RUS", "CHN"]].to_list() == pytest.approx([0.4, 0.4])
    assert math.isnan(led.loc["USA", "USA"])
    shares = measures.leads_without(powers, steps=4, scale="share")
    assert shares.loc["USA", "RUS"] == shares.loc["nobody", "RUS"]


def test_leaving_one_out_says_where_a_criterion_is_flat():
    powers = pd.DataFrame({"trade": [6, 8, 1], "arms": [9, 0, 0]}, index=["RUS", "CHN", "USA"])
    led = measures.leads_without(powers, steps=4)
    assert led.loc["RUS"].isna().all()
    assert led.loc["CHN", "RUS"] == 1
    with pytest.raises(ValueError, match="three powers"):
        measures.leads_without(powers.head(2))


@given(
    st.lists(st.tuples(*[st.integers(0, 50)] * 3), min_size=3, max_size=5, unique=True),
    st.integers(1, 8),
)
def test_shares_of_weightings_are_shares(rows, steps):
    frame = pd.DataFrame(rows, columns=["a", "b", "c"], index=list("PQRST")[: len(rows)])
    assume((frame.nunique() > 1).all())
    led = measures.leads_without(frame, steps=steps)
    filled = led.fillna(0)
    assert ((filled >= 0) & (filled.sum(axis=1) <= 1 + 1e-9).to_numpy()[:, None]).all(axis=None)
    assert np.isnan(np.diag(led.drop("nobody"))).all()
    leaders = measures.leaders_by_weight(frame, steps=steps).leader
    assert led.loc["nobody"].to_list() == [leaders.eq(x).mean() for x in frame.index]


# --- break years -------------------------------------------------------------------------------


def test_a_break_is_the_first_year_of_its_period():
    years = pd.Series([2004, 2005, 2013, 2014], index=[7, 3, 5, 1])
    period = measures.period_of(years, [2014, 2005, 2014])
    assert period.to_list() == [0, 1, 1, 2]
    assert period.index.equals(years.index)


def test_share_between_periods_by_hand():
    # Means 2 and 8 around 5: between 9 * 4 = 36, within 1 * 4 = 4.
    years, values = pd.Series([2000, 2001, 2002, 2003]), pd.Series([1, 3, 7, 9])
    assert measures.share_between_periods(years, values, [2002]) == pytest.approx(36 / 40)
    assert measures.share_between_periods(years, values, []) == 0
    gap = pd.Series([1, 3, 7, 9, None]), pd.Series([2000, 2001, 2002, 2003, 2004])
    assert measures.share_between_periods(gap[1], gap[0], [2002]) == pytest.approx(36 / 40)
    with pytest.raises(ValueError, match="does not vary"):
        measures.share_between_periods(years, values * 0, [2002])
    with pytest.raises(ValueError, match="has no year"):
        measures.share_between_periods(years.head(3), values, [2002])
