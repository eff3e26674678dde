"""The synthetic stores of the benchmarks are stores: the reduce phase reads them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.mark.skipif(not BENCHMARKS.is_dir(), reason="the benchmarks are not in this copy")
def test_the_reduce_phase_runs_over_a_synthetic_store(tmp_path):
    done = subprocess.run(
        [sys.executable, BENCHMARKS / "scale.py", "--repos", "2000", "--keep", tmp_path],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert " 0 ancestors" not in done.stdout
    assert " 0 copies" not in done.stdout
    assert " 0 findings" not in done.stdout
