"""The bibliography: every work can be found, and says whether anyone has looked."""

import csv
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from centralasia import course

DATA = Path(__file__).resolve().parents[1] / "data"
TOPICS = {"framework", "central_asia", *(power.key for power in course.powers())}

with open(DATA / "works.csv", newline="", encoding="utf-8") as file:
    WORKS = list(csv.DictReader(file))
each_work = pytest.mark.parametrize("work", WORKS, ids=[w["work"] for w in WORKS])


def edit(work, what):
    """Return the sentence that says which row to edit, and how."""
    return f"edit data/works.csv, {work['work']}: {what}"


def test_keys_are_unique_and_sorted():
    keys = [w["work"] for w in WORKS]
    assert keys == sorted(set(keys)), "edit data/works.csv: sort it by work, with no key twice"


def test_no_two_works_share_title_or_argument():
    for column in ("title", "argument"):
        assert len({w[column].casefold() for w in WORKS}) == len(WORKS), (
            f"edit data/works.csv: two works share one {column}"
        )


@each_work
def test_work_can_be_found(work):
    empty = [column for column in ("authors", "title", "argument") if not work[column]]
    assert empty == [], edit(work, "these are empty")
    assert work["topic"] in TOPICS, edit(work, f"topic is one of {', '.join(sorted(TOPICS))}")
    assert re.fullmatch(r"((19|20)\d\d)?", work["year"]), edit(work, "year has four digits")
    assert work["verified"] in ("true", "false"), edit(work, "verified is true or false")
    assert (work["source_id"] == "team-knowledge") == (work["verified"] == "false"), edit(
        work, "verified is false where source_id is team-knowledge, and nowhere else"
    )
    if work["verified"] == "true":
        assert work["locator"] or work["url"], edit(work, "say where it is: locator or url")


@each_work
def test_address_is_well_formed(work):
    if work["url"]:
        parts = urlsplit(work["url"])
        whole = parts.scheme in ("http", "https") and "." in parts.netloc
        assert whole, edit(work, "url is a whole address, or a DOI as https://doi.org/…")
        assert not re.search(r"\s", work["url"]), edit(work, "no blank in url")
    assert not re.match(r"10\.\d{4}", work["locator"]), edit(work, "a DOI stands in url")


@each_work
def test_argument_is_one_sentence(work):
    one = re.fullmatch(r"[A-Z].*\.", work["argument"])
    assert one, edit(work, "argument is a sentence: a capital letter first, a full stop last")
    assert not re.search(r"[.!?] [A-Z]", work["argument"]), edit(work, "argument is one sentence")
