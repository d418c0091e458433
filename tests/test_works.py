"""The bibliography: every work can be found, and says whether anyone has looked."""

import csv
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

DATA = Path(__file__).resolve().parents[1] / "data"
TOPICS = {"framework", "central_asia", "russia", "china", "united_states"}

with open(DATA / "works.csv", newline="", encoding="utf-8") as file:
    WORKS = list(csv.DictReader(file))
each_work = pytest.mark.parametrize("work", WORKS, ids=[w["work"] for w in WORKS])


def test_keys_are_unique_and_sorted():
    keys = [w["work"] for w in WORKS]
    assert keys == sorted(set(keys))


def test_no_two_works_share_title_or_argument():
    for column in ("title", "argument"):
        assert len({w[column].casefold() for w in WORKS}) == len(WORKS), column


@each_work
def test_work_can_be_found(work):
    assert all(work[column] for column in ("authors", "title", "argument"))
    assert work["topic"] in TOPICS
    assert re.fullmatch(r"((19|20)\d\d)?", work["year"])
    assert work["verified"] in ("true", "false")
    assert (work["source_id"] == "team-knowledge") == (work["verified"] == "false")
    if work["verified"] == "true":
        assert work["locator"] or work["url"]


@each_work
def test_address_is_well_formed(work):
    if work["url"]:
        parts = urlsplit(work["url"])
        assert parts.scheme in ("http", "https")
        assert "." in parts.netloc
        assert not re.search(r"\s", work["url"])
    assert not re.match(r"10\.\d{4}", work["locator"])  # a DOI goes into the address


@each_work
def test_argument_is_one_sentence(work):
    assert re.fullmatch(r"[A-Z].*\.", work["argument"])
    assert not re.search(r"[.!?] [A-Z]", work["argument"])
