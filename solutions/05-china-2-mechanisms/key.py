"""Key of exercise 05: who was tied to whom, and what the acts were about."""

from collections.abc import Callable

import pandas as pd

from centralasia import measures, tables
from centralasia.checks import rows
from centralasia.checks.asks import Argument, Chart, Choice, Form, Mistake, Number, Table
from centralasia.checks.cases import STATES, Case, pool
from centralasia.checks.slices import Slice

SOURCE = "cow_trade_v4"
NODES = ("CHN", "KAZ", "KGZ", "TJK", "TKM", "UZB", "RUS", "USA")
BODIES = (
    "CIS", "CST", "CIS Customs Union (1995)", "EurAsEC", "CAU/CAEC", "Shanghai Five", "SCO",
)  # fmt: skip
TOPICS = {
    "troops": "troops|soldiers|military|forces|exercise",
    "borders": "border|frontier",
    "violence": "terror|militant|fighters|bomb|separatis",
    "trade": "trade|econom|customs|pipeline|oil|gas",
}
SECURITY = "|".join(TOPICS[topic] for topic in ("troops", "borders", "violence"))
# Before Shanghai, between the Five and the SCO, after Uzbekistan left its alliance, and after
# the founding of the SCO: the days tell the states apart in question 5.
POOL = pool(
    tuple(STATES),
    ("CHN", "RUS"),
    (
        (1994, 1999, "1995-06-01"),
        (1994, 2000, "1998-07-03"),
        (1996, 2001, "2000-01-01"),
        (1996, 2002, "2002-06-07"),
    ),
)
GUEST = Case("UZB", "CHN", 1996, 2001, "2001-06-15")
TABLES = (
    Slice(
        table="memberships",
        about="Who of the eight states belonged to the bodies, and when",
        where={"organization": (*BODIES, "CSTO"), "country": NODES},
        columns=("organization", "country", "status", "start", "end"),
    ),
    Slice(
        table="events",
        about="The events from {start} to {end} that name {state}",
        where={"countries": ("{state}",)},
        period="date",
        columns=("event_id", "date", "title", "description"),
    ),
    Slice(
        table="events",
        about="The events from {start} to {end} that come under {partner}",
        where={"power": ("{power}",)},
        period="date",
        columns=("event_id", "date", "title", "description", "dimension"),
    ),
    Slice(
        table="trade",
        about="The trade of the five with {partner}, {start} and {end}",
        where={
            "source_id": (SOURCE,),
            "country": tuple(STATES),
            "partner": ("{partner}",),
            "year": ("{start}", "{end}"),
        },
        columns=("country", "year", "flow", "value_usd"),
    ),
)


def ties(case: Case, day: str | None = None, bodies: tuple = BODIES) -> pd.DataFrame:
    memberships = tables.load("memberships")
    shared = dict.fromkeys(NODES, 0)
    for body in bodies:
        inside = measures.members_on(memberships, body, day or case.day)
        if case.state in inside:
            for node in NODES:
                shared[node] += node in inside
    del shared[case.state]
    rows = [(other, n) for other, n in shared.items() if n]
    return pd.DataFrame(rows, columns=["other", "shared"])


def ever_tied(case: Case) -> pd.DataFrame:
    spells = tables.load("memberships").query("status == 'member'")
    shared = dict.fromkeys(NODES, 0)
    for body in BODIES:
        inside = set(spells[spells.organization == body].country)
        if case.state in inside:
            for node in NODES:
                shared[node] += node in inside
    del shared[case.state]
    rows = [(other, n) for other, n in shared.items() if n]
    return pd.DataFrame(rows, columns=["other", "shared"])


def with_zeros(case: Case) -> pd.DataFrame:
    known = ties(case).set_index("other").shared
    others = [node for node in NODES if node != case.state]
    return known.reindex(others, fill_value=0).rename_axis("other").reset_index()


def acts(case: Case, everybody: bool = False, always: bool = False) -> pd.DataFrame:
    events = tables.load("events")
    if not everybody:
        events = events[events.countries.str.contains(case.state)]
    if not always:
        events = events[events.date.dt.year.between(case.start, case.end)]
    return events


def words(events: pd.DataFrame, part: str = "both") -> pd.Series:
    titles = {"both": events.title + " " + events.description}
    return titles.get(part, events.title)


