"""The reduce phase of an audit at hub scale: lineage, licences along it, copies and the rules of hub scope, over synthetic stores.

    python benchmarks/scale.py [--repos 10000 100000 1000000] [--keep DIR]

Each size runs in a process of its own. The bar: a million repositories in three minutes and four gigabytes on two cores. Timings on a
shared machine are noisy: seconds of the processor are printed beside those of the clock.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from synthetic import write_store

_REDUCE = """
import json, resource, sys, time
from pathlib import Path
from cardlint.audit.reduce import reduce
from cardlint.audit.store import Store
from cardlint.audit.summary import connect
from cardlint.config.suppressions import silencing
from cardlint.engine.batch import Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.select import Choice, choose
from cardlint.hub.world import World

folder = Path(sys.argv[1])
rules = shipped()
selected = [each for each in choose(Choice(profile="audit", preview=True), rules) if each.rule.scope == "hub"]
plan = Plan(tuple(selected), {}, silence=silencing(rules, "audit"), later=True)
keys = json.loads((folder / "run.json").read_text())["parts"]
start = time.perf_counter()
reduce(Store(folder), keys, plan, World(), "scale")
took = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_SELF)
with connect(folder) as connection:
    lineage = connection.execute("select count(*), count(distinct input), max(hops) from lineage").fetchone()
    copies = connection.execute("select count(*) from copies").fetchone()
    found = connection.execute("select count(*) from read_parquet(?)", [str(folder / "findings" / "hub.parquet")]).fetchone()
print(json.dumps([took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, *lineage, copies[0], found[0]]))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the reduce phase over synthetic stores.")
    parser.add_argument("--repos", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--keep", type=Path, help="leave the stores in this folder")
    options = parser.parse_args()
    took = []
    with tempfile.TemporaryDirectory() as name:
        for repos in options.repos:
            folder = (options.keep or Path(name)) / f"store-{repos}"
            write_store(folder, repos)
            done = subprocess.run([sys.executable, "-c", _REDUCE, str(folder)], capture_output=True, text=True, check=False)
            if done.returncode:
                sys.exit(done.stderr[-3000:])
            seconds, cpu, peak, ancestors, derived, hops, copies, findings = json.loads(done.stdout)
            took.append((repos, cpu))
            print(
                f"{repos:>10,} repositories: {seconds:7.1f} s ({cpu:.1f} s of processor), {peak:,.0f} MB; "
                f"{ancestors:,} ancestors of {derived:,} models, up to {hops} hops, {copies:,} copies, {findings:,} findings",
                flush=True,
            )
    for (few, short), (many, long) in itertools.pairwise(took):
        print(f"from {few:,} to {many:,}: {many / few:.0f} times the repositories, {long / short:.1f} times the processor")


if __name__ == "__main__":
    main()
