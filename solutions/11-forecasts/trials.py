"""Answers to exercise 11 and what the checks must say to them: (outcome, code, words)."""

SHARE = """
t = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and @case.start <= year <= @case.end"
)
s = t.astype({"partner": str}).pivot_table(
    index="year", columns="partner", values="value_usd", aggfunc="sum"
)
share = s.div(s["WLD"], axis=0)
"""
ROSE = SHARE + "rose = (share[case.partner].diff() > 0).iloc[1:].astype(int)\n"
SAID = (
    ROSE
    + """
p, hits = [], 0
for n, r in enumerate(rose):
    p.append((hits + 1) / (n + 2))
    hits += r
"""
)
ALL = (
    SHARE
    + """
ps, rs = [], []
for power in POWERS:
    rose = (share[power].diff() > 0).iloc[1:].astype(int)
    hits = 0
    for n, r in enumerate(rose):
        ps.append((hits + 1) / (n + 2))
        rs.append(r)
        hits += r
both = pd.DataFrame({"p": ps, "r": rs})
both["band"] = ["50 and more" if p >= 0.5 else "under 50" for p in both.p]
bands = both.groupby("band").agg(n=("r", "size"), mean_said=("p", "mean"), rose=("r", "mean"))
"""
)

TRIALS = {
    "ex11-q1-rises": [
        ("right", ROSE + "rises = rose.rename('rose').reset_index()", ""),
        (
            "right",
            SHARE
            + """
x = share[case.partner]
rises = pd.DataFrame([(y, float(x[y] > x[y - 1])) for y in x.index[1:]], columns=["year", "rose"])
""",
            "",
        ),
        (
            "wrong",
            SHARE
            + """
up = s[case.partner].diff().iloc[1:] > 0
rises = up.astype(int).rename("rose").reset_index()
""",
            "in dollars",
        ),
        (
            "wrong",
            ROSE + "rises = pd.DataFrame({'year': rose.index - 1, 'rose': list(rose)})",
            "a year too early",
        ),
        ("cannot_check", ROSE + "rises = rose", ""),
    ],
    "ex11-q2-brier": [
        ("right", SAID + "brier = sum((a - b) ** 2 for a, b in zip(p, rose)) / len(p)", ""),
        ("right", SAID + "brier = round(measures.brier_score(p, rose), 3)", ""),
        (
            "wrong",
            ROSE
            + """
n = pd.Series(range(1, len(rose) + 1), index=rose.index)
brier = measures.brier_score((rose.cumsum() + 1) / (n + 2), rose)
""",
            "already knows how the year went",
        ),
        (
            "wrong",
            SAID + "brier = sum(abs(a - b) for a, b in zip(p, rose)) / len(p)",
            "squares each distance",
        ),
        ("wrong", SAID + "brier = 2 * measures.brier_score(p, rose)", "twice the score"),
        ("wrong", "brier = 0.25", "every year would earn"),
        ("cannot_check", "brier = 'low'", "no number"),
    ],
    "ex11-q3-bands": [
        ("right", ALL.replace("POWERS", '["RUS", "CHN", "USA"]'), ""),
        ("wrong", ALL.replace("POWERS", "[case.partner]"), "your partner alone"),
        ("wrong", ALL.replace("POWERS", '["RUS", "CHN"]'), "United States is missing"),
        (
            "wrong",
            ALL.replace("POWERS", '["RUS", "CHN", "USA"]') + "bands['rose'] = 1 - bands.rose",
            "how often the share fell",
        ),
        ("cannot_check", "bands = measures.calibration_table([0.5], [1])", "one column named band"),
    ],
    "ex11-q4-chart": [
        (
            "right",
            SAID
            + """
rows = pd.DataFrame({"year": rose.index, "error": (pd.Series(p, index=rose.index) - rose) ** 2})
chart = alt.Chart(rows).mark_bar(color="grey").encode(
    alt.X("year:O").title("year"), alt.Y("error:Q").title("squared error"),
).properties(
    title="Years that surprised the forecaster",
    description="A bar for each year; the higher it is, the further the forecast was off.",
)
""",
            "",
        ),
        (
            "wrong",
            SAID
            + """
rows = pd.DataFrame({"year": rose.index, "error": (pd.Series(p, index=rose.index) - rose).abs()})
chart = alt.Chart(rows).mark_bar().encode(x="year:O", y="error:Q")
""",
            "are their squares",
        ),
        (
            "wrong",
            SAID
            + """
rows = pd.DataFrame({"year": rose.index, "error": (pd.Series(p, index=rose.index) - rose) ** 2})
chart = alt.Chart(rows).mark_bar().encode(x="year:O", y="error:Q")
""",
            "needs a title",
        ),
        ("cannot_check", "chart = 'bars'", "an Altair chart is asked for"),
    ],
    "ex11-q5-resolution": [
        (
            "right",
            SAID
            + """
x = share[case.partner]
true, better = x[case.end] / x[case.start] >= 1.5, measures.brier_score(p, rose) < 0.25
q5_answer = "ABCD"[2 * int(not true) + int(not better)]
q5_confidence = 70
""",
            "calibration",
        ),
        ("wrong", "q5_answer, q5_confidence = 'A', 60", "A lower score"),
        ("wrong", "q5_answer, q5_confidence = 'd', 60", "compare with the criterion"),
        ("wrong", "q5_answer, q5_confidence = 'C', 25", "say otherwise"),
        ("not_attempted", "q5_answer = 'A'\nq5_confidence = ...", "q5_confidence"),
        ("cannot_check", "q5_answer = 'B'\nq5_confidence = 'very'", "in per cent"),
    ],
}
