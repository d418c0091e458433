"""A source of the learner's own: tables with every fault a person makes, agreement, forecasts."""

import json

import pandas as pd
import pytest
from pages import overflows, shown

from centralasia import cards, own, progress, tables, widgets
from centralasia.cli import main
from centralasia.errors import UserError

CODES = {"voice": "asserts", "wording": "plain", "kind": "event"}
CLAIM = {"claim": "Trade grew.", "where": "page 2", "dimension": "economic", **CODES}
FORECAST = {"forecast": "Trade falls.", "criterion": "Customs, yearly total", "made": "2026-05-01",
            "due": "2027-05-01", "probability": "70"}  # fmt: skip


def claims(*changes):
    return own.check([CLAIM | change for change in changes])


def write(file, *rows):
    file.write_text(pd.DataFrame(rows).to_csv(index=False), encoding="utf-8")
    return file


@pytest.fixture
def answers(tmp_path, monkeypatch):
    monkeypatch.setenv(progress.ENV, str(tmp_path / "progress.jsonl"))


def test_a_table_in_order_has_no_fault_and_comes_back_as_it_was(tmp_path):
    rows = [CLAIM | {"id": "C1"}, CLAIM | {"id": "C2", "verdict": "confirmed", "criterion": "x"}]
    file = write(tmp_path / "my-claims.csv", *rows)
    found = own.read(file)
    assert found.faults == []
    assert found.rows["verdict"].tolist() == [None, "confirmed"]
    file.write_text(own.written(found), encoding="utf-8")
    pd.testing.assert_frame_equal(own.read(file).rows, found.rows)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"voice": "assert"}, "column 'voice': 'assert' is none of asserts, reports, advises."),
        ({"claim": ""}, "column 'claim': it is empty."),
        ({"id": "C1"}, "column 'id': another row has this id too."),
        ({"verdict": "confirmed"}, "column 'criterion': there is a verdict, and nothing says"),
        ({"verdict": "failed", "criterion": "x"}, "column 'verdict': 'failed' is no verdict on a"),
        (
            {"kind": "forecast", "verdict": "confirmed", "criterion": "x"},
            "column 'verdict': 'confirmed' is no verdict on a claim of the kind 'forecast': came_",
        ),
    ],
)
def test_a_faulty_cell_of_a_claim_has_one_sentence_and_is_kept(change, words):
    found = own.check([CLAIM | {"id": "C1"}, CLAIM | {"id": "C2"} | change])
    (fault,) = found.faults
    assert fault.startswith("Row 2 (")
    assert words in fault
    assert found.as_written.iloc[1].to_dict().items() >= (CLAIM | change).items()
    assert len(found.rows) == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"probability": "0.7"}, "'0.7' is under 1. Write 70 for 70 per cent."),
        ({"probability": "120"}, "'120' is no number from 0 to 100."),
        ({"probability": "likely"}, "'likely' is no number from 0 to 100."),
        ({"due": "6/30/2027"}, "'6/30/2027' is no day. Write year-month-day"),
        ({"due": "2027-02-30"}, "'2027-02-30' is no day."),
        ({"due": "2026-05-01"}, "column 'due': it is not after the day"),
        ({"due": "30.4.2026"}, "column 'due': it is not after the day"),
    ],
)
def test_a_faulty_cell_of_a_forecast_counts_as_empty(change, words):
    found = own.check([FORECAST | change], "forecasts")
    (fault,) = found.faults
    assert words in fault
    assert found.rows.isna().sum().sum() == 1


def test_what_excel_makes_of_a_table_is_read(tmp_path):
    """Semicolons, a decimal comma, a heading twice, a cell too many, a column of one's own."""
    file = tmp_path / "f.csv"
    head = "Forecast;criterion;made;due;probability;note;note"
    row = "Trade falls;Customs;2026-05-01;2027-05-01;62,5 %;mine;too;stray"
    file.write_bytes(f"{head}\r\n{row}\r\n".encode("utf-16"))
    found = own.read(file, "forecasts")
    assert found.faults == [
        "Row 1 (F1), column 'note': 'stray' comes after it and has no heading. A cell with a comma "
        "needs quotes around it."
    ]
    assert found.rows["probability"].tolist() == [0.625]
    assert {"mine", "too", "stray"} <= set(found.as_written.iloc[0])


