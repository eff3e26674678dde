"""What changed between two audits: findings by fingerprint, declared licences, documented sections.

A repository is the same by kind and id, or by its place where it has no id. A finding that comes with a repository or a rule
that only one side has, or where cardlint failed on one side, says so: nobody wrote or mended it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cardlint.audit.ask import fetch
from cardlint.audit.database import database
from cardlint.audit.store import require_audit
from cardlint.audit.summary import add_views
from cardlint.hub.licenses import permits
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import duckdb

CHANGE_COLUMNS = ("state", "because", "id", "kind", "input", "code", "name", "severity", "line", "message", "fingerprint")

_SIDES = """
create temp view {s}_repos as select coalesce(kind || ':' || id, input) as key, * from {s}.repos;
create temp view {s}_findings as select coalesce(kind || ':' || id, input) as key, * from {s}.findings;
"""
_CHANGES = """
create temp table changes as
select case when x.key is null then 'new' when y.key is null then 'fixed' else 'persisting' end as state,
  case when x.key is null then
    case when r.key is null then 'the repository is new'
         when coalesce(y.code, '') not in (select code from a_rules) then 'the rule did not run before'
         when r.failure is not null then 'cardlint failed on it before' end
  when y.key is null then
    case when q.key is null then 'the repository is gone'
         when coalesce(x.code, '') not in (select code from b_rules) then 'the rule does not run any more'
         when q.failure is not null then 'cardlint failed on it now' end
  end as because,
  coalesce(y.id, x.id) as id, coalesce(y.kind, x.kind) as kind, coalesce(y.input, x.input) as input,
  coalesce(y.code, x.code) as code, coalesce(y.name, x.name) as name, coalesce(y.severity, x.severity) as severity,
  coalesce(y.line, x.line) as line, coalesce(y.message, x.message) as message, coalesce(y.fingerprint, x.fingerprint) as fingerprint
from a_findings x full join b_findings y on x.key = y.key and x.fingerprint = y.fingerprint
left join (select key, any_value(failure) as failure from a_repos group by key) r on r.key = y.key
left join (select key, any_value(failure) as failure from b_repos group by key) q on q.key = x.key
"""
_COUNTS = "select state, because, severity, count(*) as findings from changes group by all order by state, because nulls first, severity"
_RULES = """
select code, any_value(name) as name, count(*) filter (state = 'new' and because is null) as new,
  count(*) filter (state = 'fixed' and because is null) as fixed, count(*) filter (state = 'persisting') as persisting
from changes group by code having new + fixed > 0 order by new + fixed desc, code
"""
_REPOS = """
select count(*) filter (r.key is null) as new, count(*) filter (q.key is null) as gone,
  count(*) filter (r.key is not null and q.key is not null) as both
from (select distinct key from a_repos) r full join (select distinct key from b_repos) q on r.key = q.key
"""
_LICENSES = """
select q.id, q.kind, q.input, list_sort(r.licenses) as before, list_sort(q.licenses) as after
from a_repos r join b_repos q on r.key = q.key
where list_sort(r.licenses) is distinct from list_sort(q.licenses) and r.has_card and q.has_card and q.kind <> 'space'
order by q.id nulls last, q.input
"""
_SECTIONS = """
with x as (select key, kind, s.name as section, s.documented <> 'none' as told from (select key, kind, unnest(sections) as s from a_repos)),
  y as (select key, kind, s.name as section, s.documented <> 'none' as told from (select key, kind, unnest(sections) as s from b_repos)),
  before as (select key, kind from a_repos where failure is null), after as (select key, kind from b_repos where failure is null)
select coalesce(y.kind, x.kind) as kind, coalesce(y.section, x.section) as section,
  (select count(*) from before where before.kind = coalesce(y.kind, x.kind)) as repos_before, count(*) filter (x.told) as documented_before,
  (select count(*) from after where after.kind = coalesce(y.kind, x.kind)) as repos_after, count(*) filter (y.told) as documented_after,
  count(*) filter (y.told and not coalesce(x.told, false) and y.key in (select key from before)) as gained,
  count(*) filter (x.told and not coalesce(y.told, false) and x.key in (select key from after)) as lost
