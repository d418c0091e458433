"""Answers to exercise 07 and what the checks must say to them: (outcome, code, words)."""

_PROMISED = """
a = tables.load("aid").query(
    "donor == 'USA' and measure == 'us_obligations' and recipient == @case.state"
    " and @case.start <= year <= @case.end"
)
p = tables.load("macro").query("indicator == 'population' and country == @case.state")
p = p.set_index("year").value
"""
_VOTES = """
v = tables.load("votes").query(
    "measure == '{measure}' and country == @case.state and @case.start <= year <= @case.end"
)
us = v[v.partner == "USA"].set_index("year").value
ru = v[v.partner == "RUS"].set_index("year").value
"""
_TRADE = """
t = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state"
    " and @case.start <= year <= @case.end{flow}"
)
w = t.groupby(["year", "partner"], observed=True).value_usd.sum().unstack()
long = (100 * w[["USA", "RUS"]].div(w["WLD"], axis=0)).stack().rename("share").reset_index()
"""

TRIALS = {
    "ex07-q1-per-head": [
        ("right", _PROMISED + "per_head = round((a.value / p[case.end]).sum(), 3)", ""),
        ("wrong", _PROMISED + "per_head = a.value.sum() / p[case.start]", "the first year"),
        (
            "wrong",
            _PROMISED + "per_head = a.set_index('year').value[case.end] / p[case.end]",
            "the last year alone",
        ),
        ("wrong", _PROMISED + "per_head = a.value.sum() / 1e6", "million dollars"),
        ("wrong", "per_head = 0.5", "than what the table gives"),
        ("cannot_check", "per_head = 'ten dollars'", "no number"),
        ("cannot_check", "per_head = pd.Series([10.0, 0.5])", "one number is asked for"),
    ],
    "ex07-q2-gap": [
        (
            "right",
            _VOTES.format(measure="agreement_half")
            + """
found = [{"year": y, "gap": round(us[y] - ru[y], 4)} for y in us.index if y in ru.index]
gap = pd.DataFrame(found).sort_values("year", ascending=False)
""",
            "",
        ),
        (
            "right",
            _VOTES.format(measure="agreement_half")
            + "gap = pd.DataFrame({'gap': us - ru}).dropna()\n",
            "",
        ),
        (
            "wrong",
            _VOTES.format(measure="agreement_half")
            + "gap = (ru - us).dropna().rename('gap').reset_index()\n",
            "sign is turned",
        ),
        (
            "wrong",
            _VOTES.format(measure="agreement_identical")
            + "gap = (us - ru).dropna().rename('gap').reset_index()\n",
            "agreement_half is asked for",
        ),
        (
            "wrong",
            _VOTES.format(measure="agreement_half") + "gap = us.rename('gap').reset_index()\n",
            "the United States alone",
        ),
        (
            "cannot_check",
            "gap = pd.DataFrame({'year': [case.end], 'difference': [-0.3]})",
            "one column named gap",
        ),
    ],
    "ex07-q3-both": [
        (
            "right",
            """
m = tables.load("memberships").query("status == 'member' and start <= @case.day")
m = m[~(m.end < case.day)]
found = [set(m[m.organization == body].country) for body in ("CST", "NATO PfP")]
both = [s for s in ("UZB", "TKM", "TJK", "KGZ", "KAZ") if s in found[0] and s in found[1]]
""",
            "",
        ),
        (
            "right",
            """
matrix = measures.membership_matrix_on(
    tables.load("memberships"), case.day, organizations=["CST", "NATO PfP"]
)
is_in = (matrix == "member").all(axis=1)
both = [s for s in is_in.index[is_in] if s in ("KAZ", "KGZ", "TJK", "TKM", "UZB")]
""",
            "",
        ),
        (
            "wrong",
            """
m = tables.load("memberships")
both = set(measures.members_on(m, "CST", case.day)) | set(
    measures.members_on(m, "NATO PfP", case.day)
)
both = both & {"KAZ", "KGZ", "TJK", "TKM", "UZB"}
""",
            "in one of the two",
        ),
        (
            "wrong",
            """
m = tables.load("memberships")
both = set(measures.members_on(m, "CST", case.day)) & {"KAZ", "KGZ", "TJK", "TKM", "UZB"}
""",
            "in the treaty",
        ),
        (
            "wrong",
            """
m = tables.load("memberships").query("status == 'member'")
both = set(m[m.organization == "CST"].country) & set(m[m.organization == "NATO PfP"].country)
both = both & {"KAZ", "KGZ", "TJK", "TKM", "UZB"}
""",
            "at some time",
        ),
        ("cannot_check", "both = ['Kazakhstan', 'Kyrgyzstan']", "none of the codes"),
        ("cannot_check", "both = 2", "a list of codes"),
    ],
    "ex07-q4-chart": [
        (
            "right",
            _TRADE.format(flow="")
            + """
chart = alt.Chart(long, title="Two partners compared", description=
    "Years run from left to right, the share of each partner in trade goes upwards.",
).mark_line().encode(
    alt.Y("share:Q").title("% of trade").scale(zero=True),
    alt.X("year:Q"),
    alt.StrokeDash("partner"),
)
""",
            "",
        ),
        (
            "right",
            _TRADE.format(flow="")
            + """
long = long.assign(year=pd.to_datetime(long.year.astype(str)))
chart = alt.Chart(long).mark_line(point=True).encode(
    x="year:T", y=alt.Y("share:Q", title="per cent of all trade"), color="partner:N"
).properties(
    title={"text": ["Trade with two partners", "in one period"]},
    description="Two lines that show by year what part of all trade was with either partner.",
)
""",
            "",
        ),
        (
            "wrong",
            _TRADE.format(flow="")
            + """
chart = alt.Chart(long, title="Two partners").mark_line().encode(
    alt.Y("share:Q", title="% of trade", scale=alt.Scale(zero=False)),
    alt.X("year:O"),
    alt.Color("partner"),
)
""",
            "does not start at zero",
        ),
        (
            "wrong",
            _TRADE.format(flow=" and flow == 'export'")
            + "c = alt.Chart(long).mark_line()\n"
            + 'chart = c.encode(y="share:Q", x="year:O", color="partner")\n',
            "exports only",
        ),
        (
            "wrong",
            _TRADE.format(flow="")
            + "c = alt.Chart(long).mark_bar()\n"
            + 'chart = c.encode(y="share:Q", x="year:O", color="partner")\n',
            "mark_bar",
        ),
        ("cannot_check", "chart = pd.DataFrame({'year': [1994]})", "the chart itself"),
    ],
    "ex07-q5-reading": [
        (
            "right",
            _VOTES.format(measure="agreement_half")
            + _TRADE.format(flow="")
            + """
bought, apart = w["USA"] / w["WLD"], us - ru
up = bought[case.end] > bought[case.start], apart[case.end] < apart[case.start]
q5_answer = " " + "CDAB"[2 * up[0] + up[1]].lower()
q5_confidence = 60.0
""",
            "calibration",
        ),
        (
            "wrong",
            _VOTES.format(measure="agreement_half")
            + _TRADE.format(flow="")
            + """
bought, apart = w["USA"] / w["WLD"], us - ru
up = bought[case.end] > bought[case.start], apart[case.end] > apart[case.start]
q5_answer, q5_confidence = "CDAB"[2 * up[0] + up[1]], 80
""",
            "the gap did not",
        ),
        (
            "wrong",
            _VOTES.format(measure="agreement_half")
            + _TRADE.format(flow="")
            + """
bought, apart = w["USA"] / w["WLD"], us - ru
up = bought[case.end] < bought[case.start], apart[case.end] > apart[case.start]
q5_answer, q5_confidence = "CDAB"[2 * up[0] + up[1]], 80
""",
            "Both went the other way",
        ),
        ("not_attempted", "q5_answer = 'A'\nq5_confidence = ...", "q5_confidence"),
        ("cannot_check", "q5_answer = 'A'\nq5_confidence = 0.7", "70, and not 0.7"),
        ("cannot_check", "q5_answer = 'E'\nq5_confidence = 70", "one letter"),
    ],
}
