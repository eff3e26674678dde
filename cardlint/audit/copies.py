"""Texts of a whole mirror compared in SQL: who repeats whom, and which sections many have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.hub.index import FEWEST_OWNERS, FEWEST_REPOS
from cardlint.hub.likeness import ALIKE, FEWEST, SKETCH

if TYPE_CHECKING:
    import duckdb

_PROBES = 8
"""Lines by which copies are looked for: of two texts four fifths alike, one of the eight smallest is shared, but once in 400,000."""
_COMMON = 60
"""Repositories that have a line in common before it is a template's, and tells nothing."""

_SQL = f"""
create table probe as
  select n, unnest(lines[1:{_PROBES}]) as hash from node join holder using (n) where len(lines) >= {FEWEST};
create table rare as select hash from probe group by hash having count(*) between 2 and {_COMMON};
create table pair as
  select distinct one.n as n, other.n as other
  from probe as one join rare using (hash) join probe as other using (hash) where one.n < other.n;
create table alike as
  select n, other from
    (select pair.n, pair.other, list_intersect(first.lines, second.lines) as common,
            list_sort(list_distinct(list_concat(first.lines, second.lines)))[1:{SKETCH}] as smallest
     from pair join node as first on first.n = pair.n join node as second on second.n = pair.other)
  where len(list_intersect(common, smallest)) >= {ALIKE} * len(smallest);
create table likes as
  select each.n, list(node.key order by node.key) as keys
  from (select n, other from alike union all select other, n from alike) as each join node on node.n = each.other
  group by each.n;
create table shared as
  select hash, count(*) as repos, count(distinct owner) as owners
  from (select owner, unnest(sections) as hash from node join holder using (n))
  group by hash having count(*) >= {FEWEST_REPOS} and count(distinct owner) >= {FEWEST_OWNERS};
create table sharing as select distinct n from (select n, unnest(sections) as hash from node) join shared using (hash);
"""  # noqa: S608  # numbers of ours


def build_copies(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill ``likes`` (n, keys of what is alike), ``shared`` (hash, repos, owners) and ``sharing`` (n) from ``node`` and ``holder``."""
    connection.execute(_SQL)
