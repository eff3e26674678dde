"""Bare git repositories of a mirror, by libgit2 and by git: the same files, and nothing of theirs runs or hangs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from cardlint.engine.batch import Judge, Plan
from cardlint.facts.subject import Subject
from cardlint.sources.source import source

CARD = "---\nlicense: mit\n---\n# Gull counter\n"

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


@pytest.fixture(params=["pygit2", "git"])
def reader(request, monkeypatch):
    """With libgit2, and without it."""
    if request.param == "git":
        monkeypatch.setitem(sys.modules, "cardlint.sources.libgit", None)
    else:
        pytest.importorskip("pygit2")
    return request.param


def git(folder, *arguments, stdin=None):
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *who, "-C", str(folder), *arguments], check=True, capture_output=True, env=env, input=stdin)
    return done.stdout.decode().strip()


def bare(root, name="acme/gull.git", files=None):
    """A bare repository with one commit."""
    work = root / "work"
    work.mkdir(parents=True)
    git(work, "init", "-q")
    for path, content in (files or {"README.md": CARD, "sub/config.json": "{}"}).items():
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_text(content, encoding="utf-8")
    git(work, "add", "-A")
    git(work, "commit", "-qm", "one")
    target = root / "hub" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    git(root, "clone", "-q", "--bare", str(work), str(target))
    return target


def opened(root):
    (entry,) = source(str(root / "hub"))
    return entry.opener(entry)


@pytest.mark.usefixtures("reader")
def test_a_bare_repository_has_id_revision_card_and_files(tmp_path):
    folder = bare(tmp_path, "datasets/acme/rings.git")
    (entry,) = source(str(tmp_path / "hub"))
    assert (entry.id, entry.kind, entry.revision, entry.stamp) == ("acme/rings", "dataset", *[git(folder, "rev-parse", "HEAD")] * 2)
    entry = entry.opener(entry)
    assert [(file.path, file.size) for file in entry.files] == [("README.md", len(CARD)), ("sub/config.json", 2)]
    assert Subject(entry).data == CARD.encode()
    assert Subject(entry).repo.read("sub/config.json") == b"{}"


@pytest.mark.usefixtures("reader")
def test_the_head_is_found_packed_loose_and_detached(tmp_path):
    folder = bare(tmp_path)
    commit = git(folder, "rev-parse", "HEAD")
    for state in (("pack-refs", "--all"), ("update-ref", "--no-deref", "HEAD", commit)):
        git(folder, *state)
        (entry,) = source(str(tmp_path / "hub"))
        assert entry.stamp == commit


@pytest.mark.usefixtures("reader")
def test_a_repository_without_a_commit_has_no_card(tmp_path):
    target = tmp_path / "hub" / "acme" / "new.git"
    target.mkdir(parents=True)
    git(target, "init", "-q", "--bare")
    entry = opened(tmp_path)
    assert (entry.id, entry.files, entry.text) == ("acme/new", (), None)


@pytest.mark.usefixtures("reader")
def test_a_clone_without_a_work_tree_is_read_like_a_bare_one(tmp_path):
    folder = bare(tmp_path)
    clone = tmp_path / "clones" / "acme" / "gull"
    clone.parent.mkdir(parents=True)
    git(tmp_path, "clone", "-q", "--no-checkout", str(folder), str(clone))
    (entry,) = source(str(tmp_path / "clones"))
    assert entry.id == "acme/gull"
    assert entry.opener(entry).text == CARD.encode()


def test_a_work_tree_is_read_as_it_stands_with_its_commit(tmp_path):
    folder = bare(tmp_path)
    clone = tmp_path / "clones" / "acme" / "gull"
    clone.parent.mkdir(parents=True)
    git(tmp_path, "clone", "-q", str(folder), str(clone))
    (clone / "README.md").write_text("changed", encoding="utf-8")
    (entry,) = source(str(tmp_path / "clones"))
    assert entry.revision == git(folder, "rev-parse", "HEAD")
    assert Subject(entry).data == b"changed"


@pytest.mark.usefixtures("reader")
def test_hostile_names_and_links_of_a_tree_stay_inside(tmp_path):
    folder = bare(tmp_path)
    blob = git(folder, "hash-object", "-w", "--stdin", stdin=b"../../../../etc/passwd")
    good = git(folder, "hash-object", "-w", "--stdin", stdin=CARD.encode())
    names = [
        b"100644 blob %s\t-rf\n" % good.encode(),
        b"120000 blob %s\tREADME.md" % blob.encode(),
        b"100644 blob %s\t\xff.bin" % good.encode(),
    ]
    sub = git(folder, "mktree", "-z", stdin=b"\0".join(names))
    commit = git(folder, "commit-tree", "-m", "x", sub)
    git(folder, "update-ref", "refs/heads/main", commit)
    entry = opened(tmp_path)
    assert sorted(file.path for file in entry.files) == ["-rf\n", "README.md", "\udcff.bin"]
    assert entry.text is None


@pytest.mark.usefixtures("reader")
def test_a_bomb_of_shared_trees_is_cut(tmp_path):
    folder = bare(tmp_path)
    blob = git(folder, "hash-object", "-w", "--stdin", stdin=CARD.encode())
    tree = git(folder, "mktree", stdin=b"100644 blob %s\tf\n" % blob.encode())
    for _ in range(6):
        tree = git(folder, "mktree", stdin=b"".join(b"040000 tree %s\td%d\n" % (tree.encode(), number) for number in range(8)))
    tree = git(folder, "mktree", stdin=b"100644 blob %s\tREADME.md\n040000 tree %s\td\n" % (blob.encode(), tree.encode()))
    git(folder, "update-ref", "refs/heads/main", git(folder, "commit-tree", "-m", "x", tree))
    entry = opened(tmp_path)
    assert entry.files is None
    assert entry.text == CARD.encode()


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("head", [b"", b"\0\0", b"ref: ../../../etc/passwd", b"ref: refs/heads/" + b"x" * 4000, b"f" * 40])
def test_a_broken_repository_is_a_result_and_no_crash(tmp_path, head):
    folder = bare(tmp_path)
    (folder / "HEAD").write_bytes(head)
    (entry,) = source(str(tmp_path / "hub"))
    outcome = Judge(Plan((), {}))(entry)
    assert (outcome.repo, outcome.sha256) == ("acme/gull", None)
    if head == b"f" * 40:
        assert outcome.failure == f"cannot be read: its head {'f' * 40} is no commit that is there"
