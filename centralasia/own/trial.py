"""A learner's claims on trial: how far two coders agree, what is open, and the ledger."""

from __future__ import annotations

import pandas as pd

from centralasia import measures
from centralasia.language import _
from centralasia.own.sheets import CODED, ID, Read

TESTED = 6
"""How many of the claims the exercise wants tested."""
TEXT = "own"
"""The text, among those of the course, that is the learner's own."""


def agreement(mine: Read, partner: Read) -> pd.DataFrame:
    """Return how far two coders of the same claims agree, measured as in lesson 11.

    Parameters
    ----------
    mine : Read
        The claims.
    partner : Read
        The codes of somebody who saw none of yours.

    Returns
    -------
    pandas.DataFrame
        A row for voice, wording and kind: ``claims`` that both coded, ``coded alike``, and
        ``kappa``, which is missing where both used one and the same code, or no claim has both.

    Examples
    --------
    >>> from centralasia.own import check
    >>> claim = {"claim": "x", "where": "p. 1", "dimension": "security"}
    >>> codes = {"voice": "asserts", "wording": "plain", "kind": "event"}
    >>> mine = check([claim | codes, claim | codes | {"kind": "figure"}])
    >>> agreement(mine, check([claim | codes, claim | codes], "codes")).loc["kind"].to_dict()
    {'claims': 2, 'coded alike': 1, 'kappa': 0.0}
    """
    rows = {}
    for name in CODED:
        both = _beside(mine, partner, name).dropna()
        alike = int((both["mine"] == both["partner"]).sum())
        kappa = measures.cohens_kappa(both["mine"], both["partner"]) if len(both) else float("nan")
        rows[name] = (len(both), alike, kappa)
    columns = ["claims", "coded alike", "kappa"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).astype(
        {"claims": object, "coded alike": object}
    )


def differences(mine: Read, partner: Read) -> pd.DataFrame:
    """Return each code on which two coders differ: what to talk about, claim by claim."""
    found = [_beside(mine, partner, name).dropna().assign(column=name) for name in CODED]
    every = pd.concat(found)
    apart = every[every["mine"] != every["partner"]].sort_index(kind="stable")
    return apart.join(mine.rows.set_index(ID)["claim"])[["claim", "column", "mine", "partner"]]


def unpaired(mine: Read, partner: Read) -> list[str]:
    """Return a sentence for each row that has no counterpart, or another claim as it.

    Nothing is said while the partner has no row at all.
    """
    if partner.rows.empty:
        return []
    both = _beside(mine, partner, "claim").dropna()
    others = both.index[both["mine"].map(_plain) != both["partner"].map(_plain)]
    alone, coded = (pd.Index(read.rows[ID].unique()) for read in (mine, partner))
    found = [
        (_("Your partner has no row {id}."), alone.difference(coded, sort=False)),
        (_("Your partner has a row {id}, and you have none."), coded.difference(alone, sort=False)),
        (_("{id} is another claim for your partner than for you."), others),
    ]
    return [words.format(id=id_) for words, ids in found for id_ in ids]


def ledger(mine: Read) -> pd.DataFrame:
    """Return how many claims of each kind got which verdict; those without one are ``open``."""
    verdict = mine.rows["verdict"].fillna("open").str.replace("_", " ")
    kinds = mine.rows["kind"].fillna("not coded")
    return pd.crosstab(kinds, verdict, rownames=["kind"], colnames=["verdict"], margins=True)


def open_work(mine: Read, forecasts: Read | None = None) -> list[str]:
    """Return what the exercise asks for and is not there yet, a sentence each."""
    rows = mine.rows
    stated = int(rows["claim"].notna().sum())
    tested = int(rows[["verdict", "table", "criterion"]].notna().all(axis="columns").sum())
    decided = int(rows["criterion"].notna().sum())
    found = [
        (stated, mine.sheet.rows, _("You have {n} claims of {all}.")),
        (decided, stated, _("{n} of {all} claims have a criterion.")),
        (tested, TESTED, _("{n} claims are tested, of {all} at least.")),
    ]
    if forecasts is not None:
        made = int(forecasts.rows["forecast"].notna().sum())
        found.append((made, forecasts.sheet.rows, _("You have {n} of {all} forecasts.")))
    return [words.format(n=n, all=wanted) for n, wanted, words in found if n < wanted]


def as_claims(mine: Read) -> pd.DataFrame:
    """Return a learner's claims as rows of the table ``claims``, for cards and the claim check.

    A claim without a kind or a dimension has no card yet, and one without a verdict nothing to
    compare with; `open_work` and the faults name them.
    """
    told = mine.rows.rename(columns={ID: "claim_id", "table": "decided_by"})
    told = told.dropna(subset=["claim", "kind", "dimension"])
    not_asked = dict.fromkeys(
        ["main", "work", "power", "date", "correction", "support", "challenge"]
    )
    return told.assign(text=TEXT, outcome=float("nan"), **not_asked).reset_index(drop=True)


def _plain(claim: str) -> str:
    """Return a claim without what a program or a hand changes and its sense does not."""
    return "".join(filter(str.isalnum, claim.casefold()))


def _beside(mine: Read, partner: Read, name: str) -> pd.DataFrame:
    codes = {
        who: read.rows.drop_duplicates(ID).set_index(ID)[name]
        for who, read in (("mine", mine), ("partner", partner))
    }
    return pd.DataFrame(codes)
