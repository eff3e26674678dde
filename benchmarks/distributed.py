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
import time
from contextlib import contextmanager
from pathlib import Path

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
        with cluster(folder) as address:
            far = audit(mirror, folder / "ray", "--engine", "ray", "--address", address, kill=not options.no_kill)
        print(f"cluster above processes: {far - alone:+.1f} s of wall time, start of the driver included")
        differing = compare(folder / "local", folder / "ray")
    print("every file is the same, byte for byte" if not differing else f"DIFFERENT: {', '.join(differing[:10])}")
    return bool(differing)


def audit(mirror: Path, out: Path, *options: str, kill: bool = False) -> float:
    """Seconds of one audit; with ``kill`` one of the cluster's busy workers is killed once the first parts are there."""
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
    return took


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
    """Three nodes of one processor each; only what is started here is ended."""
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
        yield f"{NODES[0]}:{port}"
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
