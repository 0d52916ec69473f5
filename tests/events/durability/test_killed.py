"""A killed import leaves a log as it was, or with all of the import."""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest
from stored_shop import Shop, assert_as_before, child, contents, files_of, write_export

import workbench as wb
from workbench.events import import_into


def killed(log: Path, export: Path, moment: str, delay: float = 0, *more: str) -> None:
    process = child(log, export, moment, delay, *more)
    said = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL, said


def test_the_export_touches_lives_that_are_there_and_adds_others(shop: Shop) -> None:
    assert shop.before["events"][0] == 4_002
    assert shop.after["events"][0] == 59_999
    assert shop.after["imports"][0] == 2


def kill_points(count: int) -> list[tuple[float, float]]:
    """Where in the statements, and how long after that statement began: any moment, the same in each run."""
    chance = random.Random(7)
    return [(chance.random(), chance.uniform(0, 0.05)) for _ in range(count)]


def killed_within(log: Path, shop: Shop, share: float, delay: float) -> None:
    killed(log, shop.export, str(1 + int(share * shop.statements)), delay)
    assert_as_before(log, shop)


def test_killed_in_the_middle_of_an_import_a_log_is_as_before(log: Path, shop: Shop) -> None:
    killed_within(log, shop, 0.7, 0.02)
    import_into(log, [shop.export])
    assert contents(log) == shop.after


@pytest.mark.soak
@pytest.mark.parametrize(("share", "delay"), kill_points(10))
def test_killed_at_any_moment_of_an_import_a_log_is_as_before(
    log: Path, shop: Shop, share: float, delay: float
) -> None:
    killed_within(log, shop, share, delay)


@pytest.mark.parametrize(
    ("moment", "delay"),
    [
        ("before COMMIT", 0),
        *(pytest.param("inside COMMIT", delay, marks=pytest.mark.soak) for delay in (0, 0.001, 0.01, 0.05, 0.2)),
        pytest.param("after COMMIT", 0, marks=pytest.mark.soak),
    ],
)
def test_killed_at_commit_a_log_is_as_before_or_whole(log: Path, shop: Shop, moment: str, delay: float) -> None:
    killed(log, shop.export, moment, delay)
    expected = {"before COMMIT": [shop.before], "after COMMIT": [shop.after]}
    found = contents(log)
    assert found in expected.get(moment, [shop.before, shop.after])
    assert contents(log, write=True) == found
    report = import_into(log, [shop.export])
    assert report.loaded == (0 if found == shop.after else 55_997)
    with wb.open_log(log) as reopened:
        assert reopened.sql("SELECT count(*) FROM events").fetchall() == [(59_999,)]


@pytest.mark.parametrize(
    "moment",
    [
        "before rename",
        pytest.param("30", marks=pytest.mark.soak),
        pytest.param("inside COMMIT", marks=pytest.mark.soak),
        pytest.param("after COMMIT", marks=pytest.mark.soak),
    ],
)
def test_killed_while_a_new_log_is_made_there_is_none(tmp_path: Path, shop: Shop, moment: str) -> None:
    log = tmp_path / "new.duckdb"
    killed(log, shop.export, moment, 0.01)
    assert not log.exists()
    assert any(entry.name.startswith("new.duckdb.part") for entry in tmp_path.iterdir())
    assert import_into(log, [shop.export]).loaded == 56_999
    assert files_of(log) == ["new.duckdb"]


@pytest.mark.soak
@pytest.mark.parametrize("moment", ["25", "after COMMIT", "before rename"])
def test_killed_while_replacing_a_log_is_as_before(log: Path, shop: Shop, moment: str) -> None:
    killed(log, shop.export, moment, 0, "--replace")
    assert contents(log) == shop.before
    import_into(log, [shop.export], replace_file=True)
    assert contents(log) == shop.after
    assert files_of(log) == [log.name]


def test_replacing_a_log_keeps_what_a_killed_process_had_committed_but_not_folded_in(tmp_path: Path) -> None:
    log, export = tmp_path / "shop.duckdb", tmp_path / "export.ndjson"
    write_export(export, 1, 20)
    import_into(log, [export])
    write_export(export, 20, 40)
    killed(log, export, "after COMMIT")
    assert log.with_name("shop.duckdb.wal").exists()
    write_export(export, 40, 60)
    import_into(log, [export], replace_file=True)
    assert contents(log)["events"][0] == 59
    assert files_of(log) == ["shop.duckdb"]
