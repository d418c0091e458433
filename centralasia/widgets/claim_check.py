"""Judge a claim of the essay, then see the evidence and how the course judged it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

import ipywidgets
import pandas as pd

from centralasia import bibliography, cards, progress, style
from centralasia.widgets.base import Ask, CourseWidget, option_list, store

VERDICTS = {
    "confirmed": "True as it stands",
    "confirmed_with_nuance": "True, with a qualification",
    "imprecise": "Right in outline, wrong in detail",
    "contested": "Disputed: good sources disagree",
    "contradicted": "Wrong: the record says otherwise",
    "unverified": "Cannot be settled with public sources",
}
OUTCOMES = {
    "came_true": "Came true",
    "came_partly_true": "Came partly true",
    "failed": "Failed",
}
WORDS = VERDICTS | OUTCOMES
_PARTS = {
    "finding": "What we found",
    "correction": "Better put",
    "support": "What speaks for it",
    "challenge": "What speaks against it",
    "decided_by": "What could decide it",
    "criterion": "When it counts as true",
    "outcome": "Outcome",
}


class ClaimCheck(CourseWidget):
    """Ask for a verdict on each of some claims; see `claim_check`."""

    def __init__(self, claim_ids: list[str], evidence: object) -> None:
        self.claims = cards.claims(claim_ids)
        self._evidence = evidence
        self._sources = bibliography.claim_sources(claim_ids)
        self._record = bibliography.dated_record(self.claims)
        self.form = Ask(self._answer)
        self._judged = set(progress.answers().query("kind == 'claim'")["item"])
        self._name_pages()
        self.form.page_label = "Claim"
        self.output = ipywidgets.Output(layout={"overflow": "auto", "max_width": "100%"})
        self.verdict = ipywidgets.HTML()
        self.form.observe(self._turn, names="page")
        self._turn()
        super().__init__(
            [self.form, self.output, self.verdict], self._static(), _plain(self.claims)
        )

    @property
    def claim(self) -> pd.Series:
        """The claim that is shown."""
        return self.claims.iloc[self.form.page]

    def _name_pages(self) -> None:
        """Name the claims to choose from, with a tick at those that were judged."""
        self.form.pages = [
            f"{'✓ ' if c.claim_id in self._judged else ''}{c.claim_id}: {_short(c.claim)}"
            for c in self.claims.itertuples()
        ]

    def _turn(self, _change: object = None) -> None:
        """Put the question for the claim of this page."""
        claim = self.claim
        self.output.outputs = ()
        self.verdict.value = ""
        question = "Did it come true?" if claim["kind"] == "forecast" else "What is your verdict?"
        many = len(self.claims) > 1
        place = f"Claim {self.form.page + 1} of {len(self.claims)}. " if many else ""
        self.form.ask(
            f"{claim['claim']} {question}",
            list(_verdicts(claim).values()),
            kicker=f"{place}{cards.kind_line(claim)}",
            button="Show the evidence",
            status="",
        )

    def _answer(self) -> None:
        form, claim = self.form, self.claim
        if form.locked:
            self._turn()
            form.focus_question()
            return
        if form.choice is None:
            form.status = "Choose a verdict first, and say how sure you are."
            return
        yours = list(_verdicts(claim))[form.choice]
        same = yours == claim["verdict"]
        problem = store(claim["claim_id"], "claim", yours, form.confidence, same)
        self._judged.add(claim["claim_id"])
        self._name_pages()
        self.output.outputs = ()
        shown = self._evidence_for(claim["claim_id"])
        if shown is not None:
            self.output.append_display_data(shown)
        self.verdict.value = self._live_verdict(claim, yours)
        form.locked, form.button = True, "Judge it again"
        what = "The evidence and our verdict" if shown is not None else "Our verdict"
        form.status = (
            problem or f"Your verdict is kept. {what} follow{'s' if shown is None else ''}."
        )

    def _evidence_for(self, claim_id: str) -> object:
        if isinstance(self._evidence, Mapping):
            return self._evidence.get(claim_id)
        return self._evidence

    def _live_verdict(self, claim: pd.Series, yours: str) -> str:
        """Return our verdict beside the learner's."""
        words = _verdicts(claim)
        same = yours == claim["verdict"]
        differs = (
            f"Yours differs: {escape(words[yours])}. See what ours rests on before you give in."
        )
        compared = "✓ The same as yours." if same else differs
        return (
            f'{style.sheet()}<div class="ca ca-panel">'
            f'<div class="{"ca-same" if same else "ca-other"}">'
            f'<p class="ca-kicker">Our verdict on {claim["claim_id"]}</p>'
            f"<p><strong>{escape(words[claim['verdict']])}</strong></p><p>{compared}</p></div>"
            f"{self._grounds(claim)}</div>"
        )

    def _grounds(self, claim: pd.Series) -> str:
        """Return what a verdict rests on, as a list of terms with the sources."""
        rows = [
            f"<dt>{label}</dt><dd>{escape(_part(claim, part))}</dd>"
            for part, label in _PARTS.items()
            if _part(claim, part)
        ]
        for label, known in (("On that date", self._record), ("Sources", self._sources)):
            if claim["claim_id"] in known:
                rows.append(f"<dt>{label}</dt><dd>{known[claim['claim_id']]}</dd>")
        return f"<dl>{''.join(rows)}</dl>"

    def _static(self) -> str:
        """Return the claims as a page, each verdict folded away."""
        rows = []
        for _, claim in self.claims.iterrows():
            words = _verdicts(claim)
            rows.append(
                f'<li><p class="ca-kicker">{escape(cards.kind_line(claim))}</p>'
                f"<p>{escape(claim['claim'])}</p><details><summary>Our verdict on "
                f"{claim['claim_id']}</summary><p><strong>{escape(words[claim['verdict']])}</strong>"
                f"</p>{self._grounds(claim)}</details></li>"
            )
        forecasts = self.claims["kind"] == "forecast"
        options = option_list([] if forecasts.all() else list(VERDICTS.values()))
        if forecasts.any():
            options += f"<p>For a forecast: {', '.join(OUTCOMES.values()).lower()}.</p>"
        return (
            '<p class="ca-kicker">Claim check</p><p>Judge each claim before you open our verdict. '
            f'Choose from:</p>{options}<ul class="ca-plain">{"".join(rows)}</ul>'
        )


