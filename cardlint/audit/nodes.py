"""The nodes of an audit in the database that the reduce phase works with: numbered in the order of the report, read slice by slice.

A slice is a run of consecutive repositories, those of whole parts. What is made of one repository is made a slice at a time, so
that memory holds a slice however many there are; what needs all of them (who has which name, which lines are rare) is joined and
grouped by statements that spill to disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import duckdb

ROWS = 10_000
"""Repositories of a slice; one part more may stand in it."""

_TABLES = """
create table node (n bigint, input varchar, id varchar, key varchar, owner varchar, licenses varchar, linked boolean, judged boolean);
create table parent_key (n bigint, key varchar);
create table text (n bigint, lines bigint[]);
create table section (n bigint, hash bigint);
"""
_LOAD = """
create or replace temp table loaded as {rows};
insert into node
  select n, input, id, name, owner, case when len(licenses) > 0 then array_to_string(licenses, ' + ') end, linked, judged
  from loaded order by n;
insert into parent_key select n, unnest(parents) from loaded order by n;
insert into text select n, lines from loaded where len(lines) > 0 order by n;
insert into section select n, unnest(sections) from loaded order by n;
"""
_NAMES = """
create table name as
  select row_number() over (order by key) as name, key from
    (select key from node where key is not null union select key from parent_key);
create table own as select node.n, name.name from node join name using (key) order by node.n;
create table holder as
  select name, n from own join node using (n) qualify row_number() over (partition by name order by input, n) = 1;
"""


class Slice(NamedTuple):
    """Repositories from number ``begin`` up to ``end``, and the files that hold their nodes, each with the number of its first."""

    begin: int
    end: int
    files: tuple[tuple[str, int], ...]


def slices(files: Iterable[str]) -> Iterator[Slice]:
    """All repositories of some files of nodes, in their order."""
    held: list[tuple[str, int]] = []
    begin = end = 0
    for file in files:
        held.append((file, end))
        end += pq.read_metadata(file).num_rows
        if end - begin >= ROWS:
            yield Slice(begin, end, tuple(held))
            held, begin = [], end
    if held:
        yield Slice(begin, end, tuple(held))


def rows_of(piece: Slice, columns: str) -> str:
    """SQL of columns of the nodes of a slice, with their number as ``n``."""
    listed = ", ".join("'" + file.replace("'", "''") + "'" for file, _ in piece.files)
    firsts = ", ".join(str(first) for _, first in piece.files)
    return (
        f"select part.first + file_row_number as n, {columns} "  # noqa: S608  # our own files, quoted
        f"from read_parquet([{listed}], filename = true, file_row_number = true) as nodes "
        f"join (select unnest([{listed}]) as file, unnest([{firsts}]::bigint[]) as first) as part on nodes.filename = part.file"
    )


def load_nodes(connection: duckdb.DuckDBPyConnection, pieces: Iterable[Slice]) -> None:
    """Fill ``node``, ``parent_key``, ``text`` and ``section`` by number; ``name`` (name, key), ``own`` (n, name), ``holder`` (name, n).

    Names are numbers in the order of the keys. Several repositories may have one key, then the first of them, by its place, holds it.
    """
    connection.execute(_TABLES)
    for piece in pieces:
        columns = "input, id, nodes.name, owner, licenses, parents, linked, lines, sections, judged"
        connection.execute(_LOAD.format(rows=rows_of(piece, columns)))
    connection.execute("drop table if exists loaded")
    connection.execute(_NAMES)
