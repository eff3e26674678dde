"""The reduce phase of an audit: what only shows when everything is known. Set facts in SQL, then the rules of hub scope.

``AUDIT/hub/`` holds what it writes: the index for point look-ups, ``lineage`` and ``copies`` as Parquet, and what it adds to
the report; its findings are the part ``findings/hub.parquet``. Everything is computed anew whenever a part has changed.
"""

from __future__ import annotations

import shutil
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from cardlint.audit.additions import LineFile, RowFile
from cardlint.audit.among import COPIES, COUNTS, Among, judged
from cardlint.audit.copies import build_copies
from cardlint.audit.lineage import build_lineage
from cardlint.audit.part import FINDINGS, replace
from cardlint.audit.store import REDUCED
from cardlint.engine.pool import Limits
from cardlint.hub.index import FILE, write_index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from cardlint.audit.among import Told
    from cardlint.audit.store import Store
    from cardlint.engine.batch import Plan
    from cardlint.hub.world import World

LINEAGE = pa.schema(
    [
        *((name, pa.string()) for name in ("input", "id", "ancestor")),
        ("hops", pa.int32()),
        *((name, pa.list_(pa.string())) for name in ("path", "licenses")),
        ("state", pa.string()),
    ]
)
_MEMORY = "1GB"
_BATCH = 2_000

_NODES = """
create table part as select unnest({files}) as file, unnest(range(len({files}))) as shard;
create table node as
  select row_number() over (order by nodes.name nulls last, nodes.input) as n, part.shard, file_row_number as position, nodes.input,
         id, nodes.name as key, owner, licenses, parents, linked, lines, sections, judged
  from read_parquet({files}, filename = true, file_row_number = true) as nodes join part on nodes.filename = part.file;
create view document as
  select node.n, node.shard, node.position, nodes.document
  from read_parquet({files}, filename = true, file_row_number = true) as nodes join part on nodes.filename = part.file
       join node on node.shard = part.shard and node.position = nodes.file_row_number
"""
_STEPS = """
create table step as
  select reach.n, reach.name as last, hops, list(name.key order by spot) as keys,
         list(coalesce(node.id, split_part(name.key, ':', 2)) order by spot) as path,
         list(case when len(node.licenses) > 0 then array_to_string(node.licenses, ' + ') end order by spot) as licenses
  from (select n, name, hops, unnest(path) as passed, unnest(range(len(path))) as spot from reach) as reach
       join name on name.name = reach.passed left join holder on holder.name = reach.passed left join node on node.n = holder.n
  group by reach.n, reach.name, hops
"""
_LINEAGE = """
select node.input, node.id, path[-1] as ancestor, hops, path, step.licenses,
       case when holder.n is not null then 'present' else coalesce(elsewhere.state, 'unknown') end as state
from step join node using (n) left join holder on holder.name = step.last left join elsewhere on elsewhere.name = step.last
order by node.input, hops, path
"""
_JUDGED = """
select document, steps.keys, circle.keys, cut.n is not null, likes.keys
from document join node using (n)
     left join (select n, list(keys order by hops, keys) as keys from step group by n) as steps using (n)
     left join (select n, list(name.key order by spot) as keys
                from (select n, unnest(path) as passed, unnest(range(len(path))) as spot from circle) join name on name.name = passed
                group by n) as circle using (n)
     left join (select distinct n from cut) as cut using (n) left join likes using (n) left join sharing using (n)
where judged and (linked or likes.n is not null or sharing.n is not null)
order by document.shard, document.position
"""


def reduce(
    store: Store, keys: Sequence[str], plan: Plan, world: World, identity: str, *, jobs: int = 1, limits: Limits | None = None
) -> None:
    """Compute the set facts of all parts and judge every repository that has an edge or a set fact.

    ``identity`` covers rules, options, engine and what is known of the world; with the same parts nothing is done again.
    """
    folder = store.folder / REDUCED
    folder.mkdir(exist_ok=True)
    stamp = folder / "done"
    mark = sha256("\n".join((identity, *keys)).encode()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == mark:
        return
    stamp.unlink(missing_ok=True)
    files = [str(store.folder / "nodes" / f"{key}.parquet") for key in keys]
    spill = folder / ".spill"
    connection = duckdb.connect(":memory:", config={"memory_limit": _MEMORY, "temp_directory": str(spill)})
    try:
        _set_facts(connection, files, world)
        _write_index(connection, store.folder / FILE)
        query = connection.sql(_LINEAGE)
        replace(folder / "lineage.parquet", lambda path: query.write_parquet(str(path), compression="zstd"))
        judge = partial(judged, plan=plan, index=store.folder / FILE, world=world, jobs=jobs, notes=store.notes, limits=limits or Limits())
        _judge(connection, store, judge)
    finally:
        connection.close()
        shutil.rmtree(spill, ignore_errors=True)
    stamp.write_text(mark, encoding="utf-8")


def _set_facts(connection: duckdb.DuckDBPyConnection, files: list[str], world: World) -> None:
    """Number the nodes, and compute lineage, states of what is not at hand, and likenesses."""
    quoted = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    connection.execute(_NODES.format(files=f"[{quoted}]"))
    build_lineage(connection)
    connection.execute(_STEPS)
    connection.execute("create table elsewhere (name bigint, state varchar)")
    missing = connection.execute("select name, key from name where name not in (select name from holder) order by name")
    while rows := missing.fetchmany(_BATCH):
        found = pa.table({"name": [name for name, _ in rows], "state": [world.state(key) for _, key in rows]})
        inner = connection.cursor()
        inner.register("found", found)
        inner.execute("insert into elsewhere select name, state from found")
    build_copies(connection)


def _write_index(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """The index for point look-ups: one node a key."""
    nodes = connection.cursor().execute(
        "select node.key, document from document join node using (n) join holder using (n) order by node.key"
    )
    sections = connection.cursor().execute("select hash, repos, owners from shared order by hash")
    write_index(path, _rows(nodes), _rows(sections))


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[Any]:
    while rows := cursor.fetchmany(_BATCH):
        yield from rows


def _judge(connection: duckdb.DuckDBPyConnection, store: Store, judge: Callable[[Iterator[Among]], Iterator[Told]]) -> None:
    """Judge what has an edge or a set fact, in the order of the report, and write what is found."""
    folder = store.folder / REDUCED
    with (
        RowFile(store.folder / "findings" / f"{REDUCED}.parquet", FINDINGS) as findings,
        RowFile(folder / "copies.parquet", COPIES) as copies,
        RowFile(folder / "counts.parquet", COUNTS) as counts,
        LineFile(folder / "cards.jsonl") as cards,
    ):
        for told in judge(map(Among._make, _rows(connection.cursor().execute(_JUDGED)))):
            copies.add(told.copies)
            findings.add(told.findings)
            counts.add(told.counts)
            cards.add(told.lines)
