"""The reduce phase of an audit at hub scale: copies, shared sections, the index, lineage and the rules of hub scope, over synthetic stores.

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
from functools import partial
from pathlib import Path


def reduced(folder: Path, *, joins: bool, jobs: int) -> None:
    """Run the reduce phase over a store and print what it took, as JSON."""
    from cardlint.audit import reduce
    from cardlint.audit.among import judged
    from cardlint.audit.store import Store
    from cardlint.audit.summary import connect
    from cardlint.config.suppressions import silencing
    from cardlint.engine.batch import Plan
    from cardlint.engine.catalogue import shipped
    from cardlint.engine.pool import Limits
    from cardlint.engine.select import Choice, choose
    from cardlint.hub.world import World

    rules = shipped()
    selected = [each for each in choose(Choice(profile="audit", preview=True), rules) if each.rule.scope == "hub"]
    plan = Plan(tuple(selected), {}, silence=silencing(rules, "audit"), later=True)
    keys = json.loads((folder / "run.json").read_text(encoding="utf-8"))["parts"]
    write = reduce._write
    joined = [0.0, 0.0, 0.0]

    def written(*arguments: object) -> None:
        joined[:] = time.perf_counter() - start, processor() - start_cpu, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        if not joins:
            write(*arguments)

    reduce._write = written
    start, start_cpu = time.perf_counter(), processor()
    store = Store(folder)
    with store.taken():
        reduce.reduce(store, keys, plan, World(), "scale", partial(judged, jobs=jobs, limits=Limits()))
    told = {
        "joins": joined[0],
        "joins_cpu": joined[1],
        "joins_peak": joined[2],
        "rules": time.perf_counter() - start - joined[0],
        "rules_cpu": processor() - start_cpu - joined[1],
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "largest": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }
    if joins:
        print(json.dumps(told))
        return
    with connect(folder) as connection:
        for name, query in (
            ("ancestors", "select count(*) from lineage"),
            ("derived", "select count(distinct input) from lineage"),
            ("hops", "select max(hops) from lineage"),
            ("copies", "select count(*) from copies"),
            ("findings", "select count(*) from findings where code <> 'LIM001'"),
        ):
            told[name] = connection.execute(query).fetchone()[0]
    print(json.dumps(told))


def processor() -> float:
    """Seconds of the processor that this process and those that it started have taken."""
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the reduce phase over synthetic stores.")
    parser.add_argument("--repos", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--store", type=Path, help="only reduce this store, and print figures as JSON")
    parser.add_argument("--joins", action="store_true", help="copies, shared sections and the index; no lineage and no rules")
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
            line = f"{repos:>10,} repositories: joins {told['joins']:.1f} s ({told['joins_cpu']:.1f} s of processor)"
            if not options.joins:
                line += (
                    f", rules {told['rules']:.1f} s ({told['rules_cpu']:.1f} s of processor), {told['findings']:,} findings; {told['ancestors']:,} ancestors "
                    f"of {told['derived']:,} models, up to {told['hops']} hops, {told['copies']:,} copies"
                )
            print(
                f"{line}; the process that leads {told['peak']:.0f} MB, that joins {told['joins_peak']:.0f} MB, largest {told['largest']:.0f} MB",
                flush=True,
            )
    for (few, *short), (many, *long) in itertools.pairwise(took):
        growth = [
            f"{name} {after / before:.1f}" for name, before, after in zip(("joins", "rules"), short, long, strict=True) if before > 0.1
        ]
        print(f"from {few:,} to {many:,}, {many / few:.0f} times: {', '.join(growth)} times the processor")


if __name__ == "__main__":
    main()
