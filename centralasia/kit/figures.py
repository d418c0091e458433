"""Tables for evidence pages that no lesson stores: made from the data for one activity each.

Each function returns a frame of texts, with codes for states that `kit.stored` puts into words.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from centralasia import bibliography, course, games, measures, tables
from centralasia.language import _

BUYERS = ("CHN", "RUS", "IRN", "TUR", "ITA", "DEU")
SECTORS = ("industry_mining_construction", "energy_generation_and_supply", "transport_and_storage")
"""Of Chinese loans: those of more than a billion dollars."""
BODIES = ("CIS", "CSTO", "EurAsEC", "SCO")
"""Which the class of lesson 03 ranks."""
ELEVEN = (10.5, 11.5)
SEARCHED = range(2000, 2013)
"""Years in which a book of lesson 06 is searched for growth by eleven."""
SEEN = 2011
"""The last year that a forecaster of lesson 11 could know."""


def _states() -> list[str]:
    return list(course.states())


def exports_by_buyer() -> pd.DataFrame:
    """Return what each state sold to some buyers in 2010, in million dollars.

    No share of all exports: in this table what Kyrgyzstan's partners bought adds up to more than
    its total.
    """
    trade = tables.load("trade").query(
        "source_id == 'cow_trade_v4' and flow == 'export' and year == 2010"
    )
    sums = trade.pivot_table(
        index="country", columns="partner", values="value_usd", aggfunc="sum", observed=True
    )
    found = (sums / 1e6).reindex(index=_states(), columns=list(BUYERS)).fillna(0)
    return found.rename_axis(_("state")).map("{:,.0f}".format)


def loans_by_sector() -> pd.DataFrame:
    """Return China's commitments to 2011 by state in its largest sectors, in billion dollars."""
    lent = tables.load("aid").query("source_id == 'gcof1_2017' and year <= 2011")
    lent = lent.astype({"sector": str, "recipient": str})
    sums = lent.pivot_table(index="recipient", columns="sector", values="value", aggfunc="sum")
    found = sums.reindex(index=_states()).fillna(0) / 1e9
    shown = found[list(SECTORS)].assign(others=found.drop(columns=list(SECTORS)).sum(axis=1))
    shown.loc[_("all five")] = shown.sum()
    shown.columns = [name.replace("_", " ") for name in shown.columns]
    return shown.rename_axis(_("state")).map("{:.2f}".format)


def events_by_state() -> pd.DataFrame:
    """Return how many events of China's third stage concern each state, by dimension."""
    rows = tables.load("events").query("power == 'china' and stage == '3'")
    each = rows.assign(state=rows["countries"].astype(str).str.split(";")).explode("state")
    each["state"] = each["state"].map(course.states())
    counted = pd.crosstab(each["state"], each["dimension"].astype(str))
    return counted.rename_axis(_("state")).rename_axis(None, axis="columns").astype(str)


def raw_exports() -> pd.DataFrame:
    """Return fuels and metals as parts of each state's exports of goods, in per cent, by year.

    A year that a state did not report is missing.
    """
    shares = tables.load("macro").query("indicator in ['fuel_exports_pct', 'metal_exports_pct']")
    both = shares.pivot_table(
        index="country", columns="year", values="value", aggfunc=["sum", "count"], observed=True
    )
    found = pd.DataFrame(both["sum"]).where(pd.DataFrame(both["count"]) == 2)
    found = found.reindex(index=_states(), columns=[2000, 2005, 2010, 2014, 2018, 2021, 2023])
    return found.rename_axis(_("state")).map(lambda n: "–" if pd.isna(n) else f"{n:.0f}")