def coded(
    case: Case, part: str = "both", case_matters: bool = False, **which: bool
) -> pd.DataFrame:
    text = words(acts(case, **which), part)
    counts = {t: text.str.contains(p, case=case_matters).sum() for t, p in TOPICS.items()}
    return pd.DataFrame({"topic": list(counts), "n": [int(n) for n in counts.values()]})


def two_codings(case: Case, own_power: bool = True) -> tuple[pd.Series, pd.Series]:
    events = acts(case, everybody=True)
    if own_power:
        events = events[events.power == case.power]
    by_words = words(events).str.contains(SECURITY, case=False)
    return by_words, events.dimension.eq("security")


def kappa(case: Case, own_power: bool = True) -> float:
    return float(measures.cohens_kappa(*two_codings(case, own_power)))


def agreement(case: Case) -> float:
    by_words, by_table = two_codings(case)
    return float((by_words == by_table).mean())


def change(case: Case, flows: tuple = ("export", "import"), scale: float = 1e6) -> pd.DataFrame:
    trade = tables.load("trade")
    rows = trade[(trade.source_id == SOURCE) & (trade.partner == case.partner)]
    rows = rows[rows.country.isin(list(STATES)) & rows.flow.isin(flows)]
    sums = rows.astype({"country": str}).groupby(["country", "year"]).value_usd.sum().unstack()
    moved = (sums[case.end] - sums[case.start]) / scale
    return moved.rename("change").reset_index()


def trade_in(case: Case, year: int) -> float:
    """Return the trade of the state with the partner in a year, million US dollars."""
    trade = tables.load("trade")
    rows = trade[(trade.source_id == SOURCE) & (trade.partner == case.partner)]
    return float(rows[(rows.country == case.state) & (rows.year == year)].value_usd.sum() / 1e6)


def levels(case: Case) -> pd.DataFrame:
    trade = tables.load("trade")
    rows = trade[(trade.source_id == SOURCE) & (trade.partner == case.partner)]
    rows = rows[rows.country.isin(list(STATES)) & rows.year.eq(case.end)]
    sums = rows.astype({"country": str}).groupby("country").value_usd.sum() / 1e6
    return sums.rename("change").reset_index()


def inside(case: Case) -> tuple[bool, bool]:
    """Whether the state owes mutual defence on the day, and whether it sits in a Shanghai body."""
    memberships = tables.load("memberships")
    return tuple(
        any(case.state in measures.members_on(memberships, body, case.day) for body in bodies)
        for bodies in (("CST", "CSTO"), ("Shanghai Five", "SCO"))
    )


LETTERS = {(True, True): "A", (False, True): "B", (True, False): "C", (False, False): "D"}


def reading(case: Case) -> str:
    return LETTERS[inside(case)]


def other_letter(defence: bool, shanghai: bool) -> Callable[[Case], str]:
    """Return what somebody finds who errs in one of the two memberships, or in both."""

    def value(case: Case) -> str:
        has = inside(case)
        return LETTERS[has[0] != defence, has[1] != shanghai]

    return value


def ties_path(case: Case) -> list[str]:
    memberships = tables.load("memberships")
    mine = [b for b in BODIES if case.state in measures.members_on(memberships, b, case.day)]
    said = ", ".join(f"{row.other} {row.shared}" for row in ties(case).itertuples())
    return [
        f"On {case.day} {case.state_name} was a member of {len(mine)} of the seven bodies: "
        f"{', '.join(mine)}.",
        "For each of them take the other members, and keep those that are among the eight states.",
        f"Count how often each comes up: {said}. A state that never comes up has no row.",
    ]


def topics_path(case: Case) -> list[str]:
    said = ", ".join(f"{row.topic} {row.n}" for row in coded(case).itertuples())
    return [
        f"{len(acts(case))} events of {case.start} to {case.end} name {case.state_name}.",
        "Put title and description together with a blank between them, and ask for each pattern "
        "whether it occurs, capital letters or not.",
        f"The sums are: {said}. An event can speak of two topics, or of none.",
    ]


def kappa_path(case: Case) -> list[str]:
    by_words, by_table = two_codings(case)
    return [
        f"{len(by_words)} events of the period come under {case.partner_name}.",
        f"By the words {int(by_words.sum())} of them are about security, by the table "
        f"{int(by_table.sum())}.",
        f"The two codings agree in {agreement(case):.3f} of the cases. Two coders who drew lots, "
        f"each with these frequencies, would agree often too: beyond that, kappa is "
        f"{kappa(case):.3f}.",
    ]


