"""What is kept of the changes is what a log would say that never kept any; the fold says the same."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from drawn_logs import exports, few, slots
from hypothesis import given
from hypothesis import strategies as st

import workbench as wb
from workbench.errors import InstantError
from workbench.lives.differences import differences
from workbench.sql import keep_changes

CHANGES = "SELECT * REPLACE (old::VARCHAR AS old, new::VARCHAR AS new) FROM changes"
WITHOUT_KEYS = f"""
SELECT l.aggregate_type, c.* EXCLUDE (life, type)
FROM ({CHANGES}) AS c JOIN (SELECT DISTINCT life, aggregate_type FROM lives) AS l ON l.life = c.life
"""


def _said(log: wb.EventLog, query: str = CHANGES) -> list[tuple]:
    return sorted(log.sql(query).fetchall(), key=repr)


def _keep(log: wb.EventLog) -> None:
    assert keep_changes(log._database) is not None


@few(4)
@given(export=exports(), late=st.integers(0, 100))
def test_later_imports_and_removals_leave_the_kept_changes_as_a_fresh_build(export, late):
    cut = late % len(export.rows)
    first, second = export.rows[:cut] or export.rows, export.rows[cut:]
    with export.read(first) as keeping, export.read(first) as asking:
        before = _said(asking)
        _keep(keeping)
        for log in (keeping, asking):
            log.add(second, mapping=export.mapping, state_field=export.state_field)
        assert _said(keeping) == _said(asking)
        log = keeping
        log.remove(2)
        assert _said(keeping) == before


@few(5)
@given(export=exports(), until=slots())
def test_a_part_sees_its_own_changes_kept_or_not(export, until):
    with export.read() as whole:
        part = whole.until(export.instant(until))
        asked = _said(part)
        _keep(whole)
        assert _said(part) == asked
        keys = part.sql("SELECT import_id, position FROM events ORDER BY ALL").fetchall()
        if keys:
            rows = [export.pieces[import_id - 1][position - 1] for import_id, position in keys]
            with export.read(rows) as fresh:
                assert _said(fresh, WITHOUT_KEYS) == _said(part, WITHOUT_KEYS)


@few(5)
@given(export=exports())
def test_the_changes_are_those_of_the_fold(export):
    with export.read() as log:
        told: dict[tuple[str, str], dict[int, dict[str, tuple]]] = {}
        query = "SELECT type, aggregate_id, place, path, old::VARCHAR, new::VARCHAR FROM changes WHERE place > 0"
        for of_type, aggregate_id, place, path, old, new in log.sql(query).fetchall():
            pair = tuple(None if text is None else json.loads(text) for text in (old, new))
            if pair != (None, None):
                told.setdefault((of_type, aggregate_id), {}).setdefault(place, {})[path] = pair
        for life in log.sql("SELECT DISTINCT type, aggregate_id FROM lives").fetchall():
            folded = {moment.place: moment.changed for moment in wb.replay(log.of(*life)) if moment.changed}
            assert folded == told.get(life, {}), life


@few(6)
@given(export=exports(), until=slots(), when=slots(), keep=st.booleans())
def test_the_attributes_of_all_are_those_of_each_fold(export, until, when, keep):
    at = export.instant(when)
    with export.read() as whole:
        if keep:
            _keep(whole)
        for log in (whole, whole.until(export.instant(until))):
            asked = {
                (of_type, aggregate_id): json.loads(attributes)
                for of_type, aggregate_id, attributes in wb.attributes_at(log, at)
                .project("type, aggregate_id, attributes")
                .fetchall()
            }
            assert asked == _folded(log, at)


@few(6)
@given(export=exports(), until=slots(), first=slots(), second=slots())
def test_what_differs_between_two_instants_is_what_differs_between_the_folds(export, until, first, second):
    then, at = export.instant(first), export.instant(second)
    with export.read() as whole:
        for log in (whole, whole.until(export.instant(until))):
            old, new = _folded(log, then), _folded(log, at)
            expected = {
                (*life, path): tuple(map(_plain, pair))
                for life in old.keys() | new.keys()
                for path, pair in differences(old.get(life, {}), new.get(life, {})).items()
            }
            assert _differing(log, then, at, "TRUE") == expected
            states = _states(log, then), _states(log, at)
            expected = {
                track: pair
                for track in states[0].keys() | states[1].keys()
                if len(set(pair := (states[0].get(track), states[1].get(track)))) > 1
            }
            assert _differing(log, then, at, "what = 'state'") == expected
            assert wb.compare(log, at, at).fetchall() == []
            assert _differing(log, at, then, "TRUE") == {
                row: pair[::-1] for row, pair in _differing(log, then, at, "TRUE").items()
            }


def _differing(log: wb.EventLog, then: datetime, at: datetime, which: str) -> dict[tuple[str, str, str], tuple]:
    rows = wb.compare(log, then, at).filter(which).order("what DESC")
    return {
        row[:3]: tuple(None if text is None else _plain(json.loads(text)) for text in row[3:])
        for row in rows.project("type, aggregate_id, path, old::VARCHAR, new::VARCHAR").fetchall()
    }


def _plain(value: Any) -> str | None:
    """Tell a state that is a number as states are told."""
    return value if value is None or isinstance(value, str) else json.dumps(value)


def _states(log: wb.EventLog, at: datetime) -> dict[tuple[str, str, str], str]:
    field_of = dict(log.sql("SELECT DISTINCT type, field FROM lives WHERE field IS NOT NULL").fetchall())
    answer = wb.state_at(log, at)
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()]
    return {
        (row["type"], row["aggregate_id"], row.get("field", field_of.get(row["type"]))): row["state"] for row in rows
    }


def _folded(log: wb.EventLog, at: datetime) -> dict[tuple[str, str], dict]:
    folded = {}
    for life in log.sql("SELECT DISTINCT type, aggregate_id FROM lives").fetchall():
        try:
            folded[life] = wb.replay(log.of(*life)).at(at).attributes
        except InstantError:
            continue
    return folded
