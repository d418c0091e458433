"""Readers: one for each form of file in which a publisher gives what a table holds."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from centralasia import course, tables
from centralasia.errors import UserError

_OTHER_NAMES = {
    "United States of America": "USA",
    "Russian Federation": "RUS",
    "Kyrgyz Republic": "KGZ",
    "Turkiye": "TUR",
    "Türkiye": "TUR",
}
"""Names of states in the files that are not those of the table countries."""
_ISO2 = {"KZ": "KAZ", "KG": "KGZ", "TJ": "TJK", "TM": "TKM", "UZ": "UZB", "RU": "RUS"}
"""The codes of states in Eurostat's files."""
_ENERGY = {
    "oilprod_mt": "oil_production_mt",
    "oilcons_mt": "oil_consumption_mt",
    "gasprod_bcm": "gas_production_bcm",
    "gascons_bcm": "gas_consumption_bcm",
}
_ENERGY_GROUPS = {"Total World": "WLD", "Other CIS": "REST_CIS"}
_FAR = 65536
_LINES = 40
"""Bytes and lines in which the heads of the columns are looked for."""


@dataclass(frozen=True)
class Reader:
    """How a file of one publisher becomes rows of a table.

    Parameters
    ----------
    table : str
        The table.
    publisher : str
    file : str
        What to fetch from the publisher, in words.
    columns : tuple of str
        Heads by which the file is known; it may have more.
    sources : tuple of str
        How the `source_id` of the rows begins that the file speaks for.
    rows : callable
        Takes the file as text, returns rows with the key of the table and values as numbers.
    whole : bool, optional
        Whether it needs other columns than these as well.
    """

    table: str
    publisher: str
    file: str
    columns: tuple[str, ...]
    sources: tuple[str, ...]
    rows: Callable[[pd.DataFrame], pd.DataFrame]
    whole: bool = False


def tables_read() -> list[str]:
    """Return the tables that have a reader, in the order of the alphabet.

    Returns
    -------
    list of str

    Examples
    --------
    >>> tables_read()
    ['arms_deals', 'customs', 'energy', 'exports_eu', 'macro', 'trade', 'votes']
    """
    return sorted({reader.table for reader in READERS})


def read(table: str, path: Path) -> tuple[Reader, pd.DataFrame]:
    """Read a publisher's file as rows of a table.

    Parameters
    ----------
    table : str
        The table that the rows are for.
    path : pathlib.Path
        The file as the publisher gives it: text with commas, semicolons or tabs, in UTF-8 or the
        code of Western Windows, with any lines before the heads of the columns.

    Returns
    -------
    tuple of Reader and pandas.DataFrame
        The reader that knew the file, and the rows, without `source_id`.

    Raises
    ------
    UserError
        If the table has no reader, or the file is not one that a reader of it knows, or holds
        nothing for the table.
    """
    known = [reader for reader in READERS if reader.table == table]
    if not known:
        raise UserError(
            f"No reader for table '{table}'. There is one for {', '.join(tables_read())}; "
            "docs/updating.md says how the others are kept."
        )
    head, form = _head(path)
    for reader in known:
        for number, line in enumerate(head):
            mark = next((m for m in (",", ";", "\t") if _has(line, m, reader.columns)), None)
            if mark:
                file = _frame(path, number, mark, form, reader)
                rows = reader.rows(file).reset_index(drop=True)
                if rows.empty:
                    raise UserError(f"{path} holds no row for table '{table}'.")
                _once(rows, [c for c in tables.key(table) if c in rows])
                return reader, rows
    forms = "; or ".join(f"{r.file}, with the columns {', '.join(r.columns)}" for r in known)
    raise UserError(f"{path} is no file that table '{table}' is made of. Wanted: {forms}.")


