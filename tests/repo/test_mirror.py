"""The real mirror beside the project: every repository is read, and known licence files are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cardlint.facts.repo import repo_facts
from cardlint.repo.repo import Repo
from cardlint.sources.listing import from_listing

MANIFEST = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "mirror" / "manifest.jsonl"


@pytest.fixture(scope="module")
def repos() -> dict[str, Repo]:
    if not MANIFEST.is_file():
        pytest.skip("the real mirror is not beside this clone")
    found = {entry.id: Repo(entry.files, entry.root) for entry in from_listing(str(MANIFEST)) if entry.files is not None and entry.id}
    if not found:
        pytest.skip("the real mirror holds no repository")
    return found


def test_every_repository_is_read(repos: dict[str, Repo]) -> None:
    for who, repo in repos.items():
        json.dumps(repo_facts(repo, who, None))


def test_a_listed_file_is_never_absent(repos: dict[str, Repo]) -> None:
    for repo in repos.values():
        assert (repo.config.state == "absent") == ("config.json" not in repo.names)


def test_licence_files_of_one_text_have_one_id(repos: dict[str, Repo]) -> None:
    ids = {file.text.license for repo in repos.values() for file in repo.license_files if file.role == "license"}
    assert {"apache-2.0", "mit", "llama2", "llama3.1", "llama3.2", "openrail++"} <= ids
