"""Mutation score of parts of the package: how many small faults put into the code are seen by a test.

    python benchmarks/mutation.py FOLDER… [--sample N] [--seed S] [--jobs J] [--tests PATH…] [--survivors FILE] [--budget SECONDS]

FOLDER is a folder or a module below the project, or several joined by commas: each has a sample and a score of its own. mutmut 3 makes the mutants in a temporary copy of the tracked files (so tests that want the
real cards beside the project are skipped, as in any clone); a random sample of them is run, each in a fork of one pytest session
(`benchmarks/mutation_session.py`) with the tests that touched the mutated function when nothing was mutated, the quickest first, as far as they
go in the budget. Printed: killed and survived by module, and the score with its 95 % interval (Wilson). The survivors are written to a file
with their diffs. A mutant that no test reaches has survived; one that runs far beyond the time of its tests is killed.
"""

from __future__ import annotations

import argparse
import difflib
import json
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SESSION, HITS = (Path(__file__).with_name(name) for name in ("mutation_session.py", "mutation_hits.py"))


class Mutant(NamedTuple):
    """A mutant by mutmut's name, the file that it changes, and the text of the function without and with the change."""

    name: str
    file: str
    before: str
    after: str

    @property
    def module(self) -> str:
        return self.name.rpartition(".")[0]

    @property
    def diff(self) -> str:
        lines = [re.sub(r"__mutmut_(?:orig|\d+)\b", "", text).splitlines(keepends=True) for text in (self.before, self.after)]
        return "".join(difflib.unified_diff(*lines, self.file, self.file, n=2))


def main() -> int:
    """The command; exit 1 where no mutant could be run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--sample", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--tests", nargs="+", default=["tests"], metavar="PATH", help="only tests of these files and folders")
    parser.add_argument("--survivors", type=Path, default=Path("survivors.txt"), metavar="FILE")
    parser.add_argument("--budget", type=float, default=15, metavar="SECONDS", help="the time of the tests of one mutant, unmutated")
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Path(folder, "project")
        copied(copy)
        samples, totals = mutated(copy, options.folders, options.sample, options.seed)
        wanted = [mutant for sample in samples.values() for mutant in sample]
        results = run(copy, [mutant.name for mutant in wanted], options)
    if len(results) < len(wanted) or not wanted:
        print("the tests could not be run", file=sys.stderr)
        return 1
    for folder, sample in samples.items():
        show(folder, sample, results)
        print(f"{totals[folder]:,} mutants in all, seed {options.seed}\n")
    survived = [mutant for mutant in wanted if not results[mutant.name]["killed"]]
    options.survivors.write_text("\n".join(told(mutant, results[mutant.name]) for mutant in survived), encoding="utf-8")
    print(f"{len(survived)} survivors in {options.survivors}; {time.monotonic() - began:.0f} s")
    return 0


def copied(copy: Path) -> None:
    """The project's tracked and new files, without what is ignored."""
    listed = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in listed.decode().split("\0"):
        if name and (ROOT / name).is_file():
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)


def mutated(copy: Path, folders: list[str], most: int, seed: int) -> tuple[dict[str, list[Mutant]], dict[str, int]]:
    """Put a sample of the mutants of each part into the copy, behind trampolines that choose by an environment variable.

    Returns the samples and how many mutants there are in all, by part. A function's mutants are numbered within the sample.
    """
    before = Path.cwd()
    os.chdir(copy)  # mutmut reads its configuration from here
    Path("setup.cfg").write_text("[mutmut]\nsource_paths=cardlint\n", encoding="utf-8")
    try:
        samples, totals = {}, {}
        for part in folders:
            found = [
                (file, mutation)
                for file in sorted({each for folder in part.split(",") for each in modules(relative(folder, before))})
                for mutation in changes(file)
            ]
            totals[part] = len(found)
            chosen: dict[str, list[Any]] = {}
            for file, mutation in random.Random(seed).sample(found, min(most, len(found))):
                chosen.setdefault(file, []).append(mutation)
            samples[part] = [mutant for file in sorted(chosen) for mutant in written(file, chosen[file])]
        return samples, totals
    finally:
        os.chdir(before)


