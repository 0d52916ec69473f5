"""An export becomes events, moves and lives: first states, order, clocks, identity, late rows, undoing."""

import json
import random

import pytest

import workbench as wb
from workbench.errors import LogError, MappingError, SourceError, UnknownNameError

EVENTS = (
    "aggregate_type, aggregate_id, place, version, event_type, occurred_at, effective_at, actor, to_state, "
    "from_recorded"
)
MOVES = (
    "l.aggregate_type, l.aggregate_id, m.field, move, m.place, from_state, to_state, entered_at, left_at, "
    "from_entered_at, known_at, began_at, visit, nth, m.path, m.inferred"
)


def moved(order, source, target, at, number=None, **data):
    """One row of the seeds' event_store: `state_transitioned`."""
    row = {
        "aggregate_type": "App\\Models\\Order",
        "aggregate_id": order,
        "event_type": "state_transitioned",
        "event_data": {"from_state": source, "to_state": target, **data},
        "occurred_at": f"2026-01-{at}",
    }
    return row if number is None else {"id": number, **row}


def created(order, state, at, number=None, **attributes):
    row = {
        "aggregate_type": "App\\Models\\Order",
        "aggregate_id": order,
        "event_type": "model_created",
        "event_data": {"attributes": {"status": state, **attributes}},
        "occurred_at": f"2026-01-{at}",
    }
    return row if number is None else {"id": number, **row}


def moves_of(log):
    return log.sql(
        "SELECT move, from_state, to_state, entered_at, left_at, inferred FROM moves ORDER BY life, move"
    ).fetchall()


def contents(log):
    """Everything a log holds but where its rows came from and the keys of its lives."""
    events = log.sql(f"SELECT {EVENTS}, data, metadata, tied FROM events ORDER BY ALL").fetchall()
    moves = log.sql(
        f"SELECT {MOVES} FROM moves AS m JOIN lives AS l ON l.life = m.life AND l.field = m.field ORDER BY ALL"
    )
    lives = log.sql("SELECT * EXCLUDE (life) FROM lives ORDER BY ALL").fetchall()
    return events, moves.fetchall(), lives, log.sql("FROM variants ORDER BY ALL").fetchall()


def test_a_life_that_was_created_opens_with_its_creation():
    log = wb.read_events([created(1, "pending", "01 10:00:00", 1), moved(1, "pending", "paid", "01 11:00:00", 2)])
    assert [(m[0], m[1], m[2], m[5]) for m in moves_of(log)] == [
        (1, None, "pending", False),
        (2, "pending", "paid", False),
    ]


def test_a_life_without_its_creation_opens_with_the_state_its_first_move_left():
    log = wb.read_events([moved(1, "pending", "paid", "01 11:00:00", 1)])
    first, second = moves_of(log)
    assert first[:3] == (0, None, "pending")
    assert first[3] is None
    assert first[5] is True
    assert second[:3] == (1, "pending", "paid")


def test_the_beginning_is_taken_from_a_snapshot_of_the_same_event():
    log = wb.read_events(
        [moved(1, "pending", "paid", "02 11:00:00", 1, model_snapshot={"created_at": "2026-01-01T09:00:00.000000Z"})]
    )
    assert str(moves_of(log)[0][3]) == "2026-01-01 09:00:00"


def test_a_beginning_that_an_event_is_said_to_have_after_the_first_move_is_that_move():
    log = wb.read_events([moved(1, "a", "b", "02 11:00:00", 1, model_snapshot={"created_at": "2026-03-01T09:00:00Z"})])
    assert str(moves_of(log)[0][3]) == "2026-01-02 11:00:00"


def test_a_hand_set_status_is_a_move():
    edit = {
        **moved(1, "x", "y", "02 10:00:00", 2),
        "event_type": "model_updated",
        "event_data": {"new_attributes": {"status": "paid"}},
    }
    log = wb.read_events([created(1, "pending", "01 10:00:00", 1), edit])
    assert moves_of(log)[1][1:3] == ("pending", "paid")


