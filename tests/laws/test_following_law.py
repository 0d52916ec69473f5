"""A source that is followed while it grows is in the end the very log that it would be at once."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

from drawn_logs import Export, exports, few
from hypothesis import given
from hypothesis import strategies as st

import workbench as wb

CUTS = st.lists(st.integers(0, 10_000), max_size=6)
ODD_LINES = (b"", b"[1]", b"\xff\xfe", b'{"a": NaN}', b'{"cut', '{"ü": "☃"}'.encode(), b"x\0y", b'{"a":1}\r')
TABLES = {
    "imports": "SELECT * EXCLUDE (started_at, finished_at) FROM imports",
    "rejected": "FROM rejected",
    "events": "SELECT * EXCLUDE (life) FROM events",
    "moves": (
        "SELECT l.aggregate_type, l.aggregate_id, m.* EXCLUDE (life) "
        "FROM moves AS m LEFT JOIN lives AS l ON l.life = m.life AND l.field = m.field"
    ),
    "lives": "SELECT * EXCLUDE (life) FROM lives",
    "variants": "FROM variants",
}


def everything(log: wb.EventLog) -> dict[str, list[tuple]]:
    """Return all that a log holds but the order in which it first saw its lives, and when it read them."""
    return {name: sorted(log.sql(query).fetchall(), key=repr) for name, query in TABLES.items()}


def holds(name: str, data: bytes, cuts: list[int], export: Export) -> None:
    with TemporaryDirectory() as folder, wb.open_log(f"{folder}/log.duckdb", write=True) as log:
        path = Path(folder) / name
        settings = {"mapping": export.mapping, "state_field": export.state_field}
        follower = log.follow(path, **settings)
        ends = [*sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
        for start, end in zip([0, *ends], ends, strict=False):
            with path.open("ab") as file:
                file.write(data[start:end])
            assert follower.tick().trouble is None
        brought = follower.finish()
        assert brought.trouble is None
        with wb.open_log(f"{folder}/once.duckdb", write=True) as once:
            report = once.add(path, **settings)
            assert (follower.read, follower.loaded, follower.duplicate, follower.rejected) == (
                report.read, report.loaded, report.duplicate, report.rejected,
            )  # fmt: skip
            one, other = everything(once), everything(log)
        for table in one:
            assert one[table] == other[table], table


def as_lines(export: Export, odd: list[tuple[int, bytes]], end: bytes) -> bytes:
    lines = [json.dumps(row, ensure_ascii=False).encode() for row in export.rows]
    for place, line in odd:
        lines.insert(1 + place % len(lines), line)
    return b"\n".join(lines) + end


def as_csv(export: Export, text: str) -> bytes:
    """Return rows as CSV, with text that has line ends, quotes and letters of several bytes in a column."""
    names = list(dict.fromkeys(key for row in export.rows for key in row))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*names, "remark"])
    for row in export.rows:
        cells = [row.get(name) for name in names]
        writer.writerow([*(json.dumps(cell) if isinstance(cell, dict) else cell for cell in cells), text])
    return file.getvalue().encode()


LINES = st.tuples(
    exports(),
    st.lists(st.tuples(st.integers(0, 99), st.sampled_from(ODD_LINES)), max_size=4),
    st.sampled_from((b"\n", b"", b"\n\n")),
).map(lambda drawn: (drawn[0], as_lines(*drawn)))
SHEETS = st.tuples(exports(), st.sampled_from(("", "ü☃", 'one\n"two", three', "a,b"))).map(
    lambda drawn: (drawn[0], as_csv(*drawn))
)


@few(4)
@given(drawn=LINES, cuts=CUTS)
def test_json_lines_followed_in_pieces_are_the_log_of_the_file_at_once(drawn, cuts):
    holds("export.ndjson", drawn[1], cuts, drawn[0])


@few(4)
@given(drawn=SHEETS, cuts=CUTS)
def test_a_sheet_followed_in_pieces_is_the_log_of_the_file_at_once(drawn, cuts):
    holds("export.csv", drawn[1], cuts, drawn[0])
