"""The items: well formed, fair to a guesser, and right by the course's own data."""

import json
import re

import pytest
from conftest import each_lesson
from workings import SPACE

from centralasia import course, notebooks, tables
from centralasia.paths import data_dir

ITEMS = tables.load("items")
OPTIONS = tables.load("options")
QUIZ = ITEMS.loc[ITEMS["kind"] == "quiz", "item_id"]
MISCONCEPTIONS = ITEMS.loc[ITEMS["kind"] == "misconception", "item_id"]
CLOSED = [*QUIZ, *MISCONCEPTIONS]
PREDICTIONS = ITEMS.loc[ITEMS["kind"] == "prediction", "item_id"]
RIGHT = OPTIONS[OPTIONS["correct"]].set_index("item_id")["text"]
WORKINGS = tables.load("workings").set_index(["item_id", "position"])
ANSWERS = WORKINGS.loc[WORKINGS["figure"].isna(), "expression"].droplevel("position")
STATED = WORKINGS[WORKINGS["figure"].notna()]


def edit(item, what):
    """Return the sentence that says which rows to edit, and how."""
    return f"edit data/options.csv, {item}: {what}"


def options(item):
    return OPTIONS[OPTIONS["item_id"] == item].sort_values("position")


def worked_out(item, expression):
    """Return what an expression of the table gives."""
    try:
        return eval(expression, dict(SPACE))  # the course's own table
    except Exception as error:
        pytest.fail(f"edit data/workings.csv, {item}: {expression} ends in {error!r}")


@pytest.mark.parametrize("lesson", course.proper(), ids=lambda lesson: lesson.name)
def test_three_predictions_and_five_questions_for_each_lesson(lesson):
    kinds = ITEMS.loc[ITEMS["lesson"] == lesson.number, "kind"].value_counts()
    assert (kinds.get("prediction", 0), kinds.get("quiz", 0)) == (3, 5), (
        f"edit data/items.csv: lesson {lesson.number} has three predictions and five questions"
    )


def test_keys_and_sources():
    assert ITEMS["item_id"].is_unique, "edit data/items.csv: an item_id stands there twice"
    assert ITEMS["item_id"].is_monotonic_increasing, "edit data/items.csv: sort it by item_id"
    letters = {"prediction": "p", "quiz": "q", "misconception": "m"}
    letter = ITEMS["item_id"].str.extract("([a-z])", expand=False)
    wrong = ITEMS.loc[letter != ITEMS["kind"].astype(str).map(letters), "item_id"].tolist()
    assert wrong == [], f"edit data/items.csv: the letter in an id says the kind, as in {letters}"
    without = sorted(set(OPTIONS["item_id"]) ^ set(ITEMS["item_id"]))
    assert without == [], (
        "edit data/options.csv or data/items.csv: these stand in one of them alone"
    )
    known = set(tables.load("sources")["source_id"])
    unknown = ITEMS.loc[~ITEMS["source_id"].isin(known) & ITEMS["source_id"].notna(), "item_id"]
    assert unknown.tolist() == [], "edit data/items.csv: source_id is no key of data/sources.csv"


@pytest.mark.parametrize("item", ITEMS["item_id"])
def test_options_are_numbered_and_differ(item):
    here = options(item)
    places = here["position"].tolist()
    assert places == list(range(1, len(here) + 1)), edit(item, "number its options 1, 2, 3 …")
    assert len(here) in {3, 4, 5}, edit(item, "it has three to five options")
    assert here["text"].is_unique, edit(item, "two of its options say the same")
    assert here["text"].str.len().max() <= 90, edit(item, "an option has 90 letters at most")


def test_twelve_misconceptions_each_with_a_source_and_a_lesson_that_takes_it_up():
    assert MISCONCEPTIONS.tolist() == [f"m-{n:02}" for n in range(1, 13)]
    rows = ITEMS[ITEMS["item_id"].isin(MISCONCEPTIONS)]
    assert rows["source_id"].notna().all()
    assert rows["explanation"].notna().all()
    assert rows["prompt"].str.endswith("?").all()
    assert (
        not rows["prompt"].isin(ITEMS.loc[~ITEMS["item_id"].isin(MISCONCEPTIONS), "prompt"]).any()
    )
    assert rows["lesson"].nunique() >= 6


@pytest.mark.parametrize("item", CLOSED)
def test_a_question_has_one_right_answer_and_says_something_to_each(item):
    here = options(item)
    assert here["correct"].tolist().count(True) == 1, edit(item, "one option is correct, no more")
    assert here["feedback"].notna().all(), edit(item, "each option of a question has a feedback")
    assert here["feedback"].is_unique, edit(item, "two of its options have one feedback")
    judging = here["feedback"].str.contains(r"^(?:Wrong|Right|Correct|No[,.]|Yes[,.])")
    assert here.loc[judging, "feedback"].tolist() == [], edit(
        item,
        "a feedback says why, and does not begin with Yes, No, Right, Wrong or Correct: the widget "
        "says that itself",
    )


