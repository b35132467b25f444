import contextlib
import io
import json
import struct
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from rinnalla.lib import tables
from rinnalla.lib.tables import UnreadableTable, read_table
from rinnalla.lib.tables.old_formulas import formula_cells
from rinnalla.lib.tables.read import LOCKED, OLE

DATA = Path(__file__).parent / "data"
BAD_INPUT = Path(__file__).parents[4] / "shared" / "data" / "bad-input"
ROWS = [["Paikka", "Päivä", "Kohdatut"], ["Tori", "1.3.2024", "12"]]


def csv_file(text, encoding="utf-8"):
    return io.BytesIO(text.encode(encoding))


def xlsx_file(rows, formula=None):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"default_date_format": "d.m.yyyy"})
    book.set_properties({"created": datetime(2024, 3, 1, tzinfo=UTC)})
    sheet = book.add_worksheet("Käynnit")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    if formula:
        sheet.write_formula(formula, "=1+1", None, 2)
    book.close()
    file.seek(0)
    return file


def ods_file(body, manifest=""):
    file = io.BytesIO()
    names = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    }
    spaces = " ".join(f'xmlns:{key}="{value}"' for key, value in names.items())
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="T">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
    file.seek(0)
    return file


def text_cell(text):
    return (
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p>'
        "</table:table-cell>"
    )


def rows_of(file, name="a.csv"):
    return list(read_table(file, name)[0].rows())


def reason(file, name):
    with pytest.raises(UnreadableTable) as refused:
        for sheet in read_table(file, name):
            list(sheet.rows())
    assert str(refused.value).endswith(".")
    return refused.value.reason


# --- Reading -------------------------------------------------------------------


def test_it_works():
    assert rows_of(csv_file("Paikka;Kohdatut\nTori;12\n")) == [
        (1, ["Paikka", "Kohdatut"]),
        (2, ["Tori", "12"]),
    ]
    assert rows_of(xlsx_file(ROWS), "a.xlsx") == [(1, ROWS[0]), (2, ROWS[1])]