def lines_to_china() -> pd.DataFrame:
    """Return pipelines, railways and roads between the five and China, by the day of opening."""
    sites = tables.load("infrastructure").sort_values("commissioned", na_position="last")
    kinds = ("oil_pipeline", "gas_pipeline", "railway", "road")
    to_china = sites["countries"].astype(str).map(lambda codes: "CHN" in codes.split(";")[-1:])
    from_five = sites["countries"].astype(str).str.contains("|".join(_states()))
    both = sites["countries"].astype(str).str.contains("CHN") & from_five
    rows = sites[(both | (to_china & from_five)) & sites["kind"].astype(str).isin(kinds)]
    kind = rows["kind"].astype(str).str.replace("_", " ")
    opened = rows["commissioned_text"].map(_said)
    found = pd.DataFrame({_("kind"): kind, _("in service"): opened})
    return found.set_axis(pd.Index(rows["name"], name=_("line")))


def _said(date: object) -> str:
    return bibliography.spoken_date(date) if isinstance(date, str) else "–"


def books() -> dict[str, pd.Series]:
    """Return what lesson 06 opens: trade with China by year in each book, in billion dollars."""
    trade = tables.load("trade").astype({"country": str, "source_id": str})
    china = trade[(trade["partner"] == "CHN") & trade["country"].isin(_states())]
    total = china.query("source_id == 'cow_trade_v4'").groupby("year")["value_usd"].sum()
    bought = china.query("country == 'KGZ' and flow == 'import'").pivot(
        index="year", columns="source_id", values="value_usd"
    )
    customs = tables.load("customs").query("partner == 'CHN' and year <= 2014")
    customs = customs[customs["country"].isin(_states())]
    found = {
        _("Five: compilation"): total,
        _("Five: with Kyrgyz books"): total + bought["kgz_nsc"] - bought["cow_trade_v4"],
        _("Five: Chinese customs"): customs.groupby("year")["value_usd"].sum(),
    }
    own = _("own books")
    makers = {"cow_trade_v4": _("compilation"), "kgz_nsc": own, "uzb_stat": own}
    for (state, source), rows in china.groupby(["country", "source_id"]):
        if source in makers:
            name = f"{course.states()[str(state)]}: {makers[source]}"
            found[name] = rows.groupby("year")["value_usd"].sum()
    return {name: (series / 1e9).dropna() for name, series in found.items()}


def every_book() -> pd.DataFrame:
    """Return trade with China in each book from 2000 to 2012, in billion dollars."""
    rows = {name: series.reindex(SEARCHED) for name, series in books().items()}
    return (
        pd.DataFrame(rows).T.rename_axis(_("book")).map(lambda n: "–" if pd.isna(n) else f"{n:.2f}")
    )


def rows_for_the_board() -> pd.DataFrame:
    """Return the rows of lesson 06's board: book, years, multiple and level.

    First the years of the claim, then each pair of `SEARCHED` that rounds to eleven.
    """
    found = []
    for name, series in books().items():
        pairs = measures.growth_multiple(series[series.index.isin(SEARCHED)])
        claimed = (pairs["from_year"] == 2003) & (pairs["to_year"] == 2010)
        near = pairs["multiple"].between(*ELEVEN) & ~claimed
        for searched, rows in ((_("no"), pairs[claimed]), (_("yes"), pairs[near])):
            found += [
                [name, f"{first}–{last}", f"{multiple:.1f}", f"{series[last]:.2f}", searched]
                for first, last, multiple in zip(
                    rows["from_year"], rows["to_year"], rows["multiple"], strict=True
                )
            ]
    head = [_("book"), _("years"), _("multiple"), _("level, bn"), _("searched")]
    return pd.DataFrame(found, columns=head).set_index(head[:2])


def members_of_bodies() -> pd.DataFrame:
    """Return since when, and until when, each of the five was in each of four bodies."""
    rows = tables.load("memberships")
    rows = rows[rows["organization"].isin(BODIES) & rows["country"].isin(_states())]
    rows = rows.sort_values("start")
    spells = {
        (body, state): "; ".join(
            _spell(*spell)
            for spell in zip(
                mine["status"].astype(str), mine["start_text"], mine["end_text"], strict=True
            )
        )
        for (body, state), mine in rows.groupby(["organization", "country"], observed=True)
    }
    found = [[spells.get((body, state), _("never")) for state in _states()] for body in BODIES]
    return pd.DataFrame(found, index=pd.Index(BODIES, name=_("body")), columns=_states())


