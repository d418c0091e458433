"""Answers to exercise 04 and what the checks must say to them: (outcome, code, words)."""

ROWS = """
t = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and @case.start <= year <= @case.end"
)
"""

TRIALS = {
    "ex04-q1-index": [
        (
            "right",
            ROWS
            + """
wide = t[t.partner == case.partner].pivot(index="year", columns="flow", values="value_usd")
total = wide.sum(axis=1)
growth = (100 * total / total.loc[case.start]).round(2).reset_index(name="index")
""",
            "",
        ),
        (
            "wrong",
            ROWS
            + """
s = t[t.partner == case.partner].groupby("year").value_usd.sum()
growth = (s / s[case.start]).reset_index(name="index")
""",
            "at 100, not at 1",
        ),
        (
            "wrong",
            ROWS
            + """
s = t[(t.partner == case.partner) & (t.flow == "export")].groupby("year").value_usd.sum()
growth = (100 * s / s[case.start]).reset_index(name="index")
""",
            "the exports only",
        ),
        (
            "wrong",
            ROWS
            + """
s = t[t.partner == case.partner].groupby("year").value_usd.sum()
growth = (100 * s / s[case.end]).reset_index(name="index")
""",
            "The first one is the base",
        ),
        (
            "cannot_check",
            "growth = pd.DataFrame({'year': [case.start], 'value': [100.0]})",
            "one column named index",
        ),
    ],
    "ex04-q2-yearly": [
        (
            "right",
            ROWS
            + """
s = t[t.partner == case.partner].groupby("year").value_usd.sum()
factor = 1.0
for before, after in zip(s, s.iloc[1:]):
    factor *= after / before
yearly_growth = round((factor ** (1 / (len(s) - 1)) - 1) * 100, 3)
""",
            "",
        ),
        (
            "wrong",
            ROWS
            + """
s = t[t.partner == case.partner].groupby("year").value_usd.sum()
yearly_growth = 100 * (s[case.end] / s[case.start] - 1) / (case.end - case.start)
""",
            "Growth multiplies",
        ),
        (
            "wrong",
            ROWS
            + """
s = t[t.partner == case.partner].groupby("year").value_usd.sum()
yearly_growth = 100 * ((s[case.end] / s[case.start]) ** (1 / len(s)) - 1)
""",
            "the steps between them",
        ),
        ("cannot_check", "yearly_growth = '26 per cent'", "no number"),
    ],
    "ex04-q3-chart": [
        (
            "right",
            ROWS
            + """
two = t[t.partner.isin(["CHN", "RUS"])].astype({"partner": str})
sums = two.groupby(["year", "partner"]).value_usd.sum().div(1e6).reset_index(name="million")
chart = alt.Chart(sums, title="Two partners side by side", description=
    "Two lines by year: the trade with China and that with Russia, in million dollars.",
).mark_line(point=True).encode(
    alt.X("year:O"), alt.Y("million:Q").title("million current US$"), alt.StrokeDash("partner:N"),
)
""",
            "",
        ),
        (
            "wrong",
            ROWS
            + """
two = t[t.partner.isin(["CHN", "RUS"])].astype({"partner": str})
sums = two.groupby(["year", "partner"]).value_usd.sum().reset_index(name="million")
chart = alt.Chart(sums).mark_line().encode(x="year:O", y="million:Q", color="partner:N")
""",
            "divide by a million",
        ),
        (
            "wrong",
            ROWS
            + """
two = t[t.partner.isin(["CHN", "RUS"])].astype({"partner": str})
sums = two.groupby(["year", "partner"]).value_usd.sum().div(1e6).reset_index(name="million")
chart = alt.Chart(sums).mark_line().encode(x="year:O", y="million:Q")
""",
            "tells the values of partner apart",
        ),
        (
            "wrong",
            ROWS
            + """
two = t[t.partner.isin(["CHN", "RUS"])].astype({"partner": str})
sums = two.groupby(["year", "partner"]).value_usd.sum().div(1e6).reset_index(name="million")
chart = alt.Chart(sums, title="Two partners side by side", description=
    "Two lines by year: the trade with China and that with Russia, in million dollars.",
).mark_line().encode(alt.X("year:O"), alt.Y("million:Q"), alt.Color("partner:N"))
""",
            "needs a title with the unit",
        ),
        ("cannot_check", "chart = 'a line'", "the chart itself"),
    ],
    "ex04-q4-acts": [
        (
            "right",
            """
events = tables.load("events").query("power == @case.power")
events = events.assign(state=events.countries.str.split(";")).explode("state")
events = events[(events.state == case.state) & (events.date <= case.day)]
events = events.assign(dimension=events.dimension.astype(str), year=events.date.dt.year)
acts = events.groupby("dimension").year.agg(n="count", first="min").reset_index()
""",
            "",
        ),
        (
            "wrong",
            """
events = tables.load("events")
events = events[events.countries.str.contains(case.state) & (events.date <= case.day)]
events = events.assign(dimension=events.dimension.astype(str), year=events.date.dt.year)
acts = events.groupby("dimension").year.agg(n="count", first="min").reset_index()
""",
            "acts of all powers",
        ),
        (
            "wrong",
            """
events = tables.load("events").query("power == @case.power")
events = events[events.countries.str.contains(case.state)]
events = events.assign(dimension=events.dimension.astype(str), year=events.date.dt.year)
acts = events.groupby("dimension").year.agg(n="count", first="min").reset_index()
""",
            "after your day",
        ),
        ("cannot_check", "acts = {'security': 3}", "table"),
    ],
    "ex04-q5-reading": [
        (
            "right",
            ROWS
            + """
s = t.astype({"partner": str}).groupby(["partner", "year"]).value_usd.sum()
china, russia = s["CHN"], s["RUS"]
a, b = case.start, case.end
by_multiple = china[b] / china[a] > russia[b] / russia[a]
by_amount = china[b] - china[a] > russia[b] - russia[a]
q5_answer = "DCBA"[2 * by_multiple + by_amount]
q5_confidence = 75
""",
            "calibration",
        ),
        (
            "wrong",
            ROWS
            + """
s = t.astype({"partner": str}).groupby(["partner", "year"]).value_usd.sum()
china, russia = s["CHN"], s["RUS"]
a, b = case.start, case.end
by_multiple = china[b] / china[a] > russia[b] / russia[a]
by_amount = china[b] - china[a] < russia[b] - russia[a]
q5_answer, q5_confidence = "DCBA"[2 * by_multiple + by_amount], 75
""",
            "the amounts did not",
        ),
        (
            "wrong",
            ROWS
            + """
s = t.astype({"partner": str}).groupby(["partner", "year"]).value_usd.sum()
china, russia = s["CHN"], s["RUS"]
a, b = case.start, case.end
by_multiple = china[b] / china[a] < russia[b] / russia[a]
by_amount = china[b] - china[a] > russia[b] - russia[a]
q5_answer, q5_confidence = "DCBA"[2 * by_multiple + by_amount], 75
""",
            "the multiples did not",
        ),
        ("cannot_check", "q5_answer = 'E'\nq5_confidence = 70", "one letter"),
    ],
}