@pytest.mark.parametrize("mark", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_of_every_separator_and_encoding(mark, encoding):
    text = "\r\n".join(mark.join(row) for row in ROWS)
    assert [row for _, row in rows_of(csv_file(text, encoding))] == ROWS


def test_decimal_commas_do_not_look_like_separators():
    rows = rows_of(csv_file("paikka;tunnit\nTori;1,5\nKatu;2,25\n"))
    assert rows[1] == (2, ["Tori", "1,5"])


def test_the_line_that_names_the_separator_is_not_a_row():
    assert rows_of(csv_file("sep=,\na,b\n1,2\n"))[0] == (2, ["a", "b"])


def test_text_comes_composed_and_without_space_around():
    assert rows_of(csv_file("a;b\n Pa\u0308iva\u0308 ;x\n"))[1][1][0] == "Päivä"


def test_empty_rows_are_left_out_but_counted():
    assert [number for number, _ in rows_of(csv_file("a;b\n;\n\n1;2\n"))] == [1, 4]


def test_rows_keep_the_numbers_and_columns_of_the_sheet():
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.write(4, 2, "x")
    book.close()
    assert rows_of(file, "a.xlsx") == [(5, ["", "", "x"])]


def test_an_old_workbook_is_read():
    with (DATA / "visits.xls").open("rb") as file:
        rows = rows_of(file, "visits.xls")
    assert rows[0] == (1, ["Paikka", "Päivä", "Kohdatut"])
    assert tables.parse_date(rows[1][1][1]) == date(2024, 3, 1)
    assert tables.parse_count(rows[1][1][2]) == 12


def test_a_damaged_old_workbook_takes_only_its_reader_along():
    """These five bytes made the reader ask for a slice far beyond the file."""
    whole = bytearray((DATA / "visits.xls").read_bytes())
    for place, value in (
        (815, 306),
        (1667, 377),
        (3011, 162),
        (3290, 360),
        (5229, 247),
    ):
        whole[place - 1] = int(str(value), 8)
    assert reason(io.BytesIO(bytes(whole)), "a.xls") == "broken"


def test_a_locked_workbook_says_so():
    with (DATA / "locked.xlsx").open("rb") as file:
        assert reason(file, "locked.xlsx") == "encrypted"


def test_dates_of_a_spreadsheet_come_as_dates():
    rows = rows_of(xlsx_file([["d"], [date(2024, 3, 1)]]), "a.xlsx")
    assert tables.parse_date(rows[1][1][0]) == date(2024, 3, 1)


def test_formulas_are_named():
    assert read_table(xlsx_file(ROWS, "C3"), "a.xlsx")[0].formulas == ["C3"]
    body = (
        '<table:table-row><table:table-cell table:formula="of:=1"/></table:table-row>'
    )
    assert read_table(ods_file(body), "a.ods")[0].formulas == ["A1"]


def test_ods_with_repeats():
    empty = (
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    row = f"<table:table-row>{text_cell('Tori')}{text_cell('12')}</table:table-row>"
    assert rows_of(ods_file(row + row + empty), "a.ods")[1] == (2, ["Tori", "12"])


@pytest.mark.parametrize(
    ("file", "name", "why"),
    [
        (io.BytesIO(), "a.csv", "empty"),
        (csv_file(" \n\n"), "a.csv", "empty"),
        (io.BytesIO(b"%PDF-1.7\x00\x01\xff"), "a.pdf", "not_a_table"),
        (io.BytesIO(b"\x89PNG\r\n\x1a\n\x00\x00"), "a.csv", "not_a_table"),
        (csv_file("a;b"), "a.pdf", "not_a_table"),
        (csv_file("a;b"), "a.xlsx", "mislabelled"),
        (xlsx_file(ROWS), "a.csv", "mislabelled"),
        (xlsx_file(ROWS), "a.ods", "mislabelled"),
        (io.BytesIO(b"PK\x03\x04 broken"), "a.xlsx", "broken"),
        (
            io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600),
            "a.xls",
            "broken",
        ),
        (ods_file("", "<encryption-data/>"), "a.ods", "encrypted"),
        (io.BytesIO(OLE + b"x" * 600 + LOCKED + b"x"), "a.xlsx", "encrypted"),
        (csv_file('a;"' + "b" * 200_000), "a.csv", "not_a_table"),
        (csv_file(";".join("x" * 500) + "\n"), "a.csv", "too_many_columns"),
        (csv_file("a;b\n" * 250_002), "a.csv", "too_many_rows"),
    ],
)
def test_what_cannot_be_read_is_said(file, name, why):
    assert reason(file, name) == why


def test_a_file_over_the_limit_is_refused_unread(monkeypatch):
    monkeypatch.setattr("rinnalla.lib.tables.read.MAX_BYTES", 5)
    assert reason(csv_file("a;b;c\n"), "a.csv") == "too_big"


def far_cell_xlsx():
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "a")
    sheet.write(1_048_575, 16_383, "b")
    book.close()
    return file


def test_a_small_file_that_claims_a_huge_table_is_refused():
    assert reason(far_cell_xlsx(), "a.xlsx") == "too_many_rows"
    huge = (
        '<table:table-row table:number-rows-repeated="1000000">'
        '<table:table-cell table:number-columns-repeated="16000" '
        'office:value-type="string"><text:p>x</text:p></table:table-cell>'
        "</table:table-row>"
    )
    assert reason(ods_file(huge), "a.ods") == "too_many_rows"


def test_a_file_that_unpacks_too_large_is_refused(monkeypatch):
    monkeypatch.setattr("rinnalla.lib.tables.guard.MAX_UNPACKED_BYTES", 1000)
    assert reason(xlsx_file(ROWS), "a.xlsx") == "too_big"


def test_xml_with_a_doctype_is_refused():
    file = ods_file("")
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("more.xml", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')
    assert reason(file, "a.ods") == "broken"


@given(data=st.binary(max_size=400), name=st.sampled_from(["a.csv", "a.xlsx", ""]))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(data, name):
    try:
        for sheet in read_table(io.BytesIO(data), name):
            list(sheet.rows())
    except UnreadableTable:
        pass


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_any_damage_to_a_workbook_is_read_or_refused(data):
    whole = bytearray(xlsx_file(ROWS).getvalue())
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(4, len(whole) - 1))] = data.draw(
            st.integers(0, 255)
        )
    try:
        for sheet in read_table(io.BytesIO(bytes(whole)), "a.xlsx"):
            list(sheet.rows())
    except UnreadableTable:
        pass


