"""The gate's log: what was decided on what, append-only, each entry bound to the one before it by its hash.

SQLite, so that it outlives the process and others may read it meanwhile. An entry is durable before the change it speaks of is
sent on. Changing or dropping an entry shows when the chain is verified; that the last ones were cut off shows against a hash
that was noted elsewhere.
"""

from __future__ import annotations

import asyncio
import json
import queue
import sqlite3
import threading
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cardlint.gate.change import Allowance
from cardlint.model import CardlintError
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cardlint.gate.decision import Decision

_GENESIS = "0" * 64
_BATCH = 256
_TABLE = """
CREATE TABLE IF NOT EXISTS log (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, event TEXT NOT NULL, action TEXT, repo TEXT, who TEXT, body TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS log_repo ON log (repo, seq);
CREATE INDEX IF NOT EXISTS log_event ON log (event, repo, seq);
CREATE TRIGGER IF NOT EXISTS log_never_changes BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS log_never_shrinks BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
"""
_COLUMNS = ("at", "event", "action", "repo", "who")


class Verified(NamedTuple):
    """The result of a verification: how many entries hold, the hash of the last of them, and what is wrong behind it."""

    entries: int
    head: str
    fault: str | None


class Log:
    """A log file; made where it is not there. Each call is a transaction of its own. Raises CardlintError where it cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._open() as base:
            base.executescript(_TABLE)

    def append(self, bodies: list[dict[str, Any]]) -> int:
        """Add entries, durably; the number of the last one. Each body has ``event`` and whatever else it tells."""
        with self._open() as base:
            return _append(base, bodies)

    def entries(self, where: str = "", values: tuple[Any, ...] = (), limit: int = -1) -> Iterator[dict[str, Any]]:
        """Entries by a condition over the columns, the newest first, each with ``seq`` and ``hash``."""
        with self._open() as base:
            query = f"SELECT seq, body, hash FROM log {'WHERE ' + where if where else ''} ORDER BY seq DESC LIMIT ?"  # noqa: S608  # ours
            for seq, body, digest in base.execute(query, (*values, limit)):
                yield {"seq": seq, **json.loads(body), "hash": digest}

    def allowance(self, repo: str, now: str) -> Allowance | None:
        """The leave to pass that a repository has at a moment (ISO 8601, UTC); the newest word on it counts."""
        with self._open() as base:
            return _allowance(base, repo, now)

    def any_allowance(self, now: str) -> bool:
        """Whether any repository has leave to pass."""
        with self._open() as base:
            return _any_allowance(base, now)

    def verify(self, head: str | None = None) -> Verified:
        """Whether each entry is bound to the one before it, and whether a hash that was noted earlier is among them."""
        previous, expected, seen = _GENESIS, 1, head is None
        with self._open() as base:
            for seq, body, digest, *columns in base.execute(f"SELECT seq, body, hash, {', '.join(_COLUMNS)} FROM log ORDER BY seq"):  # noqa: S608
                if seq != expected:
                    return Verified(expected - 1, previous, f"entry {expected} is not there")
                if digest != _hash(previous, body):
                    return Verified(expected - 1, previous, f"entry {seq} or the one before it was changed")
                if columns != [json.loads(body).get(name) for name in _COLUMNS]:
                    return Verified(expected - 1, previous, f"the columns of entry {seq} were changed")
                previous, expected, seen = digest, expected + 1, seen or digest == head
        return Verified(expected - 1, previous, None if seen else f"no entry has the hash {head}: entries were cut off or replaced")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with _told(self.path), closing(_connect(self.path)) as base:
            yield base


class LogWriter:
    """Appends from an event loop: one thread writes, and what waits is written together, so that a disk's flush serves many."""

    def __init__(self, path: Path) -> None:
        self.log = Log(path)
        self._queue: queue.SimpleQueue[tuple[dict[str, Any], asyncio.Future[int]] | None] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._reading = _connect(path)
        self._thread = threading.Thread(target=self._run, name="cardlint-gate-log")
        self._thread.start()

    async def append(self, body: dict[str, Any]) -> int:
        """Add an entry; returns its number once it is durable. Raises CardlintError where it cannot be written."""
        waiting: asyncio.Future[int] = self._loop.create_future()
        self._queue.put((body, waiting))
        return await waiting

    def allowance(self, repo: str | None) -> Allowance | None:
        """The leave to pass that a repository has now."""
        return _allowance(self._reading, repo, now()) if repo else None

    def any_allowance(self) -> bool:
        """Whether any repository has leave to pass now."""
        return _any_allowance(self._reading, now())

    def stop(self) -> None:
        """Write what waits, then end."""
        self._queue.put(None)
        self._thread.join()
        self._reading.close()

    def _run(self) -> None:
        base = _connect(self.log.path)
        ending = False
        while not ending:
            batch = [self._queue.get()]
            while len(batch) < _BATCH and not self._queue.empty():
                batch.append(self._queue.get())
            ending = None in batch
            items = [each for each in batch if each is not None]
            if items:
                self._write(base, items)
        base.close()

    def _write(self, base: sqlite3.Connection, items: list[tuple[dict[str, Any], asyncio.Future[int]]]) -> None:
        try:
            with _told(self.log.path):
                last = _append(base, [body for body, _ in items])
        except CardlintError as error:
            for _, waiting in items:
                self._loop.call_soon_threadsafe(_fail, waiting, error)
        else:
            for number, (_, waiting) in enumerate(items, last - len(items) + 1):
                self._loop.call_soon_threadsafe(_finish, waiting, number)


