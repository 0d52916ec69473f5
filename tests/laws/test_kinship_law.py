"""Causation binds both ways: if B's events concern A as causes or effects, A's concern B."""

from __future__ import annotations

from drawn_logs import event_store
from hypothesis import given, settings

import workbench as wb


def _bound(log, full, id):
    rows = wb.related(log, full, id).project("type, aggregate_id, link, broken").fetchall()
    return {row[:2] for row in rows if row[2].startswith(("cause of", "caused by")) and not row[3]}


@settings(max_examples=8)
@given(export=event_store())
def test_causation_binds_both_ways(export):
    with export.read() as log:
        lives = log.sql("SELECT DISTINCT type, aggregate_id FROM lives").fetchall()
        bound = {life: _bound(log, *life) for life in lives}
        assert [(a, b) for a in lives for b in bound[a] if b != a and a not in bound[b]] == []
