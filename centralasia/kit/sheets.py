"""What a role-play needs on paper and on the screen.

For the class: a case note, a page for each role, a memo to prepare, and a form that works without
a projector. For the teacher alone: what can come of it, what to read out, and the debrief, which
is also a deck with history beside the class.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from centralasia import tables
from centralasia.kit import guide, pdf, record, slides, teaching
from centralasia.language import _
from centralasia.roleplay import analysis, games, rules
from centralasia.roleplay.board import title
from centralasia.templates import render

CASES = Path(__file__).parent / "cases"


def _events(ids: Iterable[str], game: rules.Game, *, later: bool) -> list[record.Event]:
    """Return events up to the day on which play begins, or those after it.

    Parameters
    ----------
    ids : iterable of str
        As the table ``roles`` has them, several joined by ``;``.
    game : "A", "B" or "C"
    later : bool
        Whether those after it are wanted; a game with no such day has none.
    """
    rows = record.among([event for some in ids for event in some.split(";")])
    begins = games.game(game).begins
    after = rows["date"] >= pd.Timestamp(begins) if begins else pd.Series(False, rows.index)
    return record.chosen(rows[after == later])


def _terms(game: rules.Game) -> pd.DataFrame:
    rows = tables.load("payoffs")
    return rows[rows["game"] == game]


def _moves(game: rules.Game) -> list[dict[Any, Any]]:
    """Return the moves of a game, with the start in words and the round that opens each."""
    first = {move: one.number for one in games.game(game).rounds for move in one.opens}
    rows = rules.moves(game).fillna({"unit": ""}).to_dict("records")
    said = {0.0: _("no"), 1.0: _("yes")}
    return [
        row
        | {"begins": said[row["start"]] if row["kind"] == "yes" else f"{row['start']:g}"}
        | {"first": first.get(row["move"], 1)}
        for row in rows
    ]


def case_note(game: rules.Game) -> str:
    """Return what everybody reads, as Markdown: the case, the roles, the lines and the rounds."""
    played = games.game(game)
    return render(
        "kit/templates/case.md",
        title=title(game),
        note=guide.plain((CASES / f"{game}.md").read_text(encoding="utf-8")),
        roles=rules.roles(game).to_dict("records"),
        moves=_moves(game),
        rounds=played.rounds,
        adds_up=played.adds_up,
        sources=_sources(game),
    )


def _sources(game: rules.Game) -> list[str]:
    """Return the citations of what the lines and the roles of a game rest on."""
    used = pd.concat([rules.moves(game)["source_id"], rules.roles(game)["source_id"]]).dropna()
    known = tables.load("sources").set_index("source_id")["citation"]
    return list(known[known.index.isin(used)])


def role_sheet(role: pd.Series, game: rules.Game) -> str:
    """Return the page of a role as Markdown: what its players alone know, and what they score."""
    terms = _terms(game).sort_values("position")
    moves = rules.moves(game)
    named = moves["decided_by"].str.contains(role["name"].split(",")[0], case=False, regex=False)
    for_all = moves["decided_by"].str.startswith("All")
    return render(
        "kit/templates/role.md",
        role=role.to_dict(),
        title=title(game),
        terms=list(terms.loc[terms["role"] == role["role"], "text"]),
        lines=moves[named | for_all].to_dict("records"),
        rounds=games.game(game).rounds,
        events=_events([role["events"]], game, later=False),
    )


def preparation(game: rules.Game) -> str:
    """Return the task that is written before the class meets, with its rubric, as Markdown."""
    return render("kit/templates/preparation.md", title=title(game), task=games.game(game).task)


def form(game: rules.Game) -> str:
    """Return the form on which a class plays without a screen, as Markdown.

    It says neither what is scored nor how it ended, for the class sees it.
    """
    return render(
        "kit/templates/form.md",
        game=game,
        rounds=range(1, len(games.game(game).rounds) + 1),
        moves=_moves(game),
    )


def questions(game: rules.Game) -> list[str]:
    """Return what the debrief asks, in order."""
    return [row["question"] for row in teaching.rows("debrief") if row["game"] == game]


def teacher(game: rules.Game) -> str:
    """Return what the teacher alone reads, as Markdown: results to expect, injects and debrief."""
    names = rules.roles(game).set_index("role")["name"]
    found = analysis.outcomes(game)
    past = rules.score(game, rules.history(game))
    spread = analysis.spread(game, found)
    alone = analysis.each_move(game)
    labels = rules.moves(game).set_index("move")["label"]
    played = games.game(game)
    return render(
        "kit/templates/teacher.md",
        title=title(game),
        game=game,
        steps=games.plan(game),
        terms=_terms(game).assign(role=lambda rows: rows["role"].map(names)).to_dict("records"),
        events=_events(rules.roles(game)["events"], game, later=True),
        number=len(found),
        inside=len(analysis.zone(game, found)),
        spread=[
            [names[role], *(f"{n:.1f}" for n in row), _points(past, role)]
            for role, row in zip(spread.index, spread.to_numpy(), strict=True)
        ],
        names=[names[role] for role in alone.columns],
        lines=[
            [labels[move], *(f"{n:+.1f}" if n else "0" for n in row)]
            for move, row in zip(alone.index, alone.to_numpy(), strict=True)
        ],
        closing=[
            (f"{rent:g}", *map(round, analysis.closing(rent)))
            for rent in analysis.RENTS
            if game == "A"
        ],
        injects=[(r.number, _inject(r.inject)) for r in played.rounds if r.inject],
        questions=questions(game),
    )


def _points(scores: pd.Series, role: str) -> str:
    return f"{scores[role]:.1f}" if role in scores.index else _("not on record")


def _inject(event_id: str) -> dict[str, str]:
    rows = record.among([event_id])
    (event,) = record.chosen(rows)
    return {"date": event.date, "title": event.title, "text": rows["description"].iloc[0]}


def debrief(game: rules.Game) -> list[slides.Slide]:
    """Return the slides of the debrief: history beside the class, then the questions."""
    roles = rules.roles(game)
    past, points = rules.history(game), rules.score(game, rules.history(game))
    said = {0.0: _("no"), 1.0: _("yes")}
    settled = [
        [
            row["label"] + (f", {row['unit']}" if row["unit"] else ""),
            row["begins"],
            (said[past[row["move"]]] if row["kind"] == "yes" else f"{past[row['move']]:g}")
            if row["move"] in past
            else _("not on record"),
            " ",
        ]
        for row in _moves(game)
    ]
    head = [_("line"), _("at the start"), _("history"), _("our class")]
    names = roles.set_index("role")["name"]
    scored = [
        [names[role], _points(points, role), " "]
        for role in rules.score(game, rules.start(game)).index
    ]
    later = _events(roles["events"], game, later=True)
    after = [slides.Points(tuple(f"**{event.date}** {event.title}" for event in later))]
    asked = slides.Points(tuple(questions(game)))
    return [
        slides.Slide(
            title(game), (slides.Text(_("Debrief: history beside the class")),), opens=True
        ),
        slides.Slide(_("What was settled"), (slides.table(pd.DataFrame(settled, columns=head)),)),
        slides.Slide(
            _("What it was worth, on the course's own scale"),
            (slides.table(pd.DataFrame(scored, columns=[_("side"), *head[2:]])),),
        ),
        *([slides.Slide(_("What came of it"), tuple(after))] if later else []),
        slides.Slide(_("Questions"), (asked,)),
    ]


def build(game: rules.Game, file: Path, *, large: bool = False) -> Path:
    """Write what a class needs: the case note, a page for each role, the memo and the form.

    Parameters
    ----------
    game : "A", "B" or "C"
    file : pathlib.Path
        The PDF to write; a file that is there is replaced.
    large : bool, optional
        Whether in large print, on A3.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    UserError
        If there is no such game.
    """
    roles = [role_sheet(role, game) for _n, role in rules.roles(game).iterrows()]
    lined = [f"{pdf.from_markdown(page)}\n#writing-lines" for page in [*roles, preparation(game)]]
    pages = [pdf.from_markdown(case_note(game)), *lined, pdf.from_markdown(form(game))]
    return pdf.write("\n#pagebreak()\n".join(pages), file, title=title(game), large=large)


def build_teacher(game: rules.Game, file: Path) -> Path:
    """Write what the teacher alone needs; as `build`."""
    return pdf.write(pdf.from_markdown(teacher(game)), file, title=title(game))
