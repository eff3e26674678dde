"""Where contents come from: folders without a way out, memory, pointers, partial copies."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from cardlint.facts.repo import repo_facts
from cardlint.repo.files import FileEntry
from cardlint.repo.pointer import read_pointer
from cardlint.repo.repo import Repo

if TYPE_CHECKING:
    from pathlib import Path

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"ab" * 32 + b"\nsize 4271\n"


def repo(folder: Path, *names: str) -> Repo:
    return Repo(tuple(FileEntry(name) for name in names), folder)


def test_a_pointer_tells_size_and_hash_and_no_content() -> None:
    made = Repo.from_contents({"model.safetensors": POINTER})
    assert made.size("model.safetensors") == 4271
    assert made.sha256("model.safetensors") == "ab" * 32
    assert made.read("model.safetensors") is None
    assert made.whole("model.safetensors").state == "not-here"


def test_pointers_of_all_forms() -> None:
    assert read_pointer(POINTER.replace(b"\n", b"\r\n")) == (4271, "ab" * 32)
    assert read_pointer(b"# xet version 0\nfilesize = 12\nhash = '0f'\n") == (12, None)
    assert read_pointer(b"version https://git-lfs.github.com/spec/v1\n") is None
    assert read_pointer(POINTER + b"x" * 2000) is None


def test_listed_and_not_here_differs_from_absent(tmp_path: Path) -> None:
    made = repo(tmp_path, "config.json")
    assert made.config.state == "not-here"
    assert made.adapter.state == "absent"


def test_links_out_of_the_repository_are_refused(tmp_path: Path) -> None:
    home = tmp_path / "repo"
    home.mkdir()
    (tmp_path / "secret").write_text("{}")
    (home / "config.json").symlink_to(tmp_path / "secret")
    (home / "inside.json").symlink_to("other.json")
    (home / "other.json").write_text("{}")
    made = repo(home, "config.json", "inside.json", "../secret", str(tmp_path / "secret"), "nul\0")
    assert made.config.state == "unreadable"
    assert "leads out" in made.config.reason
    assert made.read("inside.json") == b"{}"
    assert [made.read(name) for name in ("../secret", str(tmp_path / "secret"), "nul\0")] == [None] * 3


def test_a_hub_cache_links_to_its_blobs_alone(tmp_path: Path) -> None:
    snapshot = tmp_path / "models--a--b" / "snapshots" / "0a1b"
    blobs = tmp_path / "models--a--b" / "blobs"
    snapshot.mkdir(parents=True)
    blobs.mkdir()
    (blobs / "x").write_text("{}")
    (tmp_path / "models--a--b" / "refs").write_text("no")
    (snapshot / "config.json").symlink_to("../../blobs/x")
    (snapshot / "refs").symlink_to("../../refs")
    made = repo(snapshot, "config.json", "refs")
    assert made.config.ok
    assert made.whole("refs").state == "unreadable"


def test_pipes_loops_and_folders_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config.json")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "folder").mkdir()
    made = repo(tmp_path, "config.json", "loop", "folder")
    assert made.config.state == "unreadable"
    assert made.whole("loop").state in ("not-here", "unreadable")
    assert made.whole("folder").state == "unreadable"


def test_a_file_over_its_bound_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "config.json").open("wb") as stream:
        stream.truncate(100_000_000)
    made = repo(tmp_path, "config.json")
    assert made.config.state == "unreadable"
    assert "100,000,000 bytes" in made.config.reason


def test_ranges(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(range(100)))
    for made in (repo(tmp_path, "a"), Repo.from_contents({"a": bytes(range(100))})):
        assert made.read_range("a", 90, 50) == bytes(range(90, 100))
        assert made.read_range("a", 500, 5) == b""
        assert made.read("a", 3) == b"\0\1\2"


def test_a_name_that_is_no_text_can_be_printed() -> None:
    name = b"\xff.safetensors".decode("utf-8", "surrogateescape")
    facts = repo_facts(Repo.from_contents({name: b"abc"}), None, None)
    json.dumps(facts, ensure_ascii=False).encode()
