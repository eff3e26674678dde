"""Processes that decide, so that no card can hold up the server: one that takes too long is killed and a new one started."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from pebble import ProcessExpired, ProcessPool

from cardlint.gate.change import Change
from cardlint.gate.decision import Gate
from cardlint.sources.entry import Entry

if TYPE_CHECKING:
    from cardlint.gate.change import Allowance
    from cardlint.gate.decision import Decision
    from cardlint.gate.policy import Policies
    from cardlint.model import Kind

MAX_WAITING = 512
"""Decisions that wait at a time; more are told to come back."""


class Busy(Exception):
    """Too many decisions wait."""


class Workers:
    """``count`` processes that decide by the same policies."""

    def __init__(self, policies: Policies, count: int = 1) -> None:
        self.policies = policies
        self.gate = Gate(policies)
        self.waiting = 0
        self._pool = ProcessPool(max_workers=count, context=get_context("spawn"), initializer=_start, initargs=[policies])

    async def ready(self) -> None:
        """Wait until a process is up, its rules compiled."""
        await self._ask("ready", (), limit=60)

    async def decide(self, change: Change, allowance: Allowance | None = None) -> Decision:
        """The decision on a change; where it takes too long or its process dies, what ``on-failure`` says. Raises Busy."""
        try:
            decided: Decision = await self._ask("decide", (change, today(), allowance))
        except TimeoutError:
            return self.gate.undecided(change, f"it took longer than {self.policies.time_limit:g} s", allowance)
        except ProcessExpired:
            return self.gate.undecided(change, "the process that read it died", allowance)
        except Busy:
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, the change is not judged, and that is told
            return self.gate.undecided(change, f"{type(error).__name__}: {error}"[:300], allowance)
        return decided

    async def refuses_everywhere(self, card: bytes, kind: Kind) -> Decision | None:
        """See `Gate.refuses_everywhere`; None also where that cannot be told in time. Raises Busy."""
        try:
            decided: Decision | None = await self._ask("refuses_everywhere", (card, kind, today()))
        except (TimeoutError, ProcessExpired):
            return None
        return decided

    async def _ask(self, method: str, arguments: tuple[Any, ...], limit: float | None = None) -> Any:
        if self.waiting >= MAX_WAITING:
            raise Busy
        self.waiting += 1
        try:
            asked = self._pool.schedule(_answer, args=[method, arguments], timeout=limit or self.policies.time_limit)
            return await asyncio.wrap_future(asked)
        finally:
            self.waiting -= 1

    def stop(self) -> None:
        """End the processes."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble's
        self._pool.join()


def today() -> str:
    """The day for which waivers are asked (UTC, ISO 8601)."""
    return datetime.now(UTC).date().isoformat()


# The one gate of a worker process, made by its initializer: the only way a pool offers to compile the rules once.
_worker: list[Gate] = []


def _start(policies: Policies) -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its workers in order
    _worker[:] = [Gate(policies)]


def _answer(method: str, arguments: tuple[Any, ...]) -> Any:
    (gate,) = _worker
    if method == "ready":
        gate.decide(Change(Entry("README.md", None, kind="model", text=b"---\nlicense: mit\n---\n# x\n")), today())
        return True
    return getattr(gate, method)(*arguments)
