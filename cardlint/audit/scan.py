"""The map phase of an audit: every repository of a mirror judged once, in parallel, each shard's results kept whole."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from cardlint.audit.compact import compact
from cardlint.audit.reuse import Reuse
from cardlint.audit.rows import Auditor
from cardlint.audit.segments import in_segments
from cardlint.audit.shards import cut
from cardlint.audit.task import Done, Task, judge_task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cardlint.audit.store import Store
    from cardlint.engine.batch import Plan
    from cardlint.engine.pool import Limits
    from cardlint.sources.entry import Entry

    Engine = Callable[[Plan, Store, Iterable[Task]], Iterator[Done]]

LIFE = 64
"""Shards after which a new process takes a worker's place: some 16,000 repositories, a minute of work or so."""


@dataclass(slots=True)
class Scan:
    """What a scan did: repositories seen, cards opened in this run, results reused; and the segments that hold all, in order."""

    repos: int = 0
    opened: int = 0
    reused: int = 0
    keys: list[str] = field(default_factory=list)


def scan(
    entries: Iterable[Entry],
    plan: Plan,
    run: str,
    store: Store,
    engine: Engine,
    told: Callable[[Scan], None],
    *,
    jobs: int = 1,
    limits: Limits | None = None,
) -> Scan:
    """Judge what the store does not hold yet. ``told`` hears of progress after each shard.

    Neither the list of repositories nor results are held: a few shards at a time are. Whatever ends the run, parts that are
    done stay; at the end ``jobs`` processes of this machine make segments of them. Raises OSError where the store cannot be written.
    """
    scanned = Scan()
    shards: list[str] = []
    held = in_segments(store.folder)
    with closing(Reuse(store)) as reuse:

        def missing() -> Iterator[Task]:
            for shard in cut(entries, run):
                scanned.repos += len(shard.entries)
                shards.append(shard.key)
                if shard.key in held or store.has(shard.key):
                    scanned.reused += len(shard.entries)
                    told(scanned)
                else:
                    yield Task(shard, reuse.find(shard.keys), store.folder)

        for done in engine(plan, store, missing()):
            scanned.opened += done.opened
            scanned.reused += done.reused
            told(scanned)
    scanned.keys = compact(store, shards, jobs=jobs, limits=limits)
    return scanned


def local(plan: Plan, store: Store, tasks: Iterable[Task], *, jobs: int, limits: Limits) -> Iterator[Done]:
    """The engine of one machine: tasks in ``jobs`` processes."""
    from cardlint.engine.pool import Pool

    pool = Pool(partial(Auditor, plan), judge_task, jobs, store.notes, limits, life=LIFE)
    for _, done in pool.run(tasks):
        yield done
