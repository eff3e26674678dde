"""Tasks in parallel processes. Each worker has a pipe of its own, so that one that dies takes nothing with it but its task.

The task of a dead worker is given to a new one, which learns from the task's note (see `cardlint.engine.note`) what killed
the first. There is no thread and no shared queue: what a worker holds when it is killed, nobody waits for.
"""

from __future__ import annotations

import gc
import signal
import tempfile
from contextlib import ExitStack
from functools import partial
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from cardlint.engine.batch import Judge, Plan, lost
from cardlint.engine.note import Note
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

    from cardlint.model import Outcome
    from cardlint.sources.entry import Entry

CHUNK = 48
"""Cards a task of `judge_in_parallel`. Large enough that handing a task over costs nothing beside it, small enough that the
last ones end together."""
_STILLBORN = 3
"""Workers that may die before they are ready."""

J = TypeVar("J")
T = TypeVar("T")
R = TypeVar("R")


class Limits(NamedTuple):
    """What a worker may take: seconds of processor time for one item, bytes of memory for all.

    The bounds of the readers count things and hold long before; these are for the readers' faults.
    """

    seconds: float = 60.0
    memory: int = 4_000_000_000

    def apply(self) -> None:
        """Bound this process's memory, where the system can: what asks for more fails, and the machine lives."""
        try:
            import resource

            resource.setrlimit(resource.RLIMIT_DATA, (self.memory, resource.getrlimit(resource.RLIMIT_DATA)[1]))
        except (ImportError, ValueError, OSError):
            pass


class Pool(Generic[J, T, R]):
    """Runs ``work(judge, task, note)`` over tasks in ``jobs`` processes; each makes its own judge by ``make()``.

    ``notes`` is the folder of the notes. ``life``: tasks after which a new process takes a worker's place, so that the
    memory of a long run has a bound whatever the system's allocator scatters; 0: it stays to the end.
    """

    def __init__(
        self, make: Callable[[], J], work: Callable[[J, T, Note], R], jobs: int, notes: Path, limits: Limits, *, life: int = 0
    ) -> None:
        self.make, self.work, self.jobs, self.notes, self.limits, self.life = make, work, jobs, notes, limits, life
        self._workers: list[_Worker[T]] = []
        self._stillborn = 0

    def run(self, tasks: Iterable[T], ahead: int | None = None) -> Iterator[tuple[int, R]]:
        """The number and the result of each task, as they are done.

        The tasks are taken one by one as workers become free; ``ahead``: at most so many beyond the oldest that is not done.
        Raises what a worker raised. Leaving the iterator ends the workers.
        """
        stream = enumerate(tasks)
        again: list[tuple[int, T]] = []
        try:
            following = next(stream, None)
            while following or again or self._busy():
                while (again or self._may(following, ahead)) and (worker := self._free()):
                    if again:
                        worker.give(*again.pop(0))
                    elif following:
                        worker.give(*following)
                        following = next(stream, None)
                for ready in wait([worker.pipe for worker in self._busy()]):
                    worker = next(each for each in self._workers if each.pipe is ready)
                    number, task = worker.number, worker.task
                    try:
                        said, value = worker.pipe.recv()
                    except (EOFError, OSError):
                        self._bury(worker)
                        if number is not None and task is not None:
                            again.append((number, task))
                        continue
                    if said == "failed":
                        raise value
                    worker.ready = True
                    self._stillborn = 0
                    if said == "done" and number is not None:
                        worker.number = worker.task = None
                        worker.done += 1
                        if worker.done == self.life:
                            self._retire(worker)
                        yield number, value
        finally:
            self.close()

    def in_order(self, tasks: Iterable[T], ahead: int) -> Iterator[R]:
        """The results of all tasks in their order; at most ``ahead`` of them wait for an older one. Raises as `run`."""
        waiting: dict[int, R] = {}
        following = 0
        for number, result in self.run(tasks, ahead):
            waiting[number] = result
            while following in waiting:
                yield waiting.pop(following)
                following += 1

    def close(self) -> None:
        """End the workers, whatever they do."""
        while self._workers:
            self._workers.pop().end()

    def _busy(self) -> list[_Worker[T]]:
        return [worker for worker in self._workers if worker.number is not None]

    def _may(self, following: tuple[int, T] | None, ahead: int | None) -> bool:
        """Whether the next task may be given out."""
        if following is None or ahead is None:
            return following is not None
        oldest = min((worker.number for worker in self._workers if worker.number is not None), default=following[0])
        return following[0] - oldest < ahead

    def _free(self) -> _Worker[T] | None:
        """A worker without a task, made where there are too few."""
        for worker in self._workers:
            if worker.number is None:
                return worker
        if len(self._workers) < self.jobs:
            self._workers.append(_Worker(self))
            return self._workers[-1]
        return None

    def _retire(self, worker: _Worker[T]) -> None:
        worker.end()
        self._workers.remove(worker)

    def _bury(self, worker: _Worker[T]) -> None:
        self._retire(worker)
        if not worker.ready:
            self._stillborn += 1
            if self._stillborn >= _STILLBORN:
                msg = f"{self._stillborn} processes died before they read a card (exit {worker.process.exitcode})"
                raise RuntimeError(msg)


