"""The trees of git repositories by libgit2: no process, no configuration, no hook, no network. Needs pygit2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pygit2

from cardlint.sources.git import CARD, MAX_BLOB, MAX_FILES, Blob, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_DEEPEST = 100
_LINK = 0o120000
_END = ""
_KEPT = 4_000_000
"""Bytes of a blob that is kept for the next range of it."""


def read_tree(folder: Path, commit: str) -> Tree | None:
    """The files of a bare repository at a commit, None where libgit2 cannot read them."""
    try:
        repo = _open(folder)
        top: pygit2.Tree = repo[commit].peel(pygit2.Tree)
        blobs = dict(_files(repo, top))
        if _END not in blobs:
            return LibTree(folder, blobs)
        del blobs[_END]  # the card must be found however many files come before it
        blobs.update((path, blob) for path, blob in _files(repo, top, depth=_DEEPEST) if path == CARD)
        return LibTree(folder, blobs, complete=False)
    except (pygit2.GitError, KeyError, ValueError, TypeError, OSError):
        return None


def _open(folder: Path) -> pygit2.Repository:
    pygit2.settings.owner_validation = False  # whoever owns the repository, nothing of it is run
    return pygit2.Repository(str(folder), pygit2.enums.RepositoryOpenFlag.NO_SEARCH | pygit2.enums.RepositoryOpenFlag.BARE)


def _files(repo: pygit2.Repository, top: pygit2.Tree, depth: int = 0) -> Iterator[tuple[str, Blob]]:
    """The files of a tree, depth first; a last file without a name where there are more. Folders count too: trees may share them."""
    odb = repo.odb
    pending: list[tuple[str, int, Any]] = [("", depth, top)]
    seen = 0
    while pending:
        prefix, depth, tree = pending.pop()
        below: list[tuple[str, int, Any]] = []
        for entry in tree:
            path = prefix + (entry.raw_name or b"").decode("utf-8", "surrogateescape")
            seen += 1
            if seen > MAX_FILES:
                yield _END, Blob("", None, link=False)
                return
            if entry.type_str == "blob":
                yield path, Blob(str(entry.id), _size(odb, entry), entry.filemode == _LINK)
            elif entry.type_str == "tree" and depth < _DEEPEST:
                below.append((f"{path}/", depth + 1, entry))
        pending.extend(reversed(below))


def _size(odb: pygit2.Odb, entry: pygit2.Object) -> int | None:
    """The size of a blob; None where it is not here, as in a partial clone."""
    try:
        return int(odb.read_header(entry.id)[1])
    except (KeyError, pygit2.GitError):
        return None


class LibTree(Tree):
    """The files of a tree as contents, read by libgit2."""

    def __init__(self, folder: Path, blobs: Mapping[str, Blob], complete: bool = True) -> None:
        super().__init__(folder, blobs, complete)
        self._repo: pygit2.Repository | None = None
        self._last: tuple[str, bytes] | None = None

    def __reduce__(self) -> tuple[type[Tree], tuple[Path, Mapping[str, Blob], bool]]:
        """Workers open the repository themselves."""
        return LibTree, (self.folder, self.blobs, self.complete)

    def _range(self, oid: str, start: int, length: int) -> bytes | None:
        if self._last is not None and self._last[0] == oid:
            return self._last[1][start : start + length]
        if self._repo is None:
            self._repo = _open(self.folder)
        try:
            if int(self._repo.odb.read_header(oid)[1]) > MAX_BLOB:
                return None
            data: bytes = self._repo.odb.read(oid)[1]
        except (KeyError, pygit2.GitError):
            return None
        if len(data) <= _KEPT:
            self._last = (oid, data)
        return data[start : start + length]
