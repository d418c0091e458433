"""The claims: complete, faithful, tested against something, judged as was settled."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from centralasia import course, measures

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
SCORES = {"failed": "0", "came_partly_true": "0.5", "came_true": "1", "not_tested": ""}
COUNTS = {  # of the essay
    "power": {"russia": 50, "china": 52, "united_states": 10, "synthesis": 5},
    "kind": {
        "interpretation": 59,
        "event": 22,
        "forecast": 17,
        "figure": 9,
        "causal": 7,
        "membership": 3,
    },
    "verdict": {
        "confirmed": 57,
        "imprecise": 17,
        "contested": 14,
        "unverified": 8,
        "contradicted": 4,
        "came_partly_true": 8,
        "failed": 5,
        "not_tested": 4,
    },
    "voice": {"asserts": 106, "reports": 9, "advises": 2},
    "wording": {"plain": 90, "hedged": 14, "reported": 10, "conditional": 3},
}
WRITTEN = 2011
"""The year of the essay; what came later counts for its forecasts alone."""
DECIDES = {
    "confirmed": ["support"],
    "contested": ["support", "challenge"],
    "contradicted": ["challenge"],
    "imprecise": ["challenge"],
}
"""The side that a verdict on an interpretation or a cause rests on."""
SINCE = "since"
"""The text that stands for many works."""
LADDER = ["contradicted", "imprecise", "confirmed"]
"""The verdicts that have an order; the others lie beside it."""
RULES = 2
"""The version of docs/verdicts.md that holds."""
SURENESS = {
    "hedged": r"\b(can|could|seems?|appears?|most likely|cannot be ruled out)\b",
    "conditional": r"\b([Ii]f|provided that|scenarios?)\b",
    "reported": r"account|[Ee]xperts|contract|considered|meant|expected|showed|quotation marks",
}
"""What a claim has to keep of a wording that is not plain."""


def read(name):
    with open(DATA / f"{name}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


CLAIMS = read("claims")
CODINGS = read("codings")
BY_ID = {claim["claim_id"]: claim for claim in CLAIMS}
ESSAY = [claim for claim in CLAIMS if claim["text"] == "essay"]
JUDGED_TWICE = [claim for claim in CLAIMS if course.lesson(claim["lesson"]).kind != "extra"]
"""The claims of the course proper; whoever adds an extra needs no second coder."""
SECOND = {"essay": "second", "since": "sixth"}
"""The second coder of a text."""
each_claim = pytest.mark.parametrize("claim", CLAIMS, ids=list(BY_ID))


def edit(claim, what):
    """Return the sentence that says which row to edit, and how."""
    return f"edit data/claims.csv, {claim['claim_id']}: {what}"


def tables_named(text):
    """Names of the tables in a text of the form 'table: what to look at; table: ...'."""
    return [part.split(":")[0] for part in text.split("; ")]


def test_every_claim_once_and_numbered_through():
    assert [claim["claim_id"] for claim in CLAIMS] == sorted(BY_ID), (
        "edit data/claims.csv: sort its rows by claim_id, and give no id twice"
    )
    about = [(power, text) for power in course.subjects() for text in course.texts()]
    for power, text in about:
        both = (power.key, text.key)
        ids = [claim["claim_id"] for claim in CLAIMS if (claim["power"], claim["text"]) == both]
        first = int(ids[0][3:]) if ids else 1
        assert ids == [f"{power.prefix}-{n:02}" for n in range(first, first + len(ids))], (
            f"edit data/claims.csv: claims of {text.key} about {power.key} are numbered through"
        )
        assert text.key != "essay" or first == 1


@each_claim
def test_a_claim_names_its_work_where_the_text_stands_for_many(claim):
    """And that work was read: it has an address, and its source stands among the claim's."""
    if claim["text"] != SINCE:
        assert not claim["work"], edit(claim, "the text is one work; leave work empty")
        return
    works = {work["work"]: work for work in read("works")}
    work = works.get(claim["work"])
    assert work, edit(claim, "work names a row of data/works.csv")
    assert (work["verified"], bool(work["url"])) == ("true", True), edit(
        claim, "its work was seen, and says at which address"
    )
    assert work["year"] >= course.text(SINCE).date, edit(
        claim, "its work is younger than the essay"
    )
    named = {s["source_id"] for s in read("claim_sources") if s["claim_id"] == claim["claim_id"]}
    assert work["source_id"] in named, edit(
        claim, "the source of its work is among its sources in data/claim_sources.csv"
    )


@each_claim
def test_a_claim_stands_in_a_lesson_on_its_power_and_its_text(claim):
    lesson = course.lesson(claim["lesson"])
    assert claim["power"] == lesson.power, "edit data/claims.csv or data/lessons.csv"
    assert claim["text"] == lesson.text, "edit data/claims.csv or data/lessons.csv"