def change_path(case: Case) -> list[str]:
    said = ", ".join(f"{row.country} {row.change:+.0f}" for row in change(case).itertuples())
    return [
        f"Add exports to {case.partner_name} and imports from there, for each state, in "
        f"{case.start} and in {case.end}.",
        f"Last minus first, in millions: {said}.",
        "Draw one bar for each state from zero, downwards where trade fell, with a title for both "
        "axes.",
    ]


def reading_path(case: Case) -> list[str]:
    defence, shanghai = inside(case)
    return [
        f"In a treaty of mutual defence (CST or CSTO) on {case.day}: {'yes' if defence else 'no'}.",
        f"In a Shanghai body on that day: {'yes' if shanghai else 'no'}.",
        f"That is answer {reading(case)}.",
    ]


def _first(frame: pd.DataFrame, by: list[str]) -> dict[str, object] | None:
    return None if frame.empty else frame.sort_values("shared")[by].iloc[-1].to_dict()


def _spells_of_question_5(case: Case) -> pd.DataFrame:
    spells = tables.load("memberships").query("country == @case.state")
    return rows.spells(spells[spells.organization.isin(["CST", "CSTO", "Shanghai Five", "SCO"])])


def _spells_of_two(case: Case) -> pd.DataFrame:
    spells = tables.load("memberships")
    two = [case.state, *(_first(ties(case), ["other"]) or {}).values()]
    return rows.spells(spells[spells.organization.isin(BODIES) & spells.country.isin(two)])


