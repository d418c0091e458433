"""The codebook of the data package, written from its description.

``python -m centralasia.codebook`` writes ``data/README.md`` anew. A test holds the two equal.
"""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from centralasia import columns, course, tables
from centralasia.paths import data_dir

_HEAD = """\
<!-- Written by `python -m centralasia.codebook` from datapackage.json: edit that file. -->

# Codebook

{description}

```python
from centralasia import tables
tables.load("trade")      # a typed frame
tables.describe("trade")  # its columns
tables.sources("trade")   # where its rows come from
```

## How to read the tables

- One observation a row, UTF-8, sorted by the key, no row twice. An empty cell is missing; a zero \
is a zero.
- `source_id` leads to the table [sources](#sources): who published it, under which terms, what to \
beware of.
- A state is its ISO 3166 alpha-3 code, a group of states a longer code; [areas](#areas) names \
both. Several codes in a cell are joined by `;`.
- A date is a day, a month or a year, as the source gives it (`1994-03-28`, `1994-03`, `1994`). \
`tables.load` makes it a timestamp (the last day, where the column ends a spell) and keeps the \
text in `<column>_text`.
- Money is in US dollars, current or constant as the unit says.
- Where sources disagree, each has its row. Never add them up.

## Terms

Texts and the compilation are under CC BY 4.0. Figures stay under the terms of those who published \
them: see the line *Licence* of each table and the column `licence` of [sources](#sources). Its \
column `use` sums them up: `open`, `attribution`, `share_alike`, `non_commercial`, `unclear` \
(cited for facts; no terms stated). Tables with figures for non-commercial use only (teaching, \
research, comment): {restricted}.

Left out, although at hand:

{left_out}

Looked for, and not found in any form with terms that allow passing it on:

{not_found}

## Tables

| Table | Holds | As of |
|---|---|---|
{index}

## The balance of the record

How many rows of [events](#events) name a state, by the power from whose side they are told and by \
period: institutional, security, economic. A dash stands for none. Editors chose the rows, so \
"–" says first of all that nobody wrote a row: it is no proof that nothing happened.

{balance}
"""
_PERIODS = [(first, first + 4) for first in range(1991, 2026, 5)]


def render() -> str:
    """Return the codebook as Markdown.

    Returns
    -------
    str

    Raises
    ------
    FileNotFoundError
        If the course's data folder is missing.

    Examples
    --------
    >>> render().splitlines()[2]
    '# Codebook'
    """
    package = json.loads((data_dir() / "datapackage.json").read_text(encoding="utf-8"))
    resources = package["resources"]
    index = [f"| [{r['name']}](#{r['name']}) | {r['title']} | {r['as_of']} |" for r in resources]
    head = _HEAD.format(
        description=package["description"],
        restricted=", ".join(
            f"[{r['name']}](#{r['name']})"
            for r in resources
            if any(terms["name"] == "other-nc" for terms in r["licenses"])
        ),
        left_out="\n".join(f"- {line}" for line in package["left_out"]),
        not_found="\n".join(f"- {line}" for line in package["not_found"]),
        index="\n".join(index),
        balance=balance(),
    )
    return "\n".join([head, *(_section(r) for r in resources)])


def balance() -> str:
    """Return how the events lie over powers, states, periods and dimensions, as Markdown.

    Returns
    -------
    str
        One table a power: a row a state, a column a period of five years, and in each cell the
        numbers of institutional, security and economic events. An event counts for every state
        that it names.

    Examples
    --------
    >>> balance().splitlines()[0]
    '| Russia | 1991-1995 | 1996-2000 | 2001-2005 | 2006-2010 | 2011-2015 | 2016-2020 | 2021-2025 |'
    """
    events = tables.load("events")
    events = events.assign(year=events["date"].dt.year)
    blocks = []
    for power in course.powers():
        told = events[events["power"] == power.key]
        heads = [power.name, *(f"{first}-{last}" for first, last in _PERIODS)]
        lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
        for state, name in course.states().items():
            rows = told[told["countries"].str.contains(state)]
            cells = [_cell(rows[rows["year"].between(*period)]) for period in _PERIODS]
            lines.append("| " + " | ".join([name, *cells]) + " |")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _cell(rows: pd.DataFrame) -> str:
    counts = (int((rows["dimension"] == dimension).sum()) for dimension in course.DIMENSIONS)
    return " ".join(str(n) if n else "–" for n in counts)


def main() -> None:
    """Write ``data/README.md``."""
    path = data_dir() / "README.md"
    path.write_text(render(), encoding="utf-8", newline="\n")
    print(f"Wrote {path}")


def _section(resource: dict[str, Any]) -> str:
    lines = [f"### {resource['name']}", "", f"{resource['title']}. {resource['description']}", ""]
    lines += [
        f"- File: `{resource['path']}`, as of {resource['as_of']}",
        f"- Licence: {'; '.join(_link(x) for x in resource['licenses'])}",
        f"- Source: {'; '.join(_link(x) for x in resource['sources'])}",
    ]
    schema = resource.get("schema")
    if schema:
        lines.append(f"- Key: {', '.join(f'`{part}`' for part in schema['primaryKey'])}")
    lines += [f"- Note: {note}" for note in resource.get("notes", [])]
    if schema:
        lines += ["", "| Column | Type | Unit | Meaning |", "|---|---|---|---|"]
        lines += [_row(field, schema.get("foreignKeys", [])) for field in schema["fields"]]
    return "\n".join([*lines, ""])


def _row(field: dict[str, Any], keys: list[dict[str, Any]]) -> str:
    target = next(
        (k["reference"].get("resource") for k in keys if k["fields"] == [field["name"]]), None
    )
    meaning = field["description"] + (f" → [{target}](#{target})" if target else "")
    kind = columns.kind(field)
    if not field.get("constraints", {}).get("required"):
        kind += ", may be missing"
    return f"| `{field['name']}` | {kind} | {field.get('unit', '')} | {meaning} |"


def _link(item: dict[str, str]) -> str:
    return f"[{item['title']}]({item['path']})" if "path" in item else item["title"]


if __name__ == "__main__":
    main()
