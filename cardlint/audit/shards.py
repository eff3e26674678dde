"""A mirror cut into shards whose content names change only where their repositories do."""

from __future__ import annotations

import os
from hashlib import blake2b
from typing import TYPE_CHECKING

from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cardlint.sources.entry import Entry

LARGEST = 1_000
HEAVIEST = 32_000_000
"""Bytes of texts that entries of one shard bring along."""
_CUT = 256
"""One repository in so many ends a shard, told by its name: a repository more or less moves no other cut."""


class Shard(NamedTuple):
    """Repositories that are judged together, the name of the state of each, and the content name of their results."""

    key: str
    entries: list[Entry]
    keys: list[bytes]


def cut(entries: Iterable[Entry], run: str) -> Iterator[Shard]:
    """Shards in the order of the entries. ``run`` identifies rules, options and engine.

    The names cover what a card's judgement depends on: place, id, kind, revision, and of every listed file its path,
    size and time; a file that changes without changing those is not seen.
    """
    held: list[Entry] = []
    keys: list[bytes] = []
    weight = 0
    for entry in entries:
        identity = f"{entry.input}\0{entry.id}\0{entry.kind}\0{entry.revision}\0{entry.downloads}".encode("utf-8", "surrogateescape")
        held.append(entry)
        keys.append(blake2b(run.encode() + b"\0" + identity + b"\0" + _stamp(entry), digest_size=16).digest())
        name = f"{entry.input}\0{entry.id}".encode("utf-8", "surrogateescape")
        weight += len(entry.text or b"")
        if len(held) >= LARGEST or weight >= HEAVIEST or int.from_bytes(blake2b(name, digest_size=4).digest()) % _CUT == 0:
            yield _shard(held, keys)
            held, keys, weight = [], [], 0
    if held:
        yield _shard(held, keys)


def _shard(entries: list[Entry], keys: list[bytes]) -> Shard:
    return Shard(blake2b(b"".join(keys), digest_size=16).hexdigest(), entries, keys)


def _stamp(entry: Entry) -> bytes:
    """What is known of an entry's state without opening anything."""
    if entry.stamp is not None:
        return entry.stamp.encode("utf-8", "surrogateescape")
    if entry.opener is not None:
        return repr(entry.opener).encode("utf-8", "surrogateescape")
    files = (
        ""
        if entry.files is None
        else "\n".join(f"{file.path}\0{file.size}\0{file.sha256}\0{file.modified}\0{file.blob}" for file in entry.files)
    )
    own = files.encode("utf-8", "surrogateescape")
    if entry.text is not None:
        return blake2b(entry.text, digest_size=16).digest() + bytes([entry.only_metadata]) + own
    if entry.location is None:
        return b"no card\0" + own
    if entry.files is not None and any(file.path == entry.path and file.modified is not None for file in entry.files):
        return own  # size and time of the card stand in the listing
    try:
        status = os.stat(entry.location)  # noqa: PTH116  # an audit has millions of them
    except OSError as error:
        return f"{error.errno}\0".encode() + own
    return f"{status.st_size}\0{status.st_mtime_ns}\0".encode() + own
