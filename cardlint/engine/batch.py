"""Many cards through one engine, in parallel processes where that pays, outcomes in input order."""

from __future__ import annotations

import gc
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from cardlint.engine.run import Engine
from cardlint.facts.subject import Subject
from cardlint.model import Kind, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cardlint.engine.select import Selected
    from cardlint.sources.entry import Entry

CHUNK = 48
"""Cards a task. Large enough that handing a task over costs nothing beside it, small enough that the last ones end together."""
_WORTH_A_PROCESS = 96


class Plan(NamedTuple):
    """What a worker needs to judge cards; picklable. ``ignored`` maps globs of paths and ids to codes that are silent there."""

    selected: tuple[Selected, ...]
    options: dict[str, dict[str, Any]]
    kind: Kind | None = None
    ignored: tuple[tuple[tuple[str, ...], frozenset[str]], ...] = ()


class Judge:
    """Judges entries one by one, in this process."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.engine = Engine(plan.selected, plan.options)

    def __call__(self, entry: Entry) -> Outcome:
        """The outcome of one entry; a card that cannot be read is a failure."""
        try:
            subject = Subject(entry, self.plan.kind)
        except OSError as error:
            kind = self.plan.kind or entry.kind or "model"
            return Outcome(entry.input, entry.id, kind, entry.path, None, failure=f"cannot be read: {error.strerror or error}")
        outcome = self.engine.judge(subject)
        return self._without_ignored(outcome) if self.plan.ignored else outcome

    def _without_ignored(self, outcome: Outcome) -> Outcome:
        from fnmatch import fnmatchcase

        names = [name for name in (outcome.input, outcome.input.removeprefix("./"), outcome.repo) if name]
        silent: set[str] = set()
        for globs, codes in self.plan.ignored:
            if any(fnmatchcase(name, glob) for glob in globs for name in names):
                silent |= codes
        if not silent:
            return outcome
        return replace(outcome, findings=tuple(each for each in outcome.findings if each.code not in silent))


def run(entries: Iterable[Entry], plan: Plan, jobs: int = 0) -> Iterator[Outcome]:
    """The outcomes of all entries, in their order. ``jobs`` 0: one a core, where there are cards enough to pay."""
    jobs = jobs or os.cpu_count() or 1
    stream = iter(entries)
    head = list(islice(stream, _WORTH_A_PROCESS))
    if jobs == 1 or len(head) < _WORTH_A_PROCESS:
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000)
        yield from map(Judge(plan), chain(head, stream))
        return
    yield from _parallel(chain(head, stream), plan, jobs)


def _parallel(entries: Iterator[Entry], plan: Plan, jobs: int) -> Iterator[Outcome]:
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


_worker: list[Judge] = []


def _start_worker(plan: Plan) -> None:
    gc.set_threshold(50_000)
    _worker[:] = [Judge(plan)]


def _judge_chunk(chunk: list[Entry]) -> list[Outcome]:
    return [_worker[0](entry) for entry in chunk]
