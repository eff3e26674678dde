"""The server: takes requests apart, answers for faults, starts and ends in order."""

from __future__ import annotations

import asyncio
import signal
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

from cardlint.gate.log import LogWriter
from cardlint.gate.proxy import judged
from cardlint.gate.proxy.answers import error
from cardlint.gate.proxy.asked import asked
from cardlint.gate.proxy.body import Room, TooMuch, TooSlow
from cardlint.gate.proxy.commit import Malformed
from cardlint.gate.proxy.front import RULES, Front, say
from cardlint.gate.proxy.headers import forwarded, returned
from cardlint.gate.proxy.metrics import Metrics
from cardlint.gate.proxy.promises import Promises
from cardlint.gate.proxy.relay import relay
from cardlint.gate.proxy.rulepage import rule_page
from cardlint.gate.proxy.upstream import Refused, Upstream, UpstreamDown
from cardlint.gate.workers import Busy, Workers
from cardlint.model import CardlintError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from cardlint.gate.policy import Policies
    from cardlint.gate.proxy.asked import Asked

_HANDLERS: dict[str, Callable[[Front, web.BaseRequest, Asked], Awaitable[web.StreamResponse]]] = {
    "validate": judged.validate,
    "preupload": judged.preupload,
    "commit": judged.commit,
    "merge": judged.merge,
    "create": judged.create,
}
_NO_PUSH = "this hub takes no git push: upload with `hf upload`, or see docs/gate.md for a gate in git"


@dataclass(frozen=True, slots=True)
class Options:
    """How a gate is run. ``listen`` and ``admin`` are host and port; seconds and bytes are as their names say."""

    upstream: str
    listen: tuple[str, int]
    log: Path
    admin: tuple[str, int] | None = None
    workers: int = 1
    public_url: str | None = None
    asks_hub: bool = False
    read_files: bool = True
    git_push: bool = False
    max_commit_bytes: int = 2 << 30
    max_spooled_bytes: int = 16 << 30
    idle_seconds: float = 60.0
    shutdown_seconds: float = 60.0
    spool: Path | None = None