QUESTIONS = [
    Table(
        id="ex05-q1-ties",
        names=("ties",),
        points=4,
        minutes=12,
        by=("other",),
        numbers={"shared": ("number of bodies", 0, 7, 0)},
        expected=ties,
        form=Form(
            prompt=(
                "Two states are tied by a body if both were members of it. By how many of the "
                "bodies in this table was {state} tied on {day} with {cell[other]}? Observers are"
                " no members; the first and the last day of a membership belong to it."
            ),
            rows=_spells_of_two,
            cell=lambda case: _first(ties(case), ["other"]),
        ),
        mistakes=(
            Mistake(
                "zeros",
                "The counts are right, but states without a common body have a row too. Leave "
                "them out: no body, no tie.",
                with_zeros,
            ),
            Mistake(
                "ever",
                "You counted bodies to which both belonged at some time. On your day some spells "
                "had not begun, and others had ended.",
                ever_tied,
            ),
            Mistake(
                "year-end",
                "These are the ties at the end of the year. Your day is another one.",
                lambda case: ties(case, day=f"{case.day[:4]}-12-31"),
            ),
            Mistake(
                "shanghai-only",
                "You looked at the two Shanghai bodies only. The list bodies has seven.",
                lambda case: ties(case, bodies=("Shanghai Five", "SCO")),
            ),
        ),
        hints=(
            "Two states are tied by a body if both are members of it on the day.",
            "measures.members_on(memberships, body, case.day) gives the members of one body. Go "
            "through the bodies in a loop, and skip those without your state.",
            "Gather the other members in one list. pd.Series(that_list).value_counts() counts how "
            "often each state comes up.",
        ),
        path=ties_path,
    ),
    Table(
        id="ex05-q2-topics",
        names=("coded",),
        points=4,
        minutes=12,
        by=("topic",),
        numbers={"n": ("number of events", 0, 400, 0)},
        expected=coded,
        mistakes=(
            Mistake(
                "title-only",
                "You coded the titles only. Much stands in the descriptions: put the two texts "
                "together.",
                lambda case: coded(case, part="title"),
            ),
            Mistake(
                "capitals",
                "Words at the beginning of a sentence got lost: the search minds capital letters. "
                "str.contains has a switch for that.",
                lambda case: coded(case, case_matters=True),
            ),
            Mistake(
                "region",
                "You coded the events of the whole region. Keep those whose countries name your "
                "state.",
                lambda case: coded(case, everybody=True),
            ),
            Mistake(
                "all-years",
                "You coded the events of all years. Keep those of your period.",
                lambda case: coded(case, always=True),
            ),
        ),
        hints=(
            "First choose the events, then make one text of each, then look for the patterns.",
            "events.title + ' ' + events.description is one text for each event. "
            "text.str.contains(pattern, case=False) is True where a word occurs.",
            "The sum of a column of True and False is the number of True. A loop over "
            "topics.items() gives one number for each topic.",
        ),
        path=topics_path,
    ),
    Number(
        id="ex05-q3-kappa",
        names=("kappa",),
        points=4,
        minutes=12,
        unit="Cohen's kappa, from -1 to 1",
        low=-1,
        high=1,
        tolerance=0.0005,
        expected=kappa,
        form=Form(
            prompt=(
                "Events of {start} to {end} under {partner} were coded twice: by words (does the "
                "text speak of troops, borders or violence?) and by the table (is the dimension "
                "security?). The table counts the pairs. How far do the two codings agree beyond "
                "chance? Give Cohen’s kappa, right to three decimals."
            ),
            rows=lambda case: rows.codings(
                *(coded.map({True: "security", False: "other"}) for coded in two_codings(case)),
                "by words",
                "by the table",
            ),
        ),
        mistakes=(
            Mistake(
                "agreement",
                "This is the share of events on which the two codings agree. Kappa takes away "
                "what chance alone would give.",
                agreement,
            ),
            Mistake(
                "all-powers",
                "You compared the codings of all powers' events. Keep those that come under your "
                "partner.",
                lambda case: kappa(case, own_power=False),
            ),
        ),
        hints=(
            "Every event gets two answers, yes or no: by its words, and by the table.",
            "One says whether a word of security occurs, the other whether the table's dimension "
            "is security. The list security joins the patterns.",
            "measures.cohens_kappa(a, b) takes the two columns.",
        ),
        path=kappa_path,
    ),
    Chart(
        id="ex05-q4-chart",
        names=("chart",),
        points=6,
        minutes=12,
        marks=("bar",),
        x="country",
        y="change",
        tolerance=0.5,
        turned=True,
        expected=change,
        mistakes=(
            Mistake(
                "dollars",
                "The bars are in dollars. Millions are asked for: divide by a million.",
                lambda case: change(case, scale=1),
            ),
            Mistake(
                "exports",
                "The bars show the change of the exports only. Add the imports.",
                lambda case: change(case, flows=("export",)),
            ),
            Mistake(
                "imports",
                "The bars show the change of the imports only. Add the exports.",
                lambda case: change(case, flows=("import",)),
            ),
            Mistake(
                "last-year",
                "The bars show the trade of the last year, and not by how much it changed.",
                levels,
            ),
        ),
        hints=(
            "Make a table with the columns country and change first; it has five rows.",
            "Group by country and year, add up, and unstack: then each year is a column, and one "
            "column minus another is the change.",
            "mark_bar draws bars from zero, below it too. Both axes, the chart and those who "
            "can't see it need words.",
        ),
        path=change_path,
    ),
    Choice(
        id="ex05-q5-reading",
        names=("q5_answer", "q5_confidence"),
        points=2,
        minutes=5,
        options={
            "A": "It was in a treaty of mutual defence and in a Shanghai body.",
            "B": "It was in a Shanghai body, and in no treaty of mutual defence.",
            "C": "It was in a treaty of mutual defence, and in no Shanghai body.",
            "D": "It was in neither.",
        },
        expected=reading,
        form=Form(
            prompt=(
                "On {day}, was {state} a member of a treaty of mutual defence (CST or CSTO), and "
                "of a Shanghai body (Shanghai Five or SCO)? The first and the last day of a "
                "membership belong to it."
            ),
            rows=_spells_of_question_5,
        ),
        mistakes=(
            Mistake(
                "defence",
                "The Shanghai body is as you say, the treaty of mutual defence is not. When did "
                "the spells in CST and CSTO begin and end?",
                other_letter(True, False),
            ),
            Mistake(
                "shanghai",
                "The treaty of mutual defence is as you say, the Shanghai body is not. When did "
                "the spells in Shanghai Five and SCO begin?",
                other_letter(False, True),
            ),
            Mistake(
                "both",
                "Both are the other way. Did you look at your day, and at your state?",
                other_letter(True, True),
            ),
        ),
        hints=(
            "Four bodies are named. Of which was your state a full member on your day?",
            "Ask measures.members_on for each of the four bodies whether your state is in it.",
        ),
        path=reading_path,
    ),
    Argument(id="ex05-q6-argument", points=18, minutes=37),
]