def _head(path: Path) -> tuple[list[str], dict[str, Any]]:
    """Return the first lines of a file, and how pandas is to take what some program saved."""
    try:
        with path.open("rb") as file:
            content = file.read(_FAR)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from error
    if content[:2] == b"PK":
        raise UserError(
            f"{path} is a zip archive or a workbook. Unpack it, or save its sheet as CSV (UTF-8)."
        )
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        code = "utf-16"
    else:
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        try:
            decoder.decode(content)  # which may end within a letter
            code = "utf-8-sig"
        except UnicodeDecodeError:
            code = "cp1252"
    text = content.decode(code, errors="replace")
    form = {"encoding": code, "encoding_errors": "replace"}
    if "\r" in text and "\n" not in text:  # an old program for the Mac
        form["lineterminator"] = "\r"
    return text.splitlines()[:_LINES], form


def _has(line: str, mark: str, columns: tuple[str, ...]) -> bool:
    """Whether a line is the heads of a table with these columns."""
    return set(columns) <= {head.strip().strip('"') for head in line.split(mark)}


def _frame(
    path: Path, number: int, mark: str, form: dict[str, Any], reader: Reader
) -> pd.DataFrame:
    """Return the table in a file as text, from the line with its heads on.

    The files of all states have hundreds of megabytes; only the columns that are used are kept.
    """
    try:
        frame = pd.read_csv(
            path,
            sep=mark,
            skiprows=number,
            dtype="str",
            keep_default_na=False,
            index_col=False,  # a comma at the end of a row is no column
            usecols=None if reader.whole else lambda head: head.strip() in reader.columns,
            skip_blank_lines=False,
            **form,
        )
    except ValueError as error:
        raise UserError(f"{path} cannot be read as a table: {error}.") from error
    frame = frame.set_axis([str(column).strip() for column in frame], axis="columns")
    kept: pd.DataFrame = frame[(frame[list(reader.columns)] != "").any(axis="columns")]
    return kept


def _numbers(column: pd.Series) -> pd.Series:
    """Return a column of text as numbers; what is none is missing."""
    return pd.to_numeric(column.str.replace(",", "").str.strip(), errors="coerce")


def _years(column: pd.Series) -> pd.Series:
    """Return the years with which a column of text begins."""
    wrong = column[~column.str.match(r"\s*\d{4}")]
    if len(wrong):
        raise UserError(f"{wrong.iloc[0]!r} is no year; the file may be cut off or damaged.")
    return column.str.strip().str[:4].astype(int)


def _once(rows: pd.DataFrame, key: list[str]) -> None:
    """Refuse rows of which two have one key."""
    twice = rows[rows.duplicated(key)]
    if len(twice):
        named = ", ".join(str(value) for value in twice.iloc[0][key])
        raise UserError(f"The file has two rows for {named}; take out the one that is wrong.")


def _codes(names: pd.Series) -> pd.Series:
    """Return the codes of states by their English names, missing where the course has none."""
    known = tables.load("countries").set_index("name").country.astype(str).to_dict()
    return names.str.strip().map(known | _OTHER_NAMES)


def _world_bank(file: pd.DataFrame) -> pd.DataFrame:
    """World Development Indicators: a row a state and series, a column a year."""
    listed = tables.load("indicators").query("table == 'macro' and code.notna()")
    code = dict(zip(listed.code.astype(str), listed.indicator.astype(str), strict=True))
    states = tables.load("macro").country.astype(str).unique()
    file = file[file["Country Code"].isin(states) & file["Indicator Code"].isin(code)]
    years = [column for column in file.columns if column[:4].isdigit()]
    long = file.melt(["Country Code", "Indicator Code"], years, "year", "value")
    long["value"] = _numbers(long.value)
    long = long.dropna(subset="value").rename(columns={"Country Code": "country"})
    long["year"] = _years(long.year)
    long["indicator"] = long["Indicator Code"].map(code)
    _once(long, ["country", "indicator", "year"])
    wide = long.pivot(index=["country", "year"], columns="indicator", values="value")
    if {"remittances_usd", "gdp_usd"} <= set(wide):  # the course's own ratio
        wide["remittances_gdp_pct"] = 100 * wide.remittances_usd / wide.gdp_usd
    rows = wide.reset_index().melt(["country", "year"], value_name="value").dropna()
    return rows[rows.year.ge(1990)]


