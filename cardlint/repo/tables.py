"""Rows and columns of a dataset's files: CSV, TSV, JSON lines, lists in JSON, Parquet by its footer (with the package pyarrow)."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from cardlint.repo.answer import Answer, Unreadable
from cardlint.repo.jsonfile import MAX_JSON, read_list
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cardlint.repo.repo import Repo

MAX_TABLE = 8_000_000
"""Bytes of a text table whose rows are counted; a larger one answers unreadable."""
MAX_FOOTER = 16_000_000
"""Bytes of a Parquet footer."""
MAX_COLUMNS = 10_000
_LOOKED_AT = 100
"""Lines whose keys make up the columns of JSON lines: a key may be left out of some."""


class Table(NamedTuple):
    """A file's number of rows and the names of its columns."""

    rows: int
    columns: tuple[str, ...]


def readable(path: str) -> bool:
    """Whether `read_table` knows the format of a file, by its name."""
    return _ending(path) in _READERS


def read_table(repo: Repo, path: str) -> Answer[Table]:
    """The table in a file; unreadable where it is malformed or over a bound."""
    ending = _ending(path)
    if ending == "parquet":
        return _parquet(repo, path)
    if ending == "json":
        return read_list(repo, path, _records, MAX_JSON)
    whole = repo.whole(path, MAX_TABLE)
    if whole.value is None:
        return Answer(whole.state, path, reason=whole.reason)
    try:
        text = whole.value.decode("utf-8-sig")
        return Answer("ok", path, _lines(text) if ending in ("jsonl", "ndjson") else _separated(text, "\t" if ending == "tsv" else ","))
    except UnicodeDecodeError:
        return Answer("unreadable", path, reason="not UTF-8")
    except (Unreadable, csv.Error, ValueError, RecursionError) as error:
        return Answer("unreadable", path, reason=str(error))


_READERS = frozenset({"parquet", "json", "jsonl", "ndjson", "csv", "tsv"})


def _ending(path: str) -> str:
    return path.rpartition(".")[2].lower()


def _lines(text: str) -> Table:
    rows = 0
    columns: dict[str, None] = {}
    for line in text.split("\n"):
        if line.strip():
            rows += 1
            if rows <= _LOOKED_AT:
                row = json.loads(line)
                if type(row) is not dict or len(row) > MAX_COLUMNS:
                    raise Unreadable("a line is no object")
                columns.update(dict.fromkeys(row))
    return Table(rows, tuple(columns))


def _records(rows: list[object]) -> Table:
    columns: dict[str, None] = {}
    for row in rows[:_LOOKED_AT]:
        if not isinstance(row, dict):
            raise Unreadable("a list of objects is expected")
        columns.update(dict.fromkeys(row))
    return Table(len(rows), tuple(columns))


def _separated(text: str, separator: str) -> Table:
    reader: Iterable[list[str]] = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    columns: tuple[str, ...] | None = None
    rows = 0
    for row in reader:
        if columns is None:
            columns = tuple(row[:MAX_COLUMNS])
        elif row:
            rows += 1
    if columns is None:
        raise Unreadable("it is empty")
    return Table(rows, columns)


def _parquet(repo: Repo, path: str) -> Answer[Table]:
    size = repo.size(path)
    end = repo.read_range(path, max(0, (size or 0) - 8), 8) if size else None
    if end is None:
        state = "not-here" if path in repo.names else "absent"
        return Answer("not-here", path, reason="its content is not in this copy") if state == "not-here" else Answer("absent", path)
    length = int.from_bytes(end[:4], "little")
    if len(end) < 8 or end[4:] != b"PAR1" or size is None or length + 12 > size:
        return Answer("unreadable", path, reason="no footer of Parquet")
    if length > MAX_FOOTER:
        return Answer("unreadable", path, reason=f"a footer of {length:,} bytes is over the bound of {MAX_FOOTER:,}")
    footer = repo.read_range(path, size - 8 - length, length + 8) or b""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        return Answer("unreadable", path, reason="pyarrow is not installed (pip install 'cardlint[audit]')")
    try:
        # The footer alone makes a file whose metadata can be read.
        found = pq.read_metadata(pa.BufferReader(b"PAR1" + footer))
        return Answer("ok", path, Table(found.num_rows, tuple(found.schema.to_arrow_schema().names[:MAX_COLUMNS])))
    except (pa.ArrowException, OSError, ValueError, UnicodeDecodeError) as error:
        return Answer("unreadable", path, reason=f"no footer of Parquet: {type(error).__name__}")
