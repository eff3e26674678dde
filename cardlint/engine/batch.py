"""Many cards through one engine, outcomes in input order; in parallel processes where that pays (see `pool`)."""

from __future__ import annotations

import gc
import os
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from cardlint.engine.run import Engine
from cardlint.engine.yielding import said_once, yields
from cardlint.facts.subject import Subject
from cardlint.model import OUT_OF_MEMORY, CardlintError, Kind, Outcome
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cardlint.engine.select import Selected
    from cardlint.hub.hub import Hub, HubSource
    from cardlint.sources.entry import Entry

_WORTH_A_PROCESS = 96
_TOGETHER, _MOST_BYTES = 64, 800_000
"""Cards that are judged together, and the bytes of all of them beyond which no other joins in."""

T = TypeVar("T")


class Silence(Protocol):
    """What comments, waivers and a baseline say of an outcome; see `cardlint.config.suppressions`."""

    def __call__(self, subject: Subject, outcome: Outcome, engine: Engine) -> Outcome:
        """The outcome with silent findings set apart."""


class Assess(Protocol):
    """What standards make of a card; see `cardlint.standards.assess`."""

    def __call__(self, subject: Subject, outcome: Outcome, engine: Engine) -> Outcome:
        """The outcome with the states of their controls."""


class Plan(NamedTuple):
    """What a worker needs to judge cards; picklable.

    ``ignored`` maps globs of paths and ids to codes that are silent there; ``silence`` sets findings of an outcome apart.
    ``assess`` comes before it: a finding that is silent still stands against its control.
    ``hub`` names the other repositories that rules of hub scope see; ``later``: an audit judges those by itself.
    """

    selected: tuple[Selected, ...]
    options: dict[str, dict[str, Any]]
    kind: Kind | None = None
    ignored: tuple[tuple[tuple[str, ...], frozenset[str]], ...] = ()
    silence: Silence | None = None
    assess: Assess | None = None
    hub: HubSource | None = None
    later: bool = False


