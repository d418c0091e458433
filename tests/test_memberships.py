"""Who belonged to what: spells that fit together, and the cases that readers get wrong."""

import pandas as pd
import pytest

from centralasia import measures, tables

FORMAL = (
    "member",
    "associate",
    "observer",
    "signatory",
    "suspended",
    "dialogue_partner",
    "limited",
)
CST_BEFORE = ["ARM", "AZE", "BLR", "GEO", "KAZ", "KGZ", "RUS", "TJK", "UZB"]
CST_AFTER = ["ARM", "BLR", "KAZ", "KGZ", "RUS", "TJK"]


@pytest.fixture(scope="module")
def spells():
    return tables.load("memberships")


@pytest.fixture(scope="module")
def organizations():
    return tables.load("organizations").set_index("organization")


def last_day(spells: pd.DataFrame) -> pd.Series:
    return spells["end"].fillna(pd.Timestamp("2262-01-01"))


def test_no_two_spells_of_a_state_overlap(spells):
    ordered = spells.assign(last=last_day(spells)).sort_values(["organization", "country", "start"])
    before = ordered.groupby(["organization", "country"])["last"].shift()
    overlapping = ordered[before.notna() & (before >= ordered["start"])]
    assert overlapping[["organization", "country", "start_text"]].to_dict("records") == []


def test_every_spell_has_a_beginning_and_does_not_end_before_it(spells):
    assert spells["start"].notna().all()
    assert (last_day(spells) >= spells["start"]).all()


def test_no_spell_lies_outside_the_life_of_its_organization(spells, organizations):
    life = spells.join(organizations[["founded", "ended"]], on="organization")
    assert (life["start"] >= life["founded"]).all()
    ended = life[life["ended"].notna()]
    assert ended["end"].notna().all()
    assert (ended["end"] <= ended["ended"]).all()


def test_keys_agree(spells, organizations):
    assert set(spells["organization"]) == set(organizations.index)
    assert set(organizations["predecessor"].dropna()) <= set(organizations.index)
    assert set(spells["country"]) <= set(tables.load("countries")["country"])


def test_a_follower_never_begins_before_its_predecessor(organizations):
    followers = organizations.dropna(subset=["predecessor"])
    earlier = organizations.loc[followers["predecessor"], "founded"]
    assert (followers["founded"].to_numpy() > earlier.to_numpy()).all()


def test_observers_of_the_wto_are_told_for_the_five_and_the_powers(spells):
    """An observer of one side only would make the others look as if they had kept away."""
    applying = measures.members_on(spells, "WTO", "2005-06-01", ["observer"])
    assert applying == ["IRN", "KAZ", "RUS", "TJK", "UZB"]
    assert measures.members_on(spells, "WTO", "1998-01-01", ["observer"]) == [
        *("CHN", "KAZ", "KGZ", "RUS", "UZB")
    ]


@pytest.mark.parametrize(
    ("organization", "country", "status", "parts"),
    [("SCO", "AFG", "observer", ["", "none"]), ("CIS", "MDA", "member", ["limited"])],
)
def test_who_stays_away_is_marked(spells, organization, country, status, parts):
    spell = spells.query("organization == @organization and country == @country")
    held = spell.loc[spell["status"] == status, "in_practice"].astype(object).fillna("")
    assert held.tolist() == parts


def test_a_dialogue_partner_of_the_sco_counts_from_its_memorandum(spells):
    on_the_decision = measures.members_on(spells, "SCO", "2015-07-10", ["dialogue_partner"])
    assert on_the_decision == ["LKA", "TUR"]
    assert measures.members_on(spells, "SCO", "2016-04-16", ["dialogue_partner"]) == [
        *("ARM", "AZE", "KHM", "LKA", "NPL", "TUR")
    ]


def test_a_suspended_state_is_said_to_take_no_part(spells):
    assert (spells.loc[spells["status"] == "suspended", "in_practice"] == "none").all()


