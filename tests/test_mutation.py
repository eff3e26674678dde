"""The measure of the tests themselves: mutants are made, run and told by module, and those that no test sees are written down."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "benchmarks" / "mutation.py"


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="mutants are made in a copy of the files that git knows")
def test_mutants_are_killed_by_the_tests_of_their_module_and_survive_others(tmp_path):
    pytest.importorskip("mutmut")
    counts = []
    for test in ("tests/fixes/test_diff.py", "tests/card/test_lines.py"):
        written = tmp_path / "survivors.txt"
        command = [sys.executable, str(SCRIPT), "cardlint/fixes/diff.py", "--sample", "6", "--tests", test, "--survivors", str(written)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
        found = re.search(r"score ([\d.]+) \((\d+) of 6; ", done.stdout)
        assert found, done.stderr
        counts.append(int(found[2]))
        assert written.read_text(encoding="utf-8").count("# cardlint.fixes.diff.x_") == 6 - counts[-1]
    assert counts[0] > 0
    assert counts[1] == 0
