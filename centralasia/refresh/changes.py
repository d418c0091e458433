"""New rows laid beside a table: what is equal, what differs, what is new, what is gone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from centralasia import tables
from centralasia.paths import data_dir
from centralasia.refresh.readers import Reader


@dataclass(frozen=True)
class Changes:
    """What a publisher's file would change in a table.

    Parameters
    ----------
    key : tuple of str
        The columns that name a row.
    same : int
        Rows that the file and the table have alike, to the decimals of the table.
    changed : pandas.DataFrame
        A row a value that differs: the key, `column`, `before` and `after`, all text.
    new : pandas.DataFrame
        Rows that the table lacks.
    gone : pandas.DataFrame
        The keys of rows that the table has from this publisher, in years and states that the
        file covers, and the file has not. A refresh keeps them: look why.
    """

    key: tuple[str, ...]
    same: int
    changed: pd.DataFrame
    new: pd.DataFrame
    gone: pd.DataFrame

    @property
    def empty(self) -> bool:
        """Whether the file says what the table says."""
        return self.changed.empty and self.new.empty and self.gone.empty


def between(reader: Reader, fresh: pd.DataFrame) -> Changes:
    """Compare rows from a publisher's file with the table as it is.

    Parameters
    ----------
    reader : Reader
    fresh : pandas.DataFrame
        What `read` returned.

    Returns
    -------
    Changes
    """
    old = _text(reader.table)
    old = old[old.source_id.str.startswith(reader.sources)]
    key = [c for c in tables.key(reader.table) if c in fresh]
    fresh = _as_text(fresh, old)
    both = old.merge(fresh, on=key, how="outer", suffixes=("", "_new"), indicator="where")
    values = [str(column) for column in fresh if column not in key]
    pairs = both[both["where"] == "both"]
    differ = [_differing(pairs, old, key, column) for column in values]
    changed = pd.concat(differ) if differ else pairs[key]
    new = both.loc[both["where"] == "right_only", key].merge(fresh, on=key)
    gone = both.loc[both["where"] == "left_only", key]
    for column in key:  # only where the file looked
        if column not in ("deal_id", "year", "month", "delivery_year"):
            gone = gone[gone[column].isin(fresh[column])]
    for column in {"year", "month", "delivery_year"} & set(key):
        gone = gone[gone[column].between(fresh[column].min(), fresh[column].max())]
    same = len(pairs) - len(changed[key].drop_duplicates())
    return Changes(tuple(key), same, changed.reset_index(drop=True), new, gone)


def merged(reader: Reader, changes: Changes) -> pd.DataFrame:
    """Return the table as text with the file's values in it and its new rows.

    Parameters
    ----------
    reader : Reader
    changes : Changes
        What `between` returned.

    Returns
    -------
    pandas.DataFrame of str
        In the order of the table. New rows and changed ones have the newest `source_id` of this
        publisher that the table has: give them that of the new edition.
    """
    old = _text(reader.table)
    theirs = old[old.source_id.str.startswith(reader.sources)]
    newest = max(theirs.source_id)
    whole = old.set_index(list(changes.key), drop=False)
    ours = whole.source_id.str.startswith(reader.sources)
    for row in changes.changed.itertuples():
        at = tuple(getattr(row, column) for column in changes.key)
        mask = ours & (whole.index == (at if len(at) > 1 else at[0]))
        whole.loc[mask, [row.column, "source_id"]] = [row.after, newest]
    added = changes.new.assign(source_id=newest).reindex(columns=old.columns, fill_value="")
    result = pd.concat([whole, added], ignore_index=True).fillna("")
    named = tables.load(reader.table)
    order = result[tables.key(reader.table)].apply(
        lambda c: c.astype("int64") if named[c.name].dtype == "int64" else c.str.casefold()
    )
    ordered: pd.DataFrame = result.loc[order.sort_values(list(order), kind="stable").index]
    return ordered


def _text(table: str) -> pd.DataFrame:
    """Return a table as the text that stands in its file."""
    return pd.read_csv(data_dir() / f"{table}.csv", dtype="str", keep_default_na=False)


def _as_text(fresh: pd.DataFrame, old: pd.DataFrame) -> pd.DataFrame:
    """Return new rows as text, with as many decimals as the table has at most for such values."""
    texts = {}
    for column in map(str, fresh):
        if pd.api.types.is_numeric_dtype(fresh[column]):
            decimals = _decimals(old, column, fresh)
            shown = [_shown(v, d) for v, d in zip(fresh[column], decimals, strict=True)]
            texts[column] = pd.Series(shown, fresh.index, dtype="str")
        else:
            texts[column] = fresh[column].astype(str)
    return pd.DataFrame(texts)


def _decimals(old: pd.DataFrame, column: str, rows: pd.DataFrame) -> pd.Series:
    """Return how many decimals the table has at most in a column, for each row by its indicator."""
    shown = old[column].str.extract(r"\.(\d+)$", expand=False).str.len().fillna(0)
    if "indicator" not in rows:
        return pd.Series(int(shown.max()), rows.index)
    by_kind = shown.groupby(old["indicator"]).max()
    return rows["indicator"].map(by_kind).fillna(0).astype(int)


def _shown(value: float, decimals: int) -> str:
    """Return a number as tables write it: no zeros at the end, missing as empty."""
    if pd.isna(value):
        return ""
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _differing(pairs: pd.DataFrame, old: pd.DataFrame, key: list[str], column: str) -> pd.DataFrame:
    """Return the rows in which a column of the file is not that of the table.

    Publishers and copies cut decimals each in their own way, so fractions may differ in the last
    one that the table has, or by a ten-thousandth; whole numbers may not.
    """
    before, after = pairs[column], pairs[f"{column}_new"]
    one, other = (pd.to_numeric(side, errors="coerce") for side in (before, after))
    decimals = _decimals(old, column, pairs)
    fraction = decimals.gt(0)
    apart = (one - other).abs()
    near = apart.le(one.abs() * np.where(fraction, 1e-4, 1e-9)) | (
        fraction & apart.lt(10.0 ** -decimals.astype(float))
    )
    differ = pairs[~(before.eq(after) | near)]
    return differ[key].assign(column=column, before=differ[column], after=differ[f"{column}_new"])
