"""What the pages and their scripts say, in the language that is asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from centralasia.checks import judge, judge_chart, judge_table, outcome, units
from centralasia.language import _
from centralasia.widgets import spoken

_SAY = Path(__file__).with_name("say.js")


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them.

    Examples
    --------
    >>> listed(["Russia", "China", "the United States"])
    'Russia, China and the United States'
    """
    if len(names) < 2:
        return "".join(names)
    return _("{names} and {last}").format(names=", ".join(names[:-1]), last=names[-1])


def of_book() -> dict[str, str]:
    """Return what the scripts of all pages, ``live.js`` and ``search.js`` say."""
    return _both() | {
        **_of_charts_of_book(),
        "nothing_found": _(
            "Nothing has “{words}”. Try fewer words, another spelling, or the glossary."
        ),
        "found": _("Places found: {n}"),
        "found_more": _("Places found: {n}. These are the first {shown}."),
        "found_near": _("Nothing has “{words}”. Places found for “{instead}”: {n}."),
        "found_as": _("Looked for as well: {names}."),
        "live_folder": _(
            "Python does not run here, because this page was opened from a folder and browsers run "
            "it only from a server. Everything else on the page works."
        ),
        "live_old": _(
            "This browser is too old to run Python. Everything else on the page works in it."
        ),
        "live_away": _(
            "Python cannot be fetched. Check the network, and try again. Everything else on this "
            "page works."
        ),
        "live_other": _(
            "This page and its Python are of different releases. Reload the page to get the new "
            "one."
        ),
        "live_running": _("Python is running cell {n} of {all} …"),
        "live_now": _(
            "This page is live: open “Show the Python” above a result, change it, and run it."
        ),
        "live_stopped": _("Python was stopped. It starts again when you run a cell."),
        "live_stop": _("Stop"),
        "code": _("Python of this cell"),
        "run": _("Run"),
        "undo": _("As the course has it"),
        "cell_waits": _("Waits for Python …"),
        "cell_same": _("Done: the result is the same as before."),
        "cell_new": _("Done: the result is new."),
        "cell_quiet": _("Done. This cell shows nothing."),
        "cell_failed": _("This cell stopped with an error; what stands below is its last result."),
        "cell_where": _("Where it stopped"),
        "changed": _("You changed the Python of this page; “Make this page live” brings it back."),
        "table": _("Table"),
        "chart": _("A chart."),
        "in_glossary": _("In the glossary"),
        "close_term": _("Close"),
    }


def _of_charts_of_book() -> dict[str, str]:
    return {
        "all_code": _("Show all code"),
        "tabs": _("This chart"),
        "tab_chart": _("Chart"),
        "tab_table": _("Table"),
        "tab_source": _("Source"),
        "tab_download": _("Download"),
        "play": _("▶ Play"),
        "pause": _("❚❚ Pause"),
        "step_back": _("One step back"),
        "step_on": _("One step on"),
        "name_hint": _("Tap a mark in the chart to read it, or step from one to the next."),
        "name_back": _("Read the mark before"),
        "name_on": _("Read the next mark"),
        "more_changes": _("and {n} more changes"),
        "rows_all": _("Rows: {n}."),
        "rows_first": _(
            "Rows: {n}, of which these are the first {shown}. Download has all of them."
        ),
        "no_rows": _("This chart draws no data: all of it follows from its controls."),
        "fetching_sources": _("Looking up the sources …"),
        "terms": _("Terms: {terms}."),
        "in_tables": _("In the course’s tables:"),
        "table_named": _("(table {name})."),
        "own_table": _("The course’s own table. Terms: {terms}."),
        "more_sources": _("and {n} more, which its rows name"),
        "save_csv": _("Save the data as CSV{n}"),
        "save_png": _("Save the picture as PNG"),
        "save_svg": _("Save the picture as SVG"),
        "save_note": _(
            "Numbers are in full, the first line names the columns. Pictures are light."
        ),
    }