def test_a_share_that_a_comma_cuts_is_not_taken_for_nothing(tmp_path):
    """Without quotes "0,7" is two cells, and the first of them would be a sure no."""
    file = tmp_path / "f.csv"
    head = ",".join(FORECAST)
    file.write_text(f"{head}\nTrade falls,Customs,2026-05-01,2027-05-01,0,7\n")
    found = own.read(file, "forecasts")
    assert ["'7' comes after it" in fault for fault in found.faults] == [True]
    assert found.rows["probability"].isna().all()
    assert found.as_written["probability"].tolist() == ["0"]


def test_what_programs_make_of_codes_and_days_is_understood():
    """A phone writes a capital letter, a spreadsheet turns 2027-06-30 into 30.06.2027."""
    found = claims({"voice": "Asserts", "kind": "Forecast", "verdict": "Came true",
                    "criterion": "x"})  # fmt: skip
    assert found.faults == []
    assert found.rows.loc[0, ["voice", "verdict"]].tolist() == ["asserts", "came_true"]
    assert found.as_written.loc[0, "verdict"] == "Came true"
    dotted = own.check([FORECAST | {"made": "1.12.2026", "due": "30.06.2027"}], "forecasts")
    assert dotted.faults == []
    assert dotted.rows["due"].dt.date.astype(str).tolist() == ["2027-06-30"]


def test_an_empty_row_and_a_strange_head_have_one_sentence(tmp_path):
    found = own.check([CLAIM, dict.fromkeys(CLAIM, "")])
    assert found.faults == ["Row 2 (C2), column 'claim': it is empty."]
    assert own.open_work(found)[0] == "You have 1 claims of 10."
    (fault,) = own.check([{"Утверждение": "x", "Голос": "asserts"}]).faults
    assert fault.startswith("The first line has none of these headings: claim, where,")


def test_a_missing_column_is_said_once(tmp_path):
    rows = [{name: cell for name, cell in CLAIM.items() if name != "voice"}] * 3
    assert own.check(rows).faults == ["There is no column 'voice'."]
    (tmp_path / "x.csv").write_text("\n")
    with pytest.raises(UserError, match="is empty"):
        own.read(tmp_path / "x.csv")


def test_what_the_form_keeps_is_a_table(tmp_path, monkeypatch):
    """Each cell is a line; the last counts; none of them is an answer that is scored."""
    monkeypatch.setenv(progress.ENV, str(tmp_path / "progress.jsonl"))
    for place, text in [("1/claim", "Old"), ("1/claim", "New"), ("3/voice", "asserts"),
                        ("2/claim", "x"), ("2/claim", "")]:  # fmt: skip
        progress.record(f"claims/{place}", "cell", text)
    found = own.kept()
    assert found.rows["id"].tolist() == ["C1", "C3"]
    assert found.rows["claim"].tolist() == ["New", None]
    assert any(fault.startswith("Row 2 (C3), column 'claim'") for fault in found.faults)
    assert progress.answers(keep="all").empty


def test_the_example_is_in_order_until_there_is_a_table_of_one_s_own(answers, tmp_path):
    for key, sheet in own.SHEETS.items():
        example = own.mine(key, tmp_path)
        assert (example.origin, example.faults) == ("the course's example", [])
        assert len(example.rows) == sheet.rows
    assert own.open_work(own.mine("claims", tmp_path), own.mine("forecasts", tmp_path)) == []
    progress.record("claims/1/claim", "cell", "Mine")
    assert own.mine("claims", tmp_path).origin == "what you filled in"
    write(tmp_path / "my-claims.csv", CLAIM)
    assert own.mine("claims", tmp_path).origin == "your file my-claims.csv"
    # Nobody's claims are compared with the codes of the example.
    codes = own.mine("codes", tmp_path)
    assert (codes.origin, len(codes.rows)) == ("nothing yet", 0)
    assert "You have 0 of 3 forecasts." in own.open_work(
        own.mine("claims", tmp_path), own.mine("forecasts", tmp_path)
    )


def test_the_findings_of_the_example_are_those_of_the_table():
    sent = tables.load("macro").query("indicator == 'remittances_usd'")
    change = (
        100 * sent.pivot(index="year", columns="country", values="value").pct_change().loc[2022]
    )
    assert change[["KGZ", "UZB", "TJK"]].round().tolist() == [8, 67, 83]
    assert (change[["KGZ", "UZB", "TJK"]] + [33, 21, 22]).min() >= 40
    part = tables.load("macro").query("indicator == 'remittances_gdp_pct' and year == 2021")
    assert part.set_index("country").value[["KGZ", "TJK", "UZB"]].round().tolist() == [33, 33, 11]
    russia = (
        tables.load("macro")
        .query("country == 'RUS'")
        .pivot(index="year", columns="indicator", values="value")
    )
    assert russia.gdp_growth_pct[2022].round(1) == -1.4
    assert russia.exchange_rate[[2021, 2022]].round().tolist() == [74, 68]