def test_paths_of_a_created_and_of_an_unbegun_life_are_the_same():
    log = wb.read_events(
        [
            created(1, "pending", "01 10:00:00", 1),
            moved(1, "pending", "paid", "01 11:00:00", 2),
            moved(2, "pending", "paid", "01 12:00:00", 3),
        ]
    )
    assert log.sql("SELECT count(DISTINCT path), count(*) FROM lives").fetchall() == [(1, 2)]
    assert log.sql("SELECT states FROM variants").fetchall() == [(["pending", "paid"],)]


def test_tied_moves_take_the_one_order_their_states_allow():
    rows = [moved(1, "b", "c", "01 10:00:00"), moved(1, "a", "b", "01 10:00:00"), created(1, "a", "01 09:00:00")]
    log = wb.read_events(rows)
    assert [m[2] for m in moves_of(log)] == ["a", "b", "c"]
    assert log.sql("SELECT bool_or(tied) FROM events").fetchall() == [(False,)]


def test_a_tie_that_states_do_not_decide_is_decided_by_position_and_marked():
    rows = [
        moved(1, "pending", "paid", "01 10:00:00", context={"n": 1}),
        moved(1, "paid", "pending", "01 10:00:00", context={"n": 2}),
        moved(1, "pending", "paid", "01 10:00:00", context={"n": 3}),
        created(1, "pending", "01 09:00:00"),
    ]
    log = wb.read_events(rows)
    assert [m[2] for m in moves_of(log)] == ["pending", "paid", "pending", "paid"]
    assert log.sql("SELECT count(*) FROM events WHERE tied").fetchall() == [(3,)]


def test_a_clock_that_runs_back_never_puts_a_life_in_two_states():
    rows = [
        {
            "aggregate_id": "o",
            "aggregate_type": "Order",
            "event_type": kind,
            "event_data": json.dumps({"data": {"status": "pending"}}),
            "version": n,
            "occurred_on": at,
        }
        for n, kind, at in [
            (1, "OrderCreated", "2026-01-01 10:00:00"),
            (2, "PaymentProcessed", "2026-01-01 12:00:00"),
            (3, "OrderCancelled", "2026-01-01 11:30:00"),
        ]
    ]
    log = wb.read_events(rows)
    assert [(str(m[3]), str(m[4])) for m in moves_of(log)] == [
        ("2026-01-01 10:00:00", "2026-01-01 12:00:00"),
        ("2026-01-01 12:00:00", "2026-01-01 12:00:00"),
        ("2026-01-01 12:00:00", "None"),
    ]


def many(seed):
    chance = random.Random(seed)
    rows, number = [], 0
    for order in range(20):
        state, hour = "s0", chance.randrange(9)
        if chance.random() < 0.5:
            rows.append(created(order, state, f"01 0{hour}:00:00", number := number + 1))
        for _ in range(chance.randrange(6)):
            following = f"s{chance.randrange(4)}"
            number += 1
            day = chance.randrange(2, 5)
            rows.append(moved(order, state, following, f"0{day} 0{chance.randrange(9)}:00:00", number))
            state = following
    return rows


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


def test_a_roster_tells_when_a_life_began_and_who_has_no_event():
    roster = [
        {"id": 1, "created_at": "2026-01-01 08:00:00", "status": "paid"},
        {"id": 9, "created_at": "2026-01-01", "status": "pending"},
    ]
    with wb.read_events([moved(1, "pending", "paid", "02 10:00:00", 1)]) as log:
        report = log.add(roster, mapping="roster", type="Order")
        assert (report.read, report.loaded) == (2, 2)
        assert str(moves_of(log)[0][3]) == "2026-01-01 08:00:00"
        assert log.sql("SELECT aggregate_type, type, aggregate_id FROM rosters ORDER BY aggregate_id").fetchall() == [
            ("App\\Models\\Order", "Order", "1"),
            ("App\\Models\\Order", "Order", "9"),
        ]
        assert log.remove(report.import_ids[0]) == 0
        assert moves_of(log)[0][3] is None


