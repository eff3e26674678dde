"""The tables that every page is made from: the audit's own, with keys, scores and licence classes, in one DuckDB database.

``site.repo`` is numbered by ``n`` in the order of its keys; ``site.finding`` and ``site.unchecked`` refer to it by that number.
"""

from __future__ import annotations

from os.path import commonpath
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cardlint.audit.store import require_audit
from cardlint.audit.summary import connect
from cardlint.card.sections.types import SECTION_NAMES
from cardlint.hub.names import key as hub_key
from cardlint.report.score import score_of_row
from cardlint.site.licences import licence_class
from cardlint.site.lineage import add_edges
from cardlint.site.optional import add_optional

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import duckdb

MEMORY = "1GB"
"""What DuckDB may take where the tables are in a file; the rest spills to the disk."""
STATES = {"s": "substantive", "t": "thin", "m": "metadata", "f": "files", "p": "placeholder", "-": "absent"}
"""One letter a section; the first four are documented."""
_MEAN = "create macro mean(value) as round(sum(round(10 * value)::bigint) / count(*) / 10, 1)"
"""The mean of scores, summed in whole numbers: floating sums differ with the order in which threads add."""
MOST_RULES = 5
"""Rules that the page of an owner lists."""
_BATCH = 5_000
_KEYS = r"""
with named as (
  select input, id, kind, sections, licenses, languages, datasets, base_models,
         case kind when 'dataset' then 'datasets/' when 'space' then 'spaces/' else '' end
         || coalesce(id, regexp_replace(input[{start}:], '/README\.md$', '')) as name
  from repos
), numbered as (
  select *, row_number() over (partition by name order by input) as copy from named
)
select * exclude (name, copy), name || case when copy = 1 then '' else ' (' || copy || ')' end as key from numbered order by key
"""
_REPOS = """
create table site.repo as
select d.*, id, owner, kind, revision, sha256, has_card, front_matter, language, generator, bytes, {downloads} as downloads, pipeline_tag,
       library, licenses, languages, datasets, base_models, sections, errors, warnings, notes, waived, suppressed, unhonoured, failure
from site.derived d join repos using (input) order by d.n
"""
_FINDINGS = """
create table site.finding as
select repo.n, f.code, f.name, f.severity, f.confidence, f.message, f.help, f."at", f.line, f."column", f.fingerprint
from findings f join site.repo as repo using (input)
order by repo.n, case f.severity when 'error' then 0 when 'warning' then 1 else 2 end, f.line, f.code, f."column", f.message
"""
_UNCHECKED = """
insert into site.unchecked
select repo.n, unnest(map_keys(c.not_checked)) as reason, unnest(map_values(c.not_checked)) as rules
from read_json(?, format = 'newline_delimited', columns = {input: 'VARCHAR', not_checked: 'MAP(VARCHAR, VARCHAR[])'},
               maximum_object_size = 33554432) as c
join site.repo as repo using (input)
order by n, reason
"""
_OWNERS = """
create table site.owner as
with spoke as (select owner, code, count(distinct n) as repos from site.finding join site.repo using (n) group by all),
     ranked as (select *, row_number() over (partition by owner order by repos desc, code) as rank from spoke),
     most as (select owner, list([code, repos::varchar] order by rank) as rules from ranked where rank <= {most} group by owner)
select owner, count(*) as repos, count(*) filter (not has_card) as without_card, sum(errors)::bigint as errors,
       sum(warnings)::bigint as warnings, sum(notes)::bigint as notes, count(*) filter (errors > 0) as with_errors,
       count(*) filter (class <> 'none') as licensed, mean(repo.score) as score, coalesce(any_value(rules), []) as rules
from site.repo as repo left join most using (owner) where owner is not null group by owner order by owner
"""


def build(folder: Path, database: str = ":memory:") -> duckdb.DuckDBPyConnection:
    """The tables of an audit's folder, in memory or in a database file.

    Raises CardlintError where the folder holds no finished audit.
    """
    require_audit(folder)
    connection = connect(folder)
    if database != ":memory:":
        connection.execute(f"set memory_limit = '{MEMORY}'")
        connection.execute(f"set temp_directory = '{database}.spill'")
    connection.execute(f"attach '{database}' as site")
    connection.execute(_MEAN)
    _add_repos(connection)
    connection.execute(_FINDINGS)
    connection.execute("create table site.unchecked (n integer, reason varchar, rules varchar[])")
    if any((folder / "cards").glob("*.jsonl")):
        connection.execute(_UNCHECKED, [str(folder / "cards" / "*.jsonl")])
    connection.execute(_OWNERS.format(most=MOST_RULES))
    add_edges(connection)
    add_optional(connection)
    return connection


def _add_repos(connection: duckdb.DuckDBPyConnection) -> None:
    paths = connection.execute("select min(input), max(input) from repos where id is null having count(*) > 0").fetchone()
    start = len(_common_folder(*paths)) + 1 if paths else 1
    cursor = connection.cursor().execute(_KEYS.format(start=start))
    columns = [column[0] for column in cursor.description]
    connection.execute("create table site.derived (n integer, input text, key text, folded text, score double, class text, health text)")
    number = 0
    while batch := cursor.fetchmany(_BATCH):
        derived = [_derived(number + index, dict(zip(columns, row, strict=True))) for index, row in enumerate(batch)]
        connection.register("batch", pa.Table.from_pylist(derived))
        connection.execute("insert into site.derived select n, input, key, folded, score, class, health from batch")
        connection.unregister("batch")
        number += len(batch)
    held = {row[0] for row in connection.execute("describe repos").fetchall()}
    connection.execute(_REPOS.format(downloads="repos.downloads" if "downloads" in held else "null::bigint"))
    connection.execute("drop table site.derived")


def _common_folder(first: str, last: str) -> str:
    """The folder that all paths between these two share, with its slash: pages do not tell where a mirror stands."""
    folders = [str(PurePath(each).parent) for each in (first, last)]
    shared = commonpath(folders) if first != last else str(PurePath(first).parent.parent)
    return "" if shared in ("", ".") else f"{shared}/"


def _derived(number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    found = score_of_row(row)
    return {
        "n": number,
        "input": row["input"],
        "key": row["key"],
        "folded": hub_key(row["kind"], row["id"]) if row["id"] else "",
        "score": round(100 * found.value / found.of, 1),
        "class": licence_class(row["licenses"] or ()),
        "health": health(row),
    }


def health(row: Mapping[str, Any]) -> str:
    """A letter of `STATES` for each section of the row's kind, in the order of the templates."""
    sections = {each["name"]: each for each in row["sections"] or ()}
    return "".join(_letter(sections.get(name)) for name in SECTION_NAMES[row["kind"]])


def _letter(section: Mapping[str, str] | None) -> str:
    if section is None:
        return "-"
    status, documented = section["status"], section["documented"]
    if documented in ("metadata", "files"):
        return documented[0]
    if documented == "body":
        return "t" if status == "thin" else "s"
    return "p" if status == "placeholder" else "-"