def _short(text: str, width: int = 70) -> str:
    return text if len(text) <= width else text[: width - 1].rsplit(" ", 1)[0] + " …"


def _verdicts(claim: pd.Series) -> dict[str, str]:
    return OUTCOMES if claim["kind"] == "forecast" else VERDICTS


def _part(claim: pd.Series, part: str) -> str:
    value = claim[part]
    if pd.isna(value):
        return ""
    if part == "outcome":
        return f"{value:g} (1 came true, 0.5 partly, 0 failed)"
    return str(value)


def _plain(claims: pd.DataFrame) -> str:
    lines = [f"{c.claim_id} ({c.kind}): {c.claim}" for c in claims.itertuples()]
    return "\n".join([f"Claim check: {len(claims)} to judge", *lines])


def claim_check(claim_ids: str | Iterable[str], evidence: object = None) -> ClaimCheck:
    """Ask for a verdict and a confidence, then show the evidence and the course's own verdict.

    Parameters
    ----------
    claim_ids : str or iterable of str
        One claim, for example ``"RU-12"``, or several to go through one by one.
    evidence : object, optional
        A chart or a frame to show for every claim, or a dict that holds one for each claim id;
        a claim without an entry shows only what its verdict rests on.

    Returns
    -------
    ClaimCheck
        A widget; without a kernel, the claims with each verdict folded away.

    Raises
    ------
    KeyError
        If there is no such claim.
    """
    ids = [claim_ids] if isinstance(claim_ids, str) else list(claim_ids)
    return ClaimCheck(ids, evidence)
