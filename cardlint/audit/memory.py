"""A database of bounded memory for what an audit asks of all its results at once."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEMORY = "128MB"
"""What tables, joins and sorts may hold; the process takes about twice that."""
THREADS = 2
"""Each holds blocks of its own, so that more of them ask for more memory."""


@contextmanager
def bounded(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection; what does not fit into `MEMORY` goes to a hidden folder in ``folder``, which is removed."""
    spill = folder / ".spill"
    connection = duckdb.connect(":memory:", config={"memory_limit": MEMORY, "temp_directory": str(spill), "threads": THREADS})
    try:
        yield connection
    finally:
        connection.close()
        shutil.rmtree(spill, ignore_errors=True)
