"""Cards judged in parallel processes: chunks in order, a worker that dies costs one card."""

from __future__ import annotations

import gc
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TYPE_CHECKING, Any

from cardlint.engine.batch import Judge, Plan
from cardlint.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.sources.entry import Entry

CHUNK = 48
"""Cards a task. Large enough that handing a task over costs nothing beside it, small enough that the last ones end together."""


def judge_in_parallel(entries: Iterator[Entry], plan: Plan, jobs: int) -> Iterator[Outcome]:
    """Chunks through a pool; a chunk whose worker died is judged card by card, so that only the killer is lost."""
    pool = _pool(plan, jobs)
    pending: list[tuple[list[Entry], Any]] = []
    try:
        while True:
            while len(pending) < jobs * 3 and (chunk := list(islice(entries, CHUNK))):
                pending.append((chunk, pool.submit(_judge_chunk, chunk)))
            if not pending:
                return
            chunk, future = pending.pop(0)
            try:
                yield from future.result()
            except BrokenProcessPool:
                pool.shutdown(wait=False, cancel_futures=True)
                yield from _one_by_one(chunk, plan)
                pool = _pool(plan, jobs)
                pending = [(each, pool.submit(_judge_chunk, each)) for each, _ in pending]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _one_by_one(chunk: list[Entry], plan: Plan) -> Iterator[Outcome]:
    pool = _pool(plan, 1)
    for entry in chunk:
        try:
            yield from pool.submit(_judge_chunk, [entry]).result()
        except BrokenProcessPool:
            kind = plan.kind or entry.kind or "model"
            yield Outcome(entry.input, entry.id, kind, entry.path, None, failure="the process that read this card died")
            pool = _pool(plan, 1)
    pool.shutdown()


def _pool(plan: Plan, jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(plan,))


# One judge a worker process, made by its initializer: the only way a pool offers to compile the rules once.
_worker: list[Judge] = []


def _start_worker(plan: Plan) -> None:
    gc.set_threshold(50_000)
    _worker[:] = [Judge(plan)]


def _judge_chunk(chunk: list[Entry]) -> list[Outcome]:
    return [_worker[0](entry) for entry in chunk]
