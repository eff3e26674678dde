"""What benchmarks share: processes timed one after the other, their memory, and cards to run them on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FINDINGS = 1
"""The exit of a linter that found something."""


class Run(NamedTuple):
    """One process: seconds by the clock, and the largest memory it held (its children's not counted)."""

    seconds: float
    megabytes: float

    @classmethod
    def of(cls, command: Sequence[str]) -> Self:
        """Run a program to its end, its output thrown away. Ends the benchmark where the program fails."""
        with tempfile.TemporaryFile() as errors:
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, stdin=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode not in (0, FINDINGS):
                errors.seek(0)
                sys.exit(f"{' '.join(command[:5])} … ended with {process.returncode}: {errors.read()[-2000:].decode(errors='replace')}")
        return cls(seconds, usage.ru_maxrss / 1024)


def interleaved(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, list[Run]]:
    """So many runs of each program, in turn, after one that does not count."""
    times: dict[str, list[Run]] = {name: [] for name in commands}
    for command in commands.values():
        Run.of(command)
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(Run.of(command))
    return times


def listing(paths: Sequence[Path], file: Path) -> str:
    """A file that names the cards, with ids from the last two folders; its path."""
    rows = ({"path": str(path), "id": "/".join(path.parts[-3:-1])} for path in paths)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(file)


def example_cards(folder: Path) -> list[Path]:
    """The cards of the rule examples as files, for a checkout that has no others beside it."""
    from cardlint.engine.loader import load, shipped_files

    paths = []
    for file in shipped_files():
        rule = load(file.read_text(encoding="utf-8"), file.name)
        for number, example in enumerate([*rule["examples"]["bad"], *rule["examples"]["good"]]):
            if isinstance(example.get("card"), str):
                path = folder / "examples" / f"{rule['code']}-{number}" / "README.md"
                path.parent.mkdir(parents=True)
                path.write_text(example["card"], encoding="utf-8", errors="replace", newline="")
                paths.append(path)
    return paths