def _spell(status: str, start: object, end: object) -> str:
    """Return a spell by its years: ``"member 2006–2012"``, an open one ``"member 1991–"``."""
    last = end[:4] if isinstance(end, str) else ""
    return f"{_(status)} {str(start)[:4]}–{last}"


def trade_inside_bodies() -> pd.DataFrame:
    """Return trade with the other members of each body, % of all trade, at three dates.

    Of the members in Central Asia in each year. The compilation names no trade with Belarus,
    Armenia and the Caucasus, so CSTO and EurAsEC have the same partners in it.
    """
    trade = tables.load("trade").query("source_id == 'cow_trade_v4'")
    memberships = tables.load("memberships")
    years, found = (2000, 2009, 2014), {}
    for body in BODIES:
        for state in _states():
            cells = []
            for year in years:
                members = measures.members_on(memberships, body, f"{year}-12-30")
                mine = trade[(trade["country"] == state) & (trade["year"] == year)]
                inside = mine[mine["partner"].isin(members)]["value_usd"].sum()
                whole = mine[mine["partner"] == "WLD"]["value_usd"].sum()
                cells.append(f"{100 * inside / whole:.0f}" if state in members else "–")
            found[body, state] = cells
    index = pd.MultiIndex.from_tuples(found, names=[_("body"), _("state")])
    shown = pd.DataFrame(list(found.values()), index=index, columns=[str(year) for year in years])
    kept = pd.DataFrame(shown[(shown != "–").any(axis=1)].unstack(1))
    return kept.swaplevel(axis=1).sort_index(axis=1).fillna("–").reindex(list(BODIES))


def treaty_and_organization() -> pd.DataFrame:
    """Return when each of the five was bound by the treaty, and by the organization after it."""
    rows = tables.load("memberships").query("organization in ['CST', 'CSTO']")
    rows = rows.query("status == 'member'").sort_values("start")
    found = []
    for state in _states():
        mine = rows[rows["country"] == state]
        cells = []
        for body in ("CST", "CSTO"):
            spells = mine[mine["organization"] == body].to_dict("records")
            each = [
                _("{start} to {end}").format(start=_said(s["start_text"]), end=_said(s["end_text"]))
                for s in spells
            ]
            cells.append("; ".join(each) or _("never"))
        found.append(cells)
    head = [_("Treaty (CST)"), _("Organization (CSTO)")]
    return pd.DataFrame(found, index=pd.Index(_states(), name=_("state")), columns=head)


def tajik_debt() -> pd.DataFrame:
    """Return what Tajikistan owed China at the end of each year to 2016, in billion dollars."""
    owed = tables.load("debt").query(
        "country == 'TJK' and creditor == 'CHN' and measure == 'stock' and year <= 2016"
    )
    billions = owed.set_index(owed["year"].astype(str))["value_usd"] / 1e9
    return billions.rename(_("owed")).rename_axis(_("year")).to_frame().map("{:.2f}".format)


def american_obligations() -> pd.DataFrame:
    """Return American aid promised to each state from 1992 to 2001, in million dollars."""
    return _american("us_obligations", range(1992, 2002))


def american_aid() -> pd.DataFrame:
    """Return American aid paid out to each state from 2001 to 2008, in million dollars."""
    return _american("us_disbursements", range(2001, 2009))


def _american(measure: str, years: range) -> pd.DataFrame:
    aid = tables.load("aid")
    mine = aid[(aid["source_id"] == "us_fa_2025") & (aid["measure"].astype(str) == measure)]
    sums = mine.pivot_table(
        index="recipient", columns="year", values="value", aggfunc="sum", observed=True
    )
    found = sums.reindex(index=_states(), columns=years) / 1e6
    return found.rename_axis(_("state")).map(lambda n: "–" if pd.isna(n) else f"{n:.0f}")


