"""The family of a repository: what it was built from, what was built from it, with the licence of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.engine.catalogue import shipped
from cardlint.site.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

MOST_CHILDREN = 200
"""Children of one repository that its page lists; the count speaks of all."""
MOST_FAMILIES = 50
_EDGES = """
create table site.edge as
with named as (select lower(key) as folded, min(key) as key from site.repo group by folded),
     source as (select coalesce(id, input) as name, min(key) as key from site.repo group by name)
select distinct coalesce(source.key, e.source) as source,
       coalesce(named.key, case e.relation when 'dataset' then 'datasets/' else '' end || e.target) as target,
       e.relation, {kind} as kind, {evidence} as evidence
from edges e
left join source on source.name = e.source
left join named on named.folded = lower(case e.relation when 'dataset' then 'datasets/' else '' end || e.target)
where e.relation in ('base_model', 'dataset') and e.target <> ''
order by all
"""
_NODES = """
create table site.node as
select (row_number() over (order by key))::integer - 1 as n, key
from (select source as key from site.edge union select target from site.edge) order by key
"""
_NEAR = """
select {this} as of, {other} as key, relation, edge.kind, evidence, licenses, class, repo.key is not null as present, errors,
       {other} in (select target from site.edge) as more
from site.edge as edge left join site.repo as repo on repo.key = {other}
where {this} in (select key from site.node where n >= ? and n < ?)
order by of, relation, lower({other}), {other}, edge.kind, evidence
"""
_SELF = """
select node.key, licenses, class, repo.key is not null as present, errors, score
from site.node as node left join site.repo as repo using (key) where node.n >= ? and node.n < ? order by node.n
"""
_FAMILIES = """
select target as key, relation, count(distinct source) as children, repo.key is not null as present, licenses, class
from site.edge as edge left join site.repo as repo on repo.key = target
group by all order by children desc, key limit ?
"""
_CONFLICTS = """
select repo.key, code, severity, message from site.finding join site.repo as repo using (n)
where code in (select unnest(?::varchar[])) order by severity, code, key limit 500
"""


def add_edges(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``site.edge`` and ``site.node`` of the audit's edges: keys in place of names, found whatever their case."""
    has = {row[0] for row in connection.execute("describe edges").fetchall()}
    columns = {name: f"coalesce(e.{name}, '')" if name in has else "''" for name in ("kind", "evidence")}
    connection.execute(_EDGES.format(**columns))
    connection.execute(_NODES)


def node_number(connection: duckdb.DuckDBPyConnection, key: str) -> int | None:
    """The number of the node with this key, None where nothing leads to or from it."""
    row = connection.execute("select n from site.node where key = ?", [key]).fetchone()
    return None if row is None else int(row[0])


def nodes(connection: duckdb.DuckDBPyConnection, first: int, end: int) -> list[dict[str, Any]]:
    """The families around the nodes numbered from ``first`` up to ``end``, in order."""
    parents = _by(rows_of(connection, _NEAR.format(this="source", other="target"), [first, end]))
    children = _by(rows_of(connection, _NEAR.format(this="target", other="source"), [first, end]))
    return [
        {
            **row,
            "parents": parents.get(row["key"], []),
            "children": children.get(row["key"], [])[:MOST_CHILDREN],
            "count": len(children.get(row["key"], [])),
        }
        for row in rows_of(connection, _SELF, [first, end])
    ]


def _by(rows: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.pop("of"), []).append(row)
    return found


def families(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Where to begin: findings on lineage, and the models and data that most was built from."""
    codes = [rule.code for rule in shipped() if rule.scope == "hub" or rule.family == "LIN"]
    return {"conflicts": rows_of(connection, _CONFLICTS, [codes]), "families": rows_of(connection, _FAMILIES, [MOST_FAMILIES])}