def _energy_institute(file: pd.DataFrame) -> pd.DataFrame:
    """Statistical Review, narrow format: a row a state, year and variable."""
    file = file[file.Var.isin(_ENERGY)]
    country = file.Country.map(_ENERGY_GROUPS).fillna(file.ISO3166_alpha3)
    rows = pd.DataFrame(
        {
            "country": country,
            "year": _years(file.Year),
            "indicator": file.Var.map(_ENERGY),
            "value": _numbers(file.Value),
        }
    )
    states = tables.load("energy").country.astype(str).unique()
    return rows[rows.country.isin(states) & rows.year.ge(1990)].dropna()


def _sipri(file: pd.DataFrame) -> pd.DataFrame:
    """Trade register: a row a deal and year of delivery."""
    yes = {True: "true", False: "false"}

    def estimated(column: str) -> pd.Series:
        return file[column].str.lower().isin(["true", "yes", "1"]).map(yes)

    rows = pd.DataFrame(
        {
            "deal_id": file["SIPRI AT Database ID"],
            "recipient": _codes(file["Recipient"]),
            "supplier": _codes(file["Supplier"]),
            "category": file["Armament category"].str.lower().str.replace(" ", "_"),
            "order_year": _numbers(file["Order date"]),
            "order_year_estimated": estimated("Order date is estimate"),
            "delivery_year": _numbers(file["Delivery year"]),
            "delivery_year_estimated": estimated("Delivery year is estimate"),
            "number": _numbers(file["Numbers delivered"]),
            "number_estimated": estimated("Numbers delivered is estimate"),
            "status": file["Status"]
            .str.lower()
            .str.replace("second hand but modernized", "second_hand_modernised")
            .str.replace(" ", "_"),
            "tiv_million": _numbers(file["TIV delivery values"]),
        }
    )
    return rows[rows.recipient.isin(list(course.states())) & rows.supplier.isin(_powers())]


def _powers() -> list[str]:
    return [power.area for power in course.powers()]


def _un_votes(file: pd.DataFrame) -> pd.DataFrame:
    """Roll calls of the General Assembly: a row a resolution and state."""
    cast = file[file.ms_vote.isin(["Y", "N", "A"])].drop_duplicates(["undl_id", "ms_code"])
    cast = cast.assign(year=_years(cast.date))
    listed = tables.load("votes").query("measure == 'agreement_identical_final'")
    states = listed.country.astype(str).unique()
    half = tables.load("votes").query("measure == 'agreement_half_final'").country.astype(str)
    found = []
    for power in _powers():
        theirs = cast[cast.ms_code == power].set_index("undl_id").ms_vote.rename("theirs")
        both = cast[cast.ms_code.isin(states) & cast.ms_code.ne(power)].join(theirs, "undl_id")
        both = both.dropna(subset="theirs")
        equal = both.ms_vote.eq(both.theirs)
        one_abstains = both.ms_vote.eq("A") ^ both.theirs.eq("A")
        by = [both.ms_code.rename("country"), both.year]
        for measure, points in {
            "agreement_identical_final": equal.astype(float),
            "agreement_half_final": equal + one_abstains / 2,
        }.items():
            shares = points.groupby(by).agg(value="mean", n_votes="size").reset_index()
            shares["value"] = shares.value.round(4)
            if measure == "agreement_half_final":
                shares = shares[shares.country.isin(half)]
            found.append(shares.assign(partner=power, measure=measure))
    return pd.concat(found)


