"""Answers to exercise 03 and what the checks must say to them: (outcome, code, words)."""

TRIALS = {
    "ex03-q1-bloc-share": [
        (
            "right",
            """
trade = tables.load("trade")
bloc_share = measures.intra_bloc_share(
    trade, [case.state, *(f for f in founders if f != case.state)], case.end,
    source_id="cow_trade_v4", reporters=[case.state],
)
""",
            "",
        ),
        (
            "right",
            """
rows = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and year == @case.end"
)
by_partner = rows.groupby("partner").value_usd.sum()
bloc_share = round(by_partner.reindex(founders).sum() / by_partner["WLD"], 4)
""",
            "",
        ),
        (
            "wrong",
            """
rows = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and year == @case.end"
)
by_partner = rows.groupby("partner").value_usd.sum()
bloc_share = 100 * by_partner.reindex(founders).sum() / by_partner["WLD"]
""",
            "looks like per cent",
        ),
        (
            "wrong",
            """
rows = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and year == @case.end "
    "and flow == 'export'"
)
by_partner = rows.groupby("partner").value_usd.sum()
bloc_share = by_partner.reindex(founders).sum() / by_partner["WLD"]
""",
            "counted the exports only",
        ),
        (
            "wrong",
            """
rows = tables.load("trade").query("country == @case.state and year == @case.end")
by_partner = rows.groupby("partner").value_usd.sum()
bloc_share = by_partner.reindex(founders).sum() / by_partner["WLD"]
""",
            "several sources",
        ),
        (
            "wrong",
            """
rows = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and year == @case.end"
)
by_partner = rows.groupby("partner").value_usd.sum()
bloc_share = by_partner.reindex(founders).sum() / by_partner.drop("WLD").sum()
""",
            "the row with the partner WLD",
        ),
        ("wrong", "bloc_share = 0.5", "than what the table gives"),
        ("cannot_check", "bloc_share = 'a third'", "no number"),
        ("cannot_check", "bloc_share = pd.Series([0.2, 0.5])", "one number is asked for"),
    ],
    "ex03-q2-hhi": [
        (
            "right",
            """
rows = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and flow == 'export'"
    " and @case.start <= year <= @case.end"
)
found = {}
for year, of_year in rows.groupby("year"):
    world = of_year.loc[of_year.partner == "WLD", "value_usd"].item()
    found[year] = (((of_year.loc[of_year.partner != "WLD", "value_usd"]) / world) ** 2).sum()
concentration = pd.DataFrame({"hhi": found}).rename_axis("year").sort_index(ascending=False)
""",
            "",
        ),
        (
            "right",
            """
rows = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and flow == 'export'"
)
wide = rows.pivot(index="year", columns="partner", values="value_usd").loc[case.start : case.end]
named = wide.drop(columns="WLD")
concentration = named.div(wide["WLD"], axis=0).pow(2).sum(axis=1).round(4).reset_index(name="hhi")
""",
            "",
        ),
        (
            "wrong",
            """
rows = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and flow == 'export'"
)
wide = rows.pivot(index="year", columns="partner", values="value_usd").loc[case.start : case.end]
concentration = wide.div(wide["WLD"], axis=0).pow(2).sum(axis=1).reset_index(name="hhi")
""",
            "still among your partners",
        ),
        (
            "wrong",
            """
rows = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and flow == 'import'"
)
wide = rows.pivot(index="year", columns="partner", values="value_usd").loc[case.start : case.end]
named = wide.drop(columns="WLD")
concentration = named.div(wide["WLD"], axis=0).pow(2).sum(axis=1).reset_index(name="hhi")
""",
            "These are the suppliers",
        ),
        (
            "wrong",
            """
rows = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and flow == 'export'"
)
wide = rows.pivot(index="year", columns="partner", values="value_usd")
named = wide.drop(columns="WLD")
concentration = named.div(wide["WLD"], axis=0).pow(2).sum(axis=1).clip(upper=1)
concentration = concentration.reset_index(name="hhi")
""",
            "not asked for",
        ),
        (
            "cannot_check",
            "concentration = pd.DataFrame({'year': [case.end], 'index': [0.1]})",
            "one column named hhi",
        ),
    ],
    "ex03-q3-members": [
        (
            "right",
            """
m = tables.load("memberships")
day = pd.Timestamp(case.day)
on = m[(m.organization == "EurAsEC") & (m.status == "member") & (m.start <= day)]
members = set(on[on.end.isna() | (on.end >= day)].country)
""",
            "",
        ),
        (
            "right",
            """
matrix = measures.membership_matrix_on(
    tables.load("memberships"), case.day, organizations=["EurAsEC"]
)
members = matrix.index[matrix["EurAsEC"] == "member"]
""",
            "",
        ),
        (
            "wrong",
            """
m = tables.load("memberships")
day = pd.Timestamp(case.day)
on = m[(m.organization == "EurAsEC") & (m.start <= day)]
members = list(on[on.end.isna() | (on.end >= day)].country)
""",
            "Observers",
        ),
        (
            "wrong",
            """
m = tables.load("memberships").query("organization == 'EurAsEC' and status == 'member'")
members = list(m.country)
""",
            "at some time",
        ),
        (
            "wrong",
            """
five = ["KAZ", "KGZ", "TJK", "TKM", "UZB"]
all_of_them = measures.members_on(tables.load("memberships"), "EurAsEC", case.day)
members = [m for m in all_of_them if m in five]
""",
            "five Central Asian states only",
        ),
        ("wrong", "members = ['TKM']", "too many in your list: 1"),
        ("cannot_check", "members = ['Kazakhstan', 'Russia']", "none of the codes"),
        ("cannot_check", "members = 5", "a list of codes"),
    ],
    "ex03-q4-chart": [
        (
            "right",
            """
t = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and flow == 'import'"
)
wide = t.pivot(index="year", columns="partner", values="value_usd").loc[case.start : case.end]
frame = pd.DataFrame({
    "year": pd.to_datetime(wide.index.astype(str)), "share": 100 * wide[case.partner] / wide["WLD"]
})
line = alt.Chart().mark_line().encode(alt.X("year", type="temporal"), alt.Y("share"))
last = alt.Chart().mark_text(dx=20).encode(x="year", y="share", text="label:N").transform_filter(
    alt.datum.year > 0
)
chart = alt.layer(
    line.encode(y=alt.Y("share", type="quantitative", axis=alt.Axis(title="per cent of imports"))),
    last, data=frame,
).properties(
    title={"text": ["Imports from one partner", "in one period"]},
    description="A line that shows by year what part of all imports came from the partner.",
)
""",
            "",
        ),
        (
            "right",
            """
t = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and flow == 'import'"
    " and @case.start <= year <= @case.end"
)
world = t[t.partner == "WLD"].set_index("year").value_usd
t = t[t.partner == case.partner].assign(share=lambda f: 100 * f.value_usd / f.year.map(world))
chart = alt.Chart(t, title="What came from the partner", description=
    "Years run from left to right, the share of imports in per cent goes upwards.",
).mark_line(point=True, strokeWidth=3).encode(
    alt.Y("sum(share):Q").title("% of imports").scale(zero=True), alt.X("year:Q"),
)
""",
            "",
        ),
        (
            "wrong",
            """
t = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and flow == 'import'"
    " and @case.start <= year <= @case.end"
)
world = t[t.partner == "WLD"].set_index("year").value_usd
t = t[t.partner == case.partner].assign(share=lambda f: 100 * f.value_usd / f.year.map(world))
chart = alt.Chart(t, title="What came from the partner").mark_line().encode(
    alt.Y("share:Q", title="% of imports", scale=alt.Scale(zero=False)), alt.X("year:O"),
)
""",
            "does not start at zero",
        ),
        (
            "wrong",
            """
t = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and flow == 'export'"
    " and @case.start <= year <= @case.end"
)
world = t[t.partner == "WLD"].set_index("year").value_usd
t = t[t.partner == case.partner].assign(share=lambda f: 100 * f.value_usd / f.year.map(world))
chart = alt.Chart(t).mark_line().encode(y="share:Q", x="year:O")
""",
            "what your state sold",
        ),
        (
            "wrong",
            """
t = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and flow == 'import'"
    " and @case.start <= year <= @case.end and partner == @case.partner"
)
chart = alt.Chart(t).mark_bar().encode(y="value_usd:Q", x="year:O")
""",
            "mark_bar",
        ),
        (
            "wrong",
            """
t = tables.load("trade").query(
    "source_id == 'cow_trade_v4' and country == @case.state and flow == 'import'"
    " and @case.start <= year <= @case.end and partner == @case.partner"
)
chart = alt.Chart(t).mark_line().encode(y="value_usd:Q", x="year:O")
""",
            "should show share",
        ),
        (
            "cannot_check",
            """
t = tables.load("trade").query("country == @case.state and partner == @case.partner")
chart = alt.Chart(t.head(20)).mark_line().encode(y="share:Q", x="year:O").transform_calculate(
    share="datum.value_usd / 1000"
)
""",
            "in pandas first",
        ),
        (
            "cannot_check",
            "chart = pd.DataFrame({'year': [2000], 'share': [1]})",
            "the chart itself",
        ),
    ],
    "ex03-q5-reading": [
        (
            "right",
            """
t = tables.load("trade").query("source_id == 'cow_trade_v4' and country == @case.state")
by = t.groupby(["year", "partner"]).value_usd.sum().unstack()
share = by[[f for f in founders if f in by]].sum(axis=1) / by["WLD"]
sold = t[t.flow == "export"].pivot(index="year", columns="partner", values="value_usd")
index = (sold.drop(columns="WLD").div(sold["WLD"], axis=0) ** 2).sum(axis=1)
up = share[case.end] > share[case.start], index[case.end] > index[case.start]
q5_answer = " " + "DCBA"[2 * up[0] + up[1]].lower()
q5_confidence = 60.0
""",
            "calibration",
        ),
        (
            "wrong",
            """
t = tables.load("trade").query("source_id == 'cow_trade_v4' and country == @case.state")
by = t.groupby(["year", "partner"]).value_usd.sum().unstack()
share = by[[f for f in founders if f in by]].sum(axis=1) / by["WLD"]
sold = t[t.flow == "export"].pivot(index="year", columns="partner", values="value_usd")
index = (sold.drop(columns="WLD").div(sold["WLD"], axis=0) ** 2).sum(axis=1)
up = share[case.end] > share[case.start], index[case.end] < index[case.start]
q5_answer, q5_confidence = "DCBA"[2 * up[0] + up[1]], 80
""",
            "the concentration did not",
        ),
        (
            "wrong",
            """
t = tables.load("trade").query("source_id == 'cow_trade_v4' and country == @case.state")
by = t.groupby(["year", "partner"]).value_usd.sum().unstack()
share = by[[f for f in founders if f in by]].sum(axis=1) / by["WLD"]
sold = t[t.flow == "export"].pivot(index="year", columns="partner", values="value_usd")
index = (sold.drop(columns="WLD").div(sold["WLD"], axis=0) ** 2).sum(axis=1)
up = share[case.end] < share[case.start], index[case.end] < index[case.start]
q5_answer, q5_confidence = "DCBA"[2 * up[0] + up[1]], 80
""",
            "Both went the other way",
        ),
        ("not_attempted", "q5_answer = 'A'\nq5_confidence = ...", "q5_confidence"),
        ("cannot_check", "q5_answer = 'A'\nq5_confidence = 0.7", "70, and not 0.7"),
        ("cannot_check", "q5_answer = 'E'\nq5_confidence = 70", "one letter"),
    ],
}