class Judge:
    """Judges entries one by one, in this process."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.engine = Engine(plan.selected, plan.options, later=plan.later)
        self._yields = yields(plan.selected)
        self.hub = _hub(plan.hub) if plan.hub is not None else None

    def __call__(self, entry: Entry) -> Outcome:
        """The outcome of one entry; a card that cannot be read is a failure."""
        return self.with_facts(entry, _nothing)[0]

    def each(self, entries: Iterable[Entry]) -> Iterator[Outcome]:
        """The outcomes of many entries, in their order.

        Small cards are judged some at a time (see `Engine.judge_together`), those without files beside them: what is read
        of files takes memory.
        """
        group: list[tuple[Entry, Subject]] = []
        size = 0
        for entry in entries:
            try:
                opened = self._opened(entry)
            except CardlintError:
                yield from self._together(group)
                raise
            if isinstance(opened, Subject) and opened.repo is None:
                group.append((entry, opened))
                size += opened.size
                if len(group) == _TOGETHER or size > _MOST_BYTES:
                    yield from self._together(group)
                    group, size = [], 0
                continue
            yield from self._together(group)
            group, size = [], 0
            if isinstance(opened, Outcome):
                yield opened
            else:
                yield from self._together([(entry, opened)])
        yield from self._together(group)

    def with_facts(self, entry: Entry, read: Callable[[Subject], T]) -> tuple[Outcome, T | None]:
        """The outcome of one entry and what ``read`` takes from its facts; None where the card cannot be read."""
        subject = self._opened(entry)
        if isinstance(subject, Outcome):
            return subject, None
        judged = self._judged([subject])
        if judged is None:  # what was held is free again: told outside of the handler, whose frames would hold it
            return lost(entry, self.plan, OUT_OF_MEMORY), None
        return self._finished(subject, judged[0], read)

    def _opened(self, entry: Entry) -> Subject | Outcome:
        """The entry's card, or the outcome of one that cannot be read."""
        try:
            return Subject(entry.opener(entry) if entry.opener is not None else entry, self.plan.kind, self.hub)
        except OSError as error:
            return lost(entry, self.plan, f"cannot be read: {error.strerror or error}")
        except CardlintError:
            raise
        except Exception as error:  # noqa: BLE001  # whatever a stranger's repository does to a reader, the others are judged
            return lost(entry, self.plan, f"cannot be read: {type(error).__name__}: {error}")

    def _together(self, group: Sequence[tuple[Entry, Subject]]) -> Iterator[Outcome]:
        """The outcomes of some entries whose cards are open; where memory runs out, each is judged anew and alone."""
        judged = self._judged([subject for _, subject in group])
        if judged is None:
            for _, subject in group:
                subject.release()
            yield from map(self, [entry for entry, _ in group])
            return
        yield from [self._finished(subject, outcome, _nothing)[0] for (_, subject), outcome in zip(group, judged, strict=True)]

    def _finished(self, subject: Subject, outcome: Outcome, read: Callable[[Subject], T]) -> tuple[Outcome, T | None]:
        """The outcome with what standards and comments make of it, and what ``read`` takes; the subject is of no use then."""
        if self.plan.assess is not None:
            outcome = self.plan.assess(subject, outcome, self.engine)
        if self.plan.silence is not None:
            outcome = self.plan.silence(subject, outcome, self.engine)
        outcome = said_once(outcome, self._yields)
        taken = None
        try:
            taken = read(subject)
        except Exception as error:  # noqa: BLE001  # a reader's own fault must not lose the card
            outcome = outcome._replace(failure=outcome.failure or f"facts: {type(error).__name__}: {error}")
        subject.release()
        return without_ignored(outcome, self.plan), taken

    def _judged(self, subjects: Sequence[Subject]) -> list[Outcome] | None:
        """The outcomes, None where memory ran out."""
        try:
            return self.engine.judge_together(subjects)
        except MemoryError:
            return None


def _hub(source: HubSource) -> Hub:
    from cardlint.facts.live import opened

    return opened(source)


def without_ignored(outcome: Outcome, plan: Plan) -> Outcome:
    """The outcome without the findings of rules that are silent for this path or id."""
    if not plan.ignored:
        return outcome
    from fnmatch import fnmatchcase

    names = [name for name in (outcome.input, outcome.input.removeprefix("./"), outcome.repo) if name]
    silent: set[str] = set()
    for globs, codes in plan.ignored:
        if any(fnmatchcase(name, glob) for glob in globs for name in names):
            silent |= codes
    if not silent:
        return outcome
    return outcome._replace(
        findings=tuple(each for each in outcome.findings if each.code not in silent),
        suppressed=tuple(each for each in outcome.suppressed if each.code not in silent),
    )


def lost(entry: Entry, plan: Plan, why: str) -> Outcome:
    """The outcome of an entry that could not be judged at all."""
    return Outcome(entry.input, entry.id, plan.kind or entry.kind or "model", entry.path, None, failure=why)


def _nothing(_: Subject) -> None:
    """What a plain check takes from the facts."""


def run(entries: Iterable[Entry], plan: Plan, jobs: int = 0) -> Iterator[Outcome]:
    """The outcomes of all entries, in their order. ``jobs`` 0: one a core, where there are cards enough to pay."""
    jobs = jobs or os.cpu_count() or 1
    stream = iter(entries)
    head = list(islice(stream, _WORTH_A_PROCESS))
    if jobs == 1 or len(head) < _WORTH_A_PROCESS:
        if len(head) == _WORTH_A_PROCESS:  # a long run: what stands now stays, and cards leave no cycles behind
            gc.collect()
            gc.freeze()
            gc.set_threshold(500_000)
        yield from Judge(plan).each(chain(head, stream))
        return
    from cardlint.engine.pool import judge_in_parallel

    yield from judge_in_parallel(chain(head, stream), plan, jobs)
