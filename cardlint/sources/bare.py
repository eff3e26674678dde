"""Bare git repositories of a mirror: their head is read from a file, all else where the repository is judged.

Trees and blobs are read by libgit2 where pygit2 is installed, which is ten times as fast as a process a repository, and by
git where it is not, or where libgit2 cannot (reference tables, partial clones).
"""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING

from cardlint.budgets import BUDGETS
from cardlint.repo.contents import Outside
from cardlint.sources import git
from cardlint.sources.entry import Entry
from cardlint.sources.layout import Identity
from cardlint.sources.paths import CARD
from cardlint.sources.remote import by_remote
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

_COMMIT = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REF = re.compile(rb"ref: (refs/[^\s\0]{1,200})")
_MAX_PACKED = 64_000_000


def from_bare(folder: Path, who: Identity | None) -> Entry:
    """The entry of a bare repository, or of one without a work tree, at its head; a repository without a commit has no files."""
    who = who or by_remote(folder) or Identity(None, None, "default")
    commit = head(folder)
    return Entry(
        str(folder),
        None,
        id=who.id,
        kind=who.kind,
        kind_from=who.kind_from,
        revision=commit,
        opener=AtCommit(folder, commit),
        stamp=commit or "no commit",
    )


class AtCommit(NamedTuple):
    """Opens a bare repository at a commit, None where it has none."""

    folder: Path
    commit: str | None

    def __call__(self, entry: Entry) -> Entry:
        """See `Opener`. Raises OSError where there is no such commit."""
        if self.commit is None:
            return entry._replace(opener=None, files=())
        tree = _tree(self.folder, self.commit)
        try:
            text = tree.read(CARD, 0, BUDGETS.file_bytes)
        except Outside:
            text = None
        if not tree.files and git.commit(self.folder, self.commit) is None:
            raise OSError(None, f"its head {self.commit} is no commit that is there")
        return entry._replace(opener=None, files=tree.files if tree.complete else None, text=text, contents=tree)


def _tree(folder: Path, commit: str) -> git.Tree:
    try:
        from cardlint.sources.libgit import read_tree
    except ImportError:
        return git.tree(git.Place(folder, "", bare=True), commit)
    return read_tree(folder, commit) or git.tree(git.Place(folder, "", bare=True), commit)


def head(folder: Path) -> str | None:
    """The commit that a repository's HEAD leads to, by its files where they tell it, else by git; None where there is none yet."""
    told = _small(folder / "HEAD", 300).strip()
    if _COMMIT.fullmatch(told):
        return told.decode()
    reference = _REF.fullmatch(told)
    if reference is None or b".." in reference.group(1) or (folder / "reftable").is_dir():
        return git.commit(folder, "HEAD")
    name = reference.group(1)
    loose = _small(folder / os.fsdecode(name), 100).strip()
    if _COMMIT.fullmatch(loose):
        return loose.decode()
    for line in _small(folder / "packed-refs", _MAX_PACKED).split(b"\n"):
        commit, _, packed = line.partition(b" ")
        if packed == name and _COMMIT.fullmatch(commit):
            return commit.decode()
    return git.commit(folder, "HEAD") if loose else None


def _small(path: Path, most: int) -> bytes:
    """The start of a regular file; nothing where it is none."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return b""
    with os.fdopen(handle, "rb") as stream:
        return stream.read(most) if stat.S_ISREG(os.fstat(handle).st_mode) else b""
