"""A file of a repository, as listings know it."""

from __future__ import annotations

from cardlint.tuples import NamedTuple


class FileEntry(NamedTuple):
    """A file of a repository: path inside it; size in bytes, hash, time of change (ns) and git's id of its blob where they are known."""

    path: str
    size: int | None = None
    sha256: str | None = None
    modified: int | None = None
    blob: str | None = None
