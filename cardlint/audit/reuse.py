"""What earlier parts hold of repositories that did not change, though a neighbour in their shard did."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardlint.audit.store import Store

Kept = dict[int, tuple[str, int]]
"""For the number of an entry in its shard: the part that holds its results, and the number of the row there."""
_AT_ONCE = 500


class Reuse:
    """An index of the states that a store has results of; made at the first question, in a database that spills to disk."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._index: sqlite3.Connection | None = None

    def find(self, keys: Sequence[bytes]) -> Kept:
        """Where the results of these states are."""
        index = self._made()
        numbers = {key: number for number, key in enumerate(keys)}
        found: Kept = {}
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            for key, part, row in index.execute(f"select key, part, row from kept where key in ({marks})", some):  # noqa: S608  # marks only
                found[numbers[key]] = (part, row)
        return found

    def _made(self) -> sqlite3.Connection:
        if self._index is None:
            self._index = sqlite3.connect("")
            self._index.execute("create table kept (key blob primary key, part text, row integer) without rowid")
            for part in self.store.parts():
                self._index.executemany("insert or ignore into kept values (?, ?, ?)", self._rows(part))
        return self._index

    def _rows(self, part: str) -> list[tuple[bytes, str, int]]:
        """The states of a part; none where it is of an older form or broken."""
        try:
            table = pq.read_table(self.store.folder / "repos" / f"{part}.parquet", columns=["key"], use_threads=False, partitioning=None)
            return [(key, part, row) for row, key in enumerate(table.column("key").to_pylist()) if key]
        except (OSError, pa.ArrowException, KeyError):
            return []

    def close(self) -> None:
        """Drop the index."""
        if self._index is not None:
            self._index.close()
            self._index = None
