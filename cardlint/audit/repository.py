"""All that an audit knows of one repository."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cardlint.audit.ask import fetch, tables_of
from cardlint.model import CardlintError
from cardlint.report.plain import plain
from cardlint.report.score import score_of_row, score_record

if TYPE_CHECKING:
    import duckdb

_FINDINGS = """
select code, name, severity, confidence, line, "column", message, help from findings where input = ?
order by case severity when 'error' then 0 when 'warning' then 1 else 2 end, line, code, message
"""
_BUILT_FROM = "select distinct relation, target from edges where lower(source) = lower(?) order by all"
_BUILT_ON = """
select relation, count(distinct source) as repos, list_sort(list(distinct source))[:20] as some
from edges where lower(target) = lower(?) and lower(source) <> lower(?) and (relation = 'dataset') = (? = 'dataset')
group by relation order by relation
"""
_LINEAGE = "select * exclude (id) from lineage where lower(id) = lower(?) order by hops, ancestor, path"
_NEAR = """
select id, jaro_winkler_similarity(lower(if(contains(?, '/'), id, split_part(id, '/', -1))), lower(?)) as likeness from repos
where id is not null and likeness > 0.8 order by likeness desc, id limit 1
"""


def repository(connection: duckdb.DuckDBPyConnection, repo_id: str, kind: str | None = None) -> dict[str, Any]:
    """The row of a repository, its documentation score, findings, edges both ways, lineage and facts where they are kept.

    Ids are compared without case. Raises CardlintError where the audit holds none (the nearest is named), or several kinds.
    """
    rows = fetch(connection, "select * from repos where lower(id) = lower(?) or input = ? order by kind, input", [repo_id, repo_id])
    chosen = [row for row in rows if kind in (None, row["kind"])]
    if not chosen:
        raise CardlintError(f"{plain(repo_id)}: not in this audit{_hint(connection, repo_id, [row['kind'] for row in rows])}")
    if len(chosen) > 1 and len({row["kind"] for row in chosen}) > 1:
        raise CardlintError(f"{plain(repo_id)} is a {' and a '.join(row['kind'] for row in chosen)}: --kind tells which")
    row = chosen[0]
    source = row["id"] or row["input"]
    tables = tables_of(connection)
    return {
        "repo": row,
        "score": score_record(score_of_row(row)),
        "findings": fetch(connection, _FINDINGS, [row["input"]]),
        "built_from": fetch(connection, _BUILT_FROM, [source]),
        "built_on_it": fetch(connection, _BUILT_ON, [source, source, row["kind"]]),
        "lineage": fetch(connection, _LINEAGE, [source]) if "lineage" in tables else None,
        "facts": _facts(connection, row["input"]) if "facts" in tables else None,
    }


def _hint(connection: duckdb.DuckDBPyConnection, repo_id: str, kinds: list[str]) -> str:
    if kinds:
        return f" as such; it is a {' and a '.join(kinds)}"
    near = fetch(connection, _NEAR, [repo_id, repo_id])
    return f"; did you mean {plain(near[0]['id'])}?" if near else ""


def _facts(connection: duckdb.DuckDBPyConnection, place: str) -> Any:
    rows = fetch(connection, "select document from facts where input = ?", [place])
    return json.loads(rows[0]["document"]) if rows and rows[0]["document"] else None
