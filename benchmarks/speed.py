"""What a check and an audit cost beside their neighbours, in one run: ratios of medians of interleaved processes.

    python benchmarks/speed.py [FOLDER] [--rounds N] [--peer PROGRAM ...] [--history FILE] [--machine NAME]
    python benchmarks/speed.py --short

Beside cardlint run: the floor (the bytes read, front matter and outline built, no rule), merely loading each card with
`huggingface_hub`, and every ``--peer``, a program that takes files (for one, `model-card-lint-gpai` of the package
`readystack-model-card-lint-gpai`; it is run without network where the system can). FOLDER holds cards as README.md (default:
../shared/corpus/sample, else the cards of the rule examples). An audit is run by one process and by two, a repository
check over the example mirror. With --history the medians are kept as a JSON line with the machine's name.

--short is what CI runs: cards of the rule examples, few rounds, no peer, no audit; it fails where a ratio of `LIMITS` is passed.
No limit is a time: a slow machine is no fault.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from measured import Run, example_cards, interleaved, listing

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT.parent / "shared" / "corpus" / "sample"
LIMITS = {"lint / floor": 25.0, "lint / load": 9.0, "cold lint / cold load": 1.3}
"""Ratios that a gross regression passes: about twice what was measured when they were set."""

FLOOR = """
import json, sys
from cardlint.card.card import Card
for line in open(sys.argv[1], encoding="utf-8"):
    card = Card.from_bytes(open(json.loads(line)["path"], "rb").read())
    card.front_matter, card.outline
"""
LOAD = """
import json, logging, sys
logging.disable(logging.CRITICAL)
from huggingface_hub import ModelCard
for line in open(sys.argv[1], encoding="utf-8"):
    try:
        ModelCard(open(json.loads(line)["path"], encoding="utf-8", newline="").read(), ignore_metadata_errors=True)
    except Exception:
        pass
