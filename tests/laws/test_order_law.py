"""The same events make the same log, in whatever order and in however many pieces they arrive."""

from __future__ import annotations

from drawn_logs import Export, exports, few
from hypothesis import given
from hypothesis import strategies as st
from told import tables

import workbench as wb

POSITION_DECIDED = "SELECT DISTINCT aggregate_type, aggregate_id FROM events WHERE tied"


def _of_sure_order(*logs: wb.EventLog) -> list[dict[str, list[tuple]]]:
    """Return what the logs tell of the lives in which no log had to go by the rows' positions."""
    doubtful = {life for log in logs for life in log.sql(POSITION_DECIDED).fetchall()}
    chosen = " OR ".join(f"(aggregate_type, aggregate_id) = ({_quoted(full)}, {_quoted(id)})" for full, id in doubtful)
    return [tables(log.where(f"NOT ({chosen})") if chosen else log) for log in logs]


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _pieces(rows: list, cuts: list[int]) -> list[list]:
    ends = [*sorted(cut % (len(rows) + 1) for cut in cuts), len(rows)]
    return [rows[start:end] for start, end in zip([0, *ends], ends, strict=False) if start < end]


def _holds(export: Export, shuffled: list, cuts: list[int]) -> None:
    with export.read(export.rows) as one, export.read(*_pieces(shuffled, cuts)) as other:
        first, second = _of_sure_order(one, other)
        for name in first:
            assert first[name] == second[name], name


def test_an_event_that_moves_nothing_stands_by_position_in_a_tie_that_the_states_decide():
    def row(kind: str, second: int, **data: str) -> dict:
        return {
            "aggregate_type": "Order", "aggregate_id": 1, "event_type": kind, "event_data": data,
            "occurred_at": f"2026-01-05 10:00:{second:02}",
        }  # fmt: skip

    rows = [
        row("state_transitioned", 1, from_state="new", to_state="a"),
        row("state_transitioned", 5, from_state="b", to_state="c"),
        row("note_written", 5, text="called"),
        row("state_transitioned", 5, from_state="a", to_state="b"),
    ]
    with wb.read_events(rows) as log:
        placed = log.sql("SELECT to_state, tied FROM events ORDER BY place").fetchall()
    assert placed == [("a", False), ("b", False), (None, True), ("c", False)]


CUTS = st.lists(st.integers(0, 60), max_size=4)
SHUFFLED = exports(conflicts=False).flatmap(lambda one: st.tuples(st.just(one), st.permutations(one.rows)))


@few(8)
@given(given_rows=SHUFFLED, cuts=CUTS)
def test_shuffled_lines_in_up_to_five_pieces_make_the_same_log(given_rows, cuts):
    _holds(*given_rows, cuts)


@few(4)
@given(export=exports())
def test_the_same_rows_twice_are_the_same_log(export):
    with export.read() as log:
        before = tables(log)
        for piece in export.pieces:
            report = log.add(list(piece), mapping=export.mapping, state_field=export.state_field)
            assert report.loaded == 0
            assert report.read == report.duplicate + report.rejected
        assert tables(log) == before


@few(4)
@given(export=exports(), late=st.integers(0, 100))
def test_removing_an_import_leaves_the_log_as_it_was(export, late):
    rows = export.rows
    cut = late % len(rows)
    with export.read(rows[:cut] or rows) as log:
        before = log.types, tables(log)
        report = log.add(rows[cut:], mapping=export.mapping, state_field=export.state_field)
        log.remove(report.import_ids[0])
        assert tables(log) == before[1]
        assert log.rejected.filter(f"import_id = {report.import_ids[0]}").fetchall() == []
