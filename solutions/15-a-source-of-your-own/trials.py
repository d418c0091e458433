"""Answers to exercise 15 and what the checks must say to them: (outcome, code, words)."""

BOTH = """
BOOK = {"RUS": "imf_dots_rus_2021", "CHN": "imf_dots_chn_2021", "USA": "us_census_country"}
found = {}
for name, source in (("trade", "cow_trade_v4"), ("customs", BOOK[case.partner])):
    t = tables.load(name)
    t = t[(t.source_id == source) & (t.country == case.state) & (t.partner == case.partner)]
    t = t[(t.flow == "import") & (t.year >= case.start) & (t.year <= case.end)]
    found[name] = t.set_index("year").value_usd.sort_index()
b = pd.DataFrame(found)
"""
CODES = BOTH + "r = (b > b.shift()).astype(int).iloc[1:]\n"
KAPPA = (
    CODES
    + """
same = (r.trade == r.customs).mean()
chance = r.trade.mean() * r.customs.mean() + (1 - r.trade.mean()) * (1 - r.customs.mean())
"""
)
LONG = BOTH + "m = b.stack().rename_axis(['year', 'book']).rename('million').reset_index()\n"

TRIALS = {
    "ex15-q1-rose": [
        ("right", CODES + "rose = r.reset_index()", ""),
        (
            "right",
            BOTH
            + """
rose = pd.DataFrame(
    [(y, *(float(b[n][y] > b[n][y - 1]) for n in b)) for y in b.index[1:]],
    columns=["year", "trade", "customs"],
)
""",
            "",
        ),
        (
            "wrong",
            CODES
            + "rose = pd.DataFrame({'year': r.index, 'trade': r.customs, 'customs': r.trade})",
            "changed places",
        ),
        (
            "wrong",
            CODES + "rose = r.reset_index().assign(year=lambda t: t.year - 1)",
            "a year too early",
        ),
        ("cannot_check", CODES + "rose = r.trade", ""),
    ],
    "ex15-q2-kappa": [
        ("right", CODES + "kappa = measures.cohens_kappa(r.trade, r.customs)", ""),
        ("right", KAPPA + "kappa = round((same - chance) / (1 - chance), 3)", ""),
        ("wrong", KAPPA + "kappa = same", "the share of years"),
        ("wrong", KAPPA + "kappa = chance", "chance would give. Set"),
        ("cannot_check", "kappa = 'high'", "no number"),
    ],
    "ex15-q3-scores": [
        (
            "right",
            CODES
            + """
scores = pd.DataFrame(
    [(n, r[n].mean(), measures.brier_score([0.8] * len(r), r[n])) for n in r],
    columns=["book", "rose", "brier"],
)
""",
            "",
        ),
        (
            "wrong",
            CODES
            + """
scores = pd.DataFrame({
    "rose": 1 - r.mean(), "brier": ((0.8 - (1 - r)) ** 2).mean(),
}).rename_axis("book").reset_index()
""",
            "did not rise",
        ),
        (
            "wrong",
            CODES
            + """
scores = pd.DataFrame({
    "rose": r.mean(), "brier": (0.8 - r).abs().mean(),
}).rename_axis("book").reset_index()
""",
            "have to be squared",
        ),
        ("cannot_check", "scores = 0.3", "a table is asked for"),
    ],
    "ex15-q4-chart": [
        (
            "right",
            LONG
            + """
m["million"] = m.million / 1e6
chart = alt.Chart(m).mark_line(point=True).encode(
    alt.X("year:Q").title("year"), alt.Y("million:Q").title("million US dollars"),
    alt.StrokeDash("book:N"),
).properties(
    title="Two books of one trade", description="Two lines, one for each book, over the years.",
)
""",
            "",
        ),
        (
            "wrong",
            LONG
            + "chart = alt.Chart(m).mark_line().encode(x='year:Q', y='million:Q', color='book:N')",
            "divide by a million",
        ),
        (
            "wrong",
            LONG
            + """
m["million"] = m.million / 1e6
chart = alt.Chart(m).mark_line().encode(x="year:Q", y="million:Q", color="book:N")
""",
            "needs a title",
        ),
        ("cannot_check", "chart = 'lines'", "an Altair chart is asked for"),
    ],
    "ex15-q5-verdict": [
        (
            "right",
            BOTH
            + """
m = b.loc[case.end] / b.loc[case.start] >= 5
q5_answer = "ABCD"[2 * int(not m["trade"]) + int(not m["customs"])]
q5_confidence = 70
""",
            "calibration",
        ),
        ("wrong", "q5_answer, q5_confidence = 'A', 60", "by customs it is not"),
        ("wrong", "q5_answer, q5_confidence = 'D', 60", "by the table trade it is not"),
        ("not_attempted", "q5_answer = 'A'\nq5_confidence = ...", "q5_confidence"),
        ("cannot_check", "q5_answer = 'B'\nq5_confidence = 'very'", "in per cent"),
    ],
}
