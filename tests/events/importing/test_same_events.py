"""Which rows are the same event: duplicates, conflicts, late rows, an import undone."""

import json

import pytest
from store_rows import contents, created, many, moved, moves_of

import workbench as wb
from workbench.errors import UnknownNameError


def test_the_same_file_twice_is_all_duplicates():
    rows = many(3)
    with wb.read_events(rows) as log:
        before = contents(log)
        report = log.add(rows)
        assert (report.read, report.loaded, report.duplicate, report.rejected) == (len(rows), 0, len(rows), 0)
        assert contents(log) == before


def test_two_equal_rows_without_an_id_are_one_event():
    row = {"case_id": "1", "activity": "a", "timestamp": "2026-01-01"}
    log = wb.read_events([row, row])
    assert log.imports.fetchall()[0][7:11] == (2, 1, 1, 0)


def test_equal_rows_without_an_id_recommend_to_export_it_and_a_file_given_twice_does_not():
    row, other = ({"case_id": case, "activity": "a", "timestamp": "2026-01-01"} for case in "12")
    with wb.read_events([other]) as log:
        assert log.add([row, row]).notes == (
            "1 row equals another row and has neither id nor version: export the id if it is an event too",
        )
        assert log.add([row]).notes == ()


def test_the_same_id_with_other_content_is_a_conflict_and_kept_with_its_bytes(tmp_path):
    path = tmp_path / "export.ndjson"
    path.write_text("".join(json.dumps(moved(1, "a", state, "01 10:00:00", 7)) + "\n" for state in "bc"))
    log = wb.read_events(path)
    (position, raw, reason) = log.sql("SELECT position, raw, reason FROM rejected").fetchall()[0]
    assert (position, json.loads(raw)["event_data"]["to_state"]) == (2, "c")
    assert reason.startswith("conflict")


def test_a_conflict_with_another_aggregate_names_the_system_option():
    log = wb.read_events([moved(1, "a", "b", "01 10:00:00", 7), moved(2, "a", "b", "01 10:00:00", 7)])
    assert "--system" in log.sql("SELECT reason FROM rejected").fetchall()[0][0]


def test_the_same_id_in_two_systems_is_two_events():
    with wb.read_events([moved(1, "a", "b", "01 10:00:00", 7)], system="eu") as log:
        assert log.add([moved(2, "a", "b", "01 10:00:00", 7)], system="us").loaded == 1


def test_a_row_with_an_id_equals_its_twin_without_one():
    with wb.read_events([moved(1, "a", "b", "01 10:00:00")]) as log:
        assert log.add([moved(1, "a", "b", "01 10:00:00", 7), moved(1, "b", "c", "01 11:00:00", 8)]).duplicate == 1


@pytest.mark.parametrize(
    "pieces", [[[None, 1, 2]], [[None], [1], [2]], [[1], [2], [None]], [[1, None], [2]], [[2, 1], [None]]]
)
def test_a_row_without_an_id_stands_for_one_event_only(pieces):
    first, *others = [[moved(1, "a", "b", "01 10:00:00", number) for number in piece] for piece in pieces]
    with wb.read_events(first) as log:
        for piece in others:
            log.add(piece)
        assert log.sql("SELECT event_id FROM events ORDER BY event_id").fetchall() == [("1",), ("2",)]


def test_a_late_row_lands_in_its_place():
    with wb.read_events([created(1, "a", "01 10:00:00", 1), moved(1, "b", "c", "03 10:00:00", 3)]) as log:
        log.add([moved(1, "a", "b", "02 10:00:00", 2)])
        assert [m[1:3] for m in moves_of(log)] == [(None, "a"), ("a", "b"), ("b", "c")]
        assert log.sql("SELECT list(place ORDER BY place) FROM events").fetchall() == [([1, 2, 3],)]


def test_removing_an_import_leaves_what_was_there_before():
    with wb.read_events([created(1, "a", "01 10:00:00", 1), created(2, "a", "01 10:00:00", 2)]) as log:
        before = contents(log)
        report = log.add([moved(1, "a", "b", "02 10:00:00", 3), created(3, "a", "02 10:00:00", 4)])
        assert log.remove(report.import_ids[0]) == 2
        assert contents(log) == before


def test_a_short_name_that_becomes_ambiguous_is_renamed_and_said():
    with wb.read_events([moved(1, "a", "b", "01 10:00:00", 1)]) as log:
        assert log.types == ("Order",)
        report = log.add([{**moved(1, "a", "b", "01 10:00:00", 2), "aggregate_type": "Legacy\\Order"}])
        assert log.types == ("Legacy\\Order", "Models\\Order")
        assert "Order is ambiguous now" in report.notes[0]
        with pytest.raises(UnknownNameError, match="Order is ambiguous: write"):
            log.of("Order")
        log.remove(2)
        assert log.types == ("Order",)


def test_importing_a_broken_line_again_does_not_count_it_again(tmp_path):
    path = tmp_path / "export.ndjson"
    path.write_text(json.dumps(moved(1, "a", "b", "01 10:00:00", 1)) + "\n{\n")
    with wb.read_events(path) as log:
        before = wb.quality(log).fetchall()
        assert log.add(path).rejected == 1
        assert wb.quality(log).fetchall() == before
