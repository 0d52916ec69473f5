"""A trail read page by page is the whole trail, whatever the size of a page and whatever is asked for."""

from __future__ import annotations

from drawn_logs import exports, few, slots
from hypothesis import given
from hypothesis import strategies as st

import workbench as wb

FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "actor": st.sampled_from(("3", "a", "b")),
        "state": st.sampled_from(("a", "b", "c")),
        "event_type": st.sampled_from(("state_transitioned", "model_updated", "Noted")),
        "text": st.sampled_from(("a", 'b"', "total")),
        "correlation": st.just("k-1"),
    },
)


@few(4)
@given(export=exports(), chosen=FILTERS, size=st.sampled_from((1, 2, 3, 5, 8)), since=st.one_of(st.none(), slots()))
def test_pages_put_together_are_the_whole(export, chosen, size, since):
    with export.read() as log:
        window = {} if since is None else {"since": export.instant(since)}
        try:
            whole = wb.audit_trail(log, **chosen, **window).fetchall()
        except wb.UnknownNameError:
            return
        pages, mark = [], None
        while page := (told := wb.audit_trail(log, **chosen, **window, after=mark, limit=size)).fetchall():
            columns = told.columns
            key = [columns.index(name) for name in ("type", "aggregate_id", "place")]
            mark = ":".join(str(page[-1][index]) for index in key)
            assert len({tuple(row[index] for index in key) for row in page}) <= size
            pages += page
        assert pages == whole
