"""A file is known by its content; one that is no export, or cannot be read, is one sentence."""

from __future__ import annotations

import gzip
import io
import os

import pytest

from workbench.errors import SourceError
from workbench.events.sources import landing

CSV = b"id,state\n1,paid\n2,sent\n"


def test_the_content_decides_and_not_the_name(read):
    assert read("export.csv", b'{"id":1}\n{"id":2}\n')[0].kind == "ndjson"
    assert read("export.ndjson", CSV)[0].kind == "csv"
    assert read("export.txt", b"CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\n")[0].kind == "mysqldump"
    assert read("export.dat", gzip.compress(CSV))[0].kind == "csv"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "is empty: it holds no byte"),
        ("a.csv", b"\n \n", "is empty: it holds nothing but white space"),
        ("a.csv", bytes(range(256)) * 20, "is a binary file"),
        ("a.csv", b"\x7fELF" + b"\0\1\2\3" * 500, "is a binary file"),
        ("a.csv", b"PK\x03\x04rest", "zip archive .*save the sheet as CSV"),
        ("a.csv", b"12345678DUCK" + b"\0" * 99, "is a DuckDB database"),
        ("a.xml", b"<?xml version='1.0'?><a/>", "is XML"),
    ],
)
def test_files_that_are_no_exports_say_so_in_one_sentence(read, name, content, said):
    with pytest.raises(SourceError, match=said) as raised:
        read(name, content)
    assert "\n" not in str(raised.value)


def test_paths_that_lead_to_no_file_say_so(read, tmp_path):
    (tmp_path / "orders.csv").write_bytes(CSV)
    with pytest.raises(SourceError, match=r"no file order.csv in .*: did you mean 'orders.csv'"):
        read("order.csv")
    with pytest.raises(SourceError, match="there is no folder"):
        read(tmp_path / "gone" / "a.csv")
    with pytest.raises(SourceError, match="is a folder: name the export files in it"):
        read(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_is_no_plain_file(read, tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(SourceError, match="not a plain file"):
        read("pipe.csv")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs a user other than root, who may read every file"
)
def test_a_file_that_may_not_be_read_says_so(read, tmp_path):
    (tmp_path / "a.csv").write_bytes(CSV)
    (tmp_path / "a.csv").chmod(0)
    with pytest.raises(SourceError, match="may not be read by this user"):
        read("a.csv")


def test_a_full_disk_is_said_in_a_sentence(read, monkeypatch):
    class Full(io.BytesIO):
        def write(self, _):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(landing.os, "fdopen", lambda handle, *_, **__: (os.close(handle), Full())[1])
    with pytest.raises(SourceError, match=r"no room left in .* to read a.csv"):
        read("a.csv", CSV)