def decision_body(event: str, decided: Decision, who: str, rules: str, policies: str, **more: Any) -> dict[str, Any]:
    """What the log keeps of a decision."""
    return {
        "event": event,
        "decision": decided.id,
        "action": decided.action,
        "verdict": decided.verdict,
        "repo": decided.name,
        "revision": decided.revision,
        "who": who or None,
        "codes": list(decided.codes),
        "policy": decided.policy,
        "mode": decided.mode,
        "card": decided.card_sha256,
        "failure": decided.failure,
        "allowance": decided.allowance._asdict() if decided.allowance else None,
        "rules": rules,
        "policies": policies,
        "ms": round(decided.took * 1000, 2),
        **more,
    }


def now() -> str:
    """This moment (UTC, ISO 8601, to the millisecond)."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _append(base: sqlite3.Connection, bodies: list[dict[str, Any]]) -> int:
    base.execute("BEGIN IMMEDIATE")
    try:
        last, previous = base.execute("SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1").fetchone() or (0, _GENESIS)
        for body in bodies:
            body = {"at": now(), **body}
            text = json.dumps(body, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
            last, previous = last + 1, _hash(previous, text)
            values = (last, *(body.get(name) for name in _COLUMNS), text, previous)
            base.execute(f"INSERT INTO log (seq, {', '.join(_COLUMNS)}, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)  # noqa: S608
        base.execute("COMMIT")
    except BaseException:
        base.execute("ROLLBACK")
        raise
    return int(last)


def _allowance(base: sqlite3.Connection, repo: str, moment: str) -> Allowance | None:
    found = base.execute(
        "SELECT body FROM log WHERE repo = ? AND event = 'allowance' ORDER BY seq DESC LIMIT 1", (repo.lower(),)
    ).fetchone()
    if found is None:
        return None
    body = json.loads(found[0])
    leave = Allowance(body["repo"], body["reason"], body["until"], body["who"])
    return leave if leave.until > moment else None


def _any_allowance(base: sqlite3.Connection, moment: str) -> bool:
    rows = base.execute("SELECT body FROM log WHERE event = 'allowance'")
    return any(json.loads(body)["until"] > moment for (body,) in rows)


def _hash(previous: str, body: str) -> str:
    return sha256(f"{previous}\n{body}".encode()).hexdigest()


def _connect(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    base.execute("PRAGMA journal_mode = WAL")
    base.execute("PRAGMA synchronous = FULL")
    return base


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise CardlintError(f"{path}: the log cannot be used: {error}") from None


def _finish(waiting: asyncio.Future[int], number: int) -> None:
    if not waiting.done():
        waiting.set_result(number)


def _fail(waiting: asyncio.Future[int], error: CardlintError) -> None:
    if not waiting.done():
        waiting.set_exception(error)
