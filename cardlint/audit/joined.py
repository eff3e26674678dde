"""What the repositories of an audit have to do with each other: joined in SQL, kept as the index and as a file that is read row by row."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardlint.audit.apart import apart
from cardlint.audit.copies import AROUND, SHARED, compare_texts
from cardlint.audit.memory import in_bounded_memory
from cardlint.audit.nodes import documents, load_nodes
from cardlint.hub.index import write_index

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

_GROUP = 10_000
_BATCH = 1_000
_SUPERSEDED = "select n from superseded order by n"

Around = tuple[int, list[str]]
"""The number of a repository that shares a section or a text; the keys, sorted, of those whose text is alike."""


@contextmanager
def joined(folder: Path, files: Sequence[Path], index: Path, *, small: bool) -> Iterator[Iterator[Around]]:
    """Write the index over the nodes of some files, and tell what is around them, by ascending numbers.

    What is needed on the way lies in ``folder`` and is removed at the end. Where they are few (``small``) this process does it,
    else one of its own. Raises CardlintError where that takes more memory than any bound allows.
    """
    kept = Path(tempfile.mkdtemp(prefix=".joined-", dir=folder))
    try:
        work = partial(in_bounded_memory, folder, partial(_join, files, kept / index.name, kept / "around.parquet"))
        work() if small else apart(work)
        (kept / index.name).replace(index)  # here: a process whose run was killed must not put its index in the place of a later one
        yield _around(kept / "around.parquet")
    finally:
        shutil.rmtree(kept, ignore_errors=True)


def _join(files: Sequence[Path], index: Path, around: Path, connection: duckdb.DuckDBPyConnection) -> None:
    load_nodes(connection, files)
    compare_texts(connection)
    quoted = str(around).replace("'", "''")
    connection.execute(f"copy ({AROUND}) to '{quoted}' (format parquet, row_group_size {_GROUP})")
    write_index(index, _held(connection, files), _rows(connection.cursor().execute(SHARED)))


def _held(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Key and document of every node that holds its key."""
    passed = _rows(connection.cursor().execute(_SUPERSEDED))
    (following,) = next(passed, (None,))
    for query in documents(connection, files):
        for n, key, document in _rows(connection.cursor().execute(query)):
            if n == following:
                (following,) = next(passed, (None,))
            else:
                yield key, document


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[Any]:
    while rows := cursor.fetchmany(_BATCH):
        yield from rows


def _around(path: Path) -> Iterator[Around]:
    import pyarrow.parquet as pq  # the process that joins does without

    with pq.ParquetFile(path, pre_buffer=False) as file:  # or all of it is in memory at the end
        rows = (
            row
            for batch in file.iter_batches(_BATCH, use_threads=False)
            for row in zip(batch.column("n").to_pylist(), batch.column("key").to_pylist(), strict=True)
        )
        for n, alike in groupby(rows, itemgetter(0)):
            yield n, [key for _, key in alike if key is not None]
