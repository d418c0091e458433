"""The page on methods: its code runs, and every figure on it is what the tables give.

A figure on the page carries the name of its expression in a comment: 52.7<!--kaz96-->. The
expressions see what the page's own blocks have made.
"""

import re
from pathlib import Path

import pytest

from centralasia import tables

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "methods.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
MARKED = re.compile(r"(?<![\w.])([−-]?\d[\d,]*(?:\.\d+)?)<!--(\w+)-->")
# What has digits and is no figure: years, days, ids, headings' numbers, the text of a rule.
FREE = re.compile(
    r"\b(?:19|20)\d\d\b|\b[A-Z]{2}-\d+\b|^## \d+\.|\b17 September\b|\b10 to 12\.5 times\b"
    r"|\bbetween 17 and 23 billion\b|\bsome 20 billion\b"
    r"|\"50 per cent\" scores 0\.25|\b100 deals\b",
    re.M,
)

DRILLS = 'tables.load("exercises").query("1995 <= year <= 2000")'
HOME = "Kazakhstan|Kyrgyzstan|Tajikistan|Uzbekistan"


def drilled(country, power, *, at_home=False):
    """Return the expression for a state's exercises with a power, 1995 to 2000."""
    where = f' & d.location.str.contains("{HOME}", na=False)' if at_home else ""
    return (
        f'(lambda d: int((d.central_asian.str.contains("{country}") & d["{power}"]{where}).sum()))'
        f"({DRILLS})"
    )


FIGURES = {
    "cn_0310": "china[2010] / china[2003]",
    "cn_2010": "china[2010]",
    "cn_0007": "china[2007] / china[2000]",
    "cn_2007": "china[2007]",
    "pairs": "len(measures.growth_multiple(china))",
    "pairs_multiple": "len(measures.pairs_that_fit(china, multiple=(10, 12.5)))",
    "pairs_both": "len(measures.pairs_that_fit(china, multiple=(10, 12.5), level=(17, 23)))",
    "kaz94": "share.KAZ[1994]",
    "kaz96": "share.KAZ[1996]",
    "kaz97": "share.KAZ[1997]",
    "uzb94": "share.UZB[1994]",
    "uzb96": "share.UZB[1996]",
    "did96": "measures.difference_in_differences(before.KAZ, after.KAZ, before.UZB, after.UZB)",
    "did00": "measures.difference_in_differences("
    "before.KAZ, share.KAZ[2000], before.UZB, share.UZB[2000])",
    "did95tkm": "measures.difference_in_differences("
    "before.KAZ, share.KAZ[1995], before.TKM, share.TKM[1995])",
    "did96tkm": "measures.difference_in_differences(before.KAZ, after.KAZ, before.TKM, after.TKM)",
    "chn04": "100 * five['CHN', 2004]",
    "chn22": "100 * five['CHN', 2022]",
    "world04": "100 * world['median']['CHN', 2004]",
    "world22": "100 * world['median']['CHN', 2022]",
    "gap22": "100 * gap['CHN', 2022]",
    "gap95": "-100 * gap['CHN', 1995]",
    "kaz_all": "100 * measures.leads_without(frame).RUS['nobody']",
    "usa_leads": "100 * measures.leads_without(frame).USA['nobody']",
    "kaz_two": "100 * measures.leads_without(frame).RUS['USA']",
    "share_all": "100 * measures.leads_without(frame, scale='share').RUS['nobody']",
    "share_two": "100 * measures.leads_without(frame, scale='share').RUS['USA']",
    "uzb03_hits": "uzbek.value[2003] * uzbek.n_votes[2003]",
    "uzb03_n": "uzbek.n_votes[2003]",
    "uzb04_hits": "uzbek.value[2004] * uzbek.n_votes[2004]",
    "uzb04_n": "uzbek.n_votes[2004]",
    "uzb03": "100 * uzbek.value[2003]",
    "uzb04": "100 * uzbek.value[2004]",
    "uzb03_low": "100 * measures.share_interval(13, 54)[0]",
    "uzb03_high": "100 * measures.share_interval(13, 54)[1]",
    "uzb04_low": "100 * measures.share_interval(6, 64)[0]",
    "uzb04_high": "100 * measures.share_interval(6, 64)[1]",
    "changes": "len(changes.drop(2004))",
    "as_large": "int((changes.drop(2004).abs() >= abs(changes[2004])).sum())",
    "forecasts": "len(forecasts)",
    "brier": "errors.mean()",
    "brier_low": "measures.bootstrap_interval(errors)[0]",
    "brier_high": "measures.bootstrap_interval(errors)[1]",
    "plain": "forecasts.outcome[plain].mean()",
    "others": "forecasts.outcome[~plain].mean()",
    "perm": "100 * measures.permutation_p(forecasts.outcome[plain], forecasts.outcome[~plain])",
    "kgz07": "troops[2007]",
    "kgz08": "troops[2008]",
    "cow08": "bought_by['cow_trade_v4'][2008] / 1e9",
    "cow09": "bought_by['cow_trade_v4'][2009] / 1e9",
    "own08": "bought_by['kgz_nsc'][2008] / 1e9",
    "own09": "bought_by['kgz_nsc'][2009] / 1e9",
    "us_all": f"int({DRILLS}.with_usa.sum())",
    "us_years": f"{DRILLS}.query('with_usa').year.nunique()",
    "us_home": f"(lambda d: int((d.with_usa & d.location.str.contains('{HOME}', na=False)).sum()))"
    f"({DRILLS})",
    "us_home_years": f"{DRILLS}.query('with_usa')[lambda d: d.location.str.contains('{HOME}', "
    "na=False)].year.nunique()",
    "uzb_us": drilled("UZB", "with_usa"),
    "uzb_ru": drilled("UZB", "with_russia"),
    "uzb_us_home": drilled("UZB", "with_usa", at_home=True),
    "uzb_ru_home": drilled("UZB", "with_russia", at_home=True),
    "kaz_ru": drilled("KAZ", "with_russia"),
    "kaz_us_home2": drilled("KAZ", "with_usa", at_home=True),
    "kaz_us_home": drilled("KAZ", "with_usa", at_home=True),
    "kaz_ru_home": drilled("KAZ", "with_russia", at_home=True),
    "chn_after": "len(tables.load('exercises').query('with_china and year > 2010'))",
    "blind_n": "int(blind.sum())",
    "blind_alike": "100 * (codings['first'][blind].astype(str) == "
    "codings['second'][blind].astype(str)).mean()",
    "blind_kappa": "measures.cohens_kappa(codings['first'][blind], codings['second'][blind])",
    "seen_n": "int((~blind).sum())",
    "seen_kappa": "measures.cohens_kappa(codings['first'][~blind], codings['second'][~blind])",
    "mean_us": "times.mean()",
    "uzb_us2": "times.UZB",
    "none_us": "times.TJK + times.TKM",
    "rus_debt": "owed.sum() / 1e9",
}
# What the page tells in words alone.
MORE = """
uzbek = tables.load("votes").query(
    "measure == 'agreement_identical' and partner == 'USA' and country == 'UZB'"
).set_index("year")
american = tables.load("votes").query(
    "measure == 'agreement_half' and partner == 'USA' and country in @FIVE"
).pivot(index="year", columns="country", values="value")
apart = american.UZB - american.drop(columns="UZB").mean(axis=1)
changes = apart.dropna().diff().dropna()
troops = tables.load("us_troops").query("country == 'KGZ'").set_index("year").troops
bought_by = bought.pivot(index="year", columns="source_id", values="value_usd")
owed = tables.load("debt").query(
    "measure == 'stock' and creditor == 'RUS' and year == 2024"
).set_index("country").value_usd
"""


