"""The reduce phase of an audit at hub scale: lineage, licences along it, copies and the rules of hub scope, over synthetic stores.

    python benchmarks/scale.py [--repos 10000 100000 1000000] [--joins] [--jobs N] [--keep DIR]

Each size runs in a process of its own. The bar: a million repositories in three minutes and four gigabytes on two cores. Timings on a
shared machine are noisy: seconds of the processor are printed beside those of the clock.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def reduced(folder: Path, *, joins: bool, jobs: int) -> None:
    """Run the reduce phase over a store and print what it took, as JSON."""
    from cardlint.audit import reduce
    from cardlint.audit.store import Store
    from cardlint.audit.summary import connect
    from cardlint.config.suppressions import silencing
    from cardlint.engine.batch import Plan
    from cardlint.engine.catalogue import shipped
    from cardlint.engine.select import Choice, choose
    from cardlint.hub.world import World

    rules = shipped()
    selected = [each for each in choose(Choice(profile="audit", preview=True), rules) if each.rule.scope == "hub"]
    plan = Plan(tuple(selected), {}, silence=silencing(rules, "audit"), later=True)
    keys = json.loads((folder / "run.json").read_text(encoding="utf-8"))["parts"]
    judging, among, judge = [0.0, 0.0], reduce._among, reduce._judge

    def timed(*arguments: object) -> Iterator[object]:
        """What is to be judged; the time of the joins that find it is not that of the rules."""
        coming = among(*arguments)
        while True:
            began, began_cpu = time.perf_counter(), time.process_time()
            following = next(coming, None)
            judging[0] += time.perf_counter() - began
            judging[1] += time.process_time() - began_cpu
            if following is None:
                return
            if not joins:
                yield following

    def judged(*arguments: object) -> None:
        judging[:] = time.perf_counter() - start, time.process_time() - start_cpu
        judge(*arguments)

    reduce._among, reduce._judge = timed, judged
    start, start_cpu = time.perf_counter(), time.process_time()
    store = Store(folder)
    with store.taken():
        reduce.reduce(store, keys, plan, World(), "scale", jobs=jobs)
    told = {
        "joins": judging[0],
        "joins_cpu": judging[1],
        "rules": time.perf_counter() - start - judging[0],
        "rules_cpu": time.process_time() - start_cpu - judging[1] + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]),
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    with connect(folder) as connection:
        for name, query in (
            ("ancestors", "select count(*) from lineage"),
            ("derived", "select count(distinct input) from lineage"),
            ("hops", "select max(hops) from lineage"),
            *(
                ()
                if joins
                else (("copies", "select count(*) from copies"), ("findings", "select count(*) from findings where code <> 'LIM001'"))
            ),
        ):
            told[name] = connection.execute(query).fetchone()[0]
    print(json.dumps(told))


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the reduce phase over synthetic stores.")
    parser.add_argument("--repos", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--store", type=Path, help="only reduce this store, and print figures as JSON")
    parser.add_argument("--joins", action="store_true", help="lineage, licences, copies and the index; no rules")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes for the rules")
    parser.add_argument("--keep", type=Path, help="leave the stores in this folder")
    options = parser.parse_args()
    if options.store:
        reduced(options.store, joins=options.joins, jobs=options.jobs)
        return
    took = []
    with tempfile.TemporaryDirectory() as name:
        for repos in options.repos:
            folder = (options.keep or Path(name)) / f"store-{repos}"
            # In a process of its own: what it held would count as the peak of the next one.
            subprocess.run([sys.executable, Path(__file__).with_name("synthetic.py"), folder, "--repos", str(repos)], check=True)
            done = subprocess.run(
                [sys.executable, __file__, "--store", str(folder), "--jobs", str(options.jobs), *(["--joins"] if options.joins else [])],
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                sys.exit(done.stderr[-3000:])
            told = json.loads(done.stdout)
            took.append((repos, told["joins_cpu"], told["rules_cpu"]))
            rules = (
                ""
                if options.joins
                else f"rules {told['rules']:.1f} s ({told['rules_cpu']:.1f} s of processor), {told['findings']:,} findings, "
            )
            print(
                f"{repos:>10,} repositories: joins {told['joins']:.1f} s ({told['joins_cpu']:.1f} s of processor), {rules}{told['peak']:,.0f} MB; "
                f"{told['ancestors']:,} ancestors of {told['derived']:,} models, up to {told['hops']} hops, {told.get('copies', 0):,} copies",
                flush=True,
            )
    for (few, *short), (many, *long) in itertools.pairwise(took):
        growth = [
            f"{name} {after / before:.1f}" for name, before, after in zip(("joins", "rules"), short, long, strict=True) if before > 0.01
        ]
        print(f"from {few:,} to {many:,}, {many / few:.0f} times: {', '.join(growth)} times the processor")


if __name__ == "__main__":
    main()
