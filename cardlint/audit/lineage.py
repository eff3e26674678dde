"""Lineage of a whole mirror in SQL, the same as `cardlint.hub.lineage.walk` tells of one repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.hub.lineage import MAX_ANCESTORS, MAX_HOPS

if TYPE_CHECKING:
    import duckdb

    from cardlint.audit.nodes import Slice

# Names are numbers in the order of the keys, so that the smallest of several paths is the same as in `walk`.
_TABLES = """
create table parent as
  select n, name.name as parent from parent_key join name using (key) order by n;
create table base as select holder.name, parent.parent from holder join parent using (n);
create table shown as
  select name.name, name.key, coalesce(node.id, split_part(name.key, ':', 2)) as id, node.licenses
  from name left join holder using (name) left join node using (n);
"""
_BEGIN = """
create or replace temp table reach (n bigint, name bigint, hops integer, path bigint[]);
create or replace temp table circle (n bigint, path bigint[]);
create or replace temp table cut (n bigint);
create or replace temp table level as select n, parent as name, [parent] as path from parent where n >= {begin} and n < {end};
create or replace temp table self as select n, name from own where n >= {begin} and n < {end};
"""
_CIRCLE = """
insert into circle
  select level.n, min(path) from level join self using (n, name) where level.n not in (select n from circle) group by level.n;
delete from level using self where level.n = self.n and level.name = self.name;
"""
_KEEP = f"""
create or replace temp table ranked as
  select level.*, row_number() over (partition by level.n order by path) + coalesce(had, 0) as rank
  from level left join (select n, count(*) as had from reach group by n) as before using (n);
insert into cut select distinct n from ranked where rank > {MAX_ANCESTORS};
create or replace temp table level as select n, name, path from ranked where rank <= {MAX_ANCESTORS};
insert into reach select n, name, {{hops}}, path from level;
"""  # noqa: S608  # a number of ours
_NEXT = """
create or replace temp table level as
  select level.n, base.parent as name, min(list_append(level.path, base.parent)) as path
  from level join base using (name)
  where not exists (select 1 from reach where reach.n = level.n and reach.name = base.parent)
  group by level.n, base.parent;
"""
_STEPS = """
create or replace temp table step as
  select n, last, hops, list(key order by spot) as keys, list(id order by spot) as path, list(licenses order by spot) as licenses
  from (select n, name as last, hops, unnest(path) as name, unnest(range(len(path))) as spot from reach) join shown using (name)
  group by n, last, hops;
create or replace temp table cycle as
  select n, list(key order by spot) as keys
  from (select n, unnest(path) as name, unnest(range(len(path))) as spot from circle) join shown using (name)
  group by n;
"""


def prepare_lineage(connection: duckdb.DuckDBPyConnection) -> None:
    """Join what the lineage of every slice is walked by."""
    connection.execute(_TABLES)


def lineage_of(connection: duckdb.DuckDBPyConnection, piece: Slice) -> None:
    """Fill ``step`` (n, last, hops, keys, path, licenses), ``cycle`` (n, keys) and ``cut`` (n) for the repositories of a slice.

    One statement a hop: a hop never comes twice to the same ancestor, so cycles end.
    """
    connection.execute(_BEGIN.format(begin=piece.begin, end=piece.end))
    _walk(connection)
    connection.execute(_STEPS)


def _walk(connection: duckdb.DuckDBPyConnection) -> None:
    for hops in range(1, MAX_HOPS + 1):
        connection.execute(_CIRCLE + _KEEP.format(hops=hops))
        if not _any(connection):
            return
        connection.execute(_NEXT)
        if not _any(connection):
            return
    connection.execute("insert into cut select distinct n from level")


def _any(connection: duckdb.DuckDBPyConnection) -> bool:
    row = connection.execute("select exists (select 1 from level)").fetchone()
    return bool(row and row[0])