@cache
def parsed(file: str) -> tuple[Any, ...]:
    """mutmut's reading of a module: its tree, its mutations, the classes and functions that are passed over."""
    from mutmut.mutation.file_mutation import create_mutations

    return create_mutations(file, Path(file).read_text(encoding="utf-8"))


def changes(file: str) -> list[Any]:
    """The mutations inside the functions of a module."""
    from libcst import FunctionDef

    return [each for each in parsed(file)[1] if isinstance(each.contained_by_top_level_function, FunctionDef)]


def written(file: str, mutations: list[Any]) -> list[Mutant]:
    """Write a module with these mutations in it."""
    from mutmut.mutation.file_mutation import combine_mutations_to_source

    tree, _, *passed_over = parsed(file)
    made = combine_mutations_to_source(tree, mutations, *passed_over)
    Path(file).write_text(made.code, encoding="utf-8")
    module = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    lines = made.code.splitlines(keepends=True)
    text = {name: "".join(lines[span.start - 1 : span.end]) for name, span in made.line_span_by_function_name.items()}
    return [Mutant(f"{module}.{name}", file, text[re.sub(r"_\d+$", "_orig", name)], text[name]) for name in made.mutant_names]


def relative(folder: str, start: Path) -> Path:
    return (start / folder).resolve().relative_to(ROOT)


def modules(path: Path) -> list[str]:
    return [each.as_posix() for each in ([path] if path.is_file() else path.rglob("*.py"))]


def run(copy: Path, names: list[str], options: argparse.Namespace) -> dict[str, Any]:
    """What became of each mutant: ``{"killed", "by", "seconds", "tests"}``."""
    shutil.copy2(SESSION, copy / SESSION.name)
    asked = copy.parent / "asked.json"
    asked.with_name("notes.jsonl").touch()
    asked.write_text(json.dumps({"names": names, "jobs": options.jobs, "budget": options.budget}), encoding="utf-8")
    shutil.copy2(HITS, copy / "sitecustomize.py")
    environment = {
        **os.environ,
        "PYTEST_ADDOPTS": "",  # the session is forked for each mutant: it is no place for the options of the suite around it
        "PYTHONPATH": str(copy),
        "MUTANT_UNDER_TEST": "stats",
        "MUTATION_ASKED": str(asked),
        "MUTATION_NOTES": str(asked.with_name("notes.jsonl")),
    }
    plugins = ["-p", "mutation_session", "-p", "no:cacheprovider", "--capture=sys"]
    command = [sys.executable, "-m", "pytest", "-q", "--tb=no", *plugins, *options.tests]
    subprocess.run(command, cwd=copy, env=environment, check=False, stdout=sys.stderr)
    results = asked.with_name("results.jsonl")
    rows = map(json.loads, results.read_text(encoding="utf-8").splitlines()) if results.is_file() else ()
    return {row.pop("name"): row for row in rows}


def show(folder: str, sample: list[Mutant], results: dict[str, Any]) -> None:
    killed: Counter[str] = Counter()
    survived: Counter[str] = Counter()
    for mutant in sample:
        (killed if results[mutant.name]["killed"] else survived)[mutant.module] += 1
    for module in sorted({*killed, *survived}):
        print(f"{module:50} {killed[module]:4} killed {survived[module]:4} survived")
    low, high = interval(killed.total(), len(sample))
    score = f"{killed.total() / len(sample):.3f} ({killed.total()} of {len(sample)}; 95 % interval {low:.3f} to {high:.3f})"
    print(f"{folder}: score {score}", end="; ")


def interval(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval of a share."""
    share, spread = hits / of, z * z / of
    middle, half = share + spread / 2, z * math.sqrt(share * (1 - share) / of + spread / (4 * of))
    return (middle - half) / (1 + spread), (middle + half) / (1 + spread)


def told(mutant: Mutant, result: dict[str, Any]) -> str:
    return f"# {mutant.name}: {result['tests']} tests, {result['seconds']} s\n{mutant.diff}"


if __name__ == "__main__":
    sys.exit(main())
