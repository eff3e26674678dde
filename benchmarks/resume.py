"""An audit killed at random and resumed, again and again: its results must be those of a run that nobody disturbed.

    python benchmarks/resume.py [MIRROR] [--kills 10] [--jobs 2]

Without a MIRROR one of 3,000 small repositories is made. Each turn kills the run (every second time a worker and not the whole)
with SIGKILL after a random time; at the end every file of the two results is compared. Exits 1 where a byte differs.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CARD = "---\nlicense: {license}\nlanguage: [en, de]\n{base}---\n# Gull counter {number}\n\n## Limitations\n\nIt fails at night.\n\n{more}\n"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("mirror", nargs="?", type=Path)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--jobs", default="2")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mirror = options.mirror or made(folder / "mirror", chance)
        start = time.perf_counter()
        told = run(mirror, folder / "whole", options.jobs).communicate()[0]
        whole = time.perf_counter() - start
        print(f"undisturbed: {whole:.1f} s; {told.splitlines()[-1]}")
        wasted = 0.0
        for turn in range(options.kills):
            running = run(mirror, folder / "killed", options.jobs)
            wait = chance.uniform(0.15, 1.3) * whole / options.kills
            time.sleep(wait)
            wasted += wait
            victim = running.pid if turn % 2 == 0 else worker_of(running.pid)
            if victim is not None:
                try:
                    os.kill(victim, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            if turn % 2:
                time.sleep(wait)
                running.kill()
            running.communicate()
            parts = len(list((folder / "killed" / "cards").glob("[!.]*.jsonl"))) if (folder / "killed" / "cards").is_dir() else 0
            print(f"kill {turn + 1}: {'the run' if turn % 2 == 0 else 'a worker, then the run'} after {wait:.1f} s; {parts} parts kept")
        start = time.perf_counter()
        told = run(mirror, folder / "killed", options.jobs).communicate()[0]
        print(f"resumed: {time.perf_counter() - start:.1f} s; {told.splitlines()[-1]}")
        differing = compare(folder / "whole", folder / "killed")
        print("every file is the same, byte for byte" if not differing else f"DIFFERENT: {', '.join(differing[:10])}")
        return bool(differing)


def run(mirror: Path, out: Path, jobs: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "cardlint", "audit", str(mirror), "--out", str(out), "--jobs", jobs]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def worker_of(pid: int) -> int | None:
    """A child of a process."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return None
    return int(children[-1]) if children else None


def compare(one: Path, other: Path) -> list[str]:
    """The files that differ."""
    left, right = digests(one), digests(other)
    return sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))


def digests(folder: Path) -> dict[str, str]:
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def made(mirror: Path, chance: random.Random, repos: int = 3_000) -> Path:
    for number in range(repos):
        repo = mirror / f"org{number % 97}" / f"gull-{number}"
        repo.mkdir(parents=True)
        more = " ".join(chance.choice(("gull", "tern", "harbour", "photograph", "ring")) for _ in range(300))
        base = f"base_model: org{number // 3 % 97}/gull-{number // 3}\n" if number % 2 else ""
        text = CARD.format(license=chance.choice(("mit", "apache2", "other", "cc-by-nc-4.0")), base=base, number=number, more=more)
        (repo / "README.md").write_text(text, encoding="utf-8")
    return mirror


if __name__ == "__main__":
    sys.exit(main())
