"""What evidence works out of the events that it holds is what the log itself holds of that part."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from drawn_logs import IDS, TYPES, event_store, exports, few, slots
from hypothesis import given
from hypothesis import strategies as st
from told import tables

import workbench as wb
from workbench.custody.tables import copied, opened


def same(part: wb.EventLog) -> None:
    with TemporaryDirectory() as folder:
        files = copied(part, Path(folder) / "files")
        with opened(files, Path(folder) / "beside", part) as again:
            assert tables(again) == tables(part)
            kinds = {name: part.sql(f"FROM {name}").types for name in ("moves", "lives", "variants", "changes")}
            assert kinds == {name: again.sql(f"FROM {name}").types for name in kinds}


@few(8)
@given(export=exports(), until=slots(), some=st.integers(0, 4))
def test_moves_and_lives_follow_from_the_events_of_any_part(export, until, some):
    with export.read() as log:
        same(log)
        same(log.until(export.instant(until)))
        same(log.where(f"events > {some}").until(export.instant(until)))


@few(4)
@given(export=event_store(), created=st.lists(slots(), min_size=4, max_size=4))
def test_beginnings_follow_from_the_roster(export, created):
    with export.read() as log:
        for full in TYPES:
            rows = [
                {"id": id, "created_at": export.instant(at).isoformat()} for id, at in zip(IDS, created, strict=True)
            ]
            log.add(rows, mapping="roster", type=full)
        same(log)