class _Worker(Generic[T]):
    """A process, its pipe, and the task that it has."""

    def __init__(self, pool: Pool[Any, T, Any]) -> None:
        context = get_context()
        self.pipe, theirs = context.Pipe()
        arguments = (self.pipe, theirs, pool.make, pool.work, pool.notes, pool.limits)
        self.process = context.Process(target=_serve, args=arguments, daemon=True)
        self.process.start()
        theirs.close()  # so that the pipe ends when the process does
        self.number: int | None = None
        self.task: T | None = None
        self.ready = False
        self.done = 0

    def give(self, number: int, task: T) -> None:
        """Hand a task over. A worker that died meanwhile is noticed when its pipe is read."""
        self.number, self.task = number, task
        try:
            self.pipe.send((number, task))
        except OSError:
            pass

    def end(self) -> None:
        """End the process where it has not ended."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _serve(parents: Connection, pipe: Connection, make: Callable[[], Any], work: Callable[..., Any], notes: Path, limits: Limits) -> None:
    """A worker's life: tasks in, results out, until the pipe ends."""
    parents.close()  # or the pipe would not end with the parent
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends its workers
    gc.set_threshold(500_000)
    limits.apply()
    try:
        try:
            judge = make()
            pipe.send(("ready", None))
            while True:
                number, task = pipe.recv()
                with Note(notes / f"{number}.note", limits.seconds) as note:
                    result = work(judge, task, note)
                pipe.send(("done", result))
        except EOFError:
            return
        except Exception as error:  # noqa: BLE001  # the parent raises it
            pipe.send(("failed", error))
    except OSError:  # the parent has gone
        return


def judge_in_parallel(entries: Iterator[Entry], plan: Plan, jobs: int) -> Iterator[Outcome]:
    """The outcomes of all entries, in their order."""
    with ExitStack() as stack:
        notes = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cardlint-")))
        pool = Pool(partial(Judge, plan), _chunk, jobs, notes, Limits())
        for outcomes in pool.in_order(iter(lambda: list(islice(entries, CHUNK)), []), ahead=jobs * 4):
            yield from outcomes


def _chunk(judge: Judge, chunk: list[Entry], note: Note) -> list[Outcome]:
    """Judge all together; where a process died of it, one by one."""
    found = []
    if not note.again:
        note.together()
        for outcome in judge.each(chunk):
            found.append(outcome)
            note.together()
        note.between()
        return found
    for number, entry in enumerate(chunk):
        if number in note.lost:
            found.append(lost(entry, judge.plan, note.lost[number]))
            continue
        note.at(number)
        found.append(judge(entry))
    note.between()
    return found
