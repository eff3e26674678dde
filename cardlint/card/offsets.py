"""Byte offsets of the Markdown parser to code points of the card."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_APART = 256


def offsets(body: str, shift: int) -> Callable[[int], int]:
    """UTF-8 byte offsets in ``body`` to code point offsets in the card, where the body begins at ``shift``."""
    return shift.__add__ if body.isascii() else _Wide(body, shift)


class _Wide:
    """Offsets of a body that is more than ASCII: counted on from the nearest offset that was asked before.

    It is encoded when the first is asked for: by then the parser has read it, and Python keeps what it gave the parser.
    """

    __slots__ = ("body", "bytes", "data", "points")

    def __init__(self, body: str, shift: int) -> None:
        self.body = body
        self.data = b""
        self.bytes = [0]
        self.points = [shift]

    def __call__(self, offset: int) -> int:
        if not self.data:
            self.data = self.body.encode("utf-8", "replace")
        at = len(self.bytes) - 1 if offset >= self.bytes[-1] else bisect_right(self.bytes, offset) - 1
        begin = self.bytes[at]
        point = self.points[at] + len(self.data[begin:offset].decode("utf-8", "ignore"))
        if offset - begin > _APART and offset < len(self.data) and self.data[offset] & 0xC0 != 0x80:  # no place inside a character
            self.bytes.insert(at + 1, offset)
            self.points.insert(at + 1, point)
        return point


class Spliced:
    """Offsets of a body from which pieces were cut: ``at`` where in the card a cut would stand, ``by`` what was cut before each."""

    __slots__ = ("at", "by", "inner")

    def __init__(self, inner: Callable[[int], int], at: Sequence[int], by: Sequence[int]) -> None:
        self.inner = inner
        self.at = at
        self.by = (0, *by)

    def __call__(self, offset: int) -> int:
        """The code point offset in the card; a place where something was cut lies behind the cut."""
        point = self.inner(offset)
        return point + self.by[bisect_right(self.at, point)]
