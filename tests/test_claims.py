"""The essay's 94 claims: complete, tested against something, and scored as their verdicts say."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[1] / "data"
DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
LESSONS = {
    "01": [f"RU-{n:02}" for n in range(1, 5)],
    "02": ["RU-05"],
    "03": [f"RU-{n:02}" for n in range(6, 44)],
    "04": [f"CN-{n:02}" for n in range(1, 4)],
    "05": ["CN-04", "CN-05"],
    "06": [f"CN-{n:02}" for n in range(6, 39)],
    "07": ["US-01", "US-02"],
    "08": [f"US-{n:02}" for n in range(3, 10)],
    "10": [f"SY-{n:02}" for n in range(1, 5)],
}
SCORES = {"failed": "0", "came_partly_true": "0.5", "came_true": "1"}
COUNTS = {
    "power": {"russia": 43, "china": 38, "united_states": 9, "synthesis": 4},
    "kind": {
        "interpretation": 37,
        "event": 18,
        "forecast": 16,
        "causal": 10,
        "figure": 9,
        "membership": 4,
    },
    "verdict": {
        "confirmed": 9,
        "confirmed_with_nuance": 28,
        "contested": 26,
        "imprecise": 9,
        "contradicted": 3,
        "unverified": 3,
        "came_true": 1,
        "came_partly_true": 9,
        "failed": 6,
    },
}
DIMENSIONS = {"institutional", "security", "economic"}


def read(name):
    with open(DATA / f"{name}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


CLAIMS = read("claims")
BY_ID = {claim["claim_id"]: claim for claim in CLAIMS}
each_claim = pytest.mark.parametrize("claim", CLAIMS, ids=list(BY_ID))


def tables_named(text):
    """Names of the tables in a text of the form 'table: what to look at; table: ...'."""
    return [part.split(":")[0] for part in text.split("; ")]


def test_every_claim_once_sorted_in_its_lesson():
    expected = {claim_id: lesson for lesson, ids in LESSONS.items() for claim_id in ids}
    assert {claim_id: claim["lesson"] for claim_id, claim in BY_ID.items()} == expected
    assert [claim["claim_id"] for claim in CLAIMS] == sorted(expected)
    assert len(CLAIMS) == 94


def test_counts_of_kind_power_and_verdict():
    for column, counts in COUNTS.items():
        assert Counter(claim[column] for claim in CLAIMS) == counts, column


def test_the_essay_fills_12_of_the_24_cells():
    stages = [("russia", 3), ("china", 3), ("united_states", 2)]
    grid = {(p, str(s), d) for p, last in stages for s in range(1, last + 1) for d in DIMENSIONS}
    filled = {(c["power"], c["stage"], c["dimension"]) for c in CLAIMS} & grid
    assert (len(grid), len(filled)) == (24, 12)


def test_no_two_claims_say_the_same():
    for column in ("claim", "finding"):
        assert len({c[column].casefold() for c in CLAIMS}) == len(CLAIMS), column


@each_claim
def test_claim_has_what_its_kind_needs(claim):
    judged = claim["kind"] in ("interpretation", "causal")
    forecast = claim["kind"] == "forecast"
    assert all(claim[column] for column in ("claim", "finding", "decided_by"))
    assert bool(claim["support"]) == bool(claim["challenge"]) == judged
    assert bool(claim["criterion"]) == forecast
    assert claim["outcome"] == (SCORES[claim["verdict"]] if forecast else "")
    assert forecast or claim["verdict"] not in SCORES
    assert bool(claim["correction"]) == (claim["verdict"] != "confirmed")
    assert re.fullmatch(rf"({DATE}(/{DATE})?)?", claim["date"])


@each_claim
def test_claim_is_decided_by_tables_that_exist(claim):
    shipped = {path.stem for path in DATA.glob("*.csv")}
    assert set(tables_named(claim["decided_by"])) <= shipped
    named = re.findall(r"tables? ([a-z_]+)(?:, ([a-z_]+))?", claim["criterion"])
    assert {t for pair in named for t in pair if "_" in t} <= shipped


def test_a_criterion_names_a_year_and_all_three_results():
    for claim in CLAIMS:
        if claim["kind"] == "forecast":
            assert re.search(r"\b20\d\d\b", claim["criterion"]), claim["claim_id"]
            assert all(word in claim["criterion"] for word in ("came true", "partly", "failed"))


def test_every_claim_has_sources_numbered_from_one():
    sources = read("claim_sources")
    for claim_id in BY_ID:
        rows = [s for s in sources if s["claim_id"] == claim_id]
        assert [int(s["position"]) for s in rows] == list(range(1, len(rows) + 1)) != []
        assert len({s["source_id"] for s in rows}) == len(rows), claim_id
    assert {s["claim_id"] for s in sources} == set(BY_ID)
