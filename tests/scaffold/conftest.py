"""Repositories in folders, and drafts of their cards."""

from __future__ import annotations

import json

import pytest

from cardlint.cli.options import run_of
from cardlint.scaffold.new import draft, entry_of, known_of

OPTIONS = {
    **dict.fromkeys(("profile", "config_file", "preview", "min_severity", "min_confidence")),
    **dict.fromkeys(("select", "extend_select", "ignore", "rule_folders"), ()),
    "isolated": True,
}


@pytest.fixture
def plan():
    """The rules of the profile author."""
    return run_of(OPTIONS).plan(None)


@pytest.fixture
def folder(tmp_path):
    """Write files into a folder ``gull-counter``; values that are no bytes are written as JSON or text."""

    def write(files):
        place = tmp_path / "gull-counter"
        for name, content in files.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            data = content if isinstance(content, bytes | str) else json.dumps(content)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        place.mkdir(exist_ok=True)
        return place

    return write


@pytest.fixture
def drafted(folder, plan):
    """The draft of a card for a folder with these files."""

    def make(files, kind=None, repo_id=None):
        entry = entry_of(folder(files), kind, repo_id)
        return draft(known_of(entry), entry, plan)

    return make
