"""Packed files and other encodings are read whole or say what to do."""

from __future__ import annotations

import gzip
import hashlib
import os
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.errors import SourceError
from workbench.events.sources import landing, unpacking

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CSV = b"id,state\n1,paid\n2,sent\n"


@pytest.mark.parametrize(("name", "pack"), [("a.csv.gz", gzip.compress), ("a.csv.zst", zstd.compress)])
def test_packed_files_are_read_all_their_parts_and_hashed_as_given(read, name, pack):
    content = pack(CSV) + pack(b"3,paid\n")
    landed, rows = read(name, content)
    assert [row["id"] for row in rows] == ["1", "2", "3"]
    assert (landed.kind, landed.sha256, landed.size) == ("csv", hashlib.sha256(content).hexdigest(), len(content))
    assert landed.locate([3])[3] == (len(CSV), 6, b"3,paid")


@pytest.mark.parametrize(("name", "pack"), [("a.ndjson.gz", gzip.compress), ("a.ndjson.zst", zstd.compress)])
@given(seed=st.integers(0, 2**32), share=st.floats(0, 1))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_packed_file_cut_anywhere_raises(read, name, pack, seed, share):
    line = b'{"a":"%s"}\n' % hashlib.sha256(str(seed).encode()).hexdigest().encode()
    content = pack(line * (1 + seed % 5000))
    cut = 1 + int(share * (len(content) - 2))
    with pytest.raises(SourceError):
        read(name, content[:cut])


def test_packed_files_that_are_cut_or_damaged_say_what_to_do(read):
    packed = zstd.compress(os.urandom(10_000))
    with pytest.raises(SourceError, match=r"a\.csv\.zst is cut short: .* \(test it with zstd -t\)"):
        read("a.csv.zst", packed[:-3])
    with pytest.raises(SourceError, match=r"a\.csv\.gz is damaged"):
        read("a.csv.gz", gzip.compress(CSV) + b"garbage")
    with pytest.raises(SourceError, match="named like a packed file"):
        read("a.csv.gz", CSV)
    with pytest.raises(SourceError, match="packed twice"):
        read("a.csv.gz", gzip.compress(gzip.compress(CSV)))
    with pytest.raises(SourceError, match="unpacks to no byte"):
        read("a.csv.gz", gzip.compress(b""))


def test_a_file_that_unpacks_to_absurdly_much_is_refused(read, monkeypatch):
    monkeypatch.setattr(unpacking, "_SIZE", 8 << 20)
    with pytest.raises(SourceError, match="unpacks to more than"):
        read("a.csv.gz", gzip.compress(b"1,2\n" * (5 << 20)))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_utf_16_with_its_mark_is_decoded_and_says_so(read, encoding):
    landed, rows = read("a.csv", "id,name\r\n1,é😀\r\n".encode(encoding))
    assert rows == [{"id": "1", "name": "é😀"}]
    assert landed.notes == ("read from UTF-16: byte offsets are those in UTF-8",)


def test_utf_16_without_a_mark_or_cut_says_to_convert_it(read):
    with pytest.raises(SourceError, match="looks like UTF-16 without a mark: convert it"):
        read("a.csv", "id,name\n1,Ann\n".encode("utf-16-le"))
    with pytest.raises(SourceError, match="not UTF-16 throughout"):
        read("a.csv", "id,name\n1,Ann\n".encode("utf-16")[:-1])


def test_a_file_mostly_in_another_encoding_is_refused_whole(read, monkeypatch):
    monkeypatch.setattr(landing, "REFUSED_LIMIT", 100)
    with pytest.raises(SourceError, match="more than 100 rows that cannot be read, the last because of 'not UTF-8'"):
        read("a.ndjson", b'{"a":"\xe9"}\n' * 200)