def test_two_state_fields_are_two_tracks():
    rows = [
        created(1, "pending", "01 10:00:00", 1, payment="open"),
        {
            **moved(1, "", "", "02 10:00:00", 2),
            "event_type": "model_updated",
            "event_data": {"new_attributes": {"payment": "settled"}},
        },
    ]
    log = wb.read_events(rows, state_field={"Order": ["status", "payment"]})
    assert log.sql("SELECT field, move, from_state, to_state FROM moves ORDER BY field, move").fetchall() == [
        ("payment", 1, None, "open"),
        ("payment", 2, "open", "settled"),
        ("status", 1, None, "pending"),
    ]
    assert log.has_tracks


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


@pytest.mark.parametrize(
    ("time", "zone", "utc"),
    [
        ("2026-01-01T10:00:00+02:00", None, "2026-01-01 08:00:00"),
        ("2026-01-01 10:00:00", "Europe/Paris", "2026-01-01 09:00:00"),
        ("2026-07-01 10:00:00", "Europe/Paris", "2026-07-01 08:00:00"),
        ("2026-01-01T10:00:00Z", "Europe/Paris", "2026-01-01 10:00:00"),
        ("2026-01-01", "+02:00", "2025-12-31 22:00:00"),
        ("2026-03-29 02:30:00", "-05:30", "2026-03-29 08:00:00"),
    ],
)
def test_a_time_is_read_by_its_offset_or_else_in_the_zone(time, zone, utc):
    log = wb.read_events([{"case_id": 1, "activity": "a", "timestamp": time}], timezone=zone)
    assert str(log.sql("SELECT occurred_at FROM events").fetchall()[0][0]) == utc


def test_hours_a_zone_has_twice_or_not_at_all_are_counted():
    times = ["2026-03-29 02:30:00", "2026-10-25 02:30:00", "2026-10-25 12:30:00"]
    rows = [{"case_id": n, "activity": "a", "timestamp": time} for n, time in enumerate(times)]
    log = wb.read_events(rows, timezone="Europe/Paris")
    assert log.sql("SELECT ambiguous_hours FROM imports").fetchall() == [(2,)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"occurred_at": "infinity"}, "occurred_at is not a time"),
        ({"occurred_at": "epoch"}, "occurred_at is not a time"),
        ({"occurred_at": "0000-01-01"}, "occurred_at is not a time"),
        ({"occurred_at": "0001-01-01T00:00:00+05:00"}, "occurred_at is not a time"),
        ({"occurred_at": "9999-12-31T23:00:00-05:00"}, "occurred_at is not a time"),
        ({"occurred_at": "2026-01-01T10:00:00+02:75"}, "occurred_at is not a time"),
        ({"occurred_at": None}, "no value for occurred_at"),
        ({"aggregate_id": None}, "no value for aggregate_id"),
        ({"event_data": {"to_state": True}}, "the state is neither text nor a number"),
        ({"event_data": {"to_state": {"name": "x"}}}, "the state is neither text nor a number"),
        ({"event_data": "not json"}, "event_data is text that is not JSON"),
    ],
)
def test_a_row_that_cannot_be_an_event_is_kept_with_its_reason(change, reason):
    log = wb.read_events([moved(1, "a", "b", "01 10:00:00", 1), {**moved(1, "b", "c", "01 11:00:00", 2), **change}])
    assert [row[0].split(": ")[0] for row in log.sql("SELECT reason FROM rejected").fetchall()] == [reason]


def test_a_number_is_a_state_and_null_is_no_move():
    log = wb.read_events([moved(1, 0, 1, "01 10:00:00", 1), moved(1, 1, None, "01 11:00:00", 2)])
    assert [m[1:3] for m in moves_of(log)] == [(None, "0"), ("0", "1")]