def test_agreement_is_that_of_lesson_11_and_leaves_out_what_one_did_not_code():
    mine = claims({}, {"voice": "reports"}, {"voice": "reports"}, {"voice": "nonsense"})
    partner = own.check(
        [{"claim": "x", **CODES}, {"claim": "x", **CODES, "voice": "reports"},
         {"claim": "x", **CODES}, {"claim": "x", **CODES}],
        "codes",
    )  # fmt: skip
    voice = own.agreement(mine, partner).loc["voice"]
    assert voice[["claims", "coded alike"]].tolist() == [3, 2]
    assert voice["kappa"] == pytest.approx((2 / 3 - 4 / 9) / (1 - 4 / 9))
    assert pd.isna(own.agreement(mine, partner).loc["kind", "kappa"])  # one code throughout
    (apart,) = own.differences(mine, partner).itertuples()
    assert (apart.Index, apart.column, apart.mine, apart.partner) == (
        "C3", "voice", "reports", "asserts",
    )  # fmt: skip
    assert own.agreement(mine, own.check([], "codes"))["claims"].tolist() == [0, 0, 0]


def test_rows_that_have_no_counterpart_are_named():
    mine = own.check([CLAIM | {"id": name} for name in ("C1", "C2", "C3")])
    rows = [{"id": "C1", "claim": "trade  grew"}, {"id": "C2", "claim": "Rain fell."}, {"id": "K1"}]
    assert own.unpaired(mine, own.check([CODES | row for row in rows], "codes")) == [
        "Your partner has no row C3.",
        "Your partner has a row K1, and you have none.",
        "C2 is another claim for your partner than for you.",
    ]
    assert own.unpaired(mine, own.check([], "codes")) == []


def test_the_ledger_and_what_is_still_open():
    done = {"verdict": "confirmed", "criterion": "x", "table": "trade"}
    mine = claims(*[done] * 4, {}, {"kind": "figure"})
    table = own.ledger(mine)
    assert table.loc["event"].to_dict() == {"confirmed": 4, "open": 1, "All": 5}
    said = own.open_work(mine, own.check([FORECAST], "forecasts"))
    assert said == [
        "You have 6 claims of 10.",
        "4 of 6 claims have a criterion.",
        "4 claims are tested, of 6 at least.",
        "You have 1 of 3 forecasts.",
    ]
    assert own.open_work(claims(*[done] * 10)) == []