@dataclass(slots=True)
class Server:
    """One running gate: the front, and whether it still takes requests."""

    front: Front
    ready: bool = False

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request of a client."""
        front = self.front
        path = request.raw_path.partition("?")[0]
        if path in ("/healthz", "/readyz"):
            return await self.health(request)
        if path.startswith(RULES) and request.method in ("GET", "HEAD"):
            return rule_page(path.removeprefix(RULES), front.workers.policies.rules)
        what = asked(request.method, request.raw_path)
        front.metrics.open.inc()
        started = time.perf_counter()
        try:
            response = await self._answer(request, what)
        finally:
            front.metrics.open.dec()
        if what.what != "other":
            took = time.perf_counter() - started
            front.metrics.requests.labels(what.what).observe(took)
            say("request", on=what.what, method=request.method, repo=what.id or None, status=response.status, ms=round(took * 1000, 2))
        return response

    async def health(self, request: web.BaseRequest) -> web.StreamResponse:
        """``/healthz``: the process answers. ``/readyz``: it takes requests, decides in time and can write its log."""
        if request.raw_path.startswith("/healthz"):
            return web.json_response({"ok": True})
        if not self.ready:
            return web.json_response({"ok": False, "reason": "starting or ending"}, status=503)
        return web.json_response(
            {"ok": True, "policies": self.front.workers.policies.digest, "rules": self.front.workers.gate.rules_digest}
        )

    async def administer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request on the address of metrics and probes."""
        path = request.raw_path.partition("?")[0]
        if path == "/metrics":
            return web.Response(body=self.front.metrics.render(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
        return await self.health(request) if path in ("/healthz", "/readyz") else error(404, "there are /metrics, /healthz and /readyz")

    async def _answer(self, request: web.BaseRequest, what: Asked) -> web.StreamResponse:
        front = self.front
        try:
            if what.what == "odd":
                raise Malformed("odd-path", "the gate does not know this way to write the path of a change", "use the hub's own client")
            if what.what == "rewind":
                why = "the gate does not judge what resets, reverts or merges branches"
                raise Malformed("not-judged", why, "commit the state that is wanted")
            if what.what in _HANDLERS:
                return await _HANDLERS[what.what](front, request, what)
            if not front.git_push and _is_push(request, what):
                return web.Response(status=403, text=f"cardlint: {_NO_PUSH}\n")
            return await self._forward(request)
        except Malformed as fault:
            return web.json_response(
                {"error": "cardlint: the request is refused", "errors": [{"message": front.teller(request).line(fault.reason)}]}, status=400
            )
        except Refused as answer:
            headers = returned(answer.headers)
            headers.pop("Content-Length", None)
            return web.Response(status=answer.status, headers=headers, body=answer.body)
        except UpstreamDown as fault:
            front.metrics.upstream_errors.inc()
            say("upstream", on=what.what, failure=str(fault))
            return error(502, f"the hub behind the gate gave no sensible answer: {fault}", retry_after=5)
        except Busy:
            return error(503, "too many uploads wait to be judged", retry_after=5)
        except TooMuch:
            return error(503, "too many large uploads are under way", retry_after=30)
        except TooSlow:
            return error(408, "the upload stopped coming")
        except CardlintError as fault:
            say("log", failure=str(fault))
            return error(503, "the gate cannot write its log, and lets nothing pass that it cannot log", retry_after=30)
        except (ConnectionError, aiohttp.ClientError):
            return error(400, "the request broke off")
        except Exception as fault:  # noqa: BLE001  # our own fault: nothing passes, and the client may try again
            say("fault", on=what.what, failure=f"{type(fault).__name__}: {fault}"[:500])
            return error(500, "the gate failed on this request", retry_after=30)

    async def _forward(self, request: web.BaseRequest) -> web.StreamResponse:
        """What the gate has no word in: streamed to the hub, and its answer back."""
        data = request.content.iter_any() if request.body_exists else None
        answer = await self.front.upstream.send(request.method, request.raw_path, forwarded(request.headers), data)
        return await relay(request, answer)


async def serve(options: Options, policies: Policies, started: Callable[[list[tuple[str, int]]], None]) -> None:
    """Run a gate until SIGTERM or SIGINT; what is under way is ended in order. ``started`` gets the addresses that are listened on."""
    loop = asyncio.get_running_loop()
    end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end.set)
    async with AsyncExitStack() as stack:
        server = await _server(options, policies, stack)
        front = server.front
        about = {"rules": front.workers.gate.rules_digest, "policies": policies.digest}
        await front.log.append({"event": "start", **about})
        stack.push_async_callback(front.log.append, {"event": "stop"})
        addresses = [await _listen(stack, server.handle, options.listen, options.shutdown_seconds)]
        if options.admin is not None:
            addresses.append(await _listen(stack, server.administer, options.admin, 5))
        server.ready = True
        say("start", listen=[f"{host}:{port}" for host, port in addresses], upstream=front.upstream.address, **about)
        started(addresses)
        await end.wait()
        server.ready = False
        say("stop")
        # The stack ends the listeners first, each when its requests are answered, then log, processes and session.


async def _server(options: Options, policies: Policies, stack: AsyncExitStack) -> Server:
    session = await stack.enter_async_context(
        aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=60),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            read_bufsize=1 << 18,
        )
    )
    workers = Workers(policies, options.workers)
    stack.callback(workers.stop)
    await workers.ready()
    log = LogWriter(options.log)
    stack.callback(log.stop)
    room = Room(options.max_commit_bytes, options.max_spooled_bytes, options.idle_seconds, options.spool)
    upstream = Upstream(session, options.upstream, read_files=options.read_files)
    front = Front(upstream, workers, log, Promises(), Metrics(), room, options.public_url, options.asks_hub, options.git_push)
    return Server(front)


async def _listen(
    stack: AsyncExitStack,
    handle: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
    address: tuple[str, int],
    patience: float,
) -> tuple[str, int]:
    """Listen on an address; the one that it became (port 0: a free one)."""
    runner = web.ServerRunner(web.Server(handle, auto_decompress=False, access_log=None), shutdown_timeout=patience)
    await runner.setup()
    site = web.TCPSite(runner, *address)
    try:
        await site.start()
    except OSError as fault:
        raise CardlintError(f"{address[0]}:{address[1]}: {fault.strerror or fault}") from None
    stack.push_async_callback(runner.cleanup)
    found: tuple[str, int] = runner.addresses[0][:2]
    return found


def _is_push(request: web.BaseRequest, what: Asked) -> bool:
    return what.what == "push" or (request.method == "GET" and "git-receive-pack" in request.raw_path)
