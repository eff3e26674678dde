"""The requests that are judged: the early check of a card, files named ahead, commits, merges, new repositories."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import orjson
from aiohttp import web

from cardlint.gate.change import Change, Reason, card_in_lfs
from cardlint.gate.paths import CARD
from cardlint.gate.proxy.body import IN_MEMORY, Spool, take
from cardlint.gate.proxy.commit import Commit, Malformed, Operation, header_line, read_commit
from cardlint.gate.proxy.front import change_of, say
from cardlint.gate.proxy.headers import forwarded
from cardlint.gate.proxy.relay import relay, relay_small
from cardlint.gate.proxy.upstream import UpstreamDown
from cardlint.model import KINDS, CardlintError
from cardlint.sources.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    import aiohttp

    from cardlint.gate.decision import Decision
    from cardlint.gate.proxy.asked import Asked
    from cardlint.gate.proxy.front import Front
    from cardlint.model import Kind
    from cardlint.repo.files import FileEntry

MAX_SMALL_BODY = 8 << 20
"""Bytes of the bodies that hold one card or names of files."""
_ATTEMPTS = 4
"""How often a commit is judged anew because the branch moved meanwhile."""
_MOVED = frozenset({409, 412})
_INLINE = 64 << 10
"""Bytes of a commit that are read at once; longer ones are read in a thread."""


async def validate(front: Front, request: web.BaseRequest, _: Asked) -> web.StreamResponse:
    """``POST /api/validate-yaml``: the early check, which names no repository.

    Refused is what every policy in force refuses, and what a repository that the caller just made must meet. All else comes
    back as warnings and is remembered.
    """
    with Spool(front.room) as spool:
        await take(request, spool, MAX_SMALL_BODY)
        body = spool.file.read()
    try:
        asked = orjson.loads(body)
        content, kind = asked["content"].encode("utf-8", "surrogatepass"), asked.get("repoType") or "model"
    except (orjson.JSONDecodeError, TypeError, KeyError, AttributeError):
        return _checked(["this is no request to check a card: an object with 'content' and 'repoType'"], [])
    errors, warnings = await _hubs_own(front, request.headers, body) if front.asks_hub else ([], [])
    if kind not in KINDS:
        return _checked(errors, warnings)
    caller = front.promises.caller(request.headers)
    teller = front.teller(request)
    repo = front.promises.just_created(caller, kind)
    entry = Entry(CARD, None, id=repo, kind=kind, kind_from="hub", text=content)
    change = Change(entry, None, (CARD,), who=await front.who(request.headers))
    refused: Decision | None
    if repo is not None:
        decided = await front.workers.decide(change, front.log.allowance(change.name))
        refused = decided if decided.action == "refuse" else None
    else:
        decided = await front.workers.decide(change)
        refused = await front.workers.refuses_everywhere(content, kind)
        if refused is not None and front.log.any_allowance():
            refused = None
    if refused is not None:
        await front.note("validate", refused, change.who)
        errors += [teller.line(reason) for reason in refused.reasons]
        if repo is not None:  # said once: the card may be for another repository, and the call that names it decides
            front.promises.forget(caller, kind, repo)
            errors.append(f"this is asked of {repo}, which you just made; if the card is for another repository, send it again")
        return _checked(errors, warnings)
    front.promises.announce(caller, kind, content)
    told = [*(teller.line(reason) for reason in decided.reasons), *(teller.warning(each) for each in decided.warnings)]
    return _checked(errors, [*warnings, *told])


async def preupload(front: Front, request: web.BaseRequest, asked: Asked) -> web.StreamResponse:
    """``POST /api/…/preupload/…``: files named ahead, the first call that names the repository.

    A card that was announced is judged by the repository's own policy here, before a byte of weights is sent.
    """
    with Spool(front.room) as spool:
        await take(request, spool, MAX_SMALL_BODY)
        body = spool.file.read()
    named = _named_ahead(body)
    caller = front.promises.caller(request.headers)
    if named and caller is not None:
        paths = [each["path"] for each in named]
        row = next((each for each in named if each["path"] == CARD), None)
        if row is not None:
            card = front.promises.named(caller, asked.kind, asked.id, row["sample"], row["size"])
            cards = [card] if card else []
        else:
            cards = front.promises.candidates(caller, asked.kind, asked.id, paths)
        front.promises.named_ahead(caller, asked.kind, asked.id, paths)
        if cards:
            decisions = await _ahead(front, request, asked, [card.content for card in cards])
            passing = [card for card, decided in zip(cards, decisions, strict=True) if decided.action != "refuse"]
            if not passing:
                await front.note("preupload", decisions[-1], await front.who(request.headers))
                for card in cards:
                    front.promises.belongs(card, asked.kind, asked.id)
                front.promises.forget(caller, asked.kind, asked.id)
                return front.teller(request).refusal(decisions[-1])
            if row is None:  # the newest that may be it stands for the card until the card is named
                front.promises.belongs(passing[-1], asked.kind, asked.id)
    return await relay(request, await front.upstream.send("POST", request.raw_path, forwarded(request.headers, length=len(body)), body))


async def commit(front: Front, request: web.BaseRequest, asked: Asked) -> web.StreamResponse:
    """``POST /api/…/commit/…``: judged always, on the card as it would stand. What is sent on is written anew from what was judged."""
    with Spool(front.room) as given, Spool(front.room) as anew:
        try:
            await take(request, given)
            async with front.large if given.size > IN_MEMORY else nullcontext():
                return await _commit(front, request, asked, given, anew)
        except Malformed as fault:
            who = await front.who(request.headers)
            refused = await front.refuse("commit", asked.kind, asked.id, asked.revision, fault.reason, who)
            return front.teller(request).refusal(refused)


async def _commit(front: Front, request: web.BaseRequest, asked: Asked, given: Spool, anew: Spool) -> web.StreamResponse:
    """The answer to a commit whose body is there. Raises Malformed."""
    caller = front.promises.caller(request.headers)
    if given.size <= _INLINE:
        read = read_commit(given.file, anew)
    else:
        async with front.reading:
            read = await asyncio.to_thread(read_commit, given.file, anew)
    given.file.close()
    if not read.names_card and front.promises.is_rest_of_refused(caller, asked.kind, asked.id, read.touched):
        read.objections.append(Reason("card-refused", f"the {CARD} of this upload was refused: mend it and send all again"))
    for attempt in range(1, _ATTEMPTS + 1):
        decided, head = await _judge(front, request, asked, read)
        if decided.action == "refuse":
            if read.names_card:
                front.promises.refused(caller, asked.kind, asked.id, read.touched)
                front.promises.forget(caller, asked.kind, asked.id)
            return front.teller(request).refusal(decided)
        answer = await _send(front, request, decided, read, anew, head)
        if answer.status not in _MOVED or read.header.get("parentCommit") or attempt == _ATTEMPTS:
            break
        if await front.upstream.head(asked.kind, asked.id, asked.revision, request.headers) == head:
            break  # the hub has another reason
        answer.close()
    if answer.status < 300 and read.names_card:
        front.promises.forget(caller, asked.kind, asked.id)
        front.promises.accepted(caller, asked.kind, asked.id)
    return await _relay_judged(front, request, decided, answer)


async def merge(front: Front, request: web.BaseRequest, asked: Asked) -> web.StreamResponse:
    """``POST /api/…/discussions/N/merge``: the pull request's state is judged against that of the main branch."""
    with Spool(front.room) as spool:
        await take(request, spool, MAX_SMALL_BODY)
        body = spool.file.read()
    reference = f"refs/pr/{asked.number}"
    main, pull, who = await asyncio.gather(
        front.upstream.state(asked.kind, asked.id, "main", request.headers),
        front.upstream.state(asked.kind, asked.id, reference, request.headers),
        front.who(request.headers),
    )
    objections = (card_in_lfs(),) if pull.unreadable else ()
    change = Change(pull.entry, main.entry, _differing(main.entry.files, pull.entry.files), "main", who, objections=objections)
    decided = await front.decide("merge", change)
    if decided.action == "refuse":
        return front.teller(request).refusal(decided)
    if pull.head is not None and await front.upstream.head(asked.kind, asked.id, reference, request.headers) != pull.head:
        return await merge_again(front, request, decided)
    answer = await front.upstream.send("POST", request.raw_path, forwarded(request.headers, length=len(body)), body)
    return await _relay_judged(front, request, decided, answer)


