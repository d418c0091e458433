"""Answers to exercise 00 and what the checks must say to them: (outcome, code, words)."""

TRIALS = {
    "ex00-q1-cells": [
        (
            "right",
            """
c = tables.load("claims").query("text == 'essay'")
c = c[(c.power == case.power) & ~c.stage.isin(["frame", "outlook"]) & (c.dimension != "framing")]
c = c.assign(stage=c.stage.astype(str).astype(int), dimension=c.dimension.astype(str))
cells = c.value_counts(["dimension", "stage"])
cells = cells.rename("n").reset_index()
""",
            "",
        ),
        (
            "right",
            """
c = tables.load("claims").query("text == 'essay' and power == @case.power")
c = c[c.stage.isin(list("123")) & c.dimension.isin(["institutional", "security", "economic"])]
cells = c.groupby(["stage", "dimension"], observed=True).claim_id.count().to_frame("n")
""",
            "",
        ),
        (
            "wrong",
            """
c = tables.load("claims").query("text == 'essay'")
c = c[c.stage.isin(list("123")) & c.dimension.isin(["institutional", "security", "economic"])]
cells = c.groupby(["stage", "dimension"], observed=True).size().reset_index(name="n")
""",
            "all powers together",
        ),
        (
            "wrong",
            """
c = tables.load("claims").query("text == 'essay' and power == @case.power")
cells = c.groupby(["stage", "dimension"], observed=True).size().reset_index(name="n")
""",
            "outside the grid",
        ),
        (
            "wrong",
            """
c = tables.load("claims").query("text == 'essay' and power == @case.power")
c = c[c.stage.isin(list("123")) & c.dimension.isin(["institutional", "security", "economic"])]
c = c.assign(
    stage=c.stage.cat.set_categories(list("123")),
    dimension=c.dimension.cat.set_categories(["institutional", "security", "economic"]),
)
cells = c.groupby(["stage", "dimension"], observed=False).size().reset_index(name="n")
""",
            "without a claim have a row too",
        ),
        (
            "wrong",
            """
c = tables.load("claims").query("text == 'essay' and power == @case.power")
cells = pd.DataFrame({"stage": c.stage, "dimension": c.dimension, "n": 1})
""",
            "more than once",
        ),
        (
            "wrong",
            """
c = tables.load("claims").query("power == @case.power")
c = c[c.stage.isin(list("1234")) & c.dimension.isin(["institutional", "security", "economic"])]
cells = c.groupby(["stage", "dimension"], observed=True).size().reset_index(name="n")
""",
            "claims of other texts",
        ),
        ("cannot_check", "cells = pd.crosstab([1, 2], [1, 2])", "one column named stage"),
        ("cannot_check", "cells = 12", "a table is asked for"),
    ],
    "ex00-q2-security": [
        (
            "right",
            """
e = tables.load("events")
rows = e.assign(state=e.countries.str.split(";")).explode("state").query(
    "state == @case.state and @case.start <= date.dt.year <= @case.end"
)
security_share = rows.dimension.value_counts(normalize=True)["security"]
""",
            "",
        ),
        (
            "wrong",
            """
e = tables.load("events")
e = e[e.date.dt.year.between(case.start, case.end)]
security_share = (e.dimension == "security").mean()
""",
            "the whole region",
        ),
        (
            "wrong",
            """
e = tables.load("events")
e = e[e.countries.str.contains(case.state)]
security_share = (e.dimension == "security").mean()
""",
            "all years",
        ),
        (
            "wrong",
            """
e = tables.load("events").query("power == @case.power")
e = e[e.countries.str.contains(case.state) & e.date.dt.year.between(case.start, case.end)]
security_share = (e.dimension == "security").mean()
""",
            "your power only",
        ),
        (
            "wrong",
            """
e = tables.load("events")
e = e[e.countries.str.contains(case.state) & e.date.dt.year.between(case.start, case.end)]
security_share = 100 * (e.dimension == "security").mean()
""",
            "looks like per cent",
        ),
        ("cannot_check", "security_share = '48 %'", "no number"),
    ],
    "ex00-q3-bodies": [
        (
            "right",
            """
m = tables.load("memberships")
day = pd.Timestamp(case.day)
m = m[(m.country == case.state) & (m.status == "member") & (m.start <= day)]
bodies = m[~(m.end < day)].organization.to_numpy()
""",
            "",
        ),
        (
            "wrong",
            """
m = tables.load("memberships")
day = pd.Timestamp(case.day)
m = m[(m.country == case.state) & (m.start <= day)]
bodies = set(m[~(m.end < day)].organization)
""",
            "Keep the status member",
        ),
        (
            "wrong",
            """
m = tables.load("memberships")
day = pd.Timestamp(case.day)
m = m[(m.country == case.state) & (m.status == "member")]
bodies = list(m[(m.start <= day) & (m.end >= day)].organization)
""",
            "still goes on is missing",
        ),
        (
            "wrong",
            """
m = tables.load("memberships")
m = m[(m.country == case.state) & (m.status == "member")]
bodies = list(m[m.start <= pd.Timestamp(case.day)].organization)
""",
            "had left some",
        ),
        ("wrong", "bodies = ['AIIB']", "too many in your list: 1"),
        ("cannot_check", "bodies = ['UN']", "none of the codes"),
        (
            "wrong",
            "bodies = tables.load('memberships').query('country == @case.state')",
            "too many in your list",
        ),
        ("cannot_check", "bodies = tables.load('countries')", "a list of codes"),
    ],
    "ex00-q4-chart": [
        (
            "right",
            """
e = tables.load("events")
e = e[e.countries.str.contains(case.state) & e.date.dt.year.between(case.start, case.end)]
n = e.power.astype(str).value_counts().rename_axis("power").reset_index(name="n")
chart = alt.Chart(n, width=200).mark_bar().encode(
    alt.X("power").axis(title="Great power"), alt.Y("n", scale={"zero": True}).title("events"),
    alt.Color("power", legend=None),
).properties(
    title="Three powers in one state's record",
    description="A bar for each of three powers; its height is the number of events.",
)
""",
            "",
        ),
        (
            "right",
            """
e = tables.load("events")
e = e[e.countries.str.contains(case.state) & e.date.dt.year.between(case.start, case.end)]
e = e.assign(power=e.power.astype(str), n=1)[["power", "n"]]
bars = alt.Chart(e).mark_bar().encode(
    x=alt.X("sum(n):Q", title="number of events"), y=alt.Y("power:N", title="power", sort="-x")
)
chart = (bars + bars.mark_text(dx=12).encode(text="sum(n):Q")).properties(
    title="Three powers in one state's record",
    description="A bar for each of three powers; its length is the number of events.",
)
""",
            "",
        ),
        (
            "wrong",
            """
e = tables.load("events")
e = e[e.date.dt.year.between(case.start, case.end)]
n = e.power.astype(str).value_counts().rename_axis("power").reset_index(name="n")
chart = alt.Chart(n).mark_bar().encode(x="power", y="n")
""",
            "the whole region",
        ),
        (
            "wrong",
            """
e = tables.load("events")
e = e[e.countries.str.contains(case.state) & e.date.dt.year.between(case.start, case.end)]
n = e.power.astype(str).value_counts().rename_axis("power").reset_index(name="n")
chart = alt.Chart(n).mark_bar().encode(x="power", y="n")
""",
            "needs a title with the unit",
        ),
        (
            "wrong",
            """
e = tables.load("events")
e = e[e.countries.str.contains(case.state) & e.date.dt.year.between(case.start, case.end)]
n = e.power.astype(str).value_counts().rename_axis("power").reset_index(name="n")
chart = alt.Chart(n).mark_arc().encode(theta="n", color="power")
""",
            "mark_arc",
        ),
        ("cannot_check", "chart = 'bars'", "an Altair chart is asked for"),
    ],
    "ex00-q5-fullest": [
        (
            "right",
            """
e = tables.load("events").query("power == @case.power")
e = e[e.countries.str.contains(case.state) & e.date.dt.year.between(case.start, case.end)]
n = e.dimension.astype(str).value_counts()
top = n[n == n.max()].index
q5_answer = "D" if len(top) > 1 else "ABC"[["institutional", "security", "economic"].index(top[0])]
q5_confidence = 50
""",
            "calibration",
        ),
        ("wrong", "q5_answer, q5_confidence = 'a ', 90", "do not come from the essay"),
        ("wrong", "q5_answer, q5_confidence = 'D', 30", "One dimension has more events"),
        ("wrong", "q5_answer, q5_confidence = 'C', 25", "say otherwise"),
        ("not_attempted", "q5_answer = 'A'\nq5_confidence = ...", "q5_confidence"),
        ("cannot_check", "q5_answer = 'B'\nq5_confidence = 'very'", "in per cent"),
    ],
}
