"""Rows of a Parquet file from one number up to another: only the groups that hold them are read, a few rows at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

UNIT = 100
"""Rows at a time: a document is 256,000 bytes at most."""


def rows_between(path: Path, begin: int, end: int, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
    """Rows ``begin`` up to ``end`` of a file, up to `UNIT` at a time."""
    with pq.ParquetFile(path) as file:
        first = 0
        for group in range(file.num_row_groups):
            rows = file.metadata.row_group(group).num_rows
            if begin < first + rows and end > first:
                for batch in file.iter_batches(UNIT, row_groups=[group], columns=columns, use_threads=False):
                    low, high = max(begin - first, 0), min(end - first, len(batch))
                    if low < high:
                        yield batch.slice(low, high - low)
                    first += len(batch)
            else:
                first += rows
