"""Tasks in parallel processes: results in order, and a worker that dies costs one item of its task."""

from __future__ import annotations

import gc
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from cardlint.engine.batch import Judge, Plan, lost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cardlint.model import Outcome
    from cardlint.sources.entry import Entry

CHUNK = 48
"""Cards a task. Large enough that handing a task over costs nothing beside it, small enough that the last ones end together."""

R = TypeVar("R")
J = TypeVar("J", bound=Judge)


class Pool(Generic[J, R]):
    """Runs ``work(judge, entry)`` over tasks, each a list of entries, in ``jobs`` processes; each makes its own ``judge(plan)``.

    ``dead(entry)`` is the result for an entry whose reading killed its process, even alone.
    """

    def __init__(
        self, judge: Callable[[Plan], J], plan: Plan, jobs: int, work: Callable[[J, Entry], R], dead: Callable[[Entry], R]
    ) -> None:
        self.judge = judge
        self.plan, self.jobs, self.work, self.dead = plan, jobs, work, dead

    def run(self, tasks: Iterable[list[Entry]]) -> Iterator[list[R]]:
        """The results of each task, in the order of the tasks; few tasks are held at a time."""
        stream = iter(tasks)
        pool = self._start(self.jobs)
        pending: list[tuple[list[Entry], Any]] = []
        try:
            while True:
                while len(pending) < self.jobs * 3 and (more := list(islice(stream, 1))):
                    pending.append((more[0], pool.submit(_work, more[0])))
                if not pending:
                    return
                task, future = pending.pop(0)
                try:
                    yield future.result()
                except BrokenProcessPool:
                    pool.shutdown(cancel_futures=True)
                    yield [self._alone(entry) for entry in task]
                    pool = self._start(self.jobs)
                    pending = [(each, pool.submit(_work, each)) for each, _ in pending]
        finally:
            pool.shutdown(cancel_futures=True)

    def _alone(self, entry: Entry) -> R:
        with self._start(1) as pool:
            try:
                return pool.submit(_work, [entry]).result()[0]  # type: ignore[no-any-return]  # what work returns
            except BrokenProcessPool:
                return self.dead(entry)

    def _start(self, jobs: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(self.judge, self.plan, self.work))


def judge_in_parallel(entries: Iterator[Entry], plan: Plan, jobs: int) -> Iterator[Outcome]:
    """The outcomes of all entries, in their order."""

    def dead(entry: Entry) -> Outcome:
        return lost(entry, plan, "the process that read this card died")

    pool = Pool(Judge, plan, jobs, Judge.__call__, dead)
    for outcomes in pool.run(iter(lambda: list(islice(entries, CHUNK)), [])):
        yield from outcomes


# The one judge of a worker process, made by its initializer: the only way a pool offers to compile the rules once.
_worker: list[Any] = []


def _start_worker(judge: Callable[[Plan], J], plan: Plan, work: Callable[[J, Entry], Any]) -> None:
    gc.set_threshold(500_000)
    _worker[:] = [judge(plan), work]


def _work(task: list[Entry]) -> list[Any]:
    judge, work = _worker
    return [work(judge, entry) for entry in task]