def _offline() -> dict[str, str]:
    """Return what ``offline.js`` says, in the book and in the browser edition."""
    return {
        "offline_folder": _(
            "This page was opened from a folder, so it needs no network. Python needs a server."
        ),
        "offline_http": _(
            "The address of this page begins with http://, and browsers keep no such page: it does "
            "not open without a network. An address with https:// would."
        ),
        "offline_never": _(
            "This browser keeps no pages, as in a private window or with its store blocked: they "
            "do not open without a network."
        ),
        "offline_room": _(
            "The browser gives too little room to keep everything: without a network only some "
            "pages open."
        ),
        "offline_away": _(
            "The network stopped before everything was kept. What is missing is fetched at your "
            "next visit."
        ),
        "offline_keeping": _("Being kept on this device: {n} of {all} MB …"),
        "offline_pages": _(
            "The pages that you open are kept on this device, and open without a network."
        ),
        "offline_pages_free": _(
            "The pages that you open are kept on this device, and open without a network."
        ),
        "offline_pages_dear": _(
            "Your browser says that you are on a mobile network, or that it saves data. So only "
            "the pages that you open are kept on this device; they open without a network. To keep "
            "the whole book takes {book} MB."
        ),
        "offline_pages_unknown": _(
            "The pages that you open are kept on this device, and open without a network. To keep "
            "the whole book takes {book} MB. It is not fetched before you ask for it, because this "
            "browser does not say whether you are on a mobile network."
        ),
        "offline_book": _(
            "The book is kept on this device ({book} MB): it opens, and takes your answers, "
            "without a network. Python is not kept yet."
        ),
        "offline_python": _(
            "The book and its live pages are kept on this device, and work without a network. The "
            "browser edition is not kept whole."
        ),
        "offline_all": _(
            "The whole course is kept on this device ({mb} MB), and works without a network."
        ),
        "offline_keep_book": _("Keep the book for use without a network ({book} MB)"),
        "offline_keep_all": _("Keep the whole course for use without a network ({mb} MB)"),
    }


def _both() -> dict[str, str]:
    return {
        "fetching": _("Fetching Python …"),
        "fetching_part": _("Fetching Python: {n} per cent are here …"),
        "starting": _("Starting Python …"),
        "failed": _("Python did not start: {why} Reload the page to try again."),
        **_offline(),
    }


def of_forms() -> dict[str, str]:
    """Return what ``exercise.js`` says, on the pages of forms."""
    return _of_case() | _of_answers() | _of_charts() | _of_practice() | _of_file()


def _of_case() -> dict[str, str]:
    return {
        "yourId": _("The id under which you hand in"),
        "state": _("Your state"),
        "partner": _("Your partner"),
        "period": _("Your period"),
        "from": _("{start} to {end}"),
        "day": _("Your day"),
        "guest": _(
            "This is the guest’s case, for practice: every answer can be checked on this page. "
            "Write the id under which you hand in, and you get a state, a partner and a period of "
            "your own. Answers for practice are kept apart from those."
        ),
        "own": _(
            "This case is yours, and nobody chose it. If you change the id, the case changes, and "
            "answers that you have given stay."
        ),
        "rows": _("(rows: {n})"),
        "csv": _("Download as CSV"),
        "csv_commas": _("The same with decimal commas (1,5)"),
        "table": _("Table"),
        "searchRows": _("Search the rows"),
        "anyValue": _("all"),
        "noValue": _("empty"),
        "allRows": _("Show all rows"),
        "shownRows": _("Rows: {shown} of {n}."),
        "sortBy": _("Sort by {column}"),
        "sortedUp": _("Sorted by {column}, the smallest first."),
        "sortedDown": _("Sorted by {column}, the largest first."),
    }


def _of_answers() -> dict[str, str]:
    return {
        "answer": _("Your answer"),
        "numberIn": _("Your answer ({unit})"),
        "noNumber": _("This is no number."),
        "choose": _("Choose …"),
        "tick": _("Tick all that belong to your answer"),
        "oneAnswer": _("Choose one"),
        "confidence": _("How sure you are, in per cent (it costs no points)"),
        "argument": _("Your argument"),
        "words": _("Words: {n}. Asked for are {fewest} to {most}."),
        "cell": _("{column}, row {row}"),
        "addRow": _("Add a row"),
        "paste": _(
            "A row without a number counts as empty. You can also copy cells in a spreadsheet and "
            "paste them into a cell here."
        ),
    }


def _of_charts() -> dict[str, str]:
    return {
        "chartRows": _("First the rows that the chart draws:"),
        "mark": _("What it draws with"),
        "mark_line": _("a line"),
        "mark_bar": _("bars"),
        "mark_area": _("an area"),
        "mark_point": _("points"),
        "across": _("Across it shows"),
        "upwards": _("Upwards it shows"),
        "colour": _("Colours tell apart"),
        "zero": _("The axis of the numbers begins"),
        "fromZero": _("at zero"),
        "fromLeast": _("near the smallest number"),
        "xTitle": _("Title of the axis across"),
        "yTitle": _("Title of the axis upwards"),
        "title": _("Title of the chart: what one sees"),
        "description": _("Description for somebody who cannot see it"),
        "chart": _("Your chart"),
        "noChart": _("The chart appears here once it has rows, a mark and two axes."),
        "noDrawing": _("These rows cannot be drawn in this way."),
    }


