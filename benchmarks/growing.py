"""An audit on a Ray cluster that begins with one processor and grows by its autoscaler, beside the same audit by processes.

    pip install '.[audit,ray]'; python benchmarks/growing.py [MIRROR] [--repos 6000] [--most 3]

Prints when the cluster had how many processors; exits 1 where it did not grow or a byte of the results differs. The nodes are
Ray's own for trials (``fake_multinode``): processes on this machine, so wall times say nothing of a cluster's speed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import ray
from distributed import audit
from resume import compare, made

HEAD, PORT = "ray.head.default", 6379
"""What the nodes for trials take the head to be called, and the port they look for it at."""
MEMORY = 80_000_000
WATCH = """
import json, sys, time, ray
ray.init(address=sys.argv[1], log_to_driver=False, logging_level="ERROR")
start, last = time.monotonic(), 0
while True:
    now = int(ray.cluster_resources().get("CPU", 0))
    if now != last:
        print(f"{time.monotonic() - start:.1f} s: {now} processors", flush=True)
        last = now
    time.sleep(0.5)
"""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("mirror", nargs="?", type=Path)
    parser.add_argument("--repos", type=int, default=6_000)
    parser.add_argument("--most", type=int, default=3, help="nodes of one processor that may be added")
    options = parser.parse_args()
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    with tempfile.TemporaryDirectory(prefix="ray-") as name:
        folder = Path(name)
        mirror = options.mirror or made(folder / "mirror", random.Random(7), options.repos)
        audit(mirror, folder / "local", "--jobs", "2")
        with growing(folder, options.most) as address:
            watch = subprocess.Popen([sys.executable, "-c", WATCH, address], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            audit(mirror, folder / "ray", "--engine", "ray", "--address", address)
            watch.terminate()
            seen = watch.communicate()[0].splitlines()
        print("\n".join(seen))
        differing = compare(folder / "local", folder / "ray")
    print("every file is the same, byte for byte" if not differing else f"DIFFERENT: {', '.join(differing[:10])}")
    return bool(differing) or len(seen) < 2


@contextmanager
def growing(folder: Path, most: int):
    """The address of a head of one processor whose autoscaler may add nodes; only what is started here is ended."""
    node = {"node_config": {}, "resources": {"CPU": 1, "object_store_memory": MEMORY}}
    config = {
        "cluster_name": "growing",
        "max_workers": most,
        "provider": {
            "type": "fake_multinode",
            "use_node_id_as_ip": True,
            "disable_node_updaters": True,
            "disable_launch_config_check": True,
        },
        "available_node_types": {
            HEAD: {"node_config": {}, "resources": {"CPU": 1}, "max_workers": 0},
            "worker": {**node, "min_workers": 0, "max_workers": most},
        },
        "head_node_type": HEAD,
        "auth": {},
        "upscaling_speed": 1.0,
        "idle_timeout_minutes": 1,
        "docker": {},
        "file_mounts": {},
        "cluster_synced_files": [],
        "file_mounts_sync_continuously": False,
        "rsync_exclude": [],
        "rsync_filter": [],
    } | {f"{each}_commands": [] for each in ("initialization", "setup", "head_setup", "worker_setup", "head_start_ray", "worker_start_ray")}
    file = folder / "growing.json"
    file.write_text(json.dumps(config), encoding="utf-8")
    command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block", f"--port={PORT}"]
    command += ["--num-cpus=1", "--include-dashboard=false", f"--object-store-memory={MEMORY}", f"--temp-dir={folder / 'r'}"]
    command += [f"--autoscaling-config={file}"]
    environment = {**os.environ, "RAY_FAKE_CLUSTER": "1", "AUTOSCALER_UPDATE_INTERVAL_S": "1"}
    head = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        time.sleep(10)
        yield f"{ray.util.get_node_ip_address()}:{PORT}"
    finally:
        head.terminate()
        try:
            head.wait(20)
        except subprocess.TimeoutExpired:
            pass
        for process in started_below(folder):
            os.kill(process, signal.SIGKILL)


def started_below(folder: Path) -> list[int]:
    """Processes whose command names the folder: the nodes that the autoscaler started are not the head's children."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if (
                process.name.isdigit()
                and int(process.name) != os.getpid()
                and str(folder) in (process / "cmdline").read_text("utf-8", "replace")
            ):
                found.append(int(process.name))
        except OSError:
            continue
    return found


if __name__ == "__main__":
    sys.exit(main())
