"""The map phase of an audit: every repository of a mirror judged once, in parallel, each shard's results kept whole."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cardlint.audit.rows import Auditor, Row, row_of
from cardlint.audit.shards import Shard, cut
from cardlint.engine.batch import Plan, lost
from cardlint.report.records import Families, Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cardlint.audit.store import Store
    from cardlint.sources.entry import Entry

_WORTH_A_PROCESS = 200


@dataclass(slots=True)
class Scan:
    """What a scan did: repositories seen, judged in this run, and the parts that now hold their results, in order."""

    repos: int = 0
    judged: int = 0
    keys: list[str] = field(default_factory=list)


def scan(entries: Iterable[Entry], plan: Plan, run: str, store: Store, jobs: int, told: Callable[[Scan], None]) -> Scan:
    """Judge what the store does not hold yet. ``told`` hears of progress after each shard."""
    done = Scan()

    def missing() -> Iterator[Shard]:
        for shard in cut(entries, run):
            done.repos += len(shard.entries)
            done.keys.append(shard.key)
            if not store.has(shard.key):
                yield shard

    jobs = jobs or os.cpu_count() or 1
    for key, rows in _judged(missing(), plan, jobs):
        store.write(key, rows)
        done.judged += len(rows)
        told(done)
    store.keep_only(done.keys)
    return done


def _judged(shards: Iterator[Shard], plan: Plan, jobs: int) -> Iterator[tuple[str, list[Row]]]:
    first = next(shards, None)
    if first is None:
        return
    second = next(shards, None)
    if jobs == 1 or (second is None and len(first.entries) < _WORTH_A_PROCESS):
        auditor = Auditor(plan)
        for shard in (first, second, *shards):
            if shard is not None:
                yield shard.key, [auditor.row(entry) for entry in shard.entries]
        return
    from cardlint.engine.pool import Pool

    families = Families(each.rule.code for each in plan.selected)

    def dead(entry: Entry) -> Row:
        return row_of(entry, lost(entry, plan, "the process that read this card died"), None, families)

    order: list[str] = []

    def tasks() -> Iterator[list[Entry]]:
        for shard in (first, second, *shards):
            if shard is not None:
                order.append(shard.key)
                yield shard.entries

    for index, rows in enumerate(Pool(Auditor, plan, jobs, Auditor.row, dead).run(tasks())):
        yield order[index], rows


def tally_of(store: Store) -> Tally:
    """The counts of all stored results."""
    import duckdb

    tally = Tally()
    repos = str(store.folder / "repos" / "*.parquet")
    row = duckdb.execute(
        "select count(*), count(failure), sum(errors), sum(warnings), sum(notes), count(*) filter (errors + warnings + notes > 0), "
        "sum(waived), sum(suppressed), sum(unhonoured) "
        "from read_parquet(?)",
        [repos],
    ).fetchone()
    if row is not None:
        tally.cards, tally.failed, tally.flagged = row[0], row[1], row[5]
        tally.suppressed.update({"waiver": int(row[6] or 0), "inline": int(row[7] or 0)})
        tally.unhonoured = int(row[8] or 0)
        tally.findings.update({"error": int(row[2] or 0), "warning": int(row[3] or 0), "note": int(row[4] or 0)})
    return tally
