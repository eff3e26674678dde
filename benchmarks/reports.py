"""Every report of many cards: how memory and time grow with their number, and what each format weighs.

    python benchmarks/reports.py CARDS.jsonl.gz [FEWER MORE]

Prints the largest process of a run over FEWER (2,000) and over MORE (20,000) cards, one process each, every format at once; the
CPU time; the bytes a card of each format; and the CPU time of converting the JSON report into every format.
"""

from __future__ import annotations

import gzip
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from cardlint.report.writer import FORMATS

archive = sys.argv[1]
fewer, more = (int(each) for each in sys.argv[2:4]) if len(sys.argv) > 2 else (2_000, 20_000)
PEAK = "import resource, sys; from cardlint.cli.main import cli; cli.main(sys.argv[1:], standalone_mode=False); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, file=sys.stderr)"


def run(folder: Path, *arguments: str) -> tuple[float, float]:
    """Peak memory in MB and CPU seconds of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", PEAK, *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return float(done.stderr.split()[-1]), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with gzip.open(archive, "rb") as stream:
            for number, row in enumerate(map(json.loads, stream)):
                if number == more:
                    break
                place = folder / "cards" / f"o{number // 100:04}" / f"m{number:05}"
                place.mkdir(parents=True)
                (place / "README.md").write_text(row.get("text", ""), encoding="utf-8")
        paths = sorted(str(path.relative_to(folder)) for path in folder.rglob("README.md"))
        outputs = [part for each in FORMATS for part in ("--output", f"{each}=out.{each}")]
        peaks = []
        for count in (fewer, len(paths)):
            (folder / "list").write_text("\n".join(paths[:count]) + "\n")
            options = ("--files-from", "list", "--profile", "audit", "--preview", "--exit-zero", "--jobs", "1", "--format", "badge-json")
            peak, cpu = run(folder, "check", *options, *outputs)
            peaks.append(peak)
            print(
                f"{count:,} cards, {len(FORMATS)} formats: largest process {peak:.0f} MB, {cpu:.1f} s CPU ({1000 * cpu / count:.2f} ms a card)"
            )
        print(f"memory of {len(paths):,} cards against {fewer:,}: x{peaks[1] / peaks[0]:.2f}")
        for each in FORMATS:
            size = (folder / f"out.{each}").stat().st_size
            print(f"  {each:10} {size / 1e6:9.1f} MB, {size / len(paths):9.0f} bytes a card")
        targets = [part for each in FORMATS for part in ("--to", f"{each}=new.{each}")]
        peak, cpu = run(folder, "convert", "out.json", *targets)
        same = sum((folder / f"new.{each}").read_bytes() == (folder / f"out.{each}").read_bytes() for each in FORMATS)
        print(f"convert json to all: largest process {peak:.0f} MB, {cpu:.1f} s CPU; {same} of {len(FORMATS)} the same bytes")


if __name__ == "__main__":
    main()
