"""What a check costs beside its neighbours: all rules, the floor of reading alone, and merely loading the card with huggingface_hub.

    python benchmarks/speed.py [FOLDER] [--rounds N] [--history FILE]

Interleaved runs on one core, each a process of its own; medians and ratios are printed, and with --history kept as a JSON line
with the machine's name. FOLDER holds cards as README.md (default: ../shared/corpus/sample, else the example mirror).
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT.parent / "shared" / "corpus" / "sample"

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


def seconds(*command: str) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{command[:4]} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
    return time.perf_counter() - start


def listing(paths: list[Path], folder: Path) -> str:
    """A file that names the cards, with ids from the last two folders."""
    out = folder / f"{len(paths)}.jsonl"
    rows = ({"path": str(path), "id": "/".join(path.parts[-3:-1])} for path in paths)
    out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(out)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folder", nargs="?", type=Path, default=SAMPLE if SAMPLE.is_dir() else ROOT / "examples" / "hub")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--history", type=Path)
    given = options.parse_args()
    paths = sorted(given.folder.rglob("README.md"))
    lint = (
        sys.executable,
        "-m",
        "cardlint",
        "check",
        "--profile",
        "audit",
        "--no-cache",
        "--jobs",
        "1",
        "--format",
        "jsonl",
        "--files-from",
    )
    with tempfile.TemporaryDirectory() as name:
        many, one = listing(paths, Path(name)), listing(paths[:1], Path(name))
        kinds = {"lint": lint, "floor": (sys.executable, "-c", FLOOR), "load": (sys.executable, "-c", LOAD)}
        times: dict[str, list[float]] = {f"{kind} {size}": [] for kind in kinds for size in ("many", "one")}
        for command in kinds.values():
            seconds(*command, one)
        for _ in range(given.rounds):
            for kind, command in kinds.items():
                times[f"{kind} many"].append(seconds(*command, many))
                times[f"{kind} one"].append(seconds(*command, one))
    cost = {
        kind: median(a - b for a, b in zip(times[f"{kind} many"], times[f"{kind} one"], strict=True)) / len(paths) * 1e6 for kind in kinds
    }
    cold = {kind: median(times[f"{kind} one"]) * 1000 for kind in kinds}
    for kind in kinds:
        print(f"{kind:6} {cost[kind]:6.0f} us a card, one card cold {cold[kind]:5.0f} ms")
    print(
        f"lint / load {cost['lint'] / cost['load']:.2f}   lint / floor {cost['lint'] / cost['floor']:.2f}   cold lint / load {cold['lint'] / cold['load']:.2f}"
    )
    if given.history:
        row = {"date": time.strftime("%Y-%m-%d"), "machine": platform.node(), "cards": len(paths), "us": cost, "cold_ms": cold}
        with given.history.open("a", encoding="utf-8") as out:
            out.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
