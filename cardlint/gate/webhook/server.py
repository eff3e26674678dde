"""The server that a hub's webhooks call: takes events durably, answers at once, and works them off."""

from __future__ import annotations

import asyncio
import hmac
import signal
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

from cardlint.gate.log import LogWriter
from cardlint.gate.proxy.front import say
from cardlint.gate.proxy.upstream import Upstream
from cardlint.gate.webhook.jobs import Full, Job, Jobs
from cardlint.gate.webhook.look import MAIN, PULL, Again, Looker
from cardlint.gate.webhook.payload import MAX_BODY, NoPayload, read_payload
from cardlint.gate.workers import Workers
from cardlint.model import CardlintError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cardlint.gate.policy import Policies

PATIENCE = 15.0
"""Seconds that a request's body may take."""
_LONGEST_SLEEP = 60.0
_SHORTEST_SLEEP = 0.2


@dataclass(frozen=True, slots=True)
class Options:
    """How the server is run. ``secrets``: any of them is accepted. ``at_once``: references that are looked at at a time."""

    hub: str
    listen: tuple[str, int]
    secrets: tuple[str, ...]
    token: str
    queue: Path
    log: Path | None = None
    workers: int = 1
    at_once: int = 4
    base_delay: float = 5.0
    read_files: bool = True


class Webhook:
    """Takes events and works them off until it is told to end."""

    def __init__(self, jobs: Jobs, looker: Looker, secrets: tuple[str, ...], at_once: int) -> None:
        self.jobs, self.looker = jobs, looker
        self._secrets = tuple(secret.encode() for secret in secrets)
        self._slots = asyncio.Semaphore(at_once)
        self._wake = asyncio.Event()
        self._running: dict[tuple[str, str, str], asyncio.Task[None]] = {}

    async def receive(self, request: web.Request) -> web.Response:
        """``POST``: an event. 202 once it is kept; 401 and 403 for the secret, 400 for what is none, 503 to come back later."""
        given = request.headers.get("X-Webhook-Secret")
        if given is None:
            return _said(401, "the header X-Webhook-Secret is missing")
        if not self._is_ours(given):
            return _said(403, "this is not the secret")
        try:
            async with asyncio.timeout(PATIENCE):
                body = await request.read()
            moved = [each for each in read_payload(body) if each.ref == MAIN or each.ref.startswith(PULL)]
            kept = await asyncio.to_thread(self.jobs.add, moved) if moved else 0
        except TimeoutError:
            return _said(408, "the event stopped coming")
        except web.HTTPRequestEntityTooLarge:
            return _said(413, f"an event of more than {MAX_BODY:,} bytes")
        except NoPayload as fault:
            return _said(400, str(fault))
        except (Full, CardlintError) as fault:
            say("queue", failure=str(fault) or "full")
            return _said(503, "events cannot be taken now", {"Retry-After": "60"})
        if kept:
            self._wake.set()
        return web.json_response({"queued": kept}, status=202)

    async def health(self, _: web.Request) -> web.Response:
        """``/healthz`` and ``/readyz``: how many references wait, were told of, and were given up."""
        return web.json_response({"ok": True, **await asyncio.to_thread(self.jobs.counts)})

    async def work(self) -> None:
        """Look at what is due, until cancelled."""
        while True:
            await self._slots.acquire()
            self._wake.clear()
            job = await asyncio.to_thread(self.jobs.due, set(self._running))
            if job is None:
                self._slots.release()
                wait = await asyncio.to_thread(self.jobs.next_due)
                sleep = _LONGEST_SLEEP if wait is None else min(_LONGEST_SLEEP, max(_SHORTEST_SLEEP, wait))
                try:
                    await asyncio.wait_for(self._wake.wait(), sleep)
                except TimeoutError:
                    pass
                continue
            self._running[job[:3]] = asyncio.create_task(self._one(job))

    async def drain(self) -> None:
        """Wait for what is being looked at."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _one(self, job: Job) -> None:
        try:
            result = await self.looker(job)
            if isinstance(result, Again):
                waits = await asyncio.to_thread(self.jobs.later, job, result.why, result.after)
                say("again" if waits else "given-up", repo=job.repo, ref=job.ref, tries=job.tries + 1, failure=result.why)
            else:
                await asyncio.to_thread(self.jobs.done, job, *result)
                if result.why:
                    say("left", repo=job.repo, ref=job.ref, reason=result.why)
        except CardlintError as fault:
            say("queue", failure=str(fault))
        finally:
            del self._running[job[:3]]
            self._slots.release()
            self._wake.set()

    def _is_ours(self, given: str) -> bool:
        """Whether it is one of the secrets; how long that takes tells nothing of them."""
        return sum(hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret) for secret in self._secrets) > 0


async def serve(options: Options, policies: Policies, started: Callable[[str, int], None]) -> None:
    """Run the server until SIGTERM or SIGINT; what was taken and is not yet told waits in the queue."""
    loop = asyncio.get_running_loop()
    end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end.set)
    jobs = Jobs(options.queue, base_delay=options.base_delay)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False, connector=aiohttp.TCPConnector(limit=32))
        )
        workers = Workers(policies, options.workers)
        stack.callback(workers.stop)
        await workers.ready()
        log = LogWriter(options.log) if options.log else None
        if log is not None:
            stack.callback(log.stop)
        headers = {"Authorization": f"Bearer {options.token}"}
        looker = Looker(Upstream(session, options.hub, read_files=options.read_files), headers, workers, log)
        webhook = Webhook(jobs, looker, options.secrets, options.at_once)
        stack.push_async_callback(webhook.drain)
        working = asyncio.create_task(webhook.work())
        stack.callback(working.cancel)
        host, port = await _listen(stack, webhook, options.listen)
        say("start", listen=f"{host}:{port}", hub=options.hub, policies=policies.digest, rules=workers.gate.rules_digest)
        started(host, port)
        await asyncio.wait([working, asyncio.create_task(end.wait())], return_when=asyncio.FIRST_COMPLETED)
        say("stop")
        if working.done():
            working.result()


async def _listen(stack: AsyncExitStack, webhook: Webhook, address: tuple[str, int]) -> tuple[str, int]:
    application = web.Application(client_max_size=MAX_BODY)
    application.router.add_post("/", webhook.receive)
    application.router.add_post("/webhook", webhook.receive)
    application.router.add_get("/healthz", webhook.health)
    application.router.add_get("/readyz", webhook.health)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=5)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, *address).start()
    except OSError as fault:
        raise CardlintError(f"{address[0]}:{address[1]}: {fault.strerror or fault}") from None
    found: tuple[str, int] = runner.addresses[0][:2]
    return found


def _said(status: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": f"cardlint: {message}"}, status=status, headers=headers)