async def merge_again(front: Front, request: web.BaseRequest, decided: Decision) -> web.StreamResponse:
    """The pull request moved while it was judged: the caller is to look again."""
    reason = Reason("moved", "the pull request changed while it was judged: look at it and merge again")
    moved = replace(decided, action="refuse", reasons=(reason,))
    await front.note("merge", moved, await front.who(request.headers))
    return front.teller(request).refusal(moved)


async def create(front: Front, request: web.BaseRequest, _: Asked) -> web.StreamResponse:
    """``POST /api/repos/create``: passed on; a repository that was made is remembered for the early check."""
    with Spool(front.room) as spool:
        await take(request, spool, MAX_SMALL_BODY)
        body = spool.file.read()
    answer = await front.upstream.send("POST", request.raw_path, forwarded(request.headers, length=len(body)), body)
    response, told = await relay_small(answer)
    if answer.status in (200, 201):
        made = _made(body, told)
        if made is not None:
            front.promises.created(front.promises.caller(request.headers), *made)
    return response


async def _judge(front: Front, request: web.BaseRequest, asked: Asked, read: Commit) -> tuple[Decision, str | None]:
    """The decision on a commit, and the commit that the judged state stands at."""
    pull = parse_qs(request.raw_path.partition("?")[2]).get("create_pr", [""])[-1] not in ("", "0", "false")
    parent = read.header.get("parentCommit")
    base = parent if pull and parent else asked.revision
    state, who = await asyncio.gather(front.upstream.state(asked.kind, asked.id, base, request.headers), front.who(request.headers))
    caller = front.promises.caller(request.headers)
    promised = front.promises.promised(caller, asked.kind, asked.id)
    parts = front.promises.in_parts(caller, asked.kind, asked.id)
    change = change_of(asked.revision, state, read, who, promised.content if promised else None, parts=parts)
    return await front.decide("commit", change), state.head