from x full join y on x.key = y.key and x.section = y.section
group by all order by kind, section
"""


class Drift(NamedTuple):
    """A repository whose declared licences changed, and what that means for commercial use where it is known."""

    id: str | None
    kind: str
    input: str
    before: list[str]
    after: list[str]
    effect: str


class Change(NamedTuple):
    """A finding that came or went, and the repository's id, or its place."""

    severity: str
    code: str
    name: str
    repo: str
    line: int
    message: str


class Diff:
    """Two audits compared; made by `compare`, which keeps its connection open."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def repos(self) -> dict[str, int]:
        """How many repositories are new, gone, and in both."""
        return fetch(self._connection, _REPOS)[0]

    def counts(self) -> list[dict[str, Any]]:
        """Findings by state, reason and severity."""
        return fetch(self._connection, _COUNTS)

    def rules(self) -> list[dict[str, Any]]:
        """Rules whose findings came or went by the cards' own change, most changed first."""
        return fetch(self._connection, _RULES)

    def licenses(self) -> list[Drift]:
        """Licence drift: repositories of both audits that declare other licences now."""
        return [Drift(**row, effect=_effect(row["before"] or [], row["after"] or [])) for row in fetch(self._connection, _LICENSES)]

    def sections(self) -> list[dict[str, Any]]:
        """How many repositories, card or not, document a section, before and after; gained and lost among those in both audits."""
        return fetch(self._connection, _SECTIONS)

    def changes(self, *, persisting: bool = False) -> Iterator[tuple[Any, ...]]:
        """New and fixed findings, and those that persist where asked for, by `CHANGE_COLUMNS`."""
        where = "" if persisting else "where state <> 'persisting'"
        cursor = self._connection.execute(
            f"select {', '.join(CHANGE_COLUMNS)} from changes {where} order by state, id nulls last, input, line, code, fingerprint"  # noqa: S608  # our words
        )
        while batch := cursor.fetchmany(2048):
            yield from batch

    def worst(self, state: str, limit: int = 0) -> list[Change]:
        """The findings of a state, the most severe first, of those what cards brought; at most so many (0: all)."""
        order = "list_position(['error', 'warning', 'note'], severity), because nulls first, id nulls last, input, line, code, fingerprint"
        bound = f"limit {int(limit)}" if limit else ""
        query = f"select severity, code, name, coalesce(id, input), line, message from changes where state = ? order by {order} {bound}"  # noqa: S608  # ours
        return list(map(Change._make, self._connection.execute(query, [state]).fetchall()))

    def new_by_severity(self) -> dict[str, int]:
        """New findings that a card or a new repository brought, by severity."""
        rows = fetch(
            self._connection,
            "select severity, count(*) as n from changes "
            "where state = 'new' and (because is null or because = 'the repository is new') group by severity",
        )
        return {"error": 0, "warning": 0, "note": 0} | {row["severity"]: row["n"] for row in rows}


@contextmanager
def compare(before: Path, after: Path) -> Iterator[Diff]:
    """Compare two audits' folders. Raises CardlintError where one of them holds no finished audit."""
    manifests = {"a": require_audit(before), "b": require_audit(after)}
    with database() as connection:
        for side, folder in (("a", before), ("b", after)):
            connection.execute(f"create schema {side}")
            add_views(connection, folder, side)
            connection.execute(_SIDES.format(s=side))
            _rules_table(connection, side, [rule["code"] for rule in manifests[side]["rules"]])
        connection.execute(_CHANGES)
        yield Diff(connection)


def _rules_table(connection: duckdb.DuckDBPyConnection, side: str, codes: Sequence[str]) -> None:
    connection.execute(f"create temp table {side}_rules as select unnest(?::varchar[]) as code", [list(codes)])


def _effect(before: Sequence[str], after: Sequence[str]) -> str:
    if not before:
        return "declared now"
    if not after:
        return "declared no more"
    was, now = ({permits(each, "commercial") for each in side} for side in (before, after))
    if was == {"no"} and now == {"yes"}:
        return "grants commercial use now"
    if was == {"yes"} and now == {"no"}:
        return "forbids commercial use now"
    return ""
