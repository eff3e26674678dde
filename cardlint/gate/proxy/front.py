"""What the judging of requests shares: the hub, the deciding processes, the log, the memory, the words."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cardlint.gate.change import Change
from cardlint.gate.log import decision_body, now
from cardlint.gate.paths import CARD
from cardlint.gate.proxy.answers import Teller
from cardlint.repo.contents import Memory
from cardlint.repo.files import FileEntry
from cardlint.sources.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import web

    from cardlint.gate.change import Reason
    from cardlint.gate.decision import Decision
    from cardlint.gate.log import LogWriter
    from cardlint.gate.proxy.body import Room
    from cardlint.gate.proxy.commit import Commit
    from cardlint.gate.proxy.metrics import Metrics
    from cardlint.gate.proxy.promises import Promises
    from cardlint.gate.proxy.upstream import State, Upstream
    from cardlint.gate.workers import Workers
    from cardlint.model import Kind

MAX_LARGE = 16
"""Large bodies that are judged and sent on at a time; the others wait on disk."""
MAX_READING = 2
"""Large commits that are taken apart at a time: a line of one is held in memory several times over."""
RULES = "/-/cardlint/rules/"
"""Where the gate explains its rules."""


@dataclass(slots=True)
class Front:
    """One gate in front of one hub."""

    upstream: Upstream
    workers: Workers
    log: LogWriter
    promises: Promises
    metrics: Metrics
    room: Room
    public_url: str | None = None
    asks_hub: bool = False
    git_push: bool = False
    large: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MAX_LARGE))
    reading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MAX_READING))

    def teller(self, request: web.BaseRequest) -> Teller:
        """Words for a client, with links that lead back through the address it used."""
        base = self.public_url or f"{request.scheme}://{request.host}"
        return Teller(base.rstrip("/") + RULES)

    async def decide(self, event: str, change: Change) -> Decision:
        """Decide on a change; the decision is in the log when this returns. Raises Busy, CardlintError where it cannot be logged."""
        decided = await self.workers.decide(change, self.log.allowance(change.name))
        await self.note(event, decided, change.who)
        return decided

    async def refuse(self, event: str, kind: Kind, repo: str, revision: str, reason: Reason, who: str) -> Decision:
        """Refuse a change that cannot be read; as `decide`."""
        entry = Entry(CARD, None, id=repo, kind=kind)
        decided = self.workers.gate.refused(Change(entry, None, (), revision, who, objections=(reason,)))
        await self.note(event, decided, who)
        return decided

    async def note(self, event: str, decided: Decision, who: str) -> None:
        """Log and count a decision."""
        gate = self.workers.gate
        self.metrics.decided(event, decided)
        await self.log.append(decision_body(event, decided, who, gate.rules_digest, gate.policies.digest))
        say("decision", on=event, decision=decided.id, action=decided.action, repo=decided.name, codes=list(decided.codes))

    async def who(self, headers: Mapping[str, str]) -> str:
        """The caller's name, asked of the hub once in some minutes."""
        caller = self.promises.caller(headers)
        if caller is None:
            return ""
        known = self.promises.name(caller)
        if known is None:
            known = await self.upstream.who(headers)
            self.promises.is_called(caller, known)
        return known


def change_of(revision: str, state: State, commit: Commit, who: str, promised: bytes | None = None, *, parts: bool) -> Change:
    """The change that a commit makes to a state; ``promised`` is the card that is still to come with the same upload."""
    before = state.entry
    text, comes = before.text, False
    if commit.card is not None:
        text = commit.card
    elif commit.names_card:
        text = None
    elif promised is not None:
        text, comes = promised, True
    files = None
    contents = dict(commit.kept)
    if before.files is not None:
        files = commit.files_after(before.files)
        names = {file.path for file in files}
        if comes and CARD not in names:
            files = tuple(sorted((*files, FileEntry(CARD, len(text or b""))), key=lambda file: file.path))
        gone = set(commit.touched)
        contents |= {path: data for path, data in state.contents.items() if path in names and path not in gone}
    after = before._replace(text=text, files=files, contents=Memory(contents))
    return Change(after, before, commit.touched, revision, who, in_parts=parts, promised=comes, objections=tuple(commit.objections))


def say(event: str, **more: Any) -> None:
    """One line of JSON on standard error. Nothing of a request's headers or query ever stands in it."""
    sys.stderr.write(json.dumps({"time": now(), "event": event, **more}, ensure_ascii=True) + "\n")
