"""Readers of publishers' files, and what a refresh says.

Each excerpt has the form in which the publisher gives the file: heads of the columns, marks, lines
before the table. The values are those of the course's tables but for one that differs and one row
that the table lacks, both made up here.
"""

import pytest
from click.testing import CliRunner

from centralasia import refresh, tables
from centralasia.commands import find
from centralasia.errors import UserError

WORLD_BANK = """\ufeff"Data Source","World Development Indicators",

"Last Updated Date","2027-07-01",

"Country Name","Country Code","Indicator Name","Indicator Code","1989","2021","2022","2023","2026",
"Kazakhstan","KAZ","GDP growth (annual %)","NY.GDP.MKTP.KD.ZG","","4.3","3.20012","5.5","6.25",
"Uzbekistan","UZB","GDP growth (annual %)","NY.GDP.MKTP.KD.ZG","3.1","8.2041","6.086","6.316","",
"Aruba","ABW","GDP growth (annual %)","NY.GDP.MKTP.KD.ZG","","24.1","8.5","4.2","",
"Kazakhstan","KAZ","Forest area (sq. km)","AG.LND.FRST.K2","","1","2","3","",
"""
ENERGY = """Country,Year,ISO3166_alpha3,ISO3166_numeric,Region,SubRegion,OPEC,EU,OECD,CIS,Var,Value
Turkmenistan,2023,TKM,795,CIS,Central Asia,0,0,0,1,gasprod_bcm,76.2983
Turkmenistan,2024,TKM,795,CIS,Central Asia,0,0,0,1,gasprod_bcm,74.1
Turkmenistan,2025,TKM,795,CIS,Central Asia,0,0,0,1,gasprod_bcm,75.5
Turkmenistan,2024,TKM,795,CIS,Central Asia,0,0,0,1,gasprod_ej,2.64
Other CIS,2024,,,CIS,Other CIS,0,0,0,1,gasprod_bcm,0.29378
Total World,2024,,,World,World,0,0,0,0,oilcons_mt,4588.8
"""
SIPRI = """Trade Register data generated: 1 March 2027

SIPRI AT Database ID,Supplier,Recipient,Designation,Description,Armament category,Order date,\
Order date is estimate,Numbers delivered,Numbers delivered is estimate,Delivery year,\
Delivery year is estimate,Status,SIPRI estimate,TIV deal unit,TIV delivery values,Local production
66905,Russia,Kazakhstan,x,y,Air defence systems,2021,Yes,4,Yes,2022,No,New,12.5,12.5,50,No
67280,Russia,Kazakhstan,x,y,Aircraft,2022,No,2,Yes,2023,Yes,New,11.5,11.5,23,No
69999,China,Uzbekistan,x,y,Aircraft,2025,No,6,No,2026,No,Second hand but modernized,5,5,30,No
69998,France,Kazakhstan,x,y,Aircraft,2025,No,6,No,2026,No,New,5,5,30,No
"""
CENSUS = """year,CTY_CODE,CTYNAME,IJAN,IDEC,IYR,EJAN,EDEC,EYR
2022,4634,Kazakhstan,1,2,2652.950986,3,4,1090.5
2022,4643,Turkmenistan,1,2,46.333725,3,4,49.123121
2026,4643,Turkmenistan,1,2,50,3,4,60
2022,5700,China,1,2,536000,3,4,154000
"""
WAR = """ccode1,ccode2,year,importer1,importer2,flow1,flow2,smoothflow1,smoothflow2,smoothtotrade
365,705,2012,Russia,Kazakhstan,10042,15527,10042,15527,25569
365,705,2013,Russia,Kazakhstan,6000,19395,6000,19395,25395
704,705,2013,Uzbekistan,Kazakhstan,1486,915,1486,915,2401
365,705,2015,Russia,Kazakhstan,4700,-9,4700,-9,-9
2,365,2013,United States of America,Russia,1,2,1,2,3
"""
EUROSTAT = """DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,\
TIME_PERIOD,OBS_VALUE
ESTAT:DS-059341(1.0),15/09/26,M,EU27_2020,KG,TOTAL,2,VALUE_IN_EUROS,2022-01,17875773
ESTAT:DS-059341(1.0),15/09/26,M,EU27_2020,KG,TOTAL,2,VALUE_IN_EUROS,2022-02,26440900
ESTAT:DS-059341(1.0),15/09/26,M,EU27_2020,KG,TOTAL,2,VALUE_IN_EUROS,2024-09,200000000
ESTAT:DS-059341(1.0),15/09/26,M,EU27_2020,KG,TOTAL,1,VALUE_IN_EUROS,2024-09,5
ESTAT:DS-059341(1.0),15/09/26,M,DE,KG,TOTAL,2,VALUE_IN_EUROS,2024-09,5
"""
UN_HEAD = (
    "undl_id,ms_code,ms_name,ms_vote,date,session,resolution,draft,committee_report,meeting,title,"
    "agenda_title,subjects,vote_note,total_yes,total_no,total_abstentions,total_non_voting,"
    "total_ms,undl_link"
)