# --- Cells ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    ["1.3.2024", "01.03.2024", "1. 3. 2024", "2024-03-01", "2024-03-01T10:30:00",
     "1.3.24", "pe 1.3.2024", "1.3.2024 klo 10.30", 45352, 45352.0, "45352",
     date(2024, 3, 1), datetime(2024, 3, 1, 9, tzinfo=UTC)],
)  # fmt: skip
def test_dates_are_read(value):
    assert tables.parse_date(value) == date(2024, 3, 1)


@pytest.mark.parametrize(
    "value",
    ["", "31.2.2024", "3/1/2024", "maaliskuu", "1.3.", "1.3.1024", 12, True, "=A1",
     "2024-13-01", 1e300, float("nan"), "1.3.2024 tai 2.3.2024", "٣.٣.٢٠٢٤x"],
)  # fmt: skip
def test_what_is_not_one_date_is_refused(value):
    with pytest.raises(tables.BadValue, match=r"\.$"):
        tables.parse_date(value)


@pytest.mark.parametrize(
    ("value", "number"),
    [("12", 12), ("1 234,5", "1234.5"), ("1\u00a0234", 1234), ("1.5", "1.5"),
     (12.0, 12), ("0,25", "0.25"), ("−3", -3), (7, 7), ("1 234 567", 1234567)],
)  # fmt: skip
def test_numbers_are_read(value, number):
    assert tables.parse_number(value) == Decimal(number)


@pytest.mark.parametrize(
    "value",
    ["", "n. 20", "1,2,3", "1e9", "9" * 40, "12 kpl", "=1+1", True, float("nan"),
     float("inf"), "1 2", "12–15"],
)  # fmt: skip
def test_what_is_not_one_number_is_refused(value):
    with pytest.raises(tables.BadValue):
        tables.parse_number(value)


@pytest.mark.parametrize("value", ["-1", "1,5", "100001", "1.234"])
def test_a_count_is_whole_and_in_bounds(value):
    with pytest.raises(tables.BadValue):
        tables.parse_count(value)


@pytest.mark.parametrize(
    "value",
    ["10.30", "10:30", "klo 10.30", "10:30:00", time(10, 30), 0.4375,
     timedelta(hours=10, minutes=30), datetime(2024, 3, 1, 10, 30, tzinfo=UTC)],
)  # fmt: skip
def test_times_are_read(value):
    assert tables.parse_time(value) == time(10, 30)


@pytest.mark.parametrize("value", ["", "25.00", "10.99", "aamu", timedelta(days=2), -1])
def test_what_is_not_a_time_is_refused(value):
    with pytest.raises(tables.BadValue):
        tables.parse_time(value)


ANYTHING = st.one_of(
    st.text(), st.floats(), st.integers(), st.booleans(), st.none(), st.dates(),
    st.datetimes(), st.times(), st.timedeltas(),
)  # fmt: skip


@given(value=ANYTHING)
@settings(max_examples=300, deadline=None)
def test_any_cell_is_read_or_refused(value):
    for parse in (tables.parse_date, tables.parse_count, tables.parse_time):
        with contextlib.suppress(tables.BadValue):
            parse(value)


# --- Writing -------------------------------------------------------------------


def written_csv(rows, header=("a", "b")):
    return b"".join(tables.stream_csv(rows, header)).decode("utf-8-sig")


def test_csv_has_bom_semicolons_and_decimal_commas():
    raw = b"".join(
        tables.stream_csv([["Tori", 77.6, date(2024, 3, 1)]], ["a", "b", "c"])
    )
    assert raw == b"\xef\xbb\xbfa;b;c\r\nTori;77,6;2024-03-01\r\n"


def test_csv_comes_in_pieces():
    pieces = list(tables.stream_csv(([n, "x"] for n in range(2000)), ["a", "b"]))
    assert len(pieces) > 3


def test_a_text_never_becomes_a_formula_and_a_number_stays_one():
    lines = written_csv([["=1+1", -5], ["\t=1", "+1"], ["\x00=1", "@a"], ["a\x01b", 1]])
    assert lines.splitlines()[1:] == ["'=1+1;-5", "'\t=1;'+1", "'=1;'@a", "ab;1"]


