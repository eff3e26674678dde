"""The engine of many machines: the tasks of an audit on a Ray cluster.

A task of the first phase is a shard: the worker reads its repositories, writes their part into the store, which all machines share,
and sends a row of numbers back. A task of the second is a group of nodes: the worker reads it and the index there, and what it tells
goes back in the order of the report. So the results are those of one machine, byte for byte, whoever dies on the way. Ray gives the
task of a dead worker or machine to another one, which learns from the task's note what killed the first (see `cardlint.engine.note`).
"""

from __future__ import annotations

import os
import pickle
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardlint.audit.among import Among, AmongOthers, Told, tell
from cardlint.audit.rows import Auditor
from cardlint.audit.task import Done, Task, judge_task
from cardlint.engine.digest import engine_digest
from cardlint.engine.note import Note
from cardlint.model import CardlintError
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cardlint.audit.store import Store
    from cardlint.engine.batch import Plan

AHEAD = 3
"""Tasks given out for each processor that the cluster has at that moment: those that wait are what makes an autoscaler add machines."""
_PRIVATE = "local"


class Job(NamedTuple):
    """What every task needs: who does it and how, pickled; the folder the audit was started in, and that of notes; seconds a card;
    the engine.
    """

    calls: bytes
    home: str
    notes: str
    seconds: float
    engine: str


def on_ray(plan: Plan, store: Store, tasks: Iterable[Task], *, address: str | None, seconds: float) -> Iterator[Done]:
    """Run the tasks of the first phase on the cluster at an address (``auto``: the one of this machine); None starts a private one here.

    Raises CardlintError where Ray is missing or there is no cluster, or where a machine has another cardlint.
    """
    calls = partial(Auditor, plan), judge_task
    there = (task._replace(folder=task.folder.resolve()) for task in tasks)
    yield from map(Done._make, _run(calls, "shard", there, store.notes, address, seconds, in_order=False))


def told_on_ray(
    make: Callable[[], AmongOthers], nodes: Iterable[Among], notes: Path, *, address: str | None, seconds: float
) -> Iterator[Told]:
    """What is told of all nodes, in their order, by the cluster at an address. Raises as `on_ray`."""
    there = (among._replace(path=among.path.resolve()) for among in nodes)
    yield from map(Told._make, _run((make, tell), "nodes", there, notes, address, seconds, in_order=True))


def _run(
    calls: tuple[Callable[[], Any], Callable[..., Any]],
    name: str,
    tasks: Iterable[Any],
    notes: Path,
    address: str | None,
    seconds: float,
    *,
    in_order: bool,
) -> Iterator[tuple[Any, ...]]:
    """The results of all tasks; as they are done, or in their order."""
    with _cluster(address) as ray:
        job = ray.put(Job(pickle.dumps(calls), str(Path.cwd()), str(notes.resolve()), seconds, engine_digest()))
        # A task may be tried for ever: each death leaves a trace in its note, and the note gives up.
        work = ray.remote(num_cpus=1, max_retries=-1)(_work)
        pending: list[Any] = []
        most = _room(ray)
        for number, task in enumerate(tasks):
            pending.append(work.remote(job, f"{name}-{number}", task))
            if len(pending) >= most:
                ready, pending = _first(ray, pending, in_order)
                yield from ray.get(ready)
                most = _room(ray)
        while pending:
            ready, pending = _first(ray, pending, in_order)
            yield from ray.get(ready)


def _first(ray: Any, pending: list[Any], in_order: bool) -> tuple[list[Any], list[Any]]:  # of this module alone
    """What is taken next, and the rest: the oldest, or whatever is done."""
    return (pending[:1], pending[1:]) if in_order else ray.wait(pending)


@contextmanager
def _cluster(address: str | None) -> Iterator[Any]:
    """Ray, joined to a cluster; what a worker raises is raised here."""
    try:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        import ray
    except ImportError:
        raise CardlintError("--engine ray needs Ray: pip install 'cardlint[ray]'") from None
    _connect(ray, address or _PRIVATE)
    try:
        yield ray
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None
    finally:
        ray.shutdown()


def _room(ray: Any) -> int:
    """How many tasks may be given out, by the processors that the cluster has now."""
    return max(1, int(ray.cluster_resources().get("CPU", 1))) * AHEAD


def _connect(ray: Any, address: str) -> None:
    """Join a cluster. Without an address Ray would join whatever runs on this machine, so one is always given."""
    import logging

    try:
        private: dict[str, Any] = {"include_dashboard": False} if address == _PRIVATE else {}
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, **private)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise CardlintError(f"--address {address}: {str(error).splitlines()[0]}") from None


def _work(job: Job, name: str, task: Any) -> tuple[Any, ...]:
    """One task, in a worker."""
    if engine_digest() != job.engine:
        raise CardlintError(f"{os.uname().nodename} has another cardlint or other rules: install the same everywhere")
    os.chdir(job.home)  # paths of a mirror may be relative
    judge, work = _made(job.calls)
    with Note(Path(job.notes) / f"{name}.note", job.seconds) as note:
        return tuple(work(judge, task, note))


@lru_cache(maxsize=1)
def _made(calls: bytes) -> tuple[Any, Callable[..., Any]]:
    """Who does the tasks of a worker, which serves many, and how; the calls are our own."""
    make, work = pickle.loads(calls)  # noqa: S301
    return make(), work
