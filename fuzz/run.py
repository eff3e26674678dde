"""Fuzz one target with atheris (libFuzzer): ``python -m fuzz.run TARGET [--seconds 60] [--corpus FOLDER]``.

Inputs that break a promise are written to ``fuzz/found/TARGET``; mend the reader, keep the case small, and the fast
suite tries it for good. The last line of the output is one JSON object with the figures of the run.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import re
import subprocess
import sys
import tempfile
import time
from hashlib import sha1
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TARGET_NAMES = ("front_matter", "outline", "card", "judge", "config", "safetensors", "gguf", "pointer", "rule_file")
LONGEST = {"pointer": 2_000, "gguf": 4_000, "safetensors": 4_000}
_STATUS = re.compile(r"#(\d+)\s.*?cov: (\d+) ft: (\d+) corp: (\d+)")


def fuzz(target: str, arguments: list[str]) -> None:
    """Run libFuzzer in this process; it never returns."""
    import atheris

    with atheris.instrument_imports(include=["cardlint", "json", "yaml"]):
        from fuzz.targets import TARGETS

        for package in (
            "card",
            "repo",
            "facts",
            "vocab",
            "checks",
            "engine",
        ):  # many modules are imported on first use, which is too late here
            for module in pkgutil.walk_packages([str(HERE.parent / "cardlint" / package)], f"cardlint.{package}."):
                importlib.import_module(module.name)
    from cardlint.repo.license_text import identify

    identify("You may count gulls.")  # the texts it compares with are read once, and slowly: no input's fault
    atheris.Setup([target, *arguments], TARGETS[target])
    atheris.Fuzz()


def with_seeds(target: str, corpus: Path) -> None:
    """Put the seeds into the corpus, named by their content as libFuzzer does."""
    from fuzz.seeds import seeds

    for seed in seeds(target):
        (corpus / sha1(seed, usedforsecurity=False).hexdigest()).write_bytes(seed)


def run(target: str, seconds: int, corpus: Path, runs: int = 0) -> dict[str, Any]:
    """Fuzz in a child process; its figures."""
    found = HERE / "found" / target
    found.mkdir(parents=True, exist_ok=True)
    corpus.mkdir(parents=True, exist_ok=True)
    before = set(found.iterdir())
    with_seeds(target, corpus)
    limits = [f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=1500", f"-max_len={LONGEST.get(target, 6_000)}"]
    limits += [f"-runs={runs}", "-seed=1"] if runs else []
    words = HERE / "dictionaries" / f"{target}.dict"
    limits += [f"-dict={words}"] if words.exists() else []
    start = time.perf_counter()
    child = subprocess.run(
        [sys.executable, "-m", "fuzz.run", target, "--child", *limits, f"-artifact_prefix={found}/", str(corpus.resolve())],
        capture_output=True,
        text=True,
        errors="replace",
        env={**os.environ, "PYTHONHASHSEED": "0"},
        cwd=HERE.parent,
        check=False,
    )
    states = _STATUS.findall(child.stderr)
    executions, edges, features, kept = (int(number) for number in states[-1]) if states else (0, 0, 0, 0)
    new = sorted(str(each.relative_to(HERE)) for each in set(found.iterdir()) - before)
    figures: dict[str, Any] = {
        "target": target,
        "executions": executions,
        "seconds": round(time.perf_counter() - start),
        "edges": edges,
        "features": features,
        "corpus": kept,
        "found": new,
        "exit": child.returncode,
    }
    if child.returncode:
        sys.stderr.write(child.stderr[-6_000:])
    return figures


def main() -> int:
    """Run one target, or be the child that does."""
    if "--child" in sys.argv:
        at = sys.argv.index("--child")
        fuzz(sys.argv[1], sys.argv[at + 1 :])
        return 0
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=TARGET_NAMES)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--runs", type=int, default=0, help="stop after so many executions, and draw them in one order")
    parser.add_argument("--corpus", type=Path, help="a folder that keeps what reached new code; temporary if not given")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        figures = run(given.target, given.seconds, given.corpus or Path(scratch), given.runs)
    print(json.dumps(figures))
    return 1 if figures["found"] or figures["exit"] else 0


if __name__ == "__main__":
    sys.exit(main())
