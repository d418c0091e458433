"""Answers to exercise 13 and what the checks must say to them: (outcome, code, words)."""

_BASE = """
t = tables.load("trade").query(
    "country == @case.state and @case.start <= year <= @case.end and source_id == 'cow_trade_v4'"
)
t = t[t.partner.isin(["CHN", "RUS"])].astype({"partner": str})
mine = t.pivot_table(index="year", columns="partner", values="value_usd", aggfunc="sum")
sold = t[t.flow == "export"].pivot(index="year", columns="partner", values="value_usd")
bought = t[t.flow == "import"].pivot(index="year", columns="partner", values="value_usd")
"""

_ROWS = """
rows = (mine / 1e9).reset_index().melt("year", var_name="partner", value_name="usd_bn")
"""

TRIALS = {
    "ex13-q1-ratio": [
        ("right", _BASE + "ratio = mine.CHN[case.end] / mine.RUS[case.end]", ""),
        ("right", _BASE + "ratio = round(float((mine.CHN / mine.RUS).iloc[-1]), 3)", ""),
        (
            "wrong",
            _BASE + "ratio = mine.RUS[case.end] / mine.CHN[case.end]",
            "Russia's trade by China's",
        ),
        (
            "wrong",
            _BASE + "ratio = sold.CHN[case.end] / sold.RUS[case.end]",
            "counted the exports only",
        ),
        (
            "wrong",
            _BASE + "ratio = bought.CHN[case.end] / bought.RUS[case.end]",
            "counted the imports only",
        ),
        ("cannot_check", _BASE + "ratio = mine.CHN / mine.RUS", "one"),
        ("cannot_check", "ratio = 'twice'", "no number"),
    ],
    "ex13-q2-ratios": [
        ("right", _BASE + "ratios = (mine.CHN / mine.RUS).rename('ratio').reset_index()", ""),
        (
            "right",
            _BASE
            + """
ratios = pd.DataFrame(
    [{"ratio": round(mine.CHN[y] / mine.RUS[y], 3), "year": y} for y in reversed(mine.index)]
)
""",
            "",
        ),
        (
            "wrong",
            _BASE + "ratios = (mine.RUS / mine.CHN).rename('ratio').reset_index()",
            "in each year",
        ),
        (
            "wrong",
            _BASE + "ratios = (mine.CHN / mine.sum(axis=1)).rename('ratio').reset_index()",
            "shares of the trade with both",
        ),
        (
            "wrong",
            _BASE + "ratios = (bought.CHN / bought.RUS).rename('ratio').reset_index()",
            "imports only",
        ),
        (
            "cannot_check",
            _BASE + "ratios = (mine.CHN / mine.RUS).rename('times').reset_index()",
            "ratio",
        ),
    ],
    "ex13-q3-passed": [
        ("right", _BASE + "passed = measures.overtaking(mine.CHN, mine.RUS).lasting or 0", ""),
        (
            "right",
            _BASE
            + """
passed = 0
for year in reversed(mine.index):
    if mine.CHN[year] <= mine.RUS[year]:
        break
    passed = year
""",
            "",
        ),
        (
            "wrong",
            _BASE + "passed = measures.overtaking(mine.CHN, mine.RUS).opens - 1",
            "",
        ),
        (
            "wrong",
            _BASE + "passed = measures.overtaking(mine.CHN, mine.RUS).closes + 1",
            "",
        ),
        ("cannot_check", _BASE + "passed = mine.CHN > mine.RUS", "one"),
        ("cannot_check", "passed = 'never'", "no number"),
    ],
    "ex13-q4-chart": [
        (
            "right",
            _BASE
            + _ROWS
            + """
chart = alt.Chart(rows, title="Trade with China and with Russia", description=
    "Two lines by year: the state's trade with China and with Russia in billion US dollars.",
).mark_line().encode(
    alt.X("year:Q"), alt.Y("usd_bn:Q").title("billion US dollars").scale(zero=True),
    strokeDash="partner:N",
)
""",
            "",
        ),
        (
            "wrong",
            _BASE
            + _ROWS
            + """
chart = alt.Chart(rows, title="Trade with China and with Russia", description=
    "Two lines by year: the state's trade with China and with Russia in billion US dollars.",
).mark_line().encode(
    alt.X("year:Q"), alt.Y("usd_bn:Q").title("billion US dollars").scale(zero=False),
    color="partner:N",
)
""",
            "does not start at zero",
        ),
        (
            "wrong",
            _BASE
            + _ROWS
            + "rows['usd_bn'] = rows.usd_bn * 1000\n"
            + "chart = alt.Chart(rows).mark_line()"
            + ".encode(x='year:O', y='usd_bn:Q', color='partner:N')",
            "in million dollars",
        ),
        (
            "wrong",
            _BASE
            + _ROWS
            + "chart = alt.Chart(rows).mark_bar()"
            + ".encode(x='year:O', y='usd_bn:Q', color='partner:N')",
            "mark_bar",
        ),
        ("cannot_check", _BASE + _ROWS + "chart = rows", "the chart itself"),
    ],
    "ex13-q5-ahead": [
        (
            "right",
            _BASE
            + """
part = (mine.CHN > mine.RUS).mean()
q5_answer = "a" if part == 0 else "b" if part <= 0.25 else "c" if part <= 0.5 else "d"
q5_confidence = 70
""",
            "",
        ),
        (
            "wrong",
            _BASE
            + """
part = (mine.CHN > mine.RUS).mean()
q5_answer = "D" if part <= 0.25 else "A"
q5_confidence = 40
""",
            "",
        ),
        (
            "wrong",
            _BASE
            + """
part = (mine.CHN > mine.RUS).mean()
q5_answer = "C" if part <= 0.25 else "B"
q5_confidence = 90
""",
            "",
        ),
        ("not_attempted", "q5_answer = 'A'\nq5_confidence = ...", "q5_confidence"),
        ("cannot_check", "q5_answer = 'A'\nq5_confidence = 0.7", "70, and not 0.7"),
        ("cannot_check", "q5_answer = 'E'\nq5_confidence = 70", "one letter"),
    ],
}
