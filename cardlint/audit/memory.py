"""A database of bounded memory for what an audit asks of all its results at once."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import duckdb

from cardlint.audit.database import database
from cardlint.model import CardlintError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

T = TypeVar("T")

MEMORY = (64, 128, 512, 2048)
"""Megabytes that tables, joins and sorts may hold; the process takes about 90 more. What does not fit goes to disk, but what a
single step needs at once cannot: where that is too much, the work is done again with the next."""


def in_bounded_memory(folder: Path, work: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
    """Do work that asks a database, with a hidden folder in ``folder`` for what does not fit, which is removed.

    Raises CardlintError where the last of `MEMORY` is not enough.
    """
    for megabytes in MEMORY:
        try:
            with _bounded(folder, megabytes) as connection:
                return work(connection)
        except duckdb.OutOfMemoryException:
            continue
    raise CardlintError(f"{folder}: what all repositories have in common needs more than {MEMORY[-1]} MB")


@contextmanager
def _bounded(folder: Path, megabytes: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """One thread: each holds blocks of its own, so that more of them ask for more memory."""
    spill = tempfile.mkdtemp(prefix=".spill-", dir=folder)
    connection = database(memory_limit=f"{megabytes}MB", temp_directory=spill, threads=1)
    try:
        yield connection
    finally:
        connection.close()
        shutil.rmtree(spill, ignore_errors=True)
