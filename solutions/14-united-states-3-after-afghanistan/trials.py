"""Answers to exercise 14 and what the checks must say to them: (outcome, code, words)."""

_TRADE = """
t = tables.load("customs").query(
    "partner == 'USA' and country == @case.state and @case.start <= year <= @case.end{more}"
)
t = t.groupby("year", as_index=False).value_usd.sum().sort_values("year")
t = t.assign(million=t.value_usd / {scale})[["year", "million"]]
"""
_GAP = """
final = "measure == 'agreement_identical_final' and partner == '{partner}'"
own = tables.load("votes").query(final + " and country == @case.state").set_index("year").value
own = own.loc[case.start : case.end]
world = tables.load("votes_world").query(final).set_index("year")["median"]
"""

TRIALS = {
    "ex14-q1-gap": [
        (
            "right",
            """
own = tables.load("votes").query(
    "measure == 'agreement_identical_final' and partner == 'USA' and country == @case.state"
)
world = tables.load("votes_world").query(
    "measure == 'agreement_identical_final' and partner == 'USA'"
)
both = own.merge(world[["year", "median"]], on="year")
both = both[both.year.between(case.start, case.end)]
both["points"] = (100 * both.value - 100 * both["median"]).round(2)
gap = both[["year", "points"]]
""",
            "",
        ),
        (
            "wrong",
            _GAP.format(partner="USA")
            + "gap = (100 * own).rename('points').rename_axis('year').reset_index()\n",
            "the agreement itself",
        ),
        (
            "wrong",
            _GAP.format(partner="USA")
            + "both = (100 * (world - own)).dropna()\ngap = both.rename('points').reset_index()\n",
            "not the other way round",
        ),
        (
            "wrong",
            _GAP.format(partner="USA")
            + "both = (own - world).dropna()\ngap = both.rename('points').reset_index()\n",
            "multiply by 100",
        ),
        (
            "wrong",
            _GAP.format(partner="RUS")
            + "both = (100 * (own - world)).dropna()\ngap = both.rename('points').reset_index()\n",
            "Keep the partner USA",
        ),
        ("cannot_check", "gap = -4.5", "a table is asked for"),
        (
            "cannot_check",
            "gap = pd.DataFrame({'year': [2003], 'gap': [1.0]})",
            "one column named points",
        ),
    ],
    "ex14-q2-part": [
        (
            "right",
            """
own = tables.load("customs").query(
    "partner == 'USA' and country == @case.state and year == @case.end"
).value_usd.sum()
every = tables.load("trade").query(
    "partner == 'WLD' and source_id == 'wdi_datahub_2026' and country == @case.state"
    " and year == @case.end and flow in ['export', 'import']"
).value_usd.sum()
part = round(own / every * 100, 4)
""",
            "",
        ),
        (
            "wrong",
            """
own = tables.load("customs").query(
    "partner == 'USA' and country == @case.state and year == @case.end and flow == 'export'"
).value_usd.sum()
every = tables.load("trade").query(
    "partner == 'WLD' and source_id == 'wdi_datahub_2026' and country == @case.state"
    " and year == @case.end and flow in ['export', 'import']"
).value_usd.sum()
part = own / every * 100
""",
            "Add what it bought",
        ),
        (
            "wrong",
            """
own = tables.load("customs").query(
    "partner == 'USA' and country == @case.state and year == @case.end"
).value_usd.sum()
every = tables.load("trade").query(
    "partner == 'WLD' and source_id == 'wdi_datahub_2026' and country == @case.state"
    " and year == @case.end and flow == 'export'"
).value_usd.sum()
part = own / every * 100
""",
            "two flows as well",
        ),
        (
            "wrong",
            """
own = tables.load("customs").query(
    "partner == 'USA' and country == @case.state and year == @case.end"
).value_usd.sum()
every = tables.load("trade").query(
    "partner == 'WLD' and source_id == 'wdi_datahub_2026' and country == @case.state"
    " and year == @case.end and flow in ['export', 'import']"
).value_usd.sum()
part = own / every
""",
            "multiply by 100",
        ),
        ("wrong", "part = 50", "than what the table gives"),
        ("cannot_check", "part = 'one per cent'", "no number"),
        ("cannot_check", "part = pd.Series([0.7, 0.5])", "one number is asked for"),
    ],
    "ex14-q3-visas": [
        (
            "right",
            """
found = {}
for row in tables.load("visas").query("country == @case.state").itertuples():
    if row.year == case.end:
        found[str(row.visa_class)] = found.get(str(row.visa_class), 0) + int(row.issued)
    if row.year == case.start:
        found[str(row.visa_class)] = found.get(str(row.visa_class), 0) - int(row.issued)
visas = pd.DataFrame({"visa_class": list(found), "change": list(found.values())})
""",
            "",
        ),
        (
            "wrong",
            """
v = tables.load("visas").query("country == @case.state").astype({"visa_class": str})
wide = v.pivot(index="visa_class", columns="year", values="issued")
visas = (wide[case.start] - wide[case.end]).rename("change").reset_index()
""",
            "turned round",
        ),
        (
            "wrong",
            """
v = tables.load("visas").query("country == @case.state").astype({"visa_class": str})
wide = v.pivot(index="visa_class", columns="year", values="issued")
visas = wide[case.end].rename("change").reset_index()
""",
            "Take the first year from it",
        ),
        (
            "wrong",
            """
v = tables.load("visas").query("country == @case.state and @case.start <= year <= @case.end")
visas = v.astype({"visa_class": str}).groupby("visa_class").issued.sum()
visas = visas.rename("change").reset_index()
""",
            "the sum of all years",
        ),
        (
            "cannot_check",
            "visas = pd.DataFrame({'visa_class': ['F-1'], 'number': [3]})",
            "one column named change",
        ),
    ],
    "ex14-q4-chart": [
        (
            "right",
            _TRADE.format(more="", scale="1e6")
            + """
chart = alt.Chart(t, title="What America and one state sold each other", description=
    "Years run from left to right, million dollars go upwards.",
).mark_line(point=True, strokeWidth=3).encode(
    alt.Y("million:Q").title("million US$").scale(zero=True), alt.X("year:Q"),
)
""",
            "",
        ),
        (
            "wrong",
            _TRADE.format(more="", scale="1e6")
            + """
chart = alt.Chart(t, title="American trade").mark_line().encode(
    alt.Y("million:Q", title="million US$", scale=alt.Scale(zero=False)), alt.X("year:O"),
)
""",
            "does not start at zero",
        ),
        (
            "wrong",
            _TRADE.format(more=" and flow == 'export'", scale="1e6")
            + 'chart = alt.Chart(t).mark_line().encode(y="million:Q", x="year:O")\n',
            "Add what it bought",
        ),
        (
            "wrong",
            _TRADE.format(more="", scale="1")
            + 'chart = alt.Chart(t).mark_line().encode(y="million:Q", x="year:O")\n',
            "divide by a million",
        ),
        (
            "wrong",
            _TRADE.format(more="", scale="1e6")
            + 'chart = alt.Chart(t).mark_bar().encode(y="million:Q", x="year:O")\n',
            "mark_bar",
        ),
        ("cannot_check", "chart = pd.DataFrame({'year': [2003]})", "the chart itself"),
    ],
    "ex14-q5-break": [
        (
            "right",
            _TRADE.format(more="", scale="1e6")
            + """
left = {}
for letter, year in zip("ABCD", (2012, 2015, 2018, 2022)):
    halves = t.million[t.year < year], t.million[t.year >= year]
    left[letter] = sum(((half - half.mean()) ** 2).sum() for half in halves)
q5_answer = min(left, key=left.get).lower()
q5_confidence = 60.0
""",
            "calibration",
        ),
        (
            "wrong",
            _TRADE.format(more="", scale="1e6")
            + """
share = lambda year: measures.share_between_periods(t.year, t.million, [year])
order = sorted(zip(map(share, (2012, 2015, 2018, 2022)), "ABCD"))
q5_answer, q5_confidence = order[-2][1], 80
""",
            "accounts for a little more",
        ),
        (
            "wrong",
            _TRADE.format(more="", scale="1e6")
            + """
share = lambda year: measures.share_between_periods(t.year, t.million, [year])
order = sorted(zip(map(share, (2012, 2015, 2018, 2022)), "ABCD"))
q5_answer, q5_confidence = order[0][1], 80
""",
            "accounts for least",
        ),
        ("not_attempted", "q5_answer = 'A'\nq5_confidence = ...", "q5_confidence"),
        ("cannot_check", "q5_answer = 'A'\nq5_confidence = 0.7", "70, and not 0.7"),
        ("cannot_check", "q5_answer = 'E'\nq5_confidence = 70", "one letter"),
    ],
}
