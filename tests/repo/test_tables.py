"""Rows and columns of a data set's files."""

from __future__ import annotations

import pytest

from cardlint.repo.repo import Repo
from cardlint.repo.tables import MAX_TABLE, Table, read_table, readable


def read(path, data):
    return read_table(Repo.from_contents({path: data}), path)


@pytest.mark.parametrize(
    ("path", "data", "table"),
    [
        ("a.csv", b"text,town\r\na,b\r\nc,d\r\n", Table(2, ("text", "town"))),
        ("a.csv", b'\xef\xbb\xbftext,town\n"a\nb",c\n\n', Table(1, ("text", "town"))),
        ("a.tsv", b"text\ttown\na\tb\n", Table(1, ("text", "town"))),
        ("a.jsonl", b'{"a": 1}\n\n{"b": 2}\n', Table(2, ("a", "b"))),
        ("a.json", b'[{"a": 1}, {"a": 2}]', Table(2, ("a",))),
    ],
)
def test_rows_and_columns(path, data, table):
    assert read(path, data).value == table


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.csv", b""),
        ("a.csv", b"\xff\xfe"),
        ("a.csv", b'a,"' + b"x" * 200_000 + b'"\n'),
        ("a.jsonl", b"[1]\n"),
        ("a.jsonl", b"{" * 100_000),
        ("a.jsonl", b"[" * 100_000),
        ("a.json", b'{"data": []}'),
        ("a.json", b"[1]"),
        ("a.parquet", b"PAR1"),
        ("a.parquet", b"PAR1" + b"\xff" * 40 + b"\x28\0\0\0PAR1"),
        ("a.parquet", b"PAR1\xff\xff\xff\xffPAR1"),
    ],
)
def test_malformed_tables_are_unreadable(path, data):
    answer = read(path, data)
    assert answer.state == "unreadable"
    assert answer.reason


def test_large_tables_are_not_counted():
    assert read("a.csv", b"a\n" * (MAX_TABLE // 2 + 1)).state == "unreadable"


def test_absent_and_pointed_at():
    repo = Repo.from_contents({"a.csv": b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 10\n"})
    assert read_table(repo, "a.csv").state == "not-here"
    assert read_table(repo, "b.csv").state == "absent"
    assert read_table(repo, "b.parquet").state == "absent"


def test_parquet_by_its_footer(tmp_path):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"text": ["a", "b", "c"], "town": [1, 2, 3]}), tmp_path / "a.parquet")
    assert read("a.parquet", (tmp_path / "a.parquet").read_bytes()).value == Table(3, ("text", "town"))


def test_readable_by_name():
    assert readable("data/train.JSONL")
    assert not readable("data/train.csv.gz")
