"""The reduce phase of an audit: what only shows when everything is known. Set facts in SQL, then the rules of hub scope.

``AUDIT/hub/`` holds what it writes: the index for point look-ups, ``lineage`` and ``copies`` as Parquet, and what it adds to
the report; its findings are the part ``findings/hub.parquet``. Everything is computed anew whenever a part has changed.
"""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cardlint.audit.additions import LineFile, RowFile
from cardlint.audit.among import COPIES, COUNTS, Among, judged
from cardlint.audit.copies import copies_of, prepare_copies
from cardlint.audit.lineage import lineage_of, prepare_lineage
from cardlint.audit.memory import in_bounded_memory
from cardlint.audit.nodes import load_nodes, rows_of, slices
from cardlint.audit.part import FINDINGS
from cardlint.audit.store import REDUCED
from cardlint.engine.pool import Limits
from cardlint.hub.index import FILE, write_index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import duckdb

    from cardlint.audit.among import Told
    from cardlint.audit.nodes import Slice
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
_DONE = "done"
_BATCH = 2_000

_ELSEWHERE = "create table elsewhere (name bigint, state varchar)"
_KINDS = "select distinct split_part(key, ':', 1) from node where key is not null"
_MISSING = "select name, key from name where name not in (select name from holder) order by name"
_HELD = "select key, document from ({documents}) as documents join holder using (n) join node using (n) order by n"
_LINEAGE = """
select node.input, node.id, path[-1] as ancestor, hops, path, step.licenses, coalesce(elsewhere.state, 'present') as state
from step join node using (n) left join elsewhere on elsewhere.name = step.last
order by n, hops, path
"""
_JUDGED = """
select document, steps.keys, cycle.keys, cut.n is not null, likes.keys
from ({documents}) as documents join node using (n)
     left join (select n, list(keys order by hops, keys) as keys from step group by n) as steps using (n)
     left join cycle using (n) left join (select distinct n from cut) as cut using (n)
     left join likes using (n) left join sharing using (n)
where judged and (linked or likes.n is not null or sharing.n is not null)
order by n
"""


def reduce(
    store: Store, keys: Sequence[str], plan: Plan, world: World, identity: str, *, jobs: int = 1, limits: Limits | None = None
) -> None:
    """Compute the set facts of all parts and judge every repository that has an edge or a set fact.

    ``identity`` covers rules, options, engine and what is known of the world; with the same parts nothing is done again.
    """
    folder = store.folder / REDUCED
    folder.mkdir(exist_ok=True)
    stamp = folder / _DONE
    mark = sha256("\n".join((identity, *keys)).encode()).hexdigest()
    if mark_of(store) == mark:
        return
    stamp.unlink(missing_ok=True)
    pieces = list(slices(str(store.folder / "nodes" / f"{key}.parquet") for key in keys))
    index = store.folder / FILE
    judge = partial(judged, plan=plan, index=index, world=world, jobs=jobs, notes=store.notes, limits=limits or Limits())

    def work(connection: duckdb.DuckDBPyConnection) -> None:
        _set_facts(connection, pieces, world)
        _write_index(connection, pieces, index)
        _judge(connection, pieces, store, judge)

    in_bounded_memory(folder, work)
    stamp.write_text(mark, encoding="utf-8")


def mark_of(store: Store) -> str | None:
    """What names the results that the store's last reduce phase was made of; None where none was finished."""
    try:
        return (store.folder / REDUCED / _DONE).read_text(encoding="utf-8")
    except OSError:
        return None


def _set_facts(connection: duckdb.DuckDBPyConnection, pieces: Sequence[Slice], world: World) -> None:
    """Read and number the nodes, and make what the set facts of every slice are computed from."""
    load_nodes(connection, pieces)
    prepare_lineage(connection)
    connection.execute(_ELSEWHERE)
    world = world.within(kind for (kind,) in connection.execute(_KINDS).fetchall())
    missing = connection.cursor().execute(_MISSING)
    while rows := missing.fetchmany(_BATCH):
        found = pa.table({"name": [name for name, _ in rows], "state": [world.state(key) for _, key in rows]})
        inner = connection.cursor()
        inner.register("found", found)
        inner.execute("insert into elsewhere select name, state from found")
    prepare_copies(connection)


def _write_index(connection: duckdb.DuckDBPyConnection, pieces: Sequence[Slice], path: Path) -> None:
    """The index for point look-ups: one node a key."""
    nodes = (row for piece in pieces for row in _rows(connection.cursor().execute(_HELD.format(documents=rows_of(piece, "document")))))
    sections = connection.cursor().execute("select hash, repos, owners from shared order by hash")
    write_index(path, nodes, _rows(sections))


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[Any]:
    while rows := cursor.fetchmany(_BATCH):
        yield from rows


def _judge(
    connection: duckdb.DuckDBPyConnection, pieces: Sequence[Slice], store: Store, judge: Callable[[Iterator[Among]], Iterator[Told]]
) -> None:
    """Judge what has an edge or a set fact, in the order of the report, and write what is found, with the lineage on the way."""
    folder = store.folder / REDUCED
    with (
        RowFile(store.folder / "findings" / f"{REDUCED}.parquet", FINDINGS) as findings,
        RowFile(folder / "lineage.parquet", LINEAGE) as lineage,
        RowFile(folder / "copies.parquet", COPIES) as copies,
        RowFile(folder / "counts.parquet", COUNTS) as counts,
        LineFile(folder / "cards.jsonl") as cards,
    ):
        for told in judge(_among(connection, pieces, lineage)):
            copies.add(told.copies)
            findings.add(told.findings)
            counts.add(told.counts)
            cards.add(told.lines)


def _among(connection: duckdb.DuckDBPyConnection, pieces: Sequence[Slice], lineage: RowFile) -> Iterator[Among]:
    """What is to be judged, slice by slice."""
    for piece in pieces:
        lineage_of(connection, piece)
        copies_of(connection, piece)
        lineage.add(connection.sql(_LINEAGE).to_arrow_table().cast(LINEAGE))
        yield from map(Among._make, _rows(connection.execute(_JUDGED.format(documents=rows_of(piece, "document")))))