def un_votes(*votes):
    """Return a file of roll calls: (number, state, vote) in 2026."""
    tail = 'A/RES/80/1,A/80/L.1,,A/80/PV.5,"A title, with a comma",an item.,,,1,1,1,1,193,x'
    rows = (f"{number},{state},NAME,{vote},2026-01-10,80,{tail}" for number, state, vote in votes)
    return "\n".join([UN_HEAD, *rows]) + "\n"


def compared(tmp_path, table, text, code="utf-8"):
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode(code))
    reader, fresh = refresh.read(table, path)
    return reader, fresh, refresh.between(reader, fresh)


def pairs(changes):
    return list(zip(changes.changed["before"], changes.changed["after"], strict=True))


def test_world_bank(tmp_path):
    reader, fresh, changes = compared(tmp_path, "macro", WORLD_BANK)
    assert reader.publisher == "World Bank"
    assert set(fresh.country) == {"KAZ", "UZB"}
    assert pairs(changes) == [("5.1", "5.5")]
    assert changes.new[["country", "year", "value"]].to_numpy().tolist() == [
        ["KAZ", "2026", "6.25"]
    ]
    assert changes.same == 5


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_file_from_any_machine(tmp_path, ending):
    """Windows, Mac, and a spreadsheet that writes semicolons."""
    text = WORLD_BANK.replace("\n", ending)
    assert pairs(compared(tmp_path, "macro", text)[2]) == [("5.1", "5.5")]
    assert pairs(compared(tmp_path, "macro", text[1:], "utf-16")[2]) == [("5.1", "5.5")]
    text = text.replace('","', '";"')
    assert pairs(compared(tmp_path, "macro", text)[2]) == [("5.1", "5.5")]


def test_energy_institute(tmp_path):
    _, fresh, changes = compared(tmp_path, "energy", ENERGY)
    assert set(fresh.country) == {"TKM", "REST_CIS", "WLD"}
    assert pairs(changes) == [("73.463", "74.1")]
    assert changes.new["value"].tolist() == ["75.5"]
    assert changes.same == 3


def test_sipri(tmp_path):
    _, fresh, changes = compared(tmp_path, "arms_deals", SIPRI)
    assert list(fresh.deal_id) == ["66905", "67280", "69999"]
    assert sorted(pairs(changes)) == [("1", "2"), ("11.5", "23")]
    new = changes.new.iloc[0]
    assert (new.supplier, new.status, new.order_year) == ("CHN", "second_hand_modernised", "2025")


def test_census(tmp_path):
    _, _, changes = compared(tmp_path, "customs", CENSUS)
    assert pairs(changes) == [("1085029990", "1090500000")]
    assert sorted(changes.new.value_usd) == ["50000000", "60000000"]


def test_correlates_of_war(tmp_path):
    """What Russia bought of Kazakhstan is Kazakhstan's export; -9 is missing."""
    _, fresh, changes = compared(tmp_path, "trade", WAR)
    assert pairs(changes) == [("5887000000", "6000000000")]
    assert changes.new[["flow", "year", "value_usd"]].to_numpy().tolist() == [
        ["export", "2015", "4700000000"]
    ]
    assert len(fresh.query("country == 'UZB' and partner == 'KAZ'")) == 2


def test_eurostat(tmp_path):
    """A month's euros to the last one; imports and single members are left out."""
    _, fresh, changes = compared(tmp_path, "exports_eu", EUROSTAT)
    assert len(fresh) == 3
    assert changes.new["value_eur"].tolist() == ["200000000"]