def neighbours_of_china() -> pd.DataFrame:
    """Return output and trade with China in 1995 of the three states that border China."""
    three = [state for state in _states() if state not in ("TKM", "UZB")]
    output = tables.load("macro").query("indicator == 'gdp_usd' and year == 1995")
    trade = tables.load("trade").query(
        "source_id == 'cow_trade_v4' and partner == 'CHN' and year == 1995"
    )
    sums = trade.groupby("country", observed=True)["value_usd"].sum()
    found = pd.DataFrame({
        _("output, billion dollars"): output.set_index("country")["value"] / 1e9,
        _("trade with China, million dollars"): sums / 1e6,
    })  # fmt: skip
    return found.loc[three].rename_axis(_("state")).map("{:,.1f}".format)


def oil_to_2011() -> pd.DataFrame:
    """Return Kazakhstan's oil exports by way in million tonnes, of years to 2011."""
    oil = tables.load("oil_routes").query("period == 'full year' and year <= @SEEN")
    most = oil.pivot_table(
        index="route", columns="year", values="value_mt", aggfunc="max", observed=True
    )
    return most.rename_axis(_("way")).map(lambda n: "–" if pd.isna(n) else f"{n:.1f}")


def gas_to_2011() -> pd.DataFrame:
    """Return Central Asia's gas to China and Russia to 2011, in billion cubic metres."""
    gas = tables.load("gas_flows").query("exporter == 'CIS_EX_RUS' and 2007 <= year <= @SEEN")
    gas = gas[gas["importer"].isin([power.area for power in course.powers()])]
    flows = gas.pivot_table(
        index="importer", columns="year", values="value_bcm", aggfunc="sum", observed=True
    )
    return flows.rename_axis(_("to")).map("{:.1f}".format)


def american_part_to_2011() -> pd.DataFrame:
    """Return the American part in the trade of the five and in capital in Kazakhstan, in %."""
    customs = tables.load("customs").query("partner == 'USA'")
    american = customs.groupby("year")["value_usd"].sum()
    whole = tables.load("trade").query("partner == 'WLD' and source_id == 'wdi_datahub_2026'")
    world = whole[whole["country"].isin(_states())].groupby("year")["value_usd"].sum()
    held = tables.load("investment").query("country == 'KAZ' and source_id == 'wiiw_2023'")
    held = held.pivot(index="year", columns="investor", values="value_usd").astype(float)
    rows = {
        _("trade of the five"): 100 * american / world,
        _("direct investment in Kazakhstan"): 100 * held["USA"] / held["WLD"],
    }
    shown = pd.DataFrame(rows).T.reindex(columns=[2001, 2003, 2005, 2007, 2010])
    shown = shown.rename_axis(_("American part, %"))
    return shown.map(lambda n: "–" if pd.isna(n) else f"{n:.1f}")


def game_by_temptation() -> pd.DataFrame:
    """Return which outcomes of lesson 10's game can last, by the temptation."""
    rows = []
    for temptation in range(1, 8):
        lasting = games.stable_outcomes(*games.link_or_exclude(temptation))
        both = _("Russia {row}, China {column}")
        said = [both.format(row=_(row), column=_(column)) for row, column in lasting]
        rows.append([str(temptation), "; ".join(said) or _("none")])
    return pd.DataFrame(rows, columns=["T", _("what can last")]).set_index("T")


EVERY: dict[str, Callable[[], pd.DataFrame]] = {
    made.__name__: made
    for made in (
        *(exports_by_buyer, loans_by_sector, events_by_state, raw_exports, lines_to_china),
        *(every_book, rows_for_the_board, members_of_bodies, trade_inside_bodies),
        *(treaty_and_organization, neighbours_of_china, american_obligations, american_aid),
        *(oil_to_2011, gas_to_2011),
        *(american_part_to_2011, game_by_temptation, tajik_debt),
    )
}
