"""A mirror of any size audited end to end: seconds, cards a second, and the largest processes, which must not grow with it.

    python benchmarks/mirror.py [--repos 5000 20000] [--as folder|table] [--cards CARDS.jsonl.gz] [--keep DIR] [--against ROUNDS]

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
import math
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

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
    root.mkdir(parents=True)
    path = root / "cards.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for number, (kind, repo, text) in enumerate(drawn(cards, repos)):
            row = {"id": repo, "kind": kind, "card": text.decode("utf-8", "replace"), "downloads": (number * 7919) % 100_003}
            out.write(json.dumps(row) + "\n")
    return path


class Cost(NamedTuple):
    """What an audit took: seconds, seconds of the processor and megabytes at most of the process that leads and of those that judge."""

    took: float
    leading: float
    leading_peak: float
    judging: float
    judging_peak: float

    @property
    def cpu(self) -> float:
        """Seconds of the processor in all."""
        return self.leading + self.judging


AUDIT = """
import contextlib, io, json, resource, sys, time
from cardlint.cli.main import main
start = time.perf_counter()
with contextlib.redirect_stdout(io.StringIO()) as said:
    try:
        returned = main() or 0
    except SystemExit as end:
        returned = end.code
took = time.perf_counter() - start
leads, judge = (resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([returned, took, leads.ru_utime + leads.ru_stime, peak / 1024, judge.ru_utime + judge.ru_stime, judge.ru_maxrss / 1024]))
"""
LIST = """
import json, os, sys, time
from cardlint.sources.source import source
start, cpu = time.perf_counter(), time.process_time()
count = sum(1 for _ in source(sys.argv[1]))
print(json.dumps([count, time.perf_counter() - start, time.process_time() - cpu]))
"""


def child(code: str, *arguments: object) -> list[float]:
    """The numbers that a process of its own prints."""
    done = subprocess.run([sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode or "Traceback" in done.stderr:
        sys.exit(done.stderr[-3000:])
    numbers: list[float] = json.loads(done.stdout)
    return numbers


def audited(mirror: Path, out: Path, jobs: int) -> Cost:
    """What one audit takes."""
    returned, *cost = child(AUDIT, "audit", mirror, "--out", out, "--jobs", jobs)
    if returned:
        sys.exit(f"the audit ended with {returned}")
    return Cost(*cost)


def against(mirror: Path, home: Path, rounds: int) -> None:
    """Two processes against one, by turns, each time from scratch; the best of each counts."""
    best = {1: math.inf, 2: math.inf}
    share = 0.0
    for _ in range(rounds):
        for jobs, least in best.items():
            with tempfile.TemporaryDirectory(dir=home) as out:
                cost = audited(mirror, Path(out), jobs)
            best[jobs] = min(least, cost.took)
            share = cost.leading / cost.cpu
    print(
        f"one process {best[1]:.1f} s, two {best[2]:.1f} s: {best[1] / best[2]:.2f} times; {share:.1%} of the processor's time is spent by the "
        f"process that leads, so two are {2 / (1 + share):.2f} times one where it does nothing beside them"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Audit generated mirrors end to end.")
    parser.add_argument("--repos", type=int, nargs="+", default=[5_000, 20_000])
    parser.add_argument("--as", dest="form", choices=("folder", "table"), default="folder")
    parser.add_argument("--cards", type=Path, default=CARDS)
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--against", type=int, metavar="ROUNDS", help="also two processes against one, so many times by turns")
    parser.add_argument("--keep", type=Path, help="leave mirrors and results in this folder; a mirror that is there is taken")
    options = parser.parse_args()
    if not options.cards.is_file():
        sys.exit(f"{options.cards} is not here: the cards of others are no part of the project")
    peaks = []
    with tempfile.TemporaryDirectory() as name:
        home = options.keep or Path(name)
        for repos in options.repos:
            mirror = home / f"mirror-{repos}"
            if not mirror.exists():
                (write_folder if options.form == "folder" else write_table)(options.cards, repos, mirror)
            if options.form == "table":
                mirror /= "cards.jsonl"
            first = audited(mirror, home / f"audit-{repos}", options.jobs)
            peaks.append((first.leading_peak, first.judging_peak))
            print(
                f"{repos:>9,} repositories as {options.form}: {first.took:.1f} s, {repos / first.took:,.0f} a second; processor: {first.judging:.1f} s "
                f"judging, {first.leading:.1f} s leading, {1e3 * first.cpu / repos:.2f} ms a card; largest process judging {first.judging_peak:.0f} MB, "
                f"leading {first.leading_peak:.0f} MB",
                flush=True,
            )
            child(LIST, mirror)  # the system may have dropped the folders during a long audit: both shall find them
            again = audited(mirror, home / f"audit-{repos}", options.jobs)
            _, listing, listing_cpu = child(LIST, mirror)
            print(
                f"          unchanged again: {again.took:.1f} s ({again.cpu:.1f} s of processor); the listing alone: {listing:.1f} s "
                f"({listing_cpu:.1f} s of processor); twice the listing and a second: {2 * listing + 1:.1f} s ({2 * listing_cpu + 1:.1f})",
                flush=True,
            )
            if options.against:
                against(mirror, home, options.against)
    for (few, small), (many, large) in itertools.pairwise(zip(options.repos, peaks, strict=True)):
        grown = (after / before for before, after in zip(small, large, strict=True))
        print(
            "from {:,} to {:,} repositories the process that leads grew {:.2f} times, the largest that judges {:.2f} times".format(
                few, many, *grown
            )
        )


if __name__ == "__main__":
    main()