@pytest.mark.parametrize("item", PREDICTIONS)
def test_a_prediction_has_one_right_option_and_says_nothing_before_the_lesson_does(item):
    here = options(item)
    assert here["correct"].tolist().count(True) == 1, edit(item, "one option is correct, no more")
    assert here["feedback"].isna().all(), edit(
        item, "leave feedback empty: the lesson gives the answer to a prediction, with the data"
    )
    row = ITEMS.fillna({"explanation": ""}).set_index("item_id").loc[item]
    assert row["explanation"], (
        f"edit data/items.csv, {item}: explanation says what the answer means"
    )
    assert row["prompt"].endswith("?"), f"edit data/items.csv, {item}: a prompt ends with ?"


@pytest.mark.parametrize("item", PREDICTIONS)
def test_the_data_answer_each_prediction(item):
    assert item in ANSWERS, (
        f"edit data/workings.csv: a row for {item} whose expression gives the place of the right "
        "option, from the tables; its figure stays empty"
    )
    here, position = options(item), worked_out(item, ANSWERS[item])
    assert here["text"].iloc[int(position) - 1] == RIGHT[item], (
        f"by data/workings.csv option {position} of {item} is right, by data/options.csv another: "
        "edit one of them"
    )


@each_lesson
def test_a_lesson_reveals_what_the_table_has(path):
    """A cell works the answer out from the data; were it another one, the two would part here."""
    code = [cell for cell in notebooks.read(path).cells if cell.cell_type == "code"]
    for item in PREDICTIONS[PREDICTIONS.str.startswith(course.lesson(path).number)]:
        cells = [c for c in code if f'widgets.reveal("{item}"' in c.source]
        assert len(cells) == 1, (
            f'edit {path}: one cell gives the answer, widgets.reveal("{item}", …), or delete the '
            f"rows of {item} from data/items.csv, options.csv and workings.csv"
        )
        shown = [output.data["text/plain"] for output in cells[0].outputs if "data" in output]
        assert any(item in text and RIGHT[item] in text for text in shown), (
            f"edit {path}, cell {cells[0].id}: it does not show {RIGHT[item]!r}, which is right by "
            f"data/options.csv; then centralasia notebooks execute {path}"
        )


@pytest.mark.parametrize(("item", "position"), STATED.index)
def test_figures_that_an_item_states(item, position):
    row = STATED.loc[(item, position)]
    assert worked_out(item, row["expression"]) == pytest.approx(row["figure"], rel=0.02), (
        f"{item} states {row['figure']}, and the data give something else: edit data/workings.csv, "
        "and what the item says in data/items.csv or data/options.csv"
    )


@pytest.mark.parametrize("ids", [QUIZ, MISCONCEPTIONS], ids=["quiz", "misconceptions"])
def test_neither_length_nor_place_gives_the_answer_away(ids):
    quiz = OPTIONS[OPTIONS["item_id"].isin(ids)].assign(n=lambda o: o["text"].str.len())
    right = quiz[quiz["correct"]].set_index("item_id")
    wrong = quiz[~quiz["correct"]].groupby("item_id")["n"]
    longest = (right["n"] > wrong.max()).mean()
    shortest = (right["n"] < wrong.min()).mean()
    often = "edit data/options.csv: too often the right option of these items is"
    assert longest < 0.35, f"{often} the longest: shorten it, or say more in a wrong one"
    assert shortest < 0.35, f"{often} the shortest: say more in it"
    places = right["position"].value_counts(normalize=True)
    assert places.max() < 0.4, f"{often} number {places.idxmax()}: move it to another position"


def test_dates_in_items_stand_in_the_data():
    months = "January February March April May June July August September October November December"
    names = months.split()
    known = set()
    for table in ("events", "memberships", "infrastructure", "claims"):
        for column in tables.load(table).filter(regex=r"_text$|^date$"):
            known |= set(tables.load(table)[column].astype(str).str[:10])
    text = " ".join(
        [
            *ITEMS["prompt"],
            *ITEMS["explanation"].dropna(),
            *OPTIONS["text"],
            *OPTIONS["feedback"].dropna(),
        ]
    )
    missing = []
    for day, month, year in re.findall(rf"(\d{{1,2}}) ({'|'.join(names)}) (\d{{4}})", text):
        date = f"{year}-{names.index(month) + 1:02}-{int(day):02}"
        missing += [date] if date not in known else []
    assert missing == [], (
        "no event, membership, site or claim has these days: correct them in data/items.csv or "
        "data/options.csv, or add the event"
    )


def test_no_answer_stands_in_the_description_of_the_data():
    package = json.loads((data_dir() / "datapackage.json").read_text(encoding="utf-8"))
    fields = [r for r in package["resources"] if r["name"] in ("items", "options")]
    assert not any(text in json.dumps(fields) for text in RIGHT[PREDICTIONS] if len(text) > 12)