def test_united_nations(tmp_path):
    text = un_votes(
        *[(1, "KAZ", "Y"), (1, "CHN", "Y"), (1, "USA", "N"), (1, "RUS", "A")],
        *[(2, "KAZ", "A"), (2, "CHN", "Y"), (2, "USA", "N"), (2, "RUS", "A")],
        *[(3, "KAZ", "X"), (3, "CHN", "Y"), (3, "USA", "N"), (3, "RUS", "N")],
    )
    _, fresh, _ = compared(tmp_path, "votes", text)
    kaz = fresh[fresh.country == "KAZ"].set_index(["measure", "partner"])
    assert set(kaz.n_votes) == {2}
    assert kaz.value["agreement_identical_final"].to_dict() == {"CHN": 0.5, "RUS": 0.5, "USA": 0}
    assert kaz.value["agreement_half_final"].to_dict() == {"CHN": 0.75, "RUS": 0.75, "USA": 0.25}


def test_what_is_no_file_of_the_table_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match=r"no file that table 'macro' is made of. Wanted: the CSV"):
        compared(tmp_path, "macro", "a,b\n1,2\n")
    with pytest.raises(UserError, match="No reader for table 'events'"):
        compared(tmp_path, "events", WORLD_BANK)
    with pytest.raises(UserError, match="zip archive or a workbook"):
        compared(tmp_path, "macro", "PK\x03\x04")
    with pytest.raises(UserError, match="cannot be read"):
        refresh.read("macro", tmp_path / "none.csv")
    with pytest.raises(UserError, match="holds no row"):
        compared(tmp_path, "macro", WORLD_BANK.replace("KAZ", "XXX").replace("UZB", "YYY"))


def test_a_damaged_file_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match="'20x4' is no year"):
        compared(tmp_path, "energy", ENERGY.replace(",2024,TKM", ",20x4,TKM", 1))
    with pytest.raises(UserError, match="two rows for KAZ, gdp_growth_pct, 2021"):
        compared(tmp_path, "macro", WORLD_BANK.replace('"Uzbekistan","UZB"', '"Kazakhstan","KAZ"'))
    twice = CENSUS + "2022,4643,Turkmenistan,1,2,46,3,4,49\n"
    with pytest.raises(UserError, match="two rows for TKM"):
        compared(tmp_path, "customs", twice)


def test_the_table_itself_changes_nothing_and_is_merged_in_order(tmp_path):
    """A file made of the table's own rows is the same; what is merged keeps the table's order."""
    own = tables.load("exports_eu")
    lines = [
        f"x,y,M,EU27_2020,{code},TOTAL,2,VALUE_IN_EUROS,{row.month_text},{row.value_eur}"
        for row in own.itertuples()
        for code in [{"KAZ": "KZ", "KGZ": "KG", "UZB": "UZ", "RUS": "RU"}[row.country]]
    ]
    text = "\n".join([EUROSTAT.splitlines()[0], *lines]) + "\n"
    reader, fresh, changes = compared(tmp_path, "exports_eu", text)
    assert changes.empty
    assert changes.same == len(own)
    whole = refresh.merged(reader, refresh.between(reader, fresh))
    assert whole.value_eur.astype(int).tolist() == own.value_eur.tolist()


def test_what_rests_on_a_change_is_named(tmp_path):
    """A value that a lesson prints: the figure that it would become, verdicts, lessons."""
    text = CENSUS.replace("2652.950986", "9652.950986")
    reader, fresh, _ = compared(tmp_path, "customs", text)
    found = refresh.of("customs", refresh.merged(reader, refresh.between(reader, fresh)))
    assert any(before != after for *_, before, after in found.figures)
    assert "08-united-states-2-after-2001.ipynb" in found.outputs
    assert all(len(verdict) == 2 for verdict in found.verdicts)


def test_the_command_says_all_and_writes_only_where_it_is_told(tmp_path):
    file, out = tmp_path / "wdi.csv", tmp_path / "macro.csv"
    file.write_text(WORLD_BANK, encoding="utf-8")
    before = tables.load("macro")
    result = CliRunner().invoke(
        find("refresh"), ["macro", str(file), "--to", str(out)], standalone_mode=False
    )
    assert result.exception is None, result.output
    for said in ("Changed values: 1", "New rows: 1", "The same in both: 5", "to be run again"):
        assert said in result.output
    written = out.read_text(encoding="utf-8").splitlines()
    assert len(written) == len(before) + 2
    assert tables.load("macro").equals(before)
