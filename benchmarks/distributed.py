"""An audit on a real Ray cluster of three nodes on loopback, a worker of it killed on the way, beside the same audit by processes.

    pip install '.[audit,ray]'; python benchmarks/distributed.py [MIRROR] [--repos 3000] [--no-kill]

Prints wall time and processor time of both and what the cluster costs above the processes; exits 1 where a byte of the results
differs. The nodes share this machine's processors, so wall times say nothing of a cluster's speed.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self

from resume import compare, made

NODES = ("127.0.0.2", "127.0.0.3", "127.0.0.4")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("mirror", nargs="?", type=Path)
    parser.add_argument("--repos", type=int, default=3_000)
    parser.add_argument("--no-kill", action="store_true")
    options = parser.parse_args()
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    with tempfile.TemporaryDirectory(prefix="ray-") as name:
        folder = Path(name)
        mirror = options.mirror or made(folder / "mirror", random.Random(7), options.repos)
        alone = audit(mirror, folder / "local", "--jobs", "3")
        with cluster(folder) as (address, nodes), Meter(nodes) as meter:
            far = audit(mirror, folder / "ray", "--engine", "ray", "--address", address, kill=not options.no_kill)
        print(f"the nodes of the cluster used {meter.cpu:.1f} s of processor meanwhile")
        print(
            f"cluster above processes: {far.took - alone.took:+.1f} s of wall time, start of the driver included; "
            f"{far.cpu + meter.cpu - alone.cpu:+.1f} s of processor, {(far.cpu + meter.cpu) / alone.cpu:.2f} times"
        )
        differing = compare(folder / "local", folder / "ray")
    print("every file is the same, byte for byte" if not differing else f"DIFFERENT: {', '.join(differing[:10])}")
    return bool(differing)


class Took(NamedTuple):
    """Seconds of one audit by the clock, and of the processor in the processes that it started itself."""

    took: float
    cpu: float


class Meter:
    """Seconds of the processor of some processes and all below them while it runs; who is gone counts as when last seen."""

    def __init__(self, pids: list[int]) -> None:
        self.pids, self.seen, self.first = pids, {}, {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._look()
        self.first = dict(self.seen)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def cpu(self) -> float:
        return sum(took - self.first.get(pid, 0.0) for pid, took in self.seen.items())

    def _run(self) -> None:
        while not self._over.wait(0.25):
            self._look()

    def _look(self) -> None:
        pending = list(self.pids)
        while pending:
            pid = pending.pop()
            try:
                numbers = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
                for task in Path(f"/proc/{pid}/task").iterdir():
                    pending += map(int, (task / "children").read_text(encoding="ascii").split())
            except OSError:
                continue
            self.seen[pid] = (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


def audit(mirror: Path, out: Path, *options: str, kill: bool = False) -> Took:
    """What one audit takes; with ``kill`` one of the cluster's busy workers is killed once the first parts are there."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "cardlint", "audit", str(mirror), "--out", str(out), *options]
    with (out.parent / f"{out.name}.log").open("w+") as log:
        running = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, text=True)
        while kill and running.poll() is None:
            time.sleep(0.2)
            workers = busy_workers(str(out))
            if workers and len(list((out / "cards").glob("[!.]*.jsonl"))) >= 2:
                os.kill(workers[0], signal.SIGKILL)
                print(f"killed worker {workers[0]}, one of {len(workers)} that held a part open")
                break
        code = running.wait()
        log.seek(0)
        told = log.read().strip()
    took = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if code:
        sys.exit(told)
    print(f"{' '.join(options[:2])}: {took:.1f} s, {own:.1f} s of processor in its own processes; {told.splitlines()[-1]}")
    return Took(took, own)


def busy_workers(out: str) -> list[int]:
    """Processes that hold a note of this audit open."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                if any(str(Path(link).readlink()).startswith(f"{out}/.notes/") for link in (process / "fd").iterdir()):
                    found.append(int(process.name))
            except OSError:
                continue
    return found


@contextmanager
def cluster(folder: Path):
    """The address of three nodes of one processor each, and their processes; only what is started here is ended."""
    port = free_port()
    nodes = []
    try:
        for address in NODES:
            role = ["--head", f"--port={port}", "--include-dashboard=false"] if address == NODES[0] else [f"--address={NODES[0]}:{port}"]
            memory = (
                ["--object-store-memory=80000000", f"--temp-dir={folder / 'r'}"]
                if address == NODES[0]
                else ["--object-store-memory=80000000"]
            )
            command = [
                sys.executable,
                "-m",
                "ray.scripts.scripts",
                "start",
                "--block",
                f"--node-ip-address={address}",
                "--num-cpus=1",
                *role,
                *memory,
            ]
            nodes.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True))
            time.sleep(8 if address == NODES[0] else 4)
        yield f"{NODES[0]}:{port}", [node.pid for node in nodes]
    finally:
        for node in reversed(nodes):
            node.terminate()
        for node in nodes:
            try:
                node.wait(20)
            except subprocess.TimeoutExpired:
                pass
            try:
                os.killpg(node.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.2", 0))
        port: int = taken.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main())
