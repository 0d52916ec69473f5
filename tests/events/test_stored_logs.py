"""A log in a file: other clients ask it by macros, other versions find it in order."""

import duckdb
import pytest

import workbench as wb
from workbench.events import import_into

ROWS = [
    {"case_id": case, "activity": state, "timestamp": f"2026-01-0{day}"}
    for case in (1, 2)
    for day, state in ((1, "pending"), (2, "paid"))
]


@pytest.fixture
def path(tmp_path):
    import_into(tmp_path / "shop.duckdb", [ROWS])
    return tmp_path / "shop.duckdb"


def test_another_client_asks_the_questions_as_macros(path):
    with wb.open_log(path) as log:
        expected = wb.transition_counts(log).fetchall()
    with duckdb.connect(path, read_only=True) as other:
        assert other.sql("SELECT * EXCLUDE (field) FROM transition_counts()").fetchall() == expected
        assert other.sql("SELECT sum(times) FROM transition_counts(since := TIMESTAMP '2026-01-03')").fetchall() == [
            (None,)
        ]


def test_a_macro_in_a_query_sees_the_part_that_is_held(path):
    with wb.open_log(path) as log:
        assert log.sql("SELECT sum(times) FROM transition_counts()").fetchall() == [(2,)]
        assert log.of("Case", 1).sql("SELECT sum(times) FROM transition_counts()").fetchall() == [(1,)]
        assert log.until("2026-01-01").sql("FROM transition_counts()").fetchall() == []


def test_paths_made_by_another_hash_are_built_again_at_the_first_write(path):
    with wb.open_log(path) as log:
        before = log.sql("SELECT aggregate_id, path FROM lives ORDER BY ALL").fetchall()
    with duckdb.connect(path) as other:
        other.execute(
            "UPDATE lives SET path = path + 1; UPDATE moves SET path = path + 1; UPDATE about SET hash_version = '0'"
        )
    with wb.open_log(path, write=True) as log:
        assert log.sql("SELECT aggregate_id, path FROM lives ORDER BY ALL").fetchall() == before
        assert log.sql("SELECT count(*) FROM variants JOIN lives USING (path)").fetchall() == [(2,)]


def test_a_macro_without_an_instant_answers_for_the_last_event(path):
    with wb.open_log(path) as log:
        assert log.sql("SELECT state, aggregates FROM state_distribution()").fetchall() == [("paid", 2)]
        assert log.sql("SELECT DISTINCT since FROM state_at()").fetchall() == [(log.last,)]
        days = log.sql("SELECT instant, state, aggregates FROM states_over_time()").fetchall()
        assert days == wb.states_over_time(log).select("instant, state, aggregates").fetchall()


def test_payloads_are_stored_compressed_by_zstd(path):
    with wb.open_log(path) as log:
        columns = log.sql(
            "SELECT DISTINCT column_name, compression FROM pragma_storage_info('events') "
            "WHERE column_name IN ('data', 'metadata') AND segment_type <> 'VALIDITY'"
        )
        assert sorted(columns.fetchall()) == [("data", "ZSTD"), ("metadata", "ZSTD")]
