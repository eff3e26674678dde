"""The family of a repository: what it was built from, what was built from it, with the licence of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cardlint.audit.ask import fetch
from cardlint.engine.catalogue import shipped
from cardlint.hub.names import key, repo_id
from cardlint.hub.node import LINEAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from cardlint.model import Kind

MOST_CHILDREN = 200
"""Children of one repository that its page lists; the count speaks of all."""
MOST_FAMILIES = 50
MOST_CONFLICTS = 500
_BATCH = 5_000
_LATER = {"kind": "null::varchar", "evidence": "'metadata'", "line": "null::integer"}
"""Columns that edges of old audits lack, and what stands for them."""
_EDGES = """
create table site.edge as
with source as (select coalesce(id, input) as name, min(n) as n from site.repo where kind <> 'space' group by name),
     folded as (select folded, min(key) as key from site.repo where folded <> '' group by folded),
     outside as (select folded, min(shown) as key from site.target where folded <> '' group by folded)
select source.n, repo.key as source, coalesce(folded.key, outside.key, t.shown) as target, e.relation,
       max(e.kind) as kind, string_agg(distinct e.evidence, ', ' order by e.evidence) as evidence, min(e.line) as line,
       bool_or(e.evidence in (select unnest(?::varchar[]))) as firm
from ({edges}) e
join source on source.name = e.source
join site.repo as repo on repo.n = source.n
join site.target t on t.relation = e.relation and t.target = e.target
left join folded on folded.folded = t.folded
left join outside on outside.folded = t.folded
group by all order by all
"""
_NODES = """
create table site.node as
select (row_number() over (order by key))::integer - 1 as n, key
from (select source as key from site.edge union select target from site.edge) order by key
"""
_NEAR = """
select {this} as of, {other} as key, relation, edge.kind, evidence, line, firm, licenses, class, repo.key is not null as present, errors,
       {other} in (select target from site.edge) as more
from site.edge as edge left join site.repo as repo on repo.key = {other}
where {this} in (select key from site.node where n >= ? and n < ?)
order by of, firm desc, relation, lower({other}), {other}
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
where code in (select unnest(?::varchar[])) order by severity, code, key limit ?
"""


def add_edges(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``site.edge`` and ``site.node`` of the audit's edges: keys in place of names, whatever their spelling."""
    has = {row[0] for row in connection.execute("describe edges").fetchall()}
    columns = ", ".join(f"{name} as {name}" if name in has else f"{default} as {name}" for name, default in _LATER.items())
    _add_targets(connection)
    connection.execute(_EDGES.format(edges=f"select source, relation, target, {columns} from edges"), [sorted(LINEAGE)])  # noqa: S608  # our own words
    connection.execute(_NODES)


def _add_targets(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``site.target``: each name that an edge leads to, as pages show it and as the hub knows it."""
    connection.execute("create table site.target (relation varchar, target varchar, shown varchar, folded varchar)")
    cursor = connection.cursor().execute("select distinct relation, target from edges where relation in ('base_model', 'dataset')")
    while batch := cursor.fetchmany(_BATCH):
        rows = [(relation, target, *_named(relation, target)) for relation, target in batch]
        columns = dict(zip(("relation", "target", "shown", "folded"), zip(*rows, strict=True), strict=True))
        connection.register("batch", pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()}))
        connection.execute("insert into site.target from batch")
        connection.unregister("batch")


def _named(relation: str, target: str) -> tuple[str, str]:
    kind: Kind = "dataset" if relation == "dataset" else "model"
    name = repo_id(target, kind)
    return ("datasets/" if kind == "dataset" else "") + (name or target), key(kind, name) if name else ""


def node_number(connection: duckdb.DuckDBPyConnection, key: str) -> int | None:
    """The number of the node with this key, None where nothing leads to or from it."""
    row = connection.execute("select n from site.node where key = ?", [key]).fetchone()
    return None if row is None else int(row[0])


def nodes(connection: duckdb.DuckDBPyConnection, first: int, end: int) -> list[dict[str, Any]]:
    """The families around the nodes numbered from ``first`` up to ``end``, in order."""
    parents = _by(fetch(connection, _NEAR.format(this="source", other="target"), [first, end]))
    children = _by(fetch(connection, _NEAR.format(this="target", other="source"), [first, end]))
    return [
        {
            **row,
            "parents": parents.get(row["key"], []),
            "children": children.get(row["key"], [])[:MOST_CHILDREN],
            "count": len(children.get(row["key"], [])),
        }
        for row in fetch(connection, _SELF, [first, end])
    ]


def _by(rows: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.pop("of"), []).append(row)
    return found


def families(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Where to begin: findings on lineage, and the models and data that most was built from."""
    codes = [rule.code for rule in shipped() if rule.family == "LIN" or (rule.scope == "hub" and rule.family in ("LIC", "DAT"))]
    return {
        "conflicts": fetch(connection, _CONFLICTS, [codes, MOST_CONFLICTS]),
        "families": fetch(connection, _FAMILIES, [MOST_FAMILIES]),
    }
