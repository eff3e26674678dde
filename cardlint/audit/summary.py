"""What an audit says first: how many repositories, what they document, under which licences, and which rules speak most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.audit.database import database
from cardlint.audit.part import TABLES
from cardlint.audit.store import REDUCED

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

_SECTIONS = """
select kind, s.name, count(*) as repos, count(*) filter (s.documented <> 'none') as documented,
       count(*) filter (s.status = 'placeholder' and s.documented = 'none') as placeholder,
       count(*) filter (s.status = 'thin' and s.documented = 'body') as thin
from (select kind, unnest(sections) as s from repos)
group by all order by kind, documented desc, s.name
"""
_LICENSES = """
select license, count(*) as repos, count(*) over () as of_all from
  (select case when len(licenses) = 0 then '(none declared)' else array_to_string(list_sort(licenses), ' + ') end as license
   from repos where kind <> 'space')
group by license order by repos desc, license limit 20
"""
_RULES = """
select code, name, min(severity) as severity, count(*) as findings, count(distinct input) as repos, count(*) over () as of_all
from findings group by code, name order by repos desc, code limit 25
"""
_KINDS = """
select kind, count(*) as repos, count(*) filter (not has_card) as without_card, count(*) filter (errors > 0) as with_errors
from repos group by kind order by kind
"""
_STANDARDS = """
select standard, sum(repos)::bigint as repos, sum(met)::bigint as met, sum(not_met)::bigint as not_met,
       sum(not_checked)::bigint as not_checked, sum(manual)::bigint as manual, sum(not_applicable)::bigint as not_applicable
from standards group by standard order by standard
"""
_BY_OWNER = """
create view {schema}.standards as
select standard, owner, count(distinct input) as repos, count(*) filter (state = 'met') as met,
       count(*) filter (state = 'not-met') as not_met, count(*) filter (state = 'not-checked') as not_checked,
       count(*) filter (state = 'manual') as manual, count(*) filter (state = 'not-applicable') as not_applicable
from {schema}.controls group by standard, owner
"""


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection with the audit's tables as views: those of `TABLES`, lineage and copies, as far as they are there.

    The view ``standards`` counts the states of controls by standard and owner.
    """
    connection = database()
    add_views(connection, folder)
    return connection


def add_views(connection: duckdb.DuckDBPyConnection, folder: Path, schema: str = "main") -> None:
    """The audit's tables as views in a schema of a connection, so that one connection may hold several audits.

    ``lineage`` (input, id, ancestor, hops, path, licenses, state) and ``copies`` (input, id, copy, likeness, base) are those of the
    reduce phase; ``repos`` counts its findings too.
    """
    for table in TABLES:
        if any((folder / table).glob("*.parquet")):
            connection.execute(f"create view {schema}.{table} as select * from {_parquet(folder / table / '*.parquet')}")  # noqa: S608  # our own folder, quoted
    if any((folder / "controls").glob("*.parquet")):
        connection.execute(_BY_OWNER.format(schema=schema))
    reduced = folder / REDUCED
    for table in ("lineage", "copies"):
        if (reduced / f"{table}.parquet").is_file():
            connection.execute(f"create view {schema}.{table} as select * from {_parquet(reduced / f'{table}.parquet')}")  # noqa: S608
    if (reduced / "counts.parquet").is_file():
        sums = ", ".join(f"repos.{name} + coalesce(added.{name}, 0)::integer as {name}" for name in _COUNTED)
        connection.execute(
            f"create or replace view {schema}.repos as "  # noqa: S608  # as above
            f"select repos.* replace ({sums}, coalesce(repos.failure, added.failure) as failure) "
            f"from {_parquet(folder / 'repos' / '*.parquet')} as repos "
            f"left join {_parquet(reduced / 'counts.parquet')} as added using (input)"
        )


_COUNTED = ("errors", "warnings", "notes", "not_checked", "waived")


def _parquet(pattern: Path) -> str:
    quoted = str(pattern).replace("'", "''")
    return f"read_parquet('{quoted}')"


def summary(connection: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """The tables of a summary as rows: kinds, sections, licenses, rules, standards. The connection has the audit's views."""
    found = {}
    queries = {"kinds": _KINDS, "sections": _SECTIONS, "licenses": _LICENSES, "rules": _RULES, "standards": _STANDARDS}
    for name, query in queries.items():
        cursor = connection.execute(query)
        columns = [column[0] for column in cursor.description or ()]
        found[name] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return found


def render(tables: dict[str, list[dict[str, Any]]]) -> str:
    """The summary as text for a terminal."""
    out = []
    for row in tables["kinds"]:
        kinds = row["kind"] if row["repos"] == 1 else f"{row['kind']}s"
        out.append(f"{row['repos']:>9,} {kinds}: {row['without_card']:,} without a card, {row['with_errors']:,} with errors")
    for kind, cards in {row["kind"]: row["repos"] for row in tables["sections"]}.items():
        head = f"{cards:,} {kind} card{'s document' if cards != 1 else ' documents'}"
        out += ["", f"  {head:27}share   placeholder  thin"]
        for row in tables["sections"]:
            if row["kind"] == kind:
                share = row["documented"] / row["repos"]
                numbers = f"{share:6.1%}  {row['placeholder']:>10,} {row['thin']:>6,}"
                out.append(f"    {row['name'].replace('_', ' '):24} {numbers}  {_bar(share)}".rstrip())
    if tables["sections"]:
        out += ["", "  share: of all, thin ones included; placeholder: nothing else documents it"]
    total = sum(row["repos"] for row in tables["kinds"] if row["kind"] != "space")
    out += ["", "  licence declared                repos   share"]
    for row in tables["licenses"]:
        out.append(f"    {row['license'][:28]:28} {row['repos']:>8,}  {row['repos'] / max(1, total):6.1%}")
    out += _more(tables["licenses"])
    if tables["standards"]:
        out += ["", "  standard                      repos       met   not met  not checked    manual  not applicable"]
        for row in tables["standards"]:
            states = (row[name] for name in ("met", "not_met", "not_checked", "manual", "not_applicable"))
            numbers = " ".join(f"{count:>{width},}" for count, width in zip(states, (9, 9, 12, 9, 15), strict=True))
            out.append(f"    {row['standard'][:24]:24} {row['repos']:>8,} {numbers}")
    if tables["rules"]:
        out += ["", "  rule                                             repos  findings"]
        for row in tables["rules"]:
            out.append(f"    {row['code']:6} {row['name'][:38]:38} {row['repos']:>8,} {row['findings']:>9,}")
        out += _more(tables["rules"])
    return "\n".join(out) + "\n"


def _more(rows: list[dict[str, Any]]) -> list[str]:
    """What is said of the rows that a table has no place for."""
    left = rows[0]["of_all"] - len(rows) if rows else 0
    return [f"    and {left:,} more"] if left else []


def _bar(share: float) -> str:
    return "█" * round(share * 20)
