"""The facts documents of an audit, part by part in the order of its run: what exports of a whole hub read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from cardlint.audit.store import require_audit
from cardlint.model import CardlintError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BATCH = 256


def documents(folder: Path) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Each document with the pointers of its parts that were cut for its size. Raises CardlintError for a broken store."""
    for key in require_audit(folder)["parts"]:
        path = folder / "facts" / f"{key}.parquet"
        try:
            with pq.ParquetFile(path, pre_buffer=False) as file:
                for batch in file.iter_batches(_BATCH, columns=["document", "cut"], use_threads=False):
                    for row in batch.to_pylist():
                        yield json.loads(row["document"]), row["cut"]
        except (OSError, ValueError) as error:
            raise CardlintError(f"{path}: {error}") from None
