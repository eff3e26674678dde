"""Questions to a finished audit: one SELECT at a time, which can read the audit's tables and nothing else."""

from __future__ import annotations

import tempfile
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb

from cardlint.audit.store import require_audit
from cardlint.audit.summary import connect
from cardlint.model import CardlintError
from cardlint.report.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MEMORY = "2GB"
_SPILL = "8GB"
_BATCH = 2048


def tables_of(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The names of the views that a connection offers."""
    rows = connection.execute("select view_name from duckdb_views() where not internal and schema_name = 'main'").fetchall()
    return frozenset(row[0] for row in rows)


@contextmanager
def locked(folder: Path, memory: str = MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection for SQL of strangers: no file but the audit's, no network, no extension, bounded memory, settings locked.

    What does not fit into memory goes to a temporary folder, which is removed.
    """
    require_audit(folder)
    with tempfile.TemporaryDirectory(prefix="cardlint-") as spill, connect(folder) as connection:
        for setting, value in (
            ("memory_limit", memory),
            ("temp_directory", spill),
            ("max_temp_directory_size", _SPILL),
            ("autoinstall_known_extensions", "false"),
            ("autoload_known_extensions", "false"),
            ("allow_community_extensions", "false"),
        ):
            connection.execute(f"set {setting} = '{_quoted(value)}'")
        connection.execute(f"set allowed_directories = ['{_quoted(str(folder))}', '{_quoted(str(folder.resolve()))}']")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection


def select(connection: duckdb.DuckDBPyConnection, sql: str, seconds: float | None = None) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """The columns and rows of one SELECT (``from …``, ``with …``, ``describe`` and ``show`` too).

    Raises CardlintError, also from the iterator: for another statement, for what DuckDB refuses, and after so many seconds.
    """
    with _refusals(seconds):
        statements = connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise CardlintError("only one SELECT can be asked: an audit is never changed by a question")
    alarm = threading.Timer(seconds, connection.interrupt) if seconds else None
    if alarm:
        alarm.daemon = True
        alarm.start()
    try:
        with _refusals(seconds):
            cursor = connection.execute(statements[0])
            columns = [column[0] for column in cursor.description or ()]
    except CardlintError:
        if alarm:
            alarm.cancel()
        raise
    return columns, _rows(cursor, alarm, seconds)


def _rows(cursor: Any, alarm: threading.Timer | None, seconds: float | None) -> Iterator[tuple[Any, ...]]:
    try:
        while True:
            with _refusals(seconds):
                batch = cursor.fetchmany(_BATCH)
            if not batch:
                return
            yield from batch
    finally:
        if alarm:
            alarm.cancel()


@contextmanager
def _refusals(seconds: float | None) -> Iterator[None]:
    try:
        yield
    except duckdb.InterruptException:
        raise CardlintError(f"the query took longer than {seconds:g} s: --timeout gives it more") from None
    except duckdb.Error as error:
        what, _, _ = str(error).strip().partition("\n\nLINE ")  # its picture of the line would not survive as one line
        raise CardlintError(f"SQL: {plain(what)}") from None


def fetch(connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """The rows of one of our own queries as mappings."""
    cursor = connection.execute(sql, list(values))
    columns = [column[0] for column in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _quoted(text: str) -> str:
    return text.replace("'", "''")
