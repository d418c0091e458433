"""The forecasts of a class: gathered, resolved when their day has come, and scored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from centralasia import measures, spreadsheets
from centralasia.errors import UserError
from centralasia.language import _
from centralasia.own.sheets import ID, SHEETS, day_of, read

LEARNER = "learner"
KEYS = [LEARNER, ID]
TOLD = [*KEYS, "forecast", "criterion", "made", "due", "probability"]
OUTCOMES = {"1": 1.0, "0.5": 0.5, "0,5": 0.5, "0": 0.0}
"""How an outcome is written: 1 came true, 0.5 in part, 0 failed."""
MADE_HERE = ("outcomes.csv", "scores.csv")
"""What ``centralasia resolve`` writes, perhaps into the folder that it reads."""


@dataclass(frozen=True)
class Resolved:
    """Forecasts beside what came of them."""

    rows: pd.DataFrame
    """Each forecast: its columns, ``outcome`` and ``error``, the squared distance."""
    faults: list[str]
    """One sentence for each row that cannot be used."""

    def written(self) -> str:
        """Return the rows as CSV."""
        told = self.rows.astype(object)
        for name in ("made", "due", "resolved"):
            told[name] = self.rows[name].dt.date
        cells = told.where(told.notna(), "").map(spreadsheets.cell).to_numpy()
        return spreadsheets.written([told.columns, *cells])

    @property
    def open(self) -> pd.DataFrame:
        """The forecasts that nobody has resolved yet."""
        return self.rows[self.rows["outcome"].isna()]

    @property
    def by_learner(self) -> pd.DataFrame:
        """The score of each learner: ``resolved``, ``open``, ``brier``, the best first."""
        return _scores(self.rows, LEARNER).sort_values("brier")

    @property
    def by_question(self) -> pd.DataFrame:
        """The score of each forecast: ``resolved``, ``open``, ``brier`` and mean probability."""
        said = self.rows.assign(question=_question(self.rows))
        mean = said.groupby("question")["probability"].mean().rename("mean_probability")
        return _scores(said, "question").join(mean)


def gather(place: str | Path) -> tuple[pd.DataFrame, list[str]]:
    """Return the forecasts of a class from a folder of their files, or from one file.

    Parameters
    ----------
    place : str or pathlib.Path
        A folder of CSV files, each named after its learner; or one of folders, each named after
        its learner, with ``my-forecasts.csv`` in them; or one CSV with the column ``learner``
        beside those of a learner's file.

    Returns
    -------
    pandas.DataFrame
        Columns ``learner``, ``id``, ``forecast``, ``criterion``, ``made``, ``due``,
        ``probability`` (0 to 1). A row that cannot be used is left out.
    list of str
        A sentence for each such row, with its file and column.

    Raises
    ------
    UserError
        If there is no such place, or no file in it.
    """
    place = Path(place)
    files = [place]
    if place.is_dir():
        files = sorted(file for file in place.glob("*.csv") if file.name not in MADE_HERE)
        files = files or sorted(place.glob(f"*/{SHEETS['forecasts'].file}"))
    if not files or not place.exists():
        raise UserError(_("There are no forecasts in {place}.").format(place=place))
    frames, faults = [], []
    seen: dict[bytes, str] = {}
    for file in files:
        learner = file.stem if file.parent == place or file == place else file.parent.name
        name = file.name if file.stem == learner else f"{learner}/{file.name}"
        try:
            found = read(file, "forecasts")
        except (UserError, OSError) as error:
            faults.append(str(error))
            continue
        faults += [f"{name}: {fault}" for fault in found.faults]
        first = seen.setdefault(file.read_bytes(), name)
        if first != name:
            words = _("{file} is the same file as {first}. Both count.")
            faults.append(words.format(file=name, first=first))
        named = found.as_written.get(LEARNER, "")
        frame = found.rows.assign(**{LEARNER: named})
        frame[LEARNER] = frame[LEARNER].where(frame[LEARNER] != "", learner)
        frames.append(frame.dropna(subset=list(SHEETS["forecasts"].names)))
    whole = pd.concat(frames, ignore_index=True)[TOLD] if frames else pd.DataFrame(columns=TOLD)
    return _once(whole, faults)


def sheet(forecasts: pd.DataFrame) -> str:
    """Return the CSV in which a person enters the outcomes, a row for each forecast."""
    told = forecasts.assign(
        due=forecasts["due"].dt.date, outcome="", resolved="", source=""
    ).sort_values(["due", *KEYS])
    columns = [*KEYS, "forecast", "criterion", "due", "outcome", "resolved", "source"]
    cells = [map(spreadsheets.cell, row) for row in told[columns].to_numpy()]
    return spreadsheets.written([columns, *cells])


def outcomes(file: str | Path) -> tuple[pd.DataFrame, list[str]]:
    """Return what came of the forecasts, as a person entered it.

    Parameters
    ----------
    file : str or pathlib.Path
        A CSV with the columns ``id`` and ``outcome`` (1, 0.5, 0, or nothing), and perhaps
        ``learner`` and ``resolved``. A row without a learner holds for all who have the id.

    Returns
    -------
    pandas.DataFrame
        Columns ``learner``, ``id``, ``outcome``, ``resolved``; only rows with an outcome.
    list of str
        A sentence for each row that cannot be used.

    Raises
    ------
    UserError
        If the file is no table, or lacks the columns.
    """
    file = Path(file)
    head, *cells = spreadsheets.lines(file)
    names = [name.casefold() for name in head]
    if not {ID, "outcome"} <= set(names):
        raise UserError(_("{file} needs the columns id and outcome.").format(file=file))
    kept, faults = [], []
    for n, row in enumerate(cells, start=1):
        told = {LEARNER: "", "resolved": ""} | dict(
            zip(names, map(spreadsheets.plain, row), strict=False)
        )
        day = day_of(told["resolved"])
        fault = _fault(told, day)
        if fault:
            faults.append(f"{file.name}: " + _("Row {n}, column {fault}").format(n=n, fault=fault))
        elif told.get("outcome"):
            kept.append((told[LEARNER], told[ID], OUTCOMES[told["outcome"]], day))
    known = pd.DataFrame(kept, columns=[*KEYS, "outcome", "resolved"])
    return _once(known.astype({"outcome": "float64", "resolved": "datetime64[s]"}), faults)


def resolve(forecasts: pd.DataFrame, results: pd.DataFrame) -> Resolved:
    """Return forecasts beside their outcomes; one that was made too late is not scored.

    Parameters
    ----------
    forecasts, results : pandas.DataFrame
        As `gather` and `outcomes` return them.

    Returns
    -------
    Resolved
        An outcome that names the learner goes before one that holds for all.
    """
    own, shared = results[results[LEARNER] != ""], results[results[LEARNER] == ""]
    rows = forecasts.merge(own, on=KEYS, how="left").merge(
        shared.drop(columns=LEARNER), on=ID, how="left", suffixes=("", "_of_all")
    )
    for name in ("outcome", "resolved"):
        rows[name] = rows[name].fillna(rows.pop(f"{name}_of_all"))
    late = rows["resolved"].notna() & (rows["made"] >= rows["resolved"])
    words = _("{learner}, {id}: made on {made:%Y-%m-%d}, when the outcome was known. Not scored.")
    told = rows.loc[late, [*KEYS, "made"]].itertuples(index=False)
    faults = [words.format(learner=who, id=name, made=made) for who, name, made in told]
    faults += _of_nobody(forecasts, results)
    rows = rows[~late]
    return Resolved(rows.assign(error=(rows["probability"] - rows["outcome"]) ** 2), faults)


def _of_nobody(forecasts: pd.DataFrame, results: pd.DataFrame) -> list[str]:
    """Return a sentence for each outcome of a forecast that nobody made."""
    made = set(zip(forecasts[LEARNER], forecasts[ID], strict=True))
    made |= {("", name) for name in forecasts[ID]}
    return [
        _("There is an outcome for {name}, and no such forecast.").format(
            name=" ".join(filter(None, key))
        )
        for key in zip(results[LEARNER], results[ID], strict=True)
        if key not in made
    ]


def _once(rows: pd.DataFrame, faults: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """Return the first row of each learner and id, and a sentence for every other."""
    again = rows.duplicated(KEYS)
    words = _("{name} stands there twice. The first row counts.")
    names = [" ".join(filter(None, row)) for row in rows.loc[again, KEYS].to_numpy()]
    return rows[~again].reset_index(drop=True), faults + [words.format(name=n) for n in names]


def _fault(told: dict[str, str], day: date | None) -> str:
    if not told[ID]:
        return _("'id': it is empty.")
    if told.get("outcome") and told["outcome"] not in OUTCOMES:
        return _("'outcome': {outcome!r} is none of 1, 0.5 and 0.").format(**told)
    if told["resolved"] and day is None:
        return _("'resolved': {resolved!r} is no day, such as 2027-06-30.").format(**told)
    return ""


def _question(rows: pd.DataFrame) -> pd.Series:
    """Return how a question is called: by its id where all who have it forecast the same."""
    shared = rows.groupby(ID)["forecast"].transform("nunique") == 1
    return rows[ID].where(shared, rows[LEARNER] + " " + rows[ID])


def _scores(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    grouped = rows.groupby(by)
    return pd.DataFrame({
        "resolved": grouped["outcome"].count(),
        "open": grouped["outcome"].size() - grouped["outcome"].count(),
        "brier": pd.Series({
            name: measures.brier_score(of["probability"], of["outcome"])
            for name, of in rows.dropna(subset="outcome").groupby(by)
        }, dtype="float64"),
    }).rename_axis(by)  # fmt: skip
