"""Which cards to mend first: what a card leaves unanswered, weighted by how many it reaches."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

from cardlint.report.score import DECLARED, score_of_row
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

_BATCH = 2048
_QUERY = """
with dependents as (
  select lower(target) as id, if(relation = 'dataset', 'dataset', 'model') as kind, count(distinct lower(source)) as repos from edges
  where relation in ('base_model', 'dataset') and lower(source) <> lower(target) group by all)
select r.id, r.kind, r.input, {downloads} as downloads, coalesce(d.repos, 0) as dependents, r.sections, {declared}
from repos r left join dependents d on d.id = lower(r.id) and d.kind = r.kind where r.kind <> 'space'
"""


class Gap(NamedTuple):
    """One card's gaps. ``reach``: its downloads, or where they are not known the repositories that name it as base or data.

    ``weight`` is the share of the documentation score that is missing times reach; ``missing`` are the parts of the score
    that are not answered in full, the heaviest first.
    """

    weight: float
    id: str
    kind: str
    score: float
    reach: int
    reach_by: str
    missing: tuple[str, ...]


def gaps(connection: duckdb.DuckDBPyConnection, limit: int = 50) -> list[Gap]:
    """The heaviest gaps first; 0: all of them. Cards that reach nobody stand last, by what they miss."""
    found = _gaps(connection)
    if not limit:
        return sorted(found, key=_order)
    return heapq.nsmallest(limit, found, key=_order)


def _order(gap: Gap) -> tuple[float, float, str, str]:
    return -gap.weight, gap.score, gap.id, gap.kind


def _gaps(connection: duckdb.DuckDBPyConnection) -> Iterator[Gap]:
    known = {row[0] for row in connection.execute("describe repos").fetchall()}
    downloads = "r.downloads" if "downloads" in known else "null"
    declared = ", ".join(f"r.{name}" for name in DECLARED)
    cursor = connection.execute(_QUERY.format(downloads=downloads, declared=declared))
    columns = [column[0] for column in cursor.description or ()]
    while batch := cursor.fetchmany(_BATCH):
        for row in batch:
            gap = _gap(dict(zip(columns, row, strict=True)))
            if gap is not None:
                yield gap


def _gap(row: dict[str, Any]) -> Gap | None:
    score = score_of_row(row)
    lost = sorted(((part.weight - part.got, part.name) for part in score.parts if part.got < part.weight), key=lambda each: -each[0])
    if not lost:
        return None
    by_downloads = row["downloads"] is not None
    reach = row["downloads"] if by_downloads else row["dependents"]
    share = (score.of - score.value) / score.of
    missing = tuple(name for _, name in lost)
    return Gap(
        share * reach, row["id"] or row["input"], row["kind"], score.value, reach, "downloads" if by_downloads else "dependents", missing
    )
