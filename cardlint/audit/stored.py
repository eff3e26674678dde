"""Results that a store holds, read again by number."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson

from cardlint.audit.part import CARDS
from cardlint.audit.ranges import rows_between
from cardlint.audit.rows import Row
from cardlint.audit.segments import line_near

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


def stored_rows(folder: Path, part: str, numbers: Sequence[int]) -> Iterator[tuple[int, Row]]:
    """Rows of a part or a segment by their numbers, which ascend, as they were kept; what lies between them is read too."""
    begin, end = numbers[0], numbers[-1] + 1
    wanted = [number - begin for number in numbers]
    repos = _chosen(folder / "repos" / f"{part}.parquet", begin, end, None, wanted)
    nodes = _chosen(folder / "nodes" / f"{part}.parquet", begin, end, ["document"], wanted)
    documents = _documents(folder / "facts" / f"{part}.parquet", {each["key"] for each in repos})
    first, byte = line_near(folder, part, begin)
    with (folder / CARDS / f"{part}.jsonl").open("rb") as file:
        file.seek(byte)
        lines = _at(islice(file, begin - first, None), wanted)
        for number, line, repo, node in zip(numbers, lines, repos, nodes, strict=True):
            record = orjson.loads(line)
            del record["type"]
            own = documents.get(repo["key"], {})
            yield number, Row(record, repo, own.get("document"), own.get("cut", []), node["document"])


def _chosen(path: Path, begin: int, end: int, columns: Sequence[str] | None, wanted: Sequence[int]) -> list[dict[str, Any]]:
    """Some rows between two numbers, told by how far they are from the first."""
    return list(_at((row for batch in rows_between(path, begin, end, columns) for row in batch.to_pylist()), wanted))


def _documents(path: Path, keys: set[bytes]) -> dict[bytes, dict[str, Any]]:
    """The facts of some repositories by the names of their states; those without a card have none."""
    every = (key for batch in rows_between(path, 0, _ALL, ["key"]) for key in batch.column("key").to_pylist())
    held = [number for number, key in enumerate(every) if key in keys]
    if not held:
        return {}
    rows = rows_between(path, held[0], held[-1] + 1, ["key", "document", "cut"])
    return {row["key"]: row for batch in rows for row in batch.to_pylist() if row["key"] in keys}


_ALL = 1 << 60


def _at(items: Iterator[Any], wanted: Sequence[int]) -> Iterator[Any]:
    """The items of these numbers, which ascend."""
    before = 0
    for number in wanted:
        yield from islice(items, number - before, number - before + 1)
        before = number + 1