def _war(file: pd.DataFrame) -> pd.DataFrame:
    """Correlates of War, dyads: flow1 is what the first state bought of the second, in millions."""
    first = {
        "country": _codes(file.importer1),
        "partner": _codes(file.importer2),
        "import": _numbers(file.flow1),
        "export": _numbers(file.flow2),
    }
    second = {
        "country": first["partner"],
        "partner": first["country"],
        "import": first["export"],
        "export": first["import"],
    }
    year = _years(file.year)
    wide = pd.concat([pd.DataFrame(side).assign(year=year) for side in (first, second)])
    rows = wide.melt(["country", "partner", "year"], var_name="flow", value_name="value_usd")
    partners = tables.load("trade").query("source_id == 'cow_trade_v4'").partner.astype(str)
    rows = rows[
        rows.country.isin(list(course.states()))
        & rows.partner.isin(partners)
        & rows.value_usd.ge(0)
    ]
    rows["value_usd"] = (rows.value_usd * 1e6).round()
    return rows[rows.year.ge(1992)].assign(reporter="compilation")


def _census(file: pd.DataFrame) -> pd.DataFrame:
    """US trade in goods by country: what the United States bought and sold, in millions."""
    file = file.assign(country=_codes(file.CTYNAME), year=_years(file.year))
    file = file[file.country.isin(list(course.states()))]
    rows = file.assign(export=_numbers(file.IYR), **{"import": _numbers(file.EYR)}).melt(
        ["country", "year"], ["export", "import"], "flow", "value_usd"
    )
    rows["value_usd"] = (rows.value_usd * 1e6).round()
    return rows.dropna().assign(partner="USA", reporter="USA")


def _eurostat(file: pd.DataFrame) -> pd.DataFrame:
    """Comext as SDMX-CSV: what the Union sold in a month, in euros."""
    file = file[
        file.freq.eq("M")
        & file.reporter.eq("EU27_2020")
        & file["product"].eq("TOTAL")
        & file.flow.eq("2")
        & file.indicators.eq("VALUE_IN_EUROS")
    ]
    rows = pd.DataFrame(
        {
            "country": file.partner.map(_ISO2),
            "month": file.TIME_PERIOD.str.strip(),
            "value_eur": _numbers(file.OBS_VALUE).round(),
        }
    )
    states = tables.load("exports_eu").country.astype(str).unique()
    return rows[rows.country.isin(states)].dropna()


READERS = (
    Reader(
        "macro",
        "World Bank",
        "the CSV of an indicator, or of all of them, from World Development Indicators",
        ("Country Code", "Indicator Code"),
        ("wdi_",),
        _world_bank,
        whole=True,
    ),
    Reader(
        "energy",
        "Energy Institute",
        "the Statistical Review's consolidated dataset in narrow format, CSV",
        ("Country", "Year", "ISO3166_alpha3", "Var", "Value"),
        ("ei_sr_",),
        _energy_institute,
    ),
    Reader(
        "arms_deals",
        "SIPRI",
        "the trade register as CSV",
        ("SIPRI AT Database ID", "Supplier", "Recipient", "TIV delivery values"),
        ("sipri_register_",),
        _sipri,
        whole=True,
    ),
    Reader(
        "votes",
        "United Nations Digital Library",
        "the General Assembly voting data, CSV",
        ("undl_id", "ms_code", "ms_vote", "date"),
        ("unvotes_", "unxml_"),
        _un_votes,
    ),
    Reader(
        "trade",
        "Correlates of War Project",
        "Dyadic_COW of the trade data set, CSV",
        ("importer1", "importer2", "year", "flow1", "flow2"),
        ("cow_trade_",),
        _war,
    ),
    Reader(
        "customs",
        "US Census Bureau",
        "the sheet of country.xlsx, U.S. Trade in Goods by Country, saved as CSV",
        ("year", "CTYNAME", "IYR", "EYR"),
        ("us_census_",),
        _census,
    ),
    Reader(
        "exports_eu",
        "Eurostat",
        "exports by month in Comext (DS-059341 or DS-045409), SDMX-CSV",
        (
            *("freq", "reporter", "partner", "product", "flow", "indicators"),
            *("TIME_PERIOD", "OBS_VALUE"),
        ),
        ("eurostat_comext_",),
        _eurostat,
    ),
)
"""The readers. The other tables are compiled by hand, and `docs/updating.md` says from what."""