@pytest.mark.parametrize(
    ("organization", "day", "expected"),
    [
        ("CST", "1998-01-01", CST_BEFORE),
        ("CST", "1999-04-20", CST_BEFORE),
        ("CST", "1999-04-21", CST_AFTER),
        ("CSTO", "2003-01-01", CST_AFTER),
        ("CSTO", "2007-01-01", [*CST_AFTER, "UZB"]),
        ("CSTO", "2012-06-28", [*CST_AFTER, "UZB"]),
        ("CSTO", "2013-01-01", CST_AFTER),
        ("EurAsEC", "2005-01-01", ["BLR", "KAZ", "KGZ", "RUS", "TJK"]),
        ("EurAsEC", "2007-01-01", ["BLR", "KAZ", "KGZ", "RUS", "TJK", "UZB"]),
        ("EurAsEC", "2009-01-01", ["BLR", "KAZ", "KGZ", "RUS", "TJK"]),
        ("Shanghai Five", "2000-12-31", ["CHN", "KAZ", "KGZ", "RUS", "TJK"]),
        ("SCO", "2001-06-15", ["CHN", "KAZ", "KGZ", "RUS", "TJK", "UZB"]),
        ("SCO", "2018-01-01", ["CHN", "IND", "KAZ", "KGZ", "PAK", "RUS", "TJK", "UZB"]),
        ("EAEU", "2015-01-01", ["BLR", "KAZ", "RUS"]),
        ("EAEU", "2015-08-11", ["ARM", "BLR", "KAZ", "RUS"]),
        ("EAEU", "2015-08-12", ["ARM", "BLR", "KAZ", "KGZ", "RUS"]),
        ("CACO", "2004-10-18", ["KAZ", "KGZ", "RUS", "TJK", "UZB"]),
        ("GUUAM", "2003-01-01", []),
        ("SES 2003", "2004-05-19", []),
        ("SES 2003", "2004-05-20", ["BLR", "KAZ", "RUS", "UKR"]),
        ("SES 2003", "2006-08-16", ["BLR", "KAZ", "RUS", "UKR"]),
        ("SES 2003", "2006-08-17", []),
    ],
)
def test_members_on_a_day(spells, organization, day, expected):
    assert measures.members_on(spells, organization, day) == sorted(expected)


def test_the_treaty_is_not_the_organization(spells):
    """The treaty of 1992 had no organisation; nobody is in the CSTO before its Charter."""
    day = "1993-01-01"
    assert "UZB" in measures.members_on(spells, "CST", day)
    assert measures.members_on(spells, "CSTO", day, FORMAL) == []
    assert measures.members_on(spells, "CST", "2003-01-01", FORMAL) == []


def test_uzbekistan_comes_and_goes(spells):
    uzbek = spells[(spells["country"] == "UZB") & spells["organization"].isin(["CST", "CSTO"])]
    told = uzbek.sort_values("start")[["status", "start_text", "end_text"]].fillna("")
    assert told.to_numpy().tolist() == [
        ["member", "1992-05-15", "1999-04-20"],
        ["member", "2006-06-23", "2012-06-28"],
        ["suspended", "2012-06-29", ""],
    ]
    second = uzbek[uzbek["start_text"] == "2006-06-23"]
    assert second["in_practice"].tolist() == ["limited"]


@pytest.mark.parametrize("organization", ["CST", "CSTO", "EurAsEC", "SCO", "EAEU"])
def test_turkmenistan_holds_no_status_in_the_blocs(spells, organization):
    turkmen = spells[(spells["country"] == "TKM") & (spells["organization"] == organization)]
    assert not set(turkmen["status"].astype(str)) & set(FORMAL)


def test_turkmenistan_steps_down_in_the_cis(spells):
    before = measures.members_on(spells, "CIS", "2005-08-25")
    after = measures.members_on(spells, "CIS", "2005-08-26")
    assert set(before) - set(after) == {"TKM"}
    assert measures.members_on(spells, "CIS", "2005-08-26", ["associate"]) == ["TKM"]


def test_no_organization_ever_had_all_five_as_allies(spells, organizations):
    allied = organizations.index[organizations["obligation"] == "mutual defence"]
    five = {"KAZ", "KGZ", "TJK", "TKM", "UZB"}
    for name in allied:
        for day in spells.loc[spells["organization"] == name, "start"]:
            assert not five <= set(measures.members_on(spells, name, day))


def test_a_bank_has_its_members_one_by_one(spells):
    """Only those bound on the first day are members then; the others come as they ratify."""
    assert measures.members_on(spells, "AIIB", "2015-12-25") == ["CHN", "MNG", "PAK"]
    assert "UZB" not in measures.members_on(spells, "AIIB", "2016-11-29")
    assert "AFG" in measures.members_on(spells, "AIIB", "2017-10-13")


def test_ukraine_was_never_a_member_of_the_cis(spells):
    assert "UKR" not in measures.members_on(spells, "CIS", "2000-01-01")
    assert measures.members_on(spells, "CIS", "2000-01-01", ["signatory"]) == ["UKR"]