def _of_practice() -> dict[str, str]:
    return {
        "hint": _("A hint"),
        "check": _("Check"),
        "way": _("The way to the answer in the guest’s case"),
        "nothingGiven": _("Nothing is entered yet."),
        "practiceFirst": _(
            "To practise with a full answer, empty the id at the top of the page: it then shows "
            "the guest’s case."
        ),
        "is_right": _(outcome.WORDS["right"]),
        "is_wrong": _(outcome.WORDS["wrong"]),
        "is_cannot_check": _(outcome.WORDS["cannot_check"]),
        "your_answer": _("Your answer"),
        "your_table": _("your table"),
        "per_cent": _(units.PER_CENT),
        "above": _(units.ABOVE),
        "below": _(units.BELOW),
        "right": _(judge.RIGHT),
        "sure": _(judge.SURE),
        "a_share": _(judge.A_SHARE),
        "higher": _(judge.HIGHER),
        "lower": _(judge.LOWER),
        "other_text": _(judge.OTHER_TEXT),
        "other_codes": _(judge.OTHER_CODES),
        "other_choice": _(judge.OTHER_CHOICE),
        "form_right": _(judge.FORM_RIGHT),
        "no_confidence": _("How sure you are must be a number from 0 to 100: 70, and not 0.7."),
        "twice": _(judge_table.TWICE),
        "no_number_in": _("The column {column} holds something that is no number."),
        "a_value": _(judge_table.A_VALUE),
        "missing": _(judge_table.MISSING),
        "extra": _(judge_table.EXTRA),
        "differ": _(judge_table.DIFFER),
        "faults": _(judge_table.FAULTS),
        "other_mark": _("The rows are right. What it draws with does not serve this question."),
        "other_field": _(judge_chart.OTHER_FIELD),
        "nothing": _("nothing"),
        "no_series": _(judge_chart.NO_SERIES),
        "chart_right": _(judge_chart.RIGHT),
        "values_right": _(judge_chart.VALUES_RIGHT),
        "baseline": _(judge_chart.BASELINE),
        "no_unit": _(judge_chart.NO_UNIT),
        "no_words": _(judge_chart.NO_WORDS),
        "no_title": _(judge_chart.NO_TITLE),
        "no_description": _("It needs a description for readers who cannot see it."),
    }


def _of_file() -> dict[str, str]:
    return {
        "open": _("Not answered yet: question {numbers}."),
        "allAnswered": _("Every question is answered."),
        "keptHere": _(
            "Your answers are kept in this browser, on this device alone. A private window loses "
            "them when you close it."
        ),
        "keptVisit": _(
            "This browser lets the page keep nothing: save the file before you leave the page."
        ),
        "save": _("Save my answers as a file to hand in"),
        "idFirst": _(
            "These answers are for practice. To hand in, first write your id at the top of the "
            "page, and answer for the case that you then get."
        ),
        "saved": _("Saved as {name}. Nothing was sent: hand in this file yourself."),
        "bringIn": _("Bring in answers from such a file"),
        "notThis": _("This is no file of this exercise, and nothing was changed."),
    }


def of_edition() -> dict[str, str]:
    """Return what the scripts of the browser edition say."""
    return _both() | {
        "away": _(
            "Python cannot be fetched. Check the network, then reload the page. What you see and "
            "wrote stays."
        ),
        "waits": _("Your cells run when Python is ready; until then their results stay."),
        "not_kept": _("Answers are not kept"),
        "plain_http": _(
            "The address of this page begins with http://, where the browser gives Python no "
            "store: answers last until you leave the lesson. The book keeps them."
        ),
        "ready": _("Python is ready."),
        "all_lessons": _("All lessons"),
        "download": _("Download my work"),
        "as_it_was": _("Lesson as it was"),
        "no_other": _("This file is your own; the course has no other version of it."),
        "bring_back": _(
            "Show this lesson again as the course has it? What you changed is kept beside it."
        ),
        "kept_as": _("Your version is kept as {name}"),
        "close": _("Close"),
        "open_new": _("open the new version"),
        "new_versions": _("New versions"),
        "beside": _(
            "These lessons are new. You changed yours, so it stays as it is; the new version is "
            "beside it."
        ),
        "nothing_here": _("There is nothing of yours in this browser yet."),
        "downloaded": _("Your work is in your folder for downloads."),
        "brought": _("Brought in: {names}"),
        "all_here": _("All of it was here already."),
        "delete": _(
            "Delete everything that you changed and answered in this browser? It cannot be undone."
        ),
        "deleted": _("Your work in this browser is deleted."),
        "no_archive": _("Choose an archive that this page made."),
        "brought_answers": spoken.words()["brought"],
        "brought_unread": spoken.words()["broughtUnread"],
        "brought_newer": spoken.words()["broughtNewer"],
        "all_newer": spoken.words()["allNewer"],
        "no_answers": spoken.words()["noAnswers"],
    }


def script(words: Mapping[str, str]) -> str:
    """Return the script that gives a page its words; others call ``centralasiaSay``.

    Parameters
    ----------
    words : mapping of str
        By the names that the scripts use.
    """
    said = json.dumps(words, ensure_ascii=False, indent=1)
    return f"globalThis.CENTRALASIA_WORDS = {said};\n{_SAY.read_text('utf-8')}"