@pytest.fixture
def a_class(tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    shared = FORECAST | {"id": "Q1"}
    write(
        folder / "aida.csv",
        shared,
        FORECAST | {"id": "F1", "forecast": "Rain", "probability": "20"},
    )
    write(folder / "bolat.csv", shared | {"probability": "10"},
          FORECAST | {"id": "F1", "forecast": "Snow"})  # fmt: skip
    return folder


def test_a_class_is_gathered_resolved_and_scored(a_class, monkeypatch, capsys):
    monkeypatch.chdir(a_class.parent)
    assert main(["resolve", "class"]) == 0
    sheet = pd.read_csv("outcomes.csv", dtype=str)
    assert len(sheet) == 4
    results = [
        {"learner": "", "id": "Q1", "outcome": "1", "resolved": "2027-05-02"},
        {"learner": "aida", "id": "F1", "outcome": "0,5", "resolved": ""},
    ]
    write(a_class.parent / "known.csv", *results)
    capsys.readouterr()
    assert main(["resolve", "class", "known.csv"]) == 0
    told = capsys.readouterr().out
    assert "bolat F1, 2027-05-01: Snow" in told
    rows = pd.read_csv("scores.csv").set_index(["learner", "id"])
    assert rows["error"].round(2).dropna().to_dict() == {
        ("aida", "Q1"): 0.09, ("aida", "F1"): 0.09, ("bolat", "Q1"): 0.81,
    }  # fmt: skip
    made, _ = own.gather(a_class)
    resolved = own.resolve(made, own.outcomes(a_class.parent / "known.csv")[0])
    assert resolved.by_learner["brier"].round(2).to_dict() == {"aida": 0.09, "bolat": 0.81}
    assert resolved.by_question["brier"].round(2).dropna().to_dict() == {
        "Q1": 0.45,
        "aida F1": 0.09,
    }


def test_a_bad_row_has_a_sentence_and_the_others_count(a_class, capsys, monkeypatch):
    monkeypatch.chdir(a_class.parent)
    write(a_class / "dana.csv", FORECAST | {"id": "Q1"}, FORECAST | {"probability": "lots"},
          FORECAST | {"id": "Q1", "probability": "1"},
          FORECAST | {"id": "Q2", "made": "2026-12-31"})  # fmt: skip
    (a_class / "eldar.csv").write_bytes(b"PK\x03\x04")
    write(a_class.parent / "known.csv",
          {"id": "Q1", "outcome": "1", "resolved": ""},
          {"id": "F1", "outcome": "yes", "resolved": ""},
          {"id": "Q2", "outcome": "0", "resolved": "2026-12-31"},
          {"id": "F7", "outcome": "1", "resolved": "soon"},
          {"id": "F8", "outcome": "1", "resolved": ""})  # fmt: skip
    assert main(["resolve", "class", "known.csv"]) == 1
    said = capsys.readouterr().err.splitlines()
    for words in (
        "dana.csv: Row 2 (F2), column 'probability': 'lots' is no number from 0 to 100.",
        "dana.csv: Row 3 (Q1), column 'id': another row has this id too.",
        "is a workbook. Save it as CSV and give that file.",
        "known.csv: Row 2, column 'outcome': 'yes' is none of 1, 0.5 and 0.",
        "known.csv: Row 4, column 'resolved': 'soon' is no day, such as 2027-06-30.",
        "dana, Q2: made on 2026-12-31, when the outcome was known. Not scored.",
        "There is an outcome for F8, and no such forecast.",
    ):
        assert sum(words in one for one in said) == 1, (words, said)
    rows = pd.read_csv("scores.csv")
    assert rows.query("id == 'Q1'")["outcome"].tolist() == [1, 1, 1]


def test_a_learner_s_words_are_no_formula_and_steer_no_terminal(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.csv", FORECAST | {"learner": "=1+1", "forecast": "=cmd()\x1b[2J"})
    assert main(["resolve", "a.csv"]) == 0
    sheet = pd.read_csv("outcomes.csv", dtype=str)
    assert sheet.loc[0, ["learner", "forecast"]].tolist() == ["'=1+1", "'=cmd()\x1b[2J"]
    assert main(["resolve", "a.csv", "outcomes.csv"]) == 0
    assert "\x1b" not in capsys.readouterr().out
    sheet.assign(outcome="1").to_csv("outcomes.csv", index=False)
    assert main(["resolve", "a.csv", "outcomes.csv", "--force"]) == 0
    assert pd.read_csv("scores.csv").loc[0, "error"] == pytest.approx(0.09)


def test_folders_as_a_learning_system_gives_them_and_the_same_file_twice(tmp_path):
    for name in ("Aida Bek_12_file", "Bolat"):
        (tmp_path / name).mkdir()
        write(tmp_path / name / "my-forecasts.csv", FORECAST)
        write(tmp_path / name / "my-claims.csv", CLAIM)
    made, faults = own.gather(tmp_path)
    assert made["learner"].tolist() == ["Aida Bek_12_file", "Bolat"]
    assert faults == [
        "Bolat/my-forecasts.csv is the same file as Aida Bek_12_file/my-forecasts.csv. Both count."
    ]
    for name in own.MADE_HERE:  # what the command writes is no learner's
        (tmp_path / name).write_text("learner,id\n")
    assert own.gather(tmp_path)[0]["learner"].tolist() == made["learner"].tolist()


def test_where_nothing_is_to_score_one_sentence_says_so(tmp_path, capsys):
    assert main(["resolve", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("centralasia: There are no forecasts in")
    write(tmp_path / "a.csv", FORECAST)
    write(tmp_path / "b.csv", {"id": "F1"})
    assert main(["resolve", str(tmp_path / "a.csv"), str(tmp_path / "b.csv")]) == 2
    assert "needs the columns id and outcome" in capsys.readouterr().err


def test_cards_and_the_claim_check_take_a_table_of_one_s_own(answers):
    done = {"verdict": "confirmed", "criterion": "the table trade", "finding": "It grew."}
    mine = own.as_claims(claims(done, {"claim": "Nothing <b>yet</b>."}))
    shown = cards.claim_cards(mine)
    assert "2 claims of your source" in repr(shown)
    for empty in (claims({}), own.check([])):  # ten claims and no verdict is where everybody begins
        assert repr(widgets.claim_check(own.as_claims(empty))).startswith("There is nothing to")
    assert repr(cards.claim_cards(own.as_claims(own.check([])))) == "There is no claim to show yet."
    assert "&lt;b&gt;" in shown._repr_html_()
    check = widgets.claim_check(mine)
    assert check.claims["claim_id"].tolist() == ["C1"]
    stored = check._repr_mimebundle_()[widgets.questions.MIME]
    asked = widgets.questions.question(json.loads(json.dumps(stored)))
    assert asked["claims"][0]["verdict"] == "confirmed"
    assert "the table trade" in asked["claims"][0]["rules"]


@pytest.mark.parametrize("width", [1280, 390])
def test_the_form_fills_the_file_that_python_reads(browser, answers, width, tmp_path):
    """What is typed is kept, faults have a sentence, and the file goes out and comes back."""
    with shown(browser, widgets.own_table("forecasts").form, width=width) as page:
        for label, text in [("The forecast", "Trade, falls"), ("When it counts", 'By "customs"'),
                            ("The day on which", "2026-05-01"), ("The day by", "2027-02-30"),
                            ("How likely", "0.7")]:  # fmt: skip
            page.get_by_label(label).fill(text)
            page.get_by_label(label).blur()
        status = page.locator(".ca-status")
        assert "Row 1 (F1), column “due”: “2027-02-30” is no day." in status.inner_text()
        assert "Write 70 for 70 per cent." in status.inner_text()
        page.get_by_label("How likely").fill("70")
        page.get_by_label("The day by").fill("30.4.2026")
        page.get_by_label("The day by").blur()
        assert "column “due”: it is not after the day" in status.inner_text()
        page.get_by_label("The day by").fill("2027-05-01")
        page.get_by_label("How likely").fill("62,5 %")
        page.get_by_label("How likely").blur()
        assert status.inner_text() == ""
        assert overflows(page) == []
        with page.expect_download() as coming:
            page.get_by_role("button", name="Take the table along").click()
        file = tmp_path / coming.value.suggested_filename
        coming.value.save_as(file)
        page.get_by_role("button", name="Next").click()
        assert page.get_by_label("The forecast").input_value() == ""
    assert file.name == "my-forecasts.csv"
    found = own.read(file, "forecasts")
    assert found.faults == []
    pd.testing.assert_frame_equal(found.rows, own.kept("forecasts").rows)
    assert found.rows.iloc[0][["forecast", "criterion", "probability"]].tolist() == [
        "Trade, falls", 'By "customs"', 0.625,
    ]  # fmt: skip


def test_a_table_is_brought_into_the_form_and_a_partner_sees_no_codes(browser, answers, tmp_path):
    rows = [CLAIM | {"id": "K1", "note": "mine"}, CLAIM | {"id": "K2", "voice": "assert"}]
    file = tmp_path / "claims.csv"
    file.write_text(pd.DataFrame(rows).to_csv(index=False, sep=";"), encoding="utf-16")
    with shown(browser, widgets.own_table().form) as page:
        page.locator("input[type=file]").set_input_files(file)
        status = page.locator(".ca-status")
        status.get_by_text("2 rows came. Columns that this form does not ask for: note.").wait_for()
        page.get_by_role("button", name="Next").click()
        assert "“assert” is none of asserts, reports, advises." in status.inner_text()
        with page.expect_download() as coming:
            page.get_by_role("button", name="for a partner").click()
        coming.value.save_as(tmp_path / "my-partner.csv")
        page.locator("input[type=file]").set_input_files(
            {"name": "x.csv", "mimeType": "text/csv", "buffer": b"nothing here"}
        )
        status.get_by_text(
            "No table came: its first line needs headings among id, claim"
        ).wait_for()
        other = "id,claim,voice\nX1,Rain fell.,Reports\n"
        page.locator("input[type=file]").set_input_files(
            {"name": "other.csv", "mimeType": "text/csv", "buffer": other.encode()}
        )
        status.get_by_text("1 rows came.").wait_for()
        other = own.kept().as_written  # another table takes the place of the one that was there
        assert other[["id", "claim", "voice", "kind"]].to_numpy().tolist() == [
            ["X1", "Rain fell.", "reports", ""]
        ]
        page.locator("input[type=file]").set_input_files(file)
        status.get_by_text("2 rows came.").wait_for()
    assert own.kept().as_written["voice"].tolist() == ["asserts", "assert"]
    assert pd.read_csv(tmp_path / "my-partner.csv").to_dict("list") == {
        "id": ["K1", "K2"], "claim": [CLAIM["claim"]] * 2,
    }  # fmt: skip
