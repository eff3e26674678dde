"""Bodies of requests that are read before they are sent on: bounded in size, time and memory, on disk where they are large."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Self

from cardlint.gate.proxy.commit import Malformed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from aiohttp import web

IN_MEMORY = 1 << 20
"""Bytes of a body that are held in memory; what is longer goes to disk."""
_CHUNK = 256 << 10


class TooMuch(Exception):
    """The bodies that are held at a time fill the room that they have."""


class TooSlow(Exception):
    """A client stopped sending."""


@dataclass(slots=True)
class Room:
    """The room for bodies: bytes of one of them, bytes of all, seconds of silence within one, and the folder of large ones."""

    each: int = 2 << 30
    all: int = 16 << 30
    silence: float = 60.0
    folder: Path | None = None
    _taken: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, count: int) -> None:
        """Bytes come to be held. Raises TooMuch where there is no room."""
        with self._lock:
            if self._taken + count > self.all:
                raise TooMuch
            self._taken += count

    def leave(self, count: int) -> None:
        """Bytes are held no more."""
        with self._lock:
            self._taken -= count


class Spool:
    """A body under way, in memory or on disk. Use it as a context."""

    def __init__(self, room: Room) -> None:
        self.file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(
            IN_MEMORY, dir=str(room.folder) if room.folder else None
        )  # closed by the context
        self.size = 0
        self.room = room

    def write(self, data: bytes) -> int:
        """Add bytes. Raises TooMuch where there is no room."""
        self.room.take(len(data))
        self.size += len(data)
        return self.file.write(data)

    async def chunks(self, head: bytes = b"") -> AsyncIterator[bytes]:
        """The whole body behind ``head``."""
        if head:
            yield head
        self.file.seek(0)
        while data := self.file.read(_CHUNK):
            yield data

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.room.leave(self.size)
        self.file.close()


async def take(request: web.BaseRequest, into: Spool, limit: int | None = None) -> None:
    """Read a request's body, ``limit`` bytes at most (None: as the room allows).

    Raises Malformed for an encoded or too large one, TooSlow, TooMuch.
    """
    limit = limit or into.room.each
    coding = request.headers.get("Content-Encoding", "").strip().lower()
    if coding not in ("", "identity"):
        raise Malformed("encoded-body", f"the body is encoded as {coding[:20]!r}; it is judged as it is sent", "send it plain")
    while (request.content_length or 0) <= limit:
        try:
            async with asyncio.timeout(into.room.silence):
                data = await request.content.readany()
        except TimeoutError:
            raise TooSlow from None
        if not data:
            into.file.seek(0)
            return
        if into.size + len(data) > limit:
            break
        into.write(data)
    raise Malformed("body-too-large", f"the body has more than {limit:,} bytes", "send it in several commits")