@pytest.mark.parametrize("line", ["[1]", '"x"', "{", '{"a": NaN}', '{"id": 1, "id": 2}', "12"])
def test_a_line_that_is_no_object_is_rejected_and_the_others_are_read(tmp_path, line):
    path = tmp_path / "export.ndjson"
    good = json.dumps(moved(1, "a", "b", "01 10:00:00", 1))
    path.write_text(f"{good}\n{line}\n")
    log = wb.read_events(path)
    assert log.sql("SELECT read, loaded, rejected FROM imports").fetchall() == [(2, 1, 1)]
    assert log.sql("SELECT position, byte_offset, raw FROM rejected").fetchall() == [(2, len(good) + 1, line.encode())]


def test_a_part_of_a_log_is_not_added_to():
    log = wb.read_events([moved(1, "a", "b", "01 10:00:00", 1)])
    with pytest.raises(LogError, match="part of a log"):
        log.of("Order").add([])


def test_a_source_that_no_mapping_fits_says_what_to_do():
    with pytest.raises(MappingError, match="no mapping fits"):
        wb.read_events([{"a": 1}])


def test_where_takes_whole_lives_of_the_part_held():
    rows = [created(1, "a", "01 10:00:00", 1), moved(1, "a", "b", "03 10:00:00", 2), created(2, "a", "01 10:00:00", 3)]
    log = wb.read_events(rows)
    assert log.where("current_state = 'b'").sql("SELECT aggregate_id FROM lives").fetchall() == [("1",)]
    early = log.until("2026-01-02").where("current_state = 'a'")
    assert early.sql("SELECT count(*) FROM lives").fetchall() == [(2,)]
    with pytest.raises(LogError, match="cannot be"):
        log.where("no_such_column = 1")


@pytest.mark.parametrize(
    "query",
    [
        "DROP TABLE moves",
        "SELECT 1; SELECT 2",
        "FROM main.moves",
        "FROM memory.moves",
        'FROM "main".moves',
        "SELECT 1 AS \"it's\" FROM main.moves -- '",
        "FROM query('FROM main.moves')",
        "COPY moves TO 'x'",
        "SELEC",
    ],
)
def test_sql_takes_one_reading_statement_without_qualified_names(query):
    log = wb.read_events([moved(1, "a", "b", "01 10:00:00", 1)])
    with pytest.raises(LogError):
        log.sql(query)


def test_sql_may_end_with_a_comment_and_begin_with_with():
    log = wb.read_events([moved(1, "a", "b", "01 10:00:00", 1)]).of("Order")
    assert log.sql("WITH x AS (FROM moves) SELECT count(*) FROM x -- all").fetchall() == [(2,)]


def test_an_unknown_aggregate_says_the_nearest():
    log = wb.read_events([moved(421, "a", "b", "01 10:00:00", 1)])
    with pytest.raises(UnknownNameError, match="421"):
        log.of("Order", 42)


def test_an_empty_list_is_no_source():
    with pytest.raises((SourceError, MappingError)):
        wb.read_events([])


@pytest.mark.parametrize(
    "time",
    [
        "2026-01-01 03:05:00 PM",
        "2026-01-01 10:00:00 CEST",
        "2026-01-01 10:00:00 foo",
        "2026-01-01 10:00 BC",
        "1767261600",
    ],
)
def test_a_time_with_something_behind_it_is_not_read_without_it(time):
    log = wb.read_events([{"case_id": 1, "activity": "a", "timestamp": time}])
    assert log.sql("SELECT reason FROM rejected").fetchall()[0][0].startswith("occurred_at is not a time")


@pytest.mark.parametrize("offset", ["+02:00", " +02:00", "+0200", " +0200", "+02", " +02"])
def test_an_offset_is_read_however_it_is_written(offset):
    log = wb.read_events([{"case_id": 1, "activity": "a", "timestamp": f"2026-01-01 10:00:00{offset}"}])
    assert str(log.sql("SELECT occurred_at FROM events").fetchall()[0][0]) == "2026-01-01 08:00:00"


