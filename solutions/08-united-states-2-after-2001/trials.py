"""Answers to exercise 08 and what the checks must say to them: (outcome, code, words)."""

_PAID = """
t = tables.load("aid").query(
    "donor == 'USA' and recipient == @case.state and measure == '{measure}'"
    " and @case.start <= year <= @case.end"
).sort_values("year")
t = t.assign(million=t.value / {scale})[["year", "million"]]
"""

TRIALS = {
    "ex08-q1-reach": [
        (
            "right",
            """
sites = tables.load("infrastructure").query("kind == 'base' and commissioned <= @case.day")
sites = sites[~(sites.closed < case.day)].set_index("site_id")
seat = tables.load("countries").query("country == @case.state").iloc[0]
km = {}
for site in sites.itertuples():
    here = seat.capital_lat, seat.capital_lon
    km[site.Index] = round(measures.great_circle_km(*here, site.from_lat, site.from_lon), 2)
reach = pd.Series(km).rename_axis("site_id").reset_index(name="km").sort_values("km")
""",
            "",
        ),
        (
            "right",
            """
s = tables.load("infrastructure")
s = s[s.kind.eq("base") & (s.commissioned <= case.day)]
s = s[s.closed.fillna(pd.Timestamp("2100-01-01")) >= case.day]
ends = tables.load("countries").query("country == @case.state")
ends = ends[["capital", "capital_lat", "capital_lon"]].set_axis(["name", "lat", "lon"], axis=1)
starts = s[["site_id", "from_lat", "from_lon"]].set_axis(["name", "lat", "lon"], axis=1)
reach = charts.distances(starts, ends).rename(columns={"start": "site_id"})[["site_id", "km"]]
""",
            "",
        ),
        (
            "wrong",
            """
s = tables.load("infrastructure")
s = s[s.kind.eq("base")]
seat = tables.load("countries").query("country == @case.state").iloc[0]
km = measures.great_circle_km(s.from_lat, s.from_lon, seat.capital_lat, seat.capital_lon)
reach = pd.DataFrame({"site_id": s.site_id, "km": km})
""",
            "all bases of the table",
        ),
        (
            "wrong",
            """
s = tables.load("infrastructure").query("kind in ['base', 'site'] and commissioned <= @case.day")
s = s[s.closed.isna() | (s.closed >= case.day)]
seat = tables.load("countries").query("country == @case.state").iloc[0]
km = measures.great_circle_km(s.from_lat, s.from_lon, seat.capital_lat, seat.capital_lon)
reach = pd.DataFrame({"site_id": s.site_id, "km": km})
""",
            "Keep the kind base",
        ),
        (
            "wrong",
            """
s = tables.load("infrastructure").query("kind == 'base' and commissioned <= @case.day")
s = s[s.closed.isna() | (s.closed >= case.day)]
seat = tables.load("countries").query("country == @case.state").iloc[0]
km = measures.great_circle_km(s.from_lat, s.from_lon, seat.capital_lon, seat.capital_lat)
reach = pd.DataFrame({"site_id": s.site_id, "km": km})
""",
            "have changed places",
        ),
        ("cannot_check", "reach = {'manas': 477}", "no number, text, list"),
        (
            "cannot_check",
            "reach = pd.DataFrame({'name': ['Manas'], 'km': [477.0]})",
            "one column named site_id",
        ),
    ],
    "ex08-q2-weight": [
        (
            "right",
            """
aid = tables.load("aid").query(
    "donor == 'USA' and measure == 'us_disbursements' and recipient == @case.state"
    " and year == @case.start"
).value.item()
gdp = tables.load("macro").query(
    "indicator == 'gdp_usd' and country == @case.state and year == @case.start"
).value.item()
weight = round(aid / gdp * 100, 4)
""",
            "",
        ),
        (
            "wrong",
            """
aid = tables.load("aid").query(
    "donor == 'USA' and measure == 'us_obligations' and recipient == @case.state"
    " and year == @case.start"
).value.item()
gdp = tables.load("macro").query(
    "indicator == 'gdp_usd' and country == @case.state and year == @case.start"
).value.item()
weight = aid / gdp * 100
""",
            "what was promised",
        ),
        (
            "wrong",
            """
aid = tables.load("aid").query(
    "donor == 'USA' and measure == 'us_disbursements' and recipient == @case.state"
    " and year == @case.end"
).value.item()
gdp = tables.load("macro").query(
    "indicator == 'gdp_usd' and country == @case.state and year == @case.end"
).value.item()
weight = aid / gdp * 100
""",
            "the last year",
        ),
        (
            "wrong",
            """
aid = tables.load("aid").query(
    "donor == 'USA' and measure == 'us_disbursements' and recipient == @case.state"
    " and year == @case.start"
).value.item()
gdp = tables.load("macro").query(
    "indicator == 'gdp_usd' and country == @case.state and year == @case.start"
).value.item()
weight = aid / gdp
""",
            "multiply by 100",
        ),
        ("wrong", "weight = 50", "than what the table gives"),
        ("cannot_check", "weight = 'one per cent'", "no number"),
        ("cannot_check", "weight = pd.Series([0.7, 0.5])", "one number is asked for"),
    ],
    "ex08-q3-acts": [
        (
            "right",
            """
rows = tables.load("events").query("power == 'united_states'")
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
            "Acts of Russia and China",
        ),
        (
            "wrong",
            """
rows = tables.load("events").query("power == 'united_states' and initiator == @case.state")
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
    "ex08-q4-chart": [
        (
            "right",
            _PAID.format(measure="us_disbursements", scale="1e6")
            + """
chart = alt.Chart(t, title="What the United States paid", description=
    "Years run from left to right, million dollars go upwards.",
).mark_line(point=True, strokeWidth=3).encode(
    alt.Y("million:Q").title("million US$").scale(zero=True), alt.X("year:Q"),
)
""",
            "",
        ),
        (
            "right",
            _PAID.format(measure="us_disbursements", scale="1e6")
            + """
t = t.assign(year=pd.to_datetime(t.year.astype(str)))
line = alt.Chart(t).mark_line().encode(x="year:T", y=alt.Y("million:Q", title="million dollars"))
dots = alt.Chart(t).mark_circle().encode(x="year:T", y="million:Q")
chart = (line + dots).properties(
    title="American aid, year by year",
    description="A line that shows by year what the United States paid out to one state.",
)
""",
            "",
        ),
        (
            "wrong",
            _PAID.format(measure="us_disbursements", scale="1e6")
            + """
chart = alt.Chart(t, title="What was paid").mark_line().encode(
    alt.Y("million:Q", title="million US$", scale=alt.Scale(zero=False)), alt.X("year:O"),
)
""",
            "does not start at zero",
        ),
        (
            "wrong",
            _PAID.format(measure="us_obligations", scale="1e6")
            + 'chart = alt.Chart(t).mark_line().encode(y="million:Q", x="year:O")\n',
            "what was promised",
        ),
        (
            "wrong",
            _PAID.format(measure="us_disbursements", scale="1")
            + 'chart = alt.Chart(t).mark_line().encode(y="million:Q", x="year:O")\n',
            "divide by a million",
        ),
        (
            "wrong",
            _PAID.format(measure="us_disbursements", scale="1e6")
            + 'chart = alt.Chart(t).mark_bar().encode(y="million:Q", x="year:O")\n',
            "mark_bar",
        ),
        ("cannot_check", "chart = pd.DataFrame({'year': [2001]})", "the chart itself"),
    ],
    "ex08-q5-break": [
        (
            "right",
            _PAID.format(measure="us_disbursements", scale="1e6")
            + """
left = {}
for letter, year in zip("ABCD", (2006, 2009, 2012, 2015)):
    halves = t.million[t.year < year], t.million[t.year >= year]
    left[letter] = sum(((half - half.mean()) ** 2).sum() for half in halves)
q5_answer = min(left, key=left.get).lower()
q5_confidence = 60.0
""",
            "calibration",
        ),
        (
            "wrong",
            _PAID.format(measure="us_disbursements", scale="1e6")
            + """
share = lambda year: measures.share_between_periods(t.year, t.million, [year])
order = sorted(zip(map(share, (2006, 2009, 2012, 2015)), "ABCD"))
q5_answer, q5_confidence = order[-2][1], 80
""",
            "accounts for a little more",
        ),
        (
            "wrong",
            _PAID.format(measure="us_disbursements", scale="1e6")
            + """
share = lambda year: measures.share_between_periods(t.year, t.million, [year])
order = sorted(zip(map(share, (2006, 2009, 2012, 2015)), "ABCD"))
q5_answer, q5_confidence = order[0][1], 80
""",
            "accounts for least",
        ),
        ("not_attempted", "q5_answer = 'A'\nq5_confidence = ...", "q5_confidence"),
        ("cannot_check", "q5_answer = 'A'\nq5_confidence = 0.7", "70, and not 0.7"),
        ("cannot_check", "q5_answer = 'E'\nq5_confidence = 70", "one letter"),
    ],
}
