"""Answers to exercise 10 and what the checks must say to them: (outcome, code, words)."""

SHARES = """
t = tables.load("trade").query("source_id == 'cow_trade_v4' and country == @case.state")
s = t.astype({"partner": str}).pivot_table(
    index="year", columns="partner", values="value_usd", aggfunc="sum"
)
share = s[["RUS", "CHN"]].div(s["WLD"], axis=0).loc[case.start : case.end]
"""

TRIALS = {
    "ex10-q1-temptation": [
        ("right", SHARES + "temptation = 2 + 8 * share.loc[case.end, case.partner]", ""),
        (
            "right",
            """
t = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and year == @case.end"
)
mine = sum(t[t.partner == case.partner].value_usd)
temptation = round(2 + 8 * mine / sum(t[t.partner == "WLD"].value_usd), 3)
""",
            "",
        ),
        (
            "wrong",
            """
t = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and year == @case.end "
    "and flow == 'export'"
)
v = t.set_index("partner").value_usd
temptation = 2 + 8 * v[case.partner] / v["WLD"]
""",
            "what your state sold",
        ),
        (
            "wrong",
            SHARES + "temptation = 2 + 8 * share.loc[case.start, case.partner]",
            "first year",
        ),
        (
            "wrong",
            SHARES + "temptation = 2 + 8 * share.drop(columns=case.partner).iloc[-1, 0]",
            "the other power",
        ),
        ("cannot_check", "temptation = 'about four'", "no number"),
    ],
    "ex10-q2-payoffs": [
        (
            "right",
            SHARES
            + """
T = 2 + 8 * share.loc[case.end, case.partner]
russia_has = case.partner == "RUS"
payoffs = pd.DataFrame({
    "china": ["link", "exclude", "link", "exclude"],
    "russia": ["link", "link", "exclude", "exclude"],
    "pays": [4, 1 if russia_has else T, T if russia_has else 1, 2],
})
""",
            "",
        ),
        (
            "wrong",
            SHARES
            + """
T = 2 + 8 * share.loc[case.end, case.partner]
russia_has = case.partner != "RUS"
payoffs = pd.DataFrame({
    "china": ["link", "exclude", "link", "exclude"],
    "russia": ["link", "link", "exclude", "exclude"],
    "pays": [4, 1 if russia_has else T, T if russia_has else 1, 2],
})
""",
            "is the one that is shut out",
        ),
        (
            "wrong",
            SHARES
            + """
T = 2 + 8 * share.loc[case.end, case.partner]
russia_has = case.partner == "RUS"
payoffs = pd.DataFrame({
    "china": ["link", "exclude", "link", "exclude"],
    "russia": ["link", "link", "exclude", "exclude"],
    "pays": [4, 0 if russia_has else T, T if russia_has else 0, 2],
})
""",
            "links alone gets 1",
        ),
        ("cannot_check", "payoffs = games.link_or_exclude(3)[0]", "one column named russia"),
        ("cannot_check", "payoffs = 4", "a table is asked for"),
    ],
    "ex10-q3-games": [
        (
            "right",
            SHARES
            + """
T = 2 + 8 * share
outcomes = T.rename(columns={"RUS": "russia", "CHN": "china"})
outcomes["stable"] = (T.max(axis="columns") <= 4) + 1
""",
            "",
        ),
        (
            "wrong",
            SHARES
            + """
T = 2 + 8 * share
outcomes = T.rename(columns={"RUS": "russia", "CHN": "china"})
outcomes["stable"] = [
    len(games.equilibria(games.link_or_exclude(r)[0], games.link_or_exclude(c)[1]))
    for r, c in zip(T.RUS, T.CHN)
]
""",
            "let chance decide",
        ),
        (
            "wrong",
            SHARES
            + """
T = 2 + 8 * share[case.partner]
outcomes = pd.DataFrame({"russia": T, "china": T, "stable": (T <= 4) + 1}).reset_index()
""",
            "the same temptation",
        ),
        ("cannot_check", "outcomes = 2", "a table is asked for"),
    ],
    "ex10-q4-linked": [
        (
            "right",
            """
m = tables.load("memberships").query("status == 'member' and organization in ['CSTO', 'SCO']")
day = pd.Timestamp(case.day)
m = m[(m.start <= day) & ~(m.end < day)]
n = m[m.country.isin(["KAZ", "KGZ", "TJK", "TKM", "UZB"])].country.astype(str).value_counts()
linked = n[n == 2].index
""",
            "",
        ),
        (
            "wrong",
            """
m = tables.load("memberships")
a, b = (set(measures.members_on(m, body, case.day)) for body in ("CSTO", "SCO"))
linked = (a | b) & {"KAZ", "KGZ", "TJK", "TKM", "UZB"}
""",
            "of one of the two only",
        ),
        (
            "wrong",
            """
m = tables.load("memberships")
a, b = (set(measures.members_on(m, body, case.day)) for body in ("CSTO", "SCO"))
linked = a & b
""",
            "about the five",
        ),
        ("wrong", "linked = ['KAZ']", "missing from it: 2"),
        ("cannot_check", "linked = ['Kazakhstan']", "none of the codes"),
    ],
    "ex10-q5-chart": [
        (
            "right",
            SHARES
            + """
long = (2 + 8 * share).stack().rename("temptation").rename_axis(["year", "power"]).reset_index()
chart = alt.Chart(long).mark_line().encode(
    alt.X("year:Q").axis(format="d").title("year"), alt.Y("temptation:Q").title("T"),
    detail="power:N", strokeDash="power:N",
).properties(
    title="What excluding the other would pay",
    description="Two lines of the temptation to exclude, one for Russia and one for China.",
)
""",
            "",
        ),
        (
            "wrong",
            SHARES
            + """
long = share.stack().rename("temptation").rename_axis(["year", "power"]).reset_index()
chart = alt.Chart(long).mark_line().encode(x="year:O", y="temptation:Q", color="power:N")
""",
            "show shares of trade",
        ),
        (
            "wrong",
            SHARES
            + """
long = (2 + 8 * share).stack().rename("temptation").rename_axis(["year", "power"]).reset_index()
chart = alt.Chart(long).mark_line().encode(x="year:O", y="temptation:Q", color="power:N")
""",
            "needs a title",
        ),
        ("cannot_check", "chart = outcomes", ""),
    ],
    "ex10-q6-game": [
        (
            "right",
            SHARES
            + """
t = (2 + 8 * share).loc[case.end]
q6_answer = "ABCD"[2 * int(t.max() > 4) + int(t.CHN > t.RUS)]
q6_confidence = 80
""",
            "calibration",
        ),
        ("wrong", "q6_answer, q6_confidence = 'B', 60", "the game is not"),
        ("wrong", "q6_answer, q6_confidence = 'c', 60", "the two temptations is not"),
        ("wrong", "q6_answer, q6_confidence = 'A', 25", "say otherwise"),
        ("not_attempted", "q6_answer = 'A'\nq6_confidence = ...", "q6_confidence"),
        ("cannot_check", "q6_answer = 'B'\nq6_confidence = 'very'", "in per cent"),
    ],
}