@pytest.mark.parametrize("ending", ["parquet", "csv", "ndjson"])
def test_a_written_log_is_read_back_as_it_was(tmp_path, ending):
    with wb.read_events(many(1)) as log, wb.read_events(log.write(tmp_path / f"log.{ending}")) as back:
        assert contents(back) == contents(log)


def test_moves_know_their_aggregate():
    log = wb.read_events([moved(1, "a", "b", "01 10:00:00", 1), moved(2, "a", "c", "01 10:00:00", 2)])
    went_to_b = log.where("aggregate_id IN (SELECT aggregate_id FROM moves WHERE to_state = 'b')")
    assert went_to_b.sql("SELECT aggregate_id FROM lives").fetchall() == [("1",)]


def test_a_state_field_that_no_event_sets_is_said():
    with wb.read_events([created(1, "a", "01 10:00:00", 1)]) as log:
        report = log.add([created(2, "a", "01 10:00:00", 2)], state_field="nope")
        assert report.notes == ("no event sets 'nope': is that the state field?",)


def test_two_state_fields_may_be_named_for_all_types():
    log = wb.read_events([created(1, "a", "01 10:00:00", 1, payment="open")], state_field=["status", "payment"])
    assert log.sql("SELECT field, to_state FROM moves ORDER BY field").fetchall() == [
        ("payment", "open"),
        ("status", "a"),
    ]


def test_importing_a_broken_line_again_does_not_count_it_again(tmp_path):
    path = tmp_path / "export.ndjson"
    path.write_text(json.dumps(moved(1, "a", "b", "01 10:00:00", 1)) + "\n{\n")
    with wb.read_events(path) as log:
        before = wb.quality(log).fetchall()
        assert log.add(path).rejected == 1
        assert wb.quality(log).fetchall() == before


def test_a_roster_shows_in_quality_and_its_bad_times_are_rejected():
    with wb.read_events([moved(1, "pending", "paid", "02 10:00:00", 1)]) as log:
        roster = [
            {"id": 9, "created_at": "2026-01-01", "status": "pending"},
            {"id": 8, "created_at": "soon", "status": "x"},
        ]
        assert log.add(roster, mapping="roster", type="Order").rejected == 1
        assert "in the roster without events" in [row[1] for row in wb.quality(log).fetchall()]


def test_a_closed_log_says_so():
    log = wb.read_events([moved(1, "a", "b", "01 10:00:00", 1)])
    log.close()
    with pytest.raises(LogError, match="has been closed"):
        log.sql("FROM moves")


@pytest.mark.parametrize("version", ["1.7", "0x10", "1e1", "two"])
def test_a_version_that_is_no_whole_number_is_rejected(version):
    row = {"aggregate_id": "o", "aggregate_type": "Order", "event_type": "OrderCreated", "event_data": "{}"}
    log = wb.read_events([row | {"version": version, "occurred_on": "2026-01-01"}])
    assert log.sql("SELECT reason FROM rejected").fetchall()[0][0].startswith("version is not a whole number")


def test_ties_are_undone_in_each_track_by_itself():
    def edit(at, number, **new):
        return {
            **moved(1, "", "", at),
            "event_type": "model_updated",
            "event_data": {"new_attributes": new, "n": number},
        }

    rows = [created(1, "pending", "01 09:00:00"), edit("01 09:30:00", 1, pay="open")]
    rows += [moved(1, "paid", "shipped", "01 10:00:00"), moved(1, "pending", "paid", "01 10:00:00")]
    log = wb.read_events(rows, state_field=["status", "pay"])
    told = log.sql("SELECT to_state FROM moves WHERE field = 'status' ORDER BY move").fetchall()
    assert told == [("pending",), ("paid",), ("shipped",)]


def test_lives_without_a_state_share_in_the_variants_of_their_type():
    noted = {**moved(2, "", "", "01 10:00:00", 2), "event_type": "noted", "event_data": {}}
    log = wb.read_events([created(1, "a", "01 10:00:00", 1), noted])
    assert wb.variants(log).select("variant, share").fetchall() == [(1, 0.5), (2, 0.5)]
