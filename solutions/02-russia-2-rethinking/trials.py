"""Answers to exercise 02 and what the checks must say to them: (outcome, code, words)."""

SUMS = """
t = tables.load("trade").query("source_id == 'cow_trade_v4' and country == @case.state")
by = t.groupby(["year", "partner"]).value_usd.sum().unstack()
partner, world = by[case.partner], by["WLD"]
"""
LONG = """
frame = pd.concat([
    (series.loc[case.start : case.end] / 1e9).rename("billions").reset_index().assign(
        trade_with=who
    )
    for who, series in (("partner", partner), ("others", rest))
])
"""
DRAWN = """
chart = alt.Chart(frame, title="Trade with one partner and with others", description=
    "Two lines by year: the trade with the partner and the trade with all others, in billions.",
).mark_line().encode(
    alt.X("year:O"), alt.Y("billions:Q", title="billion US dollars"), alt.Color("trade_with:N"))
"""

TRIALS = {
    "ex02-q1-bound": [
        (
            "right",
            """
m = tables.load("memberships")
day = pd.Timestamp(case.day)
m = m[m.organization.isin(["CST", "CSTO"]) & (m.status == "member") & (m.start <= day)]
bound = set(m[m.end.isna() | (m.end >= day)].country)
""",
            "",
        ),
        (
            "right",
            """
matrix = measures.membership_matrix_on(
    tables.load("memberships"), case.day, organizations=["CST", "CSTO"]
)
bound = matrix.index[(matrix == "member").any(axis="columns")]
""",
            "",
        ),
        (
            "wrong",
            "bound = measures.members_on(tables.load('memberships'), 'CSTO', case.day)",
            "CSTO only",
        ),
        (
            "wrong",
            """
m = tables.load("memberships").query("organization in ['CST', 'CSTO'] and status == 'member'")
bound = list(m.country)
""",
            "at some time",
        ),
        (
            "wrong",
            """
five = ["KAZ", "KGZ", "TJK", "TKM", "UZB"]
m = tables.load("memberships")
bound = [s for s in measures.members_on(m, "CST", case.day) if s in five]
""",
            "five Central Asian states only",
        ),
        ("cannot_check", "bound = ['Kazakhstan', 'Russia']", "none of the codes"),
        ("cannot_check", "bound = 6", "a list of codes"),
    ],
    "ex02-q2-bodies": [
        (
            "right",
            """
m = tables.load("memberships")
bodies = pd.DataFrame([
    {"year": y, "n": int(
        measures.membership_matrix_on(m, f"{y}-01-01", [case.state]).eq("member").sum().sum()
    )} for y in range(case.start, case.end + 1)
])
""",
            "",
        ),
        (
            "wrong",
            """
m = tables.load("memberships").query("country == @case.state")
rows = {}
for year in range(case.start, case.end + 1):
    day = pd.Timestamp(f"{year}-01-01")
    rows[year] = m[(m.start <= day) & ~(m.end < day)].organization.nunique()
bodies = pd.Series(rows, name="n").rename_axis("year").reset_index()
""",
            "no full member",
        ),
        (
            "wrong",
            """
m = tables.load("memberships").query("country == @case.state and status == 'member'")
rows = {}
for year in range(case.start, case.end + 1):
    day = pd.Timestamp(f"{year}-01-01")
    rows[year] = m[(m.start <= day) & (m.end >= day)].organization.nunique()
bodies = pd.Series(rows, name="n").rename_axis("year").reset_index()
""",
            "no end",
        ),
        ("cannot_check", "bodies = 7", "a table is asked for"),
    ],
    "ex02-q3-change": [
        (
            "right",
            SUMS
            + """
rest = world - partner
change = pd.DataFrame({
    "trade_with": ["others", "partner"],
    "change_pct": [round(100 * s[case.end] / s[case.start] - 100, 2) for s in (rest, partner)],
})
""",
            "",
        ),
        (
            "wrong",
            SUMS
            + """
change = pd.DataFrame({
    "trade_with": ["others", "partner"],
    "change_pct": [100 * s[case.end] / s[case.start] - 100 for s in (world, partner)],
})
""",
            "your partner included",
        ),
        (
            "wrong",
            SUMS
            + """
rest = world - partner
change = pd.DataFrame({
    "trade_with": ["others", "partner"],
    "change_pct": [s[case.end] / s[case.start] - 1 for s in (rest, partner)],
})
""",
            "multiply by 100",
        ),
        (
            "wrong",
            """
t = tables.load("trade").query("source_id == 'cow_trade_v4' and country == @case.state")
by = t[t.flow == "export"].pivot(index="year", columns="partner", values="value_usd")
two = {"partner": by[case.partner], "others": by["WLD"] - by[case.partner]}
change = pd.DataFrame({
    "trade_with": list(two),
    "change_pct": [100 * s[case.end] / s[case.start] - 100 for s in two.values()],
})
""",
            "the exports only",
        ),
        (
            "cannot_check",
            "change = pd.DataFrame({'trade_with': ['partner'], 'percent': [1]})",
            "one column named change_pct",
        ),
    ],
    "ex02-q4-chart": [
        ("right", SUMS + "rest = world - partner\n" + LONG + DRAWN, ""),
        (
            "right",
            SUMS
            + "rest = world - partner\n"
            + LONG
            + """
chart = alt.Chart(frame).mark_line(point=True).encode(
    x=alt.X("year:Q"), y=alt.Y("billions:Q", title="bn US dollars"), row="trade_with:N",
).properties(title="A panel each: the partner and all others", description=
    "Two panels with a line each: the trade with the partner, and the trade with all others.")
""",
            "",
        ),
        ("wrong", SUMS + "rest = world\n" + LONG + DRAWN, "your partner included"),
        (
            "wrong",
            SUMS
            + "rest = world - partner\n"
            + LONG
            + """
chart = alt.Chart(frame, title="Trade with one partner and with others").mark_line().encode(
    x="year:O", y="billions:Q")
""",
            "apart",
        ),
        ("cannot_check", "chart = pd.DataFrame({'year': [1997]})", "the chart itself"),
    ],
    "ex02-q5-reading": [
        (
            "right",
            SUMS
            + """
share = partner / world
up = partner[case.end] > partner[case.start], share[case.end] > share[case.start]
q5_answer = "ABCD"[2 * bool(up[0]) + bool(up[1])].lower()
q5_confidence = 60
""",
            "calibration",
        ),
        (
            "wrong",
            SUMS
            + """
share = partner / world
up = partner[case.end] > partner[case.start], share[case.end] < share[case.start]
q5_answer, q5_confidence = "ABCD"[2 * bool(up[0]) + bool(up[1])], 80
""",
            "the share did not",
        ),
        (
            "wrong",
            SUMS
            + """
share = partner / world
up = partner[case.end] < partner[case.start], share[case.end] < share[case.start]
q5_answer, q5_confidence = "ABCD"[2 * bool(up[0]) + bool(up[1])], 80
""",
            "Both went the other way",
        ),
        ("not_attempted", "q5_answer = 'A'\nq5_confidence = ...", "q5_confidence"),
        ("cannot_check", "q5_answer = 'E'\nq5_confidence = 70", "one letter"),
    ],
}