"""
CHECK = (sys.executable, "-m", "cardlint", "check", "--profile", "audit", "--format", "jsonl")


def main() -> None:
    options = argparse.ArgumentParser(description="Measure a check and an audit beside their neighbours.")
    options.add_argument("folder", nargs="?", type=Path)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--peer", action="append", default=[], metavar="PROGRAM")
    options.add_argument("--history", type=Path)
    options.add_argument("--machine", default=platform.node())
    options.add_argument("--short", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        folder = None if given.short else given.folder or (SAMPLE if SAMPLE.is_dir() else None)
        paths = sorted(folder.rglob("README.md")) if folder else example_cards(place / "cards")
        found = cards(paths, place, given)
        if not given.short:
            found |= audits(paths, place, given.rounds) | repositories(given.rounds)
    ratios = {
        "lint / floor": found["lint"] / found["floor"],
        "lint / load": found["lint"] / found["load"],
        "cold lint / cold load": found["lint, one card"] / found["load, one card"],
    }
    for each in given.peer:
        ratios[f"lint, default jobs / {Path(each).name}"] = found["lint, default jobs"] / found[Path(each).name]
    if "audit, 2 jobs" in found:
        ratios["audit by one / by two"] = found["audit, 1 job"] / found["audit, 2 jobs"]
        ratios["audit unchanged / first"] = found["audit, unchanged"] / found["audit, 2 jobs"]
    print("  ".join(f"{what} {ratio:.2f}" for what, ratio in ratios.items()))
    if given.history:
        row = {"date": time.strftime("%Y-%m-%d"), "machine": given.machine, "cards": len(paths)}
        row |= {"seconds": {what: round(value, 6) for what, value in found.items()}}
        with given.history.open("a", encoding="utf-8") as out:
            out.write(json.dumps(row) + "\n")
    passed = [f"{what} is {ratios[what]:.2f}, over {limit}" for what, limit in LIMITS.items() if ratios[what] > limit]
    if given.short and passed:
        sys.exit("a gross loss of speed: " + "; ".join(passed))


def cards(paths: list[Path], place: Path, given: argparse.Namespace) -> dict[str, float]:
    """Seconds a card of the steady part of each program, and of the whole process for one card and for default jobs."""
    many, one = listing(paths, place / "many.jsonl"), listing(paths[:1], place / "one.jsonl")
    commands = {
        "lint": (*CHECK, "--no-cache", "--jobs", "1", "--files-from"),
        "floor": (sys.executable, "-c", FLOOR),
        "load": (sys.executable, "-c", LOAD),
    }
    runs = {f"{kind}, {size}": (*command, file) for kind, command in commands.items() for size, file in (("many", many), ("one card", one))}
    runs["lint, default jobs"] = (*CHECK, "--no-cache", "--files-from", many)
    alone = ("unshare", "-n") if shutil.which("unshare") and hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    for each in given.peer:
        runs[Path(each).name] = (*alone, each, *map(str, paths))
    times = interleaved(runs, 3 if given.short else given.rounds)
    found = {}
    for kind in commands:
        several, single = times[f"{kind}, many"], times[f"{kind}, one card"]
        found[kind] = median(a.seconds - b.seconds for a, b in zip(several, single, strict=True)) / len(paths)
        found[f"{kind}, one card"] = median(run.seconds for run in single)
        print(
            f"{kind:6} {found[kind] * 1e6:6.0f} us a card, one card cold {found[f'{kind}, one card'] * 1000:4.0f} ms; "
            f"{_peak(several):4.0f} MB, with one card {_peak(single):3.0f} MB"
        )
    for name in runs:
        if name not in (f"{kind}, {size}" for kind in commands for size in ("many", "one card")):
            found[name] = median(run.seconds for run in times[name])
            print(f"{name}: {found[name]:.2f} s for {len(paths):,} cards, {_peak(times[name]):.0f} MB")
    return found


def audits(paths: list[Path], place: Path, rounds: int) -> dict[str, float]:
    """Seconds of an audit of these cards as a mirror by one process and by two, and of two over an unchanged mirror."""
    mirror = place / "mirror"
    for number, path in enumerate(paths):
        repo = mirror / f"owner-{number // 20}" / f"card-{number}"
        repo.mkdir(parents=True)
        (repo / "README.md").write_bytes(path.read_bytes())
    runs = {}
    for jobs in ("1", "2"):
        out = place / f"out-{jobs}"
        command = (sys.executable, "-m", "cardlint", "audit", str(mirror), "--out", str(out), "--jobs", jobs)
        runs[f"audit, {jobs} job{'s' if jobs != '1' else ''}"] = (out, command)
    times: dict[str, list[Run]] = {name: [] for name in (*runs, "audit, unchanged")}
    for _ in range(max(1, rounds // 2)):
        for name, (out, command) in runs.items():
            shutil.rmtree(out, ignore_errors=True)
            times[name].append(Run.of(command))
        times["audit, unchanged"].append(Run.of(runs["audit, 2 jobs"][1]))
    found = {name: median(run.seconds for run in each) for name, each in times.items()}
    for name, each in times.items():
        print(f"{name}: {found[name]:.2f} s, {len(paths) / found[name]:,.0f} cards a second, largest process {_peak(each):.0f} MB")
    return found


def repositories(rounds: int) -> dict[str, float]:
    """Seconds of a check of the example mirror: cards and what stands beside them."""
    mirror = ROOT / "examples" / "hub"
    times = interleaved({"repositories": (*CHECK, "--jobs", "1", str(mirror))}, rounds)["repositories"]
    took = median(run.seconds for run in times)
    print(f"example mirror, with the files beside the cards: {took * 1000:.0f} ms, {_peak(times):.0f} MB")
    return {"example mirror": took}


def _peak(runs: list[Run]) -> float:
    return max(run.megabytes for run in runs)


if __name__ == "__main__":
    main()
