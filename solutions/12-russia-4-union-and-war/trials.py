"""Answers to exercise 12 and what the checks must say to them: (outcome, code, words)."""

_NEARER = """
own = tables.load("votes").query(
    "measure == '{measure}' and partner == '{partner}' and country == @case.state"
    " and @case.start <= year <= @case.end"
)
world = tables.load("votes_world").query(
    "measure == 'agreement_identical_final' and partner == 'RUS'"
)
"""
_SOLD = """
t = tables.load("customs").query(
    "partner == 'EU' and reporter == 'EU' and country == @case.state"
    " and @case.start <= year <= @case.end"
).sort_values("year")
t = t.assign(million=t.value_usd / {scale})[["year", "million"]]
"""

TRIALS = {
    "ex12-q1-nearer": [
        (
            "right",
            _NEARER.format(measure="agreement_identical_final", partner="RUS")
            + """
both = own[["year", "value"]].merge(world[["year", "median"]], on="year")
both["points"] = ((both["value"] - both["median"]) * 100).round(3)
nearer = both[["points", "year"]]
""",
            "",
        ),
        (
            "right",
            _NEARER.format(measure="agreement_identical_final", partner="RUS")
            + """
middle = dict(zip(world["year"], world["median"]))
found = [(row.year, 100 * (row.value - middle[row.year])) for row in own.itertuples()]
nearer = pd.DataFrame(found, columns=["year", "points"]).sort_values("points")
""",
            "",
        ),
        (
            "wrong",
            _NEARER.format(measure="agreement_identical_final", partner="RUS")
            + 'nearer = own.assign(points=100 * own["value"])[["year", "points"]]\n',
            "Take off what all states did",
        ),
        (
            "wrong",
            _NEARER.format(measure="agreement_identical_final", partner="RUS")
            + """
both = own[["year", "value"]].merge(world[["year", "median"]], on="year")
nearer = both.assign(points=both["value"] - both["median"])[["year", "points"]]
""",
            "multiply by 100",
        ),
        (
            "wrong",
            _NEARER.format(measure="agreement_half_final", partner="RUS")
            + """
both = own[["year", "value"]].merge(world[["year", "median"]], on="year")
nearer = both.assign(points=100 * (both["value"] - both["median"]))[["year", "points"]]
""",
            "a half for an abstention",
        ),
        ("cannot_check", "nearer = {2022: 5.0}", "no number, text, list"),
        (
            "cannot_check",
            "nearer = pd.DataFrame({'when': [2022], 'points': [5.0]})",
            "one column named year",
        ),
    ],
    "ex12-q2-weight": [
        (
            "right",
            _SOLD.format(scale="1")
            + """
gdp = tables.load("macro").query(
    "indicator == 'gdp_usd' and country == @case.state and year == @case.end"
).value.item()
weight = round(100 * t.million.iloc[-1] / gdp, 4)
""",
            "",
        ),
        (
            "wrong",
            _SOLD.format(scale="1")
            + """
gdp = tables.load("macro").query(
    "indicator == 'gdp_usd' and country == @case.state and year == @case.start"
).value.item()
weight = 100 * t.million.iloc[0] / gdp
""",
            "the first year",
        ),
        (
            "wrong",
            _SOLD.format(scale="1")
            + """
gdp = tables.load("macro").query(
    "indicator == 'gdp_usd' and country == @case.state and year == @case.end"
).value.item()
weight = t.million.iloc[-1] / gdp
""",
            "multiply by 100",
        ),
        ("wrong", "weight = 90", "than what the table gives"),
        ("cannot_check", "weight = 'one per cent'", "no number"),
        ("cannot_check", "weight = pd.Series([0.7, 0.5])", "one number is asked for"),
    ],
    "ex12-q3-acts": [
        (
            "right",
            """
rows = tables.load("events").query("power == 'russia'")
found = {"institutional": 0, "security": 0, "economic": 0}
for event in rows.itertuples():
    mine = case.state in str(event.countries).split(";")
    if mine and case.start <= int(event.date_text[:4]) <= case.end:
        found[str(event.dimension)] += 1
acts = pd.DataFrame({"dimension": list(found), "acts": list(found.values())})
""",
            "",
        ),
        (
            "wrong",
            """
rows = tables.load("events")
rows = rows[rows.countries.str.contains(case.state)]
rows = rows[rows.date.dt.year.between(case.start, case.end)]
acts = rows.dimension.astype(str).value_counts().reset_index(name="acts")
""",
            "come under Russia",
        ),
        (
            "wrong",
            """
rows = tables.load("events").query("power == 'russia' and initiator == @case.state")
rows = rows[rows.date.dt.year.between(case.start, case.end)]
counted = rows.dimension.astype(str).value_counts()
counted = counted.reindex(["institutional", "security", "economic"], fill_value=0)
acts = counted.rename_axis("dimension").reset_index(name="acts")
""",
            "in which your state moved first",
        ),
        (
            "cannot_check",
            "acts = pd.DataFrame({'dimension': ['security'], 'number': [3]})",
            "one column named acts",
        ),
    ],
    "ex12-q4-chart": [
        (
            "right",
            _SOLD.format(scale="1e6")
            + """
chart = alt.Chart(t, title="What the European Union sold", description=
    "Years run from left to right, million dollars go upwards.",
).mark_line(point=True, strokeWidth=3).encode(
    alt.Y("million:Q").title("million US$").scale(zero=True), alt.X("year:Q"),
)
""",
            "",
        ),
        (
            "right",
            _SOLD.format(scale="1e6")
            + """
t = t.assign(year=pd.to_datetime(t.year.astype(str)))
line = alt.Chart(t).mark_line().encode(x="year:T", y=alt.Y("million:Q", title="million dollars"))
dots = alt.Chart(t).mark_circle().encode(x="year:T", y="million:Q")
chart = (line + dots).properties(
    title="Goods of the Union, year by year",
    description="A line that shows by year what the Union's customs counted for one state.",
)
""",
            "",
        ),
        (
            "wrong",
            _SOLD.format(scale="1e6")
            + """
chart = alt.Chart(t, title="What was sold").mark_line().encode(
    alt.Y("million:Q", title="million US$", scale=alt.Scale(zero=False)), alt.X("year:O"),
)
""",
            "does not start at zero",
        ),
        (
            "wrong",
            _SOLD.format(scale="1")
            + 'chart = alt.Chart(t).mark_line().encode(y="million:Q", x="year:O")\n',
            "divide by a million",
        ),
        (
            "wrong",
            _SOLD.format(scale="1e6")
            + 'chart = alt.Chart(t).mark_bar().encode(y="million:Q", x="year:O")\n',
            "mark_bar",
        ),
        ("cannot_check", "chart = pd.DataFrame({'year': [2014]})", "the chart itself"),
    ],
    "ex12-q5-break": [
        (
            "right",
            _SOLD.format(scale="1e6")
            + """
left = {}
for letter, year in zip("ABCD", (2014, 2015, 2018, 2022)):
    halves = t.million[t.year < year], t.million[t.year >= year]
    left[letter] = sum(((half - half.mean()) ** 2).sum() for half in halves)
q5_answer = min(left, key=left.get).lower()
q5_confidence = 60.0
""",
            "calibration",
        ),
        (
            "wrong",
            _SOLD.format(scale="1e6")
            + """
share = lambda year: measures.share_between_periods(t.year, t.million, [year])
order = sorted(zip(map(share, (2014, 2015, 2018, 2022)), "ABCD"))
q5_answer, q5_confidence = order[-2][1], 80
""",
            "accounts for a little more",
        ),
        (
            "wrong",
            _SOLD.format(scale="1e6")
            + """
share = lambda year: measures.share_between_periods(t.year, t.million, [year])
order = sorted(zip(map(share, (2014, 2015, 2018, 2022)), "ABCD"))
q5_answer, q5_confidence = order[0][1], 80
""",
            "accounts for least",
        ),
        ("not_attempted", "q5_answer = 'A'\nq5_confidence = ...", "q5_confidence"),
        ("cannot_check", "q5_answer = 'A'\nq5_confidence = 0.7", "70, and not 0.7"),
        ("cannot_check", "q5_answer = 'E'\nq5_confidence = 70", "one letter"),
    ],
}
