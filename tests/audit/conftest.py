"""Audits of small mirrors, made by the command line."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

CARD = """---
license: {license}
language: en
---
# {name}

## Limitations

{words}
"""
WORDS = "The model fails on long texts, on dialects and on anything that was written before the year 1900."


def run(*arguments, cwd):
    """``python -m cardlint`` in a folder; the result has returncode, stdout and stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "cardlint", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done


def write(root: Path, cards: dict[str, str | None]) -> Path:
    """A mirror's cards: repository id to text; None removes one."""
    for repo, text in cards.items():
        path = root / repo / "README.md"
        if text is None:
            path.unlink()
            path.parent.rmdir()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return root


def audit(folder: Path, cards: dict[str, str | None], out: str, *options: str) -> Path:
    """Audit ``mirror`` with these cards added into a folder beside it."""
    done = run("audit", write(folder / "mirror", cards), "--out", out, "--jobs", "1", *options, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / out


@pytest.fixture
def cardlint(tmp_path):
    """Run ``python -m cardlint`` in an empty folder."""
    return partial(run, cwd=tmp_path)


def card(name: str, *, declared: str = "mit", words: str = WORDS, **metadata: str) -> str:
    """A card with a section on limits; further keys go into its front matter."""
    text = CARD.format(name=name, words=words, license=declared)
    lines = "".join(f"{key}: {value}\n" for key, value in metadata.items())
    return text.replace("---\n# ", f"{lines}---\n# ") if lines else text
