"""Events become moves and lives: first states, order, ties, clocks, tracks."""

import json

from store_rows import created, moved, moves_of

import workbench as wb


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


def test_a_number_is_a_state_and_null_is_no_move():
    log = wb.read_events([moved(1, 0, 1, "01 10:00:00", 1), moved(1, 1, None, "01 11:00:00", 2)])
    assert [m[1:3] for m in moves_of(log)] == [(None, "0"), ("0", "1")]


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
