"""What tests share: the real cards beside the project, where they are."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


@pytest.fixture(scope="session")
def real_cards() -> list[dict]:
    """The real cards as objects with ``text``, ``kind``, ``id``; skips where they are not at hand."""
    archive = CORPUS / "cards.jsonl.gz"
    if not archive.is_file():
        pytest.skip("the real cards are not beside this clone")
    with gzip.open(archive, "rb") as stream:
        return [row for row in map(json.loads, stream) if "text" in row]
