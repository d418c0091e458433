"""Answers to exercise 09 and what the checks must say to them: (outcome, code, words)."""

_BASE = """
t = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and @case.start <= year <= @case.end"
)
a = tables.load("arms").query(
    "method == 'deal_sum' and recipient == @case.state and @case.start <= year <= @case.end"
)
v = tables.load("votes").query(
    "measure == 'agreement_half' and country == @case.state and @case.start <= year <= @case.end"
)
sums = t.pivot_table(columns="partner", values="value_usd", aggfunc="sum", observed=True).iloc[0]
frame = pd.DataFrame({
    "trade": {p: sums[p] / sums["WLD"] for p in powers},
    "arms": {p: a.loc[a.supplier == p, "tiv_million"].sum() for p in powers},
    "votes": {p: v.loc[v.partner == p, "value"].mean() for p in powers},
})
scaled = (frame - frame.min()) / (frame.max() - frame.min())
"""

_LINES = """
rows = []
for w in range(0, 101, 10):
    for p in powers:
        s = scaled.loc[p]
        value = (w * s.arms + (100 - w) / 2 * (s.trade + s.votes)) / 100
        rows.append({"weight": w, "power": p, "index": value})
lines = pd.DataFrame(rows)
"""

TRIALS = {
    "ex09-q1-scores": [
        ("right", _BASE + "scores = frame.rename_axis('power')", ""),
        (
            "right",
            _BASE + "scores = frame.round(5).rename_axis('power').reset_index().iloc[::-1]",
            "",
        ),
        (
            "wrong",
            _BASE + "frame['trade'] = sums[powers] / sums[powers].sum()\n"
            "scores = frame.rename_axis('power')",
            "divide by the partner WLD",
        ),
        (
            "wrong",
            _BASE + "x = t[t.flow == 'export'].groupby('partner', observed=True).value_usd.sum()\n"
            "scores = frame.assign(trade=x[powers] / x['WLD']).rename_axis('power')",
            "counted the exports only",
        ),
        (
            "wrong",
            _BASE + "scores = frame.assign(trade=100 * frame.trade).rename_axis('power')",
            "looks like per cent",
        ),
        ("cannot_check", _BASE + "scores = frame.trade.to_list()", "table"),
        (
            "cannot_check",
            _BASE + "scores = frame.rename(columns={'arms': 'tiv'}).rename_axis('power')",
            "arms",
        ),
    ],
    "ex09-q2-index": [
        (
            "right",
            _BASE + "index = (scaled * pd.Series(weights)).sum(axis=1) / 10\n"
            "ranking = index.rename('index').rename_axis('power').reset_index()",
            "",
        ),
        (
            "wrong",
            _BASE + "index = (scaled * pd.Series(weights)).sum(axis=1)\n"
            "ranking = index.rename('index').rename_axis('power').reset_index()",
            "divide by the sum",
        ),
        (
            "wrong",
            _BASE + "index = measures.weighted_index(frame, weights, scale='share')\n"
            "ranking = index.rename_axis('power').reset_index()",
            "the part in the sum of the three",
        ),
        (
            "wrong",
            _BASE + "index = scaled.mean(axis=1)\n"
            "ranking = index.rename('index').rename_axis('power').reset_index()",
            "weigh the same",
        ),
    ],
    "ex09-q3-led": [
        (
            "right",
            _BASE
            + """
spells = tables.load("memberships")
spells = spells[(spells.status == "member") & (spells.start <= pd.Timestamp(case.day))]
spells = spells[spells.end.isna() | (spells.end >= pd.Timestamp(case.day))]
mine = set(spells.organization[spells.country == case.state].astype(str))
both = {p: len(mine & set(spells.organization[spells.country == p].astype(str))) for p in powers}
found = []
for name, one in [("bodies", frame.assign(votes=pd.Series(both))), ("votes", frame)]:
    grid = measures.leaders_by_weight(one)
    found.append({"institutional": name, "share": (grid.leader == case.partner).sum() / len(grid)})
led = pd.DataFrame(found)
""",
            "",
        ),
        (
            "wrong",
            _BASE
            + """
m = tables.load("memberships")
all_bodies = tables.load("organizations").organization.astype(str)
on = [set(measures.members_on(m, b, case.day)) for b in all_bodies]
both = pd.Series({p: sum({case.state, p} <= b for b in on) for p in powers})
share = lambda f: (measures.leaders_by_weight(f, scale="share").leader == case.partner).mean()
led = pd.DataFrame({"institutional": ["votes", "bodies"],
                    "share": [share(frame), share(frame.assign(votes=both))]})
""",
            "the part in the sum of the three",
        ),
        (
            "wrong",
            _BASE
            + """
m = tables.load("memberships")
all_bodies = tables.load("organizations").organization.astype(str)
on = [set(measures.members_on(m, b, case.day)) for b in all_bodies]
both = pd.Series({p: sum({case.state, p} <= b for b in on) for p in powers})
other = "RUS" if case.partner == "CHN" else "CHN"
share = lambda f: (measures.leaders_by_weight(f).leader == other).mean()
led = pd.DataFrame({"institutional": ["votes", "bodies"],
                    "share": [share(frame), share(frame.assign(votes=both))]})
""",
            "another power leads",
        ),
    ],
    "ex09-q4-chart": [
        (
            "right",
            _BASE
            + _LINES
            + """
chart = alt.Chart(lines, title="Russia gains with every per cent that arms weigh", description=
    "Three lines over the weight of arms, one for each power; Russia's rises and ends at one.",
).mark_line().encode(
    alt.X("weight:Q").title("weight of arms in per cent"),
    alt.Y("index:Q").title("index of influence").scale(zero=True), strokeDash="power:N",
)
""",
            "",
        ),
        (
            "wrong",
            _BASE
            + _LINES
            + """
chart = alt.Chart(lines, title="Russia gains with every per cent that arms weigh", description=
    "Three lines over the weight of arms, one for each power; Russia's rises and ends at one.",
).mark_line().encode(
    alt.X("weight:Q").title("weight of arms in per cent"),
    alt.Y("index:Q").title("index of influence").scale(zero=False), color="power:N",
)
""",
            "does not start at zero",
        ),
        (
            "wrong",
            _BASE
            + _LINES.replace("(100 - w) / 2 * (s.trade + s.votes)", "(100 - w) * s.trade")
            + "chart = alt.Chart(lines).mark_line()"
            + ".encode(x='weight:Q', y='index:Q', color='power:N')",
            "went to trade alone",
        ),
        (
            "wrong",
            _BASE
            + _LINES
            + "chart = alt.Chart(lines).mark_bar().encode(x='weight:Q', y='index:Q')",
            "mark_bar",
        ),
    ],
    "ex09-q5-turn": [
        (
            "right",
            _BASE
            + _LINES
            + """
wide = lines.pivot(index="weight", columns="power", values="index")
at = wide.index[wide.RUS > wide[["CHN", "USA"]].max(axis=1)][0]
q5_answer = "d" if at >= 40 else "c" if at == 30 else "b" if at > 0 else "a"
q5_confidence = 80
""",
            "",
        ),
        (
            "wrong",
            _BASE
            + _LINES
            + """
wide = lines.pivot(index="weight", columns="power", values="index")
at = wide.index[wide.RUS > wide[["CHN", "USA"]].max(axis=1)][0]
q5_answer = "D" if at < 40 else "B"
q5_confidence = 80
""",
            "",
        ),
        (
            "wrong",
            _BASE
            + _LINES
            + """
wide = lines.pivot(index="weight", columns="power", values="index")
q5_answer = "A" if wide.RUS[0] < wide.CHN[0] else "C"
q5_confidence = 50
""",
            "",
        ),
        ("not_attempted", "q5_answer = 'A'\nq5_confidence = ...", "q5_confidence"),
        ("cannot_check", "q5_answer = 'A'\nq5_confidence = 0.7", "70, and not 0.7"),
        ("cannot_check", "q5_answer = 'E'\nq5_confidence = 70", "one letter"),
    ],
}
