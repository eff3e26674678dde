"""Pages that show screens show what the commands print; links between pages lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ("getting-started.md", "hooks.md", "standards.md", "suppressing.md")


@pytest.mark.skipif(
    not (ROOT / "tools" / "screens.py").exists() or sys.platform == "win32", reason="not in a checkout of the project, or no sh"
)
def test_screens_are_what_commands_print():
    done = subprocess.run(
        [sys.executable, "tools/screens.py", "--check"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES)
def test_links_of_pages_lead_to_files(page):
    text = (ROOT / "docs" / page).read_text()
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", text):
        assert (ROOT / "docs" / target).exists(), target
