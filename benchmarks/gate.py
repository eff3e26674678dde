"""The gate as a service: decisions a second, latency, throughput and memory of bodies, slow clients, a hub that fails, kills.

python benchmarks/gate.py [--seconds 8] [--gigabytes 2] [--connections 16] [--kills 6] [--only PART]

Client, gate and a bare hub are processes of their own on this machine; the gate is held to one core (taskset) with its worker.
Where the machine is shared, the CPU time of the gate a decision is the figure to compare, not the wall time.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import orjson
from aiohttp import web

ROOT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")
CARD = (ROOT / "examples" / "hub" / "harbourlight" / "dockside-triage-en" / "README.md").read_text()


def card_of(size: int, number: int) -> bytes:
    text = CARD + f"\nBuild {number}.\n"
    while len(text.encode()) < size:
        text += "It sorts the notes that come with each ship by what has to be done first, and says how sure it is.\n"
    return text.encode()[:size]


def commit_body(card: bytes) -> bytes:
    rows = [
        {"key": "header", "value": {"summary": "upload", "description": ""}},
        {"key": "file", "value": {"content": base64.b64encode(card).decode(), "path": "README.md", "encoding": "base64"}},
    ]
    return b"".join(orjson.dumps(row) + b"\n" for row in rows)


# The bare hub: constant answers, bodies counted and dropped. Each commit moves the head, so that each state is read anew.

_CARD = card_of(5000, 0)


async def hub(request: web.BaseRequest) -> web.StreamResponse:
    path = request.raw_path.partition("?")[0]
    if "/revision/" in path:
        return web.Response(body=orjson.dumps({"id": "acme/x", "sha": f"{hub.commits:040x}", "siblings": [{"rfilename": "README.md"}]}))
    if "/tree/" in path:
        return web.Response(body=orjson.dumps([{"type": "file", "path": "README.md", "size": len(_CARD), "oid": "b" * 40}]))
    if "/resolve/" in path:
        return web.Response(body=_CARD)
    if path == "/api/whoami-v2":
        return web.Response(body=b'{"name": "bench"}')
    if request.method == "GET" and path.startswith("/bytes/"):
        answer = web.StreamResponse()
        left = int(path.removeprefix("/bytes/"))
        answer.content_length = left
        await answer.prepare(request)
        chunk = bytes(1 << 20)
        while left > 0:
            await answer.write(chunk[:left])
            left -= len(chunk)
        await answer.write_eof()
        return answer
    size = 0
    async for data in request.content.iter_any():
        size += len(data)
    if size != (request.content_length or size):
        return web.Response(status=400)
    if "/commit/" in path:
        hub.commits += 1  # type: ignore[attr-defined]
    told = {"success": True, "commitOid": f"{hub.commits:040x}", "size": size, "commits": hub.commits}  # type: ignore[attr-defined]
    return web.Response(body=orjson.dumps(told))


hub.commits = 0  # type: ignore[attr-defined]


async def serve_hub() -> None:
    runner = web.ServerRunner(web.Server(hub, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


# Processes.


def start_hub() -> tuple[subprocess.Popen, str]:
    process = subprocess.Popen([sys.executable, __file__, "--hub"], stdout=subprocess.PIPE, text=True)
    return process, f"http://127.0.0.1:{int(process.stdout.readline())}"


def start_gate(upstream: str, folder: str, *options: str) -> tuple[subprocess.Popen, str]:
    command = [sys.executable, "-m", "cardlint", "gate", "hub", "--upstream", upstream, "--listen", "127.0.0.1:0"]
    process = subprocess.Popen(
        ["taskset", "-c", "0", *command, "--log", f"{folder}/gate.sqlite", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return process, process.stdout.readline().split()[2].rstrip(",")


def tree(pid: int) -> list[int]:
    found = [pid]
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += tree(int(child))
    return found


def cpu(pid: int) -> float:
    total = 0
    for each in tree(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def memory(pid: int) -> tuple[int, int]:
    """Megabytes that the server holds, and that all of its processes do."""
    held = []
    for each in tree(pid):
        lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        held.append(sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) // 1024)
    return held[0], sum(held)


# What is measured.


async def decisions(url: str, pid: int, seconds: float, connections: int) -> None:
    times: list[float] = []
    answers: dict[int, int] = {}
    bodies = [commit_body(card_of(5000, number)) for number in range(200)]
    end = time.perf_counter() + seconds
    before = cpu(pid)

    async def client(session: aiohttp.ClientSession, number: int) -> None:
        while time.perf_counter() < end:
            number += 1
            started = time.perf_counter()
            headers = {"Authorization": "Bearer hf_bench", "Content-Type": "application/x-ndjson"}
            async with session.post(f"{url}/api/models/acme/x/commit/main", data=bodies[number % 200], headers=headers) as answer:
                await answer.read()
                answers[answer.status] = answers.get(answer.status, 0) + 1
            times.append(time.perf_counter() - started)

    started = time.perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(client(session, number * 7) for number in range(connections)))
    took = time.perf_counter() - started
    used = cpu(pid) - before
    times.sort()
    print(
        f"commits with a 5 kB card, {connections} at a time: {len(times) / took:.0f}/s; p50 {times[len(times) // 2] * 1000:.1f} ms, "
        f"p99 {times[len(times) * 99 // 100] * 1000:.1f} ms; CPU of the gate {used / len(times) * 1000:.2f} ms each; answers {answers}"
    )


async def bodies(url: str, pid: int, gigabytes: float) -> None:
    size = int(gigabytes * (1 << 30))
    chunk = bytes(1 << 20)
    peak = 0

    async def watch() -> None:
        nonlocal peak
        while True:
            peak = max(peak, memory(pid)[1])
            await asyncio.sleep(0.1)

    async def given():
        left = size
        while left > 0:
            yield chunk[:left]
            left -= len(chunk)

    watcher = asyncio.create_task(watch())
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None)) as session:
        for name in ("up", "down"):
            started, before, got = time.perf_counter(), cpu(pid), 0
            if name == "up":
                async with session.put(f"{url}/lfs/x", data=given(), headers={"Content-Length": str(size)}) as answer:
                    got = (await answer.json(content_type=None))["size"]
            else:
                async with session.get(f"{url}/bytes/{size}") as answer:
                    async for data in answer.content.iter_any():
                        got += len(data)
            took = time.perf_counter() - started
            speed = size / took / (1 << 20)
            assert got == size
            print(f"{gigabytes:g} GB {name}: {speed:.0f} MiB/s, CPU of the gate {cpu(pid) - before:.1f} s; most memory so far {peak} MB")
    watcher.cancel()


async def slow(url: str, pid: int, connections: int = 200) -> None:
    parts = urlsplit(url)
    body = commit_body(card_of(500_000, 1))
    head = f"POST /api/models/acme/x/commit/main HTTP/1.1\r\nHost: h\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    lines = [await asyncio.open_connection(parts.hostname, parts.port) for _ in range(connections)]
    for _, writer in lines:
        writer.write(head + body[:100])

    async def drip(writer: asyncio.StreamWriter) -> None:
        for start in range(100, 4_100, 100):
            writer.write(body[start : start + 100])
            await asyncio.sleep(0.2)

    dripping = [asyncio.create_task(drip(writer)) for _, writer in lines]
    await decisions(url, pid, 4, 4)
    print(f"  … beside {connections} clients that send 500 bytes a second; memory {memory(pid)[1]} MB")
    await asyncio.gather(*dripping)
    for _, writer in lines:
        writer.close()


async def failing(url_of_gate, folder: str) -> None:
    """A hub that is dead, slow, or answers nonsense: what a client gets, and how soon."""

    async def ask(url: str) -> str:
        started = time.perf_counter()
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{url}/api/models/acme/x/commit/main", data=commit_body(_CARD)) as answer,
        ):
            told = (await answer.json(content_type=None))["error"]
            return f"{answer.status} after {time.perf_counter() - started:.2f} s ({told})"

    async def nonsense(_: web.BaseRequest) -> web.Response:
        return web.Response(text="<html>")

    async def silent(_: web.BaseRequest) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        cases: list = [("dead", None, f"http://127.0.0.1:{closed.getsockname()[1]}")]
        for name, handler in (("nonsense", nonsense), ("silent", silent)):
            runner = web.ServerRunner(web.Server(handler, access_log=None), shutdown_timeout=0.1)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            cases.append((name, runner, f"http://127.0.0.1:{runner.addresses[0][1]}"))
        for name, runner, address in cases:
            process, url = await asyncio.to_thread(url_of_gate, address, folder)
            print(f"a hub that is {name}: {await ask(url)}")
            process.terminate()
            process.wait()
            if runner is not None:
                await runner.cleanup()


async def kills(upstream: str, folder: str, count: int) -> None:
    """The gate is killed amid uploads and started again: each answered commit is in the log, and the hub has no other."""
    sys.path.insert(0, str(ROOT))
    from cardlint.gate.log import Log

    answered = 0
    async with aiohttp.ClientSession() as session, session.post(f"{upstream}/count", data=b"") as answer:
        before = (await answer.json(content_type=None))["commits"]
    for number in range(count):
        process, url = await asyncio.to_thread(start_gate, upstream, folder)
        end = time.perf_counter() + 1 + number * 0.13

        async def client(url: str = url, end: float = end) -> int:
            done = 0
            async with aiohttp.ClientSession() as session:
                while time.perf_counter() < end + 1:
                    try:
                        async with session.post(f"{url}/api/models/acme/x/commit/main", data=commit_body(card_of(5000, done))) as answer:
                            done += answer.status == 200
                            await answer.read()
                    except aiohttp.ClientError:
                        return done
            return done

        running = [asyncio.create_task(client()) for _ in range(8)]
        await asyncio.sleep(max(0, end - time.perf_counter()))
        process.send_signal(signal.SIGKILL)
        process.wait()
        answered += sum(await asyncio.gather(*running))
    async with aiohttp.ClientSession() as session, session.post(f"{upstream}/count", data=b"") as answer:
        taken = (await answer.json(content_type=None))["commits"] - before
    log = Log(Path(folder) / "gate.sqlite")
    entries = list(log.entries())
    decided = sum(each["event"] == "commit" for each in entries)
    verified = log.verify()
    print(
        f"killed {count} times: {answered} commits answered, {taken} taken by the hub, {decided} decisions in the log "
        f"({'none lost' if answered <= taken <= decided else 'SOME LOST'}), log {verified.fault or 'intact'}"
    )


async def run(options: argparse.Namespace) -> None:
    hub_process, upstream = start_hub()
    try:
        with tempfile.TemporaryDirectory() as folder:
            gate, url = start_gate(upstream, folder)
            if options.only in (None, "decisions"):
                print(f"idle: {memory(gate.pid)[1]} MB in {len(tree(gate.pid))} processes")
                await decisions(url, gate.pid, options.seconds, options.connections)
                await decisions(url, gate.pid, options.seconds, 1)
            if options.only in (None, "bodies"):
                await bodies(url, gate.pid, options.gigabytes)
            if options.only in (None, "slow"):
                await slow(url, gate.pid)
            gate.terminate()
            gate.wait()
        if options.only in (None, "failing"):
            with tempfile.TemporaryDirectory() as folder:
                await failing(start_gate, folder)
        if options.only in (None, "kills"):
            with tempfile.TemporaryDirectory() as folder:
                await kills(upstream, folder, options.kills)
    finally:
        hub_process.terminate()
        hub_process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--gigabytes", type=float, default=2)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--only", choices=("decisions", "bodies", "slow", "failing", "kills"))
    parser.add_argument("--hub", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    asyncio.run(serve_hub() if options.hub else run(options))


if __name__ == "__main__":
    main()
