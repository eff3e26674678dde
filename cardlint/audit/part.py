"""One part of the store: the results of one shard in every table, written row by row in bounded memory, then renamed."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from cardlint.audit.rows import Row, control_rows, edge_rows, fact_rows, finding_rows, node_rows
from cardlint.report.writer import encode
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

_SECTION = pa.struct([("name", pa.string()), ("status", pa.string()), ("documented", pa.string())])
_TEXTS = pa.list_(pa.string())
_KEY = pa.binary(16)
REPOS = pa.schema(
    [
        *((name, pa.string()) for name in ("input", "id", "owner", "kind", "revision", "sha256")),
        ("has_card", pa.bool_()),
        *((name, pa.string()) for name in ("front_matter", "language", "generator")),
        *((name, pa.int64()) for name in ("bytes", "downloads")),
        *((name, pa.string()) for name in ("pipeline_tag", "library")),
        *((name, _TEXTS) for name in ("licenses", "languages", "datasets", "base_models")),
        ("sections", pa.list_(_SECTION)),
        *((name, pa.int32()) for name in ("errors", "warnings", "notes", "not_checked", "waived", "suppressed", "unhonoured")),
        ("failure", pa.string()),
        ("key", _KEY),
    ]
)
FINDINGS = pa.schema(
    [
        *((name, pa.string()) for name in ("input", "id", "kind", "code", "name", "severity", "confidence")),
        *((name, pa.string()) for name in ("message", "help", "at", "fingerprint")),
        *((name, pa.int32()) for name in ("line", "column")),
    ]
)
EDGES = pa.schema([*((name, pa.string()) for name in ("source", "relation", "target", "kind", "evidence")), ("line", pa.int32())])
NODES = pa.schema(
    [
        *((name, pa.string()) for name in ("input", "id", "name", "owner")),
        *((name, _TEXTS) for name in ("licenses", "parents")),
        ("linked", pa.bool_()),
        *((name, pa.list_(pa.int64())) for name in ("lines", "sections")),
        ("judged", pa.bool_()),
        ("document", pa.string()),
    ]
)
FACTS = pa.schema([*((name, pa.string()) for name in ("input", "id", "kind", "document")), ("cut", _TEXTS), ("key", _KEY)])
CONTROLS = pa.schema(
    [
        *((name, pa.string()) for name in ("input", "id", "kind", "owner", "standard", "control", "state", "reason")),
        ("evidence", _TEXTS),
    ]
)
CARDS = "cards"
"""The folder of the report's lines. A part counts once its lines are there."""
_HELD = 8_000_000
"""Bytes of documents that are held before a group of rows is written."""


class Table(NamedTuple):
    """A table of the store: its schema, and its rows of one repository's results and facts."""

    schema: pa.Schema
    rows: Callable[[Row, dict[str, Any] | None], list[dict[str, Any]]]


TABLES = {
    "repos": Table(REPOS, lambda row, _: [row.repo]),
    "findings": Table(FINDINGS, finding_rows),
    "edges": Table(EDGES, edge_rows),
    "nodes": Table(NODES, node_rows),
    "facts": Table(FACTS, fact_rows),
    "controls": Table(CONTROLS, control_rows),
}


class Part:
    """A part in the making; as a context it is there whole when the context ends, or not at all where it ends by an error."""

    def __init__(self, folder: Path, key: str) -> None:
        self.folder = folder
        self.key = key
        self._rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        self._held = 0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._tables = {name: self._table(name) for name in TABLES}
            self._lines = self._stack.enter_context(_beside(self._lines_path).open("wb"))
        except BaseException:
            self._abandon()
            raise
        return self

    def add(self, row: Row) -> None:
        """Keep one repository's results."""
        facts = row.facts
        for name, table in TABLES.items():
            self._rows[name].extend(table.rows(row, facts))
        self._lines.write(encode({"type": "card", **row.record}).encode() + b"\n")
        self._held += len(row.document or "")
        if self._held > _HELD:
            self._flush()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is not None:
            self._abandon()
            return
        try:
            self._flush()
            self._stack.close()
            for name in TABLES:
                _beside(self._table_path(name)).replace(self._table_path(name))
            _beside(self._lines_path).replace(self._lines_path)
            pa.default_memory_pool().release_unused()  # some 40 MB that the next part would not use again
        except BaseException:
            self._abandon()
            raise

    @property
    def _lines_path(self) -> Path:
        return self.folder / CARDS / f"{self.key}.jsonl"

    def _table_path(self, name: str) -> Path:
        return self.folder / name / f"{self.key}.parquet"

    def _table(self, name: str) -> pq.ParquetWriter:
        writer = pq.ParquetWriter(_beside(self._table_path(name)), TABLES[name].schema, compression="zstd")
        self._stack.callback(writer.close)
        return writer

    def _flush(self) -> None:
        for name, rows in self._rows.items():
            self._tables[name].write_table(pa.Table.from_pylist(rows, schema=TABLES[name].schema))
            rows.clear()
        self._held = 0

    def _abandon(self) -> None:
        """Remove what was written; the disk may be full, so closing may fail too."""
        try:
            self._stack.close()
        except (OSError, pa.ArrowException):
            pass
        for path in (*map(self._table_path, TABLES), self._lines_path):
            _beside(path).unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    """Where a file is written before it is renamed: whoever reads sees the old one or the new one."""
    return path.with_name(f".{path.name}.{os.getpid()}")


def replace(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file whole or not at all."""
    try:
        write(_beside(path))
        _beside(path).replace(path)
    except BaseException:
        _beside(path).unlink(missing_ok=True)
        raise