async def _send(
    front: Front, request: web.BaseRequest, decided: Decision, read: Commit, anew: Spool, head: str | None
) -> aiohttp.ClientResponse:
    """The hub's answer to the commit that was judged; where it gives none, that is logged and UpstreamDown raised."""
    line = header_line(read.header, head)
    headers = forwarded(request.headers, length=len(line) + anew.size)
    headers["Content-Type"] = "application/x-ndjson"
    try:
        return await front.upstream.send("POST", request.raw_path, headers, anew.chunks(line))
    except UpstreamDown as error:
        await front.log.append({"event": "outcome", "decision": decided.id, "repo": decided.name, "status": None, "failure": str(error)})
        raise


async def _relay_judged(front: Front, request: web.BaseRequest, decided: Decision, answer: aiohttp.ClientResponse) -> web.StreamResponse:
    """The hub's answer to what was judged, with the warnings; what became of it is logged."""
    response, told = await relay_small(answer, front.teller(request).header(decided) if answer.status < 300 else None)
    response.headers["X-Cardlint-Decision"] = decided.id
    try:
        made = orjson.loads(told).get("commitOid")
    except (orjson.JSONDecodeError, AttributeError):
        made = None
    outcome: dict[str, Any] = {"event": "outcome", "decision": decided.id, "repo": decided.name, "status": answer.status}
    try:
        await front.log.append({**outcome, "commit": made if isinstance(made, str) else None})
    except CardlintError as fault:  # the decision is logged, and the hub has the commit: the client is told so
        say("log", failure=str(fault), decision=decided.id, status=answer.status)
    return response


async def _ahead(front: Front, request: web.BaseRequest, asked: Asked, contents: list[bytes]) -> list[Decision]:
    """The decisions on cards that are to come, on the repository as it stands."""
    state, who = await asyncio.gather(
        front.upstream.state(asked.kind, asked.id, asked.revision, request.headers), front.who(request.headers)
    )
    found = []
    for content in contents:
        read = Commit(operations=[Operation("file", CARD, len(content))], card=content)
        change = change_of(asked.revision, state, read, who, parts=True)
        found.append(await front.workers.decide(change, front.log.allowance(change.name)))
    return found


async def _hubs_own(front: Front, headers: Mapping[str, str], body: bytes) -> tuple[list[str], list[str]]:
    """What the hub's own check says; a hub that does not answer says nothing."""
    try:
        answer = await front.upstream.ask("POST", "/api/validate-yaml", headers, body, more={"Content-Type": "application/json"})
        told = orjson.loads(answer.body)
        return tuple([str(each["message"]) for each in told.get(key) or ()] for key in ("errors", "warnings"))  # type: ignore[return-value]
    except (UpstreamDown, orjson.JSONDecodeError, AttributeError, TypeError, KeyError):
        front.metrics.upstream_errors.inc()
        say("upstream", failure="no sensible answer to validate-yaml")
        return [], []


def _named_ahead(body: bytes) -> list[dict[str, Any]]:
    """The files of a call that names them ahead; empty where it is not understood, for then the commit decides."""
    try:
        rows = orjson.loads(body)["files"]
        fields = (("path", str), ("sample", str), ("size", int))
        return rows if all(isinstance(row[name], kind) for row in rows for name, kind in fields) else []
    except (orjson.JSONDecodeError, TypeError, KeyError):
        return []


def _made(body: bytes, told: bytes) -> tuple[Kind, str] | None:
    """The kind and id of a repository that the hub says it made."""
    try:
        asked, answer = orjson.loads(body), orjson.loads(told)
        kind = asked.get("type") or "model"
        name = answer.get("name") or "/".join(str(answer["url"]).rstrip("/").split("/")[-2:])
    except (orjson.JSONDecodeError, AttributeError, TypeError, KeyError):
        return None
    return (kind, name) if kind in KINDS and isinstance(name, str) else None


def _differing(before: tuple[FileEntry, ...] | None, after: tuple[FileEntry, ...] | None) -> tuple[str, ...]:
    there = {file.path for file in before or ()}
    return tuple(file.path for file in after or () if file.path not in there)


def _checked(errors: list[str], warnings: list[str]) -> web.Response:
    """The answer to the early check, in the hub's shape."""
    lists = {"errors": [{"message": each} for each in errors], "warnings": [{"message": each} for each in warnings]}
    return web.Response(status=400 if errors else 200, body=orjson.dumps(lists), content_type="application/json")
