"""A hub client's cache: ``models--org--name`` with ``refs/``, ``snapshots/COMMIT/`` and, of newer clients, ``trees/COMMIT.json``.

A snapshot holds what somebody downloaded. Only a tree tells all files; without one, rules on files are not checked, and a
card that is not here is no missing card.
"""

from __future__ import annotations

import json
import os
import re
import stat
from typing import TYPE_CHECKING, Any

from cardlint.repo.files import FileEntry
from cardlint.sources.entry import Entry, Unreadable
from cardlint.sources.layout import Identity, identify
from cardlint.sources.paths import CARD, MAX_FILES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PREFIXES = ("models--", "datasets--", "spaces--")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_MAX_TREE = 64_000_000
_MAIN = "main"


def is_cached(folder: Path, name: str) -> bool:
    """Whether a folder is a cached repository."""
    return name.startswith(_PREFIXES) and (folder / "snapshots").is_dir()


def from_cache(folder: Path, name: str) -> Iterator[Entry]:
    """The snapshot that ``refs/main`` names; where there is none, every snapshot, by name. A repository without any is a failure."""
    try:
        there = sorted(entry.name for entry in os.scandir(folder / "snapshots") if entry.is_dir(follow_symlinks=False))
    except OSError:
        there = []
    main = _text(folder / "refs" / _MAIN)
    if main in there:
        there = [main]
    for commit in there:
        yield _snapshot(folder, name, commit)
    if not there:
        who = identify((name,))
        yield Entry(
            str(folder), None, id=who.id if who else None, kind=who.kind if who else None, opener=Unreadable("its cache holds no snapshot")
        )


def _snapshot(folder: Path, name: str, commit: str) -> Entry:
    root = folder / "snapshots" / commit
    who = identify((name, "snapshots", commit)) or Identity(None, None, "default", commit)
    files = _tree(folder / "trees" / f"{commit}.json") if _COMMIT.fullmatch(commit) else None
    card = root / CARD
    here = _is_blob(card, folder)
    return Entry(
        os.fspath(card) if here else os.fspath(root),
        os.fspath(card) if here else None,
        id=who.id,
        kind=who.kind,
        kind_from=who.kind_from,
        revision=commit,
        root=root if files is not None else None,
        files=files,
    )


def _is_blob(path: Path, folder: Path) -> bool:
    """Whether it is a regular file of this repository's cache: what a link leads to may lie anywhere."""
    try:
        real = path.resolve(strict=True)
        return real.is_relative_to(folder.resolve()) and stat.S_ISREG(real.stat().st_mode)
    except (OSError, RuntimeError):
        return False


def _text(path: Path) -> str:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return ""
    with os.fdopen(handle, "rb") as stream:
        return stream.read(100).decode("ascii", "replace").strip() if stat.S_ISREG(os.fstat(handle).st_mode) else ""


def _tree(path: Path) -> tuple[FileEntry, ...] | None:
    """The complete listing that the client kept, None where there is none that can be trusted."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as stream:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_TREE:
            return None
        try:
            told = json.loads(stream.read())
            files = told["files"]
            if told["format_version"] != 1 or len(files) > MAX_FILES:
                return None
            return tuple(_file(path, files[path]) for path in sorted(files))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None


def _file(path: str, told: dict[str, Any]) -> FileEntry:
    size = told.get("lfs_size") or told.get("size")
    sha256, blob = told.get("lfs_sha256"), told.get("blob_id")
    return FileEntry(
        path,
        size if isinstance(size, int) and size >= 0 else None,
        sha256 if isinstance(sha256, str) else None,
        blob=blob if isinstance(blob, str) else None,
    )
