"""Answers to exercise 01 and what the checks must say to them: (outcome, code, words)."""

MINE = """
e = tables.load("events")
e = e[(e.power == "russia") & e.countries.str.contains(case.state)]
e = e[(e.date.dt.year >= case.start) & (e.date.dt.year <= case.end)]
"""
REGION = """
e = tables.load("events").query("power == 'russia'")
e = e[e.date.dt.year.between(case.start, case.end)]
"""
ALL_YEARS = """
e = tables.load("events").query("power == 'russia'")
e = e[e.countries.str.contains(case.state)]
"""
COUNTED = """
pairs = e.assign(year=e.date.dt.year).groupby(["year", "dimension"], observed=True)
frame = pairs.size().reset_index(name="n")
"""
DRAWN = """
chart = alt.Chart(frame, title="Dated events of one state", description=
    "Bars by year, divided by dimension, for the events that come under Russia.",
).mark_bar().encode(alt.X("year:O"), alt.Y("n:Q", title="events"), alt.Color("dimension:N"))
"""

TRIALS = {
    "ex01-q1-coded": [
        (
            "right",
            MINE
            + """
wide = pd.crosstab(e.date.dt.year.rename("year"), e.dimension.astype(str))
coded = wide.stack().rename("n").reset_index().query("n > 0")
""",
            "",
        ),
        (
            "right",
            """
e = tables.load("events").query("power == 'russia'")
e = e.assign(state=e.countries.str.split(";"), year=e.date_text.str[:4]).explode("state")
e = e[(e.state == case.state) & e.year.astype(int).between(case.start, case.end)]
coded = e.value_counts(["dimension", "year"]).to_frame("n").query("n > 0").reset_index()
""",
            "",
        ),
        ("wrong", REGION + COUNTED + "coded = frame", "the whole region"),
        ("wrong", ALL_YEARS + COUNTED + "coded = frame", "all years"),
        (
            "wrong",
            """
e = tables.load("events")
e = e[e.countries.str.contains(case.state) & e.date.dt.year.between(case.start, case.end)]
"""
            + COUNTED
            + "coded = frame",
            "China and the United States",
        ),
        (
            "wrong",
            MINE
            + """
wide = pd.crosstab(e.date.dt.year.rename("year"), e.dimension.astype(str))
coded = wide.stack().rename("n").reset_index()
""",
            "without an event have a row too",
        ),
        (
            "cannot_check",
            MINE + "coded = pd.crosstab(e.date.dt.year, e.dimension)",
            "one column named year",
        ),
        ("cannot_check", "coded = 16", "a table is asked for"),
    ],
    "ex01-q2-kappa": [
        (
            "right",
            MINE
            + """
rule = e.title.map(first_named)
table = pd.crosstab(e.initiator.astype(str), rule, normalize=True)
codes = sorted(set(table.index) | set(table.columns))
table = table.reindex(index=codes, columns=codes, fill_value=0)
alike = sum(table.loc[c, c] for c in codes)
chance = (table.sum(axis=0) * table.sum(axis=1)).sum()
kappa = round((alike - chance) / (1 - chance), 4)
""",
            "",
        ),
        (
            "wrong",
            MINE + "kappa = (e.initiator.astype(str) == e.title.map(first_named)).mean()",
            "the share coded alike",
        ),
        (
            "wrong",
            MINE
            + """
ours, rule = e.initiator.astype(str), e.title.map(first_named)
chance = (ours.value_counts(normalize=True) * rule.value_counts(normalize=True)).sum()
kappa = (ours == rule).mean() - chance
""",
            "the second step",
        ),
        (
            "wrong",
            REGION
            + "kappa = measures.cohens_kappa(e.initiator.astype(str), e.title.map(first_named))",
            "the whole region",
        ),
        ("cannot_check", "kappa = 'middling'", "no number"),
    ],
    "ex01-q3-turn": [
        (
            "right",
            MINE
            + """
day = pd.Timestamp(case.day)
rows = []
for part, some in (("before", e[e.date < day]), ("after", e[~(e.date < day)])):
    share = (some.dimension == "security").sum() / len(some)
    rows.append({"part": part, "n": len(some), "security_share": share})
turn = pd.DataFrame(rows)
""",
            "",
        ),
        (
            "wrong",
            MINE
            + """
part = (e.date > pd.Timestamp(case.day)).map({True: "after", False: "before"}).rename("part")
turn = (e.dimension == "security").groupby(part).agg(n="size", security_share="mean")
""",
            "The event on the day itself",
        ),
        (
            "wrong",
            MINE
            + """
part = (e.date >= pd.Timestamp(case.day)).map({False: "after", True: "before"}).rename("part")
turn = (e.dimension == "security").groupby(part).agg(n="size", security_share="mean")
""",
            "have changed places",
        ),
        (
            "wrong",
            ALL_YEARS
            + """
part = (e.date >= pd.Timestamp(case.day)).map({True: "after", False: "before"}).rename("part")
turn = (e.dimension == "security").groupby(part).agg(n="size", security_share="mean")
""",
            "all years",
        ),
        (
            "cannot_check",
            "turn = pd.DataFrame({'part': ['before', 'after'], 'n': [1, 2]})",
            "one column named security_share",
        ),
    ],
    "ex01-q4-chart": [
        ("right", MINE + COUNTED + DRAWN, ""),
        (
            "right",
            MINE
            + COUNTED
            + """
chart = alt.Chart(frame).mark_bar().encode(
    y=alt.Y("year:O", title="Year"), x=alt.X("sum(n):Q", title="Number of events"),
    row="dimension:N",
).properties(title="Events by year, a panel for each dimension", description=
    "Lying bars, a panel for each dimension, with the number of events in every year.")
""",
            "",
        ),
        ("wrong", REGION + COUNTED + DRAWN, "the whole region"),
        (
            "wrong",
            MINE
            + COUNTED
            + """
chart = alt.Chart(frame, title="Dated events of one state").mark_bar().encode(
    x="year:O", y="n:Q")
""",
            "apart",
        ),
        (
            "wrong",
            MINE
            + COUNTED
            + """
chart = alt.Chart(frame, title="Dated events of one state").mark_bar().encode(
    x="year:O", y=alt.Y("n:Q", title="events"), color="dimension:N")
""",
            "description",
        ),
        ("cannot_check", "chart = pd.DataFrame({'year': [1993], 'n': [1]})", "the chart itself"),
    ],
    "ex01-q5-reading": [
        (
            "right",
            MINE
            + """
t = tables.load("trade").query("source_id == 'cow_trade_v4' and country == @case.state")
by = t.groupby(["year", "partner"]).value_usd.sum().unstack()
share = by["RUS"] / by["WLD"]
more = (e.initiator == "RUS").sum() > (e.initiator == case.state).sum()
q5_answer = "DCBA"[2 * bool(more) + bool(share[case.end] > share[1994])].lower()
q5_confidence = 60
""",
            "calibration",
        ),
        (
            "wrong",
            MINE
            + """
t = tables.load("trade").query("source_id == 'cow_trade_v4' and country == @case.state")
by = t.groupby(["year", "partner"]).value_usd.sum().unstack()
share = by["RUS"] / by["WLD"]
more = (e.initiator == "RUS").sum() > (e.initiator == case.state).sum()
q5_answer, q5_confidence = "DCBA"[2 * bool(more) + bool(share[case.end] < share[1994])], 80
""",
            "both years again",
        ),
        (
            "wrong",
            MINE
            + """
t = tables.load("trade").query("source_id == 'cow_trade_v4' and country == @case.state")
by = t.groupby(["year", "partner"]).value_usd.sum().unstack()
share = by["RUS"] / by["WLD"]
more = (e.initiator == "RUS").sum() > (e.initiator == case.state).sum()
q5_answer, q5_confidence = "DCBA"[2 * (not more) + bool(share[case.end] > share[1994])], 80
""",
            "Count the movers again",
        ),
        ("not_attempted", "q5_answer = 'A'\nq5_confidence = ...", "q5_confidence"),
        ("cannot_check", "q5_answer = 'E'\nq5_confidence = 70", "one letter"),
    ],
}