@each_claim
def test_a_claim_on_the_grid_is_in_the_lesson_of_its_stage(claim):
    lesson = course.lesson(claim["lesson"])
    on_grid = claim["dimension"] in course.DIMENSIONS and claim["stage"] != "outlook"
    if on_grid and lesson.kind == "stage":
        assert claim["stage"] == lesson.stage, "edit data/claims.csv or data/lessons.csv"


def test_counts_of_kind_power_and_verdict_in_the_essay():
    for column, counts in COUNTS.items():
        assert Counter(claim[column] for claim in ESSAY) == counts, column


def test_the_essay_fills_12_of_the_24_cells():
    stages = [(lesson.power, lesson.stage) for lesson in course.stages() if lesson.text == "essay"]
    grid = {(*stage, dimension) for stage in stages for dimension in course.DIMENSIONS}
    filled = {(c["power"], c["stage"], c["dimension"]) for c in ESSAY} & grid
    assert (len(grid), len(filled)) == (24, 12)


def test_no_two_claims_say_the_same():
    for column in ("claim", "finding"):
        found = Counter(c[column].casefold() for c in CLAIMS)
        twice = [c["claim_id"] for c in CLAIMS if found[c[column].casefold()] > 1]
        assert twice == [], f"edit data/claims.csv: these share one {column}"


@each_claim
def test_claim_has_what_its_kind_needs(claim):
    judged = claim["kind"] in ("interpretation", "causal")
    forecast = claim["kind"] == "forecast"
    empty = [column for column in ("claim", "finding", "decided_by") if not claim[column]]
    assert empty == [], edit(claim, "these are empty")
    assert bool(claim["support"]) == bool(claim["challenge"]) == judged, edit(
        claim, "support and challenge are filled for an interpretation or a cause, and for no other"
    )
    assert bool(claim["criterion"]) == forecast, edit(
        claim, "criterion is filled for a forecast, and for no other"
    )
    assert forecast == (claim["verdict"] in SCORES), edit(
        claim, f"the verdict of a forecast, and of no other, is one of {', '.join(SCORES)}"
    )
    assert claim["outcome"] == SCORES.get(claim["verdict"], ""), edit(
        claim, "outcome is 1, 0.5, 0 or nothing, as the verdict of a forecast says; else nothing"
    )
    assert claim["correction"] or claim["verdict"] == "confirmed", edit(
        claim, "correction is filled; only a confirmed claim may go without"
    )
    assert not (forecast and claim["main"]), edit(claim, "main is left empty for a forecast")
    assert claim["main"] != claim["claim"], edit(
        claim, "main is left empty where the whole sentence is the main statement"
    )
    assert re.fullmatch(r"([A-Z].+\.)?", claim["main"]), edit(
        claim, "main is a sentence, with a capital and a full stop"
    )
    assert re.fullmatch(rf"({DATE}(/{DATE})?)?", claim["date"]), edit(
        claim, "date is nothing, 2009, 2009-10 or 2009-10-03, or two of them with / between"
    )


@each_claim
def test_claim_is_decided_by_tables_that_exist(claim):
    shipped = {path.stem for path in DATA.glob("*.csv")}
    assert set(tables_named(claim["decided_by"])) <= shipped, edit(
        claim, "decided_by names tables: 'events: what to look at; trade: what else'"
    )
    named = re.findall(r"tables? ([a-z_]+)(?:, ([a-z_]+))?", claim["criterion"])
    assert {t for pair in named for t in pair if "_" in t} <= shipped, edit(
        claim, "criterion names a table that is not in data/"
    )


def test_a_criterion_names_a_year_and_all_three_results():
    for claim in CLAIMS:
        if claim["kind"] == "forecast":
            says = all(word in claim["criterion"] for word in ("came true", "partly", "failed"))
            dated = re.search(r"\b20\d\d\b", claim["criterion"])
            assert bool(says and dated), edit(
                claim, "criterion names a year, and when it came true, partly, and failed"
            )


@pytest.mark.parametrize("claim", ESSAY, ids=[claim["claim_id"] for claim in ESSAY])
def test_what_a_verdict_rests_on_is_not_all_younger_than_the_essay(claim):
    """A work may be younger, its year stands in brackets; an event that decides may not."""
    for side in DECIDES.get(claim["verdict"], []):
        years = re.findall(r"\b(?:19|20)\d\d\b", re.sub(r"\(\d{4}\)", "", claim[side]))
        assert not years or int(min(years)) <= WRITTEN, edit(
            claim, f"{side} names years after {WRITTEN} alone: name what was there by then first"
        )


