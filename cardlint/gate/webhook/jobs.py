"""What is still to be judged: one row a reference, in SQLite, so that nothing that was taken is lost when the process ends.

A job says "look at this reference", not "judge this commit": deliveries may be repeated, reordered or late, and what the
reference is at when its turn comes is what counts.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from cardlint.model import CardlintError
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cardlint.gate.webhook.payload import Moved
    from cardlint.model import Kind

MOST_WAITING = 100_000
"""Jobs that wait; a hub is told to come back when there are more."""
LONGEST_DELAY = 3600.0
_TABLE = """
CREATE TABLE IF NOT EXISTS jobs (
  kind TEXT NOT NULL, repo TEXT NOT NULL, ref TEXT NOT NULL, old TEXT, new TEXT, state TEXT NOT NULL, due REAL NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL DEFAULT 0, reported TEXT, why TEXT, PRIMARY KEY (kind, repo, ref)
);
CREATE INDEX IF NOT EXISTS jobs_due ON jobs (state, due);
"""


class Job(NamedTuple):
    """A reference to look at. ``old`` is what it was at before all that is not yet judged, ``reported`` the commit that was told last.

    ``version`` grows with every event, so that one that comes meanwhile is not taken for done.
    """

    kind: Kind
    repo: str
    ref: str
    old: str | None
    new: str | None
    tries: int
    version: int
    reported: str | None


class Full(Exception):
    """Too many jobs wait."""


class Jobs:
    """The queue in a file. Every call is a transaction of its own. Raises CardlintError where the file cannot be used."""

    def __init__(self, path: Path, *, base_delay: float = 5.0, most_tries: int = 12) -> None:
        self.path = path
        self.base_delay = base_delay
        self.most_tries = most_tries
        with self._open() as base:
            base.executescript(_TABLE)

    def add(self, moved: list[Moved]) -> int:
        """Take events; how many of them wait now, those that were reported already left out. Raises Full."""
        with self._open() as base:
            base.execute("BEGIN IMMEDIATE")
            if base.execute("SELECT count(*) FROM jobs WHERE state = 'waiting'").fetchone()[0] + len(moved) > MOST_WAITING:
                base.execute("ROLLBACK")
                raise Full
            added = sum(_add(base, each) for each in moved)
            base.execute("COMMIT")
        return added

    def due(self, running: set[tuple[str, str, str]]) -> Job | None:
        """The job that is due longest and not running, None where none is."""
        with self._open() as base:
            rows = base.execute(
                "SELECT kind, repo, ref, old, new, tries, version, reported FROM jobs WHERE state = 'waiting' AND due <= ?"
                " ORDER BY due, kind, repo, ref LIMIT ?",
                (time.time(), len(running) + 1),
            )
            return next((Job(*row) for row in rows if row[:3] not in running), None)

    def next_due(self) -> float | None:
        """Seconds until a job is due."""
        with self._open() as base:
            first = base.execute("SELECT min(due) FROM jobs WHERE state = 'waiting'").fetchone()[0]
        return None if first is None else max(0.0, first - time.time())

    def done(self, job: Job, reported: str | None, why: str | None = None) -> None:
        """A job's end: the commit that was told of, or why nothing was. It waits on where another event came meanwhile."""
        with self._open() as base:
            base.execute(
                "UPDATE jobs SET state = CASE WHEN version = ? THEN 'done' ELSE 'waiting' END, tries = 0, why = ?,"
                " reported = coalesce(?, reported), old = coalesce(?, old) WHERE kind = ? AND repo = ? AND ref = ?",
                (job.version, why, reported, reported, *job[:3]),
            )

    def later(self, job: Job, why: str, after: float | None = None) -> bool:
        """Try a job again, each time twice as late; False where it is given up. ``after`` is what the hub asked for, in seconds."""
        tries = job.tries + 1
        delay = min(LONGEST_DELAY, max(after or 0.0, self.base_delay * 2 ** min(job.tries, 20)))
        state = "waiting" if tries < self.most_tries else "failed"
        with self._open() as base:
            base.execute(
                "UPDATE jobs SET state = CASE WHEN version = ? THEN ? ELSE 'waiting' END, tries = ?, due = ?, why = ?"
                " WHERE kind = ? AND repo = ? AND ref = ?",
                (job.version, state, tries, time.time() + delay, why[:500], *job[:3]),
            )
        return state == "waiting"

    def counts(self) -> dict[str, int]:
        """How many jobs wait, are done, and were given up."""
        with self._open() as base:
            found: dict[str, int] = dict(base.execute("SELECT state, count(*) FROM jobs GROUP BY state").fetchall())
        return {state: found.get(state, 0) for state in ("waiting", "done", "failed")}

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=30, isolation_level=None)) as base:
                base.execute("PRAGMA journal_mode = WAL")
                base.execute("PRAGMA synchronous = FULL")
                yield base
        except (sqlite3.Error, OSError) as error:
            raise CardlintError(f"{self.path}: the queue cannot be used: {error}") from None


def _add(base: sqlite3.Connection, moved: Moved) -> bool:
    key = (moved.kind, moved.repo, moved.ref)
    found = base.execute("SELECT state, reported FROM jobs WHERE kind = ? AND repo = ? AND ref = ?", key).fetchone()
    if found is None:
        base.execute("INSERT INTO jobs (kind, repo, ref, old, new, state, due) VALUES (?, ?, ?, ?, ?, 'waiting', ?)", (*moved, time.time()))
        return True
    state, reported = found
    if state == "done" and moved.new is not None and moved.new == reported:
        return False
    base.execute(
        "UPDATE jobs SET old = CASE WHEN state = 'waiting' THEN old ELSE coalesce(?, old) END, new = ?, state = 'waiting', due = ?,"
        " tries = 0, version = version + 1 WHERE kind = ? AND repo = ? AND ref = ?",
        (moved.old, moved.new, time.time(), *key),
    )
    return True
