"""Answers to exercise 05 and what the checks must say to them: (outcome, code, words)."""

MEMBERS = """
m = tables.load("memberships")
"""
EVENTS = """
events = tables.load("events")
events = events[events.date.dt.year.between(case.start, case.end)]
"""
SUMS = """
t = tables.load("trade").query("source_id == 'cow_trade_v4' and partner == @case.partner")
t = t[t.country.isin(five)].astype({"country": str})
"""

TRIALS = {
    "ex05-q1-ties": [
        (
            "right",
            MEMBERS
            + """
matrix = measures.membership_matrix_on(m, case.day, organizations=bodies)
matrix = matrix.eq("member").reindex(nodes, fill_value=False)
shared = matrix.loc[:, matrix.loc[case.state]].sum(axis=1).drop(case.state)
ties = shared[shared > 0].rename_axis("other").reset_index(name="shared")
""",
            "",
        ),
        (
            "wrong",
            MEMBERS
            + """
matrix = measures.membership_matrix_on(m, case.day, organizations=bodies)
matrix = matrix.eq("member").reindex(nodes, fill_value=False)
shared = matrix.loc[:, matrix.loc[case.state]].sum(axis=1).drop(case.state)
ties = shared.rename_axis("other").reset_index(name="shared")
""",
            "no body, no tie",
        ),
        (
            "wrong",
            MEMBERS
            + """
found = []
for body in ["Shanghai Five", "SCO"]:
    inside = measures.members_on(m, body, case.day)
    found += [x for x in inside if case.state in inside and x in nodes and x != case.state]
ties = pd.Series(found).value_counts().rename_axis("other").reset_index(name="shared")
""",
            "has seven",
        ),
        ("cannot_check", "ties = {'RUS': 2}", "table"),
    ],
    "ex05-q2-topics": [
        (
            "right",
            EVENTS
            + """
events = events[events.countries.str.contains(case.state)]
texts = (events.title + " " + events.description).str.lower()
counts = pd.Series({t: int(texts.str.contains(p).sum()) for t, p in topics.items()})
coded = counts.rename_axis("topic").reset_index(name="n")
""",
            "",
        ),
        (
            "wrong",
            EVENTS
            + """
events = events[events.countries.str.contains(case.state)]
counts = {t: events.title.str.contains(p, case=False).sum() for t, p in topics.items()}
coded = pd.DataFrame({"topic": list(counts), "n": list(counts.values())})
""",
            "the titles only",
        ),
        (
            "wrong",
            EVENTS
            + """
texts = events.title + " " + events.description
counts = {t: texts.str.contains(p, case=False).sum() for t, p in topics.items()}
coded = pd.DataFrame({"topic": list(counts), "n": list(counts.values())})
""",
            "the whole region",
        ),
        (
            "cannot_check",
            "coded = pd.DataFrame({'topic': ['troops'], 'count': [3]})",
            "one column named n",
        ),
    ],
    "ex05-q3-kappa": [
        (
            "right",
            EVENTS
            + """
events = events[events.power == case.power]
a = (events.title + " " + events.description).str.lower().str.contains(security)
b = events.dimension.astype(str) == "security"
table = pd.crosstab(a, b, normalize=True).reindex(
    index=[False, True], columns=[False, True], fill_value=0
)
alike = table.loc[False, False] + table.loc[True, True]
chance = (table.sum(axis=1) * table.sum(axis=0)).sum()
kappa = (alike - chance) / (1 - chance)
""",
            "",
        ),
        (
            "wrong",
            EVENTS
            + """
events = events[events.power == case.power]
a = (events.title + " " + events.description).str.contains(security, case=False)
kappa = (a == (events.dimension == "security")).mean()
""",
            "what chance alone would give",
        ),
        (
            "wrong",
            EVENTS
            + """
a = (events.title + " " + events.description).str.contains(security, case=False)
kappa = measures.cohens_kappa(a, events.dimension == "security")
""",
            "all powers' events",
        ),
        ("cannot_check", "kappa = 'low'", "no number"),
    ],
    "ex05-q4-chart": [
        (
            "right",
            SUMS
            + """
wide = t.pivot_table(index="country", columns="year", values="value_usd", aggfunc="sum") / 1e6
frame = (wide[case.end] - wide[case.start]).reset_index(name="change")
chart = alt.Chart(frame, title="Where trade with the partner grew", description=
    "Five bars that lie: by how many million dollars each state's trade with the partner changed.",
).mark_bar().encode(alt.Y("country:N").title("state"), alt.X("change:Q").title("million US$"))
""",
            "",
        ),
        (
            "wrong",
            SUMS
            + """
wide = t.pivot_table(index="country", columns="year", values="value_usd", aggfunc="sum")
frame = (wide[case.end] - wide[case.start]).reset_index(name="change")
chart = alt.Chart(frame).mark_bar().encode(x="country:N", y="change:Q")
""",
            "divide by a million",
        ),
        (
            "wrong",
            SUMS
            + """
wide = t.pivot_table(index="country", columns="year", values="value_usd", aggfunc="sum") / 1e6
frame = wide[case.end].reset_index(name="change")
chart = alt.Chart(frame).mark_bar().encode(x="country:N", y="change:Q")
""",
            "not by how much it changed",
        ),
        ("cannot_check", "chart = [737, 46]", "the chart itself"),
    ],
    "ex05-q5-reading": [
        (
            "right",
            MEMBERS
            + """
on = {b: case.state in measures.members_on(m, b, case.day)
      for b in ["CST", "CSTO", "Shanghai Five", "SCO"]}
defence, shanghai = on["CST"] or on["CSTO"], on["Shanghai Five"] or on["SCO"]
q5_answer = "A" if defence and shanghai else "B" if shanghai else "C" if defence else "D"
q5_confidence = 80
""",
            "calibration",
        ),
        (
            "wrong",
            MEMBERS
            + """
on = {b: case.state in measures.members_on(m, b, case.day)
      for b in ["CST", "CSTO", "Shanghai Five", "SCO"]}
defence, shanghai = not (on["CST"] or on["CSTO"]), on["Shanghai Five"] or on["SCO"]
q5_answer = "A" if defence and shanghai else "B" if shanghai else "C" if defence else "D"
q5_confidence = 80
""",
            "CST and CSTO",
        ),
        (
            "wrong",
            MEMBERS
            + """
on = {b: case.state in measures.members_on(m, b, case.day)
      for b in ["CST", "CSTO", "Shanghai Five", "SCO"]}
defence, shanghai = not (on["CST"] or on["CSTO"]), not (on["Shanghai Five"] or on["SCO"])
q5_answer = "A" if defence and shanghai else "B" if shanghai else "C" if defence else "D"
q5_confidence = 80
""",
            "Both are the other way",
        ),
        ("cannot_check", "q5_answer = 'E'\nq5_confidence = 70", "one letter"),
    ],
}