def test_what_was_found_is_told_without_a_verdict():
    """So that the table without its verdicts is what a further coder judges from."""
    judging = r"\b(confirms? (it|the)|record (supports|fits)|imprecise|contested|verdict|nuance)\b"
    for claim in ESSAY:
        if claim["kind"] != "forecast":
            assert not re.search(judging, claim["finding"]), claim["claim_id"]


def test_every_claim_has_sources_numbered_from_one():
    sources = read("claim_sources")
    for claim_id in BY_ID:
        rows = [s for s in sources if s["claim_id"] == claim_id]
        assert [int(s["position"]) for s in rows] == list(range(1, len(rows) + 1)) != [], (
            f"edit data/claim_sources.csv: {claim_id} needs a source, at position 1, 2 and so on"
        )
        assert len({s["source_id"] for s in rows}) == len(rows), (
            f"edit data/claim_sources.csv: {claim_id} names one source twice"
        )
    assert {s["claim_id"] for s in sources} == set(BY_ID), (
        "edit data/claim_sources.csv: it names claims that data/claims.csv lacks"
    )


@each_claim
def test_a_claim_is_as_sure_as_the_essay(claim):
    """Each paraphrase keeps the word by which the essay holds back, and a plain one adds none."""
    for wording, kept in SURENESS.items():
        if claim["wording"] == wording:
            assert re.search(kept, claim["claim"]), edit(
                claim, f"wording is {wording}, and the claim has no word that says so: {kept}"
            )
    if claim["wording"] == "plain":
        unsure = r"\b(may|might|perhaps|seems?|appears?|likely)\b"
        assert not re.search(unsure, claim["claim"]), edit(
            claim, f"wording is plain, and the claim holds back by one of {unsure}"
        )


@each_claim
def test_a_forecast_says_when_it_has_no_test(claim):
    if claim["verdict"] == "not_tested":
        assert "not tested" in claim["criterion"], edit(claim, "criterion says: not tested")
        assert claim["wording"] != "plain", edit(claim, "a plain forecast is tested")


def codings(claim_id):
    return {row["coder"]: row for row in CODINGS if row["claim_id"] == claim_id}


def unknown_to(coder):
    """Return the claims whose verdict a coder had not seen."""
    rows = (row for row in CODINGS if row["coder"] == coder)
    return {row["claim_id"] for row in rows if row["blind"] == "true"}


def judged(row):
    return row["kind"], row["verdict"]


@pytest.mark.parametrize("claim", JUDGED_TWICE, ids=lambda claim: claim["claim_id"])
def test_two_coders_judged_and_what_differs_was_settled(claim):
    rows = codings(claim["claim_id"])
    first, second, third = (rows.get(coder) for coder in ("first", SECOND[claim["text"]], "third"))
    assert first
    assert second
    settled = third if claim["text"] == "essay" else rows.get("settled")
    assert settled or judged(first) == judged(second)
    assert judged(claim) == judged(rows.get("settled") or third or first)
    assert second["reason"]
    for coder, row in rows.items():
        if coder != "fifth":  # who wrote down the kind before being told it
            assert (row["verdict"] in SCORES) == (row["kind"] == "forecast")
        assert (row["verdict"] == "confirmed_with_nuance") <= (int(row["rules"]) < RULES)
    if third:
        assert third["confidence"]
    for row in (third, rows.get("settled")):
        assert row is None or 40 <= len(row["reason"]) <= 400
        assert row is None or row["reason"].endswith(".")


def test_who_judged_by_which_rules():
    used = {(row["coder"], int(row["rules"])) for row in CODINGS}
    assert used - {("fifth", RULES)} == {
        ("first", 0), ("second", 0), ("third", 1), ("fourth", 1), ("settled", RULES),
        ("first", RULES), ("sixth", RULES),
    }  # fmt: skip
    essay = {claim["claim_id"] for claim in ESSAY}
    for row in CODINGS:
        if row["coder"] == "first":
            assert row["rules"] == ("0" if row["claim_id"] in essay else str(RULES))
        if row["coder"] == "sixth":
            assert row["claim_id"] not in essay
            assert (row["blind"] == "true") == (row["kind"] != "forecast")  # outcomes in sight
    page = (ROOT / "docs" / "verdicts.md").read_text(encoding="utf-8")
    assert f"This is version {RULES}." in page


def test_a_judgement_against_both_coders_names_new_evidence():
    for claim in JUDGED_TWICE:
        rows = codings(claim["claim_id"])
        both = {rows[coder]["verdict"] for coder in ("first", SECOND[claim["text"]])}
        last = rows.get("third" if claim["text"] == "essay" else "settled")
        if last and last["verdict"] not in both:
            assert last["reason"].startswith("New "), claim["claim_id"]


