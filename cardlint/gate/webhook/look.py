"""One job: look at a reference, judge its card as the gate would, and keep one comment on it up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.gate.change import Change, card_in_lfs
from cardlint.gate.log import decision_body
from cardlint.gate.proxy.front import say
from cardlint.gate.proxy.upstream import Refused, Upstream, UpstreamDown
from cardlint.gate.webhook.comment import comment, is_clean
from cardlint.gate.webhook.discussions import Discussions
from cardlint.gate.workers import Busy
from cardlint.model import CardlintError
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cardlint.gate.log import LogWriter
    from cardlint.gate.proxy.upstream import State
    from cardlint.gate.webhook.jobs import Job
    from cardlint.gate.workers import Workers

MAIN = "refs/heads/main"
PULL = "refs/pr/"
_AGAIN = frozenset({401, 408, 425, 429})
"""Answers after which a job is tried again: too many requests, and a token that is being changed."""
_LONGEST_WAIT = 3600.0


class Done(NamedTuple):
    """A job is over: the commit that was told of (None: none was), and why not."""

    reported: str | None
    why: str | None = None


class Again(NamedTuple):
    """A job is to be tried again, after so many seconds where the hub said so."""

    why: str
    after: float | None = None


class Looker:
    """Looks at references with the rights of one token."""

    def __init__(self, upstream: Upstream, headers: Mapping[str, str], workers: Workers, log: LogWriter | None) -> None:
        self.upstream, self.headers, self.workers, self.log = upstream, headers, workers, log
        self._name = ""

    async def __call__(self, job: Job) -> Done | Again:
        """Look at a job's reference; never raises but when it is cancelled."""
        try:
            return await self._look(job)
        except UpstreamDown as fault:
            return Again(f"the hub gave no sensible answer: {fault}")
        except Refused as answer:
            if answer.status in _AGAIN:
                return Again(f"the hub answered {answer.status}", _after(answer.headers))
            return Done(None, f"the hub answered {answer.status}")
        except Busy:
            return Again("too many decisions wait")
        except CardlintError as fault:
            return Again(str(fault))
        except Exception as fault:  # noqa: BLE001  # our own fault must not end the server; the job is tried a bounded number of times
            return Again(f"{type(fault).__name__}: {fault}")

    async def _look(self, job: Job) -> Done | Again:
        pull = int(job.ref.removeprefix(PULL)) if job.ref.startswith(PULL) else None
        state = await self.upstream.state(job.kind, job.repo, job.ref if pull is not None else "main", self.headers)
        if state.head is None:
            return Done(None, "the reference is gone")
        if state.head == job.reported:
            return Done(state.head)
        before = await self._before(job, pull)
        objections = (card_in_lfs(),) if state.unreadable else ()
        change = Change(state.entry, before.entry if before else None, _touched(state, before), job.ref, objections=objections)
        decided = await self.workers.decide(change, self.log.allowance(change.name) if self.log else None)
        if not self._name:
            self._name = await self.upstream.who(self.headers)
            if not self._name:
                return Again("the hub does not say whom the token belongs to")
        if self.log is not None:
            gate = self.workers.gate
            await self.log.append(decision_body("webhook", decided, "", gate.rules_digest, gate.policies.digest, commit=state.head))
        discussions = Discussions(self.upstream, self.headers, self._name)
        number = await discussions.tell(job.kind, job.repo, pull, comment(decided, state.head), only_update=is_clean(decided))
        say("told", repo=decided.name, ref=job.ref, commit=state.head, decision=decided.id, codes=list(decided.codes), discussion=number)
        return Done(state.head)

    async def _before(self, job: Job, pull: int | None) -> State | None:
        """What a reference is compared with: a pull request with main, main with what it was at when it was judged last."""
        revision = "main" if pull is not None else job.old
        if revision is None:
            return None
        try:
            return await self.upstream.state(job.kind, job.repo, revision, self.headers)
        except Refused as answer:
            if answer.status == 404:  # a history that was rewritten
                return None
            raise


def _touched(state: State, before: State | None) -> tuple[str, ...]:
    old = {(file.path, file.blob, file.sha256, file.size) for file in (before.entry.files or ())} if before else set()
    return tuple(file.path for file in state.entry.files or () if (file.path, file.blob, file.sha256, file.size) not in old)


def _after(headers: Mapping[str, Any]) -> float | None:
    """The seconds that the hub asks to wait; a date is not read, and the job comes again by its own pace."""
    text = str(headers.get("Retry-After", ""))
    return min(float(text), _LONGEST_WAIT) if text.isdigit() else None