def test_quotes_separators_and_line_breaks_survive():
    row = ['a;"b"', "c\nd"]
    assert rows_of(io.BytesIO(written_csv([row]).encode()))[1][1] == row


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "0 when there was none"),
        ("noin 40", "only 40"),
        ("n. 40", "only 40"),
        ("ca 40 hlö", "only 40"),
        ("40+", "only 40"),
        ("40-50", "40 and 50"),
        ("40 – 50", "40 and 50"),
        ("noin 40-50 henkeä", "40 and 50"),
        ("monta", "for example 12"),
        ("1.3.2024", "for example 12"),
    ],
)
def test_a_cell_without_a_plain_number_says_what_to_do(written, said):
    with pytest.raises(tables.BadValue) as fault, translation.override("en"):
        tables.parse_count(written)
    assert said in str(fault.value)


@pytest.mark.parametrize(
    "written", ["Matti 0401234567", "131052-308T", "x 131052-308T"]
)
def test_a_number_code_is_not_repeated(written):
    with pytest.raises(tables.BadValue) as fault:
        tables.parse_count(written)
    assert "0401" not in str(fault.value) and "1310" not in str(fault.value)


def old_file_with_formulas(count):
    """The old XLS with so many formulas put in after its last cell."""
    whole = bytearray((DATA / "visits.xls").read_bytes())
    start = whole.find(bytes.fromhex("0908100000060500"))
    stream = whole[start : start + 4096]
    end = stream.rfind(bytes.fromhex("0a000000"))
    formulas = b"".join(
        struct.pack("<HHHHHdHIH3s", 6, 25, 2 + n, 3, 17, 12.0, 0, 0, 3, b"\x1e\x0c\0")
        for n in range(count)
    )
    room = 4096 - end - len(formulas)
    whole[start : start + 4096] = stream[:end] + formulas + stream[end : end + room]
    return io.BytesIO(bytes(whole))


def test_formulas_of_an_old_file_are_named_as_in_xlsx():
    sheet = read_table(old_file_with_formulas(2), "a.xls")[0]
    assert sheet.formulas == ["D3", "D4"]
    assert read_table(old_file_with_formulas(0), "a.xls")[0].formulas == []


def test_of_very_many_formulas_twenty_are_named():
    assert len(formula_cells(old_file_with_formulas(60))) == 20


@given(data=st.binary(max_size=2000))
def test_a_damaged_old_file_has_no_formulas_and_breaks_nothing(data):
    whole = bytearray((DATA / "visits.xls").read_bytes())
    for place, byte in enumerate(data):
        whole[(place * 7919) % len(whole)] = byte
    for broken in (data, OLE + data, bytes(whole)):
        assert isinstance(formula_cells(io.BytesIO(broken)), list)


def test_xlsx_keeps_numbers_dates_and_texts():
    file = io.BytesIO()
    row = ["=1+1", 77.6, date(2024, 3, 1), "a\x00\x01\ud800b", None, True]
    tables.write_xlsx(file, [("Luvut", ["t", "n", "d", "c", "e", "b"], [row])])
    sheet = read_table(file, "a.xlsx")[0]
    assert sheet.formulas == []
    assert list(sheet.rows())[1][1] == [
        "=1+1",
        77.6,
        date(2024, 3, 1),
        "ab",
        "",
        "True",
    ]


def test_sheet_names_are_made_acceptable():
    file = io.BytesIO()
    names = ["a/b:c?", "x" * 50, "x" * 50, "", "'"]
    tables.write_xlsx(file, [(name, ["a"], [[1]]) for name in names])
    file.seek(0)
    assert len(set(load_workbook(file).sheet_names)) == 5


@pytest.mark.skipif(not BAD_INPUT.is_dir(), reason="../shared/data is not here")
def test_bad_strings_go_out_and_come_back():
    strings = [
        entry["s"] if isinstance(entry, dict) else entry
        for path in sorted(BAD_INPUT.glob("*.json"))
        for entry in json.loads(path.read_text(encoding="utf-8"))
    ]
    assert len(strings) > 200
    raw = io.BytesIO(written_csv([[text, 1] for text in strings]).encode())
    assert len(rows_of(raw)) == len(strings) + 1
    file = io.BytesIO()
    tables.write_xlsx(file, [("1", ["a"], [[text] for text in strings])])
    assert read_table(file, "a.xlsx")[0].formulas == []


@given(text=st.text(st.characters(categories=None), max_size=50))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_written(text):
    written_csv([[text, 1]], [text])
    tables.write_xlsx(io.BytesIO(), [(text, [text], [[text]])])
