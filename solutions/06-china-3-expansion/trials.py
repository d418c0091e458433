"""Answers to exercise 06 and what the checks must say to them: (outcome, code, words)."""

_BASE = """
t = tables.load("trade").query(
    "country == @case.state and @case.start <= year <= @case.end"
)
c = t[t.source_id == "cow_trade_v4"]
mine = c[c.partner == case.partner].pivot(index="year", columns="flow", values="value_usd")
both = mine.sum(axis=1)
"""

_GAPS = """
t = tables.load("trade").query(
    "country == @case.state and @case.start <= year <= @case.end and partner == 'USA'"
)
t = t[t.flow == "import"].pivot(index="year", columns="source_id", values="value_usd")
seller, buyer = t["imf_dots_us"], t["cow_trade_v4"]
"""

_CHART = """
gdp = tables.load("macro").query("indicator == 'gdp_usd' and country == @case.state")
gdp = gdp.set_index("year").value
two = c[c.partner.isin(["RUS", "CHN"])].astype({"partner": str})
two = two.pivot_table(index="year", columns="partner", values="value_usd", aggfunc="sum")
two = (100 * two.div(gdp, axis=0)).dropna(how="all").reset_index()
rows = two.melt("year", var_name="partner", value_name="share")
"""

TRIALS = {
    "ex06-q1-multiple": [
        ("right", _BASE + "multiple = both[case.end] / both[case.start]", ""),
        (
            "right",
            _BASE + "g = measures.growth_multiple(both)\n"
            "g = g[(g.from_year == case.start) & (g.to_year == case.end)]\n"
            "multiple = round(g.multiple.item(), 3)",
            "",
        ),
        (
            "wrong",
            _BASE + "multiple = both[case.end] / both[case.start] - 1",
            "This is the increase",
        ),
        (
            "wrong",
            _BASE + "multiple = both[case.start] / both[case.end]",
            "the earlier year by the later",
        ),
        (
            "wrong",
            _BASE + "multiple = mine.export[case.end] / mine.export[case.start]",
            "counted the exports only",
        ),
        ("cannot_check", _BASE + "multiple = both", "one"),
        ("cannot_check", "multiple = 'eleven-fold'", "no number"),
    ],
    "ex06-q2-fits": [
        (
            "right",
            _BASE
            + """
own, found = both[case.end] / both[case.start], []
for early in both.index:
    for late in both.index[both.index > early]:
        times = both[late] / both[early]
        if 0.9 * own <= times <= 1.1 * own:
            found.append({"to_year": late, "from_year": early, "multiple": round(times, 3)})
fits = pd.DataFrame(found)
""",
            "",
        ),
        (
            "wrong",
            _BASE + "fits = measures.growth_multiple(both)[['from_year', 'to_year', 'multiple']]",
            "all pairs of years",
        ),
        (
            "wrong",
            _BASE
            + """
own = both[case.end] / both[case.start]
fits = measures.growth_multiple(both)[["from_year", "to_year", "multiple"]]
fits = fits[fits.multiple.between(0.5 * own, 0.8 * own)]
""",
            "",
        ),
        (
            "cannot_check",
            _BASE + "fits = measures.growth_multiple(both)[['from_year', 'multiple']]",
            "to_year",
        ),
    ],
    "ex06-q3-gaps": [
        ("right", _GAPS + "gaps = ((buyer - seller) / seller).rename('gap').reset_index()", ""),
        ("right", _GAPS + "gaps = (buyer / seller - 1).round(4).to_frame('gap')", ""),
        (
            "wrong",
            _GAPS + "gaps = ((seller - buyer) / seller).rename('gap').reset_index()",
            "wrong way round",
        ),
        ("wrong", _GAPS + "gaps = (buyer / seller).rename('gap').reset_index()", "the ratio"),
        (
            "wrong",
            _GAPS + "gaps = ((buyer - seller) / buyer).rename('gap').reset_index()",
            "divided by the compilation's",
        ),
        (
            "wrong",
            _GAPS.replace('"import"', '"export"')
            + "gaps = (buyer / seller - 1).rename('gap').reset_index()",
            "has the flow import",
        ),
        (
            "cannot_check",
            _GAPS + "gaps = (buyer / seller - 1).rename('difference').reset_index()",
            "gap",
        ),
    ],
    "ex06-q4-chart": [
        (
            "right",
            _BASE
            + _CHART
            + """
chart = alt.Chart(rows, title="What Russia and China weighed", description=
    "Two lines by year: trade with Russia and with China in per cent of the state's output.",
).mark_line().encode(
    alt.X("year:Q"), alt.Y("share:Q").title("% of GDP").scale(zero=True), strokeDash="partner:N",
)
""",
            "",
        ),
        (
            "wrong",
            _BASE
            + _CHART
            + """
chart = alt.Chart(rows, title="What Russia and China weighed", description=
    "Two lines by year: trade with Russia and with China in per cent of the state's output.",
).mark_line().encode(
    alt.X("year:Q"), alt.Y("share:Q").title("% of GDP").scale(zero=False), color="partner:N",
)
""",
            "does not start at zero",
        ),
        (
            "wrong",
            _BASE
            + _CHART
            + "rows['share'] = rows.share / 100\n"
            + "chart = alt.Chart(rows).mark_line()"
            + ".encode(x='year:O', y='share:Q', color='partner:N')",
            "shares from 0 to 1",
        ),
        (
            "wrong",
            _BASE
            + _CHART
            + "chart = alt.Chart(rows).mark_bar()"
            + ".encode(x='year:O', y='share:Q', color='partner:N')",
            "mark_bar",
        ),
        ("cannot_check", _BASE + _CHART + "chart = rows", "the chart itself"),
    ],
    "ex06-q5-tenth": [
        (
            "right",
            _GAPS
            + """
gap = buyer / seller - 1
low, mid = (gap < 0.08).mean(), ((gap >= 0.08) & (gap < 0.12)).mean()
q5_answer = "c" if low > 0.5 else "a" if mid > 0.5 else "b" if low + mid < 0.5 else "d"
q5_confidence = 70
""",
            "",
        ),
        (
            "wrong",
            _GAPS
            + """
gap = buyer / seller - 1
q5_answer = "D" if (gap.between(0.08, 0.12).mean() > 0.5) else "A"
q5_confidence = 40
""",
            "",
        ),
        (
            "wrong",
            _GAPS
            + """
gap = buyer / seller - 1
q5_answer = "C" if (gap.between(0.08, 0.12).mean() > 0.5) else "A"
q5_confidence = 90
""",
            "",
        ),
        ("not_attempted", "q5_answer = 'A'\nq5_confidence = ...", "q5_confidence"),
        ("cannot_check", "q5_answer = 'A'\nq5_confidence = 0.7", "70, and not 0.7"),
        ("cannot_check", "q5_answer = 'E'\nq5_confidence = 70", "one letter"),
    ],
}
