"""What an author fills into the skeleton of a lesson on Turkey: small, and true.

The dates, memberships and shares stand in the course's tables, the events in its sources.
"""

from centralasia import authoring, course, notebooks, tables
from centralasia.authoring import draft, rows

NUMBER = f"{len(course.lessons()):02}"
NAME = f"{NUMBER}-turkey"
FOUNDED, PARTNER, RENAMED = (
    f"EV-{int(tables.load('events')['event_id'].max()[3:]) + n}" for n in (1, 2, 3)
)
COMMAND = ["notebooks", "new", NAME, "--power", "turkey", "--from", "07"]
FILLED = {
    "lessons": {NUMBER: {"start": "1991"}},
    "texts": {
        "turkey": {
            "title": "Nakhchivan Agreement on the Establishment of the Cooperation Council",
            "in_sentence": "the Nakhchivan Agreement",
            "author": "Azerbaijan, Kazakhstan, Kyrgyzstan and Turkey",
            "date": "2009-10-03",
            "note": "Founds what has been the Organization of Turkic States since 2021.",
            "source_id": "today-az-18e84a",
        }
    },
    "claims": {
        "TU-01": {
            "kind": "membership",
            "claim": "Azerbaijan, Kazakhstan, Kyrgyzstan and Turkey make up the council.",
            "verdict": "imprecise",
            "date": "2009-10-03",
            "finding": "So it was on the day of signing. Uzbekistan became a member on 14 October "
            "2019, and Turkmenistan an observer on 12 November 2021.",
            "correction": "Four states founded the council; Uzbekistan joined ten years later.",
            "decided_by": "memberships: the rows of the Organization of Turkic States",
        }
    },
    "claim_sources": {"TU-01": {"source_id": "today-az-18e84a"}},
    "events": {
        FOUNDED: {
            "date": "2009-10-03",
            "title": "Four Turkic states found a council in Nakhchivan",
            "countries": "TUR;AZE;KAZ;KGZ",
            "organizations": "Turkic Council/OTS",
            "description": "Kazakhstan and Kyrgyzstan sign with Turkey and Azerbaijan.",
            "confidence": "medium",
            "source_id": "today-az-18e84a",
        },
        PARTNER: {
            "date": "2013-04-26",
            "title": "Turkey becomes a dialogue partner of the SCO",
            "countries": "TUR;KAZ",
            "organizations": "SCO",
            "description": "The memorandum is signed in Almaty; a summit agreed in June 2012.",
            "confidence": "medium",
            "source_id": "hrondas-ru-ff0481",
        },
        RENAMED: {
            "date": "2021-11-12",
            "title": "The council becomes the Organization of Turkic States",
            "dimension": "institutional",
            "countries": "TUR;AZE;KAZ;KGZ;UZB;TKM",
            "organizations": "Turkic Council/OTS",
            "description": "At the summit in Istanbul Turkmenistan comes in as an observer.",
            "confidence": "medium",
            "source_id": "newscentralasia-net-4015c3",
        },
    },
    "items": {
        f"{NUMBER}-p1": {
            "prompt": "How many of the five were members of the Organization of Turkic States at "
            "the end of 2024?",
            "explanation": "Two of the five founded it, and a third joined ten years later.",
        },
        f"{NUMBER}-q1": {
            "prompt": "Which of the five is neither a member nor an observer of the Organization "
            "of Turkic States?"
        },
    },
    "options": {
        f"{NUMBER}-p1": [("One", False), ("Two", False), ("Three", True), ("Five", False)],
        f"{NUMBER}-q1": [
            ("Kazakhstan", False, "It was among the founders of 2009."),
            ("Tajikistan", True, "Its language is Persian, and no row of the table names it."),
            ("Turkmenistan", False, "Since 2021 it has been an observer."),
            ("Uzbekistan", False, "The agreement has been in force for it since October 2019."),
        ],
    },
    "workings": {
        f"{NUMBER}-p1": {
            "expression": "{1: 1, 2: 2, 3: 3, 5: 4}"
            "[members('Turkic Council/OTS', pd.Timestamp('2024-12-31'))]"
        },
    },
}
"""New values by table and key; of the other items nothing is kept."""
ABOUT = {
    "title": "Turkey and the Turkic states",
    "period": "since 1991",
    "minutes": 30,
    "needs": "Lesson 00.",
    "next": "Lesson 09 compares the three powers of the essay.",
    "objectives": ["hold a founding treaty against the memberships of today"],
}
CELLS = {
    "title": f"""
# {NUMBER} · Turkey and the Turkic states

On [3 October 2009](#{FOUNDED}) Turkey founded a council with Azerbaijan and two of the five.
**Who is in it today?**

## Before you start

Run the cells from top to bottom: press **Shift + Enter** in each.
""",
    "setup": None,
    "predict": """
## Predict

One guess, with the confidence that you have in it.
""",
    "predictions": f'widgets.predict("{NUMBER}-p1")',
    "what-the-text-says": """
## What the Nakhchivan Agreement says

Its founders are the members. A list of members is the kind of claim that a table can settle, for a
day.
""",
    "claim-cards": None,
    "reading-acts": f"""
## Institutions

The founders met in Nakhchivan on [3 October 2009](#{FOUNDED}). The present name is from
[12 November 2021](#{RENAMED}).
""",
    "acts": """
events = tables.load("events").query("power == 'turkey'")
events[["date_text", "title"]].set_index("date_text")
""",
    "timeline": """
charts.event_timeline(
    events, title="A council in 2009, another name in 2021",
    description="Three events of 2009, 2013 and 2021: two in institutions, one in security.",
)
""",
    "partnership": f"""
members = tables.load("memberships").query("organization == 'Turkic Council/OTS'")
members = members.astype({{"country": str}}).set_index("country")[["status", "start_text"]]
five = members.reindex(["KAZ", "KGZ", "TJK", "TKM", "UZB"])
display(five)
inside = int(five["status"].eq("member").sum())
widgets.reveal("{NUMBER}-p1", {{1: "One", 2: "Two", 3: "Three", 5: "Five"}}[inside])
""",
    "reading-partnership": f"""
Tajikistan has no row. A table of members says who signed and not what they do there.

## Security

Turkey is in NATO and has been a dialogue partner of the Shanghai organisation since
[26 April 2013](#{PARTNER}), by the side of Russia and China.

## Economy

Trade is a second way to be present.
""",
    "trade-share": """
trade = tables.load("trade").query("source_id == 'cow_trade_v4' and year == 2014")
trade = trade.astype({"country": str, "partner": str})
sums = trade.pivot_table(index="country", columns="partner", values="value_usd", aggfunc="sum")
(100 * sums[["TUR", "RUS", "CHN"]].div(sums.WLD, axis="index")).round(1)
""",
    "reading-trade": """
In 2014 Turkey had more of Turkmenistan's trade than Russia had, and less than Russia in the other
four. The two states for which it weighs most in trade are not its fellow founders.

**A doubt about the data.** A state's own books may say otherwise.

## Check the claims

Say how sure you are before you open the evidence.
""",
    "check-all": 'widgets.claim_check(["TU-01"], evidence={"TU-01": members})',
    "after-check": """
A claim about members needs a day.

## Check yourself
""",
    "quiz": None,
    "discuss": """
## Discuss

What would show that the council changes what a member does?

## Go further

Every event and claim named above, with its source:
""",
    "references": None,
}
"""By id; None leaves a cell as it is, and a cell that is not named goes."""


