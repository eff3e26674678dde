"""Segments: the parts of consecutive shards in one file a table, so that a store has few large files in place of many small ones.

``segments/<name>.json`` tells which shards a segment holds, in their order, and how much of each file is whose. It is written last: a
segment counts once it is there.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING

from cardlint.audit.part import TABLES
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SEGMENTS = "segments"
"""The folder of the listings."""
_CUT = 32
"""One shard in so many ends a segment, told by its name: a shard that changes moves no cut but its own."""
_MOST = 128
"""Shards of a segment."""


class Extent(NamedTuple):
    """How much of a segment's files is one shard's: bytes of the report's lines, and rows of each of `TABLES`."""

    shard: str
    lines: int
    rows: tuple[int, ...]


def cut(shards: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """The name of each segment and its shards, in the order of the report. The names cover the shards, so they tell the content."""
    held: list[str] = []
    for number, shard in enumerate(shards, 1):
        held.append(shard)
        if len(held) >= _MOST or number == len(shards) or int.from_bytes(blake2b(shard.encode(), digest_size=4).digest()) % _CUT == 0:
            yield blake2b("\n".join(held).encode(), digest_size=16, person=b"segment").hexdigest(), held
            held = []


def extents(folder: Path, segment: str) -> list[Extent]:
    """What a segment of a store holds; nothing where there is none of this name, or one of another form."""
    try:
        told = json.loads((folder / SEGMENTS / f"{segment}.json").read_text(encoding="utf-8"))
        if told["tables"] != list(TABLES):
            return []
        return [Extent(shard, lines, tuple(rows)) for shard, lines, rows in told["shards"]]
    except (OSError, ValueError, LookupError, TypeError):
        return []


def listing(held: Sequence[Extent]) -> str:
    """The text of a segment's listing."""
    return json.dumps({"tables": list(TABLES), "shards": held}) + "\n"


def in_segments(folder: Path) -> dict[str, str]:
    """The segment that holds each shard, of all that a store has."""
    found: dict[str, str] = {}
    for path in sorted((folder / SEGMENTS).glob("[!.]*.json")):
        for extent in extents(folder, path.stem):
            found.setdefault(extent.shard, path.stem)
    return found


def line_near(folder: Path, part: str, row: int) -> tuple[int, int]:
    """A row of ``repos`` at or before a given one, and the byte where its line begins; of a part of one shard it is the first."""
    first = begin = 0
    of_repos = list(TABLES).index("repos")
    for extent in extents(folder, part):
        if first + extent.rows[of_repos] > row:
            break
        first += extent.rows[of_repos]
        begin += extent.lines
    return first, begin
