"""Lineage of a whole mirror in SQL, the same as `cardlint.hub.lineage.walk` tells of one repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.hub.lineage import MAX_ANCESTORS, MAX_HOPS

if TYPE_CHECKING:
    import duckdb

# Names are numbers in the order of the keys, so that the smallest of several paths is the same as in `walk`.
_TABLES = """
create table name as
  select row_number() over (order by key) as name, key from
    (select key from node where key is not null union select unnest(parents) from node);
create table own as select node.n, name.name from node join name using (key);
create table parent as
  select each.n, name.name as parent from (select n, unnest(parents) as key from node) as each join name using (key);
create table holder as select name, min(n) as n from own group by name;
create table base as select holder.name, parent.parent from holder join parent using (n);
create table reach (n bigint, name bigint, hops integer, path bigint[]);
create table circle (n bigint, path bigint[]);
create table cut (n bigint);
create table level as select n, parent as name, [parent] as path from parent;
"""
_CIRCLE = """
insert into circle
  select level.n, min(path) from level join own using (n, name) where level.n not in (select n from circle) group by level.n;
delete from level using own where level.n = own.n and level.name = own.name;
"""
_KEEP = f"""
create or replace table ranked as
  select level.*, row_number() over (partition by level.n order by path) + coalesce(had, 0) as rank
  from level left join (select n, count(*) as had from reach group by n) as before using (n);
insert into cut select distinct n from ranked where rank > {MAX_ANCESTORS};
create or replace table level as select n, name, path from ranked where rank <= {MAX_ANCESTORS};
insert into reach select n, name, ?, path from level;
"""  # noqa: S608  # a number of ours
_NEXT = """
create or replace table level as
  select level.n, base.parent as name, min(list_append(level.path, base.parent)) as path
  from level join base using (name)
  where not exists (select 1 from reach where reach.n = level.n and reach.name = base.parent)
  group by level.n, base.parent;
"""


def build_lineage(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill ``reach`` (n, name, hops, path), ``circle`` (n, path) and ``cut`` (n) from ``node`` (n, key, parents).

    ``n`` numbers the repositories and ``name`` the keys (table ``name``); several repositories may have one key, then the
    first of them speaks for it. One statement a hop: a hop never comes twice to the same ancestor, so cycles end.
    """
    connection.execute(_TABLES)
    for hops in range(1, MAX_HOPS + 1):
        connection.execute(_CIRCLE)
        statements = [each for each in _KEEP.split(";") if each.strip()]
        for statement in statements:
            connection.execute(statement, [hops] if "?" in statement else None)
        if not _any(connection):
            return
        connection.execute(_NEXT)
        if not _any(connection):
            return
    connection.execute("insert into cut select distinct n from level")


def _any(connection: duckdb.DuckDBPyConnection) -> bool:
    row = connection.execute("select exists (select 1 from level)").fetchone()
    return bool(row and row[0])
