"""A mirror of any size audited end to end: seconds, cards a second, and the largest process, which must not grow with the mirror.

    python benchmarks/mirror.py [--repos 5000 20000] [--as folder|table] [--cards CARDS.jsonl.gz] [--keep DIR]

The cards are drawn from real ones (`../shared/corpus`, not part of the project) under changed names, and cut or lengthened by
nothing: what is measured is the work on cards as people write them. Two processes share the work; timings on a shared machine are
noisy, so the seconds of the processor are printed too.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CARDS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "cards.jsonl.gz"
OWNERS = ("acme", "north-lab", "uni-west", "kestrel", "openfold", "tiny-models", "delta", "hinterland")


def drawn(cards: Path, repos: int, seed: int = 7) -> Iterator[tuple[str, str, bytes]]:
    """Kind, new id and text of so many cards, in an order told by the seed; the corpus goes round as often as needed."""
    order = random.Random(seed)
    number = 0
    while True:
        with gzip.open(cards, "rb") as lines:
            for line in lines:
                row = json.loads(line)
                kind = "dataset" if row["kind"] == "dataset" else "model"
                new = f"{order.choice(OWNERS)}-{number // 40}/card-{number:07d}"
                text = row["text"].encode() if "text" in row else base64.b64decode(row["base64"])
                yield kind, new, text.replace(row["id"].encode(), new.encode()) if row.get("id") else text
                number += 1
                if number == repos:
                    return


def write_folder(cards: Path, repos: int, root: Path) -> Path:
    """The mirror as folders ``[datasets/]owner/name``."""
    for kind, repo, text in drawn(cards, repos):
        folder = root / ("datasets" if kind == "dataset" else "") / repo
        folder.mkdir(parents=True)
        (folder / "README.md").write_bytes(text)
    return root


def write_table(cards: Path, repos: int, root: Path) -> Path:
    """The mirror as one table of cards, a JSON object a line."""
    root.mkdir(parents=True, exist_ok=True)
    path = root / "cards.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for number, (kind, repo, text) in enumerate(drawn(cards, repos)):
            row = {"id": repo, "kind": kind, "card": text.decode("utf-8", "replace"), "downloads": (number * 7919) % 100_003}
            out.write(json.dumps(row) + "\n")
    return path


def audited(mirror: Path, out: Path, jobs: int) -> tuple[float, float, float]:
    """Seconds, seconds of the processor and megabytes of the largest process of one audit, in a child of its own."""
    code = (
        "import json, resource, subprocess, sys, time\n"
        "start = time.perf_counter()\n"
        "done = subprocess.run([sys.executable, '-m', 'cardlint', 'audit', *sys.argv[1:]], capture_output=True, text=True)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps([done.returncode, done.stderr[-2000:], time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))\n"
    )
    arguments = [str(mirror), "--out", str(out), "--jobs", str(jobs)]
    told = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    returned, error, took, cpu, peak = json.loads(told.stdout)
    if returned or "Traceback" in error:
        sys.exit(error)
    return took, cpu, peak


def main() -> None:
    parser = argparse.ArgumentParser(description="Audit generated mirrors end to end.")
    parser.add_argument("--repos", type=int, nargs="+", default=[5_000, 20_000])
    parser.add_argument("--as", dest="form", choices=("folder", "table"), default="folder")
    parser.add_argument("--cards", type=Path, default=CARDS)
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--keep", type=Path, help="leave mirrors and results in this folder")
    options = parser.parse_args()
    if not options.cards.is_file():
        sys.exit(f"{options.cards} is not here: the cards of others are no part of the project")
    peaks = []
    with tempfile.TemporaryDirectory() as name:
        home = options.keep or Path(name)
        for repos in options.repos:
            write = write_folder if options.form == "folder" else write_table
            mirror = write(options.cards, repos, home / f"mirror-{repos}")
            took, cpu, peak = audited(mirror, home / f"audit-{repos}", options.jobs)
            again, again_cpu, _ = audited(mirror, home / f"audit-{repos}", options.jobs)
            peaks.append(peak)
            print(
                f"{repos:>9,} repositories as {options.form}: {took:.1f} s ({cpu:.1f} s of processor, {1e3 * cpu / repos:.2f} ms a card), "
                f"{repos / took:,.0f} a second, largest process {peak:.0f} MB; unchanged again: {again:.1f} s ({again_cpu:.1f} s of processor)",
                flush=True,
            )
    for (few, small), (many, large) in itertools.pairwise(zip(options.repos, peaks, strict=True)):
        print(f"from {few:,} to {many:,} repositories the largest process grew {large / small:.2f} times")


if __name__ == "__main__":
    main()