def fill(course_folder):
    """Do what an author does after the command: rows, and the notebook."""
    _fill_rows(course_folder / "data")
    _fill_notebook(course_folder / "notebooks" / f"{NAME}.ipynb")


def _fill_rows(data):
    """Write the rows, and delete those of items that are not used; no other row changes."""
    schemas = draft.schemas()
    for name, by_key in FILLED.items():
        table = rows.read(data / f"{name}.csv", schemas[name])
        marked = [row for row, text in table.rows if authoring.MARK in text]
        filled = []
        for row in marked:
            values = by_key.get(next(iter(row.values())), {})
            if name == "options" and values:
                text, correct, *feedback = values[int(row["position"]) - 1]
                values = {"text": text, "correct": str(correct).lower()}
                values |= {"feedback": feedback[0]} if feedback else {}
            filled.append(row | values)
        whole = [row for row in filled if authoring.MARK not in "".join(row.values())]
        table.file.write_text(table.without(marked).with_rows(whole).text, encoding="utf-8")


def _fill_notebook(path):
    """Write the cells, and delete those that are not used."""
    made = notebooks.read(path)
    by_id = {cell.id: cell for cell in made.cells}
    for cell_id, source in CELLS.items():
        by_id[cell_id].source = source or by_id[cell_id].source
    made.cells = [by_id[cell_id] for cell_id in CELLS]
    made.metadata["centralasia"] = ABOUT
    notebooks.write(notebooks.normalise(made), path)
