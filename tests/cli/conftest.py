"""The command line as a user calls it: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


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
