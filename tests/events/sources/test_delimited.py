"""CSV and TSV: every common writer's dialect comes back exactly, and a bad row costs itself alone."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from real_exports import EXPORTS, needs_exports

from workbench.errors import SourceError

EVENT_STORE = (
    "id",
    "aggregate_type",
    "aggregate_id",
    "event_type",
    "event_data",
    "occurred_at",
    "created_at",
    "updated_at",
)


@pytest.fixture
def read(read):
    def reading(content, name="export.csv", **asked):
        return read(content, **asked) if isinstance(content, Path) else read(name, content, **asked)

    return reading


def test_quotes_may_hold_delimiters_quotes_and_newlines(read):
    landed, rows = read('id,note\r\n1,"a, ""b""\r\nc"\r\n2,plain\r\n')
    assert rows == [{"id": "1", "note": 'a, "b"\r\nc'}, {"id": "2", "note": "plain"}]
    assert (landed.kind, landed.columns, landed.headerless, landed.refused) == ("csv", ("id", "note"), False, ())


def test_empty_text_is_null_quoted_or_not_and_so_is_backslash_n(read):
    assert read('a,b,c\n,"",\\N\n')[1] == [{"a": None, "b": None, "c": None}]


def test_a_bare_null_is_text_unless_all_other_text_is_quoted(read):
    assert read("name,n\nNULL,1\nRoe,2\n")[1][0] == {"name": "NULL", "n": "1"}
    assert read('"name","n"\n"Roe",1\nNULL,2\n"NULL",3\n')[1] == [
        {"name": "Roe", "n": "1"},
        {"name": None, "n": "2"},
        {"name": "NULL", "n": "3"},
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(read, delimiter):
    lines = [("id", "state", "note"), ("1", "pending", "1,5 ; x"), ("2", "paid", "a | b")]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(lines)
    assert [tuple(row.values()) for row in read(text.getvalue())[1]] == lines[1:]


def test_excel_may_declare_its_delimiter_in_a_first_line(read):
    assert read("sep=;\r\nid;state\r\n1;paid\r\n")[1] == [{"id": "1", "state": "paid"}]


def test_ragged_rows_are_refused_alone_with_their_bytes(read):
    content = b"id,state,at\n1,paid,x\n2,paid\n3,paid,x,y\n\n5,paid,x"
    landed, rows = read(content)
    assert [row and row["id"] for row in rows] == ["1", None, None, None, "5"]
    assert [(row.position, row.raw, row.reason) for row in landed.refused] == [
        (2, b"2,paid", "row has 2 fields, the header 3"),
        (3, b"3,paid,x,y", "row has 4 fields, the header 3"),
        (4, b"", "empty line"),
    ]
    assert all(content[row.offset : row.offset + row.length] == row.raw for row in landed.refused)


def test_a_ragged_row_over_two_lines_is_one_refused_row(read):
    landed, rows = read('id,note\n1,"a\nb",x\n2,ok\n')
    assert [(row.raw, row.reason) for row in landed.refused] == [(b'1,"a\nb",x', "row has 3 fields, the header 2")]
    assert rows == [None, {"id": "2", "note": "ok"}]


@pytest.mark.parametrize(
    ("stray", "reason"),
    [
        ('2,"oops', "a quote out of place"),
        ('2,"oops"x', "text after a closing quote"),
        ('2,"oops""', "a quote out of place"),
    ],
)
def test_a_stray_quote_costs_its_own_line_only(read, stray, reason):
    landed, rows = read(f'id,note\n1,fine\n{stray}\n3,"x"\n4,plain\n')
    assert rows == [{"id": "1", "note": "fine"}, None, {"id": "3", "note": "x"}, {"id": "4", "note": "plain"}]
    assert landed.refused[0].raw == stray.encode()
    assert landed.refused[0].reason in {reason, "text after a closing quote"}


def test_a_quote_that_is_never_closed_does_not_swallow_the_rest(read):
    landed, rows = read('id,note\n1,fine\n2,"oops\n' + "".join(f"{n},plain\n" for n in range(3, 50_000)))
    assert landed.rows == 49_999
    assert [(row.position, row.reason) for row in landed.refused] == [(2, "a quote that is never closed")]
    assert rows[-1] == {"id": "49999", "note": "plain"}


def test_a_quote_inside_a_bare_field_is_text(read):
    assert read('id,size\n1,5" pipe\n')[1] == [{"id": "1", "size": '5" pipe'}]


def test_bytes_that_are_no_text_refuse_their_row(read):
    landed, rows = read(b"id,note\n1,\xe9\n2,a\0b\n3,ok\n")
    assert [row.reason for row in landed.refused] == ["not UTF-8", "a NUL byte"]
    assert rows[2] == {"id": "3", "note": "ok"}


def test_a_line_over_the_limit_is_one_refused_row(read):
    content = b"id,note\n1,ok\n2," + b"x" * (20 << 20) + b"\n3,ok\n"
    landed, rows = read(content)
    assert [(row.position, row.offset, row.length, row.reason) for row in landed.refused] == [
        (2, 13, (20 << 20) + 2, "longer than 16 MB")
    ]
    assert rows[2] == {"id": "3", "note": "ok"}


def test_a_file_without_a_header_says_so_and_keeps_its_first_row(read):
    landed, rows = read("1,Order,2026-01-05 10:00:00\n2,Order,2026-01-05 10:00:01\n")
    assert landed.headerless
    assert rows[0] == {"column_1": "1", "column_2": "Order", "column_3": "2026-01-05 10:00:00"}


def test_named_columns_take_the_place_of_a_missing_header(read):
    landed, rows = read("1,Order\n2,Order\n", columns=("id", "type"))
    assert not landed.headerless
    assert rows == [{"id": "1", "type": "Order"}, {"id": "2", "type": "Order"}]


def test_named_columns_replace_a_header_only_where_it_is_proven(read):
    assert read("nr,kind\n1,Order\n", columns=("id", "type"))[1] == [{"id": "1", "type": "Order"}]
    assert read("Order,paid\nOrder,sent\n", columns=("type", "state"))[0].rows == 2
    assert read("Type,State\nOrder,sent\n", columns=("type", "state"))[0].rows == 1


def test_a_wrong_number_of_named_columns_is_said(read):
    with pytest.raises(SourceError, match=r"export\.csv has 3 columns, but 2 names were given"):
        read("1,2,3\n4,5,6\n", columns=("a", "b"))


def test_columns_without_a_name_or_with_one_twice_are_told_apart(read):
    assert read("id,,state,state\na,b,c,d\n")[0].columns == ("id", "column_2", "state", "state_2")


def test_an_into_outfile_export_is_unescaped_from_left_to_right(read):
    text = r'1,"C:\\new\\table","say \"hi\"",\N' + "\n" + r'2,"a\tb","line' + "\\\n" + r'two","\\N"' + "\n"
    _, rows = read(text, columns=("id", "path", "note", "gone"))
    assert rows == [
        {"id": "1", "path": r"C:\new\table", "note": 'say "hi"', "gone": None},
        {"id": "2", "path": "a\tb", "note": "line\ntwo", "gone": r"\N"},
    ]


def test_backslashes_in_a_quoted_csv_stay_as_they_are(read):
    text = 'id,type,data\n1,App\\Models\\Order,"{""path"":""C:\\\\tmp""}"\n2,\\\\server\\new,x\n'
    _, rows = read(text)
    assert rows[0] == {"id": "1", "type": r"App\Models\Order", "data": r'{"path":"C:\\tmp"}'}
    assert rows[1]["type"] == r"\\server\new"


def test_a_tab_file_of_mysql_is_unescaped_and_its_null_is_null(read):
    _, rows = read('id\tdata\tgone\n1\t{"a":"\\\\n\\\\""}\tNULL\n2\ta\\tb\\\\\t\\N\n')
    assert rows == [{"id": "1", "data": '{"a":"\\n\\""}', "gone": None}, {"id": "2", "data": "a\tb\\", "gone": None}]


def test_a_tab_file_with_quoted_fields_is_read_as_one(read):
    assert read('id\tnote\n1\t"a\tb\nc"\n')[1] == [{"id": "1", "note": "a\tb\nc"}]


@needs_exports
def test_three_exports_of_one_table_hold_the_same_rows(read):
    exports = EXPORTS / "mariadb_exports"
    _, outfile = read(exports / "into_outfile.csv", columns=EVENT_STORE)
    _, batch = read(exports / "a.tsv")
    _, tab = read(exports / "mysqldump_tab.txt", columns=EVENT_STORE)
    assert outfile == batch == tab
    payload = json.loads(outfile[0]["event_data"])["attributes"]
    assert (payload["note"], payload["path"]) == ('say "hi"\nline2, comma\ttab', "C:\\tmp")
    assert outfile[2] == {
        "id": "3",
        "aggregate_type": "App\\Models\\Order",
        "aggregate_id": "9223372036854775808",
        "event_type": "state_transitioned",
        "event_data": '{"from_state":"confirmed","to_state":"fulfilled","context":[]}',
        "occurred_at": None,
        "created_at": None,
        "updated_at": None,
    }


@needs_exports
def test_an_export_without_a_header_is_seen_to_be_one(read):
    assert read(EXPORTS / "mariadb_exports" / "into_outfile.csv")[0].headerless


@needs_exports
@pytest.mark.parametrize("name", ["patients.csv", "receipt.csv", "receipt_original_columns.csv", "running-example.csv"])
def test_real_logs_come_back_as_pythons_csv_reads_them(read, name):
    landed, rows = read(EXPORTS / name)
    with (EXPORTS / name).open(newline="", encoding="utf-8") as file:
        expected = [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]
    assert rows == expected
    assert landed.refused == ()


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
tricky = st.text(st.sampled_from("\"',;\\\n\r\t|aN \u00e9"), max_size=8)


@given(
    rows=st.lists(st.tuples(texts | tricky, tricky, texts), min_size=1, max_size=30),
    delimiter=st.sampled_from(",;|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    ending=st.sampled_from(["\n", "\r\n"]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_pythons_csv_writes_comes_back_exactly(read, rows, delimiter, quoting, ending):
    # \N and NULL are null where they stand bare: they have their own tests
    rows = [tuple("n" if text in {"NULL", r"\N"} else text for text in row) for row in rows]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=ending)
    writer.writerow(("id", "name", "note"))
    writer.writerows(rows)
    landed, found = read(text.getvalue())
    assert landed.refused == ()
    assert [tuple(row.values()) for row in found] == [tuple(value or None for value in row) for row in rows]


@given(st.lists(st.tuples(tricky, texts), min_size=1, max_size=20), st.integers(1, 10_000))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_is_found_again_where_it_is(read, rows, seed):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("id", "name"))
    writer.writerows(rows * (1 + seed % 3))
    content = text.getvalue().encode()
    landed, _ = read(content)
    spots = landed.locate(range(1, landed.rows + 1))
    assert all(content[offset : offset + length] == raw for offset, length, raw in spots.values())
    assert b"".join(raw + b"\n" for _, _, raw in spots.values()) == content[len(b"id,name\n") :]


def test_rows_come_back_whole_over_many_blocks(read):
    rows = [{"id": str(n), "note": 'a "b"\n' * (n % 90), "tail": "é"} for n in range(30_000)]
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    content = text.getvalue().encode()
    assert len(content) > 2 * (4 << 20)
    landed, found = read(content)
    assert landed.refused == ()
    assert found == [{key: value or None for key, value in row.items()} for row in rows]
    offset, length, raw = landed.locate([29_999])[29_999]
    assert content[offset : offset + length] == raw
    assert raw.startswith(b"29998,")
