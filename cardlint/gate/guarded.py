"""Decisions in a process of their own: one that takes too long, or whose process dies, is decided as ``on-failure`` says."""

from __future__ import annotations

from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, TypeVar

from cardlint.gate.decision import Gate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection

    from cardlint.gate.change import Change
    from cardlint.gate.decision import Decision
    from cardlint.gate.policy import Policies

T = TypeVar("T")
Failure = str
"""Why there is no answer, in words."""
_SETTLING = 20.0
"""Seconds that the first answer of a process may take longer: rules are compiled."""


def decide_all(
    items: Sequence[T], make: Callable[[T], Change | None], policies: Policies, today: str, allowed: Callable[[], Any] = lambda: None
) -> Iterator[Decision | Failure | None]:
    """The decision on the change that is made of each item, in their order; None where ``make`` finds nothing to judge.

    ``make`` reads what strangers pushed, and so runs in that process too. ``allowed`` tells the leave to pass that there is.
    """
    done = 0
    while done < len(items):
        ours, theirs = get_context("fork").Pipe(duplex=False)
        process = get_context("fork").Process(target=_work, args=(theirs, items[done:], make, policies, today, allowed()), daemon=True)
        process.start()
        theirs.close()
        limit = policies.time_limit + _SETTLING
        try:
            while done < len(items):
                answer = _answer(ours, limit, policies.time_limit)
                done += 1
                yield answer
                if isinstance(answer, Failure):
                    break
                limit = policies.time_limit
        finally:
            process.kill()
            process.join()
            ours.close()


def _answer(connection: Connection, limit: float, told: float) -> Decision | Failure | None:
    try:
        if not connection.poll(limit):
            return f"it took longer than {told:g} s"
        answer: Decision | Failure | None = connection.recv()
    except (EOFError, OSError):
        return "the process that read it died"
    return answer


def _work(
    connection: Connection, items: Sequence[T], make: Callable[[T], Change | None], policies: Policies, today: str, leave: Any
) -> None:
    gate = Gate(policies)
    for item in items:
        try:
            change = make(item)
            connection.send(gate.decide(change, today, leave) if change is not None else None)
        except Exception as error:  # noqa: BLE001  # whatever it is, the change is not judged, and that is told
            connection.send(f"{type(error).__name__}: {error}")
