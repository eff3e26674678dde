"""A database that says nothing: DuckDB draws how far a long query is on standard output where it takes its process for interactive."""

from __future__ import annotations

from typing import Any

import duckdb


def database(**settings: Any) -> duckdb.DuckDBPyConnection:
    """An empty one in memory, with settings of DuckDB's (``memory_limit``, ``threads`` …)."""
    connection = duckdb.connect(":memory:", config=settings)
    connection.execute("set enable_progress_bar = false")
    return connection
