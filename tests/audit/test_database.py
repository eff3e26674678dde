"""What an audit asks of its database reaches no one's standard output by itself."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("duckdb")

CODE = """
from cardlint.audit.database import database
print(database().execute("select current_setting('enable_progress_bar')").fetchone()[0])
"""


def test_no_progress_is_drawn_where_the_process_is_taken_for_interactive():
    assert subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True).stdout == "False\n"
