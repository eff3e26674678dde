"""Parts made segments: what is there is copied, a few rows at a time, and the same shards give the same bytes by whichever way."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from cardlint.audit.part import CARDS, TABLES, replace
from cardlint.audit.ranges import UNIT, rows_between
from cardlint.audit.segments import SEGMENTS, Extent, cut, extents, in_segments, listing
from cardlint.engine.pool import Limits, Pool
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cardlint.audit.store import Store
    from cardlint.engine.note import Note

_ROWS = {"nodes": 1_000}
"""Rows of a group, of `_MOST_ROWS` where nothing is said; a group of nodes is a task of the reduce phase."""
_MOST_ROWS = 10_000
_MOST_BYTES = 8_000_000
"""Bytes of documents of a group, but for the last `UNIT`."""
_AT_ONCE = 1 << 20


class Segment(NamedTuple):
    """A segment to be made in a store's folder, of these shards; ``held``: the segment that each lies in, where it is no part."""

    folder: Path
    name: str
    shards: list[str]
    held: dict[str, str]


class _Piece(NamedTuple):
    """Where the results of a shard are: the part, and from where to where by table and in the lines."""

    part: str
    rows: dict[str, tuple[int, int]]
    lines: tuple[int, int]


def compact(store: Store, shards: Sequence[str], *, jobs: int = 1, limits: Limits | None = None) -> list[str]:
    """Make segments of all shards, in ``jobs`` processes, and remove everything else. The names of the segments, in order.

    Whatever ends it, no shard is lost: a part is removed when its segment is there. Raises OSError where nothing can be written.
    """
    held = in_segments(store.folder)
    names, todo = [], []
    for name, some in cut(shards):
        names.append(name)
        if not extents(store.folder, name):
            todo.append(Segment(store.folder, name, some, {shard: held[shard] for shard in some if shard in held}))
    if len(todo) > 1:
        for _ in Pool(partial(int), _task, jobs, store.notes, limits or Limits()).run(todo):
            pass
    else:
        for each in todo:
            make(each)
    store.keep_only(names)
    return names


def _task(_: int, segment: Segment, note: Note) -> None:
    make(segment)
    note.between()


def make(segment: Segment) -> None:
    """Make a segment of parts and of other segments, and remove the parts."""
    folder = segment.folder
    pieces = list(_pieces(segment))
    for table in TABLES:
        replace(folder / table / f"{segment.name}.parquet", partial(_write_table, folder, table, pieces))
    replace(folder / CARDS / f"{segment.name}.jsonl", partial(_write_lines, folder, pieces))
    found = [
        Extent(shard, piece.lines[1] - piece.lines[0], tuple(end - begin for begin, end in piece.rows.values()))
        for shard, piece in zip(segment.shards, pieces, strict=True)
    ]
    replace(folder / SEGMENTS / f"{segment.name}.json", lambda path: path.write_text(listing(found), encoding="utf-8"))
    for shard in segment.shards:
        if shard not in segment.held:
            (folder / CARDS / f"{shard}.jsonl").unlink()  # lines first: a part without them does not count
            for table in TABLES:
                (folder / table / f"{shard}.parquet").unlink()


def _pieces(segment: Segment) -> Iterator[_Piece]:
    """Where the results of each shard are."""
    within = {name: _within(segment.folder, name) for name in set(segment.held.values())}
    for shard in segment.shards:
        if shard in segment.held:
            yield within[segment.held[shard]][shard]
        else:
            rows = {table: (0, pq.read_metadata(segment.folder / table / f"{shard}.parquet").num_rows) for table in TABLES}
            yield _Piece(shard, rows, (0, (segment.folder / CARDS / f"{shard}.jsonl").stat().st_size))


def _within(folder: Path, name: str) -> dict[str, _Piece]:
    """Where the results of each shard of a segment are."""
    found = {}
    lines, firsts = 0, dict.fromkeys(TABLES, 0)
    for extent in extents(folder, name):
        ends = {table: firsts[table] + rows for table, rows in zip(TABLES, extent.rows, strict=True)}
        found[extent.shard] = _Piece(name, {table: (firsts[table], ends[table]) for table in TABLES}, (lines, lines + extent.lines))
        lines, firsts = lines + extent.lines, ends
    return found


def _write_table(folder: Path, table: str, pieces: Sequence[_Piece], path: Path) -> None:
    """Write the rows of all pieces. Groups are cut by units that are counted from the segment's first row, wherever they come from."""
    import pyarrow.compute as pc  # an audit of what has not changed does without

    most = _ROWS.get(table, _MOST_ROWS)
    batches = (batch for piece in pieces for batch in rows_between(folder / table / f"{piece.part}.parquet", *piece.rows[table]))
    with pq.ParquetWriter(path, TABLES[table].schema, compression="zstd") as writer:
        group: list[pa.Table] = []
        weight = 0
        for unit in _units(batches):
            group.append(unit)
            weight += pc.sum(pc.binary_length(unit["document"])).as_py() or 0 if "document" in unit.column_names else 0
            if len(group) * UNIT >= most or weight >= _MOST_BYTES:
                writer.write_table(pa.concat_tables(group).combine_chunks())
                group, weight = [], 0
        if group:
            writer.write_table(pa.concat_tables(group).combine_chunks())


def _units(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The same rows, `UNIT` at a time; the last may be fewer."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        begin = 0
        while begin < len(batch):
            some = batch.slice(begin, UNIT - rows)
            held.append(some)
            begin, rows = begin + len(some), rows + len(some)
            if rows == UNIT:
                yield pa.Table.from_batches(held)
                held, rows = [], 0
    if held:
        yield pa.Table.from_batches(held)


def _write_lines(folder: Path, pieces: Sequence[_Piece], path: Path) -> None:
    with path.open("wb") as out:
        for piece in pieces:
            begin, end = piece.lines
            with (folder / CARDS / f"{piece.part}.jsonl").open("rb") as lines:
                lines.seek(begin)
                while begin < end and (some := lines.read(min(_AT_ONCE, end - begin))):
                    out.write(some)
                    begin += len(some)
