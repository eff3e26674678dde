"""How an audit stands beside earlier ones: a point for each, and what came and went since the last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cardlint.audit.ask import fetch
from cardlint.site.tables import build

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

MOST_RULES = 15
_POINT = """
select count(*) as repos, mean(score) as score,
       round(100.0 * sum(length(regexp_replace(health, '[p-]', '', 'g'))) / greatest(1, sum(length(health))), 1) as documented,
       round(100.0 * count(*) filter (class <> 'none') / count(*), 1) as licensed,
       round(100.0 * sum(errors) / count(*), 1) as error, round(100.0 * sum(warnings) / count(*), 1) as warning,
       round(100.0 * sum(notes) / count(*), 1) as note
from site.repo
"""
_SEEN = "select key, code, name, fingerprint from site.finding join site.repo using (n)"
_KEYS = "select key from site.repo"
_CHANGES = """
with gone as (from earlier anti join now using (key, code, fingerprint) where key in (select key from site.repo)),
     came as (from now anti join earlier using (key, code, fingerprint) where key in (select key from earlier_repos))
select coalesce(c.code, g.code) as code, coalesce(c.name, g.name) as name, coalesce(c.findings, 0) as came, coalesce(g.findings, 0) as gone
from (select code, name, count(*) as findings from came group by all) c
full join (select code, name, count(*) as findings from gone group by all) g on c.code = g.code
order by came + gone desc, code
"""


def history(connection: duckdb.DuckDBPyConnection, earlier: Sequence[Path], audit: Path) -> dict[str, Any]:
    """``trend``, a point for each audit, oldest first and this one last, and ``changes`` since the last of the earlier ones.

    A point has means and shares in percent, and findings for each hundred repositories. Raises CardlintError where a folder holds no audit.
    """
    if not earlier:
        return {"trend": [], "changes": None}
    points, before = [], connection
    for folder in earlier:
        before = build(folder)
        points.append({"label": folder.absolute().name, **_point(before)})
    points.append({"label": audit.absolute().name, **_point(connection)})
    return {"trend": points, "changes": {"since": points[-2]["label"], **_changes(connection, before)}}


def _changes(connection: duckdb.DuckDBPyConnection, before: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What came and went by rule, in the repositories that both audits saw."""
    for name, source, query in (("earlier", before, _SEEN), ("now", connection, _SEEN), ("earlier_repos", before, _KEYS)):
        connection.register(name, _table(source, query))
    found = fetch(connection, _CHANGES)
    for name in ("earlier", "now", "earlier_repos"):
        connection.unregister(name)
    return {"came": sum(row["came"] for row in found), "gone": sum(row["gone"] for row in found), "rules": found[:MOST_RULES]}


def _point(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    return fetch(connection, _POINT)[0]


def _table(connection: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    cursor = connection.execute(query)
    columns = [column[0] for column in cursor.description or ()]
    return pa.table(
        {name: pa.array(values, pa.string()) for name, values in zip(columns, _columns(cursor.fetchall(), columns), strict=True)}
    )


def _columns(rows: Sequence[tuple[Any, ...]], names: Sequence[str]) -> Sequence[Sequence[Any]]:
    return list(zip(*rows, strict=True)) or [[] for _ in names]
