"""Judge a claim alone, then with the evidence, then see how the course judged it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ipywidgets
import pandas as pd

from centralasia import bibliography, cards
from centralasia.language import _
from centralasia.templates import render
from centralasia.widgets import evidence as pieces
from centralasia.widgets import questions
from centralasia.widgets.base import CourseWidget
from centralasia.widgets.questions import OUTCOMES, VERDICTS, WORDS

__all__ = ["OUTCOMES", "VERDICTS", "WORDS", "ClaimCheck", "claim_check"]


class ClaimCheck(CourseWidget):
    """Ask for a verdict on each of some claims; see `claim_check`."""

    def __init__(self, chosen: list[str] | pd.DataFrame, evidence: object) -> None:
        self.claims = cards.claims(chosen)
        self.record = bibliography.dated_record(self.claims)
        """What was on record at the date of a claim, as HTML by claim id."""
        self._evidence = evidence
        self.output = ipywidgets.Output(layout={"overflow": "auto", "max_width": "100%"})
        reference = {"asks": "claims", "claims": list(self.claims["claim_id"]), **self._shown()}
        if isinstance(chosen, pd.DataFrame):
            reference["rows"] = chosen.astype(object).where(chosen.notna(), None).to_dict("records")
        super().__init__(reference, self._static(), _plain(self.claims), (self.output,))
        self.form.observe(self._show_chart, names="looking")

    def evidence_for(self, claim_id: str) -> object:
        """Return what is shown for the second judgement of a claim, or None."""
        if isinstance(self._evidence, Mapping):
            return self._evidence.get(claim_id)
        return self._evidence

    def _shown(self) -> dict[str, Any]:
        """Return all evidence as data, each piece once, and which claim has which."""
        places: dict[str, int] = {}
        known: list[object] = []
        for claim_id in self.claims["claim_id"]:
            thing = self.evidence_for(claim_id)
            if thing is None:
                continue
            if not any(thing is one for one in known):
                known.append(thing)
            places[claim_id] = next(n for n, one in enumerate(known) if thing is one)
        caption = _("What the record has")
        return {"evidence": places, "shown": [pieces.as_data(one, caption) for one in known]}

    def _show_chart(self, change: dict[str, Any]) -> None:
        """Show the chart of a claim, which a notebook draws and the form cannot."""
        self.output.outputs = ()
        if change["new"]:
            self.output.append_display_data(self.evidence_for(change["new"]))

    def _static(self) -> str:
        """Return the claims as a page, each verdict folded away."""
        forecasts = self.claims["kind"] == "forecast"
        outcomes = ", ".join(_(word) for word in OUTCOMES.values()).lower()
        return render(
            "widgets/templates/claims.html",
            options=[] if forecasts.all() else [_(word) for word in VERDICTS.values()],
            outcomes=outcomes if forecasts.any() else "",
            claims=[
                {
                    "kind": cards.kind_line(claim),
                    "text": claim["claim"],
                    "heading": _heading(claim),
                    "verdict": questions.verdicts(claim)[claim["verdict"]],
                    "grounds": questions.grounds(claim),
                }
                for _place, claim in self.claims.iterrows()
            ],
        )


def _heading(claim: pd.Series) -> str:
    return _("Our verdict on {claim}").format(claim=claim["claim_id"])


def _plain(claims: pd.DataFrame) -> str:
    lines = []
    for claim in claims.itertuples():
        about = ", ".join(filter(None, (str(claim.kind), bibliography.said_by(claim.work))))
        lines.append(f"{claim.claim_id} ({about}): {claim.claim}")
    return "\n".join([_("Claim check: {n} to judge").format(n=len(claims)), *lines])


def claim_check(
    claim_ids: str | Iterable[str] | pd.DataFrame, evidence: object = None
) -> ClaimCheck | cards.Card:
    """Ask for a verdict on a claim alone, then with the evidence, then show the course's verdict.

    All three are kept. Only what was said before the verdict was shown counts, and what was said
    with the evidence is what is scored.

    Parameters
    ----------
    claim_ids : str, iterable of str or pandas.DataFrame
        One claim, for example ``"RU-12"``, or several to go through one by one; or claims of a
        learner's own with their verdicts, from `centralasia.own.as_claims`.
    evidence : object, optional
        A chart or a frame to show for every claim, or a dict that holds one for each claim id;
        a claim without an entry is judged by the lesson's text and by what could decide it.

    Returns
    -------
    ClaimCheck or Card
        A widget; without a kernel, the claims with each verdict folded away. Where a learner's
        claims have no verdict yet, a sentence that says so.

    Raises
    ------
    KeyError
        If there is no such claim.
    TypeError
        If evidence is neither a chart nor a table.
    """
    if isinstance(claim_ids, pd.DataFrame):
        judged = claim_ids.dropna(subset="verdict").reset_index(drop=True)
        if judged.empty:
            said = _("There is nothing to judge yet: no claim has a verdict.")
            return cards.Card(render("markup/said.html", said=said), said)
        return ClaimCheck(judged, evidence)
    return ClaimCheck([claim_ids] if isinstance(claim_ids, str) else list(claim_ids), evidence)
