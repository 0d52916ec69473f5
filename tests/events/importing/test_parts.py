"""A log and its parts are asked, not changed, and written out as they are."""

import pytest
from store_rows import contents, created, many, moved

import workbench as wb
from workbench.errors import LogError, UnknownNameError


def test_a_part_of_a_log_is_not_added_to():
    log = wb.read_events([moved(1, "a", "b", "01 10:00:00", 1)])
    with pytest.raises(LogError, match="part of a log"):
        log.of("Order").add([])


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


@pytest.mark.parametrize("ending", ["parquet", "csv", "ndjson"])
def test_a_written_log_is_read_back_as_it_was(tmp_path, ending):
    with wb.read_events(many(1)) as log, wb.read_events(log.write(tmp_path / f"log.{ending}")) as back:
        assert contents(back) == contents(log)


def test_a_closed_log_says_so():
    log = wb.read_events([moved(1, "a", "b", "01 10:00:00", 1)])
    log.close()
    with pytest.raises(LogError, match="has been closed"):
        log.sql("FROM moves")
