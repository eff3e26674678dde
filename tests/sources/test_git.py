"""Git repositories read object by object, the hostile ones too."""

from __future__ import annotations

import os
import pickle
import subprocess
from typing import TYPE_CHECKING

import pytest

from cardlint.model import CardlintError
from cardlint.repo.contents import Outside
from cardlint.repo.repo import Repo
from cardlint.sources import git

if TYPE_CHECKING:
    from pathlib import Path

AUTHOR = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"]


def run(folder: Path, *arguments: str, data: bytes | None = None) -> str:
    done = subprocess.run(["git", *AUTHOR, "-C", str(folder), *arguments], input=data, capture_output=True, check=True)
    return done.stdout.decode().strip()


def commit(folder: Path, files: dict[str, bytes | str | None], message: str = "x") -> str:
    """Write files (None: delete) and commit them; a new folder becomes a repository."""
    if not (folder / ".git").exists():
        folder.mkdir(parents=True, exist_ok=True)
        run(folder, "init", "-q")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    run(folder, "add", "-A")
    run(folder, "commit", "-q", "-m", message)
    return run(folder, "rev-parse", "HEAD")


def tree(folder: Path, revision: str = "HEAD") -> git.Tree:
    place = git.locate(folder)
    assert place is not None
    found = git.commit(folder, revision)
    assert found is not None
    return git.tree(place, found)


def test_a_tree_is_listed_and_read(tmp_path: Path) -> None:
    odd = 'a\tb\nc é \\ ".json'
    commit(tmp_path, {"README.md": "one", "sub/config.json": '{"a": 1}', odd: "odd", "big.bin": bytes(3_000_000) + b"end"})
    commit(tmp_path, {"README.md": "two"})
    now, then = tree(tmp_path), tree(tmp_path, "HEAD~1")
    assert set(now.blobs) == {"README.md", "sub/config.json", odd, "big.bin"}
    assert (then.read("README.md", 0, 10), now.read("README.md", 0, 10)) == (b"one", b"two")
    assert (now.size("big.bin"), now.read("big.bin", 3_000_000, 99)) == (3_000_003, b"end")
    assert now.read("big.bin", 0, 2) == b"\0\0"  # git is ended here, not drained
    assert now.read(odd, 0, 10) == b"odd"
    assert (now.read("sub/config.json", 2, 1), now.read("sub/config.json", 90, 5)) == (b"a", b"")
    assert (now.read("nowhere", 0, 1), now.size("nowhere")) == (None, None)
    assert {file.path: file.size for file in now.files}["big.bin"] == 3_000_003


def test_a_folder_below_the_top_and_a_bare_repository(tmp_path: Path) -> None:
    commit(tmp_path / "w", {"models/a/README.md": "a", "models/b/README.md": "b"})
    assert set(tree(tmp_path / "w" / "models" / "a").blobs) == {"README.md"}
    run(tmp_path, "clone", "-q", "--bare", str(tmp_path / "w"), str(tmp_path / "b.git"))
    assert set(tree(tmp_path / "b.git").blobs) == {"models/a/README.md", "models/b/README.md"}
    (tmp_path / "w" / "models" / "new").mkdir()
    assert not tree(tmp_path / "w" / "models" / "new").blobs


def test_links_are_followed_inside_and_submodules_are_no_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    home = tmp_path / "r"
    first = commit(home, {"a": "a"})
    (home / "config.json").symlink_to(secret)
    (home / "adapter_config.json").symlink_to("./a")
    (home / "loop").symlink_to("loop")
    run(home, "update-index", "--add", "--cacheinfo", f"160000,{first},module")
    commit(home, {})
    found = tree(home)
    assert "module" not in found.blobs
    with pytest.raises(Outside):
        found.read("config.json", 0, 9)
    repo = Repo(found.files, None, found)
    assert (repo.config.state, repo.refused("config.json")) == ("unreadable", "it leads out of the repository")
    assert (found.read("adapter_config.json", 0, 9), repo.refused("loop")) == (b"a", "its links go in a circle")


