"""An audit on a Ray cluster: the same bytes as on one machine, though a worker is killed. CARDLINT_RAY=1 asks for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "distributed.py"


@pytest.mark.skipif(not os.environ.get("CARDLINT_RAY"), reason="CARDLINT_RAY=1 asks for it")
@pytest.mark.skipif(not BENCHMARK.is_file(), reason="the benchmarks are not beside the tests")
def test_a_cluster_of_three_nodes_gives_the_same_bytes_though_a_worker_dies():
    pytest.importorskip("ray")
    done = subprocess.run([sys.executable, str(BENCHMARK), "--repos", "1500"], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "killed worker" in done.stdout
    assert "every file is the same, byte for byte" in done.stdout


def test_an_address_without_the_engine_is_refused(tmp_path):
    command = [sys.executable, "-m", "cardlint", "audit", str(tmp_path), "--out", str(tmp_path / "out"), "--address", "auto"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "cardlint: --address names a Ray cluster: it goes with --engine ray\n")
