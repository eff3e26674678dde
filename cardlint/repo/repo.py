"""The files beside a card: their names and sizes, and small ones on demand. Nothing outside the repository is read."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from cardlint.repo.files import FileEntry

MAX_TEXT = 2_000_000
"""Bytes read of a file beside the card."""


class Repo:
    """A repository whose listing is complete; contents may still be absent (a partial copy)."""

    def __init__(self, files: tuple[FileEntry, ...], root: Path | None) -> None:
        self.files = files
        self._root = root

    @cached_property
    def names(self) -> frozenset[str]:
        """The paths of all files."""
        return frozenset(file.path for file in self.files)

    @cached_property
    def folded(self) -> dict[str, str]:
        """Lower-cased paths to paths."""
        return {file.path.lower(): file.path for file in self.files}

    def has(self, path: str) -> bool:
        """Whether the repository holds this file or folder."""
        path = path.rstrip("/")
        return path in self.names or any(name.startswith(path + "/") for name in self.names)

    def read(self, path: str, limit: int = MAX_TEXT) -> bytes | None:
        """At most ``limit`` bytes of a listed file; None where it is not listed, not here, or lies outside."""
        if self._root is None or path not in self.names:
            return None
        target = self._root / path
        try:
            real = target.resolve()
            home = self._root.resolve()
            cache = home.parent.parent if home.parent.name == "snapshots" else home
            if not (real.is_relative_to(home) or real.is_relative_to(cache)) or not real.is_file():
                return None
            with real.open("rb") as stream:
                return stream.read(limit)
        except OSError:
            return None
