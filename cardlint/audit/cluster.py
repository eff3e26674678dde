"""The engine of many machines: the tasks of an audit on a Ray cluster.

A task is a shard. The worker reads its repositories, writes their part into the store, which all machines share, and sends a
row of numbers back; so the results are those of one machine, byte for byte, whoever dies on the way. Ray gives the task of a
dead worker or machine to another one, which learns from the task's note what killed the first (see `cardlint.engine.note`).
"""

from __future__ import annotations

import os
import pickle
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardlint.audit.rows import Auditor
from cardlint.audit.task import Done, Task, judge_task
from cardlint.engine.digest import engine_digest
from cardlint.engine.note import Note
from cardlint.model import CardlintError
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cardlint.audit.store import Store
    from cardlint.engine.batch import Plan

AHEAD = 3
"""Tasks given out for each processor that the cluster has at that moment: those that wait are what makes an autoscaler add machines."""
_PRIVATE = "local"


class Job(NamedTuple):
    """What every task needs: the plan, pickled; the folder the audit was started in, and that of notes; seconds a card; the engine."""

    plan: bytes
    home: str
    notes: str
    seconds: float
    engine: str


def on_ray(plan: Plan, store: Store, tasks: Iterable[Task], *, address: str | None, seconds: float) -> Iterator[Done]:
    """Run the tasks on the cluster at an address (``auto``: the one of this machine); None starts a private one here.

    Raises CardlintError where Ray is missing or there is no cluster, or where a machine has another cardlint.
    """
    try:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        import ray
    except ImportError:
        raise CardlintError("--engine ray needs Ray: pip install 'cardlint[ray]'") from None
    _connect(ray, address or _PRIVATE)
    try:
        job = ray.put(Job(pickle.dumps(plan), str(Path.cwd()), str(store.notes.resolve()), seconds, engine_digest()))
        # A task may be tried for ever: each death leaves a trace in its note, and the note gives up.
        judge = ray.remote(num_cpus=1, max_retries=-1)(_judge)
        most = _room(ray)
        pending: list[Any] = []
        for number, task in enumerate(tasks):
            pending.append(judge.remote(job, number, task._replace(folder=task.folder.resolve())))
            if len(pending) >= most:
                ready, pending = ray.wait(pending)
                yield from map(Done._make, ray.get(ready))
                most = _room(ray)
        while pending:
            ready, pending = ray.wait(pending)
            yield from map(Done._make, ray.get(ready))
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


def _judge(job: Job, number: int, task: Task) -> tuple[Any, ...]:
    """One task, in a worker."""
    if engine_digest() != job.engine:
        raise CardlintError(f"{os.uname().nodename} has another cardlint or other rules: install the same everywhere")
    os.chdir(job.home)  # paths of a mirror may be relative
    with Note(Path(job.notes) / f"{number}.note", job.seconds) as note:
        return tuple(judge_task(_auditor(job.plan), task, note))


@lru_cache(maxsize=1)
def _auditor(plan: bytes) -> Auditor:
    """The auditor of a worker, which serves many tasks; the plan is our own."""
    return Auditor(pickle.loads(plan))  # noqa: S301
