"""The nodes of an audit in the database that joins them, numbered in the order of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.hub.likeness import FEWEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import duckdb

_TABLES = """
create table node (n bigint, input varchar, key varchar, owner varchar);
create table text (n bigint, mark ubigint, first bigint, length integer, lines bigint[]);
create table section (n bigint, hash bigint);
"""
_LOAD = f"""
insert into node select {{first}} + file_row_number, input, name, owner from {{file}} where name is not null;
insert into text
  select {{first}} + file_row_number, hash(lines), lines[1], len(lines), lines
  from {{file}} where name is not null and len(lines) >= {FEWEST};
insert into section select {{first}} + file_row_number, unnest(sections) from {{file}} where len(sections) > 0;
"""  # noqa: S608  # our own files, quoted
_SUPERSEDED = """
create table superseded as
  select n from
    (select n, row_number() over (partition by key order by input, n) as place
     from node join (select key from node group by key having count(*) > 1) using (key))
  where place > 1;
delete from text where n in (select n from superseded);
"""


def load_nodes(connection: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> None:
    """Fill ``node`` (n, input, key, owner), ``text`` (n, mark, first, length, lines), ``section`` (n, hash) and ``superseded`` (n).

    Several repositories may have one key, then the first of them, by its place, holds it, and the others are superseded; a
    repository without an id has none. Texts are those of the holders that are long enough to compare; equal ones have one
    ``mark`` and one ``first``, 127 bits by which they are told apart.
    """
    connection.execute(_TABLES)
    for first, file in _numbered(connection, files):
        connection.execute(_LOAD.format(first=first, file=file))
    connection.execute(_SUPERSEDED)


def documents(connection: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> Iterator[str]:
    """Queries, one a file, for number, key and document of all nodes that have a key, in their order."""
    for first, file in _numbered(connection, files):
        yield f"select {first} + file_row_number, name, document from {file} where name is not null"  # noqa: S608  # our own files, quoted


def _numbered(connection: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> Iterator[tuple[int, str]]:
    """Each file as SQL, with the number of its first repository."""
    first = 0
    for path in files:
        quoted = str(path).replace("'", "''")
        yield first, f"read_parquet('{quoted}', file_row_number = true)"
        rows = connection.execute(f"select sum(num_rows) from parquet_file_metadata('{quoted}')").fetchone()  # noqa: S608  # as above
        first += int(rows[0]) if rows else 0