@pytest.fixture(scope="module")
def page():
    """Return what the page's blocks leave behind, run from top to bottom."""
    names = {}
    for code in [*BLOCK.findall(PAGE), MORE]:
        exec(compile(code, "docs/methods.md", "exec"), names)
    return names


@pytest.mark.parametrize(("printed", "name"), MARKED.findall(PAGE))
def test_a_figure_is_what_the_tables_give(page, printed, name):
    value = float(eval(FIGURES[name], page))
    decimals = len(printed.partition(".")[2])
    assert f"{value:,.{decimals}f}".replace("-", "−") == printed, value


def test_every_figure_is_marked_and_every_expression_is_used():
    prose = FREE.sub("", MARKED.sub("", BLOCK.sub("", PAGE)))
    assert not re.findall(r"[^\n]{0,30}\d[^\n]{0,30}", prose)
    assert sorted(name for _, name in MARKED.findall(PAGE)) == sorted(FIGURES)


def test_what_the_page_says_without_a_figure(page):
    changes, owed = page["changes"], page["owed"]
    assert tables.load("exercises").year.max() == 2010
    assert changes[1997] >= abs(changes[2004])
    assert owed[owed > 0].index.to_list() == ["UZB"]
    assert page["times"][["TJK", "TKM"]].to_list() == [0, 0]


def test_the_page_has_ten_habits():
    sections = re.split(r"^## \d+\. ", PAGE, flags=re.M)[1:]
    assert len(sections) == 10
    for section in sections:
        assert "**What another choice gives.**" in section
        assert "**Habit:**" in section
        assert BLOCK.search(section)


def test_the_table_of_habits_is_the_pages():
    """Lessons and glossary lead to a habit by its key; the words are those of the page."""
    headings = re.findall(r"^## \d+\. (.+)$", PAGE, flags=re.M)
    rules = re.findall(r"^\*\*Habit:\*\* (.+)$", PAGE, flags=re.M)
    habits = tables.load("habits")
    assert habits["habit"].tolist() == [f"habit-{n:02}" for n in range(1, len(headings) + 1)]
    assert habits["question"].tolist() == headings
    assert habits["rule"].tolist() == [rule[0].upper() + rule[1:] for rule in rules]
    terms = habits["terms"].dropna().str.split(";").explode()
    assert set(terms) <= set(tables.load("glossary")["term"])