def test_pointers_are_understood(tmp_path: Path) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"ab" * 32 + b"\nsize 4271\n"
    commit(tmp_path, {"model.safetensors": pointer})
    found = tree(tmp_path)
    repo = Repo(found.files, None, found)
    assert (repo.size("model.safetensors"), repo.sha256("model.safetensors")) == (4271, "ab" * 32)


def test_a_tree_goes_to_workers(tmp_path: Path) -> None:
    commit(tmp_path, {"README.md": "one"})
    found = tree(tmp_path)
    assert found.read("README.md", 0, 9) == b"one"
    assert pickle.loads(pickle.dumps(found)).read("README.md", 0, 9) == b"one"


def test_processes_end_with_their_tree(tmp_path: Path) -> None:
    commit(tmp_path, {"README.md": "one"})
    found = tree(tmp_path)
    found.read("README.md", 0, 9)
    process = found._process
    assert process is not None
    del found
    assert process.poll() is not None


def test_what_is_no_revision(tmp_path: Path) -> None:
    assert git.locate(tmp_path) is None
    commit(tmp_path, {"README.md": "one"})
    run(tmp_path, "tag", "v1")
    assert git.commit(tmp_path, "v1") == git.commit(tmp_path, "HEAD")
    for word in ("v2", "--help", "-h", "", "HEAD:README.md", "v1..HEAD", "a b", "x\0y", "--output=/tmp/x", "$(touch x)"):
        assert git.commit(tmp_path, word) is None
    assert "v1" in git.names(tmp_path)
    assert not git.is_shallow(tmp_path)


def test_nothing_of_a_strangers_repository_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, proof = tmp_path / "r", tmp_path / "proof"
    commit(home, {"README.md": "one", ".gitattributes": "* filter=evil diff=evil\n"})
    evil = tmp_path / "evil.sh"
    evil.write_text(f"#!/bin/sh\ntouch {proof}\ncat\n")
    evil.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "diff.evil.textconv",
        "filter.evil.smudge",
        "filter.evil.clean",
        "pager.ls-tree",
    ):
        run(home, "config", key, str(evil))
    run(home, "config", "core.hooksPath", str(tmp_path))
    for hook in (home / ".git" / "hooks", tmp_path):
        (hook / "post-index-change").write_bytes(evil.read_bytes())
    # A partial clone would fetch what is missing, by a program of the repository's choice.
    for key, value in {
        "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1",
        "remote.origin.url": f"ext::{evil}",
        "remote.origin.promisor": "true",
        "protocol.ext.allow": "always",
        "protocol.allow": "always",
    }.items():
        run(home, "config", key, value)
    found = tree(home)
    oid = found.blobs["README.md"].oid
    assert found.read("README.md", 0, 9) == b"one"
    blob = home / ".git" / "objects" / oid[:2] / oid[2:]
    blob.chmod(0o644)
    blob.unlink()
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(evil))
    again = tree(home)
    assert "README.md" in again.blobs
    assert again.read("README.md", 0, 9) is None
    assert not proof.exists()


def test_the_surroundings_of_a_hook_do_not_mislead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(tmp_path / "a", {"README.md": "a"})
    commit(tmp_path / "b", {"README.md": "b"})
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "b" / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "b"))
    assert tree(tmp_path / "a").read("README.md", 0, 9) == b"a"


def test_a_pipe_among_the_objects_does_not_hang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(tmp_path, {"README.md": "one"})
    found = tree(tmp_path)
    oid = found.blobs["README.md"].oid
    blob = tmp_path / ".git" / "objects" / oid[:2] / oid[2:]
    blob.unlink()
    os.mkfifo(blob)
    monkeypatch.setattr(git, "PATIENCE", 0.5)
    assert found.read("README.md", 0, 9) is None


def test_git_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CardlintError, match="git is not installed"):
        git.locate(tmp_path)


def test_large_blobs_are_listed_and_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(tmp_path, {"model.bin": bytes(2_000)})
    monkeypatch.setattr(git, "MAX_BLOB", 1_000)
    found = tree(tmp_path)
    assert (found.size("model.bin"), found.read("model.bin", 0, 9)) == (2_000, None)
