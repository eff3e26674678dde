"""What tests share: the real cards beside the project, where they are; the command line as a user calls it."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")  # how long an example takes says something of the machine only

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


@pytest.fixture(scope="session")
def real_cards() -> list[dict]:
    """The real cards as objects with ``text``, ``kind``, ``id``; skips where they are not at hand."""
    archive = CORPUS / "cards.jsonl.gz"
    if not archive.is_file():
        pytest.skip("the real cards are not beside this clone")
    with gzip.open(archive, "rb") as stream:
        return [row for row in map(json.loads, stream) if "text" in row]


@pytest.fixture
def cardlint(tmp_path):
    """Run ``python -m cardlint`` in an empty folder; the result has returncode, stdout and stderr."""

    def run(*arguments, stdin=None, cwd=tmp_path, env=None):
        done = subprocess.run(
            [sys.executable, "-m", "cardlint", *map(str, arguments)],
            input=stdin,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert "Traceback" not in done.stderr
        return done

    return run