def kappas(pairs):
    """Kappa on kinds, on verdicts, and on verdicts that both put on the ladder."""
    kinds, verdicts = ([(a[key], b[key]) for a, b in pairs] for key in ("kind", "verdict"))
    ladder = [pair for pair in verdicts if set(pair) <= set(LADDER)]
    return (
        measures.cohens_kappa(*zip(*kinds, strict=True)),
        measures.cohens_kappa(*zip(*verdicts, strict=True)),
        measures.cohens_kappa(*zip(*ladder, strict=True), LADDER) if ladder else None,
    )


def settled_by(rules, name):
    """What was settled on a claim of the essay by a version of the rules."""
    rows = [row for row in codings(name).values() if row["coder"] in ("first", "third", "settled")]
    return max((row for row in rows if int(row["rules"]) <= rules), key=lambda row: row["rules"])


def test_agreement_as_the_rules_print_it():
    """Each row of the table in docs/verdicts.md, worked out from the codings."""
    page = (ROOT / "docs" / "verdicts.md").read_text(encoding="utf-8")
    cells = r"^\| (\w+), (\w+) \| (\d) \| (\d+) \| ([\d.]+) \| ([\d.]+) \| ([\d.–]+) \|$"
    table = re.findall(cells, page, flags=re.M)
    assert [row[:2] for row in table] == [
        ("first", "second"), ("fourth", "settled"), ("fifth", "settled"), ("sixth", "first"),
    ]  # fmt: skip
    for coder, other, rules, count, *printed in table:
        blind = unknown_to("second" if other == "second" else coder)
        against = {
            name: settled_by(int(rules), name) if other == "settled" else codings(name)[other]
            for name in blind
        }
        pairs = [(codings(name)[coder], against[name]) for name in blind]
        assert len(pairs) == int(count)
        found = kappas(pairs) if int(rules) == RULES else (*kappas(pairs)[:2], None)
        assert [f"{k:.2f}" if k is not None else "–" for k in found] == printed, coder


def test_agreement_on_part_two_with_its_forecasts():
    """The figures in words of docs/verdicts.md, and those of the note on the table."""
    names = [row["claim_id"] for row in CODINGS if row["coder"] == "sixth"]
    pairs = [(codings(name)["first"], codings(name)["sixth"]) for name in names]
    alike = sum(a["verdict"] == b["verdict"] for a, b in pairs)
    kinds, verdicts, _ = kappas(pairs)
    assert (len(pairs), alike) == (41, 39)
    assert (f"{kinds:.2f}", f"{verdicts:.2f}") == ("0.97", "0.94")
    page = (ROOT / "docs" / "verdicts.md").read_text(encoding="utf-8")
    assert "gave 39 verdicts alike, with a kappa of 0.94" in page
    row = r"^\| sixth, first \| 2 \| (\d+) \| ([\d.]+) \| ([\d.]+) \|"
    count, kinds, verdicts = re.search(row, page, flags=re.M).groups()
    notes = (DATA / "datapackage.json").read_text(encoding="utf-8")
    assert f"on the {count} others: kappa {kinds} on kinds, {verdicts} on verdicts" in notes
    assert "on all 41 0.97 and 0.94" in notes


def test_what_dropping_a_level_alone_would_have_done():
    """The figure that docs/verdicts.md prints, so that nobody takes it for the rules' work."""
    pairs = [(codings(name)["fourth"], settled_by(1, name)) for name in unknown_to("fourth")]
    merged = [[row["verdict"].replace("_with_nuance", "") for row in pair] for pair in pairs]
    assert round(measures.cohens_kappa(*zip(*merged, strict=True)), 2) == 0.57
    apart = [tuple(row["verdict"] for row in pair) for pair in pairs]
    apart = [pair for pair in apart if pair[0] != pair[1]]
    assert (len(apart), apart.count(("confirmed", "confirmed_with_nuance"))) == (48, 22)


def test_each_verdict_has_a_rule_with_examples_that_bear_it():
    rules = (ROOT / "docs" / "verdicts.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^\| `(\w+)` \|(.+)$", rules, flags=re.M))
    assert set(shown) == set(COUNTS["verdict"]) | {"came_true"}
    for verdict, rule in shown.items():
        examples = re.findall(r"[A-Z]{2}-\d\d", rule)
        assert {BY_ID[example]["verdict"] for example in examples} <= {verdict}
        assert len(examples) == (2 if verdict in COUNTS["verdict"] else 0), verdict


def test_what_was_left_out_is_named():
    """25 statements, each a claim or left out with a reason."""
    page = (ROOT / "docs" / "claims-left-out.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| .+ \| (.+) \|$", page, flags=re.M)
    assert [int(number) for number, _ in rows] == list(range(1, 26))
    new = {claim["claim_id"] for claim in ESSAY} - unknown_to("second")
    became = {text[:5] for _, text in rows if not text.startswith("Left out: ")}
    assert became == new
