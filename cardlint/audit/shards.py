"""A mirror cut into shards whose content names change only where their repositories do."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cardlint.sources.entry import Entry

LARGEST = 1_000
_CUT = 256
"""One repository in so many ends a shard, told by its name: a repository more or less moves no other cut."""


class Shard(NamedTuple):
    """Repositories that are judged together, and the content name of their results."""

    key: str
    entries: list[Entry]


def cut(entries: Iterable[Entry], run: str) -> Iterator[Shard]:
    """Shards in the order of the entries. ``run`` identifies rules, options and engine.

    The name covers what a card's judgement depends on: place, id, kind, revision, and of every listed file its path,
    size and time; a file that changes without changing those is not seen.
    """
    held: list[Entry] = []
    digest = blake2b(run.encode(), digest_size=16)
    for entry in entries:
        held.append(entry)
        identity = f"{entry.input}\0{entry.id}\0{entry.kind}\0{entry.revision}".encode("utf-8", "surrogateescape")
        digest.update(identity)
        digest.update(_stamp(entry).encode("utf-8", "surrogateescape"))
        if len(held) >= LARGEST or int.from_bytes(blake2b(identity, digest_size=4).digest()) % _CUT == 0:
            yield Shard(digest.hexdigest(), held)
            held = []
            digest = blake2b(run.encode(), digest_size=16)
    if held:
        yield Shard(digest.hexdigest(), held)


def _stamp(entry: Entry) -> str:
    """What the file system tells of an entry without opening anything."""
    files = "" if entry.files is None else "\n".join(f"{file.path}\0{file.size}\0{file.sha256}\0{file.modified}" for file in entry.files)
    if entry.location is None:
        return f"no card\0{files}"
    try:
        status = entry.location.stat()
    except OSError as error:
        return f"{error.errno}\0{files}"
    return f"{status.st_size}\0{status.st_mtime_ns}\0{files}"
