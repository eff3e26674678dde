"""Where the contents of a repository come from: a folder, or memory. Git blobs and hubs fit the same small interface."""

from __future__ import annotations

import os
import stat
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Outside(Exception):
    """A path that is there and is refused: it leads out of the repository, or is a pipe, a device or a folder."""


class Contents(Protocol):
    """Reads ranges of files by their path inside the repository."""

    def size(self, path: str) -> int | None:
        """The size in bytes, None where the content is not here. Raises Outside for what is refused."""
        ...

    def read(self, path: str, start: int, length: int) -> bytes | None:
        """At most ``length`` bytes from ``start``, None where the content is not here. Raises Outside as `size` does."""
        ...


class Folder:
    """The contents of a folder on disk; links are followed inside it and, in a hub's cache, to its blobs."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @cached_property
    def _homes(self) -> tuple[Path, ...]:
        home = self._root.resolve()
        return (home, home.parent.parent / "blobs") if home.parent.name == "snapshots" else (home,)

    def size(self, path: str) -> int | None:
        """See `Contents.size`."""
        handle = self._open(path)
        if handle is None:
            return None
        try:
            return os.fstat(handle).st_size
        finally:
            os.close(handle)

    def read(self, path: str, start: int, length: int) -> bytes | None:
        """See `Contents.read`."""
        handle = self._open(path)
        if handle is None:
            return None
        try:
            length = max(0, min(length, os.fstat(handle).st_size - start))
            parts = []
            while length > 0:
                part = os.pread(handle, length, start)
                if not part:
                    break
                parts.append(part)
                start += len(part)
                length -= len(part)
            return b"".join(parts)
        except OSError:
            return None
        finally:
            os.close(handle)

    def _open(self, path: str) -> int | None:
        try:
            real = (self._root / path).resolve()
            if not any(real.is_relative_to(home) for home in self._homes):
                raise Outside("it leads out of the repository")
            handle = os.open(real, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
        except (OSError, ValueError, RuntimeError):
            return None
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise Outside("it is no regular file")
        return handle


class Memory:
    """Contents held in memory, by path; ``outside`` are paths that stand for links out of the repository."""

    def __init__(self, files: Mapping[str, bytes], outside: frozenset[str] = frozenset()) -> None:
        self._files = files
        self._outside = outside

    def size(self, path: str) -> int | None:
        """See `Contents.size`."""
        data = self._at(path)
        return None if data is None else len(data)

    def read(self, path: str, start: int, length: int) -> bytes | None:
        """See `Contents.read`."""
        data = self._at(path)
        return None if data is None else data[start : start + length]

    def _at(self, path: str) -> bytes | None:
        if path in self._outside:
            raise Outside("it leads out of the repository")
        return self._files.get(path)
